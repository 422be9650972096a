//! What every store must do, whatever database is below it.

use super::*;
use crate::call::{Outcome, World};
use crate::store::Released;

on_every_store!(
    a_repeated_arrival_is_the_same_call,
    the_story_is_kept_and_told_once_it_is_kept,
    an_event_for_nobody_is_said_to_be_so,
    commands_are_born_into_the_hand,
    commands_wait_where_no_hand_is_held_out,
    a_lease_that_ran_out_says_so,
    whoever_has_lost_a_command_ends_nothing,
    what_is_put_back_waits_for_its_time,
    what_is_done_or_failed_is_never_claimed,
    dials_and_others_are_claimed_apart,
    a_dial_is_withdrawn_in_time,
    a_dial_in_hand_is_only_marked,
    a_settled_command_is_done,
    one_line_is_worked_on_in_order,
    hanging_up_makes_a_redirection_idle,
    people_on_another_call_are_not_rung,
    extensions_of_one_switchboard_are_engaged_each_for_itself,
    deadlines_are_due_on_time,
    calls_are_listed_newest_first,
    small_facts_are_remembered,
    fifty_events_at_once_are_all_taken_in,
);

async fn a_repeated_arrival_is_the_same_call(store: Store) {
    let first = arrive(&store, 1, at(0), None).await;
    let again = store
        .begin(&line("caller-1"), at(1), None, |_| panic!("must not be asked again"))
        .await
        .unwrap();
    assert_eq!(again, Begun::Known(Box::new(first.call)));
    assert_eq!(store.calls(10).await.unwrap().len(), 1);
    assert_eq!(store.call_by_line(&line("caller-1")).await.unwrap(), Some(id(1)));
    assert_eq!(store.call_by_line(&line("caller-2")).await.unwrap(), None);
}

async fn the_story_is_kept_and_told_once_it_is_kept(store: Store) {
    let mut subscriber = store.subscribe();
    arrive(&store, 1, at(0), None).await;
    update(&store, 1, placed(1, line("ann")), at(1)).await;
    let ringing = Event::Ringing {
        leg: LegId(1),
        line: line("ann"),
    };
    let after = update(&store, 1, ringing, at(2)).await;
    assert_eq!(
        told(&store, 1).await,
        [
            "A call for hotline lab from +61…158.",
            "Now ringing: 1st.",
            "Dialling Ann on +61…156 (Rota!1st).",
            "The phone of Ann rings.",
        ]
    );
    let story = store.story(id(1)).await.unwrap();
    assert_eq!(heard(&mut subscriber, story.len()).await, story);
    assert!(subscriber.is_empty(), "nothing is told twice");
    assert!(story.is_sorted_by(|a, b| a.number < b.number));
    assert_eq!(story[3].at, at(2));
    assert_eq!(store.entries_after(story[1].number, 1).await.unwrap(), story[2..3]);
    assert_eq!(store.call(id(1)).await.unwrap(), Some(after.call));
    let log = store.log(id(1)).await.unwrap();
    let events: Vec<_> = log.iter().map(|event| event["event"].as_str().unwrap()).collect();
    assert_eq!(events, ["arrived", "placed", "ringing"]);
    assert_eq!(log[0]["from"], CALLER_NUMBER);
}

async fn an_event_for_nobody_is_said_to_be_so(store: Store) {
    assert_eq!(store.update(id(9), &Event::Tick, at(0), None).await.unwrap(), None);
    assert_eq!(store.call(id(9)).await.unwrap(), None);
}

async fn commands_are_born_into_the_hand(store: Store) {
    let mine = hand("me", at(30));
    let change = arrive(&store, 1, at(0), Some(&mine)).await;
    assert_eq!(dials(&change.in_hand), [ANN]);
    assert!(!change.left_waiting);
    let born = &change.in_hand[0];
    assert_eq!((born.ordered_at, born.leased_until, born.abandoned), (at(0), at(30), false));
    assert_eq!(store.claim(&hand("you", at(59)), at(29), 9, 9).await.unwrap(), []);
    let pending = store.pending(at(29)).await.unwrap();
    assert_eq!((pending.dials, pending.all, pending.next), (0, 1, Some(at(30))));
}

async fn commands_wait_where_no_hand_is_held_out(store: Store) {
    let change = arrive(&store, 1, at(0), None).await;
    assert!(change.left_waiting && change.in_hand.is_empty());
    assert_eq!(store.pending(at(0)).await.unwrap().dials, 1);
    let claimed = store.claim(&hand("me", at(30)), at(0), 9, 9).await.unwrap();
    assert_eq!(dials(&claimed), [ANN]);
    assert!(!claimed[0].abandoned);
    assert_eq!(claimed[0].hotline, HotlineName("lab".to_owned()));
    assert_eq!(store.claim(&hand("me", at(30)), at(0), 9, 9).await.unwrap(), []);
}

async fn a_lease_that_ran_out_says_so(store: Store) {
    arrive(&store, 1, at(0), Some(&hand("dead", at(30)))).await;
    let claimed = store.claim(&hand("me", at(60)), at(30), 9, 9).await.unwrap();
    assert_eq!(dials(&claimed), [ANN]);
    assert!(claimed[0].abandoned);
    // The first owner has lost it, even if it is not dead after all.
    assert_eq!(store.release("dead", &claimed[0], at(31), 1).await.unwrap(), Released::Lost);
    assert_eq!(store.claim(&hand("you", at(90)), at(59), 9, 9).await.unwrap(), []);
}

/// A process that was stopped wakes up with a command that another one has taken over meanwhile.
async fn whoever_has_lost_a_command_ends_nothing(store: Store) {
    let stopped = arrive(&store, 1, at(0), Some(&hand("stopped", at(30)))).await.in_hand.remove(0);
    let taken_over = store.claim(&hand("other", at(60)), at(30), 9, 9).await.unwrap().remove(0);
    store.done(&stopped).await.unwrap();
    store.failed(&stopped).await.unwrap();
    let refused = Event::Refused {
        leg: LegId(1),
        why: crate::call::Refusal {
            code: None,
            message: "no route".to_owned(),
            permanent: false,
        },
    };
    assert!(store.settle(&stopped, &refused, at(31), None).await.unwrap().is_none());
    assert_eq!(store.pending(at(31)).await.unwrap().all, 1, "the other one has it in hand");
    let settled = store
        .settle(&taken_over, &placed(1, line("ann")), at(32), None)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(settled.call.line(LegId(1)), Some(&line("ann")));
    assert!(store.settle(&stopped, &refused, at(33), None).await.unwrap().is_none());
    assert_eq!(store.call(id(1)).await.unwrap().unwrap(), settled.call, "Ann's phone rings");
    // But a line that the carrier has named is there.
    assert!(
        store
            .settle(&stopped, &placed(1, line("ann")), at(34), None)
            .await
            .unwrap()
            .is_some()
    );
}

async fn what_is_put_back_waits_for_its_time(store: Store) {
    let change = arrive(&store, 1, at(0), Some(&hand("me", at(30)))).await;
    let released = store.release("me", &change.in_hand[0], at(5), 1).await.unwrap();
    assert_eq!(released, Released::Waiting);
    assert_eq!(store.pending(at(4)).await.unwrap().next, Some(at(5)));
    assert_eq!(store.claim(&hand("me", at(34)), at(4), 9, 9).await.unwrap(), []);
    let claimed = store.claim(&hand("me", at(35)), at(5), 9, 9).await.unwrap();
    assert_eq!((claimed[0].failures, claimed[0].abandoned), (1, false));
}

async fn what_is_done_or_failed_is_never_claimed(store: Store) {
    let first = arrive(&store, 1, at(0), Some(&hand("me", at(30)))).await;
    store.done(&first.in_hand[0]).await.unwrap();
    update(&store, 1, caller_hangs_up(), at(1)).await;
    let second = arrive(&store, 2, at(2), Some(&hand("me", at(30)))).await;
    let failed: Vec<_> = second.in_hand.iter().collect();
    store.failed(failed[0]).await.unwrap();
    assert_eq!(store.claim(&hand("me", at(999)), at(900), 9, 9).await.unwrap(), []);
    assert_eq!(store.pending(at(900)).await.unwrap().all, 0);
}

async fn dials_and_others_are_claimed_apart(store: Store) {
    arrive(&store, 1, at(0), None).await;
    // The first phone is known; Bob's turn comes, and Ann's phone is to be cancelled.
    update(&store, 1, placed(1, line("ann")), at(1)).await;
    update(&store, 1, Event::Tick, at(40)).await;
    let pending = store.pending(at(40)).await.unwrap();
    assert_eq!((pending.dials, pending.others), (2, 1));
    let others = store.claim(&hand("me", at(70)), at(40), 0, 9).await.unwrap();
    assert_eq!(others.iter().map(super::super::Claimed::verb).collect::<Vec<_>>(), ["cancel"]);
    let one = store.claim(&hand("me", at(70)), at(40), 1, 0).await.unwrap();
    assert_eq!(dials(&one), [ANN], "the oldest first");
    assert_eq!(dials(&store.claim(&hand("me", at(70)), at(40), 9, 9).await.unwrap()), [BOB]);
}

async fn a_dial_is_withdrawn_in_time(store: Store) {
    arrive(&store, 1, at(0), None).await;
    let after = update(&store, 1, caller_hangs_up(), at(3)).await;
    assert_eq!(store.claim(&hand("me", at(33)), at(3), 9, 9).await.unwrap(), []);
    assert!(!after.call.is_live(), "nothing is left to wait for");
    let listed = &store.calls(1).await.unwrap()[0];
    assert_eq!((listed.ended_at, listed.outcome), (Some(at(3)), Some(Outcome::CallerHungUp)));
    let log = store.log(id(1)).await.unwrap();
    let events: Vec<_> = log.iter().map(|event| event["event"].as_str().unwrap()).collect();
    assert_eq!(events, ["arrived", "ended", "refused"]);
}

async fn a_dial_in_hand_is_only_marked(store: Store) {
    let change = arrive(&store, 1, at(0), Some(&hand("me", at(30)))).await;
    let after = update(&store, 1, caller_hangs_up(), at(3)).await;
    assert!(after.call.is_live(), "Ann's phone may ring yet");
    let put_back = store.release("me", &change.in_hand[0], at(4), 1).await.unwrap();
    assert_eq!(put_back, Released::Withdrawn);
    let claimed = store.claim(&hand("you", at(60)), at(30), 9, 9).await.unwrap();
    assert!(claimed[0].withdrawn && claimed[0].abandoned);
}

async fn a_settled_command_is_done(store: Store) {
    let change = arrive(&store, 1, at(0), Some(&hand("me", at(30)))).await;
    let event = placed(1, line("ann"));
    let settled = store.settle(&change.in_hand[0], &event, at(1), None).await.unwrap().unwrap();
    assert_eq!(settled.call.line(LegId(1)), Some(&line("ann")));
    assert_eq!(store.pending(at(99)).await.unwrap().all, 0);
    let ordered = store.dial_of(id(1), LegId(1)).await.unwrap().unwrap();
    assert_eq!(ordered, change.in_hand[0].command);
    assert_eq!(store.dial_of(id(1), LegId(2)).await.unwrap(), None);
}

/// Ann has picked up, then the caller hangs up: her leg is redirected to a farewell.
async fn ann_is_told_that_the_caller_is_gone(store: &Store, hand: Option<&Hand>) -> Change {
    let change = arrive(store, 1, at(0), Some(&super::hand("me", at(30)))).await;
    store
        .settle(&change.in_hand[0], &placed(1, line("ann")), at(1), None)
        .await
        .unwrap();
    let answered = Event::Answered {
        leg: LegId(1),
        line: line("ann"),
        voice: None,
    };
    update(store, 1, answered, at(5)).await;
    store.update(id(1), &caller_hangs_up(), at(6), hand).await.unwrap().unwrap()
}

async fn one_line_is_worked_on_in_order(store: Store) {
    let mine = hand("me", at(60));
    let change = ann_is_told_that_the_caller_is_gone(&store, Some(&mine)).await;
    assert_eq!(change.in_hand[0].verb(), "redirect");
    // She stays on the line: 30 s later her leg is hung up, but not while the redirection is under way.
    let later = store.update(id(1), &Event::Tick, at(36), Some(&mine)).await.unwrap().unwrap();
    assert!(later.in_hand.is_empty() && later.left_waiting);
    assert_eq!(store.pending(at(36)).await.unwrap().others, 0);
    assert_eq!(store.claim(&mine, at(36), 9, 9).await.unwrap(), []);
    store.done(&change.in_hand[0]).await.unwrap();
    let next = store.claim(&mine, at(36), 9, 9).await.unwrap();
    assert_eq!(next[0].verb(), "hang_up");
}

async fn hanging_up_makes_a_redirection_idle(store: Store) {
    ann_is_told_that_the_caller_is_gone(&store, None).await;
    update(&store, 1, Event::Tick, at(36)).await;
    let claimed = store.claim(&hand("me", at(66)), at(36), 9, 9).await.unwrap();
    // The text says who has called: she had picked up.
    assert_eq!(
        claimed.iter().map(super::super::Claimed::verb).collect::<Vec<_>>(),
        ["text", "hang_up"]
    );
}

async fn people_on_another_call_are_not_rung(store: Store) {
    arrive(&store, 1, at(0), None).await;
    arrive(&store, 2, at(1), None).await;
    let story = told(&store, 2).await;
    assert_eq!(
        story[1..],
        [
            "Ann is not rung: already on another call of the hotline.",
            "Now ringing: 2nd.",
            "Dialling Bob on +61…157 (Rota!2nd)."
        ]
    );
    update(&store, 1, caller_hangs_up(), at(2)).await;
    arrive(&store, 3, at(3), None).await;
    assert_eq!(
        told(&store, 3).await[1..],
        ["Now ringing: 1st.", "Dialling Ann on +61…156 (Rota!1st)."]
    );
}

async fn extensions_of_one_switchboard_are_engaged_each_for_itself(store: Store) {
    let with_extensions = |n: u128| {
        let mut plan = ann_then_bob();
        let switchboard = number("+442079460000");
        for (rung, extension) in plan.levels.iter_mut().zip(["12", "13"]) {
            rung.responders[0].phone = switchboard.with_extension(extension).unwrap();
        }
        let caller_line = line(&format!("caller-{n}"));
        (caller_line.clone(), move |world: &World<'_>| {
            Call::arrive(id(n), plan, None, caller_line, world)
        })
    };
    for n in [1, 2] {
        let (caller_line, arrival) = with_extensions(n);
        store.begin(&caller_line, at(0), None, arrival).await.unwrap();
    }
    assert_eq!(
        told(&store, 2).await[1..],
        [
            "Ann is not rung: already on another call of the hotline.",
            "Now ringing: 2nd.",
            "Dialling Bob on +44…000 ext. 13 (Rota!2nd)."
        ]
    );
}

async fn deadlines_are_due_on_time(store: Store) {
    assert_eq!(store.next_deadline(at(0)).await.unwrap(), None);
    let nearly = at(0) + TimeDelta::nanoseconds(999_999);
    let change = arrive(&store, 1, nearly, None).await;
    // An order to dial may wait for its turn for 60 s.
    assert_eq!(store.next_deadline(at(0)).await.unwrap(), Some(at(60)));
    assert_eq!(
        change.call.deadline(),
        Some(at(60)),
        "the call's own deadline is no finer than the kept one"
    );
    assert_eq!(store.due(at(60) - TimeDelta::milliseconds(1), 9).await.unwrap(), []);
    assert_eq!(store.due(at(60), 9).await.unwrap(), [id(1)]);
    assert_eq!(store.next_deadline(at(60)).await.unwrap(), None);
}

async fn calls_are_listed_newest_first(store: Store) {
    for n in 1..=3 {
        arrive(&store, n, at(10 * i64::try_from(n).unwrap()), None).await;
    }
    let listed = store.calls(2).await.unwrap();
    assert_eq!(listed.iter().map(|call| call.id).collect::<Vec<_>>(), [id(3), id(2)]);
    assert_eq!(listed[0].arrived_at, at(30));
    assert_eq!(listed[0].from, Some(number(CALLER_NUMBER)));
    assert_eq!((listed[0].ended_at, listed[0].outcome), (None, None));
}

async fn small_facts_are_remembered(store: Store) {
    assert_eq!(store.recall("url").await.unwrap(), None);
    store.remember("url", "https://a.example").await.unwrap();
    store.remember("url", "https://b.example").await.unwrap();
    assert_eq!(store.recall("url").await.unwrap().as_deref(), Some("https://b.example"));
    assert_eq!(store.remember_once("url", "https://c.example").await.unwrap(), "https://b.example");
    assert_eq!(store.remember_once("secret", "a").await.unwrap(), "a");
    assert_eq!(store.remember_once("secret", "b").await.unwrap(), "a");
    store.healthy().await.unwrap();
}

async fn fifty_events_at_once_are_all_taken_in(store: Store) {
    arrive(&store, 1, at(0), None).await;
    let mut all = tokio::task::JoinSet::new();
    for second in 0..50 {
        let store = store.clone();
        all.spawn(async move { update(&store, 1, Event::Tick, at(0) + seconds(second % 3)).await });
    }
    assert_eq!(all.join_all().await.len(), 50);
    assert_eq!(store.log(id(1)).await.unwrap().len(), 51);
}
