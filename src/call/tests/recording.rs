//! Recording of talks: what is announced, when it begins, what ends it, and what refuses it.

use super::*;

fn recorded() -> Rules {
    Rules {
        record_talks: true,
        ..one_round()
    }
}

const ANNOUNCEMENT: &str = "This call may be recorded. If you do not want that, press 0.";

fn announced(desk: &Desk) -> Option<(String, String)> {
    let script = desk.call.script(CALLER);
    let Script::Wait { announcement, .. } = script else {
        panic!("not in the room: {script:?}")
    };
    announcement.map(|announcement| (announcement.opening, announcement.words))
}

fn comes_in(desk: &mut Desk) -> &mut Desk {
    desk.after(9, Event::Joined { leg: CALLER })
}

/// Ana is rung, picks up, presses 1 and comes in, nine seconds after the call or later.
fn talks_with_ana(desk: &mut Desk) -> &mut Desk {
    desk.rings(ANA).answers(ANA).presses(ANA, '1').after(1, Event::Joined { leg: ANA })
}

fn begun(number: u16, name: &str) -> Event {
    let recording = RecordingId::from(name);
    Event::RecordingBegun { number, recording }
}

fn told(desk: &Desk) -> Vec<String> {
    desk.last.facts.iter().map(ToString::to_string).collect()
}

#[test]
fn nothing_is_announced_and_nothing_recorded_by_default() {
    let mut desk = Desk::arrive(plan(one_round()));
    assert_eq!(announced(&desk), None);
    talks_with_ana(comes_in(&mut desk));
    assert!(matches!(desk.call.phase, Phase::Connected { .. }));
    assert_eq!(desk.asks(), Vec::<String>::new());
    desk.after(0, Event::Key { leg: CALLER, key: '0' });
    assert!(!desk.call.refuses_recording(), "nobody asked");
}

#[test]
fn a_talk_is_recorded_from_when_both_are_there_until_one_leaves() {
    let mut desk = Desk::arrive(plan(recorded()));
    assert_eq!(announced(&desk), Some((String::new(), ANNOUNCEMENT.to_owned())));
    assert!(desk.hears(CALLER).starts_with("Thank you for calling."));
    comes_in(&mut desk);
    assert_eq!(announced(&desk), None, "he is behind it");
    desk.rings(ANA).answers(ANA).presses(ANA, '1');
    assert_eq!(
        desk.hears(ANA),
        "Thank you. You are being connected. The conversation may be recorded."
    );
    desk.after(1, Event::Joined { leg: ANA });
    assert_eq!(desk.asks(), ["record 1"]);
    desk.after(1, begun(1, "RE1"));
    assert_eq!(told(&desk), ["The conversation is being recorded."]);
    desk.after(0, begun(1, "RE1"));
    assert_eq!((told(&desk), desk.asks()), (vec![], vec![]), "told twice");
    let how = Ending::Completed;
    desk.after(60, Event::Ended { leg: ANA, how });
    assert_eq!(desk.asks()[0], "stop recording 1 RE1");
    let ended = Event::RecordingEnded {
        number: 1,
        recording: "RE1".into(),
        seconds: 61,
        channels: 2,
    };
    desk.after(2, ended.clone());
    assert_eq!(told(&desk), ["The recording of the conversation is complete: 61 s."]);
    desk.after(0, ended);
    assert_eq!(told(&desk), Vec::<String>::new());
}

#[test]
fn who_refuses_is_never_recorded_in_this_call() {
    let mut desk = Desk::arrive(plan(recorded()));
    desk.after(5, Event::Key { leg: CALLER, key: '0' });
    assert_eq!(told(&desk), ["The caller does not want to be recorded: nothing of this call is."]);
    assert_eq!(announced(&desk), None, "the answer is the room");
    assert!(desk.hears(CALLER).starts_with("Your call is not recorded.\nThank you for calling."));
    comes_in(&mut desk);
    desk.rings(ANA).answers(ANA).presses(ANA, '1');
    assert_eq!(desk.hears(ANA), "Thank you. You are being connected.");
    desk.after(1, Event::Joined { leg: ANA });
    assert_eq!(desk.asks(), Vec::<String>::new());
    desk.after(
        30,
        Event::Ended {
            leg: ANA,
            how: Ending::Completed,
        },
    );
    desk.after(5, Event::Key { leg: CALLER, key: '1' });
    desk.rings(LegId(2))
        .answers(LegId(2))
        .presses(LegId(2), '1')
        .after(1, Event::Joined { leg: LegId(2) });
    assert!(matches!(desk.call.phase, Phase::Connected { .. }), "a second talk");
    assert_eq!(desk.asks(), Vec::<String>::new());
}

#[test]
fn a_refusal_that_comes_too_late_ends_the_recording() {
    let mut desk = Desk::arrive(plan(recorded()));
    talks_with_ana(comes_in(&mut desk));
    desk.after(0, Event::Key { leg: CALLER, key: '0' });
    assert_eq!(desk.asks(), ["stop recording 1 current"], "its name is not known yet");
    desk.after(1, begun(1, "RE1"));
    assert_eq!((told(&desk), desk.asks()), (vec![], vec!["stop recording 1 RE1".to_owned()]));
}

#[test]
fn each_talk_has_a_recording_of_its_own() {
    let mut desk = Desk::arrive(plan(recorded()));
    talks_with_ana(comes_in(&mut desk));
    desk.after(
        30,
        Event::Ended {
            leg: ANA,
            how: Ending::Completed,
        },
    );
    assert_eq!(desk.asks()[0], "stop recording 1 current");
    desk.after(5, Event::Key { leg: CALLER, key: '1' });
    assert_eq!(announced(&desk), None, "he knows it");
    desk.rings(LegId(2))
        .answers(LegId(2))
        .presses(LegId(2), '1')
        .after(1, Event::Joined { leg: LegId(2) });
    assert_eq!(desk.asks(), ["record 2"]);
}

#[test]
fn what_begins_after_the_talk_is_ended_at_once() {
    let mut desk = Desk::arrive(plan(recorded()));
    talks_with_ana(comes_in(&mut desk));
    desk.after(
        30,
        Event::Ended {
            leg: ANA,
            how: Ending::Completed,
        },
    );
    desk.after(1, begun(1, "RE1"));
    assert_eq!(desk.asks(), ["stop recording 1 RE1"]);
    desk.after(0, begun(7, "RE7"));
    assert_eq!(desk.asks(), Vec::<String>::new(), "never ordered");
}

#[test]
fn an_order_whose_outcome_is_unknown_is_looked_up() {
    let mut desk = Desk::arrive(plan(recorded()));
    talks_with_ana(comes_in(&mut desk));
    desk.after(10, Event::RecordingUnsure { number: 1 });
    assert_eq!(desk.asks(), ["find recording 1"]);
}

#[test]
fn a_responder_who_is_there_first_waits_for_the_announcement_to_end() {
    let mut desk = Desk::arrive(plan(recorded()));
    // Eight seconds after the call, which the announcement fills: 60 characters at 8 a second, and 5 s for a key.
    desk.rings(ANA).answers(ANA).presses(ANA, '1').after(0, Event::Joined { leg: ANA });
    assert!(
        matches!(desk.call.phase, Phase::Joining { inside: true, .. }),
        "{:?}",
        desk.call.phase
    );
    assert_eq!((told(&desk), desk.asks()), (vec![], vec![]));
    desk.after(2, Event::Joined { leg: CALLER });
    assert_eq!(told(&desk), ["The caller and Ana are connected."]);
    assert_eq!(desk.asks(), ["record 1"]);
}

#[test]
fn he_does_not_wait_for_a_caller_who_hung_up_meanwhile() {
    let mut desk = Desk::arrive(plan(recorded()));
    desk.rings(ANA).answers(ANA).presses(ANA, '1').after(0, Event::Joined { leg: ANA });
    // 8 s and 5 s after the call he should have been in, and 15 s later it is asked whether he is on the line at all.
    let asked_at = desk.call.deadline().unwrap() - desk.call.arrived_at();
    assert_eq!(asked_at, TimeDelta::seconds(8 + 5 + 15));
    desk.waits();
    assert_eq!(desk.asks(), ["look after 0"]);
    desk.after(
        1,
        Event::Ended {
            leg: CALLER,
            how: Ending::Gone,
        },
    );
    assert_eq!(desk.call.outcome(), Some(Outcome::CallerHungUp));
    assert!(!desk.last.commands.iter().any(|command| matches!(command, Command::Record { .. })));
}

#[test]
fn keys_during_the_announcement() {
    let mut desk = Desk::arrive(plan(recorded()));
    desk.after(2, Event::Key { leg: CALLER, key: '7' });
    assert!(announced(&desk).is_some(), "it is said again");
    desk.after(2, Event::Key { leg: CALLER, key: '*' });
    assert!(desk.hears(CALLER).contains("To leave a message, press 3."));
    // The answer to the announcement may come when the search is over already.
    desk.after(1, Event::Key { leg: CALLER, key: '0' });
    assert!(desk.call.refuses_recording());
}

#[test]
fn emergency_words_come_before_the_announcement_and_once() {
    let mut rules = recorded();
    rules.words.emergency = Some("Dial 000.".to_owned());
    rules.words.recording = Some("We record. Press 0 to refuse.".to_owned());
    let mut desk = Desk::arrive(plan(rules));
    let said = ("Dial 000.".to_owned(), "We record. Press 0 to refuse.".to_owned());
    assert_eq!(announced(&desk), Some(said));
    comes_in(&mut desk);
    assert!(desk.hears(CALLER).starts_with("Thank you for calling."));
}

#[test]
fn a_message_in_writing_is_told_once() {
    let mut rules = one_round();
    rules.transcribe_messages = true;
    rules.tell = vec![number(700)];
    let mut desk = Desk::arrive(plan(rules));
    desk.after(
        5,
        Event::Ended {
            leg: CALLER,
            how: Ending::Completed,
        },
    );
    let text = "  The freezer is warm. ".to_owned();
    let transcribed = Event::Transcribed {
        recording: "RE1".into(),
        text,
    };
    desk.after(60, transcribed.clone());
    let texts: Vec<&str> = desk
        .last
        .commands
        .iter()
        .filter_map(|command| {
            if let Command::Text { body, .. } = command {
                Some(body.as_str())
            } else {
                None
            }
        })
        .collect();
    assert_eq!(
        texts,
        ["Hotline lab: message of +61491575000, written down by a machine: The freezer is warm."]
    );
    assert_eq!(
        told(&desk)[0],
        "The caller's message is written down, and is kept with the recording."
    );
    desk.after(0, transcribed.clone());
    assert_eq!(desk.last, Reaction::default());
    // The words are in no log.
    assert_eq!(
        serde_json::to_value(&transcribed).unwrap().to_string(),
        r#"{"event":"transcribed","recording":"RE1"}"#
    );
}

/// Ana has pressed 1 for a callback, or dialled after a talk, and is in the room; the caller picks up and hears it first.
fn called(mut desk: Desk) -> Desk {
    if desk.call.calling_back().is_some() {
        desk.rings(ANA).answers(ANA).presses(ANA, '1');
    }
    assert!(
        desk.hears(ANA).ends_with("The conversation may be recorded."),
        "{}",
        desk.hears(ANA)
    );
    desk.after(1, Event::Joined { leg: ANA });
    desk.rings(CALLER).answers(CALLER);
    desk
}

fn both_ways() -> [Desk; 2] {
    let rules = Rules {
        callbacks: callbacks(),
        ..recorded()
    };
    [called(Desk::ring_back(rules.clone())), called(Desk::put_through(rules, &[]))]
}

#[test]
fn a_caller_whom_we_ring_hears_it_and_is_recorded() {
    let says = [
        "This is the hotline lab. We are calling you back, as you asked. You are being connected.",
        "This is the hotline lab. The person with whom you spoke at 13:40 is calling. You are being connected.",
    ];
    for (mut desk, opening) in both_ways().into_iter().zip(says) {
        assert_eq!(announced(&desk), Some((opening.to_owned(), ANNOUNCEMENT.to_owned())));
        // Any other key has it said once more.
        desk.presses(CALLER, '1');
        assert_eq!(announced(&desk), Some((opening.to_owned(), ANNOUNCEMENT.to_owned())));
        desk.after(5, Event::Joined { leg: CALLER });
        assert_eq!(desk.asks(), ["record 1"]);
        desk.after(1, begun(1, "RE1"));
        assert_eq!(told(&desk), ["The conversation is being recorded."]);
        let how = Ending::Completed;
        desk.after(60, Event::Ended { leg: ANA, how });
        assert_eq!(desk.asks()[0], "stop recording 1 RE1", "what he hears then is not");
        let ended = Event::RecordingEnded {
            number: 1,
            recording: "RE1".into(),
            seconds: 61,
            channels: 2,
        };
        desk.after(2, ended);
        assert_eq!(told(&desk), ["The recording of the conversation is complete: 61 s."]);
    }
}

#[test]
fn a_caller_whom_we_ring_can_refuse() {
    for mut desk in both_ways() {
        desk.presses(CALLER, '0');
        assert_eq!(told(&desk), ["The caller does not want to be recorded: nothing of this call is."]);
        assert_eq!(desk.hears(CALLER), "Your call is not recorded.");
        desk.after(5, Event::Joined { leg: CALLER });
        assert!(matches!(desk.call.phase, Phase::Connected { .. }));
        assert_eq!(desk.asks(), Vec::<String>::new());
    }
}

/// She leaves before the carrier has said that it records: it must not go on into his last words.
#[test]
fn a_recording_that_begins_after_the_talk_is_ended() {
    for mut desk in both_ways() {
        desk.after(5, Event::Joined { leg: CALLER });
        let how = Ending::Completed;
        desk.after(4, Event::Ended { leg: ANA, how });
        assert_eq!(desk.asks()[0], "stop recording 1 current");
        desk.after(1, begun(1, "RE1"));
        assert_eq!(desk.asks(), ["stop recording 1 RE1"]);
    }
}

/// With his line the recording ends by itself; and whoever is not known to have heard the announcement is not recorded.
#[test]
fn a_caller_whom_we_ring_ends_it_by_hanging_up() {
    for mut desk in both_ways() {
        desk.after(5, Event::Joined { leg: CALLER }).after(1, begun(1, "RE1"));
        let how = Ending::Completed;
        desk.after(60, Event::Ended { leg: CALLER, how });
        assert!(!desk.asks().iter().any(|asked| asked.contains("recording")), "{:?}", desk.asks());
    }
    for mut desk in both_ways() {
        desk.waits().waits();
        assert!(matches!(desk.call.phase, Phase::Connected { .. }), "no notice has come");
        assert_eq!(desk.asks(), Vec::<String>::new());
    }
}

/// Of one call there are a hundred recordings at most; that the rest is not recorded is told, once.
#[test]
fn after_the_hundredth_the_story_says_that_no_more_is_recorded() {
    let mut desk = Desk::arrive(plan(Rules {
        bring_in_key: true,
        ..recorded()
    }));
    talks_with_ana(comes_in(&mut desk));
    let mut enough = Vec::new();
    for number in 1_u16..=103 {
        desk.after(1, begun(number, &format!("RE{number}")));
        // She steps aside and goes back.
        desk.after(20, Event::LeftRoom { leg: ANA });
        desk.after(1, Event::Key { leg: ANA, key: '1' });
        desk.after(1, Event::Joined { leg: CALLER });
        desk.after(1, Event::Joined { leg: ANA });
        let said = told(&desk).into_iter().filter(|line| line.contains("not recorded"));
        enough.extend(said.map(|line| (number, line)));
        assert!(
            desk.asks().iter().any(|asked| asked.starts_with("record")) == (number < 100),
            "{number}"
        );
    }
    let line = "The conversation goes on and is not recorded: there are 100 recordings of this call, and no more are made.";
    assert_eq!(enough, [(100, line.to_owned())]);
}
