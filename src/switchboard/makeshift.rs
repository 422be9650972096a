//! How callers are put through while the store is out of order: one phone after another, from the rota that was read last
//! and is still in memory. Nothing is asked of the store and nothing is kept. It must not know any carrier's protocol.

use super::errand::limited;
use super::exchange::Exchange;
use super::{Switchboard, SwitchboardError};
use crate::call::{CALLER, CallId, Ending, Event, HotlineName, LegId, LineId, Rules, Welcome, World};
use crate::roster::{Phone, Responder};
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// How often the rotas at hand are looked at.
const LOOK_EVERY: TimeDelta = TimeDelta::seconds(30);
/// Nobody listens to more attempts than this.
const MOST_ATTEMPTS: usize = 40;

/// For so long a call is told that its caller is put through elsewhere, while the store fails.
const TOLD_FOR: TimeDelta = TimeDelta::minutes(30);
/// By then a call is kept whose arrival was on its way when its caller was put through.
const KEPT_BY: TimeDelta = TimeDelta::minutes(1);
/// A caller waits no longer than this for his call to be told.
const TOLD_WITHIN: Duration = Duration::from_secs(2);
/// From the first try to the second; then twice as long each time.
const FIRST_PAUSE: Duration = Duration::from_millis(250);
/// At most so long from one try to the next; and how long one may take.
const BETWEEN: Duration = Duration::from_secs(5);
/// Of more lines it is not remembered.
const MOST_UNTOLD: usize = 10_000;

/// The lines whose callers are put through here, of which their calls do not know yet; and whether they have talked.
#[derive(Debug, Default)]
pub(super) struct Untold(Mutex<BTreeMap<LineId, bool>>);

impl Untold {
    fn lines(&self) -> MutexGuard<'_, BTreeMap<LineId, bool>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether nobody tells of this line yet.
    pub(super) fn add(&self, line: LineId, talked: bool) -> bool {
        let mut lines = self.lines();
        if let Some(known) = lines.get_mut(&line) {
            *known |= talked;
            return false;
        }
        let has_room = lines.len() < MOST_UNTOLD;
        if has_room {
            lines.insert(line, talked);
        }
        has_room
    }

    /// What a line's call is to be told.
    pub(super) fn event(&self, line: &LineId) -> Option<Event> {
        let talked = *self.lines().get(line)?;
        Some(Event::Makeshift { talked })
    }

    /// It was told this; whether there is more to tell by now.
    fn remove(&self, line: &LineId, told: &Event) -> bool {
        let mut lines = self.lines();
        let has_more = lines.get(line).is_some_and(|talked| *told != Event::Makeshift { talked: *talked });
        if !has_more {
            lines.remove(line);
        }
        has_more
    }

    fn forget(&self, line: &LineId) {
        self.lines().remove(line);
    }
}

/// How a caller is put through without the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Makeshift {
    /// The hotline.
    pub hotline: HotlineName,
    /// The hotline's number, which whoever is rung sees.
    pub from: Phone,
    /// How it rings and speaks.
    pub rules: Rules,
    /// How the caller is met, as far as that is known without the store.
    pub welcome: Welcome,
    /// Who is rung, one after another.
    pub people: Vec<Responder>,
    /// Where a caller may call himself when all that was in vain.
    pub last_resort: Option<Phone>,
}

impl Switchboard {
    /// How somebody who has dialled `to` is put through without the store.
    ///
    /// # Errors
    /// [`SwitchboardError::UnknownHotline`].
    pub async fn makeshift(&self, to: &Phone, caller: Option<&Phone>) -> Result<Makeshift, SwitchboardError> {
        let exchange = &self.exchange;
        let hotline = match exchange.menu_of(to) {
            Some(menu) => menu.otherwise.clone(),
            None => exchange.hotline_of(to)?,
        };
        Ok(exchange.makeshift(&hotline, to, caller).await)
    }

    /// Tells, from now on, of each caller who is put through without the store: which hotline, and when.
    #[must_use]
    pub fn makeshift_calls(&self) -> tokio::sync::watch::Receiver<Option<(HotlineName, DateTime<Utc>)>> {
        self.exchange.makeshift_calls.subscribe()
    }

    /// Has a line that waits ask again what it is to hear, because the store has been out of order for a while. Nobody
    /// waits for that.
    pub fn have_asked_again(&self, line: LineId, call: CallId, leg: LegId) {
        let exchange = Arc::clone(&self.exchange);
        tokio::spawn(async move {
            if let Err(error) = limited(exchange.carrier.redirect(&line, call, leg)).await {
                tracing::warn!(%call, %error, "a caller who waits while the store is out of order could not be fetched");
            }
        });
    }

    /// Tells the call of this line, where the store knows one, that its caller is put through here, and whether he has talked
    /// with somebody: nobody is rung for it any more, and his line is left alone. While the store is in order, comes back when
    /// that is kept: so it is known even if this process dies right after the answer. No caller waits for a store that is not.
    pub async fn leave_alone(&self, line: LineId, talked: bool) {
        if !self.exchange.untold.add(line.clone(), talked) {
            return;
        }
        let switchboard = self.clone();
        let tried = tokio::spawn(async move {
            if switchboard.has_told_of_makeshift(&line).await.is_some() {
                tokio::spawn(async move { switchboard.tell_of_makeshift(line).await });
            }
        });
        let _ = tokio::time::timeout(TOLD_WITHIN, tried).await;
    }

    /// Again and again while the store fails, and while the call's arrival may still be on its way to the store.
    async fn tell_of_makeshift(&self, line: LineId) {
        let (since, mut pause) = (self.exchange.clock.now(), FIRST_PAUSE);
        while let Some(patience) = self.has_told_of_makeshift(&line).await {
            if self.exchange.clock.now() - since > patience {
                return self.exchange.untold.forget(&line);
            }
            tokio::time::sleep(pause).await;
            pause = BETWEEN.min(pause * 2);
        }
    }

    /// One try; none where there is nothing more to tell, otherwise for how long it is worth another one.
    async fn has_told_of_makeshift(&self, line: &LineId) -> Option<TimeDelta> {
        let event = self.exchange.untold.event(line)?;
        match tokio::time::timeout(BETWEEN, self.told_of_makeshift(line, event.clone())).await {
            Ok(Ok(true)) => self.exchange.untold.remove(line, &event).then_some(TOLD_FOR),
            Ok(Ok(false)) => Some(KEPT_BY),
            Ok(Err(_)) | Err(_) => Some(TOLD_FOR),
        }
    }

    /// Whether there is a call of this line, which knows it now.
    async fn told_of_makeshift(&self, line: &LineId, event: Event) -> Result<bool, SwitchboardError> {
        let Some((call, leg)) = self.leg_by_line(line).await? else {
            return Ok(false);
        };
        if leg == CALLER {
            self.event(call, event).await?;
        } else {
            // A responder who has called to be put through to somebody: he is not the caller of that call.
            self.event(call, Event::Ended { leg, how: Ending::Gone }).await?;
        }
        Ok(true)
    }

    /// A caller is being put through without the store.
    pub fn is_put_through(&self, makeshift: &Makeshift) {
        metrics::counter!("rotaline_makeshift_calls_total", "hotline" => makeshift.hotline.0.clone()).increment(1);
        tracing::error!(hotline = %makeshift.hotline, "a caller is put through without the store; this call is not kept");
        let told = Some((makeshift.hotline.clone(), self.exchange.clock.now()));
        self.exchange.makeshift_calls.send_replace(told);
    }
}

impl Exchange {
    async fn makeshift(&self, hotline: &HotlineName, to: &Phone, caller: Option<&Phone>) -> Makeshift {
        let rota = self.store.rota_at_hand(hotline).await;
        let (engaged, away) = (BTreeSet::new(), BTreeMap::new());
        let world = World::new(self.clock.now(), &engaged, &away);
        let welcome = self.welcome(hotline, rota.as_deref(), caller, &world, 0);
        let plan = self.plan(hotline, rota.as_deref(), caller, &world);
        let last_resort = plan.last_resort.as_ref().map(|who| who.phone.clone());
        let plan = plan.met_with(welcome);
        let once: Vec<&Responder> = plan.levels.iter().flat_map(|level| &level.responders).collect();
        let rounds = usize::try_from(plan.rules.rounds).unwrap_or(1);
        let levels = std::iter::repeat_n(once, rounds).flatten().take(MOST_ATTEMPTS);
        let people = levels.chain(&plan.last_resort).cloned().collect();
        Makeshift {
            hotline: hotline.clone(),
            from: to.clone(),
            rules: plan.rules,
            welcome: plan.welcome,
            people,
            last_resort,
        }
    }

    /// Looks at each rota, so that it is at hand when the store cannot be asked.
    pub(super) async fn have_rotas_at_hand(&self) {
        for hotline in self.lines.keys() {
            self.rota(hotline).await;
        }
    }
}

/// Keeps the rotas at hand fresh until `shutdown`.
pub(super) async fn keep_at_hand(exchange: &Arc<Exchange>, shutdown: CancellationToken) {
    loop {
        exchange.have_rotas_at_hand().await;
        let next = exchange.clock.now() + LOOK_EVERY;
        if shutdown.run_until_cancelled(exchange.clock.sleep_until(next)).await.is_none() {
            return;
        }
    }
}
