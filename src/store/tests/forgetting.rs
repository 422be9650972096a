//! What is forgotten of a number: everything, in whatever form it was written, and nothing of anybody else.

use super::*;
use crate::call::{Incident, RecordingId};
use crate::roster::mentions;
use crate::store::{CallFilter, TextIn, TextOut};
use sqlx::Row as _;

on_every_store!(
    nothing_of_a_caller_is_left_in_any_table,
    nothing_is_left_where_others_have_written_the_number,
    what_is_only_asked_changes_nothing,
    calls_that_are_not_over_stay_as_they_are,
    whoever_was_on_call_stays_in_the_calls_of_others,
    what_the_carrier_has_is_kept_in_mind_until_it_is_gone,
    every_table_has_an_end,
    what_nobody_needs_any_more_is_swept_away,
);

/// All that stands in all tables, with where it stands.
async fn everything(store: &Store) -> Vec<(String, String)> {
    let mut all = Vec::new();
    for table in tables(store).await {
        let rows = sqlx::query(sqlx::AssertSqlSafe(format!("SELECT * FROM {table}")))
            .fetch_all(&store.readers)
            .await;
        for row in rows.unwrap() {
            for column in 0..row.len() {
                let text = row.try_get::<Option<String>, _>(column).ok().flatten();
                let number = row
                    .try_get::<Option<i64>, _>(column)
                    .ok()
                    .flatten()
                    .map(|number| number.to_string());
                all.extend(text.or(number).map(|value| (table.clone(), value)));
            }
        }
    }
    all
}

/// The tables of the database, without those that the migrations are kept in.
pub(super) async fn tables(store: &Store) -> Vec<String> {
    let sql = match store.readers.database {
        crate::store::connection::Database::Sqlite => "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'",
        crate::store::connection::Database::Postgres => {
            "SELECT CAST(table_name AS TEXT) FROM information_schema.tables WHERE table_schema = 'public'"
        }
    };
    let rows: Vec<(String,)> = sqlx::query_as(sql).fetch_all(&store.readers).await.unwrap();
    let mut tables: Vec<String> = rows
        .into_iter()
        .map(|(name,)| name)
        .filter(|name| name != "_sqlx_migrations")
        .collect();
    tables.sort();
    tables
}

async fn places(store: &Store, number: &Phone) -> Vec<(String, String)> {
    let mut found = everything(store).await;
    found.retain(|(_, value)| mentions(value, number));
    found
}

async fn kept(store: &Store) -> Vec<u128> {
    let calls = store.calls_after(&CallFilter::default(), None, 100).await.unwrap();
    calls.iter().map(|call| call.id.0.as_u128()).collect()
}

/// A call of this number, which asks to be called back and leaves a message, and is over.
async fn call_of(store: &Store, n: u128, from: &str) {
    let mut plan = ann_then_bob();
    plan.levels.clear();
    plan.rules.tell = vec![number(BOB)];
    plan.rules.callbacks = crate::roster::Callbacks::new(Some("AU"), std::collections::BTreeSet::new(), &[]);
    let caller_line = line(&format!("CA{n}"));
    let begun = store.begin(&caller_line, at(0), None, |world| {
        Call::arrive(id(n), plan, Some(number(from)), line(&format!("CA{n}")), world)
    });
    begun.await.unwrap();
    for digits in ["1", "1"] {
        let typed = Event::Typed {
            leg: LegId(0),
            digits: digits.to_owned(),
        };
        update(store, n, typed, at(2)).await;
    }
    // Nobody asks a responder for a number: it changes nothing.
    let unasked = Event::Typed {
        leg: LegId(1),
        digits: from.trim_start_matches('+').to_owned(),
    };
    update(store, n, unasked, at(3)).await;
    update(store, n, caller_hangs_up(), at(5)).await;
    let recorded = Event::Recorded {
        recording: RecordingId(format!("RE{n}")),
        seconds: 9,
    };
    update(store, n, recorded, at(6)).await;
    update(store, n, Event::Tick, at(600)).await;
}

async fn text_of(store: &Store, name: &str, from: &str, answer: &str) {
    let text = TextIn {
        id: name.to_owned(),
        hotline: HotlineName("lab".to_owned()),
        at_number: vec![HotlineName("lab".to_owned())],
        sender: number(from),
        other_phone: None,
        is_known: false,
    };
    let answered = |_: &crate::store::TextWorld| TextOut {
        answer: Some(answer.to_owned()),
        ..TextOut::default()
    };
    store.text(&text, at(7), None, answered).await.unwrap();
}

/// An alarm in whose words the number stands as people write it, and is over.
async fn alarm_about(store: &Store, n: u128, words: &str) {
    let incident = Incident {
        key: format!("key {n}"),
        title: "A customer waits".to_owned(),
        details: words.to_owned(),
    };
    let hotline = HotlineName("lab".to_owned());
    let raised = incident.clone();
    let make = |world: &crate::call::World<'_>| Call::raise(id(n), ann_then_bob(), raised, world);
    store.raise(&hotline, &incident, 30, at(0), None, make).await.unwrap();
    store.resolve(&hotline, &incident.key, at(9), None).await.unwrap();
    for leg in [1, 2] {
        let ended = Event::Ended {
            leg: LegId(leg),
            how: crate::call::Ending::Gone,
        };
        update(store, n, ended, at(10)).await;
    }
}

const OTHER: &str = "+61491570159";

async fn nothing_of_a_caller_is_left_in_any_table(store: Store) {
    let caller = number(CALLER_NUMBER);
    call_of(&store, 1, CALLER_NUMBER).await;
    call_of(&store, 2, OTHER).await;
    text_of(&store, "SM1", CALLER_NUMBER, "Please call.").await;
    text_of(&store, "SM2", OTHER, "Callback 1: +61491570158.").await;
    text_of(&store, "SM3", OTHER, "Please call.").await;
    alarm_about(&store, 3, "Call her back on 0491 570 158, she said.").await;
    alarm_about(&store, 4, "Call her back on 0491 570 159, she said.").await;
    let before = places(&store, &caller).await;
    let tables: std::collections::BTreeSet<&str> = before.iter().map(|(table, _)| table.as_str()).collect();
    for table in ["calls", "callbacks", "events", "facts", "idle_events", "outbox", "texts"] {
        assert!(tables.contains(table), "{table} has the number before: {tables:?}");
    }
    let others = places(&store, &number(OTHER)).await;

    let done = store.forget(&caller, false, at(700), false).await.unwrap();
    assert_eq!(
        (done.calls, done.recordings, done.open_callbacks, done.rows),
        (2, 1, 1, 2),
        "{done:?}"
    );
    assert_eq!((done.live, done.on_call_in), (0, 0));
    assert_eq!(kept(&store).await, [2, 4]);
    // But for the one row by which the carrier is asked for it.
    assert_eq!(places(&store, &caller).await, [("forgotten".to_owned(), CALLER_NUMBER.to_owned())]);
    store.asked_for(&caller, &[]).await.unwrap();
    assert_eq!(places(&store, &caller).await, []);
    let left = places(&store, &number(OTHER)).await;
    let gone: Vec<_> = others.iter().filter(|place| !left.contains(place)).collect();
    assert!(gone.iter().all(|(table, _)| table == "texts"), "{gone:?}");
    // Its recording is to be deleted at the carrier.
    let discarded = store.discarded(at(701), 9).await.unwrap();
    assert_eq!(discarded.iter().map(|one| one.recording.0.as_str()).collect::<Vec<_>>(), ["RE1"]);
}

/// In what somebody has said on a machine, in an alarm as people paste numbers, and in the tables of talks and of presence.
async fn nothing_is_left_where_others_have_written_the_number(store: Store) {
    let caller = number(CALLER_NUMBER);
    call_of(&store, 1, OTHER).await;
    alarm_about(&store, 2, "Her mobile:\n0491\u{2012}570\u{2012}158").await;
    alarm_about(&store, 3, "Her mobile:\n0491\u{2012}570\u{2012}160").await;
    call_of(&store, 4, OTHER).await;
    for sql in [
        "UPDATE recordings SET transcript = 'Ring 0491/570158 back.' WHERE recording = 'RE1'",
        "INSERT INTO relays (hotline, responder, caller, name, call, talked_at, until) SELECT 'lab', '+61491570156', '+61491570158', 'Ann', id, 0, 9 \
         FROM calls WHERE from_number IS NOT NULL ORDER BY id DESC LIMIT 1",
        "INSERT INTO presence (number, until, shown, told_at) VALUES ('+61491570158', 9, '18:00', 0)",
        "INSERT INTO returns (number, told_at) VALUES ('+61491570158', 0)",
    ] {
        sqlx::query(sql).execute(&store.writer).await.unwrap();
    }
    let before = places(&store, &caller).await;
    for table in ["recordings", "facts", "calls", "relays", "presence", "returns"] {
        assert!(before.iter().any(|(at, _)| at == table), "{table}: {before:?}");
    }
    let done = store.forget(&caller, false, at(700), false).await.unwrap();
    assert_eq!((done.live, done.on_call_in), (0, 0), "{done:?}");
    assert_eq!(places(&store, &caller).await, [("forgotten".to_owned(), CALLER_NUMBER.to_owned())]);
    assert_eq!(kept(&store).await, [3]);
}

async fn what_is_only_asked_changes_nothing(store: Store) {
    call_of(&store, 1, CALLER_NUMBER).await;
    text_of(&store, "SM1", CALLER_NUMBER, "Please call.").await;
    let before = everything(&store).await;
    let asked = store.forget(&number(CALLER_NUMBER), false, at(700), true).await.unwrap();
    assert_eq!((asked.calls, asked.recordings, asked.open_callbacks, asked.rows), (1, 1, 1, 1));
    assert!(!asked.asks_carrier);
    assert_eq!(everything(&store).await, before);
    let nobody = store.forget(&number("+61491570199"), false, at(700), false).await.unwrap();
    assert_eq!((nobody.calls, nobody.rows), (0, 0));
    assert_eq!(kept(&store).await, [1]);
}

async fn calls_that_are_not_over_stay_as_they_are(store: Store) {
    arrive(&store, 1, at(0), None).await;
    let story = told(&store, 1).await;
    let done = store.forget(&number(CALLER_NUMBER), false, at(5), false).await.unwrap();
    assert_eq!((done.calls, done.live), (0, 1));
    assert_eq!(told(&store, 1).await, story);
    update(&store, 1, caller_hangs_up(), at(6)).await;
    let done = store.forget(&number(CALLER_NUMBER), false, at(7), false).await.unwrap();
    assert_eq!((done.calls, done.live), (1, 0));
    assert_eq!(kept(&store).await, Vec::<u128>::new());
}

async fn whoever_was_on_call_stays_in_the_calls_of_others(store: Store) {
    arrive(&store, 1, at(0), None).await;
    update(&store, 1, caller_hangs_up(), at(3)).await;
    let done = store.forget(&number(ANN), true, at(5), false).await.unwrap();
    assert_eq!((done.calls, done.on_call_in), (0, 1));
    assert_eq!(kept(&store).await, [1]);
    assert_eq!(told(&store, 1).await[1], "Now ringing: 1st.");
}

async fn what_the_carrier_has_is_kept_in_mind_until_it_is_gone(store: Store) {
    call_of(&store, 1, CALLER_NUMBER).await;
    text_of(&store, "SM1", CALLER_NUMBER, "Please call.").await;
    let caller = number(CALLER_NUMBER);
    let done = store.forget(&caller, false, at(700), false).await.unwrap();
    assert_eq!((done.at_carrier, done.asks_carrier), (2, true));
    let names = async |store: &Store, seconds| {
        let unwanted = store.unwanted(at(seconds), 9).await.unwrap();
        unwanted.into_iter().map(|one| (one.record, one.failures)).collect::<Vec<_>>()
    };
    assert_eq!(names(&store, 701).await, [("CA1".to_owned(), 0), ("SM1".to_owned(), 0)]);
    assert_eq!(store.to_ask_for(at(701)).await.unwrap(), Some((caller.clone(), 0)));
    store.not_asked_for(&caller, at(800)).await.unwrap();
    assert_eq!(store.to_ask_for(at(799)).await.unwrap(), None);
    assert_eq!(store.to_ask_for(at(800)).await.unwrap(), Some((caller.clone(), 1)));
    // What is known already is not listed twice.
    store.asked_for(&caller, &["CA1".to_owned(), "CA7".to_owned()]).await.unwrap();
    assert_eq!(store.left_at_carrier(&caller).await.unwrap(), (3, false));
    store.is_gone("SM1").await.unwrap();
    store.is_not_gone("CA1", at(900)).await.unwrap();
    assert_eq!(names(&store, 899).await, [("CA7".to_owned(), 0)]);
    assert_eq!(names(&store, 900).await, [("CA7".to_owned(), 0), ("CA1".to_owned(), 1)]);
}

/// Whoever steals the disk finds nothing of it either: neither in what is free of the file nor in its journal.
#[tokio::test]
async fn nothing_is_left_in_the_file() {
    let (folder, path) = file();
    let store = reopened(&path).await;
    call_of(&store, 1, CALLER_NUMBER).await;
    let on_disk = || {
        let files = std::fs::read_dir(folder.path()).unwrap();
        let all: Vec<u8> = files.flat_map(|file| std::fs::read(file.unwrap().path()).unwrap()).collect();
        String::from_utf8_lossy(&all).matches("491570158").count()
    };
    assert!(on_disk() > 3);
    store.forget(&number(CALLER_NUMBER), false, at(700), false).await.unwrap();
    store.asked_for(&number(CALLER_NUMBER), &[]).await.unwrap();
    store.close().await;
    assert_eq!(on_disk(), 0);
}

/// Whoever adds a table says when its rows end.
async fn every_table_has_an_end(store: Store) {
    let named: Vec<&str> = crate::store::retention::ENDS.iter().map(|(table, _)| *table).collect();
    let there = tables(&store).await;
    let without: Vec<&String> = there.iter().filter(|table| !named.contains(&table.as_str())).collect();
    assert!(there.len() > 20 && without.is_empty(), "{without:?}");
    let privacy = include_str!("../../../docs/privacy.md");
    for (table, end) in crate::store::retention::ENDS {
        assert!(
            privacy.contains(&format!("| `{table}` |")) && !end.is_empty(),
            "docs/privacy.md says nothing of {table}"
        );
    }
}

/// Also where no text comes in that would have it done.
async fn what_nobody_needs_any_more_is_swept_away(store: Store) {
    text_of(&store, "SM1", OTHER, "Please call.").await;
    let away = crate::call::Away {
        until: Some(at(600)),
        shown: "soon".to_owned(),
        told_at: at(0),
        by: crate::call::ToldBy::Text,
    };
    store
        .tell_presence(&number(ANN), &crate::store::Told::Away(away), at(0))
        .await
        .unwrap();
    store.tell_presence(&number(BOB), &crate::store::Told::Back, at(0)).await.unwrap();
    let mut plan = ann_then_bob();
    plan.rules.budget.here = 100;
    let caller_line = line("caller-1");
    let begun = store.begin(&caller_line, at(0), None, |world| {
        Call::arrive(id(1), plan, None, caller_line.clone(), world)
    });
    begun.await.unwrap();
    let filled = async |store: &Store| {
        let all = everything(store).await;
        let of = |table: &str| all.iter().any(|(name, _)| name == table);
        ["texts", "presence", "returns", "spent"].map(of)
    };
    store.sweep(at(60)).await.unwrap();
    // Who is back need not be known for longer than a sheet says otherwise.
    assert_eq!(filled(&store).await, [true, true, false, true]);
    store.sweep(at(3 * 24 * 3_600)).await.unwrap();
    assert_eq!(filled(&store).await, [false; 4]);
}
