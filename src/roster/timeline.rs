//! Shifts and changes laid into one time line of duties that never overlap. It must not know cells' contents.

mod swapped;

use super::{Duty, Level, Missed, Responder, Unreachable};
use chrono::{DateTime, Utc};
use providers::CellAddress;
use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use swapped::Holding;

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

/// One person in the place of another, wherever the rota puts the other on call in `[from, until)`.
#[derive(Clone, Debug)]
pub(super) struct Swap {
    pub(super) from: DateTime<Utc>,
    pub(super) until: DateTime<Utc>,
    /// Who is replaced: the name, folded, and the number where there is one.
    pub(super) name: String,
    pub(super) phone: Option<String>,
    /// Who takes over, or nobody on purpose; its label is that of the place.
    pub(super) rung: Rung,
}

/// One position of a shift.
#[derive(Clone, Debug)]
pub(super) struct Rung {
    pub(super) label: Arc<str>,
    pub(super) source: CellAddress,
    pub(super) who: Who,
    /// Those of the cell who cannot be rung, as written.
    pub(super) unreachable: Option<Arc<[Missed]>>,
}

/// Who holds a position.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Who {
    /// They ring together. Never empty.
    People(Arc<[Arc<Responder>]>),
    /// Nobody, on purpose.
    Nobody,
    /// Nobody has been entered.
    Blank,
    /// Somebody has, who cannot be rung.
    #[default]
    Lost,
}

/// What shifts and changes come to.
#[derive(Debug, Default)]
pub(super) struct Line {
    pub(super) duties: Vec<Duty>,
    /// In the order in which they begin.
    pub(super) unreachable: Vec<Unreachable>,
    /// Which of the swaps have had an effect.
    pub(super) applied: Vec<bool>,
}

/// Something begins or ends.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Edge {
    at: DateTime<Utc>,
    /// Ends come first, so that what touches does not overlap.
    begins: bool,
    of: Of,
    index: usize,
}

/// What it is that begins or ends.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Of {
    Shift,
    Swap,
    Change,
}

/// The beginnings and ends of all that takes time, in their order.
fn edges(shifts: &[Shift], swaps: &[Swap], changes: &[Change]) -> Vec<Edge> {
    let shifts = shifts.iter().map(|shift| (Of::Shift, shift.from, shift.until)).enumerate();
    let swaps = swaps.iter().map(|swap| (Of::Swap, swap.from, swap.until)).enumerate();
    let changes = changes.iter().map(|change| (Of::Change, change.from, change.until)).enumerate();
    let all = shifts.chain(swaps).chain(changes).filter(|(_, (_, from, until))| from < until);
    let both = all.flat_map(|(index, (of, from, until))| [(from, true), (until, false)].map(|(at, begins)| Edge { at, begins, of, index }));
    let mut edges: Vec<Edge> = both.collect();
    edges.sort_unstable();
    edges
}

/// Lays the changes over the shifts. Of shifts that overlap the one that began last is rung first, then the others. Swaps
/// change people of the rota; over that come the changes by position, of which the later row wins.
pub(super) fn lay(shifts: &[Shift], swaps: &[Swap], changes: &[Change]) -> Line {
    let positions = changes.iter().flat_map(|change| change.rungs.keys()).collect::<BTreeSet<_>>().len();
    let mut running: BTreeSet<(Reverse<DateTime<Utc>>, usize)> = BTreeSet::new();
    let mut holding = Holding::of(swaps);
    let mut laid: BTreeSet<usize> = BTreeSet::new();
    let mut line = Line {
        duties: Vec::with_capacity(shifts.len()),
        ..Line::default()
    };
    let mut edges = edges(shifts, swaps, changes).into_iter().peekable();
    while let Some(edge) = edges.next() {
        match (edge.of, edge.begins) {
            (Of::Shift, true) => drop(running.insert((Reverse(shifts[edge.index].from), edge.index))),
            (Of::Shift, false) => drop(running.remove(&(Reverse(shifts[edge.index].from), edge.index))),
            (Of::Swap, true) => holding.begin(edge.index),
            (Of::Swap, false) => holding.end(edge.index),
            (Of::Change, true) => drop(laid.insert(edge.index)),
            (Of::Change, false) => drop(laid.remove(&edge.index)),
        }
        let Some(until) = edges.peek().map(|next| next.at).filter(|next| *next > edge.at) else {
            continue;
        };
        let rungs = compose(
            running.iter().map(|(_, index)| &shifts[*index]),
            &mut holding,
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
    line.applied = holding.applied;
    line
}

impl Line {
    /// Notes who of a rung cannot be rung; where it only goes on what came before, that becomes longer.
    fn miss(&mut self, rung: &Rung, from: DateTime<Utc>, until: DateTime<Utc>) {
        let Some(names) = &rung.unreachable else { return };
        let mut newest = self.unreachable.iter_mut().rev().take(LEVELS_AT_MOST);
        if let Some(same) = newest.find(|known| known.until == from && known.source == rung.source && known.names == *names) {
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
    holding: &mut Holding<'_>,
    changes: impl Iterator<Item = &'s Change>,
    positions: usize,
) -> Vec<(Cow<'s, Rung>, bool)> {
    let mut rungs: Vec<(Cow<'s, Rung>, bool)> = Vec::new();
    for shift in shifts {
        rungs.extend(shift.rungs.iter().map(|rung| match holding.swapped(rung) {
            Some(swapped) => (Cow::Owned(swapped), true),
            None => (Cow::Borrowed(rung), false),
        }));
        if rungs.len() >= LEVELS_AT_MOST {
            break;
        }
    }
    // The first that is met holds the position.
    let mut winners: BTreeMap<usize, &'s Rung> = BTreeMap::new();
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
            Some(place) => *place = (Cow::Borrowed(rung), true),
            // Beyond what the rota has: rung after it.
            None => rungs.push((Cow::Borrowed(rung), true)),
        }
    }
    rungs.truncate(LEVELS_AT_MOST);
    rungs
}

/// No duty where nobody is left without being meant to: that is a coverage gap.
fn duty(from: DateTime<Utc>, until: DateTime<Utc>, rungs: &[(Cow<'_, Rung>, bool)]) -> Option<Duty> {
    let rung_by = rungs.iter().filter_map(|(rung, is_change)| match &rung.who {
        Who::People(people) => Some(Level {
            label: Arc::clone(&rung.label),
            responders: Arc::clone(people),
            source: rung.source.clone(),
            is_change: *is_change,
        }),
        Who::Nobody | Who::Blank | Who::Lost => None,
    });
    // A roster keeps every one of them: not a byte more than they need.
    let mut levels = Vec::with_capacity(rungs.len());
    levels.extend(rung_by);
    levels.shrink_to_fit();
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
