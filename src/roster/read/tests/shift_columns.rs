//! Dates down and shifts across: nights, phones beside names, years that are not written.

use super::*;

/// The quirks of a real rota: no year, two names and two numbers in a cell, numbers that lost plus and zero, a changed
/// number for the same name, a night that ends on the next day.
const NOC: &str = "
Date | Morning | MorningPhone | Evening | EveningPhone | Night | NightPhone
28-Feb | Ana Diaz / Ben Osei | 491570156 / 491570157 | Cy Stone / Dee Fox | 491570158 / 491570159 | Eve Hill / Flo Ray | 491570110 / 491570313
1-Mar | Cy Stone / Dee Fox | 491570158 / 491570159 | Eve Hill / Flo Ray | 491570110 / 61491570737 | Ana Diaz / Ben Osei | 491570156 / 491570157
2-Mar | Eve Hill / Flo Ray | 491570110 | Ana Diaz / Ben Osei | 491570156 / 491570157 | nobody |
";

const HOURS: &str =
    "Time zone=Australia/Melbourne\nCountry=AU\nShift: Morning=06:00-14:00\nShift: Evening=14:00-22:00\nShift: Night=22:00-06:00";

#[test]
fn names_and_numbers_pair_by_their_place() {
    let asked = ask(vec![tab("NOC", NOC)], HOURS, "2026-02-20 00:00");
    // Melbourne is UTC+11: 28 February 06:00 is 27 February 19:00 UTC.
    for (at, expected) in [
        ("2026-02-27 18:59", "gap"),
        ("2026-02-27 19:00", "Ana Diaz+Ben Osei"),
        ("2026-02-28 03:00", "Cy Stone+Dee Fox"),
        ("2026-02-28 11:00", "Eve Hill+Flo Ray"),
        // 1 March 02:00 is within the night of 28 February.
        ("2026-02-28 15:00", "Eve Hill+Flo Ray"),
        ("2026-02-28 18:59", "Eve Hill+Flo Ray"),
        ("2026-02-28 19:00", "Cy Stone+Dee Fox"),
        ("2026-03-01 11:00", "Ana Diaz+Ben Osei"),
        // Two names, one number, no contacts: nobody can be told apart.
        ("2026-03-01 19:00", "gap"),
        ("2026-03-02 03:00", "Ana Diaz+Ben Osei"),
        ("2026-03-02 11:00", "nobody"),
        ("2026-03-02 19:00", "gap"),
    ] {
        assert_eq!(asked.who(at), expected, "{at}");
    }
    let phones = |at: &str| {
        asked.duty(at).levels[0]
            .responders
            .iter()
            .map(|responder| responder.phone.address().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(phones("2026-02-28 15:00"), ["+61491570110", "+61491570313"]);
    assert_eq!(phones("2026-03-01 03:00"), ["+61491570110", "+61491570737"]);
    let night = &asked.duty("2026-02-28 15:00").levels[0];
    assert_eq!((night.label.as_ref(), night.source.to_string().as_str()), ("Night", "NOC!F2"));
    assert_eq!(asked.roster.contacts.len(), 7);
}

#[test]
fn what_is_odd_about_it_is_said() {
    let asked = ask(vec![tab("NOC", NOC)], HOURS, "2026-02-20 00:00");
    let drift = asked.one(Code::PhoneDrifts);
    assert_eq!(
        drift.seen,
        "\"Flo Ray\" has 2 phone numbers in this rota: +61…313 (1 cell), +61…737 (1 cell)."
    );
    assert_eq!(cells(drift), ["NOC!G2", "NOC!E3"]);
    let count = asked.one(Code::PhoneCount);
    assert_eq!(
        (count.severity, cells(count), count.affects),
        (Severity::Stop, vec!["NOC!B4".to_owned()], Some(utc("2026-03-01 19:00")))
    );
    let year = asked.one(Code::YearChosen);
    assert_eq!(year.seen, "Dates without a year are read as 28 Feb 2026 to 2 Mar 2026.");
    assert_eq!(asked.one(Code::PhoneRepaired).severity, Severity::Note);
}

/// A person was replaced by name, and the number stayed behind.
#[test]
fn two_people_with_one_number() {
    let rota = "Date | Day | DayPhone\n2026-03-02 | Ana | 0491 570 156\n2026-03-03 | Ben | 0491 570 156\n2026-03-04 | Ben | 0491 570 156";
    let asked = ask(
        vec![tab("Rota", rota)],
        "Time zone=UTC\nCountry=AU\nShift: Day=09:00-21:00",
        "2026-02-01 00:00",
    );
    let shared = asked.one(Code::PhoneShared);
    assert_eq!(shared.seen, "Same number +61…156 for \"Ana\" (1 cell) and \"Ben\" (2 cells).");
    assert_eq!(
        (shared.severity, cells(shared)),
        (
            Severity::Warn,
            vec!["Rota!C2".to_owned(), "Rota!C3".to_owned(), "Rota!C4".to_owned()]
        )
    );
}

#[test]
fn a_column_that_nobody_has_filled_in() {
    let rota = "Date | Day | Night\n2026-03-02 | Ana |\n2026-03-03 | Ben |";
    let settings = "Time zone=UTC\nCountry=AU\nShift: Day=09:00-21:00\nShift: Night=21:00-09:00";
    let asked = ask(vec![tab("Contacts", CONTACTS), tab("Rota", rota)], settings, "2026-02-01 00:00");
    let blank = asked.one(Code::LevelBlank);
    assert_eq!(
        (blank.severity, cells(blank)),
        (Severity::Stop, vec!["Rota!C2".to_owned(), "Rota!C3".to_owned()])
    );
}

#[test]
fn contacts_win_over_numbers_in_the_rota() {
    let contacts = "Name | Phone\nEve Hill | 0491 570 110\nFlo Ray | 0491 570 313\nAna Diaz | 0491 570 156";
    let asked = ask(vec![tab("Rota", NOC), tab("Contacts", contacts)], HOURS, "2026-02-20 00:00");
    // The contacts settle what the numbers beside the names leave open.
    assert_eq!(asked.who("2026-03-01 19:00"), "Eve Hill+Flo Ray");
    assert_eq!(
        asked.duty("2026-03-01 03:00").levels[0].responders[1].phone.address(),
        "+61491570313"
    );
    assert_eq!(cells(asked.one(Code::PhoneDiffers)), ["Rota!E3", "Contacts!B3"]);
    // Who is no contact keeps the number of the rota.
    assert_eq!(asked.who("2026-02-28 03:00"), "Cy Stone+Dee Fox");
    assert_eq!(asked.of(Code::PhoneCount).len(), 0);
}

#[test]
fn a_shift_without_hours_is_refused_with_the_line_to_add() {
    let asked = ask(
        vec![tab("NOC", NOC)],
        "Time zone=UTC\nCountry=AU\nShift: Morning=06:00-14:00\nShift: Evenings=14:00-22:00",
        "2026-02-20 00:00",
    );
    let missing = asked.one(Code::ShiftHoursMissing);
    assert_eq!((missing.severity, cells(missing)), (Severity::Stop, vec!["NOC!F1".to_owned()]));
    assert_eq!(
        missing.remedy,
        "Add to Settings: Shift: Night | 20:00-08:00 (with the right hours)."
    );
    assert_eq!(asked.who("2026-02-28 14:00"), "Cy Stone+Dee Fox");
    assert_eq!(asked.who("2026-02-28 23:00"), "gap");
}

const CONTACTS: &str = "Name | Phone\nAna | 0491 570 156\nBen | 0491 570 157\nCy | 0491 570 158";

#[test]
fn hours_may_stand_in_the_header() {
    let rota = "Date | 8am-4pm | Late (16:00–00:00) | Night 00:00 - 08:00\n2026-03-02 | Ana | Ben | Cy";
    let asked = ask(
        vec![tab("Contacts", CONTACTS), tab("Rota", rota)],
        "Time zone=UTC\nCountry=AU",
        "2026-02-20 00:00",
    );
    for (at, expected) in [
        ("2026-03-02 00:00", "Cy"),
        ("2026-03-02 08:00", "Ana"),
        ("2026-03-02 16:00", "Ben"),
        ("2026-03-03 00:00", "gap"),
    ] {
        assert_eq!(asked.who(at), expected, "{at}");
    }
}

/// Day 8:00-20:10, night 20:00-8:10: for ten minutes the incoming person is rung first, then the outgoing one.
#[test]
fn an_overlap_on_purpose() {
    let rota = "Date | Day | Night\n2026-03-02 | Ana | Ben\n2026-03-03 | Cy | Ana";
    let settings = "Time zone=UTC\nCountry=AU\nShift: Day=8:00-20:10\nShift: Night=20：00—8:10";
    let asked = ask(vec![tab("Contacts", CONTACTS), tab("Rota", rota)], settings, "2026-02-01 00:00");
    for (at, expected) in [
        ("2026-03-02 19:59", "Ana"),
        ("2026-03-02 20:00", "Ben, Ana"),
        ("2026-03-02 20:10", "Ben"),
        ("2026-03-03 07:59", "Ben"),
        ("2026-03-03 08:00", "Cy, Ben"),
        ("2026-03-03 08:10", "Cy"),
    ] {
        assert_eq!(asked.who(at), expected, "{at}");
    }
    assert_eq!(asked.codes(), []);
}

#[test]
fn a_night_over_the_change_of_the_clocks() {
    let rota = "Date | Day | Night\n2026-03-28 | Ana | Ben\n2026-03-29 | Cy | Ana";
    let settings = "Time zone=Europe/London\nCountry=AU\nShift: Day=08:00-20:00\nShift: Night=20:00-08:00";
    let asked = ask(vec![tab("Contacts", CONTACTS), tab("Rota", rota)], settings, "2026-02-01 00:00");
    // The night is eleven hours long: 20:00 UTC to 08:00 in summer time, 07:00 UTC.
    let night = asked.duty("2026-03-29 00:30");
    assert_eq!((night.from, night.until), (utc("2026-03-28 20:00"), utc("2026-03-29 07:00")));
    assert_eq!(asked.who("2026-03-29 07:00"), "Cy");
}

#[test]
fn weekdays_beside_the_date_are_no_shift() {
    let rota = "Date | Day | Early | Night\n02/03/2026 | Mon | Ana | Ben\n04/03/2026 | Wed | Cy | Ana";
    let settings = "Time zone=UTC\nCountry=AU\nShift: Early=08:00-20:00\nShift: Night=20:00-08:00";
    let asked = ask(vec![tab("Contacts", CONTACTS), tab("Rota", rota)], settings, "2026-02-01 00:00");
    // The weekday proves that the day comes first: 3 February 2026 is a Tuesday.
    assert_eq!(asked.who("2026-03-02 09:00"), "Ana");
    assert_eq!(asked.codes(), []);
}

#[test]
fn changes_lie_over_shifts_and_their_days_begin_with_the_first_shift() {
    let rota = "Date | Day | Night\n2026-03-02 | Ana | Ben\n2026-03-03 | Ana | Ben";
    let changes = "From | Until | 1st\n2 Mar 2026 | 2 Mar 2026 | Cy";
    let settings = "Time zone=UTC\nCountry=AU\nShift: Day=09:00-21:00\nShift: Night=21:00-09:00";
    let tabs = vec![tab("Contacts", CONTACTS), tab("Rota", rota), tab("Changes", changes)];
    let asked = ask(tabs, settings, "2026-02-01 00:00");
    for (at, expected) in [("2026-03-02 09:00", "Cy"), ("2026-03-03 08:59", "Cy"), ("2026-03-03 09:00", "Ana")] {
        assert_eq!(asked.who(at), expected, "{at}");
    }
    assert_eq!(asked.codes(), []);
}

#[test]
fn a_merged_name_is_on_call_on_all_its_dates() {
    let mut rota = tab("Rota", "Date | Day\n2026-03-02 | Ana\n2026-03-03 |\n2026-03-04 | Ben");
    rota.merges.push(providers::Merge {
        first: (1, 1),
        last: (2, 1),
    });
    let asked = ask(
        vec![tab("Contacts", CONTACTS), rota],
        "Time zone=UTC\nCountry=AU\nShift: Day=09:00-21:00",
        "2026-02-01 00:00",
    );
    assert_eq!(asked.who("2026-03-03 10:00"), "Ana");
    assert_eq!(asked.duty("2026-03-03 10:00").levels[0].source.to_string(), "Rota!B2");
    assert_eq!(asked.codes(), []);
}

#[test]
fn an_empty_shift_is_a_coverage_gap_and_said() {
    let rota = "Date | Day | Night\n2026-03-02 | Ana |\n2026-03-03 | !#N/A | Ben";
    let settings = "Time zone=UTC\nCountry=AU\nShift: Day=09:00-21:00\nShift: Night=21:00-09:00";
    let asked = ask(vec![tab("Contacts", CONTACTS), tab("Rota", rota)], settings, "2026-02-01 00:00");
    assert_eq!(asked.who("2026-03-02 22:00"), "gap");
    assert_eq!(asked.one(Code::LevelBlank).severity, Severity::Stop);
    let error = asked.one(Code::FormulaError);
    assert_eq!(
        (error.seen.as_str(), cells(error)),
        ("The formula shows \"#N/A\".", vec!["Rota!B3".to_owned()])
    );
}
