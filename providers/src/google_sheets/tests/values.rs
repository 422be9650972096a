//! Expected values are worked by hand from Google's account of serial numbers (1 January 1900, noon, is 2.5; 1900 is no
//! leap year) and of number formats.

use super::super::value::read;
use crate::Cell;
use chrono::{NaiveDate, NaiveTime};
use proptest::prelude::*;
use serde_json::{Value, json};

fn cell(json: Value) -> (Cell, Option<String>) {
    read(serde_json::from_value(json).unwrap())
}

/// A number, how it is formatted, and what is shown.
fn number(value: f64, kind: &str, shown: &str) -> (Cell, Option<String>) {
    cell(json!({
        "effectiveValue": {"numberValue": value},
        "formattedValue": shown,
        "effectiveFormat": {"numberFormat": {"type": kind}},
    }))
}

fn at(year: i32, month: u32, day: u32, hour: u32, minute: u32, second: u32) -> Cell {
    let date = NaiveDate::from_ymd_opt(year, month, day).unwrap();
    Cell::DateTime(date.and_hms_opt(hour, minute, second).unwrap())
}

fn time(hour: u32, minute: u32, second: u32) -> Cell {
    Cell::Time(NaiveTime::from_hms_opt(hour, minute, second).unwrap())
}

fn shown(text: &str) -> Option<String> {
    Some(text.to_owned())
}

#[test]
fn dates_are_days_since_30_december_1899() {
    let cases = [
        (2.5, "DATE_TIME", "1/1/1900 12:00:00", at(1900, 1, 1, 12, 0, 0)),
        (60.0, "DATE", "2/28/1900", at(1900, 2, 28, 0, 0, 0)),
        (61.0, "DATE", "3/1/1900", at(1900, 3, 1, 0, 0, 0)),
        (45_931.375, "DATE_TIME", "01/10/2025 09:00", at(2025, 10, 1, 9, 0, 0)),
        (46_083.0, "DATE", "Mon 2 Mar", at(2026, 3, 2, 0, 0, 0)),
        // A third of a day has no end as a fraction: to the nearest second it is 08:00.
        (46_083.333_333_333_3, "DATE_TIME", "2 Mar 8 am", at(2026, 3, 2, 8, 0, 0)),
        (46_083.999_999_9, "DATE_TIME", "2 Mar 23:59", at(2026, 3, 3, 0, 0, 0)),
        (2_958_465.0, "DATE", "12/31/9999", at(9999, 12, 31, 0, 0, 0)),
    ];
    for (serial, kind, text, expected) in cases {
        assert_eq!(number(serial, kind, text), (expected, shown(text)), "{serial}");
    }
    assert_eq!(number(46_083.0, "DATE", "2026-03-02"), (at(2026, 3, 2, 0, 0, 0), None));
    assert_eq!(number(46_083.75, "DATE_TIME", "2026-03-02 18:00"), (at(2026, 3, 2, 18, 0, 0), None));
}

#[test]
fn times_are_shares_of_a_day() {
    let cases = [
        (0.0, "TIME", "00:00", time(0, 0, 0), None),
        (0.375, "TIME", "09:00", time(9, 0, 0), None),
        (0.375, "TIME", "9:00 AM", time(9, 0, 0), shown("9:00 AM")),
        (0.75 + 1.0 / 86_400.0, "TIME", "18:00:01", time(18, 0, 1), None),
        // 24:00 is the midnight that ends the day.
        (1.0, "TIME", "24:00", time(0, 0, 0), shown("24:00")),
        // A moment of which only the time is shown.
        (45_931.375, "TIME", "09:00", time(9, 0, 0), None),
        // A time of day in a cell formatted as a date.
        (0.375, "DATE_TIME", "12/30/1899 9:00:00", time(9, 0, 0), shown("12/30/1899 9:00:00")),
    ];
    for (serial, kind, text, expected, formatted) in cases {
        assert_eq!(number(serial, kind, text), (expected, formatted), "{serial} {text}");
    }
}

#[test]
fn a_duration_of_days_stays_a_number() {
    let duration = |value: f64, text: &str| {
        cell(json!({
            "effectiveValue": {"numberValue": value},
            "formattedValue": text,
            "effectiveFormat": {"numberFormat": {"type": "TIME", "pattern": "[h]:mm:ss"}},
        }))
    };
    assert_eq!(duration(1.5, "36:00:00"), (Cell::Number(1.5), shown("36:00:00")));
    assert_eq!(duration(0.5, "12:00:00"), (time(12, 0, 0), shown("12:00:00")));
}

#[test]
fn what_is_no_date_of_any_calendar_stays_a_number() {
    for serial in [-1.0, 2_958_466.0, 1e18, -1e300] {
        assert_eq!(number(serial, "DATE", "?").0, Cell::Number(serial));
        assert_eq!(number(serial, "TIME", "?").0, Cell::Number(serial));
    }
}

#[test]
fn a_phone_number_gets_back_what_its_format_shows() {
    let cases = [
        (412_345_678.0, "0412345678", "0412345678"),
        (61_491_570_156.0, "+61 491 570 156", "+61 491 570 156"),
        (61_491_570_156.0, "+61491570156", "+61491570156"),
        (491_570_156.0, "0491 570 156", "0491 570 156"),
        (491_570_156.0, "(0)491/570-156", "(0)491/570-156"),
        (491_570_156.0, "491-570-156", "491-570-156"),
        (2_079_460_018.0, "00 20 7946 0018", "00 20 7946 0018"),
    ];
    for (value, text, expected) in cases {
        assert_eq!(number(value, "NUMBER", text), (Cell::Text(expected.into()), None), "{text}");
    }
}

#[test]
fn a_number_that_shows_no_more_than_itself_stays_one() {
    let cases = [
        (3.0, "NUMBER", "3", None),
        (3.0, "NUMBER", "3.00", shown("3.00")),
        (1_234.0, "NUMBER", "1,234", shown("1,234")),
        (1_234.0, "NUMBER", "1.234", shown("1.234")),
        (1_234.0, "NUMBER", "1\u{202f}234", shown("1\u{202f}234")),
        (491_570_156.0, "NUMBER", "491,570,156", shown("491,570,156")),
        (491_570_156_000.0, "SCIENTIFIC", "4.92E+11", shown("4.92E+11")),
        (0.5, "PERCENT", "50%", shown("50%")),
        (0.5, "NUMBER", "0.5", None),
        (-5.0, "NUMBER", "-5", None),
        (20.0, "CURRENCY", "$20.00", shown("$20.00")),
        // Other digits than its own: a format that adds something.
        (7.0, "NUMBER", "+61 7", shown("+61 7")),
        (0.0, "NUMBER", "0", None),
        (0.0, "NUMBER", "000", shown("000")),
    ];
    for (value, kind, text, formatted) in cases {
        assert_eq!(number(value, kind, text), (Cell::Number(value), formatted), "{text}");
    }
}

#[test]
fn texts_ticks_errors_and_nothing() {
    let cases = [
        (json!({}), Cell::Empty, None),
        (json!({"formattedValue": ""}), Cell::Empty, None),
        (json!({"effectiveFormat": {"numberFormat": {"type": "DATE"}}}), Cell::Empty, None),
        (
            json!({"effectiveValue": {"stringValue": " Maria "}, "formattedValue": " Maria "}),
            Cell::Text(" Maria ".into()),
            None,
        ),
        (
            json!({"effectiveValue": {"stringValue": "Maria"}, "formattedValue": "Dr Maria"}),
            Cell::Text("Maria".into()),
            shown("Dr Maria"),
        ),
        (
            json!({"effectiveValue": {"boolValue": true}, "formattedValue": "TRUE"}),
            Cell::Bool(true),
            None,
        ),
        (
            json!({"effectiveValue": {"boolValue": false}, "formattedValue": "FALSCH"}),
            Cell::Bool(false),
            shown("FALSCH"),
        ),
        (
            json!({"effectiveValue": {"errorValue": {"type": "REF", "message": "gone"}}, "formattedValue": "#REF!"}),
            Cell::Error("#REF!".into()),
            None,
        ),
        (
            json!({"effectiveValue": {"errorValue": {"type": "N_A"}}}),
            Cell::Error("#N/A".into()),
            None,
        ),
        (
            json!({"effectiveValue": {"errorValue": {"type": "NEWER"}}}),
            Cell::Error("#ERROR!".into()),
            None,
        ),
        // A person chip without a value of its own.
        (json!({"formattedValue": "Maria Lopez"}), Cell::Text("Maria Lopez".into()), None),
        // Formatted as a date, and a text all the same.
        (
            json!({
                "effectiveValue": {"stringValue": "2 March"},
                "formattedValue": "2 March",
                "effectiveFormat": {"numberFormat": {"type": "DATE"}},
            }),
            Cell::Text("2 March".into()),
            None,
        ),
    ];
    for (json, expected, formatted) in cases {
        assert_eq!(cell(json.clone()), (expected, formatted), "{json}");
    }
}

/// Days since 1970-01-01 of the proleptic Gregorian calendar, as worked out in
/// <https://howardhinnant.github.io/date_algorithms.html#days_from_civil>.
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year - era * 400;
    let of_year = (153 * (if month > 2 { month - 3 } else { month + 9 }) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

proptest! {
    #[test]
    fn every_second_of_every_day_comes_back(year in 1900_i32..=9998, month in 1_u32..=12, day in 1_u32..=28, second in 0_u32..86_400) {
        let days = days_from_civil(year.into(), month.into(), day.into()) - days_from_civil(1899, 12, 30);
        #[allow(clippy::cast_precision_loss)]
        let serial = days as f64 + f64::from(second) / 86_400.0;
        let expected = at(year, month, day, second / 3_600, second / 60 % 60, second % 60);
        prop_assert_eq!(number(serial, "DATE_TIME", "?").0, expected);
        let of_day = time(second / 3_600, second / 60 % 60, second % 60);
        prop_assert_eq!(number(serial, "TIME", "?").0, of_day);
    }

    #[test]
    fn no_number_whatever_its_format_is_too_strange(value in any::<f64>().prop_filter("JSON", |value| value.is_finite()), kind in "DATE|TIME|DATE_TIME|NUMBER", text in "[0-9+ .-]{0,12}") {
        let (read, _) = number(value, &kind, &text);
        prop_assert!(read != Cell::Empty);
    }
}
