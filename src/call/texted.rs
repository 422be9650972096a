//! A stranger's text: it rings the plan like an alarm, and whoever takes care of it goes on by text. The sender hears of
//! each step: that phones ring, that somebody looks after it, or that nobody does.
//!
//! It must not know which texts may ring, nor what becomes of texts after somebody has taken this one.

use super::patience::ACCEPT_SLACK;
use super::words::{InVain, LastWords};
use super::{Call, CallId, Fact, LegId, LegState, Origin, Phase, Plan, Reaction, World, seconds};
use crate::phrases::{Phrase, fitted, one_line};
use crate::roster::{Phone, Responder};
use serde::{Deserialize, Serialize};

/// Of what was texted so many characters are read aloud; the rest is in the text that whoever takes care of it gets.
const READ_ALOUD: usize = 300;
/// More texts of one sender are not kept for one call.
const MOST_TEXTS: usize = 20;
/// For so many minutes at least the two can go on by text.
const GO_ON_MINUTES: u32 = 60;

/// What a stranger has texted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stranger {
    /// Who.
    pub from: Phone,
    /// The hotline's number that the text went to, which he had better call.
    pub to: Phone,
    /// His texts, the first one first, each as one line.
    pub texts: Vec<String>,
}

impl Stranger {
    /// All of them, for the eye.
    pub(super) fn whole(&self) -> String {
        self.texts.join(" / ")
    }

    /// As much of them as is listened to.
    pub(super) fn aloud(&self) -> String {
        one_line(&self.texts.join(" … "), READ_ALOUD)
    }
}

impl Call {
    /// A stranger's text rings the plan. There is no caller's leg and no room.
    #[must_use]
    pub fn texted(id: CallId, plan: Plan, stranger: Stranger, world: &World<'_>) -> (Self, Reaction) {
        let mut out = Reaction::default();
        out.facts.push(Fact::Texted {
            hotline: plan.hotline.clone(),
            from: stranger.from.clone(),
            text: stranger.whole(),
        });
        let from = Some(stranger.from.clone());
        let mut call = Self {
            from,
            ..Self::begun(id, plan, Origin::Text(stranger), world, &mut out)
        };
        if let Some(why) = call.plan.welcome.why() {
            out.facts.push(Fact::Met { why: why.to_owned() });
        }
        call.begin_search(world, &mut out);
        if call.phase == Phase::Searching {
            call.tell_sender(Phrase::TextReceived, &mut out);
        }
        (call, out)
    }

    /// The sender has more to say, and nobody has taken it yet: whoever is asked next hears it too.
    pub(super) fn on_text_added(&mut self, body: &str, world: &World<'_>, out: &mut Reaction) {
        let Origin::Text(stranger) = &mut self.origin else { return };
        if self.outcome.is_some() || stranger.texts.len() >= MOST_TEXTS {
            return;
        }
        stranger.texts.push(body.to_owned());
        out.facts.push(Fact::TextAdded { text: body.to_owned() });
        let asked: Vec<LegId> = self
            .legs
            .iter()
            .filter(|leg| leg.state == LegState::Answered)
            .map(|leg| leg.id)
            .collect();
        for leg in asked {
            let patience = self.leg(leg).map(|found| seconds(self.accept_seconds(found)) + ACCEPT_SLACK);
            if let Some((found, patience)) = self.leg_mut(leg).zip(patience) {
                found.deadline = found.deadline.max(Some(world.now + patience));
            }
        }
    }

    /// What whoever takes care of a text hears. Whom no text reaches has to call.
    pub(super) fn taking_text(stranger: &Stranger, taker: &Responder) -> LastWords {
        match taker.texted_on() {
            Some(_) => LastWords::TextIsYours,
            // Whoever gets no text hears it once more: something may have been added while he was asked.
            None => LastWords::TextIsYoursToCall {
                text: stranger.aloud(),
                number: stranger.from.clone(),
            },
        }
    }

    /// He has taken care of it: he gets it as a text, the sender is told, and from now on the two go on by text.
    pub(super) fn hand_over_text(&mut self, stranger: &Stranger, taker: Responder, world: &World<'_>, out: &mut Reaction) {
        if let Some(phone) = taker.texted_on().cloned() {
            let yours = self.language().say(Phrase::TextIsYours {
                hotline: &self.plan.hotline.0,
                text: &stranger.whole(),
            });
            out.facts.push(Fact::PassedOn {
                from: stranger.from.clone(),
                to: phone.clone(),
            });
            // Where he does not get it, the sender hears that it has perhaps not arrived.
            self.order_text_of(Some(stranger.from.clone()), phone.clone(), &fitted(&yours), out);
            out.facts.push(Fact::RelayOpened {
                name: taker.name,
                responder: phone,
                caller: stranger.from.clone(),
                talked_at: world.now,
                minutes: self.plan.rules.relay_minutes.max(GO_ON_MINUTES),
            });
        }
        self.tell_sender(Phrase::TextInHand, out);
    }

    /// Nobody has taken it: the sender is told to call, and people are told what it was.
    pub(super) fn text_in_vain(&mut self, stranger: &Stranger, why: InVain, out: &mut Reaction) {
        self.tell_sender(
            Phrase::TextInVain {
                number: &stranger.to,
                closed: why == InVain::Closed,
            },
            out,
        );
        let missed = self.language().say(Phrase::TextMissed {
            hotline: &self.plan.hotline.0,
            sender: &stranger.from,
            text: &stranger.whole(),
        });
        for to in self.told_of(self.plan.rules.tell_level).1 {
            self.text(to, &fitted(&missed), out);
        }
    }

    fn tell_sender(&mut self, what: Phrase<'_>, out: &mut Reaction) {
        let Origin::Text(stranger) = &self.origin else { return };
        let (to, words) = (stranger.from.clone(), self.language().say(what));
        out.facts.push(Fact::SenderTold { words: words.clone() });
        self.order_text(to, &words, out);
    }
}
