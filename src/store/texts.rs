//! Texts to a hotline: what must not count twice.
//!
//! It must not know what a text means; that is decided by whoever hands the answer in.

use super::story::narrow;
use super::{Connection, Store, StoreError, Told, presence};
use crate::call::{Away, HotlineName};
use crate::roster::PhoneNumber;
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::BTreeMap;

/// For how long texts are kept: the carrier delivers none again after that, and no rule looks back further.
const KEPT: TimeDelta = TimeDelta::days(2);

/// A text to a hotline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextIn {
    /// The carrier's name of it.
    pub id: String,
    /// The hotline that it went to.
    pub hotline: HotlineName,
    /// Who sent it.
    pub sender: PhoneNumber,
    /// Whether the rota in use knows him.
    pub is_known: bool,
}

/// What is known of the world when a text is answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextWorld {
    /// Whoever is away now.
    pub away: BTreeMap<PhoneNumber, Away>,
    /// How many texts of this sender were answered within the last hour, by any hotline.
    pub answered_lately: u32,
    /// Whether this hotline has answered this sender within the last day.
    pub answered_today: bool,
    /// How many texts of senders unknown to it this hotline has answered within the last hour.
    pub strangers_lately: u32,
}

/// What comes of a text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TextOut {
    /// What it tells of the sender's presence.
    pub told: Option<Told>,
    /// What is answered; none, nothing.
    pub answer: Option<String>,
}

impl Store {
    /// Takes in a text. One that was taken in before gets the same answer again, and `answer` is not asked.
    ///
    /// # Errors
    /// As [`StoreError`] says; then nothing is kept, and the text may come again.
    pub async fn text(
        &self,
        text: &TextIn,
        now: DateTime<Utc>,
        answer: impl FnOnce(&TextWorld) -> TextOut + Send,
    ) -> Result<TextOut, StoreError> {
        let mut connection = self.writer.acquire().await?;
        let mut transaction = connection.begin().await?;
        let known: Option<(Option<String>,)> = sqlx::query_as("SELECT answer FROM texts WHERE id = $1")
            .bind(&text.id)
            .fetch_optional(&mut *transaction)
            .await?;
        if let Some((answer,)) = known {
            return Ok(TextOut { told: None, answer });
        }
        let world = world(&mut transaction, text, now).await?;
        let out = answer(&world);
        if let Some(told) = &out.told {
            presence::tell(&mut transaction, &text.sender, told, now).await?;
        }
        sqlx::query("INSERT INTO texts (id, hotline, sender, at, known, answer) VALUES ($1, $2, $3, $4, $5, $6)")
            .bind(&text.id)
            .bind(&text.hotline.0)
            .bind(String::from(text.sender.clone()))
            .bind(now.timestamp_millis())
            .bind(i64::from(text.is_known))
            .bind(&out.answer)
            .execute(&mut *transaction)
            .await?;
        forget(&mut transaction, now).await?;
        transaction.commit().await?;
        Ok(out)
    }
}

async fn world(connection: &mut Connection, text: &TextIn, now: DateTime<Utc>) -> Result<TextWorld, StoreError> {
    let (hour, day) = (
        (now - TimeDelta::hours(1)).timestamp_millis(),
        (now - TimeDelta::days(1)).timestamp_millis(),
    );
    let (answered_lately,): (i64,) = sqlx::query_as("SELECT count(*) FROM texts WHERE sender = $1 AND at > $2 AND answer IS NOT NULL")
        .bind(String::from(text.sender.clone()))
        .bind(hour)
        .fetch_one(&mut *connection)
        .await?;
    let (answered_today,): (i64,) =
        sqlx::query_as("SELECT count(*) FROM texts WHERE sender = $1 AND hotline = $2 AND at > $3 AND answer IS NOT NULL")
            .bind(String::from(text.sender.clone()))
            .bind(&text.hotline.0)
            .bind(day)
            .fetch_one(&mut *connection)
            .await?;
    let (strangers_lately,): (i64,) =
        sqlx::query_as("SELECT count(*) FROM texts WHERE hotline = $1 AND at > $2 AND known = 0 AND answer IS NOT NULL")
            .bind(&text.hotline.0)
            .bind(hour)
            .fetch_one(&mut *connection)
            .await?;
    Ok(TextWorld {
        away: presence::away(connection, Some(&text.hotline), now).await?,
        answered_lately: narrow(answered_lately)?,
        answered_today: answered_today > 0,
        strangers_lately: narrow(strangers_lately)?,
    })
}

/// What no rule looks back to any more.
async fn forget(connection: &mut Connection, now: DateTime<Utc>) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM texts WHERE at < $1")
        .bind((now - KEPT).timestamp_millis())
        .execute(&mut *connection)
        .await?;
    presence::forget(connection, now).await
}
