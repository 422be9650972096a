//! The line of those who wait for somebody to be free: who is served next, whom nobody else may ring meanwhile, and at
//! which place somebody stands.
//!
//! Whoever began to search first is before the others until somebody has his call, also while phones ring for him, so
//! that for nobody the place in the line ever goes up. A line is a slice in that order; where it is kept is not known here.

use super::search::Place;
use super::{Call, CallId, HotlineName, Origin, Phase};
use crate::roster::{Phone, Responder};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What a call waits for whose search is on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waits {
    /// Every phone that the search may yet ring. It only becomes less.
    pub for_any_of: BTreeSet<Phone>,
    /// Whoever was passed over because he is on another call or away: his phones, all of which have to be free before he is
    /// rung. Nothing while phones ring for the call itself.
    pub next: Vec<BTreeSet<Phone>>,
}

/// One call in the line for which nothing else can be done than to wait.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// Which.
    pub call: CallId,
    /// Its hotline, whose sheet may say who is away.
    pub hotline: HotlineName,
    /// Whom for, as [`Waits::next`] has it.
    pub next: Vec<BTreeSet<Phone>>,
}

impl Call {
    /// What the call waits for, where it stands in the line: from the beginning of its search until somebody is with the
    /// caller, or nobody of the plan can be rung any more.
    #[must_use]
    pub fn waits(&self) -> Option<Waits> {
        let is_in_line = match &self.phase {
            Phase::Searching => self.search.place != Place::LastResort,
            // Whoever gets lost on the way to the caller does not cost him his place.
            Phase::Joining { leg, .. } => self.talk_began().is_none() && self.leg(*leg).is_some_and(|found| !found.is_last_resort()),
            Phase::RingingBack { .. }
            | Phase::Connected { .. }
            | Phase::Parted { .. }
            | Phase::Menu { .. }
            | Phase::Message { .. }
            | Phase::Farewell { .. }
            | Phase::Makeshift { .. }
            | Phase::Resting { .. }
            | Phase::Over => false,
        };
        let waits_for_somebody = match self.origin {
            Origin::Caller | Origin::Incident(_) | Origin::Text(_) => true,
            // He who wants to call back is rung, or nobody.
            Origin::Callback(_) | Origin::Through(_) => false,
        };
        (is_in_line && waits_for_somebody).then(|| Waits {
            for_any_of: self.may_yet_be_rung(),
            next: if self.waits_in_line() { self.search.passed() } else { Vec::new() },
        })
    }

    /// Whether nothing else can be done for the call than to wait until somebody is free.
    #[must_use]
    pub fn waits_in_line(&self) -> bool {
        self.phase == Phase::Searching && matches!(self.search.place, Place::AllEngaged(_))
    }

    fn may_yet_be_rung(&self) -> BTreeSet<Phone> {
        let left = self
            .plan
            .people()
            .filter(|who| !self.ruled_out.contains(&who.phone) && !self.has_declined(who));
        left.map(|who| who.phone.clone()).collect()
    }

    /// The phones of which one that is taken makes this person be passed over: on another call with one phone, nobody is rung
    /// on the other, unless that is a phone of several people.
    pub(super) fn taken_with<'a>(&self, who: &'a Responder) -> impl Iterator<Item = &'a Phone> {
        let is_shared = |phone: &Phone| self.plan.people().filter(|one| one.phone == *phone).count() > 1;
        let other = who.then.as_ref().filter(|other| !is_shared(other));
        std::iter::once(&who.phone).chain(other)
    }
}

/// The phones that are meant for those in this part of the line as soon as they are free, and not to be rung for anybody
/// after them. Whoever is away for their hotline is meant for nobody.
pub fn promised(ahead: &[Waiting], is_away: impl Fn(&Waiting, &Phone) -> bool) -> BTreeSet<Phone> {
    let meant = |one| of_one(one, &is_away);
    ahead.iter().flat_map(meant).flatten().cloned().collect()
}

/// The first in the line for whom somebody can be rung now, of those that have not been served yet.
pub fn next_served(
    line: &[Waiting],
    is_taken: impl Fn(&Waiting, &Phone) -> bool,
    is_away: impl Fn(&Waiting, &Phone) -> bool,
    served: &BTreeSet<CallId>,
) -> Option<CallId> {
    let mut promised: BTreeSet<&Phone> = BTreeSet::new();
    for one in line {
        let meant = of_one(one, &is_away);
        let is_free = |phones: &&BTreeSet<Phone>| !phones.iter().any(|phone| is_taken(one, phone) || promised.contains(phone));
        if !served.contains(&one.call) && meant.iter().any(is_free) {
            return Some(one.call);
        }
        promised.extend(meant.into_iter().flatten());
    }
    None
}

fn of_one<'l>(one: &'l Waiting, is_away: &impl Fn(&Waiting, &Phone) -> bool) -> Vec<&'l BTreeSet<Phone>> {
    let next = one.next.iter();
    next.filter(|phones| !phones.iter().any(|phone| is_away(one, phone))).collect()
}

/// At which place somebody stands, from 1, who waits for any of these people, where so many ahead of him wait for these each:
/// whoever waits for other people is no hindrance.
#[must_use]
pub fn place(for_any_of: &BTreeSet<Phone>, ahead: &[(BTreeSet<Phone>, u32)]) -> u32 {
    let hindering = ahead.iter().filter(|(people, _)| !people.is_disjoint(for_any_of));
    hindering.fold(1, |place, (_, count)| place.saturating_add(*count))
}
