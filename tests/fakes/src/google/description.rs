//! What the public API descriptions say of fields, parameters and scopes. The fake asks them, so that it refuses what the API refuses.

use serde_json::Value;
use std::sync::LazyLock;

/// The excerpts under `tests/fixtures/http/google`, whose `source` says where they come from.
static SHEETS: LazyLock<Value> = LazyLock::new(|| parsed(include_str!("../../../fixtures/http/google/sheets.v4.excerpt.json")));
static DRIVE: LazyLock<Value> = LazyLock::new(|| parsed(include_str!("../../../fixtures/http/google/drive.v3.excerpt.json")));

/// Parameters that every method has (`parameters` of the descriptions).
const COMMON: [&str; 12] = [
    "$.xgafv",
    "access_token",
    "alt",
    "callback",
    "fields",
    "key",
    "oauth_token",
    "prettyPrint",
    "quotaUser",
    "uploadType",
    "upload_protocol",
    "userIp",
];

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).expect("the excerpt is JSON")
}

/// Which of the two APIs.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Service {
    Sheets,
    Drive,
}

impl Service {
    fn description(self) -> &'static Value {
        match self {
            Service::Sheets => &SHEETS,
            Service::Drive => &DRIVE,
        }
    }

    /// The name of its host, which is also its name in errors.
    pub(super) fn host(self) -> &'static str {
        match self {
            Service::Sheets => "sheets.googleapis.com",
            Service::Drive => "drive.googleapis.com",
        }
    }

    /// As people know it.
    pub(super) fn title(self) -> &'static str {
        match self {
            Service::Sheets => "Google Sheets API",
            Service::Drive => "Google Drive API",
        }
    }

    /// The scopes of which a method needs one (`spreadsheets.get`).
    pub(super) fn scopes(self, method: &str) -> Vec<&'static str> {
        let scopes = self.description()["methods"][method]["scopes"]
            .as_array()
            .expect("a method of the excerpt");
        scopes.iter().filter_map(Value::as_str).collect()
    }

    /// Whether a method has this query parameter.
    pub(super) fn has_parameter(self, method: &str, name: &str) -> bool {
        let own = &self.description()["methods"][method]["parameters"][name];
        COMMON.contains(&name) || own["location"] == "query"
    }

    /// What a field of an object is: the name of another object, or `None` for anything without fields that we know. `Err` is no such field.
    pub(super) fn field(self, object: &str, name: &str) -> Result<Option<&'static str>, ()> {
        let field = self.description()["schemas"][object]["properties"].get(name).ok_or(())?;
        let reference = field["$ref"].as_str().or(field["items"]["$ref"].as_str());
        Ok(reference.filter(|name| self.description()["schemas"].get(*name).is_some()))
    }
}
