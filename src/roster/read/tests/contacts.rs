//! Contacts as people keep them: in several tabs and tables, beside a rota, with several columns of numbers.

use super::*;

const ROTA: &str =
    "From | 1st | 2nd\n2 Mar 2026 | Ana Diaz | Ben Osei\n9 Mar 2026 | Ben Osei | Ana Diaz\n16 Mar 2026 | Ana Diaz | Ben Osei";
const SETTINGS: &str = "Time zone = UTC\nHandover time = 08:00\nCountry = AU\n";
const NOW: &str = "2026-03-01 09:00";

fn phones(asked: &Asked, at: &str) -> Vec<String> {
    let levels = &asked.duty(at).levels;
    levels.iter().map(|level| level.responders[0].phone.address().to_owned()).collect()
}

#[test]
fn the_mobile_is_rung_before_the_desk() {
    let contacts = "Name | Department | Phone | Work mobile | Home phone | E-mail
Ana Diaz | Lab | 02 7010 0001 | 0491 570 156 | 02 7010 0009 | ana@example.com
Ben Osei | Lab | 02 7010 0002 | | | ben@example.com";
    let asked = ask(vec![tab("Contacts", contacts), tab("Rota", ROTA)], SETTINGS, NOW);
    assert_eq!(phones(&asked, "2026-03-02 08:00"), ["+61491570156", "+61270100002"]);
    assert_eq!(
        asked.one(Code::PhoneSeveral).to_string(),
        "NOTE  Contacts!D1: Several columns hold phone numbers; \"Work mobile\" is the one that is rung.\n      Where it is empty, \"Phone\" and \
         \"Home phone\" is rung.\n      Of several columns the first one from the left that is named mobile or cell is rung, else the first one. \
         Name the column that is to be rung Mobile, and others Second phone."
    );
}

#[test]
fn a_second_phone_that_says_so_needs_no_note() {
    let contacts = "Name | Phone | Second phone\nAna Diaz | 0491 570 156 | 02 7010 0001\nBen Osei | | 02 7010 0002";
    let asked = ask(vec![tab("Contacts", contacts), tab("Rota", ROTA)], SETTINGS, NOW);
    assert_eq!(phones(&asked, "2026-03-02 08:00"), ["+61491570156", "+61270100002"]);
    assert!(asked.of(Code::PhoneSeveral).is_empty(), "{:#?}", asked.findings);
}

#[test]
fn contacts_in_two_tabs_are_one_person_each() {
    let tabs = vec![
        tab("Contacts", "Name | Phone\nAna Diaz | 0491 570 156\nBen Osei | 0491 570 157"),
        tab(
            "Phone list",
            "Name | Mobile\nBen Osei | 0491 570 158\nCy Stone | 0491 570 159\nAna Diaz | 0491 570 156",
        ),
        tab("Initials", "Name | Initials\nAna Diaz | AD\nOsei, Ben | BO\nCy Stone | CS"),
        tab(
            "Rota",
            "From | 1st | 2nd\n2 Mar 2026 | AD | BO\n9 Mar 2026 | CS | AD\n16 Mar 2026 | CS | AD",
        ),
    ];
    let asked = ask(tabs, SETTINGS, NOW);
    assert_eq!(asked.who("2026-03-02 08:00"), "Ana Diaz, Ben Osei");
    assert_eq!(asked.who("2026-03-09 08:00"), "Cy Stone, Ana Diaz");
    assert_eq!(phones(&asked, "2026-03-02 08:00"), ["+61491570156", "+61491570157"]);
    assert_eq!(
        asked.one(Code::ContactsDisagree).to_string(),
        "WARN  Contacts!B3 and 'Phone list'!B2: \"Ben Osei\" has two numbers: +61…157 and +61…158.\n      +61…157 is rung, that of Contacts!B3.\n      \
         Correct the one that is wrong, or delete it; one number in one place is safest."
    );
    assert_eq!(asked.codes(), [(Severity::Warn, Code::ContactsDisagree)], "{:#?}", asked.findings);
}

#[test]
fn tables_beside_and_below_one_another() {
    let beside = "Day team | | | Night team |\nName | Phone | | Name | Phone\nAna Diaz | 0491 570 156 | | Ben Osei | 0491 570 157";
    let below = "Day team\nName | Phone\nAna Diaz | 0491 570 156\n\nNight team\nName | Role | Phone\nBen Osei | nurse | 0491 570 157";
    for contacts in [beside, below] {
        let asked = ask(vec![tab("Contacts", contacts), tab("Rota", ROTA)], SETTINGS, NOW);
        assert_eq!(phones(&asked, "2026-03-02 08:00"), ["+61491570156", "+61491570157"], "{contacts}");
    }
}

#[test]
fn initials_beside_the_rota() {
    let rota = " | | | | |
 | Date | 1st | 2nd | | Staff | Initials | Total
 | 2 Mar 2026 | AD | BO | | Ana Diaz | AD | 3
 | 9 Mar 2026 | BO | AD | | Ben Osei | BO | 2
 | 16 Mar 2026 | BO | AD | | Cy Stone | CS | 0";
    let contacts = "Name | Phone\nAna Diaz | 0491 570 156\nBen Osei | 0491 570 157\nCy Stone | 0491 570 158";
    let asked = ask(vec![tab("Contacts", contacts), tab("Rota", rota)], SETTINGS, NOW);
    assert_eq!(asked.who("2026-03-02 08:00"), "Ana Diaz, Ben Osei");
}

#[test]
fn a_column_of_marks_is_no_column_of_numbers() {
    let staff = "Name | Site | CanPhones | CanDesk\nAna Diaz | North | Y | N\nBen Osei | South | N | Y";
    let asked = ask(vec![tab("Staff", staff), tab("Rota", ROTA)], SETTINGS, NOW);
    assert_eq!(
        asked.one(Code::ContactsMissing).seen,
        "The rota names people such as \"Ana Diaz\", and the tab \"Staff\" holds no phone number for anybody."
    );
    assert_eq!(asked.codes(), [(Severity::Stop, Code::ContactsMissing)], "{:#?}", asked.findings);
}

#[test]
fn contacts_are_found_by_what_stands_in_a_tab() {
    let people = "Our people, autumn\n\n\nNo | Unit | Staff id | Name | Office no | Work mobile\n1 | Lab | 90001 | Ana Diaz | 02 7010 0001 | 0491 570 156\n2 | Lab | 90002 | Ben Osei | | 0491 570 157";
    let rota = "From | 1st | 2nd\n2 Mar 2026 | =90001 | =90002\n9 Mar 2026 | Ben | Ana\n16 Mar 2026 | Ben | Ana";
    let asked = ask(vec![tab("Business units", people), tab("On call", rota)], SETTINGS, NOW);
    assert_eq!(asked.who("2026-03-02 08:00"), "Ana Diaz, Ben Osei");
    assert_eq!(asked.who("2026-03-09 08:00"), "Ben Osei, Ana Diaz");
}

fn seconds(asked: &Asked, at: &str) -> Vec<String> {
    let levels = &asked.duty(at).levels;
    let second = |level: &crate::roster::Level| {
        level.responders[0]
            .then
            .as_ref()
            .map_or_else(|| "-".to_owned(), |phone| phone.address().to_owned())
    };
    levels.iter().map(second).collect()
}

#[test]
fn a_column_that_calls_itself_second_is_rung_second() {
    for header in [
        "Second phone",
        "Phone 2",
        "Mobile 2",
        "Backup phone",
        "Backup number",
        "2nd mobile",
        "Téléphone 2",
        "Deuxième numéro",
        "Numéro de secours",
        "Zweite Nummer",
        "Handy 2",
        "Ersatznummer",
        "Teléfono 2",
        "Segundo teléfono",
        "Otro número",
    ] {
        let contacts = format!("Name | Phone | {header}\nAna Diaz | 0491 570 156 | 02 7010 0001\nBen Osei | | 02 7010 0002");
        let asked = ask(vec![tab("Contacts", &contacts), tab("Rota", ROTA)], SETTINGS, NOW);
        assert_eq!(phones(&asked, "2026-03-02 08:00"), ["+61491570156", "+61270100002"], "{header}");
        assert_eq!(seconds(&asked, "2026-03-02 08:00"), ["+61270100001", "-"], "{header}");
        assert!(asked.findings.is_empty(), "{header}: {:#?}", asked.findings);
    }
    // Where a phone stands is no reason to ring it second.
    for header in ["Home phone", "Landline", "Festnetz"] {
        let contacts = format!("Name | Phone | {header}\nAna Diaz | 0491 570 156 | 02 7010 0001\nBen Osei | 0491 570 157 |");
        let asked = ask(vec![tab("Contacts", &contacts), tab("Rota", ROTA)], SETTINGS, NOW);
        assert_eq!(seconds(&asked, "2026-03-02 08:00"), ["-", "-"], "{header}");
    }
}

#[test]
fn two_numbers_in_a_cell_are_rung_one_after_the_other_and_said_so() {
    let contacts = "Name | Phone\nAna Diaz | 0491 570 156 / 0491 570 157\nBen Osei | 0491 570 158, home: 02 7010 0002";
    let asked = ask(vec![tab("Contacts", contacts), tab("Rota", ROTA)], SETTINGS, NOW);
    assert_eq!(seconds(&asked, "2026-03-02 08:00"), ["+61491570157", "-"]);
    let told: Vec<String> = asked
        .of(Code::PhoneSeveral)
        .iter()
        .map(|one| format!("{:?} {}", one.severity, one.consequence))
        .collect();
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(
        told.iter()
            .any(|one| one.contains("the second one when nobody of the level has accepted on the first")),
        "{told:?}"
    );
    assert!(told.iter().any(|one| one.contains("Only the first one is rung.")), "{told:?}");
}

#[test]
fn a_second_phone_that_cannot_be_dialled_costs_nothing_but_itself() {
    let contacts = "Name | Phone | Phone 2\nAna Diaz | 0491 570 156 | 1028\nBen Osei | 0491 570 157 | 0491 570 157";
    let asked = ask(vec![tab("Contacts", contacts), tab("Rota", ROTA)], SETTINGS, NOW);
    assert_eq!(seconds(&asked, "2026-03-02 08:00"), ["-", "-"]);
    assert_eq!(
        asked.one(Code::PhoneUnusable).to_string(),
        "NOTE  Contacts!C2: \"1028\", the second phone of \"Ana Diaz\", is too short to be dialled from outside.\n      Only the first phone is \
         rung.\n      Give the full number as it is dialled from outside."
    );
}

#[test]
fn a_sheet_cannot_send_calls_to_a_domain_of_its_own() {
    let contacts = "Name | Phone\nAna Diaz | sip:ana@pbx.example.org\nBen Osei | client:ben";
    let settings = "Time zone = UTC\nHandover time = 08:00\n";
    let with_line = format!("{settings}SIP domains = pbx.example.org\n");
    let asked = ask(
        vec![
            tab("Contacts", contacts),
            tab("Rota", ROTA),
            tab("Settings", &with_line.replace(" = ", " | ")),
        ],
        settings,
        NOW,
    );
    assert_eq!(asked.one(Code::SettingUnknown).seen, "\"SIP domains\" cannot be set in the sheet.");
    let refused = asked.one(Code::PhoneUnusable).to_string();
    assert!(
        refused.contains("sip:a…@pbx.example.org") && refused.contains("sip_domains = [\"pbx.example.org\"]"),
        "{refused}"
    );
    assert!(
        asked
            .duty("2026-03-02 08:00")
            .levels
            .iter()
            .all(|level| level.responders.iter().all(|who| who.phone.address() == "client:ben"))
    );
    let asked = ask(vec![tab("Contacts", contacts), tab("Rota", ROTA)], &with_line, NOW);
    assert_eq!(phones(&asked, "2026-03-02 08:00"), ["sip:ana@pbx.example.org", "client:ben"]);
    assert!(asked.findings.is_empty(), "{:#?}", asked.findings);
}

/// Hotlines never ring hotlines: which cells would have them do so.
#[test]
fn a_number_of_our_own_is_told_by_cell() {
    let contacts = "Name | Phone | Second phone\nAna Diaz | +61491570006 | +61491570156\nBen Osei | +61491570157 | +61491570007";
    let own = "Time zone = UTC\nHandover time = 08:00\nNumbers of our hotlines = +61491570006, +61491570007\n";
    let asked = ask(vec![tab("Contacts", contacts), tab("Rota", ROTA)], own, NOW);
    let told: Vec<String> = asked
        .findings
        .iter()
        .filter(|finding| finding.code == Code::PhoneOurOwn)
        .map(ToString::to_string)
        .collect();
    assert_eq!(told.len(), 2, "{told:?}");
    let first = "WARN  Contacts!B2: \"Ana Diaz\" has +61…006, a number of one of our own hotlines.\n      It is not rung: hotlines would ring one another.\n      Write the number of a phone that the person carries.";
    assert!(told.contains(&first.to_owned()), "{told:?}");
    assert!(
        told.iter()
            .any(|finding| finding.starts_with("WARN  Contacts!C3: \"Ben Osei\" has +61…007")),
        "{told:?}"
    );
    // The sheet cannot say which are ours.
    let settings = "Time zone | UTC\nHandover time | 08:00\nNumbers of our hotlines | +61491570157";
    let asked = ask(
        vec![tab("Contacts", contacts), tab("Rota", ROTA), tab("Settings", settings)],
        "",
        NOW,
    );
    assert!(!asked.findings.iter().any(|finding| finding.code == Code::PhoneOurOwn));
    assert_eq!(
        asked.one(Code::SettingUnknown).seen,
        "\"Numbers of our hotlines\" cannot be set in the sheet."
    );
}

/// Whoever may edit a sheet does not decide what is paid for: by cell, with what whoever runs the hotline can do.
#[test]
fn numbers_that_the_hotline_may_not_ring_are_told_by_cell() {
    let contacts = "Name | Phone | Second phone\nAna Diaz | +64 21 123 4567 | +61491570156\nBen Osei | +61491570157 | +61 1900 654 321\n\
                    Cy Marsh | +61 1900 654 321 |\nDee Kerr | +41 44 668 18 00 |";
    let reach = "Numbers that may be rung = {\"beginnings\":[61],\"by_default\":true,\"home\":\"AU\",\"named\":[]}\n";
    let settings = format!("Time zone = UTC\nHandover time = 08:00\nLast resort = +61 1900 654 321\n{reach}");
    let asked = ask(vec![tab("Contacts", contacts), tab("Rota", ROTA)], &settings, NOW);
    assert_eq!(phones(&asked, "2026-03-02 08:00"), ["+61491570157"]);
    let told: Vec<String> = asked.of(Code::PhoneNotAllowed).iter().map(ToString::to_string).collect();
    let of = |cell: &str| {
        let found: Vec<&String> = told.iter().filter(|finding| finding.contains(cell)).collect();
        assert_eq!(found.len(), 1, "{cell}: {told:#?}");
        found[0].clone()
    };
    let ana = of("Contacts!B2");
    assert!(ana.starts_with("STOP"), "{ana}");
    assert!(
        ana.contains("is in a country to which this hotline may not send calls") && ana.contains("dial_countries = ["),
        "{ana}"
    );
    assert!(of("Contacts!C3").starts_with("NOTE"), "only a second phone");
    assert!(of("Contacts!B4").contains("is a premium-rate number"), "not needed so far");
    assert!(of("Contacts!B5").starts_with("WARN"));
    assert!(
        told.iter()
            .any(|finding| finding.starts_with("STOP") && finding.contains("the last resort, is a premium-rate number"))
    );
    assert!(
        !told.iter().any(|finding| finding.contains("654321") || finding.contains("654 321")),
        "{told:#?}"
    );

    // The country that the sheet names counts where the operator has listed nothing; a list of his does not grow by it.
    let swiss = format!("{settings}Country for phone numbers = CH\n");
    let asked = ask(vec![tab("Contacts", contacts), tab("Rota", ROTA)], &swiss, NOW);
    assert!(
        !asked
            .of(Code::PhoneNotAllowed)
            .iter()
            .any(|finding| finding.to_string().contains("B5"))
    );
    let listed = swiss.replace("\"by_default\":true", "\"by_default\":false");
    let asked = ask(vec![tab("Contacts", contacts), tab("Rota", ROTA)], &listed, NOW);
    assert!(
        asked
            .of(Code::PhoneNotAllowed)
            .iter()
            .any(|finding| finding.to_string().contains("B5"))
    );
    // The sheet cannot say it.
    let own = format!("Time zone | UTC\nHandover time | 08:00\n{}", reach.replace(" = ", " | "));
    let asked = ask(vec![tab("Contacts", contacts), tab("Rota", ROTA), tab("Settings", &own)], "", NOW);
    assert_eq!(
        asked.one(Code::SettingUnknown).seen,
        "\"Numbers that may be rung\" cannot be set in the sheet."
    );
}
