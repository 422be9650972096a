//! What a caller meets before anybody is rung: the hours, the blocklist, how often one number may call, and the menu
//! that leads to several hotlines.
//!
//! A pure room: what the clocks show, who calls and how often are arguments. It must not know who is on call, nor how
//! anything is said on the telephone.

mod blocklist;
mod hours;
mod menu;
#[cfg(test)]
mod tests;

use crate::call::{Rebuff, Welcome, WhenClosed};
use crate::roster::Phone;
use chrono::NaiveDateTime;

pub use blocklist::Blocked;
pub use hours::{Holiday, OpeningHours};
pub use menu::{Chosen, Menu, TRIES};

/// All callers with withheld numbers share so many times what one caller may do.
const SHARED_BY_WITHHELD: u32 = 5;

/// The rules of one hotline's door.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reception {
    /// When the hotline is open.
    pub hours: OpeningHours,
    /// What happens when it is not.
    pub when_closed: WhenClosed,
    /// Who is turned away.
    pub blocked: Vec<Blocked>,
    /// What they hear.
    pub blocked_hear: Rebuff,
    /// Whether callers who withhold their number are turned away.
    pub refuses_withheld: bool,
    /// How many calls of one caller within an hour lead to a search; 0, any number.
    pub calls_per_caller_and_hour: u32,
    /// Whether texts of strangers ring.
    pub texts_ring: bool,
    /// How many of them within an hour.
    pub texts_per_hour: u32,
}

impl Default for Reception {
    fn default() -> Self {
        Self {
            hours: OpeningHours::default(),
            when_closed: WhenClosed::Message,
            blocked: Vec::new(),
            blocked_hear: Rebuff::Sentence,
            refuses_withheld: false,
            calls_per_caller_and_hour: 20,
            texts_ring: false,
            texts_per_hour: 30,
        }
    }
}

impl Reception {
    /// How many calls within an hour this caller has; withheld numbers have theirs together. None, any number.
    #[must_use]
    pub const fn calls_per_hour(&self, caller: Option<&Phone>) -> Option<u32> {
        match (self.calls_per_caller_and_hour, caller) {
            (0, _) => None,
            (most, Some(_)) => Some(most),
            (most, None) => Some(most.saturating_mul(SHARED_BY_WITHHELD)),
        }
    }

    /// How a call is met that comes in while the clocks of the hotline show `wall` (none where its zone is not known: then
    /// the hours are not asked), after `recent` other calls of the caller within the last hour.
    #[must_use]
    pub fn meet(&self, wall: Option<NaiveDateTime>, caller: Option<&Phone>, recent: u32) -> Welcome {
        let turned_away = match caller {
            Some(caller) => self.blocks(caller),
            None => self.refuses_withheld.then(|| Welcome::Refused {
                hears: Rebuff::HowToShowTheNumber,
                why: "The caller is turned away: the number is withheld.".to_owned(),
            }),
        };
        if let Some(welcome) = turned_away {
            return welcome;
        }
        if let Some(most) = self.calls_per_hour(caller).filter(|most| recent >= *most) {
            let who = if caller.is_some() { "this number" } else { "withheld numbers" };
            return Welcome::TooManyCalls {
                why: format!("Nobody is rung: {who} had {most} calls within the last hour, and no more are allowed."),
            };
        }
        match wall.and_then(|wall| self.hours.why_closed_at(wall)) {
            Some(reason) => Welcome::Closed {
                then: self.when_closed,
                why: format!("The hotline is closed: {reason}."),
            },
            None => Welcome::Open,
        }
    }

    /// Whether nothing that comes from this number reaches anybody.
    #[must_use]
    pub fn turns_away(&self, caller: &Phone) -> bool {
        self.blocked.iter().any(|blocked| blocked.holds(caller))
    }

    fn blocks(&self, caller: &Phone) -> Option<Welcome> {
        let by = self.blocked.iter().find(|blocked| blocked.holds(caller))?;
        Some(Welcome::Refused {
            hears: self.blocked_hear,
            why: format!("The caller is turned away: the number is on the blocklist, by the entry {by}."),
        })
    }
}
