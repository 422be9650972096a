//! What a call is about, and what follows from that alone: whether there is a caller's leg, and what a responder is asked.
//!
//! It must not know how such a call goes on; each kind of call says that in a file of its own.

use super::{CALLER, Call, Event, Incident, Leg, Stranger};
use crate::phrases::Phrase;
use serde::{Deserialize, Serialize};

/// What a call is about.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// Somebody has dialled the hotline.
    #[default]
    Caller,
    /// A monitor or a sensor raises an alarm.
    Incident(Incident),
    /// A stranger has texted the hotline.
    Text(Stranger),
}

impl Call {
    /// What the call is about.
    #[must_use]
    pub const fn origin(&self) -> &Origin {
        &self.origin
    }

    /// The alarm that the call is about; none where somebody calls.
    #[must_use]
    pub const fn incident(&self) -> Option<&Incident> {
        match &self.origin {
            Origin::Caller | Origin::Text(_) => None,
            Origin::Incident(incident) => Some(incident),
        }
    }

    /// Whether somebody is on the line who is to be put through.
    pub(super) const fn has_caller(&self) -> bool {
        match &self.origin {
            Origin::Caller => true,
            Origin::Incident(_) | Origin::Text(_) => false,
        }
    }

    /// Whether an event is about a caller whom this call does not have.
    pub(super) const fn is_of_nobody(&self, event: &Event) -> bool {
        let callers = matches!(event, Event::Recorded { .. }) || matches!(event.leg(), Some(CALLER));
        callers && !self.has_caller()
    }

    /// What a responder is asked.
    pub(super) fn whisper(&self, leg: &Leg) -> String {
        let hotline = &self.plan.hotline.0;
        if let Some(at) = self.plan.spoke_at(leg.level) {
            return self.language().say(Phrase::WhisperAgain { hotline, at });
        }
        let level = leg.level.and_then(|level| self.plan.place(level));
        self.language().say(match &self.origin {
            Origin::Text(stranger) => {
                let text = &stranger.aloud();
                return self.language().say(Phrase::TextWhisper { hotline, text, level });
            }
            Origin::Caller => Phrase::Whisper {
                hotline,
                caller: self.from.as_ref(),
                level,
            },
            Origin::Incident(incident) => Phrase::AlarmWhisper {
                hotline,
                title: &incident.title,
                level,
            },
        })
    }
}
