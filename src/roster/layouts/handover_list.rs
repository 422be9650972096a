//! The handover list: `From | [Until] | 1st | 2nd | … | Notes`. Without an end a row holds until the next one begins, or as
//! long as a setting says; the last row holds for the usual step. It must not know other layouts.

use crate::roster::cells::times::Clock;
use crate::roster::conventions::{Conventions, RowLasts};
use crate::roster::findings::{Findings, Left, Miss, Words};
use crate::roster::layouts::dated_layout::{Block, Dated};
use crate::roster::layouts::dated_rows::{self, DatedRow, Moment, Shape, instant, report_bad, report_no_dates};
use crate::roster::layouts::inline_swaps::Swaps;
use crate::roster::layouts::row_swaps::{self, SwapRow};
use crate::roster::layouts::rungs::{PeopleColumn, RowOfPeople, Span};
use crate::roster::layouts::table::Merged;
use crate::roster::timeline::{Change, Shift};
use crate::roster::who::Reader;
use crate::roster::{Code, Severity};
use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use std::collections::BTreeMap;
use std::sync::Arc;

/// How long the only row of a list holds.
const USUAL_STEP: TimeDelta = TimeDelta::days(7);

/// When a row is in force.
#[derive(Clone, Copy)]
struct InForce<'b> {
    table: Table<'b>,
    row: usize,
    begins: Moment,
    wall: NaiveDateTime,
    from: DateTime<Utc>,
    /// Where the row itself or a setting says so.
    until: Option<Until>,
    /// The row below it has no date, so it must not hold on through that row's time.
    before_bad: bool,
}

/// An end that is not the beginning of the next row.
#[derive(Clone, Copy)]
enum Until {
    Exactly(DateTime<Utc>),
    /// Or when the next row begins, whichever comes first.
    AtLatest(DateTime<Utc>),
}

/// One of the tables of a list.
#[derive(Clone, Copy)]
struct Table<'b> {
    shape: &'b Shape<'b>,
    columns: &'b [PeopleColumn],
    rows: &'b dated_rows::DatedRows,
}

/// What a list comes to.
pub(crate) struct Read {
    pub(crate) shifts: Vec<Shift>,
    /// Swaps that stand in the cells.
    pub(crate) changes: Vec<Change>,
}

/// Reads the rows of a handover list, which may go on in further tables below, into shifts.
pub(crate) fn read(
    blocks: &[&Block<'_>],
    swaps: &Swaps,
    conventions: &Conventions,
    merged: &Merged,
    reader: &mut Reader<'_>,
    findings: &mut Findings,
) -> Read {
    let tables: Vec<Table<'_>> = blocks.iter().filter_map(|block| Table::of(block)).collect();
    let handover = handover_of(&tables, conventions, findings);
    let mut list: Vec<InForce<'_>> = Vec::new();
    for table in &tables {
        let rows = in_force(*table, handover, conventions, findings);
        // A further header without anything below it is a form that nobody has filled in.
        if rows.is_empty() && (tables.len() == 1 || !table.rows.rows.is_empty()) {
            report_no_dates(table.shape, table.rows, findings);
        }
        list.extend(rows);
    }
    let mut read = Read {
        shifts: Vec::with_capacity(list.len()),
        changes: Vec::new(),
    };
    let sheet_order = list.clone();
    list.sort_by_key(|row| row.from);
    let step = usual_step(&list);
    let ends = ends(&list, step, &conventions.zone);
    for (row, until) in list.iter().zip(&ends) {
        let span = Span {
            from: row.from,
            until: *until,
        };
        let cells = RowOfPeople {
            tab: row.table.shape.tab,
            row: row.row,
            columns: row.table.columns,
            merged,
            span,
            is_change: false,
        };
        read.shifts.push(cells.shift(reader, findings));
        if !swaps.is_empty() {
            let row = SwapRow {
                cells: &cells,
                first: row.begins.date,
                last: last_day(*until, handover, &conventions.zone),
                order: row.table.rows.order,
            };
            read.changes
                .extend(row_swaps::changes(&row, swaps, handover, &conventions.zone, reader, findings));
        }
    }
    if conventions.row_lasts.is_none() {
        report_long(&list, &ends, step, findings);
    }
    report_bad_rows(&tables, &sheet_order, &list, &ends, step, findings);
    let cells: Vec<_> = list.iter().map(InForce::cell).collect();
    crate::roster::layouts::overlaps::report(&cells, &read.shifts, findings);
    read
}

impl<'b> Table<'b> {
    fn of(block: &'b Block<'_>) -> Option<Self> {
        match &block.dated {
            Dated::HandoverList { shape, columns, .. } => Some(Self {
                shape,
                columns,
                rows: &block.rows,
            }),
            Dated::ShiftColumns { .. } => None,
        }
    }
}

impl InForce<'_> {
    fn cell(&self) -> providers::CellAddress {
        self.table.shape.tab.address(self.row, self.table.shape.from)
    }
}

/// The rows of a table that have a beginning, in the order of the sheet.
fn in_force<'b>(table: Table<'b>, handover: Clock, conventions: &Conventions, findings: &mut Findings) -> Vec<InForce<'b>> {
    let (shape, rows) = (table.shape, table.rows);
    let mut list: Vec<InForce<'b>> = Vec::with_capacity(rows.rows.len());
    for row in &rows.rows {
        let Ok(begins) = row.begins else {
            if let Some(before) = list.last_mut() {
                before.before_bad = true;
            }
            continue;
        };
        let (wall, lasts) = lasting(begins, handover, conventions.row_lasts);
        let cell = || shape.tab.address(row.row, shape.from);
        let from = instant(&conventions.zone, wall, cell, findings);
        let until = until(shape, row, (from, handover), conventions, findings);
        let until = until.map(Until::Exactly).or_else(|| {
            let end = lasts.map(|lasts| instant(&conventions.zone, lasts, cell, findings))?;
            Some(match conventions.row_lasts {
                Some(RowLasts::Hours(_)) => Until::Exactly(end),
                Some(RowLasts::Days(_) | RowLasts::UntilNextRow) | None => Until::AtLatest(end),
            })
        });
        list.push(InForce {
            table,
            row: row.row,
            begins,
            wall,
            from,
            until,
            before_bad: false,
        });
    }
    list
}

/// When a row begins, and where a setting ends it.
fn lasting(begins: Moment, handover: Clock, lasts: Option<RowLasts>) -> (NaiveDateTime, Option<NaiveDateTime>) {
    let wall = begins.begins(handover);
    match lasts {
        None | Some(RowLasts::UntilNextRow) => (wall, None),
        Some(RowLasts::Days(days)) => (wall, Some(wall + TimeDelta::days(i64::from(days)))),
        Some(RowLasts::Hours(hours)) => match (hours.on(begins.date), begins.time) {
            (Some((from, until)), None) => (from, Some(until)),
            // A row with a time of its own lasts as long from there.
            (Some((from, until)), Some(_)) => (wall, Some(wall + (until - from))),
            (None, _) => (wall, None),
        },
    }
}

/// The end that the row itself says.
fn until(
    shape: &Shape<'_>,
    row: &DatedRow,
    (from, handover): (DateTime<Utc>, Clock),
    conventions: &Conventions,
    findings: &mut Findings,
) -> Option<DateTime<Utc>> {
    let place = shape.until.unwrap_or(shape.from);
    match row.ends? {
        Ok(ends) => {
            let cell = || shape.tab.address(row.row, place);
            let until = instant(&conventions.zone, ends.ends(handover), cell, findings);
            if until > from {
                Some(until)
            } else {
                report_end(shape, row.row, place, from, findings)
            }
        }
        Err(_) => report_end(shape, row.row, place, from, findings),
    }
}

/// The date of the last day that a row is in force, by its handovers.
fn last_day(until: DateTime<Utc>, handover: Clock, zone: &crate::roster::wall_clock::Zone) -> chrono::NaiveDate {
    let wall = zone.to_local(until);
    let date = wall.date();
    if wall > handover.on(date) {
        date
    } else {
        date.pred_opt().unwrap_or(date)
    }
}

fn handover_of(tables: &[Table<'_>], conventions: &Conventions, findings: &mut Findings) -> Clock {
    let shapes = tables.iter().map(|table| (table.shape, table.rows));
    handover(shapes, conventions, findings)
}

/// The time of dates without one; where it is needed and not set, midnight, with a warning.
pub(crate) fn handover<'t>(
    tables: impl IntoIterator<Item = (&'t Shape<'t>, &'t dated_rows::DatedRows)>,
    conventions: &Conventions,
    findings: &mut Findings,
) -> Clock {
    if let Some(handover) = conventions.handover {
        return handover;
    }
    // Hours of a setting need none.
    let is_needed = !matches!(conventions.row_lasts, Some(RowLasts::Hours(_)));
    let is_bare = |row: &&DatedRow| {
        row.begins.is_ok_and(|begins| begins.time.is_none()) || row.ends.and_then(Result::ok).is_some_and(|ends| ends.time.is_none())
    };
    let bare = |(shape, rows): (&Shape<'t>, &dated_rows::DatedRows)| {
        let first = rows.rows.iter().find(is_bare);
        first.map(|row| shape.tab.address(row.row, shape.from))
    };
    if let Some(first) = tables.into_iter().find_map(bare).filter(|_| is_needed) {
        let words = Words::new(
            "Dates have no time of day, and no handover time is set.",
            "Every shift changes at 00:00.",
            "Add to Settings: Handover time | 08:00 (the time at which the next person takes over).",
        );
        let cause = findings.cause(Code::HandoverMissing, Severity::Warn, "");
        cause.at(first).say(|| words);
    }
    Clock::MIDNIGHT
}

/// The usual distance between beginnings on the wall clock: the median.
fn usual_step(sorted: &[InForce<'_>]) -> TimeDelta {
    let mut steps: Vec<TimeDelta> = sorted
        .windows(2)
        .map(|two| two[1].wall - two[0].wall)
        .filter(|step| *step > TimeDelta::zero())
        .collect();
    steps.sort_unstable();
    steps.get((steps.len().max(1) - 1) / 2).copied().unwrap_or(USUAL_STEP)
}

/// When each row ends: where it says so; else when the next one begins; the last one, and one above a row without a
/// date, after the usual step at the latest.
fn ends(sorted: &[InForce<'_>], step: TimeDelta, zone: &crate::roster::wall_clock::Zone) -> Vec<DateTime<Utc>> {
    let mut ends = vec![DateTime::<Utc>::MIN_UTC; sorted.len()];
    let mut next: Option<DateTime<Utc>> = None;
    let mut index = sorted.len();
    while index > 0 {
        // All rows that begin at the same time share what comes after them.
        let from = sorted[index - 1].from;
        let first = sorted[..index].partition_point(|row| row.from < from);
        for (row, end) in sorted[first..index].iter().zip(&mut ends[first..index]) {
            let after_step = || zone.to_utc(row.wall + step).instant;
            *end = match (row.until, next) {
                (Some(Until::Exactly(until)), _) => until,
                (Some(Until::AtLatest(until)), next) => next.map_or(until, |next| next.min(until)),
                (None, Some(next)) if row.before_bad => next.min(after_step()),
                (None, Some(next)) => next,
                (None, None) => after_step(),
            };
        }
        next = Some(from);
        index = first;
    }
    ends
}

/// A row that holds for twice the usual step or more: one may be missing below it, or the duty is shorter than that.
fn report_long(sorted: &[InForce<'_>], ends: &[DateTime<Utc>], step: TimeDelta, findings: &mut Findings) {
    // The usual step is known from three rows on.
    if sorted.len() < 3 {
        return;
    }
    let now = findings.now();
    for (two, until) in sorted.windows(2).zip(ends) {
        let is_long = two[0].until.is_none() && !two[0].before_bad && two[1].wall - two[0].wall >= step * 2;
        if !is_long || *until <= now {
            continue;
        }
        let words = || {
            Words::new(
                "The next row begins much later than usual.",
                "The people of this row are rung until then.",
                "Add the row that is missing, or a column Until where a duty ends earlier, or to Settings: Each row lasts | 1 day \
                 (or 7 days, or until the next row where that is meant).",
            )
        };
        let cause = findings.cause(Code::RowHoldsLong, Severity::Warn, "").say(words);
        cause.at(two[0].cell()).affects(two[0].from + step);
    }
}

fn report_end(shape: &Shape<'_>, row: usize, place: usize, from: DateTime<Utc>, findings: &mut Findings) -> Option<DateTime<Utc>> {
    let text = dated_rows::quoted(shape.tab, row, place);
    let words = Words::new(
        format!("{text} cannot be the end of a shift that begins then."),
        "The row holds until the next one begins.",
        "Write the last day, or the time at which the shift ends.",
    );
    findings
        .tell(Code::UntilUnreadable, Severity::Warn, Some(shape.tab.address(row, place)), words)
        .affects(from);
    None
}

/// A row without a date costs the time between its neighbours in the sheet.
fn report_bad_rows(
    tables: &[Table<'_>],
    sheet_order: &[InForce<'_>],
    sorted: &[InForce<'_>],
    ends: &[DateTime<Utc>],
    step: TimeDelta,
    findings: &mut Findings,
) {
    let end_by_row: BTreeMap<usize, DateTime<Utc>> = sorted.iter().map(|row| row.row).zip(ends.iter().copied()).collect();
    let level: Arc<str> = Arc::from("");
    // A table without any date has been reported as a whole.
    let is_dated = |table: &&Table<'_>| table.rows.rows.iter().any(|row| row.begins.is_ok());
    for table in tables.iter().filter(is_dated) {
        let bad = table.rows.rows.iter().filter_map(|row| Some((row.row, row.begins.err()?)));
        for (row, bad) in bad {
            let after = sheet_order.partition_point(|other| other.row < row);
            let before = after.checked_sub(1).and_then(|index| sheet_order.get(index));
            let next = sheet_order.get(after).map(|next| next.from);
            let from = before
                .and_then(|before| end_by_row.get(&before.row).copied())
                .or_else(|| next.map(|next| next - step))
                .unwrap_or_else(|| findings.now());
            let until = next.filter(|next| *next > from).unwrap_or(from + step);
            let miss = Miss {
                severity: Severity::Stop,
                level: Arc::clone(&level),
                from,
                until,
                left: Left::Nobody,
            };
            report_bad(table.shape, row, table.shape.from, bad, miss, findings);
        }
    }
}
