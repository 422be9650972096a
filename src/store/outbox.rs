//! Commands on their way to the carrier. Each is kept once under a computed key and done by whoever holds its lease.

use super::story::{self, from_ms, id_text, narrow, parse_id, to_json};
use super::transaction::whole_ms;
use super::{Claimed, Connection, Entry, Hand, Pending, Released, Store, StoreError};
use crate::call::{Call, CallId, Command, Fact, HotlineName, LegId};
use chrono::{DateTime, Utc};

/// What became of a command when it was ordered.
pub(super) enum Inserted {
    /// New, and in the hand that was held out.
    InHand(Box<Claimed>),
    /// New, for anybody to claim.
    Waiting,
    /// Ordered before.
    Known,
}

impl Claimed {
    /// What is to be done, in a word, as logs and metrics have it.
    #[must_use]
    pub const fn verb(&self) -> &'static str {
        verb(&self.command)
    }
}

pub(super) const fn verb(command: &Command) -> &'static str {
    match command {
        Command::Dial { .. } => "dial",
        Command::Withdraw { .. } => "withdraw",
        Command::Cancel { .. } => "cancel",
        Command::HangUp { .. } => "hang_up",
        Command::Redirect { .. } => "redirect",
        Command::Find { .. } => "find",
        Command::LookAfter { .. } => "look_after",
        Command::Record { .. } => "record",
        Command::StopRecording { .. } => "stop_recording",
        Command::FindRecording { .. } => "find_recording",
        Command::Text { .. } => "text",
    }
}

/// One key for one thing to be done, however often it is ordered.
fn key(call: CallId, command: &Command) -> String {
    let verb = verb(command);
    match command {
        Command::Redirect { number, leg, .. } | Command::LookAfter { number, leg, .. } => format!("{call}/{leg}/{verb}/{number}"),
        Command::Text { number, .. } | Command::Record { number, .. } | Command::FindRecording { number, .. } => {
            format!("{call}/{verb}/{number}")
        }
        Command::StopRecording { number, recording, .. } => {
            let which = recording.as_ref().map_or("current", |recording| recording.0.as_str());
            format!("{call}/{verb}/{number}/{which}")
        }
        Command::Dial { leg, .. }
        | Command::Withdraw { leg }
        | Command::Cancel { leg, .. }
        | Command::HangUp { leg, .. }
        | Command::Find { leg, .. } => format!("{call}/{leg}/{verb}"),
    }
}

fn dial_key(call: CallId, leg: LegId) -> String {
    format!("{call}/{leg}/dial")
}

/// The leg whose commands must be done one after another: those that act on its line. A dial is none of them,
/// since the line is known only once it is done; nor do looking up and texting disturb anything. Recordings have a
/// sequence of their own: nobody waits for them.
fn ordered_leg(command: &Command) -> Option<i64> {
    match command {
        Command::Cancel { leg, .. } | Command::HangUp { leg, .. } | Command::Redirect { leg, .. } => Some(leg.0.into()),
        Command::Record { leg, .. } | Command::StopRecording { leg, .. } => Some(-1 - i64::from(leg.0)),
        Command::Dial { .. }
        | Command::Withdraw { .. }
        | Command::Find { .. }
        | Command::LookAfter { .. }
        | Command::FindRecording { .. }
        | Command::Text { .. } => None,
    }
}

pub(super) async fn insert(
    connection: &mut Connection,
    call: &Call,
    command: Command,
    now: DateTime<Utc>,
    hand: Option<&Hand>,
) -> Result<Inserted, StoreError> {
    let leg = ordered_leg(&command);
    let key = key(call.id(), &command);
    let born_into = if leg.is_none() { hand } else { None };
    let inserted: Option<(i64,)> = sqlx::query_as(
        "INSERT INTO outbox (key, call, verb, ordered_leg, command, state, owner, leased_until, not_before, ordered_at)
         VALUES ($1, $2, $3, $4, $5, 'waiting', $6, $7, $8, $8) ON CONFLICT (key) DO NOTHING RETURNING id",
    )
    .bind(&key)
    .bind(id_text(call.id()))
    .bind(verb(&command))
    .bind(leg)
    .bind(to_json(&command)?)
    .bind(born_into.map(|hand| hand.worker.as_str()))
    .bind(born_into.map(|hand| hand.until.timestamp_millis()))
    .bind(now.timestamp_millis())
    .fetch_optional(&mut *connection)
    .await?;
    let Some((id,)) = inserted else {
        return Ok(Inserted::Known);
    };
    let hand = match (leg, hand) {
        (Some(leg), hand) => queue_behind(connection, call.id(), leg, id, &command, hand).await?,
        (None, hand) => hand,
    };
    let Some(hand) = hand else {
        return Ok(Inserted::Waiting);
    };
    Ok(Inserted::InHand(Box::new(Claimed {
        id,
        key,
        call: call.id(),
        hotline: call.hotline().clone(),
        command,
        failures: 0,
        abandoned: false,
        withdrawn: false,
        ordered_at: now,
        leased_until: hand.until,
        worker: hand.worker.clone(),
    })))
}

/// Lets a new command on a line wait for earlier ones, apart from those that it makes idle; where there is
/// nothing to wait for it is taken into `hand`, which is then the answer.
async fn queue_behind<'h>(
    connection: &mut Connection,
    call: CallId,
    leg: i64,
    id: i64,
    command: &Command,
    hand: Option<&'h Hand>,
) -> Result<Option<&'h Hand>, StoreError> {
    forget_what_it_makes_idle(connection, call, leg, id, command).await?;
    let Some(hand) = hand else { return Ok(None) };
    let taken = sqlx::query(
        "UPDATE outbox SET owner = $1, leased_until = $2
         WHERE id = $3 AND NOT EXISTS (SELECT 1 FROM outbox p
                                       WHERE p.call = $4 AND p.ordered_leg = $5 AND p.state = 'waiting' AND p.id < $3)",
    )
    .bind(&hand.worker)
    .bind(hand.until.timestamp_millis())
    .bind(id)
    .bind(id_text(call))
    .bind(leg)
    .execute(connection)
    .await?;
    Ok((taken.rows_affected() > 0).then_some(hand))
}

/// A line that is to be ended need not be cancelled or redirected before, least of all wait for that; and one
/// redirection is as good as two, because the script says what is right by then. A recording that is to be ended need
/// not begin.
async fn forget_what_it_makes_idle(
    connection: &mut Connection,
    call: CallId,
    leg: i64,
    id: i64,
    command: &Command,
) -> Result<(), StoreError> {
    let (one, other) = match command {
        Command::HangUp { .. } => ("redirect", "cancel"),
        Command::Redirect { .. } => ("redirect", "redirect"),
        Command::StopRecording { .. } => ("record", "record"),
        Command::Dial { .. }
        | Command::Withdraw { .. }
        | Command::Cancel { .. }
        | Command::Find { .. }
        | Command::LookAfter { .. }
        | Command::Record { .. }
        | Command::FindRecording { .. }
        | Command::Text { .. } => return Ok(()),
    };
    sqlx::query(
        "UPDATE outbox SET state = 'withdrawn'
         WHERE call = $1 AND ordered_leg = $2 AND state = 'waiting' AND owner IS NULL AND id < $3 AND verb IN ($4, $5)",
    )
    .bind(id_text(call))
    .bind(leg)
    .bind(id)
    .bind(one)
    .bind(other)
    .execute(connection)
    .await?;
    Ok(())
}

/// Takes back an order to dial; true where it certainly was not sent and never will be. Where a worker has it
/// in hand it is only marked, so that it is not tried a second time.
pub(super) async fn withdraw_dial(connection: &mut Connection, call: CallId, leg: LegId) -> Result<bool, StoreError> {
    let key = dial_key(call, leg);
    let taken_back =
        sqlx::query("UPDATE outbox SET state = 'withdrawn' WHERE key = $1 AND state = 'waiting' AND owner IS NULL AND abandoned = 0")
            .bind(&key)
            .execute(&mut *connection)
            .await?;
    if taken_back.rows_affected() > 0 {
        return Ok(true);
    }
    sqlx::query("UPDATE outbox SET withdrawn = 1 WHERE key = $1 AND state = 'waiting'")
        .bind(&key)
        .execute(connection)
        .await?;
    Ok(false)
}

/// Whether it was still to be done, and in the hand of the one who says so: a lease that has run out may be somebody else's
/// by now, and he has found out for himself what became of the command.
pub(super) async fn mark_done(connection: &mut Connection, command: &Claimed) -> Result<bool, StoreError> {
    end(
        connection,
        command,
        "UPDATE outbox SET state = 'done' WHERE id = $1 AND state = 'waiting' AND owner = $2",
    )
    .await
}

/// As [`mark_done`], whoever has it in hand: nothing is left to be done.
pub(super) async fn mark_done_for_all(connection: &mut Connection, command: &Claimed) -> Result<(), StoreError> {
    sqlx::query("UPDATE outbox SET state = 'done' WHERE id = $1 AND state = 'waiting'")
        .bind(command.id)
        .execute(connection)
        .await?;
    Ok(())
}

/// As [`mark_done`], for one that is not tried again.
async fn set_aside(connection: &mut Connection, command: &Claimed) -> Result<bool, StoreError> {
    end(
        connection,
        command,
        "UPDATE outbox SET state = 'failed' WHERE id = $1 AND state = 'waiting' AND owner = $2",
    )
    .await
}

async fn end(connection: &mut Connection, command: &Claimed, statement: &'static str) -> Result<bool, StoreError> {
    let ended = sqlx::query(statement)
        .bind(command.id)
        .bind(&command.worker)
        .execute(connection)
        .await?;
    Ok(ended.rows_affected() > 0)
}

#[derive(sqlx::FromRow)]
pub(super) struct ClaimedRow {
    id: i64,
    key: String,
    call: String,
    hotline: String,
    command: String,
    failures: i64,
    abandoned: i64,
    withdrawn: i64,
    ordered_at: i64,
}

impl ClaimedRow {
    pub(super) fn read(self, hand: &Hand) -> Result<Claimed, StoreError> {
        Ok(Claimed {
            id: self.id,
            call: parse_id(&self.call)?,
            hotline: HotlineName(self.hotline),
            command: serde_json::from_str(&self.command).map_err(|e| StoreError::unreadable(format_args!("command {}", self.key), &e))?,
            key: self.key,
            failures: narrow(self.failures)?,
            abandoned: self.abandoned != 0,
            withdrawn: self.withdrawn != 0,
            ordered_at: from_ms(self.ordered_at)?,
            leased_until: hand.until,
            worker: hand.worker.clone(),
        })
    }
}

/// Which commands are to be claimed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Dials,
    Others,
}

impl Store {
    /// Takes into `hand` the oldest commands that are ready and in nobody's hand: at most so many dials, and
    /// at most so many others. A lease that has run out counts as nobody's.
    ///
    /// # Errors
    /// As [`StoreError`] says. A command that cannot be read is set aside as failed and does not hinder the others.
    pub async fn claim(&self, hand: &Hand, now: DateTime<Utc>, dials: u32, others: u32) -> Result<Vec<Claimed>, StoreError> {
        let mut transaction = self.changes.begin().await?;
        let mut claimed = Vec::new();
        for (kind, limit) in [(Kind::Others, others), (Kind::Dials, dials)] {
            if limit == 0 {
                continue;
            }
            for row in claim_rows(&mut transaction, hand, now, kind, limit).await? {
                let id = row.id;
                match row.read(hand) {
                    Ok(command) => claimed.push(command),
                    Err(error) => {
                        tracing::error!(command = id, %error, "a command cannot be read and is set aside");
                        set_aside_unread(&mut transaction, id).await?;
                    }
                }
            }
        }
        transaction.commit(&[]).await?;
        claimed.sort_by_key(|command| command.id);
        Ok(claimed)
    }

    /// Notes that a command is done and has nothing more to say to its call.
    ///
    /// # Errors
    /// As [`StoreError`] says.
    pub async fn done(&self, command: &Claimed) -> Result<(), StoreError> {
        let mut transaction = self.changes.begin().await?;
        mark_done(&mut transaction, command).await?;
        transaction.commit(&[]).await
    }

    /// Notes that a command could not be done and will not be tried again.
    ///
    /// # Errors
    /// As [`StoreError`] says.
    pub async fn failed(&self, command: &Claimed) -> Result<(), StoreError> {
        let mut transaction = self.changes.begin().await?;
        set_aside(&mut transaction, command).await?;
        transaction.commit(&[]).await
    }

    /// As [`Store::failed`], and the story of its call says so; none where it is done, set aside, or in another hand.
    ///
    /// # Errors
    /// As [`StoreError`] says; then nothing is kept.
    pub async fn failed_as_told(&self, command: &Claimed, now: DateTime<Utc>, fact: Fact) -> Result<Option<Entry>, StoreError> {
        let mut transaction = self.changes.begin().await?;
        if !set_aside(&mut transaction, command).await? {
            return Ok(None);
        }
        let (version,): (i64,) = sqlx::query_as("SELECT version FROM calls WHERE id = $1")
            .bind(id_text(command.call))
            .fetch_one(&mut *transaction)
            .await?;
        let entry = story::add(&mut transaction, (command.call, &command.hotline), version, whole_ms(now), fact).await?;
        transaction.commit(std::slice::from_ref(&entry)).await?;
        Ok(Some(entry))
    }

    /// Puts a command back that was certainly not done, or is marked as abandoned; `failures` is how often it has failed by now.
    ///
    /// # Errors
    /// As [`StoreError`] says.
    pub async fn release(&self, worker: &str, command: &Claimed, not_before: DateTime<Utc>, failures: u32) -> Result<Released, StoreError> {
        let mut transaction = self.changes.begin().await?;
        let put_back = sqlx::query(
            "UPDATE outbox SET owner = NULL, leased_until = NULL, not_before = $1, failures = $2, abandoned = $5
             WHERE id = $3 AND state = 'waiting' AND owner = $4 AND withdrawn = 0",
        )
        .bind(not_before.timestamp_millis())
        .bind(i64::from(failures))
        .bind(command.id)
        .bind(worker)
        .bind(i64::from(command.abandoned))
        .execute(&mut *transaction)
        .await?;
        let withdrawn: Option<(i64,)> =
            sqlx::query_as("SELECT id FROM outbox WHERE id = $1 AND state = 'waiting' AND owner = $2 AND withdrawn = 1")
                .bind(command.id)
                .bind(worker)
                .fetch_optional(&mut *transaction)
                .await?;
        transaction.commit(&[]).await?;
        Ok(match (put_back.rows_affected(), withdrawn) {
            (0, None) => Released::Lost,
            (0, Some(_)) => Released::Withdrawn,
            (_, _) => Released::Waiting,
        })
    }

    /// The order to dial a leg, whatever became of it.
    ///
    /// # Errors
    /// As [`StoreError`] says.
    pub async fn dial_of(&self, call: CallId, leg: LegId) -> Result<Option<Command>, StoreError> {
        let key = dial_key(call, leg);
        let row: Option<(String,)> = sqlx::query_as("SELECT command FROM outbox WHERE key = $1")
            .bind(&key)
            .fetch_optional(&self.readers)
            .await?;
        row.map(|(command,)| serde_json::from_str(&command).map_err(|e| StoreError::unreadable(format_args!("command {key}"), &e)))
            .transpose()
    }

    /// What is waiting to be done.
    ///
    /// # Errors
    /// As [`StoreError`] says.
    pub async fn pending(&self, now: DateTime<Utc>) -> Result<Pending, StoreError> {
        let (dials, others, all, next): (i64, i64, i64, Option<i64>) = sqlx::query_as(
            "SELECT coalesce(sum(CASE WHEN ready_at <= $1 AND verb = 'dial' THEN 1 ELSE 0 END), 0),
                    coalesce(sum(CASE WHEN ready_at <= $1 AND verb <> 'dial' AND first = 1 THEN 1 ELSE 0 END), 0),
                    count(*),
                    min(CASE WHEN ready_at > $1 AND first = 1 THEN ready_at END)
             FROM (SELECT o.verb,
                          CASE WHEN o.leased_until > o.not_before THEN o.leased_until ELSE o.not_before END AS ready_at,
                          CASE WHEN EXISTS (SELECT 1 FROM outbox p WHERE p.call = o.call AND p.ordered_leg = o.ordered_leg
                                            AND p.state = 'waiting' AND p.id < o.id) THEN 0 ELSE 1 END AS first
                   FROM outbox o WHERE o.state = 'waiting') AS waiting",
        )
        .bind(now.timestamp_millis())
        .fetch_one(&self.readers)
        .await?;
        Ok(Pending {
            dials: narrow(dials)?,
            others: narrow(others)?,
            all: narrow(all)?,
            next: next.map(from_ms).transpose()?,
        })
    }
}

async fn claim_rows(
    connection: &mut Connection,
    hand: &Hand,
    now: DateTime<Utc>,
    kind: Kind,
    limit: u32,
) -> Result<Vec<ClaimedRow>, StoreError> {
    let rows: Vec<ClaimedRow> = sqlx::query_as(
        "SELECT o.id, o.key, o.call, c.hotline, o.command, o.failures,
                CASE WHEN o.owner IS NULL THEN o.abandoned ELSE 1 END AS abandoned, o.withdrawn, o.ordered_at
         FROM outbox o JOIN calls c ON c.id = o.call
         WHERE o.state = 'waiting' AND o.not_before <= $1 AND (o.owner IS NULL OR o.leased_until <= $1)
           AND (CASE WHEN o.verb = 'dial' THEN 1 ELSE 0 END) = $2
           AND NOT EXISTS (SELECT 1 FROM outbox p WHERE p.call = o.call AND p.ordered_leg = o.ordered_leg
                           AND p.state = 'waiting' AND p.id < o.id)
         ORDER BY o.id LIMIT $3",
    )
    .bind(now.timestamp_millis())
    .bind(i64::from(kind == Kind::Dials))
    .bind(i64::from(limit))
    .fetch_all(&mut *connection)
    .await?;
    for row in &rows {
        sqlx::query("UPDATE outbox SET owner = $1, leased_until = $2, abandoned = $3 WHERE id = $4")
            .bind(&hand.worker)
            .bind(hand.until.timestamp_millis())
            .bind(row.abandoned)
            .bind(row.id)
            .execute(&mut *connection)
            .await?;
    }
    Ok(rows)
}

/// One that nobody can read.
pub(super) async fn set_aside_unread(connection: &mut Connection, command: i64) -> Result<(), StoreError> {
    sqlx::query("UPDATE outbox SET state = 'failed' WHERE id = $1 AND state = 'waiting'")
        .bind(command)
        .execute(connection)
        .await?;
    Ok(())
}
