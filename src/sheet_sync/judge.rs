//! Whether a new version of a rota may replace the last good one, wholly or in part. Pure.

use super::words;
use crate::roster::{self, Diagnostic, Difference, HeldSpan, Roster, Settings};
use crate::store::{self, CurrentRota, Version};
use chrono::{DateTime, TimeDelta, Utc};
use providers::Sheet;

/// Somebody who was to be rung within so long from now is not lost to a new version without a word of the admin's.
const SOON: TimeDelta = TimeDelta::hours(48);
/// So many differences are told of one version.
const DIFFERENCES_TOLD: usize = 20;
/// Told in place of differences where there is nothing to compare with.
const FIRST_VERSION: &str = "The first version of the rota that was read";

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Take,
    /// To be used, but for these spans, in which the duties of the version before are held. Never empty.
    TakeBut(Vec<HeldSpan>),
    /// Not to be used, and why, in words for the admin.
    HoldBack(String),
}

/// A version without a single row that counts does not replace one that has some, nor does one whose rows are all past
/// replace one that goes on: somebody has emptied the sheet, renamed a tab, deleted too much or is in the middle of
/// something. Changes alone are no rota. The first version ever is taken even so, for its findings to be seen.
/// (A row that says `nobody` counts: who means it writes it.)
///
/// Any other version is taken. Where somebody is on call within the next [`SOON`] by the roster in use, and the new one
/// has nobody without saying `nobody`, the duty in use is held. What was held before is judged like the rest of the
/// roster in use, so that it lasts as long as it was to last, through any number of versions, and no longer.
pub(super) fn judge(sheet: &Sheet, fresh: &Roster, findings: &[Diagnostic], last: Option<&CurrentRota>, now: DateTime<Utc>) -> Verdict {
    let Some(last) = last else { return Verdict::Take };
    match (fresh.ends(), last.roster.ends()) {
        (None, Some(_)) => return Verdict::HoldBack(words::reads_as_empty(sheet, findings, last)),
        (Some(ends), Some(before)) if ends <= now && before > now => return Verdict::HoldBack(words::has_ended(sheet, ends, last)),
        (Some(_), Some(_)) | (_, None) => {}
    }
    let lost = last.roster.lost_with(fresh, now, now + SOON);
    if lost.is_empty() {
        return Verdict::Take;
    }
    let held_since = |from, until| {
        let before = last.held.iter().filter(|span| span.duty.from < until && from < span.duty.until);
        before.map(|span| span.since).min().unwrap_or(now)
    };
    let spans = lost.into_iter().map(|duty| HeldSpan {
        since: held_since(duty.from, duty.until),
        duty,
    });
    Verdict::TakeBut(spans.collect())
}

/// A judged version.
#[derive(Clone, Debug)]
pub(super) struct Judged {
    pub(super) verdict: Verdict,
    /// What is told of it.
    pub(super) version: Version,
    /// What it says by itself.
    pub(super) fresh: Roster,
    /// What is wrong with it.
    pub(super) findings: Vec<Diagnostic>,
    /// When it was read first: earlier than now where it is the version in use.
    pub(super) first_read: DateTime<Utc>,
}

/// Reads and judges a sheet. One that the operator has accepted is taken as it is.
pub(super) fn read(sheet: &Sheet, given: &Settings, last: Option<&CurrentRota>, is_accepted: bool, now: DateTime<Utc>) -> Judged {
    let in_use = last.filter(|last| last.revision == sheet.revision);
    let first_read = in_use.map_or(now, |last| last.read_at);
    let (fresh, findings) = roster::read_again(sheet, given, first_read, now);
    let judged = judge(sheet, &fresh, &findings, last, now);
    let (verdict, outcome) = match judged {
        Verdict::Take => (Verdict::Take, store::Verdict::Taken),
        Verdict::TakeBut(_) | Verdict::HoldBack(_) if is_accepted => (Verdict::Take, store::Verdict::Accepted),
        Verdict::TakeBut(spans) => (Verdict::TakeBut(spans), store::Verdict::TakenInPart),
        Verdict::HoldBack(why) => (Verdict::HoldBack(why), store::Verdict::HeldBack),
    };
    let told = |before: &Roster, after: &Roster| {
        let differences: Vec<Difference> = roster::differences(before, after, now, DateTime::<Utc>::MAX_UTC);
        roster::told(&differences, DIFFERENCES_TOLD)
    };
    let (differences, held_back) = match (&verdict, last) {
        (Verdict::Take, None) => (vec![FIRST_VERSION.to_owned()], Vec::new()),
        (Verdict::Take, Some(last)) => (told(&last.roster, &fresh), Vec::new()),
        (Verdict::TakeBut(spans), last) => {
            let holding = fresh.clone().holding(spans);
            let differences = last.map(|last| told(&last.roster, &holding));
            (differences.unwrap_or_default(), told(&holding, &fresh))
        }
        (Verdict::HoldBack(_), last) => (Vec::new(), last.map(|last| told(&last.roster, &fresh)).unwrap_or_default()),
    };
    Judged {
        verdict,
        version: Version {
            at: now,
            title: sheet.title.clone(),
            revision: sheet.revision.clone(),
            verdict: outcome,
            differences,
            held_back,
        },
        fresh,
        findings,
        first_read,
    }
}

/// What would become of a version, for somebody who asks before it is pulled.
#[derive(Clone, Debug)]
pub struct Preview {
    /// As the history would tell it.
    pub version: Version,
    /// Why it is held back as a whole, if it is.
    pub why: Option<String>,
    /// What is held back in part.
    pub held: Vec<Diagnostic>,
}

/// Judges a sheet as a pull would, beside the copy in use; keeps nothing.
#[must_use]
pub fn preview(sheet: &Sheet, given: &Settings, last: Option<&CurrentRota>, is_accepted: bool, now: DateTime<Utc>) -> Preview {
    let Judged {
        verdict, version, fresh, ..
    } = read(sheet, given, last, is_accepted, now);
    let (why, held) = match verdict {
        Verdict::Take => (None, Vec::new()),
        Verdict::TakeBut(spans) => (None, fresh.holding(&spans).held_back(&spans, now)),
        Verdict::HoldBack(why) => (Some(why), Vec::new()),
    };
    Preview { version, why, held }
}

#[cfg(test)]
mod tests;
