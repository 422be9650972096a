//! Keeps the rota of one hotline: judges what was fetched for it, keeps what is good, notes what is not.
//! It must not know when or how often a source is asked.

use super::judge::{self, Verdict};
use super::news::Teller;
use super::{Failure, Feed, Pulled, words};
use crate::clock::Clock;
use crate::store::{Store, Trouble, Version};
use providers::{Fetched, Revision, Sheet, SourceError};

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
    /// Why it was held back as a whole.
    held_back: Option<String>,
    /// Whether it was held back, as a whole or in part.
    is_held: bool,
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

    /// Where the operator has accepted the version that is held back, it needs judging again; to be asked before a pull.
    pub(super) async fn look_for_acceptance(&mut self) {
        let Some(judged) = self.judged.as_ref().filter(|judged| judged.is_held) else {
            return;
        };
        match self.store.accepted(&self.feed.hotline).await {
            Ok(accepted) if accepted.as_ref() == Some(&judged.revision) => self.judged = None,
            Ok(_) => {}
            Err(fault) => tracing::error!(hotline = %self.feed.hotline.0, %fault, "an acceptance could not be looked for"),
        }
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
        metrics::counter!("rotaline_rota_pulls_total", "hotline" => self.feed.hotline.0.clone(), "result" => pulled.as_str()).increment(1);
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
        let (hotline, given) = (&self.feed.hotline, self.feed.given.clone());
        let (judgement, sheet) = self.judge(sheet).await?;
        let (at, revision) = (judgement.version.at, sheet.revision.clone());
        let (pulled, held_back) = match judgement.verdict {
            Verdict::Take => {
                self.store.keep_rota(hotline, sheet, given, at).await?;
                (Pulled::Taken, None)
            }
            Verdict::TakeBut(spans) => {
                self.store.keep_rota_holding(hotline, sheet, given, spans, at).await?;
                (Pulled::TakenInPart, None)
            }
            Verdict::HoldBack(words) => {
                self.note(&words).await?;
                (Pulled::HeldBack, Some(words))
            }
        };
        self.note_version(&judgement.version).await;
        self.judged = Some(Judged {
            revision,
            held_back,
            is_held: pulled != Pulled::Taken,
        });
        Ok(pulled)
    }

    /// Reads and judges a sheet, away from the threads that answer webhooks; hands the sheet back.
    async fn judge(&self, sheet: Sheet) -> Result<(judge::Judged, Sheet), Failure> {
        let (now, hotline, given) = (self.clock.now(), &self.feed.hotline, self.feed.given.clone());
        let last = self.store.rota(hotline).await?;
        let is_accepted = self.store.accepted(hotline).await?.as_ref() == Some(&sheet.revision);
        let judging = tokio::task::spawn_blocking(move || (judge::read(&sheet, &given, last.as_deref(), is_accepted, now), sheet));
        judging
            .await
            .map_err(|fault| Failure::Store(format!("reading the rota came to no end: {fault}")))
    }

    /// The history is for people: without it calls go on.
    async fn note_version(&self, version: &Version) {
        if let Err(fault) = self.store.note_version(&self.feed.hotline, version).await {
            tracing::error!(hotline = %self.feed.hotline.0, %fault, "a version of the rota could not be added to its history");
        }
    }

    /// The version judged last is still the newest.
    async fn check(&mut self) -> Result<Pulled, Failure> {
        if let Some(words) = self.judged.as_ref().and_then(|judged| judged.held_back.as_ref()) {
            self.note(words).await?;
            return Ok(Pulled::HeldBack);
        }
        let (hotline, now) = (&self.feed.hotline, self.clock.now());
        self.store.rota_checked(hotline, now).await?;
        let current = self.store.rota(hotline).await?;
        let is_held = current.is_some_and(|rota| rota.lasting(now).next().is_some());
        Ok(if is_held { Pulled::UnchangedInPart } else { Pulled::Unchanged })
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

#[cfg(test)]
mod tests;
