//! Which recordings there are, which are not to be kept, and what the carrier is told to delete.

use super::*;
use crate::call::RecordingId;
use crate::store::{Recording, RecordingKind};

on_every_store!(
    what_is_recorded_is_listed_when_it_is_complete,
    what_has_nothing_in_it_is_not_kept,
    who_refuses_is_not_kept,
    what_is_older_than_it_is_kept_goes_oldest_first,
    what_was_deleted_does_not_come_back_by_a_late_notice,
    what_the_carrier_does_not_delete_is_tried_later,
    of_what_is_told_twice_the_first_counts,
);

const DAY: i64 = 24 * 60 * 60;

fn lab() -> HotlineName {
    HotlineName("lab".to_owned())
}

fn recording(name: &str) -> RecordingId {
    RecordingId::from(name)
}

fn message(name: &str, seconds: u32) -> Event {
    Event::Recorded {
        recording: recording(name),
        seconds,
    }
}

const fn talk_over(recording: RecordingId, seconds: u32) -> Event {
    Event::RecordingEnded {
        number: 1,
        recording,
        seconds,
        channels: 2,
    }
}

async fn listed(store: &Store) -> Vec<Recording> {
    store.recordings(&lab()).await.unwrap()
}

async fn names(store: &Store) -> Vec<String> {
    listed(store).await.into_iter().map(|recording| recording.recording.0).collect()
}

/// What the carrier is to delete at this instant.
async fn discarded(store: &Store, now: i64) -> Vec<String> {
    let discarded = store.discarded(at(now), 9).await.unwrap();
    discarded.into_iter().map(|discarded| discarded.recording.0).collect()
}

async fn what_is_recorded_is_listed_when_it_is_complete(store: Store) {
    arrive(&store, 1, at(0), None).await;
    let begun = Event::RecordingBegun {
        number: 1,
        recording: recording("RE1"),
    };
    update(&store, 1, begun, at(10)).await;
    assert_eq!(names(&store).await, [""; 0], "it runs");
    update(&store, 1, talk_over(recording("RE1"), 50), at(61)).await;
    update(&store, 1, talk_over(recording("RE1"), 99), at(62)).await;
    // Its beginning was never told: it began so long before its end.
    update(&store, 1, message("RE2", 12), at(100)).await;
    let kept = listed(&store).await;
    let said: Vec<_> = kept
        .iter()
        .map(|one| (one.recording.0.as_str(), one.kind, one.seconds, one.channels))
        .collect();
    assert_eq!(
        said,
        [
            ("RE2", RecordingKind::Message, Some(12), Some(1)),
            ("RE1", RecordingKind::Talk, Some(50), Some(2)),
        ],
        "the newest first, and the first word about each counts"
    );
    assert_eq!((kept[0].began_at, kept[1].began_at), (at(88), at(10)));
    let words = |text: &str| Event::Transcribed {
        recording: recording("RE2"),
        text: text.to_owned(),
    };
    update(&store, 1, words("  It is the freezer. "), at(130)).await;
    update(&store, 1, words("Something else"), at(131)).await;
    let found = store.recording(&lab(), kept[0].id).await.unwrap().unwrap();
    assert_eq!(found.transcript.as_deref(), Some("It is the freezer."));
    // Of another hotline it is none.
    let ward = HotlineName("ward".to_owned());
    assert_eq!(store.recording(&ward, kept[0].id).await.unwrap(), None);
    assert!(!store.discard_recording(&ward, kept[0].id).await.unwrap());
    assert_eq!(store.recorded_hotlines().await.unwrap(), [lab()]);
}

async fn what_has_nothing_in_it_is_not_kept(store: Store) {
    arrive(&store, 1, at(0), None).await;
    update(&store, 1, talk_over(recording("RE1"), 0), at(60)).await;
    assert_eq!(names(&store).await, [""; 0]);
    assert_eq!(discarded(&store, 60).await, ["RE1"], "the carrier may have a silent one");
}

/// Whatever runs or comes in after that is deleted; a message, which he leaves of his own, is not.
async fn who_refuses_is_not_kept(store: Store) {
    let caller = line("caller-1");
    let make = |world: &crate::call::World<'_>| {
        let mut plan = ann_then_bob();
        plan.rules.record_talks = true;
        Call::arrive(id(1), plan, Some(number(CALLER_NUMBER)), caller.clone(), world)
    };
    store.begin(&caller, at(0), None, make).await.unwrap();
    update(&store, 1, talk_over(recording("RE1"), 20), at(30)).await;
    assert_eq!(names(&store).await, ["RE1"]);
    let leg = LegId(0);
    update(&store, 1, Event::Key { leg, key: '0' }, at(31)).await;
    assert_eq!(names(&store).await, [""; 0]);
    update(&store, 1, talk_over(recording("RE2"), 20), at(60)).await;
    update(&store, 1, message("RE3", 5), at(90)).await;
    assert_eq!(names(&store).await, ["RE3"]);
    let mut gone = discarded(&store, 90).await;
    gone.sort();
    assert_eq!(gone, ["RE1", "RE2"]);
}

async fn what_is_older_than_it_is_kept_goes_oldest_first(store: Store) {
    arrive(&store, 1, at(0), None).await;
    for (name, began) in [("RE1", 0), ("RE2", DAY), ("RE3", 2 * DAY), ("RE4", 3 * DAY)] {
        update(&store, 1, message(name, 10), at(began + 10)).await;
    }
    let before = at(2 * DAY);
    assert_eq!(
        store.discard_recordings(&lab(), before, 1).await.unwrap(),
        1,
        "not more than asked for"
    );
    assert_eq!(names(&store).await, ["RE4", "RE3", "RE2"]);
    assert_eq!(store.discard_recordings(&lab(), before, 9).await.unwrap(), 1, "RE3 began just then");
    assert_eq!(names(&store).await, ["RE4", "RE3"]);
    let ward = HotlineName("ward".to_owned());
    assert_eq!(store.discard_recordings(&ward, at(9 * DAY), 9).await.unwrap(), 0);
    assert_eq!(discarded(&store, 3 * DAY).await, ["RE1", "RE2"]);
}

async fn what_was_deleted_does_not_come_back_by_a_late_notice(store: Store) {
    arrive(&store, 1, at(0), None).await;
    update(&store, 1, message("RE1", 10), at(10)).await;
    let kept = listed(&store).await;
    assert!(store.discard_recording(&lab(), kept[0].id).await.unwrap());
    assert!(!store.discard_recording(&lab(), kept[0].id).await.unwrap(), "once");
    store.deleted(&recording("RE1"), at(20)).await.unwrap();
    assert_eq!(discarded(&store, 999).await, [""; 0]);
    update(&store, 1, message("RE1", 10), at(30)).await;
    assert_eq!(names(&store).await, [""; 0]);
    // For a month, after which no notice is as late; told by the next one that is deleted.
    update(&store, 1, message("RE2", 10), at(31 * DAY)).await;
    let next = listed(&store).await;
    store.discard_recording(&lab(), next[0].id).await.unwrap();
    store.deleted(&recording("RE2"), at(31 * DAY)).await.unwrap();
    update(&store, 1, message("RE1", 10), at(31 * DAY)).await;
    assert_eq!(names(&store).await, ["RE1"]);
}

async fn what_the_carrier_does_not_delete_is_tried_later(store: Store) {
    arrive(&store, 1, at(0), None).await;
    for name in ["RE1", "RE2"] {
        update(&store, 1, talk_over(recording(name), 0), at(60)).await;
        store
            .not_deleted(&recording(name), at(if name == "RE1" { 90 } else { 70 }))
            .await
            .unwrap();
    }
    assert_eq!(discarded(&store, 69).await, [""; 0]);
    assert_eq!(discarded(&store, 70).await, ["RE2"]);
    assert_eq!(discarded(&store, 90).await, ["RE2", "RE1"], "the longest waiting first");
    let waiting = store.discarded(at(90), 1).await.unwrap();
    assert_eq!((waiting.len(), waiting[0].failures), (1, 1));
}

async fn of_what_is_told_twice_the_first_counts(store: Store) {
    arrive(&store, 1, at(0), None).await;
    let begun = Event::RecordingBegun {
        number: 1,
        recording: recording("talk"),
    };
    // The end is told before the beginning.
    for (event, now) in [
        (talk_over(recording("talk"), 30), 40),
        (begun, 41),
        (talk_over(recording("talk"), 99), 42),
    ] {
        update(&store, 1, event, at(now)).await;
    }
    let listed = store.recordings(&lab()).await.unwrap();
    assert_eq!(listed.len(), 1);
    assert_eq!((listed[0].began_at, listed[0].seconds), (at(10), Some(30)));
}
