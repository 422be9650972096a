//! Notices by HTTP: one POST of JSON, whose `text` is what chat programs show.

use super::{Notice, Untold};
use crate::config::is_loopback;
use reqwest::header::RETRY_AFTER;
use reqwest::redirect::Policy;
use reqwest::{Client, StatusCode};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Serialize;
use std::time::Duration;
use url::Url;

const CONNECT_PATIENCE: Duration = Duration::from_secs(5);
const PATIENCE: Duration = Duration::from_secs(10);
/// Of the words: a chat program cuts what is longer, or refuses it.
const LONGEST_WORDS: usize = 3000;
const USER_AGENT: &str = concat!("rotaline/", env!("CARGO_PKG_VERSION"));

/// An address that takes notices. It is a secret: whoever knows it can write to the operator.
#[derive(Clone, Debug)]
pub struct Webhook {
    address: SecretString,
    client: Client,
}

#[derive(Serialize)]
struct Body<'n> {
    text: String,
    #[serde(flatten)]
    notice: &'n Notice,
}

impl Webhook {
    /// # Errors
    /// What is wrong with the address, without showing it: it must be https, or http to this very machine.
    pub fn new(address: &SecretString) -> Result<Self, String> {
        const ALLOWED: &str = "a webhook is an https address (plain http only to this very machine) without a user and without \"#\"";
        let url = Url::parse(address.expose_secret()).map_err(|_| ALLOWED.to_owned())?;
        let safe = url.scheme() == "https" || (url.scheme() == "http" && is_loopback(&url));
        let anonymous = url.username().is_empty() && url.password().is_none();
        if !safe || !anonymous || url.fragment().is_some() {
            return Err(ALLOWED.to_owned());
        }
        let mut client = Client::builder()
            .redirect(Policy::none())
            .connect_timeout(CONNECT_PATIENCE)
            .timeout(PATIENCE)
            .user_agent(USER_AGENT);
        if is_loopback(&url) {
            client = client.no_proxy();
        }
        Ok(Self {
            address: address.clone(),
            client: client.build().map_err(|fault| format!("no HTTP client: {}", fault.without_url()))?,
        })
    }

    /// Posts once. Being told twice is better than not being told.
    pub(super) async fn post(&self, notice: &Notice) -> Result<(), Untold> {
        let words: String = notice.words.chars().take(LONGEST_WORDS).collect();
        let text = format!("*{}: {}*\n{}", notice.hotline, plain(&notice.headline), plain(&words));
        let body = serde_json::to_vec(&Body { text, notice }).map_err(|fault| Untold::Never(fault.to_string()))?;
        let request = self.client.post(self.address.expose_secret());
        let sent = request.header("content-type", "application/json").body(body).send().await;
        let answer = sent.map_err(|fault| Untold::Later {
            why: reason(fault),
            after: None,
        })?;
        let status = answer.status();
        if status.is_success() {
            return Ok(());
        }
        let why = format!("the webhook answered {status}");
        let is_passing = status.is_server_error() || [StatusCode::TOO_MANY_REQUESTS, StatusCode::REQUEST_TIMEOUT].contains(&status);
        if !is_passing {
            return Err(Untold::Never(why));
        }
        let seconds = answer
            .headers()
            .get(RETRY_AFTER)
            .and_then(|value| value.to_str().ok()?.parse().ok());
        Err(Untold::Later {
            why,
            after: seconds.map(Duration::from_secs),
        })
    }
}

/// The words quote sheets, and in a chat program some texts call everybody (`<!channel>`, `@here`) or hide where a link leads.
fn plain(words: &str) -> String {
    let escaped = words.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    escaped.replace('@', "@\u{200b}")
}

/// What went wrong on the way, without the address.
fn reason(fault: reqwest::Error) -> String {
    if fault.is_timeout() {
        return format!("the webhook did not answer within {} s", PATIENCE.as_secs());
    }
    let fault = fault.without_url();
    let mut words = format!("the webhook cannot be reached: {fault}");
    let mut cause = std::error::Error::source(&fault);
    while let Some(inner) = cause {
        words = format!("{words}: {inner}");
        cause = inner.source();
    }
    words
}
