//! A whole sheet through everything: key, token, request, answer, cells.

use super::*;
use crate::{Cell as Value, Merge};
use chrono::{NaiveDate, NaiveTime};
use fakes::google::{Cell, Route, Wrong};

#[tokio::test]
async fn a_sheet_is_read_with_one_request() {
    let google = Google::start().await;
    let day = NaiveDate::from_ymd_opt(2026, 3, 2).unwrap();
    let nine = NaiveTime::from_hms_opt(9, 0, 0).unwrap();
    let rota = Tab::new("Rota")
        .id(7)
        .with("A1", "From")
        .with("B1", "1st")
        .with("A2", Cell::date_time(day.and_time(nine), "ddd d mmm h:mm"))
        .with("B2", "Maria Lopez")
        .with("C2", Cell::bool(true))
        .with("A3", Cell::date(day, "yyyy-mm-dd"))
        .with("B3", Cell::time(nine, "hh:mm"))
        .with("C3", Cell::error(Wrong::Ref))
        .merge("A1:A1")
        .merge("B2:B3");
    let contacts = Tab::new("Contacts")
        .with("A1", "Maria Lopez")
        .with("B1", Cell::custom(412_345_678.0, "0000000000"))
        .with("B2", Cell::number(1.5));
    let book = Spreadsheet::new("Rotas")
        .zone("Australia/Melbourne")
        .tab(rota)
        .tab(Tab::new("Old").hidden().with("A1", "x"))
        .tab(Tab::chart("Chart1"))
        .tab(contacts);
    google.put(ID, book);
    google.share(ID);
    let source = source(&google);
    assert_eq!(source.describe(), format!("the Google spreadsheet {ID}"));
    let sheet = read(&source).await;
    assert_eq!(source.describe(), "the Google spreadsheet \"Rotas\"");

    assert_eq!(sheet.title, "Rotas");
    assert_eq!(sheet.time_zone.as_deref(), Some("Australia/Melbourne"));
    assert_eq!(sheet.remarks, ["hidden and left out: tab \"Old\". Unhide what belongs to the rota"]);
    let names: Vec<&str> = sheet.tabs.iter().map(|tab| tab.name.as_str()).collect();
    assert_eq!(names, ["Rota", "Contacts"]);
    let text = |words: &str| Value::Text(words.into());
    assert_eq!(
        sheet.tabs[0].rows,
        [
            vec![text("From"), text("1st")],
            vec![Value::DateTime(day.and_time(nine)), text("Maria Lopez"), Value::Bool(true)],
            vec![
                Value::DateTime(day.and_time(NaiveTime::MIN)),
                Value::Time(nine),
                Value::Error("#REF!".into())
            ],
        ]
    );
    assert_eq!(sheet.tabs[0].formatted(1, 0), Some("Mon 2 Mar 9:00"));
    assert_eq!(sheet.tabs[0].formatted(2, 0), None);
    let (first, last) = ((1, 1), (2, 1));
    assert_eq!(sheet.tabs[0].merges, [Merge { first, last }]);
    assert_eq!(sheet.tabs[1].rows[0][1], text("0412345678"));
    assert_eq!(sheet.tabs[1].rows[1][1], Value::Number(1.5));
    let link = sheet.tabs[0].address(1, 1).link().unwrap();
    assert_eq!(link, format!("https://docs.google.com/spreadsheets/d/{ID}/edit#gid=7&range=B2"));

    let asked: Vec<String> = google.journal().iter().map(|request| request.path.clone()).collect();
    assert_eq!(asked.len(), 2, "a token and the sheet: {asked:?}");
    let request = &google.requests(Route::Spreadsheet)[0];
    assert!(request.headers["user-agent"].starts_with("rotaline/"), "{request:?}");
}

#[tokio::test]
async fn hidden_rows_are_read() {
    let google = google().await;
    google.put(ID, Spreadsheet::new("Rotas").tab(rota().hide_row(2)));
    google.share(ID);
    let sheet = read(&source(&google)).await;
    assert_eq!(sheet.tabs[0].cell(1, 1), &Value::Text("Maria Lopez".into()));
}

#[tokio::test]
async fn a_zone_that_is_no_city_is_read() {
    let google = google().await;
    google.put(ID, Spreadsheet::new("Rotas").zone("GMT-07:00").tab(rota()));
    google.share(ID);
    let sheet = read(&source(&google)).await;
    assert_eq!(sheet.time_zone.as_deref(), Some("Etc/GMT+7"));
    assert!(sheet.remarks[0].starts_with("the spreadsheet's time zone is GMT-07:00"));
}

#[tokio::test]
async fn each_thing_that_reading_takes_is_examined() {
    use crate::CheckOutcome::{Advice, Fine, Missing};
    let google = google().await;
    let address = google.address();
    let look = async || source(&google).examine(now()).await;

    let checks = look().await;
    let what: Vec<&str> = checks.iter().map(|check| check.what.as_str()).collect();
    let spreadsheet = format!("the spreadsheet {ID}");
    assert_eq!(
        what,
        [
            "the key of the service account",
            "signing in to Google",
            spreadsheet.as_str(),
            "the Google Drive API"
        ]
    );
    assert!(checks.iter().all(|check| matches!(check.outcome, Fine { .. })), "{checks:?}");
    let Fine { seen } = &checks[2].outcome else { unreachable!() };
    assert_eq!(seen, "\"Rotas\", tabs: \"Rota\"");

    google.trash(ID);
    assert_eq!(read(&source(&google)).await.title, "Rotas");
    let Advice { seen, .. } = look().await.remove(3).outcome else {
        panic!("advice")
    };
    assert!(seen.starts_with("the spreadsheet is in the bin"), "{seen}");

    google.disable_drive_api();
    let Advice { seen, remedy } = look().await.remove(3).outcome else {
        panic!("advice")
    };
    assert!(seen.contains("changes are then found by reading the sheet each time"), "{seen}");
    assert!(remedy.contains("apis/library/drive.googleapis.com"), "{remedy}");

    google.enable_drive_api();
    google.unshare(ID);
    let mut checks = look().await;
    assert_eq!(checks.len(), 3, "that Drive does not know it either helps nobody: {checks:?}");
    let Missing { seen, remedy } = checks.remove(2).outcome else {
        panic!("missing")
    };
    assert_eq!(seen, format!("no permission: the spreadsheet is not shared with {address}"));
    assert!(remedy.contains(address), "{remedy}");

    google.disable_sheets_api();
    let Missing { seen, remedy } = look().await.remove(2).outcome else {
        panic!("missing")
    };
    assert!(seen.contains("the Google Sheets API is switched off for project"), "{seen}");
    assert!(remedy.contains("apis/library/sheets.googleapis.com"), "{remedy}");

    google.delete_key();
    let checks = look().await;
    assert_eq!(checks.len(), 2);
    assert!(
        matches!(&checks[1].outcome, Missing { seen, .. } if seen.starts_with("sign-in refused: ")),
        "{checks:?}"
    );
}
