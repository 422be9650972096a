//! A talk with a key: by star a responder steps aside, and may have the next one on call brought in as a third.
//!
//! The room ends with whoever leaves it, and those who are left meet again in the next one: so nobody is ever alone in a room
//! that has begun, where there is only silence. Which of them has pressed star or left is not known when the first of them
//! asks what comes next, and need not be: who has the key is asked, all others wait for him in the room, and whoever has left
//! proves it by his own end. What is believed wrongly has no effect but words, and is set right by what they do next.

use super::patience::{ASIDE_PATIENCE, BACK_BEFORE, GRACE, JOIN_PATIENCE, LONE_PATIENCE};
use super::search::{Place, Search};
use super::words::{self, LastWords};
use super::{Call, Fact, Leg, LegId, LegState, Origin, Phase, Reaction, Script, Stay, World, seconds};
use crate::phrases::Phrase;
use crate::roster::Responder;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// At most so many responders are with one caller.
const MOST_TOGETHER: usize = 3;

/// What is known of a talk that was interrupted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Talk {
    /// When it began.
    began: Option<DateTime<Utc>>,
    /// For whom the next one on call is being rung.
    asker: Option<LegId>,
    /// Whether nobody came for who asked last.
    in_vain: bool,
}

impl Call {
    /// The responders who have the caller, in the order in which they were rung.
    pub(super) fn party(&self) -> impl Iterator<Item = &Leg> {
        self.legs.iter().filter(|leg| leg.has_the_caller())
    }

    /// Whether this is a talk from which responders may step aside.
    fn has_a_key(&self) -> bool {
        match &self.origin {
            Origin::Caller => self.plan.rules.bring_in_key,
            Origin::Incident(_) | Origin::Callback(_) | Origin::Text(_) | Origin::Through(_) => false,
        }
    }

    /// The first of them has the key.
    fn key_holder(&self) -> Option<LegId> {
        self.party().next().map(|leg| leg.id)
    }

    /// When the talk began, where it was interrupted and goes on.
    pub(super) const fn talk_began(&self) -> Option<DateTime<Utc>> {
        self.talk.began
    }

    /// Whether the end of a stay in the room may be star, and not the end of the talk: clearly within the time of one talk.
    pub(super) fn may_go_on_talking(&self, world: &World<'_>) -> bool {
        let Some((_, since)) = self.phase.talk() else { return false };
        let began = self.talk.began.or(since).unwrap_or(world.now);
        self.has_a_key() && world.now + GRACE < began + seconds(self.plan.rules.max_talk_seconds)
    }

    /// A responder is out of the room, by star or because it was closed. Says whether he may come back.
    pub(super) fn steps_aside(&mut self, leg: LegId, world: &World<'_>, out: &mut Reaction) -> bool {
        let Some(state) = self.leg(leg).map(|found| found.state) else {
            return false;
        };
        if !self.may_go_on_talking(world) {
            return false;
        }
        let is_first_way = matches!(self.phase, Phase::Joining { .. }) && self.talk.began.is_none();
        let was_alone = matches!(self.phase, Phase::Joining { inside: true, .. });
        match state {
            LegState::InRoom => self.interrupt(true, world, out),
            LegState::Accepted if is_first_way && was_alone => return false,
            // That he had come in was not told yet.
            LegState::Accepted if is_first_way => self.interrupt(true, world, out),
            LegState::Accepted => {}
            LegState::Ordered
            | LegState::Unsure
            | LegState::Placed
            | LegState::Ringing
            | LegState::Answered
            | LegState::LetGo
            | LegState::Ended => return false,
        }
        true
    }

    /// Everybody is out of the room, and whoever is on the line comes back to it; who has the key may be asked before.
    pub(super) fn interrupt(&mut self, asks: bool, world: &World<'_>, out: &mut Reaction) {
        self.note_talk(world);
        let Some((leg, since)) = self.phase.talk() else { return };
        let first = since.is_none().then_some(leg);
        self.talk.began.get_or_insert(since.unwrap_or(world.now));
        let until = world.now + ASIDE_PATIENCE;
        let holder = self.key_holder();
        let mut last = None;
        for leg in self.legs.iter_mut().filter(|leg| leg.has_the_caller()) {
            let was_inside = leg.state == LegState::InRoom || first == Some(leg.id);
            leg.has_met |= was_inside;
            leg.is_aside |= asks && was_inside && holder == Some(leg.id);
            leg.state = LegState::Accepted;
            leg.deadline = Some(until + LONE_PATIENCE);
            last = Some(leg.id);
        }
        let Some(leg) = last else { return };
        self.phase = Phase::Joining { leg, until, inside: false };
        self.end_recording(out);
        if asks {
            out.facts.push(Fact::Interrupted);
        }
    }

    /// Somebody comes to the caller, who is with somebody else already.
    pub(super) fn joins_in(&mut self, leg: LegId, out: &mut Reaction) {
        let Some(found) = self.leg_mut(leg) else { return };
        found.state = LegState::InRoom;
        found.has_met = true;
        found.deadline = None;
        let name = found.who.name.clone();
        out.facts.push(Fact::JoinedIn { name });
    }

    /// One of several responders is gone, who was let go already; the others stay with the caller.
    pub(super) fn go_on_without(&mut self, leg: LegId, was: LegState, world: &World<'_>, out: &mut Reaction) {
        let Some(gone) = self.leg(leg) else { return };
        let (name, has_met) = (gone.who.name.clone(), gone.has_met);
        if has_met {
            out.facts.push(Fact::Parted { name });
        } else {
            let why = words::LOST_ON_THE_WAY.to_owned();
            out.facts.push(Fact::DidNotAccept { leg, name, why });
        }
        if was == LegState::InRoom {
            // The room has ended with him.
            self.interrupt(false, world, out);
        }
        let holder = self.key_holder();
        if let (Phase::Joining { leg: expected, .. }, Some(other)) = (&mut self.phase, holder) {
            if *expected == leg {
                *expected = other;
            }
            if was == LegState::Accepted && has_met {
                self.call_back_in(other, out);
            }
        }
        if self.talk.asker == Some(leg) {
            self.talk.asker = holder;
        }
        if !has_met && self.talk.asker.is_none() {
            self.talk.asker = holder;
            self.go_on(world, out);
        }
    }

    /// It was not he who pressed star, but somebody else who has left.
    fn call_back_in(&mut self, leg: LegId, out: &mut Reaction) {
        let Some(found) = self.leg_mut(leg).filter(|found| found.is_aside) else {
            return;
        };
        found.is_aside = false;
        if let Some(line) = found.line.clone() {
            self.redirect(leg, line, out);
        }
    }

    /// Whoever has had the time to come back, and was not heard to be alone, has talked, though the notice of it be lost.
    pub(super) fn note_return(&mut self, world: &World<'_>) {
        if let Phase::Joining { until, inside: false, .. } = self.phase
            && self.talk.began.is_some()
            && world.now + BACK_BEFORE > until
        {
            self.cut_off_from = None;
        }
    }

    /// The key of a responder who was asked in the middle of the talk; says whether he was.
    pub(super) fn on_key_aside(&mut self, leg: LegId, key: char, world: &World<'_>, out: &mut Reaction) -> bool {
        let Some(found) = self.leg(leg).filter(|found| found.is_aside && found.has_the_caller()) else {
            return false;
        };
        // Any other key asks again; who presses star once more may still press 2.
        if !matches!(key, '1' | '2') {
            return true;
        }
        if found.state == LegState::InRoom {
            // Whoever presses a key is not in the room, whatever the notices said.
            self.interrupt(false, world, out);
        }
        if let Some(found) = self.leg_mut(leg) {
            found.is_aside = false;
        }
        if let Phase::Joining { until, .. } = &mut self.phase {
            *until = world.now + JOIN_PATIENCE;
        }
        let wanted = key == '2' && self.may_bring_in();
        self.talk.in_vain = false;
        if wanted {
            self.bring_in(leg, world, out);
        }
        true
    }

    /// Whether the next one on call is being rung for a responder.
    pub(super) const fn is_bringing_in(&self) -> bool {
        self.talk.asker.is_some()
    }

    fn may_bring_in(&self) -> bool {
        !self.is_bringing_in() && self.party().count() < MOST_TOGETHER && self.is_anybody_left()
    }

    /// Whether the plan has anybody after those who have the caller.
    fn is_anybody_left(&self) -> bool {
        let is_here = |who: &Responder| self.party().any(|leg| leg.who.is(who) || leg.who.phone == who.phone);
        let may_come = |who: &Responder| !self.ruled_out.contains(&who.phone) && !self.has_declined(who) && !is_here(who);
        let Some(next) = self.next_level() else { return false };
        let mut later = self.plan.levels.iter().skip(next).flat_map(|rung| &rung.responders);
        later.any(may_come) || self.plan.last_resort.as_ref().is_some_and(may_come)
    }

    /// The first rung after the level of those who have the caller; none where the last resort is among them.
    fn next_level(&self) -> Option<usize> {
        let levels: Option<Vec<usize>> = self.party().map(|leg| leg.level).collect();
        Some(levels?.into_iter().max().map_or(0, |level| self.plan.rung_after(level)))
    }

    fn bring_in(&mut self, leg: LegId, world: &World<'_>, out: &mut Reaction) {
        let (Some(found), Some(next)) = (self.leg(leg), self.next_level()) else {
            return;
        };
        let name = found.who.name.clone();
        self.talk.asker = Some(leg);
        self.search = Search::once();
        out.facts.push(Fact::AskedForMore { name });
        if !self.ring_for_talk(next, world, out) {
            // He hears it on his way back.
            self.nobody_joins(out);
        }
    }

    /// Rings the first level from `index` on that has anybody to ring, then the last resort.
    fn ring_for_talk(&mut self, index: usize, world: &World<'_>, out: &mut Reaction) -> bool {
        (index..self.plan.levels.len()).any(|level| self.ring_level(level, world, out)) || self.ring_free_last_resort(world, out)
    }

    /// Nobody of those who were rung can accept any more.
    pub(super) fn go_on_bringing_in(&mut self, world: &World<'_>, out: &mut Reaction) {
        let rings = match self.search.place {
            Place::Level(index) => self.ring_for_talk(index + 1, world, out),
            Place::LastResort => self.ring_free_last_resort(world, out),
            Place::AllEngaged(_) | Place::Settling(_) => false,
        };
        if rings {
            return;
        }
        let asker = self
            .talk
            .asker
            .and_then(|leg| self.leg(leg))
            .and_then(|leg| leg.who.texted_on().cloned());
        self.nobody_joins(out);
        // He is talking and hears nothing of it.
        if let Some(phone) = asker {
            let body = self.language().say(Phrase::NobodyJoins(&self.plan.hotline.0));
            self.order_text(phone, &body, out);
        }
    }

    fn nobody_joins(&mut self, out: &mut Reaction) {
        let Some(leg) = self.talk.asker.take().and_then(|leg| self.leg(leg)) else {
            return;
        };
        let name = leg.who.name.clone();
        self.talk.in_vain = true;
        out.facts.push(Fact::NobodyJoins { name });
    }

    /// Somebody who was rung for the talk has accepted.
    pub(super) fn is_on_the_way_to_the_talk(&mut self, leg: LegId, world: &World<'_>) {
        self.talk.asker = None;
        if let Some(found) = self.leg_mut(leg) {
            found.deadline = Some(world.now + JOIN_PATIENCE + LONE_PATIENCE);
        }
    }

    /// Nobody has the caller any more: whoever is still rung for the talk is let go.
    pub(super) fn end_talk(&mut self, world: &World<'_>, out: &mut Reaction) {
        if self.is_bringing_in() {
            self.let_go_of_all(Leg::is_trying, &LastWords::ConversationOver, world, out);
        }
        self.talk = Talk::default();
        self.end_recording(out);
    }

    /// Who asks for another responder, while that one is rung.
    pub(super) fn asking_responder(&self) -> Option<&str> {
        let asker = self.leg(self.talk.asker?)?;
        Some(&asker.who.name)
    }

    /// What a responder who has the caller hears.
    pub(super) fn talk_script(&self, leg: &Leg) -> Script {
        let language = self.language();
        let stay = Stay {
            max_seconds: self.plan.rules.max_talk_seconds,
            star: self.has_a_key() && self.key_holder() == Some(leg.id),
            tone: self.talk.began.is_some(),
        };
        if !leg.is_aside {
            let words = language.say_all(
                &[self.way_in(leg), self.told_of_recording(leg)]
                    .into_iter()
                    .flatten()
                    .collect::<Vec<_>>(),
            );
            return Script::Join { words, stay };
        }
        let choice = if self.is_bringing_in() {
            Phrase::AsideWhileRinging
        } else if self.may_bring_in() {
            Phrase::AsideToBringIn
        } else {
            Phrase::AsideWithNobodyLeft
        };
        let words = if self.talk.in_vain {
            language.say_all(&[Phrase::NobodyReached, choice])
        } else {
            language.say(choice)
        };
        let then = language.say(Phrase::BackToTheCaller);
        Script::Aside { words, then, stay }
    }

    fn way_in(&self, leg: &Leg) -> Option<Phrase<'static>> {
        if !leg.has_met {
            self.welcome_in()
        } else if self.talk.asker == Some(leg.id) {
            Some(Phrase::NextIsRungForYou)
        } else if self.talk.in_vain {
            Some(Phrase::NobodyCanBeRung)
        } else {
            Some(Phrase::BackToTheCaller)
        }
    }
}
