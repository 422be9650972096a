//! Most of what is told of a call changes nothing but the call: nobody is ordered anything, nobody becomes free, there is nothing
//! to tell. Such a change is decided before it is its turn, by the call as it was kept last, and all that come together
//! are written by two statements, however many they are.
//!
//! It must not know what events mean. Whether the call was still the same is found out in writing: where somebody else has
//! written it meanwhile nothing is kept, and the event is to be handled anew.

use super::Connection;
use super::story::{parse_id, to_json};
use super::{StoreError, idle};
use crate::call::{Call, CallId, Event};
use chrono::{DateTime, Utc};
use moka::future::Cache;
use sqlx::AssertSqlSafe;
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How many calls are at hand: those of which something was told lately.
const MOST_AT_HAND: u64 = 4_096;

/// Calls as they were kept last, by this process. Each has a place of its own: to change what is in it costs the cache nothing.
#[derive(Clone, Debug)]
pub(super) struct AtHand(Cache<CallId, Arc<Mutex<Place>>>);

#[derive(Debug, Default)]
struct Place {
    /// None once somebody else has written the call.
    as_kept: Option<(Arc<Call>, i64)>,
    idle: Arc<AtomicU32>,
}

/// A call that is at hand.
#[derive(Clone, Debug)]
pub(super) struct Known {
    pub(super) call: Arc<Call>,
    pub(super) version: i64,
    /// How many events that changed nothing this process has kept of it.
    idle: Arc<AtomicU32>,
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
        let place = place_of(&place);
        let (call, version) = place.as_kept.clone()?;
        let idle = Arc::clone(&place.idle);
        Some(Known { call, version, idle })
    }

    /// As it was just kept. Of one that is over hardly anything is told any more.
    pub(super) async fn put(&self, call: Arc<Call>, version: i64) {
        let id = call.id();
        if !call.is_live() {
            self.0.invalidate(&id).await;
            return;
        }
        let place = self.0.get_with(id, async { Arc::default() }).await;
        place_of(&place).as_kept = Some((call, version));
    }

    /// It is not as it was. What it had of events that change nothing still counts.
    pub(super) async fn forget(&self, call: CallId) {
        if let Some(place) = self.0.get(&call).await {
            place_of(&place).as_kept = None;
        }
    }
}

impl Known {
    /// One more event that changes nothing; false where there were too many.
    pub(super) fn takes_idle(&self, most: u32) -> bool {
        self.idle.fetch_add(1, Ordering::Relaxed) < most
    }
}

fn place_of(place: &Mutex<Place>) -> MutexGuard<'_, Place> {
    place.lock().unwrap_or_else(PoisonError::into_inner)
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

    pub(super) const fn decided(&self) -> Decided {
        (self.call, self.version)
    }

    /// Whether the event changes nothing.
    pub(super) const fn is_idle(&self) -> bool {
        self.state.is_none()
    }

    /// As a row of a log: under the version that it left as it was, or that it has made.
    fn logged(&self) -> (CallId, i64, i64, &str) {
        let seq = if self.is_idle() { self.version } else { self.version + 1 };
        (self.call, seq, self.at.timestamp_millis(), &self.event)
    }
}

/// Names a change among those that are written together: its call, and the version by which it was decided.
pub(super) type Decided = (CallId, i64);

/// Writes changes of which one at most changes a call's state; those that somebody else has overtaken, by writing their call
/// meanwhile: of them nothing is kept. It is the first thing of a change of the connection's.
pub(super) async fn write(connection: &mut Connection, changes: &[&Plain]) -> Result<BTreeSet<Decided>, StoreError> {
    if write_all(connection, changes).await? {
        return Ok(BTreeSet::new());
    }
    connection.undo_change().await?;
    let overtaken = overtaken(connection, changes).await?;
    let kept: Vec<&Plain> = changes
        .iter()
        .copied()
        .filter(|change| !overtaken.contains(&change.decided()))
        .collect();
    if !write_all(connection, &kept).await? {
        // There is one writer at a time, and it is us.
        return Err(StoreError::Busy);
    }
    Ok(overtaken)
}

/// Whether all of them were written. Those that change nothing go first: they hold by the version that the others replace.
async fn write_all(connection: &mut Connection, changes: &[&Plain]) -> Result<bool, StoreError> {
    let (idle, others): (Vec<&Plain>, Vec<&Plain>) = changes.iter().partition(|change| change.is_idle());
    if !idle::note_all(connection, &idle).await? || !replace_all(connection, &others).await? {
        return Ok(false);
    }
    log_all(connection, &others).await?;
    Ok(true)
}

/// Whether all of them were written.
async fn replace_all(connection: &mut Connection, changes: &[&Plain]) -> Result<bool, StoreError> {
    if changes.is_empty() {
        return Ok(true);
    }
    let rows = changes
        .iter()
        .map(|change| (change.call, change.version, change.deadline, &change.state));
    let written = sqlx::query(AssertSqlSafe(format!(
        "UPDATE calls SET version = told.version + 1, state = told.state, deadline = told.deadline FROM ({}) AS told
         WHERE calls.id = told.id AND calls.version = told.version",
        told_in(connection, ", CAST(value ->> 2 AS BIGINT) AS deadline, value ->> 3 AS state")
    )))
    .bind(to_json(&rows.collect::<Vec<_>>())?)
    .execute(connection)
    .await?;
    Ok(written.rows_affected() == changes.len() as u64)
}

/// Those whose call is not as it was when the change was decided.
async fn overtaken(connection: &mut Connection, changes: &[&Plain]) -> Result<BTreeSet<Decided>, StoreError> {
    let decided: Vec<Decided> = changes.iter().map(|change| change.decided()).collect();
    let found: Vec<(String, i64)> = sqlx::query_as(AssertSqlSafe(format!(
        "SELECT told.id, told.version FROM ({}) AS told
         WHERE NOT EXISTS (SELECT 1 FROM calls WHERE calls.id = told.id AND calls.version = told.version)",
        told_in(connection, "")
    )))
    .bind(to_json(&decided)?)
    .fetch_all(connection)
    .await?;
    found.iter().map(|(id, version)| Ok((parse_id(id)?, *version))).collect()
}

/// The only parameter, as rows: however many changes there are, they are one value, and the statement has one text.
fn told_in(connection: &Connection, besides: &str) -> String {
    format!(
        "SELECT value ->> 0 AS id, CAST(value ->> 1 AS BIGINT) AS version{besides} FROM {}",
        connection.elements_of_the_parameter()
    )
}

/// What is to be logged of changes: the rows that a statement selects from, and its only parameter.
pub(super) fn told_to_log(connection: &Connection, changes: &[&Plain]) -> Result<(String, String), StoreError> {
    let rows = told_in(connection, ", CAST(value ->> 2 AS BIGINT) AS at, value ->> 3 AS event");
    let logged: Vec<_> = changes.iter().map(|change| change.logged()).collect();
    Ok((rows, to_json(&logged)?))
}

async fn log_all(connection: &mut Connection, changes: &[&Plain]) -> Result<(), StoreError> {
    if changes.is_empty() {
        return Ok(());
    }
    let (rows, told) = told_to_log(connection, changes)?;
    sqlx::query(AssertSqlSafe(format!(
        "INSERT INTO events (call, seq, at, event) SELECT told.id, told.version, told.at, told.event FROM ({rows}) AS told"
    )))
    .bind(told)
    .execute(connection)
    .await?;
    Ok(())
}
