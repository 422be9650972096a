//! Real installations: which address was called, what of it arrives, and whether that is enough. Signatures and headers come
//! from tests/fixtures/proxies/matrix.py.

use super::{Answer, PROXY, STRANGER, answered, connected, served};
use crate::logs;
use rotaline::app::Service;
use serde::Deserialize;
use std::collections::BTreeMap;
use url::form_urlencoded::Serializer;

#[derive(Deserialize)]
struct Matrix {
    token: String,
    fields: BTreeMap<String, String>,
    rows: Vec<Row>,
}

#[derive(Deserialize)]
struct Row {
    name: String,
    headers: Vec<(String, String)>,
    known: Option<String>,
    trusted: bool,
    path: String,
    signature: String,
    accepted: bool,
    base: Option<String>,
}

fn matrix() -> Matrix {
    let matrix: Matrix = serde_json::from_str(include_str!("../../fixtures/proxies/matrix.json")).unwrap();
    assert_eq!(matrix.token, super::TOKEN);
    matrix
}

impl Matrix {
    fn row(&self, name: &str) -> &Row {
        self.rows.iter().find(|row| row.name == name).unwrap()
    }

    fn request(&self, row: &Row, signature: &str) -> String {
        let body = Serializer::new(String::new()).extend_pairs(&self.fields).finish();
        let headers: String = row.headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        format!(
            "POST {} HTTP/1.1\r\n{headers}X-Twilio-Signature: {signature}\r\nContent-Type: application/x-www-form-urlencoded\r\n\
             Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
            row.path,
            body.len()
        )
    }

    async fn sent(&self, service: &Service, row: &Row, signature: &str) -> Answer {
        let from = if row.trusted { PROXY } else { STRANGER };
        let stream = connected(from, service.address()).await;
        answered(stream, self.request(row, signature).as_bytes()).await
    }
}

async fn service_for(row: &Row) -> Service {
    let known = row.known.as_ref().map(|url| format!("public_url = \"{url}\""));
    served(&known.unwrap_or_default()).await
}

#[tokio::test]
async fn behind_each_proxy_the_called_address_counts_and_no_other() {
    let matrix = matrix();
    assert!(matrix.rows.len() >= 40, "{}", matrix.rows.len());
    for row in &matrix.rows {
        let service = service_for(row).await;
        let answer = matrix.sent(&service, row, &row.signature).await;
        let expected = if row.accepted { 200 } else { 403 };
        assert_eq!(answer.status(), expected, "{}\n{}", row.name, answer.0);
        if !row.accepted {
            assert_eq!(answer.code(), "webhook-signature", "{}", row.name);
        }
        let learnt = learnt(&service, row.accepted && row.known.is_none()).await;
        let expected = if row.known.is_none() { row.base.clone() } else { None };
        assert_eq!(learnt, expected, "{}", row.name);
        service.stop().await;
    }
}

/// The address that was learnt, which is kept a moment later.
async fn learnt(service: &Service, is_expected: bool) -> Option<String> {
    for _ in 0..if is_expected { 400 } else { 2 } {
        if let Some(learnt) = service.store().recall("public-url").await.unwrap() {
            return Some(learnt);
        }
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    None
}

#[tokio::test]
async fn no_proxy_makes_a_forgery_genuine() {
    let matrix = matrix();
    for row in &matrix.rows {
        let service = service_for(row).await;
        let forged = format!("A{}", &row.signature[1..]);
        if forged != row.signature {
            assert_eq!(matrix.sent(&service, row, &forged).await.status(), 403, "{}", row.name);
        }
        service.stop().await;
    }
}

/// What the operator reads: which addresses were tried, which one was signed as far as that can be known, what was seen, what to do.
#[tokio::test]
async fn the_log_tells_the_operator_which_address_was_signed_and_what_to_do() {
    let matrix = matrix();
    for (name, parts) in [
        (
            "nginx as it comes, nothing configured",
            &[
                "fits none of [\"https://127.0.0.1:8080/twilio/voice/fallback/key\", \"http://127.0.0.1:8080/twilio/voice/fallback/key\"]",
                "write server.public_url",
                "Seen: host: 127.0.0.1:8080",
                "from 127.0.0.1 (trusted as a proxy) for 127.0.0.1",
            ][..],
        ),
        (
            "untrusted, forwarded host",
            &[
                "It is genuine for https://hotline.example.org, as headers of 127.0.0.2 say, which is not a trusted proxy",
                "server.public_url = \"https://hotline.example.org\"",
                "server.trusted_proxies = [\"127.0.0.2\"]",
                "x-forwarded-host: hotline.example.org, x-forwarded-proto: https, x-forwarded-for: 203.0.113.9",
                "from 127.0.0.2 (not trusted as a proxy) for 127.0.0.2",
            ],
        ),
        (
            "another host, forwarded",
            &[
                "fits none of [\"https://hotline.example.org/twilio/voice/fallback/key\"]",
                "It is genuine for https://other.example.net, which is not our public address, https://hotline.example.org",
                "server.public_url = \"https://other.example.net\"",
            ],
        ),
        (
            "another path",
            &[
                "If it is Twilio's",
                "auth token",
                "fields [\"AccountSid\", \"CallSid\", \"Digits\", \"From\", \"To\"]",
            ],
        ),
    ] {
        let row = matrix.row(name);
        let service = service_for(row).await;
        logs::listen();
        assert_eq!(matrix.sent(&service, row, &row.signature).await.status(), 403, "{name}");
        let log = logs::heard();
        service.stop().await;
        let line = log
            .lines()
            .find(|line| line.contains("refused a webhook"))
            .unwrap_or_else(|| panic!("{name}: {log}"));
        for part in parts {
            assert!(line.contains(part), "{name}: {part}\n{line}");
        }
        for secret in [super::TOKEN, "61491570156", "61491570006", row.signature.as_str()] {
            assert!(!line.contains(secret), "{name}: {secret}\n{line}");
        }
    }
}
