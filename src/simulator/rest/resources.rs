//! The JSON of calls, conferences, participants and messages. Field names as in Twilio's OpenAPI document.

use super::super::callbacks::API_VERSION;
use super::super::heard::Text;
use super::super::leg::{CallStatus, Leg, Stay};
use super::super::recordings::Tape;
use super::super::rooms::{EndOfRoom, Room};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

/// A call. `initiated` is a word of webhooks only; the resource still says `queued`.
pub(super) fn call(leg: &Leg, account: &str, now: DateTime<Utc>) -> Value {
    let base = format!("/{API_VERSION}/Accounts/{account}/Calls/{}", leg.sid);
    let status = match leg.status {
        CallStatus::Queued | CallStatus::Initiated => CallStatus::Queued,
        other @ (CallStatus::Ringing
        | CallStatus::InProgress
        | CallStatus::Completed
        | CallStatus::Busy
        | CallStatus::Failed
        | CallStatus::NoAnswer
        | CallStatus::Canceled) => other,
    };
    let duration = (leg.status == CallStatus::Completed).then(|| leg.seconds_talked(now).to_string());
    json!({
        "sid": leg.sid,
        "account_sid": account,
        "parent_call_sid": null,
        "phone_number_sid": null,
        "group_sid": null,
        "trunk_sid": null,
        "to": leg.to,
        "to_formatted": leg.to,
        "from": leg.from,
        "from_formatted": leg.from,
        "status": status.word(),
        "direction": leg.direction(),
        "date_created": leg.created_at.to_rfc2822(),
        "date_updated": leg.ended_at.or(leg.answered_at).unwrap_or(leg.created_at).to_rfc2822(),
        "start_time": leg.dialled_at.map(|at| at.to_rfc2822()),
        "end_time": leg.ended_at.map(|at| at.to_rfc2822()),
        "duration": duration,
        "price": null,
        "price_unit": "USD",
        "answered_by": leg.answered_by,
        "api_version": API_VERSION,
        "forwarded_from": null,
        "caller_name": null,
        "queue_time": "0",
        "uri": format!("{base}.json"),
        "subresource_uris": { "recordings": format!("{base}/Recordings.json") },
    })
}

/// A conference. `ended_by` is the SID of the call that ended it.
pub(super) fn conference(room: &Room, account: &str, ended_by: Option<&str>) -> Value {
    let base = format!("/{API_VERSION}/Accounts/{account}/Conferences/{}", room.sid);
    let status = match (room.ended, room.started) {
        (Some(_), _) => "completed",
        (None, true) => "in-progress",
        (None, false) => "init",
    };
    json!({
        "sid": room.sid,
        "account_sid": account,
        "friendly_name": room.name,
        "status": status,
        "region": "us1",
        "api_version": API_VERSION,
        "date_created": room.created_at.to_rfc2822(),
        "date_updated": room.updated_at.to_rfc2822(),
        "reason_conference_ended": room.ended.map(|(end, _): (EndOfRoom, _)| end.word()),
        "call_sid_ending_conference": ended_by,
        "uri": format!("{base}.json"),
        "subresource_uris": {
            "participants": format!("{base}/Participants.json"),
            "recordings": format!("{base}/Recordings.json"),
        },
    })
}

/// Somebody in a conference.
pub(super) fn participant(leg: &Leg, stay: &Stay, room: &Room, account: &str) -> Value {
    json!({
        "account_sid": account,
        "call_sid": leg.sid,
        "label": stay.entrance.label,
        "conference_sid": room.sid,
        "call_sid_to_coach": null,
        "coaching": false,
        "muted": stay.entrance.muted,
        "hold": false,
        "start_conference_on_enter": stay.entrance.starts,
        "end_conference_on_exit": stay.entrance.ends,
        "status": "connected",
        "queue_time": null,
        "date_created": stay.since.to_rfc2822(),
        "date_updated": stay.since.to_rfc2822(),
        "uri": format!("/{API_VERSION}/Accounts/{account}/Conferences/{}/Participants/{}.json", room.sid, leg.sid),
    })
}

/// A recording of a call.
pub(super) fn recording(tape: &Tape, leg: &Leg, account: &str, now: DateTime<Utc>) -> Value {
    let duration = tape.until.map(|_| tape.seconds(now).to_string());
    json!({
        "sid": tape.sid,
        "account_sid": account,
        "api_version": API_VERSION,
        "call_sid": leg.sid,
        "conference_sid": null,
        "channels": tape.channels,
        "date_created": tape.from.to_rfc2822(),
        "date_updated": tape.until.unwrap_or(tape.from).to_rfc2822(),
        "start_time": tape.from.to_rfc2822(),
        "price": null,
        "price_unit": null,
        "duration": duration,
        "source": tape.source,
        "status": tape.status(),
        "error_code": null,
        "encryption_details": null,
        "track": "both",
        "uri": format!("/{API_VERSION}/Accounts/{account}/Calls/{}/Recordings/{}.json", leg.sid, tape.sid),
    })
}

/// The status and the direction of a text that was taken to be sent.
pub(super) const SENT: [&str; 2] = ["queued", "outbound-api"];
/// Of one that came in.
pub(super) const CAME_IN: [&str; 2] = ["received", "inbound"];

/// A text message.
pub(super) fn message(text: &Text, sid: &str, [status, direction]: [&str; 2], account: &str) -> Value {
    let segments = text.body.chars().count().div_ceil(160).max(1);
    json!({
        "sid": sid,
        "account_sid": account,
        "messaging_service_sid": null,
        "to": text.to,
        "from": text.from,
        "body": text.body,
        "status": status,
        "direction": direction,
        "num_segments": segments.to_string(),
        "num_media": "0",
        "price": null,
        "price_unit": null,
        "error_code": null,
        "error_message": null,
        "api_version": API_VERSION,
        "date_created": text.at.to_rfc2822(),
        "date_updated": text.at.to_rfc2822(),
        "date_sent": null,
        "uri": format!("/{API_VERSION}/Accounts/{account}/Messages/{sid}.json"),
        "subresource_uris": { "media": format!("/{API_VERSION}/Accounts/{account}/Messages/{sid}/Media.json") },
    })
}
