//! Recordings: known from their beginning, listed when they are complete, deleted at the carrier when they are here.

use super::*;
use crate::call::RecordingId;
use crate::store::RecordingKind;

on_every_store!(
    a_recording_is_listed_when_it_is_complete,
    of_what_is_told_twice_the_first_counts,
    what_is_deleted_here_waits_to_be_deleted_at_the_carrier,
    a_late_notice_does_not_bring_back_what_was_deleted,
    what_has_nothing_in_it_is_not_kept,
    the_oldest_go_first,
);

fn lab() -> HotlineName {
    HotlineName("lab".to_owned())
}

fn named(name: &str) -> RecordingId {
    RecordingId(name.to_owned())
}

fn begun(name: &str) -> Event {
    Event::RecordingBegun {
        number: 1,
        recording: named(name),
    }
}

fn ended(name: &str, seconds: u32) -> Event {
    Event::RecordingEnded {
        number: 1,
        recording: named(name),
        seconds,
        channels: 2,
    }
}

fn recorded(name: &str, seconds: u32) -> Event {
    Event::Recorded {
        recording: named(name),
        seconds,
    }
}

async fn to_be_deleted(store: &Store, now: DateTime<Utc>) -> Vec<(String, u32)> {
    let discarded = store.discarded(now, 100).await.unwrap();
    discarded.into_iter().map(|one| (one.recording.0, one.failures)).collect()
}

async fn a_recording_is_listed_when_it_is_complete(store: Store) {
    arrive(&store, 1, at(0), None).await;
    update(&store, 1, begun("talk"), at(10)).await;
    assert_eq!(store.recordings(&lab()).await.unwrap(), []);
    update(&store, 1, ended("talk", 30), at(41)).await;
    update(&store, 1, recorded("message", 7), at(50)).await;
    let transcribed = Event::Transcribed {
        recording: named("message"),
        text: " The freezer beeps.\n".to_owned(),
    };
    update(&store, 1, transcribed, at(60)).await;
    let listed = store.recordings(&lab()).await.unwrap();
    let [message, talk] = &listed[..] else { panic!("{listed:?}") };
    assert_eq!(
        (&talk.recording.0[..], talk.kind, talk.call, talk.began_at),
        ("talk", RecordingKind::Talk, id(1), at(10))
    );
    assert_eq!((talk.seconds, talk.channels, talk.transcript.as_deref()), (Some(30), Some(2), None));
    assert_eq!((message.kind, message.began_at), (RecordingKind::Message, at(43)));
    assert_eq!(
        (message.seconds, message.channels, message.transcript.as_deref()),
        (Some(7), Some(1), Some("The freezer beeps."))
    );
    assert_eq!(store.recording(&lab(), talk.id).await.unwrap().as_ref(), Some(talk));
    assert_eq!(store.recording(&HotlineName("other".to_owned()), talk.id).await.unwrap(), None);
    assert_eq!(store.recorded_hotlines().await.unwrap(), [lab()]);
}

async fn of_what_is_told_twice_the_first_counts(store: Store) {
    arrive(&store, 1, at(0), None).await;
    // The end is told before the beginning.
    for (event, now) in [(ended("talk", 30), 40), (begun("talk"), 41), (ended("talk", 99), 42)] {
        update(&store, 1, event, at(now)).await;
    }
    let listed = store.recordings(&lab()).await.unwrap();
    assert_eq!(listed.len(), 1);
    assert_eq!((listed[0].began_at, listed[0].seconds), (at(10), Some(30)));
}

async fn what_is_deleted_here_waits_to_be_deleted_at_the_carrier(store: Store) {
    arrive(&store, 1, at(0), None).await;
    update(&store, 1, ended("talk", 30), at(40)).await;
    let id = store.recordings(&lab()).await.unwrap()[0].id;
    assert!(store.discard_recording(&lab(), id).await.unwrap());
    assert!(!store.discard_recording(&lab(), id).await.unwrap(), "there is none any more");
    assert_eq!(to_be_deleted(&store, at(50)).await, [("talk".to_owned(), 0)]);
    store.not_deleted(&named("talk"), at(100)).await.unwrap();
    assert_eq!(to_be_deleted(&store, at(99)).await, []);
    assert_eq!(to_be_deleted(&store, at(100)).await, [("talk".to_owned(), 1)]);
    store.deleted(&named("talk"), at(101)).await.unwrap();
    assert_eq!(to_be_deleted(&store, at(9_999)).await, []);
}

async fn a_late_notice_does_not_bring_back_what_was_deleted(store: Store) {
    arrive(&store, 1, at(0), None).await;
    update(&store, 1, ended("talk", 30), at(40)).await;
    let id = store.recordings(&lab()).await.unwrap()[0].id;
    store.discard_recording(&lab(), id).await.unwrap();
    store.deleted(&named("talk"), at(41)).await.unwrap();
    update(&store, 1, ended("talk", 30), at(42)).await;
    assert_eq!(store.recordings(&lab()).await.unwrap(), []);
}

async fn what_has_nothing_in_it_is_not_kept(store: Store) {
    arrive(&store, 1, at(0), None).await;
    update(&store, 1, begun("talk"), at(1)).await;
    update(&store, 1, ended("talk", 0), at(2)).await;
    update(&store, 1, recorded("message", 0), at(3)).await;
    assert_eq!(store.recordings(&lab()).await.unwrap(), []);
    let gone = [("message".to_owned(), 0), ("talk".to_owned(), 0)];
    assert_eq!(to_be_deleted(&store, at(9)).await, gone);
}

async fn the_oldest_go_first(store: Store) {
    arrive(&store, 1, at(0), None).await;
    for (name, end) in [("b", 200), ("c", 300), ("a", 100)] {
        update(&store, 1, recorded(name, 10), at(end)).await;
    }
    assert_eq!(store.discard_recordings(&lab(), at(290), 2).await.unwrap(), 2);
    let left: Vec<_> = store
        .recordings(&lab())
        .await
        .unwrap()
        .into_iter()
        .map(|one| one.recording.0)
        .collect();
    assert_eq!(left, ["c"]);
    let gone = [("a".to_owned(), 0), ("b".to_owned(), 0)];
    assert_eq!(to_be_deleted(&store, at(400)).await, gone);
    assert_eq!(store.discard_recordings(&lab(), at(290), 2).await.unwrap(), 0, "c began then");
}
