//! Callbacks: promised with the event that promises them, open until somebody has called.

use super::*;
use crate::roster::Callbacks;

on_every_store!(
    a_promise_is_kept_with_its_event_and_once,
    each_hotline_counts_its_own_and_closes_them_once,
    what_is_open_too_long_is_reminded_of_once,
    an_open_callback_keeps_its_call,
);

/// A caller on this line presses star, and 1 to be called back.
async fn asked(store: &Store, n: u128, from: i64) {
    let caller_line = line(&format!("caller-{n}"));
    let begun = store.begin(&caller_line, at(from), None, |world| {
        let mut plan = ann_then_bob();
        plan.rules.callbacks = Callbacks::new(Some("AU"), std::collections::BTreeSet::new(), &[]);
        Call::arrive(id(n), plan, Some(number(CALLER_NUMBER)), caller_line.clone(), world)
    });
    assert!(matches!(begun.await.unwrap(), Begun::New(_)));
    update(store, n, Event::LeftRoom { leg: LegId(0) }, at(from + 1)).await;
    update(store, n, typed("1"), at(from + 2)).await;
}

fn typed(digits: &str) -> Event {
    Event::Typed {
        leg: LegId(0),
        digits: digits.to_owned(),
    }
}

fn lab() -> HotlineName {
    HotlineName("lab".to_owned())
}

async fn open(store: &Store) -> Vec<(u32, u128)> {
    let open = store.open_callbacks(&lab()).await.unwrap();
    open.iter().map(|callback| (callback.id, callback.call.0.as_u128())).collect()
}

async fn a_promise_is_kept_with_its_event_and_once(store: Store) {
    asked(&store, 1, 0).await;
    update(&store, 1, typed("1"), at(3)).await;
    update(&store, 1, caller_hangs_up(), at(4)).await;
    let callbacks = store.open_callbacks(&lab()).await.unwrap();
    assert_eq!(callbacks.len(), 1);
    assert_eq!(
        (callbacks[0].number.e164(), callbacks[0].asked_at, callbacks[0].reminded_at),
        (CALLER_NUMBER, at(2), None)
    );
}

async fn each_hotline_counts_its_own_and_closes_them_once(store: Store) {
    asked(&store, 1, 0).await;
    asked(&store, 2, 10).await;
    assert_eq!(open(&store).await, [(1, 1), (2, 2)]);
    let other = HotlineName("surgery".to_owned());
    assert_eq!(store.open_callbacks(&other).await.unwrap(), []);
    assert!(!store.close_callback(&other, 1, "page", at(20)).await.unwrap());
    assert!(store.close_callback(&lab(), 1, "page", at(20)).await.unwrap());
    assert!(
        !store.close_callback(&lab(), 1, "page", at(21)).await.unwrap(),
        "it is done already"
    );
    assert_eq!(open(&store).await, [(2, 2)]);
    // A number that was used is not used again, so that nobody closes the wrong one.
    asked(&store, 3, 30).await;
    assert_eq!(open(&store).await, [(2, 2), (3, 3)]);
}

async fn what_is_open_too_long_is_reminded_of_once(store: Store) {
    asked(&store, 1, 0).await;
    // Promised at second 2; half an hour is the usual patience.
    assert_eq!(store.overdue_callbacks(at(1_801), 10).await.unwrap(), []);
    assert_eq!(store.overdue_callbacks(at(1_802), 10).await.unwrap(), [id(1)]);
    update(&store, 1, Event::CallbackOverdue, at(1_802)).await;
    assert_eq!(store.overdue_callbacks(at(9_999), 10).await.unwrap(), []);
    let callbacks = store.open_callbacks(&lab()).await.unwrap();
    assert_eq!(callbacks[0].reminded_at, Some(at(1_802)));
}

async fn an_open_callback_keeps_its_call(store: Store) {
    asked(&store, 1, 0).await;
    update(&store, 1, caller_hangs_up(), at(5)).await;
    // Ann's phone was never ordered to ring in earnest; the call lets go of it.
    update(&store, 1, Event::Tick, at(60)).await;
    assert!(!store.call(id(1)).await.unwrap().unwrap().is_live());
    for command in store.claim(&hand("worker", at(200)), at(100), 9, 9).await.unwrap() {
        store.done(&command).await.unwrap();
    }
    assert_eq!(store.expire(at(1_000_000), 10).await.unwrap(), 0);
    assert!(store.close_callback(&lab(), 1, "page", at(20)).await.unwrap());
    assert_eq!(store.expire(at(1_000_000), 10).await.unwrap(), 1);
    assert_eq!(open(&store).await, []);
}
