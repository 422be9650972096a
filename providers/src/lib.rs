//! Where sheets come from. This crate fetches a rota as cells and says where each cell stands;
//! it must not know what a roster, a shift or a person is.
//!
//! - `local_file`: a workbook, a text table or a folder of them on this machine.
//! - `joined`: several sources as one sheet.
//! - `workbook`, `text_table`, `calendar_file`: bytes into tabs, wherever the bytes came from; `limits`: how much of them.
//! - behind the feature `http`, which the others below turn on: `http` (which addresses, how long, how much).
//! - behind the feature `google-sheets`: `google_sheets` (a spreadsheet by its id).
//! - behind the feature `sharepoint`: `sharepoint` (lists of a site) and `excel_online` (a workbook file fetched
//!   through Graph and read by `workbook`).

mod address;
mod calendar_file;
#[cfg(feature = "sharepoint")]
mod excel_online;
#[cfg(fuzzing)]
pub mod fuzzing;
#[cfg(feature = "google-sheets")]
pub mod google_sheets;
#[cfg(feature = "sharepoint")]
mod graph;
#[cfg(feature = "http")]
// Each of the two uses its part of it.
#[cfg_attr(not(all(feature = "google-sheets", feature = "sharepoint")), allow(dead_code))]
mod http;
mod joined;
mod limits;
mod local_file;
mod places;
#[cfg(feature = "sharepoint")]
mod sharepoint;
mod text_table;
mod workbook;

use chrono::{DateTime, NaiveDateTime, NaiveTime, Utc};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

pub use address::{AddressStyle, CellAddress};
#[cfg(feature = "sharepoint")]
pub use excel_online::{Drive, ExcelOnline};
#[cfg(feature = "sharepoint")]
pub use graph::{Credential, MicrosoftAccess, MicrosoftAccount, Site};
#[cfg(feature = "http")]
pub use http::Base;
pub use joined::Joined;
pub use local_file::LocalFile;
pub use places::{places, places_shown};
#[cfg(feature = "sharepoint")]
pub use sharepoint::{SharePointLists, SiteZone};
pub use text_table::place_in_text;

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
    /// Where a browser shows the sheet, if there is such a place.
    #[serde(default)]
    pub link: Option<String>,
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
    /// For text files the line (from 1) on which each row begins, for lists the number of each item (0 for the row of
    /// headings). Empty where rows are lines.
    pub lines: Vec<u32>,
    /// Merged regions, with absolute zero-based corners, both inclusive.
    pub merges: Vec<Merge>,
    /// What the program shows in cells whose value reads otherwise, sorted by place: what an admin is quoted.
    #[serde(default)]
    pub formatted: Vec<Formatted>,
    /// Where a browser shows a cell: an address in which `{cell}` stands for `C14` and `{row}` for 14.
    #[serde(default)]
    pub link: Option<Arc<str>>,
}

/// How its program shows one cell.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Formatted {
    /// Row and column, zero-based.
    pub place: (u32, u32),
    /// As shown.
    pub text: String,
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

    /// Fetches the sheet, or says that `since` is still its newest revision. Without `since` the sheet itself is read,
    /// whatever cheaper probe there is; so is it every now and then with it.
    ///
    /// # Errors
    /// As [`SourceError`] says; a source never answers with an empty sheet in place of an error.
    async fn fetch(&self, since: Option<&Revision>) -> Result<Fetched, SourceError>;

    /// Looks at everything that reading the sheet takes, one thing after another, and says in plain words what is right
    /// and what is missing. It goes on behind the first thing that is missing where that makes sense.
    async fn examine(&self, _now: DateTime<Utc>) -> Vec<Check> {
        let outcome = match self.fetch(None).await {
            Ok(Fetched::Sheet(sheet)) => CheckOutcome::Fine { seen: sheet.seen() },
            Ok(Fetched::Unchanged) => CheckOutcome::Fine {
                seen: "read before, and unchanged".into(),
            },
            Err(fault) => CheckOutcome::Missing {
                remedy: fault.remedy().to_owned(),
                seen: fault.to_string(),
            },
        };
        vec![Check {
            what: self.describe(),
            outcome,
        }]
    }

    /// Asks the source to knock when the sheet changes, or to go on doing so where `before` is a watch of ours that has
    /// not run out. Nothing where the source cannot knock.
    ///
    /// # Errors
    /// As [`SourceError`] says; the sheet can still be fetched then.
    async fn watch(&self, _bell: &Bell, _before: Option<&Watch>) -> Result<Option<Watch>, SourceError> {
        Ok(None)
    }

    /// Asks the source to knock no longer. What cannot be ended runs out by itself.
    async fn unwatch(&self, _watch: &Watch) {}
}

/// One thing that reading a sheet takes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Check {
    /// What was looked at: "the key file credentials/google.json".
    pub what: String,
    /// What came of it.
    pub outcome: CheckOutcome,
}

/// What came of a [`Check`]. The words hold no secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum CheckOutcome {
    /// As it should be, and what was seen.
    Fine {
        /// "readable, of rota@project.iam.gserviceaccount.com".
        seen: String,
    },
    /// Rotas are read even so, but something could be better, or will not be right for long.
    Advice {
        /// "the secret ends on 1 Mar 2027".
        seen: String,
        /// What to do.
        remedy: String,
    },
    /// Rotas cannot be read.
    Missing {
        /// "the spreadsheet is not shared with rota@project.iam.gserviceaccount.com".
        seen: String,
        /// What to do.
        remedy: String,
    },
}

/// How a source is to knock when its sheet changes.
#[derive(Clone, PartialEq, Eq)]
pub struct Bell {
    /// Where it posts to: https, and reachable from the source.
    pub address: String,
    /// What it says to show that it is the source; at most 128 characters.
    pub password: String,
    /// The time now, from which lifetimes are counted.
    pub now: DateTime<Utc>,
}

impl fmt::Debug for Bell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bell").field("address", &self.address).finish_non_exhaustive()
    }
}

/// A source's promise to knock, as it must be kept to be renewed after a restart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Watch {
    /// The source's names for it: a channel and its resource, or subscriptions.
    pub names: Vec<String>,
    /// From then on it knocks no longer, unless renewed.
    pub until: DateTime<Utc>,
}

impl SourceError {
    /// What the admin or the operator can do about it.
    #[must_use]
    pub const fn remedy(&self) -> &'static str {
        match self {
            Self::Auth(_) => "Check the credentials.",
            Self::Forbidden(_) => "Give rotaline permission to read it.",
            Self::NotFound(_) => "Put it back, or correct its place in the configuration.",
            Self::Malformed(_) => "Correct it, or restore an earlier version.",
            Self::Throttled { .. } | Self::Transient(_) => "Look after it if this lasts for more than a few minutes.",
        }
    }
}

impl Sheet {
    /// In one line what is there: the title, and every tab by name.
    #[must_use]
    pub fn seen(&self) -> String {
        let tabs: Vec<String> = self.tabs.iter().map(|tab| format!("\"{}\"", tab.name)).collect();
        format!("\"{}\", tabs: {}", self.title, limits::first_few(&tabs))
    }
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
        let shown_column = u32::try_from(column + 1).unwrap_or(u32::MAX);
        let address = CellAddress::linked(place, self.style, (shown_row, shown_column), self.link.as_ref());
        match (self.style, self.cell(0, column)) {
            (AddressStyle::Items, Cell::Text(heading)) => address.under(heading),
            (AddressStyle::Events, Cell::Text(heading)) => address.of_event(self.cell(row, 0), heading),
            (AddressStyle::Items | AddressStyle::Events | AddressStyle::Grid | AddressStyle::Lines, _) => address,
        }
    }

    /// What the program shows in the cell at these zero-based places, where that is not how its value reads.
    #[must_use]
    pub fn formatted(&self, row: usize, column: usize) -> Option<&str> {
        let place = (u32::try_from(row).ok()?, u32::try_from(column).ok()?);
        let found = self.formatted.binary_search_by_key(&place, |formatted| formatted.place).ok()?;
        self.formatted.get(found).map(|formatted| formatted.text.as_str())
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
