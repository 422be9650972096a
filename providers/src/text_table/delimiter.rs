//! Which character stands between the cells of a text table: the one that most lines have, and have
//! equally often, outside quotation marks.

use super::records::Records;

/// Where all else is equal the earlier wins: a tab or semicolon is seldom part of what people write.
const CANDIDATES: [u8; 4] = [b'\t', b';', b',', b'|'];
const LINES: usize = 60;

/// The delimiter, and whether the first line is only Excel's hint `sep=;` that names it.
pub(super) fn find(text: &str) -> (u8, bool) {
    if let Some(hinted) = hint(text) {
        return (hinted, true);
    }
    let mut best = (b',', Likeness::default());
    for candidate in CANDIDATES {
        let likeness = likeness(text, candidate);
        if likeness.having > 0 && likeness > best.1 {
            best = (candidate, likeness);
        }
    }
    (best.0, false)
}

/// Compared field by field, in this order. Parts of lines in thousandths.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Likeness {
    /// Lines that have the character at all.
    having: usize,
    /// Lines whose quotation marks make sense with it.
    well_quoted: usize,
    /// Lines that have it as often as most others.
    agreeing: usize,
    in_first_line: bool,
    /// How often most lines have it.
    usual: usize,
}

fn likeness(text: &str, candidate: u8) -> Likeness {
    let lines: Vec<(usize, bool)> = Records::new(text, candidate)
        .filter(|record| !record.text.trim().is_empty())
        .take(LINES)
        .map(|record| (record.fields(candidate).len() - 1, !record.is_loose))
        .collect();
    let share = |count: usize| count * 1000 / lines.len().max(1);
    let present = || lines.iter().map(|line| line.0).filter(|count| *count > 0);
    let agreeing = |usual: usize| present().filter(|count| *count == usual).count();
    let usual = present().max_by_key(|count| (agreeing(*count), *count)).unwrap_or(0);
    Likeness {
        having: share(present().count()),
        well_quoted: share(lines.iter().filter(|line| line.1).count()),
        agreeing: share(agreeing(usual)),
        in_first_line: lines.first().is_some_and(|line| line.0 > 0),
        usual,
    }
}

fn hint(text: &str) -> Option<u8> {
    let line = text.lines().next()?.trim_matches('"');
    let named = line.strip_prefix("sep=")?.as_bytes();
    let [delimiter] = named else { return None };
    CANDIDATES.contains(delimiter).then_some(*delimiter)
}
