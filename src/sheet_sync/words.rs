//! What the admin is told about a rota that cannot be refreshed: what was seen, what is used instead, what to do.

use super::Failure;
use crate::roster::{Diagnostic, wall_clock};
use crate::store::CurrentRota;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use providers::{Sheet, SourceError};

pub(super) fn reads_as_empty(sheet: &Sheet, findings: &[Diagnostic], last: &CurrentRota) -> String {
    let filled = sheet
        .tabs
        .iter()
        .flat_map(|tab| tab.rows.iter().flatten())
        .filter(|cell| !cell.is_blank());
    let finding = findings
        .iter()
        .min_by_key(|finding| finding.severity)
        .map_or_else(String::new, |finding| {
            let place = finding.cells.first().map_or_else(String::new, |cell| format!("{cell}: "));
            format!(" First finding: {place}{}", finding.seen)
        });
    format!(
        "\"{title}\" now reads as empty: not one duty in {tabs} and {cells}. It was not taken; {still}.{finding} \
         Restore the rota, for example from its version history; if nobody is meant to be on call, write \"nobody\".",
        title = sheet.title,
        tabs = counted(sheet.tabs.len(), "tab"),
        cells = counted(filled.count(), "filled cell"),
        still = still_used(Some(last)),
    )
}

pub(super) fn cannot_refresh(failure: &Failure, source: &str, last: Option<&CurrentRota>) -> String {
    let remedy = match failure {
        Failure::Source(SourceError::Auth(_)) => "Check the credentials.",
        Failure::Source(SourceError::Forbidden(_)) => "Give rotaline permission to read it.",
        Failure::Source(SourceError::NotFound(_)) => "Put it back, or correct the place in the configuration.",
        Failure::Source(SourceError::Malformed(_)) => "Correct or restore it.",
        Failure::Source(SourceError::Throttled { .. } | SourceError::Transient(_)) | Failure::NoAnswer(_) => {
            "It is tried again by itself; look after it if this lasts."
        }
        Failure::Store(_) => "Look after the disk and the database of rotaline.",
    };
    format!(
        "The rota {source} cannot be refreshed: {failure}. {remedy} Until then {}.",
        still_used(last)
    )
}

fn still_used(last: Option<&CurrentRota>) -> String {
    let Some(last) = last else {
        return "there is no rota to use, and only the last resort can ring".into();
    };
    let zone = last.roster.time_zone;
    let copy = format!("the copy read on {} ({zone}) is still used", local(zone, last.read_at));
    match last.roster.duties().last() {
        Some(duty) => format!("{copy}; it ends on {}", local(zone, duty.until)),
        None => format!("{copy}; it has no duties"),
    }
}

/// `Mon 2 Mar 2026 at 09:10`, as the admins' clocks show it.
fn local(zone: Tz, at: DateTime<Utc>) -> String {
    wall_clock::to_local(zone, at).format("%a %-d %b %Y at %H:%M").to_string()
}

fn counted(number: usize, what: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {what}{plural}")
}
