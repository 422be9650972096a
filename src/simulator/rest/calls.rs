//! `Calls`: create, list, fetch, update.

use super::super::agenda::Job;
use super::super::callbacks;
use super::super::checker::{Violation, can_be_called, is_absolute_address, is_e164};
use super::super::document::Method;
use super::super::habits::{Answering, Habit, Manners};
use super::super::leg::{CallStatus, Detection, Leg, LegIndex, ProgressEvents, Stage, Target};
use super::super::mischief::{some_ms, strikes};
use super::super::network::PhoneNetwork;
use super::super::rooms::Parting;
use super::{Known, Parameters, Refused, RestAnswer, page, resources};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde_json::Value;

/// All parameters of `POST Calls`.
pub(super) const CREATE: Known = Known {
    played: &[
        "To",
        "From",
        "Url",
        "Method",
        "FallbackUrl",
        "FallbackMethod",
        "StatusCallback",
        "StatusCallbackEvent",
        "StatusCallbackMethod",
        "Timeout",
        "SendDigits",
        "MachineDetection",
        "MachineDetectionTimeout",
        "AsyncAmd",
        "AsyncAmdStatusCallback",
        "AsyncAmdStatusCallbackMethod",
        "MachineDetectionSpeechThreshold",
        "MachineDetectionSpeechEndThreshold",
        "MachineDetectionSilenceTimeout",
        "CallReason",
        "CallToken",
    ],
    unplayed: &[
        "Twiml",
        "ApplicationSid",
        "Record",
        "RecordingChannels",
        "RecordingStatusCallback",
        "RecordingStatusCallbackMethod",
        "RecordingStatusCallbackEvent",
        "RecordingTrack",
        "SipAuthUsername",
        "SipAuthPassword",
        "Trim",
        "CallerId",
        "Byoc",
        "TimeLimit",
        "ClientNotificationUrl",
    ],
};

pub(super) const UPDATE: Known = Known {
    played: &["Url", "Method", "Status", "FallbackUrl", "FallbackMethod"],
    unplayed: &["Twiml", "TimeLimit", "StatusCallback", "StatusCallbackMethod"],
};

pub(super) const LIST: Known = Known {
    played: &[
        "To",
        "From",
        "Status",
        "StartTime",
        "StartTime<",
        "StartTime>",
        "PageSize",
        "Page",
        "PageToken",
    ],
    unplayed: &["ParentCallSid", "EndTime", "EndTime<", "EndTime>"],
};

/// Twilio rings for a minute if nothing is said.
const DEFAULT_TIMEOUT_S: u32 = 60;

/// How long mischief leaves a call queued, at most.
const LONGEST_QUEUE_MS: u32 = 8_000;

impl PhoneNetwork {
    pub(super) fn create_call(&mut self, path: &str, parameters: &Parameters<'_>) -> Result<RestAnswer, Refused> {
        self.check_known(path, parameters, &CREATE)?;
        let (from, to) = self.check_ends(parameters)?;
        let url = parameters
            .get("Url")
            .filter(|url| !url.is_empty())
            .ok_or_else(|| Refused::new(21205, "Url parameter is required."))?;
        let voice = target(url, parameters, "Method")?;
        let status_callback = optional_target(parameters, "StatusCallback", "StatusCallbackMethod", 21609)?;
        let fallback = optional_target(parameters, "FallbackUrl", "FallbackMethod", 21205)?;
        let timeout = parameters.whole("Timeout", 1, 600)?.unwrap_or(DEFAULT_TIMEOUT_S);
        let keys = parameters.get("SendDigits");
        if keys.is_some_and(|keys| keys.len() > 32 || keys.bytes().any(|key| !b"0123456789ABCD#*wW".contains(&key))) {
            let what = "SendDigits holds what is no key".to_owned();
            self.fault(to, Violation { code: None, what });
        }
        if to.starts_with("client:") && parameters.get("MachineDetection").is_some() {
            let what = "machine detection is not for softphones".to_owned();
            self.fault(to, Violation { code: None, what });
        }
        // Beside keys to be sent the carrier ignores machine detection.
        let detection = self.detection_wanted(path, parameters)?.filter(|_| keys.is_none());
        let events = self.events_wanted(path, parameters, status_callback.is_some());
        let habit = match self.habit_of(to) {
            Some(Habit::InvalidNumber) => {
                return Err(Refused::new(21217, format!("Phone number {to} does not appear to be valid")));
            }
            Some(habit) => habit,
            None => {
                let what = "a number was called that nobody has".to_owned();
                self.fault(to, Violation { code: None, what });
                Habit::Unreachable
            }
        };
        let manners = Manners::of_responder(habit, &mut self.rng);
        let lag = if self.mischief.list_lag_ms > 0 {
            some_ms(&mut self.rng, self.mischief.list_lag_ms)
        } else {
            0
        };
        let mut leg = self.new_leg(from, to, voice, manners);
        leg.status_callback = status_callback;
        leg.events = events;
        leg.fallback = fallback;
        leg.detection = detection;
        leg.listed_at = self.now + TimeDelta::milliseconds(i64::from(lag));
        let leg = self.add_leg(leg);
        self.set_ring_limit(leg, timeout);
        self.enqueue(leg);
        Ok(RestAnswer {
            status: 201,
            body: resources::call(&self[leg], &self.account, self.now),
        })
    }

    /// The two ends of a call, or why they cannot be.
    fn check_ends<'a>(&self, parameters: &Parameters<'a>) -> Result<(&'a str, &'a str), Refused> {
        let to = parameters
            .get("To")
            .filter(|to| !to.is_empty())
            .ok_or_else(|| Refused::new(21201, "No 'To' number is specified"))?;
        let from = parameters
            .get("From")
            .filter(|from| !from.is_empty())
            .ok_or_else(|| Refused::new(21213, "'From' number is required"))?;
        if !can_be_called(to) || to == from {
            return Err(Refused::new(21211, format!("Invalid 'To' Phone Number: {to}")));
        }
        if !is_e164(from) {
            return Err(Refused::new(21212, format!("Invalid From Number (caller ID): {from}")));
        }
        if !self.owns(from) {
            let message = format!("The source phone number provided, {from}, is not yet verified for your account.");
            return Err(Refused::new(21210, message));
        }
        Ok((from, to))
    }

    /// Puts a new call behind those that wait for the account's calls per second.
    fn enqueue(&mut self, leg: LegIndex) {
        let held_up = strikes(&mut self.rng, self.mischief.queue);
        let delay = if held_up { some_ms(&mut self.rng, LONGEST_QUEUE_MS) } else { 0 };
        let mut at = self.now + TimeDelta::milliseconds(i64::from(delay));
        if let Some(pace) = self.pace_ms {
            at = at.max(self.next_slot);
            self.next_slot = at + TimeDelta::milliseconds(i64::from(pace));
        }
        self.agenda.put(at, Job::Dispatch(leg));
    }

    fn events_wanted(&mut self, path: &str, parameters: &Parameters<'_>, told: bool) -> ProgressEvents {
        let mut events = ProgressEvents::default();
        if !told {
            return events;
        }
        let mut some = false;
        for event in parameters.all("StatusCallbackEvent") {
            some = true;
            match event {
                "initiated" => events.initiated = true,
                "ringing" => events.ringing = true,
                "answered" => events.answered = true,
                "completed" => events.completed = true,
                other => self.fault(path, Violation::new(21626, format!("there is no status callback event {other:?}"))),
            }
        }
        events.completed |= !some;
        events
    }

    fn detection_wanted(&mut self, path: &str, parameters: &Parameters<'_>) -> Result<Option<Detection>, Refused> {
        let meanwhile = match parameters.get("AsyncAmd") {
            None | Some("false") => false,
            Some("true") => true,
            Some(other) => return Err(Refused::bad_value("AsyncAmd", other)),
        };
        let callback = optional_target(parameters, "AsyncAmdStatusCallback", "AsyncAmdStatusCallbackMethod", 21609)?;
        let message_end = match parameters.get("MachineDetection") {
            None if meanwhile || callback.is_some() => return Err(Refused::new(20001, "AsyncAmd without MachineDetection")),
            None => return Ok(None),
            Some("Enable") => false,
            Some("DetectMessageEnd") => true,
            Some(other) => return Err(Refused::bad_value("MachineDetection", other)),
        };
        if meanwhile != callback.is_some() {
            let what = "AsyncAmd and AsyncAmdStatusCallback are of no use without each other".to_owned();
            self.fault(path, Violation { code: None, what });
        }
        parameters.whole("MachineDetectionSpeechThreshold", 1000, 6000)?;
        parameters.whole("MachineDetectionSpeechEndThreshold", 500, 5000)?;
        parameters.whole("MachineDetectionSilenceTimeout", 2000, 10_000)?;
        let timeout_s = parameters.whole("MachineDetectionTimeout", 3, 59)?.unwrap_or(30);
        Ok(Some(Detection {
            message_end,
            timeout_s,
            meanwhile: callback.filter(|_| meanwhile),
        }))
    }

    pub(super) fn leg_of(&self, path: &str, sid: &str) -> Result<LegIndex, Refused> {
        self.legs_by_sid.get(sid).copied().ok_or_else(|| Refused::missing(path))
    }

    /// Deletes the record of a call that is over.
    pub(super) fn delete_call(&mut self, path: &str, sid: &str) -> Result<RestAnswer, Refused> {
        let leg = self.leg_of(path, sid)?;
        if !self[leg].is_over() {
            return Err(Refused {
                status: 409,
                code: 20_009,
                message: "Cannot delete this resource before it is complete".to_owned(),
            });
        }
        if !self.erased.insert(sid.to_owned()) {
            return Err(Refused::missing(path));
        }
        Ok(RestAnswer {
            status: 204,
            body: Value::Null,
        })
    }

    pub(super) fn fetch_call(&mut self, path: &str, sid: &str) -> Result<RestAnswer, Refused> {
        let leg = self.leg_of(path, sid)?;
        if self.erased.contains(sid) {
            return Err(Refused::missing(path));
        }
        Ok(RestAnswer {
            status: 200,
            body: resources::call(&self[leg], &self.account, self.now),
        })
    }

    pub(super) fn update_call(&mut self, path: &str, sid: &str, parameters: &Parameters<'_>) -> Result<RestAnswer, Refused> {
        self.check_known(path, parameters, &UPDATE)?;
        let leg = self.leg_of(path, sid)?;
        let over = || Refused::new(21220, "Call is not in-progress. Cannot redirect.");
        if self[leg].is_over() {
            return Err(over());
        }
        match (parameters.get("Status"), parameters.get("Url")) {
            (Some("completed"), None) => {
                let status = if self[leg].answered_at.is_some() {
                    CallStatus::Completed
                } else {
                    CallStatus::Canceled
                };
                self.end(leg, status);
            }
            (Some("canceled"), None) => self.cancel(leg),
            (None, Some(url)) => {
                let target = target(url, parameters, "Method")?;
                if self[leg].answered_at.is_none() {
                    return Err(over());
                }
                self.redirect(leg, &target);
            }
            (Some(status), None) => return Err(Refused::bad_value("Status", status)),
            (Some(_), Some(_)) => return Err(Refused::new(20001, "Url and Status exclude each other")),
            (None, None) => {}
        }
        Ok(RestAnswer {
            status: 200,
            body: resources::call(&self[leg], &self.account, self.now),
        })
    }

    /// Stops what has not been answered; what has been answered, be it in this moment, is left alone.
    fn cancel(&mut self, leg: LegIndex) {
        if self[leg].answered_at.is_some() {
            return;
        }
        if self[leg].stage == Stage::Ringing && self[leg].manners.answering == Answering::WhenStopped {
            return self.pick_up(leg);
        }
        self.end(leg, CallStatus::Canceled);
    }

    fn redirect(&mut self, leg: LegIndex, target: &Target) {
        self.leave_room(leg, Parting::UpdatedViaApi);
        let form = callbacks::voice_form(&self[leg], &self.account);
        self.fetch(leg, target, form);
    }

    /// Newest first. A call that is too new is not yet there, and one that is still queued has no start to ask for.
    pub(super) fn list_calls(&mut self, path: &str, parameters: &Parameters<'_>) -> Result<RestAnswer, Refused> {
        self.check_known(path, parameters, &LIST)?;
        let on = instant(parameters, "StartTime")?;
        let before = instant(parameters, "StartTime<")?;
        let after = instant(parameters, "StartTime>")?;
        let wanted = |leg: &&Leg| {
            let status = resources::call(leg, &self.account, self.now)["status"].as_str().map(str::to_owned);
            leg.listed_at <= self.now
                && !self.erased.contains(&leg.sid)
                && parameters.get("To").is_none_or(|to| leg.to == to)
                && parameters.get("From").is_none_or(|from| leg.from == from)
                && parameters.get("Status").is_none_or(|wanted| status.as_deref() == Some(wanted))
                && on.is_none_or(|on| leg.dialled_at.is_some_and(|start| start.date_naive() == on.date_naive()))
                && before.is_none_or(|before| leg.dialled_at.is_some_and(|start| start < before))
                && after.is_none_or(|after| leg.dialled_at.is_some_and(|start| start >= after))
        };
        let calls = self
            .legs
            .iter()
            .rev()
            .filter(wanted)
            .map(|leg| resources::call(leg, &self.account, self.now))
            .collect();
        page(path, "calls", calls, parameters)
    }
}

/// A day (its begin in UTC) or an instant.
fn instant(parameters: &Parameters<'_>, name: &str) -> Result<Option<DateTime<Utc>>, Refused> {
    let Some(value) = parameters.get(name) else { return Ok(None) };
    let day = value
        .parse::<NaiveDate>()
        .ok()
        .and_then(|day| day.and_hms_opt(0, 0, 0))
        .map(|start| start.and_utc());
    let exact = || DateTime::parse_from_rfc3339(value).ok().map(|at| at.to_utc());
    day.or_else(exact).map(Some).ok_or_else(|| Refused::bad_value(name, value))
}

fn target(url: &str, parameters: &Parameters<'_>, method: &str) -> Result<Target, Refused> {
    if !is_absolute_address(url) {
        return Err(Refused::new(21205, format!("Url is not a valid URL: {url}")));
    }
    let method = match parameters.get(method) {
        None => Method::Post,
        Some(word) => Method::read(word).ok_or_else(|| Refused::bad_value(method, word))?,
    };
    Ok(Target { url: url.into(), method })
}

pub(super) fn optional_target(parameters: &Parameters<'_>, url: &str, method: &str, code: u32) -> Result<Option<Target>, Refused> {
    let Some(address) = parameters.get(url).filter(|address| !address.is_empty()) else {
        return Ok(None);
    };
    match target(address, parameters, method) {
        Ok(target) => Ok(Some(target)),
        Err(refused) if refused.code == 21205 => Err(Refused::new(code, format!("{url} is not a valid URL: {address}"))),
        Err(refused) => Err(refused),
    }
}
