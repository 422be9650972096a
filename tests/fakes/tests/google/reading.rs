//! What the Sheets API gives of a spreadsheet.

use super::client::{Client, MONDAY, is_as_recorded, monday, rota};
use super::schema::conforms;
use fakes::google::{Cell, Google, Spreadsheet, Tab};
use serde_json::{Value, json};

const GET: &str = "/v4/spreadsheets/demo";
const VALUES: &str = "/v4/spreadsheets/demo/values:batchGet";
/// What a reader of rotas asks for.
const MASK: &str = "spreadsheetId,properties(title,locale,timeZone),sheets(properties(sheetId,title,index,hidden,sheetType,gridProperties),merges,data(startRow,startColumn,rowMetadata.hiddenByUser,rowData.values(effectiveValue,formattedValue,effectiveFormat.numberFormat)))";

async fn stage() -> (Google, Client) {
    let google = Google::start().await;
    google.put("demo", rota());
    let client = Client::of(&google).await;
    (google, client)
}

/// Cells by the public description: formattedValue, effectiveValue, numberFormat.
fn cell(answer: &Value, row: usize, column: usize) -> Value {
    answer["sheets"][0]["data"][0]["rowData"][row]["values"][column].clone()
}

#[tokio::test]
async fn everything_conforms_to_the_description() {
    let (_google, client) = stage().await;
    for query in [
        vec![],
        vec![("includeGridData", "true")],
        vec![("fields", "*")],
        vec![("fields", MASK)],
        vec![("includeGridData", "true"), ("ranges", "Rota!B2:D"), ("ranges", "'Jon''s changes'")],
    ] {
        conforms("sheets.v4", "Spreadsheet", &client.ok(GET, &query).await);
    }
    for render in ["FORMATTED_VALUE", "UNFORMATTED_VALUE", "FORMULA"] {
        let query = [("ranges", "Rota"), ("ranges", "Old!A1:B2"), ("valueRenderOption", render)];
        conforms("sheets.v4", "BatchGetValuesResponse", &client.ok(VALUES, &query).await);
    }
}

#[tokio::test]
async fn cells_say_what_they_are_and_what_they_show() {
    let (_google, client) = stage().await;
    let answer = client.ok(GET, &[("fields", MASK)]).await;
    is_as_recorded("spreadsheet-get", &answer);
    let date = json!({
        "effectiveValue": { "numberValue": 46083 }, "formattedValue": "Mon 2 Mar 2026",
        "effectiveFormat": { "numberFormat": { "type": "DATE", "pattern": "ddd d mmm yyyy" } },
    });
    assert_eq!(cell(&answer, 1, 0), date);
    assert_eq!(cell(&answer, 1, 1)["effectiveValue"], json!({ "numberValue": 0.75 }));
    assert_eq!(
        cell(&answer, 1, 2),
        json!({ "effectiveValue": { "stringValue": "Maria Lopez" }, "formattedValue": "Maria Lopez" })
    );
    assert_eq!(cell(&answer, 1, 3), json!({}), "an empty cell between others");
    let phone = cell(&answer, 1, 4);
    assert_eq!(
        (&phone["effectiveValue"], &phone["formattedValue"]),
        (&json!({ "numberValue": 2_079_460_018_i64 }), &json!("02079460018"))
    );
    assert_eq!(cell(&answer, 3, 1)["effectiveValue"], json!({ "boolValue": true }));
    assert_eq!(cell(&answer, 3, 2)["effectiveValue"]["errorValue"]["type"], "REF");
    assert_eq!(cell(&answer, 3, 2)["formattedValue"], "#REF!");
    assert_eq!(cell(&answer, 3, 3)["formattedValue"], "7");
}

#[tokio::test]
async fn what_is_empty_at_an_end_is_left_out() {
    let (_google, client) = stage().await;
    let answer = client.ok(GET, &[("fields", MASK)]).await;
    let sheets = answer["sheets"].as_array().unwrap();
    let rows = sheets[0]["data"][0]["rowData"].as_array().unwrap();
    let widths: Vec<Option<usize>> = rows
        .iter()
        .map(|row| row.get("values").map(|cells| cells.as_array().unwrap().len()))
        .collect();
    assert_eq!(
        widths,
        [Some(5), Some(5), None, Some(4)],
        "ragged, a hole in the middle, no empty end"
    );
    assert_eq!(sheets[0]["data"][0].get("startRow"), None, "zero is left out");
    let hidden: Vec<usize> = sheets[0]["data"][0]["rowMetadata"]
        .as_array()
        .unwrap()
        .iter()
        .enumerate()
        .filter(|(_, row)| row["hiddenByUser"] == true)
        .map(|(at, _)| at)
        .collect();
    assert_eq!(hidden, [3]);
    assert_eq!(sheets[2]["data"][0].get("rowData"), None, "an empty tab");
    assert_eq!(sheets[2]["properties"]["hidden"], true);
    assert_eq!(sheets[1]["properties"].get("hidden"), None);
    assert_eq!(
        (&sheets[3]["properties"]["sheetType"], sheets[3].get("data")),
        (&json!("OBJECT"), None)
    );
    // As recorded from the API: the first tab's id is left out of a merge, zeros of rows and columns are not.
    let merge = json!({ "startRowIndex": 0, "endRowIndex": 1, "startColumnIndex": 0, "endColumnIndex": 2 });
    assert_eq!(sheets[0]["merges"], json!([merge]));
    assert_eq!(sheets[1]["merges"][0]["sheetId"], sheets[1]["properties"]["sheetId"]);
    assert_eq!(sheets[0]["properties"]["sheetId"], 0);
}

#[tokio::test]
async fn data_come_only_when_asked_for_and_a_mask_decides_alone() {
    let (_google, client) = stage().await;
    let with_data = |answer: &Value| answer["sheets"][0].get("data").is_some();
    assert!(!with_data(&client.ok(GET, &[]).await));
    assert!(with_data(&client.ok(GET, &[("includeGridData", "true")]).await));
    let titles = client
        .ok(GET, &[("includeGridData", "true"), ("fields", "sheets.properties.title")])
        .await;
    let named = |title: &str| json!({ "properties": { "title": title } });
    assert_eq!(
        titles,
        json!({ "sheets": [named("Rota"), named("Jon's changes"), named("Old"), named("Chart")] })
    );
    let values = client
        .ok(
            GET,
            &[
                ("includeGridData", "false"),
                ("fields", "sheets(data(rowData(values(formattedValue))))"),
            ],
        )
        .await;
    assert_eq!(cell(&values, 1, 0), json!({ "formattedValue": "Mon 2 Mar 2026" }));
    assert_eq!(values["sheets"][0].get("properties"), None);
}

#[tokio::test]
async fn a_wrong_question_is_refused() {
    let (_google, client) = stage().await;
    for (path, query, words) in [
        (GET, [("fields", "sheets.data.rows")], "sheets.data.rows"),
        (GET, [("fields", "sheets(properties")], "sheets(properties"),
        (GET, [("field", "sheets")], "Unknown name"),
        (GET, [("ranges", "Nobody!A1")], "Unable to parse range: Nobody!A1"),
        (VALUES, [("ranges", "Rota!A2000:B")], "exceeds grid limits"),
        (VALUES, [("valueRenderOption", "PLAIN")], "valueRenderOption"),
    ] {
        let (code, answer) = client.get(path, &query).await;
        assert_eq!((code, &answer["error"]["status"]), (400, &json!("INVALID_ARGUMENT")), "{query:?}");
        assert!(answer.to_string().contains(words), "{answer}");
    }
    let (_, answer) = client.get(GET, &[("fields", "sheets.data.rows")]).await;
    is_as_recorded("sheets-invalid-mask", &answer);
}

#[tokio::test]
async fn ranges_cut_out_what_they_name() {
    let (_google, client) = stage().await;
    let answer = client
        .ok(GET, &[("ranges", "Rota!B2:D2"), ("ranges", "Rota!C4"), ("fields", MASK)])
        .await;
    let sheets = answer["sheets"].as_array().unwrap();
    assert_eq!(sheets.len(), 1, "tabs without a range do not come");
    assert_eq!(sheets[0].get("merges"), None, "the merge lies elsewhere");
    let [first, second] = [0, 1].map(|at| sheets[0]["data"][at].clone());
    assert_eq!((&first["startRow"], &first["startColumn"]), (&json!(1), &json!(1)));
    let shown: Vec<&Value> = first["rowData"][0]["values"]
        .as_array()
        .unwrap()
        .iter()
        .map(|cell| &cell["formattedValue"])
        .collect();
    assert_eq!(shown, ["18:00", "Maria Lopez"], "the empty D2 is left out");
    assert_eq!(second["rowData"][0]["values"][0]["formattedValue"], "#REF!");
}

#[tokio::test]
async fn values_come_as_asked() {
    let (_google, client) = stage().await;
    let query = |render| {
        [
            ("ranges", "Rota!A1:E"),
            ("ranges", "Old"),
            ("ranges", "'Jon''s changes'!A:A"),
            ("valueRenderOption", render),
        ]
    };
    let plain = client.ok(VALUES, &query("UNFORMATTED_VALUE")).await;
    is_as_recorded("values-batch-get", &plain);
    let ranges = &plain["valueRanges"];
    assert_eq!(ranges[0]["range"], "Rota!A1:E20");
    assert_eq!(
        ranges[0]["values"][1],
        json!([MONDAY as i64, 0.75, "Maria Lopez", "", 2_079_460_018_i64])
    );
    assert_eq!(ranges[0]["values"][2], json!([]));
    assert_eq!(ranges[0]["values"][3], json!([0.5, true, "#REF!", 7]));
    assert_eq!((&ranges[1]["range"], ranges[1].get("values")), (&json!("Old!A1:C5"), None));
    assert_eq!(ranges[2]["range"], "'Jon''s changes'!A1:A10");
    let shown = client.ok(VALUES, &query("FORMATTED_VALUE")).await;
    assert_eq!(
        shown["valueRanges"][0]["values"][1],
        json!(["Mon 2 Mar 2026", "18:00", "Maria Lopez", "", "02079460018"])
    );
    let formulas = client.ok(VALUES, &query("FORMULA")).await;
    assert_eq!(formulas["valueRanges"][0]["values"][3][3], "=3+4");
    let texts = [
        ("ranges", "Rota!A2:B2"),
        ("valueRenderOption", "UNFORMATTED_VALUE"),
        ("dateTimeRenderOption", "FORMATTED_STRING"),
    ];
    assert_eq!(
        client.ok(VALUES, &texts).await["valueRanges"][0]["values"],
        json!([["Mon 2 Mar 2026", "18:00"]])
    );
    let columns = [("ranges", "Rota!A1:B2"), ("majorDimension", "COLUMNS")];
    assert_eq!(
        client.ok(VALUES, &columns).await["valueRanges"][0]["values"],
        json!([["Day", "Mon 2 Mar 2026"], ["From", "18:00"]])
    );
}

#[tokio::test]
async fn an_edit_is_read_at_once() {
    let (google, client) = stage().await;
    let shown = |answer: &Value| cell(answer, 1, 2)["formattedValue"].clone();
    assert_eq!(shown(&client.ok(GET, &[("fields", MASK)]).await), "Maria Lopez");
    assert_eq!(shown(&client.ok(GET, &[("fields", MASK)]).await), "Maria Lopez");
    google.edit("demo", "Rota", "C2", "Wei Chen");
    assert_eq!(shown(&client.ok(GET, &[("fields", MASK)]).await), "Wei Chen");
    google.recalculate("demo", "Rota", "C2", Cell::date(monday(), "yyyy-mm-dd"));
    assert_eq!(shown(&client.ok(GET, &[("fields", MASK)]).await), "2026-03-02");
    google.alter("demo", |sheet| sheet.tab_mut("Rota").delete_row(2));
    assert_eq!(shown(&client.ok(GET, &[("fields", MASK)]).await), Value::Null);
}

#[tokio::test]
async fn a_large_sheet_is_written_out_once() {
    let (google, client) = stage().await;
    let row = |number: usize| [number.to_string(), "Maria Lopez".to_owned(), "+442079460018".to_owned()];
    let tab = (0..5_000).fold(Tab::new("Rota"), |tab, number| tab.row(row(number)));
    google.put("large", Spreadsheet::new("Large").tab(tab));
    let query = [("fields", "sheets.data.rowData.values.formattedValue")];
    let first = client.ok("/v4/spreadsheets/large", &query).await;
    assert_eq!(first["sheets"][0]["data"][0]["rowData"].as_array().unwrap().len(), 5_000);
    assert_eq!(client.ok("/v4/spreadsheets/large", &query).await, first);
    let journal = google.requests(fakes::google::Route::Spreadsheet);
    assert!(
        journal[1].took * 4 < journal[0].took,
        "{:?} then {:?}",
        journal[0].took,
        journal[1].took
    );
}
