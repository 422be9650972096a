//! Under which address the carrier reaches us: configured, or learned from the first request that proves itself.
//!
//! It must not know how a request proves itself, nor where the address is kept.

use super::address::BaseUrl;
use crate::peer;
use axum::http::HeaderMap;
use std::sync::Arc;
use tokio::sync::watch;

/// The public base address; all clones share it. Once known it never changes: another host is refused.
#[derive(Clone, Debug)]
pub struct PublicUrl(Arc<watch::Sender<Option<BaseUrl>>>);

impl PublicUrl {
    /// As configured, or as learned before the last restart.
    #[must_use]
    pub fn known(base: BaseUrl) -> Self {
        Self(Arc::new(watch::Sender::new(Some(base))))
    }

    /// To be learned.
    #[must_use]
    pub fn unknown() -> Self {
        Self(Arc::new(watch::Sender::new(None)))
    }

    /// The address, once it is known.
    #[must_use]
    pub fn get(&self) -> Option<BaseUrl> {
        self.0.borrow().clone()
    }

    /// For whoever keeps the address over a restart: changes at most once, from none to what was learned.
    #[must_use]
    pub fn subscribe(&self) -> watch::Receiver<Option<BaseUrl>> {
        self.0.subscribe()
    }

    /// Under which base addresses a request with these headers may have been meant for us: the known one, or what they say:
    /// `Host`, and what proxies say, where the request's peer is `believed`.
    pub(super) fn candidates(&self, headers: &HeaderMap, is_believed: bool) -> Vec<BaseUrl> {
        match self.get() {
            Some(base) => vec![base],
            None => bases(headers, is_believed),
        }
    }

    /// Under which other base addresses it may have been asked for by anybody's word: to be told of, and never to be used.
    pub(super) fn suspects(&self, headers: &HeaderMap) -> Vec<BaseUrl> {
        let known = self.get();
        bases(headers, true)
            .into_iter()
            .filter(|base| Some(base) != known.as_ref())
            .collect()
    }

    /// Takes `base` for good if none is known yet; says whether it is the known one now.
    pub(super) fn settle(&self, base: &BaseUrl) -> bool {
        let learned = self.0.send_if_modified(|known| {
            let first = known.is_none();
            if first {
                *known = Some(base.clone());
            }
            first
        });
        if learned {
            tracing::info!(%base, "learned the public address from the first verified call");
        }
        self.get().as_ref() == Some(base)
    }
}

fn bases(headers: &HeaderMap, is_believed: bool) -> Vec<BaseUrl> {
    let addresses = peer::addresses(headers, is_believed);
    addresses.iter().filter_map(|address| BaseUrl::parse(address).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::header::HOST;

    fn candidates(url: &PublicUrl, host: &'static str) -> Vec<String> {
        let headers = HeaderMap::from_iter([(HOST, axum::http::HeaderValue::from_static(host))]);
        url.candidates(&headers, false).into_iter().map(String::from).collect()
    }

    #[test]
    fn the_first_address_settled_on_stays() {
        let url = PublicUrl::unknown();
        let mut kept = url.subscribe();
        assert_eq!(
            candidates(&url, "a.example:8443"),
            ["https://a.example:8443", "http://a.example:8443"]
        );
        let [first, other] = ["https://a.example", "https://b.example"].map(|text| BaseUrl::parse(text).unwrap());
        assert!(url.settle(&first));
        assert!(!url.settle(&other));
        assert!(url.settle(&first));
        assert_eq!(candidates(&url, "b.example"), ["https://a.example"]);
        assert_eq!(kept.borrow_and_update().clone(), Some(first));
    }

    #[test]
    fn a_host_that_is_none_leads_nowhere() {
        let url = PublicUrl::unknown();
        for host in ["", "a b", "user@a.example", "a.example/x", "a.example?x", "my_host.example"] {
            assert_eq!(candidates(&url, host), Vec::<String>::new(), "{host}");
        }
        assert!(url.candidates(&HeaderMap::new(), true).is_empty());
    }
}
