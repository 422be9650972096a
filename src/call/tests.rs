//! Hand-worked calls, and properties that every sequence of events must keep.

use super::*;
use crate::roster::Responder;
use chrono::TimeZone as _;
use proptest::prelude::*;
use std::collections::BTreeMap;

mod alarm;
mod away;
mod caller;
mod doubt;
mod gate;
mod line;
mod makeshift;
mod menu;
mod ordered;
mod properties;
mod reach;
mod recording;
mod relay;
mod ringback;
mod screening;
mod talk;
mod through;
mod welcome;

fn number(last: u32) -> Phone {
    Phone::from_e164(&format!("+6149157{last:04}")).unwrap()
}

fn person(name: &str, last: u32) -> Responder {
    Responder {
        name: name.into(),
        phone: number(last),
        then: None,
    }
}

fn rung(label: &str, responders: &[(&str, u32)]) -> Rung {
    let responders = responders.iter().map(|(name, last)| person(name, *last)).collect();
    Rung {
        label: label.into(),
        responders,
        source: format!("Rota!{label}"),
        second: false,
    }
}

/// Ana first, Ben and Cy together second, Dee third, the desk as last resort.
fn plan(rules: Rules) -> Plan {
    Plan {
        hotline: HotlineName("lab".into()),
        levels: vec![
            rung("1st", &[("Ana", 1)]),
            rung("2nd", &[("Ben", 2), ("Cy", 3)]),
            rung("3rd", &[("Dee", 4)]),
        ],
        last_resort: Some(person("Desk", 9)),
        left_out: vec![],
        rules,
        welcome: Welcome::Open,
        spoke_at: None,
        arrives: None,
    }
}

fn one_round() -> Rules {
    Rules {
        rounds: 1,
        tell: vec![number(77)],
        ..Rules::default()
    }
}

/// Until 18:00 in Melbourne, told an hour ago.
fn is_away(now: DateTime<Utc>) -> Away {
    Away {
        until: Some(now + TimeDelta::hours(4)),
        shown: "2026-03-07 18:00".into(),
        told_at: now - TimeDelta::hours(1),
        by: ToldBy::Text,
    }
}

/// Whoever calls from Australia may be called back there; number 6 is our own.
fn callbacks() -> crate::roster::Callbacks {
    crate::roster::Callbacks::new(Some("AU"), BTreeSet::new(), &[number(6)])
}

/// A call in hand, with a clock and the rest of the world.
struct Desk {
    call: Call,
    now: DateTime<Utc>,
    engaged: BTreeSet<Phone>,
    away: BTreeMap<Phone, Away>,
    last: Reaction,
}

const ANA: LegId = LegId(1);
const BEN: LegId = LegId(2);
const CY: LegId = LegId(3);

impl Desk {
    fn arrive(plan: Plan) -> Self {
        Self::arrive_with(plan, &[])
    }

    fn arrive_with(plan: Plan, engaged: &[u32]) -> Self {
        Self::arrive_in(plan, engaged, &[])
    }

    fn arrive_in(plan: Plan, engaged: &[u32], away: &[u32]) -> Self {
        let now = Utc.with_ymd_and_hms(2026, 3, 7, 3, 0, 0).unwrap();
        let engaged: BTreeSet<_> = engaged.iter().map(|n| number(*n)).collect();
        let away: BTreeMap<_, _> = away.iter().map(|n| (number(*n), is_away(now))).collect();
        let world = World::new(now, &engaged, &away);
        let (call, last) = Call::arrive(CallId(uuid::Uuid::nil()), plan, Some(number(5000)), LineId("caller".into()), &world);
        Self {
            call,
            now,
            engaged,
            away,
            last,
        }
    }

    fn after(&mut self, seconds: i64, event: Event) -> &mut Self {
        self.now += TimeDelta::seconds(seconds);
        self.last = self.call.handle(&event, &World::new(self.now, &self.engaged, &self.away));
        self
    }

    fn rings(&mut self, leg: LegId) -> &mut Self {
        let line = Self::line(leg);
        self.after(0, Event::Placed { leg, line: line.clone() });
        assert_eq!(self.last, Reaction::default(), "a placed leg asks for nothing");
        self.after(1, Event::Ringing { leg, line })
    }

    fn answers(&mut self, leg: LegId) -> &mut Self {
        self.after(
            3,
            Event::Answered {
                leg,
                line: Self::line(leg),
                voice: None,
            },
        )
    }

    fn presses(&mut self, leg: LegId, key: char) -> &mut Self {
        self.after(4, Event::Key { leg, key })
    }

    fn ends(&mut self, leg: LegId, how: Ending) -> &mut Self {
        self.after(0, Event::Ended { leg, how })
    }

    fn line(leg: LegId) -> LineId {
        LineId(format!("line {leg}"))
    }

    fn hears(&self, leg: LegId) -> String {
        match self.call.script(leg) {
            Script::Wait { words, .. }
            | Script::Whisper { words, .. }
            | Script::Join { words, .. }
            | Script::Aside { words, .. }
            | Script::Ask { words }
            | Script::TakeMessage { question: None, words, .. }
            | Script::TakeMessage {
                question: Some(Question { words, .. }),
                ..
            }
            | Script::Goodbye { words } => words,
            Script::Reject => "(not answered)".to_owned(),
        }
    }

    /// Lets the deadline come.
    fn waits(&mut self) -> &mut Self {
        let deadline = self.call.deadline().expect("a live call has a deadline");
        self.now = self.now.max(deadline);
        self.after(0, Event::Tick)
    }
}

#[test]
fn the_first_declines_the_seconds_do_not_take_it_the_third_presses_one() {
    let mut desk = Desk::arrive(plan(one_round()));
    assert_eq!(desk.dialled(), [(1, "+61491570001")]);
    assert!(matches!(desk.call.script(CALLER), Script::Wait { .. }));
    assert!(desk.call.waiting_words(CALLER).contains("first person on call"));

    desk.rings(ANA).answers(ANA);
    assert!(desk.hears(ANA).contains("You are first on call. Press 1"), "{}", desk.hears(ANA));
    assert!(desk.hears(ANA).contains("plus 6 1 4 9 1 5 7 5 0 0 0"), "{}", desk.hears(ANA));
    desk.presses(ANA, '2');
    assert_eq!(
        desk.dialled(),
        [(2, "+61491570002"), (3, "+61491570003")],
        "the second level rings together"
    );
    assert_eq!(desk.hears(ANA), "Thank you. The next one on call is rung. Goodbye.");
    desk.ends(ANA, Ending::Completed);
    assert_eq!(desk.asks(), [""; 0]);

    desk.rings(BEN).rings(CY).ends(CY, Ending::Busy);
    assert_eq!(desk.asks(), [""; 0], "Ben still rings");
    desk.answers(BEN).after(
        12,
        Event::Ended {
            leg: BEN,
            how: Ending::Completed,
        },
    );
    assert!(
        desk.last
            .facts
            .iter()
            .any(|fact| fact.to_string() == "Ben picked up and hung up without accepting (perhaps voicemail).")
    );
    let dee = LegId(4);
    assert_eq!(desk.dialled(), [(4, "+61491570004")]);

    desk.rings(dee).answers(dee).presses(dee, '1');
    assert_eq!(desk.asks(), [""; 0], "joining needs no command at all");
    assert!(matches!(desk.call.script(dee), Script::Join { .. }));
    desk.after(1, Event::Joined { leg: dee });
    assert_eq!(desk.last.facts, [Fact::Connected { name: "Dee".into() }]);
    desk.after(
        60,
        Event::Ended {
            leg: CALLER,
            how: Ending::Completed,
        },
    );
    assert_eq!(desk.call.outcome(), Some(Outcome::Served));
    assert_eq!(
        desk.asks(),
        [""; 0],
        "the room closes with the caller; nobody is told of a call that was served"
    );
    desk.ends(dee, Ending::Completed);
    assert!(!desk.call.is_live());
    assert_eq!(desk.call.deadline(), None);
}

#[test]
fn every_way_of_not_answering_goes_on_at_once() {
    for how in [
        Ending::Busy,
        Ending::NoAnswer,
        Ending::Failed,
        Ending::Canceled,
        Ending::Completed,
        Ending::Gone,
    ] {
        let mut desk = Desk::arrive(plan(one_round()));
        desk.rings(ANA).ends(ANA, how);
        assert_eq!(desk.asks(), ["dial 2", "dial 3"], "{how:?}");
        desk.ends(ANA, how);
        assert_eq!(desk.last, Reaction::default(), "the same twice changes nothing");
    }
}

#[test]
fn of_two_who_accept_the_second_is_told_who_has_it_and_released() {
    let mut desk = Desk::arrive(plan(one_round()));
    desk.rings(ANA).ends(ANA, Ending::NoAnswer);
    desk.rings(BEN).rings(CY).answers(BEN).answers(CY).presses(CY, '1');
    assert_eq!(desk.asks(), ["redirect 2"]);
    desk.presses(BEN, '1');
    assert_eq!(desk.last, Reaction::default());
    assert_eq!(desk.hears(BEN), "Cy has already taken this call. Goodbye.");
    assert!(matches!(desk.call.script(CY), Script::Join { .. }));
}

#[test]
fn whoever_still_rings_when_somebody_accepts_is_cancelled_and_hears_why_if_he_was_quicker() {
    let mut desk = Desk::arrive(plan(one_round()));
    desk.rings(ANA).ends(ANA, Ending::NoAnswer);
    desk.rings(BEN).rings(CY).answers(BEN).presses(BEN, '1');
    assert_eq!(desk.asks(), ["cancel 3"]);
    desk.answers(CY);
    assert_eq!(desk.last, Reaction::default());
    assert_eq!(desk.hears(CY), "Ben has already taken this call. Goodbye.");
}

#[test]
fn a_wrong_key_asks_again() {
    let mut desk = Desk::arrive(plan(one_round()));
    desk.rings(ANA).answers(ANA);
    let asked = desk.hears(ANA);
    desk.presses(ANA, '7');
    assert_eq!(desk.last, Reaction::default());
    assert_eq!(desk.hears(ANA), asked);
    desk.presses(ANA, '1');
    assert!(matches!(desk.call.script(ANA), Script::Join { .. }));
}

#[test]
fn who_answers_and_presses_nothing_is_given_up_in_time() {
    let mut desk = Desk::arrive(plan(one_round()));
    desk.rings(ANA).answers(ANA);
    let answered = desk.now;
    desk.waits();
    assert_eq!((desk.now - answered).num_seconds(), 25 + 8);
    assert_eq!(desk.asks(), ["hang up 1", "dial 2", "dial 3"]);
}

#[test]
fn own_ring_deadlines_need_no_callback() {
    let mut desk = Desk::arrive(plan(one_round()));
    desk.rings(ANA);
    let rang = desk.now;
    desk.waits();
    assert_eq!((desk.now - rang).num_seconds(), 20 + 2);
    assert_eq!(desk.asks(), ["cancel 1", "dial 2", "dial 3"]);
}

#[test]
fn a_second_round_leaves_out_who_declined_or_cannot_be_dialled() {
    let mut desk = Desk::arrive(plan(Rules { rounds: 2, ..one_round() }));
    desk.rings(ANA).answers(ANA).presses(ANA, '2').ends(ANA, Ending::Completed);
    let wrong = Refusal {
        code: Some(21_217),
        message: "not a valid phone number".into(),
        permanent: true,
    };
    desk.after(0, Event::Refused { leg: BEN, why: wrong });
    assert_eq!(
        desk.last.facts[0].to_string(),
        "Ben could not be dialled: not a valid phone number (code 21217)."
    );
    desk.rings(CY).ends(CY, Ending::NoAnswer);
    desk.rings(LegId(4)).ends(LegId(4), Ending::Busy);
    assert_eq!(desk.dialled(), [(5, "+61491570003")], "only Cy of the second level, in round two");
    desk.rings(LegId(5)).ends(LegId(5), Ending::NoAnswer);
    assert_eq!(desk.dialled(), [(6, "+61491570004")]);
    desk.rings(LegId(6)).ends(LegId(6), Ending::NoAnswer);
    assert_eq!(desk.dialled(), [(7, "+61491570009")], "then the last resort");
    desk.rings(LegId(7)).ends(LegId(7), Ending::NoAnswer);
    assert_eq!(desk.asks(), ["redirect 0"]);
    assert!(
        desk.hears(CALLER)
            .starts_with("We are sorry: nobody could take your call. Please leave a message")
    );
}

#[test]
fn nobody_on_call_rings_the_last_resort_at_once() {
    let mut desk = Desk::arrive(Plan {
        levels: vec![],
        ..plan(one_round())
    });
    assert_eq!(desk.dialled(), [(1, "+61491570009")]);
    desk.rings(ANA).answers(ANA);
    assert!(
        desk.hears(ANA)
            .contains("You are the last resort, because nobody on call has accepted.")
    );
    desk.presses(ANA, '1');
    assert!(matches!(desk.call.script(ANA), Script::Join { .. }));
}

#[test]
fn a_responder_lost_on_the_way_into_the_room_does_not_end_the_search() {
    let mut desk = Desk::arrive(plan(one_round()));
    desk.rings(ANA).answers(ANA).presses(ANA, '1').ends(ANA, Ending::Completed);
    assert_eq!(desk.dialled(), [(2, "+61491570002"), (3, "+61491570003")]);
}

#[test]
fn the_cap_on_waiting_lets_the_one_who_is_being_asked_finish() {
    let mut desk = Desk::arrive(plan(Rules {
        max_wait_seconds: 30,
        ring_seconds: 60,
        ..one_round()
    }));
    desk.rings(ANA).ends(ANA, Ending::Busy);
    desk.rings(BEN).rings(CY).answers(BEN);
    desk.now = desk.call.arrived_at() + TimeDelta::seconds(30);
    desk.after(0, Event::Tick);
    assert_eq!(desk.asks(), ["cancel 3"], "Cy stops ringing; Ben is listening to the question");
    desk.presses(BEN, '2');
    assert_eq!(desk.dialled(), [(4, "+61491570009")], "then the last resort, not the third level");
}

#[test]
fn who_is_left_out_of_the_plan_is_named_in_a_sentence() {
    let left_out = |name: &str, reason| LeftOut { name: name.into(), reason };
    let desk = Desk::arrive(Plan {
        left_out: vec![
            left_out("Eve", LeftOutReason::RungEarlier),
            left_out("Fay", LeftOutReason::IsTheCaller),
        ],
        ..plan(one_round())
    });
    let told: Vec<String> = desk.last.facts.iter().map(ToString::to_string).collect();
    assert_eq!(
        told[1..3],
        [
            "Eve is not rung: an earlier level rings the same number already.",
            "Fay is not rung: the call comes from this number.",
        ]
    );
}

#[test]
fn who_is_on_another_call_is_passed_over_and_rung_when_free() {
    let desk = Desk::arrive_with(plan(one_round()), &[1]);
    assert_eq!(
        desk.dialled(),
        [(1, "+61491570002"), (2, "+61491570003")],
        "an empty level costs no time"
    );
    assert!(
        desk.last
            .facts
            .iter()
            .any(|fact| fact.to_string() == "Ana is not rung: already on another call of the hotline.")
    );

    let mut desk = Desk::arrive_with(plan(one_round()), &[1, 2, 3, 4]);
    assert_eq!(desk.asks(), [""; 0]);
    assert!(
        desk.call
            .waiting_words(CALLER)
            .starts_with("Everybody on call is talking to other callers.")
    );
    desk.waits();
    assert_eq!(desk.asks(), [""; 0]);
    assert_eq!(desk.last.facts, [], "the story says it once");
    desk.engaged.clear();
    desk.waits();
    assert_eq!((desk.now - desk.call.arrived_at()).num_seconds(), 30, "where nobody tells");
    assert_eq!(desk.asks(), ["dial 1"]);
}

#[test]
fn an_order_with_an_unknown_outcome_is_looked_up_and_never_repeated() {
    let mut desk = Desk::arrive(plan(one_round()));
    desk.after(2, Event::Unsure { leg: ANA });
    assert_eq!(desk.asks(), ["find 1"]);
    desk.after(
        1,
        Event::Ringing {
            leg: ANA,
            line: Desk::line(ANA),
        },
    );
    assert_eq!(
        desk.last.facts,
        [Fact::Rings {
            leg: ANA,
            name: "Ana".into()
        }],
        "the callback carries the leg"
    );

    let mut desk = Desk::arrive(plan(one_round()));
    desk.after(2, Event::Unsure { leg: ANA });
    let never = Refusal {
        code: None,
        message: "the order never arrived".into(),
        permanent: false,
    };
    desk.after(2, Event::Refused { leg: ANA, why: never });
    assert_eq!(desk.asks(), ["dial 2", "dial 3"], "the next level, and not Ana again in this round");
}
