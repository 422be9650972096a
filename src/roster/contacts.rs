//! Contacts: who can be rung, and at which number, from one tab or several. It must not know shifts.

mod presence;
mod tables;

use super::conventions::Conventions;
use super::findings::{Findings, Words};
use super::{Code, Phone, Responder, Severity, SheetAway, has_scheme};
use crate::roster::cells::names::{Found, Names};
use crate::roster::cells::phones::{self, Fault, Remark};
use crate::roster::cells::words::{fold, listed, quote, shown, shown_at};
use crate::roster::layouts::header::{self, Field};
use providers::{Cell, CellAddress, Tab};
use std::collections::BTreeMap;
use std::sync::Arc;
use tables::{Columns, Table};

pub(super) use presence::{by_number, report_on_call};
pub(super) use tables::{fits, score};

/// Rows that are read.
const CONTACTS_AT_MOST: usize = 20_000;

/// Fewer digits than these are shown in full.
const HIDDEN_FROM: usize = 7;

/// Everybody who is a contact.
#[derive(Default)]
pub(super) struct People {
    pub(super) list: Vec<Contact>,
    pub(super) names: Names,
    /// The tab that they come from, the first of several.
    pub(super) tab: Option<String>,
    /// Whether a number stands beside anybody.
    with_number: bool,
    /// The contacts of a name, folded.
    by_name: BTreeMap<String, Vec<usize>>,
}

impl People {
    /// Whether a number stands beside anybody.
    pub(super) const fn have_a_number(&self) -> bool {
        self.with_number
    }
}

/// One row of contacts.
pub(super) struct Contact {
    pub(super) name: String,
    pub(super) name_cell: CellAddress,
    pub(super) phone_cell: CellAddress,
    /// What stands in the phone cell.
    pub(super) phone_text: String,
    /// The person with a number that can be dialled, or why there is none.
    pub(super) responder: Result<Arc<Responder>, Fault>,
    /// What the column Status says, where that is that he is away.
    pub(super) away: Option<SheetAway>,
    /// Which of the tables it comes from.
    table: usize,
}

/// One row as it is read, before it is known whether it is somebody new.
struct Row {
    contact: Contact,
    aliases: Vec<String>,
}

/// Reads the contacts of some tabs, and those that stand beside something else in other tabs. A row that cannot be used
/// costs only itself.
pub(super) fn read(tabs: &[&Tab], others: &[&Tab], conventions: &Conventions, findings: &mut Findings) -> People {
    let mut people = People {
        tab: tabs.first().map(|tab| tab.name.clone()),
        ..People::default()
    };
    let mut found: Vec<Table<'_>> = Vec::new();
    for tab in tabs {
        let of_tab = tables::of(tab);
        if of_tab.is_empty() && tab.rows.iter().flatten().any(|cell| !cell.is_blank()) {
            report_no_header(tab, findings);
        }
        found.extend(of_tab);
    }
    found.extend(others.iter().flat_map(|tab| tables::beside(tab)));
    // Tables without numbers only add other names.
    found.sort_by_key(|table| table.columns.phones.is_empty());
    for (number, table) in found.iter().enumerate() {
        people.tab.get_or_insert_with(|| table.tab.name.clone());
        read_table(table, number, conventions, &mut people, findings);
    }
    report_shared(&people, findings);
    people
}

fn report_no_header(tab: &Tab, findings: &mut Findings) {
    let words = Words::new(
        "No row says which column holds names and which holds phone numbers.",
        "Nobody in this tab can be rung.",
        "Add a header row: Name | Phone | Also known as.",
    );
    let now = findings.now();
    findings
        .tell(Code::LayoutUnknown, Severity::Stop, Some(tab.address(0, 0)), words)
        .affects(now);
}

fn read_table(table: &Table<'_>, number: usize, conventions: &Conventions, people: &mut People, findings: &mut Findings) {
    let tab = table.tab;
    report_columns(table, findings);
    let mut columns = table.columns.clone();
    for row in table.header_row + 1..tab.rows.len() {
        if people.list.len() >= CONTACTS_AT_MOST {
            let words = Words::new(
                format!("There are more than {CONTACTS_AT_MOST} contacts."),
                "Those from here on cannot be rung.",
                "Keep only people of this hotline.",
            );
            findings.tell(Code::TooLarge, Severity::Stop, Some(tab.address(row, 0)), words);
            return;
        }
        if let Some(further) = tables::again(tab, row, &columns) {
            columns = further;
            continue;
        }
        if let Some(row) = read_row(tab, row, number, &columns, conventions, findings) {
            people.take(row, findings);
        }
    }
}

/// Several columns of numbers: which one is rung.
fn report_columns(table: &Table<'_>, findings: &mut Findings) {
    let [(first, rung), others @ ..] = table.columns.phones.as_slice() else {
        return;
    };
    // A column that calls itself the second phone needs no explanation.
    let is_second = |text: &str| header::field(&header::words(text)) == Some(Field::SecondPhone);
    if others.iter().all(|(_, text)| is_second(text)) && !is_second(rung) {
        return;
    }
    let named: Vec<String> = others.iter().map(|(_, text)| quote(text)).collect();
    let words = Words::new(
        format!("Several columns hold phone numbers; {} is the one that is rung.", quote(rung)),
        format!("Where it is empty, {} is rung.", listed(&named)),
        "Of several columns the first one from the left that is named mobile or cell is rung, else the first one. Name the column that \
         is to be rung Mobile, and others Second phone.",
    );
    let cell = table.tab.address(table.header_row, *first);
    findings.tell(Code::PhoneSeveral, Severity::Note, Some(cell), words);
}

fn read_row(tab: &Tab, row: usize, table: usize, columns: &Columns, conventions: &Conventions, findings: &mut Findings) -> Option<Row> {
    let name = joined(tab, row, &columns.name);
    let name_place = columns.name.first().copied().unwrap_or(0);
    let name_cell = tab.address(row, name_place);
    // The first column that says something; where none does, the first one.
    let is_said = |place: &&(usize, String)| phones::read(tab.cell(row, place.0), conventions.dialling()).number != Err(Fault::Blank);
    let place = match columns.phones.as_slice() {
        // Reading a number takes a while.
        [only] => Some(only),
        several => several.iter().find(is_said).or_else(|| several.first()),
    };
    let place = place.map_or(name_place, |(place, _)| *place);
    let (phone_text, mut reading) = if columns.phones.is_empty() {
        (String::new(), phones::read(&Cell::Empty, None))
    } else {
        (
            shown_at(tab, row, place),
            phones::read(tab.cell(row, place), conventions.dialling()),
        )
    };
    if name.is_empty() {
        if !phone_text.trim().is_empty() {
            let words = Words::new(
                "A number without a name.",
                "It is never rung.",
                "Write whose number it is into the Name column.",
            );
            findings.cause(Code::NameMissing, Severity::Warn, "").at(name_cell).say(|| words);
        }
        return None;
    }
    let phone_cell = tab.address(row, place);
    let column = second_column(tab, row, place, columns, conventions);
    let in_cell = reading.second.take().filter(|_| column.is_none());
    remark(&reading, in_cell.as_ref(), &phone_text, &phone_cell, findings);
    let then = match column {
        Some((place, Err(fault))) => {
            report_second(&name, &shown_at(tab, row, place), fault, tab.address(row, place), findings);
            None
        }
        Some((_, Ok(number))) => Some(number),
        None => in_cell,
    };
    let second_cell = columns.seconds.iter().copied().find(|second| *second != place).unwrap_or(place);
    let second = then.iter().map(|phone| (phone, tab.address(row, second_cell)));
    for (phone, cell) in reading.number.iter().map(|phone| (phone, phone_cell.clone())).chain(second) {
        report_our_own(&name, phone, cell, conventions, findings);
    }
    let responder = reading.number.map(|phone| {
        Arc::new(Responder {
            name: name.clone(),
            then: then.filter(|then| *then != phone),
            phone,
        })
    });
    let aliases = columns.aliases.iter().flat_map(|place| aliases(tab.cell(row, *place))).collect();
    let contact = Contact {
        name,
        name_cell,
        phone_cell,
        phone_text,
        responder,
        away: columns
            .status
            .and_then(|place| presence::read(tab, row, place, conventions, findings)),
        table,
    };
    Some(Row { contact, aliases })
}

impl People {
    /// Adds a row: somebody new, or one who is known from another table.
    fn take(&mut self, row: Row, findings: &mut Findings) {
        let folded = fold(&row.contact.name);
        let same: Vec<usize> = self.by_name.get(&folded).cloned().unwrap_or_default();
        let is_number = |contact: &Contact| match (&contact.responder, &row.contact.responder) {
            (Ok(known), Ok(new)) => known.phone == new.phone,
            (Ok(_) | Err(_), _) => false,
        };
        if same
            .iter()
            .any(|index| self.list[*index].table == row.contact.table && is_number(&self.list[*index]))
        {
            return;
        }
        let elsewhere = match same.as_slice() {
            [one] if self.list[*one].table != row.contact.table => Some(*one),
            // Initials for somebody whose name is written in another way.
            [] if row.contact.responder == Err(Fault::Blank) && row.contact.table > 0 => match self.names.in_full(&row.contact.name) {
                Found::One(one) if self.list[one].table != row.contact.table => Some(one),
                Found::One(_) | Found::Several(_) | Found::Unknown => None,
            },
            _ => None,
        };
        self.with_number |= !matches!(row.contact.responder, Err(Fault::Blank));
        match elsewhere {
            Some(known) => self.join(known, row, findings),
            None => {
                let index = self.list.len();
                self.names.add(index, &row.contact.name, &row.aliases);
                self.by_name.entry(folded).or_default().push(index);
                self.list.push(row.contact);
            }
        }
    }

    /// The same person in two tables: the first number counts.
    fn join(&mut self, known: usize, row: Row, findings: &mut Findings) {
        let mut aliases = row.aliases;
        aliases.push(row.contact.name.clone());
        let contact = &mut self.list[known];
        self.names.add(known, &contact.name, &aliases);
        contact.away = contact.away.take().or(row.contact.away);
        match (&contact.responder, &row.contact.responder) {
            (_, Err(Fault::Blank)) => {}
            (Ok(first), Ok(second)) if first.phone != second.phone => {
                let words = Words::new(
                    format!("{} has two numbers: {} and {}.", quote(&contact.name), first.phone, second.phone),
                    format!("{} is rung, that of {}.", first.phone, contact.phone_cell),
                    "Correct the one that is wrong, or delete it; one number in one place is safest.",
                );
                findings
                    .tell(Code::ContactsDisagree, Severity::Warn, Some(contact.phone_cell.clone()), words)
                    .at(row.contact.phone_cell);
            }
            (Ok(_), Ok(_) | Err(_)) => {}
            (Err(_), Ok(second)) => {
                contact.responder = Ok(Arc::new(Responder {
                    name: contact.name.clone(),
                    phone: second.phone.clone(),
                    then: second.then.clone(),
                }));
                contact.phone_cell = row.contact.phone_cell;
                contact.phone_text = row.contact.phone_text;
            }
            (Err(_), Err(_)) => {}
        }
    }
}

fn joined(tab: &Tab, row: usize, places: &[usize]) -> String {
    let texts = places
        .iter()
        .map(|place| crate::roster::cells::words::tidy(&shown(tab.cell(row, *place))));
    let words: Vec<String> = texts.filter(|text| !text.is_empty()).collect();
    words.join(" ").replace('\n', " ")
}

fn aliases(cell: &Cell) -> Vec<String> {
    let text = shown(cell);
    let parts = text.split([',', ';', '/', '\n']).map(str::trim);
    parts.filter(|part| !part.is_empty()).map(ToOwned::to_owned).collect()
}

/// The first column of second phones that says something, apart from the one that is rung first, and what it says.
fn second_column(
    tab: &Tab,
    row: usize,
    first: usize,
    columns: &Columns,
    conventions: &Conventions,
) -> Option<(usize, Result<Phone, Fault>)> {
    let others = columns.seconds.iter().filter(|place| **place != first);
    let mut read = others.map(|place| (*place, phones::read(tab.cell(row, *place), conventions.dialling()).number));
    read.find(|(_, number)| *number != Err(Fault::Blank))
}

/// Hotlines never ring hotlines, whatever a sheet says.
fn report_our_own(name: &str, phone: &Phone, cell: CellAddress, conventions: &Conventions, findings: &mut Findings) {
    if !conventions.is_our_own(phone) {
        return;
    }
    let words = Words::new(
        format!("{} has {phone}, a number of one of our own hotlines.", quote(name)),
        "It is not rung: hotlines would ring one another.",
        "Write the number of a phone that the person carries.",
    );
    findings.tell(Code::PhoneOurOwn, Severity::Warn, Some(cell), words);
}

fn report_second(name: &str, text: &str, fault: Fault, cell: CellAddress, findings: &mut Findings) {
    let words = || {
        Words::new(
            format!("{}, the second phone of {}, {}.", quote(&masked(text)), quote(name), fault.words()),
            "Only the first phone is rung.",
            fault.remedy(),
        )
        .of_one_cell()
    };
    findings
        .cause(fault.code(), Severity::Note, &format!("second {fault:?}"))
        .at(cell)
        .say(words);
}

/// What was made of a number, for the admin.
pub(super) fn remark(reading: &phones::Reading, then: Option<&Phone>, text: &str, cell: &CellAddress, findings: &mut Findings) {
    let Ok(number) = &reading.number else { return };
    if reading.count > 1 && then.is_some() {
        let words = Words::new(
            "Two phone numbers in a cell.",
            "The first one is rung; the second one when nobody of the level has accepted on the first.",
            "If that is not meant, delete the second one. A column Second phone says it more clearly.",
        );
        findings
            .cause(Code::PhoneSeveral, Severity::Note, "two")
            .at(cell.clone())
            .say(|| words);
    } else if reading.count > 1 {
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
    if let Some((scheme, address)) = text.split_once(':').filter(|_| has_scheme(text.trim())) {
        let (name, host) = address.split_at(address.find('@').unwrap_or(address.len()));
        let beginning: String = name.chars().take(1).collect();
        return format!("{scheme}:{beginning}…{host}");
    }
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
    let mut by_number: BTreeMap<&Phone, Vec<&Contact>> = BTreeMap::new();
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
            ("sip:alice@pbx.example.org", "sip:a…@pbx.example.org"),
            ("client:alice, +61 491 570 156", "client:a…"),
        ];
        for (text, expected) in cases {
            assert_eq!(masked(text), expected);
        }
    }
}
