//! A responder's leg: one attempt to reach one responder.

use super::patience::ORDER_PATIENCE;
use super::words::LastWords;
use super::{LegId, LineId};
use crate::roster::Responder;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// One attempt to reach one responder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leg {
    /// Its place in the call.
    pub id: LegId,
    /// Whom it rings.
    pub who: Responder,
    /// The index of its level in the plan; none for the last resort.
    pub level: Option<usize>,
    /// The carrier's name for the connection, once known.
    pub line: Option<LineId>,
    /// How far it got.
    pub state: LegState,
    /// When dialling was ordered.
    pub ordered_at: DateTime<Utc>,
    /// When the present state has lasted too long.
    pub(super) deadline: Option<DateTime<Utc>>,
    /// How often the responder wanted to hear the question again, and got time for it.
    #[serde(default)]
    pub(super) repeats: u8,
    /// Whether he has been with the caller.
    #[serde(default)]
    pub(super) has_met: bool,
    /// Whether he is asked, in the middle of the talk, what he wishes; in silence he goes back to the caller.
    #[serde(default)]
    pub(super) is_aside: bool,
    /// Whether the phone was picked up.
    #[serde(default)]
    pub(super) picked_up: bool,
    /// What is heard on it once it is let go.
    pub(super) farewell: Option<LastWords>,
    /// Whether we have ordered its end.
    pub(super) hung_up: bool,
}

/// How far an attempt got.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LegState {
    /// Dialling is ordered.
    Ordered,
    /// Dialling is ordered, and whether the carrier took the order is not known.
    Unsure,
    /// The carrier has the order.
    Placed,
    /// The phone rings.
    Ringing,
    /// Picked up; the responder is being asked.
    Answered,
    /// Accepted, on the way into the room.
    Accepted,
    /// With the caller.
    InRoom,
    /// Not needed, or not accepting; the connection may still be up and hears a farewell.
    LetGo,
    /// The connection is over.
    Ended,
}

impl Leg {
    /// An attempt whose dialling is ordered now.
    pub(super) fn ordered(id: LegId, who: Responder, level: Option<usize>, now: DateTime<Utc>) -> Self {
        Self {
            id,
            who,
            level,
            line: None,
            state: LegState::Ordered,
            ordered_at: now,
            deadline: Some(now + ORDER_PATIENCE),
            repeats: 0,
            picked_up: false,
            farewell: None,
            hung_up: false,
            has_met: false,
            is_aside: false,
        }
    }

    /// Whether the responder may yet accept on this leg.
    #[must_use]
    pub const fn is_trying(&self) -> bool {
        match self.state {
            LegState::Ordered | LegState::Unsure | LegState::Placed | LegState::Ringing | LegState::Answered => true,
            LegState::Accepted | LegState::InRoom | LegState::LetGo | LegState::Ended => false,
        }
    }

    /// Whether nobody has picked up yet.
    #[must_use]
    pub const fn is_before_answer(&self) -> bool {
        match self.state {
            LegState::Ordered | LegState::Unsure | LegState::Placed | LegState::Ringing => true,
            LegState::Answered | LegState::Accepted | LegState::InRoom | LegState::LetGo | LegState::Ended => false,
        }
    }

    /// Whether the responder has the caller: is with him, or on the way to him.
    #[must_use]
    pub const fn has_the_caller(&self) -> bool {
        match self.state {
            LegState::Accepted | LegState::InRoom => true,
            LegState::Ordered
            | LegState::Unsure
            | LegState::Placed
            | LegState::Ringing
            | LegState::Answered
            | LegState::LetGo
            | LegState::Ended => false,
        }
    }

    /// Whether this leg rings the last resort.
    #[must_use]
    pub const fn is_last_resort(&self) -> bool {
        self.level.is_none()
    }
}
