//! Asks a source to knock when its sheet changes, and again before that promise runs out.
//!
//! A watch only shortens the wait for the next pull. Whatever goes wrong here, the source is pulled as ever.

use super::memory;
use super::password::{Door, password};
use super::{Failure, Feed};
use crate::call::HotlineName;
use crate::clock::Clock;
use crate::config::is_loopback;
use crate::metrics::names;
use crate::store::Store;
use chrono::{DateTime, TimeDelta, Utc};
use providers::{Bell, SheetSource, SourceError, Watch};
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use secrecy::ExposeSecret as _;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch::Receiver;
use tokio_util::sync::CancellationToken;
use url::Url;

/// How long a source may take; Graph knocks once to see whether somebody is here before it answers.
const PATIENCE: Duration = Duration::from_secs(60);
/// After a failure, doubled with each further one.
const FIRST_RETRY: Duration = Duration::from_secs(60);
const LONGEST_RETRY: Duration = Duration::from_secs(60 * 60);
/// After this it is asked again whether it is our turn to ask.
const TURN: TimeDelta = TimeDelta::seconds(30);
/// However short a source's promise is.
const SHORTEST_LIFE: TimeDelta = TimeDelta::minutes(1);

pub(super) struct Watcher {
    store: Store,
    clock: Clock,
    source: Arc<dyn SheetSource>,
    /// At whose door the source knocks, for all hotlines that live on it.
    hotline: HotlineName,
    door: Door,
    chance: ChaCha8Rng,
    failures: u32,
}

/// A source's promise as it is kept.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Kept {
    watch: Watch,
    renew_at: DateTime<Utc>,
    /// Where the source knocks, and what it was asked about: a watch of something else is none.
    address: String,
    source: String,
}

/// What became of a try.
enum Tried {
    /// Nothing is to be done until then.
    Until(DateTime<Utc>),
    /// This source cannot knock.
    Never,
}

impl Watcher {
    /// For the first of the feeds of one source that wants it to knock, if there is one.
    pub(super) fn new(store: &Store, clock: Clock, feeds: &[&Feed], seed: u64) -> Option<Self> {
        let (feed, door) = feeds.iter().find_map(|feed| Some((feed, feed.push?)))?;
        Some(Self {
            store: store.clone(),
            clock,
            source: Arc::clone(&feed.source),
            hotline: feed.hotline.clone(),
            door,
            chance: ChaCha8Rng::seed_from_u64(seed),
            failures: 0,
        })
    }

    /// Keeps the source knocking until `shutdown`, from the moment on in which our public address is known.
    pub(super) async fn run(mut self, mut public_url: Receiver<Option<String>>, shutdown: CancellationToken) {
        loop {
            let base = public_url.borrow_and_update().clone();
            let next = match base.as_deref().and_then(|base| self.address(base)) {
                None => None,
                Some(address) => match shutdown.run_until_cancelled(self.keep_watch(&address)).await {
                    Some(Tried::Until(at)) => Some(at),
                    Some(Tried::Never) | None => return,
                },
            };
            tokio::select! {
                () = shutdown.cancelled() => return,
                () = until(self.clock, next) => {}
                () = another(&mut public_url) => {}
            }
        }
    }

    /// Where the source is to knock. Only what a source on the internet can reach safely, or one on this very machine.
    fn address(&self, base: &str) -> Option<String> {
        let url = Url::parse(base).ok()?;
        let safe = url.scheme() == "https" || is_loopback(&url);
        safe.then(|| format!("{}{}", base.trim_end_matches('/'), self.door.path(&self.hotline)))
    }

    async fn keep_watch(&mut self, address: &str) -> Tried {
        let now = self.clock.now();
        if !self.store.keeps_house() {
            return Tried::Until(now + TURN);
        }
        let wait = match self.try_once(address, now).await {
            Ok(Tried::Never) => return Tried::Never,
            Ok(Tried::Until(at)) => {
                if self.failures > 0 {
                    tracing::info!(hotline = %self.hotline, "the rota's source knocks again when the rota changes");
                }
                self.failures = 0;
                self.show(true);
                return Tried::Until(at);
            }
            Err(failure) => self.failed(&failure),
        };
        Tried::Until(now + TimeDelta::from_std(wait).unwrap_or(SHORTEST_LIFE))
    }

    async fn try_once(&mut self, address: &str, now: DateTime<Utc>) -> Result<Tried, Failure> {
        let key = format!("watch:{}", self.hotline);
        let source = self.source.describe();
        let kept: Option<Kept> = memory::recall(&self.store, &key).await?;
        let kept = kept.filter(|kept| kept.address == address && kept.source == source && kept.watch.until > now);
        if let Some(kept) = kept.as_ref().filter(|kept| kept.renew_at > now) {
            return Ok(Tried::Until(kept.renew_at));
        }
        let bell = Bell {
            address: address.to_owned(),
            password: password(&self.store, &self.hotline, self.door).await?.expose_secret().to_owned(),
            now,
        };
        let asked = self.source.watch(&bell, kept.as_ref().map(|kept| &kept.watch));
        let promised = tokio::time::timeout(PATIENCE, asked)
            .await
            .map_err(|_| Failure::NoAnswer(PATIENCE))??;
        let Some(watch) = promised else {
            return Ok(Tried::Never);
        };
        let renew_at = self.renewal(&watch, now);
        let kept = Kept {
            watch,
            renew_at,
            address: address.to_owned(),
            source,
        };
        memory::remember(&self.store, &key, Some(&kept)).await?;
        Ok(Tried::Until(renew_at))
    }

    /// After four fifths of its life, give or take a twentieth.
    fn renewal(&mut self, watch: &Watch, now: DateTime<Utc>) -> DateTime<Utc> {
        let life = (watch.until - now).max(SHORTEST_LIFE).to_std().unwrap_or_default();
        let life = life.mul_f64(self.chance.random_range(0.76..=0.84));
        now + TimeDelta::from_std(life).unwrap_or(SHORTEST_LIFE)
    }

    /// One line for a row of failures; how long to wait then.
    fn failed(&mut self, failure: &Failure) -> Duration {
        self.show(false);
        if self.failures == 0 {
            tracing::warn!(hotline = %self.hotline, %failure, "the rota's source does not promise to knock when the rota changes; it is looked at as often as ever");
        }
        let doublings = self.failures.min(16);
        self.failures = self.failures.saturating_add(1);
        let jitter = self.chance.random_range(0.9..=1.1);
        let wait = FIRST_RETRY.saturating_mul(1 << doublings).min(LONGEST_RETRY).mul_f64(jitter);
        match failure {
            Failure::Source(SourceError::Throttled { retry_after }) => wait.max((*retry_after).min(LONGEST_RETRY)),
            Failure::Source(_) | Failure::NoAnswer(_) | Failure::Store(_) => wait,
        }
    }

    fn show(&self, is_watched: bool) {
        metrics::gauge!(names::ROTA_WATCHED, "hotline" => self.hotline.0.clone()).set(f64::from(u8::from(is_watched)));
    }
}

async fn until(clock: Clock, at: Option<DateTime<Utc>>) {
    match at {
        Some(at) => clock.sleep_until(at).await,
        None => std::future::pending().await,
    }
}

/// Waits until another address is said; for ever where nobody is left to say one.
async fn another(public_url: &mut Receiver<Option<String>>) {
    if public_url.changed().await.is_err() {
        std::future::pending().await
    }
}
