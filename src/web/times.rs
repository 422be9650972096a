//! Instants and durations in words: always in the rota's own zone, by way of [`crate::roster::wall_clock`] alone.

use crate::roster::wall_clock::{How, Zone};
use chrono::{DateTime, Datelike, FixedOffset, NaiveDateTime, TimeDelta, Utc};

/// `2026-03-30T08:00:00+11:00`: for machines, with the offset that holds there and then.
pub(super) fn rfc3339(zone: &Zone, at: DateTime<Utc>) -> String {
    let offset = offset(zone, at);
    DateTime::<FixedOffset>::from_naive_utc_and_offset(at.naive_utc(), offset).to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
}

/// `Mon 30 Mar 08:00`, with the year where it is not this one, and with the offset where the clock shows this
/// time twice.
pub(super) fn day_and_time(zone: &Zone, at: DateTime<Utc>, now: DateTime<Utc>) -> String {
    let local = zone.to_local(at);
    let this_year = zone.to_local(now).year();
    let day = if local.year() == this_year {
        "%a %-d %b %H:%M"
    } else {
        "%a %-d %b %Y %H:%M"
    };
    format!("{}{}", local.format(day), which_of_two(zone, at, local))
}

/// `03:12:05`: for the lines of a story.
pub(super) fn time_of_day(zone: &Zone, at: DateTime<Utc>) -> String {
    let local = zone.to_local(at);
    format!("{}{}", local.format("%H:%M:%S"), which_of_two(zone, at, local))
}

/// ` (UTC+01:00)` in the hour that comes twice in autumn, else nothing.
fn which_of_two(zone: &Zone, at: DateTime<Utc>, local: NaiveDateTime) -> String {
    match zone.to_utc(local).how {
        How::Repeated => format!(" (UTC{})", offset(zone, at)),
        How::Exact | How::Skipped => String::new(),
    }
}

fn offset(zone: &Zone, at: DateTime<Utc>) -> FixedOffset {
    let ahead = zone.to_local(at) - at.naive_utc();
    i32::try_from(ahead.num_seconds())
        .ok()
        .and_then(FixedOffset::east_opt)
        .unwrap_or_else(|| FixedOffset::east_opt(0).unwrap_or(chrono::offset::Offset::fix(&Utc)))
}

/// `8 s`, `5 min`, `3 h 20 min`, `4 days 3 h`: two units at most, nothing below zero.
pub(super) fn span(length: TimeDelta) -> String {
    let seconds = length.num_seconds().max(0);
    let (minutes, hours, days) = (seconds / 60, seconds / 3600, seconds / 86_400);
    let (large, small) = match seconds {
        0..60 => return format!("{seconds} s"),
        60..3600 => return format!("{minutes} min"),
        3600..86_400 => (format!("{hours} h"), (minutes % 60, "min")),
        86_400.. | i64::MIN..0 => (counted(days, "day"), (hours % 24, "h")),
    };
    match small {
        (0, _) => large,
        (count, unit) => format!("{large} {count} {unit}"),
    }
}

/// `8 s`, `1 min 15 s`, `3 h 20 min`: how long a call lasted, or a caller waited.
pub(super) fn lasting(length: TimeDelta) -> String {
    let seconds = length.num_seconds();
    match seconds {
        60..3600 if seconds % 60 > 0 => format!("{} min {} s", seconds / 60, seconds % 60),
        _ => span(length),
    }
}

/// From one instant to another in the seconds that the clock has shown, so that all times told of a call agree with
/// one another, and with those that the page's script makes.
pub(super) fn between(begun: DateTime<Utc>, at: DateTime<Utc>) -> TimeDelta {
    TimeDelta::seconds((at.timestamp() - begun.timestamp()).max(0))
}

/// `0:08`, `1:15`, `1:00:09`: into a call.
pub(super) fn into(begun: DateTime<Utc>, at: DateTime<Utc>) -> String {
    let seconds = between(begun, at).num_seconds();
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours > 0 {
        format!("{hours}:{minutes:02}:{seconds:02}")
    } else {
        format!("{minutes}:{seconds:02}")
    }
}

/// `1 day`, `2 days`.
pub(super) fn counted(count: i64, noun: &str) -> String {
    if count == 1 {
        format!("1 {noun}")
    } else {
        format!("{count} {noun}s")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono_tz::Tz;

    fn utc(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn times_are_local_and_tell_the_two_halves_of_a_repeated_hour_apart() {
        // London leaves summer time on 25 October 2026 at 01:00 UTC: 01:30 comes twice.
        let zone = &Zone::new(Tz::Europe__London);
        let now = utc("2026-10-20T12:00:00Z");
        assert_eq!(day_and_time(zone, utc("2026-10-24T07:00:00Z"), now), "Sat 24 Oct 08:00");
        assert_eq!(day_and_time(zone, utc("2026-10-25T00:30:00Z"), now), "Sun 25 Oct 01:30 (UTC+01:00)");
        assert_eq!(day_and_time(zone, utc("2026-10-25T01:30:00Z"), now), "Sun 25 Oct 01:30 (UTC+00:00)");
        assert_eq!(day_and_time(zone, utc("2027-01-04T08:00:00Z"), now), "Mon 4 Jan 2027 08:00");
        assert_eq!(rfc3339(zone, utc("2026-10-24T07:00:00Z")), "2026-10-24T08:00:00+01:00");
        assert_eq!(rfc3339(zone, utc("2026-10-25T01:30:00Z")), "2026-10-25T01:30:00Z");
        assert_eq!(
            rfc3339(&Zone::new(Tz::Asia__Kolkata), utc("2026-10-25T01:30:00Z")),
            "2026-10-25T07:00:00+05:30"
        );
        assert_eq!(
            time_of_day(&Zone::new(Tz::Australia__Melbourne), utc("2026-11-20T16:12:05Z")),
            "03:12:05"
        );
    }

    #[test]
    fn calls_are_told_to_the_second() {
        let cases = [
            (0, "0 s"),
            (59, "59 s"),
            (60, "1 min"),
            (75, "1 min 15 s"),
            (3599, "59 min 59 s"),
            (3601, "1 h"),
        ];
        for (seconds, expected) in cases {
            assert_eq!(lasting(TimeDelta::seconds(seconds)), expected);
        }
        let begun = utc("2026-10-25T01:30:00.900Z");
        for (at, expected) in [
            ("2026-10-25T01:29:59Z", "0:00"),
            ("2026-10-25T01:30:08.100Z", "0:08"),
            ("2026-10-25T01:31:15Z", "1:15"),
            ("2026-10-25T02:30:09Z", "1:00:09"),
        ] {
            assert_eq!(into(begun, utc(at)), expected);
        }
    }

    #[test]
    fn spans_have_two_units_at_most() {
        let cases = [
            (-5, "0 s"),
            (0, "0 s"),
            (59, "59 s"),
            (60, "1 min"),
            (3599, "59 min"),
            (3600, "1 h"),
            (12_000, "3 h 20 min"),
            (86_400, "1 day"),
            (356_400, "4 days 3 h"),
        ];
        for (seconds, expected) in cases {
            assert_eq!(span(TimeDelta::seconds(seconds)), expected);
        }
    }
}
