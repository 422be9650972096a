//! Who asks, and by which way: the client's own address, as the connection shows it and as proxies tell it that we trust.
//!
//! The one place where forwarded headers are read. It must not know what is asked for, nor what is answered.

mod asked;
mod budget;
mod forwarded;
#[cfg(test)]
mod tests;

use axum::http::HeaderMap;
use ipnet::{IpNet, Ipv6Net};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::Arc;

pub use asked::{addresses, names, seen};
pub use budget::{Budget, EVERYBODY, in_seconds};

/// Of a list of forwarded addresses so many are looked at, from the right: no chain of proxies is longer.
const LONGEST_CHAIN: usize = 16;

/// The proxies whose word counts on whom they ask for; clones share them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trusted(Arc<[IpNet]>);

impl Trusted {
    /// Those within these networks.
    #[must_use]
    pub fn new(networks: &[IpNet]) -> Self {
        Self(networks.into())
    }

    /// Nobody.
    #[must_use]
    pub fn nobody() -> Self {
        Self(Arc::from([]))
    }

    /// Whether this is one of them.
    #[must_use]
    pub fn includes(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|network| network.contains(&address))
    }
}

impl Default for Trusted {
    /// Whatever runs on this very machine: the usual place of a proxy or a tunnel.
    fn default() -> Self {
        let v4 = ipnet::Ipv4Net::new_assert(Ipv4Addr::new(127, 0, 0, 0), 8);
        let v6 = Ipv6Net::new_assert(Ipv6Addr::LOCALHOST, 128);
        Self::new(&[v4.into(), v6.into()])
    }
}

/// What a connection itself shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Connection {
    /// Who is at its other end.
    pub peer: IpAddr,
    /// At which address of ours he has reached us.
    pub reached: IpAddr,
    /// Whether we have encrypted it ourselves.
    pub is_encrypted: bool,
}

/// By which way a request came; found out once for each, and among its extensions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Way {
    /// Who is at the other end of the connection.
    pub peer: IpAddr,
    /// At which address of ours he has reached us.
    pub reached: IpAddr,
    /// For whom it is asked: what is counted, limited and written down.
    pub client: IpAddr,
    /// Whether the peer is a proxy whose word counts.
    pub is_trusted: bool,
    /// Whether nobody could read along before it came to us, or to our proxy.
    pub is_private: bool,
}

impl Way {
    /// As the connection and, where its peer is trusted, the headers say.
    #[must_use]
    pub fn of(headers: &HeaderMap, connection: Connection, trusted: &Trusted) -> Self {
        let is_trusted = trusted.includes(connection.peer);
        Self {
            peer: connection.peer.to_canonical(),
            reached: connection.reached.to_canonical(),
            client: client(headers, connection.peer, trusted),
            is_trusted,
            is_private: connection.is_encrypted || (is_trusted && asked::was_https(headers)),
        }
    }
}

/// For whom a request is made: the peer itself, or, where that is a trusted proxy, the last one in the list of those whom it
/// passed who is none himself. What cannot be read ends the list: then it is he who said so.
#[must_use]
pub fn client(headers: &HeaderMap, peer: IpAddr, trusted: &Trusted) -> IpAddr {
    let mut client = peer.to_canonical();
    for said in forwarded::clients(headers).take(LONGEST_CHAIN) {
        if !trusted.includes(client) {
            break;
        }
        let Some(before) = said else { break };
        client = before.to_canonical();
    }
    client
}

/// What counts as one client where requests are counted: whoever has an address of IPv6 has its whole /64.
#[must_use]
pub fn counted(client: IpAddr) -> IpAddr {
    match client.to_canonical() {
        IpAddr::V4(address) => IpAddr::V4(address),
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX))),
    }
}
