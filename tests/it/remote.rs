//! A rota at a fake Google or Microsoft, a hotline that rings by it: somebody edits a cell, and the next call rings the
//! new person.

use chrono::{Days, NaiveDate};
use fakes::google::{Cell, Spreadsheet, Tab};
use rotaline::clock::Clock;

/// As long as real ones are.
pub(super) const SHEET: &str = "1AbCdEfGhIjKlMnOpQrStUvWxYz0123456789_-AbCd";

/// Four weeks from the Monday before `today` on, by weeks: Ana first and Bo second, the other way round, and so on.
pub(super) fn weeks(today: NaiveDate) -> Vec<[String; 3]> {
    let monday = today.week(chrono::Weekday::Mon).first_day();
    let rows = (0..5).map(|week| {
        let from = monday + Days::new(7 * week);
        let [first, second] = if week % 2 == 0 {
            ["Ana Diaz", "Bo Lund"]
        } else {
            ["Bo Lund", "Ana Diaz"]
        };
        [from.to_string(), first.to_owned(), second.to_owned()]
    });
    rows.collect()
}

/// As an admin types it into Google Sheets.
pub(super) fn google_rota(today: NaiveDate) -> Spreadsheet {
    let row = |tab: Tab, cells: &[&str]| tab.row(cells.iter().map(|cell| Cell::typed(cell)));
    let contacts = [
        ["Name", "Phone"],
        ["Ana Diaz", "+61 491 570 156"],
        ["Bo Lund", "+61 491 570 157"],
        ["Cy Marsh", "+61 491 570 158"],
    ];
    let contacts = contacts.iter().fold(Tab::new("Contacts"), |tab, cells| row(tab, cells));
    let rota = weeks(today)
        .iter()
        .fold(row(Tab::new("Rota"), &["From", "1st", "2nd"]), |tab, [from, first, second]| {
            row(tab, &[from, first, second])
        });
    Spreadsheet::new("Lab rota").zone("Australia/Melbourne").tab(rota).tab(contacts)
}

/// Where the command line takes its time from.
pub(super) fn today() -> NaiveDate {
    Clock::system().now().date_naive()
}
