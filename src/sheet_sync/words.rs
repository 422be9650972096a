//! What the admin is told about a rota that cannot be refreshed: what was seen, what is used instead, what to do.

use super::Failure;
use crate::roster::{Diagnostic, wall_clock};
use crate::store::CurrentRota;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use providers::{Sheet, SourceError};

const RESTORE: &str = "Restore the rota, for example from its version history; if nobody is meant to be on call, write \"nobody\"; or use it as it is: `rotaline sync --accept`.";

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
        "\"{title}\" now reads as empty: in {tabs} and {cells} no row of the rota puts anybody on call. It was not taken. \
         {still}{finding} {RESTORE}",
        title = sheet.title,
        tabs = counted(sheet.tabs.len(), "tab"),
        cells = counted(filled.count(), "filled cell"),
        still = still_used(Some(last)),
    )
}

/// Its last row is past, while the copy in use goes on.
pub(super) fn has_ended(sheet: &Sheet, ended: DateTime<Utc>, last: &CurrentRota) -> String {
    format!(
        "\"{}\" has no row any more for the time from now on: its last row ended on {}. It was not taken. {} {RESTORE}",
        sheet.title,
        local(last.roster.time_zone, ended),
        still_used(Some(last)),
    )
}

pub(super) fn cannot_refresh(failure: &Failure, source: &str, last: Option<&CurrentRota>) -> String {
    let seen = seen(failure, source);
    let remedy = match failure {
        // Its words say what to do themselves.
        Failure::Source(SourceError::Malformed(why) | SourceError::Transient(why)) if why.contains(". ") => "",
        Failure::Source(fault) => fault.remedy(),
        Failure::NoAnswer(_) => "Look after it if this lasts for more than a few minutes.",
        Failure::Store(_) => "Look after the disk and the database of rotaline.",
    };
    let remedy = if remedy.is_empty() { String::new() } else { format!("{remedy} ") };
    format!("{seen} {} {remedy}It is tried again by itself.", still_used(last))
}

/// The same while calls ring by the fallback's copy.
pub(super) fn by_fallback(cannot_refresh: &str, fallback: &str) -> String {
    format!("{cannot_refresh} That copy is of the fallback, {fallback}; the first source takes over again by itself.")
}

/// The same where the fallback cannot be used either.
pub(super) fn no_fallback(cannot_refresh: &str, fallback: &str, why: &Failure) -> String {
    format!("{cannot_refresh} The fallback, {fallback}, cannot be used either: {why}.")
}

/// What happened, in one sentence, the source named once.
fn seen(failure: &Failure, source: &str) -> String {
    let once = |words: &str| {
        words
            .strip_prefix(source)
            .map_or_else(|| words.to_owned(), |rest| rest.trim_start_matches(':').trim().to_owned())
    };
    // A file is the rota; a spreadsheet has it.
    let place = if source.starts_with("the ") || source.starts_with("its ") {
        format!("in {source}")
    } else {
        source.to_owned()
    };
    let because = |what: &str, why: &str| {
        let why = once(why);
        if why.is_empty() {
            format!("The rota {place} {what}.")
        } else {
            format!("The rota {place} {what}: {why}.")
        }
    };
    match failure {
        Failure::Source(SourceError::NotFound(place)) => because("is not found", place),
        Failure::Source(SourceError::Malformed(why)) => because("cannot be read", why),
        Failure::Source(SourceError::Transient(why)) => because("cannot be read just now", why),
        Failure::Source(SourceError::Forbidden(why)) if why.starts_with(source) => format!("The rota {why}."),
        Failure::Source(SourceError::Forbidden(why)) => because("may not be read", why),
        Failure::Source(SourceError::Auth(_) | SourceError::Throttled { .. }) | Failure::NoAnswer(_) | Failure::Store(_) => {
            because("cannot be refreshed", &failure.to_string())
        }
    }
}

fn still_used(last: Option<&CurrentRota>) -> String {
    let Some(last) = last else {
        return "There is no rota to use: callers get the hotline's last resort, or are asked to leave a message.".into();
    };
    let zone = last.roster.time_zone;
    let copy = format!("Calls ring by the copy read on {} ({zone})", local(zone, last.read_at));
    match last.roster.duties().last() {
        Some(duty) if duty.until <= last.checked_at => format!("{copy}, which ended on {}.", local(zone, duty.until)),
        Some(duty) => format!("{copy}, which ends on {}.", local(zone, duty.until)),
        None => format!("{copy}, in which nobody is on call."),
    }
}

/// `Mon 2 Mar 2026 at 09:10`, as the admins' clocks show it.
pub(super) fn local(zone: Tz, at: DateTime<Utc>) -> String {
    wall_clock::to_local(zone, at).format("%a %-d %b %Y at %H:%M").to_string()
}

fn counted(number: usize, what: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {what}{plural}")
}
