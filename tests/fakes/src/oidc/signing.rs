//! Tokens of identity, and the keys that they are signed with.

use super::{CLIENT_ID, CLIENT_SECRET, Mischief, Person};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};

const FIRST: &str = include_str!("../../../fixtures/http/google/test-only-key.pem");
const FIRST_PUBLIC: &str = include_str!("../../../fixtures/http/google/test-only-key.pub.pem");
const SECOND: &str = include_str!("../graph/test_only/key.pem");
/// The moduli of the two, as `openssl rsa -noout -modulus` has them, in base64url.
const FIRST_MODULUS: &str = "oBYiD_7bjbQyI7s3guz304cFnZVFLORbWdNWl5U3qkrQHFWOounGIfYpjo1g_am9NY5tr8098zZO5-1ezd13MzK-BmsCH87vIca98elABR54TmA1c7Rz3L2LbBkO3b15jnwrsWsHc1AayExTuq-ULJVDLgZhWJBsv0zr6DBWnCSD_-TAT3ce6MBABAebDxGb14L1Gu4C4CRPQutjYJ233zUBj7dlQIrYeiIpWf1N3P0lHLLwqAuIGvBvC5kjPCLknw-hhmCtrmfBcllGD6qFiG-eNcBZ1-f4VTiXlLp5R9-C9znSXxZ2CWbzjlHsMjeAhx7u7xiLcdX-WcGgs0A2tw";
const SECOND_MODULUS: &str = "6pvN-iMBHloX0zxhjHZH4v___OZBdd2e8miNaNs53qh7kOuATmrg7yqY5DeoWn0mw6O8k8y8LOt7Cx8YwWVR6DQkuxaohyKShRE0C88z7HUz7jQN0WUcghzku4YgDWeIx-p_-IbDNBnokrIcWc18QsRygLCOFptfZDk-d6Wj2dAUrpkr596WufvDLwMJhdM2AiXUaWxFp7qFn0y7NkkIzgLfQRRIg6m3jHpc1rSbrw2nJuf6WsJm8VOLxOxWZ-IsmDj_Io9DD0Wrdtj8chV-2q5hycjpLDn36BMF0wsRRqCe9JTRmQvCmAI7q-gC3o1s2VKJ-otn3WjUImBrTPeAyQ";

/// The names of the keys.
const NAMES: [&str; 2] = ["first", "second"];

/// What is told of the keys: only the one that signs now.
pub(super) fn key_set(is_rotated: bool) -> Value {
    let at = usize::from(is_rotated);
    let (name, modulus) = (NAMES[at], [FIRST_MODULUS, SECOND_MODULUS][at]);
    let key = json!({ "kty": "RSA", "use": "sig", "alg": "RS256", "kid": name, "e": "AQAB", "n": modulus });
    json!({ "keys": [key] })
}

pub(super) fn claims(person: &Person, issuer: &str, nonce: &str, mischief: Option<&Mischief>, now: DateTime<Utc>) -> Value {
    let mut claims = json!({
        "iss": issuer,
        "aud": CLIENT_ID,
        "sub": person.subject,
        "iat": now.timestamp(),
        "exp": (now + TimeDelta::minutes(5)).timestamp(),
        "nonce": nonce,
    });
    if let Some(email) = &person.email {
        claims["email"] = email.as_str().into();
    }
    if let Some(is_verified) = person.is_verified {
        claims["email_verified"] = is_verified.into();
    }
    if let Some(name) = &person.preferred_username {
        claims["preferred_username"] = name.as_str().into();
    }
    let does = |one: Mischief| mischief == Some(&one);
    if does(Mischief::WrongNonce) {
        claims["nonce"] = "0123456789abcdef0123456789abcdef".into();
    } else if does(Mischief::WrongAudience) {
        claims["aud"] = "another-client".into();
    } else if does(Mischief::TwoAudiences) {
        claims["aud"] = json!([CLIENT_ID, "another-client"]);
    } else if does(Mischief::WrongIssuer) {
        claims["iss"] = "https://other.example".into();
    } else if does(Mischief::Expired) {
        claims["iat"] = (now - TimeDelta::minutes(10)).timestamp().into();
        claims["exp"] = (now - TimeDelta::seconds(1)).timestamp().into();
    }
    claims
}

pub(super) fn signed(claims: &Value, is_rotated: bool, mischief: Option<&Mischief>) -> String {
    let at = usize::from(is_rotated);
    let header = |algorithm| {
        let mut header = Header::new(algorithm);
        header.kid = Some(NAMES[at].to_owned());
        header
    };
    let rsa = |pem: &str| EncodingKey::from_rsa_pem(pem.as_bytes()).expect("a key made for tests");
    let does = |one: Mischief| mischief == Some(&one);
    if does(Mischief::NotSigned) {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        return format!("{}.{}.", part(&json!({ "alg": "none", "typ": "JWT" })), part(claims));
    }
    let (algorithm, key) = if does(Mischief::PublicKeyAsSecret) {
        (Algorithm::HS256, EncodingKey::from_secret(FIRST_PUBLIC.as_bytes()))
    } else if does(Mischief::SecretAsKey) {
        (Algorithm::HS256, EncodingKey::from_secret(CLIENT_SECRET.as_bytes()))
    } else if does(Mischief::OtherKey) {
        (Algorithm::RS256, rsa([SECOND, FIRST][at]))
    } else {
        (Algorithm::RS256, rsa([FIRST, SECOND][at]))
    };
    jsonwebtoken::encode(&header(algorithm), claims, &key).expect("claims that can be written")
}
