//! What is wrong with a sheet, in which cell, what that does to calls, and what to do.

use chrono::{DateTime, Utc};
use providers::CellAddress;

/// One finding. One cause is one finding, however many cells it touches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// The stable name of this kind of finding.
    pub code: Code,
    /// Where; never empty unless the finding is about something that is missing altogether.
    pub cells: Vec<CellAddress>,
    /// What we saw, with the cell quoted: `"J Smth" is not in Contacts (nearest: "J Smith", Contacts!A7).`
    pub seen: String,
    /// What happens to calls now, and from when.
    pub consequence: String,
    /// What the admin can do.
    pub remedy: String,
    /// When a call is first affected.
    pub affects: Option<DateTime<Utc>>,
}

/// How bad a finding is, worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Somebody is not reached because of it.
    Stop,
    /// Somebody may not be reached, or not the one the admin means.
    Warn,
    /// Good to know.
    Note,
}

/// Stable names of findings, as people search for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Code {
    /// A name in the rota is not among the contacts.
    NameUnknown,
}
