//! Documents: what is heard, for how long, and which requests follow.

use super::{ANNA, CALLER, HOTLINE, Theatre, said};
use crate::simulator::{AtQuestion, AtTone, CallerHabit, Delay, Habit, Line, Sound};

/// A caller with this habit hears `/voice`; his leg, after everything is over.
fn inbound(habit: CallerHabit, theatre: Theatre) -> (String, Theatre) {
    let mut theatre = theatre;
    let line = Line {
        status_callback: Some("http://rota.test/over".into()),
        ..Line::to("http://rota.test/voice")
    };
    let sid = theatre.network.dial_in(super::start(), Some(CALLER), HOTLINE, &line, habit);
    theatre.run_to(600_000);
    theatre.nothing_is_left();
    (sid, theatre)
}

#[test]
fn verbs_follow_one_another_and_then_the_call_ends() {
    let verbs = r#"<Say loop="2">Ten chars.</Say><Pause length="3"/><Play>/media/hold.wav</Play><Play>/media/other.mp3</Play>"#;
    let (sid, theatre) = inbound(CallerHabit::default(), Theatre::new().page("/voice", verbs));
    let expected = vec![
        (0, said("Ten chars.")),
        (1_300, Sound::Silence),
        (4_300, Sound::Music("http://rota.test/media/hold.wav".into())),
        (12_300, Sound::Music("http://rota.test/media/other.mp3".into())),
    ];
    // The ring of no length is heard first, because the document was there at once.
    assert_eq!(theatre.heard(&sid)[1..], expected);
    assert_eq!(theatre.requests("/over", &["CallStatus"]), vec![(15_300, vec!["completed"])]);
}

#[test]
fn a_pause_as_the_first_verb_delays_the_answer() {
    let (sid, theatre) = inbound(
        CallerHabit::default(),
        Theatre::new().page("/voice", r#"<Pause length="5"/><Say>Ten chars.</Say>"#),
    );
    assert_eq!(theatre.heard(&sid), vec![(0, Sound::Ring), (5_000, said("Ten chars."))]);
    assert_eq!(
        theatre.requests("/over", &["CallStatus", "CallDuration"]),
        vec![(5_650, vec!["completed", "1"])]
    );
}

#[test]
fn a_rejected_call_is_not_answered() {
    for (verbs, status) in [("<Reject/>", "no-answer"), (r#"<Reject reason="busy"/>"#, "busy")] {
        let (sid, theatre) = inbound(CallerHabit::default(), Theatre::new().page("/voice", verbs));
        assert_eq!(theatre.network.status(&sid), Some(status));
        assert_eq!(theatre.heard(&sid), vec![(0, Sound::Ring)]);
    }
}

#[test]
fn a_redirect_goes_to_another_document_relative_to_this_one() {
    let theatre = Theatre::new()
        .page("/voice", r#"<Redirect method="GET">next?a=1&amp;b=%20</Redirect>"#)
        .page("/next", "<Say>There</Say>");
    let (sid, theatre) = inbound(CallerHabit::default(), theatre);
    assert_eq!(theatre.heard(&sid).last(), Some(&(0, said("There"))));
    let url = &theatre.seen[1].1.url;
    assert!(url.starts_with("http://rota.test/next?a=1&b=%20&CallSid=CA"), "{url}");
    assert!(theatre.seen[1].1.form.is_empty());
}

#[test]
fn documents_that_lead_in_a_circle_without_taking_time_are_stopped() {
    let (sid, theatre) = inbound(CallerHabit::default(), Theatre::new().page("/voice", "<Redirect/>"));
    assert_eq!(theatre.heard(&sid).last(), Some(&(0, said(crate::simulator::APPLICATION_ERROR))));
    assert_eq!(theatre.faults(), [None]);
}

#[test]
fn the_characters_of_a_document_are_unescaped() {
    let verbs = "<!-- hello --><Say>R&amp;D &lt;Müller&gt; &#233;<![CDATA[ & co]]></Say>";
    let (sid, theatre) = inbound(CallerHabit::default(), Theatre::new().page("/voice", verbs));
    assert_eq!(theatre.heard(&sid).last(), Some(&(0, said("R&D <Müller> é & co"))));
}

const QUESTION: &str = r#"<Gather numDigits="1" timeout="4" action="/key"><Say>Ten chars.</Say></Gather><Say>Nothing pressed</Say>"#;

#[test]
fn a_key_after_the_question_goes_to_the_action() {
    let habit = CallerHabit {
        question: AtQuestion::Presses('1'),
        ..CallerHabit::default()
    };
    let (_, theatre) = inbound(habit, Theatre::new().page("/voice", QUESTION));
    // 650 ms of question, 600 ms to react.
    assert_eq!(
        theatre.requests("/key", &["Digits", "CallStatus"]),
        vec![(1_250, vec!["1", "in-progress"])]
    );
}

#[test]
fn without_a_key_the_next_verb_follows() {
    let (sid, theatre) = inbound(CallerHabit::default(), Theatre::new().page("/voice", QUESTION));
    assert_eq!(theatre.requests("/key", &[]), vec![]);
    let expected = vec![(0, said("Ten chars.")), (650, Sound::Silence), (4_650, said("Nothing pressed"))];
    assert_eq!(theatre.heard(&sid)[1..], expected);
}

#[test]
fn without_a_key_the_action_is_asked_where_it_is_wanted() {
    let verbs = r#"<Gather numDigits="1" timeout="4" action="/key" actionOnEmptyResult="true"><Say>Ten chars.</Say></Gather>"#;
    let (_, theatre) = inbound(CallerHabit::default(), Theatre::new().page("/voice", verbs));
    assert_eq!(theatre.requests("/key", &["Digits"]), vec![(4_650, vec![""])]);
}

#[test]
fn a_question_for_several_keys_waits_for_more_or_for_the_hash_key() {
    let verbs = r#"<Gather timeout="3" action="/key"/>"#;
    let habit = CallerHabit {
        question: AtQuestion::PressesOnce('7'),
        ..CallerHabit::default()
    };
    let (_, theatre) = inbound(habit, Theatre::new().page("/voice", verbs));
    assert_eq!(theatre.requests("/key", &["Digits"]), vec![(3_600, vec!["7"])]);
    let habit = CallerHabit {
        question: AtQuestion::PressesOnce('#'),
        ..CallerHabit::default()
    };
    let (_, theatre) = inbound(habit, Theatre::new().page("/voice", verbs));
    assert_eq!(theatre.requests("/key", &[]), vec![]);
}

#[test]
fn the_action_of_a_question_is_its_own_document_by_default() {
    let habit = CallerHabit {
        question: AtQuestion::PressesOnce('3'),
        ..CallerHabit::default()
    };
    let (_, theatre) = inbound(habit, Theatre::new().page("/voice", r#"<Gather numDigits="1" timeout="2"/>"#));
    assert_eq!(theatre.requests("/voice", &["Digits"]), vec![(0, vec!["-"]), (600, vec!["3"])]);
}

#[test]
fn a_key_in_the_middle_of_the_question_cuts_it_off() {
    let habit = Habit::AcceptsAtOnce {
        after: Delay::seconds(4),
        talk: None,
    };
    let mut theatre = Theatre::new()
        .person(ANNA, habit)
        .page("/answered", QUESTION)
        .page("/key", "<Hangup/>");
    let sid = theatre.call(0, ANNA, &[]);
    theatre.run_to(60_000);
    assert_eq!(theatre.requests("/key", &["Digits"]), vec![(5_325, vec!["1"])]);
    assert_eq!(
        theatre.heard(&sid),
        vec![(1_000, Sound::Ring), (5_000, said("Ten chars.")), (5_325, Sound::Silence)]
    );
}

#[test]
fn habits_at_a_question() {
    let voicemail = Habit::Voicemail {
        after: Delay::seconds(4),
        greeting: Delay::seconds(9),
    };
    let screening = Habit::CallScreening {
        after: Delay::seconds(4),
        screening: Delay::seconds(3),
    };
    let cases: [(Habit, &[(i64, &str)]); 6] = [
        (
            Habit::Accepts {
                after: Delay::seconds(4),
                talk: None,
            },
            &[(6_250, "1"), (7_500, "1")],
        ),
        (Habit::Declines { after: Delay::seconds(4) }, &[(6_250, "2"), (7_500, "2")]),
        (
            Habit::WrongKey {
                after: Delay::seconds(4),
                key: '9',
            },
            &[(6_250, "9"), (7_500, "1")],
        ),
        (voicemail, &[]),
        // The owner is on the line 3 s after the answer at 5 s.
        (screening, &[(8_000, "1")]),
        (
            Habit::HangsUp {
                after: Delay::seconds(4),
                listens: Delay::millis(500),
            },
            &[],
        ),
    ];
    for (habit, keys) in cases {
        let again = r#"<Gather numDigits="1" timeout="4" action="/key"><Say>Ten chars.</Say></Gather>"#;
        let mut theatre = Theatre::new().person(ANNA, habit).page("/answered", again).page("/key", again);
        theatre.call(0, ANNA, &[]);
        theatre.run_to(8_100);
        let pressed = theatre
            .requests("/key", &["Digits"])
            .into_iter()
            .map(|(at, values)| (at, values[0]))
            .collect::<Vec<_>>();
        assert_eq!(pressed, keys, "{habit:?}");
    }
}

const RECORD: &str = r#"<Say>Ten chars.</Say><Record action="/recorded" maxLength="30" timeout="5"/><Say>Nothing</Say>"#;

#[test]
fn messages_and_how_they_end() {
    let cases = [
        (AtTone::Speaks(7), vec![(7_650, vec!["7", "hangup", "completed"])]),
        (AtTone::SpeaksThenHash(7), vec![(7_650, vec!["7", "#", "in-progress"])]),
        (AtTone::SpeaksThenWaits(7), vec![(12_650, vec!["7", "", "in-progress"])]),
        (AtTone::SpeaksThenWaits(90), vec![(30_650, vec!["30", "", "in-progress"])]),
        (AtTone::HangsUp, vec![]),
    ];
    for (tone, expected) in cases {
        let habit = CallerHabit {
            tone,
            patience: Some(Delay::seconds(3)),
            ..CallerHabit::default()
        };
        let (sid, theatre) = inbound(habit, Theatre::new().page("/voice", RECORD));
        assert_eq!(
            theatre.requests("/recorded", &["RecordingDuration", "Digits", "CallStatus"]),
            expected,
            "{tone:?}"
        );
        assert_eq!(
            theatre.heard(&sid)[1..4],
            [(0, said("Ten chars.")), (650, Sound::Beep), (650, Sound::Recording)]
        );
    }
}

#[test]
fn a_recording_names_its_address() {
    let habit = CallerHabit {
        tone: AtTone::Speaks(7),
        ..CallerHabit::default()
    };
    let (_, theatre) = inbound(habit, Theatre::new().page("/voice", RECORD));
    let url = theatre.requests("/recorded", &["RecordingUrl"])[0].1[0].to_owned();
    assert!(
        url.starts_with(&format!(
            "https://api.twilio.com/2010-04-01/Accounts/{}/Recordings/RE",
            super::ACCOUNT
        )),
        "{url}"
    );
}

#[test]
fn an_empty_recording_is_dropped_and_the_next_verb_follows() {
    let habit = CallerHabit {
        tone: AtTone::Silent,
        ..CallerHabit::default()
    };
    let (sid, theatre) = inbound(habit, Theatre::new().page("/voice", RECORD));
    assert_eq!(theatre.requests("/recorded", &[]), vec![]);
    assert_eq!(theatre.heard(&sid).last(), Some(&(5_650, said("Nothing"))));
}

#[test]
fn silences_are_measured() {
    let verbs = r#"<Say>Ten chars.</Say><Pause length="4"/><Say>Ten chars.</Say><Pause length="11"/><Pause length="2"/>"#;
    let (sid, theatre) = inbound(CallerHabit::default(), Theatre::new().page("/voice", verbs));
    let long = theatre.network.silences(&sid, chrono::TimeDelta::seconds(10));
    let [hush] = long.try_into().unwrap();
    assert_eq!(
        (
            (hush.from - super::start()).num_milliseconds(),
            (hush.until - super::start()).num_milliseconds()
        ),
        (5_300, 18_300)
    );
    assert_eq!(theatre.network.silences(&sid, chrono::TimeDelta::seconds(4)).len(), 2);
}
