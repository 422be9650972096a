//! What a caller meets before anybody is rung: decided at the door, pinned with the plan. How it is decided is not known here.

use super::patience::{GREETING_PATIENCE, spoken};
use super::words::{InVain, LastWords};
use super::{Call, Fact, Outcome, Phase, Plan, Reaction, World};
use crate::phrases::Phrase;
use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

/// How a caller is met.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "welcome", rename_all = "snake_case")]
pub enum Welcome {
    /// Somebody is searched for.
    #[default]
    Open,
    /// Outside of the opening hours.
    Closed {
        /// What happens instead of the search.
        then: WhenClosed,
        /// The whole sentence, for the story.
        why: String,
    },
    /// Too many calls from there: nobody is rung, and a message can be left.
    TooManyCalls {
        /// The whole sentence, for the story.
        why: String,
    },
    /// More callers at once than the hotline takes: nobody is rung, and what is offered when nobody accepts is offered at once.
    Crowded {
        /// The whole sentence, for the story.
        why: String,
    },
    /// Nobody is rung, and nothing else is offered.
    Refused {
        /// What the caller hears.
        hears: Rebuff,
        /// The whole sentence, for the story.
        why: String,
    },
}

/// What happens to a call outside of the opening hours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WhenClosed {
    /// What is offered when nobody accepts is offered at once.
    #[default]
    Message,
    /// The last resort is rung, and nobody else.
    LastResort,
    /// It is said that the hotline is closed; then everybody is rung as ever.
    Ring,
}

/// What a caller hears who is turned away.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rebuff {
    /// That the call cannot be taken.
    #[default]
    Sentence,
    /// How to show the number that is withheld.
    HowToShowTheNumber,
    /// That there are too many callers just now, and that he should call again.
    CallAgain,
    /// Nothing: the line is not even answered.
    Nothing,
}

impl Welcome {
    /// Why it is not the usual one, as a sentence.
    #[must_use]
    pub fn why(&self) -> Option<&str> {
        match self {
            Self::Open => None,
            Self::Closed { why, .. } | Self::TooManyCalls { why } | Self::Crowded { why } | Self::Refused { why, .. } => Some(why),
        }
    }

    /// Whether nobody of the levels is rung, and that is meant.
    #[must_use]
    pub const fn rings_no_level(&self) -> bool {
        match self {
            Self::Open
            | Self::Closed {
                then: WhenClosed::Ring, ..
            } => false,
            Self::Closed { .. } | Self::TooManyCalls { .. } | Self::Crowded { .. } | Self::Refused { .. } => true,
        }
    }

    /// Whether the last resort is the only one that is rung.
    pub(super) const fn leads_to_the_last_resort(&self) -> bool {
        match self {
            Self::Closed { then, .. } => matches!(then, WhenClosed::LastResort),
            Self::Open | Self::TooManyCalls { .. } | Self::Crowded { .. } | Self::Refused { .. } => false,
        }
    }

    /// Why nobody of the levels is rung.
    pub(super) const fn in_vain(&self) -> InVain {
        match self {
            Self::Open
            | Self::Closed {
                then: WhenClosed::Ring, ..
            }
            | Self::Refused { .. } => InVain::NobodyOnCall,
            Self::Closed { .. } => InVain::Closed,
            Self::TooManyCalls { .. } => InVain::TooManyCalls,
            Self::Crowded { .. } => InVain::Crowded,
        }
    }
}

impl Plan {
    /// The plan of a call that is met like this: it has nobody in it who is not to be rung.
    #[must_use]
    pub fn met_with(mut self, welcome: Welcome) -> Self {
        let (levels, last_resort) = match welcome {
            Welcome::Open
            | Welcome::Closed {
                then: WhenClosed::Ring, ..
            } => (true, true),
            Welcome::Closed {
                then: WhenClosed::LastResort,
                ..
            } => (false, true),
            Welcome::Closed {
                then: WhenClosed::Message, ..
            }
            | Welcome::TooManyCalls { .. }
            | Welcome::Crowded { .. }
            | Welcome::Refused { .. } => (false, false),
        };
        if !levels {
            self.levels.clear();
            self.spoke_at = None;
            self.left_out.clear();
        }
        self.last_resort = self.last_resort.filter(|_| last_resort);
        self.welcome = welcome;
        self
    }
}

impl Call {
    /// The first decision of a call: whether there is a search at all.
    pub(super) fn meet(&mut self, world: &World<'_>, out: &mut Reaction) {
        if let Some(why) = self.plan.welcome.why() {
            out.facts.push(Fact::Met { why: why.to_owned() });
        }
        match self.plan.welcome {
            Welcome::Open | Welcome::Closed { .. } | Welcome::TooManyCalls { .. } | Welcome::Crowded { .. } => {
                self.begin_search(world, out)
            }
            Welcome::Refused { hears, .. } => {
                self.outcome = Some(Outcome::Refused);
                self.say_farewell(LastWords::TurnedAway(hears), world);
            }
        }
    }

    /// What comes before everything else that a caller hears first: the emergency words, then that the hotline is closed,
    /// where that is not the reason for a message, which says so itself.
    pub(super) fn opening_words(&self) -> Vec<String> {
        let is_said = match (&self.plan.welcome, &self.phase) {
            (Welcome::Closed { .. }, Phase::Message { why, .. }) => *why != InVain::Closed,
            (Welcome::Closed { .. }, Phase::Menu { menu, .. }) => menu.why() != InVain::Closed,
            (Welcome::Closed { .. }, _) => true,
            (Welcome::Open | Welcome::TooManyCalls { .. } | Welcome::Crowded { .. } | Welcome::Refused { .. }, _) => false,
        };
        let closed = is_said.then(|| self.closed_words());
        self.plan.rules.words.emergency.clone().into_iter().chain(closed).collect()
    }

    /// That the hotline is closed, in the operator's words or in ours.
    pub(super) fn closed_words(&self) -> String {
        let ours = || self.language().say(Phrase::Closed);
        self.plan.rules.words.closed.clone().unwrap_or_else(ours)
    }

    /// Whether the caller has had the time to hear the first words in the room.
    pub(super) fn has_heard_the_opening(&self, world: &World<'_>) -> bool {
        if self.announces() && self.in_room_since.is_some() {
            return true;
        }
        let words = self.opening_words();
        let long: TimeDelta = words.iter().map(|words| spoken(words)).sum();
        self.in_room_since
            .is_some_and(|since| world.now >= since + long + GREETING_PATIENCE)
    }

    /// Whether what is said now is the first that the caller hears. A lost notice may make him hear it twice.
    pub(super) fn is_first_heard(&self) -> bool {
        match &self.phase {
            // Also where the search was over before he had heard them out in the room.
            Phase::Menu { .. } | Phase::Message { .. } => !self.opening_heard,
            Phase::Farewell { words, .. } => matches!(words, LastWords::TurnedAway(_)),
            // Where something is announced, it was said before that.
            Phase::Searching | Phase::Joining { .. } | Phase::Connected { .. } => self.resumed == 0 && !self.announces(),
            Phase::RingingBack { .. } | Phase::Parted { .. } | Phase::Makeshift { .. } | Phase::Resting { .. } | Phase::Over => false,
        }
    }

    /// These words after those that come before everything, where they are the first that are heard.
    pub(super) fn opened(&self, words: String) -> String {
        if !self.is_first_heard() {
            return words;
        }
        let mut lines = self.opening_words();
        lines.push(words);
        lines.join("\n")
    }

    /// How much longer the operator's words may take than ours.
    pub(super) fn opening_patience(&self) -> TimeDelta {
        let own = &self.plan.rules.words;
        own.emergency.iter().chain(&own.closed).map(|words| spoken(words)).sum()
    }
}
