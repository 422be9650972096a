//! Sheets as large as the limits allow, of every kind that could take time that grows with its square: each at a quarter,
//! at half and at its full size, so that the growth shows. From cells to the roster.
#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::disallowed_methods, missing_docs)]

use chrono::{NaiveDate, NaiveDateTime, TimeDelta, TimeZone as _, Utc};
use providers::{AddressStyle, Cell, Merge, Revision, Sheet, Tab};
use rotaline::roster::{self, Settings};
use std::time::Instant;

/// What is read, at a size.
type Made = (Vec<Tab>, Vec<(String, String)>);

/// Makes a sheet of so many rows, or people, or whatever is many.
type Make = fn(usize) -> Made;

fn main() {
    let part: usize = std::env::var("PART").ok().and_then(|part| part.parse().ok()).unwrap_or(1);
    let kinds: [(&str, usize, Make); 11] = [
        ("rows of a handover list", 200_000, handover_list),
        ("rows of a long form", 100_000, long_form),
        ("people of a matrix of 1 000 days", 1_000, matrix),
        ("blocks one below the other", 200, blocks),
        ("contacts, and as many unknown names", 20_000, strangers),
        ("newcomers, and as many swaps with them", 10_000, newcomers),
        ("merges", 10_000, merges),
        ("swaps", 10_000, swaps),
        ("rows of leave", 10_000, leave),
        ("events that repeat", 5_000, events),
        ("settings, over 800 columns", 500, settings),
    ];
    for (kind, full, make) in kinds {
        let times: Vec<String> = [4, 2, 1].map(|share| timed(&make((full / share / part).max(1)))).to_vec();
        println!("{kind}: {} of {}", times.join(", "), full / part);
    }
}

fn timed((tabs, settings): &Made) -> String {
    let sheet = Sheet {
        title: "large".to_owned(),
        revision: Revision("1".to_owned()),
        time_zone: None,
        tabs: tabs.clone(),
        remarks: Vec::new(),
        link: None,
    };
    let fixed = [("Time zone", "Europe/London"), ("Handover time", "08:00"), ("Country", "AU")];
    let fixed = fixed.map(|(key, value)| (key.to_owned(), value.to_owned()));
    let settings = Settings(fixed.into_iter().chain(settings.iter().cloned()).collect());
    let now = Utc.with_ymd_and_hms(2026, 3, 2, 12, 0, 0).unwrap();
    let begin = Instant::now();
    let (roster, findings) = roster::read(&sheet, &settings, now);
    let took = begin.elapsed().as_millis();
    format!("{took} ms ({} duties, {} findings)", roster.duties().len(), findings.len())
}

fn text(text: impl Into<String>) -> Cell {
    Cell::Text(text.into())
}

fn row(cells: &[&str]) -> Vec<Cell> {
    cells.iter().map(|cell| text(*cell)).collect()
}

fn tab(name: &str, rows: Vec<Vec<Cell>>) -> Tab {
    Tab {
        name: name.to_owned(),
        file: None,
        style: AddressStyle::Grid,
        rows,
        lines: Vec::new(),
        merges: Vec::new(),
        formatted: Vec::new(),
        link: None,
    }
}

fn at(hours: usize) -> NaiveDateTime {
    let start = NaiveDate::from_ymd_opt(2026, 1, 1).unwrap().and_hms_opt(8, 0, 0).unwrap();
    start + TimeDelta::hours(i64::try_from(hours).unwrap())
}

fn day(days: usize) -> Cell {
    Cell::DateTime(at(days * 24).date().and_hms_opt(0, 0, 0).unwrap())
}

fn person(index: usize) -> String {
    let letters: String = [index / 676, index / 26, index]
        .map(|part| char::from(b'a' + u8::try_from(part % 26).unwrap()))
        .iter()
        .collect();
    format!("P{letters} Responder {index}")
}

fn contacts(count: usize) -> Tab {
    let rows = (0..count).map(|index| vec![text(person(index)), text(format!("+614915{index:05}"))]);
    tab("Contacts", std::iter::once(row(&["Name", "Phone"])).chain(rows).collect())
}

/// One person at a time, every hour or every day.
fn list(count: usize, hours: usize, who: fn(usize) -> String) -> Tab {
    let rows = (0..count).map(|index| vec![Cell::DateTime(at(index * hours)), text(who(index))]);
    tab("Rota", std::iter::once(row(&["From", "1st"])).chain(rows).collect())
}

fn handover_list(count: usize) -> Made {
    (vec![contacts(50), list(count, 1, |index| person(index % 50))], Vec::new())
}

fn long_form(count: usize) -> Made {
    let rows = (0..count).map(|index| {
        let role = ["1st", "2nd"][index % 2];
        let from = index / 2;
        vec![
            Cell::DateTime(at(from)),
            Cell::DateTime(at(from + 1)),
            text(person(index % 50)),
            text(role),
        ]
    });
    let rows = std::iter::once(row(&["Start", "End", "Person", "Role"])).chain(rows).collect();
    (vec![contacts(50), tab("Rota", rows)], Vec::new())
}

fn matrix(count: usize) -> Made {
    let head = std::iter::once(text("Name")).chain((0..1_000).map(day)).collect();
    let rows = (0..count).map(|who| {
        let codes = (0..1_000).map(|day| text(if (who + day) % 50 == 0 { "OC1" } else { "D" }));
        std::iter::once(text(person(who))).chain(codes).collect()
    });
    let given = [("Code: OC1", "1st, 18:00-08:00"), ("Ignore codes", "D")].map(|(key, value)| (key.to_owned(), value.to_owned()));
    (
        vec![contacts(count), tab("Rota", std::iter::once(head).chain(rows).collect())],
        given.to_vec(),
    )
}

fn blocks(count: usize) -> Made {
    let mut rows = Vec::new();
    for block in 0..count {
        rows.push(
            std::iter::once(text("Duty"))
                .chain((0..28).map(|column| day(block * 28 + column)))
                .collect(),
        );
        for duty in ["1st", "2nd", "3rd"] {
            rows.push(
                std::iter::once(text(duty))
                    .chain((0..28).map(|column| text(person((block + column) % 50))))
                    .collect(),
            );
        }
        rows.push(Vec::new());
    }
    (vec![contacts(50), tab("Rota", rows)], Vec::new())
}

fn strangers(count: usize) -> Made {
    (
        vec![contacts(count), list(count, 24, |index| format!("Stranger {}", person(index)))],
        Vec::new(),
    )
}

fn newcomers(count: usize) -> Made {
    let rows = (0..count).map(|index| vec![Cell::DateTime(at(index)), text(person(index)), text(format!("+614915{index:05}"))]);
    let rota = tab("Rota", std::iter::once(row(&["From", "1st", "1st phone"])).chain(rows).collect());
    let rows = (0..count).map(|index| vec![day(index % 400), text(person(index)), text(person((index + 7) % count))]);
    let swaps = tab("Swaps", std::iter::once(row(&["Date", "Name", "Swap with"])).chain(rows).collect());
    (vec![contacts(1), rota, swaps], Vec::new())
}

fn merges(count: usize) -> Made {
    let mut rota = list(
        2 * count,
        24,
        |index| if index % 2 == 0 { person(index % 50) } else { String::new() },
    );
    let rows = (0..count).map(|index| u32::try_from(2 * index + 1).unwrap());
    rota.merges = rows
        .map(|row| Merge {
            first: (row, 1),
            last: (row + 1, 1),
        })
        .collect();
    (vec![contacts(50), rota], Vec::new())
}

fn swaps(count: usize) -> Made {
    let rows = (0..count).map(|index| vec![day(index), text(person(index % 50)), text(person((index + 7) % 50))]);
    let swaps = tab("Swaps", std::iter::once(row(&["Date", "Name", "Swap with"])).chain(rows).collect());
    (vec![contacts(50), list(count, 24, |index| person(index % 50)), swaps], Vec::new())
}

fn leave(count: usize) -> Made {
    let rows = (0..count).map(|index| vec![text(person(index % 50)), day(index), day(index + 20)]);
    let leave = tab("Leave", std::iter::once(row(&["Name", "From", "Until"])).chain(rows).collect());
    (vec![contacts(50), list(count, 24, |index| person(index % 50)), leave], Vec::new())
}

fn events(count: usize) -> Made {
    let rows = (0..count).map(|index| {
        let (from, until) = (at(index), at(index + 1));
        vec![
            text(person(index % 50)),
            Cell::DateTime(from),
            Cell::DateTime(until),
            text("FREQ=WEEKLY;BYDAY=MO,TU,WE"),
        ]
    });
    let mut calendar = tab(
        "oncall",
        std::iter::once(row(&["Event", "Start", "End", "All day", "Repeats"]))
            .chain(rows)
            .collect(),
    );
    calendar.style = AddressStyle::Events;
    (vec![contacts(50), calendar], Vec::new())
}

fn settings(count: usize) -> Made {
    let head = std::iter::once("Date".to_owned()).chain((0..800).map(|column| format!("Desk {column} night")));
    let head = head.map(text).collect();
    let rows = (0..50).map(|index| {
        std::iter::once(day(index))
            .chain((0..800).map(|column| text(person(column % 50))))
            .collect()
    });
    let rota = tab("Rota", std::iter::once(head).chain(rows).collect());
    let given = (0..count).map(|index| (format!("Shift: Desk {index} n*"), "1st, 20:00-08:00".to_owned()));
    (vec![contacts(50), rota], given.collect())
}
