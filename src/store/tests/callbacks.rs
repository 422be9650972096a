//! Callbacks: promised with the event that promises them, open until somebody has called.

use super::*;
use crate::call::CallingBack;
use crate::roster::Callbacks;
use crate::store::{CalledBack, Course, TextIn, TextOut, TextWorld};

on_every_store!(
    a_promise_is_kept_with_its_event_and_once,
    each_hotline_counts_its_own_and_closes_them_once,
    what_is_open_too_long_is_reminded_of_once,
    an_open_callback_keeps_its_call,
    whoever_calls_back_is_seen_and_nobody_else_may_meanwhile,
    a_talk_closes_it_and_it_can_be_opened_again_for_a_day,
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
        (callbacks[0].number.address(), callbacks[0].asked_at, callbacks[0].reminded_at),
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
    // Opened again, it is like a new one.
    assert!(store.close_callback(&lab(), 1, "page", at(2_000)).await.unwrap());
    opens(&store, at(3_000)).await;
    assert_eq!(store.open_callbacks(&lab()).await.unwrap()[0].reminded_at, None);
    assert_eq!(store.overdue_callbacks(at(4_799), 10).await.unwrap(), []);
    assert_eq!(store.overdue_callbacks(at(4_800), 10).await.unwrap(), [id(1)]);
    update(&store, 1, Event::CallbackOverdue, at(4_800)).await;
    assert_eq!(store.open_callbacks(&lab()).await.unwrap()[0].reminded_at, Some(at(4_800)));
}

/// Somebody texts that callback 1 is not done after all.
async fn opens(store: &Store, now: DateTime<Utc>) {
    let opens = |_: &TextWorld| TextOut {
        course: Course::Opens { id: 1 },
        ..TextOut::default()
    };
    store.text(&text_of("SM1"), now, None, opens).await.unwrap();
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

/// Ann wants to make callback 1 of hotline lab, as call `n`.
async fn call_back(store: &Store, n: u128, now: DateTime<Utc>) -> Result<(), String> {
    let made = store
        .call_back(&lab(), 1, now, None, |world, callback| {
            if let Some(name) = &callback.calling {
                return Err(name.clone());
            }
            let mut plan = ann_then_bob();
            plan.rules.callbacks = Callbacks::new(Some("AU"), std::collections::BTreeSet::new(), &[]);
            let what = CallingBack {
                id: callback.id,
                number: callback.number.clone(),
                asked_at: callback.asked_at,
                shown: "14:00".to_owned(),
            };
            Ok(Call::ring_back(id(n), what, plan, world))
        })
        .await
        .unwrap();
    match made {
        CalledBack::Begun(_) => Ok(()),
        CalledBack::NotOpen => Err("not open".to_owned()),
        CalledBack::Not(name) => Err(name),
    }
}

async fn whoever_calls_back_is_seen_and_nobody_else_may_meanwhile(store: Store) {
    asked(&store, 1, 0).await;
    assert_eq!(call_back(&store, 2, at(60)).await, Ok(()));
    let callbacks = store.open_callbacks(&lab()).await.unwrap();
    assert_eq!(callbacks[0].calling.as_deref(), Some("Ann"));
    assert_eq!(call_back(&store, 3, at(61)).await, Err("Ann".to_owned()));
    assert!(store.call(id(3)).await.unwrap().is_none(), "nothing is kept of it");
    assert_eq!(
        store.overdue_callbacks(at(1_802), 10).await.unwrap(),
        [],
        "nobody is reminded while somebody calls"
    );
    // Nobody picks up; it is open as before.
    let gone = Event::Ended {
        leg: LegId(1),
        how: crate::call::Ending::NoAnswer,
    };
    update(&store, 2, gone, at(1_900)).await;
    assert_eq!(store.overdue_callbacks(at(1_901), 10).await.unwrap(), [id(1)]);
    assert_eq!(store.open_callbacks(&lab()).await.unwrap()[0].calling, None);
    assert_eq!(call_back(&store, 4, at(1_901)).await, Ok(()));
    let summaries = store.calls(10).await.unwrap();
    let about: Vec<Option<u32>> = summaries.iter().map(|call| call.callback).collect();
    assert_eq!(about, [Some(1), Some(1), None], "newest first");
}

async fn a_talk_closes_it_and_it_can_be_opened_again_for_a_day(store: Store) {
    asked(&store, 1, 0).await;
    call_back(&store, 2, at(60)).await.unwrap();
    let events = [
        (65, Event::Key { leg: LegId(1), key: '1' }),
        (66, Event::Joined { leg: LegId(1) }),
        (70, placed(0, line("called"))),
        (72, Event::Joined { leg: LegId(0) }),
    ];
    for (second, event) in events {
        update(&store, 2, event, at(second)).await;
    }
    assert_eq!(open(&store).await, [(1, 1)], "they are talking");
    update(&store, 2, caller_hangs_up(), at(90)).await;
    let hung_up = Event::Ended {
        leg: LegId(1),
        how: crate::call::Ending::Completed,
    };
    update(&store, 2, hung_up, at(91)).await;
    assert_eq!(open(&store).await, []);
    assert_eq!(call_back(&store, 3, at(91)).await, Err("not open".to_owned()));
    let by: (String,) = sqlx::query_as("SELECT done_by FROM callbacks")
        .fetch_one(&store.readers)
        .await
        .unwrap();
    assert_eq!(by.0, "Ann");
    // Closed at second 90: a day later it is too late.
    for (second, closed) in [(90 + 86_400, vec![]), (89 + 86_400, vec![1])] {
        assert_eq!(closed_at(&store, at(second)).await, closed);
    }
    opens(&store, at(1_000)).await;
    assert_eq!(open(&store).await, [(1, 1)]);
    // Nobody was reminded yet, so that is due as long after the opening as it was after the promise.
    assert_eq!(store.overdue_callbacks(at(2_799), 10).await.unwrap(), []);
    assert_eq!(store.overdue_callbacks(at(2_800), 10).await.unwrap(), [id(1)]);
}

fn text_of(id: &str) -> TextIn {
    TextIn {
        id: id.to_owned(),
        hotline: lab(),
        at_number: vec![lab()],
        other_phone: None,
        sender: number(ANN),
        is_known: true,
    }
}

async fn closed_at(store: &Store, now: DateTime<Utc>) -> Vec<u32> {
    let mut seen = None;
    let text = text_of(&now.to_string());
    let looks = |world: &TextWorld| {
        seen = Some(world.closed.clone());
        TextOut::default()
    };
    store.text(&text, now, None, looks).await.unwrap();
    seen.unwrap()
}
