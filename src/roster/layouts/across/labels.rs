//! What the label of a row of duties means: a level and hours by settings or by its own words, or that it is none. It must
//! not know the cells of the row.

use crate::roster::cells::words::fold;
use crate::roster::layouts::header::{self, Field};
use crate::roster::layouts::header_words::SHIFT;
use crate::roster::terms::{Meaning, Place, Term, Terms};

/// What a row is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Duty {
    /// Its people are on call.
    Rings(Term),
    /// A setting keeps it silent.
    Silent,
    /// Its own words say that it is no duty: leave, notes, a clinic.
    Nothing,
    /// It is a shift, and nothing says when it begins and ends.
    NoHours,
}

/// Words of rows that are no duty for callers.
#[rustfmt::skip]
const NO_DUTY: &[&str] = &[
    "leave", "clinic", "clinics", "clinica", "klinik", "sprechstunde", "consultation", "consulta", "notes", "note", "comments", "remarks", "absent", "absence",
    "absences", "sick", "off", "meeting", "meetings", "teaching", "training", "birthday", "birthdays", "urlaub", "krank", "frei", "abwesend", "conges",
    "vacances", "vacaciones", "ferie", "fortbildung", "formation", "备注", "门诊", "休息",
];

/// What `first` may count that is no level: `First Floor Registrar`.
#[rustfmt::skip]
const COUNTED: &[&str] = &[
    "floor", "ward", "unit", "team", "year", "week", "half", "weekend", "block", "site", "room", "bay", "etage", "stock", "planta", "piso", "aid", "responder",
];

/// Parts of the day that need no hours: the day of the column says when.
const NO_HOURS: &[&str] = &["weekend", "wochenende", "days"];

/// What a label means.
pub(super) fn duty(label: &str, terms: &Terms) -> Duty {
    let words = header::words(label);
    let mut term = match terms.label(label) {
        Some(Meaning::Silent) if !terms.names(label) && is_no_duty(&words) => return Duty::Nothing,
        Some(Meaning::Silent) => return Duty::Silent,
        Some(Meaning::Rings(term)) => term,
        None if is_no_duty(&words) || is_header(&words) => return Duty::Nothing,
        None => Term::default(),
    };
    if !terms.names(label) && term.level.is_some() && term.level == by_words(&words) && counts_places(&words) {
        term.level = None;
    }
    if term.when.is_empty() && is_shift(&words) {
        return Duty::NoHours;
    }
    Duty::Rings(term)
}

/// The label without the word for a place at its end: `US SHIFT PRIMARY` is the shift `US SHIFT`.
pub(super) fn without_place(label: &str) -> &str {
    match label.trim().rsplit_once(' ') {
        Some((shift, place)) if by_words(&header::words(place)).is_some() && place.chars().all(char::is_alphabetic) => shift.trim_end(),
        Some(_) | None => label.trim(),
    }
}

/// Whether a text says a place in the order of ringing.
pub(super) fn says_place(text: &str) -> bool {
    by_words(&header::words(text)).is_some()
}

fn by_words(words: &str) -> Option<Place> {
    Place::of(header::field(words)?)
}

fn is_no_duty(words: &str) -> bool {
    let all = fold(words);
    let on_call = format!(" {all} ").contains(" on call ") || all.contains("oncall");
    let is_one = |field: Option<Field>| matches!(field, Some(Field::NotRung | Field::Notes));
    !on_call && (all.split(' ').any(|word| NO_DUTY.contains(&word)) || is_one(header::field(words)))
}

/// A row of weekdays, weeks, phones.
fn is_header(words: &str) -> bool {
    matches!(
        header::field(words),
        Some(Field::From | Field::Until | Field::Day | Field::Weekday | Field::Phone | Field::SecondPhone)
    )
}

/// Whether every number word counts places: `second floor`.
fn counts_places(words: &str) -> bool {
    let ordinals = ["first", "1st", "second", "2nd", "third", "3rd", "premier", "erster", "primero"];
    let list: Vec<&str> = words.split(' ').collect();
    let mut counted = list
        .windows(2)
        .filter(|two| ordinals.contains(&two[0]))
        .map(|two| COUNTED.contains(&two[1]));
    counted.next().is_some_and(|first| first && counted.all(|other| other))
}

/// Whether the words name a part of the day whose hours must be said.
fn is_shift(words: &str) -> bool {
    let holds = |phrase: &str| format!(" {words} ").contains(&format!(" {phrase} "));
    let said = ["shift", "shifts", "schicht", "白班", "夜班", "早班", "晚班"];
    said.iter().any(|word| holds(word)) || SHIFT.iter().any(|word| !NO_HOURS.contains(word) && holds(word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::roster::cells::times::DayHours;

    #[test]
    fn the_shift_of_a_label() {
        for (label, shift) in [
            ("US SHIFT PRIMARY", "US SHIFT"),
            ("India Shift 1 Secondary", "India Shift 1"),
            ("Nights", "Nights"),
            ("India Shift 1", "India Shift 1"),
        ] {
            assert_eq!(without_place(label), shift);
        }
    }

    #[test]
    fn labels_of_rows() {
        let mut terms = Terms::default();
        terms.add("India Shift 1", Meaning::parse("06:30-14:30").unwrap());
        terms.add("Shadow desk", Meaning::Silent);
        let rings = |level: Option<Place>, hours: Option<&str>| {
            Duty::Rings(Term {
                level,
                when: hours.and_then(DayHours::parse).into_iter().collect(),
            })
        };
        let cases = [
            ("INDIA SHIFT 1 PRIMARY", rings(Some(Place::Level(0)), Some("06:30-14:30"))),
            ("US SHIFT PRIMARY", Duty::NoHours),
            ("Nights", Duty::NoHours),
            ("Night 20:00-08:00", rings(None, Some("20:00-08:00"))),
            ("Weekend On-call Secondary", rings(Some(Place::Level(1)), None)),
            ("Duty Manager 1", rings(Some(Place::Last), None)),
            ("First line - General medicine", rings(Some(Place::Level(0)), None)),
            ("First Floor Registrar (#1028)", rings(None, None)),
            ("Registrar", rings(None, None)),
            ("Shadow desk", Duty::Silent),
            ("Annual Leave", Duty::Nothing),
            ("Morning Clinic : Reg", Duty::Nothing),
            ("Notes", Duty::Nothing),
            ("Day", Duty::Nothing),
            ("一线-综合内科", rings(Some(Place::Level(0)), None)),
            ("外科二线", rings(Some(Place::Level(1)), None)),
            ("备注", Duty::Nothing),
        ];
        for (label, expected) in cases {
            assert_eq!(duty(label, &terms), expected, "{label}");
        }
    }
}
