//! The Sheets API: `spreadsheets.get` and `spreadsheets.values.batchGet` of one spreadsheet. It knows nothing of tokens and permissions.
//! What a zero leaves out (the sheet id of a merge, but not its first row) is as in recorded answers of the API.

use super::a1::{self, Area};
use super::cell::Cell;
use super::description::Service;
use super::errors::Refusal;
use super::mask::Mask;
use super::spreadsheet::{Spreadsheet, Tab};
use crate::journal::Request;
use serde_json::{Value, json};

/// `spreadsheets.get`.
pub(super) fn get(sheet: &Spreadsheet, id: &str, request: &Request) -> Result<Value, Refusal> {
    known_parameters(request, "spreadsheets.get")?;
    let mask = mask(request, Service::Sheets, "Spreadsheet")?;
    let wants_data = match &mask {
        // The mask alone decides then: the API ignores the parameter.
        Some(mask) => mask.selects(&["sheets", "data"]),
        None => request.parameter("includeGridData").as_deref() == Some("true"),
    };
    let ranges = ranges(sheet, request)?;
    let mask = mask.unwrap_or_default();
    let mut tabs = Vec::new();
    for (index, tab) in sheet.tabs.iter().enumerate() {
        let on_tab = ranges.iter().filter(|(name, _)| *name == index).map(|(_, area)| *area);
        let areas: Vec<Area> = if ranges.is_empty() {
            vec![Area::default()]
        } else {
            on_tab.collect()
        };
        if !areas.is_empty() {
            tabs.push(tab_answer(tab, index, &areas, wants_data, &mask)?);
        }
    }
    let answer = json!({
        "spreadsheetId": id,
        "properties": {
            "title": sheet.title, "locale": sheet.locale, "autoRecalc": "ON_CHANGE", "timeZone": sheet.zone,
            "defaultFormat": { "verticalAlignment": "BOTTOM", "wrapStrategy": "OVERFLOW_CELL" },
        },
        "sheets": tabs,
        "spreadsheetUrl": format!("https://docs.google.com/spreadsheets/d/{id}/edit"),
    });
    Ok(mask.apply(answer))
}

/// `spreadsheets.values.batchGet`.
pub(super) fn batch_get(sheet: &Spreadsheet, id: &str, request: &Request) -> Result<Value, Refusal> {
    known_parameters(request, "spreadsheets.values.batchGet")?;
    let mask = mask(request, Service::Sheets, "BatchGetValuesResponse")?.unwrap_or_default();
    let columns_first = parameter(request, "majorDimension", &["ROWS", "COLUMNS"])? == 1;
    let render = parameter(request, "valueRenderOption", &["FORMATTED_VALUE", "UNFORMATTED_VALUE", "FORMULA"])?;
    let dates_as_text = parameter(request, "dateTimeRenderOption", &["SERIAL_NUMBER", "FORMATTED_STRING"])? == 1;
    let value = |cell: &Cell| match render {
        0 => Value::from(cell.formatted()),
        1 => cell.unformatted(dates_as_text),
        _ => cell.formula_or(dates_as_text),
    };
    let mut answers = Vec::new();
    for (index, area) in ranges(sheet, request)? {
        let tab = &sheet.tabs[index];
        let (top, left, bottom, right) = inside(tab, area)?;
        let mut lines: Vec<Vec<Value>> = Vec::new();
        for cells in rows(tab, top, bottom) {
            lines.push(row(cells, left, right).iter().map(value).collect());
        }
        if columns_first {
            lines = turned(&lines);
        }
        let range = format!(
            "{}!{}{}:{}{}",
            a1::quoted(&tab.title),
            a1::letters(left),
            top + 1,
            a1::letters(right - 1),
            bottom
        );
        let mut answer = json!({ "range": range, "majorDimension": if columns_first { "COLUMNS" } else { "ROWS" } });
        if lines.iter().any(|line| !line.is_empty()) {
            answer["values"] = json!(lines);
        }
        answers.push(answer);
    }
    let mut answer = json!({ "spreadsheetId": id });
    if !answers.is_empty() {
        answer["valueRanges"] = answers.into();
    }
    Ok(mask.apply(answer))
}

/// A `Sheet`: its properties, its merges, and its data where they are wanted.
fn tab_answer(tab: &Tab, index: usize, areas: &[Area], wants_data: bool, mask: &Mask) -> Result<Value, Refusal> {
    let id = tab.id.unwrap_or_default();
    let mut properties = json!({ "sheetId": id, "title": tab.title, "index": index, "sheetType": "OBJECT" });
    if tab.hidden {
        properties["hidden"] = true.into();
    }
    let Some((rows, columns)) = tab.grid else {
        return Ok(json!({ "properties": properties }));
    };
    properties["sheetType"] = "GRID".into();
    properties["gridProperties"] = json!({ "rowCount": rows, "columnCount": columns });
    let mut answer = json!({ "properties": properties });
    let mut inside_all = Vec::new();
    for area in areas {
        inside_all.push(inside(tab, *area)?);
    }
    let meets = |merge: &Area| {
        let (bottom, right) = (merge.bottom.unwrap_or(rows), merge.right.unwrap_or(columns));
        inside_all
            .iter()
            .any(|(top, left, end, edge)| merge.top < *end && *top < bottom && merge.left < *edge && *left < right)
    };
    let merges: Vec<Value> = tab
        .merges
        .iter()
        .filter(|merge| meets(merge))
        .map(|merge| grid_range(merge, tab, id))
        .collect();
    if !merges.is_empty() {
        answer["merges"] = merges.into();
    }
    if wants_data {
        answer["data"] = inside_all.iter().map(|part| grid_data(tab, *part, mask)).collect();
    }
    Ok(answer)
}

/// A `GridRange`: half-open; the first tab's id is zero and left out, rows and columns are there even when they are zero.
fn grid_range(merge: &Area, tab: &Tab, id: i32) -> Value {
    let (rows, columns) = tab.grid.unwrap_or_default();
    let mut range = json!({
        "startRowIndex": merge.top, "endRowIndex": merge.bottom.unwrap_or(rows),
        "startColumnIndex": merge.left, "endColumnIndex": merge.right.unwrap_or(columns),
    });
    if id != 0 {
        range["sheetId"] = id.into();
    }
    range
}

/// A `GridData`: cells up to the last that is not empty, but something on every row and column of the area.
fn grid_data(tab: &Tab, (top, left, bottom, right): (usize, usize, usize, usize), mask: &Mask) -> Value {
    let mut data = json!({});
    for (name, start) in [("startRow", top), ("startColumn", left)] {
        if start > 0 {
            data[name] = start.into();
        }
    }
    let row_data: Vec<Value> = rows(tab, top, bottom)
        .iter()
        .map(|cells| match row(cells, left, right) {
            [] => json!({}),
            cells => json!({ "values": cells.iter().map(Cell::data).collect::<Vec<_>>() }),
        })
        .collect();
    if !row_data.is_empty() {
        data["rowData"] = row_data.into();
    }
    if mask.selects(&["sheets", "data", "rowMetadata"]) {
        let metadata = |row: usize| match tab.hidden_rows.contains(&row) {
            true => json!({ "pixelSize": 21, "hiddenByUser": true }),
            false => json!({ "pixelSize": 21 }),
        };
        data["rowMetadata"] = (top..bottom).map(metadata).collect();
    }
    if mask.selects(&["sheets", "data", "columnMetadata"]) {
        data["columnMetadata"] = (left..right).map(|_| json!({ "pixelSize": 100 })).collect();
    }
    data
}

/// The rows of an area up to the last with something in it.
fn rows(tab: &Tab, top: usize, bottom: usize) -> &[Vec<Cell>] {
    let is_filled = |cells: &Vec<Cell>| cells.iter().any(|cell| !cell.is_empty());
    let end = tab.rows.iter().rposition(is_filled).map_or(0, |last| last + 1).min(bottom);
    tab.rows.get(top..end).unwrap_or_default()
}

/// The cells of a row within an area, up to the last that is not empty.
fn row(cells: &[Cell], left: usize, right: usize) -> &[Cell] {
    let end = cells.len().min(right);
    let part = cells.get(left..end).unwrap_or_default();
    let last = part.iter().rposition(|cell| !cell.is_empty()).map_or(0, |last| last + 1);
    &part[..last]
}

/// Columns of rows; short ones are filled up with empty texts, as in the API.
fn turned(lines: &[Vec<Value>]) -> Vec<Vec<Value>> {
    let width = lines.iter().map(Vec::len).max().unwrap_or(0);
    let cell = |line: &Vec<Value>, column: usize| line.get(column).cloned().unwrap_or_else(|| "".into());
    let column = |column| {
        let last = lines.iter().rposition(|line| line.len() > column).map_or(0, |last| last + 1);
        lines[..last].iter().map(|line| cell(line, column)).collect()
    };
    (0..width).map(column).collect()
}

/// The part of an area that lies on the tab's grid.
fn inside(tab: &Tab, area: Area) -> Result<(usize, usize, usize, usize), Refusal> {
    let (rows, columns) = tab.grid.unwrap_or_default();
    area.within(rows, columns).ok_or_else(|| {
        let (title, row, column) = (a1::quoted(&tab.title), area.top + 1, a1::letters(area.left));
        Refusal::Invalid(format!(
            "Range ({title}!{column}{row}) exceeds grid limits. Max rows: {rows}, max columns: {columns}"
        ))
    })
}

/// The ranges asked for: places of tabs and areas on them.
fn ranges(sheet: &Spreadsheet, request: &Request) -> Result<Vec<(usize, Area)>, Refusal> {
    let asked = request.pairs().into_iter().filter(|(name, _)| name == "ranges");
    let place = |title: &str| sheet.tabs.iter().position(|tab| tab.title == title && tab.grid.is_some());
    let mut found = Vec::new();
    for (_, text) in asked {
        let on_tab = a1::on_tab(&text).and_then(|(title, area)| Some((place(&title)?, area)));
        let on_first = || Some((sheet.tabs.iter().position(|tab| tab.grid.is_some())?, Area::parse(&text)?));
        let range = on_tab.or_else(on_first);
        found.push(range.ok_or_else(|| Refusal::Invalid(format!("Unable to parse range: {text}")))?);
    }
    Ok(found)
}

/// The field mask of a request, read and checked against the fields of an object.
pub(super) fn mask(request: &Request, service: Service, object: &str) -> Result<Option<Mask>, Refusal> {
    let Some(text) = request.parameter("fields").filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    let mask = Mask::parse(&text).ok_or_else(|| Refusal::Field(text.clone()))?;
    match mask.unknown(service, object) {
        Some(path) => Err(Refusal::Field(path)),
        None => Ok(Some(mask)),
    }
}

/// Which of these values a parameter has; the first where it is not given.
fn parameter(request: &Request, name: &str, values: &[&str]) -> Result<usize, Refusal> {
    let Some(given) = request.parameter(name) else {
        return Ok(0);
    };
    let place = values.iter().position(|value| *value == given);
    place.ok_or_else(|| Refusal::Invalid(format!("Invalid value at '{name}' (TYPE_ENUM), \"{given}\"")))
}

/// The Sheets API takes no parameter that it does not know.
fn known_parameters(request: &Request, method: &str) -> Result<(), Refusal> {
    let pairs = request.pairs();
    let unknown = pairs.iter().find(|(name, _)| !Service::Sheets.has_parameter(method, name));
    match unknown {
        Some((name, _)) => Err(Refusal::Invalid(format!(
            "Invalid JSON payload received. Unknown name \"{name}\": Cannot bind query parameter. Field '{name}' could not be found in request message."
        ))),
        None => Ok(()),
    }
}
