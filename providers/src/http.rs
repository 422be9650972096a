//! How this crate speaks HTTP: which addresses it may speak to, how long it waits, how much it takes in, and what a
//! status means. It must not know whose API is at the other end, nor what a token is.
//!
//! Redirects are never followed here: whoever wants to follow one decides anew what may be sent to that place.

mod base;

#[cfg(test)]
mod tests;

pub use base::Base;
pub(crate) use base::is_this_machine;

use crate::SourceError;
use chrono::{DateTime, Utc};
use reqwest::header::{HeaderMap, HeaderName, LOCATION, RETRY_AFTER};
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode, Url, redirect};
use serde_json::{Map, Value};
use std::error::Error;
use std::fmt;
use std::time::Duration;

/// Of one answer in JSON; a page of a list of 5 000 items is some MiB.
pub(crate) const JSON_BYTES: u64 = 16 << 20;
/// Of the answers to questions about one thing: a token, the state of a file.
pub(crate) const SMALL_JSON_BYTES: u64 = 1 << 20;
/// Of one answer in JSON. Each takes some 600 bytes of memory once it is read, however short it is written.
const OBJECTS: usize = 200_000;
/// Of an error; what is longer is not quoted.
const ERROR_BYTES: usize = 64 << 10;
/// How long to wait where a source says "asked too often" and not for how long.
const WAIT: Duration = Duration::from_secs(60);
/// Nobody is waited for longer than this, whatever is asked for: 315 s is the longest that was seen.
const LONGEST_WAIT: Duration = Duration::from_secs(3_600);
/// What a source says in its own words is quoted up to here.
const QUOTED_CHARS: usize = 200;

/// Our side of HTTP.
#[derive(Clone)]
pub(crate) struct Http {
    /// Through the proxy that the environment names, if it does.
    outside: Client,
    /// To this machine, where no proxy leads.
    inside: Client,
    patience: Duration,
    time: fn() -> DateTime<Utc>,
}

/// An answer, read whole. It may hold a token: there is no `Debug`.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    /// How long not to ask again.
    pub(crate) retry_after: Option<Duration>,
    pub(crate) location: Option<String>,
    pub(crate) body: Vec<u8>,
    /// Who answered, for words.
    host: String,
}

impl fmt::Debug for Http {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Http").field("patience", &self.patience).finish_non_exhaustive()
    }
}

impl Http {
    /// `patience` bounds a request as a whole, its body included; `time` is what dates in answers are compared with.
    ///
    /// # Errors
    /// `Transient` where the machine lacks what TLS needs.
    pub(crate) fn new(patience: Duration, time: fn() -> DateTime<Utc>) -> Result<Self, SourceError> {
        let client = || {
            Client::builder()
                .redirect(redirect::Policy::none())
                .connect_timeout(patience.min(Duration::from_secs(10)))
                .timeout(patience)
                .user_agent(concat!("rotaline/", env!("CARGO_PKG_VERSION")))
        };
        let failed = |fault| SourceError::Transient(format!("no HTTP client can be made here: {}", root(&fault)));
        Ok(Self {
            outside: client().build().map_err(failed)?,
            inside: client().no_proxy().build().map_err(failed)?,
            patience,
            time,
        })
    }

    /// A request to be given its headers and sent.
    pub(crate) fn request(&self, method: Method, url: Url) -> RequestBuilder {
        self.client(&url).request(method, url)
    }

    /// Sends a request and reads the answer to its end, whatever its status is, up to `bound` bytes.
    ///
    /// # Errors
    /// `Transient` for everything that the network does, `Malformed` beyond the bound.
    pub(crate) async fn send(&self, request: RequestBuilder, bound: u64) -> Result<Answer, SourceError> {
        let request = request
            .build()
            .map_err(|fault| SourceError::Malformed(format!("the request cannot be written: {}", root(&fault))))?;
        self.execute(request, bound).await
    }

    /// As [`Http::send`], for a request that is built already.
    pub(crate) async fn execute(&self, request: reqwest::Request, bound: u64) -> Result<Answer, SourceError> {
        let host = request.url().host_str().unwrap_or("the source").to_owned();
        let client = self.client(request.url());
        let response = client.execute(request).await.map_err(|fault| self.failed(&host, &fault))?;
        let mut answer = Answer {
            status: response.status(),
            retry_after: header(response.headers(), &RETRY_AFTER).map(|text| wait(&text, (self.time)())),
            location: header(response.headers(), &LOCATION),
            body: Vec::new(),
            host,
        };
        answer.body = self.body(response, &answer.host, bound).await?;
        Ok(answer)
    }

    /// Piece by piece, so that an endless answer fills no memory.
    async fn body(&self, mut response: Response, host: &str, bound: u64) -> Result<Vec<u8>, SourceError> {
        let too_long = || SourceError::Malformed(format!("{host} answered with more than {} MiB", bound >> 20));
        if response.content_length().is_some_and(|length| length > bound) {
            return Err(too_long());
        }
        let mut body = Vec::new();
        while let Some(piece) = response.chunk().await.map_err(|fault| self.failed(host, &fault))? {
            let length = body.len().saturating_add(piece.len());
            if u64::try_from(length).unwrap_or(u64::MAX) > bound {
                return Err(too_long());
            }
            body.extend_from_slice(&piece);
        }
        Ok(body)
    }

    fn client(&self, url: &Url) -> &Client {
        if is_this_machine(url) { &self.inside } else { &self.outside }
    }

    /// The address is left out: its query may be a key to a file.
    fn failed(&self, host: &str, fault: &reqwest::Error) -> SourceError {
        SourceError::Transient(if fault.is_timeout() {
            format!("{host} did not answer in full within {} s", self.patience.as_secs_f32())
        } else if fault.is_connect() {
            format!("{host} cannot be reached ({})", root(fault))
        } else {
            format!("the answer of {host} broke off ({})", root(fault))
        })
    }
}

impl Answer {
    /// The answer as the object that it should be.
    ///
    /// # Errors
    /// `Malformed` where it is something else, such as the web page of a network that wants to be signed in to.
    pub(crate) fn object(&self) -> Result<Map<String, Value>, SourceError> {
        if self.body.iter().filter(|byte| **byte == b'{').count() > OBJECTS {
            return Err(self.strange("more than is read of one answer"));
        }
        let is_page = self.body.trim_ascii_start().starts_with(b"<");
        match serde_json::from_slice(&self.body) {
            Ok(Value::Object(object)) => Ok(object),
            Ok(_) => Err(self.strange("something else than was asked for")),
            Err(_) if is_page => Err(self.strange("a web page instead of data; a proxy or a sign-in page may stand in between")),
            Err(_) => Err(self.strange("something that is no JSON")),
        }
    }

    /// What a status other than the expected one means for the admin; in the source's own words, where it has some.
    pub(crate) fn refusal(&self) -> SourceError {
        self.refusal_as(self.words())
    }

    /// As [`Answer::refusal`], in words of ours.
    pub(crate) fn refusal_as(&self, words: String) -> SourceError {
        match self.status.as_u16() {
            401 => SourceError::Auth(words),
            403 => SourceError::Forbidden(words),
            404 | 410 => SourceError::NotFound(words),
            429 => throttled(self.retry_after.unwrap_or(WAIT)),
            300..400 => SourceError::Transient(format!("{words}; a proxy or a sign-in page may stand in between")),
            408 | 423 | 425 => SourceError::Transient(words),
            400..500 => SourceError::Malformed(words),
            _ => match self.retry_after {
                Some(wait) => throttled(wait),
                None => SourceError::Transient(words),
            },
        }
    }

    /// The source's own account of what is wrong, on one line and not long: `error.message`, or
    /// `error_description`, as both Google and Microsoft have it.
    pub(crate) fn said(&self) -> Option<String> {
        let short = Some(&self.body).filter(|body| body.len() <= ERROR_BYTES)?;
        let body: Value = serde_json::from_slice(short).ok()?;
        let error = body.get("error")?;
        let message = error.get("message").or_else(|| body.get("error_description")).unwrap_or(error);
        let line = quotable(message.as_str()?);
        (!line.is_empty()).then_some(line)
    }

    fn words(&self) -> String {
        let status = self.status.as_u16();
        match self.said() {
            Some(said) => format!("{} answered {status}, \"{said}\"", self.host),
            None => format!("{} answered {status}", self.host),
        }
    }

    fn strange(&self, what: &str) -> SourceError {
        SourceError::Malformed(format!("{} answered with {what}", self.host))
    }
}

fn throttled(retry_after: Duration) -> SourceError {
    SourceError::Throttled { retry_after }
}

/// On one line, without control characters, cut to what a person reads.
pub(crate) fn quotable(text: &str) -> String {
    let words: Vec<&str> = text
        .split(|character: char| character.is_whitespace() || character.is_control())
        .filter(|word| !word.is_empty())
        .collect();
    let line = words.join(" ");
    match line.char_indices().nth(QUOTED_CHARS) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or_default()),
        None => line,
    }
}

fn header(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    headers.get(name)?.to_str().ok().map(str::to_owned)
}

/// `Retry-After`, seconds or a date (RFC 9110, section 10.2.3); what is neither means "some time".
pub(crate) fn wait(text: &str, now: DateTime<Utc>) -> Duration {
    let text = text.trim();
    let asked = match (text.parse(), httpdate::parse_http_date(text)) {
        (Ok(seconds), _) => Duration::from_secs(seconds),
        (Err(_), Ok(date)) => (DateTime::<Utc>::from(date) - now).to_std().unwrap_or(Duration::ZERO),
        (Err(_), Err(_)) => WAIT,
    };
    asked.clamp(Duration::from_secs(1), LONGEST_WAIT)
}

/// The innermost reason: the outer ones repeat the address.
fn root(fault: &reqwest::Error) -> String {
    let mut inner: Option<&dyn Error> = fault.source();
    let mut words = None;
    while let Some(fault) = inner {
        words = Some(fault.to_string());
        inner = fault.source();
    }
    quotable(&words.unwrap_or_else(|| "no reason is given".into()))
}
