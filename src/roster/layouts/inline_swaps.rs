//! Swaps written into the cell of the person they replace: `Dev Eloper (Carl E on 09/04/2024, Jo C on 10/04/2024)`, in English,
//! French, German and Spanish. Any other text in brackets is a qualifier and stays. It must not know layouts.

use crate::roster::cells::dates::{self, DateOrder, Written};
use crate::roster::cells::words::tidy;
use crate::roster::layouts::date_column::{Open, settle_end};
use chrono::NaiveDate;
use providers::{Cell, Tab};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Longer cells hold no swaps (bytes).
const READ_AT_MOST: usize = 400;
/// More swaps than these in one cell are not read.
const SWAPS_AT_MOST: usize = 31;
/// Words between a name and a date.
const JOINTS: &[&str] = &[
    " on ", " le ", " du ", " am ", " vom ", " el ", " del ", " from ", " for ", " il ", ": ",
];

/// Somebody else for a day, or for some days.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Swap {
    /// Who comes, as written.
    pub(crate) name: String,
    /// The date as written.
    pub(crate) text: String,
    /// The first and, where there is one, the last day; nothing where it cannot be read.
    date: Option<(Written, Option<Written>)>,
}

/// Why a swap has no day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    Unreadable,
    Ambiguous,
    Outside,
}

/// The swaps of a tab, by the place of their cells.
pub(crate) type Swaps = BTreeMap<(usize, usize), Vec<Swap>>;

/// Lifts the swaps out of a tab's cells: what is left names those who are replaced.
pub(crate) fn lift(tab: &Tab) -> (Cow<'_, Tab>, Swaps) {
    let mut swaps = Swaps::new();
    let mut lifted = Cow::Borrowed(tab);
    for (row, cells) in tab.rows.iter().enumerate() {
        for (column, cell) in cells.iter().enumerate() {
            let Cell::Text(text) = cell else { continue };
            if let Some((base, found)) = parse(text) {
                lifted.to_mut().rows[row][column] = Cell::Text(base);
                swaps.insert((row, column), found);
            }
        }
    }
    (lifted, swaps)
}

/// The person and the swaps of a cell; nothing where the bracket holds none.
fn parse(text: &str) -> Option<(String, Vec<Swap>)> {
    if text.len() > READ_AT_MOST || !text.contains('(') || !text.contains(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let text = tidy(text).replace('\n', " ");
    let inner = text.strip_suffix(')')?;
    let (base, inner) = inner.split_once('(')?;
    let mut swaps: Vec<Swap> = Vec::new();
    for piece in pieces(inner) {
        match swap(piece) {
            Some(swap) => swaps.push(swap),
            None => swaps.push(another(piece, swaps.last())),
        }
        if swaps.len() > SWAPS_AT_MOST {
            return None;
        }
    }
    let is_one = swaps.iter().any(|swap| swap.date.is_some() || looks_like_date(&swap.text));
    let base = base.trim();
    (is_one && !base.is_empty() && swaps.iter().all(|swap| !swap.name.is_empty())).then(|| (base.to_owned(), swaps))
}

/// Parted by commas, semicolons and the words for and.
fn pieces(inner: &str) -> impl Iterator<Item = &str> {
    let parts = inner.split([',', ';']);
    let parts = parts.flat_map(|part| part.split(" and "));
    let parts = parts.flat_map(|part| part.split(" et ")).flat_map(|part| part.split(" und "));
    parts
        .flat_map(|part| part.split(" y "))
        .map(str::trim)
        .filter(|part| !part.is_empty())
}

/// `Carl E on 09/04/2024`; of several joints the one behind which a date stands.
fn swap(piece: &str) -> Option<Swap> {
    let lower = piece.to_lowercase();
    // Letters that change their length in lower case are in no date, and hardly in a name.
    if lower.len() != piece.len() {
        return None;
    }
    let cuts = JOINTS
        .iter()
        .flat_map(|joint| lower.rmatch_indices(joint).map(|(place, joint)| (place, place + joint.len())));
    let mut cuts: Vec<(usize, usize)> = cuts.collect();
    cuts.sort_unstable();
    let of = |&(end, begin): &(usize, usize)| {
        let text = piece.get(begin..)?.trim();
        let date = dates::read_range(&Cell::Text(text.to_owned())).ok();
        Some(Swap {
            name: piece.get(..end)?.trim().to_owned(),
            text: text.to_owned(),
            date,
        })
    };
    let found: Vec<Swap> = cuts.iter().filter_map(of).collect();
    let readable = found.iter().find(|swap| swap.date.is_some());
    readable.or_else(|| found.last()).cloned()
}

/// A further date of the one before, or a piece that says nothing that is known.
fn another(piece: &str, before: Option<&Swap>) -> Swap {
    let date = dates::read_range(&Cell::Text(piece.to_owned())).ok();
    match before {
        Some(before) if date.is_some() => Swap {
            name: before.name.clone(),
            text: piece.to_owned(),
            date,
        },
        Some(_) | None => Swap {
            name: piece.to_owned(),
            text: piece.to_owned(),
            date: None,
        },
    }
}

fn looks_like_date(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    text.starts_with(|c: char| c.is_ascii_digit()) && digits >= 2 && text.contains(['/', '.', '-'])
}

impl Swap {
    /// The days of the swap within those of its row. Where two readings of a date are possible, the one that lies in the
    /// row counts.
    pub(crate) fn days(&self, order: Option<DateOrder>, first: NaiveDate, last: NaiveDate) -> Result<(NaiveDate, NaiveDate), Fault> {
        let (from, until) = self.date.ok_or(Fault::Unreadable)?;
        let within = |date: NaiveDate| (first..=last).contains(&date);
        let from = match settle_end(&from, order, first) {
            Ok(settled) => settled.date,
            Err(Open::NoSuchDate) => return Err(Fault::Unreadable),
            Err(Open::Ambiguous { .. }) => {
                let of = |order| {
                    settle_end(&from, Some(order), first)
                        .ok()
                        .map(|settled| settled.date)
                        .filter(|date| within(*date))
                };
                match (of(DateOrder::DayFirst), of(DateOrder::MonthFirst)) {
                    (Some(one), None) | (None, Some(one)) => one,
                    (Some(one), Some(two)) if one == two => one,
                    (Some(_), Some(_)) => return Err(Fault::Ambiguous),
                    (None, None) => return Err(Fault::Outside),
                }
            }
        };
        let until = match until {
            None => from,
            Some(until) => settle_end(&until, order, from).map_err(|_| Fault::Ambiguous)?.date,
        };
        if within(from) && within(until) && from <= until {
            Ok((from, until))
        } else {
            Err(Fault::Outside)
        }
    }
}

#[cfg(test)]
mod tests;
