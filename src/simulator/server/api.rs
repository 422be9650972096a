//! REST on a socket: who asks, in which form, and how the network's answer travels.

use super::Shared;
use crate::simulator::rest::{Lost, RestAnswer};
use axum::body::{Body, Bytes};
use axum::extract::{DefaultBodyLimit, State};
use axum::http::header::{ACCEPT_RANGES, AUTHORIZATION, CONTENT_RANGE, CONTENT_TYPE, RANGE};
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse as _, Response};
use axum::{Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use secrecy::ExposeSecret as _;
use serde_json::json;
use std::io;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use url::form_urlencoded;

/// The largest request that is read, in bytes.
const LONGEST_REQUEST: usize = 64 * 1024;

/// Serves until `stop`.
pub(super) async fn serve(listener: TcpListener, shared: Arc<Shared>, stop: CancellationToken) {
    let router = Router::new()
        .fallback(handle)
        .layer(DefaultBodyLimit::max(LONGEST_REQUEST))
        .with_state(shared);
    let served = axum::serve(listener, router).with_graceful_shutdown(stop.cancelled_owned()).await;
    if let Err(error) = served {
        tracing::error!(%error, "the simulated network's socket broke");
    }
}

async fn handle(State(shared): State<Arc<Shared>>, method: Method, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    if !is_authentic(&shared, &headers) {
        return refused(StatusCode::UNAUTHORIZED, 20003, "Authenticate");
    }
    if method == Method::POST && !is_form(&headers) {
        return refused(StatusCode::UNSUPPORTED_MEDIA_TYPE, 20415, "Unsupported Media Type");
    }
    if method == Method::GET && uri.path().ends_with(".mp3") {
        return sound(&shared, uri.path(), &headers);
    }
    let form: Vec<(String, String)> = form_urlencoded::parse(&body).into_owned().collect();
    let path = uri.path_and_query().map_or(uri.path(), |both| both.as_str());
    let answer = shared.network().rest(shared.tempo.now(), method.as_str(), path, &form);
    shared.changed.notify_one();
    match answer {
        Ok(answer) => respond(answer),
        Err(Lost) => broken(),
    }
}

fn is_authentic(shared: &Shared, headers: &HeaderMap) -> bool {
    let credentials = format!("{}:{}", shared.account_sid, shared.auth_token.expose_secret());
    let expected = format!("Basic {}", BASE64.encode(credentials));
    headers
        .get(AUTHORIZATION)
        .is_some_and(|given| given.as_bytes() == expected.as_bytes())
}

fn is_form(headers: &HeaderMap) -> bool {
    let header = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    header.split(';').next().unwrap_or_default().trim() == "application/x-www-form-urlencoded"
}

fn respond(answer: RestAnswer) -> Response {
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    if answer.body.is_null() {
        return status.into_response();
    }
    (status, Json(answer.body)).into_response()
}

/// As much of a recording as is asked for.
fn sound(shared: &Shared, path: &str, headers: &HeaderMap) -> Response {
    let Some(bytes) = shared.network().sound(path) else {
        return refused(StatusCode::NOT_FOUND, 20404, "The requested resource was not found");
    };
    let all = bytes.len();
    let wanted = headers
        .get(RANGE)
        .and_then(|value| value.to_str().ok()?.strip_prefix("bytes=")?.split_once('-'));
    let Some((first, last)) = wanted else {
        return ([(CONTENT_TYPE, "audio/mpeg"), (ACCEPT_RANGES, "bytes")], bytes).into_response();
    };
    let first: usize = first.parse().unwrap_or(0);
    let last: usize = last.parse().unwrap_or(usize::MAX).min(all.saturating_sub(1));
    match bytes.get(first..=last) {
        Some(part) => {
            let place = format!("bytes {first}-{last}/{all}");
            (
                StatusCode::PARTIAL_CONTENT,
                [(CONTENT_TYPE, "audio/mpeg".to_owned()), (CONTENT_RANGE, place)],
                part.to_vec(),
            )
                .into_response()
        }
        None => (StatusCode::RANGE_NOT_SATISFIABLE, [(CONTENT_RANGE, format!("bytes */{all}"))]).into_response(),
    }
}

fn refused(status: StatusCode, code: u32, message: &str) -> Response {
    let more_info = format!("https://www.twilio.com/docs/errors/{code}");
    (
        status,
        Json(json!({ "code": code, "message": message, "more_info": more_info, "status": status.as_u16() })),
    )
        .into_response()
}

/// The connection breaks in the middle of the answer.
fn broken() -> Response {
    let breaks = futures_util::stream::iter([Err::<Bytes, io::Error>(io::Error::other("lost on purpose"))]);
    Response::new(Body::from_stream(breaks))
}
