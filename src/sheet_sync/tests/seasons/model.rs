//! What must hold for one hotline, in terms of people. Slow, and written without a look at how it is done.

use super::super::*;
use super::paper::{Paper, Who};
use super::source::Said;

/// A version that was used from then on.
#[derive(Clone, Debug)]
struct Layer {
    paper: Paper,
    since: DateTime<Utc>,
    /// The operator wants it as it is.
    is_accepted: bool,
}

#[derive(Clone, Debug)]
pub(super) struct Model {
    /// How far the sheet's clocks are ahead of UTC.
    pub(super) ahead: TimeDelta,
    pub(super) stale_after: TimeDelta,
    pub(super) has_fallback: bool,
    layers: Vec<Layer>,
    pub(super) accepted: Option<Revision>,
    /// Calls ring by the fallback's copy.
    pub(super) stands_by: bool,
    /// When the newest version of the first source was last known to be in use.
    pub(super) good: Option<DateTime<Utc>>,
    /// The same of the source whose copy is in use.
    pub(super) checked: Option<DateTime<Utc>>,
    pub(super) trouble: Option<DateTime<Utc>>,
    pub(super) judged: Option<Revision>,
    /// The fallback's version in use, seen again: it is judged again where the process is another.
    pub(super) judged_perhaps: Option<Revision>,
    /// Whether the operator believes that the rota is stale.
    pub(super) operator_worries: bool,
}

impl Model {
    pub(super) fn new(ahead: TimeDelta, stale_after: TimeDelta, has_fallback: bool) -> Self {
        Self {
            ahead,
            stale_after,
            has_fallback,
            layers: Vec::new(),
            accepted: None,
            stands_by: false,
            good: None,
            checked: None,
            trouble: None,
            judged: None,
            judged_perhaps: None,
            operator_worries: false,
        }
    }

    /// Whom a caller reaches at `at`: whom the newest version names; where that has a hole, and for 48 hours from when it
    /// came, whom the caller reached before, by the numbers of the newest version where it has them.
    pub(super) fn who(&self, at: DateTime<Utc>) -> Option<Who> {
        (!self.layers.is_empty()).then(|| self.who_by(&self.layers, at))
    }

    fn who_by(&self, layers: &[Layer], at: DateTime<Utc>) -> Who {
        let Some((top, below)) = layers.split_last() else {
            return Who::Hole;
        };
        let who = top.paper.who(at, self.ahead);
        let is_guarded = !top.is_accepted && top.since <= at && at < top.since + TimeDelta::hours(48);
        if who != Who::Hole || !is_guarded {
            return who;
        }
        match self.who_by(below, at) {
            Who::People(people) => Who::People(top.paper.reachable(people)),
            Who::Nobody | Who::Hole => Who::Hole,
        }
    }

    /// Calls need the fallback when the first source cannot be read.
    pub(super) fn needs_fallback(&self, now: DateTime<Utc>) -> bool {
        let has_ended = self
            .layers
            .last()
            .is_none_or(|top| top.paper.ends(self.ahead).is_none_or(|ends| ends <= now));
        let is_stale = self.checked.is_some_and(|checked| now - checked > self.stale_after);
        self.has_fallback && (self.stands_by || has_ended || is_stale)
    }

    /// A pull is over.
    pub(super) fn pulled(&mut self, first: &Said, fallback: Option<&Said>, now: DateTime<Utc>) {
        if let Some(paper) = &first.paper {
            if self.offer(paper, now) {
                self.good = Some(now);
                self.stands_by = false;
                self.trouble = None;
            } else {
                self.trouble.get_or_insert(now);
            }
            return;
        }
        self.trouble.get_or_insert(now);
        let Some(paper) = fallback.and_then(|fallback| fallback.paper.as_ref()) else {
            return;
        };
        let judged_before = self.judged.clone();
        let is_in_use = self.stands_by && self.newest_in_use() == Some(paper.revision());
        if self.offer(paper, now) {
            self.stands_by = true;
        }
        if is_in_use {
            self.judged_perhaps = std::mem::replace(&mut self.judged, judged_before);
        }
    }

    /// Whether a version is used.
    fn offer(&mut self, paper: &Paper, now: DateTime<Utc>) -> bool {
        self.judged = Some(paper.revision());
        self.judged_perhaps = None;
        let is_accepted = self.accepted.as_ref() == self.judged.as_ref();
        let last = self.layers.last();
        let before = last.and_then(|last| last.paper.ends(self.ahead));
        let is_held_back = match (paper.ends(self.ahead), before) {
            (None, Some(_)) => true,
            (Some(ends), Some(before)) => ends <= now && before > now,
            (_, None) => false,
        };
        if is_held_back && !is_accepted {
            return false;
        }
        self.checked = Some(now);
        if is_accepted || last.is_none_or(|last| last.paper != *paper) {
            self.layers.push(Layer {
                paper: paper.clone(),
                since: now,
                is_accepted,
            });
        }
        // Whatever lies under a layer counts for 48 hours after it came.
        let old = self.layers.iter().rposition(|layer| layer.since + TimeDelta::hours(48) <= now);
        self.layers.drain(..old.unwrap_or(0));
        true
    }

    pub(super) fn newest_in_use(&self) -> Option<Revision> {
        self.layers.last().map(|layer| layer.paper.revision())
    }

    /// Whether the operator must know that the rota is stale.
    pub(super) fn is_stale(&self, now: DateTime<Utc>, started: DateTime<Utc>) -> bool {
        now - self.good.or(self.trouble).unwrap_or(started) > self.stale_after
    }
}
