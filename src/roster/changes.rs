//! The Changes tab: `From | Until | 1st | 2nd | … | Why`, laid over the rota position by position. A blank cell is no
//! change; `nobody` means it. It must not know the rota's layout.

use super::conventions::Conventions;
use super::findings::{Findings, Left, Miss, Words};
use super::swaps;
use super::timeline::{Change, Swap, Who};
use super::who::Reader;
use super::{Code, Severity};
use crate::roster::cells::dates::day_after;
use crate::roster::cells::words::{absent, quote, shown, shown_at};
use crate::roster::layouts::Known;
use crate::roster::layouts::dated_layout::{self, Dated};
use crate::roster::layouts::dated_rows::{self, Bad, DatedRow, Shape, instant, report_bad};
use crate::roster::layouts::header::{self, Field};
use crate::roster::layouts::rungs::{PeopleColumn, RowOfPeople, Span};
use crate::roster::layouts::table::Merged;
use crate::roster::layouts::teams::Team;
use chrono::{TimeDelta, Utc};
use providers::Tab;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Headers of columns whose cells say which place a row changes, folded.
const WHICH: &[&str] = &[
    "index",
    "slot",
    "position",
    "layer",
    "level",
    "tier",
    "role",
    "rank",
    "turn",
    "place",
    "shift index",
    "shift",
    "order",
    "rolle",
    "poste",
    "rol",
    "schicht",
    "turno",
];

/// What the tabs of changes come to.
#[derive(Default)]
pub(super) struct Changes {
    /// Position by position.
    pub(super) changes: Vec<Change>,
    /// Person by person.
    pub(super) swaps: Vec<Swap>,
}

/// Reads the tab; a row that cannot be used changes nothing, and says so.
pub(super) fn read(tab: &Tab, conventions: &Conventions, known: &Known, reader: &mut Reader<'_>, findings: &mut Findings) -> Changes {
    let Some(tab) = of_team(tab, conventions, findings) else {
        return Changes::default();
    };
    let tab = tab.as_ref();
    if let Some(found) = swaps::recognise(tab) {
        return Changes {
            changes: Vec::new(),
            swaps: swaps::read(tab, &found, conventions, known, reader, findings),
        };
    }
    Changes {
        changes: by_position(tab, conventions, known, reader, findings),
        swaps: Vec::new(),
    }
}

/// The tab without the rows of other teams. Several teams and no setting that says which one is meant is refused: a change
/// of another team would ring the wrong people.
pub(super) fn of_team<'t>(tab: &'t Tab, conventions: &Conventions, findings: &mut Findings) -> Option<Cow<'t, Tab>> {
    let found = header::find(tab, |columns| {
        let has = |wanted: Field| columns.iter().any(|column| column.field == Some(wanted));
        (has(Field::Team) && (has(Field::From) || has(Field::Day))).then(|| header::named(columns))
    });
    let Some((header_row, columns)) = found else {
        return Some(Cow::Borrowed(tab));
    };
    let place = columns.iter().find(|column| column.field == Some(Field::Team));
    let Some(place) = place.map(|column| column.place) else {
        return Some(Cow::Borrowed(tab));
    };
    let team = match (Team::pick(tab, header_row, &columns, conventions), &conventions.team) {
        (Ok(team), _) => Some(team),
        // No row is for this team.
        (Err(_), Some(_)) => None,
        (Err(refusal), None) => {
            refusal.report("No change of this tab is laid over the rota.", findings);
            return None;
        }
    };
    let mut own = tab.clone();
    for row in header_row + 1..own.rows.len() {
        // A row of no team is judged by whoever reads the rows.
        let is_unnamed = tab.cell(row, place).is_blank();
        if !is_unnamed && !team.as_ref().is_some_and(|team| team.holds(tab, row)) {
            own.rows[row].clear();
        }
    }
    Some(Cow::Owned(own))
}

fn by_position(tab: &Tab, conventions: &Conventions, known: &Known, reader: &mut Reader<'_>, findings: &mut Findings) -> Vec<Change> {
    // A tab without anything below its header is an empty form.
    if tab.rows.iter().filter(|cells| cells.iter().any(|cell| !cell.is_blank())).count() < 2 {
        return Vec::new();
    }
    let found = dated_layout::recognise(tab, conventions, reader.people);
    let (shape, columns) = match found {
        Ok(Dated::HandoverList { shape, columns, .. }) => (shape, columns),
        Ok(Dated::ShiftColumns { .. }) => return refuse(tab, "It has shift names where 1st, 2nd … are looked for", findings),
        Err(refusal) => return refuse(tab, &refusal.seen, findings),
    };
    if let Some(which) = which_place(tab, &shape, &columns) {
        return refuse_which(tab, &shape, &which, findings);
    }
    let merged = Merged::of(tab);
    let rows = dated_rows::read(&shape, conventions, known.order, &merged, findings);
    let scene = Scene {
        shape: &shape,
        columns: &columns,
        conventions,
        known,
        merged: &merged,
    };
    rows.rows
        .iter()
        .filter_map(|row| read_change(&scene, row, reader, findings))
        .collect()
}

fn refuse(tab: &Tab, seen: &str, findings: &mut Findings) -> Vec<Change> {
    let now = findings.now();
    let words = Words::new(
        format!("{seen}."),
        "No change is laid over the rota.",
        "Use the header row From | Until | 1st | 2nd | Why.",
    );
    findings
        .tell(Code::LayoutUnknown, Severity::Stop, Some(tab.address(0, 0)), words)
        .affects(now);
    Vec::new()
}

/// A column that says in its cells which place each row changes, beside one column of people: not read.
fn which_place(tab: &Tab, shape: &Shape<'_>, columns: &[PeopleColumn]) -> Option<header::Column> {
    let is_which = |column: &header::Column| {
        WHICH.contains(&column.words.as_str())
            && !columns.iter().any(|people| people.place == column.place)
            && (shape.header_row + 1..tab.rows.len()).any(|row| !tab.cell(row, column.place).is_blank())
    };
    header::columns(tab, shape.header_row).into_iter().find(is_which)
}

fn refuse_which(tab: &Tab, shape: &Shape<'_>, which: &header::Column, findings: &mut Findings) -> Vec<Change> {
    let now = findings.now();
    let words = Words::new(
        format!(
            "{} says which place or turn a row changes; that is read only from headers.",
            quote(&which.text)
        ),
        "No change of this tab is laid over the rota.",
        "Use the header row From | Until | 1st | 2nd | Why, and write each name below the place it takes.",
    );
    let cell = tab.address(shape.header_row, which.place);
    findings.tell(Code::LayoutUnknown, Severity::Stop, Some(cell), words).affects(now);
    Vec::new()
}

/// What the rows of a tab have in common.
struct Scene<'s> {
    shape: &'s Shape<'s>,
    columns: &'s [PeopleColumn],
    conventions: &'s Conventions,
    known: &'s Known,
    merged: &'s Merged,
}

fn read_change(scene: &Scene<'_>, row: &DatedRow, reader: &mut Reader<'_>, findings: &mut Findings) -> Option<Change> {
    let (shape, columns) = (scene.shape, scene.columns);
    let span = match span(shape, row, scene.conventions, scene.known, false, findings) {
        Ok(span) => span,
        Err(bad) => {
            report_lost(shape, row.row, bad, findings);
            return None;
        }
    };
    let filled = |column: &&(usize, PeopleColumn)| {
        let text = shown(shape.tab.cell(row.row, column.1.place));
        // `-` and the like leave the position as it is; TBA does not name anybody either, and is reported.
        absent(&text) != Some(crate::roster::cells::words::Absent::Blank)
    };
    let positioned: Vec<(usize, PeopleColumn)> = columns.iter().cloned().enumerate().collect();
    let filled: Vec<&(usize, PeopleColumn)> = positioned.iter().filter(filled).collect();
    if filled.is_empty() {
        let words = || {
            Words::new(
                "This change names nobody, and does not say nobody either.",
                "It has no effect: the rota holds.",
                "Enter who takes over, or nobody where that is meant, or delete the row.",
            )
        };
        let severity = if span.until > findings.now() {
            Severity::Stop
        } else {
            Severity::Note
        };
        let cause = findings
            .cause(Code::ChangeEmpty, severity, "")
            .say(words)
            .at(shape.tab.address(row.row, shape.from));
        if severity == Severity::Stop {
            cause.affects(span.from);
        }
        return None;
    }
    let people: Vec<PeopleColumn> = filled.iter().map(|(_, column)| column.clone()).collect();
    let cells = RowOfPeople {
        tab: shape.tab,
        row: row.row,
        columns: &people,
        merged: scene.merged,
        span,
        is_change: true,
    };
    let rungs = cells.read(reader, findings);
    // Somebody who cannot be rung does not take over: the rota holds at that position.
    let positions = filled.iter().map(|(place, column)| position(column, *place, scene.known));
    let rungs: BTreeMap<usize, _> = positions.zip(rungs).filter(|(_, rung)| rung.who != Who::Lost).collect();
    Some(Change {
        from: span.from,
        until: span.until,
        rungs,
    })
}

/// The position that a column of the changes stands for: that of the same header in the rota, or of the same level.
fn position(column: &PeopleColumn, place_in_order: usize, known: &Known) -> usize {
    let words = header::words(&column.label);
    if let Some(position) = known.levels.iter().position(|level| *level == words) {
        return position;
    }
    let field = header::field(&words);
    let same_level = known.levels.iter().position(|level| header::field(level) == field);
    match field {
        Some(Field::Level(level)) => same_level.unwrap_or(usize::from(level.max(1)) - 1),
        Some(Field::LastLevel) => same_level.unwrap_or(known.levels.len().max(place_in_order)),
        Some(_) | None => place_in_order,
    }
}

/// When a change holds. `of_one_day` says that a row without an end is meant for its day.
pub(super) fn span(
    shape: &Shape<'_>,
    row: &DatedRow,
    conventions: &Conventions,
    known: &Known,
    of_one_day: bool,
    findings: &mut Findings,
) -> Result<Span, Option<(usize, Bad)>> {
    let zone = &conventions.zone;
    let begins = row.begins.map_err(|bad| Some((shape.from, bad)))?;
    let from_cell = || shape.tab.address(row.row, shape.from);
    let from = instant(zone, begins.begins(known.handover), from_cell, findings);
    let until_place = shape.until.unwrap_or(shape.from);
    let until = match row.ends {
        Some(Ok(ends)) => instant(
            zone,
            ends.ends(known.handover),
            || shape.tab.address(row.row, until_place),
            findings,
        ),
        Some(Err(bad)) => return Err(Some((until_place, bad))),
        // A change of one day.
        None => {
            let words = || {
                Words::new(
                    "A change without an end.",
                    "It holds until the handover of the next day.",
                    "Enter the last day, or the time at which it ends, under Until.",
                )
            };
            let until = zone.to_utc(known.handover.on(day_after(begins.date))).instant;
            if of_one_day {
                return Ok(Span { from, until });
            }
            let severity = if until > findings.now() { Severity::Warn } else { Severity::Note };
            findings.cause(Code::UntilUnreadable, severity, "change").say(words).at(from_cell());
            until
        }
    };
    if until > from {
        return Ok(Span { from, until });
    }
    let words = Words::new(
        format!(
            "The end, {}, is before the beginning.",
            quote(&shown_at(shape.tab, row.row, until_place))
        ),
        "The row changes nothing; whoever the rota names is rung.",
        "Correct one of the two dates.",
    );
    let severity = if from > findings.now() { Severity::Stop } else { Severity::Warn };
    let cell = shape.tab.address(row.row, until_place);
    findings
        .tell(Code::UntilUnreadable, severity, Some(cell), words)
        .affects(until.min(from));
    Err(None)
}

/// The change does not count; when it would have is not known, so it may be now.
pub(super) fn report_lost(shape: &Shape<'_>, row: usize, bad: Option<(usize, Bad)>, findings: &mut Findings) {
    // What is wrong may have been said already.
    let Some((place, bad)) = bad else { return };
    let now: chrono::DateTime<Utc> = findings.now();
    let miss = Miss {
        severity: Severity::Stop,
        level: Arc::from(""),
        from: now,
        until: now + TimeDelta::days(1),
        left: Left::Unchanged,
    };
    report_bad(shape, row, place, bad, miss, findings);
}

/// Rows for the same position at the same time: the later row counts.
pub(super) fn report_overlaps(changes: &[Change], findings: &mut Findings) {
    let now = findings.now();
    let mut by_position: BTreeMap<usize, Vec<(usize, &Change)>> = BTreeMap::new();
    for (index, change) in changes.iter().enumerate().filter(|(_, change)| change.until > now) {
        for position in change.rungs.keys() {
            by_position.entry(*position).or_default().push((index, change));
        }
    }
    for (position, mut list) in by_position {
        list.sort_by_key(|(index, change)| (change.from, *index));
        let mut longest: Option<(usize, &Change)> = None;
        for (index, change) in list {
            if let Some((other, before)) = longest.filter(|(_, before)| before.until > change.from) {
                let later = if other > index { before } else { change };
                let words = || {
                    Words::new(
                        "This row and one above it are for the same position at the same time.",
                        "The lower row counts where both hold.",
                        "Delete one of them if that is not meant.",
                    )
                };
                let cause = findings.cause(Code::ChangesOverlap, Severity::Note, "").say(words);
                if let Some(rung) = later.rungs.get(&position) {
                    cause.at(rung.source.clone());
                }
            }
            if longest.is_none_or(|(_, before)| before.until < change.until) {
                longest = Some((index, change));
            }
        }
    }
}
