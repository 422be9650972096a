//! Sheets as strangers keep them, one quirk each: who is on call is worked out by hand by reading the sheet as a person
//! would.

use super::super::super::{Code, Severity};
use super::{Asked, ask, cells, tab};

const UTC: &str = "Time zone = UTC\nHandover time = 08:00\nCountry = AU";
const PEOPLE: &str = "Name | Phone\nAna Diaz | 0491 570 156\nBen Osei | 0491 570 157\nCleo Rossi | 0491 570 158\nDan Ito | 0491 570 159";

fn read(rota: &str, settings: &str, now: &str) -> Asked {
    ask(vec![tab("Contacts", PEOPLE), tab("Rota", rota)], &format!("{UTC}\n{settings}"), now)
}

fn assert_who(asked: &Asked, expected: &[(&str, &str)]) {
    for (at, who) in expected {
        assert_eq!(asked.who(at), *who, "{at}: {:#?}", asked.findings);
    }
}

#[test]
fn a_short_last_block_of_dates_is_a_block() {
    let rota = "\
EVENTS TEAM
 | Sun 1 Mar | Sun 8 Mar | Sun 15 Mar | Sun 22 Mar | Sun 29 Mar
Duty manager | Ana Diaz | Ben Osei | Cleo Rossi | Ana Diaz | Ben Osei
Notes | | Biscuit Day | | |

 | Sun 5 Apr | Sun 12 Apr | Sun 19 Apr
Duty manager | Ben Osei | Cleo Rossi | Dan Ito
Notes | | |";
    let asked = read(rota, "Order = Duty manager", "2026-03-01 12:00");
    assert_who(
        &asked,
        &[
            ("2026-03-01 12:00", "Ana Diaz"),
            ("2026-03-15 12:00", "Cleo Rossi"),
            ("2026-04-05 12:00", "Ben Osei"),
            ("2026-04-19 12:00", "Dan Ito"),
        ],
    );
}

#[test]
fn the_last_days_of_a_month_below_whole_weeks_are_a_block() {
    let rota = "\
March 2026
 | 16 | 17 | 18 | 19 | 20 | 21 | 22
Ana Diaz | N | | N | | N | | N
Ben Osei | | N | | N | | N |
 | 23 | 24 | 25 | 26 | 27 | 28 | 29
Ana Diaz | | N | | N | | N |
Ben Osei | N | | N | | N | | N
 | 30 | 31
Ana Diaz | N |
Ben Osei | | N";
    let asked = read(rota, "Code: N = 1st, 20:00-08:00", "2026-03-16 12:00");
    assert_who(
        &asked,
        &[
            ("2026-03-16 21:00", "Ana Diaz"),
            ("2026-03-17 21:00", "Ben Osei"),
            ("2026-03-23 21:00", "Ben Osei"),
            ("2026-03-30 21:00", "Ana Diaz"),
            ("2026-03-31 21:00", "Ben Osei"),
        ],
    );
}

#[test]
fn mar_is_march_where_no_week_goes_like_that() {
    let rota = "\
Name | 27-Feb | 28-Feb | 1-Mar | 2-Mar | 3-Mar | 4-Mar | 5-Mar
Ana Diaz | N | | N | | N | | N
Ben Osei | | N | | N | | N |";
    let asked = read(rota, "Code: N = 1st, 20:00-08:00", "2026-02-27 12:00");
    assert_who(
        &asked,
        &[
            ("2026-02-28 21:00", "Ben Osei"),
            ("2026-03-01 21:00", "Ana Diaz"),
            ("2026-03-04 21:00", "Ben Osei"),
        ],
    );
    assert_eq!(asked.of(Code::DateWeekday).len(), 0);
    let rota = rota.replace(
        "27-Feb | 28-Feb | 1-Mar | 2-Mar | 3-Mar | 4-Mar | 5-Mar",
        "1-Mar | 2-Mar | 3-Mar | 4-Mar | 5-Mar | 6-Mar | 7-Mar",
    );
    let asked = read(&rota, "Code: N = 1st, 20:00-08:00", "2026-03-01 12:00");
    assert_who(&asked, &[("2026-03-01 21:00", "Ana Diaz"), ("2026-03-02 21:00", "Ben Osei")]);
    // Days of a week, as Italians write them: 3 March 2026 is a Tuesday.
    let rota = "\
Marzo 2026
Nome | lun 2 | mar 3 | mer 4 | gio 5 | ven 6 | sab 7 | dom 8
Ana Diaz | N | | N | | N | | N
Ben Osei | | N | | N | | N |";
    let asked = read(rota, "Code: N = 1st, 20:00-08:00", "2026-03-02 12:00");
    assert_who(&asked, &[("2026-03-02 21:00", "Ana Diaz"), ("2026-03-03 21:00", "Ben Osei")]);
}

#[test]
fn people_and_days_off_are_no_legend() {
    let rota = "\
Planning mars 2026
 | 1 | 2 | 3 | 4 | 5 | 6 | 7
Nuit | Ana Diaz | Ben Osei | Ana Diaz | Ben Osei | Ana Diaz | Ben Osei | Ana Diaz
Jour | Ben Osei | RTT | | | | |
Ben Osei | RTT | | | | | |
Cleo Rossi | CP | | | | | |";
    let asked = read(
        rota,
        "Shift: Nuit = 1st, 20:00-08:00\nShift: Jour = 1st, 08:00-20:00",
        "2026-03-01 07:00",
    );
    assert_eq!(asked.of(Code::LegendRead).len(), 0, "{:#?}", asked.findings);
    assert_who(
        &asked,
        &[
            ("2026-03-01 12:00", "Ben Osei"),
            ("2026-03-01 21:00", "Ana Diaz"),
            ("2026-03-02 21:00", "Ben Osei"),
        ],
    );
}

/// Days off of people, opening hours, a list of who does what when: only tables in which each code is explained once.
#[test]
fn tables_of_their_own_that_are_no_legend() {
    let rota = "\
Name | 2 Mar 2026 | 3 Mar 2026 | 4 Mar 2026 | 5 Mar 2026 | 6 Mar 2026
Ana Diaz | N | D | N | D | N
Ben Osei | D | N | D | N | D";
    let legends = |text: &str| {
        let tabs = vec![tab("Contacts", PEOPLE), tab("Rota", rota), tab("Sheet7", text)];
        ask(tabs, UTC, "2026-03-02 00:00").of(Code::LegendRead).len()
    };
    assert_eq!(legends("N | 20:00-08:00\nD | 08:00-20:00"), 1);
    for text in [
        "Away |\nAna Diaz | leave\nBen Osei | holiday",
        "Monday | 08:00-18:00\nTuesday | 08:00-18:00\nSaturday | 10:00-12:00",
        "Desk | 08:00-12:00\nDesk | 12:00-18:00\nYard | 08:00-18:00",
        "2 Mar 2026 | 08:00-18:00\n3 Mar 2026 | 08:00-18:00",
    ] {
        assert_eq!(legends(text), 0, "{text}");
    }
}

#[test]
fn a_legend_may_reach_into_the_header_row() {
    let rota = "\
 | | | | | | | | | Shift | Hours
Employee | 2 Mar 2026 | 3 Mar 2026 | 4 Mar 2026 | 5 Mar 2026 | 6 Mar 2026 | | | | N | 22:00-06:00
Ana Diaz | E | N | E | N | E | | | | E | 06:00-14:00
Ben Osei | N | E | N | E | N | | | | H | Holiday";
    let asked = read(rota, "", "2026-03-02 00:00");
    assert_who(
        &asked,
        &[
            ("2026-03-02 07:00", "Ana Diaz"),
            ("2026-03-02 23:00", "Ben Osei"),
            ("2026-03-04 05:00", "Ana Diaz"),
        ],
    );
}

#[test]
fn changes_that_number_the_place_they_change_are_refused() {
    let rota = "From | 1st | 2nd\n2 Mar 2026 | Ana Diaz | Ben Osei\n9 Mar 2026 | Ben Osei | Ana Diaz";
    let changes = "date | slot | person\n2026-03-03 | 1 | Cleo Rossi\n2026-03-04 | 0 | Dan Ito";
    let tabs = vec![tab("Contacts", PEOPLE), tab("Rota", rota), tab("Overrides", changes)];
    let asked = ask(tabs, UTC, "2026-03-02 12:00");
    assert_eq!(asked.who("2026-03-03 12:00"), "Ana Diaz, Ben Osei");
    let refused = asked.one(Code::LayoutUnknown);
    assert_eq!(
        (refused.severity, cells(refused)),
        (Severity::Stop, vec!["Overrides!B1".to_owned()])
    );
    assert_eq!(
        refused.seen,
        "\"slot\" says which place or turn a row changes; that is read only from headers."
    );
}

#[test]
fn days_of_a_month_beside_weekdays_are_no_fixed_week() {
    let rota = "\
Call schedule March 2026
Day | Weekday | 1st call | 2nd call
1 | Sun | Ana Diaz | Ben Osei
2 | Mon | Ben Osei | Cleo Rossi
3 | Tue | Cleo Rossi | Ana Diaz
4 | Wed | Ana Diaz | Ben Osei

Totals
Ana Diaz | 2 | 1 | 3";
    let asked = read(rota, "", "2026-03-01 12:00");
    assert_who(
        &asked,
        &[
            ("2026-03-02 07:00", "Ana Diaz, Ben Osei"),
            ("2026-03-03 12:00", "Cleo Rossi, Ana Diaz"),
            ("2026-03-05 07:59", "Ana Diaz, Ben Osei"),
            ("2026-03-05 08:00", "gap"),
        ],
    );
}

#[test]
fn numbers_of_weeks_are_no_times() {
    let rota = "\
Bereitschaftsplan März 2026
Woche | von | bis | Vordergrund | Hintergrund
10 | Mo 02.03. | So 08.03. | Ana Diaz | Ben Osei
11 | Mo 09.03. | So 15.03. | Ben Osei | niemand
12 | Mo 16.03. | So 22.03. | Cleo Rossi | Dan Ito";
    let asked = read(rota, "", "2026-03-02 12:00");
    assert_who(
        &asked,
        &[
            ("2026-03-09 07:59", "Ana Diaz, Ben Osei"),
            ("2026-03-09 08:00", "Ben Osei"),
            ("2026-03-22 12:00", "Cleo Rossi, Dan Ito"),
        ],
    );
}

#[test]
fn portuguese_weekdays_stand_below_their_dates() {
    let rota = "\
Data | Titular | Suplente
01/03/2026⏎domingo | Ana Diaz | Ben Osei
02/03/2026⏎segunda-feira | Ben Osei | Cleo Rossi
03/03/2026⏎terça-feira | Cleo Rossi | Ana Diaz
04/03/2026⏎quarta | Ana Diaz | Ben Osei";
    let asked = read(rota, "", "2026-03-01 12:00");
    assert_who(
        &asked,
        &[
            ("2026-03-02 12:00", "Ben Osei, Cleo Rossi"),
            ("2026-03-03 12:00", "Cleo Rossi, Ana Diaz"),
        ],
    );
    assert_eq!(asked.of(Code::DateUnreadable).len(), 0);
}

#[test]
fn sums_below_a_fixed_week_are_nobody() {
    let rota = "\
Worker names | Monday | Tuesday | Wednesday | Thursday | Friday
Ana Diaz | 6AM-2PM | férias | OFF | 2PM-10PM | 2PM-10PM
Ben Osei | 2PM-10PM | OFF | 6AM-2PM | 6AM-2PM | OFF
Total | 2 | 0 | 1 | 2 | 1";
    let asked = read(rota, "", "2026-03-02 12:00");
    assert_who(&asked, &[("2026-03-02 12:00", "Ana Diaz"), ("2026-03-04 12:00", "Ben Osei")]);
    assert_eq!(asked.of(Code::CodeUnknown).len(), 0, "{:#?}", asked.findings);
    assert_eq!(cells(asked.one(Code::RowsIgnored)), ["Rota!A4"]);
}

#[test]
fn hours_below_a_header_for_people_are_hours() {
    let rota = "\
datum | dienst | mitarbeiter_id
2026-03-01 | 08-19 | Ana Diaz
2026-03-01 | 19-08 | Ben Osei
2026-03-02 | 08-19 | Ben Osei
2026-03-02 | 19-08 | Ana Diaz";
    let asked = read(rota, "", "2026-03-01 12:00");
    assert_who(
        &asked,
        &[
            ("2026-03-01 12:00", "Ana Diaz"),
            ("2026-03-02 07:59", "Ben Osei"),
            ("2026-03-02 19:00", "Ana Diaz"),
            ("2026-03-03 08:00", "gap"),
        ],
    );
}

#[test]
fn a_month_that_begins_within_a_week_is_not_cut_off() {
    let rota = "\
April 2026
Name | Sun | Mon | Tue | Wed | Thu | Fri | Sat
 | | | | 1 | 2 | 3 | 4
Ana Diaz | | | | N | | N |
Ben Osei | | | | | N | | N
 | 5 | 6 | 7 | 8 | 9 | 10 | 11
Ana Diaz | N | | N | | N | | N
Ben Osei | | N | | N | | N |";
    let asked = read(rota, "Code: N = 1st, 20:00-08:00", "2026-04-01 12:00");
    let refused = asked.one(Code::LayoutUnknown);
    assert_eq!((refused.severity, cells(refused)), (Severity::Stop, vec!["Rota!E3".to_owned()]));
    assert_eq!(
        refused.seen,
        "The days from \"1\" stand in a row of their own above those from \"5\", too few to be told from other numbers."
    );
}
