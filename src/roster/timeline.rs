//! Shifts and changes laid into one time line of duties that never overlap. It must not know cells' contents.

use super::{Duty, Level, Responder, Unreachable};
use chrono::{DateTime, Utc};
use providers::CellAddress;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Levels of one duty beyond this are not rung: a caller does not wait that long.
pub(super) const LEVELS_AT_MOST: usize = 20;

/// One interval of the rota, as its row says.
#[derive(Clone, Debug)]
pub(super) struct Shift {
    pub(super) from: DateTime<Utc>,
    pub(super) until: DateTime<Utc>,
    /// By position, holes included.
    pub(super) rungs: Vec<Rung>,
}

/// One interval of the changes, as its row says.
#[derive(Clone, Debug)]
pub(super) struct Change {
    pub(super) from: DateTime<Utc>,
    pub(super) until: DateTime<Utc>,
    /// By position; nothing where the row leaves the position as it is.
    pub(super) rungs: BTreeMap<usize, Rung>,
}

/// One position of a shift.
#[derive(Clone, Debug)]
pub(super) struct Rung {
    pub(super) label: Arc<str>,
    pub(super) source: CellAddress,
    pub(super) who: Who,
    /// Those of the cell who cannot be rung, as written.
    pub(super) unreachable: Option<Arc<str>>,
}

/// Who holds a position.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Who {
    /// They ring together. Never empty.
    People(Vec<Arc<Responder>>),
    /// Nobody, on purpose.
    Nobody,
    /// Nobody has been entered.
    Blank,
    /// Somebody has, who cannot be rung.
    Lost,
}

/// What shifts and changes come to.
#[derive(Debug, Default)]
pub(super) struct Line {
    pub(super) duties: Vec<Duty>,
    /// In the order in which they begin.
    pub(super) unreachable: Vec<Unreachable>,
}

/// Something begins or ends.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Edge {
    at: DateTime<Utc>,
    /// Ends come first, so that what touches does not overlap.
    begins: bool,
    is_change: bool,
    index: usize,
}

/// Lays the changes over the shifts. Of shifts that overlap the one that began last is rung first, then the others;
/// of changes the later row wins, position by position.
pub(super) fn lay(shifts: &[Shift], changes: &[Change]) -> Line {
    let mut edges = Vec::with_capacity(2 * (shifts.len() + changes.len()));
    let both = |from, until, is_change, index| {
        let edge = |at, begins| Edge {
            at,
            begins,
            is_change,
            index,
        };
        [edge(from, true), edge(until, false)]
    };
    for (index, shift) in shifts.iter().enumerate().filter(|(_, shift)| shift.from < shift.until) {
        edges.extend(both(shift.from, shift.until, false, index));
    }
    for (index, change) in changes.iter().enumerate().filter(|(_, change)| change.from < change.until) {
        edges.extend(both(change.from, change.until, true, index));
    }
    edges.sort_unstable();
    let positions = changes.iter().flat_map(|change| change.rungs.keys()).collect::<BTreeSet<_>>().len();
    let mut running: BTreeSet<(Reverse<DateTime<Utc>>, usize)> = BTreeSet::new();
    let mut laid: BTreeSet<usize> = BTreeSet::new();
    let mut line = Line {
        duties: Vec::with_capacity(shifts.len()),
        unreachable: Vec::new(),
    };
    let mut edges = edges.into_iter().peekable();
    while let Some(edge) = edges.next() {
        match (edge.is_change, edge.begins) {
            (false, true) => running.insert((Reverse(shifts[edge.index].from), edge.index)),
            (false, false) => running.remove(&(Reverse(shifts[edge.index].from), edge.index)),
            (true, true) => laid.insert(edge.index),
            (true, false) => laid.remove(&edge.index),
        };
        let Some(until) = edges.peek().map(|next| next.at).filter(|next| *next > edge.at) else {
            continue;
        };
        let rungs = compose(
            running.iter().map(|(_, index)| &shifts[*index]),
            laid.iter().rev().map(|index| &changes[*index]),
            positions,
        );
        if let Some(duty) = duty(edge.at, until, &rungs) {
            append(&mut line.duties, duty);
        }
        for (rung, _) in &rungs {
            line.miss(rung, edge.at, until);
        }
    }
    line
}

impl Line {
    /// Notes who of a rung cannot be rung; where it only goes on what came before, that becomes longer.
    fn miss(&mut self, rung: &Rung, from: DateTime<Utc>, until: DateTime<Utc>) {
        let Some(names) = &rung.unreachable else { return };
        let mut newest = self.unreachable.iter_mut().rev().take(LEVELS_AT_MOST);
        if let Some(same) = newest.find(|known| known.until == from && known.source == rung.source) {
            same.until = until;
            return;
        }
        self.unreachable.push(Unreachable {
            from,
            until,
            label: Arc::clone(&rung.label),
            names: Arc::clone(names),
            source: rung.source.clone(),
        });
    }
}

/// The positions at one instant, each with whether a change holds it. The changes come last row first, and touch at most
/// that many different positions.
fn compose<'s>(
    shifts: impl Iterator<Item = &'s Shift>,
    changes: impl Iterator<Item = &'s Change>,
    positions: usize,
) -> Vec<(&'s Rung, bool)> {
    let mut rungs: Vec<(&Rung, bool)> = Vec::new();
    for shift in shifts {
        rungs.extend(shift.rungs.iter().map(|rung| (rung, false)));
        if rungs.len() >= LEVELS_AT_MOST {
            break;
        }
    }
    // The first that is met holds the position.
    let mut winners: BTreeMap<usize, &Rung> = BTreeMap::new();
    for change in changes {
        for (position, rung) in &change.rungs {
            winners.entry(*position).or_insert(rung);
        }
        if winners.len() >= positions {
            break;
        }
    }
    for (position, rung) in winners {
        match rungs.get_mut(position) {
            Some(place) => *place = (rung, true),
            // Beyond what the rota has: rung after it.
            None => rungs.push((rung, true)),
        }
    }
    rungs.truncate(LEVELS_AT_MOST);
    rungs
}

/// No duty where nobody is left without being meant to: that is a coverage gap.
fn duty(from: DateTime<Utc>, until: DateTime<Utc>, rungs: &[(&Rung, bool)]) -> Option<Duty> {
    let levels: Vec<Level> = rungs
        .iter()
        .filter_map(|(rung, is_change)| match &rung.who {
            Who::People(people) => Some(Level {
                label: Arc::clone(&rung.label),
                responders: people.clone(),
                source: rung.source.clone(),
                is_change: *is_change,
            }),
            Who::Nobody | Who::Blank | Who::Lost => None,
        })
        .collect();
    let is_lost = rungs.iter().any(|(rung, _)| rung.who == Who::Lost);
    let meant = rungs
        .iter()
        .rev()
        .find(|(rung, _)| rung.who == Who::Nobody)
        .map(|(rung, _)| rung.source.clone());
    let nobody = if levels.is_empty() && !is_lost { meant } else { None };
    (!levels.is_empty() || nobody.is_some()).then_some(Duty {
        from,
        until,
        levels,
        nobody,
    })
}

/// Puts a duty at the end; where it only goes on what came before, that becomes longer.
fn append(duties: &mut Vec<Duty>, duty: Duty) {
    if let Some(last) = duties.last_mut()
        && last.until == duty.from
        && last.levels == duty.levels
        && last.nobody == duty.nobody
    {
        last.until = duty.until;
        return;
    }
    duties.push(duty);
}

#[cfg(test)]
mod tests;
