//! Works off the outbox: new commands straight from their commit, and those that wait in the store.

use super::VERB_LIMIT;
use super::exchange::Exchange;
use super::hands::{Hands, is_dial};
use crate::store::Claimed;
use chrono::{DateTime, TimeDelta, Utc};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// How often the store is looked at when nothing calls for it: for what another worker has left behind.
pub(super) const LONGEST_NAP: TimeDelta = TimeDelta::seconds(2);
/// How long the end may wait for requests under way.
const FAREWELL_LIMIT: Duration = Duration::from_secs(15);
const _: () = assert!(VERB_LIMIT.as_secs() < FAREWELL_LIMIT.as_secs());

struct Worker<'a> {
    exchange: &'a Arc<Exchange>,
    hands: Hands,
    /// Each yields whether it was a dial.
    under_way: JoinSet<bool>,
}

/// Works until `shutdown`, then finishes what is under way. A second worker on the same exchange waits for its turn.
pub(super) async fn work(exchange: &Arc<Exchange>, shutdown: CancellationToken) {
    let mut fresh = exchange.fresh_end.lock().await;
    let mut worker = Worker {
        exchange,
        hands: Hands::default(),
        under_way: JoinSet::new(),
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
            let has_room = self.hands.have_room();
            tokio::select! {
                () = shutdown.cancelled() => return,
                Some(finished) = self.under_way.join_next() => {
                    self.count_off(finished);
                    // There is room again, and what had to wait for this command may go.
                    look_at = exchange.clock.now();
                }
                Some(command) = fresh.recv(), if has_room => {
                    if let Some(command) = self.hands.take(exchange, command).await {
                        self.begin(command);
                    }
                }
                () = exchange.outbox_bell.notified() => look_at = exchange.clock.now(),
                () = exchange.clock.sleep_until(look_at), if has_room => look_at = self.look().await,
            }
        }
    }

    /// Begins what waits in the store, as much as may be; says when to look again.
    async fn look(&mut self) -> DateTime<Utc> {
        let mut taken = Vec::new();
        let next = self.hands.look(self.exchange, &mut taken).await;
        for command in taken {
            self.begin(command);
        }
        let nap = self.exchange.clock.now() + LONGEST_NAP;
        next.map_or(nap, |next| next.min(nap))
    }

    fn begin(&mut self, command: Claimed) {
        let is_dial = is_dial(&command);
        let exchange = Arc::clone(self.exchange);
        self.under_way.spawn(async move {
            exchange.carry_out(command).await;
            is_dial
        });
    }

    fn count_off(&mut self, finished: Result<bool, tokio::task::JoinError>) {
        let was_dial = finished.unwrap_or_else(|error| {
            tracing::error!(%error, "a command came to no end");
            // Which kind it was is lost with it: better one dial too many at once than a place lost for ever.
            true
        });
        self.hands.let_go(was_dial);
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
