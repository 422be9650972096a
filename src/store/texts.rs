//! Texts to a hotline: what must not count twice.
//!
//! It must not know what a text means; that is decided by whoever hands the answer in.

use super::story::{id_text, narrow, parse_id};
use super::transaction::{Attempt, whole_ms};
use super::{
    Callback, Change, Connection, Hand, OpenRelay, Store, StoreError, Told, call_rows, callbacks, lines, presence, relays, spending,
};
use crate::call::{Away, Call, CallId, Event, HotlineName, Origin, Reaction, Spent};
use crate::roster::Phone;
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::{BTreeMap, BTreeSet};

/// For how long texts are kept: no rule looks back further. Of one that comes again after that nothing comes.
const KEPT: TimeDelta = TimeDelta::days(2);

/// A text to a hotline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextIn {
    /// The carrier's name of it.
    pub id: String,
    /// The hotline that it went to.
    pub hotline: HotlineName,
    /// All hotlines that have the number, itself among them: a talk may have been on any of these.
    pub at_number: Vec<HotlineName>,
    /// Who sent it.
    pub sender: Phone,
    /// The sender's other phone, where the rota knows one: whoever is back is back on both.
    pub other_phone: Option<Phone>,
    /// Whether the rota in use knows him.
    pub is_known: bool,
}

/// What is known of the world when a text is answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextWorld {
    /// Whoever is away now.
    pub away: BTreeMap<Phone, Away>,
    /// How many texts of this sender were answered within the last hour, by any hotline.
    pub answered_lately: u32,
    /// Whether this hotline has answered this sender within the last day.
    pub answered_today: bool,
    /// How many texts of senders unknown to it this hotline has answered within the last hour.
    pub strangers_lately: u32,
    /// With whom the sender can exchange texts, the newest talk first; and whether it is the other one's newest too.
    pub relays: Vec<(OpenRelay, bool)>,
    /// How many texts of this sender were passed on, or added to others, within the last hour.
    pub passed_on_lately: u32,
    /// Whether he was told within the last hour that a text was not taken.
    pub refused_lately: bool,
    /// The call in which phones ring for a text of his.
    pub ringing: Option<CallId>,
    /// For how many of his texts phones began to ring within the last hour.
    pub rang_lately: u32,
    /// Within the last day.
    pub rang_today: u32,
    /// For how many texts of anybody to this hotline, within the last hour.
    pub all_rang_lately: u32,
    /// The hotline's callbacks that are open.
    pub callbacks: Vec<Callback>,
    /// Those that were closed so lately that they can be opened again, the latest last.
    pub closed: Vec<u32>,
    /// The numbers that calls are ringing or talking with.
    pub engaged: BTreeSet<Phone>,
    /// How many orders and answers there were within the last hour.
    pub spent: Spent,
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
    /// It was meant for somebody and does not get there.
    Refused,
    /// A call has to handle it: it is passed on, or added to what phones ring for.
    Handled {
        /// Which call.
        call: CallId,
        /// What happens to the call.
        event: Event,
    },
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

impl Course {
    /// In a word, as it is stored and logged.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Answered => "answered",
            Self::Refused => "refused",
            Self::Handled {
                event: Event::PassOn { .. },
                ..
            } => "passed_on",
            Self::Handled { .. } => "added",
            Self::Begins(begun) => match begun.0.origin() {
                Origin::Text(_) => "rings",
                Origin::Caller | Origin::Incident(_) | Origin::Callback(_) | Origin::Through(_) => "calls_back",
            },
            Self::Closes { .. } | Self::Opens { .. } => "answered",
        }
    }
}

impl Store {
    /// Takes in a text. One that was taken in before gets the same answer again, later none, and `answer` is not asked. What it means for a
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
        let mut transaction = self.changes.begin().await?;
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
        if lines::is_bygone(&mut transaction, &text.id).await? {
            return Ok(TextDone::default());
        }
        let world = world(&mut transaction, text, now).await?;
        let out = answer(&world);
        if let Some(told) = &out.told {
            presence::tell(&mut transaction, &text.sender, told, now).await?;
            if let (Told::Back, Some(other)) = (told, &text.other_phone) {
                presence::tell(&mut transaction, other, told, now).await?;
            }
        }
        let change = match &out.course {
            Course::Answered | Course::Refused => None,
            Course::Handled { call, event } => Box::pin(handled(&mut transaction, *call, event, now, hand)).await?,
            Course::Begins(begins) => Some(callbacks::begin(&mut transaction, *begins.clone(), now, hand).await?),
            Course::Closes { id, by } => {
                callbacks::close(&mut transaction, &text.hotline, *id, by, now).await?;
                None
            }
            Course::Opens { id } => {
                callbacks::reopen(&mut transaction, &text.hotline, *id, now).await?;
                None
            }
        };
        if out.answer.is_some() {
            spending::add(&mut transaction, &text.hotline, now).await?;
        }
        insert(&mut transaction, text, &out, change.as_ref().map(|change| change.call.id()), now).await?;
        forget(&mut transaction, now).await?;
        let entries = change.as_ref().map(|change| &*change.entries).unwrap_or_default();
        transaction.commit(entries).await?;
        let change = change.map(Box::new);
        Ok(TextDone { out, change })
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
    let (hour, day) = (now - TimeDelta::hours(1), now - TimeDelta::days(1));
    let sender = Some(&text.sender);
    Ok(TextWorld {
        relays: relays_of(connection, text, now).await?,
        passed_on_lately: counted(connection, hour, sender, None, ["passed_on", "added"]).await?,
        refused_lately: counted(connection, hour, sender, None, ["refused", "refused"]).await? > 0,
        ringing: ringing(connection, text).await?,
        rang_lately: counted(connection, hour, sender, None, ["rings", "rings"]).await?,
        rang_today: counted(connection, day, sender, None, ["rings", "rings"]).await?,
        all_rang_lately: counted(connection, hour, None, Some(&text.hotline), ["rings", "rings"]).await?,
        callbacks: callbacks::open(&mut *connection, &text.hotline).await?,
        closed: callbacks::closed_lately(&mut *connection, &text.hotline, now).await?,
        engaged: call_rows::engaged(&mut *connection).await?,
        spent: spending::within_the_hour(&mut *connection, &text.hotline, now).await?,
        away: presence::away(connection, Some(&text.hotline), now).await?,
        answered_lately: narrow(answered_lately)?,
        answered_today: answered_today > 0,
        strangers_lately: narrow(strangers_lately)?,
    })
}

/// How many texts there were since then, of a sender, of a hotline, of what became of them.
async fn counted(
    connection: &mut Connection,
    since: DateTime<Utc>,
    sender: Option<&Phone>,
    hotline: Option<&HotlineName>,
    became: [&str; 2],
) -> Result<u32, StoreError> {
    let (count,): (i64,) = sqlx::query_as(
        "SELECT count(*) FROM texts WHERE at > $1 AND ($2 IS NULL OR sender = $2) AND ($3 IS NULL OR hotline = $3) AND became IN ($4, $5)",
    )
    .bind(since.timestamp_millis())
    .bind(sender.map(|sender| String::from(sender.clone())))
    .bind(hotline.map(|hotline| &hotline.0))
    .bind(became[0])
    .bind(became[1])
    .fetch_one(connection)
    .await?;
    narrow(count)
}

/// The call in which phones ring for a text of this sender.
async fn ringing(connection: &mut Connection, text: &TextIn) -> Result<Option<CallId>, StoreError> {
    let row: Option<(String,)> = sqlx::query_as(
        "SELECT c.id FROM texts t JOIN calls c ON c.id = t.call
         WHERE t.sender = $1 AND t.hotline = $2 AND t.became = 'rings' AND c.live = 1 AND c.outcome IS NULL LIMIT 1",
    )
    .bind(String::from(text.sender.clone()))
    .bind(&text.hotline.0)
    .fetch_optional(connection)
    .await?;
    row.map(|(id,)| parse_id(&id)).transpose()
}

async fn relays_of(connection: &mut Connection, text: &TextIn, now: DateTime<Utc>) -> Result<Vec<(OpenRelay, bool)>, StoreError> {
    let mut marked = Vec::new();
    for relay in relays::of(connection, &text.at_number, &text.sender, now).await? {
        let others = relays::of(connection, &text.at_number, relay.other_than(&text.sender), now).await?;
        let is_newest = others.first().is_none_or(|newest| newest.call == relay.call);
        marked.push((relay, is_newest));
    }
    Ok(marked)
}

/// A call that is there takes it in.
async fn handled(
    connection: &mut Connection,
    call: CallId,
    event: &Event,
    now: DateTime<Utc>,
    hand: Option<&Hand>,
) -> Result<Option<Change>, StoreError> {
    let Some(found) = call_rows::load(connection, call).await? else {
        return Ok(None);
    };
    let mut attempt = Attempt::new(connection, now, hand);
    let Ok(after) = attempt.handle(found, event).await? else {
        return Err(StoreError::Busy);
    };
    Ok(Some(attempt.into_change(after)))
}

async fn insert(
    connection: &mut Connection,
    text: &TextIn,
    out: &TextOut,
    call: Option<CallId>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO texts (id, hotline, sender, at, known, answer, became, call) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)")
        .bind(&text.id)
        .bind(&text.hotline.0)
        .bind(String::from(text.sender.clone()))
        .bind(now.timestamp_millis())
        .bind(i64::from(text.is_known))
        .bind(&out.answer)
        .bind(out.course.as_str())
        .bind(call.map(id_text))
        .execute(connection)
        .await?;
    Ok(())
}

/// What no rule looks back to any more.
pub(super) async fn forget(connection: &mut Connection, now: DateTime<Utc>) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM texts WHERE at < $1")
        .bind((now - KEPT).timestamp_millis())
        .execute(&mut *connection)
        .await?;
    presence::forget(connection, now).await?;
    relays::forget(connection, now).await
}
