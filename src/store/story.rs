//! The log: what happened to calls and what they decided. Only ever added to.

use super::idle::CLOCKS_DIFFER;
use super::{Connection, Entry, Store, StoreError};
use crate::call::{Call, CallId, Event, Fact, HotlineName, Incident, LegId, LineId, Origin, Refusal};
use crate::roster::Phone;
use chrono::{DateTime, Utc};
use serde::Serialize;

/// The longest story that is told at once.
const LONGEST_STORY: u32 = 10_000;

/// What the log says of an event: the arrival is none that a call handles.
#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum Logged<'a> {
    Arrival(Arrival<'a>),
    Raised { incident: &'a Incident },
    Origin { origin: &'a Origin },
    Event(&'a Event),
}

#[derive(Serialize)]
#[serde(tag = "event", rename = "arrived")]
pub(super) struct Arrival<'a> {
    pub(super) line: &'a LineId,
    pub(super) from: Option<&'a Phone>,
}

/// Adds an event to the log and the facts that came of it to the story.
pub(super) async fn write(
    connection: &mut Connection,
    call: &Call,
    seq: i64,
    now: DateTime<Utc>,
    event: &Logged<'_>,
    facts: Vec<Fact>,
) -> Result<Vec<Entry>, StoreError> {
    sqlx::query("INSERT INTO events (call, seq, at, event) VALUES ($1, $2, $3, $4)")
        .bind(id_text(call.id()))
        .bind(seq)
        .bind(now.timestamp_millis())
        .bind(to_json(event)?)
        .execute(&mut *connection)
        .await?;
    let mut entries = Vec::with_capacity(facts.len());
    for fact in facts {
        entries.push(add(connection, (call.id(), call.hotline()), seq, now, fact).await?);
    }
    Ok(entries)
}

/// Adds a fact to the story of a call, as of its event `seq`.
pub(super) async fn add(
    connection: &mut Connection,
    (call, hotline): (CallId, &HotlineName),
    seq: i64,
    now: DateTime<Utc>,
    fact: Fact,
) -> Result<Entry, StoreError> {
    let (number,): (i64,) = sqlx::query_as("INSERT INTO facts (call, seq, at, fact) VALUES ($1, $2, $3, $4) RETURNING number")
        .bind(id_text(call))
        .bind(seq)
        .bind(now.timestamp_millis())
        .bind(to_json(&fact)?)
        .fetch_one(&mut *connection)
        .await?;
    Ok(Entry {
        number,
        call,
        hotline: hotline.clone(),
        at: now,
        fact,
    })
}

type EntryRow = (i64, String, String, i64, String);

fn entry((number, call, hotline, at, fact): EntryRow) -> Result<Entry, StoreError> {
    Ok(Entry {
        number,
        call: parse_id(&call)?,
        hotline: HotlineName(hotline),
        at: from_ms(at)?,
        fact: serde_json::from_str(&fact).map_err(|e| StoreError::unreadable(format_args!("entry {number} of the story"), &e))?,
    })
}

impl Store {
    /// The story of one call, from its beginning.
    ///
    /// # Errors
    /// As [`StoreError`] says.
    pub async fn story(&self, call: CallId) -> Result<Vec<Entry>, StoreError> {
        let rows: Vec<EntryRow> = sqlx::query_as(
            "SELECT f.number, f.call, c.hotline, f.at, f.fact FROM facts f JOIN calls c ON c.id = f.call
             WHERE f.call = $1 ORDER BY f.number LIMIT $2",
        )
        .bind(id_text(call))
        .bind(i64::from(LONGEST_STORY))
        .fetch_all(&self.readers)
        .await?;
        rows.into_iter().map(entry).collect()
    }

    /// The entries of all calls after a number, for those who have missed some.
    ///
    /// # Errors
    /// As [`StoreError`] says.
    pub async fn entries_after(&self, number: i64, limit: u32) -> Result<Vec<Entry>, StoreError> {
        let rows: Vec<EntryRow> = sqlx::query_as(
            "SELECT f.number, f.call, c.hotline, f.at, f.fact FROM facts f JOIN calls c ON c.id = f.call
             WHERE f.number > $1 ORDER BY f.number LIMIT $2",
        )
        .bind(number)
        .bind(i64::from(limit))
        .fetch_all(&self.readers)
        .await?;
        rows.into_iter().map(entry).collect()
    }

    /// The number of the newest entry; 0 before the first.
    ///
    /// # Errors
    /// As [`StoreError`] says.
    pub async fn latest_entry(&self) -> Result<i64, StoreError> {
        let (number,): (i64,) = sqlx::query_as("SELECT COALESCE(MAX(number), 0) FROM facts")
            .fetch_one(&self.readers)
            .await?;
        Ok(number)
    }

    /// What happened to one call, as JSON, from its beginning: for support and for replaying.
    ///
    /// # Errors
    /// As [`StoreError`] says.
    pub async fn log(&self, call: CallId) -> Result<Vec<serde_json::Value>, StoreError> {
        let rows: Vec<(i64, String)> = sqlx::query_as(
            "SELECT seq, event FROM (
                 SELECT seq, 0 AS idle, number, event FROM events WHERE call = $1
                 UNION ALL SELECT seq, 1, number, event FROM idle_events WHERE call = $1
                     AND at >= (SELECT arrived_at - $2 FROM calls WHERE id = $1)
                     AND at <= coalesce((SELECT ended_at + $2 FROM calls WHERE id = $1), $3)
             ) AS logged ORDER BY seq, idle, number LIMIT $4",
        )
        .bind(id_text(call))
        .bind(CLOCKS_DIFFER.num_milliseconds())
        .bind(i64::MAX)
        .bind(i64::from(LONGEST_STORY))
        .fetch_all(&self.readers)
        .await?;
        let events = rows.into_iter().map(|(seq, event)| {
            serde_json::from_str(&event).map_err(|e| StoreError::unreadable(format_args!("event {seq} of call {call}"), &e))
        });
        events.collect()
    }

    /// Why the carrier did not take the order to dial a leg, where it did not.
    ///
    /// # Errors
    /// As [`StoreError`] says.
    pub async fn refusal_of(&self, call: CallId, leg: LegId) -> Result<Option<Refusal>, StoreError> {
        // None of them is idle: see `decided_plainly`.
        let events: Vec<(String,)> = sqlx::query_as("SELECT event FROM events WHERE call = $1 ORDER BY seq DESC LIMIT $2")
            .bind(id_text(call))
            .bind(i64::from(LONGEST_STORY))
            .fetch_all(&self.readers)
            .await?;
        let mut of_the_leg = events.iter().filter_map(|(event,)| match serde_json::from_str(event) {
            Ok(Event::Refused { leg: refused, why }) if refused == leg => Some(why),
            // The arrival is no event that a call handles.
            Ok(_) | Err(_) => None,
        });
        Ok(of_the_leg.next())
    }

    /// Keeps a small fact under a name, in place of what was kept there.
    ///
    /// # Errors
    /// As [`StoreError`] says.
    pub async fn remember(&self, key: &str, value: &str) -> Result<(), StoreError> {
        sqlx::query("INSERT INTO remembered (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value")
            .bind(key)
            .bind(value)
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    /// Keeps a small fact under a name unless one is kept there already; what is kept there now.
    ///
    /// # Errors
    /// As [`StoreError`] says.
    pub async fn remember_once(&self, key: &str, value: &str) -> Result<String, StoreError> {
        let (kept,) = sqlx::query_as(
            "INSERT INTO remembered (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = remembered.value
             RETURNING value",
        )
        .bind(key)
        .bind(value)
        .fetch_one(&self.writer)
        .await?;
        Ok(kept)
    }

    /// The small fact kept under a name.
    ///
    /// # Errors
    /// As [`StoreError`] says.
    pub async fn recall(&self, key: &str) -> Result<Option<String>, StoreError> {
        let row: Option<(String,)> = sqlx::query_as("SELECT value FROM remembered WHERE key = $1")
            .bind(key)
            .fetch_optional(&self.readers)
            .await?;
        Ok(row.map(|(value,)| value))
    }
}

pub(super) fn id_text(call: CallId) -> String {
    call.0.to_string()
}

pub(super) fn parse_id(text: &str) -> Result<CallId, StoreError> {
    let id = text.parse().map_err(|e| StoreError::Corrupt {
        what: format!("the name of a call: {e}"),
    })?;
    Ok(CallId(id))
}

pub(super) fn from_ms(ms: i64) -> Result<DateTime<Utc>, StoreError> {
    DateTime::from_timestamp_millis(ms).ok_or_else(|| StoreError::Corrupt {
        what: format!("an instant: {ms} ms"),
    })
}

/// A number that is kept in a wider type than ours.
pub(super) fn narrow<T: TryFrom<i64>>(number: i64) -> Result<T, StoreError> {
    T::try_from(number).map_err(|_| StoreError::Corrupt {
        what: format!("a number: {number}"),
    })
}

pub(super) fn to_json<T: Serialize + ?Sized>(what: &T) -> Result<String, StoreError> {
    serde_json::to_string(what).map_err(|e| StoreError::unreadable(std::any::type_name::<T>(), &e))
}
