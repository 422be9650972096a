//! The exchange step by step: what [`Switchboard::run`] does by itself and all at once, done one thing after another when it
//! is asked for. So whoever keeps the time knows what happens when, and the same questions have the same answers again.
//!
//! It decides nothing: what is due, and what is done with it, is said where the running exchange has it from.

use super::Switchboard;
use super::deadlines::{self, Held};
use super::exchange::Exchange;
use super::hands::{Hands, is_dial};
use super::worker;
use crate::store::Claimed;
use chrono::{DateTime, Utc};
use futures_util::FutureExt as _;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use tokio::sync::Notify;

/// Runs an exchange by hand.
pub struct Steps {
    exchange: Arc<Exchange>,
    hands: Hands,
    held: Held,
    outbox_looked_at: DateTime<Utc>,
    deadlines_looked_at: DateTime<Utc>,
}

/// A command that is in hand, and not begun.
pub struct InHand {
    exchange: Arc<Exchange>,
    command: Claimed,
}

/// A command that was carried out as far as it could be, and has left the hand.
#[derive(Debug)]
#[must_use]
pub struct Carried {
    was_dial: bool,
}

impl Switchboard {
    /// Begins as [`Switchboard::run`] does, and leaves every further step to the caller. Calls are named by counting, from
    /// `first` on: no two exchanges on one store may count the same.
    pub async fn by_hand(&self, first: u64) -> Steps {
        let exchange = Arc::clone(&self.exchange);
        exchange.counted.store(first, Ordering::Relaxed);
        deadlines::catch_up(&exchange).await;
        exchange.takes_in_hand.store(true, Ordering::Release);
        let now = exchange.clock.now();
        Steps {
            exchange,
            hands: Hands::default(),
            held: Held::new(),
            outbox_looked_at: now,
            deadlines_looked_at: now,
        }
    }
}

impl Steps {
    /// When there is something to look at next, if nothing happens before.
    #[must_use]
    pub fn next_at(&self) -> DateTime<Utc> {
        self.outbox_looked_at.min(self.deadlines_looked_at)
    }

    /// Ticks the calls whose deadline is over, where it is time to look for them; whether it was.
    pub async fn keep_deadlines(&mut self) -> bool {
        let exchange = &self.exchange;
        if !rung(&exchange.deadline_bell) && exchange.clock.now() < self.deadlines_looked_at {
            return false;
        }
        self.deadlines_looked_at = deadlines::look(exchange, &mut self.held).await;
        true
    }

    /// What is to be carried out now, in its order: what was born into this hand, and what waits in the store, where it is
    /// time to look for that.
    pub async fn take_in_hand(&mut self) -> Vec<InHand> {
        let mut taken = Vec::new();
        let exchange = Arc::clone(&self.exchange);
        let mut fresh = exchange.fresh_end.lock().await;
        while self.hands.have_room()
            && let Ok(command) = fresh.try_recv()
        {
            taken.extend(self.hands.take(&exchange, command).await);
        }
        drop(fresh);
        let is_time = rung(&exchange.outbox_bell) || self.outbox_looked_at <= exchange.clock.now();
        if is_time && self.hands.have_room() {
            let next = self.hands.look(&exchange, &mut taken).await;
            let nap = exchange.clock.now() + worker::LONGEST_NAP;
            self.outbox_looked_at = next.map_or(nap, |next| next.min(nap));
        }
        let in_hand = taken.into_iter().map(|command| InHand {
            exchange: Arc::clone(&exchange),
            command,
        });
        in_hand.collect()
    }

    /// There is room again, and what had to wait for this command may go.
    pub fn lets_go(&mut self, carried: &Carried) {
        self.hands.let_go(carried.was_dial);
        self.outbox_looked_at = self.exchange.clock.now();
    }
}

impl InHand {
    /// What is to be done.
    #[must_use]
    pub const fn command(&self) -> &Claimed {
        &self.command
    }

    /// Asks the carrier for it, and tells the call what came of that.
    pub async fn carry_out(self) -> Carried {
        let was_dial = is_dial(&self.command);
        self.exchange.carry_out(self.command).await;
        Carried { was_dial }
    }
}

fn rung(bell: &Notify) -> bool {
    bell.notified().now_or_never().is_some()
}
