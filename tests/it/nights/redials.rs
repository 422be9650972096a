//! Nights on which responders dial the hotline after a talk to be put through to the caller: who dials when, which keys they
//! press, and what callers do whose phone rings then. Drawn apart from all else, so that the people of a seed stay the same.

use super::desk::hotline;
use super::scenario::{Caller, Scenario};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rotaline::roster::{Callbacks, Phone};
use rotaline::simulator::habits::{AtMenu, AtQuestion, CallerHabit, Delay, Habit};
use std::collections::BTreeSet;

/// What callers do whose phone rings because a responder is put through to them, by their place.
#[derive(Clone, Debug)]
pub(super) struct Redials {
    pub(super) rung: Vec<Habit>,
}

impl Scenario {
    /// The same night, on which people who are on call dial the hotline themselves, at a time at which they may have talked.
    pub(super) fn who_dial_again(mut self) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(self.seed ^ 0x7410_0616);
        let rng = &mut rng;
        self.rules.callbacks = Callbacks::new(Some("AU"), BTreeSet::new(), &[hotline()]);
        self.rules.relay_minutes = rng.random_range(2..=8);
        for person in &mut self.people {
            if rng.random_bool(0.5) {
                let talk = rng.random_bool(0.6).then_some(Delay::between(500, 60_000));
                person.habit = Habit::Accepts {
                    after: Delay::between(500, 8_000),
                    talk,
                };
            }
        }
        let rung = self.callers.iter().map(|_| when_rung(rng)).collect();
        let on_call: Vec<usize> = self.levels.iter().flatten().copied().collect();
        for _ in 0..rng.random_range(1..=5) {
            let who = if on_call.is_empty() {
                0
            } else {
                on_call[rng.random_range(0..on_call.len())]
            };
            let at_ms = rng.random_range(40_000..900_000);
            let from = self.people[who]
                .phones()
                .map(|(phone, _)| phone)
                .find(|phone| phone.can_be_texted())
                .cloned();
            let Some(from) = from else { continue };
            self.callers.push(redial(from.clone(), at_ms, rng));
            if rng.random_bool(0.25) {
                self.callers.push(redial(from, at_ms + rng.random_range(500..20_000), rng));
            }
        }
        self.redials = Some(Redials { rung });
        self
    }

    /// What callers do when they are rung; whoever is on call does as he ever does.
    pub(super) fn rung_again(&self) -> Vec<(Phone, Habit)> {
        let habits = self.redials.iter().flat_map(|redials| &redials.rung);
        let rung = self.callers.iter().zip(habits);
        let rung = rung.filter_map(|(caller, habit)| Some((caller.from.clone()?, *habit)));
        rung.filter(|(number, _)| self.owner(number.address()).is_none()).collect()
    }
}

/// Of whoever presses a key it is not said what he does at later questions: 1 may mean something there.
fn redial(from: Phone, at_ms: i64, rng: &mut ChaCha8Rng) -> Caller {
    let menu = match rng.random_range(0..8) {
        0..=3 => AtMenu::Presses('1'),
        4 => AtMenu::AskedTwice(Some('2'), Some('1')),
        5 => AtMenu::AskedTwice(None, None),
        6 => AtMenu::Presses('9'),
        _ => AtMenu::AskedTwice(Some('2'), None),
    };
    Caller {
        at_ms,
        from: Some(from),
        habit: CallerHabit {
            patience: rng.random_bool(0.3).then_some(Delay::between(1_000, 40_000)),
            talk: rng.random_bool(0.5).then_some(Delay::between(500, 60_000)),
            menu,
            question: AtQuestion::Presses('1'),
            ..CallerHabit::default()
        },
    }
}

/// A real phone with a person behind it.
fn when_rung(rng: &mut ChaCha8Rng) -> Habit {
    let after = Delay::between(500, 12_000);
    let talk = rng.random_bool(0.7).then_some(Delay::between(500, 60_000));
    match rng.random_range(0..10) {
        0..=4 => Habit::Accepts { after, talk },
        5 => Habit::Voicemail {
            after,
            greeting: Delay::between(2_000, 12_000),
        },
        6 => Habit::HangsUp {
            after,
            listens: Delay::between(300, 9_000),
        },
        7 => Habit::Busy,
        8 => Habit::Ignores,
        _ => Habit::InvalidNumber,
    }
}
