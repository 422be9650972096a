//! How long to wait before the next pull. Pure: chance comes from a seed.

use super::{Failure, Pulled};
use providers::SourceError;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::time::Duration;

/// The first wait after a failure; doubled with each further one.
const FIRST_RETRY: Duration = Duration::from_secs(5);
/// A repaired rota is used at the latest after so long.
const LONGEST_RETRY: Duration = Duration::from_secs(60);
/// However long a source asks us to stay away.
const LONGEST_THROTTLE: Duration = Duration::from_secs(60 * 60);
/// So much sooner or later than planned, so that sources are not asked in step.
const JITTER: f64 = 0.1;

/// How sources are asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// How long a source may take to answer.
    pub patience: Duration,
    /// Of the chance in the waits.
    pub seed: u64,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            patience: Duration::from_secs(30),
            seed: 0,
        }
    }
}

/// The waits of one source.
#[derive(Debug)]
pub(super) struct Waits {
    interval: Duration,
    chance: ChaCha8Rng,
    /// One after another, up to now.
    failures: u32,
}

impl Waits {
    pub(super) fn new(interval: Duration, seed: u64) -> Self {
        Self {
            interval,
            chance: ChaCha8Rng::seed_from_u64(seed),
            failures: 0,
        }
    }

    /// The wait after this pull.
    pub(super) fn after(&mut self, pulled: &Pulled) -> Duration {
        let jitter = self.chance.random_range(1.0 - JITTER..=1.0 + JITTER);
        match pulled {
            Pulled::Taken | Pulled::TakenInPart | Pulled::Unchanged | Pulled::UnchangedInPart | Pulled::HeldBack => {
                self.failures = 0;
                self.interval.mul_f64(jitter)
            }
            Pulled::Failed(failure) => {
                let doublings = self.failures.min(16);
                self.failures = self.failures.saturating_add(1);
                let first = FIRST_RETRY.min(self.interval);
                let wait = first.saturating_mul(1 << doublings).min(LONGEST_RETRY).mul_f64(jitter);
                wait.max(asked_for(failure))
            }
        }
    }
}

/// How long the source wants to be left alone.
pub(super) fn asked_for(failure: &Failure) -> Duration {
    if let Failure::Source(SourceError::Throttled { retry_after }) = failure {
        return (*retry_after).min(LONGEST_THROTTLE);
    }
    Duration::ZERO
}

#[cfg(test)]
mod tests {
    use super::*;

    const CUT: Pulled = Pulled::Failed(Failure::NoAnswer(Duration::from_secs(30)));

    fn waits(seed: u64) -> Waits {
        Waits::new(Duration::from_secs(60), seed)
    }

    /// Within a tenth of so many seconds.
    fn is_about(wait: Duration, seconds: f64) -> bool {
        (seconds * 0.9..=seconds * 1.1).contains(&wait.as_secs_f64())
    }

    #[test]
    fn pulls_are_a_minute_apart_give_or_take_a_tenth_and_not_in_step() {
        let mut waits = (waits(1), waits(2), waits(1));
        let mut are_different = false;
        for _ in 0..100 {
            let wait = waits.0.after(&Pulled::Unchanged);
            assert!(is_about(wait, 60.0), "{wait:?}");
            are_different |= wait != waits.1.after(&Pulled::Unchanged);
            assert_eq!(wait, waits.2.after(&Pulled::Unchanged), "the seed decides");
        }
        assert!(are_different);
    }

    #[test]
    fn failures_are_retried_soon_then_ever_later_up_to_a_minute() {
        let mut waits = waits(7);
        for seconds in [5.0, 10.0, 20.0, 40.0, 60.0, 60.0] {
            let wait = waits.after(&CUT);
            assert!(is_about(wait, seconds), "{wait:?} for {seconds} s");
        }
        for _ in 0..100 {
            assert!(is_about(waits.after(&CUT), 60.0));
        }
        assert!(is_about(waits.after(&Pulled::HeldBack), 60.0));
        assert!(is_about(waits.after(&CUT), 5.0), "an answer ends the row of failures");
    }

    #[test]
    fn a_source_that_asks_for_rest_gets_it_up_to_an_hour() {
        for (asked, expected) in [(600, 600), (36_000, 3_600)] {
            let retry_after = Duration::from_secs(asked);
            let throttled = Pulled::Failed(SourceError::Throttled { retry_after }.into());
            assert_eq!(waits(3).after(&throttled), Duration::from_secs(expected));
        }
        let short = SourceError::Throttled {
            retry_after: Duration::from_secs(1),
        };
        assert!(is_about(waits(3).after(&Pulled::Failed(short.into())), 5.0));
    }
}
