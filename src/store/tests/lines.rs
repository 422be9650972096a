//! Whose a line is: also of these, every store must do the same.

use super::*;
use crate::store::Claimed;

on_every_store!(
    a_line_that_is_looked_up_is_nobody_elses,
    two_that_are_unsure_take_two_lines,
    a_leg_that_has_its_line_keeps_it,
    who_names_a_line_as_his_own_has_it,
    only_the_callers_line_names_the_call,
);

on_every_database!(two_processes_take_two_lines,);

const FIRST: LegId = LegId(1);

/// A call whose order to dial may have been taken: the command that looks it up.
async fn unsure(store: &Store, n: u128) -> Claimed {
    let mine = hand("me", at(30));
    let change = arrive(store, n, at(0), Some(&mine)).await;
    let unsure = Event::Unsure { leg: FIRST };
    let looks_up = store
        .settle(&change.in_hand[0], &unsure, at(10), Some(&mine))
        .await
        .unwrap()
        .unwrap();
    looks_up.in_hand[0].clone()
}

/// The line on which a leg is placed, of those that were found.
async fn adopted(store: &Store, command: &Claimed, found: &[&str]) -> Option<LineId> {
    let found: Vec<LineId> = found.iter().copied().map(line).collect();
    let change = store.adopt(command, FIRST, &found, at(11), None).await.unwrap()?;
    change.call.line(FIRST).cloned()
}

async fn a_line_that_is_looked_up_is_nobody_elses(store: Store) {
    let change = arrive(&store, 1, at(0), Some(&hand("me", at(30)))).await;
    store.settle(&change.in_hand[0], &placed(1, line("a")), at(1), None).await.unwrap();
    // It is not free again when its call is over.
    let ended = Event::Ended {
        leg: FIRST,
        how: crate::call::Ending::Busy,
    };
    update(&store, 1, ended, at(2)).await;
    update(&store, 1, caller_hangs_up(), at(3)).await;
    let looks_up = unsure(&store, 2).await;
    let before = store.log(id(2)).await.unwrap().len();
    assert_eq!(adopted(&store, &looks_up, &["caller-1", "a"]).await, None);
    assert_eq!(store.log(id(2)).await.unwrap().len(), before);
    let still_in_hand = store.release("me", &looks_up, at(14), 1).await.unwrap();
    assert_eq!(still_in_hand, crate::store::Released::Waiting);
    assert_eq!(adopted(&store, &looks_up, &["caller-1", "a", "b", "c"]).await, Some(line("b")));
    assert_eq!(store.leg_by_line(&line("a")).await.unwrap(), Some((id(1), FIRST)));
    assert_eq!(store.leg_by_line(&line("b")).await.unwrap(), Some((id(2), FIRST)));
    assert_eq!(store.leg_by_line(&line("c")).await.unwrap(), None);
    let again = store.claim(&hand("you", at(90)), at(60), 9, 9).await.unwrap();
    assert!(again.iter().all(|command| command.verb() != "find"), "{again:?}");
}

async fn two_that_are_unsure_take_two_lines(store: Store) {
    let (one, other) = (unsure(&store, 1).await, unsure(&store, 2).await);
    let (a, b) = tokio::join!(adopted(&store, &one, &["a", "b"]), adopted(&store, &other, &["a", "b"]));
    let mut lines = [a.unwrap(), b.unwrap()];
    lines.sort();
    assert_eq!(lines, [line("a"), line("b")]);
}

async fn a_leg_that_has_its_line_keeps_it(store: Store) {
    let looks_up = unsure(&store, 1).await;
    let rings = Event::Ringing {
        leg: FIRST,
        line: line("b"),
    };
    update(&store, 1, rings, at(10)).await;
    assert_eq!(adopted(&store, &looks_up, &["a", "b"]).await, Some(line("b")));
    assert_eq!(store.leg_by_line(&line("a")).await.unwrap(), None, "it may be somebody else's");
}

async fn who_names_a_line_as_his_own_has_it(store: Store) {
    let looks_up = unsure(&store, 1).await;
    assert_eq!(adopted(&store, &looks_up, &["a"]).await, Some(line("a")));
    let other = arrive(&store, 2, at(10), Some(&hand("me", at(40)))).await;
    store.settle(&other.in_hand[0], &placed(1, line("a")), at(12), None).await.unwrap();
    assert_eq!(store.leg_by_line(&line("a")).await.unwrap(), Some((id(2), FIRST)));
    let rings = Event::Ringing {
        leg: FIRST,
        line: line("b"),
    };
    update(&store, 1, rings, at(13)).await;
    assert_eq!(store.leg_by_line(&line("a")).await.unwrap(), Some((id(2), FIRST)));
    assert_eq!(store.leg_by_line(&line("b")).await.unwrap(), Some((id(1), FIRST)));
}

async fn only_the_callers_line_names_the_call(store: Store) {
    let looks_up = unsure(&store, 1).await;
    adopted(&store, &looks_up, &["a"]).await;
    assert_eq!(store.call_by_line(&line("caller-1")).await.unwrap(), Some(id(1)));
    assert_eq!(store.call_by_line(&line("a")).await.unwrap(), None);
}

async fn two_processes_take_two_lines(home: Home) {
    let (one, other) = (home.open().await, home.open().await);
    let (mine, yours) = (unsure(&one, 1).await, unsure(&other, 2).await);
    let (a, b) = tokio::join!(adopted(&one, &mine, &["a", "b"]), adopted(&other, &yours, &["a", "b"]));
    let mut lines = [a.unwrap(), b.unwrap()];
    lines.sort();
    assert_eq!(lines, [line("a"), line("b")]);
}
