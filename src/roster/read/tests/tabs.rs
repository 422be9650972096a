//! Rotas that are spread over several tabs, teams in tabs, and tabs that only look like a rota.

use super::*;

const CONTACTS: &str = "Name | Phone\nAna Diaz | 0491 570 156\nBen Osei | 0491 570 157\nCy Stone | 0491 570 158";
const SETTINGS: &str = "Time zone = UTC\nHandover time = 08:00\nCountry = AU\n";

fn sheet_of(tabs: &[(&str, &str)], settings: &str, now: &str) -> Asked {
    let mut all = vec![tab("Contacts", CONTACTS)];
    all.extend(tabs.iter().map(|(name, text)| tab(name, text)));
    ask(all, &format!("{SETTINGS}{settings}"), now)
}

#[test]
fn a_tab_for_each_month() {
    let months = [
        ("January", "Date | 1st | 2nd"),
        ("Feb 2026", "Date | 1st | 2nd\n16/02 | Ana | Ben\n23/02 | Ben | Cy"),
        ("March", "Date | 1st | 2nd\n02/03 | Cy | Ana\n09/03 | Ana | Ben\n16/03 | Ben | Ana"),
    ];
    let asked = sheet_of(&months, "Date order = day first", "2026-02-20 09:00");
    assert_eq!(asked.who("2026-02-16 08:00"), "Ana Diaz, Ben Osei");
    assert_eq!(asked.who("2026-03-01 12:00"), "Ben Osei, Cy Stone");
    assert_eq!(asked.who("2026-03-02 08:00"), "Cy Stone, Ana Diaz");
    assert_eq!(asked.who("2026-03-16 08:00"), "Ben Osei, Ana Diaz");
    let read: Vec<&str> = asked.roster.tabs_read().iter().map(|read| read.tab.as_str()).collect();
    assert_eq!(read, ["Feb 2026", "March"]);
    let ignored = asked.one(Code::TabIgnored);
    assert_eq!(
        (ignored.severity, ignored.seen.as_str()),
        (Severity::Note, "Nothing is entered yet in \"January\".")
    );
}

#[test]
fn the_year_comes_from_the_tabs_around() {
    let rota = |month: &str| format!("Date | 1st | 2nd\n3 {month} | Ana | Ben\n17 {month} | Ben | Cy");
    let months = [("November 2024", rota("Nov")), ("December", rota("Dec")), ("January", rota("Jan"))];
    let months: Vec<(&str, &str)> = months.iter().map(|(name, text)| (*name, text.as_str())).collect();
    let asked = sheet_of(&months, "", "2026-02-20 09:00");
    assert_eq!(asked.who("2024-12-17 08:00"), "Ben Osei, Cy Stone");
    assert_eq!(asked.who("2025-01-03 08:00"), "Ana Diaz, Ben Osei");
    let told: Vec<&str> = asked
        .of(Code::YearChosen)
        .iter()
        .map(|finding| finding.consequence.as_str())
        .collect();
    assert!(
        told.contains(&"Their year is taken from the names of the tabs beside them; \"December\" is read as 2024."),
        "{told:?}"
    );
}

#[test]
fn two_tabs_for_one_month_are_not_both_read() {
    let old = "From | 1st\n2 Mar 2026 | Ana\n9 Mar 2026 | Ben";
    let april = "From | 1st\n6 Apr 2026 | Cy\n13 Apr 2026 | Ben";
    let asked = sheet_of(
        &[("March 2026", old), ("Rota March 2026", old), ("April 2026", april)],
        "",
        "2026-03-01 09:00",
    );
    assert_eq!(asked.who("2026-03-02 08:00"), "gap");
    assert_eq!(asked.who("2026-04-06 08:00"), "Cy Stone");
    let finding = asked.one(Code::RotaAmbiguous);
    assert_eq!(
        finding.to_string(),
        "STOP  'March 2026'!A1 and 'Rota March 2026'!A1: The tabs \"March 2026\" and \"Rota March 2026\" are for the same time.\n      \
         Neither is read, so nobody is on call by them.\n      Keep one of them; give the other a name such as Old, or delete it."
    );
    // A copy that says so is left aside.
    let asked = sheet_of(&[("March 2026", old), ("Copy of March 2026", old)], "", "2026-03-01 09:00");
    assert_eq!(asked.who("2026-03-02 08:00"), "Ana Diaz");
}

#[test]
fn tabs_of_teams() {
    let tabs = [
        ("MFT", "From | 1st\n2 Mar 2026 | Ana\n9 Mar 2026 | Ben"),
        ("ESB", "From | 1st\n2 Mar 2026 | Ben\n9 Mar 2026 | Cy"),
        ("Azure, West", "From | 1st\n2 Mar 2026 | Cy\n9 Mar 2026 | Ana"),
        ("Skills", "Name | Domain\nAna | MFT"),
    ];
    let now = "2026-03-01 09:00";
    let asked = sheet_of(&tabs, "", now);
    assert_eq!(asked.who("2026-03-02 08:00"), "gap");
    assert_eq!(
        asked.one(Code::RotaAmbiguous).to_string(),
        "STOP  MFT!A1, ESB!A1 and 'Azure, West'!A1: Several tabs look like the rota: \"MFT\", \"ESB\" and \"Azure, West\".\n      \
         None of them is read, so nobody is on call.\n      Add to Settings the line of the tab that this hotline is for: Tabs | MFT, or \
         Tabs | ESB, or Tabs | Azure* West. Several go with commas, or with a pattern: Tabs | Rota*."
    );
    for (setting, expected) in [
        ("Tabs = ESB", "Ben Osei"),
        ("Tabs = esb ", "Ben Osei"),
        ("Team = MFT", "Ana Diaz"),
        ("Tabs = azure*", "Cy Stone"),
        ("Tabs = Azure* West", "Cy Stone"),
    ] {
        let asked = sheet_of(&tabs, setting, now);
        assert_eq!(asked.who("2026-03-02 08:00"), expected, "{setting}");
        assert_eq!(asked.of(Code::RotaAmbiguous), Vec::<&Diagnostic>::new(), "{setting}");
    }
    let asked = sheet_of(&tabs, "Tabs = ESP", now);
    assert_eq!(
        asked.one(Code::RotaMissing).seen,
        "No tab fits \"ESP\" of the setting Tabs (nearest: \"ESB\")."
    );
    assert_eq!(asked.one(Code::RotaMissing).severity, Severity::Stop);
    let asked = sheet_of(&tabs, "Team = Database", now);
    assert!(
        asked
            .one(Code::RotaAmbiguous)
            .seen
            .ends_with("and none is named like the setting Team, \"database\"."),
    );
}

#[test]
fn several_tabs_that_a_setting_names_are_one_rota() {
    let tabs = [
        ("Rota spring", "From | Until | 1st\n2 Mar 2026 | 15 Mar 2026 | Ana"),
        ("Rota summer", "From | Until | 1st\n16 Mar 2026 | 31 Mar 2026 | Ben"),
        ("Ideas", "From | Until | 1st\n2 Mar 2026 | 31 Mar 2026 | Cy"),
    ];
    for setting in ["Tabs = Rota*", "Tabs = Rota summer, Rota spring"] {
        let asked = sheet_of(&tabs, setting, "2026-03-01 09:00");
        assert_eq!(asked.who("2026-03-02 08:00"), "Ana Diaz", "{setting}");
        assert_eq!(asked.who("2026-03-16 08:00"), "Ben Osei", "{setting}");
        let ignored = asked.one(Code::TabIgnored);
        assert_eq!(ignored.severity, Severity::Note);
        assert_eq!(ignored.seen, "Not read, although it looks like a rota: the tab \"Ideas\".");
    }
    // A pattern takes no tab that is named for something else; its plain name does.
    let asked = sheet_of(&tabs[..1], "Tabs = *", "2026-03-01 09:00");
    assert_eq!(asked.who("2026-03-02 08:00"), "Ana Diaz");
}

#[test]
fn statistics_and_contacts_are_no_rota() {
    let tabs = [
        (
            "Schedule",
            "Date | Senior | Junior\n2 Mar 2026 | Ana | Ben\n9 Mar 2026 | Ben | Cy\n16 Mar 2026 | Cy | Ana",
        ),
        (
            "Distribution",
            "Name | Level | Total | B1\nAna | Senior | 1 | 1\nBen | Junior | 2 | 1",
        ),
        (
            "Personal Schedules",
            "Person | Dates | Total Shifts\nAna | 02/03/2026, 16/03/2026 | 2",
        ),
    ];
    let asked = sheet_of(&tabs, "", "2026-03-01 09:00");
    assert_eq!(asked.who("2026-03-02 08:00"), "Ana Diaz, Ben Osei");
    assert_eq!(
        asked.one(Code::TabIgnored).seen,
        "Not read: the tabs \"Distribution\" and \"Personal Schedules\"."
    );
    // A column of yes and no makes no legend of a rota.
    let mut plan = "Date | Person 1 | Person 2 | Special Day".to_owned();
    for day in 2..=20 {
        plan.push_str(&format!("\n{day:02}/03/2026 | Ana | Ben | No"));
    }
    let asked = sheet_of(&[("Shift Schedule", &plan), tabs[2]], "", "2026-03-01 09:00");
    assert_eq!(asked.who("2026-03-02 08:00"), "Ana Diaz, Ben Osei");
    // Only contacts.
    let asked = ask(vec![tab("通讯录", CONTACTS)], SETTINGS, "2026-03-01 09:00");
    assert_eq!(
        asked.one(Code::RotaMissing).seen,
        "\"通讯录\" holds contacts, and there is no tab of dates and people."
    );
    assert_eq!(asked.roster.contacts.len(), 3);
}
