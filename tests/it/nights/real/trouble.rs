//! What goes wrong with the store, on the way to the carrier and with the process: drawn from the seed, apart from all else.

use super::super::scenario::Scenario;
use chrono::{DateTime, TimeDelta, Utc};
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use rotaline::simulator::Mischief;
use rotaline::store::Mishap;

/// Faults planted around the real switchboard, where the world touches it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Fault {
    /// An order to dial whose outcome is unknown is given again at once.
    DialsAgain,
    /// Looking up what became of an order finds nothing.
    LooksUpNothing,
    /// Whether a text was sent is not looked up.
    TextsAgain,
    /// Whoever serves after a restart keeps no deadline.
    DeadlinesAreNotRearmed,
    /// What a commit has ordered now and then never gets to anybody.
    OrdersAreLost,
    /// A notice that comes while its call is being written is acknowledged and dropped.
    NoticesAreDropped,
}

impl Fault {
    pub(in super::super) const ALL: [Self; 6] = [
        Self::DialsAgain,
        Self::LooksUpNothing,
        Self::TextsAgain,
        Self::DeadlinesAreNotRearmed,
        Self::OrdersAreLost,
        Self::NoticesAreDropped,
    ];
}

impl Fault {
    /// A night on which it can be seen: what is lost or dropped now and then is made up for where the network loses things
    /// itself, so that only a kind night tells; and an order is looked up in vain only where the network tells little.
    pub(in super::super) fn night(self, seed: u64) -> Scenario {
        let scenario = Scenario::draw(seed).on_the_real_store();
        match self {
            Self::DialsAgain | Self::TextsAgain | Self::DeadlinesAreNotRearmed => scenario.in_trouble(),
            Self::LooksUpNothing => scenario.in_trouble().on_a_silent_network(),
            Self::OrdersAreLost | Self::NoticesAreDropped => scenario.on_a_kind_network(),
        }
    }
}

impl Scenario {
    fn on_a_kind_network(mut self) -> Self {
        self.kind = true;
        self.mischief = Mischief::none();
        self
    }

    /// It loses answers to requests, and most notices.
    fn on_a_silent_network(mut self) -> Self {
        self.mischief = Mischief {
            lose: 0.8,
            lost_after: 0.2,
            ..Mischief::none()
        };
        self
    }
}

/// Where a process dies over a request to the carrier that must not be repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Death {
    BeforeTheRequest,
    BeforeTheAnswer,
}

/// What befalls the process before it does something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Blow {
    /// The store fails once, and the process perhaps dies of it.
    Store(Mishap, bool),
    Dies,
    DiesOnTheWire(Death),
}

/// What befalls one process after another.
pub(super) struct Trouble {
    rng: ChaCha8Rng,
    is_on: bool,
    /// How many serve the store at once.
    pub(super) processes: usize,
    /// How likely a blow is before a step.
    likely: f64,
    /// A kind fate leaves time to get over it: whoever is on the line is asked twice and not more often.
    not_before: Option<DateTime<Utc>>,
    deaths_left: u32,
}

/// How often what has befallen the service of a night.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in super::super) struct Tally {
    pub(in super::super) failures: u32,
    pub(in super::super) deaths: u32,
    pub(in super::super) deaths_on_the_wire: u32,
}

impl Trouble {
    pub(super) fn of(scenario: &Scenario) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(scenario.seed ^ 0x0007_2081);
        let likely = [0.01, 0.04, 0.2][rng.random_range(0..3)];
        let are_two = rng.random_bool(0.4);
        Self {
            rng,
            is_on: scenario.troubled,
            processes: if scenario.troubled && are_two { 2 } else { 1 },
            likely,
            not_before: None,
            deaths_left: 4,
        }
    }

    /// What happens before the next step.
    pub(super) fn blow(&mut self, now: DateTime<Utc>) -> Option<Blow> {
        if !self.is_on || self.not_before.is_some_and(|until| now < until) || !self.rng.random_bool(self.likely) {
            return None;
        }
        self.not_before = Some(now + TimeDelta::seconds(6));
        let mishap = [Mishap::OutOfReach, Mishap::NotKept, Mishap::KeptUnheard][self.rng.random_range(0..3)];
        let dies = self.rng.random_bool(0.3);
        if !dies || self.deaths_left == 0 {
            return Some(Blow::Store(mishap, false));
        }
        self.deaths_left -= 1;
        Some(match self.rng.random_range(0..5) {
            0 | 1 => Blow::Store(mishap, true),
            2 => Blow::DiesOnTheWire(Death::BeforeTheRequest),
            3 => Blow::DiesOnTheWire(Death::BeforeTheAnswer),
            _ => Blow::Dies,
        })
    }

    /// After which time another process is there.
    pub(super) fn restart(&mut self) -> TimeDelta {
        TimeDelta::milliseconds(self.rng.random_range(0..4_000))
    }

    /// Which of so many processes gets a webhook.
    pub(super) fn which(&mut self, processes: usize) -> usize {
        if processes > 1 { self.rng.random_range(0..processes) } else { 0 }
    }

    pub(super) fn often(&mut self, probability: f64) -> bool {
        self.rng.random_bool(probability)
    }
}

/// What befalls requests to the carrier.
pub(super) struct OnTheWire {
    rng: ChaCha8Rng,
    is_slow: bool,
    pub(super) death: Option<Death>,
}

/// How a request goes.
pub(super) struct Way {
    pub(super) there: TimeDelta,
    pub(super) back: TimeDelta,
    pub(super) death: Option<Death>,
}

impl OnTheWire {
    pub(super) fn of(scenario: &Scenario) -> Self {
        Self {
            rng: ChaCha8Rng::seed_from_u64(scenario.seed ^ 0x0000_3173),
            is_slow: scenario.troubled,
            death: None,
        }
    }

    pub(super) fn way(&mut self, is_repeatable: bool) -> Way {
        let death = self.death.take_if(|_| !is_repeatable);
        let mut takes = |most_ms: i64| TimeDelta::milliseconds(self.rng.random_range(0..=most_ms));
        let (there, back) = (takes(2_000), takes(6_000));
        let (is_slow, is_very_slow) = (self.rng.random_bool(0.15), self.rng.random_bool(0.02));
        let slow = self.is_slow && is_slow;
        Way {
            there: if slow { there } else { TimeDelta::zero() },
            back: match (self.is_slow && is_very_slow, slow) {
                // Longer than anybody waits for it.
                (true, _) => TimeDelta::seconds(20),
                (false, true) => back,
                (false, false) => TimeDelta::zero(),
            },
            death,
        }
    }
}
