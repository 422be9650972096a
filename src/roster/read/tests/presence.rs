//! The column Status of the contacts: who is away, until when, and what is told.

use super::*;

const ROTA: &str = "From | 1st | 2nd\n2 Mar 2026 | Ana Diaz | Ben Osei\n9 Mar 2026 | Ben Osei | Ana Diaz\n16 Mar 2026 | Ana Diaz | Ben Osei\n30 Mar 2026 | nobody |";
const NOW: &str = "2026-03-01 09:00";

/// With these cells beside Ana and Ben.
fn statuses(ana: &str, ben: &str) -> Asked {
    statuses_in("Europe/Berlin", ana, ben)
}

fn statuses_in(zone: &str, ana: &str, ben: &str) -> Asked {
    let contacts =
        format!("Name | Phone | Status\nAna Diaz | 0491 570 156 | {ana}\nBen Osei | 0491 570 157 | {ben}\nCy Stone | 0491 570 158 |");
    let settings = format!("Time zone = {zone}\nHandover time = 08:00\nCountry = AU\n");
    ask(vec![tab("Contacts", &contacts), tab("Rota", ROTA)], &settings, NOW)
}

/// Who is away at the instant: the last digits of the number, and the cell.
fn away(asked: &Asked, at: &str) -> Vec<String> {
    let away = asked.roster.away().iter().filter(|(_, away)| away.lasts_at(utc(at)));
    away.map(|(phone, away)| format!("{} {}", &phone.address()[9..], away.cell))
        .collect()
}

#[test]
fn away_until_a_day_includes_it_and_back_does_not() {
    // Berlin is an hour ahead in winter, two from 29 March on.
    let asked = statuses("away until 2026-03-10", "back Mon 30 Mar 2026");
    assert_eq!(away(&asked, "2026-03-10 22:59"), ["156 Contacts!C2", "157 Contacts!C3"]);
    assert_eq!(away(&asked, "2026-03-10 23:00"), ["157 Contacts!C3"]);
    assert_eq!(away(&asked, "2026-03-29 21:59"), ["157 Contacts!C3"]);
    assert_eq!(away(&asked, "2026-03-29 22:00"), Vec::<String>::new());
    assert!(asked.of(Code::StatusUnclear).is_empty());
    // A time that is shown twice: the first. Lord Howe Island puts its clocks back by half an hour only.
    let asked = statuses_in("Australia/Lord_Howe", "away until 5 Apr 2026 01:45", "");
    assert_eq!(away(&asked, "2026-04-04 14:44"), ["156 Contacts!C2"]);
    assert_eq!(away(&asked, "2026-04-04 14:45"), Vec::<String>::new());
}

#[test]
fn a_day_without_a_year_is_the_nearest_to_the_first_reading() {
    let asked = statuses("krank bis 10. März", "de retour le 30 décembre");
    assert_eq!(away(&asked, "2026-03-10 22:59"), ["156 Contacts!C2"], "December is over");
    assert_eq!(away(&asked, "2026-03-10 23:00"), Vec::<String>::new());
    let sheet = sheet(vec![
        tab("Contacts", "Name | Phone | Status\nAna Diaz | +61491570156 | off until 10 Mar"),
        tab("Rota", ROTA),
    ]);
    let settings = given("Time zone = UTC\nHandover time = 08:00");
    let (again, _) = super::super::read_again(&sheet, &settings, utc(NOW), utc("2027-02-20 09:00"));
    let (_, away) = again.away().iter().next().unwrap();
    assert_eq!(
        away.until,
        Some(utc("2026-03-11 00:00")),
        "read again a year later it is the same day"
    );
}

#[test]
fn either_order_of_day_and_month_is_told() {
    let asked = statuses("away until 3/4/2026", "away until 13/3/2026");
    assert_eq!(away(&asked, "2026-03-13 22:59"), ["157 Contacts!C3"]);
    assert_eq!(
        asked.one(Code::StatusUnclear).to_string(),
        "WARN  Contacts!C2: \"away until 3/4/2026\" can be read with the day or with the month first.\n      The person counts as available and is \
         rung.\n      Write away, off, busy, sick or holiday, or nothing for whoever is there; with an end, away until 2026-12-01 or back \
         2026-12-01 18:00. What is planned belongs in Changes."
    );
    let contacts = "Name | Phone | Status\nAna Diaz | 0491 570 156 | away until 3/4/2026";
    let settings = "Time zone = UTC\nHandover time = 08:00\nCountry = AU\nDate order = day first";
    let asked = ask(
        vec![tab("Contacts", contacts), tab("Rota", "From | 1st\n2 Mar 2026 | Ana Diaz")],
        settings,
        NOW,
    );
    assert_eq!(asked.roster.away().values().next().unwrap().until, Some(utc("2026-04-04 00:00")));
}

#[test]
fn what_is_not_understood_counts_as_there_once_for_all_cells() {
    for (status, seen) in [
        ("gone fishing", "is no status that is known"),
        ("free", "is no status that is known"),
        (
            "back 18:00",
            "names a time or a weekday without a date: the cell stays, and days go by",
        ),
        ("away from 2026-03-10", "says from when somebody is away, which a status cannot"),
        ("away until 2026-02-30", "is a date that does not exist"),
        ("away until Fri 10 Mar 2026", "names a date that falls on another weekday"),
    ] {
        let asked = statuses(status, status);
        assert_eq!(away(&asked, NOW), Vec::<String>::new(), "{status}");
        let told = asked.one(Code::StatusUnclear);
        assert_eq!(told.severity, Severity::Warn);
        assert_eq!(told.seen, format!("\"{status}\" {seen}. The other cell likewise."));
        assert_eq!(cells(told), ["Contacts!C2", "Contacts!C3"]);
    }
}

#[test]
fn who_is_on_call_and_away_is_told_by_cell() {
    let asked = statuses("sick", "on duty");
    let told = asked.one(Code::StatusAway);
    assert_eq!(
        told.to_string(),
        "WARN  Contacts!C2 and Rota!B2: \"Ana Diaz\" is away by this cell (\"sick\"), and on call from Mon 2 Mar 08:00, 3 shifts in all.\n      While \
         that is so, calls pass over this person and go straight to the next.\n      Empty the cell when the person is back; or enter in the \
         rota, or in Changes, who takes over."
    );
    assert_eq!(told.affects, Some(utc("2026-03-02 07:00")));
    assert!(
        statuses("away until 2026-03-01", "").of(Code::StatusAway).is_empty(),
        "the duty begins on the 2nd"
    );
    assert!(statuses("available", "-").of(Code::StatusAway).is_empty());
    let contacts = "Name | Phone | Status\nAna Diaz | 0491 570 156 |\nBen Osei | 0491 570 157 |\nCy Stone | 0491 570 158 | holiday";
    let asked = ask(
        vec![tab("Contacts", contacts), tab("Rota", ROTA)],
        "Time zone = UTC\nHandover time = 08:00\nCountry = AU",
        NOW,
    );
    assert!(asked.of(Code::StatusAway).is_empty(), "Cy is not on call");
    assert_eq!(away(&asked, NOW), ["158 Contacts!C4"]);
}

#[test]
fn a_shared_telephone_is_there_as_long_as_one_of_its_people_is() {
    let shared = |ana: &str, ben: &str| {
        let contacts = format!("Name | Phone | Status\nAna Diaz | 0491 570 156 | {ana}\nBen Osei | 0491 570 156 | {ben}");
        ask(
            vec![tab("Contacts", &contacts), tab("Rota", ROTA)],
            "Time zone = UTC\nHandover time = 08:00\nCountry = AU",
            NOW,
        )
    };
    assert_eq!(away(&shared("away", ""), NOW), Vec::<String>::new());
    let both = shared("away", "away until 2026-03-05");
    assert_eq!(away(&both, NOW), ["156 Contacts!C3"]);
    assert_eq!(away(&both, "2026-03-06 00:00"), Vec::<String>::new());
}

#[test]
fn a_status_in_the_rota_is_none_of_a_person() {
    let tabs = vec![
        tab("Contacts", "Name | Phone\nAna Diaz | 0491 570 156"),
        tab(
            "Rota",
            "Date | Name | Start | End | Status\n2 Mar 2026 | Ana Diaz | 08:00 | 20:00 | off",
        ),
    ];
    let asked = ask(tabs, "Time zone = UTC\nHandover time = 08:00\nCountry = AU", NOW);
    assert!(asked.roster.away().is_empty());
    let tabs = vec![
        tab("Contacts", "Name | Phone | Statut\nAna Diaz | 0491 570 156 |"),
        tab("Phone list", "Name | Phone | Estado\nAna Diaz | 0491 570 156 | de vacaciones"),
        tab("Rota", ROTA),
    ];
    let asked = ask(tabs, "Time zone = UTC\nHandover time = 08:00\nCountry = AU", NOW);
    assert_eq!(away(&asked, NOW), ["156 'Phone list'!C2"]);
}
