//! How we speak to the provider: to encrypted places only (or to this machine, where the provider itself is there), not for
//! long, and with no more than fits. No redirection is followed: our secret would go with it.

use crate::config::is_loopback;
use openidconnect::{AsyncHttpClient, HttpRequest, HttpResponse, http};
use reqwest::{Client, redirect};
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;
use url::Url;

/// No document of a provider is longer, in bytes.
const LONGEST: usize = 512 * 1024;
const CONNECTING: Duration = Duration::from_secs(4);
/// For all of an answer.
const PATIENCE: Duration = Duration::from_secs(8);

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unheard {
    #[error("{0} is no encrypted address")]
    Open(String),
    #[error("the answer is longer than {LONGEST} bytes")]
    TooLong,
    #[error(transparent)]
    Http(#[from] http::Error),
    #[error("no answer: {}", root(.0))]
    Failed(#[from] reqwest::Error),
}

/// Our side of it.
#[derive(Clone)]
pub(super) struct Wire {
    client: Client,
    /// Whether the provider is on this very machine.
    is_here: bool,
}

impl Wire {
    /// To the provider with this issuer.
    pub(super) fn to(issuer: &str) -> Result<Self, Unheard> {
        let is_here = Url::parse(issuer).is_ok_and(|url| url.scheme() == "http" && is_loopback(&url));
        let builder = Client::builder()
            .redirect(redirect::Policy::none())
            .connect_timeout(CONNECTING)
            .timeout(PATIENCE)
            .user_agent(concat!("rotaline/", env!("CARGO_PKG_VERSION")));
        // No proxy leads to this machine.
        let builder = if is_here { builder.no_proxy() } else { builder };
        Ok(Self {
            client: builder.build()?,
            is_here,
        })
    }

    /// Whether we speak to this address, and send people there.
    pub(super) fn may(&self, url: &Url) -> bool {
        url.scheme() == "https" || (self.is_here && url.scheme() == "http" && is_loopback(url))
    }

    /// Sends a request, and reads the answer piece by piece.
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, Unheard> {
        let request = reqwest::Request::try_from(request)?;
        if !self.may(request.url()) {
            return Err(Unheard::Open(request.url().host_str().unwrap_or_default().to_owned()));
        }
        let mut answer = self.client.execute(request).await?;
        let mut whole = http::Response::builder().status(answer.status());
        if let Some(headers) = whole.headers_mut() {
            headers.clone_from(answer.headers());
        }
        let mut body = Vec::new();
        while let Some(piece) = answer.chunk().await? {
            if body.len() + piece.len() > LONGEST {
                return Err(Unheard::TooLong);
            }
            body.extend_from_slice(&piece);
        }
        Ok(whole.body(body)?)
    }
}

impl<'w> AsyncHttpClient<'w> for Wire {
    type Error = Unheard;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, Unheard>> + Send + 'w>>;

    fn call(&'w self, request: HttpRequest) -> Self::Future {
        Box::pin(self.send(request))
    }
}

/// The innermost reason: the outer ones repeat the address.
fn root(fault: &reqwest::Error) -> String {
    let mut inner: Option<&dyn std::error::Error> = std::error::Error::source(fault);
    let mut words = if fault.is_timeout() { "it takes too long" } else { "unknown" }.to_owned();
    while let Some(fault) = inner {
        words = fault.to_string();
        inner = fault.source();
    }
    words
}
