//! Codes that nothing explains: how often, who has them, from when, and the line that explains them. It must not know
//! where people or dates stand.

use super::codes::{Sense, stem};
use super::laying::Laying;
use crate::roster::findings::{Words, plural};
use crate::roster::terms::Terms;
use crate::roster::words::{listed, quote};
use crate::roster::{Code, Severity};
use chrono::{NaiveDate, NaiveTime};
use providers::CellAddress;
use std::collections::{BTreeMap, BTreeSet};

/// Cells that a finding lists.
const CELLS_AT_MOST: usize = 20;
/// People whose names are kept of one code.
const NAMES_AT_MOST: usize = 4;
/// A day that ended so long ago touches no call.
const PAST: chrono::TimeDelta = chrono::TimeDelta::days(2);

/// All codes that nothing explains, by the number of their text.
#[derive(Default)]
pub(super) struct Unknown {
    uses: BTreeMap<usize, Use>,
}

#[derive(Default)]
struct Use {
    cells: Vec<CellAddress>,
    count: usize,
    names: Vec<String>,
    people: BTreeSet<String>,
    dates: BTreeSet<NaiveDate>,
}

impl Unknown {
    pub(super) fn add(&mut self, code: usize, cell: impl FnOnce() -> CellAddress, name: &str, date: NaiveDate) {
        let of_code = self.uses.entry(code).or_default();
        of_code.count += 1;
        if of_code.cells.len() < CELLS_AT_MOST {
            of_code.cells.push(cell());
        }
        if !of_code.people.contains(name) {
            of_code.people.insert(name.to_owned());
            if of_code.names.len() < NAMES_AT_MOST {
                of_code.names.push(name.to_owned());
            }
        }
        of_code.dates.insert(date);
    }

    /// One finding for each code.
    pub(super) fn report(&self, all: &[(&str, &Sense)], terms: &Terms, laying: &mut Laying<'_, '_>) {
        let unknown: Vec<&str> = self.uses.keys().filter_map(|code| all.get(*code)).map(|(text, _)| *text).collect();
        for (code, of_code) in &self.uses {
            let Some((text, _)) = all.get(*code) else { continue };
            of_code.report(text, &unknown, all, terms, laying);
        }
    }
}

impl Use {
    fn report(&self, text: &str, unknown: &[&str], all: &[(&str, &Sense)], terms: &Terms, laying: &mut Laying<'_, '_>) {
        let now = laying.findings.now();
        let zone = &laying.conventions.zone;
        let begins = |date: &NaiveDate| zone.to_utc(date.and_time(NaiveTime::MIN)).instant;
        let next = self.dates.iter().find(|date| begins(date) + PAST > now);
        let first = next.or_else(|| self.dates.first());
        let names: Vec<String> = self.names.iter().map(|name| quote(name)).collect();
        let more = self.people.len() - names.len();
        let who = if more > 0 {
            format!("{} and {more} more", names.join(", "))
        } else {
            listed(&names)
        };
        let day = first.map_or_else(String::new, |date| date.format("%a %-d %b %Y").to_string());
        let twin = terms.code(text).filter(|_| terms.code_as_typed(text).is_none());
        let seen = match twin {
            Some(_) => format!(
                "{} differs from a code that is explained in capital and small letters only, and both stand in the sheet",
                quote(text)
            ),
            None => format!("Nothing says what {} means", quote(text)),
        };
        let consequence = match next {
            Some(_) => format!("Nobody is rung for it: {who}, first on {day}."),
            None => "Only days in the past are touched.".to_owned(),
        };
        let words = Words::new(
            format!("{seen} ({}).", plural(self.count, "cell")),
            consequence,
            format!(
                "Add to Settings: Code: {text} | 1st, 18:00-08:00 (its place and its hours), or, if it is not on call: Ignore codes | {text}.{}",
                alike(text, unknown, all).unwrap_or_default()
            ),
        );
        let severity = if next.is_some() { Severity::Stop } else { Severity::Note };
        let cause = laying.findings.cause(Code::CodeUnknown, severity, text).say(|| words);
        for cell in &self.cells {
            cause.at(cell.clone());
        }
        cause.and_more(self.count - self.cells.len());
        if let Some(date) = next {
            cause.affects(begins(date));
        }
    }
}

/// Codes that one pattern explains: E12, E14 and E25 are `E*`, unless a code with a meaning begins so too.
fn alike(text: &str, unknown: &[&str], all: &[(&str, &Sense)]) -> Option<String> {
    let stem_ = stem(text)?;
    let same: Vec<String> = unknown
        .iter()
        .filter(|other| stem(other) == Some(stem_))
        .map(|other| (*other).to_owned())
        .collect();
    let others = all
        .iter()
        .any(|(other, sense)| other.starts_with(stem_) && stem(other) != Some(stem_) && !matches!(sense, Sense::Blank));
    let known = all
        .iter()
        .any(|(other, sense)| stem(other) == Some(stem_) && !matches!(sense, Sense::Unknown));
    (same.len() > 1 && !others && !known).then(|| format!(" {stem_}* in its place means {} alike.", listed(&same)))
}
