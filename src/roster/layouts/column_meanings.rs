//! What the columns of people in a table of dates mean: whose place in the order, and during which hours. A header that
//! does not say it for certain is refused, with the line of settings that would. It must not know the cells below.

use crate::roster::cells::times::DayHours;
use crate::roster::conventions::Conventions;
use crate::roster::layouts::header::{Column, Field};
use crate::roster::layouts::header_words::{DAY, SHIFT};
use crate::roster::terms::{Meaning, Place};

/// When the people of a column are on call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum When {
    /// As long as the row holds.
    Row,
    /// These hours of each day of the row.
    Hours(Vec<DayHours>),
    /// The header names a shift, and nothing says its hours.
    Unsaid,
}

/// A column of people.
#[derive(Clone, Debug)]
pub(crate) struct Meant<'h> {
    pub(crate) column: &'h Column,
    /// Nothing where the header does not say it.
    pub(crate) place: Option<Place>,
    pub(crate) when: When,
}

/// What a column is.
pub(crate) enum Says<'h> {
    People(Meant<'h>),
    /// People who are not rung.
    Silent,
    /// Something else, or nothing that is known.
    Other,
}

/// What a header says of its column. The words are those of one column; which others stand beside it does not count.
pub(crate) fn says<'h>(column: &'h Column, conventions: &Conventions) -> Says<'h> {
    let is_ordered = !conventions.terms.order().is_empty();
    if !is_ordered && holds_something_else(column) {
        return Says::Other;
    }
    let meant = |place, when| Says::People(Meant { column, place, when });
    let by_name = conventions.shift(&column.words);
    match conventions.terms.label(&column.text) {
        Some(Meaning::Silent) => Says::Silent,
        Some(Meaning::Rings(term)) => {
            let hours = Some(term.when).filter(|when| !when.is_empty());
            let hours = hours.or_else(|| by_name.map(|shift| shift.when.clone()).filter(|when| !when.is_empty()));
            let place = term.level.or(by_name.and_then(|shift| shift.level));
            meant(place, hours.map_or_else(|| without_hours(column), When::Hours))
        }
        None => match (by_name, column.field) {
            (Some(shift), _) if !shift.when.is_empty() => meant(shift.level, When::Hours(shift.when.clone())),
            (Some(shift), _) => meant(shift.level, without_hours(column)),
            (None, Some(Field::Shift | Field::Day)) => meant(None, When::Unsaid),
            (None, Some(Field::Person)) => meant(None, When::Row),
            (None, _) => Says::Other,
        },
    }
}

/// Whether people are in a column by its header.
pub(crate) fn is_of_people(column: &Column, conventions: &Conventions) -> bool {
    // `Day` may be a date or a weekday.
    column.field != Some(Field::Day) && matches!(says(column, conventions), Says::People(_))
}

fn holds_something_else(column: &Column) -> bool {
    match column.field {
        Some(
            Field::From
            | Field::Until
            | Field::Weekday
            | Field::Time
            | Field::GivenName
            | Field::FamilyName
            | Field::Phone
            | Field::SecondPhone
            | Field::Alias
            | Field::Team
            | Field::Notes,
        ) => true,
        Some(Field::Day | Field::Person | Field::Level(_) | Field::LastLevel | Field::Shift | Field::NotRung) | None => false,
    }
}

fn without_hours(column: &Column) -> When {
    if names_a_shift(&column.words) { When::Unsaid } else { When::Row }
}

/// Whether a shift stands among the words of a header: `night primary`, `day 1st`; not in `manager of the day`.
fn names_a_shift(words: &str) -> bool {
    let padded = format!(" {words} ");
    let holds_any = |phrases: &[&str]| phrases.iter().any(|phrase| padded.contains(&format!(" {phrase} ")));
    holds_any(SHIFT) || (holds_any(DAY) && !holds_any(&["of the day", "du jour", "del dia", "des tages"]))
}
