//! Carrying out what a call wants of recordings. Whatever fails here, the talk goes on.

use super::errand::{GivenUp, Next, again, limited};
use super::exchange::Exchange;
use super::{CarrierError, RecordOrder};
use crate::call::{Command, Ending, Event, LegId, LineId, RecordingId};
use crate::store::Claimed;

impl Exchange {
    /// Ordered twice there would be two recordings, of which nobody would end one.
    pub(super) async fn record(&self, command: &Claimed, number: u16, line: &LineId) -> Next {
        if command.abandoned {
            return Next::Tell(Event::RecordingUnsure { number });
        }
        let order = RecordOrder {
            call: command.call,
            number,
            line: line.clone(),
        };
        match limited(self.carrier.record(&order)).await {
            Ok(recording) => Next::Tell(Event::RecordingBegun { number, recording }),
            // Whoever has hung up meanwhile is not recorded.
            Err(CarrierError::Gone) => Next::Done,
            Err(error @ CarrierError::Refused(_)) => Next::GiveUp(error.into()),
            Err(CarrierError::Unsure(why)) => {
                tracing::warn!(key = command.key, why, "whether the carrier records is unknown; it is looked up");
                Next::Tell(Event::RecordingUnsure { number })
            }
            Err(error @ (CarrierError::Throttled { .. } | CarrierError::Unreachable(_))) => again(&error),
        }
    }

    /// May be done twice. What is over is what was wanted.
    pub(super) async fn stop_recording(&self, line: &LineId, recording: Option<&RecordingId>) -> Next {
        match limited(self.carrier.stop_recording(line, recording)).await {
            Ok(()) | Err(CarrierError::Gone) => Next::Done,
            Err(
                error
                @ (CarrierError::Refused(_) | CarrierError::Throttled { .. } | CarrierError::Unreachable(_) | CarrierError::Unsure(_)),
            ) => again(&error),
        }
    }

    /// What became of an order to record whose outcome is not known.
    pub(super) async fn find_recording(&self, command: &Claimed) -> Next {
        let Command::FindRecording { number, line, known, .. } = &command.command else {
            return Next::Done;
        };
        let number = *number;
        let not_yet = self.too_early_for_no(command);
        match limited(self.carrier.recordings(line)).await {
            Ok(found) => match found.into_iter().find(|recording| !known.contains(recording)) {
                Some(recording) => Next::Tell(Event::RecordingBegun { number, recording }),
                None => not_yet.unwrap_or_else(|| Next::GiveUp(GivenUp::from("the order never reached the carrier".to_owned()))),
            },
            Err(CarrierError::Gone) => Next::Done,
            Err(
                error
                @ (CarrierError::Refused(_) | CarrierError::Throttled { .. } | CarrierError::Unreachable(_) | CarrierError::Unsure(_)),
            ) => again(&error),
        }
    }

    /// Only a line that is over is worth an event.
    pub(super) async fn look_after(&self, leg: LegId, line: &LineId) -> Next {
        match limited(self.carrier.look_after(line)).await {
            Ok(()) => Next::Done,
            Err(CarrierError::Gone) => Next::Tell(Event::Ended { leg, how: Ending::Gone }),
            Err(
                error
                @ (CarrierError::Refused(_) | CarrierError::Throttled { .. } | CarrierError::Unreachable(_) | CarrierError::Unsure(_)),
            ) => again(&error),
        }
    }
}
