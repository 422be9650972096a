//! How often each client may do something. Knows clients by their addresses, and not what they do.

use super::counted;
use crate::clock::Steady;
use governor::clock::Clock as _;
use governor::middleware::NoOpMiddleware;
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};
use std::net::{IpAddr, Ipv4Addr};
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

/// After so many questions those are forgotten who have not asked for long: what is remembered has a limit.
const FORGET_AFTER: u32 = 1024;

/// All clients together, for a budget that is nobody's own.
pub const EVERYBODY: IpAddr = IpAddr::V4(Ipv4Addr::UNSPECIFIED);

/// How often each client may do something; clones share what is spent. Whoever has an address of IPv6 counts with his /64.
#[derive(Clone)]
pub struct Budget(Arc<Ledger>);

struct Ledger {
    limiter: RateLimiter<IpAddr, HashMapStateStore<IpAddr>, Steady, NoOpMiddleware<Duration>>,
    clock: Steady,
    asked: AtomicU32,
}

impl Budget {
    /// So often in a minute, and so often at once after a quiet while; each at least once.
    #[must_use]
    pub fn new(per_minute: u32, at_once: u32) -> Self {
        let [per_minute, at_once] = [per_minute, at_once].map(|times| NonZeroU32::new(times).unwrap_or(NonZeroU32::MIN));
        let quota = Quota::per_minute(per_minute).allow_burst(at_once);
        let clock = Steady::since_now();
        Self(Arc::new(Ledger {
            limiter: RateLimiter::new(quota, HashMapStateStore::default(), clock),
            clock,
            asked: AtomicU32::new(0),
        }))
    }

    /// One more of this client's.
    ///
    /// # Errors
    /// How long until he may.
    pub fn spend(&self, client: IpAddr) -> Result<(), Duration> {
        let Ledger { limiter, clock, asked } = &*self.0;
        if asked.fetch_add(1, Ordering::Relaxed) % FORGET_AFTER == FORGET_AFTER - 1 {
            limiter.retain_recent();
            limiter.shrink_to_fit();
        }
        let spent = limiter.check_key(&counted(client));
        spent.map_err(|not_yet| not_yet.wait_time_from(clock.now()))
    }

    /// How many clients are remembered.
    #[cfg(test)]
    pub(super) fn remembered(&self) -> usize {
        self.0.limiter.len()
    }
}

impl std::fmt::Debug for Budget {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Budget")
    }
}

/// What is said in `Retry-After`.
#[must_use]
pub fn in_seconds(wait: Duration) -> u64 {
    wait.as_secs().saturating_add(1)
}
