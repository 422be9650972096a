//! A process that is gone in the middle of its calls, and those that come after it.

use super::running::{Slow, run, until};
use super::*;
use crate::call::{Event, LegState};
use crate::switchboard::deadlines::{Held, tick_all};

const DESK_LEG: LegId = LegId(1);

/// Three calls ring the desk: it rings for the first and the second, and the order of the third is on its way to
/// the carrier in the moment in which the process dies.
async fn dies_in_the_middle(path: &std::path::Path) -> [Call; 3] {
    let (asking, mut asked) = mpsc::unbounded_channel();
    let carrier = Arc::new(Slow {
        asked: asking,
        go_on: tokio::sync::Notify::new(),
    });
    let mut house = House::on(Store::open(path).await.unwrap(), at(0), vec![]);
    let quick = Pacing {
        per_second: 1000.0,
        burst: 100,
    };
    house.switchboard = Switchboard::new(house.store.clone(), carrier.clone(), vec![lab()], quick, Clock::anchored_at(at(0)));
    let (_, running) = run(&house);
    let mut calls = Vec::new();
    for caller in ["caller-1", "caller-2"] {
        let call = house.call_comes_in(caller).await;
        asked.recv().await.unwrap();
        carrier.go_on.notify_one();
        until("it is placed", || async { house.log(&call).await.len() == 2 }).await;
        let rings = Event::Ringing {
            leg: DESK_LEG,
            line: the_line_of(&call),
        };
        calls.push(Arc::unwrap_or_clone(house.switchboard.event(call.id(), rings).await.unwrap()));
    }
    calls.push(house.call_comes_in("caller-3").await);
    asked.recv().await.unwrap();
    running.abort();
    assert!(running.await.unwrap_err().is_cancelled());
    calls.try_into().unwrap()
}

fn the_line_of(call: &Call) -> LineId {
    line(&format!("{}/{DESK_LEG}", call.id()))
}

async fn state(house: &House, call: &Call) -> LegState {
    house.switchboard.call(call.id()).await.unwrap().leg(DESK_LEG).unwrap().state
}

#[tokio::test]
async fn a_process_that_dies_takes_no_call_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rotaline.db");
    let [first, second, third] = Box::pin(dies_in_the_middle(&path)).await;

    // The ringing goes on, as if nothing had been; what the dead process had in hand is not touched yet.
    let mut house = House::on(Store::open(&path).await.unwrap(), at(10), vec![]);
    assert_eq!(house.switchboard.call(first.id()).await.unwrap(), first);
    assert_eq!(house.claim().await, []);
    tick_all(house.exchange(), &mut Held::new()).await;
    assert_eq!(house.log(&second).await, ["arrived", "placed", "ringing"]);
    assert_eq!(state(&house, &third).await, LegState::Ordered);
    for event in [
        Event::Answered {
            leg: DESK_LEG,
            line: the_line_of(&first),
            voice: None,
        },
        Event::Key { leg: DESK_LEG, key: '1' },
        Event::Joined { leg: DESK_LEG },
    ] {
        house.switchboard.event(first.id(), event).await.unwrap();
    }
    assert_eq!(house.was_asked(), []);
    drop(house);

    // The second one has rung for too long by now; the third one's order was taken, and rings unheard of.
    let all_lines = vec![the_line_of(&first), the_line_of(&second), line("unheard of")];
    let mut house = House::on(Store::open(&path).await.unwrap(), at(45), vec![Ok(all_lines); 9]);
    let (shutdown, running) = run(&house);
    until("the order is looked up", || async {
        state(&house, &third).await == LegState::Placed
    })
    .await;
    until("the deadline is kept", || async {
        house.log(&second).await.contains(&"tick".to_owned())
    })
    .await;
    until("nothing is left to be done", || async {
        house.store.pending(at(45)).await.unwrap().all == 0
    })
    .await;
    shutdown.cancel();
    running.await.unwrap();
    let asked = house.was_asked();
    assert_eq!(asked.len(), 3, "{asked:?}");
    assert!(asked.contains(&Asked::Find(DUTY_DESK.to_owned(), DESK_LEG, third.arrived_at())));
    assert!(asked.contains(&Asked::Cancel(the_line_of(&second))));
    assert!(asked.contains(&Asked::Redirect(line("caller-2"), LegId(0))));
    let found = house.switchboard.call(third.id()).await.unwrap();
    assert_eq!(found.line(DESK_LEG), Some(&line("unheard of")));
    assert_eq!(state(&house, &first).await, LegState::InRoom);
}

/// A copy of the store is put back long after, or the machine was switched off in the middle of calls.
#[tokio::test]
async fn what_was_going_on_long_ago_rings_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rotaline.db");
    let house = House::on(Store::open(&path).await.unwrap(), at(0), vec![]);
    // One whose phone was never ordered, and one whose phone rings.
    let unrung = house.call_comes_in("caller-1").await;
    let rung = house.call_comes_in("caller-2").await;
    let command = house.claim().await.into_iter().find(|command| command.call == rung.id()).unwrap();
    house.exchange().carry_out(command).await;
    drop(house);

    let mut house = House::on(Store::open(&path).await.unwrap(), at(24 * 3600), vec![]);
    let (shutdown, running) = run(&house);
    until("nothing is left to be done", || async {
        let due = house.store.due(at(24 * 3600), 9).await.unwrap();
        due.is_empty() && house.store.pending(at(24 * 3600)).await.unwrap().all == 0
    })
    .await;
    shutdown.cancel();
    running.await.unwrap();
    let asked = house.was_asked();
    let rings = |asked: &&Asked| matches!(asked, Asked::Dial(..));
    assert_eq!(asked.iter().filter(rings).collect::<Vec<_>>(), Vec::<&Asked>::new(), "{asked:?}");
    assert_eq!(house.log(&unrung).await, ["arrived", "tick", "refused"]);
    assert_eq!(house.log(&rung).await, ["arrived", "placed", "tick"]);
}
