//! People of whom each stands in a row of its own: their rows turned into slots, with what is wrong said in terms of calls,
//! whoever of the other rows is rung at the same time. It must not know how a row gets its time and its place.

use crate::roster::cells::names::Found;
use crate::roster::cells::words::{Absent, quote, shown};
use crate::roster::contacts::People;
use crate::roster::conventions::{Conventions, Unordered};
use crate::roster::findings::{Findings, Left, Miss, Words};
use crate::roster::layouts::rungs::{Span, blank_severity, pending_severity, report_troubles};
use crate::roster::slots::{Order, Slot};
use crate::roster::timeline::{Rung, Who};
use crate::roster::trouble_words::{blank, pending};
use crate::roster::who::{Reader, Reading};
use crate::roster::{Code, Severity};
use chrono::{DateTime, Utc};
use providers::{Cell, CellAddress};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Somebody's row, and when it holds.
pub(crate) struct LoneRow {
    pub(crate) span: Span,
    pub(crate) order: Order,
    pub(crate) label: Arc<str>,
    /// What names the people, and where.
    pub(crate) name: Cell,
    pub(crate) source: CellAddress,
    /// E-mail or id, and where: tried in turn where the name is no contact.
    pub(crate) aliases: Vec<(Cell, CellAddress)>,
    /// Their number, and where.
    pub(crate) phone: Option<(Cell, CellAddress)>,
}

/// An interval, a place, and the numbers rung there.
type Once = (DateTime<Utc>, DateTime<Utc>, Order, Vec<String>);

/// A row that has been read.
struct Held<'r> {
    row: &'r LoneRow,
    source: &'r CellAddress,
    reading: Arc<Reading>,
    who: Who,
}

impl LoneRow {
    /// The cell that names a contact: the name, else an alias that does.
    fn named(&self, people: &People) -> (&Cell, &CellAddress) {
        let is_contact = |cell: &Cell| matches!(people.names.find(&shown(cell)), Found::One(_));
        let by_alias = || self.aliases.iter().find(|(cell, _)| is_contact(cell));
        if self.aliases.is_empty() || self.name.is_blank() || is_contact(&self.name) {
            return (&self.name, &self.source);
        }
        by_alias().map_or((&self.name, &self.source), |(cell, source)| (cell, source))
    }
}

/// Turns rows into slots. The same people twice in one interval and place count once.
pub(crate) fn slots(rows: &[LoneRow], conventions: &Conventions, reader: &mut Reader<'_>, findings: &mut Findings) -> Vec<Slot> {
    let held: Vec<Held<'_>> = rows
        .iter()
        .map(|row| {
            let phone = row.phone.as_ref().map(|(cell, place)| (cell, place.clone()));
            let (name, source) = row.named(reader.people);
            let reading = reader.read(name, phone, findings);
            let who = reading.who.clone();
            Held { row, source, reading, who }
        })
        .collect();
    let beside = Beside::of(&held);
    let mut seen: BTreeSet<Once> = BTreeSet::new();
    let mut slots = Vec::with_capacity(held.len());
    for one in &held {
        if one.reading.absent.is_some() || !one.reading.troubles.is_empty() {
            report(one, beside.left(one), reader, findings);
        }
        let span = one.row.span;
        if let Who::People(people) = &one.who {
            let phones = people.iter().map(|person| person.phone.address().to_owned()).collect();
            if !seen.insert((span.from, span.until, one.row.order, phones)) {
                continue;
            }
        }
        slots.push(Slot {
            from: span.from,
            until: span.until,
            order: one.row.order,
            rung: Rung {
                label: Arc::clone(&one.row.label),
                source: one.source.clone(),
                who: one.who.clone(),
                unreachable: one.reading.unreachable.clone(),
            },
        });
    }
    report_order(&slots, conventions, findings);
    slots
}

/// Who is rung at the same time as a row's people.
struct Beside {
    /// The least and the greatest order of those rung in each interval.
    same: BTreeMap<(DateTime<Utc>, DateTime<Utc>), (Order, Order)>,
    /// Beginnings of those rung, each with the latest end so far.
    reach: Vec<(DateTime<Utc>, DateTime<Utc>)>,
}

impl Beside {
    fn of(held: &[Held<'_>]) -> Self {
        let rung = || held.iter().filter(|one| matches!(one.who, Who::People(_)));
        let mut same = BTreeMap::new();
        for one in rung() {
            let (span, order) = (one.row.span, one.row.order);
            let (least, most) = same.entry((span.from, span.until)).or_insert((order, order));
            *least = order.min(*least);
            *most = order.max(*most);
        }
        let mut reach: Vec<(DateTime<Utc>, DateTime<Utc>)> = rung().map(|one| (one.row.span.from, one.row.span.until)).collect();
        reach.sort_unstable();
        let mut latest = DateTime::<Utc>::MIN_UTC;
        for (_, until) in &mut reach {
            latest = latest.max(*until);
            *until = latest;
        }
        Self { same, reach }
    }

    /// Who is still rung all the while although this row's people are not, or not all of them.
    fn left(&self, one: &Held<'_>) -> Left {
        if matches!(one.who, Who::People(_)) {
            return Left::InCell;
        }
        let (span, order) = (one.row.span, one.row.order);
        if let Some((least, most)) = self.same.get(&(span.from, span.until)) {
            let is_last = *most < order || (*most == order && *least < order);
            return if is_last { Left::Before } else { Left::After };
        }
        let before = self.reach.partition_point(|(from, _)| *from <= span.from);
        let is_covered = before.checked_sub(1).is_some_and(|last| self.reach[last].1 >= span.until);
        if is_covered { Left::After } else { Left::Nobody }
    }
}

fn report(one: &Held<'_>, left: Left, reader: &Reader<'_>, findings: &mut Findings) {
    let now = findings.now();
    let row = one.row;
    let miss = |severity| Miss {
        severity,
        level: Arc::clone(&row.label),
        from: row.span.from,
        until: row.span.until,
        left,
    };
    match one.reading.absent {
        None | Some(Absent::Nobody) => {}
        Some(Absent::Blank) => {
            let severity = blank_severity(left);
            let cause = findings.cause(Code::LevelBlank, severity, &format!("{left:?} {}", row.label));
            cause.at(row.source.clone()).miss(miss(severity), now);
            cause.say(|| blank(&row.name, &shown(&row.name), &row.label));
        }
        Some(Absent::Pending) => {
            let severity = pending_severity(left, row.span.from - now);
            let cause = findings.cause(Code::LevelPending, severity, &row.label).at(row.source.clone());
            cause.miss(miss(severity), now).say(|| pending(&shown(&row.name)));
        }
    }
    let phone = row.phone.as_ref().map(|(_, place)| place);
    report_troubles(&one.reading, &row.source, phone, &miss(Severity::Stop), reader.people, findings);
}

/// Two people at once, and nothing says who is rung first.
fn report_order(slots: &[Slot], conventions: &Conventions, findings: &mut Findings) {
    if conventions.unordered == Some(Unordered::AsListed) {
        return;
    }
    let now = findings.now();
    let is_open = |slot: &&Slot| slot.order == Order::Listed && slot.until > now && matches!(slot.rung.who, Who::People(_));
    let mut open: Vec<&Slot> = slots.iter().filter(is_open).collect();
    open.sort_by_key(|slot| slot.from);
    // The one that lasts longest of those that have begun.
    let mut latest: Option<&Slot> = None;
    let mut found: Option<(&Slot, &Slot)> = None;
    for slot in open {
        if let Some(before) = latest.filter(|before| before.until > slot.from) {
            found = Some((before, slot));
            break;
        }
        latest = latest.filter(|before| before.until >= slot.until).or(Some(slot));
    }
    let Some((first, second)) = found else { return };
    let (one, two) = (quote(&first.rung.label), quote(&second.rung.label));
    let (which, remedy) = if one == two {
        (
            "several people are on call at once".to_owned(),
            "Add to Settings: People of the same shift | one after another (or together).".to_owned(),
        )
    } else {
        (
            format!("{one} and {two} are on call at once"),
            format!(
                "Add to Settings: Order | {}, {} (all words that ring, first to last), or People of the same shift | one after another (or \
                 together).",
                first.rung.label.trim(),
                second.rung.label.trim()
            ),
        )
    };
    let words = Words::new(
        format!("Nothing says who is rung first where {which}."),
        "They are rung one after another: whose shift began last first, then as they are listed.",
        remedy,
    );
    let cause = findings.cause(Code::OrderUnstated, Severity::Warn, "listed");
    cause.at(first.rung.source.clone()).at(second.rung.source.clone()).say(|| words);
    cause.affects(second.from.max(now));
}
