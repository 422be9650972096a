//! The columns of a list that a person filled in, and what kind of thing stands in each (Graph's `columnDefinition`).
//! Fields go by a column's inner name, which a rename leaves as it is; people go by its display name.

use crate::graph::text;
use serde_json::{Map, Value};

/// Graph gives the names behind references for so many in one question (`fieldValueSet`).
const REFERENCES: usize = 12;
/// Of names in one question: an address has its limits.
const NAME_CHARS: usize = 1_500;

/// One column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Column {
    /// The key of its values: `Start_x0020_time`.
    pub(super) name: String,
    /// What people call it: `Start time`.
    pub(super) heading: String,
    pub(super) kind: Kind,
}

/// What stands in a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Text and choices, and what has no facet of its own (links).
    Text,
    /// Text with markup.
    RichText,
    Number,
    Boolean,
    /// A date without a time.
    Day,
    /// A date with a time.
    Time,
    /// A person, or an entry of another list.
    Reference,
}

/// The useful columns among those of a list, the one called `Title` inside first.
pub(super) fn useful(definitions: &[Map<String, Value>]) -> Vec<Column> {
    let mut columns: Vec<Column> = definitions.iter().filter_map(column).collect();
    columns.sort_by_key(|column| column.name != "Title");
    columns
}

fn column(definition: &Map<String, Value>) -> Option<Column> {
    /// What SharePoint keeps for itself and shows only on request. `LinkTitle` repeats the title.
    const SYSTEM: [&str; 10] = [
        "ContentType",
        "Attachments",
        "ID",
        "LinkTitle",
        "LinkTitleNoMenu",
        "Edit",
        "DocIcon",
        "ComplianceAssetId",
        "_ColorTag",
        "AppAuthor",
    ];
    let name = text(definition, "name")?;
    let is = |key: &str| definition.get(key).and_then(Value::as_bool).unwrap_or(false);
    let has = |key: &str| definition.get(key).is_some_and(Value::is_object);
    if is("hidden") || SYSTEM.contains(&name) || text(definition, "columnGroup") == Some("_Hidden") {
        return None;
    }
    // Nobody fills in a read-only column, but formulas and what comes along with a lookup tell something.
    let comes_along = definition
        .get("lookup")
        .and_then(|lookup| lookup.get("primaryLookupColumnId"))
        .is_some_and(Value::is_string);
    if is("readOnly") && !has("calculated") && !comes_along {
        return None;
    }
    Some(Column {
        name: name.to_owned(),
        heading: text(definition, "displayName").unwrap_or(name).trim().to_owned(),
        kind: kind(definition),
    })
}

fn kind(definition: &Map<String, Value>) -> Kind {
    let facet = |key: &str| definition.get(key).and_then(Value::as_object);
    if let Some(date) = facet("dateTime") {
        return of_date(date);
    }
    if let Some(formula) = facet("calculated") {
        return match text(formula, "outputType") {
            Some("dateTime") => of_date(formula),
            Some("number" | "currency") => Kind::Number,
            Some("boolean") => Kind::Boolean,
            Some(_) | None => Kind::Text,
        };
    }
    if facet("personOrGroup").is_some() || facet("lookup").is_some() {
        return Kind::Reference;
    }
    if facet("number").is_some() || facet("currency").is_some() {
        return Kind::Number;
    }
    if facet("boolean").is_some() {
        return Kind::Boolean;
    }
    match facet("text").and_then(|written| text(written, "textType")) {
        Some("richText") => Kind::RichText,
        Some(_) | None => Kind::Text,
    }
}

fn of_date(facet: &Map<String, Value>) -> Kind {
    if text(facet, "format") == Some("dateOnly") {
        Kind::Day
    } else {
        Kind::Time
    }
}

/// The columns in as many questions as it takes.
pub(super) fn questions(columns: &[Column]) -> Vec<String> {
    let mut questions: Vec<Vec<&str>> = vec![Vec::new()];
    let (mut references, mut chars) = (0, 0);
    for column in columns {
        let is_reference = column.kind == Kind::Reference;
        references += usize::from(is_reference);
        chars += column.name.len() + 1;
        if references > REFERENCES || chars > NAME_CHARS {
            questions.push(Vec::new());
            (references, chars) = (usize::from(is_reference), column.name.len() + 1);
        }
        if let Some(question) = questions.last_mut() {
            question.push(&column.name);
        }
    }
    questions
        .iter()
        .map(|names| format!("fields($select={})", names.join(",")))
        .collect()
}
