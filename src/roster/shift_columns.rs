//! Dates down, shifts across: `Date | Morning | MorningPhone | Evening | … | Night`. A night belongs to the date of its
//! row, the evening. It must not know other layouts.

use super::conventions::Conventions;
use super::dated_rows::{DatedRows, Shape, instant, report_bad, report_no_dates};
use super::dates::day_after;
use super::findings::{Findings, Left, Miss, Words};
use super::rungs::{PeopleColumn, RowOfPeople, Span};
use super::table::Merged;
use super::timeline::Shift;
use super::times::{Clock, Hours};
use super::who::Reader;
use super::words::quote;
use super::{Code, Severity};
use chrono::{DateTime, NaiveDate, Utc};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A column of people and when they are on call.
pub(super) struct ShiftColumn {
    pub(super) people: PeopleColumn,
    /// Nothing where neither the settings nor the header say so.
    pub(super) hours: Option<Hours>,
}

/// Reads the rows into shifts, one for each cell.
pub(super) fn read(
    shape: &Shape<'_>,
    columns: &[ShiftColumn],
    rows: &DatedRows,
    conventions: &Conventions,
    merged: &Merged,
    reader: &mut Reader<'_>,
    findings: &mut Findings,
) -> Vec<Shift> {
    for column in columns.iter().filter(|column| column.hours.is_none()) {
        report_hours(shape, column, findings);
    }
    if rows.rows.iter().all(|row| row.begins.is_err()) {
        report_no_dates(shape, rows, findings);
        return Vec::new();
    }
    let mut shifts = Vec::new();
    let mut first_of_date: BTreeMap<NaiveDate, usize> = BTreeMap::new();
    for row in &rows.rows {
        let Ok(begins) = row.begins else { continue };
        if let Some(first) = first_of_date.insert(begins.date, row.row) {
            report_twice(shape, first, row.row, findings);
        }
        for column in columns {
            let Some(span) = span(shape, row.row, begins.date, column, conventions, findings) else {
                continue;
            };
            let cells = RowOfPeople {
                tab: shape.tab,
                row: row.row,
                columns: std::slice::from_ref(&column.people),
                merged,
                span,
                is_change: false,
            };
            shifts.push(cells.shift(reader, findings));
        }
    }
    report_bad_rows(shape, rows, columns, conventions, findings);
    shifts
}

/// The start of the earliest shift: where a day of this rota begins.
pub(super) fn day_begins(columns: &[ShiftColumn]) -> Option<Clock> {
    columns.iter().filter_map(|column| column.hours).map(|hours| hours.start).min()
}

fn span(
    shape: &Shape<'_>,
    row: usize,
    date: NaiveDate,
    column: &ShiftColumn,
    conventions: &Conventions,
    findings: &mut Findings,
) -> Option<Span> {
    let (from, until) = column.hours?.on(date)?;
    let cell = || shape.tab.address(row, column.people.place);
    Some(Span {
        from: instant(&conventions.zone, from, cell, findings),
        until: instant(&conventions.zone, until, cell, findings),
    })
}

fn report_hours(shape: &Shape<'_>, column: &ShiftColumn, findings: &mut Findings) {
    let label = &column.people.label;
    let words = Words::new(
        format!("Nothing says when the shift {} begins and ends.", quote(label)),
        format!("Nobody of the column {} is rung.", quote(label)),
        format!("Add to Settings: Shift: {label} | 20:00-08:00 (with the right hours)."),
    );
    let now = findings.now();
    let cell = shape.tab.address(shape.header_row, column.people.place);
    findings
        .tell(Code::ShiftHoursMissing, Severity::Stop, Some(cell), words)
        .affects(now);
}

fn report_twice(shape: &Shape<'_>, first: usize, second: usize, findings: &mut Findings) {
    let words = || {
        Words::new(
            "Two rows have the same date.",
            "The people of the upper row are rung first, then those of the lower one.",
            "Keep one row for each date.",
        )
    };
    let cause = findings.cause(Code::FromTwice, Severity::Warn, "").say(words);
    cause
        .at(shape.tab.address(first, shape.from))
        .at(shape.tab.address(second, shape.from));
}

/// A row without a date costs the shifts of one day: the one after the row above, or before the row below.
fn report_bad_rows(shape: &Shape<'_>, rows: &DatedRows, columns: &[ShiftColumn], conventions: &Conventions, findings: &mut Findings) {
    let starts = day_begins(columns).unwrap_or(Clock::MIDNIGHT);
    let at = |date: NaiveDate| -> DateTime<Utc> { conventions.zone.to_utc(starts.on(date)).instant };
    let mut before: Option<NaiveDate> = None;
    for (index, row) in rows.rows.iter().enumerate() {
        let bad = match row.begins {
            Ok(begins) => {
                before = Some(begins.date);
                continue;
            }
            Err(bad) => bad,
        };
        let below = rows.rows[index..]
            .iter()
            .find_map(|row| row.begins.ok())
            .and_then(|begins| begins.date.pred_opt());
        let Some(date) = before.map(day_after).or(below) else { continue };
        before = Some(date);
        let miss = Miss {
            severity: Severity::Stop,
            level: Arc::from(""),
            from: at(date),
            until: at(day_after(date)),
            left: Left::Nobody,
        };
        report_bad(shape, row.row, shape.from, bad, miss, findings);
    }
}
