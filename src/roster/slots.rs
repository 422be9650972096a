//! Slots: one cell's people for one interval, from shapes in which the people of one instant stand in several rows or
//! tabs. Laid side by side they become shifts that never overlap. It must not know cells' contents.

use super::terms::Place;
use super::timeline::{LEVELS_AT_MOST, Rung, Shift, Who};
use chrono::{DateTime, Utc};
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

/// People who ring together on one level beyond this are left out.
const TOGETHER_AT_MOST: usize = 20;
/// Names that are kept of those who ring together and cannot be rung.
const NAMES_AT_MOST: usize = 100;
/// Rungs of one instant beyond this are not even counted.
const RUNGS_AT_MOST: usize = 3 * LEVELS_AT_MOST;

/// One cell's people for one interval `[from, until)`.
#[derive(Clone, Debug)]
pub(super) struct Slot {
    pub(super) from: DateTime<Utc>,
    pub(super) until: DateTime<Utc>,
    pub(super) order: Order,
    pub(super) rung: Rung,
}

/// In which place the people of a slot are rung.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Order {
    /// As the sheet or a setting says, from 0. Slots of the same level and the same interval ring together; of the same
    /// level in intervals that overlap (a handover on purpose) the one that began last rings first.
    Level(u16),
    /// Nothing says so: one after another, those that began last first, then as the sheet lists them.
    Listed,
    /// After all others: a duty manager. Several of the same name ring together; `Duty Manager 1` and `2` one after the other,
    /// as the sheet lists them.
    Last,
}

impl From<Place> for Order {
    fn from(place: Place) -> Self {
        match place {
            Place::Level(level) => Self::Level(level),
            Place::Last => Self::Last,
        }
    }
}

/// The order of ringing within one instant.
type Key = (Order, Reverse<DateTime<Utc>>, Reverse<DateTime<Utc>>, usize);

/// Lays slots side by side. In each shift a numbered level stands at its own place, so that changes find it; a level
/// that nobody holds is blank there.
pub(super) fn shifts(slots: &[Slot]) -> Vec<Shift> {
    let mut edges: Vec<(DateTime<Utc>, bool, usize)> = Vec::with_capacity(2 * slots.len());
    for (index, slot) in slots.iter().enumerate().filter(|(_, slot)| slot.from < slot.until) {
        edges.extend([(slot.from, true, index), (slot.until, false, index)]);
    }
    // Ends come first, so that what touches does not overlap.
    edges.sort_unstable();
    let key = |index: usize| -> Key { (slots[index].order, Reverse(slots[index].from), Reverse(slots[index].until), index) };
    let mut running: BTreeMap<Key, &Slot> = BTreeMap::new();
    let mut shifts: Vec<Shift> = Vec::new();
    let mut edges = edges.into_iter().peekable();
    while let Some((at, begins, index)) = edges.next() {
        if begins {
            running.insert(key(index), &slots[index]);
        } else {
            running.remove(&key(index));
        }
        let until = edges.peek().map(|next| next.0).filter(|next| *next > at);
        if let Some(until) = until.filter(|_| !running.is_empty()) {
            let rungs = compose(running.values().copied());
            shifts.push(Shift { from: at, until, rungs });
        }
    }
    shifts
}

/// Where a slot has found its place.
#[derive(Clone, Copy)]
enum Spot {
    Numbered(usize),
    /// At the end of those behind.
    Behind,
}

/// The rungs of one instant: numbered levels at their places, further ones of the same number and all others behind.
fn compose<'s>(slots: impl Iterator<Item = &'s Slot>) -> Vec<Rung> {
    let mut numbered: Vec<Option<Rung>> = Vec::new();
    let mut behind: Vec<Rung> = Vec::new();
    let mut before: Option<(&Slot, Spot)> = None;
    for slot in slots {
        let is_same = |other: &Slot| {
            let is_one_level = match slot.order {
                Order::Level(_) => true,
                Order::Last => other.rung.label == slot.rung.label,
                Order::Listed => false,
            };
            is_one_level && (other.order, other.from, other.until) == (slot.order, slot.from, slot.until)
        };
        let beside = match before.filter(|(other, _)| is_same(other)) {
            Some((_, Spot::Numbered(level))) => numbered[level].as_mut(),
            Some((_, Spot::Behind)) => behind.last_mut(),
            None => None,
        };
        if let Some(rung) = beside {
            join(rung, &slot.rung);
            continue;
        }
        before = Some((slot, place(slot, &mut numbered, &mut behind)));
        if numbered.len() + behind.len() >= RUNGS_AT_MOST {
            break;
        }
    }
    let hole = behind.first().or_else(|| numbered.iter().flatten().next()).map(hole);
    let numbered = numbered.into_iter().filter_map(|rung| rung.or_else(|| hole.clone()));
    numbered.chain(behind).collect()
}

/// Puts a slot that rings with no other to its place: a level that somebody holds already leaves it behind.
fn place(slot: &Slot, numbered: &mut Vec<Option<Rung>>, behind: &mut Vec<Rung>) -> Spot {
    let level = match slot.order {
        Order::Level(level) => Some(usize::from(level).min(LEVELS_AT_MOST)),
        Order::Listed | Order::Last => None,
    };
    if let Some(level) = level {
        if numbered.len() <= level {
            numbered.resize(level + 1, None);
        }
        if numbered[level].is_none() {
            numbered[level] = Some(slot.rung.clone());
            return Spot::Numbered(level);
        }
    }
    behind.push(slot.rung.clone());
    Spot::Behind
}

/// A level that nobody holds for the moment.
fn hole(beside: &Rung) -> Rung {
    Rung {
        label: Arc::from(""),
        source: beside.source.clone(),
        who: Who::Blank,
        unreachable: None,
    }
}

/// Both ring together. Somebody beats nobody, whatever nobody means.
fn join(rung: &mut Rung, other: &Rung) {
    rung.unreachable = match (rung.unreachable.take(), &other.unreachable) {
        (Some(names), Some(others)) if names.len() < NAMES_AT_MOST && others.iter().any(|other| !names.contains(other)) => {
            let news = others.iter().filter(|other| !names.contains(other));
            Some(names.iter().chain(news).take(NAMES_AT_MOST).cloned().collect())
        }
        (Some(names), Some(_) | None) => Some(names),
        (None, others) => others.clone(),
    };
    let mut is_new = false;
    match (&mut rung.who, &other.who) {
        (Who::People(people), Who::People(others)) => {
            let news = others.iter().filter(|other| people.iter().all(|known| known.phone != other.phone));
            *people = people.iter().chain(news).take(TOGETHER_AT_MOST).cloned().collect();
        }
        (Who::People(_), Who::Nobody | Who::Blank | Who::Lost) => {}
        (who @ (Who::Nobody | Who::Blank | Who::Lost), other @ Who::People(_)) => {
            *who = other.clone();
            is_new = true;
        }
        // Somebody is meant to be there.
        (who @ (Who::Nobody | Who::Blank | Who::Lost), other @ (Who::Nobody | Who::Blank | Who::Lost)) => {
            if *other == Who::Lost {
                *who = Who::Lost;
            }
        }
    }
    if is_new {
        rung.source = other.source.clone();
    }
}

#[cfg(test)]
mod tests;
