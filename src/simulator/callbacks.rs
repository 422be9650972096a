//! The parameters of Twilio's webhooks, by kind, as its pages list them. Only builds forms.

use super::leg::{CallStatus, Leg, Stay};
use super::recordings::Tape;
use super::rooms::{EndOfRoom, Parting, Room};
use chrono::{DateTime, Utc};

/// Names and values of a form, in the order in which they are sent.
pub(super) type Form = Vec<(String, String)>;

/// The one version of Twilio's API of calls.
pub(super) const API_VERSION: &str = "2010-04-01";

pub(super) fn add(form: &mut Form, name: &str, value: impl Into<String>) {
    form.push((name.to_owned(), value.into()));
}

fn flag(value: bool) -> &'static str {
    if value { "true" } else { "false" }
}

/// What every request about a call carries.
pub(super) fn call_form(leg: &Leg, account: &str) -> Form {
    let mut form = Form::with_capacity(32);
    add(&mut form, "CallSid", leg.sid.as_str());
    add(&mut form, "AccountSid", account);
    add(&mut form, "From", leg.from.as_str());
    add(&mut form, "To", leg.to.as_str());
    add(&mut form, "Caller", leg.from.as_str());
    add(&mut form, "Called", leg.to.as_str());
    add(&mut form, "CallStatus", leg.status.word());
    add(&mut form, "ApiVersion", API_VERSION);
    add(&mut form, "Direction", leg.direction());
    if let Some(parent) = &leg.parent {
        add(&mut form, "ParentCallSid", parent.as_str());
    }
    for (ends, number) in [(["From", "Caller"], leg.from.as_str()), (["To", "Called"], leg.to.as_str())] {
        let country = country(number);
        if country.is_empty() {
            continue;
        }
        for end in ends {
            for part in ["City", "State", "Zip"] {
                form.push((format!("{end}{part}"), String::new()));
            }
            form.push((format!("{end}Country"), country.to_owned()));
        }
    }
    form
}

/// Where the number is, for the few countries that the rehearsals use; Twilio leaves the rest out too.
fn country(number: &str) -> &'static str {
    const KNOWN: [(&str, &str); 5] = [("+1", "US"), ("+44", "GB"), ("+49", "DE"), ("+61", "AU"), ("+64", "NZ")];
    KNOWN
        .iter()
        .find(|(prefix, _)| number.starts_with(prefix))
        .map_or("", |(_, country)| country)
}

/// The request for the document of an answered call.
pub(super) fn voice_form(leg: &Leg, account: &str) -> Form {
    let mut form = call_form(leg, account);
    if let Some(answered_by) = leg.answered_by {
        add(&mut form, "AnsweredBy", answered_by);
    }
    form
}

/// A call's progress.
pub(super) fn progress_form(leg: &Leg, account: &str, status: CallStatus, now: DateTime<Utc>) -> Form {
    let mut form = call_form(leg, account);
    if let Some(entry) = form.iter_mut().find(|(name, _)| name == "CallStatus") {
        status.word().clone_into(&mut entry.1);
    }
    add(&mut form, "Timestamp", now.to_rfc2822());
    add(&mut form, "CallbackSource", "call-progress-events");
    add(&mut form, "SequenceNumber", leg.sequence.to_string());
    match status {
        CallStatus::Queued | CallStatus::Initiated => {}
        CallStatus::Ringing | CallStatus::InProgress => {
            if !leg.inbound {
                add(&mut form, "StirStatus", "null");
            }
        }
        CallStatus::Completed => {
            let seconds = leg.seconds_talked(now);
            add(&mut form, "CallDuration", seconds.to_string());
            add(&mut form, "Duration", ((seconds + 59) / 60).to_string());
            add(&mut form, "SipResponseCode", "200");
        }
        CallStatus::Busy => add_unanswered(&mut form, "486"),
        CallStatus::Failed => add_unanswered(&mut form, "404"),
        CallStatus::NoAnswer | CallStatus::Canceled => add_unanswered(&mut form, "487"),
    }
    form
}

fn add_unanswered(form: &mut Form, sip: &str) {
    add(form, "CallDuration", "0");
    add(form, "SipResponseCode", sip);
}

/// The result of machine detection meanwhile.
pub(super) fn machine_form(leg: &Leg, account: &str, answered_by: &str, duration_ms: i64) -> Form {
    vec![
        ("CallSid".into(), leg.sid.clone()),
        ("AccountSid".into(), account.into()),
        ("AnsweredBy".into(), answered_by.into()),
        ("MachineDetectionDuration".into(), duration_ms.to_string()),
    ]
}

/// The stay in a conference is over. After a conference there is neither a `DialCallSid` nor a `DialCallDuration`.
pub(super) fn dial_form(leg: &Leg, account: &str, stay: &Stay) -> Form {
    let mut form = call_form(leg, account);
    add(&mut form, "DialCallStatus", "answered");
    add(&mut form, "DialBridged", flag(stay.bridged));
    form
}

/// The other leg, which was rung by number, is over.
pub(super) fn after_number_form(leg: &Leg, other: &Leg, account: &str, bridged: bool) -> Form {
    let mut form = call_form(leg, account);
    add(&mut form, "DialCallSid", other.sid.as_str());
    add(&mut form, "DialCallStatus", other.status.word());
    add(&mut form, "DialBridged", flag(bridged));
    if let (true, Some(ended), Some(answered)) = (bridged, other.ended_at, other.answered_at) {
        add(&mut form, "DialCallDuration", (ended - answered).num_seconds().to_string());
    }
    form
}

/// A recording is done.
pub(super) fn record_form(leg: &Leg, account: &str, recording: &str, seconds: i64, digits: &str) -> Form {
    let mut form = call_form(leg, account);
    let url = format!("https://api.twilio.com/{API_VERSION}/Accounts/{account}/Recordings/{recording}");
    add(&mut form, "RecordingUrl", url);
    add(&mut form, "RecordingSid", recording);
    add(&mut form, "RecordingDuration", seconds.to_string());
    add(&mut form, "Digits", digits);
    form
}

/// The recording of a call begins, or is complete.
pub(super) fn tape_form(leg: &Leg, account: &str, tape: &Tape, status: &str, now: DateTime<Utc>) -> Form {
    let mut form = Form::with_capacity(12);
    add(&mut form, "AccountSid", account);
    add(&mut form, "CallSid", leg.sid.as_str());
    add(&mut form, "RecordingSid", tape.sid.as_str());
    let url = format!("https://api.twilio.com/{API_VERSION}/Accounts/{account}/Recordings/{}", tape.sid);
    add(&mut form, "RecordingUrl", url);
    add(&mut form, "RecordingStatus", status);
    if tape.until.is_some() {
        add(&mut form, "RecordingDuration", tape.seconds(now).to_string());
    }
    add(&mut form, "RecordingChannels", tape.channels.to_string());
    add(&mut form, "RecordingStartTime", tape.from.to_rfc2822());
    add(&mut form, "RecordingSource", tape.source);
    add(&mut form, "RecordingTrack", "both");
    add(&mut form, "ErrorCode", "0");
    form
}

/// What every request about a conference carries.
pub(super) fn conference_form(room: &Room, account: &str, event: &str, now: DateTime<Utc>) -> Form {
    let mut form = Form::with_capacity(16);
    add(&mut form, "ConferenceSid", room.sid.as_str());
    add(&mut form, "FriendlyName", room.name.as_str());
    add(&mut form, "AccountSid", account);
    add(&mut form, "SequenceNumber", room.sequence.to_string());
    add(&mut form, "Timestamp", now.to_rfc2822());
    add(&mut form, "StatusCallbackEvent", event);
    form
}

/// Somebody enters or leaves.
pub(super) fn add_participant(form: &mut Form, leg: &Leg, stay: &Stay) {
    add(form, "CallSid", leg.sid.as_str());
    add(form, "Muted", flag(stay.entrance.muted));
    add(form, "Hold", "false");
    add(form, "Coaching", "false");
    add(form, "EndConferenceOnExit", flag(stay.entrance.ends));
    add(form, "StartConferenceOnEnter", flag(stay.entrance.starts));
    if let Some(label) = &stay.entrance.label {
        add(form, "ParticipantLabel", label.as_str());
    }
}

/// Why somebody left.
pub(super) fn add_parting(form: &mut Form, leg: &Leg, parting: Parting) {
    add(form, "ParticipantCallStatus", leg.status.word());
    add(form, "ReasonParticipantLeft", parting.word());
}

/// Why the conference ended, and by whom.
pub(super) fn add_end(form: &mut Form, end: EndOfRoom, by: Option<(&Leg, Option<&str>)>) {
    if let Some((leg, label)) = by {
        add(form, "CallSidEndingConference", leg.sid.as_str());
        if let Some(label) = label {
            add(form, "ParticipantLabelEndingConference", label);
        }
    }
    add(form, "Reason", end.sentence());
    add(form, "ReasonConferenceEnded", end.word());
}
