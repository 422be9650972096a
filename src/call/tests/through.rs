//! Hand-worked: a responder dials the hotline and is put through to the caller of before, and every way in which that can fail.

use super::*;
use crate::call::{Offer, OfferAnswer, Through};

const TO: u32 = 156;

fn through() -> Through {
    Through {
        number: number(TO),
        talked_in: CallId(uuid::Uuid::from_u128(7)),
        at: "13:40".into(),
    }
}

fn rules() -> Rules {
    Rules {
        relay_minutes: 30,
        callbacks: callbacks(),
        ..one_round()
    }
}

impl Desk {
    /// Ana has talked with the caller at 13:40 in Melbourne, dials at 14:00 and presses 1.
    pub(super) fn put_through(rules: Rules, engaged: &[u32]) -> Self {
        let now = Utc.with_ymd_and_hms(2026, 3, 7, 3, 0, 0).unwrap();
        let (engaged, away): (BTreeSet<Phone>, _) = (engaged.iter().map(|n| number(*n)).collect(), BTreeMap::new());
        let world = World::new(now, &engaged, &away);
        let ana = person("Ana", 1);
        let plan = Plan::of_one(HotlineName("lab".into()), ana.clone(), "talked with the caller at 13:40", rules);
        let line = Self::line(ANA);
        let (call, last) = Call::put_through(CallId(uuid::Uuid::nil()), through(), plan, (ana, line), &world);
        Self {
            call,
            now,
            engaged,
            away,
            last,
        }
    }

    fn ana_waits() -> Self {
        let mut desk = Self::put_through(rules(), &[]);
        desk.after(1, Event::Joined { leg: ANA });
        desk
    }
}

fn ends(leg: LegId) -> Event {
    Event::Ended {
        leg,
        how: Ending::Completed,
    }
}

#[test]
fn the_caller_is_rung_and_nobody_else_and_both_are_in_the_room() {
    let mut desk = Desk::put_through(rules(), &[]);
    assert_eq!(
        desk.told(),
        [
            "A call for hotline lab from +61…001.",
            "Ana wants to be put through to +61…156: they talked at 13:40.",
            "Now ringing the caller on +61…156.",
        ]
    );
    assert_eq!(desk.dialled(), [(0, "+61491570156")]);
    assert_eq!(desk.call.came_in_on(), ANA);
    assert_eq!(desk.call.line(ANA), Some(&Desk::line(ANA)));
    assert_eq!(desk.call.engages(), [(ANA, number(1)), (CALLER, number(TO))]);
    assert_eq!(desk.hears(ANA), "", "who hangs up before the room is not told of");
    assert!(matches!(desk.call.script(ANA), Script::Join { .. }));
    desk.after(1, Event::Joined { leg: ANA });
    assert!(desk.call.may_wait(ANA));
    assert_eq!(
        desk.call.waiting_words(ANA),
        "The caller's phone is ringing. Please stay on the line."
    );
    desk.rings(CALLER).answers(CALLER);
    assert_eq!(
        desk.hears(CALLER),
        "This is the hotline lab. The person with whom you spoke at 13:40 is calling. You are being connected."
    );
    desk.after(4, Event::Joined { leg: CALLER });
    assert_eq!(desk.told(), ["The caller and Ana are connected."]);
}

/// From the end of this talk on texts are passed on anew, and it is she who is the responder.
#[test]
fn a_talk_opens_the_relay_anew() {
    for (who_hangs_up, other, words) in [
        (ANA, CALLER, "The conversation is over. Goodbye."),
        (CALLER, ANA, "The caller has left the call. Goodbye."),
    ] {
        let mut desk = Desk::ana_waits();
        desk.rings(CALLER).answers(CALLER).after(4, Event::Joined { leg: CALLER });
        let since = desk.now;
        desk.after(60, ends(who_hangs_up));
        assert_eq!(desk.call.outcome(), Some(Outcome::PutThrough));
        let opened = Fact::RelayOpened {
            name: "Ana".into(),
            responder: number(1),
            caller: number(TO),
            talked_at: since,
            minutes: 30,
        };
        assert!(desk.last.facts.contains(&opened), "{:?}", desk.last.facts);
        assert_eq!(
            desk.asks(),
            [""; 0],
            "no text, no redirection: the room closes with whoever leaves it"
        );
        assert_eq!(desk.hears(other), words);
        desk.after(5, ends(other));
        assert!(!desk.call.is_live());
    }
}

#[test]
fn she_hears_why_the_caller_is_not_there_and_that_she_can_text() {
    for (how, words) in [
        (Ending::Busy, "The caller is busy or has rejected the call."),
        (Ending::NoAnswer, "The caller does not answer."),
        (Ending::Failed, "The caller cannot be reached by telephone now."),
    ] {
        let mut desk = Desk::ana_waits();
        desk.rings(CALLER).ends(CALLER, how);
        assert_eq!(
            desk.hears(ANA),
            format!("{words} You can send a text to this number instead. Goodbye.")
        );
        assert_eq!(desk.asks(), ["redirect 1"]);
        assert_eq!(desk.call.outcome(), Some(Outcome::NotPutThrough));
        assert_eq!(
            desk.told().last().unwrap(),
            "The call is over: the responder was not put through to the caller of before."
        );
    }
    let mut desk = Desk::ana_waits();
    desk.rings(CALLER).waits();
    assert_eq!(desk.asks(), ["redirect 1", "cancel 0"]);
}

/// Whoever may not or cannot be rung now is not, and she hears so as the answer to her key.
#[test]
fn a_caller_who_is_engaged_or_abroad_is_not_rung() {
    for (desk, words) in [
        (Desk::put_through(rules(), &[TO]), "The caller is busy or has rejected the call."),
        (
            Desk::put_through(Rules::default(), &[]),
            "The caller cannot be reached by telephone now.",
        ),
    ] {
        assert_eq!(desk.asks(), [""; 0]);
        assert_eq!(
            desk.hears(ANA),
            format!("{words} You can send a text to this number instead. Goodbye.")
        );
        assert_eq!(desk.call.outcome(), Some(Outcome::NotPutThrough));
        assert!(desk.call.is_live(), "until she has hung up");
    }
}

#[test]
fn who_hangs_up_while_it_rings_has_the_ringing_stopped() {
    let mut desk = Desk::ana_waits();
    desk.rings(CALLER).after(2, ends(ANA));
    assert_eq!(desk.asks(), ["cancel 0"]);
    assert_eq!(desk.told()[0], "They have not talked: Ana has hung up before the caller was there.");
    assert_eq!(desk.call.outcome(), Some(Outcome::NotPutThrough));
    // He picks up in that very moment.
    desk.answers(CALLER);
    assert_eq!(
        desk.hears(CALLER),
        "We are sorry: the person who wanted to speak with you is gone. Goodbye."
    );
    desk.after(1, ends(CALLER));
    assert!(!desk.call.is_live());
}

/// She has hung up, and no notice says so: the caller tells that he is alone.
#[test]
fn a_caller_who_is_alone_is_not_kept() {
    let mut desk = Desk::put_through(rules(), &[]);
    desk.rings(CALLER).answers(CALLER);
    desk.after(2, Event::Joined { leg: CALLER });
    desk.after(2, Event::StillWaiting { leg: CALLER });
    assert_eq!(desk.call.outcome(), None, "she may be on her way");
    desk.after(60, Event::StillWaiting { leg: CALLER });
    assert_eq!(desk.call.outcome(), Some(Outcome::NotPutThrough));
    assert_eq!(desk.asks(), ["hang up 1", "redirect 1", "redirect 0"]);
}

#[test]
fn a_moment_together_is_no_talk() {
    let mut desk = Desk::ana_waits();
    desk.rings(CALLER)
        .answers(CALLER)
        .after(4, Event::Joined { leg: CALLER })
        .after(2, ends(CALLER));
    assert_eq!(desk.call.outcome(), Some(Outcome::NotPutThrough));
    assert_eq!(desk.told()[0], "They have not talked: they were together for a moment only.");
    let opened = desk.last.facts.iter().any(|fact| matches!(fact, Fact::RelayOpened { .. }));
    assert!(!opened, "the relay of before goes on as it is");
}

#[test]
fn the_question_comes_after_the_emergency_words() {
    let mut rules = rules();
    rules.words.emergency = Some("In danger dial 000.".into());
    let said = |earlier| Offer::new(&through(), earlier, &rules).words;
    assert_eq!(
        said(false),
        "In danger dial 000.\nPress 1 to be put through to the caller of 13:40, or stay on the line for the person on call."
    );
    assert!(said(true).contains("2 for an earlier caller"), "{}", said(true));
    let answers = [Some('1'), Some('2'), Some('9'), None].map(OfferAnswer::of);
    let expected = [
        OfferAnswer::Taken,
        OfferAnswer::Earlier,
        OfferAnswer::Declined,
        OfferAnswer::Declined,
    ];
    assert_eq!(answers, expected);
}
