//! Ready-made calls, each with the one who must get the caller.

use crate::simulator::{Delay, Habit};

/// A ready-made call: what the first, the second … on call do. Whoever is not named accepts.
#[derive(Clone, Copy, Debug)]
pub struct Scenario {
    /// As typed: `first-declines`.
    pub name: &'static str,
    /// As shown.
    pub title: &'static str,
    /// In the order of ringing.
    pub habits: &'static [Habit],
    /// Who gets the caller, counted from 0 in the order of ringing.
    pub served_by: usize,
}

const AFTER: Delay = Delay::between(3_000, 6_000);
/// What everybody does of whom nothing else is said.
pub(super) const ACCEPTS: Habit = Habit::Accepts {
    after: AFTER,
    talk: Some(Delay::between(15_000, 25_000)),
};
const DECLINES: Habit = Habit::Declines { after: AFTER };
const VOICEMAIL: Habit = Habit::Voicemail {
    after: AFTER,
    greeting: Delay::between(5_000, 12_000),
};

/// The standard calls.
pub const SCENARIOS: [Scenario; 4] = [
    Scenario {
        name: "first-declines",
        title: "The first on call declines",
        habits: &[DECLINES, ACCEPTS],
        served_by: 1,
    },
    Scenario {
        name: "first-does-not-answer",
        title: "The first on call does not answer",
        habits: &[Habit::Ignores, ACCEPTS],
        served_by: 1,
    },
    Scenario {
        name: "first-voicemail",
        title: "The voicemail of the first on call answers",
        habits: &[VOICEMAIL, ACCEPTS],
        served_by: 1,
    },
    Scenario {
        name: "second-declines-too",
        title: "The second on call declines too",
        habits: &[DECLINES, DECLINES, ACCEPTS],
        served_by: 2,
    },
];
