//! How often knocking may make us ask a source. Pure.

use std::collections::VecDeque;
use std::time::Duration;
use tokio::time::Instant;

/// Between two pulls that somebody knocked for.
const LEAST_GAP: Duration = Duration::from_secs(1);
/// So many of them in any minute: a sheet that is being typed into must not use up the source's quota.
const MOST_A_MINUTE: usize = 20;
const MINUTE: Duration = Duration::from_secs(60);

/// Remembers the pulls of the last minute that somebody knocked for.
#[derive(Debug, Default)]
pub(super) struct Brakes {
    pulls: VecDeque<Instant>,
}

impl Brakes {
    /// When the next such pull may be, `now` at the soonest.
    pub(super) fn earliest(&self, now: Instant) -> Instant {
        let after_last = self.pulls.back().map(|last| *last + LEAST_GAP);
        let full = self.pulls.len().checked_sub(MOST_A_MINUTE).and_then(|first| self.pulls.get(first));
        let after_full = full.map(|first| *first + MINUTE);
        [after_last, after_full].into_iter().flatten().fold(now, Instant::max)
    }

    /// Such a pull is made.
    pub(super) fn pulled(&mut self, at: Instant) {
        self.pulls.push_back(at);
        if self.pulls.len() > MOST_A_MINUTE {
            self.pulls.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Clock;

    #[test]
    fn at_most_one_a_second_and_twenty_a_minute() {
        let begun = Clock::monotonic();
        let mut brakes = Brakes::default();
        let mut pulls = Vec::new();
        // Somebody knocks ten times a second for three minutes.
        for tenth in 0..1800_u64 {
            let now = begun + Duration::from_millis(tenth * 100);
            if brakes.earliest(now) <= now {
                brakes.pulled(now);
                pulls.push((tenth * 100) / 1000);
            }
        }
        // Seconds 0 to 19, then again from a minute after the first one on.
        let expected: Vec<u64> = (0..20).chain(60..80).chain(120..140).collect();
        assert_eq!(pulls, expected);
    }
}
