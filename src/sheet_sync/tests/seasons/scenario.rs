//! What happens in a season, drawn from its seed.

use super::source::Mood;
use chrono::TimeDelta;
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use std::time::Duration;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Which {
    First,
    Fallback,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Event {
    Edit(Which),
    /// A sheet is as it was so many versions ago.
    Restore(Which, usize),
    Nudge,
    Mood(Which, Mood),
    /// Off for so long.
    Restart(Duration),
    /// The process dies in the next pull, when that has waited so often.
    Kill(u32, Duration),
    /// The operator accepts the version of the first source of so many versions ago for this hotline.
    Accept(usize, usize),
    /// Whether the disk refuses to be written to.
    Disk(bool),
    /// Whether the operator cannot be told.
    Deaf(bool),
    /// The alarm looks.
    Look,
}

#[derive(Debug)]
pub(super) struct Scenario {
    pub(super) interval: Duration,
    pub(super) stale_after: Duration,
    /// The time zone of each hotline, and how far it is ahead of UTC.
    pub(super) hotlines: Vec<(&'static str, TimeDelta)>,
    pub(super) has_fallback: bool,
    pub(super) first_hour: u64,
    pub(super) events: Vec<(Duration, Event)>,
}

const HOUR: u64 = 3600;

impl Scenario {
    pub(super) fn draw(seed: u64) -> Self {
        let chance = &mut ChaCha8Rng::seed_from_u64(seed);
        let length = chance.random_range(30..72) * HOUR;
        let zones = [("UTC", TimeDelta::zero()), ("Asia/Tokyo", TimeDelta::hours(9))];
        let mut events = Vec::new();
        for _ in 0..chance.random_range(3..9) {
            edits(length, chance, &mut events);
        }
        for _ in 0..chance.random_range(1..4) {
            faults(length, chance, &mut events);
        }
        for _ in 0..chance.random_range(0..4) {
            let down = Duration::from_secs([0, 60, 20 * 60, 5 * HOUR][chance.random_range(0..4)]);
            let event = match chance.random_bool(0.5) {
                true => Event::Restart(down),
                false => Event::Kill(chance.random_range(0..14), down),
            };
            events.push((chance.random_range(0..length), event));
        }
        let interval = [30 * 60, HOUR, 2 * HOUR][chance.random_range(0..3)];
        // Longer than a pull may be away when all is well.
        let stale_after = interval * 5 / 4 + [5 * 60, HOUR][chance.random_range(0..2)];
        if chance.random_bool(0.3) {
            span(length, 30 * 60, chance, &mut events, Event::Disk);
        } else if chance.random_bool(0.3) {
            span(length, 5 * HOUR, chance, &mut events, Event::Deaf);
        }
        let looks = (0..length).step_by(usize::try_from(stale_after / 2).unwrap());
        events.extend(looks.map(|at| (at, Event::Look)));
        events.push((length, Event::Look));
        events.sort_by_key(|(at, _)| *at);
        let hotlines = chance.random_range(1..=2);
        Self {
            interval: Duration::from_secs(interval),
            stale_after: Duration::from_secs(stale_after),
            hotlines: zones[..hotlines].to_vec(),
            has_fallback: chance.random_bool(0.5),
            first_hour: chance.random_range(0..24),
            events: events.into_iter().map(|(at, event)| (Duration::from_secs(at), event)).collect(),
        }
    }
}

fn span(length: u64, longest: u64, chance: &mut ChaCha8Rng, events: &mut Vec<(u64, Event)>, event: fn(bool) -> Event) {
    let at = chance.random_range(0..length);
    events.push((at, event(true)));
    events.push((at + chance.random_range(1..longest), event(false)));
}

fn edits(length: u64, chance: &mut ChaCha8Rng, events: &mut Vec<(u64, Event)>) {
    let at = chance.random_range(0..length);
    let which = if chance.random_bool(0.8) { Which::First } else { Which::Fallback };
    let event = match chance.random_bool(0.25) {
        true => Event::Restore(which, chance.random_range(1..4)),
        false => Event::Edit(which),
    };
    events.push((at, event));
    match chance.random_range(0..20) {
        0..8 => events.push((at + chance.random_range(0..20), Event::Nudge)),
        8 => events.extend((0..40).map(|second| (at + second, Event::Nudge))),
        _ => {}
    }
    if chance.random_bool(0.4) {
        let age = [0, 0, 0, 1, 2][chance.random_range(0..5)];
        let accepted = Event::Accept(chance.random_range(0..2), age);
        events.push((at + chance.random_range(0..4 * HOUR), accepted));
    }
}

fn faults(length: u64, chance: &mut ChaCha8Rng, events: &mut Vec<(u64, Event)>) {
    let at = chance.random_range(0..length);
    let which = if chance.random_bool(0.7) { Which::First } else { Which::Fallback };
    let moods = [
        Mood::Wordy,
        Mood::Slow,
        Mood::Flickering,
        Mood::Auth,
        Mood::Forbidden,
        Mood::NotFound,
        Mood::Throttled([1, 600, 2 * HOUR][chance.random_range(0..3)]),
        Mood::Transient,
        Mood::Malformed,
        Mood::Silent,
        Mood::Panics,
        Mood::Unchanged,
    ];
    let mood = moods[chance.random_range(0..moods.len())];
    let longest = if matches!(mood, Mood::Throttled(600..) | Mood::Wordy) {
        8 * HOUR
    } else {
        HOUR
    };
    let shortest = if chance.random_bool(0.5) { 10 } else { longest / 3 };
    events.push((at, Event::Mood(which, mood)));
    let mut lasts = chance.random_range(shortest..longest);
    // One fault may turn into another.
    if chance.random_bool(0.3) {
        events.push((at + lasts, Event::Mood(which, moods[chance.random_range(0..moods.len())])));
        lasts += chance.random_range(10..HOUR / 2);
    }
    events.push((at + lasts, Event::Mood(which, Mood::Well)));
}
