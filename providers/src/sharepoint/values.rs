//! One value of an item into a cell.

use super::columns::{Column, Kind};
use super::site_zone::Dates;
use crate::Cell;
use chrono::{DateTime, Utc};
use serde_json::{Map, Value};

/// How several choices or people are joined; the reader of rotas takes them apart again.
const AND: &str = " / ";

/// A value that is there but cannot be read.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Unreadable {
    /// A time of day, and nobody said in which zone.
    NoZone,
    /// A person or an entry whose name Graph does not give.
    NoName,
    /// Something that no column of a rota holds.
    Strange,
}

/// What an item holds in a column.
pub(super) fn of<'i>(fields: &'i Map<String, Value>, column: &Column) -> Option<&'i Value> {
    let found = fields.get(&column.name).or_else(|| fields.get(&format!("OData_{}", column.name)));
    found.filter(|value| !value.is_null())
}

/// The instant that a date stands for.
pub(super) fn instant(value: &Value) -> Option<DateTime<Utc>> {
    DateTime::parse_from_rfc3339(value.as_str()?).ok().map(|at| at.to_utc())
}

/// # Errors
/// As [`Unreadable`] says.
pub(super) fn cell(fields: &Map<String, Value>, column: &Column, dates: &Dates) -> Result<Cell, Unreadable> {
    let Some(value) = of(fields, column) else {
        let points = fields.get(&format!("{}LookupId", column.name)).is_some_and(|id| !id.is_null());
        return match column.kind {
            Kind::Reference if points => Err(Unreadable::NoName),
            Kind::Reference | Kind::Text | Kind::RichText | Kind::Number | Kind::Boolean | Kind::Day | Kind::Time => Ok(Cell::Empty),
        };
    };
    match column.kind {
        Kind::Day => match instant(value) {
            Some(at) => Ok(Cell::DateTime(dates.day(at))),
            None => plain(value),
        },
        Kind::Time => match instant(value) {
            Some(at) => dates.time(at).map(Cell::DateTime).ok_or(Unreadable::NoZone),
            None => plain(value),
        },
        Kind::Number => match value.as_str().and_then(|text| text.trim().parse().ok()) {
            Some(number) => Ok(Cell::Number(number)),
            None => plain(value),
        },
        Kind::Boolean => match value.as_str().map(str::trim) {
            Some("1" | "true" | "True" | "Yes") => Ok(Cell::Bool(true)),
            Some("0" | "false" | "False" | "No") => Ok(Cell::Bool(false)),
            Some(_) | None => plain(value),
        },
        Kind::RichText => match value.as_str() {
            Some(markup) => Ok(Cell::Text(without_markup(markup))),
            None => plain(value),
        },
        Kind::Text | Kind::Reference => plain(value),
    }
}

/// By what it is, whatever its column is.
fn plain(value: &Value) -> Result<Cell, Unreadable> {
    match value {
        Value::Null => Ok(Cell::Empty),
        Value::Bool(ticked) => Ok(Cell::Bool(*ticked)),
        Value::Number(number) => number.as_f64().map(Cell::Number).ok_or(Unreadable::Strange),
        Value::String(text) => Ok(Cell::Text(text.clone())),
        Value::Object(object) => name(object).map(Cell::Text).ok_or(Unreadable::Strange),
        Value::Array(values) => {
            let words: Option<Vec<String>> = values.iter().map(word).collect();
            words.map(|words| Cell::Text(words.join(AND))).ok_or(Unreadable::Strange)
        }
    }
}

/// One of several.
fn word(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Object(object) => name(object),
        Value::Null | Value::Bool(_) | Value::Array(_) => None,
    }
}

/// The name that a person would read: of a person or an entry, a term, a place, a link.
fn name(object: &Map<String, Value>) -> Option<String> {
    let text = |key: &str| {
        object
            .get(key)
            .and_then(Value::as_str)
            .map(str::trim)
            .filter(|text| !text.is_empty())
    };
    let shown = ["LookupValue", "Label", "DisplayName", "Description"].into_iter().find_map(text);
    let address = || {
        let url = text("Url")?;
        Some(
            ["tel:", "mailto:", "sip:"]
                .iter()
                .find_map(|scheme| url.strip_prefix(scheme))
                .unwrap_or(url),
        )
    };
    shown.or_else(address).or_else(|| text("Email")).map(str::to_owned)
}

/// The text that is left of what a browser would lay out; lines stay lines.
fn without_markup(markup: &str) -> String {
    let mut text = String::with_capacity(markup.len());
    let mut rest = markup;
    while let Some((before, tagged)) = rest.split_once('<') {
        text.push_str(before);
        let Some((tag, after)) = tagged.split_once('>') else {
            text.push('<');
            rest = tagged;
            break;
        };
        let tag = tag.to_ascii_lowercase();
        let ends_line = ["br", "/p", "/div", "/li"]
            .iter()
            .any(|end| tag.trim_end_matches([' ', '/']).starts_with(end));
        if ends_line {
            text.push('\n');
        }
        rest = after;
    }
    text.push_str(rest);
    const ENTITIES: [(&str, &str); 8] = [
        ("&nbsp;", " "),
        ("&#160;", " "),
        ("&#58;", ":"),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&amp;", "&"),
    ];
    for (entity, character) in ENTITIES {
        text = text.replace(entity, character);
    }
    let invisible = |c: char| c == '\u{200b}' || c == '\u{feff}';
    text.replace(invisible, "").trim().to_owned()
}
