//! A roster with hostile names, as it goes out: a table of which no cell is a formula, a calendar that stays whole.
#![no_main]

use arbitrary::Arbitrary;
use chrono::{DateTime, TimeDelta, Utc};
use libfuzzer_sys::fuzz_target;
use providers::{AddressStyle, CellAddress};
use rotaline::exports::{Calendar, Numbers, Rows, Whose, Window, table};
use rotaline::roster::{Duty, Level, Phone, Responder, Roster};
use std::sync::Arc;

#[derive(Arbitrary, Debug)]
struct Texts {
    title: String,
    names: Vec<String>,
    label: String,
    tab: String,
    is_nobody: bool,
}

fn duty(index: usize, name: &str, texts: &Texts, start: DateTime<Utc>) -> Duty {
    let from = start + TimeDelta::hours(i64::try_from(index).unwrap_or(0) * 12);
    let source = CellAddress::new(&texts.tab, AddressStyle::Grid, 2, 1);
    let phone = Phone::from_e164("+61491570156").expect("a number");
    let level = Level {
        label: Arc::from(texts.label.as_str()),
        responders: std::iter::once(Arc::new(Responder {
            name: name.to_owned(),
            phone,
            then: None,
        }))
        .collect(),
        source: source.clone(),
        is_change: false,
    };
    let nobody = texts.is_nobody && index == 1;
    Duty {
        from,
        until: from + TimeDelta::hours(11),
        levels: if nobody { Vec::new() } else { vec![level] },
        nobody: nobody.then_some(source),
    }
}

/// The table reads back as it was, and no cell begins as a formula.
fn is_a_table(rows: &Rows) {
    let text = table(&rows.rows).expect("into memory");
    let mut reader = csv::ReaderBuilder::new().from_reader(text.as_bytes());
    let records: Vec<csv::StringRecord> = reader.records().collect::<Result<_, _>>().expect("a table");
    assert_eq!(records.len(), rows.rows.len());
    for cell in records.iter().flatten() {
        assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']), "{cell:?} is a formula");
    }
}

/// One event for each duty and gap, whatever the texts hold: none of them ends its line.
fn is_a_calendar(text: &str, spans: usize) {
    assert!(
        text.starts_with("BEGIN:VCALENDAR\r\n") && text.ends_with("END:VCALENDAR\r\n"),
        "{text:?}"
    );
    let lines: Vec<&str> = text.split_terminator("\r\n").collect();
    assert!(lines.iter().all(|line| !line.contains(char::is_control)), "{text:?}");
    let events = |line: &str| lines.iter().filter(|other| **other == line).count();
    assert_eq!((events("BEGIN:VEVENT"), events("END:VEVENT")), (spans, spans), "{text:?}");
}

fuzz_target!(|texts: Texts| {
    let start = DateTime::from_timestamp(1_772_452_800, 0).expect("2 March 2026");
    let duties = texts
        .names
        .iter()
        .take(20)
        .enumerate()
        .map(|(index, name)| duty(index, name, &texts, start));
    let roster = Roster::new("Europe/London".parse().expect("a zone"), Vec::new(), None, duties.collect());
    let window = Window {
        from: start,
        until: start + TimeDelta::days(20),
    };
    let rows = Rows::of(&roster, window, Numbers::Masked, 1_000);
    is_a_table(&rows);
    is_a_table(&Rows::of(&roster, window, Numbers::InFull, 1_000));
    let calendar = |whose| Calendar {
        key: "a",
        title: &texts.title,
        roster: &roster,
        read_at: start,
        whose,
        window,
    };
    is_a_calendar(&calendar(Whose::All).text(), rows.rows.len());
    if let Some(name) = texts.names.first() {
        let theirs = roster.duties().iter().flat_map(|duty| &duty.levels);
        let theirs = theirs.filter(|level| level.responders.iter().any(|responder| responder.name == *name));
        is_a_calendar(&calendar(Whose::Person(name)).text(), theirs.count());
    }
});
