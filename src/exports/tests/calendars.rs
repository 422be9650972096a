//! Calendars of the hand-made roster, as another program reads them.

use super::*;
use icalendar::{Component as _, Event};

pub(super) fn lab_calendar<'a>(roster: &'a Roster, whose: Whose<'a>) -> Calendar<'a> {
    Calendar {
        key: "lab",
        title: "Hotline lab",
        roster,
        read_at: utc("2026-03-02 09:30"),
        whose,
        window: window("2026-02-01 00:00", "2026-03-31 00:00"),
    }
}

/// What another program reads: nothing in it may be odd.
pub(super) fn read(text: &str) -> icalendar::Calendar {
    text.parse().unwrap_or_else(|fault| panic!("{fault}\n{text}"))
}

pub(super) fn events(calendar: &icalendar::Calendar) -> Vec<&Event> {
    let events: Vec<_> = calendar.events().collect();
    assert_eq!(events.len(), calendar.components.len());
    events
}

pub(super) fn value(event: &Event, property: &str) -> String {
    event
        .property_value(property)
        .unwrap_or_else(|| panic!("{property} of {event:?}"))
        .to_owned()
}

/// `from until summary` of each event.
fn told(text: &str) -> Vec<String> {
    let calendar = read(text);
    let line = |event: &Event| format!("{} {} {}", value(event, "DTSTART"), value(event, "DTEND"), value(event, "SUMMARY"));
    events(&calendar).into_iter().map(line).collect()
}

fn uids(text: &str) -> Vec<String> {
    let calendar = read(text);
    let uids: Vec<_> = events(&calendar).into_iter().map(|event| value(event, "UID")).collect();
    assert_eq!(uids.iter().collect::<BTreeSet<_>>().len(), uids.len(), "{uids:?}");
    uids
}

#[test]
fn a_hotlines_calendar_has_everybody_and_the_gaps() {
    assert_eq!(
        told(&lab_calendar(&lab(), Whose::All).text()),
        [
            "20260301T210000Z 20260308T210000Z Hotline lab: Ana Diaz, first on call",
            "20260301T210000Z 20260308T210000Z Hotline lab: Bo Lund, second on call",
            "20260308T210000Z 20260310T210000Z Hotline lab: Bo Lund and Cy Marsh, first on call",
            "20260308T210000Z 20260310T210000Z Hotline lab: Ana Diaz, second on call",
            "20260310T210000Z 20260311T210000Z Hotline lab: nobody on call, on purpose",
            "20260311T210000Z 20260312T210000Z Hotline lab: NOBODY ON CALL",
            "20260312T210000Z 20260313T210000Z Hotline lab: Cy Marsh, first on call",
            "20260313T210000Z 20260331T000000Z Hotline lab: NOBODY ON CALL",
        ]
    );
}

#[test]
fn a_persons_calendar_has_their_duties_only() {
    assert_eq!(
        told(&lab_calendar(&lab(), Whose::Person("Bo Lund")).text()),
        [
            "20260301T210000Z 20260308T210000Z Hotline lab: second on call",
            "20260308T210000Z 20260310T210000Z Hotline lab: first on call",
        ]
    );
    assert!(told(&lab_calendar(&lab(), Whose::Person("Bo")).text()).is_empty());
}

#[test]
fn an_event_says_the_order_and_the_cell_and_no_number() {
    let roster = lab();
    let text = lab_calendar(&roster, Whose::Person("Cy Marsh")).text();
    let calendar = read(&text);
    let event = events(&calendar)[0];
    assert_eq!(
        value(event, "DESCRIPTION"),
        "1. 1st: Bo Lund and Cy Marsh (this event)\n2. 2nd: Ana Diaz\nSeveral people in one place ring together.\nSaid by cell Changes!C2, a change."
    );
    assert_eq!(value(event, "DTSTAMP"), "20260302T093000Z");
    assert_eq!(value(event, "LAST-MODIFIED"), "20260302T093000Z");
    assert!(!lab_calendar(&roster, Whose::All).text().contains("570"));
    for line in [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "X-WR-CALNAME:Hotline lab: Cy Marsh",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "X-PUBLISHED-TTL:PT1H",
        "END:VCALENDAR",
    ] {
        assert!(text.split("\r\n").any(|other| other == line), "{line}\n{text}");
    }
}

#[test]
fn events_stay_the_same_across_readings() {
    let roster = lab();
    let before = lab_calendar(&roster, Whose::All);
    let again = Calendar {
        read_at: utc("2026-03-05 09:30"),
        window: window("2026-02-04 00:00", "2026-04-03 00:00"),
        roster: &roster,
        ..before
    };
    assert_eq!(uids(&before.text()), uids(&again.text()));

    // Somebody else on the first position from the second duty on: the same events, with another name.
    let mut duties = lab().duties().to_vec();
    duties[1].levels[0].responders = [person("Dee Kerr", "+61491570158")].into();
    let roster = Roster::new(Tz::Australia__Melbourne, Vec::new(), None, duties.clone());
    let changed = Calendar { roster: &roster, ..before };
    assert_eq!(uids(&before.text()), uids(&changed.text()));
    assert!(changed.text().contains("Dee Kerr"));

    // The first position becomes blank: the second one is still the same event.
    duties[1].levels.remove(0);
    let roster = Roster::new(Tz::Australia__Melbourne, Vec::new(), None, duties);
    let (mut with, without) = (uids(&before.text()), uids(&Calendar { roster: &roster, ..before }.text()));
    with.remove(2);
    assert_eq!(with, without);

    // Other hotlines and other calendars have other events.
    let lab2 = Calendar { key: "lab2", ..before };
    let theirs = Calendar {
        whose: Whose::Person("Ana Diaz"),
        ..before
    };
    for other in [uids(&lab2.text()), uids(&theirs.text())] {
        assert!(uids(&before.text()).iter().all(|uid| !other.contains(uid)));
    }
}

#[test]
fn before_its_first_row_nobody_was_missing_but_later_they_are() {
    let told_at = |read_at: &str| {
        let roster = lab();
        told(
            &Calendar {
                read_at: utc(read_at),
                ..lab_calendar(&roster, Whose::All)
            }
            .text(),
        )
    };
    assert!(told_at("2026-03-02 09:30")[0].contains("Ana Diaz"));
    assert_eq!(
        told_at("2026-02-20 00:00")[0],
        "20260201T000000Z 20260301T210000Z Hotline lab: NOBODY ON CALL"
    );
}

#[test]
fn an_endless_rota_is_cut_and_that_is_said() {
    let ana = person("Ana Diaz", "+61491570006");
    let minute = |row: i64| utc("2026-03-01 00:00") + chrono::TimeDelta::minutes(row);
    let duties = (0..10_500)
        .map(|row| Duty {
            from: minute(row),
            until: minute(row + 1),
            levels: vec![level("1st", &[&ana], (u32::try_from(row).unwrap() + 2, 2), false)],
            nobody: None,
        })
        .collect();
    let roster = Roster::new(Tz::UTC, vec![Arc::clone(&ana)], None, duties);
    let told = told(
        &Calendar {
            window: window("2026-03-01 00:00", "2026-03-31 00:00"),
            ..lab_calendar(&roster, Whose::All)
        }
        .text(),
    );
    assert_eq!(told.len(), 10_001);
    assert_eq!(
        told[10_000],
        "20260307T224000Z 20260331T000000Z Hotline lab: later duties are not in this calendar"
    );
}

#[test]
fn only_hours_at_which_somebody_is_expected_are_marked() {
    let tab = |name: &str, rows: &[&[&str]]| providers::Tab {
        name: name.to_owned(),
        file: None,
        style: AddressStyle::Grid,
        rows: rows
            .iter()
            .map(|row| row.iter().map(|text| providers::Cell::Text((*text).to_owned())).collect())
            .collect(),
        lines: Vec::new(),
        merges: Vec::new(),
        formatted: Vec::new(),
        link: None,
    };
    // Friday 6 March 08:00 to Monday 9 March 08:00 is bare.
    let rota: &[&[&str]] = &[
        &["From", "Until", "1st"],
        &["2026-03-02 08:00", "2026-03-06 08:00", "Ana Diaz"],
        &["2026-03-09 08:00", "2026-03-30 08:00", "Ana Diaz"],
    ];
    let sheet = providers::Sheet {
        title: "lab".to_owned(),
        revision: providers::Revision("1".to_owned()),
        time_zone: None,
        tabs: vec![
            tab("Rota", rota),
            tab("Contacts", &[&["Name", "Phone"], &["Ana Diaz", "+61491570156"]]),
        ],
        remarks: Vec::new(),
        link: None,
    };
    let settings = [("Time zone", "UTC"), ("Coverage", "Mon-Fri 09:00-17:00; Sun 20:00-06:00")];
    let settings = crate::roster::Settings(settings.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec());
    let (roster, _) = crate::roster::read(&sheet, &settings, utc("2026-03-02 09:30"));
    let calendar = Calendar {
        window: window("2026-03-03 00:00", "2026-03-30 08:00"),
        ..lab_calendar(&roster, Whose::All)
    };
    assert_eq!(
        told(&calendar.text()),
        [
            "20260302T080000Z 20260306T080000Z Hotline lab: Ana Diaz, first on call",
            "20260306T090000Z 20260306T170000Z Hotline lab: NOBODY ON CALL",
            "20260308T200000Z 20260309T060000Z Hotline lab: NOBODY ON CALL",
            "20260309T080000Z 20260330T080000Z Hotline lab: Ana Diaz, first on call",
        ]
    );
}
