//! One value of a workbook into a cell: what is a date, what a time of day, what just a number.

use crate::Cell;
use calamine::{DataRef, ExcelDateTime};
use chrono::{NaiveDate, NaiveDateTime, NaiveTime, SubsecRound};

const DAY_SECONDS: f64 = 86_400.0;
/// The serial number of 9999-12-31, the last day that Excel knows.
const LAST_DAY: f64 = 2_958_465.0;

/// Takes a value as calamine reads it.
pub(super) fn cell(value: &DataRef<'_>) -> Cell {
    match value {
        DataRef::Empty => Cell::Empty,
        #[allow(clippy::cast_precision_loss, reason = "Excel itself keeps all numbers as f64")]
        DataRef::Int(number) => Cell::Number(*number as f64),
        DataRef::Float(number) => Cell::Number(*number),
        DataRef::String(text) => Cell::Text(text.clone()),
        DataRef::SharedString(text) => Cell::Text((*text).to_owned()),
        DataRef::Bool(ticked) => Cell::Bool(*ticked),
        DataRef::DateTime(serial) => date_or_time(*serial),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => iso(text),
        DataRef::Error(error) => Cell::Error(error.to_string()),
    }
}

/// A serial number in a cell formatted as date, time or duration, to the nearest second. Up to one day it is
/// a time of day, and 24:00 the midnight that ends the day; longer durations stay numbers (of days).
fn date_or_time(serial: ExcelDateTime) -> Cell {
    let days = serial.as_f64();
    let number = Cell::Number(days);
    if !(0.0..=LAST_DAY).contains(&days) {
        return number;
    }
    let seconds = (days * DAY_SECONDS).round();
    if seconds <= DAY_SECONDS {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 86400")]
        let of_day = (seconds as u32) % 86_400;
        return NaiveTime::from_num_seconds_from_midnight_opt(of_day, 0).map_or(number, Cell::Time);
    }
    if serial.is_duration() {
        return number;
    }
    let (year, month, day, hour, minute, second, milli) = serial.to_ymd_hms_milli();
    NaiveDate::from_ymd_opt(year.into(), month.into(), day.into())
        .and_then(|date| date.and_hms_milli_opt(hour.into(), minute.into(), second.into(), milli.into()))
        .map_or(number, |at| Cell::DateTime(at.round_subsecs(0)))
}

/// `2025-10-01`, `2025-10-01T09:00:00`, `09:00:00`; anything else stays text.
fn iso(text: &str) -> Cell {
    let plain = text.trim().trim_end_matches('Z');
    let date_time = NaiveDateTime::parse_from_str(plain, "%Y-%m-%dT%H:%M:%S%.f").ok();
    let date = || NaiveDate::parse_from_str(plain, "%Y-%m-%d").ok().map(NaiveDateTime::from);
    if let Some(at) = date_time.or_else(date) {
        return Cell::DateTime(at.round_subsecs(0));
    }
    NaiveTime::parse_from_str(plain, "%H:%M:%S%.f").map_or_else(|_| Cell::Text(text.to_owned()), |time| Cell::Time(time.round_subsecs(0)))
}
