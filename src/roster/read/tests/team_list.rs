use super::{Code, Severity, ask, cells, tab};

const SETTINGS: &str = "Time zone = UTC\nCountry = AU";
const NOW: &str = "2026-03-01 09:00";
const TEAMS: &str = "Domain | Code | Tier | Name | Phone | Email\n\
    Radio (RAN) | RAN | Secondary Cover | Ben Osei | +61491570157 | ben@telco.example\n\
    Radio (RAN) | RAN | Primary L2 | Ana Diaz | +61491570156 | ana@telco.example\n\
    Transmission | TX | IP Layer | Cy Roe | +61491570158 | cy@telco.example\n\
    Transmission | TX | DWDM␣ | Dee Moe | +61491570159 | dee@telco.example";

fn codes(asked: &super::Asked) -> Vec<Code> {
    asked.findings.iter().map(|finding| finding.code).collect()
}

#[test]
fn the_team_of_the_settings_is_in_force_always() {
    let asked = ask(vec![tab("teams", TEAMS)], &format!("{SETTINGS}\nTeam = Radio"), NOW);
    for at in ["2026-01-27 00:00", "2026-03-01 09:00", "2027-04-01 00:00"] {
        assert_eq!(asked.who(at), "Ana Diaz, Ben Osei", "{at}");
    }
    assert_eq!(asked.codes(), [(Severity::Note, Code::NoDates)]);
    assert_eq!(asked.roster.horizon(), Some(super::utc("2027-04-05 09:00")));
    assert_eq!(
        asked.roster.tabs_read()[0].shape,
        "a list without dates, always in force: \"Name\" is rung, in the order of \"Tier\", of the team \"Radio (RAN)\" only"
    );
}

#[test]
fn roles_without_an_order_are_rung_as_listed_and_said() {
    let asked = ask(vec![tab("teams", TEAMS)], &format!("{SETTINGS}\nTeam = transmission"), NOW);
    assert_eq!(asked.who(NOW), "Cy Roe, Dee Moe");
    let order = asked.one(Code::OrderUnstated);
    assert_eq!(
        (order.severity, order.seen.as_str()),
        (
            Severity::Warn,
            "Nothing says who is rung first where \"IP Layer\" and \"DWDM\" are on call at once."
        )
    );
    let settled = format!("{SETTINGS}\nTeam = transmission\nOrder = DWDM, IP Layer");
    let asked = ask(vec![tab("teams", TEAMS)], &settled, NOW);
    assert_eq!((asked.who(NOW).as_str(), codes(&asked)), ("Dee Moe, Cy Roe", vec![Code::NoDates]));
    let together = format!("{SETTINGS}\nTeam = transmission\nPeople of the same shift = together");
    assert_eq!(ask(vec![tab("teams", TEAMS)], &together, NOW).who(NOW), "Cy Roe+Dee Moe");
}

#[test]
fn several_teams_and_no_setting() {
    let asked = ask(vec![tab("teams", TEAMS)], SETTINGS, NOW);
    let finding = asked.one(Code::LayoutUnknown);
    assert_eq!((finding.severity, cells(finding)), (Severity::Stop, vec!["teams!A1".to_owned()]));
    assert_eq!(finding.remedy, "Add to Settings: Team | Radio (RAN) (the team of this hotline).");
    assert_eq!(asked.who(NOW), "gap");
}

#[test]
fn shadows_never_ring_and_a_contact_that_is_an_e_mail_finds_the_number() {
    let rota = "Team | Role | Name | Contact\nOps | Primary | Ana Diaz | ana@x.example\nOps | Secondary | Benjamin O. | ben@x.example\n\
                Ops | Shadow | Cy Roe | cy@x.example\nOps | Backup | Dee Moe | dee@x.example\nOps | Tertiary | | ";
    let contacts =
        "Name | Phone | E-mail\nAna Diaz | 0491 570 156 |\nBen Osei | 0491 570 157 | ben@x.example\nCy Roe | 0491 570 158 | cy@x.example";
    let asked = ask(vec![tab("Contacts", contacts), tab("Rota", rota)], SETTINGS, NOW);
    assert_eq!(asked.who(NOW), "Ana Diaz, Ben Osei");
    assert_eq!(cells(asked.one(Code::NameUnknown)), ["Rota!C5"]);
    assert_eq!(cells(asked.one(Code::LevelBlank)), ["Rota!C6"]);
    assert_eq!(
        asked.one(Code::OrderUnstated).consequence,
        "\"Backup\" is rung after \"Secondary\" and after every numbered level."
    );
    // The second of them is no contact by name: the e-mail beside it is.
    assert_eq!(asked.duty(NOW).levels[1].source.to_string(), "Rota!D3");
}

#[test]
fn a_list_of_contacts_with_job_titles_is_none_of_who_is_called() {
    let rota = "Name | Position | Phone\nAna Diaz | Nurse | 0491 570 156\nBen Osei | Doctor | 0491 570 157";
    let asked = ask(vec![tab("people list", rota)], SETTINGS, NOW);
    assert!(asked.one(Code::RotaMissing).seen.starts_with("\"people list\" holds contacts"));
    // Beside a rota it is what turns names into numbers.
    let list = "From | 1st\n1 Mar 2026 | Ben";
    let roles = "Name | Role | Phone\nAna Diaz | Primary | 0491 570 156\nBen Osei | Secondary | 0491 570 157";
    let asked = ask(vec![tab("people list", roles), tab("Rota", list)], SETTINGS, NOW);
    assert_eq!(asked.who("2026-03-02 00:00"), "Ben Osei");
}
