//! The handover list: `From | [Until] | 1st | 2nd | … | Notes`. Without an end a row holds until the next one begins;
//! the last row holds for the usual step. It must not know other layouts.

use super::conventions::Conventions;
use super::dated_rows::{self, DatedRows, Shape, instant, report_bad, report_no_dates};
use super::findings::{Findings, Left, Miss, Words};
use super::rungs::{PeopleColumn, RowOfPeople, Span};
use super::table::Merged;
use super::timeline::Shift;
use super::times::Clock;
use super::who::Reader;
use super::{Code, Severity};
use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use std::sync::Arc;

/// How long the only row of a list holds.
const USUAL_STEP: TimeDelta = TimeDelta::days(7);

/// When a row is in force.
#[derive(Clone, Copy)]
struct InForce {
    row: usize,
    wall: NaiveDateTime,
    from: DateTime<Utc>,
    /// Where the row itself says so.
    until: Option<DateTime<Utc>>,
    /// The row below it has no date, so it must not hold on through that row's time.
    before_bad: bool,
}

/// Reads the rows of a handover list into shifts.
pub(super) fn read(
    shape: &Shape<'_>,
    columns: &[PeopleColumn],
    rows: &DatedRows,
    conventions: &Conventions,
    merged: &Merged,
    reader: &mut Reader<'_>,
    findings: &mut Findings,
) -> Vec<Shift> {
    let mut list = in_force(shape, rows, conventions, findings);
    if list.is_empty() {
        report_no_dates(shape, rows, findings);
        return Vec::new();
    }
    let sheet_order: Vec<InForce> = list.clone();
    list.sort_by_key(|row| row.from);
    let step = usual_step(&list);
    let ends = ends(&list, step, &conventions.zone);
    let mut shifts = Vec::with_capacity(list.len());
    for (row, until) in list.iter().zip(&ends) {
        let span = Span {
            from: row.from,
            until: *until,
        };
        let cells = RowOfPeople {
            tab: shape.tab,
            row: row.row,
            columns,
            merged,
            span,
            is_change: false,
        };
        shifts.push(cells.shift(reader, findings));
    }
    report_long(shape, &list, &ends, step, findings);
    report_bad_rows(shape, rows, &sheet_order, &list, &ends, step, findings);
    super::overlaps::report(shape, &list.iter().map(|row| row.row).collect::<Vec<_>>(), &shifts, findings);
    shifts
}

/// The rows that have a beginning, in the order of the sheet.
fn in_force(shape: &Shape<'_>, rows: &DatedRows, conventions: &Conventions, findings: &mut Findings) -> Vec<InForce> {
    let handover = handover(shape, rows, conventions, findings);
    let zone = &conventions.zone;
    let mut list: Vec<InForce> = Vec::with_capacity(rows.rows.len());
    for row in &rows.rows {
        let Ok(begins) = row.begins else {
            if let Some(before) = list.last_mut() {
                before.before_bad = true;
            }
            continue;
        };
        let wall = begins.begins(handover);
        let from = instant(zone, wall, || shape.tab.address(row.row, shape.from), findings);
        let until_place = shape.until.unwrap_or(shape.from);
        let until = match row.ends {
            None => None,
            Some(Ok(ends)) => {
                let until = instant(zone, ends.ends(handover), || shape.tab.address(row.row, until_place), findings);
                if until > from {
                    Some(until)
                } else {
                    report_end(shape, row.row, until_place, from, findings)
                }
            }
            Some(Err(_)) => report_end(shape, row.row, until_place, from, findings),
        };
        list.push(InForce {
            row: row.row,
            wall,
            from,
            until,
            before_bad: false,
        });
    }
    list
}

/// The time of dates without one; where it is needed and not set, midnight, with a warning.
pub(super) fn handover(shape: &Shape<'_>, rows: &DatedRows, conventions: &Conventions, findings: &mut Findings) -> Clock {
    if let Some(handover) = conventions.handover {
        return handover;
    }
    let is_bare = |row: &&super::dated_rows::DatedRow| {
        row.begins.is_ok_and(|begins| begins.time.is_none()) || row.ends.and_then(Result::ok).is_some_and(|ends| ends.time.is_none())
    };
    if let Some(first) = rows.rows.iter().find(is_bare) {
        let words = Words::new(
            "Dates have no time of day, and no handover time is set.",
            "Every shift changes at 00:00.",
            "Add to Settings: Handover time | 08:00 (the time at which the next person takes over).",
        );
        let cause = findings.cause(Code::HandoverMissing, Severity::Warn, "");
        cause.at(shape.tab.address(first.row, shape.from)).say(|| words);
    }
    Clock::MIDNIGHT
}

/// The usual distance between beginnings on the wall clock: the median.
fn usual_step(sorted: &[InForce]) -> TimeDelta {
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
fn ends(sorted: &[InForce], step: TimeDelta, zone: &super::wall_clock::Zone) -> Vec<DateTime<Utc>> {
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
                (Some(until), _) => until,
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
fn report_long(shape: &Shape<'_>, sorted: &[InForce], ends: &[DateTime<Utc>], step: TimeDelta, findings: &mut Findings) {
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
                "Add the row that is missing, or a column Until where a duty ends earlier.",
            )
        };
        let cause = findings.cause(Code::RowHoldsLong, Severity::Warn, "").say(words);
        cause.at(shape.tab.address(two[0].row, shape.from)).affects(two[0].from + step);
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
    shape: &Shape<'_>,
    rows: &DatedRows,
    sheet_order: &[InForce],
    sorted: &[InForce],
    ends: &[DateTime<Utc>],
    step: TimeDelta,
    findings: &mut Findings,
) {
    let end_of = |row: &InForce| {
        sorted
            .iter()
            .position(|other| other.row == row.row)
            .and_then(|index| ends.get(index).copied())
    };
    let level: Arc<str> = Arc::from("");
    for row in &rows.rows {
        let Err(bad) = row.begins else { continue };
        let after = sheet_order.partition_point(|other| other.row < row.row);
        let before = after.checked_sub(1).and_then(|index| sheet_order.get(index));
        let next = sheet_order.get(after).map(|next| next.from);
        let from = before
            .and_then(end_of)
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
        report_bad(shape, row.row, shape.from, bad, miss, findings);
    }
}
