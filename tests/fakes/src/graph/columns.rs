//! Columns of a list as Graph shows them: resource columnDefinition, with the columns that every list has by itself.

use super::list::{Column, Kind};
use super::reply::guid;
use super::state::{ListState, Site};
use serde_json::{Map, Value, json};

/// All columns that people see, in the order in which SharePoint gives them: the test's, then the list's own.
///
/// Three of them are called as the title is (`Title`, `LinkTitle`, `LinkTitleNoMenu`), and follow when that is renamed.
pub(super) fn columns(site: &Site, list: &ListState, hidden_too: bool) -> Vec<Value> {
    let shown = list.columns.iter().filter(|column| hidden_too || !column.hidden);
    let mut all: Vec<Value> = shown.map(|column| definition(site, list, column)).collect();
    let title = list.columns.iter().find(|column| column.name == "Title");
    let title = title.map_or("Title", |column| column.display_name.as_str());
    for (name, display_name, facet) in own(title) {
        let mut shape = base(list, name, display_name, true);
        shape.extend(facet);
        all.push(shape.into());
    }
    all
}

/// The names of the columns that every list has by itself, beside `Title`.
pub(super) fn is_own(name: &str) -> bool {
    own("").iter().any(|(own, ..)| *own == name)
}

fn own(title: &str) -> [(&'static str, &str, Map<String, Value>); 14] {
    let person = || {
        facet(
            "personOrGroup",
            json!({ "allowMultipleSelection": false, "chooseFromType": "peopleAndGroups" }),
        )
    };
    let moment = || facet("dateTime", json!({ "displayAs": "default", "format": "dateTime" }));
    let lookup = |name: &str| {
        facet(
            "lookup",
            json!({ "allowMultipleValues": false, "allowUnlimitedLength": false, "columnName": name, "listId": "" }),
        )
    };
    let none = Map::new;
    [
        ("_ColorTag", "Color Tag", facet("text", text(false))),
        ("ComplianceAssetId", "Compliance Asset Id", facet("text", text(false))),
        ("ID", "ID", none()),
        ("ContentType", "Content Type", facet("text", text(false))),
        ("Modified", "Modified", moment()),
        ("Created", "Created", moment()),
        ("Author", "Created By", person()),
        ("Editor", "Modified By", person()),
        ("_UIVersionString", "Version", facet("text", text(false))),
        ("Attachments", "Attachments", none()),
        ("LinkTitleNoMenu", title, none()),
        ("LinkTitle", title, none()),
        ("ItemChildCount", "Item Child Count", lookup("ItemChildCount")),
        ("FolderChildCount", "Folder Child Count", lookup("FolderChildCount")),
    ]
}

fn facet(name: &str, value: Value) -> Map<String, Value> {
    Map::from_iter([(name.to_owned(), value)])
}

fn text(several_lines: bool) -> Value {
    json!({
        "allowMultipleLines": several_lines,
        "appendChangesToExistingText": false,
        "linesForEditing": if several_lines { 6 } else { 0 },
        "maxLength": 255,
    })
}

fn base(list: &ListState, name: &str, display_name: &str, read_only: bool) -> Map<String, Value> {
    let shape = json!({
        "columnGroup": "Custom Columns",
        "description": "",
        "displayName": display_name,
        "enforceUniqueValues": false,
        "hidden": false,
        "id": guid(&format!("column {} {name}", list.id)),
        "indexed": false,
        "name": name,
        "readOnly": read_only,
        "required": false,
    });
    shape.as_object().expect("made as an object").clone()
}

fn definition(site: &Site, list: &ListState, column: &Column) -> Value {
    let mut shape = base(list, &column.name, &column.display_name, column.kind == Kind::Calculated);
    shape.insert("hidden".into(), column.hidden.into());
    if let Some((name, facet)) = of_kind(site, &column.kind) {
        shape.insert(name.into(), facet);
    }
    shape.into()
}

/// The one facet that says what a column holds; a hyperlink has none in the columns of a list.
fn of_kind(site: &Site, kind: &Kind) -> Option<(&'static str, Value)> {
    let person = |several: bool| {
        let facet = json!({ "allowMultipleSelection": several, "displayAs": "nameWithPresence", "chooseFromType": "peopleOnly" });
        Some(("personOrGroup", facet))
    };
    let choice = |choices: &[String], several: bool| {
        let shown = if several { "checkBoxes" } else { "dropDownMenu" };
        Some(("choice", json!({ "allowTextEntry": false, "choices": choices, "displayAs": shown })))
    };
    let lookup = |list: &str, column: &str, several: bool| {
        let other = site.lists.iter().find(|other| other.display_name == list);
        let id = other.map(|other| other.id.clone()).unwrap_or_default();
        let facet = json!({ "allowMultipleValues": several, "allowUnlimitedLength": false, "columnName": column, "listId": id });
        Some(("lookup", facet))
    };
    match kind {
        Kind::Text => Some(("text", text(false))),
        Kind::Note => Some(("text", text(true))),
        Kind::Choice(choices) => choice(choices, false),
        Kind::Choices(choices) => choice(choices, true),
        Kind::DateTime => Some(("dateTime", json!({ "displayAs": "default", "format": "dateTime" }))),
        Kind::Date => Some(("dateTime", json!({ "displayAs": "default", "format": "dateOnly" }))),
        Kind::Number => {
            let facet = json!({ "decimalPlaces": "automatic", "displayAs": "number", "maximum": f64::MAX, "minimum": f64::MIN });
            Some(("number", facet))
        }
        Kind::Currency => Some(("currency", json!({ "locale": "en-us" }))),
        Kind::Boolean => Some(("boolean", json!({}))),
        Kind::Person => person(false),
        Kind::People => person(true),
        Kind::Lookup { list, column } => lookup(list, column, false),
        Kind::Lookups { list, column } => lookup(list, column, true),
        Kind::Hyperlink => None,
        Kind::Calculated => Some((
            "calculated",
            json!({ "format": "dateTime", "formula": "=[Title]", "outputType": "text" }),
        )),
    }
}
