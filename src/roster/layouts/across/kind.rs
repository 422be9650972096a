//! Whether people stand down the side and codes inside, or duties down the side and people inside: what stands in the
//! cells decides. Without contacts it must still be told. It must not know dates.

use super::axis::Axis;
use super::codes::{self, Sense};
use super::days::rows_below;
use super::sides::{Sides, is_sum};
use crate::roster::cells::names::Found;
use crate::roster::cells::words::{listed, quote, shown};
use crate::roster::contacts::People;
use crate::roster::layouts::header::{self, Field};
use crate::roster::terms::Terms;
use providers::{Cell, Tab};
use std::collections::BTreeMap;

/// Cells that are looked at.
const CELLS_AT_MOST: usize = 20_000;
/// Different texts that are looked at.
const TEXTS_AT_MOST: usize = 2_000;

/// What the rows are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// People down, codes inside.
    People,
    /// Duties down, people inside.
    Duties,
    /// Nothing is entered yet.
    Empty,
}

/// What was seen of each kind.
#[derive(Debug, Default)]
struct Seen {
    /// Cells with a code that is explained, or with hours.
    explained: usize,
    /// Cells that look like codes and are not explained.
    codes: usize,
    /// Cells that name contacts.
    contacts: usize,
    /// Cells that look like names.
    names: usize,
    /// Cells with a word for a day off.
    off: usize,
    rows: usize,
    /// Rows whose label is a contact.
    people_rows: usize,
    /// Rows whose label names a level, a shift or a role.
    duty_rows: usize,
    examples: Vec<String>,
}

/// Tells the kind of a tab; `Err` says in words what was seen where it is not certain.
pub(super) fn tell(tab: &Tab, axes: &[Axis], sides: &Sides, terms: &Terms, people: &People) -> Result<Kind, String> {
    let seen = Seen::of(tab, axes, sides, terms, people);
    let inside = seen.explained + seen.codes + seen.contacts + seen.names;
    if inside + seen.off == 0 {
        return Ok(Kind::Empty);
    }
    let most = |part: usize, whole: usize| part * 2 >= whole.max(1);
    let people_down = most(seen.people_rows, seen.rows);
    let duties_down = most(seen.duty_rows, seen.rows);
    let people_inside = inside > 0 && most(seen.contacts, inside);
    match (people_down, people_inside) {
        (true, false) => return Ok(Kind::People),
        (false, true) => return Ok(Kind::Duties),
        (true, true) if seen.people_rows * inside > seen.contacts * seen.rows => return Ok(Kind::People),
        (true, true) | (false, false) => {}
    }
    let code_like = seen.explained + seen.codes;
    let name_like = seen.names + seen.contacts;
    if (most(seen.explained + seen.off, inside + seen.off) && !people_inside) || (code_like * 5 >= inside * 4 && !duties_down) {
        return Ok(Kind::People);
    }
    if name_like * 3 >= inside * 2 || (duties_down && seen.explained * 5 <= inside) {
        return Ok(Kind::Duties);
    }
    Err(format!(
        "Dates stand across the top, but it cannot be told whether people stand down the side and codes inside, or duties down the side and people \
         inside: of {inside} cells {code_like} look like codes and {name_like} like names, such as {}",
        listed(&seen.examples)
    ))
}

impl Seen {
    fn of(tab: &Tab, axes: &[Axis], sides: &Sides, terms: &Terms, people: &People) -> Self {
        let mut seen = Self::default();
        let mut texts: BTreeMap<&str, usize> = BTreeMap::new();
        let mut cells = 0;
        for (index, axis) in axes.iter().enumerate() {
            for row in rows_below(tab, axes, index) {
                if cells >= CELLS_AT_MOST || sides.is_head(row) {
                    continue;
                }
                let mut filled = 0;
                for head in &axis.heads {
                    let cell = tab.cell(row, head.place);
                    match cell {
                        Cell::Text(text) if !text.trim().is_empty() => {
                            filled += 1;
                            if texts.len() < TEXTS_AT_MOST || texts.contains_key(text.trim()) {
                                *texts.entry(text.trim()).or_default() += 1;
                            }
                        }
                        Cell::Number(_) | Cell::Time(_) | Cell::DateTime(_) | Cell::Bool(true) => {
                            filled += 1;
                            seen.number(cell, terms);
                        }
                        Cell::Text(_) | Cell::Empty | Cell::Bool(false) | Cell::Error(_) => {}
                    }
                }
                cells += filled;
                if filled > 0 {
                    seen.row(tab, row, sides, terms, people);
                }
            }
        }
        for (text, count) in texts {
            seen.text(text, count, terms, people);
        }
        seen
    }

    fn number(&mut self, cell: &Cell, terms: &Terms) {
        match codes::sense(&shown(cell), terms) {
            Sense::Rings(_) | Sense::Silent => self.explained += 1,
            Sense::Off | Sense::Blank => self.off += 1,
            Sense::Unknown => self.codes += 1,
        }
    }

    fn row(&mut self, tab: &Tab, row: usize, sides: &Sides, terms: &Terms, people: &People) {
        let name = sides.name(tab, row);
        if name.is_empty() || is_sum(&name) {
            return;
        }
        self.rows += 1;
        if is_contact(&name, people) {
            self.people_rows += 1;
            return;
        }
        let label = sides.label(tab, row);
        let is_shift = header::field(&header::words(&label)) == Some(Field::Shift);
        self.duty_rows += usize::from(is_shift || terms.label(&label).is_some());
    }

    fn text(&mut self, text: &str, count: usize, terms: &Terms, people: &People) {
        let place = match codes::sense(text, terms) {
            Sense::Rings(_) | Sense::Silent => &mut self.explained,
            Sense::Off | Sense::Blank => &mut self.off,
            Sense::Unknown if names_contacts(text, people) => &mut self.contacts,
            Sense::Unknown if looks_like_code(text) => &mut self.codes,
            Sense::Unknown => &mut self.names,
        };
        *place += count;
        if self.examples.len() < 3 && matches!(codes::sense(text, terms), Sense::Unknown) {
            self.examples.push(quote(text));
        }
    }
}

fn is_contact(text: &str, people: &People) -> bool {
    match people.names.find(text) {
        Found::One(_) | Found::Several(_) => true,
        Found::Unknown => false,
    }
}

/// Whether a part of a cell is a contact.
fn names_contacts(text: &str, people: &People) -> bool {
    is_contact(text, people)
        || text
            .split(['/', '&', '\n', ',', ';', '[', ']', '\'', '"', ':', '、', '，'])
            .map(str::trim)
            .any(|part| part.chars().count() > 1 && is_contact(part, people))
}

/// Short, of capitals and digits, or a word for a part of the day.
fn looks_like_code(text: &str) -> bool {
    let length = text.chars().count();
    let is_latin = text.chars().all(|c| c.is_ascii() || c.is_lowercase());
    let capitals = text.chars().any(|c| c.is_ascii_alphanumeric()) && !text.chars().any(char::is_lowercase);
    let is_shift = header::field(&header::words(text)) == Some(Field::Shift);
    is_shift
        || (is_latin && (length <= 2 || (capitals && length <= 6 && !text.contains(' '))))
        || (length <= 6 && text.contains(|c: char| c.is_ascii_digit()))
}
