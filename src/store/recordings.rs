//! Recordings by the carrier's names: which there are, and which the carrier is to delete. A row that is deleted is to be
//! deleted at the carrier too: the database itself sees to that.

use super::story::{from_ms, id_text, narrow, parse_id, to_json};
use super::{Connection, Discarded, Recording, RecordingKind, Store, StoreError};
use crate::call::{Call, CallId, Event, Fact, HotlineName, RecordingId};
use chrono::{DateTime, TimeDelta, Utc};

/// More recordings of one hotline are not listed at once.
const LONGEST_LIST: u32 = 200;
/// For so long a late notice of a deleted recording is known for what it is.
const REMEMBERED_FOR: TimeDelta = TimeDelta::days(30);

/// Writes down what an event and its facts say of a call's recordings.
pub(super) async fn keep(
    connection: &mut Connection,
    call: &Call,
    event: &Event,
    facts: &[Fact],
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    if facts.contains(&Fact::RecordingRefused) {
        discard_talks(connection, call.id()).await?;
    }
    // All other events are about people.
    if let Event::RecordingBegun { recording, .. } = event {
        add(connection, call, recording, RecordingKind::Talk, now).await?;
    }
    if let Event::RecordingEnded {
        recording,
        seconds,
        channels,
        ..
    } = event
    {
        add(connection, call, recording, RecordingKind::Talk, now - lasting(*seconds)).await?;
        complete(connection, recording, *seconds, *channels, now).await?;
    }
    if let Event::Recorded { recording, seconds } = event {
        add(connection, call, recording, RecordingKind::Message, now - lasting(*seconds)).await?;
        complete(connection, recording, *seconds, 1, now).await?;
    }
    if let Event::Transcribed { recording, text } = event {
        sqlx::query("UPDATE recordings SET transcript = $1 WHERE recording = $2 AND transcript IS NULL")
            .bind(text.trim())
            .bind(&recording.0)
            .execute(connection)
            .await?;
    }
    Ok(())
}

fn lasting(seconds: u32) -> TimeDelta {
    TimeDelta::seconds(seconds.into())
}

/// Of a caller who has refused nothing is kept that is recorded all the same.
async fn add(
    connection: &mut Connection,
    call: &Call,
    recording: &RecordingId,
    kind: RecordingKind,
    began_at: DateTime<Utc>,
) -> Result<(), StoreError> {
    if kind == RecordingKind::Talk && call.refuses_recording() {
        sqlx::query("INSERT INTO discarded (recording, hotline) VALUES ($1, $2) ON CONFLICT (recording) DO NOTHING")
            .bind(&recording.0)
            .bind(&call.hotline().0)
            .execute(connection)
            .await?;
        return Ok(());
    }
    sqlx::query(
        "INSERT INTO recordings (recording, call, hotline, kind, began_at)
         SELECT $1, $2, $3, $4, $5 WHERE NOT EXISTS (SELECT 1 FROM discarded WHERE recording = $1)
         ON CONFLICT (recording) DO NOTHING",
    )
    .bind(&recording.0)
    .bind(id_text(call.id()))
    .bind(&call.hotline().0)
    .bind(to_json(&kind)?.trim_matches('"'))
    .bind(began_at.timestamp_millis())
    .execute(connection)
    .await?;
    Ok(())
}

/// What has nothing in it is not kept.
async fn complete(
    connection: &mut Connection,
    recording: &RecordingId,
    seconds: u32,
    channels: u8,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    if seconds == 0 {
        sqlx::query("DELETE FROM recordings WHERE recording = $1 AND seconds IS NULL")
            .bind(&recording.0)
            .execute(connection)
            .await?;
        return Ok(());
    }
    sqlx::query("UPDATE recordings SET seconds = $1, channels = $2, ended_at = $3 WHERE recording = $4 AND seconds IS NULL")
        .bind(i64::from(seconds))
        .bind(i64::from(channels))
        .bind(now.timestamp_millis())
        .bind(&recording.0)
        .execute(connection)
        .await?;
    Ok(())
}

async fn discard_talks(connection: &mut Connection, call: CallId) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM recordings WHERE call = $1 AND kind = 'talk'")
        .bind(id_text(call))
        .execute(connection)
        .await?;
    Ok(())
}

type Row = (i64, String, String, String, i64, Option<i64>, Option<i64>, Option<String>);

fn read((id, recording, call, kind, began_at, seconds, channels, transcript): Row) -> Result<Recording, StoreError> {
    Ok(Recording {
        id,
        recording: RecordingId(recording),
        call: parse_id(&call)?,
        kind: serde_json::from_value(serde_json::Value::String(kind))
            .map_err(|e| StoreError::unreadable(format_args!("the kind of recording {id}"), &e))?,
        began_at: from_ms(began_at)?,
        seconds: seconds.map(narrow).transpose()?,
        channels: channels.map(narrow).transpose()?,
        transcript,
    })
}

impl Store {
    /// The recordings of a hotline that are complete, the newest first.
    ///
    /// # Errors
    /// As [`StoreError`] says.
    pub async fn recordings(&self, hotline: &HotlineName) -> Result<Vec<Recording>, StoreError> {
        let rows: Vec<Row> = sqlx::query_as(
            "SELECT id, recording, call, kind, began_at, seconds, channels, transcript FROM recordings
             WHERE hotline = $1 AND seconds IS NOT NULL ORDER BY began_at DESC, id DESC LIMIT $2",
        )
        .bind(&hotline.0)
        .bind(i64::from(LONGEST_LIST))
        .fetch_all(&self.readers)
        .await?;
        rows.into_iter().map(read).collect()
    }

    /// One recording of a hotline.
    ///
    /// # Errors
    /// As [`StoreError`] says.
    pub async fn recording(&self, hotline: &HotlineName, id: i64) -> Result<Option<Recording>, StoreError> {
        let row: Option<Row> = sqlx::query_as(
            "SELECT id, recording, call, kind, began_at, seconds, channels, transcript FROM recordings WHERE hotline = $1 AND id = $2",
        )
        .bind(&hotline.0)
        .bind(id)
        .fetch_optional(&self.readers)
        .await?;
        row.map(read).transpose()
    }

    /// Forgets a recording, which is to be deleted at the carrier from now on. False where there is none.
    ///
    /// # Errors
    /// As [`StoreError`] says.
    pub async fn discard_recording(&self, hotline: &HotlineName, id: i64) -> Result<bool, StoreError> {
        let gone = sqlx::query("DELETE FROM recordings WHERE hotline = $1 AND id = $2")
            .bind(&hotline.0)
            .bind(id)
            .execute(&self.writer)
            .await?;
        Ok(gone.rows_affected() > 0)
    }

    /// The hotlines of which there are recordings.
    ///
    /// # Errors
    /// As [`StoreError`] says.
    pub async fn recorded_hotlines(&self) -> Result<Vec<HotlineName>, StoreError> {
        let rows: Vec<(String,)> = sqlx::query_as("SELECT DISTINCT hotline FROM recordings")
            .fetch_all(&self.readers)
            .await?;
        Ok(rows.into_iter().map(|(name,)| HotlineName(name)).collect())
    }

    /// Forgets at most so many recordings of a hotline that began before an instant, as [`Store::discard_recording`] does;
    /// how many there were.
    ///
    /// # Errors
    /// As [`StoreError`] says.
    pub async fn discard_recordings(&self, hotline: &HotlineName, began_before: DateTime<Utc>, most: u32) -> Result<u64, StoreError> {
        let gone = sqlx::query(
            "DELETE FROM recordings WHERE id IN
                (SELECT id FROM recordings WHERE hotline = $1 AND began_at < $2 ORDER BY began_at LIMIT $3)",
        )
        .bind(&hotline.0)
        .bind(began_before.timestamp_millis())
        .bind(i64::from(most))
        .execute(&self.writer)
        .await?;
        Ok(gone.rows_affected())
    }

    /// What the carrier is to delete now, the longest waiting first.
    ///
    /// # Errors
    /// As [`StoreError`] says.
    pub async fn discarded(&self, now: DateTime<Utc>, most: u32) -> Result<Vec<Discarded>, StoreError> {
        let rows: Vec<(String, String, i64)> = sqlx::query_as(
            "SELECT recording, hotline, failures FROM discarded
             WHERE deleted_at IS NULL AND not_before <= $1 ORDER BY not_before, recording LIMIT $2",
        )
        .bind(now.timestamp_millis())
        .bind(i64::from(most))
        .fetch_all(&self.readers)
        .await?;
        let discarded = rows.into_iter().map(|(recording, hotline, failures)| {
            Ok(Discarded {
                recording: RecordingId(recording),
                hotline: HotlineName(hotline),
                failures: narrow(failures)?,
            })
        });
        discarded.collect()
    }

    /// The carrier has deleted a recording. What was deleted long ago is forgotten.
    ///
    /// # Errors
    /// As [`StoreError`] says.
    pub async fn deleted(&self, recording: &RecordingId, now: DateTime<Utc>) -> Result<(), StoreError> {
        sqlx::query("UPDATE discarded SET deleted_at = $1 WHERE recording = $2")
            .bind(now.timestamp_millis())
            .bind(&recording.0)
            .execute(&self.writer)
            .await?;
        sqlx::query("DELETE FROM discarded WHERE deleted_at < $1")
            .bind((now - REMEMBERED_FOR).timestamp_millis())
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    /// The carrier has not deleted a recording: it is tried again then.
    ///
    /// # Errors
    /// As [`StoreError`] says.
    pub async fn not_deleted(&self, recording: &RecordingId, next: DateTime<Utc>) -> Result<(), StoreError> {
        sqlx::query("UPDATE discarded SET failures = failures + 1, not_before = $1 WHERE recording = $2")
            .bind(next.timestamp_millis())
            .bind(&recording.0)
            .execute(&self.writer)
            .await?;
        Ok(())
    }
}
