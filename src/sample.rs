//! The sample rota: a real workbook in the convention that the reader understands best, for the demonstration and
//! for admins to start from. It knows how a rota is laid out in a spreadsheet; it must not read one.

use chrono::{Datelike, Days, NaiveDate, NaiveDateTime, NaiveTime, Timelike, Weekday};
use rust_xlsxwriter::{
    DataValidation, DataValidationErrorStyle, DocProperties, ExcelDateTime, Format, Formula, Workbook, Worksheet, XlsxError,
};

/// The workbook could not be made: a date that a spreadsheet cannot hold.
#[derive(Debug, thiserror::Error)]
#[error("the sample rota cannot be written: {0}")]
pub struct SampleError(#[from] XlsxError);

/// Full weeks before the given one.
const WEEKS_BACK: u64 = 2;
/// All rows of the rota: one a week.
const WEEKS: u64 = 13;
/// How far down the columns are prepared for what an admin adds later.
const LAST_PREPARED_ROW: u32 = 499;
const HANDOVER: NaiveTime = NaiveTime::from_hms_opt(8, 0, 0).unwrap();
const CHANGE_BEGINS_AND_ENDS: NaiveTime = NaiveTime::from_hms_opt(18, 0, 0).unwrap();

/// Invented people; the numbers are set aside for fiction by the Australian authority (ACMA).
const CONTACTS: [[&str; 5]; 4] = [
    ["Priya Nair", "0491 570 156", "PN", "", ""],
    ["Tom Okafor", "+61 491 570 157", "TO", "", ""],
    ["Dr Wei Zhang", "0491 570 158", "WZ", "", ""],
    ["Lab duty phone", "0491 570 110", "", "", "always answered"],
];
const PRIYA: &str = CONTACTS[0][0];
const TOM: &str = CONTACTS[1][0];
const WEI: &str = CONTACTS[2][0];
const DUTY_PHONE: &str = CONTACTS[3][0];

const SETTINGS: [[&str; 2]; 5] = [
    ["Time zone", "Australia/Melbourne"],
    ["Handover time", "08:00"],
    ["Country for phone numbers", "AU"],
    ["Date order", "day first"],
    ["If nobody answers or the rota runs out, ring", DUTY_PHONE],
];

/// The workbook (`.xlsx`) with weekly duties three deep, from two weeks before the week of `day` to ten weeks after
/// it, and a change on that week's weekend. The same day always makes the same cells.
///
/// # Errors
/// [`SampleError`] where a date lies outside of what a spreadsheet can hold (years 1900 to 9999).
pub fn workbook(day: NaiveDate) -> Result<Vec<u8>, SampleError> {
    // Refuses the years in which the sums of days below could overflow.
    let made = excel(day.and_time(HANDOVER))?;
    let monday = day.week(Weekday::Mon).first_day();
    let looks = Looks::new();
    let mut book = Workbook::new();
    book.set_properties(&DocProperties::new().set_author("Rotaline").set_creation_datetime(&made));
    contacts(book.add_worksheet(), &looks)?;
    rota(book.add_worksheet(), &looks, monday)?;
    changes(book.add_worksheet(), &looks, monday)?;
    settings(book.add_worksheet(), &looks)?;
    Ok(book.save_to_buffer()?)
}

/// The formats of cells.
struct Looks {
    header: Format,
    date: Format,
    text: Format,
}

impl Looks {
    fn new() -> Self {
        Self {
            header: Format::new().set_bold(),
            // The weekday lets people see a day that was taken for a month.
            date: Format::new().set_num_format("ddd d mmm yyyy hh:mm"),
            // Otherwise a spreadsheet takes a phone number for a number and drops its zero.
            text: Format::new().set_num_format("@"),
        }
    }
}

fn contacts(tab: &mut Worksheet, looks: &Looks) -> Result<(), XlsxError> {
    tab.set_name("Contacts")?;
    header(
        tab,
        looks,
        &[
            ("Name", 22.0),
            ("Phone", 20.0),
            ("Also known as", 16.0),
            ("Second phone", 20.0),
            ("Notes", 30.0),
        ],
    )?;
    tab.set_column_format(1, &looks.text)?.set_column_format(3, &looks.text)?;
    for (row, contact) in (1..).zip(CONTACTS) {
        for (column, text) in (0..).zip(contact).filter(|(_, text)| !text.is_empty()) {
            tab.write_string_with_format(row, column, text, &looks.text)?;
        }
    }
    Ok(())
}

fn rota(tab: &mut Worksheet, looks: &Looks, monday: NaiveDate) -> Result<(), XlsxError> {
    tab.set_name("Rota")?;
    header(
        tab,
        looks,
        &[("From", 24.0), ("1st", 20.0), ("2nd", 20.0), ("3rd", 20.0), ("Notes", 30.0)],
    )?;
    tab.set_column_format(0, &looks.date)?;
    offer_names(tab, 1, 3)?;
    let first = monday - Days::new(7 * WEEKS_BACK);
    for (row, week) in (1..).zip(0..WEEKS) {
        let from = (first + Days::new(7 * week)).and_time(HANDOVER);
        tab.write_datetime_with_format(row, 0, &excel(from)?, &looks.date)?;
        let turn = if week % 2 == 0 { [PRIYA, TOM, WEI] } else { [TOM, PRIYA, WEI] };
        for (column, name) in (1..).zip(turn) {
            tab.write_string(row, column, name)?;
        }
    }
    Ok(())
}

fn changes(tab: &mut Worksheet, looks: &Looks, monday: NaiveDate) -> Result<(), XlsxError> {
    tab.set_name("Changes")?;
    header(
        tab,
        looks,
        &[
            ("From", 24.0),
            ("Until", 24.0),
            ("1st", 20.0),
            ("2nd", 20.0),
            ("3rd", 20.0),
            ("Why", 30.0),
        ],
    )?;
    tab.set_column_format(0, &looks.date)?.set_column_format(1, &looks.date)?;
    offer_names(tab, 2, 4)?;
    let saturday = monday + Days::new(5);
    for (column, day) in [(0, saturday), (1, saturday + Days::new(1))] {
        tab.write_datetime_with_format(1, column, &excel(day.and_time(CHANGE_BEGINS_AND_ENDS))?, &looks.date)?;
    }
    // The third cell stays blank: no change to that position.
    tab.write_string(1, 2, TOM)?
        .write_string(1, 3, DUTY_PHONE)?
        .write_string(1, 5, "wedding")?;
    Ok(())
}

fn settings(tab: &mut Worksheet, looks: &Looks) -> Result<(), XlsxError> {
    tab.set_name("Settings")?;
    header(tab, looks, &[("Setting", 44.0), ("Value", 24.0)])?;
    tab.set_column_format(1, &looks.text)?;
    for (row, [setting, value]) in (1..).zip(SETTINGS) {
        tab.write_string(row, 0, setting)?
            .write_string_with_format(row, 1, value, &looks.text)?;
    }
    Ok(())
}

/// The first row: bold, and always in sight.
fn header(tab: &mut Worksheet, looks: &Looks, columns: &[(&str, f64)]) -> Result<(), XlsxError> {
    for (column, (title, width)) in (0..).zip(columns) {
        tab.write_string_with_format(0, column, *title, &looks.header)?
            .set_column_width(column, *width)?;
    }
    tab.set_freeze_panes(1, 0)?;
    Ok(())
}

/// A list of the contacts' names to choose from. Only a warning: `nobody` and `A / B` are allowed as well.
fn offer_names(tab: &mut Worksheet, first_column: u16, last_column: u16) -> Result<(), XlsxError> {
    let names = DataValidation::new()
        .allow_list_formula(Formula::new(format!("Contacts!$A$2:$A${}", LAST_PREPARED_ROW + 1)))
        .set_error_style(DataValidationErrorStyle::Warning)
        .set_error_title("Not one of the contacts")?
        .set_error_message("Choose a name from the Contacts tab. \"nobody\", and two names with \"/\" between them, are fine too.")?;
    tab.add_data_validation(1, first_column, LAST_PREPARED_ROW, last_column, &names)?;
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
