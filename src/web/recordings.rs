//! Recordings: which there are, for everybody who sees the hotline; what is in them only for whoever may listen, noted each
//! time, and only through us. Where the sound comes from is somebody else's work: the app gives a [`Player`].

use super::api::find;
use super::fault::{ApiFault, Fault, wants_json};
use super::times::rfc3339;
use super::visitor::Visitor;
use super::{Hotline, WebState};
use crate::access::Act;
use crate::store::{Recording, RecordingKind};
use axum::Json;
use axum::body::{Body, Bytes};
use axum::extract::{Extension, Path, State};
use axum::http::header::{ACCEPT_RANGES, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, RANGE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use chrono::{DateTime, TimeDelta, Utc};
use futures_util::StreamExt as _;
use futures_util::stream::BoxStream;
use serde::Serialize;
use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::Semaphore;

/// So many listen at once.
const LISTENERS: usize = 16;
/// What a browser may ask for a part of.
const LONGEST_RANGE: usize = 48;
/// So long somebody listens to one recording, in parts, and is noted once.
const LISTENS: TimeDelta = TimeDelta::hours(4);
/// So many who listen are kept in mind.
const MOST_NOTED: usize = 1_000;

/// Where the sound of recordings comes from.
#[async_trait::async_trait]
pub trait Player: Send + Sync {
    /// The sound of the recording with this name of the carrier's, or of a part of it: `range` is what a browser asks for
    /// (`bytes=0-`).
    ///
    /// # Errors
    /// [`NotPlayed`].
    async fn play(&self, recording: &str, range: Option<&str>) -> Result<Sound, NotPlayed>;
}

/// What is heard.
pub struct Sound {
    /// Such as `audio/mpeg`.
    pub kind: String,
    /// How many bytes there are, where that is known.
    pub length: Option<u64>,
    /// Which part it is, where it is one.
    pub part: Option<String>,
    /// As they come.
    pub bytes: BoxStream<'static, io::Result<Bytes>>,
}

/// Why nothing is heard.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotPlayed {
    /// It is not there any more.
    #[error("there is no such recording any more")]
    Gone,
    /// There is no such part of it.
    #[error("there is no such part of the recording")]
    NoSuchPart,
    /// It cannot be had just now; why, for the log.
    #[error("{0}")]
    Unavailable(String),
}

/// What is listened to, by so many at once.
#[derive(Clone)]
pub struct Playback {
    player: Arc<dyn Player>,
    listeners: Arc<Semaphore>,
    noted: Noted,
}

/// Who is noted as listening to what, and since when.
#[derive(Clone, Default)]
struct Noted(Arc<Mutex<BTreeMap<Listening, DateTime<Utc>>>>);

/// A kind of visitor and his name; the recording.
type Listening = (&'static str, String, i64);

impl Noted {
    /// Whether it is noted that he listens to that, not long ago.
    fn has(&self, listening: &Listening, now: DateTime<Utc>) -> bool {
        let noted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        noted.get(listening).is_some_and(|since| now - *since < LISTENS)
    }

    fn add(&self, listening: Listening, now: DateTime<Utc>) {
        let mut noted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        noted.retain(|_, since| now - *since < LISTENS);
        // Whoever is left out is noted once more.
        if noted.len() < MOST_NOTED {
            noted.insert(listening, now);
        }
    }
}

impl Playback {
    /// Whoever may listen hears what the player plays.
    #[must_use]
    pub fn new(player: Arc<dyn Player>) -> Self {
        Self {
            player,
            listeners: Arc::new(Semaphore::new(LISTENERS)),
            noted: Noted::default(),
        }
    }
}

#[derive(Serialize)]
struct RecordingAnswer {
    id: i64,
    call: String,
    kind: RecordingKind,
    began_at: String,
    seconds: Option<u32>,
    /// How many voices are kept apart in it.
    channels: Option<u8>,
    /// Whether a message is written down.
    transcribed: bool,
    /// Where it is heard, by whoever may.
    audio: String,
}

/// `GET /api/v1/hotlines/{name}/recordings`: the newest first. What was said is not in it.
pub(super) async fn list(
    State(web): State<WebState>,
    Extension(visitor): Extension<Visitor>,
    Path(name): Path<String>,
) -> Result<Json<serde_json::Value>, ApiFault> {
    let board = web.board(find(&web, &name)?, visitor.hotlines()).await?;
    let recordings = web.store.recordings(&board.hotline.name).await?;
    let answers: Vec<RecordingAnswer> = recordings
        .iter()
        .map(|recording| RecordingAnswer {
            id: recording.id,
            call: recording.call.to_string(),
            kind: recording.kind,
            began_at: rfc3339(&board.zone, recording.began_at),
            seconds: recording.seconds,
            channels: recording.channels,
            transcribed: recording.transcript.is_some(),
            audio: address(&name, recording.id, "audio"),
        })
        .collect();
    Ok(Json(serde_json::json!({ "hotline": board.hotline.name, "recordings": answers })))
}

/// Where something of a recording is.
pub(super) fn address(hotline: &str, id: i64, what: &str) -> String {
    format!("/api/v1/hotlines/{hotline}/recordings/{id}/{what}")
}

/// `GET /api/v1/hotlines/{name}/recordings/{id}/audio`.
pub(super) async fn audio(
    State(web): State<WebState>,
    Extension(visitor): Extension<Visitor>,
    Path(place): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, ApiFault> {
    let (playback, hotline, recording) = meant(&web, &place).await?;
    let range = range(&headers);
    let (listening, now) = (
        (visitor.who.kind().as_str(), visitor.who.name().to_owned(), recording.id),
        web.clock.now(),
    );
    // A browser asks for one recording in many parts. Whatever part comes first is noted.
    if !range.is_some_and(is_later_part) || !playback.noted.has(&listening, now) {
        let act = Act::RecordingHeard {
            id: recording.id,
            call: recording.call,
        };
        visitor.note(&web, &act, Some(&hotline.name)).await?;
        playback.noted.add(listening, now);
    }
    Ok(play(playback, &recording, range).await?)
}

/// `GET /api/v1/hotlines/{name}/recordings/{id}/transcript`.
pub(super) async fn transcript(
    State(web): State<WebState>,
    Extension(visitor): Extension<Visitor>,
    Path(place): Path<(String, String)>,
) -> Result<Response, ApiFault> {
    let (_, hotline, recording) = meant(&web, &place).await?;
    let Some(text) = recording.transcript else {
        return Err(Fault::missing("no-transcript", "This recording is not written down.").into());
    };
    let act = Act::TranscriptRead {
        id: recording.id,
        call: recording.call,
    };
    visitor.note(&web, &act, Some(&hotline.name)).await?;
    Ok(([(CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response())
}

/// `POST /api/v1/hotlines/{name}/recordings/{id}/delete`.
pub(super) async fn delete(
    State(web): State<WebState>,
    Extension(visitor): Extension<Visitor>,
    Path(place): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, ApiFault> {
    let (_, hotline, recording) = meant(&web, &place).await?;
    let act = Act::RecordingDeleted {
        id: recording.id,
        call: recording.call,
    };
    visitor.note(&web, &act, Some(&hotline.name)).await?;
    web.store.discard_recording(&hotline.name, recording.id).await?;
    if wants_json(&headers) {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    Ok(Redirect::to("/#recordings").into_response())
}

async fn meant<'w>(web: &'w WebState, (name, id): &(String, String)) -> Result<(&'w Playback, &'w Hotline, Recording), Fault> {
    let playback = web.playback.as_ref();
    let playback = playback.ok_or_else(|| Fault::missing("not-played", "Nothing can be heard here."))?;
    let hotline = find(web, name)?;
    let unknown = || Fault::missing("unknown-recording", "There is no such recording (any more).");
    let id: i64 = id.parse().map_err(|_| unknown())?;
    let recording = web.store.recording(&hotline.name, id).await?.ok_or_else(unknown)?;
    Ok((playback, hotline, recording))
}

/// Whether it follows one that was asked for before. Not where its beginning is left out: those are the last seconds, which
/// somebody might want to hear alone.
fn is_later_part(range: &str) -> bool {
    !range.starts_with("bytes=0-") && !range.starts_with("bytes=-")
}

/// A single part, as browsers ask for it; anything else is answered with the whole.
fn range(headers: &HeaderMap) -> Option<&str> {
    let range = headers.get(RANGE)?.to_str().ok()?;
    let (first, last) = range.strip_prefix("bytes=")?.split_once('-')?;
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    (range.len() <= LONGEST_RANGE && is_number(first) && is_number(last) && !(first.is_empty() && last.is_empty())).then_some(range)
}

async fn play(playback: &Playback, recording: &Recording, range: Option<&str>) -> Result<Response, Fault> {
    let busy = || {
        Fault::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "too-many-listeners",
            "Too many listen at once. Try again in a moment.",
        )
    };
    let place = Arc::clone(&playback.listeners).try_acquire_owned().map_err(|_| busy())?;
    let sound = playback.player.play(&recording.recording.0, range).await.map_err(|why| match why {
        NotPlayed::Gone => Fault::missing("gone", "The recording is not there any more: somebody has deleted it at Twilio."),
        NotPlayed::NoSuchPart => Fault::new(
            StatusCode::RANGE_NOT_SATISFIABLE,
            "no-such-part",
            "There is no such part of the recording.",
        ),
        NotPlayed::Unavailable(why) => {
            tracing::error!(recording = recording.id, why, "a recording cannot be played");
            let message = "Twilio does not give us the recording just now. The log says why. Try again in a moment.";
            Fault::new(StatusCode::BAD_GATEWAY, "not-played", message)
        }
    })?;
    let status = if sound.part.is_some() {
        StatusCode::PARTIAL_CONTENT
    } else {
        StatusCode::OK
    };
    // The place is kept for as long as somebody listens.
    let bytes = sound.bytes.map(move |piece| {
        let _ = &place;
        piece
    });
    let mut response = (status, Body::from_stream(bytes)).into_response();
    let headers = response.headers_mut();
    let said = [
        (CONTENT_TYPE, Some(sound.kind)),
        (ACCEPT_RANGES, Some("bytes".to_owned())),
        (CONTENT_LENGTH, sound.length.map(|length| length.to_string())),
        (CONTENT_RANGE, sound.part),
    ];
    for (name, value) in said {
        if let Some(value) = value.and_then(|value| HeaderValue::try_from(value).ok()) {
            headers.insert(name, value);
        }
    }
    Ok(response)
}
