//! What is kept of one telephone number, and how it is forgotten: the calls of whoever has it, with all that is kept of them,
//! and every text in which it stands. What the carrier has of it waits in tables until that is deleted as well.
//!
//! It must not know who has the number, nor how the carrier is asked.

use super::story::narrow;
use super::{Connection, Store, StoreError, call_rows, idle, retention};
use crate::call::{Call, CallId, Origin};
use crate::roster::{Phone, mentions};
use chrono::{DateTime, Utc};
use serde::Serialize;
use std::collections::BTreeSet;

/// Rows read at once.
const BATCH: i64 = 500;
/// Calls deleted in one transaction: a call that comes in meanwhile waits for no long write.
const AT_ONCE: usize = 20;

/// What was, or is to be, forgotten of a number, and what stays.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Forgotten {
    /// Calls of the number, and those in whose words it stands, with stories, texts and recordings.
    pub calls: u32,
    /// Of these the recordings, which are deleted at the carrier too.
    pub recordings: u32,
    /// Of these the callbacks that nobody has made yet.
    pub open_callbacks: u32,
    /// Other rows: texts, talks whose texts are passed on, presence.
    pub rows: u32,
    /// Calls that are not over: they stay as they are.
    pub live: u32,
    /// Calls of others in which somebody with this number was on call: they stay.
    pub on_call_in: u32,
    /// Records at the carrier that are known by name and still to be deleted.
    pub at_carrier: u32,
    /// Whether the carrier is still to be asked for others.
    pub asks_carrier: bool,
}

/// A record that the carrier is to delete.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unwanted {
    /// The carrier's name of it.
    pub record: String,
    /// How often that has failed.
    pub failures: u32,
}

/// Where a number may stand in the rows of a call: which call, the text, and the number of the row.
const OF_CALLS: [&str; 5] = [
    "SELECT call, event, number FROM events WHERE number > $1 ORDER BY number LIMIT $2",
    "SELECT call, event, number FROM idle_events WHERE number > $1 ORDER BY number LIMIT $2",
    "SELECT call, fact, number FROM facts WHERE number > $1 ORDER BY number LIMIT $2",
    "SELECT call, command, id FROM outbox WHERE id > $1 ORDER BY id LIMIT $2",
    "SELECT call, coalesce(transcript, ''), id FROM recordings WHERE id > $1 ORDER BY id LIMIT $2",
];

/// What became of a call of the number.
enum Kind {
    Goes,
    IsLive,
    /// Somebody else's, in which whoever has the number was on call.
    Stays,
}

impl Store {
    /// Forgets all that is kept of a number; with `keeps_presence` not what the person has told of being away. Where it is only
    /// asked, nothing changes. What cannot be finished is finished when it is asked again.
    ///
    /// # Errors
    /// As [`StoreError`] says; then some of it may be forgotten already.
    pub async fn forget(&self, number: &Phone, keeps_presence: bool, now: DateTime<Utc>, asked: bool) -> Result<Forgotten, StoreError> {
        let mut found = Forgotten::default();
        let mut going = Vec::new();
        for id in self.calls_that_mention(number).await? {
            match self.kind(&id, number).await? {
                Kind::Goes => going.push(id),
                Kind::IsLive => found.live += 1,
                Kind::Stays => found.on_call_in += 1,
            }
        }
        found.calls = count(going.len());
        for some in going.chunks(AT_ONCE) {
            let mut transaction = self.changes.begin().await?;
            for id in some {
                found.recordings += counted(&mut transaction, "SELECT count(*) FROM recordings WHERE call = $1", id).await?;
                found.open_callbacks += counted(
                    &mut transaction,
                    "SELECT count(*) FROM callbacks WHERE call = $1 AND done_at IS NULL",
                    id,
                )
                .await?;
            }
            if asked {
                transaction.rollback().await;
            } else {
                delete(&mut transaction, some).await?;
                transaction.commit(&[]).await?;
            }
        }
        found.rows = self.forget_rows(number, keeps_presence, now, asked).await?;
        (found.at_carrier, found.asks_carrier) = self.left_at_carrier(number).await?;
        Ok(found)
    }

    /// Rows of tables that are about numbers rather than calls; at last the carrier's part of it is written down.
    async fn forget_rows(&self, number: &Phone, keeps_presence: bool, now: DateTime<Utc>, asked: bool) -> Result<u32, StoreError> {
        let mut transaction = self.changes.begin().await?;
        let mut rows = 0;
        for text in texts_with(&mut transaction, number).await? {
            rows += 1;
            want_gone(&mut transaction, &text).await?;
            run(&mut transaction, "DELETE FROM texts WHERE id = $1", &text).await?;
        }
        let own = String::from(number.clone());
        rows += run(&mut transaction, "DELETE FROM relays WHERE caller = $1", &own).await?;
        if !keeps_presence {
            rows += run(&mut transaction, "DELETE FROM presence WHERE number = $1", &own).await?;
            rows += run(&mut transaction, "DELETE FROM returns WHERE number = $1", &own).await?;
        }
        sqlx::query("INSERT INTO forgotten (number, asked_at) VALUES ($1, $2) ON CONFLICT (number) DO UPDATE SET not_before = 0")
            .bind(&own)
            .bind(now.timestamp_millis())
            .execute(&mut *transaction)
            .await?;
        if asked {
            transaction.rollback().await;
            return Ok(rows);
        }
        transaction.commit(&[]).await?;
        self.wipe().await;
        Ok(rows)
    }

    /// What is deleted is not to stand in the journal beside the file either. Whoever reads just now keeps it there for a while.
    async fn wipe(&self) {
        if self.writer.database == super::connection::Database::Sqlite
            && let Ok(mut connection) = self.writer.acquire().await
            && let Err(error) = sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(&mut connection).await
        {
            tracing::debug!(%error, "the journal could not be emptied now; the database does that by itself");
        }
    }

    /// All calls in whose rows the number stands, in any form.
    async fn calls_that_mention(&self, number: &Phone) -> Result<BTreeSet<String>, StoreError> {
        let mut found = BTreeSet::new();
        for sql in OF_CALLS {
            let mut after = 0_i64;
            loop {
                let rows: Vec<(String, String, i64)> = sqlx::query_as(sql).bind(after).bind(BATCH).fetch_all(&self.readers).await?;
                let Some((_, _, last)) = rows.last() else { break };
                after = *last;
                found.extend(
                    rows.into_iter()
                        .filter(|(_, text, _)| mentions(text, number))
                        .map(|(call, ..)| call),
                );
            }
        }
        let mut after = String::new();
        loop {
            let rows: Vec<(String, String)> = sqlx::query_as("SELECT id, state FROM calls WHERE id > $1 ORDER BY id LIMIT $2")
                .bind(&after)
                .bind(BATCH)
                .fetch_all(&self.readers)
                .await?;
            let Some((last, _)) = rows.last() else { break };
            after.clone_from(last);
            found.extend(rows.into_iter().filter(|(_, state)| mentions(state, number)).map(|(id, _)| id));
        }
        let own = String::from(number.clone());
        let direct: Vec<(String,)> = sqlx::query_as(
            "SELECT id FROM calls WHERE from_number = $1 UNION SELECT call FROM callbacks WHERE number = $1
             UNION SELECT call FROM relays WHERE caller = $1",
        )
        .bind(&own)
        .fetch_all(&self.readers)
        .await?;
        found.extend(direct.into_iter().map(|(call,)| call));
        Ok(found)
    }

    async fn kind(&self, id: &str, number: &Phone) -> Result<Kind, StoreError> {
        let call: CallId = super::story::parse_id(id)?;
        let mut connection = self.readers.acquire().await?;
        let found = match call_rows::load(&mut connection, call).await {
            Ok(Some(found)) => found.call,
            // Whatever it was.
            Ok(None) | Err(StoreError::Corrupt { .. }) => return Ok(Kind::Goes),
            Err(error) => return Err(error),
        };
        Ok(match () {
            () if found.is_live() => Kind::IsLive,
            () if is_of(&found, number) || !rings(&found, number) => Kind::Goes,
            () => Kind::Stays,
        })
    }

    /// How many records of all that was forgotten the carrier is still to delete, and whether it is still to be asked what it
    /// has of this number.
    ///
    /// # Errors
    /// As [`StoreError`] says.
    pub async fn left_at_carrier(&self, number: &Phone) -> Result<(u32, bool), StoreError> {
        let (records, asks): (i64, i64) =
            sqlx::query_as("SELECT (SELECT count(*) FROM unwanted), (SELECT count(*) FROM forgotten WHERE number = $1)")
                .bind(String::from(number.clone()))
                .fetch_one(&self.readers)
                .await?;
        Ok((narrow(records)?, asks > 0))
    }

    /// A number of which the carrier is to be asked now what it has, and how often that has failed.
    ///
    /// # Errors
    /// As [`StoreError`] says.
    pub async fn to_ask_for(&self, now: DateTime<Utc>) -> Result<Option<(Phone, u32)>, StoreError> {
        let row: Option<(String, i64)> =
            sqlx::query_as("SELECT number, failures FROM forgotten WHERE not_before <= $1 ORDER BY not_before, number LIMIT 1")
                .bind(now.timestamp_millis())
                .fetch_optional(&self.readers)
                .await?;
        row.map(|(number, failures)| Ok((call_rows::number_of(&number)?, narrow(failures)?)))
            .transpose()
    }

    /// The carrier has named what it has of a number: that is to be deleted, and the number itself is forgotten.
    ///
    /// # Errors
    /// As [`StoreError`] says; then nothing of it is kept.
    pub async fn asked_for(&self, number: &Phone, records: &[String]) -> Result<(), StoreError> {
        let mut transaction = self.changes.begin().await?;
        for record in records {
            want_gone(&mut transaction, record).await?;
        }
        run(
            &mut transaction,
            "DELETE FROM forgotten WHERE number = $1",
            &String::from(number.clone()),
        )
        .await?;
        transaction.commit(&[]).await?;
        self.wipe().await;
        Ok(())
    }

    /// The carrier could not be asked: again then.
    ///
    /// # Errors
    /// As [`StoreError`] says.
    pub async fn not_asked_for(&self, number: &Phone, next: DateTime<Utc>) -> Result<(), StoreError> {
        sqlx::query("UPDATE forgotten SET failures = failures + 1, not_before = $1 WHERE number = $2")
            .bind(next.timestamp_millis())
            .bind(String::from(number.clone()))
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    /// What the carrier is to delete now.
    ///
    /// # Errors
    /// As [`StoreError`] says.
    pub async fn unwanted(&self, now: DateTime<Utc>, most: u32) -> Result<Vec<Unwanted>, StoreError> {
        let rows: Vec<(String, i64)> =
            sqlx::query_as("SELECT record, failures FROM unwanted WHERE not_before <= $1 ORDER BY not_before, record LIMIT $2")
                .bind(now.timestamp_millis())
                .bind(i64::from(most))
                .fetch_all(&self.readers)
                .await?;
        let unwanted = rows.into_iter().map(|(record, failures)| {
            Ok(Unwanted {
                record,
                failures: narrow(failures)?,
            })
        });
        unwanted.collect()
    }

    /// The carrier has deleted a record.
    ///
    /// # Errors
    /// As [`StoreError`] says.
    pub async fn is_gone(&self, record: &str) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM unwanted WHERE record = $1")
            .bind(record)
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    /// The carrier has not deleted a record: again then.
    ///
    /// # Errors
    /// As [`StoreError`] says.
    pub async fn is_not_gone(&self, record: &str, next: DateTime<Utc>) -> Result<(), StoreError> {
        sqlx::query("UPDATE unwanted SET failures = failures + 1, not_before = $1 WHERE record = $2")
            .bind(next.timestamp_millis())
            .bind(record)
            .execute(&self.writer)
            .await?;
        Ok(())
    }
}

/// Whether the call is the number's own: it called or texted, or was called back.
fn is_of(call: &Call, number: &Phone) -> bool {
    let called = match call.origin() {
        Origin::Caller | Origin::Incident(_) => None,
        Origin::Text(stranger) => Some(&stranger.from),
        Origin::Callback(callback) => Some(&callback.number),
        Origin::Through(through) => Some(&through.number),
    };
    call.from() == Some(number) || called == Some(number)
}

/// Whether whoever has the number could be rung or told by the call.
fn rings(call: &Call, number: &Phone) -> bool {
    let plan = call.plan();
    plan.has(number) || plan.rules.tell.contains(number)
}

/// The names of the texts from the number, and of those in whose answer it stands.
async fn texts_with(connection: &mut Connection, number: &Phone) -> Result<Vec<String>, StoreError> {
    let rows: Vec<(String, String, Option<String>)> = sqlx::query_as("SELECT id, sender, answer FROM texts").fetch_all(connection).await?;
    let own = String::from(number.clone());
    let with = rows
        .into_iter()
        .filter(|(_, sender, answer)| *sender == own || answer.as_deref().is_some_and(|answer| mentions(answer, number)));
    Ok(with.map(|(id, ..)| id).collect())
}

/// Deletes calls that are over, and has the carrier delete what it has of their callers' lines and texts.
async fn delete(connection: &mut Connection, calls: &[String]) -> Result<(), StoreError> {
    for id in calls {
        run(
            connection,
            "INSERT INTO unwanted (record) SELECT line FROM lines WHERE call = $1 AND leg = 0 ON CONFLICT (record) DO NOTHING",
            id,
        )
        .await?;
        run(
            connection,
            "INSERT INTO unwanted (record) SELECT id FROM texts WHERE call = $1 ON CONFLICT (record) DO NOTHING",
            id,
        )
        .await?;
        run(
            connection,
            "INSERT INTO expired (call) SELECT id FROM calls WHERE id = $1 AND live = 0 AND ended_at IS NOT NULL",
            id,
        )
        .await?;
        idle::forget_of(connection, id).await?;
    }
    retention::delete_marked(connection).await
}

async fn want_gone(connection: &mut Connection, record: &str) -> Result<(), StoreError> {
    run(
        connection,
        "INSERT INTO unwanted (record) VALUES ($1) ON CONFLICT (record) DO NOTHING",
        record,
    )
    .await?;
    Ok(())
}

async fn run(connection: &mut Connection, sql: &'static str, about: &str) -> Result<u32, StoreError> {
    let done = sqlx::query(sql).bind(about).execute(connection).await?;
    Ok(u32::try_from(done.rows_affected()).unwrap_or(u32::MAX))
}

async fn counted(connection: &mut Connection, sql: &'static str, about: &str) -> Result<u32, StoreError> {
    let (count,): (i64,) = sqlx::query_as(sql).bind(about).fetch_one(connection).await?;
    narrow(count)
}

fn count(of: usize) -> u32 {
    u32::try_from(of).unwrap_or(u32::MAX)
}
