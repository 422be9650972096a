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
            "STOP  Rota!D2 and E2: Nothing says what \"E25\" means (2 cells).\n      Nobody is rung for it: \"Ana Diaz\", first on Wed 4 Mar 2026.\n      \
             Add to Settings: Code: E25 | 1st, 18:00-08:00 (its place and its hours), or, if it is not on call: Ignore codes | E25. E* in its place \
             means E25 and E14 alike.",
            "STOP  Rota!D3: Nothing says what \"E14\" means (1 cell).\n      Nobody is rung for it: \"Ben Osei\", first on Wed 4 Mar 2026.\n      \
             Add to Settings: Code: E14 | 1st, 18:00-08:00 (its place and its hours), or, if it is not on call: Ignore codes | E14. E* in its place \
             means E25 and E14 alike.",
            "STOP  Rota!F3: Nothing says what \"RS\" means (1 cell).\n      Nobody is rung for it: \"Ben Osei\", first on Fri 6 Mar 2026.\n      \
             Add to Settings: Code: RS | 1st, 18:00-08:00 (its place and its hours), or, if it is not on call: Ignore codes | RS.",
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
