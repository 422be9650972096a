//! How times, lengths and pairs are written for people.

use crate::config::setting_name;
use crate::roster::wall_clock::Zone;
use chrono::{DateTime, Datelike, TimeDelta, Utc};

/// `Mon 2 Mar 2026 08:00` in the rota's zone.
pub(super) fn day_and_time(zone: &Zone, at: DateTime<Utc>) -> String {
    zone.to_local(at).format("%a %-d %b %Y %H:%M").to_string()
}

/// As [`day_and_time`], without the year where it is that of `beside`.
pub(super) fn short_day_and_time(zone: &Zone, at: DateTime<Utc>, beside: DateTime<Utc>) -> String {
    let local = zone.to_local(at);
    if local.year() == zone.to_local(beside).year() {
        return local.format("%a %-d %b %H:%M").to_string();
    }
    day_and_time(zone, at)
}

/// `UTC+10:00`.
pub(super) fn offset(zone: &Zone, at: DateTime<Utc>) -> String {
    format!("UTC{}", plain_offset(zone, at))
}

/// `2026-03-02T08:00:00+11:00`.
pub(super) fn rfc3339(zone: &Zone, at: DateTime<Utc>) -> String {
    format!("{}{}", zone.to_local(at).format("%Y-%m-%dT%H:%M:%S"), plain_offset(zone, at))
}

fn plain_offset(zone: &Zone, at: DateTime<Utc>) -> String {
    let ahead = (zone.to_local(at) - at.naive_utc()).num_minutes();
    let sign = if ahead < 0 { '-' } else { '+' };
    format!("{sign}{:02}:{:02}", ahead.abs() / 60, ahead.abs() % 60)
}

/// `64 h`, `7 h 30 min`, `10 min`, `less than a minute`.
pub(super) fn length(length: TimeDelta) -> String {
    let (hours, minutes) = (length.num_hours(), length.num_minutes() % 60);
    match (hours, minutes) {
        (0, 0) => "less than a minute".to_owned(),
        (0, _) => format!("{minutes} min"),
        (_, 0) => format!("{hours} h"),
        (_, _) => format!("{hours} h {minutes} min"),
    }
}

/// `1 gap`, `2 gaps`.
pub(super) fn count(number: usize, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{plural}")
}

/// `Setting=Value` or, as every message writes it, `Setting | Value`, for the command line; the short keys of the
/// configuration are understood too.
pub(super) fn pair(text: &str) -> Result<(String, String), String> {
    // Whichever of the two comes first parts them: the other one belongs to the value.
    let (name, value) = text.split_once(['=', '|']).unwrap_or((text, ""));
    if name.trim().is_empty() || value.trim().is_empty() {
        return Err("write a setting, \"|\" or \"=\", and its value: \"Shift: Night | 22:00-06:00\"".to_owned());
    }
    Ok((setting_name(name.trim()).to_owned(), value.trim().to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_setting_is_taken_as_messages_write_it() {
        let taken = |name: &str, value: &str| Ok((name.to_owned(), value.to_owned()));
        for (text, expected) in [
            ("Time zone=Europe/London", taken("Time zone", "Europe/London")),
            ("Time zone | Europe/London", taken("Time zone", "Europe/London")),
            ("Shift: Night|22:00-06:00", taken("Shift: Night", "22:00-06:00")),
            ("Do not ring | A=B", taken("Do not ring", "A=B")),
            ("Note=a | b", taken("Note", "a | b")),
        ] {
            assert_eq!(pair(text), expected, "{text}");
        }
        for text in ["Time zone", "Time zone |", "| UTC", "", "="] {
            assert!(pair(text).is_err(), "{text}");
        }
    }
}
