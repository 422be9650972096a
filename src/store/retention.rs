//! Calls whose time is over are deleted with everything that is kept of them, and nothing else ever is.

use super::{Connection, Store, StoreError, presence, spending, texts};
use chrono::{DateTime, Utc};

/// What is deleted of the calls that stand in `expired`, whatever refers to them first. A table that refers to calls and
/// is not here makes the deletion fail as a whole, and a test before that.
pub(super) const OF_CALLS: [&str; 12] = [
    "DELETE FROM events WHERE call IN (SELECT call FROM expired)",
    "DELETE FROM facts WHERE call IN (SELECT call FROM expired)",
    "DELETE FROM outbox WHERE call IN (SELECT call FROM expired)",
    "DELETE FROM lines WHERE call IN (SELECT call FROM expired)",
    "DELETE FROM incidents WHERE call IN (SELECT call FROM expired)",
    "DELETE FROM callback_calls WHERE call IN (SELECT call FROM expired)",
    "DELETE FROM callbacks WHERE call IN (SELECT call FROM expired)",
    // What the carrier keeps of them goes too: see the table's trigger.
    "DELETE FROM recordings WHERE call IN (SELECT call FROM expired)",
    "DELETE FROM relays WHERE call IN (SELECT call FROM expired)",
    "DELETE FROM texts WHERE call IN (SELECT call FROM expired)",
    "DELETE FROM waiting WHERE call IN (SELECT call FROM expired)",
    "DELETE FROM engaged WHERE call IN (SELECT call FROM expired)",
];

/// When the rows of each table end. A table that is not here makes a test fail, and so does one of which docs/privacy.md says
/// nothing.
#[cfg(test)]
pub(super) const ENDS: [(&str, &str); 34] = [
    ("acceptances", "with the next version of the rota"),
    ("audit", "by its own time"),
    ("bygone", "never: the carrier's names alone"),
    ("callback_calls", "with its call"),
    ("callbacks", "with the call that it came of"),
    ("calls", "keep_days after its end"),
    ("discarded", "30 days after the carrier has deleted the recording"),
    ("engaged", "when the phone is free"),
    ("events", "with its call"),
    ("expired", "within the transaction"),
    ("facts", "with its call"),
    ("forgotten", "when the carrier has said what it has"),
    ("idle_events", "by their own time, which is not later than their call's"),
    ("incidents", "with its call"),
    ("leases", "when it runs out"),
    ("lines", "with its call"),
    ("offered", "never: the carrier's names alone"),
    ("outbox", "with its call"),
    ("presence", "at its end"),
    ("recordings", "keep_recordings_days after it began, and with its call"),
    ("relays", "at its end, and with its call"),
    ("remembered", "never: nobody's number stands there"),
    ("returns", "with what the sheet said before it"),
    ("rota_versions", "with later versions"),
    ("rotas", "with the next version"),
    ("sessions", "when they run out"),
    ("sheet_presence", "with the next version"),
    ("sign_in_links", "when they run out"),
    ("spent", "after a day"),
    ("texts", "after two days, and with its call"),
    ("tokens", "when somebody takes it back"),
    ("unwanted", "when the carrier has deleted it"),
    ("users", "when somebody is removed"),
    ("waiting", "when somebody is found"),
];

impl Store {
    /// Deletes what nobody looks back to any more and no call has: texts, presence and talks that are over, counts.
    ///
    /// # Errors
    /// As [`StoreError`] says; then nothing of it is gone.
    pub async fn sweep(&self, now: DateTime<Utc>) -> Result<(), StoreError> {
        let mut transaction = self.changes.begin().await?;
        texts::forget(&mut transaction, now).await?;
        presence::forget_returns(&mut transaction).await?;
        spending::forget(&mut transaction, now).await?;
        transaction.commit(&[]).await
    }

    /// Deletes at most so many calls that had ended before an instant, the longest over first, with events, facts,
    /// commands and lines; how many there were. What is live, has a command that is still to be carried
    /// out, or a callback that nobody has made, stays.
    ///
    /// # Errors
    /// As [`StoreError`] says; then none of them is gone.
    pub async fn expire(&self, ended_before: DateTime<Utc>, most: u32) -> Result<u64, StoreError> {
        let mut transaction = self.changes.begin().await?;
        let marked = sqlx::query(
            "INSERT INTO expired (call)
             SELECT c.id FROM calls c WHERE c.live = 0 AND c.ended_at < $1
               AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.call = c.id AND o.state = 'waiting')
               AND NOT EXISTS (SELECT 1 FROM callbacks b WHERE b.call = c.id AND b.done_at IS NULL)
             ORDER BY c.ended_at LIMIT $2",
        )
        .bind(ended_before.timestamp_millis())
        .bind(i64::from(most))
        .execute(&mut *transaction)
        .await?
        .rows_affected();
        if marked == 0 {
            return Ok(0);
        }
        delete_marked(&mut transaction).await?;
        transaction.commit(&[]).await?;
        Ok(marked)
    }
}

/// Deletes the calls that stand in `expired`, with all that is kept of them.
pub(super) async fn delete_marked(connection: &mut Connection) -> Result<(), StoreError> {
    for sql in OF_CALLS {
        sqlx::query(sql).execute(&mut *connection).await?;
    }
    // The mark refers to its call, and so goes first; until the commit nobody sees either.
    let ids: Vec<(String,)> = sqlx::query_as("DELETE FROM expired RETURNING call")
        .fetch_all(&mut *connection)
        .await?;
    for (id,) in &ids {
        sqlx::query("DELETE FROM calls WHERE id = $1")
            .bind(id)
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}
