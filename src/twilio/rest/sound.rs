//! The sound of a recording, as it comes from the carrier: never longer, slower or of another kind than it can be.

use super::{Client, trouble};
use crate::call::{RecordingId, Refusal};
use crate::switchboard::CarrierError;
use axum::body::Bytes;
use futures_util::stream::{self, BoxStream, StreamExt as _};
use reqwest::StatusCode;
use reqwest::header::{CONTENT_RANGE, CONTENT_TYPE, RANGE};
use secrecy::ExposeSecret as _;
use std::time::Duration;

/// Three hours of telephone sound are a good part of that.
const MOST_BYTES: u64 = 512 * 1024 * 1024;
/// How long somebody may listen to one answer.
const LONGEST: Duration = Duration::from_secs(4 * 60 * 60);
/// How long the beginning, and each further piece, may need.
const PIECE_PATIENCE: Duration = Duration::from_secs(20);

/// In place of a code of the carrier: there is no such part of the recording.
pub const NO_SUCH_PART: u32 = 416;

/// What the carrier plays.
pub struct Sound {
    /// Such as `audio/mpeg`.
    pub kind: String,
    /// How many bytes there are, where the carrier says so.
    pub length: Option<u64>,
    /// Which part it is, where it is one.
    pub part: Option<String>,
    /// As they come.
    pub bytes: BoxStream<'static, Result<Bytes, CarrierError>>,
}

impl Client {
    /// The sound of a recording, or that part of it which `range` asks for. Redirections are not followed: they would lead
    /// whoever listens, or our credentials, somewhere else.
    ///
    /// # Errors
    /// [`CarrierError::Gone`] where there is no such recording; else as [`CarrierError`] says.
    pub async fn sound(&self, recording: &RecordingId, range: Option<&str>) -> Result<Sound, CarrierError> {
        let url = format!("{}{}", self.api.as_str().trim_end_matches('/'), self.account.sound_of(recording));
        let mut request = self.http.get(url).timeout(LONGEST);
        if let Some(range) = range {
            request = request.header(RANGE, range);
        }
        let request = request.basic_auth(&self.user, Some(self.secret.expose_secret()));
        let sent = tokio::time::timeout(PIECE_PATIENCE, request.send()).await;
        let response = sent.map_err(|_| slow())?.map_err(trouble)?;
        let is_part = match response.status() {
            StatusCode::OK => false,
            StatusCode::PARTIAL_CONTENT => true,
            StatusCode::NOT_FOUND | StatusCode::GONE => return Err(CarrierError::Gone),
            StatusCode::RANGE_NOT_SATISFIABLE => return Err(refused("there is no such part", Some(NO_SUCH_PART))),
            other => {
                return Err(refused(
                    &format!("the sound of a recording was answered with HTTP status {other}"),
                    None,
                ));
            }
        };
        let header = |name| {
            response
                .headers()
                .get(name)
                .and_then(|value| value.to_str().ok())
                .map(str::to_owned)
        };
        let kind = header(CONTENT_TYPE).unwrap_or_default();
        let part = header(CONTENT_RANGE).filter(|_| is_part);
        if !kind.to_ascii_lowercase().starts_with("audio/") {
            return Err(refused(&format!("the sound of a recording is of the kind {kind:?}"), None));
        }
        let length = response.content_length();
        if length.is_some_and(|length| length > MOST_BYTES) {
            return Err(refused("the sound of a recording is too long", None));
        }
        let bytes = stream::try_unfold((response, 0), piece).boxed();
        Ok(Sound { kind, length, part, bytes })
    }
}

/// The next piece, in time, and not beyond what a recording can be.
async fn piece((mut response, before): (reqwest::Response, u64)) -> Result<Option<(Bytes, (reqwest::Response, u64))>, CarrierError> {
    let piece = tokio::time::timeout(PIECE_PATIENCE, response.chunk()).await;
    let Some(piece) = piece.map_err(|_| slow())?.map_err(trouble)? else {
        return Ok(None);
    };
    let so_far = before + piece.len() as u64;
    if so_far > MOST_BYTES {
        return Err(refused("the sound of a recording does not end", None));
    }
    Ok(Some((piece, (response, so_far))))
}

fn slow() -> CarrierError {
    CarrierError::Unsure("the sound of a recording does not come".to_owned())
}

fn refused(message: &str, code: Option<u32>) -> CarrierError {
    CarrierError::Refused(Refusal {
        code,
        message: message.to_owned(),
        permanent: false,
    })
}
