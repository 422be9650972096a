//! Which leg has which of the carrier's lines. A line is never two legs'.

use super::story::{id_text, narrow, parse_id};
use super::{Connection, Store, StoreError};
use crate::call::{CALLER, Call, CallId, LegId, LineId};
use chrono::{DateTime, TimeDelta, Utc};

/// Nobody listens to a question for longer.
const LONGEST_OFFER: TimeDelta = TimeDelta::hours(1);

/// Notes the line of a leg in place of the one it was believed to have. Who names a line as his own has it, whoever
/// was believed to have it before: that one had only looked it up.
pub(super) async fn keep(connection: &mut Connection, call: &Call, leg: LegId) -> Result<(), StoreError> {
    let Some(line) = call.line(leg) else { return Ok(()) };
    sqlx::query("DELETE FROM lines WHERE call = $1 AND leg = $2 AND line <> $3")
        .bind(id_text(call.id()))
        .bind(i64::from(leg.0))
        .bind(&line.0)
        .execute(&mut *connection)
        .await?;
    sqlx::query(
        "INSERT INTO lines (line, call, leg) VALUES ($1, $2, $3)
         ON CONFLICT (line) DO UPDATE SET call = excluded.call, leg = excluded.leg",
    )
    .bind(&line.0)
    .bind(id_text(call.id()))
    .bind(i64::from(leg.0))
    .execute(connection)
    .await?;
    Ok(())
}

/// The line that a leg has by now, or else the first of the candidates that no leg has.
pub(super) async fn first_free(
    connection: &mut Connection,
    call: CallId,
    leg: LegId,
    candidates: &[LineId],
) -> Result<Option<LineId>, StoreError> {
    let own: Option<(String,)> = sqlx::query_as("SELECT line FROM lines WHERE call = $1 AND leg = $2")
        .bind(id_text(call))
        .bind(i64::from(leg.0))
        .fetch_optional(&mut *connection)
        .await?;
    if let Some((line,)) = own {
        return Ok(Some(LineId(line)));
    }
    for line in candidates {
        if owner(&mut *connection, line).await?.is_none() {
            return Ok(Some(line.clone()));
        }
    }
    Ok(None)
}

pub(super) async fn owner(connection: &mut Connection, line: &LineId) -> Result<Option<(CallId, LegId)>, StoreError> {
    let row: Option<(String, i64)> = sqlx::query_as("SELECT call, leg FROM lines WHERE line = $1")
        .bind(&line.0)
        .fetch_optional(connection)
        .await?;
    row.map(|(call, leg)| Ok((parse_id(&call)?, LegId(narrow(leg)?)))).transpose()
}

/// Whether the carrier's name is that of a call or a text that was deleted here. They come out of old webhooks only.
pub(super) async fn is_bygone(connection: &mut Connection, name: &str) -> Result<bool, StoreError> {
    let row: Option<(String,)> = sqlx::query_as("SELECT name FROM bygone WHERE name = $1")
        .bind(name)
        .fetch_optional(connection)
        .await?;
    Ok(row.is_some())
}

/// Whether no call begins by this line any more: it is bygone, or somebody was asked on it whom he wants, too long ago for him
/// to answer now. No call has come of it by then.
pub(super) async fn is_over(connection: &mut Connection, line: &LineId, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let row: Option<(String,)> = sqlx::query_as(
        "SELECT name FROM bygone WHERE name = $1
         UNION ALL SELECT line FROM offered WHERE line = $1 AND at < $2",
    )
    .bind(&line.0)
    .bind((now - LONGEST_OFFER).timestamp_millis())
    .fetch_optional(connection)
    .await?;
    Ok(row.is_some())
}

impl Store {
    /// Notes that somebody is asked on this line whom he wants. Asked again, it counts from the first time.
    ///
    /// # Errors
    /// As [`StoreError`] says.
    pub async fn offer(&self, line: &LineId, now: DateTime<Utc>) -> Result<(), StoreError> {
        sqlx::query("INSERT INTO offered (line, at) VALUES ($1, $2) ON CONFLICT (line) DO NOTHING")
            .bind(&line.0)
            .bind(now.timestamp_millis())
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    /// Whose line this is.
    ///
    /// # Errors
    /// As [`StoreError`] says.
    pub async fn leg_by_line(&self, line: &LineId) -> Result<Option<(CallId, LegId)>, StoreError> {
        owner(&mut self.readers.acquire().await?, line).await
    }

    /// The call whose caller has this line.
    ///
    /// # Errors
    /// As [`StoreError`] says.
    pub async fn call_by_line(&self, line: &LineId) -> Result<Option<CallId>, StoreError> {
        let found = self.leg_by_line(line).await?;
        Ok(found.filter(|(_, leg)| *leg == CALLER).map(|(call, _)| call))
    }
}
