//! What is wrong with a cell of people, in words for the admin. It must not know when, nor what follows for calls.

use super::Code;
use super::contacts::{People, masked};
use super::findings::Words;
use super::who::Trouble;
use crate::roster::cells::phones::Fault;
use crate::roster::cells::words::{Absent, fold, is_placeholder, listed, quote};
use providers::Cell;

/// `shown` is what the cell shows.
pub(super) fn blank(cell: &Cell, shown: &str, label: &str) -> Words {
    let seen = if cell.is_blank() {
        format!("Nobody is entered as {label}.")
    } else {
        format!("{} counts as nobody entered as {label}.", quote(shown))
    };
    Words::new(seen, "", "Enter a name, or nobody where that is meant.")
}

pub(super) fn pending(text: &str) -> Words {
    Words::new(
        format!("{} names nobody yet.", quote(text)),
        "",
        "Enter a name, or nobody where that is meant.",
    )
}

/// The code, what makes two findings one, and the words.
pub(super) fn explain(trouble: &Trouble, people: &People) -> (Code, String, Words) {
    match trouble {
        Trouble::Unknown { name, .. } if !people.have_a_number() => contacts_missing(name, people),
        Trouble::Unknown { name, nearest } => (Code::NameUnknown, fold(name), unknown(name, *nearest, people)),
        Trouble::Ambiguous { name, contacts } => (Code::NameAmbiguous, fold(name), ambiguous(name, contacts, people)),
        Trouble::ContactWithoutPhone { contact } if !people.have_a_number() => {
            let name = people.list.get(*contact).map_or("", |contact| contact.name.as_str());
            contacts_missing(name, people)
        }
        Trouble::ContactWithoutPhone { contact } => (code(*contact, people), contact.to_string(), without_phone(*contact, people)),
        Trouble::BadNumber { name, text, fault } => {
            let seen = format!("The number of {} {}.", quote(text), fault.words());
            (fault.code(), format!("{name} {fault:?}"), Words::new(seen, "", fault.remedy()))
        }
        Trouble::Count { names, numbers } => {
            let seen = format!("{names} names and {numbers} phone numbers: which number belongs to whom cannot be told.");
            let remedy = "Write as many numbers as names, in the same order.";
            (Code::PhoneCount, format!("{names} {numbers}"), Words::new(seen, "", remedy))
        }
        Trouble::FormulaError { text } => {
            let seen = format!("The formula shows {}.", quote(text));
            (
                Code::FormulaError,
                text.clone(),
                Words::new(seen, "", "Mend the formula, or write the name itself."),
            )
        }
        Trouble::Labels { text } => {
            let seen = format!("{} holds labels and names in one cell.", quote(text));
            let remedy = "Give each level a column or a row of its own, such as 1st and 2nd, with only names below or beside it.";
            (Code::NameLabels, String::new(), Words::new(seen, "", remedy).of_one_cell())
        }
        Trouble::TakenForDate { text, typed } => {
            let seen = format!(
                "{} is a date or a time where a name belongs; perhaps {} was typed.",
                quote(text),
                quote(typed)
            );
            let remedy = "Write the name. What must stay as typed needs a cell formatted as plain text.";
            (Code::NameTakenForDate, String::new(), Words::new(seen, "", remedy).of_one_cell())
        }
        Trouble::PartAbsent { text, absent } => match absent {
            Absent::Pending => (Code::LevelPending, format!("part {text}"), pending(text)),
            Absent::Blank | Absent::Nobody => {
                let seen = format!("{} beside a name is nobody.", quote(text));
                let remedy = "Enter a second name, or only the one that there is.";
                (Code::LevelBlank, format!("part {text}"), Words::new(seen, "", remedy))
            }
        },
        Trouble::Differs { contact } => {
            let name = people.list.get(*contact).map_or("", |contact| contact.name.as_str());
            let seen = format!("The rota gives {} another number than the contacts.", quote(name));
            let remedy = "Correct the one that is wrong; one number in one place is safest.";
            let words = Words::new(seen, "The number in the contacts is rung.", remedy);
            (Code::PhoneDiffers, contact.to_string(), words)
        }
    }
}

/// The rota names people, and nothing gives anybody a number: one thing to mend, whatever number of names.
fn contacts_missing(name: &str, people: &People) -> (Code, String, Words) {
    let seen = match people.tab.as_deref() {
        None => format!(
            "The rota names people such as {}, and no tab says at which number anybody is reached.",
            quote(name)
        ),
        Some(tab) => format!(
            "The rota names people such as {}, and the tab {} holds no phone number for anybody.",
            quote(name),
            quote(tab)
        ),
    };
    let remedy = "Add a tab Contacts with the columns Name | Phone, one row for each person, with the numbers of all. \
                  `rotaline template --contacts-for FILE` writes one with all names of this rota, for the numbers to be filled in.";
    (Code::ContactsMissing, String::new(), Words::new(seen, "", remedy))
}

fn unknown(name: &str, nearest: Option<usize>, people: &People) -> Words {
    let place = people.tab.as_deref().unwrap_or("a Contacts tab");
    if is_placeholder(name) {
        let seen = format!("{} stands for somebody, and does not say whom to ring.", quote(name));
        let remedy = format!(
            "Write the name of whoever it is, or add {} with a phone number to {place}.",
            quote(name)
        );
        return Words::new(seen, "", remedy);
    }
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
    let fitting = contacts.iter().filter_map(|index| people.list.get(*index));
    let places: Vec<String> = fitting
        .map(|contact| format!("{} ({})", quote(&contact.name), contact.name_cell))
        .collect();
    let seen = format!("{} fits {} contacts: {}.", quote(name), contacts.len(), listed(&places));
    Words::new(seen, "", "Write the full name, or what stands under Also known as.")
}

/// Under which name it is found that a contact cannot be rung.
pub(super) fn code(contact: usize, people: &People) -> Code {
    let fault = people.list.get(contact).and_then(|contact| contact.responder.as_ref().err());
    fault.map_or(Code::PhoneUnusable, |fault| fault.code())
}

/// Nothing is rung for a contact whose number cannot be dialled.
pub(super) fn without_phone(contact: usize, people: &People) -> Words {
    let contact = &people.list[contact];
    let Err(fault) = contact.responder else {
        return Words::default();
    };
    let seen = if fault == Fault::Blank {
        format!("{} has no phone number.", quote(&contact.name))
    } else {
        let text = masked(&contact.phone_text);
        format!("{}, the number of {}, {}.", quote(&text), quote(&contact.name), fault.words())
    };
    Words::new(seen, "", fault.remedy())
}
