//! Tells the operator of calls that went wrong: nobody was on call, nobody answered, the carrier refused.
//!
//! It reads what is committed to the story of all calls, once each, also over restarts, and decides nothing about calls.
//! Of each kind the first of a hotline is told at once, then at most one notice in half an hour with how many there were.

mod kind;
#[cfg(test)]
mod tests;
mod words;

use crate::call::{Fact, HotlineName};
use crate::clock::Clock;
use crate::notices::{Notice, Notifier};
use crate::store::{Entry, Store, StoreError};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use std::time::Duration;
use tokio::sync::broadcast::error::RecvError;
use tokio::task::JoinSet;
use tokio::time::{Instant, MissedTickBehavior};
use tokio_util::sync::CancellationToken;

pub use kind::Kind;

/// Between two looks at what is due.
const TICK: Duration = Duration::from_secs(15);
/// Between two notices of one kind and hotline.
const PAUSE: TimeDelta = TimeDelta::minutes(30);
/// After nobody could be told.
const REST: Duration = Duration::from_secs(600);
/// Entries read at once.
const BATCH: u32 = 200;
/// Under this name the store keeps what was told.
const KEY: &str = "occasions";

/// What must survive a restart.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Kept {
    /// The last entry that was looked at.
    reached: i64,
    troubles: Vec<Trouble>,
}

/// One kind of trouble of one hotline, as the operator knows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Trouble {
    hotline: HotlineName,
    kind: Kind,
    told_at: Option<DateTime<Utc>>,
    waiting: Option<Waiting>,
}

/// What is still to be told: the last one in words, and how many there were.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Waiting {
    count: u32,
    /// When the first of them was.
    since: DateTime<Utc>,
    /// The last of them.
    at: DateTime<Utc>,
    words: String,
    /// A call counts once, however often it is searched for somebody.
    call: crate::call::CallId,
}

/// Listens to the story of all calls.
pub struct Occasions {
    store: Store,
    clock: Clock,
    notifier: Notifier,
    /// None until the store has said what was told before the start.
    kept: Option<Kept>,
    /// As the store has it.
    written: Option<Kept>,
    /// What is being told, with how many that tells of.
    telling: JoinSet<(HotlineName, Kind, u32, bool)>,
    under_way: Vec<(HotlineName, Kind)>,
    not_before: Option<Instant>,
}

impl Occasions {
    /// Nothing is read or told before [`Occasions::run`].
    #[must_use]
    pub fn new(store: Store, clock: Clock, notifier: Notifier) -> Self {
        Self {
            store,
            clock,
            notifier,
            kept: None,
            written: None,
            telling: JoinSet::new(),
            under_way: Vec::new(),
            not_before: None,
        }
    }

    /// Listens until `shutdown`. What was not told by then is told after the next start.
    pub async fn run(mut self, shutdown: CancellationToken) {
        let mut bell = self.store.subscribe();
        let mut ticks = tokio::time::interval(TICK);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                () = shutdown.cancelled() => return,
                _ = ticks.tick() => self.look().await,
                rung = bell.recv() => match rung {
                    Ok(_) | Err(RecvError::Lagged(_)) => {
                        // One look sees all of them.
                        bell = bell.resubscribe();
                        self.look().await;
                    }
                    Err(RecvError::Closed) => return,
                },
                Some(told) = self.telling.join_next() => match told {
                    Ok((hotline, kind, count, is_told)) => self.told(&hotline, kind, count, is_told).await,
                    Err(fault) => tracing::error!(%fault, "telling the operator broke off"),
                },
            }
        }
    }

    async fn look(&mut self) {
        if !self.store.keeps_house() {
            // Who does knows better by now what has been told.
            self.kept = None;
            return;
        }
        if let Err(fault) = self.catch_up().await {
            // A store that does not answer is told by everybody who needs it more.
            tracing::debug!(%fault, "what happened to calls cannot be seen");
        }
        self.tell_what_is_due();
        self.keep().await;
    }

    /// Takes in what was committed since the last look.
    async fn catch_up(&mut self) -> Result<(), StoreError> {
        let mut kept = match self.kept.take() {
            Some(kept) => kept,
            None => self.recall().await?,
        };
        let caught_up = self.take_in(&mut kept).await;
        self.kept = Some(kept);
        caught_up
    }

    /// Where nothing was kept yet, what has been before is no news.
    async fn recall(&mut self) -> Result<Kept, StoreError> {
        let json = self.store.recall(KEY).await?;
        self.written = json.and_then(|json| serde_json::from_str(&json).unwrap_or_default());
        match &self.written {
            Some(kept) => Ok(kept.clone()),
            None => Ok(Kept {
                reached: self.store.latest_entry().await?,
                troubles: Vec::new(),
            }),
        }
    }

    async fn take_in(&self, kept: &mut Kept) -> Result<(), StoreError> {
        loop {
            let entries = match self.store.entries_after(kept.reached, BATCH).await {
                Err(StoreError::Corrupt { what }) => {
                    tracing::warn!(what, "an entry is passed over");
                    self.around_the_unreadable(kept).await?
                }
                entries => entries?,
            };
            if entries.is_empty() {
                return Ok(());
            }
            for entry in entries {
                match self.occasion(&entry).await {
                    Ok(Some((kind, words))) => kept.count(&entry, kind, words),
                    Ok(None) => {}
                    Err(StoreError::Corrupt { what }) => tracing::warn!(what, "what went wrong with a call is not told"),
                    Err(fault @ (StoreError::Busy | StoreError::Unavailable(_))) => return Err(fault),
                }
                kept.reached = entry.number;
            }
        }
    }

    /// The next entry, or none and a step forward, where that is the one that cannot be read.
    async fn around_the_unreadable(&self, kept: &mut Kept) -> Result<Vec<Entry>, StoreError> {
        loop {
            match self.store.entries_after(kept.reached, 1).await {
                Err(StoreError::Corrupt { .. }) => kept.reached += 1,
                entries => return entries,
            }
        }
    }

    async fn rung_in_vain(&self, entry: &Entry, why: &str) -> Result<Option<(Kind, String)>, StoreError> {
        let call = self.store.call(entry.call).await?;
        let Some(call) = call.filter(|call| !call.plan().welcome.rings_no_level()) else {
            return Ok(None);
        };
        let mut story = self.store.story(entry.call).await?;
        story.retain(|before| before.number <= entry.number);
        Ok(Some(words::in_vain(&call, &story, why)))
    }

    /// What the operator is to hear of an entry.
    async fn occasion(&self, entry: &Entry) -> Result<Option<(Kind, String)>, StoreError> {
        match &entry.fact {
            Fact::PlanExhausted { why } => self.rung_in_vain(entry, why).await,
            Fact::DidNotAccept { leg, name, .. } => {
                let refusal = self.store.refusal_of(entry.call, *leg).await?;
                Ok(refusal.and_then(|why| words::not_dialled(name, &why)))
            }
            Fact::NotTexted { to, code, why } => {
                let call = self.store.call(entry.call).await?;
                Ok(call.map(|call| words::not_texted(&call, to, *code, why)))
            }
            Fact::CallbackReminded { number } => Ok(Some(words::callback_overdue(number))),
            Fact::NotRecorded { code, why } => Ok(Some(words::not_recorded(*code, why))),
            Fact::Spending { means, .. } => Ok(Some(words::spending(*means, &entry.fact))),
            Fact::Arrived { .. }
            | Fact::Met { .. }
            | Fact::Raised { .. }
            | Fact::Texted { .. }
            | Fact::TextAdded { .. }
            | Fact::SenderTold { .. }
            | Fact::Acknowledged { .. }
            | Fact::RingsAgain { .. }
            | Fact::CallsBack { .. }
            | Fact::WantsThrough { .. }
            | Fact::NotPutThrough { .. }
            | Fact::RingsCaller { .. }
            | Fact::CallerAnswers { .. }
            | Fact::StaysOpen { .. }
            | Fact::CalledBack { .. }
            | Fact::CallbackTold { .. }
            | Fact::AlarmTold { .. }
            | Fact::AwayRungAllTheSame
            | Fact::Skipped { .. }
            | Fact::LevelBegan { .. }
            | Fact::Dialled { .. }
            | Fact::Rings { .. }
            | Fact::PickedUp { .. }
            | Fact::Accepted { .. }
            | Fact::Released { .. }
            | Fact::Connected { .. }
            | Fact::Parted { .. }
            | Fact::JoinedIn { .. }
            | Fact::Interrupted
            | Fact::Makeshift { .. }
            | Fact::AskedForMore { .. }
            | Fact::NobodyJoins { .. }
            | Fact::MenuOffered { .. }
            | Fact::CallbackAsked { .. }
            | Fact::MessageOffered { .. }
            | Fact::MessageLeft { .. }
            | Fact::RecordingRefused
            | Fact::RecordingBegan
            | Fact::TalkRecorded { .. }
            | Fact::Transcribed
            | Fact::Told { .. }
            | Fact::RelayOpened { .. }
            | Fact::PassedOn { .. }
            | Fact::RingTold { .. }
            | Fact::Ended { .. } => Ok(None),
        }
    }

    fn tell_what_is_due(&mut self) {
        let Some(kept) = &self.kept else { return };
        if self.not_before.is_some_and(|at| at > Clock::monotonic()) {
            return;
        }
        let now = self.clock.now();
        for trouble in &kept.troubles {
            let is_due = trouble.told_at.is_none_or(|told| now - told >= PAUSE || told > now);
            let key = (trouble.hotline.clone(), trouble.kind);
            let Some(waiting) = trouble.waiting.as_ref().filter(|_| is_due && !self.under_way.contains(&key)) else {
                continue;
            };
            let (notice, count) = (waiting.notice(&trouble.hotline, trouble.kind), waiting.count);
            self.under_way.push(key.clone());
            let notifier = self.notifier.clone();
            let (hotline, kind) = key;
            self.telling
                .spawn(async move { (hotline, kind, count, notifier.tell(&notice).await) });
        }
    }

    async fn told(&mut self, hotline: &HotlineName, kind: Kind, count: u32, is_told: bool) {
        self.under_way.retain(|(whose, what)| whose != hotline || *what != kind);
        if !is_told {
            self.not_before = Some(Clock::monotonic() + REST);
            return;
        }
        let now = self.clock.now();
        if let Some(trouble) = self.kept.as_mut().and_then(|kept| kept.trouble(hotline, kind)) {
            trouble.told_at = Some(now);
            trouble.waiting = trouble
                .waiting
                .take()
                .filter(|waiting| waiting.count > count)
                .map(|waiting| Waiting {
                    count: waiting.count - count,
                    since: waiting.at,
                    ..waiting
                });
        }
        self.keep().await;
    }

    /// Keeps what is known, where that is more than the place that was reached: what is read twice is then no news.
    async fn keep(&mut self) {
        let Some(kept) = &self.kept else { return };
        let is_kept = self
            .written
            .as_ref()
            .is_some_and(|written| written.troubles == kept.troubles && kept.reached - written.reached < i64::from(BATCH));
        if is_kept {
            return;
        }
        let Ok(json) = serde_json::to_string(kept) else { return };
        match self.store.remember(KEY, &json).await {
            Ok(()) => self.written = self.kept.clone(),
            Err(fault) => tracing::warn!(%fault, "what the operator was told of is not kept yet"),
        }
    }
}

impl Kept {
    fn trouble(&mut self, hotline: &HotlineName, kind: Kind) -> Option<&mut Trouble> {
        self.troubles
            .iter_mut()
            .find(|trouble| trouble.hotline == *hotline && trouble.kind == kind)
    }

    fn count(&mut self, entry: &Entry, kind: Kind, words: String) {
        let waiting = match self.trouble(&entry.hotline, kind).and_then(|trouble| trouble.waiting.take()) {
            Some(waiting) => Waiting {
                count: waiting.count.saturating_add(u32::from(waiting.call != entry.call)),
                since: waiting.since,
                at: entry.at,
                words,
                call: entry.call,
            },
            None => Waiting {
                count: 1,
                since: entry.at,
                at: entry.at,
                words,
                call: entry.call,
            },
        };
        match self.trouble(&entry.hotline, kind) {
            Some(trouble) => trouble.waiting = Some(waiting),
            None => self.troubles.push(Trouble {
                hotline: entry.hotline.clone(),
                kind,
                told_at: None,
                waiting: Some(waiting),
            }),
        }
    }
}

impl Waiting {
    fn notice(&self, hotline: &HotlineName, kind: Kind) -> Notice {
        let (headline, words) = match self.count {
            0 | 1 => (kind.headline().to_owned(), self.words.clone()),
            count => (
                format!("{} {count} calls since {} UTC.", kind.headline(), self.since.format("%-d %b %H:%M")),
                format!("The last one: {}", self.words),
            ),
        };
        Notice {
            hotline: hotline.clone(),
            headline,
            words,
            at: self.at,
        }
    }
}
