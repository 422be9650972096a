//! Times of day and ranges of them, as people type them. It must not know dates or zones.

mod day_hours;
mod spelling;

use chrono::{Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Timelike};
use providers::Cell;
use spelling::Spelled;

pub(crate) use day_hours::DayHours;

const DAY: u32 = 24 * 60;

/// A time of day in minutes, up to and including 24:00.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Clock {
    minutes: u32,
    /// It can be read in two ways, such as `12am`, or the `6` of `6-2pm`.
    pub(crate) doubtful: bool,
}

/// The hours of a shift. An end that is not after the start is on the next day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Hours {
    pub(crate) start: Clock,
    pub(crate) end: Clock,
}

impl Clock {
    pub(crate) const MIDNIGHT: Self = Self::at(0);

    const fn at(minutes: u32) -> Self {
        Self { minutes, doubtful: false }
    }

    fn new(hour: u32, minute: u32) -> Option<Self> {
        let fits = minute < 60 && (hour < 24 || (hour == 24 && minute == 0));
        fits.then_some(Self::at(hour * 60 + minute))
    }

    /// Of a cell that holds a time; seconds are dropped.
    pub(crate) fn of(time: NaiveTime) -> Self {
        Self::at(time.num_seconds_from_midnight() / 60)
    }

    /// Reads `8:00`, `0800`, `8`, `8am`, `8.30 pm`, `18h30`, `noon`, `midnight`, `24:00`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        Spelled::parse(text).map(|spelled| spelled.clock)
    }

    /// Reads a cell of times: typed as one, as text, or a share of a day. A date is no time of day.
    pub(crate) fn of_cell(cell: &Cell) -> Option<Self> {
        match cell {
            Cell::Time(time) => Some(Self::of(*time)),
            Cell::Text(text) => Self::parse(text),
            Cell::Number(number) if number.fract() == 0.0 && *number > 1.0 => Self::parse(&number.to_string()),
            Cell::Number(number) => Self::of_fraction(*number),
            Cell::Empty | Cell::DateTime(_) | Cell::Bool(_) | Cell::Error(_) => None,
        }
    }

    /// Reads a share of a day, as spreadsheets keep times: `0.25` is 06:00.
    pub(crate) fn of_fraction(fraction: f64) -> Option<Self> {
        if !(0.0..=1.0).contains(&fraction) {
            return None;
        }
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // 0 to 1440
        let minutes = (fraction * f64::from(DAY)).round() as u32;
        Some(Self::at(minutes))
    }

    /// This time on that date; 24:00 is the midnight after it.
    pub(crate) fn on(self, date: NaiveDate) -> NaiveDateTime {
        date.and_time(NaiveTime::MIN) + TimeDelta::minutes(i64::from(self.minutes))
    }

    pub(crate) const fn minute_of_day(self) -> u32 {
        self.minutes % DAY
    }
}

impl std::fmt::Display for Clock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:02}:{:02}", self.minutes / 60, self.minutes % 60)
    }
}

impl Hours {
    /// The whole day, from midnight to midnight.
    pub(crate) const WHOLE_DAY: Self = Self {
        start: Clock::MIDNIGHT,
        end: Clock::at(DAY),
    };

    /// Reads `20:00-08:00`, `0600-1400`, `6AM-2PM`, `8am – 4pm`, `8 to 17`, `08:00 + 8h`, `08:00 (8 h)`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        spelling::hours(text)
    }

    /// Those that begin at `start` and last so many minutes, a day at most.
    pub(crate) fn lasting(start: Clock, minutes: u32) -> Option<Self> {
        let fits = (1..=DAY).contains(&minutes);
        fits.then(|| Self {
            start,
            end: Clock::at((start.minute_of_day() + minutes) % DAY),
        })
    }

    /// How long they last by the clock face, in minutes.
    pub(crate) const fn minutes(self) -> u32 {
        let apart = (self.end.minute_of_day() + DAY - self.start.minute_of_day()) % DAY;
        if apart == 0 { DAY } else { apart }
    }

    /// Whether they go from a time to the same time, which lasts a day; `00:00-24:00` says so itself.
    pub(crate) fn is_same_time_twice(self) -> bool {
        self.start == self.end
    }

    /// The interval on the wall clock that begins on `date`.
    pub(crate) fn on(self, date: NaiveDate) -> Option<(NaiveDateTime, NaiveDateTime)> {
        let overnight = self.end.minute_of_day() <= self.start.minute_of_day();
        let last = if overnight { date.checked_add_days(Days::new(1))? } else { date };
        let end = Clock::at(self.end.minute_of_day()).on(last);
        Some((Clock::at(self.start.minute_of_day()).on(date), end))
    }

    /// Whether they can be read in two ways: `12pm-8pm`, `9-5`, `6-2pm`.
    pub(crate) const fn is_doubtful(self) -> bool {
        self.start.doubtful || self.end.doubtful
    }
}

impl std::fmt::Display for Hours {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{}", self.start, self.end)
    }
}

#[cfg(test)]
mod tests;
