//! The people of one row: its cells turned into positions, and what is wrong with them said in terms of calls.
//! It must not know how a row gets its time span.

use crate::roster::cells::words::{Absent, shown_at};
use crate::roster::contacts::People;
use crate::roster::findings::{Findings, Left, Miss};
use crate::roster::layouts::table::Merged;
use crate::roster::timeline::{Rung, Shift, Who};
use crate::roster::trouble_words::{blank, explain, pending};
use crate::roster::who::{Reader, Reading, Trouble};
use crate::roster::{Code, Severity};
use chrono::{DateTime, TimeDelta, Utc};
use providers::{Cell, CellAddress, Tab};
use std::sync::Arc;

/// A person who is still to be found is urgent from this long before the shift.
const PENDING_URGENT: TimeDelta = TimeDelta::days(7);

/// A column of people.
#[derive(Clone, Debug)]
pub(crate) struct PeopleColumn {
    pub(crate) place: usize,
    /// Where their numbers stand, if beside them.
    pub(crate) phone: Option<usize>,
    pub(crate) label: Arc<str>,
}

/// The span that a row's people are on call.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Span {
    pub(crate) from: DateTime<Utc>,
    pub(crate) until: DateTime<Utc>,
}

/// The cells of people in one row.
pub(crate) struct RowOfPeople<'r> {
    pub(crate) tab: &'r Tab,
    pub(crate) row: usize,
    pub(crate) columns: &'r [PeopleColumn],
    pub(crate) merged: &'r Merged,
    pub(crate) span: Span,
    /// Whether the row is laid over the rota, which holds where the row cannot be used.
    pub(crate) is_change: bool,
}

impl RowOfPeople<'_> {
    /// The shift in which the row's people are on call.
    pub(crate) fn shift(&self, reader: &mut Reader<'_>, findings: &mut Findings) -> Shift {
        Shift {
            from: self.span.from,
            until: self.span.until,
            rungs: self.read(reader, findings),
        }
    }

    /// Turns the cells (which may lie further up, where cells are merged) into positions.
    pub(crate) fn read(&self, reader: &mut Reader<'_>, findings: &mut Findings) -> Vec<Rung> {
        self.read_beside(Left::Nobody, reader, findings)
    }

    /// The same, where further people are on call at the same time: `others` is who is left without any of these cells.
    pub(crate) fn read_beside(&self, others: Left, reader: &mut Reader<'_>, findings: &mut Findings) -> Vec<Rung> {
        // Those of which something must be said.
        let mut troubled: Vec<(usize, Arc<Reading>)> = Vec::new();
        let mut rungs = Vec::with_capacity(self.columns.len());
        for (index, column) in self.columns.iter().enumerate() {
            let phone = column.phone.map(|place| (self.cell(place), self.address(place)));
            let reading = reader.read(self.cell(column.place), phone, findings);
            rungs.push(Rung {
                label: Arc::clone(&column.label),
                source: self.address(column.place),
                who: reading.who.clone(),
                unreachable: reading.unreachable.clone(),
            });
            if reading.absent.is_some() || !reading.troubles.is_empty() {
                troubled.push((index, reading));
            }
        }
        for (index, reading) in &troubled {
            self.report(&rungs, (*index, others), reading, reader.people, findings);
        }
        rungs
    }

    fn cell(&self, place: usize) -> &Cell {
        self.tab.cell(self.merged.row_of(self.row, place), place)
    }

    fn shown(&self, place: usize) -> String {
        shown_at(self.tab, self.merged.row_of(self.row, place), place)
    }

    fn address(&self, place: usize) -> CellAddress {
        self.tab.address(self.merged.row_of(self.row, place), place)
    }

    fn report(&self, rungs: &[Rung], (index, others): (usize, Left), reading: &Reading, people: &People, findings: &mut Findings) {
        let now = findings.now();
        let left = if self.is_change && rungs[index].who == Who::Lost {
            Left::Unchanged
        } else {
            match (left(rungs, index), others) {
                (Left::Nobody, others) => others,
                (Left::Before, Left::After) => Left::After,
                (left @ (Left::InCell | Left::Before | Left::After | Left::Unchanged), _) => left,
            }
        };
        let miss = |severity| Miss {
            severity,
            level: Arc::clone(&rungs[index].label),
            from: self.span.from,
            until: self.span.until,
            left,
        };
        let column = &self.columns[index];
        let source = &rungs[index].source;
        match reading.absent {
            None | Some(Absent::Nobody) => {}
            Some(Absent::Blank) => {
                let meant = left == Left::Nobody && rungs.iter().any(|rung| rung.who == Who::Nobody);
                // In a row without anybody the first cell speaks for all.
                let repeated = left == Left::Nobody && rungs[..index].iter().any(|rung| rung.who == Who::Blank);
                if !meant && !repeated {
                    let severity = blank_severity(left);
                    let key = format!("{left:?} {}", column.label);
                    let cause = findings.cause(Code::LevelBlank, severity, &key).at(source.clone());
                    cause
                        .miss(miss(severity), now)
                        .say(|| blank(self.cell(column.place), &self.shown(column.place), &column.label));
                }
            }
            Some(Absent::Pending) => {
                let severity = pending_severity(left, self.span.from - now);
                let cause = findings.cause(Code::LevelPending, severity, &column.label).at(source.clone());
                cause.miss(miss(severity), now).say(|| pending(&self.shown(column.place)));
            }
        }
        let phone = column.phone.map(|place| self.address(place));
        report_troubles(reading, source, phone.as_ref(), &miss(Severity::Stop), people, findings);
    }
}

/// Says why people of a cell are not rung, or not as written; `missed` tells the shift and who is left.
pub(crate) fn report_troubles(
    reading: &Reading,
    source: &CellAddress,
    phone: Option<&CellAddress>,
    missed: &Miss,
    people: &People,
    findings: &mut Findings,
) {
    let now = findings.now();
    for trouble in &reading.troubles {
        let severity = severity(trouble, missed.left, missed.from - now);
        let (code, key, words) = explain(trouble, people);
        let cause = findings.cause(code, severity, &key).say(|| words);
        match (trouble, phone) {
            (Trouble::BadNumber { .. } | Trouble::Differs { .. }, Some(phone)) => cause.at(phone.clone()),
            (_, _) => cause.at(source.clone()),
        };
        if let Trouble::Differs { contact } | Trouble::ContactWithoutPhone { contact } = trouble {
            cause.at(people.list[*contact].phone_cell.clone());
        }
        if !matches!(trouble, Trouble::Differs { .. }) {
            cause.miss(
                Miss {
                    severity,
                    ..missed.clone()
                },
                now,
            );
        }
    }
}

pub(crate) fn severity(trouble: &Trouble, left: Left, away: TimeDelta) -> Severity {
    match trouble {
        Trouble::Differs { .. } => Severity::Warn,
        Trouble::PartAbsent { absent, .. } => match absent {
            Absent::Pending => pending_severity(left, away),
            Absent::Blank | Absent::Nobody => Severity::Note,
        },
        Trouble::Unknown { .. }
        | Trouble::Ambiguous { .. }
        | Trouble::ContactWithoutPhone { .. }
        | Trouble::BadNumber { .. }
        | Trouble::Count { .. }
        | Trouble::Labels { .. }
        | Trouble::TakenForDate { .. }
        | Trouble::FormulaError { .. } => Severity::Stop,
    }
}

/// Who is still rung although position `index` is not, or not fully.
fn left(rungs: &[Rung], index: usize) -> Left {
    let rings = |rung: &Rung| matches!(rung.who, Who::People(_));
    if rings(&rungs[index]) {
        Left::InCell
    } else if rungs[index..].iter().any(rings) {
        Left::After
    } else if rungs.iter().any(rings) {
        Left::Before
    } else {
        Left::Nobody
    }
}

pub(crate) const fn blank_severity(left: Left) -> Severity {
    match left {
        Left::Nobody => Severity::Stop,
        Left::After | Left::InCell => Severity::Warn,
        Left::Before | Left::Unchanged => Severity::Note,
    }
}

/// Grows as the shift comes nearer.
pub(crate) fn pending_severity(left: Left, away: TimeDelta) -> Severity {
    match (left, away <= PENDING_URGENT) {
        (Left::Nobody, true) => Severity::Stop,
        (Left::Nobody, false) | (_, true) => Severity::Warn,
        (_, false) => Severity::Note,
    }
}
