//! What another version of a rota changes for calls: who is no longer rung when, and who is instead.
//! It must not know where the versions come from, nor which of them is used.

pub(super) mod sentences;

use super::{Level, OnCall, Phone, Responder, Roster};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use std::collections::{BTreeMap, BTreeSet};

pub use sentences::told;

/// More differences than these are only counted.
const DIFFERENCES_AT_MOST: usize = 200;

/// One difference between two rosters. `Display` is one sentence without its full stop, in the zone of the later roster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// What is different.
    pub what: What,
    /// The zone in which the sentence tells times.
    zone: Tz,
    /// From when the rosters were compared: times near it are told without their year.
    now: DateTime<Utc>,
}

/// What is different. People are named as in the sheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// The admins write in another zone.
    TimeZone {
        /// Before.
        before: Tz,
        /// Now.
        after: Tz,
    },
    /// Somebody else, or nobody, is rung when the plan is exhausted.
    LastResort {
        /// Before.
        before: Option<Responder>,
        /// Now.
        after: Option<Responder>,
    },
    /// Somebody has another telephone number.
    Number {
        /// Whose.
        name: String,
        /// All of them before.
        before: Vec<Phone>,
        /// All of them now.
        after: Vec<Phone>,
    },
    /// The last row of the rota ends at another time.
    Ends {
        /// Before; nothing where no row counted.
        before: Option<DateTime<Utc>>,
        /// Now.
        after: Option<DateTime<Utc>>,
    },
    /// The rota repeats itself for ever and did not, or the other way round.
    Repeats {
        /// Whether it does now.
        now: bool,
        /// When the one of both ends that does not.
        ends: Option<DateTime<Utc>>,
    },
    /// For this time the duty is another.
    Duty {
        /// From when.
        from: DateTime<Utc>,
        /// Until when.
        until: DateTime<Utc>,
        /// In which way. Several are places that were left by their people for the same time with the same rest.
        changes: Vec<Change>,
    },
    /// There are so many more differences than are listed.
    More(usize),
}

/// How a duty is another. Places in the order of ringing count from 0; who is in one place rings together.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// Somebody is no longer rung in a place, and nobody new is.
    Left {
        /// Which place.
        place: usize,
        /// Who has left it.
        gone: Vec<String>,
        /// Who is rung nevertheless.
        rest: Rest,
    },
    /// Somebody new is rung in a place.
    Came {
        /// Which place.
        place: usize,
        /// Who is new in it.
        come: Vec<String>,
        /// Who has left it.
        gone: Vec<String>,
        /// Who was there before and stays.
        stay: Vec<String>,
    },
    /// Nobody is on call, as before, and now that is meant.
    NowMeant,
    /// Nobody is on call, as before, and nothing says any more that this is meant.
    NoLongerMeant,
}

/// Who is rung where somebody has left.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rest {
    /// These, in the same place.
    Same(Vec<String>),
    /// Nobody in that place; somebody in another.
    Others,
    /// Nobody at all, on purpose.
    Meant,
    /// Nobody at all, and nothing says that this is meant.
    Nobody,
}

/// What is different in `[from, until)` when `after` takes the place of `before`: first what holds at any time, then by
/// time. Adjoining duties with the same difference are one difference. A rota that repeats itself is compared up to where it
/// is written out in both.
#[must_use]
pub fn differences(before: &Roster, after: &Roster, from: DateTime<Utc>, until: DateTime<Utc>) -> Vec<Difference> {
    let horizon = before.horizon.into_iter().chain(after.horizon).min();
    let until = horizon.map_or(until, |horizon| until.min(horizon)).max(from);
    let mut walk = Walk::default();
    for two in edges(before, after, from, until).windows(2) {
        walk.step(before.on_call(two[0]), after.on_call(two[0]), two[0], two[1]);
    }
    let mut all = Vec::new();
    if before.time_zone != after.time_zone {
        all.push(What::TimeZone {
            before: before.time_zone,
            after: after.time_zone,
        });
    }
    if before.last_resort != after.last_resort {
        all.push(What::LastResort {
            before: before.last_resort.as_deref().cloned(),
            after: after.last_resort.as_deref().cloned(),
        });
    }
    all.extend(renumbered(before, after, from, until, &walk.renumbered));
    all.extend(other_end(before, after, from));
    all.extend(walk.finish());
    all.sort_by_key(What::begins);
    let more = all.len().saturating_sub(DIFFERENCES_AT_MOST);
    all.truncate(DIFFERENCES_AT_MOST);
    if more > 0 {
        all.push(What::More(more));
    }
    let zone = after.time_zone;
    all.into_iter().map(|what| Difference { what, zone, now: from }).collect()
}

/// Where the last row ends, if that is another instant: what repeats itself has no end.
fn other_end(before: &Roster, after: &Roster, from: DateTime<Utc>) -> Option<What> {
    let is_ahead = |end: Option<DateTime<Utc>>| end.is_some_and(|end| end > from);
    match (before.horizon, after.horizon) {
        (Some(_), Some(_)) => None,
        (None, Some(_)) => Some(What::Repeats {
            now: true,
            ends: before.ends,
        }),
        (Some(_), None) => Some(What::Repeats {
            now: false,
            ends: after.ends,
        }),
        (None, None) if before.ends != after.ends && (is_ahead(before.ends) || is_ahead(after.ends)) => Some(What::Ends {
            before: before.ends,
            after: after.ends,
        }),
        (None, None) => None,
    }
}

impl Difference {
    /// Whether calls ring somebody else because of it, or somebody on another number.
    #[must_use]
    pub fn rings_others(&self) -> bool {
        match &self.what {
            What::LastResort { .. } | What::Number { .. } | What::More(_) => true,
            What::TimeZone { .. } | What::Ends { .. } | What::Repeats { .. } => false,
            What::Duty { changes, .. } => changes.iter().any(|change| match change {
                Change::Left { .. } | Change::Came { .. } => true,
                Change::NowMeant | Change::NoLongerMeant => false,
            }),
        }
    }
}

impl What {
    /// When it begins to count, where it does not at any time.
    fn begins(&self) -> Option<DateTime<Utc>> {
        match self {
            Self::TimeZone { .. } | Self::LastResort { .. } | Self::Number { .. } | Self::Repeats { .. } => None,
            Self::Ends { before, after } => before.iter().chain(after).min().copied(),
            Self::Duty { from, .. } => Some(*from),
            Self::More(_) => Some(DateTime::<Utc>::MAX_UTC),
        }
    }
}

/// Every instant at which one of the rosters may change, `from` and `until` included.
fn edges(before: &Roster, after: &Roster, from: DateTime<Utc>, until: DateTime<Utc>) -> Vec<DateTime<Utc>> {
    let mut edges = vec![from, until];
    for roster in [before, after] {
        let first = roster.duties.partition_point(|duty| duty.until <= from);
        let duties = roster.duties.iter().skip(first).take_while(|duty| duty.from < until);
        edges.extend(duties.flat_map(|duty| [duty.from.max(from), duty.until.min(until)]));
    }
    edges.sort_unstable();
    edges.dedup();
    edges
}

/// The differences between two time lines, gathered from one edge to the next.
#[derive(Default)]
struct Walk<'r> {
    /// Over by now.
    runs: Vec<Run>,
    /// Those that the step before has met.
    open: Vec<Run>,
    /// In the same place before and after, with another number.
    renumbered: BTreeSet<&'r str>,
}

struct Run {
    from: DateTime<Utc>,
    until: DateTime<Utc>,
    change: Change,
}

impl<'r> Walk<'r> {
    fn step(&mut self, before: OnCall<'r>, after: OnCall<'r>, from: DateTime<Utc>, until: DateTime<Utc>) {
        let (old, new) = (levels(before), levels(after));
        for (old, new) in old.iter().zip(new) {
            let other = |responder: &&Responder| {
                new.responders
                    .iter()
                    .any(|now| now.name == responder.name && now.phone != responder.phone)
            };
            let others = old.responders.iter().map(AsRef::as_ref).filter(other);
            self.renumbered.extend(others.map(|responder| responder.name.as_str()));
        }
        let mut changes: Vec<Change> = (0..old.len().max(new.len()))
            .filter_map(|place| change(place, old, new, after))
            .collect();
        if old.is_empty() && new.is_empty() {
            changes.extend(match (before, after) {
                (OnCall::Gap { .. }, OnCall::Duty(_)) => Some(Change::NowMeant),
                (OnCall::Duty(_), OnCall::Gap { .. }) => Some(Change::NoLongerMeant),
                (OnCall::Duty(_), OnCall::Duty(_)) | (OnCall::Gap { .. }, OnCall::Gap { .. }) => None,
            });
        }
        for change in changes {
            match self.open.iter_mut().find(|run| run.until == from && run.change == change) {
                Some(run) => run.until = until,
                None => self.open.push(Run { from, until, change }),
            }
        }
        let over = self.open.extract_if(.., |run| run.until < until);
        self.runs.extend(over);
    }

    /// By time and place; what several places have in common is one difference.
    fn finish(mut self) -> Vec<What> {
        self.runs.append(&mut self.open);
        let order = |run: &Run| (run.from, std::cmp::Reverse(run.until));
        self.runs
            .sort_by(|a, b| order(a).cmp(&order(b)).then_with(|| a.change.cmp(&b.change)));
        let together = |one: &Run, next: &Run| {
            if let (Change::Left { rest: one_rest, .. }, Change::Left { rest, .. }) = (&one.change, &next.change) {
                let at_once = (one.from, one.until) == (next.from, next.until);
                return at_once && one_rest == rest && !matches!(rest, Rest::Same(_));
            }
            false
        };
        let joined = self.runs.chunk_by(together).filter_map(|runs| {
            let first = runs.first()?;
            Some(What::Duty {
                from: first.from,
                until: first.until,
                changes: runs.iter().map(|run| run.change.clone()).collect(),
            })
        });
        joined.collect()
    }
}

const fn levels(on_call: OnCall<'_>) -> &[Level] {
    match on_call {
        OnCall::Duty(duty) => duty.levels.as_slice(),
        OnCall::Gap { .. } => &[],
    }
}

/// What is different in one place of the order.
fn change(place: usize, old: &[Level], new: &[Level], after: OnCall<'_>) -> Option<Change> {
    let (old, now) = (names(old.get(place)), names(new.get(place)));
    let those = |of: &BTreeSet<&str>, not: &BTreeSet<&str>| of.difference(not).map(|name| (*name).to_owned()).collect::<Vec<_>>();
    let (come, gone) = (those(&now, &old), those(&old, &now));
    let stay: Vec<String> = now.intersection(&old).map(|name| (*name).to_owned()).collect();
    if !come.is_empty() {
        return Some(Change::Came { place, come, gone, stay });
    }
    if gone.is_empty() {
        return None;
    }
    let rest = match after {
        OnCall::Duty(_) if !stay.is_empty() => Rest::Same(stay),
        OnCall::Duty(_) if !new.is_empty() => Rest::Others,
        OnCall::Duty(_) => Rest::Meant,
        OnCall::Gap { .. } => Rest::Nobody,
    };
    Some(Change::Left { place, gone, rest })
}

fn names(level: Option<&Level>) -> BTreeSet<&str> {
    let responders = level.into_iter().flat_map(|level| level.responders.iter());
    responders.map(|responder| responder.name.as_str()).collect()
}

/// Who has other numbers than before, among the contacts and those on call.
fn renumbered(before: &Roster, after: &Roster, from: DateTime<Utc>, until: DateTime<Utc>, met: &BTreeSet<&str>) -> Vec<What> {
    let mut known: BTreeMap<&str, [BTreeSet<&Phone>; 2]> = BTreeMap::new();
    for (which, roster) in [before, after].into_iter().enumerate() {
        let first = roster.duties.partition_point(|duty| duty.until <= from);
        let duties = roster.duties.iter().skip(first).take_while(|duty| duty.from < until);
        let on_call = duties.flat_map(|duty| &duty.levels).flat_map(|level| level.responders.iter());
        for responder in roster.contacts.iter().chain(on_call) {
            known.entry(&responder.name).or_default()[which].insert(&responder.phone);
        }
    }
    let all = |numbers: &BTreeSet<&Phone>| numbers.iter().map(|number| (*number).clone()).collect();
    let other = known.iter().filter(|(name, [before, after])| {
        let are_known = !before.is_empty() && !after.is_empty();
        are_known && (before != after || met.contains(*name))
    });
    other
        .map(|(name, [before, after])| What::Number {
            name: (*name).to_owned(),
            before: all(before),
            after: all(after),
        })
        .collect()
}

#[cfg(test)]
mod tests;
