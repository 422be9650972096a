//! Shapes that are kept by many and not read yet: each is named, with its cell and what to keep for now.

use super::{Code, ask, cells, tab};

const NOW: &str = "2026-03-01 09:00";
const SETTINGS: &str = "Time zone = UTC\nHandover time = 08:00\nCountry = AU";
const TWO: &str = "Name | Phone\nAna Diaz | 0491 570 156\nBen Osei | 0491 570 157";
const ROTA: &str = "From | 1st | 2nd\n2 Mar 2026 | Ana | Ben";
const BESIDE: &str = "Keep it as a tab Contacts, and add a tab Rota, one row for each handover: From | 1st | 2nd | 3rd.";

/// The rota, the cell that is named, what was seen, what to do.
type Case = (&'static str, &'static str, &'static str, &'static str);

const OTHERS: [Case; 8] = [
    (
        "Name | MonStart | MonEnd | TueStart\nAna | 08:00 | 11:00 | 09:00",
        "Rota!B1",
        "It looks like a fixed week, with days of the week across the top, but neither people with their hours nor shifts with names stand below it.",
        "Write Name | Mon | Tue … with hours such as 08:00-16:00 below the days, or Shift | Mon | Tue … with names below them.",
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
        "Put dates and people into columns of their own: From | 1st | 2nd | 3rd. `rotaline template --layout handover --out rota.xlsx` writes a rota to fill in.",
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
        "Add to Settings: Order | Call, Help (only the columns that are to be rung, the first one first), or name the columns of people \
         1st | 2nd | 3rd, or by shifts such as Day | Night.",
    ),
];

#[test]
fn shapes_that_are_recognised_are_named() {
    for (rota, cell, seen, remedy) in OTHERS {
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
fn neither_absences_nor_empty_forms_are_a_rota() {
    // Who is away is no rota, nor is a form that nobody has filled in.
    let tabs = vec![
        tab("Contacts", TWO),
        tab("Week plan", ROTA),
        tab("Annual leave", "Name | Start | End\nAna | 2 Mar 2026 | 8 Mar 2026"),
        tab("New starters", "Name | Start date | Notes"),
    ];
    assert_eq!(ask(tabs, SETTINGS, NOW).who("2026-03-02 08:00"), "Ana Diaz, Ben Osei");
}
