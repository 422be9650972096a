//! The people of one row: its cells turned into positions, and what is wrong with them said in terms of calls.
//! It must not know how a row gets its time span.

use super::contacts::People;
use super::findings::{Findings, Left, Miss, Words};
use super::table::Merged;
use super::timeline::{Rung, Who};
use super::who::{Reader, Reading, Trouble};
use super::words::{Absent, quote, shown};
use super::{Code, Severity};
use chrono::{DateTime, TimeDelta, Utc};
use providers::{Cell, CellAddress, Tab};
use std::sync::Arc;

/// A person who is still to be found is urgent from this long before the shift.
const PENDING_URGENT: TimeDelta = TimeDelta::days(7);

/// A column of people.
#[derive(Clone, Debug)]
pub(super) struct PeopleColumn {
    pub(super) place: usize,
    /// Where their numbers stand, if beside them.
    pub(super) phone: Option<usize>,
    pub(super) label: Arc<str>,
}

/// The span that a row's people are on call.
#[derive(Clone, Copy, Debug)]
pub(super) struct Span {
    pub(super) from: DateTime<Utc>,
    pub(super) until: DateTime<Utc>,
}

/// The cells of people in one row.
pub(super) struct RowOfPeople<'r> {
    pub(super) tab: &'r Tab,
    pub(super) row: usize,
    pub(super) columns: &'r [PeopleColumn],
    pub(super) merged: &'r Merged,
    pub(super) span: Span,
    /// Whether the row is laid over the rota, which holds where the row cannot be used.
    pub(super) is_change: bool,
}

impl RowOfPeople<'_> {
    /// Turns the cells (which may lie further up, where cells are merged) into positions.
    pub(super) fn read(&self, reader: &mut Reader<'_>, findings: &mut Findings) -> Vec<Rung> {
        let mut readings: Vec<Arc<Reading>> = Vec::with_capacity(self.columns.len());
        let mut rungs = Vec::with_capacity(self.columns.len());
        for column in self.columns {
            let phone = column.phone.map(|place| (self.cell(place), self.address(place)));
            let reading = reader.read(self.cell(column.place), phone, findings);
            rungs.push(Rung {
                label: Arc::clone(&column.label),
                source: self.address(column.place),
                who: who(&reading),
            });
            readings.push(reading);
        }
        for (index, reading) in readings.iter().enumerate() {
            if reading.absent.is_some() || !reading.troubles.is_empty() {
                self.report(&rungs, index, reading, reader.people, findings);
            }
        }
        rungs
    }

    fn cell(&self, place: usize) -> &Cell {
        self.tab.cell(self.merged.row_of(self.row, place), place)
    }

    fn address(&self, place: usize) -> CellAddress {
        self.tab.address(self.merged.row_of(self.row, place), place)
    }

    fn report(&self, rungs: &[Rung], index: usize, reading: &Reading, people: &People, findings: &mut Findings) {
        let now = findings.now();
        let left = if self.is_change && rungs[index].who == Who::Lost {
            Left::Unchanged
        } else {
            left(rungs, index)
        };
        let miss = |severity| Miss {
            severity,
            level: Arc::clone(&rungs[index].label),
            from: self.span.from,
            until: self.span.until,
            left,
        };
        let column = &self.columns[index];
        let source = &rungs[index].source;
        match reading.absent {
            None | Some(Absent::Nobody) => {}
            Some(Absent::Blank) => {
                let meant = left == Left::Nobody && rungs.iter().any(|rung| rung.who == Who::Nobody);
                // In a row without anybody the first cell speaks for all.
                let repeated = left == Left::Nobody && rungs[..index].iter().any(|rung| rung.who == Who::Blank);
                if !meant && !repeated {
                    let severity = blank_severity(left);
                    let key = format!("{left:?} {}", column.label);
                    let cause = findings.cause(Code::LevelBlank, severity, &key).at(source.clone());
                    cause
                        .miss(miss(severity), now)
                        .say(|| blank(self.cell(column.place), &column.label));
                }
            }
            Some(Absent::Pending) => {
                let severity = pending_severity(left, self.span.from - now);
                let cause = findings.cause(Code::LevelPending, severity, &column.label).at(source.clone());
                cause.miss(miss(severity), now).say(|| pending(&shown(self.cell(column.place))));
            }
        }
        for trouble in &reading.troubles {
            let severity = severity(trouble, left, self.span.from - now);
            let (code, key, words) = explain(trouble, people);
            let cause = findings.cause(code, severity, &key).say(words);
            let phone = column.phone.map(|place| self.address(place));
            match (trouble, phone) {
                (Trouble::BadNumber { .. } | Trouble::Differs { .. }, Some(phone)) => cause.at(phone),
                (_, _) => cause.at(source.clone()),
            };
            if let Trouble::Differs { contact } | Trouble::ContactWithoutPhone { contact } = trouble {
                cause.at(people.list[*contact].phone_cell.clone());
            }
            if !matches!(trouble, Trouble::Differs { .. }) {
                cause.miss(miss(severity), now);
            }
        }
    }
}

fn severity(trouble: &Trouble, left: Left, away: TimeDelta) -> Severity {
    match trouble {
        Trouble::Differs { .. } => Severity::Warn,
        Trouble::PartAbsent { absent, .. } => match absent {
            Absent::Pending => pending_severity(left, away),
            Absent::Blank | Absent::Nobody => Severity::Note,
        },
        Trouble::Unknown { .. }
        | Trouble::Ambiguous { .. }
        | Trouble::ContactWithoutPhone { .. }
        | Trouble::BadNumber { .. }
        | Trouble::Count { .. }
        | Trouble::FormulaError { .. } => Severity::Stop,
    }
}

pub(super) fn who(reading: &Reading) -> Who {
    if !reading.people.is_empty() {
        return Who::People(reading.people.clone());
    }
    match reading.absent {
        Some(Absent::Nobody) => Who::Nobody,
        Some(Absent::Blank) => Who::Blank,
        // Somebody is meant to be there.
        Some(Absent::Pending) | None => Who::Lost,
    }
}

/// Who is still rung although position `index` is not, or not fully.
fn left(rungs: &[Rung], index: usize) -> Left {
    let rings = |rung: &Rung| matches!(rung.who, Who::People(_));
    if rings(&rungs[index]) {
        Left::InCell
    } else if rungs[index..].iter().any(rings) {
        Left::After
    } else if rungs.iter().any(rings) {
        Left::Before
    } else {
        Left::Nobody
    }
}

const fn blank_severity(left: Left) -> Severity {
    match left {
        Left::Nobody => Severity::Stop,
        Left::After | Left::InCell => Severity::Warn,
        Left::Before | Left::Unchanged => Severity::Note,
    }
}

/// Grows as the shift comes nearer.
fn pending_severity(left: Left, away: TimeDelta) -> Severity {
    match (left, away <= PENDING_URGENT) {
        (Left::Nobody, true) => Severity::Stop,
        (Left::Nobody, false) | (_, true) => Severity::Warn,
        (_, false) => Severity::Note,
    }
}

fn blank(cell: &Cell, label: &str) -> Words {
    let seen = if cell.is_blank() {
        format!("Nobody is entered as {label}.")
    } else {
        format!("{} counts as nobody entered as {label}.", quote(&shown(cell)))
    };
    Words::new(seen, "", "Enter a name, or nobody where that is meant.")
}

fn pending(text: &str) -> Words {
    Words::new(
        format!("{} names nobody yet.", quote(text)),
        "",
        "Enter a name, or nobody where that is meant.",
    )
}

/// The code, what makes two findings one, and the words.
fn explain<'t>(trouble: &'t Trouble, people: &'t People) -> (Code, String, Box<dyn FnOnce() -> Words + 't>) {
    match trouble {
        Trouble::Unknown { name, nearest } => {
            let key = super::words::fold(name);
            (Code::NameUnknown, key, Box::new(move || unknown(name, *nearest, people)))
        }
        Trouble::Ambiguous { name, contacts } => {
            let key = super::words::fold(name);
            (Code::NameAmbiguous, key, Box::new(move || ambiguous(name, contacts, people)))
        }
        Trouble::ContactWithoutPhone { contact } => {
            let key = contact.to_string();
            (Code::PhoneUnusable, key, Box::new(move || without_phone(*contact, people)))
        }
        Trouble::BadNumber { name, text, fault } => (
            Code::PhoneUnusable,
            format!("{name} {fault:?}"),
            Box::new(move || Words::new(format!("The number of {} {}.", quote(text), fault.words()), "", fault.remedy())),
        ),
        Trouble::Count { names, numbers } => (
            Code::PhoneCount,
            format!("{names} {numbers}"),
            Box::new(move || {
                Words::new(
                    format!("{names} names and {numbers} phone numbers: which number belongs to whom cannot be told."),
                    "",
                    "Write as many numbers as names, in the same order.",
                )
            }),
        ),
        Trouble::FormulaError { text } => (
            Code::FormulaError,
            text.clone(),
            Box::new(move || {
                Words::new(
                    format!("The formula shows {}.", quote(text)),
                    "",
                    "Mend the formula, or write the name itself.",
                )
            }),
        ),
        Trouble::PartAbsent { text, absent } => match absent {
            Absent::Pending => (Code::LevelPending, format!("part {text}"), Box::new(move || pending(text))),
            Absent::Blank | Absent::Nobody => (
                Code::LevelBlank,
                format!("part {text}"),
                Box::new(move || {
                    Words::new(
                        format!("{} beside a name is nobody.", quote(text)),
                        "",
                        "Enter a second name, or only the one that there is.",
                    )
                }),
            ),
        },
        Trouble::Differs { contact } => {
            let name = &people.list[*contact].name;
            let words = move || {
                Words::new(
                    format!("The rota gives {} another number than the contacts.", quote(name)),
                    "The number in the contacts is rung.",
                    "Correct the one that is wrong; one number in one place is safest.",
                )
            };
            (Code::PhoneDiffers, contact.to_string(), Box::new(words))
        }
    }
}

fn unknown(name: &str, nearest: Option<usize>, people: &People) -> Words {
    let place = people.tab.as_deref().unwrap_or("a Contacts tab");
    let hint = nearest
        .and_then(|index| people.list.get(index))
        .map(|contact| format!(" (nearest: {}, {})", quote(&contact.name), contact.name_cell));
    let seen = format!("{} is not in {place}{}.", quote(name), hint.as_deref().unwrap_or_default());
    let remedy = match nearest.and_then(|index| people.list.get(index)) {
        Some(contact) => format!(
            "Fix the spelling, or add {} under Also known as of {}.",
            quote(name),
            quote(&contact.name)
        ),
        None => format!("Add {} with a phone number to {place}, or fix the spelling.", quote(name)),
    };
    Words::new(seen, "", remedy)
}

fn ambiguous(name: &str, contacts: &[usize], people: &People) -> Words {
    let fitting = contacts.iter().take(4).filter_map(|index| people.list.get(*index));
    let places: Vec<String> = fitting
        .map(|contact| format!("{} ({})", quote(&contact.name), contact.name_cell))
        .collect();
    let seen = format!("{} fits {} contacts: {}.", quote(name), contacts.len(), places.join(" and "));
    Words::new(seen, "", "Write the full name, or what stands under Also known as.")
}

/// Nothing is rung for a contact whose number cannot be dialled.
pub(super) fn without_phone(contact: usize, people: &People) -> Words {
    let contact = &people.list[contact];
    let Err(fault) = contact.responder else {
        return Words::default();
    };
    let seen = if fault == super::phones::Fault::Blank {
        format!("{} has no phone number.", quote(&contact.name))
    } else {
        let text = super::contacts::masked(&contact.phone_text);
        format!("{}, the number of {}, {}.", quote(&text), quote(&contact.name), fault.words())
    };
    Words::new(seen, "", fault.remedy())
}
