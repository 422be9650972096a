//! What may befall a database in memory, on purpose: whoever tests the whole service says when no connection comes about, when
//! a commit fails, and when it succeeds and nobody hears so; and is told whether the database is being asked.
//!
//! It knows no statement. A database in a file, or on a server, has its own misfortunes and none of these.

use sqlx::Error;
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::Notify;

/// A misfortune of a database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mishap {
    /// Nobody gets a connection.
    OutOfReach,
    /// A commit fails, and nothing of it is kept.
    NotKept,
    /// A commit is kept, and whoever wanted it hears that it failed.
    KeptUnheard,
}

/// Shared by a database in memory and by whoever plays fate to it.
#[derive(Debug, Default)]
pub struct Fate {
    under_way: AtomicUsize,
    calm: Notify,
    next: Mutex<Option<Mishap>>,
    befallen: AtomicU32,
}

/// A question to the database for as long as it is under way.
#[derive(Debug)]
pub(super) struct Asking(Option<Arc<Fate>>);

impl Fate {
    /// What befalls the database at the next occasion; none, nothing.
    pub fn lies_ahead(&self, mishap: Option<Mishap>) {
        *self.next() = mishap;
    }

    /// How often something has befallen it since this was asked before.
    #[must_use]
    pub fn befallen(&self) -> u32 {
        self.befallen.swap(0, Ordering::SeqCst)
    }

    /// Whether the database is being asked nothing.
    #[must_use]
    pub fn is_calm(&self) -> bool {
        self.under_way.load(Ordering::SeqCst) == 0
    }

    /// Waits until a question that is under way is answered.
    pub async fn calms_down(&self) {
        self.calm.notified().await;
    }

    fn next(&self) -> std::sync::MutexGuard<'_, Option<Mishap>> {
        self.next.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether this is the occasion for one of these.
    fn strikes(&self, mishaps: &[Mishap]) -> Option<Mishap> {
        let struck = self.next().take_if(|next| mishaps.contains(next));
        if struck.is_some() {
            self.befallen.fetch_add(1, Ordering::SeqCst);
        }
        struck
    }
}

impl Asking {
    pub(super) fn begins(fate: Option<&Arc<Fate>>) -> Self {
        if let Some(fate) = fate {
            fate.under_way.fetch_add(1, Ordering::SeqCst);
        }
        Self(fate.cloned())
    }
}

impl Drop for Asking {
    fn drop(&mut self) {
        if let Some(fate) = &self.0 {
            fate.under_way.fetch_sub(1, Ordering::SeqCst);
            fate.calm.notify_one();
        }
    }
}

/// Whether a connection comes about.
pub(super) fn connects(fate: Option<&Arc<Fate>>) -> Result<(), Error> {
    match fate.and_then(|fate| fate.strikes(&[Mishap::OutOfReach])) {
        None => Ok(()),
        Some(_) => Err(misfortune("no connection comes about")),
    }
}

/// What becomes of a commit: whether it is kept, and what is heard of it.
pub(super) fn of_a_commit(fate: Option<&Arc<Fate>>) -> (bool, Result<(), Error>) {
    match fate.and_then(|fate| fate.strikes(&[Mishap::NotKept, Mishap::KeptUnheard])) {
        Some(Mishap::NotKept) => (false, Err(misfortune("the commit failed"))),
        Some(Mishap::KeptUnheard) => (true, Err(misfortune("nobody knows what became of the commit"))),
        Some(Mishap::OutOfReach) | None => (true, Ok(())),
    }
}

fn misfortune(what: &'static str) -> Error {
    Error::Io(std::io::Error::new(std::io::ErrorKind::BrokenPipe, what))
}
