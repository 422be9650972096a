//! Days of a month whose month stands elsewhere: `1`, `21st`, `Sunday 31`, `Mo 3`.

use super::{Weekdays, fold_letters, is_filler};
use crate::roster::cells::words::tidy;
use providers::Cell;
use std::collections::BTreeSet;

/// A day of some month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct DayNumber {
    /// From 1 to 31.
    pub(crate) day: u32,
    /// The weekday beside it, where one is written.
    pub(crate) weekdays: Weekdays,
}

impl DayNumber {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        if text.len() > 80 {
            return None;
        }
        let folded = fold_letters(&tidy(text).to_lowercase());
        let mut day = None;
        let mut weekdays = Weekdays::default();
        for word in folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
            let end = word.find(|c: char| !c.is_ascii_digit()).unwrap_or(word.len());
            let (digits, letters) = word.split_at(end);
            if !digits.is_empty() {
                let number = digits.parse().ok().filter(|day| (1..=31).contains(day) && digits.len() <= 2);
                if day.replace(number?).is_some() {
                    return None;
                }
            }
            let letters = letters.strip_prefix(['日', '号']).unwrap_or(letters);
            if letters.is_empty() || is_filler(letters) {
                continue;
            }
            let named = Weekdays::named(letters);
            if named.is_empty() || !weekdays.is_empty() {
                return None;
            }
            weekdays = named;
        }
        let others = folded
            .chars()
            .any(|c| !c.is_alphanumeric() && !c.is_whitespace() && !matches!(c, '.' | ',' | '-' | '(' | ')' | '\n'));
        day.filter(|_| !others).map(|day| Self { day, weekdays })
    }
}

/// The day of the month that a cell names, with its weekday where that is said.
pub(crate) fn day_of_month(cell: &Cell) -> Option<DayNumber> {
    match cell {
        Cell::Number(number) => {
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // whole and at most 31
            let day = ((1.0..=31.0).contains(number) && number.fract() == 0.0).then_some(*number as u32)?;
            Some(DayNumber {
                day,
                weekdays: Weekdays::default(),
            })
        }
        Cell::Text(text) if text.trim().starts_with('-') => None,
        Cell::Text(text) => DayNumber::parse(text),
        Cell::Empty | Cell::DateTime(_) | Cell::Time(_) | Cell::Bool(_) | Cell::Error(_) => None,
    }
}

/// A month with a day as a number loses its last zero: of `5.1 … 5.10` both ends are 5.1. The first such number that
/// stands twice in a run of headers, and so can be read in two ways.
pub(crate) fn said_twice<'c>(cells: impl IntoIterator<Item = &'c Cell>) -> Option<String> {
    let mut seen = BTreeSet::new();
    for cell in cells {
        let text = match cell {
            Cell::Number(number) if (1.0..13.0).contains(number) && number.fract() != 0.0 => number.to_string(),
            Cell::Text(text) => text.trim().to_owned(),
            Cell::Number(_) | Cell::Empty | Cell::DateTime(_) | Cell::Time(_) | Cell::Bool(_) | Cell::Error(_) => continue,
        };
        let is_month_day = text.split_once('.').is_some_and(|(month, day)| {
            [month, day]
                .iter()
                .all(|part| (1..=2).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit()))
        });
        if is_month_day && !seen.insert(text.clone()) {
            return Some(text);
        }
    }
    None
}
