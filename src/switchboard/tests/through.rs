//! A responder dials the hotline after a talk: what he is asked, and what comes of answers that are late, repeated or another's.

use super::*;
use crate::call::{CALLER, Ending, Event, OfferAnswer, Outcome};
use crate::roster::Callbacks;
use crate::switchboard::Met;
use std::collections::BTreeSet;

const CALLER_NUMBER: &str = "+61491570158";
/// The talk is over then; half an hour later it is forgotten.
const TALKED: i64 = 60;
const FORGOTTEN: i64 = TALKED + 30 * 60;
const DESK: LegId = LegId(1);

/// The exchange over a store at an instant.
fn at_clock(store: &Store, now: i64) -> Switchboard {
    let (asking, _) = mpsc::unbounded_channel();
    let carrier = Arc::new(Recording {
        asked: asking,
        answers: Mutex::default(),
    });
    let line = Line {
        rules: Rules {
            relay_minutes: 30,
            callbacks: Callbacks::new(Some("AU"), BTreeSet::new(), &[number(HOTLINE_NUMBER)]),
            ..Rules::default()
        },
        ..lab()
    };
    let pacing = Pacing {
        per_second: 1000.0,
        burst: 100,
    };
    Switchboard::new(store.clone(), carrier, vec![line], pacing, Clock::anchored_at(at(now)))
}

async fn meets(switchboard: &Switchboard, from: &str, name: &str) -> Met {
    switchboard
        .meet(&number(HOTLINE_NUMBER), Some(number(from)), line(name))
        .await
        .unwrap()
}

async fn answers(switchboard: &Switchboard, name: &str, offered: CallId, answer: OfferAnswer) -> Call {
    let from = Some(number(DUTY_DESK));
    call(answered(switchboard, from, name, offered, answer).await)
}

async fn answered(switchboard: &Switchboard, from: Option<Phone>, name: &str, offered: CallId, answer: OfferAnswer) -> Met {
    let to = number(HOTLINE_NUMBER);
    switchboard.answer_offer(&to, (offered, answer), from, line(name)).await.unwrap()
}

fn call(met: Met) -> Call {
    match met {
        Met::Call(call) => *call,
        Met::Menu { .. } | Met::Offer(_) => panic!("a call is wanted"),
    }
}

fn offered(met: Met) -> CallId {
    match met {
        Met::Offer(offer) => offer.talked_in,
        Met::Menu { .. } | Met::Call(_) => panic!("a question is wanted"),
    }
}

/// The duty desk, the last resort, talks with the caller for a minute.
async fn talked() -> (Store, CallId) {
    let store = Store::in_memory().await.unwrap();
    let switchboard = at_clock(&store, 0);
    let id = call(meets(&switchboard, CALLER_NUMBER, "caller").await).id();
    for event in [
        Event::Answered {
            leg: DESK,
            line: line("desk"),
            voice: None,
        },
        Event::Key { leg: DESK, key: '1' },
        Event::Joined { leg: DESK },
    ] {
        switchboard.event(id, event).await.unwrap();
    }
    let how = Ending::Completed;
    let over = at_clock(&store, TALKED).event(id, Event::Ended { leg: CALLER, how }).await.unwrap();
    assert_eq!(over.outcome(), Some(Outcome::Served));
    (store, id)
}

#[tokio::test]
async fn he_is_asked_and_put_through_once_however_often_it_is_told() {
    let (store, talk) = talked().await;
    let switchboard = at_clock(&store, TALKED + 5);
    assert_eq!(offered(meets(&switchboard, DUTY_DESK, "again").await), talk);
    assert_eq!(
        offered(meets(&switchboard, DUTY_DESK, "again").await),
        talk,
        "the question keeps nothing"
    );
    let begun = answers(&switchboard, "again", talk, OfferAnswer::Taken).await;
    assert_eq!(begun.came_in_on(), DESK);
    let engaged = [(DESK, number(DUTY_DESK)), (CALLER, number(CALLER_NUMBER))];
    assert_eq!(begun.engages(), engaged);
    let again = answers(&switchboard, "again", talk, OfferAnswer::Taken).await;
    let late = answers(&switchboard, "again", talk, OfferAnswer::Declined).await;
    let dialled = call(meets(&switchboard, DUTY_DESK, "again").await);
    assert_eq!([again.id(), late.id(), dialled.id()], [begun.id(); 3]);
    // The end of his line is the end of his leg.
    let (found, leg) = switchboard.leg_by_line(&line("again")).await.unwrap().unwrap();
    assert_eq!((found, leg), (begun.id(), DESK));
    assert_eq!(store.calls(9).await.unwrap().len(), 2);
}

#[tokio::test]
async fn after_the_time_nobody_is_put_through() {
    let (store, talk) = talked().await;
    assert_eq!(offered(meets(&at_clock(&store, FORGOTTEN - 5), DUTY_DESK, "a").await), talk);
    let later = at_clock(&store, FORGOTTEN + 1);
    assert_eq!(answers(&later, "a", talk, OfferAnswer::Taken).await.came_in_on(), CALLER);
    assert_eq!(call(meets(&later, DUTY_DESK, "b").await).came_in_on(), CALLER);
}

/// Whoever has not talked is asked nothing, nor is the caller; a word about another's talk is an ordinary call.
#[tokio::test]
async fn it_is_his_talk_or_nobodys() {
    let (store, talk) = talked().await;
    let switchboard = at_clock(&store, TALKED + 5);
    for (from, name) in [(CALLER_NUMBER, "a"), ("+61491570159", "b")] {
        assert_eq!(call(meets(&switchboard, from, name).await).came_in_on(), CALLER);
        let stolen = answered(&switchboard, Some(number(from)), &format!("{name} again"), talk, OfferAnswer::Taken).await;
        assert_eq!(call(stolen).came_in_on(), CALLER);
    }
    // Withheld, and a talk that nobody had: then he is met anew.
    let withheld = answered(&switchboard, None, "c", talk, OfferAnswer::Taken).await;
    assert_eq!(call(withheld).came_in_on(), CALLER);
    let nobodys = CallId(uuid::Uuid::nil());
    let unknown = answered(&switchboard, Some(number(DUTY_DESK)), "d", nobodys, OfferAnswer::Taken).await;
    assert_eq!(offered(unknown), talk);
    // There is no earlier talk.
    assert_eq!(answers(&switchboard, "e", talk, OfferAnswer::Earlier).await.came_in_on(), CALLER);
}
