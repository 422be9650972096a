//! Hand-worked: texts after a talk, the same responder first, and strangers whose texts ring.

use super::*;
use crate::call::{Acquaintance, Stranger, Undelivered};

const STRANGER: u32 = 6_000;

fn relaying() -> Rules {
    Rules {
        relay_minutes: 30,
        ..one_round()
    }
}

/// Ana takes the call and talks for a minute.
fn talked(rules: Rules) -> Desk {
    let mut desk = Desk::arrive(plan(rules));
    desk.rings(ANA)
        .answers(ANA)
        .presses(ANA, '1')
        .after(1, Event::Joined { leg: ANA })
        .after(60, caller_hangs_up());
    desk
}

const fn caller_hangs_up() -> Event {
    Event::Ended {
        leg: CALLER,
        how: Ending::Completed,
    }
}

fn opened(desk: &Desk) -> Vec<&Fact> {
    let facts = desk.last.facts.iter();
    facts.filter(|fact| matches!(fact, Fact::RelayOpened { .. })).collect()
}

impl Desk {
    pub(super) fn stranger_texts(plan: Plan) -> Self {
        let now = Utc.with_ymd_and_hms(2026, 3, 7, 3, 0, 0).unwrap();
        let (engaged, away) = (BTreeSet::new(), BTreeMap::new());
        let world = World::new(now, &engaged, &away);
        let (call, last) = Call::texted(CallId(uuid::Uuid::nil()), plan, stranger(), &world);
        Self {
            call,
            now,
            engaged,
            away,
            last,
        }
    }
}

pub(super) fn stranger() -> Stranger {
    Stranger {
        from: number(STRANGER),
        to: number(6),
        texts: vec!["The gate is stuck".into()],
    }
}

#[test]
fn after_a_talk_the_two_may_text_each_other() {
    let desk = talked(relaying());
    // Rung at 0, ringing 1, picked up 4, 1 pressed 8, in the room 9.
    let expected = Fact::RelayOpened {
        name: "Ana".into(),
        responder: number(1),
        caller: number(5_000),
        talked_at: Utc.with_ymd_and_hms(2026, 3, 7, 3, 0, 9).unwrap(),
        minutes: 30,
    };
    assert_eq!(opened(&desk), [&expected]);
    assert_eq!(opened(&talked(one_round())), [] as [&Fact; 0], "0 is off");
    let mut behind = plan(relaying());
    behind.levels[0].responders[0].phone = number(1).with_extension("12").unwrap();
    let mut desk = Desk::arrive(behind);
    desk.rings(ANA).answers(ANA).presses(ANA, '1').after(1, Event::Joined { leg: ANA });
    desk.after(60, caller_hangs_up());
    assert_eq!(opened(&desk), [] as [&Fact; 0], "a switchboard reads no texts");
}

#[test]
fn a_moment_together_or_a_message_opens_nothing() {
    let mut desk = Desk::arrive(plan(relaying()));
    desk.rings(ANA).answers(ANA).presses(ANA, '1').after(1, Event::Joined { leg: ANA });
    desk.after(2, caller_hangs_up());
    assert_eq!((desk.call.outcome(), opened(&desk)), (Some(Outcome::CutOff), vec![]));
    let mut desk = Desk::arrive(plan(relaying()));
    desk.after(3, caller_hangs_up());
    assert_eq!(opened(&desk), [] as [&Fact; 0]);
}

/// The last one with whom he talked counts.
#[test]
fn of_two_talks_in_one_call_the_second_counts() {
    let mut desk = Desk::arrive(plan(relaying()));
    desk.rings(ANA).answers(ANA).presses(ANA, '1').after(1, Event::Joined { leg: ANA });
    desk.after(
        30,
        Event::Ended {
            leg: ANA,
            how: Ending::Completed,
        },
    );
    desk.presses(CALLER, '1');
    assert_eq!(desk.asks(), ["dial 2"]);
    desk.rings(BEN).ends(BEN, Ending::NoAnswer);
    desk.rings(CY).answers(CY).presses(CY, '1').after(1, Event::Joined { leg: CY });
    desk.after(30, caller_hangs_up());
    let Fact::RelayOpened { name, .. } = opened(&desk)[0] else {
        panic!()
    };
    assert_eq!(name, "Ben", "leg 3 rings Ben");
}

#[test]
fn what_is_passed_on_belongs_to_the_call_that_is_over() {
    let mut desk = talked(relaying());
    desk.ends(ANA, Ending::Completed);
    assert!(!desk.call.is_live());
    let from_ana = Event::PassOn {
        from: number(1),
        to: number(5_000),
        body: "Hotline lab: On my way".into(),
    };
    desk.after(60, from_ana.clone());
    assert_eq!(desk.texts(), [("+61491575000", "Hotline lab: On my way")]);
    assert!(!desk.call.is_live());
    let keys = |desk: &Desk| -> Vec<u16> {
        let number = |command: &Command| {
            if let Command::Text { number, .. } = command {
                Some(*number)
            } else {
                None
            }
        };
        desk.last.commands.iter().filter_map(number).collect()
    };
    assert_eq!(keys(&desk), [1]);
    desk.after(1, from_ana);
    assert_eq!(keys(&desk), [2], "each has a key of its own");
}

#[test]
fn who_wrote_what_was_not_sent_is_told_and_of_good_reasons_once() {
    let mut desk = talked(relaying());
    let lost = |permanent| {
        Event::NotTexted(Undelivered {
            from: number(5_000),
            to: number(1),
            code: None,
            why: "no".into(),
            permanent,
        })
    };
    desk.after(1, lost(false));
    assert_eq!(
        desk.texts(),
        [(
            "+61491575000",
            "Hotline lab: your text may not have arrived. If it is urgent, please call this number."
        )]
    );
    assert_eq!(desk.told(), ["The text to +61…001 could not be sent: no."]);
    let senders = desk
        .last
        .commands
        .iter()
        .all(|command| matches!(command, Command::Text { sender: None, .. }));
    assert!(senders, "nothing follows from the loss of such a word");
    desk.after(1, lost(true));
    assert_eq!(
        desk.texts(),
        [(
            "+61491575000",
            "Hotline lab: your texts do not reach the other side. If it is urgent, please call this number."
        )]
    );
    desk.after(1, lost(true));
    assert_eq!((desk.texts(), desk.told().len()), (vec![], 1));
}

#[test]
fn who_spoke_with_the_caller_is_rung_first_and_then_the_plan() {
    let cy = Acquaintance {
        who: person("Cy", 3),
        at: "03:12".into(),
    };
    let mut desk = Desk::arrive(plan(one_round()).beginning_with(cy.clone()));
    assert_eq!(desk.dialled(), [(1, "+61491570003")]);
    assert!(
        desk.told()
            .contains(&"Dialling Cy on +61…003 (spoke with the caller at 03:12).".to_owned()),
        "{:?}",
        desk.told()
    );
    assert!(
        desk.call
            .waiting_words(CALLER)
            .starts_with("We are ringing the person with whom you have spoken.")
    );
    desk.rings(LegId(1)).answers(LegId(1));
    assert_eq!(
        desk.hears(LegId(1)),
        "This is the hotline lab: the caller with whom you spoke at 03:12 is calling again. Press 1 to take the call, 2 to pass it on, or 3 to hear this again."
    );
    desk.presses(LegId(1), '2');
    assert_eq!(desk.dialled(), [(2, "+61491570001")], "Ana, as ever");
    desk.rings(LegId(2)).answers(LegId(2));
    assert!(desk.hears(LegId(2)).contains("You are first on call."), "{}", desk.hears(LegId(2)));
    assert!(desk.call.waiting_words(CALLER).contains("first person on call"));
    desk.presses(LegId(2), '2');
    assert_eq!(desk.dialled(), [(3, "+61491570002")], "Ben without Cy, who was rung");

    // Away or engaged, he is passed over at once.
    let with = |engaged: &[u32], away: &[u32]| Desk::arrive_in(plan(one_round()).beginning_with(cy.clone()), engaged, away);
    assert_eq!(with(&[3], &[]).dialled(), [(1, "+61491570001")]);
    assert_eq!(with(&[], &[3]).dialled(), [(1, "+61491570001")]);
    // A hotline that is closed rings nobody, whoever it was.
    let closed = Welcome::Closed {
        then: WhenClosed::Message,
        why: "so it is".into(),
    };
    assert_eq!(Desk::arrive(plan(one_round()).beginning_with(cy).met_with(closed)).dialled(), []);
}

#[test]
fn a_strangers_text_is_read_aloud_and_taken() {
    let mut desk = Desk::stranger_texts(plan(relaying()));
    assert_eq!(desk.told()[0], "A text from +61…000: The gate is stuck");
    let received = "We have got your text and are ringing the person on call.";
    assert_eq!(desk.texts(), [("+61491576000", received)]);
    assert_eq!(desk.dialled(), [(1, "+61491570001")]);
    desk.rings(ANA).answers(ANA);
    assert_eq!(
        desk.hears(ANA),
        "This is the hotline lab, with a text message: The gate is stuck. You are first on call. Press 1 to take care of it, 2 to pass it on, or 3 to hear this again."
    );
    desk.after(
        1,
        Event::TextAdded {
            body: "And it rains!".into(),
        },
    );
    assert_eq!(desk.asks(), [""; 0], "no second ringing, and no answer that could be answered");
    assert!(
        desk.hears(ANA).contains(": The gate is stuck … And it rains! You are first"),
        "{}",
        desk.hears(ANA)
    );
    desk.presses(ANA, '2').rings(BEN).rings(CY).answers(BEN).presses(BEN, '1');
    assert_eq!(desk.asks(), ["cancel 3", "text +61491570002", "text +61491576000"]);
    assert_eq!(
        desk.texts(),
        [
            (
                "+61491570002",
                "Hotline lab: you take care of this text, and what you answer here is passed on: The gate is stuck / And it rains!"
            ),
            ("+61491576000", "Somebody is looking after it. You can go on writing here."),
        ]
    );
    assert!(
        desk.hears(BEN)
            .starts_with("Thank you. You take care of it. You get the text on your phone")
    );
    assert_eq!(desk.hears(CY), "Ben takes care of the text message. Goodbye.");
    let expected = Fact::RelayOpened {
        name: "Ben".into(),
        responder: number(2),
        caller: number(STRANGER),
        talked_at: desk.now,
        minutes: 60,
    };
    assert_eq!(opened(&desk), [&expected], "an hour at least");
    assert_eq!(desk.call.outcome(), Some(Outcome::Acknowledged));
    desk.after(1, Event::TextAdded { body: "Late".into() });
    assert_eq!(desk.last, Reaction::default());
}

#[test]
fn a_text_that_nobody_takes_is_told_at_once_and_not_rung_again() {
    let mut desk = Desk::stranger_texts(plan(relaying()));
    for leg in [1, 2, 3, 4] {
        desk.ends(LegId(leg), Ending::NoAnswer);
    }
    desk.ends(LegId(5), Ending::Busy);
    assert_eq!(
        desk.texts(),
        [
            (
                "+61491576000",
                "We are sorry: nobody could take your text. Please call +61491570006."
            ),
            (
                "+61491570077",
                "Hotline lab: nobody has taken a text from +61491576000. Please see to it: The gate is stuck"
            ),
        ]
    );
    assert_eq!(desk.call.outcome(), Some(Outcome::Unacknowledged));
    assert!(!desk.call.is_live());
    assert_eq!(desk.call.deadline(), None);
}

#[test]
fn when_it_is_closed_no_phone_rings_for_a_text() {
    let closed = Welcome::Closed {
        then: WhenClosed::Message,
        why: "The hotline is closed.".into(),
    };
    let desk = Desk::stranger_texts(plan(one_round()).met_with(closed));
    assert_eq!(desk.dialled(), []);
    assert_eq!(
        desk.texts()[0].1,
        "We are closed at the moment, and nobody takes your text. Please call +61491570006."
    );
    assert_eq!(desk.texts().len(), 2, "those who are told are told");
}

/// Behind a switchboard nobody reads texts: he hears whom to call.
#[test]
fn who_gets_no_texts_is_told_the_number() {
    let mut behind = plan(relaying());
    behind.levels[0].responders[0].phone = number(1).with_extension("12").unwrap();
    let mut desk = Desk::stranger_texts(behind);
    desk.rings(ANA).answers(ANA).presses(ANA, '1');
    assert_eq!(
        desk.hears(ANA),
        "Thank you. You take care of it. All of the message: The gate is stuck. Please call plus 6 1 4 9 1 5 7 6 0 0 0. Goodbye."
    );
    assert_eq!(desk.asks(), ["text +61491576000"]);
    assert_eq!(opened(&desk), [] as [&Fact; 0]);
}

/// 1600 emoji are read as far as anybody listens, and never more than goes out as one text.
#[test]
fn a_long_text_is_cut() {
    let mut stranger = stranger();
    stranger.texts = vec!["\u{1f600}".repeat(1_600); 3];
    assert_eq!(stranger.aloud().chars().count(), 300);
    let now = Utc.with_ymd_and_hms(2026, 3, 7, 3, 0, 0).unwrap();
    let (engaged, away) = (BTreeSet::new(), BTreeMap::new());
    let world = World::new(now, &engaged, &away);
    let nobody = Plan {
        levels: vec![],
        last_resort: None,
        ..plan(one_round())
    };
    let (_, reaction) = Call::texted(CallId(uuid::Uuid::nil()), nobody, stranger, &world);
    for command in &reaction.commands {
        let Command::Text { body, .. } = command else {
            panic!("nobody is rung")
        };
        assert!(body.encode_utf16().count() <= 670, "{body}");
    }
    assert_eq!(reaction.commands.len(), 2);
}

/// Whoever was called back can text as whoever called can.
#[test]
fn a_talk_in_a_callback_counts_too() {
    let mut desk = Desk::ring_back(Rules {
        callbacks: callbacks(),
        relay_minutes: 30,
        ..Rules::default()
    });
    desk.rings(ANA).answers(ANA).presses(ANA, '1').after(2, Event::Joined { leg: ANA });
    desk.rings(CALLER).answers(CALLER).after(4, Event::Joined { leg: CALLER });
    let talked_at = desk.now;
    desk.after(60, caller_hangs_up());
    let expected = Fact::RelayOpened {
        name: "Ana".into(),
        responder: number(1),
        caller: number(156),
        talked_at,
        minutes: 30,
    };
    assert_eq!(opened(&desk), [&expected]);
}
