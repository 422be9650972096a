//! Rows and calendars of a roster made by hand. Calendars are read by another crate than the one that writes them.

use super::*;
use crate::roster::{Duty, Level, Phone, Responder, Roster};
use chrono::{DateTime, NaiveDateTime, Utc};
use chrono_tz::Tz;
use providers::{AddressStyle, CellAddress};
use std::collections::BTreeSet;
use std::sync::Arc;

mod calendars;
mod calls;
mod hostile;
mod tables;

fn utc(text: &str) -> DateTime<Utc> {
    NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap().and_utc()
}

fn window(from: &str, until: &str) -> Window {
    Window {
        from: utc(from),
        until: utc(until),
    }
}

fn person(name: &str, phone: &str) -> Arc<Responder> {
    Arc::new(Responder {
        name: name.to_owned(),
        phone: Phone::from_e164(phone).unwrap(),
        then: None,
    })
}

fn level(label: &str, people: &[&Arc<Responder>], cell: (u32, u32), is_change: bool) -> Level {
    Level {
        label: Arc::from(label),
        responders: people.iter().map(|person| Arc::clone(person)).collect(),
        source: CellAddress::new(if is_change { "Changes" } else { "Rota" }, AddressStyle::Grid, cell.0, cell.1),
        is_change,
    }
}

fn duty(from: &str, until: &str, levels: Vec<Level>) -> Duty {
    Duty {
        from: utc(from),
        until: utc(until),
        nobody: levels.is_empty().then(|| CellAddress::new("Rota", AddressStyle::Grid, 4, 2)),
        levels,
    }
}

/// Melbourne, in March 2026 at UTC+11: a week (Mon 2 Mar 08:00 to Mon 9 Mar 08:00), two days with a change of the first
/// position, two people together, a day with nobody on purpose, a gap of a day, and a last day.
fn lab() -> Roster {
    let (ana, bo, cy) = (
        person("Ana Diaz", "+61491570006"),
        person("Bo Lund", "+61491570156"),
        person("Cy Marsh", "+61491570157"),
    );
    let duties = vec![
        duty(
            "2026-03-01 21:00",
            "2026-03-08 21:00",
            vec![level("1st", &[&ana], (2, 2), false), level("2nd", &[&bo], (2, 3), false)],
        ),
        duty(
            "2026-03-08 21:00",
            "2026-03-10 21:00",
            vec![level("1st", &[&bo, &cy], (2, 3), true), level("2nd", &[&ana], (3, 3), false)],
        ),
        duty("2026-03-10 21:00", "2026-03-11 21:00", Vec::new()),
        duty("2026-03-12 21:00", "2026-03-13 21:00", vec![level("1st", &[&cy], (6, 2), false)]),
    ];
    Roster::new(Tz::Australia__Melbourne, vec![ana, bo, cy], None, duties)
}
