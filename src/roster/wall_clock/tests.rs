//! Expected instants are worked out by hand from the clock changes that the tz database's sources tell.

use super::*;
use chrono::TimeZone as _;

mod oracle;
mod properties;
mod rosters;

fn wall(text: &str) -> NaiveDateTime {
    NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap()
}

fn utc(text: &str) -> DateTime<Utc> {
    wall(text).and_utc()
}

#[test]
fn hand_worked_instants() {
    use How::{Exact, Repeated, Skipped};
    let cases = [
        // London puts its clocks forward on 29 March 2026 at 01:00 UTC and back on 25 October 2026 at 01:00 UTC.
        (Tz::Europe__London, "2026-03-29 00:59", "2026-03-29 00:59", Exact),
        (Tz::Europe__London, "2026-03-29 01:00", "2026-03-29 01:00", Skipped),
        (Tz::Europe__London, "2026-03-29 01:30", "2026-03-29 01:00", Skipped),
        (Tz::Europe__London, "2026-03-29 02:00", "2026-03-29 01:00", Exact),
        (Tz::Europe__London, "2026-07-01 08:00", "2026-07-01 07:00", Exact),
        (Tz::Europe__London, "2026-10-25 00:59", "2026-10-24 23:59", Exact),
        (Tz::Europe__London, "2026-10-25 01:00", "2026-10-25 00:00", Repeated),
        (Tz::Europe__London, "2026-10-25 01:30", "2026-10-25 00:30", Repeated),
        (Tz::Europe__London, "2026-10-25 02:00", "2026-10-25 02:00", Exact),
        // Lord Howe moves by half an hour: on 5 April 2026 02:00 +11:00 becomes 01:30 +10:30,
        // on 4 October 2026 02:00 +10:30 becomes 02:30 +11:00.
        (Tz::Australia__Lord_Howe, "2026-04-05 01:45", "2026-04-04 14:45", Repeated),
        (Tz::Australia__Lord_Howe, "2026-04-05 02:00", "2026-04-04 15:30", Exact),
        (Tz::Australia__Lord_Howe, "2026-10-04 02:15", "2026-10-03 15:30", Skipped),
        (Tz::Australia__Lord_Howe, "2026-10-04 02:30", "2026-10-03 15:30", Exact),
        // Samoa left out 30 December 2011: after 29 December 23:59 -10:00 came 31 December 00:00 +14:00.
        (Tz::Pacific__Apia, "2011-12-29 23:59", "2011-12-30 09:59", Exact),
        (Tz::Pacific__Apia, "2011-12-30 00:00", "2011-12-30 10:00", Skipped),
        (Tz::Pacific__Apia, "2011-12-30 12:00", "2011-12-30 10:00", Skipped),
        (Tz::Pacific__Apia, "2011-12-31 00:00", "2011-12-30 10:00", Exact),
        // Troll moves by two hours: on 29 March 2026 01:00 +00 becomes 03:00 +02.
        (Tz::Antarctica__Troll, "2026-03-29 02:59", "2026-03-29 01:00", Skipped),
        (Tz::Antarctica__Troll, "2026-03-29 03:00", "2026-03-29 01:00", Exact),
        (Tz::Antarctica__Troll, "2026-10-25 01:30", "2026-10-24 23:30", Repeated),
        (Tz::Asia__Kathmandu, "2026-03-02 08:00", "2026-03-02 02:15", Exact),
        // British Columbia keeps -07:00 after October 2026; chrono-tz does not know.
        (Tz::America__Vancouver, "2026-12-01 08:00", "2026-12-01 15:00", Exact),
        (Tz::UTC, "2026-12-01 08:00", "2026-12-01 08:00", Exact),
    ];
    for (zone, local, instant, how) in cases {
        let expected = Boundary {
            instant: utc(instant),
            how,
        };
        assert_eq!(to_utc(zone, wall(local)), expected, "{zone} {local}");
    }
}

#[test]
fn the_way_back() {
    let cases = [
        (Tz::Europe__London, "2026-03-29 00:59", "2026-03-29 00:59"),
        (Tz::Europe__London, "2026-03-29 01:00", "2026-03-29 02:00"),
        (Tz::Europe__London, "2026-10-25 00:30", "2026-10-25 01:30"),
        (Tz::Europe__London, "2026-10-25 01:30", "2026-10-25 01:30"),
        (Tz::Australia__Lord_Howe, "2026-04-04 15:00", "2026-04-05 01:30"),
        (Tz::Pacific__Apia, "2011-12-30 10:00", "2011-12-31 00:00"),
        (Tz::Asia__Kathmandu, "2026-03-02 02:15", "2026-03-02 08:00"),
    ];
    for (zone, instant, local) in cases {
        assert_eq!(to_local(zone, utc(instant)), wall(local), "{zone} {instant}");
    }
}

#[test]
fn every_zone_that_can_be_named_has_rules() {
    let known = TimeZoneDatabase::bundled();
    for zone in chrono_tz::TZ_VARIANTS {
        assert!(known.get(zone.name()).is_ok(), "{zone}");
    }
}

/// A skipped time becomes the very second of the change, in every zone and for every change of these years.
#[test]
fn skipped_times_become_the_first_instant_after_the_gap() {
    let from: Timestamp = "2024-01-01T00:00:00Z".parse().unwrap();
    let until: Timestamp = "2031-01-01T00:00:00Z".parse().unwrap();
    let mut gaps = 0;
    for name in chrono_tz::TZ_VARIANTS {
        let zone = Zone::new(name);
        for change in zone.rules.following(from).take_while(|change| change.timestamp() < until) {
            let instant = DateTime::from_timestamp(change.timestamp().as_second(), 0).unwrap();
            let (before, after) = (zone.to_local(instant - TimeDelta::seconds(1)), zone.to_local(instant));
            if after - before <= TimeDelta::seconds(1) {
                continue;
            }
            gaps += 1;
            for inside in [before + TimeDelta::seconds(1), after - TimeDelta::seconds(1)] {
                let expected = Boundary {
                    instant,
                    how: How::Skipped,
                };
                assert_eq!(zone.to_utc(inside), expected, "{name} {inside}");
            }
        }
    }
    assert!(gaps > 1000, "{gaps}");
}

/// Why we do not take offsets from chrono-tz: its newest release carries tzdb 2025b, and these zones have changed
/// their rules since (British Columbia, Alberta and Manitoba keep summer time from autumn 2026, Morocco gives up
/// its Ramadan clock in September 2026, Moldova changes at another hour). An hour wrong is a wrong person rung at
/// every handover. When chrono-tz has caught up, this list becomes empty and the test says so.
#[test]
#[allow(clippy::disallowed_methods)] // The comparison is with chrono-tz's own offsets.
fn zones_that_differ() {
    use chrono::Offset as _;
    let first: Timestamp = "2024-01-01T00:30:00Z".parse().unwrap();
    let days = (0..7 * 366).map(|day| first + jiff::SignedDuration::from_hours(24 * day));
    let differs = |name: Tz| {
        let zone = Zone::new(name);
        let changes = zone
            .rules
            .following(first)
            .take_while(|change| change.timestamp() < first + jiff::SignedDuration::from_hours(24 * 7 * 366));
        // Every day, and every hour around each change of the clocks.
        let around = changes.flat_map(|change| (-3..=3).map(move |hour| change.timestamp() + jiff::SignedDuration::from_hours(hour)));
        days.clone().chain(around).any(|moment| {
            let at = DateTime::from_timestamp(moment.as_second(), 0).unwrap();
            let theirs = name.offset_from_utc_datetime(&at.naive_utc()).fix().local_minus_utc();
            zone.to_local(at) - at.naive_utc() != TimeDelta::seconds(i64::from(theirs))
        })
    };
    let mut differ: Vec<&str> = chrono_tz::TZ_VARIANTS
        .into_iter()
        .filter(|zone| differs(*zone))
        .map(|zone| zone.name())
        .collect();
    differ.sort_unstable();
    let expected = [
        "Africa/Casablanca",
        "Africa/El_Aaiun",
        "America/Edmonton",
        "America/Inuvik",
        "America/Rainy_River",
        "America/Vancouver",
        "America/Winnipeg",
        "America/Yellowknife",
        "Canada/Central",
        "Canada/Mountain",
        "Canada/Pacific",
        "Europe/Chisinau",
        "Europe/Tiraspol",
    ];
    assert_eq!(differ, expected, "{:?}", tzdb_versions());
}
