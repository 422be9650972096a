//! What went wrong, in words: as a page for people, as JSON for programs. Nothing else than a stable code, a
//! message and a status ever leaves the house.

use super::{headers, page};
use crate::store::StoreError;
use axum::Json;
use axum::extract::rejection::FormRejection;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;
use std::any::Any;

/// Where programs knock, who read no pages.
const PROGRAMS: [&str; 3] = ["/api/", "/twilio/", "/nudge/"];
const NOT_FOUND: &str = "There is nothing at this address.";
const WRONG_METHOD: &str = "This address does not take such a request.";

/// A refusal or a failure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) status: StatusCode,
    /// Stable; for programs.
    pub(super) code: &'static str,
    /// For people.
    pub(super) message: String,
}

/// A fault told to a person.
pub(super) struct PageFault(Fault);

/// A fault told to a program.
pub(super) struct ApiFault(Fault);

impl Fault {
    pub(super) fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            status,
            code,
            message: message.into(),
        }
    }

    pub(super) fn bad(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, message)
    }

    pub(super) fn missing(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, code, message)
    }
}

impl From<StoreError> for Fault {
    /// The store's own words are for the log: they may name files.
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "the store failed a page or a program");
        let message = match error {
            StoreError::Busy => "The store is busy. Try again in a moment.",
            StoreError::Corrupt { .. } => "The store holds something that cannot be read. The log says what.",
            StoreError::Unavailable(_) => "The store is not available. The log says why.",
        };
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "store-unavailable", message)
    }
}

impl From<FormRejection> for Fault {
    fn from(rejection: FormRejection) -> Self {
        Self::new(rejection.status(), "bad-form", "The form is not ours. Load the page anew.")
    }
}

impl<F: Into<Fault>> From<F> for PageFault {
    fn from(fault: F) -> Self {
        Self(fault.into())
    }
}

impl<F: Into<Fault>> From<F> for ApiFault {
    fn from(fault: F) -> Self {
        Self(fault.into())
    }
}

impl IntoResponse for PageFault {
    fn into_response(self) -> Response {
        (self.0.status, page::fault(&self.0)).into_response()
    }
}

impl IntoResponse for ApiFault {
    fn into_response(self) -> Response {
        let Fault { status, code, message } = self.0;
        (status, Json(json!({ "error": { "code": code, "message": message } }))).into_response()
    }
}

/// For a handler that has panicked: words instead of a cut connection.
pub(super) fn panicked(_: Box<dyn Any + Send>) -> Response {
    let message = "Something went wrong in the program itself. Calls are not affected. The log says more.";
    PageFault(Fault::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", message)).into_response()
}

/// A refusal by whoever stands before this room: as JSON for programs, as a page for people.
#[must_use]
pub fn refusal(uri: &Uri, status: StatusCode, code: &'static str, message: String) -> Response {
    headers::added(told(uri, Fault::new(status, code, message)))
}

/// The same answer; where it refuses something by its status alone, or in words of a library, in words of ours with a code that
/// stays.
#[must_use]
pub fn worded(uri: &Uri, answer: Response) -> Response {
    let status = answer.status();
    if !(status.is_client_error() || status.is_server_error()) || is_ours(answer.headers()) {
        return answer;
    }
    let (code, message) = words(status);
    let mut told = refusal(uri, status, code, message.to_owned());
    for name in [header::ALLOW, header::RETRY_AFTER, header::WWW_AUTHENTICATE] {
        if let Some(value) = answer.headers().get(&name) {
            told.headers_mut().insert(name, value.clone());
        }
    }
    told
}

/// Libraries refuse in plain text, or in none; we never do.
fn is_ours(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    kind.is_some_and(|kind| !kind.starts_with("text/plain"))
}

fn words(status: StatusCode) -> (&'static str, &'static str) {
    match status {
        StatusCode::NOT_FOUND => ("not-found", NOT_FOUND),
        StatusCode::METHOD_NOT_ALLOWED => ("wrong-method", WRONG_METHOD),
        StatusCode::REQUEST_TIMEOUT => ("too-slow", "The request did not come in time."),
        StatusCode::PAYLOAD_TOO_LARGE => ("too-long", "The request is longer than what is read here."),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => ("media-type", "The request has a content type that is not read here."),
        status if status.is_client_error() => ("bad-request", "The request cannot be read."),
        _ => ("unavailable", "That cannot be done just now. Try again in a moment."),
    }
}

/// For a path that nobody serves.
pub(super) async fn not_found(uri: Uri) -> Response {
    told(&uri, Fault::missing("not-found", NOT_FOUND))
}

/// For a path that is served in another way.
pub(super) async fn wrong_method(uri: Uri) -> Response {
    told(&uri, Fault::new(StatusCode::METHOD_NOT_ALLOWED, "wrong-method", WRONG_METHOD))
}

fn told(uri: &Uri, fault: Fault) -> Response {
    if PROGRAMS.iter().any(|doors| uri.path().starts_with(doors)) {
        ApiFault(fault).into_response()
    } else {
        PageFault(fault).into_response()
    }
}

/// Whether the client asks for JSON rather than for a page.
pub(super) fn wants_json(headers: &HeaderMap) -> bool {
    headers
        .get(header::ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.contains("application/json"))
}
