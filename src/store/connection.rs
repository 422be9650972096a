//! Connections to either database: the same statements, values and transactions for both.
//!
//! Statements speak the types that both know: `i64` and text, no truth values and no smaller numbers. Nothing beyond
//! this file and those that open the database knows which of the two it is.

use super::fate::{self, Asking, Fate};
use futures_util::future::BoxFuture;
use futures_util::stream::{self, BoxStream};
use futures_util::{StreamExt as _, TryFutureExt as _};
use sqlx::any::{Any, AnyQueryResult, AnyRow, AnyStatement, AnyTypeInfo};
use sqlx::pool::PoolConnection;
use sqlx::{AnyPool, Describe, Either, Error, Execute, Executor, SqlStr};
use std::sync::Arc;
use std::time::Duration;

/// So long we wait for an answer of PostgreSQL, which itself gives up before: where there is none by then, its machine is
/// gone, or the way to it.
const PATIENCE: Duration = Duration::from_secs(6);

/// What every transaction that writes to PostgreSQL begins with. The lock is held until all others see the commit.
const BEGIN_WITH_THE_LOCK: &str = "BEGIN; SELECT pg_advisory_xact_lock(7820713); SAVEPOINT change";

/// Which database it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Database {
    Sqlite,
    Postgres,
}

/// Some connections to a database.
#[derive(Clone, Debug)]
pub(super) struct Pool {
    pub(super) connections: AnyPool,
    pub(super) database: Database,
    /// What befalls it on purpose.
    pub(super) fate: Option<Arc<Fate>>,
}

/// One of them, for as long as it is held.
#[derive(Debug)]
pub(super) struct Connection {
    /// Taken only at the end.
    live: Option<PoolConnection<Any>>,
    database: Database,
    fate: Option<Arc<Fate>>,
    /// A statement was sent whose answer nobody has heard.
    is_unanswered: bool,
    in_transaction: bool,
    /// A statement of the transaction has failed: nothing of it may be kept.
    has_failed: bool,
}

impl Pool {
    pub(super) async fn acquire(&self) -> Result<Connection, Error> {
        fate::connects(self.fate.as_ref())?;
        let _asking = Asking::begins(self.fate.as_ref());
        Ok(Connection {
            live: Some(self.connections.acquire().await.map_err(|error| self.clearer(error))?),
            database: self.database,
            fate: self.fate.clone(),
            is_unanswered: false,
            in_transaction: false,
            has_failed: false,
        })
    }

    /// A file is busy with others; a server that gives no connection is away, or on its way back.
    fn clearer(&self, error: Error) -> Error {
        match (self.database, error) {
            (Database::Postgres, Error::PoolTimedOut) => silence("PostgreSQL gives no connection"),
            (Database::Sqlite | Database::Postgres, error) => error,
        }
    }

    pub(super) async fn close(&self) {
        self.connections.close().await;
    }
}

impl Connection {
    /// Begins one change of several in a transaction, and that transaction where it is the first. What is read from then on
    /// stays true until the commit, since there is one writer at a time in all processes: SQLite has its write lock,
    /// PostgreSQL one of ours.
    pub(super) async fn begin_change(&mut self) -> Result<(), Error> {
        let begin = match (self.in_transaction, self.database) {
            (true, Database::Sqlite | Database::Postgres) => "RELEASE SAVEPOINT change; SAVEPOINT change",
            (false, Database::Sqlite) => "BEGIN IMMEDIATE; SAVEPOINT change",
            (false, Database::Postgres) => BEGIN_WITH_THE_LOCK,
        };
        // From now on there may be something to undo, even where this fails half way.
        self.in_transaction = true;
        self.has_failed = false;
        sqlx::raw_sql(begin).execute(&mut *self).await?;
        Ok(())
    }

    /// Whether a statement may be a whole transaction now, kept as soon as it is done: there is nobody else who writes in between.
    pub(super) const fn is_kept_by_itself(&self) -> bool {
        matches!(self.database, Database::Sqlite) && !self.in_transaction
    }

    /// What becomes of such a statement, which is its own commit: whether it is to be made, and what is heard of it.
    pub(super) fn fate_of_a_commit(&self) -> (bool, Result<(), Error>) {
        fate::of_a_commit(self.fate.as_ref())
    }

    /// Takes back the last change that was begun, and none before it.
    pub(super) async fn undo_change(&mut self) -> Result<(), Error> {
        if self.is_unanswered {
            return Err(silence("the database does not answer"));
        }
        sqlx::raw_sql("ROLLBACK TO SAVEPOINT change").execute(&mut *self).await?;
        Ok(())
    }

    /// The elements of the first parameter, which is a JSON array, as rows with a column `value`.
    pub(super) const fn elements_of_the_parameter(&self) -> &'static str {
        match self.database {
            Database::Sqlite => "json_each($1)",
            Database::Postgres => "json_array_elements(CAST($1 AS json))",
        }
    }

    /// Whether a statement of the last change has failed.
    pub(super) const fn has_failed(&self) -> bool {
        self.has_failed
    }

    /// Keeps all changes.
    pub(super) async fn commit(&mut self) -> Result<(), Error> {
        let (is_kept, heard) = self.fate_of_a_commit();
        if is_kept {
            sqlx::raw_sql("COMMIT").execute(&mut *self).await?;
            self.in_transaction = false;
        }
        heard
    }

    /// Leaves behind one that is good for nothing.
    pub(super) fn take(&mut self) -> Self {
        let database = self.database;
        let gone = Self {
            live: None,
            database,
            fate: self.fate.clone(),
            is_unanswered: false,
            in_transaction: false,
            has_failed: false,
        };
        std::mem::replace(self, gone)
    }

    fn live(&mut self) -> Result<&mut PoolConnection<Any>, Error> {
        self.live.as_mut().ok_or(Error::PoolClosed)
    }

    async fn ask_for_all<'q>(&mut self, query: impl Execute<'q, Any> + 'q) -> Result<Vec<Result<Step, Error>>, Error> {
        let (database, _asking) = (self.database, Asking::begins(self.fate.as_ref()));
        self.is_unanswered = true;
        let asked = self.live()?.fetch_many(query).collect::<Vec<_>>();
        let answer = in_time(database, asked).await?;
        self.is_unanswered = false;
        self.has_failed |= answer.iter().any(Result::is_err);
        Ok(answer)
    }

    async fn ask_for_one<'q>(&mut self, query: impl Execute<'q, Any> + 'q) -> Result<Option<AnyRow>, Error> {
        let (database, _asking) = (self.database, Asking::begins(self.fate.as_ref()));
        self.is_unanswered = true;
        let answer = in_time(database, self.live()?.fetch_optional(query)).await?;
        self.is_unanswered = false;
        self.has_failed |= answer.is_err();
        answer
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        let Some(live) = self.live.take() else { return };
        match self.database {
            Database::Sqlite if !self.in_transaction => drop(live),
            // Its answer may never come, and would be taken for that to the next question.
            Database::Postgres if self.is_unanswered => drop(live.detach()),
            Database::Sqlite | Database::Postgres => {
                let asking = Asking::begins(self.fate.as_ref());
                let (database, in_transaction) = (self.database, self.in_transaction);
                tokio::spawn(async move {
                    give_back(live, database, in_transaction).await;
                    drop(asking);
                });
            }
        }
    }
}

/// Undoes what was not committed, before anybody else has the connection.
async fn give_back(mut live: PoolConnection<Any>, database: Database, in_transaction: bool) {
    if in_transaction {
        // Where there was nothing to undo after all, that is an error, and all is well.
        let undone = in_time(database, sqlx::raw_sql("ROLLBACK").execute(&mut *live)).await;
        if undone.is_err() {
            drop(live.detach());
            return;
        }
    }
    // The pool tests what comes back, and would wait for ever where nobody answers.
    let _ = in_time(database, live.return_to_pool()).await;
}

/// A file answers, or says that it cannot; a network may do neither.
async fn in_time<T>(database: Database, asked: impl Future<Output = T>) -> Result<T, Error> {
    match database {
        Database::Sqlite => Ok(asked.await),
        Database::Postgres => {
            let answer = tokio::time::timeout(PATIENCE, asked).await;
            answer.map_err(|_| silence("PostgreSQL does not answer"))
        }
    }
}

fn silence(what: &'static str) -> Error {
    Error::Io(std::io::Error::new(std::io::ErrorKind::TimedOut, what))
}

type Step = Either<AnyQueryResult, AnyRow>;

impl<'c> Executor<'c> for &'c mut Connection {
    type Database = Any;

    fn fetch_many<'e, 'q: 'e, E>(self, query: E) -> BoxStream<'e, Result<Step, Error>>
    where
        'c: 'e,
        E: 'q + Execute<'q, Any>,
    {
        Box::pin(self.ask_for_all(query).map_ok(stream::iter).try_flatten_stream())
    }

    fn fetch_optional<'e, 'q: 'e, E>(self, query: E) -> BoxFuture<'e, Result<Option<AnyRow>, Error>>
    where
        'c: 'e,
        E: 'q + Execute<'q, Any>,
    {
        Box::pin(self.ask_for_one(query))
    }

    fn prepare_with<'e>(self, sql: SqlStr, parameters: &'e [AnyTypeInfo]) -> BoxFuture<'e, Result<AnyStatement, Error>>
    where
        'c: 'e,
    {
        Box::pin(async move { self.live()?.prepare_with(sql, parameters).await })
    }

    fn describe<'e>(self, sql: SqlStr) -> BoxFuture<'e, Result<Describe<Any>, Error>>
    where
        'c: 'e,
    {
        Box::pin(async move { self.live()?.describe(sql).await })
    }
}

/// Single statements, on any of its connections. On PostgreSQL they do not wait for the lock: what a statement reads and
/// writes by itself must not depend on other rows.
impl<'p> Executor<'p> for &'p Pool {
    type Database = Any;

    fn fetch_many<'e, 'q: 'e, E>(self, query: E) -> BoxStream<'e, Result<Step, Error>>
    where
        'p: 'e,
        E: 'q + Execute<'q, Any>,
    {
        let answer = async move { self.acquire().await?.ask_for_all(query).await };
        Box::pin(answer.map_ok(stream::iter).try_flatten_stream())
    }

    fn fetch_optional<'e, 'q: 'e, E>(self, query: E) -> BoxFuture<'e, Result<Option<AnyRow>, Error>>
    where
        'p: 'e,
        E: 'q + Execute<'q, Any>,
    {
        Box::pin(async move { self.acquire().await?.ask_for_one(query).await })
    }

    fn prepare_with<'e>(self, sql: SqlStr, parameters: &'e [AnyTypeInfo]) -> BoxFuture<'e, Result<AnyStatement, Error>>
    where
        'p: 'e,
    {
        Box::pin(async move { self.acquire().await?.live()?.prepare_with(sql, parameters).await })
    }

    fn describe<'e>(self, sql: SqlStr) -> BoxFuture<'e, Result<Describe<Any>, Error>>
    where
        'p: 'e,
    {
        Box::pin(async move { self.acquire().await?.live()?.describe(sql).await })
    }
}
