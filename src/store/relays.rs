//! Who has talked with whom, and until when the texts between them are passed on: written in the transaction that ends
//! the talk. It must not know what is texted.

use super::call_rows::number_of;
use super::story::{from_ms, id_text, parse_id};
use super::{Connection, OpenRelay, Store, StoreError};
use crate::call::{Call, Fact, HotlineName};
use crate::roster::{Phone, Responder};
use chrono::{DateTime, TimeDelta, Utc};

/// Of somebody's relays no more are looked at.
const MOST_AT_ONCE: u32 = 50;

/// Writes down what facts say of a call's relay. Of two talks of the same two the later one counts.
pub(super) async fn keep(connection: &mut Connection, call: &Call, facts: &[Fact], now: DateTime<Utc>) -> Result<(), StoreError> {
    for fact in facts {
        // Only this one is about relays; what else there is to tell is the story's.
        if let Fact::RelayOpened {
            name,
            responder,
            caller,
            talked_at,
            minutes,
        } = fact
        {
            sqlx::query(
                "INSERT INTO relays (hotline, responder, caller, name, call, talked_at, until) VALUES ($1, $2, $3, $4, $5, $6, $7)
                 ON CONFLICT (hotline, responder, caller) DO UPDATE SET name = $4, call = $5, talked_at = $6, until = $7
                 WHERE relays.talked_at <= $6",
            )
            .bind(&call.hotline().0)
            .bind(String::from(responder.clone()))
            .bind(String::from(caller.clone()))
            .bind(name)
            .bind(id_text(call.id()))
            .bind(talked_at.timestamp_millis())
            .bind((now + TimeDelta::minutes((*minutes).into())).timestamp_millis())
            .execute(&mut *connection)
            .await?;
        }
    }
    Ok(())
}

/// Relays that are over.
pub(super) async fn forget(connection: &mut Connection, now: DateTime<Utc>) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM relays WHERE until <= $1")
        .bind(now.timestamp_millis())
        .execute(connection)
        .await?;
    Ok(())
}

type Row = (String, String, String, String, String, i64);

/// With whom somebody has talked on one of these hotlines, and may exchange texts, the newest talk first.
pub(super) async fn of(
    connection: &mut Connection,
    hotlines: &[HotlineName],
    who: &Phone,
    now: DateTime<Utc>,
) -> Result<Vec<OpenRelay>, StoreError> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT hotline, responder, caller, name, call, talked_at FROM relays
         WHERE (responder = $1 OR caller = $1) AND until > $2 ORDER BY talked_at DESC, call DESC LIMIT $3",
    )
    .bind(String::from(who.clone()))
    .bind(now.timestamp_millis())
    .bind(i64::from(MOST_AT_ONCE))
    .fetch_all(&mut *connection)
    .await?;
    let mut relays = Vec::new();
    for row in rows {
        let relay = read(row)?;
        if hotlines.contains(&relay.hotline) {
            relays.push(relay);
        }
    }
    Ok(relays)
}

fn read((hotline, responder, caller, name, call, talked_at): Row) -> Result<OpenRelay, StoreError> {
    Ok(OpenRelay {
        hotline: HotlineName(hotline),
        responder: Responder {
            then: None,
            name,
            phone: number_of(&responder)?,
        },
        caller: number_of(&caller)?,
        call: parse_id(&call)?,
        talked_at: from_ms(talked_at)?,
    })
}

impl Store {
    /// With whom this caller of a hotline talked last, where that was so lately that their texts are still passed on.
    ///
    /// # Errors
    /// As [`StoreError`] says.
    pub async fn acquaintance(&self, hotline: &HotlineName, caller: &Phone, now: DateTime<Utc>) -> Result<Option<OpenRelay>, StoreError> {
        let mut connection = self.readers.acquire().await?;
        let relays = of(&mut connection, std::slice::from_ref(hotline), caller, now).await?;
        Ok(relays.into_iter().find(|relay| relay.caller == *caller))
    }

    /// The callers with whom the responder who has this phone has talked on a hotline, so lately that he may be put through to
    /// them, the newest talk first. Who has only texted is none.
    ///
    /// # Errors
    /// As [`StoreError`] says.
    pub async fn relays_of_responder(
        &self,
        hotline: &HotlineName,
        phone: &Phone,
        now: DateTime<Utc>,
    ) -> Result<Vec<OpenRelay>, StoreError> {
        let rows: Vec<Row> = sqlx::query_as(
            "SELECT hotline, responder, caller, name, call, talked_at FROM relays
             WHERE hotline = $1 AND responder = $2 AND until > $3
                 AND NOT EXISTS (SELECT 1 FROM texts WHERE texts.call = relays.call AND texts.became = 'rings')
             ORDER BY talked_at DESC, call DESC LIMIT $4",
        )
        .bind(&hotline.0)
        .bind(String::from(phone.clone()))
        .bind(now.timestamp_millis())
        .bind(i64::from(MOST_AT_ONCE))
        .fetch_all(&mut self.readers.acquire().await?)
        .await?;
        rows.into_iter().map(read).collect()
    }
}
