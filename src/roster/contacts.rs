//! The Contacts tab: who can be rung, and at which number. It must not know shifts.

use super::conventions::Conventions;
use super::findings::{Findings, Words};
use super::header::{self, Column, Field};
use super::names::{Found, Names};
use super::phones::{self, Fault, Remark};
use super::words::{fold, listed, quote, shown, shown_at};
use super::{Code, Responder, Severity};
use providers::{Cell, CellAddress, Tab};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Rows that are read.
const CONTACTS_AT_MOST: usize = 20_000;

/// Fewer digits than these are shown in full.
const HIDDEN_FROM: usize = 7;

/// Everybody in the Contacts tab.
#[derive(Default)]
pub(super) struct People {
    pub(super) list: Vec<Contact>,
    pub(super) names: Names,
    /// The tab they come from, where there is one.
    pub(super) tab: Option<String>,
    /// Whether a number stands beside anybody.
    with_number: bool,
}

impl People {
    /// Whether a number stands beside anybody.
    pub(super) const fn have_a_number(&self) -> bool {
        self.with_number
    }
}

/// One row of the Contacts tab.
pub(super) struct Contact {
    pub(super) name: String,
    pub(super) name_cell: CellAddress,
    pub(super) phone_cell: CellAddress,
    /// What stands in the phone cell.
    pub(super) phone_text: String,
    /// The person with a number that can be dialled, or why there is none.
    pub(super) responder: Result<Arc<Responder>, Fault>,
}

/// The columns of a Contacts tab.
struct Columns {
    name: Vec<usize>,
    phone: usize,
    aliases: Vec<usize>,
}

/// How well a header row fits a table of contacts.
pub(super) fn score(columns: &[Column]) -> Option<usize> {
    let has = |wanted: Field| columns.iter().any(|column| column.field == Some(wanted));
    let named = has(Field::Person) || has(Field::GivenName) || has(Field::FamilyName);
    let dated = has(Field::From)
        || has(Field::Until)
        || columns
            .iter()
            .any(|column| matches!(column.field, Some(Field::Level(_) | Field::Shift)));
    (named && has(Field::Phone) && !dated).then(|| header::named(columns))
}

/// Reads the tab; a row that cannot be used costs only itself.
pub(super) fn read(tab: &Tab, conventions: &Conventions, findings: &mut Findings) -> People {
    let mut people = People {
        tab: Some(tab.name.clone()),
        ..People::default()
    };
    let Some((header_row, columns)) = header::find(tab, score) else {
        let words = Words::new(
            "No row says which column holds names and which holds phone numbers.",
            "Nobody in this tab can be rung.",
            "Add a header row: Name | Phone | Also known as.",
        );
        let now = findings.now();
        findings
            .tell(Code::LayoutUnknown, Severity::Stop, Some(tab.address(0, 0)), words)
            .affects(now);
        return people;
    };
    let Some(columns) = Columns::of(&columns) else {
        return people;
    };
    for row in header_row + 1..tab.rows.len() {
        if people.list.len() >= CONTACTS_AT_MOST {
            let words = Words::new(
                format!("The tab has more than {CONTACTS_AT_MOST} contacts."),
                "Those from here on cannot be rung.",
                "Keep only people of this hotline.",
            );
            findings.tell(Code::TooLarge, Severity::Stop, Some(tab.address(row, 0)), words);
            break;
        }
        read_row(tab, row, &columns, conventions, &mut people, findings);
    }
    report_shared(&people, findings);
    people
}

impl Columns {
    fn of(columns: &[Column]) -> Option<Self> {
        let places = |wanted: Field| {
            columns
                .iter()
                .filter(move |column| column.field == Some(wanted))
                .map(|column| column.place)
        };
        let name = match (
            places(Field::Person).next(),
            places(Field::GivenName).next(),
            places(Field::FamilyName).next(),
        ) {
            (Some(name), _, _) => vec![name],
            (None, given, family) => given.into_iter().chain(family).collect(),
        };
        Some(Self {
            name,
            phone: places(Field::Phone).next()?,
            aliases: places(Field::Alias).collect(),
        })
    }
}

fn read_row(tab: &Tab, row: usize, columns: &Columns, conventions: &Conventions, people: &mut People, findings: &mut Findings) {
    let name = joined(tab, row, &columns.name);
    let phone = tab.cell(row, columns.phone);
    let name_cell = tab.address(row, columns.name.first().copied().unwrap_or(0));
    let phone_cell = tab.address(row, columns.phone);
    if name.is_empty() {
        if !phone.is_blank() {
            let words = Words::new(
                "A number without a name.",
                "It is never rung.",
                "Write whose number it is into the Name column.",
            );
            findings.cause(Code::NameMissing, Severity::Warn, "").at(name_cell).say(|| words);
        }
        return;
    }
    let phone_text = shown_at(tab, row, columns.phone);
    let reading = phones::read(phone, conventions.country);
    remark(&reading, &phone_text, &phone_cell, findings);
    let responder = reading.number.map(|phone| Arc::new(Responder { name: name.clone(), phone }));
    let aliases: Vec<String> = columns.aliases.iter().flat_map(|place| aliases(tab.cell(row, *place))).collect();
    if is_repetition(people, &name, &responder) {
        return;
    }
    people.names.add(people.list.len(), &name, &aliases);
    people.with_number |= !matches!(responder, Err(Fault::Blank));
    people.list.push(Contact {
        name,
        name_cell,
        phone_cell,
        phone_text,
        responder,
    });
}

/// The same name with the same number once more.
fn is_repetition(people: &People, name: &str, responder: &Result<Arc<Responder>, Fault>) -> bool {
    let before = match people.names.in_full(name) {
        Found::One(index) => vec![index],
        Found::Several(contacts) => contacts,
        Found::Unknown => return false,
    };
    let Ok(now) = responder else { return false };
    let same =
        |contact: &Contact| fold(&contact.name) == fold(name) && contact.responder.as_ref().is_ok_and(|known| known.phone == now.phone);
    before.into_iter().filter_map(|index| people.list.get(index)).any(same)
}

fn joined(tab: &Tab, row: usize, places: &[usize]) -> String {
    let texts = places.iter().map(|place| super::words::tidy(&shown(tab.cell(row, *place))));
    let words: Vec<String> = texts.filter(|text| !text.is_empty()).collect();
    words.join(" ").replace('\n', " ")
}

fn aliases(cell: &Cell) -> Vec<String> {
    let text = shown(cell);
    let parts = text.split([',', ';', '/', '\n']).map(str::trim);
    parts.filter(|part| !part.is_empty()).map(ToOwned::to_owned).collect()
}

/// What was made of a number, for the admin.
pub(super) fn remark(reading: &phones::Reading, text: &str, cell: &CellAddress, findings: &mut Findings) {
    let Ok(number) = &reading.number else { return };
    if reading.count > 1 {
        let words = Words::new(
            "More than one phone number in a cell.",
            "Only the first one is rung.",
            "Keep the number that is to be rung, and move the other to a column Second phone.",
        );
        findings
            .cause(Code::PhoneSeveral, Severity::Warn, "")
            .at(cell.clone())
            .say(|| words);
    }
    if let Some(extension) = number.extension() {
        let words = Words::new(
            format!("{} has an extension.", quote(&masked(text))),
            format!("The number is rung and, two seconds after the answer, {extension} is dialled; only pressing 1 then takes the call."),
            "If that switchboard does not take dialled tones, give a direct number.",
        )
        .of_one_cell();
        findings
            .cause(Code::PhoneExtension, Severity::Warn, "")
            .at(cell.clone())
            .say(|| words);
    }
    match reading.remark {
        None => {}
        Some(Remark::Repaired) => {
            let words = || {
                Words::new(
                    format!("{} has no plus and no leading zero; read as {number}.", quote(&masked(text))),
                    "The number is rung as read.",
                    "Format the column as plain text and begin each number with + and the country code.",
                )
                .of_one_cell()
            };
            findings.cause(Code::PhoneRepaired, Severity::Note, "").at(cell.clone()).say(words);
        }
        Some(Remark::Unassigned) => {
            let words = || {
                Words::new(
                    format!(
                        "{} has the right length, but its country has not given out such numbers as far as is known.",
                        quote(&masked(text))
                    ),
                    "It is rung all the same; callers may hear that it does not exist.",
                    "Check the digits.",
                )
                .of_one_cell()
            };
            findings
                .cause(Code::PhoneUnassigned, Severity::Warn, "")
                .at(cell.clone())
                .say(words);
        }
    }
}

/// Numbers as written, the middle of each hidden: findings may end up in a log. What is too short to be a number of
/// its own (`030/123456`) is hidden together with what stands beside it.
pub(super) fn masked(text: &str) -> String {
    let parts: Vec<&str> = text.split_inclusive(['/', '&', ',', ';', '|', '\n']).collect();
    let alone = |part: &&str| part.chars().filter(char::is_ascii_digit).count() >= HIDDEN_FROM;
    if parts.len() > 1 && parts.iter().all(alone) {
        return parts.into_iter().map(masked_alone).collect();
    }
    masked_alone(text)
}

fn masked_alone(text: &str) -> String {
    let total = text.chars().filter(char::is_ascii_digit).count();
    let mut seen = 0;
    let hide = |c: char| {
        if !c.is_ascii_digit() {
            return c;
        }
        seen += 1;
        if total >= HIDDEN_FROM && seen > 3 && seen + 3 <= total {
            '•'
        } else {
            c
        }
    };
    text.chars().map(hide).collect()
}

fn report_shared(people: &People, findings: &mut Findings) {
    let mut by_number: BTreeMap<&super::PhoneNumber, Vec<&Contact>> = BTreeMap::new();
    let mut by_name: BTreeMap<String, Vec<&Contact>> = BTreeMap::new();
    for contact in &people.list {
        if let Ok(responder) = &contact.responder {
            by_number.entry(&responder.phone).or_default().push(contact);
        }
        by_name.entry(fold(&contact.name)).or_default().push(contact);
    }
    for sharing in by_number.values().filter(|sharing| sharing.len() > 1) {
        let names: Vec<String> = sharing.iter().map(|contact| quote(&contact.name)).collect();
        let number = sharing[0]
            .responder
            .as_ref()
            .map_or_else(|_| String::new(), |responder| responder.phone.to_string());
        let words = Words::new(
            format!("Same number {number} for {}.", listed(&names)),
            "Whoever holds that phone is rung for all of them.",
            "If it is not a phone that they share, correct one of the cells.",
        );
        let cause = findings.tell(Code::PhoneShared, Severity::Warn, None, words);
        for contact in sharing {
            cause.at(contact.phone_cell.clone());
        }
    }
    for twins in by_name.values().filter(|twins| twins.len() > 1) {
        let words = Words::new(
            format!("{} contacts have the name {}.", twins.len(), quote(&twins[0].name)),
            "A row of the rota with that name rings none of them.",
            "Make the names differ, or give each an Also known as and use that in the rota.",
        );
        let cause = findings.tell(Code::NameTwice, Severity::Warn, None, words);
        for contact in twins {
            cause.at(contact.name_cell.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::masked;

    #[test]
    fn each_number_is_masked_on_its_own() {
        let cases = [
            ("491570006 / 491570156", "491•••006 / 491•••156"),
            ("+61 491 570 156", "+61 4•• ••• 156"),
            ("0491570156; 0491570157; 0491570158", "049••••156; 049••••157; 049••••158"),
            // Parts of one number stay one number.
            ("030/1234567", "030/••••567"),
            ("0491 570 156 / 12", "049• ••• ••6 / 12"),
            ("+49,30,1234567", "+49,3•,••••567"),
            ("1028", "1028"),
        ];
        for (text, expected) in cases {
            assert_eq!(masked(text), expected);
        }
    }
}
