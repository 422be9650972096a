//! The words of a preview, as an admin would tell a colleague. It must not know which stretches there are.

use super::super::differences::sentences::{name, place_name};
use super::super::findings::plural;
use super::super::masking::masked;
use super::super::wall_clock::{How, Zone};
use super::super::{Code, Diagnostic, Duty, Level, OnCall, Phone, Responder, Roster, Unreachable, joined};
use super::{Around, Kind, Numbers, Piece, Sentence, Wish};
use crate::roster::cells::words::{fold, listed};
use chrono::{DateTime, Datelike, TimeDelta, Utc};
use std::collections::BTreeSet;
use std::fmt;

/// What callers meet where nobody is on call, and where nobody accepts: a phrase that follows "callers".
#[derive(Clone, Copy, Debug)]
pub struct LastResort<'a> {
    /// Who it is; without one callers can leave a message.
    pub responder: Option<&'a Responder>,
    /// How numbers are shown.
    pub numbers: Numbers,
}

impl fmt::Display for LastResort<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.responder {
            Some(responder) => write!(f, "are put through to the last resort, {}", person(responder, self.numbers)),
            None => f.write_str("are asked to leave a message"),
        }
    }
}

/// Why somebody who is named cannot be rung, by the finding about the cell.
const REASONS: [(Code, &str); 7] = [
    (Code::NameUnknown, "not in Contacts"),
    (Code::NameAmbiguous, "it fits more than one contact"),
    (Code::NameTwice, "two contacts have that name"),
    (Code::PhoneUnusable, "there is no number that can be dialled"),
    (Code::PhoneNotAllowed, "the hotline may not ring that number"),
    (Code::ContactsMissing, "there are no contacts"),
    (Code::FormulaError, "a formula error"),
];
/// More people than these who cannot be rung are only counted.
const UNREACHABLE_AT_MOST: usize = 6;

/// Makes sentences.
pub(super) struct Teller<'a> {
    pub(super) zone: &'a Zone,
    pub(super) wish: &'a Wish<'a>,
    pub(super) roster: &'a Roster,
    /// Until when is told.
    pub(super) until: DateTime<Utc>,
}

impl Teller<'_> {
    pub(super) fn sentence(&self, on_call: &OnCall<'_>, kind: Kind, around: &Around<'_>) -> Sentence {
        let mut said = Sentence::default();
        match on_call {
            OnCall::Duty(duty) => {
                said.say(self.span(duty.from, duty.until, false));
                said.say(": ");
                match kind {
                    Kind::Nobody => self.nobody(&mut said, duty),
                    Kind::Overlap => {
                        said.say("two rows overlap, and the one that begins later is rung first: ");
                        self.levels(&mut said, &duty.levels);
                    }
                    Kind::Held => {
                        self.levels(&mut said, &duty.levels);
                        said.say("; held from an earlier version, because the sheet in use has nobody then");
                    }
                    Kind::OnCall | Kind::OutsideCoverage | Kind::Gap => self.levels(&mut said, &duty.levels),
                }
                self.unreachable(&mut said, duty.from, duty.until);
                if let Some(back) = back_to(duty, around) {
                    said.say(format!("; then back to {}", self.names(back)));
                }
            }
            OnCall::Gap { from, until } => {
                said.say(self.gap(*from, *until, kind));
                self.unreachable(&mut said, from.unwrap_or(self.wish.from), until.unwrap_or(self.until));
            }
        }
        said.say(".");
        said
    }

    fn nobody(&self, said: &mut Sentence, duty: &Duty) {
        said.say("nobody, on purpose");
        if let Some(cell) = &duty.nobody {
            said.say(" (");
            said.0.push(Piece::Cell(cell.clone()));
            said.say(")");
        }
        said.say(format!("; callers {}", self.last_resort()));
    }

    /// `; "J Smth" (2nd, Rota!C14) cannot be rung: not in Contacts`.
    fn unreachable(&self, said: &mut Sentence, from: DateTime<Utc>, until: DateTime<Utc>) {
        let all = self.roster.unreachable(from, until);
        let (mut told, mut more): (Vec<&Unreachable>, usize) = (Vec::new(), 0);
        for one in all {
            if told.len() == UNREACHABLE_AT_MOST {
                more += 1;
            } else if told.iter().all(|known| known.source != one.source) {
                told.push(one);
            }
        }
        for one in told {
            said.say(format!("; \"{}\" ({}, ", self.shown(&joined(&one.names)), self.shown(&one.label)));
            said.0.push(Piece::Cell(one.source.clone()));
            said.say(") cannot be rung");
            if let Some(why) = self.reason(one) {
                said.say(format!(": {why}"));
            }
        }
        if more > 0 {
            said.say(format!("; and {more} more cannot be rung"));
        }
    }

    fn reason(&self, one: &Unreachable) -> Option<&'static str> {
        reason(self.wish.findings, one)
    }

    fn gap(&self, from: Option<DateTime<Utc>>, until: Option<DateTime<Utc>>, kind: Kind) -> String {
        let callers = format!("callers {}", self.last_resort());
        match (from, until) {
            (Some(from), Some(until)) if kind == Kind::OutsideCoverage => format!(
                "{}: nobody, outside the hours of the setting Coverage; {callers}",
                self.span(from, until, true)
            ),
            (Some(from), Some(until)) => format!(
                "{}: NOBODY is on call, and the sheet does not say that this is meant; {callers}",
                self.span(from, until, true)
            ),
            (Some(from), None) => format!(
                "From {} on: NOBODY is on call, because the rota has ended; {callers}",
                self.moment(from)
            ),
            (None, Some(until)) => format!(
                "Until {}: NOBODY is on call, because the rota has not begun; {callers}",
                self.moment(until)
            ),
            (None, None) => format!("NOBODY is on call at any time, because the rota has no duty that could be rung; {callers}"),
        }
    }

    const fn last_resort(&self) -> LastResort<'_> {
        LastResort {
            responder: self.wish.last_resort,
            numbers: self.wish.numbers,
        }
    }

    /// `first Ana Diaz +61…006 and Bo Lund +61…156 together (Rota!B2), second …`.
    fn levels(&self, said: &mut Sentence, levels: &[Level]) {
        let mut rung: BTreeSet<&Phone> = BTreeSet::new();
        for (place, level) in levels.iter().enumerate() {
            let people: Vec<String> = level
                .responders
                .iter()
                .map(|responder| {
                    let again = if rung.insert(&responder.phone) {
                        ""
                    } else {
                        " (not rung again: same number as before)"
                    };
                    format!("{}{again}", person(responder, self.wish.numbers))
                })
                .collect();
            let together = if people.len() > 1 { " together" } else { "" };
            let joint = if place > 0 { ", " } else { "" };
            said.say(format!("{joint}{} {}{together} (", place_name(place), listed(&people)));
            if !says_its_place(&level.label, place) {
                said.say(format!("{}, ", self.shown(&level.label)));
            }
            said.0.push(Piece::Cell(level.source.clone()));
            said.say(if level.is_change { ", a change)" } else { ")" });
        }
    }

    fn names(&self, level: &Level) -> String {
        let names: Vec<String> = level.responders.iter().map(|responder| self.shown(&responder.name)).collect();
        listed(&names)
    }

    fn shown(&self, text: &str) -> String {
        shown(text, self.wish.numbers)
    }

    fn span(&self, from: DateTime<Utc>, until: DateTime<Utc>, always: bool) -> String {
        span(self.zone, (from, until), self.wish.from, always)
    }

    /// `Sun 1 Mar 09:00`; with the year where it is another one, and the offset where the clocks show the time twice.
    fn moment(&self, at: DateTime<Utc>) -> String {
        moment(self.zone, at, self.wish.from)
    }
}

/// `Sun 1 Mar 09:00 to 17:00`; where the clocks are changed meanwhile, or `always`, with its length.
pub(in crate::roster) fn span(zone: &Zone, (from, until): (DateTime<Utc>, DateTime<Utc>), beside: DateTime<Utc>, always: bool) -> String {
    let (begin, end) = (zone.to_local(from), zone.to_local(until));
    let shifted = (end - begin) - (until - from);
    let end = if begin.date() == end.date() && shifted.is_zero() {
        end.format("%H:%M").to_string()
    } else {
        moment(zone, until, beside)
    };
    let length = match shifted.num_seconds() {
        0 if always => format!(" ({})", length(until - from)),
        0 => String::new(),
        1.. => format!(" ({}: the clocks go forward)", hours(until - from)),
        i64::MIN..0 => format!(" ({}: the clocks go back)", hours(until - from)),
    };
    format!("{} to {end}{length}", moment(zone, from, beside))
}

/// `Sun 1 Mar 09:00` on the clocks of the zone; with the year where it is not that of `beside`, and with the offset in
/// the hour that comes twice.
pub(super) fn moment(zone: &Zone, at: DateTime<Utc>, beside: DateTime<Utc>) -> String {
    let local = zone.to_local(at);
    let is_this_year = local.year() == zone.to_local(beside).year();
    let told = local.format(if is_this_year { "%a %-d %b %H:%M" } else { "%a %-d %b %Y %H:%M" });
    match zone.to_utc(local).how {
        How::Exact | How::Skipped => told.to_string(),
        How::Repeated => {
            let ahead = (local - at.naive_utc()).num_minutes();
            let sign = if ahead < 0 { '-' } else { '+' };
            format!("{told} (UTC{sign}{:02}:{:02})", ahead.abs() / 60, ahead.abs() % 60)
        }
    }
}

/// Why somebody cannot be rung, as the findings say.
pub(in crate::roster) fn reason(findings: &[Diagnostic], one: &Unreachable) -> Option<&'static str> {
    let of_cell = findings.iter().filter(|finding| finding.cells.contains(&one.source));
    let mut reasons = of_cell.filter_map(|finding| REASONS.iter().find(|(code, _)| *code == finding.code));
    reasons.next().map(|(_, why)| *why)
}

/// Who is first again after a change, where that is who was first before it.
fn back_to<'r>(duty: &Duty, around: &Around<'r>) -> Option<&'r Level> {
    let first = duty.levels.first().filter(|first| first.is_change)?;
    let before = around.before?.levels.first()?;
    let after = around.after?.levels.first()?;
    let is_same = |one: &Level, other: &Level| one.responders == other.responders;
    (is_same(before, after) && !is_same(first, after)).then_some(after)
}

/// Whether the sheet's name for a level says no more than its place.
fn says_its_place(label: &str, place: usize) -> bool {
    let label = fold(label);
    let number = place + 1;
    let in_digits = ["st", "nd", "rd", "th", ""].iter().any(|end| label == format!("{number}{end}"));
    in_digits || label == place_name(place) || label.is_empty()
}

/// `Ana Diaz +61…156`.
fn person(responder: &Responder, numbers: Numbers) -> String {
    format!("{} {}", shown(&responder.name, numbers), numbers.show(&responder.phone))
}

/// Text of the sheet on one line and not too long; a number in it is no less secret than any other.
fn shown(text: &str, numbers: Numbers) -> String {
    match numbers {
        Numbers::Masked => masked(&name(text)),
        Numbers::Full => name(text),
    }
}

/// `25 hours`, `24 hours 30 minutes`: for days that the clocks make longer or shorter.
fn hours(length: TimeDelta) -> String {
    let counted = |count: i64, noun: &str| plural(usize::try_from(count).unwrap_or(0), noun);
    match (length.num_hours(), length.num_minutes() % 60) {
        (0, minutes) => counted(minutes, "minute"),
        (hours, 0) => counted(hours, "hour"),
        (hours, minutes) => format!("{} {}", counted(hours, "hour"), counted(minutes, "minute")),
    }
}

/// `13 days`, `2 days 3 hours`, `2 hours`.
fn length(length: TimeDelta) -> String {
    let days = length.num_days();
    if days == 0 {
        return hours(length);
    }
    let days_said = plural(usize::try_from(days).unwrap_or(0), "day");
    match length - TimeDelta::days(days) {
        rest if rest.num_hours() == 0 => days_said,
        rest => format!("{days_said} {}", hours(TimeDelta::hours(rest.num_hours()))),
    }
}

impl Sentence {
    pub(in crate::roster) fn say(&mut self, words: impl Into<String>) {
        let words = words.into();
        match self.0.last_mut() {
            Some(Piece::Words(said)) => said.push_str(&words),
            Some(Piece::Cell(_)) | None => self.0.push(Piece::Words(words)),
        }
    }
}
