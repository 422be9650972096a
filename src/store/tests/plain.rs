//! Changes of a call and of nothing else are written together: all the same as if each had been written by itself.

use super::*;
use tokio::task::JoinSet;

on_every_store!(
    what_is_at_hand_decides_as_what_is_kept,
    a_failure_keeps_nothing_and_is_told,
    two_of_one_call_in_one_batch_are_kept_one_after_the_other,
    what_changes_nothing_is_kept_and_leaves_the_call_as_it_is,
);
on_every_database!(
    who_was_overtaken_decides_anew,
    many_at_once_lose_nothing,
    one_call_that_is_told_much_at_once_keeps_all_of_it,
);

const CALLER: LegId = LegId(0);

fn joined() -> Event {
    Event::Joined { leg: CALLER }
}

/// A whole call: what changes only itself between what rings, ends and tells.
fn a_call(n: u128) -> Vec<Event> {
    let anns = line(&format!("ann-{n}"));
    let bobs = line(&format!("bob-{n}"));
    vec![
        joined(),
        joined(),
        placed(1, anns.clone()),
        Event::Ringing { leg: LegId(1), line: anns },
        Event::StillWaiting { leg: CALLER },
        joined(),
        Event::Ended {
            leg: LegId(1),
            how: crate::call::Ending::Busy,
        },
        placed(2, bobs),
        Event::StillWaiting { leg: CALLER },
        joined(),
        caller_hangs_up(),
        joined(),
    ]
}

async fn what_is_at_hand_decides_as_what_is_kept(store: Store) {
    // One after the other: they want the same people.
    for n in [1, 2] {
        arrive(&store, n, at(0), None).await;
        for (seconds, event) in (1..).zip(a_call(n)) {
            if n == 2 {
                store.calls.forget(id(n)).await;
            }
            update(&store, n, event, at(seconds)).await;
        }
        // Who is never told of again would be engaged for ever.
        for leg in [1, 2] {
            let how = crate::call::Ending::Completed;
            update(&store, n, Event::Ended { leg: LegId(leg), how }, at(30)).await;
        }
    }
    let story = told(&store, 1).await;
    assert!(story.len() > 3, "{story:?}");
    assert_eq!(story, told(&store, 2).await);
    let [one, other] = [1, 2].map(async |n| serde_json::to_string(&store.call(id(n)).await.unwrap().unwrap()).unwrap());
    let (one, other) = (one.await, other.await);
    assert_eq!(
        ["ann", "bob", "caller"]
            .iter()
            .fold(one, |one, who| one.replace(&format!("{who}-1"), &format!("{who}-2")))
            .replace(&id(1).0.to_string(), &id(2).0.to_string()),
        other
    );
    let (log, other) = (store.log(id(1)).await.unwrap(), store.log(id(2)).await.unwrap());
    assert_eq!(log.len(), a_call(1).len() + 3, "each event once, and the arrival");
    assert_eq!(log.len(), other.len());
}

async fn a_failure_keeps_nothing_and_is_told(store: Store) {
    arrive(&store, 1, at(0), None).await;
    update(&store, 1, joined(), at(1)).await;
    let moved = async |sql: &'static str| sqlx::raw_sql(sql).execute(&store.writer).await.unwrap();
    moved("ALTER TABLE events RENAME TO elsewhere").await;
    let failed = store.update(id(1), &placed(1, line("anns")), at(2), None).await.unwrap_err();
    assert!(failed.to_string().contains("events"), "told with its reason: {failed}");
    moved("ALTER TABLE elsewhere RENAME TO events").await;
    moved("ALTER TABLE idle_events RENAME TO elsewhere").await;
    update(&store, 1, placed(1, line("anns")), at(3)).await;
    let failed = store.update(id(1), &joined(), at(4), None).await.unwrap_err();
    assert!(failed.to_string().contains("idle_events"), "told with its reason: {failed}");
    moved("ALTER TABLE elsewhere RENAME TO idle_events").await;
    update(&store, 1, joined(), at(5)).await;
    assert_eq!(store.log(id(1)).await.unwrap().len(), 4);
}

/// Both were decided by the same version: the second is decided anew, and nobody else of the batch hears of it.
async fn two_of_one_call_in_one_batch_are_kept_one_after_the_other(store: Store) {
    for n in [1, 2] {
        arrive(&store, n, at(0), None).await;
        update(&store, n, joined(), at(1)).await;
    }
    let turn = store.changes.begin().await.unwrap();
    let mut all = JoinSet::new();
    for n in [1, 1, 2] {
        let store = store.clone();
        all.spawn(async move { store.update(id(n), &joined(), at(2), None).await.map(|_| ()) });
    }
    tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    turn.rollback().await;
    assert_eq!(all.join_all().await, [Ok(()), Ok(()), Ok(())]);
    assert_eq!(
        [store.log(id(1)).await.unwrap().len(), store.log(id(2)).await.unwrap().len()],
        [4, 3]
    );
}

async fn who_was_overtaken_decides_anew(home: Home) {
    let (store, other) = (home.open().await, home.open().await);
    arrive(&store, 1, at(0), None).await;
    update(&store, 1, joined(), at(1)).await;
    update(&other, 1, placed(1, line("anns")), at(2)).await;
    update(
        &other,
        1,
        Event::Ringing {
            leg: LegId(1),
            line: line("anns"),
        },
        at(3),
    )
    .await;
    let change = update(&store, 1, joined(), at(4)).await;
    assert!(change.call.line(LegId(1)).is_some(), "what the other process has kept counts");
    update(&other, 1, joined(), at(5)).await;
    assert_eq!(store.log(id(1)).await.unwrap().len(), 6);
    assert_eq!(store.call(id(1)).await.unwrap(), other.call(id(1)).await.unwrap());
}

/// What comes at the same time is of many calls, of the same ones as well, plain and not, through two processes.
async fn many_at_once_lose_nothing(home: Home) {
    const CALLS: u128 = 6;
    let stores = [home.open().await, home.open().await];
    for n in 0..CALLS {
        arrive(&stores[0], n, at(0), None).await;
    }
    let mut all = JoinSet::new();
    for n in 0..CALLS {
        for (seconds, event) in (1..).zip(a_call(n).into_iter().chain([joined(), joined()])) {
            let store = stores[usize::from(seconds % 5 == 0)].clone();
            all.spawn(async move { kept(&store, n, &event, at(seconds)).await });
        }
    }
    assert!(all.join_all().await.into_iter().all(|is_kept| is_kept));
    let again = home.open().await;
    for n in 0..CALLS {
        for store in &stores {
            update(store, n, joined(), at(60)).await;
        }
        let log = again.log(id(n)).await.unwrap();
        // The arrival, and twice what was just told. That somebody is free, or not rung after all, comes of itself.
        let of_itself = log
            .iter()
            .filter(|event| event["event"] == "refused" || event["event"] == "somebody_is_free")
            .count();
        assert_eq!(log.len() - of_itself, a_call(n).len() + 5, "each event of call {n} once: {log:?}");
        let (idle,): (i64,) = sqlx::query_as("SELECT count(*) FROM idle_events WHERE call = $1")
            .bind(id(n).0.to_string())
            .fetch_one(&again.writer)
            .await
            .unwrap();
        assert_eq!(usize::try_from(version(&again, n).await + idle), Ok(log.len()));
    }
}

async fn version(store: &Store, n: u128) -> i64 {
    let (version,) = sqlx::query_as("SELECT version FROM calls WHERE id = $1")
        .bind(id(n).0.to_string())
        .fetch_one(&store.writer)
        .await
        .unwrap();
    version
}

async fn what_changes_nothing_is_kept_and_leaves_the_call_as_it_is(store: Store) {
    arrive(&store, 1, at(0), None).await;
    update(&store, 1, joined(), at(1)).await;
    let before = version(&store, 1).await;
    let waits = Event::StillWaiting { leg: CALLER };
    // By a clock that goes wrong, too.
    for (event, seconds) in [(joined(), 2), (waits, 2), (joined(), -1_800), (joined(), 4)] {
        let change = update(&store, 1, event, at(seconds)).await;
        assert_eq!(Some(change.call), store.call(id(1)).await.unwrap());
    }
    assert_eq!(version(&store, 1).await, before);
    update(&store, 1, placed(1, line("anns")), at(5)).await;
    update(&store, 1, joined(), at(6)).await;
    assert_eq!(version(&store, 1).await, before + 1);
    let log = store.log(id(1)).await.unwrap();
    let events = log.iter().map(|event| event["event"].as_str().unwrap());
    let in_their_order = [
        "arrived",
        "joined",
        "joined",
        "still_waiting",
        "joined",
        "joined",
        "placed",
        "joined",
    ];
    assert_eq!(events.collect::<Vec<_>>(), in_their_order);
}

/// One call: what comes at the same time changes it or not, and is decided by one version.
async fn one_call_that_is_told_much_at_once_keeps_all_of_it(home: Home) {
    const ROUNDS: i64 = 10;
    let store = home.open().await;
    arrive(&store, 1, at(0), None).await;
    update(&store, 1, placed(1, line("anns")), at(1)).await;
    for round in 0..ROUNDS {
        let mut all = JoinSet::new();
        for event in [
            joined(),
            Event::Joined { leg: LegId(1) },
            joined(),
            Event::LeftRoom { leg: CALLER },
            joined(),
            Event::Ringing {
                leg: LegId(1),
                line: line("anns"),
            },
            joined(),
        ] {
            let store = store.clone();
            all.spawn(async move { kept(&store, 1, &event, at(2 + round)).await });
        }
        assert!(all.join_all().await.into_iter().all(|is_kept| is_kept));
    }
    let log = home.open().await.log(id(1)).await.unwrap();
    let told = |what: &str, leg: i64| log.iter().filter(|event| event["event"] == what && event["leg"] == leg).count();
    let rounds = usize::try_from(ROUNDS).unwrap();
    assert_eq!(
        [told("joined", 0), told("joined", 1), told("left_room", 0), told("ringing", 1)],
        [4 * rounds, rounds, rounds, rounds]
    );
}

/// Whoever wrote had begun another to write after him, and then went on himself: after some seconds of that there were
/// so many of them that everybody waited longer than our patience, and was told that the store is busy.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_load_that_never_pauses_has_one_who_writes() {
    let store = Home::file().open().await;
    // A slow disk: whenever something is written, others have come.
    let slow = "CREATE TRIGGER slow BEFORE INSERT ON idle_events BEGIN SELECT count(*) FROM sqlite_schema AS a, sqlite_schema AS b; END";
    sqlx::raw_sql(slow).execute(&store.writer).await.unwrap();
    for n in 1..=64 {
        arrive(&store, n, at(0), None).await;
        update(&store, n, joined(), at(1)).await;
    }
    let mut all = JoinSet::new();
    for n in 1..=64 {
        let store = store.clone();
        all.spawn(async move {
            let mut most = 0;
            for _ in 0..40 {
                store.update(id(n), &joined(), at(2), None).await.unwrap();
                most = most.max(store.changes.holders());
            }
            most
        });
    }
    let most = all.join_all().await.into_iter().max();
    assert!(
        most <= Some(64 + 4),
        "each has the store; who writes, and who has just written; not {most:?}"
    );
}

/// As the carrier does it: what a busy machine cannot keep is told again.
async fn kept(store: &Store, n: u128, event: &Event, now: DateTime<Utc>) -> bool {
    loop {
        match store.update(id(n), event, now, None).await {
            Err(StoreError::Busy) => {}
            kept => return kept.unwrap().is_some(),
        }
    }
}
