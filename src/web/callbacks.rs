//! The callbacks that callers were promised: which are open, that one is made, that one is done; for programs and for the
//! page's own buttons. Who rings is somebody else's work: the app gives a [`CallbackLine`].

use super::api::find;
use super::fault::{ApiFault, Fault, PageFault, wants_json};
use super::times::rfc3339;
use super::visitor::Visitor;
use super::{Hotline, WebState};
use crate::access::Act;
use crate::call::{CallId, HotlineName};
use crate::store::StoreError;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Extension, Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Serialize;

/// Whoever rings people for a callback.
#[async_trait::async_trait]
pub trait CallbackLine: Send + Sync {
    /// Rings somebody of the hotline's first level for its callback `id`: the one of this name, else the first who can make
    /// it; then the caller.
    ///
    /// # Errors
    /// As [`StoreError`] says; then nobody is rung.
    async fn call_back(&self, hotline: &HotlineName, id: u32, who: Option<String>) -> Result<Ringing, StoreError>;
}

/// What became of the wish to make a callback.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ringing {
    /// Somebody is rung for it, by this call.
    Begun(CallId),
    /// It is not open, or there is none with this number.
    NotOpen,
    /// Nobody is rung, for this reason, in words.
    Not(String),
}

#[derive(Serialize)]
struct CallbackAnswer {
    id: u32,
    call: String,
    /// Masked.
    number: String,
    asked_at: String,
    age_seconds: i64,
    reminded: bool,
    /// Who is calling back just now.
    calling: Option<String>,
}

/// `GET /api/v1/hotlines/{name}/callbacks`: those that are open, the oldest first.
pub(super) async fn open(
    State(web): State<WebState>,
    Extension(visitor): Extension<Visitor>,
    Path(name): Path<String>,
) -> Result<Json<serde_json::Value>, ApiFault> {
    let board = web.board(find(&web, &name)?, visitor.hotlines()).await?;
    let open = web.store.open_callbacks(&board.hotline.name).await?;
    let answers: Vec<CallbackAnswer> = open
        .iter()
        .map(|callback| CallbackAnswer {
            id: callback.id,
            call: callback.call.to_string(),
            number: callback.number.to_string(),
            asked_at: rfc3339(&board.zone, callback.asked_at),
            age_seconds: (board.now - callback.asked_at).num_seconds(),
            reminded: callback.reminded_at.is_some(),
            calling: callback.calling.clone(),
        })
        .collect();
    Ok(Json(serde_json::json!({ "hotline": board.hotline.name, "callbacks": answers })))
}

/// `POST /api/v1/hotlines/{name}/callbacks/{id}/done`.
pub(super) async fn done(
    State(web): State<WebState>,
    Extension(visitor): Extension<Visitor>,
    Path((name, id)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    let closed = async {
        let (hotline, id) = meant(&web, &name, &id)?;
        visitor.note(&web, &Act::CallbackDone { id }, Some(&hotline.name)).await?;
        if web
            .store
            .close_callback(&hotline.name, id, visitor.who.name(), web.clock.now())
            .await?
        {
            Ok(())
        } else {
            Err(unknown())
        }
    };
    let closed: Result<(), Fault> = closed.await;
    answer(&headers, closed.map(|()| StatusCode::NO_CONTENT.into_response()))
}

/// `POST /api/v1/hotlines/{name}/callbacks/{id}/ring`; `who=` in a form names somebody of the first level.
pub(super) async fn ring(
    State(web): State<WebState>,
    Extension(visitor): Extension<Visitor>,
    Path((name, id)): Path<(String, String)>,
    headers: HeaderMap,
    form: Bytes,
) -> Response {
    let rung = async {
        let (hotline, id) = meant(&web, &name, &id)?;
        let Some(line) = &web.callback_line else {
            return Err(Fault::missing("no-callback-line", "Nobody can be rung from here."));
        };
        let mut fields = url::form_urlencoded::parse(&form);
        let who = fields.find(|(name, who)| name == "who" && !who.is_empty());
        visitor.note(&web, &Act::CallbackRung { id }, Some(&hotline.name)).await?;
        match line.call_back(&hotline.name, id, who.map(|(_, who)| who.into_owned())).await? {
            Ringing::Begun(call) => Ok(call),
            Ringing::NotOpen => Err(unknown()),
            Ringing::Not(words) => Err(Fault::new(StatusCode::CONFLICT, "not-rung", words)),
        }
    };
    let rung: Result<CallId, Fault> = rung.await;
    let begun = |call| (StatusCode::ACCEPTED, Json(serde_json::json!({ "call": call }))).into_response();
    answer(&headers, rung.map(begun))
}

fn meant<'w>(web: &'w WebState, name: &str, id: &str) -> Result<(&'w Hotline, u32), Fault> {
    Ok((find(web, name)?, id.parse().map_err(|_| unknown())?))
}

fn unknown() -> Fault {
    Fault::missing("unknown-callback", "There is no open callback with this number.")
}

/// A browser without a script sends forms and wants a page; everybody else gets what programs get.
fn answer(headers: &HeaderMap, done: Result<Response, Fault>) -> Response {
    let accept = headers.get(axum::http::header::ACCEPT).and_then(|accept| accept.to_str().ok());
    let is_browser = !wants_json(headers) && accept.is_some_and(|accept| accept.contains("text/html"));
    match done {
        Ok(_) if is_browser => Redirect::to("/#duties").into_response(),
        Ok(answer) => answer,
        Err(fault) if is_browser => PageFault::from(fault).into_response(),
        Err(fault) => ApiFault::from(fault).into_response(),
    }
}
