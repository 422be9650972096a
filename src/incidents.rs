//! The door at which monitors and sensors raise alarms: `POST /api/v1/hotlines/{name}/incidents`.
//!
//! Nothing is read of whoever has not the hotline's token, and what he has not said clearly is refused with what is wrong.
//! It must not decide whom an alarm rings, nor whether it is new.

mod report;

use crate::call::{CallId, HotlineName, Incident};
use crate::config::IncidentToken;
use crate::switchboard::{Raised, Switchboard, SwitchboardError};
use axum::body::{Body, Bytes, HttpBody as _, to_bytes};
use axum::extract::{Path, Request, State};
use axum::http::header::{AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use chrono::TimeDelta;
use report::{Report, Said};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

/// A longer body is refused.
const LONGEST_BODY: usize = 256 * 1024;
/// How long a body may take to come.
const PATIENCE: Duration = Duration::from_secs(10);

/// Where alarms are raised for one hotline.
#[derive(Clone, Debug)]
pub struct Door {
    /// Who says this word may.
    pub token: IncidentToken,
    /// How many new ones within an hour.
    pub most_an_hour: u32,
}

struct House {
    doors: BTreeMap<HotlineName, Door>,
    switchboard: Switchboard,
}

/// Why nothing was done.
struct Refused {
    status: StatusCode,
    code: &'static str,
    message: String,
}

/// What became of one report.
enum Outcome {
    Raised(Raised),
    /// It is over now, or no such alarm was open.
    Resolved(Option<CallId>),
}

/// The doors of these hotlines.
pub fn router(doors: impl Iterator<Item = (HotlineName, Door)>, switchboard: Switchboard) -> Router {
    let doors = doors.collect();
    Router::new()
        .route("/api/v1/hotlines/{name}/incidents", post(take))
        .method_not_allowed_fallback(wrong_method)
        .layer(axum::middleware::map_response(guarded))
        .with_state(Arc::new(House { doors, switchboard }))
}

async fn take(State(house): State<Arc<House>>, Path(name): Path<String>, request: Request) -> Response {
    match taken(&house, HotlineName(name), request).await {
        Ok(answer) => answer,
        Err(refused) => refused.into_response(),
    }
}

async fn wrong_method() -> Response {
    let message = "Alarms are raised and ended by POST. Nobody was rung.";
    Refused::new(StatusCode::METHOD_NOT_ALLOWED, "wrong-method", message).into_response()
}

async fn taken(house: &House, hotline: HotlineName, request: Request) -> Result<Response, Refused> {
    let (parts, body) = request.into_parts();
    let said = said_token(&parts.headers);
    let opens = |door: &&Door| said.is_some_and(|said| door.token.is(said));
    let door = house.doors.get(&hotline).filter(opens).ok_or_else(wrong_token)?;
    if !is_json(&parts.headers) {
        return Err(Refused::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "not-json",
            "Send JSON, with \"Content-Type: application/json\". Nobody was rung.",
        ));
    }
    let body = whole(body).await?;
    let said = report::read(&body).map_err(|seen| {
        Refused::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "not-understood",
            format!("{seen}. Nobody was rung."),
        )
    })?;
    let mut outcomes = Vec::new();
    for report in said.reports() {
        outcomes.push((report.key.clone(), dealt_with(house, &hotline, door, report.clone()).await?));
    }
    Ok(answer(&said, &outcomes))
}

async fn whole(body: Body) -> Result<Bytes, Refused> {
    let too_long = || {
        let message = "The body is longer than 256 KiB, or did not come to its end. Nobody was rung: send fewer alarms at once.";
        Refused::new(StatusCode::PAYLOAD_TOO_LARGE, "too-long", message)
    };
    // What announces itself as too long is not waited for.
    if body.size_hint().lower() > LONGEST_BODY as u64 {
        return Err(too_long());
    }
    let slow = || {
        Refused::new(
            StatusCode::REQUEST_TIMEOUT,
            "too-slow",
            "The body did not come in time. Nobody was rung.",
        )
    };
    let read = tokio::time::timeout(PATIENCE, to_bytes(body, LONGEST_BODY))
        .await
        .map_err(|_| slow())?;
    read.map_err(|_| too_long())
}

async fn dealt_with(house: &House, hotline: &HotlineName, door: &Door, report: Report) -> Result<Outcome, Refused> {
    if report.resolved {
        return Ok(Outcome::Resolved(house.switchboard.resolve(hotline, report.key).await?));
    }
    let incident = Incident {
        key: report.key,
        title: report.title,
        details: report.details,
    };
    Ok(Outcome::Raised(
        house.switchboard.raise(hotline, incident, door.most_an_hour).await?,
    ))
}

/// What a client has to know of all reports together: whether it is to come back, whether anything new rings.
fn answer(said: &Said, outcomes: &[(String, Outcome)]) -> Response {
    let wait = outcomes.iter().filter_map(|(_, outcome)| outcome.wait()).max();
    let is_new = outcomes
        .iter()
        .any(|(_, outcome)| matches!(outcome, Outcome::Raised(Raised::New(_))));
    let status = match wait {
        Some(_) => StatusCode::TOO_MANY_REQUESTS,
        None if is_new => StatusCode::CREATED,
        None => StatusCode::OK,
    };
    let body = match (said, outcomes) {
        (Said::One(_), [(_, Outcome::Raised(Raised::TooMany { .. }))]) => json!({ "error": {
            "code": "too-many",
            "message": "The hotline has had as many new alarms within an hour as it takes. Nobody was rung for this one."
        } }),
        (Said::One(_), [(_, outcome)]) => json!({ "call": outcome.call() }),
        (Said::One(_) | Said::Many(_), _) => {
            let each = outcomes.iter().map(|(key, outcome)| outcome.told(key));
            json!({ "incidents": each.collect::<Vec<Value>>() })
        }
    };
    let mut response = (status, Json(body)).into_response();
    if let Some(wait) = wait {
        let seconds = wait.num_seconds().max(1);
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

impl Outcome {
    const fn call(&self) -> Option<CallId> {
        match self {
            Self::Raised(Raised::New(call) | Raised::Known(call)) => Some(*call),
            Self::Raised(Raised::TooMany { .. }) => None,
            Self::Resolved(call) => *call,
        }
    }

    const fn wait(&self) -> Option<TimeDelta> {
        match self {
            Self::Raised(Raised::TooMany { wait }) => Some(*wait),
            Self::Raised(Raised::New(_) | Raised::Known(_)) | Self::Resolved(_) => None,
        }
    }

    fn told(&self, key: &str) -> Value {
        let what = match self {
            Self::Raised(Raised::New(_)) => "new",
            Self::Raised(Raised::Known(_)) => "open",
            Self::Raised(Raised::TooMany { .. }) => "too_many",
            Self::Resolved(Some(_)) => "resolved",
            Self::Resolved(None) => "unknown",
        };
        json!({ "key": key, "call": self.call(), "is": what })
    }
}

fn said_token(headers: &HeaderMap) -> Option<&str> {
    let said = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = said.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// `application/json`, whatever parameters follow.
fn is_json(headers: &HeaderMap) -> bool {
    let said = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = said.split(';').next().unwrap_or_default().trim();
    kind.eq_ignore_ascii_case("application/json")
}

/// Also where there is no such hotline: whoever has no token does not learn which ones there are.
fn wrong_token() -> Refused {
    Refused::new(
        StatusCode::UNAUTHORIZED,
        "wrong-token",
        "Send \"Authorization: Bearer …\" with the token of this hotline, which its operator has; it takes alarms where incident_token_file \
         gives it one. Nobody was rung.",
    )
}

impl Refused {
    fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            status,
            code,
            message: message.into(),
        }
    }
}

impl From<SwitchboardError> for Refused {
    /// The store's own words are for the log. Whoever is answered so sends it again; what was taken in is not rung twice.
    fn from(error: SwitchboardError) -> Self {
        tracing::error!(%error, "an alarm could not be taken in");
        let message = "The alarm could not be taken in. Send it again in a moment. The log says why.";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "store-unavailable", message)
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let body = Json(json!({ "error": { "code": self.code, "message": self.message } }));
        let mut response = (self.status, body).into_response();
        if self.status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

/// Nothing that is answered here is a page, or to be kept.
async fn guarded(mut answer: Response) -> Response {
    let headers = answer.headers_mut();
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    answer
}
