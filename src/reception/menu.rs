//! One number for several hotlines: a key chooses. It must not know what a hotline does with the call.

use crate::call::HotlineName;
use crate::phrases::{Phrase, Speech};
use crate::roster::Phone;
use std::collections::BTreeMap;

/// So often a caller is asked; then the call goes where it goes without a choice.
pub const TRIES: u8 = 2;

/// What a caller hears who dials one of these numbers, and where each key leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Menu {
    /// Dialled by callers; never empty, and none of them belongs to a hotline too.
    pub numbers: Vec<Phone>,
    /// How it is said.
    pub speech: Speech,
    /// Said before anything else.
    pub emergency: Option<String>,
    /// Which key leads where, in the operator's words.
    pub greeting: String,
    /// Where each key leads, `0` to `9`; never empty.
    pub choices: BTreeMap<char, HotlineName>,
    /// Where a call goes whose caller chooses nothing.
    pub otherwise: HotlineName,
}

/// What comes of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chosen<'m> {
    /// The call is this hotline's.
    Hotline(&'m HotlineName),
    /// The caller is asked once more.
    Again,
}

impl Menu {
    /// What is said before the answer number `attempt` (from 1).
    #[must_use]
    pub fn said(&self, attempt: u8) -> String {
        let before = if attempt <= 1 {
            self.emergency.clone()
        } else {
            Some(self.speech.language.say(Phrase::PleaseChoose))
        };
        before.into_iter().chain([self.greeting.clone()]).collect::<Vec<_>>().join("\n")
    }

    /// What the answer number `attempt` (from 1) leads to; without a key there was none.
    #[must_use]
    pub fn chosen(&self, key: Option<char>, attempt: u8) -> Chosen<'_> {
        match key.and_then(|key| self.choices.get(&key)) {
            Some(hotline) => Chosen::Hotline(hotline),
            None if attempt < TRIES => Chosen::Again,
            None => Chosen::Hotline(&self.otherwise),
        }
    }

    /// All hotlines that it leads to.
    pub fn leads_to(&self) -> impl Iterator<Item = &HotlineName> {
        self.choices.values().chain([&self.otherwise])
    }
}
