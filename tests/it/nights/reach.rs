//! Second phones, softphones, call-screening assistants and texts: drawn apart from all else, and only in every seventh
//! night, so that the other nights stay the same.

use super::scenario::{Person, Scenario, number, responder};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rotaline::roster::{Phone, Responder};
use rotaline::simulator::habits::{Delay, Habit};

impl Scenario {
    /// The same night with people who are reached in other ways.
    pub(super) fn with_other_phones(mut self) -> Self {
        if self.seed % 7 != 3 {
            return self;
        }
        let mut rng = ChaCha8Rng::seed_from_u64(self.seed ^ 0x00c1_1e27);
        let rng = &mut rng;
        self.rules.text_before_ringing = rng.random_bool(0.5);
        self.rules.tell_level = rng.random_bool(0.5);
        // Who takes care of an alarm is told by a text, which no softphone takes.
        let softphones = self.alarms.is_empty() && rng.random_bool(0.5);
        for (n, person) in self.people.iter_mut().enumerate() {
            if rng.random_bool(0.5) {
                person.second = Some((number(50 + n), responder(rng)));
            }
            if softphones && rng.random_bool(0.4) {
                person.number = Phone::from_client(&format!("client:person_{n}")).unwrap();
            }
            if rng.random_bool(0.1) {
                let after = Delay::between(500, 6_000);
                person.habit = Habit::AssistantListens { after };
            }
        }
        // Drawn after all else, for the nights from before.
        if let Some(last) = self.last_resort.as_mut().filter(|_| rng.random_bool(0.3)) {
            last.second = Some((number(950), responder(rng)));
        }
        self
    }

    /// Whose phone this is.
    pub(super) fn owner(&self, number: &str) -> Option<&Person> {
        let mut all = self.people.iter().chain(&self.last_resort);
        all.find(|person| person.has(number))
    }
}

impl Person {
    /// Each phone with what is done when it rings.
    pub(super) fn phones(&self) -> impl Iterator<Item = (&Phone, Habit)> {
        let second = self.second.iter().map(|(phone, habit)| (phone, *habit));
        std::iter::once((&self.number, self.habit)).chain(second)
    }

    pub(super) fn has(&self, number: &str) -> bool {
        self.phones().any(|(phone, _)| phone.address() == number)
    }

    /// As the sheet has the person.
    pub(super) fn responder(&self) -> Responder {
        Responder {
            name: self.name.clone(),
            phone: self.number.clone(),
            then: self.second.as_ref().map(|(phone, _)| phone.clone()),
        }
    }
}
