//! What somebody who is signed in can do about himself: choose another password.

use super::WebState;
use super::fault::{Fault, PageFault};
use super::page::account as pages;
use super::sign_in;
use super::visitor::{Pass, Visitor};
use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::extract::{Extension, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use maud::Markup;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use tower_sessions::Session;

#[derive(Deserialize)]
pub(super) struct Chosen {
    #[serde(default)]
    old: SecretString,
    new: SecretString,
    again: SecretString,
}

/// `GET /account`.
pub(super) async fn page(Extension(visitor): Extension<Visitor>) -> Markup {
    pages::page(&visitor, None)
}

/// `POST /account`.
pub(super) async fn change_password(
    State(web): State<WebState>,
    Extension(visitor): Extension<Visitor>,
    session: Session,
    form: Result<Form<Chosen>, FormRejection>,
) -> Result<Response, PageFault> {
    let Form(Chosen { old, new, again }) = form?;
    let Pass::Session { held, .. } = &visitor.pass else {
        let words = "A token has no password. `rotaline token add` makes another one.";
        return Err(Fault::new(StatusCode::CONFLICT, "no-password", words).into());
    };
    if new.expose_secret() != again.expose_secret() {
        let words = "The two new passwords are not the same. Nothing has changed.";
        return Ok((StatusCode::BAD_REQUEST, pages::page(&visitor, Some(words))).into_response());
    }
    match web.access.change_password(&held.ticket, old, new, visitor.from).await {
        Ok(signed) => {
            sign_in::begin(&session, &signed).await?;
            Ok(pages::changed().into_response())
        }
        Err(refused) => {
            let (status, words) = sign_in::words(refused, "The present password is wrong. Nothing has changed.")?;
            Ok((status, pages::page(&visitor, Some(&words))).into_response())
        }
    }
}
