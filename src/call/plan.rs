//! The plan: the levels resolved for one call, pinned when the call arrives.

use super::{Budget, HotlineName, Welcome};
use crate::phrases::{Language, Speech};
use crate::roster::{Callbacks, OnCall, Phone, Reach, Responder};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Whom this call rings, in which order. Never changes during the call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// The hotline that was dialled.
    pub hotline: HotlineName,
    /// In the order of ringing; none is empty. Of the first phones none comes twice in all of them.
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
    /// Where the first level is somebody who spoke with the caller a while ago: when, as the clocks showed it.
    #[serde(default)]
    pub spoke_at: Option<String>,
    /// When the call arrives, as the clocks show it where the rota is kept; none in calls of the build before.
    #[serde(default)]
    pub arrives: Option<String>,
}

/// One level of a plan, or the second phones of one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rung {
    /// As the sheet calls it: `1st`.
    pub label: String,
    /// They ring together.
    pub responders: Vec<Responder>,
    /// The cell that puts them there, as the admin sees it.
    pub source: String,
    /// Whether these are the other phones of people of the rung before.
    #[serde(default)]
    pub second: bool,
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
    /// A number of one of our hotlines or menus.
    IsOurOwn,
    /// A number that the hotline may not ring.
    IsOutOfReach,
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
    /// Which numbers may be rung and texted at all.
    pub reach: Reach,
    /// How many orders to dial and to text may be given.
    pub budget: Budget,
    /// For so many minutes after a talk texts between the two are passed on; 0, never.
    pub relay_minutes: u32,
    /// After so many minutes people are reminded of a callback that is still open.
    pub callback_reminder_minutes: u32,
    /// Texted when a call was not accepted by anybody.
    pub tell: Vec<Phone>,
    /// Whether the first level is told of that as well.
    pub tell_level: bool,
    /// Whether whoever is rung gets a text that says so, once for each call.
    pub text_before_ringing: bool,
    /// In which language everybody is spoken and written to.
    pub language: Language,
    /// The synthesiser's voice, by the carrier's name for it; none for the carrier's own choice.
    pub voice: Option<String>,
    /// The operator's own words.
    pub words: OwnWords,
    /// Whether talks are recorded, unless the caller refuses.
    pub record_talks: bool,
    /// For how many days recordings are kept, also those of messages.
    pub keep_recordings_days: u32,
    /// Whether messages are written down.
    pub transcribe_messages: bool,
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
    /// Said before talks may be recorded: that they are, and that 0 refuses.
    pub recording: Option<String>,
}

impl Rules {
    /// How everybody is spoken to.
    #[must_use]
    pub fn speech(&self) -> Speech {
        let OwnWords {
            emergency,
            greeting,
            closed,
            recording,
        } = &self.words;
        let speech = Speech {
            language: self.language,
            voice: self.voice.clone(),
            ..Speech::default()
        };
        speech.playing([emergency, greeting, closed, recording].into_iter().flatten())
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
            reach: Reach::default(),
            budget: Budget::default(),
            relay_minutes: 0,
            callback_reminder_minutes: 30,
            tell: Vec::new(),
            // Calls of the builds before told nobody but those; the configuration's default is another.
            tell_level: false,
            text_before_ringing: false,
            language: Language::English,
            voice: None,
            words: OwnWords::default(),
            record_talks: false,
            keep_recordings_days: 30,
            transcribe_messages: false,
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
                second: false,
            }],
            last_resort: None,
            left_out: Vec::new(),
            rules,
            welcome: Welcome::Open,
            spoke_at: None,
            arrives: None,
        }
    }

    /// Resolves the plan for a call that arrives now: numbers deduplicated, the caller's own number and those of our own
    /// lines left out. Who has two phones is rung on the second one when nobody of the level has accepted on the first; so is
    /// the last resort.
    #[must_use]
    pub fn make(hotline: HotlineName, on_call: OnCall<'_>, last_resort: Option<&Responder>, caller: Option<&Phone>, rules: Rules) -> Self {
        let is_ours = |phone: &Phone| rules.callbacks.is_own(phone);
        let is_out_of_reach = |phone: &Phone| rules.reach.refusal(phone).is_some();
        let may_be_rung = |phone: &Phone| !is_ours(phone) && !is_out_of_reach(phone);
        let is_the_caller = |who: &Responder| caller.is_some_and(|caller| who.has(caller));
        let mut rung_already: BTreeSet<&Phone> = BTreeSet::new();
        let mut left_out = Vec::new();
        let mut levels = Vec::new();
        let duty_levels = match on_call {
            OnCall::Duty(duty) => duty.levels.as_slice(),
            OnCall::Gap { .. } => &[],
        };
        for level in duty_levels {
            let mut responders = Vec::new();
            for responder in level.responders.iter().map(Arc::as_ref) {
                let reason = if is_ours(&responder.phone) {
                    Some(LeftOutReason::IsOurOwn)
                } else if is_out_of_reach(&responder.phone) {
                    Some(LeftOutReason::IsOutOfReach)
                } else if is_the_caller(responder) {
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
                    None => responders.push(Responder {
                        then: responder.then.clone().filter(may_be_rung),
                        ..responder.clone()
                    }),
                }
            }
            if !responders.is_empty() {
                levels.push(Rung {
                    label: level.label.to_string(),
                    responders,
                    source: level.source.to_string(),
                    second: false,
                });
            }
        }
        let last_resort = last_resort.filter(|who| !is_the_caller(who));
        left_out.extend(last_resort.filter(|who| !may_be_rung(&who.phone)).map(|who| LeftOut {
            name: who.name.clone(),
            reason: if is_ours(&who.phone) {
                LeftOutReason::IsOurOwn
            } else {
                LeftOutReason::IsOutOfReach
            },
        }));
        let last_resort = last_resort.filter(|who| may_be_rung(&who.phone)).map(|who| Responder {
            then: who.then.clone().filter(|phone| may_be_rung(phone) && !rung_already.contains(phone)),
            ..who.clone()
        });
        Self {
            hotline,
            levels: with_second_phones(levels),
            last_resort,
            left_out,
            rules,
            welcome: Welcome::Open,
            spoke_at: None,
            arrives: None,
        }
    }

    /// The same plan for a call that arrives when the clocks show this.
    #[must_use]
    pub fn arriving(mut self, shown: Option<String>) -> Self {
        self.arrives = shown;
        self
    }

    /// Everybody who is on call by it, on the first phone and on the second, level after level.
    pub(super) fn people(&self) -> impl Iterator<Item = &Responder> {
        self.levels.iter().flat_map(|rung| &rung.responders)
    }

    /// Whether a phone is of somebody whom it rings, at last the last resort.
    #[must_use]
    pub fn has(&self, phone: &Phone) -> bool {
        self.people().any(|who| who.has(phone)) || self.has_last_resort(phone)
    }

    /// Whether a phone is the last resort's.
    pub(super) fn has_last_resort(&self, phone: &Phone) -> bool {
        self.last_resort.as_ref().is_some_and(|who| who.has(phone))
    }

    /// The first rung of the level after this one, from 0.
    pub(super) fn rung_after(&self, level: usize) -> usize {
        let later = (0..self.levels.len()).find(|rung| self.level_of(*rung) > level);
        later.unwrap_or(self.levels.len())
    }

    /// Of which level a rung is, from 0: second phones are no level of their own.
    pub(super) fn level_of(&self, rung: usize) -> usize {
        let levels = self.levels.iter().take(rung + 1).filter(|rung| !rung.second).count();
        levels.saturating_sub(1)
    }
}

/// After each level the other phones of its people, apart from those on which somebody is rung anyway.
fn with_second_phones(mut levels: Vec<Rung>) -> Vec<Rung> {
    let firsts: BTreeSet<Phone> = levels
        .iter()
        .flat_map(|rung| &rung.responders)
        .map(|who| who.phone.clone())
        .collect();
    for who in levels.iter_mut().flat_map(|rung| &mut rung.responders) {
        who.then = who.then.take().filter(|phone| !firsts.contains(phone));
    }
    let both = |rung: Rung| {
        let others: Vec<Responder> = rung.responders.iter().filter_map(Responder::on_the_other_phone).collect();
        let second = (!others.is_empty()).then(|| Rung {
            label: rung.label.clone(),
            responders: others,
            source: rung.source.clone(),
            second: true,
        });
        std::iter::once(rung).chain(second)
    };
    levels.into_iter().flat_map(both).collect()
}
