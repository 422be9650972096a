//! Dates that hold several columns, days that do not exist, and columns that hold for a week: worked out by hand.

use super::super::super::{Code, Severity};
use super::{ask, cells, tab};
use providers::{Merge, Tab};

const UTC: &str = "Time zone = UTC\nHandover time = 08:00\nCountry = AU";
const PEOPLE: &str = "Name | Phone\nAna Diaz | 0491 570 156\nBen Osei | 0491 570 157\nCleo Rossi | 0491 570 158\nDan Ito | 0491 570 159";

/// Merged over two columns each: row and first column, from 0.
fn pairs(mut tab: Tab, first: &[(u32, u32)]) -> Tab {
    tab.merges = first
        .iter()
        .map(|(row, column)| Merge {
            first: (*row, *column),
            last: (*row, column + 1),
        })
        .collect();
    tab
}

const TWO_EACH: &[(u32, u32)] = &[(0, 1), (0, 3), (0, 5), (0, 7), (0, 9)];

#[test]
fn all_columns_under_a_merged_date_are_of_that_day() {
    let rota = "\
Name | 2026-03-02 || 2026-03-03 || 2026-03-04 || 2026-03-05 || 2026-03-06 |
Ana Diaz | D | N | | | D | | D | | D |
Ben Osei | | | D | N | N | | N | | N | D";
    let rota = pairs(tab("Rota", rota), TWO_EACH);
    let settings = format!("{UTC}\nCode: D = 08:00-20:00\nCode: N = 20:00-08:00");
    let asked = ask(vec![tab("Contacts", PEOPLE), rota], &settings, "2026-03-01 09:00");
    for (at, who) in [
        ("2026-03-02 09:00", "Ana Diaz"),
        // The second column of the day.
        ("2026-03-02 21:00", "Ana Diaz"),
        ("2026-03-03 21:00", "Ben Osei"),
        ("2026-03-04 21:00", "Ben Osei"),
        // The very last column.
        ("2026-03-06 09:00", "Ana Diaz, Ben Osei"),
    ] {
        assert_eq!(asked.who(at), who, "{at}: {:#?}", asked.findings);
    }
    let shape = &asked.roster.tabs_read()[0].shape;
    assert!(shape.contains("up to 2 columns are of one date"), "{shape}");
}

#[test]
fn two_names_under_one_date_hold_the_duty_together() {
    let rota = "\
Duty | 2026-03-02 || 2026-03-03 || 2026-03-04 || 2026-03-05 || 2026-03-06 |
Primary | Ana | Ben | Cleo | | Ana | | Ben | | Ana | Cleo
Backup | Dan | | Dan | | Dan | | Dan | | Dan |";
    // Dan's cell of the first day is merged over both of its columns: he is there once.
    let rota = pairs(tab("Rota", rota), &[TWO_EACH, &[(2, 1)]].concat());
    let asked = ask(vec![tab("Contacts", PEOPLE), rota], UTC, "2026-03-01 09:00");
    for (at, who) in [
        ("2026-03-02 09:00", "Ana Diaz+Ben Osei, Dan Ito"),
        ("2026-03-03 09:00", "Cleo Rossi, Dan Ito"),
        ("2026-03-06 09:00", "Ana Diaz+Cleo Rossi, Dan Ito"),
    ] {
        assert_eq!(asked.who(at), who, "{at}: {:#?}", asked.findings);
    }
    assert!(asked.of(Code::MergedDays).is_empty(), "{:#?}", asked.findings);
}

#[test]
fn a_day_parted_by_headers_of_its_own_is_refused() {
    let rota = "\
Duty | 2026-03-02 || 2026-03-03 || 2026-03-04 || 2026-03-05 || 2026-03-06 |
| Day | Night | Day | Night | Day | Night | Day | Night | Day | Night
Primary | Ana | Ben | Cleo | Dan | Ana | Ben | Ben | Ana | Ana | Cleo";
    let asked = ask(
        vec![tab("Contacts", PEOPLE), pairs(tab("Rota", rota), TWO_EACH)],
        UTC,
        "2026-03-01 09:00",
    );
    let refused = asked.one(Code::LayoutUnknown);
    assert_eq!(refused.severity, Severity::Stop);
    assert_eq!(cells(refused), ["Rota!B1", "Rota!D1", "Rota!F1", "Rota!H1", "Rota!J1"]);
    assert!(refused.seen.contains("\"Day\" and \"Night\""), "{}", refused.seen);
    assert!(asked.roster.duties().is_empty());
}

#[test]
fn a_column_without_a_date_is_told() {
    // As a text file shows merged dates.
    let rota = "\
Duty | 2026-03-02 || 2026-03-03 || 2026-03-04 || 2026-03-05 || 2026-03-06
Primary | Ana | Ben | Cleo | | Ana | | Ben | | Ana";
    let asked = ask(vec![tab("Contacts", PEOPLE), tab("Rota", rota)], UTC, "2026-03-01 09:00");
    let told = asked.one(Code::ColumnIgnored);
    assert_eq!((cells(told), told.severity), (vec!["Rota!C2".to_owned()], Severity::Stop));
    assert_eq!(asked.who("2026-03-02 09:00"), "Ana Diaz");
}

#[test]
fn days_that_do_not_exist() {
    // 26 February 2026 is a Thursday; the month has 28 days.
    let rota = |weekdays: &str, entered: &str| {
        format!("Name | 22 | 23 | 24 | 25 | 26 | 27 | 28 | 29 | 30\n{weekdays}Ana Diaz | N | N | N | N | N | N | N | {entered}")
    };
    let read = |text: &str| {
        ask(
            vec![tab("Contacts", PEOPLE), tab("February 2026", text)],
            &format!("{UTC}\nCode: N = 20:00-08:00"),
            "2026-02-20 09:00",
        )
    };
    let asked = read(&rota("", "N | "));
    let told = asked.one(Code::DateUnreadable);
    assert_eq!(
        (cells(told), told.severity),
        (vec!["'February 2026'!I2".to_owned()], Severity::Stop)
    );
    assert_eq!(told.seen, "\"29\" is no day of February 2026, and something is entered below it.");
    assert_eq!(asked.who("2026-02-28 21:00"), "Ana Diaz");
    assert_eq!(asked.who("2026-03-01 21:00"), "gap");
    // Weekdays that fit show that the month is right.
    let asked = read(&rota("| Sun | Mon | Tue | Wed | Thu | Fri | Sat | | \n", " | N"));
    let told = asked.one(Code::DateUnreadable);
    assert_eq!(
        (cells(told), told.severity),
        (vec!["'February 2026'!J3".to_owned()], Severity::Warn)
    );
    // The days of a form that nobody has filled in are no finding.
    assert!(read(&rota("", " | ")).of(Code::DateUnreadable).is_empty());
}

#[test]
fn a_column_of_a_week_says_so_and_hours_may_be_set() {
    let rota = "Duty | 2026-03-02 | 2026-03-09 | 2026-03-16 | 2026-03-23 | 2026-03-30\nPrimary | Ana | Ben | Cleo | Dan | Ana";
    let read = |more: &str| {
        ask(
            vec![tab("Contacts", PEOPLE), tab("Rota", rota)],
            &format!("{UTC}\n{more}"),
            "2026-03-01 09:00",
        )
    };
    let asked = read("");
    assert_eq!(asked.who("2026-03-09 07:59"), "Ana Diaz");
    assert_eq!(asked.who("2026-03-09 08:00"), "Ben Osei");
    let shape = &asked.roster.tabs_read()[0].shape;
    assert!(shape.contains("a column holds for 7 days"), "{shape}");
    // Evenings of each day of the week.
    let asked = read("Each row lasts = 18:00-22:00");
    for (at, who) in [
        ("2026-03-02 18:00", "Ana Diaz"),
        ("2026-03-02 22:00", "gap"),
        ("2026-03-08 21:59", "Ana Diaz"),
        ("2026-03-09 18:00", "Ben Osei"),
    ] {
        assert_eq!(asked.who(at), who, "{at}: {:#?}", asked.findings);
    }
}
