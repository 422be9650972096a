//! Opening the database, and what its errors mean to us.

use super::{Store, StoreError};
use moka::future::Cache;
use sqlx::migrate::{MigrateError, Migrator};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use std::path::Path;
use std::time::Duration;
use tokio::sync::broadcast;

static MIGRATIONS: Migrator = sqlx::migrate!("migrations/sqlite");

/// How long to wait for other writers. The carrier gives up on an unanswered webhook after 15 s.
const PATIENCE: Duration = Duration::from_secs(4);
const READERS: u32 = 4;
/// How many entries a slow subscriber may lag behind.
const BACKLOG: usize = 1024;
const MOST_ROTAS_AT_HAND: u64 = 1000;

impl Store {
    /// Opens the database file, makes it where there is none (readable by its owner only: it holds phone
    /// numbers), and brings it up to the present version.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] for a file that is no database of ours, or of a newer version;
    /// [`StoreError::Unavailable`] where it cannot be made or read.
    pub async fn open(path: &Path) -> Result<Self, StoreError> {
        make_private_file(path)
            .await
            .map_err(|e| StoreError::Unavailable(format!("{}: {e}", path.display())))?;
        let options = SqliteConnectOptions::new()
            .filename(path)
            .journal_mode(SqliteJournalMode::Wal)
            // A call that we told the carrier to make is never forgotten, not even by a power cut.
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(PATIENCE);
        let writer = pool(1).connect_with(options.clone()).await?;
        MIGRATIONS.run(&writer).await?;
        let readers = pool(READERS).connect_with(options.read_only(true)).await?;
        Ok(Self::with(writer, readers))
    }

    /// A database that lives as long as this handle and its clones.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] where there is no memory for it.
    pub async fn in_memory() -> Result<Self, StoreError> {
        let options = SqliteConnectOptions::new().in_memory(true).foreign_keys(true);
        // Each connection would be a database of its own: readers and writers share the only one.
        let writer = pool(1).min_connections(1).connect_with(options).await?;
        MIGRATIONS.run(&writer).await?;
        Ok(Self::with(writer.clone(), writer))
    }

    /// Another process on the same database: nothing is at hand yet.
    #[cfg(test)]
    pub(crate) fn after_a_restart(&self) -> Self {
        Self::with(self.writer.clone(), self.readers.clone())
    }

    /// A disk that is full or read-only, or is not any more.
    #[cfg(test)]
    pub(crate) async fn refuse_writes(&self, refuse: bool) {
        let pragma = if refuse { "PRAGMA query_only = 1" } else { "PRAGMA query_only = 0" };
        sqlx::query(pragma).execute(&self.writer).await.unwrap();
    }

    fn with(writer: sqlx::SqlitePool, readers: sqlx::SqlitePool) -> Self {
        Self {
            writer,
            readers,
            rotas: Cache::new(MOST_ROTAS_AT_HAND),
            entries: broadcast::Sender::new(BACKLOG),
        }
    }

    /// Whether the database can be read and written to.
    ///
    /// # Errors
    /// As [`StoreError`] says.
    pub async fn healthy(&self) -> Result<(), StoreError> {
        sqlx::query("SELECT count(*) FROM rotas").execute(&self.readers).await?;
        // Takes the write lock, which a full or read-only disk refuses, and writes nothing.
        let transaction = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        transaction.rollback().await?;
        Ok(())
    }

    /// Writes everything down and closes the file. Handles that are still about get [`StoreError::Unavailable`].
    pub async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}

fn pool(connections: u32) -> SqlitePoolOptions {
    SqlitePoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(PATIENCE)
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
}

pub(super) async fn make_private_file(path: &Path) -> std::io::Result<()> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        tokio::fs::create_dir_all(folder).await?;
    }
    let mut options = tokio::fs::OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    options.mode(0o600);
    options.open(path).await?;
    Ok(())
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        let what = error.to_string();
        if matches!(error, sqlx::Error::PoolTimedOut) {
            return Self::Busy;
        }
        if matches!(error, sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_)) {
            return Self::Corrupt { what };
        }
        match error.as_database_error().and_then(sqlite_code) {
            // SQLITE_BUSY, SQLITE_LOCKED
            Some(5 | 6) => Self::Busy,
            // SQLITE_CORRUPT, SQLITE_NOTADB
            Some(11 | 26) => Self::Corrupt { what },
            Some(_) | None => Self::Unavailable(what),
        }
    }
}

/// The primary result code, without its extension: <https://sqlite.org/rescode.html>.
fn sqlite_code(error: &dyn sqlx::error::DatabaseError) -> Option<u32> {
    let extended: u32 = error.code()?.parse().ok()?;
    Some(extended & 0xff)
}

impl From<MigrateError> for StoreError {
    fn from(error: MigrateError) -> Self {
        if let MigrateError::Execute(inner) | MigrateError::ExecuteMigration(inner, _) = error {
            return inner.into();
        }
        Self::Corrupt {
            what: format!("the database was made by another version of this program: {error}"),
        }
    }
}

impl StoreError {
    /// For JSON that cannot be read.
    pub(super) fn unreadable(what: impl std::fmt::Display, error: &serde_json::Error) -> Self {
        // The position and kind of the fault, without the content: that may hold phone numbers.
        Self::Corrupt {
            what: format!("{what}: {:?} error at column {}", error.classify(), error.column()),
        }
    }
}
