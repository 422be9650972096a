//! Who is texted about a call: before he is rung, and when nobody has taken it. Nobody is texted twice about the same.
//! It must not know how texts travel, nor what the texts of an alarm say.

use super::words::{LastWords, missed};
use super::{Call, Fact, Leg, LegId, LegState, Origin, Outcome, Phase, Reaction};
use crate::phrases::Phrase;
use crate::roster::{Phone, Responder};
use serde::{Deserialize, Serialize};

/// Who is told of one thing, each person and each number once.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Told {
    people: Vec<Responder>,
    /// Of the configuration, which does not say whose they are.
    numbers: Vec<Phone>,
}

impl Told {
    /// Where to text this person; none where that is done, or no phone takes texts.
    fn person(&mut self, who: &Responder) -> Option<Phone> {
        let to = who.texted_on()?;
        let is_known = |one: &Responder| one.is(who) || one.texted_on() == Some(to);
        if self.people.iter().any(is_known) || self.numbers.iter().any(|number| who.has(number)) {
            return None;
        }
        self.people.push(who.clone());
        Some(to.clone())
    }

    /// The same for a number.
    fn number(&mut self, to: &Phone) -> Option<Phone> {
        if self.numbers.contains(to) || self.people.iter().any(|who| who.has(to)) {
            return None;
        }
        self.numbers.push(to.clone());
        Some(to.clone())
    }
}

impl Call {
    /// Tells whoever is rung that it is the hotline, where that is wished: with the first attempt to reach him.
    pub(super) fn announce(&mut self, who: &Responder, out: &mut Reaction) {
        if !self.plan.rules.text_before_ringing {
            return;
        }
        let hotline = &self.plan.hotline.0;
        let phrase = match &self.origin {
            Origin::Caller => Phrase::RingsYou {
                hotline,
                caller: self.from.as_ref(),
            },
            Origin::Incident(incident) => Phrase::RingsYouForAlarm {
                hotline,
                title: &incident.title,
            },
            Origin::Text(_) => Phrase::RingsYouForText(hotline),
            // He has just asked for it.
            Origin::Callback(_) | Origin::Through(_) => return,
        };
        let body = self.language().say(phrase);
        let Some(to) = self.announced.person(who) else { return };
        out.facts.push(Fact::RingTold { to: to.clone() });
        self.order_text(to, &body, out);
    }

    /// Nobody has taken the call: those who are to know are told what became of the caller, and so is whoever picked up and
    /// heard that the caller is gone.
    pub(super) fn tell_of_missed(&mut self, out: &mut Reaction) {
        let Some(body) = self.missed_body() else { return };
        let with_level = self.plan.rules.tell_level || self.outcome == Some(Outcome::CallbackAsked);
        let (mut told, mut to) = self.told_of(with_level);
        let in_vain: Vec<Responder> = self
            .legs
            .iter()
            .filter(|leg| self.was_left(leg))
            .map(|leg| leg.who.clone())
            .collect();
        to.extend(in_vain.iter().filter_map(|who| told.person(who)));
        self.told_missed = told;
        for to in to {
            self.text(to, &body, out);
        }
    }

    /// Somebody picks up in the moment in which he is let go. If that is because the caller is gone, he is told as well.
    pub(super) fn picked_up_late(&mut self, leg: LegId, out: &mut Reaction) {
        let Some(found) = self.leg_mut(leg) else { return };
        if found.state != LegState::LetGo || found.picked_up {
            return;
        }
        found.picked_up = true;
        let who = found.who.clone();
        let is_told = self.phase == Phase::Over && self.tell_at.is_none();
        if !is_told || !self.leg(leg).is_some_and(|found| self.was_left(found)) {
            return;
        }
        let Some(body) = self.missed_body() else { return };
        if let Some(to) = self.told_missed.person(&who) {
            self.text(to, &body, out);
        }
    }

    /// Whether somebody picked up for nothing: the caller was gone, or was gone in the moment in which they came together.
    fn was_left(&self, leg: &Leg) -> bool {
        let is_cut_off = || self.outcome == Some(Outcome::CutOff) && self.cut_off_from.as_ref() == Some(&leg.who.name);
        match leg.farewell {
            Some(LastWords::CallerHungUp) => leg.picked_up,
            Some(LastWords::CallerLeft) => leg.picked_up && is_cut_off(),
            Some(_) | None => false,
        }
    }

    fn missed_body(&self) -> Option<String> {
        let what = missed(self.outcome?, self)?;
        Some(self.language().say(Phrase::MissedCall {
            hotline: &self.plan.hotline.0,
            caller: self.from.as_ref(),
            at: self.plan.arrives.as_deref(),
            what,
        }))
    }

    /// Whom a callback is told: those who are told of every missed call, and the first level.
    pub(super) fn told_of_callbacks(&self) -> Vec<Phone> {
        self.told_of(true).1
    }

    /// Those who are told of every missed call and, with the level, the first one, apart from who cannot be dialled; where
    /// that is nobody, or all of them passed the call on, the last resort as well.
    pub(super) fn told_of(&self, with_level: bool) -> (Told, Vec<Phone>) {
        let mut told = Told::default();
        let mut to: Vec<Phone> = self.plan.rules.tell.iter().filter_map(|number| told.number(number)).collect();
        if !with_level {
            return (told, to);
        }
        let level = self.plan.levels.first().into_iter().flat_map(|rung| &rung.responders);
        let reached = level.filter(|who| who.texted_on().is_some_and(|phone| !self.is_undiallable(phone)));
        let mut is_left = !to.is_empty();
        for who in reached {
            is_left |= !self.has_passed_on(who);
            to.extend(told.person(who));
        }
        if !is_left {
            to.extend(self.plan.last_resort.iter().filter_map(|who| told.person(who)));
        }
        (told, to)
    }

    fn has_passed_on(&self, who: &Responder) -> bool {
        let is_ruled_out = self.ruled_out.contains(&who.phone) && !self.is_undiallable(&who.phone);
        is_ruled_out || self.has_declined(who)
    }

    /// Tells somebody of the missed call.
    pub(super) fn text(&mut self, to: Phone, body: &str, out: &mut Reaction) {
        out.facts.push(Fact::Told { to: to.clone() });
        self.order_text(to, body, out);
    }

    pub(super) fn order_text(&mut self, to: Phone, body: &str, out: &mut Reaction) {
        self.order_text_of(None, to, body, out);
    }

    /// Each of a call's texts has a number of its own. One that is passed on has a sender.
    pub(super) fn order_text_of(&mut self, sender: Option<Phone>, to: Phone, body: &str, out: &mut Reaction) {
        self.texts = self.texts.saturating_add(1);
        out.commands.push(super::Command::Text {
            number: self.texts,
            sender,
            to,
            body: body.to_owned(),
        });
    }
}
