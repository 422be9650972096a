//! One person in the place of another. It must not know when; the time line says which swaps hold.

use super::super::Responder;
use super::{Missed, Rung, Swap, Who};
use crate::roster::cells::words::fold;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The swaps that hold at one instant, by whom they replace; of several for one person the later row counts.
pub(super) struct Holding<'s> {
    swaps: &'s [Swap],
    by_key: BTreeMap<&'s str, BTreeSet<usize>>,
    /// Which swaps have had an effect.
    pub(super) applied: Vec<bool>,
}

impl<'s> Holding<'s> {
    pub(super) fn of(swaps: &'s [Swap]) -> Self {
        Self {
            swaps,
            by_key: BTreeMap::new(),
            applied: vec![false; swaps.len()],
        }
    }

    pub(super) fn begin(&mut self, index: usize) {
        for key in keys(&self.swaps[index]) {
            self.by_key.entry(key).or_default().insert(index);
        }
    }

    pub(super) fn end(&mut self, index: usize) {
        for key in keys(&self.swaps[index]) {
            let is_empty = self.by_key.get_mut(key).is_some_and(|held| {
                held.remove(&index);
                held.is_empty()
            });
            if is_empty {
                self.by_key.remove(key);
            }
        }
    }

    /// A position as the swaps make it; nothing where they leave it as it is.
    pub(super) fn swapped(&mut self, rung: &Rung) -> Option<Rung> {
        if self.by_key.is_empty() {
            return None;
        }
        let mut people: Vec<Arc<Responder>> = Vec::new();
        let mut winner: Option<usize> = None;
        if let Who::People(held) = &rung.who {
            for person in held.iter() {
                match self.for_person(&fold(&person.name), Some(person.phone.address())) {
                    Some(index) => {
                        winner = winner.max(Some(index));
                        self.take(index, &mut people);
                    }
                    None => add(&mut people, person),
                }
            }
        }
        let mut lost: Vec<Missed> = Vec::new();
        for missed in rung.unreachable.as_deref().unwrap_or_default() {
            match self.for_person(&fold(&missed.name), None) {
                Some(index) => {
                    winner = winner.max(Some(index));
                    self.take(index, &mut people);
                }
                None => lost.push(missed.clone()),
            }
        }
        let winner = winner?;
        let who = match (people.is_empty(), lost.is_empty()) {
            (false, _) => Who::People(people.into()),
            (true, true) => Who::Nobody,
            (true, false) => Who::Lost,
        };
        Some(Rung {
            label: Arc::clone(&rung.label),
            source: self.swaps[winner].rung.source.clone(),
            who,
            unreachable: (!lost.is_empty()).then(|| Arc::from(lost)),
        })
    }

    /// Puts whoever takes over where the other was.
    fn take(&mut self, index: usize, people: &mut Vec<Arc<Responder>>) {
        self.applied[index] = true;
        if let Who::People(others) = &self.swaps[index].rung.who {
            for other in others.iter() {
                add(people, other);
            }
        }
    }

    fn for_person(&self, name: &str, phone: Option<&str>) -> Option<usize> {
        let by = |key: &str| self.by_key.get(key).and_then(|held| held.last()).copied();
        by(name).max(phone.and_then(by))
    }
}

/// By what somebody is known: the name, and the number where there is one.
fn keys(swap: &Swap) -> impl Iterator<Item = &str> {
    std::iter::once(swap.name.as_str()).chain(swap.phone.as_deref())
}

/// Nobody is rung twice at once.
fn add(people: &mut Vec<Arc<Responder>>, person: &Arc<Responder>) {
    if people.iter().all(|known| known.phone != person.phone) {
        people.push(Arc::clone(person));
    }
}
