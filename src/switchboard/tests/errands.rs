//! One command at a time: what the carrier is asked and what the call hears of the answer.

use super::*;
use crate::call::{Ending, Event, LegState, Refusal};
use crate::switchboard::errand::{Next, limited};

fn refusal(permanent: bool) -> CarrierError {
    CarrierError::Refused(Refusal {
        code: Some(21_215),
        message: "no".to_owned(),
        permanent,
    })
}

fn unsure() -> CarrierError {
    CarrierError::Unsure("timeout".to_owned())
}

fn unreachable() -> CarrierError {
    CarrierError::Unreachable("no route".to_owned())
}

async fn caller_hangs_up(house: &House, call: &Call) -> Call {
    let gone = Event::Ended {
        leg: LegId(0),
        how: Ending::Completed,
    };
    Arc::unwrap_or_clone(house.switchboard.event(call.id(), gone).await.unwrap())
}

async fn leg_state(house: &House, call: &Call) -> LegState {
    house.switchboard.call(call.id()).await.unwrap().leg(LegId(1)).unwrap().state
}

#[tokio::test]
async fn a_dial_that_is_taken_is_placed() {
    let mut house = House::new(vec![]).await;
    let call = house.call_comes_in("caller").await;
    house.carry_out_all().await;
    assert_eq!(house.was_asked(), [desk_is_dialled()]);
    let after = house.switchboard.call(call.id()).await.unwrap();
    assert_eq!(after.line(LegId(1)), Some(&line("leg-1")));
    assert_eq!(house.store.pending(at(999)).await.unwrap().all, 0);
}

#[tokio::test]
async fn a_dial_that_is_refused_is_not_repeated() {
    let mut house = House::new(vec![Err(refusal(true))]).await;
    let call = house.call_comes_in("caller").await;
    house.carry_out_all().await;
    assert_eq!(leg_state(&house, &call).await, LegState::Ended);
    // Nobody is left: the caller is sent to leave a message.
    assert_eq!(house.was_asked(), [desk_is_dialled(), Asked::Redirect(line("caller"), LegId(0))]);
}

#[tokio::test]
async fn a_dial_of_unknown_outcome_is_looked_up_and_not_repeated() {
    let mut house = House::new(vec![Err(unsure()), Ok(vec![line("found")])]).await;
    let call = house.call_comes_in("caller").await;
    house.carry_out_all().await;
    let looked_up = Asked::Find(DUTY_DESK.to_owned(), LegId(1), call.arrived_at());
    assert_eq!(house.was_asked(), [desk_is_dialled(), looked_up]);
    assert_eq!(house.log(&call).await, ["arrived", "unsure", "placed"]);
}

#[tokio::test(start_paused = true)]
async fn a_verb_that_is_cut_off_may_have_been_done() {
    let begun = Clock::monotonic();
    let outcome: Result<LineId, CarrierError> = limited(std::future::pending()).await;
    assert!(matches!(outcome, Err(CarrierError::Unsure(_))), "{outcome:?}");
    assert_eq!((Clock::monotonic() - begun).as_secs(), 12);
}

#[tokio::test]
async fn not_found_is_believed_after_a_while() {
    let mut house = House::new(vec![Err(unsure()), Ok(vec![])]).await;
    let call = house.call_comes_in("caller").await;
    house.carry_out_all().await;
    assert_eq!(leg_state(&house, &call).await, LegState::Unsure);
    assert_eq!(house.was_asked().len(), 2);
    let later = House::on(house.store.clone(), at(20), vec![Ok(vec![])]);
    later.carry_out_all().await;
    assert_eq!(leg_state(&later, &call).await, LegState::Ended);
    assert_eq!(later.log(&call).await, ["arrived", "unsure", "refused"]);
}

/// A list that is behind its carrier's own doings is so, too, after one that could not be read: the order was there, and the phone rang
/// twice at once (seed 7100893 of the nights in trouble).
#[tokio::test]
async fn a_look_that_failed_makes_the_next_one_no_surer() {
    let house = House::new(vec![Err(unsure()), Err(unreachable())]).await;
    let call = house.call_comes_in("caller").await;
    house.carry_out_all().await;
    for (now, answers, state) in [
        (2, vec![Ok(vec![])], LegState::Unsure),
        (6, vec![Ok(vec![line("found")])], LegState::Placed),
    ] {
        let later = House::on(house.store.clone(), at(now), answers);
        later.carry_out_all().await;
        assert_eq!(leg_state(&later, &call).await, state, "{now}");
    }
}

#[tokio::test]
async fn a_dial_that_was_certainly_not_taken_is_tried_again_after_a_pause() {
    let throttled = CarrierError::Throttled {
        retry_after: std::time::Duration::from_secs(3),
    };
    // That there were too many is no failure of this one, which waits for its turn as long as the call wants it.
    for (error, at_least, at_most, failures) in [(throttled, 3, 4, 0), (unreachable(), 0, 1, 1)] {
        let mut house = House::new(vec![Err(error)]).await;
        let call = house.call_comes_in("caller").await;
        house.carry_out_all().await;
        assert_eq!(house.was_asked(), [desk_is_dialled()]);
        let next = house.store.pending(at(0)).await.unwrap().next.unwrap();
        assert!(next >= at(at_least) && next < at(at_most + 1), "{next}");
        assert_eq!(house.log(&call).await, ["arrived"]);
        let again = house.claim_at(next).await;
        assert_eq!((again[0].failures, again[0].abandoned), (failures, false));
        house.exchange().carry_out(again[0].clone()).await;
        assert_eq!(house.was_asked(), [desk_is_dialled()]);
        assert_eq!(house.log(&call).await, ["arrived", "placed"]);
    }
}

/// How often a command is tried at a carrier that cannot be reached, and what the call hears of it.
async fn tries(house: &mut House) -> usize {
    for _ in 0..100 {
        let Some(next) = house.store.pending(at(-1)).await.unwrap().next else {
            break;
        };
        for command in house.claim_at(next).await {
            house.exchange().carry_out(command).await;
        }
    }
    house.was_asked().len()
}

#[tokio::test]
async fn a_dial_is_given_up_sooner_than_a_hang_up() {
    let mut house = House::new(vec![Err(unreachable()); 6]).await;
    let call = house.call_comes_in("caller").await;
    let dial = house.claim().await.remove(0);
    house.exchange().carry_out(dial).await;
    while leg_state(&house, &call).await == LegState::Ordered {
        let next = house.store.pending(at(0)).await.unwrap().next.unwrap();
        assert!(next < at(20), "a caller waits");
        let dial = house.claim_at(next).await.remove(0);
        house.exchange().carry_out(dial).await;
    }
    assert_eq!(house.was_asked(), vec![desk_is_dialled(); 6]);
    assert_eq!(house.log(&call).await, ["arrived", "refused"]);

    let mut house = House::new(vec![Ok(vec![])]).await;
    let call = house.call_comes_in("caller").await;
    house.carry_out_all().await;
    house.was_asked();
    house.carrier_will_say(vec![Err(unreachable()); 100]);
    caller_hangs_up(&house, &call).await;
    // A text, and the end of the desk's line.
    assert_eq!(tries(&mut house).await, 13 + 25);
    assert_eq!(house.store.pending(at(0)).await.unwrap().all, 0);
}

#[tokio::test]
async fn an_abandoned_dial_is_looked_up_before_it_is_dialled() {
    for (found, expected_line) in [(vec![line("rings")], "rings"), (vec![], "leg-1")] {
        let mut house = House::new(vec![Ok(found.clone())]).await;
        let call = house.call_comes_in("caller").await;
        // A worker took it and died.
        assert_eq!(house.claim().await.len(), 1);
        let taken_over = house.store.claim(&later_hand(), at(40), 9, 9).await.unwrap();
        house.exchange().carry_out(taken_over[0].clone()).await;
        let looked_up = Asked::Find(DUTY_DESK.to_owned(), LegId(1), call.arrived_at());
        let mut expected = vec![looked_up];
        if found.is_empty() {
            expected.push(desk_is_dialled());
        }
        assert_eq!(house.was_asked(), expected);
        let after = house.switchboard.call(call.id()).await.unwrap();
        assert_eq!(after.line(LegId(1)), Some(&line(expected_line)));
    }
}

/// Another call rings the desk, too, on line "one"; then this one does, and what the carrier says to that is `answers`.
async fn two_ring_the_desk(answers: Vec<Result<Vec<LineId>, CarrierError>>) -> (House, Call) {
    let mut house = House::new(vec![Ok(vec![line("one")])]).await;
    house.call_comes_in("caller-1").await;
    house.carry_out_all().await;
    assert_eq!(house.was_asked(), [desk_is_dialled()]);
    house.carrier_will_say(answers);
    let call = house.call_comes_in("caller-2").await;
    (house, call)
}

#[tokio::test]
async fn a_line_of_another_call_is_not_the_one_that_is_looked_up() {
    let (house, call) = two_ring_the_desk(vec![Err(unsure()), Ok(vec![line("one"), line("two")])]).await;
    house.carry_out_all().await;
    let after = house.switchboard.call(call.id()).await.unwrap();
    assert_eq!(after.line(LegId(1)), Some(&line("two")));

    // Where there is only the other's, the order was not taken.
    let only_the_others = || Ok(vec![line("one")]);
    let (house, call) = two_ring_the_desk(vec![Err(unsure()), only_the_others()]).await;
    house.carry_out_all().await;
    assert_eq!(leg_state(&house, &call).await, LegState::Unsure);
    let later = House::on(house.store.clone(), at(20), vec![only_the_others()]);
    later.carry_out_all().await;
    assert_eq!(house.log(&call).await, ["arrived", "unsure", "refused"]);
}

#[tokio::test]
async fn an_abandoned_dial_is_not_taken_for_another_calls() {
    let (mut house, call) = two_ring_the_desk(vec![Ok(vec![line("one")]), Ok(vec![line("two")])]).await;
    assert_eq!(house.claim().await.len(), 1);
    let taken_over = house.store.claim(&later_hand(), at(40), 9, 9).await.unwrap();
    house.exchange().carry_out(taken_over[0].clone()).await;
    let looked_up = Asked::Find(DUTY_DESK.to_owned(), LegId(1), call.arrived_at());
    assert_eq!(house.was_asked(), [looked_up, desk_is_dialled()]);
    let after = house.switchboard.call(call.id()).await.unwrap();
    assert_eq!(after.line(LegId(1)), Some(&line("two")));
}

#[tokio::test]
async fn two_that_look_up_the_same_number_find_two_lines() {
    let both = || Ok(vec![line("one"), line("two")]);
    let house = House::new(vec![Err(unsure()), Err(unsure()), both(), both()]).await;
    let calls = [house.call_comes_in("caller-1").await, house.call_comes_in("caller-2").await];
    house.carry_out_all().await;
    let mut found = Vec::new();
    for call in calls {
        found.extend(house.switchboard.call(call.id()).await.unwrap().line(LegId(1)).cloned());
    }
    assert_eq!(found, [line("one"), line("two")]);
}

#[tokio::test]
async fn a_line_that_proves_to_be_another_legs_is_left_alone() {
    let mut house = House::new(vec![Err(unsure()), Ok(vec![line("one")])]).await;
    let mistaken = house.call_comes_in("caller-1").await;
    house.carry_out_all().await;
    // The carrier's answer to the other call's order comes only now.
    house.carrier_will_say(vec![Ok(vec![line("one")])]);
    let rightful = house.call_comes_in("caller-2").await;
    house.carry_out_all().await;
    house.was_asked();
    caller_hangs_up(&house, &mistaken).await;
    house.carry_out_all().await;
    assert_eq!(house.was_asked(), [Asked::Text("+61491570111".to_owned())]);
    assert_eq!(leg_state(&house, &mistaken).await, LegState::Ended);
    assert_eq!(leg_state(&house, &rightful).await, LegState::Placed);
    caller_hangs_up(&house, &rightful).await;
    house.carry_out_all().await;
    assert!(house.was_asked().contains(&Asked::Cancel(line("one"))));
}

#[tokio::test]
async fn an_abandoned_dial_that_cannot_be_looked_up_is_not_dialled() {
    let mut house = House::new(vec![Err(unsure())]).await;
    let call = house.call_comes_in("caller").await;
    assert_eq!(house.claim().await.len(), 1);
    let taken_over = house.store.claim(&later_hand(), at(40), 9, 9).await.unwrap();
    house.exchange().carry_out(taken_over[0].clone()).await;
    assert!(matches!(house.was_asked()[..], [Asked::Find(..)]));
    assert_eq!(leg_state(&house, &call).await, LegState::Ordered);
}

#[tokio::test]
async fn an_abandoned_dial_that_nobody_wants_any_more_is_only_looked_up() {
    let mut house = House::new(vec![Ok(vec![])]).await;
    let call = house.call_comes_in("caller").await;
    assert_eq!(house.claim().await.len(), 1);
    caller_hangs_up(&house, &call).await;
    let taken_over = house.store.claim(&later_hand(), at(40), 9, 0).await.unwrap();
    house.exchange().carry_out(taken_over[0].clone()).await;
    assert!(matches!(house.was_asked()[..], [Asked::Find(..)]));
    assert_eq!(leg_state(&house, &call).await, LegState::Ended);
}

#[tokio::test]
async fn a_dial_withdrawn_while_the_carrier_is_busy_is_not_tried_again() {
    let mut house = House::new(vec![Err(unreachable())]).await;
    let call = house.call_comes_in("caller").await;
    let dial = house.claim().await.remove(0);
    caller_hangs_up(&house, &call).await;
    house.exchange().carry_out(dial).await;
    assert_eq!(house.was_asked(), [desk_is_dialled()]);
    assert_eq!(leg_state(&house, &call).await, LegState::Ended);
    assert_eq!(dials_waiting(&house).await, 0);
}

#[tokio::test]
async fn a_command_whose_lease_is_nearly_over_is_left_to_others() {
    let mut house = House::new(vec![]).await;
    house.call_comes_in("caller").await;
    let mut dial = house.claim().await.remove(0);
    dial.leased_until = house.exchange().clock.now() + seconds(13);
    house.exchange().carry_out(dial).await;
    assert_eq!(house.was_asked(), []);
    assert_eq!(dials_waiting(&house).await, 1);
}

/// Stopped in the middle of an order that is not written yet, and woken when the lease is over.
#[tokio::test]
async fn whoever_has_stood_still_goes_no_further() {
    let house = House::new(vec![]).await;
    house.call_comes_in("caller").await;
    let dial = house.claim().await.remove(0);
    for (stands_still, goes_on) in [(29, true), (30, false)] {
        tokio::time::pause();
        let begun = house.exchange().lease();
        let dial = Claimed {
            leased_until: begun.until,
            ..dial.clone()
        };
        let (wake, woken) = tokio::sync::oneshot::channel();
        let has_written = std::cell::Cell::new(false);
        let order = async {
            woken.await.unwrap();
            has_written.set(true);
            Next::Done
        };
        let mut going = std::pin::pin!(house.exchange().while_in_hand(&dial, order));
        assert!(futures_util::poll!(going.as_mut()).is_pending());
        tokio::time::advance(std::time::Duration::from_secs(stands_still)).await;
        wake.send(()).unwrap();
        let expected = if goes_on { Next::Done } else { Next::Lost };
        assert_eq!(going.await, expected);
        assert_eq!(has_written.get(), goes_on);
        tokio::time::resume();
    }
}

#[tokio::test]
async fn a_line_that_is_gone_is_over() {
    let mut house = House::new(vec![Ok(vec![]), Err(CarrierError::Gone)]).await;
    let call = house.call_comes_in("caller").await;
    house.carry_out_all().await;
    caller_hangs_up(&house, &call).await;
    house.carry_out_all().await;
    assert_eq!(leg_state(&house, &call).await, LegState::Ended);
    let asked = house.was_asked();
    assert_eq!(asked[..2], [desk_is_dialled(), Asked::Cancel(line("leg-1"))]);
    assert_eq!(asked[2..], [Asked::Text("+61491570111".to_owned())]);
    assert!(!house.switchboard.call(call.id()).await.unwrap().is_live());
}

#[tokio::test]
async fn a_text_that_may_have_been_sent_is_not_sent_again() {
    let told = || "+61491570111".to_owned();
    // It is looked up once the carrier's lists know of it: there, or not there.
    for (found, afterwards) in [
        (vec![line("SM1")], vec![Asked::WasTexted(told())]),
        (vec![], vec![Asked::WasTexted(told()), Asked::Text(told())]),
    ] {
        let mut house = House::new(vec![Ok(vec![]), Ok(vec![]), Err(unsure()), Ok(found)]).await;
        let call = house.call_comes_in("caller").await;
        house.carry_out_all().await;
        caller_hangs_up(&house, &call).await;
        house.carry_out_all().await;
        assert_eq!(house.was_asked()[2..], [Asked::Text(told())]);
        assert_eq!(house.claim_at(at(4)).await, []);
        for command in house.store.claim(&later_hand(), at(20), 9, 9).await.unwrap() {
            house.exchange().carry_out(command).await;
        }
        assert_eq!(house.was_asked(), afterwards);
        assert_eq!(house.store.pending(at(999)).await.unwrap().all, 0);
    }
}

#[tokio::test]
async fn a_text_in_hand_when_a_worker_died_is_looked_up() {
    let told = || "+61491570111".to_owned();
    for (found, afterwards) in [
        (Ok(vec![line("SM1")]), vec![Asked::WasTexted(told())]),
        (Ok(vec![]), vec![Asked::WasTexted(told()), Asked::Text(told())]),
        // Whoever cannot look it up does not send it.
        (Err(unreachable()), vec![Asked::WasTexted(told())]),
    ] {
        let mut house = House::new(vec![Ok(vec![]), Ok(vec![]), found]).await;
        let call = house.call_comes_in("caller").await;
        house.carry_out_all().await;
        caller_hangs_up(&house, &call).await;
        house.was_asked();
        assert_eq!(house.claim().await.len(), 2);
        for command in house.store.claim(&later_hand(), at(40), 9, 9).await.unwrap() {
            house.exchange().carry_out(command).await;
        }
        let asked = house.was_asked();
        assert_eq!((&asked[0], &asked[1..]), (&Asked::Cancel(line("leg-1")), &afterwards[..]));
    }
}

#[tokio::test]
async fn a_hotline_that_is_gone_from_the_configuration_dials_nobody() {
    let mut house = House::new(vec![]).await;
    let call = house.call_comes_in("caller").await;
    let mut dial = house.claim().await.remove(0);
    dial.hotline = HotlineName("closed".to_owned());
    house.exchange().carry_out(dial).await;
    assert_eq!(house.was_asked(), []);
    assert_eq!(leg_state(&house, &call).await, LegState::Ended);
}

fn later_hand() -> crate::store::Hand {
    crate::store::Hand {
        worker: "next".to_owned(),
        until: at(70),
    }
}

async fn dials_waiting(house: &House) -> u32 {
    house.store.pending(at(10)).await.unwrap().dials
}
