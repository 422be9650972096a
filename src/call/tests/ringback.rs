//! Hand-worked callbacks: the responder first, then the caller, and every way in which that can fail.

use super::*;

const TO: u32 = 156;

impl Desk {
    /// Ana wants to make callback 3, which was asked for at 13:40 in Melbourne.
    pub(super) fn ring_back(rules: Rules) -> Self {
        let now = Utc.with_ymd_and_hms(2026, 3, 7, 3, 0, 0).unwrap();
        let (engaged, away) = (BTreeSet::new(), BTreeMap::new());
        let callback = CallingBack {
            id: 3,
            number: number(TO),
            asked_at: now - TimeDelta::minutes(20),
            shown: "13:40".into(),
        };
        let plan = Plan::of_one(HotlineName("lab".into()), person("Ana", 1), "asked for by text", rules);
        let world = World::new(now, &engaged, &away);
        let (call, last) = Call::ring_back(CallId(uuid::Uuid::nil()), callback, plan, &world);
        Self {
            call,
            now,
            engaged,
            away,
            last,
        }
    }

    fn of_the_lab() -> Self {
        Self::ring_back(Rules {
            callbacks: callbacks(),
            ..Rules::default()
        })
    }

    /// Ana has pressed 1 and is in the room; the caller's phone rings.
    fn caller_rings() -> Self {
        let mut desk = Self::of_the_lab();
        desk.rings(ANA).answers(ANA).presses(ANA, '1');
        desk.after(2, Event::Joined { leg: ANA });
        desk.rings(CALLER);
        desk
    }

    fn together() -> Self {
        let mut desk = Self::caller_rings();
        desk.answers(CALLER).after(4, Event::Joined { leg: CALLER });
        desk
    }

    fn story(&self) -> Vec<String> {
        self.last.facts.iter().map(ToString::to_string).collect()
    }

    fn texted(&self) -> Vec<(String, String)> {
        let of = |command: &Command| match command {
            Command::Text { to, body, .. } => Some((to.address().to_owned(), body.clone())),
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
        };
        self.last.commands.iter().filter_map(of).collect()
    }
}

#[test]
fn the_responder_is_rung_first_and_the_caller_once_he_takes_it() {
    let mut desk = Desk::of_the_lab();
    assert_eq!(desk.dialled(), [(1, "+61491570001")]);
    assert_eq!(
        desk.story(),
        [
            "Ana wants to call +61…156 back: callback 3, asked for by text.",
            "Dialling Ana on +61…001 (asked for by text)."
        ]
    );
    desk.rings(ANA).answers(ANA);
    assert_eq!(desk.dialled(), [], "nobody is rung for a phone that was only picked up");
    assert_eq!(
        desk.hears(ANA),
        "This is the hotline lab, with a callback that was asked for at 13:40. Press 1 and we ring the caller, 2 to leave it open, or 3 to hear this again."
    );
    desk.presses(ANA, '1');
    assert_eq!(desk.dialled(), [(0, "+61491570156")]);
    assert_eq!(desk.hears(ANA), "Thank you. We are ringing the caller. Please stay on the line.");
    assert_eq!(desk.call.engages(), [(ANA, number(1)), (CALLER, number(TO))]);
    desk.presses(ANA, '1');
    assert_eq!(desk.last, Reaction::default(), "told twice");
    desk.after(2, Event::Joined { leg: ANA });
    assert!(desk.call.may_wait(ANA), "he waits in the room");
    assert_eq!(
        desk.call.waiting_words(ANA),
        "The caller's phone is ringing. Please stay on the line."
    );
    desk.rings(CALLER).answers(CALLER);
    assert_eq!(desk.story(), ["+61…156 has picked up."]);
    assert_eq!(
        desk.hears(CALLER),
        "This is the hotline lab. We are calling you back, as you asked. You are being connected."
    );
    desk.after(4, Event::Joined { leg: CALLER });
    assert_eq!(desk.story(), ["The caller and Ana are connected."]);
}

#[test]
fn a_talk_closes_it_and_the_responder_reads_so_once() {
    for who_hangs_up in [ANA, CALLER] {
        let mut desk = Desk::together();
        desk.after(3, Event::StillWaiting { leg: ANA });
        desk.after(
            57,
            Event::Ended {
                leg: who_hangs_up,
                how: Ending::Completed,
            },
        );
        assert_eq!(desk.call.outcome(), Some(Outcome::CalledBack));
        let closed = "Hotline lab: callback 3 is closed. Text OPEN 3 to open it again.";
        assert_eq!(desk.texted(), [(number(1).address().to_owned(), closed.to_owned())]);
        assert!(
            desk.story().contains(&"Ana has called back: callback 3 is closed.".to_owned()),
            "{:?}",
            desk.story()
        );
        let (other, words) = if who_hangs_up == ANA {
            (CALLER, "The conversation is over. Goodbye.")
        } else {
            (ANA, "The caller has left the call. Goodbye.")
        };
        assert_eq!(desk.hears(other), words);
        desk.after(0, Event::LeftRoom { leg: other }).after(
            5,
            Event::Ended {
                leg: other,
                how: Ending::Completed,
            },
        );
        assert_eq!(desk.texted(), []);
        assert!(!desk.call.is_live());
    }
}

/// What somebody does.
type Deed = fn(&mut Desk);

#[test]
fn whoever_does_not_take_it_has_nobody_rung() {
    let ends: [(&str, Deed); 4] = [
        ("declines", |desk| {
            desk.rings(ANA).answers(ANA).presses(ANA, '2');
        }),
        ("presses nothing", |desk| {
            desk.rings(ANA).answers(ANA).after(60, Event::Tick);
        }),
        ("does not answer", |desk| {
            desk.rings(ANA).ends(ANA, Ending::NoAnswer);
        }),
        ("hangs up", |desk| {
            desk.rings(ANA).answers(ANA).ends(ANA, Ending::Completed);
        }),
    ];
    for (what, happens) in ends {
        let mut desk = Desk::of_the_lab();
        happens(&mut desk);
        assert_eq!(desk.call.outcome(), Some(Outcome::NotCalledBack), "{what}");
        assert_eq!((desk.dialled(), desk.texted()), (vec![], vec![]), "{what}");
        assert_eq!(
            desk.story().last().unwrap(),
            "The call is over: the caller was not called back.",
            "{what}"
        );
    }
    let mut desk = Desk::of_the_lab();
    desk.rings(ANA).answers(ANA).presses(ANA, '2');
    assert_eq!(desk.hears(ANA), "The callback stays open. Goodbye.");
}

#[test]
fn the_responder_hears_why_the_caller_is_not_there() {
    for (how, words, why) in [
        (
            Ending::Busy,
            "The caller is busy or has rejected the call.",
            "is busy or has rejected the call",
        ),
        (Ending::NoAnswer, "The caller does not answer.", "did not answer"),
        (
            Ending::Failed,
            "The caller cannot be reached by telephone now.",
            "cannot be reached by telephone now",
        ),
    ] {
        let mut desk = Desk::caller_rings();
        desk.ends(CALLER, how);
        assert_eq!(desk.hears(ANA), format!("{words} The callback stays open. Goodbye."));
        assert!(
            desk.last
                .commands
                .iter()
                .any(|command| matches!(command, Command::Redirect { leg: ANA, .. }))
        );
        assert_eq!(desk.story()[0], format!("+61…156 {why}."));
        assert_eq!(desk.call.outcome(), Some(Outcome::NotCalledBack));
    }
    let mut desk = Desk::caller_rings();
    desk.after(22, Event::Tick);
    assert_eq!(desk.hears(ANA), "The caller does not answer. The callback stays open. Goodbye.");
    assert_eq!(desk.asks(), ["redirect 1", "cancel 0"]);
    let mut desk = Desk::of_the_lab();
    desk.rings(ANA).answers(ANA).presses(ANA, '1');
    let why = Refusal {
        code: Some(21215),
        message: "not allowed".into(),
        permanent: true,
    };
    desk.after(1, Event::Refused { leg: CALLER, why });
    assert_eq!(
        desk.hears(ANA),
        "The caller cannot be reached by telephone now. The callback stays open. Goodbye."
    );
    assert_eq!(desk.story()[0], "+61…156 could not be dialled: not allowed (code 21215).");
}

#[test]
fn a_responder_who_hangs_up_has_the_ringing_stopped() {
    let mut desk = Desk::caller_rings();
    desk.ends(ANA, Ending::Completed);
    assert_eq!(desk.asks(), ["cancel 0"]);
    assert_eq!(desk.call.outcome(), Some(Outcome::NotCalledBack));
    // He picks up in that very moment, and nobody is there.
    desk.answers(CALLER);
    assert_eq!(
        desk.hears(CALLER),
        "We are sorry: the person who wanted to call you back is gone. You are still on our list. Goodbye."
    );
    desk.after(30, Event::Tick);
    assert!(
        desk.last
            .commands
            .iter()
            .any(|command| matches!(command, Command::HangUp { leg: CALLER, .. }))
    );
}

/// Whoever is together for less than three seconds has perhaps not said a word.
#[test]
fn a_moment_together_closes_nothing() {
    let mut desk = Desk::together();
    desk.after(
        2,
        Event::Ended {
            leg: CALLER,
            how: Ending::Completed,
        },
    );
    assert_eq!(desk.call.outcome(), Some(Outcome::NotCalledBack));
    assert_eq!(desk.texted(), []);
    assert!(
        desk.story()
            .contains(&"The callback stays open: they were together for a moment only.".to_owned())
    );
}

#[test]
fn nobody_waits_in_an_empty_room() {
    // The caller has picked up and never comes: the responder says again and again that he is alone.
    let mut desk = Desk::caller_rings();
    desk.answers(CALLER);
    desk.after(15, Event::StillWaiting { leg: ANA });
    assert_eq!(desk.last, Reaction::default());
    desk.after(25, Event::StillWaiting { leg: ANA });
    assert_eq!(
        desk.hears(ANA),
        "The caller picked up and has hung up. The callback stays open. Goodbye."
    );
    assert!(
        desk.last
            .commands
            .iter()
            .any(|command| matches!(command, Command::HangUp { leg: CALLER, .. }))
    );
    // The same from the caller's side.
    let mut desk = Desk::together();
    desk.after(30, Event::StillWaiting { leg: CALLER });
    assert_eq!(desk.call.outcome(), Some(Outcome::NotCalledBack));
    assert!(
        desk.last
            .commands
            .iter()
            .any(|command| matches!(command, Command::HangUp { leg: ANA, .. }))
    );
    // Neither says that he is alone, so they are together, though no notice says so.
    let mut desk = Desk::caller_rings();
    desk.answers(CALLER).waits();
    assert_eq!(desk.asks(), ["look after 0", "look after 1"]);
    desk.waits();
    assert_eq!(desk.story(), ["The caller and Ana are connected."]);
    // And nobody talks for ever.
    let at = desk.call.deadline().unwrap();
    desk.after((at - desk.now).num_seconds() + 1, Event::Tick);
    assert_eq!(desk.call.outcome(), Some(Outcome::CalledBack));
}

#[test]
fn a_number_that_may_not_be_called_is_not_dialled() {
    let mut desk = Desk::ring_back(Rules::default());
    desk.rings(ANA).answers(ANA).presses(ANA, '1');
    assert_eq!(desk.dialled(), []);
    assert_eq!(desk.call.outcome(), Some(Outcome::NotCalledBack));
}

/// The caller may be somebody who is on call, and rung for another caller meanwhile.
#[test]
fn a_caller_who_is_on_another_call_is_not_dialled() {
    let mut desk = Desk::of_the_lab();
    desk.rings(ANA).answers(ANA);
    desk.engaged.insert(number(TO));
    desk.presses(ANA, '1');
    assert_eq!(desk.dialled(), []);
    assert_eq!(
        desk.hears(ANA),
        "The caller is busy or has rejected the call. The callback stays open. Goodbye."
    );
    assert_eq!(desk.story()[1], "+61…156 is on another call of the hotline.");
}

#[test]
fn what_hinders_a_callback_is_said() {
    let callback = CallingBack {
        id: 3,
        number: number(TO),
        asked_at: Utc.with_ymd_and_hms(2026, 3, 7, 3, 0, 0).unwrap(),
        shown: "13:40".into(),
    };
    let rules = Rules {
        callbacks: callbacks(),
        ..Rules::default()
    };
    let nobody = BTreeSet::new();
    let engaged = |last: u32| BTreeSet::from([number(last)]);
    assert_eq!(callback.hindrance(&person("Ana", 1), &rules, None, &nobody), None);
    for (by, rules, calling, engaged, why) in [
        (1, &rules, Some("Ben"), &nobody, Hindrance::Calling("Ben".into())),
        (TO, &rules, None, &nobody, Hindrance::OwnNumber),
        (1, &Rules::default(), None, &nobody, Hindrance::NotAllowed),
        (1, &rules, None, &engaged(1), Hindrance::Engaged),
        (1, &rules, None, &engaged(TO), Hindrance::CallerEngaged),
    ] {
        assert_eq!(callback.hindrance(&person("Ana", by), rules, calling, engaged), Some(why));
    }
}

/// While he is called back, whose line is over is gone, too: nobody talks then.
#[test]
fn a_caller_whom_we_ring_and_who_is_gone_unheard_was_not_called_back() {
    let mut desk = Desk::caller_rings();
    desk.answers(CALLER).waits().ends(CALLER, Ending::Gone);
    assert_eq!(desk.call.outcome(), Some(Outcome::NotCalledBack));
}
