//! Signing in by an identity provider: the browser is sent there, with a cookie that it brings back. Who somebody is, and
//! whether he is let in, `access` says.

use super::WebState;
use super::fault::{Fault, PageFault};
use super::page::sign_in::Elsewhere;
use super::sessions::{Cookies, is_loopback};
use super::sign_in::{MaybeNext, let_in, next, wanted};
use super::visitor::{Visitor, address};
use crate::access::{Astray, Return};
use crate::peer::{EVERYBODY, in_seconds};
use axum::extract::rejection::QueryRejection;
use axum::extract::{Extension, Query, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use secrecy::ExposeSecret as _;
use serde::Deserialize;
use tower_sessions::Session;
use tower_sessions::cookie::Cookie;

const SET_OUT: &str = "/sign-in/oidc";
const COME_BACK: &str = "/sign-in/oidc/return";

/// What the provider has a browser bring back. Whatever else it says is not looked at.
#[derive(Deserialize)]
pub(super) struct Brought {
    state: Option<String>,
    code: Option<String>,
    error: Option<String>,
}

/// A link to the provider, where there is one: at the address to which it sends people back, where alone the cookie is.
pub(super) fn button(web: &WebState, next: &str) -> Option<Elsewhere> {
    let label = web.access.oidc()?.label.clone();
    let base = known_base(web).unwrap_or_default();
    let next = utf8_percent_encode(next, NON_ALPHANUMERIC);
    let address = format!("{base}{SET_OUT}?next={next}");
    Some(Elsewhere { label, address })
}

/// `GET /sign-in/oidc`.
pub(super) async fn set_out(
    State(web): State<WebState>,
    visitor: Option<Extension<Visitor>>,
    query: MaybeNext,
    request: Request,
) -> Result<Response, PageFault> {
    let wanted = wanted(query);
    let next = next(wanted.as_deref());
    if visitor.is_some() {
        return Ok(Redirect::to(next).into_response());
    }
    if web.access.oidc().is_none() {
        return Err(fault(&web, Astray::Off).into());
    }
    let (head, _) = request.into_parts();
    not_too_often(&web, &head)?;
    let return_to = return_address(&web, &head.headers)?;
    let departure = web.access.set_out(next, &return_to).await;
    let departure = departure.map_err(|astray| fault(&web, astray))?;
    let carried = cookies(&head).journey(Some(departure.carried.expose_secret()));
    Ok(with(Redirect::to(&departure.to).into_response(), &carried))
}

/// `GET /sign-in/oidc/return`. Whatever comes of it, what the browser has carried is thrown away.
pub(super) async fn come_back(
    State(web): State<WebState>,
    session: Session,
    query: Result<Query<Brought>, QueryRejection>,
    request: Request,
) -> Response {
    let nothing = Brought {
        state: None,
        code: None,
        error: None,
    };
    let brought = query.map_or(nothing, |Query(brought)| brought);
    let (head, _) = request.into_parts();
    let thrown_away = cookies(&head).journey(None);
    let answer = judged(&web, &session, &brought, &head).await;
    with(answer.unwrap_or_else(IntoResponse::into_response), &thrown_away)
}

async fn judged(web: &WebState, session: &Session, brought: &Brought, head: &Parts) -> Result<Response, PageFault> {
    if web.access.oidc().is_none() {
        return Err(fault(web, Astray::Off).into());
    }
    not_too_often(web, head)?;
    let carried = cookies(head).carried(&head.headers);
    let back = Return {
        carried: carried.as_deref(),
        state: brought.state.as_deref(),
        code: brought.code.as_deref(),
        error: brought.error.as_deref(),
        to: &return_address(web, &head.headers)?,
        from: address(&head.extensions),
    };
    let back = web.access.come_back(&back).await;
    let (signed, wanted) = back.map_err(|astray| fault(web, astray))?;
    let_in(session, &signed, next(Some(&wanted))).await
}

fn cookies(head: &Parts) -> Cookies {
    Cookies::of(&head.headers, head.extensions.get())
}

fn with(mut answer: Response, cookie: &Cookie<'_>) -> Response {
    if let Ok(cookie) = HeaderValue::from_str(&cookie.to_string()) {
        answer.headers_mut().append(header::SET_COOKIE, cookie);
    }
    answer
}

/// Where the page is opened, as far as it is known without anybody's word.
fn known_base(web: &WebState) -> Option<String> {
    let base = web.access.oidc().and_then(|oidc| oidc.page_url.clone()).or_else(|| (web.address)());
    base.map(|base| base.trim_end_matches('/').to_owned())
}

/// Where the provider is to send people back to. What a request says is believed on this very machine only.
fn return_address(web: &WebState, headers: &HeaderMap) -> Result<String, Fault> {
    let asked = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let here = || asked.filter(|host| is_loopback(host)).map(|host| format!("http://{host}"));
    let base = known_base(web).or_else(here).ok_or_else(|| {
        let message = "The address of this page is not known yet, to which the identity provider could send you back. Whoever runs this \
            service sets public_url under [server]. Meanwhile passwords and links let in.";
        Fault::new(StatusCode::SERVICE_UNAVAILABLE, "oidc-no-address", message)
    })?;
    Ok(format!("{base}{COME_BACK}"))
}

fn not_too_often(web: &WebState, head: &Parts) -> Result<(), Fault> {
    let client = address(&head.extensions).unwrap_or(EVERYBODY);
    web.journeys.spend(client).map_err(|wait| {
        let message = format!("There were too many attempts. Try again in {} s.", in_seconds(wait));
        Fault::new(StatusCode::TOO_MANY_REQUESTS, "oidc-too-many", message)
    })
}

/// Why nobody is let in, in words.
fn fault(web: &WebState, astray: Astray) -> Fault {
    let whom = web.access.oidc().map_or("the identity provider", |oidc| oidc.label.as_str());
    match astray {
        Astray::Off => Fault::missing("not-found", "There is nothing at this address."),
        Astray::Busy => Fault::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "oidc-busy",
            "Many sign in at this moment. Try again in some seconds.",
        ),
        Astray::Silent => Fault::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "oidc-unavailable",
            format!(
                "The identity provider ({whom}) does not answer as it should. Try again in a minute; a password or a link lets you in meanwhile."
            ),
        ),
        Astray::NotBegun => Fault::bad(
            "oidc-not-begun",
            "This sign-in was not begun in this browser, or more than ten minutes ago, or it is over already. Nobody was signed in by it. \
             Begin again from the sign-in page.",
        ),
        Astray::Refused(word) => Fault::new(
            StatusCode::FORBIDDEN,
            "oidc-refused",
            format!(
                "The identity provider ({whom}) has not let you in. It says: \"{word}\". Begin again, or sign in by a password or a link."
            ),
        ),
        Astray::Unproven => Fault::new(
            StatusCode::BAD_GATEWAY,
            "oidc-unproven",
            format!("What the identity provider ({whom}) has said of you cannot be believed. Nobody was signed in. The log says why."),
        ),
        Astray::Nameless(claim) => Fault::new(
            StatusCode::FORBIDDEN,
            "oidc-nameless",
            format!(
                "The identity provider ({whom}) does not say your \"{}\", by which people are known here. Whoever runs this service sets \
                 scopes or claim under [oidc].",
                claim.as_str()
            ),
        ),
        Astray::Unverified(email) => Fault::new(
            StatusCode::FORBIDDEN,
            "oidc-unverified",
            format!(
                "The identity provider ({whom}) has not verified that {email} is your address. Have it verified there, then begin again."
            ),
        ),
        Astray::Unknown(said) => Fault::new(
            StatusCode::FORBIDDEN,
            "oidc-unknown-user",
            format!(
                "The identity provider ({whom}) says that you are {said}, and there is no such user here. Ask whoever runs this service to \
                 add you: `rotaline user add`."
            ),
        ),
        Astray::Store(error) => Fault::from(error),
    }
}
