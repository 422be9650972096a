//! The sample rota as a spreadsheet program would hold it: read back through the provider of local files.

use chrono::{NaiveDate, NaiveDateTime};
use providers::{Cell, Fetched, LocalFile, SheetSource, Tab};
use rotaline::sample;
use std::path::{Path, PathBuf};

/// The week of the committed workbook.
const WEEK: NaiveDate = NaiveDate::from_ymd_opt(2026, 3, 2).unwrap();
const AGAIN: &str = "cargo test --test it sample::write_the_fixture -- --ignored";

fn fixture() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/sample-rota.xlsx")
}

async fn tabs(path: &Path) -> Vec<Tab> {
    match LocalFile::new(path).fetch(None).await.unwrap() {
        Fetched::Sheet(sheet) => sheet.tabs,
        Fetched::Unchanged => panic!("nothing was read before"),
    }
}

async fn generated(day: NaiveDate) -> Vec<Tab> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rota.xlsx");
    std::fs::write(&path, sample::workbook(day).unwrap()).unwrap();
    tabs(&path).await
}

fn tab<'t>(tabs: &'t [Tab], name: &str) -> &'t Tab {
    tabs.iter().find(|tab| tab.name == name).unwrap()
}

fn text(words: &str) -> Cell {
    Cell::Text(words.to_owned())
}

fn time(words: &str) -> Cell {
    Cell::DateTime(NaiveDateTime::parse_from_str(words, "%Y-%m-%d %H:%M").unwrap())
}

#[tokio::test]
async fn the_committed_workbook_is_what_the_generator_makes() {
    assert_eq!(generated(WEEK).await, tabs(&fixture()).await, "write it again: {AGAIN}");
}

#[test]
#[ignore = "writes the committed workbook"]
fn write_the_fixture() {
    std::fs::write(fixture(), sample::workbook(WEEK).unwrap()).unwrap();
}

#[tokio::test]
async fn it_holds_real_dates_and_phone_numbers_as_typed() {
    let tabs = generated(WEEK).await;
    let names: Vec<&str> = tabs.iter().map(|tab| tab.name.as_str()).collect();
    assert_eq!(names, ["Contacts", "Rota", "Changes", "Settings"]);

    let contacts = tab(&tabs, "Contacts");
    assert_eq!(
        contacts.rows[1][..4],
        [text("Priya Nair"), text("0491 570 156"), Cell::Empty, text("PN")]
    );

    // From two weeks before to ten weeks after, each Monday at the handover.
    let rota = tab(&tabs, "Rota");
    assert_eq!(rota.rows.len(), 14);
    assert_eq!(
        rota.rows[1][..4],
        [
            time("2026-02-16 08:00"),
            text("Priya Nair"),
            text("Tom Okafor"),
            text("Dr Wei Zhang")
        ]
    );
    assert_eq!(
        rota.rows[3][..4],
        [
            time("2026-03-02 08:00"),
            text("Priya Nair"),
            text("Tom Okafor"),
            text("Dr Wei Zhang")
        ]
    );
    assert_eq!(
        rota.rows[13][..4],
        [
            time("2026-05-11 08:00"),
            text("Priya Nair"),
            text("Tom Okafor"),
            text("Dr Wei Zhang")
        ]
    );

    let changes = tab(&tabs, "Changes");
    assert_eq!(changes.rows[1][..2], [time("2026-03-07 18:00"), time("2026-03-08 18:00")]);
    assert_eq!(changes.rows[1][2..4], [text("Tom Okafor"), text("Lab duty phone")]);
    assert!(changes.cell(1, 4).is_blank(), "no change to the third position");

    let settings = tab(&tabs, "Settings");
    assert_eq!(settings.rows[2][..2], [text("Handover time"), text("08:00")]);
}

#[tokio::test]
async fn any_day_of_the_week_makes_the_same_rota() {
    let sunday = NaiveDate::from_ymd_opt(2026, 3, 8).unwrap();
    assert_eq!(generated(sunday).await, generated(WEEK).await);
}

#[test]
fn a_year_that_no_spreadsheet_knows_is_refused() {
    for day in [NaiveDate::MIN, NaiveDate::MAX, NaiveDate::from_ymd_opt(1899, 12, 31).unwrap()] {
        let error = sample::workbook(day).unwrap_err().to_string();
        assert!(error.starts_with("the workbook cannot be written: "), "{error}");
    }
}
