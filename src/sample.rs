//! The sample rota: a template with a change in the week at hand, for the demonstration and for admins to start from. It
//! must not read one.

use crate::templates::{self, Book, HANDOVER, TemplateError, changes, contacts, handover_list, settings};
use chrono::{Days, NaiveDate, NaiveTime, Weekday};

/// Full weeks before the given one.
const WEEKS_BACK: u64 = 2;
/// All rows of the rota: one a week.
const WEEKS: u64 = 13;
const CHANGE_BEGINS_AND_ENDS: NaiveTime = NaiveTime::from_hms_opt(18, 0, 0).unwrap();

/// Invented people; the numbers are set aside for fiction by the Australian authority (ACMA).
const CONTACTS: [[&str; 5]; 4] = [
    ["Priya Nair", "0491 570 156", "", "PN", ""],
    ["Tom Okafor", "+61 491 570 157", "", "TO", ""],
    ["Dr Wei Zhang", "0491 570 158", "", "WZ", ""],
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
/// [`TemplateError`] where a date lies outside of what a spreadsheet can hold (years 1900 to 9999).
pub fn workbook(day: NaiveDate) -> Result<Vec<u8>, TemplateError> {
    // Refuses the years in which the sums of days below could overflow.
    templates::check(day)?;
    let monday = day.week(Weekday::Mon).first_day();
    let first = monday - Days::new(7 * WEEKS_BACK);
    let row = |week| {
        let turn = if week % 2 == 0 { [PRIYA, TOM, WEI] } else { [TOM, PRIYA, WEI] };
        let from = (first + Days::new(7 * week)).and_time(HANDOVER);
        (from, turn.map(ToOwned::to_owned).to_vec())
    };
    let saturday = (monday + Days::new(5)).and_time(CHANGE_BEGINS_AND_ENDS);
    // The third cell stays blank: no change to that position.
    let wedding = (saturday, saturday + Days::new(1), [TOM, DUTY_PHONE, ""], "wedding");
    let book = Book {
        tabs: vec![
            contacts(&CONTACTS.map(|contact| contact.map(ToOwned::to_owned))),
            handover_list((0..WEEKS).map(row).collect(), 3),
            changes(&[wedding]),
            settings(&SETTINGS.map(|setting| setting.map(ToOwned::to_owned))),
        ],
    };
    book.workbook(day)
}
