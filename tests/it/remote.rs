//! A rota at a fake Google or Microsoft, a hotline that rings by it: somebody edits a cell, and the next call rings the
//! new person.

use chrono::{Days, NaiveDate};
use fakes::google::{Cell, Spreadsheet, Tab};
use fakes::graph::{Graph, Kind, List, ListKey, SiteKey, Value};
use rotaline::clock::Clock;

pub(super) const SITE: &str = "https://contoso.sharepoint.com/sites/ops";
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

/// As an admin makes lists in SharePoint; `site` is where.
pub(super) fn graph_rota(graph: &Graph, site: &SiteKey, today: NaiveDate) -> ListKey {
    let contacts = List::new("Contacts")
        .column_named("Name", "Title", Kind::Text)
        .column("Phone", Kind::Text);
    let contacts = contacts
        .item(["Ana Diaz".into(), "+61 491 570 156".into()])
        .item(["Bo Lund".into(), "+61 491 570 157".into()])
        .item(["Cy Marsh".into(), "+61 491 570 158".into()]);
    graph.add_list(site, contacts);
    let rota = List::new("Rota")
        .column("From", Kind::DateTime)
        .column("1st", Kind::Text)
        .column("2nd", Kind::Text);
    // Eight in the evening of the day before, by UTC: a summer's and a winter's morning in Melbourne, which the site keeps.
    let rota = weeks(today).into_iter().fold(rota, |list, [from, first, second]| {
        let from = from.parse::<NaiveDate>().unwrap().pred_opt().unwrap();
        list.item([
            Value::moment(&format!("{from}T20:00:00Z")),
            first.as_str().into(),
            second.as_str().into(),
        ])
    });
    graph.add_list(site, rota)
}

/// Where the command line takes its time from.
pub(super) fn today() -> NaiveDate {
    Clock::system().now().date_naive()
}
