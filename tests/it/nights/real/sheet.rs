//! A night's rota as people keep it: read, kept and read again as in earnest.

use super::super::scenario::{Person, Scenario};
use chrono::{DateTime, TimeDelta, Utc};
use providers::{AddressStyle, Cell, Revision, Sheet, Tab};
use rotaline::roster::Phone;

const ORDINALS: [&str; 3] = ["1st", "2nd", "3rd"];

/// One turn of duty that lasts the whole night, and everybody's phones.
pub(super) fn sheet(scenario: &Scenario, begin: DateTime<Utc>) -> Sheet {
    let day = |days| (begin + TimeDelta::days(days)).format("%Y-%m-%d").to_string();
    let name = |who: &usize| scenario.people[*who].name.clone();
    let levels = scenario
        .levels
        .iter()
        .map(|level| level.iter().map(name).collect::<Vec<_>>().join("; "));
    let headings = ["From", "Until"].into_iter().chain(ORDINALS).map(str::to_owned).collect();
    let mut duty = vec![day(-1), day(2)];
    duty.extend(levels);
    duty.resize(2 + ORDINALS.len(), String::new());
    let contacts = std::iter::once(["Name", "Phone", "Second phone"].map(str::to_owned).to_vec());
    let contacts = contacts.chain(scenario.people.iter().map(contact));
    let settings = [["Setting", "Value"], ["Time zone", "Australia/Melbourne"]].map(|row| row.map(str::to_owned).to_vec());
    Sheet {
        title: "rota.xlsx".to_owned(),
        revision: Revision("1".to_owned()),
        time_zone: None,
        tabs: vec![
            tab("Rota", vec![headings, duty]),
            tab("Contacts", contacts.collect()),
            tab("Settings", settings.to_vec()),
        ],
        remarks: Vec::new(),
        link: None,
    }
}

fn contact(person: &Person) -> Vec<String> {
    let second = person.second.as_ref().map(|(phone, _)| phone.address().to_owned());
    vec![person.name.clone(), person.number.address().to_owned(), second.unwrap_or_default()]
}

fn tab(name: &str, rows: Vec<Vec<String>>) -> Tab {
    Tab {
        name: name.to_owned(),
        file: None,
        style: AddressStyle::Grid,
        rows: rows.into_iter().map(|row| row.into_iter().map(Cell::Text).collect()).collect(),
        lines: Vec::new(),
        merges: Vec::new(),
        formatted: Vec::new(),
        link: None,
    }
}

/// Who is on call by the scenario, level by level, as first phones. A cell may name somebody twice, who is rung once.
pub(super) fn expected(scenario: &Scenario) -> Vec<Vec<Phone>> {
    let phones = |level: &Vec<usize>| {
        let mut phones: Vec<Phone> = Vec::new();
        for phone in level.iter().map(|who| &scenario.people[*who].number) {
            if !phones.contains(phone) {
                phones.push(phone.clone());
            }
        }
        phones
    };
    scenario.levels.iter().map(phones).collect()
}
