//! How far a rota that repeats itself for ever is written out: whole weeks around the instant of reading, in local
//! calendar days. It must not know cells or people.

use crate::roster::cells::times::Hours;
use crate::roster::wall_clock::Zone;
use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, Utc, Weekday};

/// Written out from so many days before today …
const BEFORE: u64 = 35;
/// … to so many after it, and to the end of that week.
const AFTER: u64 = 400;

/// The days that are written out, `[first, last)`. Its edges are Mondays, so that a reading on another day of the week
/// comes to the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Window {
    pub(crate) first: NaiveDate,
    pub(crate) last: NaiveDate,
    pub(crate) today: NaiveDate,
}

/// So many weeks that follow one another for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cycle {
    pub(crate) weeks: u32,
    /// The first day of a week 1.
    pub(crate) starts: NaiveDate,
}

impl Window {
    pub(crate) fn around(now: DateTime<Utc>, zone: &Zone) -> Self {
        let today = zone.to_local(now).date();
        let back = today.checked_sub_days(Days::new(BEFORE)).unwrap_or(today);
        let ahead = today.checked_add_days(Days::new(AFTER)).unwrap_or(today);
        let monday = week_of(ahead, Weekday::Mon);
        Self {
            first: week_of(back, Weekday::Mon),
            last: monday.checked_add_days(Days::new(7)).unwrap_or(monday),
            today,
        }
    }

    /// Its days, in order.
    pub(crate) fn days(self) -> impl Iterator<Item = NaiveDate> {
        self.first.iter_days().take_while(move |date| *date < self.last)
    }

    /// Up to where it says everything.
    pub(crate) fn horizon(self, zone: &Zone) -> DateTime<Utc> {
        zone.to_utc(self.last.and_time(NaiveTime::MIN)).instant
    }
}

impl Cycle {
    /// Every week is the same.
    pub(crate) fn weekly(window: Window) -> Self {
        Self {
            weeks: 1,
            starts: window.first,
        }
    }

    /// Which week of the cycle a day lies in, from 0.
    pub(crate) fn week(self, date: NaiveDate) -> u32 {
        let weeks = (date - self.starts).num_days().div_euclid(7);
        u32::try_from(weeks.rem_euclid(i64::from(self.weeks.max(1)))).unwrap_or(0)
    }
}

/// The first day of the week in which a date lies, where weeks begin on `first`.
pub(crate) fn week_of(date: NaiveDate, first: Weekday) -> NaiveDate {
    let into = (7 + date.weekday().num_days_from_monday() - first.num_days_from_monday()) % 7;
    date.checked_sub_days(Days::new(u64::from(into))).unwrap_or(date)
}

/// Whether hours that begin on these days can run at the same time for more than an hour: a handover on purpose does not count.
pub(crate) fn collide(one: Hours, two: Hours) -> bool {
    let minutes = |hours: Hours| {
        let from = i64::from(hours.start.minute_of_day());
        (from, from + i64::from(hours.minutes()))
    };
    let ((from, until), (other_from, other_until)) = (minutes(one), minutes(two));
    until.min(other_until) - from.max(other_from) > 60
}

/// Whether hours that begin on the same day hold all of others.
pub(crate) fn contains(one: Hours, other: Hours) -> bool {
    let until = |hours: Hours| hours.start.minute_of_day() + hours.minutes();
    one.start.minute_of_day() <= other.start.minute_of_day() && until(one) >= until(other)
}

#[cfg(test)]
mod tests;
