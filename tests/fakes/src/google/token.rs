//! The token endpoint: a signed assertion for an access token (RFC 7523), as `https://oauth2.googleapis.com/token` answers.
//! Source: developers.google.com/identity/protocols/oauth2/service-account#httprest.

use crate::journal::Request;
use crate::server::Answer;
use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The account whose key the fake knows.
pub(super) const ADDRESS: &str = "rotaline-test@rotaline-fake.iam.gserviceaccount.com";
const PRIVATE: &str = include_str!("../../../fixtures/http/google/test-only-key.pem");
const PUBLIC: &str = include_str!("../../../fixtures/http/google/test-only-key.pub.pem");
const GRANT: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";
const LIFE: TimeDelta = TimeDelta::seconds(3599);
/// How far clocks may be apart.
const LENIENCE: TimeDelta = TimeDelta::minutes(5);

/// Tokens given out, and whether the key is still good.
#[derive(Debug, Default)]
pub(super) struct Tokens {
    given: BTreeMap<String, Given>,
    count: u64,
    pub(super) key_is_deleted: bool,
    pub(super) account_is_gone: bool,
}

#[derive(Debug)]
struct Given {
    scopes: Vec<String>,
    until: DateTime<Utc>,
}

#[derive(Deserialize)]
struct Claims {
    iss: String,
    #[serde(default)]
    scope: String,
    aud: String,
    iat: i64,
    exp: i64,
    sub: Option<String>,
}

/// Why no token is given: status, `error`, `error_description`.
type Denial = (u16, &'static str, String);

impl Tokens {
    /// Answers a request for a token; `endpoint` is the fake's own address of it.
    pub(super) fn answer(&mut self, request: &Request, endpoint: &str, now: DateTime<Utc>) -> Answer {
        match self.checked(request, endpoint, now) {
            Ok(scopes) => {
                self.count += 1;
                let token = format!("ya29.c.fake-{:08}", self.count);
                let until = now + LIFE;
                self.given.insert(token.clone(), Given { scopes, until });
                Answer::json(
                    200,
                    &json!({ "access_token": token, "expires_in": LIFE.num_seconds(), "token_type": "Bearer" }),
                )
            }
            Err((code, error, words)) => Answer::json(code, &json!({ "error": error, "error_description": words })),
        }
    }

    fn checked(&self, request: &Request, endpoint: &str, now: DateTime<Utc>) -> Result<Vec<String>, Denial> {
        let form = request.form();
        let grant = form.get("grant_type").map_or("", String::as_str);
        if grant != GRANT {
            return Err((400, "unsupported_grant_type", format!("Invalid grant_type: {grant}")));
        }
        let invalid = |words: &str| (400, "invalid_grant", words.to_owned());
        let claims = form.get("assertion").map_or("", String::as_str);
        let claims = self.verified(claims).map_err(invalid)?;
        if claims.iss != ADDRESS || self.account_is_gone {
            return Err(invalid("Invalid grant: account not found"));
        }
        if claims.aud != endpoint {
            let words = format!("Invalid JWT: Failed audience check. The right audience is {endpoint}");
            return Err((400, "invalid_grant", words));
        }
        let instant = |seconds| DateTime::from_timestamp(seconds, 0);
        let (Some(issued), Some(ends)) = (instant(claims.iat), instant(claims.exp)) else {
            return Err(invalid("Invalid JWT: iat and exp are no times."));
        };
        if ends - issued > TimeDelta::hours(1) || ends <= issued || issued > now + LENIENCE || ends < now - LENIENCE {
            return Err(invalid(
                "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and exp values in the JWT claim.",
            ));
        }
        if claims.sub.is_some_and(|user| user != ADDRESS) {
            let words = "Client is unauthorized to retrieve access tokens using this method, or client not authorized for any of the scopes requested.";
            return Err((401, "unauthorized_client", words.to_owned()));
        }
        let scopes: Vec<String> = claims.scope.split_whitespace().map(str::to_owned).collect();
        if scopes.is_empty() {
            return Err((400, "invalid_scope", "Empty or missing scope not allowed.".to_owned()));
        }
        if scopes.iter().any(|scope| !scope.starts_with("https://www.googleapis.com/auth/")) {
            let words = "Invalid OAuth scope or ID token audience provided.";
            return Err((400, "invalid_scope", words.to_owned()));
        }
        Ok(scopes)
    }

    /// The claims of an assertion that this account's key has signed.
    fn verified(&self, assertion: &str) -> Result<Claims, &'static str> {
        let mut rules = Validation::new(Algorithm::RS256);
        // Times and audience are checked by the fake's own clock and address.
        rules.validate_exp = false;
        rules.validate_aud = false;
        rules.required_spec_claims.clear();
        let key = DecodingKey::from_rsa_pem(PUBLIC.as_bytes()).expect("the test-only key is one");
        let token = jsonwebtoken::decode::<Claims>(assertion, &key, &rules);
        match token {
            Ok(_) if self.key_is_deleted => Err("Invalid JWT Signature."),
            Ok(token) => Ok(token.claims),
            Err(error) if *error.kind() == jsonwebtoken::errors::ErrorKind::InvalidSignature => Err("Invalid JWT Signature."),
            Err(_) => Err("Bad Request"),
        }
    }

    /// The scopes of a token that is good now.
    pub(super) fn scopes(&self, token: &str, now: DateTime<Utc>) -> Option<&[String]> {
        let given = self.given.get(token).filter(|given| given.until > now)?;
        Some(&given.scopes)
    }

    /// Makes all tokens given so far worthless.
    pub(super) fn expire(&mut self) {
        self.given.clear();
    }
}

/// The key file of the account, as the console lets people download it.
pub(super) fn key_file(endpoint: &str) -> Value {
    json!({
        "type": "service_account",
        "project_id": "rotaline-fake",
        "private_key_id": "0000000000000000000000000000000000000000",
        "private_key": PRIVATE,
        "client_email": ADDRESS,
        "client_id": "100000000000000000000",
        "auth_uri": "https://accounts.google.com/o/oauth2/auth",
        "token_uri": endpoint,
        "auth_provider_x509_cert_url": "https://www.googleapis.com/oauth2/v1/certs",
        "client_x509_cert_url": "https://www.googleapis.com/robot/v1/metadata/x509/rotaline-test%40rotaline-fake.iam.gserviceaccount.com",
        "universe_domain": "googleapis.com"
    })
}

/// What the token endpoint says when a fault of this status is asked for and nothing else is said.
pub(super) fn for_status(code: u16) -> Value {
    match code {
        400 => json!({ "error": "invalid_grant", "error_description": "Invalid JWT Signature." }),
        401 => json!({
            "error": "unauthorized_client",
            "error_description": "Client is unauthorized to retrieve access tokens using this method, or client not authorized for any of the scopes requested.",
        }),
        403 => json!({ "error": "access_denied", "error_description": "Account restricted" }),
        429 => json!({ "error": "rate_limit_exceeded", "error_description": "Rate Limit Exceeded" }),
        _ => json!({ "error": "internal_failure", "error_description": "Backend Error" }),
    }
}
