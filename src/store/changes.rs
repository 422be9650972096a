//! Changes that come at the same time are committed together, so that they share one write to the disk. Each of them is still
//! kept whole or not at all, and whoever made it hears of that only when it is on the disk.
//!
//! There is one change at a time. Whoever has made his hands the open transaction to the next one who waits; who was the
//! first of them goes back to the end of the queue and commits for all. So nobody waits for others to come: one who is
//! alone commits at once.

use super::connection::{Connection, Pool};
use super::opening::PATIENCE;
use super::{Entry, StoreError};
use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use tokio::sync::{Mutex, Notify, OwnedMutexGuard, broadcast, oneshot};

/// More changes do not wait for one commit: the first of them wants an answer, and other processes the lock.
pub(super) const MOST_AT_ONCE: usize = 32;

/// The way to every change of the database that takes more than one statement. Clones share it.
#[derive(Clone, Debug)]
pub(super) struct Changes {
    pool: Pool,
    most: usize,
    queue: Arc<Mutex<Queue>>,
    entries: broadcast::Sender<Entry>,
    /// Rung in place of telling the entries, where somebody reads them from the database.
    bell: Option<Arc<Notify>>,
}

#[derive(Debug, Default)]
struct Queue {
    /// What was changed and is not committed yet.
    open: Option<Batch>,
    /// The number of the last batch.
    last: u64,
}

/// A transaction of the database with the changes that are made in it.
#[derive(Debug)]
struct Batch {
    connection: Connection,
    made: Made,
}

/// The changes that wait for one commit.
#[derive(Debug, Default)]
struct Made {
    number: u64,
    entries: Vec<Entry>,
    waiting: Vec<oneshot::Sender<Result<(), StoreError>>>,
}

/// What is done in it is done together or not at all: without a commit it never was.
#[derive(Debug)]
pub(super) struct Transaction {
    connection: Connection,
    made: Made,
    changes: Changes,
    /// None once it is over.
    turn: Option<OwnedMutexGuard<Queue>>,
}

impl Changes {
    /// One at a time where readers share the connection: they would see what is not committed.
    pub(super) fn new(pool: Pool, most: usize, entries: broadcast::Sender<Entry>, bell: Option<Arc<Notify>>) -> Self {
        Self {
            pool,
            most,
            queue: Arc::default(),
            entries,
            bell,
        }
    }

    /// Begins a change. What is read in it stays true until its commit, since there is one writer at a time in all
    /// processes. So two calls that arrive together see each other's engaged numbers.
    pub(super) async fn begin(&self) -> Result<Transaction, StoreError> {
        let turn = tokio::time::timeout(PATIENCE, Arc::clone(&self.queue).lock_owned()).await;
        let mut turn = turn.map_err(|_| StoreError::Busy)?;
        let mut batch = match turn.open.take() {
            Some(open) => open,
            None => {
                turn.last += 1;
                Batch {
                    connection: self.pool.acquire().await?,
                    made: Made {
                        number: turn.last,
                        ..Made::default()
                    },
                }
            }
        };
        let begun = batch.connection.begin_change().await;
        let mut transaction = Transaction {
            connection: batch.connection,
            made: batch.made,
            changes: self.clone(),
            turn: Some(turn),
        };
        match begun {
            Ok(()) => Ok(transaction),
            Err(error) => {
                let error = StoreError::from(error);
                transaction.made.lose(&error);
                Err(error)
            }
        }
    }

    /// Commits a batch and says so to all who wait for it. The turn is held until then, so that entries are told in the
    /// order of their numbers.
    async fn commit(&self, Batch { mut connection, made }: Batch, turn: OwnedMutexGuard<Queue>) {
        let committed = connection.commit().await.map_err(StoreError::from);
        if committed.is_ok() {
            metrics::histogram!("rotaline_changes_in_a_commit").record(u32::try_from(made.waiting.len()).unwrap_or(u32::MAX));
            self.tell(&made.entries);
        }
        for waiting in made.waiting {
            // Whoever does not wait any more need not know.
            let _ = waiting.send(committed.clone());
        }
        drop(connection);
        drop(turn);
    }

    /// Commits the batch of this number when all who were waiting for their turn have had it, unless it is done by then.
    async fn commit_soon(self, number: u64) {
        let mut turn = Arc::clone(&self.queue).lock_owned().await;
        if let Some(batch) = turn.open.take_if(|batch| batch.made.number == number) {
            self.commit(batch, turn).await;
        }
    }

    fn tell(&self, entries: &[Entry]) {
        if let Some(bell) = &self.bell {
            bell.notify_one();
            return;
        }
        for entry in entries {
            // An error says that nobody listens.
            let _ = self.entries.send(entry.clone());
        }
    }

    /// Takes back one change; the others of its batch stay.
    async fn undo(self, mut batch: Batch, mut turn: OwnedMutexGuard<Queue>) {
        if batch.made.waiting.is_empty() {
            // Giving the connection back undoes all of it.
            return;
        }
        match batch.connection.undo_change().await {
            Ok(()) => turn.open = Some(batch),
            Err(error) => batch.made.lose(&error.into()),
        }
    }
}

impl Made {
    fn lose(&mut self, error: &StoreError) {
        for waiting in self.waiting.drain(..) {
            let _ = waiting.send(Err(error.clone()));
        }
    }
}

impl Transaction {
    /// Keeps what was changed, and tells these entries of it once it is kept. Comes back when it is on the disk.
    pub(super) async fn commit(mut self, entries: &[Entry]) -> Result<(), StoreError> {
        if self.connection.has_failed() {
            // Who goes on after a failed statement must not take a half for the whole.
            return Err(StoreError::Unavailable("a part of a transaction has failed".to_owned()));
        }
        let Some((mut batch, mut turn)) = self.take() else {
            return Err(StoreError::Unavailable("the transaction is over".to_owned()));
        };
        let (done, kept) = oneshot::channel();
        batch.made.entries.extend_from_slice(entries);
        batch.made.waiting.push(done);
        let changes = self.changes.clone();
        // Not by whoever waits here: he may be given up, and the others with him.
        if batch.made.waiting.len() >= changes.most {
            tokio::spawn(async move { changes.commit(batch, turn).await });
        } else {
            let (number, is_first) = (batch.made.number, batch.made.waiting.len() == 1);
            turn.open = Some(batch);
            drop(turn);
            if is_first {
                tokio::spawn(changes.commit_soon(number));
            }
        }
        kept.await
            .unwrap_or_else(|_| Err(StoreError::Unavailable("the commit came to no end".to_owned())))
    }

    /// Takes back what was changed.
    pub(super) async fn rollback(mut self) {
        if let Some((batch, turn)) = self.take() {
            self.changes.clone().undo(batch, turn).await;
        }
    }

    fn take(&mut self) -> Option<(Batch, OwnedMutexGuard<Queue>)> {
        let turn = self.turn.take()?;
        let batch = Batch {
            connection: self.connection.take(),
            made: std::mem::take(&mut self.made),
        };
        Some((batch, turn))
    }
}

impl Drop for Transaction {
    fn drop(&mut self) {
        if let Some((batch, turn)) = self.take() {
            tokio::spawn(self.changes.clone().undo(batch, turn));
        }
    }
}

impl Deref for Transaction {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        &self.connection
    }
}

impl DerefMut for Transaction {
    fn deref_mut(&mut self) -> &mut Connection {
        &mut self.connection
    }
}
