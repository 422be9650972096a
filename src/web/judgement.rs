//! Is a hotline well? One judgement for the page, for `/health` and for the pill at the top. Pure.

use super::masking::masked;
use super::times::span;
use crate::roster::{OnCall, Severity};
use crate::store::CurrentRota;
use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;

/// How far ahead a finding that stops somebody from being reached makes the hotline ail.
const SOON: TimeDelta = TimeDelta::hours(48);

/// The code of the reason that findings give.
pub(super) const STOPS_SOON: &str = "stop-findings";

/// How a hotline is, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Status {
    /// Calls are answered as the sheet says.
    Ok,
    /// Calls are answered; somebody should look before they are not.
    Degraded,
    /// A caller who dials now does not get what the hotline is for.
    Failing,
}

/// One reason for a status below ok.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Reason {
    /// How bad it is.
    pub(super) status: Status,
    /// The stable name of the reason.
    pub(super) code: &'static str,
    /// In words.
    pub(super) message: String,
}

/// A hotline's status with all reasons, the worst first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Judgement {
    pub(super) status: Status,
    pub(super) reasons: Vec<Reason>,
}

/// Judges a hotline by what is known of its rota.
pub(super) fn judge(rota: Option<&CurrentRota>, now: DateTime<Utc>, stale_after: TimeDelta) -> Judgement {
    let mut reasons = match rota {
        None => vec![Reason {
            status: Status::Failing,
            code: "no-rota",
            message: "No rota has been read yet.".to_owned(),
        }],
        Some(rota) => [
            nobody(rota, now),
            trouble(rota, now),
            held_back(rota, now),
            stale(rota, now, stale_after),
            stops_soon(rota, now),
        ]
        .into_iter()
        .flatten()
        .collect(),
    };
    reasons.sort_by_key(|reason| std::cmp::Reverse(reason.status));
    Judgement {
        status: reasons.first().map_or(Status::Ok, |worst| worst.status),
        reasons,
    }
}

fn nobody(rota: &CurrentRota, now: DateTime<Utc>) -> Option<Reason> {
    match rota.roster.on_call(now) {
        OnCall::Gap { .. } if rota.roster.is_outside_coverage(now) => None,
        OnCall::Gap { .. } => Some(Reason {
            status: Status::Failing,
            code: "nobody-on-call",
            message: "Nobody is on call now, and the rota does not say that this is meant.".to_owned(),
        }),
        OnCall::Duty(_) => None,
    }
}

fn trouble(rota: &CurrentRota, now: DateTime<Utc>) -> Option<Reason> {
    let trouble = rota.trouble.as_ref()?;
    Some(Reason {
        status: Status::Degraded,
        code: "rota-trouble",
        message: format!(
            "The last good copy of the rota has been in use for {}. {}",
            span(now - trouble.since),
            masked(&trouble.words)
        ),
    })
}

/// The sheet has nobody where somebody is still rung.
fn held_back(rota: &CurrentRota, now: DateTime<Utc>) -> Option<Reason> {
    let findings = rota.held_back(now);
    let first = findings.first()?;
    let more = match findings.len() - 1 {
        0 => String::new(),
        more => format!(
            " There {}.",
            if more == 1 {
                "is 1 more such span".to_owned()
            } else {
                format!("are {more} more such spans")
            }
        ),
    };
    Some(Reason {
        status: Status::Degraded,
        code: "held-back-span",
        message: masked(&format!("{} {}{more} {}", first.seen, first.consequence, first.remedy)),
    })
}

fn stale(rota: &CurrentRota, now: DateTime<Utc>, stale_after: TimeDelta) -> Option<Reason> {
    let age = now - rota.checked_at;
    (age > stale_after).then(|| Reason {
        status: Status::Degraded,
        code: "rota-stale",
        message: format!("The rota was last checked {} ago; the limit is {}.", span(age), span(stale_after)),
    })
}

/// A finding without a time may hit the very next call; one that is held back does not yet.
fn stops_soon(rota: &CurrentRota, now: DateTime<Utc>) -> Option<Reason> {
    let soon = rota
        .diagnostics
        .iter()
        .filter(|finding| finding.severity == Severity::Stop && finding.affects.is_none_or(|at| at <= now + SOON))
        .filter(|finding| !rota.is_held(finding, now))
        .count();
    (soon > 0).then(|| Reason {
        status: Status::Degraded,
        code: STOPS_SOON,
        message: match soon {
            1 => "One finding in the sheet stops somebody from being reached, now or within 48 hours.".to_owned(),
            _ => format!("{soon} findings in the sheet stop somebody from being reached, now or within 48 hours."),
        },
    })
}
