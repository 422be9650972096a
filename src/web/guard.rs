//! Before each handler: who asks, whether he may, and whether he means it. A change by a browser must come from our own page,
//! and say the word that only our page knows.

use super::WebState;
use super::api;
use super::fault::{ApiFault, Fault, PageFault, wants_json};
use super::visitor::{self, Pass, Visitor};
use crate::access::{Least, Line, Role, Verb};
use crate::call::HotlineName;
use axum::body::Body;
use axum::extract::rejection::RawPathParamsRejection;
use axum::extract::{RawPathParams, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use subtle::ConstantTimeEq as _;

/// In a form, or as a header, the word of the session.
pub(super) const FORM_WORD: &str = "form_word";
const FORM_WORD_HEADER: &str = "x-rotaline-form-word";
/// No form of ours is longer.
const LONGEST_FORM: usize = 16 * 1024;

/// A place with its line.
#[derive(Clone)]
pub(super) struct Guard {
    pub(super) web: WebState,
    pub(super) line: Line,
}

/// Lets a request through to its handler, or answers in its place.
pub(super) async fn guard(
    State(Guard { web, line }): State<Guard>,
    params: Result<RawPathParams, RawPathParamsRejection>,
    mut request: Request,
    next: Next,
) -> Response {
    let visitor = visitor::of(&web, request.headers(), request.extensions()).await;
    let asked = Asked::of(&request);
    let checked = match line.least {
        // What is open must be answered also while the store is not well.
        Least::Open => Ok(visitor.ok().flatten()),
        Least::Role(role) => visitor
            .map_err(Fault::from)
            .and_then(|visitor| visitor.ok_or_else(not_signed_in))
            .and_then(|visitor| may(visitor, role, params.as_ref().ok()))
            .map(Some),
    };
    let visitor = match checked {
        Ok(visitor) => visitor,
        Err(fault) => return asked.refused(fault),
    };
    // Nothing is called by what is not even text.
    if params.is_err() {
        return asked.refused(Fault::missing("not-found", "There is nothing at this address."));
    }
    if matches!(line.place, Some((Verb::Post, _))) {
        // What is open is done in nobody's name.
        let in_whose_name = visitor.as_ref().filter(|_| line.least != Least::Open);
        request = match meant(request, in_whose_name).await {
            Ok(request) => request,
            Err(fault) => return asked.refused(fault),
        };
    }
    if let Some(visitor) = visitor {
        request.extensions_mut().insert(visitor);
    }
    next.run(request).await
}

fn not_signed_in() -> Fault {
    let message = "Sign in first. Programs say a token: \"Authorization: Bearer …\", made by `rotaline token add`.";
    Fault::new(StatusCode::UNAUTHORIZED, "sign-in", message)
}

/// The hotline first: one that is not his looks as though it were not there.
fn may(visitor: Visitor, role: Role, params: Option<&RawPathParams>) -> Result<Visitor, Fault> {
    let hotline = params.and_then(|params| params.iter().find(|(name, _)| *name == "name"));
    if let Some((_, name)) = hotline
        && !visitor.hotlines().have(&HotlineName(name.to_owned()))
    {
        return Err(api::unknown_hotline());
    }
    if visitor.is_at_least(role) {
        return Ok(visitor);
    }
    let message = format!("This takes the role {role}; you have {}.", visitor.who.role());
    Err(Fault::new(StatusCode::FORBIDDEN, "not-allowed", message))
}

/// The request, where whoever sends it means it: a program that says a token does.
async fn meant(request: Request, visitor: Option<&Visitor>) -> Result<Request, Fault> {
    match visitor.map(|visitor| &visitor.pass) {
        Some(Pass::Token(_)) => return Ok(request),
        Some(Pass::Session { .. }) | None => {}
    }
    if !is_same_origin(request.headers()) {
        let message = "This can be done from our own page only; programs say a token.";
        return Err(Fault::new(StatusCode::FORBIDDEN, "other-origin", message));
    }
    let Some(visitor) = visitor else {
        // Nobody has signed in whom somebody else could use.
        return Ok(request);
    };
    let said = request.headers().get(FORM_WORD_HEADER);
    let said = said.and_then(|value| value.to_str().ok()).map(ToOwned::to_owned);
    let (said, request) = match said {
        Some(said) => (Some(said), request),
        None => from_form(request).await?,
    };
    let word = visitor.form_word();
    if !word.is_empty() && said.is_some_and(|said| said.as_bytes().ct_eq(word.as_bytes()).into()) {
        return Ok(request);
    }
    let message = "This page is not of this sign-in any more. Load it anew, and try again.";
    Err(Fault::new(StatusCode::FORBIDDEN, "stale-page", message))
}

/// The word in a form, and the request with the form without it.
async fn from_form(request: Request) -> Result<(Option<String>, Request), Fault> {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    if !kind.is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded")) {
        return Ok((None, request));
    }
    let (mut head, body) = request.into_parts();
    let form = axum::body::to_bytes(body, LONGEST_FORM).await.map_err(|_| {
        let message = "The form is longer than any of ours.";
        Fault::new(StatusCode::PAYLOAD_TOO_LARGE, "too-long", message)
    })?;
    let mut said = None;
    let mut rest = url::form_urlencoded::Serializer::new(String::new());
    for (name, value) in url::form_urlencoded::parse(&form) {
        if name == FORM_WORD {
            said = Some(value.into_owned());
        } else {
            rest.append_pair(&name, &value);
        }
    }
    head.headers.remove(header::CONTENT_LENGTH);
    Ok((said, Request::from_parts(head, Body::from(rest.finish()))))
}

/// Browsers say where a form comes from; who does not say it is not our page.
fn is_same_origin(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text("sec-fetch-site") {
        return site == "same-origin";
    }
    let origin = text(header::ORIGIN.as_str()).and_then(|origin| origin.split_once("://"));
    match (origin, text(header::HOST.as_str())) {
        (Some((_, from)), Some(host)) => from.eq_ignore_ascii_case(host),
        (None, _) | (_, None) => false,
    }
}

/// What was asked for, as far as a refusal has to know it.
struct Asked {
    uri: Uri,
    is_get: bool,
    is_person: bool,
}

impl Asked {
    fn of(request: &Request) -> Self {
        Self {
            uri: request.uri().clone(),
            is_get: *request.method() == Method::GET,
            is_person: is_person(request.uri(), request.headers()),
        }
    }

    fn refused(&self, fault: Fault) -> Response {
        let is_unsigned = fault.status == StatusCode::UNAUTHORIZED;
        if is_unsigned && self.is_person && self.is_get {
            return Redirect::to(&sign_in_path(&self.uri)).into_response();
        }
        let mut response = if self.is_person {
            PageFault::from(fault).into_response()
        } else {
            ApiFault::from(fault).into_response()
        };
        if is_unsigned {
            let ask = HeaderValue::from_static("Bearer realm=\"rotaline\"");
            response.headers_mut().insert(header::WWW_AUTHENTICATE, ask);
        }
        response
    }
}

/// Whether a person reads the answer. A browser without a script sends forms to the interface of programs, too.
pub(super) fn is_person(uri: &Uri, headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok());
    let takes_pages = accept.is_some_and(|accept| accept.contains("text/html"));
    !wants_json(headers) && (takes_pages || !uri.path().starts_with("/api/"))
}

/// Where one signs in, and comes back from.
fn sign_in_path(uri: &Uri) -> String {
    let wanted = uri.path_and_query().map_or("/", |wanted| wanted.as_str());
    if wanted == "/" {
        return "/sign-in".to_owned();
    }
    format!("/sign-in?next={}", utf8_percent_encode(wanted, NON_ALPHANUMERIC))
}
