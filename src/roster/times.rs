//! Times of day and ranges of them, as people type them. It must not know dates or zones.

use super::calendar_words::Weekdays;
use super::words::{fold, tidy};
use chrono::{Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Timelike};

const DAY: u32 = 24 * 60;

/// A time of day in minutes, up to and including 24:00.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Clock {
    minutes: u32,
    /// Written as `12am` or `12pm`, which people read both ways.
    pub(super) doubtful: bool,
}

/// The hours of a shift. An end that is not after the start is on the next day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Hours {
    pub(super) start: Clock,
    pub(super) end: Clock,
}

/// Hours on some days of the week.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct DayHours {
    pub(super) hours: Hours,
    /// Empty where every day is meant.
    pub(super) days: Weekdays,
}

impl DayHours {
    /// Reads `20:00-08:00`.
    pub(super) fn parse(text: &str) -> Option<Self> {
        Hours::parse(text).map(|hours| Self {
            hours,
            days: Weekdays::default(),
        })
    }
}

impl Clock {
    pub(super) const MIDNIGHT: Self = Self::at(0);

    const fn at(minutes: u32) -> Self {
        Self { minutes, doubtful: false }
    }

    fn new(hour: u32, minute: u32) -> Option<Self> {
        let fits = minute < 60 && (hour < 24 || (hour == 24 && minute == 0));
        fits.then_some(Self::at(hour * 60 + minute))
    }

    /// Of a cell that holds a time; seconds are dropped.
    pub(super) fn of(time: NaiveTime) -> Self {
        Self::at(time.num_seconds_from_midnight() / 60)
    }

    /// Reads `8:00`, `0800`, `8`, `8am`, `8.30 pm`, `18h30`, `noon`, `midnight`, `24:00`.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let text = tidy(text).to_lowercase();
        let text = text
            .strip_suffix("uhr")
            .or_else(|| text.strip_suffix("hrs"))
            .unwrap_or(&text)
            .trim();
        match fold(text).as_str() {
            "noon" | "midday" | "mittag" | "midi" | "mediodia" => return Some(Self::at(12 * 60)),
            "midnight" | "mitternacht" | "minuit" | "medianoche" => return Some(Self::at(0)),
            _ => {}
        }
        let (number, half) = split_half(text);
        let clock = plain_clock(number)?;
        match half {
            None => Some(clock),
            Some(afternoon) => on_twelve_hour_face(clock, afternoon),
        }
    }

    /// Reads a share of a day, as spreadsheets keep times: `0.25` is 06:00.
    pub(super) fn of_fraction(fraction: f64) -> Option<Self> {
        if !(0.0..=1.0).contains(&fraction) {
            return None;
        }
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // 0 to 1440
        let minutes = (fraction * f64::from(DAY)).round() as u32;
        Some(Self::at(minutes))
    }

    /// This time on that date; 24:00 is the midnight after it.
    pub(super) fn on(self, date: NaiveDate) -> NaiveDateTime {
        date.and_time(NaiveTime::MIN) + TimeDelta::minutes(i64::from(self.minutes))
    }

    const fn minute_of_day(self) -> u32 {
        self.minutes % DAY
    }
}

impl std::fmt::Display for Clock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:02}:{:02}", self.minutes / 60, self.minutes % 60)
    }
}

impl Hours {
    /// Reads `20:00-08:00`, `0600-1400`, `6AM-2PM`, `8am – 4pm`, `8 to 17`.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let text = tidy(text).to_lowercase();
        let (start, end) = [" to ", " bis ", " until ", " till ", " a ", " à ", "-", "~", "→"]
            .iter()
            .find_map(|joint| text.split_once(joint))?;
        let end = Clock::parse(end)?;
        // `6-2pm` means 6 pm only where it says so.
        let start = Clock::parse(start)?;
        Some(Self { start, end })
    }

    /// The interval on the wall clock that begins on `date`.
    pub(super) fn on(self, date: NaiveDate) -> Option<(NaiveDateTime, NaiveDateTime)> {
        let overnight = self.end.minute_of_day() <= self.start.minute_of_day();
        let last = if overnight { date.checked_add_days(Days::new(1))? } else { date };
        let end = Clock::at(self.end.minute_of_day()).on(last);
        Some((Clock::at(self.start.minute_of_day()).on(date), end))
    }

    /// Whether one of its ends is written as `12am` or `12pm`.
    pub(super) const fn is_doubtful(self) -> bool {
        self.start.doubtful || self.end.doubtful
    }
}

/// `"6 p.m."` is `("6", Some(true))`.
fn split_half(text: &str) -> (&str, Option<bool>) {
    for (ending, afternoon) in [
        ("am", false),
        ("a.m.", false),
        ("a.m", false),
        ("pm", true),
        ("p.m.", true),
        ("p.m", true),
    ] {
        if let Some(number) = text.strip_suffix(ending) {
            return (number.trim_end(), Some(afternoon));
        }
    }
    (text, None)
}

fn plain_clock(text: &str) -> Option<Clock> {
    let is_number = |part: &str| (1..=2).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
    let number = |part: &str| if is_number(part) { part.parse().ok() } else { None };
    if let Some((hour, rest)) = text.split_once([':', '.', 'h']) {
        // Seconds may follow; they are not looked at.
        let minute = rest.split_once(':').map_or(rest, |(minute, _)| minute).trim();
        let minute = if minute.is_empty() && text.ends_with('h') {
            Some(0)
        } else {
            two_digits(minute)
        };
        return Clock::new(number(hour.trim())?, minute?);
    }
    if text.len() == 4 && text.bytes().all(|b| b.is_ascii_digit()) {
        return Clock::new(number(&text[..2])?, number(&text[2..])?);
    }
    Clock::new(number(text)?, 0)
}

fn two_digits(text: &str) -> Option<u32> {
    let fits = text.len() == 2 && text.bytes().all(|b| b.is_ascii_digit());
    if fits { text.parse().ok() } else { None }
}

/// `12am` counts as midnight and `12pm` as noon, and both are doubtful.
fn on_twelve_hour_face(clock: Clock, afternoon: bool) -> Option<Clock> {
    let (hour, minute) = (clock.minutes / 60, clock.minutes % 60);
    if !(1..=12).contains(&hour) {
        return None;
    }
    let minutes = (hour % 12 + if afternoon { 12 } else { 0 }) * 60 + minute;
    Some(Clock {
        minutes,
        doubtful: hour == 12 && minute == 0,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_day() {
        let cases = [
            ("8:00", "08:00"),
            ("08:00:00", "08:00"),
            ("0830", "08:30"),
            ("8", "08:00"),
            ("6AM", "06:00"),
            ("6:15 p.m.", "18:15"),
            ("11pm", "23:00"),
            ("18h30", "18:30"),
            ("18h", "18:00"),
            ("18.30 Uhr", "18:30"),
            ("8：00", "08:00"),
            ("noon", "12:00"),
            ("Midnight", "00:00"),
            ("24:00", "24:00"),
            ("12am", "00:00"),
            ("12pm", "12:00"),
        ];
        for (text, expected) in cases {
            assert_eq!(
                Clock::parse(text).map(|clock| clock.to_string()).as_deref(),
                Some(expected),
                "{text}"
            );
        }
        for text in [
            "", "25:00", "24:01", "8:60", "13pm", "0am", "8:0", "Ana", "123", "12345", "-1", "8:00x",
        ] {
            assert_eq!(Clock::parse(text), None, "{text}");
        }
        assert!(Clock::parse("12am").unwrap().doubtful);
        assert!(!Clock::parse("12:30pm").unwrap().doubtful);
    }

    #[test]
    fn ranges() {
        let cases = [
            ("20:00-08:00", "2026-03-01 20:00", "2026-03-02 08:00"),
            ("0600-1400", "2026-03-01 06:00", "2026-03-01 14:00"),
            ("6AM-2PM", "2026-03-01 06:00", "2026-03-01 14:00"),
            ("8am – 4pm", "2026-03-01 08:00", "2026-03-01 16:00"),
            ("8：00—20：10", "2026-03-01 08:00", "2026-03-01 20:10"),
            ("20:00 - 00:00", "2026-03-01 20:00", "2026-03-02 00:00"),
            ("20:00-24:00", "2026-03-01 20:00", "2026-03-02 00:00"),
            ("00:00-08:00", "2026-03-01 00:00", "2026-03-01 08:00"),
            ("08-16", "2026-03-01 08:00", "2026-03-01 16:00"),
            ("8:00-8:00", "2026-03-01 08:00", "2026-03-02 08:00"),
            ("noon to midnight", "2026-03-01 12:00", "2026-03-02 00:00"),
            ("22 bis 6 Uhr", "2026-03-01 22:00", "2026-03-02 06:00"),
        ];
        for (text, from, until) in cases {
            let wall = |text| NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap();
            let date = NaiveDate::from_ymd_opt(2026, 3, 1).unwrap();
            let hours = Hours::parse(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(hours.on(date), Some((wall(from), wall(until))), "{text}");
        }
        for text in ["", "8:00", "evening", "8-", "2026-03-01", "1-Jul"] {
            assert_eq!(Hours::parse(text), None, "{text}");
        }
        assert!(Hours::parse("12pm-8pm").unwrap().is_doubtful());
    }
}
