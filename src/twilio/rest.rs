//! The carrier's REST API: rings, ends and redirects lines, looks up orders to dial, sends texts.
//!
//! It must not know why. What was certainly not processed may be repeated; what may have been done never is.

pub mod answer;
pub mod request;
mod sound;

use super::address::BaseUrl;
use super::public_url::PublicUrl;
use crate::call::{CallId, LegId, LineId, RecordingId};
use crate::config::is_loopback;
use crate::roster::Phone;
use crate::switchboard::{Carrier, CarrierError, DialOrder, RecordOrder, VERB_LIMIT};
use answer::{ListedCall, RestAnswer};
use async_trait::async_trait;
use axum::http::Method;
use backon::{ExponentialBuilder, Retryable as _};
use chrono::{DateTime, Utc};
use request::{Account, RestRequest};
use reqwest::header::RETRY_AFTER;
use reqwest::redirect::Policy;
use secrecy::{ExposeSecret as _, SecretString};
use std::collections::BTreeSet;
use std::time::Duration;
use url::Url;

pub use sound::{NO_SUCH_PART, Sound};

/// How the API is reached.
#[derive(Clone, Debug)]
pub struct Settings {
    /// `AC…`: in whose name everything is asked.
    pub account_sid: String,
    /// Who asks: the account itself, or an API key (`SK…`).
    pub user: String,
    /// The auth token, or the API key's secret.
    pub secret: SecretString,
    /// Such as `https://api.twilio.com`; plain http only to this machine.
    pub api_base: String,
    /// How long a connection may need.
    pub connect_timeout: Duration,
    /// How long one request may need altogether.
    pub timeout: Duration,
}

impl Settings {
    /// The account's own credentials at the usual address, with the usual timeouts.
    #[must_use]
    pub fn new(account_sid: String, auth_token: SecretString) -> Self {
        Self {
            user: account_sid.clone(),
            account_sid,
            secret: auth_token,
            api_base: "https://api.twilio.com".to_owned(),
            connect_timeout: Duration::from_secs(3),
            timeout: REQUEST_LIMIT,
        }
    }
}

/// Why a client cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum BadSettings {
    /// The base address is not a URL.
    #[error("the API's address is not a URL: {0}")]
    NotAUrl(#[from] url::ParseError),
    /// Credentials would travel in the open.
    #[error("the API's address must begin with https:// (plain http:// is for this machine's own addresses only)")]
    NotHttps,
    /// Only the beginning of an address is wanted.
    #[error("the API's address must have no ?, no # and no user name")]
    TooMuch,
    /// TLS cannot be set up.
    #[error("the HTTP client cannot be made: {0}")]
    Client(#[from] reqwest::Error),
}

/// Speaks to the carrier.
#[derive(Clone, Debug)]
pub struct Client {
    http: reqwest::Client,
    api: Url,
    account: Account,
    user: String,
    secret: SecretString,
    public_url: PublicUrl,
}

/// The largest answer that is read, in bytes.
const MAX_ANSWER: usize = 1024 * 1024;
/// How many pages of a list are read.
const MAX_PAGES: usize = 5;
/// How many pages of a list of records, each of 500.
const MAX_RECORD_PAGES: usize = 100;
/// How long one request may need. It comes to its own end before the exchange ends the verb that it belongs to.
const REQUEST_LIMIT: Duration = Duration::from_secs(10);
const _: () = assert!(REQUEST_LIMIT.as_millis() < VERB_LIMIT.as_millis());
/// The longest that a request waits in here before it is asked again; longer waits are the exchange's business.
const LONGEST_WAIT: Duration = Duration::from_secs(1);

impl Client {
    /// `public_url` is where the carrier calls us back; nobody is rung before it is known.
    ///
    /// # Errors
    /// [`BadSettings`].
    pub fn new(settings: Settings, public_url: PublicUrl) -> Result<Self, BadSettings> {
        let api = Url::parse(settings.api_base.trim_end_matches('/'))?;
        let here = is_loopback(&api);
        if !(api.scheme() == "https" || api.scheme() == "http" && here) {
            return Err(BadSettings::NotHttps);
        }
        if api.query().is_some() || api.fragment().is_some() || !api.username().is_empty() || api.password().is_some() {
            return Err(BadSettings::TooMuch);
        }
        let http = reqwest::Client::builder()
            .user_agent(concat!("rotaline/", env!("CARGO_PKG_VERSION")))
            .redirect(Policy::none())
            .connect_timeout(settings.connect_timeout)
            .timeout(settings.timeout);
        let http = if here { http.no_proxy() } else { http.https_only(true) };
        Ok(Self {
            http: http.build()?,
            api,
            account: Account(settings.account_sid),
            user: settings.user,
            secret: settings.secret,
            public_url,
        })
    }

    fn base(&self) -> Result<BaseUrl, CarrierError> {
        let unknown =
            || CarrierError::Unreachable("our own public address is not known yet: configure it, or call the hotline once".to_owned());
        self.public_url.get().ok_or_else(unknown)
    }

    /// Sends a request, and again, a few times and soon, as long as it is not processed for being one of too many.
    async fn send(&self, request: &RestRequest) -> Result<RestAnswer, CarrierError> {
        let soon = ExponentialBuilder::default()
            .with_min_delay(Duration::from_millis(100))
            .with_max_delay(LONGEST_WAIT)
            .with_max_times(4)
            .with_jitter();
        let outcome = (|| self.attempt(request))
            .retry(soon)
            .when(|failed| matches!(failed, Failed::TooOften(_)))
            .adjust(|failed, planned| match failed {
                Failed::TooOften(answer) if answer.retry_after.is_some() => {
                    planned.and(answer.retry_after).filter(|wait| *wait <= LONGEST_WAIT)
                }
                Failed::TooOften(_) | Failed::Otherwise(_) => planned,
            })
            .await;
        match outcome {
            Ok(answer) => Ok(answer),
            // Still too often: the answer itself says what to do about it.
            Err(Failed::TooOften(answer)) => Ok(answer),
            Err(Failed::Otherwise(error)) => Err(error),
        }
    }

    async fn attempt(&self, request: &RestRequest) -> Result<RestAnswer, Failed> {
        let answer = self.exchange(request).await.map_err(Failed::Otherwise)?;
        tracing::debug!(?request, status = answer.status, "asked the carrier");
        match answer::throttled(&answer) {
            Some(_) => Err(Failed::TooOften(answer)),
            None => Ok(answer),
        }
    }

    async fn exchange(&self, request: &RestRequest) -> Result<RestAnswer, CarrierError> {
        let url = format!("{}{}", self.api.as_str().trim_end_matches('/'), request.path);
        let to_send = if request.method == Method::GET {
            self.http.get(url).query(&request.fields)
        } else if request.method == Method::DELETE {
            self.http.delete(url)
        } else {
            self.http.post(url).form(&request.fields)
        };
        let to_send = to_send.basic_auth(&self.user, Some(self.secret.expose_secret()));
        let mut response = to_send.send().await.map_err(trouble)?;
        let status = response.status();
        let retry_after = response
            .headers()
            .get(RETRY_AFTER)
            .and_then(|value| value.to_str().ok()?.trim().parse().ok());
        let body = match read_body(&mut response).await {
            Ok(body) => body,
            // A refusal is a refusal, whatever became of its explanation.
            Err(_) if !status.is_success() => Vec::new(),
            Err(error) => return Err(error),
        };
        Ok(RestAnswer {
            status: status.as_u16(),
            retry_after: retry_after.map(Duration::from_secs),
            body,
        })
    }

    /// All lines of a list that `wanted` picks.
    async fn list(&self, mut request: RestRequest, wanted: impl Fn(&ListedCall) -> bool) -> Result<Vec<ListedCall>, CarrierError> {
        let mut found = Vec::new();
        for _ in 0..MAX_PAGES {
            let page = answer::page(&self.send(&request).await?)?;
            found.extend(page.calls.into_iter().filter(&wanted));
            match page.next_page_uri.filter(|uri| !uri.is_empty()) {
                None => return Ok(found),
                Some(uri) => request = self.next_page(&uri)?,
            }
        }
        // What we look for may stand on a later page: that is not the same as not being there.
        Err(CarrierError::Unsure(format!("a list of calls has more than {MAX_PAGES} pages")))
    }

    /// Credentials go nowhere but to the API's own origin.
    fn next_page(&self, uri: &str) -> Result<RestRequest, CarrierError> {
        let strange = || CarrierError::Unsure("a list's next page is not at the API's address".to_owned());
        let url = self.api.join(uri).map_err(|_| strange())?;
        if url.origin() != self.api.origin() {
            return Err(strange());
        }
        let path = url[url::Position::BeforePath..url::Position::AfterQuery].to_owned();
        // The origin's paths begin where the API's own base path ends, where that has one.
        let below = self.api.path().trim_end_matches('/');
        Ok(RestRequest {
            method: Method::GET,
            path: path.strip_prefix(below).unwrap_or(&path).to_owned(),
            fields: Vec::new(),
        })
    }
}

enum Failed {
    TooOften(RestAnswer),
    Otherwise(CarrierError),
}

#[async_trait]
impl Carrier for Client {
    async fn dial(&self, order: &DialOrder) -> Result<LineId, CarrierError> {
        let request = self.account.dial(order, &self.base()?);
        answer::created(&self.send(&request).await?)
    }

    async fn cancel(&self, line: &LineId) -> Result<(), CarrierError> {
        match answer::updated(&self.send(&self.account.cancel(line)).await?) {
            // Also said of a line that was answered a moment before, which is to be left alone.
            Err(CarrierError::Gone) => self.look_after(line).await,
            otherwise => otherwise,
        }
    }

    async fn hang_up(&self, line: &LineId) -> Result<(), CarrierError> {
        let request = self.account.hang_up(line);
        answer::updated(&self.send(&request).await?)
    }

    async fn redirect(&self, line: &LineId, call: CallId, leg: LegId) -> Result<(), CarrierError> {
        let request = self.account.redirect(line, call, leg, &self.base()?);
        match answer::updated(&self.send(&request).await?) {
            // Also said of a caller's line while the carrier still asks for its first document, which will be the script.
            Err(CarrierError::Gone) => self.look_after(line).await,
            otherwise => otherwise,
        }
    }

    async fn find(&self, order: &DialOrder, since: DateTime<Utc>) -> Result<Vec<LineId>, CarrierError> {
        let is_it = |call: &ListedCall| call.rings(&order.to, since);
        let [started, queued] = self.account.find(order, since);
        let mut found = self.list(started, is_it).await?;
        found.extend(self.list(queued, is_it).await?);
        Ok(answer::lines(found))
    }

    async fn text(&self, from: &Phone, to: &Phone, body: &str) -> Result<(), CarrierError> {
        let request = self.account.text(from, to, body);
        answer::taken(&self.send(&request).await?)
    }

    async fn was_texted(&self, from: &Phone, to: &Phone, body: &str, since: DateTime<Utc>) -> Result<bool, CarrierError> {
        let earliest = answer::earliest(since);
        let mut request = self.account.texts(from, to);
        for _ in 0..MAX_PAGES {
            let page = answer::texts(&self.send(&request).await?)?;
            if page.messages.iter().any(|text| text.says(body, since)) {
                return Ok(true);
            }
            let is_behind_us = page.messages.last().is_none_or(|oldest| oldest.date_created < earliest);
            match page.next_page_uri.filter(|uri| !is_behind_us && !uri.is_empty()) {
                None => return Ok(false),
                Some(uri) => request = self.next_page(&uri)?,
            }
        }
        Err(CarrierError::Unsure(format!("a list of texts has more than {MAX_PAGES} pages")))
    }

    async fn look_after(&self, line: &LineId) -> Result<(), CarrierError> {
        let found = answer::line(&self.send(&self.account.fetch(line)).await?)?;
        if found.is_over() { Err(CarrierError::Gone) } else { Ok(()) }
    }

    async fn record(&self, order: &RecordOrder) -> Result<RecordingId, CarrierError> {
        let request = self.account.record(order, &self.base()?);
        answer::recording(&self.send(&request).await?)
    }

    async fn stop_recording(&self, line: &LineId, recording: Option<&RecordingId>) -> Result<(), CarrierError> {
        let request = self.account.stop_recording(line, recording);
        answer::updated(&self.send(&request).await?)
    }

    async fn recordings(&self, line: &LineId) -> Result<Vec<RecordingId>, CarrierError> {
        answer::recordings(&self.send(&self.account.recordings(line)).await?)
    }

    async fn delete_recording(&self, recording: &RecordingId) -> Result<(), CarrierError> {
        answer::deleted(&self.send(&self.account.delete_recording(recording)).await?)
    }

    async fn records_of(&self, number: &Phone, ours: &BTreeSet<Phone>) -> Result<Vec<String>, CarrierError> {
        // Others on the same account have talked with the number too: that is theirs.
        let is_ours = |end: Option<&str>| end.is_some_and(|end| ours.iter().any(|number| number.address() == end));
        let mut found = Vec::new();
        for list in self.account.records_of(number) {
            let mut request = list;
            for page_number in 0.. {
                if page_number == MAX_RECORD_PAGES {
                    return Err(CarrierError::Unsure(format!("a list has more than {MAX_RECORD_PAGES} pages")));
                }
                let page = answer::records(&self.send(&request).await?)?;
                let records = page.records.into_iter();
                found.extend(
                    records
                        .filter(|record| is_ours(record.from.as_deref()) || is_ours(record.to.as_deref()))
                        .map(|record| record.sid),
                );
                match page.next_page_uri.filter(|uri| !uri.is_empty()) {
                    None => break,
                    Some(uri) => request = self.next_page(&uri)?,
                }
            }
        }
        Ok(found)
    }

    async fn delete_record(&self, record: &str) -> Result<(), CarrierError> {
        answer::erased(&self.send(&self.account.delete_record(record)).await?)
    }
}

async fn read_body(response: &mut reqwest::Response) -> Result<Vec<u8>, CarrierError> {
    let mut body = Vec::new();
    while let Some(piece) = response.chunk().await.map_err(trouble)? {
        if body.len() + piece.len() > MAX_ANSWER {
            return Err(CarrierError::Unsure("the answer is too long".to_owned()));
        }
        body.extend_from_slice(&piece);
    }
    Ok(body)
}

/// Whether the request may have arrived is all that counts. The URL is left out: its query has phone numbers.
fn trouble(error: reqwest::Error) -> CarrierError {
    let never_sent = error.is_connect() || error.is_builder();
    let words = format!("{:#}", anyhow::Error::new(error.without_url()));
    if never_sent {
        CarrierError::Unreachable(words)
    } else {
        CarrierError::Unsure(words)
    }
}

#[cfg(test)]
mod tests;
