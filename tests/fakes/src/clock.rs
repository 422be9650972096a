//! The time as a fake sees it: the machine's or a test's own, and forward by as much as a test says.

use chrono::{DateTime, TimeDelta, Utc};
use std::sync::Mutex;

/// Whoever knows the time.
pub type Source = fn() -> DateTime<Utc>;

/// Tells the time of a fake: when tokens and subscriptions end, whether an assertion is too old.
#[derive(Debug)]
pub struct Clock {
    /// Whose time, and how far ahead of it.
    state: Mutex<(Source, TimeDelta)>,
}

impl Default for Clock {
    fn default() -> Self {
        Clock {
            state: Mutex::new((machine_time as Source, TimeDelta::zero())),
        }
    }
}

impl Clock {
    /// The time now.
    pub fn now(&self) -> DateTime<Utc> {
        let (time, ahead) = *self.state.lock().unwrap();
        time() + ahead
    }

    /// From now on the time is what this says (a test's virtual clock).
    pub fn follow(&self, time: Source) {
        *self.state.lock().unwrap() = (time, TimeDelta::zero());
    }

    /// Goes forward by so much, at once.
    pub fn pass(&self, time: TimeDelta) {
        self.state.lock().unwrap().1 += time;
    }
}

/// The machine's time. Fakes are no part of the service, so they do not ask its clock.
#[allow(clippy::disallowed_methods, reason = "the only place of the fakes that asks for the time")]
fn machine_time() -> DateTime<Utc> {
    Utc::now()
}

/// A moment to measure from how long an answer took to work out.
#[allow(clippy::disallowed_methods, reason = "measures the fake itself, so that benches can subtract it")]
pub(crate) fn stopwatch() -> std::time::Instant {
    std::time::Instant::now()
}
