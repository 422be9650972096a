//! Doors for the fuzz targets, and what must hold of every reading whatever was read. Compiled only for them.
#![allow(missing_docs, clippy::panic)]

use super::conventions::{Conventions, SheetZone};
use super::findings::Findings;
use super::{Diagnostic, Roster, Settings};
use crate::roster::cells::calendar_words::Weekdays;
use crate::roster::cells::dates;
use crate::roster::cells::names::{Found, Names};
use crate::roster::cells::phones;
use crate::roster::cells::times::{Clock, DayHours, Hours};
use crate::roster::cells::words::{absent, fold, quote, tidy};
use crate::roster::layouts::header;
use chrono::{DateTime, Utc};
use phonenumber::country::Id;
use providers::Cell;
use std::sync::LazyLock;

/// As many as a large organisation has.
const CONTACTS: usize = 500;

static MANY: LazyLock<Names> = LazyLock::new(|| {
    const FIRST: &[&str] = &["Ana", "Ben", "Cy", "Dr Dee", "Zoë", "Jean-Luc", "O'Neil", "李"];
    const LAST: &[&str] = &[
        "Diaz",
        "Osei",
        "Kerr",
        "van der Berg",
        "Müller",
        "Senior",
        "R&D desk",
        "伟",
        "Diaz (Uro)",
    ];
    let mut names = Names::default();
    for contact in 0..CONTACTS {
        let (first, last) = (FIRST[contact % FIRST.len()], LAST[contact / FIRST.len() % LAST.len()]);
        names.add(
            contact,
            &format!("{first} {last} {contact}"),
            &[format!("{last}, {first}"), format!("A{contact}")],
        );
    }
    names
});

pub fn date(text: &str) {
    let mut cells = vec![Cell::Text(text.to_owned())];
    cells.extend(text.parse().map(Cell::Number));
    for cell in &cells {
        let _ = dates::read(cell);
        let _ = dates::read_range(cell);
        let _ = dates::read_with_hours(cell);
        let _ = dates::day_of_month(cell);
        let _ = dates::taken_for_date(cell);
        let _ = dates::said_twice([cell, &cells[0]]);
    }
    let _ = dates::month_banner(text);
    let _ = dates::year_said(text);
    let _ = dates::week_number(text).and_then(dates::WeekNumber::monday);
    let _ = dates::meant(text);
    let _ = Weekdays::parse(text);
}

/// What is tidied stays as it is, and what is folded folds to itself.
pub fn words(text: &str) {
    let (tidied, folded) = (tidy(text), fold(text));
    assert_eq!(tidy(&tidied), tidied);
    assert_eq!(fold(&folded), folded, "{text:?}");
    assert!(quote(text).chars().count() < 500);
    let _ = absent(text);
}

pub fn time(text: &str) {
    let _ = Clock::parse(text);
}

pub fn duration_of_hours(text: &str) {
    let _ = Hours::parse(text);
    let _ = DayHours::parse(text);
    let _ = DayHours::parse_list(text);
}

pub fn phone(text: &str) {
    for country in [None, Some(Id::GB), Some(Id::DE)] {
        let _ = phones::read(&Cell::Text(text.to_owned()), country);
        if let Ok(number) = text.parse() {
            let _ = phones::read(&Cell::Number(number), country);
        }
    }
    let _ = phones::split(text);
}

pub fn header(text: &str) {
    let words = header::words(text);
    let _ = (
        header::field(&words),
        header::swap(&words),
        header::phone_stem(&words),
        header::says_week(&words),
    );
}

pub fn name(text: &str) {
    let mut names = Names::default();
    let (one, two) = text.split_at(text.floor_char_boundary(text.len() / 2));
    names.add(0, one, &[two.to_owned()]);
    names.add(1, "Ana Diaz", &["AD".to_owned()]);
    let _ = names.find(text);
    let _ = names.nearest(text);
    if let Found::Several(contacts) = MANY.find(text) {
        assert!(contacts.len() > 1 && contacts.iter().all(|contact| *contact < CONTACTS));
    }
}

pub fn setting(text: &str) {
    let (key, value) = text.split_once('=').unwrap_or(("Shift: Night", text));
    let given = Settings(vec![(key.to_owned(), value.to_owned())]);
    let now = DateTime::from_timestamp(1_772_452_800, 0).unwrap_or_default();
    let _ = Conventions::read(&[], &given, &SheetZone::default(), &mut Findings::new(now, now));
}

/// The time line is sorted and never overlaps; every level has people; every finding says something.
pub fn promises(roster: &Roster, findings: &[Diagnostic], now: DateTime<Utc>) {
    for two in roster.duties().windows(2) {
        assert!(two[0].until <= two[1].from, "{two:?} overlap");
    }
    for duty in roster.duties() {
        assert!(duty.from < duty.until, "{duty:?} is empty");
        assert!(
            duty.levels.iter().all(|level| !level.responders.is_empty()),
            "{duty:?} rings nobody"
        );
        assert!(duty.levels.is_empty() == duty.nobody.is_some(), "{duty:?} is neither");
    }
    for finding in findings {
        assert!(!finding.seen.is_empty(), "{finding:?}");
        assert!(finding.to_string().len() < 20_000, "{finding:?} is too long");
    }
    let _ = roster.on_call(now);
}
