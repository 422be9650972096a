//! The keys of `[server]` that say who is let in how: TLS, proxies, names, how often.

use super::Secrets;
use super::checks;
use super::secrets::{Keeping, warn_of_readers};
use super::section::Section;
use ipnet::IpNet;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use url::Host;

const MOST_PROXIES: usize = 100;
const MOST_HOSTS: usize = 100;
/// Twenty in a second.
const REQUESTS_PER_MINUTE: u32 = 1_200;
/// Whatever runs on this very machine.
const LOCAL: [&str; 2] = ["127.0.0.0/8", "::1/128"];

const TLS_REMEDY: &str = "Write both files: tls = { certificate = \"fullchain.pem\", key = \"privkey.pem\" }";
const PROXY_REMEDY: &str = "Write addresses or networks, such as \"192.0.2.7\" or \"10.0.0.0/8\"";

/// Who is let in how, before anything is answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wire {
    /// With which certificate we encrypt ourselves; none, somebody before us does.
    pub tls: Option<Tls>,
    /// Whose forwarded headers count.
    pub trusted_proxies: Vec<IpNet>,
    /// Further names under which page and interfaces are answered.
    pub hosts: Vec<String>,
    /// How much each client may ask of page and interfaces.
    pub requests_per_minute: u32,
}

/// Files as PEM, which may be replaced while we run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tls {
    /// The certificate and those between it and an authority.
    pub certificate: PathBuf,
    /// Its private key.
    pub key: PathBuf,
}

impl Default for Wire {
    fn default() -> Self {
        Self {
            tls: None,
            trusted_proxies: LOCAL.iter().filter_map(|text| text.parse().ok()).collect(),
            hosts: Vec::new(),
            requests_per_minute: REQUESTS_PER_MINUTE,
        }
    }
}

pub(super) fn wire(section: &mut Section<'_, '_>, keeping: Keeping<'_>) -> Option<Wire> {
    let default = Wire::default();
    let has_tls = section.has("tls");
    let tls = section.inline("tls", TLS_REMEDY).and_then(|inline| tls(inline, keeping));
    let trusted_proxies = if section.has("trusted_proxies") {
        let listed = section.list("trusted_proxies", MOST_PROXIES, proxy);
        listed.into_iter().map(|(network, _)| network).collect()
    } else {
        default.trusted_proxies
    };
    let hosts = section.list("hosts", MOST_HOSTS, host);
    let requests_per_minute = section.whole("requests_per_minute", 60..=1_000_000, default.requests_per_minute);
    if has_tls && tls.is_none() {
        return None;
    }
    Some(Wire {
        tls,
        trusted_proxies,
        hosts: hosts.into_iter().map(|(host, _)| host).collect(),
        requests_per_minute: requests_per_minute?,
    })
}

fn tls(mut section: Section<'_, '_>, keeping: Keeping<'_>) -> Option<Tls> {
    let certificate = section.required_text("certificate", TLS_REMEDY, checks::path);
    let key = section.required_text("key", TLS_REMEDY, checks::path);
    section.finish();
    let (certificate, key) = (keeping.folder.join(certificate?), keeping.folder.join(key?));
    if keeping.needed != Secrets::OfSources {
        warn_of_readers(&section, "key", &key);
    }
    Some(Tls { certificate, key })
}

fn proxy(text: &str) -> Result<IpNet, String> {
    let network = text.parse().or_else(|_| text.parse::<IpAddr>().map(IpNet::from));
    let network: IpNet = network.map_err(|_| PROXY_REMEDY.to_owned())?;
    if network.prefix_len() == 0 {
        return Err("That is everybody: whoever asks could say who he is. Name the addresses of your proxies".to_owned());
    }
    Ok(network.trunc())
}

/// The name of a host, as a browser sends it, without a port.
fn host(text: &str) -> Result<String, String> {
    let remedy = || "Write names without scheme and port, such as \"rota.example.org\"".to_owned();
    match Host::parse(text) {
        Ok(_) if text.contains('*') => Err(remedy()),
        Ok(host) => Ok(host.to_string()),
        Err(_) => Err(remedy()),
    }
}

/// The numbers have no sign-in, so nobody should meet them who was not meant to.
pub(super) fn judge_admin(section: &mut Section<'_, '_>, listen: Option<SocketAddr>) {
    let is_confirmed = section.truth("admin_listen_open", false).unwrap_or(true);
    let Some(listen) = listen.filter(|listen| !is_confirmed && !is_private(listen.ip())) else {
        return;
    };
    section.fault(
        "admin_listen",
        format!("{listen} can be reached from other networks, and the metrics have no sign-in"),
        "Listen on 127.0.0.1 or another private address, or, where a firewall keeps strangers away, write admin_listen_open = true",
    );
}

/// Of this machine, or of a network that is not part of the internet (RFC 1918, 4193, 6598).
fn is_private(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(v4) => {
            let [first, second, ..] = v4.octets();
            v4.is_loopback() || v4.is_private() || v4.is_link_local() || (first == 100 && (64..128).contains(&second))
        }
        IpAddr::V6(v6) => v6.is_loopback() || v6.is_unique_local() || v6.is_unicast_link_local(),
    }
}
