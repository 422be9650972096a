//! What whoever may listen hears: nothing but what there is. Who may is in `matrix`.

use super::*;
use crate::call::RecordingId;
use crate::web::recordings::{NotPlayed, Playback, Player, Sound};
use axum::body::Bytes;
use futures_util::StreamExt as _;

const SID: &str = "RE00000000000000000000000000000001";

/// The carrier's store of sound: one recording is there, of ten bytes.
struct Tape;

#[async_trait::async_trait]
impl Player for Tape {
    async fn play(&self, recording: &str, range: Option<&str>) -> Result<Sound, NotPlayed> {
        let (bytes, part) = match (recording, range) {
            (SID, None) => (&b"0123456789"[..], None),
            (SID, Some("bytes=2-4")) => (&b"234"[..], Some("bytes 2-4/10".to_owned())),
            (SID, Some(_)) => return Err(NotPlayed::NoSuchPart),
            ("RElost", _) => return Err(NotPlayed::Unavailable("503".to_owned())),
            (_, _) => return Err(NotPlayed::Gone),
        };
        Ok(Sound {
            kind: "audio/mpeg".to_owned(),
            length: u64::try_from(bytes.len()).ok(),
            part,
            bytes: futures_util::stream::iter([Ok(Bytes::from_static(bytes))]).boxed(),
        })
    }
}

/// A call with three messages, of which the carrier has the first one, has lost the second, and does not answer about the third.
async fn house() -> House {
    let mut house = House::open(saturday()).await;
    house.state = house.state.playing(Playback::new(Arc::new(Tape)));
    recorded(&house).await;
    house
}

async fn recorded(house: &House) {
    let call = house.call_arrives().await;
    for (n, name) in [SID, "REgone", "RElost"].into_iter().enumerate() {
        let event = Event::Recorded {
            recording: RecordingId::from(name),
            seconds: 7,
        };
        let at = house.now + TimeDelta::seconds(60 * (i64::try_from(n).unwrap() + 1));
        house.store.update(call, &event, at, None).await.unwrap();
    }
}

fn at(n: u32, what: &str) -> String {
    format!("/api/v1/hotlines/lab/recordings/{n}/{what}")
}

fn asks(path: &str, headers: &[(&str, &str)]) -> Request<Body> {
    let mut request = Request::get(path).header("authorization", bearer(OPERATOR));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(Body::empty()).unwrap()
}

#[tokio::test]
async fn they_are_heard_whole_or_in_part() {
    let house = house().await;
    let whole = house.send(asks(&at(1, "audio"), &[])).await;
    assert_eq!((whole.status, whole.text.as_str()), (StatusCode::OK, "0123456789"));
    assert_eq!(whole.headers["content-type"], "audio/mpeg");
    assert_eq!(whole.headers["content-length"], "10");
    let part = house.send(asks(&at(1, "audio"), &[("range", "bytes=2-4")])).await;
    assert_eq!((part.status, part.text.as_str()), (StatusCode::PARTIAL_CONTENT, "234"));
    assert_eq!(part.headers["content-range"], "bytes 2-4/10");
    let beyond = house.send(asks(&at(1, "audio"), &[("range", "bytes=90-")])).await;
    assert_eq!(beyond.status, StatusCode::RANGE_NOT_SATISFIABLE);
    // What is no single part is answered with the whole.
    for range in [
        "bytes=0-1,4-5",
        "bytes=-",
        "bytes=a-b",
        "lines=1-2",
        &format!("bytes=0-{}", "9".repeat(60)),
    ] {
        let answer = house.send(asks(&at(1, "audio"), &[("range", range)])).await;
        assert_eq!((answer.status, answer.text.as_str()), (StatusCode::OK, "0123456789"), "{range}");
    }
}

/// Nobody listens to a recording but for its first byte and is not noted.
#[tokio::test]
async fn whatever_part_is_heard_first_is_noted() {
    let house = house().await;
    let heard = async || {
        let noted = house.store.audit(None, None, 100).await.unwrap();
        noted.iter().filter(|line| line.what == "recording-heard").count()
    };
    for (range, noted) in [
        ("bytes=2-4", 1),
        ("bytes=2-4", 1),
        ("bytes=0-", 2),
        ("bytes=90-", 2),
        ("bytes=-3", 3),
    ] {
        house.send(asks(&at(1, "audio"), &[("range", range)])).await;
        assert_eq!(heard().await, noted, "{range}");
    }
    // Of another recording nothing is noted yet.
    house.send(asks(&at(2, "audio"), &[("range", "bytes=1-")])).await;
    assert_eq!(heard().await, 4);
}

#[tokio::test]
async fn what_is_not_there_is_said_to_be_so() {
    let house = house().await;
    for (place, status, code) in [
        (at(2, "audio"), StatusCode::NOT_FOUND, "gone"),
        (at(3, "audio"), StatusCode::BAD_GATEWAY, "not-played"),
        (at(4, "audio"), StatusCode::NOT_FOUND, "unknown-recording"),
        (at(1, "transcript"), StatusCode::NOT_FOUND, "no-transcript"),
        (at(1, "audio").replace("/1/", "/one/"), StatusCode::NOT_FOUND, "unknown-recording"),
        (at(1, "audio").replace("lab", "ward"), StatusCode::NOT_FOUND, "unknown-hotline"),
    ] {
        let answer = house.send(asks(&place, &[])).await;
        assert_eq!((answer.status, answer.error_code()), (status, code.to_owned()), "{place}");
        assert!(!answer.text.contains("RE"), "{}", answer.text);
    }
}

/// The list says nothing of what was said, nor the carrier's names.
#[tokio::test]
async fn the_list_is_without_sound_and_names() {
    let house = house().await;
    let answer = house.get("/api/v1/hotlines/lab/recordings").await;
    let list = answer.json();
    let ids: Vec<_> = list["recordings"].as_array().unwrap().iter().map(|one| one["id"].clone()).collect();
    assert_eq!(ids, [3, 2, 1], "the newest first");
    assert_eq!(list["recordings"][2]["seconds"], 7);
    assert_eq!(list["recordings"][2]["audio"], at(1, "audio"));
    assert!(!answer.text.contains("RE0") && !answer.text.contains("REgone"), "{}", answer.text);
}

#[tokio::test]
async fn what_is_deleted_is_gone_here_and_soon_at_the_carrier() {
    let house = house().await;
    let delete = || {
        let mut request = asks(&at(1, "delete"), &[("accept", "application/json")]);
        *request.method_mut() = axum::http::Method::POST;
        request
    };
    assert_eq!(house.store.recordings(&lab()).await.unwrap().len(), 3);
    assert_eq!(house.send(delete()).await.status, StatusCode::NO_CONTENT);
    assert_eq!(house.send(delete()).await.error_code(), "unknown-recording");
    let gone = house.store.discarded(house.now + TimeDelta::days(1), 9).await.unwrap();
    assert_eq!(gone.len(), 1);
    assert_eq!((gone[0].recording.0.as_str(), gone[0].failures), (SID, 0));
}

/// Each place is kept until its listener has heard it out or is gone.
#[tokio::test]
async fn no_more_than_sixteen_listen_at_once() {
    let house = house().await;
    let router = house.router();
    let mut listening = Vec::new();
    for _ in 0..16 {
        let response = router.clone().oneshot(asks(&at(1, "audio"), &[])).await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        listening.push(response);
    }
    let one_more = house.send(asks(&at(1, "audio"), &[])).await;
    assert_eq!(
        (one_more.status, one_more.error_code()),
        (StatusCode::SERVICE_UNAVAILABLE, "too-many-listeners".to_owned())
    );
    listening.pop();
    let next = house.send(asks(&at(1, "audio"), &[])).await;
    assert_eq!(next.status, StatusCode::OK);
}
