//! How times of day and ranges of them are spelled. `8` and `8:00` leave open which half of the day is meant; a range
//! settles it where it can, and says so where it cannot.
#![allow(dead_code, reason = "layouts take it up one by one")]

use super::{Clock, DAY, Hours};
use crate::roster::cells::words::{fold, tidy};

/// No spelling of hours is longer (bytes).
const READ_AT_MOST: usize = 80;
const HALF_DAY: u32 = 12 * 60;

/// A time of day with what its spelling tells of the clock face.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spelled {
    pub(super) clock: Clock,
    face: Face,
}

/// Which clock face a spelling is read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Face {
    /// `08:00`, `0800`, `16`, `18h30`: a face of 24 hours.
    Full,
    /// `8am`
    Half,
    /// `noon`
    Word,
    /// `8:00`: most likely one of 24 hours.
    Minutes,
    /// `8`
    Bare,
}

impl Spelled {
    pub(super) fn parse(text: &str) -> Option<Self> {
        if text.len() > READ_AT_MOST {
            return None;
        }
        let text = tidy(text).to_lowercase();
        if let Some(clock) = named(&text) {
            return Some(Self { clock, face: Face::Word });
        }
        let (text, is_full) = without_unit(&text);
        let (number, half) = split_half(text);
        let (clock, face) = plain_clock(number)?;
        match half {
            None if is_full => Some(Self { clock, face: Face::Full }),
            None => Some(Self { clock, face }),
            Some(_) if is_full => None,
            Some(afternoon) => Some(Self {
                clock: on_twelve_hour_face(clock, afternoon)?,
                face: Face::Half,
            }),
        }
    }

    /// This reading and the one twelve hours away, where the spelling leaves both.
    fn readings(self) -> [u32; 2] {
        let minutes = self.clock.minute_of_day();
        match self.face {
            Face::Full | Face::Half | Face::Word => [minutes; 2],
            Face::Minutes | Face::Bare => [minutes, (minutes + HALF_DAY) % DAY],
        }
    }
}

/// `20:00-08:00`, `8 to 17`, `von 8 bis 16 Uhr`, `08:00 + 8h`, `08:00 (8 h)`.
pub(super) fn hours(text: &str) -> Option<Hours> {
    if text.len() > READ_AT_MOST {
        return None;
    }
    let text = tidy(text).to_lowercase();
    let text = ["from ", "von ", "de ", "da ", "das ", "dalle ", "desde ", "between "]
        .iter()
        .find_map(|word| text.strip_prefix(word))
        .unwrap_or(&text);
    let joints = [
        " to ", " bis ", " until ", " till ", " til ", " a ", " à ", " a las ", " às ", " as ", " alle ", " hasta ", " and ", "-", "~",
        "→", "至", "到",
    ];
    joints
        .iter()
        .filter_map(|joint| text.split_once(joint))
        .find_map(|(start, end)| joined(Spelled::parse(start)?, Spelled::parse(end)?))
        .or_else(|| with_duration(text))
}

/// Both ends of a range, each read in the light of the other.
fn joined(start: Spelled, end: Spelled) -> Option<Hours> {
    use Face::{Bare, Full, Half, Minutes, Word};
    let exact = Hours {
        start: start.clock,
        end: end.clock,
    };
    match (start.face, end.face) {
        (Full, _) | (_, Full) | (Half | Word, Half | Word) | (Minutes, Word) | (Word, Minutes) => Some(exact),
        // `8:00-8:00` is a whole day, `9:00-5:00` hardly twenty hours.
        (Minutes, Minutes) if start.clock.minutes <= end.clock.minutes => Some(exact),
        // Half a day, or a whole one?
        (Bare | Minutes, Bare) | (Bare, Minutes) if start.clock.minutes == end.clock.minutes => None,
        (Minutes, Minutes | Bare) | (Bare, Bare | Minutes) => Some(shortest([start.clock.minutes; 2], end.readings())),
        (Half, Minutes | Bare) | (Minutes | Bare, Half) | (Word, Bare) | (Bare, Word) => Some(shortest(start.readings(), end.readings())),
    }
}

/// The shortest of all readings, which stays a doubtful one.
fn shortest(starts: [u32; 2], ends: [u32; 2]) -> Hours {
    let doubtful = |minutes| Clock { minutes, doubtful: true };
    let all = starts.into_iter().flat_map(|start| ends.map(|end| (start, end)));
    let hours = all.map(|(start, end)| Hours {
        start: doubtful(start),
        end: doubtful(end),
    });
    let first = Hours {
        start: doubtful(starts[0]),
        end: doubtful(ends[0]),
    };
    hours.fold(first, |best, next| if next.minutes() < best.minutes() { next } else { best })
}

/// `08:00 + 8h`, `08:00 (8 h)`, `08:00 for 8 hours`.
fn with_duration(text: &str) -> Option<Hours> {
    let (start, lasts) = ["+", "(", " for ", " / ", ", "].iter().find_map(|joint| text.split_once(joint))?;
    let start = Clock::parse(start)?;
    Hours::lasting(start, duration(lasts.trim_end_matches(')'))?)
}

/// How many minutes `8h`, `8 hours`, `7.5 h`, `1h30`, `90 min`, `8 Std.` are. A number alone says nothing.
pub(super) fn duration(text: &str) -> Option<u32> {
    let text = tidy(text).to_lowercase();
    let text = text.trim().trim_end_matches('.');
    let end = text.find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | ',')))?;
    let (number, unit) = text.split_at(end);
    let number: f64 = Some(number.replace(',', ".")).filter(|number| number.len() <= 6)?.parse().ok()?;
    let minutes = |number: f64| {
        let fits = (0.0..=100.0 * f64::from(DAY)).contains(&number) && number.fract() == 0.0;
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // whole and in range
        fits.then_some(number as u32)
    };
    let unit = unit.trim();
    match unit {
        "h" | "hr" | "hrs" | "hour" | "hours" | "std" | "stunde" | "stunden" | "heure" | "heures" | "hora" | "horas" | "ore" | "小时" => {
            minutes(number * 60.0)
        }
        "m" | "min" | "mins" | "minute" | "minutes" | "minuten" | "minutos" | "minuti" => minutes(number),
        _ => {
            let rest = unit.strip_prefix('h')?.trim().trim_end_matches("min").trim_end();
            Some(minutes(number * 60.0)? + two_digits(rest).filter(|minutes| *minutes < 60)?)
        }
    }
}

fn named(text: &str) -> Option<Clock> {
    match fold(text).as_str() {
        "noon" | "midday" | "12 noon" | "mittag" | "mittags" | "midi" | "mediodia" | "mezzogiorno" | "meio dia" | "中午" => {
            Some(Clock::at(HALF_DAY))
        }
        "midnight" | "12 midnight" | "mitternacht" | "minuit" | "medianoche" | "mezzanotte" | "meia noite" | "午夜" => {
            Some(Clock::MIDNIGHT)
        }
        _ => None,
    }
}

/// Without `Uhr`, `hrs`, `o'clock` or the `h` of `18:30 h`, and whether there was a word that belongs to a face of 24 hours.
fn without_unit(text: &str) -> (&str, bool) {
    for (unit, is_full) in [("uhr", true), ("hrs", true), ("hs", true), ("o'clock", false)] {
        if let Some(rest) = text.strip_suffix(unit) {
            return (rest.trim_end(), is_full);
        }
    }
    match text.strip_suffix('h') {
        Some(rest) if rest.contains([':', '.']) => (rest.trim_end(), true),
        Some(_) | None => (text, false),
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
    // `9:00a`; `9a` is more likely a code.
    match text.strip_suffix(['a', 'p']) {
        Some(number) if number.contains(':') => (number, Some(text.ends_with('p'))),
        Some(_) | None => (text, None),
    }
}

fn plain_clock(text: &str) -> Option<(Clock, Face)> {
    let is_number = |part: &str| (1..=2).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
    let number = |part: &str| -> Option<u32> { if is_number(part) { part.parse().ok() } else { None } };
    let face = |hour: &str, otherwise: Face| {
        let full = hour.starts_with('0') || number(hour).is_some_and(|hour| hour > 12);
        if full { Face::Full } else { otherwise }
    };
    if let Some((place, mark)) = text.char_indices().find(|(_, c)| matches!(c, ':' | '.' | 'h')) {
        let (hour, rest) = (text[..place].trim(), &text[place + 1..]);
        // Seconds may follow; they are not looked at.
        let minute = rest.split_once(':').map_or(rest, |(minute, _)| minute).trim();
        let minute = if minute.is_empty() && mark == 'h' {
            Some(0)
        } else {
            two_digits(minute)
        };
        let face = if mark == 'h' { Face::Full } else { face(hour, Face::Minutes) };
        return Some((Clock::new(number(hour)?, minute?)?, face));
    }
    if text.len() == 4 && text.bytes().all(|b| b.is_ascii_digit()) {
        return Some((Clock::new(number(&text[..2])?, number(&text[2..])?)?, Face::Full));
    }
    Some((Clock::new(number(text)?, 0)?, face(text, Face::Bare)))
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
