//! What happens on the caller's leg, and how a call ends.

use super::patience::{FAREWELL_PATIENCE, GRACE, JOIN_PATIENCE, MESSAGE_SLACK, RECORDING_PATIENCE, REDIRECT_PATIENCE};
use super::words::{InVain, LastWords};
use super::{Call, Fact, LegId, LegState, Outcome, Phase, Reaction, World, seconds};
use chrono::TimeDelta;

impl Call {
    /// The caller is out of the room and hears his script next: he pressed star, or the room was closed.
    pub(super) fn on_caller_left_room(&mut self, world: &World<'_>, out: &mut Reaction) {
        match self.phase {
            // The room was closed in the middle of the talk, which he is told to wait for.
            Phase::Joining { .. } if self.talk_began().is_some() => {}
            Phase::Connected { .. } if self.may_go_on_talking(world) => self.interrupt(true, world, out),
            Phase::Searching | Phase::Joining { .. } => {
                self.offer_menu(InVain::LeftTheQueue, world, out);
                // He hears it as the answer to this very event.
                out.leave_caller_where_he_is();
            }
            Phase::Connected { leg, .. } => self.part_with(leg, LastWords::CallerLeft, world, out),
            Phase::Parted { .. }
            | Phase::Menu { .. }
            | Phase::Message { .. }
            | Phase::Farewell { .. }
            | Phase::Makeshift { .. }
            | Phase::RingingBack { .. }
            | Phase::Resting { .. }
            | Phase::Over => {}
        }
    }

    /// The caller sits alone in the room. That is right while we search; otherwise something got lost on the way.
    pub(super) fn on_caller_still_waiting(&mut self, world: &World<'_>, out: &mut Reaction) {
        self.note_announced(world);
        match self.phase {
            Phase::Searching | Phase::RingingBack { .. } | Phase::Resting { .. } | Phase::Over => {}
            Phase::Makeshift { .. } => self.on_back_from_makeshift(world, out),
            Phase::Joining { until, .. } if world.now > until => self.part_with_all(world, out),
            Phase::Connected { since, .. } if world.now > since + JOIN_PATIENCE => {
                self.part_with_all(world, out);
                self.resume_search(world, out);
            }
            Phase::Joining { .. } | Phase::Connected { .. } => {}
            Phase::Parted { .. } | Phase::Menu { .. } | Phase::Message { .. } | Phase::Farewell { .. } => {
                if self.caller_sent_at.is_none_or(|sent| world.now > sent + REDIRECT_PATIENCE) {
                    self.redirect_caller(world, out);
                }
            }
        }
    }

    /// Whoever has the caller is not with him.
    fn part_with_all(&mut self, world: &World<'_>, out: &mut Reaction) {
        let party: Vec<LegId> = self.party().map(|leg| leg.id).collect();
        for leg in party {
            self.hang_up(leg, out);
            self.part_with(leg, LastWords::ConversationOver, world, out);
        }
    }

    pub(super) fn on_caller_key(&mut self, key: char, world: &World<'_>, out: &mut Reaction) {
        if self.answers_announcement() {
            return self.on_announcement_key(key, world, out);
        }
        match self.phase {
            Phase::Parted { .. } | Phase::Message { why: InVain::CutOff, .. } if key == '1' => {
                self.resume_search(world, out);
                out.leave_caller_where_he_is();
            }
            Phase::Parted { .. } => {
                self.outcome = Some(Outcome::Served);
                self.say_farewell(LastWords::Goodbye, world);
            }
            Phase::Searching
            | Phase::Joining { .. }
            | Phase::Connected { .. }
            | Phase::Menu { .. }
            | Phase::Message { .. }
            | Phase::Farewell { .. }
            | Phase::Makeshift { .. }
            | Phase::RingingBack { .. }
            | Phase::Resting { .. }
            | Phase::Over => {}
        }
    }

    pub(super) fn on_recorded(&mut self, length: u32, world: &World<'_>, out: &mut Reaction) {
        if length == 0 || self.message_seconds.is_some() {
            return;
        }
        let expected = match self.phase {
            Phase::Menu { .. } | Phase::Message { .. } | Phase::Makeshift { .. } => true,
            Phase::Over => self.tell_at.is_some(),
            Phase::Searching
            | Phase::RingingBack { .. }
            | Phase::Joining { .. }
            | Phase::Connected { .. }
            | Phase::Parted { .. }
            | Phase::Farewell { .. }
            | Phase::Resting { .. } => false,
        };
        if !expected {
            return;
        }
        self.message_seconds = Some(length);
        out.facts.push(Fact::MessageLeft { seconds: length });
        if let Phase::Makeshift { outcome, .. } = &mut self.phase {
            *outcome = Outcome::Recorded;
            return;
        }
        if self.caller_is_here() {
            self.outcome = Some(Outcome::Recorded);
            self.say_farewell(LastWords::MessageTaken, world);
        } else {
            self.conclude(Outcome::Recorded, out);
        }
    }

    /// The caller's connection is over, in whatever state the call is.
    pub(super) fn on_caller_gone(&mut self, world: &World<'_>, out: &mut Reaction) {
        self.note_talk(world);
        self.note_return(world);
        let recorded_late = matches!(self.phase, Phase::Menu { .. } | Phase::Message { .. });
        let Some(outcome) = self.outcome_without_caller() else { return };
        self.phase = Phase::Over;
        self.caller_is_out(&LastWords::CallerHungUp, world, out);
        if recorded_late {
            self.tell_at = Some(world.now + RECORDING_PATIENCE);
            self.outcome = Some(outcome);
        } else {
            self.conclude(outcome, out);
        }
    }

    /// The caller is in the room no more, and not on his way there: everybody else is let go.
    pub(super) fn caller_is_out(&mut self, to_those_who_ring: &LastWords, world: &World<'_>, out: &mut Reaction) {
        self.forget_recording();
        self.end_talk(world, out);
        // Whoever is in the room falls out of it by itself, and hears the farewell then.
        for leg in self.legs.iter_mut().filter(|leg| leg.state == LegState::InRoom) {
            leg.state = LegState::LetGo;
            leg.farewell = Some(LastWords::CallerLeft);
            leg.deadline = Some(world.now + GRACE);
        }
        self.let_go_of_all(|leg| leg.state != LegState::Ended, to_those_who_ring, world, out);
    }

    /// The caller is gone for good and everything about him is known: the story ends and people are told.
    pub(super) fn conclude(&mut self, outcome: Outcome, out: &mut Reaction) {
        // Somebody had accepted, and was reached: only whether they talked is not known.
        let is_cut_off = self.cut_off_from.is_some() && matches!(outcome, Outcome::CallerHungUp | Outcome::NoMessage);
        let outcome = if is_cut_off { Outcome::CutOff } else { outcome };
        self.tell_at = None;
        self.outcome = Some(outcome);
        out.facts.push(Fact::Ended { outcome });
        if outcome == Outcome::Served {
            self.open_relay(out);
        }
        self.tell_of_missed(out);
    }

    /// From now on the caller's script is a message.
    pub(super) fn ask_for_message(&mut self, why: InVain, world: &World<'_>, out: &mut Reaction) {
        out.facts.push(Fact::MessageOffered {
            why: why.told().to_owned(),
        });
        let until = world.now + self.message_patience();
        self.opening_heard |= self.has_heard_the_opening(world);
        self.phase = Phase::Message { why, until };
    }

    /// How long he may take over it.
    pub(super) fn message_patience(&self) -> TimeDelta {
        seconds(self.plan.rules.max_message_seconds) + MESSAGE_SLACK + self.opening_patience()
    }

    /// How long the last words may take.
    pub(super) fn farewell_patience(&self) -> TimeDelta {
        FAREWELL_PATIENCE + self.opening_patience()
    }

    pub(super) fn say_farewell(&mut self, words: LastWords, world: &World<'_>) {
        self.phase = Phase::Farewell {
            words,
            until: world.now + self.farewell_patience(),
            hung_up: false,
        };
    }
}
