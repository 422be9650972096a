//! A responder dials the hotline and is put through to a caller with whom he has talked a while ago: his line is leg 1 and in
//! the room from the beginning, and leg 0 is the caller, who is rung as for a callback ([`super::ringback`]). Nobody else is
//! rung, and neither learns the other's number.
//!
//! It must not know who may be put through to whom, nor how he was asked.

use super::{Call, CallId, Command, Fact, Leg, LegId, LegState, LineId, Origin, Plan, Reaction, Rules, World};
use crate::phrases::{Phrase, Speech};
use crate::roster::{Phone, Responder};
use serde::{Deserialize, Serialize};

/// The leg of the responder, on whose line the call comes in.
const RESPONDER: LegId = LegId(1);

/// The caller to whom a responder is put through.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Through {
    /// Where he is rung.
    pub number: Phone,
    /// The call in which they have talked.
    pub talked_in: CallId,
    /// When they have, as the clocks showed it where the rota is kept.
    pub at: String,
}

/// What a responder is asked who may be put through: a key, or silence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// To the caller of this call.
    pub talked_in: CallId,
    /// What is said.
    pub words: String,
    /// How.
    pub speech: Speech,
}

/// What a responder has answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OfferAnswer {
    /// He is to be put through to this caller.
    Taken,
    /// He means an earlier one.
    Earlier,
    /// He calls as anybody does.
    Declined,
}

impl Offer {
    /// What is asked about the newest of the callers to whom he may be put through; `earlier`, there are others.
    #[must_use]
    pub fn new(through: &Through, earlier: bool, rules: &Rules) -> Self {
        let question = rules.language.say(Phrase::PressToBePutThrough { at: &through.at, earlier });
        let lines: Vec<String> = rules.words.emergency.iter().cloned().chain([question]).collect();
        Self {
            talked_in: through.talked_in,
            words: lines.join("\n"),
            speech: rules.speech(),
        }
    }
}

impl OfferAnswer {
    /// What a key means; without one he waits for whoever is on call.
    #[must_use]
    pub const fn of(key: Option<char>) -> Self {
        match key {
            Some('1') => Self::Taken,
            Some('2') => Self::Earlier,
            Some(_) | None => Self::Declined,
        }
    }
}

impl Call {
    /// A responder, who has dialled the hotline on this line, wants to be put through: the caller is rung at once.
    #[must_use]
    pub fn put_through(id: CallId, through: Through, plan: Plan, (by, line): (Responder, LineId), world: &World<'_>) -> (Self, Reaction) {
        let mut out = Reaction::default();
        out.facts.push(Fact::Arrived {
            hotline: plan.hotline.clone(),
            from: Some(by.phone.clone()),
        });
        out.facts.push(Fact::WantsThrough {
            name: by.name.clone(),
            number: through.number.clone(),
            at: through.at.clone(),
        });
        let number = through.number.clone();
        let mut call = Self {
            from: Some(by.phone.clone()),
            ..Self::begun(id, plan, Origin::Through(through), world, &mut out)
        };
        let mut leg = Leg::ordered(RESPONDER, by, Some(0), world.now);
        leg.line = Some(line);
        leg.state = LegState::Answered;
        leg.picked_up = true;
        call.legs.push(leg);
        call.ring_caller(RESPONDER, &number, world, &mut out);
        // The answer to his dialling is his script, whatever it has become by now.
        out.commands
            .retain(|command| !matches!(command, Command::Redirect { leg: RESPONDER, .. }));
        (call, out)
    }

    /// The leg on whose line the call has come in.
    #[must_use]
    pub const fn came_in_on(&self) -> LegId {
        match &self.origin {
            Origin::Caller | Origin::Incident(_) | Origin::Text(_) | Origin::Callback(_) => super::CALLER,
            Origin::Through(_) => RESPONDER,
        }
    }
}
