//! Calendars to subscribe to, each at an address that nobody can guess: calendar programs cannot sign in. Whoever says a
//! wrong address learns nothing by the answer.

mod links;

use super::fault::{self, Fault, PageFault};
use super::{Hotline, WebState};
use crate::call::HotlineName;
use crate::exports::{Calendar, Whose, Window};
use crate::store::CurrentRota;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;
use std::sync::Arc;

pub use links::FeedLinks;

/// What is over for longer is left out.
const BACK: TimeDelta = TimeDelta::days(30);
/// What begins later is left out.
const AHEAD: TimeDelta = TimeDelta::days(180);
const SUFFIX: &str = ".ics";

/// `GET /feeds/{word}/{hotline}.ics`.
pub(super) async fn of_hotline(
    State(web): State<WebState>,
    uri: Uri,
    path: Result<Path<(String, String)>, PathRejection>,
    headers: HeaderMap,
) -> Result<Response, PageFault> {
    let Ok(Path((word, file))) = path else {
        return Ok(fault::not_found(uri).await);
    };
    answer(&web, uri, &word, file.strip_suffix(SUFFIX), None, &headers).await
}

/// `GET /feeds/{word}/{hotline}/{person}.ics`.
pub(super) async fn of_person(
    State(web): State<WebState>,
    uri: Uri,
    path: Result<Path<(String, String, String)>, PathRejection>,
    headers: HeaderMap,
) -> Result<Response, PageFault> {
    let Ok(Path((word, hotline, file))) = path else {
        return Ok(fault::not_found(uri).await);
    };
    let Some(person) = file.strip_suffix(SUFFIX) else {
        return Ok(fault::not_found(uri).await);
    };
    answer(&web, uri, &word, Some(&hotline), Some(person), &headers).await
}

async fn answer(
    web: &WebState,
    uri: Uri,
    word: &str,
    hotline: Option<&str>,
    person: Option<&str>,
    headers: &HeaderMap,
) -> Result<Response, PageFault> {
    let links = FeedLinks::open(&web.store).await?;
    let asked = HotlineName(hotline.unwrap_or_default().to_owned());
    let is_opened = links.opens(word, &asked, person);
    // Looked for in either case, so that the time it takes tells nothing either.
    let found = web.hotlines.iter().find(|hotline| hotline.name == asked);
    let (true, Some(hotline)) = (is_opened, found) else {
        return Ok(fault::not_found(uri).await);
    };
    let Some(rota) = web.store.rota(&hotline.name).await? else {
        let words = "No rota has been read yet for this hotline. Look again in a minute.";
        return Err(Fault::new(StatusCode::SERVICE_UNAVAILABLE, "no-rota", words).into());
    };
    let (hotline, person, now) = (hotline.clone(), person.map(ToOwned::to_owned), web.clock.now());
    // A long calendar takes a while to write: not among the webhooks.
    let writing = tokio::task::spawn_blocking(move || text(&hotline, &rota, person.as_deref(), now));
    let text = writing.await.map_err(|fault| {
        tracing::error!(%fault, "writing a calendar came to no end");
        Fault::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            "The calendar could not be written. The log says more.",
        )
    })?;
    Ok(cached(text, headers))
}

/// Whoever is no longer in the rota has an empty calendar: a program would keep the old one if it found none.
fn text(hotline: &Hotline, rota: &Arc<CurrentRota>, person: Option<&str>, now: DateTime<Utc>) -> String {
    // The same all day long, so that what has not changed is not fetched again.
    let today = now.date_naive().and_time(NaiveTime::MIN).and_utc();
    Calendar {
        key: &hotline.name.0,
        title: &hotline.title,
        roster: &rota.roster,
        read_at: rota.read_at,
        whose: person.map_or(Whose::All, Whose::Person),
        window: Window {
            from: today - BACK,
            until: today + AHEAD,
        },
    }
    .text()
}

/// The calendar, or word that the program has it already.
fn cached(text: String, headers: &HeaderMap) -> Response {
    let hash = Sha256::digest(text.as_bytes());
    let mut tag = String::from("\"");
    for byte in &hash[..16] {
        let _ = write!(tag, "{byte:02x}");
    }
    tag.push('"');
    let has_it = headers
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|known| matches!(known.trim(), "*") || known.trim().trim_start_matches("W/") == tag);
    let mut response = if has_it {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        ([(header::CONTENT_TYPE, "text/calendar; charset=utf-8")], text).into_response()
    };
    let kept = HeaderValue::from_static("private, no-cache");
    response.headers_mut().insert(header::CACHE_CONTROL, kept);
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response
}
