//! From what cells say to slots: the instants of hours on a day, the handover where none are said, and what is wrong with
//! the people, said in terms of calls. It must not know which cells say what.

use super::days::Column;
use crate::roster::cells::dates::day_after;
use crate::roster::cells::times::{Clock, Hours};
use crate::roster::cells::words::Absent;
use crate::roster::conventions::{Conventions, RowLasts, Unordered};
use crate::roster::findings::{Findings, Left, Miss, Words};
use crate::roster::layouts::dated_rows::instant;
use crate::roster::layouts::rungs::{self, severity};
use crate::roster::slots::{Order, Slot};
use crate::roster::terms::{Place, Term};
use crate::roster::timeline::{Rung, Who};
use crate::roster::trouble_words::{explain, pending};
use crate::roster::who::{Reader, Reading};
use crate::roster::{Code, Severity};
use chrono::{DateTime, TimeDelta, Utc};
use providers::{CellAddress, Tab};
use std::collections::BTreeMap;
use std::sync::Arc;

/// People of the same shift whose order nothing says are told of from this overlap on: less is a handover on purpose.
const HANDOVER_AT_MOST: TimeDelta = TimeDelta::minutes(60);

/// An interval in which somebody is on call.
pub(super) type Span = (DateTime<Utc>, DateTime<Utc>);

/// Slots of one tab while they are gathered.
pub(super) struct Laying<'r, 'a> {
    pub(super) tab: &'r Tab,
    pub(super) conventions: &'r Conventions,
    pub(super) reader: &'r mut Reader<'a>,
    pub(super) findings: &'r mut Findings,
    pub(super) slots: Vec<Slot>,
    /// Slots whose people cannot all be rung.
    troubled: Vec<Troubled>,
    /// The first cell that needs the handover, where none is set.
    bare: Option<CellAddress>,
}

struct Troubled {
    slot: usize,
    reading: Arc<Reading>,
    /// Where the name stands.
    named: CellAddress,
}

impl<'r, 'a> Laying<'r, 'a> {
    pub(super) const fn new(tab: &'r Tab, conventions: &'r Conventions, reader: &'r mut Reader<'a>, findings: &'r mut Findings) -> Self {
        Self {
            tab,
            conventions,
            reader,
            findings,
            slots: Vec::new(),
            troubled: Vec::new(),
            bare: None,
        }
    }

    /// When somebody is on call by a term on the days of a column.
    pub(super) fn spans(&mut self, term: &Term, row: usize, column: &Column) -> Vec<Span> {
        if let (true, Some(RowLasts::Hours(hours))) = (term.when.is_empty(), self.conventions.row_lasts) {
            let days = column.date.iter_days().take_while(|date| *date <= column.last).take(62);
            return days.filter_map(|date| self.on(hours, date, row, column.place)).collect();
        }
        if term.when.is_empty() {
            return self.whole_days(row, column).into_iter().collect();
        }
        let mut spans = Vec::with_capacity(1);
        let days = column.date.iter_days().take_while(|date| *date <= column.last).take(62);
        for date in days {
            let fitting = term.when.iter().filter(|when| when.days.is_empty() || when.days.holds(date));
            for when in fitting {
                spans.extend(self.on(when.hours, date, row, column.place));
            }
        }
        spans
    }

    /// Hours of one day.
    pub(super) fn on(&mut self, hours: Hours, date: chrono::NaiveDate, row: usize, place: usize) -> Option<Span> {
        let (from, until) = hours.on(date)?;
        let zone = &self.conventions.zone;
        let cell = || self.tab.address(row, place);
        let from = instant(zone, from, cell, self.findings);
        let until = instant(zone, until, cell, self.findings);
        (from < until).then_some((from, until))
    }

    /// From handover to handover.
    fn whole_days(&mut self, row: usize, column: &Column) -> Option<Span> {
        let handover = self.conventions.handover.unwrap_or(Clock::MIDNIGHT);
        if self.conventions.handover.is_none() && self.bare.is_none() {
            self.bare = Some(self.tab.address(row, column.place));
        }
        let zone = &self.conventions.zone;
        let cell = || self.tab.address(row, column.place);
        let from = instant(zone, handover.on(column.date), cell, self.findings);
        let until = instant(zone, handover.on(day_after(column.last)), cell, self.findings);
        (from < until).then_some((from, until))
    }

    /// Puts the people of a reading on call. `named` is where their names stand.
    pub(super) fn put(
        &mut self,
        span: Span,
        place: Option<Place>,
        label: &Arc<str>,
        source: CellAddress,
        named: &CellAddress,
        reading: &Arc<Reading>,
    ) {
        let order = place.map_or(Order::Listed, Order::from);
        if !reading.troubles.is_empty() || reading.absent == Some(Absent::Pending) {
            self.troubled.push(Troubled {
                slot: self.slots.len(),
                reading: Arc::clone(reading),
                named: named.clone(),
            });
        }
        self.slots.push(Slot {
            from: span.0,
            until: span.1,
            order,
            rung: Rung {
                label: Arc::clone(label),
                source,
                who: reading.who.clone(),
                unreachable: reading.unreachable.clone(),
            },
        });
    }

    /// All slots, once everything about their people is said.
    pub(super) fn finish(mut self) -> Vec<Slot> {
        if let Some(cell) = self.bare.take() {
            let words = Words::new(
                "Days have no time of day, and no handover time is set.",
                "Every duty without hours changes at 00:00.",
                "Add to Settings: Handover time | 08:00 (the time at which the next person takes over).",
            );
            self.findings
                .cause(Code::HandoverMissing, Severity::Warn, "")
                .at(cell)
                .say(|| words);
        }
        self.report_troubles();
        self.settle_order();
        self.slots
    }

    fn report_troubles(&mut self) {
        let troubled = std::mem::take(&mut self.troubled);
        if troubled.is_empty() {
            return;
        }
        let rung = Rung_::of(&self.slots);
        let now = self.findings.now();
        for trouble in &troubled {
            let slot = &self.slots[trouble.slot];
            let left = rung.left(slot, trouble.slot);
            let miss = |severity| Miss {
                severity,
                level: Arc::clone(&slot.rung.label),
                from: slot.from,
                until: slot.until,
                left,
            };
            if trouble.reading.absent == Some(Absent::Pending) {
                let severity = rungs::pending_severity(left, slot.from - now);
                let cause = self.findings.cause(Code::LevelPending, severity, &slot.rung.label);
                cause.at(slot.rung.source.clone()).miss(miss(severity), now).say(|| pending("?"));
            }
            for one in &trouble.reading.troubles {
                let severity = severity(one, left, slot.from - now);
                let (code, key, words) = explain(one, self.reader.people);
                let cause = self.findings.cause(code, severity, &key).say(|| words);
                cause.at(trouble.named.clone()).miss(miss(severity), now);
            }
        }
    }

    /// People who are on call at the same time and whose order neither the sheet nor a setting says.
    fn settle_order(&mut self) {
        let after = self.slots.iter().filter_map(|slot| match slot.order {
            Order::Level(level) => Some(level + 1),
            Order::Listed | Order::Last => None,
        });
        let behind = after.max().unwrap_or(0);
        if self.conventions.unordered == Some(Unordered::Together) {
            for slot in self.slots.iter_mut().filter(|slot| slot.order == Order::Listed) {
                slot.order = Order::Level(behind);
            }
            return;
        }
        if self.conventions.unordered.is_some() {
            return;
        }
        let now = self.findings.now();
        let mut listed: Vec<&Slot> = self
            .slots
            .iter()
            .filter(|slot| slot.order == Order::Listed && slot.until > now)
            .collect();
        listed.sort_by_key(|slot| slot.from);
        let mut newest: Option<&Slot> = None;
        for slot in listed {
            if let Some(before) = newest.filter(|before| before.until - slot.from > HANDOVER_AT_MOST) {
                let cells = [before.rung.source.clone(), slot.rung.source.clone()];
                let from = slot.from;
                self.report_order(cells, from);
                return;
            }
            newest = Some(newest.filter(|before| before.until > slot.until).unwrap_or(slot));
        }
    }

    fn report_order(&mut self, cells: [CellAddress; 2], from: DateTime<Utc>) {
        let words = Words::new(
            format!(
                "Several people of the tab {} are on call at the same time, and nothing says in which order.",
                crate::roster::cells::words::quote(&self.tab.name)
            ),
            "They are rung one after another: who began last first, then as the sheet lists them.",
            "Add to Settings: People of the same shift | one after another (or together), or give codes and rows a place: 1st, 2nd.",
        );
        let cause = self.findings.tell(Code::OrderUnstated, Severity::Warn, None, words).affects(from);
        for cell in cells {
            cause.at(cell);
        }
    }
}

/// Who is rung when, to say who is left where somebody is not.
struct Rung_ {
    /// The last slot with people of each interval.
    same: BTreeMap<Span, usize>,
    /// The time in which anybody is rung, as intervals apart from one another.
    covered: Vec<Span>,
}

impl Rung_ {
    fn of(slots: &[Slot]) -> Self {
        let rings = |slot: &Slot| matches!(slot.rung.who, Who::People(_));
        let mut same = BTreeMap::new();
        let mut covered: Vec<Span> = Vec::new();
        for (index, slot) in slots.iter().enumerate().filter(|(_, slot)| rings(slot)) {
            same.insert((slot.from, slot.until), index);
        }
        for (from, until) in same.keys() {
            match covered.last_mut() {
                Some(last) if *from <= last.1 => last.1 = last.1.max(*until),
                Some(_) | None => covered.push((*from, *until)),
            }
        }
        Self { same, covered }
    }

    fn left(&self, slot: &Slot, index: usize) -> Left {
        if matches!(slot.rung.who, Who::People(_)) {
            return Left::InCell;
        }
        match self.same.get(&(slot.from, slot.until)) {
            Some(last) if *last > index => return Left::After,
            Some(_) => return Left::Before,
            None => {}
        }
        let after = self.covered.partition_point(|span| span.1 <= slot.from);
        let meets = self.covered.get(after).is_some_and(|span| span.0 < slot.until);
        if meets { Left::After } else { Left::Nobody }
    }
}
