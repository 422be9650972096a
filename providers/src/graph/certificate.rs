//! A certificate as proof of who we are: a signed statement, made afresh for each sign-in (RFC 7523; Entra's
//! "certificate credentials": PS256 and the SHA-256 thumbprint). It must not know how the statement is sent.

use crate::SourceError;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use sha2::{Digest, Sha256};
use x509_parser::pem::Pem;

/// How long a statement holds; Entra asks for five to ten minutes.
const LIFE: TimeDelta = TimeDelta::minutes(5);

pub(super) struct Certificate {
    key: EncodingKey,
    thumbprint: String,
    /// From then on it proves nothing.
    pub(super) ends: DateTime<Utc>,
}

#[derive(Serialize)]
struct Claims<'c> {
    aud: &'c str,
    iss: &'c str,
    sub: &'c str,
    jti: String,
    iat: i64,
    nbf: i64,
    exp: i64,
}

impl Certificate {
    /// From the text of a PEM file that holds both the certificate and its private key, in any order.
    ///
    /// # Errors
    /// `Auth`, in words that hold nothing of the key.
    pub(super) fn parse(pem: &SecretString) -> Result<Self, SourceError> {
        let fault = |words: &str| SourceError::Auth(format!("the certificate file {words}"));
        let text = pem.expose_secret();
        let certificate = Pem::iter_from_buffer(text.as_bytes())
            .filter_map(Result::ok)
            .find(|block| block.label == "CERTIFICATE")
            .ok_or_else(|| fault("holds no certificate (-----BEGIN CERTIFICATE-----); put it and its private key into one PEM file"))?;
        let ends = certificate
            .parse_x509()
            .ok()
            .and_then(|parsed| DateTime::from_timestamp(parsed.validity().not_after.timestamp(), 0))
            .ok_or_else(|| fault("holds a certificate that cannot be read"))?;
        if text.contains("BEGIN ENCRYPTED PRIVATE KEY") || text.contains("Proc-Type: 4,ENCRYPTED") {
            return Err(fault("holds a private key under a password; write it without one (openssl rsa)"));
        }
        let key = private_key(text).ok_or_else(|| fault("holds no private key (-----BEGIN PRIVATE KEY-----)"))?;
        let key = EncodingKey::from_rsa_pem(key.as_bytes()).map_err(|_| fault("holds a private key that is no RSA key"))?;
        Ok(Self {
            key,
            thumbprint: URL_SAFE_NO_PAD.encode(Sha256::digest(&certificate.contents)),
            ends,
        })
    }

    /// "I am this application", to be shown once to `audience`.
    ///
    /// # Errors
    /// `Auth` where the key cannot sign.
    pub(super) fn assertion(&self, client_id: &str, audience: &str, now: DateTime<Utc>) -> Result<String, SourceError> {
        let mut header = Header::new(Algorithm::PS256);
        header.x5t_s256 = Some(self.thumbprint.clone());
        let claims = Claims {
            aud: audience,
            iss: client_id,
            sub: client_id,
            jti: uuid::Uuid::now_v7().to_string(),
            iat: now.timestamp(),
            nbf: now.timestamp(),
            exp: (now + LIFE).timestamp(),
        };
        jsonwebtoken::encode(&header, &claims, &self.key).map_err(|_| SourceError::Auth("the certificate's private key cannot sign".into()))
    }
}

/// The block of the private key alone: the signer takes the first block, whatever it is.
fn private_key(text: &str) -> Option<&str> {
    ["PRIVATE KEY", "RSA PRIVATE KEY"].into_iter().find_map(|label| {
        let begin = text.find(&format!("-----BEGIN {label}-----"))?;
        let end_line = format!("-----END {label}-----");
        let rest = text.get(begin..)?;
        let end = rest.find(&end_line)? + end_line.len();
        rest.get(..end)
    })
}
