//! Pulls the rota of one hotline.

use super::judge::{Verdict, judge};
use super::news::Teller;
use super::pace::Waits;
use super::{Failure, Feed, Pace, Pulled, words};
use crate::call::HotlineName;
use crate::clock::Clock;
use crate::roster;
use crate::store::{CurrentRota, Store, Trouble};
use chrono::{DateTime, TimeDelta, Utc};
use providers::{Fetched, Revision, Sheet};
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

pub(super) struct Puller {
    store: Store,
    clock: Clock,
    feed: Feed,
    patience: Duration,
    waits: Waits,
    /// The newest version that was judged since the start. At first none, so that the sheet is read at every
    /// start: settings given beside it, or the reader, may be others than before.
    judged: Option<Judged>,
    teller: Teller,
}

struct Judged {
    revision: Revision,
    /// Why it was held back.
    held_back: Option<String>,
}

impl Puller {
    pub(super) fn new(store: Store, clock: Clock, feed: Feed, pace: Pace) -> Self {
        Self {
            store,
            clock,
            feed,
            patience: pace.patience,
            waits: Waits::new(&pace),
            judged: None,
            teller: Teller::default(),
        }
    }

    pub(super) const fn hotline(&self) -> &HotlineName {
        &self.feed.hotline
    }

    /// Pulls until `shutdown`. What was fetched is always digested to the end.
    pub(super) async fn run(mut self, shutdown: CancellationToken) {
        let mut wait = self.waits.after(&Pulled::Unchanged);
        loop {
            let next = self.clock.now() + TimeDelta::from_std(wait).unwrap_or(TimeDelta::MAX);
            let clock = self.clock;
            if shutdown.run_until_cancelled(clock.sleep_until(next)).await.is_none() {
                return;
            }
            let Some(fetched) = shutdown.run_until_cancelled(self.fetch()).await else {
                return;
            };
            let pulled = self.digest(fetched).await;
            wait = self.waits.after(&pulled);
        }
    }

    /// Pulls once.
    pub(super) async fn pull(&mut self) -> Pulled {
        let fetched = self.fetch().await;
        self.digest(fetched).await
    }

    pub(super) async fn fetch(&self) -> Result<Fetched, Failure> {
        let since = self.judged.as_ref().map(|judged| &judged.revision);
        let answer = tokio::time::timeout(self.patience, self.feed.source.fetch(since)).await;
        Ok(answer.map_err(|_| Failure::NoAnswer(self.patience))??)
    }

    /// Keeps, counts and notes what was fetched.
    async fn digest(&mut self, fetched: Result<Fetched, Failure>) -> Pulled {
        let kept = match fetched {
            Ok(Fetched::Sheet(sheet)) => self.take(*sheet).await,
            Ok(Fetched::Unchanged) => self.check().await,
            Err(failure) => Err(failure),
        };
        let pulled = match kept {
            Ok(pulled) => pulled,
            Err(failure) => {
                self.note_failure(&failure).await;
                Pulled::Failed(failure)
            }
        };
        metrics::counter!("rotaline_rota_pulls_total", "hotline" => self.feed.hotline.0.clone(), "result" => pulled.as_str()).increment(1);
        if let Some(news) = self.teller.news(&pulled) {
            news.log(&self.feed.hotline.0);
        }
        pulled
    }

    async fn take(&mut self, sheet: Sheet) -> Result<Pulled, Failure> {
        let now = self.clock.now();
        let hotline = &self.feed.hotline;
        let last = self.store.rota(hotline).await?;
        let revision = sheet.revision.clone();
        match verdict(&self.feed, sheet, last, now).await? {
            (Verdict::HoldBack(words), _) => {
                self.note(&words).await?;
                self.judged = Some(Judged {
                    revision,
                    held_back: Some(words),
                });
                Ok(Pulled::HeldBack)
            }
            (Verdict::Take, sheet) => {
                self.store.keep_rota(hotline, sheet, self.feed.given.clone(), now).await?;
                self.judged = Some(Judged { revision, held_back: None });
                Ok(Pulled::Taken)
            }
        }
    }

    /// The version judged last is still the newest.
    async fn check(&mut self) -> Result<Pulled, Failure> {
        if let Some(words) = self.judged.as_ref().and_then(|judged| judged.held_back.as_ref()) {
            self.note(words).await?;
            return Ok(Pulled::HeldBack);
        }
        self.store.rota_checked(&self.feed.hotline, self.clock.now()).await?;
        Ok(Pulled::Unchanged)
    }

    async fn note_failure(&self, failure: &Failure) {
        let noted = async {
            let last = self.store.rota(&self.feed.hotline).await?;
            let words = words::cannot_refresh(failure, &self.feed.source.describe(), last.as_deref());
            self.note(&words).await
        };
        if let Err(fault) = noted.await {
            tracing::error!(hotline = %self.feed.hotline.0, %fault, "trouble with the rota could not be noted");
        }
    }

    /// Notes trouble for the admin; what lasts keeps its beginning, and is written only when the words change.
    async fn note(&self, words: &str) -> Result<(), Failure> {
        let hotline = &self.feed.hotline;
        let before = self.store.trouble(hotline).await?;
        if before.as_ref().is_some_and(|trouble| trouble.words == words) {
            return Ok(());
        }
        let trouble = Trouble {
            since: before.map_or_else(|| self.clock.now(), |trouble| trouble.since),
            words: words.to_owned(),
        };
        Ok(self.store.rota_trouble(hotline, Some(trouble)).await?)
    }
}

/// Reads and judges a sheet, away from the threads that answer webhooks; hands the sheet back.
async fn verdict(feed: &Feed, sheet: Sheet, last: Option<Arc<CurrentRota>>, now: DateTime<Utc>) -> Result<(Verdict, Sheet), Failure> {
    let given = feed.given.clone();
    let judging = tokio::task::spawn_blocking(move || {
        let (fresh, findings) = roster::read(&sheet, &given, now);
        let verdict = judge(&sheet, &fresh, &findings, last.as_deref(), now);
        (verdict, sheet)
    });
    judging
        .await
        .map_err(|fault| Failure::Store(format!("reading the rota came to no end: {fault}")))
}
