//! What a caller may wish for instead of waiting, worked out by hand.

use super::*;

const MENU: &str = "You have left the queue. To be called back on plus 6 1 4 9 1 5 7 5 0 0 0, press 1. \
    To be called back on another number, press 2. To leave a message, press 3. To wait on, press 9.";
const NOTED: &str = "Hotline lab: the caller +61491575000 asks to be called back on +61491570156. Please call back.";

fn with_callbacks() -> Rules {
    Rules {
        callbacks: callbacks(),
        ..one_round()
    }
}

/// Has pressed star while Ana's phone rang.
fn in_menu() -> Desk {
    let mut desk = Desk::arrive(plan(with_callbacks()));
    desk.rings(ANA).after(5, Event::LeftRoom { leg: CALLER });
    assert_eq!(desk.asks(), ["cancel 1"]);
    assert_eq!(desk.hears(CALLER), MENU);
    desk
}

fn types<'d>(desk: &'d mut Desk, digits: &str) -> &'d mut Desk {
    desk.after(
        6,
        Event::Typed {
            leg: CALLER,
            digits: digits.to_owned(),
        },
    )
}

fn told(desk: &Desk) -> Vec<(&str, &str)> {
    let texts = desk.last.commands.iter().filter_map(|command| match command {
        Command::Text { to, body, .. } => Some((to.address(), body.as_str())),
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
fn one_is_a_callback_on_the_number_shown_and_told_to_the_first_level_as_well() {
    let mut desk = in_menu();
    types(&mut desk, "1");
    let promised = desk.last.facts.clone();
    assert_eq!(promised, [Fact::CallbackAsked { number: number(5000) }]);
    assert_eq!(
        desk.hears(CALLER),
        "Thank you. You will be called back on plus 6 1 4 9 1 5 7 5 0 0 0. Goodbye."
    );
    types(&mut desk, "1");
    assert_eq!(desk.last, Reaction::default(), "the same twice is one callback");
    desk.ends(CALLER, Ending::Completed);
    let text = "Hotline lab: the caller +61491575000 asks to be called back on +61491575000. Please call back.";
    assert_eq!(told(&desk), [("+61491570077", text), ("+61491570001", text)]);
    assert_eq!(desk.call.outcome(), Some(Outcome::CallbackAsked));
    // Half an hour later nobody has called: once.
    desk.after(1_800, Event::CallbackOverdue);
    assert_eq!(
        told(&desk),
        [(
            "+61491570077",
            "Hotline lab: the callback to +61491575000 has been open for 30 min. Please call now."
        )]
    );
    desk.after(5, Event::CallbackOverdue);
    assert_eq!(desk.last, Reaction::default());
    // Closed and opened again meanwhile, it is overdue again after half an hour.
    desk.after(1_790, Event::CallbackOverdue);
    assert_eq!(desk.last, Reaction::default());
    desk.after(5, Event::CallbackOverdue);
    assert_eq!(told(&desk).len(), 1);
}

#[test]
fn who_has_declined_is_told_as_well() {
    let mut desk = Desk::arrive(plan(with_callbacks()));
    desk.rings(ANA).answers(ANA).presses(ANA, '2');
    desk.after(1, Event::LeftRoom { leg: CALLER });
    types(&mut desk, "1").ends(CALLER, Ending::Completed);
    assert_eq!(
        told(&desk).iter().map(|(to, _)| *to).collect::<Vec<_>>(),
        ["+61491570077", "+61491570001"]
    );
}

#[test]
fn another_number_is_typed_read_back_and_confirmed() {
    let mut desk = in_menu();
    types(&mut desk, "2");
    assert_eq!(
        desk.hears(CALLER),
        "Please type the number on which we are to call you back, then press hash."
    );
    types(&mut desk, "2");
    assert_eq!(desk.last, Reaction::default(), "the choice a second time is no number");
    types(&mut desk, "0491570157");
    assert_eq!(
        desk.hears(CALLER),
        "The number is plus 6 1 4 9 1 5 7 0 1 5 7. If that is right, press 1. To type it again, press 2."
    );
    types(&mut desk, "2");
    types(&mut desk, "0491570156");
    types(&mut desk, "1");
    assert_eq!(
        desk.last.facts,
        [Fact::CallbackAsked {
            number: Phone::from_e164("+61491570156").unwrap()
        }]
    );
    desk.ends(CALLER, Ending::Completed);
    assert_eq!(told(&desk)[0], ("+61491570077", NOTED));
}

#[test]
fn three_numbers_that_cannot_be_called_lead_to_the_message() {
    let mut desk = in_menu();
    types(&mut desk, "2");
    // Premium rate, and our own line.
    for digits in ["1900123456", "0491570006"] {
        types(&mut desk, digits);
        assert!(
            desk.hears(CALLER).starts_with("We cannot call that number. Please type"),
            "{}",
            desk.hears(CALLER)
        );
    }
    types(&mut desk, "000000");
    assert!(desk.hears(CALLER).starts_with("You have left the queue. Please leave a message"));
}

#[test]
fn who_hangs_up_before_confirming_has_asked_for_nothing() {
    for keys in [&[][..], &["2"], &["2", "0491570156"]] {
        let mut desk = in_menu();
        for digits in keys {
            types(&mut desk, digits);
        }
        desk.ends(CALLER, Ending::Completed).waits();
        assert_eq!(desk.call.outcome(), Some(Outcome::NoMessage), "{keys:?}");
    }
}

#[test]
fn in_silence_the_message_is_recorded_without_another_event() {
    let mut desk = in_menu();
    let Script::TakeMessage { question, words, .. } = desk.call.script(CALLER) else {
        panic!("{:?}", desk.call.script(CALLER))
    };
    assert_eq!(
        question.map(|question| (question.times, question.wanted)),
        Some((2, Wanted::Choice))
    );
    assert!(words.starts_with("Please leave a message"), "{words}");
    desk.after(
        90,
        Event::Recorded {
            recording: "RE1".into(),
            seconds: 8,
        },
    );
    assert!(desk.hears(CALLER).starts_with("Thank you. Your message is recorded"));
}

#[test]
fn nine_waits_on_and_three_leaves_a_message() {
    let mut desk = in_menu();
    desk.ends(ANA, Ending::Canceled);
    for leg in [2, 3, 4] {
        types(&mut desk, "9");
        assert_eq!(desk.dialled(), [(leg, "+61491570001")], "the search begins anew");
        desk.rings(LegId(leg))
            .after(5, Event::LeftRoom { leg: CALLER })
            .ends(LegId(leg), Ending::Canceled);
    }
    assert!(!desk.hears(CALLER).contains("press 9"), "nobody is kept going in circles");
    types(&mut desk, "9");
    assert_eq!(desk.last, Reaction::default());
    types(&mut desk, "3");
    assert!(desk.hears(CALLER).starts_with("You have left the queue. Please leave a message"));
}

#[test]
fn in_vain_there_is_no_waiting_on_and_a_withheld_number_is_not_called() {
    let mut desk = Desk::arrive(Plan {
        levels: vec![],
        last_resort: None,
        ..plan(with_callbacks())
    });
    assert_eq!(
        desk.hears(CALLER),
        "There is nobody on call at the moment. To be called back on plus 6 1 4 9 1 5 7 5 0 0 0, press 1. \
         To be called back on another number, press 2. To leave a message, press 3."
    );
    desk.call.from = None;
    assert_eq!(
        desk.hears(CALLER),
        "There is nobody on call at the moment. To be called back, press 2. To leave a message, press 3."
    );
    types(&mut desk, "1");
    assert_eq!(desk.last, Reaction::default());
}

#[test]
fn who_wants_to_hear_the_question_again_gets_the_time_for_it() {
    let mut desk = Desk::arrive(plan(one_round()));
    desk.rings(ANA).answers(ANA);
    let (answered, mut repeats) = (desk.now, Vec::new());
    for _ in 0..4 {
        desk.presses(ANA, '3');
        assert!(desk.hears(ANA).contains("Press 1"));
        repeats.push((desk.call.leg(ANA).unwrap().deadline.unwrap() - answered).num_milliseconds());
    }
    // 25 s to accept and 8 s for the last words, and half of 25 s for each of three repetitions.
    assert_eq!(repeats, [45_500, 58_000, 70_500, 70_500]);
}
