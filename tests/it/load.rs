//! Many callers at once, over real sockets: all are answered, served in the order of their arrival, told where they stand, and
//! nobody on call is rung for two of them.

use super::stage;
use rotaline::app::Stage;
use rotaline::call::{CallId, Fact, Outcome, Rules};
use rotaline::config::Source;
use rotaline::simulator::heard::Sound;
use rotaline::simulator::network::Fault;
use rotaline::simulator::{CallerHabit, Delay, Habit, Line};
use rotaline::store::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::Duration;

const LAB: &str = "+61491570006";
const PEOPLE: [(&str, &str); 5] = [
    ("Ana", "+61491570156"),
    ("Ben", "+61491570157"),
    ("Cy", "+61491570158"),
    ("Dee", "+61491570159"),
    ("Eve", "+61491570110"),
];
/// Telephone time runs so much faster than ours.
const PACE: u32 = 5;
/// On any machine everybody has been looked after by then.
const PATIENCE: Duration = Duration::from_secs(280);

/// All five on call, one after another.
fn write(folder: &Path) {
    let contacts: String = PEOPLE.iter().map(|(name, number)| format!("{name},{number}\n")).collect();
    let tabs = [
        ("Contacts", format!("Name,Phone\n{contacts}")),
        (
            "Rota",
            "From,Until,L1,L2,L3,L4,L5\n2026-01-01 00:00,2027-01-01 00:00,Ana,Ben,Cy,Dee,Eve\n".to_owned(),
        ),
        (
            "Settings",
            "Setting,Value\nTime zone,Australia/Melbourne\nCountry for phone numbers,AU\n".to_owned(),
        ),
    ];
    for (tab, text) in tabs {
        std::fs::write(folder.join(tab).with_extension("csv"), text).unwrap();
    }
}

async fn set(folder: &Path, most_calls: u32) -> Stage {
    write(folder);
    let rota = folder.to_owned();
    stage::set_with(|setting| {
        setting.rota = vec![Source::File(rota)];
        setting.pace = PACE;
        setting.reception.most_calls = most_calls;
        // By the service's clock.
        setting.rules = |rules| Rules {
            max_wait_seconds: 30,
            ..rules
        };
    })
    .await
}

fn does(stage: &Stage, who: &str, habit: Habit) {
    let (_, number) = PEOPLE.iter().find(|(name, _)| *name == who).unwrap();
    stage.rehearsal().simulator().set_habit(number, habit);
}

/// So many call at once; none hangs up. Gives their lines.
fn all_dial(stage: &Stage, count: u32) -> Vec<String> {
    let mut line = Line::to(&format!("http://{}/twilio/voice", stage.service().address()));
    line.status_callback = Some(format!("http://{}/twilio/status", stage.service().address()));
    let dial = |n: u32| {
        let from = format!("+6173010{n:04}");
        let simulator = stage.rehearsal().simulator();
        simulator.dial_in(Some(&from), LAB, &line, CallerHabit::default()).unwrap()
    };
    (0..count).map(dial).collect()
}

/// Until everybody has hung up and every call has ended.
async fn over(stage: &Stage, lines: &[String]) {
    let simulator = stage.rehearsal().simulator();
    let all = async {
        simulator
            .until(|network| network.leftovers().is_empty() && lines.iter().all(|line| network.ended_at(line).is_some()))
            .await;
        while stage
            .service()
            .store()
            .calls(1_000)
            .await
            .unwrap()
            .iter()
            .any(|call| call.ended_at.is_none())
        {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(PATIENCE, all).await.unwrap();
}

async fn facts(stage: &Stage) -> Vec<Entry> {
    let mut facts: Vec<Entry> = Vec::new();
    loop {
        let last = facts.last().map_or(0, |entry| entry.number);
        let more = stage.service().store().entries_after(last, 500).await.unwrap();
        if more.is_empty() {
            return facts;
        }
        facts.extend(more);
    }
}

fn said(stage: &Stage, line: &str) -> Vec<String> {
    let heard = stage.rehearsal().simulator().heard(line);
    let words = heard
        .into_iter()
        .filter_map(|heard| if let Sound::Said(words) = heard.what { Some(words) } else { None });
    words.collect()
}

/// The places in the line that somebody was told, in their order.
fn places(words: &[String]) -> Vec<u32> {
    let place = |words: &String| {
        if words.contains("You are next.") {
            return Some(1);
        }
        let (_, rest) = words.split_once("You are number ")?;
        rest.split(' ').next()?.parse().ok()
    };
    words.iter().filter_map(place).collect()
}

/// Whoever is rung is rung for the one who has waited longest, of those who want him and for whom nobody is rung.
#[allow(clippy::wildcard_enum_match_arm, reason = "of all facts these move somebody in the line")]
fn unfair(facts: &[Entry]) -> Vec<String> {
    let mut arrived: Vec<CallId> = Vec::new();
    let mut rung: BTreeMap<CallId, i32> = BTreeMap::new();
    let mut out: BTreeSet<CallId> = BTreeSet::new();
    let mut declined: BTreeSet<(CallId, String)> = BTreeSet::new();
    let mut unfair = Vec::new();
    for entry in facts {
        let call = entry.call;
        match &entry.fact {
            Fact::Arrived { .. } => arrived.push(call),
            Fact::Dialled { name, .. } => {
                let before = arrived.iter().take_while(|other| **other != call);
                let mut waiting = before.filter(|other| rung.get(*other).is_none_or(|count| *count == 0) && !out.contains(*other));
                if let Some(other) = waiting.find(|other| !declined.contains(&(**other, name.clone()))) {
                    unfair.push(format!("{name} is rung for {call} while {other} waits"));
                }
                *rung.entry(call).or_default() += 1;
            }
            Fact::DidNotAccept { name, why, .. } => {
                *rung.entry(call).or_default() -= 1;
                if why == "declined" {
                    declined.insert((call, name.clone()));
                }
            }
            Fact::Accepted { .. } | Fact::PlanExhausted { .. } | Fact::Ended { .. } => {
                out.insert(call);
            }
            _ => {}
        }
    }
    unfair
}

/// The phones that were rung, or talked on, for two at once.
fn taken_twice(stage: &Stage) -> Vec<String> {
    let rung = stage.rehearsal().simulator().look(|network| {
        let rung = network.rung();
        let over = |sid: &str| network.ended_at(sid).unwrap();
        rung.iter()
            .map(|rung| (rung.number.clone(), rung.from, over(&rung.sid)))
            .collect::<Vec<_>>()
    });
    let mut twice = Vec::new();
    for (n, (number, from, until)) in rung.iter().enumerate() {
        let others = rung[n + 1..].iter().filter(|(other, ..)| other == number);
        let clash = others.filter(|(_, other_from, other_until)| from < other_until && other_from < until);
        twice.extend(clash.map(|clash| format!("{number} from {from} to {until} and {clash:?}")));
    }
    twice
}

#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_call_within_a_second() {
    let folder = tempfile::tempdir().unwrap();
    let stage = set(folder.path(), 500).await;
    let short = Habit::Accepts {
        after: Delay::between(500, 1_500),
        talk: Some(Delay::between(1_000, 3_000)),
    };
    for (name, _) in PEOPLE {
        does(&stage, name, short);
    }
    does(
        &stage,
        "Eve",
        Habit::Declines {
            after: Delay::between(500, 1_500),
        },
    );
    let lines = all_dial(&stage, 200);
    over(&stage, &lines).await;

    stage.rehearsal().simulator().look(|network| {
        // A notice that is one too many just then is told again.
        let is_told_again = |fault: &&Fault| fault.code == Some(16_011) && fault.what.ends_with("503");
        let others: Vec<_> = network.faults().iter().filter(|fault| !is_told_again(fault)).collect();
        assert!(others.is_empty(), "{others:?}");
    });
    let calls = stage.service().store().calls(1_000).await.unwrap();
    assert_eq!(calls.len(), 200);
    let count = |outcome| calls.iter().filter(|call| call.outcome == Some(outcome)).count();
    let (served, in_vain) = (count(Outcome::Served), count(Outcome::NoMessage));
    println!("{served} were served, {in_vain} waited as long as they may and left no message");
    assert_eq!(served + in_vain, 200);
    assert!(served >= 20, "{served}");
    let facts = facts(&stage).await;
    assert_eq!(unfair(&facts), [""; 0]);
    assert_eq!(taken_twice(&stage), [""; 0]);
    let mut told = 0;
    for line in &lines {
        let words = said(&stage, line);
        assert!(words[0].starts_with("Thank you for calling."), "{words:?}");
        let places = places(&words);
        assert!(places.is_sorted_by(|one, next| one > next), "a place only goes down: {places:?}");
        assert!(places.iter().all(|place| *place <= 200), "{places:?}");
        let is_served = words
            .iter()
            .any(|words| words.contains("You are being connected.") && !words.contains("Thank you for calling"));
        assert!(
            is_served || words.iter().any(|words| words.contains("leave a message")),
            "{words:?}"
        );
        told += usize::from(!places.is_empty());
    }
    assert!(told >= 190, "whoever waits hears where he stands: {told}");
    stage.strike().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_comes_when_the_hotline_is_full_is_looked_after_in_another_way() {
    let folder = tempfile::tempdir().unwrap();
    let stage = set(folder.path(), 10).await;
    for (name, _) in PEOPLE {
        does(
            &stage,
            name,
            Habit::Accepts {
                after: Delay::between(500, 1_500),
                talk: Some(Delay::between(60_000, 61_000)),
            },
        );
    }
    // One after another, because those who come in the same moment do not know of each other.
    let mut lines = all_dial(&stage, 1);
    while lines.len() < 10 {
        lines.extend(all_dial(&stage, 1));
        let count = lines.len();
        let known = async {
            while stage.service().store().calls(100).await.unwrap().len() < count {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(PATIENCE, known).await.unwrap();
    }
    let late = all_dial(&stage, 3);
    over(&stage, &[lines.clone(), late.clone()].concat()).await;
    for line in &late {
        let words = said(&stage, line);
        assert!(words[0].starts_with("We are very busy now: all our lines are taken."), "{words:?}");
        assert!(words.iter().any(|words| words.contains("leave a message")), "{words:?}");
    }
    for line in &lines {
        let words = said(&stage, line);
        assert!(words[0].starts_with("Thank you for calling."), "{words:?}");
    }
    stage.strike().await;
}
