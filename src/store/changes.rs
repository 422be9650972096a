//! Changes that come at the same time are committed together, so that they share one write to the disk. Each of them is still
//! kept whole or not at all, and whoever made it hears of that only when it is on the disk.
//!
//! There is one change at a time. Whoever has made his hands the open transaction to the next one who waits; who was the
//! first of them goes back to the end of the queue and commits for all. So nobody waits for others to come: one who is
//! alone commits at once.

use super::connection::{Connection, Pool};
use super::opening::PATIENCE;
use super::plain::{self, Kept, Plain};
use super::{Entry, StoreError, idle};
use crate::call::CallId;
use std::collections::BTreeSet;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use tokio::sync::{Mutex, Notify, OwnedMutexGuard, broadcast, oneshot};

/// More changes do not wait for one commit: the first of them wants an answer, and other processes the lock.
pub(super) const MOST_AT_ONCE: usize = 32;
/// Of those that are written together by two statements, more.
const MOST_PLAIN: usize = 128;
/// So many batches of plain changes are written one after another before others have their turn. To give the connection back
/// and to get it again takes as long as half of a batch.
const MOST_IN_A_ROW: usize = 4;

/// The way to every change of the database that takes more than one statement. Clones share it.
#[derive(Clone, Debug)]
pub(super) struct Changes {
    pool: Pool,
    most: usize,
    queue: Arc<Mutex<Queue>>,
    /// Plain changes that nobody has begun to write. Nobody waits for his turn to add one.
    plain: Arc<std::sync::Mutex<Waiting>>,
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
    /// Not written yet.
    plain: Vec<PlainOne>,
    /// Written.
    plain_waiting: Vec<oneshot::Sender<Result<Kept, StoreError>>>,
}

#[derive(Debug, Default)]
struct Waiting {
    changes: Vec<PlainOne>,
    /// Somebody is about to write them, and goes on until none is left.
    has_writer: bool,
}

/// Who writes what waits: one at a time. Where he comes to no end, those who wait hear of it, and whoever comes next begins anew.
struct Writer {
    changes: Changes,
    has_ended: bool,
}

#[derive(Debug)]
struct PlainOne {
    change: Plain,
    done: oneshot::Sender<Result<Kept, StoreError>>,
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
            plain: Arc::default(),
            entries,
            bell,
        }
    }

    /// Begins a change. What is read in it stays true until its commit, since there is one writer at a time in all
    /// processes. So two calls that arrive together see each other's engaged numbers.
    pub(super) async fn begin(&self) -> Result<Transaction, StoreError> {
        let (mut batch, turn) = self.turn().await?;
        batch.made.take_along(self.next_plain());
        if let Err(error) = batch.write_plain().await {
            batch.made.lose(&error);
            return Err(error);
        }
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

    /// Keeps a change of a call and of nothing else. Comes back when it is on the disk, or was not kept, because somebody
    /// else has written the call.
    pub(super) async fn add(&self, change: Plain) -> Result<Kept, StoreError> {
        let (done, kept) = oneshot::channel();
        let has_writer = {
            let mut waiting = self.waiting();
            waiting.changes.push(PlainOne { change, done });
            std::mem::replace(&mut waiting.has_writer, true)
        };
        if !has_writer {
            let (changes, has_ended) = (self.clone(), false);
            tokio::spawn(Writer { changes, has_ended }.write_all());
        }
        kept.await.unwrap_or_else(|_| Err(no_end()))
    }

    /// How many hold it, among them all who wait for their turn.
    #[cfg(test)]
    pub(super) fn holders(&self) -> usize {
        Arc::strong_count(&self.queue)
    }

    fn waiting(&self) -> std::sync::MutexGuard<'_, Waiting> {
        self.plain.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    fn next_plain(&self) -> Vec<PlainOne> {
        let changes = &mut self.waiting().changes;
        let count = changes.len().min(MOST_PLAIN);
        changes.drain(..count).collect()
    }

    /// Waits for one's turn. The batch is the open one, or a new one.
    async fn turn(&self) -> Result<(Batch, OwnedMutexGuard<Queue>), StoreError> {
        let turn = tokio::time::timeout(PATIENCE, Arc::clone(&self.queue).lock_owned()).await;
        let mut turn = turn.map_err(|_| StoreError::Busy)?;
        let batch = match turn.open.take() {
            Some(open) => open,
            None => {
                let connection = self.pool.acquire().await?;
                turn.next_batch(connection)
            }
        };
        Ok((batch, turn))
    }

    /// A change is made. The next one who waits goes on with the batch; whose change is the first commits it afterwards.
    fn hand_over(&self, batch: Batch, mut turn: OwnedMutexGuard<Queue>) {
        let changes = self.clone();
        // Not by whoever waits here: he may be given up, and the others with him.
        if batch.made.is_full(changes.most) {
            tokio::spawn(async move { changes.commit(batch, turn).await });
            return;
        }
        let (number, is_first) = (batch.made.number, batch.made.waiting.len() == 1);
        turn.open = Some(batch);
        drop(turn);
        if is_first {
            tokio::spawn(changes.commit_soon(number));
        }
    }

    /// Commits a batch and says so to all who wait for it. The turn is held until then, so that entries are told in the
    /// order of their numbers.
    async fn commit(&self, batch: Batch, turn: OwnedMutexGuard<Queue>) {
        drop(self.commit_all_of(batch).await);
        drop(turn);
    }

    /// As [`Changes::commit`], for whoever has the turn; the connection, where it can be used for another one.
    async fn commit_all_of(&self, mut batch: Batch) -> Option<Connection> {
        let count = batch.made.count();
        let kept = batch.keep().await;
        let Batch { connection, mut made } = batch;
        match kept {
            Ok(()) => {
                metrics::histogram!("rotaline_changes_in_a_commit").record(u32::try_from(count).unwrap_or(u32::MAX));
                self.tell(&made.entries);
                made.are_kept();
                Some(connection)
            }
            Err(error) => {
                made.lose(&error);
                None
            }
        }
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
        if batch.made.count() == 0 {
            // Giving the connection back undoes all of it.
            return;
        }
        match batch.connection.undo_change().await {
            Ok(()) => turn.open = Some(batch),
            Err(error) => batch.made.lose(&error.into()),
        }
    }
}

impl Queue {
    fn next_batch(&mut self, connection: Connection) -> Batch {
        self.last += 1;
        let made = Made {
            number: self.last,
            ..Made::default()
        };
        Batch { connection, made }
    }
}

impl Writer {
    /// Takes what plain changes have come by the time at which it is their turn, and commits, until nobody waits.
    async fn write_all(mut self) {
        loop {
            let (mut batch, mut turn) = match self.changes.turn().await {
                Ok(begun) => begun,
                Err(error) => return self.give_up(&error),
            };
            for _ in 0..MOST_IN_A_ROW {
                batch.made.take_along(self.changes.next_plain());
                // Whoever had his turn before may have taken them along, and committed.
                let connection = match batch.made.count() {
                    0 => Some(batch.connection),
                    _ => self.changes.commit_all_of(batch).await,
                };
                if self.is_done() {
                    return;
                }
                let Some(connection) = connection else { break };
                batch = turn.next_batch(connection);
            }
        }
    }

    /// Whether nobody waits. Then whoever comes next needs another one.
    fn is_done(&mut self) -> bool {
        let mut waiting = self.changes.waiting();
        waiting.has_writer = !waiting.changes.is_empty();
        self.has_ended = !waiting.has_writer;
        self.has_ended
    }

    fn give_up(&mut self, error: &StoreError) {
        self.has_ended = true;
        let mut lost = Made {
            plain: std::mem::take(&mut *self.changes.waiting()).changes,
            ..Made::default()
        };
        lost.lose(error);
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        if !self.has_ended {
            self.give_up(&no_end());
        }
    }
}

impl Batch {
    /// Writes what is not written yet, and commits.
    async fn keep(&mut self) -> Result<(), StoreError> {
        if self.made.is_idle() && self.connection.is_kept_by_itself() && self.keep_idle().await? {
            return Ok(());
        }
        self.write_plain().await?;
        Ok(self.connection.commit().await?)
    }

    /// Whether all of them are kept; otherwise somebody was overtaken, and none is.
    async fn keep_idle(&mut self) -> Result<bool, StoreError> {
        let (is_made, heard) = self.connection.fate_of_a_commit();
        let changes: Vec<&Plain> = self.made.plain.iter().map(|one| &one.change).collect();
        if is_made && !idle::note_all(&mut self.connection, &changes).await? {
            return Ok(false);
        }
        heard?;
        self.made.plain_waiting.extend(self.made.plain.drain(..).map(|one| one.done));
        Ok(true)
    }

    /// Writes the plain changes that are not written yet. Whoever was overtaken need not wait for the commit.
    async fn write_plain(&mut self) -> Result<(), StoreError> {
        if self.made.plain.is_empty() {
            return Ok(());
        }
        let changes: Vec<&Plain> = self.made.plain.iter().map(|one| &one.change).collect();
        self.connection.begin_change().await?;
        let overtaken = plain::write(&mut self.connection, &changes).await?;
        for one in self.made.plain.drain(..) {
            if overtaken.contains(&one.change.decided()) {
                let _ = one.done.send(Ok(Kept::Overtaken));
            } else {
                self.made.plain_waiting.push(one.done);
            }
        }
        Ok(())
    }
}

impl Made {
    /// Of one call there is one change of its state: whoever has decided by the same version is overtaken.
    fn take_along(&mut self, plain: Vec<PlainOne>) {
        let changing = self.plain.iter().filter(|one| !one.change.is_idle());
        let mut calls: BTreeSet<CallId> = changing.map(|one| one.change.call()).collect();
        for one in plain {
            if one.change.is_idle() || calls.insert(one.change.call()) {
                self.plain.push(one);
            } else {
                let _ = one.done.send(Ok(Kept::Overtaken));
            }
        }
    }

    /// Whether there is nothing but events that change nothing, and that are not written yet.
    fn is_idle(&self) -> bool {
        self.waiting.is_empty() && self.plain_waiting.is_empty() && self.plain.iter().all(|one| one.change.is_idle())
    }

    fn count(&self) -> usize {
        self.waiting.len() + self.plain.len() + self.plain_waiting.len()
    }

    /// Whether nobody else may join; `most` is for those that are written one by one.
    fn is_full(&self, most: usize) -> bool {
        let plain = self.plain.len() + self.plain_waiting.len();
        self.waiting.len() >= most || plain >= MOST_PLAIN || most == 1
    }

    fn are_kept(self) {
        for waiting in self.waiting {
            // Whoever does not wait any more need not know.
            let _ = waiting.send(Ok(()));
        }
        for waiting in self.plain_waiting {
            let _ = waiting.send(Ok(Kept::Kept));
        }
    }

    fn lose(&mut self, error: &StoreError) {
        for waiting in self.waiting.drain(..) {
            let _ = waiting.send(Err(error.clone()));
        }
        let plain = self.plain.drain(..).map(|one| one.done);
        for waiting in plain.chain(self.plain_waiting.drain(..)) {
            let _ = waiting.send(Err(error.clone()));
        }
    }
}

fn no_end() -> StoreError {
    StoreError::Unavailable("the commit came to no end".to_owned())
}

impl Transaction {
    /// Keeps what was changed, and tells these entries of it once it is kept. Comes back when it is on the disk.
    pub(super) async fn commit(mut self, entries: &[Entry]) -> Result<(), StoreError> {
        if self.connection.has_failed() {
            // Who goes on after a failed statement must not take a half for the whole.
            return Err(StoreError::Unavailable("a part of a transaction has failed".to_owned()));
        }
        let Some((mut batch, turn)) = self.take() else {
            return Err(StoreError::Unavailable("the transaction is over".to_owned()));
        };
        let (done, kept) = oneshot::channel();
        batch.made.entries.extend_from_slice(entries);
        batch.made.waiting.push(done);
        self.changes.hand_over(batch, turn);
        kept.await.unwrap_or_else(|_| Err(no_end()))
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
