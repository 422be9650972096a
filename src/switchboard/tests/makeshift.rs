//! A caller who is put through without the store, and what was ordered of his line before.

use super::running::until;
use super::*;
use crate::call::{Ending, Event, Fact, MakeshiftStep, Refusal};

/// Nobody is to be had: an order to fetch the caller out of the room waits in the outbox.
async fn to_be_fetched(house: &mut House) -> Call {
    let refused = CarrierError::Refused(Refusal {
        code: None,
        message: "no".to_owned(),
        permanent: true,
    });
    house.carrier_will_say(vec![Err(refused)]);
    let call = house.call_comes_in("caller").await;
    let [dial]: [Claimed; 1] = house.claim().await.try_into().unwrap();
    house.exchange().carry_out(dial).await;
    assert_eq!(house.was_asked(), [desk_is_dialled()]);
    call
}

/// How often the story says this of him.
async fn times(house: &House, call: &Call, step: MakeshiftStep) -> usize {
    let story = house.store.story(call.id()).await.unwrap();
    story.iter().filter(|entry| entry.fact == Fact::Makeshift { step }).count()
}

async fn is_told(house: &House, call: &Call) -> bool {
    house.switchboard.call(call.id()).await.unwrap().is_makeshift()
}

/// His call knows, and the older order has had its turn in vain.
async fn left_alone() -> (House, Call) {
    let mut house = House::new(vec![]).await;
    let call = to_be_fetched(&mut house).await;
    house.switchboard.leave_alone(line("caller"), false).await;
    assert!(is_told(&house, &call).await, "kept before the caller is answered");
    house.carry_out_all().await;
    assert_eq!(house.was_asked(), []);
    (house, call)
}

/// Four callers were fetched out of a makeshift talk and told goodbye (`CRASH_SEED=11`, PostgreSQL; again with `CRASH_SEED=111`).
#[tokio::test]
async fn whoever_is_put_through_is_not_fetched_by_an_older_order() {
    let (house, _) = left_alone().await;
    assert_eq!(house.store.pending(at(999)).await.unwrap().all, 0, "the order is done with");
}

#[tokio::test]
async fn nor_before_his_call_knows() {
    let mut house = House::new(vec![]).await;
    let call = to_be_fetched(&mut house).await;
    let [fetch]: [Claimed; 1] = house.claim().await.try_into().unwrap();
    assert!(house.exchange().untold.add(line("caller"), false), "the store has failed so far");
    house.exchange().carry_out(fetch).await;
    assert_eq!(house.was_asked(), []);
    assert!(is_told(&house, &call).await, "whoever finds the order tells the call");
    // What is to be told by then is more than what was told.
    assert!(!house.exchange().untold.add(line("caller"), true));
    assert_eq!(
        house.exchange().untold.event(&line("caller")),
        Some(Event::Makeshift { talked: true })
    );
    assert_eq!(times(&house, &call, MakeshiftStep::Begun).await, 1);
}

#[tokio::test]
async fn that_he_has_talked_is_told_once() {
    let house = House::new(vec![]).await;
    let call = house.call_comes_in("caller").await;
    house.switchboard.leave_alone(line("caller"), false).await;
    house.switchboard.leave_alone(line("caller"), true).await;
    house.switchboard.leave_alone(line("caller"), false).await;
    let has_talked = || async { times(&house, &call, MakeshiftStep::Talked).await > 0 };
    until("he has talked", has_talked).await;
    assert_eq!(times(&house, &call, MakeshiftStep::Talked).await, 1);
}

#[tokio::test]
async fn what_is_ordered_after_he_is_back_is_done() {
    let (mut house, call) = left_alone().await;
    let back = Event::StillWaiting { leg: LegId(0) };
    house.switchboard.event(call.id(), back).await.unwrap();
    house.carry_out_all().await;
    // The desk's number is of no use, and was found out to be before: he is asked what he wishes.
    assert_eq!(house.was_asked(), [Asked::Redirect(line("caller"), LegId(0))]);
}

/// The line is nobody's at first: its call's arrival was taken in late.
#[tokio::test]
async fn a_call_that_is_kept_late_is_told_too() {
    let house = House::new(vec![]).await;
    house.switchboard.leave_alone(line("caller"), false).await;
    tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    let call = house.call_comes_in("caller").await;
    until("the call knows", || is_told(&house, &call)).await;
    let gone = Event::Ended {
        leg: LegId(0),
        how: Ending::Completed,
    };
    house.switchboard.event(call.id(), gone).await.unwrap();
    assert!(!is_told(&house, &call).await);
}
