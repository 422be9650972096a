//! Holds answers against the public description of Graph: no property that it does not have, none of another type.
//!
//! The names and types are in tests/fixtures/http/graph/shapes.json, taken down from the description named there.

use serde_json::{Map, Value};

/// What can be said about one value: where, and what is wrong.
pub(super) type Offences = Vec<String>;

/// The types described.
pub(super) struct Shapes(Map<String, Value>);

impl Shapes {
    pub(super) fn load() -> Shapes {
        let text = include_str!("../../../../fixtures/http/graph/shapes.json");
        let file: Value = serde_json::from_str(text).unwrap();
        Shapes(file["types"].as_object().unwrap().clone())
    }

    /// What is wrong with a value that should be of this type: `site`, `Edm.String`, `Collection(list)`, `page(list)`.
    pub(super) fn offences(&self, kind: &str, value: &Value, at: &str) -> Offences {
        if let Some(of) = inside(kind, "Collection") {
            let Some(entries) = value.as_array() else {
                return vec![format!("{at}: not a collection")];
            };
            let entries = entries.iter().enumerate();
            return entries
                .flat_map(|(place, entry)| self.offences(of, entry, &format!("{at}[{place}]")))
                .collect();
        }
        if let Some(of) = inside(kind, "page") {
            let mut rest = value.clone();
            let entries = rest["value"].take();
            let mut offences = self.offences(&format!("Collection({of})"), &entries, &format!("{at}.value"));
            rest.as_object_mut().unwrap().remove("value");
            offences.extend(self.object(&Map::new(), false, &rest, at));
            return offences;
        }
        if let Some(is_right) = simple(kind, value) {
            return if is_right {
                Vec::new()
            } else {
                vec![format!("{at}: not of {kind}: {value}")]
            };
        }
        let described = self.0.get(kind).unwrap_or_else(|| panic!("{kind} is not described"));
        let mut properties = described["properties"].as_object().unwrap().clone();
        let mut above = described["base"].as_str();
        while let Some(base) = above {
            properties.extend(self.0[base]["properties"].as_object().unwrap().clone());
            above = self.0[base]["base"].as_str();
        }
        self.object(&properties, described["open"] == true, value, at)
    }

    fn object(&self, properties: &Map<String, Value>, is_open: bool, value: &Value, at: &str) -> Offences {
        let Some(fields) = value.as_object() else {
            return vec![format!("{at}: not an object: {value}")];
        };
        let mut offences = Offences::new();
        for (name, field) in fields {
            let at = format!("{at}.{name}");
            let annotated = name.split_once("@odata.").filter(|(of, _)| of.is_empty() || is_open);
            match (properties.get(name), annotated) {
                (Some(_), _) if field.is_null() => {}
                (Some(kind), _) => offences.extend(self.offences(kind.as_str().unwrap(), field, &at)),
                (None, Some((_, "context" | "etag" | "nextLink" | "deltaLink" | "type"))) if field.is_string() => {}
                (None, _) if name == "@microsoft.graph.downloadUrl" && field.is_string() => {}
                (None, _) if is_open && !field.is_null() => {}
                (None, _) => offences.push(format!("{at}: no such property")),
            }
        }
        offences
    }
}

fn inside<'a>(kind: &'a str, name: &str) -> Option<&'a str> {
    kind.strip_prefix(name)?.strip_prefix('(')?.strip_suffix(')')
}

/// Whether a value is of a primitive type; `None` for another type.
fn simple(kind: &str, value: &Value) -> Option<bool> {
    let text = value.as_str();
    Some(match kind {
        "Edm.String" => text.is_some(),
        "Edm.Boolean" => value.is_boolean(),
        "Edm.Int32" | "Edm.Int64" => value.is_i64(),
        "Edm.Double" => value.is_number(),
        "Edm.DateTimeOffset" => text.is_some_and(|text| chrono::DateTime::parse_from_rfc3339(text).is_ok()),
        "Edm.Guid" => text.is_some_and(|text| text.len() == 36 && text.split('-').count() == 5),
        _ => return None,
    })
}

#[test]
fn what_does_not_conform_is_seen() {
    let shapes = Shapes::load();
    let site =
        serde_json::json!({ "id": "1", "displayName": 7, "timeZone": "UTC", "siteCollection": { "hostname": true }, "@odata.type": 1 });
    let mut offences = shapes.offences("site", &site, "site");
    offences.sort();
    assert_eq!(
        offences,
        [
            "site.@odata.type: no such property",
            "site.displayName: not of Edm.String: 7",
            "site.siteCollection.hostname: not of Edm.String: true",
            "site.timeZone: no such property",
        ]
    );
    assert_eq!(
        shapes
            .offences("page(site)", &serde_json::json!({ "value": [{ "id": 1 }], "x": 1 }), "")
            .len(),
        2
    );
}
