//! `<Dial><Number>`: who is put through, when, and what the caller's document is told.

use super::{ANNA, CALLER, HOTLINE, Theatre, said, voice};
use crate::simulator::{APPLICATION_ERROR, CallerHabit, Delay, Habit, Line, Sound, WebhookReply};

const RINGS_ANNA: &str = r#"<Say>Ten chars.</Say><Dial action="/after" timeout="20" callerId="+61255500001"><Number url="/whisper">+61491570156</Number></Dial>"#;

const TOLD: [&str; 3] = ["DialCallStatus", "DialBridged", "CallStatus"];

fn theatre(habit: Habit, after_the_key: &str) -> Theatre {
    Theatre::new()
        .page("/voice", RINGS_ANNA)
        .page("/whisper", r#"<Gather numDigits="1" action="/key"><Say>Ten chars.</Say></Gather>"#)
        .page("/key", after_the_key)
        .page("/after", "<Say>Goodbye</Say>")
        .person(ANNA, habit)
}

fn dial_in(theatre: &mut Theatre, talk: Option<Delay>) -> String {
    let habit = CallerHabit {
        talk,
        ..CallerHabit::default()
    };
    theatre
        .network
        .dial_in(super::start(), Some(CALLER), HOTLINE, &Line::to("http://rota.test/voice"), habit)
}

const ACCEPTS: Habit = Habit::Accepts {
    after: Delay::seconds(4),
    talk: None,
};

#[test]
fn whoever_has_heard_the_document_to_its_end_gets_the_caller() {
    let mut theatre = theatre(ACCEPTS, "");
    let caller = dial_in(&mut theatre, Some(Delay::seconds(20)));
    theatre.run_to(600_000);
    // 650 ms of greeting, 1 s to the ring, 4 s until it is picked up, 650 ms of the question, 600 ms to the key.
    let talks = theatre.network.talks();
    assert_eq!(talks.len(), 1);
    assert_eq!(talks[0].numbers, [CALLER.to_owned(), ANNA.to_owned()]);
    assert_eq!((talks[0].from, talks[0].until), (super::at(6_900), Some(super::at(26_900))));
    assert_eq!(theatre.heard(&caller).last(), Some(&(6_900, voice(ANNA))));
    let anna = theatre.network.sids_of(ANNA)[0].to_owned();
    assert_eq!(theatre.network.shown_on(&anna), Some(HOTLINE));
    theatre.nothing_is_left();
    assert_eq!(theatre.faults(), []);
}

#[test]
fn whoever_hangs_up_in_his_document_gets_nobody() {
    let mut theatre = theatre(ACCEPTS, "<Hangup/>");
    let caller = dial_in(&mut theatre, None);
    theatre.run_to(600_000);
    assert_eq!(theatre.network.talks(), []);
    assert_eq!(
        theatre.requests("/after", &TOLD),
        [(6_900, vec!["completed", "false", "in-progress"])]
    );
    assert_eq!(theatre.heard(&caller).last(), Some(&(6_900, said("Goodbye"))));
    theatre.nothing_is_left();
}

/// A voicemail that is not asked must not get the caller because we were away for a moment.
#[test]
fn a_document_that_cannot_be_had_puts_nobody_through() {
    let mut theatre = theatre(ACCEPTS, "");
    let away = WebhookReply {
        status: 502,
        content_type: None,
        body: String::new(),
    };
    theatre.pages.insert("/whisper", Ok(away));
    dial_in(&mut theatre, None);
    theatre.run_to(600_000);
    assert_eq!(theatre.network.talks(), []);
    let anna = theatre.network.sids_of(ANNA)[0].to_owned();
    assert_eq!(theatre.heard(&anna), [(1_650, Sound::Ring), (5_650, said(APPLICATION_ERROR))]);
    let told: Vec<_> = theatre.requests("/after", &TOLD).into_iter().map(|(_, told)| told).collect();
    assert_eq!(told, [["completed", "false", "in-progress"]]);
    theatre.nothing_is_left();
}

#[test]
fn a_phone_that_nobody_picks_up_is_told() {
    let mut theatre = theatre(Habit::Ignores, "");
    dial_in(&mut theatre, None);
    theatre.run_to(600_000);
    let told: Vec<_> = theatre.requests("/after", &TOLD).into_iter().map(|(_, told)| told).collect();
    assert_eq!(told, [["no-answer", "false", "in-progress"]]);
    theatre.nothing_is_left();
}
