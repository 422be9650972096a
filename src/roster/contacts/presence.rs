//! The column Status of the contacts: who is away, until when, and what cannot be understood. Nobody is away by a
//! misunderstanding: whatever is not certain counts as available, and is told. It must not know layouts.

use super::People;
use crate::roster::cells::dates::{self, DateOrder, Day, Written};
use crate::roster::cells::status::{self, Doubt, Status};
use crate::roster::cells::words::{fold, quote, shown, shown_at, tidy};
use crate::roster::conventions::Conventions;
use crate::roster::findings::{Findings, Words, moment, plural};
use crate::roster::wall_clock::Zone;
use crate::roster::{Code, Duty, Phone, Severity, SheetAway, masked};
use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, Utc};
use providers::Tab;
use std::collections::{BTreeMap, BTreeSet};

/// Nothing longer is kept of a cell.
const LONGEST_WORDS: usize = 200;

/// An end that is a date, but not certainly which.
enum Unsure {
    /// Day or month first.
    Order,
    NoSuchDate,
    /// The weekday beside it is another.
    Weekday,
}

/// Reads one cell of the column; none where it does not certainly say that somebody is away.
pub(super) fn read(tab: &Tab, row: usize, place: usize, conventions: &Conventions, findings: &mut Findings) -> Option<SheetAway> {
    let cell = tab.cell(row, place);
    let told = |until| SheetAway {
        until,
        words: tidy(&shown(cell)).chars().take(LONGEST_WORDS).collect(),
        cell: tab.address(row, place),
    };
    let (written, is_last) = match status::read(cell) {
        Ok(Status::Here) => return None,
        Ok(Status::Away) => return Some(told(None)),
        Ok(Status::AwayThrough(written)) => (written, true),
        Ok(Status::BackAt(written)) => (written, false),
        Err(doubt) => {
            report(tab, (row, place), seen_of(doubt), findings);
            return None;
        }
    };
    match end(&written, is_last, conventions, findings.first_read()) {
        Ok(until) => Some(told(Some(until))),
        Err(unsure) => {
            let seen = match unsure {
                Unsure::Order => "can be read with the day or with the month first",
                Unsure::NoSuchDate => "names a date that does not exist",
                Unsure::Weekday => "names a date that falls on another weekday",
            };
            report(tab, (row, place), seen, findings);
            None
        }
    }
}

/// When it is over. Of a date without a year the one that is nearest to when this version was first read.
fn end(written: &Written, is_last: bool, conventions: &Conventions, first_read: DateTime<Utc>) -> Result<DateTime<Utc>, Unsure> {
    let today = conventions.zone.to_local(first_read).date();
    let nearest = |of_year: &dyn Fn(i32) -> Option<NaiveDate>| {
        let candidates = [-1, 0, 1].into_iter().filter_map(|years| of_year(today.year() + years));
        candidates.min_by_key(|date| (*date - today).num_days().abs())
    };
    let date = match written.day {
        Day::Full(date) => Some(date),
        Day::NoYear { month, day } => nearest(&|year| NaiveDate::from_ymd_opt(year, month, day)),
        Day::Pair { first, second, year } => {
            let read = |order| match year {
                Some(year) => dates::ordered(first, second, year, order),
                None => nearest(&|year| dates::ordered(first, second, year, order)),
            };
            match conventions.date_order {
                Some(order) => read(order),
                None => match (read(DateOrder::DayFirst), read(DateOrder::MonthFirst)) {
                    (Some(one), Some(other)) if one != other => return Err(Unsure::Order),
                    (one, other) => one.or(other),
                },
            }
        }
    };
    let date = date.ok_or(Unsure::NoSuchDate)?;
    if !written.weekdays.is_empty() && !written.weekdays.holds(date) {
        return Err(Unsure::Weekday);
    }
    let wall = match written.time {
        Some(time) => time.on(date),
        None if is_last => dates::day_after(date).and_time(NaiveTime::MIN),
        None => date.and_time(NaiveTime::MIN),
    };
    Ok(conventions.zone.to_utc(wall).instant)
}

const fn seen_of(doubt: Doubt) -> &'static str {
    match doubt {
        Doubt::Unknown => "is no status that is known",
        Doubt::Planned => "says from when somebody is away, which a status cannot",
        Doubt::WithoutDay => "names a time or a weekday without a date: the cell stays, and days go by",
        Doubt::Date(why) => why.words().0,
    }
}

fn report(tab: &Tab, (row, place): (usize, usize), seen: &str, findings: &mut Findings) {
    let text = shown_at(tab, row, place);
    let words = || {
        Words::new(
            format!("{} {seen}.", quote(&masked(&text))),
            "The person counts as available and is rung.",
            "Write away, off, busy, sick or holiday, or nothing for whoever is there; with an end, away until 2026-12-01 or back \
             2026-12-01 18:00. What is planned belongs in Changes.",
        )
        .of_one_cell()
    };
    let cause = findings.cause(Code::StatusUnclear, Severity::Warn, &format!("{seen} {}", fold(&text)));
    cause.at(tab.address(row, place)).say(words);
}

/// Who is away, by number. A telephone that several people share is there as long as one of them is.
pub(in crate::roster) fn by_number(people: &People) -> BTreeMap<Phone, SheetAway> {
    let mut there = BTreeSet::new();
    let mut away: BTreeMap<Phone, SheetAway> = BTreeMap::new();
    for contact in &people.list {
        let Ok(responder) = &contact.responder else { continue };
        let Some(told) = &contact.away else {
            there.insert(&responder.phone);
            continue;
        };
        let known = away.entry(responder.phone.clone()).or_insert_with(|| told.clone());
        // Whoever is back first answers it.
        if told.until.is_some_and(|until| known.until.is_none_or(|known| until < known)) {
            *known = told.clone();
        }
    }
    away.retain(|phone, _| !there.contains(phone));
    away
}

/// Tells of everybody who is on call while the column Status says that he is away: of a cell that was forgotten, too.
pub(in crate::roster) fn report_on_call(people: &People, duties: &[Duty], zone: &Zone, findings: &mut Findings) {
    let now = findings.now();
    let to_come = &duties[duties.partition_point(|duty| duty.until <= now)..];
    for (phone, away) in by_number(people).iter().filter(|(_, away)| away.lasts_at(now)) {
        let within = to_come.iter().take_while(|duty| away.lasts_at(duty.from));
        let levels = within.flat_map(|duty| duty.levels.iter().map(move |level| (duty, level)));
        let touched: Vec<_> = levels
            .filter_map(|(duty, level)| {
                let who = level.responders.iter().find(|who| who.phone == *phone)?;
                Some((duty, level, who))
            })
            .collect();
        let Some((first, level, who)) = touched.first() else { continue };
        let from = first.from.max(now);
        let more = match touched.len() {
            1 => String::new(),
            several => format!(", {} in all", plural(several, "shift")),
        };
        let words = Words::new(
            format!(
                "{} is away by this cell ({}), and on call from {}{more}.",
                quote(&who.name),
                quote(&masked(&away.words)),
                moment(zone, from, now),
            ),
            "While that is so, calls pass over this person and go straight to the next.",
            "Empty the cell when the person is back; or enter in the rota, or in Changes, who takes over.",
        );
        let cause = findings.tell(Code::StatusAway, Severity::Warn, Some(away.cell.clone()), words);
        cause.at(level.source.clone()).affects(from);
    }
}
