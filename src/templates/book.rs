//! What a rota to copy is made of, whatever is written of it: tabs, columns, cells.

use super::layouts::{Layout, Wish, layout};
use chrono::{NaiveDate, NaiveDateTime};

/// A whole rota.
#[derive(Clone, Debug, PartialEq)]
pub struct Book {
    /// In the order of their appearance.
    pub tabs: Vec<Tab>,
}

/// One tab, or one text table.
#[derive(Clone, Debug, PartialEq)]
pub struct Tab {
    /// As the reader knows it.
    pub name: &'static str,
    /// From left to right.
    pub columns: Vec<Column>,
    /// Below the header.
    pub rows: Vec<Vec<Value>>,
    /// Which of it is coloured as in force.
    pub in_force: InForce,
    /// Whether a blank among the names is a hole. In changes it means: as it was.
    pub blanks_are_holes: bool,
}

/// One column: its header and how it is filled in.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// The header cell.
    pub title: Value,
    /// In characters.
    pub width: f64,
    /// What whoever fills it in should know; empty for nothing.
    pub note: &'static str,
    /// What is written in it.
    pub kind: Kind,
}

/// What is written in a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Anything, kept as typed.
    Text,
    /// A date.
    Date,
    /// A date with its time.
    DateTime,
    /// Somebody of the contacts.
    Name,
    /// A telephone number.
    Phone,
    /// A short code for a kind of day.
    Code,
}

/// Which part of a tab is in force now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InForce {
    /// None of it ever.
    Nothing,
    /// A row from its first cell until the row below it.
    UntilNextRow,
    /// A row from its first cell until its second.
    UntilSecondCell,
    /// The row of today's date.
    Today,
    /// The column of today's date.
    TodaysColumn,
    /// The row of today's weekday.
    Weekday,
}

/// One cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Nothing.
    Blank,
    /// Text.
    Text(String),
    /// A day.
    Date(NaiveDate),
    /// An instant of the wall clock.
    DateTime(NaiveDateTime),
}

impl Book {
    /// The rota of a layout, with an example filled in.
    #[must_use]
    pub fn new(layout_wanted: Layout, wish: &Wish) -> Self {
        Self {
            tabs: layout(layout_wanted, wish),
        }
    }
}

impl Value {
    /// Text, or nothing where there is none.
    #[must_use]
    pub fn text(text: &str) -> Self {
        if text.is_empty() {
            Self::Blank
        } else {
            Self::Text(text.to_owned())
        }
    }
}

impl Column {
    /// A column with a text for its header.
    #[must_use]
    pub fn new(title: &str, width: f64, kind: Kind, note: &'static str) -> Self {
        Self {
            title: Value::text(title),
            width,
            note,
            kind,
        }
    }
}
