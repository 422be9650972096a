//! A rotation: an ordered list of names who take turns, from a day on, for ever. Turns advance by local calendar days. It is
//! read only where a setting or the tab's name says that it is one: a list of contacts is none. It must not know other shapes.

mod list;

use crate::roster::cells::times::Clock;
use crate::roster::cells::words::{listed, quote};
use crate::roster::conventions::{Conventions, days};
use crate::roster::findings::{Findings, Words, moment};
use crate::roster::layouts::Rota;
use crate::roster::layouts::anchor::{self, Anchor};
use crate::roster::layouts::dated_rows::instant;
use crate::roster::layouts::header;
use crate::roster::layouts::horizon::Window;
use crate::roster::layouts::rungs::{RowOfPeople, Span};
use crate::roster::layouts::table::Merged;
use crate::roster::layouts::teams::Team;
use crate::roster::slots::{Order, Slot};
use crate::roster::timeline::{Rung, Who};
use crate::roster::who::Reader;
use crate::roster::{Code, Severity, TabRead};
use chrono::{Days, NaiveDate};
use list::Column;
use providers::{CellAddress, Tab};

pub(crate) use list::{Rotation, recognise};

/// So many turns to come are told.
const TURNS_TOLD: usize = 8;
/// No turn is longer (days).
const LONGEST: u32 = 366;

/// When turns begin and how long each lasts.
struct Turns {
    starts: NaiveDate,
    handover: Clock,
    days: u32,
}

/// Reads the lists and writes the turns out.
pub(crate) fn read(
    rotation: &Rotation<'_>,
    conventions: &Conventions,
    merged: &Merged,
    reader: &mut Reader<'_>,
    findings: &mut Findings,
) -> Rota {
    let mut rota = Rota::of(conventions);
    let tab = rotation.tab;
    let team = match Team::pick(tab, rotation.first_row, &header::columns(tab, rotation.first_row), conventions) {
        Ok(team) => team,
        Err(refusal) => {
            refusal.report("Nobody of this tab is on call.", findings);
            return rota;
        }
    };
    team.report_unnamed(tab, rotation.first_row, findings);
    let labels: Vec<String> = rotation.columns.iter().map(|column| quote(&column.people.label)).collect();
    rota.tabs_read.push(TabRead {
        tab: tab.name.clone(),
        shape: format!(
            "a rotation: the people of {} take turns in the order of the list{}",
            listed(&labels),
            team.in_words()
        ),
        header: Some(rotation.cell.clone()),
    });
    let Some(turns) = turns(rotation, conventions, findings) else {
        return rota;
    };
    let window = Window::around(findings.now(), &conventions.zone);
    for (place, column) in rotation.columns.iter().enumerate() {
        let order = Order::Level(u16::try_from(place).unwrap_or(u16::MAX));
        read_column(
            tab,
            &column.of_team(tab, &team),
            order,
            &turns,
            window,
            conventions,
            merged,
            reader,
            findings,
            &mut rota.slots,
        );
    }
    rota.horizon = Some(window.horizon(&conventions.zone));
    rota.known.handover = turns.handover;
    rota
}

fn turns(rotation: &Rotation<'_>, conventions: &Conventions, findings: &mut Findings) -> Option<Turns> {
    let today = conventions.zone.to_local(findings.now()).date();
    let example = format!(
        "Add to Settings: Rotation starts | {} (the day on which the first name's turn began).",
        today.format("%a %-d %b %Y")
    );
    let missing = || {
        let seen = "It looks like a rotation, and nothing says when the first name's turn began.";
        (
            rotation.cell.clone(),
            Words::new(seen, "Nobody is on call by this tab.", example.clone()),
        )
    };
    let written = anchor::written(rotation.tab, rotation.first_row, conventions);
    let anchor = anchor::read(written.as_ref(), conventions, missing, &example, findings);
    let length = conventions.turn_days.or_else(|| in_sheet(rotation));
    if length.is_none() {
        report_no_length(rotation.cell.clone(), findings);
    }
    let Anchor { date, time } = anchor?;
    let handover = time.or(conventions.handover).unwrap_or_else(|| {
        report_no_handover(rotation.cell.clone(), findings);
        Clock::MIDNIGHT
    });
    Some(Turns {
        starts: date,
        handover,
        days: length?.clamp(1, LONGEST),
    })
}

/// `Turn | 7 days` above the list.
fn in_sheet(rotation: &Rotation<'_>) -> Option<u32> {
    rotation.lines().find_map(|(key, value)| {
        let is_turn = matches!(
            key.as_str(),
            "turn" | "turn length" | "turns" | "each turn lasts" | "rotation length" | "shift length"
        );
        if is_turn { days(&value) } else { None }
    })
}

fn report_no_length(cell: CellAddress, findings: &mut Findings) {
    let words = Words::new(
        "It looks like a rotation, and nothing says how long each turn lasts.",
        "Nobody is on call by this tab.",
        "Add to Settings: Turn | 7 days (or daily, weekly, 2 weeks).",
    );
    let now = findings.now();
    findings.tell(Code::TurnMissing, Severity::Stop, Some(cell), words).affects(now);
}

fn report_no_handover(cell: CellAddress, findings: &mut Findings) {
    let words = Words::new(
        "The rotation has no time of day, and no handover time is set.",
        "Every turn changes at 00:00.",
        "Add to Settings: Handover time | 08:00 (the time at which the next person takes over).",
    );
    findings.tell(Code::HandoverMissing, Severity::Warn, Some(cell), words);
}

#[allow(clippy::too_many_arguments)]
fn read_column(
    tab: &Tab,
    column: &Column,
    order: Order,
    turns: &Turns,
    window: Window,
    conventions: &Conventions,
    merged: &Merged,
    reader: &mut Reader<'_>,
    findings: &mut Findings,
    slots: &mut Vec<Slot>,
) {
    let mut spans: Vec<(usize, Span)> = Vec::new();
    for (turn, date) in turns.within(window) {
        let Some(place) = place(turn, column.rows.len()) else { return };
        let Some(end) = date.checked_add_days(Days::new(u64::from(turns.days))) else {
            continue;
        };
        let cell = || tab.address(column.rows[place], column.people.place);
        let span = Span {
            from: instant(&conventions.zone, turns.handover.on(date), cell, findings),
            until: instant(&conventions.zone, turns.handover.on(end), cell, findings),
        };
        spans.push((place, span));
    }
    // Each name is read once, for the first of its turns that is not over.
    let now = findings.now();
    let mut rungs: Vec<Option<Rung>> = vec![None; column.rows.len()];
    let mut told: Vec<String> = Vec::new();
    for (place, span) in spans.iter().filter(|(_, span)| span.until > now) {
        let rung = rungs[*place].get_or_insert_with(|| read_name(tab, column, column.rows[*place], *span, merged, reader, findings));
        if told.len() < TURNS_TOLD {
            told.push(format!("{} from {}", names(rung), moment(&conventions.zone, span.from, now)));
        }
    }
    for (place, span) in spans {
        slots.extend(rungs[place].clone().map(|rung| Slot {
            from: span.from,
            until: span.until,
            order,
            rung,
        }));
    }
    report_turns(tab, column, &told, findings);
}

fn read_name(
    tab: &Tab,
    column: &Column,
    row: usize,
    span: Span,
    merged: &Merged,
    reader: &mut Reader<'_>,
    findings: &mut Findings,
) -> Rung {
    let cells = RowOfPeople {
        tab,
        row,
        columns: std::slice::from_ref(&column.people),
        merged,
        span,
        is_change: false,
    };
    cells.read(reader, findings).swap_remove(0)
}

fn names(rung: &Rung) -> String {
    match &rung.who {
        Who::People(people) => listed(&people.iter().map(|responder| responder.name.clone()).collect::<Vec<_>>()),
        Who::Nobody | Who::Blank | Who::Lost => "nobody".to_owned(),
    }
}

/// Whose turn it is. Everybody can see it, and that it depends on how long the list is.
fn report_turns(tab: &Tab, column: &Column, told: &[String], findings: &mut Findings) {
    let Some(first) = column.rows.first() else { return };
    let words = Words::new(
        format!("The next turns of {}: {}.", quote(&column.people.label), told.join(", ")),
        "Turns are counted from the day on which the rotation starts: when a name is added to the list or leaves it, all turns move.",
        "After such a change set Rotation starts to the day on which the first name of the new list begins.",
    );
    let cell = tab.address(*first, column.people.place);
    findings.tell(Code::RotationTurns, Severity::Note, Some(cell), words);
}

/// Who of so many has a turn.
fn place(turn: i64, names: usize) -> Option<usize> {
    let names = i64::try_from(names).ok().filter(|names| *names > 0)?;
    usize::try_from(turn.rem_euclid(names)).ok()
}

impl Turns {
    /// The turns that touch the window, with their first days.
    fn within(&self, window: Window) -> impl Iterator<Item = (i64, NaiveDate)> + use<> {
        let (length, starts) = (i64::from(self.days), self.starts);
        let first = (window.first - starts).num_days().div_euclid(length) - 1;
        let date = move |turn: i64| {
            starts
                .checked_add_signed(chrono::TimeDelta::days(turn * length))
                .map(|date| (turn, date))
        };
        (first..).map_while(date).take_while(move |(_, date)| *date < window.last)
    }
}
