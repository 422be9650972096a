//! What callers meet who are not put through as usual.

use super::*;

fn own_words() -> Rules {
    Rules {
        words: OwnWords {
            emergency: Some("If a life is in danger, hang up and dial 000.".into()),
            greeting: Some("This is the lab.".into()),
            closed: Some("The lab opens at eight.".into()),
            recording: None,
        },
        ..one_round()
    }
}

fn met(welcome: Welcome, rules: Rules) -> Desk {
    Desk::arrive(plan(rules).met_with(welcome))
}

fn closed(then: WhenClosed) -> Welcome {
    Welcome::Closed {
        then,
        why: "The hotline is closed: it is Sunday.".into(),
    }
}

fn facts(desk: &Desk) -> Vec<String> {
    desk.last.facts.iter().map(ToString::to_string).collect()
}

const LEAVE: &str =
    "Please leave a message after the tone, with your name and number. It is passed on at once. When you are done, press hash or hang up.";

#[test]
fn emergency_words_come_first_and_once() {
    let mut desk = Desk::arrive(plan(own_words()));
    assert_eq!(
        desk.hears(CALLER),
        "If a life is in danger, hang up and dial 000.\nThis is the lab."
    );
    desk.after(1, Event::Joined { leg: CALLER });
    desk.after(30, Event::LeftRoom { leg: CALLER });
    assert!(!desk.hears(CALLER).contains("000"), "{}", desk.hears(CALLER));

    let nobody = Plan {
        levels: vec![],
        last_resort: None,
        ..plan(own_words())
    };
    let heard = Desk::arrive(nobody).hears(CALLER);
    let expected = format!("If a life is in danger, hang up and dial 000.\nThere is nobody on call at the moment. {LEAVE}");
    assert_eq!(heard, expected);
}

#[test]
fn emergency_words_come_first_where_the_search_is_over_before_the_room_has_spoken() {
    for (in_room, expected) in [
        (0, "If a life is in danger, hang up and dial 000.\nPlease press star to go on."),
        (60, "Please press star to go on."),
    ] {
        let mut desk = Desk::arrive(Plan {
            levels: vec![rung("1st", &[("Ana", 1)])],
            last_resort: None,
            ..plan(own_words())
        });
        desk.after(0, Event::Joined { leg: CALLER });
        desk.after(
            in_room,
            Event::Ended {
                leg: ANA,
                how: Ending::Busy,
            },
        );
        assert_eq!(desk.asks(), ["redirect 0"]);
        assert_eq!(desk.call.waiting_words(CALLER), expected, "{in_room}");
    }
}

#[test]
fn a_closed_hotline_rings_nobody_says_so_and_offers_a_message() {
    let mut desk = met(closed(WhenClosed::Message), own_words());
    assert_eq!(desk.asks(), [""; 0]);
    assert_eq!(
        facts(&desk),
        [
            "A call for hotline lab from +61…000.",
            "The hotline is closed: it is Sunday.",
            "The hotline is closed.",
            "The caller is asked for a message. The hotline is closed.",
        ]
    );
    let expected = format!("If a life is in danger, hang up and dial 000.\nThe lab opens at eight.\n{LEAVE}");
    assert_eq!(desk.hears(CALLER), expected);
    assert!(
        met(closed(WhenClosed::Message), one_round())
            .hears(CALLER)
            .starts_with("We are closed at the moment.\nPlease leave")
    );
    desk.after(
        20,
        Event::Recorded {
            recording: "RE1".into(),
            seconds: 12,
        },
    );
    assert_eq!(desk.hears(CALLER), "Thank you. Your message is recorded. Goodbye.");
    desk.ends(CALLER, Ending::Completed);
    assert_eq!(desk.asks(), ["text +61491570077"], "closed calls are told as any other");
    assert_eq!(desk.call.outcome(), Some(Outcome::Recorded));
}

#[test]
fn a_closed_hotline_may_ring_the_last_resort_alone() {
    let mut desk = met(closed(WhenClosed::LastResort), own_words());
    assert_eq!(desk.dialled(), [(1, "+61491570009")]);
    assert_eq!(
        desk.hears(CALLER),
        "If a life is in danger, hang up and dial 000.\nThe lab opens at eight."
    );
    assert!(
        desk.call
            .waiting_words(CALLER)
            .starts_with("We are ringing somebody who can help you further.")
    );
    desk.after(1, Event::Joined { leg: CALLER });
    desk.rings(ANA).after(25, Event::StillWaiting { leg: CALLER });
    desk.ends(ANA, Ending::Busy);
    assert_eq!(desk.hears(CALLER), format!("We are sorry: nobody could take your call. {LEAVE}"));
}

#[test]
fn a_closed_hotline_may_ring_as_ever_and_only_say_so() {
    let desk = met(closed(WhenClosed::Ring), own_words());
    assert_eq!(desk.dialled(), [(1, "+61491570001")]);
    let expected = "If a life is in danger, hang up and dial 000.\nThe lab opens at eight.\nThis is the lab.";
    assert_eq!(desk.hears(CALLER), expected);
}

#[test]
fn who_calls_too_often_can_leave_a_message() {
    let welcome = Welcome::TooManyCalls {
        why: "Nobody is rung: 20 calls.".into(),
    };
    let mut desk = met(welcome, own_words());
    assert_eq!(desk.asks(), [""; 0]);
    let expected = format!(
        "If a life is in danger, hang up and dial 000.\nWe have had many calls from you within the last hour, so nobody is rung now. {LEAVE}"
    );
    assert_eq!(desk.hears(CALLER), expected);
    desk.ends(CALLER, Ending::Completed).waits();
    assert_eq!(desk.call.outcome(), Some(Outcome::NoMessage));
}

fn refused(hears: Rebuff) -> Desk {
    let why = "The caller is turned away: by the entry +4930*.".to_owned();
    met(Welcome::Refused { hears, why }, own_words())
}

#[test]
fn who_is_turned_away_hears_one_sentence_and_nobody_is_told() {
    let mut desk = refused(Rebuff::Sentence);
    let expected = "If a life is in danger, hang up and dial 000.\nWe cannot take your call. Goodbye.";
    assert_eq!(desk.hears(CALLER), expected);
    for event in [
        Event::Key { leg: CALLER, key: '1' },
        Event::LeftRoom { leg: CALLER },
        Event::StillWaiting { leg: CALLER },
        Event::Recorded {
            recording: "RE1".into(),
            seconds: 9,
        },
    ] {
        desk.after(1, event);
        assert_eq!(desk.hears(CALLER), expected);
        assert_eq!(desk.dialled(), []);
    }
    desk.ends(CALLER, Ending::Completed);
    assert_eq!(desk.asks(), [""; 0]);
    assert_eq!(facts(&desk), ["The call is over: the caller was turned away."]);
    assert!(!desk.call.is_live());
}

#[test]
fn who_is_turned_away_may_learn_how_to_be_let_in_or_not_be_answered() {
    assert!(
        refused(Rebuff::HowToShowTheNumber)
            .hears(CALLER)
            .contains("Please show your number")
    );
    let mut desk = refused(Rebuff::Nothing);
    assert_eq!(desk.call.script(CALLER), Script::Reject);
    // Its end is perhaps never told.
    desk.waits();
    assert_eq!(desk.asks(), ["hang up 0"]);
    desk.waits();
    assert_eq!((desk.call.outcome(), desk.call.is_live()), (Some(Outcome::Refused), false));
}

/// Long words of the operator are heard to their end before anybody is hung up.
#[test]
fn long_words_have_their_time() {
    let mut rules = own_words();
    rules.words.emergency = Some("a".repeat(1_000));
    let patience = |rules: Rules| {
        let desk = met(closed(WhenClosed::Message), rules);
        (desk.call.deadline().unwrap() - desk.now).num_seconds()
    };
    // 1000 characters at 8 a second, and 23 of the words for closed hotlines: three seconds.
    assert_eq!(patience(rules) - patience(one_round()), 125 + 3);
}

#[test]
fn who_comes_into_a_crowd_hears_the_emergency_words_first_and_may_leave_a_message() {
    let words = OwnWords {
        emergency: Some("In an emergency hang up and call 000.".into()),
        ..OwnWords::default()
    };
    let rules = Rules { words, ..one_round() };
    let crowded = Welcome::Crowded { why: "It is full.".into() };
    let desk = Desk::arrive(plan(rules.clone()).met_with(crowded));
    assert_eq!(desk.dialled(), []);
    let words = desk.hears(CALLER);
    let first = "In an emergency hang up and call 000.\nWe are very busy now: all our lines are taken. Please leave a message";
    assert!(words.starts_with(first), "{words}");

    let full = Welcome::Refused {
        hears: Rebuff::CallAgain,
        why: "It is full.".into(),
    };
    let desk = Desk::arrive(plan(rules).met_with(full));
    assert_eq!(
        desk.hears(CALLER),
        "In an emergency hang up and call 000.\nWe are very busy now: all our lines are taken. Please call again in a few minutes. Goodbye."
    );
}
