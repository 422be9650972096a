//! Who is meant by one cell of the rota: several people ring together, a number may stand beside the name.
//! It must not know when; layouts say that.

mod labels;
mod spellings;

use super::contacts::{People, remark};
use super::conventions::Conventions;
use super::findings::Findings;
use super::recent::Recent;
use super::timeline::Who;
use super::{Missed, Phone, Responder};
use crate::roster::cells::dates;
use crate::roster::cells::names::{Found, has_separator};
use crate::roster::cells::phones::{self, Fault};
use crate::roster::cells::words::{Absent, absent, fold, shown, shown_text, tidy};
use providers::{Cell, CellAddress};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

pub(super) use spellings::report_spellings;

/// Hints cost a comparison with every contact; after this many unknown names none is given.
const HINTS_AT_MOST: usize = 100;
/// People in one cell beyond this are not a cell of people.
const PEOPLE_AT_MOST: usize = 20;

/// What may part two people, where every part is one.
const JOINTS: &[&str] = &[
    ",", ";", " + ", " and ", " And ", " AND ", " und ", " Und ", " UND ", " et ", " Et ", " ET ", " y ", " Y ", " e ", " E ", " ed ",
    "、", "和", " u. ",
];

/// What a cell comes to.
#[derive(Debug, Default)]
pub(super) struct Reading {
    /// Where the whole cell names nobody.
    pub(super) absent: Option<Absent>,
    /// They ring together.
    pub(super) people: Vec<Arc<Responder>>,
    pub(super) troubles: Vec<Trouble>,
    /// Names whose number the rota itself gives.
    own_numbers: Vec<(String, Phone)>,
    /// The same people as they hold a position, and the names of those who cannot be rung, as written: many cells share them.
    pub(super) who: Who,
    pub(super) unreachable: Option<Arc<[Missed]>>,
}

/// Why somebody in a cell is not rung, or not as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    Unknown {
        name: String,
        nearest: Option<usize>,
    },
    Ambiguous {
        name: String,
        contacts: Vec<usize>,
    },
    /// The contact has no number that can be dialled.
    ContactWithoutPhone {
        contact: usize,
    },
    /// The number in the rota cannot be dialled.
    BadNumber {
        name: String,
        text: String,
        fault: Fault,
    },
    /// As many numbers as names would be needed.
    Count {
        names: usize,
        numbers: usize,
    },
    FormulaError {
        text: String,
    },
    /// One of several is `TBA` or `-`.
    PartAbsent {
        text: String,
        absent: Absent,
    },
    /// Labels and names in one cell: `1st line:⏎Anna⏎2nd line:⏎Ben`.
    Labels {
        text: String,
    },
    /// A date or a time in place of a name: `10-12` becomes 10 December.
    TakenForDate {
        text: String,
        typed: String,
    },
    /// The rota's number is not the contact's; the contact's counts.
    Differs {
        contact: usize,
    },
}

/// Reads cells of people, each text once.
pub(super) struct Reader<'a> {
    pub(super) people: &'a People,
    conventions: &'a Conventions,
    /// By the text of the cell, then by that of the numbers beside it.
    known: BTreeMap<String, BTreeMap<String, Arc<Reading>>>,
    /// The newest of them that have no numbers beside them.
    recent: Recent<Arc<Reading>>,
    hints: usize,
    /// Names that are no contacts, folded and as written.
    strangers: BTreeMap<String, String>,
    /// Contacts that the rota names.
    named: BTreeSet<usize>,
    /// Every person with a number of the rota's own: how often, and some of the cells.
    numbers: BTreeMap<String, Vec<OwnNumber>>,
    /// The same people in the order of their first appearance.
    pub(super) newcomers: Vec<Arc<Responder>>,
}

/// One of the numbers that the rota gives to a person.
pub(super) struct OwnNumber {
    pub(super) responder: Arc<Responder>,
    pub(super) count: usize,
    pub(super) cells: Vec<CellAddress>,
}

impl Reading {
    /// Once all of it is read.
    pub(super) fn finish(&mut self, people: &People) {
        self.unreachable = self.names_lost(people);
        self.who = match self.absent {
            _ if !self.people.is_empty() => Who::People(self.people.as_slice().into()),
            Some(Absent::Nobody) => Who::Nobody,
            Some(Absent::Blank) => Who::Blank,
            // Somebody is meant to be there.
            Some(Absent::Pending) | None => Who::Lost,
        };
    }

    fn names_lost(&self, people: &People) -> Option<Arc<[Missed]>> {
        let missed = |trouble: &Trouble| {
            let name = match trouble {
                Trouble::Unknown { name, .. } | Trouble::Ambiguous { name, .. } | Trouble::BadNumber { name, .. } => name.clone(),
                Trouble::ContactWithoutPhone { contact } => people.list.get(*contact)?.name.clone(),
                Trouble::FormulaError { text } | Trouble::Labels { text } | Trouble::TakenForDate { text, .. } => text.clone(),
                Trouble::Count { .. } | Trouble::PartAbsent { .. } | Trouble::Differs { .. } => return None,
            };
            let is_ambiguous = matches!(trouble, Trouble::Ambiguous { .. });
            Some(Missed { name, is_ambiguous })
        };
        let names: Vec<Missed> = self.troubles.iter().filter_map(missed).collect();
        (!names.is_empty()).then(|| Arc::from(names))
    }
}

impl<'a> Reader<'a> {
    pub(super) const fn new(people: &'a People, conventions: &'a Conventions) -> Self {
        Self {
            people,
            conventions,
            known: BTreeMap::new(),
            recent: Recent::new(),
            hints: 0,
            strangers: BTreeMap::new(),
            named: BTreeSet::new(),
            numbers: BTreeMap::new(),
            newcomers: Vec::new(),
        }
    }

    /// Reads a cell of people and, where there is a column for them, the cell of their numbers.
    pub(super) fn read(&mut self, cell: &Cell, phone: Option<(&Cell, CellAddress)>, findings: &mut Findings) -> Arc<Reading> {
        let text = shown_text(cell);
        let is_alone = phone.is_none();
        if is_alone && let Some(reading) = self.recent.get(&text) {
            return Arc::clone(reading);
        }
        let phone_text = phone.as_ref().map_or(Cow::Borrowed(""), |(cell, _)| shown_text(cell));
        let known = self.known.get(&*text).and_then(|known| known.get(&*phone_text));
        let reading = match known {
            Some(reading) => Arc::clone(reading),
            None => {
                let mut reading = self.resolve(cell, phone.as_ref(), findings);
                reading.finish(self.people);
                let reading = Arc::new(reading);
                let known = self.known.entry(text.clone().into_owned()).or_default();
                known.insert(phone_text.into_owned(), Arc::clone(&reading));
                reading
            }
        };
        if is_alone {
            self.recent.put(&text, Arc::clone(&reading));
        }
        if let Some((_, address)) = phone {
            self.count(&reading, &address);
        }
        reading
    }

    /// The numbers that the rota itself gives, all of one person together.
    pub(super) fn own_numbers(&self) -> impl Iterator<Item = &Vec<OwnNumber>> {
        self.numbers.values()
    }

    /// The only person of that name who has a number of the rota's own.
    pub(super) fn newcomer_called(&self, name: &str) -> Option<&Arc<Responder>> {
        match self.numbers.get(&fold(name)).map(Vec::as_slice) {
            Some([one]) => Some(&one.responder),
            Some([] | [_, _, ..]) | None => None,
        }
    }

    fn count(&mut self, reading: &Reading, address: &CellAddress) {
        for (name, number) in &reading.own_numbers {
            let numbers = self.numbers.entry(name.clone()).or_default();
            let Some(known) = numbers.iter_mut().find(|known| known.responder.phone == *number) else {
                continue;
            };
            known.count += 1;
            if known.cells.len() < 3 {
                known.cells.push(address.clone());
            }
        }
    }

    fn resolve(&mut self, cell: &Cell, phone: Option<&(&Cell, CellAddress)>, findings: &mut Findings) -> Reading {
        let mut reading = Reading::default();
        if let Cell::Error(text) = cell {
            reading.troubles.push(Trouble::FormulaError { text: text.clone() });
            return reading;
        }
        let text = shown(cell);
        if let Some(absent) = self.absent(&text) {
            reading.absent = Some(absent);
            return reading;
        }
        if let Some(typed) = dates::taken_for_date(cell) {
            reading.troubles.push(Trouble::TakenForDate { text, typed });
            return reading;
        }
        if self.contact(&text).is_none() && labels::begins_with_one(&text) {
            reading.troubles.push(Trouble::Labels { text: tidy(&text) });
            return reading;
        }
        let numbers = phone.map_or_else(Vec::new, |(cell, _)| self.numbers_of(cell));
        let mut names = Vec::new();
        for part in self.parts(&text, numbers.len()).into_iter().take(PEOPLE_AT_MOST) {
            match self.absent(&part) {
                Some(absent) => reading.troubles.push(Trouble::PartAbsent { text: part, absent }),
                None => names.push(part),
            }
        }
        let all_contacts = names.iter().all(|name| self.contact(name).is_some());
        if numbers.is_empty() || (names.len() != numbers.len() && all_contacts) {
            for name in names {
                self.person(name, None, &mut reading);
            }
        } else if names.len() == numbers.len() {
            for (name, (text, number)) in names.into_iter().zip(numbers) {
                if let Some((_, address)) = phone {
                    remark(&number, None, &text, address, findings);
                }
                self.person(name, Some(number), &mut reading);
            }
        } else {
            reading.troubles.push(Trouble::Count {
                names: names.len(),
                numbers: numbers.len(),
            });
        }
        reading
    }

    /// The numbers of a cell, each read on its own.
    fn numbers_of(&self, cell: &Cell) -> Vec<(String, phones::Reading)> {
        let dialling = self.conventions.dialling();
        match cell {
            Cell::Text(text) => {
                let parts = phones::split(text).into_iter();
                parts
                    .map(|part| (part.clone(), phones::read(&Cell::Text(part), dialling)))
                    .collect()
            }
            Cell::Empty => Vec::new(),
            Cell::Number(_) | Cell::DateTime(_) | Cell::Time(_) | Cell::Bool(_) | Cell::Error(_) => {
                vec![(shown(cell), phones::read(cell, dialling))]
            }
        }
    }

    /// A word for nobody, unless a contact has it for a name (`X`, `NA`).
    fn absent(&self, text: &str) -> Option<Absent> {
        let found = absent(text)?;
        let is_contact = found != Absent::Nobody && matches!(self.people.names.in_full(text), Found::One(_) | Found::Several(_));
        (!is_contact).then_some(found)
    }

    /// The people of a cell: `/`, `&` and a new line part them; a comma or `and` only where every part is a contact
    /// (or each has a number beside it).
    fn parts(&self, text: &str, numbers: usize) -> Vec<String> {
        let text = tidy(text);
        if matches!(self.people.names.joined(&text), Found::One(_)) {
            return vec![text];
        }
        if let Some(items) = code_list(&text) {
            return items;
        }
        if !has_separator(&text) {
            return self.soft_parts(&text, numbers);
        }
        let mut parts = Vec::new();
        for side in text.split(['/', '\n']).map(str::trim) {
            if matches!(self.people.names.joined(side), Found::One(_)) {
                parts.push(side.to_owned());
                continue;
            }
            let each = side.split('&').map(str::trim).filter(|part| !part.is_empty());
            parts.extend(each.flat_map(|part| self.soft_parts(part, 0)));
        }
        parts
    }

    fn soft_parts(&self, text: &str, numbers: usize) -> Vec<String> {
        if matches!(self.people.names.find(text), Found::One(_)) {
            return vec![text.to_owned()];
        }
        let mut parts = vec![text];
        for joint in JOINTS {
            parts = parts
                .into_iter()
                .flat_map(|part| part.split(*joint))
                .map(str::trim)
                .filter(|part| !part.is_empty())
                .collect();
        }
        let all_contacts = parts.iter().all(|part| self.contact(part).is_some());
        let all_numbered = parts.len() == numbers;
        if parts.len() > 1 && (all_contacts || all_numbered) {
            parts.into_iter().map(ToOwned::to_owned).collect()
        } else {
            vec![text.to_owned()]
        }
    }

    fn contact(&self, name: &str) -> Option<usize> {
        match self.people.names.find(name) {
            Found::One(contact) => Some(contact),
            Found::Several(_) | Found::Unknown => None,
        }
    }

    fn person(&mut self, name: String, number: Option<phones::Reading>, reading: &mut Reading) {
        let found = self.people.names.find(&name);
        if let Found::One(contact) = found {
            self.named.insert(contact);
        }
        if let Found::One(contact) = found
            && let Some(Ok(responder)) = self.people.list.get(contact).map(|contact| &contact.responder)
        {
            let other = number
                .and_then(|number| number.number.ok())
                .is_some_and(|number| number != responder.phone);
            if other {
                reading.troubles.push(Trouble::Differs { contact });
            }
            ring(Arc::clone(responder), reading);
            return;
        }
        match (number.map(|number| number.number), found) {
            (Some(Ok(phone)), _) => self.newcomer(name, phone, reading),
            (None | Some(Err(_)), Found::One(contact)) => reading.troubles.push(Trouble::ContactWithoutPhone { contact }),
            (None | Some(Err(_)), Found::Several(contacts)) => reading.troubles.push(Trouble::Ambiguous { name, contacts }),
            (Some(Err(fault)), Found::Unknown) if fault != Fault::Blank => {
                let text = name.clone();
                reading.troubles.push(Trouble::BadNumber { name, text, fault });
            }
            (None | Some(Err(_)), Found::Unknown) => self.stranger(name, reading),
        }
    }

    /// A person who is no contact and has a number beside the name.
    fn newcomer(&mut self, name: String, phone: Phone, reading: &mut Reading) {
        let folded = fold(&name);
        let numbers = self.numbers.entry(folded.clone()).or_default();
        let known = numbers
            .iter()
            .find(|known| known.responder.phone == phone)
            .map(|known| Arc::clone(&known.responder));
        let responder = known.unwrap_or_else(|| {
            let responder = Arc::new(Responder {
                name,
                phone: phone.clone(),
                then: None,
            });
            numbers.push(OwnNumber {
                responder: Arc::clone(&responder),
                count: 0,
                cells: Vec::new(),
            });
            self.newcomers.push(Arc::clone(&responder));
            responder
        });
        reading.own_numbers.push((folded, phone));
        ring(responder, reading);
    }

    /// A name that is no contact and has no number: perhaps it is a number itself.
    fn stranger(&mut self, name: String, reading: &mut Reading) {
        // A date in the wrong column must not become a phone number.
        if phones::looks_like_number(&name) && dates::read(&Cell::Text(name.clone())).is_err() {
            match phones::read(&Cell::Text(name.clone()), self.conventions.dialling()).number {
                Ok(phone) => {
                    let shown = phone.to_string();
                    self.newcomer(shown, phone, reading);
                }
                Err(fault) => {
                    let text = super::contacts::masked(&name);
                    reading.troubles.push(Trouble::BadNumber {
                        name: text.clone(),
                        text,
                        fault,
                    });
                }
            }
            return;
        }
        self.strangers.entry(fold(&name)).or_insert_with(|| name.clone());
        self.hints += 1;
        let nearest = if self.hints <= HINTS_AT_MOST {
            self.people.names.nearest(&name)
        } else {
            None
        };
        reading.troubles.push(Trouble::Unknown { name, nearest });
    }
}

/// The items of `['Ana', 'Ben']`, as programs write lists.
fn code_list(text: &str) -> Option<Vec<String>> {
    let inner = text.trim().strip_prefix('[')?.strip_suffix(']')?;
    let items = inner.split(',').map(str::trim).map(|item| {
        let quoted = ['\'', '"', '\u{2019}', '\u{2018}'].iter().find_map(|mark| item.strip_prefix(*mark));
        let item = quoted?.strip_suffix(['\'', '"', '\u{2019}', '\u{2018}'])?.trim();
        (!item.is_empty()).then(|| item.to_owned())
    });
    items.collect::<Option<Vec<String>>>()
}

/// Nobody is rung twice at once.
fn ring(responder: Arc<Responder>, reading: &mut Reading) {
    if reading.people.iter().all(|known| known.phone != responder.phone) {
        reading.people.push(responder);
    }
}
