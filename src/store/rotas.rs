//! The last good rota of each hotline: kept as its sheet, held at hand as its roster.

use super::story::{from_ms, to_json};
use super::{CurrentRota, ReadRota, Store, StoreError, Trouble, presence};
use crate::call::HotlineName;
use crate::roster::{self, Settings};
use chrono::{DateTime, Utc};
use moka::ops::compute::{CompResult, Op};
use providers::Sheet;
use std::sync::Arc;

/// `read_at`, `checked_at`, `trouble`, `held`.
type CheckedRow = (Option<i64>, Option<i64>, Option<String>, Option<String>);

/// `sheet`, `given`, `read_at`, `checked_at`, `trouble`, `held`.
type RotaRow = (
    Option<String>,
    Option<String>,
    Option<i64>,
    Option<i64>,
    Option<String>,
    Option<String>,
);

impl Store {
    /// The current rota of a hotline; none before the first good one. Mostly at hand; after a restart it is read
    /// from the kept sheet, once, however many ask.
    ///
    /// # Errors
    /// As [`StoreError`] says.
    pub async fn rota(&self, hotline: &HotlineName) -> Result<Option<Arc<CurrentRota>>, StoreError> {
        if let Some(at_hand) = self.rotas.get(hotline).await {
            return Ok(Some(at_hand));
        }
        self.with_rota(hotline, async |at_hand| match at_hand {
            Some(_) => Ok(None),
            None => self.load_rota(hotline, None).await,
        })
        .await
    }

    /// The current rota of a hotline where it is at hand; nobody waits for a reading that is under way.
    pub async fn rota_at_hand(&self, hotline: &HotlineName) -> Option<Arc<CurrentRota>> {
        self.rotas.get(hotline).await
    }

    /// Reads the current rota again from its kept sheet, as of `now`: a rota that repeats itself is written out from there,
    /// and what is soon is another thing than yesterday. No other version, and nothing that is held, changes by it.
    ///
    /// # Errors
    /// As [`StoreError`] says; then the rota stays as it was.
    pub async fn read_rota_again(&self, hotline: &HotlineName, now: DateTime<Utc>) -> Result<Option<Arc<CurrentRota>>, StoreError> {
        self.with_rota(hotline, async |_| self.load_rota(hotline, Some(now)).await).await
    }

    /// Keeps a newly read sheet as the hotline's current rota, as it is; whatever trouble there was is over.
    ///
    /// # Errors
    /// As [`StoreError`] says; then the rota before it stays.
    pub async fn keep_rota(
        &self,
        hotline: &HotlineName,
        sheet: Sheet,
        given: Settings,
        read_at: DateTime<Utc>,
    ) -> Result<Arc<CurrentRota>, StoreError> {
        let read = away(move || ReadRota::of(sheet, given, Vec::new(), read_at)).await?;
        self.keep_read_rota(hotline, read).await
    }

    /// As [`Store::keep_rota`], of a version that has been read; with duties of earlier versions where the sheet has
    /// nobody. An acceptance of another version has had its time.
    ///
    /// # Errors
    /// As [`StoreError`] says; then the rota before it stays.
    pub async fn keep_read_rota(&self, hotline: &HotlineName, read: ReadRota) -> Result<Arc<CurrentRota>, StoreError> {
        let (read_at, checked_at) = (read.read_at, read.as_of);
        let name = hotline.clone();
        let (kept, rota) = away(move || {
            let kept = (to_json(&read.sheet)?, to_json(&read.given)?, to_json(&read.held)?);
            Ok::<_, StoreError>((kept, Arc::new(current(name, read, checked_at, None))))
        })
        .await??;
        let newest = Arc::clone(&rota);
        self.with_rota(hotline, async |_| {
            let mut transaction = self.changes.begin().await?;
            sqlx::query(
                "INSERT INTO rotas (hotline, sheet, given, read_at, checked_at, held) VALUES ($1, $2, $3, $4, $5, $6)
                 ON CONFLICT (hotline) DO UPDATE SET sheet = excluded.sheet, given = excluded.given, held = excluded.held,
                    read_at = excluded.read_at, checked_at = excluded.checked_at, trouble = NULL",
            )
            .bind(&hotline.0)
            .bind(&kept.0)
            .bind(&kept.1)
            .bind(read_at.timestamp_millis())
            .bind(checked_at.timestamp_millis())
            .bind(&kept.2)
            .execute(&mut *transaction)
            .await?;
            sqlx::query("DELETE FROM acceptances WHERE hotline = $1 AND revision <> $2")
                .bind(&hotline.0)
                .bind(&newest.revision.0)
                .execute(&mut *transaction)
                .await?;
            presence::keep_of_sheet(&mut transaction, hotline, &newest.roster, read_at).await?;
            transaction.commit(&[]).await?;
            Ok(Some(newest))
        })
        .await?;
        Ok(rota)
    }

    /// Notes that the source has said at `at` that the current rota is still its newest; trouble is over.
    ///
    /// # Errors
    /// As [`StoreError`] says.
    pub async fn rota_checked(&self, hotline: &HotlineName, at: DateTime<Utc>) -> Result<(), StoreError> {
        self.with_rota(hotline, async |at_hand| {
            sqlx::query("UPDATE rotas SET checked_at = $1, trouble = NULL WHERE hotline = $2 AND sheet IS NOT NULL")
                .bind(at.timestamp_millis())
                .bind(&hotline.0)
                .execute(&self.writer)
                .await?;
            Ok(at_hand.map(|rota| {
                Arc::new(CurrentRota {
                    checked_at: at,
                    trouble: None,
                    ..CurrentRota::clone(&rota)
                })
            }))
        })
        .await?;
        Ok(())
    }

    /// Notes why the source cannot be used, or that it can again. The current rota stays.
    ///
    /// # Errors
    /// As [`StoreError`] says.
    pub async fn rota_trouble(&self, hotline: &HotlineName, trouble: Option<Trouble>) -> Result<(), StoreError> {
        let json = trouble.as_ref().map(to_json).transpose()?;
        self.with_rota(hotline, async |at_hand| {
            sqlx::query(
                "INSERT INTO rotas (hotline, trouble) VALUES ($1, $2)
                 ON CONFLICT (hotline) DO UPDATE SET trouble = excluded.trouble",
            )
            .bind(&hotline.0)
            .bind(&json)
            .execute(&self.writer)
            .await?;
            Ok(at_hand.map(|rota| {
                Arc::new(CurrentRota {
                    trouble,
                    ..CurrentRota::clone(&rota)
                })
            }))
        })
        .await?;
        Ok(())
    }

    /// Why the source of a hotline's rota cannot be used, also where there has never been a good rota.
    ///
    /// # Errors
    /// As [`StoreError`] says.
    pub async fn trouble(&self, hotline: &HotlineName) -> Result<Option<Trouble>, StoreError> {
        let row: Option<(Option<String>,)> = sqlx::query_as("SELECT trouble FROM rotas WHERE hotline = $1")
            .bind(&hotline.0)
            .fetch_optional(&self.readers)
            .await?;
        read_trouble(row.and_then(|(trouble,)| trouble))
    }

    /// As [`Store::catch_up_with_rota`], with all that are at hand.
    pub(super) async fn catch_up_with_rotas(&self) -> Result<(), StoreError> {
        for (hotline, _) in &self.rotas {
            self.catch_up_with_rota(&hotline).await?;
        }
        Ok(())
    }

    /// Puts the rota at hand where another process has kept a newer one. What is not at hand is read when it is asked for.
    pub(super) async fn catch_up_with_rota(&self, hotline: &HotlineName) -> Result<(), StoreError> {
        self.with_rota(hotline, async |at_hand| {
            let Some(at_hand) = at_hand else { return Ok(None) };
            let row: Option<CheckedRow> = sqlx::query_as("SELECT read_at, checked_at, trouble, held FROM rotas WHERE hotline = $1")
                .bind(&hotline.0)
                .fetch_optional(&self.readers)
                .await?;
            let Some((Some(read_at), Some(checked_at), trouble, held)) = row else {
                return Ok(None);
            };
            let is_the_same = at_hand.read_at.timestamp_millis() == read_at && held.unwrap_or_default() == to_json(&*at_hand.held)?;
            if !is_the_same {
                return self.load_rota(hotline, None).await;
            }
            let (checked_at, trouble) = (from_ms(checked_at)?, read_trouble(trouble)?);
            if (at_hand.checked_at, &at_hand.trouble) == (checked_at, &trouble) {
                return Ok(None);
            }
            Ok(Some(Arc::new(CurrentRota {
                checked_at,
                trouble,
                ..CurrentRota::clone(&at_hand)
            })))
        })
        .await?;
        Ok(())
    }

    /// Runs `work` with the rota at hand while nobody else works on that of the same hotline, and puts what it
    /// returns in its place. One at a time, so that a slow reading of an older version, or a note about it, can
    /// never end up over a newer one; that is why it is not the cache's plain get-with.
    async fn with_rota(
        &self,
        hotline: &HotlineName,
        work: impl AsyncFnOnce(Option<Arc<CurrentRota>>) -> Result<Option<Arc<CurrentRota>>, StoreError>,
    ) -> Result<Option<Arc<CurrentRota>>, StoreError> {
        let done = self.rotas.entry_by_ref(hotline).and_try_compute_with(async |at_hand| {
            let at_hand = at_hand.map(moka::Entry::into_value);
            Ok::<_, StoreError>(match work(at_hand).await? {
                Some(newest) => Op::Put(newest),
                None => Op::Nop,
            })
        });
        Ok(match done.await? {
            CompResult::Inserted(entry) | CompResult::ReplacedWith(entry) | CompResult::Unchanged(entry) => Some(entry.into_value()),
            CompResult::Removed(_) | CompResult::StillNone(_) => None,
        })
    }

    /// Without another instant as of when the sheet was last known to be the newest: then it was still meant.
    async fn load_rota(&self, hotline: &HotlineName, as_of: Option<DateTime<Utc>>) -> Result<Option<Arc<CurrentRota>>, StoreError> {
        let row: Option<RotaRow> = sqlx::query_as("SELECT sheet, given, read_at, checked_at, trouble, held FROM rotas WHERE hotline = $1")
            .bind(&hotline.0)
            .fetch_optional(&self.readers)
            .await?;
        let Some((Some(sheet), Some(given), Some(read_at), Some(checked_at), trouble, held)) = row else {
            return Ok(None);
        };
        let (read_at, checked_at, trouble) = (from_ms(read_at)?, from_ms(checked_at)?, read_trouble(trouble)?);
        let as_of = as_of.unwrap_or(checked_at).max(read_at);
        let name = hotline.clone();
        let rota = away(move || {
            let unreadable = |e| StoreError::unreadable(format_args!("the rota of {name}"), &e);
            let sheet: Sheet = serde_json::from_str(&sheet).map_err(unreadable)?;
            let given: Settings = serde_json::from_str(&given).map_err(unreadable)?;
            let held = held
                .map_or(Ok(Vec::new()), |held| serde_json::from_str(&held))
                .map_err(unreadable)?;
            let (roster, diagnostics) = roster::read_again(&sheet, &given, read_at, as_of);
            let read = ReadRota {
                sheet,
                given,
                roster,
                diagnostics,
                held,
                read_at,
                as_of,
            };
            Ok::<_, StoreError>(Arc::new(current(name, read, checked_at, trouble)))
        })
        .await??;
        self.refresh_presence(&rota).await;
        Ok(Some(rota))
    }

    /// A better reader, or a newer time zone database, may understand a status anew. The rota counts whether or not that
    /// can be kept.
    async fn refresh_presence(&self, rota: &CurrentRota) {
        let kept = async {
            if rota.roster.away().is_empty() && !presence::has_any_of_sheet(&mut self.readers.acquire().await?, &rota.hotline).await? {
                return Ok(());
            }
            let mut transaction = self.changes.begin().await?;
            presence::keep_of_sheet(&mut transaction, &rota.hotline, &rota.roster, rota.read_at).await?;
            transaction.commit(&[]).await?;
            Ok::<_, StoreError>(())
        };
        if let Err(error) = kept.await {
            tracing::warn!(hotline = %rota.hotline, %error, "who is away by the sheet stays as it was before");
        }
    }
}

fn read_trouble(json: Option<String>) -> Result<Option<Trouble>, StoreError> {
    json.map(|json| serde_json::from_str(&json).map_err(|e| StoreError::unreadable("the trouble of a rota", &e)))
        .transpose()
}

fn current(hotline: HotlineName, read: ReadRota, checked_at: DateTime<Utc>, trouble: Option<Trouble>) -> CurrentRota {
    CurrentRota {
        hotline,
        roster: Arc::new(read.roster.holding(&read.held)),
        diagnostics: read.diagnostics.into(),
        held: read.held.into(),
        title: read.sheet.title,
        link: read.sheet.link,
        revision: read.sheet.revision,
        read_at: read.read_at,
        as_of: read.as_of,
        checked_at,
        trouble,
    }
}

/// Does what takes a while with a big sheet away from the threads that answer webhooks.
async fn away<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, StoreError> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|e| StoreError::Corrupt {
        what: format!("reading a rota came to no end: {e}"),
    })
}
