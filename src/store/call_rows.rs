//! Calls as rows: loading, writing, and what can be asked about them without loading them.

use super::story::{from_ms, id_text, narrow, parse_id, to_json};
use super::{CallFilter, CallSummary, Connection, Counted, Store, StoreError, lines, presence, waiting};
use crate::call::{Away, Call, CallId, HotlineName, Outcome};
use crate::roster::Phone;
use chrono::{DateTime, Utc};
use std::collections::{BTreeMap, BTreeSet};

/// Of a call that has just begun.
pub(super) const FIRST_VERSION: i64 = 1;

/// A call with the version under which it was read.
#[derive(Clone, Debug)]
pub(super) struct Versioned {
    pub(super) call: Call,
    pub(super) version: i64,
}

pub(super) async fn load(connection: &mut Connection, call: CallId) -> Result<Option<Versioned>, StoreError> {
    let row: Option<(String, i64)> = sqlx::query_as("SELECT state, version FROM calls WHERE id = $1")
        .bind(id_text(call))
        .fetch_optional(connection)
        .await?;
    row.map(|(state, version)| {
        Ok(Versioned {
            call: read_state(call, &state)?,
            version,
        })
    })
    .transpose()
}

/// What a call has to know of the world for a decision: whom other calls are ringing or talking with, what is meant for those
/// ahead of it in the line, and who is away.
pub(super) async fn around(connection: &mut Connection, call: &Call, now: DateTime<Utc>) -> Result<Around, StoreError> {
    // One question instead of three: each is a way to the database and back, while others wait.
    let rows: Vec<AroundRow> = sqlx::query_as(
        "SELECT 1 AS kind, number AS a, CAST(NULL AS TEXT) AS b, CAST(NULL AS TEXT) AS c, CAST(NULL AS TEXT) AS d,
                CAST(0 AS BIGINT) AS n, CAST(0 AS BIGINT) AS m FROM engaged WHERE call <> $1
         UNION ALL SELECT 2, number, shown, told_by, NULL, until, told_at FROM presence WHERE until > $2
         UNION ALL SELECT 2, number, shown, NULL, cell, until, since FROM sheet_presence AS said
         WHERE hotline = $3 AND until > $2
            AND NOT EXISTS (SELECT 1 FROM returns WHERE returns.number = said.number AND returns.told_at >= said.since)
         UNION ALL SELECT 3, '', NULL, NULL, NULL, 0, 0 WHERE EXISTS (SELECT 1 FROM waiting WHERE wanted <> '[]')
         ORDER BY kind, n",
    )
    .bind(id_text(call.id()))
    .bind(now.timestamp_millis())
    .bind(&call.hotline().0)
    .fetch_all(&mut *connection)
    .await?;
    let mut around = Around::default();
    let mut somebody_waits = false;
    for (kind, a, b, c, d, n, m) in rows {
        if kind == 1 {
            around.engaged.insert(number_of(&a)?);
        } else if kind == 3 {
            somebody_waits = true;
        } else {
            let (number, absence) = presence::read((a, n, b.unwrap_or_default(), m, c, d))?;
            around.away.insert(number, absence);
        }
    }
    if somebody_waits {
        around.engaged.extend(waiting::promised(connection, Some(call.id()), now).await?);
    }
    Ok(around)
}

/// What it is, four texts and two numbers of it.
type AroundRow = (i64, String, Option<String>, Option<String>, Option<String>, i64, i64);

/// The world around a call.
#[derive(Default)]
pub(super) struct Around {
    pub(super) engaged: BTreeSet<Phone>,
    pub(super) away: BTreeMap<Phone, Away>,
}

fn read_state(call: CallId, state: &str) -> Result<Call, StoreError> {
    serde_json::from_str(state).map_err(|e| StoreError::unreadable(format_args!("the state of call {call}"), &e))
}

/// The numbers that calls are ringing or talking with.
pub(super) async fn engaged(connection: &mut Connection) -> Result<BTreeSet<Phone>, StoreError> {
    let rows: Vec<(String,)> = sqlx::query_as("SELECT DISTINCT number FROM engaged").fetch_all(connection).await?;
    let numbers = rows.into_iter().map(|(number,)| number_of(&number));
    numbers.collect()
}

/// How many calls there are of those to be counted; not beyond what is asked for. Alarms and callbacks have no caller, and are
/// none; nor are texts.
pub(super) async fn count(connection: &mut Connection, counted: &Counted<'_>) -> Result<u32, StoreError> {
    let (count,): (i64,) = sqlx::query_as(
        "SELECT count(*) FROM (
             SELECT 1 FROM calls WHERE arrived_at > $1 AND hotline = $2 AND from_number IS NOT DISTINCT FROM $3
                 AND id NOT IN (SELECT call FROM incidents) AND id NOT IN (SELECT call FROM callback_calls)
                 AND NOT EXISTS (SELECT 1 FROM texts WHERE texts.call = calls.id AND texts.became = 'rings') LIMIT $4
         ) AS counted",
    )
    .bind(counted.since.timestamp_millis())
    .bind(&counted.hotline.0)
    .bind(counted.from.map(Phone::address))
    .bind(i64::from(counted.most))
    .fetch_one(connection)
    .await?;
    narrow(count)
}

pub(super) fn number_of(text: &str) -> Result<Phone, StoreError> {
    Phone::try_from(text.to_owned()).map_err(|e| StoreError::Corrupt {
        what: format!("a phone number: {e}"),
    })
}

/// Writes a call that is not there yet, as [`FIRST_VERSION`].
pub(super) async fn insert(connection: &mut Connection, call: &Call) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO calls (id, hotline, from_number, state, version, deadline, live, arrived_at, ended_at, outcome)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(id_text(call.id()))
    .bind(&call.hotline().0)
    .bind(call.from().map(Phone::address))
    .bind(to_json(call)?)
    .bind(FIRST_VERSION)
    .bind(call.deadline().map(|at| at.timestamp_millis()))
    .bind(i64::from(call.is_live()))
    .bind(call.arrived_at().timestamp_millis())
    .bind((!call.is_live()).then(|| call.arrived_at().timestamp_millis()))
    .bind(call.outcome().map(outcome_text).transpose()?)
    .execute(&mut *connection)
    .await?;
    lines::keep(connection, call, call.came_in_on()).await?;
    waiting::keep(connection, None, call).await?;
    write_engaged(connection, call).await
}

/// Writes a call as the version after `version`; false where somebody else has written meanwhile.
pub(super) async fn replace(
    connection: &mut Connection,
    before: &Call,
    version: i64,
    after: &Call,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let written = sqlx::query(
        "UPDATE calls SET state = $1, version = $2, deadline = $3, live = $4, outcome = $5,
                ended_at = CASE WHEN $4 = 1 THEN NULL ELSE coalesce(ended_at, $6) END
         WHERE id = $7 AND version = $8",
    )
    .bind(to_json(after)?)
    .bind(version + 1)
    .bind(after.deadline().map(|at| at.timestamp_millis()))
    .bind(i64::from(after.is_live()))
    .bind(after.outcome().map(outcome_text).transpose()?)
    .bind(now.timestamp_millis())
    .bind(id_text(after.id()))
    .bind(version)
    .execute(&mut *connection)
    .await?;
    if written.rows_affected() == 0 {
        return Ok(false);
    }
    if before.engages() != after.engages() {
        sqlx::query("DELETE FROM engaged WHERE call = $1")
            .bind(id_text(after.id()))
            .execute(&mut *connection)
            .await?;
        write_engaged(connection, after).await?;
    }
    waiting::keep(connection, Some(before), after).await?;
    Ok(true)
}

async fn write_engaged(connection: &mut Connection, call: &Call) -> Result<(), StoreError> {
    for (leg, number) in call.engages() {
        sqlx::query("INSERT INTO engaged (call, leg, number) VALUES ($1, $2, $3)")
            .bind(id_text(call.id()))
            .bind(i64::from(leg.0))
            .bind(String::from(number))
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

fn outcome_text(outcome: Outcome) -> Result<String, StoreError> {
    Ok(to_json(&outcome)?.trim_matches('"').to_owned())
}

fn read_outcome(text: String) -> Result<Outcome, StoreError> {
    serde_json::from_value(serde_json::Value::String(text)).map_err(|e| StoreError::unreadable("the outcome of a call", &e))
}

/// The columns of a summary in their order.
type SummaryRow = (
    String,
    String,
    Option<String>,
    Option<String>,
    Option<i64>,
    i64,
    Option<i64>,
    Option<String>,
);

fn summary((id, hotline, from, alarm, callback, arrived_at, ended_at, outcome): SummaryRow) -> Result<CallSummary, StoreError> {
    Ok(CallSummary {
        id: parse_id(&id)?,
        hotline: HotlineName(hotline),
        from: from.as_deref().map(number_of).transpose()?,
        alarm,
        callback: callback.map(narrow).transpose()?,
        arrived_at: from_ms(arrived_at)?,
        ended_at: ended_at.map(from_ms).transpose()?,
        outcome: outcome.map(read_outcome).transpose()?,
    })
}

impl Store {
    /// A call as it is now.
    ///
    /// # Errors
    /// As [`StoreError`] says.
    pub async fn call(&self, call: CallId) -> Result<Option<Call>, StoreError> {
        let mut connection = self.readers.acquire().await?;
        Ok(load(&mut connection, call).await?.map(|found| found.call))
    }

    /// The newest calls, newest first.
    ///
    /// # Errors
    /// As [`StoreError`] says.
    pub async fn calls(&self, limit: u32) -> Result<Vec<CallSummary>, StoreError> {
        self.newest_calls(None, limit).await
    }

    /// The newest calls of a hotline, newest first.
    ///
    /// # Errors
    /// As [`StoreError`] says.
    pub async fn calls_of(&self, hotline: &HotlineName, limit: u32) -> Result<Vec<CallSummary>, StoreError> {
        self.newest_calls(Some(hotline), limit).await
    }

    async fn newest_calls(&self, hotline: Option<&HotlineName>, limit: u32) -> Result<Vec<CallSummary>, StoreError> {
        let rows: Vec<SummaryRow> = sqlx::query_as(
            "SELECT c.id, c.hotline, c.from_number, i.title, b.id, c.arrived_at, c.ended_at, c.outcome
             FROM calls c LEFT JOIN incidents i ON i.call = c.id LEFT JOIN callback_calls b ON b.call = c.id
             WHERE ($1 IS NULL OR c.hotline = $1) ORDER BY c.arrived_at DESC, c.id DESC LIMIT $2",
        )
        .bind(hotline.map(|name| &name.0))
        .bind(i64::from(limit))
        .fetch_all(&self.readers)
        .await?;
        rows.into_iter().map(summary).collect()
    }

    /// Some of the calls that a filter lets through, oldest first: those after a call, or the first ones.
    ///
    /// # Errors
    /// As [`StoreError`] says.
    pub async fn calls_after(&self, filter: &CallFilter, after: Option<&CallSummary>, limit: u32) -> Result<Vec<CallSummary>, StoreError> {
        let ms = |at: Option<DateTime<Utc>>| at.map(|at| at.timestamp_millis());
        let rows: Vec<SummaryRow> = sqlx::query_as(
            "SELECT c.id, c.hotline, c.from_number, i.title, b.id, c.arrived_at, c.ended_at, c.outcome
             FROM calls c LEFT JOIN incidents i ON i.call = c.id LEFT JOIN callback_calls b ON b.call = c.id
             WHERE ($1 IS NULL OR c.hotline = $1) AND c.arrived_at >= $2 AND c.arrived_at < $3 AND (c.arrived_at, c.id) > ($4, $5)
             ORDER BY c.arrived_at, c.id LIMIT $6",
        )
        .bind(filter.hotline.as_ref().map(|name| &name.0))
        .bind(ms(filter.from).unwrap_or(i64::MIN))
        .bind(ms(filter.until).unwrap_or(i64::MAX))
        .bind(ms(after.map(|call| call.arrived_at)).unwrap_or(i64::MIN))
        .bind(after.map(|call| id_text(call.id)).unwrap_or_default())
        .bind(i64::from(limit))
        .fetch_all(&self.readers)
        .await?;
        rows.into_iter().map(summary).collect()
    }

    /// The calls whose deadline is over at `now`, longest over first.
    ///
    /// # Errors
    /// As [`StoreError`] says.
    pub async fn due(&self, now: DateTime<Utc>, limit: u32) -> Result<Vec<CallId>, StoreError> {
        let rows: Vec<(String,)> = sqlx::query_as("SELECT id FROM calls WHERE deadline <= $1 ORDER BY deadline LIMIT $2")
            .bind(now.timestamp_millis())
            .bind(i64::from(limit))
            .fetch_all(&self.readers)
            .await?;
        rows.iter().map(|(id,)| parse_id(id)).collect()
    }

    /// The first deadline after `now`.
    ///
    /// # Errors
    /// As [`StoreError`] says.
    pub async fn next_deadline(&self, now: DateTime<Utc>) -> Result<Option<DateTime<Utc>>, StoreError> {
        let (next,): (Option<i64>,) = sqlx::query_as("SELECT min(deadline) FROM calls WHERE deadline > $1")
            .bind(now.timestamp_millis())
            .fetch_one(&self.readers)
            .await?;
        next.map(from_ms).transpose()
    }
}
