//! Calling somebody back: the responder who wants to is rung first, and once he is in the room the caller is rung and joins
//! him. Leg 0 is the caller as ever, only that it is us who dial him.
//!
//! Until the responder has taken the call it is a search for him alone; from then on it goes as told here. Every way out of
//! it lets go of both. A responder who has dialled himself ([`super::Through`]) is there from the beginning. It must not know who may ask for a callback, nor where the open ones are kept.

use super::patience::{CROSSING, JOIN_PATIENCE, spoken};
use super::words::{self, LastWords};
use super::{
    Announcement, CALLER, Call, CallId, Command, Ending, Event, Fact, Leg, LegId, LegState, LineId, Origin, Outcome, Phase, Plan, Reaction,
    Refusal, Rules, Script, Stay, World, seconds,
};
use crate::phrases::{Hindrance, NotReached, Phrase};
use crate::roster::{Phone, Responder};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The callback that a call is to make.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallingBack {
    /// Its number among the hotline's callbacks.
    pub id: u32,
    /// Where the caller is to be called.
    pub number: Phone,
    /// When he asked for it.
    pub asked_at: DateTime<Utc>,
    /// The same as clocks show it where the rota is kept.
    pub shown: String,
}

impl CallingBack {
    /// Why this callback cannot be made now by this responder; none where it can.
    #[must_use]
    pub fn hindrance(&self, by: &Responder, rules: &Rules, calling: Option<&str>, engaged: &BTreeSet<Phone>) -> Option<Hindrance> {
        if let Some(name) = calling {
            return Some(Hindrance::Calling(name.to_owned()));
        }
        if by.has(&self.number) {
            return Some(Hindrance::OwnNumber);
        }
        if !rules.callbacks.allows(&self.number) {
            return Some(Hindrance::NotAllowed);
        }
        if engaged.contains(&by.phone) {
            return Some(Hindrance::Engaged);
        }
        engaged.contains(&self.number).then_some(Hindrance::CallerEngaged)
    }
}

impl Call {
    /// Somebody wants to call a caller back: he, who alone is in the plan, is rung, and the caller not before he takes it.
    #[must_use]
    pub fn ring_back(id: CallId, callback: CallingBack, plan: Plan, world: &World<'_>) -> (Self, Reaction) {
        let mut out = Reaction::default();
        let asked = plan
            .levels
            .first()
            .and_then(|rung| Some((rung.responders.first()?.clone(), rung.source.clone())));
        let mut call = Self::begun(id, plan, Origin::Callback(callback), world, &mut out);
        match asked {
            Some((who, how)) => call.ring_responder(who, how, world, &mut out),
            None => call.not_taken(&mut out),
        }
        (call, out)
    }

    fn ring_responder(&mut self, who: Responder, how: String, world: &World<'_>, out: &mut Reaction) {
        let Some(callback) = self.calling_back() else { return };
        out.facts.push(Fact::CallsBack {
            hotline: self.plan.hotline.clone(),
            id: callback.id,
            number: callback.number.clone(),
            name: who.name.clone(),
            how: how.clone(),
        });
        self.dial(who, Some(0), Some(how), world, out);
    }

    /// Takes in what means something else here than in a call that came in; says whether it was that.
    pub(super) fn on_ringback(&mut self, event: &Event, world: &World<'_>, out: &mut Reaction) -> bool {
        match event {
            Event::Placed { leg: CALLER, line } => self.on_placed(CALLER, line, world, out),
            Event::Refused { leg: CALLER, why } => self.on_caller_refused(why, world, out),
            Event::Unsure { leg: CALLER } => self.on_unsure(CALLER, world, out),
            Event::Ringing { leg: CALLER, line } => self.on_ringing(CALLER, line, world, out),
            Event::Answered { leg: CALLER, line, .. } => self.on_caller_answered(line, world, out),
            Event::Joined { leg: CALLER } => self.on_called_joined(world, out),
            Event::Joined { leg } => self.on_calling_joined(*leg, world, out),
            Event::StillWaiting { leg } => self.on_alone(*leg, world, out),
            Event::LeftRoom { leg } => self.on_out_of_room(*leg, world, out),
            Event::Ended { leg, how } => self.on_line_ended(*leg, *how, world, out),
            Event::Key { leg: CALLER, key } => {
                self.caller_picks_up(world, out);
                self.on_called_key(*key, out);
            }
            // He leaves no message.
            Event::Detected { leg: CALLER, .. }
            | Event::Typed { .. }
            | Event::Recorded { .. }
            | Event::Transcribed { .. }
            | Event::CallbackOverdue
            | Event::SomebodyIsFree
            | Event::Makeshift { .. }
            | Event::Resolved => {}
            Event::Tick
            | Event::PassOn { .. }
            | Event::TextAdded { .. }
            | Event::NotTexted(_)
            | Event::RecordingBegun { .. }
            | Event::RecordingUnsure { .. }
            | Event::RecordingEnded { .. }
            | Event::Placed { .. }
            | Event::Refused { .. }
            | Event::Unsure { .. }
            | Event::Ringing { .. }
            | Event::Answered { .. }
            | Event::Detected { .. }
            | Event::Key { .. } => return false,
        }
        true
    }

    /// The responder is there: he goes into the room, and the caller is rung.
    pub(super) fn ring_caller(&mut self, leg: LegId, number: &Phone, world: &World<'_>, out: &mut Reaction) {
        let Some(found) = self.leg_mut(leg) else { return };
        found.state = LegState::Accepted;
        found.deadline = None;
        self.phase = Phase::RingingBack { leg };
        if !self.plan.rules.callbacks.allows(number) {
            return self.not_reached(NotReached::Failed, words::MAY_NOT_BE_CALLED, world, out);
        }
        if world.engaged().contains(number) {
            return self.not_reached(NotReached::Busy, words::IS_ON_ANOTHER_CALL, world, out);
        }
        let number = number.clone();
        out.facts.push(Fact::RingsCaller { number: number.clone() });
        out.commands.push(Command::Dial {
            leg: CALLER,
            to: number.clone(),
            ring_seconds: self.plan.rules.ring_seconds,
            detection: None,
        });
        let who = Responder {
            name: number.to_string(),
            phone: number,
            then: None,
        };
        self.called = Some(Leg::ordered(CALLER, who, Some(0), world.now));
    }

    fn on_caller_refused(&mut self, why: &Refusal, world: &World<'_>, out: &mut Reaction) {
        let Some(found) = &mut self.called else { return };
        let wanted = matches!(found.state, LegState::Ordered | LegState::Unsure);
        if wanted || found.state == LegState::LetGo && found.line.is_none() {
            found.state = LegState::Ended;
            found.deadline = None;
        }
        if wanted {
            self.not_reached(NotReached::Failed, &words::refused(why), world, out);
        }
    }

    fn on_caller_answered(&mut self, line: &LineId, world: &World<'_>, out: &mut Reaction) {
        if let Some(found) = &mut self.called {
            found.line = Some(line.clone());
        }
        self.caller_picks_up(world, out);
    }

    /// The caller hears who calls, and is on his way to the responder. Whatever comes of him proves it, should the notice be late.
    fn caller_picks_up(&mut self, world: &World<'_>, out: &mut Reaction) {
        let Phase::RingingBack { leg } = self.phase else { return };
        let Some(found) = self.called.as_mut().filter(|found| found.is_before_answer()) else {
            return;
        };
        found.state = LegState::Answered;
        found.deadline = None;
        out.facts.push(Fact::CallerAnswers {
            number: found.who.phone.clone(),
        });
        let until = world.now + JOIN_PATIENCE + spoken(&self.words_to_called()) + self.announcement_patience();
        let inside = self.leg(leg).is_some_and(|found| found.state == LegState::InRoom);
        self.comes_in(leg, until, inside);
    }

    /// One of the two is on his way to the other until then.
    fn comes_in(&mut self, leg: LegId, until: DateTime<Utc>, inside: bool) {
        if let Some(found) = self.leg_mut(leg) {
            found.state = LegState::Accepted;
        }
        self.phase = Phase::Joining { leg, until, inside };
    }

    fn on_called_joined(&mut self, world: &World<'_>, out: &mut Reaction) {
        self.caller_picks_up(world, out);
        self.note_announced(world);
        let Some(found) = &mut self.called else { return };
        match found.state {
            LegState::Answered => {
                found.state = LegState::InRoom;
                if let Phase::Joining { leg, inside: true, .. } = self.phase {
                    self.connect(leg, world.now, out);
                }
            }
            // Nobody is there for him any more.
            LegState::LetGo => self.send_to_script(CALLER, out),
            LegState::Ordered
            | LegState::Unsure
            | LegState::Placed
            | LegState::Ringing
            | LegState::Accepted
            | LegState::InRoom
            | LegState::Ended => {}
        }
    }

    fn on_calling_joined(&mut self, leg: LegId, world: &World<'_>, out: &mut Reaction) {
        let caller_is_in = self.called.as_ref().is_some_and(|found| found.state == LegState::InRoom);
        match self.phase {
            Phase::RingingBack { leg: calling } if calling == leg => self.waits_inside(leg),
            Phase::Joining { leg: calling, .. } if calling == leg && caller_is_in => self.connect(leg, world.now, out),
            Phase::Joining { leg: calling, until, .. } if calling == leg => self.comes_in(leg, until, true),
            Phase::Searching
            | Phase::RingingBack { .. }
            | Phase::Joining { .. }
            | Phase::Connected { .. }
            | Phase::Parted { .. }
            | Phase::Menu { .. }
            | Phase::Message { .. }
            | Phase::Farewell { .. }
            | Phase::Makeshift { .. }
            | Phase::Resting { .. }
            | Phase::Over => {
                if self.leg(leg).is_some_and(|found| found.state == LegState::LetGo) {
                    self.send_to_script(leg, out);
                }
            }
        }
    }

    fn waits_inside(&mut self, leg: LegId) {
        if let Some(found) = self.leg_mut(leg) {
            found.state = LegState::InRoom;
        }
    }

    fn send_to_script(&mut self, leg: LegId, out: &mut Reaction) {
        if let Some(line) = self.line(leg).cloned() {
            self.redirect(leg, line, out);
        }
    }

    /// Somebody sits alone in the room, whatever the notices have said. That is right for the responder while the caller is rung.
    fn on_alone(&mut self, leg: LegId, world: &World<'_>, out: &mut Reaction) {
        if leg == CALLER {
            self.caller_picks_up(world, out);
        }
        let Some((calling, since)) = self.phase.talk().filter(|(calling, _)| leg == CALLER || leg == *calling) else {
            return;
        };
        let Some(until) = self.phase.together_by() else {
            // While the caller is rung, the responder is where he should be.
            if leg == calling {
                self.waits_inside(leg);
            }
            return;
        };
        // Asked before the other came in, told afterwards.
        if since.is_some_and(|since| world.now <= since + CROSSING) {
            return;
        }
        // They are not together, whatever the notices said.
        self.end_recording(out);
        if leg == CALLER {
            self.note_announced(world);
        }
        if let Some(found) = self.called.as_mut().filter(|found| found.state != LegState::Ended) {
            found.state = if leg == CALLER { LegState::InRoom } else { LegState::Answered };
        }
        self.comes_in(calling, until, leg == calling);
        if world.now <= until {
            return;
        }
        if leg == CALLER {
            self.hang_up(calling, out);
            self.wind_up(&LastWords::ConversationOver, &self.lost(), world, out);
        } else {
            self.hang_up(CALLER, out);
            self.not_reached(NotReached::HungUp, words::LOST_ON_THE_WAY, world, out);
        }
    }

    /// The room is closed under somebody who is still on the line: the other has left it. He hears why in answer to this.
    fn on_out_of_room(&mut self, leg: LegId, world: &World<'_>, out: &mut Reaction) {
        if leg == CALLER {
            self.caller_picks_up(world, out);
        }
        let Some(together) = self.is_together(leg) else { return };
        let words = match (leg, together) {
            (CALLER, true) => LastWords::ConversationOver,
            (CALLER, false) => self.lost(),
            (_, true) => LastWords::CallerLeft,
            (_, false) => self.not_there(NotReached::HungUp),
        };
        if let Some(found) = self.leg_mut(leg) {
            found.dismiss(words, world);
        }
        if together {
            return self.wind_up(&LastWords::ConversationOver, &LastWords::ConversationOver, world, out);
        }
        self.not_reached(NotReached::HungUp, words::LOST_ON_THE_WAY, world, out);
    }

    fn on_line_ended(&mut self, leg: LegId, how: Ending, world: &World<'_>, out: &mut Reaction) {
        let Some(together) = self.is_together(leg) else {
            return self.on_ended(leg, how, world, out);
        };
        let Some(found) = self.leg_mut(leg) else { return };
        let (state, name) = (found.state, found.who.name.clone());
        found.state = LegState::Ended;
        found.deadline = None;
        match (leg, together) {
            (CALLER, true) => {
                self.forget_recording();
                self.wind_up(&LastWords::CallerLeft, &LastWords::Goodbye, world, out);
            }
            (CALLER, false) => {
                let (what, why) = went(state, how);
                self.not_reached(what, why, world, out);
            }
            (_, true) => {
                out.facts.push(Fact::Parted { name });
                self.wind_up(&LastWords::Goodbye, &LastWords::ConversationOver, world, out);
            }
            (_, false) => {
                out.facts
                    .push(self.in_vain(format!("{name} has hung up before the caller was there")));
                self.wind_up(&LastWords::Goodbye, &self.lost(), world, out);
            }
        }
    }

    /// Whether the two can hear each other; none where the leg is not one of them, or none of this is going on.
    fn is_together(&self, leg: LegId) -> Option<bool> {
        let (calling, since) = self.phase.talk()?;
        (leg == calling || leg == CALLER && self.called.is_some()).then_some(since.is_some())
    }

    /// The time in which the caller's phone was to ring, or ring out, is over.
    pub(super) fn caller_took_too_long(&mut self, world: &World<'_>, out: &mut Reaction) {
        let Some(state) = self.called.as_ref().map(|found| found.state) else {
            return;
        };
        let (what, why) = match state {
            LegState::Ordered => (NotReached::Failed, words::CARRIER_TOO_SLOW),
            LegState::Unsure => (NotReached::Failed, words::CARRIER_SILENT),
            LegState::Placed
            | LegState::Ringing
            | LegState::Answered
            | LegState::Accepted
            | LegState::InRoom
            | LegState::LetGo
            | LegState::Ended => (NotReached::NoAnswer, words::NO_ANSWER),
        };
        self.not_reached(what, why, world, out);
    }

    /// They have talked for as long as anybody may.
    pub(super) fn talk_took_too_long(&mut self, leg: LegId, world: &World<'_>, out: &mut Reaction) {
        self.hang_up(leg, out);
        self.hang_up(CALLER, out);
        self.wind_up(&LastWords::ConversationOver, &LastWords::ConversationOver, world, out);
    }

    /// The responder was not reached, or does not want to any more: the caller is not rung.
    pub(super) fn not_taken(&mut self, out: &mut Reaction) {
        self.phase = Phase::Over;
        self.end(self.missed_each_other(), out);
    }

    fn not_reached(&mut self, what: NotReached, why: &str, world: &World<'_>, out: &mut Reaction) {
        if let Some(number) = self.rings_a_caller().map(ToString::to_string) {
            out.facts.push(Fact::DidNotAccept {
                leg: CALLER,
                name: number,
                why: why.to_owned(),
            });
        }
        self.wind_up(&self.not_there(what), &self.lost(), world, out);
    }

    /// It is over for both; whoever is let go already keeps the words that he has.
    fn wind_up(&mut self, to_responder: &LastWords, to_caller: &LastWords, world: &World<'_>, out: &mut Reaction) {
        let Some((calling, since)) = self.phase.talk() else { return };
        if let Some(since) = since {
            self.have_talked(calling, since);
        }
        let talked = since.map(|since| world.now - since);
        self.phase = Phase::Over;
        self.end_recording(out);
        for (leg, words) in [(calling, to_responder), (CALLER, to_caller)] {
            if talked.is_none() {
                self.let_go(leg, words, world, out);
            } else if let Some(found) = self
                .leg_mut(leg)
                .filter(|found| !matches!(found.state, LegState::LetGo | LegState::Ended))
            {
                // Whoever leaves closes the room: the other falls out of it by himself, and asks what comes next.
                found.dismiss(words.clone(), world);
            }
        }
        out.facts.retain(|fact| !matches!(fact, Fact::Released { leg: CALLER, .. }));
        match talked {
            Some(talked) if talked >= seconds(self.plan.rules.shortest_talk_seconds) => self.made(calling, out),
            Some(_) => {
                out.facts.push(self.in_vain(words::FOR_A_MOMENT.to_owned()));
                self.end(self.missed_each_other(), out);
            }
            None => self.end(self.missed_each_other(), out),
        }
    }

    /// They have talked. Of a callback that is made the responder is told, where a phone of his reads texts.
    fn made(&mut self, calling: LegId, out: &mut Reaction) {
        let Some(who) = self.leg(calling).map(|leg| leg.who.clone()) else {
            return;
        };
        let Some(callback) = self.calling_back().cloned() else {
            self.end(Outcome::PutThrough, out);
            return self.open_relay(out);
        };
        out.facts.push(Fact::CalledBack {
            id: callback.id,
            name: who.name.clone(),
        });
        if let Some(to) = who.texted_on().cloned() {
            let body = self.language().say(Phrase::CallbackClosed {
                hotline: &self.plan.hotline.0,
                id: callback.id,
            });
            out.facts.push(Fact::CallbackTold { to: to.clone() });
            self.order_text(to, &body, out);
        }
        self.end(Outcome::CalledBack, out);
        self.open_relay(out);
    }

    /// What the caller hears who is called back.
    pub(super) fn called_script(&self) -> Script {
        let language = self.language();
        let goodbye = |words: &LastWords| Script::Goodbye {
            words: words.said(language),
        };
        let Some(found) = &self.called else {
            return goodbye(&LastWords::Goodbye);
        };
        match found.state {
            LegState::Ordered
            | LegState::Unsure
            | LegState::Placed
            | LegState::Ringing
            | LegState::Answered
            | LegState::Accepted
            | LegState::InRoom
                if self.is_announced_to() =>
            {
                Script::Wait {
                    announcement: Some(Announcement {
                        opening: self.words_to_called(),
                        words: self.announcement_words(),
                    }),
                    words: String::new(),
                    max_seconds: self.plan.rules.max_talk_seconds,
                    star: false,
                }
            }
            LegState::Ordered
            | LegState::Unsure
            | LegState::Placed
            | LegState::Ringing
            | LegState::Answered
            | LegState::Accepted
            | LegState::InRoom => Script::Join {
                words: self.words_into_the_room(),
                stay: Stay {
                    max_seconds: self.plan.rules.max_talk_seconds,
                    star: false,
                    tone: false,
                },
            },
            LegState::LetGo | LegState::Ended => goodbye(found.farewell.as_ref().unwrap_or(&LastWords::Goodbye)),
        }
    }

    /// Whoever has refused has heard who calls.
    fn words_into_the_room(&self) -> String {
        if self.refuses_recording() {
            return self.language().say(Phrase::NotRecorded);
        }
        self.words_to_called()
    }

    fn words_to_called(&self) -> String {
        let hotline = &self.plan.hotline.0;
        self.language().say(match &self.origin {
            Origin::Through(through) => Phrase::PuttingThrough { hotline, at: &through.at },
            Origin::Callback(_) | Origin::Caller | Origin::Incident(_) | Origin::Text(_) => Phrase::CallingYouBack { hotline },
        })
    }

    /// The last words to a caller whose responder is gone.
    const fn lost(&self) -> LastWords {
        if self.is_put_through() {
            LastWords::PuttingThroughLost
        } else {
            LastWords::CallbackLost
        }
    }

    /// The last words to a responder whose caller is not there.
    const fn not_there(&self, what: NotReached) -> LastWords {
        if self.is_put_through() {
            LastWords::NotPutThrough(what)
        } else {
            LastWords::NotReached(what)
        }
    }

    /// For the story.
    const fn in_vain(&self, why: String) -> Fact {
        if self.is_put_through() {
            Fact::NotPutThrough { why }
        } else {
            Fact::StaysOpen { why }
        }
    }

    const fn missed_each_other(&self) -> Outcome {
        if self.is_put_through() {
            Outcome::NotPutThrough
        } else {
            Outcome::NotCalledBack
        }
    }

    /// Whether it is the responder who has called.
    const fn is_put_through(&self) -> bool {
        matches!(self.origin, Origin::Through(_))
    }

    /// Whether this responder waits in the room while the caller is rung.
    pub(super) fn waits_for_called(&self, leg: LegId) -> bool {
        let rings = matches!(self.phase, Phase::RingingBack { leg: calling } if calling == leg);
        rings && self.leg(leg).is_some_and(|found| found.state == LegState::InRoom)
    }
}

/// Why a caller who is called back was not reached: what the responder hears, and for the story.
const fn went(state: LegState, how: Ending) -> (NotReached, &'static str) {
    match (state, how) {
        (_, Ending::Busy) => (NotReached::Busy, words::ended(state, how)),
        (_, Ending::NoAnswer | Ending::Canceled) => (NotReached::NoAnswer, words::ended(state, how)),
        (_, Ending::Failed) => (NotReached::Failed, words::ended(state, how)),
        (LegState::Answered | LegState::InRoom, Ending::Completed | Ending::Gone) => (NotReached::HungUp, words::HUNG_UP),
        (_, Ending::Completed | Ending::Gone) => (NotReached::Failed, words::ended(state, how)),
    }
}
