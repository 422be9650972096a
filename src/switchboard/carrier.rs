//! What the exchange needs of a carrier: its verbs, and exact words for how each of them can fail.
//!
//! The one implementation that rings real phones is in the room that speaks the carrier's protocol;
//! this file must not know it.

use crate::call::{CallId, Detection, LegId, LineId, RecordingId, Refusal};
use crate::roster::Phone;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use std::collections::BTreeSet;
use std::time::Duration;

/// How long the carrier may take over one verb, whatever it asks for that. Then the verb is dropped where it stands:
/// it may have been done.
pub const VERB_LIMIT: Duration = Duration::from_secs(12);

/// An order to ring a responder's phone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DialOrder {
    /// For which call.
    pub call: CallId,
    /// The leg that this becomes. A leg is dialled once in its life.
    pub leg: LegId,
    /// The hotline's number, which the responder sees.
    pub from: Phone,
    /// Whom to ring.
    pub to: Phone,
    /// How long it rings.
    pub ring_seconds: u32,
    /// Whether, and when, the carrier is to tell humans from machines.
    pub detection: Option<Detection>,
}

/// An order to record a line, both sides apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordOrder {
    /// For which call.
    pub call: CallId,
    /// Which of the call's orders to record it is.
    pub number: u16,
    /// The line.
    pub line: LineId,
}

/// Somebody who can ring phones for us. Every verb is done once: repeating what was not done, or may be done again, is
/// the exchange's business, and so is the end of what takes longer than [`VERB_LIMIT`].
#[async_trait]
pub trait Carrier: Send + Sync {
    /// Rings a phone. Not idempotent: done twice, it rings twice.
    ///
    /// # Errors
    /// As [`CarrierError`] says; [`CarrierError::Unsure`] for every failure after which the phone may ring.
    async fn dial(&self, order: &DialOrder) -> Result<LineId, CarrierError>;

    /// Stops a line that is not answered yet; one answered a moment before is left alone.
    ///
    /// # Errors
    /// [`CarrierError::Gone`] where there is nothing to stop any more.
    async fn cancel(&self, line: &LineId) -> Result<(), CarrierError>;

    /// Ends a line in whatever state it is.
    ///
    /// # Errors
    /// [`CarrierError::Gone`] where it is over already.
    async fn hang_up(&self, line: &LineId) -> Result<(), CarrierError>;

    /// Makes a connected line hear its script anew; one that is not connected yet will hear it first.
    ///
    /// # Errors
    /// [`CarrierError::Gone`] where it is over already.
    async fn redirect(&self, line: &LineId, call: CallId, leg: LegId) -> Result<(), CarrierError>;

    /// Looks up the lines that an order to dial, made at `since` or a little later, may have become, in whatever state
    /// they are now, the oldest first. Some of them may have come of other orders to ring the same phone.
    ///
    /// # Errors
    /// As [`CarrierError`] says; asking again is always safe.
    async fn find(&self, order: &DialOrder, since: DateTime<Utc>) -> Result<Vec<LineId>, CarrierError>;

    /// Sends a text message. Not idempotent.
    ///
    /// # Errors
    /// As [`CarrierError`] says; [`CarrierError::Unsure`] for every failure after which it may arrive.
    async fn text(&self, from: &Phone, to: &Phone, body: &str) -> Result<(), CarrierError>;

    /// Whether a text that was to be sent at `since` or a little later has been taken.
    ///
    /// # Errors
    /// As [`CarrierError`] says; asking again is always safe.
    async fn was_texted(&self, from: &Phone, to: &Phone, body: &str, since: DateTime<Utc>) -> Result<bool, CarrierError>;

    /// Asks whether a line is still up.
    ///
    /// # Errors
    /// [`CarrierError::Gone`] where it is over; else as [`CarrierError`] says, and asking again is always safe.
    async fn look_after(&self, line: &LineId) -> Result<(), CarrierError>;

    /// Records a line from now on. Not idempotent: done twice, there are two recordings.
    ///
    /// # Errors
    /// [`CarrierError::Gone`] where the line is over; [`CarrierError::Unsure`] for every failure after which it may record.
    async fn record(&self, order: &RecordOrder) -> Result<RecordingId, CarrierError>;

    /// Ends a recording; without its name, the one that runs on the line.
    ///
    /// # Errors
    /// [`CarrierError::Gone`] where nothing is recorded any more.
    async fn stop_recording(&self, line: &LineId, recording: Option<&RecordingId>) -> Result<(), CarrierError>;

    /// The recordings of a line that were ordered with [`Carrier::record`].
    ///
    /// # Errors
    /// As [`CarrierError`] says; asking again is always safe.
    async fn recordings(&self, line: &LineId) -> Result<Vec<RecordingId>, CarrierError>;

    /// Deletes a recording for good. What is not there (any more) is deleted.
    ///
    /// # Errors
    /// As [`CarrierError`] says; trying again is always safe.
    async fn delete_recording(&self, recording: &RecordingId) -> Result<(), CarrierError>;

    /// The names of all records that the carrier has of calls and texts between a number and ours.
    ///
    /// # Errors
    /// As [`CarrierError`] says; asking again is always safe.
    async fn records_of(&self, number: &Phone, ours: &BTreeSet<Phone>) -> Result<Vec<String>, CarrierError>;

    /// Deletes a record of a call or of a text for good. What is not there (any more) is deleted.
    ///
    /// # Errors
    /// As [`CarrierError`] says; trying again is always safe, and needed as long as the call is not over.
    async fn delete_record(&self, record: &str) -> Result<(), CarrierError>;
}

/// How a request to the carrier failed, by what may be done next.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CarrierError {
    /// The carrier says no.
    #[error("refused by the carrier: {}{}", .0.message, .0.code.map(|code| format!(" ({code})")).unwrap_or_default())]
    Refused(Refusal),
    /// There is no such line (any more).
    #[error("the line is gone")]
    Gone,
    /// Certainly not processed, safe to repeat after a while.
    #[error("the carrier is asked too often, next try in {} s", retry_after.as_secs())]
    Throttled {
        /// How long to wait at least.
        retry_after: Duration,
    },
    /// Certainly never sent, safe to repeat.
    #[error("the carrier cannot be reached: {0}")]
    Unreachable(String),
    /// May have been done: a timeout, a broken connection, a fault on the carrier's side.
    #[error("unknown whether the carrier did it: {0}")]
    Unsure(String),
}
