//! Pulls one source for all the hotlines that live on it, so that it is asked once.
//! It must not know what makes a rota good.

use super::keeper::Keeper;
use super::pace::Waits;
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
use tokio::time::Instant;
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
}

impl Puller {
    /// `feeds` share one source, which is asked as often as the most eager of them wants.
    pub(super) fn new(store: &Store, clock: Clock, source: Arc<dyn SheetSource>, feeds: Vec<Feed>, pace: Pace) -> Self {
        let interval = feeds.iter().map(|feed| feed.interval).min().unwrap_or(USUAL_INTERVAL);
        let mut waits = Waits::new(interval, pace.seed);
        let due = Clock::monotonic() + waits.after(&Pulled::Unchanged);
        let keeper = |feed| Keeper::new(store.clone(), clock, feed);
        Self {
            source,
            keepers: feeds.into_iter().map(keeper).collect(),
            patience: pace.patience,
            waits,
            due,
        }
    }

    /// Pulls until `shutdown`. What was fetched is always digested to the end.
    pub(super) async fn run(mut self, shutdown: CancellationToken) {
        loop {
            if shutdown.run_until_cancelled(tokio::time::sleep_until(self.due)).await.is_none() {
                return;
            }
            let Some(fetched) = shutdown.run_until_cancelled(self.fetch()).await else {
                return;
            };
            self.digest(&fetched).await;
        }
    }

    /// Pulls once; what that brought each hotline.
    pub(super) async fn pull(&mut self) -> Vec<(HotlineName, Pulled)> {
        let fetched = self.fetch().await;
        self.digest(&fetched).await
    }

    pub(super) async fn fetch(&mut self) -> Result<Fetched, Failure> {
        join_all(self.keepers.iter_mut().map(Keeper::look_for_acceptance)).await;
        ask(self.source.as_ref(), self.since(), self.patience).await
    }

    /// The version that all hotlines have judged; none while one of them has still to see it.
    fn since(&self) -> Option<&Revision> {
        let (first, others) = self.keepers.split_first()?;
        let judged = first.judged()?;
        others.iter().all(|keeper| keeper.judged() == Some(judged)).then_some(judged)
    }

    async fn digest(&mut self, fetched: &Result<Fetched, Failure>) -> Vec<(HotlineName, Pulled)> {
        let pulled = join_all(self.keepers.iter_mut().map(async |keeper| {
            let pulled = keeper.digest(fetched).await;
            (keeper.feed().hotline.clone(), pulled)
        }))
        .await;
        let failed = pulled.iter().find(|(_, pulled)| matches!(pulled, Pulled::Failed(_)));
        let worst = failed.map_or(&Pulled::Unchanged, |(_, failed)| failed);
        self.due = Clock::monotonic() + self.waits.after(worst);
        pulled
    }
}

/// Asks a source, for so long. A fault in the code that reads it must not end the refreshing for good.
async fn ask(source: &dyn SheetSource, since: Option<&Revision>, patience: Duration) -> Result<Fetched, Failure> {
    let asked = AssertUnwindSafe(source.fetch(since)).catch_unwind();
    match tokio::time::timeout(patience, asked).await {
        Ok(Ok(answer)) => Ok(answer?),
        Ok(Err(_panic)) => Err(SourceError::Transient("reading it broke off by a fault in rotaline; please report that".into()).into()),
        Err(_) => Err(Failure::NoAnswer(patience)),
    }
}
