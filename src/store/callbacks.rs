//! Callbacks that callers were promised: kept in the transaction of the event that brought the promise.

use super::call_rows::number_of;
use super::story::{from_ms, id_text, narrow, parse_id};
use super::{Callback, Connection, Store, StoreError};
use crate::call::{Call, CallId, Fact, HotlineName};
use crate::roster::PhoneNumber;
use chrono::{DateTime, TimeDelta, Utc};

/// More open callbacks of one hotline are not listed at once.
const LONGEST_LIST: u32 = 500;

/// Writes down what facts say of a call's callback.
pub(super) async fn keep(connection: &mut Connection, call: &Call, facts: &[Fact], now: DateTime<Utc>) -> Result<(), StoreError> {
    for fact in facts {
        // Only these two are about callbacks; what else there is to tell is the story's.
        if let Fact::CallbackAsked { number } = fact {
            promise(connection, call, number, now).await?;
        }
        if let Fact::CallbackReminded { .. } = fact {
            sqlx::query("UPDATE callbacks SET reminded_at = $1 WHERE call = $2 AND reminded_at IS NULL")
                .bind(now.timestamp_millis())
                .bind(id_text(call.id()))
                .execute(&mut *connection)
                .await?;
        }
    }
    Ok(())
}

async fn promise(connection: &mut Connection, call: &Call, number: &PhoneNumber, now: DateTime<Utc>) -> Result<(), StoreError> {
    let remind_at = now + TimeDelta::minutes(call.plan().rules.callback_reminder_minutes.into());
    sqlx::query(
        "INSERT INTO callbacks (hotline, id, call, number, asked_at, remind_at)
         VALUES ($1, (SELECT coalesce(max(id), 0) + 1 FROM callbacks WHERE hotline = $1), $2, $3, $4, $5)
         ON CONFLICT (call) DO NOTHING",
    )
    .bind(&call.hotline().0)
    .bind(id_text(call.id()))
    .bind(number.e164())
    .bind(now.timestamp_millis())
    .bind(remind_at.timestamp_millis())
    .execute(connection)
    .await?;
    Ok(())
}

impl Store {
    /// The callbacks of a hotline that are still to be made, the oldest first.
    ///
    /// # Errors
    /// As [`StoreError`] says.
    pub async fn open_callbacks(&self, hotline: &HotlineName) -> Result<Vec<Callback>, StoreError> {
        let rows: Vec<(i64, String, String, i64, Option<i64>)> = sqlx::query_as(
            "SELECT id, call, number, asked_at, reminded_at FROM callbacks WHERE hotline = $1 AND done_at IS NULL ORDER BY id LIMIT $2",
        )
        .bind(&hotline.0)
        .bind(i64::from(LONGEST_LIST))
        .fetch_all(&self.readers)
        .await?;
        let callbacks = rows.into_iter().map(|(id, call, number, asked_at, reminded_at)| {
            Ok(Callback {
                id: narrow(id)?,
                call: parse_id(&call)?,
                number: number_of(&number)?,
                asked_at: from_ms(asked_at)?,
                reminded_at: reminded_at.map(from_ms).transpose()?,
            })
        });
        callbacks.collect()
    }

    /// Notes that a callback is done, and by whom. False where there is none with this number, or it was done before.
    ///
    /// # Errors
    /// As [`StoreError`] says.
    pub async fn close_callback(&self, hotline: &HotlineName, id: u32, by: &str, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let closed = sqlx::query("UPDATE callbacks SET done_at = $1, done_by = $2 WHERE hotline = $3 AND id = $4 AND done_at IS NULL")
            .bind(now.timestamp_millis())
            .bind(by)
            .bind(&hotline.0)
            .bind(i64::from(id))
            .execute(&self.writer)
            .await?;
        Ok(closed.rows_affected() > 0)
    }

    /// The calls whose callback is still open when people are to be reminded of it, and have not been.
    ///
    /// # Errors
    /// As [`StoreError`] says.
    pub async fn overdue_callbacks(&self, now: DateTime<Utc>, limit: u32) -> Result<Vec<CallId>, StoreError> {
        let rows: Vec<(String,)> = sqlx::query_as(
            "SELECT call FROM callbacks WHERE remind_at <= $1 AND done_at IS NULL AND reminded_at IS NULL ORDER BY remind_at LIMIT $2",
        )
        .bind(now.timestamp_millis())
        .bind(i64::from(limit))
        .fetch_all(&self.readers)
        .await?;
        rows.iter().map(|(call,)| parse_id(call)).collect()
    }
}
