//! Answers and errors as Graph words them. It knows no resource.

use crate::journal::Request;
use crate::server::Answer;
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::sync::atomic::{AtomicU64, Ordering};

/// A GUID that follows from a name: equal names, equal GUIDs.
pub(super) fn guid(name: &str) -> String {
    let digest = hex(&Sha256::digest(name));
    let (a, b, c, d, e) = (&digest[..8], &digest[8..12], &digest[13..16], &digest[17..20], &digest[20..32]);
    format!("{a}-{b}-4{c}-a{d}-{e}")
}

/// Bytes in lower-case hexadecimal digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A GUID that has not been given out before by this process.
pub(super) fn fresh_guid() -> String {
    static GIVEN_OUT: AtomicU64 = AtomicU64::new(0);
    let number = GIVEN_OUT.fetch_add(1, Ordering::Relaxed);
    guid(&format!("fresh {} {number}", std::process::id()))
}

/// An instant as Graph writes it.
pub(super) fn instant(moment: DateTime<Utc>) -> String {
    moment.format("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// One request's names in the logs of both sides, and the time at which it came.
pub(super) struct Trace {
    pub(super) now: DateTime<Utc>,
    request: String,
    client_request: String,
}

impl Trace {
    pub(super) fn new(request: Option<&Request>, now: DateTime<Utc>) -> Trace {
        let given = request.and_then(|request| request.headers.get("client-request-id").cloned());
        let own = fresh_guid();
        Trace {
            now,
            client_request: given.unwrap_or_else(|| own.clone()),
            request: own,
        }
    }

    pub(super) fn json(&self, status: u16, body: &Value) -> Answer {
        let kind = "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8";
        self.marked(Answer::bytes(status, kind, body.to_string().into_bytes()))
    }

    pub(super) fn empty(&self, status: u16) -> Answer {
        self.marked(Answer::empty(status))
    }

    pub(super) fn failure(&self, failure: &Failure) -> Answer {
        let answer = self.json(failure.status, &self.error(failure));
        failure
            .headers
            .iter()
            .fold(answer, |answer, (name, value)| answer.header(name, value))
    }

    /// The JSON of an error: documentation of "Microsoft Graph error responses"; the three fields of `innerError` as recorded in public
    /// issue reports (the date there is without a zone).
    pub(super) fn error(&self, failure: &Failure) -> Value {
        let mut inner = json!({
            "date": self.now.format("%Y-%m-%dT%H:%M:%S").to_string(),
            "request-id": self.request,
            "client-request-id": self.client_request,
        });
        if let Some(detail) = failure.detail {
            inner["code"] = detail.into();
        }
        json!({ "error": { "code": failure.code, "message": failure.message, "innerError": inner } })
    }

    fn marked(&self, answer: Answer) -> Answer {
        answer
            .header("request-id", &self.request)
            .header("client-request-id", &self.client_request)
            .header("cache-control", "private")
    }
}

/// Why a request is not carried out.
#[derive(Clone, Debug)]
pub(super) struct Failure {
    pub(super) status: u16,
    code: &'static str,
    message: String,
    detail: Option<&'static str>,
    headers: Vec<(&'static str, String)>,
}

impl Failure {
    pub(super) fn new(status: u16, code: &'static str, message: impl Into<String>) -> Failure {
        Failure {
            status,
            code,
            message: message.into(),
            detail: None,
            headers: Vec::new(),
        }
    }

    /// What Graph says where a status is all that is known.
    pub(super) fn of_status(status: u16) -> Failure {
        let (code, message) = match status {
            400 => ("invalidRequest", "Invalid request"),
            401 => ("InvalidAuthenticationToken", "Access token has expired or is not yet valid."),
            403 => ("accessDenied", "Access denied"),
            404 => ("itemNotFound", "The resource could not be found."),
            409 => ("resourceModified", "The resource has changed since the caller last read it."),
            410 => (
                "resyncRequired",
                "The delta token is no longer valid, and the app must reset the sync state.",
            ),
            423 => ("resourceLocked", "The resource you are attempting to access is locked"),
            429 => ("activityLimitReached", "The app or user has been throttled."),
            503 | 504 => (
                "serviceNotAvailable",
                "The service is not available. Try the request again after a delay.",
            ),
            _ => ("generalException", "General exception while processing"),
        };
        Failure::new(status, code, message)
    }

    pub(super) fn invalid(message: impl Into<String>) -> Failure {
        Failure::new(400, "invalidRequest", message)
    }

    pub(super) fn not_found() -> Failure {
        Failure::of_status(404)
    }

    pub(super) fn denied() -> Failure {
        Failure::of_status(403)
    }

    /// Only this method and no other.
    pub(super) fn method() -> Failure {
        Failure::new(405, "invalidRequest", "The HTTP method is not allowed on the resource.")
    }

    #[must_use]
    pub(super) fn detail(mut self, code: &'static str) -> Failure {
        self.detail = Some(code);
        self
    }

    #[must_use]
    pub(super) fn header(mut self, name: &'static str, value: impl Into<String>) -> Failure {
        self.headers.push((name, value.into()));
        self
    }
}
