//! Calendars as Google, Outlook and others write them, worked out by hand; and any bytes at all.

use super::*;
use proptest::prelude::*;

fn calendar(events: &str) -> Vec<Vec<String>> {
    let text = format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{events}END:VCALENDAR\r\n");
    table(text.as_bytes())
}

fn table(bytes: &[u8]) -> Vec<Vec<String>> {
    let tab = read(bytes, "oncall.ics", &mut Budget::default()).unwrap().tabs.remove(0);
    assert_eq!((tab.name.as_str(), tab.style), ("oncall", AddressStyle::Events));
    let shown = |cell: &Cell| match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) => text.clone(),
        Cell::DateTime(moment) => moment.format("%Y-%m-%d %H:%M").to_string(),
        Cell::Error(error) => format!("!{error}"),
        Cell::Number(_) | Cell::Time(_) | Cell::Bool(_) => panic!("{cell:?}"),
    };
    tab.rows.iter().skip(1).map(|row| row.iter().map(shown).collect()).collect()
}

#[test]
fn an_event_of_google_with_zone_rule_and_exceptions() {
    let events = "BEGIN:VTIMEZONE\r\nTZID:Own zone 1\r\nX-LIC-LOCATION:Europe/London\r\nBEGIN:STANDARD\r\nTZID:no\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n\
        BEGIN:VEVENT\r\nDTSTART;TZID=Own zone 1:20260302T180000\r\nDTEND;TZID=Own zone 1:20260303T080000\r\nRRULE:FREQ=WEEKLY;BYDAY=MO\r\n\
        EXDATE;TZID=Own zone 1:20260309T180000,20260316T180000\r\nEXDATE:20260323T180000Z\r\nUID:a@google.com\r\nSUMMARY:Ana Diaz\\, first\r\n\
        LOCATION:The lo\r\n ng desk\r\nATTENDEE;CN=Ana Diaz;PARTSTAT=ACCEPTED:mailto:ana@x.example\r\nATTENDEE;CUTYPE=ROOM;CN=Desk:mailto:desk@x.example\r\n\
        BEGIN:VALARM\r\nSUMMARY:not this\r\nEND:VALARM\r\nSTATUS:CONFIRMED\r\nEND:VEVENT\r\n";
    let expected = [
        "Ana Diaz, first",
        "2026-03-02 18:00",
        "2026-03-03 08:00",
        "No",
        "Europe/London",
        "",
        "FREQ=WEEKLY;BYDAY=MO",
        "2026-03-09 18:00; 2026-03-16 18:00; 2026-03-23 18:00 UTC",
        "",
        "",
        "Ana Diaz",
        "ana@x.example",
        "The long desk",
        "CONFIRMED",
        "a@google.com",
    ];
    assert_eq!(calendar(events), [expected]);
}

#[test]
fn days_lengths_and_moved_events() {
    let events = "BEGIN:VEVENT\nDTSTART;VALUE=DATE:20260302\nDTEND;VALUE=DATE:20260304\nSUMMARY:Ben\nEND:VEVENT\n\
        BEGIN:VEVENT\nDTSTART;VALUE=DATE:20260302\nSUMMARY:Cy\nEND:VEVENT\n\
        BEGIN:VEVENT\nDTSTART:20260302T180000Z\nDURATION:P1DT2H30M\nSUMMARY:Dee\nRECURRENCE-ID;TZID=Europe/Paris:20260301T180000\nEND:VEVENT\n\
        BEGIN:VEVENT\nDTSTART:20260302T180000\nDTEND;TZID=\"W. Europe Standard Time\":20260303T080000\nRDATE;VALUE=DATE:20260401\nSUMMARY:Ed\nEND:VEVENT\n";
    let rows = calendar(events);
    let part = |row: usize, columns: std::ops::Range<usize>| rows[row][columns].to_vec();
    assert_eq!(part(0, 0..4), ["Ben", "2026-03-02 00:00", "2026-03-04 00:00", "Yes"]);
    assert_eq!(part(1, 1..4), ["2026-03-02 00:00", "2026-03-03 00:00", "Yes"]);
    assert_eq!(
        part(2, 1..10),
        [
            "2026-03-02 18:00",
            "2026-03-03 20:30",
            "No",
            "UTC",
            "",
            "",
            "",
            "",
            "2026-03-01 18:00 Europe/Paris"
        ]
    );
    assert_eq!(
        part(3, 1..9),
        [
            "2026-03-02 18:00",
            "2026-03-03 08:00",
            "No",
            "",
            "W. Europe Standard Time",
            "",
            "",
            "2026-04-01"
        ]
    );
}

#[test]
fn a_damaged_event_costs_itself_and_is_named() {
    let events = "BEGIN:VEVENT\nDTSTART:soon\nSUMMARY:Ana\nEND:VEVENT\nBEGIN:VEVENT\nno colon \u{1} here;;\nSUMMARY:Ben\nEND:VEVENT\n\
        BEGIN:VEVENT\nDTSTART:20260302T180000Z\nRRULE:FREQ=DAILY\nRRULE:FREQ=WEEKLY\nSUMMARY:Cy\nEND:VEVENT\n\
        BEGIN:VEVENT\nDTSTART:20260302T180000Z\nDURATION:-PT1H\nEND:VEVENT\n\
        BEGIN:VEVENT\nDTSTART:20260302T180000Z\nDTEND:20260302T190000Z\nSUMMARY:Dee\nEND:VEVENT\n";
    let rows = calendar(events);
    let titles: Vec<&str> = rows.iter().map(|row| row[0].as_str()).collect();
    assert_eq!(titles, ["Ana", "Ben", "Cy", "(damaged)", "Dee"]);
    assert!(rows[..4].iter().all(|row| row[1] == "!an event that cannot be read"), "{rows:?}");
    let text = format!("BEGIN:VCALENDAR\n{events}END:VCALENDAR");
    let tab = read(text.as_bytes(), "oncall.ics", &mut Budget::default()).unwrap().tabs.remove(0);
    assert_eq!(tab.address(1, 1).to_string(), "oncall.ics event 1 (\"Ana\"), Start");
    assert_eq!(tab.address(5, 0).to_string(), "oncall.ics event 5 (\"Dee\")");
    assert_eq!(tab.address(0, 0).to_string(), "oncall.ics");
}

#[test]
fn byte_order_marks_other_encodings_and_broken_files() {
    let event = "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART:20260302T180000Z\r\nSUMMARY:Jörg\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
    let marked = [b"\xef\xbb\xbf", event.as_bytes()].concat();
    let western: Vec<u8> = event.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    for bytes in [event.as_bytes(), &marked, &western] {
        assert!(is_calendar(bytes));
        assert_eq!(table(bytes)[0][0], "Jörg");
    }
    let fault = |text: &str| read(text.as_bytes(), "oncall.ics", &mut Budget::default()).unwrap_err();
    assert!(matches!(fault("From,1st\n2 Mar 2026,Ana"), SourceError::Malformed(_)));
    assert!(matches!(fault(&event[..80]), SourceError::Transient(_)));
    assert!(matches!(fault("BEGIN:VCALENDAR\nEND:VEVENT\n"), SourceError::Malformed(_)));
    assert!(matches!(fault(&"BEGIN:VEVENT\n".repeat(1_000_000)), SourceError::Malformed(_)));
    let long = format!(
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:{}\nEND:VEVENT\nEND:VCALENDAR\n",
        "x\n y".repeat(200_000)
    );
    assert_eq!(table(long.as_bytes()), [["(damaged)", "!an event that cannot be read"]]);
}

#[test]
fn the_zone_of_times_without_one_is_that_of_the_calendar() {
    let zone = |lines: &str| {
        let text = format!("BEGIN:VCALENDAR\r\n{lines}BEGIN:VEVENT\r\nX-WR-TIMEZONE:Asia/Tokyo\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n");
        read(text.as_bytes(), "oncall.ics", &mut Budget::default()).unwrap().time_zone
    };
    let london = Some("Europe/London".to_owned());
    assert_eq!(zone("X-WR-TIMEZONE:Europe/London\r\n"), london);
    assert_eq!(
        zone("x-wr-timezone;VALUE=TEXT: Europe/London \r\nX-WR-TIMEZONE:Asia/Tokyo\r\n"),
        london
    );
    for none in ["", "X-WR-TIMEZONE:\r\n", "X-WR-TIMEZONES:Europe/London\r\n", "X-WR-TIMEZONE\r\n"] {
        assert_eq!(zone(none), None, "{none}");
    }
    assert_eq!(zone(&format!("X-WR-TIMEZONE:{}\r\n", "x".repeat(101))), None);
}

#[test]
fn many_events_are_read_in_time() {
    let event = "BEGIN:VEVENT\nDTSTART;TZID=Europe/London:20260302T180000\nDTEND;TZID=Europe/London:20260303T080000\nSUMMARY:Ana Diaz\nUID:1\nEND:VEVENT\n";
    let text = format!("BEGIN:VCALENDAR\n{}END:VCALENDAR\n", event.repeat(50_000));
    assert_eq!(table(text.as_bytes()).len(), 50_000);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_text_is_read_or_refused(lines in prop::collection::vec("(BEGIN:VEVENT|END:VEVENT|DTSTART[;:=,A-Z0-9\"]{0,20}|RRULE:[A-Z=;]{0,9}|[ -~é]{0,30})", 0..40)) {
        let text = format!("BEGIN:VCALENDAR\n{}\nEND:VCALENDAR\n", lines.join("\n"));
        let _ = read(text.as_bytes(), "x.ics", &mut Budget::default());
    }
}
