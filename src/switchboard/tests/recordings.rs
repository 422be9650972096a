//! Recordings one command at a time, and what is deleted at the carrier when, at several instants of a store's life.

use super::*;
use crate::call::{CALLER, Ending, Event, Refusal};

const DESK: LegId = LegId(1);
const DAY: i64 = 24 * 60 * 60;

fn recording(name: &str) -> RecordingId {
    RecordingId::from(name)
}

/// A line whose talks are recorded, and kept for so many days.
fn recorded(days: u32) -> Line {
    Line {
        rules: Rules {
            record_talks: true,
            keep_recordings_days: days,
            ..lab().rules
        },
        ..lab()
    }
}

async fn house(answers: Vec<Result<Vec<LineId>, CarrierError>>) -> House {
    House::serving(recorded(30), Store::in_memory().await.unwrap(), at(0), answers)
}

/// The caller has heard the announcement and talks with the duty desk; what the carrier was asked until then is forgotten.
async fn they_talk(house: &mut House) -> Call {
    let call = Box::pin(house.call_comes_in("caller")).await;
    for event in [
        Event::Joined { leg: CALLER },
        Event::Answered {
            leg: DESK,
            line: line("desk"),
            voice: None,
        },
        Event::Key { leg: DESK, key: '1' },
        Event::Joined { leg: DESK },
    ] {
        Box::pin(house.switchboard.event(call.id(), event)).await.unwrap();
    }
    call
}

fn no() -> CarrierError {
    CarrierError::Refused(Refusal {
        code: Some(20_001),
        message: "no recordings here".to_owned(),
        permanent: true,
    })
}

fn unsure() -> CarrierError {
    CarrierError::Unsure("timeout".to_owned())
}

async fn told(house: &House, call: &Call) -> Vec<String> {
    let story = house.store.story(call.id()).await.unwrap();
    story.iter().map(|entry| entry.fact.to_string()).collect()
}

/// What the carrier is asked about recordings, and nothing else.
fn of_recordings(asked: Vec<Asked>) -> Vec<Asked> {
    let is_one = |asked: &Asked| {
        matches!(
            asked,
            Asked::Record(..) | Asked::StopRecording(..) | Asked::Recordings(_) | Asked::DeleteRecording(_)
        )
    };
    asked.into_iter().filter(is_one).collect()
}

fn ordered() -> Asked {
    Asked::Record(line("caller"), 1)
}

#[tokio::test]
async fn a_talk_is_recorded_and_ends_by_its_name() {
    let mut house = house(vec![]).await;
    let call = they_talk(&mut house).await;
    house.carry_out_all().await;
    assert_eq!(of_recordings(house.was_asked()), [ordered()]);
    assert!(
        told(&house, &call)
            .await
            .contains(&"The conversation is being recorded.".to_owned())
    );
    let parted = Event::Ended {
        leg: DESK,
        how: Ending::Completed,
    };
    house.switchboard.event(call.id(), parted).await.unwrap();
    house.carry_out_all().await;
    let ended = Asked::StopRecording(line("caller"), Some(recording("RE1")));
    assert_eq!(of_recordings(house.was_asked()), [ended]);
}

/// The talk goes on, and its story says why it is not recorded.
#[tokio::test]
async fn a_refusal_of_the_carrier_is_told() {
    // The first answer is to the dial, whose leg has moved on by then.
    let mut house = house(vec![Ok(vec![]), Err(no())]).await;
    let call = they_talk(&mut house).await;
    house.carry_out_all().await;
    assert_eq!(of_recordings(house.was_asked()), [ordered()], "not repeated");
    let story = told(&house, &call).await;
    let why = story.iter().find(|line| line.contains("is not recorded")).unwrap();
    assert!(why.contains("no recordings here"), "{why}");
}

#[tokio::test]
async fn whoever_has_hung_up_is_not_recorded_and_nobody_is_told() {
    let mut house = house(vec![Ok(vec![]), Err(CarrierError::Gone)]).await;
    let call = they_talk(&mut house).await;
    house.carry_out_all().await;
    assert_eq!(of_recordings(house.was_asked()), [ordered()]);
    assert!(!told(&house, &call).await.iter().any(|line| line.contains("record")));
}

/// Two recordings of one talk would be one that nobody ends.
#[tokio::test]
async fn an_unknown_outcome_is_looked_up_and_not_ordered_again() {
    let found = vec![line("RE7")];
    let mut house = house(vec![Ok(vec![]), Err(unsure()), Ok(found)]).await;
    let call = they_talk(&mut house).await;
    house.carry_out_all().await;
    assert_eq!(of_recordings(house.was_asked()), [ordered(), Asked::Recordings(line("caller"))]);
    assert!(
        told(&house, &call)
            .await
            .contains(&"The conversation is being recorded.".to_owned())
    );

    // Nor by somebody who takes over an order that was left behind.
    let mut house = self::house(vec![]).await;
    they_talk(&mut house).await;
    let left = house.claim().await;
    assert!(!left.is_empty());
    for command in house.claim_at(at(60)).await {
        house.exchange().carry_out(command).await;
    }
    assert!(!house.was_asked().contains(&ordered()));
}

/// What a process that keeps recordings for so many days has deleted at an instant, and how many are left.
async fn kept_at(store: &Store, days: u32, now: i64) -> (Vec<Asked>, usize) {
    let mut house = House::serving(recorded(days), store.clone(), at(now), vec![]);
    house.exchange().discard_what_is_due().await.unwrap();
    let lab = HotlineName("lab".to_owned());
    (of_recordings(house.was_asked()), store.recordings(&lab).await.unwrap().len())
}

async fn a_message_and_another_a_day_later(store: &Store) {
    let house = House::serving(recorded(30), store.clone(), at(0), vec![]);
    let call = house.call_comes_in("caller").await;
    for (name, now) in [("RE1", 10), ("RE2", DAY + 10)] {
        let message = Event::Recorded {
            recording: recording(name),
            seconds: 10,
        };
        store.update(call.id(), &message, at(now), None).await.unwrap();
    }
}

#[tokio::test]
async fn what_is_older_than_its_days_is_deleted_at_the_carrier() {
    let store = Store::in_memory().await.unwrap();
    a_message_and_another_a_day_later(&store).await;
    assert_eq!(kept_at(&store, 7, 7 * DAY - 5).await, (vec![], 2), "not a moment too early");
    let gone = |name: &str| vec![Asked::DeleteRecording(recording(name))];
    assert_eq!(kept_at(&store, 7, 7 * DAY + 5).await, (gone("RE1"), 1));
    assert_eq!(kept_at(&store, 7, 7 * DAY + 60).await, (vec![], 1), "once");
    assert_eq!(
        kept_at(&store, 9, 8 * DAY + 60).await,
        (vec![], 1),
        "as long as it is configured now"
    );
    assert_eq!(kept_at(&store, 7, 8 * DAY + 60).await, (gone("RE2"), 0));
}

/// For as long as the carrier does not do it: after 30 s, a minute, and so on up to six hours.
#[tokio::test]
async fn what_is_not_deleted_is_tried_again_later_and_later() {
    let store = Store::in_memory().await.unwrap();
    a_message_and_another_a_day_later(&store).await;
    let lab = HotlineName("lab".to_owned());
    let newest = store.recordings(&lab).await.unwrap().remove(0);
    store.discard_recording(&lab, newest.id).await.unwrap();
    let mut tried = Vec::new();
    let mut now = DAY;
    let until = now + 3 * DAY;
    // Each look is of a process of its own, at whose carrier everything fails.
    while now < until {
        let mut house = House::serving(recorded(30), store.clone(), at(now), vec![Err(unsure()); 9]);
        house.exchange().discard_what_is_due().await.unwrap();
        if !house.was_asked().is_empty() {
            tried.push(now);
        }
        now += if now < DAY + 600 { 5 } else { 600 };
    }
    let pauses: Vec<i64> = tried.windows(2).map(|pair| pair[1] - pair[0]).collect();
    assert_eq!(pauses[..3], [30, 60, 120]);
    let longest = 6 * 60 * 60;
    assert!(pauses.is_sorted(), "{pauses:?}");
    assert!(
        pauses.last().is_some_and(|last| (longest..=longest + 600).contains(last)),
        "{pauses:?}"
    );
    assert_eq!(store.discarded(at(9 * DAY), 9).await.unwrap()[0].failures as usize, tried.len());
}
