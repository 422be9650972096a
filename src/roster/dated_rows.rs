//! The rows of a table that begins with dates: which rows count, and when each begins and ends on the wall clock.
//! It must not know who is on call.

use super::calendar_words::Weekdays;
use super::conventions::Conventions;
use super::date_column::{Open, proved_order, settle, settle_end};
use super::dates::{self, DateOrder, Unreadable, Written, day_after};
use super::findings::{Findings, Miss, Words};
use super::header::{self, Field};
use super::table::{Merged, ROWS_AT_MOST, is_blank_row};
use super::times::Clock;
use super::wall_clock::{How, Zone};
use super::words::{fold, quote, shown, shown_at};
use super::{Code, Severity};
use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use providers::{CellAddress, Tab};

/// Where the dates of a table stand.
pub(super) struct Shape<'t> {
    pub(super) tab: &'t Tab,
    pub(super) header_row: usize,
    pub(super) from: usize,
    pub(super) until: Option<usize>,
    pub(super) weekday: Option<usize>,
    /// A row counts only if something stands in one of these.
    pub(super) people: Vec<usize>,
}

/// A row that counts.
pub(super) struct DatedRow {
    pub(super) row: usize,
    pub(super) begins: Result<Moment, Bad>,
    /// Nothing where there is no end.
    pub(super) ends: Option<Result<Moment, Bad>>,
}

/// A point on the wall clock; without a time it is the handover of that day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Moment {
    pub(super) date: NaiveDate,
    pub(super) time: Option<Clock>,
}

/// Why a row has no beginning or no end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bad {
    Unreadable(Unreadable),
    Open(Open),
}

/// What was read.
pub(super) struct DatedRows {
    pub(super) rows: Vec<DatedRow>,
    /// The order that was set or proved, for the other tabs of the sheet.
    pub(super) order: Option<DateOrder>,
}

/// Reads the dates of a table. `known` is an order proved elsewhere, used where this table proves none.
pub(super) fn read(
    shape: &Shape<'_>,
    conventions: &Conventions,
    known: Option<DateOrder>,
    merged: &Merged,
    findings: &mut Findings,
) -> DatedRows {
    let raw = raw_rows(shape, merged, findings);
    let begins: Vec<Written> = raw.iter().filter_map(|row| row.begins.ok()).collect();
    let ends: Vec<Written> = raw.iter().filter_map(|row| row.ends.and_then(Result::ok)).collect();
    let proved = proved_order([begins.as_slice(), ends.as_slice()]);
    let order = conventions.date_order.or(proved).or(known);
    let today = conventions.zone.to_local(findings.first_read()).date();
    let mut settled = settle(&begins, order, conventions.year, today).into_iter();
    let midnight_is_a_time = [times_are_usual(&begins), times_are_usual(&ends)];
    let mut years = Years::default();
    let mut rows = Vec::with_capacity(raw.len());
    for raw in raw {
        let begins = match raw.begins {
            Err(why) => Err(Bad::Unreadable(why)),
            Ok(written) => match settled.next() {
                Some(Ok(found)) => {
                    if found.weekday_differs {
                        report_weekday(shape, raw.row, shape.from, found.date, findings);
                    }
                    if found.year_chosen {
                        years.add(found.date, shape.tab.address(raw.row, shape.from));
                    }
                    Ok(moment(found.date, &written, midnight_is_a_time[0]))
                }
                Some(Err(open)) => Err(Bad::Open(open)),
                None => Err(Bad::Unreadable(Unreadable::NotADate)),
            },
        };
        let ends = raw.ends.map(|end| {
            let written = end.map_err(Bad::Unreadable)?;
            let first_day = begins.map_or(today, |begins| begins.date);
            let found = settle_end(&written, order, first_day).map_err(Bad::Open)?;
            Ok(moment(found.date, &written, midnight_is_a_time[1]))
        });
        rows.push(DatedRow {
            row: raw.row,
            begins,
            ends,
        });
    }
    years.report(findings);
    DatedRows { rows, order }
}

/// A row with its cells read one by one.
struct RawRow {
    row: usize,
    begins: Result<Written, Unreadable>,
    ends: Option<Result<Written, Unreadable>>,
}

fn raw_rows(shape: &Shape<'_>, merged: &Merged, findings: &mut Findings) -> Vec<RawRow> {
    let tab = shape.tab;
    let date_at = |row: usize, place: usize| tab.cell(merged.row_of(row, place), place);
    let last_dated = (shape.header_row + 1..tab.rows.len())
        .rev()
        .find(|row| dates::read(date_at(*row, shape.from)).is_ok());
    let end = last_dated.map_or(shape.header_row + 1, |last| last + 1 + slips_after(shape, last));
    let mut raw = Vec::new();
    for row in shape.header_row + 1..end {
        if raw.len() >= ROWS_AT_MOST {
            let words = Words::new(
                format!("The table has more than {ROWS_AT_MOST} rows."),
                "Rows from here on are not read.",
                "Move past rows to another file.",
            );
            findings.tell(Code::TooLarge, Severity::Stop, Some(tab.address(row, 0)), words);
            break;
        }
        let names_people = shape
            .people
            .iter()
            .any(|place| !tab.cell(merged.row_of(row, *place), *place).is_blank());
        let mut begins = dates::read(date_at(row, shape.from));
        if begins.is_err() && (!names_people || is_header_again(shape, row)) {
            continue;
        }
        if begins.is_err() && is_another_header(shape, row) {
            let words = Words::new(
                "Another table begins here.",
                "Rows from here on are not read.",
                "Put the second table into a tab of its own.",
            );
            let now = findings.now();
            findings
                .tell(Code::LayoutUnknown, Severity::Stop, Some(tab.address(row, shape.from)), words)
                .affects(now);
            return raw;
        }
        if let (Ok(written), Some(place)) = (&mut begins, shape.weekday)
            && written.weekdays.is_empty()
        {
            written.weekdays = Weekdays::named(&fold(&shown(date_at(row, place))));
        }
        let ends = shape
            .until
            .map(|place| date_at(row, place))
            .filter(|cell| !cell.is_blank())
            .map(dates::read);
        raw.push(RawRow { row, begins, ends });
    }
    report_below(shape, end, findings);
    raw
}

/// Rows right below the last date that look like slips in a date: one or two that name people, or any number of rows
/// whose first cell holds a digit.
fn slips_after(shape: &Shape<'_>, last: usize) -> usize {
    let rows = last + 1..shape.tab.rows.len();
    let names_people = |row: usize| shape.people.iter().any(|place| !shape.tab.cell(row, *place).is_blank());
    let is_filled = |row: &usize| !shape.tab.cell(*row, shape.from).is_blank() && names_people(*row);
    let has_digit = |row: &usize| shown(shape.tab.cell(*row, shape.from)).chars().any(|c| c.is_ascii_digit());
    let filled = rows.clone().take_while(is_filled).count();
    if filled <= 2 { filled } else { rows.take_while(has_digit).count() }
}

fn is_header_again(shape: &Shape<'_>, row: usize) -> bool {
    let text = |row| fold(&shown(shape.tab.cell(row, shape.from)));
    let same = |place: &usize| fold(&shown(shape.tab.cell(row, *place))) == fold(&shown(shape.tab.cell(shape.header_row, *place)));
    text(row) == text(shape.header_row) && shape.people.iter().all(same)
}

fn is_another_header(shape: &Shape<'_>, row: usize) -> bool {
    let words = header::words(&shown(shape.tab.cell(row, shape.from)));
    matches!(header::field(&words), Some(Field::From | Field::Day)) && header::named(&header::columns(shape.tab, row)) >= 2
}

fn report_below(shape: &Shape<'_>, end: usize, findings: &mut Findings) {
    let below = (end..shape.tab.rows.len()).filter(|row| !is_blank_row(shape.tab, *row));
    let (mut first, mut count) = (None, 0_usize);
    for row in below {
        first = first.or(Some(row));
        count += 1;
    }
    let Some(first) = first else { return };
    // Without any date the whole table is reported elsewhere.
    if end == shape.header_row + 1 {
        return;
    }
    let words = Words::new(
        format!(
            "{} below the table without a date that can be read.",
            super::findings::plural(count, "row")
        ),
        "They do not count.",
        "If they belong to the rota, mend their dates.",
    );
    findings.tell(Code::RowsIgnored, Severity::Note, Some(shape.tab.address(first, shape.from)), words);
}

/// Whether most date cells of a column carry a time, so that one without is one of midnight.
fn times_are_usual(column: &[Written]) -> bool {
    let timed = column.iter().filter(|cell| cell.time.is_some()).count();
    let bare = column.iter().filter(|cell| cell.bare_cell).count();
    timed > 0 && timed >= bare
}

fn moment(date: NaiveDate, written: &Written, midnight_is_a_time: bool) -> Moment {
    let midnight = written.bare_cell && midnight_is_a_time;
    Moment {
        date,
        time: if midnight { Some(Clock::MIDNIGHT) } else { written.time },
    }
}

impl Moment {
    /// As a beginning.
    pub(super) fn begins(self, handover: Clock) -> NaiveDateTime {
        self.time.unwrap_or(handover).on(self.date)
    }

    /// As an end: a day lasts up to the handover after it, a time is exact.
    pub(super) fn ends(self, handover: Clock) -> NaiveDateTime {
        match self.time {
            Some(time) => time.on(self.date),
            None => handover.on(day_after(self.date)),
        }
    }
}

/// The instant of a boundary; one that the clocks skip or show twice is reported with its cell.
pub(super) fn instant(zone: &Zone, wall: NaiveDateTime, cell: impl FnOnce() -> CellAddress, findings: &mut Findings) -> DateTime<Utc> {
    let boundary = zone.to_utc(wall);
    let (verb, often, rule) = match boundary.how {
        How::Exact => return boundary.instant,
        How::Skipped => ("do not show", "", "The shift changes when the clocks go forward."),
        How::Repeated => ("show", " twice", "The shift changes the first time."),
    };
    if boundary.instant > findings.now() {
        let words = Words::new(
            format!("The clocks of {} {verb} {}{often}.", zone.name(), wall.format("%a %-d %b %Y %H:%M")),
            rule,
            "Nothing is to be done if that is meant; else move the handover by an hour.",
        );
        findings
            .tell(Code::ClockChange, Severity::Note, Some(cell()), words)
            .affects(boundary.instant);
    }
    boundary.instant
}

/// Says why a row has no date, and what that costs.
pub(super) fn report_bad(shape: &Shape<'_>, row: usize, place: usize, bad: Bad, miss: Miss, findings: &mut Findings) {
    let now = findings.now();
    let cell = shape.tab.address(row, place);
    let text = quoted(shape.tab, row, place);
    let column = cell.column();
    let cause = match bad {
        Bad::Unreadable(Unreadable::Blank) => {
            let cause = findings.cause(Code::DateMissing, Severity::Stop, &column.to_string());
            cause.say(|| Words::new("People are entered, but no date.", "", "Write the date on which the shift begins."))
        }
        Bad::Unreadable(why) => {
            let cause = findings.cause(Code::DateUnreadable, Severity::Stop, &text);
            let (what, remedy) = why.words();
            cause.say(|| Words::new(format!("{text} {what}."), "", remedy))
        }
        Bad::Open(Open::NoSuchDate) => {
            let cause = findings.cause(Code::DateUnreadable, Severity::Stop, &text);
            let remedy = "Check day, month and year, and Date order in Settings.";
            cause.say(|| Words::new(format!("{text} is no date in the order of this column."), "", remedy))
        }
        Bad::Open(Open::Ambiguous { day_first, month_first }) => {
            let cause = findings.cause(Code::DateAmbiguous, Severity::Stop, &column.to_string());
            cause.say(|| ambiguous(&text, day_first, month_first, ""))
        }
    };
    cause.at(cell).miss(miss, now);
}

/// Says that no row at all has a date that can be read, or that every date has two readings.
pub(super) fn report_no_dates(shape: &Shape<'_>, rows: &DatedRows, findings: &mut Findings) {
    if report_ambiguous(shape, rows, findings) {
        return;
    }
    let first = (shape.header_row + 1..shape.tab.rows.len()).find(|row| !shape.tab.cell(*row, shape.from).is_blank());
    let header = quoted(shape.tab, shape.header_row, shape.from);
    let now = findings.now();
    let (code, seen) = match first {
        None => (Code::RotaEmpty, format!("No row below {header} has a date.")),
        Some(row) => {
            let text = quoted(shape.tab, row, shape.from);
            (
                Code::LayoutUnknown,
                format!("No cell below {header} can be read as a date; the first is {text}."),
            )
        }
    };
    let words = Words::new(
        seen,
        "Nobody is on call.",
        "Write dates as 2 Mar 2026. A fixed week, a cycle, or days of a month without the month are not read yet.",
    );
    let cell = shape.tab.address(first.unwrap_or(shape.header_row), shape.from);
    findings.tell(code, Severity::Stop, Some(cell), words).affects(now);
}

fn report_ambiguous(shape: &Shape<'_>, rows: &DatedRows, findings: &mut Findings) -> bool {
    let now = findings.now();
    let mut is_any = false;
    for row in &rows.rows {
        let Err(Bad::Open(Open::Ambiguous { day_first, month_first })) = row.begins else {
            continue;
        };
        is_any = true;
        let text = quoted(shape.tab, row.row, shape.from);
        let words = || {
            ambiguous(
                &text,
                day_first,
                month_first,
                "No row has a date that is certain, so nobody is on call.",
            )
        };
        let cause = findings
            .cause(Code::DateAmbiguous, Severity::Stop, &shape.from.to_string())
            .say(words);
        cause.at(shape.tab.address(row.row, shape.from)).affects(now);
    }
    is_any
}

fn ambiguous(text: &str, day_first: NaiveDate, month_first: NaiveDate, consequence: &str) -> Words {
    let readings = format!("{} or {}", day_first.format("%-d %B"), month_first.format("%-d %B"));
    let seen = format!("{text} can be {readings}, and nothing else in its column settles it.");
    Words::new(seen, consequence, "Add to Settings: Date order | day first (or month first).").of_one_cell()
}

fn report_weekday(shape: &Shape<'_>, row: usize, place: usize, date: NaiveDate, findings: &mut Findings) {
    let text = quoted(shape.tab, row, place);
    let words = Words::new(
        format!("{text} is a {}; the weekday beside it is another one.", date.format("%A")),
        format!("The date counts, not the weekday: {}.", date.format("%a %-d %b %Y")),
        "Correct the date or the weekday.",
    );
    findings.tell(Code::DateWeekday, Severity::Warn, Some(shape.tab.address(row, place)), words);
}

/// The years that were chosen.
#[derive(Default)]
struct Years {
    range: Option<(NaiveDate, NaiveDate)>,
    first: Option<CellAddress>,
}

impl Years {
    fn add(&mut self, date: NaiveDate, cell: CellAddress) {
        self.range = Some(self.range.map_or((date, date), |(from, until)| (from.min(date), until.max(date))));
        self.first.get_or_insert(cell);
    }

    fn report(self, findings: &mut Findings) {
        let Some((from, until)) = self.range else { return };
        let day = |date: NaiveDate| date.format("%-d %b %Y").to_string();
        let words = Words::new(
            format!("Dates without a year are read as {} to {}.", day(from), day(until)),
            "",
            "If another year is meant, write it into the dates, or add to Settings: Year | (the year of the first row).",
        );
        findings.tell(Code::YearChosen, Severity::Note, self.first, words);
    }
}

/// The text of a cell that may be a date, for people.
pub(super) fn quoted(tab: &Tab, row: usize, column: usize) -> String {
    quote(&shown_at(tab, row, column))
}
