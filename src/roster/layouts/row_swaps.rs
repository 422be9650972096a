//! Swaps that stand in a row's cells: whose place is taken, by whom, and on which days of the row. What cannot be used leaves
//! the person of the cell on call, and says so. It must not know how swaps are written.

use crate::roster::cells::dates::{DateOrder, day_after};
use crate::roster::cells::times::Clock;
use crate::roster::cells::words::quote;
use crate::roster::findings::{Findings, Left, Miss, Words};
use crate::roster::layouts::inline_swaps::{Fault, Swap, Swaps};
use crate::roster::layouts::rungs::{self, RowOfPeople, Span};
use crate::roster::timeline::{Change, Rung, Who};
use crate::roster::wall_clock::Zone;
use crate::roster::who::Reader;
use crate::roster::{Code, Severity};
use chrono::{DateTime, NaiveDate, Utc};
use providers::Cell;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A row with the days that its swaps may be on.
pub(crate) struct SwapRow<'r> {
    pub(crate) cells: &'r RowOfPeople<'r>,
    pub(crate) first: NaiveDate,
    pub(crate) last: NaiveDate,
    pub(crate) order: Option<DateOrder>,
}

/// Somebody who takes a place for some days, by the index of the column.
pub(crate) struct Stand {
    pub(crate) column: usize,
    pub(crate) first: NaiveDate,
    pub(crate) last: NaiveDate,
    pub(crate) rung: Rung,
}

/// The swaps of a row of which the whole place is taken, from handover to handover.
pub(crate) fn changes(
    row: &SwapRow<'_>,
    swaps: &Swaps,
    handover: Clock,
    zone: &Zone,
    reader: &mut Reader<'_>,
    findings: &mut Findings,
) -> Vec<Change> {
    let span = row.cells.span;
    let whole_days = |first: NaiveDate, last: NaiveDate| Span {
        from: zone.to_utc(handover.on(first)).instant.max(span.from),
        until: zone.to_utc(handover.on(day_after(last))).instant.min(span.until),
    };
    let stands = stands(row, swaps, whole_days, reader, findings);
    let change = |stand: Stand| {
        let Span { from, until } = whole_days(stand.first, stand.last);
        Change {
            from,
            until,
            rungs: BTreeMap::from([(stand.column, stand.rung)]),
        }
    };
    stands.into_iter().map(change).collect()
}

/// Who takes a place on which days of the row. `when` is the time that days of the row come to.
pub(crate) fn stands(
    row: &SwapRow<'_>,
    swaps: &Swaps,
    when: impl Fn(NaiveDate, NaiveDate) -> Span,
    reader: &mut Reader<'_>,
    findings: &mut Findings,
) -> Vec<Stand> {
    let mut stands = Vec::new();
    for (column, people) in row.cells.columns.iter().enumerate() {
        let sheet_row = row.cells.merged.row_of(row.cells.row, people.place);
        let Some(swaps) = swaps.get(&(sheet_row, people.place)) else {
            continue;
        };
        for swap in swaps {
            match swap.days(row.order, row.first, row.last) {
                Err(fault) => report_fault(row, column, swap, fault, findings),
                Ok((first, last)) => {
                    let rung = read(row, column, swap, when(first, last), reader, findings);
                    stands.extend(rung.map(|rung| Stand { column, first, last, rung }));
                }
            }
        }
    }
    stands
}

/// The person who comes; nothing where nobody can be rung, so that the person of the cell stays.
fn read(row: &SwapRow<'_>, column: usize, swap: &Swap, span: Span, reader: &mut Reader<'_>, findings: &mut Findings) -> Option<Rung> {
    let people = &row.cells.columns[column];
    let source = row
        .cells
        .tab
        .address(row.cells.merged.row_of(row.cells.row, people.place), people.place);
    let reading = reader.read(&Cell::Text(swap.name.clone()), None, findings);
    let rung = Rung {
        label: Arc::clone(&people.label),
        source: source.clone(),
        who: reading.who.clone(),
        unreachable: reading.unreachable.clone(),
    };
    let is_rung = match rung.who {
        Who::People(_) | Who::Nobody => true,
        Who::Blank | Who::Lost => false,
    };
    let miss = Miss {
        severity: Severity::Stop,
        level: Arc::clone(&people.label),
        from: span.from,
        until: span.until,
        left: if is_rung { Left::InCell } else { Left::Unchanged },
    };
    rungs::report_troubles(&reading, &source, None, &miss, reader.people, findings);
    is_rung.then_some(rung)
}

fn report_fault(row: &SwapRow<'_>, column: usize, swap: &Swap, fault: Fault, findings: &mut Findings) {
    let people = &row.cells.columns[column];
    let cell = row
        .cells
        .tab
        .address(row.cells.merged.row_of(row.cells.row, people.place), people.place);
    let (name, text) = (quote(&swap.name), quote(&swap.text));
    let (seen, remedy) = match fault {
        Fault::Unreadable => (
            format!("The swap in brackets, {text}, has no date that can be read."),
            "Write it as (Name on 9 Apr 2026), or put it into a tab Changes.",
        ),
        Fault::Ambiguous => (
            format!("The day of the swap to {name}, {text}, can be read in two ways."),
            "Write the month as a word, such as 9 Apr 2026, or add to Settings: Date order | day first (or month first).",
        ),
        Fault::Outside => (
            format!("The swap to {name} on {text} is not on a day of its row."),
            "Correct its date, or move it to the row of that day.",
        ),
    };
    let now: DateTime<Utc> = findings.now();
    let is_past = row.cells.span.until <= now;
    let severity = if is_past { Severity::Note } else { Severity::Stop };
    let words = Words::new(seen, "The swap does not count: whoever stands before the bracket is rung.", remedy);
    let cause = findings.tell(Code::SwapUnused, severity, Some(cell), words);
    if !is_past {
        cause.affects(row.cells.span.from.max(now));
    }
}
