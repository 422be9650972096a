//! Processes that are killed, stopped and woken, and a database that is restarted, under traffic: nobody is lost and nobody
//! is rung twice.

use super::processes::{LEVELS, Processes, Served, responder_number};
use chrono::{DateTime, TimeDelta};
use rotaline::call::Outcome;
use rotaline::clock::Clock;
use rotaline::simulator::{AtQuestion, AtTone, CallerHabit, Delay, Habit};
use rotaline::store::Store;
use std::collections::BTreeSet;
use std::time::Duration;

const HOTLINES: usize = 6;
/// After the last trouble everything has come to its end by then, on any machine.
const AFTERMATH: Duration = Duration::from_secs(240);
/// How long a process has a command in hand at the longest.
const LEASE: Duration = Duration::from_secs(30);

fn caller() -> CallerHabit {
    CallerHabit {
        talk: Some(Delay::between(4_000, 12_000)),
        question: AtQuestion::Silent,
        tone: AtTone::Speaks(4),
        ..CallerHabit::default()
    }
}

/// Some of each kind; whoever comes last takes it.
fn people(hotline: usize, level: usize) -> Habit {
    let after = Delay::between(500, 4_000);
    let takes_it = Habit::AcceptsAtOnce { after, talk: None };
    if level == LEVELS {
        return takes_it;
    }
    match (hotline + level) % 5 {
        0 => Habit::Declines { after },
        1 | 2 => takes_it,
        3 => Habit::Busy,
        _ => Habit::Ignores,
    }
}

/// People call for so long.
async fn traffic(processes: &Processes, time: Duration, callers: &mut Vec<String>) {
    let end = Clock::monotonic() + time;
    while Clock::monotonic() < end {
        callers.push(processes.somebody_calls(callers.len() % HOTLINES, caller()));
        tokio::time::sleep(Duration::from_millis(400)).await;
    }
}

async fn comes_to_rest(processes: &Processes) -> Store {
    let quiet = processes.simulator.until(|network| network.leftovers().is_empty());
    let quiet = tokio::time::timeout(AFTERMATH, quiet).await;
    let left = processes.simulator.leftovers();
    assert!(quiet.is_ok(), "{left:?}\n{}", processes.log(0));
    let store = processes.store().await;
    let begun = Clock::monotonic();
    loop {
        let waiting = store.pending(Clock::system().now() + TimeDelta::days(1)).await.unwrap().all;
        let deadline = store.next_deadline(DateTime::UNIX_EPOCH).await.unwrap();
        if waiting == 0 && deadline.is_none() {
            return store;
        }
        let left = format!("{waiting} commands, a deadline at {deadline:?}");
        assert!(begun.elapsed() < AFTERMATH, "{left}\n{}", processes.log(0));
        tokio::time::sleep(Duration::from_millis(300)).await;
    }
}

/// Each attempt to ring somebody is one order to the network, whoever carried it out.
fn nobody_is_rung_twice_for_one_attempt(processes: &Processes) {
    let taken = processes.orders.taken();
    let different: BTreeSet<&String> = taken.iter().collect();
    assert_eq!(different.len(), taken.len(), "{taken:#?}");
}

/// Whom one process rings, or who talks, is engaged for all of them.
fn nobody_has_two_calls_at_once(processes: &Processes) {
    processes.simulator.look(|network| {
        for number in (0..HOTLINES).flat_map(|hotline| (0..LEVELS).map(move |level| responder_number(hotline, level))) {
            let mut rung: Vec<_> = network.rung().into_iter().filter(|rung| rung.number == number).collect();
            rung.sort_by_key(|rung| rung.from);
            for pair in rung.windows(2) {
                let until = network.ended_at(&pair[0].sid);
                assert!(until.is_some_and(|until| until <= pair[1].from), "{number}: {pair:?} {until:?}");
            }
        }
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_becomes_of_a_process_or_the_database_everybody_is_looked_after() {
    let mut processes = Processes::start(Served {
        hotlines: HOTLINES,
        ring_seconds: 6,
        habit: people,
    })
    .await;
    let mut callers = Vec::new();
    traffic(&processes, Duration::from_secs(4), &mut callers).await;
    processes.signal(0, "STOP");
    traffic(&processes, Duration::from_secs(5), &mut callers).await;
    processes.kill(1);
    traffic(&processes, Duration::from_secs(5), &mut callers).await;
    processes.begin(1);
    traffic(&processes, Duration::from_secs(8), &mut callers).await;
    tokio::task::block_in_place(|| processes.server.restart());
    // The one that is stopped sleeps for longer than any lease.
    traffic(&processes, LEASE - Duration::from_secs(14), &mut callers).await;
    processes.signal(0, "CONT");
    traffic(&processes, Duration::from_secs(3), &mut callers).await;

    let store = comes_to_rest(&processes).await;
    nobody_is_rung_twice_for_one_attempt(&processes);
    nobody_has_two_calls_at_once(&processes);
    let calls = store.calls(10_000).await.unwrap();
    for call in &calls {
        assert!(call.outcome.is_some() && call.ended_at.is_some(), "{call:?}");
    }
    // Of those who called while the database was away some have heard the carrier's apology.
    assert!(
        callers.len() - calls.len() <= callers.len() / 10,
        "{} of {} callers",
        calls.len(),
        callers.len()
    );
    let served = calls.iter().filter(|call| call.outcome == Some(Outcome::Served)).count();
    assert!(served * 2 > calls.len(), "{served} of {} served", calls.len());
    assert_eq!(processes.simulator.talks().iter().filter(|talk| talk.until.is_none()).count(), 0);
}

/// The order to dial is lost on its way while its process is stopped; another one finds nothing at the carrier, and dials. The
/// first one wakes up in the middle of it.
#[tokio::test(flavor = "multi_thread")]
async fn whoever_wakes_up_with_an_order_in_hand_leaves_it_alone() {
    let processes = Processes::start(Served {
        hotlines: 1,
        ring_seconds: 55,
        habit: |_, _| Habit::AcceptsAtOnce {
            after: Delay::between(8_000, 9_000),
            talk: None,
        },
    })
    .await;
    processes.only(&[0]);
    processes.orders.swallow_the_next();
    processes.somebody_calls(0, caller());
    tokio::time::timeout(Duration::from_secs(60), processes.orders.swallowed.notified())
        .await
        .unwrap();
    processes.signal(0, "STOP");
    processes.only(&[1, 2]);
    let rings = processes.simulator.until(|network| !network.rung().is_empty());
    let rings = tokio::time::timeout(LEASE * 2, rings).await;
    assert!(rings.is_ok(), "{}", processes.log(1));
    processes.orders.given_up.notify_one();
    processes.signal(0, "CONT");
    let store = comes_to_rest(&processes).await;
    nobody_is_rung_twice_for_one_attempt(&processes);
    processes.simulator.look(|network| {
        assert_eq!(network.dialled(), [responder_number(0, 0)]);
        assert_eq!(network.talks().len(), 1);
    });
    let calls = store.calls(9).await.unwrap();
    assert_eq!(calls.iter().map(|call| call.outcome).collect::<Vec<_>>(), [Some(Outcome::Served)]);
    let story = store.story(calls[0].id).await.unwrap();
    let told: Vec<String> = story.iter().map(|entry| entry.fact.to_string()).collect();
    assert!(
        !told.iter().any(|line| line.contains("refused") || line.contains("unknown")),
        "{told:#?}"
    );
}
