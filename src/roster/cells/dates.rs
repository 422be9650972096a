//! What one cell says about a date. Whether `03/04` is in March or in April, and of which year, is decided by its
//! whole column (`date_column`). This file must not know layouts or zones.

mod banner;
mod day_number;
mod hours;
mod other_forms;
mod range;

use crate::roster::cells::calendar_words::{Weekdays, month_named};
use crate::roster::cells::times::Clock;
use crate::roster::cells::words::{fold, tidy};
use chrono::{Datelike, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};
use providers::Cell;

#[cfg(test)]
pub(crate) use banner::YearMonth;
pub(crate) use banner::{Banner, month_banner, year_said};
pub(crate) use day_number::{DayNumber, day_of_month, said_twice};
pub(crate) use hours::read_with_hours;
#[cfg(any(test, fuzzing))]
pub(crate) use other_forms::WeekNumber;
pub(crate) use other_forms::{meant, taken_for_date, week_number};
pub(crate) use range::read_range;

/// Which number of `03/04/2026` is the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum DateOrder {
    DayFirst,
    MonthFirst,
}

/// What a cell says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Written {
    pub(crate) day: Day,
    /// The weekday beside the date, where one is written.
    pub(crate) weekdays: Weekdays,
    /// The time of day, where one is written.
    pub(crate) time: Option<Clock>,
    /// A date cell without a time, which looks the same as one of midnight.
    pub(crate) bare_cell: bool,
}

/// The date as far as the cell alone tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Day {
    /// One reading only.
    Full(NaiveDate),
    /// Two numbers, either of which may be the day; perhaps a year.
    Pair { first: u32, second: u32, year: Option<i32> },
    /// A day and a month by name.
    NoYear { month: u32, day: u32 },
}

/// Why a cell gives no date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unreadable {
    Blank,
    FormulaError,
    NotADate,
    /// `24/02.2026`
    MixedSeparators,
    /// `01/04-07/04`
    Range,
    /// `31 February`
    NoSuchDate,
    /// `2026-03-02T08:00:00Z`
    OwnZone,
    /// `Week 1`, `KW 12`
    WeekAlone,
}

/// The years that a rota can be of.
pub(crate) const YEARS: std::ops::RangeInclusive<i32> = 1990..=2199;

impl DateOrder {
    /// Reads the setting: `day first`, `dd/mm/yyyy`, `American`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let folded = fold(text);
        let day = ["day", "d", "tag", "jour", "dia", "british", "european"]
            .iter()
            .any(|word| folded.starts_with(word));
        let month = ["month", "m", "american", "us"].iter().any(|word| folded.starts_with(word));
        match (day, month) {
            (true, false) => Some(Self::DayFirst),
            (false, true) => Some(Self::MonthFirst),
            (true, true) | (false, false) => None,
        }
    }
}

impl Unreadable {
    /// What is wrong, to go after the quoted cell, and what the admin can do.
    pub(crate) const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Blank => ("is blank where a date belongs", "Write the date on which the shift begins."),
            Self::FormulaError => (
                "is a formula error where a date belongs",
                "Mend the formula, or write the date itself.",
            ),
            Self::NotADate => (
                "is not a date that can be read",
                "Write the date as 2 Mar 2026, or format the cell as a date.",
            ),
            Self::MixedSeparators => (
                "mixes separators, so it may be a slip",
                "Write the date with one kind of separator, or as 2 Mar 2026.",
            ),
            Self::Range => (
                "holds two dates",
                "Put the first day into From and the last one into a column Until.",
            ),
            Self::NoSuchDate => ("is a date that does not exist", "Check day, month and year."),
            Self::OwnZone => (
                "carries a time zone of its own",
                "Write the time as the clocks of the rota's own time zone show it.",
            ),
            Self::WeekAlone => (
                "is the number of a week, which alone is no date",
                "Write the date on which the week begins, or the week with its year as 2026-W12.",
            ),
        }
    }
}

/// Reads a cell of a column of dates.
pub(crate) fn read(cell: &Cell) -> Result<Written, Unreadable> {
    match cell {
        Cell::Empty => Err(Unreadable::Blank),
        Cell::Error(_) => Err(Unreadable::FormulaError),
        Cell::Bool(_) | Cell::Time(_) => Err(Unreadable::NotADate),
        Cell::DateTime(moment) => of_moment(*moment),
        Cell::Number(number) => of_number(*number),
        Cell::Text(text) => match plain(text) {
            Some(found) => Ok(found),
            None => of_text(&tidy(text).to_lowercase()),
        },
    }
}

/// The same date, read with the day or the month first; nothing where there is no such date.
pub(crate) fn ordered(first: u32, second: u32, year: i32, order: DateOrder) -> Option<NaiveDate> {
    let (day, month) = match order {
        DateOrder::DayFirst => (first, second),
        DateOrder::MonthFirst => (second, first),
    };
    NaiveDate::from_ymd_opt(year, month, day)
}

fn written(day: Day) -> Written {
    Written {
        day,
        weekdays: Weekdays::default(),
        time: None,
        bare_cell: false,
    }
}

fn of_moment(moment: NaiveDateTime) -> Result<Written, Unreadable> {
    if !YEARS.contains(&moment.year()) {
        return Err(Unreadable::NoSuchDate);
    }
    let bare = moment.time() == NaiveTime::MIN;
    Ok(Written {
        time: (!bare).then(|| Clock::of(moment.time())),
        bare_cell: bare,
        ..written(Day::Full(moment.date()))
    })
}

/// A serial number (days since 1899-12-30, the time as a fraction), or `20260302`.
fn of_number(number: f64) -> Result<Written, Unreadable> {
    if (30_000.0..60_000.0).contains(&number) {
        #[allow(clippy::cast_possible_truncation)] // at most 60 000 days in seconds
        let seconds = (number * 86_400.0).round() as i64;
        let start = NaiveDate::from_ymd_opt(1899, 12, 30).ok_or(Unreadable::NoSuchDate)?;
        return of_moment(start.and_time(NaiveTime::MIN) + TimeDelta::seconds(seconds));
    }
    let digits = number.to_string();
    if digits.len() == 8 {
        of_text(&digits)
    } else {
        Err(Unreadable::NotADate)
    }
}

/// `2026-03-02` and `2026-03-02 18:00`, as programs write every row of a long list: without a look at all the other forms,
/// for which whatever is not exactly that is left.
fn plain(text: &str) -> Option<Written> {
    let (date, time) = match text.as_bytes() {
        bytes @ [_, _, _, _, b'-', _, _, b'-', _, _] => (bytes, None),
        [date @ .., b' ', h1, h2, b':', m1, m2] if date.len() == 10 && date[4] == b'-' && date[7] == b'-' => {
            (date, Some([*h1, *h2, *m1, *m2]))
        }
        _ => return None,
    };
    let number = |digits: &[u8]| {
        digits.iter().try_fold(0_u32, |sum, digit| {
            digit.is_ascii_digit().then(|| sum * 10 + u32::from(digit - b'0'))
        })
    };
    let year = i32::try_from(number(&date[..4])?).ok().filter(|year| YEARS.contains(year))?;
    let day = NaiveDate::from_ymd_opt(year, number(&date[5..7])?, number(&date[8..])?)?;
    let time = match time {
        None => None,
        Some(digits) => Some(Clock::of(NaiveTime::from_hms_opt(number(&digits[..2])?, number(&digits[2..])?, 0)?)),
    };
    Some(Written {
        time,
        ..written(Day::Full(day))
    })
}

/// A piece of a date's text.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Piece<'t> {
    Word(&'t str),
    Number(&'t str),
    Mark(char),
}

fn of_text(text: &str) -> Result<Written, Unreadable> {
    if let Some(found) = other_forms::chinese(text) {
        return found;
    }
    let (date, time) = split_time(text)?;
    if let Some(week) = week_number(date) {
        let monday = week.monday().ok_or(Unreadable::WeekAlone)?;
        return Ok(Written {
            time,
            ..written(Day::Full(monday))
        });
    }
    let folded = fold_letters(date);
    let pieces = pieces(&folded);
    let mut words: Vec<&str> = Vec::new();
    let mut numbers: Vec<&str> = Vec::new();
    for piece in &pieces {
        match piece {
            Piece::Word(word) if is_filler(word) => {}
            Piece::Word(word) => words.push(word),
            Piece::Number(number) => numbers.push(number),
            Piece::Mark(_) => {}
        }
    }
    if numbers.is_empty() {
        return Err(if text.is_empty() { Unreadable::Blank } else { Unreadable::NotADate });
    }
    let all_weekdays = words.iter().all(|word| !Weekdays::named(word).is_empty());
    let is_numeric = numbers.len() >= 3 || (numbers.len() == 2 && touching(&pieces)) || numbers[0].len() == 8;
    let (day, weekdays) = if is_numeric && all_weekdays && words.len() <= 1 {
        let named = words.first().map_or(Weekdays::default(), |word| Weekdays::named(word));
        (numeric(&numbers, &marks(&pieces))?, named)
    } else {
        let (month, weekdays) = month_and_weekday(&words, &numbers)?;
        (with_month(month, &numbers, &pieces)?, weekdays)
    };
    Ok(Written {
        weekdays,
        time,
        ..written(day)
    })
}

/// Takes a time off the end: `2 mar 2026 18:00`, `7 mar 6 pm`, `2026-03-07t18:00`.
fn split_time(text: &str) -> Result<(&str, Option<Clock>), Unreadable> {
    let text = text.trim();
    if let Some((date, rest)) = text
        .split_once('t')
        .filter(|(date, rest)| date.len() == 10 && rest.contains(':') && date.starts_with(|c: char| c.is_ascii_digit()))
    {
        if rest.ends_with('z') || rest.contains(['+', '-']) {
            return Err(Unreadable::OwnZone);
        }
        let clock = Clock::parse(rest.split_once('.').map_or(rest, |(clock, _)| clock));
        return clock.map(|clock| (date, Some(clock))).ok_or(Unreadable::NotADate);
    }
    let starts: Vec<usize> = text
        .char_indices()
        .filter(|(_, c)| c.is_whitespace())
        .map(|(place, _)| place)
        .collect();
    for start in starts.iter().rev().take(3) {
        let (date, tail) = text.split_at(*start);
        let tail = tail.trim();
        if looks_like_time(tail)
            && let Some(clock) = Clock::parse(tail)
        {
            // `18:00` of `6:00 18:00`? A date must be left before it.
            let date = date.trim_end_matches([',', ' ', '@', '-']);
            let date = [" at", " um", " a", " à", " a las"]
                .iter()
                .find_map(|word| date.strip_suffix(word))
                .unwrap_or(date);
            return Ok((date.trim_end_matches([',', ' ']), Some(clock)));
        }
    }
    Ok((text, None))
}

/// Whether a tail says by itself that it is a time; `2026` alone would be 20:26.
fn looks_like_time(tail: &str) -> bool {
    let digits_first = tail.starts_with(|c: char| c.is_ascii_digit());
    let said =
        [':', 'h'].iter().any(|mark| tail.contains(*mark)) || ["am", "pm", "a.m.", "p.m.", "uhr"].iter().any(|end| tail.ends_with(end));
    (digits_first && said) || ["noon", "midnight", "midday"].contains(&tail)
}

/// Letters without accents, everything else as it is.
fn fold_letters(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_alphabetic() {
            let mut one = [0; 4];
            folded.push_str(&fold(c.encode_utf8(&mut one)));
        } else {
            folded.push(c);
        }
    }
    folded
}

fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let run = |kind: fn(char) -> bool| rest.find(|c: char| !kind(c)).unwrap_or(rest.len());
        let end = if c.is_ascii_digit() {
            let end = run(|c| c.is_ascii_digit());
            pieces.push(Piece::Number(&rest[..end]));
            end
        } else if c.is_alphabetic() {
            let end = run(char::is_alphabetic);
            pieces.push(Piece::Word(&rest[..end]));
            end
        } else {
            pieces.push(Piece::Mark(c));
            c.len_utf8()
        };
        rest = &rest[end..];
        // No date has that many pieces.
        if pieces.len() > 24 {
            break;
        }
    }
    pieces
}

fn is_filler(word: &str) -> bool {
    matches!(
        word,
        "st" | "nd" | "rd" | "th" | "er" | "of" | "the" | "de" | "del" | "le" | "den" | "der" | "el" | "am" | "feira"
    )
}

/// Whether the two numbers of `sun - 23/02` stand side by side, with a mark and no word between them.
fn touching(pieces: &[Piece<'_>]) -> bool {
    let first = pieces.iter().position(|piece| matches!(piece, Piece::Number(_)));
    let last = pieces.iter().rposition(|piece| matches!(piece, Piece::Number(_)));
    match (first, last) {
        (Some(first), Some(last)) => pieces[first..last].iter().all(|piece| !matches!(piece, Piece::Word(_))),
        (None, _) | (_, None) => false,
    }
}

/// The marks between the numbers, blanks left out unless nothing else stands there.
fn marks(pieces: &[Piece<'_>]) -> Vec<String> {
    let mut between: Vec<String> = Vec::new();
    let mut current: Option<String> = None;
    for piece in pieces {
        match piece {
            Piece::Number(_) => {
                between.extend(current.take().map(|marks| {
                    if marks.trim().is_empty() {
                        " ".to_owned()
                    } else {
                        marks.replace(' ', "")
                    }
                }));
                current = Some(String::new());
            }
            Piece::Mark(mark) => {
                if let Some(marks) = &mut current {
                    marks.push(*mark);
                }
            }
            Piece::Word(_) => {}
        }
    }
    between
}

fn numeric(numbers: &[&str], marks: &[String]) -> Result<Day, Unreadable> {
    let value = |index: usize| numbers[index].parse::<u32>().map_err(|_| Unreadable::NotADate);
    let short = |index: usize| numbers[index].len() <= 2;
    if marks.iter().any(|mark| !matches!(mark.as_str(), "/" | "-" | "." | " " | "--")) {
        return Err(Unreadable::NotADate);
    }
    match numbers.len() {
        1 => {
            let part = |from: usize, to: usize| numbers[0].get(from..to).ok_or(Unreadable::NotADate);
            full(
                parse_year(part(0, 4)?)?,
                part(4, 6)?.parse().unwrap_or(0),
                part(6, 8)?.parse().unwrap_or(0),
            )
        }
        2 if short(0) && short(1) => pair(value(0)?, value(1)?, None),
        3 if marks.windows(2).any(|two| two[0] != two[1]) => Err(Unreadable::MixedSeparators),
        3 if numbers[0].len() == 4 && short(1) && short(2) => full(parse_year(numbers[0])?, value(1)?, value(2)?),
        3 if short(0) && short(1) => pair(value(0)?, value(1)?, Some(parse_year(numbers[2])?)),
        4 if marks.first() != marks.last() => Err(Unreadable::MixedSeparators),
        4..=6 => Err(Unreadable::Range),
        _ => Err(Unreadable::NotADate),
    }
}

fn full(year: i32, month: u32, day: u32) -> Result<Day, Unreadable> {
    NaiveDate::from_ymd_opt(year, month, day)
        .map(Day::Full)
        .ok_or(Unreadable::NoSuchDate)
}

/// Two numbers; where only one order or none gives a date that is settled here.
fn pair(first: u32, second: u32, year: Option<i32>) -> Result<Day, Unreadable> {
    // Without a year a leap year is taken, so that 29 February exists.
    let exists = |order| ordered(first, second, year.unwrap_or(2024), order).is_some();
    if exists(DateOrder::DayFirst) || exists(DateOrder::MonthFirst) {
        Ok(Day::Pair { first, second, year })
    } else {
        Err(Unreadable::NoSuchDate)
    }
}

fn parse_year(text: &str) -> Result<i32, Unreadable> {
    let number: i32 = text.parse().map_err(|_| Unreadable::NotADate)?;
    let year = match text.len() {
        2 => 2000 + number,
        4 => number,
        _ => return Err(Unreadable::NotADate),
    };
    if YEARS.contains(&year) {
        Ok(year)
    } else {
        Err(Unreadable::NoSuchDate)
    }
}

/// Which word is the month and which the weekday: `mar` is both in French, Spanish and Italian.
fn month_and_weekday(words: &[&str], numbers: &[&str]) -> Result<(u32, Weekdays), Unreadable> {
    let month = |word: &str| month_named(word);
    let weekday = Weekdays::named;
    match words {
        [one] => month(one).map(|month| (month, Weekdays::default())).ok_or(Unreadable::NotADate),
        [one, two] => match (month(one), month(two)) {
            (None, Some(found)) if !weekday(one).is_empty() => Ok((found, weekday(one))),
            (Some(found), None) if !weekday(two).is_empty() => Ok((found, weekday(two))),
            (Some(_), Some(found)) if !weekday(one).is_empty() => Ok((found, weekday(one))),
            (Some(_), Some(_)) if numbers.len() > 1 => Err(Unreadable::Range),
            (Some(_) | None, Some(_) | None) => Err(Unreadable::NotADate),
        },
        _ => Err(Unreadable::NotADate),
    }
}

/// `2 mar`, `2-mar-2026`, `march 2, 2026`, `2-mar-26`. `mar-26` may be the month of a year: refused.
fn with_month(month: u32, numbers: &[&str], pieces: &[Piece<'_>]) -> Result<Day, Unreadable> {
    let month_first = {
        let word = pieces
            .iter()
            .position(|piece| matches!(piece, Piece::Word(word) if month_named(word) == Some(month)));
        let number = pieces.iter().position(|piece| matches!(piece, Piece::Number(_)));
        word < number
    };
    let day = |text: &str| text.parse::<u32>().ok().filter(|_| text.len() <= 2).ok_or(Unreadable::NotADate);
    match numbers {
        [one] => {
            if month_first && pieces.contains(&Piece::Mark('-')) {
                return Err(Unreadable::NotADate);
            }
            let day = day(one)?;
            let exists = NaiveDate::from_ymd_opt(2024, month, day).is_some();
            if exists {
                Ok(Day::NoYear { month, day })
            } else {
                Err(Unreadable::NoSuchDate)
            }
        }
        [year, one] if year.len() == 4 => full(parse_year(year)?, month, day(one)?),
        // `10-12 march` are two days.
        [_, year] if year.len() == 2 && beside_each_other(pieces) => Err(Unreadable::NotADate),
        [one, year] => full(parse_year(year)?, month, day(one)?),
        _ => Err(Unreadable::NotADate),
    }
}

/// Whether neither a word nor a comma nor an apostrophe stands between the numbers.
fn beside_each_other(pieces: &[Piece<'_>]) -> bool {
    let parts = |piece: &Piece<'_>| match piece {
        Piece::Word(word) => !is_filler(word),
        Piece::Mark(mark) => matches!(mark, ',' | '\'' | '\u{2019}'),
        Piece::Number(_) => false,
    };
    let is_number = |piece: &Piece<'_>| matches!(piece, Piece::Number(_));
    let first = pieces.iter().position(is_number).unwrap_or(0);
    let last = pieces.iter().rposition(is_number).unwrap_or(0);
    !pieces[first..=last].iter().any(parts)
}

/// The day after, for ends that are days.
pub(crate) fn day_after(date: NaiveDate) -> NaiveDate {
    date.checked_add_days(Days::new(1)).unwrap_or(date)
}

#[cfg(test)]
mod tests;
