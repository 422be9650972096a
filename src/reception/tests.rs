//! Tables worked out by hand: hours, holidays, beginnings of numbers, budgets and keys.

use super::*;
use crate::call::HotlineName;
use crate::phrases::{Language, Speech};
use crate::roster::WeekHours;
use crate::roster::wall_clock::to_local;
use chrono::{DateTime, Utc};
use std::collections::BTreeMap;

fn number(text: &str) -> Phone {
    Phone::from_e164(text).unwrap()
}

fn wall(text: &str) -> NaiveDateTime {
    NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S").unwrap()
}

fn open(week: &[&str], holidays: &[&str]) -> Reception {
    Reception {
        hours: OpeningHours {
            week: week.iter().map(|text| WeekHours::parse(text).unwrap()).collect(),
            holidays: holidays.iter().map(|text| Holiday::parse(text).unwrap()).collect(),
        },
        ..Reception::default()
    }
}

fn is_open(reception: &Reception, at: NaiveDateTime) -> bool {
    match reception.meet(Some(at), None, 0) {
        Welcome::Open => true,
        Welcome::Closed { .. } => false,
        other @ (Welcome::TooManyCalls { .. } | Welcome::Crowded { .. } | Welcome::Refused { .. }) => panic!("{other:?}"),
    }
}

#[test]
fn hours_hold_from_their_beginning_up_to_their_end() {
    let office = open(&["Mon-Fri 08:00-12:00", "Mon-Fri 13:00-18:00", "Sat 22:00-02:00"], &[]);
    // 2026-11-20 is a Friday.
    for (at, expected) in [
        ("2026-11-20 07:59:59", false),
        ("2026-11-20 08:00:00", true),
        ("2026-11-20 11:59:59", true),
        ("2026-11-20 12:00:00", false),
        ("2026-11-20 13:00:00", true),
        ("2026-11-20 18:00:00", false),
        ("2026-11-21 10:00:00", false),
        ("2026-11-21 22:00:00", true),
        ("2026-11-22 01:59:59", true),
        ("2026-11-22 02:00:00", false),
        ("2026-11-22 22:30:00", false),
    ] {
        assert_eq!(is_open(&office, wall(at)), expected, "{at}");
    }
    assert!(
        is_open(&Reception::default(), wall("2026-11-22 03:00:00")),
        "without hours it is always open"
    );
    assert!(is_open(&open(&["24/7"], &[]), wall("2026-11-22 23:59:59")));
}

/// Berlin: on 2026-03-29 the clocks go from 02:00 to 03:00 (01:00 UTC); on 2026-10-25 from 03:00 back to 02:00 (01:00 UTC).
#[test]
fn hours_follow_the_clocks_when_these_are_changed() {
    let night = open(&["Sun 02:30-10:00"], &[]);
    let evening = open(&["Sat-Sun 18:00-02:30"], &[]);
    let table = [
        (&night, "2026-03-29T00:59:59Z", false),
        (&night, "2026-03-29T01:00:00Z", true),
        (&night, "2026-03-29T07:59:59Z", true),
        (&night, "2026-03-29T08:00:00Z", false),
        (&evening, "2026-03-29T00:59:59Z", true),
        (&evening, "2026-03-29T01:00:00Z", false),
        // What the clocks show twice holds twice.
        (&evening, "2026-10-25T00:29:59Z", true),
        (&evening, "2026-10-25T00:30:00Z", false),
        (&evening, "2026-10-25T01:00:00Z", true),
        (&evening, "2026-10-25T01:30:00Z", false),
        (&night, "2026-10-25T00:30:00Z", true),
        (&night, "2026-10-25T01:00:00Z", false),
        (&night, "2026-10-25T01:30:00Z", true),
        (&night, "2026-10-25T08:59:59Z", true),
        (&night, "2026-10-25T09:00:00Z", false),
    ];
    for (hours, at, expected) in table {
        let instant: DateTime<Utc> = at.parse().unwrap();
        assert_eq!(is_open(hours, to_local(chrono_tz::Europe::Berlin, instant)), expected, "{at}");
    }
}

#[test]
fn holidays_win_over_hours_and_say_so() {
    let office = open(
        &["Mon-Fri 08:00-18:00", "Thu 20:00-04:00"],
        &["2026-12-25", "2026-12-24 from 12:00"],
    );
    let said = |at| office.meet(Some(wall(at)), None, 0).why().map(str::to_owned);
    // 2026-12-24 is a Thursday; what began on it in the evening is closed on both days.
    for (at, expected) in [
        ("2026-12-24 11:59:59", None),
        (
            "2026-12-24 12:00:00",
            Some("The hotline is closed: Thu 24 Dec from 12:00 is a holiday."),
        ),
        (
            "2026-12-24 21:00:00",
            Some("The hotline is closed: Thu 24 Dec from 12:00 is a holiday."),
        ),
        ("2026-12-25 03:00:00", Some("The hotline is closed: Fri 25 Dec is a holiday.")),
        (
            "2026-12-26 10:00:00",
            Some("The hotline is closed: it is Sat 10:00 there, outside of the opening hours."),
        ),
        ("2026-12-28 10:00:00", None),
    ] {
        assert_eq!(said(at).as_deref(), expected, "{at}");
    }
}

#[test]
fn without_a_zone_nobody_is_shut_out() {
    let never = open(&["Mon 08:00-08:01"], &["2026-12-25"]);
    assert_eq!(never.meet(None, None, 0), Welcome::Open);
}

#[test]
fn blocked_are_numbers_and_beginnings_of_numbers() {
    let entries = ["+61491570156", "+4930*"];
    let reception = Reception {
        blocked: entries.map(|text| Blocked::parse(text).unwrap()).to_vec(),
        ..open(&["Mon 08:00-08:01"], &[])
    };
    let refused = |caller: &str| {
        matches!(
            reception.meet(Some(wall("2026-11-22 03:00:00")), Some(&number(caller)), 99),
            Welcome::Refused {
                hears: Rebuff::Sentence,
                ..
            }
        )
    };
    for (caller, expected) in [
        ("+61491570156", true),
        ("+61491570157", false),
        ("+6149157015", false),
        ("+614915701560", false),
        ("+493012345678", true),
        ("+49301234", true),
        ("+49311234567", false),
        ("+14930123456", false),
    ] {
        assert_eq!(refused(caller), expected, "{caller}");
    }
    for text in ["", "*", "+*", "4930*", "+49 30*", "+4930**", "+0*", "+1234567890123456*", "030123"] {
        assert_eq!(Blocked::parse(text), None, "{text}");
    }
    // The log masks whole numbers.
    let why = reception.meet(None, Some(&number("+61491570156")), 0).why().unwrap().to_owned();
    assert!(!why.contains("+61491570156"), "{why}");
}

#[test]
fn withheld_numbers_are_taken_or_told_how_to_be() {
    let refusing = Reception {
        refuses_withheld: true,
        ..Reception::default()
    };
    assert!(matches!(
        refusing.meet(None, None, 0),
        Welcome::Refused {
            hears: Rebuff::HowToShowTheNumber,
            ..
        }
    ));
    assert_eq!(refusing.meet(None, Some(&number("+61491570156")), 0), Welcome::Open);
    assert_eq!(Reception::default().meet(None, None, 0), Welcome::Open);
}

#[test]
fn each_caller_has_a_budget_and_withheld_ones_share_five() {
    let reception = Reception {
        calls_per_caller_and_hour: 3,
        ..Reception::default()
    };
    let caller = number("+61491570156");
    let rings = |caller: Option<&Phone>, recent| reception.meet(None, caller, recent) == Welcome::Open;
    assert_eq!([2, 3, 4].map(|recent| rings(Some(&caller), recent)), [true, false, false]);
    assert_eq!([14, 15].map(|recent| rings(None, recent)), [true, false]);
    let unlimited = Reception {
        calls_per_caller_and_hour: 0,
        ..reception
    };
    assert_eq!(unlimited.meet(None, Some(&caller), u32::MAX), Welcome::Open);
    assert_eq!(unlimited.calls_per_hour(None), None);
}

fn menu() -> Menu {
    let name = |text: &str| HotlineName(text.into());
    Menu {
        numbers: vec![number("+61491570313")],
        speech: Speech {
            language: Language::English,
            ..Speech::default()
        },
        emergency: Some("Dial 000.".into()),
        greeting: "For the lab, press 1.".into(),
        choices: BTreeMap::from([('1', name("lab")), ('2', name("surgery"))]),
        otherwise: name("desk"),
    }
}

#[test]
fn a_key_chooses_and_after_two_tries_nobody_is_asked_any_more() {
    let menu = menu();
    let chosen = |key, attempt| match menu.chosen(key, attempt) {
        Chosen::Hotline(name) => name.0.clone(),
        Chosen::Again => "again".to_owned(),
    };
    for (key, attempt, expected) in [
        (Some('1'), 1, "lab"),
        (Some('2'), 2, "surgery"),
        (Some('3'), 1, "again"),
        (None, 1, "again"),
        (Some('3'), 2, "desk"),
        (None, 2, "desk"),
        (None, 0, "again"),
        (None, u8::MAX, "desk"),
        (Some('1'), u8::MAX, "lab"),
    ] {
        assert_eq!(chosen(key, attempt), expected, "{key:?} {attempt}");
    }
}

#[test]
fn emergency_words_come_before_the_menu_and_once() {
    assert_eq!(menu().said(1), "Dial 000.\nFor the lab, press 1.");
    assert_eq!(menu().said(2), "Please choose with a key of your telephone.\nFor the lab, press 1.");
}

#[test]
fn a_crowd_is_offered_a_message_and_a_full_house_is_told_to_call_again() {
    let small = Reception {
        most_calls: 3,
        ..Reception::default()
    };
    let met = |live, is_full| small.in_a_crowd(Welcome::Open, live, is_full);
    assert_eq!(met(2, false), Welcome::Open);
    assert!(matches!(met(3, false), Welcome::Crowded { .. }));
    assert!(matches!(
        met(0, true),
        Welcome::Refused {
            hears: Rebuff::CallAgain,
            ..
        }
    ));
    let turned_away = Welcome::Refused {
        hears: Rebuff::Nothing,
        why: "so it is".to_owned(),
    };
    assert_eq!(small.in_a_crowd(turned_away.clone(), 9, true), turned_away);
}
