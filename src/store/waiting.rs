//! The line of those who wait for somebody to be free. Its order is that of the transactions in which the searches began.
//!
//! Whom somebody is free for is decided in the transaction in which he becomes free, so that nobody can come between. It
//! must not know how the next one is chosen, only where what has to be known for that is kept.

use super::call_rows::{self, number_of};
use super::story::{id_text, narrow, parse_id, to_json};
use super::{Connection, Store, StoreError, presence};
use crate::call::line::{self, Waiting};
use crate::call::{Call, CallId, HotlineName};
use crate::roster::Phone;
use chrono::{DateTime, Utc};
use std::collections::{BTreeMap, BTreeSet};

/// Keeps what the call waits for by now; whoever waits for nothing has no place.
pub(super) async fn keep(connection: &mut Connection, before: Option<&Call>, after: &Call) -> Result<(), StoreError> {
    let was = before.and_then(Call::waits);
    let is = after.waits();
    if was == is {
        return Ok(());
    }
    let Some(waits) = is else {
        sqlx::query("DELETE FROM waiting WHERE call = $1")
            .bind(id_text(after.id()))
            .execute(connection)
            .await?;
        return Ok(());
    };
    let wanted = to_json(&waits.next)?;
    sqlx::query(
        "INSERT INTO waiting (call, people, wanted, alike) VALUES ($1, $2, $3, $4)
         ON CONFLICT (call) DO UPDATE SET people = excluded.people, wanted = excluded.wanted, alike = excluded.alike",
    )
    .bind(id_text(after.id()))
    .bind(to_json(&waits.for_any_of)?)
    .bind(&wanted)
    .bind(alike(after.hotline(), &wanted))
    .execute(connection)
    .await?;
    Ok(())
}

/// The phones that a call must leave alone which has just begun: those that calls are ringing or talking with, and those that
/// are meant for somebody who waits.
pub(super) async fn taken(connection: &mut Connection, now: DateTime<Utc>) -> Result<BTreeSet<Phone>, StoreError> {
    let mut taken = call_rows::engaged(connection).await?;
    taken.extend(promised(connection, None, now).await?);
    Ok(taken)
}

/// The phones that are meant for somebody ahead of a call. Ahead of one that has no place in the line are all who have one.
pub(super) async fn promised(
    connection: &mut Connection,
    ahead_of: Option<CallId>,
    now: DateTime<Utc>,
) -> Result<BTreeSet<Phone>, StoreError> {
    let ahead = in_vain(connection, ahead_of).await?;
    if ahead.is_empty() {
        return Ok(BTreeSet::new());
    }
    let away = away(connection, &ahead, now).await?;
    Ok(line::promised(&ahead, |one, phone| is_away(&away, one, phone)))
}

/// Whose turn it is: the first in the line for whom somebody can be rung now, and who is not among those served already.
pub(super) async fn next(connection: &mut Connection, served: &BTreeSet<CallId>, now: DateTime<Utc>) -> Result<Option<CallId>, StoreError> {
    let line = in_vain(connection, None).await?;
    if line.is_empty() {
        return Ok(None);
    }
    let away = away(connection, &line, now).await?;
    let engaged = engaged(connection).await?;
    let is_taken = |one: &Waiting, phone: &Phone| engaged.get(phone).is_some_and(|by| by.iter().any(|call| *call != one.call));
    Ok(line::next_served(&line, is_taken, |one, phone| is_away(&away, one, phone), served))
}

type Away = BTreeMap<HotlineName, BTreeSet<Phone>>;

fn is_away(away: &Away, one: &Waiting, phone: &Phone) -> bool {
    away.get(&one.hotline).is_some_and(|away| away.contains(phone))
}

async fn away(connection: &mut Connection, line: &[Waiting], now: DateTime<Utc>) -> Result<Away, StoreError> {
    let hotlines: BTreeSet<&HotlineName> = line.iter().map(|one| &one.hotline).collect();
    let mut away = Away::new();
    for hotline in hotlines {
        let found = presence::away(connection, Some(hotline), now).await?;
        away.insert(hotline.clone(), found.into_keys().collect());
    }
    Ok(away)
}

async fn engaged(connection: &mut Connection) -> Result<BTreeMap<Phone, Vec<CallId>>, StoreError> {
    let rows: Vec<(String, String)> = sqlx::query_as("SELECT call, number FROM engaged").fetch_all(connection).await?;
    let mut engaged: BTreeMap<Phone, Vec<CallId>> = BTreeMap::new();
    for (call, number) in rows {
        engaged.entry(number_of(&number)?).or_default().push(parse_id(&call)?);
    }
    Ok(engaged)
}

/// What those have in common who can be served by the same people. No hotline's name has a space.
fn alike(hotline: &HotlineName, wanted: &str) -> String {
    format!("{hotline} {wanted}")
}

/// Those for whom nothing else can be done than to wait, in their order: those ahead of a call, or all of them. Of all who wait
/// alike only the first: whatever may be free is meant for that one, and nobody behind him has anything of his own to
/// say. So a line of ten thousand is read as fast as a short one.
async fn in_vain(connection: &mut Connection, ahead_of: Option<CallId>) -> Result<Vec<Waiting>, StoreError> {
    // From one kind to the next by the index. A process of the version before leaves `alike` empty.
    let rows: Vec<(String, String, String)> = sqlx::query_as(
        "WITH RECURSIVE kinds (alike) AS (
             SELECT min(alike) FROM waiting WHERE wanted <> '[]' AND alike <> ''
             UNION ALL SELECT (SELECT min(alike) FROM waiting WHERE wanted <> '[]' AND alike > kinds.alike) FROM kinds WHERE alike IS NOT NULL
         ), firsts (number) AS (
             SELECT (SELECT min(number) FROM waiting WHERE wanted <> '[]' AND waiting.alike = kinds.alike) FROM kinds WHERE alike IS NOT NULL
             UNION ALL SELECT number FROM waiting WHERE wanted <> '[]' AND alike = ''
         )
         SELECT w.call, c.hotline, w.wanted FROM firsts JOIN waiting w ON w.number = firsts.number JOIN calls c ON c.id = w.call
         WHERE w.number < coalesce((SELECT own.number FROM waiting own WHERE own.call = $1), $2)
         ORDER BY w.number",
    )
    .bind(ahead_of.map(id_text).unwrap_or_default())
    .bind(i64::MAX)
    .fetch_all(connection)
    .await?;
    let line = rows.into_iter().map(|(call, hotline, wanted)| {
        let next = serde_json::from_str(&wanted);
        let next = next.map_err(|e| StoreError::unreadable(format_args!("whom call {call} waits for"), &e))?;
        Ok(Waiting {
            call: parse_id(&call)?,
            hotline: HotlineName(hotline),
            next,
        })
    });
    line.collect()
}

impl Store {
    /// At which place of the line a call stands, from 1; none where it waits for nobody.
    ///
    /// # Errors
    /// As [`StoreError`] says.
    pub async fn place_in_line(&self, call: CallId) -> Result<Option<u32>, StoreError> {
        let rows: Vec<(String, i64, i64)> = sqlx::query_as(
            "SELECT people, count(*), max(number) FROM waiting
             WHERE number <= (SELECT own.number FROM waiting own WHERE own.call = $1) GROUP BY people ORDER BY max(number)",
        )
        .bind(id_text(call))
        .fetch_all(&self.readers)
        .await?;
        let read = |(people, count, _): &(String, i64, i64)| -> Result<(BTreeSet<Phone>, u32), StoreError> {
            let people = serde_json::from_str(people)
                .map_err(|e| StoreError::unreadable(format_args!("whom somebody ahead of call {call} waits for"), &e))?;
            Ok((people, narrow(*count)?))
        };
        // Nearly all in a line wait for the same people. The newest number is the call's own.
        let mut line: Vec<_> = rows.iter().map(read).collect::<Result<_, _>>()?;
        let Some((own, with_own)) = line.pop() else { return Ok(None) };
        line.push((own.clone(), with_own.saturating_sub(1)));
        Ok(Some(line::place(&own, &line)))
    }
}
