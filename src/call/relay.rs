//! After a talk: for a while each of the two can text the other through the hotline's number, and the caller who dials
//! again gets the same responder first. Neither learns the other's number.
//!
//! It must not know what a text says, nor for whom it is meant: that is decided where it comes in.

use super::{Call, Fact, LeftOut, LeftOutReason, LegId, Phase, Plan, Reaction, Rung, Undelivered, World, seconds};
use crate::phrases::Phrase;
use crate::roster::{Phone, Responder};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What a call knows of the texts that it passes on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Relayed {
    /// With whom the caller talked last, and since when.
    talked: Option<(LegId, DateTime<Utc>)>,
    /// Whom texts do not reach, as the other one knows.
    unreachable: BTreeSet<Phone>,
}

/// Somebody who spoke with the caller a while ago.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acquaintance {
    /// Who.
    pub who: Responder,
    /// When, as the clocks showed it where the rota is kept.
    pub at: String,
}

impl Plan {
    /// The same plan, but this one is rung first.
    #[must_use]
    pub fn beginning_with(mut self, Acquaintance { who, at }: Acquaintance) -> Self {
        for level in &mut self.levels {
            let before = level.responders.len();
            level.responders.retain(|other| !other.is(&who));
            if level.responders.len() < before {
                self.left_out.push(LeftOut {
                    name: who.name.clone(),
                    reason: LeftOutReason::RungEarlier,
                });
            }
        }
        self.levels.retain(|level| !level.responders.is_empty());
        let first = Rung {
            label: "who spoke with the caller last".to_owned(),
            responders: vec![who],
            source: format!("spoke with the caller at {at}"),
            second: false,
        };
        self.levels.insert(0, first);
        self.spoke_at = Some(at);
        self
    }

    /// Which place on call a level has; none for whoever is rung because he spoke with the caller.
    pub(super) fn place(&self, level: usize) -> Option<usize> {
        level.checked_sub(usize::from(self.spoke_at.is_some()))
    }

    /// When a responder of this level spoke with the caller, where it is for that that he is rung.
    pub(super) fn spoke_at(&self, level: Option<usize>) -> Option<&str> {
        self.spoke_at.as_deref().filter(|_| level == Some(0))
    }
}

impl Call {
    /// A stay together ends now, if there is one: was it long enough to be sure that they talked?
    pub(super) fn note_talk(&mut self, world: &World<'_>) {
        if let Phase::Connected { leg, since } = self.phase {
            let name = self.leg(leg).map(|found| found.who.name.clone());
            let since = self.talk_began().unwrap_or(since);
            self.cut_off_from = name.filter(|_| world.now - since < seconds(self.plan.rules.shortest_talk_seconds));
            if self.cut_off_from.is_none() {
                self.have_talked(leg, since);
            }
        }
    }

    /// They have talked, and can go on by text when the call is over.
    pub(super) fn have_talked(&mut self, leg: LegId, since: DateTime<Utc>) {
        self.relayed.talked = Some((leg, since));
    }

    /// The caller was served: from now on texts go between him and whoever talked with him last, if texts reach him.
    pub(super) fn open_relay(&self, out: &mut Reaction) {
        let minutes = self.plan.rules.relay_minutes;
        let caller = self.rings_a_caller().or(self.from.as_ref());
        let (Some((leg, at)), Some(caller)) = (self.relayed.talked, caller.cloned()) else {
            return;
        };
        let Some(who) = self.leg(leg).map(|found| found.who.clone()) else {
            return;
        };
        let Some(responder) = who.texted_on().cloned().filter(|_| minutes > 0 && !who.has(&caller)) else {
            return;
        };
        out.facts.push(Fact::RelayOpened {
            name: who.name,
            responder,
            caller,
            talked_at: at,
            minutes,
        });
    }

    /// A text of one of the two is passed on to the other.
    pub(super) fn pass_on(&mut self, from: &Phone, to: &Phone, body: &str, out: &mut Reaction) {
        out.facts.push(Fact::PassedOn {
            from: from.clone(),
            to: to.clone(),
        });
        self.order_text_of(Some(from.clone()), to.clone(), body, out);
    }

    /// A text that was to be passed on is lost. Whoever wrote it is told, and where no other one would arrive either, he is
    /// told so once. What he is told is no text that is passed on, so that nothing follows from its loss.
    pub(super) fn on_not_texted(&mut self, lost: &Undelivered, out: &mut Reaction) {
        out.facts.push(Fact::NotTexted {
            to: lost.to.clone(),
            code: lost.code,
            why: lost.why.clone(),
        });
        if lost.permanent && !self.relayed.unreachable.insert(lost.to.clone()) {
            return;
        }
        let body = self.language().say(Phrase::NotPassedOn {
            hotline: &self.plan.hotline.0,
            for_good: lost.permanent,
        });
        self.order_text(lost.from.clone(), &body, out);
    }
}
