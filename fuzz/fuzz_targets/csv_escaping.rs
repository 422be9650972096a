//! Cells of tables that go out: read back by another reader they are what they were, and no spreadsheet computes one,
//! whichever delimiter its country has.
#![no_main]

use arbitrary::Arbitrary;
use chrono::{DateTime, TimeDelta};
use libfuzzer_sys::fuzz_target;
use rotaline::call::{CallId, Fact, HotlineName};
use rotaline::exports::{CallRows, CallStory, calls_table, defused};
use rotaline::roster::wall_clock::Zone;

#[derive(Arbitrary, Debug)]
struct Texts {
    names: Vec<(String, String)>,
    hotline: String,
}

fn begins_a_formula(cell: &str) -> bool {
    // As OWASP lists them under CSV injection, also in their full-width forms.
    cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'])
}

fuzz_target!(|texts: Texts| {
    for (one, other) in &texts.names {
        for text in [one, other] {
            let cell = defused(text);
            assert!(!begins_a_formula(&cell));
            assert!(cell == text.as_str() || cell.strip_prefix('\'') == Some(text));
        }
    }
    let start = DateTime::from_timestamp(1_772_452_800, 0).expect("2 March 2026");
    let facts: Vec<Fact> = texts
        .names
        .iter()
        .take(30)
        .map(|(name, why)| Fact::Skipped {
            name: name.clone(),
            why: why.clone(),
        })
        .collect();
    let hotline = HotlineName(texts.hotline.clone());
    let story = CallStory {
        id: CallId(uuid::Uuid::from_u128(7)),
        hotline: &hotline,
        from: None,
        arrived_at: start,
        ended_at: Some(start + TimeDelta::minutes(1)),
        outcome: None,
        facts: facts.iter().map(|fact| (start, fact)).collect(),
    };
    let rows = CallRows::of(&story, &Zone::new("Europe/London".parse().expect("a zone")));
    let written = calls_table(&[rows], true).expect("into memory");
    for delimiter in [b',', b';', b'\t'] {
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .flexible(true)
            .from_reader(written.as_bytes());
        let records: Vec<csv::StringRecord> = reader.records().map(|record| record.expect("a table")).collect();
        if delimiter == b',' {
            assert_eq!(records.len(), facts.len());
            assert!(records.iter().all(|record| record.len() == records[0].len()));
            assert!(!records.iter().flatten().any(begins_a_formula), "{written:?}");
        }
    }
});
