//! Deadlines at which nothing was heard. That nobody says anything may be because there is nothing to say, or because what was
//! said is lost: so before such a deadline decides anything, it is found out whether the lines are still up, and whoever is to
//! be taken from the line is asked once more. It must not know what a carrier tells of a line.

use super::patience::{ACCEPT_SLACK, ASK_PATIENCE, GREETING_PATIENCE, JOIN_PATIENCE, LONE_PATIENCE, LOOK_PATIENCE, PLACE_PATIENCE};
use super::{CALLER, Call, Command, LegId, Outcome, Phase, Reaction, World, seconds};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// A deadline that has passed and is not believed before something else has had its time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Doubt {
    /// Which one.
    deadline: DateTime<Utc>,
    until: DateTime<Utc>,
    /// Whether the caller was sent to his script once more, and this is the deadline for that.
    asked_again: bool,
}

impl Call {
    /// When a deadline of the phase is looked at next.
    pub(super) fn not_believed_before(&self, deadline: DateTime<Utc>) -> DateTime<Utc> {
        self.doubt_of(deadline).map_or(deadline, |doubt| doubt.until)
    }

    /// The phase has lasted too long. Says whether that is not believed yet, and has found out what can be.
    pub(super) fn doubts_the_silence(&mut self, world: &World<'_>, out: &mut Reaction) -> bool {
        match self.phase {
            Phase::Joining { until, .. } => self.doubts_that_they_are_together(until, world, out),
            Phase::Parted { until, .. }
            | Phase::Menu { until, .. }
            | Phase::Message { until, .. }
            | Phase::Farewell { until, hung_up: false, .. } => self.doubts_that_he_is_there(until, world, out),
            Phase::Searching
            | Phase::RingingBack { .. }
            | Phase::Connected { .. }
            | Phase::Farewell { hung_up: true, .. }
            | Phase::Makeshift { .. }
            | Phase::Resting { .. }
            | Phase::Over => false,
        }
    }

    /// Whoever is alone in the room says so, unless what he was to hear there got lost: then he hears silence and asks for
    /// nothing more. If both lines are up and nobody is alone, they talk, and are left to it.
    fn doubts_that_they_are_together(&mut self, deadline: DateTime<Utc>, world: &World<'_>, out: &mut Reaction) -> bool {
        if self.doubt_of(deadline).is_some() {
            return false;
        }
        self.doubt = Some(Doubt {
            deadline,
            until: (deadline + LONE_PATIENCE).max(world.now + LOOK_PATIENCE),
            asked_again: false,
        });
        let party: Vec<LegId> = self.party().map(|leg| leg.id).collect();
        for leg in std::iter::once(CALLER).chain(party) {
            self.have_line_looked_after(leg, out);
        }
        true
    }

    /// A responder waits alone, and the caller has had the time to come in: he is gone, or put through without the store, and we
    /// have not noted it. Says whether he is fetched in, which is tried once: here is somebody for him.
    pub(super) fn fetches_the_caller_in(&mut self, leg: LegId, deadline: DateTime<Utc>, world: &World<'_>, out: &mut Reaction) -> bool {
        if self.caller_line.is_none() || self.doubt_of(deadline).is_some_and(|doubt| doubt.asked_again) {
            return false;
        }
        self.redirect_caller(world, out);
        let until = world.now + JOIN_PATIENCE;
        self.phase = Phase::Joining { leg, until, inside: true };
        self.doubt = Some(Doubt {
            deadline: until,
            until: until + LONE_PATIENCE,
            asked_again: true,
        });
        true
    }

    /// He may be gone, or be put through without the store, and we may not have noted it: so first there is time for what
    /// tells of that. Whoever is on the line all the same hears his script once more.
    fn doubts_that_he_is_there(&mut self, deadline: DateTime<Utc>, world: &World<'_>, out: &mut Reaction) -> bool {
        // Whoever is turned away is put through to nobody elsewhere either.
        let Some(patience) = self.patience_with_script().filter(|_| self.outcome != Some(Outcome::Refused)) else {
            return false;
        };
        let asked_again = self.doubt_of(deadline).map(|doubt| doubt.asked_again);
        let next = match asked_again {
            None => {
                self.have_line_looked_after(CALLER, out);
                Doubt {
                    deadline,
                    until: world.now + self.attempt_elsewhere(),
                    asked_again: false,
                }
            }
            Some(false) => {
                self.redirect_caller(world, out);
                let until = world.now + patience;
                self.put_off(until);
                Doubt {
                    deadline: until,
                    until,
                    asked_again: true,
                }
            }
            Some(true) => return false,
        };
        self.doubt = Some(next);
        true
    }

    fn doubt_of(&self, deadline: DateTime<Utc>) -> Option<&Doubt> {
        self.doubt.as_ref().filter(|doubt| doubt.deadline == deadline)
    }

    /// How long the caller may take over what he hears now; none where he hears no document that ends by itself.
    fn patience_with_script(&self) -> Option<TimeDelta> {
        match self.phase {
            Phase::Parted { .. } => Some(ASK_PATIENCE),
            Phase::Menu { .. } => Some(self.menu_patience()),
            Phase::Message { .. } => Some(self.message_patience()),
            Phase::Farewell { .. } => Some(self.farewell_patience()),
            Phase::Searching
            | Phase::RingingBack { .. }
            | Phase::Joining { .. }
            | Phase::Connected { .. }
            | Phase::Makeshift { .. }
            | Phase::Resting { .. }
            | Phase::Over => None,
        }
    }

    fn put_off(&mut self, deadline: DateTime<Utc>) {
        match &mut self.phase {
            Phase::Parted { until, .. } | Phase::Menu { until, .. } | Phase::Message { until, .. } | Phase::Farewell { until, .. } => {
                *until = deadline;
            }
            Phase::Searching
            | Phase::RingingBack { .. }
            | Phase::Joining { .. }
            | Phase::Connected { .. }
            | Phase::Makeshift { .. }
            | Phase::Resting { .. }
            | Phase::Over => {}
        }
    }

    /// How long an attempt to reach somebody without the store may take: what the caller hears first, the ringing, and the
    /// question to whoever picks up. Whoever picks up tells the call of it, and so does the end of the attempt.
    fn attempt_elsewhere(&self) -> TimeDelta {
        let rules = &self.plan.rules;
        let first_words = self.opening_patience() + GREETING_PATIENCE;
        let (rings, asks) = (seconds(rules.ring_seconds), seconds(rules.accept_seconds));
        first_words + rings + PLACE_PATIENCE + asks + ACCEPT_SLACK
    }

    /// Finds out whether a line is still up; only that it is over is told.
    pub(super) fn have_line_looked_after(&mut self, leg: LegId, out: &mut Reaction) {
        let Some(line) = self.line(leg).cloned() else { return };
        self.looks = self.looks.saturating_add(1);
        out.commands.push(Command::LookAfter {
            number: self.looks,
            leg,
            line,
        });
    }
}
