//! Nights of many callers at once: who is served in which order, and what they are told of it.

use super::desk::Desk;
use super::scenario::{Caller, Scenario, number};
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use rotaline::call::{CallId, Fact, Rules};
use rotaline::simulator::habits::{AtAnnouncement, AtMenu, AtQuestion, AtTone, CallerHabit, Delay, Habit};
use rotaline::simulator::heard::Sound;
use std::collections::{BTreeMap, BTreeSet};

/// From so many callers on it is such a night.
const MANY: usize = 8;

impl Scenario {
    /// The same network, on which many call within a few seconds, and few are on call. Drawn apart from all else.
    pub(super) fn in_a_rush(mut self) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(self.seed ^ 0x0000_4054);
        let rng = &mut rng;
        let on_call = rng.random_range(1..=3);
        self.levels = (0..on_call).map(|who| vec![who]).collect();
        for person in &mut self.people {
            person.habit = responder(rng);
            person.second = None;
        }
        self.away.clear();
        self.alarms.clear();
        self.texting = None;
        self.redials = None;
        self.callers = (0..rng.random_range(MANY..=16)).map(|n| caller(n, rng)).collect();
        self.rules = Rules {
            rounds: 3,
            max_wait_seconds: rng.random_range(60..=600),
            relay_minutes: 0,
            ..self.rules
        };
        self
    }
}

fn responder(rng: &mut ChaCha8Rng) -> Habit {
    let after = Delay::between(500, 8_000);
    match rng.random_range(0..10) {
        0 => Habit::Declines { after },
        1 => Habit::Ignores,
        2 => Habit::Rejects { after },
        _ => Habit::Accepts {
            after,
            talk: Some(Delay::between(4_000, 40_000)),
        },
    }
}

fn caller(n: usize, rng: &mut ChaCha8Rng) -> Caller {
    let sometimes = |rng: &mut ChaCha8Rng, delay: Delay| rng.random_bool(0.15).then_some(delay);
    Caller {
        at_ms: rng.random_range(0..4_000),
        from: Some(number(500 + n)),
        habit: CallerHabit {
            patience: sometimes(rng, Delay::between(5_000, 200_000)),
            star: sometimes(rng, Delay::between(5_000, 200_000)),
            talk: None,
            menu: AtMenu::Unexpected,
            announcement: AtAnnouncement::Unexpected,
            question: AtQuestion::HangsUp,
            tone: AtTone::Silent,
        },
    }
}

/// What such a night promises beside all others.
pub(super) fn broken(scenario: &Scenario, desk: &Desk) -> Vec<String> {
    // Whoever dials again is put through to somebody of his own.
    if scenario.callers.len() < MANY || scenario.redials.is_some() {
        return Vec::new();
    }
    unfair(&desk.line.facts).into_iter().chain(places_that_go_up(desk)).collect()
}

/// Somebody was rung for one caller while another had waited longer for him, and nobody was rung for that one.
#[allow(clippy::wildcard_enum_match_arm, reason = "of all facts these move somebody in the line")]
fn unfair(facts: &[(CallId, Fact)]) -> Vec<String> {
    let mut arrived: Vec<CallId> = Vec::new();
    let mut rung: BTreeMap<CallId, i32> = BTreeMap::new();
    let mut out: BTreeSet<CallId> = BTreeSet::new();
    let mut declined: BTreeSet<(CallId, &str)> = BTreeSet::new();
    let mut unfair = Vec::new();
    for (call, fact) in facts {
        match fact {
            Fact::Arrived { .. } => arrived.push(*call),
            // The last resort may have many lines, and stands in no line.
            Fact::Dialled { source: None, .. } => {
                out.insert(*call);
            }
            Fact::Dialled { name, .. } => {
                let before = arrived.iter().take_while(|other| *other != call);
                let mut waiting = before.filter(|other| rung.get(*other).is_none_or(|count| *count <= 0) && !out.contains(*other));
                if let Some(other) = waiting.find(|other| !declined.contains(&(**other, name.as_str()))) {
                    unfair.push(format!("{name} is rung for {call} while {other} has waited longer"));
                }
                *rung.entry(*call).or_default() += 1;
            }
            Fact::Released { .. } => *rung.entry(*call).or_default() -= 1,
            Fact::DidNotAccept { name, why, .. } => {
                *rung.entry(*call).or_default() -= 1;
                if why == "declined" {
                    declined.insert((*call, name));
                }
            }
            Fact::Accepted { .. }
            | Fact::PlanExhausted { .. }
            | Fact::MenuOffered { .. }
            | Fact::MessageOffered { .. }
            | Fact::Ended { .. } => {
                out.insert(*call);
            }
            _ => {}
        }
    }
    unfair
}

/// Whoever waits hears a smaller number each time.
fn places_that_go_up(desk: &Desk) -> Vec<String> {
    let mut broken = Vec::new();
    for (line, _) in &desk.lines {
        let heard = desk.network.heard(line).iter();
        let places: Vec<u32> = heard
            .filter_map(|heard| if let Sound::Said(words) = &heard.what { place(words) } else { None })
            .collect();
        if !places.is_sorted_by(|one, next| one > next) {
            broken.push(format!("{line} was told the places {places:?}"));
        }
    }
    broken
}

fn place(words: &str) -> Option<u32> {
    if words.contains("You are next.") {
        return Some(1);
    }
    let (_, rest) = words.split_once("You are number ")?;
    rest.split(' ').next()?.parse().ok()
}
