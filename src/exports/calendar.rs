//! Calendars to subscribe to (iCalendar, RFC 5545): one of a hotline, one of each person on it. Telephone numbers are
//! in none of them: calendars travel.

use super::plain::plain;
use super::spans::{Span, Window, spans};
use crate::roster::{Duty, Level, Roster, masked};
use calcard::icalendar::{
    ICalendar, ICalendarComponent, ICalendarComponentType, ICalendarParameter, ICalendarProperty, ICalendarTransparency, ICalendarValue,
    ICalendarValueType,
};
use chrono::{DateTime, Utc};
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;

/// How often programs are asked to look again. Many take their own time all the same.
const REFRESH: &str = "PT1H";
/// More is no calendar that anybody looks at; what is left out is said in it.
const EVENTS_AT_MOST: usize = 10_000;
const ORDINALS: [&str; 10] = [
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
];

/// Whose duties a calendar shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose<'a> {
    /// Everybody's, with the time for which nobody is on call though somebody is expected.
    All,
    /// Those of the person with this name, as the contacts have it.
    Person(&'a str),
}

/// All that a calendar is made of. The same makes the same text.
#[derive(Clone, Copy, Debug)]
pub struct Calendar<'a> {
    /// Names the hotline for programs; with another one all events are others.
    pub key: &'a str,
    /// Names the hotline for people.
    pub title: &'a str,
    /// Who is on call when.
    pub roster: &'a Roster,
    /// When the sheet was read.
    pub read_at: DateTime<Utc>,
    /// Whose duties.
    pub whose: Whose<'a>,
    /// Which time.
    pub window: Window,
}

impl Calendar<'_> {
    /// The calendar's text.
    #[must_use]
    pub fn text(&self) -> String {
        let mut events = Vec::new();
        for span in spans(self.roster, self.window) {
            if events.len() >= EVENTS_AT_MOST {
                events.push(self.cut(span.from()));
                break;
            }
            self.push(span, &mut events);
        }
        let mut head = self.head();
        head.component_ids = (1..).take(events.len()).collect();
        let mut components = vec![head];
        components.append(&mut events);
        ICalendar { components }.to_string()
    }

    /// The calendar itself, without its events.
    fn head(&self) -> ICalendarComponent {
        let title = plain(self.title);
        let name = match self.whose {
            Whose::All => title,
            Whose::Person(name) => format!("{title}: {}", plain(&masked(name))),
        };
        let mut head = ICalendarComponent::new(ICalendarComponentType::VCalendar);
        head.add_property(ICalendarProperty::Version, text("2.0"));
        head.add_property(ICalendarProperty::Prodid, text("-//rotaline//duties//EN"));
        head.add_property(ICalendarProperty::Calscale, text("GREGORIAN"));
        head.add_property(ICalendarProperty::Name, text(&name));
        head.add_property(extension("X-WR-CALNAME"), text(&name));
        head.add_property(extension("X-WR-TIMEZONE"), text(self.roster.time_zone.name()));
        let is_duration = ICalendarParameter::value(ICalendarValueType::Duration);
        head.add_property_with_params(ICalendarProperty::RefreshInterval, [is_duration], text(REFRESH));
        head.add_property(extension("X-PUBLISHED-TTL"), text(REFRESH));
        head
    }

    fn push(&self, span: Span<'_>, events: &mut Vec<ICalendarComponent>) {
        match (span, self.whose) {
            // Before its first row there was no rota, and nobody was missing.
            (
                Span::Gap {
                    from,
                    until,
                    is_before_all,
                },
                Whose::All,
            ) if !(is_before_all && until <= self.read_at) => {
                let words = "No row of the rota names anybody for this time who can be rung. Enter somebody, or write \"nobody\" there.";
                let expected = self.roster.gap_parts(from, until).into_iter().filter(|part| part.is_expected);
                events.extend(expected.map(|part| self.event((part.from, part.until), "gap", "NOBODY ON CALL", words)));
            }
            (Span::Gap { .. }, Whose::All | Whose::Person(_)) => {}
            (Span::Duty(duty), Whose::All) if duty.levels.is_empty() => {
                let cell = duty.nobody.as_ref().map(ToString::to_string).unwrap_or_default();
                let words = format!("On purpose: {}.", plain(&cell));
                events.push(self.event((duty.from, duty.until), "nobody", "nobody on call, on purpose", &words));
            }
            (Span::Duty(duty), whose) => {
                for (place, level) in duty.levels.iter().enumerate() {
                    let is_theirs = match whose {
                        Whose::All => true,
                        Whose::Person(name) => level.responders.iter().any(|responder| responder.name == name),
                    };
                    if is_theirs {
                        events.push(self.duty(duty, place, level));
                    }
                }
            }
        }
    }

    fn duty(&self, duty: &Duty, place: usize, level: &Level) -> ICalendarComponent {
        let order = ORDINALS
            .get(place)
            .map_or_else(|| format!("number {}", place + 1), |word| (*word).to_owned());
        let summary = match self.whose {
            Whose::All => format!("{}, {order} on call", names(level)),
            Whose::Person(_) => format!("{order} on call"),
        };
        // The label lasts longer than the place: where a position becomes blank, those after it move up.
        let same = duty.levels[..place].iter().filter(|other| other.label == level.label).count();
        let key = format!("level {same} {}", level.label);
        self.event((duty.from, duty.until), &key, &summary, &description(duty, place, level))
    }

    /// The last event, where there would be too many.
    fn cut(&self, from: DateTime<Utc>) -> ICalendarComponent {
        let words = format!("A calendar holds {EVENTS_AT_MOST} duties at most. rotaline export writes the others.");
        self.event((from, self.window.until), "cut", "later duties are not in this calendar", &words)
    }

    fn event(&self, (from, until): (DateTime<Utc>, DateTime<Utc>), key: &str, summary: &str, description: &str) -> ICalendarComponent {
        let mut event = ICalendarComponent::new(ICalendarComponentType::VEvent);
        event.add_property(ICalendarProperty::Uid, text(&self.uid(from, key)));
        event.add_property(ICalendarProperty::Dtstamp, moment(self.read_at));
        event.add_property(ICalendarProperty::LastModified, moment(self.read_at));
        event.add_property(ICalendarProperty::Dtstart, moment(from));
        event.add_property(ICalendarProperty::Dtend, moment(until));
        event.add_property(ICalendarProperty::Summary, text(&format!("{}: {summary}", plain(self.title))));
        event.add_property(ICalendarProperty::Description, text(description));
        // Whoever is on call is not busy.
        event.add_property(
            ICalendarProperty::Transp,
            ICalendarValue::Transparency(ICalendarTransparency::Transparent),
        );
        event
    }

    /// The same for as long as the hotline, the beginning and the position are: another person on it is an update of
    /// the same event. A person's calendar has its own, because some programs join calendars.
    fn uid(&self, from: DateTime<Utc>, key: &str) -> String {
        let whose = match self.whose {
            Whose::All => String::new(),
            Whose::Person(name) => name.to_owned(),
        };
        let mut hash = Sha256::new();
        for part in [self.key, &whose, &from.timestamp().to_string(), key] {
            hash.update(part.len().to_be_bytes());
            hash.update(part);
        }
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&hash.finalize()[..16]);
        format!("{}@rotaline", uuid::Builder::from_custom_bytes(bytes).into_uuid())
    }
}

/// The crate escapes and folds what is written.
fn text(text: &str) -> ICalendarValue {
    ICalendarValue::Text(text.to_owned())
}

fn moment(at: DateTime<Utc>) -> ICalendarValue {
    ICalendarValue::Text(at.format("%Y%m%dT%H%M%SZ").to_string())
}

fn extension(name: &str) -> ICalendarProperty {
    ICalendarProperty::Other(name.to_owned())
}

/// The whole order, the place in it, and the cell that says so.
fn description(duty: &Duty, place: usize, level: &Level) -> String {
    let mut words = String::new();
    for (other, rung) in duty.levels.iter().enumerate() {
        let here = if other == place { " (this event)" } else { "" };
        let _ = writeln!(words, "{}. {}: {}{here}", other + 1, plain(&masked(&rung.label)), names(rung));
    }
    if level.responders.len() > 1 {
        words.push_str("Several people in one place ring together.\n");
    }
    let change = if level.is_change { ", a change" } else { "" };
    let _ = write!(words, "Said by cell {}{change}.", plain(&level.source.to_string()));
    words
}

/// `Ana Diaz and Bo Lund`.
fn names(level: &Level) -> String {
    let names: Vec<String> = level.responders.iter().map(|responder| plain(&masked(&responder.name))).collect();
    names.join(" and ")
}
