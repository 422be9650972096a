//! Who is away, and by what: what people have told by text or on the page, and what the sheets say. Whoever is away by
//! one of them is away; a return counts against all that was said before it, of a sheet until its words change.
//!
//! It must not know texts, nor how a sheet is read.

use super::call_rows::number_of;
use super::story::from_ms;
use super::{Connection, Store, StoreError};
use crate::call::{Away, HotlineName, ToldBy};
use crate::roster::wall_clock::Zone;
use crate::roster::{Phone, Roster};
use chrono::{DateTime, Utc};
use std::collections::BTreeMap;

/// Until when somebody is away who has not said it.
const WITHOUT_END: i64 = i64::MAX;

/// `number`, `until`, `shown`, `told_at`, by what where it is no sheet, the cell where it is one.
type AwayRow = (String, i64, String, i64, Option<String>, Option<String>);

/// What somebody has told of himself, or others of him.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    /// He is away.
    Away(Away),
    /// He is not.
    Back,
}

impl Store {
    /// Whoever is away at `now` for this hotline.
    ///
    /// # Errors
    /// As [`StoreError`] says.
    pub async fn away(&self, hotline: &HotlineName, now: DateTime<Utc>) -> Result<BTreeMap<Phone, Away>, StoreError> {
        let mut connection = self.readers.acquire().await?;
        away(&mut connection, Some(hotline), now).await
    }

    /// Keeps what was told of somebody at `now`.
    ///
    /// # Errors
    /// As [`StoreError`] says; then nothing is kept.
    pub async fn tell_presence(&self, who: &Phone, told: &Told, now: DateTime<Utc>) -> Result<(), StoreError> {
        let mut transaction = self.changes.begin().await?;
        tell(&mut transaction, who, told, now).await?;
        transaction.commit(&[]).await?;
        Ok(())
    }
}

/// Whoever is away at `now` for this hotline; of two words the one that lasts longer. Without a hotline no sheet is looked at.
pub(super) async fn away(
    connection: &mut Connection,
    hotline: Option<&HotlineName>,
    now: DateTime<Utc>,
) -> Result<BTreeMap<Phone, Away>, StoreError> {
    let rows: Vec<AwayRow> = sqlx::query_as(
        "SELECT number, until, shown, told_at, told_by, NULL FROM presence WHERE until > $1
         UNION ALL
         SELECT number, until, shown, since, NULL, cell FROM sheet_presence AS said WHERE hotline = $2 AND until > $1
            AND NOT EXISTS (SELECT 1 FROM returns WHERE returns.number = said.number AND returns.told_at >= said.since)
         ORDER BY until",
    )
    .bind(now.timestamp_millis())
    .bind(hotline.map(|hotline| &hotline.0))
    .fetch_all(connection)
    .await?;
    rows.into_iter().map(read).collect()
}

pub(super) fn read((number, until, shown, told_at, by, cell): AwayRow) -> Result<(Phone, Away), StoreError> {
    let by = match (by.as_deref(), cell) {
        (_, Some(cell)) => ToldBy::Sheet { cell },
        (Some("page"), None) => ToldBy::Page,
        (Some(_) | None, None) => ToldBy::Text,
    };
    let away = Away {
        until: (until < WITHOUT_END).then(|| from_ms(until)).transpose()?,
        shown,
        told_at: from_ms(told_at)?,
        by,
    };
    Ok((number_of(&number)?, away))
}

pub(super) async fn tell(connection: &mut Connection, who: &Phone, told: &Told, now: DateTime<Utc>) -> Result<(), StoreError> {
    let number = String::from(who.clone());
    match told {
        Told::Back => {
            sqlx::query("DELETE FROM presence WHERE number = $1")
                .bind(&number)
                .execute(&mut *connection)
                .await?;
            sqlx::query("INSERT INTO returns (number, told_at) VALUES ($1, $2) ON CONFLICT (number) DO UPDATE SET told_at = $2")
                .bind(number)
                .bind(now.timestamp_millis())
        }
        Told::Away(away) => sqlx::query(
            "INSERT INTO presence (number, until, shown, told_at, told_by) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (number) DO UPDATE SET until = $2, shown = $3, told_at = $4, told_by = $5",
        )
        .bind(number)
        .bind(away.until.map_or(WITHOUT_END, |until| until.timestamp_millis()))
        .bind(&away.shown)
        .bind(away.told_at.timestamp_millis())
        .bind(match away.by {
            ToldBy::Page => "page",
            // A sheet is kept with its version.
            ToldBy::Text | ToldBy::Sheet { .. } => "text",
        }),
    }
    .execute(connection)
    .await?;
    Ok(())
}

/// Returns that no word of a sheet was told before: what a sheet says from now on is news anyway.
pub(super) async fn forget_returns(connection: &mut Connection) -> Result<(), StoreError> {
    sqlx::query(
        "DELETE FROM returns WHERE NOT EXISTS
            (SELECT 1 FROM sheet_presence AS said WHERE said.number = returns.number AND said.since <= returns.told_at)",
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// What is over.
pub(super) async fn forget(connection: &mut Connection, now: DateTime<Utc>) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM presence WHERE until < $1")
        .bind(now.timestamp_millis())
        .execute(connection)
        .await?;
    Ok(())
}

/// Whether anybody is kept as away by this hotline's sheet.
pub(super) async fn has_any_of_sheet(connection: &mut Connection, hotline: &HotlineName) -> Result<bool, StoreError> {
    let any: Option<(String,)> = sqlx::query_as("SELECT number FROM sheet_presence WHERE hotline = $1 LIMIT 1")
        .bind(&hotline.0)
        .fetch_optional(connection)
        .await?;
    Ok(any.is_some())
}

/// Keeps who is away by the version of a rota that is in use from now on; `read_at` is when it was read. What it says as the
/// version before it said, it says since then.
pub(super) async fn keep_of_sheet(
    connection: &mut Connection,
    hotline: &HotlineName,
    roster: &Roster,
    read_at: DateTime<Utc>,
) -> Result<(), StoreError> {
    let before: Vec<(String, String, i64, i64)> =
        sqlx::query_as("SELECT number, words, until, since FROM sheet_presence WHERE hotline = $1")
            .bind(&hotline.0)
            .fetch_all(&mut *connection)
            .await?;
    let before: BTreeMap<String, (String, i64, i64)> = before
        .into_iter()
        .map(|(number, words, until, since)| (number, (words, until, since)))
        .collect();
    sqlx::query("DELETE FROM sheet_presence WHERE hotline = $1")
        .bind(&hotline.0)
        .execute(&mut *connection)
        .await?;
    let zone = Zone::new(roster.time_zone);
    for (phone, away) in roster.away() {
        let number = String::from(phone.clone());
        let until = away.until.map_or(WITHOUT_END, |until| until.timestamp_millis());
        let since = match before.get(&number) {
            Some((words, same, since)) if *words == away.words && *same == until => *since,
            Some(_) | None => read_at.timestamp_millis(),
        };
        sqlx::query("INSERT INTO sheet_presence (hotline, number, words, cell, until, shown, since) VALUES ($1, $2, $3, $4, $5, $6, $7)")
            .bind(&hotline.0)
            .bind(number)
            .bind(&away.words)
            .bind(away.cell.to_string())
            .bind(until)
            .bind(away.shown(&zone).unwrap_or_default())
            .bind(since)
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}
