//! Whose word counts. Addresses are those set aside for documentation (RFC 5737, RFC 3849).

use super::*;
use axum::http::{HeaderName, HeaderValue};
use std::time::Duration;

fn headers(lines: &[(&'static str, &str)]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in lines {
        headers.append(HeaderName::from_static(name), HeaderValue::from_str(value).unwrap());
    }
    headers
}

fn ip(text: &str) -> IpAddr {
    text.parse().unwrap()
}

fn trusting(networks: &[&str]) -> Trusted {
    let networks: Vec<IpNet> = networks.iter().map(|text| text.parse().unwrap()).collect();
    Trusted::new(&networks)
}

#[test]
fn a_client_is_whoever_the_last_trusted_proxy_has_seen() {
    let ours = ["127.0.0.0/8", "10.0.0.0/8", "2001:db8:1::/48"];
    type Seen = (&'static str, &'static [(&'static str, &'static str)], &'static str);
    let table: &[Seen] = &[
        ("198.51.100.7", &[], "198.51.100.7"),
        ("198.51.100.7", &[("x-forwarded-for", "203.0.113.9")], "198.51.100.7"),
        ("127.0.0.1", &[], "127.0.0.1"),
        ("127.0.0.1", &[("x-forwarded-for", "203.0.113.9")], "203.0.113.9"),
        // What the client has sent himself stands before what our proxy has seen.
        ("127.0.0.1", &[("x-forwarded-for", "192.0.2.1, 203.0.113.9")], "203.0.113.9"),
        ("127.0.0.1", &[("x-forwarded-for", "127.0.0.1, 203.0.113.9")], "203.0.113.9"),
        (
            "127.0.0.1",
            &[("x-forwarded-for", "192.0.2.1"), ("x-forwarded-for", "203.0.113.9")],
            "203.0.113.9",
        ),
        // Through two proxies of ours, and three.
        (
            "10.0.0.2",
            &[("x-forwarded-for", "192.0.2.1, 203.0.113.9, 10.0.0.1")],
            "203.0.113.9",
        ),
        (
            "127.0.0.1",
            &[("x-forwarded-for", "203.0.113.9,10.0.0.1 , 10.0.0.2")],
            "203.0.113.9",
        ),
        // One of ours asks for itself.
        ("127.0.0.1", &[("x-forwarded-for", "10.0.0.1, 10.0.0.2")], "10.0.0.1"),
        // What cannot be read ends the list: then it was he who said so.
        ("127.0.0.1", &[("x-forwarded-for", "203.0.113.9, unknown")], "127.0.0.1"),
        ("127.0.0.1", &[("x-forwarded-for", "203.0.113.9, , 10.0.0.1")], "10.0.0.1"),
        ("127.0.0.1", &[("x-forwarded-for", "")], "127.0.0.1"),
        // Ports, and addresses of IPv6.
        ("127.0.0.1", &[("x-forwarded-for", "203.0.113.9:4711")], "203.0.113.9"),
        ("2001:db8:1::5", &[("x-forwarded-for", "[2001:db8:2::9]:443")], "2001:db8:2::9"),
        ("::ffff:127.0.0.1", &[("x-forwarded-for", "::ffff:203.0.113.9")], "203.0.113.9"),
        // The standard's header counts where the usual one is not there.
        (
            "127.0.0.1",
            &[("forwarded", "for=192.0.2.1, for=203.0.113.9;proto=https")],
            "203.0.113.9",
        ),
        (
            "127.0.0.1",
            &[("forwarded", "for=192.0.2.1"), ("x-forwarded-for", "203.0.113.9")],
            "203.0.113.9",
        ),
        ("198.51.100.7", &[("forwarded", "for=192.0.2.1")], "198.51.100.7"),
    ];
    for (peer, lines, client) in table {
        assert_eq!(
            super::client(&headers(lines), ip(peer), &trusting(&ours)),
            ip(client),
            "{peer} {lines:?}"
        );
    }
    // No list is walked for ever, and nobody is trusted where nobody is.
    let endless = vec!["10.0.0.1"; 5_000].join(",");
    let long = headers(&[("x-forwarded-for", &format!("203.0.113.9,{endless}"))]);
    assert_eq!(super::client(&long, ip("127.0.0.1"), &trusting(&ours)), ip("10.0.0.1"));
    let one = headers(&[("x-forwarded-for", "203.0.113.9")]);
    assert_eq!(super::client(&one, ip("127.0.0.1"), &Trusted::nobody()), ip("127.0.0.1"));
    assert_eq!(super::client(&one, ip("127.0.0.1"), &Trusted::default()), ip("203.0.113.9"));
    assert_eq!(super::client(&one, ip("::1"), &Trusted::default()), ip("203.0.113.9"));
    assert_eq!(super::client(&one, ip("10.0.0.1"), &Trusted::default()), ip("10.0.0.1"));
}

#[test]
fn a_way_is_private_where_we_or_a_trusted_proxy_encrypt() {
    let connection = |peer: &str, is_encrypted| Connection {
        peer: ip(peer),
        reached: ip("192.0.2.80"),
        is_encrypted,
    };
    let https = headers(&[("x-forwarded-proto", "https"), ("x-forwarded-for", "203.0.113.9")]);
    let standard = headers(&[("forwarded", "for=203.0.113.9;proto=https")]);
    let chained = headers(&[("x-forwarded-proto", "https, http")]);
    for (headers, peer, is_encrypted, is_private) in [
        (&https, "127.0.0.1", false, true),
        (&standard, "127.0.0.1", false, true),
        (&chained, "127.0.0.1", false, true),
        (&https, "198.51.100.7", false, false),
        (&HeaderMap::new(), "127.0.0.1", false, false),
        (&HeaderMap::new(), "198.51.100.7", true, true),
    ] {
        let way = Way::of(headers, connection(peer, is_encrypted), &Trusted::default());
        assert_eq!(way.is_private, is_private, "{headers:?} {peer}");
        assert_eq!(way.is_trusted, peer == "127.0.0.1");
    }
}

#[test]
fn a_whole_64_is_one_client() {
    for (client, counted) in [
        ("203.0.113.9", "203.0.113.9"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2:ffff:ffff:ffff:ffff", "2001:db8:1:2::"),
        ("2001:db8:1:3::1", "2001:db8:1:3::"),
    ] {
        assert_eq!(super::counted(ip(client)), ip(counted), "{client}");
    }
}

#[test]
fn no_more_names_are_believed_than_whose_word_counts() {
    let both = headers(&[
        ("host", "127.0.0.1:8080"),
        ("x-forwarded-host", "hotline.example.org, inner.example.org"),
        ("forwarded", "host=\"other.example.org\""),
        ("x-forwarded-port", "8443"),
        ("x-forwarded-prefix", "/rota/"),
    ]);
    assert_eq!(names(&both, false), Some(vec!["127.0.0.1:8080"]));
    let all = ["127.0.0.1:8080", "hotline.example.org", "inner.example.org", "other.example.org"];
    assert_eq!(names(&both, true), Some(all.to_vec()));
    assert_eq!(addresses(&both, false), ["https://127.0.0.1:8080", "http://127.0.0.1:8080"]);
    let believed = addresses(&both, true);
    for address in [
        "https://hotline.example.org",
        "https://hotline.example.org:8443/rota",
        "http://inner.example.org/rota",
    ] {
        assert!(believed.iter().any(|one| one == address), "{address} {believed:?}");
    }
    assert!(believed.len() <= 16);
    let two = headers(&[("host", "a.example"), ("host", "b.example")]);
    assert_eq!((names(&two, true), names(&HeaderMap::new(), true)), (None, None));
    for prefix in ["rota", "/a//b", "/<x>", "/a b", "//evil.example"] {
        let odd = headers(&[("host", "a.example"), ("x-forwarded-prefix", prefix)]);
        assert_eq!(addresses(&odd, true), ["https://a.example", "http://a.example"], "{prefix}");
    }
}

#[test]
fn what_is_repeated_in_the_log_is_harmless_and_short() {
    let long = "a".repeat(300);
    let odd = headers(&[
        ("host", "a.example"),
        ("x-forwarded-host", &long),
        ("x-forwarded-for", "203.0.113.9"),
    ]);
    let shown = seen(&odd);
    assert!(shown.starts_with("host: a.example, x-forwarded-host: aaaa"), "{shown}");
    assert!(shown.ends_with("…, x-forwarded-for: 203.0.113.9"), "{shown}");
    assert!(shown.len() < 200);
    let mut strange = HeaderMap::new();
    strange.insert("host", HeaderValue::from_bytes(b"a\tb\xff").unwrap());
    assert_eq!(seen(&strange), "host: a?b?");
}

#[tokio::test(start_paused = true)]
async fn each_client_has_a_budget_of_its_own_that_grows_again() {
    let budget = Budget::new(60, 3);
    let [one, other] = ["2001:db8:1:2::1", "203.0.113.9"].map(ip);
    for _ in 0..3 {
        assert_eq!(budget.spend(one), Ok(()));
    }
    // Sixty in a minute are one in a second; the neighbour in his own network is the same client.
    assert_eq!(budget.spend(ip("2001:db8:1:2:ffff::1")), Err(Duration::from_secs(1)));
    assert_eq!(budget.spend(other), Ok(()));
    tokio::time::advance(Duration::from_secs(1)).await;
    assert_eq!(budget.spend(one), Ok(()));
    assert!(budget.spend(one).is_err());
    assert_eq!(
        [0, 1, 61].map(|seconds| in_seconds(Duration::from_millis(seconds * 1000 + 1))),
        [1, 2, 62]
    );
}

#[tokio::test(start_paused = true)]
async fn who_has_not_come_for_long_is_forgotten() {
    let budget = Budget::new(60, 3);
    for number in 0..10_000_u32 {
        let address = IpAddr::V4(Ipv4Addr::from_bits(number));
        assert_eq!(budget.spend(address), Ok(()));
        if number % 100 == 0 {
            tokio::time::advance(Duration::from_secs(1)).await;
        }
    }
    assert!(budget.remembered() < 2_000, "{}", budget.remembered());
}
