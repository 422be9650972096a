//! Keeps the rota of one hotline: judges what was fetched for it, keeps what is good, notes what is not.
//! It must not know when or how often a source is asked.

use super::judge::{Verdict, judge};
use super::news::Teller;
use super::{Failure, Feed, Pulled, words};
use crate::clock::Clock;
use crate::metrics::names;
use crate::roster;
use crate::store::{CurrentRota, Store, Trouble};
use chrono::{DateTime, Utc};
use providers::{Fetched, Revision, Sheet, SourceError};
use std::sync::Arc;

pub(super) struct Keeper {
    store: Store,
    clock: Clock,
    feed: Feed,
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

impl Keeper {
    pub(super) fn new(store: Store, clock: Clock, feed: Feed) -> Self {
        Self {
            store,
            clock,
            feed,
            judged: None,
            teller: Teller::default(),
        }
    }

    pub(super) const fn feed(&self) -> &Feed {
        &self.feed
    }

    /// The version that needs no judging any more.
    pub(super) fn judged(&self) -> Option<&Revision> {
        self.judged.as_ref().map(|judged| &judged.revision)
    }

    /// Keeps, counts and notes what was fetched.
    pub(super) async fn digest(&mut self, fetched: &Result<Fetched, Failure>) -> Pulled {
        let kept = match fetched {
            Ok(Fetched::Sheet(sheet)) => self.accept(sheet).await,
            Ok(Fetched::Unchanged) => self.unchanged().await,
            Err(failure) => Err(failure.clone()),
        };
        let pulled = match kept {
            Ok(pulled) => pulled,
            Err(failure) => {
                self.note_failure(&failure).await;
                Pulled::Failed(failure)
            }
        };
        metrics::counter!(names::ROTA_PULLS, "hotline" => self.feed.hotline.0.clone(), "result" => pulled.as_str()).increment(1);
        if let Some(news) = self.teller.news(&pulled) {
            news.log(&self.feed.hotline.0);
        }
        pulled
    }

    /// A version that was judged before costs no reading, however it was fetched.
    async fn accept(&mut self, sheet: &Sheet) -> Result<Pulled, Failure> {
        if self.judged() == Some(&sheet.revision) {
            return self.check().await;
        }
        self.take(sheet.clone()).await
    }

    async fn unchanged(&mut self) -> Result<Pulled, Failure> {
        if self.judged.is_none() {
            let fault = "it says \"unchanged\" to somebody who has not read it yet";
            return Err(SourceError::Malformed(fault.to_owned()).into());
        }
        self.check().await
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
