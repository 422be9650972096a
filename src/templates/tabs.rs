//! The tabs that every layout has beside its rota: contacts, changes, settings.

use super::book::{Column, InForce, Kind, Tab, Value};
use chrono::NaiveDateTime;

/// `Name | Phone | Second phone | Also known as | Notes`.
pub type Contact = [String; 5];
/// `Setting | Value`.
pub type Setting = [String; 2];

/// What to write in a column of names.
pub(super) const NAME_NOTE: &str = "A name from the tab Contacts, or what stands there under \"Also known as\". \
    Two people joined by / ring together; the next column rings next. \
    Write nobody where nobody is meant: a blank counts as forgotten.";

/// How people are reached.
#[must_use]
pub fn contacts(people: &[Contact]) -> Tab {
    let phone =
        "The number as you would dial it, or with + and the country. Dialled by the hotline: no extension that a person has to press.";
    Tab {
        name: "Contacts",
        columns: vec![
            Column::new(
                "Name",
                22.0,
                Kind::Text,
                "One row for each person or duty phone. The rota names them by this.",
            ),
            Column::new("Phone", 20.0, Kind::Phone, phone),
            Column::new("Second phone", 20.0, Kind::Phone, "Rung where Phone is empty. Not rung after it."),
            Column::new(
                "Also known as",
                16.0,
                Kind::Text,
                "Initials or another spelling that the rota may use as well.",
            ),
            Column::new("Notes", 30.0, Kind::Text, ""),
        ],
        rows: people
            .iter()
            .map(|contact| contact.iter().map(|text| Value::text(text)).collect())
            .collect(),
        in_force: InForce::Nothing,
        blanks_are_holes: false,
    }
}

/// What beats the rota for a while: from, until, the names by position, why.
#[must_use]
pub fn changes(rows: &[(NaiveDateTime, NaiveDateTime, [&str; 3], &str)]) -> Tab {
    let name = "A blank changes nothing of this position; nobody means nobody. A row with no name at all is an error.";
    let row = |(from, until, names, why): &(NaiveDateTime, NaiveDateTime, [&str; 3], &str)| {
        let mut row = vec![Value::DateTime(*from), Value::DateTime(*until)];
        row.extend(names.iter().chain([why]).map(|text| Value::text(text)));
        row
    };
    Tab {
        name: "Changes",
        columns: vec![
            Column::new(
                "From",
                24.0,
                Kind::DateTime,
                "From this moment the change beats the rota. Of two changes the lower row counts.",
            ),
            Column::new("Until", 24.0, Kind::DateTime, "From this moment the rota counts again."),
            Column::new("1st", 20.0, Kind::Name, name),
            Column::new("2nd", 20.0, Kind::Name, name),
            Column::new("3rd", 20.0, Kind::Name, name),
            Column::new("Why", 30.0, Kind::Text, ""),
        ],
        rows: rows.iter().map(row).collect(),
        in_force: InForce::UntilSecondCell,
        blanks_are_holes: false,
    }
}

/// What is said once.
#[must_use]
pub fn settings(rows: &[Setting]) -> Tab {
    let setting = "Keep these words; the reader knows them. The order does not matter.";
    Tab {
        name: "Settings",
        columns: vec![
            Column::new("Setting", 44.0, Kind::Text, setting),
            Column::new(
                "Value",
                24.0,
                Kind::Text,
                "Put your own values here first of all: time zone, country, last resort.",
            ),
        ],
        rows: rows.iter().map(|row| row.iter().map(|text| Value::text(text)).collect()).collect(),
        in_force: InForce::Nothing,
        blanks_are_holes: false,
    }
}
