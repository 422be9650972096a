//! What is left after the process is gone, or shares the file with another one.

use super::*;

on_every_database!(
    a_dead_workers_command_is_taken_over_after_its_lease,
    a_deadline_is_due_after_a_restart,
    what_is_not_committed_leaves_no_trace,
    two_processes_on_one_file_lose_no_event,
    one_command_is_claimed_by_one_of_two_processes,
);

async fn a_dead_workers_command_is_taken_over_after_its_lease(home: Home) {
    let store = home.open().await;
    let change = arrive(&store, 1, at(0), Some(&hand("dead", at(30)))).await;
    drop(store);

    let store = home.open().await;
    assert_eq!(store.call(id(1)).await.unwrap(), Some(change.call));
    assert_eq!(store.claim(&hand("next", at(59)), at(29), 9, 9).await.unwrap(), []);
    let claimed = store.claim(&hand("next", at(61)), at(31), 9, 9).await.unwrap();
    assert_eq!(dials(&claimed), [ANN]);
    assert!(claimed[0].abandoned);
}

async fn a_deadline_is_due_after_a_restart(home: Home) {
    arrive(&home.open().await, 1, at(0), None).await;
    assert_eq!(home.open().await.due(at(3600), 9).await.unwrap(), [id(1)]);
}

async fn what_is_not_committed_leaves_no_trace(home: Home) {
    let store = home.open().await;
    let died = tokio::spawn({
        let store = store.clone();
        async move {
            let caller_line = line("caller-1");
            let begun = store.begin(&caller_line, at(0), None, |_| panic!("the process dies in the middle"));
            begun.await.map(|_| ())
        }
    });
    assert!(died.await.unwrap_err().is_panic());
    assert!(store.calls(9).await.unwrap().is_empty());
    // The writing connection is free again.
    arrive(&store, 1, at(0), None).await;
}

async fn two_processes_on_one_file_lose_no_event(home: Home) {
    let (one, other) = (home.open().await, home.open().await);
    arrive(&one, 1, at(0), None).await;
    let mut all = tokio::task::JoinSet::new();
    for n in 0..20 {
        let store = if n % 2 == 0 { one.clone() } else { other.clone() };
        all.spawn(async move { update(&store, 1, Event::Tick, at(1)).await });
    }
    assert_eq!(all.join_all().await.len(), 20);
    assert_eq!(other.log(id(1)).await.unwrap().len(), 21);
}

async fn one_command_is_claimed_by_one_of_two_processes(home: Home) {
    let (one, other) = (home.open().await, home.open().await);
    for n in 1..=3 {
        arrive(&one, n, at(0), None).await;
    }
    // Ann rings for the first call, Bob for the second; the others wait for them.
    let (mine, yours) = (hand("me", at(30)), hand("you", at(30)));
    let (a, b) = tokio::join!(one.claim(&mine, at(0), 1, 1), other.claim(&yours, at(0), 1, 1));
    let (a, b) = (a.unwrap(), b.unwrap());
    let mut rung = [dials(&a), dials(&b)].concat();
    rung.sort_unstable();
    assert_eq!(rung, [ANN, BOB]);
}

#[tokio::test]
async fn the_file_is_its_owners_only() {
    use std::os::unix::fs::PermissionsExt;
    let (_folder, path) = file();
    reopened(&path).await;
    let mode = std::fs::metadata(&path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[tokio::test]
async fn whoever_is_alone_waits_for_no_lease() {
    let (_folder, path) = file();
    let store = reopened(&path).await;
    let dead = store.alone(&path, at(0)).await.unwrap().unwrap();
    // One order to dial is in hand, and one to end a line.
    arrive(&store, 1, at(0), None).await;
    let first = store.claim(&hand("dead", at(30)), at(0), 9, 9).await.unwrap();
    store.done(&first[0]).await.unwrap();
    update(&store, 1, placed(1, line("ann")), at(1)).await;
    update(&store, 1, caller_hangs_up(), at(2)).await;
    arrive(&store, 2, at(2), None).await;
    let in_hand = store.claim(&hand("dead", at(32)), at(2), 9, 9).await.unwrap();
    assert_eq!(
        in_hand.iter().map(super::super::Claimed::verb).collect::<Vec<_>>(),
        ["cancel", "dial"]
    );

    // Nobody takes it from the living.
    let next = reopened(&path).await;
    assert!(next.alone(&path, at(3)).await.unwrap().is_none());
    assert_eq!(next.claim(&hand("next", at(60)), at(29), 9, 9).await.unwrap(), []);
    drop(dead);
    let alone = next.alone(&path, at(3)).await.unwrap();
    assert!(alone.is_some());
    let at_once = next.claim(&hand("next", at(33)), at(3), 9, 9).await.unwrap();
    assert_eq!(at_once.iter().map(super::super::Claimed::verb).collect::<Vec<_>>(), ["cancel"]);
    assert_eq!(next.claim(&hand("next", at(38)), at(8), 9, 9).await.unwrap(), []);
    let listed = next.claim(&hand("next", at(39)), at(9), 9, 9).await.unwrap();
    assert_eq!(dials(&listed), [BOB]);
    assert!(listed[0].abandoned);
}
