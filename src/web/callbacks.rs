//! The callbacks that callers were promised, for programs: which are open, and that one is done.

use super::WebState;
use super::api::find;
use super::fault::{ApiFault, Fault};
use super::test_line::is_same_origin;
use super::times::rfc3339;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use serde::Serialize;

/// Who marks a callback as done here has not signed in.
const BY_PAGE: &str = "page";

#[derive(Serialize)]
struct CallbackAnswer {
    id: u32,
    call: String,
    /// Masked.
    number: String,
    asked_at: String,
    age_seconds: i64,
    reminded: bool,
}

/// `GET /api/v1/hotlines/{name}/callbacks`: those that are open, the oldest first.
pub(super) async fn open(State(web): State<WebState>, Path(name): Path<String>) -> Result<Json<serde_json::Value>, ApiFault> {
    let board = web.board(find(&web, &name)?).await?;
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
        })
        .collect();
    Ok(Json(serde_json::json!({ "hotline": board.hotline.name, "callbacks": answers })))
}

/// `POST /api/v1/hotlines/{name}/callbacks/{id}/done`, from our own page only, as everything that changes something.
pub(super) async fn done(
    State(web): State<WebState>,
    Path((name, id)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<StatusCode, ApiFault> {
    if !is_same_origin(&headers) {
        let message = "A callback can be marked as done from this page only.";
        return Err(Fault::new(StatusCode::FORBIDDEN, "other-origin", message).into());
    }
    let hotline = find(&web, &name)?;
    let unknown = || Fault::missing("unknown-callback", "There is no open callback with this number.");
    let id: u32 = id.parse().map_err(|_| unknown())?;
    if web.store.close_callback(&hotline.name, id, BY_PAGE, web.clock.now()).await? {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(unknown().into())
    }
}
