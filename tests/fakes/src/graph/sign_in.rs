//! The sign-in of Microsoft Entra for applications: client credentials with a secret, or with an assertion that a certificate signs.
//!
//! Sources: "OAuth 2.0 client credentials flow" and "Microsoft identity platform application authentication certificate credentials"; the
//! wording of errors from recorded answers in public issue reports (AzureAD libraries, microsoft-365-agents-toolkit#8621).

use super::reply::{fresh_guid, hex};
use super::{CLIENT_ID, CLIENT_SECRET, TENANT, Tenant};
use crate::journal::Request;
use crate::server::Answer;
use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// The one scope of an application that means Graph.
const SCOPE: &str = "https://graph.microsoft.com/.default";
const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/// An assertion lives no longer.
const MOST_ASSERTION_MINUTES: i64 = 10;
/// How far clocks may differ.
const SKEW_MINUTES: i64 = 5;

/// The certificates of the application, made for tests only: each with whether it has expired.
const CERTIFICATES: [(&str, bool); 2] = [
    (include_str!("test_only/certificate.pem"), false),
    (include_str!("test_only/expired_certificate.pem"), true),
];

/// Why there is no token.
struct Refusal {
    status: u16,
    error: &'static str,
    code: u32,
    words: String,
}

impl Refusal {
    fn new(status: u16, error: &'static str, code: u32, words: impl Into<String>) -> Refusal {
        let words = words.into();
        Refusal {
            status,
            error,
            code,
            words,
        }
    }

    fn client(code: u32, words: impl Into<String>) -> Refusal {
        Refusal::new(401, "invalid_client", code, words)
    }

    fn json(&self, now: DateTime<Utc>) -> Value {
        let (trace, correlation) = (fresh_guid(), fresh_guid());
        let time = now.format("%Y-%m-%d %H:%M:%SZ").to_string();
        let Refusal { error, code, words, .. } = self;
        json!({
            "error": error,
            "error_description": format!("AADSTS{code}: {words} Trace ID: {trace} Correlation ID: {correlation} Timestamp: {time}"),
            "error_codes": [code],
            "timestamp": time,
            "trace_id": trace,
            "correlation_id": correlation,
            "error_uri": format!("https://login.microsoftonline.com/error?code={code}"),
        })
    }
}

/// Gives out a token, or says why not.
pub(super) fn answer(tenant: &Tenant, name: &str, request: &Request, here: &str) -> Answer {
    let now = tenant.clock.now();
    if let Err(refusal) = check(tenant, name, request, here) {
        return Answer::json(refusal.status, &refusal.json(now));
    }
    let token = format!("eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9.{}", fresh_guid().replace('-', ""));
    let life = *tenant.token_life.lock().unwrap();
    tenant.state().tokens.push((token.clone(), now + life));
    let seconds = life.num_seconds();
    Answer::json(
        200,
        &json!({ "token_type": "Bearer", "expires_in": seconds, "ext_expires_in": seconds, "access_token": token }),
    )
    .header("cache-control", "no-store, no-cache")
}

/// What Entra says where a status is all that is known.
pub(super) fn error(status: u16, now: DateTime<Utc>) -> Value {
    let refusal = match status {
        401 => wrong_secret(),
        403 => Refusal::new(
            403,
            "access_denied",
            53003,
            "Access has been blocked by Conditional Access policies.",
        ),
        400..500 => Refusal::new(status, "invalid_request", 90014, "The required field is missing from the request."),
        _ => Refusal::new(
            status,
            "temporarily_unavailable",
            90033,
            "A transient error has occurred. Please try again.",
        ),
    };
    refusal.json(now)
}

fn wrong_secret() -> Refusal {
    let words = format!(
        "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, \
         for a secret added to app '{CLIENT_ID}'."
    );
    Refusal::client(7_000_215, words)
}

fn check(tenant: &Tenant, name: &str, request: &Request, here: &str) -> Result<(), Refusal> {
    let form = request.form();
    let field = |name: &str| form.get(name).map(String::as_str).filter(|value| !value.is_empty());
    let missing = |name: &str| {
        let words = format!("The request body must contain the following parameter: '{name}'.");
        Refusal::new(400, "invalid_request", 900_144, words)
    };
    if request.method != "POST" {
        return Err(Refusal::new(
            400,
            "invalid_request",
            900_561,
            "The endpoint only accepts POST requests. Received a GET request.",
        ));
    }
    if name != TENANT && name != "contoso.onmicrosoft.com" {
        let words = format!(
            "Tenant '{name}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. \
             Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant."
        );
        return Err(Refusal::new(400, "invalid_request", 90_002, words));
    }
    let grant = field("grant_type").ok_or_else(|| missing("grant_type"))?;
    if grant != "client_credentials" {
        let words = format!("The app requested an unsupported grant type '{grant}'.");
        return Err(Refusal::new(400, "unsupported_grant_type", 70_003, words));
    }
    let client = field("client_id").ok_or_else(|| missing("client_id"))?;
    if client != CLIENT_ID {
        let words = format!(
            "Application with identifier '{client}' was not found in the directory 'Contoso'. This can happen if the application has not \
             been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your \
             authentication request to the wrong tenant."
        );
        return Err(Refusal::new(400, "unauthorized_client", 700_016, words));
    }
    let scope = field("scope").ok_or_else(|| missing("scope"))?;
    if scope != SCOPE {
        let words = format!(
            "The provided value for scope {scope} is not valid. Client credential flows must have a scope value with /.default suffixed \
             to the resource identifier (application ID URI)."
        );
        return Err(Refusal::new(400, "invalid_scope", 1_002_012, words));
    }
    match (field("client_assertion"), field("client_secret")) {
        (Some(assertion), _) if field("client_assertion_type") == Some(ASSERTION_TYPE) => {
            check_assertion(assertion, &format!("{here}/{name}/oauth2/v2.0/token"), tenant.clock.now())
        }
        (Some(_), _) => Err(missing("client_assertion_type")),
        (None, Some(secret)) => check_secret(tenant, secret),
        (None, None) => {
            let words = "'client_assertion', 'client_secret' or 'request' is required for the 'client_credentials' grant type.";
            Err(Refusal::client(7_000_216, words))
        }
    }
}

fn check_secret(tenant: &Tenant, secret: &str) -> Result<(), Refusal> {
    if secret != CLIENT_SECRET {
        return Err(wrong_secret());
    }
    if tenant.state().secret_has_expired {
        let words = format!(
            "The provided client secret keys for app '{CLIENT_ID}' are expired. Visit the Azure portal to create new keys for your app: \
             https://aka.ms/NewClientSecret, or consider using certificate credentials for added security: https://aka.ms/certCreds."
        );
        return Err(Refusal::client(7_000_222, words));
    }
    Ok(())
}

/// What an assertion says.
#[derive(Deserialize)]
struct Claims {
    aud: String,
    iss: String,
    sub: String,
    jti: String,
    nbf: i64,
    exp: i64,
}

fn check_assertion(assertion: &str, audience: &str, now: DateTime<Utc>) -> Result<(), Refusal> {
    let malformed = |what: &str| Refusal::client(50_027, format!("JWT token is invalid or malformed. {what}"));
    let header = jsonwebtoken::decode_header(assertion).map_err(|_| malformed("Its header cannot be read."))?;
    if header.alg != Algorithm::PS256 {
        return Err(malformed("The assertion is to be signed with PS256."));
    }
    let thumbprint = header
        .x5t_s256
        .ok_or_else(|| malformed("No certificate thumbprint specified in token header."))?;
    let certificate = CERTIFICATES
        .iter()
        .find(|(pem, _)| BASE64_URL_SAFE_NO_PAD.encode(digest(pem)) == thumbprint);
    let Some((pem, has_expired)) = certificate else {
        let shown = BASE64_URL_SAFE_NO_PAD.decode(&thumbprint).map(|bytes| hex(&bytes).to_uppercase());
        let words = format!(
            "The certificate with identifier used to sign the client assertion is not registered on application. [Reason - The key was not \
             found., Thumbprint of key used by client: '{}', Please visit the Azure Portal, Graph Explorer or directly use MS Graph to see \
             configured keys for app Id '{CLIENT_ID}'.]",
            shown.unwrap_or(thumbprint)
        );
        return Err(Refusal::client(700_027, words));
    };
    let used = hex(&digest(pem)).to_uppercase();
    if *has_expired {
        let words = format!(
            "The certificate with identifier used to sign the client assertion is expired on application. [Reason - The key used is expired., \
             Thumbprint of key used by client: '{used}', Found key 'Start=01/01/2024 00:00:00, End=01/01/2025 00:00:00']"
        );
        return Err(Refusal::client(700_027, words));
    }
    let key = DecodingKey::from_rsa_pem(pem.as_bytes()).expect("the public key of the certificate made for tests");
    let mut validation = Validation::new(Algorithm::PS256);
    validation.validate_exp = false;
    validation.validate_aud = false;
    validation.required_spec_claims.clear();
    let claims = jsonwebtoken::decode::<Claims>(assertion, &key, &validation).map_err(|error| {
        if *error.kind() != ErrorKind::InvalidSignature {
            return malformed("A claim is missing, or is not what it should be.");
        }
        let words = format!(
            "Client assertion failed signature validation. [Reason - The provided signature value did not match the expected signature \
             value., Thumbprint of key used by client: '{used}', Found key 'Start=01/01/2020 00:00:00, End=01/01/2120 00:00:00']"
        );
        Refusal::client(700_027, words)
    })?;
    check_claims(&claims.claims, audience, now)
}

fn check_claims(claims: &Claims, audience: &str, now: DateTime<Utc>) -> Result<(), Refusal> {
    if claims.jti.is_empty() {
        return Err(Refusal::client(50_027, "JWT token is invalid or malformed. It has no jti."));
    }
    if claims.iss != CLIENT_ID || claims.sub != CLIENT_ID {
        let words = "Client assertion application identifier doesn't match 'client_id' parameter. Review the documentation at https://learn.microsoft.com/entra/identity-platform/certificate-credentials .";
        return Err(Refusal::client(700_021, words));
    }
    if claims.aud != audience {
        let words = "Client assertion audience claim does not match Realm issuer. Review the documentation at https://learn.microsoft.com/entra/identity-platform/certificate-credentials .";
        return Err(Refusal::client(700_023, words));
    }
    let skew = TimeDelta::minutes(SKEW_MINUTES);
    let begins = DateTime::from_timestamp(claims.nbf, 0).unwrap_or(DateTime::<Utc>::MAX_UTC);
    let ends = DateTime::from_timestamp(claims.exp, 0).unwrap_or(DateTime::<Utc>::MIN_UTC);
    let is_short = claims.exp.saturating_sub(claims.nbf) <= MOST_ASSERTION_MINUTES * 60;
    if now + skew < begins || now - skew > ends || !is_short {
        let words = format!(
            "Client assertion is not within its valid time range. Current time: {now}, assertion valid from {begins}, expiry time of \
             assertion {ends}."
        );
        return Err(Refusal::client(700_024, words));
    }
    Ok(())
}

/// SHA-256 of a certificate's DER.
fn digest(pem: &str) -> Vec<u8> {
    let body: String = pem.lines().filter(|line| !line.starts_with("-----")).collect();
    let der = BASE64_STANDARD.decode(body).expect("the certificate made for tests");
    Sha256::digest(der).to_vec()
}
