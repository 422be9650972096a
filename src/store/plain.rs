//! Most of what is told of a call changes nothing but the call: nobody is ordered anything, nobody becomes free, there is nothing
//! to tell. Such a change is decided before it is its turn, by the call as it was kept last, and all that come together
//! are written by two statements, however many they are.
//!
//! It must not know what events mean. Whether the call was still the same is found out in writing: where somebody else has
//! written it meanwhile nothing is kept, and the event is to be handled anew.

use super::Connection;
use super::StoreError;
use super::story::{id_text, parse_id, to_json};
use crate::call::{Call, CallId, Event};
use chrono::{DateTime, Utc};
use moka::future::Cache;
use sqlx::AssertSqlSafe;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

/// How many calls are at hand: those of which something was told lately.
const MOST_AT_HAND: u64 = 4_096;

/// Calls as they were kept last, by this process. Each has a place of its own: to change what is in it costs the cache nothing.
#[derive(Clone, Debug)]
pub(super) struct AtHand(Cache<CallId, Arc<Mutex<Known>>>);

/// A call that is at hand.
#[derive(Clone, Debug)]
pub(super) struct Known {
    pub(super) call: Arc<Call>,
    pub(super) version: i64,
}

/// A change of a call and of nothing else.
#[derive(Clone, Debug)]
pub(super) struct Plain {
    call: CallId,
    /// The version by which it was decided.
    version: i64,
    /// None where it is as before, and the deadline with it.
    state: Option<String>,
    /// In ms.
    deadline: Option<i64>,
    event: String,
    at: DateTime<Utc>,
}

/// What became of a plain change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kept {
    Kept,
    /// Somebody else has written the call since it was read.
    Overtaken,
}

impl Default for AtHand {
    fn default() -> Self {
        Self(Cache::new(MOST_AT_HAND))
    }
}

impl AtHand {
    pub(super) async fn get(&self, call: CallId) -> Option<Known> {
        let place = self.0.get(&call).await?;
        let known = place.lock().unwrap_or_else(PoisonError::into_inner);
        Some(known.clone())
    }

    /// As it was just kept. Of one that is over hardly anything is told any more.
    pub(super) async fn put(&self, known: Known) {
        let call = known.call.id();
        if !known.call.is_live() {
            self.forget(call).await;
        } else if let Some(place) = self.0.get(&call).await {
            *place.lock().unwrap_or_else(PoisonError::into_inner) = known;
        } else {
            self.0.insert(call, Arc::new(Mutex::new(known))).await;
        }
    }

    pub(super) async fn forget(&self, call: CallId) {
        self.0.invalidate(&call).await;
    }
}

impl Plain {
    /// The event has made this of the call, which was at hand as `before`.
    pub(super) fn new(before: &Known, after: &Arc<Call>, event: &Event, at: DateTime<Utc>) -> Result<Self, StoreError> {
        let is_same = Arc::ptr_eq(&before.call, after);
        Ok(Self {
            call: after.id(),
            version: before.version,
            state: if is_same { None } else { Some(to_json(&**after)?) },
            deadline: after.deadline().map(|at| at.timestamp_millis()),
            event: to_json(event)?,
            at,
        })
    }

    pub(super) const fn call(&self) -> CallId {
        self.call
    }
}

/// Writes changes of different calls; those calls that somebody else has written meanwhile, of which nothing is kept. It is
/// the first thing of a change of the connection's.
pub(super) async fn write(connection: &mut Connection, changes: &[&Plain]) -> Result<BTreeSet<CallId>, StoreError> {
    if replace_all(connection, changes).await? {
        log_all(connection, changes).await?;
        return Ok(BTreeSet::new());
    }
    connection.undo_change().await?;
    let overtaken = overtaken(connection, changes).await?;
    let kept: Vec<&Plain> = changes.iter().copied().filter(|change| !overtaken.contains(&change.call)).collect();
    if !replace_all(connection, &kept).await? {
        // There is one writer at a time, and it is us.
        return Err(StoreError::Busy);
    }
    log_all(connection, &kept).await?;
    Ok(overtaken)
}

/// Whether all of them were written.
async fn replace_all(connection: &mut Connection, changes: &[&Plain]) -> Result<bool, StoreError> {
    // What is as before is not written again: an index would be, too.
    let (as_before, others): (Vec<&Plain>, Vec<&Plain>) = changes.iter().partition(|change| change.state.is_none());
    for (changes, set) in [(as_before, ""), (others, ", state = told.state, deadline = told.deadline")] {
        if changes.is_empty() {
            continue;
        }
        let rows = changes
            .iter()
            .map(|change| (id_text(change.call), change.version, change.deadline, &change.state));
        let told = to_json(&rows.collect::<Vec<_>>())?;
        let written = sqlx::query(AssertSqlSafe(format!(
            "UPDATE calls SET version = told.version + 1{set} FROM ({}) AS told
             WHERE calls.id = told.id AND calls.version = told.version",
            told_in(connection)
        )))
        .bind(told)
        .execute(&mut *connection)
        .await?;
        if written.rows_affected() != changes.len() as u64 {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Those that are not as they were when the change was decided.
async fn overtaken(connection: &mut Connection, changes: &[&Plain]) -> Result<BTreeSet<CallId>, StoreError> {
    let rows = changes.iter().map(|change| (id_text(change.call), change.version, (), ()));
    let found: Vec<(String,)> = sqlx::query_as(AssertSqlSafe(format!(
        "SELECT told.id FROM ({}) AS told WHERE NOT EXISTS (SELECT 1 FROM calls WHERE calls.id = told.id AND calls.version = told.version)",
        told_in(connection)
    )))
    .bind(to_json(&rows.collect::<Vec<_>>())?)
    .fetch_all(connection)
    .await?;
    found.iter().map(|(id,)| parse_id(id)).collect()
}

/// The only parameter, as rows: however many changes there are, they are one value, and the statement has one text.
fn told_in(connection: &Connection) -> String {
    format!(
        "SELECT value ->> 0 AS id, CAST(value ->> 1 AS BIGINT) AS version, CAST(value ->> 2 AS BIGINT) AS deadline, value ->> 3 AS state
         FROM {}",
        connection.elements_of_the_parameter()
    )
}

async fn log_all(connection: &mut Connection, changes: &[&Plain]) -> Result<(), StoreError> {
    let rows = changes
        .iter()
        .map(|change| (id_text(change.call), change.version + 1, change.at.timestamp_millis(), &change.event));
    let told = to_json(&rows.collect::<Vec<_>>())?;
    sqlx::query(AssertSqlSafe(format!(
        "INSERT INTO events (call, seq, at, event)
         SELECT value ->> 0, CAST(value ->> 1 AS BIGINT), CAST(value ->> 2 AS BIGINT), value ->> 3 FROM {}",
        connection.elements_of_the_parameter()
    )))
    .bind(told)
    .execute(connection)
    .await?;
    Ok(())
}
