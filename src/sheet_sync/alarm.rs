//! Tells the operator, once for each outage, that a rota is stale, and once that it is fresh again; also over restarts.
//!
//! It looks at what the store says, not at the pulls: a rota that is no longer pulled at all is stale too.

use super::words::local;
use super::{memory, standby};
use crate::call::HotlineName;
use crate::clock::Clock;
use crate::notices::{Notice, Notifier};
use crate::roster::masked;
use crate::store::{CurrentRota, Store, StoreError, Trouble};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use std::time::Duration;
use tokio::task::JoinSet;
use tokio::time::{Instant, MissedTickBehavior};
use tokio_util::sync::CancellationToken;

/// Between two looks.
const TICK: Duration = Duration::from_secs(5);
/// After nobody could be told.
const REST: Duration = Duration::from_secs(600);

/// A time in which a rota is stale, until the operator knows that it is over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Outage {
    /// When the rota was last known to be good.
    since: DateTime<Utc>,
    over: Option<DateTime<Utc>>,
    /// Whether the operator knows of the last thing that happened.
    told: bool,
}

/// One hotline's rota, as the operator knows it.
struct Watched {
    hotline: HotlineName,
    stale_after: TimeDelta,
    has_fallback: bool,
    /// None until the store has said what was known before the start.
    outage: Option<Option<Outage>>,
    /// What the store knows.
    kept: Option<Outage>,
    is_telling: bool,
    not_before: Option<Instant>,
}

pub(super) struct Alarm {
    store: Store,
    clock: Clock,
    notifier: Notifier,
    watched: Vec<Watched>,
    telling: JoinSet<(usize, bool)>,
    started_at: DateTime<Utc>,
}

impl Alarm {
    pub(super) fn new(store: Store, clock: Clock, notifier: Notifier) -> Self {
        Self {
            store,
            clock,
            notifier,
            watched: Vec::new(),
            telling: JoinSet::new(),
            started_at: clock.now(),
        }
    }

    pub(super) fn watch(&mut self, hotline: HotlineName, stale_after: Duration, has_fallback: bool) {
        self.watched.push(Watched {
            hotline,
            stale_after: TimeDelta::from_std(stale_after).unwrap_or(TimeDelta::MAX),
            has_fallback,
            outage: None,
            kept: None,
            is_telling: false,
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
                Some(told) = self.telling.join_next() => match told {
                    Ok((number, is_told)) => self.told(number, is_told).await,
                    Err(fault) => tracing::error!(%fault, "telling the operator broke off"),
                },
            }
        }
    }

    pub(super) async fn look(&mut self) {
        if !self.store.keeps_house() {
            // Who does knows better by now what has been told.
            self.watched.iter_mut().for_each(|watched| watched.outage = None);
            return;
        }
        for number in 0..self.watched.len() {
            if let Err(fault) = self.look_at(number).await {
                // A store that does not answer is told by everybody who needs it more.
                tracing::debug!(%fault, "whether a rota is stale cannot be seen");
            }
        }
    }

    async fn look_at(&mut self, number: usize) -> Result<(), StoreError> {
        let Some(watched) = self.watched.get_mut(number).filter(|watched| !watched.is_telling) else {
            return Ok(());
        };
        let before = match watched.outage.clone() {
            Some(before) => before,
            None => {
                watched.kept = memory::recall(&self.store, &key(&watched.hotline)).await?;
                watched.kept.clone()
            }
        };
        let now = self.clock.now();
        let rota = self.store.rota(&watched.hotline).await?;
        let trouble = match &rota {
            Some(rota) => rota.trouble.clone(),
            None => self.store.trouble(&watched.hotline).await?,
        };
        let may_stand_by = watched.has_fallback && (trouble.is_some() || before.is_some());
        let standby = match may_stand_by {
            true => standby::recall(&self.store, &watched.hotline).await?,
            false => None,
        };
        // Of the first source, whatever calls ring by meanwhile.
        let last_good = standby
            .map(|standby| standby.last_good)
            .or_else(|| rota.as_ref().map(|rota| rota.checked_at))
            .or_else(|| trouble.as_ref().map(|trouble| trouble.since))
            .unwrap_or(self.started_at);
        let is_stale = now - last_good > watched.stale_after;
        let outage = next(before.clone(), is_stale, last_good, now);
        log(&watched.hotline, before.as_ref(), outage.as_ref());
        watched.outage = Some(outage.clone());
        watched.keep(&self.store).await?;
        if let Some(outage) = outage.filter(|outage| !outage.told)
            && watched.not_before.is_none_or(|at| at <= Clock::monotonic())
        {
            watched.is_telling = true;
            let notice = notice(&watched.hotline, &outage, rota.as_deref(), trouble.as_ref(), now);
            let notifier = self.notifier.clone();
            self.telling.spawn(async move { (number, notifier.tell(&notice).await) });
        }
        Ok(())
    }

    /// Whom of the watched the operator has just been told about, or not, if that is under way.
    #[cfg(test)]
    pub(super) async fn has_told(&mut self) -> Option<(usize, bool)> {
        self.telling.join_next().await.map(|told| told.unwrap())
    }

    pub(super) async fn told(&mut self, number: usize, is_told: bool) {
        let Some(watched) = self.watched.get_mut(number) else { return };
        watched.is_telling = false;
        if !is_told {
            watched.not_before = Some(Clock::monotonic() + REST);
            return;
        }
        watched.not_before = None;
        if let Some(Some(outage)) = &mut watched.outage {
            outage.told = true;
        }
        if let Err(fault) = watched.keep(&self.store).await {
            tracing::warn!(hotline = %watched.hotline, %fault, "that the operator was told is not kept yet");
        }
    }
}

impl Watched {
    /// Keeps what is known over a restart, where that is not what is kept already.
    async fn keep(&mut self, store: &Store) -> Result<(), StoreError> {
        let outage = self.outage.clone().flatten();
        if outage != self.kept {
            memory::remember(store, &key(&self.hotline), outage.as_ref()).await?;
            self.kept = outage;
        }
        Ok(())
    }
}

fn key(hotline: &HotlineName) -> String {
    format!("alarm:{hotline}")
}

/// What the operator is to know next.
fn next(before: Option<Outage>, is_stale: bool, last_good: DateTime<Utc>, now: DateTime<Utc>) -> Option<Outage> {
    let begun = |told| Outage {
        since: last_good,
        over: None,
        told,
    };
    match before {
        None => is_stale.then(|| begun(false)),
        // Stale again before anybody heard that it was over: to the operator it never was.
        Some(outage) if is_stale && outage.over.is_some() => Some(begun(!outage.told)),
        Some(outage) if is_stale => Some(outage),
        // Nobody knew of it, or everybody knows that it is over.
        Some(outage) if outage.over.is_some() == outage.told => None,
        Some(outage) if outage.over.is_some() => Some(outage),
        Some(outage) => Some(Outage {
            over: Some(now),
            told: false,
            ..outage
        }),
    }
}

fn log(hotline: &HotlineName, before: Option<&Outage>, now: Option<&Outage>) {
    let is_out = |outage: Option<&Outage>| outage.is_some_and(|outage| outage.over.is_none());
    match (is_out(before), is_out(now)) {
        (false, true) => tracing::error!(%hotline, "the rota is stale: it could not be checked for longer than its limit"),
        (true, false) => tracing::info!(%hotline, "the rota is fresh again"),
        (true, true) | (false, false) => {}
    }
}

fn notice(hotline: &HotlineName, outage: &Outage, rota: Option<&CurrentRota>, trouble: Option<&Trouble>, now: DateTime<Utc>) -> Notice {
    let zone = rota.map_or(chrono_tz::UTC, |rota| rota.roster.time_zone);
    let shown = |at| format!("{} ({zone})", local(zone, at));
    let (headline, words) = match outage.over {
        Some(over) => (
            "The rota is fresh again.".to_owned(),
            format!("It could not be checked from {} to {}.", shown(outage.since), shown(over)),
        ),
        None => (
            format!("The rota could not be checked for {}.", lasting(now - outage.since)),
            trouble.map_or_else(
                || "Why is not known: perhaps the refreshing itself has stopped. Look into rotaline's log, and start it anew.".to_owned(),
                |trouble| masked(&trouble.words),
            ),
        ),
    };
    Notice {
        hotline: hotline.clone(),
        headline,
        words,
        at: now,
    }
}

/// `15 minutes`, `3 hours`, `2 days`: rounded down.
fn lasting(time: TimeDelta) -> String {
    let minutes = time.num_minutes();
    let (number, unit) = match minutes {
        ..120 => (minutes, "minute"),
        120..2880 => (time.num_hours(), "hour"),
        2880.. => (time.num_days(), "day"),
    };
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {unit}{plural}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(60 * minute, 0).unwrap()
    }

    fn outage(over: Option<i64>, told: bool) -> Option<Outage> {
        Some(Outage {
            since: at(1),
            over: over.map(at),
            told,
        })
    }

    #[test]
    fn an_outage_is_told_once_and_its_end_only_to_who_knows_of_it() {
        let cases = [
            ("fresh", None, false, None),
            ("it begins", None, true, outage(None, false)),
            ("it lasts, untold", outage(None, false), true, outage(None, false)),
            ("it lasts, told", outage(None, true), true, outage(None, true)),
            ("over before anybody knew", outage(None, false), false, None),
            ("over", outage(None, true), false, outage(Some(9), false)),
            ("over, untold", outage(Some(5), false), false, outage(Some(5), false)),
            ("over, told", outage(Some(5), true), false, None),
            (
                "back before anybody knew that it was over",
                outage(Some(5), false),
                true,
                outage(None, true),
            ),
            ("another one", outage(Some(5), true), true, outage(None, false)),
        ];
        for (what, before, is_stale, expected) in cases {
            assert_eq!(next(before, is_stale, at(1), at(9)), expected, "{what}");
        }
    }

    #[test]
    fn spans_are_said_in_round_numbers() {
        let cases = [
            (1, "1 minute"),
            (119, "119 minutes"),
            (120, "2 hours"),
            (2879, "47 hours"),
            (2880, "2 days"),
        ];
        for (minutes, expected) in cases {
            assert_eq!(lasting(TimeDelta::minutes(minutes)), expected);
        }
    }
}
