//! Whole answers of `spreadsheets.get`, in the shape of its public description.

use super::super::SpreadsheetId;
use super::super::cells::sheet;
use crate::{Cell, Formatted, Merge, Sheet, SourceError};
use serde_json::{Value, json};

fn read(answer: Value) -> Result<Sheet, SourceError> {
    sheet(serde_json::from_value(answer).unwrap(), &SpreadsheetId::parse("sheet-1").unwrap())
}

fn text(words: &str) -> Value {
    json!({"effectiveValue": {"stringValue": words}, "formattedValue": words})
}

fn book(tabs: Value) -> Value {
    json!({"properties": {"title": "Rotas", "timeZone": "Australia/Melbourne"}, "sheets": tabs})
}

fn tab(name: &str, number: i32, rows: Value) -> Value {
    json!({"properties": {"sheetId": number, "title": name, "sheetType": "GRID"}, "data": [{"rowData": rows}]})
}

#[test]
fn tabs_come_with_rows_merges_and_links() {
    let mut rota = tab(
        "Rota",
        0,
        json!([{"values": [text("From"), text("1st")]}, {}, {"values": [{}, text("Maria")]}]),
    );
    rota["merges"] = json!([
        {"sheetId": 0, "startRowIndex": 0, "endRowIndex": 1, "startColumnIndex": 0, "endColumnIndex": 2},
        {"sheetId": 0, "startRowIndex": 2, "endRowIndex": 5, "startColumnIndex": 1, "endColumnIndex": 2},
    ]);
    let read = read(book(json!([rota, tab("On call", 1_804_289, json!([{"values": [text("x")]}]))]))).unwrap();
    assert_eq!(read.title, "Rotas");
    assert_eq!(read.time_zone.as_deref(), Some("Australia/Melbourne"));
    assert_eq!(read.link.as_deref(), Some("https://docs.google.com/spreadsheets/d/sheet-1/edit"));
    assert_eq!(read.remarks, Vec::<String>::new());
    let rota = &read.tabs[0];
    assert_eq!(
        rota.rows,
        [
            vec![Cell::Text("From".into()), Cell::Text("1st".into())],
            vec![],
            vec![Cell::Empty, Cell::Text("Maria".into())],
        ]
    );
    // Google's ranges end before their end.
    let expected = [((0, 0), (0, 1)), ((2, 1), (4, 1))].map(|(first, last)| Merge { first, last });
    assert_eq!(rota.merges, expected);
    assert_eq!(rota.address(2, 1).to_string(), "Rota!B3");
    assert_eq!(
        rota.address(2, 1).link().unwrap(),
        "https://docs.google.com/spreadsheets/d/sheet-1/edit#gid=0&range=B3"
    );
    assert_eq!(
        read.tabs[1].address(0, 0).link().unwrap(),
        "https://docs.google.com/spreadsheets/d/sheet-1/edit#gid=1804289&range=A1"
    );
}

#[test]
fn what_is_shown_is_kept_where_it_is_not_how_the_value_reads() {
    let date = json!({
        "effectiveValue": {"numberValue": 46_083},
        "formattedValue": "Mon 2 Mar",
        "effectiveFormat": {"numberFormat": {"type": "DATE", "pattern": "ddd d mmm"}},
    });
    let read = read(book(json!([tab("Rota", 0, json!([{"values": [text("x"), date]}]))]))).unwrap();
    assert_eq!(read.tabs[0].formatted(0, 1), Some("Mon 2 Mar"));
    assert_eq!(read.tabs[0].formatted(0, 0), None);
    let expected = Formatted {
        place: (0, 1),
        text: "Mon 2 Mar".into(),
    };
    assert_eq!(read.tabs[0].formatted, [expected]);
}

#[test]
fn blocks_of_cells_stand_where_they_say() {
    let block =
        |row: i32, column: i32, words: &str| json!({"startRow": row, "startColumn": column, "rowData": [{"values": [text(words)]}]});
    let tab = |blocks: Value| json!([{"properties": {"sheetId": 0, "title": "Rota"}, "data": blocks}]);
    let read_at = read(book(tab(json!([block(2, 1, "B3"), block(0, 0, "A1")])))).unwrap();
    assert_eq!(read_at.tabs[0].cell(2, 1), &Cell::Text("B3".into()));
    assert_eq!(read_at.tabs[0].cell(0, 0), &Cell::Text("A1".into()));
    let fault = read(book(tab(json!([block(-1, 0, "x")])))).unwrap_err();
    assert!(matches!(fault, SourceError::Malformed(_)), "{fault}");
    let fault = read(book(tab(json!([block(200_000, 0, "x")])))).unwrap_err();
    assert!(fault.to_string().contains("goes on in row 200001"), "{fault}");
}

#[test]
fn merges_over_all_rows_are_cut_and_bad_ones_dropped() {
    let mut rota = tab("Rota", 0, json!([]));
    rota["merges"] = json!([
        {"startColumnIndex": 1, "endColumnIndex": 3},
        {"startRowIndex": 1, "endRowIndex": 2, "startColumnIndex": 1, "endColumnIndex": 2},
        {"startRowIndex": 4, "endRowIndex": 2, "startColumnIndex": 0, "endColumnIndex": 2},
        {"startRowIndex": -4, "endRowIndex": 2, "startColumnIndex": 0, "endColumnIndex": 2},
        {"startRowIndex": 0, "endRowIndex": 0, "startColumnIndex": 0, "endColumnIndex": 2},
    ]);
    let read = read(book(json!([rota]))).unwrap();
    let expected = [Merge {
        first: (0, 1),
        last: (199_999, 2),
    }];
    assert_eq!(read.tabs[0].merges, expected);
}

#[test]
fn hidden_tabs_and_charts_are_left_out() {
    let mut old = tab("2025", 1, json!([{"values": [text("x")]}]));
    old["properties"]["hidden"] = json!(true);
    let chart = json!({"properties": {"sheetId": 2, "title": "Chart1", "sheetType": "OBJECT"}});
    let query = json!({"properties": {"sheetId": 3, "title": "Query", "sheetType": "DATA_SOURCE"}});
    let rota = tab("Rota", 0, json!([{"values": [text("x")]}]));
    let seen = read(book(json!([rota, old.clone(), chart.clone(), query]))).unwrap();
    assert_eq!(seen.seen(), "\"Rotas\", tabs: \"Rota\"");
    assert_eq!(seen.remarks, ["hidden and left out: tab \"2025\". Unhide what belongs to the rota"]);
    let fault = read(book(json!([old, chart]))).unwrap_err();
    assert_eq!(
        fault,
        SourceError::Malformed("the spreadsheet has no visible tab with cells".into())
    );
}

#[test]
fn an_answer_without_what_was_asked_for_is_no_empty_sheet() {
    let properties = json!({"title": "Rotas", "timeZone": "Europe/London"});
    let tab = json!({"sheetId": 0, "title": "Rota"});
    let cases = [
        (json!({}), "its properties"),
        (json!({"properties": {}}), "its title"),
        (json!({"properties": properties}), "its tabs"),
        (json!({"properties": properties, "sheets": []}), "its tabs"),
        (json!({"properties": properties, "sheets": [{}]}), "the properties of a tab"),
        (
            json!({"properties": properties, "sheets": [{"properties": {"sheetId": 0}}]}),
            "the name of a tab",
        ),
        (json!({"properties": properties, "sheets": [{"properties": tab}]}), "its cells"),
    ];
    for (answer, missing) in cases {
        let expected = format!("Google's answer is not that of a spreadsheet: {missing} is missing");
        assert_eq!(read(answer.clone()).unwrap_err(), SourceError::Malformed(expected), "{answer}");
    }
    // A new tab has a block without rows.
    let new = json!({"properties": properties, "sheets": [{"properties": tab, "data": [{}]}]});
    assert_eq!(read(new).unwrap().tabs[0].rows, Vec::<Vec<Cell>>::new());
}

#[test]
fn zones_without_a_city_are_read_where_they_can_be() {
    let zone = |name: &str| {
        let mut answer = book(json!([tab("Rota", 0, json!([]))]));
        answer["properties"]["timeZone"] = json!(name);
        let read = read(answer).unwrap();
        (read.time_zone, read.remarks.concat())
    };
    assert_eq!(zone("America/New_York"), (Some("America/New_York".into()), String::new()));
    assert_eq!(zone("GMT"), (Some("GMT".into()), String::new()));
    assert_eq!(zone(""), (None, String::new()));
    // The sign of these IANA names is the other way round: west of Greenwich is plus (tzdata's etcetera file).
    for (name, iana) in [
        ("GMT-07:00", "Etc/GMT+7"),
        ("GMT+10:00", "Etc/GMT-10"),
        ("GMT+14:00", "Etc/GMT-14"),
        ("GMT+00:00", "Etc/GMT+0"),
    ] {
        let (read, remark) = zone(name);
        assert_eq!(read.as_deref(), Some(iana));
        assert!(remark.contains("knows no summer time"), "{remark}");
    }
    for name in ["GMT+05:30", "GMT-13:00", "GMT+15:00", "GMT+x"] {
        let (read, remark) = zone(name);
        assert_eq!(read.as_deref(), Some(name));
        assert!(remark.contains("cannot be used"), "{remark}");
    }
}

#[test]
fn equal_content_has_an_equal_revision_and_other_content_another() {
    let revision = |words: &str, zone: &str| {
        let mut answer = book(json!([tab("Rota", 0, json!([{"values": [text(words)]}]))]));
        answer["properties"]["timeZone"] = json!(zone);
        read(answer).unwrap().revision
    };
    let one = revision("Maria", "Europe/London");
    assert_eq!(one, revision("Maria", "Europe/London"));
    assert_ne!(one, revision("Ben", "Europe/London"));
    assert_ne!(one, revision("Maria", "Europe/Paris"));
}

#[test]
fn more_tabs_than_are_read_are_too_many() {
    let tabs: Vec<Value> = (0..201).map(|number| tab("Rota", number, json!([]))).collect();
    let fault = read(book(json!(tabs))).unwrap_err();
    assert!(fault.to_string().contains("more than 200 tabs"), "{fault}");
}
