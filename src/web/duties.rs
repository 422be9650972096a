//! `GET /api/v1/hotlines/{name}/duties`: who is on call over a time, for other programs, as JSON or as a table.

use super::WebState;
use super::api::{find, instant, rota};
use super::fault::{ApiFault, Fault};
use super::times::rfc3339;
use super::visitor::Visitor;
use crate::exports::{DutyRow, Numbers, Rows, Window, table};
use crate::roster::wall_clock::Zone;
use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Extension, Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Datelike as _, NaiveDate, NaiveTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// So much is told where nobody says until when.
const USUAL: TimeDelta = TimeDelta::days(28);
const LONGEST: TimeDelta = TimeDelta::days(400);
const ROWS_AT_MOST: usize = 50_000;

#[derive(Deserialize)]
pub(super) struct Asked {
    from: Option<String>,
    until: Option<String>,
    format: Option<String>,
}

#[derive(Serialize)]
struct DutiesAnswer {
    hotline: String,
    zone: &'static str,
    from: String,
    until: String,
    /// When the sheet was read.
    read_at: String,
    /// When its source last said that this is the newest version.
    checked_at: String,
    /// In the order of time, then of ringing; numbers are masked.
    duties: Vec<DutyRow>,
}

/// `from` is now and `until` four weeks later where they are left out; `format` is `json` or `csv`.
pub(super) async fn duties(
    State(web): State<WebState>,
    Extension(visitor): Extension<Visitor>,
    Path(name): Path<String>,
    query: Result<Query<Asked>, QueryRejection>,
) -> Result<Response, ApiFault> {
    let hotline = find(&web, &name)?;
    let Query(asked) = query.map_err(|rejection| Fault::bad("bad-query", rejection.body_text()))?;
    let is_table = match asked.format.as_deref() {
        None | Some("json") => false,
        Some("csv") => true,
        Some(_) => return Err(Fault::bad("bad-format", "`format` is neither json nor csv.").into()),
    };
    let board = web.board(hotline, visitor.hotlines()).await?;
    let rota = rota(&board)?;
    let window = window(&asked, &board.zone, board.now)?;
    let roster = std::sync::Arc::clone(&rota.roster);
    let reading = tokio::task::spawn_blocking(move || Rows::of(&roster, window, Numbers::Masked, ROWS_AT_MOST));
    let Rows { rows, is_cut } = reading.await.map_err(|fault| broken(&fault))?;
    if is_cut {
        let words = format!("These are more than {ROWS_AT_MOST} rows. Ask for a shorter time.");
        return Err(Fault::bad("too-many", words).into());
    }
    if is_table {
        let text = table(&rows).map_err(|fault| broken(&fault))?;
        let name = format!("attachment; filename=\"{}-duties.csv\"", board.hotline.name);
        let headers = [
            (header::CONTENT_TYPE, "text/csv; charset=utf-8; header=present".to_owned()),
            (header::CONTENT_DISPOSITION, name),
        ];
        return Ok((headers, text).into_response());
    }
    Ok(Json(DutiesAnswer {
        hotline: board.hotline.name.to_string(),
        zone: board.zone.name().name(),
        from: rfc3339(&board.zone, window.from),
        until: rfc3339(&board.zone, window.until),
        read_at: rfc3339(&board.zone, rota.read_at),
        checked_at: rfc3339(&board.zone, rota.checked_at),
        duties: rows,
    })
    .into_response())
}

fn window(asked: &Asked, zone: &Zone, now: DateTime<Utc>) -> Result<Window, Fault> {
    let from = asked
        .from
        .as_deref()
        .map(|text| moment("bad-from", "from", text, zone))
        .transpose()?;
    let until = asked
        .until
        .as_deref()
        .map(|text| moment("bad-until", "until", text, zone))
        .transpose()?;
    let from = from.unwrap_or(now);
    let until = until.unwrap_or(from + USUAL);
    if until <= from {
        return Err(Fault::bad("bad-until", "`until` is not after `from`."));
    }
    if until - from > LONGEST {
        let words = format!("From `from` to `until` are more than {} days.", LONGEST.num_days());
        return Err(Fault::bad("bad-until", words));
    }
    Ok(Window { from, until })
}

/// An instant, or a day of the rota's zone from its first instant.
pub(super) fn moment(code: &'static str, name: &str, text: &str, zone: &Zone) -> Result<DateTime<Utc>, Fault> {
    let midnight = |day: NaiveDate| zone.to_utc(day.and_time(NaiveTime::MIN)).instant;
    let at = match text.parse::<NaiveDate>() {
        Ok(day) if (1970..2200).contains(&day.year()) => Ok(midnight(day)),
        Ok(_) | Err(_) => instant(code, name, text),
    };
    at.map_err(|_| {
        let words = format!(
            "`{name}` is neither a day (2026-03-30) nor an instant of RFC 3339 (2026-03-30T08:00:00Z) between the years 1970 and 2199."
        );
        Fault::bad(code, words)
    })
}

fn broken(fault: &dyn std::fmt::Display) -> Fault {
    tracing::error!(%fault, "writing duties came to no end");
    Fault::new(
        StatusCode::INTERNAL_SERVER_ERROR,
        "internal",
        "The duties could not be written. The log says more.",
    )
}
