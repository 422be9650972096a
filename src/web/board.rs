//! What is known of a hotline at this moment: the same for the page, for programs and for monitors.

use super::judgement::{Judgement, judge};
use super::{Hotline, WebState};
use crate::roster::wall_clock::Zone;
use crate::roster::{Diagnostic, Responder, Severity};
use crate::store::{CurrentRota, StoreError, Trouble};
use chrono::{DateTime, Utc};
use serde::Serialize;
use std::sync::Arc;

/// One hotline as it stands.
#[derive(Clone, Debug)]
pub(super) struct Board {
    pub(super) hotline: Hotline,
    pub(super) rota: Option<Arc<CurrentRota>>,
    /// Also where there has never been a rota.
    pub(super) trouble: Option<Trouble>,
    /// The rota's zone; UTC as long as there is no rota.
    pub(super) zone: Zone,
    pub(super) judgement: Judgement,
    /// What is held back and what is wrong with the sheet, by when it first affects a call.
    pub(super) diagnostics: Vec<Diagnostic>,
    pub(super) now: DateTime<Utc>,
}

/// How many findings there are of each severity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub(super) struct Findings {
    pub(super) stop: usize,
    pub(super) warn: usize,
    pub(super) note: usize,
}

impl Board {
    pub(super) fn new(hotline: Hotline, rota: Option<Arc<CurrentRota>>, trouble: Option<Trouble>, now: DateTime<Utc>) -> Self {
        let zone = Zone::new(rota.as_ref().map_or(chrono_tz::UTC, |rota| rota.roster.time_zone));
        let judgement = judge(rota.as_deref(), now, hotline.stale_after);
        let diagnostics = rota.as_deref().map_or_else(Vec::new, |rota| diagnostics(rota, now));
        Self {
            hotline,
            rota,
            trouble,
            zone,
            judgement,
            diagnostics,
            now,
        }
    }

    /// Who rings when the plan is exhausted, as the switchboard decides it: the configuration's word before the sheet's.
    pub(super) fn last_resort(&self) -> Option<&Responder> {
        let in_sheet = self.rota.as_ref().and_then(|rota| rota.roster.last_resort.as_deref());
        self.hotline.last_resort.as_ref().or(in_sheet)
    }

    pub(super) fn findings(&self) -> Findings {
        let mut findings = Findings::default();
        for finding in &self.diagnostics {
            match finding.severity {
                Severity::Stop => findings.stop += 1,
                Severity::Warn => findings.warn += 1,
                Severity::Note => findings.note += 1,
            }
        }
        findings
    }
}

/// What is held back and what is wrong with the sheet, by when it first affects a call; that of the sheet has no consequence yet where it is held back.
fn diagnostics(rota: &CurrentRota, now: DateTime<Utc>) -> Vec<Diagnostic> {
    let of_the_sheet = rota.diagnostics.iter().cloned().map(|mut finding| {
        if is_held(rota, &finding, now) {
            finding.consequence = format!("Were it not held back: {}", finding.consequence);
        }
        finding
    });
    let mut all: Vec<Diagnostic> = rota.held_back(now).into_iter().chain(of_the_sheet).collect();
    all.sort_by(|a, b| a.order(b, now));
    all
}

/// Whether the calls that a finding affects first are still served as before.
pub(super) fn is_held(rota: &CurrentRota, finding: &Diagnostic, now: DateTime<Utc>) -> bool {
    let Some(affects) = finding.affects.map(|at| at.max(now)) else {
        return false;
    };
    rota.lasting(now).any(|span| span.duty.from <= affects && affects < span.duty.until)
}

impl WebState {
    pub(super) async fn board(&self, hotline: &Hotline) -> Result<Board, StoreError> {
        let rota = self.store.rota(&hotline.name).await?;
        let trouble = match &rota {
            Some(rota) => rota.trouble.clone(),
            None => self.store.trouble(&hotline.name).await?,
        };
        Ok(Board::new(hotline.clone(), rota, trouble, self.clock.now()))
    }

    pub(super) async fn boards(&self) -> Result<Vec<Board>, StoreError> {
        let mut boards = Vec::with_capacity(self.hotlines.len());
        for hotline in self.hotlines.iter() {
            boards.push(self.board(hotline).await?);
        }
        Ok(boards)
    }
}
