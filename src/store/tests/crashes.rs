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
