//! Whether a new version of a rota may replace the last good one. Pure.

use super::words;
use crate::roster::{Diagnostic, Roster};
use crate::store::CurrentRota;
use chrono::{DateTime, Utc};
use providers::Sheet;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Take,
    /// Not to be used, and why, in words for the admin.
    HoldBack(String),
}

/// A version without a single row that counts does not replace one that has some, nor does one whose rows are all past
/// replace one that goes on: somebody has emptied the sheet, renamed a tab, deleted too much or is in the middle of
/// something. Changes alone are no rota. The first version ever is taken even so, for its findings to be seen.
/// (A row that says `nobody` counts: who means it writes it.)
pub(super) fn judge(sheet: &Sheet, fresh: &Roster, findings: &[Diagnostic], last: Option<&CurrentRota>, now: DateTime<Utc>) -> Verdict {
    let Some(last) = last else { return Verdict::Take };
    match (fresh.ends(), last.roster.ends()) {
        (None, Some(_)) => Verdict::HoldBack(words::reads_as_empty(sheet, findings, last)),
        (Some(ends), Some(before)) if ends <= now && before > now => Verdict::HoldBack(words::has_ended(sheet, ends, last)),
        (Some(_), Some(_)) | (_, None) => Verdict::Take,
    }
}
