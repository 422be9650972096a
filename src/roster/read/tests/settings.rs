//! Settings in four languages, settings that cannot be read, that contradict one another, and that fit nothing.

use super::*;

const CONTACTS: &str = "Name | Phone\nAna Diaz | 0491 570 156\nBen Osei | 0491 570 157";
const ROTA: &str = "Date | Day | Night\n2 Mar 2026 | Ana | Ben\n3 Mar 2026 | Ben | Ana\n31 Mar 2026 | Ben | Ana";
const NOW: &str = "2026-03-01 09:00";

fn with(settings: &str, given: &str) -> Asked {
    let tabs = vec![tab("Contacts", CONTACTS), tab("Rota", ROTA), tab("Settings", settings)];
    ask(tabs, given, NOW)
}

#[test]
fn settings_in_four_languages() {
    for settings in [
        "Time zone | Europe/Paris\nHandover | 08:00\nCountry | AU\nCoverage | Mon-Fri 09:00-17:00\nShift: Day | 08:00-20:00\nShift: Night | 20:00-08:00",
        "Fuseau horaire | Europe/Paris\nRelève | 08:00\nPays | AU\nCouverture | Mon-Fri 09:00-17:00\nPoste: Day | 08:00-20:00\nPoste: Night | 20:00-08:00",
        "Zeitzone | Europe/Paris\nÜbergabezeit | 08:00\nLand | AU\nAbdeckung | Mo-Fr 09:00-17:00\nSchicht: Day | 08:00-20:00\nSchicht: Night | 20:00-08:00",
        "Zona horaria | Europe/Paris\nHora de relevo | 08:00\nPaís | AU\nCobertura | Mon-Fri 09:00-17:00\nTurno: Day | 08:00-20:00\nTurno: Night | 20:00-08:00",
    ] {
        let asked = with(settings, "");
        // Paris is an hour ahead of UTC.
        assert_eq!(asked.who("2026-03-02 06:59"), "gap", "{settings}");
        assert_eq!(asked.who("2026-03-02 07:00"), "Ana Diaz", "{settings}");
        assert_eq!(asked.who("2026-03-02 19:00"), "Ben Osei", "{settings}");
        assert!(!asked.of(Code::CoverageGap).is_empty(), "{settings}");
        for code in [
            Code::SettingUnknown,
            Code::SettingUnreadable,
            Code::SettingUnused,
            Code::SettingsDiffer,
        ] {
            assert_eq!(asked.of(code), Vec::<&Diagnostic>::new(), "{settings}");
        }
    }
}

#[test]
fn a_setting_that_cannot_be_read_shows_how_to_write_it() {
    let settings = "Time zone | UTC\nCountry | AU\nShift: Day | 08:00-20:00\nShift: Night | 20:00-08:00\nHandover time | early\nCoverage | mostly\n\
                    Turn | long\nTime zoen | UTC\nColour | red";
    let asked = with(settings, "");
    let told: Vec<(Vec<String>, &str)> = asked
        .of(Code::SettingUnreadable)
        .iter()
        .map(|finding| (cells(finding), finding.remedy.as_str()))
        .collect();
    assert_eq!(told.len(), 3, "{told:?}");
    for expected in [
        ("Settings!B5", "Write it as in: Handover time | 08:00."),
        (
            "Settings!B6",
            "Write it as in: Coverage | Mon-Fri 09:00-17:00; Sat 10:00-14:00 (or 24/7).",
        ),
        ("Settings!B7", "Write it as in: Turn | 7 days."),
    ] {
        assert!(told.contains(&(vec![expected.0.to_owned()], expected.1)), "{told:?}");
    }
    let unknown: Vec<(Vec<String>, &str)> = asked
        .of(Code::SettingUnknown)
        .iter()
        .map(|finding| (cells(finding), finding.remedy.as_str()))
        .collect();
    assert_eq!(
        unknown[0],
        (
            vec!["Settings!B8".to_owned()],
            "If that is what it means, write it as in: Time zone | Australia/Melbourne."
        )
    );
    assert!(unknown[1].1.starts_with("The settings are: Time zone,"), "{unknown:?}");
}

#[test]
fn which_of_two_values_counts() {
    let settings = "Time zone | Europe/Paris\nCountry | AU\nShift: Day | 08:00-20:00\nShift: Night | 20:00-08:00\nShift: Day | 09:00-20:00";
    let asked = with(settings, "Time zone = UTC\nCountry = AU");
    assert_eq!(asked.who("2026-03-02 08:30"), "gap");
    assert_eq!(asked.who("2026-03-02 09:00"), "Ana Diaz");
    let told: Vec<String> = asked.of(Code::SettingsDiffer).iter().map(ToString::to_string).collect();
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told.contains(
        &"NOTE  Settings!B1: \"Time zone\" is \"Europe/Paris\" in the sheet, and \"UTC\" where the hotline is configured.\n      What the \
          hotline is configured with counts.\n      Delete the one that is not meant."
            .to_owned()
    ));
    assert!(told.contains(
        &"NOTE  Settings!B3 and B5: \"Shift: Day\" is set twice: \"08:00-20:00\" and \"09:00-20:00\".\n      The later one counts.\n      \
          Delete the one that is not meant."
            .to_owned()
    ));
}

#[test]
fn a_setting_that_fits_nothing() {
    let settings =
        "Time zone | UTC\nCountry | AU\nShift: Day | 08:00-20:00\nShift: Night | 20:00-08:00\nShift: Nihgt | 21:00-08:00\nCode: QQX | 1st";
    let asked = with(settings, "");
    let told: Vec<(Severity, Vec<String>, &str)> = asked
        .of(Code::SettingUnused)
        .iter()
        .map(|finding| (finding.severity, cells(finding), finding.seen.as_str()))
        .collect();
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told.contains(&(
        Severity::Warn,
        vec!["Settings!B5".to_owned()],
        "The setting for \"Nihgt\" fits nothing in the rota (nearest: \"Night\", Rota!C1)."
    )));
    assert!(told.contains(&(
        Severity::Note,
        vec!["Settings!B6".to_owned()],
        "The setting for \"QQX\" fits nothing in the rota."
    )));
}
