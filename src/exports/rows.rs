//! A roster as rows, for tables and JSON: one for each level of a duty and each person on it, and one for each interval
//! with nobody.

use super::plain::plain;
use super::spans::{Span, Window, spans};
use crate::roster::wall_clock::Zone;
use crate::roster::{Duty, Level, Responder, Roster, masked};
use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;

/// One line of a table. Several lines with the same level and times ring together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DutyRow {
    /// The wall clock of the rota's zone, with its offset.
    pub from: String,
    /// As `from`; the first instant that no longer belongs to it.
    pub until: String,
    /// The same in UTC.
    pub from_utc: String,
    /// The same in UTC.
    pub until_utc: String,
    /// Whether anybody is on call.
    pub state: State,
    /// 1 rings first; none where nobody is on call.
    pub level: Option<usize>,
    /// As the sheet calls the level.
    pub label: Option<String>,
    /// Who.
    pub person: Option<String>,
    /// Where they are rung; masked unless asked for.
    pub number: Option<String>,
    /// The cell that says so.
    pub cell: Option<String>,
    /// Whether the cell is a change laid over the rota.
    pub is_change: bool,
}

/// Whether anybody is on call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Somebody is.
    OnCall,
    /// Nobody is, and the sheet says that this is meant.
    Nobody,
    /// Nobody is, and the sheet does not say that this is meant.
    Gap,
}

/// Whether telephone numbers are written in full. Where not, they are masked in names as well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Numbers {
    /// `+61…156`.
    Masked,
    /// `+61491570156`.
    InFull,
}

/// The rows of a window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rows {
    /// In the order of time, then of ringing.
    pub rows: Vec<DutyRow>,
    /// Whether there are more than were asked for.
    pub is_cut: bool,
}

impl Rows {
    /// The rows of a window, at most so many.
    #[must_use]
    pub fn of(roster: &Roster, window: Window, numbers: Numbers, most: usize) -> Self {
        let zone = Zone::new(roster.time_zone);
        let mut rows = Vec::new();
        for span in spans(roster, window) {
            match span {
                Span::Gap { from, until, .. } => rows.push(DutyRow::nobody(&zone, (from, until), State::Gap, None)),
                Span::Duty(duty) => push_duty(&mut rows, &zone, duty, numbers),
            }
            if rows.len() > most {
                rows.truncate(most);
                return Self { rows, is_cut: true };
            }
        }
        Self { rows, is_cut: false }
    }
}

fn push_duty(rows: &mut Vec<DutyRow>, zone: &Zone, duty: &Duty, numbers: Numbers) {
    if duty.levels.is_empty() {
        let cell = duty.nobody.as_ref().map(ToString::to_string);
        rows.push(DutyRow::nobody(zone, (duty.from, duty.until), State::Nobody, cell));
    }
    for (place, level) in (1..).zip(&duty.levels) {
        for responder in level.responders.iter() {
            rows.push(DutyRow::somebody(zone, duty, (place, level), responder, numbers));
        }
    }
}

impl DutyRow {
    fn nobody(zone: &Zone, (from, until): (DateTime<Utc>, DateTime<Utc>), state: State, cell: Option<String>) -> Self {
        Self {
            from: local(zone, from),
            until: local(zone, until),
            from_utc: utc(from),
            until_utc: utc(until),
            state,
            level: None,
            label: None,
            person: None,
            number: None,
            cell: cell.map(|cell| plain(&cell)),
            is_change: false,
        }
    }

    fn somebody(zone: &Zone, duty: &Duty, (place, level): (usize, &Level), responder: &Responder, numbers: Numbers) -> Self {
        let shown = |text: &str| match numbers {
            Numbers::Masked => plain(&masked(text)),
            Numbers::InFull => plain(text),
        };
        Self {
            state: State::OnCall,
            level: Some(place),
            label: Some(shown(&level.label)),
            person: Some(shown(&responder.name)),
            number: Some(match numbers {
                Numbers::Masked => responder.phone.to_string(),
                Numbers::InFull => responder.phone.in_full(),
            }),
            is_change: level.is_change,
            ..Self::nobody(zone, (duty.from, duty.until), State::OnCall, Some(level.source.to_string()))
        }
    }
}

fn local(zone: &Zone, at: DateTime<Utc>) -> String {
    zone.shown(at).to_rfc3339_opts(SecondsFormat::Secs, false)
}

fn utc(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}
