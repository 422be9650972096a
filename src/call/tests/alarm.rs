//! Hand-worked alarms: calls without a caller.

use super::*;

const DEE: LegId = LegId(4);
const DESK: LegId = LegId(5);

impl Desk {
    pub(super) fn raise(plan: Plan) -> Self {
        Self::raise_with(plan, "Freezer 2 is at -61 °C", "Sensor 7 in room 12")
    }

    fn raise_with(plan: Plan, title: &str, details: &str) -> Self {
        let now = Utc.with_ymd_and_hms(2026, 3, 7, 3, 0, 0).unwrap();
        let (engaged, away) = (BTreeSet::new(), BTreeMap::new());
        let incident = Incident {
            key: "freezer-2".into(),
            title: title.into(),
            details: details.into(),
        };
        let world = World::new(now, &engaged, &away);
        let (call, last) = Call::raise(CallId(uuid::Uuid::nil()), plan, incident, &world);
        Self {
            call,
            now,
            engaged,
            away,
            last,
        }
    }

    pub(super) fn texts(&self) -> Vec<(&str, &str)> {
        let mut texts = Vec::new();
        for command in &self.last.commands {
            match command {
                Command::Text { to, body, .. } => texts.push((to.address(), body.as_str())),
                Command::Dial { .. }
                | Command::Withdraw { .. }
                | Command::Cancel { .. }
                | Command::HangUp { .. }
                | Command::Redirect { .. }
                | Command::Find { .. }
                | Command::LookAfter { .. }
                | Command::Record { .. }
                | Command::StopRecording { .. }
                | Command::FindRecording { .. } => {}
            }
        }
        texts
    }

    pub(super) fn told(&self) -> Vec<String> {
        self.last.facts.iter().map(ToString::to_string).collect()
    }

    /// Nobody answers until the plan, with its last resort, is exhausted; so many legs from `first` on.
    fn nobody_answers(&mut self, first: u16) -> &mut Self {
        for leg in first..first + 5 {
            self.ends(LegId(leg), Ending::NoAnswer);
        }
        self
    }
}

#[test]
fn the_first_passes_it_on_and_of_the_seconds_one_takes_care_of_it() {
    let mut desk = Desk::raise(plan(one_round()));
    assert_eq!(desk.told()[0], "An alarm: Freezer 2 is at -61 °C (Sensor 7 in room 12)");
    assert_eq!(desk.dialled(), [(1, "+61491570001")]);
    desk.rings(ANA).answers(ANA);
    assert_eq!(
        desk.hears(ANA),
        "This is the hotline lab, with an alarm: Freezer 2 is at -61 °C. You are first on call. Press 1 to take care of it, 2 to pass it on, or 3 to hear this again."
    );
    let asked = desk.call.script(ANA);
    desk.presses(ANA, '3');
    assert_eq!((desk.call.script(ANA), desk.asks()), (asked, vec![]), "3 says it again");
    desk.presses(ANA, '2');
    assert_eq!(desk.asks(), ["dial 2", "dial 3"]);
    assert_eq!(desk.hears(ANA), "Thank you. The next one on call is rung. Goodbye.");

    desk.rings(BEN).rings(CY).answers(BEN).presses(BEN, '1');
    assert_eq!(desk.asks(), ["cancel 3", "text +61491570002"]);
    assert_eq!(
        desk.texts(),
        [(
            "+61491570002",
            "Hotline lab: you take care of the alarm: Freezer 2 is at -61 °C. Sensor 7 in room 12."
        )]
    );
    assert_eq!(desk.hears(BEN), "Thank you. You take care of it. Sensor 7 in room 12. Goodbye.");
    assert_eq!(desk.hears(CY), "Ben takes care of the alarm. Goodbye.");
    assert_eq!(desk.call.outcome(), Some(Outcome::Acknowledged));
    for leg in [ANA, BEN, CY] {
        desk.ends(leg, Ending::Completed);
    }
    assert!(!desk.call.is_live());
    assert_eq!(desk.call.deadline(), None);
}

#[test]
fn nobody_acknowledges_twice() {
    let mut desk = Desk::raise(plan(one_round()));
    desk.rings(ANA).ends(ANA, Ending::NoAnswer).rings(BEN).rings(CY);
    desk.answers(BEN).answers(CY).presses(BEN, '1');
    assert_eq!(desk.asks(), ["redirect 3", "text +61491570002"]);
    desk.presses(CY, '1');
    assert_eq!(desk.last, Reaction::default());
    desk.presses(BEN, '1');
    assert_eq!(desk.last, Reaction::default());
    assert_eq!(desk.hears(CY), "Ben takes care of the alarm. Goodbye.");
}

/// Whoever has pressed 1 hears the details out: 300 characters take about 22 seconds.
#[test]
fn details_are_heard_out() {
    let mut desk = Desk::raise_with(plan(one_round()), "Fire", &"x".repeat(300));
    desk.rings(ANA).answers(ANA).presses(ANA, '1');
    assert!(desk.call.deadline().unwrap() >= desk.now + TimeDelta::seconds(40));
    desk.waits();
    assert_eq!(desk.asks(), ["hang up 1"]);
}

/// 25 seconds are allowed; a title of 300 characters takes longer than that to be said once.
#[test]
fn a_long_title_is_heard_twice_before_its_time_is_up() {
    let mut desk = Desk::raise_with(plan(one_round()), &"x".repeat(300), "");
    desk.rings(ANA).answers(ANA);
    let Script::Whisper { accept_seconds, .. } = desk.call.script(ANA) else {
        panic!("{:?}", desk.call.script(ANA))
    };
    assert!((60..100).contains(&accept_seconds), "{accept_seconds}");
    assert!(desk.call.deadline().unwrap() >= desk.now + seconds(accept_seconds));
}

#[test]
fn a_machine_never_takes_care_of_an_alarm() {
    for screening in [Screening::None, Screening::MachineDetection, Screening::Both, Screening::Press1] {
        for voice in [Some(Voice::Human), Some(Voice::Machine), None] {
            let mut desk = Desk::raise(plan(Rules { screening, ..one_round() }));
            desk.rings(ANA);
            desk.after(
                3,
                Event::Answered {
                    leg: ANA,
                    line: Desk::line(ANA),
                    voice,
                },
            );
            assert_eq!(desk.call.outcome(), None, "{screening:?} {voice:?}");
        }
    }
}

#[test]
fn what_is_over_by_itself_rings_nobody_any_more() {
    let mut desk = Desk::raise(plan(one_round()));
    desk.rings(ANA).ends(ANA, Ending::NoAnswer).rings(BEN).rings(CY).answers(BEN);
    desk.after(1, Event::Resolved);
    assert_eq!(desk.asks(), ["redirect 2", "cancel 3"]);
    assert_eq!(desk.hears(BEN), "The alarm is over. Goodbye.");
    assert_eq!(desk.call.outcome(), Some(Outcome::Resolved));
    desk.presses(BEN, '1').after(0, Event::Resolved);
    assert_eq!(desk.last, Reaction::default());
    desk.ends(BEN, Ending::Completed).ends(CY, Ending::Canceled);
    assert_eq!(desk.call.deadline(), None);
}

#[test]
fn where_nobody_takes_care_of_it_the_plan_is_rung_four_times_and_people_are_told() {
    let mut desk = Desk::raise(plan(one_round()));
    desk.rings(ANA).answers(ANA).presses(ANA, '2');
    desk.nobody_answers(1);
    assert_eq!(
        desk.texts(),
        [(
            "+61491570077",
            "Hotline lab: nobody takes care of the alarm: Freezer 2 is at -61 °C. The phones ring again in 10 minutes, 3 more times at most. Look after it if you can."
        )]
    );
    assert_eq!(
        desk.told()[1],
        "Nobody takes care of the alarm. The plan is rung again in 10 minutes, 3 more times at most."
    );
    let exhausted = desk.now;
    desk.waits();
    assert_eq!(desk.now, exhausted + TimeDelta::minutes(10));
    assert_eq!(desk.dialled(), [(6, "+61491570001")], "who has passed it on is asked again");
    desk.nobody_answers(6).waits();
    assert_eq!(desk.dialled(), [(11, "+61491570001")]);
    desk.nobody_answers(11);
    assert!(desk.texts()[0].1.contains("for the last time"), "{:?}", desk.texts());
    desk.waits().nobody_answers(16);
    assert_eq!(desk.call.outcome(), Some(Outcome::Unacknowledged));
    assert_eq!(
        desk.texts(),
        [(
            "+61491570077",
            "Hotline lab: nobody takes care of the alarm: Freezer 2 is at -61 °C. Nobody is rung any more. Look after it now."
        )]
    );
    assert_eq!(desk.call.deadline(), None);
}

#[test]
fn over_while_the_phones_rest() {
    let mut desk = Desk::raise(plan(one_round()));
    desk.nobody_answers(1).after(60, Event::Resolved);
    assert_eq!((desk.asks(), desk.call.outcome()), (vec![], Some(Outcome::Resolved)));
    assert_eq!(desk.call.deadline(), None);
}

#[test]
fn the_last_resort_takes_care_of_it() {
    let mut desk = Desk::raise(plan(one_round()));
    desk.ends(ANA, Ending::Busy)
        .ends(BEN, Ending::Busy)
        .ends(CY, Ending::Busy)
        .ends(DEE, Ending::Busy);
    assert_eq!(desk.dialled(), [(5, "+61491570009")]);
    desk.rings(DESK).answers(DESK).presses(DESK, '1');
    assert_eq!(desk.asks(), ["text +61491570009"]);
    assert_eq!(desk.call.outcome(), Some(Outcome::Acknowledged));
}

/// Nobody called: what a carrier says of a caller's line, room or message is another call's.
#[test]
fn what_concerns_a_caller_changes_nothing() {
    let mut desk = Desk::raise(plan(one_round()));
    let before = desk.call.clone();
    let how = Ending::Completed;
    let recording = RecordingId::from("RE");
    for event in [
        Event::Ended { leg: CALLER, how },
        Event::LeftRoom { leg: CALLER },
        Event::StillWaiting { leg: CALLER },
        Event::Joined { leg: CALLER },
        Event::Key { leg: CALLER, key: '1' },
        Event::Recorded { recording, seconds: 9 },
    ] {
        desk.after(0, event.clone());
        assert_eq!((&desk.call, &desk.last), (&before, &Reaction::default()), "{event:?}");
    }
    assert_eq!(desk.call.line(CALLER), None);
    assert!(!desk.call.may_wait(CALLER));
}

/// What is kept of calls from before there were alarms.
#[test]
fn a_call_of_before_is_read() {
    let desk = Desk::arrive(plan(one_round()));
    let mut kept = serde_json::to_value(&desk.call).unwrap();
    let fields = kept.as_object_mut().unwrap();
    assert!(fields.remove("origin").is_some() && fields.remove("alarm").is_some());
    assert_eq!(fields["caller_line"], "caller");
    assert_eq!(serde_json::from_value::<Call>(kept).unwrap(), desk.call);
}
