//! Held spans: time for which the duty of an earlier version is kept although the version in use names nobody.
//! Pure arithmetic over two time lines, and the words for it. It must not know where versions come from.

use super::findings::{fallback, moment, span};
use super::wall_clock::Zone;
use super::{Code, Diagnostic, Duty, OnCall, Roster, Severity};
use crate::roster::cells::words::{listed, quote};
use chrono::{DateTime, Utc};
use providers::CellAddress;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// More findings of held spans than these are only counted.
const FINDINGS_AT_MOST: usize = 50;
/// A finding names this many cells and counts the rest.
const CELLS_AT_MOST: usize = 20;

/// A duty of an earlier version, kept for as long as it lasts because the version in use names nobody for that time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldSpan {
    /// Since when it is kept.
    pub since: DateTime<Utc>,
    /// What is kept; it has people. Its cells are those of the version that it comes from.
    pub duty: Duty,
}

/// Time for which a row of the rota puts nobody on call without saying that this is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Vacancy {
    pub(super) from: DateTime<Utc>,
    pub(super) until: DateTime<Utc>,
    /// The first cell of the row that could name somebody.
    pub(super) cell: CellAddress,
}

impl Roster {
    /// The pieces of this roster's duties that have people, lie in `[from, until)`, and for which `after` has nobody
    /// without saying `nobody`: what would be lost if `after` took this roster's place.
    #[must_use]
    pub fn lost_with(&self, after: &Self, from: DateTime<Utc>, until: DateTime<Utc>) -> Vec<Duty> {
        let first = self.duties.partition_point(|duty| duty.until <= from);
        let soon = self.duties.iter().skip(first).take_while(|duty| duty.from < until);
        soon.filter(|duty| !duty.levels.is_empty())
            .flat_map(|duty| {
                after
                    .gaps(duty.from.max(from), duty.until.min(until))
                    .into_iter()
                    .map(|gap| piece(duty, gap))
            })
            .collect()
    }

    /// The same roster with these duties in its coverage gaps. What it has itself, and what it says itself of `nobody`,
    /// stays as it is; so does the end of the rota. People are rung by the number that this roster knows of them.
    #[must_use]
    pub fn holding(mut self, held: &[HeldSpan]) -> Self {
        for span in held {
            let pieces = self.gaps(span.duty.from, span.duty.until).into_iter();
            let pieces: Vec<Duty> = pieces.map(|gap| self.renumbered(piece(&span.duty, gap))).collect();
            for piece in pieces {
                let place = self.duties.partition_point(|duty| duty.from < piece.from);
                self.duties.insert(place, piece);
            }
        }
        self
    }

    /// Who has another number by now is rung there. Whoever is no longer known, or not the only one of that name, keeps the old one.
    fn renumbered(&self, mut duty: Duty) -> Duty {
        for responder in duty.levels.iter_mut().flat_map(|level| Arc::make_mut(&mut level.responders)) {
            let mut namesakes = self.contacts.iter().filter(|contact| contact.name == responder.name);
            if let (Some(known), None) = (namesakes.next(), namesakes.next()) {
                *responder = Arc::clone(known);
            }
        }
        duty
    }

    /// What each held span that is not over at `now` means, as findings for the admin. `self` is the roster that holds them.
    #[must_use]
    pub fn held_back(&self, held: &[HeldSpan], now: DateTime<Utc>) -> Vec<Diagnostic> {
        let zone = Zone::new(self.time_zone);
        let lasting: Vec<&HeldSpan> = held.iter().filter(|span| span.duty.until > now).collect();
        // Where one held duty follows another at once, it is one stretch of time without anybody.
        let stretches: Vec<&[&HeldSpan]> = lasting.chunk_by(|one, next| one.duty.until == next.duty.from).collect();
        let mut findings: Vec<Diagnostic> = stretches
            .iter()
            .take(FINDINGS_AT_MOST)
            .map(|spans| self.finding(spans, now, &zone))
            .collect();
        let more = stretches.len() - findings.len();
        if more > 0 {
            findings.push(Diagnostic {
                severity: Severity::Stop,
                code: Code::HeldBackSpan,
                cells: Vec::new(),
                more_cells: 0,
                seen: format!("And {more} more stretches of time in which the sheet now has nobody."),
                consequence: "Calls still ring whom the version before named for them.".to_owned(),
                remedy: REMEDY.to_owned(),
                affects: stretches
                    .get(FINDINGS_AT_MOST)
                    .and_then(|spans| spans.first())
                    .map(|span| span.duty.from),
            });
        }
        findings
    }

    fn finding(&self, spans: &[&HeldSpan], now: DateTime<Utc>, zone: &Zone) -> Diagnostic {
        let from = spans.iter().map(|span| span.duty.from).min().unwrap_or(now);
        let until = spans.iter().map(|span| span.duty.until).max().unwrap_or(now);
        let since = spans.iter().map(|span| span.since).min().unwrap_or(now);
        let mut cells: Vec<CellAddress> = self
            .vacancies
            .iter()
            .filter(|row| row.from < until && from < row.until)
            .map(|row| row.cell.clone())
            .collect();
        let is_there = !cells.is_empty();
        if !is_there {
            cells = spans
                .iter()
                .flat_map(|span| &span.duty.levels)
                .map(|level| level.source.clone())
                .collect();
        }
        cells.sort();
        cells.dedup();
        let more_cells = cells.len().saturating_sub(CELLS_AT_MOST);
        cells.truncate(CELLS_AT_MOST);
        let mut people: Vec<String> = Vec::new();
        for responder in spans
            .iter()
            .flat_map(|span| &span.duty.levels)
            .flat_map(|level| level.responders.iter())
        {
            let name = quote(&responder.name);
            if !people.contains(&name) {
                people.push(name);
            }
        }
        let people = listed(&people);
        let span = span(zone, from, until, now);
        let seen = if is_there {
            format!("The sheet has nobody on call any more {span}, and does not say that this is meant.")
        } else {
            format!("The sheet has no row any more that puts anybody on call {span}; before, the row was here.")
        };
        let afterwards = match self.on_call(until) {
            OnCall::Duty(_) => String::new(),
            OnCall::Gap { .. } => format!(" From {} on nobody is on call; {}.", moment(zone, until, now), self.fallback()),
        };
        Diagnostic {
            severity: Severity::Stop,
            code: Code::HeldBackSpan,
            cells,
            more_cells,
            seen,
            consequence: format!(
                "Calls ring {people} all the same, as the version before said, until {} (held since {}).{afterwards}",
                moment(zone, until, now),
                moment(zone, since, now),
            ),
            remedy: REMEDY.to_owned(),
            affects: Some(from),
        }
    }

    fn fallback(&self) -> String {
        fallback(self.last_resort.as_ref().map(|responder| responder.name.as_str()))
    }

    /// Where within `[from, until)` nobody is on call and nothing says that this is meant.
    fn gaps(&self, from: DateTime<Utc>, until: DateTime<Utc>) -> Vec<(DateTime<Utc>, DateTime<Utc>)> {
        let mut gaps = Vec::new();
        let mut reached = from;
        let first = self.duties.partition_point(|duty| duty.until <= from);
        for duty in self.duties.iter().skip(first).take_while(|duty| duty.from < until) {
            if duty.from > reached {
                gaps.push((reached, duty.from));
            }
            reached = duty.until;
        }
        if reached < until {
            gaps.push((reached, until));
        }
        gaps
    }
}

const REMEDY: &str = "Enter a name. If nobody is meant, write nobody there, or run `rotaline sync --accept`.";

/// The duty, cut to this time.
fn piece(duty: &Duty, (from, until): (DateTime<Utc>, DateTime<Utc>)) -> Duty {
    Duty {
        from,
        until,
        ..duty.clone()
    }
}

#[cfg(test)]
mod tests;
