//! A date with the hours of the shift beside it in one cell: `Sunday 01/03/2026 18:30 - 20:30`. Only hours that cannot be
//! taken for days are read.

use super::{Written, looks_like_time, of_text};
use crate::roster::cells::times::{Clock, Hours};
use crate::roster::cells::words::tidy;
use providers::Cell;

/// No date with hours is longer (bytes).
const READ_AT_MOST: usize = 80;

/// One day with hours: its date with the time of the beginning, and the time of the end.
pub(crate) fn read_with_hours(cell: &Cell) -> Option<(Written, Clock)> {
    let Cell::Text(text) = cell else { return None };
    let text = tidy(text).to_lowercase();
    if text.len() > READ_AT_MOST || !text.contains(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let is_edge = |c: char| c.is_whitespace() || matches!(c, ',' | '(' | ')' | '@' | '-' | '–');
    let spaces = text.char_indices().filter(|(_, c)| c.is_whitespace());
    spaces.map(|(place, _)| text.split_at(place)).find_map(|(date, tail)| {
        let tail = tail.trim_matches(is_edge);
        // `2 mar 10-12` may be days.
        let hours = Hours::parse(tail).filter(|hours| looks_like_time(tail) && !hours.is_doubtful())?;
        let written = of_text(date.trim_end_matches(is_edge))
            .ok()
            .filter(|written| written.time.is_none())?;
        let begins = Written {
            time: Some(hours.start),
            ..written
        };
        Some((begins, hours.end))
    })
}
