//! Texts to a hotline: what must not count twice.
//!
//! It must not know what a text means; that is decided by whoever hands the answer in.

use super::transaction::{BEGIN, whole_ms};
use super::{Callback, Change, Hand, Store, StoreError, Told, call_rows, callbacks, presence};
use crate::call::{Away, Call, HotlineName, Reaction};
use crate::roster::PhoneNumber;
use chrono::{DateTime, TimeDelta, Utc};
use sqlx::{Connection, SqliteConnection};
use std::collections::{BTreeMap, BTreeSet};

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
    /// The hotline's callbacks that are open.
    pub callbacks: Vec<Callback>,
    /// Those that were closed so lately that they can be opened again, the latest last.
    pub closed: Vec<u32>,
    /// The numbers that calls are ringing or talking with.
    pub engaged: BTreeSet<PhoneNumber>,
}

/// What comes of a text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TextOut {
    /// What it tells of the sender's presence.
    pub told: Option<Told>,
    /// What is answered; none, nothing.
    pub answer: Option<String>,
    /// What becomes of it beyond that.
    pub course: Course,
}

/// What becomes of a text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Course {
    /// Nothing beyond the answer.
    #[default]
    Answered,
    /// Phones ring for it: a new call.
    Begins(Box<(Call, Reaction)>),
    /// A callback of the hotline is closed.
    Closes {
        /// Its number.
        id: u32,
        /// Who says so.
        by: String,
    },
    /// One that was closed is open again.
    Opens {
        /// Its number.
        id: u32,
    },
}

/// What has come of a text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TextDone {
    /// What was decided; of a text that was taken in before, only the answer.
    pub out: TextOut,
    /// What it has changed of a call.
    pub change: Option<Box<Change>>,
}

impl Store {
    /// Takes in a text. One that was taken in before gets the same answer again, and `answer` is not asked. What it means for a
    /// call is kept in the same transaction; new commands are born into `hand`, where one is held out.
    ///
    /// # Errors
    /// As [`StoreError`] says; then nothing is kept, and the text may come again.
    pub async fn text(
        &self,
        text: &TextIn,
        now: DateTime<Utc>,
        hand: Option<&Hand>,
        answer: impl FnOnce(&TextWorld) -> TextOut + Send,
    ) -> Result<TextDone, StoreError> {
        let now = whole_ms(now);
        let mut connection = self.writer.acquire().await?;
        let mut transaction = connection.begin_with(BEGIN).await?;
        let known: Option<(Option<String>,)> = sqlx::query_as("SELECT answer FROM texts WHERE id = $1")
            .bind(&text.id)
            .fetch_optional(&mut *transaction)
            .await?;
        if let Some((answer,)) = known {
            let out = TextOut {
                answer,
                ..TextOut::default()
            };
            return Ok(TextDone { out, change: None });
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
        let change = match &out.course {
            Course::Answered => None,
            Course::Begins(begins) => Some(Box::new(callbacks::begin(&mut transaction, *begins.clone(), now, hand).await?)),
            Course::Closes { id, by } => {
                callbacks::close(&mut transaction, &text.hotline, *id, by, now).await?;
                None
            }
            Course::Opens { id } => {
                callbacks::reopen(&mut transaction, &text.hotline, *id, now).await?;
                None
            }
        };
        forget(&mut transaction, now).await?;
        transaction.commit().await?;
        if let Some(change) = &change {
            self.publish(&change.entries);
        }
        Ok(TextDone { out, change })
    }
}

async fn world(connection: &mut SqliteConnection, text: &TextIn, now: DateTime<Utc>) -> Result<TextWorld, StoreError> {
    let (hour, day) = (
        (now - TimeDelta::hours(1)).timestamp_millis(),
        (now - TimeDelta::days(1)).timestamp_millis(),
    );
    let (answered_lately,): (u32,) = sqlx::query_as("SELECT count(*) FROM texts WHERE sender = $1 AND at > $2 AND answer IS NOT NULL")
        .bind(String::from(text.sender.clone()))
        .bind(hour)
        .fetch_one(&mut *connection)
        .await?;
    let (answered_today,): (bool,) =
        sqlx::query_as("SELECT count(*) > 0 FROM texts WHERE sender = $1 AND hotline = $2 AND at > $3 AND answer IS NOT NULL")
            .bind(String::from(text.sender.clone()))
            .bind(&text.hotline.0)
            .bind(day)
            .fetch_one(&mut *connection)
            .await?;
    let (strangers_lately,): (u32,) =
        sqlx::query_as("SELECT count(*) FROM texts WHERE hotline = $1 AND at > $2 AND known = 0 AND answer IS NOT NULL")
            .bind(&text.hotline.0)
            .bind(hour)
            .fetch_one(&mut *connection)
            .await?;
    Ok(TextWorld {
        callbacks: callbacks::open(&mut *connection, &text.hotline).await?,
        closed: callbacks::closed_lately(&mut *connection, &text.hotline, now).await?,
        engaged: call_rows::engaged_elsewhere(&mut *connection, None).await?,
        away: presence::away(connection, Some(&text.hotline), now).await?,
        answered_lately,
        answered_today,
        strangers_lately,
    })
}

/// What no rule looks back to any more.
async fn forget(connection: &mut SqliteConnection, now: DateTime<Utc>) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM texts WHERE at < $1")
        .bind((now - KEPT).timestamp_millis())
        .execute(&mut *connection)
        .await?;
    presence::forget(connection, now).await
}
