//! Which rows of a table belong to the team of this hotline, where a column says so. It must not know people or times.

use crate::roster::cells::words::{fold, listed, quote, shown};
use crate::roster::conventions::Conventions;
use crate::roster::findings::{Findings, Words};
use crate::roster::layouts::Refusal;
use crate::roster::layouts::header::{Column, Field};
use crate::roster::layouts::table::Merged;
use crate::roster::{Code, Severity};
use providers::Tab;
use std::collections::BTreeMap;

/// Teams beyond this are not told apart.
const TEAMS_AT_MOST: usize = 2_000;

/// The rows that count.
#[derive(Default)]
pub(crate) struct Team {
    /// The column of teams and the folded names that are meant; nothing where every row counts.
    only: Option<(usize, String)>,
    merged: Merged,
    /// As written, for the words of the preview.
    pub(crate) name: Option<String>,
}

impl Team {
    /// The team that Settings names, or the only one there is.
    pub(crate) fn pick(tab: &Tab, header_row: usize, columns: &[Column], conventions: &Conventions) -> Result<Self, Refusal> {
        let Some(column) = columns.iter().find(|column| column.field == Some(Field::Team)) else {
            return Ok(Self::default());
        };
        let merged = Merged::of(tab);
        let mut teams: BTreeMap<String, String> = BTreeMap::new();
        for row in header_row + 1..tab.rows.len() {
            let cell = tab.cell(row, column.place);
            if teams.len() < TEAMS_AT_MOST && !cell.is_blank() {
                let text = shown(cell);
                teams.entry(fold(&text)).or_insert(text);
            }
        }
        teams.remove("");
        let Some(wanted) = &conventions.team else {
            return match teams.len() {
                0 | 1 => Ok(Self::default()),
                _ => Err(refusal(tab, header_row, column, &teams, None)),
            };
        };
        let stands = |name: &&String| format!(" {name} ").contains(&format!(" {wanted} "));
        let within: Vec<&String> = teams.keys().filter(stands).collect();
        let found = match (teams.contains_key(wanted), within.as_slice()) {
            (true, _) => wanted.clone(),
            (false, [one]) => (*one).clone(),
            (false, _) => return Err(refusal(tab, header_row, column, &teams, Some(wanted))),
        };
        Ok(Self {
            name: teams.remove(&found),
            only: Some((column.place, found)),
            merged,
        })
    }

    /// `, of the team "Lab" only`, for the preview.
    pub(crate) fn in_words(&self) -> String {
        let name = self.name.as_ref();
        name.map_or_else(String::new, |name| format!(", of the team {} only", quote(name.trim())))
    }

    /// Rows without a team count for none.
    pub(crate) fn report_unnamed(&self, tab: &Tab, header_row: usize, findings: &mut Findings) {
        let Some((place, _)) = &self.only else { return };
        let is_unnamed = |row: &usize| {
            let filled = tab.rows[*row].iter().filter(|cell| !cell.is_blank()).count();
            filled >= 2 && tab.cell(self.merged.row_of(*row, *place), *place).is_blank()
        };
        let words = || {
            Words::new(
                "A row names no team.",
                "Nobody of it is rung.",
                "Write the team into each row, or merge it over all of its rows.",
            )
        };
        let now = findings.now();
        for row in (header_row + 1..tab.rows.len()).filter(is_unnamed) {
            let cause = findings.cause(Code::TeamMissing, Severity::Warn, "row").say(words);
            cause.at(tab.address(row, *place)).affects(now);
        }
    }

    /// Whether a row is one of the team's.
    pub(crate) fn holds(&self, tab: &Tab, row: usize) -> bool {
        let Some((place, name)) = &self.only else { return true };
        fold(&shown(tab.cell(self.merged.row_of(row, *place), *place))) == *name
    }
}

fn refusal(tab: &Tab, header_row: usize, column: &Column, teams: &BTreeMap<String, String>, wanted: Option<&str>) -> Refusal {
    let names: Vec<String> = teams.values().map(|name| quote(name.trim())).collect();
    let all = listed(&names);
    let first = teams.values().next().map_or("", |name| name.trim());
    Refusal {
        cell: tab.address(header_row, column.place),
        seen: match wanted {
            None => format!(
                "{} holds several teams ({all}): which of them this hotline is for cannot be told",
                quote(&column.text)
            ),
            Some(wanted) => format!(
                "{} holds no team {} of its own: there are {all}",
                quote(&column.text),
                quote(wanted)
            ),
        },
        remedy: format!("Add to Settings: Team | {first} (the team of this hotline)."),
    }
}
