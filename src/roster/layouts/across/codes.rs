//! What a cell of a matrix means: a code that settings or a legend explain, hours written out, a day off. What none of
//! them explains is never taken for a day off. It must not know people or places.

use crate::roster::cells::off_words::is_off;
use crate::roster::cells::times::{DayHours, Hours};
use crate::roster::terms::{Meaning, Term, Terms};

/// More letters are a note, not a code (characters).
pub(super) const CODE_AT_MOST: usize = 24;
/// Codes that stand in one cell, parted by `/`, `+` or a new line, beyond this are a text.
const PARTS_AT_MOST: usize = 4;

/// What one text means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Sense {
    /// Whoever has it is on call, by one term or by several.
    Rings(Vec<Term>),
    /// Whoever has it is not rung: settings or a legend say so.
    Silent,
    /// A word for a day off.
    Off,
    /// Nothing stands there.
    Blank,
    /// Nothing explains it.
    Unknown,
}

/// What a text means by itself.
pub(super) fn sense(text: &str, terms: &Terms) -> Sense {
    let text = text.trim();
    if text.is_empty() {
        return Sense::Blank;
    }
    match terms.code(text) {
        Some(Meaning::Rings(term)) => return Sense::Rings(vec![term.clone()]),
        Some(Meaning::Silent) => return Sense::Silent,
        None => {}
    }
    if is_off(text) {
        return Sense::Off;
    }
    if let Some(hours) = hours(text) {
        return Sense::Rings(vec![Term {
            level: None,
            when: vec![hours],
        }]);
    }
    several(text, terms).unwrap_or(Sense::Unknown)
}

/// Hours that are written out, at least two digits each side or a half of the day: `1-2` is no shift.
fn hours(text: &str) -> Option<DayHours> {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let parts = text.chars().any(|c| matches!(c, '-' | '\u{2010}'..='\u{2015}' | '~')) || text.contains(" to ");
    let hours = Hours::parse(text).filter(|_| parts && digits >= 2)?;
    Some(DayHours {
        hours,
        days: crate::roster::cells::calendar_words::Weekdays::default(),
    })
}

/// Several codes in one cell: `D/N`, `OC1⏎D`. All of them must be explained.
fn several(text: &str, terms: &Terms) -> Option<Sense> {
    let parts: Vec<&str> = text
        .split(['/', '+', '\n', '&'])
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .collect();
    if !(2..=PARTS_AT_MOST).contains(&parts.len()) {
        return None;
    }
    let mut rings = Vec::new();
    for part in parts {
        match terms.code(part) {
            Some(Meaning::Rings(term)) => rings.push(term.clone()),
            Some(Meaning::Silent) => {}
            None => rings.extend(
                hours(part)
                    .map(|hours| Term {
                        level: None,
                        when: vec![hours],
                    })
                    .map_or_else(|| is_off(part).then(Vec::new), |term| Some(vec![term]))?,
            ),
        }
    }
    Some(if rings.is_empty() { Sense::Silent } else { Sense::Rings(rings) })
}

/// Whether a text may be a code: short, and no prose.
pub(super) fn may_be_code(text: &str) -> bool {
    let text = text.trim();
    text.chars().count() <= CODE_AT_MOST && text.split_whitespace().count() <= 4
}

/// The letters before the digits of a code: `E` of `E25`.
pub(super) fn stem(code: &str) -> Option<&str> {
    let letters = code.trim_end_matches(|c: char| c.is_ascii_digit());
    (!letters.is_empty() && letters.len() < code.len() && letters.chars().all(char::is_alphabetic)).then_some(letters)
}
