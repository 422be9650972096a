//! The only place that asks what time it is.
#![allow(clippy::disallowed_methods, reason = "this is the one place")]

use chrono::{DateTime, TimeDelta, Utc};
use std::time::Duration;
use tokio::time::Instant;

/// Where the time comes from: the machine, or, in tests, tokio's clock, which can be paused.
#[derive(Clone, Copy, Debug, Default)]
pub struct Clock {
    anchor: Option<(DateTime<Utc>, Instant)>,
}

impl Clock {
    /// The machine's clock.
    #[must_use]
    pub const fn system() -> Self {
        Self { anchor: None }
    }

    /// A clock that shows `at` now and goes on as tokio's time does.
    #[must_use]
    pub fn anchored_at(at: DateTime<Utc>) -> Self {
        Self {
            anchor: Some((at, Instant::now())),
        }
    }

    /// The present instant.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        match self.anchor {
            None => Utc::now(),
            Some((at, since)) => at + TimeDelta::from_std(since.elapsed()).unwrap_or(TimeDelta::MAX),
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
