//! How a cell is named to a person: the way the program shows it.

use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::cell::RefCell;
use std::fmt;
use std::sync::Arc;

use crate::Cell;

/// Titles of events are cut here (characters).
const TITLE_SHOWN: usize = 40;

/// How the program at hand names its cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AddressStyle {
    /// Letters and numbers: `Rota!C14`.
    Grid,
    /// A text file: `rota.csv line 14, column 3`.
    Lines,
    /// A list of items with columns: `Rota item 14, "2nd"`; the row is the item's number, 0 that of the headings.
    Items,
    /// A calendar: `oncall.ics event 14 ("Ana on call"), Start`; the row is the event's number, 0 that of the headings.
    Events,
}

/// Where a cell stands, in the words of its program. Rows and columns count from 1.
///
/// Small, because a roster keeps one for every cell that puts somebody on call.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "Parts", into = "Parts")]
pub struct CellAddress {
    tab: Arc<InTab>,
    row: u32,
    column: u32,
    /// What the column is called, where cells are named by it.
    heading: Option<Arc<str>>,
}

/// What the addresses of a tab have in common.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct InTab {
    name: Arc<str>,
    style: AddressStyle,
    /// See [`Tab::link`](crate::Tab::link).
    link: Option<Arc<str>>,
}

/// An address as it is kept and sent.
#[derive(Serialize, Deserialize)]
struct Parts {
    tab: Arc<str>,
    row: u32,
    column: u32,
    style: AddressStyle,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    heading: Option<Arc<str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    link: Option<Arc<str>>,
}

thread_local! {
    /// The newest tab: addresses are made one after another, and those of the same tab share it.
    static NEWEST: RefCell<Option<Arc<InTab>>> = const { RefCell::new(None) };
}

impl InTab {
    fn shared(name: &str, style: AddressStyle, link: Option<&Arc<str>>) -> Arc<Self> {
        NEWEST.with_borrow_mut(|newest| match newest {
            Some(known) if *known.name == *name && known.style == style && known.link.as_ref() == link => Arc::clone(known),
            Some(_) | None => {
                let tab = Self {
                    name: Arc::from(plain(name)),
                    style,
                    link: link.cloned(),
                };
                Arc::clone(newest.insert(Arc::new(tab)))
            }
        })
    }
}

impl From<Parts> for CellAddress {
    fn from(parts: Parts) -> Self {
        Self {
            tab: InTab::shared(&parts.tab, parts.style, parts.link.as_ref()),
            row: parts.row,
            column: parts.column,
            heading: parts.heading,
        }
    }
}

impl From<CellAddress> for Parts {
    fn from(address: CellAddress) -> Self {
        Self {
            tab: Arc::clone(&address.tab.name),
            row: address.row,
            column: address.column,
            style: address.tab.style,
            heading: address.heading,
            link: address.tab.link.clone(),
        }
    }
}

impl CellAddress {
    /// Names a cell; row and column count from 1.
    #[must_use]
    pub fn new(tab: &str, style: AddressStyle, row: u32, column: u32) -> Self {
        Self::linked(tab, style, (row, column), None)
    }

    /// The same with the pattern of its link.
    pub(crate) fn linked(tab: &str, style: AddressStyle, (row, column): (u32, u32), pattern: Option<&Arc<str>>) -> Self {
        Self {
            tab: InTab::shared(tab, style, pattern),
            row,
            column,
            heading: None,
        }
    }

    /// The same place, its column called by its heading.
    pub(crate) fn under(self, heading: &str) -> Self {
        Self {
            heading: Some(Arc::from(plain(heading))),
            ..self
        }
    }

    /// The same place, its row called by its title too.
    pub(crate) fn of_event(self, title: &Cell, heading: &str) -> Self {
        let Cell::Text(title) = title else { return self.under(heading) };
        let mut shown: String = title
            .chars()
            .map(|c| if c.is_control() { ' ' } else { c })
            .take(TITLE_SHOWN)
            .collect();
        if title.chars().nth(TITLE_SHOWN).is_some() {
            shown.push('…');
        }
        let title = format!("(\"{}\")", shown.trim());
        // The title itself needs no heading.
        let name = if self.column > 1 { format!("{title}, {heading}") } else { title };
        self.under(&name)
    }

    /// Where a browser shows the cell, if there is such a place.
    #[must_use]
    pub fn link(&self) -> Option<String> {
        let pattern = self.tab.link.as_deref()?;
        let cell = format!("{}{}", column_letters(self.column), self.row);
        Some(pattern.replace("{cell}", &cell).replace("{row}", &self.row.to_string()))
    }

    /// The tab, or the file of a text rota.
    #[must_use]
    pub fn tab(&self) -> &str {
        &self.tab.name
    }

    /// From 1, hidden rows counted; for text files the line.
    #[must_use]
    pub const fn row(&self) -> u32 {
        self.row
    }

    /// From 1.
    #[must_use]
    pub const fn column(&self) -> u32 {
        self.column
    }

    /// How its program names cells.
    #[must_use]
    pub fn style(&self) -> AddressStyle {
        self.tab.style
    }

    fn shown_heading(&self) -> String {
        match self.heading.as_deref() {
            Some(heading) => format!("\"{heading}\""),
            None => self.column.to_string(),
        }
    }

    /// Without the tab: `C14`, `line 14, column 3`, or `item 14, "2nd"`.
    pub(crate) fn in_tab(&self) -> String {
        match self.tab.style {
            AddressStyle::Lines => format!("line {}, column {}", self.row, self.column),
            AddressStyle::Grid => format!("{}{}", column_letters(self.column), self.row),
            AddressStyle::Items if self.row == 0 => format!("column {}", self.shown_heading()),
            AddressStyle::Items => format!("item {}, {}", self.row, self.shown_heading()),
            AddressStyle::Events => format!("event {} {}", self.row, self.heading.as_deref().unwrap_or_default()),
        }
    }
}

/// Tabs and columns are called what somebody likes: without what moves the words beside it, or begins another line.
fn plain(name: &str) -> Cow<'_, str> {
    let moves = |c: char| matches!(c, '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
    if !name.contains(|c: char| moves(c) || c.is_control()) {
        return Cow::Borrowed(name);
    }
    let shown = name.chars().filter(|c| !moves(*c));
    shown.map(|c| if c.is_control() { ' ' } else { c }).collect()
}

impl fmt::Display for CellAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.tab.style {
            AddressStyle::Events if self.row == 0 => f.write_str(self.tab()),
            AddressStyle::Lines | AddressStyle::Items | AddressStyle::Events => write!(f, "{} {}", self.tab(), self.in_tab()),
            AddressStyle::Grid => {
                let plain = !self.tab().is_empty() && self.tab().chars().all(|c| c.is_alphanumeric() || c == '_');
                if plain {
                    write!(f, "{}!", self.tab())?;
                } else {
                    write!(f, "'{}'!", self.tab().replace('\'', "''"))?;
                }
                f.write_str(&self.in_tab())
            }
        }
    }
}

/// `1` is `A`, `27` is `AA`.
fn column_letters(mut column: u32) -> String {
    let mut letters = Vec::new();
    while column > 0 {
        let digit = u8::try_from((column - 1) % 26).unwrap_or(0);
        letters.push(char::from(b'A' + digit));
        column = (column - 1) / 26;
    }
    letters.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_read_as_the_program_shows_them() {
        let cases = [
            ("Rota", AddressStyle::Grid, 14, 3, "Rota!C14"),
            ("March 2026", AddressStyle::Grid, 3, 4, "'March 2026'!D3"),
            ("Bob's", AddressStyle::Grid, 1, 702, "'Bob''s'!ZZ1"),
            ("Rota", AddressStyle::Grid, 1_048_576, 16_384, "Rota!XFD1048576"),
            ("rota.csv", AddressStyle::Lines, 14, 3, "rota.csv line 14, column 3"),
        ];
        for (tab, style, row, column, expected) in cases {
            assert_eq!(CellAddress::new(tab, style, row, column).to_string(), expected);
        }
    }

    #[test]
    fn items_of_a_list_are_named_by_their_number_and_heading() {
        let second = |row| CellAddress::new("Rota", AddressStyle::Items, row, 3).under("2nd");
        assert_eq!(second(14).to_string(), "Rota item 14, \"2nd\"");
        assert_eq!(second(0).to_string(), "Rota column \"2nd\"");
    }

    #[test]
    fn a_name_of_a_tab_moves_nothing_beside_it() {
        let name = "=1 \u{202e}x\u{1b}[2J\r\n\u{2028}y";
        let cell = CellAddress::new(name, AddressStyle::Lines, 3, 2);
        assert_eq!(cell.to_string(), "=1 x [2J  y line 3, column 2");
        let item = CellAddress::new("Rota", AddressStyle::Items, 3, 2).under(name);
        assert_eq!(item.to_string(), "Rota item 3, \"=1 x [2J  y\"");
    }

    #[test]
    fn a_link_leads_to_the_cell_or_the_item() {
        let linked = |style, pattern: &str| CellAddress::linked("Rota", style, (14, 28), Some(&pattern.into())).link().unwrap();
        assert_eq!(
            linked(AddressStyle::Grid, "https://s.example/#gid=7&range={cell}"),
            "https://s.example/#gid=7&range=AB14"
        );
        assert_eq!(
            linked(AddressStyle::Items, "https://l.example/DispForm.aspx?ID={row}"),
            "https://l.example/DispForm.aspx?ID=14"
        );
        assert_eq!(CellAddress::new("Rota", AddressStyle::Grid, 14, 3).link(), None);
    }
}
