//! What this store does with things that cannot be.

use super::*;
use crate::store::call_rows;

on_every_store!(
    the_log_cannot_be_rewritten,
    a_call_that_cannot_be_read_is_an_error_of_its_own,
    a_command_that_cannot_be_read_does_not_hinder_the_others,
    a_call_written_meanwhile_is_not_written_over,
    one_command_is_ordered_once,
    a_call_that_only_repeats_itself_stops_filling_the_log,
);

async fn run(store: &Store, sql: &'static str) -> Result<u64, sqlx::Error> {
    Ok(sqlx::query(sql).execute(&store.writer).await?.rows_affected())
}

#[tokio::test]
async fn a_file_that_is_no_database_is_said_to_be_so() {
    let (_folder, path) = file();
    std::fs::write(&path, "Contacts,Name,Phone\n".repeat(400)).unwrap();
    assert!(is_corrupt(Store::open(&path).await));
}

#[tokio::test]
async fn a_database_of_a_newer_version_is_left_alone() {
    let (_folder, path) = file();
    let store = reopened(&path).await;
    let newer =
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) VALUES (9999, 'later', 1, x'00', 0)";
    run(&store, newer).await.unwrap();
    store.close().await;
    assert!(is_corrupt(Store::open(&path).await));
}

#[tokio::test]
async fn a_folder_that_cannot_be_made_is_said_to_be_so() {
    let (_folder, path) = file();
    std::fs::write(&path, "").unwrap();
    let opened = Store::open(&path.join("below-a-file.db")).await;
    assert!(matches!(opened, Err(StoreError::Unavailable(_))));
}

#[tokio::test]
async fn what_is_committed_is_on_the_disk() {
    let (_folder, path) = file();
    let store = reopened(&path).await;
    let (journal,): (String,) = sqlx::query_as("PRAGMA journal_mode").fetch_one(&store.writer).await.unwrap();
    let (synchronous,): (i64,) = sqlx::query_as("PRAGMA synchronous").fetch_one(&store.writer).await.unwrap();
    // 2 is FULL: in WAL mode every commit is synced, https://sqlite.org/pragma.html#pragma_synchronous
    assert_eq!((journal.as_str(), synchronous), ("wal", 2));
    let written = sqlx::query("DELETE FROM engaged").execute(&store.readers).await;
    assert!(written.is_err(), "readers cannot write");
    let orphan = "INSERT INTO engaged (call, leg, number) VALUES ('nobody', 1, '+61491570156')";
    assert!(run(&store, orphan).await.is_err(), "nothing without its call");
}

async fn the_log_cannot_be_rewritten(store: Store) {
    arrive(&store, 1, at(0), None).await;
    for seconds in [1, 2] {
        update(&store, 1, Event::Joined { leg: LegId(0) }, at(seconds)).await;
    }
    for sql in [
        "UPDATE events SET at = 0",
        "DELETE FROM events",
        "UPDATE facts SET fact = '{}'",
        "DELETE FROM facts",
        "UPDATE idle_events SET at = 0",
        "DELETE FROM idle_events",
    ] {
        let refused = run(&store, sql).await.unwrap_err().to_string();
        assert!(refused.contains("append-only"), "{sql}: {refused}");
    }
}

async fn a_call_that_cannot_be_read_is_an_error_of_its_own(store: Store) {
    arrive(&store, 1, at(0), None).await;
    run(&store, "UPDATE calls SET state = '{\"id\": 7'").await.unwrap();
    assert!(is_corrupt(store.call(id(1)).await));
    let StoreError::Corrupt { what } = store.update(id(1), &Event::Tick, at(1), None).await.unwrap_err() else {
        panic!("an unreadable state is corrupt");
    };
    assert!(
        what.starts_with("the state of call 00000000-0000-0000-0000-000000000001: "),
        "{what}"
    );
    assert!(is_corrupt(
        store.begin(&line("caller-1"), at(1), None, |_| panic!("it is known")).await
    ));
    // Other calls go on.
    arrive(&store, 2, at(2), None).await;
}

async fn a_command_that_cannot_be_read_does_not_hinder_the_others(store: Store) {
    arrive(&store, 1, at(0), None).await;
    run(&store, "UPDATE outbox SET command = '{\"command\":\"teleport\"}'")
        .await
        .unwrap();
    arrive(&store, 2, at(0), None).await;
    let claimed = store.claim(&hand("me", at(30)), at(0), 9, 9).await.unwrap();
    assert_eq!(dials(&claimed), [BOB]);
    assert_eq!(store.pending(at(0)).await.unwrap().all, 1);
}

async fn a_call_written_meanwhile_is_not_written_over(store: Store) {
    let first = arrive(&store, 1, at(0), None).await.call;
    let second = update(&store, 1, placed(1, line("ann")), at(1)).await.call;
    let mut connection = store.writer.acquire().await.unwrap();
    let stale = call_rows::replace(&mut connection, &first, 1, &first, at(2)).await.unwrap();
    let current = call_rows::replace(&mut connection, &second, 2, &second, at(2)).await.unwrap();
    assert_eq!((stale, current), (false, true));
}

async fn one_command_is_ordered_once(store: Store) {
    let call = arrive(&store, 1, at(0), None).await.call;
    let mut connection = store.writer.acquire().await.unwrap();
    let redirect = |number| Command::Redirect {
        number,
        leg: LegId(0),
        line: line("caller-1"),
    };
    for number in [1, 1, 2, 1] {
        crate::store::outbox::insert(&mut connection, &call, redirect(number), at(1), None)
            .await
            .unwrap();
    }
    drop(connection);
    // The dial, and the later redirection in place of the earlier one.
    let claimed = store.claim(&hand("me", at(31)), at(1), 9, 9).await.unwrap();
    let commands: Vec<_> = claimed.into_iter().map(|claimed| claimed.command).collect();
    assert_eq!(commands[1..], [redirect(2)]);
}

async fn a_call_that_only_repeats_itself_stops_filling_the_log(store: Store) {
    arrive(&store, 1, at(0), None).await;
    for _ in 0..2_010 {
        update(&store, 1, Event::Tick, at(1)).await;
    }
    let count = |store: Store| async move {
        let (events,): (i64,) = sqlx::query_as("SELECT count(*) FROM events")
            .fetch_one(&store.readers)
            .await
            .unwrap();
        events
    };
    assert_eq!(count(store.clone()).await, 2_000);
    // What changes something is logged all the same.
    update(&store, 1, placed(1, line("ann")), at(2)).await;
    assert_eq!(count(store.clone()).await, 2_001);
}

#[tokio::test]
async fn a_room_that_only_repeats_itself_stops_filling_the_log() {
    let store = Store::in_memory().await.unwrap();
    arrive(&store, 1, at(0), None).await;
    let joined = Event::Joined { leg: LegId(0) };
    let count = async || -> i64 {
        let sql = "SELECT (SELECT count(*) FROM events) + (SELECT count(*) FROM idle_events)";
        let (count,) = sqlx::query_as(sql).fetch_one(&store.readers).await.unwrap();
        count
    };
    for told in 0..4_020 {
        if told % 100 == 0 {
            // What others have changed does not begin the count anew.
            store.calls.forget(id(1)).await;
        }
        update(&store, 1, joined.clone(), at(1)).await;
    }
    assert_eq!(count().await, 4_000);
}
