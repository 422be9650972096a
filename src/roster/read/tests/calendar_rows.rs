use super::{Code, Severity, ask, cells, tab};

const CONTACTS: &str = "Name | Phone | Also known as\nAna Diaz | 0491 570 156 | AD\nBill Osei | 0491 570 157 |\nCy Roe | 0491 570 158 |";
const SETTINGS: &str = "Time zone = UTC\nHandover time = 08:00\nCountry = AU";
const NOW: &str = "2026-03-01 09:00";

fn ask_calendar(calendar: &str, more: &str) -> super::Asked {
    let settings = format!("{SETTINGS}\n{more}");
    ask(vec![tab("Contacts", CONTACTS), tab("export", calendar)], &settings, NOW)
}

fn assert_who(asked: &super::Asked, expected: &[(&str, &str)]) {
    for (at, who) in expected {
        assert_eq!(asked.who(&format!("2026-{at}")), *who, "{at}: {:#?}", asked.findings);
    }
}

const ONE_PERSON: &str = "Date | Event | All Day | Start | End | Source | UID\n\
    2026-03-02 | Working (Early) | No | 07:00 | 19:00 | rota | 1\n\
    2026-03-03 | Working (Nights) | No | 19:00 | 07:00 | rota | 2\n\
    2026-03-04 | Holiday | Yes | | | rota | 3\n\
    2026-03-04 | On call (co-ord) | Yes | | | rota | 4\n\
    2026-03-05 | On call (co-ord) | Yes | | | rota | 5\n\
    2026-03-05 | On call (fed) | Yes | | | rota | 6\n\
    2026-03-06 | FED | Yes | | | rota | 7";

#[test]
fn the_calendar_of_one_person() {
    let asked = ask_calendar(
        ONE_PERSON,
        "Person = Ana Diaz\nCode: On call* = 1st\nIgnore codes = Holiday, FED, Working*",
    );
    // Once although two events say it; whole days go from handover to handover, whatever leave stands beside them.
    let instants = [
        ("03-02 12:00", "gap"),
        ("03-04 07:59", "gap"),
        ("03-04 08:00", "Ana Diaz"),
        ("03-05 12:00", "Ana Diaz"),
        ("03-06 07:59", "Ana Diaz"),
        ("03-06 08:00", "gap"),
    ];
    assert_who(&asked, &instants);
    assert_eq!(asked.codes(), [(Severity::Warn, Code::RotaEnds)]);
    assert_eq!(asked.duty("2026-03-04 08:00").levels[0].source.to_string(), "export!B5");
    // Working nights too.
    let asked = ask_calendar(
        ONE_PERSON,
        "Person = AD\nCode: Working (Nights) = 2nd\nIgnore codes = FED, Working (Early), On call*",
    );
    assert_who(
        &asked,
        &[("03-03 19:00", "Ana Diaz"), ("03-04 06:59", "Ana Diaz"), ("03-04 07:00", "gap")],
    );
}

#[test]
fn without_the_settings_every_title_is_said_once() {
    let asked = ask_calendar(ONE_PERSON, "");
    assert_who(&asked, &[("03-04 12:00", "gap")]);
    let without: Vec<(Severity, &str, Vec<String>)> = asked
        .of(Code::PersonMissing)
        .iter()
        .map(|finding| (finding.severity, finding.seen.as_str(), cells(finding)))
        .collect();
    let expected = [
        (
            Severity::Stop,
            "\"On call (co-ord)\" (2 events) does not say who is on call.",
            vec!["export!B5".to_owned(), "export!B6".to_owned()],
        ),
        (
            Severity::Stop,
            "\"On call (fed)\" (1 event) does not say who is on call.",
            vec!["export!B7".to_owned()],
        ),
    ];
    assert_eq!(without, expected);
    let unknown: Vec<&str> = asked.of(Code::CodeUnknown).iter().map(|finding| finding.remedy.as_str()).collect();
    let expected = [
        "Add to Settings: Code: Working (Early) | 1st (or another level), or Ignore codes | Working (Early).",
        "Add to Settings: Code: Working (Nights) | 1st (or another level), or Ignore codes | Working (Nights).",
        "Add to Settings: Code: FED | 1st (or another level), or Ignore codes | FED.",
    ];
    assert_eq!(unknown, expected);
}

#[test]
fn titles_say_who_and_in_which_place() {
    let cases = [
        ("Ana Diaz", "Ana Diaz"),
        ("Ana Diaz - 1st", "Ana Diaz"),
        ("1st: Ana Diaz", "Ana Diaz"),
        ("On call: Ana Diaz (primary)", "Ana Diaz"),
        ("[L1] Ana Diaz", "Ana Diaz"),
        ("Ana Diaz [L2]", "Ana Diaz"),
        ("Ana / Bill", "Ana Diaz+Bill Osei"),
        ("Oncall - Diaz, Ana", "Ana Diaz"),
        // Beyond the grammar nothing is guessed.
        ("Ana Diaz - Dentist", "gap"),
        ("Lunch with Ana Diaz", "gap"),
        ("Team lunch", "gap"),
        ("Leave: Ana Diaz", "gap"),
    ];
    for (title, who) in cases {
        let calendar = format!(
            "Subject | Start Date | Start Time | End Date | End Time | All Day Event\n{title} | 03/02/2026 | 9:00 AM | 03/13/2026 | 5:00 PM | False"
        );
        assert_eq!(ask_calendar(&calendar, "").who("2026-03-02 09:00"), who, "{title}");
    }
    // A role beside a name that is no contact: somebody is meant.
    let calendar = "Subject | Start Date | Start Time | End Date | End Time\n1st: Anna Dias | 03/02/2026 | 09:00 | 03/13/2026 | 17:00";
    let asked = ask_calendar(calendar, "");
    assert_eq!(asked.one(Code::NameUnknown).severity, Severity::Stop);
}

#[test]
fn marks_and_roles_order_events_that_overlap() {
    let calendar = "Subject | Start Date | Start Time | End Date | End Time\n\
        [L2] Bill Osei | 2026-03-02 | 09:00 | 2026-03-09 | 09:00\nCy Roe - primary | 2026-03-02 | 09:00 | 2026-03-09 | 09:00";
    assert_who(
        &ask_calendar(calendar, ""),
        &[
            ("03-02 09:00", "Cy Roe, Bill Osei"),
            ("03-09 08:59", "Cy Roe, Bill Osei"),
            ("03-09 09:00", "gap"),
        ],
    );
    let calendar = "Subject | Start Date | Start Time | End Date | End Time\n\
        Bill Osei | 2026-03-02 | 09:00 | 2026-03-09 | 09:00\nCy Roe | 2026-03-02 | 09:00 | 2026-03-09 | 09:00";
    let asked = ask_calendar(calendar, "");
    assert_eq!(asked.who("2026-03-02 09:00"), "Bill Osei, Cy Roe");
    assert_eq!(asked.one(Code::OrderUnstated).severity, Severity::Warn);
    let together = ask_calendar(calendar, "People of the same shift = together");
    assert_eq!(together.who("2026-03-02 09:00"), "Bill Osei+Cy Roe");
}

#[test]
fn whole_days_end_as_google_and_as_outlook_write_them() {
    // Google names the last day; Outlook the midnight after it.
    let calendar = "Subject | Start Date | Start Time | End Date | End Time | All day event\n\
        Ana Diaz | 2026-03-02 | | 2026-03-03 | | True\n\
        Bill Osei | 2026-03-13 | 00:00:00 | 2026-03-15 | 00:00:00 | True\n\
        Cy Roe | 2026-03-20 | 00:00:00 | 2026-03-20 | 00:00:00 | True";
    let instants = [
        ("03-02 08:00", "Ana Diaz"),
        ("03-04 07:59", "Ana Diaz"),
        ("03-04 08:00", "gap"),
        ("03-15 07:59", "Bill Osei"),
        ("03-15 08:00", "gap"),
        ("03-21 07:59", "Cy Roe"),
    ];
    assert_who(&ask_calendar(calendar, ""), &instants);
}

#[test]
fn events_that_cannot_be_read_cost_themselves() {
    let calendar = "Subject | Start Date | Start Time | End Date | End Time | Attendees\n\
        On call | 2026-03-02 | 09:00 | 2026-03-03 | 09:00 | Ana\n\
        On call | 2026-03-03 | soon | 2026-03-04 | 09:00 | Bill\n\
        On call | 2026-03-05 | 09:00 | 2026-03-04 | 09:00 | Bill\n\
        On call | 2026-03-06 | 09:00 | 2026-03-07 | 09:00 | Cy";
    let asked = ask_calendar(calendar, "");
    assert_who(
        &asked,
        &[("03-02 09:00", "Ana Diaz"), ("03-03 12:00", "gap"), ("03-06 09:00", "Cy Roe")],
    );
    assert_eq!(cells(asked.one(Code::TimeUnreadable)), ["export!C3"]);
    assert_eq!(cells(asked.one(Code::UntilUnreadable)), ["export!D4"]);
    assert_eq!(asked.duty("2026-03-06 09:00").levels[0].source.to_string(), "export!F5");
}

/// As the provider of calendar files makes it.
const FILE: &str =
    "Event | Start | End | All day | Zone | End zone | Repeats | Excluded | Added | Replaces | Person | Location | Status | UID";

#[test]
fn series_are_written_out_on_the_clocks_of_their_zone() {
    let calendar = format!(
        "{FILE}\nAna Diaz | @2026-01-05T18:00 | @2026-01-06T08:00 | No | W. Europe Standard Time || FREQ=WEEKLY;BYDAY=MO | 2026-03-09 18:00; 2026-03-23 17:00 UTC || | | | | a\n\
         Bill Osei | @2026-03-16T20:00 | @2026-03-17T08:00 | No | Europe/Berlin || | | | 2026-03-16 18:00 | | | | a\n\
         Cy Roe | @2026-03-03T00:00 | @2026-03-04T00:00 | Yes | | | FREQ=DAILY;COUNT=2 | | 2026-03-07 | | | | | b\n\
         Cy Roe | @2026-03-11T10:00 | @2026-03-11T12:00 | No | UTC | | | | | | | | CANCELLED | c"
    );
    let asked = ask_calendar(&calendar, "");
    let instants = [
        // 18:00 in Berlin is 17:00 UTC in winter, 16:00 in summer.
        ("03-02 16:59", "gap"),
        ("03-02 17:00", "Ana Diaz"),
        ("03-03 06:59", "Ana Diaz"),
        ("03-03 08:00", "Cy Roe"),
        ("03-05 07:59", "Cy Roe"),
        ("03-05 08:00", "gap"),
        ("03-07 08:00", "Cy Roe"),
        // Left out, by the clocks of its zone and by UTC; one moved and given to somebody else.
        ("03-09 18:00", "gap"),
        ("03-11 11:00", "gap"),
        ("03-16 18:00", "gap"),
        ("03-16 19:00", "Bill Osei"),
        ("03-23 17:00", "gap"),
        ("03-30 15:59", "gap"),
        ("03-30 16:00", "Ana Diaz"),
        ("12-28 17:00", "Ana Diaz"),
    ];
    assert_who(&asked, &instants);
    assert_eq!(asked.roster.horizon(), Some(super::utc("2027-04-05 09:00")));
    assert_eq!(asked.codes(), [(Severity::Note, Code::CoverageGap)]);
}

#[test]
fn rules_that_cannot_be_followed_are_refused_by_event() {
    for rule in [
        "FREQ=SECONDLY",
        "FREQ=HOURLY;INTERVAL=1",
        "FREQ=DAILY;BYHOUR=1,2,3",
        "every day",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=FORTNIGHTLY",
    ] {
        let calendar = format!("{FILE}\nAna Diaz | @2026-01-05T18:00 | @2026-01-06T08:00 | No | UTC | | {rule} | | | | | | | a");
        let asked = ask_calendar(&calendar, "");
        assert_eq!(asked.who("2026-01-05 19:00"), "gap", "{rule}");
        assert_eq!(cells(asked.one(Code::DateUnreadable)), ["export!A2"], "{rule}");
    }
    let calendar = format!("{FILE}\nAna Diaz | @2026-03-02T18:00 | @2026-03-03T08:00 | No | Customized Time Zone | | | | | | | | | a");
    let asked = ask_calendar(&calendar, "");
    assert_eq!(cells(asked.one(Code::TimeZoneUnknown)), ["export!E2"]);
    assert_eq!(asked.who("2026-03-02 19:00"), "gap");
}

#[test]
fn hostile_series_end_soon() {
    let mut calendar = FILE.to_owned();
    let rules = [
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=MONTHLY;BYMONTHDAY=31;BYMONTH=2",
        "FREQ=DAILY;COUNT=4294967295",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=WEEKLY;UNTIL=99991231T235959Z",
        "FREQ=YEARLY;INTERVAL=9999;BYDAY=53MO",
    ];
    for number in 0..600 {
        let rule = rules[number % rules.len()];
        calendar.push_str(&format!(
            "\nAna Diaz | @1991-01-05T18:00 | @1991-01-06T08:00 | No | UTC | | {rule} | | | | | | | {number}"
        ));
    }
    let asked = ask_calendar(&calendar, "");
    assert!(!asked.of(Code::DateUnreadable).is_empty());
}

#[test]
fn a_calendars_zone_is_used_and_told_where_no_setting_names_one() {
    // As the provider lays out an event: times on a clock that no zone is named for.
    let events = "Event | Start | End | All day | Zone | UID\nAna Diaz | 2026-03-02 18:00 | 2026-03-03 08:00 | No | | 1";
    let read_with = |settings: &str| {
        let mut calendar = tab("oncall", events);
        calendar.style = providers::AddressStyle::Events;
        calendar.file = Some("oncall.ics".to_owned());
        calendar.lines = vec![0, 1];
        let mut sheet = super::sheet(vec![tab("Contacts", CONTACTS), calendar]);
        sheet.time_zone = Some("Australia/Melbourne".to_owned());
        let (roster, findings) = super::read(&sheet, &super::given(settings), super::utc(NOW));
        super::Asked { roster, findings }
    };
    let asked = read_with("Country = AU\nHandover time = 08:00");
    let told = asked.one(Code::TimeZoneTaken);
    assert_eq!((told.severity, cells(told)), (Severity::Note, vec!["oncall.ics".to_owned()]));
    // Melbourne is eleven hours ahead in March.
    assert_who(
        &asked,
        &[("03-02 06:59", "gap"), ("03-02 07:00", "Ana Diaz"), ("03-02 21:00", "gap")],
    );
    let set = read_with("Country = AU\nHandover time = 08:00\nTime zone = UTC");
    assert_eq!(set.of(Code::TimeZoneTaken).len(), 0);
    assert_who(&set, &[("03-02 17:59", "gap"), ("03-02 18:00", "Ana Diaz")]);
}
