//! Duties down, dates across, people inside: the label of a row says its place and its hours, else it holds the whole day.
//! It must not know how dates are settled.

use super::crew::{Part, parts};
use super::days::{Block, Column, days_within};
use super::labels::{self, Duty};
use super::laying::Laying;
use super::sections::{self, Labelled};
use super::sides::Sides;
use crate::roster::cells::names::Found;
use crate::roster::cells::words::{Absent, fold, listed, quote, shown};
use crate::roster::findings::{Words, plural};
use crate::roster::layouts::shift_hours;
use crate::roster::slots::{Order, Slot};
use crate::roster::terms::{Term, Terms};
use crate::roster::{Code, Severity};
use providers::{Cell, CellAddress, Tab};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Longer texts that are no contact are notes (characters).
const NAMES_AT_MOST: usize = 80;
/// Sections that are named in a finding.
const SECTIONS_NAMED: usize = 20;

/// What the rows come to.
pub(super) struct Duties {
    pub(super) slots: Vec<Slot>,
    /// The labels that ring, as written.
    pub(super) rings: Vec<String>,
    /// The section that is read, as written.
    pub(super) section: Option<String>,
}

/// Reads the rows of all blocks.
pub(super) fn read(tab: &Tab, blocks: &[Block], sides: &Sides, terms: &Terms, mut laying: Laying<'_, '_>) -> Duties {
    let mut rows = sections::rows(tab, blocks, sides);
    let mut duties = Duties {
        slots: Vec::new(),
        rings: Vec::new(),
        section: None,
    };
    let Some(section) = choose(&mut rows, tab, &mut laying) else {
        return duties;
    };
    duties.section = section;
    let mut cells: BTreeMap<&str, Vec<Part>> = BTreeMap::new();
    let mut gathered = Gathered::default();
    for row in &rows {
        let duty = labels::duty(&row.label, terms);
        match duty {
            Duty::Rings(term) if !row.label.is_empty() => {
                if row.is_carried {
                    gathered.carried.push(row.row);
                }
                let label: Arc<str> = Arc::from(row.label.as_str());
                if !duties.rings.contains(&row.label) {
                    duties.rings.push(row.label.clone());
                }
                let reading = RowOfDuty {
                    tab,
                    block: &blocks[row.block],
                    row: row.row,
                    sides,
                    label: &label,
                    term: &term,
                };
                reading.read(tab, &mut cells, &mut gathered, &mut laying);
            }
            Duty::Rings(_) => gathered.unnamed.push(row.row),
            Duty::Silent => {}
            Duty::Nothing => gathered.no_duty.push((row.row, row.label.clone())),
            Duty::NoHours => gathered.no_hours.push((row.row, row.label.clone())),
        }
    }
    gathered.report(tab, sides, &mut laying);
    report_shared(&mut laying);
    duties.slots = laying.finish();
    duties
}

/// Keeps the rows of the team that is set; nothing where several are there and none is chosen.
fn choose(rows: &mut Vec<Labelled>, tab: &Tab, laying: &mut Laying<'_, '_>) -> Option<Option<String>> {
    let mut names: Vec<String> = Vec::new();
    for row in rows.iter().filter(|row| !row.section.is_empty()) {
        if !names.contains(&row.section) {
            names.push(row.section.clone());
        }
    }
    if names.is_empty() {
        return Some(None);
    }
    let team = laying.conventions.team.as_deref();
    let chosen = team.and_then(|team| names.iter().find(|name| fold(name) == team).cloned());
    if let Some(chosen) = chosen {
        rows.retain(|row| row.section == chosen);
        return Some(Some(chosen));
    }
    let is_tab = team.is_some_and(|team| fold(&tab.name) == team);
    if names.len() == 1 || is_tab {
        return Some(None);
    }
    let quoted: Vec<String> = names.iter().take(SECTIONS_NAMED).map(|name| quote(name)).collect();
    let more = names.len() - quoted.len();
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let nameless = rows.iter().filter(|row| row.section.is_empty());
    let nameless: Vec<CellAddress> = nameless.map(|row| tab.address(row.row, 0)).collect();
    let (more, hint) = match nameless.len() {
        0 => (more, ""),
        count => (
            format!("{more}; and {} of no section", plural(count, "row")),
            " Rows without a section are rung by no team: write the name of their section beside them, into the first column, to choose it.",
        ),
    };
    let seen = match team {
        Some(team) => format!(
            "The team {} is none of the sections of this tab: {}{more}.",
            quote(team),
            quoted.join(", ")
        ),
        None => format!("This tab has several sections: {}{more}.", quoted.join(", ")),
    };
    let words = Words::new(
        seen,
        "Nobody of this tab is on call, because which section answers this line cannot be told.",
        format!(
            "Add to Settings: Team | {} (the right one).",
            names.first().map_or("", String::as_str)
        ) + hint,
    );
    let now = laying.findings.now();
    let cell = rows.first().map(|row| tab.address(row.row, 0));
    let cause = laying.findings.tell(Code::TeamMissing, Severity::Stop, cell, words).affects(now);
    for cell in nameless {
        cause.at(cell);
    }
    None
}

/// What is told once for all rows.
#[derive(Default)]
struct Gathered {
    no_duty: Vec<(usize, String)>,
    no_hours: Vec<(usize, String)>,
    unnamed: Vec<usize>,
    carried: Vec<usize>,
    notes: Vec<(usize, usize)>,
}

struct RowOfDuty<'r> {
    tab: &'r Tab,
    block: &'r Block,
    row: usize,
    sides: &'r Sides,
    label: &'r Arc<str>,
    term: &'r Term,
}

impl RowOfDuty<'_> {
    fn read<'t>(&self, tab: &'t Tab, cells: &mut BTreeMap<&'t str, Vec<Part>>, gathered: &mut Gathered, laying: &mut Laying<'_, '_>) {
        for (index, column) in self.block.columns.iter().enumerate() {
            let (row, place) = self.sides.merges.origin(self.row, column.place);
            if self.sides.is_told(self.row, &self.block.columns, index) {
                continue;
            }
            let cell = tab.cell(row, place);
            match cell {
                Cell::Empty | Cell::Bool(_) => {}
                Cell::Text(text) => {
                    let text = text.trim();
                    if text.is_empty() {
                        continue;
                    }
                    if !cells.contains_key(text) {
                        cells.insert(text, parts(text, laying.reader.people));
                    }
                    let is_note = text.chars().count() > NAMES_AT_MOST && matches!(laying.reader.people.names.find(text), Found::Unknown);
                    let parts = &cells[text];
                    if is_note && parts.len() < 2 {
                        if !gathered.notes.contains(&(row, place)) {
                            gathered.notes.push((row, place));
                        }
                        continue;
                    }
                    for part in parts {
                        self.put(part, &Cell::Text(part.names.clone()), column, (row, place), laying);
                    }
                    if (row, place) == (self.row, column.place) {
                        self.report_merged(column, laying);
                    }
                }
                Cell::Number(_) | Cell::DateTime(_) | Cell::Time(_) | Cell::Error(_) => {
                    self.put(&Part::default(), cell, column, (row, place), laying);
                }
            }
        }
    }

    fn put(&self, part: &Part, names: &Cell, column: &Column, (row, place): (usize, usize), laying: &mut Laying<'_, '_>) {
        let reading = laying.reader.read(names, None, laying.findings);
        if reading.absent == Some(Absent::Blank) {
            return;
        }
        let at = Column { place, ..*column };
        let own = part.hours.map(|hours| Term {
            level: None,
            when: vec![crate::roster::cells::times::DayHours {
                hours,
                days: crate::roster::cells::calendar_words::Weekdays::default(),
            }],
        });
        let spans = laying.spans(own.as_ref().unwrap_or(self.term), row, &at);
        let source = self.tab.address(row, place);
        for span in spans {
            laying.put(span, part.place.or(self.term.level), self.label, source.clone(), &source, &reading);
        }
    }

    fn report_merged(&self, column: &Column, laying: &mut Laying<'_, '_>) {
        let regions = self.sides.merges.of_row(self.row).iter();
        let Some(region) = regions.copied().find(|region| region.holds(column.place)) else {
            return;
        };
        let days = days_within(&self.block.columns, region);
        if days < 2 {
            return;
        }
        let text = shown(self.tab.cell(self.row, column.place));
        let last = self.tab.address(region.last_row, region.last_column);
        let words = || {
            Words::new(
                format!("{} is merged up to {last}: read as {days} days.", quote(text.trim())),
                "",
                "",
            )
            .of_one_cell()
        };
        let cause = laying.findings.cause(Code::MergedDays, Severity::Note, &fold(&text));
        cause.at(self.tab.address(region.row, region.column)).say(words);
    }
}

impl Gathered {
    fn report(self, tab: &Tab, sides: &Sides, laying: &mut Laying<'_, '_>) {
        let now = laying.findings.now();
        let at = |row: usize| tab.address(row, sides.label_columns().last().copied().unwrap_or(0));
        // One line explains all places of a shift.
        let bare = self
            .no_hours
            .iter()
            .map(|(row, label)| (at(*row), labels::without_place(label).to_owned()));
        shift_hours::report(&bare.collect::<Vec<_>>(), laying.findings);
        if let Some((row, _)) = self.no_duty.first() {
            let mut labels: Vec<String> = Vec::new();
            for (_, label) in &self.no_duty {
                let label = quote(label);
                if !labels.contains(&label) {
                    labels.push(label);
                }
            }
            let words = Words::new(
                format!("Not rung, because the first column names no duty: {}.", listed(&labels)),
                "",
                "If one of them is on call, add to Settings: Role: its name | 1st.",
            );
            laying.findings.tell(Code::RowsIgnored, Severity::Note, Some(at(*row)), words);
        }
        if let Some(row) = self.unnamed.first() {
            let words = Words::new(
                format!("{} without a label, and names in it.", plural(self.unnamed.len(), "row")),
                "Nobody of them is rung.",
                "Write the duty into the first column.",
            );
            laying
                .findings
                .tell(Code::RowsIgnored, Severity::Stop, Some(at(*row)), words)
                .affects(now);
        }
        if let Some(row) = self.carried.first() {
            let words = Words::new(
                format!("{} without a label: taken for the duty above.", plural(self.carried.len(), "row")),
                "Their people are rung for it too.",
                "Write the duty into the first column of each row.",
            );
            laying.findings.tell(Code::RowsIgnored, Severity::Warn, Some(at(*row)), words);
        }
        if let Some((row, place)) = self.notes.first() {
            let words = Words::new(
                format!("{} too long to be names: taken for notes.", plural(self.notes.len(), "text")),
                "Nobody named there is rung.",
                "If somebody there is on call, write only the name.",
            );
            laying
                .findings
                .tell(Code::RowsIgnored, Severity::Note, Some(tab.address(*row, *place)), words);
        }
    }
}

/// Two duties of the same place at the same time ring together, which may not be meant.
fn report_shared(laying: &mut Laying<'_, '_>) {
    let now = laying.findings.now();
    let placed = laying.slots.iter().filter(|slot| slot.order != Order::Listed && slot.until > now);
    let mut placed: Vec<&Slot> = placed.collect();
    placed.sort_by_key(|slot| (slot.order, slot.from, slot.until));
    let mut newest: Option<&Slot> = None;
    let mut pairs: BTreeMap<_, (&Slot, &Slot)> = BTreeMap::new();
    for slot in placed {
        let before = newest.filter(|before| (before.order, before.from, before.until) == (slot.order, slot.from, slot.until));
        let unnumbered = |label: &Arc<str>| fold(label.trim_end_matches(|c: char| c.is_ascii_digit()));
        let differ = |before: &&Slot| match slot.order {
            Order::Last => unnumbered(&before.rung.label) != unnumbered(&slot.rung.label),
            Order::Level(_) | Order::Listed => before.rung.label != slot.rung.label,
        };
        if let Some(before) = before.filter(differ) {
            let key = (Arc::clone(&before.rung.label), Arc::clone(&slot.rung.label));
            pairs.entry(key).or_insert((before, slot));
        }
        newest = before.or(Some(slot));
    }
    let pairs: Vec<_> = pairs
        .into_values()
        .map(|(one, other)| (one.rung.clone(), other.rung.clone(), other.from, other.order == Order::Last))
        .collect();
    for (one, other, from, is_last) in pairs {
        let (consequence, remedy) = if is_last {
            (
                "Their people are rung after all others, one after another as the sheet lists them.",
                "If that is not the order, put the row that is rung first above the other.".to_owned(),
            )
        } else {
            (
                "Their people are rung together.",
                format!(
                    "If that is not meant, add to Settings a place of its own, such as Role: {} | 3rd, or Do not ring | {}.",
                    other.label, other.label
                ),
            )
        };
        let words = Words::new(
            format!(
                "{} and {} have the same place at the same time.",
                quote(&one.label),
                quote(&other.label)
            ),
            consequence,
            remedy,
        );
        let cause = laying.findings.tell(Code::LevelShared, Severity::Warn, Some(one.source), words);
        cause.at(other.source).affects(from);
    }
}
