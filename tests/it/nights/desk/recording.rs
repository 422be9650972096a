//! What calls want of recordings, carried out as the switchboard does it.

use super::{CallId, CarrierError, Command, Desk, Ending, Event, Order, Planted, answer};
use rotaline::switchboard::RecordOrder;

impl Desk {
    pub(super) fn about_recordings(&mut self, order: Order) {
        let call = order.call;
        match order.command.clone() {
            Command::LookAfter { leg, line, .. } => {
                let fetched = self.rest(&self.account.fetch(&line)).and_then(|taken| answer::line(&taken));
                match fetched {
                    Ok(found) if found.is_over() => self.happens(call, &Event::Ended { leg, how: Ending::Gone }),
                    Ok(_) => {}
                    Err(_) => self.again(order, Event::Tick),
                }
            }
            Command::Record { number, line, .. } => {
                let wanted = RecordOrder { call, number, line };
                let request = self.account.record(&wanted, &self.base);
                match self.rest(&request).and_then(|taken| answer::recording(&taken)) {
                    Ok(recording) => self.happens(call, &Event::RecordingBegun { number, recording }),
                    Err(CarrierError::Throttled { .. } | CarrierError::Unreachable(_)) => self.again(order, Event::Tick),
                    Err(CarrierError::Unsure(_)) => self.happens(call, &Event::RecordingUnsure { number }),
                    Err(CarrierError::Gone | CarrierError::Refused(_)) => {}
                }
            }
            Command::StopRecording { line, recording, .. } => {
                let request = self.account.stop_recording(&line, recording.as_ref());
                match self.rest(&request).and_then(|taken| answer::updated(&taken)) {
                    Ok(()) | Err(CarrierError::Gone) => {}
                    Err(_) => self.again(order, Event::Tick),
                }
            }
            Command::FindRecording { number, line, known, .. } => {
                let request = self.account.recordings(&line);
                match self.rest(&request).and_then(|taken| answer::recordings(&taken)) {
                    Ok(found) => {
                        if let Some(recording) = found.into_iter().find(|found| !known.contains(found)) {
                            self.happens(call, &Event::RecordingBegun { number, recording });
                        }
                    }
                    Err(_) => self.again(order, Event::Tick),
                }
            }
            other @ (Command::Dial { .. }
            | Command::Withdraw { .. }
            | Command::Cancel { .. }
            | Command::HangUp { .. }
            | Command::Redirect { .. }
            | Command::Find { .. }
            | Command::Text { .. }) => panic!("{other:?} is not about recordings"),
        }
    }

    /// What is to end need not begin.
    pub(super) fn forget_orders_to_record(&mut self, call: CallId) {
        self.outbox
            .retain(|order| order.call != call || !matches!(order.command, Command::Record { .. }));
    }

    /// What our own work would look like if callers were not told.
    pub(super) fn unannounced(&self, document: String) -> String {
        if self.planted != Some(Planted::NothingIsAnnounced) || !document.contains("</Gather><Dial") {
            return document;
        }
        let (from, to) = (document.find("<Gather").unwrap(), document.find("<Dial").unwrap());
        format!("{}{}", &document[..from], &document[to..])
    }
}
