//! The plan: the levels resolved for one call, pinned when the call arrives.

use super::{HotlineName, Welcome};
use crate::phrases::{Language, Speech};
use crate::roster::{Callbacks, OnCall, PhoneNumber, Responder};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Whom this call rings, in which order. Never changes during the call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// The hotline that was dialled.
    pub hotline: HotlineName,
    /// In the order of ringing; no number comes twice in all of them, none is empty.
    pub levels: Vec<Rung>,
    /// Rung when the levels are exhausted.
    pub last_resort: Option<Responder>,
    /// Who was on call and is not in the levels, with the reason.
    pub left_out: Vec<LeftOut>,
    /// How the hotline rings.
    pub rules: Rules,
    /// What the caller meets before anybody is rung.
    #[serde(default)]
    pub welcome: Welcome,
}

/// One level of a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rung {
    /// As the sheet calls it: `1st`.
    pub label: String,
    /// They ring together.
    pub responders: Vec<Responder>,
    /// The cell that puts them there, as the admin sees it.
    pub source: String,
}

/// Somebody who is on call and is not rung by this call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOut {
    /// The responder's name.
    pub name: String,
    /// Why.
    pub reason: LeftOutReason,
}

/// Why somebody is left out of a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LeftOutReason {
    /// An earlier level rings the same number already.
    RungEarlier,
    /// The call comes from this very number.
    IsTheCaller,
}

/// How a hotline rings. Every duration is in seconds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Rules {
    /// How long each responder's phone rings.
    pub ring_seconds: u32,
    /// How often the whole list is gone through.
    pub rounds: u32,
    /// What counts as accepting.
    pub screening: Screening,
    /// How long a responder who answered has to accept.
    pub accept_seconds: u32,
    /// How long a caller waits at most before the last resort is rung.
    pub max_wait_seconds: u32,
    /// Who was with the caller for less than this has perhaps not said a word: he was cut off, or the notices came late.
    pub shortest_talk_seconds: u32,
    /// How long a conversation may last.
    pub max_talk_seconds: u32,
    /// Whether a responder may step aside by star, and bring in the next one on call.
    pub bring_in_key: bool,
    /// How long a recorded message may be.
    pub max_message_seconds: u32,
    /// Which numbers callers may ask to be called back on.
    pub callbacks: Callbacks,
    /// After so many minutes people are reminded of a callback that is still open.
    pub callback_reminder_minutes: u32,
    /// Texted when a call was not accepted by anybody.
    pub tell: Vec<PhoneNumber>,
    /// In which language everybody is spoken and written to.
    pub language: Language,
    /// The synthesiser's voice, by the carrier's name for it; none for the carrier's own choice.
    pub voice: Option<String>,
    /// The operator's own words.
    pub words: OwnWords,
}

/// Words that an operator gives in place of ours. Each line is said; a line that is an address (`https://…`) is played.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OwnWords {
    /// What every caller hears before anything else.
    pub emergency: Option<String>,
    /// The first words to a caller who is going to be put through.
    pub greeting: Option<String>,
    /// Said outside of the opening hours.
    pub closed: Option<String>,
}

impl Rules {
    /// How everybody is spoken to.
    #[must_use]
    pub fn speech(&self) -> Speech {
        Speech {
            language: self.language,
            voice: self.voice.clone(),
        }
    }
}

/// What proves that a human has taken the call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Screening {
    /// Pressing 1.
    #[default]
    #[serde(rename = "press-1")]
    Press1,
    /// The carrier's machine detection says "human"; where it is unsure, pressing 1.
    MachineDetection,
    /// Pressing 1; a detected machine ends the leg early.
    Both,
    /// Any answer.
    None,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            ring_seconds: 20,
            rounds: 2,
            screening: Screening::Press1,
            accept_seconds: 25,
            max_wait_seconds: 300,
            shortest_talk_seconds: 3,
            max_talk_seconds: 3 * 60 * 60,
            bring_in_key: false,
            max_message_seconds: 120,
            callbacks: Callbacks::default(),
            callback_reminder_minutes: 30,
            tell: Vec::new(),
            language: Language::English,
            voice: None,
            words: OwnWords::default(),
        }
    }
}

impl Plan {
    /// A plan with one person in it, who is rung for this reason.
    #[must_use]
    pub fn of_one(hotline: HotlineName, who: Responder, why: &str, rules: Rules) -> Self {
        Self {
            hotline,
            levels: vec![Rung {
                label: who.name.clone(),
                responders: vec![who],
                source: why.to_owned(),
            }],
            last_resort: None,
            left_out: Vec::new(),
            rules,
            welcome: Welcome::Open,
        }
    }

    /// Resolves the plan for a call that arrives now: numbers deduplicated, the caller's own number left out.
    #[must_use]
    pub fn make(
        hotline: HotlineName,
        on_call: OnCall<'_>,
        last_resort: Option<&Responder>,
        caller: Option<&PhoneNumber>,
        rules: Rules,
    ) -> Self {
        let mut rung_already: BTreeSet<&PhoneNumber> = BTreeSet::new();
        let mut left_out = Vec::new();
        let mut levels = Vec::new();
        let duty_levels = match on_call {
            OnCall::Duty(duty) => duty.levels.as_slice(),
            OnCall::Gap { .. } => &[],
        };
        for level in duty_levels {
            let mut responders = Vec::new();
            for responder in level.responders.iter().map(Arc::as_ref) {
                let reason = if caller == Some(&responder.phone) {
                    Some(LeftOutReason::IsTheCaller)
                } else if rung_already.insert(&responder.phone) {
                    None
                } else {
                    Some(LeftOutReason::RungEarlier)
                };
                match reason {
                    Some(reason) => left_out.push(LeftOut {
                        name: responder.name.clone(),
                        reason,
                    }),
                    None => responders.push(responder.clone()),
                }
            }
            if !responders.is_empty() {
                levels.push(Rung {
                    label: level.label.to_string(),
                    responders,
                    source: level.source.to_string(),
                });
            }
        }
        let last_resort = last_resort.filter(|responder| caller != Some(&responder.phone)).cloned();
        Self {
            hotline,
            levels,
            last_resort,
            left_out,
            rules,
            welcome: Welcome::Open,
        }
    }
}
