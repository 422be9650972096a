//! Opening a database of PostgreSQL, and what its errors mean to us.

use super::changes;
use super::connection::{Database, Pool};
use super::house::House;
use super::opening::PATIENCE;
use super::telling::Telling;
use super::{Store, StoreError};
use secrecy::{ExposeSecret as _, SecretString};
use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::error::DatabaseError;
use sqlx::migrate::Migrator;
use sqlx::postgres::PgConnection;
use sqlx::{AnyPool, ConnectOptions as _, Connection as _};
use std::sync::Arc;
use tokio::sync::Notify;
use url::Url;

static MIGRATIONS: Migrator = sqlx::migrate!("migrations/postgres");

/// Older servers are not looked after by anybody any more, and nothing here has been tried on them.
const OLDEST: i32 = 140_000;
/// While one waits for the lock the other may already have asked for it.
const WRITERS: u32 = 2;
const READERS: u32 = 4;

/// What each connection begins with. A statement that waits for somebody gives up before we do. Who has begun a
/// transaction and stands still (a process that is stopped, a machine that is gone) loses it, and with it the lock, before
/// anybody who waits for that gives up. What is committed is on the disk, even where the server would do without.
const SETTINGS: &str = "SET statement_timeout = 5000; SET lock_timeout = 4000; SET idle_in_transaction_session_timeout = 2000;
    SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3; SET tcp_user_timeout = 15000;
    SET default_transaction_isolation = 'read committed';
    SELECT CASE current_setting('synchronous_commit') WHEN 'off' THEN set_config('synchronous_commit', 'on', false) END";

impl Store {
    /// Connects to a database of PostgreSQL, which any number of processes may share, and brings it up to the present
    /// version: one process does, the others wait. The password, where there is one, is not in the address.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] where the server cannot be reached, refuses us, or is too old;
    /// [`StoreError::Corrupt`] for a database of another program, or of a newer version.
    pub async fn open_postgres(address: &Url, password: Option<&SecretString>) -> Result<Self, StoreError> {
        let place = place(address);
        let address = complete(address, password);
        prepare(address.as_str()).await.map_err(|error| match error {
            StoreError::Busy => StoreError::Unavailable(format!("{place} is busy")),
            StoreError::Corrupt { what } => StoreError::Corrupt {
                what: format!("{place}: {what}"),
            },
            StoreError::Unavailable(why) => StoreError::Unavailable(format!("{place}: {why}")),
        })?;
        sqlx::any::install_default_drivers();
        let options = AnyConnectOptions::from_url(&address)?;
        let writer = of_postgres(pool(WRITERS).connect_with(options.clone()).await?);
        let readers = of_postgres(pool(READERS).connect_with(options).await?);
        let bell = Arc::new(Notify::new());
        let store = Self {
            house: Some(Arc::new(House::new())),
            ..Self::with(writer, readers, changes::MOST_AT_ONCE, Some(Arc::clone(&bell)))
        };
        store.look_after_the_house().await?;
        let telling = Telling::start(store.clone(), bell, address.to_string()).await?;
        Ok(Self {
            telling: Some(Arc::new(telling)),
            ..store
        })
    }
}

/// Makes sure that it is a database for us, in the present version.
async fn prepare(address: &str) -> Result<(), StoreError> {
    let connecting = tokio::time::timeout(PATIENCE, PgConnection::connect(address)).await;
    let mut connection = connecting.map_err(|_| StoreError::Unavailable(format!("no answer within {} s", PATIENCE.as_secs())))??;
    let (version, number): (String, i32) =
        sqlx::query_as("SELECT current_setting('server_version'), current_setting('server_version_num')::int")
            .fetch_one(&mut connection)
            .await?;
    if number < OLDEST {
        return Err(StoreError::Unavailable(format!("PostgreSQL {version} is too old. Use 14 or newer")));
    }
    let (is_copy,): (bool,) = sqlx::query_as("SELECT pg_is_in_recovery()").fetch_one(&mut connection).await?;
    if is_copy {
        let why = "it is a standby, which cannot be written to. Give the address of the primary";
        return Err(StoreError::Unavailable(why.to_owned()));
    }
    let (tables, ours): (i64, i64) = sqlx::query_as(
        "SELECT count(*), count(*) FILTER (WHERE table_name IN ('_sqlx_migrations', 'rotas', 'outbox'))
         FROM information_schema.tables WHERE table_schema = current_schema() AND table_type = 'BASE TABLE'",
    )
    .fetch_one(&mut connection)
    .await?;
    // The only table may be what a first start has left that was killed.
    let is_free = tables == 0 || (tables, ours) == (1, 1);
    if ours < 3 && !is_free {
        return Err(StoreError::Corrupt {
            what: format!("{tables} tables of another program are in it. Make a database for rotaline alone"),
        });
    }
    MIGRATIONS.run(&mut connection).await?;
    Ok(connection.close().await?)
}

fn pool(connections: u32) -> AnyPoolOptions {
    AnyPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(PATIENCE)
        .test_before_acquire(true)
        .after_connect(|connection, _| {
            Box::pin(async move {
                sqlx::raw_sql(SETTINGS).execute(connection).await?;
                Ok(())
            })
        })
}

const fn of_postgres(connections: AnyPool) -> Pool {
    Pool {
        connections,
        database: Database::Postgres,
        fate: None,
    }
}

/// The address in words, for messages: neither user nor password.
fn place(address: &Url) -> String {
    let socket = address
        .query_pairs()
        .find(|(key, _)| key == "host")
        .map(|(_, folder)| folder.into_owned());
    let host = socket
        .or_else(|| address.host_str().map(str::to_owned))
        .unwrap_or_else(|| "localhost".to_owned());
    format!("PostgreSQL at {host}, database {}", address.path().trim_start_matches('/'))
}

fn complete(address: &Url, password: Option<&SecretString>) -> Url {
    let mut address = address.clone();
    if let Some(password) = password {
        // Refused only for addresses that have no host, which ask no password.
        let _ = address.set_password(Some(password.expose_secret()));
    }
    if !address.query_pairs().any(|(key, _)| key == "application_name") {
        address.query_pairs_mut().append_pair("application_name", "rotaline");
    }
    address
}

/// By the codes of <https://www.postgresql.org/docs/current/errcodes-appendix.html>.
pub(super) fn meaning(error: &dyn DatabaseError, what: String) -> StoreError {
    match error.code().as_deref() {
        // Serialization failure, deadlock, somebody else had a lock for too long.
        Some("40001" | "40P01" | "55P03") => StoreError::Busy,
        // The file of a table or an index is damaged.
        Some("XX001" | "XX002") => StoreError::Corrupt { what },
        Some(_) | None => StoreError::Unavailable(what),
    }
}
