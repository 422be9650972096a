//! The public descriptions as JSON Schema: a field that they do not have, or of another type, is a failure.

use serde_json::{Map, Value, json};
use std::path::PathBuf;

/// Checks an answer against an object of `sheets.v4` or `drive.v3`.
pub(crate) fn conforms(api: &str, object: &str, answer: &Value) {
    let faults = faults(api, object, answer);
    assert!(faults.is_empty(), "{}\n{answer:#}", faults.join("\n"));
}

fn faults(api: &str, object: &str, answer: &Value) -> Vec<String> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("../fixtures/http/google/{api}.excerpt.json"));
    let description: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let schemas = description["schemas"].as_object().unwrap();
    let defs: Map<String, Value> = schemas
        .iter()
        .map(|(name, schema)| (name.clone(), strict(schema, schemas)))
        .collect();
    let schema = json!({ "$ref": format!("#/$defs/{object}"), "$defs": defs });
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors = validator.iter_errors(answer);
    errors.map(|error| format!("{}: {error}", error.instance_path())).collect()
}

/// A schema of a description as today's JSON Schema, in which an object has no other fields.
fn strict(schema: &Value, schemas: &Map<String, Value>) -> Value {
    if let Some(name) = schema["$ref"].as_str() {
        // What the excerpt leaves out must not come at all.
        return if schemas.contains_key(name) {
            json!({ "$ref": format!("#/$defs/{name}") })
        } else {
            json!(false)
        };
    }
    let mut strict = match schema["type"].as_str() {
        None | Some("any") => json!({}),
        Some(kind) => json!({ "type": kind }),
    };
    if let Some(properties) = schema["properties"].as_object() {
        let properties: Map<String, Value> = properties
            .iter()
            .map(|(name, field)| (name.clone(), self::strict(field, schemas)))
            .collect();
        strict["properties"] = Value::Object(properties);
        strict["additionalProperties"] = false.into();
    }
    if schema.get("items").is_some() {
        strict["items"] = self::strict(&schema["items"], schemas);
    }
    if let Some(values) = schema.get("enum") {
        strict["enum"] = values.clone();
    }
    match schema["format"].as_str() {
        Some("int64" | "uint64") => strict["pattern"] = "^-?[0-9]+$".into(),
        Some("date-time") => strict["pattern"] = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$".into(),
        Some(_) | None => {}
    }
    strict
}

#[test]
fn a_wrong_answer_is_seen() {
    let wrong = |answer: Value| faults("sheets.v4", "Spreadsheet", &answer).len();
    assert_eq!(
        wrong(json!({ "spreadsheetId": "1", "sheets": [{ "properties": { "sheetId": 0 } }] })),
        0
    );
    assert_eq!(wrong(json!({ "spreadsheet": "1" })), 1, "an unknown field");
    assert_eq!(
        wrong(json!({ "sheets": [{ "properties": { "sheetId": "0" } }] })),
        1,
        "another type"
    );
    assert_eq!(
        wrong(json!({ "sheets": [{ "properties": { "sheetType": "TABLE" } }] })),
        1,
        "not of the enumeration"
    );
    assert_eq!(wrong(json!({ "sheets": [{ "charts": [{}] }] })), 1, "left out of the excerpt");
    assert_eq!(faults("drive.v3", "File", &json!({ "version": 7 })).len(), 1, "a version is a text");
}
