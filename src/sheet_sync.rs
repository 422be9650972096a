//! Keeps each hotline's rota fresh: pull it, judge it, keep the last good one, and say loudly when that is
//! not the newest. It must not know calls, nor which kind of source a rota comes from.

mod alarm;
mod anew;
mod brakes;
mod doorbell;
mod findings_news;
mod judge;
mod keeper;
mod memory;
mod news;
mod pace;
mod password;
mod pulls;
mod standby;
mod watcher;
mod words;

#[cfg(test)]
mod tests;

use crate::call::HotlineName;
use crate::clock::Clock;
use crate::notices::Notifier;
use crate::roster::{Settings, Severity};
use crate::store::{Store, StoreError};
use alarm::Alarm;
use anew::Anew;
use axum::Router;
use doorbell::Doors;
use findings_news::FindingsNews;
use futures_util::future::join_all;
use providers::{SheetSource, SourceError};
use pulls::Puller;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use watcher::Watcher;

pub use judge::{Preview, preview};
pub use pace::Pace;
pub use password::{Door, password};

/// Where one hotline's rota comes from, and the settings given beside it.
#[derive(Clone)]
pub struct Feed {
    /// Whose rota it is.
    pub hotline: HotlineName,
    /// What is asked for it. Feeds that share one (the same `Arc`) are served by one question.
    pub source: Arc<dyn SheetSource>,
    /// Win over the sheet's own.
    pub given: Settings,
    /// Calls ring by it while `source` cannot be read and there is no copy of it, or one in which nobody is on call from
    /// now on, or one that is stale. The first source takes over again by itself.
    pub fallback: Option<Arc<dyn SheetSource>>,
    /// Between two pulls, give or take a tenth.
    pub interval: Duration,
    /// A rota that could not be checked for longer than this is stale: the fallback is used, the operator is told.
    pub stale_after: Duration,
    /// At which door the source is asked to knock when the rota changes; none, it is only looked at.
    pub push: Option<Door>,
}

/// What one pull brought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pulled {
    /// Another version, which is now the current rota.
    Taken,
    /// The current rota is still the newest version.
    Unchanged,
    /// Another version, which is now the current rota but for some time for which earlier duties are held.
    TakenInPart,
    /// The current rota is still the newest version, and earlier duties are still held in part of it.
    UnchangedInPart,
    /// The newest version is not safe to use; the current rota stays.
    HeldBack,
    /// Nothing; the current rota, if there is one, stays.
    Failed(Failure),
}

/// Why a pull brought nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// The source said so.
    #[error("{0}")]
    Source(#[from] SourceError),
    /// The source said nothing for so long.
    #[error("no answer within {} s", .0.as_secs())]
    NoAnswer(Duration),
    /// It came, and could not be kept.
    #[error("{0}")]
    Store(String),
}

impl From<StoreError> for Failure {
    fn from(fault: StoreError) -> Self {
        Self::Store(fault.to_string())
    }
}

impl Pulled {
    /// The `result` under which the pull is counted.
    const fn as_str(&self) -> &'static str {
        match self {
            Self::Taken => "taken",
            Self::Unchanged | Self::UnchangedInPart => "unchanged",
            Self::TakenInPart => "taken_in_part",
            Self::HeldBack => "held_back",
            Self::Failed(Failure::NoAnswer(_)) => "no_answer",
            Self::Failed(Failure::Store(_)) => "store",
            Self::Failed(Failure::Source(fault)) => match fault {
                SourceError::Auth(_) => "auth",
                SourceError::Forbidden(_) => "forbidden",
                SourceError::NotFound(_) => "not_found",
                SourceError::Throttled { .. } => "throttled",
                SourceError::Transient(_) => "transient",
                SourceError::Malformed(_) => "malformed",
            },
        }
    }
}

/// The rotas of all hotlines, each source pulled at its own pace.
pub struct SheetSync {
    store: Store,
    clock: Clock,
    pullers: Vec<Puller>,
    anew: Anew,
    notifier: Notifier,
    findings_told: Option<Severity>,
    public_url: Option<watch::Receiver<Option<String>>>,
    seed: u64,
}

impl SheetSync {
    /// Nothing is pulled yet.
    #[must_use]
    pub fn new(store: &Store, clock: Clock, feeds: Vec<Feed>, pace: Pace) -> Self {
        let hotlines = feeds.iter().map(|feed| feed.hotline.clone()).collect();
        let anew = Anew::new(store.clone(), clock, hotlines);
        let pullers = (pace.seed..).zip(by_source(feeds)).map(|(seed, (source, feeds))| {
            let pace = Pace { seed, ..pace };
            Puller::new(store, clock, source, feeds, pace)
        });
        Self {
            pullers: pullers.collect(),
            anew,
            store: store.clone(),
            clock,
            notifier: Notifier::default(),
            findings_told: None,
            public_url: None,
            seed: pace.seed,
        }
    }

    /// Tells the operator by it when a rota is stale, in place of the log alone.
    #[must_use]
    pub fn notifying(self, notifier: Notifier) -> Self {
        Self { notifier, ..self }
    }

    /// Tells the operator also of new findings, from this severity on.
    #[must_use]
    pub fn telling_findings(self, from: Option<Severity>) -> Self {
        Self {
            findings_told: from,
            ..self
        }
    }

    /// Asks the sources of feeds with a `push` door to knock there, once our public address (without a path) is known.
    #[must_use]
    pub fn reached_at(self, public_url: watch::Receiver<Option<String>>) -> Self {
        Self {
            public_url: Some(public_url),
            ..self
        }
    }

    /// Pulls every rota once, all at the same time: for the start, before calls are served. A failure is noted
    /// as trouble in the store and is fatal only where the store has no rota of that hotline either.
    pub async fn pull_now(&mut self) -> Vec<(HotlineName, Pulled)> {
        let pulled = join_all(self.pullers.iter_mut().map(Puller::pull)).await.concat();
        // Where nothing could be pulled the copy may be from long ago.
        self.anew.look().await;
        pulled
    }

    /// The doors for nudges, `POST /nudge/{hotline}…`, which belong behind the public address.
    ///
    /// # Errors
    /// As [`StoreError`] says: the passwords come from the store.
    pub async fn doorbell(&self) -> Result<Router, StoreError> {
        let bells = self.pullers.iter().flat_map(Puller::bells).collect();
        Ok(Doors::new(&self.store, bells).await?.router())
    }

    /// Pulls every rota again and again until `shutdown`, sounds the alarm, keeps the sources knocking. A pull under way
    /// is dropped then.
    pub async fn run(self, shutdown: CancellationToken) {
        let mut tasks = JoinSet::new();
        let news = |least| FindingsNews::new(self.store.clone(), self.clock, self.notifier.clone(), least);
        let mut news = self.findings_told.map(news);
        let mut alarm = Alarm::new(self.store.clone(), self.clock, self.notifier);
        for (seed, puller) in (self.seed..).zip(self.pullers) {
            let feeds: Vec<&Feed> = puller.feeds().collect();
            for feed in &feeds {
                alarm.watch(feed.hotline.clone(), feed.stale_after, feed.fallback.is_some());
                if let Some(news) = &mut news {
                    news.watch(feed.hotline.clone(), feed.fallback.is_some());
                }
            }
            let watcher = Watcher::new(&self.store, self.clock, &feeds, seed);
            if let (Some(watcher), Some(public_url)) = (watcher, &self.public_url) {
                tasks.spawn(watcher.run(public_url.clone(), shutdown.clone()));
            }
            tasks.spawn(puller.run(shutdown.clone()));
        }
        tasks.spawn(self.anew.run(shutdown.clone()));
        if let Some(news) = news {
            tasks.spawn(news.run(shutdown.clone()));
        }
        tasks.spawn(alarm.run(shutdown));
        while let Some(ended) = tasks.join_next().await {
            if let Err(fault) = ended {
                tracing::error!(%fault, "a part of the refreshing of rotas has broken off");
            }
        }
    }
}

/// The feeds that share one source, in the order in which they are given.
fn by_source(feeds: Vec<Feed>) -> Vec<(Arc<dyn SheetSource>, Vec<Feed>)> {
    let mut groups: Vec<(Arc<dyn SheetSource>, Vec<Feed>)> = Vec::new();
    for feed in feeds {
        match groups.iter_mut().find(|(source, _)| Arc::ptr_eq(source, &feed.source)) {
            Some((_, group)) => group.push(feed),
            None => groups.push((Arc::clone(&feed.source), vec![feed])),
        }
    }
    groups
}
