//! What of ours a request was asked for at: the public addresses that it may have had before proxies passed it on, and the
//! names in it. It must not know which of them are ours.

use super::forwarded::{entries, parameters};
use axum::http::HeaderMap;
use axum::http::header::HOST;
use axum::http::uri::Authority;

const FORWARDED_HOST: &str = "x-forwarded-host";
const FORWARDED_PROTO: &str = "x-forwarded-proto";
const FORWARDED_PORT: &str = "x-forwarded-port";
const FORWARDED_PREFIX: &str = "x-forwarded-prefix";
/// Of all names in a request so many are considered, and so many addresses made of them: each costs computing.
const MOST_NAMES: usize = 4;
const MOST_ADDRESSES: usize = 16;
/// Of what strangers say so much is repeated.
const LONGEST_SHOWN: usize = 100;

/// Whether the client's own connection was encrypted, as proxies say.
pub(super) fn was_https(headers: &HeaderMap) -> bool {
    let first = entries(headers, FORWARDED_PROTO).next();
    let first = first.or_else(|| parameters(headers, "proto").next());
    first.is_some_and(|proto| proto.eq_ignore_ascii_case("https"))
}

/// The names, with their ports, that proxies say the request was for; each is a host, or text that is none.
fn forwarded_names(headers: &HeaderMap) -> impl Iterator<Item = &str> {
    let named = entries(headers, FORWARDED_HOST).chain(parameters(headers, "host"));
    named.filter(|name| !name.is_empty())
}

/// All names of ours in a request: what its `Host` says and, where its peer is believed, what proxies say. None where
/// there is not exactly one `Host`.
#[must_use]
pub fn names(headers: &HeaderMap, is_believed: bool) -> Option<Vec<&str>> {
    let mut hosts = headers.get_all(HOST).iter();
    let host = hosts.next()?.to_str().ok()?;
    if hosts.next().is_some() {
        return None;
    }
    let forwarded = forwarded_names(headers).filter(|_| is_believed);
    Some(std::iter::once(host).chain(forwarded).collect())
}

/// Under which addresses, from the scheme to before our own path, a request may have been meant for us, the likeliest
/// first. Proxies disagree on what they pass on, so all that they may have meant is named, and nothing where they count not.
#[must_use]
pub fn addresses(headers: &HeaderMap, is_believed: bool) -> Vec<String> {
    let host = headers.get(HOST).and_then(|host| host.to_str().ok());
    let forwarded = forwarded_names(headers).filter(|_| is_believed);
    let port = entries(headers, FORWARDED_PORT).next().filter(|_| is_believed);
    let port = port.and_then(|port| port.parse::<u16>().ok());
    let prefix = entries(headers, FORWARDED_PREFIX).next().filter(|_| is_believed);
    let prefix = prefix.map(|prefix| prefix.trim_end_matches('/')).filter(|prefix| is_prefix(prefix));

    let mut found: Vec<String> = Vec::new();
    for name in forwarded.chain(host).filter(|name| is_host(name)).take(MOST_NAMES) {
        let with_port = port.filter(|_| !has_port(name)).map(|port| format!("{name}:{port}"));
        for name in [Some(name.to_owned()), with_port].into_iter().flatten() {
            for (scheme, prefix) in [("https", prefix), ("http", prefix), ("https", None), ("http", None)] {
                let address = format!("{scheme}://{name}{}", prefix.unwrap_or_default());
                if !found.contains(&address) {
                    found.push(address);
                }
            }
        }
    }
    found.truncate(MOST_ADDRESSES);
    found
}

/// What a request says of where it was sent, for the log: `Host` and all forwarded headers, made harmless.
#[must_use]
pub fn seen(headers: &HeaderMap) -> String {
    let mut seen = Vec::new();
    for name in [
        "host",
        FORWARDED_HOST,
        FORWARDED_PROTO,
        FORWARDED_PORT,
        FORWARDED_PREFIX,
        "x-forwarded-for",
        "forwarded",
    ] {
        for value in headers.get_all(name) {
            seen.push(format!("{name}: {}", harmless(value.as_bytes())));
        }
    }
    seen.join(", ")
}

fn harmless(value: &[u8]) -> String {
    let plain = |byte: &u8| {
        if byte.is_ascii_graphic() || *byte == b' ' {
            char::from(*byte)
        } else {
            '?'
        }
    };
    let mut text: String = value.iter().take(LONGEST_SHOWN).map(plain).collect();
    if value.len() > LONGEST_SHOWN {
        text.push('…');
    }
    text
}

/// `hotline.example.org`, `192.0.2.1:8443`, `[2001:db8::1]`; without a user.
fn is_host(name: &str) -> bool {
    !name.is_empty() && !name.contains('@') && name.parse::<Authority>().is_ok()
}

fn has_port(name: &str) -> bool {
    name.parse::<Authority>().is_ok_and(|authority| authority.port().is_some())
}

/// A path that an address may begin with.
fn is_prefix(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'-' | b'_' | b'.' | b'~');
    text.len() > 1 && text.len() <= LONGEST_SHOWN && text.starts_with('/') && !text.contains("//") && text.bytes().all(plain)
}
