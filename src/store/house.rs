//! What several processes on one PostgreSQL go by together: its clock, and who keeps house, that is, does what is to be done
//! by one of them alone. Who has a file has it alone.

use super::{Store, StoreError};
use crate::clock::{Ahead, Clock};
use chrono::DateTime;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// Who keeps house says so every few seconds; who has not said so for longer has lost it.
const LEASE: Duration = Duration::from_secs(15);
const RENEWAL: Duration = Duration::from_secs(5);

/// One process, as the others see it.
#[derive(Debug)]
pub(super) struct House {
    /// No two processes share it.
    me: String,
    /// Until when this process certainly keeps house, by a clock that goes on while it stands still.
    mine_until: Mutex<Option<Instant>>,
    /// The database's clock.
    ahead: &'static Ahead,
}

impl House {
    pub(super) fn new() -> Self {
        Self {
            me: uuid::Uuid::now_v7().to_string(),
            mine_until: Mutex::new(None),
            // There is one for each database that a process ever opens.
            ahead: Box::leak(Box::default()),
        }
    }

    /// As if this machine's clock had been put an hour ahead since the last look.
    #[cfg(test)]
    pub(super) fn is_an_hour_late(&self) {
        let now = Clock::system().now();
        self.ahead.measure([now, now], now - chrono::TimeDelta::hours(1));
    }

    fn is_mine(&self) -> bool {
        let until = *self.mine_until.lock().unwrap_or_else(PoisonError::into_inner);
        until.is_some_and(|until| Clock::monotonic() < until)
    }

    fn keep(&self, until: Option<Instant>) {
        *self.mine_until.lock().unwrap_or_else(PoisonError::into_inner) = until;
    }
}

impl Store {
    /// Whether this process is to do what one alone must do: ask sources, tell the operator.
    #[must_use]
    pub fn keeps_house(&self) -> bool {
        self.house.as_ref().is_none_or(|house| house.is_mine())
    }

    /// `clock`, put right by the clock of the database where several processes share one: then their leases and deadlines
    /// mean the same to all.
    #[must_use]
    pub fn put_right(&self, clock: Clock) -> Clock {
        self.house.as_ref().map_or(clock, |house| clock.put_right(house.ahead))
    }

    /// Looks after both, again and again.
    pub(super) async fn keep_house(self) {
        loop {
            tokio::time::sleep(RENEWAL).await;
            if let Err(error) = self.look_after_the_house().await {
                tracing::debug!(%error, "who keeps house cannot be settled");
            }
        }
    }

    pub(super) async fn look_after_the_house(&self) -> Result<(), StoreError> {
        let Some(house) = &self.house else { return Ok(()) };
        let before = Clock::system().now();
        let (shown,): (i64,) = sqlx::query_as("SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint")
            .fetch_one(&self.readers)
            .await?;
        if let Some(shown) = DateTime::from_timestamp_millis(shown) {
            house.ahead.measure([before, Clock::system().now()], shown);
        }
        let asked = Clock::monotonic();
        let lease = i64::try_from(LEASE.as_millis()).unwrap_or(i64::MAX);
        let mine: Option<(String,)> = sqlx::query_as(
            "INSERT INTO leases (name, holder, until) VALUES ('house', $1, (extract(epoch FROM clock_timestamp()) * 1000)::bigint + $2)
             ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until
             WHERE leases.holder = excluded.holder OR leases.until <= (extract(epoch FROM clock_timestamp()) * 1000)::bigint
             RETURNING holder",
        )
        .bind(&house.me)
        .bind(lease)
        .fetch_optional(&self.writer)
        .await?;
        house.keep(mine.map(|_| asked + LEASE));
        Ok(())
    }

    /// Leaves the house to the others.
    pub(super) async fn leave_the_house(&self) {
        let Some(house) = &self.house else { return };
        house.keep(None);
        let left = sqlx::query("DELETE FROM leases WHERE name = 'house' AND holder = $1").bind(&house.me);
        if let Err(error) = left.execute(&self.writer).await {
            tracing::debug!(%error, "the others will see it when the lease runs out");
        }
    }
}
