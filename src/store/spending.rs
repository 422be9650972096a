//! How many orders that cost money were given lately, counted in the transaction that keeps them: all processes on the
//! database count together. It must not know what follows from too many.

use super::story::narrow;
use super::{Connection, StoreError};
use crate::call::{Budget, Call, Fact, HotlineName, Spent};
use chrono::{DateTime, TimeDelta, Utc};

const MINUTE_MS: i64 = 60_000;
/// For so long an order counts: an hour, of which the minute that is not over counts as one.
const MINUTES: i64 = 60;
/// For so long it is known how many there were.
const KEPT: TimeDelta = TimeDelta::days(1);

/// Counts an order of this call, beside so many others; what the story is to say where it has used something up.
pub(super) async fn count(connection: &mut Connection, call: &Call, others: Spent, now: DateTime<Utc>) -> Result<Option<Fact>, StoreError> {
    let budget = call.plan().rules.budget;
    if !budget.is_limited() {
        return Ok(None);
    }
    add(connection, call.hotline(), now).await?;
    let passed = budget.passed(others.and_one());
    Ok(passed.map(|(means, everywhere, most)| Fact::Spending { means, everywhere, most }))
}

/// Counts one order, or one answer to a text.
pub(super) async fn add(connection: &mut Connection, hotline: &HotlineName, now: DateTime<Utc>) -> Result<(), StoreError> {
    let minute = now.timestamp_millis().div_euclid(MINUTE_MS);
    sqlx::query(
        "INSERT INTO spent (hotline, minute, orders) VALUES ($1, $2, 1) ON CONFLICT (hotline, minute) DO UPDATE SET orders = spent.orders + 1",
    )
    .bind(&hotline.0)
    .bind(minute)
    .execute(connection)
    .await?;
    Ok(())
}

/// What nobody asks for any more.
pub(super) async fn forget(connection: &mut Connection, now: DateTime<Utc>) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM spent WHERE minute < $1")
        .bind((now - KEPT).timestamp_millis().div_euclid(MINUTE_MS))
        .execute(connection)
        .await?;
    Ok(())
}

/// How many there were within the last hour; without a budget nobody asks.
pub(super) async fn spent(
    connection: &mut Connection,
    budget: Budget,
    hotline: &HotlineName,
    now: DateTime<Utc>,
) -> Result<Spent, StoreError> {
    if budget.is_limited() {
        within_the_hour(connection, hotline, now).await
    } else {
        Ok(Spent::default())
    }
}

/// How many there were within the last hour.
pub(super) async fn within_the_hour(connection: &mut Connection, hotline: &HotlineName, now: DateTime<Utc>) -> Result<Spent, StoreError> {
    let (here, everywhere): (i64, i64) = sqlx::query_as(
        "SELECT CAST(coalesce(sum(CASE WHEN hotline = $1 THEN orders ELSE 0 END), 0) AS BIGINT), CAST(coalesce(sum(orders), 0) AS BIGINT)
         FROM spent WHERE minute > $2",
    )
    .bind(&hotline.0)
    .bind(now.timestamp_millis().div_euclid(MINUTE_MS) - MINUTES)
    .fetch_one(connection)
    .await?;
    Ok(Spent {
        here: narrow(here)?,
        everywhere: narrow(everywhere)?,
    })
}
