//! What Google says of a spreadsheet into a sheet: tabs, merges, remarks, links. It must not know how it was asked.

use super::id::SpreadsheetId;
use super::value;
use crate::limits::{Budget, COLUMNS, ROWS, TABS, first_few, too_much};
use crate::{AddressStyle, Formatted, Merge, Revision, Sheet, SourceError, Tab};
use google_sheets4::api;
use sha2::{Digest, Sha256};

/// Part of every revision: to be raised when the same answer is read into other cells than before.
const READER: u8 = 1;

/// What is asked for; [`sheet`] needs all of it.
pub(super) const FIELDS: &str = "properties(title,timeZone),sheets(properties(sheetId,title,sheetType,hidden),merges,\
data(startRow,startColumn,rowData(values(effectiveValue,formattedValue,effectiveFormat(numberFormat(type,pattern))))))";

/// Reads all visible tabs of cells.
///
/// # Errors
/// `Malformed` where the answer is not that of a spreadsheet: everything in it may be absent, even all of it.
pub(super) fn sheet(book: api::Spreadsheet, id: &SpreadsheetId) -> Result<Sheet, SourceError> {
    let properties = book.properties.ok_or_else(|| incomplete("its properties"))?;
    let title = properties.title.ok_or_else(|| incomplete("its title"))?;
    let answered = book.sheets.filter(|tabs| !tabs.is_empty()).ok_or_else(|| incomplete("its tabs"))?;
    let mut budget = Budget::default();
    let mut tabs = Vec::new();
    let mut hidden = Vec::new();
    let mut has_data = false;
    for tab in answered {
        let about = tab.properties.ok_or_else(|| incomplete("the properties of a tab"))?;
        if about.sheet_type.as_deref().is_some_and(|kind| kind != "GRID") {
            continue;
        }
        let name = about.title.ok_or_else(|| incomplete("the name of a tab"))?;
        if about.hidden == Some(true) {
            hidden.push(format!("\"{name}\""));
            continue;
        }
        if tabs.len() == TABS {
            return Err(too_much(format!("more than {TABS} tabs")));
        }
        has_data |= tab.data.is_some();
        // A number that is left out is 0: so it is with all numbers in Google's JSON.
        let link = id.tab_link(about.sheet_id.unwrap_or(0));
        tabs.push(read_tab(name, link, tab.data, tab.merges, &mut budget)?);
    }
    if tabs.is_empty() {
        return Err(SourceError::Malformed("the spreadsheet has no visible tab with cells".into()));
    }
    if !has_data {
        return Err(incomplete("its cells"));
    }
    let mut remarks = Vec::new();
    if !hidden.is_empty() {
        remarks.push(format!(
            "hidden and left out: tab {}. Unhide what belongs to the rota",
            first_few(&hidden)
        ));
    }
    let (time_zone, remark) = time_zone(properties.time_zone);
    remarks.extend(remark);
    let revision = revision(&(READER, &title, &time_zone, &tabs, &remarks))?;
    Ok(Sheet {
        title,
        revision,
        time_zone,
        tabs,
        remarks,
        link: Some(id.link()),
    })
}

fn read_tab(
    name: String,
    link: String,
    data: Option<Vec<api::GridData>>,
    merges: Option<Vec<api::GridRange>>,
    budget: &mut Budget,
) -> Result<Tab, SourceError> {
    let mut rows = Vec::new();
    let mut formatted = Vec::new();
    for block in data.unwrap_or_default() {
        let (first_row, first_column) = (place(block.start_row)?, place(block.start_column)?);
        for (down, row) in block.row_data.unwrap_or_default().into_iter().enumerate() {
            for (right, cell) in row.values.unwrap_or_default().into_iter().enumerate() {
                let (row, column) = (first_row.saturating_add(down), first_column.saturating_add(right));
                let (cell, shown) = value::read(cell);
                budget.put(&name, &mut rows, (row, column), cell)?;
                if let (Some(text), Ok(row), Ok(column)) = (shown, u32::try_from(row), u32::try_from(column)) {
                    let place = (row, column);
                    formatted.push(Formatted { place, text });
                }
            }
        }
    }
    formatted.sort_unstable_by_key(|formatted| formatted.place);
    Ok(Tab {
        name,
        file: None,
        style: AddressStyle::Grid,
        rows,
        lines: Vec::new(),
        merges: merges.unwrap_or_default().iter().filter_map(merge).collect(),
        formatted,
        link: Some(link.into()),
    })
}

fn place(start: Option<i32>) -> Result<usize, SourceError> {
    usize::try_from(start.unwrap_or(0)).map_err(|_| incomplete("where its cells stand"))
}

/// Google's ranges end before their end, and an end that is missing is that of the tab. Merges are cut to what is read
/// of a tab; an upside-down one is dropped.
fn merge(range: &api::GridRange) -> Option<Merge> {
    let first = |start: Option<i32>| u32::try_from(start.unwrap_or(0)).ok();
    let last = |end: Option<i32>, limit: usize| {
        let limit = u32::try_from(limit - 1).unwrap_or(u32::MAX);
        end.map_or(Some(limit), |end| u32::try_from(end).ok()?.checked_sub(1))
            .map(|last| last.min(limit))
    };
    let first = (first(range.start_row_index)?, first(range.start_column_index)?);
    let last = (last(range.end_row_index, ROWS)?, last(range.end_column_index, COLUMNS)?);
    (first.0 <= last.0 && first.1 <= last.1 && first != last).then_some(Merge { first, last })
}

/// An IANA name as it is. Google also has zones like `GMT-07:00`; of whole hours there is an IANA name for them, whose
/// sign is the other way round.
fn time_zone(named: Option<String>) -> (Option<String>, Option<String>) {
    let Some(name) = named.filter(|name| !name.is_empty()) else {
        return (None, None);
    };
    let Some(offset) = name.strip_prefix("GMT").filter(|offset| !offset.is_empty()) else {
        return (Some(name), None);
    };
    let iana = whole_hours(offset).map(|hours| format!("Etc/GMT{:+}", -hours));
    let advice = "choose a city's in File > Settings, or write it in the tab Settings";
    let remark = match &iana {
        Some(_) => format!("the spreadsheet's time zone is {name}, which knows no summer time; if there is one, {advice}"),
        None => format!("the spreadsheet's time zone is {name}, which cannot be used; {advice}"),
    };
    (Some(iana.unwrap_or(name)), Some(remark))
}

/// `-07:00` is -7. Zones with a name of their own lie between -12 and +14.
fn whole_hours(offset: &str) -> Option<i8> {
    let (hours, minutes) = offset.split_once(':').unwrap_or((offset, "00"));
    let hours: i8 = hours.parse().ok()?;
    (minutes == "00" && (-12..=14).contains(&hours)).then_some(hours)
}

fn revision(content: &impl serde::Serialize) -> Result<Revision, SourceError> {
    let bytes = serde_json::to_vec(content).map_err(|_| incomplete("cells that can be kept"))?;
    let digits: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(Revision(format!("google-{READER}-{digits}")))
}

fn incomplete(what: &str) -> SourceError {
    SourceError::Malformed(format!("Google's answer is not that of a spreadsheet: {what} is missing"))
}
