//! What people put in the place of a key, and what they are told.

use super::super::{GoogleAccess, GoogleAccount, SpreadsheetId, key};
use crate::{Base, SourceError};
use chrono::{DateTime, Utc};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use std::time::Duration;

const HIDDEN: &str = "MIIEvgIBADANhidden";

fn whole() -> Value {
    json!({
        "type": "service_account",
        "project_id": "project",
        "private_key_id": "0123",
        "private_key": format!("-----BEGIN PRIVATE KEY-----\n{HIDDEN}\n-----END PRIVATE KEY-----\n"),
        "client_email": "rota@project.iam.gserviceaccount.com",
        "client_id": "1",
        "token_uri": "https://oauth2.googleapis.com/token",
    })
}

/// The key with one field another or, for null, none.
fn with(name: &str, value: Value) -> String {
    let mut fields = whole();
    match value {
        Value::Null => fields.as_object_mut().unwrap().remove(name),
        value => fields.as_object_mut().unwrap().insert(name.into(), value),
    };
    fields.to_string()
}

#[test]
fn a_key_is_told_apart_from_what_looks_like_one() {
    let cases = [
        (" ".to_owned(), "the key is empty."),
        (format!("-----BEGIN PRIVATE KEY-----\n{HIDDEN}"), "this is a bare private key"),
        (HIDDEN.to_owned(), "the key is not JSON"),
        (whole().to_string()[..200].to_owned(), "it may have been cut short"),
        (format!("[\"{HIDDEN}\"]"), "not that of a service account"),
        (
            json!({"installed": {"client_secret": HIDDEN}}).to_string(),
            "this is the file of an OAuth client",
        ),
        (
            json!({"web": {"client_secret": HIDDEN}}).to_string(),
            "this is the file of an OAuth client",
        ),
        (with("type", json!("authorized_user")), "this is a person's own sign-in"),
        (with("type", json!("external_account")), "of type \"external_account\""),
        (with("type", Value::Null), "does not say that it is of type service_account"),
        (with("client_email", Value::Null), "the key lacks client_email"),
        (with("client_email", json!("")), "the key lacks client_email"),
        (with("client_email", json!("rota")), "its client_email is no address"),
        (with("client_email", json!("a@b\r\nX: y")), "its client_email is no address"),
        (with("private_key", Value::Null), "the key lacks private_key"),
        (with("private_key", json!(7)), "the key lacks private_key"),
        (
            with("token_uri", json!("http://evil.example/token")),
            "the key's token_uri is not used: \"http://evil.example/token\" is not encrypted",
        ),
        (" {".to_owned() + &"a".repeat(70_000), "longer than any key"),
    ];
    for (text, words) in cases {
        let told = key::read(&SecretString::from(text.clone()), None).expect_err(&text);
        assert!(told.contains(words), "{told}");
        assert!(!told.contains("hidden"), "{told}");
    }
}

#[test]
fn a_whole_key_is_taken() {
    let read = |text: String, base: Option<&Base>| key::read(&SecretString::from(text), base).unwrap();
    let taken = read(whole().to_string(), None);
    assert_eq!(taken.client_email, "rota@project.iam.gserviceaccount.com");
    assert_eq!(taken.token_uri, "https://oauth2.googleapis.com/token");
    assert_eq!(
        read(with("token_uri", Value::Null), None).token_uri,
        "https://oauth2.googleapis.com/token"
    );
    let other = Base::parse("http://127.0.0.1:81/token").unwrap();
    assert_eq!(read(whole().to_string(), Some(&other)).token_uri, "http://127.0.0.1:81/token");
    let written_out = with(
        "private_key",
        json!("-----BEGIN PRIVATE KEY-----\\nAA\\n-----END PRIVATE KEY-----\\n"),
    );
    assert_eq!(
        read(written_out, None).private_key,
        "-----BEGIN PRIVATE KEY-----\nAA\n-----END PRIVATE KEY-----\n"
    );
}

#[test]
fn garbage_in_the_place_of_the_private_key_is_said_at_once() {
    let base = Base::parse("https://sheets.googleapis.com").unwrap();
    for garbage in [HIDDEN, "-----BEGIN PRIVATE KEY-----\nhidden\n-----END PRIVATE KEY-----\n"] {
        let access = GoogleAccess {
            key: SecretString::from(with("private_key", json!(garbage))),
            sheets: base.clone(),
            drive: base.clone(),
            token_uri: None,
            patience: Duration::from_secs(1),
        };
        let told = GoogleAccount::new(access, || DateTime::<Utc>::UNIX_EPOCH).unwrap_err();
        assert!(matches!(&told, SourceError::Auth(words) if words.contains("private_key")), "{told}");
        assert!(!told.to_string().contains("hidden"), "{told}");
    }
}

#[test]
fn access_prints_no_secret() {
    let base = Base::parse("https://sheets.googleapis.com").unwrap();
    let access = GoogleAccess {
        key: SecretString::from(whole().to_string()),
        sheets: base.clone(),
        drive: base,
        token_uri: None,
        patience: Duration::from_secs(1),
    };
    assert!(access.key.expose_secret().contains(HIDDEN));
    assert!(!format!("{access:?}").contains("hidden"));
}

#[test]
fn a_spreadsheet_is_named_by_its_id_or_its_address() {
    const ID: &str = "1BxiMVs0XRA5nFMdKvBdBZjgmUUqptlbs74OgvE2upms";
    let good = [
        ID.to_owned(),
        format!("  {ID}\n"),
        format!("https://docs.google.com/spreadsheets/d/{ID}/edit#gid=0"),
        format!("https://docs.google.com/spreadsheets/d/{ID}/edit?usp=sharing"),
        format!("https://docs.google.com/spreadsheets/d/{ID}"),
        format!("docs.google.com/spreadsheets/d/{ID}/edit"),
        format!("https://docs.google.com/spreadsheets/u/1/d/{ID}/edit"),
        format!("https://docs.google.com/a/contoso.com/spreadsheets/d/{ID}/edit"),
        format!("https://drive.google.com/file/d/{ID}/view"),
        format!("https://drive.google.com/open?id={ID}"),
    ];
    for text in good {
        assert_eq!(SpreadsheetId::parse(&text).unwrap().as_str(), ID, "{text}");
    }
    let bad = [
        ("", "names no spreadsheet"),
        ("my rota", "names no spreadsheet"),
        ("..", "names no spreadsheet"),
        ("../../drive/v3/about", "is not where Google keeps"),
        (
            "https://evil.example/spreadsheets/d/abc/edit",
            "\"evil.example\" is not where Google keeps",
        ),
        ("https://docs.google.com/spreadsheets/u/0/", "names no spreadsheet"),
        ("https://docs.google.com/spreadsheets/d/a%2Fb/edit", "names no spreadsheet"),
        (
            "https://docs.google.com/spreadsheets/d/e/2PACX-1vQ/pubhtml",
            "a copy published to the web",
        ),
    ];
    for (text, words) in bad {
        let told = SpreadsheetId::parse(text).expect_err(text);
        assert!(told.contains(words), "{text}: {told}");
    }
}
