//! Which alarms are open, and how many a hotline takes.

use super::*;
use crate::call::{Command, Incident, Outcome};
use crate::store::Raised;

fn incident(key: &str) -> Incident {
    Incident {
        key: key.to_owned(),
        title: format!("Alarm {key}"),
        details: String::new(),
    }
}

async fn raise(store: &Store, n: u128, hotline: &str, key: &str, seconds: i64) -> Raised {
    let (hotline, incident) = (HotlineName(hotline.to_owned()), incident(key));
    let plan = Plan {
        hotline: hotline.clone(),
        ..ann_then_bob()
    };
    let make = |world: &crate::call::World<'_>| Call::raise(id(n), plan, incident.clone(), world);
    store.raise(&hotline, &incident, 2, at(seconds), None, make).await.unwrap()
}

async fn is_new(store: &Store, n: u128, key: &str, seconds: i64) -> bool {
    match raise(store, n, "lab", key, seconds).await {
        Raised::New(change) => change.call.id() == id(n),
        Raised::Known(_) | Raised::TooMany { .. } => false,
    }
}

async fn over(store: &Store, key: &str, seconds: i64) -> Option<CallId> {
    let lab = HotlineName("lab".to_owned());
    store
        .resolve(&lab, key, at(seconds), None)
        .await
        .unwrap()
        .map(|change| change.call.id())
}

async fn the_same_alarm_is_rung_for_once_until_it_is_over(store: Store) {
    assert!(is_new(&store, 1, "a", 0).await);
    assert_eq!(raise(&store, 2, "lab", "a", 60).await, Raised::Known(id(1)));
    assert_eq!(store.call(id(2)).await.unwrap(), None);
    assert_eq!(store.calls(9).await.unwrap()[0].alarm.as_deref(), Some("Alarm a"));
    assert_eq!(over(&store, "a", 61).await, Some(id(1)));
    assert_eq!(store.call(id(1)).await.unwrap().unwrap().outcome(), Some(Outcome::Resolved));
    assert_eq!(over(&store, "a", 62).await, None);
    assert!(is_new(&store, 3, "a", 63).await);
    assert!(
        matches!(raise(&store, 4, "other", "a", 63).await, Raised::New(_)),
        "another hotline's is another"
    );
}

async fn a_hotline_takes_so_many_within_an_hour(store: Store) {
    assert!(is_new(&store, 1, "a", 0).await && is_new(&store, 2, "b", 600).await);
    assert_eq!(raise(&store, 3, "lab", "c", 601).await, Raised::TooMany { until: at(3_600) });
    assert_eq!(raise(&store, 3, "lab", "a", 601).await, Raised::Known(id(1)), "it is not a new one");
    assert!(!is_new(&store, 3, "c", 3_599).await);
    assert!(is_new(&store, 3, "c", 3_600).await);
    assert_eq!(raise(&store, 4, "lab", "d", 3_601).await, Raised::TooMany { until: at(4_200) });
}

/// Somebody takes care of it, so that reports of it are no news for a day; a sensor may have no way to say that it is over.
async fn what_is_taken_care_of_is_forgotten_after_a_day(store: Store) {
    assert!(is_new(&store, 1, "a", 0).await);
    update(&store, 1, placed(1, line("ann")), at(1)).await;
    let key = Event::Key { leg: LegId(1), key: '1' };
    update(&store, 1, key, at(9)).await;
    let how = crate::call::Ending::Completed;
    let after = update(&store, 1, Event::Ended { leg: LegId(1), how }, at(20)).await;
    assert!(!after.call.is_live());
    assert_eq!(raise(&store, 2, "lab", "a", 86_399).await, Raised::Known(id(1)));
    assert!(is_new(&store, 2, "a", 86_400).await);
}

/// Nobody was reached: the next report is worth another try.
async fn what_nobody_took_is_rung_for_when_it_is_reported_again(store: Store) {
    assert!(is_new(&store, 1, "a", 0).await);
    let mut now = at(0);
    let mut texts = 0;
    while let Some(next) = store.call(id(1)).await.unwrap().unwrap().deadline() {
        now = next;
        let change = update(&store, 1, Event::Tick, now).await;
        texts += change
            .in_hand
            .iter()
            .filter(|one| matches!(one.command, Command::Text { .. }))
            .count();
    }
    assert_eq!(texts, 0, "nobody is to be told here");
    assert_eq!(store.call(id(1)).await.unwrap().unwrap().outcome(), Some(Outcome::Unacknowledged));
    let seconds = (now - at(0)).num_seconds();
    assert!(seconds > 1_800, "three pauses of ten minutes");
    assert!(is_new(&store, 2, "a", seconds + 3_600).await);
}

on_every_store!(
    the_same_alarm_is_rung_for_once_until_it_is_over,
    a_hotline_takes_so_many_within_an_hour,
    what_is_taken_care_of_is_forgotten_after_a_day,
    what_nobody_took_is_rung_for_when_it_is_reported_again,
);
