//! Mischief: what may happen to requests, and that a seed repeats it.

use super::{ACCOUNT, ANNA, CALLER, HOTLINE, Theatre};
use crate::simulator::{CallerHabit, Delay, Habit, Line, Lost, Mischief, PhoneNetwork};
use std::collections::BTreeMap;

const PICKS_UP: Habit = Habit::PressesNothing {
    after: Delay::between(1_000, 9_000),
};

fn play(seed: u64, mischief: Mischief) -> Theatre {
    let mut theatre = Theatre::with(seed, mischief)
        .person(ANNA, PICKS_UP)
        .page("/answered", "<Say>Hello</Say><Redirect>/more</Redirect>")
        .page(
            "/voice",
            r#"<Dial><Conference waitUrl="/wait" statusCallback="/conference">r</Conference></Dial>"#,
        )
        .page("/wait", "<Pause length=\"5\"/><Redirect/>");
    let habit = CallerHabit {
        patience: Some(Delay::between(20_000, 40_000)),
        ..CallerHabit::default()
    };
    theatre
        .network
        .dial_in(super::start(), Some(CALLER), HOTLINE, &Line::to("http://rota.test/voice"), habit);
    let form: Vec<(String, String)> = [
        ("To", ANNA),
        ("From", HOTLINE),
        ("Url", "http://rota.test/answered"),
        ("StatusCallback", "http://rota.test/status"),
        ("StatusCallbackEvent", "initiated"),
        ("StatusCallbackEvent", "ringing"),
        ("StatusCallbackEvent", "answered"),
        ("StatusCallbackEvent", "completed"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .to_vec();
    let _ = theatre
        .network
        .rest(super::start(), "POST", &format!("/2010-04-01/Accounts/{ACCOUNT}/Calls.json"), &form);
    theatre.run_to(120_000);
    theatre.nothing_is_left();
    theatre
}

#[test]
fn the_same_seed_is_the_same_run() {
    let (one, same, other) = (
        play(7, Mischief::bad_night()),
        play(7, Mischief::bad_night()),
        play(8, Mischief::bad_night()),
    );
    assert_eq!(one.seen, same.seen);
    assert_eq!(one.network.story(), same.network.story());
    assert_ne!(one.network.story(), other.network.story());
}

/// The sequence numbers of the status callbacks in the order of their coming, over many seeds.
fn sequences(mischief: &Mischief) -> Vec<Vec<u32>> {
    let of = |seed| {
        let theatre = play(seed, mischief.clone());
        theatre
            .requests("/status", &["SequenceNumber"])
            .into_iter()
            .map(|(_, values)| values[0].parse().unwrap())
            .collect()
    };
    (0..30).map(of).collect()
}

#[test]
fn status_callbacks_come_late_and_overtake_each_other() {
    let late = Mischief {
        late: 0.5,
        ..Mischief::none()
    };
    let runs = sequences(&late);
    assert!(runs.iter().all(|run| run.len() == 4));
    assert!(runs.iter().any(|run| !run.is_sorted()), "{runs:?}");
}

#[test]
fn status_callbacks_come_twice_or_never() {
    let twice = sequences(&Mischief {
        repeat: 1.0,
        ..Mischief::none()
    });
    assert!(
        twice
            .iter()
            .all(|run| (0..4).all(|number| run.iter().filter(|n| **n == number).count() == 2)),
        "{twice:?}"
    );
    let never = sequences(&Mischief {
        lose: 1.0,
        ..Mischief::none()
    });
    assert!(never.iter().all(Vec::is_empty));
}

#[test]
fn a_document_may_be_asked_for_twice_and_counts_the_second_time() {
    let theatre = play(
        1,
        Mischief {
            ask_again: 1.0,
            ..Mischief::none()
        },
    );
    let mut by_token: BTreeMap<String, Vec<i64>> = BTreeMap::new();
    for (at, request) in theatre.seen.iter().filter(|(_, request)| request.wants_twiml) {
        by_token.entry(request.idempotency_token()).or_default().push(*at);
    }
    // The last one of a leg may fall away with the leg.
    let twice: Vec<&Vec<i64>> = by_token.values().filter(|times| times.len() == 2).collect();
    assert!(twice.len() >= 4, "{by_token:?}");
    assert!(twice.iter().all(|times| (1..=5_000).contains(&(times[1] - times[0]))));
    let anna = theatre.network.sids_of(ANNA)[0].to_owned();
    let said = theatre
        .heard(&anna)
        .into_iter()
        .filter(|(_, what)| *what == super::said("Hello"))
        .count();
    assert_eq!(said, 1);
}

#[test]
fn a_document_may_come_late_but_it_comes() {
    let theatre = play(
        1,
        Mischief {
            reconnect: 1.0,
            ..Mischief::none()
        },
    );
    let (at, _) = theatre.requests("/voice", &[])[0];
    assert!((1..=5_000).contains(&at));
    assert_eq!(theatre.requests("/voice", &[]).len(), 1);
    assert_eq!(theatre.requests("/answered", &[]).len(), 1);
}

#[test]
fn unknown_parameters_are_added() {
    let theatre = play(
        1,
        Mischief {
            novel: 1.0,
            ..Mischief::none()
        },
    );
    assert!(
        theatre
            .seen
            .iter()
            .all(|(_, request)| request.parameter("XNovelParameter") == Some("1"))
    );
}

#[test]
fn requests_are_throttled_lost_or_broken() {
    let order: Vec<(String, String)> = [("To", ANNA), ("From", HOTLINE), ("Url", "http://rota.test/answered")]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .to_vec();
    let cases = [
        (
            Mischief {
                throttle: 1.0,
                ..Mischief::none()
            },
            Ok((429, 20429)),
            0,
        ),
        (
            Mischief {
                lost_before: 1.0,
                ..Mischief::none()
            },
            Err(Lost),
            0,
        ),
        (
            Mischief {
                lost_after: 1.0,
                ..Mischief::none()
            },
            Err(Lost),
            1,
        ),
        (
            Mischief {
                broken_after: 1.0,
                ..Mischief::none()
            },
            Ok((500, 20500)),
            1,
        ),
    ];
    for (mischief, expected, dialled) in cases {
        let mut network = PhoneNetwork::new(1, ACCOUNT, mischief.clone());
        network.add_person(ANNA, PICKS_UP);
        let path = format!("/2010-04-01/Accounts/{ACCOUNT}/Calls.json");
        let answer = network.rest(super::start(), "POST", &path, &order);
        assert_eq!(
            answer.map(|answer| (answer.status, answer.body["code"].as_i64().unwrap())),
            expected,
            "{mischief:?}"
        );
        assert_eq!(network.dialled().len(), dialled, "{mischief:?}");
    }
}

#[test]
fn a_new_call_is_listed_late() {
    let mischief = Mischief {
        list_lag_ms: 2_000,
        ..Mischief::none()
    };
    let mut theatre = Theatre::with(1, mischief).person(ANNA, PICKS_UP);
    theatre.call(0, ANNA, &[]);
    let count = |theatre: &mut Theatre, ms| theatre.rest(ms, "GET", "Calls.json", &[]).1["calls"].as_array().unwrap().len();
    assert_eq!((count(&mut theatre, 0), count(&mut theatre, 2_000)), (0, 1));
}
