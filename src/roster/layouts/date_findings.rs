//! What is said of dates: one that cannot be read and what that costs, two readings, a weekday that differs, years that
//! were chosen, clocks that skip a boundary. It must not decide anything.

use crate::roster::cells::dates::{self, Unreadable};
use crate::roster::cells::words::{quote, shown_at};
use crate::roster::findings::{Findings, Miss, Words};
use crate::roster::layouts::date_column::Open;
use crate::roster::layouts::dated_rows::{Bad, DatedRows, Shape};
use crate::roster::layouts::month_days;
use crate::roster::layouts::unread_shapes::is_numbered_week;
use crate::roster::wall_clock::{How, Zone};
use crate::roster::{Code, Severity};
use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use providers::{CellAddress, Tab};

/// The instant of a boundary; one that the clocks skip or show twice is reported with its cell.
pub(crate) fn instant(zone: &Zone, wall: NaiveDateTime, cell: impl FnOnce() -> CellAddress, findings: &mut Findings) -> DateTime<Utc> {
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
pub(crate) fn report_bad(shape: &Shape<'_>, row: usize, place: usize, bad: Bad, miss: Miss, findings: &mut Findings) {
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
            cause.say(|| Words::new(format!("{text} {what}."), "", suggested(shape.tab, row, place) + remedy))
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

/// Asks for the date that a slip may have been, to go before the remedy.
fn suggested(tab: &Tab, row: usize, place: usize) -> String {
    dates::meant(&shown_at(tab, row, place)).map_or_else(String::new, |date| format!("Did you mean {}? ", quote(&date)))
}

/// Says that no row at all has a date that can be read, or that every date has two readings.
pub(crate) fn report_no_dates(shape: &Shape<'_>, rows: &DatedRows, findings: &mut Findings) {
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
    let is_week = |row: usize| is_numbered_week(&shown_at(shape.tab, row, shape.from));
    let remedy = if first.is_some_and(is_week) {
        "Weeks that are only numbered do not say when they begin. If they take turns for ever, add to Settings: Rotation starts | 2 Mar 2026 \
         (the day on which the first of them began), and Turn | 7 days. Else write the date on which each week begins, or the week with its \
         year as 2026-W12."
    } else if first.is_none() || !month_days::are_days(shape) {
        "Write dates as 2 Mar 2026. A fixed week or a cycle is read only with days of the week."
    } else if month_days::may_count_blocks(shape) {
        "If these are days of a month, write month and year into a title above the table, such as March 2026. If they are numbers of weeks or \
         blocks, write instead of each the date on which it begins, such as 2 Mar 2026."
    } else {
        "Days of a month need the month: write it into the tab's name or a title above the table, such as March 2026, or add to Settings: \
         Month | March 2026."
    };
    let words = Words::new(seen, "Nobody is on call.", remedy);
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

/// A date that does not fall on the weekday beside it.
pub(crate) fn report_weekday(shape: &Shape<'_>, row: usize, place: usize, date: NaiveDate, findings: &mut Findings) {
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
pub(crate) struct Years {
    range: Option<(NaiveDate, NaiveDate)>,
    first: Option<CellAddress>,
}

impl Years {
    /// Takes one in.
    pub(crate) fn add(&mut self, date: NaiveDate, cell: CellAddress) {
        self.range = Some(self.range.map_or((date, date), |(from, until)| (from.min(date), until.max(date))));
        self.first.get_or_insert(cell);
    }

    /// Says which years they are.
    pub(crate) fn report(self, findings: &mut Findings) {
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
pub(crate) fn quoted(tab: &Tab, row: usize, column: usize) -> String {
    quote(&shown_at(tab, row, column))
}
