//! What single cells of people and phones come to, in whole sheets.

use super::*;

const SETTINGS: &str = "Time zone=UTC\nHandover=08:00\nCountry=AU";
const NOW: &str = "2026-02-01 00:00";
const PEOPLE: &str =
    "Name | Phone | Also known as\nAna Diaz | 0491 570 156 | AD\nBen Osei | 0491 570 157 | BO\nCarl Daiso | 0491 570 158 |";

/// The one cell of a rota, read for Monday 2 March 2026.
fn first(cell: &str) -> Asked {
    let rota = format!("From | 1st\n2 Mar 2026 | {cell}\n9 Mar 2026 | Ana Diaz");
    ask(vec![tab("Contacts", PEOPLE), tab("Rota", &rota)], SETTINGS, NOW)
}

#[test]
fn several_people_in_one_cell() {
    for cell in [
        "Ana / Ben",
        "Ana & Ben",
        "Ana⏎Ben",
        "Ana, Ben",
        "ANA E BEN",
        "Ana y Ben",
        "Ana und Ben",
        "Ana和Ben",
        "Ana、Ben",
        "['Ana', 'Ben']",
        "[\"Ana Diaz\", \"Ben Osei\"]",
    ] {
        let asked = first(cell);
        assert_eq!(asked.who("2026-03-02 09:00"), "Ana Diaz+Ben Osei", "{cell}");
        assert_eq!(asked.codes(), [], "{cell}");
    }
    assert_eq!(first("['Ana']").who("2026-03-02 09:00"), "Ana Diaz");
    // Somebody unknown among them is told, whatever the brackets.
    assert_eq!(first("['Ana', 'Zoe']").one(Code::NameUnknown).severity, Severity::Stop);
}

#[test]
fn labels_inside_a_cell_are_not_rung_past() {
    let asked = first("1st line:⏎Ana⏎2nd line:⏎Ben");
    assert_eq!(asked.who("2026-03-02 09:00"), "gap");
    assert_eq!(asked.one(Code::NameLabels).severity, Severity::Stop);
    assert_eq!(first("S: Ana").one(Code::NameLabels).severity, Severity::Stop);
}

#[test]
fn a_date_in_place_of_a_name_is_told() {
    let asked = first("@2026-12-10T00:00");
    let finding = asked.one(Code::NameTakenForDate);
    assert_eq!((finding.severity, cells(finding)), (Severity::Stop, vec!["Rota!B2".to_owned()]));
    assert!(finding.seen.contains("\"10-12\" was typed"), "{}", finding.seen);
}

#[test]
fn placeholders_have_words_of_their_own() {
    for cell in ["Locum", "Agency", "Team A", "Operador", "All"] {
        let asked = first(cell);
        let finding = asked.one(Code::NameUnknown);
        assert_eq!(finding.severity, Severity::Stop);
        assert_eq!(
            finding.seen,
            format!("\"{cell}\" stands for somebody, and does not say whom to ring.")
        );
    }
}

#[test]
fn spellings_of_one_man_are_told_and_never_merged() {
    // None of them a contact.
    let rota = "From | 1st\n2 Mar 2026 | Zoe Hiovin\n9 Mar 2026 | Zoe Hiovinn\n16 Mar 2026 | Dr Zoe Hiovin\n23 Mar 2026 | Max Other";
    let asked = ask(vec![tab("Contacts", PEOPLE), tab("Rota", rota)], SETTINGS, NOW);
    let finding = asked.one(Code::NameSpellings);
    assert_eq!(finding.severity, Severity::Warn);
    assert_eq!(
        finding.seen,
        "\"Dr Zoe Hiovin\", \"Zoe Hiovin\" and \"Zoe Hiovinn\" are spelled almost alike."
    );
    let mut places = cells(finding);
    places.sort();
    assert_eq!(places, ["Rota!B2", "Rota!B3", "Rota!B4"]);
    assert_eq!(asked.who("2026-03-02 09:00"), "gap");
    // Two contacts: each is rung as written.
    let contacts = "Name | Phone\nJon Smith | 0491 570 156\nJohn Smith | 0491 570 157";
    let rota = "From | 1st | 2nd\n2 Mar 2026 | Jon Smith | John Smith\n9 Mar 2026 | John Smith | Jon Smith";
    let asked = ask(vec![tab("Contacts", contacts), tab("Rota", rota)], SETTINGS, NOW);
    assert_eq!(asked.who("2026-03-02 09:00"), "Jon Smith, John Smith");
    assert_eq!(cells(asked.one(Code::NameSpellings)), ["Contacts!A2", "Contacts!A3"]);
    // Titles and capitals that lead to one contact are no trouble.
    let rota = "From | 1st\n2 Mar 2026 | Ir Daiso\n9 Mar 2026 | DAISO\n16 Mar 2026 | Daiso";
    let asked = ask(vec![tab("Contacts", PEOPLE), tab("Rota", rota)], SETTINGS, NOW);
    assert_eq!(asked.codes(), []);
    assert_eq!(asked.who("2026-03-17 09:00"), "Carl Daiso");
}

#[test]
fn an_extension_is_told_by_cell() {
    let contacts = "Name | Phone\nAna Diaz | 02 5550 1234 ext 12\nBen Osei | 02 5550 1234 ext 13";
    let rota = "From | 1st | 2nd\n2 Mar 2026 | Ana Diaz | Ben Osei\n9 Mar 2026 | Ben Osei | Ana Diaz";
    let asked = ask(vec![tab("Contacts", contacts), tab("Rota", rota)], SETTINGS, NOW);
    let levels = &asked.duty("2026-03-02 09:00").levels;
    let phones: Vec<(&str, Option<&str>)> = levels
        .iter()
        .map(|level| (level.responders[0].phone.address(), level.responders[0].phone.extension()))
        .collect();
    assert_eq!(phones, [("+61255501234", Some("12")), ("+61255501234", Some("13"))]);
    assert_eq!(cells(asked.one(Code::PhoneExtension)), ["Contacts!B2", "Contacts!B3"]);
    // Two extensions are two phones.
    assert_eq!(asked.codes(), [(Severity::Warn, Code::PhoneExtension)]);
}
