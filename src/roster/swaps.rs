//! Changes by person: `Date | Name | Swap with`, `Original | Cover`, `Name | Replaced by | From | Until`. Wherever the one
//! is on call by the rota in that time, the other takes over at that very place. It must not know the rota's layout.

use super::changes;
use super::conventions::Conventions;
use super::findings::{Findings, Left, Miss, Words, span};
use super::timeline::{Rung, Swap, Who};
use super::trouble_words::explain;
use super::wall_clock::Zone;
use super::who::{Reader, Reading};
use super::{Code, Severity};
use crate::roster::cells::dates::{self, Unreadable};
use crate::roster::cells::words::{Absent, absent, fold, quote, shown, shown_at};
use crate::roster::layouts::Known;
use crate::roster::layouts::dated_rows::{self, Bad, DatedRow, DatedRows, Shape};
use crate::roster::layouts::header::{self, Column, Field};
use crate::roster::layouts::rungs::Span;
use crate::roster::layouts::table::Merged;
use providers::{CellAddress, Tab};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Headers of columns that give somebody other hours.
#[rustfmt::skip]
const NEW_HOURS: &[&str] = &[
    "new start", "new end", "new from", "new until", "new time", "new times", "new hours", "new shift", "neuer beginn", "neues ende",
    "neue zeit", "nouveau debut", "nouvelle fin", "nouvel horaire", "nuevo inicio", "nuevo fin", "nuevo horario",
];

/// The columns of a table of swaps.
pub(super) struct Columns {
    pub(super) out: usize,
    /// Nothing in a list of leave without one.
    pub(super) into: Option<usize>,
    hours: Vec<usize>,
    from: usize,
    until: Option<usize>,
}

/// What all rows have in common.
pub(super) struct Scene<'s> {
    pub(super) shape: &'s Shape<'s>,
    pub(super) columns: &'s Columns,
    pub(super) conventions: &'s Conventions,
    pub(super) known: &'s Known,
}

/// The header row of a table of swaps, with its columns.
pub(super) fn recognise(tab: &Tab) -> Option<(usize, Columns)> {
    let of = |found: &[Column]| Columns::of(found).filter(|columns| columns.into.is_some());
    let (row, found) = header::find(tab, |found| of(found).map(|_| header::named(found)))?;
    of(&found).map(|columns| (row, columns))
}

impl Columns {
    /// A column of dates beside one of people, and perhaps who takes over.
    pub(super) fn of(columns: &[Column]) -> Option<Self> {
        let is = |wanted: header::Swap| move |column: &&Column| header::swap(&column.words) == Some(wanted);
        let into = columns.iter().find(is(header::Swap::In)).map(|column| column.place);
        let is_person = |column: &&Column| matches!(column.field, Some(Field::Person | Field::FamilyName | Field::GivenName));
        let others = || columns.iter().filter(|column| Some(column.place) != into);
        let out = others().find(is(header::Swap::Out)).or_else(|| others().find(is_person))?.place;
        let rest = || others().filter(|column| column.place != out);
        let dates = |wanted: Field| rest().find(|column| column.field == Some(wanted)).map(|column| column.place);
        let is_new = |column: &&Column| NEW_HOURS.contains(&column.words.as_str());
        Some(Self {
            out,
            into,
            hours: rest().filter(is_new).map(|column| column.place).collect(),
            from: dates(Field::From).or_else(|| dates(Field::Day))?,
            until: dates(Field::Until),
        })
    }

    pub(super) fn shape<'t>(&self, tab: &'t Tab, header_row: usize) -> Shape<'t> {
        Shape {
            until: self.until,
            people: [Some(self.out), self.into].into_iter().flatten().collect(),
            ..Shape::new(tab, header_row, self.from)
        }
    }
}

/// Reads a table of swaps; a row that cannot be used changes nothing, and says so.
pub(super) fn read(
    tab: &Tab,
    (header_row, columns): &(usize, Columns),
    conventions: &Conventions,
    known: &Known,
    reader: &mut Reader<'_>,
    findings: &mut Findings,
) -> Vec<Swap> {
    let shape = columns.shape(tab, *header_row);
    let rows = dated_rows::read(&shape, conventions, known.order, &Merged::of(tab), findings);
    let scene = Scene {
        shape: &shape,
        columns,
        conventions,
        known,
    };
    let mut swaps = Vec::new();
    for row in &rows.rows {
        swaps.extend(scene.swap(row, reader, findings));
    }
    report_unread(&shape, columns, &rows, findings);
    swaps
}

impl Scene<'_> {
    /// What stands in a cell of this row.
    fn text(&self, row: &DatedRow, place: usize) -> String {
        shown(self.shape.tab.cell(row.row, place))
    }

    /// The swap that a row asks for.
    pub(super) fn swap(&self, row: &DatedRow, reader: &mut Reader<'_>, findings: &mut Findings) -> Option<Swap> {
        let into = self.columns.into?;
        let (out_text, in_text) = (self.text(row, self.columns.out), self.text(row, into));
        let is_blank = |text: &str| absent(text) == Some(Absent::Blank);
        // A row that says how to fill in the form.
        if row.begins.is_err() && is_blank(&out_text) {
            report_undated(self.shape.tab.address(row.row, into), findings);
            return None;
        }
        let span = match changes::span(self.shape, row, self.conventions, self.known, true, findings) {
            Ok(span) => span,
            Err(bad) => {
                changes::report_lost(self.shape, row.row, bad, findings);
                return None;
            }
        };
        if is_blank(&in_text) {
            self.report_without(row, span, findings);
            return None;
        }
        let out = self.person(row, self.columns.out, span, reader, findings)?;
        let reading = reader.read(self.shape.tab.cell(row.row, into), None, findings);
        let reading = newcomer(reader, &in_text, reading);
        let who = reading.who.clone();
        if !reading.troubles.is_empty() || matches!(who, Who::Lost | Who::Blank) {
            self.report_troubles(row, into, span, &reading, reader, findings);
        }
        if matches!(who, Who::Lost | Who::Blank) {
            return None;
        }
        Some(Swap {
            from: span.from,
            until: span.until,
            name: out.0,
            phone: out.1,
            rung: Rung {
                label: Arc::from(""),
                source: self.shape.tab.address(row.row, into),
                who,
                unreachable: None,
            },
        })
    }

    /// The one person that a cell names: the name, folded, and the number where there is one.
    pub(super) fn person(
        &self,
        row: &DatedRow,
        place: usize,
        span: Span,
        reader: &mut Reader<'_>,
        findings: &mut Findings,
    ) -> Option<(String, Option<String>)> {
        let text = self.text(row, place);
        let reading = reader.read(self.shape.tab.cell(row.row, place), None, findings);
        let reading = newcomer(reader, &text, reading);
        if let [one] = reading.people.as_slice() {
            return Some((fold(&one.name), Some(one.phone.address().to_owned())));
        }
        if let [super::who::Trouble::ContactWithoutPhone { contact }] = reading.troubles.as_slice() {
            return reader.people.list.get(*contact).map(|contact| (fold(&contact.name), None));
        }
        if reading.troubles.is_empty() {
            let words = Words::new(
                format!("{} is not one person.", quote(&shown_at(self.shape.tab, row.row, place))),
                "The row changes nothing; whoever the rota names is rung.",
                "Write one row for each person who is replaced.",
            );
            let cell = self.shape.tab.address(row.row, place);
            let severity = if span.until > findings.now() {
                Severity::Stop
            } else {
                Severity::Note
            };
            findings.tell(Code::ChangeEmpty, severity, Some(cell), words).affects(span.from);
            return None;
        }
        self.report_troubles(row, place, span, &reading, reader, findings);
        None
    }

    fn report_troubles(&self, row: &DatedRow, place: usize, span: Span, reading: &Reading, reader: &Reader<'_>, findings: &mut Findings) {
        let now = findings.now();
        for trouble in &reading.troubles {
            let (code, key, words) = explain(trouble, reader.people);
            let miss = Miss {
                severity: Severity::Stop,
                level: Arc::from(""),
                from: span.from,
                until: span.until,
                left: Left::Unchanged,
            };
            let cause = findings.cause(code, Severity::Stop, &key).say(|| words);
            cause.at(self.shape.tab.address(row.row, place)).miss(miss, now);
        }
        if reading.troubles.is_empty() {
            let words = Words::new(
                format!("{} names nobody yet.", quote(&shown_at(self.shape.tab, row.row, place))),
                "The row changes nothing; whoever the rota names is rung.",
                "Enter who takes over.",
            );
            let severity = if span.until > now { Severity::Warn } else { Severity::Note };
            let cell = self.shape.tab.address(row.row, place);
            findings.tell(Code::LevelPending, severity, Some(cell), words).affects(span.from);
        }
    }

    /// Nobody takes over: nothing is entered, or other hours are.
    fn report_without(&self, row: &DatedRow, span: Span, findings: &mut Findings) {
        let hours = self.columns.hours.iter().find(|place| !self.text(row, **place).trim().is_empty());
        let is_past = span.until <= findings.now();
        let (key, place, words) = match hours {
            Some(place) => (
                "hours",
                *place,
                Words::new(
                    "Other hours for somebody are not read in this tab.",
                    "The row changes nothing; the hours of the rota hold.",
                    "Change the hours in the rota itself, or write who takes over into the column for that.",
                ),
            ),
            None => (
                "swap",
                self.columns.into.unwrap_or(self.columns.out),
                Words::new(
                    "This row does not say who takes over.",
                    "It has no effect: the rota holds.",
                    "Enter who takes over, or nobody where that is meant, or delete the row.",
                ),
            ),
        };
        let severity = if is_past { Severity::Note } else { Severity::Stop };
        let cause = findings.cause(Code::ChangeEmpty, severity, key).say(|| words);
        cause.at(self.shape.tab.address(row.row, place));
        if !is_past {
            cause.affects(span.from);
        }
    }
}

/// Rows that hold something and were not read: instructions, swaps of a tab without any date, a further table.
fn report_unread(shape: &Shape<'_>, columns: &Columns, rows: &DatedRows, findings: &mut Findings) {
    let tab = shape.tab;
    if let Some(row) = rows.next_header {
        let words = Words::new(
            "Another table begins here.",
            "Rows from here on change nothing; whoever the rota names is rung.",
            "Give it the same columns as the table above, or a tab of its own.",
        );
        let now = findings.now();
        let cell = tab.address(row, shape.from);
        findings.tell(Code::RowsIgnored, Severity::Stop, Some(cell), words).affects(now);
    }
    // What stands below the last date has been told.
    let last = rows.rows.last().map(|row| row.row);
    let end = last.or(rows.next_header).unwrap_or(tab.rows.len());
    let read: BTreeSet<usize> = rows.rows.iter().map(|row| row.row).collect();
    for row in (shape.header_row + 1..end).filter(|row| !read.contains(row)) {
        let filled = |place: usize| !tab.cell(row, place).is_blank();
        let Some(first) = tab.rows[row].iter().position(|cell| !cell.is_blank()) else {
            continue;
        };
        if last.is_none() && filled(columns.out) && columns.into.is_some_and(filled) {
            let why = dates::read_range(tab.cell(row, shape.from)).err().unwrap_or(Unreadable::NotADate);
            changes::report_lost(shape, row, Some((shape.from, Bad::Unreadable(why))), findings);
        } else {
            report_undated(tab.address(row, first), findings);
        }
    }
}

fn report_undated(cell: CellAddress, findings: &mut Findings) {
    let words = || {
        Words::new(
            "A row without a date is not read as a swap.",
            "It changes nothing: whoever the rota names is rung.",
            "If it is a swap, write its date, who is replaced and who takes over.",
        )
    };
    findings.cause(Code::RowsIgnored, Severity::Note, "swaps").at(cell).say(words);
}

/// Somebody who is no contact, and whose number stands in the rota.
fn newcomer(reader: &Reader<'_>, text: &str, reading: Arc<Reading>) -> Arc<Reading> {
    if !matches!(reading.troubles.as_slice(), [super::who::Trouble::Unknown { .. }]) || !reading.people.is_empty() {
        return reading;
    }
    let Some(one) = reader.newcomer_called(text) else { return reading };
    let mut own = Reading::default();
    own.people.push(Arc::clone(one));
    own.finish(reader.people);
    Arc::new(own)
}

/// Swaps of people who are not on call in that time: nothing is changed by them.
pub(super) fn report_idle(swaps: &[Swap], applied: &[bool], zone: &Zone, findings: &mut Findings) {
    let now = findings.now();
    let idle = swaps.iter().zip(applied).filter(|(swap, applied)| !**applied && swap.until > now);
    for (swap, _) in idle {
        let words = || {
            Words::new(
                format!(
                    "Whoever is to be replaced is not on call by the rota {}.",
                    span(zone, swap.from, swap.until, now)
                ),
                "The change has no effect: whoever the rota names is rung.",
                "Check its date and its name, or delete it.",
            )
            .of_one_cell()
        };
        let cause = findings.cause(Code::ChangeIdle, Severity::Warn, "").say(words);
        cause.at(swap.rung.source.clone()).affects(swap.from);
    }
}
