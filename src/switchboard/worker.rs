//! Works off the outbox: new commands straight from their commit, and those that wait in the store.

use super::VERB_LIMIT;
use super::exchange::Exchange;
use super::turns::Turns;
use crate::call::Command;
use crate::store::{Claimed, Pending};
use chrono::{DateTime, TimeDelta, Utc};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// How many requests may be under way at once.
const MOST_IN_HAND: usize = 16;
/// How many of them may be dials, so that there is always room to end a call.
const MOST_DIALS_IN_HAND: usize = 12;
/// How often the store is looked at when nothing calls for it: for what another worker has left behind.
const LONGEST_NAP: TimeDelta = TimeDelta::seconds(2);
/// How many orders to dial are considered when it is decided whose turn it is.
const MOST_CONSIDERED: u32 = 500;
/// How long to leave a store alone that has failed.
const PAUSE_AFTER_FAILURE: TimeDelta = TimeDelta::seconds(1);
/// How long the end may wait for requests under way.
const FAREWELL_LIMIT: Duration = Duration::from_secs(15);
const _: () = assert!(VERB_LIMIT.as_secs() < FAREWELL_LIMIT.as_secs());

struct Worker<'a> {
    exchange: &'a Arc<Exchange>,
    /// Each yields whether it was a dial.
    under_way: JoinSet<bool>,
    dials: usize,
    /// Whether dials wait in the store for their turn: a new one must not pass them.
    dials_wait: bool,
    turns: Turns,
}

/// Works until `shutdown`, then finishes what is under way. A second worker on the same exchange waits for its turn.
pub(super) async fn work(exchange: &Arc<Exchange>, shutdown: CancellationToken) {
    let mut fresh = exchange.fresh_end.lock().await;
    let mut worker = Worker {
        exchange,
        under_way: JoinSet::new(),
        dials: 0,
        dials_wait: false,
        turns: Turns::default(),
    };
    // What waits from before goes first.
    let look_at = worker.look().await;
    exchange.takes_in_hand.store(true, Ordering::Release);
    worker.work_until(&shutdown, &mut fresh, look_at).await;
    exchange.takes_in_hand.store(false, Ordering::Release);
    worker.finish(&mut fresh).await;
}

impl Worker<'_> {
    async fn work_until(&mut self, shutdown: &CancellationToken, fresh: &mut mpsc::Receiver<Claimed>, mut look_at: DateTime<Utc>) {
        let exchange = self.exchange;
        loop {
            let has_room = self.under_way.len() < MOST_IN_HAND;
            tokio::select! {
                () = shutdown.cancelled() => return,
                Some(finished) = self.under_way.join_next() => {
                    self.count_off(finished);
                    // There is room again, and what had to wait for this command may go.
                    look_at = exchange.clock.now();
                }
                Some(command) = fresh.recv(), if has_room => self.take(command).await,
                () = exchange.outbox_bell.notified() => look_at = exchange.clock.now(),
                () = exchange.clock.sleep_until(look_at), if has_room => look_at = self.look().await,
            }
        }
    }

    /// Begins a command that has been in hand from birth, or puts it into the queue.
    async fn take(&mut self, command: Claimed) {
        let is_dial = is_dial(&command);
        let must_queue = is_dial && (self.dials_wait || self.dials >= MOST_DIALS_IN_HAND || self.exchange.pace.take().is_err());
        if must_queue {
            self.dials_wait = true;
            self.exchange.put_back(command).await;
        } else {
            self.begin(command, is_dial);
        }
    }

    /// Claims what waits in the store, as much as there is room and permission for; says when to look again.
    async fn look(&mut self) -> DateTime<Utc> {
        let now = self.exchange.clock.now();
        let (pending, paced) = match self.claim(now).await {
            Ok(found) => found,
            Err(error) => {
                tracing::warn!(%error, "the outbox cannot be read");
                return now + PAUSE_AFTER_FAILURE;
            }
        };
        let naps = [Some(now + LONGEST_NAP), pending.next, paced];
        naps.into_iter().flatten().min().unwrap_or(now + LONGEST_NAP)
    }

    async fn claim(&mut self, now: DateTime<Utc>) -> Result<(Pending, Option<DateTime<Utc>>), crate::store::StoreError> {
        let pending = self.exchange.store.pending(now).await?;
        metrics::gauge!("rotaline_outbox_pending").set(f64::from(pending.all));
        let room = MOST_IN_HAND.saturating_sub(self.under_way.len());
        let others = room.min(as_usize(pending.others));
        let dial_room = (room - others).min(MOST_DIALS_IN_HAND.saturating_sub(self.dials));
        let wanted = dial_room.min(as_usize(pending.dials));
        let (dials, paced) = self.permissions(wanted, now);
        self.dials_wait = as_usize(pending.dials) > dials;
        let hand = self.exchange.lease();
        // Nothing is begun where there is nothing: it would take the lock that all changes wait for.
        if others > 0 {
            for command in self.exchange.store.claim(&hand, now, 0, as_u32(others)).await? {
                self.begin(command, false);
            }
        }
        if dials > 0 {
            let waiting = self.exchange.store.waiting_dials(now, MOST_CONSIDERED).await?;
            let chosen = self.turns.choose(waiting, dials);
            for dial in self.exchange.store.claim_dials(&hand, now, &chosen).await? {
                self.begin(dial, true);
            }
        }
        Ok((pending, paced))
    }

    /// Takes up to so many permissions to dial; where there are fewer, also when the next one will be there.
    fn permissions(&self, wanted: usize, now: DateTime<Utc>) -> (usize, Option<DateTime<Utc>>) {
        for got in 0..wanted {
            if let Err(wait) = self.exchange.pace.take() {
                return (got, Some(now + TimeDelta::from_std(wait).unwrap_or(LONGEST_NAP)));
            }
        }
        (wanted, None)
    }

    fn begin(&mut self, command: Claimed, is_dial: bool) {
        self.dials += usize::from(is_dial);
        let exchange = Arc::clone(self.exchange);
        self.under_way.spawn(async move {
            exchange.carry_out(command).await;
            is_dial
        });
    }

    fn count_off(&mut self, finished: Result<bool, tokio::task::JoinError>) {
        match finished {
            Ok(is_dial) => self.dials -= usize::from(is_dial),
            Err(error) => {
                tracing::error!(%error, "a command came to no end");
                // Which kind it was is lost with it: better one dial too many at once than a place lost for ever.
                self.dials = self.dials.saturating_sub(1);
            }
        }
    }

    /// Takes nothing more in hand: what has not begun is left to others, what is under way comes to its end.
    async fn finish(&mut self, fresh: &mut mpsc::Receiver<Claimed>) {
        self.leave(fresh).await;
        let all_done = async {
            while let Some(finished) = self.under_way.join_next().await {
                if let Err(error) = finished {
                    tracing::error!(%error, "a command came to no end");
                }
            }
        };
        if tokio::time::timeout(FAREWELL_LIMIT, all_done).await.is_err() {
            tracing::warn!("requests to the carrier were still under way at the end; what came of them is found out at the next start");
        }
        // Born into this hand by a transaction that had begun before.
        self.leave(fresh).await;
    }

    async fn leave(&self, fresh: &mut mpsc::Receiver<Claimed>) {
        while let Ok(command) = fresh.try_recv() {
            self.exchange.put_back(command).await;
        }
    }
}

const fn is_dial(command: &Claimed) -> bool {
    matches!(command.command, Command::Dial { .. })
}

fn as_usize(n: u32) -> usize {
    usize::try_from(n).unwrap_or(usize::MAX)
}

fn as_u32(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
