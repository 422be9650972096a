//! The bytes of a calendar file (iCalendar, RFC 5545, `.ics`) into a tab: one row for each event, under headings of our
//! own. Times stay as the clocks of the event's zone show them, with the name of that zone beside them; rules of series
//! stay as written: what they mean is not this file's to know. Lines of an event are taken apart by the crate `icalendar`,
//! each event by itself, so that a damaged one costs only itself.

mod blocks;
mod event;

#[cfg(test)]
mod tests;

use crate::limits::{Budget, ROWS, too_much};
use crate::workbook::Contents;
use crate::{AddressStyle, Cell, SourceError, Tab, text_table};

/// The headings, in the order of the columns.
const HEADINGS: [&str; 15] = [
    "Event", "Start", "End", "All day", "Zone", "End zone", "Repeats", "Excluded", "Added", "Replaces", "Person", "E-mail", "Location",
    "Status", "UID",
];

/// Reads one calendar. The tab is called like the file without its extension; its addresses name the event.
///
/// # Errors
/// `Transient` where the end of the file is not written yet, `Malformed` where it is no calendar or too large.
pub(crate) fn read(bytes: &[u8], file: &str, budget: &mut Budget) -> Result<Contents, SourceError> {
    let (text, remark) = text_table::decode(bytes)?;
    let blocks = blocks::Blocks::of(&text)?;
    let mut tab = Tab {
        name: text_table::stem(file).to_owned(),
        file: Some(file.to_owned()),
        style: AddressStyle::Events,
        rows: Vec::new(),
        lines: vec![0],
        merges: Vec::new(),
        formatted: Vec::new(),
        link: None,
    };
    for (column, heading) in HEADINGS.into_iter().enumerate() {
        budget.put(&tab.name, &mut tab.rows, (0, column), Cell::Text(heading.to_owned()))?;
    }
    for (number, block) in (1_u32..).zip(&blocks.events) {
        let row = tab.rows.len();
        if row >= ROWS {
            return Err(too_much(format!("it goes on with event {number}; at most {ROWS} events are read")));
        }
        let cells = event::cells(block, &blocks.zones);
        for (column, cell) in cells.into_iter().enumerate() {
            budget.put(&tab.name, &mut tab.rows, (row, column), cell)?;
        }
        tab.lines.push(number);
    }
    Ok(Contents {
        tabs: vec![tab],
        remarks: remark.into_iter().collect(),
        time_zone: blocks.time_zone,
    })
}

/// Whether a text begins as calendars do.
pub(crate) fn is_calendar(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
    bytes.get(..15).is_some_and(|start| start.eq_ignore_ascii_case(b"BEGIN:VCALENDAR"))
}
