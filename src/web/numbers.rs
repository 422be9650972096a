//! A caller's number in full: for whoever may, when he asks for it, and never without a line in the audit log.

use super::WebState;
use super::fault::{ApiFault, Fault, PageFault};
use super::page::number;
use super::visitor::Visitor;
use crate::access::Act;
use crate::roster::Phone;
use crate::store::CallSummary;
use axum::Json;
use axum::extract::{Extension, Path, State};
use maud::Markup;

/// `POST /calls/{id}/number`.
pub(super) async fn show(
    State(web): State<WebState>,
    Extension(visitor): Extension<Visitor>,
    Path(id): Path<String>,
) -> Result<Markup, PageFault> {
    let (call, number) = looked_at(&web, &visitor, &id).await?;
    Ok(number::page(&visitor, &call, number.address()))
}

/// `POST /api/v1/calls/{id}/number`.
pub(super) async fn tell(
    State(web): State<WebState>,
    Extension(visitor): Extension<Visitor>,
    Path(id): Path<String>,
) -> Result<Json<serde_json::Value>, ApiFault> {
    let (call, number) = looked_at(&web, &visitor, &id).await?;
    Ok(Json(serde_json::json!({ "call": call.id, "from": number.address() })))
}

async fn looked_at(web: &WebState, visitor: &Visitor, id: &str) -> Result<(CallSummary, Phone), Fault> {
    let (call, _) = web.told(visitor, id).await?;
    let withheld = || Fault::missing("no-number", "Nobody has called, or the number was withheld.");
    let number = call.from.clone().ok_or_else(withheld)?;
    visitor.note(web, &Act::NumberShown { call: call.id }, Some(&call.hotline)).await?;
    Ok((call, number))
}
