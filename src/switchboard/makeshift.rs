//! How callers are put through while the store is out of order: one phone after another, from the rota that was read last
//! and is still in memory. Nothing is asked of the store and nothing is kept. It must not know any carrier's protocol.

use super::errand::limited;
use super::exchange::Exchange;
use super::{Switchboard, SwitchboardError};
use crate::call::{CallId, Forbidden, HotlineName, LegId, LineId, Means, Rules, Spent, Welcome, World};
use crate::metrics::names;
use crate::roster::{Phone, Responder};
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};
use tokio_util::sync::CancellationToken;

/// How often the rotas at hand are looked at.
const LOOK_EVERY: TimeDelta = TimeDelta::seconds(30);
/// Nobody listens to more attempts than this.
const MOST_ATTEMPTS: usize = 40;

/// For so long an order counts, as in the store.
const HOUR: TimeDelta = TimeDelta::hours(1);

/// On which line, and which attempt it was; for which hotline, and when.
type Made = BTreeMap<(LineId, u8), (HotlineName, DateTime<Utc>)>;

/// Whom this process has rung without the store within the last hour: for which line, by which attempt. The same one told again
/// counts once.
#[derive(Debug, Default)]
pub(super) struct Attempts(Mutex<Made>);

impl Attempts {
    /// Takes in an attempt, unless `may` says, of how many others there are, that it must not be.
    fn take(&self, attempt: (LineId, u8), hotline: &HotlineName, now: DateTime<Utc>, may: impl FnOnce(Spent) -> bool) -> bool {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.retain(|_, (_, at)| now - *at < HOUR);
        let here = known.values().filter(|(of, _)| of == hotline).count();
        let count = |of: usize| u32::try_from(of).unwrap_or(u32::MAX);
        let spent = Spent {
            here: count(here),
            everywhere: count(known.len()),
        };
        let is_taken = known.contains_key(&attempt) || may(spent);
        if is_taken {
            known.entry(attempt).or_insert_with(|| (hotline.clone(), now));
        }
        is_taken
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

    /// Whose turn it is on this line after so many attempts: beyond all people, nobody's. What may be spent within an hour is
    /// bounded here as ever: when it is used up only the last resort is rung, and then nobody.
    #[must_use]
    pub fn turn(&self, makeshift: &Makeshift, line: &LineId, attempts: u8) -> u8 {
        let count = |of: usize| u8::try_from(of).unwrap_or(u8::MAX);
        let budget = makeshift.rules.budget;
        let (all, now) = (count(makeshift.people.len()), self.exchange.clock.now());
        if !budget.is_limited() || attempts >= all {
            return attempts;
        }
        let made = &self.exchange.attempts_without_store;
        let may = |turn: u8, worst: Means| made.take((line.clone(), turn), &makeshift.hotline, now, |spent| budget.left(spent) <= worst);
        if may(attempts, Means::Low) {
            return attempts;
        }
        let why = Forbidden::Spent;
        tracing::error!(hotline = %makeshift.hotline, why = why.words(), "a caller is not put through to those on call");
        metrics::counter!(names::FORBIDDEN, "hotline" => makeshift.hotline.0.clone(), "why" => why.as_str()).increment(1);
        let last = makeshift.last_resort.as_ref().map(|_| all - 1);
        last.filter(|last| may(*last, Means::Spent)).unwrap_or(all)
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

#[cfg(test)]
mod tests {
    use super::*;

    /// The hand-worked table: two an hour, of which a third is the last resort's; the hour is over for each by itself.
    #[test]
    fn each_attempt_counts_once_and_for_an_hour() {
        let (attempts, lab) = (Attempts::default(), HotlineName("lab".into()));
        let line = |name: &str| LineId(name.to_owned());
        let begin = DateTime::UNIX_EPOCH;
        let mut seen = Vec::new();
        for (name, turn, minutes, most) in [
            ("CA1", 0, 0, 2),
            ("CA1", 0, 1, 2), // told again
            ("CA1", 1, 2, 2),
            ("CA2", 0, 3, 2),  // a third
            ("CA1", 1, 4, 2),  // told again, when all is used up
            ("CA2", 0, 60, 2), // the first one is over
            ("CA3", 0, 61, 2),
            ("CA3", 0, 63, 2),
        ] {
            let now = begin + TimeDelta::minutes(minutes);
            seen.push(attempts.take((line(name), turn), &lab, now, |spent| {
                spent.here < most && spent.everywhere == spent.here
            }));
        }
        assert_eq!(seen, [true, true, true, false, true, true, false, true]);
    }
}
