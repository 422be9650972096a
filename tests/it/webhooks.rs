//! `docs/webhooks.md` says what becomes of each webhook that comes again, late, for nothing that is known, or forged; here the
//! doors are asked whether that is so.

use super::twilio::{Answer, CALLER_LINE, OURS, RESPONDER_LINE, Service, menu};
use axum::body::Body;
use axum::http::Request;
use rotaline::call::CallId;
use rotaline::reception::Reception;
use rotaline::twilio::address::Callback;
use std::collections::BTreeSet;

const DOCUMENT: &str = include_str!("../../docs/webhooks.md");
const UNKNOWN: &str = "00000000-0000-7000-8000-000000000000";

/// The rows of the table of webhooks: those with seven cells.
fn rows() -> Vec<[&'static str; 7]> {
    let cells = DOCUMENT.lines().filter(|line| line.starts_with('|')).filter_map(|line| {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        <[&str; 7]>::try_from(cells).ok()
    });
    cells.filter(|cells| !matches!(cells[0], "webhook" | "---")).collect()
}

fn word(answer: &Answer) -> &'static str {
    let has = |part: &str| answer.body.contains(part);
    match answer.status {
        204 => "noted",
        403 => "refused",
        200 if has("<Play>") && has("<Redirect") => "music",
        200 if has("technical fault") => "apology",
        200 if has("<Conference") => "room",
        200 if has("<Record ") => "message",
        200 if has("<Gather") => "question",
        200 if has("<Hangup/>") => "goodbye",
        200 if !has("<Say") && !has("<Message") => "nothing",
        _ => panic!("what is that? {answer:?}"),
    }
}

type Fields = Vec<(&'static str, &'static str)>;

/// Where a webhook of this name goes for a call, and what it says.
fn request(webhook: &str, call: &str) -> (String, Fields) {
    let caller = [("CallSid", CALLER_LINE), ("CallStatus", "in-progress")];
    let responder = [("CallSid", RESPONDER_LINE), ("CallStatus", "in-progress")];
    let arrival = [("CallSid", CALLER_LINE), ("From", "+61491570156"), ("CallStatus", "in-progress")];
    let of_caller =
        |place: &str, more: &[(&'static str, &'static str)]| (format!("/twilio/call/{call}/0/{place}"), [&caller[..], more].concat());
    let of_responder =
        |place: &str, more: &[(&'static str, &'static str)]| (format!("/twilio/call/{call}/1/{place}"), [&responder[..], more].concat());
    match webhook {
        "voice" => ("/twilio/voice".to_owned(), [&arrival[..], &[("To", OURS)]].concat()),
        "menu" => (
            "/twilio/menu/1".to_owned(),
            [&arrival[..], &[("To", OURS), ("Digits", "1")]].concat(),
        ),
        "status" => (
            "/twilio/status".to_owned(),
            vec![("CallSid", CALLER_LINE), ("CallStatus", "completed")],
        ),
        "text" => {
            let text = [("MessageSid", "SM1"), ("From", "+61491570888"), ("To", OURS), ("Body", "STOP")];
            ("/twilio/sms".to_owned(), text.to_vec())
        }
        "conference" => {
            let joins = [
                ("StatusCallbackEvent", "participant-join"),
                ("ParticipantLabel", "0"),
                ("ConferenceSid", "CF1"),
            ];
            (format!("/twilio/call/{call}/conference"), joins.to_vec())
        }
        "script" => of_responder("script", &[]),
        "key" => of_responder("key", &[("Digits", "1")]),
        "typed" => of_caller("typed", &[("Digits", "3")]),
        "greeting" => of_caller("greeting", &[]),
        "wait" => of_caller("wait", &[]),
        "room" => of_caller("room", &[("DialCallStatus", "answered")]),
        "leg status" => of_responder("status", &[]),
        "machine" => of_responder("machine", &[("AnsweredBy", "human")]),
        "recording" => of_caller(
            "recording",
            &[("RecordingUrl", "https://api.twilio.com/RE1"), ("RecordingDuration", "9")],
        ),
        "transcript" => of_caller(
            "transcript",
            &[
                ("RecordingUrl", "https://api.twilio.com/RE1"),
                ("TranscriptionStatus", "completed"),
                ("TranscriptionText", "Hello"),
            ],
        ),
        "talk" => {
            let over = [
                ("RecordingSid", "RE1"),
                ("RecordingStatus", "completed"),
                ("RecordingDuration", "9"),
            ];
            (format!("/twilio/call/{call}/talk/1"), over.to_vec())
        }
        other => panic!("{other} is in the table and not in the test"),
    }
}

/// A service with a call whose responder has answered; the caller has left the queue where he is to be asked something.
async fn set(webhook: &str) -> (Service, String) {
    if webhook == "menu" {
        return (Service::start_with(Reception::default(), vec![menu()]).await, UNKNOWN.to_owned());
    }
    let service = Service::start().await;
    if webhook == "voice" {
        return (service, UNKNOWN.to_owned());
    }
    let call = service.call().await;
    if matches!(webhook, "typed" | "recording") {
        service.caller(&call, "room", &[("DialCallStatus", "answered")]).await;
    } else if webhook == "key" {
        service.responder(&call, "script", &[]).await;
    }
    (service, call)
}

async fn told(service: &Service, webhook: &str, call: &str) -> Answer {
    let (path, fields) = request(webhook, call);
    service.post(&path, &fields).await
}

/// The caller has hung up: at a menu before there was a call, else after all the rest.
async fn late(webhook: &str) -> Answer {
    let (service, call) = set(webhook).await;
    if webhook == "menu" {
        let (path, mut fields) = request(webhook, &call);
        fields.retain(|(name, _)| *name != "CallStatus");
        fields.push(("CallStatus", "completed"));
        return service.post(&path, &fields).await;
    }
    if webhook == "voice" {
        told(&service, webhook, &call).await;
    }
    told(&service, "status", &call).await;
    told(&service, webhook, &call).await
}

/// About a number that is not ours, or a call and a line that we do not have.
async fn unknown(webhook: &str) -> Answer {
    let (service, _) = set(webhook).await;
    let (path, fields) = request(webhook, UNKNOWN);
    let other = |(name, value)| match (name, value) {
        ("To", _) => (name, "+61491570999"),
        ("CallSid", _) => (name, "CA99999999999999999999999999999999"),
        _ => (name, value),
    };
    service.post(&path, &fields.into_iter().map(other).collect::<Fields>()).await
}

async fn forged(webhook: &str) -> BTreeSet<&'static str> {
    let (service, call) = set(webhook).await;
    let (path, fields) = request(webhook, &call);
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&fields).finish();
    let mut words = BTreeSet::new();
    for signature in [None, Some("AAAAAAAAAAAAAAAAAAAAAAAAAAA=")] {
        let mut request = Request::post(&path)
            .header("Host", "hotline.example.org")
            .header("Content-Type", "application/x-www-form-urlencoded");
        if let Some(signature) = signature {
            request = request.header("X-Twilio-Signature", signature);
        }
        words.insert(word(&service.send(request.body(Body::from(body.clone())).unwrap()).await));
    }
    // Rightly signed, by another account.
    let of_another = [&fields[..], &[("AccountSid", "AC99999999999999999999999999999999")]].concat();
    words.insert(word(
        &service.genuine(&format!("https://hotline.example.org{path}"), &of_another).await,
    ));
    words
}

#[tokio::test]
async fn the_table_of_webhooks_is_true() {
    let rows = rows();
    for [webhook, _, first, again, late_is, unknown_is, forged_is] in &rows {
        let (service, call) = set(webhook).await;
        let (one, two) = (told(&service, webhook, &call).await, told(&service, webhook, &call).await);
        assert_eq!(one, two, "{webhook} again");
        let calls = service.store.calls(10).await.unwrap().len();
        assert!(calls <= 1, "{webhook} is one call however often it is told");
        let answers = [word(&one), word(&two), word(&late(webhook).await), word(&unknown(webhook).await)];
        assert_eq!(answers, [*first, *again, *late_is, *unknown_is], "{webhook}");
        assert_eq!(forged(webhook).await, BTreeSet::from([*forged_is]), "{webhook}");
    }
}

#[test]
fn the_table_of_webhooks_forgets_none() {
    let legs = Callback::ALL.map(|callback| {
        if callback == Callback::Status {
            return "leg status".to_owned();
        }
        format!("{callback:?}").to_lowercase()
    });
    let others = ["voice", "menu", "status", "text", "conference", "talk"].map(str::to_owned);
    let written: BTreeSet<String> = rows().iter().map(|row| row[0].to_owned()).collect();
    assert_eq!(written, legs.into_iter().chain(others).collect());
    for word in rows().iter().flat_map(|row| &row[2..]) {
        assert!(DOCUMENT.contains(&format!("\n| {word} | ")), "{word} is not explained");
    }
}

/// The process has died between its answer at the fallback address and the note of it: whoever picks up there, and whoever takes
/// the call, tells it again, so that no deadline ends the line of a caller who talks.
#[tokio::test]
async fn who_picks_up_at_the_fallback_address_tells_the_call_that_its_caller_is_there() {
    let is_told = [("whisper", None), ("key", Some("1"))];
    let is_not = [("key", Some("2")), ("key", None)];
    let all = is_told
        .map(|asked| (asked, true))
        .into_iter()
        .chain(is_not.map(|asked| (asked, false)));
    for ((place, digits), is_told) in all {
        let service = Service::start().await;
        let call = service.call().await;
        let rung = [
            ("CallSid", RESPONDER_LINE),
            ("ParentCallSid", CALLER_LINE),
            ("From", OURS),
            ("To", "+61491570110"),
            ("CallStatus", "in-progress"),
            ("Direction", "outbound-dial"),
        ];
        let said: Fields = rung.into_iter().chain(digits.map(|digits| ("Digits", digits))).collect();
        let answer = service.post(&format!("/twilio/voice/fallback/{place}"), &said).await;
        assert_eq!(answer.status, 200, "{place}");
        let kept = service.store.call(CallId(call.parse().unwrap())).await.unwrap().unwrap();
        assert_eq!(kept.is_makeshift(), is_told, "{place} {digits:?}");
    }
}
