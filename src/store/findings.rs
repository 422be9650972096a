//! All that is wrong with the rotas in use: with each sheet, with what is held in it, with rotas beside one another.
//! The same for the page, for programs and for notices. Pure.

use super::CurrentRota;
use crate::roster::{Diagnostic, Roster, forecast};
use chrono::{DateTime, TimeDelta, Utc};

/// So far ahead rotas are compared with one another.
const SOON: TimeDelta = TimeDelta::days(14);

impl CurrentRota {
    /// What is held back, what is wrong with the sheet, and what `beside` says of it, by when it first affects a call;
    /// that of the sheet has no consequence yet where it is held back.
    #[must_use]
    pub fn findings(&self, beside: Vec<Diagnostic>, now: DateTime<Utc>) -> Vec<Diagnostic> {
        let of_the_sheet = self.diagnostics.iter().cloned().map(|mut finding| {
            if self.is_held(&finding, now) {
                finding.consequence = format!("Were it not held back: {}", finding.consequence);
            }
            finding
        });
        let mut all: Vec<Diagnostic> = self.held_back(now).into_iter().chain(of_the_sheet).chain(beside).collect();
        all.sort_by(|a, b| a.order(b, now));
        all
    }

    /// Whether the calls that a finding affects first are still served as before.
    #[must_use]
    pub fn is_held(&self, finding: &Diagnostic, now: DateTime<Utc>) -> bool {
        let Some(affects) = finding.affects.map(|at| at.max(now)) else {
            return false;
        };
        self.lasting(now).any(|span| span.duty.from <= affects && affects < span.duty.until)
    }
}

/// What is to be told of each of these rotas because of the others.
#[must_use]
pub fn beside_one_another<'r>(rotas: impl IntoIterator<Item = &'r CurrentRota>, now: DateTime<Utc>) -> Vec<Vec<Diagnostic>> {
    let named: Vec<(&str, &Roster)> = rotas
        .into_iter()
        .map(|rota| (rota.hotline.0.as_str(), rota.roster.as_ref()))
        .collect();
    forecast::double_booked(&named, now, now + SOON)
}
