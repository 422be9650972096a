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

/// Headers that name where people work, which need not be a team, folded.
const PLACES: &[&str] = &["site", "location", "standort", "lugar", "ubicacion", "sede"];

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

    /// The same of people with their hours, who have a place to work as well: that is their team only where Settings name one
    /// that stands there. Nothing else tells that several places are there, so it is told here.
    pub(crate) fn pick_of_people(
        tab: &Tab,
        header_row: usize,
        columns: &[Column],
        conventions: &Conventions,
        findings: &mut Findings,
    ) -> Result<Self, Refusal> {
        let (places, others): (Vec<Column>, Vec<Column>) =
            columns.iter().cloned().partition(|column| PLACES.contains(&column.words.as_str()));
        let of_place = |place: &Column| Self::pick(tab, header_row, std::slice::from_ref(place), conventions);
        let chosen = places
            .iter()
            .filter_map(|place| of_place(place).ok())
            .find(|team| team.only.is_some());
        if let Some(team) = chosen {
            return Ok(team);
        }
        let team = Self::pick(tab, header_row, &others, conventions)?;
        if team.only.is_none() {
            // Where several stand there, none of them is picked.
            let several = places.iter().find(|place| of_place(place).is_err());
            several.into_iter().for_each(|place| report_place(tab, header_row, place, findings));
        }
        Ok(team)
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

fn report_place(tab: &Tab, header_row: usize, place: &Column, findings: &mut Findings) {
    let first = (header_row + 1..tab.rows.len())
        .map(|row| tab.cell(row, place.place))
        .find(|cell| !cell.is_blank());
    let words = Words::new(
        format!("{} is read as where people work, not as their team.", quote(&place.text)),
        "People of all its rows are rung.",
        format!(
            "If this hotline is for one of them, add to Settings: Team | {}.",
            first.map_or_else(String::new, shown).trim()
        ),
    );
    let cell = tab.address(header_row, place.place);
    findings.tell(Code::TeamMissing, Severity::Warn, Some(cell), words);
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
