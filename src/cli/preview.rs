//! The answer of `preview`: the next days of a rota in sentences, so that an admin can see that it was read as meant.

use super::Status;
use super::reading::Reading;
use super::terminal::Look;
use super::words::{count, day_and_time, rfc3339, short_day_and_time};
use crate::roster::preview::{self, Kind, LastResort, Numbers, Sentence, Wish};
use crate::roster::wall_clock::Zone;
use crate::roster::{Level, OnCall, Responder, Severity, TabRead};
use chrono::{DateTime, Utc};
use providers::CellAddress;
use serde::{Serialize, Serializer};
use std::fmt::Write;

/// Of more tabs than these the shape is not told.
const TABS_SHOWN: usize = 20;

/// The next days of a rota. Serializes to the JSON of `--json`; [`PreviewReport::text`] is the answer for people.
#[derive(Clone, Debug, Serialize)]
pub struct PreviewReport {
    rota: String,
    hotline: Option<String>,
    time_zone: &'static str,
    from: DateTime<Utc>,
    from_local: String,
    until: DateTime<Utc>,
    until_local: String,
    /// How each tab of the rota was understood.
    read: Vec<Tab>,
    stretches: Vec<Stretch>,
    /// So many more are not listed.
    more_stretches: usize,
    last_resort: Option<Person>,
    /// What happens when nobody on call accepts.
    if_nobody_accepts: String,
    remarks: Vec<String>,
    /// Findings of `check` that stop somebody from being reached.
    stops: usize,
    #[serde(skip)]
    zone: Zone,
    #[serde(skip)]
    hides_numbers: bool,
}

#[derive(Clone, Debug, Serialize)]
struct Tab {
    tab: String,
    shape: String,
    header: Option<String>,
    link: Option<String>,
    #[serde(skip)]
    cell: Option<CellAddress>,
}

#[derive(Clone, Debug, Serialize)]
struct Stretch {
    from: Option<DateTime<Utc>>,
    until: Option<DateTime<Utc>>,
    state: Kind,
    #[serde(serialize_with = "as_text")]
    sentence: Sentence,
    levels: Vec<Rung>,
}

#[derive(Clone, Debug, Serialize)]
struct Rung {
    label: String,
    source: String,
    link: Option<String>,
    is_change: bool,
    responders: Vec<Person>,
}

#[derive(Clone, Debug, Serialize)]
struct Person {
    name: String,
    phone: String,
}

impl PreviewReport {
    pub(super) fn new(reading: &Reading, days: u32, numbers: bool) -> Self {
        let numbers = if numbers { Numbers::Full } else { Numbers::Masked };
        let last_resort = reading.last_resort.as_ref();
        let told = preview::preview(
            &reading.roster,
            &Wish {
                from: reading.at,
                days,
                numbers,
                last_resort,
                held: &[],
                findings: &reading.diagnostics,
            },
        );
        let is_stop = |severity: &Severity| *severity == Severity::Stop;
        let callers = LastResort {
            responder: last_resort,
            numbers,
        };
        Self {
            rota: reading.title.clone(),
            hotline: reading.hotline.clone(),
            time_zone: told.zone.name().name(),
            from: told.from,
            from_local: rfc3339(&told.zone, told.from),
            until: told.until,
            until_local: rfc3339(&told.zone, told.until),
            read: reading.roster.tabs_read().iter().map(Tab::new).collect(),
            stretches: told.stretches.iter().map(|stretch| Stretch::new(stretch, numbers)).collect(),
            more_stretches: told.more,
            last_resort: last_resort.map(|responder| Person::new(responder, numbers)),
            if_nobody_accepts: format!("callers {callers}"),
            remarks: reading.remarks.clone(),
            stops: reading.diagnostics.iter().map(|finding| finding.severity).filter(is_stop).count(),
            hides_numbers: numbers == Numbers::Masked,
            zone: told.zone,
        }
    }

    /// A gap within the days is a finding, deliberately nobody is not.
    #[must_use]
    pub fn status(&self) -> Status {
        if self.stretches.iter().any(|stretch| stretch.state == Kind::Gap) {
            Status::Findings
        } else {
            Status::Fine
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
        self.write_read(&mut text, look);
        let _ = writeln!(
            text,
            "\nFrom {} to {}:",
            day_and_time(&self.zone, self.from),
            short_day_and_time(&self.zone, self.until, self.from)
        );
        for stretch in &self.stretches {
            let _ = writeln!(text, "  {}", look.sentence(&stretch.sentence));
        }
        if self.more_stretches > 0 {
            let _ = writeln!(
                text,
                "  And {}.",
                count(self.more_stretches, "more stretch").replace("stretchs", "stretches")
            );
        }
        let _ = writeln!(text, "\nIf nobody accepts a call, {}.", self.if_nobody_accepts);
        if self.stops > 0 {
            let verb = if self.stops == 1 { "stops" } else { "stop" };
            let _ = writeln!(
                text,
                "{} {verb} somebody from being reached: see `rotaline check`.",
                count(self.stops, "finding")
            );
        }
        if self.hides_numbers && self.shows_a_number() {
            text.push_str("Numbers are masked; --full-numbers shows them.\n");
        }
        text
    }

    /// So that an admin sees at once whether the shape was understood.
    fn write_read(&self, text: &mut String, look: Look) {
        match self.read.as_slice() {
            [] => {}
            [one] => {
                let _ = writeln!(text, "\nHere is what I read: {}.", one.words(look));
            }
            [_, ..] => {
                text.push_str("\nHere is what I read:\n");
                for tab in self.read.iter().take(TABS_SHOWN) {
                    let _ = writeln!(text, "  {}.", tab.words(look));
                }
                if let Some(more) = self.read.len().checked_sub(TABS_SHOWN).filter(|more| *more > 0) {
                    let _ = writeln!(text, "  and {}.", count(more, "more tab"));
                }
            }
        }
    }

    fn shows_a_number(&self) -> bool {
        self.last_resort.is_some() || self.stretches.iter().any(|stretch| !stretch.levels.is_empty())
    }
}

impl Tab {
    fn new(read: &TabRead) -> Self {
        Self {
            tab: read.tab.clone(),
            shape: read.shape.clone(),
            header: read.header.as_ref().map(ToString::to_string),
            link: read.header.as_ref().and_then(CellAddress::link),
            cell: read.header.clone(),
        }
    }

    /// `the tab "Rota" (its header is at Rota!A3) as …`.
    fn words(&self, look: Look) -> String {
        let header = self.cell.as_ref().map_or_else(String::new, |cell| {
            format!(" (its header is at {})", look.cell(cell, &cell.to_string()))
        });
        format!("the tab \"{}\"{header} as {}", self.tab, self.shape)
    }
}

impl Stretch {
    fn new(stretch: &preview::Stretch<'_>, numbers: Numbers) -> Self {
        let (from, until, levels) = match stretch.on_call {
            OnCall::Duty(duty) => (Some(duty.from), Some(duty.until), duty.levels.as_slice()),
            OnCall::Gap { from, until } => (from, until, [].as_slice()),
        };
        Self {
            from,
            until,
            state: stretch.kind,
            sentence: stretch.sentence.clone(),
            levels: levels.iter().map(|level| Rung::new(level, numbers)).collect(),
        }
    }
}

impl Rung {
    fn new(level: &Level, numbers: Numbers) -> Self {
        Self {
            label: level.label.to_string(),
            source: level.source.to_string(),
            link: level.source.link(),
            is_change: level.is_change,
            responders: level.responders.iter().map(|responder| Person::new(responder, numbers)).collect(),
        }
    }
}

impl Person {
    fn new(responder: &Responder, numbers: Numbers) -> Self {
        Self {
            name: responder.name.clone(),
            phone: match numbers {
                Numbers::Masked => responder.phone.to_string(),
                // For programs: as it is dialled.
                Numbers::Full => responder.phone.address().to_owned(),
            },
        }
    }
}

fn as_text<S: Serializer>(sentence: &Sentence, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(sentence)
}
