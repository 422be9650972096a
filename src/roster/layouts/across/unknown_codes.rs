//! Codes that nothing explains: how often, who has them, from when, and the line that explains them. It must not know
//! where people or dates stand.

use super::codes::{Sense, stem};
use super::laying::Laying;
use crate::roster::cells::words::{listed, quote};
use crate::roster::findings::{Words, plural};
use crate::roster::terms::Terms;
use crate::roster::{Code, Severity};
use chrono::{NaiveDate, NaiveTime};
use providers::CellAddress;
use std::collections::{BTreeMap, BTreeSet};

/// Cells that a finding lists.
const CELLS_AT_MOST: usize = 20;
/// People whose names are kept of one code.
const NAMES_AT_MOST: usize = 4;
/// Codes that one finding lists.
const LISTED_AT_MOST: usize = 30;
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

    /// One finding for all codes that a line of settings can explain; one for each that differs from a known one in case only.
    pub(super) fn report(&self, all: &[(&str, &Sense)], terms: &Terms, laying: &mut Laying<'_, '_>) {
        let uses = self.uses.iter().filter_map(|(code, of_code)| Some((all.get(*code)?.0, of_code)));
        let is_twin = |text: &str| terms.code(text).is_some() && terms.code_as_typed(text).is_none();
        let (twins, plain): (Vec<_>, Vec<_>) = uses.partition(|(text, _)| is_twin(text));
        for (text, of_code) in &twins {
            let seen = format!(
                "{} differs from a code that is explained in capital and small letters only, and both stand in the sheet ({}).",
                quote(text),
                plural(of_code.count, "cell")
            );
            of_code.report(seen, remedy(text), text, laying);
        }
        let unknown: Vec<&str> = plain.iter().map(|(text, _)| *text).collect();
        if let [(text, of_code)] = plain.as_slice() {
            let seen = format!("Nothing says what {} means ({}).", quote(text), plural(of_code.count, "cell"));
            of_code.report(seen, remedy(text), text, laying);
        } else if let [(first, _), ..] = plain.as_slice() {
            let mut together = Use::default();
            for (_, of_code) in &plain {
                together.add(of_code);
            }
            let codes: Vec<String> = plain
                .iter()
                .map(|(text, of_code)| format!("{} ({})", quote(text), of_code.count))
                .collect();
            let seen = format!("Nothing says what these codes mean: {}.", first_of(&codes));
            together.report(seen, remedy_for(&unknown, all), first, laying);
        }
    }
}

/// The line for one code.
fn remedy(text: &str) -> String {
    format!("Add to Settings: Code: {text} | 1st, 18:00-08:00 (its place and its hours), or, if it is not on call: Ignore codes | {text}.")
}

/// The lines for several: patterns where they fit, so that there are few.
fn remedy_for(unknown: &[&str], all: &[(&str, &Sense)]) -> String {
    let mut names: Vec<String> = Vec::new();
    let mut notes = String::new();
    for text in unknown {
        let (name, note) = match alike(text, unknown, all) {
            Some((stem, codes)) => (format!("{stem}*"), format!(" {stem}* means {}.", listed(&codes))),
            None => ((*text).to_owned(), String::new()),
        };
        if !names.contains(&name) {
            names.push(name);
            notes.push_str(&note);
        }
    }
    let example = names.first().map_or("", String::as_str);
    format!(
        "Add to Settings a line for each that is on call, such as Code: {example} | 1st, 18:00-08:00 (its place and its hours), and one line for those \
         that are not: Ignore codes | {} (only them).{notes}",
        first_of(&names)
    )
}

/// Separated by commas, not too many.
fn first_of(parts: &[String]) -> String {
    match parts.get(..LISTED_AT_MOST) {
        Some(first) if parts.len() > LISTED_AT_MOST => format!("{} and {} more", first.join(", "), parts.len() - LISTED_AT_MOST),
        Some(_) | None => parts.join(", "),
    }
}

impl Use {
    fn add(&mut self, other: &Self) {
        let room = CELLS_AT_MOST.saturating_sub(self.cells.len());
        self.cells.extend(other.cells.iter().take(room).cloned());
        self.count += other.count;
        for name in &other.names {
            if self.names.len() < NAMES_AT_MOST && !self.names.contains(name) {
                self.names.push(name.clone());
            }
        }
        self.people.extend(other.people.iter().cloned());
        self.dates.extend(&other.dates);
    }

    fn report(&self, seen: String, remedy: String, key: &str, laying: &mut Laying<'_, '_>) {
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
        let consequence = match next {
            Some(_) => format!("Nobody is rung in these cells: {who}, first on {day}."),
            None => "Only days in the past are touched.".to_owned(),
        };
        if let (Some(first), Some(last)) = (self.dates.first(), self.dates.last()) {
            let (from, until) = (begins(first), begins(last) + chrono::TimeDelta::days(1));
            laying.findings.is_about(from, until);
        }
        let severity = if next.is_some() { Severity::Stop } else { Severity::Note };
        let cause = laying.findings.cause(Code::CodeUnknown, severity, key);
        cause.say(|| Words::new(seen, consequence, remedy));
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
fn alike<'c>(text: &'c str, unknown: &[&str], all: &[(&str, &Sense)]) -> Option<(&'c str, Vec<String>)> {
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
    (same.len() > 1 && !others && !known).then_some((stem_, same))
}
