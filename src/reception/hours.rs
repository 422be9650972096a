//! When a hotline is open, by what the clocks of its zone show: an hour that comes twice is open, or closed, twice. It must
//! not know zones.

use crate::roster::WeekHours;
use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use std::fmt;

/// Hours of the week, and days apart from them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OpeningHours {
    /// Open while any of them hold; none, always.
    pub week: Vec<WeekHours>,
    /// Closed all the same.
    pub holidays: Vec<Holiday>,
}

/// A day, or a part of it, on which the hotline is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Holiday {
    date: NaiveDate,
    from: NaiveTime,
}

impl OpeningHours {
    /// Why the hotline is closed while the clocks show `wall`; none while it is open.
    #[must_use]
    pub fn why_closed_at(&self, wall: NaiveDateTime) -> Option<String> {
        if let Some(holiday) = self.holidays.iter().find(|holiday| holiday.holds_at(wall)) {
            return Some(format!("{holiday} is a holiday"));
        }
        let is_open = self.week.is_empty() || self.week.iter().any(|hours| hours.hold_at(wall));
        (!is_open).then(|| format!("it is {} there, outside of the opening hours", wall.format("%a %H:%M")))
    }
}

impl Holiday {
    /// Reads `2026-12-25`, or `2026-12-24 from 12:00`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (date, from) = match text.split_once(" from ") {
            Some((date, from)) => (date, NaiveTime::parse_from_str(from.trim(), "%H:%M").ok()?),
            None => (text, NaiveTime::MIN),
        };
        let date = NaiveDate::parse_from_str(date.trim(), "%Y-%m-%d").ok()?;
        Some(Self { date, from })
    }

    fn holds_at(self, wall: NaiveDateTime) -> bool {
        self.date == wall.date() && self.from <= wall.time()
    }
}

impl fmt::Display for Holiday {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.date.format("%a %-d %b"))?;
        if self.from != NaiveTime::MIN {
            write!(f, " from {}", self.from.format("%H:%M"))?;
        }
        Ok(())
    }
}
