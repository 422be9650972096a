//! Tokens: how many are asked for, with which scope, and what becomes of a refusal.

use super::super::tokens::Permission;
use super::*;
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE;
use fakes::Request;
use fakes::google::Route;
use serde_json::{Value, json};

/// What a request for a token claims. yup-oauth2 pads its base64.
fn claims(request: &Request) -> Value {
    let assertion = request.form().remove("assertion").unwrap();
    let payload = assertion.split('.').nth(1).unwrap();
    serde_json::from_slice(&BASE64_URL_SAFE.decode(payload).unwrap()).unwrap()
}

async fn all<T>(eight: impl IntoIterator<Item = impl Future<Output = T> + Send + 'static>) -> Vec<T>
where
    T: Send + 'static,
{
    let mut tasks = tokio::task::JoinSet::new();
    for one in eight {
        tasks.spawn(one);
    }
    tasks.join_all().await
}

#[tokio::test]
async fn a_token_opens_exactly_what_is_needed() {
    let google = google().await;
    let source = source(&google);
    let revision = read(&source).await.revision;
    let asked = google.requests(Route::Token);
    assert_eq!(asked.len(), 1);
    let claimed = claims(&asked[0]);
    assert_eq!(claimed["scope"], "https://www.googleapis.com/auth/spreadsheets.readonly");
    assert_eq!(claimed["iss"], google.address());
    assert_eq!(claimed["aud"], google.token_uri());
    let lifetime = claimed["exp"].as_i64().unwrap() - claimed["iat"].as_i64().unwrap();
    assert!((60..=3_600).contains(&lifetime), "{lifetime}");

    assert_eq!(fetch(&source, Some(&revision)).await, Ok(Fetched::Unchanged));
    let asked = google.requests(Route::Token);
    assert_eq!(asked.len(), 2, "another one for files");
    assert_eq!(
        claims(&asked[1])["scope"],
        "https://www.googleapis.com/auth/drive.metadata.readonly"
    );
    let tokens = [Route::Spreadsheet, Route::DriveFile].map(|route| google.requests(route)[0].authorization.clone());
    assert_ne!(tokens[0], tokens[1]);
}

#[tokio::test]
async fn eight_at_once_sign_in_once() {
    let google = google().await;
    google.delay(Duration::from_millis(100));
    let account = account(&google, PATIENCE);
    let eight = (0..8).map(|_| {
        let account = account.clone();
        async move { account.sign_in(Permission::Cells).await }
    });
    assert_eq!(all(eight).await, vec![Ok(()); 8]);
    assert_eq!(google.requests(Route::Token).len(), 1);

    let source = source_of(account);
    let eight = (0..8).map(|_| {
        let source = source.clone();
        async move { source.fetch(None).await.is_ok() }
    });
    assert_eq!(all(eight).await, [true; 8]);
    assert_eq!(google.requests(Route::Token).len(), 1);
    assert_eq!(google.requests(Route::Spreadsheet).len(), 8);
}

#[tokio::test]
async fn a_token_no_longer_taken_is_replaced_once_for_all() {
    let google = google().await;
    let source = source(&google);
    read(&source).await;
    google.expire_tokens();
    google.delay(Duration::from_millis(50));
    let eight = (0..8).map(|_| {
        let source = source.clone();
        async move { source.fetch(None).await.is_ok() }
    });
    assert_eq!(all(eight).await, [true; 8]);
    assert_eq!(google.requests(Route::Token).len(), 2);
}

#[tokio::test]
async fn a_refused_token_is_tried_once_more_and_no_more() {
    let google = google().await;
    let source = source(&google);
    google.fail(Route::Spreadsheet, Fault::status(401), None);
    let outcome = fetch(&source, None).await.unwrap_err();
    assert!(matches!(outcome, SourceError::Auth(_)), "{outcome}");
    assert_eq!(google.requests(Route::Spreadsheet).len(), 2);
    assert_eq!(google.requests(Route::Token).len(), 2);
    google.heal();
    google.fail(Route::Spreadsheet, Fault::status(401), Some(1));
    assert_eq!(read(&source).await.title, "Rotas");
}

#[tokio::test]
async fn a_sign_in_that_fails_by_itself_is_transient_and_soon_over() {
    let faults = [
        Fault::status(500),
        Fault::Html { code: 500 },
        Fault::Html { code: 200 },
        Fault::Empty,
        Fault::WrongShape,
        Fault::CutBody,
        Fault::Reset,
        Fault::Huge { bytes: 1 << 20 },
        Fault::Hang,
        Fault::SlowHeaders(Duration::from_secs(3_600)),
        Fault::Drip(Duration::from_millis(300)),
    ];
    let google = google().await;
    for fault in faults {
        let source = source_of(account(&google, patience_for(&fault)));
        google.fail(Route::Token, fault.clone(), None);
        google.clear_journal();
        let outcome = fetch(&source, None).await.unwrap_err();
        assert_eq!(google.requests(Route::Spreadsheet).len(), 0, "nothing without a token");
        assert!(matches!(outcome, SourceError::Transient(_)), "{fault:?}: {outcome}");
        google.heal();
        assert!(recovers(&source).await, "{fault:?}");
    }
}

#[tokio::test]
async fn a_sign_in_that_is_refused_says_why() {
    let google = google().await;
    let address = google.address();
    let refused = async || {
        let outcome = fetch(&source(&google), None).await.unwrap_err();
        assert!(matches!(outcome, SourceError::Auth(_)), "{outcome}");
        outcome.to_string()
    };
    google.fail(
        Route::Token,
        Fault::Status {
            code: 401,
            retry_after: None,
            body: Some(json!({"error": "unauthorized_client", "error_description": "hidden"})),
        },
        Some(1),
    );
    let words = refused().await;
    assert!(words.contains("does not let") && words.contains(address), "{words}");
    assert!(!words.contains("hidden"), "{words}");
    google.account_exists(false);
    assert!(refused().await.contains(&format!("Google knows no account {address}")));
    google.account_exists(true);
    google.delete_key();
    assert!(refused().await.contains(&format!("Google does not know this key of {address}")));
}

#[tokio::test]
async fn a_wrong_clock_is_named() {
    let google = google().await;
    google.pass(TimeDelta::hours(3));
    let outcome = fetch(&source(&google), None).await.unwrap_err();
    assert!(
        matches!(&outcome, SourceError::Auth(words) if words.contains("this machine's clock")),
        "{outcome}"
    );
}
