//! The rows of a calendar as events on the wall clock, each in its zone. It must not know who is on call.

use super::columns::Calendar;
use crate::roster::cells::dates::DateOrder;
use crate::roster::cells::times::Clock;
use crate::roster::cells::words::{fold, quote, shown, shown_at};
use crate::roster::conventions::{Conventions, zone_named};
use crate::roster::findings::{Findings, Words};
use crate::roster::layouts::dated_rows::{self, Bad, Moment};
use crate::roster::layouts::handover_list::handover;
use crate::roster::layouts::long_form::clock;
use crate::roster::layouts::table::Merged;
use crate::roster::wall_clock::Zone;
use crate::roster::{Code, Severity};
use chrono::{DateTime, Days, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use chrono_tz::Tz;
use providers::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;
use windows_timezones::WindowsTimezone;

/// Events left out of a series, or added to it, beyond this do not count.
const EXCEPTIONS_AT_MOST: usize = 5_000;

/// What was read.
pub(super) struct Events {
    pub(super) events: Vec<Event>,
    pub(super) order: Option<DateOrder>,
}

/// One event, or the first of a series.
pub(super) struct Event {
    pub(super) row: usize,
    pub(super) title: String,
    pub(super) from: NaiveDateTime,
    pub(super) until: NaiveDateTime,
    pub(super) zone: Zone,
    pub(super) end_zone: Zone,
    pub(super) is_cancelled: bool,
    pub(super) uid: Option<String>,
    /// The rule of a series, as written.
    pub(super) repeats: Option<String>,
    pub(super) excluded: BTreeSet<DateTime<Utc>>,
    pub(super) excluded_days: BTreeSet<NaiveDate>,
    pub(super) added: Vec<NaiveDateTime>,
    /// Of an event that stands in place of one of a series: when that would have begun.
    pub(super) replaces: Option<NaiveDateTime>,
}

/// Why a row is no event.
enum Trouble {
    Zone(usize),
    Time(usize),
    Backwards,
}

/// Reads the rows.
pub(super) fn read(calendar: &Calendar<'_>, conventions: &Conventions, merged: &Merged, findings: &mut Findings) -> Events {
    let shape = calendar.shape();
    let rows = dated_rows::read(&shape, conventions, None, merged, findings);
    let mut zones = Zones::default();
    let mut events = Vec::with_capacity(rows.rows.len());
    let is_bare = |row: usize| is_all_day(calendar, row);
    let day_begins = if rows.rows.iter().any(|row| is_bare(row.row)) {
        handover([(&shape, &rows)], conventions, findings)
    } else {
        conventions.handover.unwrap_or(Clock::MIDNIGHT)
    };
    for row in &rows.rows {
        let begins = match row.begins {
            Ok(begins) => begins,
            Err(bad) => {
                report_bad(calendar, row.row, bad, findings);
                continue;
            }
        };
        let ends = row.ends.and_then(Result::ok);
        match event(calendar, row.row, begins, ends, day_begins, conventions, &mut zones) {
            Ok(event) => events.push(event),
            Err(trouble) => report(calendar, row.row, &trouble, findings),
        }
    }
    Events { events, order: rows.order }
}

fn event(
    calendar: &Calendar<'_>,
    row: usize,
    begins: Moment,
    ends: Option<Moment>,
    day_begins: Clock,
    conventions: &Conventions,
    zones: &mut Zones,
) -> Result<Event, Trouble> {
    let columns = &calendar.file;
    let all_day = is_all_day(calendar, row);
    let mut zone = |place: Option<usize>| match calendar.text(row, place) {
        Some(name) if !all_day => zones.named(&name).ok_or(Trouble::Zone(place.unwrap_or_default())),
        Some(_) | None => Ok(conventions.zone.clone()),
    };
    let zone_of_start = zone(columns.zone)?;
    let end_zone = if columns.end_zone.is_some_and(|place| !calendar.tab.cell(row, place).is_blank()) {
        zone(columns.end_zone)?
    } else {
        zone_of_start.clone()
    };
    let (from, until) = if all_day {
        whole_days(calendar, row, begins, ends, day_begins)
    } else {
        timed(calendar, row, begins, ends)?
    };
    if from >= until && end_zone.name() == zone_of_start.name() {
        return Err(Trouble::Backwards);
    }
    let mut read = Exceptions {
        zone: &zone_of_start,
        day_begins: all_day.then_some(day_begins),
        zones,
        days: BTreeSet::new(),
    };
    let excluded = read.walls(calendar.text(row, columns.excluded));
    let excluded_days = std::mem::take(&mut read.days);
    let added = read.walls(calendar.text(row, columns.added));
    let replaces = read.walls(calendar.text(row, columns.replaces)).into_iter().next();
    let replaces = replaces.or_else(|| read.days.first().map(|day| day.and_time(from.time())));
    Ok(Event {
        row,
        title: shown(calendar.tab.cell(row, calendar.title)),
        from,
        until,
        excluded: excluded.into_iter().map(|wall| zone_of_start.to_utc(wall).instant).collect(),
        excluded_days,
        added,
        replaces,
        zone: zone_of_start,
        end_zone,
        is_cancelled: calendar
            .text(row, columns.status)
            .is_some_and(|status| fold(&status).starts_with("cancel")),
        uid: calendar.text(row, columns.uid),
        repeats: calendar.text(row, columns.repeats),
    })
}

/// From handover to handover; see the module above for the end.
fn whole_days(
    calendar: &Calendar<'_>,
    row: usize,
    begins: Moment,
    ends: Option<Moment>,
    day_begins: Clock,
) -> (NaiveDateTime, NaiveDateTime) {
    let first = begins.date;
    let time_of_end = ends
        .and_then(|ends| ends.time)
        .or_else(|| calendar.end.and_then(|place| clock(calendar.tab.cell(row, place))));
    let is_file = calendar.file.uid.is_some() && calendar.file.zone.is_some();
    let is_after = is_file || time_of_end.is_some_and(|end| end == Clock::MIDNIGHT);
    let last = ends.map_or(first, |ends| ends.date).max(first);
    let until = if is_after && last > first {
        Some(last)
    } else {
        last.checked_add_days(Days::new(1))
    };
    (day_begins.on(first), day_begins.on(until.unwrap_or(last)))
}

/// With times of day, in the dates or beside them. Without an end day an end that is not after the start is on the next.
fn timed(calendar: &Calendar<'_>, row: usize, begins: Moment, ends: Option<Moment>) -> Result<(NaiveDateTime, NaiveDateTime), Trouble> {
    let beside = |place: Option<usize>| match place {
        Some(place) if !calendar.tab.cell(row, place).is_blank() => match clock(calendar.tab.cell(row, place)) {
            Some(clock) => Ok(Some(clock)),
            None => Err(Trouble::Time(place)),
        },
        Some(_) | None => Ok(None),
    };
    // A date cell of midnight looks like a bare date: in a calendar of moments it is one.
    let is_file = calendar.file.zone.is_some();
    let midnight = is_file.then_some(Clock::MIDNIGHT);
    let start = begins
        .time
        .or(beside(calendar.start)?)
        .or(midnight)
        .ok_or(Trouble::Time(calendar.start.unwrap_or(calendar.from)))?;
    let from = start.on(begins.date);
    let end_place = calendar.end.or(calendar.until).unwrap_or(calendar.from);
    let end = ends.and_then(|ends| ends.time).or(beside(calendar.end)?);
    match (ends, end) {
        (Some(ends), Some(end)) => Ok((from, end.on(ends.date))),
        (Some(ends), None) => midnight
            .map(|midnight| (from, midnight.on(ends.date)))
            .ok_or(Trouble::Time(end_place)),
        (None, Some(end)) => {
            let until = end.on(begins.date);
            let next = || until.checked_add_days(Days::new(1)).unwrap_or(until);
            Ok((from, if until > from { until } else { next() }))
        }
        (None, None) => Err(Trouble::Time(end_place)),
    }
}

/// By the column that says so; without times an event is of the whole day.
fn is_all_day(calendar: &Calendar<'_>, row: usize) -> bool {
    let said = calendar.all_day.map(|place| match calendar.tab.cell(row, place) {
        Cell::Bool(yes) => *yes,
        cell @ (Cell::Empty | Cell::Text(_) | Cell::Number(_) | Cell::DateTime(_) | Cell::Time(_) | Cell::Error(_)) => matches!(
            fold(&shown(cell)).as_str(),
            "yes" | "true" | "y" | "1" | "x" | "ja" | "wahr" | "oui" | "vrai" | "si" | "verdadero"
        ),
    });
    let has_times = || {
        [calendar.start, calendar.end]
            .into_iter()
            .flatten()
            .any(|place| !calendar.tab.cell(row, place).is_blank())
    };
    said.unwrap_or_else(|| calendar.start.is_some() && !has_times())
}

/// Zones by the names that calendars use, each looked up once.
#[derive(Default)]
struct Zones(BTreeMap<String, Option<Zone>>);

impl Zones {
    fn named(&mut self, name: &str) -> Option<Zone> {
        if let Some(known) = self.0.get(name) {
            return known.clone();
        }
        let found = tz(name).map(Zone::new);
        if self.0.len() < 500 {
            self.0.insert(name.to_owned(), found.clone());
        }
        found
    }
}

/// IANA names, also behind a path (`/example.org/Europe/London`), and those of Windows.
fn tz(name: &str) -> Option<Tz> {
    let name = name.trim().trim_matches('"');
    let is_utc = matches!(name, "Z" | "UTC" | "GMT" | "Etc/UTC");
    if is_utc {
        return Some(Tz::UTC);
    }
    if let Ok(windows) = WindowsTimezone::from_str(name) {
        return windows.tzdb_id().parse().ok();
    }
    let parts: Vec<&str> = name.split('/').filter(|part| !part.is_empty()).collect();
    let tails = (0..parts.len().saturating_sub(1)).map(|first| parts[first..].join("/"));
    zone_named(name).or_else(|| tails.into_iter().find_map(|tail| tail.parse().ok()))
}

/// Reads lists of moments: `2026-03-02 18:00; 2026-03-09 18:00 UTC; 2026-03-16`.
struct Exceptions<'z> {
    zone: &'z Zone,
    /// Of an event of whole days: when a day begins.
    day_begins: Option<Clock>,
    zones: &'z mut Zones,
    /// Those without a time.
    days: BTreeSet<NaiveDate>,
}

impl Exceptions<'_> {
    /// On the clocks of the event's zone.
    fn walls(&mut self, list: Option<String>) -> Vec<NaiveDateTime> {
        let list = list.unwrap_or_default();
        let mut walls = Vec::new();
        for one in list
            .split(';')
            .map(str::trim)
            .filter(|one| !one.is_empty())
            .take(EXCEPTIONS_AT_MOST)
        {
            let Some(date) = one.get(..10).and_then(|date| NaiveDate::from_str(date).ok()) else {
                continue;
            };
            let rest = one.get(10..).unwrap_or_default().trim();
            let (time, zone) = rest.split_once(' ').unwrap_or((rest, ""));
            let time = NaiveTime::parse_from_str(time, "%H:%M").ok();
            match (time, self.day_begins) {
                (_, Some(begins)) => walls.push(begins.on(date)),
                (None, None) => {
                    self.days.insert(date);
                }
                (Some(time), None) => {
                    let wall = date.and_time(time);
                    let there = if zone.is_empty() { None } else { self.zones.named(zone) };
                    walls.push(there.map_or(wall, |there| self.zone.to_local(there.to_utc(wall).instant)));
                }
            }
        }
        walls
    }
}

fn report(calendar: &Calendar<'_>, row: usize, trouble: &Trouble, findings: &mut Findings) {
    let text = |place: usize| quote(&shown_at(calendar.tab, row, place));
    let title = text(calendar.title);
    let (code, place, seen, remedy) = match *trouble {
        Trouble::Zone(place) => (
            Code::TimeZoneUnknown,
            place,
            format!("{} is not a time zone that is known.", text(place)),
            "Enter the event in a usual time zone such as Europe/London.",
        ),
        Trouble::Time(place) if calendar.tab.cell(row, place).is_blank() => (
            Code::TimeUnreadable,
            place,
            "An event has no time, and is not of the whole day.".to_owned(),
            "Write when it begins and ends, or Yes under All day.",
        ),
        Trouble::Time(place) => (
            Code::TimeUnreadable,
            place,
            format!("{} is no time that can be read.", text(place)),
            "Write times as 08:00.",
        ),
        Trouble::Backwards => (
            Code::UntilUnreadable,
            calendar.until.or(calendar.end).unwrap_or(calendar.from),
            format!("{title} does not end after it begins."),
            "Correct the end.",
        ),
    };
    let now = findings.now();
    let cause = findings.tell(
        code,
        Severity::Stop,
        None,
        Words::new(seen, "Such events put nobody on call.", remedy),
    );
    cause.at(calendar.tab.address(row, place)).affects(now);
}

fn report_bad(calendar: &Calendar<'_>, row: usize, bad: Bad, findings: &mut Findings) {
    if let Cell::Error(text) = calendar.tab.cell(row, calendar.from) {
        let now = findings.now();
        let remedy = "Enter the event again, or mend the formula.";
        let words = Words::new(
            format!("Instead of a date there is {}.", quote(text)),
            "The event puts nobody on call.",
            remedy,
        );
        let cause = findings.tell(Code::DateUnreadable, Severity::Stop, None, words);
        cause.at(calendar.tab.address(row, calendar.from)).affects(now);
        return;
    }
    let text = quote(&shown_at(calendar.tab, row, calendar.from));
    let (code, what) = match bad {
        Bad::Unreadable(why) => (Code::DateUnreadable, why.words().0),
        Bad::Open(crate::roster::layouts::date_column::Open::NoSuchDate) => {
            (Code::DateUnreadable, "is no date in the order of this column")
        }
        Bad::Open(crate::roster::layouts::date_column::Open::Ambiguous { .. }) => (
            Code::DateAmbiguous,
            "can be read with the day or with the month first, and nothing else in its column settles it",
        ),
    };
    let remedy = "Write dates as 2026-03-02, or add to Settings: Date order | day first (or month first).";
    let now = findings.now();
    let cause = findings.cause(code, Severity::Stop, what);
    cause.at(calendar.tab.address(row, calendar.from)).affects(now);
    cause.say(|| Words::new(format!("{text} {what}."), "The event puts nobody on call.", remedy).of_one_cell());
}
