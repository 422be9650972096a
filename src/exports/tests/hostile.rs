//! Names as an enemy would write them: no line too long, nothing that ends a line or begins another, nothing a
//! spreadsheet computes.

use super::super::plain::plain;
use super::calendars::{events, lab_calendar, read, value};
use super::*;
use crate::roster::masked;
use icalendar::Component as _;
use proptest::prelude::*;

fn roster_of(name: &str, label: &str) -> Roster {
    let who = person("x", "+61491570006");
    let who = Arc::new(Responder {
        name: name.to_owned(),
        phone: who.phone.clone(),
        then: None,
    });
    let duties = vec![duty(
        "2026-03-01 21:00",
        "2026-03-08 21:00",
        vec![level(label, &[&who], (2, 2), false)],
    )];
    Roster::new(Tz::UTC, vec![who], None, duties)
}

/// RFC 5545, 3.1: lines end in CR LF, hold at most 75 octets, go on with a blank; no control character but the tab.
fn check_lines(text: &str) {
    assert!(text.ends_with("END:VCALENDAR\r\n"), "{text}");
    for line in text.split_terminator("\r\n") {
        assert!(line.len() <= 75, "{} octets: {line}", line.len());
        assert!(!line.is_empty() && !line.contains(|c: char| c.is_control()), "{line:?}");
    }
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof!["\\PC{0,300}", "(?s).{0,40}", "[=+@\\-\t\r\n;,:\\\\\"'a-c \u{202e}\u{0}😀é]{0,120}"]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_calendar_of_any_names_is_read_as_meant(name in text(), label in text()) {
        let roster = roster_of(&name, &label);
        for whose in [Whose::All, Whose::Person(&name)] {
            let written = Calendar { title: &label, ..lab_calendar(&roster, whose) }.text();
            check_lines(&written);
            let calendar = read(&written);
            let of_duty: Vec<_> = events(&calendar).into_iter().filter(|event| value(event, "SUMMARY").ends_with("first on call")).collect();
            prop_assert_eq!(of_duty.len(), 1, "{}", written);
            let summary = value(of_duty[0], "SUMMARY");
            // Whatever was in the sheet is in the one field where it belongs, as one line.
            let (title, who) = (plain(&label), plain(&masked(&name)));
            let expected = match whose {
                Whose::All => format!("{title}: {who}, first on call"),
                Whose::Person(_) => format!("{title}: first on call"),
            };
            prop_assert_eq!(&summary, &expected);
            prop_assert!(summary.chars().count() <= 2 * 201 + 40);
        }
    }

    #[test]
    fn a_table_of_any_names_has_its_columns_and_no_formula(name in text(), label in text()) {
        let rows = Rows::of(&roster_of(&name, &label), window("2026-03-02 00:00", "2026-03-03 00:00"), Numbers::InFull, 10).rows;
        let written = table(&rows).unwrap();
        let mut reader = csv::Reader::from_reader(written.as_bytes());
        let records: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        prop_assert_eq!(records.len(), 1);
        prop_assert_eq!(records[0].len(), 11);
        for cell in &records[0] {
            prop_assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']), "{:?}", cell);
            prop_assert!(!cell.contains(char::is_control));
        }
    }
}

#[test]
fn a_calendar_cannot_be_broken_out_of() {
    let name = "Ana\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nATTACH:https://example.com/;x,y\\";
    let roster = roster_of(name, "1st\nDTSTART:20260101T000000Z");
    let written = lab_calendar(&roster, Whose::All).text();
    check_lines(&written);
    let calendar = read(&written);
    let events = events(&calendar);
    assert_eq!(events.len(), 2, "the duty, and the gap after it: {written}");
    assert_eq!(
        value(events[0], "SUMMARY"),
        "Hotline lab: Ana END:VEVENT BEGIN:VEVENT ATTACH:https://example.com/;x,y\\, first on call"
    );
    assert_eq!(events[0].property_value("ATTACH"), None);
}

/// A cell that a spreadsheet would compute, and one that would open a second row.
#[test]
fn a_table_cannot_be_broken_out_of() {
    let roster = roster_of("=HYPERLINK(\"https://example.com\";\"x\")", "@1st\"\r\n\"=2");
    let rows = Rows::of(&roster, window("2026-03-02 00:00", "2026-03-03 00:00"), Numbers::InFull, 10).rows;
    let written = table(&rows).unwrap();
    assert_eq!(written.matches("\r\n").count(), 2, "{written}");
    assert!(
        written.contains(r#","'@1st"" ""=2","'=HYPERLINK(""https://example.com"";""x"")","'+61491570006","#),
        "{written}"
    );
}
