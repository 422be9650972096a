//! The answer of `diff`: who is rung otherwise by another version of a rota.

use super::Status;
use super::reading::Reading;
use super::words::{count, day_and_time, short_day_and_time};
use crate::roster::wall_clock::Zone;
use crate::roster::{Difference, Roster, differences};
use chrono::{DateTime, Days, Utc};
use serde::Serialize;
use std::fmt::Write;

/// The version that another one is compared with.
#[derive(Clone, Debug)]
pub struct Kept {
    /// Which one it is.
    pub version: Version,
    /// What it says.
    pub roster: Roster,
}

/// One version of a rota.
#[derive(Clone, Debug, Serialize)]
pub struct Version {
    /// As the admin calls it.
    pub rota: String,
    /// Names the version.
    pub revision: String,
    /// When it was read.
    pub read_at: DateTime<Utc>,
}

/// What another version of a rota changes. Serializes to the JSON of `--json`; [`DiffReport::text`] is the answer for
/// people.
#[derive(Clone, Debug, Serialize)]
pub struct DiffReport {
    hotline: Option<String>,
    before: Version,
    after: Version,
    time_zone: &'static str,
    from: DateTime<Utc>,
    until: DateTime<Utc>,
    /// Because of which calls ring somebody else, or on another number.
    rung_otherwise: Vec<String>,
    /// Because of which they do not.
    others: Vec<String>,
    remarks: Vec<String>,
    #[serde(skip)]
    zone: Zone,
}

impl Kept {
    pub(super) fn from_reading(reading: Reading) -> Self {
        Self {
            version: Version::of(&reading),
            roster: reading.roster,
        }
    }
}

impl Version {
    fn of(reading: &Reading) -> Self {
        Self {
            rota: reading.title.clone(),
            revision: reading.revision.clone(),
            read_at: reading.read_at,
        }
    }
}

impl DiffReport {
    pub(super) fn new(before: &Kept, after: &Reading, days: u32) -> Self {
        let (zone, from) = (&after.zone, after.at);
        let local = zone.to_local(from).checked_add_days(Days::new(days.into()));
        let until = local.map_or(from, |local| zone.to_utc(local).instant);
        let all = differences(&before.roster, &after.roster, from, until);
        let (rung, others): (Vec<Difference>, Vec<Difference>) = all.into_iter().partition(Difference::rings_others);
        let told = |some: &[Difference]| some.iter().map(ToString::to_string).collect();
        Self {
            hotline: after.hotline.clone(),
            before: before.version.clone(),
            after: Version::of(after),
            time_zone: zone.name().name(),
            from,
            until,
            rung_otherwise: told(&rung),
            others: told(&others),
            remarks: after.remarks.clone(),
            zone: zone.clone(),
        }
    }

    /// Findings: calls ring somebody else.
    #[must_use]
    pub const fn status(&self) -> Status {
        if self.rung_otherwise.is_empty() {
            Status::Fine
        } else {
            Status::Findings
        }
    }

    /// The answer for people, with a line end.
    #[must_use]
    pub fn text(&self) -> String {
        let hotline = self.hotline.as_ref().map_or_else(String::new, |name| format!("Hotline {name}: "));
        let before = if self.hotline.is_some() { "the copy in use of " } else { "" };
        let mut text = format!("{hotline}{before}{} and {}", self.before.rota, self.after.rota);
        let _ = writeln!(
            text,
            ", from {} to {} ({})",
            day_and_time(&self.zone, self.from),
            short_day_and_time(&self.zone, self.until, self.from),
            self.time_zone
        );
        for remark in &self.remarks {
            let _ = writeln!(text, "({remark})");
        }
        list(&mut text, "Rung otherwise", &self.rung_otherwise);
        list(&mut text, "Also different", &self.others);
        let all = self.rung_otherwise.len() + self.others.len();
        let _ = match (all, self.rung_otherwise.len()) {
            (0, _) => writeln!(text, "\nNothing that matters to calls is different."),
            (all, 0) => writeln!(text, "\n{}; the same people are rung.", count(all, "difference")),
            (all, rung) => writeln!(text, "\n{}, {rung} of them in who is rung.", count(all, "difference")),
        };
        text
    }
}

fn list(text: &mut String, head: &str, sentences: &[String]) {
    if sentences.is_empty() {
        return;
    }
    let _ = writeln!(text, "\n{head}:");
    for sentence in sentences {
        let _ = writeln!(text, "  {sentence}.");
    }
}
