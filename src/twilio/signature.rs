//! The signature of a webhook: made (by whoever plays the carrier) and checked.
//!
//! The rule is Twilio's "Validating signatures": base64(HMAC-SHA1(auth token, URL + sorted fields)). Pure; it
//! must not know requests, headers or where the URL comes from.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha1::Sha1;
use sha2::{Digest as _, Sha256};
use std::collections::BTreeSet;
use subtle::ConstantTimeEq as _;

/// What a signature covers besides the URL.
#[derive(Clone, Copy, Debug)]
pub enum Payload<'a> {
    /// The decoded fields of a form, in any order.
    Form(&'a [(String, String)]),
    /// Any other body: the URL is signed alone, and carries the body's SHA-256 as `bodySHA256`.
    Raw(&'a [u8]),
}

/// The signature for a request with these decoded form fields (none for a GET or another kind of body).
///
/// Fields are sorted by name in byte order; the same name and value twice counts once; values of one name are sorted.
#[must_use]
pub fn sign<N: AsRef<str>, V: AsRef<str>>(token: &str, url: &str, params: &[(N, V)]) -> String {
    let fields: BTreeSet<(&str, &str)> = params.iter().map(|(name, value)| (name.as_ref(), value.as_ref())).collect();
    let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(token.as_bytes()) else {
        unreachable!("an HMAC takes a key of any length");
    };
    mac.update(url.as_bytes());
    for (name, value) in fields {
        mac.update(name.as_bytes());
        mac.update(value.as_bytes());
    }
    BASE64.encode(mac.finalize().into_bytes())
}

/// Whether `signature` is the one for this request under any of `tokens` (two during a token's rotation).
///
/// The URL counts with and without its port, because the carrier's own practice differs; nothing else about it is bent.
/// Since nothing is signed between the URL and the fields, whoever has seen a request could pass off the end of its address
/// as a field: `/voice/fallback/2` as `/voice` with a field `/fallback/2`. So a name begins with a letter, as all of the
/// carrier's do.
#[must_use]
pub fn verify<'t>(tokens: impl IntoIterator<Item = &'t str>, url: &str, payload: Payload<'_>, signature: &str) -> bool {
    let fields = match payload {
        Payload::Form(fields) if fields.iter().all(|(name, _)| name.starts_with(|c: char| c.is_ascii_alphabetic())) => fields,
        Payload::Form(_) => return false,
        Payload::Raw(body) if body_is_the_signed_one(url, body) => &[],
        Payload::Raw(_) => return false,
    };
    let urls = spellings(url);
    tokens.into_iter().fold(false, |good, token| {
        urls.iter().fold(good, |good, url| {
            let same: bool = sign(token, url, fields).as_bytes().ct_eq(signature.as_bytes()).into();
            good | same
        })
    })
}

/// The URL as given, and as the carrier may have spelt it when signing.
fn spellings(url: &str) -> Vec<String> {
    let mut urls = vec![url.to_owned()];
    urls.extend(other_port_spelling(url));
    // Some senders pass the URL through a WHATWG parser first, which encodes the apostrophe in a query.
    let encoded: Vec<String> = urls.iter().filter_map(|url| apostrophes_encoded(url)).collect();
    urls.extend(encoded);
    urls
}

/// Without the port where there is one; with the scheme's own port where there is none.
fn other_port_spelling(url: &str) -> Option<String> {
    let (scheme, rest) = url.split_once("://")?;
    let default_port = match scheme {
        "https" => 443,
        "http" => 80,
        _ => return None,
    };
    let (authority, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    let host_begins = authority.rfind('@').map_or(0, |at| at + 1);
    let (user, host) = authority.split_at(host_begins);
    let address_ends = host.rfind(']').unwrap_or(0);
    match host[address_ends..].rfind(':') {
        Some(colon) => Some(format!("{scheme}://{user}{}{path}", &host[..address_ends + colon])),
        None => Some(format!("{scheme}://{user}{host}:{default_port}{path}")),
    }
}

fn apostrophes_encoded(url: &str) -> Option<String> {
    let (path, query) = url.split_once('?')?;
    query.contains('\'').then(|| format!("{path}?{}", query.replace('\'', "%27")))
}

fn body_is_the_signed_one(url: &str, body: &[u8]) -> bool {
    let promised = url
        .split_once('?')
        .and_then(|(_, query)| query.split('&').find_map(|pair| pair.strip_prefix("bodySHA256=")));
    let found: String = Sha256::digest(body).iter().map(|byte| format!("{byte:02x}")).collect();
    promised.is_some_and(|promised| found.as_bytes().ct_eq(promised.to_ascii_lowercase().as_bytes()).into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Deserialize)]
    struct Vectors {
        vectors: Vec<Vector>,
    }

    #[derive(Deserialize)]
    struct Vector {
        id: String,
        token: String,
        url: String,
        params: Vec<(String, String)>,
        body: Option<String>,
        signature: String,
        expect_valid: bool,
        url_form_signed: Option<String>,
    }

    fn vectors() -> Vec<Vector> {
        let text = include_str!("../../tests/fixtures/twilio/signature-vectors.json");
        serde_json::from_str::<Vectors>(text).unwrap().vectors
    }

    impl Vector {
        fn payload(&self) -> Payload<'_> {
            match &self.body {
                Some(body) => Payload::Raw(body.as_bytes()),
                None => Payload::Form(&self.params),
            }
        }
    }

    #[test]
    fn judges_every_vector_as_its_source_does() {
        let vectors = vectors();
        assert_eq!(vectors.len(), 43);
        for vector in &vectors {
            let verdict = verify([vector.token.as_str()], &vector.url, vector.payload(), &vector.signature);
            assert_eq!(verdict, vector.expect_valid, "{}", vector.id);
        }
    }

    #[test]
    fn signs_as_the_carrier_does() {
        let mut signed = 0;
        for vector in vectors() {
            if vector.url_form_signed.as_deref() == Some("as-given") {
                assert_eq!(sign(&vector.token, &vector.url, &vector.params), vector.signature, "{}", vector.id);
                signed += 1;
            }
        }
        assert!(signed > 25, "only {signed} vectors are signed as given");
    }

    #[test]
    fn takes_either_token_during_a_rotation() {
        for vector in vectors().iter().filter(|vector| vector.expect_valid) {
            let token = vector.token.as_str();
            for (tokens, verdict) in [
                (vec!["new", token], true),
                (vec![token, "new"], true),
                (vec!["new"], false),
                (vec![], false),
            ] {
                assert_eq!(
                    verify(tokens, &vector.url, vector.payload(), &vector.signature),
                    verdict,
                    "{}",
                    vector.id
                );
            }
        }
    }

    #[test]
    fn an_added_or_changed_field_breaks_the_signature() {
        let vector = &vectors()[0];
        let mut changed = vector.params.clone();
        changed[0].1.push('x');
        let mut added = vector.params.clone();
        added.push(("Zz".to_owned(), String::new()));
        for fields in [changed, added] {
            assert!(!verify(
                [vector.token.as_str()],
                &vector.url,
                Payload::Form(&fields),
                &vector.signature
            ));
        }
    }

    /// The signed text is the same, cut at another place.
    #[test]
    fn the_end_of_an_address_is_no_field() {
        let field = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let whole = [field("AccountSid", "AC1"), field("To", "+61491570006")];
        for (place, end) in [("/voice", "/fallback/2"), ("/menu/1", "2"), ("/voice", "?again=1"), ("/voice", "")] {
            let url = format!("https://a.example{place}");
            let signed = sign("t", &format!("{url}{end}"), &whole);
            assert!(verify(["t"], &format!("{url}{end}"), Payload::Form(&whole), &signed));
            let cut = [&[field(end, "")], &whole[..]].concat();
            assert_eq!(sign("t", &url, &cut), signed, "else this proves nothing");
            assert!(!verify(["t"], &url, Payload::Form(&cut), &signed), "{place} {end}");
        }
    }

    #[test]
    fn leaves_the_colons_of_an_ipv6_address_alone() {
        assert_eq!(other_port_spelling("http://[::1]/a:b").as_deref(), Some("http://[::1]:80/a:b"));
        assert_eq!(other_port_spelling("http://[::1]:8080/a").as_deref(), Some("http://[::1]/a"));
        assert_eq!(other_port_spelling("not a url"), None);
    }
}
