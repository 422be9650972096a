//! Orders to dial of which only some may go now: the choice is made elsewhere.

use super::outbox::{ClaimedRow, set_aside_unread};
use super::story::{id_text, parse_id};
use super::{Claimed, Hand, Store, StoreError};
use crate::call::{CallId, HotlineName};
use chrono::{DateTime, Utc};

/// An order to dial that anybody may take in hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaitingDial {
    /// The command's number.
    pub id: i64,
    /// Whose it is.
    pub call: CallId,
    /// The hotline of that call.
    pub hotline: HotlineName,
}

impl Store {
    /// The orders to dial that are ready and in nobody's hand, the oldest first.
    ///
    /// # Errors
    /// As [`StoreError`] says.
    pub async fn waiting_dials(&self, now: DateTime<Utc>, limit: u32) -> Result<Vec<WaitingDial>, StoreError> {
        let rows: Vec<(i64, String, String)> = sqlx::query_as(
            "SELECT o.id, o.call, c.hotline FROM outbox o JOIN calls c ON c.id = o.call
             WHERE o.state = 'waiting' AND o.verb = 'dial' AND o.not_before <= $1 AND (o.owner IS NULL OR o.leased_until <= $1)
             ORDER BY o.id LIMIT $2",
        )
        .bind(now.timestamp_millis())
        .bind(i64::from(limit))
        .fetch_all(&self.readers)
        .await?;
        let waiting = rows.into_iter().map(|(id, call, hotline)| {
            Ok(WaitingDial {
                id,
                call: parse_id(&call)?,
                hotline: HotlineName(hotline),
            })
        });
        waiting.collect()
    }

    /// Takes these orders to dial into `hand`, apart from those that are withdrawn or in another hand by now.
    ///
    /// # Errors
    /// As [`StoreError`] says. An order that cannot be read is set aside as failed and does not hinder the others.
    pub async fn claim_dials(&self, hand: &Hand, now: DateTime<Utc>, dials: &[WaitingDial]) -> Result<Vec<Claimed>, StoreError> {
        let mut transaction = self.changes.begin().await?;
        let mut claimed = Vec::new();
        for dial in dials {
            let row: Option<ClaimedRow> = sqlx::query_as(
                "UPDATE outbox SET abandoned = CASE WHEN owner IS NULL THEN abandoned ELSE 1 END, owner = $1, leased_until = $2
                 WHERE id = $3 AND call = $4 AND state = 'waiting' AND not_before <= $5 AND (owner IS NULL OR leased_until <= $5)
                 RETURNING id, key, call, CAST($6 AS TEXT) AS hotline, command, failures, abandoned, withdrawn, ordered_at",
            )
            .bind(&hand.worker)
            .bind(hand.until.timestamp_millis())
            .bind(dial.id)
            .bind(id_text(dial.call))
            .bind(now.timestamp_millis())
            .bind(&dial.hotline.0)
            .fetch_optional(&mut *transaction)
            .await?;
            let Some(row) = row else { continue };
            match row.read(hand) {
                Ok(command) => claimed.push(command),
                Err(error) => {
                    tracing::error!(command = dial.id, %error, "an order to dial cannot be read and is set aside");
                    set_aside_unread(&mut transaction, dial.id).await?;
                }
            }
        }
        transaction.commit(&[]).await?;
        Ok(claimed)
    }
}
