//! Forms of dates that follow other rules: ISO weeks, `3月2日`, and what a spreadsheet has taken for a date.

use super::{Day, Unreadable, Weekdays, Written, YEARS, full, parse_year, written};
use crate::roster::cells::words::{fold, shown};
use chrono::{Datelike, NaiveDate, Weekday};
use providers::Cell;

/// A week by its number (ISO 8601: the first one holds the year's first Thursday).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct WeekNumber {
    pub(crate) week: u32,
    pub(crate) year: Option<i32>,
    /// Its name says that weeks are counted as ISO counts them: `KW`, `W12`, `semaine`, not `Week 1`.
    pub(crate) is_iso: bool,
}

impl WeekNumber {
    /// The Monday that it begins with; nothing where the year is not said or has no such week.
    pub(crate) fn monday(self) -> Option<NaiveDate> {
        NaiveDate::from_isoywd_opt(self.year.filter(|_| self.is_iso)?, self.week, Weekday::Mon)
    }
}

/// Reads `2026-W12`, `KW 12`, `KW 12/2026`, `semaine 12 de 2026`, `Week 1`.
pub(crate) fn week_number(text: &str) -> Option<WeekNumber> {
    if text.len() > 60 {
        return None;
    }
    let folded = fold(text);
    let mut numbers: Vec<&str> = Vec::new();
    let mut name = None;
    for word in folded.split(' ') {
        let letters = word.trim_matches(|c: char| c.is_ascii_digit());
        let (before, after) = word.split_once(letters).unwrap_or_default();
        match letters {
            "" => numbers.push(word),
            "de" | "del" | "of" | "no" | "nr" => {}
            "kw" | "w" | "wk" | "week" | "woche" | "kalenderwoche" | "semaine" | "sem" | "semana" | "settimana" => {
                if name.replace(letters).is_some() {
                    return None;
                }
                numbers.extend([before, after].into_iter().filter(|digits| !digits.is_empty()));
            }
            _ => return None,
        }
    }
    let name = name?;
    let is_year = |text: &str| text.len() == 4;
    let (week, year) = match numbers.as_slice() {
        [week] => (*week, None),
        [year, week] if is_year(year) => (*week, Some(parse_year(year).ok()?)),
        [week, year] if is_year(year) => (*week, Some(parse_year(year).ok()?)),
        _ => return None,
    };
    let week = week.parse().ok().filter(|number| (1..=53).contains(number) && week.len() <= 2)?;
    let is_iso = !matches!(name, "week" | "wk" | "woche" | "w") || (name == "w" && year.is_some());
    Some(WeekNumber { week, year, is_iso })
}

/// `2026年3月2日`, `3月2日 周一`, `3月2日(星期一)`; nothing where the text is none of these.
pub(super) fn chinese(text: &str) -> Option<Result<Written, Unreadable>> {
    let (before, after) = text.split_once('月')?;
    let (year, month) = before.split_once('年').map_or((None, before), |(year, month)| (Some(year), month));
    let number = |text: &str| {
        let text = text.trim();
        let fits = (1..=4).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        text.parse::<u32>().ok().filter(|_| fits)
    };
    let end = after.find(['日', '号']).unwrap_or(after.len());
    let (day, rest) = (number(&after[..end])?, after[end..].trim_start_matches(['日', '号']));
    let beside = fold(rest);
    let weekdays = Weekdays::named(&beside);
    if !beside.is_empty() && weekdays.is_empty() {
        return Some(Err(Unreadable::NotADate));
    }
    let month = number(month)?;
    let day = match year {
        Some(year) => parse_year(year.trim()).and_then(|year| full(year, month, day)),
        None if NaiveDate::from_ymd_opt(2024, month, day).is_some() => Ok(Day::NoYear { month, day }),
        None => Err(Unreadable::NoSuchDate),
    };
    Some(day.map(|day| Written { weekdays, ..written(day) }))
}

/// What a date with a slip in its marks may have been meant to be, to be suggested: `24/02.2026` → `24/02/2026`,
/// `12/22-12-26` → `12/22-12/26`. Nothing where that could not be read either.
pub(crate) fn meant(text: &str) -> Option<String> {
    let text = super::tidy(text);
    let marks: Vec<(usize, char)> = text.char_indices().filter(|(_, c)| !c.is_ascii_digit()).collect();
    let plain = text.len() <= 40 && marks.iter().all(|(_, c)| matches!(c, '/' | '.' | '-'));
    let (_, first) = marks.first().copied().filter(|_| plain)?;
    let kept = match marks.len() {
        2 => None,
        // The mark in the middle parts two dates.
        3 | 5 => Some(marks.len() / 2),
        _ => return None,
    };
    let mut mended = String::with_capacity(text.len());
    let mut at = 0;
    for c in text.chars() {
        if c.is_ascii_digit() {
            mended.push(c);
        } else {
            mended.push(if kept == Some(at) { '-' } else { first });
            at += 1;
        }
    }
    let is_better = mended != text && super::read_range(&Cell::Text(mended.clone())).is_ok();
    is_better.then_some(mended)
}

/// What was probably typed into a cell of people or codes that the program made a date or a time of: `10-12` became
/// 10 December, `2:1` became 02:01. To be told, never to be used.
pub(crate) fn taken_for_date(cell: &Cell) -> Option<String> {
    match cell {
        Cell::DateTime(moment) if YEARS.contains(&moment.year()) => Some(format!("{}-{}", moment.day(), moment.month())),
        Cell::Time(_) => Some(shown(cell)),
        Cell::DateTime(_) | Cell::Empty | Cell::Text(_) | Cell::Number(_) | Cell::Bool(_) | Cell::Error(_) => None,
    }
}
