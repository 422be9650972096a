//! Hours with the weekdays that they hold on: `Mon-Fri 09:00-17:00`, `weekend 10-16 Uhr`, `24/7`. It must not know dates.

#![allow(dead_code, reason = "layouts take it up one by one")]

use super::Hours;
use crate::roster::cells::calendar_words::{Weekdays, month_named};
use crate::roster::cells::words::{fold, tidy};

/// Longer text is prose (characters).
const READ_AT_MOST: usize = 100;

/// Around the clock on all days.
const ALWAYS: &[&str] = &[
    "24 7",
    "24x7",
    "24 7 365",
    "24h 24 7j 7",
    "24h 24 et 7j 7",
    "24 24 7 7",
    "24h 7d",
    "24h 7 tage",
    "24 hours 7 days a week",
    "around the clock",
    "round the clock",
    "rund um die uhr",
    "24 horas",
    "las 24 horas",
    "全天",
];

/// Around the clock on the days beside it.
const ROUND_THE_CLOCK: &[&str] = &[
    "24h",
    "24 h",
    "24hrs",
    "24 hrs",
    "24 hours",
    "24hr",
    "24 hr",
    "all day",
    "24 std",
    "24 stunden",
    "ganztagig",
    "ganztags",
    "24 heures",
    "h24",
    "toute la journee",
    "24 horas",
    "todo el dia",
    "24 ore",
];

/// Hours that hold on some days of the week. They belong to the day on which they begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct DayHours {
    pub(crate) hours: Hours,
    pub(crate) days: Weekdays,
}

impl DayHours {
    /// Reads `Mon-Fri 09:00-17:00`, `09:00-17:00 Mon-Fri`, `Sat, Sun 10:00-14:00`, `weekdays 8am-6pm`, `24/7`.
    /// Hours without a day hold on all days.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        if text.len() > 4 * READ_AT_MOST {
            return None;
        }
        let text = tidy(text).replace('\n', " ");
        if ALWAYS.contains(&fold(&text).as_str()) {
            return Some(Self::on(Hours::WHOLE_DAY, Weekdays::ALL));
        }
        if let Some(hours) = hours(&text) {
            return Some(Self::on(hours, Weekdays::ALL));
        }
        // Days and hours stand side by side: of all places between two words one fits, or none does.
        let places = text.char_indices().filter(|(_, c)| matches!(c, ' ' | ',' | ':' | '(' | '['));
        places.take(READ_AT_MOST).find_map(|(place, _)| {
            let (left, right) = (bare(&text[..place]), bare(&text[place + 1..]));
            let found = |days: &str, written: &str| {
                let set = Weekdays::parse(days)?;
                let hours = hours(written)?;
                (!is_month_too(days, written)).then(|| Self::on(hours, set))
            };
            found(left, right).or_else(|| found(right, left))
        })
    }

    /// Reads hours in a text, with words before and behind them left aside: `Early (07:00-15:00)`, `Night 20:00-08:00`.
    pub(crate) fn within(text: &str) -> Option<Self> {
        if text.chars().filter(char::is_ascii_digit).count() < 2 {
            return None;
        }
        if let Some(found) = Self::parse(text) {
            return Some(found);
        }
        let start = text.find(|c: char| c.is_ascii_digit())?;
        let tail = text[start..].trim_end_matches([')', ']', '.', ' ']);
        let bracket = tail.find(['(', ')', '[']).map_or(tail, |end| tail[..end].trim());
        Self::parse(tail).or_else(|| Self::parse(bracket))
    }

    /// Reads several of them: `Mon-Fri 09:00-17:00; Sat 10:00-14:00`, one a line or with commas. No day may have two.
    pub(crate) fn parse_list(text: &str) -> Option<Vec<Self>> {
        if let Some(one) = Self::parse(text) {
            return Some(vec![one]);
        }
        let mut parts = vec![String::new()];
        for piece in tidy(text).split_inclusive([';', '\n', ',', '|']) {
            let (words, mark) = piece.split_at(piece.trim_end_matches([';', '\n', ',', '|']).len());
            let part = parts.last_mut()?;
            part.push_str(words);
            // `Sat, Sun 10-14 Uhr`: a comma parts two hours only behind the first of them.
            if Self::parse(part).is_some() {
                parts.push(String::new());
            } else {
                part.push_str(if mark == "," { "," } else { "" });
            }
            if parts.len() > 8 {
                return None;
            }
        }
        parts.retain(|part| !part.trim().is_empty());
        let list: Vec<Self> = parts.iter().map(|part| Self::parse(part)).collect::<Option<_>>()?;
        let apart = list
            .iter()
            .enumerate()
            .all(|(at, one)| list[..at].iter().all(|other| !one.days.meets(other.days)));
        apart.then_some(list)
    }

    const fn on(hours: Hours, days: Weekdays) -> Self {
        Self { hours, days }
    }
}

fn hours(text: &str) -> Option<Hours> {
    if ROUND_THE_CLOCK.contains(&fold(text).as_str()) {
        return Some(Hours::WHOLE_DAY);
    }
    Hours::parse(text)
}

fn bare(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || matches!(c, ',' | ':' | '(' | ')' | '[' | ']' | '-' | '@'))
}

/// `mar 9-17`: from the 9th to the 17th of March, or on Tuesdays?
fn is_month_too(days: &str, written: &str) -> bool {
    let is_plain = !written.contains(|c: char| c.is_alphabetic() || c == ':');
    is_plain && month_named(&fold(days)).is_some()
}
