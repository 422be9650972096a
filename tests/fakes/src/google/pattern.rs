//! What a number shows by a pattern of Sheets, for the patterns that tests use. For others a test says what the cell shows.
//! Source: developers.google.com/workspace/sheets/api/guides/formats.

use super::cell::day_zero;
use chrono::{NaiveDateTime, NaiveTime, TimeDelta, Timelike};

/// The text for a number. Panics at a pattern that it does not know.
pub(super) fn show(number: f64, kind: &str, pattern: &str) -> String {
    match kind {
        "DATE" | "TIME" | "DATE_TIME" => date(instant(number), pattern),
        "TEXT" => format!("{number}"),
        _ => digits(number, pattern).unwrap_or_else(|| panic!("the fake does not know the pattern {pattern}: use Cell::shown")),
    }
}

fn instant(serial: f64) -> NaiveDateTime {
    day_zero().and_time(NaiveTime::MIN) + TimeDelta::seconds((serial * 86_400.0).round() as i64)
}

/// `0000000000`, `0.00`, `#,##0`.
fn digits(number: f64, pattern: &str) -> Option<String> {
    let (whole, fraction) = pattern.split_once('.').unwrap_or((pattern, ""));
    if !fraction.bytes().all(|byte| byte == b'0') {
        return None;
    }
    let text = format!("{number:.*}", fraction.len());
    if whole == "#,##0" {
        return Some(grouped(&text));
    }
    if whole.is_empty() || !whole.bytes().all(|byte| byte == b'0') {
        return None;
    }
    let width = pattern.len();
    Some(format!("{text:0>width$}"))
}

fn grouped(text: &str) -> String {
    let (whole, fraction) = text.split_once('.').map_or((text, ""), |(whole, _)| (whole, &text[whole.len()..]));
    let mut grouped = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && digit != '-' && (whole.len() - at) % 3 == 0 && !grouped.ends_with('-') {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped + fraction
}

/// A day and a time; `m` is minutes next to hours or seconds, else months.
fn date(at: NaiveDateTime, pattern: &str) -> String {
    let lower = pattern.to_lowercase();
    let is_half_day = lower.contains("am/pm");
    let mut text = String::new();
    let mut rest = lower.as_str();
    let mut after_hours = false;
    while let Some(first) = rest.chars().next() {
        if let Some(after) = rest.strip_prefix("am/pm") {
            text += &at.format("%p").to_string();
            rest = after;
            continue;
        }
        let run = rest.chars().take_while(|letter| *letter == first).count() * first.len_utf8();
        let (part, after) = rest.split_at(run);
        let before_seconds = after.trim_start_matches(|letter: char| !letter.is_alphabetic()).starts_with('s');
        let code = match part {
            "yyyy" => "%Y",
            "yy" => "%y",
            "m" if after_hours || before_seconds => "%-M",
            "mm" if after_hours || before_seconds => "%M",
            "mmmm" => "%B",
            "mmm" => "%b",
            "mm" => "%m",
            "m" => "%-m",
            "dddd" => "%A",
            "ddd" => "%a",
            "dd" => "%d",
            "d" => "%-d",
            "hh" if is_half_day => "%I",
            "h" if is_half_day => "%-I",
            "hh" => "%H",
            "h" => "%-H",
            "ss" => "%S",
            "s" => "%-S",
            _ if first.is_alphabetic() => panic!("the fake does not know {part} in the pattern {pattern}: use Cell::shown"),
            _ => "",
        };
        if code.is_empty() {
            // Separators stand as they are, in the pattern's own letters.
            let start = pattern.len() - rest.len();
            text += &pattern[start..start + run];
        } else {
            text += &at.format(code).to_string();
            after_hours = first == 'h';
        }
        rest = after;
    }
    debug_assert!(at.nanosecond() == 0, "serials are rounded to seconds");
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Shown by Sheets itself, after the examples of its guide to date and number formats.
    #[test]
    fn patterns_show_what_sheets_shows() {
        let at = 46_083.75; // 2026-03-02 18:00
        for (kind, pattern, shown) in [
            ("DATE", "yyyy-mm-dd", "2026-03-02"),
            ("DATE", "d/m/yy", "2/3/26"),
            ("DATE", "ddd d mmm", "Mon 2 Mar"),
            ("DATE", "dddd, mmmm d", "Monday, March 2"),
            ("DATE_TIME", "dd/mm/yyyy hh:mm:ss", "02/03/2026 18:00:00"),
            ("TIME", "h:mm am/pm", "6:00 PM"),
            ("TIME", "hh:mm", "18:00"),
        ] {
            assert_eq!(show(at, kind, pattern), shown, "{pattern}");
        }
        for (number, pattern, shown) in [
            (2_079_460_018.0, "00000000000", "02079460018"),
            (7.0, "0.00", "7.00"),
            (7.5, "00.0", "07.5"),
            (1_234_567.0, "#,##0", "1,234,567"),
            (-123_456.0, "#,##0", "-123,456"),
            (12.0, "#,##0", "12"),
        ] {
            assert_eq!(show(number, "NUMBER", pattern), shown, "{pattern}");
        }
    }
}
