//! The caller's side: messages, hanging up, being left alone.

use super::*;

#[test]
fn with_nobody_at_all_the_answer_to_the_arrival_is_the_offer_of_a_message() {
    let mut desk = Desk::arrive(Plan {
        levels: vec![],
        last_resort: None,
        ..plan(one_round())
    });
    assert_eq!(desk.asks(), [""; 0], "no redirection: the caller hears it as the very first thing");
    assert!(
        desk.hears(CALLER)
            .starts_with("There is nobody on call at the moment. Please leave a message")
    );
    desk.after(
        20,
        Event::Recorded {
            recording: "RE1".into(),
            seconds: 12,
        },
    );
    assert!(desk.hears(CALLER).starts_with("Thank you. Your message is recorded"));
    desk.ends(CALLER, Ending::Completed);
    assert_eq!(desk.asks(), ["text +61491570077"]);
    assert_eq!(desk.call.outcome(), Some(Outcome::Recorded));
    assert!(!desk.call.is_live());
}

#[test]
fn a_message_whose_notice_comes_after_the_hang_up_is_not_lost() {
    let mut desk = Desk::arrive(Plan {
        levels: vec![],
        last_resort: None,
        ..plan(one_round())
    });
    desk.after(
        20,
        Event::Ended {
            leg: CALLER,
            how: Ending::Completed,
        },
    );
    assert_eq!(desk.asks(), [""; 0], "a recording may still be announced");
    assert!(desk.call.is_live());
    desk.after(
        3,
        Event::Recorded {
            recording: "RE1".into(),
            seconds: 12,
        },
    );
    assert_eq!(desk.asks(), ["text +61491570077"]);
    assert_eq!(desk.call.outcome(), Some(Outcome::Recorded));

    let mut desk = Desk::arrive(Plan {
        levels: vec![],
        last_resort: None,
        ..plan(one_round())
    });
    desk.after(
        20,
        Event::Ended {
            leg: CALLER,
            how: Ending::Completed,
        },
    )
    .waits();
    assert_eq!(desk.asks(), ["text +61491570077"]);
    assert_eq!(desk.call.outcome(), Some(Outcome::NoMessage));
}

#[test]
fn star_leaves_the_queue_for_a_message_and_stops_the_ringing() {
    let mut desk = Desk::arrive(plan(one_round()));
    desk.rings(ANA).after(5, Event::LeftRoom { leg: CALLER });
    assert_eq!(desk.asks(), ["cancel 1"]);
    assert_eq!(
        desk.hears(CALLER),
        "You have left the queue. To leave a message, press 3. To wait on, press 9."
    );
    desk.ends(ANA, Ending::Canceled);
    assert_eq!(
        desk.last,
        Reaction {
            commands: vec![],
            facts: vec![]
        },
        "nobody else is rung"
    );
}

#[test]
fn the_caller_hangs_up_at_every_phase() {
    // While dialling was ordered only.
    let mut desk = Desk::arrive(plan(one_round()));
    desk.ends(CALLER, Ending::Completed);
    assert_eq!(desk.asks(), ["withdraw 1", "text +61491570077"]);
    assert_eq!(desk.call.outcome(), Some(Outcome::CallerHungUp));
    // The order was on its way all the same: it is stopped as soon as it has a name.
    desk.after(
        1,
        Event::Placed {
            leg: ANA,
            line: Desk::line(ANA),
        },
    );
    assert_eq!(desk.asks(), ["cancel 1"]);

    // While it rings.
    let mut desk = Desk::arrive(plan(one_round()));
    desk.rings(ANA).ends(CALLER, Ending::Completed);
    assert_eq!(desk.asks(), ["cancel 1", "text +61491570077"]);
    desk.answers(ANA);
    assert_eq!(desk.hears(ANA), "The caller has hung up. Goodbye.");
    assert_eq!(desk.asks(), ["text +61491570001"], "who picked up for nothing learns who it was");
    desk.answers(ANA);
    assert_eq!(desk.last, Reaction::default(), "once");

    // While a responder is being asked.
    let mut desk = Desk::arrive(plan(one_round()));
    desk.rings(ANA).answers(ANA).ends(CALLER, Ending::Completed);
    assert_eq!(desk.asks(), ["redirect 1", "text +61491570077", "text +61491570001"]);
    desk.presses(ANA, '1');
    assert_eq!(
        desk.hears(ANA),
        "The caller has hung up. Goodbye.",
        "accepting does not open an empty room"
    );

    // Between accepting and the room.
    let mut desk = Desk::arrive(plan(one_round()));
    desk.rings(ANA).answers(ANA).presses(ANA, '1').ends(CALLER, Ending::Completed);
    assert_eq!(desk.asks(), ["redirect 1", "text +61491570077", "text +61491570001"]);
    desk.after(1, Event::Joined { leg: ANA });
    assert_eq!(desk.asks(), ["redirect 1"], "joined all the same: fetched out of the empty room");
}

#[test]
fn a_responder_who_leaves_lets_the_caller_choose() {
    let mut desk = Desk::arrive(plan(one_round()));
    desk.rings(ANA).answers(ANA).presses(ANA, '1').after(1, Event::Joined { leg: ANA });
    desk.after(
        30,
        Event::Ended {
            leg: ANA,
            how: Ending::Completed,
        },
    )
    .after(0, Event::LeftRoom { leg: CALLER });
    assert!(
        desk.hears(CALLER)
            .starts_with("Ana has left the call. If you still need help, press 1")
    );
    desk.presses(CALLER, '1');
    assert_eq!(desk.dialled(), [(2, "+61491570001")], "the search begins anew");
    assert!(desk.hears(CALLER).starts_with("We are searching again."));
    desk.ends(CALLER, Ending::Completed);
    assert_eq!(desk.call.outcome(), Some(Outcome::CallerHungUp));
}

#[test]
fn a_caller_left_alone_after_an_accept_is_noticed_by_his_own_waiting() {
    let mut desk = Desk::arrive(plan(one_round()));
    desk.rings(ANA).answers(ANA).presses(ANA, '1');
    desk.after(8, Event::StillWaiting { leg: CALLER });
    assert_eq!(desk.last, Reaction::default(), "the way into the room takes a moment");
    desk.after(16, Event::StillWaiting { leg: CALLER });
    assert_eq!(desk.asks(), ["hang up 1", "dial 2", "dial 3"]);
}

#[test]
fn a_responder_alone_in_the_room_ends_a_call_whose_caller_is_gone_unheard() {
    let mut desk = Desk::arrive(plan(one_round()));
    desk.rings(ANA).answers(ANA).presses(ANA, '1').after(1, Event::Joined { leg: ANA });
    desk.after(21, Event::StillWaiting { leg: ANA });
    assert_eq!(desk.asks(), ["redirect 0"], "he may be elsewhere on his line");
    desk.after(21, Event::StillWaiting { leg: ANA });
    assert_eq!(desk.asks(), ["hang up 0", "redirect 1", "text +61491570077", "text +61491570001"]);
    assert_eq!(desk.call.outcome(), Some(Outcome::CallerHungUp), "nobody has talked with him");
    assert_eq!(desk.hears(ANA), "The caller has hung up. Goodbye.");
}

#[test]
fn a_call_survives_being_written_down() {
    let mut desk = Desk::arrive(plan(one_round()));
    desk.rings(ANA).answers(ANA).presses(ANA, '2');
    let written = serde_json::to_string(&desk.call).unwrap();
    assert_eq!(serde_json::from_str::<Call>(&written).unwrap(), desk.call);
}

#[test]
fn a_responder_alone_in_the_room_is_not_yet_with_the_caller() {
    let alone = || {
        let mut desk = Desk::arrive(plan(one_round()));
        desk.rings(ANA).answers(ANA).presses(ANA, '1').after(1, Event::Joined { leg: ANA });
        desk.after(0, Event::StillWaiting { leg: ANA });
        assert_eq!(desk.last, Reaction::default());
        desk
    };
    // The caller had pressed star just before (seed 50042): he wants to leave a message.
    let mut desk = alone();
    desk.after(3, Event::LeftRoom { leg: CALLER });
    assert_eq!(desk.asks(), ["redirect 1"]);
    assert!(desk.hears(CALLER).starts_with("You have left the queue."));
    // The same, and the notice that he has come in is repeated meanwhile (seed 695262): that does not bring the caller.
    let mut desk = alone();
    desk.after(1, Event::Joined { leg: ANA });
    assert_eq!(desk.last, Reaction::default());
    desk.after(1, Event::LeftRoom { leg: CALLER });
    assert!(desk.hears(CALLER).starts_with("You have left the queue."));
    // The responder is cut off before the caller is there (seed 67514): the next one is rung.
    let mut desk = alone();
    desk.ends(ANA, Ending::Completed);
    assert_eq!(desk.asks(), ["dial 2", "dial 3"]);
    // The caller was only late: now they talk.
    let mut desk = alone();
    desk.after(2, Event::Joined { leg: CALLER });
    assert_eq!(desk.last.facts, [Fact::Connected { name: "Ana".into() }]);
    desk.after(30, Event::Tick).ends(CALLER, Ending::Completed);
    assert_eq!(desk.call.outcome(), Some(Outcome::Served));
}

#[test]
fn whichever_notice_of_the_end_comes_first_the_responder_hears_the_same() {
    let talking = || {
        let mut desk = Desk::arrive(plan(one_round()));
        desk.rings(ANA).answers(ANA).presses(ANA, '1').after(1, Event::Joined { leg: ANA });
        desk
    };
    let mut desk = talking();
    desk.ends(CALLER, Ending::Completed).after(0, Event::LeftRoom { leg: ANA });
    assert_eq!(desk.hears(ANA), "The caller has left the call. Goodbye.");
    let mut desk = talking();
    desk.after(30, Event::LeftRoom { leg: ANA });
    assert_eq!(desk.hears(ANA), "The caller has left the call. Goodbye.");
    desk.ends(CALLER, Ending::Completed);
    assert_eq!(desk.hears(ANA), "The caller has left the call. Goodbye.");
    assert_eq!(desk.call.outcome(), Some(Outcome::Served));
}

/// Ana is in the room with the caller from this moment on.
fn with_ana() -> Desk {
    let mut desk = Desk::arrive(plan(one_round()));
    desk.rings(ANA).answers(ANA).presses(ANA, '1').after(1, Event::Joined { leg: ANA });
    desk
}

const CUT_OFF_TEXT: &str =
    "Hotline lab: the caller +61491575000 was with Ana for less than 3 s and perhaps could not talk. Please call back.";

fn text(desk: &Desk) -> Vec<&str> {
    let texts = desk.last.commands.iter().filter_map(|command| match command {
        Command::Text { body, .. } => Some(body.as_str()),
        Command::Dial { .. }
        | Command::Withdraw { .. }
        | Command::Cancel { .. }
        | Command::HangUp { .. }
        | Command::Redirect { .. }
        | Command::Find { .. }
        | Command::LookAfter { .. }
        | Command::Record { .. }
        | Command::StopRecording { .. }
        | Command::FindRecording { .. } => None,
    });
    texts.collect()
}

#[test]
fn who_is_cut_off_in_the_instant_of_joining_has_not_served_anybody() {
    // Seed 550902: the caller hears that she has left, and hangs up.
    let mut desk = with_ana();
    desk.ends(ANA, Ending::Completed);
    assert_eq!(
        desk.asks(),
        [""; 0],
        "the room closes with her, and the caller asks by himself what comes next"
    );
    let told: Vec<String> = desk.last.facts.iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        [
            "Ana has left the conversation.",
            "The caller is asked for a message. They were together for a moment only and perhaps could not talk."
        ]
    );
    desk.after(1, Event::LeftRoom { leg: CALLER });
    assert_eq!(desk.last, Reaction::default());
    let Script::TakeMessage { question, words, .. } = desk.call.script(CALLER) else {
        panic!("{:?}", desk.call.script(CALLER))
    };
    assert_eq!(
        question.map(|question| question.words).as_deref(),
        Some(
            "Ana has left the call after a moment. If you still need help, press 1 and we search again. \
             Otherwise you can hang up, or stay on the line to leave a message."
        )
    );
    assert!(
        words.starts_with("Nobody is rung now. Please leave a message after the tone"),
        "{words}"
    );
    desk.after(
        7,
        Event::Ended {
            leg: CALLER,
            how: Ending::Completed,
        },
    );
    assert_eq!(desk.asks(), [""; 0], "a recording may still be announced");
    desk.waits();
    assert_eq!(text(&desk), [CUT_OFF_TEXT]);
    assert_eq!(desk.call.outcome(), Some(Outcome::CutOff));
    assert!(!desk.call.is_live());
}

#[test]
fn the_caller_who_hangs_up_at_once_may_not_have_talked_and_who_stays_three_seconds_has() {
    for (ms, outcome, texts) in [
        // For who is to be told, and for Ana.
        (0, Outcome::CutOff, vec![CUT_OFF_TEXT; 2]),
        (2_999, Outcome::CutOff, vec![CUT_OFF_TEXT; 2]),
        (3_000, Outcome::Served, vec![]),
    ] {
        let mut desk = with_ana();
        desk.now += TimeDelta::milliseconds(ms);
        desk.ends(CALLER, Ending::Completed);
        assert_eq!((desk.call.outcome(), text(&desk)), (Some(outcome), texts), "{ms} ms");
    }
}

#[test]
fn who_was_cut_off_presses_one_and_is_put_through_again() {
    let cut_off = || {
        let mut desk = with_ana();
        desk.after(2, Event::LeftRoom { leg: CALLER }).ends(ANA, Ending::Completed);
        desk.presses(CALLER, '7');
        assert_eq!(desk.last, Reaction::default(), "another key asks again");
        desk.presses(CALLER, '1');
        assert_eq!(desk.asks(), ["dial 2"]);
        desk
    };
    let mut desk = cut_off();
    desk.rings(BEN).answers(BEN).presses(BEN, '1').after(1, Event::Joined { leg: BEN });
    desk.after(
        60,
        Event::Ended {
            leg: CALLER,
            how: Ending::Completed,
        },
    );
    assert_eq!((desk.call.outcome(), text(&desk)), (Some(Outcome::Served), vec![]));
    // Nobody had him afterwards: that somebody had accepted is still true.
    let mut desk = cut_off();
    desk.after(
        5,
        Event::Ended {
            leg: CALLER,
            how: Ending::Completed,
        },
    );
    assert_eq!((desk.call.outcome(), text(&desk)), (Some(Outcome::CutOff), vec![CUT_OFF_TEXT; 2]));
}

#[test]
fn who_was_cut_off_and_stays_leaves_a_message() {
    let mut desk = with_ana();
    desk.after(1, Event::LeftRoom { leg: CALLER });
    desk.after(
        40,
        Event::Recorded {
            recording: "RE1".into(),
            seconds: 12,
        },
    );
    assert!(desk.hears(CALLER).starts_with("Thank you. Your message is recorded"));
    desk.ends(CALLER, Ending::Completed);
    assert_eq!(
        text(&desk),
        ["Hotline lab: the caller +61491575000 left a message of 12 s. Please call back."]
    );
    assert_eq!(desk.call.outcome(), Some(Outcome::Recorded));
}

#[test]
fn a_lost_notice_does_not_hide_a_talk() {
    // Nobody says that Ana is in the room; but neither she nor the caller says that he is alone in it.
    let unheard = || {
        let mut desk = Desk::arrive(plan(one_round()));
        desk.rings(ANA).answers(ANA).presses(ANA, '1');
        desk
    };
    let mut desk = unheard();
    desk.waits().waits();
    assert_eq!(desk.last.facts, [Fact::Connected { name: "Ana".into() }]);
    assert_eq!(desk.asks(), [""; 0]);
    desk.ends(ANA, Ending::Completed);
    assert!(desk.hears(CALLER).starts_with("Ana has left the call."), "nobody else is rung");
    desk.ends(CALLER, Ending::Completed);
    assert_eq!((desk.call.outcome(), text(&desk)), (Some(Outcome::Served), vec![]));
    // A caller who is alone says so in this time, and is not taken to talk.
    let mut desk = unheard();
    desk.after(35, Event::StillWaiting { leg: CALLER });
    assert_eq!(desk.asks(), ["hang up 1", "dial 2", "dial 3"]);
}
