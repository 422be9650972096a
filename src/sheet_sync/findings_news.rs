//! Tells the operator, once each, of findings that were not there before; also over restarts.
//!
//! It looks at what the store says, not at the pulls: a rota that is only read again brings findings too, and so do two
//! rotas beside one another. It must not know what a finding is about, but for those whose words change by themselves.

mod identity;
mod words;

use super::{memory, standby};
use crate::call::HotlineName;
use crate::clock::Clock;
use crate::notices::Notifier;
use crate::roster::{Code, Diagnostic, Severity};
use crate::store::{CurrentRota, Store, StoreError, beside_one_another};
use chrono::{DateTime, TimeDelta, Utc};
use identity::identified;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinSet;
use tokio::time::{Instant, MissedTickBehavior};
use tokio_util::sync::CancellationToken;

/// Between two looks.
const TICK: Duration = Duration::from_secs(30);
/// Between two notices of one hotline; what comes meanwhile is gathered.
const PAUSE: TimeDelta = TimeDelta::minutes(15);
/// After nobody could be told.
const REST: Duration = Duration::from_secs(600);

/// How bad each finding is that the operator knows of, by identity.
type Severities = BTreeMap<String, Severity>;

/// What the operator knows of one hotline.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Known {
    findings: Severities,
    /// When there was a notice last.
    told_at: Option<DateTime<Utc>>,
}

/// One hotline's findings, as the operator knows them.
struct Watched {
    hotline: HotlineName,
    has_fallback: bool,
    /// None until the store has said what was known before the start.
    known: Option<Known>,
    /// What the store knows.
    kept: Known,
    /// What the notice under way tells.
    telling: Option<Severities>,
    not_before: Option<Instant>,
}

pub(super) struct FindingsNews {
    store: Store,
    clock: Clock,
    notifier: Notifier,
    /// From this severity on findings are told.
    least: Severity,
    watched: Vec<Watched>,
    notices: JoinSet<(usize, bool)>,
}

/// What is wrong with one rota now.
struct Now<'n> {
    rota: &'n CurrentRota,
    /// What other rotas say of it.
    beside: Vec<Diagnostic>,
    /// Whether all other rotas were there to say something.
    is_whole: bool,
    at: DateTime<Utc>,
}

impl FindingsNews {
    pub(super) fn new(store: Store, clock: Clock, notifier: Notifier, least: Severity) -> Self {
        Self {
            store,
            clock,
            notifier,
            least,
            watched: Vec::new(),
            notices: JoinSet::new(),
        }
    }

    pub(super) fn watch(&mut self, hotline: HotlineName, has_fallback: bool) {
        self.watched.push(Watched {
            hotline,
            has_fallback,
            known: None,
            kept: Known::default(),
            telling: None,
            not_before: None,
        });
    }

    /// Looks until `shutdown`. What was not told by then is told after the next start.
    pub(super) async fn run(mut self, shutdown: CancellationToken) {
        let mut ticks = tokio::time::interval(TICK);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                () = shutdown.cancelled() => return,
                _ = ticks.tick() => self.look().await,
                Some(told) = self.notices.join_next() => match told {
                    Ok((number, is_told)) => self.told(number, is_told).await,
                    Err(fault) => tracing::error!(%fault, "telling the operator of findings broke off"),
                },
            }
        }
    }

    pub(super) async fn look(&mut self) {
        if !self.store.keeps_house() {
            // Who does knows better by now what has been told.
            self.watched.iter_mut().for_each(|watched| watched.known = None);
            return;
        }
        let mut rotas: Vec<Option<Arc<CurrentRota>>> = Vec::with_capacity(self.watched.len());
        for watched in &self.watched {
            // A store that does not answer is told by everybody who needs it more.
            rotas.push(self.store.rota(&watched.hotline).await.unwrap_or_default());
        }
        let at = self.clock.now();
        let mut beside = beside_one_another(rotas.iter().flatten().map(AsRef::as_ref), at).into_iter();
        let is_whole = rotas.iter().all(Option::is_some);
        for (number, rota) in rotas.iter().enumerate() {
            let Some(rota) = rota else { continue };
            let now = Now {
                rota,
                beside: beside.next().unwrap_or_default(),
                is_whole,
                at,
            };
            if let Err(fault) = self.look_at(number, now).await {
                tracing::debug!(%fault, "whether there are new findings cannot be seen");
            }
        }
    }

    async fn look_at(&mut self, number: usize, now: Now<'_>) -> Result<(), StoreError> {
        let Some(watched) = self.watched.get_mut(number).filter(|watched| watched.telling.is_none()) else {
            return Ok(());
        };
        let mut known = watched.known(&self.store).await?;
        let at = now.at;
        let stands_in = watched.has_fallback && standby::recall(&self.store, &watched.hotline).await?.is_some();
        let is_whole = now.is_whole;
        let there = now.findings(self.least);
        let severities: Severities = there.iter().map(|(name, finding)| (name.clone(), finding.severity)).collect();
        // Of what cannot be seen just now nobody knows whether it has gone away.
        if !stands_in {
            known.forget(&severities, is_whole);
        }
        watched.known = Some(known.clone());
        watched.keep(&self.store).await?;
        let fresh = there.into_iter().filter(|(name, finding)| known.is_new(name, finding.severity));
        let fresh: Vec<(String, Diagnostic)> = fresh.collect();
        if fresh.is_empty() || known.told_lately(at) || watched.not_before.is_some_and(|until| until > Clock::monotonic()) {
            return Ok(());
        }
        watched.telling = Some(fresh.iter().map(|(name, finding)| (name.clone(), finding.severity)).collect());
        let fresh: Vec<Diagnostic> = fresh.into_iter().map(|(_, finding)| finding).collect();
        tracing::info!(hotline = %watched.hotline, findings = fresh.len(), "there are new findings in the rota");
        let (posted, texted) = words::notices(&watched.hotline, &fresh, at);
        let notifier = self.notifier.clone();
        self.notices
            .spawn(async move { (number, notifier.tell_apart(&posted, texted.as_ref()).await) });
        Ok(())
    }

    async fn told(&mut self, number: usize, is_told: bool) {
        let now = self.clock.now();
        let Some(watched) = self.watched.get_mut(number) else { return };
        let told = watched.telling.take().unwrap_or_default();
        if !is_told {
            watched.not_before = Some(Clock::monotonic() + REST);
            return;
        }
        watched.not_before = None;
        if let Some(known) = &mut watched.known {
            known.findings.extend(told);
            known.told_at = Some(now);
        }
        if let Err(fault) = watched.keep(&self.store).await {
            tracing::warn!(hotline = %watched.hotline, %fault, "that the operator was told of findings is not kept yet");
        }
    }

    /// Waits for all notices under way.
    #[cfg(test)]
    async fn settle(&mut self) {
        while let Some(told) = self.notices.join_next().await {
            let (number, is_told) = told.unwrap();
            self.told(number, is_told).await;
        }
    }
}

impl Now<'_> {
    /// What is bad enough to be told, each with its identity, in the order in which people see it everywhere.
    fn findings(self, least: Severity) -> Vec<(String, Diagnostic)> {
        let all = self.rota.findings(self.beside, self.at);
        let bad = all.into_iter().filter(|finding| finding.severity <= least).collect();
        identified(bad, self.rota.as_of)
    }
}

impl Known {
    /// Forgets what has gone away, so that it is told when it comes back, and how bad things were that are better now.
    fn forget(&mut self, there: &Severities, is_whole: bool) {
        let is_beside = |name: &str| identity::is_of(name, Code::TwoHotlines);
        self.findings.retain(|name, severity| match there.get(name) {
            Some(now) => {
                *severity = (*severity).max(*now);
                true
            }
            None => !is_whole && is_beside(name),
        });
    }

    /// Not known, or not known to be that bad.
    fn is_new(&self, name: &str, severity: Severity) -> bool {
        self.findings.get(name).is_none_or(|known| severity < *known)
    }

    /// Also where the machine's clock was put back: then nobody waits for the time of then.
    fn told_lately(&self, now: DateTime<Utc>) -> bool {
        self.told_at.is_some_and(|at| (now - at).abs() < PAUSE)
    }
}

impl Watched {
    async fn known(&mut self, store: &Store) -> Result<Known, StoreError> {
        if let Some(known) = &self.known {
            return Ok(known.clone());
        }
        self.kept = memory::recall(store, &key(&self.hotline)).await?.unwrap_or_default();
        Ok(self.kept.clone())
    }

    /// Keeps what is known over a restart, where that is not what is kept already.
    async fn keep(&mut self, store: &Store) -> Result<(), StoreError> {
        let Some(known) = self.known.clone().filter(|known| *known != self.kept) else {
            return Ok(());
        };
        memory::remember(store, &key(&self.hotline), Some(&known)).await?;
        self.kept = known;
        Ok(())
    }
}

fn key(hotline: &HotlineName) -> String {
    format!("findings:{hotline}")
}

#[cfg(test)]
mod tests;
