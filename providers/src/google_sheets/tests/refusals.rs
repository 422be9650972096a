//! Error bodies in the shape of Google's public description of errors (<https://cloud.google.com/apis/design/errors>;
//! those of Drive: <https://developers.google.com/workspace/drive/api/guides/handle-errors>).

use super::super::SpreadsheetId;
use super::super::refusal::{Api, Failure, Refusal};
use serde_json::{Value, json};
use std::time::Duration;

const ADDRESS: &str = "rota@project.iam.gserviceaccount.com";

fn failure(api: Api, status: u16, body: Value) -> Failure {
    let refusal = Refusal {
        status,
        retry_after: None,
        body: Some(body),
    };
    refusal.failure(api, &SpreadsheetId::parse("sheet-1").unwrap())
}

fn words(api: Api, status: u16, body: Value) -> String {
    failure(api, status, body).into_fault(ADDRESS).to_string()
}

fn of_sheets(code: u16, status: &str) -> Value {
    json!({"error": {"code": code, "message": "hidden", "status": status}})
}

fn of_drive(code: u16, reason: &str) -> Value {
    json!({"error": {"code": code, "message": "hidden", "errors": [{"domain": "global", "reason": reason, "message": "hidden"}]}})
}

fn service_disabled() -> Value {
    json!({"error": {"code": 403, "message": "hidden", "status": "PERMISSION_DENIED", "details": [
        {"@type": "type.googleapis.com/google.rpc.Help", "links": []},
        {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "SERVICE_DISABLED", "domain": "googleapis.com",
         "metadata": {"consumer": "projects/123456", "service": "sheets.googleapis.com"}},
    ]}})
}

#[test]
fn each_refusal_says_what_is_wrong() {
    let cases = [
        (
            words(Api::Sheets, 400, of_sheets(400, "INVALID_ARGUMENT")),
            "not a rota sheet: the Google Sheets API answered 400 (INVALID_ARGUMENT)",
        ),
        (
            words(Api::Sheets, 401, of_sheets(401, "UNAUTHENTICATED")),
            "sign-in refused: Google does not take the token that it has just given to rota@project.iam.gserviceaccount.com",
        ),
        (
            words(Api::Sheets, 403, of_sheets(403, "PERMISSION_DENIED")),
            "no permission: the spreadsheet is not shared with rota@project.iam.gserviceaccount.com",
        ),
        (
            words(Api::Sheets, 403, service_disabled()),
            "no permission: the Google Sheets API is switched off for project 123456; enable it there",
        ),
        (
            words(Api::Drive, 403, of_drive(403, "accessNotConfigured")),
            "no permission: the Google Drive API is switched off for the project of rota@project.iam.gserviceaccount.com; enable it there",
        ),
        (
            words(Api::Drive, 403, of_drive(403, "userRateLimitExceeded")),
            "asked too often, next try in 60 s",
        ),
        (
            words(Api::Drive, 403, of_drive(403, "insufficientPermissions")),
            "no permission: the key may not be used for the Google Drive API",
        ),
        (
            words(Api::Drive, 403, of_drive(403, "domainPolicy")),
            "no permission: the Google Drive API refuses (domainPolicy)",
        ),
        (
            words(Api::Sheets, 404, of_sheets(404, "NOT_FOUND")),
            "not found: Google knows no spreadsheet sheet-1; was it deleted, or is its id mistyped?",
        ),
        (
            words(Api::Sheets, 429, of_sheets(429, "RESOURCE_EXHAUSTED")),
            "asked too often, next try in 60 s",
        ),
        (
            words(Api::Sheets, 500, of_sheets(500, "INTERNAL")),
            "not readable just now: the Google Sheets API answered 500 (INTERNAL)",
        ),
        (
            words(Api::Sheets, 503, Value::Null),
            "not readable just now: the Google Sheets API answered 503",
        ),
        (
            words(Api::Drive, 401, of_drive(401, "push.webhookUrlUnauthorized")),
            "no permission: Google does not accept the address that it is to knock at (push.webhookUrlUnauthorized)",
        ),
    ];
    for (told, expected) in cases {
        assert_eq!(told, expected);
    }
    let office = words(Api::Sheets, 400, of_sheets(400, "FAILED_PRECONDITION"));
    assert!(office.contains("Save as Google Sheets"), "{office}");
    let elsewhere = words(Api::Sheets, 302, Value::Null);
    assert!(
        elsewhere.starts_with("not readable just now: sheets.googleapis.com answered 302"),
        "{elsewhere}"
    );
}

#[test]
fn the_wait_is_what_google_asks_for() {
    let refusal = Refusal {
        status: 429,
        retry_after: Some(Duration::from_secs(17)),
        body: None,
    };
    let told = refusal
        .failure(Api::Sheets, &SpreadsheetId::parse("x").unwrap())
        .into_fault(ADDRESS);
    assert_eq!(told.to_string(), "asked too often, next try in 17 s");
}

#[test]
fn remedies_name_the_page_and_the_address() {
    let off = failure(Api::Sheets, 403, service_disabled()).remedy(ADDRESS);
    assert!(
        off.contains("https://console.cloud.google.com/apis/library/sheets.googleapis.com?project=123456"),
        "{off}"
    );
    let unshared = failure(Api::Sheets, 403, of_sheets(403, "PERMISSION_DENIED")).remedy(ADDRESS);
    assert!(unshared.contains(&format!("add {ADDRESS} as a Viewer")), "{unshared}");
}

#[test]
fn bodies_of_any_shape_are_borne_and_not_quoted() {
    let odd = [
        Value::Null,
        json!([]),
        json!("hidden"),
        json!({"error": "hidden"}),
        json!({"error": {"details": [1, {"reason": 7}], "errors": "hidden", "status": ["hidden"]}}),
        json!({"error": {"status": "hidden words with spaces"}}),
        json!({"error": {"details": [{"reason": "SERVICE_DISABLED", "metadata": {"consumer": "projects/hidden?x=y&z"}}]}}),
    ];
    for body in odd {
        for status in [302, 400, 401, 403, 404, 418, 429, 500, 599] {
            for api in [Api::Sheets, Api::Drive] {
                let failure = failure(api, status, body.clone());
                let told = format!("{} {}", failure.remedy(ADDRESS), failure.into_fault(ADDRESS));
                assert!(!told.contains("hidden"), "{told}");
            }
        }
    }
}
