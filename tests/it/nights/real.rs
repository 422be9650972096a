//! Nights on the real switchboard, the real store (SQLite in memory) and the real doors, in virtual time: what the pure
//! nights play against the call alone, with everything around it that keeps, orders, repeats and looks up. Faults of the store
//! and of REST are drawn from the seed, and so are the moments in which the process dies.
//!
//! One thing happens at a time, and time stands still meanwhile: so a seed is the same night again.

mod play;
mod process;
mod service;
mod sheet;
mod time;
mod trouble;
mod wire;

use super::desk::Desk;
use super::door::Door;
use super::invariants;
use super::scenario::Scenario;

pub(super) use trouble::{Fault, Tally};

/// What such a night came to.
pub(super) struct Night {
    /// What was promised and not kept.
    pub(super) broken: Vec<String>,
    /// All that was decided, and all that anybody heard.
    pub(super) story: String,
    /// What has befallen the service.
    pub(super) tally: Tally,
}

/// One night from beginning to end.
pub(super) fn played(scenario: &Scenario, planted: Option<Fault>) -> Night {
    let end = time::standing_still(Box::pin(play::play(scenario, planted)));
    let (left, tally) = (end.left, end.tally);
    let desk = Desk::of_what_was_kept(scenario, end.kept);
    let mut broken = invariants::broken(scenario, &desk);
    broken.extend(left.map(|left| format!("left over in the store: {left:?}")));
    let texts = desk.network.texts().iter().map(|text| format!("{text:?}\n"));
    let story = format!("{}\n{}\n{}", end.log.join("\n"), desk.network.story(), texts.collect::<String>());
    Night { broken, story, tally }
}

/// As [`played`]: what went wrong, with all that is needed to see why.
pub(super) fn judged(scenario: &Scenario, planted: Option<Fault>) -> Result<(), String> {
    let Night { broken, story, .. } = played(scenario, planted);
    if broken.is_empty() {
        return Ok(());
    }
    Err(format!("seed {}\n{}\n{scenario:#?}\n{story}", scenario.seed, broken.join("\n")))
}

impl Scenario {
    /// The same night, but for those who text: what becomes of each text is judged on the pure nights.
    pub(super) fn on_the_real_store(mut self) -> Self {
        self.texting = None;
        // Nobody closes a callback, or opens it again.
        self.callbacks_done_ms.clear();
        self.callbacks_reopened_ms.clear();
        self.rules.relay_minutes = 0;
        self.door = self.door.map(Door::counting_nobody_behind_a_menu);
        self
    }

    /// Of all families of nights the one that this seed is for.
    pub(super) fn drawn_for_the_real_store(seed: u64) -> Self {
        let scenario = Self::draw(seed);
        let scenario = match seed % 8 {
            2 => scenario.with_the_key(),
            3 => scenario.in_a_rush(),
            4 => scenario.recorded(),
            5 => scenario.who_ask(),
            6 | 7 => scenario.at_a_door(),
            _ => scenario,
        };
        scenario.on_the_real_store()
    }

    /// The same night, on which the store and REST fail now and then, and processes die; some of them beside another one.
    pub(super) fn in_trouble(mut self) -> Self {
        self.troubled = true;
        self.kind = false;
        self
    }
}
