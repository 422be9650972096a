//! While a caller is put through without the store: somebody rings people for him by a rota in memory, and of that nothing is
//! known here. The call lets go of everybody, leaves his line alone, and looks after him again where he comes back.

use super::words::LastWords;
use super::{CALLER, Call, Command, Fact, LineId, MakeshiftStep, Outcome, Phase, Reaction, World, seconds};
use chrono::TimeDelta;

/// From one look at his line to the next: that it is over may be told to nobody, as long as things are out of order.
const BETWEEN_LOOKS: TimeDelta = TimeDelta::seconds(45);

impl Call {
    /// Whether the caller is being put through without the store, so that nothing may be done to his line.
    #[must_use]
    pub const fn is_makeshift(&self) -> bool {
        matches!(self.phase, Phase::Makeshift { .. })
    }

    /// His line has come to a door behind which nobody knows this call. Unless it is heard that he has talked with somebody
    /// there, he counts as not looked after, or as he was before.
    pub(super) fn on_makeshift(&mut self, talked: bool, world: &World<'_>, out: &mut Reaction) {
        // Whoever is turned away is so there, too.
        if self.caller_line.is_none() || self.outcome == Some(Outcome::Refused) {
            return;
        }
        let Some(before) = self.outcome_without_caller() else { return };
        let until = world.now + seconds(self.longest_stay());
        if !self.is_makeshift() {
            self.note_talk(world);
            self.note_return(world);
            out.facts.push(Fact::Makeshift {
                step: MakeshiftStep::Begun,
            });
            self.caller_is_out(&LastWords::NotNeeded, world, out);
            self.in_room_since = None;
            out.leave_caller_where_he_is();
        }
        if talked && before != Outcome::Served {
            out.facts.push(Fact::Makeshift {
                step: MakeshiftStep::Talked,
            });
        }
        let outcome = if talked { Outcome::Served } else { before };
        let look_at = world.now + BETWEEN_LOOKS;
        self.phase = Phase::Makeshift { look_at, until, outcome };
    }

    /// Whether he is still on the line, as long as he may be.
    pub(super) fn look_for_makeshift(&mut self, world: &World<'_>, out: &mut Reaction) {
        let Phase::Makeshift { look_at, until, .. } = &mut self.phase else {
            return;
        };
        if *until <= world.now {
            return self.on_caller_gone(world, out);
        }
        *look_at = world.now + BETWEEN_LOOKS;
        self.have_line_looked_after(CALLER, out);
    }

    /// He is in the room again: the carrier was sent there before it was known that he is put through elsewhere.
    pub(super) fn on_back_from_makeshift(&mut self, world: &World<'_>, out: &mut Reaction) {
        out.facts.push(Fact::Makeshift { step: MakeshiftStep::Back });
        self.outcome = None;
        self.resume_search(world, out);
    }

    /// How the call ends if nothing more is heard of the caller; none where there is no caller who could be gone.
    pub(super) fn outcome_without_caller(&self) -> Option<Outcome> {
        Some(match self.phase {
            Phase::RingingBack { .. } | Phase::Resting { .. } | Phase::Over => return None,
            Phase::Searching => Outcome::CallerHungUp,
            Phase::Joining { .. } if self.talk_began().is_none() => Outcome::CallerHungUp,
            Phase::Joining { .. } | Phase::Connected { .. } if self.cut_off_from.is_some() => Outcome::CutOff,
            Phase::Joining { .. } | Phase::Connected { .. } | Phase::Parted { .. } => Outcome::Served,
            Phase::Menu { .. } | Phase::Message { .. } => Outcome::NoMessage,
            Phase::Farewell { .. } => self.outcome.unwrap_or(Outcome::NoMessage),
            Phase::Makeshift { outcome, .. } => outcome,
        })
    }
}

impl Command {
    /// The caller's line, where this would take him from what he hears.
    #[must_use]
    pub const fn takes_caller_away(&self) -> Option<&LineId> {
        match self {
            Self::HangUp { leg: CALLER, line } | Self::Redirect { leg: CALLER, line, .. } => Some(line),
            Self::HangUp { .. }
            | Self::Redirect { .. }
            | Self::Dial { .. }
            | Self::Withdraw { .. }
            | Self::Cancel { .. }
            | Self::Find { .. }
            | Self::LookAfter { .. }
            | Self::Record { .. }
            | Self::StopRecording { .. }
            | Self::FindRecording { .. }
            | Self::Text { .. } => None,
        }
    }
}
