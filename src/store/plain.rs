//! Most of what is told of a call changes nothing but the call: nobody is ordered anything, nobody becomes free, there is nothing
//! to tell. Such a change is decided before it is its turn, by the call as it was kept last, and all that come together
//! are written by two statements, however many they are.
//!
//! It must not know what events mean. Whether the call was still the same is found out in writing: where somebody else has
//! written it meanwhile nothing is kept, and the event is to be handled anew.

use super::Connection;
use super::StoreError;
use super::call_rows::Versioned;
use super::story::{id_text, parse_id, to_json};
use crate::call::{Call, CallId, Event};
use chrono::{DateTime, Utc};
use moka::future::Cache;
use sqlx::AssertSqlSafe;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::Arc;

/// How many calls are at hand: those of which something was told lately.
const MOST_AT_HAND: u64 = 4_096;
/// So many are written by one statement: it has a text for each number of them.
const MOST_IN_A_STATEMENT: usize = 64;

/// Calls as they were kept last, by this process.
#[derive(Clone, Debug)]
pub(super) struct AtHand(Cache<CallId, Arc<Versioned>>);

/// A change of a call and of nothing else.
#[derive(Clone, Debug)]
pub(super) struct Plain {
    call: CallId,
    /// The version by which it was decided.
    version: i64,
    /// None where it is as before.
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
    pub(super) async fn get(&self, call: CallId) -> Option<Arc<Versioned>> {
        self.0.get(&call).await
    }

    /// As it was just kept. Of one that is over hardly anything is told any more.
    pub(super) async fn put(&self, found: Versioned) {
        let call = found.call.id();
        if found.call.is_live() {
            self.0.insert(call, Arc::new(found)).await;
        } else {
            self.forget(call).await;
        }
    }

    pub(super) async fn forget(&self, call: CallId) {
        self.0.invalidate(&call).await;
    }
}

impl Plain {
    /// The event has made this of the call.
    pub(super) fn new(before: &Versioned, after: &Call, event: &Event, at: DateTime<Utc>) -> Result<Self, StoreError> {
        let is_same = before.call == *after;
        Ok(Self {
            call: after.id(),
            version: before.version,
            state: if is_same { None } else { Some(to_json(after)?) },
            deadline: after.deadline().map(|at| at.timestamp_millis()),
            event: to_json(event)?,
            at,
        })
    }

    pub(super) const fn call(&self) -> CallId {
        self.call
    }
}

/// Writes changes of different calls; those calls that somebody else has written meanwhile, of which nothing is kept.
pub(super) async fn write(connection: &mut Connection, changes: &[&Plain]) -> Result<BTreeSet<CallId>, StoreError> {
    let mut overtaken = BTreeSet::new();
    for changes in changes.chunks(MOST_IN_A_STATEMENT) {
        let written = replace_all(connection, changes).await?;
        let (kept, others): (Vec<&Plain>, Vec<&Plain>) = changes.iter().copied().partition(|change| written.contains(&change.call));
        log_all(connection, &kept).await?;
        overtaken.extend(others.into_iter().map(|change| change.call));
    }
    Ok(overtaken)
}

async fn replace_all(connection: &mut Connection, changes: &[&Plain]) -> Result<BTreeSet<CallId>, StoreError> {
    let rows = rows(changes.len(), &["TEXT", "BIGINT", "TEXT", "BIGINT"]);
    let mut query = sqlx::query_as(AssertSqlSafe(format!(
        "WITH told (id, version, state, deadline) AS (VALUES {rows})
         UPDATE calls SET version = told.version + 1, state = coalesce(told.state, calls.state), deadline = told.deadline
         FROM told WHERE calls.id = told.id AND calls.version = told.version RETURNING calls.id"
    )));
    for change in changes {
        query = query
            .bind(id_text(change.call))
            .bind(change.version)
            .bind(change.state.clone())
            .bind(change.deadline);
    }
    let written: Vec<(String,)> = query.fetch_all(connection).await?;
    written.iter().map(|(id,)| parse_id(id)).collect()
}

async fn log_all(connection: &mut Connection, changes: &[&Plain]) -> Result<(), StoreError> {
    if changes.is_empty() {
        return Ok(());
    }
    let rows = rows(changes.len(), &["TEXT", "BIGINT", "BIGINT", "TEXT"]);
    let mut query = sqlx::query(AssertSqlSafe(format!("INSERT INTO events (call, seq, at, event) VALUES {rows}")));
    for change in changes {
        query = query
            .bind(id_text(change.call))
            .bind(change.version + 1)
            .bind(change.at.timestamp_millis())
            .bind(change.event.clone());
    }
    query.execute(connection).await?;
    Ok(())
}

/// Numbered parameters for so many rows: `(CAST($1 AS TEXT), …), (…)`.
fn rows(count: usize, kinds: &[&str]) -> String {
    let mut text = String::with_capacity(count * kinds.len() * 24);
    let mut number = 0;
    for row in 0..count {
        text.push_str(if row == 0 { "(" } else { ", (" });
        for (place, kind) in kinds.iter().enumerate() {
            number += 1;
            let comma = if place == 0 { "" } else { ", " };
            // Writing to a text cannot fail.
            let _ = write!(text, "{comma}CAST(${number} AS {kind})");
        }
        text.push(')');
    }
    text
}
