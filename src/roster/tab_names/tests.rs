use super::*;
use providers::AddressStyle;

fn tab(name: &str) -> Tab {
    Tab {
        name: name.to_owned(),
        file: None,
        style: AddressStyle::Grid,
        rows: Vec::new(),
        lines: Vec::new(),
        merges: Vec::new(),
        formatted: Vec::new(),
        link: None,
    }
}

#[test]
fn names_of_tabs() {
    let cases = [
        ("Settings", Some(Kind::Settings)),
        ("Réglages", Some(Kind::Settings)),
        ("Telefonliste", Some(Kind::Contacts)),
        ("Swaps", Some(Kind::Changes)),
        ("Shift swaps 2026", Some(Kind::Changes)),
        ("Handler_Leave", Some(Kind::Leave)),
        ("Holidays", Some(Kind::Leave)),
        ("Congés été", Some(Kind::Leave)),
        ("Urlaub 2026", Some(Kind::Leave)),
        ("rota.csv", Some(Kind::Rota)),
        ("On call", Some(Kind::Rota)),
        ("Dienstplan", Some(Kind::Rota)),
        ("Rota March", None),
        ("MFT", None),
        ("Cleaver", None),
    ];
    for (name, expected) in cases {
        assert_eq!(kind(&tab(name)), expected, "{name}");
    }
}

#[test]
fn periods() {
    let month = |year, month| Some((year, Some((month, month)), false));
    let cases = [
        ("January", month(None, 1)),
        ("Feb 2026", month(Some(2026), 2)),
        ("2026 März", month(Some(2026), 3)),
        ("Rota April 2026", month(Some(2026), 4)),
        ("2026年5月", month(Some(2026), 5)),
        ("医生排班表（2026年5月）", month(Some(2026), 5)),
        ("5月", month(None, 5)),
        ("2026-03", month(Some(2026), 3)),
        ("Oct-Dec 2026", Some((Some(2026), Some((10, 12)), false))),
        ("Q2 2026", Some((Some(2026), Some((4, 6)), false))),
        ("Quartal 1", Some((None, Some((1, 3)), false))),
        ("2026", Some((Some(2026), None, false))),
        ("Rota 2026", Some((Some(2026), None, false))),
        ("Week 12", Some((None, None, true))),
        ("KW12", Some((None, None, true))),
        ("2 March", Some((None, Some((3, 3)), true))),
        ("Rota", None),
        ("MFT", None),
        ("March Lab", None),
        ("Sheet1", None),
        ("12", None),
        ("L1_Support", None),
        ("", None),
    ];
    for (name, expected) in cases {
        let found = period(&tab(name)).map(|period| (period.year, period.months, period.is_part));
        assert_eq!(found, expected, "{name}");
    }
}

#[test]
fn years_go_on_from_tab_to_tab() {
    let of = |names: &[&str]| years(&names.iter().map(|name| period(&tab(name))).collect::<Vec<_>>());
    assert_eq!(
        of(&["November 2025", "December", "January", "February"]),
        [Some(2025), Some(2025), Some(2026), Some(2026)]
    );
    assert_eq!(
        of(&["November", "December", "January 2026", "May"]),
        [Some(2025), Some(2025), Some(2026), Some(2026)]
    );
    assert_eq!(of(&["March", "April"]), [None, None]);
    assert_eq!(of(&["March 2026", "Week 12"]), [Some(2026), None]);
}

#[test]
fn patterns_of_tabs() {
    for (pattern, name, expected) in [
        ("MFT", "mft ", true),
        ("Lab*", "Lab March", true),
        ("Lab *", "Laboratory", false),
        ("*2026", "März 2026", true),
        ("marz*", "März 2026", true),
        ("Rota*", "rota.csv", true),
        ("Kirche + VH", "Kirche + VH", true),
        ("L1*", "L1_Support", true),
        ("*", "anything", true),
        ("MFT", "MFT 2", false),
    ] {
        assert_eq!(fits(&tab(name), pattern), expected, "{pattern} {name}");
    }
    assert!(names_team(&tab("Rota MFT"), "mft"));
    assert!(!names_team(&tab("MFTX"), "mft"));
}

#[test]
fn tabs_beside_the_one_in_use() {
    for name in ["Copy of March 2026", "March (old)", "Vorlage", "Rota archive"] {
        assert!(is_aside(&tab(name)), "{name}");
    }
    assert!(!is_aside(&tab("Altona")));
}
