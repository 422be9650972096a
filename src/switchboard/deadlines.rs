//! Watches the deadlines of all calls, which are kept in the store and so survive a restart.

use super::exchange::Exchange;
use crate::call::{CallId, Event};
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use tokio_util::sync::CancellationToken;

/// How many calls are ticked before the deadlines are looked at again.
const MOST_AT_ONCE: u32 = 128;
/// How many times so many at the start, before orders are carried out all the same.
const MOST_ROUNDS: u32 = 100;
/// How often the deadlines are looked at when nothing calls for it.
const LONGEST_NAP: TimeDelta = TimeDelta::seconds(5);
/// How long to leave a store alone that has failed.
const PAUSE_AFTER_FAILURE: TimeDelta = TimeDelta::seconds(1);
/// The pause before the next tick of a call that could not be ticked: at first, and at most.
const PAUSES: (TimeDelta, TimeDelta) = (TimeDelta::seconds(1), TimeDelta::seconds(60));

/// Calls that could not be ticked, or were none the wiser for it: when they are tried again.
pub(super) type Held = BTreeMap<CallId, Hold>;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Hold {
    pub(super) until: DateTime<Utc>,
    pub(super) pause: TimeDelta,
}

/// Keeps the deadlines that have passed while nobody ran. Before orders are carried out: of calls that are long over, some
/// may still wait, and nobody is to be rung for those.
pub(super) async fn catch_up(exchange: &Exchange) {
    let mut held = Held::new();
    for _ in 0..MOST_ROUNDS {
        if tick_all(exchange, &mut held).await > exchange.clock.now() {
            return;
        }
    }
}

/// Ticks every call whose deadline is over, until `shutdown`.
pub(super) async fn watch(exchange: &Arc<Exchange>, shutdown: CancellationToken) {
    let mut held = Held::new();
    loop {
        let look_at = look(exchange, &mut held).await;
        tokio::select! {
            () = shutdown.cancelled() => return,
            () = exchange.deadline_bell.notified() => {}
            () = exchange.clock.sleep_until(look_at) => {}
        }
    }
}

/// As [`tick_all`]; deadlines that come before the next look ring the bell from then on.
pub(super) async fn look(exchange: &Exchange, held: &mut Held) -> DateTime<Utc> {
    exchange.deadlines_looked_at.store(i64::MAX, Ordering::SeqCst);
    let look_at = tick_all(exchange, held).await;
    exchange.deadlines_looked_at.store(look_at.timestamp_millis(), Ordering::SeqCst);
    look_at
}

/// Ticks what is due; says when to look again.
pub(super) async fn tick_all(exchange: &Exchange, held: &mut Held) -> DateTime<Utc> {
    let now = exchange.clock.now();
    let due = match exchange.store.due(now, MOST_AT_ONCE).await {
        Ok(due) => due,
        Err(error) => {
            tracing::warn!(%error, "the deadlines cannot be read");
            return now + PAUSE_AFTER_FAILURE;
        }
    };
    let is_full = due.len() >= usize::try_from(MOST_AT_ONCE).unwrap_or(usize::MAX);
    remind(exchange, now).await;
    held.retain(|call, _| due.contains(call));
    let mut ticked = false;
    for call in due {
        if held.get(&call).is_none_or(|hold| hold.until <= now) {
            tick(exchange, call, now, held).await;
            ticked = true;
        }
    }
    if is_full && ticked {
        return now;
    }
    let next = exchange.store.next_deadline(now).await.unwrap_or_default();
    let holds = held.values().map(|hold| hold.until);
    holds.chain(next).chain([now + LONGEST_NAP]).min().unwrap_or(now + LONGEST_NAP)
}

/// Callbacks that are open for too long. What cannot be kept now is looked at again with the next deadlines.
async fn remind(exchange: &Exchange, now: DateTime<Utc>) {
    let overdue = exchange.store.overdue_callbacks(now, MOST_AT_ONCE).await.unwrap_or_else(|error| {
        tracing::warn!(%error, "the callbacks that are overdue cannot be read");
        Vec::new()
    });
    for call in overdue {
        if let Err(error) = exchange.event(call, &Event::CallbackOverdue).await {
            tracing::error!(%call, %error, "nobody could be reminded of a callback; it is tried again");
        }
    }
}

async fn tick(exchange: &Exchange, call: CallId, now: DateTime<Utc>, held: &mut Held) {
    let trouble = match exchange.event(call, &Event::Tick).await {
        Ok(after) if after.deadline().is_none_or(|next| next > now) => {
            held.remove(&call);
            return;
        }
        Ok(_) => "the tick did not move the deadline".to_owned(),
        Err(error) => error.to_string(),
    };
    let pause = held.get(&call).map_or(PAUSES.0, |hold| (hold.pause * 2).min(PAUSES.1));
    tracing::error!(%call, trouble, "a deadline could not be kept; it is tried again in {} s", pause.num_seconds());
    held.insert(call, Hold { until: now + pause, pause });
}
