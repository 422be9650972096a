//! Pulls one source for all the hotlines that live on it, so that it is asked once.
//! It must not know what makes a rota good.

use super::brakes::Brakes;
use super::doorbell::Knocks;
use super::keeper::{Keeper, said_unchanged};
use super::pace::{Waits, asked_for};
use super::{Failure, Feed, Pace, Pulled};
use crate::call::HotlineName;
use crate::clock::Clock;
use crate::store::Store;
use futures_util::FutureExt as _;
use futures_util::future::join_all;
use providers::{Fetched, Revision, SheetSource, SourceError};
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until, timeout_at};
use tokio_util::sync::CancellationToken;

/// How often a rota is looked at where nobody says so.
const USUAL_INTERVAL: Duration = Duration::from_secs(60);

pub(super) struct Puller {
    source: Arc<dyn SheetSource>,
    keepers: Vec<Keeper>,
    patience: Duration,
    waits: Waits,
    /// When the next pull is due.
    due: Instant,
    /// The source wants to be left alone until then, whoever knocks.
    rest_until: Instant,
    knocks: Knocks,
    heard: watch::Receiver<()>,
    brakes: Brakes,
}

/// What a source said.
type Answer = Result<Fetched, Failure>;

/// What one pull fetched.
pub(super) struct Haul {
    pub(super) first: Answer,
    /// Of each hotline that needs its fallback, in the order of the hotlines.
    fallbacks: Vec<Option<Answer>>,
}

/// Why a source is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Occasion {
    /// It is time.
    Due,
    /// Somebody says that it has changed: then no cheap probe is asked first.
    Knock,
}

impl Puller {
    /// `feeds` share one source, which is asked as often as the most eager of them wants.
    pub(super) fn new(store: &Store, clock: Clock, source: Arc<dyn SheetSource>, feeds: Vec<Feed>, pace: Pace) -> Self {
        let interval = feeds.iter().map(|feed| feed.interval).min().unwrap_or(USUAL_INTERVAL);
        let mut waits = Waits::new(interval, pace.seed);
        let due = Clock::monotonic() + waits.after(&Pulled::Unchanged);
        let knocks = watch::Sender::new(());
        let keeper = |feed| Keeper::new(store.clone(), clock, feed);
        Self {
            source,
            keepers: feeds.into_iter().map(keeper).collect(),
            patience: pace.patience,
            waits,
            due,
            rest_until: Clock::monotonic(),
            heard: knocks.subscribe(),
            knocks,
            brakes: Brakes::default(),
        }
    }

    pub(super) fn feeds(&self) -> impl Iterator<Item = &Feed> {
        self.keepers.iter().map(Keeper::feed)
    }

    /// Through which each hotline's doors make us look.
    pub(super) fn bells(&self) -> Vec<(HotlineName, Knocks)> {
        let bell = |keeper: &Keeper| (keeper.feed().hotline.clone(), self.knocks.clone());
        self.keepers.iter().map(bell).collect()
    }

    #[cfg(test)]
    pub(super) fn is_knocked_for(&self) -> bool {
        self.heard.has_changed().unwrap_or(false)
    }

    /// Pulls until `shutdown`. What was fetched is always digested to the end.
    pub(super) async fn run(mut self, shutdown: CancellationToken) {
        loop {
            let Some(occasion) = shutdown.run_until_cancelled(self.wait()).await else {
                return;
            };
            if occasion == Occasion::Due && !self.keeps_house() {
                self.due = Clock::monotonic() + self.waits.after(&Pulled::Unchanged);
                continue;
            }
            let Some(haul) = shutdown.run_until_cancelled(self.fetch(occasion)).await else {
                return;
            };
            self.digest(&haul).await;
        }
    }

    /// Whether this process is to ask the source when it is time; who hears a knock asks in any case.
    fn keeps_house(&self) -> bool {
        self.keepers.first().is_none_or(Keeper::keeps_house)
    }

    /// Pulls once; what that brought each hotline.
    pub(super) async fn pull(&mut self) -> Vec<(HotlineName, Pulled)> {
        let haul = self.fetch(Occasion::Due).await;
        self.digest(&haul).await
    }

    /// Waits until the next pull is due, or somebody knocks; then until the brakes let go.
    pub(super) async fn wait(&mut self) -> Occasion {
        if timeout_at(self.due, self.heard.changed()).await.is_err() {
            return Occasion::Due;
        }
        let now = Clock::monotonic();
        let earliest = self.brakes.earliest(now).max(self.rest_until).min(self.due);
        if earliest > now {
            sleep_until(earliest).await;
        }
        // Whoever knocked meanwhile is served by this pull too.
        self.heard.mark_unchanged();
        self.brakes.pulled(Clock::monotonic());
        Occasion::Knock
    }

    pub(super) async fn fetch(&mut self, occasion: Occasion) -> Haul {
        join_all(self.keepers.iter_mut().map(Keeper::look_for_acceptance)).await;
        let since = match occasion {
            Occasion::Due => self.since(),
            Occasion::Knock => None,
        };
        let first = ask(self.source.as_ref(), since, self.patience).await;
        let fallbacks = match &first {
            Ok(_) => vec![None; self.keepers.len()],
            Err(_) => self.fetch_fallbacks().await,
        };
        Haul { first, fallbacks }
    }

    /// The fallbacks of the hotlines that need theirs, each asked once.
    async fn fetch_fallbacks(&self) -> Vec<Option<Answer>> {
        let needed = join_all(self.keepers.iter().map(Keeper::needed_fallback)).await;
        let mut distinct: Vec<&Arc<dyn SheetSource>> = Vec::new();
        for source in needed.iter().flatten() {
            if !distinct.iter().any(|known| Arc::ptr_eq(known, source)) {
                distinct.push(source);
            }
        }
        let answers = join_all(distinct.iter().map(|source| ask(source.as_ref(), None, self.patience))).await;
        let answer = |source: &Arc<dyn SheetSource>| {
            let at = distinct.iter().position(|known| Arc::ptr_eq(known, source))?;
            answers.get(at).cloned()
        };
        needed.iter().map(|source| source.as_ref().and_then(answer)).collect()
    }

    /// The version that all hotlines have judged; none while one of them has still to see it.
    fn since(&self) -> Option<&Revision> {
        let (first, others) = self.keepers.split_first()?;
        let judged = first.judged()?;
        others.iter().all(|keeper| keeper.judged() == Some(judged)).then_some(judged)
    }

    pub(super) async fn digest(&mut self, haul: &Haul) -> Vec<(HotlineName, Pulled)> {
        let keepers = self.keepers.iter_mut().zip(&haul.fallbacks);
        let pulled = join_all(keepers.map(async |(keeper, fallback)| {
            let pulled = keeper.digest(&haul.first, fallback.as_ref()).await;
            (keeper.feed().hotline.clone(), pulled)
        }))
        .await;
        let failed = pulled.iter().find(|(_, pulled)| matches!(pulled, Pulled::Failed(_)));
        let worst = failed.map_or(&Pulled::Unchanged, |(_, failed)| failed);
        let now = Clock::monotonic();
        self.due = now + self.waits.after(worst);
        self.rest_until = now + haul.first.as_ref().err().map_or(Duration::ZERO, asked_for);
        pulled
    }
}

/// Asks a source, for so long. A fault in the code that reads it must not end the refreshing for good.
async fn ask(source: &dyn SheetSource, since: Option<&Revision>, patience: Duration) -> Answer {
    let asked = AssertUnwindSafe(source.fetch(since)).catch_unwind();
    match tokio::time::timeout(patience, asked).await {
        // As much as no answer to somebody who has read nothing: then the fallback is needed.
        Ok(Ok(Ok(Fetched::Unchanged))) if since.is_none() => Err(said_unchanged()),
        Ok(Ok(answer)) => Ok(answer?),
        Ok(Err(_panic)) => Err(SourceError::Transient("reading it broke off by a fault in rotaline; please report that".into()).into()),
        Err(_) => Err(Failure::NoAnswer(patience)),
    }
}
