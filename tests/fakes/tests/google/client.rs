//! A client of the fake: signs assertions, carries tokens, reads JSON.

use chrono::{NaiveDate, NaiveTime};
use fakes::google::{Cell, Google, Spreadsheet, Tab, Wrong};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};
use std::path::PathBuf;
use std::time::Duration;

pub(crate) const SHEETS: &str = "https://www.googleapis.com/auth/spreadsheets.readonly";
pub(crate) const METADATA: &str = "https://www.googleapis.com/auth/drive.metadata.readonly";

/// A Monday; its serial number is 46083 by Sheets itself (=DATEVALUE("2026-03-02")).
pub(crate) const MONDAY: f64 = 46_083.0;

pub(crate) fn monday() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 3, 2).unwrap()
}

/// A spreadsheet with everything that a rota may have.
pub(crate) fn rota() -> Spreadsheet {
    let rota = Tab::new("Rota")
        .row(["Day", "From", "1st", "2nd", "Phone"].map(Cell::from))
        .row([
            Cell::date(monday(), "ddd d mmm yyyy"),
            Cell::time(NaiveTime::from_hms_opt(18, 0, 0).unwrap(), "hh:mm"),
            "Maria Lopez".into(),
            Cell::empty(),
            Cell::custom(2_079_460_018.0, "00000000000"),
        ])
        .row([Cell::empty(), Cell::empty(), Cell::empty()])
        .row([
            Cell::number(0.5),
            Cell::bool(true),
            Cell::error(Wrong::Ref),
            Cell::number(7.0).formula("=3+4"),
        ])
        .row([Cell::empty()])
        .merge("A1:B1")
        .hide_row(4)
        .size(20, 6);
    let changes = Tab::new("Jon's changes").rows(&[["Who"], ["Jon"]]).merge("A1:C2").size(10, 5);
    let old = Tab::new("Old").hidden().id(99).size(5, 3);
    Spreadsheet::new("Support rota")
        .zone("Europe/Berlin")
        .locale("en_GB")
        .tab(rota)
        .tab(changes)
        .tab(old)
        .tab(Tab::chart("Chart"))
}

pub(crate) struct Client {
    http: reqwest::Client,
    base: String,
    token: Option<String>,
}

impl Client {
    /// With a token for both scopes that rotaline asks for.
    pub(crate) async fn of(google: &Google) -> Client {
        Client::with_scopes(google, &[SHEETS, METADATA].join(" ")).await
    }

    pub(crate) async fn with_scopes(google: &Google, scope: &str) -> Client {
        let mut client = Client::anonymous(google);
        let (status, answer) = client.token(google, &claims(google, scope, 0)).await;
        assert_eq!(status, 200, "{answer}");
        client.token = Some(answer["access_token"].as_str().unwrap().to_owned());
        client
    }

    pub(crate) fn anonymous(google: &Google) -> Client {
        let http = reqwest::Client::builder()
            .no_proxy()
            .timeout(Duration::from_secs(10))
            .build()
            .unwrap();
        Client {
            http,
            base: google.url(),
            token: None,
        }
    }

    /// With the key file that a user was given, and nothing else.
    pub(crate) async fn with_key(base: &str, key: &Value) -> Client {
        let http = reqwest::Client::builder()
            .no_proxy()
            .timeout(Duration::from_secs(10))
            .build()
            .unwrap();
        let mut client = Client {
            http,
            base: base.to_owned(),
            token: None,
        };
        let now = fakes::Clock::default().now().timestamp();
        let scope = [SHEETS, METADATA].join(" ");
        let claims = json!({ "iss": key["client_email"], "scope": scope, "aud": key["token_uri"], "iat": now, "exp": now + 3600 });
        let (status, answer) = client.signed(key, &claims).await;
        assert_eq!(status, 200, "{answer}");
        client.token = Some(answer["access_token"].as_str().unwrap().to_owned());
        client
    }

    /// Asks for a token with these claims, signed with the key file's key.
    pub(crate) async fn token(&self, google: &Google, claims: &Value) -> (u16, Value) {
        let key: Value = serde_json::from_str(&google.key_json()).unwrap();
        self.signed(&key, claims).await
    }

    async fn signed(&self, key: &Value, claims: &Value) -> (u16, Value) {
        let key = EncodingKey::from_rsa_pem(key["private_key"].as_str().unwrap().as_bytes()).unwrap();
        let assertion = jsonwebtoken::encode(&Header::new(Algorithm::RS256), claims, &key).unwrap();
        self.grant("urn:ietf:params:oauth:grant-type:jwt-bearer", &assertion).await
    }

    pub(crate) async fn grant(&self, kind: &str, assertion: &str) -> (u16, Value) {
        let form = [("grant_type", kind), ("assertion", assertion)];
        let answer = self.http.post(format!("{}/token", self.base)).form(&form).send().await.unwrap();
        (
            answer.status().as_u16(),
            serde_json::from_str(&answer.text().await.unwrap()).unwrap(),
        )
    }

    pub(crate) async fn get(&self, path: &str, query: &[(&str, &str)]) -> (u16, Value) {
        self.send(self.http.get(format!("{}{path}", self.base)).query(query)).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        let request = self.http.post(format!("{}{path}", self.base));
        self.send(request.header("content-type", "application/json").body(body.to_string()))
            .await
    }

    async fn send(&self, mut request: reqwest::RequestBuilder) -> (u16, Value) {
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        let answer = request.send().await.unwrap();
        let status = answer.status().as_u16();
        let text = answer.text().await.unwrap();
        (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
    }

    pub(crate) async fn ok(&self, path: &str, query: &[(&str, &str)]) -> Value {
        let (status, answer) = self.get(path, query).await;
        assert_eq!(status, 200, "{answer}");
        answer
    }
}

/// What an assertion claims, issued so many seconds after now.
pub(crate) fn claims(google: &Google, scope: &str, shift: i64) -> Value {
    let now = fakes::Clock::default().now().timestamp() + shift;
    json!({ "iss": google.address(), "scope": scope, "aud": google.token_uri(), "iat": now, "exp": now + 3600 })
}

/// Compares an answer with the one recorded under `tests/fixtures/http/google`. With `RECORD=1` in the environment it is written there.
pub(crate) fn is_as_recorded(name: &str, answer: &Value) {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../fixtures/http/google");
    let path = folder.join(format!("{name}.json"));
    if std::env::var_os("RECORD").is_some() {
        std::fs::write(&path, format!("{answer:#}\n")).unwrap();
    }
    let recorded: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    assert_eq!(*answer, recorded, "{}", path.display());
}
