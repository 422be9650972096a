//! Expected values by the calendar: 1 January 2026 is a Thursday.

use super::*;
use chrono_tz::Tz;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

#[test]
fn the_window_is_the_same_on_all_days_of_a_week() {
    let zone = Zone::new(Tz::Australia__Melbourne);
    // Sunday 1 March 2026, 13:00 UTC, is Monday 00:00 in Melbourne.
    let monday = Window::around(DateTime::parse_from_rfc3339("2026-03-01T13:00:00Z").unwrap().to_utc(), &zone);
    assert_eq!(monday.today, day("2026-03-02"));
    // 35 days before it, and past 400 days after it, Tuesday 6 April 2027.
    assert_eq!((monday.first, monday.last), (day("2026-01-26"), day("2027-04-12")));
    assert_eq!(monday.days().count(), 441);
    let saturday = Window::around(DateTime::parse_from_rfc3339("2026-03-07T12:59:00Z").unwrap().to_utc(), &zone);
    assert_eq!(saturday.today, day("2026-03-07"));
    assert_eq!((saturday.first, saturday.last), (day("2026-01-26"), day("2027-04-12")));
}

#[test]
fn weeks_of_a_cycle_go_on_in_both_directions() {
    let cycle = Cycle {
        weeks: 3,
        starts: day("2026-01-04"),
    };
    for (date, week) in [
        ("2026-01-03", 2),
        ("2026-01-04", 0),
        ("2026-01-10", 0),
        ("2026-01-11", 1),
        ("2026-01-18", 2),
        ("2026-01-25", 0),
        ("2025-12-14", 0),
    ] {
        assert_eq!(cycle.week(day(date)), week, "{date}");
    }
}

#[test]
fn weeks_begin_on_the_day_that_is_asked_for() {
    for (date, first, expected) in [
        ("2026-03-04", Weekday::Mon, "2026-03-02"),
        ("2026-03-04", Weekday::Sun, "2026-03-01"),
        ("2026-03-01", Weekday::Sun, "2026-03-01"),
        ("2026-03-01", Weekday::Mon, "2026-02-23"),
    ] {
        assert_eq!(week_of(day(date), first), day(expected), "{date}");
    }
}

#[test]
fn handovers_of_up_to_an_hour_are_meant() {
    let hours = |text: &str| Hours::parse(text).unwrap();
    assert!(!collide(hours("08:00-20:10"), hours("20:00-08:10")));
    assert!(!collide(hours("08:00-16:00"), hours("16:00-23:00")));
    assert!(collide(hours("08:00-16:00"), hours("10:30-18:30")));
    assert!(collide(hours("08:00-16:00"), hours("08:00-16:00")));
}
