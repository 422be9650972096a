//! Sheets put together from words that rotas are made of: they get much deeper than random bytes.
#![no_main]

use arbitrary::Arbitrary;
use chrono::DateTime;
use libfuzzer_sys::fuzz_target;
use providers::{AddressStyle, Cell, Merge, Revision, Sheet, Tab};
use rotaline::roster::{self, Settings};

const WORDS: &[&str] = &[
    "",
    "Name",
    "Phone",
    "Date",
    "From",
    "Until",
    "1st",
    "2nd",
    "3rd",
    "Primary",
    "Backup",
    "Day",
    "Night",
    "Team",
    "Notes",
    "Start",
    "End",
    "Mon",
    "Tue",
    "Sat",
    "Sunday",
    "Week 1",
    "March 2026",
    "Ana Diaz",
    "Ben Osei",
    "Cy",
    "0491 570 156",
    "+61491570157",
    "2026-03-01",
    "02/03/2026",
    "3 Mar",
    "31",
    "1",
    "2",
    "3",
    "4",
    "5",
    "6",
    "7",
    "8",
    "OC1",
    "OFF",
    "N",
    "A/L",
    "08:00-16:00",
    "20:00-08:00",
    "nobody",
    "TBA",
    "Ana / Ben",
    "Out",
    "In",
    "Swap with",
    "Settings",
    "Time zone",
    "Europe/London",
    "Handover time",
    "08:00",
    "Code: N",
    "1st, 20:00-08:00",
    "Coverage",
    "24/7",
    "Order",
    "Role",
    "Shadow",
    "Leave",
    "Rotation",
    "Event",
    "All Day",
    "Yes",
    "#N/A",
    "7/7- 7/11",
    "Ana (Ben on 03/03/2026)",
    "Subject",
    "Start Date",
    "End Date",
    "Start Time",
    "Ana Diaz - 1st",
    "On call: Ana Diaz (primary)",
    "[L2] Ben Osei",
    "Recurrence",
    "FREQ=WEEKLY;BYDAY=MO,TU",
    "FREQ=MONTHLY;BYMONTHDAY=31",
    "Weekly",
    "Daily",
    "KW 10",
    "Mon-Fri 08:00-18:00; Sat 09:00-13:00",
    "Mon-Fri",
    "Shift: Night",
    "Night team",
    "Cycle starts",
    "Also known as",
    "1st line:\nAna\n2nd line:\nBen",
    "P",
    "x",
    "Week commencing",
    "Person",
];
const TABS: &[&str] = &[
    "Rota",
    "Contacts",
    "Settings",
    "Changes",
    "March 2026",
    "Leave",
    "Legend",
    "Team A",
    "Calendar",
    "Rotation",
];

#[derive(Arbitrary, Debug)]
enum Piece {
    Word(u8),
    Text(String),
    Number(f64),
    Day(u16),
    Blank,
}

#[derive(Arbitrary, Debug)]
struct Page {
    name: u8,
    style: u8,
    width: u8,
    pieces: Vec<Piece>,
    merges: Vec<(u8, u8, u8, u8)>,
}

fn cell(piece: &Piece) -> Cell {
    match piece {
        Piece::Word(word) => Cell::Text(WORDS[usize::from(*word) % WORDS.len()].to_owned()),
        Piece::Text(text) => Cell::Text(text.clone()),
        Piece::Number(number) => Cell::Number(*number),
        Piece::Day(day) => {
            DateTime::from_timestamp(i64::from(*day) * 86_400 + 1_767_225_600, 0).map_or(Cell::Empty, |at| Cell::DateTime(at.naive_utc()))
        }
        Piece::Blank => Cell::Empty,
    }
}

fn tab(page: &Page) -> Tab {
    let width = usize::from(page.width % 40).max(1);
    let merge = |(top, left, down, right): &(u8, u8, u8, u8)| Merge {
        first: (u32::from(*top), u32::from(*left)),
        last: (u32::from(top.saturating_add(*down)), u32::from(left.saturating_add(*right))),
    };
    Tab {
        name: TABS[usize::from(page.name) % TABS.len()].to_owned(),
        file: None,
        style: [AddressStyle::Grid, AddressStyle::Lines, AddressStyle::Items, AddressStyle::Events][usize::from(page.style % 4)],
        rows: page
            .pieces
            .chunks(width)
            .take(200)
            .map(|row| row.iter().map(cell).collect())
            .collect(),
        lines: Vec::new(),
        merges: page.merges.iter().map(merge).collect(),
        formatted: Vec::new(),
        link: None,
    }
}

fuzz_target!(|pages: Vec<Page>| {
    let sheet = Sheet {
        title: "fuzz".to_owned(),
        revision: Revision("1".to_owned()),
        time_zone: None,
        tabs: pages.iter().take(6).map(tab).collect(),
        remarks: Vec::new(),
        link: None,
    };
    let now = DateTime::from_timestamp(1_772_452_800, 0).expect("2 March 2026");
    let (roster, findings) = roster::read(&sheet, &Settings::default(), now);
    roster::fuzzing::promises(&roster, &findings, now);
});
