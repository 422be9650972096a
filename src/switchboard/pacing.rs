//! How fast calls are ordered from the carrier.

use crate::clock::Steady;
use governor::clock::Clock as _;
use governor::middleware::NoOpMiddleware;
use governor::state::{InMemoryState, NotKeyed};
use governor::{Quota, RateLimiter};
use std::num::NonZeroU32;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How fast calls are ordered from the carrier. Only dialling is paced: ending a call never waits.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pacing {
    /// Dials a second, as the account allows. Taken as one in 100 s at least and 1 000 at most.
    pub per_second: f64,
    /// How many may go out at once after a quiet while; at least one.
    pub burst: u32,
}

impl Default for Pacing {
    /// One a second, which is what carriers allow an account by default.
    fn default() -> Self {
        Self { per_second: 1.0, burst: 1 }
    }
}

/// How long nobody is dialled after the carrier has said that there are too many, at least and at most.
const SHORTEST_HOLD: Duration = Duration::from_secs(1);
const LONGEST_HOLD: Duration = Duration::from_secs(30);

/// Gives out permissions to dial.
pub(super) struct Pace {
    limiter: RateLimiter<NotKeyed, InMemoryState, Steady, NoOpMiddleware<Duration>>,
    clock: Steady,
    /// The carrier wants to hear of no dial before.
    held_until: Mutex<Duration>,
}

impl Pace {
    pub(super) fn new(pacing: Pacing) -> Self {
        let period = Duration::from_secs_f64(1.0 / sane(pacing.per_second));
        let burst = NonZeroU32::new(pacing.burst).unwrap_or(NonZeroU32::MIN);
        let quota = Quota::with_period(period)
            .unwrap_or(Quota::per_second(NonZeroU32::MIN))
            .allow_burst(burst);
        let clock = Steady::since_now();
        Self {
            limiter: RateLimiter::direct_with_clock(quota, clock),
            clock,
            held_until: Mutex::default(),
        }
    }

    /// Permission for one dial now, or how long until there will be one.
    pub(super) fn take(&self) -> Result<(), Duration> {
        let held = self.held().saturating_sub(self.clock.now());
        if !held.is_zero() {
            return Err(held);
        }
        self.limiter.check().map_err(|not_yet| not_yet.wait_time_from(self.clock.now()))
    }
}

impl Pace {
    /// The carrier has refused a dial for being one of too many: the others need not find that out one by one.
    pub(super) fn hold(&self, pause: Duration) {
        let until = self.clock.now().saturating_add(pause.clamp(SHORTEST_HOLD, LONGEST_HOLD));
        let mut held = self.lock();
        *held = until.max(*held);
    }

    fn held(&self) -> Duration {
        *self.lock()
    }

    fn lock(&self) -> MutexGuard<'_, Duration> {
        self.held_until.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn sane(per_second: f64) -> f64 {
    if per_second.is_finite() {
        per_second.clamp(0.01, 1000.0)
    } else {
        1.0
    }
}
