//! One event as cells, in the order of the headings.

use crate::Cell;
use chrono::{Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};
use icalendar::parser::{Property, read_components, unfold};
use std::collections::BTreeMap;

/// Moments left out of a series, or added, beyond this are not kept.
const MOMENTS: usize = 5_000;
/// Attendees beyond this are not named.
const ATTENDEES: usize = 20;

/// A moment on the clocks of a zone.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Moment {
    wall: NaiveDateTime,
    /// Nothing where the clocks of whoever reads it are meant.
    zone: Option<String>,
    is_day: bool,
}

/// The cells of an event; what cannot be read stands as an error where its start would be.
pub(super) fn cells(block: &str, zones: &BTreeMap<String, String>) -> Vec<Cell> {
    let text = unfold(block);
    let parsed = read_components(&text).ok();
    let properties = parsed
        .as_ref()
        .and_then(|parsed| parsed.first())
        .map(|event| event.properties.as_slice());
    let event = Event {
        properties: properties.unwrap_or_default(),
        zones,
    };
    event.cells().unwrap_or_else(|| event.unreadable(block))
}

struct Event<'e> {
    properties: &'e [Property<'e>],
    zones: &'e BTreeMap<String, String>,
}

impl Event<'_> {
    fn cells(&self) -> Option<Vec<Cell>> {
        let start = self.moment(self.first("DTSTART")?)?;
        let end = self.end(&start)?;
        // A change of a whole rest of a series, or rules that add up, are more than one row can say.
        let is_beyond = self.all("RECURRENCE-ID").any(|one| parameter(one, "RANGE").is_some())
            || self.all("RRULE").count() > 1
            || self.all("EXRULE").count() > 0;
        if is_beyond {
            return None;
        }
        let end_zone = end.zone.clone().filter(|_| end.zone != start.zone);
        let (person, email) = self.person();
        Some(vec![
            text(self.value("SUMMARY").unwrap_or_default()),
            Cell::DateTime(start.wall),
            Cell::DateTime(end.wall),
            text(if start.is_day { "Yes" } else { "No" }.to_owned()),
            text(start.zone.clone().unwrap_or_default()),
            text(end_zone.unwrap_or_default()),
            text(self.value("RRULE").unwrap_or_default()),
            text(self.moments("EXDATE", &start)?),
            text(self.moments("RDATE", &start)?),
            text(self.moments("RECURRENCE-ID", &start)?),
            text(person),
            text(email),
            text(self.value("LOCATION").unwrap_or_default()),
            text(self.value("STATUS").unwrap_or_default()),
            text(self.value("UID").unwrap_or_default()),
        ])
    }

    /// The title, as far as it can be told, and an error for a start.
    fn unreadable(&self, block: &str) -> Vec<Cell> {
        let by_line = || block.lines().find_map(|line| line.strip_prefix("SUMMARY:")).map(ToOwned::to_owned);
        let title = self.value("SUMMARY").or_else(by_line).unwrap_or_else(|| "(damaged)".to_owned());
        vec![text(title), Cell::Error("an event that cannot be read".to_owned())]
    }

    fn all<'n>(&'n self, name: &'n str) -> impl Iterator<Item = &'n Property<'n>> {
        self.properties
            .iter()
            .filter(move |property| property.name.as_str().eq_ignore_ascii_case(name))
    }

    fn first<'n>(&'n self, name: &'n str) -> Option<&'n Property<'n>> {
        self.all(name).next()
    }

    fn value(&self, name: &str) -> Option<String> {
        self.first(name).map(|property| property.val.as_str().to_owned())
    }

    /// The end, or the start and how long it lasts; a day lasts a day.
    fn end(&self, start: &Moment) -> Option<Moment> {
        if let Some(end) = self.first("DTEND") {
            return self.moment(end);
        }
        let wall = match self.value("DURATION") {
            Some(lasts) => start.wall.checked_add_signed(duration(&lasts)?)?,
            None if start.is_day => start.wall.checked_add_days(Days::new(1))?,
            None => start.wall,
        };
        Some(Moment { wall, ..start.clone() })
    }

    fn moment(&self, property: &Property<'_>) -> Option<Moment> {
        self.moment_of(property.val.as_str(), parameter(property, "TZID"))
    }

    fn moment_of(&self, value: &str, zone: Option<&str>) -> Option<Moment> {
        let value = value.trim();
        let day = NaiveDate::parse_from_str(value.get(..8)?, "%Y%m%d").ok()?;
        let Some(time) = value.get(8..).filter(|rest| !rest.is_empty()) else {
            let (wall, is_day) = (day.and_time(NaiveTime::MIN), true);
            return Some(Moment { wall, zone: None, is_day });
        };
        let digits = time.strip_prefix('T')?;
        let clock = NaiveTime::parse_from_str(digits.trim_end_matches('Z'), "%H%M%S").ok()?;
        let zone = if digits.ends_with('Z') {
            Some("UTC".to_owned())
        } else {
            zone.map(|name| self.zones.get(name).map_or(name, String::as_str).to_owned())
        };
        Some(Moment {
            wall: day.and_time(clock),
            zone,
            is_day: false,
        })
    }

    /// All moments of a property: `2026-03-09 18:00; 2026-03-16 17:00 UTC; 2026-03-23`.
    fn moments(&self, name: &str, start: &Moment) -> Option<String> {
        let mut written = Vec::new();
        for property in self.all(name) {
            let zone = parameter(property, "TZID");
            for value in property.val.as_str().split(',').filter(|value| !value.trim().is_empty()) {
                // Of a period only its beginning.
                let value = value.split_once('/').map_or(value, |(begins, _)| begins);
                let moment = self.moment_of(value, zone)?;
                if written.len() >= MOMENTS {
                    return None;
                }
                let other = moment.zone.as_ref().filter(|_| moment.zone != start.zone);
                written.push(match (moment.is_day, other) {
                    (true, _) => moment.wall.format("%Y-%m-%d").to_string(),
                    (false, None) => moment.wall.format("%Y-%m-%d %H:%M").to_string(),
                    (false, Some(zone)) => format!("{} {zone}", moment.wall.format("%Y-%m-%d %H:%M")),
                });
            }
        }
        Some(written.join("; "))
    }

    /// Those who attend, or else who organises; with their address where it is one.
    fn person(&self) -> (String, String) {
        let attends = |one: &&Property<'_>| {
            let is =
                |name: &str, words: &[&str]| parameter(one, name).is_some_and(|value| words.contains(&value.to_ascii_uppercase().as_str()));
            !is("CUTYPE", &["ROOM", "RESOURCE"]) && !is("PARTSTAT", &["DECLINED"])
        };
        let attendees: Vec<&Property<'_>> = self.all("ATTENDEE").filter(attends).take(ATTENDEES).collect();
        match attendees.as_slice() {
            [] => match self.first("ORGANIZER").map(named) {
                // A calendar of a group is nobody.
                Some((_, email)) if email.ends_with("calendar.google.com") => (String::new(), String::new()),
                Some(found) => found,
                None => (String::new(), String::new()),
            },
            [one] => named(one),
            several => {
                let names: Vec<String> = several.iter().map(|one| named(one).0).collect();
                (names.join(" / "), String::new())
            }
        }
    }
}

/// The name of an attendee, or else the address; and the address.
fn named(property: &Property<'_>) -> (String, String) {
    let value = property.val.as_str().trim();
    let email = match value.get(..7) {
        Some(scheme) if scheme.eq_ignore_ascii_case("mailto:") => value.get(7..).unwrap_or_default(),
        Some(_) | None => value,
    };
    let name = parameter(property, "CN")
        .map(|name| name.trim_matches('"').trim())
        .filter(|name| !name.is_empty());
    (name.unwrap_or(email).to_owned(), email.to_owned())
}

fn parameter<'p>(property: &'p Property<'_>, name: &str) -> Option<&'p str> {
    let found = property.params.iter().find(|one| one.key.as_str().eq_ignore_ascii_case(name))?;
    found.val.as_ref().map(|value| value.as_str().trim_matches('"'))
}

fn text(text: String) -> Cell {
    if text.is_empty() { Cell::Empty } else { Cell::Text(text) }
}

/// `P1DT2H30M`, `P1W`, `PT12H`.
fn duration(text: &str) -> Option<TimeDelta> {
    let rest = text.trim().trim_start_matches('+').strip_prefix('P')?;
    let (mut seconds, mut number, mut in_time) = (0_i64, None::<i64>, false);
    for c in rest.chars() {
        if let Some(digit) = c.to_digit(10) {
            number = Some(number.unwrap_or(0).checked_mul(10)?.checked_add(i64::from(digit))?).filter(|number| *number < 1_000_000);
            number?;
            continue;
        }
        let unit = match (c, in_time) {
            ('T', false) if number.is_none() => {
                in_time = true;
                continue;
            }
            ('W', false) => 7 * 86_400,
            ('D', false) => 86_400,
            ('H', true) => 3_600,
            ('M', true) => 60,
            ('S', true) => 1,
            _ => return None,
        };
        seconds = seconds.checked_add(number.take()?.checked_mul(unit)?)?;
    }
    (number.is_none() && seconds > 0).then(|| TimeDelta::seconds(seconds))
}
