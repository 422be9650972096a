//! What a cell of a table of people and weekdays says: hours, a code, or a day off. It must not know who, or which day.

use crate::roster::cells::calendar_words::Weekdays;
use crate::roster::cells::off_words;
use crate::roster::cells::times::{DayHours, Hours};
use crate::roster::cells::words::{absent, fold, shown, tidy};
use crate::roster::conventions::Conventions;
use crate::roster::layouts::header::{self, Field};
use crate::roster::terms::{Meaning, Place};
use chrono::Weekday;
use providers::Cell;

/// Hours in one cell beyond these are prose.
const HOURS_AT_MOST: usize = 6;

/// Words that say that somebody does not work on that day.
#[rustfmt::skip]
const OFF: &[&str] = &[
    "off", "day off", "days off", "off duty", "rest", "rest day", "free", "leave", "annual leave", "holiday", "not working", "non working day",
    "nwd", "rdo", "unavailable", "not available", "closed", "no", "frei", "urlaub", "geschlossen", "repos", "conge", "conges", "ferme",
    "libre", "descanso", "vacaciones", "cerrado", "riposo", "chiuso", "folga", "fechado",
];

/// What a cell says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Duty {
    /// Nothing, or a day off.
    Off,
    /// On call at these hours, in that place where the code says so.
    On {
        level: Option<Place>,
        hours: Vec<Hours>,
    },
    /// A shift or a code that has no hours.
    WithoutHours,
    Unknown,
}

/// Reads a cell under a weekday.
pub(super) fn read(cell: &Cell, day: Weekday, conventions: &Conventions) -> Duty {
    let text = match cell {
        Cell::Empty => return Duty::Off,
        Cell::Text(_) | Cell::Number(_) => tidy(&shown(cell)),
        Cell::DateTime(_) | Cell::Time(_) | Cell::Bool(_) | Cell::Error(_) => return Duty::Unknown,
    };
    match conventions.terms.code(&text) {
        Some(Meaning::Silent) => return Duty::Off,
        Some(Meaning::Rings(term)) if term.when.is_empty() => return Duty::WithoutHours,
        Some(Meaning::Rings(term)) => {
            let on_day = term.when.iter().filter(|when| when.days.meets(Weekdays::of(day)));
            let hours: Vec<Hours> = on_day.map(|when| when.hours).collect();
            return Duty::On { level: term.level, hours };
        }
        None => {}
    }
    if let Some(hours) = hours_of(&text) {
        return Duty::On { level: None, hours };
    }
    let folded = fold(&text);
    // An `x` may as well be a cross for "on duty".
    let is_off =
        OFF.contains(&folded.as_str()) || (folded != "x" && !text.contains('?') && (absent(&text).is_some() || off_words::is_off(&text)));
    if is_off {
        return Duty::Off;
    }
    match header::field(&header::words(&text)) {
        Some(Field::Shift | Field::Day) => Duty::WithoutHours,
        Some(_) | None => Duty::Unknown,
    }
}

/// Reads `1 pm - 4 pm`, `8-12, 13-17`, `08:00-16:00 (desk)`, `all day`.
fn hours_of(text: &str) -> Option<Vec<Hours>> {
    if let Some(all) = one(text) {
        return Some(vec![all]);
    }
    let parts: Vec<&str> = text.split([',', ';', '/', '&', '+', '\n']).map(str::trim).collect();
    if parts.len() > HOURS_AT_MOST || parts.len() < 2 {
        return None;
    }
    parts.into_iter().map(one).collect()
}

fn one(text: &str) -> Option<Hours> {
    let bare = match text.rfind('(') {
        Some(open) if open > 0 && text.ends_with(')') => text[..open].trim_end(),
        Some(_) | None => text,
    };
    let exact = Hours::parse(text).or_else(|| Hours::parse(bare));
    // `all day`; but days within the cell would contradict its column.
    exact.or_else(|| DayHours::parse(bare).filter(|all| all.days == Weekdays::ALL).map(|all| all.hours))
}

/// Reads two cells, of a beginning and of an end.
pub(super) fn read_ends(start: &Cell, end: &Cell) -> Duty {
    let text = |cell: &Cell| tidy(&shown(cell));
    let (from, until) = (text(start), text(end));
    let is_off = |text: &str| OFF.contains(&fold(text).as_str()) || (!text.contains('?') && absent(text).is_some());
    if is_off(&from) && is_off(&until) {
        return Duty::Off;
    }
    match hours_between(start, end) {
        Some(hours) => Duty::On {
            level: None,
            hours: vec![hours],
        },
        None => Duty::Unknown,
    }
}

/// The hours between two cells of times, each read in the light of the other. The same time twice is a whole day, except
/// 00:00, which programs also put where nothing was entered.
pub(super) fn hours_between(start: &Cell, end: &Cell) -> Option<Hours> {
    let text = |cell: &Cell| match cell {
        Cell::Number(share) if (0.0..1.0).contains(share) => super::Clock::of_fraction(*share).map(|clock| clock.to_string()),
        Cell::Text(_) | Cell::Time(_) | Cell::Number(_) => Some(tidy(&shown(cell))),
        Cell::Empty | Cell::DateTime(_) | Cell::Bool(_) | Cell::Error(_) => None,
    };
    let (start, end) = (text(start)?, text(end)?);
    let hours = Hours::parse(&format!("{start} - {end}"))?;
    let is_entered = hours.start.minute_of_day() != 0 || hours.end.minute_of_day() != 0 || end.starts_with("24");
    is_entered.then_some(hours)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(hours: &[&str]) -> Duty {
        Duty::On {
            level: None,
            hours: hours.iter().map(|text| Hours::parse(text).unwrap()).collect(),
        }
    }

    fn ends(start: &str, end: &str) -> Duty {
        read_ends(&Cell::Text(start.to_owned()), &Cell::Text(end.to_owned()))
    }

    #[test]
    fn two_cells_are_one_stretch() {
        assert_eq!(ends("08:00", "11:00"), on(&["08:00-11:00"]));
        assert_eq!(ends("20:00", "08:00"), on(&["20:00-08:00"]));
        assert_eq!(ends("00:00", "24:00"), on(&["00:00-24:00"]));
        assert_eq!(ends("", " "), Duty::Off);
        assert_eq!(ends("off", "off"), Duty::Off);
        assert_eq!(ends("09:00", "09:00"), on(&["09:00-09:00"]));
        for (start, end) in [("08:00", ""), ("", "11:00"), ("00:00", "00:00"), ("8", "late"), ("?", "?")] {
            assert_eq!(ends(start, end), Duty::Unknown, "{start} {end}");
        }
        let typed = chrono::NaiveTime::from_hms_opt(14, 30, 0).unwrap();
        assert_eq!(read_ends(&Cell::Text("09:30".to_owned()), &Cell::Time(typed)), on(&["09:30-14:30"]));
        assert_eq!(read_ends(&Cell::Number(0.5), &Cell::Number(0.75)), on(&["12:00-18:00"]));
    }

    #[test]
    fn one_cell_may_hold_several_stretches() {
        for (text, expected) in [
            ("1 pm - 4 pm", vec!["13:00-16:00"]),
            ("08:00-12:00, 13:00-17:00", vec!["08:00-12:00", "13:00-17:00"]),
            ("08:00-12:00⏎13:00-17:00", vec!["08:00-12:00", "13:00-17:00"]),
            ("08:00-16:00 (desk)", vec!["08:00-16:00"]),
            ("all day", vec!["00:00-24:00"]),
        ] {
            let expected: Vec<Hours> = expected.into_iter().map(|text| Hours::parse(text).unwrap()).collect();
            assert_eq!(hours_of(&text.replace('⏎', "\n")), Some(expected), "{text}");
        }
        for text in ["5", "Ana", "08:00", "Tue 8-12", ""] {
            assert_eq!(hours_of(text), None, "{text}");
        }
    }
}
