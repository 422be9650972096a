//! Changes that come at the same time share one commit, and nothing else: each is kept or not by itself.

use super::*;
use crate::store::changes::Transaction;
use std::time::Duration;
use tokio::task::JoinHandle;

on_every_database!(
    whoever_is_done_waits_for_those_who_came_meanwhile,
    one_that_fails_does_not_take_the_others_along,
    one_that_is_given_up_does_not_take_the_others_along,
    a_commit_that_fails_is_told_to_all_and_keeps_nothing,
    many_at_once_are_all_kept_and_told_in_order,
);

/// Long enough for what should not happen to happen.
const A_WHILE: Duration = Duration::from_millis(200);

async fn note(store: &Store, key: &str) -> Transaction {
    let mut transaction = store.changes.begin().await.unwrap();
    sqlx::query("INSERT INTO remembered (key, value) VALUES ($1, 'noted')")
        .bind(key.to_owned())
        .execute(&mut *transaction)
        .await
        .unwrap();
    transaction
}

/// One is in the middle of its change, and a second one waits for its turn.
async fn one_and_another(store: &Store) -> (Transaction, JoinHandle<Transaction>) {
    one_and(store, ["one", "other"]).await
}

async fn one_and(store: &Store, [one, other]: [&'static str; 2]) -> (Transaction, JoinHandle<Transaction>) {
    let one = note(store, one).await;
    let also = store.clone();
    let other = tokio::spawn(async move { note(&also, other).await });
    // It has asked for its turn by then.
    tokio::time::sleep(A_WHILE).await;
    assert!(!other.is_finished(), "one at a time");
    (one, other)
}

async fn is_kept(store: &Store, key: &str) -> bool {
    store.recall(key).await.unwrap().is_some()
}

async fn whoever_is_done_waits_for_those_who_came_meanwhile(home: Home) {
    let store = home.open().await;
    let (one, other) = one_and_another(&store).await;
    let done = tokio::spawn(one.commit(&[]));
    let other = other.await.unwrap();
    tokio::time::sleep(A_WHILE).await;
    assert!(!done.is_finished(), "it is not on the disk yet");
    assert!(!is_kept(&store, "one").await, "nor does anybody see it");
    other.commit(&[]).await.unwrap();
    assert_eq!(done.await.unwrap(), Ok(()));
    let again = home.open().await;
    assert!(is_kept(&again, "one").await && is_kept(&again, "other").await);
}

async fn one_that_fails_does_not_take_the_others_along(home: Home) {
    let store = home.open().await;
    let (one, other) = one_and_another(&store).await;
    let done = tokio::spawn(one.commit(&[]));
    let mut other = other.await.unwrap();
    let twice = sqlx::query("INSERT INTO remembered (key, value) VALUES ('one', 'twice')")
        .execute(&mut *other)
        .await;
    assert!(twice.is_err());
    assert!(other.commit(&[]).await.is_err(), "it would be a half");
    assert_eq!(done.await.unwrap(), Ok(()));
    assert!(is_kept(&store, "one").await && !is_kept(&store, "other").await);
    // And it goes on.
    note(&store, "third").await.commit(&[]).await.unwrap();
    assert!(is_kept(&store, "third").await);
}

async fn one_that_is_given_up_does_not_take_the_others_along(home: Home) {
    let store = home.open().await;
    let (one, other) = one_and_another(&store).await;
    let done = tokio::spawn(one.commit(&[]));
    drop(other.await.unwrap());
    assert_eq!(done.await.unwrap(), Ok(()));
    assert!(is_kept(&store, "one").await && !is_kept(&store, "other").await);
    note(&store, "third").await.rollback().await;
    let (one, other) = one_and(&store, ["before", "fourth"]).await;
    let done = tokio::spawn(one.commit(&[]));
    // Who has made his is given up while he waits for the commit.
    done.abort();
    other.await.unwrap().commit(&[]).await.unwrap();
    assert!(is_kept(&store, "fourth").await && !is_kept(&store, "third").await);
}

async fn a_commit_that_fails_is_told_to_all_and_keeps_nothing(home: Home) {
    let store = home.open().await;
    let (mut one, other) = one_and_another(&store).await;
    // What is found out only by the commit.
    let late = match &home {
        Home::File { .. } => "PRAGMA defer_foreign_keys = ON; INSERT INTO lines (line, call, leg) VALUES ('x', 'nobody', 0)",
        Home::Postgres(_) => {
            "ALTER TABLE lines ADD CONSTRAINT late FOREIGN KEY (call) REFERENCES calls (id) DEFERRABLE INITIALLY DEFERRED;
             ALTER TABLE lines DROP CONSTRAINT lines_call_fkey; INSERT INTO lines (line, call, leg) VALUES ('x', 'nobody', 0)"
        }
    };
    sqlx::raw_sql(late).execute(&mut *one).await.unwrap();
    let done = tokio::spawn(one.commit(&[]));
    let other = other.await.unwrap().commit(&[]).await;
    assert!(other.is_err() && done.await.unwrap() == other, "{other:?}");
    assert!(!is_kept(&store, "one").await && !is_kept(&store, "other").await);
    note(&store, "other").await.commit(&[]).await.unwrap();
    assert!(is_kept(&home.open().await, "other").await, "it goes on");
}

/// As the carrier does it: what a busy machine cannot keep is told again.
async fn arrives_in_the_end(store: &Store, n: u128) -> Change {
    loop {
        match begin(store, n, at(0), None).await {
            Err(StoreError::Busy) => {}
            Ok(Begun::New(change)) => return *change,
            other => panic!("{other:?}"),
        }
    }
}

async fn many_at_once_are_all_kept_and_told_in_order(home: Home) {
    let store = home.open().await;
    let mut subscriber = store.subscribe();
    let mut all = tokio::task::JoinSet::new();
    for n in 0..100_u128 {
        let store = store.clone();
        all.spawn(async move { arrives_in_the_end(&store, n).await.entries.len() });
    }
    let number: usize = all.join_all().await.into_iter().sum();
    let told = heard(&mut subscriber, number).await;
    assert_eq!(told, home.open().await.entries_after(0, 10_000).await.unwrap());
    assert_eq!(store.calls(1_000).await.unwrap().len(), 100);
}
