//! Legends: tables that say what a code means, in a tab of their own or beside a rota. Settings win over them. They must
//! not know people or dates.

use super::findings::{Findings, Words};
use super::terms::{Meaning, Term, Terms};
use super::{Code, Severity};
use crate::roster::cells::calendar_words::Weekdays;
use crate::roster::cells::off_words::is_off;
use crate::roster::cells::times::{Clock, DayHours, Hours};
use crate::roster::cells::words::{fold, listed, quote, shown, tidy};
use crate::roster::layouts::table::{is_date, mostly};
use providers::{Cell, Tab};
use std::collections::BTreeSet;

/// Rows of a tab that are looked at.
const ROWS_AT_MOST: usize = 250_000;
/// Entries of one legend.
const ENTRIES_AT_MOST: usize = 500;
/// Longer texts are no code (characters).
const CODE_AT_MOST: usize = 24;
/// A row beside or below a rota with more cells than these is none of a legend.
const CELLS_AT_MOST: usize = 4;
/// A table is a legend from so many lines on.
const LINES_AT_LEAST: usize = 2;
/// Columns right of a rota in which a legend is looked for.
const COLUMNS_BESIDE: usize = 40;

/// Dates of a rota stand in one of the first columns.
const DATES_WITHIN: usize = 4;

/// Names of tabs that hold a legend, folded.
#[rustfmt::skip]
const NAMES: &[&str] = &[
    "legend", "legende", "legenda", "leyenda", "key", "codes", "code", "shift codes", "shift code", "shift definitions", "shift definition", "shift types",
    "shift times", "shift key", "shift hours", "definitions", "abbreviations", "abkurzungen", "kurzel", "schichten", "schichtzeiten", "codigos", "turnos codigos",
    "horaires", "codes horaires",
];

/// One line of a legend.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Entry {
    pub(super) code: String,
    pub(super) meaning: Said,
    /// Where the code stands.
    pub(super) place: (usize, usize),
}

/// What a line says of a code.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Said {
    Means(Meaning),
    /// Hours of several time zones at once.
    TwoZones(String),
}

/// Whether a text names somebody: then it is no code.
pub(super) type IsPerson<'p> = &'p dyn Fn(&str) -> bool;

/// The cells in which a legend does not stand: those of a rota with dates across the top.
pub(super) struct Taken {
    /// The rows of dates.
    pub(super) rows: Vec<usize>,
    /// The last column of dates.
    pub(super) last: usize,
}

/// Whether a tab is a legend: by its name and some line of it, else by what most of its rows say. A rota may look like a
/// legend, never the other way round: dates in one of its first columns, days, hours or days off where codes should be, one
/// code twice, and a list of nothing but days off (of people who are away) are none.
pub(super) fn is_one(tab: &Tab) -> bool {
    if holds_dates(tab) {
        return false;
    }
    let is_filled = |cells: &&Vec<Cell>| cells.iter().any(|cell| !cell.is_blank());
    let rows = tab.rows.iter().take(ENTRIES_AT_MOST).filter(is_filled).count();
    let mut entries = in_tab(tab);
    if NAMES.contains(&fold(&tab.name).as_str()) {
        return !entries.is_empty();
    }
    entries.retain(|entry| !is_off(&entry.code) && DayHours::within(&entry.code).is_none() && Weekdays::parse(&entry.code).is_none());
    let codes: BTreeSet<&str> = entries.iter().map(|entry| entry.code.as_str()).collect();
    if codes.len() < entries.len() || entries.iter().all(|entry| entry.meaning == Said::Means(Meaning::Silent)) {
        return false;
    }
    let entries = entries.len();
    let is_narrow = tab
        .rows
        .iter()
        .take(ENTRIES_AT_MOST)
        .all(|cells| cells.iter().filter(|cell| !cell.is_blank()).count() <= CELLS_AT_MOST);
    is_narrow && entries >= LINES_AT_LEAST && entries * 3 >= rows * 2
}

fn holds_dates(tab: &Tab) -> bool {
    (0..DATES_WITHIN).any(|column| {
        let has_any = (1..tab.rows.len().min(100)).any(|row| !tab.cell(row, column).is_blank());
        has_any && mostly(tab, 0, column, is_date)
    })
}

/// Learns what a tab explains, and says so.
pub(super) fn take_tab(tab: &Tab, terms: &mut Terms, findings: &mut Findings) {
    take(tab, &in_tab(tab), terms, findings);
}

/// Learns what stands beside or below a rota, and says so.
pub(super) fn take_beside(tab: &Tab, taken: &Taken, is_person: IsPerson<'_>, terms: &mut Terms, findings: &mut Findings) {
    take(tab, &beside(tab, taken, is_person), terms, findings);
}

fn take(tab: &Tab, entries: &[Entry], terms: &mut Terms, findings: &mut Findings) {
    let mut learnt: Vec<String> = Vec::new();
    for entry in entries {
        if let Said::TwoZones(text) = &entry.meaning {
            report_zones(tab, entry, text, findings);
        } else if learn(terms, entry) {
            learnt.push(quote(&entry.code));
        }
    }
    let Some(first) = entries.first().filter(|_| !learnt.is_empty()) else {
        return;
    };
    let words = Words::new(
        format!("A legend explains {}.", listed(&learnt)),
        "Its hours count wherever Settings do not say otherwise.",
        "",
    );
    findings.tell(
        Code::LegendRead,
        Severity::Note,
        Some(tab.address(first.place.0, first.place.1)),
        words,
    );
}

/// Adds one line, unless settings explain its code.
pub(super) fn learn(terms: &mut Terms, entry: &Entry) -> bool {
    match &entry.meaning {
        Said::Means(meaning) if terms.code(&entry.code).is_none() => terms.add(&entry.code, meaning.clone()),
        Said::Means(_) | Said::TwoZones(_) => false,
    }
}

/// The lines of a tab that is a legend: the first cell is the code, those after it say what it means.
fn in_tab(tab: &Tab) -> Vec<Entry> {
    let rows = tab.rows.iter().enumerate().take(ROWS_AT_MOST);
    let entries = rows.flat_map(|(row, cells)| {
        let filled: Vec<usize> = (0..cells.len()).filter(|place| !cells[*place].is_blank()).take(8).collect();
        line(tab, row, &filled).map_or_else(|| in_one_cell(tab, row, &filled), |entry| vec![entry])
    });
    entries.take(ENTRIES_AT_MOST).collect()
}

/// Lines right of the dates, and below them where a row holds little else.
pub(super) fn beside(tab: &Tab, taken: &Taken, is_person: IsPerson<'_>) -> Vec<Entry> {
    let top = taken.rows.iter().min().copied().unwrap_or(0);
    let mut entries = Vec::new();
    for (row, cells) in tab.rows.iter().enumerate().take(ROWS_AT_MOST) {
        if entries.len() >= ENTRIES_AT_MOST {
            break;
        }
        let right: Vec<usize> = (taken.last + 1..cells.len().min(taken.last + COLUMNS_BESIDE))
            .filter(|place| !cells[*place].is_blank())
            .collect();
        let own = |entry: &Entry| !is_off(&entry.code) && DayHours::within(&entry.code).is_none() && !is_person(&entry.code);
        if (2..=CELLS_AT_MOST).contains(&right.len()) {
            entries.extend(line(tab, row, &right).filter(own));
        } else {
            entries.extend(in_one_cell(tab, row, &right).into_iter().filter(own));
        }
        let left: Vec<usize> = (0..cells.len().min(taken.last + 1))
            .filter(|place| !cells[*place].is_blank())
            .take(CELLS_AT_MOST + 1)
            .collect();
        if left.len() > CELLS_AT_MOST || left.is_empty() || taken.rows.contains(&row) {
            continue;
        }
        // `Night | leave | Ana` is a row of the rota.
        let is_line = |entry: &Entry| entry.meaning != Said::Means(Meaning::Silent) || left.len() == 2;
        let found = if row > top {
            line(tab, row, &left).filter(own).filter(is_line)
        } else {
            None
        };
        match found {
            Some(entry) => entries.push(entry),
            None => entries.extend(in_one_cell(tab, row, &left).into_iter().filter(own)),
        }
    }
    if entries.len() < LINES_AT_LEAST {
        entries.clear();
    }
    entries
}

/// A code, and in the cells after it its hours, its start and its end, or a word for a day off.
fn line(tab: &Tab, row: usize, filled: &[usize]) -> Option<Entry> {
    let (first, others) = filled.split_first()?;
    let code = tidy(&shown(tab.cell(row, *first)));
    if code.is_empty() || code.chars().count() > CODE_AT_MOST || code.contains('\n') {
        return None;
    }
    let cells: Vec<&Cell> = others.iter().map(|place| tab.cell(row, *place)).collect();
    let by_text = cells.iter().find_map(|cell| match cell {
        Cell::Text(text) => means(text),
        Cell::Empty | Cell::Number(_) | Cell::DateTime(_) | Cell::Time(_) | Cell::Bool(_) | Cell::Error(_) => None,
    });
    let meaning = by_text.or_else(|| start_and_end(&cells))?;
    Some(Entry {
        code,
        meaning,
        place: (row, *first),
    })
}

/// `E = 07:00-15:00, N = 21:00-07:00` in one cell.
fn in_one_cell(tab: &Tab, row: usize, filled: &[usize]) -> Vec<Entry> {
    let mut entries = Vec::new();
    for place in filled {
        let Cell::Text(text) = tab.cell(row, *place) else { continue };
        if text.len() > 500 || !text.contains(|c: char| c.is_ascii_digit()) {
            continue;
        }
        for part in tidy(text).split([',', ';', '\n', '|']) {
            let cut = [" = ", "=", ": ", " - "].iter().find_map(|mark| part.split_once(mark));
            let Some((code, meaning)) = cut else { continue };
            let code = code.trim();
            let is_code = (1..=6).contains(&code.chars().count()) && !code.contains(' ') && DayHours::within(code).is_none();
            if let Some(meaning) = means(meaning).filter(|_| is_code) {
                entries.push(Entry {
                    code: code.to_owned(),
                    meaning,
                    place: (row, *place),
                });
            }
        }
    }
    entries
}

/// What a text says of a code: the grammar of settings, hours within words, or a day off.
fn means(text: &str) -> Option<Said> {
    let text = tidy(text);
    let zones: Vec<&str> = text
        .split(['/', '\n', '|'])
        .map(str::trim)
        .filter(|part| DayHours::within(part).is_some())
        .collect();
    let is_zone = |part: &&str| part.chars().next().is_some_and(char::is_alphabetic);
    if zones.len() > 1 && zones.iter().all(is_zone) {
        return Some(Said::TwoZones(text));
    }
    let has_hours = text.chars().any(|c| c.is_ascii_digit());
    if let Some(meaning) = Meaning::parse(&text).filter(|meaning| *meaning == Meaning::Silent || has_hours) {
        let says_when = match &meaning {
            Meaning::Rings(term) => !term.when.is_empty(),
            Meaning::Silent => true,
        };
        if says_when {
            return Some(Said::Means(meaning));
        }
    }
    if is_off(&text) {
        return Some(Said::Means(Meaning::Silent));
    }
    let hours = DayHours::within(&text)?;
    Some(Said::Means(rings(hours)))
}

fn rings(hours: DayHours) -> Meaning {
    Meaning::Rings(Term {
        level: None,
        when: vec![hours],
    })
}

/// Two cells of times, or a time and a count of hours.
fn start_and_end(cells: &[&Cell]) -> Option<Said> {
    let at = cells.iter().position(|cell| is_clock(cell))?;
    let start = Clock::of_cell(cells[at])?;
    let next = cells.get(at + 1)?;
    let end = is_clock(next).then(|| Clock::of_cell(next)).flatten();
    let hours = match (end, next) {
        (Some(end), _) => Hours { start, end },
        (None, Cell::Number(count)) if (1.0..=24.0).contains(count) => {
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // 60 to 1440
            let minutes = (count * 60.0).round() as u32;
            Hours::lasting(start, minutes)?
        }
        (None, _) => return None,
    };
    Some(Said::Means(rings(DayHours {
        hours,
        days: Weekdays::default(),
    })))
}

/// A time of day that cannot be a count.
fn is_clock(cell: &Cell) -> bool {
    match cell {
        Cell::Time(_) => true,
        Cell::Text(text) => text.contains([':', 'h', '.']) && Clock::parse(text).is_some(),
        Cell::Number(number) => *number > 0.0 && *number < 1.0,
        Cell::Empty | Cell::DateTime(_) | Cell::Bool(_) | Cell::Error(_) => false,
    }
}

fn report_zones(tab: &Tab, entry: &Entry, text: &str, findings: &mut Findings) {
    let words = Words::new(
        format!(
            "{} says the hours of {} in two time zones at once, which agree for a part of the year only.",
            quote(text),
            quote(&entry.code)
        ),
        format!("{} is not explained by it.", quote(&entry.code)),
        format!(
            "Add to Settings, in the time zone of the rota: Code: {} | 08:00-17:00 (with the right hours).",
            entry.code
        ),
    );
    findings.tell(
        Code::LegendUnreadable,
        Severity::Warn,
        Some(tab.address(entry.place.0, entry.place.1)),
        words,
    );
}
