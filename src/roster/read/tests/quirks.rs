//! Contacts, settings and tabs as people keep them, and shapes that are refused.

use super::*;

const ROTA: &str = "From | 1st | 2nd\n2 Mar 2026 | Ana Diaz | Ben Osei\n9 Mar 2026 | Ben Osei | Ana Diaz";
const SETTINGS: &str = "Time zone=UTC\nHandover=08:00\nCountry=AU";
const NOW: &str = "2026-02-01 00:00";

fn with_contacts(contacts: &str) -> Asked {
    ask(vec![tab("Contacts", contacts), tab("Rota", ROTA)], SETTINGS, NOW)
}

#[test]
fn contacts_below_a_title_and_right_of_a_margin() {
    let contacts =
        " | | \n | Our people | \n | | \n | Name | Tel. | Initials\n | Ana Diaz | 0491 570 156 | AD\n | Ben Osei | =491570157 | BO";
    let asked = with_contacts(contacts);
    assert_eq!(asked.who("2026-03-02 08:00"), "Ana Diaz, Ben Osei");
    assert_eq!(cells(asked.one(Code::PhoneRepaired)), ["Contacts!C6"]);
}

#[test]
fn contacts_in_other_languages() {
    for contacts in [
        "Nom | Prénom | Portable\nDiaz | Ana | 0491 570 156\nOsei | Ben | 0491 570 157",
        "Vorname | Nachname | Handy\nAna | Diaz | 0491 570 156\nBen | Osei | 0491 570 157",
        "Nombre | Teléfono | Siglas\nAna Diaz | 0491 570 156 | AD\nBen Osei | 0491 570 157 | BO",
        "Mitarbeiter | Kürzel | Rufnummer\nDiaz, Ana | AD | 0491 570 156\nOsei, Ben | BO | 0491 570 157",
    ] {
        let asked = with_contacts(contacts);
        assert_eq!(
            asked.duty("2026-03-02 08:00").levels[0].responders[0].phone.address(),
            "+61491570156",
            "{contacts}"
        );
        assert_eq!(asked.codes(), [], "{contacts}");
    }
}

#[test]
fn a_contact_whose_number_cannot_be_dialled() {
    let asked = with_contacts("Name | Phone\nAna Diaz | ana@example.com\nBen Osei | 0491 570 157\nCy Stone | #1028\nDee Fox | 4.47E+11");
    assert_eq!(asked.who("2026-03-02 08:00"), "Ben Osei");
    let findings = asked.of(Code::PhoneUnusable);
    let seen: Vec<(Severity, Vec<String>)> = findings.iter().map(|finding| (finding.severity, cells(finding))).collect();
    let expected = [
        (Severity::Stop, vec!["Rota!B2", "Contacts!B2", "Rota!C3"]),
        (Severity::Warn, vec!["Contacts!B4"]),
        (Severity::Warn, vec!["Contacts!B5"]),
    ];
    assert_eq!(
        seen,
        expected.map(|(severity, cells)| (severity, cells.into_iter().map(ToOwned::to_owned).collect()))
    );
    assert_eq!(
        findings[0].seen,
        "\"ana@example.com\", the number of \"Ana Diaz\", is an e-mail address, not a phone number."
    );
    assert_eq!(
        findings[0].consequence,
        "1st from Mon 2 Mar 08:00 to Mon 9 Mar 08:00 is left out; callers go straight to the next level. The same in 1 more shift."
    );
}

#[test]
fn shared_numbers_and_equal_names() {
    let asked = with_contacts(
        "Name | Phone\nAna Diaz | 0491 570 156\nBen Osei | 0491 570 156\nCy | 0491 570 158\ncy | 0491 570 159\nCy | 0491 570 158",
    );
    assert_eq!(cells(asked.one(Code::PhoneShared)), ["Contacts!B2", "Contacts!B3"]);
    // Number masked: findings may end up in a log.
    assert_eq!(
        asked.one(Code::PhoneShared).seen,
        "Same number +61…156 for \"Ana Diaz\" and \"Ben Osei\"."
    );
    assert_eq!(cells(asked.one(Code::NameTwice))[..2], ["Contacts!A4", "Contacts!A5"]);
}

#[test]
fn several_numbers_in_a_cell_are_said_once() {
    let asked =
        with_contacts("Name | Phone\nAna Diaz | 0491 570 156 / 0491 570 159\nBen Osei | 0491 570 157⏎0491 570 158\n | 0491 570 110");
    assert_eq!(
        asked.duty("2026-03-02 08:00").levels[0].responders[0].phone.address(),
        "+61491570156"
    );
    assert_eq!(cells(asked.one(Code::PhoneSeveral)), ["Contacts!B2", "Contacts!B3"]);
    assert_eq!(cells(asked.one(Code::NameMissing)), ["Contacts!A4"]);
}

#[test]
fn nobody_has_a_number() {
    let asked = ask(vec![tab("Rota", ROTA)], SETTINGS, "2026-03-01 00:00");
    assert_eq!(asked.who("2026-03-02 08:00"), "gap");
    let missing = asked.one(Code::ContactsMissing);
    assert_eq!((missing.severity, missing.affects), (Severity::Stop, Some(utc("2026-03-02 08:00"))));
}

#[test]
fn numbers_in_place_of_names() {
    let rota = "From | 1st | 2nd\n2 Mar 2026 | 0491 570 156 | 2026-03-02\n9 Mar 2026 | +61 491 570 157 | 12345678";
    let asked = ask(vec![tab("Rota", rota)], SETTINGS, NOW);
    let phone = |at: &str| asked.duty(at).levels[0].responders[0].phone.address().to_owned();
    assert_eq!(
        (phone("2026-03-02 08:00"), phone("2026-03-09 08:00")),
        ("+61491570156".to_owned(), "+61491570157".to_owned())
    );
    // A date among the names is no number to dial.
    assert_eq!(asked.duty("2026-03-02 08:00").levels.len(), 1);
    assert!(!asked.who("2026-03-02 08:00").contains("570"), "names show no number");
}

#[test]
fn several_people_in_a_cell() {
    let contacts = "Name | Phone\nAna Diaz | 0491 570 156\nBen Osei | 0491 570 157\nR&D desk | 0491 570 158";
    let at = "2026-03-02 08:00";
    for (cell, expected) in [
        ("Ana / Ben", "Ana Diaz+Ben Osei"),
        ("Ana & Ben", "Ana Diaz+Ben Osei"),
        ("Ana⏎Ben", "Ana Diaz+Ben Osei"),
        ("Ana, Ben", "Ana Diaz+Ben Osei"),
        ("Ana and Ben", "Ana Diaz+Ben Osei"),
        ("Diaz, Ana", "Ana Diaz"),
        ("Osei, Ben / Diaz, Ana", "Ben Osei+Ana Diaz"),
        ("R&D desk", "R&D desk"),
        ("R&D desk / Ana", "R&D desk+Ana Diaz"),
        ("Ana / Ana Diaz", "Ana Diaz"),
        ("Ana / TBA", "Ana Diaz"),
        ("Ana, somebody", "gap"),
    ] {
        let rota = format!("From | 1st\n2 Mar 2026 | {cell}");
        let asked = ask(vec![tab("Contacts", contacts), tab("Rota", &rota)], SETTINGS, NOW);
        assert_eq!(asked.who(at), expected, "{cell}");
        let whole = !matches!(cell, "Ana / TBA" | "Ana, somebody");
        assert_eq!(asked.codes().is_empty(), whole, "{cell}: {:#?}", asked.findings);
    }
}

const TWO: &str = "Name | Phone\nAna Diaz | 0491 570 156\nBen Osei | 0491 570 157";

#[test]
fn settings_are_read_leniently_and_what_is_given_wins() {
    let settings = "
Setting | Value
TIME-ZONE: | australia/melbourne
Hand-over | =0.375
Pays | Australie
Country | Australia
colour | blue
Last resort | Ben
";
    let tabs = || vec![tab("Contacts", TWO), tab("Rota", ROTA), tab("Settings", settings)];
    let asked = ask(tabs(), "", NOW);
    // 09:00 in Melbourne is 22:00 UTC of the day before.
    assert_eq!(
        (asked.who("2026-03-01 21:59"), asked.who("2026-03-01 22:00")),
        ("gap".to_owned(), "Ana Diaz, Ben Osei".to_owned())
    );
    assert_eq!(asked.roster.last_resort.as_ref().unwrap().name, "Ben Osei");
    assert_eq!(cells(asked.one(Code::SettingUnknown)), ["Settings!B6"]);
    assert_eq!(cells(asked.one(Code::SettingUnreadable)), ["Settings!B4"]);
    let asked = ask(tabs(), "time zone=UTC\nHANDOVER TIME=10:00\nlast resort=+61 491 570 110", NOW);
    assert_eq!(asked.who("2026-03-02 10:00"), "Ana Diaz, Ben Osei");
    assert_eq!(asked.roster.last_resort.as_ref().unwrap().phone.address(), "+61491570110");
}

#[test]
fn time_zones() {
    let read_with = |settings: &str| {
        ask(
            vec![tab("Contacts", TWO), tab("Rota", ROTA)],
            &format!("{settings}\nHandover=08:00\nCountry=AU"),
            NOW,
        )
    };
    for (settings, zone) in [
        ("Time zone=Australia/Melbourne", "Australia/Melbourne"),
        ("Time zone=america/new york", "America/New_York"),
        ("Zeitzone=Melbourne", "Australia/Melbourne"),
    ] {
        assert_eq!(read_with(settings).roster.time_zone.name(), zone, "{settings}");
    }
    let missing = read_with("");
    assert_eq!(
        (missing.roster.time_zone.name(), missing.one(Code::TimeZoneMissing).severity),
        ("UTC", Severity::Stop)
    );
    let unknown = read_with("Time zone=Australia/Melborne");
    assert_eq!(
        unknown.one(Code::TimeZoneUnknown).seen,
        "\"Australia/Melborne\" is not a time zone (nearest: Australia/Melbourne)."
    );
    assert_eq!(read_with("Time zone=EST").one(Code::TimeZoneFixed).severity, Severity::Warn);
    assert_eq!(read_with("Time zone=Etc/GMT+10").one(Code::TimeZoneFixed).severity, Severity::Warn);

    let mut from_sheet = sheet(vec![tab("Contacts", TWO), tab("Rota", ROTA)]);
    from_sheet.time_zone = Some("Australia/Melbourne".to_owned());
    let (roster, findings) = read(&from_sheet, &given("Handover=08:00\nCountry=AU"), utc(NOW));
    assert_eq!((roster.time_zone.name(), findings), ("Australia/Melbourne", Vec::new()));
}

#[test]
fn a_last_resort_that_cannot_be_rung() {
    let asked = ask(
        vec![tab("Contacts", TWO), tab("Rota", ROTA)],
        &format!("{SETTINGS}\nLast resort=The boss"),
        NOW,
    );
    assert!(asked.roster.last_resort.is_none());
    assert_eq!(asked.one(Code::LastResortUnknown).severity, Severity::Stop);
}

#[test]
fn twelve_o_clock_is_doubtful() {
    let rota = "Date | Day\n2 Mar 2026 | Ana";
    let asked = ask(
        vec![tab("Contacts", TWO), tab("Rota", rota)],
        &format!("{SETTINGS}\nShift: Day=12pm-8pm"),
        NOW,
    );
    assert_eq!(
        (asked.who("2026-03-02 11:59"), asked.who("2026-03-02 12:00")),
        ("gap".to_owned(), "Ana Diaz".to_owned())
    );
    assert_eq!(asked.one(Code::TimeDoubtful).severity, Severity::Warn);
}

#[test]
fn tabs_are_found_by_name_and_by_content() {
    for (contacts, rota) in [
        ("Contacts", "Rota"),
        ("kontakte", "Dienstplan"),
        ("Who is who", "2026"),
        ("Contacts.csv", "rota.csv"),
        ("Staff", "Week plan"),
    ] {
        let asked = ask(vec![tab(rota, ROTA), tab(contacts, TWO), tab("Empty", "")], SETTINGS, NOW);
        assert_eq!(asked.who("2026-03-02 08:00"), "Ana Diaz, Ben Osei", "{contacts} {rota}");
    }
    let asked = ask(vec![tab("Contacts", TWO), tab("Rota A", ROTA), tab("Rota B", ROTA)], SETTINGS, NOW);
    let ambiguous = asked.one(Code::RotaAmbiguous);
    assert_eq!(
        (ambiguous.severity, cells(ambiguous)),
        (Severity::Stop, vec!["'Rota A'!A1".to_owned(), "'Rota B'!A1".to_owned()])
    );
    let asked = ask(vec![tab("Contacts", TWO)], SETTINGS, NOW);
    assert_eq!(asked.one(Code::RotaMissing).severity, Severity::Stop);
    let asked = ask(Vec::new(), SETTINGS, NOW);
    assert_eq!(asked.one(Code::RotaMissing).severity, Severity::Stop);
    let asked = ask(vec![tab("Rota", "From | 1st"), tab("Contacts", TWO)], SETTINGS, NOW);
    assert_eq!(asked.one(Code::RotaEmpty).severity, Severity::Stop);
}

/// What would be read wrongly is refused, with one Stop that touches calls now.
#[test]
fn shapes_that_are_not_read() {
    let refused = [
        (
            "people down, dates across",
            "Name | 2026-03-02 | 2026-03-03\nAna | N | X\nBen | X | N",
        ),
        ("days of a month", "Name | 1 | 2 | 3\nAna | N | X | X"),
        (
            "two first levels",
            "Week | inhours_primary | oncall_primary\n2 Mar 2026 | Ana | Ben",
        ),
        ("two teams", "From | Team | 1st\n2 Mar 2026 | North | Ana\n2 Mar 2026 | South | Ben"),
        ("levels and shifts", "Date | 1st | Night\n2 Mar 2026 | Ana | Ben"),
        ("two beginnings", "Date | From | 1st\n2 Mar 2026 | 3 Mar 2026 | Ana"),
        ("no column of people", "Week | Call\n2 Mar 2026 | somebody"),
        ("prose", "Ring Ana first.\nThen Ben."),
    ];
    for (what, rota) in refused {
        let asked = ask(vec![tab("Contacts", TWO), tab("Rota", rota)], SETTINGS, NOW);
        let finding = asked.one(Code::LayoutUnknown);
        assert_eq!((finding.severity, finding.affects), (Severity::Stop, Some(utc(NOW))), "{what}");
        assert!(asked.roster.duties().is_empty() && !finding.remedy.is_empty(), "{what}: {finding}");
    }
    // A column without a known header is read where contacts stand in it.
    let asked = ask(
        vec![tab("Contacts", TWO), tab("Rota", "Week | Call\n2 Mar 2026 | Ana")],
        SETTINGS,
        NOW,
    );
    assert_eq!(asked.who("2026-03-02 08:00"), "Ana Diaz");
}

/// Each table goes by its own header; the same header once more begins no other table.
#[test]
fn further_tables_below_go_by_their_own_headers() {
    let rota = "From | 1st | 2nd\n2 Mar 2026 | Ana | Ben\nFrom | 1st | 2nd\n9 Mar 2026 | Ben | Ana\n\nApril\nDate | 2nd | 1st\n\
                16 Mar 2026 | Ana | Ben\nFrom | Until | Spare\n23 Mar 2026 | 24 Mar 2026 | Ben";
    let asked = ask(vec![tab("Contacts", TWO), tab("Rota", rota)], SETTINGS, NOW);
    assert_eq!(asked.who("2026-03-09 08:00"), "Ben Osei, Ana Diaz");
    assert_eq!(asked.who("2026-03-16 08:00"), "Ben Osei, Ana Diaz");
    assert_eq!(asked.who("2026-03-24 07:59"), "Ben Osei");
    assert_eq!(asked.codes(), []);
    // One that is no rota is refused, and what stands above it counts.
    let rota = "From | 1st | 2nd\n2 Mar 2026 | Ana | Ben\nDate | Speaker | Hall\n9 Mar 2026 | Ana | small";
    let asked = ask(vec![tab("Contacts", TWO), tab("Rota", rota)], SETTINGS, NOW);
    assert_eq!(cells(asked.one(Code::LayoutUnknown)), ["Rota!B3"]);
    assert_eq!(
        (asked.who("2026-03-02 08:00"), asked.who("2026-03-09 08:00")),
        ("Ana Diaz, Ben Osei".to_owned(), "gap".to_owned())
    );
}

#[test]
fn a_column_of_contacts_that_nobody_reads_is_pointed_out() {
    let rota = "From | 1st | Spare\n2 Mar 2026 | Ana | Ben\n9 Mar 2026 | Ben | Ana";
    let asked = ask(vec![tab("Contacts", TWO), tab("Rota", rota)], SETTINGS, NOW);
    assert_eq!(asked.who("2026-03-02 08:00"), "Ana Diaz");
    assert_eq!(cells(asked.one(Code::ColumnIgnored)), ["Rota!C1"]);
}

#[test]
fn phone_columns_of_a_handover_list() {
    let rota = "
Start Date | End Date | Primary | Primary Phone | Secondary | Secondary Phone | Team | Notes
2026-03-02 | 2026-03-08 | Eve | 0491 570 110 | Flo | 0491 570 313 | Lab |
2026-03-09 | 2026-03-15 | Flo | 0491 570 313 | Eve | 0491 570 110 | Lab | swap?
";
    let asked = ask(vec![tab("Rota", rota)], SETTINGS, NOW);
    assert_eq!(
        (asked.who("2026-03-02 08:00"), asked.who("2026-03-15 12:00")),
        ("Eve, Flo".to_owned(), "Flo, Eve".to_owned())
    );
    assert_eq!(
        asked.duty("2026-03-02 08:00").levels[1].responders[0].phone.address(),
        "+61491570313"
    );
    assert_eq!(asked.codes(), []);
}

#[test]
fn weekdays_that_disagree_are_said() {
    let rota = "From | 1st\nTue 2 Mar 2026 | Ana\nMon 9 Mar 2026 | Ben";
    let asked = ask(vec![tab("Contacts", TWO), tab("Rota", rota)], SETTINGS, NOW);
    assert_eq!(asked.who("2026-03-02 08:00"), "Ana Diaz");
    let weekday = asked.one(Code::DateWeekday);
    assert_eq!(
        (weekday.severity, weekday.seen.as_str()),
        (
            Severity::Warn,
            "\"Tue 2 Mar 2026\" is a Monday; the weekday beside it is another one."
        )
    );
}

#[test]
fn findings_come_by_when_they_touch_calls_and_are_limited() {
    let mut rota = String::from("From | 1st\n");
    for day in 0..400 {
        let date = chrono::NaiveDate::from_ymd_opt(2026, 3, 2).unwrap() + chrono::Days::new(day);
        rota.push_str(&format!("{date} | Stranger {day}x\n"));
    }
    let asked = ask(vec![tab("Contacts", TWO), tab("Rota", &rota)], SETTINGS, NOW);
    assert_eq!(asked.findings.len(), 201);
    assert!(asked.findings[..200].is_sorted_by_key(|finding| finding.affects));
    assert_eq!(
        asked.findings[200].to_string(),
        "NOTE  And 200 more findings.\n      Mend those above first; the others appear then."
    );
}

#[test]
fn a_rota_ends_with_its_last_row_and_changes_do_not_carry_it_on() {
    let changes = "From | Until | 1st\n20 Mar 2026 18:00 | 21 Mar 2026 18:00 | Ben";
    let of = |rota: &str| {
        let tabs = vec![tab("Contacts", TWO), tab("Rota", rota), tab("Changes", changes)];
        ask(tabs, SETTINGS, NOW)
    };
    let asked = of("From | Until | 1st\n2 Mar 2026 | 8 Mar 2026 | Ana");
    assert_eq!(asked.roster.ends(), Some(utc("2026-03-09 08:00")));
    assert_eq!(asked.who("2026-03-20 18:00"), "Ben Osei", "laid over a gap");
    for nothing in ["From | Until | 1st", "From | Until | 1st\n2 Mar 2026 | 8 Mar 2026 | Nbdy Known"] {
        let asked = of(nothing);
        assert_eq!(asked.roster.ends(), None);
        assert!(asked.findings.iter().any(|finding| finding.severity == Severity::Stop), "{nothing}");
    }
}

/// Findings are read aloud: whole sentences, as an admin would say them.
#[test]
fn sentences() {
    let zone = "Time zone=Australia/Lord_Howe\nCountry=AU";
    let said = |rota: &str, changes: &str, now: &str, code| {
        let tabs = vec![tab("Contacts", TWO), tab("Rota", rota), tab("Changes", changes)];
        ask(tabs, zone, now).one(code).to_string()
    };
    let rota = "From | Until | 1st\n5 Apr 2026 01:45 | 6 Apr 2026 08:00 | Ana";
    assert_eq!(
        said(rota, "", "2026-04-01 00:00", Code::ClockChange),
        "NOTE  Rota!A2: The clocks of Australia/Lord_Howe show Sun 5 Apr 2026 01:45 twice.\n      The shift changes the first time.\n      \
         Nothing is to be done if that is meant; else move the handover by an hour."
    );
    let rota = "From | Until | 1st\n4 Oct 2026 02:15 | 6 Oct 2026 08:00 | Ana";
    assert!(
        said(rota, "", "2026-10-01 00:00", Code::ClockChange)
            .starts_with("NOTE  Rota!A2: The clocks of Australia/Lord_Howe do not show Sun 4 Oct 2026 02:15.\n      The shift changes when the clocks go forward.")
    );
    // 6 Oct 08:00 on the island is 5 Oct 21:00 UTC.
    assert!(
        said(rota, "", "2026-10-05 09:00", Code::RotaEnds).starts_with("STOP  Rota!C2: The rota ends Tue 6 Oct 08:00, in less than a day.")
    );
    let changes = "From | Until | 1st\n5 Oct 2026 | 6 Oct 2026 |";
    assert!(said(rota, changes, "2026-10-01 00:00", Code::ChangeEmpty).starts_with(
        "STOP  Changes!A2: This change names nobody, and does not say nobody either.\n      It has no effect: the rota holds."
    ));
}

/// A program that formats its cells shows the admin something else than the value; that is what findings quote.
#[test]
fn findings_quote_what_the_program_shows() {
    let mut rota = tab(
        "Rota",
        "From|1st|2nd\n@2026-03-02T08:00|=0|Ana\nsoon|Ana|Ana\n@2026-03-09T08:00|Ana|Ana",
    );
    let shows = |place, text: &str| providers::Formatted {
        place,
        text: text.to_owned(),
    };
    rota.formatted = vec![shows((1, 0), "Mon 2-Mar"), shows((1, 1), "–"), shows((2, 0), "TBD")];
    let contacts = tab("Contacts", "Name|Phone\nAna|=49157\n");
    let contacts = Tab {
        formatted: vec![shows((1, 1), "049 157")],
        ..contacts
    };
    let asked = ask(vec![contacts, rota], "Time zone = UTC", "2026-03-01 00:00");
    let seen: Vec<&str> = asked.findings.iter().map(|finding| finding.seen.as_str()).collect();
    for part in [
        "\"–\" counts as nobody entered as 1st.",
        "\"TBD\" ",
        "\"049 157\", the number of \"Ana\", ",
    ] {
        assert!(seen.iter().any(|seen| seen.contains(part)), "{part}: {seen:#?}");
    }
}
