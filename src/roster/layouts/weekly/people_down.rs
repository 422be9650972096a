//! People down the side, hours or codes under the weekdays. It must not know names in cells.

use super::across::{Block, DayColumn, role, rows};
use super::duty_cell::{self, Duty};
use super::{Part, WRITE_BOTH, order, report_doubtful, report_round_the_clock};
use crate::roster::cells::calendar_words::Weekdays;
use crate::roster::cells::times::Hours;
use crate::roster::cells::words::{quote, shown_at};
use crate::roster::conventions::Conventions;
use crate::roster::findings::{Findings, Words};
use crate::roster::layouts::across::is_sum;
use crate::roster::layouts::header::Field;
use crate::roster::layouts::rungs::PeopleColumn;
use crate::roster::layouts::shift_hours;
use crate::roster::layouts::table::Merged;
use crate::roster::layouts::teams::Team;
use crate::roster::{Code, Severity};
use providers::Tab;
use std::sync::Arc;

pub(super) fn read(
    tab: &Tab,
    block: &Block,
    conventions: &Conventions,
    team: &Team,
    merged: &Merged,
    parts: &mut Vec<Part>,
    findings: &mut Findings,
) {
    let Some(name) = block.name_column() else { return };
    let phone = block.columns.iter().find(|column| column.field == Some(Field::Phone));
    let mut bare = Vec::new();
    for row in rows(tab, block, team) {
        if is_sum(&shown_at(tab, row, name)) {
            report_row_of_sums(tab, row, name, findings);
            continue;
        }
        let Some(role) = role(tab, block, row, conventions) else { continue };
        for day in &block.days {
            let at = |place: usize| tab.cell(merged.row_of(row, place), place);
            let duty = match day.end {
                Some(end) => duty_cell::read_ends(at(day.place), at(end)),
                None => duty_cell::read(at(day.place), day.day, conventions),
            };
            let cell = tab.address(row, day.place);
            let text = text(tab, row, day);
            let (level, hours) = match duty {
                Duty::Off => continue,
                Duty::On { level, hours } => (level, hours),
                Duty::WithoutHours => {
                    bare.push((cell, text));
                    continue;
                }
                Duty::Unknown => {
                    report_unknown(tab, row, day, name, findings);
                    continue;
                }
            };
            for hours in hours {
                report_if_doubtful(tab, row, day, hours, findings);
                parts.push(Part {
                    row,
                    columns: vec![PeopleColumn {
                        place: name,
                        phone: phone.map(|column| column.place),
                        label: Arc::from(text.as_str()),
                    }],
                    orders: vec![order(level.or(role), conventions)],
                    week: block.week(tab, row, day),
                    days: Weekdays::of(day.day),
                    hours,
                    hours_cell: Some(tab.address(row, day.place)),
                });
            }
        }
    }
    shift_hours::report(&bare, findings);
}

fn report_row_of_sums(tab: &Tab, row: usize, name: usize, findings: &mut Findings) {
    let words = || {
        Words::new(
            format!("{} counts people and names nobody.", quote(&shown_at(tab, row, name))),
            "The row does not count.",
            "If it is somebody's name, add it to the rota in full.",
        )
        .of_one_cell()
    };
    let cause = findings.cause(Code::RowsIgnored, Severity::Note, "weekly sums").say(words);
    cause.at(tab.address(row, name));
}

/// What stands under the day, as its program shows it.
fn text(tab: &Tab, row: usize, day: &DayColumn) -> String {
    let start = shown_at(tab, row, day.place);
    match day.end {
        Some(end) => format!("{}-{}", start.trim(), shown_at(tab, row, end).trim()),
        None => start.trim().to_owned(),
    }
}

fn report_if_doubtful(tab: &Tab, row: usize, day: &DayColumn, hours: Hours, findings: &mut Findings) {
    if hours.is_doubtful() {
        report_doubtful(tab.address(row, day.place), &text(tab, row, day), hours, findings);
    }
    if day.end.is_some() && hours.is_same_time_twice() {
        report_round_the_clock(tab.address(row, day.place), &text(tab, row, day), findings);
    }
}

fn report_unknown(tab: &Tab, row: usize, day: &DayColumn, name: usize, findings: &mut Findings) {
    let now = findings.now();
    let text = text(tab, row, day);
    let who = shown_at(tab, row, name);
    if day.end.is_some() {
        let words = || {
            Words::new(
                format!("{} is no beginning and end of a shift.", quote(&text)),
                format!("{} is not rung on that day of any week.", quote(who.trim())),
                WRITE_BOTH,
            )
            .of_one_cell()
        };
        let cause = findings.cause(Code::TimeUnreadable, Severity::Stop, &text).say(words);
        cause.at(tab.address(row, day.place)).affects(now);
        return;
    }
    let words = || {
        Words::new(
            format!("{} is neither hours nor a code that is known.", quote(&text)),
            "Whoever has it is not rung on that day of any week.",
            format!(
                "Add to Settings: Code: {} | 08:00-16:00 (with the right hours), or | not rung.",
                text.trim()
            ),
        )
    };
    let cause = findings.cause(Code::CodeUnknown, Severity::Stop, &text).say(words);
    cause.at(tab.address(row, day.place)).affects(now);
}
