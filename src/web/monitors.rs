//! What uptime monitors ask. Cheap: the store's pulse and what is at hand, nothing is read anew.

use super::WebState;
use super::board::Board;
use super::judgement::{Reason, Status};
use super::masking::masked;
use super::visitor::Visitor;
use crate::access::Hotlines;
use crate::roster::{OnCall, wall_clock};
use crate::store::StoreError;
use axum::Json;
use axum::extract::{Extension, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;

/// So long before its end a certificate ails.
const SOON: TimeDelta = TimeDelta::days(14);

#[derive(Serialize)]
struct Health {
    status: Status,
    version: &'static str,
    started_at: String,
    tzdb: wall_clock::TzdbVersions,
    store: StoreHealth,
    #[serde(skip_serializing_if = "Option::is_none")]
    certificate: Option<CertificateHealth>,
    hotlines: Vec<HotlineHealth>,
}

/// What is everybody's.
#[derive(Serialize)]
struct PublicHealth {
    status: Status,
    store: StoreHealth,
    /// Which anybody who connects is told by it.
    #[serde(skip_serializing_if = "Option::is_none")]
    certificate: Option<CertificateHealth>,
    hotlines: Counts,
}

/// How many hotlines are how.
#[derive(Serialize)]
struct Counts {
    ok: usize,
    degraded: usize,
    failing: usize,
}

/// How the certificate stands with which we encrypt ourselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CertificateState {
    /// From then on nobody believes it.
    pub ends: DateTime<Utc>,
    /// Whether it is the one in its files; else that one cannot be used.
    pub is_replaced: bool,
}

#[derive(Serialize)]
struct CertificateHealth {
    status: Status,
    ends: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<&'static str>,
}

impl CertificateHealth {
    fn new(state: CertificateState, now: DateTime<Utc>) -> Self {
        let (status, message) = match state {
            CertificateState { ends, .. } if ends <= now => (Status::Failing, Some("The certificate has ended.")),
            CertificateState { is_replaced: false, .. } => (
                Status::Degraded,
                Some("The new certificate cannot be used; the one before is. The log says why."),
            ),
            CertificateState { ends, .. } if ends - now < SOON => (Status::Degraded, Some("The certificate ends soon.")),
            CertificateState { .. } => (Status::Ok, None),
        };
        Self {
            status,
            ends: state.ends.to_rfc3339_opts(chrono::SecondsFormat::Secs, true),
            message,
        }
    }
}

#[derive(Serialize)]
struct StoreHealth {
    ok: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<&'static str>,
}

#[derive(Serialize)]
struct HotlineHealth {
    name: String,
    status: Status,
    reasons: Vec<Reason>,
    rota_age_seconds: Option<i64>,
    rota_checked_age_seconds: Option<i64>,
    rota_revision: Option<String>,
    rota_trouble: Option<String>,
    /// Duties of earlier versions that are still rung because the sheet has nobody for their time.
    held_spans: usize,
    /// How many people are on call now, over all levels.
    on_call_now: usize,
    /// Nobody is, and that is not meant; time outside the setting `Coverage` is.
    gap: bool,
    stop_findings: usize,
}

/// `GET /live`: the process serves.
pub(super) async fn live() -> &'static str {
    "live\n"
}

/// `GET /ready`: calls can be answered. Which hotline cannot be, only somebody is told who may see it.
pub(super) async fn ready(State(web): State<WebState>, visitor: Option<Extension<Visitor>>) -> Response {
    let seen = visitor.map(|Extension(visitor)| visitor.hotlines().clone());
    let mut reasons = Vec::new();
    match pulse(&web, &Hotlines::All).await {
        Err(message) => reasons.push(message.to_owned()),
        Ok(boards) => {
            for Board { hotline, .. } in boards.iter().filter(|board| board.rota.is_none()) {
                let is_seen = seen.as_ref().is_some_and(|seen| seen.have(&hotline.name));
                let name = if is_seen {
                    format!("hotline {}", hotline.name)
                } else {
                    "a hotline".to_owned()
                };
                reasons.push(format!("{name}: no rota has been read yet"));
            }
        }
    }
    let status = if reasons.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    (status, Json(serde_json::json!({ "ready": reasons.is_empty(), "reasons": reasons }))).into_response()
}

/// `GET /health`: how everything is; in detail for somebody who is signed in or says a token, else in words for a status and
/// in counts. 503 only where a caller who dials now meets the fault.
pub(super) async fn health(State(web): State<WebState>, visitor: Option<Extension<Visitor>>) -> Response {
    let seen = visitor.as_ref().map_or(&Hotlines::All, |Extension(visitor)| visitor.hotlines());
    let (store, boards) = match pulse(&web, seen).await {
        Ok(boards) => (StoreHealth { ok: true, message: None }, boards),
        Err(message) => {
            let store = StoreHealth {
                ok: false,
                message: Some(message),
            };
            (store, Vec::new())
        }
    };
    let worst = boards.iter().map(|board| board.judgement.status).max().unwrap_or(Status::Ok);
    let certificate = web.certificate.as_ref();
    let certificate = certificate.map(|state| CertificateHealth::new(*state.borrow(), web.clock.now()));
    let worst = certificate.as_ref().map_or(worst, |certificate| worst.max(certificate.status));
    let status = if store.ok { worst } else { Status::Failing };
    let code = match status {
        Status::Ok | Status::Degraded => StatusCode::OK,
        Status::Failing => StatusCode::SERVICE_UNAVAILABLE,
    };
    if visitor.is_none() {
        let count = |status| boards.iter().filter(|board| board.judgement.status == status).count();
        let health = PublicHealth {
            status,
            store,
            certificate,
            hotlines: Counts {
                ok: count(Status::Ok),
                degraded: count(Status::Degraded),
                failing: count(Status::Failing),
            },
        };
        return (code, Json(health)).into_response();
    }
    let health = Health {
        status,
        version: env!("CARGO_PKG_VERSION"),
        started_at: web.started_at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true),
        tzdb: wall_clock::tzdb_versions(),
        store,
        certificate,
        hotlines: boards.iter().map(hotline_health).collect(),
    };
    (code, Json(health)).into_response()
}

/// The boards, if the store is well.
async fn pulse(web: &WebState, seen: &Hotlines) -> Result<Vec<Board>, &'static str> {
    let asked: Result<_, StoreError> = async {
        web.store.healthy().await?;
        web.boards(seen).await
    }
    .await;
    asked.map_err(|error| {
        tracing::error!(%error, "the store is not well");
        "The store does not answer as it should. The log says why."
    })
}

fn hotline_health(board: &Board) -> HotlineHealth {
    let rota = board.rota.as_deref();
    let on_call = rota.map(|rota| rota.roster.on_call(board.now));
    let (on_call_now, gap) = match on_call {
        Some(OnCall::Duty(duty)) => (duty.levels.iter().map(|level| level.responders.len()).sum(), false),
        Some(OnCall::Gap { .. }) => (0, rota.is_some_and(|rota| !rota.roster.is_outside_coverage(board.now))),
        None => (0, false),
    };
    HotlineHealth {
        name: board.hotline.name.to_string(),
        status: board.judgement.status,
        reasons: board.judgement.reasons.clone(),
        rota_age_seconds: rota.map(|rota| (board.now - rota.read_at).num_seconds()),
        rota_checked_age_seconds: rota.map(|rota| (board.now - rota.checked_at).num_seconds()),
        rota_revision: rota.map(|rota| rota.revision.0.clone()),
        rota_trouble: board.trouble.as_ref().map(|trouble| masked(&trouble.words)),
        held_spans: rota.map_or(0, |rota| rota.lasting(board.now).count()),
        on_call_now,
        gap,
        stop_findings: board.findings().stop,
    }
}
