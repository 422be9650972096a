//! What the carrier's REST API has answered, and what that lets us do next.
//!
//! Pure; the codes are those of Twilio's error dictionary.

use super::request;
use crate::call::{LineId, RecordingId, Refusal};
use crate::roster::Phone;
use crate::switchboard::CarrierError;
use crate::twilio::webhook;
use chrono::{DateTime, SubsecRound as _, TimeDelta, Utc};
use serde::Deserialize;
use serde::de::{DeserializeOwned, Error as _};
use serde_json::Value;
use std::time::Duration;

/// How far the carrier's clock may be behind ours.
const CLOCK_SKEW: TimeDelta = TimeDelta::seconds(2);

/// What was ordered since then is listed as of this instant or a later one: the carrier's times are cut to the second.
#[must_use]
pub fn earliest(since: DateTime<Utc>) -> DateTime<Utc> {
    since.trunc_subsecs(0) - CLOCK_SKEW
}

/// An answer that came through as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RestAnswer {
    /// The HTTP status.
    pub status: u16,
    /// What `Retry-After` says.
    pub retry_after: Option<Duration>,
    /// The body, which should be JSON.
    pub body: Vec<u8>,
}

/// A line as lists and single answers show it. What is not needed is not read.
#[derive(Clone, Debug, Deserialize)]
pub struct ListedCall {
    /// Its name.
    pub sid: String,
    /// `queued`, `ringing`, `in-progress`, or how it ended.
    pub status: Option<String>,
    /// The number dialled.
    pub to: Option<String>,
    /// `inbound`, `outbound-api`, `outbound-dial` …
    pub direction: Option<String>,
    /// When it was ordered, to the second.
    #[serde(deserialize_with = "rfc_2822")]
    pub date_created: DateTime<Utc>,
}

impl ListedCall {
    /// Whether it has come to its end, of whatever kind.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.status.as_deref().and_then(webhook::ending_of).is_some()
    }

    /// Whether it was ordered by us since then, to ring this phone.
    #[must_use]
    pub fn rings(&self, phone: &Phone, since: DateTime<Utc>) -> bool {
        let goes_there = || self.to.as_deref().is_some_and(|to| request::went_to(to, phone));
        is_ordered(self.direction.as_deref()) && self.date_created >= earliest(since) && goes_there()
    }
}

fn is_ordered(direction: Option<&str>) -> bool {
    direction == Some("outbound-api")
}

/// The lines of several lists, the oldest first and each once: one may start between the lists, and so stand in both.
#[must_use]
pub fn lines(mut listed: Vec<ListedCall>) -> Vec<LineId> {
    listed.sort_by(|a, b| (a.date_created, &a.sid).cmp(&(b.date_created, &b.sid)));
    listed.dedup_by(|a, b| a.sid == b.sid);
    listed.into_iter().map(|call| LineId(call.sid)).collect()
}

/// One page of a list of lines.
#[derive(Clone, Debug, Deserialize)]
pub struct Page {
    /// The lines.
    pub calls: Vec<ListedCall>,
    /// Where the next page is.
    pub next_page_uri: Option<String>,
}

/// A text as lists show it.
#[derive(Clone, Debug, Deserialize)]
pub struct ListedText {
    /// What it says.
    pub body: Option<String>,
    /// `inbound`, `outbound-api`, `outbound-reply` …
    pub direction: Option<String>,
    /// When it was ordered, to the second.
    #[serde(deserialize_with = "rfc_2822")]
    pub date_created: DateTime<Utc>,
}

impl ListedText {
    /// Whether it was ordered by us since then, with these words.
    #[must_use]
    pub fn says(&self, body: &str, since: DateTime<Utc>) -> bool {
        let says = self.body.as_deref().map(str::trim) == Some(request::as_sent(body).trim());
        says && is_ordered(self.direction.as_deref()) && self.date_created >= earliest(since)
    }
}

/// One page of a list of texts.
#[derive(Clone, Debug, Deserialize)]
pub struct Texts {
    /// The texts.
    pub messages: Vec<ListedText>,
    /// Where the next page is.
    pub next_page_uri: Option<String>,
}

/// One page of a list of calls or of texts, of which only the names and the ends matter.
#[derive(Clone, Debug, Deserialize)]
pub struct Records {
    #[serde(alias = "calls", alias = "messages")]
    /// What is listed.
    pub records: Vec<ListedRecord>,
    /// Where the next page is.
    pub next_page_uri: Option<String>,
}

/// The record of a call or of a text.
#[derive(Clone, Debug, Deserialize)]
pub struct ListedRecord {
    /// Its name.
    pub sid: String,
    /// One end.
    pub from: Option<String>,
    /// The other.
    pub to: Option<String>,
}

#[derive(Deserialize)]
struct RecordingsPage {
    recordings: Vec<ListedRecording>,
}

#[derive(Deserialize)]
struct ListedRecording {
    sid: String,
    /// How it came about.
    source: Option<String>,
}

/// Recordings that were ordered by REST, during a call.
const OURS: &str = "StartCallRecordingAPI";

#[derive(Deserialize)]
struct Created {
    sid: String,
}

/// How long to wait after a refusal for asking too often, where the carrier does not say.
const SOME_PATIENCE: Duration = Duration::from_secs(1);

/// Too many requests at once; never processed.
const TOO_MANY_REQUESTS: u32 = 20_429;

/// Not found; a state in which nothing can be done any more.
const GONE: [u32; 2] = [20_404, 21_220];

/// What will be refused again however often it is tried: numbers that are none, are unreachable, blocked or not allowed;
/// caller numbers that are not ours; recipients who have opted out.
const PERMANENT: [u32; 25] = [
    13_214, 13_223, 13_224, 13_225, 13_227, 21_201, 21_210, 21_211, 21_212, 21_213, 21_214, 21_215, 21_216, 21_217, 21_219, 21_408, 21_602,
    21_603, 21_604, 21_606, 21_608, 21_610, 21_612, 21_614, 21_617,
];

/// The line that an order to dial has become.
///
/// # Errors
/// As [`CarrierError`] says.
pub fn created(answer: &RestAnswer) -> Result<LineId, CarrierError> {
    taken(answer)?;
    let created: Created = read(answer)?;
    Ok(LineId(created.sid))
}

/// That a new thing was taken whose name does not matter.
///
/// # Errors
/// As [`CarrierError`] says.
pub fn taken(answer: &RestAnswer) -> Result<(), CarrierError> {
    match failure(answer) {
        None => Ok(()),
        Some(failure) => Err(failure.into_error()),
    }
}

/// The recording that an order to record has become.
///
/// # Errors
/// [`CarrierError::Gone`] where the line is over; else as [`CarrierError`] says.
pub fn recording(answer: &RestAnswer) -> Result<RecordingId, CarrierError> {
    updated(answer)?;
    let created: Created = read(answer)?;
    Ok(RecordingId(created.sid))
}

/// The recordings of a line that were ordered as ours are.
///
/// # Errors
/// As [`updated`].
pub fn recordings(answer: &RestAnswer) -> Result<Vec<RecordingId>, CarrierError> {
    updated(answer)?;
    let page: RecordingsPage = read(answer)?;
    let ours = page.recordings.into_iter().filter(|one| one.source.as_deref() == Some(OURS));
    Ok(ours.map(|one| RecordingId(one.sid)).collect())
}

/// That something was deleted, or was not there.
///
/// # Errors
/// As [`CarrierError`] says.
pub fn deleted(answer: &RestAnswer) -> Result<(), CarrierError> {
    match updated(answer) {
        Ok(()) | Err(CarrierError::Gone) => Ok(()),
        Err(error) => Err(error),
    }
}

/// That the record of a call or of a text is deleted, or was not there. One of a call that is not over cannot be deleted yet.
///
/// # Errors
/// As [`CarrierError`] says.
pub fn erased(answer: &RestAnswer) -> Result<(), CarrierError> {
    if answer.status == 404 { Ok(()) } else { taken(answer) }
}

/// A page of calls or of texts.
///
/// # Errors
/// As [`CarrierError`] says.
pub fn records(answer: &RestAnswer) -> Result<Records, CarrierError> {
    taken(answer)?;
    read(answer)
}

/// That something was done to an existing line, or what is known of it.
///
/// # Errors
/// [`CarrierError::Gone`] where there is no such line or it is over; else as [`CarrierError`] says.
pub fn updated(answer: &RestAnswer) -> Result<(), CarrierError> {
    let Some(failure) = failure(answer) else { return Ok(()) };
    let is_gone = answer.status == 404 || failure.code.is_some_and(|code| GONE.contains(&code));
    Err(if is_gone { CarrierError::Gone } else { failure.into_error() })
}

/// A line by itself.
///
/// # Errors
/// As [`updated`].
pub fn line(answer: &RestAnswer) -> Result<ListedCall, CarrierError> {
    updated(answer)?;
    read(answer)
}

/// A page of lines.
///
/// # Errors
/// As [`CarrierError`] says.
pub fn page(answer: &RestAnswer) -> Result<Page, CarrierError> {
    taken(answer)?;
    read(answer)
}

/// Whether it was asked too often, and how long to wait if the carrier says so.
#[must_use]
pub fn throttled(answer: &RestAnswer) -> Option<Option<Duration>> {
    let failure = failure(answer)?;
    (failure.kind == Kind::TooOften).then_some(answer.retry_after)
}

/// A page of texts.
///
/// # Errors
/// As [`CarrierError`] says.
pub fn texts(answer: &RestAnswer) -> Result<Texts, CarrierError> {
    taken(answer)?;
    read(answer)
}

struct Failure {
    kind: Kind,
    code: Option<u32>,
    message: String,
    retry_after: Option<Duration>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    TooOften,
    Unsure,
    Refused,
}

impl Failure {
    fn into_error(self) -> CarrierError {
        match self.kind {
            Kind::TooOften => CarrierError::Throttled {
                retry_after: self.retry_after.unwrap_or(SOME_PATIENCE),
            },
            Kind::Unsure => CarrierError::Unsure(self.message),
            Kind::Refused => CarrierError::Refused(Refusal {
                permanent: self.code.is_some_and(|code| PERMANENT.contains(&code)),
                code: self.code,
                message: self.message,
            }),
        }
    }
}

fn failure(answer: &RestAnswer) -> Option<Failure> {
    let status = answer.status;
    if (200..300).contains(&status) {
        return None;
    }
    // Two shapes of error are in use: Twilio's own (code, message) and that of RFC 9457 (code, title, detail).
    let body: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    let code = body["code"].as_u64().and_then(|code| u32::try_from(code).ok());
    let kind = match status {
        429 => Kind::TooOften,
        _ if code == Some(TOO_MANY_REQUESTS) => Kind::TooOften,
        // A gateway's timeout or a fault on the way: somebody behind it may have done it.
        408 | 500.. => Kind::Unsure,
        _ => Kind::Refused,
    };
    let words = ["message", "detail", "title"].into_iter().find_map(|name| body[name].as_str());
    Some(Failure {
        kind,
        code,
        message: words.map_or_else(|| plain_words(status), numbers_masked),
        retry_after: answer.retry_after,
    })
}

fn plain_words(status: u16) -> String {
    match status {
        300..400 => format!("HTTP status {status}: a redirection, which is not followed"),
        _ => format!("HTTP status {status}"),
    }
}

/// Success whose body cannot be read: it was done, but how it is called is not known.
fn read<T: DeserializeOwned>(answer: &RestAnswer) -> Result<T, CarrierError> {
    serde_json::from_slice(&answer.body).map_err(|fault| CarrierError::Unsure(format!("an unreadable answer: {fault}")))
}

/// The carrier's messages repeat phone numbers, which logs show masked; they may also be very long.
fn numbers_masked(words: &str) -> String {
    let mut masked = String::new();
    let mut digits = String::new();
    for c in words.chars().take(300).chain(std::iter::once('\n')) {
        if c.is_ascii_digit() {
            digits.push(c);
            continue;
        }
        match digits.len() {
            0..7 => masked.push_str(&digits),
            length => {
                masked.push_str(&digits[..2]);
                masked.push('…');
                masked.push_str(&digits[length - 3..]);
            }
        }
        digits.clear();
        masked.push(c);
    }
    masked.trim_end().to_owned()
}

fn rfc_2822<'de, D: serde::Deserializer<'de>>(text: D) -> Result<DateTime<Utc>, D::Error> {
    let text = String::deserialize(text)?;
    let date = DateTime::parse_from_rfc2822(&text).map_err(D::Error::custom)?;
    Ok(date.to_utc())
}

#[cfg(test)]
mod tests;
