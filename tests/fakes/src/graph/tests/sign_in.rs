//! Tokens: by secret, by certificate, and every refusal.

use super::{Client, ask_for_token, good_fields};
use crate::graph::Graph;
use chrono::{DateTime, Utc};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};

/// SHA-256 of the certificate's DER, in base64url: `openssl x509 -outform der | openssl dgst -sha256 -binary | basenc --base64url`.
const THUMBPRINT: &str = "T5Wgy8cncw3MSn9EiR1tOl45OTEHwT_tzk6sP81oZCc";
const EXPIRED_THUMBPRINT: &str = "mvjwP5cvgZXCcRCf-uD06bWoiNOFoYDOVBJTc-s9vBo";

fn noon() -> DateTime<Utc> {
    "2026-03-04T12:00:00Z".parse().unwrap()
}

fn claims(graph: &Graph) -> Value {
    let now = noon().timestamp();
    json!({
        "aud": format!("{}/{}/oauth2/v2.0/token", graph.login_url(), graph.tenant()),
        "iss": graph.client_id(), "sub": graph.client_id(), "jti": "22b3bb26-e046-42df-9c96-65dbd72c1c81",
        "nbf": now, "exp": now + 300,
    })
}

fn signed(algorithm: Algorithm, thumbprint: &str, pem: &str, claims: &Value) -> String {
    let header = Header {
        x5t_s256: Some(thumbprint.to_owned()),
        ..Header::new(algorithm)
    };
    jsonwebtoken::encode(&header, claims, &EncodingKey::from_rsa_pem(pem.as_bytes()).unwrap()).unwrap()
}

/// What comes of an assertion: the AADSTS number, or 0 for a token.
async fn outcome(graph: &Graph, assertion: &str) -> u64 {
    let seen = ask_for_token(
        graph,
        graph.tenant(),
        &[
            ("grant_type", "client_credentials"),
            ("client_id", graph.client_id()),
            ("scope", "https://graph.microsoft.com/.default"),
            ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
            ("client_assertion", assertion),
        ],
    )
    .await;
    seen.json()["error_codes"][0].as_u64().unwrap_or(0)
}

#[tokio::test]
async fn a_certificate_signs_in() {
    let graph = Graph::start().await;
    graph.follow(noon);
    let good = claims(&graph);
    let sign = |claims: &Value| signed(Algorithm::PS256, THUMBPRINT, graph.certificate_pem(), claims);
    assert_eq!(outcome(&graph, &sign(&good)).await, 0);
    let with = |name: &str, value: Value| {
        let mut claims = good.clone();
        claims[name] = value;
        sign(&claims)
    };
    let now = noon().timestamp();
    for (assertion, code) in [
        (with("aud", "https://login.microsoftonline.com/other".into()), 700_023),
        (with("iss", "somebody".into()), 700_021),
        (with("jti", Value::Null), 50_027),
        (with("exp", (now + 601).into()), 700_024),
        (with("nbf", (now + 301).into()), 700_024),
        (signed(Algorithm::RS256, THUMBPRINT, graph.certificate_pem(), &good), 50_027),
        (signed(Algorithm::PS256, "AAAA", graph.certificate_pem(), &good), 700_027),
        (
            signed(Algorithm::PS256, THUMBPRINT, graph.expired_certificate_pem(), &good),
            700_027,
        ),
        (
            signed(Algorithm::PS256, EXPIRED_THUMBPRINT, graph.expired_certificate_pem(), &good),
            700_027,
        ),
        ("no assertion".into(), 50_027),
    ] {
        assert_eq!(outcome(&graph, &assertion).await, code);
    }
}

#[tokio::test]
async fn the_expired_certificate_is_known_as_such() {
    let graph = Graph::start().await;
    graph.follow(noon);
    let assertion = signed(
        Algorithm::PS256,
        EXPIRED_THUMBPRINT,
        graph.expired_certificate_pem(),
        &claims(&graph),
    );
    let fields = [
        ("grant_type", "client_credentials"),
        ("client_id", graph.client_id()),
        ("scope", "https://graph.microsoft.com/.default"),
        ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
        ("client_assertion", assertion.as_str()),
    ];
    let seen = ask_for_token(&graph, graph.tenant(), &fields).await;
    let words = seen.json()["error_description"].as_str().unwrap().to_owned();
    assert!(
        words.contains("The key used is expired") && words.contains("End=01/01/2025"),
        "{words}"
    );
}

#[tokio::test]
async fn refusals_are_worded_as_entra_words_them() {
    let graph = Graph::start().await;
    let tenant = graph.tenant();
    let with = |name: &'static str, value: &'static str| {
        let mut fields = good_fields(&graph);
        fields.iter_mut().filter(|field| field.0 == name).for_each(|field| field.1 = value);
        fields
    };
    for (tenant, fields, status, error, code) in [
        (tenant, with("client_secret", "wrong"), 401, "invalid_client", 7_000_215),
        (tenant, with("client_secret", ""), 401, "invalid_client", 7_000_216),
        (
            tenant,
            with("client_id", "5b2f0c0e-0000-4000-8000-000000000000"),
            400,
            "unauthorized_client",
            700_016,
        ),
        ("fabrikam.onmicrosoft.com", good_fields(&graph), 400, "invalid_request", 90_002),
        (tenant, with("grant_type", "password"), 400, "unsupported_grant_type", 70_003),
        (tenant, with("grant_type", ""), 400, "invalid_request", 900_144),
        (
            tenant,
            with("scope", "https://graph.microsoft.com/Sites.Read.All"),
            400,
            "invalid_scope",
            1_002_012,
        ),
    ] {
        let seen = ask_for_token(&graph, tenant, &fields).await;
        assert_eq!(seen.status, status);
        assert_eq!(seen.json()["error"], error);
        assert_eq!(seen.json()["error_codes"], json!([code]));
        let words = seen.json()["error_description"].as_str().unwrap().to_owned();
        assert!(words.starts_with(&format!("AADSTS{code}: ")), "{words}");
    }
    graph.expire_secret();
    let seen = ask_for_token(&graph, tenant, &good_fields(&graph)).await;
    assert_eq!((seen.status, &seen.json()["error_codes"]), (401, &json!([7_000_222])));
}

#[tokio::test]
async fn only_a_live_token_opens_graph() {
    let graph = Graph::start().await;
    let site = graph.add_site(super::SITE);
    let path = format!("sites/{}", graph.site_id(&site));
    let mut client = Client::of(&graph).await;
    assert_eq!(client.get(&path).await.status, 200);
    graph.clock().pass(chrono::TimeDelta::seconds(3600));
    let seen = client.get(&path).await;
    assert_eq!((seen.status, seen.code().as_str()), (401, "InvalidAuthenticationToken"));
    assert!(seen.header("www-authenticate").starts_with("Bearer"));
    client = Client::of(&graph).await;
    assert_eq!(client.get(&path).await.status, 200);
    graph.expire_tokens();
    assert_eq!(client.get(&path).await.status, 401);
    client.token = "made up".into();
    assert_eq!(client.get(&path).await.code(), "InvalidAuthenticationToken");
    assert_eq!(graph.tokens().len(), 2);
}
