//! A rota to copy as a workbook (`.xlsx`).

use super::TemplateError;
use super::book::{Book, Column, Kind, Tab, Value};
use super::rules;
use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime, Timelike};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Note, Workbook, Worksheet, XlsxError};

/// The formats of cells.
struct Looks {
    header: Format,
    header_date: Format,
    date: Format,
    date_time: Format,
    text: Format,
}

impl Looks {
    fn new() -> Self {
        Self {
            header: Format::new().set_bold(),
            header_date: Format::new().set_bold().set_num_format("ddd d mmm"),
            // The weekday lets people see a day that was taken for a month.
            date: Format::new().set_num_format("ddd d mmm yyyy"),
            date_time: Format::new().set_num_format("ddd d mmm yyyy hh:mm"),
            // Otherwise a spreadsheet takes a phone number for a number and drops its zero.
            text: Format::new().set_num_format("@"),
        }
    }

    const fn of(&self, kind: Kind) -> Option<&Format> {
        match kind {
            Kind::Text | Kind::Phone => Some(&self.text),
            Kind::Date => Some(&self.date),
            Kind::DateTime => Some(&self.date_time),
            Kind::Name | Kind::Code => None,
        }
    }
}

impl Book {
    /// The workbook. The same book and day always make the same cells.
    ///
    /// # Errors
    /// [`TemplateError`] where a date lies outside of what a spreadsheet can hold (years 1900 to 9999).
    pub fn workbook(&self, made: NaiveDate) -> Result<Vec<u8>, TemplateError> {
        let made = excel(made.and_time(NaiveTime::MIN))?;
        let looks = Looks::new();
        let mut book = Workbook::new();
        book.set_properties(&DocProperties::new().set_author("Rotaline").set_creation_datetime(&made));
        for tab in &self.tabs {
            let sheet = book.add_worksheet();
            sheet.set_name(tab.name)?;
            write(sheet, tab, &looks)?;
            rules::add(sheet, tab)?;
        }
        Ok(book.save_to_buffer()?)
    }
}

fn write(sheet: &mut Worksheet, tab: &Tab, looks: &Looks) -> Result<(), XlsxError> {
    for (place, column) in (0..).zip(&tab.columns) {
        header(sheet, place, column, looks)?;
        if let Some(look) = looks.of(column.kind) {
            sheet.set_column_format(place, look)?;
        }
    }
    // The header stays in sight; of a matrix the names too.
    let frozen = u16::from(tab.columns.iter().any(|column| column.kind == Kind::Code));
    sheet.set_freeze_panes(1, frozen)?;
    for (row, cells) in (1..).zip(&tab.rows) {
        for ((place, column), value) in (0..).zip(&tab.columns).zip(cells) {
            cell(sheet, (row, place), value, looks.of(column.kind))?;
        }
    }
    Ok(())
}

/// Bold, and with a note where there is something to know.
fn header(sheet: &mut Worksheet, place: u16, column: &Column, looks: &Looks) -> Result<(), XlsxError> {
    let look = match column.title {
        Value::Date(_) | Value::DateTime(_) => &looks.header_date,
        Value::Blank | Value::Text(_) => &looks.header,
    };
    cell(sheet, (0, place), &column.title, Some(look))?;
    sheet.set_column_width(place, column.width)?;
    if !column.note.is_empty() {
        let note = Note::new(column.note).add_author_prefix(false).set_width(320).set_height(110);
        sheet.insert_note(0, place, &note)?;
    }
    Ok(())
}

fn cell(sheet: &mut Worksheet, (row, place): (u32, u16), value: &Value, look: Option<&Format>) -> Result<(), XlsxError> {
    let plain = Format::new();
    let look = look.unwrap_or(&plain);
    match value {
        Value::Blank => return Ok(()),
        Value::Text(text) => sheet.write_string_with_format(row, place, text, look)?,
        Value::Date(date) => sheet.write_datetime_with_format(row, place, excel(date.and_time(NaiveTime::MIN))?, look)?,
        Value::DateTime(at) => sheet.write_datetime_with_format(row, place, excel(*at)?, look)?,
    };
    Ok(())
}

/// Whether a spreadsheet can hold the years around a day.
///
/// # Errors
/// [`TemplateError`] where it cannot (years 1900 to 9999).
pub fn check(day: NaiveDate) -> Result<(), TemplateError> {
    excel(day.and_time(NaiveTime::MIN))?;
    Ok(())
}

fn excel(at: NaiveDateTime) -> Result<ExcelDateTime, XlsxError> {
    let narrow = |number: u32| u8::try_from(number).unwrap_or(u8::MAX);
    ExcelDateTime::from_ymd(u16::try_from(at.year()).unwrap_or(u16::MAX), narrow(at.month()), narrow(at.day()))?.and_hms(
        u16::try_from(at.hour()).unwrap_or(u16::MAX),
        narrow(at.minute()),
        f64::from(at.second()),
    )
}
