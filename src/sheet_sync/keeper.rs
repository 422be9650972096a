//! Keeps the rota of one hotline: judges what was fetched for it, keeps what is good, notes what is not.
//! It must not know when or how often a source is asked.

use super::judge::{self, Verdict};
use super::news::Teller;
use super::standby::{self, Standby};
use super::{Failure, Feed, Pulled, words};
use crate::clock::Clock;
use crate::metrics::names;
use crate::store::{ReadRota, Store, StoreError, Trouble, Version};
use chrono::{DateTime, Utc};
use providers::{Fetched, Revision, Sheet, SheetSource, SourceError};
use std::sync::Arc;

pub(super) struct Keeper {
    store: Store,
    clock: Clock,
    feed: Feed,
    /// The newest version that was judged since the start. At first none, so that the sheet is read at every
    /// start: settings given beside it, or the reader, may be others than before.
    judged: Option<Judged>,
    /// The same of the fallback.
    judged_fallback: Option<Judged>,
    /// The copy in use may be the fallback's.
    may_stand_by: bool,
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
            judged_fallback: None,
            may_stand_by: true,
            teller: Teller::default(),
        }
    }

    pub(super) fn keeps_house(&self) -> bool {
        self.store.keeps_house()
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

    /// Keeps, counts and notes what was fetched, also of the fallback where that was needed.
    pub(super) async fn digest(&mut self, fetched: &Result<Fetched, Failure>, fallback: Option<&Result<Fetched, Failure>>) -> Pulled {
        let kept = match fetched {
            Ok(Fetched::Sheet(sheet)) => self.accept(sheet).await,
            Ok(Fetched::Unchanged) => self.unchanged().await,
            Err(failure) => Err(failure.clone()),
        };
        let noted = match &kept {
            Ok(Pulled::Taken | Pulled::TakenInPart | Pulled::Unchanged | Pulled::UnchangedInPart) => self.stand_down().await,
            Ok(Pulled::HeldBack | Pulled::Failed(_)) => Ok(()),
            Err(failure) => self.note_failure(failure, fallback).await,
        };
        let pulled = kept.unwrap_or_else(Pulled::Failed);
        let hotline = &self.feed.hotline.0;
        metrics::counter!(names::ROTA_PULLS, "hotline" => hotline.clone(), "result" => pulled.as_str()).increment(1);
        if let Some(news) = self.teller.news(&pulled, self.clock.now()) {
            news.log(hotline);
            if let Err(fault) = noted {
                tracing::error!(hotline, %fault, "how the rota fares could not be noted");
            }
        }
        self.measure(&pulled).await;
        pulled
    }

    /// The fallback, where calls need it as long as the source cannot be read.
    pub(super) async fn needed_fallback(&self) -> Option<Arc<dyn SheetSource>> {
        let fallback = self.feed.fallback.clone()?;
        let is_needed = async {
            if standby::recall(&self.store, &self.feed.hotline).await?.is_some() {
                return Ok(true);
            }
            let last = self.store.rota(&self.feed.hotline).await?;
            Ok::<_, StoreError>(standby::is_needed(last.as_deref(), self.clock.now(), self.feed.stale_after))
        };
        is_needed.await.unwrap_or(false).then_some(fallback)
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
            return Err(said_unchanged());
        }
        self.check().await
    }

    async fn take(&mut self, sheet: Sheet) -> Result<Pulled, Failure> {
        let (hotline, given) = (&self.feed.hotline, self.feed.given.clone());
        let (judged, sheet) = self.judge(sheet).await?;
        let (version, revision) = (judged.version, sheet.revision.clone());
        let read = |held| ReadRota {
            sheet,
            given,
            roster: judged.fresh,
            diagnostics: judged.findings,
            held,
            read_at: judged.first_read,
            as_of: version.at,
        };
        let (pulled, held_back) = match judged.verdict {
            Verdict::Take => {
                self.store.keep_read_rota(hotline, read(Vec::new())).await?;
                (Pulled::Taken, None)
            }
            Verdict::TakeBut(spans) => {
                self.store.keep_read_rota(hotline, read(spans)).await?;
                (Pulled::TakenInPart, None)
            }
            Verdict::HoldBack(words) => {
                self.note(&words).await?;
                (Pulled::HeldBack, Some(words))
            }
        };
        self.note_version(&version).await;
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

    async fn note_failure(&mut self, failure: &Failure, fallback: Option<&Result<Fetched, Failure>>) -> Result<(), Failure> {
        // Taking the fallback ends the trouble for a moment; it is the same trouble afterwards.
        let since = self.store.trouble(&self.feed.hotline).await?.map(|trouble| trouble.since);
        let stood_in = match fallback {
            Some(fallback) => Some(self.stand_in(fallback).await),
            None => None,
        };
        let name = self.feed.fallback.as_ref().map_or_else(String::new, |fallback| fallback.describe());
        let last = self.store.rota(&self.feed.hotline).await?;
        let cannot = words::cannot_refresh(failure, &self.feed.source.describe(), last.as_deref());
        let words = match &stood_in {
            None => cannot,
            Some(Ok(())) => words::by_fallback(&cannot, &name),
            Some(Err(fault)) => words::no_fallback(&cannot, &name, fault),
        };
        self.teller.fallback(&self.feed.hotline.0, stood_in.as_ref());
        self.note_since(&words, since).await
    }

    /// Makes calls ring by the fallback's rota, judged as every other.
    async fn stand_in(&mut self, fetched: &Result<Fetched, Failure>) -> Result<(), Failure> {
        let sheet = match fetched {
            Ok(Fetched::Sheet(sheet)) => sheet,
            Ok(Fetched::Unchanged) => return Err(said_unchanged()),
            Err(failure) => return Err(failure.clone()),
        };
        let hotline = self.feed.hotline.clone();
        let before = standby::recall(&self.store, &hotline).await?;
        if before.is_none() {
            // What was judged of it in an earlier outage is not the copy in use any more.
            self.judged_fallback = None;
            let last = self.store.rota(&hotline).await?;
            let last_good = last.map_or_else(|| self.clock.now(), |last| last.checked_at);
            // Before the copy is: a fallback's copy must never pass for the first source's.
            standby::remember(&self.store, &hotline, Some(&Standby { last_good })).await?;
        }
        self.may_stand_by = true;
        let operators = self.store.accepted(&hotline).await?;
        self.judged = self.judged_fallback.take();
        let accepted = self.accept(sheet).await;
        // What the operator has accepted of the first source is not another version's business.
        if let Some(revision) = operators
            && self.store.accepted(&hotline).await?.is_none()
        {
            self.store.accept(&hotline, &revision, self.clock.now()).await?;
        }
        // The first source is read and judged anew when it is back.
        self.judged_fallback = self.judged.take();
        match accepted? {
            Pulled::Taken | Pulled::TakenInPart | Pulled::Unchanged | Pulled::UnchangedInPart => Ok(()),
            Pulled::Failed(failure) => Err(failure),
            Pulled::HeldBack => {
                if before.is_none() {
                    standby::remember(&self.store, &hotline, None).await?;
                }
                let fault = "it has nobody on call from now on, and the copy in use has";
                Err(SourceError::Malformed(fault.to_owned()).into())
            }
        }
    }

    /// The copy in use is the first source's.
    async fn stand_down(&mut self) -> Result<(), Failure> {
        if !self.may_stand_by {
            return Ok(());
        }
        let hotline = &self.feed.hotline;
        if standby::recall(&self.store, hotline).await?.is_some() {
            standby::remember(&self.store, hotline, None).await?;
        }
        self.teller.first_source_again(&hotline.0);
        self.may_stand_by = false;
        Ok(())
    }

    /// Notes trouble for the admin; what lasts keeps its beginning.
    async fn note(&self, words: &str) -> Result<(), Failure> {
        let before = self.store.trouble(&self.feed.hotline).await?;
        self.note_since(words, before.map(|trouble| trouble.since)).await
    }

    /// Written only when it is not what stands there.
    async fn note_since(&self, words: &str, since: Option<DateTime<Utc>>) -> Result<(), Failure> {
        let hotline = &self.feed.hotline;
        let trouble = Trouble {
            since: since.unwrap_or_else(|| self.clock.now()),
            words: words.to_owned(),
        };
        if self.store.trouble(hotline).await?.as_ref() == Some(&trouble) {
            return Ok(());
        }
        Ok(self.store.rota_trouble(hotline, Some(trouble)).await?)
    }

    /// Shows monitors since when there is trouble, and why. Without the store they know that there is none of it.
    async fn measure(&mut self, pulled: &Pulled) {
        let hotline = &self.feed.hotline;
        let Ok(last) = self.store.rota(hotline).await else { return };
        let now = self.clock.now();
        let since = match last {
            Some(last) => {
                let held = last.lasting(now).map(|span| span.since).min();
                last.trouble.as_ref().map(|trouble| trouble.since).or(held)
            }
            None => self.store.trouble(hotline).await.unwrap_or_default().map(|trouble| trouble.since),
        };
        self.teller.measure(&hotline.0, pulled, since);
    }
}

pub(super) fn said_unchanged() -> Failure {
    SourceError::Malformed("it says \"unchanged\" to somebody who has not read it yet".into()).into()
}

#[cfg(test)]
mod tests;
