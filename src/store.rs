//! What must survive a restart: calls, their log, what is still to be done, the last good rotas.
//!
//! The only SQL. It must not know the carrier, the web, nor what a call's decisions mean.
//!
//! The same for SQLite and PostgreSQL: plain SQL with numbered parameters, times as integers, JSON as text, every
//! statement in the files of this room. Leases and deadlines take the present instant as an argument.

mod access;
mod alone;
mod audit;
mod backup;
mod call_rows;
mod callbacks;
mod changes;
mod connection;
mod crowd;
mod fate;
mod findings;
mod forgetting;
mod house;
mod idle;
mod incidents;
mod lines;
mod nouns;
mod opening;
mod outbox;
mod plain;
mod postgres;
mod presence;
mod recordings;
mod relays;
mod retention;
mod rotas;
mod seal;
mod spending;
mod story;
mod telling;
#[cfg(test)]
pub(crate) mod tests;
mod texts;
mod transaction;
mod turns;
mod versions;
mod waiting;

use crate::call::HotlineName;
use changes::Changes;
use connection::{Connection, Pool};
use house::House;
use moka::future::Cache;
use plain::AtHand;
use std::sync::Arc;
use telling::Telling;
use tokio::sync::broadcast;

pub use access::{KeptRights, KeptToken, KeptUser};
pub use alone::Alone;
pub use audit::Audited;
pub use callbacks::CalledBack;
pub use crowd::Crowd;
pub use fate::{Fate, Mishap};
pub use findings::beside_one_another;
pub use forgetting::{Forgotten, Unwanted};
pub use nouns::{
    Begun, CallFilter, CallSummary, Callback, Change, Claimed, Counted, CurrentRota, Discarded, Entry, Hand, OpenRelay, Pending, Raised,
    ReadRota, Recording, RecordingKind, Released, StoreError, Trouble, Verdict, Version,
};
pub use presence::Told;
pub use seal::Seal;
pub use texts::{Course, TextDone, TextIn, TextOut, TextWorld};
pub use turns::WaitingDial;

/// A handle on the database; clones share it.
#[derive(Clone, Debug)]
pub struct Store {
    /// For single statements. Where it is one connection, they queue with the changes.
    writer: Pool,
    /// For what takes more: all queue here, in order, instead of colliding in the database.
    changes: Changes,
    readers: Pool,
    rotas: Cache<HotlineName, Arc<CurrentRota>>,
    calls: AtHand,
    entries: broadcast::Sender<Entry>,
    /// What others on the same database commit is told by it, and our own with it, in one order.
    telling: Option<Arc<Telling>>,
    /// Only where other processes may be on the same database.
    house: Option<Arc<House>>,
}

impl Store {
    /// Every entry from now on, each as soon as it is kept and never before. A receiver that is too slow is
    /// told how many it has missed; they are in [`Store::entries_after`].
    #[must_use]
    pub fn subscribe(&self) -> broadcast::Receiver<Entry> {
        self.entries.subscribe()
    }
}
