//! One cell of a spreadsheet into a value: what is a date, what a time of day, what a number, and what it is shown as.
//! Serial numbers count days from 30 December 1899; what follows the point is the time of day
//! (<https://developers.google.com/workspace/sheets/api/guides/formats#about_date_time_values>).

use crate::Cell;
use chrono::{NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Timelike};
use google_sheets4::api::{CellData, ErrorValue, ExtendedValue, NumberFormat};

const DAY_SECONDS: f64 = 86_400.0;
/// The first serial number behind 9999-12-31.
const END: f64 = 2_958_466.0;
/// Up to here every whole number has a number of its own.
const EXACT: f64 = 9e15;

/// The value, and what is shown in the cell where that is something else than how the value reads.
pub(super) fn read(data: CellData) -> (Cell, Option<String>) {
    let shown = data.formatted_value.filter(|text| !text.is_empty());
    let format = data.effective_format.and_then(|format| format.number_format);
    let cell = match data.effective_value {
        Some(value) => of(value, format.as_ref(), shown.as_deref()),
        // What is shown without a value is still what the admin sees.
        None => shown.clone().map_or(Cell::Empty, Cell::Text),
    };
    let reads = reading(&cell);
    let shown = shown.filter(|text| *text != reads);
    (cell, shown)
}

fn of(value: ExtendedValue, format: Option<&NumberFormat>, shown: Option<&str>) -> Cell {
    if let Some(error) = value.error_value {
        return Cell::Error(shown.map_or_else(|| error_words(&error).to_owned(), str::to_owned));
    }
    if let Some(ticked) = value.bool_value {
        return Cell::Bool(ticked);
    }
    if let Some(number) = value.number_value {
        return of_number(number, format, shown);
    }
    value.string_value.map_or(Cell::Empty, Cell::Text)
}

fn of_number(number: f64, format: Option<&NumberFormat>, shown: Option<&str>) -> Cell {
    let kind = format.and_then(|format| format.type_.as_deref());
    let pattern = format.and_then(|format| format.pattern.as_deref());
    let read = match kind {
        Some("DATE" | "DATE_TIME") => moment(number),
        Some("TIME") => time(number, pattern.is_some_and(is_duration)),
        Some(_) | None => None,
    };
    match (read, shown) {
        (Some(cell), _) => cell,
        (None, Some(text)) if kind != Some("TIME") && says_more(number, text) => Cell::Text(text.to_owned()),
        (None, Some(_) | None) => Cell::Number(number),
    }
}

/// A wall-clock moment, to the second. On the days before 1900 nobody is on call: there it is a time of day in a cell
/// formatted as a date, as it is in a workbook.
fn moment(serial: f64) -> Option<Cell> {
    if (0.0..1.0).contains(&serial) {
        return time(serial, false);
    }
    let first = NaiveDate::from_ymd_opt(1899, 12, 30)?.and_time(NaiveTime::MIN);
    let at: NaiveDateTime = first.checked_add_signed(TimeDelta::seconds(seconds(serial)?))?;
    Some(Cell::DateTime(at))
}

/// A time of day, to the second; 24:00 is the midnight that ends the day. Of a moment shown without its date the time
/// is what people see; a duration longer than a day stays a number of days.
fn time(serial: f64, is_duration: bool) -> Option<Cell> {
    let seconds = seconds(serial)?;
    if is_duration && seconds > 86_400 {
        return None;
    }
    let of_day = u32::try_from(seconds % 86_400).ok()?;
    NaiveTime::from_num_seconds_from_midnight_opt(of_day, 0).map(Cell::Time)
}

fn seconds(serial: f64) -> Option<i64> {
    #[allow(clippy::cast_possible_truncation, reason = "at most some 2.6e11")]
    (0.0..END).contains(&serial).then(|| (serial * DAY_SECONDS).round() as i64)
}

/// `[h]:mm`: hours that go on beyond 24.
fn is_duration(pattern: &str) -> bool {
    let folded = pattern.to_ascii_lowercase();
    ["[h", "[m", "[s"].iter().any(|elapsed| folded.contains(elapsed))
}

/// Whether a format such as `0000000000` or `+00 000 000 000` gives back what a number has lost of a phone number:
/// the same digits but for zeros in front, set apart as nobody sets apart thousands.
fn says_more(number: f64, shown: &str) -> bool {
    let shown = shown.trim();
    if number < 1.0 || number.fract() != 0.0 || number > EXACT {
        return false;
    }
    let allowed = |character: char| character.is_ascii_digit() || character.is_whitespace() || "+()-/.".contains(character);
    let digits: String = shown.chars().filter(char::is_ascii_digit).collect();
    let same = shown.chars().all(allowed) && digits.trim_start_matches('0') == number.to_string();
    let in_front = shown.starts_with(['0', '+', '(']);
    // Thousands are parted by points, commas and spaces that do not break, never by these.
    let grouped = shown.contains([' ', '-', '/']);
    same && (in_front || grouped)
}

/// How a value reads by itself.
fn reading(cell: &Cell) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) | Cell::Error(text) => text.clone(),
        Cell::Number(number) => number.to_string(),
        Cell::DateTime(at) if at.num_seconds_from_midnight() == 0 => at.format("%Y-%m-%d").to_string(),
        Cell::DateTime(at) => at.format("%Y-%m-%d %H:%M").to_string(),
        Cell::Time(time) if time.second() == 0 => time.format("%H:%M").to_string(),
        Cell::Time(time) => time.format("%H:%M:%S").to_string(),
        Cell::Bool(ticked) => if *ticked { "TRUE" } else { "FALSE" }.to_owned(),
    }
}

/// As a spreadsheet shows the kinds of errors of the API.
fn error_words(error: &ErrorValue) -> &'static str {
    match error.type_.as_deref() {
        Some("NULL_VALUE") => "#NULL!",
        Some("DIVIDE_BY_ZERO") => "#DIV/0!",
        Some("VALUE") => "#VALUE!",
        Some("REF") => "#REF!",
        Some("NAME") => "#NAME?",
        Some("NUM") => "#NUM!",
        Some("N_A") => "#N/A",
        Some("LOADING") => "Loading...",
        Some(_) | None => "#ERROR!",
    }
}
