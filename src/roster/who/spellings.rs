//! Several spellings of what may be one person: told, never merged. It must not know layouts.

use super::super::findings::{Findings, Words};
use super::super::{Code, Severity};
use super::Reader;
use crate::roster::cells::names::core;
use crate::roster::cells::words::{listed, quote};
use providers::CellAddress;

/// Each of so many names is compared with each.
const COMPARED_AT_MOST: usize = 200;
/// So many findings say enough.
const TOLD_AT_MOST: usize = 20;
/// Shorter names differ by a letter too easily (characters).
const NAME_AT_LEAST: usize = 5;

/// A name with the cells in which it stands.
struct Spelling {
    folded: String,
    written: String,
    cells: Vec<CellAddress>,
}

/// Names that are no contacts, and contacts that the rota names: each time those that are spelled almost alike.
pub(in crate::roster) fn report_spellings(reader: &Reader<'_>, findings: &mut Findings) {
    let unknown = reader.strangers.iter().map(|(folded, written)| Spelling {
        folded: folded.clone(),
        written: written.clone(),
        cells: findings.cells_of(Code::NameUnknown, folded).to_vec(),
    });
    let numbered = reader.numbers.iter().filter_map(|(folded, numbers)| {
        Some(Spelling {
            folded: folded.clone(),
            written: numbers.first()?.responder.name.clone(),
            cells: numbers.iter().flat_map(|number| number.cells.iter().cloned()).collect(),
        })
    });
    let strangers: Vec<Spelling> = unknown.chain(numbered).take(COMPARED_AT_MOST).collect();
    let contacts = reader.named.iter().filter_map(|index| reader.people.list.get(*index));
    let contacts: Vec<Spelling> = contacts
        .map(|contact| Spelling {
            folded: super::fold(&contact.name),
            written: contact.name.clone(),
            cells: vec![contact.name_cell.clone()],
        })
        .take(COMPARED_AT_MOST)
        .collect();
    tell(
        &strangers,
        "They count as different people.",
        "If they are one person, write the name one way, or add the other spellings under Also known as.",
        findings,
    );
    tell(
        &contacts,
        "Each is rung where the rota names that one.",
        "If the rota means one and the same person, correct the name there.",
        findings,
    );
}

fn tell(names: &[Spelling], consequence: &str, remedy: &str, findings: &mut Findings) {
    let mut told = vec![false; names.len()];
    let mut count = 0;
    for first in 0..names.len() {
        let alike: Vec<usize> = (first + 1..names.len())
            .filter(|other| !told[*other] && are_alike(&names[first].folded, &names[*other].folded))
            .collect();
        if told[first] || alike.is_empty() || count == TOLD_AT_MOST {
            continue;
        }
        count += 1;
        let group: Vec<usize> = std::iter::once(first).chain(alike).collect();
        let spelled: Vec<String> = group.iter().map(|at| quote(&names[*at].written)).collect();
        let seen = format!("{} are spelled almost alike.", listed(&spelled));
        let cause = findings.tell(Code::NameSpellings, Severity::Warn, None, Words::new(seen, consequence, remedy));
        for at in group {
            told[at] = true;
            for cell in &names[at].cells {
                cause.at(cell.clone());
            }
        }
    }
}

/// The letters that stand alone: of two people of one family only the initials differ.
fn initials(name: &str) -> impl Iterator<Item = &str> {
    name.split(' ').filter(|word| word.chars().count() == 1)
}

/// One letter more, less, other or swapped (two in long names), or the same without the title. Other digits are other people.
fn are_alike(one: &str, other: &str) -> bool {
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    if one == other || digits(one) != digits(other) {
        return false;
    }
    let (one, other) = (core(one), core(other));
    if initials(&one).count() == initials(&other).count() && !initials(&one).eq(initials(&other)) {
        return false;
    }
    let (long, short) = (one.chars().count(), other.chars().count());
    let length = long.min(short);
    let most = if length >= 2 * NAME_AT_LEAST { 2 } else { 1 };
    let near = (NAME_AT_LEAST..=60).contains(&length) && long.abs_diff(short) <= most;
    one == other || (near && strsim::osa_distance(&one, &other) <= most)
}

#[cfg(test)]
mod tests {
    use super::are_alike;

    #[test]
    fn near_and_far() {
        for (one, other) in [
            ("ana daiso", "ana dasio"),
            ("ir daiso", "daiso"),
            ("daiso", "daisso"),
            ("katherine moore", "catherine more"),
        ] {
            assert!(are_alike(one, other), "{one} {other}");
        }
        for (one, other) in [
            ("ana", "anna"),
            ("ana diaz", "ben osei"),
            ("operador 1", "operador 2"),
            ("daiso", "daiso"),
            ("jon smith", "tom smith"),
            ("ms a orodon", "ms s orodon"),
        ] {
            assert!(!are_alike(one, other), "{one} {other}");
        }
    }
}
