//! Answers that no fake of Google gives: bytes on a socket.

use super::super::bounded::{Bound, Connector};
use super::super::tokens::Permission;
use super::*;
use hyper::Uri;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// Answers each connection with the same bytes and closes it; counts connections.
async fn listener(answer: String) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let count = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&count);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            counter.fetch_add(1, Ordering::Relaxed);
            let answer = answer.clone();
            tokio::spawn(async move {
                let mut seen = vec![0; 64 << 10];
                // One read holds all of a request here; what comes after it does not matter.
                let _length = stream.read(&mut seen).await.unwrap();
                // Whoever has had enough hangs up.
                let _sent = stream.write_all(answer.as_bytes()).await;
            });
        }
    });
    (url, count)
}

fn ok(body: &str) -> String {
    format!(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

#[tokio::test]
async fn no_redirect_is_followed_and_no_token_leaves() {
    let google = google().await;
    let (elsewhere, visitors) = listener(ok("{}")).await;
    let (sheets, asked) = listener(format!("HTTP/1.1 302 Found\r\nLocation: {elsewhere}/\r\nContent-Length: 0\r\n\r\n")).await;
    let revision = Revision("of before".into());
    let redirected = source_of(account_at(google.key_json(), &sheets, &sheets, &google.token_uri(), PATIENCE));
    let outcome = fetch(&redirected, Some(&revision)).await.unwrap_err();
    assert!(
        matches!(&outcome, SourceError::Transient(words) if words.contains("not followed")),
        "{outcome}"
    );
    assert_eq!(asked.load(Ordering::Relaxed), 2, "Drive and Sheets");
    let key = google.key_json();
    let redirected = source_of(account_at(key, &google.url(), &google.url(), &sheets, PATIENCE));
    let outcome = fetch(&redirected, None).await.unwrap_err();
    assert!(matches!(outcome, SourceError::Transient(_)), "{outcome}");
    assert_eq!(visitors.load(Ordering::Relaxed), 0);
}

#[tokio::test]
async fn a_million_empty_cells_are_not_taken_apart() {
    let google = google().await;
    // 3 MB on the wire, 3 GB in memory.
    let cells = "{},".repeat(1_000_000);
    let body = format!("{{\"sheets\":[{{\"data\":[{{\"rowData\":[{{\"values\":[{cells}{{}}]}}]}}]}}]}}");
    let (sheets, _) = listener(ok(&body)).await;
    let source = source_of(account_at(google.key_json(), &sheets, &sheets, &google.token_uri(), PATIENCE));
    let outcome = fetch(&source, None).await.unwrap_err();
    assert!(
        matches!(&outcome, SourceError::Malformed(words) if words.contains("too large")),
        "{outcome}"
    );
}

#[tokio::test]
async fn a_body_that_ends_early_without_a_length_is_transient() {
    let google = google().await;
    for cut in ["", "{\"properties\":{\"title\":\"Ro"] {
        let answer = format!("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{cut}");
        let (sheets, _) = listener(answer).await;
        let source = source_of(account_at(google.key_json(), &sheets, &sheets, &google.token_uri(), PATIENCE));
        let outcome = fetch(&source, None).await.unwrap_err();
        assert_eq!(outcome, SourceError::Transient("Google's answer broke off".into()));
    }
}

#[tokio::test]
async fn tokens_that_would_break_the_sdk_do_not_break_us() {
    let google = google().await;
    let tokens = [
        // yup-oauth2 adds this to the time and panics.
        r#"{"access_token":"a","token_type":"Bearer","expires_in":9223372036854775807}"#,
        // The SDK unwraps the header that it makes of this.
        r#"{"access_token":"a\nb","token_type":"Bearer","expires_in":3600}"#,
        r#"{"access_token":"","token_type":"Bearer","expires_in":3600}"#,
        r#"{"access_token":"schlüssel","token_type":"Bearer","expires_in":3600}"#,
        r#"{"access_token":"a","token_type":"MAC","expires_in":3600}"#,
        r#"{"token_type":"Bearer"}"#,
        r#"{"access_token":["a"]}"#,
        "[]",
    ];
    for token in tokens {
        let (uri, _) = listener(ok(token)).await;
        let account = account_at(google.key_json(), &google.url(), &google.url(), &format!("{uri}/token"), PATIENCE);
        let outcome = account.sign_in(Permission::Cells).await.unwrap_err();
        assert!(matches!(outcome, SourceError::Transient(_)), "{token}: {outcome}");
    }
}

#[tokio::test]
async fn whoever_does_not_speak_tls_is_not_spoken_to() {
    let google = google().await;
    let (plain, visitors) = listener(ok("{}")).await;
    let pretended = plain.replace("http://", "https://");
    let revision = Revision("of before".into());
    let source = source_of(account_at(google.key_json(), &pretended, &pretended, &google.token_uri(), PATIENCE));
    let outcome = fetch(&source, Some(&revision)).await.unwrap_err();
    assert_eq!(outcome, SourceError::Transient("Google cannot be reached".into()));
    assert_eq!(visitors.load(Ordering::Relaxed), 2, "Drive and Sheets");
    let key = google.key_json();
    let source = source_of(account_at(key, &google.url(), &google.url(), &pretended, PATIENCE));
    let outcome = fetch(&source, None).await.unwrap_err();
    assert!(matches!(outcome, SourceError::Transient(_)), "{outcome}");
}

#[tokio::test]
async fn nothing_goes_out_unencrypted_unless_to_this_machine_on_purpose() {
    let (url, visitors) = listener(ok("{}")).await;
    let bound = Bound { bytes: 1_000, braces: 10 };
    let get = async |plain: bool| {
        let (client, _) = Connector::new(PATIENCE, plain).unwrap().client::<String>(bound);
        client.get(url.parse::<Uri>().unwrap()).await.is_ok()
    };
    assert!(!get(false).await);
    assert_eq!(visitors.load(Ordering::Relaxed), 0);
    assert!(get(true).await);
}
