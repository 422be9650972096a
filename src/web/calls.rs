//! `GET /api/v1/hotlines/{name}/calls.csv` and `.json`: every call of a time with its story, for other programs.

use super::api::find;
use super::duties::moment;
use super::fault::{ApiFault, Fault};
use super::page::{zone_of, zones};
use super::visitor::Visitor;
use super::{Hotline, WebState};
use crate::exports::{CallRows, CallStory, calls_table};
use crate::store::{CallFilter, CallSummary, Entry};
use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Extension, Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use chrono::TimeDelta;
use serde::Deserialize;

/// So much is told where nobody says from when.
const USUAL: TimeDelta = TimeDelta::days(28);
const CALLS_AT_MOST: usize = 2_000;
/// Calls read at once.
const BATCH: u32 = 100;

#[derive(Deserialize)]
pub(super) struct Asked {
    from: Option<String>,
    until: Option<String>,
}

type Question = Result<Query<Asked>, QueryRejection>;

/// A call with its story, as it goes out.
#[must_use]
pub fn call_story<'s>(call: &'s CallSummary, entries: &'s [Entry]) -> CallStory<'s> {
    CallStory {
        id: call.id,
        hotline: &call.hotline,
        from: call.from.as_ref(),
        arrived_at: call.arrived_at,
        ended_at: call.ended_at,
        outcome: call.outcome,
        facts: entries.iter().map(|entry| (entry.at, &entry.fact)).collect(),
    }
}

/// As a table: a row for each fact.
pub(super) async fn csv(
    State(web): State<WebState>,
    Extension(visitor): Extension<Visitor>,
    Path(name): Path<String>,
    query: Question,
) -> Result<Response, ApiFault> {
    let hotline = find(&web, &name)?;
    let calls = asked_for(&web, &visitor, hotline, query).await?;
    let text = calls_table(&calls, true).map_err(|fault| {
        tracing::error!(%fault, "writing calls came to no end");
        let words = "The calls could not be written. The log says more.";
        Fault::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", words)
    })?;
    let name = format!("attachment; filename=\"{}-calls.csv\"", hotline.name);
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8; header=present".to_owned()),
        (header::CONTENT_DISPOSITION, name),
    ];
    Ok((headers, text).into_response())
}

/// As JSON: each call once, with its story within.
pub(super) async fn json(
    State(web): State<WebState>,
    Extension(visitor): Extension<Visitor>,
    Path(name): Path<String>,
    query: Question,
) -> Result<Response, ApiFault> {
    let hotline = find(&web, &name)?;
    let calls = asked_for(&web, &visitor, hotline, query).await?;
    Ok(Json(serde_json::json!({ "hotline": hotline.name, "calls": calls })).into_response())
}

/// `until` is now and `from` four weeks before it where they are left out; a call belongs to the time in which it came in.
async fn asked_for(web: &WebState, visitor: &Visitor, hotline: &Hotline, query: Question) -> Result<Vec<CallRows>, ApiFault> {
    let Query(asked) = query.map_err(|rejection| Fault::bad("bad-query", rejection.body_text()))?;
    let zone = zone_of(&zones(&web.boards(visitor.hotlines()).await?), &hotline.name);
    let moment = |code, name, text: Option<String>| text.map(|text| moment(code, name, &text, &zone)).transpose();
    // This very instant belongs to it.
    let now = web.clock.now() + TimeDelta::milliseconds(1);
    let until = moment("bad-until", "until", asked.until)?.unwrap_or(now);
    let from = moment("bad-from", "from", asked.from)?.unwrap_or(until - USUAL);
    if until <= from {
        return Err(Fault::bad("bad-until", "`until` is not after `from`.").into());
    }
    let filter = CallFilter {
        hotline: Some(hotline.name.clone()),
        from: Some(from),
        until: Some(until),
    };
    let mut rows = Vec::new();
    let mut last = None;
    loop {
        let calls = web.store.calls_after(&filter, last.as_ref(), BATCH).await?;
        if calls.is_empty() {
            return Ok(rows);
        }
        for call in &calls {
            let entries = web.store.story(call.id).await?;
            rows.push(CallRows::of(&call_story(call, &entries), &zone));
        }
        if rows.len() > CALLS_AT_MOST {
            let words = format!("These are more than {CALLS_AT_MOST} calls. Ask for a shorter time, or use `rotaline calls`.");
            return Err(Fault::bad("too-many", words).into());
        }
        last = calls.into_iter().next_back();
    }
}
