//! Talks with a key: star, what then, who comes, who goes, and what is lost on the way.

use super::*;

fn with_key() -> Rules {
    Rules {
        bring_in_key: true,
        ..one_round()
    }
}

/// Ana has been with the caller for a minute.
fn talking() -> Desk {
    talking_in(plan(with_key()))
}

fn talking_in(plan: Plan) -> Desk {
    let mut desk = Desk::arrive(plan);
    desk.rings(ANA).answers(ANA).presses(ANA, '1').after(1, Event::Joined { leg: ANA });
    desk.after(60, Event::Tick);
    desk
}

/// Ana has pressed star: the caller waits in the next room, she is asked.
pub(super) fn aside() -> Desk {
    let mut desk = talking();
    desk.after(0, Event::LeftRoom { leg: ANA });
    assert_eq!(desk.asks(), [""; 0]);
    desk.after(0, Event::LeftRoom { leg: CALLER });
    assert_eq!(desk.last, Reaction::default());
    desk.after(1, Event::Joined { leg: CALLER });
    desk
}

/// She has asked for the next one, and talks with the caller again.
fn asked() -> Desk {
    let mut desk = aside();
    desk.presses(ANA, '2');
    assert_eq!(desk.asks(), ["dial 2", "dial 3"]);
    desk.after(1, Event::Joined { leg: ANA });
    desk
}

/// Ben has come.
pub(super) fn three() -> Desk {
    let mut desk = asked();
    desk.rings(BEN).answers(BEN).presses(BEN, '1');
    assert_eq!(desk.asks(), ["withdraw 3"]);
    desk.after(1, Event::Joined { leg: BEN });
    assert_eq!(told(&desk), ["Ben joins the caller and those who are with him."]);
    desk
}

fn told(desk: &Desk) -> Vec<String> {
    desk.last.facts.iter().map(ToString::to_string).collect()
}

fn waits_for_the_others(desk: &Desk) -> bool {
    matches!(desk.call.script(CALLER), Script::Wait { star: false, words, .. } if words == "One moment, please.")
        && desk.call.waiting_words(CALLER) == "Please stay on the line."
        && !desk.call.may_wait(CALLER)
}

fn stay_of(desk: &Desk, leg: LegId) -> Stay {
    match desk.call.script(leg) {
        Script::Join { stay, .. } | Script::Aside { stay, .. } => stay,
        other @ (Script::Wait { .. }
        | Script::Whisper { .. }
        | Script::Ask { .. }
        | Script::TakeMessage { .. }
        | Script::Reject
        | Script::Goodbye { .. }) => panic!("{other:?}"),
    }
}

const CHOICE: &str = "The caller is waiting. To bring in the next person on call, press 2. To go back to the caller, press 1.";

#[test]
fn without_the_key_nothing_is_different() {
    let mut desk = talking_in(plan(one_round()));
    assert!(!stay_of(&desk, ANA).star);
    assert!(matches!(desk.call.script(CALLER), Script::Wait { star: true, .. }));
    desk.after(0, Event::LeftRoom { leg: CALLER });
    assert!(desk.hears(CALLER).starts_with("Ana has left the call."));
    assert_eq!(desk.hears(ANA), "The caller has left the call. Goodbye.");
}

#[test]
fn in_whichever_order_they_ask_she_is_asked_and_the_caller_waits() {
    for order in [[ANA, CALLER], [CALLER, ANA]] {
        let mut desk = talking();
        assert!(stay_of(&desk, ANA).star);
        for leg in order {
            desk.after(0, Event::LeftRoom { leg });
            assert_eq!(desk.asks(), [""; 0], "no request is needed");
        }
        assert_eq!(desk.hears(ANA), CHOICE);
        assert!(matches!(desk.call.script(ANA), Script::Aside { then, .. } if then == "You are going back to the caller."));
        assert!(waits_for_the_others(&desk));
        // Told again, it is the same.
        for leg in order {
            desk.after(1, Event::LeftRoom { leg });
            assert_eq!(desk.last, Reaction::default());
        }
        assert_eq!(desk.hears(ANA), CHOICE);
    }
}

#[test]
fn on_1_or_in_silence_they_talk_on() {
    let mut desk = aside();
    desk.presses(ANA, '1');
    assert_eq!(desk.hears(ANA), "You are going back to the caller.");
    assert_eq!(
        stay_of(&desk, ANA),
        Stay {
            max_seconds: 10_800,
            star: true,
            tone: true
        }
    );
    desk.after(1, Event::Joined { leg: ANA });
    assert_eq!(told(&desk), ["The caller and Ana are connected."]);
    // In silence there is no key, only her coming.
    let mut desk = aside();
    desk.after(20, Event::Joined { leg: ANA });
    assert_eq!(told(&desk), ["The caller and Ana are connected."]);
    // Nothing is told: they are together all the same.
    let mut desk = aside();
    desk.waits().waits();
    assert_eq!(told(&desk), ["The caller and Ana are connected."]);
    desk.ends(CALLER, Ending::Completed);
    assert_eq!(desk.call.outcome(), Some(Outcome::Served));
}

#[test]
fn star_is_told_before_that_she_had_come_in() {
    let mut desk = Desk::arrive(plan(with_key()));
    desk.rings(ANA).answers(ANA).presses(ANA, '1');
    desk.after(3, Event::LeftRoom { leg: ANA });
    assert_eq!(desk.hears(ANA), CHOICE);
    desk.presses(ANA, '2');
    assert_eq!(desk.asks(), ["dial 2", "dial 3"]);
    assert_eq!(
        desk.hears(ANA),
        "The next person on call is being rung. You are going back to the caller."
    );
}

#[test]
fn another_key_asks_again() {
    let mut desk = aside();
    for key in ['*', '5'] {
        desk.presses(ANA, key);
        assert_eq!((desk.last.clone(), desk.hears(ANA)), (Reaction::default(), CHOICE.to_owned()));
    }
    desk.presses(ANA, '2');
    assert_eq!(desk.asks(), ["dial 2", "dial 3"]);
}

#[test]
fn she_hangs_up_and_the_caller_is_asked() {
    // Her end is told first: the caller comes to the question by himself.
    let mut desk = talking();
    desk.ends(ANA, Ending::Completed);
    assert_eq!(desk.asks(), [""; 0]);
    desk.after(0, Event::LeftRoom { leg: CALLER });
    assert!(desk.hears(CALLER).starts_with("Ana has left the call."));
    // The caller's leaving is told first: he waits in the next room already, and is fetched from there.
    let mut desk = talking();
    desk.after(0, Event::LeftRoom { leg: CALLER });
    assert!(waits_for_the_others(&desk));
    desk.ends(ANA, Ending::Completed);
    assert_eq!(desk.asks(), ["redirect 0"]);
    assert!(desk.hears(CALLER).starts_with("Ana has left the call."));
    // While she is asked.
    let mut desk = aside();
    desk.ends(ANA, Ending::Completed);
    assert_eq!(desk.asks(), ["redirect 0"]);
    // Her end is never told: the caller says that he is alone.
    let mut desk = aside();
    desk.after(25, Event::StillWaiting { leg: CALLER });
    assert_eq!(desk.last, Reaction::default());
    desk.after(20, Event::StillWaiting { leg: CALLER });
    assert_eq!(desk.asks(), ["hang up 1", "redirect 0"]);
    assert!(desk.hears(CALLER).starts_with("Ana has left the call."));
}

#[test]
fn the_caller_hangs_up_and_she_hears_so() {
    let mut desk = talking();
    desk.after(0, Event::LeftRoom { leg: ANA }).ends(CALLER, Ending::Completed);
    assert_eq!(desk.asks(), ["redirect 1"]);
    assert_eq!(desk.hears(ANA), "The caller has hung up. Goodbye.");
    assert_eq!(desk.call.outcome(), Some(Outcome::Served));
    // Nobody tells: she is alone in the room, and says so.
    let mut desk = talking();
    desk.after(0, Event::LeftRoom { leg: ANA });
    desk.after(20, Event::StillWaiting { leg: ANA });
    assert_eq!(desk.asks(), [""; 0], "he may be late");
    desk.after(45, Event::StillWaiting { leg: ANA });
    assert_eq!(desk.asks(), ["redirect 0"], "or elsewhere on his line");
    desk.after(21, Event::StillWaiting { leg: ANA });
    assert_eq!(desk.asks(), ["hang up 0", "redirect 1"]);
    assert_eq!(desk.call.outcome(), Some(Outcome::Served));
}

#[test]
fn a_moment_together_stays_a_moment() {
    let mut desk = Desk::arrive(plan(with_key()));
    desk.rings(ANA).answers(ANA).presses(ANA, '1').after(1, Event::Joined { leg: ANA });
    desk.after(1, Event::LeftRoom { leg: CALLER }).ends(ANA, Ending::Completed);
    assert!(desk.hears(CALLER).starts_with("Ana has left the call after a moment."));
    desk.ends(CALLER, Ending::Completed).waits();
    assert_eq!(desk.call.outcome(), Some(Outcome::CutOff));
}

#[test]
fn on_2_the_next_level_is_rung_while_they_talk_and_who_accepts_comes_in() {
    let mut desk = aside();
    desk.presses(ANA, '2');
    assert_eq!(told(&desk)[..2], ["Ana asks for the next person on call.", "Now ringing: 2nd."]);
    assert_eq!(
        desk.hears(ANA),
        "The next person on call is being rung. You are going back to the caller."
    );
    desk.presses(ANA, '2');
    assert_eq!(desk.last, Reaction::default(), "twice is once");
    desk.after(1, Event::Joined { leg: ANA }).rings(BEN).answers(BEN);
    assert_eq!(
        desk.hears(BEN),
        "This is the hotline lab. Ana is with a caller and asks for you. You are second on call. \
         Press 1 to join them, 2 to pass it on, or 3 to hear this again."
    );
    desk.presses(BEN, '1');
    assert_eq!(desk.hears(BEN), "Thank you. You are being connected.");
    assert_eq!(
        stay_of(&desk, BEN),
        Stay {
            max_seconds: 10_800,
            star: false,
            tone: true
        },
        "one has the key, and all hear who comes"
    );
    desk.after(1, Event::Joined { leg: BEN });
    assert_eq!(told(&desk), ["Ben joins the caller and those who are with him."]);
    desk.ends(CALLER, Ending::Completed);
    assert_eq!(desk.asks(), [""; 0], "both fall out of the room and hear why");
    for leg in [ANA, BEN] {
        assert_eq!(desk.hears(leg), "The caller has left the call. Goodbye.");
    }
    assert_eq!(desk.call.outcome(), Some(Outcome::Served));
}

#[test]
fn one_of_two_leaves_and_the_other_stays() {
    for (gone, stays) in [(ANA, BEN), (BEN, ANA)] {
        let mut desk = three();
        desk.ends(gone, Ending::Completed);
        assert_eq!(desk.asks(), [""; 0]);
        for leg in [CALLER, stays] {
            desk.after(0, Event::LeftRoom { leg });
        }
        assert!(waits_for_the_others(&desk));
        assert_eq!(desk.hears(stays), "You are going back to the caller.", "without a question");
        assert!(stay_of(&desk, stays).star, "who is left has the key");
        desk.after(1, Event::Joined { leg: stays });
        desk.after(60, Event::Tick).ends(stays, Ending::Completed);
        assert!(desk.hears(CALLER).contains(" has left the call."));
    }
}

#[test]
fn who_has_the_key_is_not_kept_from_the_caller_when_the_other_one_has_left() {
    let mut desk = three();
    desk.after(0, Event::LeftRoom { leg: ANA });
    assert_eq!(desk.hears(ANA), CHOICE);
    desk.ends(BEN, Ending::Completed);
    assert_eq!(desk.asks(), ["redirect 1"]);
    assert_eq!(desk.hears(ANA), "You are going back to the caller.");
}

#[test]
fn star_among_three_asks_only_who_has_the_key() {
    let mut desk = three();
    for leg in [BEN, CALLER, ANA] {
        desk.after(0, Event::LeftRoom { leg });
    }
    assert_eq!(desk.hears(ANA), CHOICE);
    assert_eq!(desk.hears(BEN), "You are going back to the caller.");
    desk.after(1, Event::Joined { leg: BEN });
    assert_eq!(told(&desk), ["The caller and Ben are connected."]);
    desk.presses(ANA, '2');
    assert_eq!(desk.dialled(), [(4, number(4).address())], "Dee is third on call");
    desk.after(1, Event::Joined { leg: ANA });
    assert_eq!(told(&desk), ["Ana joins the caller and those who are with him."]);
    let dee = LegId(4);
    desk.rings(dee).answers(dee).presses(dee, '1').after(1, Event::Joined { leg: dee });
    // Four with the caller are enough.
    desk.after(30, Event::LeftRoom { leg: ANA });
    assert_eq!(
        desk.hears(ANA),
        "There is nobody else who could be brought in. To go back to the caller, press 1."
    );
}

#[test]
fn nobody_comes_and_she_is_told_by_text() {
    let mut desk = asked();
    for leg in [BEN, CY] {
        desk.rings(leg).ends(leg, Ending::Busy);
    }
    assert_eq!(desk.dialled(), [(4, number(4).address())]);
    let (dee, last_resort) = (LegId(4), LegId(5));
    desk.rings(dee).ends(dee, Ending::NoAnswer);
    assert_eq!(desk.dialled(), [(5, number(9).address())], "the last resort comes last");
    desk.rings(last_resort).answers(last_resort).presses(last_resort, '2');
    assert_eq!(
        told(&desk).last().unwrap(),
        "Nobody else could be reached for Ana, who is still with the caller."
    );
    let texts: Vec<_> = desk
        .last
        .commands
        .iter()
        .filter(|command| matches!(command, Command::Text { .. }))
        .collect();
    assert_eq!(
        texts,
        [&Command::Text {
            number: 1,
            sender: None,
            to: number(1),
            body: "Hotline lab: nobody else could be reached. You are still with the caller. Press star to try again.".into()
        }]
    );
    // At the next star she hears it as well, and may try again: who declined is not rung.
    desk.after(5, Event::LeftRoom { leg: ANA });
    assert_eq!(desk.hears(ANA), format!("Nobody else could be reached. {CHOICE}"));
    desk.presses(ANA, '2');
    assert_eq!(desk.dialled().len(), 2);
}

#[test]
fn nobody_can_be_rung_and_she_hears_it_at_once() {
    let mut desk = aside();
    desk.engaged = [2, 3, 4].map(number).into();
    desk.call.ruled_out.insert(number(9));
    desk.presses(ANA, '2');
    assert_eq!(desk.asks(), [""; 0], "no text");
    assert_eq!(desk.hears(ANA), "Nobody else can be reached now. You are going back to the caller.");
}

#[test]
fn who_is_rung_for_a_talk_that_is_over_is_let_go() {
    let mut desk = asked();
    desk.rings(BEN).ends(ANA, Ending::Completed);
    assert_eq!(desk.asks(), ["cancel 2", "withdraw 3"]);
    assert_eq!(desk.hears(BEN), "The conversation is over. Goodbye.");
    desk.after(0, Event::LeftRoom { leg: CALLER });
    desk.presses(CALLER, '1');
    assert_eq!(desk.dialled(), [(4, number(1).address())], "the search begins anew, with Ana");
}

#[test]
fn who_accepts_and_never_comes_is_followed_by_the_next() {
    let mut desk = asked();
    desk.rings(BEN).answers(BEN).presses(BEN, '1').ends(BEN, Ending::Completed);
    assert_eq!(told(&desk)[0], "Ben was cut off before the caller could be put through.");
    assert_eq!(desk.dialled(), [(4, number(4).address())]);
    assert!(matches!(desk.call.phase, Phase::Connected { leg: ANA, .. }));
}

#[test]
fn a_talk_with_stars_is_not_longer_than_one_without() {
    let mut desk = talking();
    for _ in 0..3 {
        desk.after(3_000, Event::LeftRoom { leg: ANA });
        assert_eq!(desk.hears(ANA), CHOICE);
        desk.after(20, Event::Joined { leg: ANA });
    }
    desk.waits();
    assert_eq!(desk.asks(), ["hang up 1", "hang up 0"]);
    assert_eq!(desk.call.outcome(), Some(Outcome::Served));
}

#[test]
fn calls_of_the_build_before_are_read() {
    let desk = talking_in(plan(one_round()));
    let mut stored = serde_json::to_value(&desk.call).unwrap();
    stored.as_object_mut().unwrap().remove("talk").unwrap();
    stored["plan"]["rules"].as_object_mut().unwrap().remove("bring_in_key").unwrap();
    for leg in stored["legs"].as_array_mut().unwrap() {
        for field in ["has_met", "is_aside"] {
            leg.as_object_mut().unwrap().remove(field).unwrap();
        }
    }
    let mut call: Call = serde_json::from_value(stored).unwrap();
    call.legs[0].has_met = true;
    assert_eq!(call, desk.call);
}
