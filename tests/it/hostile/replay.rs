//! Whoever has once seen what the carrier sent us may send it again, with its good signature, for ever: nothing comes of it.

use super::super::line::until_over;
use super::super::stage::{self, PATIENCE, wednesday};
use super::super::texts::texted;
use super::tape::{Sent, Tape, ordered};
use chrono::TimeDelta;
use rotaline::app::Stage;
use rotaline::call::{Call, CallId, HotlineName, Outcome};
use rotaline::roster::{Phone, Responder};
use rotaline::simulator::{AtTone, CallerHabit, Delay, Habit};
use rotaline::store::{CallSummary, Callback, Entry, Recording, TextIn, TextOut};
use std::time::Duration;

const PRIYA: &str = "+61491570156";
const TOM: &str = "+61491570157";

async fn set(tape: &Tape) -> Stage {
    let front = tape.url.clone();
    let stage = stage::set_with(|setting| {
        setting.front = Some(front);
        setting.recordings.of_talks = true;
        setting.rules = |rules| rotaline::call::Rules {
            relay_minutes: 60,
            ..rules
        };
    })
    .await;
    tape.leads_to(stage.service().address());
    stage
}

fn lab() -> HotlineName {
    HotlineName("lab".to_owned())
}

const fn after() -> Delay {
    Delay::between(1_000, 2_000)
}

/// A call in which these people have these habits; how it ended.
async fn call(stage: &Stage, habits: &[Habit], caller: CallerHabit) -> (CallId, Outcome) {
    let people: Vec<Responder> = stage.rehearsal().on_call().await.unwrap();
    let habits = people.into_iter().zip(habits.iter().copied()).collect();
    let mut facts = stage.service().store().subscribe();
    let call = stage.rehearsal().ring(habits, caller).await.unwrap();
    let outcome = tokio::time::timeout(PATIENCE, until_over(&mut facts)).await.unwrap();
    quiet(stage).await;
    (call, outcome)
}

async fn quiet(stage: &Stage) {
    let simulator = stage.rehearsal().simulator();
    let quiet = simulator.until(|network| network.leftovers().is_empty());
    tokio::time::timeout(PATIENCE, quiet).await.unwrap();
    // What was ordered last is on its way, and the notices of it.
    let settled = async {
        while stage.service().store().pending(wednesday() + TimeDelta::days(1)).await.unwrap().all > 0 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(PATIENCE, settled).await.unwrap();
    tokio::time::sleep(Duration::from_millis(300)).await;
}

/// All that could have become another.
#[derive(Debug, PartialEq)]
struct Seen {
    listed: Vec<CallSummary>,
    calls: Vec<Call>,
    stories: Vec<Vec<Entry>>,
    callbacks: Vec<Callback>,
    recordings: Vec<Recording>,
    away: Vec<Phone>,
    waiting: u64,
    dialled: Vec<String>,
    texts: Vec<(String, String)>,
    /// Every request that reached the network, and all that it did.
    network: String,
}

async fn seen(stage: &Stage) -> Seen {
    let store = stage.service().store();
    let listed = store.calls(100).await.unwrap();
    let (mut calls, mut stories) = (Vec::new(), Vec::new());
    for call in &listed {
        calls.push(store.call(call.id).await.unwrap().unwrap());
        stories.push(store.story(call.id).await.unwrap());
    }
    let simulator = stage.rehearsal().simulator();
    let (dialled, texts, network) = simulator.look(|network| {
        let texts = network.texts().iter().map(|text| (text.to.clone(), text.body.clone())).collect();
        (network.dialled().to_vec(), texts, network.story())
    });
    Seen {
        listed,
        calls,
        stories,
        callbacks: store.open_callbacks(&lab()).await.unwrap(),
        recordings: store.recordings(&lab()).await.unwrap(),
        away: store.away(&lab(), wednesday()).await.unwrap().into_keys().collect(),
        waiting: store.pending(wednesday() + TimeDelta::days(1)).await.unwrap().all.into(),
        dialled,
        texts,
        network,
    }
}

/// Three calls that end in three ways, and texts of somebody who was away and is back.
async fn a_busy_day(stage: &Stage) {
    let talks = CallerHabit {
        talk: Some(Delay::seconds(20)),
        ..CallerHabit::default()
    };
    let accepts = Habit::Accepts {
        after: after(),
        talk: None,
    };
    let (_, outcome) = call(stage, &[Habit::Declines { after: after() }, accepts], talks).await;
    assert_eq!(outcome, Outcome::Served);
    let speaks = CallerHabit {
        tone: AtTone::SpeaksThenHash(7),
        star: Some(Delay::seconds(4)),
        ..CallerHabit::default()
    };
    let (_, outcome) = call(stage, &[Habit::Ignores; 4], speaks).await;
    assert_eq!(outcome, Outcome::Recorded);
    let asks = CallerHabit {
        star: Some(Delay::seconds(4)),
        question: rotaline::simulator::AtQuestion::Presses('1'),
        ..CallerHabit::default()
    };
    let (_, outcome) = call(stage, &[Habit::Ignores; 4], asks).await;
    assert_eq!(outcome, Outcome::CallbackAsked);
    texted(stage, PRIYA, "AWAY 2h").await;
    texted(stage, PRIYA, "BACK").await;
    quiet(stage).await;
}

fn paths(sent: &[Sent]) -> Vec<&str> {
    sent.iter().filter_map(|sent| sent.path.rsplit('/').next()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replay_of_everything_in_any_order_changes_nothing() {
    let tape = Tape::start(0, 1).await;
    let stage = set(&tape).await;
    a_busy_day(&stage).await;
    let sent = tape.sent();
    for kind in [
        "voice",
        "script",
        "key",
        "room",
        "conference",
        "status",
        "recording",
        "sms",
        "typed",
    ] {
        assert!(paths(&sent).contains(&kind), "{kind} is in none of {:?}", paths(&sent));
    }
    let before = seen(&stage).await;
    assert_eq!((before.listed.len(), before.waiting), (3, 0));
    for order in 0..12 {
        for (status, body) in tape.again(&ordered(&sent, order)).await {
            assert!(status.is_success(), "{status} {body}");
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
        assert_eq!(seen(&stage).await, before, "order {order}");
    }
    stage.strike().await;
}

/// When the calls and texts of that day are deleted, its webhooks are as good as on that day.
#[tokio::test(flavor = "multi_thread")]
async fn a_replay_of_what_is_deleted_rings_nobody_and_tells_nothing() {
    let tape = Tape::start(0, 1).await;
    let stage = set(&tape).await;
    let speaks = CallerHabit {
        tone: AtTone::SpeaksThenHash(7),
        star: Some(Delay::seconds(4)),
        ..CallerHabit::default()
    };
    call(&stage, &[Habit::Ignores; 4], speaks).await;
    texted(&stage, PRIYA, "AWAY 2h").await;
    texted(&stage, PRIYA, "BACK").await;
    let store = stage.service().store();
    let later = wednesday() + TimeDelta::days(30);
    assert_eq!(store.expire(later, 100).await.unwrap(), 1);
    // The next text, days later, has all older ones forgotten.
    let next = TextIn {
        id: "SMnext".to_owned(),
        hotline: lab(),
        at_number: vec![lab()],
        sender: Phone::from_e164(TOM).unwrap(),
        other_phone: None,
        is_known: true,
    };
    store.text(&next, later, None, |_| TextOut::default()).await.unwrap();
    let before = seen(&stage).await;
    assert_eq!((before.listed.len(), before.away.len()), (0, 0));
    let sent = tape.sent();
    for order in 0..4 {
        for (sent, (status, body)) in sent.iter().zip(tape.again(&ordered(&sent, order)).await) {
            assert!(status.is_success(), "{status} {body} to {}", sent.path);
            assert!(!body.contains("<Dial") && !body.contains("<Message>"), "{body}");
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
        assert_eq!(seen(&stage).await, before, "order {order}");
    }
    stage.strike().await;
}

/// After each webhook four older ones come once more, while the call goes on.
#[tokio::test(flavor = "multi_thread")]
async fn a_replay_in_the_middle_of_the_call_dials_nobody_twice_and_loses_nobody() {
    for seed in 1..=4 {
        let tape = Tape::start(4, seed).await;
        let stage = set(&tape).await;
        let talks = CallerHabit {
            talk: Some(Delay::seconds(40)),
            ..CallerHabit::default()
        };
        let accepts = Habit::Accepts {
            after: after(),
            talk: None,
        };
        let (_, outcome) = call(&stage, &[Habit::Declines { after: after() }, accepts], talks).await;
        assert_eq!(outcome, Outcome::Served, "seed {seed}");
        stage.rehearsal().simulator().look(|network| {
            assert_eq!(network.dialled(), [PRIYA, TOM], "seed {seed}");
            assert_eq!(network.talks().len(), 1, "seed {seed}");
            assert_eq!(network.texts(), [], "seed {seed}");
            assert_eq!(network.faults(), [], "seed {seed}");
        });
        stage.strike().await;
    }
}
