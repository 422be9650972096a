//! Who is away: leave, holidays, absences. Without somebody who takes over they are no instruction to ring others, only
//! conflicts to be told. It must not know the rota's layout.

use super::changes;
use super::conventions::Conventions;
use super::findings::{Findings, Words, moment, plural};
use super::swaps::{Columns, Scene};
use super::timeline::Swap;
use super::wall_clock::Zone;
use super::who::{Reader, Trouble};
use super::{Absence, Code, Duty, Severity};
use crate::roster::cells::words::{Absent, absent, fold, quote, shown, shown_at};
use crate::roster::layouts::Known;
use crate::roster::layouts::dated_rows::{self, Bad, DatedRow};
use crate::roster::layouts::header::{self, Column, Field};
use crate::roster::layouts::table::Merged;
use chrono::{DateTime, Utc};
use providers::Tab;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Conflicts of one person that are told one by one.
const CONFLICTS_TOLD: usize = 3;

/// What a tab of leave says.
#[derive(Default)]
pub(super) struct Leave {
    pub(super) absences: Vec<Absence>,
    pub(super) swaps: Vec<Swap>,
}

/// Whether a tab says who is away and when: a column of people beside one of dates, and no levels nor shifts.
pub(super) fn fits(tab: &Tab) -> bool {
    find(tab).is_some()
}

fn find(tab: &Tab) -> Option<(usize, Columns)> {
    let is_rota = |column: &Column| matches!(column.field, Some(Field::Level(_) | Field::LastLevel | Field::Shift));
    let of = |found: &[Column]| {
        let columns = Columns::of(found)?;
        let others = found.iter().filter(|column| Some(column.place) != columns.into);
        (!others.into_iter().any(is_rota)).then_some(columns)
    };
    let (row, found) = header::find(tab, |found| of(found).map(|_| header::named(found)))?;
    of(&found).map(|columns| (row, columns))
}

/// Reads a tab of leave; a row that names who takes over is a change.
pub(super) fn read(tab: &Tab, conventions: &Conventions, known: &Known, reader: &mut Reader<'_>, findings: &mut Findings) -> Leave {
    let mut leave = Leave::default();
    let own = match conventions.team {
        Some(_) => changes::of_team(tab, conventions, findings),
        None => Some(Cow::Borrowed(tab)),
    };
    let Some(tab) = own.as_deref() else { return leave };
    let Some((header_row, columns)) = find(tab) else { return leave };
    let shape = columns.shape(tab, header_row);
    let rows = dated_rows::read(&shape, conventions, known.order, &Merged::of(tab), findings);
    let scene = Scene {
        shape: &shape,
        columns: &columns,
        conventions,
        known,
    };
    for row in &rows.rows {
        let text = columns.into.map(|place| shown(tab.cell(row.row, place)));
        if text.is_some_and(|text| absent(&text) != Some(Absent::Blank)) {
            leave.swaps.extend(scene.swap(row, reader, findings));
        }
        leave.absences.extend(absence(&scene, row, reader, findings));
    }
    leave
}

fn absence(scene: &Scene<'_>, row: &DatedRow, reader: &mut Reader<'_>, findings: &mut Findings) -> Option<Absence> {
    let (tab, place) = (scene.shape.tab, scene.columns.out);
    let text = shown(tab.cell(row.row, place));
    if absent(&text).is_some() {
        return None;
    }
    let span = match changes::span(scene.shape, row, scene.conventions, scene.known, true, findings) {
        Ok(span) => span,
        Err(bad) => {
            if let Some((place, bad)) = bad {
                report_date(scene, row, place, bad, findings);
            }
            return None;
        }
    };
    let reading = reader.read(tab.cell(row.row, place), None, findings);
    let name = match (reading.people.as_slice(), reading.troubles.as_slice()) {
        ([one], _) => one.name.clone(),
        ([], [Trouble::ContactWithoutPhone { contact }]) => reader.people.list.get(*contact)?.name.clone(),
        ([], [Trouble::Unknown { nearest, .. }]) if reader.people.have_a_number() => {
            let near = nearest.and_then(|index| reader.people.list.get(index));
            let hint = near.map(|contact| format!(" (nearest: {}, {})", quote(&contact.name), contact.name_cell));
            report_name(scene, row, &hint.unwrap_or_default(), findings);
            return None;
        }
        // Names are all that there is.
        ([], [Trouble::Unknown { name, .. }]) => name.clone(),
        _ => {
            report_name(scene, row, "", findings);
            return None;
        }
    };
    Some(Absence {
        name,
        from: span.from,
        until: span.until,
        source: tab.address(row.row, place),
    })
}

fn report_name(scene: &Scene<'_>, row: &DatedRow, hint: &str, findings: &mut Findings) {
    let tab = scene.shape.tab;
    let text = shown_at(tab, row.row, scene.columns.out);
    let words = || {
        Words::new(
            format!("{} is not one of the contacts{hint}.", quote(&text)),
            "It is not known whether this leave falls on a duty; nobody is rung otherwise because of it.",
            "Fix the spelling, or add the name to the contacts.",
        )
    };
    let key = format!("leave {}", fold(&text));
    let cause = findings.cause(Code::NameUnknown, Severity::Warn, &key).say(words);
    cause.at(tab.address(row.row, scene.columns.out));
}

fn report_date(scene: &Scene<'_>, row: &DatedRow, place: usize, bad: Bad, findings: &mut Findings) {
    let tab = scene.shape.tab;
    let text = quote(&shown_at(tab, row.row, place));
    let (code, seen) = match bad {
        Bad::Unreadable(_) => (Code::DateUnreadable, format!("{text} cannot be read as the date of a leave.")),
        Bad::Open(_) => (
            Code::DateAmbiguous,
            format!("{text} can be read with the day or with the month first."),
        ),
    };
    let words = Words::new(
        seen,
        "It is not known whether this leave falls on a duty; nobody is rung otherwise because of it.",
        "Write the date as 24 Feb 2026.",
    );
    findings.tell(code, Severity::Warn, Some(tab.address(row.row, place)), words);
}

/// Somebody's leave that falls on a duty.
struct Conflict {
    from: DateTime<Utc>,
    until: DateTime<Utc>,
    duty: providers::CellAddress,
    leave: providers::CellAddress,
}

/// Tells of everybody who is on leave and on call, one finding for each.
pub(super) fn report_conflicts(absences: &[Absence], duties: &[Duty], zone: &Zone, findings: &mut Findings) {
    let now = findings.now();
    let mut away: BTreeMap<String, Vec<&Absence>> = BTreeMap::new();
    for absence in absences.iter().filter(|absence| absence.until > now) {
        away.entry(fold(&absence.name)).or_default().push(absence);
    }
    if away.is_empty() {
        return;
    }
    for list in away.values_mut() {
        list.sort_by_key(|absence| absence.from);
    }
    let mut conflicts: BTreeMap<&str, Vec<Conflict>> = BTreeMap::new();
    let to_come = duties.partition_point(|duty| duty.until <= now);
    for duty in &duties[to_come..] {
        for level in &duty.levels {
            for responder in level.responders.iter() {
                let Some(list) = away.get(&fold(&responder.name)) else { continue };
                // Of leaves that touch the duty the first is enough.
                let after = list.partition_point(|absence| absence.from < duty.until);
                let Some(absence) = list[..after].iter().rev().take(8).find(|absence| absence.until > duty.from) else {
                    continue;
                };
                add(conflicts.entry(responder.name.as_str()).or_default(), duty, level, absence);
            }
        }
    }
    for (name, list) in conflicts {
        tell(name, &list, zone, findings);
    }
}

/// Adds a conflict; where it only goes on what came before, that becomes longer.
fn add(list: &mut Vec<Conflict>, duty: &Duty, level: &super::Level, absence: &Absence) {
    let (from, until) = (duty.from.max(absence.from), duty.until.min(absence.until));
    if let Some(last) = list.last_mut()
        && last.until == from
        && last.duty == level.source
    {
        last.until = until;
        return;
    }
    if list.last().is_some_and(|last| last.from == from) {
        return;
    }
    list.push(Conflict {
        from,
        until,
        duty: level.source.clone(),
        leave: absence.source.clone(),
    });
}

fn tell(name: &str, list: &[Conflict], zone: &Zone, findings: &mut Findings) {
    let now = findings.now();
    let Some(first) = list.first() else { return };
    let told = list.iter().take(CONFLICTS_TOLD).map(|conflict| {
        format!(
            "{} to {} ({})",
            moment(zone, conflict.from, now),
            moment(zone, conflict.until, now),
            conflict.duty
        )
    });
    let told: Vec<String> = told.collect();
    let more = match list.len() - told.len() {
        0 => String::new(),
        more => format!(", and {}", plural(more, "more time")),
    };
    let words = Words::new(
        format!("{} is on leave and on call: {}{more}.", quote(name), told.join(", ")),
        "The leave changes nothing: the call rings there all the same.",
        "Enter in the rota, or in Changes, who takes over; or correct the leave.",
    );
    let cause = findings.cause(Code::LeaveConflict, Severity::Warn, name).say(|| words);
    for conflict in list {
        cause.at(conflict.leave.clone()).at(conflict.duty.clone());
    }
    cause.affects(first.from.max(now));
}
