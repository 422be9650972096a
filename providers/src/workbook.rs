//! The bytes of an Excel workbook (`.xlsx`, `.xlsm`) into tabs. It must not know where the bytes came from.
//!
//! Cells are taken from calamine one after another: its ranges would first fill a rectangle round all
//! cells, and two cells in the far corners of a tab would take all memory.

mod archive;
mod value;

#[cfg(test)]
mod tests;

use crate::limits::{Budget, COLUMNS, ROWS, TABS, UNPACKED_BYTES, first_few, too_much};
use crate::{AddressStyle, CellAddress, Merge, SourceError, Tab};
use calamine::{Dimensions, Reader, SheetType, SheetVisible, Xlsx, XlsxError};
use std::io::Cursor;
use std::panic::catch_unwind;

pub(crate) use archive::MAGIC as ZIP_MAGIC;

/// What came out of a file: its visible tabs, and remarks for the admin.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Contents {
    pub(crate) tabs: Vec<Tab>,
    pub(crate) remarks: Vec<String>,
    /// The zone that the file names.
    pub(crate) time_zone: Option<String>,
}

type Book<'b> = Xlsx<Cursor<&'b [u8]>>;

/// Reads all visible tabs.
///
/// # Errors
/// `Transient` where the archive is cut short or damaged, `Malformed` where it is whole and no workbook.
pub(crate) fn read(bytes: &[u8]) -> Result<Contents, SourceError> {
    archive::check(bytes, UNPACKED_BYTES)?;
    // The reader is somebody else's and the bytes are anybody's: its panic must not be ours.
    catch_unwind(|| read_tabs(bytes)).unwrap_or_else(|_| {
        Err(SourceError::Malformed(
            "the workbook is built in a way that cannot be read. Open it and save it again as .xlsx".into(),
        ))
    })
}

fn read_tabs(bytes: &[u8]) -> Result<Contents, SourceError> {
    let mut book: Book<'_> = Xlsx::new(Cursor::new(bytes)).map_err(|fault| words("the workbook", &fault))?;
    let sheets = book.sheets_metadata().to_vec();
    let mut contents = Contents::default();
    let mut budget = Budget::default();
    let mut hidden = Vec::new();
    for sheet in sheets.iter().filter(|sheet| sheet.typ == SheetType::WorkSheet) {
        match sheet.visible {
            SheetVisible::Hidden | SheetVisible::VeryHidden => hidden.push(format!("\"{}\"", sheet.name)),
            SheetVisible::Visible if contents.tabs.len() == TABS => {
                return Err(too_much(format!("more than {TABS} tabs")));
            }
            SheetVisible::Visible => {
                if let Some(tab) = read_tab(&mut book, &sheet.name, &mut budget, &mut contents.remarks)? {
                    contents.tabs.push(tab);
                }
            }
        }
    }
    if !hidden.is_empty() {
        contents.remarks.push(format!(
            "hidden and left out: tab {}. Unhide what belongs to the rota",
            first_few(&hidden)
        ));
    }
    if contents.tabs.is_empty() {
        return Err(SourceError::Malformed("the workbook has no visible tab with cells".into()));
    }
    Ok(contents)
}

/// `None` for a chart that calls itself a worksheet.
fn read_tab(book: &mut Book<'_>, name: &str, budget: &mut Budget, remarks: &mut Vec<String>) -> Result<Option<Tab>, SourceError> {
    let fault = |fault: &XlsxError| words(&format!("tab \"{name}\""), fault);
    let mut cells = match book.worksheet_cells_reader(name) {
        Ok(cells) => cells,
        Err(XlsxError::NotAWorksheet(_)) => return Ok(None),
        Err(other) => return Err(fault(&other)),
    };
    let mut tab = Tab {
        name: name.to_owned(),
        file: None,
        style: AddressStyle::Grid,
        rows: Vec::new(),
        lines: Vec::new(),
        merges: Vec::new(),
        formatted: Vec::new(),
        link: None,
    };
    let mut last = None;
    let mut unplaced = Vec::new();
    loop {
        match cells.next_cell() {
            Ok(None) => break,
            Ok(Some(cell)) => {
                let (row, column) = cell.get_position();
                last = Some((row, column));
                let value = value::cell(cell.get_value());
                budget.put(name, &mut tab.rows, (index(row), index(column)), value)?;
            }
            // An error value newer than the reader: it stops at this cell and does not say where it stands.
            Err(XlsxError::CellError(error)) => unplaced.push(error_place(name, &error, last)),
            Err(other) => return Err(fault(&other)),
        }
    }
    drop(cells);
    if !unplaced.is_empty() {
        remarks.push(format!("errors that were read as empty cells: {}", first_few(&unplaced)));
    }
    let merges = book.merge_cells_by_sheet_name(name).map_err(|other| fault(&other))?;
    tab.merges = merges.iter().filter_map(merge).collect();
    Ok(Some(tab))
}

fn error_place(tab: &str, error: &str, last: Option<(u32, u32)>) -> String {
    let before = last.map(|(row, column)| CellAddress::new(tab, AddressStyle::Grid, row.saturating_add(1), column.saturating_add(1)));
    match before {
        Some(before) => format!("{error} in the next filled cell after {before}"),
        None => format!("{error} in the first filled cell of tab \"{tab}\""),
    }
}

/// A merge over whole rows or columns is cut to what is read of a tab; an upside-down one is dropped.
fn merge(region: &Dimensions) -> Option<Merge> {
    let bound = |(row, column): (u32, u32)| {
        let last_row = u32::try_from(ROWS - 1).unwrap_or(u32::MAX);
        let last_column = u32::try_from(COLUMNS - 1).unwrap_or(u32::MAX);
        (row.min(last_row), column.min(last_column))
    };
    let (first, last) = (bound(region.start), bound(region.end));
    (first.0 <= last.0 && first.1 <= last.1 && first != last).then_some(Merge { first, last })
}

fn index(place: u32) -> usize {
    usize::try_from(place).unwrap_or(usize::MAX)
}

fn words(what: &str, fault: &XlsxError) -> SourceError {
    if matches!(fault, XlsxError::Password) {
        return SourceError::Malformed("the workbook is protected by a password. Save it without one".into());
    }
    SourceError::Malformed(format!("{what} cannot be read ({fault}). Open it and save it again as .xlsx"))
}
