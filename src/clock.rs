//! The only place that asks what time it is.
#![allow(clippy::disallowed_methods, reason = "this is the one place")]

use chrono::{DateTime, TimeDelta, Utc};
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;
use tokio::time::Instant;

/// Where the time comes from: the machine, or, in tests, tokio's clock, which can be paused.
#[derive(Clone, Copy, Debug, Default)]
pub struct Clock {
    anchor: Option<(DateTime<Utc>, Instant)>,
    ahead: Option<&'static Ahead>,
}

/// By how much another clock is ahead of this machine's, as it was measured last.
#[derive(Debug, Default)]
pub struct Ahead(AtomicI64);

/// A difference that is smaller is noise of the measuring, in milliseconds.
const NOISE: i64 = 20;

impl Ahead {
    /// Notes that the other clock has shown `shown` at some instant between two of ours.
    pub fn measure(&self, [before, after]: [DateTime<Utc>; 2], shown: DateTime<Utc>) {
        let middle = before + (after - before) / 2;
        let ahead = (shown - middle).num_milliseconds();
        if (ahead - self.0.load(Ordering::Relaxed)).abs() > NOISE {
            self.0.store(ahead, Ordering::Relaxed);
        }
    }
}

impl Clock {
    /// The machine's clock.
    #[must_use]
    pub const fn system() -> Self {
        Self { anchor: None, ahead: None }
    }

    /// This clock, put right by another one that several machines go by.
    #[must_use]
    pub const fn put_right(self, ahead: &'static Ahead) -> Self {
        Self {
            ahead: Some(ahead),
            ..self
        }
    }

    /// A clock that shows `at` now and goes on as tokio's time does.
    #[must_use]
    pub fn anchored_at(at: DateTime<Utc>) -> Self {
        Self {
            anchor: Some((at, Instant::now())),
            ahead: None,
        }
    }

    /// The present instant.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        let shown = match self.anchor {
            None => Utc::now(),
            Some((at, since)) => at + TimeDelta::from_std(since.elapsed()).unwrap_or(TimeDelta::MAX),
        };
        match self.ahead {
            None => shown,
            Some(Ahead(by)) => shown + TimeDelta::milliseconds(by.load(Ordering::Relaxed)),
        }
    }

    /// Goes on evenly whatever becomes of the machine's clock: for measuring, not for telling the time.
    #[must_use]
    pub fn monotonic() -> Instant {
        Instant::now()
    }

    /// Waits until `at`; returns at once when that is past.
    pub async fn sleep_until(&self, at: DateTime<Utc>) {
        let wait = (at - self.now()).to_std().unwrap_or(Duration::ZERO);
        tokio::time::sleep(wait).await;
    }
}

/// Time since some instant, which is never set back: what rates are measured by.
#[derive(Clone, Copy, Debug)]
pub struct Steady {
    since: Instant,
}

impl Steady {
    /// Since now.
    #[must_use]
    pub fn since_now() -> Self {
        Self { since: Instant::now() }
    }
}

impl governor::clock::Clock for Steady {
    type Instant = Duration;

    fn now(&self) -> Duration {
        Instant::now().saturating_duration_since(self.since)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_clock_that_is_put_right_shows_what_the_other_one_shows() {
        let at = |seconds: i64| DateTime::from_timestamp(1_795_230_000 + seconds, 0).unwrap();
        let ahead: &Ahead = Box::leak(Box::default());
        let clock = Clock::anchored_at(at(0)).put_right(ahead);
        assert_eq!(clock.now(), at(0));
        // Asked at second 10, answered at second 12: the other showed 3611 at about second 11.
        ahead.measure([at(10), at(12)], at(3611));
        assert_eq!(clock.now(), at(3600));
        tokio::time::advance(Duration::from_secs(5)).await;
        assert_eq!(clock.now(), at(3605));
        ahead.measure([at(20), at(20)], at(3620) + TimeDelta::milliseconds(15));
        assert_eq!(clock.now(), at(3605), "noise moves nothing");
        ahead.measure([at(20), at(20)], at(10));
        assert_eq!(clock.now(), at(-5));
    }
}
