//! Recordings: which there are, for everybody who sees the page; what is in them only for whoever signs in, and only through
//! us. Where the sound comes from is somebody else's work: the app gives a [`Player`].

use super::WebState;
use super::api::find;
use super::fault::{ApiFault, Fault, wants_json};
use super::test_line::is_same_origin;
use super::times::rfc3339;
use crate::config::Password;
use crate::store::{Recording, RecordingKind};
use axum::Json;
use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, Extension, Path, State};
use axum::http::header::{ACCEPT_RANGES, AUTHORIZATION, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, RANGE, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use futures_util::StreamExt as _;
use futures_util::stream::BoxStream;
use serde::Serialize;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use tokio::sync::Semaphore;

/// So many listen at once.
const LISTENERS: usize = 16;
/// What a browser may ask for a part of.
const LONGEST_RANGE: usize = 48;

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

/// Who may listen, and to what.
#[derive(Clone)]
pub struct Playback {
    password: Password,
    player: Arc<dyn Player>,
    listeners: Arc<Semaphore>,
}

impl Playback {
    /// Whoever knows the password listens to what the player plays.
    #[must_use]
    pub fn new(password: Password, player: Arc<dyn Player>) -> Self {
        Self {
            password,
            player,
            listeners: Arc::new(Semaphore::new(LISTENERS)),
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
    /// Where it is heard, after signing in.
    audio: String,
}

/// `GET /api/v1/hotlines/{name}/recordings`: the newest first. What was said is not in it.
pub(super) async fn list(State(web): State<WebState>, Path(name): Path<String>) -> Result<Json<serde_json::Value>, ApiFault> {
    let board = web.board(find(&web, &name)?).await?;
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

type Peer = Option<Extension<ConnectInfo<SocketAddr>>>;

/// `GET /api/v1/hotlines/{name}/recordings/{id}/audio`.
pub(super) async fn audio(State(web): State<WebState>, Path(place): Path<(String, String)>, peer: Peer, headers: HeaderMap) -> Response {
    let range = range(&headers);
    match listened(&web, &place, &headers).await {
        Ok((playback, recording)) => {
            // A browser asks for one recording in many parts.
            if range.is_none_or(|range| range.starts_with("bytes=0-")) {
                log(&place.0, &recording, peer, &headers, "a recording is listened to");
            }
            play(&playback, &recording, range)
                .await
                .unwrap_or_else(|fault| ApiFault::from(fault).into_response())
        }
        Err(refused) => refused,
    }
}

/// `GET /api/v1/hotlines/{name}/recordings/{id}/transcript`.
pub(super) async fn transcript(
    State(web): State<WebState>,
    Path(place): Path<(String, String)>,
    peer: Peer,
    headers: HeaderMap,
) -> Response {
    match listened(&web, &place, &headers).await {
        Ok((_, recording)) => {
            log(&place.0, &recording, peer, &headers, "what was said in a message is read");
            match recording.transcript {
                Some(text) => ([(CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response(),
                None => ApiFault::from(Fault::missing("no-transcript", "This recording is not written down.")).into_response(),
            }
        }
        Err(refused) => refused,
    }
}

/// `POST /api/v1/hotlines/{name}/recordings/{id}/delete`, from our own page only, as everything that changes something.
pub(super) async fn delete(State(web): State<WebState>, Path(place): Path<(String, String)>, peer: Peer, headers: HeaderMap) -> Response {
    if !is_same_origin(&headers) {
        let fault = Fault::new(
            StatusCode::FORBIDDEN,
            "other-origin",
            "A recording can be deleted from this page only.",
        );
        return ApiFault::from(fault).into_response();
    }
    let recording = match listened(&web, &place, &headers).await {
        Ok((_, recording)) => recording,
        Err(refused) => return refused,
    };
    let hotline = crate::call::HotlineName(place.0.clone());
    match web.store.discard_recording(&hotline, recording.id).await {
        Ok(_) => {
            log(
                &place.0,
                &recording,
                peer,
                &headers,
                "a recording is to be deleted, as somebody wishes",
            );
            if wants_json(&headers) {
                StatusCode::NO_CONTENT.into_response()
            } else {
                Redirect::to("/#recordings").into_response()
            }
        }
        Err(error) => ApiFault::from(error).into_response(),
    }
}

/// The recording, for whoever has signed in; else what is answered instead.
async fn listened(web: &WebState, (name, id): &(String, String), headers: &HeaderMap) -> Result<(Playback, Recording), Response> {
    let Some(playback) = &web.playback else {
        let message = "Nothing can be heard here, because no password is configured for it. Set ROTALINE_RECORDINGS_PASSWORD, or recordings_password_file in [server], and restart rotaline.";
        return Err(ApiFault::from(Fault::new(StatusCode::FORBIDDEN, "no-password", message)).into_response());
    };
    if !said_password(headers).is_some_and(|said| playback.password.is(&said)) {
        if headers.contains_key(AUTHORIZATION) {
            tracing::warn!(
                hotline = name,
                recording = id,
                "somebody wanted to listen to a recording with a wrong password"
            );
        }
        return Err(sign_in());
    }
    let found = async {
        let hotline = find(web, name)?;
        let unknown = || Fault::missing("unknown-recording", "There is no such recording (any more).");
        let id: i64 = id.parse().map_err(|_| unknown())?;
        web.store.recording(&hotline.name, id).await?.ok_or_else(unknown)
    };
    match found.await {
        Ok(recording) => Ok((playback.clone(), recording)),
        Err(fault) => Err(ApiFault::from(fault).into_response()),
    }
}

/// The browser asks by itself.
fn sign_in() -> Response {
    let message = "Recordings are heard only by whoever signs in: any name, and the password that is configured for recordings.";
    let mut response = ApiFault::from(Fault::new(StatusCode::UNAUTHORIZED, "sign-in", message)).into_response();
    let ask = HeaderValue::from_static("Basic realm=\"Recordings\", charset=\"UTF-8\"");
    response.headers_mut().insert(WWW_AUTHENTICATE, ask);
    response
}

fn said_password(headers: &HeaderMap) -> Option<String> {
    let said = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, credentials) = said.split_once(' ')?;
    let decoded = BASE64
        .decode(credentials.trim())
        .ok()
        .filter(|_| scheme.eq_ignore_ascii_case("basic"))?;
    let text = String::from_utf8(decoded).ok()?;
    text.split_once(':').map(|(_, password)| password.to_owned())
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

/// Who it was is not known: whoever has the password. A proxy before us says for whom it asks, which nobody vouches for.
fn log(hotline: &str, recording: &Recording, peer: Peer, headers: &HeaderMap, what: &'static str) {
    let from = peer.map(|Extension(ConnectInfo(peer))| peer.ip());
    let forwarded = headers.get("x-forwarded-for").and_then(|value| value.to_str().ok());
    let forwarded: Option<IpAddr> = forwarded.and_then(|text| text.split(',').next()?.trim().parse().ok());
    tracing::info!(hotline, recording = recording.id, call = %recording.call, ?from, ?forwarded, "{what}");
}
