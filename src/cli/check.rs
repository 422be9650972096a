//! The answer of `check`: what is wrong with a rota, and whether somebody is on call in the next two weeks.

use super::reading::Reading;
use super::words::{count, day_and_time, length, short_day_and_time};
use super::{Look, Status, annotations};
use crate::roster::wall_clock::Zone;
use crate::roster::{Code, Diagnostic, OnCall, Roster, Severity};
use chrono::{DateTime, Days, Utc};
use serde::Serialize;
use std::fmt::Write;
use std::path::PathBuf;

/// How far coverage is looked at.
const DAYS: u64 = 14;
/// Where a setting goes, said once for all findings that ask for one.
const HOW_TO_SET: &str = "\"Add to Settings: X | Y\" means: in a tab Settings, X in one column and Y beside it; or the same in a file settings.csv (a \
                          line X,Y; put Y into quotes where it has a comma), which is given as one more --rota settings.csv or lies in one folder \
                          with the .csv files; or \"X\" = \"Y\" in the hotline's `settings`; or, to try it out, --set \"X | Y\".\n";
/// More gaps than these are only counted.
const MOST_GAPS: usize = 20;

/// What is wrong with a rota. Serializes to the JSON of `--json`; [`CheckReport::text`] is the answer for people.
#[derive(Clone, Debug, Serialize)]
pub struct CheckReport {
    rota: String,
    hotline: Option<String>,
    time_zone: &'static str,
    at: DateTime<Utc>,
    /// Where the rota is over and no time was asked about: from when all but its end is judged.
    #[serde(skip_serializing_if = "Option::is_none")]
    judged_as_of: Option<DateTime<Utc>>,
    /// When it was over.
    #[serde(skip)]
    ended: Option<DateTime<Utc>>,
    findings: Vec<Diagnostic>,
    coverage: Coverage,
    /// Whether a caller in a gap still reaches a last resort.
    has_last_resort: bool,
    remarks: Vec<String>,
    #[serde(skip)]
    zone: Zone,
    #[serde(skip)]
    files: Vec<PathBuf>,
}

/// Who is not on call in a window of time.
#[derive(Clone, Debug, Serialize)]
struct Coverage {
    from: DateTime<Utc>,
    until: DateTime<Utc>,
    /// Nobody, and the rota does not say that this is meant.
    gaps: Vec<Span>,
    /// Nobody, on purpose.
    nobody: Vec<Span>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
struct Span {
    from: DateTime<Utc>,
    until: DateTime<Utc>,
}

impl CheckReport {
    pub(super) fn new(reading: Reading) -> Self {
        let (judged_as_of, ended) = reading.own_time.as_ref().map(|own| (own.at, own.ended)).unzip();
        let mut findings = reading.diagnostics;
        if let Some(own) = reading.own_time {
            findings.retain(|finding| finding.code == Code::RotaEnded);
            findings.extend(own.diagnostics);
        }
        Self {
            coverage: Coverage::of(&reading.roster, &reading.zone, judged_as_of.unwrap_or(reading.at)),
            judged_as_of,
            ended,
            rota: reading.title,
            hotline: reading.hotline,
            time_zone: reading.zone.name().name(),
            at: reading.at,
            findings,
            has_last_resort: reading.last_resort.is_some(),
            remarks: reading.remarks,
            files: reading.files,
            zone: reading.zone,
        }
    }

    /// Findings: somebody on call is not reached, or a caller in a gap of the next two weeks reaches nobody at all.
    #[must_use]
    pub fn status(&self) -> Status {
        let lost_in_a_gap = !self.has_last_resort && !self.coverage.gaps.is_empty();
        if self.number_of(Severity::Stop) > 0 || lost_in_a_gap {
            Status::Findings
        } else {
            Status::Fine
        }
    }

    /// The answer for people, with a line end.
    #[must_use]
    pub fn text(&self, look: Look) -> String {
        let mut text = String::new();
        let (ended, others): (Vec<_>, Vec<_>) = self.findings.iter().partition(|finding| finding.code == Code::RotaEnded);
        let told = |finding: &Diagnostic| finding.told(|cell, words| look.cell(cell, &words));
        for finding in ended {
            let _ = writeln!(text, "{}", told(finding));
        }
        self.write_own_time(&mut text);
        for finding in others {
            let _ = writeln!(text, "{}", told(finding));
        }
        if !self.findings.is_empty() {
            text.push('\n');
        }
        let hotline = self.hotline.as_ref().map_or_else(String::new, |name| format!("Hotline {name}: "));
        let _ = writeln!(text, "{hotline}{}: {}.", self.rota, self.summary());
        for remark in &self.remarks {
            let _ = writeln!(text, "({remark})");
        }
        self.write_coverage(&mut text);
        if self.findings.iter().any(|finding| finding.remedy.contains("to Settings")) {
            text.push_str(HOW_TO_SET);
        }
        text
    }

    /// The findings as annotations of a workflow at GitHub, with a line end each.
    #[must_use]
    pub fn annotations(&self) -> String {
        annotations::annotations(&self.findings, &self.files)
    }

    /// That the time of a rota is over says nothing of what is in it.
    fn write_own_time(&self, text: &mut String) {
        let (Some(at), Some(ended)) = (self.judged_as_of, self.ended) else {
            return;
        };
        let lead = if text.is_empty() { "" } else { "\n" };
        let _ = writeln!(
            text,
            "{lead}This rota is over since {}. Everything below is judged as of {}, as if it were that time; for another one add --at \"{}\".\n",
            day_and_time(&self.zone, ended),
            day_and_time(&self.zone, at),
            self.zone.to_local(at).format("%Y-%m-%d %H:%M"),
        );
    }

    fn summary(&self) -> String {
        let kinds = [(Severity::Stop, "stop"), (Severity::Warn, "warning"), (Severity::Note, "note")];
        let counted = kinds.map(|(severity, noun)| (self.number_of(severity), noun));
        let said: Vec<String> = counted
            .iter()
            .filter(|(number, _)| *number > 0)
            .map(|(number, noun)| count(*number, noun))
            .collect();
        if said.is_empty() {
            "no findings".to_owned()
        } else {
            said.join(", ")
        }
    }

    fn number_of(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|finding| finding.severity == severity).count()
    }

    fn write_coverage(&self, text: &mut String) {
        let Coverage { from, until, gaps, nobody } = &self.coverage;
        let _ = write!(
            text,
            "Coverage from {} to {} ({}): ",
            day_and_time(&self.zone, *from),
            short_day_and_time(&self.zone, *until, *from),
            self.time_zone
        );
        if gaps.is_empty() {
            text.push_str("no gap");
        } else {
            let reached = if self.has_last_resort {
                "callers reach the last resort"
            } else {
                "callers reach nobody"
            };
            let _ = write!(text, "{}, in which {reached}", count(gaps.len(), "gap"));
        }
        if !nobody.is_empty() {
            let _ = write!(text, "; nobody on purpose {}", count(nobody.len(), "time"));
        }
        text.push('\n');
        for Span { from, until } in gaps.iter().take(MOST_GAPS) {
            let _ = writeln!(
                text,
                "  {} to {} ({})",
                short_day_and_time(&self.zone, *from, self.at),
                short_day_and_time(&self.zone, *until, self.at),
                length(*until - *from)
            );
        }
        if let Some(more) = gaps.len().checked_sub(MOST_GAPS).filter(|more| *more > 0) {
            let _ = writeln!(text, "  and {more} more");
        }
    }
}

impl Coverage {
    /// The next two weeks by the calendar of the rota's zone.
    fn of(roster: &Roster, zone: &Zone, from: DateTime<Utc>) -> Self {
        let local = zone.to_local(from);
        let until = local
            .checked_add_days(Days::new(DAYS))
            .map_or(from, |local| zone.to_utc(local).instant);
        let (mut gaps, mut nobody) = (Vec::new(), Vec::new());
        let mut at = from;
        while at < until {
            let end = match roster.on_call(at) {
                OnCall::Duty(duty) => {
                    let end = duty.until.min(until);
                    if duty.levels.is_empty() {
                        nobody.push(Span { from: at, until: end });
                    }
                    end
                }
                OnCall::Gap { until: next, .. } => {
                    let end = next.map_or(until, |next| next.min(until));
                    gaps.push(Span { from: at, until: end });
                    end
                }
            };
            at = end;
        }
        Self { from, until, gaps, nobody }
    }
}
