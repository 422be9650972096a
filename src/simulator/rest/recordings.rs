//! `Recordings`: of a call begin, stop and list; delete.

use super::super::checker::Violation;
use super::super::leg::CallStatus;
use super::super::network::PhoneNetwork;
use super::super::recordings::{BY_API, Tape};
use super::calls::optional_target;
use super::{Known, Parameters, Refused, RestAnswer, page, resources};
use serde_json::Value;

/// All parameters of `POST Calls/{CallSid}/Recordings`.
pub(super) const CREATE: Known = Known {
    played: &[
        "RecordingStatusCallback",
        "RecordingStatusCallbackMethod",
        "RecordingStatusCallbackEvent",
        "RecordingChannels",
    ],
    unplayed: &["Trim", "RecordingTrack"],
};

/// All parameters of `POST Calls/{CallSid}/Recordings/{Sid}`.
pub(super) const UPDATE: Known = Known {
    played: &["Status"],
    unplayed: &["PauseBehavior"],
};

/// Names the recording that runs.
const CURRENT: &str = "Twilio.CURRENT";

impl PhoneNetwork {
    pub(super) fn create_recording(&mut self, path: &str, call: &str, parameters: &Parameters<'_>) -> Result<RestAnswer, Refused> {
        self.check_known(path, parameters, &CREATE)?;
        let leg = self.leg_of(path, call)?;
        if self[leg].status != CallStatus::InProgress {
            return Err(Refused::new(21220, "Requested resource is not eligible for recording"));
        }
        let channels = match parameters.get("RecordingChannels") {
            None | Some("mono") => 1,
            Some("dual") => 2,
            Some(other) => return Err(Refused::bad_value("RecordingChannels", other)),
        };
        let events: Vec<String> = parameters
            .all("RecordingStatusCallbackEvent")
            .flat_map(|events| events.split(' '))
            .map(str::to_owned)
            .collect();
        if let Some(odd) = events
            .iter()
            .find(|event| !["in-progress", "completed", "absent"].contains(&event.as_str()))
        {
            let what = format!("there is no recording status callback event {odd:?}");
            self.fault(path, Violation::new(20001, what));
        }
        let events = if events.is_empty() { vec!["completed".to_owned()] } else { events };
        let callback = optional_target(parameters, "RecordingStatusCallback", "RecordingStatusCallbackMethod", 21609)?;
        let sid = self.new_sid("RE");
        self.tapes.push(Tape {
            sid,
            leg,
            source: BY_API,
            channels,
            from: self.now,
            until: None,
            deleted_at: None,
            callback: callback.map(|target| (target, events)),
        });
        let tape = self.tapes.len() - 1;
        self.tell_of_tape(tape, "in-progress");
        Ok(RestAnswer {
            status: 201,
            body: self.tape(tape),
        })
    }

    pub(super) fn update_recording(
        &mut self,
        path: &str,
        (call, sid): (&str, &str),
        parameters: &Parameters<'_>,
    ) -> Result<RestAnswer, Refused> {
        self.check_known(path, parameters, &UPDATE)?;
        let leg = self.leg_of(path, call)?;
        let is_it =
            |tape: &Tape| tape.leg == leg && tape.deleted_at.is_none() && (tape.sid == sid || sid == CURRENT && tape.until.is_none());
        let tape = self.tapes.iter().rposition(is_it).ok_or_else(|| Refused::missing(path))?;
        match parameters.get("Status") {
            Some("stopped") if self.tapes[tape].until.is_some() => {
                return Err(Refused::new(21220, "Recording is not in-progress. Cannot update recording"));
            }
            Some("stopped") => self.tape_ends(tape),
            Some(other) => return Err(Refused::bad_value("Status", other)),
            None => return Err(Refused::new(20001, "Status is required")),
        }
        Ok(RestAnswer {
            status: 200,
            body: self.tape(tape),
        })
    }

    pub(super) fn list_recordings(&mut self, path: &str, call: &str, parameters: &Parameters<'_>) -> Result<RestAnswer, Refused> {
        let leg = self.leg_of(path, call)?;
        let is_listed = |tape: &usize| self.tapes[*tape].leg == leg && self.tapes[*tape].deleted_at.is_none();
        let all = (0..self.tapes.len()).rev().filter(is_listed).map(|tape| self.tape(tape)).collect();
        page(path, "recordings", all, parameters)
    }

    /// One that still runs cannot be deleted.
    pub(super) fn delete_recording(&mut self, path: &str, sid: &str) -> Result<RestAnswer, Refused> {
        let now = self.now;
        let is_it = |tape: &&mut Tape| tape.sid == sid && tape.deleted_at.is_none();
        let tape = self.tapes.iter_mut().find(is_it).ok_or_else(|| Refused::missing(path))?;
        if tape.until.is_none() {
            return Err(Refused::new(20409, "Recording is in progress and cannot be deleted"));
        }
        tape.deleted_at = Some(now);
        Ok(RestAnswer {
            status: 204,
            body: Value::Null,
        })
    }

    fn tape(&self, tape: usize) -> Value {
        let tape = &self.tapes[tape];
        resources::recording(tape, &self[tape.leg], &self.account, self.now)
    }
}
