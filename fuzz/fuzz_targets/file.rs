//! The bytes of a file, as a table in text, a workbook or a calendar, from its bytes to the roster.
#![no_main]

use chrono::DateTime;
use libfuzzer_sys::fuzz_target;
use rotaline::roster::{self, Settings};

fuzz_target!(|input: (u8, &[u8])| {
    let (kind, bytes) = input;
    let name = ["Rota.csv", "rota.xlsx", "rota.ics", "Contacts.tsv"][usize::from(kind % 4)];
    let Ok(sheet) = providers::fuzzing::file(name, bytes) else { return };
    let now = DateTime::from_timestamp(1_772_452_800, 0).expect("2 March 2026");
    let (roster, findings) = roster::read(&sheet, &Settings::default(), now);
    roster::fuzzing::promises(&roster, &findings, now);
});
