//! The answer of `who`: who is on call, by which cells, until when, and who comes next.

use super::reading::Reading;
use super::words::{count, day_and_time, offset, rfc3339, short_day_and_time};
use super::{Look, Status};
use crate::roster::preview::Sentence;
use crate::roster::wall_clock::Zone;
use crate::roster::{Diagnostic, Duty, OnCall, Phone, Responder, Roster, Severity};
use chrono::{DateTime, Utc};
use serde::{Serialize, Serializer};
use std::collections::BTreeSet;
use std::fmt::Write;

/// Who is on call at one instant. Serializes to the JSON of `--json`; [`WhoReport::text`] is the answer for people.
#[derive(Clone, Debug, Serialize)]
pub struct WhoReport {
    rota: String,
    hotline: Option<String>,
    time_zone: &'static str,
    at: DateTime<Utc>,
    at_local: String,
    /// When the rota was read from its source: for this answer.
    read_at: DateTime<Utc>,
    /// The stretch of time that `at` lies in.
    on_call: Stretch,
    /// The one after it.
    next: Option<Stretch>,
    last_resort: Option<Person>,
    /// Which rows and changes make it so, and who is on call and cannot be rung.
    #[serde(serialize_with = "as_texts")]
    why: Vec<Sentence>,
    remarks: Vec<String>,
    /// Findings of `check` that stop somebody from being reached.
    stops: usize,
    #[serde(skip)]
    zone: Zone,
    #[serde(skip)]
    numbers_are_masked: bool,
}

/// An uninterrupted stretch of time with the same people on call.
#[derive(Clone, Debug, Serialize)]
struct Stretch {
    state: State,
    from: Option<DateTime<Utc>>,
    until: Option<DateTime<Utc>>,
    /// The cell that says so, where deliberately nobody is on call.
    nobody: Option<String>,
    levels: Vec<Rung>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum State {
    OnCall,
    Nobody,
    Gap,
}

#[derive(Clone, Debug, Serialize)]
struct Rung {
    label: String,
    source: String,
    is_change: bool,
    responders: Vec<Person>,
}

#[derive(Clone, Debug, Serialize)]
struct Person {
    name: String,
    phone: String,
    /// Rung after that one.
    #[serde(skip_serializing_if = "Option::is_none")]
    then: Option<String>,
    /// Whether an earlier level rings the same number, so that this one does not.
    rung_earlier: bool,
    /// Until when, and by which cell of the sheet, this person is passed over.
    #[serde(skip_serializing_if = "Option::is_none")]
    away: Option<AwayBySheet>,
}

#[derive(Clone, Debug, Serialize)]
struct AwayBySheet {
    until: Option<DateTime<Utc>>,
    /// The same as the clocks show it where the rota is kept.
    #[serde(skip)]
    shown: Option<String>,
    cell: String,
}

impl AwayBySheet {
    fn of(roster: &Roster, who: &Responder, at: DateTime<Utc>) -> Option<Self> {
        let away = who.phones().find_map(|phone| roster.away_at(phone, at))?;
        Some(Self {
            until: away.until,
            shown: away.shown(&Zone::new(roster.time_zone)),
            cell: away.cell.to_string(),
        })
    }
}

/// To go after the cell or `last resort`.
fn away_words(person: &Person) -> String {
    let Some(away) = &person.away else { return String::new() };
    let until = away.shown.as_ref().map_or_else(String::new, |until| format!(" until {until}"));
    format!(", away{until}, says {}", away.cell)
}

impl WhoReport {
    pub(super) fn new(reading: &Reading, numbers: bool) -> Self {
        let Reading { roster, zone, at, .. } = reading;
        let on_call = Stretch::at(roster, *at, numbers);
        let next = on_call.until.map(|until| Stretch::at(roster, until, numbers));
        let is_stop = |diagnostic: &&Diagnostic| diagnostic.severity == Severity::Stop;
        Self {
            rota: reading.title.clone(),
            hotline: reading.hotline.clone(),
            time_zone: zone.name().name(),
            at: *at,
            at_local: rfc3339(zone, *at),
            read_at: reading.read_at,
            on_call,
            next,
            last_resort: reading
                .last_resort
                .as_ref()
                .map(|responder| Person::new(responder, numbers, false).with_presence(roster, responder, *at)),
            why: reading.why.clone(),
            remarks: reading.remarks.clone(),
            stops: reading.diagnostics.iter().filter(is_stop).count(),
            zone: zone.clone(),
            numbers_are_masked: !numbers,
        }
    }

    /// Whether the rota has an answer: a gap is a finding, deliberately nobody is not.
    #[must_use]
    pub fn status(&self) -> Status {
        match self.on_call.state {
            State::OnCall | State::Nobody => Status::Fine,
            State::Gap => Status::Findings,
        }
    }

    /// The answer for people, with a line end.
    #[must_use]
    pub fn text(&self, look: Look) -> String {
        let hotline = self.hotline.as_ref().map_or_else(String::new, |name| format!("Hotline {name}: "));
        let mut text = format!("{hotline}{}, times of {}, read just now\n", self.rota, self.time_zone);
        for remark in &self.remarks {
            let _ = writeln!(text, "({remark})");
        }
        let _ = write!(text, "\nAt {} ({})", day_and_time(&self.zone, self.at), offset(&self.zone, self.at));
        if let (State::Gap, Some(from)) = (self.on_call.state, self.on_call.from) {
            let _ = write!(text, ", since {}", short_day_and_time(&self.zone, from, self.at));
        }
        self.write_until(&mut text, &self.on_call);
        self.write_stretch(&mut text, &self.on_call);
        if !self.why.is_empty() {
            text.push_str("  Why:\n");
        }
        for sentence in &self.why {
            let _ = writeln!(text, "    {}", look.sentence(sentence));
        }
        if let Some(next) = &self.next {
            if let Some(from) = next.from {
                let _ = write!(text, "\nFrom {}", short_day_and_time(&self.zone, from, self.at));
            }
            self.write_until(&mut text, next);
            self.write_stretch(&mut text, next);
        }
        self.write_notes(&mut text);
        text
    }

    fn write_until(&self, text: &mut String, stretch: &Stretch) {
        if let Some(until) = stretch.until {
            let _ = write!(text, ", until {}", short_day_and_time(&self.zone, until, self.at));
        }
        text.push_str(":\n");
    }

    /// One line for each person: level, name, number, cell.
    fn write_stretch(&self, text: &mut String, stretch: &Stretch) {
        let mut lines: Vec<[String; 4]> = Vec::new();
        match stretch.state {
            State::OnCall => {}
            State::Nobody => {
                let cell = stretch.nobody.clone().unwrap_or_default();
                lines.push(["nobody".to_owned(), "on purpose".to_owned(), String::new(), cell]);
            }
            State::Gap => {
                let _ = writeln!(text, "  NOBODY: {}", stretch.gap_words());
            }
        }
        for rung in &stretch.levels {
            for (place, person) in rung.responders.iter().enumerate() {
                let label = if place == 0 { rung.label.as_str() } else { "with" };
                let change = if rung.is_change { " (change)" } else { "" };
                let twice = if person.rung_earlier {
                    ", not rung again: same number as before"
                } else {
                    ""
                };
                lines.push([
                    label.to_owned(),
                    person.name.clone(),
                    person.phones(),
                    format!("{}{change}{twice}{}", rung.source, away_words(person)),
                ]);
            }
        }
        let last = self.last_resort.as_ref();
        if let Some(person) = last {
            lines.push([
                "then".to_owned(),
                person.name.clone(),
                person.phones(),
                format!("last resort{}", away_words(person)),
            ]);
        }
        write_columns(text, &lines);
        if last.is_none() {
            text.push_str("  then nobody: no last resort is set, callers are asked for a message\n");
        }
    }

    fn write_notes(&self, text: &mut String) {
        if self.stops > 0 {
            let verb = if self.stops == 1 { "stops" } else { "stop" };
            let _ = write!(
                text,
                "\n{} {verb} somebody from being reached: see `rotaline check`.\n",
                count(self.stops, "finding")
            );
        }
        let mut stretches = std::iter::once(&self.on_call).chain(&self.next);
        let shows_a_number = self.last_resort.is_some() || stretches.any(|stretch| !stretch.levels.is_empty());
        if self.numbers_are_masked && shows_a_number {
            text.push_str("\nNumbers are masked; --numbers shows them.\n");
        }
    }
}

impl Stretch {
    fn at(roster: &Roster, at: DateTime<Utc>, numbers: bool) -> Self {
        match roster.on_call(at) {
            OnCall::Duty(duty) => Self::of_duty(roster, duty, duty.from.max(at), numbers),
            OnCall::Gap { from, until } => Self {
                state: State::Gap,
                from,
                until,
                nobody: None,
                levels: Vec::new(),
            },
        }
    }

    fn of_duty(roster: &Roster, duty: &Duty, at: DateTime<Utc>, numbers: bool) -> Self {
        let mut rung: BTreeSet<&Phone> = BTreeSet::new();
        let mut levels = Vec::new();
        for level in &duty.levels {
            let people = level.responders.iter();
            levels.push(Rung {
                label: level.label.to_string(),
                source: level.source.to_string(),
                is_change: level.is_change,
                responders: people
                    .map(|responder| Person::new(responder, numbers, !rung.insert(&responder.phone)).with_presence(roster, responder, at))
                    .collect(),
            });
        }
        Self {
            state: if levels.is_empty() { State::Nobody } else { State::OnCall },
            from: Some(duty.from),
            until: Some(duty.until),
            nobody: duty.nobody.as_ref().map(ToString::to_string),
            levels,
        }
    }

    fn gap_words(&self) -> &'static str {
        match (self.from, self.until) {
            (Some(_), Some(_)) => "the rota has a gap here",
            (Some(_), None) => "the rota has ended",
            (None, Some(_)) => "the rota has not begun",
            (None, None) => "the rota has no duty that could be rung",
        }
    }
}

impl Person {
    fn new(responder: &Responder, numbers: bool, rung_earlier: bool) -> Self {
        let Responder { name, phone, then } = responder;
        let shown = |phone: &Phone| if numbers { phone.in_full() } else { phone.to_string() };
        Self {
            name: name.clone(),
            phone: shown(phone),
            then: then.as_ref().map(shown),
            rung_earlier,
            away: None,
        }
    }

    /// As the sheet's column Status has it; what people have told by text or on the page is the service's to say.
    fn with_presence(self, roster: &Roster, responder: &Responder, at: DateTime<Utc>) -> Self {
        Self {
            away: AwayBySheet::of(roster, responder, at),
            ..self
        }
    }

    fn phones(&self) -> String {
        let then = self.then.iter().map(|then| format!(", then {then}"));
        std::iter::once(self.phone.clone()).chain(then).collect()
    }
}

fn as_texts<S: Serializer>(sentences: &[Sentence], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(sentences.iter().map(ToString::to_string))
}

/// Lines of aligned columns, two blanks apart; the last column is as long as it is.
fn write_columns(text: &mut String, lines: &[[String; 4]]) {
    let width = |column: usize| lines.iter().map(|line| line[column].chars().count()).max().unwrap_or(0);
    let (first, second, third) = (width(0), width(1), width(2));
    for [label, name, phone, source] in lines {
        let line = format!("  {label:first$}  {name:second$}  {phone:third$}  {source}");
        text.push_str(line.trim_end());
        text.push('\n');
    }
}
