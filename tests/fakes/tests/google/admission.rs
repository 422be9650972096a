//! Who gets a token, and what is refused to whom.

use super::client::{Client, METADATA, SHEETS, claims, is_as_recorded, rota};
use chrono::TimeDelta;
use fakes::Fault;
use fakes::google::{Google, Route};
use serde_json::{Value, json};

const GET: &str = "/v4/spreadsheets/demo";
const FILE: &str = "/drive/v3/files/demo";

async fn google() -> Google {
    let google = Google::start().await;
    google.put("demo", rota());
    google
}

#[tokio::test]
async fn a_good_assertion_gets_a_token() {
    let google = google().await;
    let client = Client::anonymous(&google);
    let (status, answer) = client.token(&google, &claims(&google, SHEETS, 0)).await;
    assert_eq!(status, 200);
    assert_eq!((&answer["token_type"], &answer["expires_in"]), (&json!("Bearer"), &json!(3599)));
    assert!(answer["access_token"].as_str().unwrap().starts_with("ya29."));
    is_as_recorded("token", &answer);
}

/// RFC 7523 section 3, and Google's list of errors for service accounts.
#[tokio::test]
async fn each_wrong_assertion_is_refused() {
    let google = google().await;
    let client = Client::anonymous(&google);
    let changed = |name: &str, value: Value| {
        let mut claims = claims(&google, SHEETS, 0);
        claims[name] = value;
        claims
    };
    let now = claims(&google, SHEETS, 0)["iat"].as_i64().unwrap();
    for (wrong, status, error) in [
        (changed("iss", json!("somebody@else.example")), 400, "invalid_grant"),
        (changed("aud", json!("https://oauth2.googleapis.com/token")), 400, "invalid_grant"),
        (changed("exp", json!(now + 3700)), 400, "invalid_grant"),
        (changed("exp", json!(now - 1)), 400, "invalid_grant"),
        (claims(&google, SHEETS, -4200), 400, "invalid_grant"),
        (claims(&google, SHEETS, 600), 400, "invalid_grant"),
        (changed("scope", json!("")), 400, "invalid_scope"),
        (changed("scope", json!("sheets")), 400, "invalid_scope"),
        (changed("sub", json!("anna@example.org")), 401, "unauthorized_client"),
    ] {
        let (code, answer) = client.token(&google, &wrong).await;
        assert_eq!((code, answer["error"].as_str().unwrap()), (status, error), "{wrong}");
        assert!(answer["error_description"].as_str().is_some_and(|words| !words.is_empty()));
    }
    let (code, answer) = client.grant("password", "x").await;
    assert_eq!((code, &answer["error"]), (400, &json!("unsupported_grant_type")));
    let (code, answer) = client.grant("urn:ietf:params:oauth:grant-type:jwt-bearer", "a.b.c").await;
    assert_eq!((code, &answer["error"]), (400, &json!("invalid_grant")));
}

#[tokio::test]
async fn a_foreign_key_and_a_deleted_one_do_not_sign() {
    let google = google().await;
    let client = Client::anonymous(&google);
    let good = claims(&google, SHEETS, 0);
    // An assertion whose claims were changed after it was signed.
    let key: Value = serde_json::from_str(&google.key_json()).unwrap();
    let key = jsonwebtoken::EncodingKey::from_rsa_pem(key["private_key"].as_str().unwrap().as_bytes()).unwrap();
    let header = jsonwebtoken::Header::new(jsonwebtoken::Algorithm::RS256);
    let [one, other] = [0, 1].map(|shift| jsonwebtoken::encode(&header, &claims(&google, SHEETS, shift), &key).unwrap());
    let signature = other.rsplit('.').next().unwrap();
    let forged = format!("{}.{signature}", one.rsplit_once('.').unwrap().0);
    let (code, answer) = client.grant("urn:ietf:params:oauth:grant-type:jwt-bearer", &forged).await;
    let refusal = json!({ "error": "invalid_grant", "error_description": "Invalid JWT Signature." });
    assert_eq!((code, &answer), (400, &refusal));
    google.delete_key();
    assert_eq!(client.token(&google, &good).await, (400, refusal.clone()));
    is_as_recorded("token-invalid-grant", &refusal);
}

#[tokio::test]
async fn tokens_are_checked_and_end() {
    let google = google().await;
    let client = Client::of(&google).await;
    assert_eq!(client.get(GET, &[]).await.0, 200);
    let (code, answer) = Client::anonymous(&google).get(GET, &[]).await;
    assert_eq!((code, &answer["error"]["status"]), (403, &json!("PERMISSION_DENIED")));
    google.pass(TimeDelta::seconds(3600));
    let (code, answer) = client.get(GET, &[]).await;
    assert_eq!((code, &answer["error"]["status"]), (401, &json!("UNAUTHENTICATED")));
    is_as_recorded("sheets-unauthenticated", &answer);
    let client = Client::anonymous(&google);
    let (status, _) = client.token(&google, &claims(&google, SHEETS, 3600)).await;
    assert_eq!(status, 200, "the fake's clock decides what is fresh");
}

#[tokio::test]
async fn expired_tokens_are_worthless_at_once() {
    let google = google().await;
    let client = Client::of(&google).await;
    google.expire_tokens();
    let (code, answer) = client.get(FILE, &[]).await;
    assert_eq!((code, &answer["error"]["errors"][0]["reason"]), (401, &json!("authError")));
    is_as_recorded("drive-unauthenticated", &answer);
    assert_eq!(Client::of(&google).await.get(FILE, &[]).await.0, 200);
}

#[tokio::test]
async fn a_missing_scope_is_named() {
    let google = google().await;
    let sheets_only = Client::with_scopes(&google, SHEETS).await;
    assert_eq!(sheets_only.get(GET, &[]).await.0, 200);
    let (code, answer) = sheets_only.get(FILE, &[]).await;
    assert_eq!(
        (code, &answer["error"]["details"][0]["reason"]),
        (403, &json!("ACCESS_TOKEN_SCOPE_INSUFFICIENT"))
    );
    is_as_recorded("drive-scope", &answer);
    let drive_only = Client::with_scopes(&google, METADATA).await;
    assert_eq!(drive_only.get(FILE, &[]).await.0, 200);
    let (code, answer) = drive_only.get(GET, &[]).await;
    assert_eq!(
        (code, &answer["error"]["details"][0]["reason"]),
        (403, &json!("ACCESS_TOKEN_SCOPE_INSUFFICIENT"))
    );
    is_as_recorded("sheets-scope", &answer);
}

#[tokio::test]
async fn an_api_that_is_off_says_where_to_switch_it_on() {
    let google = google().await;
    let client = Client::of(&google).await;
    google.disable_sheets_api();
    let (code, answer) = client.get(GET, &[]).await;
    let detail = &answer["error"]["details"][0];
    assert_eq!((code, &detail["reason"]), (403, &json!("SERVICE_DISABLED")));
    let url = "https://console.developers.google.com/apis/api/sheets.googleapis.com/overview?project=123456789012";
    assert_eq!(detail["metadata"]["activationUrl"], url);
    assert!(answer["error"]["message"].as_str().unwrap().contains(url));
    is_as_recorded("sheets-disabled", &answer);
    assert_eq!(client.get(FILE, &[]).await.0, 200, "the other API is still on");
    google.enable_sheets_api();
    google.disable_drive_api();
    assert_eq!(client.get(GET, &[]).await.0, 200);
    let (code, answer) = client.get(FILE, &[]).await;
    assert_eq!(
        (code, &answer["error"]["errors"][0]["reason"]),
        (403, &json!("accessNotConfigured"))
    );
    is_as_recorded("drive-disabled", &answer);
}

#[tokio::test]
async fn what_is_not_shared_is_forbidden_by_one_api_and_unknown_to_the_other() {
    let google = google().await;
    let client = Client::of(&google).await;
    google.unshare("demo");
    let (code, answer) = client.get(GET, &[]).await;
    assert_eq!(
        (code, &answer["error"]["message"]),
        (403, &json!("The caller does not have permission"))
    );
    is_as_recorded("sheets-not-shared", &answer);
    let (code, answer) = client.get(FILE, &[]).await;
    assert_eq!((code, &answer["error"]["message"]), (404, &json!("File not found: demo.")));
    is_as_recorded("drive-not-shared", &answer);
    google.share("demo");
    assert_eq!((client.get(GET, &[]).await.0, client.get(FILE, &[]).await.0), (200, 200));
    let (code, answer) = client.get("/v4/spreadsheets/other", &[]).await;
    assert_eq!(
        (code, &answer["error"]["message"]),
        (404, &json!("Requested entity was not found."))
    );
    is_as_recorded("sheets-not-found", &answer);
    let (code, page) = client.get("/v5/anything", &[]).await;
    assert!(code == 404 && page.as_str().unwrap().contains("<html"), "{page}");
}

#[tokio::test]
async fn reads_are_counted_by_the_minute() {
    let google = google().await;
    google.quota(Some(2));
    let client = Client::of(&google).await;
    let mut seen = Vec::new();
    for _ in 0..3 {
        seen.push(client.get(GET, &[]).await.0);
    }
    assert_eq!(seen, [200, 200, 429]);
    let (_, answer) = client.get(GET, &[]).await;
    assert_eq!(answer["error"]["status"], "RESOURCE_EXHAUSTED");
    is_as_recorded("sheets-quota", &answer);
    assert_eq!(client.get(FILE, &[]).await.0, 200, "Drive counts for itself");
    google.pass(TimeDelta::minutes(1));
    assert_eq!(client.get(GET, &[]).await.0, 200);
    assert_eq!(google.requests(Route::Spreadsheet).len(), 5);
}

#[tokio::test]
async fn faults_speak_as_their_api_does() {
    let google = google().await;
    let client = Client::of(&google).await;
    google.fail(Route::Sheets, Fault::status(503), Some(1));
    google.fail(Route::Drive, Fault::status(500), Some(1));
    google.fail(Route::Token, Fault::status(400), Some(1));
    let (code, answer) = client.get(GET, &[]).await;
    assert_eq!((code, &answer["error"]["status"]), (503, &json!("UNAVAILABLE")));
    let (code, answer) = client.get(FILE, &[]).await;
    assert_eq!((code, &answer["error"]["errors"][0]["reason"]), (500, &json!("internalError")));
    let (code, answer) = client.token(&google, &claims(&google, SHEETS, 0)).await;
    assert_eq!((code, &answer["error"]), (400, &json!("invalid_grant")));
    assert_eq!((client.get(GET, &[]).await.0, client.get(FILE, &[]).await.0), (200, 200));
}
