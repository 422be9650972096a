//! Addresses that come in with webhooks: none of them is ever asked for, however well the webhook is signed.

use super::super::twilio::{CALLER_LINE, OURS, Service};
use std::time::Duration;
use tokio::net::TcpListener;

#[tokio::test]
async fn no_address_out_of_a_webhook_is_fetched() {
    let ear = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let there = format!("http://{}", ear.local_addr().unwrap());
    let service = Service::start().await;
    let call = service.call().await;
    let at = |path: &str| format!("{there}{path}");
    let (recording, media, error) = (at("/Recordings/RE00000000000000000000000000000001"), at("/Media/ME1"), at("/error"));
    let everywhere = [
        ("RecordingUrl", recording.as_str()),
        ("TranscriptionUrl", media.as_str()),
        ("MediaUrl0", media.as_str()),
        ("NumMedia", "1"),
        ("ErrorUrl", error.as_str()),
        ("ErrorCode", "11200"),
        ("CallbackUrl", error.as_str()),
        ("Url", error.as_str()),
        ("RecordingDuration", "7"),
        ("RecordingStatus", "completed"),
        ("TranscriptionStatus", "completed"),
        ("TranscriptionText", there.as_str()),
        ("StatusCallbackEvent", "participant-join"),
        ("ParticipantLabel", "0"),
        ("CallSid", CALLER_LINE),
        ("CallStatus", "in-progress"),
        ("MessageSid", "SM00000000000000000000000000000001"),
        ("From", "+61491570737"),
        ("To", OURS),
        ("Body", there.as_str()),
    ];
    for place in [
        "/twilio/voice".to_owned(),
        "/twilio/voice/fallback".to_owned(),
        "/twilio/sms".to_owned(),
        "/twilio/status".to_owned(),
        format!("/twilio/call/{call}/conference"),
        format!("/twilio/call/{call}/talk/1"),
        format!("/twilio/call/{call}/0/room"),
        format!("/twilio/call/{call}/0/recording"),
        format!("/twilio/call/{call}/0/transcript"),
        format!("/twilio/call/{call}/0/wait"),
        format!("/twilio/call/{call}/1/status"),
        format!("/twilio/call/{call}/1/script"),
    ] {
        let answer = service.post(&place, &everywhere).await;
        assert!((200..300).contains(&answer.status), "{place}: {answer:?}");
        // Nor is the carrier sent there.
        assert!(!answer.body.contains(&there), "{place}: {answer:?}");
    }
    let came = tokio::time::timeout(Duration::from_millis(500), ear.accept()).await;
    assert!(came.is_err(), "somebody came to {there}");
}
