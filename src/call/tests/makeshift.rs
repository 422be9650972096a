//! A caller who is put through without the store, and his call meanwhile.

use super::*;

fn put_through(talked: bool) -> Event {
    Event::Makeshift { talked }
}

fn searching() -> Desk {
    let mut desk = Desk::arrive(plan(one_round()));
    desk.rings(ANA);
    desk
}

/// Nobody has taken it; he is to be fetched out of the room, to be asked what he wishes.
fn asked_what_he_wishes() -> Desk {
    let mut desk = Desk::arrive(Plan {
        last_resort: None,
        ..plan(one_round())
    });
    while !desk.asks().contains(&"redirect 0".to_owned()) {
        desk.waits();
    }
    desk
}

#[test]
fn who_is_put_through_elsewhere_is_left_alone() {
    let mut desk = searching();
    desk.after(2, put_through(false));
    assert_eq!(desk.asks(), ["cancel 1"], "whoever rings might be rung there, too");
    assert_eq!(
        desk.last.facts[0],
        Fact::Makeshift {
            step: MakeshiftStep::Begun
        }
    );
    desk.ends(ANA, Ending::Canceled);
    // Whatever time passes, nothing is done to his line; it is looked after, as long as he may wait and talk.
    let (since, mut asked) = (desk.now, Vec::new());
    while desk.call.is_live() {
        asked.extend(desk.waits().asks());
    }
    let rules = one_round();
    let most = i64::from(rules.max_wait_seconds + rules.max_talk_seconds) + 600;
    assert!(((desk.now - since).num_seconds() - most).abs() <= 45);
    assert_eq!(
        asked.pop().unwrap(),
        "text +61491570077",
        "told of as of anybody who reached nobody"
    );
    assert!(asked.len() > 10 && asked.iter().all(|asked| asked == "look after 0"), "{asked:?}");
    assert_eq!(desk.call.outcome(), Some(Outcome::CallerHungUp));
}

#[test]
fn an_order_to_fetch_him_that_follows_from_the_past_is_not_given() {
    let mut desk = asked_what_he_wishes();
    desk.after(1, put_through(false));
    assert_eq!(desk.asks(), [""; 0]);
    desk.ends(CALLER, Ending::Completed);
    assert_eq!(
        (desk.call.outcome(), desk.asks()),
        (Some(Outcome::NoMessage), vec!["text +61491570077".to_owned()])
    );
}

#[test]
fn who_has_talked_there_is_served_and_nobody_is_told_of_a_missed_call() {
    let mut desk = searching();
    desk.after(2, put_through(false)).ends(ANA, Ending::Canceled);
    desk.after(40, put_through(true));
    assert_eq!(
        desk.last.facts,
        [Fact::Makeshift {
            step: MakeshiftStep::Talked
        }]
    );
    assert_eq!(
        desk.after(0, put_through(true)).last,
        Reaction::default(),
        "the same twice changes nothing"
    );
    desk.ends(CALLER, Ending::Completed);
    assert_eq!((desk.call.outcome(), desk.asks()), (Some(Outcome::Served), vec![]));
}

#[test]
fn who_comes_back_into_the_room_is_searched_for_anew() {
    let mut desk = asked_what_he_wishes();
    desk.after(1, put_through(false));
    assert!(matches!(desk.call.script(CALLER), Script::Wait { .. }));
    desk.after(3, Event::StillWaiting { leg: CALLER });
    assert_eq!(desk.last.facts[0], Fact::Makeshift { step: MakeshiftStep::Back });
    assert_eq!(desk.asks()[0], "dial 2");
    desk.rings(BEN).answers(BEN).presses(BEN, '1');
    desk.after(1, Event::Joined { leg: BEN });
    desk.after(
        60,
        Event::Ended {
            leg: CALLER,
            how: Ending::Completed,
        },
    );
    assert_eq!(desk.call.outcome(), Some(Outcome::Served));
}

#[test]
fn a_message_that_was_left_before_is_kept_and_said_to_be() {
    let mut desk = asked_what_he_wishes();
    desk.after(9, put_through(false));
    desk.after(
        1,
        Event::Recorded {
            recording: "RE1".into(),
            seconds: 12,
        },
    );
    assert!(desk.hears(CALLER).starts_with("Thank you. Your message is recorded"));
    desk.ends(CALLER, Ending::Completed);
    assert_eq!(desk.call.outcome(), Some(Outcome::Recorded));
}

#[test]
fn a_call_that_is_over_stays_so() {
    let mut desk = searching();
    desk.ends(CALLER, Ending::Completed).ends(ANA, Ending::Canceled);
    assert_eq!(desk.after(1, put_through(false)).last, Reaction::default());
    assert!(!desk.call.is_live());
}
