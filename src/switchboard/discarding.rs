//! Has the carrier delete what is not to be kept any more, again and again until it has: recordings, and what there is of a
//! number that is forgotten.
//!
//! What that is stands in the store, and so survives restarts.

use super::errand::limited;
use super::exchange::Exchange;
use crate::call::{HotlineName, Rules};
use crate::roster::Phone;
use crate::store::{Discarded, StoreError, Unwanted};
use chrono::{DateTime, TimeDelta, Utc};
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

/// Between two looks.
const NAP: TimeDelta = TimeDelta::seconds(5);
/// What is deleted, or found too old, at one look.
const BATCH: u32 = 20;
/// Before the second try; each further one takes twice as long, up to the other.
const PAUSES: (TimeDelta, TimeDelta) = (TimeDelta::seconds(30), TimeDelta::hours(6));

/// Looks after it until `shutdown`.
pub(super) async fn discard(exchange: &Arc<Exchange>, shutdown: CancellationToken) {
    loop {
        tokio::select! {
            () = shutdown.cancelled() => return,
            () = exchange.clock.sleep_until(exchange.clock.now() + NAP) => {}
        }
        if let Err(error) = exchange.discard_what_is_due().await {
            tracing::warn!(%error, "recordings that are to be deleted cannot be read; it is tried again");
        }
    }
}

impl Exchange {
    /// One look: what has become too old, then what the carrier is to delete.
    pub(super) async fn discard_what_is_due(&self) -> Result<(), StoreError> {
        let now = self.clock.now();
        for hotline in self.store.recorded_hotlines().await? {
            let days = self.kept_for(&hotline);
            let too_old = self.store.discard_recordings(&hotline, now - days, BATCH).await?;
            if too_old > 0 {
                tracing::info!(%hotline, recordings = too_old, days = days.num_days(), "recordings are older than they are kept, and are to be deleted");
            }
        }
        for discarded in self.store.discarded(now, BATCH).await? {
            self.delete_recording(&discarded, now).await?;
        }
        if let Some((number, failures)) = self.store.to_ask_for(now).await? {
            self.ask_for_records(&number, failures, now).await?;
        }
        for unwanted in self.store.unwanted(now, BATCH).await? {
            self.delete_record(&unwanted, now).await?;
        }
        Ok(())
    }

    /// What the carrier has of a number that is forgotten.
    async fn ask_for_records(&self, number: &Phone, failures: u32, now: DateTime<Utc>) -> Result<(), StoreError> {
        // Several lists, each with a limit of its own.
        match self.carrier.records_of(number, &self.own_numbers()).await {
            Ok(records) => {
                tracing::info!(%number, records = records.len(), "what the carrier has of a forgotten number is to be deleted there");
                self.store.asked_for(number, &records).await
            }
            Err(error) => {
                let pause = pause(failures);
                tracing::warn!(%number, %error, again_in_s = pause.num_seconds(), "what the carrier has of a forgotten number could not be asked");
                self.store.not_asked_for(number, now + pause).await
            }
        }
    }

    async fn delete_record(&self, unwanted: &Unwanted, now: DateTime<Utc>) -> Result<(), StoreError> {
        let Unwanted { record, failures } = unwanted;
        match limited(self.carrier.delete_record(record)).await {
            Ok(()) => {
                tracing::info!(record, "the record of a call or text is deleted at the carrier");
                self.store.is_gone(record).await
            }
            Err(error) => {
                let pause = pause(*failures);
                tracing::warn!(record, %error, failures = failures + 1, again_in_s = pause.num_seconds(), "a record is not deleted at the carrier yet; it is tried again");
                self.store.is_not_gone(record, now + pause).await
            }
        }
    }

    /// Those of hotlines that are not configured any more are kept as long as by default.
    fn kept_for(&self, hotline: &HotlineName) -> TimeDelta {
        let configured = self.lines.get(hotline).map(|line| line.rules.keep_recordings_days);
        TimeDelta::days(configured.unwrap_or(Rules::default().keep_recordings_days).into())
    }

    async fn delete_recording(&self, discarded: &Discarded, now: DateTime<Utc>) -> Result<(), StoreError> {
        let Discarded {
            recording,
            hotline,
            failures,
        } = discarded;
        match limited(self.carrier.delete_recording(recording)).await {
            Ok(()) => {
                tracing::info!(%hotline, recording = recording.0, "a recording is deleted at the carrier");
                self.store.deleted(recording, now).await
            }
            Err(error) => {
                let pause = pause(*failures);
                tracing::warn!(%hotline, recording = recording.0, %error, failures = failures + 1, again_in_s = pause.num_seconds(), "a recording is not deleted yet; it is tried again");
                self.store.not_deleted(recording, now + pause).await
            }
        }
    }
}

fn pause(failures: u32) -> TimeDelta {
    let (first, longest) = PAUSES;
    let doubled = 2_i32.saturating_pow(failures.min(16));
    first.checked_mul(doubled).map_or(longest, |pause| pause.min(longest))
}
