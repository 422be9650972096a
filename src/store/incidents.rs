//! Which alarms are open, so that the same one is not rung for twice. It must not know who raises alarms.

use super::story::{Logged, from_ms, id_text, parse_id};
use super::transaction::{Attempt, whole_ms};
use super::{Change, Connection, Hand, Raised, Store, StoreError, call_rows, presence, waiting};
use crate::call::{Call, CallId, Event, HotlineName, Incident, Outcome, Reaction, World};
use chrono::{DateTime, TimeDelta, Utc};

/// An alarm that somebody takes care of, and that nobody ever says is over, is forgotten so long after it was raised: a
/// sensor that cannot say so rings again another day.
const FORGOTTEN_AFTER: TimeDelta = TimeDelta::hours(24);
/// Over which new alarms are counted.
const WINDOW: TimeDelta = TimeDelta::hours(1);

impl Store {
    /// Keeps the call for a new alarm. Where the same one is open the report is counted and `make` is not asked; nor is it
    /// where the hotline has had `most_an_hour` new ones.
    ///
    /// # Errors
    /// As [`StoreError`] says; then nothing is kept.
    pub async fn raise(
        &self,
        hotline: &HotlineName,
        incident: &Incident,
        most_an_hour: u32,
        now: DateTime<Utc>,
        hand: Option<&Hand>,
        make: impl FnOnce(&World<'_>) -> (Call, Reaction) + Send,
    ) -> Result<Raised, StoreError> {
        let now = whole_ms(now);
        let mut transaction = self.changes.begin().await?;
        if let Some(call) = still_open(&mut transaction, hotline, &incident.key, now).await? {
            count(&mut transaction, call).await?;
            transaction.commit(&[]).await?;
            return Ok(Raised::Known(call));
        }
        if let Some(until) = full_until(&mut transaction, hotline, most_an_hour, now).await? {
            return Ok(Raised::TooMany { until });
        }
        let engaged = Box::pin(waiting::taken(&mut transaction, now)).await?;
        let away = presence::away(&mut transaction, Some(hotline), now).await?;
        let (call, reaction) = make(&World::new(now, &engaged, &away));
        call_rows::insert(&mut transaction, &call).await?;
        insert(&mut transaction, &call, incident, now).await?;
        let mut attempt = Attempt::new(&mut transaction, now, hand);
        attempt.write(&call, 1, &Logged::Raised { incident }, reaction).await?;
        let call = attempt.serve_after_arrival(call).await?;
        let change = attempt.into_change(call);
        transaction.commit(&change.entries).await?;
        Ok(Raised::New(Box::new(change)))
    }

    /// Whoever raised an alarm says that it is over: its call hears so, and the same key is a new alarm from now on. None
    /// where no such alarm is open.
    ///
    /// # Errors
    /// As [`StoreError`] says; then nothing is kept.
    pub async fn resolve(
        &self,
        hotline: &HotlineName,
        key: &str,
        now: DateTime<Utc>,
        hand: Option<&Hand>,
    ) -> Result<Option<Change>, StoreError> {
        let open = open(&mut self.readers.acquire().await?, hotline, key).await?;
        match open {
            Some(open) => self.update(open.call, &Event::Resolved, now, hand).await,
            None => Ok(None),
        }
    }
}

/// An open alarm.
struct Open {
    call: CallId,
    opened_at: DateTime<Utc>,
    is_live: bool,
}

async fn open(connection: &mut Connection, hotline: &HotlineName, key: &str) -> Result<Option<Open>, StoreError> {
    let row: Option<(String, i64, i64)> = sqlx::query_as(
        "SELECT i.call, i.opened_at, c.live FROM incidents i JOIN calls c ON c.id = i.call
         WHERE i.hotline = $1 AND i.key = $2 AND i.resolved_at IS NULL",
    )
    .bind(&hotline.0)
    .bind(key)
    .fetch_optional(connection)
    .await?;
    row.map(|(call, opened_at, live)| {
        Ok(Open {
            call: parse_id(&call)?,
            opened_at: from_ms(opened_at)?,
            is_live: live != 0,
        })
    })
    .transpose()
}

/// The call of the alarm with this key, unless that is forgotten by now.
async fn still_open(
    connection: &mut Connection,
    hotline: &HotlineName,
    key: &str,
    now: DateTime<Utc>,
) -> Result<Option<CallId>, StoreError> {
    let Some(found) = open(connection, hotline, key).await? else {
        return Ok(None);
    };
    if found.is_live || now < found.opened_at + FORGOTTEN_AFTER {
        return Ok(Some(found.call));
    }
    close(connection, found.call, now).await?;
    Ok(None)
}

async fn count(connection: &mut Connection, call: CallId) -> Result<(), StoreError> {
    sqlx::query("UPDATE incidents SET reports = reports + 1 WHERE call = $1")
        .bind(id_text(call))
        .execute(connection)
        .await?;
    Ok(())
}

/// Until when the hotline takes no new alarm; none where it does.
async fn full_until(
    connection: &mut Connection,
    hotline: &HotlineName,
    most: u32,
    now: DateTime<Utc>,
) -> Result<Option<DateTime<Utc>>, StoreError> {
    // Of the newest ones within the window the last that is still allowed: when that one leaves it, there is room.
    let row: Option<(i64,)> = sqlx::query_as(
        "SELECT opened_at FROM incidents WHERE hotline = $1 AND opened_at > $2
         ORDER BY opened_at DESC LIMIT 1 OFFSET $3",
    )
    .bind(&hotline.0)
    .bind((now - WINDOW).timestamp_millis())
    .bind(i64::from(most.saturating_sub(1)))
    .fetch_optional(connection)
    .await?;
    row.map(|(opened_at,)| Ok(from_ms(opened_at)? + WINDOW)).transpose()
}

async fn insert(connection: &mut Connection, call: &Call, incident: &Incident, now: DateTime<Utc>) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO incidents (call, hotline, key, title, opened_at) VALUES ($1, $2, $3, $4, $5)")
        .bind(id_text(call.id()))
        .bind(&call.hotline().0)
        .bind(&incident.key)
        .bind(&incident.title)
        .bind(now.timestamp_millis())
        .execute(connection)
        .await?;
    Ok(())
}

/// Closes a call's alarm where that is done with: it is over, or nobody was reached, so that its next report rings anew.
pub(super) async fn close_if_done(connection: &mut Connection, call: &Call, event: &Event, now: DateTime<Utc>) -> Result<(), StoreError> {
    if *event == Event::Resolved || call.outcome() == Some(Outcome::Unacknowledged) {
        close(connection, call.id(), now).await?;
    }
    Ok(())
}

async fn close(connection: &mut Connection, call: CallId, now: DateTime<Utc>) -> Result<(), StoreError> {
    sqlx::query("UPDATE incidents SET resolved_at = $1 WHERE call = $2 AND resolved_at IS NULL")
        .bind(now.timestamp_millis())
        .bind(id_text(call))
        .execute(connection)
        .await?;
    Ok(())
}
