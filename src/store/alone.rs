//! Whether this is the only process that serves a database file. Whoever has the lock beside the file knows that those who
//! served it before are dead, since a machine takes locks from the dead: nobody need wait for their leases.

use super::{Store, StoreError};
use chrono::{DateTime, TimeDelta, Utc};
use std::fs::{File, TryLockError};
use std::path::Path;

/// What a dead process had sent is at the carrier, and in its lists, by then. It cannot be looked up before.
const ARRIVED: TimeDelta = TimeDelta::seconds(6);

/// For as long as this is there, no other process serves the database file.
#[derive(Debug)]
pub struct Alone {
    _lock: File,
}

impl Store {
    /// Tries to be the only process that serves this database file. Then what a dead one had in hand is soon anybody's: at
    /// once what may be done twice, and after a moment what has to be looked up first. None where another process serves the
    /// file, or the folder knows no locks: leases run out by themselves.
    ///
    /// # Errors
    /// As [`StoreError`] says.
    pub async fn alone(&self, path: &Path, now: DateTime<Utc>) -> Result<Option<Alone>, StoreError> {
        let lock = match locked(path) {
            Ok(Some(lock)) => lock,
            Ok(None) => {
                tracing::warn!("another process serves the same database file; what it leaves behind waits until its leases are over");
                return Ok(None);
            }
            Err(error) => {
                tracing::warn!(%error, "the database file cannot be locked; what was in hand before waits until its leases are over");
                return Ok(None);
            }
        };
        sqlx::query(
            "UPDATE outbox SET leased_until = CASE WHEN verb IN ('dial', 'text', 'record') THEN $1 ELSE $2 END
             WHERE state = 'waiting' AND owner IS NOT NULL AND leased_until > $1",
        )
        .bind((now + ARRIVED).timestamp_millis())
        .bind(now.timestamp_millis())
        .execute(&mut self.writer.acquire().await?)
        .await?;
        Ok(Some(Alone { _lock: lock }))
    }
}

/// None where another process has it.
fn locked(path: &Path) -> std::io::Result<Option<File>> {
    // Not the database file itself, whose locks are the database's.
    let mut beside = path.as_os_str().to_owned();
    beside.push("-serving");
    let mut options = File::options();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(beside)?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(error),
    }
}
