//! What an admin is told who does only what the words say: each finding leads to the next step, and none leads astray.

use super::super::super::{Code, Severity};
use super::{ask, cells, tab};
use providers::{Merge, Tab};

const UTC: &str = "Time zone = UTC\nHandover time = 08:00\nCountry = AU";
const PEOPLE: &str = "Name | Phone\nAna Diaz | 0491 570 156\nBen Osei | 0491 570 157\nCleo Rossi | 0491 570 158\nDan Ito | 0491 570 159";

fn merged(mut tab: Tab, regions: &[(u32, u32, u32, u32)]) -> Tab {
    let merge = |(row, column, last_row, last_column): &(u32, u32, u32, u32)| Merge {
        first: (*row, *column),
        last: (*last_row, *last_column),
    };
    tab.merges = regions.iter().map(merge).collect();
    tab
}

#[test]
fn all_shifts_without_hours_are_one_finding_with_lines_to_copy() {
    let rota = "Date | Early | Late | Night\n2 Mar 2026 | Ana | Ben | Cleo\n3 Mar 2026 | Ben | Cleo | Ana";
    let read = |more: &str| {
        let tabs = vec![tab("Contacts", PEOPLE), tab("Rota", rota)];
        ask(tabs, &format!("{UTC}\n{more}"), "2026-03-02 06:00")
    };
    let asked = read("");
    let missing = asked.one(Code::ShiftHoursMissing);
    assert_eq!(
        (missing.severity, cells(missing)),
        (
            Severity::Stop,
            vec!["Rota!B1".to_owned(), "Rota!C1".to_owned(), "Rota!D1".to_owned()]
        )
    );
    assert_eq!(
        missing.seen,
        "Nothing says when these shifts begin and end: \"Early\", \"Late\" and \"Night\"."
    );
    let lines: Vec<&str> = missing.remedy.lines().skip(1).collect();
    assert_eq!(
        lines,
        [
            "Shift: Early | 06:00-14:00",
            "Shift: Late | 14:00-22:00",
            "Shift: Night | 20:00-08:00"
        ]
    );
    // The lines as they stand are settings that are understood.
    let asked = read(&lines.join("\n").replace(" | ", " = "));
    assert!(asked.of(Code::ShiftHoursMissing).is_empty());
    assert_eq!(asked.who("2026-03-02 07:00"), "Ana Diaz");
    assert_eq!(asked.who("2026-03-02 15:00"), "Ben Osei");
    assert_eq!(asked.who("2026-03-03 05:00"), "Cleo Rossi");
}

#[test]
fn shifts_down_the_side_are_one_finding_for_all_months() {
    let month = |from: u32| {
        let days: Vec<String> = (from..from + 5).map(|day| format!("2026-03-{day:02}")).collect();
        format!(
            "Date | {}\nDELHI SHIFT PRIMARY | Ana | Ana | Ana | Ana | Ana\nDELHI SHIFT Secondary | Ben | Ben | Ben | Ben | Ben\n\
             NIGHT SHIFT PRIMARY | Cleo | Cleo | Cleo | Cleo | Cleo",
            days.join(" | ")
        )
    };
    let tabs = vec![tab("Contacts", PEOPLE), tab("Rota", &month(2))];
    let asked = ask(tabs, UTC, "2026-03-02 06:00");
    let missing = asked.one(Code::ShiftHoursMissing);
    assert_eq!(cells(missing), ["Rota!A2", "Rota!A3", "Rota!A4"]);
    assert!(
        missing
            .remedy
            .ends_with("\nShift: DELHI SHIFT | 08:00-16:00\nShift: NIGHT SHIFT | 20:00-08:00"),
        "{}",
        missing.remedy
    );
}

/// Departments in a merged first column; that of the laboratory is blank, and the second column names its groups.
fn departments() -> Tab {
    let text = "\
Duty ||| 1 | 2 | 3 | 4 | 5 | 6 | 7
|||Sun | Mon | Tue | Wed | Thu | Fri | Sat
Heart | First line || Ana | Ben | Ana | Ben | Ana | Ben | Ana
| Second line || Cleo | Cleo | Dan | Dan | Cleo | Cleo | Dan
Eyes | First line || Dan | Dan | Dan | Dan | Dan | Dan | Dan
| Chemistry | 8:00-20:00 | Ana | Ben | Ana | Ben | Ana | Ben | Ana
|| 20:00-8:00 | Dan | Cleo | Dan | Cleo | Dan | Cleo | Dan
|| 9:00-17:00 | Ben | Ben | Ben | Ben | Ben | Ben | Ben";
    merged(
        tab("March 2026", text),
        &[(2, 0, 3, 0), (5, 0, 7, 0), (5, 1, 6, 1), (2, 1, 2, 2), (3, 1, 3, 2), (4, 1, 4, 2)],
    )
}

#[test]
fn groups_of_a_section_without_a_name_can_be_chosen_and_the_rest_is_counted() {
    let read = |more: &str| {
        let tabs = vec![tab("Contacts", PEOPLE), departments()];
        ask(tabs, &format!("{UTC}\n{more}"), "2026-03-01 00:00")
    };
    let missing = read("");
    let missing = missing.one(Code::TeamMissing);
    assert_eq!(
        missing.seen,
        "This tab has several sections: \"Heart\", \"Eyes\", \"Chemistry\"; and 1 row of no section."
    );
    assert_eq!(cells(missing).last().map(String::as_str), Some("'March 2026'!A8"));
    assert!(missing.remedy.contains("write the name of their section"), "{}", missing.remedy);
    let asked = read("Team = Chemistry");
    assert_eq!(asked.who("2026-03-01 09:00"), "Ana Diaz", "{:#?}", asked.findings);
    assert_eq!(asked.who("2026-03-02 03:00"), "Dan Ito");
    assert_eq!(asked.who("2026-03-02 08:00"), "Ben Osei");
    assert_eq!(read("Team = Heart").who("2026-03-04 09:00"), "Ben Osei, Dan Ito");
}

const DRAWING: &str = "\
March 2026
Sunday | Monday | Tuesday | Wednesday | Thursday | Friday | Saturday
1 | 2 | 3 | 4 | 5 | 6 | 7
S: Ana || | | | S: Ben | S: Ana
8 | 9 | 10 | 11 | 12 | 13 | 14
S: Ben || | | | S: Cleo | S: Ben
15 | 16 | 17 | 18 | 19 | 20 | 21
S: Ana || | | | S: Ben | S: Ana";

#[test]
fn a_calendar_drawing_beside_the_rota_is_left_aside_for_what_it_is() {
    let list = "Date | Senior\n2026-03-01 | Ana\n2026-03-06 | Ben\n2026-03-07 | Ana\n2026-03-08 | Ben\n2026-03-13 | Cleo";
    for name in ["Rota", "Weekends"] {
        let tabs = vec![tab("Contacts", PEOPLE), tab(name, list), tab("Wall", DRAWING)];
        let asked = ask(tabs, &format!("{UTC}\nEach row lasts = 1 day"), "2026-03-01 00:00");
        assert_eq!(asked.who("2026-03-06 09:00"), "Ben Osei", "{name}: {:#?}", asked.findings);
        assert_eq!(asked.who("2026-03-07 07:59"), "Ben Osei");
        assert_eq!(asked.who("2026-03-07 08:00"), "Ana Diaz");
        let aside = asked.one(Code::TabIgnored);
        assert_eq!(aside.seen, "Left aside: a calendar drawing, \"Wall\".");
        assert!(!aside.remedy.contains("Tabs"), "{}", aside.remedy);
    }
}

#[test]
fn a_month_is_asked_for_only_where_the_numbers_are_days() {
    let across = |last: u32| {
        let numbers: Vec<String> = (1..=last).map(|number| number.to_string()).collect();
        let codes = vec!["ICU"; numbers.len()];
        let rota = format!(
            "Name | {}\nAna | {}\nBen | {}",
            numbers.join(" | "),
            codes.join(" | "),
            codes.join(" | ")
        );
        let asked = ask(vec![tab("Contacts", PEOPLE), tab("Rota", &rota)], UTC, "2026-03-01 00:00");
        asked.one(Code::MonthMissing).remedy.clone()
    };
    assert!(across(31).contains("Month | March 2026"), "{}", across(31));
    assert!(!across(13).contains("Month |"), "{}", across(13));
    assert!(across(13).contains("weeks or blocks"), "{}", across(13));

    let down = |last: u32| {
        let rows: Vec<String> = (1..=last).map(|number| format!("{number} | Ana")).collect();
        let rota = format!("Date | 1st\n{}", rows.join("\n"));
        let asked = ask(vec![tab("Contacts", PEOPLE), tab("Rota", &rota)], UTC, "2026-03-01 00:00");
        asked.one(Code::LayoutUnknown).remedy.clone()
    };
    assert!(down(31).contains("Month | March 2026"), "{}", down(31));
    assert!(!down(13).contains("Month |"), "{}", down(13));
}

#[test]
fn a_tab_of_settings_is_known_by_its_header() {
    let settings = "Setting | Value\nTime zone | Australia/Melbourne\nHandover time | 08:00";
    let rota = "From | 1st\n2 Mar 2026 | Ana\n9 Mar 2026 | Ben\n16 Mar 2026 | Cleo";
    let tabs = vec![tab("Contacts", PEOPLE), tab("Rota", rota), tab("settings ward", settings)];
    let asked = ask(tabs, "Country = AU", "2026-03-02 00:00");
    assert_eq!(asked.roster.time_zone, chrono_tz::Tz::Australia__Melbourne);
    assert!(asked.of(Code::TabIgnored).is_empty());
    // 8:00 in Melbourne is 21:00 in UTC.
    assert_eq!(asked.roster.duties()[0].from.to_rfc3339(), "2026-03-01T21:00:00+00:00");
}
