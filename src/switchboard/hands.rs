//! What a worker has in hand, and what it may take in hand next: as much as there is room and permission for, dials in turns.
//!
//! It must not know how what is in hand is carried out, nor when it is looked at again.

use super::exchange::Exchange;
use super::turns::Turns;
use crate::call::Command;
use crate::store::{Claimed, Pending, StoreError};
use chrono::{DateTime, TimeDelta, Utc};

/// How many requests may be under way at once.
const MOST_IN_HAND: usize = 16;
/// How many of them may be dials, so that there is always room to end a call.
const MOST_DIALS_IN_HAND: usize = 12;
/// How many orders to dial are considered when it is decided whose turn it is.
const MOST_CONSIDERED: u32 = 500;
/// How long to leave a store alone that has failed.
const PAUSE_AFTER_FAILURE: TimeDelta = TimeDelta::seconds(1);
/// When the next permission to dial cannot be told.
const LONGEST_WAIT: TimeDelta = TimeDelta::seconds(2);

/// How much is in hand.
#[derive(Debug, Default)]
pub(super) struct Hands {
    all: usize,
    dials: usize,
    /// Whether dials wait in the store for their turn: a new one must not pass them.
    dials_wait: bool,
    turns: Turns,
}

impl Hands {
    pub(super) const fn have_room(&self) -> bool {
        self.all < MOST_IN_HAND
    }

    /// Takes over a command that has been in hand from birth, to be carried out now; none where it must queue in the store.
    pub(super) async fn take(&mut self, exchange: &Exchange, command: Claimed) -> Option<Claimed> {
        let must_queue = is_dial(&command) && (self.dials_wait || self.dials >= MOST_DIALS_IN_HAND || exchange.pace.take().is_err());
        if must_queue {
            self.dials_wait = true;
            exchange.put_back(command).await;
            return None;
        }
        self.grasp(&command);
        Some(command)
    }

    /// Claims what waits in the store, to be carried out now; says when there is more to look for, as far as is known.
    pub(super) async fn look(&mut self, exchange: &Exchange, taken: &mut Vec<Claimed>) -> Option<DateTime<Utc>> {
        let now = exchange.clock.now();
        match self.claim(exchange, now, taken).await {
            Ok((pending, paced)) => pending.next.into_iter().chain(paced).min(),
            Err(error) => {
                tracing::warn!(%error, "the outbox cannot be read");
                Some(now + PAUSE_AFTER_FAILURE)
            }
        }
    }

    async fn claim(
        &mut self,
        exchange: &Exchange,
        now: DateTime<Utc>,
        taken: &mut Vec<Claimed>,
    ) -> Result<(Pending, Option<DateTime<Utc>>), StoreError> {
        let pending = exchange.store.pending(now).await?;
        metrics::gauge!("rotaline_outbox_pending").set(f64::from(pending.all));
        let room = MOST_IN_HAND.saturating_sub(self.all);
        let others = room.min(as_usize(pending.others));
        let dial_room = (room - others).min(MOST_DIALS_IN_HAND.saturating_sub(self.dials));
        let wanted = dial_room.min(as_usize(pending.dials));
        let (dials, paced) = permissions(exchange, wanted, now);
        self.dials_wait = as_usize(pending.dials) > dials;
        let hand = exchange.lease();
        // Nothing is begun where there is nothing: it would take the lock that all changes wait for.
        if others > 0 {
            for command in exchange.store.claim(&hand, now, 0, as_u32(others)).await? {
                self.grasp(&command);
                taken.push(command);
            }
        }
        if dials > 0 {
            let waiting = exchange.store.waiting_dials(now, MOST_CONSIDERED).await?;
            let chosen = self.turns.choose(waiting, dials);
            for dial in exchange.store.claim_dials(&hand, now, &chosen).await? {
                self.grasp(&dial);
                taken.push(dial);
            }
        }
        Ok((pending, paced))
    }

    fn grasp(&mut self, command: &Claimed) {
        self.all += 1;
        self.dials += usize::from(is_dial(command));
    }

    /// A command is in hand no more.
    pub(super) const fn let_go(&mut self, was_dial: bool) {
        self.all = self.all.saturating_sub(1);
        if was_dial {
            self.dials = self.dials.saturating_sub(1);
        }
    }
}

/// Takes up to so many permissions to dial; where there are fewer, also when the next one will be there.
fn permissions(exchange: &Exchange, wanted: usize, now: DateTime<Utc>) -> (usize, Option<DateTime<Utc>>) {
    for got in 0..wanted {
        if let Err(wait) = exchange.pace.take() {
            return (got, Some(now + TimeDelta::from_std(wait).unwrap_or(LONGEST_WAIT)));
        }
    }
    (wanted, None)
}

pub(super) const fn is_dial(command: &Claimed) -> bool {
    matches!(command.command, Command::Dial { .. })
}

fn as_usize(n: u32) -> usize {
    usize::try_from(n).unwrap_or(usize::MAX)
}

fn as_u32(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
