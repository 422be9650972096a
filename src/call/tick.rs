//! What happens when nothing happens: deadlines.

use super::patience::{GRACE, TALK_SLACK};
use super::search::Place;
use super::words::{LastWords, NotTaking};
use super::{CALLER, Call, Command, Fact, LegId, LegState, Outcome, Phase, Reaction, World, seconds, words};
use chrono::{DateTime, Utc};

impl Call {
    /// When a [`super::Event::Tick`] is due, if nothing else happens before.
    #[must_use]
    pub fn deadline(&self) -> Option<DateTime<Utc>> {
        let legs = self
            .dialled()
            .filter(|leg| leg.state != LegState::Ended)
            .filter_map(|leg| leg.deadline);
        legs.chain(self.phase_deadline())
            .chain(self.tell_at)
            .chain(self.look_after_at())
            .min()
    }

    fn phase_deadline(&self) -> Option<DateTime<Utc>> {
        self.phase_until().map(|until| self.not_believed_before(until))
    }

    /// How long the phase may last if nothing is heard.
    fn phase_until(&self) -> Option<DateTime<Utc>> {
        match &self.phase {
            Phase::Searching => {
                let again = match self.search.place {
                    Place::AllEngaged(until) | Place::Settling(until) => Some(until),
                    Place::Level(_) | Place::LastResort => None,
                };
                again.into_iter().chain(self.can_give_up().then_some(self.give_up_at)).min()
            }
            Phase::Connected { since, .. } => {
                Some(self.talk_began().unwrap_or(*since) + seconds(self.plan.rules.max_talk_seconds) + TALK_SLACK)
            }
            Phase::Joining { until, .. }
            | Phase::Parted { until, .. }
            | Phase::Menu { until, .. }
            | Phase::Message { until, .. }
            | Phase::Farewell { until, .. }
            | Phase::Makeshift { look_at: until, .. }
            | Phase::Resting { until } => Some(*until),
            // The caller's leg has a deadline of its own.
            Phase::RingingBack { .. } | Phase::Over => None,
        }
    }

    pub(super) fn tick(&mut self, world: &World<'_>, out: &mut Reaction) {
        let late: Vec<LegId> = self
            .dialled()
            .filter(|leg| leg.deadline.is_some_and(|at| at <= world.now))
            .map(|leg| leg.id)
            .collect();
        for leg in late {
            self.leg_took_too_long(leg, world, out);
        }
        self.look_after_caller(world, out);
        if self.tell_at.is_some_and(|at| at <= world.now) {
            self.conclude(self.outcome.unwrap_or(Outcome::NoMessage), out);
        }
        if self.phase_deadline().is_some_and(|at| at <= world.now) {
            self.phase_took_too_long(world, out);
        }
    }

    fn leg_took_too_long(&mut self, leg: LegId, world: &World<'_>, out: &mut Reaction) {
        let Some(found) = self.leg_mut(leg) else { return };
        if leg == CALLER && found.is_trying() {
            return self.caller_took_too_long(world, out);
        }
        let name = found.who.name.clone();
        let why = match found.state {
            LegState::Ordered => words::CARRIER_TOO_SLOW,
            LegState::Unsure => words::CARRIER_SILENT,
            LegState::Placed | LegState::Ringing => words::NO_ANSWER,
            LegState::Answered => {
                self.hang_up(leg, out);
                return self.not_accepting(leg, NotTaking::NoKey, world, out);
            }
            LegState::LetGo if found.line.is_some() && !found.hung_up => {
                found.deadline = Some(world.now + GRACE);
                return self.hang_up(leg, out);
            }
            LegState::LetGo | LegState::Ended => {
                found.state = LegState::Ended;
                found.deadline = None;
                return self.settle(world, out);
            }
            LegState::Accepted | LegState::InRoom => return self.notice_is_lost(leg, out),
        };
        self.let_go_of_all(|other| other.id == leg, &LastWords::NotNeeded, world, out);
        // Stopped because it did not answer: that is the whole story of this leg.
        out.facts
            .retain(|fact| !matches!(fact, Fact::Released { leg: released, .. } if *released == leg));
        out.facts.push(Fact::DidNotAccept {
            leg,
            name,
            why: why.to_owned(),
        });
        self.go_on(world, out);
    }

    /// Nothing was heard of a responder who is on his way: he is where he was to go.
    fn notice_is_lost(&mut self, leg: LegId, out: &mut Reaction) {
        let has_company = matches!(self.phase, Phase::Connected { leg: other, .. } if other != leg);
        let Some(found) = self.leg_mut(leg) else { return };
        found.deadline = None;
        if has_company && found.state == LegState::Accepted {
            self.joins_in(leg, out);
        }
    }

    fn phase_took_too_long(&mut self, world: &World<'_>, out: &mut Reaction) {
        if self.doubts_the_silence(world, out) {
            return;
        }
        match self.phase.clone() {
            Phase::RingingBack { .. } | Phase::Over => {}
            Phase::Resting { .. } => self.ring_again(world, out),
            Phase::Searching if world.now >= self.give_up_at => self.give_up(world, out),
            Phase::Searching => self.look_again(world, out),
            // Both lines are up, and whoever waits in the room says so again and again: the notice that they met is lost.
            Phase::Joining { leg, until, .. } => self.connect(leg, until, out),
            Phase::Connected { leg, .. } if self.rings_a_caller().is_some() => self.talk_took_too_long(leg, world, out),
            Phase::Connected { .. } => {
                self.end_talk(world, out);
                let party: Vec<LegId> = self.party().map(|leg| leg.id).collect();
                for leg in party {
                    self.hang_up(leg, out);
                    if let Some(found) = self.leg_mut(leg) {
                        found.dismiss(LastWords::ConversationOver, world);
                    }
                }
                self.outcome = Some(Outcome::Served);
                self.end_caller(LastWords::Goodbye, world, out);
            }
            Phase::Parted { .. } => {
                self.outcome = Some(Outcome::Served);
                self.end_caller(LastWords::Goodbye, world, out);
            }
            Phase::Menu { .. } | Phase::Message { .. } => {
                self.outcome = Some(Outcome::NoMessage);
                self.end_caller(LastWords::Goodbye, world, out);
            }
            Phase::Farewell { hung_up: false, words, .. } => self.end_caller(words, world, out),
            Phase::Farewell { hung_up: true, .. } => self.on_caller_gone(world, out),
            Phase::Makeshift { .. } => self.look_for_makeshift(world, out),
        }
    }

    fn end_caller(&mut self, words: LastWords, world: &World<'_>, out: &mut Reaction) {
        if let Some(line) = self.caller_line.clone() {
            out.commands.push(Command::HangUp { leg: CALLER, line });
        }
        self.phase = Phase::Farewell {
            words,
            until: world.now + GRACE,
            hung_up: true,
        };
    }
}
