//! Shapes that are kept by many and not read yet: each is named, with its cell and what to keep for now.

use super::{Code, Diagnostic, ask, cells, tab};

const NOW: &str = "2026-03-01 09:00";
const SETTINGS: &str = "Time zone = UTC\nHandover time = 08:00\nCountry = AU";
const TWO: &str = "Name | Phone\nAna Diaz | 0491 570 156\nBen Osei | 0491 570 157";
const ROTA: &str = "From | 1st | 2nd\n2 Mar 2026 | Ana | Ben";
const LIST: &str = "For now keep a handover list, one row for each handover: From | 1st | 2nd | 3rd.";
const BESIDE: &str = "Keep it as a tab Contacts, and add a tab Rota, one row for each handover: From | 1st | 2nd | 3rd.";

/// The rota, the cell that is named, what was seen, what to do.
type Case = (&'static str, &'static str, &'static str, &'static str);

const CALENDARS: [Case; 4] = [
    (
        "Staff | 1 Mar | 2 Mar | 3 Mar | 4 Mar | 5 Mar\nAna | N | X | X | D | D",
        "Rota!B1",
        "It looks like a calendar: dates from \"1 Mar\" to \"5 Mar\" across the top, people or duties down the side. That shape is not read yet.",
        LIST,
    ),
    (
        "March 2026\nName | 28 | 29 | 30 | 31 | 1 | 2 | 3\nAna | N | X | X | D | D | N | N",
        "Rota!B2",
        "It looks like a calendar: dates from \"28\" to \"3\" across the top, people or duties down the side. That shape is not read yet.",
        LIST,
    ),
    (
        "|21st|22nd|23rd|24th|25th|26th|27th\nAna | N | X | X | D | D | N | N",
        "Rota!B1",
        "It looks like a calendar: dates from \"21st\" to \"27th\" across the top, people or duties down the side. That shape is not read yet.",
        LIST,
    ),
    // Duties down: the header of the first column is a word for dates.
    (
        "Date | 2026-03-02 | 2026-03-03 | 2026-03-04 | 2026-03-05 | 2026-03-06\n1st | Ana | Ana | Ben | Ben | Ana",
        "Rota!B1",
        "It looks like a calendar: dates from \"2026-03-02\" to \"2026-03-06\" across the top, people or duties down the side. That shape is not read yet.",
        LIST,
    ),
];

const OTHERS: [Case; 9] = [
    (
        "Name | Phone | Monday | Tuesday | Wednesday\nAna | 0491 570 156 | off | 1 pm - 4 pm | off",
        "Rota!C1",
        "It looks like a fixed week: days of the week across the top, and no dates. That shape is not read yet.",
        LIST,
    ),
    (
        "Name | MonStart | MonEnd | TueStart\nAna | 08:00 | 11:00 | 09:00",
        "Rota!B1",
        "It looks like a fixed week: days of the week across the top, and no dates. That shape is not read yet.",
        LIST,
    ),
    (
        "Team | Role | Name | Phone\nLab | Primary | Ana | 0491 570 156\nWard | Primary | Ben | 0491 570 157",
        "Rota!A1",
        "\"Team\" holds several teams (\"Lab\" and \"Ward\"): which of them this hotline is for cannot be told.",
        "Add to Settings: Team | Lab (the team of this hotline).",
    ),
    (
        "Name | Phone\nAna | 0491 570 156",
        "Rota!A1",
        "It looks like a list of contacts, without dates: it says how people are reached, not when they are on call.",
        BESIDE,
    ),
    (
        "No | Teacher | Duty\n1 | Ana | 2 Mar 2026\n2 | Ben | 9 Mar 2026",
        "Rota!C1",
        "\"Duty\" holds dates, but is not a header that is known for dates.",
        "Name that column From or Date, and the columns of people 1st | 2nd | 3rd.",
    ),
    (
        "2 Mar 2026 | Ana\n9 Mar 2026 | Ben",
        "Rota!A1",
        "There is no header row above \"2 Mar 2026\".",
        "Put a header row above the first date: From | 1st | 2nd | 3rd.",
    ),
    (
        "Ring Ana first.\nThen Ben.",
        "Rota!A1",
        "Everything stands in one column: it looks like a text, not a table.",
        "Put dates and people into columns of their own: From | 1st | 2nd | 3rd.",
    ),
    (
        "",
        "Rota!A1",
        "Nothing stands here.",
        "Restore the rota, for example from its version history, or write one: From | 1st | 2nd | 3rd.",
    ),
    (
        "Week | Call | Help\n2 Mar 2026 | UL | XP",
        "Rota!B1",
        "The column of dates, \"Week\", stands beside \"Call\", \"Help\", none of which is a header that is known for people.",
        "Name the columns of people 1st | 2nd | 3rd, or by shifts such as Day | Night.",
    ),
];

#[test]
fn shapes_that_are_recognised_are_named() {
    for (rota, cell, seen, remedy) in CALENDARS.into_iter().chain(OTHERS) {
        let asked = ask(vec![tab("Contacts", TWO), tab("Rota", rota)], SETTINGS, NOW);
        let finding = asked.one(Code::LayoutUnknown);
        assert_eq!((cells(finding), finding.seen.as_str()), (vec![cell.to_owned()], seen), "{rota}");
        assert_eq!(finding.remedy, remedy, "{rota}");
        assert!(asked.roster.duties().is_empty());
    }
    // A column of a few dates makes no calendar.
    let rota = "From | Until | 1st | 2nd\n2 Mar 2026 | 8 Mar 2026 | Ana | Ben";
    let asked = ask(vec![tab("Contacts", TWO), tab("Rota", rota)], SETTINGS, NOW);
    assert_eq!(asked.who("2026-03-02 08:00"), "Ana Diaz, Ben Osei");
}

#[test]
fn a_rota_in_tabs_of_months_or_beside_absences() {
    let months = vec![
        tab("Contacts", TWO),
        tab("March 2026", ROTA),
        tab("Apr", ROTA),
        tab("Mai 2026", ROTA),
    ];
    let asked = ask(months, SETTINGS, NOW);
    let finding = asked.one(Code::RotaAmbiguous);
    assert_eq!(
        finding.to_string(),
        "STOP  'March 2026'!A1, Apr!A1 and 'Mai 2026'!A1: The rota is spread over a tab for each month: \"March 2026\", \"Apr\" and \"Mai 2026\". \
         Months in separate tabs are not read yet.\n      Nobody is on call.\n      For now put all months below one another into one tab \
         Rota, one row for each handover: From | 1st | 2nd | 3rd."
    );
    assert_eq!(asked.of(Code::TabIgnored), Vec::<&Diagnostic>::new(), "said once");

    // Matrices in months, teams in tabs.
    let matrix = "Name | 1 | 2 | 3 | 4 | 5 | 6 | 7\nAna | N | X | X | D | D | N | N";
    let asked = ask(
        vec![tab("Contacts", TWO), tab("March", matrix), tab("April", matrix)],
        SETTINGS,
        NOW,
    );
    assert!(
        asked
            .one(Code::RotaMissing)
            .seen
            .starts_with("The rota is spread over a tab for each month: \"March\" and \"April\".")
    );
    let asked = ask(vec![tab("Contacts", TWO), tab("Lab", matrix), tab("Ward", matrix)], SETTINGS, NOW);
    let finding = asked.one(Code::RotaMissing);
    assert_eq!(
        (cells(finding), finding.seen.as_str()),
        (
            vec!["Lab!B1".to_owned()],
            "No tab looks like a rota. The tab \"Lab\": it looks like a calendar: dates from \"1\" to \"7\" across the top, people or duties \
             down the side. That shape is not read yet."
        )
    );

    // Who is away is no rota, nor is a form that nobody has filled in.
    let tabs = vec![
        tab("Contacts", TWO),
        tab("Week plan", ROTA),
        tab("Annual leave", "Name | Start | End\nAna | 2 Mar 2026 | 8 Mar 2026"),
        tab("New starters", "Name | Start date | Notes"),
    ];
    assert_eq!(ask(tabs, SETTINGS, NOW).who("2026-03-02 08:00"), "Ana Diaz, Ben Osei");
}
