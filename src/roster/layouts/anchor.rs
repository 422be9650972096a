//! The day from which a cycle of weeks, or the turns of a rotation, are counted. It is certain or it is refused: a year
//! that is chosen today would be another one next year. It must not know layouts.

use crate::roster::cells::dates::{self, Day};
use crate::roster::cells::times::Clock;
use crate::roster::cells::words::{fold, quote, shown};
use crate::roster::conventions::Conventions;
use crate::roster::findings::{Findings, Words};
use crate::roster::layouts::date_column::{Open, proved_order, settle};
use crate::roster::{Code, Severity};
use chrono::NaiveDate;
use providers::{Cell, CellAddress, Tab};

/// A day, and perhaps a time of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Anchor {
    pub(crate) date: NaiveDate,
    pub(crate) time: Option<Clock>,
}

/// Reads the anchor; `missing` is said where there is none, `remedy` where it cannot be used.
pub(crate) fn read(
    written: Option<&(String, Option<CellAddress>)>,
    conventions: &Conventions,
    missing: impl FnOnce() -> (CellAddress, Words),
    remedy: &str,
    findings: &mut Findings,
) -> Option<Anchor> {
    let now = findings.now();
    let Some((text, cell)) = written else {
        let (cell, words) = missing();
        findings
            .tell(Code::CycleAnchorMissing, Severity::Stop, Some(cell), words)
            .affects(now);
        return None;
    };
    match parse(text, conventions, now) {
        Ok(anchor) => Some(anchor),
        Err((code, why)) => {
            let words = Words::new(format!("{} {why}.", quote(text)), "Nobody is on call by this tab.", remedy);
            findings.tell(code, Severity::Stop, cell.clone(), words).affects(now);
            None
        }
    }
}

/// Words before the anchor, where it stands in the rota's own tab above the table.
const KEYS: &[&str] = &[
    "cycle starts",
    "cycle start",
    "cycle begins",
    "rotation starts",
    "rotation start",
    "rotation begins",
    "week 1 starts",
    "week 1 began",
    "week 1 begins",
    "first turn starts",
];

/// Whether a row is such a line: `Cycle starts | Sun 4 Jan 2026`.
pub(crate) fn is_key_row(cells: &[Cell]) -> bool {
    let first = cells.iter().find(|cell| !cell.is_blank());
    first.is_some_and(|cell| KEYS.contains(&fold(&shown(cell)).as_str()))
}

/// The anchor that the settings give, else that of a line above the table.
pub(crate) fn written(tab: &Tab, header_row: usize, conventions: &Conventions) -> Option<(String, Option<CellAddress>)> {
    conventions.anchor.clone().or_else(|| {
        let rows = tab.rows.iter().enumerate().take(header_row);
        let (row, cells) = rows.into_iter().find(|(_, cells)| is_key_row(cells))?;
        let mut filled = cells.iter().enumerate().filter(|(_, cell)| !cell.is_blank());
        let (place, cell) = filled.nth(1)?;
        Some((shown(cell), Some(tab.address(row, place))))
    })
}

fn parse(text: &str, conventions: &Conventions, now: chrono::DateTime<chrono::Utc>) -> Result<Anchor, (Code, String)> {
    let written = dates::read(&Cell::Text(text.to_owned())).map_err(|why| (Code::CycleAnchorMissing, why.words().0.to_owned()))?;
    let has_year = match written.day {
        Day::Full(_) => true,
        Day::Pair { year, .. } => year.is_some(),
        Day::NoYear { .. } => false,
    };
    if !has_year && conventions.year.is_none() {
        return Err((Code::CycleAnchorMissing, "has no year".to_owned()));
    }
    let today = conventions.zone.to_local(now).date();
    let order = conventions.date_order.or_else(|| proved_order([[written].as_slice()]));
    let settled = settle(&[written], order, conventions.year, today).into_iter().next();
    match settled {
        Some(Ok(found)) if found.weekday_differs => {
            let why = format!("is a {}, and the weekday beside it is another one", found.date.format("%A"));
            Err((Code::CycleAnchorMissing, why))
        }
        Some(Ok(found)) => Ok(Anchor {
            date: found.date,
            time: written.time,
        }),
        Some(Err(Open::Ambiguous { day_first, month_first })) => {
            let why = format!("can be {} or {}", day_first.format("%-d %B %Y"), month_first.format("%-d %B %Y"));
            Err((Code::DateAmbiguous, why))
        }
        Some(Err(Open::NoSuchDate)) | None => Err((Code::DateUnreadable, "is a date that does not exist".to_owned())),
    }
}
