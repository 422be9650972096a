//! What is known of a hotline at this moment: the same for the page, for programs and for monitors.

use super::judgement::{Judgement, judge};
use super::presence::PersonWords;
use super::{Hotline, WebState};
use crate::access::Hotlines;
use crate::call::Away;
use crate::roster::wall_clock::Zone;
use crate::roster::{Diagnostic, Phone, Responder, Severity};
use crate::store::{CurrentRota, StoreError, Trouble, beside_one_another};
use chrono::{DateTime, Utc};
use serde::Serialize;
use std::collections::BTreeMap;
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
    /// Who is away now.
    pub(super) away: BTreeMap<Phone, Away>,
    /// What people are called in addresses.
    pub(super) words: PersonWords,
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
    /// `beside` is what other hotlines' rotas say of this one.
    pub(super) fn new(
        hotline: Hotline,
        rota: Option<Arc<CurrentRota>>,
        trouble: Option<Trouble>,
        beside: Vec<Diagnostic>,
        words: PersonWords,
        now: DateTime<Utc>,
    ) -> Self {
        let zone = Zone::new(rota.as_ref().map_or(chrono_tz::UTC, |rota| rota.roster.time_zone));
        let judgement = judge(rota.as_deref(), now, hotline.stale_after);
        let diagnostics = rota.as_deref().map_or_else(Vec::new, |rota| rota.findings(beside, now));
        Self {
            hotline,
            rota,
            trouble,
            zone,
            judgement,
            diagnostics,
            away: BTreeMap::new(),
            words,
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

impl WebState {
    /// A hotline as somebody sees it, for whom there are these and no others.
    pub(super) async fn board(&self, hotline: &Hotline, seen: &Hotlines) -> Result<Board, StoreError> {
        let rota = self.store.rota(&hotline.name).await?;
        let now = self.clock.now();
        let beside = match &rota {
            Some(rota) => self.beside(rota, seen, now).await,
            None => Vec::new(),
        };
        self.lay_out(hotline, rota, beside, now).await
    }

    /// All hotlines that there are for somebody.
    pub(super) async fn boards(&self, seen: &Hotlines) -> Result<Vec<Board>, StoreError> {
        let hotlines: Vec<&Hotline> = self.hotlines.iter().filter(|hotline| seen.have(&hotline.name)).collect();
        let mut rotas = Vec::with_capacity(hotlines.len());
        for hotline in &hotlines {
            rotas.push(self.store.rota(&hotline.name).await?);
        }
        let now = self.clock.now();
        let mut beside = beside_one_another(rotas.iter().flatten().map(AsRef::as_ref), now).into_iter();
        let mut boards = Vec::with_capacity(rotas.len());
        for (hotline, rota) in hotlines.into_iter().zip(rotas) {
            let beside = rota.as_ref().and_then(|_| beside.next()).unwrap_or_default();
            boards.push(self.lay_out(hotline, rota, beside, now).await?);
        }
        Ok(boards)
    }

    async fn lay_out(
        &self,
        hotline: &Hotline,
        rota: Option<Arc<CurrentRota>>,
        beside: Vec<Diagnostic>,
        now: DateTime<Utc>,
    ) -> Result<Board, StoreError> {
        let trouble = match &rota {
            Some(rota) => rota.trouble.clone(),
            None => self.store.trouble(&hotline.name).await?,
        };
        let away = self.store.away(&hotline.name, now).await?;
        let words = PersonWords::open(&self.store).await?;
        Ok(Board {
            away,
            ..Board::new(hotline.clone(), rota, trouble, beside, words, now)
        })
    }

    /// What the rotas of other hotlines say of this one: of those that are at hand, so that nobody waits for another's.
    async fn beside(&self, rota: &Arc<CurrentRota>, seen: &Hotlines, now: DateTime<Utc>) -> Vec<Diagnostic> {
        let mut rotas = vec![Arc::clone(rota)];
        for other in self
            .hotlines
            .iter()
            .filter(|other| other.name != rota.hotline && seen.have(&other.name))
        {
            rotas.extend(self.store.rota_at_hand(&other.name).await);
        }
        let told = beside_one_another(rotas.iter().map(AsRef::as_ref), now);
        told.into_iter().next().unwrap_or_default()
    }
}
