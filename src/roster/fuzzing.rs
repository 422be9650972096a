//! Doors for the fuzz targets, and what must hold of every reading whatever was read. Compiled only for them.
#![allow(missing_docs, clippy::panic)]

use super::conventions::Conventions;
use super::findings::Findings;
use super::names::Names;
use super::times::{Clock, DayHours, Hours};
use super::{Diagnostic, Roster, Settings, dates, header, phones};
use chrono::{DateTime, Utc};
use phonenumber::country::Id;
use providers::Cell;

pub fn date(text: &str) {
    let _ = dates::read(&Cell::Text(text.to_owned()));
    if let Ok(number) = text.parse() {
        let _ = dates::read(&Cell::Number(number));
    }
}

pub fn time(text: &str) {
    let _ = Clock::parse(text);
}

pub fn duration_of_hours(text: &str) {
    let _ = Hours::parse(text);
    let _ = DayHours::parse(text);
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
    let _ = header::field(&header::words(text));
}

pub fn name(text: &str) {
    let mut names = Names::default();
    let (one, two) = text.split_at(text.floor_char_boundary(text.len() / 2));
    names.add(0, one, &[two.to_owned()]);
    names.add(1, "Ana Diaz", &["AD".to_owned()]);
    let _ = names.find(text);
    let _ = names.nearest(text);
}

pub fn setting(text: &str) {
    let (key, value) = text.split_once('=').unwrap_or(("Shift: Night", text));
    let given = Settings(vec![(key.to_owned(), value.to_owned())]);
    let now = DateTime::from_timestamp(1_772_452_800, 0).unwrap_or_default();
    let _ = Conventions::read(None, &given, None, &mut Findings::new(now));
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
