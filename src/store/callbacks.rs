//! Callbacks that callers were promised: kept in the transaction of the event that brought the promise.

use super::call_rows::{self, number_of};
use super::story::{Logged, from_ms, id_text, narrow, parse_id};
use super::transaction::{Attempt, whole_ms};
use super::{Callback, Change, Connection, Hand, Store, StoreError, presence};
use crate::call::{Call, CallId, Fact, HotlineName, Reaction, World};
use crate::roster::Phone;
use chrono::{DateTime, TimeDelta, Utc};

/// More open callbacks of one hotline are not listed at once.
const LONGEST_LIST: u32 = 500;
/// For so long a callback that is closed can be opened again.
const REOPENED_WITHIN: TimeDelta = TimeDelta::days(1);

/// What became of the wish to make a callback; `N` is why whoever makes the call would not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CalledBack<N> {
    /// A new call makes it.
    Begun(Box<Change>),
    /// It is not open, or there is none with this number.
    NotOpen,
    /// It is not to be made now.
    Not(N),
}

/// Writes down what facts say of a call's callback.
pub(super) async fn keep(connection: &mut Connection, call: &Call, facts: &[Fact], now: DateTime<Utc>) -> Result<(), StoreError> {
    for fact in facts {
        // Only these are about callbacks; what else there is to tell is the story's.
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
        if let Fact::CallsBack { id, name, .. } = fact {
            sqlx::query("INSERT INTO callback_calls (call, hotline, id, name) VALUES ($1, $2, $3, $4)")
                .bind(id_text(call.id()))
                .bind(&call.hotline().0)
                .bind(i64::from(*id))
                .bind(name)
                .execute(&mut *connection)
                .await?;
        }
        if let Fact::CalledBack { id, name } = fact {
            close(connection, call.hotline(), *id, name, now).await?;
        }
    }
    Ok(())
}

async fn promise(connection: &mut Connection, call: &Call, number: &Phone, now: DateTime<Utc>) -> Result<(), StoreError> {
    let remind_at = now + TimeDelta::minutes(call.plan().rules.callback_reminder_minutes.into());
    sqlx::query(
        "INSERT INTO callbacks (hotline, id, call, number, asked_at, remind_at)
         VALUES ($1, (SELECT coalesce(max(id), 0) + 1 FROM callbacks WHERE hotline = $1), $2, $3, $4, $5)
         ON CONFLICT (call) DO NOTHING",
    )
    .bind(&call.hotline().0)
    .bind(id_text(call.id()))
    .bind(number.address())
    .bind(now.timestamp_millis())
    .bind(remind_at.timestamp_millis())
    .execute(connection)
    .await?;
    Ok(())
}

type Row = (i64, String, String, i64, Option<i64>, Option<String>);

/// The callbacks of a hotline that are still to be made, the oldest first; and who is just calling.
pub(super) async fn open(connection: &mut Connection, hotline: &HotlineName) -> Result<Vec<Callback>, StoreError> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT b.id, b.call, b.number, b.asked_at, b.reminded_at,
                (SELECT l.name FROM callback_calls l JOIN calls c ON c.id = l.call
                 WHERE l.hotline = b.hotline AND l.id = b.id AND c.live = 1 LIMIT 1)
         FROM callbacks b WHERE b.hotline = $1 AND b.done_at IS NULL ORDER BY b.id LIMIT $2",
    )
    .bind(&hotline.0)
    .bind(i64::from(LONGEST_LIST))
    .fetch_all(connection)
    .await?;
    let callbacks = rows.into_iter().map(|(id, call, number, asked_at, reminded_at, calling)| {
        Ok(Callback {
            id: narrow(id)?,
            call: parse_id(&call)?,
            number: number_of(&number)?,
            asked_at: from_ms(asked_at)?,
            reminded_at: reminded_at.map(from_ms).transpose()?,
            calling,
        })
    });
    callbacks.collect()
}

/// Notes that a callback is done; false where it is not open.
pub(super) async fn close(
    connection: &mut Connection,
    hotline: &HotlineName,
    id: u32,
    by: &str,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let closed = sqlx::query("UPDATE callbacks SET done_at = $1, done_by = $2 WHERE hotline = $3 AND id = $4 AND done_at IS NULL")
        .bind(now.timestamp_millis())
        .bind(by)
        .bind(&hotline.0)
        .bind(i64::from(id))
        .execute(connection)
        .await?;
    Ok(closed.rows_affected() > 0)
}

/// The callbacks that were closed so lately that they can be opened again.
pub(super) async fn closed_lately(connection: &mut Connection, hotline: &HotlineName, now: DateTime<Utc>) -> Result<Vec<u32>, StoreError> {
    let rows: Vec<(i64,)> = sqlx::query_as("SELECT id FROM callbacks WHERE hotline = $1 AND done_at > $2 ORDER BY done_at, id")
        .bind(&hotline.0)
        .bind((now - REOPENED_WITHIN).timestamp_millis())
        .fetch_all(connection)
        .await?;
    rows.into_iter().map(|(id,)| narrow(id)).collect()
}

/// Opens a closed callback again: people are reminded of it after as long as from its promise, also if they were before.
pub(super) async fn reopen(connection: &mut Connection, hotline: &HotlineName, id: u32, now: DateTime<Utc>) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE callbacks SET done_at = NULL, done_by = NULL, reminded_at = NULL,
                remind_at = CASE WHEN asked_at > $1 THEN remind_at ELSE $1 + remind_at - asked_at END
         WHERE hotline = $2 AND id = $3 AND done_at IS NOT NULL",
    )
    .bind(now.timestamp_millis())
    .bind(&hotline.0)
    .bind(i64::from(id))
    .execute(connection)
    .await?;
    Ok(())
}

/// Keeps a call that nobody has dialled in for.
pub(super) async fn begin(
    connection: &mut Connection,
    (call, reaction): (Call, Reaction),
    now: DateTime<Utc>,
    hand: Option<&Hand>,
) -> Result<Change, StoreError> {
    call_rows::insert(connection, &call).await?;
    let mut attempt = Attempt::new(connection, now, hand);
    attempt.write(&call, 1, &Logged::Origin { origin: call.origin() }, reaction).await?;
    let call = attempt.after_refusals(call).await?;
    Ok(attempt.into_change(call))
}

impl Store {
    /// The callbacks of a hotline that are still to be made, the oldest first.
    ///
    /// # Errors
    /// As [`StoreError`] says.
    pub async fn open_callbacks(&self, hotline: &HotlineName) -> Result<Vec<Callback>, StoreError> {
        open(&mut self.readers.acquire().await?, hotline).await
    }

    /// Keeps the call with which an open callback is made. Two who want to make it at once are told of each other: what
    /// `make` sees of the callback is true until the call is kept.
    ///
    /// # Errors
    /// As [`StoreError`] says; then nothing is kept.
    pub async fn call_back<N>(
        &self,
        hotline: &HotlineName,
        id: u32,
        now: DateTime<Utc>,
        hand: Option<&Hand>,
        make: impl FnOnce(&World<'_>, &Callback) -> Result<(Call, Reaction), N> + Send,
    ) -> Result<CalledBack<N>, StoreError> {
        let now = whole_ms(now);
        let mut transaction = self.changes.begin().await?;
        let open = open(&mut transaction, hotline).await?;
        let Some(callback) = open.iter().find(|callback| callback.id == id) else {
            return Ok(CalledBack::NotOpen);
        };
        let engaged = call_rows::engaged(&mut transaction).await?;
        let away = presence::away(&mut transaction, Some(hotline), now).await?;
        let world = World::new(now, &engaged, &away);
        let made = match make(&world, callback) {
            Ok(made) => made,
            Err(why) => return Ok(CalledBack::Not(why)),
        };
        let change = begin(&mut transaction, made, now, hand).await?;
        transaction.commit(&change.entries).await?;
        Ok(CalledBack::Begun(Box::new(change)))
    }

    /// Notes that a callback is done, and by whom. False where there is none with this number, or it was done before.
    ///
    /// # Errors
    /// As [`StoreError`] says.
    pub async fn close_callback(&self, hotline: &HotlineName, id: u32, by: &str, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let mut transaction = self.changes.begin().await?;
        let closed = close(&mut transaction, hotline, id, by, now).await?;
        transaction.commit(&[]).await?;
        Ok(closed)
    }

    /// The calls whose callback is still open when people are to be reminded of it, and have not been; none of those that
    /// somebody is making just now.
    ///
    /// # Errors
    /// As [`StoreError`] says.
    pub async fn overdue_callbacks(&self, now: DateTime<Utc>, limit: u32) -> Result<Vec<CallId>, StoreError> {
        let rows: Vec<(String,)> = sqlx::query_as(
            "SELECT b.call FROM callbacks b WHERE b.remind_at <= $1 AND b.done_at IS NULL AND b.reminded_at IS NULL
               AND NOT EXISTS (SELECT 1 FROM callback_calls l JOIN calls c ON c.id = l.call
                               WHERE l.hotline = b.hotline AND l.id = b.id AND c.live = 1)
             ORDER BY b.remind_at LIMIT $2",
        )
        .bind(now.timestamp_millis())
        .bind(i64::from(limit))
        .fetch_all(&self.readers)
        .await?;
        rows.iter().map(|(call,)| parse_id(call)).collect()
    }
}
