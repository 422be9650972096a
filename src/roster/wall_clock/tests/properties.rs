//! What holds for any wall-clock time of the zones in the table, and for any rota written in them.

use super::super::*;
use super::rosters::{name_at, person, roster, text};
use chrono::NaiveDate;
use proptest::prelude::*;
use providers::Cell;

const ZONES: [Tz; 7] = [
    Tz::Europe__London,
    Tz::America__New_York,
    Tz::Australia__Melbourne,
    Tz::Australia__Lord_Howe,
    Tz::Asia__Kathmandu,
    Tz::Pacific__Apia,
    Tz::Antarctica__Troll,
];

fn zone() -> impl Strategy<Value = Tz> {
    prop::sample::select(ZONES.as_slice())
}

/// Any minute of these years, one time in two near a change of the clocks in one of the zones.
fn wall() -> impl Strategy<Value = NaiveDateTime> {
    let any = (2010..2031_i32, 1..=366_u32, 0..1440_i64).prop_map(|(year, day, minute)| {
        let date = NaiveDate::from_yo_opt(year, day).unwrap_or_else(|| NaiveDate::from_ymd_opt(year, 3, 29).unwrap());
        date.and_hms_opt(0, 0, 0).unwrap() + TimeDelta::minutes(minute)
    });
    let changes = [
        (2026, 3, 29),
        (2026, 10, 25),
        (2026, 3, 8),
        (2026, 11, 1),
        (2026, 4, 5),
        (2026, 10, 4),
        (2011, 12, 30),
    ];
    let near = (prop::sample::select(changes.to_vec()), -600..600_i64).prop_map(|((year, month, day), minutes)| {
        let date = NaiveDate::from_ymd_opt(year, month, day).unwrap();
        date.and_hms_opt(2, 0, 0).unwrap() + TimeDelta::minutes(minutes)
    });
    prop_oneof![any, near]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_later_wall_time_is_no_earlier_instant(zone in zone(), wall in wall(), ahead in 0..4000_i64) {
        let later = wall + TimeDelta::minutes(ahead);
        let (first, second) = (to_utc(zone, wall), to_utc(zone, later));
        prop_assert!(first.instant <= second.instant, "{first:?} {second:?}");
    }

    #[test]
    fn the_way_there_and_back(zone in zone(), wall in wall()) {
        let boundary = to_utc(zone, wall);
        let back = to_local(zone, boundary.instant);
        let before = to_local(zone, boundary.instant - TimeDelta::seconds(1));
        match boundary.how {
            How::Exact => prop_assert_eq!(back, wall),
            // The clocks have not shown it before, at most an hour or two from now they do again.
            How::Repeated => {
                prop_assert_eq!(back, wall);
                let again = (1..=24).any(|step| to_local(zone, boundary.instant + TimeDelta::minutes(5 * step)) == wall);
                prop_assert!(again);
            }
            How::Skipped => prop_assert!(before < wall && wall < back, "{before} {back}"),
        }
    }

    #[test]
    fn what_the_clocks_show_now_is_now_or_comes_twice(zone in zone(), wall in wall(), seconds in 0..60_i64) {
        let at = wall.and_utc() + TimeDelta::seconds(seconds);
        let boundary = to_utc(zone, to_local(zone, at));
        match boundary.how {
            How::Exact => prop_assert_eq!(boundary.instant, at),
            How::Repeated => prop_assert!(boundary.instant <= at && at - boundary.instant <= TimeDelta::hours(2)),
            How::Skipped => prop_assert!(false, "the clocks show a time that they skip"),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    /// Who is on call at a wall-clock time follows from the wall-clock times in the sheet alone, whatever the clocks do.
    #[test]
    fn duties_meet_and_are_those_of_the_wall_clock(
        zone in zone(), first in wall(), step in 1..15_i64, rows in 4..12_usize, asked in prop::collection::vec(0.0..1.0_f64, 20),
    ) {
        let begins: Vec<NaiveDateTime> = (0..=rows).map(|row| first + TimeDelta::days(step * i64::try_from(row).unwrap())).collect();
        let mut sheet = vec![vec![text("From"), text("1st")]];
        sheet.extend(begins[..rows].iter().enumerate().map(|(place, begins)| vec![text(&begins.format("%Y-%m-%d %H:%M").to_string()), text(person(place))]));
        let roster = roster(zone, sheet, &[], first.and_utc() - TimeDelta::days(2));

        let duties = roster.duties();
        prop_assert!(duties.windows(2).all(|two| two[0].until == two[1].from), "{duties:#?}");
        // All that is between the first row and the end of the last one, whatever the clocks skip or repeat in it.
        let (from, until) = (duties[0].from, duties[duties.len() - 1].until);
        prop_assert_eq!((from, until), (to_utc(zone, begins[0]).instant, to_utc(zone, begins[rows]).instant));

        for part in asked {
            #[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss)]
            let minutes = (part * (begins[rows] - begins[0]).num_minutes() as f64) as i64;
            let wall = begins[0] + TimeDelta::minutes(minutes);
            let boundary = to_utc(zone, wall);
            if boundary.how == How::Skipped {
                continue;
            }
            let place = begins.partition_point(|begins| *begins <= wall) - 1;
            prop_assert_eq!(name_at(&roster, boundary.instant), Some(person(place).to_owned()), "{}", wall);
        }
    }
}

/// A day that never was: whoever has it in a shift of that day alone is on call at no instant, and nobody is missed.
#[test]
fn the_day_that_samoa_left_out() {
    let row = |day: u32, place: usize| vec![Cell::Text(format!("2011-12-{day}")), text(person(place))];
    let rows = vec![vec![text("Date"), text("Day")], row(29, 0), row(30, 1), row(31, 2)];
    let roster = roster(
        Tz::Pacific__Apia,
        rows,
        &[("Shift: Day", "00:00-24:00")],
        "2011-12-27T00:00:00Z".parse().unwrap(),
    );
    let duties: Vec<_> = roster
        .duties()
        .iter()
        .map(|duty| (duty.from.to_rfc3339(), name_at(&roster, duty.from).unwrap()))
        .collect();
    assert_eq!(
        duties,
        [
            ("2011-12-29T10:00:00+00:00".to_owned(), "Ana Diaz".to_owned()),
            ("2011-12-30T10:00:00+00:00".to_owned(), "Cy Marsh".to_owned()),
        ]
    );
}
