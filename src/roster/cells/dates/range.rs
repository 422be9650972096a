//! Two dates in one cell, the first and the last day: `01/04/2024-07/04/2024`, `1-7 March 2026`, `du 3 au 9 mars`.
//! Each side is parsed for itself; where a year stands on one side only, the column settles the other one.

use super::{Day, DayNumber, Unreadable, Written, fold_letters, month_named, of_text, read};
use crate::roster::cells::words::tidy;
use providers::Cell;

/// No two dates are longer (bytes).
const READ_AT_MOST: usize = 120;

const JOINTS: &[&str] = &[
    " to ",
    " until ",
    " till ",
    " through ",
    " thru ",
    " bis zum ",
    " bis ",
    " au ",
    " hasta el ",
    " hasta ",
    " al ",
    " a ",
    " à ",
    " ate ",
    " até ",
    "~",
    "→",
    "至",
    "到",
];

/// What stands before the first of two dates.
const OPENINGS: &[&str] = &["from ", "du ", "vom ", "von ", "del ", "desde el ", "desde ", "dal ", "de "];

/// A place at which a text may fall into two dates.
struct Cut<'t> {
    left: &'t str,
    right: &'t str,
    /// A dash with no space beside it, which may as well be a mark inside a date.
    is_tight: bool,
}

/// Reads a cell of one date, or of a first and a last one.
pub(crate) fn read_range(cell: &Cell) -> Result<(Written, Option<Written>), Unreadable> {
    let alone = match read(cell) {
        Ok(found) => return Ok((found, None)),
        Err(why) => why,
    };
    let Cell::Text(text) = cell else { return Err(alone) };
    let text = tidy(text).to_lowercase().replace('\n', " ");
    if text.len() > READ_AT_MOST || matches!(alone, Unreadable::OwnZone) {
        return Err(alone);
    }
    let text = OPENINGS.iter().find_map(|word| text.strip_prefix(word)).unwrap_or(&text);
    let mut found = None;
    for cut in cuts(text) {
        let Some(pair) = both(cut.left, cut.right) else { continue };
        if is_slip(&cut) {
            return Err(if is_one_date_twice(text) {
                Unreadable::Range
            } else {
                Unreadable::MixedSeparators
            });
        }
        match found {
            None => found = Some(pair),
            Some(before) if before == pair => {}
            Some(_) => return Err(Unreadable::Range),
        }
    }
    found.map(|(first, last)| (first, Some(last))).ok_or(alone)
}

fn cuts(text: &str) -> Vec<Cut<'_>> {
    let mut cuts = Vec::new();
    for joint in JOINTS {
        for (place, _) in text.match_indices(joint) {
            cuts.push(Cut {
                left: text[..place].trim(),
                right: text[place + joint.len()..].trim(),
                is_tight: false,
            });
        }
    }
    for (place, mark) in text.char_indices().filter(|(_, c)| matches!(c, '-' | '/')) {
        let (left, right) = (&text[..place], &text[place + 1..]);
        let is_tight = mark == '-' && !left.ends_with(' ') && !right.starts_with(' ');
        // A slash joins only dates that have none themselves: `2026-03-02/2026-03-08`.
        if mark == '-' || !(left.contains('/') || right.contains('/')) {
            cuts.push(Cut {
                left: left.trim(),
                right: right.trim(),
                is_tight,
            });
        }
    }
    cuts
}

fn both(left: &str, right: &str) -> Option<(Written, Written)> {
    match (of_text(left), of_text(right)) {
        (Ok(first), Ok(last)) => Some((first, last)),
        // `1-7 March 2026`: the month stands on one side only, by name.
        (Err(_), Ok(last)) if has_month(right) => Some((lent(DayNumber::parse(left)?, last)?, last)),
        (Ok(first), Err(_)) if has_month(left) => month_first(left, right, first),
        (Ok(_) | Err(_), Ok(_) | Err(_)) => None,
    }
}

/// `March 2-8`, `March 2-8, 2026`: the month goes before both days.
fn month_first(left: &str, right: &str, first: Written) -> Option<(Written, Written)> {
    if let Some(day) = DayNumber::parse(right) {
        return Some((first, lent(day, first)?));
    }
    let (_, year) = right.rsplit_once([' ', ','])?;
    let is_year = year.len() == 4 && year.bytes().all(|b| b.is_ascii_digit());
    let word = left
        .split(|c: char| !c.is_alphabetic())
        .find(|word| month_named(&fold_letters(word)).is_some())?;
    let last = of_text(&format!("{word} {right}")).ok().filter(|_| is_year)?;
    let first = match (first.day, last.day) {
        (Day::NoYear { .. }, Day::Full(_)) => of_text(&format!("{left}, {year}")).ok()?,
        (Day::Full(_) | Day::Pair { .. } | Day::NoYear { .. }, _) => return None,
    };
    Some((first, last))
}

/// A day with the month, and the year, of the other side.
fn lent(day: DayNumber, other: Written) -> Option<Written> {
    use chrono::Datelike;
    let number = day.day;
    let day_of = match other.day {
        Day::Full(date) => Day::Full(date.with_day(number)?),
        Day::NoYear { month, .. } => Day::NoYear { month, day: number },
        Day::Pair { .. } => return None,
    };
    Some(Written {
        weekdays: day.weekdays,
        ..super::written(day_of)
    })
}

fn has_month(text: &str) -> bool {
    let folded = fold_letters(text);
    folded.split(|c: char| !c.is_alphabetic()).any(|word| month_named(word).is_some())
}

/// `12/22-12-26`, `24/02.2026-1/3/2026`: other marks on the left than on the right, or the joint is one of them.
fn is_slip(cut: &Cut<'_>) -> bool {
    let mark_of = |side: &str| {
        let folded: Vec<char> = side.chars().filter(|c| !c.is_whitespace()).collect();
        let between = folded
            .windows(3)
            .find(|three| three[0].is_ascii_digit() && matches!(three[1], '/' | '.' | '-') && three[2].is_ascii_digit());
        between.map(|three| three[1])
    };
    match (mark_of(cut.left), mark_of(cut.right)) {
        (Some(left), Some(right)) if left != right => true,
        (left, right) => cut.is_tight && (left == Some('-') || right == Some('-')),
    }
}

/// Marks of one kind throughout, such as `01-04-2024-07-04-2024`.
fn is_one_date_twice(text: &str) -> bool {
    let mut marks = text.chars().filter(|c| matches!(c, '/' | '.' | '-'));
    marks.next().is_none_or(|first| marks.all(|mark| mark == first))
}
