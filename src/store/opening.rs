//! Opening the database, and what its errors mean to us.

use super::changes::{self, Changes};
use super::connection::{Database, Pool};
use super::fate::Fate;
use super::plain::AtHand;
use super::{Entry, Store, StoreError, postgres};
use moka::future::Cache;
use percent_encoding::{NON_ALPHANUMERIC, percent_encode};
use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::migrate::{MigrateError, Migrator};
use sqlx::postgres::PgDatabaseError;
use sqlx::{ConnectOptions as _, Connection as _};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Notify, broadcast};

static MIGRATIONS: Migrator = sqlx::migrate!("migrations/sqlite");

/// How long to wait for other writers. The carrier gives up on an unanswered webhook after 15 s.
pub(super) const PATIENCE: Duration = Duration::from_secs(4);
const READERS: u32 = 4;
/// How many entries a slow subscriber may lag behind.
const BACKLOG: usize = 1024;
const MOST_ROTAS_AT_HAND: u64 = 1000;

/// What each connection to a file begins with. In this journal and with every commit synced, a call that we told the
/// carrier to make is never forgotten, not even by a power cut. What is deleted is written over. What a
/// single change would be undone by need not outlive the process, and stays in memory. The time-out is our patience. The pages
/// of some thousand live calls are held in 16 MiB; a page that changes often is carried over from the journal once in as many.
const ON_A_FILE: &str = "PRAGMA busy_timeout = 4000; PRAGMA temp_store = MEMORY; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
    PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON; PRAGMA cache_size = -16384; PRAGMA wal_autocheckpoint = 4000";
const TO_READ: &str = "PRAGMA busy_timeout = 4000; PRAGMA foreign_keys = ON";

impl Store {
    /// Opens the database file, makes it where there is none (readable by its owner only: it holds phone
    /// numbers), and brings it up to the present version.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] for a file that is no database of ours, or of a newer version;
    /// [`StoreError::Unavailable`] where it cannot be made or read.
    pub async fn open(path: &Path) -> Result<Self, StoreError> {
        let unavailable = |e| StoreError::Unavailable(format!("{}: {e}", path.display()));
        make_private_file(path).await.map_err(unavailable)?;
        let path = std::path::absolute(path).map_err(unavailable)?;
        let file = format!("sqlite:{}", percent_encode(path.as_os_str().as_encoded_bytes(), NON_ALPHANUMERIC));
        let (to_write, to_read) = (options(&format!("{file}?mode=rw"))?, options(&format!("{file}?mode=ro"))?);
        // Not of the pool, which would try again and again what is no database.
        let mut first = to_write.connect().await?;
        sqlx::raw_sql(ON_A_FILE).execute(&mut first).await?;
        MIGRATIONS.run(&mut first).await?;
        first.close().await?;
        let writer = sqlite(1, ON_A_FILE).connect_with(to_write).await?;
        let readers = sqlite(READERS, TO_READ).connect_with(to_read).await?;
        Ok(Self::with(of_sqlite(writer), of_sqlite(readers), changes::MOST_AT_ONCE, None))
    }

    /// A database that lives as long as this handle and its clones.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] where there is no memory for it.
    pub async fn in_memory() -> Result<Self, StoreError> {
        Self::in_memory_with(None).await
    }

    /// As [`Store::in_memory`], with a fate that somebody plays.
    ///
    /// # Errors
    /// As [`Store::in_memory`].
    pub async fn in_memory_with(fate: Option<Arc<Fate>>) -> Result<Self, StoreError> {
        // Each connection would be a database of its own: readers and writers share the only one.
        let pool = sqlite(1, "PRAGMA foreign_keys = ON").min_connections(1);
        let writer = pool.connect_with(options("sqlite::memory:?cache=private")?).await?;
        MIGRATIONS.run(&writer).await?;
        // What is not committed would be seen by readers, and there is no disk to save.
        let pool = Pool { fate, ..of_sqlite(writer) };
        Ok(Self::with(pool.clone(), pool, 1, None))
    }

    /// Another process on the same database in memory: nothing is at hand yet.
    #[must_use]
    pub fn after_a_restart(&self) -> Self {
        Self::with(self.writer.clone(), self.readers.clone(), 1, None)
    }

    /// A disk that is full or read-only, or is not any more.
    #[cfg(test)]
    pub(crate) async fn refuse_writes(&self, refuse: bool) {
        let pragma = if refuse { "PRAGMA query_only = 1" } else { "PRAGMA query_only = 0" };
        sqlx::query(pragma).execute(&self.writer).await.unwrap();
    }

    pub(super) fn with(writer: Pool, readers: Pool, most: usize, bell: Option<Arc<Notify>>) -> Self {
        let entries = broadcast::Sender::<Entry>::new(BACKLOG);
        Self {
            changes: Changes::new(writer.clone(), most, entries.clone(), bell),
            writer,
            readers,
            rotas: Cache::new(MOST_ROTAS_AT_HAND),
            calls: AtHand::default(),
            entries,
            telling: None,
            house: None,
        }
    }

    /// Whether the database can be read and written to.
    ///
    /// # Errors
    /// As [`StoreError`] says.
    pub async fn healthy(&self) -> Result<(), StoreError> {
        sqlx::query("SELECT count(*) FROM rotas").execute(&self.readers).await?;
        // Takes the write lock, which a full or read-only disk refuses, and writes nothing.
        self.changes.begin().await?.rollback().await;
        Ok(())
    }

    /// Writes everything down and closes the file. Handles that are still about get [`StoreError::Unavailable`].
    pub async fn close(&self) {
        if let Some(telling) = &self.telling {
            telling.stop();
            self.leave_the_house().await;
        }
        self.readers.close().await;
        self.writer.close().await;
    }
}

fn sqlite(connections: u32, begin_with: &'static str) -> AnyPoolOptions {
    AnyPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(PATIENCE)
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
        .after_connect(move |connection, _| {
            Box::pin(async move {
                sqlx::raw_sql(begin_with).execute(connection).await?;
                Ok(())
            })
        })
}

fn of_sqlite(connections: sqlx::AnyPool) -> Pool {
    Pool {
        connections,
        database: Database::Sqlite,
        fate: None,
    }
}

fn options(url: &str) -> Result<AnyConnectOptions, sqlx::Error> {
    sqlx::any::install_default_drivers();
    url.parse()
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
        match error.as_database_error() {
            Some(of_postgres) if of_postgres.try_downcast_ref::<PgDatabaseError>().is_some() => postgres::meaning(of_postgres, what),
            Some(of_sqlite) => match sqlite_code(of_sqlite) {
                // SQLITE_BUSY, SQLITE_LOCKED
                Some(5 | 6) => Self::Busy,
                // SQLITE_CORRUPT, SQLITE_NOTADB
                Some(11 | 26) => Self::Corrupt { what },
                Some(_) | None => Self::Unavailable(what),
            },
            None => Self::Unavailable(what),
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
