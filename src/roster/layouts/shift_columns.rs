//! Dates down, and across columns with hours of their own: `Date | Morning | MorningPhone | Evening | … | Night`, or
//! `Week | In hours 1st | On call 1st | Escalation`. Each day of a row has the hours of each column; a night belongs to the
//! date of its evening; a column without hours is on call as long as the row holds. It must not know other layouts.

use crate::roster::cells::dates::day_after;
use crate::roster::cells::times::{Clock, DayHours};
use crate::roster::cells::words::{absent, shown};
use crate::roster::conventions::{Conventions, RowLasts};
use crate::roster::findings::{Findings, Left, Miss, Words};
use crate::roster::layouts::column_meanings::When;
use crate::roster::layouts::dated_layout::{Block, Dated};
use crate::roster::layouts::dated_rows::{DatedRow, DatedRows, Shape, instant, quoted, report_bad, report_no_dates};
use crate::roster::layouts::inline_swaps::Swaps;
use crate::roster::layouts::row_swaps::{self, Stand, SwapRow};
use crate::roster::layouts::rungs::{PeopleColumn, RowOfPeople, Span};
use crate::roster::layouts::shift_hours;
use crate::roster::layouts::table::Merged;
use crate::roster::slots::{Order, Slot};
use crate::roster::timeline::Change;
use crate::roster::who::Reader;
use crate::roster::{Code, Severity};
use chrono::{DateTime, Days, NaiveDate, NaiveDateTime, Utc};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Days of one row that are read.
const DAYS_AT_MOST: u64 = 400;
/// Slots of one table beyond this are not read.
const SLOTS_AT_MOST: usize = 4_000_000;
/// A week.
const WEEK: i64 = 7;

/// A column of people, their place in the order, and when they are on call.
#[derive(Clone)]
pub(crate) struct ShiftColumn {
    pub(crate) people: PeopleColumn,
    pub(crate) order: Order,
    pub(crate) when: When,
}

/// Columns of the same hours, in the order of ringing.
struct Group<'c> {
    /// Nothing where they are on call as long as the row holds.
    hours: Option<&'c [DayHours]>,
    columns: Vec<PeopleColumn>,
    orders: Vec<Order>,
}

/// A row that counts, with its days.
struct RowDays<'r> {
    row: &'r DatedRow,
    first: NaiveDate,
    last: NaiveDate,
    /// Where the row itself says an end, all hours lie between these.
    clip: Option<(NaiveDateTime, NaiveDateTime)>,
}

/// What a table comes to.
#[derive(Default)]
pub(crate) struct Read {
    pub(crate) slots: Vec<Slot>,
    /// Swaps that stand in the cells of columns without hours.
    pub(crate) changes: Vec<Change>,
}

/// Where it gathers.
struct Out<'o, 'a> {
    slots: Vec<Slot>,
    changes: Vec<Change>,
    reader: &'o mut Reader<'a>,
    findings: &'o mut Findings,
}

/// What the rows of a table have in common.
struct Scene<'s> {
    shape: &'s Shape<'s>,
    rows: &'s DatedRows,
    /// At most one of them is without hours.
    groups: Vec<Group<'s>>,
    handover: Clock,
    conventions: &'s Conventions,
    merged: &'s Merged,
    swaps: &'s Swaps,
}

/// Reads the rows of a table into slots. `begins` is when a day of the rota begins.
pub(crate) fn read(
    block: &Block<'_>,
    swaps: &Swaps,
    begins: Option<Clock>,
    conventions: &Conventions,
    merged: &Merged,
    reader: &mut Reader<'_>,
    findings: &mut Findings,
) -> Read {
    let Dated::ShiftColumns { shape, columns, .. } = &block.dated else {
        return Read::default();
    };
    let bare = columns.iter().filter(|column| column.when == When::Unsaid);
    let bare = bare.map(|column| {
        (
            shape.tab.address(shape.header_row, column.people.place),
            column.people.label.clone(),
        )
    });
    shift_hours::report(&bare.collect::<Vec<_>>(), findings);
    let rows = &block.rows;
    if rows.rows.iter().all(|row| row.begins.is_err()) {
        report_no_dates(shape, rows, findings);
        return Read::default();
    }
    let scene = Scene {
        shape,
        rows,
        groups: groups(columns),
        handover: begins.unwrap_or(Clock::MIDNIGHT),
        conventions,
        merged,
        swaps,
    };
    let mut first_of_date: BTreeMap<NaiveDate, usize> = BTreeMap::new();
    let days = row_days(&scene, findings);
    let mut out = Out {
        slots: Vec::new(),
        changes: Vec::new(),
        reader,
        findings,
    };
    for row in &days {
        if let Some(first) = first_of_date.insert(row.first, row.row.row) {
            report_twice(shape, first, row.row.row, out.findings);
        }
        if out.slots.len() > SLOTS_AT_MOST {
            report_too_many(shape, row.row.row, out.findings);
            break;
        }
        scene.read_row(row, &mut out);
    }
    report_bad_rows(&scene, &days, out.findings);
    Read {
        slots: out.slots,
        changes: out.changes,
    }
}

/// The start of the earliest shift: where a day of this rota begins.
pub(crate) fn day_begins(columns: &[ShiftColumn]) -> Option<Clock> {
    let hours = columns.iter().filter_map(|column| match &column.when {
        When::Hours(hours) => Some(hours),
        When::Row | When::Unsaid => None,
    });
    hours.flatten().map(|day| day.hours.start).min()
}

fn groups(columns: &[ShiftColumn]) -> Vec<Group<'_>> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    let mut sorted: Vec<&ShiftColumn> = columns.iter().collect();
    sorted.sort_by_key(|column| column.order);
    for column in sorted {
        let hours = match &column.when {
            When::Row => None,
            When::Hours(hours) => Some(hours.as_slice()),
            When::Unsaid => continue,
        };
        let group = match groups.iter_mut().position(|group| group.hours == hours) {
            Some(place) => &mut groups[place],
            None => {
                groups.push(Group {
                    hours,
                    columns: Vec::new(),
                    orders: Vec::new(),
                });
                let last = groups.len() - 1;
                &mut groups[last]
            }
        };
        group.columns.push(column.people.clone());
        group.orders.push(column.order);
    }
    groups
}

/// The days of every row: as it says itself, else as a setting does; else a week where the header says weeks, and a day.
fn row_days<'s>(scene: &Scene<'s>, findings: &mut Findings) -> Vec<RowDays<'s>> {
    let shape = scene.shape;
    let dated = || scene.rows.rows.iter().filter_map(|row| Some((row, row.begins.ok()?)));
    let mut dates: Vec<NaiveDate> = dated().map(|(_, begins)| begins.date).collect();
    dates.sort_unstable();
    dates.dedup();
    let step = usual_step(&dates);
    let next = |date: NaiveDate| dates.get(dates.partition_point(|other| *other <= date)).copied();
    let lasts = scene.conventions.row_lasts;
    if lasts.is_none() && !shape.is_week && step == Some(WEEK) && dates.len() > 2 && scene.rows.rows.iter().all(|row| row.ends.is_none()) {
        report_week(shape, findings);
    }
    let days = |first: NaiveDate, count: i64| first + chrono::TimeDelta::days(count.max(1) - 1);
    let until_next = |first: NaiveDate, at_most: i64| {
        let count = next(first).map_or_else(|| step.unwrap_or(at_most), |next| (next - first).num_days());
        days(first, count.min(at_most))
    };
    let mut list = Vec::new();
    for (row, begins) in dated() {
        let first = begins.date;
        let ends = match row.ends {
            Some(Ok(ends)) if ends.date >= first => Some(ends),
            Some(Ok(_) | Err(_)) => {
                report_end(shape, row, findings);
                None
            }
            None => None,
        };
        let (last, clip) = match (ends, lasts) {
            (Some(ends), _) => {
                let from = begins.time.map_or(NaiveDateTime::MIN, |time| time.on(first));
                let until = ends.time.map_or(NaiveDateTime::MAX, |time| time.on(ends.date));
                (ends.date, Some((from, until)))
            }
            (None, Some(RowLasts::Days(count))) => (days(first, i64::from(count)), None),
            (None, Some(RowLasts::UntilNextRow)) => (until_next(first, i64::MAX), None),
            (None, Some(RowLasts::Hours(_))) => (first, None),
            (None, None) if shape.is_week => (until_next(first, WEEK), None),
            (None, None) => (first, None),
        };
        let limit = first.checked_add_days(Days::new(DAYS_AT_MOST)).unwrap_or(first);
        if last > limit {
            report_end(shape, row, findings);
        }
        list.push(RowDays {
            row,
            first,
            last: if last > limit { first } else { last },
            clip,
        });
    }
    list
}

/// The usual distance between dates, in days: the median.
fn usual_step(dates: &[NaiveDate]) -> Option<i64> {
    let mut steps: Vec<i64> = dates.windows(2).map(|two| (two[1] - two[0]).num_days()).collect();
    steps.sort_unstable();
    steps.get((steps.len().max(1) - 1) / 2).copied()
}

impl Scene<'_> {
    fn read_row(&self, row: &RowDays<'_>, out: &mut Out<'_, '_>) {
        for group in &self.groups {
            let left = self.left(row, group);
            match group.hours {
                Some(hours) => self.read_hours(row, group, hours, left, out),
                None => self.read_whole(row, group, left, out),
            }
        }
    }

    /// Who is on call without this group: a column of the whole row beside the hours, or the other way round.
    fn left(&self, row: &RowDays<'_>, group: &Group<'_>) -> Left {
        let somebody = |other: &&Group<'_>| other.columns.iter().any(|column| self.names_somebody(row.row.row, column));
        let whole = self.groups.iter().position(|other| other.hours.is_none());
        let other = match whole.map(|place| &self.groups[place]) {
            None => None,
            Some(_) if group.hours.is_none() => self.groups.iter().filter(|other| other.hours.is_some()).find(somebody),
            Some(whole) => Some(whole).filter(somebody),
        };
        match other {
            None => Left::Nobody,
            Some(other) if other.orders.first() < group.orders.first() => Left::Before,
            Some(_) => Left::After,
        }
    }

    fn names_somebody(&self, row: usize, column: &PeopleColumn) -> bool {
        absent(&shown(self.shape.tab.cell(self.merged.row_of(row, column.place), column.place))).is_none()
    }

    /// The people of a group who are on call as long as the row holds.
    fn read_whole(&self, row: &RowDays<'_>, group: &Group<'_>, left: Left, out: &mut Out<'_, '_>) {
        let wall = match self.conventions.row_lasts {
            Some(RowLasts::Hours(hours)) if row.clip.is_none() => hours.on(row.first),
            Some(RowLasts::Hours(_) | RowLasts::Days(_) | RowLasts::UntilNextRow) | None => {
                Some((self.handover.on(row.first), self.handover.on(day_after(row.last))))
            }
        };
        let Some(span) = wall.and_then(|wall| self.span(row, wall, self.shape.from, out.findings)) else {
            return;
        };
        let cells = self.cells(row, group, span);
        out.push(&cells, group, left, &[]);
        if self.swaps.is_empty() {
            return;
        }
        let changes = row_swaps::changes(
            &self.swap_row(&cells, row),
            self.swaps,
            self.handover,
            &self.conventions.zone,
            out.reader,
            out.findings,
        );
        // A level without hours is held by its column alone, so its place is the same at every hour.
        let position = |column: usize| match group.orders.get(column) {
            Some(Order::Level(level)) => usize::from(*level),
            Some(Order::Listed | Order::Last) | None => column,
        };
        out.changes.extend(changes.into_iter().map(|change| Change {
            rungs: change.rungs.into_iter().map(|(column, rung)| (position(column), rung)).collect(),
            ..change
        }));
    }

    /// The people of a group on each day of the row; whoever stands in for somebody takes that day's place.
    fn read_hours(&self, row: &RowDays<'_>, group: &Group<'_>, hours: &[DayHours], left: Left, out: &mut Out<'_, '_>) {
        let place = group.columns.first().map_or(self.shape.from, |column| column.place);
        let mut stands: Option<Vec<Stand>> = None;
        for date in row.first.iter_days().take_while(|date| *date <= row.last) {
            for day in hours.iter().filter(|day| day.days.holds(date)) {
                let wall = day.hours.on(date);
                let Some(span) = wall.and_then(|wall| self.span(row, wall, place, out.findings)) else {
                    continue;
                };
                let cells = self.cells(row, group, span);
                let stands = stands.get_or_insert_with(|| self.stands(&cells, row, out));
                let today: Vec<&Stand> = stands.iter().filter(|stand| (stand.first..=stand.last).contains(&date)).collect();
                out.push(&cells, group, left, &today);
            }
        }
    }

    fn cells<'c>(&'c self, row: &RowDays<'_>, group: &'c Group<'_>, span: Span) -> RowOfPeople<'c> {
        RowOfPeople {
            tab: self.shape.tab,
            row: row.row.row,
            columns: &group.columns,
            merged: self.merged,
            span,
            is_change: false,
        }
    }

    fn swap_row<'c>(&self, cells: &'c RowOfPeople<'c>, row: &RowDays<'_>) -> SwapRow<'c> {
        SwapRow {
            cells,
            first: row.first,
            last: row.last,
            order: self.rows.order,
        }
    }

    fn stands(&self, cells: &RowOfPeople<'_>, row: &RowDays<'_>, out: &mut Out<'_, '_>) -> Vec<Stand> {
        if self.swaps.is_empty() {
            return Vec::new();
        }
        let zone = &self.conventions.zone;
        let when = |first: NaiveDate, last: NaiveDate| Span {
            from: zone.to_utc(self.handover.on(first)).instant,
            until: zone.to_utc(self.handover.on(day_after(last))).instant,
        };
        row_swaps::stands(&self.swap_row(cells, row), self.swaps, when, out.reader, out.findings)
    }

    /// The instants of an interval, within what the row itself says.
    fn span(
        &self,
        row: &RowDays<'_>,
        (mut from, mut until): (NaiveDateTime, NaiveDateTime),
        place: usize,
        findings: &mut Findings,
    ) -> Option<Span> {
        if let Some((begins, ends)) = row.clip {
            (from, until) = (from.max(begins), until.min(ends));
        }
        if from >= until {
            return None;
        }
        let cell = || self.shape.tab.address(row.row.row, place);
        Some(Span {
            from: instant(&self.conventions.zone, from, cell, findings),
            until: instant(&self.conventions.zone, until, cell, findings),
        })
    }
}

impl Out<'_, '_> {
    fn push(&mut self, cells: &RowOfPeople<'_>, group: &Group<'_>, left: Left, stands: &[&Stand]) {
        let rungs = cells.read_beside(left, self.reader, self.findings);
        for (column, (rung, order)) in rungs.into_iter().zip(&group.orders).enumerate() {
            let stand = stands.iter().rev().find(|stand| stand.column == column);
            self.slots.push(Slot {
                from: cells.span.from,
                until: cells.span.until,
                order: *order,
                rung: stand.map_or(rung, |stand| stand.rung.clone()),
            });
        }
    }
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

fn report_week(shape: &Shape<'_>, findings: &mut Findings) {
    let words = Words::new(
        "The dates are a week apart, and nothing says whether a row is of its day or of the whole week.",
        "Each row holds for its own day only.",
        "Add to Settings: Each row lasts | 7 days (or 1 day).",
    );
    let cell = shape.tab.address(shape.header_row, shape.from);
    findings.tell(Code::RowLasts, Severity::Warn, Some(cell), words);
}

fn report_end(shape: &Shape<'_>, row: &DatedRow, findings: &mut Findings) {
    let place = shape.until.unwrap_or(shape.from);
    let words = Words::new(
        format!("{} cannot be the end of this row.", quoted(shape.tab, row.row, place)),
        "The row holds as long as one without an end.",
        format!("Write the last day; a row holds for {DAYS_AT_MOST} days at most."),
    );
    let cell = shape.tab.address(row.row, place);
    findings.tell(Code::UntilUnreadable, Severity::Stop, Some(cell), words);
}

fn report_too_many(shape: &Shape<'_>, row: usize, findings: &mut Findings) {
    let words = Words::new(
        format!("The table comes to more than {SLOTS_AT_MOST} shifts."),
        "Rows from here on are not read.",
        "Move past rows to another file.",
    );
    findings.tell(Code::TooLarge, Severity::Stop, Some(shape.tab.address(row, 0)), words);
}

/// A row without a date costs the time between its neighbours in the sheet, or a day where they tell nothing.
fn report_bad_rows(scene: &Scene<'_>, days: &[RowDays<'_>], findings: &mut Findings) {
    let starts = scene.handover;
    let at = |date: NaiveDate| -> DateTime<Utc> { scene.conventions.zone.to_utc(starts.on(date)).instant };
    let by_row: BTreeMap<usize, (NaiveDate, NaiveDate)> = days.iter().map(|day| (day.row.row, (day.first, day.last))).collect();
    let mut before: Option<NaiveDate> = None;
    for row in &scene.rows.rows {
        let Err(bad) = row.begins else {
            before = by_row.get(&row.row).map(|(_, last)| *last).or(before);
            continue;
        };
        let below = by_row.range(row.row..).next().map(|(_, (first, _))| *first);
        let Some(date) = before.map(day_after).or_else(|| below.and_then(|below| below.pred_opt())) else {
            continue;
        };
        // Of several the first one speaks for the whole time.
        let until = below
            .filter(|below| *below > date)
            .filter(|below| (*below - date).num_days() <= WEEK);
        let until = until.unwrap_or_else(|| day_after(date));
        before = until.pred_opt();
        let miss = Miss {
            severity: Severity::Stop,
            level: Arc::from(""),
            from: at(date),
            until: at(until),
            left: Left::Nobody,
        };
        report_bad(scene.shape, row.row, scene.shape.from, bad, miss, findings);
    }
}
