//! Deletes what has had its time, once a day: calls, a few at a time, so that a call that comes in meanwhile waits for no long
//! write; what nobody looks back to any more; lines of the audit log; sessions and links that have run out.

use crate::access::{IDLE, LONGEST};
use crate::clock::Clock;
use crate::store::{Store, StoreError};
use chrono::TimeDelta;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// After a start there is more urgent work.
const AFTER_START: Duration = Duration::from_secs(60);
/// Calls deleted in one transaction.
const BATCH: u32 = 20;
/// Events that changed nothing, likewise: single rows.
const BATCH_OF_IDLE: u32 = 1_000;
/// Between two transactions, for everybody else who writes.
const BREATH: Duration = Duration::from_millis(100);

/// Deletes what is older than so many days, every day until `shutdown`; none, only what opens nothing any more. What is cut off
/// goes on the next time.
pub(super) async fn keep_days(days: Option<u32>, store: Store, clock: Clock, shutdown: CancellationToken) {
    let mut pause = AFTER_START;
    while shutdown.run_until_cancelled(tokio::time::sleep(pause)).await.is_some() {
        pause = DAY;
        let now = clock.now();
        if let Err(fault) = store.sweep(now).await {
            tracing::warn!(%fault, "what nobody needs any more is not all deleted; tomorrow it is tried again");
        }
        if let Err(fault) = store.sweep_access(now, now - IDLE, now - LONGEST).await {
            tracing::warn!(%fault, "sessions that are over are not swept away; tomorrow it is tried again");
        }
        let Some(days) = days else { continue };
        match shutdown.run_until_cancelled(expire(days, &store, clock)).await {
            Some(Ok(0)) => {}
            Some(Ok(calls)) => tracing::info!(calls, days, "calls that ended longer ago are deleted"),
            Some(Err(fault)) => tracing::warn!(%fault, "old calls are not all deleted; tomorrow it is tried again"),
            None => return,
        }
    }
}

async fn expire(days: u32, store: &Store, clock: Clock) -> Result<u64, StoreError> {
    let ended_before = clock.now() - TimeDelta::days(i64::from(days));
    let mut all = 0;
    loop {
        let gone = store.expire(ended_before, BATCH).await?;
        all += gone;
        if gone < u64::from(BATCH) {
            break;
        }
        tokio::time::sleep(BREATH).await;
    }
    while store.expire_idle(ended_before, BATCH_OF_IDLE).await? == u64::from(BATCH_OF_IDLE) {
        tokio::time::sleep(BREATH).await;
    }
    store.expire_audit(ended_before).await?;
    Ok(all)
}
