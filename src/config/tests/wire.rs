//! Who is let in how: certificates, proxies, names, rates, and the listener of the metrics.

use super::*;

fn server(lines: &str) -> String {
    format!("{lines}\n{}", hotline("")).replace("twilio.account_sid", "[twilio]\naccount_sid")
}

fn wire(lines: &str) -> Wire {
    let text = server(&format!("[server]\n{lines}"));
    let read = Config::read(&text, "r.toml", Path::new("/etc/rotaline"), &env(), Secrets::All);
    read.unwrap_or_else(|faults| panic!("{faults}")).server.wire
}

#[test]
fn a_certificate_is_two_files() {
    let read = wire("tls = { certificate = \"tls/chain.pem\", key = \"/keys/key.pem\" }");
    let files = Tls {
        certificate: "/etc/rotaline/tls/chain.pem".into(),
        key: "/keys/key.pem".into(),
    };
    assert_eq!(read.tls, Some(files));
    for (line, fault) in [
        (
            "tls = { certificate = \"chain.pem\" }",
            "line 2: server.tls.key: missing. Write both files: tls = { certificate = \"fullchain.pem\", key = \"privkey.pem\" }.",
        ),
        (
            "tls = true",
            "line 2: server.tls: saw true. Write both files: tls = { certificate = \"fullchain.pem\", key = \"privkey.pem\" }.",
        ),
        (
            "tls = { certificate = \"a\", key = \"b\", keys = \"c\" }",
            "line 2: server.tls.keys: there is no such key. Did you mean \"key\"?",
        ),
    ] {
        assert_eq!(faults(&server(&format!("[server]\n{line}"))), [fault]);
    }
}

#[test]
fn proxies_are_addresses_or_networks_and_never_everybody() {
    let shown = |lines: &str| wire(lines).trusted_proxies.iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(shown(""), ["127.0.0.0/8", "::1/128"]);
    assert_eq!(shown("trusted_proxies = []"), Vec::<String>::new());
    assert_eq!(
        shown("trusted_proxies = [\"10.1.2.3/8\", \"192.0.2.7\", \"2001:db8::/32\"]"),
        ["10.0.0.0/8", "192.0.2.7/32", "2001:db8::/32"]
    );
    for (entry, remedy) in [
        (
            "proxy.internal",
            "Write addresses or networks, such as \"192.0.2.7\" or \"10.0.0.0/8\".",
        ),
        (
            "0.0.0.0/0",
            "That is everybody: whoever asks could say who he is. Name the addresses of your proxies.",
        ),
        (
            "::/0",
            "That is everybody: whoever asks could say who he is. Name the addresses of your proxies.",
        ),
    ] {
        let fault = format!("line 2: server.trusted_proxies: saw \"{entry}\". {remedy}");
        assert_eq!(faults(&server(&format!("[server]\ntrusted_proxies = [\"{entry}\"]"))), [fault]);
    }
}

#[test]
fn hosts_are_names_without_scheme_and_port() {
    assert_eq!(
        wire("hosts = [\"Rota.Internal\", \"192.0.2.7\"]").hosts,
        ["rota.internal", "192.0.2.7"]
    );
    for entry in ["https://rota.internal", "rota.internal:8080", "*.example.org", "a b", ""] {
        let fault = format!("line 2: server.hosts: saw \"{entry}\". Write names without scheme and port, such as \"rota.example.org\".");
        assert_eq!(faults(&server(&format!("[server]\nhosts = [\"{entry}\"]"))), [fault], "{entry}");
    }
}

/// RFC 1918, 3927, 4193, 4291 and 6598 say which addresses are not part of the internet.
#[test]
fn the_metrics_are_not_shown_to_everybody_by_a_slip() {
    let read = |listen: &str, more: &str| {
        let text = server(&format!("[server]\nadmin_listen = \"{listen}\"\n{more}"));
        super::read(&text)
    };
    for private in [
        "127.0.0.1",
        "10.0.0.1",
        "172.31.0.1",
        "192.168.1.1",
        "100.64.0.1",
        "169.254.1.1",
        "[::1]",
        "[fd00::1]",
        "[fe80::1]",
    ] {
        assert!(read(&format!("{private}:9090"), "").is_ok(), "{private}");
    }
    for public in [
        "0.0.0.0",
        "172.32.0.1",
        "198.51.100.7",
        "100.128.0.1",
        "[::]",
        "[2001:db8::1]",
        "[::ffff:198.51.100.7]",
    ] {
        let listen = format!("{public}:9090");
        let fault = read(&listen, "").unwrap_err().to_string();
        assert!(fault.contains("line 2: server.admin_listen: "), "{fault}");
        assert!(fault.contains("can be reached from other networks"), "{fault}");
        assert!(fault.contains("admin_listen_open = true"), "{fault}");
        assert!(read(&listen, "admin_listen_open = true").is_ok(), "{public}");
    }
}
