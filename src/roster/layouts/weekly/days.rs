//! Words for days and weeks of a template: `Mon`, `MonStart`, `Week 2`. It must not know rows.

use super::WEEKS_AT_MOST;
use crate::roster::cells::calendar_words::Weekdays;
use crate::roster::cells::words::fold;
use crate::roster::layouts::header;
use chrono::Weekday;

const START: &[&str] = &[
    "start", "starts", "from", "begin", "begins", "in", "on", "von", "beginn", "debut", "inicio", "inizio",
];
const END: &[&str] = &[
    "end", "ends", "until", "to", "finish", "out", "off", "bis", "ende", "fin", "fine", "fim",
];
const WEEK: &[&str] = &["week", "wk", "woche", "semaine", "semana", "settimana", "sem", "w"];

/// Which part of its day a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Whole,
    Start,
    End,
}

/// What a header says of a weekday.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct DayHeader {
    /// All that the word may name.
    pub(super) days: Weekdays,
    pub(super) side: Side,
    /// Of the cycle, from 0.
    pub(super) week: Option<u32>,
}

/// Reads `Mon`, `Monday`, `MonStart`, `Tue End`, `Week 2 Wed`.
pub(super) fn day_header(text: &str) -> Option<DayHeader> {
    if text.len() > 60 {
        return None;
    }
    let words = header::words(text);
    let mut words: Vec<&str> = words.split(' ').filter(|word| *word != "feira").collect();
    let mut number = None;
    if let [first, second, _, ..] = words.as_slice()
        && WEEK.contains(first)
    {
        number = Some(week_number(second)?);
        words.drain(..2);
    }
    let (day, side) = match words.as_slice() {
        [day] => (*day, Side::Whole),
        [day, side] if START.contains(side) => (*day, Side::Start),
        [day, side] if END.contains(side) => (*day, Side::End),
        [side, day] if START.contains(side) => (*day, Side::Start),
        [side, day] if END.contains(side) => (*day, Side::End),
        _ => return None,
    };
    let days = Weekdays::named(day);
    (!days.is_empty()).then_some(DayHeader { days, side, week: number })
}

/// Reads `Week 2`, `WK2`, `Woche 2`, `Week B`; the week comes from 0.
pub(super) fn week_label(text: &str) -> Option<u32> {
    if text.len() > 60 {
        return None;
    }
    let folded = fold(text);
    let rest = WEEK.iter().find_map(|word| folded.strip_prefix(word))?;
    let is_apart = rest.starts_with(' ') || rest.starts_with(|c: char| c.is_ascii_digit());
    if is_apart { week_number(rest.trim()) } else { None }
}

/// Reads what stands in a column of weeks: also a number alone.
pub(super) fn week_cell(text: &str) -> Option<u32> {
    week_label(text).or_else(|| week_number(&fold(text)))
}

fn week_number(text: &str) -> Option<u32> {
    if let [letter @ b'a'..=b'f'] = text.as_bytes() {
        return Some(u32::from(letter - b'a'));
    }
    let number: u32 = text.parse().ok()?;
    (1..=WEEKS_AT_MOST).contains(&number).then(|| number - 1)
}

/// Whether a header stands above weeks of a cycle.
pub(super) fn is_week_header(words: &str) -> bool {
    WEEK.contains(&words) || matches!(words, "cycle week" | "week no" | "week number" | "rota week" | "week of cycle")
}

/// The day that each word of one week names: a word of several readings (`di`) is the day that no other word names.
pub(super) fn settle(days: &[Weekdays]) -> Option<Vec<Weekday>> {
    let certain = days
        .iter()
        .filter_map(|days| days.only())
        .fold(Weekdays::default(), |all, day| all.union(Weekdays::of(day)));
    let settled = days.iter().map(|days| {
        days.only().or_else(|| {
            let left = days.iter().filter(|day| !certain.meets(Weekdays::of(*day)));
            left.fold(Weekdays::default(), |all, day| all.union(Weekdays::of(day))).only()
        })
    });
    settled.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_of_days() {
        let mon = Weekdays::of(Weekday::Mon);
        for (text, side, week) in [
            ("Mon", Side::Whole, None),
            ("MONDAY", Side::Whole, None),
            ("MonStart", Side::Start, None),
            ("Mon End", Side::End, None),
            ("Lundi", Side::Whole, None),
            ("segunda-feira", Side::Whole, None),
            ("Week 2 Mon", Side::Whole, Some(1)),
        ] {
            assert_eq!(day_header(text), Some(DayHeader { days: mon, side, week }), "{text}");
        }
        for text in ["Month", "Mon 2 Mar", "Monica", "", "Mon AM", "Week 2"] {
            assert_eq!(day_header(text), None, "{text}");
        }
    }

    #[test]
    fn weeks_of_a_cycle() {
        for (text, expected) in [
            ("Week 1", Some(0)),
            ("WEEK 2:", Some(1)),
            ("wk2", Some(1)),
            ("Woche 3", Some(2)),
            ("Week B", Some(1)),
            ("Week commencing", None),
            ("Week 0", None),
            ("Week 53", None),
            ("Weekend", None),
        ] {
            assert_eq!(week_label(text), expected, "{text}");
        }
    }

    #[test]
    fn words_of_two_languages_are_told_by_the_others() {
        let read = |text: &str| -> Option<Vec<Weekday>> { settle(&text.split(' ').map(Weekdays::named).collect::<Vec<_>>()) };
        use Weekday::{Fri, Mon, Sat, Sun, Thu, Tue, Wed};
        let week = vec![Mon, Tue, Wed, Thu, Fri, Sat, Sun];
        assert_eq!(read("lu ma me je ve sa di"), Some(week.clone()));
        assert_eq!(read("mo di mi do fr sa so"), Some(week));
        assert_eq!(read("di"), None);
    }
}
