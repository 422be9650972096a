//! Series of events: the rule of RFC 5545 written out on the wall clock of the event's zone, so that no other time zone
//! data than ours decides. Bounded: rules that repeat within a day are refused, and so is what takes too many steps.

use crate::roster::wall_clock::Zone;
use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use rrule::RRuleSet;
use std::str::FromStr;

/// A longer rule is none that a person has made.
const RULE_BYTES: usize = 1_000;
/// Events of one series that are looked at.
const STEPS_OF_SERIES: u32 = 20_000;
/// Events of all series that are looked at.
const STEPS: u32 = 2_000_000;
/// Series without any event are slow to find out; so many are.
const BARREN_AT_MOST: u32 = 20;

/// What the series of one sheet may still take.
pub(super) struct Budget {
    steps: u32,
    barren: u32,
}

impl Default for Budget {
    fn default() -> Self {
        Self {
            steps: STEPS,
            barren: BARREN_AT_MOST,
        }
    }
}

/// The beginnings of a series within the window.
pub(super) struct Starts {
    pub(super) walls: Vec<NaiveDateTime>,
    /// It goes on behind the window.
    pub(super) is_endless: bool,
}

/// Why a rule is not followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Why {
    Unreadable,
    WithinADay,
    TooMany,
}

impl Why {
    /// To go after "repeats by a rule that".
    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::Unreadable => "cannot be read",
            Self::WithinADay => "repeats within a day, which is not read",
            Self::TooMany => "takes too many steps to follow",
        }
    }
}

/// Writes a rule out.
pub(super) fn expand(
    rule: &str,
    first: NaiveDateTime,
    zone: &Zone,
    window: (NaiveDateTime, NaiveDateTime),
    budget: &mut Budget,
) -> Result<Starts, Why> {
    let rule = Rule::parse(rule, zone)?;
    if budget.steps == 0 || budget.barren == 0 {
        return Err(Why::TooMany);
    }
    // The clocks of the wall are taken for UTC while the rule is followed.
    let start = rule.nearer(first, window.0).format("%Y%m%dT%H%M%SZ");
    let set: RRuleSet = format!("DTSTART:{start}\nRRULE:{}", rule.text)
        .parse()
        .map_err(|_| Why::Unreadable)?;
    let mut walls = Vec::new();
    let mut is_endless = false;
    let mut steps = 0;
    for at in set.limit().into_iter() {
        let wall = at.naive_utc();
        if wall >= window.1 {
            is_endless = rule.is_endless;
            break;
        }
        if steps >= STEPS_OF_SERIES || steps >= budget.steps {
            return Err(Why::TooMany);
        }
        steps += 1;
        if wall >= window.0 {
            walls.push(wall);
        }
    }
    budget.steps -= steps.min(budget.steps);
    if steps == 0 {
        budget.barren -= 1;
    }
    // RFC 5545: the first event counts, whatever the rule says of it.
    if !walls.contains(&first) && first >= window.0 && first < window.1 {
        walls.push(first);
    }
    Ok(Starts { walls, is_endless })
}

/// A rule whose end stands on the same clocks as its beginning.
struct Rule {
    text: String,
    is_endless: bool,
    has_count: bool,
    /// Days after which it begins anew, where it does so evenly.
    cycle: Option<i64>,
}

impl Rule {
    fn parse(text: &str, zone: &Zone) -> Result<Self, Why> {
        if text.len() > RULE_BYTES {
            return Err(Why::Unreadable);
        }
        let upper = text.trim().to_ascii_uppercase();
        let upper = upper.strip_prefix("RRULE:").unwrap_or(&upper);
        let mut rule = Self {
            text: String::new(),
            is_endless: true,
            has_count: false,
            cycle: None,
        };
        let (mut parts, mut interval, mut unit) = (Vec::new(), 1_i64, None);
        for part in upper.split(';').filter(|part| !part.is_empty()) {
            let (key, value) = part.split_once('=').ok_or(Why::Unreadable)?;
            match key {
                "FREQ" if matches!(value, "SECONDLY" | "MINUTELY" | "HOURLY") => return Err(Why::WithinADay),
                "BYSECOND" | "BYMINUTE" | "BYHOUR" if value.contains(',') => return Err(Why::WithinADay),
                "FREQ" if value == "DAILY" => unit = Some(1),
                "FREQ" if value == "WEEKLY" => unit = Some(7),
                "INTERVAL" => interval = value.parse().map_err(|_| Why::Unreadable)?,
                "COUNT" => (rule.is_endless, rule.has_count) = (false, true),
                "UNTIL" => {
                    rule.is_endless = false;
                    parts.push(format!("UNTIL={}Z", until(value, zone)?.format("%Y%m%dT%H%M%S")));
                    continue;
                }
                _ => {}
            }
            parts.push(part.to_owned());
        }
        if !(1..=10_000).contains(&interval) {
            return Err(Why::Unreadable);
        }
        rule.cycle = unit.map(|unit| unit * interval);
        rule.text = parts.join(";");
        Ok(rule)
    }

    /// A later event of an even series to begin with, so that old ones are not counted one by one.
    fn nearer(&self, first: NaiveDateTime, window: NaiveDateTime) -> NaiveDateTime {
        let Some(cycle) = self.cycle.filter(|_| !self.has_count) else {
            return first;
        };
        let cycles = (window - first).num_days().max(0) / cycle;
        // One cycle of room, for weeks that begin on another day.
        let days = (cycles - 1).max(0) * cycle;
        first.checked_add_signed(TimeDelta::days(days)).unwrap_or(first)
    }
}

/// The end of a rule: a day, a time on the clocks of the event, or in UTC.
fn until(value: &str, zone: &Zone) -> Result<NaiveDateTime, Why> {
    let date = |text: &str| {
        let number = |from: usize, to: usize| text.get(from..to).and_then(|digits| u32::from_str(digits).ok());
        let year = number(0, 4).and_then(|year| i32::try_from(year).ok());
        NaiveDate::from_ymd_opt(year?, number(4, 6)?, number(6, 8)?)
    };
    let day = value
        .get(..8)
        .and_then(date)
        .filter(|day| (1970..=2500).contains(&day.year()))
        .ok_or(Why::Unreadable)?;
    let Some(time) = value.get(8..).filter(|rest| !rest.is_empty()) else {
        return day.and_hms_opt(23, 59, 59).ok_or(Why::Unreadable);
    };
    let digits = time.strip_prefix('T').ok_or(Why::Unreadable)?;
    let clock = NaiveTime::parse_from_str(digits.trim_end_matches('Z'), "%H%M%S").map_err(|_| Why::Unreadable)?;
    let wall = day.and_time(clock);
    let at: DateTime<Utc> = wall.and_utc();
    Ok(if digits.ends_with('Z') { zone.to_local(at) } else { wall })
}
