//! Where sheets come from. This crate fetches a rota as cells and says where each cell stands;
//! it must not know what a roster, a shift or a person is.
//!
//! - `local_file`: a workbook, a text table or a folder of them on this machine.
//! - `workbook`, `text_table`: bytes into tabs, wherever the bytes came from; `limits`: how much of them.
//! - behind the feature `google-sheets`, next: one module `google_sheets` (a spreadsheet by its id).
//! - behind the feature `sharepoint`, next: one module `sharepoint` (lists) and `excel_online` (a workbook
//!   file fetched through Graph and read by `workbook`).

mod address;
mod limits;
mod local_file;
mod places;
mod text_table;
mod workbook;

use chrono::{NaiveDateTime, NaiveTime};
use serde::{Deserialize, Serialize};
use std::time::Duration;

pub use address::{AddressStyle, CellAddress};
pub use local_file::LocalFile;
pub use places::places;

/// One version of a rota as its program keeps it: tabs of cells.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sheet {
    /// What the admin calls it: the file name, the title of the spreadsheet.
    pub title: String,
    /// Names this version; equal revisions hold equal cells.
    pub revision: Revision,
    /// The zone that the spreadsheet itself names, if it does (an IANA name as written there).
    pub time_zone: Option<String>,
    /// The visible tabs in their order.
    pub tabs: Vec<Tab>,
    /// What the provider noticed while reading, in words for the admin ("read as Windows-1252").
    pub remarks: Vec<String>,
}

/// One tab of a sheet, or one text table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Tab {
    /// As the program shows it; of a text table the file name without its extension.
    pub name: String,
    /// Of a text table, the file's whole name: addresses show it in place of the tab.
    #[serde(default)]
    pub file: Option<String>,
    /// How addresses in this tab are written.
    pub style: AddressStyle,
    /// Rows from the very first one, blank ones included, so that an index is an absolute place.
    /// Rows may differ in length; what is not there is empty.
    pub rows: Vec<Vec<Cell>>,
    /// For text files: the line (from 1) on which each row begins. Empty where rows are lines.
    pub lines: Vec<u32>,
    /// Merged regions, with absolute zero-based corners, both inclusive.
    pub merges: Vec<Merge>,
}

/// A merged region; its value stands in the first cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Merge {
    /// First row and column, zero-based.
    pub first: (u32, u32),
    /// Last row and column, zero-based, inclusive.
    pub last: (u32, u32),
}

/// What one cell holds.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "value", rename_all = "snake_case")]
pub enum Cell {
    /// Nothing.
    #[default]
    Empty,
    /// Text as typed, untrimmed.
    Text(String),
    /// A number, also a phone number that a program took for one.
    Number(f64),
    /// A cell formatted as a date, or date and time: wall-clock, without a zone.
    DateTime(NaiveDateTime),
    /// A cell formatted as a time of day.
    Time(NaiveTime),
    /// A tick box.
    Bool(bool),
    /// A formula error such as `#N/A`.
    Error(String),
}

/// An opaque name of one version of a sheet.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Revision(pub String);

/// What a fetch brought.
#[derive(Clone, Debug, PartialEq)]
pub enum Fetched {
    /// The revision asked about is still the newest.
    Unchanged,
    /// Another version.
    Sheet(Box<Sheet>),
}

/// Why a fetch brought nothing. The words are for the admin; they hold no secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SourceError {
    /// We could not prove who we are.
    #[error("sign-in refused: {0}")]
    Auth(String),
    /// We are known but may not read this.
    #[error("no permission: {0}")]
    Forbidden(String),
    /// There is no such file, spreadsheet or list.
    #[error("not found: {0}")]
    NotFound(String),
    /// Asked too often; to be asked again after this time.
    #[error("asked too often, next try in {} s", retry_after.as_secs())]
    Throttled {
        /// How long to wait, as the source said.
        retry_after: Duration,
    },
    /// May well work the next time: locked, half-written, network.
    #[error("not readable just now: {0}")]
    Transient(String),
    /// Came whole and is not a sheet.
    #[error("not a rota sheet: {0}")]
    Malformed(String),
}

/// A place that a rota is fetched from.
#[async_trait::async_trait]
pub trait SheetSource: Send + Sync {
    /// For people: the file's path, the spreadsheet's title.
    fn describe(&self) -> String;

    /// Fetches the sheet, or says that `since` is still its newest revision.
    ///
    /// # Errors
    /// As [`SourceError`] says; a source never answers with an empty sheet in place of an error.
    async fn fetch(&self, since: Option<&Revision>) -> Result<Fetched, SourceError>;
}

impl Tab {
    /// The cell at these zero-based places; what is not there is empty.
    #[must_use]
    pub fn cell(&self, row: usize, column: usize) -> &Cell {
        const NOTHING: &Cell = &Cell::Empty;
        self.rows.get(row).and_then(|cells| cells.get(column)).unwrap_or(NOTHING)
    }

    /// The address of the cell at these zero-based places, as its program shows it.
    #[must_use]
    pub fn address(&self, row: usize, column: usize) -> CellAddress {
        let shown_row = self
            .lines
            .get(row)
            .copied()
            .unwrap_or_else(|| u32::try_from(row + 1).unwrap_or(u32::MAX));
        let place = self.file.as_deref().unwrap_or(&self.name);
        CellAddress::new(place, self.style, shown_row, u32::try_from(column + 1).unwrap_or(u32::MAX))
    }
}

impl Cell {
    /// Whether nothing stands in the cell: empty, or only white space.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        match self {
            Self::Empty => true,
            Self::Text(text) => text.trim().is_empty(),
            Self::Number(_) | Self::DateTime(_) | Self::Time(_) | Self::Bool(_) | Self::Error(_) => false,
        }
    }
}
