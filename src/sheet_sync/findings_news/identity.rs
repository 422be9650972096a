//! When two findings are the same one, although cells move and words count days. Pure.

use crate::roster::{Code, Diagnostic};
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::BTreeMap;

/// What is to come is another finding when it is this near.
const STEPS: [i64; 2] = [2, 7];

/// Gives each finding its identity: its code and what is seen. Its cells do not count: they move with each row that is
/// added above. Of several that look the same, each is one.
pub(super) fn identified(findings: Vec<Diagnostic>, as_of: DateTime<Utc>) -> Vec<(String, Diagnostic)> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let name = |finding: Diagnostic| {
        let what = format!("{} {}", finding.code, lasting(&finding, as_of));
        let number = seen.entry(what.clone()).or_default();
        *number += 1;
        let name = match *number {
            1 => what,
            number => format!("{what} #{number}"),
        };
        (name, finding)
    };
    findings.into_iter().map(name).collect()
}

/// Whether this is the identity of a finding with this code.
pub(super) fn is_of(name: &str, code: Code) -> bool {
    name.split(' ').next() == Some(code.as_str())
}

/// What does not change while the finding lasts. `as_of` is when the rota was read: severities are of then, too.
fn lasting(finding: &Diagnostic, as_of: DateTime<Utc>) -> String {
    let seen = finding.seen.as_str();
    let before = |mark: &str| seen.split_once(mark).map_or(seen, |(before, _)| before).to_owned();
    let first_cell = || finding.cells.first().map_or_else(String::new, ToString::to_string);
    let is = |codes: &[Code]| codes.contains(&finding.code);
    if is(&[Code::RotaEnds, Code::CoverageGap]) {
        // Their words count days, or begin now.
        return match finding.affects.filter(|at| *at > as_of) {
            Some(at) => format!("{} {}", at.to_rfc3339(), step(at - as_of)),
            None => format!("{} now", first_cell()),
        };
    }
    if is(&[Code::RotaEnded]) {
        return first_cell();
    }
    // Of these the first stretches pass by, and others come: who it is lasts, or until when.
    if is(&[Code::LeaveConflict, Code::TwoHotlines]) {
        return match finding.cells.is_empty() {
            true => String::new(),
            false => before(": "),
        };
    }
    if is(&[Code::HeldBackSpan]) {
        return seen.split_once(" to ").map_or(seen, |(_, until)| until).to_owned();
    }
    seen.to_owned()
}

/// How near it is: within two days, within a week, or further away.
fn step(left: TimeDelta) -> String {
    let step = STEPS.iter().find(|days| left <= TimeDelta::days(**days));
    step.map_or_else(|| "soon".to_owned(), |days| format!("within {days} days"))
}
