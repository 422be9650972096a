//! Signing in by a password or a link, and signing out.

use super::WebState;
use super::fault::{Fault, PageFault, wants_json};
use super::oidc;
use super::page::sign_in as pages;
use super::sessions::{self, Held};
use super::visitor::{Visitor, address};
use crate::access::{Act, NewWord, Refused, Signed};
use crate::store::StoreError;
use axum::Form;
use axum::extract::rejection::{FormRejection, QueryRejection};
use axum::extract::{Extension, FromRequest as _, Path, Query, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use maud::Markup;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use tower_sessions::Session;

/// No address of ours that somebody comes back to is longer.
const LONGEST_NEXT: usize = 512;
const LINK_OVER: &str = "This link has been used, or its quarter of an hour is over. Ask for another one.";

/// Where somebody is led after signing in.
#[derive(Deserialize)]
pub(super) struct Next {
    next: Option<String>,
}

#[derive(Deserialize)]
struct Said {
    name: String,
    password: SecretString,
    next: Option<String>,
}

pub(super) type MaybeNext = Result<Query<Next>, QueryRejection>;

/// Where a link leads that signs somebody in by this word.
#[must_use]
pub fn link_path(word: &SecretString) -> String {
    format!("/sign-in/link/{}", word.expose_secret())
}

/// Where somebody wanted to go, within our own house and nowhere else.
pub(super) fn next(wanted: Option<&str>) -> &str {
    let within = |text: &&str| {
        let is_plain = text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
        text.starts_with('/') && !text.starts_with("//") && is_plain && text.len() <= LONGEST_NEXT
    };
    wanted.filter(within).unwrap_or("/")
}

pub(super) fn wanted(query: MaybeNext) -> Option<String> {
    query.ok().and_then(|Query(Next { next })| next)
}

/// `GET /sign-in`.
pub(super) async fn page(
    State(web): State<WebState>,
    visitor: Option<Extension<Visitor>>,
    query: MaybeNext,
) -> Result<Response, PageFault> {
    let wanted = wanted(query);
    let next = next(wanted.as_deref());
    if visitor.is_some() {
        return Ok(Redirect::to(next).into_response());
    }
    if !web.access.knows_anybody().await? {
        return Ok(pages::nobody().into_response());
    }
    Ok(pages::form(next, oidc::button(&web, next).as_ref(), None).into_response())
}

/// `POST /sign-in`.
pub(super) async fn sign_in(State(web): State<WebState>, session: Session, request: Request) -> Result<Response, PageFault> {
    let from = address(request.extensions());
    let said: Result<Form<Said>, FormRejection> = Form::from_request(request, &()).await;
    let Form(said) = said?;
    let next = next(said.next.as_deref());
    match web.access.sign_in(&said.name, said.password, from).await {
        Ok(signed) => let_in(&session, &signed, next).await,
        Err(refused) => refuse(refused, "Name or password is wrong.", |words| {
            pages::form(next, oidc::button(&web, next).as_ref(), Some(words))
        }),
    }
}

/// `GET /sign-in/link/{word}`: a button. Whoever looks at links before people do (mail servers, messengers) uses none up.
pub(super) async fn link_page(Path(word): Path<String>) -> Markup {
    pages::link(&word, None)
}

/// `POST /sign-in/link/{word}`.
pub(super) async fn follow_link(
    State(web): State<WebState>,
    Path(word): Path<String>,
    session: Session,
    request: Request,
) -> Result<Response, PageFault> {
    match web.access.sign_in_by_link(&word, address(request.extensions())).await {
        Ok(signed) => let_in(&session, &signed, "/").await,
        Err(refused) => refuse(refused, LINK_OVER, |words| pages::link(&word, Some(words))),
    }
}

pub(super) async fn let_in(session: &Session, signed: &Signed, next: &str) -> Result<Response, PageFault> {
    begin(session, signed).await?;
    Ok(Redirect::to(&format!("/signed-in?next={}", utf8_percent_encode(next, NON_ALPHANUMERIC))).into_response())
}

/// Begins a session for somebody who has just signed in.
pub(super) async fn begin(session: &Session, signed: &Signed) -> Result<(), StoreError> {
    let word = NewWord::make("").map_err(StoreError::Unavailable)?;
    let held = Held {
        ticket: signed.ticket.clone(),
        form_word: word.word.expose_secret().to_owned(),
    };
    sessions::begin(session, &held).await
}

fn refuse(refused: Refused, wrong: &str, page: impl FnOnce(&str) -> Markup) -> Result<Response, PageFault> {
    let (status, words) = words(refused, wrong)?;
    Ok((status, page(&words)).into_response())
}

/// A refusal in words; a store that fails is a fault.
pub(super) fn words(refused: Refused, wrong: &str) -> Result<(StatusCode, String), Fault> {
    match refused {
        Refused::Wrong => Ok((StatusCode::UNAUTHORIZED, wrong.to_owned())),
        Refused::Wait(wait) => {
            let seconds = wait.num_seconds() + 1;
            let words = format!("There were too many attempts. Try again in {seconds} s; meanwhile nothing that you type is looked at.");
            Ok((StatusCode::TOO_MANY_REQUESTS, words))
        }
        Refused::Busy => {
            let words = "Many sign in at this moment. Try again in some seconds.".to_owned();
            Ok((StatusCode::SERVICE_UNAVAILABLE, words))
        }
        Refused::Unfit(words) => Ok((StatusCode::BAD_REQUEST, format!("{words}."))),
        Refused::Configured => {
            let words = "You stand in the configuration: your password is changed there, by whoever runs this service.".to_owned();
            Ok((StatusCode::CONFLICT, words))
        }
        Refused::Store(error) => Err(Fault::from(error)),
    }
}

/// `GET /signed-in`: on to where one wanted to go; or word that the browser has not kept what it was told.
pub(super) async fn signed_in(visitor: Option<Extension<Visitor>>, query: MaybeNext) -> Response {
    let wanted = wanted(query);
    if visitor.is_some() {
        return Redirect::to(next(wanted.as_deref())).into_response();
    }
    (StatusCode::UNAUTHORIZED, pages::no_cookie()).into_response()
}

/// `POST /sign-out`.
pub(super) async fn sign_out(
    State(web): State<WebState>,
    Extension(visitor): Extension<Visitor>,
    session: Session,
    headers: HeaderMap,
) -> Result<Response, PageFault> {
    visitor.note(&web, &Act::SignedOut, None).await?;
    sessions::end(&session).await?;
    if wants_json(&headers) {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    // Nothing of what was shown is to be had by the button that leads back.
    Ok(([(header::CACHE_CONTROL, "no-store")], Redirect::to("/sign-in")).into_response())
}

#[cfg(test)]
mod tests {
    use super::next;

    #[test]
    fn nobody_is_led_out_of_the_house() {
        for inside in ["/", "/calls/0192", "/?a=b%20c", "/audit#top"] {
            assert_eq!(next(Some(inside)), inside);
        }
        for outside in [
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "javascript:alert(1)",
            "",
            "evil",
            "/a\r\nX: y",
            "/\u{e9}",
        ] {
            assert_eq!(next(Some(outside)), "/", "{outside}");
        }
        assert_eq!(next(Some(&format!("/{}", "a".repeat(600)))), "/");
        assert_eq!(next(None), "/");
    }
}
