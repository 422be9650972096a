//! A template written out: each cell of people read once, then laid on every day of the window that it is for, in local
//! calendar days. It must not know shapes.

use super::{Part, Template};
use crate::roster::cells::names::Found;
use crate::roster::cells::words::shown;
use crate::roster::conventions::{Conventions, Unordered};
use crate::roster::findings::{Findings, Left, Words};
use crate::roster::layouts::dated_rows::instant;
use crate::roster::layouts::horizon::{Cycle, Window, collide, contains};
use crate::roster::layouts::rungs::{RowOfPeople, Span};
use crate::roster::layouts::table::Merged;
use crate::roster::slots::{Order, Slot};
use crate::roster::timeline::{Rung, Who};
use crate::roster::who::Reader;
use crate::roster::{Code, Severity};
use chrono::NaiveDate;
use providers::Tab;

/// The slots of all days of the window.
#[allow(clippy::too_many_arguments)]
pub(super) fn slots(
    tab: &Tab,
    template: &Template,
    cycle: Cycle,
    window: Window,
    conventions: &Conventions,
    merged: &Merged,
    reader: &mut Reader<'_>,
    findings: &mut Findings,
) -> Vec<Slot> {
    let days: Vec<(NaiveDate, u32)> = window.days().map(|date| (date, cycle.week(date))).collect();
    let mut slots = Vec::new();
    let mut rung_parts: Vec<(&Part, bool)> = Vec::new();
    let manned: Vec<bool> = template.parts.iter().map(|part| is_manned(tab, part, merged, reader)).collect();
    for (index, part) in template.parts.iter().enumerate() {
        let is_on = |(date, week): &&(NaiveDate, u32)| part.days.holds(*date) && part.week.is_none_or(|of| of == *week);
        // The next time, so that what is wrong is said of a shift to come; yesterday's night may not be over.
        let now = findings.now();
        let from = days.partition_point(|(date, _)| date.succ_opt().is_some_and(|next| next < window.today));
        let mut spans = days[from..]
            .iter()
            .filter(is_on)
            .filter_map(|(date, _)| span_on(tab, part, *date, conventions, findings));
        let Some(span) = spans.find(|span| span.until > now) else {
            continue;
        };
        let cells = RowOfPeople {
            tab,
            row: part.row,
            columns: &part.columns,
            merged,
            span,
            is_change: false,
        };
        let others = others(&template.parts, &manned, index);
        let rungs: Vec<Rung> = cells
            .read_beside(others, reader, findings)
            .into_iter()
            .map(|rung| shown_by(part, rung))
            .collect();
        rung_parts.push((part, rungs.iter().any(|rung| matches!(rung.who, Who::People(_)))));
        for (date, _) in days.iter().filter(is_on) {
            let Some(span) = span_on(tab, part, *date, conventions, findings) else {
                continue;
            };
            slots.extend(rungs.iter().zip(&part.orders).map(|(rung, order)| Slot {
                from: span.from,
                until: span.until,
                order: *order,
                rung: rung.clone(),
            }));
        }
    }
    report_unordered(tab, &rung_parts, conventions, findings);
    slots
}

/// Whether somebody can probably be rung by a part.
fn is_manned(tab: &Tab, part: &Part, merged: &Merged, reader: &Reader<'_>) -> bool {
    let cell = |place: usize| tab.cell(merged.row_of(part.row, place), place);
    let is_contact = |name: &str| matches!(reader.people.names.find(name), Found::One(_));
    part.columns.iter().any(|column| {
        let has_phone = column.phone.is_some_and(|place| !cell(place).is_blank());
        has_phone || shown(cell(column.place)).split(['/', '&', '\n']).any(is_contact)
    })
}

/// Who is left for the whole of a part's time without it.
fn others(parts: &[Part], manned: &[bool], index: usize) -> Left {
    let part = &parts[index];
    let covers = |other: &Part| {
        let in_week = other.week.is_none() || other.week == part.week;
        let on_days = part.days.common(other.days) == part.days;
        in_week && on_days && contains(other.hours, part.hours)
    };
    let with = |other: &usize| *other != index && manned[*other] && covers(&parts[*other]);
    match (0..parts.len()).find(with) {
        None => Left::Nobody,
        Some(other) if parts[other].orders.iter().max() < part.orders.iter().min() => Left::Before,
        Some(_) => Left::After,
    }
}

/// The cell with the hours is what people look for.
fn shown_by(part: &Part, rung: Rung) -> Rung {
    Rung {
        source: part.hours_cell.clone().unwrap_or(rung.source),
        ..rung
    }
}

fn span_on(tab: &Tab, part: &Part, date: NaiveDate, conventions: &Conventions, findings: &mut Findings) -> Option<Span> {
    let (from, until) = part.hours.on(date)?;
    let place = part.columns.first().map_or(0, |column| column.place);
    let cell = || part.hours_cell.clone().unwrap_or_else(|| tab.address(part.row, place));
    Some(Span {
        from: instant(&conventions.zone, from, cell, findings),
        until: instant(&conventions.zone, until, cell, findings),
    })
}

/// People at the same time, and neither the sheet nor a setting says who is rung first.
fn report_unordered(tab: &Tab, parts: &[(&Part, bool)], conventions: &Conventions, findings: &mut Findings) {
    if conventions.unordered == Some(Unordered::AsListed) {
        return;
    }
    let listed: Vec<&Part> = parts
        .iter()
        .filter(|(part, rings)| *rings && part.orders.contains(&Order::Listed))
        .map(|(part, _)| *part)
        .collect();
    let at_once = |one: &Part, two: &Part| {
        let same_week = one.week.is_none() || two.week.is_none() || one.week == two.week;
        same_week && one.days.meets(two.days) && collide(one.hours, two.hours)
    };
    // Of many people some pair is soon found.
    let pair = listed.iter().enumerate().take(500).find_map(|(index, two)| {
        let one = listed[..index].iter().find(|one| at_once(one, two))?;
        Some((*one, *two))
    });
    let Some((one, two)) = pair else { return };
    let words = Words::new(
        "Several people are on call at the same time, and nothing says in which order they are rung.",
        "They are rung one after another: who began last first; of those who began together, who stays longest, then as the sheet lists them.",
        "Add to Settings: People of the same shift | one after another (or together).",
    );
    let cell = |part: &Part| {
        let place = part.columns.first().map_or(0, |column| column.place);
        part.hours_cell.clone().unwrap_or_else(|| tab.address(part.row, place))
    };
    let now = findings.now();
    let cause = findings.tell(Code::OrderUnstated, Severity::Warn, Some(cell(one)), words);
    cause.at(cell(two)).affects(now);
}
