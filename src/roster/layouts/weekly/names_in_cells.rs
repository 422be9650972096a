//! Shifts, hours or levels down the side, names under the weekdays. It must not know people down the side.

use super::across::{Block, report_row, rows};
use super::duty_cell::hours_between;
use super::{Part, order, report_doubtful, report_round_the_clock, whole_days};
use crate::roster::cells::calendar_words::Weekdays;
use crate::roster::cells::times::{DayHours, Hours};
use crate::roster::cells::words::{absent, shown};
use crate::roster::conventions::Conventions;
use crate::roster::findings::Findings;
use crate::roster::layouts::header::{self, Field};
use crate::roster::layouts::rungs::PeopleColumn;
use crate::roster::layouts::shift_hours;
use crate::roster::layouts::table::Merged;
use crate::roster::layouts::teams::Team;
use crate::roster::terms::{Meaning, Term};
use providers::{Cell, Tab};
use std::sync::Arc;

/// What the cells left of the weekdays say.
enum Label {
    Nothing,
    Silent,
    Term(Term),
    /// The name of a shift that has no hours.
    WithoutHours,
    Unknown,
}

/// Whether a row says by its label what its people do.
pub(super) fn is_known(tab: &Tab, block: &Block, row: usize, conventions: &Conventions) -> bool {
    let (text, hours) = label(tab, block, row, |row, place| tab.cell(row, place));
    match meaning(&text, hours, conventions) {
        Label::Term(_) | Label::WithoutHours => true,
        Label::Nothing | Label::Silent | Label::Unknown => false,
    }
}

pub(super) fn read(
    tab: &Tab,
    block: &Block,
    conventions: &Conventions,
    team: &Team,
    merged: &Merged,
    parts: &mut Vec<Part>,
    findings: &mut Findings,
) {
    let mut bare = Vec::new();
    for row in rows(tab, block, team) {
        let at = |row: usize, place: usize| tab.cell(merged.row_of(row, place), place);
        let (text, hours) = label(tab, block, row, at);
        let first = block.columns.first().map_or(0, |column| column.place);
        let cell = tab.address(row, first);
        let names_people = block.days.iter().any(|day| absent(&shown(tab.cell(row, day.place))).is_none());
        let is_round_the_clock = hours.is_some_and(Hours::is_same_time_twice);
        let mut term = match meaning(&text, hours, conventions) {
            Label::Silent => continue,
            Label::Term(term) => term,
            Label::WithoutHours => {
                bare.push((cell, text.trim().to_owned()));
                continue;
            }
            Label::Nothing | Label::Unknown => {
                if names_people {
                    report_row(tab, row, first, findings);
                }
                continue;
            }
        };
        if is_round_the_clock && names_people {
            report_round_the_clock(cell.clone(), &text, findings);
        }
        if term.when.is_empty() {
            let Some(hours) = whole_days(cell.clone(), conventions, findings) else {
                continue;
            };
            term.when.push(DayHours {
                hours,
                days: Weekdays::ALL,
            });
        }
        for when in term.when.iter().filter(|when| when.hours.is_doubtful()) {
            report_doubtful(cell.clone(), &text, when.hours, findings);
        }
        for day in &block.days {
            let on_day = term.when.iter().filter(|when| when.days.meets(Weekdays::of(day.day)));
            parts.extend(on_day.map(|when| Part {
                row,
                columns: vec![PeopleColumn {
                    place: day.place,
                    phone: None,
                    label: Arc::from(text.as_str()),
                }],
                orders: vec![order(term.level, conventions)],
                week: block.week(tab, row, day),
                days: Weekdays::of(day.day),
                hours: when.hours,
                hours_cell: None,
            }));
        }
    }
    shift_hours::report(&bare, findings);
}

/// The text of the cells left of the weekdays, and the hours where two of them are a beginning and an end.
fn label<'t>(tab: &Tab, block: &Block, row: usize, at: impl Fn(usize, usize) -> &'t Cell) -> (String, Option<Hours>) {
    let first_day = block.days.iter().map(|day| day.place).min().unwrap_or(0);
    let is_label = |place: usize, field: Option<Field>| {
        place < first_day && Some(place) != block.week_column && !matches!(field, Some(Field::Notes | Field::Phone | Field::Team))
    };
    let mut places: Vec<usize> = block
        .columns
        .iter()
        .filter(|column| is_label(column.place, column.field))
        .map(|column| column.place)
        .collect();
    // A column of labels often has no header.
    let headed = |place: &usize| block.columns.iter().any(|column| column.place == *place);
    places.extend((0..first_day).filter(|place| !headed(place) && !tab.cell(row, *place).is_blank()));
    places.sort_unstable();
    let texts: Vec<String> = places.iter().map(|place| shown(at(row, *place)).trim().to_owned()).collect();
    let hours = places.windows(2).find_map(|two| hours_between(at(row, two[0]), at(row, two[1])));
    let filled: Vec<String> = texts.into_iter().filter(|text| !text.is_empty()).collect();
    (filled.join(" "), hours)
}

fn meaning(text: &str, hours: Option<Hours>, conventions: &Conventions) -> Label {
    let on_all = |hours: Hours| DayHours {
        hours,
        days: Weekdays::ALL,
    };
    if text.is_empty() {
        return Label::Nothing;
    }
    if let Some(hours) = hours {
        let term = match super::meaning(text, conventions) {
            Some(Meaning::Silent) => return Label::Silent,
            Some(Meaning::Rings(term)) => term,
            None => Term::default(),
        };
        return Label::Term(Term {
            when: vec![on_all(hours)],
            ..term
        });
    }
    let is_shift = matches!(header::field(&header::words(text)), Some(Field::Shift | Field::Day));
    match super::meaning(text, conventions) {
        Some(Meaning::Silent) => Label::Silent,
        Some(Meaning::Rings(term)) if term.when.is_empty() && is_shift => Label::WithoutHours,
        Some(Meaning::Rings(term)) => Label::Term(term),
        None => match DayHours::parse(text) {
            Some(hours) => Label::Term(Term {
                level: None,
                when: vec![hours],
            }),
            None if is_shift => Label::WithoutHours,
            None => Label::Unknown,
        },
    }
}
