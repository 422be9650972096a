//! Nights on which callbacks are made: who texts CALL, when, and what callers do when they are called back. Drawn apart from
//! all else, so that the people of a seed stay the same but for those who pick up when they have asked to be rung.

use super::desk::hotline;
use super::scenario::Scenario;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rotaline::roster::{Callbacks, Phone};
use rotaline::simulator::habits::{AtQuestion, Delay, Habit};
use std::collections::BTreeSet;

/// Who makes callbacks on a night.
#[derive(Clone, Debug)]
pub(super) struct Ringers {
    pub(super) wishes: Vec<Wish>,
    /// What each caller does who is called back.
    pub(super) called: Vec<Habit>,
}

/// Somebody texts CALL.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wish {
    /// Counts the callbacks of the night, from 1.
    pub(super) callback: usize,
    /// After it was promised.
    pub(super) after_ms: i64,
    /// Among the people.
    pub(super) who: usize,
}

impl Scenario {
    /// The same night, on which callers ask to be called back and people do so.
    pub(super) fn who_call_back(mut self) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(self.seed ^ 0x0ca1_1bac);
        let rng = &mut rng;
        self.rules.callbacks = Callbacks::new(Some("AU"), BTreeSet::new(), &[hotline()]);
        for caller in &mut self.callers {
            if rng.random_bool(0.8) {
                caller.habit.question = AtQuestion::PressesOnce('1');
                caller.habit.star = Some(Delay::between(2_000, 20_000));
                caller.habit.patience = None;
            }
        }
        for person in &mut self.people {
            if rng.random_bool(0.4) {
                let talk = rng.random_bool(0.6).then_some(Delay::between(500, 60_000));
                person.habit = Habit::Accepts {
                    after: Delay::between(500, 8_000),
                    talk,
                };
            }
        }
        let mut wishes = Vec::new();
        for callback in 1..=self.callers.len() {
            for _ in 0..rng.random_range(1..=3) {
                let after_ms = rng.random_range(5_000..300_000);
                wishes.push(wish(callback, after_ms, rng));
                if rng.random_bool(0.3) {
                    let a_moment_later = [0, 0, 2_000, 15_000][rng.random_range(0..4)];
                    wishes.push(wish(callback, after_ms + a_moment_later, rng));
                }
            }
        }
        let called = self.callers.iter().map(|_| called(rng)).collect();
        self.ringers = Some(Ringers { wishes, called });
        self
    }
}

impl Scenario {
    /// What callers do who are called back; whoever is on call does as he ever does.
    pub(super) fn called(&self) -> Vec<(Phone, Habit)> {
        let habits = self.ringers.iter().flat_map(|ringers| &ringers.called);
        let called = self
            .callers
            .iter()
            .zip(habits)
            .filter_map(|(caller, habit)| Some((caller.from.clone()?, *habit)));
        called
            .filter(|(number, _)| !self.people.iter().any(|person| person.number == *number))
            .collect()
    }
}

fn wish(callback: usize, after_ms: i64, rng: &mut ChaCha8Rng) -> Wish {
    Wish {
        callback,
        after_ms,
        who: rng.random_range(0..6),
    }
}

/// A real phone with a person behind it, who has waited for this call or has not.
fn called(rng: &mut ChaCha8Rng) -> Habit {
    let after = Delay::between(500, 12_000);
    let talk = rng.random_bool(0.7).then_some(Delay::between(500, 60_000));
    match rng.random_range(0..12) {
        0..=4 => Habit::Accepts { after, talk },
        5 => Habit::Voicemail {
            after,
            greeting: Delay::between(2_000, 12_000),
        },
        // "Sorry, not now."
        6 | 7 => Habit::HangsUp {
            after,
            listens: Delay::between(300, 9_000),
        },
        8 => Habit::Busy,
        9 => Habit::Ignores,
        10 => Habit::Unreachable,
        _ => Habit::InvalidNumber,
    }
}
