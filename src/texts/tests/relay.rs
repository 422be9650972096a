//! Texts that are passed on or ring, worked out by hand.

use super::*;

/// A talk at so many minutes before 14:00 in Melbourne.
fn talk(minutes_ago: i64, is_responders: bool) -> Relay {
    Relay {
        is_responders,
        talked_at: now() - TimeDelta::minutes(minutes_ago),
        is_others_newest: true,
    }
}

fn with(relays: &[Relay]) -> Case {
    let mut case = Case::plain();
    case.known.relays = relays.to_vec();
    case
}

fn passed_on(outcome: &Outcome) -> (usize, &str) {
    assert_eq!((&outcome.told, &outcome.answer), (&None, &None), "nothing is answered");
    let Course::PassedOn { relay, body } = &outcome.course else {
        panic!("{outcome:?}")
    };
    (*relay, body)
}

#[test]
fn each_reads_who_it_is_and_no_number() {
    let ana = with(&[talk(48, true)]).take(1, "I am\non my way");
    assert_eq!(passed_on(&ana), (0, "Hotline lab: I am on my way"));
    let caller = with(&[talk(48, false)]).take(77, "Thank you");
    assert_eq!(passed_on(&caller), (0, "Caller of 13:12: Thank you"));
    let mut second = talk(48, false);
    second.is_others_newest = false;
    let caller = with(&[second]).take(77, "Thank you");
    assert_eq!(passed_on(&caller), (0, "Caller of 13:12 (to answer, begin with 13:12): Thank you"));
}

#[test]
fn of_several_the_newest_is_meant_unless_the_text_says_when() {
    let two = with(&[talk(10, true), talk(48, true)]);
    assert_eq!(passed_on(&two.take(1, "Coming")), (0, "Hotline lab: Coming"));
    assert_eq!(passed_on(&two.take(1, "13:12 Coming")), (1, "Hotline lab: Coming"));
    assert_eq!(passed_on(&two.take(1, "13:12: Coming")), (1, "Hotline lab: Coming"));
    assert_eq!(passed_on(&two.take(1, "13:13 Coming")), (0, "Hotline lab: 13:13 Coming"));
    let one = with(&[talk(48, true)]);
    assert_eq!(passed_on(&one.take(1, "13:12 Coming")), (0, "Hotline lab: 13:12 Coming"));
}

#[test]
fn commands_stay_commands_and_the_carriers_words_are_nobodys() {
    let ana = with(&[talk(5, true)]);
    for (body, words) in [("BACK", "Welcome back"), ("status", "You are first"), ("help", "Hotline lab. Text")] {
        let outcome = ana.take(1, body);
        assert!(outcome.answer.is_some_and(|answer| answer.starts_with(words)), "{body}");
        assert_eq!(outcome.course, Course::Answered);
    }
    for body in ["STOP", "start", "Unsubscribe"] {
        assert_eq!(ana.take(1, body), Outcome::default(), "{body}");
        assert_eq!(with(&[talk(5, false)]).take(77, body), Outcome::default(), "{body}");
    }
    // A command of somebody whom the rota does not know is none.
    let caller = with(&[talk(5, false)]).take(77, "away 2h");
    assert_eq!(passed_on(&caller).1, "Caller of 13:55: away 2h");
    for body in ["HELP", "", " \n ", "\u{202e}\u{200f}"] {
        let outcome = with(&[talk(5, false)]).take(77, body);
        let words = "We can only read words. Please write what is the matter, or call +61491579999.";
        assert_eq!(
            (outcome.course, outcome.answer.as_deref()),
            (Course::Refused, Some(words)),
            "{body:?}"
        );
    }
}

#[test]
fn ten_an_hour_are_passed_on_and_that_is_said_once() {
    let mut case = with(&[talk(5, false)]);
    case.known.passed_on_lately = 9;
    assert!(matches!(case.take(77, "9").course, Course::PassedOn { .. }));
    case.known.passed_on_lately = 10;
    let outcome = case.take(77, "10");
    let words = "Your text was not passed on: no more than 10 an hour are. Please call this number instead.";
    assert_eq!((outcome.course, outcome.answer.as_deref()), (Course::Refused, Some(words)));
    case.known.refused_lately = true;
    let outcome = case.take(77, "11");
    assert_eq!((outcome.course, outcome.answer), (Course::Refused, None));
}

#[test]
fn long_ones_are_cut_and_pictures_are_named() {
    let mut case = with(&[talk(5, false)]);
    case.has_pictures = true;
    assert_eq!(
        passed_on(&case.take(77, "Look")).1,
        "Caller of 13:55: (With a picture, which is not passed on.) Look"
    );
    assert_eq!(case.take(77, "").course, Course::Refused);
    let outcome = with(&[talk(5, false)]).take(77, &"\u{1f600}".repeat(1_600));
    // "Caller of 13:55: " are 17 units; (667 - 17) / 2 = 325 emoji.
    assert_eq!(passed_on(&outcome).1, format!("Caller of 13:55: {}...", "\u{1f600}".repeat(325)));
}

fn ringing() -> Case {
    Case {
        rings: Some(30),
        ..Case::plain()
    }
}

#[test]
fn a_strangers_text_rings_and_the_next_one_belongs_to_it() {
    let body = || "The gate is stuck".to_owned();
    let outcome = ringing().take(77, " The gate\nis stuck ");
    assert_eq!((outcome.course, outcome.answer), (Course::Rings { body: body() }, None));
    let mut case = ringing();
    case.known.is_ringing = true;
    assert_eq!(case.take(77, "The gate is stuck").course, Course::Added { body: body() });
    // Whom the rota knows does not ring by a text, and a blocked number reaches nobody.
    assert_eq!(ringing().take(1, "The gate is stuck").course, Course::Answered);
    case.is_blocked = true;
    assert_eq!(case.take(77, "The gate is stuck"), Outcome::default());
}

/// Whether the carrier marks them or not: to these it has an answer of its own, and nobody is rung for one word of them.
#[test]
fn a_strangers_word_for_the_carrier_never_rings() {
    for body in ["STOP", "stop.", "Start", "UNSTOP", "Unsubscribe", "QUIT", "end", "CANCEL", "optout"] {
        assert_eq!(ringing().take(77, body), Outcome::default(), "{body}");
    }
    for body in ["HELP", "help!", " Info "] {
        for is_ringing in [false, true] {
            let mut case = ringing();
            case.known.is_ringing = is_ringing;
            let outcome = case.take(77, body);
            assert_eq!(outcome.course, Course::Refused, "{body}");
            let words = "We can only read words. Please write what is the matter, or call +61491579999.";
            assert_eq!(outcome.answer.as_deref(), Some(words));
        }
    }
    // What says what is the matter does.
    let cry = "Help, the gate is stuck";
    assert_eq!(ringing().take(77, cry).course, Course::Rings { body: cry.to_owned() });
}

#[test]
fn what_does_not_ring_is_told_so_once_an_hour() {
    let change = |change: fn(&mut Case)| {
        let mut case = ringing();
        change(&mut case);
        let outcome = case.take(77, "The gate is stuck");
        assert_eq!(outcome.course, Course::Refused);
        case.known.refused_lately = true;
        assert_eq!(case.take(77, "The gate is stuck").answer, None);
        outcome.answer.unwrap()
    };
    let many = "We have had many texts from you, so nobody is rung now. Please call +61491579999.";
    assert_eq!(change(|case| case.known.rang_lately = 3), many);
    assert_eq!(change(|case| case.known.rang_today = 6), many);
    assert_eq!(change(|case| case.known.all_rang_lately = 30), many);
    assert_eq!(
        change(|case| {
            case.known.is_ringing = true;
            case.known.passed_on_lately = 10;
        }),
        many
    );
    let empty = ringing().take(77, "");
    assert_eq!(empty.course, Course::Refused);
    assert!(empty.answer.unwrap().starts_with("We can only read words."));
}
