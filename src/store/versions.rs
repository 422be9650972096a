//! What was thought of the versions of each hotline's rota, and which of them the operator has accepted.

use super::story::{from_ms, to_json};
use super::{Store, StoreError, Verdict, Version};
use crate::call::HotlineName;
use chrono::{DateTime, Utc};
use providers::Revision;

/// So many versions of each hotline are kept.
const VERSIONS_KEPT: i64 = 100;

/// `at`, `title`, `revision`, `verdict`, `differences`, `held_back`.
type VersionRow = (i64, String, String, String, String, String);

impl Store {
    /// Adds a version to the history of a hotline. One that is still the newest of it and has changed nothing since, as
    /// after a restart, is not added again.
    ///
    /// # Errors
    /// As [`StoreError`] says.
    pub async fn note_version(&self, hotline: &HotlineName, version: &Version) -> Result<(), StoreError> {
        let newest = self.versions(hotline, 1).await?.pop();
        if newest.is_some_and(|newest| says_the_same(&newest, version)) {
            return Ok(());
        }
        let mut transaction = self.changes.begin().await?;
        sqlx::query(
            "INSERT INTO rota_versions (hotline, at, title, revision, verdict, differences, held_back)
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(&hotline.0)
        .bind(version.at.timestamp_millis())
        .bind(&version.title)
        .bind(&version.revision.0)
        .bind(to_json(&version.verdict)?)
        .bind(to_json(&version.differences)?)
        .bind(to_json(&version.held_back)?)
        .execute(&mut *transaction)
        .await?;
        sqlx::query(
            "DELETE FROM rota_versions WHERE hotline = $1 AND number <=
                (SELECT number FROM rota_versions WHERE hotline = $1 ORDER BY number DESC LIMIT 1 OFFSET $2)",
        )
        .bind(&hotline.0)
        .bind(VERSIONS_KEPT)
        .execute(&mut *transaction)
        .await?;
        transaction.commit(&[]).await
    }

    /// The newest versions of a hotline's rota, newest first.
    ///
    /// # Errors
    /// As [`StoreError`] says.
    pub async fn versions(&self, hotline: &HotlineName, at_most: u32) -> Result<Vec<Version>, StoreError> {
        let rows: Vec<VersionRow> = sqlx::query_as(
            "SELECT at, title, revision, verdict, differences, held_back FROM rota_versions
             WHERE hotline = $1 ORDER BY number DESC LIMIT $2",
        )
        .bind(&hotline.0)
        .bind(i64::from(at_most))
        .fetch_all(&self.readers)
        .await?;
        rows.into_iter().map(|row| read(hotline, row)).collect()
    }

    /// Notes that the operator wants exactly this version to be used as it is.
    ///
    /// # Errors
    /// As [`StoreError`] says.
    pub async fn accept(&self, hotline: &HotlineName, revision: &Revision, at: DateTime<Utc>) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO acceptances (hotline, revision, at) VALUES ($1, $2, $3)
             ON CONFLICT (hotline) DO UPDATE SET revision = excluded.revision, at = excluded.at",
        )
        .bind(&hotline.0)
        .bind(&revision.0)
        .bind(at.timestamp_millis())
        .execute(&self.writer)
        .await?;
        Ok(())
    }

    /// The version that the operator has accepted last, unless another one has been taken since.
    ///
    /// # Errors
    /// As [`StoreError`] says.
    pub async fn accepted(&self, hotline: &HotlineName) -> Result<Option<Revision>, StoreError> {
        let row: Option<(String,)> = sqlx::query_as("SELECT revision FROM acceptances WHERE hotline = $1")
            .bind(&hotline.0)
            .fetch_optional(&self.readers)
            .await?;
        Ok(row.map(|(revision,)| Revision(revision)))
    }
}

fn says_the_same(newest: &Version, version: &Version) -> bool {
    let is_expected = version.verdict == newest.verdict || version.verdict == Verdict::Taken;
    newest.revision == version.revision && version.differences.is_empty() && is_expected
}

fn read(hotline: &HotlineName, (at, title, revision, verdict, differences, held_back): VersionRow) -> Result<Version, StoreError> {
    let unreadable = |e| StoreError::unreadable(format_args!("a version of the rota of {hotline}"), &e);
    Ok(Version {
        at: from_ms(at)?,
        title,
        revision: Revision(revision),
        verdict: serde_json::from_str(&verdict).map_err(unreadable)?,
        differences: serde_json::from_str(&differences).map_err(unreadable)?,
        held_back: serde_json::from_str(&held_back).map_err(unreadable)?,
    })
}
