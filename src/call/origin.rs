//! What a call is about, and what follows from that alone: whether there is a caller's leg, and what a responder is asked.
//!
//! It must not know how such a call goes on; each kind of call says that in a file of its own.

use super::{CALLER, Call, CallingBack, Event, Incident, Leg, Stranger, Through};
use crate::phrases::Phrase;
use crate::roster::Phone;
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
    /// A responder calls somebody back who has asked for that.
    Callback(CallingBack),
    /// A responder has dialled the hotline to be put through to a caller with whom he has talked.
    Through(Through),
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
            Origin::Caller | Origin::Callback(_) | Origin::Text(_) | Origin::Through(_) => None,
            Origin::Incident(incident) => Some(incident),
        }
    }

    /// Whether nobody is put through: it is rung for until somebody takes care of it.
    pub(super) const fn is_acknowledged(&self) -> bool {
        match &self.origin {
            Origin::Incident(_) | Origin::Text(_) => true,
            Origin::Caller | Origin::Callback(_) | Origin::Through(_) => false,
        }
    }

    /// The callback that the call makes; none where it makes none.
    #[must_use]
    pub const fn calling_back(&self) -> Option<&CallingBack> {
        match &self.origin {
            Origin::Caller | Origin::Incident(_) | Origin::Text(_) | Origin::Through(_) => None,
            Origin::Callback(callback) => Some(callback),
        }
    }

    /// Where a caller is rung for a responder who is there already; none where it is not us who ring him.
    pub(super) const fn rings_a_caller(&self) -> Option<&Phone> {
        match &self.origin {
            Origin::Caller | Origin::Incident(_) | Origin::Text(_) => None,
            Origin::Callback(callback) => Some(&callback.number),
            Origin::Through(through) => Some(&through.number),
        }
    }

    /// Whether only a key takes the call: nobody is there who would notice that it was a machine.
    pub(super) const fn wants_a_key(&self) -> bool {
        match &self.origin {
            Origin::Caller => false,
            Origin::Incident(_) | Origin::Callback(_) | Origin::Text(_) | Origin::Through(_) => true,
        }
    }

    /// Whether an event is about a caller whom this call does not have.
    pub(super) const fn is_of_nobody(&self, event: &Event) -> bool {
        let callers = matches!(event, Event::Recorded { .. }) || matches!(event.leg(), Some(CALLER));
        callers && self.is_acknowledged()
    }

    /// What a responder is asked.
    pub(super) fn whisper(&self, leg: &Leg) -> String {
        let hotline = &self.plan.hotline.0;
        let level = leg.level.and_then(|level| self.plan.place(level));
        if let Some(name) = self.asking_responder() {
            return self.language().say(Phrase::WhisperToJoin { hotline, name, level });
        }
        if let Some(at) = self.plan.spoke_at(leg.level) {
            return self.language().say(Phrase::WhisperAgain { hotline, at });
        }
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
            // He is asked nothing: it is he who calls.
            Origin::Through(_) => Phrase::RingingCaller,
            Origin::Callback(callback) => Phrase::CallbackWhisper {
                hotline,
                asked: &callback.shown,
            },
        })
    }
}
