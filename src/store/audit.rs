//! The audit log: who has changed what, and who has looked at what is private. It is only added to, until its time is over.

use super::story::from_ms;
use super::{Store, StoreError};
use chrono::{DateTime, Utc};
use serde::Serialize;

/// One line of the audit log. No number and no word that opens something is in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Audited {
    /// Rises; no two lines share one.
    pub number: i64,
    /// When.
    pub at: DateTime<Utc>,
    /// By name.
    pub who: String,
    /// `user`, `token` or `command`.
    pub kind: String,
    /// The address from which it was done; none for commands of this machine.
    pub client: Option<String>,
    /// Which kind of thing was done; stable.
    pub what: String,
    /// About which hotline, where it is about one.
    pub hotline: Option<String>,
    /// About what else, in words.
    pub about: String,
}

type Row = (i64, i64, String, String, Option<String>, String, Option<String>, String);

fn audited((number, at, who, kind, client, what, hotline, about): Row) -> Result<Audited, StoreError> {
    Ok(Audited {
        number,
        at: from_ms(at)?,
        who,
        kind,
        client,
        what,
        hotline,
        about,
    })
}

impl Store {
    /// Adds a line to the audit log; its number is given here.
    ///
    /// # Errors
    /// As [`StoreError`] says; then it is not noted.
    pub async fn note(&self, line: &Audited) -> Result<(), StoreError> {
        sqlx::query("INSERT INTO audit (at, who, kind, client, what, hotline, about) VALUES ($1, $2, $3, $4, $5, $6, $7)")
            .bind(line.at.timestamp_millis())
            .bind(&line.who)
            .bind(&line.kind)
            .bind(line.client.as_deref())
            .bind(&line.what)
            .bind(line.hotline.as_deref())
            .bind(&line.about)
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    /// The newest lines of the audit log since an instant, newest first; those before a number, where one is given.
    ///
    /// # Errors
    /// As [`StoreError`] says.
    pub async fn audit(&self, since: Option<DateTime<Utc>>, before: Option<i64>, most: u32) -> Result<Vec<Audited>, StoreError> {
        let rows: Vec<Row> = sqlx::query_as(
            "SELECT number, at, who, kind, client, what, hotline, about FROM audit
             WHERE at >= $1 AND number < $2 ORDER BY number DESC LIMIT $3",
        )
        .bind(since.map_or(i64::MIN, |since| since.timestamp_millis()))
        .bind(before.unwrap_or(i64::MAX))
        .bind(i64::from(most))
        .fetch_all(&self.readers)
        .await?;
        rows.into_iter().map(audited).collect()
    }

    /// Deletes the lines of the audit log from before an instant; how many there were.
    ///
    /// # Errors
    /// As [`StoreError`] says.
    pub async fn expire_audit(&self, before: DateTime<Utc>) -> Result<u64, StoreError> {
        let gone = sqlx::query("DELETE FROM audit WHERE at < $1")
            .bind(before.timestamp_millis())
            .execute(&self.writer)
            .await?;
        Ok(gone.rows_affected())
    }
}
