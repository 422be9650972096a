//! Events that change nothing: most of what a room says of those in it, and whatever is told twice. They are kept as all others are, and
//! leave the call's row as it is: that it still has the version by which they were decided is looked at in the transaction that
//! keeps them, so that an event which would have changed something by now is decided anew.
//!
//! They are only ever appended, found by their time, and belong to the log of their call.

use super::plain::{Plain, told_to_log};
use super::{Connection, Store, StoreError};
use chrono::{DateTime, TimeDelta, Utc};
use sqlx::AssertSqlSafe;
use sqlx::error::ErrorKind;

/// By so much the clocks of two processes on one database differ at most.
pub(super) const CLOCKS_DIFFER: TimeDelta = TimeDelta::hours(1);

/// Adds events that change nothing to the log; false where one of their calls is not as it was, and then none of them is
/// added. It is one statement, so that in a file it may be a transaction of its own.
pub(super) async fn note_all(connection: &mut Connection, idle: &[&Plain]) -> Result<bool, StoreError> {
    if idle.is_empty() {
        return Ok(true);
    }
    let (rows, told) = told_to_log(connection, idle)?;
    // No call of this version leaves a null where there must be none, which takes back the whole statement.
    let noted = sqlx::query(AssertSqlSafe(format!(
        "INSERT INTO idle_events (call, seq, at, event)
         SELECT calls.id, told.version, told.at, told.event FROM ({rows}) AS told
         LEFT JOIN calls ON calls.id = told.id AND calls.version = told.version"
    )))
    .bind(told)
    .execute(connection)
    .await;
    match noted {
        Ok(_) => Ok(true),
        Err(sqlx::Error::Database(error)) if error.kind() == ErrorKind::NotNullViolation => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Deletes those of a call that is over.
pub(super) async fn forget_of(connection: &mut Connection, call: &str) -> Result<(), StoreError> {
    sqlx::query(
        "DELETE FROM idle_events WHERE call = $1
             AND at >= (SELECT arrived_at - $2 FROM calls WHERE id = $1) AND at <= (SELECT ended_at + $2 FROM calls WHERE id = $1)",
    )
    .bind(call)
    .bind(CLOCKS_DIFFER.num_milliseconds())
    .execute(connection)
    .await?;
    Ok(())
}

impl Store {
    /// Deletes at most so many events that changed nothing and came before an instant, the oldest first; how many there were.
    /// Those of live calls stay.
    ///
    /// # Errors
    /// As [`StoreError`] says; then none of them is gone.
    pub async fn expire_idle(&self, before: DateTime<Utc>, most: u32) -> Result<u64, StoreError> {
        let mut transaction = self.changes.begin().await?;
        let gone = sqlx::query(
            "DELETE FROM idle_events WHERE number IN (
                 SELECT number FROM idle_events WHERE at < $1
                     AND NOT EXISTS (SELECT 1 FROM calls WHERE calls.id = idle_events.call AND calls.live = 1)
                 ORDER BY at LIMIT $2)",
        )
        .bind(before.timestamp_millis())
        .bind(i64::from(most))
        .execute(&mut *transaction)
        .await?
        .rows_affected();
        transaction.commit(&[]).await?;
        Ok(gone)
    }
}
