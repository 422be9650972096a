//! Whether a new version of a rota may replace the last good one. Pure.

use super::words;
use crate::roster::{Diagnostic, Roster};
use crate::store::CurrentRota;
use providers::Sheet;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Take,
    /// Not to be used, and why, in words for the admin.
    HoldBack(String),
}

/// A version without a single duty does not replace one that has some: somebody has emptied the sheet, renamed
/// a tab or is in the middle of something. The first version ever is taken even so, for its findings to be seen.
/// (A row that says `nobody` is a duty: who means it writes it.)
pub(super) fn judge(sheet: &Sheet, fresh: &Roster, findings: &[Diagnostic], last: Option<&CurrentRota>) -> Verdict {
    match last {
        Some(last) if fresh.duties().is_empty() && !last.roster.duties().is_empty() => {
            Verdict::HoldBack(words::reads_as_empty(sheet, findings, last))
        }
        Some(_) | None => Verdict::Take,
    }
}
