//! Events of a calendar, one row each: `Date | Event | All Day | Start | End` and the tables that Google and Outlook take
//! and write (`Subject | Start Date | …`), and calendar files, which their provider turns into such a table. The title of
//! an event says who is on call, in which place; see `titles`. It must not know other layouts.
//!
//! An event of whole days goes from handover to handover. In a calendar file its end is the day after (RFC 5545), in a
//! table the last day (as Google says), unless a time of 00:00 stands beside the day: then it is that midnight, as Outlook
//! writes it.

use crate::roster::cells::words::quote;
use crate::roster::conventions::{Conventions, Unordered};
use crate::roster::findings::{Findings, Words, plural};
use crate::roster::layouts::Rota;
use crate::roster::layouts::lone_rows::{self, LoneRow};
use crate::roster::layouts::rungs::Span;
use crate::roster::layouts::table::{Merged, ROWS_AT_MOST};
use crate::roster::slots::Order;
use crate::roster::wall_clock::Zone;
use crate::roster::who::Reader;
use crate::roster::{Code, Severity, TabRead};
use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use providers::{Cell, CellAddress};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

mod columns;
mod events;
mod repeats;
mod titles;

pub(crate) use columns::{Calendar, looks_like_it, recognise};
use events::Event;
use titles::{Title, Whom};

/// Events that repeat are written out from this long before now …
const BEFORE: TimeDelta = TimeDelta::days(60);
/// … to this long after.
const AFTER: TimeDelta = TimeDelta::days(400);

/// Titles of one kind.
#[derive(Default)]
struct Alike {
    count: usize,
    cells: Vec<CellAddress>,
    /// The first event from now on.
    next: Option<DateTime<Utc>>,
}

/// Reads the events.
pub(crate) fn read(
    calendar: &Calendar<'_>,
    conventions: &Conventions,
    merged: &Merged,
    reader: &mut Reader<'_>,
    findings: &mut Findings,
) -> Rota {
    let mut rota = Rota::of(conventions);
    rota.tabs_read.push(calendar.in_words());
    let found = events::read(calendar, conventions, merged, findings);
    rota.known.order = found.order;
    let mut reading = Reading {
        calendar,
        conventions,
        now: findings.now(),
        replaced: replaced(&found.events),
        held: Vec::new(),
        unknown: BTreeMap::new(),
        without_person: BTreeMap::new(),
        silent: 0,
        is_endless: false,
        budget: repeats::Budget::default(),
    };
    for event in &found.events {
        reading.take(event, reader, findings);
        if reading.held.len() >= ROWS_AT_MOST {
            report_too_many(calendar, event, findings);
            break;
        }
    }
    if reading.is_endless {
        rota.horizon = Some(reading.now + AFTER);
    }
    reading.report(findings);
    rota.slots = lone_rows::slots(&reading.held, conventions, reader, findings);
    rota
}

/// Single events that stand in place of one of a series: the series' name and when that one would have begun.
fn replaced(events: &[Event]) -> BTreeMap<&str, BTreeSet<DateTime<Utc>>> {
    let mut replaced: BTreeMap<&str, BTreeSet<DateTime<Utc>>> = BTreeMap::new();
    for event in events {
        if let (Some(uid), Some(instead)) = (event.uid.as_deref(), event.replaces) {
            replaced.entry(uid).or_default().insert(event.zone.to_utc(instead).instant);
        }
    }
    replaced
}

struct Reading<'c, 't> {
    calendar: &'c Calendar<'t>,
    conventions: &'c Conventions,
    now: DateTime<Utc>,
    replaced: BTreeMap<&'c str, BTreeSet<DateTime<Utc>>>,
    held: Vec<LoneRow>,
    /// By title, as written.
    unknown: BTreeMap<String, Alike>,
    without_person: BTreeMap<String, Alike>,
    /// Events that are known not to be on call.
    silent: usize,
    is_endless: bool,
    budget: repeats::Budget,
}

impl<'c> Reading<'c, '_> {
    fn take(&mut self, event: &'c Event, reader: &Reader<'_>, findings: &mut Findings) {
        if event.is_cancelled {
            return;
        }
        let cell = self.calendar.title_cell(event.row);
        let (whom, order, label) = match titles::read(&event.title, self.conventions, reader.people) {
            Title::Silent => {
                self.silent += 1;
                return;
            }
            Title::Unknown => return note(&mut self.unknown, event, cell, self.now),
            Title::Rings { whom, order, label } => (whom, order, label),
        };
        let (name, source, aliases) = match whom {
            Whom::Named(name) => (Cell::Text(name), cell, Vec::new()),
            Whom::Elsewhere => match self.person(event) {
                Some((name, source)) => (name, source, self.calendar.email_cells(event.row)),
                None => return note(&mut self.without_person, event, cell, self.now),
            },
        };
        let order = match (order, self.conventions.unordered) {
            (Some(order), _) => order,
            (None, Some(Unordered::Together)) => Order::Level(0),
            (None, Some(Unordered::AsListed) | None) => Order::Listed,
        };
        for (from, until) in self.walls(event, findings) {
            let begins = instant(&event.zone, from, &source, self.now, findings);
            let ends = instant(&event.end_zone, until, &source, self.now, findings);
            if begins >= ends {
                continue;
            }
            self.held.push(LoneRow {
                span: Span { from: begins, until: ends },
                order,
                label: Arc::from(label.as_str()),
                name: name.clone(),
                source: source.clone(),
                aliases: aliases.clone(),
                phone: None,
            });
        }
    }

    /// Who is meant by an event whose title does not say it.
    fn person(&self, event: &Event) -> Option<(Cell, CellAddress)> {
        let in_row = self.calendar.person_cell(event.row);
        let by_setting = || {
            self.conventions
                .person
                .clone()
                .map(|name| (Cell::Text(name), self.calendar.title_cell(event.row)))
        };
        in_row.or_else(by_setting)
    }

    /// Every interval of an event.
    fn walls(&mut self, event: &Event, findings: &mut Findings) -> Vec<(NaiveDateTime, NaiveDateTime)> {
        let lasts = event.until - event.from;
        let Some(rule) = &event.repeats else {
            let added = event.added.iter().map(|from| (*from, *from + lasts));
            return std::iter::once((event.from, event.until)).chain(added).collect();
        };
        let window = (event.zone.to_local(self.now - BEFORE), event.zone.to_local(self.now + AFTER));
        let starts = match repeats::expand(rule, event.from, &event.zone, window, &mut self.budget) {
            Ok(starts) => starts,
            Err(why) => {
                let words = Words::new(
                    format!("{} repeats by a rule that {}.", quote(&event.title), why.words()),
                    "No event of this series puts anybody on call.",
                    "Enter the series again with a simple rule (every day, week, month or year), or its events one by one.",
                );
                let cell = self.calendar.title_cell(event.row);
                findings
                    .tell(Code::DateUnreadable, Severity::Stop, Some(cell), words)
                    .affects(self.now);
                return Vec::new();
            }
        };
        self.is_endless |= starts.is_endless;
        let replaced = event.uid.as_deref().and_then(|uid| self.replaced.get(uid));
        let stands = |from: &NaiveDateTime| {
            let instant = event.zone.to_utc(*from).instant;
            !event.excluded.contains(&instant)
                && !event.excluded_days.contains(&from.date())
                && replaced.is_none_or(|replaced| !replaced.contains(&instant))
        };
        let all: BTreeSet<NaiveDateTime> = starts.walls.into_iter().chain(event.added.iter().copied()).collect();
        all.into_iter().filter(stands).map(|from| (from, from + lasts)).collect()
    }

    fn report(&self, findings: &mut Findings) {
        for (title, alike) in &self.unknown {
            let words = Words::new(
                format!(
                    "{} ({}) is neither a contact nor a word that is known for being on call.",
                    quote(title),
                    plural(alike.count, "event")
                ),
                "Such events put nobody on call.",
                format!("Add to Settings: Code: {title} | 1st (or another level), or Ignore codes | {title}."),
            );
            report_alike(alike, Code::CodeUnknown, Severity::Warn, words, self.now, findings);
        }
        for (title, alike) in &self.without_person {
            let words = Words::new(
                format!("{} ({}) does not say who is on call.", quote(title), plural(alike.count, "event")),
                "Nobody is rung for such events.",
                "Add to Settings: Person | Ana Diaz (whose calendar this is), or write names into the titles.",
            );
            report_alike(alike, Code::PersonMissing, Severity::Stop, words, self.now, findings);
        }
    }
}

fn note(alike: &mut BTreeMap<String, Alike>, event: &Event, cell: CellAddress, now: DateTime<Utc>) {
    let alike = alike.entry(event.title.trim().to_owned()).or_default();
    alike.count += 1;
    if alike.cells.len() < 30 {
        alike.cells.push(cell);
    }
    let until = event.end_zone.to_utc(event.until).instant;
    if until > now || event.repeats.is_some() {
        let from = event.zone.to_utc(event.from).instant.max(now);
        alike.next = Some(alike.next.map_or(from, |next| next.min(from)));
    }
}

/// Titles of past events only are no more than a note.
fn report_alike(alike: &Alike, code: Code, severity: Severity, words: Words, now: DateTime<Utc>, findings: &mut Findings) {
    let severity = if alike.next.is_some() { severity } else { Severity::Note };
    let cause = findings.tell(code, severity, None, words);
    for cell in &alike.cells {
        cause.at(cell.clone());
    }
    if let Some(next) = alike.next {
        cause.affects(next.max(now));
    }
}

fn report_too_many(calendar: &Calendar<'_>, event: &Event, findings: &mut Findings) {
    let words = Words::new(
        format!("The calendar holds more than {ROWS_AT_MOST} events."),
        "Events from here on are not read.",
        "Keep the rota in a calendar of its own.",
    );
    let cell = calendar.title_cell(event.row);
    let now = findings.now();
    findings.tell(Code::TooLarge, Severity::Stop, Some(cell), words).affects(now);
}

/// Boundaries of events are reported where the clocks change, unless they are past.
fn instant(zone: &Zone, wall: NaiveDateTime, cell: &CellAddress, now: DateTime<Utc>, findings: &mut Findings) -> DateTime<Utc> {
    if zone.to_utc(wall).instant <= now {
        return zone.to_utc(wall).instant;
    }
    crate::roster::layouts::dated_rows::instant(zone, wall, || cell.clone(), findings)
}

impl Calendar<'_> {
    fn in_words(&self) -> TabRead {
        TabRead {
            tab: self.tab.name.clone(),
            shape: format!("a calendar: {} says who is on call", quote(&self.title_header())),
            header: Some(self.tab.address(self.header_row, self.title)),
        }
    }
}
