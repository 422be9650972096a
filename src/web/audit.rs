//! Who has changed what, and who has looked at what is private: for operators.

use super::WebState;
use super::api;
use super::fault::{ApiFault, Fault, PageFault};
use super::page::audit as pages;
use super::visitor::Visitor;
use crate::store::Audited;
use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Extension, Query, State};
use maud::Markup;
use serde::Deserialize;

/// So many lines are told at once.
const AT_ONCE: u32 = 200;

#[derive(Deserialize)]
pub(super) struct Asked {
    since: Option<String>,
    before: Option<i64>,
}

type Question = Result<Query<Asked>, QueryRejection>;

/// `GET /audit`.
pub(super) async fn page(
    State(web): State<WebState>,
    Extension(visitor): Extension<Visitor>,
    query: Question,
) -> Result<Markup, PageFault> {
    let lines = asked_for(&web, query).await?;
    let more = lines.last().filter(|_| lines.len() >= AT_ONCE as usize).map(|line| line.number);
    Ok(pages::page(&visitor, &lines, more))
}

/// `GET /api/v1/audit?since=&before=`: the newest first; `before` is the number of the last line that one has.
pub(super) async fn list(State(web): State<WebState>, query: Question) -> Result<Json<serde_json::Value>, ApiFault> {
    let lines = asked_for(&web, query).await?;
    Ok(Json(serde_json::json!({ "audit": lines })))
}

async fn asked_for(web: &WebState, query: Question) -> Result<Vec<Audited>, Fault> {
    let Query(Asked { since, before }) = query.map_err(|rejection| Fault::bad("bad-query", rejection.body_text()))?;
    let since = since
        .as_deref()
        .map(|since| api::instant("bad-since", "since", since))
        .transpose()?;
    Ok(web.store.audit(since, before, AT_ONCE).await?)
}
