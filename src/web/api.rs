//! The JSON interface for other programs. Instants are RFC 3339 with the offset of the rota's zone; phone numbers
//! are masked; a refusal is `{"error":{"code","message"}}`.

use super::board::{Board, Findings};
use super::fault::{ApiFault, Fault};
use super::masking::{masked, safe};
use super::page::{zone_of, zones};
use super::story::{Line, line};
use super::time_line::{bounds, time_line};
use super::times::rfc3339;
use super::visitor::Visitor;
use super::{Hotline, WebState};
use crate::call::{Away, ToldBy};
use crate::roster::wall_clock::Zone;
use crate::roster::{OnCall, Responder, Severity};
use crate::store::{CallSummary, CurrentRota, Verdict};
use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Extension, Path, Query, State};
use axum::http::StatusCode;
use chrono::{DateTime, Datelike, Utc};
use providers::CellAddress;
use serde::{Deserialize, Serialize};

const RECENT_CALLS: u32 = 100;
const RECENT_VERSIONS: u32 = 100;
/// No instant that anybody asks about is longer.
const LONGEST_INSTANT: usize = 64;

#[derive(Serialize)]
struct HotlineAnswer {
    name: String,
    title: String,
    numbers: Vec<String>,
    zone: Option<&'static str>,
    status: super::judgement::Status,
}

#[derive(Serialize)]
pub(super) struct OnCallAnswer {
    hotline: String,
    title: String,
    /// The instant that the answer is about.
    at: String,
    zone: &'static str,
    #[serde(flatten)]
    now: SpanAnswer,
    next: Option<SpanAnswer>,
    /// Who rings when nobody accepts, or nobody is on call.
    last_resort: Option<PersonAnswer>,
    rota: RotaAnswer,
}

/// An interval `[from, until)`.
#[derive(Serialize)]
struct SpanAnswer {
    state: &'static str,
    from: Option<String>,
    until: Option<String>,
    levels: Vec<LevelAnswer>,
    /// Since when these are kept although the sheet has nobody for this time.
    #[serde(skip_serializing_if = "Option::is_none")]
    held_since: Option<String>,
    /// The cell that says that nobody is meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    nobody_cell: Option<String>,
}

#[derive(Serialize)]
struct LevelAnswer {
    label: String,
    /// They ring together.
    responders: Vec<PersonAnswer>,
    /// The cell that says so.
    cell: String,
    is_change: bool,
}

#[derive(Serialize)]
struct PersonAnswer {
    name: String,
    phone: String,
    /// Rung after that one.
    #[serde(skip_serializing_if = "Option::is_none")]
    then: Option<String>,
    /// Why the hotline does not ring this person.
    #[serde(skip_serializing_if = "Option::is_none")]
    away: Option<AwayAnswer>,
    /// Until when, where that is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    away_until: Option<String>,
}

#[derive(Serialize)]
pub(super) struct AwayAnswer {
    since: String,
    until: Option<String>,
    /// `text`, `page` or `sheet`.
    by: &'static str,
    /// The cell of the sheet.
    #[serde(skip_serializing_if = "Option::is_none")]
    cell: Option<String>,
}

#[derive(Serialize)]
struct RotaAnswer {
    title: String,
    /// Where a browser shows the sheet.
    link: Option<String>,
    revision: String,
    read_at: String,
    /// How long ago that was, in seconds.
    age_seconds: i64,
    checked_at: String,
    /// How long ago the source last said that this is its newest version, in seconds.
    checked_age_seconds: i64,
    /// Duties of earlier versions, now or later, for time for which the sheet has nobody.
    held: Vec<SpanAnswer>,
    trouble: Option<TroubleAnswer>,
    diagnostics: Findings,
}

#[derive(Serialize)]
struct TroubleAnswer {
    since: String,
    message: String,
}

#[derive(Serialize)]
struct VersionAnswer {
    at: String,
    verdict: Verdict,
    title: String,
    revision: String,
    /// What it changed.
    differences: Vec<String>,
    /// What it would have changed, and was not let.
    held_back: Vec<String>,
}

#[derive(Serialize)]
struct DiagnosticAnswer {
    severity: &'static str,
    code: &'static str,
    cells: Vec<String>,
    /// Where a browser shows each of the cells.
    cell_links: Vec<Option<String>>,
    more_cells: usize,
    seen: String,
    consequence: String,
    remedy: String,
    affects: Option<String>,
}

#[derive(Serialize)]
struct CallAnswer {
    id: String,
    hotline: String,
    from: Option<String>,
    /// What is wrong, where nobody called and an alarm was raised.
    #[serde(skip_serializing_if = "Option::is_none")]
    alarm: Option<String>,
    arrived_at: String,
    ended_at: Option<String>,
    outcome: Option<&'static str>,
}

#[derive(Deserialize)]
pub(super) struct At {
    at: Option<String>,
}

/// `GET /api/v1/hotlines`.
pub(super) async fn hotlines(
    State(web): State<WebState>,
    Extension(visitor): Extension<Visitor>,
) -> Result<Json<serde_json::Value>, ApiFault> {
    let boards = web.boards(visitor.hotlines()).await?;
    let answers: Vec<HotlineAnswer> = boards
        .iter()
        .map(|board| HotlineAnswer {
            name: board.hotline.name.to_string(),
            title: masked(&board.hotline.title),
            numbers: board.hotline.numbers.iter().map(ToString::to_string).collect(),
            zone: board.rota.as_ref().map(|_| board.zone.name().name()),
            status: board.judgement.status,
        })
        .collect();
    Ok(Json(serde_json::json!({ "hotlines": answers })))
}

/// `GET /api/v1/hotlines/{name}/on-call?at=`.
pub(super) async fn on_call(
    State(web): State<WebState>,
    Extension(visitor): Extension<Visitor>,
    Path(name): Path<String>,
    query: Result<Query<At>, QueryRejection>,
) -> Result<Json<OnCallAnswer>, ApiFault> {
    let hotline = find(&web, &name)?;
    let Query(At { at }) = query.map_err(|rejection| Fault::bad("bad-query", rejection.body_text()))?;
    let at = at.as_deref().map(|at| instant("bad-at", "at", at)).transpose()?;
    let board = web.board(hotline, visitor.hotlines()).await?;
    let rota = rota(&board)?;
    Ok(Json(on_call_answer(&board, rota, at.unwrap_or(board.now))))
}

/// `GET /api/v1/hotlines/{name}/diagnostics`.
pub(super) async fn diagnostics(
    State(web): State<WebState>,
    Extension(visitor): Extension<Visitor>,
    Path(name): Path<String>,
) -> Result<Json<serde_json::Value>, ApiFault> {
    let board = web.board(find(&web, &name)?, visitor.hotlines()).await?;
    let rota = rota(&board)?;
    let findings: Vec<DiagnosticAnswer> = board
        .diagnostics
        .iter()
        .map(|finding| DiagnosticAnswer {
            severity: match finding.severity {
                Severity::Stop => "stop",
                Severity::Warn => "warn",
                Severity::Note => "note",
            },
            code: finding.code.as_str(),
            cells: finding.cells.iter().map(ToString::to_string).collect(),
            cell_links: finding.cells.iter().map(cell_link).collect(),
            more_cells: finding.more_cells,
            seen: masked(&finding.seen),
            consequence: masked(&finding.consequence),
            remedy: masked(&finding.remedy),
            affects: finding.affects.map(|at| rfc3339(&board.zone, at)),
        })
        .collect();
    Ok(Json(serde_json::json!({
        "hotline": board.hotline.name,
        "rota": rota_answer(&board, rota),
        "diagnostics": findings,
    })))
}

/// `GET /api/v1/hotlines/{name}/versions`: the last judged versions of the rota, newest first.
pub(super) async fn versions(
    State(web): State<WebState>,
    Extension(visitor): Extension<Visitor>,
    Path(name): Path<String>,
) -> Result<Json<serde_json::Value>, ApiFault> {
    let board = web.board(find(&web, &name)?, visitor.hotlines()).await?;
    let versions = web.store.versions(&board.hotline.name, RECENT_VERSIONS).await?;
    let told = |sentences: &[String]| sentences.iter().map(|sentence| masked(sentence)).collect();
    let answers: Vec<VersionAnswer> = versions
        .iter()
        .map(|version| VersionAnswer {
            at: rfc3339(&board.zone, version.at),
            verdict: version.verdict,
            title: masked(&version.title),
            revision: version.revision.0.clone(),
            differences: told(&version.differences),
            held_back: told(&version.held_back),
        })
        .collect();
    Ok(Json(serde_json::json!({ "hotline": board.hotline.name, "versions": answers })))
}

/// `GET /api/v1/calls`: the newest, newest first.
pub(super) async fn newest_calls(
    State(web): State<WebState>,
    Extension(visitor): Extension<Visitor>,
) -> Result<Json<serde_json::Value>, ApiFault> {
    let zones = zones(&web.boards(visitor.hotlines()).await?);
    let calls = web.recent_calls(visitor.hotlines(), RECENT_CALLS).await?;
    let answers: Vec<CallAnswer> = calls
        .iter()
        .map(|call| call_answer(call, &zone_of(&zones, &call.hotline)))
        .collect();
    Ok(Json(serde_json::json!({ "calls": answers })))
}

/// `GET /api/v1/calls/{id}`: one call with its story.
pub(super) async fn call(
    State(web): State<WebState>,
    Extension(visitor): Extension<Visitor>,
    Path(id): Path<String>,
) -> Result<Json<serde_json::Value>, ApiFault> {
    let (call, entries) = web.told(&visitor, &id).await?;
    let zone = zone_of(&zones(&web.boards(visitor.hotlines()).await?), &call.hotline);
    let story: Vec<Line> = entries.iter().map(|entry| line(entry, &zone)).collect();
    Ok(Json(serde_json::json!({ "call": call_answer(&call, &zone), "story": story })))
}

fn cell_link(cell: &CellAddress) -> Option<String> {
    safe(cell.link().as_deref()).map(str::to_owned)
}

pub(super) fn find<'w>(web: &'w WebState, name: &str) -> Result<&'w Hotline, Fault> {
    web.hotlines
        .iter()
        .find(|hotline| hotline.name.0 == name)
        .ok_or_else(unknown_hotline)
}

/// Of one that there is not, and of one that is not his who asks.
pub(super) fn unknown_hotline() -> Fault {
    Fault::missing("unknown-hotline", "There is no hotline of this name; /api/v1/hotlines lists them.")
}

pub(super) fn rota(board: &Board) -> Result<&CurrentRota, Fault> {
    board.rota.as_deref().ok_or_else(|| {
        Fault::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "no-rota",
            "No rota has been read yet for this hotline; /health says why.",
        )
    })
}

/// An instant that somebody writes; it must say its offset.
pub(super) fn instant(code: &'static str, name: &str, text: &str) -> Result<DateTime<Utc>, Fault> {
    let bad = || {
        let words = format!(
            "`{name}` is not an instant of RFC 3339 between the years 1970 and 2199, such as 2026-03-30T08:00:00Z or 2026-03-30T08:00:00%2B11:00."
        );
        Fault::bad(code, words)
    };
    if text.len() > LONGEST_INSTANT {
        return Err(bad());
    }
    let parsed = DateTime::parse_from_rfc3339(text).or_else(|error| {
        // In a query a bare plus sign reads as a blank; an instant ends in no other blank.
        let (front, offset) = text.rsplit_once(' ').ok_or(error)?;
        DateTime::parse_from_rfc3339(&format!("{front}+{offset}"))
    });
    let at = parsed.map_err(|_| bad())?.to_utc();
    if (1970..2200).contains(&at.year()) { Ok(at) } else { Err(bad()) }
}

fn on_call_answer(board: &Board, rota: &CurrentRota, at: DateTime<Utc>) -> OnCallAnswer {
    let mut spans = time_line(&rota.roster, at, 2)
        .into_iter()
        .map(|span| span_answer(board, rota, &span, at));
    let now = spans
        .next()
        .unwrap_or_else(|| span_answer(board, rota, &OnCall::Gap { from: None, until: None }, at));
    OnCallAnswer {
        hotline: board.hotline.name.to_string(),
        title: masked(&board.hotline.title),
        at: rfc3339(&board.zone, at),
        zone: board.zone.name().name(),
        now,
        next: spans.next(),
        last_resort: board.last_resort().map(|who| person_answer(board, who, at)),
        rota: rota_answer(board, rota),
    }
}

fn span_answer(board: &Board, rota: &CurrentRota, span: &OnCall<'_>, at: DateTime<Utc>) -> SpanAnswer {
    let zone = &board.zone;
    let (from, until) = bounds(span);
    let begins = from.map_or(at, |from| from.max(at));
    let (state, levels, nobody_cell) = match span {
        OnCall::Gap { .. } => ("gap", Vec::new(), None),
        OnCall::Duty(duty) if duty.levels.is_empty() => ("nobody_on_purpose", Vec::new(), duty.nobody.as_ref().map(ToString::to_string)),
        OnCall::Duty(duty) => {
            let levels = duty.levels.iter().map(|level| LevelAnswer {
                label: masked(&level.label),
                responders: level
                    .responders
                    .iter()
                    .map(|responder| person_answer(board, responder, begins))
                    .collect(),
                cell: level.source.to_string(),
                is_change: level.is_change,
            });
            ("covered", levels.collect(), None)
        }
    };
    let held_since = match span {
        OnCall::Duty(duty) => rota.held_since(duty),
        OnCall::Gap { .. } => None,
    };
    SpanAnswer {
        held_since: held_since.map(|at| rfc3339(zone, at)),
        state,
        from: from.map(|at| rfc3339(zone, at)),
        until: until.map(|at| rfc3339(zone, at)),
        levels,
        nobody_cell,
    }
}

/// `at`: from then on he would be rung.
fn person_answer(board: &Board, responder: &Responder, at: DateTime<Utc>) -> PersonAnswer {
    let lasts = |away: &&Away| away.until.is_none_or(|until| until > at);
    let away = responder.said(&board.away).filter(lasts);
    let away = away.map(|away| away_answer(board, away));
    PersonAnswer {
        name: masked(&responder.name),
        phone: responder.phone.to_string(),
        then: responder.then.as_ref().map(ToString::to_string),
        away_until: away.as_ref().and_then(|away| away.until.clone()),
        away,
    }
}

pub(super) fn away_answer(board: &Board, away: &Away) -> AwayAnswer {
    let (by, cell) = match &away.by {
        ToldBy::Text => ("text", None),
        ToldBy::Page => ("page", None),
        ToldBy::Sheet { cell } => ("sheet", Some(masked(cell))),
    };
    AwayAnswer {
        since: rfc3339(&board.zone, away.told_at),
        until: away.until.map(|until| rfc3339(&board.zone, until)),
        by,
        cell,
    }
}

fn rota_answer(board: &Board, rota: &CurrentRota) -> RotaAnswer {
    RotaAnswer {
        title: masked(&rota.title),
        link: safe(rota.link.as_deref()).map(str::to_owned),
        revision: rota.revision.0.clone(),
        read_at: rfc3339(&board.zone, rota.read_at),
        age_seconds: (board.now - rota.read_at).num_seconds(),
        checked_at: rfc3339(&board.zone, rota.checked_at),
        checked_age_seconds: (board.now - rota.checked_at).num_seconds(),
        held: rota
            .lasting(board.now)
            .map(|span| span_answer(board, rota, &OnCall::Duty(&span.duty), board.now))
            .collect(),
        trouble: rota.trouble.as_ref().map(|trouble| TroubleAnswer {
            since: rfc3339(&board.zone, trouble.since),
            message: masked(&trouble.words),
        }),
        diagnostics: board.findings(),
    }
}

fn call_answer(call: &CallSummary, zone: &Zone) -> CallAnswer {
    CallAnswer {
        id: call.id.to_string(),
        hotline: call.hotline.to_string(),
        from: call.from.as_ref().map(ToString::to_string),
        alarm: call.alarm.as_deref().map(masked),
        arrived_at: rfc3339(zone, call.arrived_at),
        ended_at: call.ended_at.map(|at| rfc3339(zone, at)),
        // Before the end it may still change.
        outcome: call.ended_at.and(call.outcome).map(crate::call::Outcome::as_str),
    }
}
