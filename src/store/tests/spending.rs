//! How many orders there may be: counted with them, by all processes together, and told once at each step.

use super::*;
use crate::call::{Budget, Costly, Fact};
use crate::roster::{Reach, Responder};

on_every_store!(
    who_is_out_of_reach_is_refused_and_the_next_one_is_rung,
    when_all_is_spent_only_the_last_resort_is_rung,
    an_hour_later_there_is_enough_again,
    a_text_that_may_not_be_sent_is_told,
);

on_every_database!(all_processes_count_together);

const DESK: &str = "+61491570110";

/// Calls of this hotline ring Ann, then Bob, then the desk; nobody is told of those in vain.
fn plan(here: u32, everywhere: u32) -> Plan {
    let mut plan = ann_then_bob();
    plan.rules.budget = Budget { here, everywhere };
    plan.last_resort = Some(Responder {
        name: "Desk".to_owned(),
        phone: number(DESK),
        then: None,
    });
    plan
}

async fn arrive_with(store: &Store, n: u128, seconds: i64, plan: Plan) -> Change {
    let caller_line = line(&format!("caller-{n}"));
    let begun = store.begin(&caller_line, at(seconds), None, |world| {
        Call::arrive(id(n), plan, Some(number(CALLER_NUMBER)), caller_line.clone(), world)
    });
    match begun.await.unwrap() {
        Begun::New(change) => *change,
        Begun::Known(_) | Begun::Bygone => panic!("a new line begins a new call"),
    }
}

/// The same, and the caller hangs up at once: whoever was rung is free again.
async fn ring_with(store: &Store, n: u128, seconds: i64, plan: Plan) -> Change {
    let change = arrive_with(store, n, seconds, plan).await;
    update(store, n, caller_hangs_up(), at(seconds)).await;
    change
}

/// Whom the orders in the outbox ring, in their order.
async fn rung(store: &Store) -> Vec<String> {
    let rows: Vec<(String,)> = sqlx::query_as("SELECT command FROM outbox WHERE verb = 'dial' ORDER BY id")
        .fetch_all(&store.readers)
        .await
        .unwrap();
    let to = |(command,): &(String,)| serde_json::from_str::<serde_json::Value>(command).unwrap()["to"].clone();
    rows.iter().map(|row| to(row).as_str().unwrap().to_owned()).collect()
}

fn spending(change: &Change) -> Vec<String> {
    let told = change.entries.iter().filter(|entry| matches!(entry.fact, Fact::Spending { .. }));
    told.map(|entry| entry.fact.to_string()).collect()
}

/// A plan that should never have been made: the gate holds by itself.
async fn who_is_out_of_reach_is_refused_and_the_next_one_is_rung(store: Store) {
    let mut plan = plan(0, 0);
    plan.levels[0].responders[0].phone = number("+611900654321");
    plan.rules.reach = Reach::new(
        Some("AU"),
        &[],
        std::collections::BTreeSet::new(),
        &std::collections::BTreeSet::new(),
        std::collections::BTreeSet::new(),
    );
    arrive_with(&store, 1, 0, plan).await;
    assert_eq!(rung(&store).await, [BOB]);
    let story = told(&store, 1).await;
    assert!(
        story.contains(&"Ann could not be dialled: is a premium-rate number.".to_owned()),
        "{story:#?}"
    );
}

async fn when_all_is_spent_only_the_last_resort_is_rung(store: Store) {
    let mut told_of = Vec::new();
    for n in 1..=5 {
        told_of.extend(spending(&ring_with(&store, n, 0, plan(5, 0)).await));
    }
    assert_eq!(rung(&store).await, [ANN; 5], "one each");
    assert_eq!(
        told_of,
        [
            "The hotline has used up four fifths of the 5 calls and texts of an hour (orders_per_hour).",
            "The hotline has used up the 5 calls and texts of an hour (orders_per_hour): now only the last resort is rung."
        ]
    );
    // Five more callers reach the desk; then nobody is rung, and callers are offered what there is for them.
    for n in 6..=12 {
        told_of.extend(spending(&ring_with(&store, n, 1, plan(5, 0)).await));
    }
    assert_eq!(rung(&store).await[5..], [DESK; 5]);
    assert_eq!(
        told_of[2..],
        ["The hotline has used up twice the 5 calls and texts of an hour (orders_per_hour): now nobody is rung or texted."]
    );
    let story = told(&store, 12).await;
    assert!(
        story.contains(&"Ann could not be dialled: the calls and texts of this hour are used up (orders_per_hour).".to_owned()),
        "{story:#?}"
    );
    assert!(story.iter().any(|line| line.starts_with("The caller is asked")), "{story:#?}");
    // Another hotline has its own.
    let mut elsewhere = plan(5, 0);
    elsewhere.hotline = HotlineName("ward".to_owned());
    ring_with(&store, 20, 2, elsewhere).await;
    assert_eq!(rung(&store).await.len(), 11);
}

async fn an_hour_later_there_is_enough_again(store: Store) {
    for n in 1..=10 {
        ring_with(&store, n, 0, plan(3, 0)).await;
    }
    assert_eq!(rung(&store).await.len(), 6);
    ring_with(&store, 11, 3_500, plan(3, 0)).await;
    assert_eq!(rung(&store).await.len(), 6, "not yet");
    ring_with(&store, 12, 3_660, plan(3, 0)).await;
    assert_eq!(rung(&store).await[6..], [ANN]);
}

async fn a_text_that_may_not_be_sent_is_told(store: Store) {
    let mut plan = plan(0, 0);
    plan.levels.clear();
    plan.last_resort = None;
    plan.rules.tell = vec![number("+611900654321"), number(BOB)];
    arrive_with(&store, 1, 0, plan).await;
    update(&store, 1, caller_hangs_up(), at(3)).await;
    update(&store, 1, Event::Tick, at(600)).await;
    let texts: Vec<String> = store
        .claim(&hand("me", at(640)), at(610), 9, 9)
        .await
        .unwrap()
        .into_iter()
        .map(|claimed| match claimed.command.costs() {
            Some(Costly::Text { to, .. }) => to.address().to_owned(),
            Some(Costly::Dial { .. }) | None => panic!("{:?}", claimed.command),
        })
        .collect();
    assert_eq!(texts, [BOB]);
    let story = told(&store, 1).await;
    assert!(
        story.contains(&"The text to +61…321 could not be sent: is a premium-rate number.".to_owned()),
        "{story:#?}"
    );
}

async fn all_processes_count_together(home: Home) {
    let (one, other) = (home.open().await, home.open().await);
    for n in 1..=4 {
        let store = if n % 2 == 0 { &one } else { &other };
        let mut plan = plan(0, 4);
        plan.hotline = HotlineName(format!("line-{n}"));
        ring_with(store, n, 0, plan).await;
    }
    assert_eq!(rung(&one).await, [ANN; 4]);
    let mut fifth = plan(0, 4);
    fifth.hotline = HotlineName("line-5".to_owned());
    ring_with(&other, 5, 0, fifth).await;
    assert_eq!(rung(&one).await[4..], [DESK]);
}
