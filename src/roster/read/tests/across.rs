//! Dates across the top: who is on call is worked out by hand by reading the sheet as a person would.

use super::super::super::{Code, Severity};
use super::{ask, cells, tab};
use providers::{Merge, Tab};

const UTC: &str = "Time zone = UTC\nHandover time = 08:00\nCountry = AU";
const PEOPLE: &str = "Name | Phone\nAna Diaz | 0491 570 156\nBen Osei | 0491 570 157\nCleo Rossi | 0491 570 158\nDan Ito | 0491 570 159";

/// A tab with merged regions: first row, first column, last row, last column, from 0.
fn merged(mut tab: Tab, regions: &[(u32, u32, u32, u32)]) -> Tab {
    tab.merges = regions
        .iter()
        .map(|(row, column, last_row, last_column)| Merge {
            first: (*row, *column),
            last: (*last_row, *last_column),
        })
        .collect();
    tab
}

/// An airport's roster: hours written out, a banner of two months, blocks below one another, leave merged over its days.
fn airport() -> Tab {
    let text = "\
TECHNICIANS ROSTER - 28th MARCH 2026 to 8th APRIL 2026
||||||||
||March||||April||||Hours
|NAME|28th|29th|30th|31st|1st|2nd|3rd||0600-1400
||Saturday|Sunday|Monday|Tuesday|Wednesday|Thursday|Friday||OFF
A|DIAZ |OFF|1400-2200|0600-1400|0600-1400|0600-1400|OFF|0600-1400||
B|OSEI|1400-2200|1400-2200|ANNUAL LEAVE|||1400-2200|2200-0600||
C|ROSSI|0600-1400|OFF|1400-2200|1400-2200|1400-2200|0600-1400|OFF||
||||||||
||April||||||
|NAME|4th|5th|||||
||Saturday|Sunday|||||
A|DIAZ|0600-1400|OFF|||||
B|OSEI|OFF|0600-1400|||||
Prepared by: the office|||||||||";
    merged(
        tab("Sheet1", text),
        &[(2, 2, 2, 5), (2, 6, 2, 8), (6, 4, 6, 6), (3, 1, 4, 1), (3, 0, 4, 0), (9, 2, 9, 3)],
    )
}

#[test]
fn hours_in_the_cells_and_blocks_below_one_another() {
    let asked = ask(vec![tab("Contacts", PEOPLE), airport()], UTC, "2026-03-28 00:00");
    for (at, who) in [
        ("2026-03-28 06:00", "Cleo Rossi"),
        ("2026-03-28 14:00", "Ben Osei"),
        // Two of the same shift, as the sheet lists them.
        ("2026-03-29 15:00", "Ana Diaz, Ben Osei"),
        ("2026-03-30 06:30", "Ana Diaz"),
        // Leave that is merged over three days.
        ("2026-04-01 14:30", "Cleo Rossi"),
        ("2026-04-02 14:30", "Ben Osei"),
        // A night belongs to its evening.
        ("2026-04-04 05:59", "Ben Osei"),
        ("2026-04-04 06:00", "Ana Diaz"),
        ("2026-04-05 13:59", "Ben Osei"),
        ("2026-04-05 14:00", "gap"),
    ] {
        assert_eq!(asked.who(at), who, "{at}: {:#?}", asked.findings);
    }
    assert_eq!(asked.duty("2026-03-30 06:30").levels[0].source.to_string(), "Sheet1!E6");
    let leave = asked.one(Code::MergedDays);
    assert_eq!(leave.seen, "\"ANNUAL LEAVE\" is merged up to Sheet1!G7: read as 3 days.");
    let order = asked.one(Code::OrderUnstated);
    assert_eq!(
        (cells(order), order.severity),
        (vec!["Sheet1!D6".to_owned(), "Sheet1!D7".to_owned()], Severity::Warn)
    );
    assert!(
        asked.findings.iter().all(|finding| finding.severity != Severity::Stop),
        "{:#?}",
        asked.findings
    );
}

#[test]
fn codes_with_and_without_a_meaning() {
    let rota = "\
Staff Name | 2026-03-02 | 2026-03-03 | 2026-03-04 | 2026-03-05 | 2026-03-06
Ana Diaz | N | X | E25 | E25 | 0
Ben Osei | X | N | E14 | A/L | RS
Cleo Rossi | - | OC1 | N | N | N
Total | 3 | 2 | 1 | 0 | 2";
    let settings = format!("{UTC}\nCode: N = 20:00-08:00\nCode: OC1 = 2nd, 18:00-08:00");
    let asked = ask(vec![tab("Contacts", PEOPLE), tab("Rota", rota)], &settings, "2026-03-01 09:00");
    for (at, who) in [
        ("2026-03-02 20:00", "Ana Diaz"),
        ("2026-03-03 07:59", "Ana Diaz"),
        ("2026-03-03 18:00", "Cleo Rossi"),
        ("2026-03-03 20:00", "Cleo Rossi, Ben Osei"),
        ("2026-03-04 12:00", "gap"),
        ("2026-03-06 21:00", "Cleo Rossi"),
    ] {
        assert_eq!(asked.who(at), who, "{at}");
    }
    let unknown = asked.of(Code::CodeUnknown);
    let said: Vec<String> = unknown.iter().map(|finding| finding.to_string()).collect();
    assert_eq!(
        said,
        [
            "STOP  Rota!D2, E2, D3 and F3: Nothing says what these codes mean: \"E25\" (2), \"E14\" (1), \"RS\" (1).\n      Nobody is rung in these cells: \
             \"Ana Diaz\" and \"Ben Osei\", first on Wed 4 Mar 2026.\n      Add to Settings a line for each that is on call, such as Code: E* | 1st, \
             18:00-08:00 (its place and its hours), and one line for those that are not: Ignore codes | E*, RS (only them). E* means E25 and E14.",
        ]
    );
    assert_eq!(cells(asked.one(Code::RowsIgnored)), ["Rota!A5"]);
}

#[test]
fn duties_down() {
    let rota = "\
Date | 2020-07-02 | 2020-07-03 | 2020-07-04 | 2020-07-05 | 2020-07-06
Day | Thursday | Friday | Saturday | Sunday | Monday
INDIA SHIFT 1 PRIMARY | Ana | Ana | | | Ben
INDIA SHIFT 1 Secondary | Ben | Ben | | | Cleo
US SHIFT PRIMARY | Cleo | Dan | | | Ana
Weekend On-call Primary | | | Dan | Cleo |
Duty Manager | Dan | Dan | Ana | Ana | Dan
Annual leave | | Cleo | | | ";
    let settings =
        "Time zone = Asia/Kolkata\nHandover time = 06:30\nCountry = AU\nShift: India Shift 1 = 06:30-14:30\nShift: US Shift = 18:30-02:30";
    let asked = ask(vec![tab("Contacts", PEOPLE), tab("July", rota)], settings, "2020-07-01 00:00");
    for (at, who) in [
        // 06:30 in Kolkata is 01:00 UTC.
        ("2020-07-02 01:00", "Ana Diaz, Ben Osei, Dan Ito"),
        ("2020-07-02 13:00", "Cleo Rossi, Dan Ito"),
        ("2020-07-02 20:59", "Cleo Rossi, Dan Ito"),
        ("2020-07-02 21:00", "Dan Ito"),
        ("2020-07-04 02:00", "Dan Ito, Ana Diaz"),
        ("2020-07-06 02:00", "Ben Osei, Cleo Rossi, Dan Ito"),
    ] {
        assert_eq!(asked.who(at), who, "{at}: {:#?}", asked.findings);
    }
    assert_eq!(
        asked.one(Code::RowsIgnored).seen,
        "Not rung, because the first column names no duty: \"Annual leave\"."
    );
}

#[test]
fn day_numbers_and_their_months() {
    let days = "Name | 28 | 29 | 30 | 31 | 1 | 2 | 3\nAna Diaz | N | X | N | X | N | X | N";
    let settings = format!("{UTC}\nCode: N = 20:00-08:00");
    let read = |name: &str, text: &str, more: &str| {
        ask(
            vec![tab("Contacts", PEOPLE), tab(name, text)],
            &format!("{settings}\n{more}"),
            "2026-12-20 09:00",
        )
    };
    // The name of the tab, a title, a setting; December rolls the year.
    for (name, text, more) in [
        ("December 2026", days.to_owned(), ""),
        ("Rota", format!("Roster December 2026 - January 2027\n{days}"), ""),
        ("Rota", format!("|December 2026||||January 2027\n{days}"), ""),
        ("Rota", days.to_owned(), "Month = December 2026"),
        ("December", days.to_owned(), "Year = 2026"),
    ] {
        let asked = read(name, &text, more);
        for (at, who) in [
            ("2026-12-28 20:00", "Ana Diaz"),
            ("2026-12-29 20:00", "gap"),
            ("2027-01-01 21:00", "Ana Diaz"),
            ("2027-01-04 07:59", "Ana Diaz"),
        ] {
            assert_eq!(asked.who(at), who, "{name} {text}: {:#?}", asked.findings);
        }
    }
    // Nothing names the month: today's is never taken.
    let asked = read("Rota", days, "");
    let missing = asked.one(Code::MonthMissing);
    assert_eq!((cells(missing), missing.severity), (vec!["Rota!B1".to_owned()], Severity::Stop));
    assert_eq!(
        missing.remedy,
        "Write month and year above the days, or add to Settings: Month | March 2026 (the right one)."
    );
    assert!(asked.roster.duties().is_empty());
    // A banner that begins over another month's day.
    let asked = read("Rota", &format!("|December 2026||January 2027||\n{days}"), "");
    assert_eq!(asked.one(Code::DateUnreadable).severity, Severity::Stop);
    assert!(asked.roster.duties().is_empty());
}

#[test]
fn weekdays_are_the_check() {
    let rota = |weekdays: &str| format!("Name | 2 | 3 | 4 | 5 | 6 | 7 | 8\n | {weekdays}\nAna Diaz | N | N | N | N | N | N | N");
    let settings = format!("{UTC}\nCode: N = 20:00-08:00");
    let read = |weekdays: &str| {
        ask(
            vec![tab("Contacts", PEOPLE), tab("March 2026", &rota(weekdays))],
            &settings,
            "2026-03-01 09:00",
        )
    };
    // 2 March 2026 is a Monday.
    let asked = read("Mo | Di | Mi | Do | Fr | Sa | So");
    assert_eq!(asked.who("2026-03-02 20:00"), "Ana Diaz");
    assert!(asked.of(Code::DateWeekday).is_empty());
    // One slip is a warning at its day.
    let asked = read("Mon | Tue | Thu | Thu | Fri | Sat | Sun");
    assert_eq!(
        (cells(asked.one(Code::DateWeekday)), asked.one(Code::DateWeekday).severity),
        (vec!["'March 2026'!D1".to_owned()], Severity::Warn)
    );
    assert_eq!(asked.who("2026-03-02 20:00"), "Ana Diaz");
    // Another year's weekdays: the month is wrong, so nobody is rung by it. 2 March 2025 was a Sunday.
    let asked = read("Sun | Mon | Tue | Wed | Thu | Fri | Sat");
    let wrong = asked.one(Code::DateWeekday);
    assert_eq!(wrong.severity, Severity::Stop);
    assert!(wrong.seen.contains("The month is from the name of the tab"), "{}", wrong.seen);
    assert!(asked.roster.duties().is_empty());
}

#[test]
fn what_reads_alike_is_refused() {
    let numbers =
        "Name | =5.1 | =5.2 | =5.3 | =5.4 | =5.5 | =5.6 | =5.7 | =5.8 | =5.9 | =5.1\nAna Diaz | N | N | N | N | N | N | N | N | N | N";
    let asked = ask(vec![tab("Contacts", PEOPLE), tab("Rota", numbers)], UTC, "2026-05-01 09:00");
    let refused = asked.one(Code::LayoutUnknown);
    assert!(refused.seen.starts_with("5.1 appears twice"), "{}", refused.seen);
    // `p` is not `P`.
    let rota = "Name | 2026-03-02 | 2026-03-03 | 2026-03-04 | 2026-03-05 | 2026-03-06\nAna Diaz | P | p | P | P | X\n | | N | | |";
    let asked = ask(
        vec![tab("Contacts", PEOPLE), tab("Rota", rota)],
        &format!("{UTC}\nCode: P = 20:00-08:00\nCode: N = 20:00-08:00"),
        "2026-03-01 09:00",
    );
    assert_eq!(asked.who("2026-03-02 21:00"), "Ana Diaz");
    assert_eq!(asked.who("2026-03-03 21:00"), "gap");
    assert_eq!(cells(asked.one(Code::CodeUnknown)), ["Rota!C2"]);
    assert_eq!(cells(asked.one(Code::NameMissing)), ["Rota!A3"]);
    // Merged over both rows, the name is of both.
    let both = merged(tab("Rota", rota), &[(1, 0, 2, 0)]);
    let asked = ask(
        vec![tab("Contacts", PEOPLE), both],
        &format!("{UTC}\nCode: P, p = 20:00-08:00\nCode: P = 20:00-08:00\nIgnore codes = p\nCode: N = 20:00-08:00"),
        "2026-03-01 09:00",
    );
    assert_eq!(asked.who("2026-03-03 21:00"), "Ana Diaz", "{:#?}", asked.findings);
}

/// A day row and below it a night row, the name in the first one only.
#[test]
fn two_rows_for_each_person() {
    let rota = "\
Name | 2026-03-02 | 2026-03-03 | 2026-03-04 | 2026-03-05 | 2026-03-06
Ana Diaz | D | | D | | D
 | | N | | |
Ben Osei | | D | | D |
 | N | | N | N |
Cleo Rossi | | | | |
 | | | | | N
Total | 1 | 1 | 1 | 1 | 1";
    let read = |rota: &str| {
        let settings = format!("{UTC}\nCode: D = 08:00-20:00\nCode: N = 20:00-08:00");
        ask(vec![tab("Contacts", PEOPLE), tab("Rota", rota)], &settings, "2026-03-01 09:00")
    };
    let asked = read(rota);
    for (at, who) in [
        ("2026-03-02 12:00", "Ana Diaz"),
        ("2026-03-02 21:00", "Ben Osei"),
        ("2026-03-03 12:00", "Ben Osei"),
        ("2026-03-03 21:00", "Ana Diaz"),
        ("2026-03-06 21:00", "Cleo Rossi"),
    ] {
        assert_eq!(asked.who(at), who, "{at}: {:#?}", asked.findings);
    }
    let told = asked.one(Code::ColumnAssumed);
    assert_eq!((told.severity, cells(told)), (Severity::Note, vec!["Rota!A3".to_owned()]));
    assert_eq!(asked.of(Code::NameMissing).len(), 0);
    // Three rows of one person: whose the third is is not certain, so no row is given to anybody.
    let odd = rota.replace("Ben Osei | | D | | D |\n", "Ben Osei | | D | | D |\n | | N | | |\n");
    let asked = read(&odd);
    assert_eq!(asked.one(Code::NameMissing).severity, Severity::Stop);
    assert_eq!(
        (asked.who("2026-03-02 12:00"), asked.who("2026-03-02 21:00")),
        ("Ana Diaz".to_owned(), "gap".to_owned())
    );
}

#[test]
fn legends() {
    let rota = "Name | 1 | 2 | 3 | 4 | 5 | 6 | 7\nAna Diaz | AM | AM | N | N | OFF | AM | AM\nBen Osei | N | N | AM | AM | AM | N | T";
    let legend =
        "Shift Acronym | Time Block\nAM | 06:00-14:00\nN | 22:00-06:00\nOFF | Day Off\nT | US: 5:30 PM - 2:30 AM / IND: 5:00 AM - 2:00 PM";
    let asked = ask(
        vec![tab("Contacts", PEOPLE), tab("Shift_Definitions", legend), tab("March 2026", rota)],
        &format!("{UTC}\nShift: N = 21:00-06:00"),
        "2026-03-01 00:00",
    );
    for (at, who) in [
        ("2026-03-01 06:00", "Ana Diaz"),
        ("2026-03-01 21:30", "Ben Osei"),
        ("2026-03-03 06:30", "Ben Osei"),
        ("2026-03-05 22:30", "gap"),
    ] {
        assert_eq!(asked.who(at), who, "{at}: {:#?}", asked.findings);
    }
    assert_eq!(asked.one(Code::LegendRead).seen, "A legend explains \"AM\" and \"OFF\".");
    assert_eq!(cells(asked.one(Code::LegendUnreadable)), ["Shift_Definitions!A5"]);
    assert_eq!(cells(asked.one(Code::CodeUnknown)), ["'March 2026'!H3"]);
    // Beside the days and below them.
    let beside = "Name | 1 | 2 | 3 | 4 | 5 | 6 | 7 | | Key\nAna Diaz | E | E | L | L | OFF | E | E | | E | 06:00-14:00\n\
        Ben Osei | L | L | E | E | E | L | L | | L | Late 14:00-22:00\nSigned: Matron";
    let asked = ask(vec![tab("Contacts", PEOPLE), tab("March 2026", beside)], UTC, "2026-03-01 00:00");
    assert_eq!(asked.who("2026-03-01 15:00"), "Ben Osei", "{:#?}", asked.findings);
    assert_eq!(asked.who("2026-03-05 06:00"), "Ben Osei");
    assert_eq!(cells(asked.one(Code::LegendRead)), ["'March 2026'!J2"]);
    let below = "Name | 1 | 2 | 3 | 4 | 5 | 6 | 7\nAna Diaz | E | E | L | L | OFF | E | E\nBen Osei | L | L | E | E | E | L | L\n\nE = 06:00-14:00, L = 14:00-22:00";
    let asked = ask(vec![tab("Contacts", PEOPLE), tab("March 2026", below)], UTC, "2026-03-01 00:00");
    assert_eq!(asked.who("2026-03-01 15:00"), "Ben Osei", "{:#?}", asked.findings);
}

#[test]
fn sections_lines_and_notes() {
    let text = "\
Rota of the departments, March 2026
Duty || 1 | 2 | 3 | 4 | 5 | 6 | 7
||Sun | Mon | Tue | Wed | Thu | Fri | Sat
Heart | First line | Ana | Ben | Ana | Ben | Ana | Ben | Ana
| Second line | Cleo | Cleo | Dan | Dan | Cleo | Cleo | Dan
| Notes | Ring the desk before noon; the duty mobile lies in the drawer of the desk of the ward on the third floor.
Lab | 8:00-20:10 | Ana | Ben | Ana | Ben | Ana | Ben | Ana
| 20:00-8:10 | Dan | Cleo | Dan | Cleo | Dan | Cleo | Dan
Intensive | Day shift | 1st line:⏎Ana⏎⏎2nd line:⏎Ben | 1st line:⏎Ben⏎⏎2nd line:⏎Cleo | | | | | ";
    let rota = || merged(tab("Rota", text), &[(3, 0, 5, 0), (6, 0, 7, 0), (5, 2, 5, 8)]);
    let read = |more: &str| ask(vec![tab("Contacts", PEOPLE), rota()], &format!("{UTC}\n{more}"), "2026-03-01 00:00");
    let asked = read("");
    let missing = asked.one(Code::TeamMissing);
    assert_eq!(missing.seen, "This tab has several sections: \"Heart\", \"Lab\", \"Intensive\".");
    assert_eq!(missing.remedy, "Add to Settings: Team | Heart (the right one).");
    assert!(asked.roster.duties().is_empty());
    let asked = read("Team = Heart");
    assert_eq!(asked.who("2026-03-01 09:00"), "Ana Diaz, Cleo Rossi", "{:#?}", asked.findings);
    assert_eq!(asked.who("2026-03-04 07:59"), "Ana Diaz, Dan Ito");
    // Ten minutes of both, the incoming first.
    let asked = read("Team = Lab");
    assert_eq!(asked.who("2026-03-01 19:59"), "Ana Diaz");
    assert_eq!(asked.who("2026-03-01 20:05"), "Dan Ito, Ana Diaz");
    assert_eq!(asked.who("2026-03-02 08:05"), "Ben Osei, Dan Ito");
    assert!(asked.of(Code::OrderUnstated).is_empty());
    let asked = read("Team = Intensive\nShift: Day shift = 08:00-20:00");
    assert_eq!(asked.who("2026-03-02 10:00"), "Ben Osei, Cleo Rossi", "{:#?}", asked.findings);
    assert_eq!(asked.who("2026-03-02 20:00"), "gap");
}

#[test]
fn times_beside_names_and_lists_in_cells() {
    let rota = "\
Week Commencing: 30/11/2026
Role | Monday 30 | Tuesday 1 | Wednesday 2 | Thursday 3 | Friday 4 | Saturday 5 | Sunday 6
Registrar | Diaz, Ana⏎08:00 - 17:00 | Osei, Ben⏎09:00 - 13:00 | ['Ana', 'Cleo'] | Ben | Ben | | nobody
Morning Clinic : Reg | ILD : no reg | | | | | |";
    let asked = ask(vec![tab("Contacts", PEOPLE), tab("Rota", rota)], UTC, "2026-11-29 00:00");
    for (at, who) in [
        ("2026-11-30 08:00", "Ana Diaz"),
        ("2026-11-30 17:00", "gap"),
        ("2026-12-01 12:59", "Ben Osei"),
        ("2026-12-02 08:00", "Ana Diaz+Cleo Rossi"),
        ("2026-12-05 08:00", "gap"),
        ("2026-12-06 08:00", "nobody"),
    ] {
        assert_eq!(asked.who(at), who, "{at}: {:#?}", asked.findings);
    }
}

#[test]
fn without_contacts_the_names_are_what_is_missing() {
    let matrix = "Staff Name | 2026-03-02 | 2026-03-03 | 2026-03-04 | 2026-03-05 | 2026-03-06\nOda Lind | E25 | X | 0 | E25 | N1\nKai Berg | X | N1 | E25 | 0 | X";
    let asked = ask(
        vec![tab("Rota", matrix)],
        &format!("{UTC}\nCode: E25 = 08:00-20:00\nIgnore codes = N1"),
        "2026-03-01 09:00",
    );
    assert_eq!(asked.one(Code::ContactsMissing).severity, Severity::Stop);
    assert!(asked.of(Code::LayoutUnknown).is_empty());
    let duties = "Date | 2026-03-02 | 2026-03-03 | 2026-03-04 | 2026-03-05 | 2026-03-06\nPrimary | Oda | Kai | Oda | Kai | Oda\nBackup | Kai | Oda | Kai | Oda | Kai";
    let asked = ask(vec![tab("Rota", duties)], UTC, "2026-03-01 09:00");
    assert_eq!(asked.one(Code::ContactsMissing).severity, Severity::Stop);
    assert!(asked.of(Code::LayoutUnknown).is_empty());
}

#[test]
fn teams_beside_the_people() {
    let rota = "Team | Name | 2026-03-02 | 2026-03-03 | 2026-03-04 | 2026-03-05 | 2026-03-06\nLab | Ana Diaz | N | N | N | N | N\nWard | Ben Osei | N | N | N | N | N";
    let read = |more: &str| {
        ask(
            vec![tab("Contacts", PEOPLE), tab("Rota", rota)],
            &format!("{UTC}\nCode: N = 20:00-08:00\n{more}"),
            "2026-03-01 09:00",
        )
    };
    assert_eq!(read("").one(Code::TeamMissing).severity, Severity::Stop);
    assert_eq!(read("Team = Ward").who("2026-03-02 20:00"), "Ben Osei");
}

#[test]
fn a_year_of_columns() {
    let dates: Vec<String> = chrono::NaiveDate::from_ymd_opt(2026, 1, 1)
        .unwrap()
        .iter_days()
        .take(365)
        .map(|date| date.to_string())
        .collect();
    let text = format!("Name | {}\nAna Diaz | {}", dates.join(" | "), vec!["N"; 365].join(" | "));
    let asked = ask(
        vec![tab("Contacts", PEOPLE), tab("Rota", &text)],
        &format!("{UTC}\nCode: N = 20:00-08:00"),
        "2026-01-01 09:00",
    );
    assert_eq!(asked.who("2026-12-31 20:00"), "Ana Diaz");
    assert!(asked.of(Code::TooLarge).is_empty());
}
