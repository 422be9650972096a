//! The line of those who wait, in transactions.

use super::*;
use crate::call::Ending;

on_every_store!(
    who_becomes_free_is_offered_at_once_to_who_waits_longest,
    who_did_not_answer_one_call_is_meant_for_who_waited_before_it,
    who_leaves_frees_the_place,
    places_survive_a_further_search_of_somebody_before,
);

const CY: &str = "+61491570159";

/// Two rounds, so that who is not reached at once goes on waiting.
async fn calls(store: &Store, n: u128) -> Change {
    let caller_line = line(&format!("caller-{n}"));
    let plan = Plan {
        rules: Rules {
            rounds: 3,
            ..ann_then_bob().rules
        },
        ..ann_then_bob()
    };
    let begun = store.begin(&caller_line, at(0), None, |world| {
        Call::arrive(id(n), plan, Some(number(CY)), line(&format!("caller-{n}")), world)
    });
    match begun.await.unwrap() {
        Begun::New(change) => *change,
        Begun::Known(_) | Begun::Bygone => panic!("a new line begins a new call"),
    }
}

async fn places(store: &Store, calls: std::ops::RangeInclusive<u128>) -> Vec<Option<u32>> {
    let mut places = Vec::new();
    for n in calls {
        places.push(store.place_in_line(id(n)).await.unwrap());
    }
    places
}

/// Of which call, and what.
fn told_of(change: &Change) -> Vec<(u128, String)> {
    let told = change.entries.iter().map(|entry| (entry.call.0.as_u128(), entry.fact.to_string()));
    told.collect()
}

fn leg_ends(leg: u16, how: Ending) -> Event {
    Event::Ended { leg: LegId(leg), how }
}

async fn who_becomes_free_is_offered_at_once_to_who_waits_longest(store: Store) {
    for n in 1..=5 {
        calls(&store, n).await;
    }
    assert_eq!(places(&store, 1..=5).await, [1, 2, 3, 4, 5].map(Some));
    // The first caller hangs up: Ann, whose order was still waiting, is free, and the third has waited longest.
    let change = update(&store, 1, caller_hangs_up(), at(1)).await;
    let rung: Vec<u128> = told_of(&change)
        .into_iter()
        .filter(|(_, what)| what.contains("Dialling Ann"))
        .map(|(n, _)| n)
        .collect();
    assert_eq!(rung, [3], "{:?}", told_of(&change));
    assert!(change.left_waiting, "the order is handed on");
    assert_eq!(places(&store, 1..=5).await, [None, Some(1), Some(2), Some(3), Some(4)]);
    assert_eq!(told(&store, 4).await.len(), told(&store, 5).await.len(), "nobody else hears of it");
}

async fn who_did_not_answer_one_call_is_meant_for_who_waited_before_it(store: Store) {
    calls(&store, 1).await;
    calls(&store, 2).await;
    // Ann declines the first, who waits for Bob from then on, and is rung for the third; Bob does not answer the second.
    update(&store, 1, placed(1, line("ann")), at(1)).await;
    update(
        &store,
        1,
        Event::Answered {
            leg: LegId(1),
            line: line("ann"),
            voice: None,
        },
        at(2),
    )
    .await;
    update(&store, 1, Event::Key { leg: LegId(1), key: '2' }, at(3)).await;
    update(&store, 1, leg_ends(1, Ending::Completed), at(4)).await;
    calls(&store, 3).await;
    update(&store, 2, placed(1, line("bob")), at(5)).await;
    let change = update(&store, 2, leg_ends(1, Ending::NoAnswer), at(25)).await;
    let first = store.call(id(1)).await.unwrap().unwrap();
    let second = store.call(id(2)).await.unwrap().unwrap();
    assert_eq!(
        first.leg(LegId(2)).map(|leg| leg.who.name.as_str()),
        Some("Bob"),
        "{:?}",
        told_of(&change)
    );
    assert_eq!(second.leg(LegId(2)), None, "Bob is not rung for the younger one again");
    assert!(second.waits_in_line());
}

async fn who_leaves_frees_the_place(store: Store) {
    for n in 1..=5 {
        calls(&store, n).await;
    }
    update(&store, 3, Event::LeftRoom { leg: LegId(0) }, at(9)).await;
    assert_eq!(places(&store, 3..=5).await, [None, Some(3), Some(4)]);
    update(&store, 4, caller_hangs_up(), at(9)).await;
    assert_eq!(places(&store, 3..=5).await, [None, None, Some(3)]);
}

async fn places_survive_a_further_search_of_somebody_before(store: Store) {
    for n in 1..=3 {
        calls(&store, n).await;
    }
    // Nobody has answered the first, whose next round finds Ann free: the third stays where he is.
    update(&store, 1, placed(1, line("ann")), at(1)).await;
    update(&store, 1, leg_ends(1, Ending::NoAnswer), at(20)).await;
    assert_eq!(places(&store, 1..=3).await, [1, 2, 3].map(Some));
    let third = store.call(id(3)).await.unwrap().unwrap();
    let first = store.call(id(1)).await.unwrap().unwrap();
    assert_eq!(
        (third.leg(LegId(1)), first.leg(LegId(2)).map(|leg| leg.who.name.as_str())),
        (None, Some("Ann"))
    );
}
