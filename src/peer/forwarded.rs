//! The lists in forwarded headers: `X-Forwarded-…`, and `Forwarded` of RFC 7239. Knows how they are written, not whether
//! they count.

use axum::http::HeaderMap;
use std::net::{IpAddr, SocketAddr};

const FORWARDED: &str = "forwarded";

/// The entries of a header that may stand on several lines, as one list. What is no text is an empty entry: it must not
/// vanish, and with it what a proxy has added behind it.
pub(super) fn entries<'h>(headers: &'h HeaderMap, name: &'static str) -> impl DoubleEndedIterator<Item = &'h str> {
    let lines = headers.get_all(name).iter();
    let parts = lines.flat_map(|line| line.as_bytes().split(|byte| *byte == b','));
    parts.map(|part| std::str::from_utf8(part).unwrap_or_default().trim())
}

/// The values of one parameter of `Forwarded`, an entry for each proxy that has one.
pub(super) fn parameters<'h>(headers: &'h HeaderMap, name: &'static str) -> impl DoubleEndedIterator<Item = &'h str> {
    entries(headers, FORWARDED).filter_map(move |entry| parameter(entry, name))
}

fn parameter<'e>(entry: &'e str, name: &str) -> Option<&'e str> {
    entry.split(';').find_map(|pair| {
        let (key, value) = pair.split_once('=')?;
        key.trim().eq_ignore_ascii_case(name).then(|| value.trim().trim_matches('"'))
    })
}

/// Who asked whom, from the last proxy back to the first; none for an entry that names nobody. `X-Forwarded-For` wins: a
/// proxy that writes that lets the other pass as its client has sent it.
pub(super) fn clients(headers: &HeaderMap) -> Box<dyn Iterator<Item = Option<IpAddr>> + '_> {
    const FOR: &str = "x-forwarded-for";
    if headers.contains_key(FOR) {
        return Box::new(entries(headers, FOR).rev().map(address));
    }
    let each = entries(headers, FORWARDED).rev();
    Box::new(each.map(|entry| address(parameter(entry, "for")?)))
}

/// An address with or without a port: `192.0.2.1`, `192.0.2.1:47011`, `2001:db8::1`, `[2001:db8::1]:47011`.
fn address(text: &str) -> Option<IpAddr> {
    let bare = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
    bare.parse()
        .ok()
        .or_else(|| text.parse::<SocketAddr>().ok().map(|with_port| with_port.ip()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The examples of RFC 7239, sections 4 and 6, and what Azure and IIS write.
    #[test]
    fn addresses_are_read_as_proxies_write_them() {
        for (text, read) in [
            ("192.0.2.60", Some("192.0.2.60")),
            ("192.0.2.43:47011", Some("192.0.2.43")),
            ("2001:db8:cafe::17", Some("2001:db8:cafe::17")),
            ("[2001:db8:cafe::17]", Some("2001:db8:cafe::17")),
            ("[2001:db8:cafe::17]:4711", Some("2001:db8:cafe::17")),
            ("unknown", None),
            ("_gazonk", None),
            ("", None),
            ("192.0.2.43:port", None),
        ] {
            assert_eq!(address(text), read.map(|read| read.parse().unwrap()), "{text}");
        }
    }

    #[test]
    fn the_examples_of_the_standard_are_read() {
        let mut headers = HeaderMap::new();
        headers.append(FORWARDED, "for=192.0.2.60;proto=http;by=203.0.113.43".parse().unwrap());
        headers.append(
            FORWARDED,
            "For=\"[2001:db8:cafe::17]:4711\", for=_mdn;host=\"a.example:8443\""
                .parse()
                .unwrap(),
        );
        let said: Vec<_> = clients(&headers).map(|one| one.map(|one| one.to_string())).collect();
        let expected = [None, Some("2001:db8:cafe::17"), Some("192.0.2.60")];
        assert_eq!(said, expected.map(|one| one.map(str::to_owned)));
        assert_eq!(parameters(&headers, "proto").collect::<Vec<_>>(), ["http"]);
        assert_eq!(parameters(&headers, "host").collect::<Vec<_>>(), ["a.example:8443"]);
    }

    #[test]
    fn what_is_no_text_takes_nothing_with_it() {
        let mut headers = HeaderMap::new();
        let line = axum::http::HeaderValue::from_bytes(b"\xff\xfe, 192.0.2.1").unwrap();
        headers.append("x-forwarded-for", line);
        assert_eq!(clients(&headers).collect::<Vec<_>>(), [Some("192.0.2.1".parse().unwrap()), None]);
    }
}
