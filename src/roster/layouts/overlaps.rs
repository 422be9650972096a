//! Shifts that overlap or begin together: rung all the same, the later beginning first, and said so.

use crate::roster::findings::{Findings, Words, span};
use crate::roster::timeline::{LEVELS_AT_MOST, Shift};
use crate::roster::wall_clock::Zone;
use crate::roster::{Code, Severity};
use chrono::TimeDelta;
use providers::CellAddress;

/// An overlap up to this long is a handover on purpose.
const HANDOVER: TimeDelta = TimeDelta::minutes(60);

/// Reports rows of a list, sorted by when they begin, that are in force at the same time; `rows` are the cells of their
/// beginnings.
pub(crate) fn report(rows: &[CellAddress], shifts: &[Shift], findings: &mut Findings) {
    let now = findings.now();
    // The shift seen so far that lasts longest.
    let mut longest: Option<usize> = None;
    for (index, shift) in shifts.iter().enumerate() {
        if let Some(earlier) = longest {
            let other = &shifts[earlier];
            let overlap = other.until.min(shift.until) - shift.from;
            let cells = [rows[earlier].clone(), rows[index].clone()];
            if other.from == shift.from {
                let same = other
                    .rungs
                    .iter()
                    .map(|rung| &rung.who)
                    .eq(shift.rungs.iter().map(|rung| &rung.who));
                let severity = if same || shift.until <= now {
                    Severity::Note
                } else {
                    Severity::Warn
                };
                let words = || {
                    Words::new(
                        "Two rows begin at the same time.",
                        "The people of the upper row are rung first, then those of the lower one.",
                        "Keep one row, or put the second person into the next column.",
                    )
                };
                let cause = findings.cause(Code::FromTwice, severity, "").say(words);
                cells.into_iter().for_each(|cell| {
                    cause.at(cell);
                });
                if shift.until > now {
                    cause.affects(shift.from);
                }
            } else if overlap > HANDOVER && shift.until > now {
                let cause = findings.cause(Code::ShiftsOverlap, Severity::Warn, "");
                cause.say(|| {
                    Words::new(
                        "Two rows are in force at the same time.",
                        "The people of the row that begins later are rung first, then those of the other.",
                        "Give the first row an earlier end, or nothing if that is meant.",
                    )
                });
                cells.into_iter().for_each(|cell| {
                    cause.at(cell);
                });
                cause.affects(shift.from);
            }
        }
        if longest.is_none_or(|earlier| shift.until >= shifts[earlier].until) {
            longest = Some(index);
        }
    }
}

/// Reports the first time at which more levels are on call than are rung.
pub(crate) fn report_too_many(shifts: &[Shift], zone: &Zone, findings: &mut Findings) {
    let now = findings.now();
    let mut running: std::collections::BTreeMap<(chrono::DateTime<chrono::Utc>, usize), usize> = std::collections::BTreeMap::new();
    let mut order: Vec<usize> = (0..shifts.len()).collect();
    order.sort_by_key(|index| shifts[*index].from);
    let mut levels = 0;
    for index in order {
        let shift = &shifts[index];
        while let Some(first) = running.first_entry().filter(|first| first.key().0 <= shift.from) {
            levels -= first.remove();
        }
        running.insert((shift.until, index), shift.rungs.len());
        levels += shift.rungs.len();
        if levels > LEVELS_AT_MOST && shift.until > now {
            let words = Words::new(
                format!("{levels} levels are on call at once {}.", span(zone, shift.from, shift.until, now)),
                format!("Only the first {LEVELS_AT_MOST} are rung, those of the shift that began last first."),
                "Give rows an end, or put people into fewer levels.",
            );
            let cell = shift.rungs.first().map(|rung| rung.source.clone());
            findings.tell(Code::LevelsTooMany, Severity::Warn, cell, words).affects(shift.from);
            return;
        }
    }
}
