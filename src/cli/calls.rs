//! Arguments and words of `calls`: the calls of a time with their stories. Where they are kept is not known here.

use super::{Unreadable, instant};
use crate::exports::CallRows;
use crate::roster::wall_clock::Zone;
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use std::fmt::Write as _;

/// Arguments of `calls`.
#[derive(Clone, Debug, clap::Args)]
pub struct Calls {
    /// A hotline of the configuration. All of them when left out.
    #[arg(long, value_name = "NAME")]
    pub hotline: Option<String>,
    /// Leave out what came in before this day, or time. All that is kept when left out.
    #[arg(long, value_name = "DATE")]
    pub from: Option<String>,
    /// Leave out what came in on this day, or at this time, or later.
    #[arg(long, value_name = "DATE")]
    pub until: Option<String>,
    /// Write JSON: each call with its story within.
    #[arg(long, conflicts_with = "csv")]
    pub json: bool,
    /// Write a table for spreadsheets: a row for each fact.
    #[arg(long)]
    pub csv: bool,
}

impl Calls {
    /// The instants that `--from` and `--until` name; days and times without an offset are of this zone.
    ///
    /// # Errors
    /// [`Unreadable::Question`] where one is no time, or there is no time between them.
    pub fn window(&self, zone: &Zone, now: DateTime<Utc>) -> Result<[Option<DateTime<Utc>>; 2], Unreadable> {
        let moment = |option: &str, text: &Option<String>| text.as_deref().map(|text| moment(option, text, zone, now)).transpose();
        let (from, until) = (moment("--from", &self.from)?, moment("--until", &self.until)?);
        if let (Some(from), Some(until)) = (from, until)
            && until <= from
        {
            let words = "--until is not after --from: there is no time between them".to_owned();
            return Err(Unreadable::Question(words));
        }
        Ok([from, until])
    }
}

/// A day, from its first instant, or what `--at` takes.
pub(super) fn moment(option: &str, text: &str, zone: &Zone, now: DateTime<Utc>) -> Result<DateTime<Utc>, Unreadable> {
    if let Ok(day) = text.trim().parse::<NaiveDate>() {
        return Ok(zone.to_utc(day.and_time(NaiveTime::MIN)).instant);
    }
    let instant = instant::parse(text, now, zone).map_err(|words| Unreadable::Question(words.replacen("--at", option, 1)))?;
    Ok(instant.at)
}

/// A call for people: a line about it, and its story below.
#[must_use]
pub fn call_text(call: &CallRows) -> String {
    let mut text = format!("{} hotline {}, {}", call.arrived_at, call.hotline, call.call);
    if let Some(outcome) = &call.outcome {
        let _ = write!(text, ": {}", outcome.replace('_', " "));
    }
    if let Some(seconds) = call.seconds_until_accepted {
        let _ = write!(text, ", accepted after {seconds} s");
    }
    text.push('\n');
    for fact in &call.story {
        let rung = fact
            .seconds_rung
            .map(|seconds| format!(" (rung for {seconds} s)"))
            .unwrap_or_default();
        let _ = writeln!(text, "  {}  {}{rung}", fact.at, fact.words);
    }
    text
}
