//! What a call has to know of the world when something happens to it. It must not know how that is found out.

use super::Away;
use crate::roster::Phone;
use chrono::{DateTime, Utc};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};

static NOBODY: BTreeSet<Phone> = BTreeSet::new();
static NOBODY_AWAY: BTreeMap<Phone, Away> = BTreeMap::new();

/// The present instant, and what others are doing at it.
#[derive(Clone, Copy, Debug)]
pub struct World<'a> {
    /// The present instant.
    pub now: DateTime<Utc>,
    others: Others<'a>,
}

#[derive(Clone, Copy, Debug)]
enum Others<'a> {
    Seen {
        engaged: &'a BTreeSet<Phone>,
        away: &'a BTreeMap<Phone, Away>,
    },
    /// Set where somebody has looked, and saw nobody.
    Unseen(&'a AtomicBool),
}

impl<'a> World<'a> {
    /// `engaged` are the numbers that other live calls are ringing or talking with, and those that are meant for somebody ahead
    /// in the line; `away` is whoever is known to be away now.
    #[must_use]
    pub const fn new(now: DateTime<Utc>, engaged: &'a BTreeSet<Phone>, away: &'a BTreeMap<Phone, Away>) -> Self {
        Self {
            now,
            others: Others::Seen { engaged, away },
        }
    }

    /// A world that nobody has looked at yet: most of what happens to a call needs none. Where `looked` is set afterwards,
    /// what was decided counts for nothing and has to be decided anew, in a world that is known.
    #[must_use]
    pub const fn unseen(now: DateTime<Utc>, looked: &'a AtomicBool) -> Self {
        Self {
            now,
            others: Others::Unseen(looked),
        }
    }

    /// Numbers that are on other calls, or meant for somebody ahead in the line.
    #[must_use]
    pub fn engaged(&self) -> &'a BTreeSet<Phone> {
        match self.others {
            Others::Seen { engaged, .. } => engaged,
            Others::Unseen(looked) => {
                looked.store(true, Ordering::Relaxed);
                &NOBODY
            }
        }
    }

    /// Whoever is known to be away now.
    #[must_use]
    pub fn away(&self) -> &'a BTreeMap<Phone, Away> {
        match self.others {
            Others::Seen { away, .. } => away,
            Others::Unseen(looked) => {
                looked.store(true, Ordering::Relaxed);
                &NOBODY_AWAY
            }
        }
    }
}
