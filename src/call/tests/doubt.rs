//! Deadlines at which nothing was heard, and what is found out before they are believed.

use super::*;

/// Ana has accepted, and from then on nothing is heard of anybody.
fn unheard() -> Desk {
    let mut desk = Desk::arrive(plan(one_round()));
    desk.rings(ANA).answers(ANA).presses(ANA, '1');
    desk
}

/// For so many seconds the caller hears first words without the store, a phone rings, and whoever picks up has time for a key.
const ATTEMPT: i64 = 15 + (20 + 15) + (25 + 8);

/// One of those phases in which the caller hears a document of ours that ends by itself.
fn asked_something() -> [(&'static str, Desk, Option<Outcome>); 4] {
    let nobody = || {
        Desk::arrive(Plan {
            levels: vec![],
            last_resort: None,
            ..plan(one_round())
        })
    };
    let mut parted = Desk::arrive(plan(one_round()));
    parted
        .rings(ANA)
        .answers(ANA)
        .presses(ANA, '1')
        .after(1, Event::Joined { leg: ANA });
    parted.after(30, Event::LeftRoom { leg: CALLER }).ends(ANA, Ending::Completed);
    let mut menu = Desk::arrive(plan(one_round()));
    menu.rings(ANA)
        .after(5, Event::LeftRoom { leg: CALLER })
        .ends(ANA, Ending::Canceled);
    let mut recorded = nobody();
    recorded.after(
        20,
        Event::Recorded {
            recording: "RE1".into(),
            seconds: 12,
        },
    );
    [
        ("parted", parted, Some(Outcome::Served)),
        ("menu", menu, Some(Outcome::NoMessage)),
        ("message", nobody(), Some(Outcome::NoMessage)),
        ("farewell", recorded, Some(Outcome::Recorded)),
    ]
}

/// Seed 14 of `CRASH_SEED=11`: counted as served, and had talked with nobody.
#[test]
fn whoever_is_gone_unheard_after_an_accept_is_not_taken_to_talk() {
    let mut desk = unheard();
    let accepted = desk.now;
    desk.waits();
    assert_eq!((desk.now - accepted).num_seconds(), 20);
    assert_eq!(desk.asks(), ["look after 0", "look after 1"]);
    desk.after(
        1,
        Event::Ended {
            leg: ANA,
            how: Ending::Gone,
        },
    );
    assert_eq!(desk.asks(), ["dial 2", "dial 3"], "the search goes on");
    assert!(matches!(desk.call.script(CALLER), Script::Wait { .. }));
    desk.ends(CALLER, Ending::Completed);
    assert_eq!(desk.call.outcome(), Some(Outcome::CallerHungUp));
}

#[test]
fn a_caller_who_is_gone_unheard_keeps_no_responder() {
    let mut desk = unheard();
    desk.waits().after(
        1,
        Event::Ended {
            leg: CALLER,
            how: Ending::Gone,
        },
    );
    assert_eq!(desk.asks(), ["redirect 1", "text +61491570077", "text +61491570001"]);
    assert_eq!(desk.call.outcome(), Some(Outcome::CallerHungUp));
}

/// Both lines are up and nobody says that he is alone: they talk, and only the notices are lost.
#[test]
fn two_who_talk_unheard_are_left_to_it() {
    let mut desk = unheard();
    let accepted = desk.now;
    desk.waits().waits();
    assert_eq!((desk.now - accepted).num_seconds(), 20 + 30);
    assert_eq!((desk.asks(), desk.last.facts.len()), (vec![], 1));
    assert_eq!(desk.last.facts, [Fact::Connected { name: "Ana".into() }]);
}

#[test]
fn what_is_found_out_has_its_time_after_a_late_start_too() {
    let mut desk = unheard();
    desk.after(600, Event::Tick);
    assert_eq!(desk.asks(), ["look after 0", "look after 1"]);
    let asked = desk.now;
    desk.waits();
    assert_eq!((desk.now - asked).num_seconds(), 15);
    assert_eq!(desk.last.facts, [Fact::Connected { name: "Ana".into() }]);
}

/// Ana is alone in the room. His line may be up all the same, somewhere else: he is put through without the store, and that was not
/// noted. Fetched in, he has somebody who waits for him.
#[test]
fn a_caller_who_does_not_come_in_is_fetched_before_he_counts_as_gone() {
    let alone = || {
        let mut desk = unheard();
        desk.after(1, Event::Joined { leg: ANA }).after(0, Event::StillWaiting { leg: ANA });
        desk.after(21, Event::StillWaiting { leg: ANA });
        assert_eq!(desk.asks(), ["redirect 0"]);
        assert!(matches!(desk.call.script(CALLER), Script::Wait { .. }));
        desk
    };
    let mut desk = alone();
    desk.after(10, Event::StillWaiting { leg: ANA });
    assert_eq!(desk.last, Reaction::default(), "the way takes a moment");
    desk.after(2, Event::Joined { leg: CALLER });
    assert_eq!(desk.last.facts, [Fact::Connected { name: "Ana".into() }]);
    // He was gone.
    let mut desk = alone();
    desk.ends(CALLER, Ending::Gone);
    assert_eq!(desk.asks(), ["redirect 1", "text +61491570077", "text +61491570001"]);
    assert_eq!(desk.call.outcome(), Some(Outcome::CallerHungUp));
    // Nobody can find out.
    let mut desk = alone();
    desk.after(21, Event::StillWaiting { leg: ANA });
    assert_eq!(desk.asks()[..2], ["hang up 0", "redirect 1"]);
    assert_eq!(desk.call.outcome(), Some(Outcome::CallerHungUp));
}

/// The process died between the answer at the fallback address and its note: the caller is being rung for there. The attempt is
/// over, or somebody has picked up, before anything is done to his line; and both tell his call.
#[test]
fn a_line_is_not_ended_before_an_attempt_elsewhere_has_had_its_time() {
    for (phase, mut desk, _) in asked_something() {
        desk.waits();
        assert_eq!(desk.asks(), ["look after 0"], "{phase}");
        let asked = desk.now;
        desk.after(ATTEMPT - 1, Event::Tick);
        assert_eq!(desk.asks(), [""; 0], "{phase}");
        desk.after(0, Event::Makeshift { talked: false });
        assert!(desk.call.is_makeshift(), "{phase}");
        while desk.call.is_live() && (desk.now - asked).num_seconds() < 3_600 {
            let asked = desk.waits().asks();
            assert!(asked.iter().all(|asked| asked == "look after 0"), "{phase}: {asked:?}");
        }
    }
}

#[test]
fn whoever_is_still_on_the_line_hears_his_script_once_more_before_it_is_ended() {
    for (phase, mut desk, outcome) in asked_something() {
        let heard = desk.hears(CALLER);
        desk.waits();
        let asked = desk.now;
        desk.waits();
        assert_eq!((desk.now - asked).num_seconds(), ATTEMPT, "{phase}");
        assert_eq!((desk.asks(), desk.hears(CALLER)), (vec!["redirect 0".to_owned()], heard), "{phase}");
        let sent = desk.now;
        desk.waits();
        assert_eq!(desk.asks(), ["hang up 0"], "{phase}");
        assert!((desk.now - sent).num_seconds() >= 45, "{phase}: time to hear it");
        desk.ends(CALLER, Ending::Gone);
        // A message may be announced late.
        while desk.call.is_live() {
            desk.waits();
        }
        assert_eq!(desk.call.outcome(), outcome, "{phase}");
    }
}

#[test]
fn whoever_is_gone_unheard_is_gone_as_soon_as_that_is_found_out() {
    for (phase, mut desk, outcome) in asked_something() {
        assert_eq!(desk.waits().asks(), ["look after 0"], "{phase}");
        desk.ends(CALLER, Ending::Gone);
        // A message may be announced late.
        while desk.call.is_live() {
            assert!(desk.waits().asks().iter().all(|asked| asked.starts_with("text")), "{phase}");
        }
        assert_eq!(desk.call.outcome(), outcome, "{phase}");
    }
}

#[test]
fn who_answers_the_second_time_is_asked_as_patiently_as_the_first() {
    let [(_, mut desk, _), ..] = asked_something();
    desk.waits().waits();
    desk.after(20, Event::Key { leg: CALLER, key: '1' });
    assert_eq!(desk.asks(), ["dial 2"], "searched for again");
    desk.rings(BEN).answers(BEN).presses(BEN, '1').after(1, Event::Joined { leg: BEN });
    desk.after(30, Event::LeftRoom { leg: CALLER }).ends(BEN, Ending::Completed).waits();
    assert_eq!(desk.asks(), ["look after 0"]);
}

/// What an older build has kept knows no doubt, and an older build does not mind it.
#[test]
fn calls_of_before_are_read() {
    let mut desk = unheard();
    desk.waits();
    let mut kept = serde_json::to_value(&desk.call).unwrap();
    assert!(kept.as_object_mut().unwrap().remove("doubt").is_some());
    let mut read: Call = serde_json::from_value(kept).unwrap();
    assert_ne!(read, desk.call);
    read.doubt = desk.call.doubt.clone();
    assert_eq!(read, desk.call);
}
