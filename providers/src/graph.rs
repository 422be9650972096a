//! Microsoft Graph, as the two sources that read through it need it: questions written by the SDK and sent by our own
//! client, answers page after page, subscriptions. It must not know what a list or a workbook holds.
//!
//! Of the SDK only the writing of requests is used. Its own sending has no limits, its retries do not wait, and its
//! paging carries the token to whatever host a page names (graph-rs-sdk 3.0.1).

mod certificate;
mod entra;
mod pages;
mod site;
mod subscriptions;
mod tokens;

#[cfg(test)]
mod tests;

pub(crate) use site::Place;
pub use site::Site;

use crate::http::{Answer, Base, Http, SMALL_JSON_BYTES};
use crate::{Check, CheckOutcome, SourceError};
use chrono::{DateTime, TimeDelta, Utc};
use graph_http::api_impl::RequestHandler;
use graph_rs_sdk::{GraphClient, GraphFailure};
use reqwest::header::{AUTHORIZATION, HeaderValue};
use reqwest::{Method, Request, StatusCode, Url};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value};
use std::error::Error;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;
use tokens::Tokens;

/// The version of Graph that the SDK writes into its paths.
const VERSION: &str = "/v1.0";
/// So long before its end a certificate is spoken of.
const ENDS_SOON: TimeDelta = TimeDelta::days(30);

/// How an application of a tenant reaches Graph.
#[derive(Clone, Debug)]
pub struct MicrosoftAccess {
    /// The directory: a GUID or a domain.
    pub tenant: String,
    /// The application's id in it.
    pub client_id: String,
    /// How it proves to be that application.
    pub credential: Credential,
    /// `https://graph.microsoft.com`, or that of a national cloud; `/v1.0` may be left out.
    pub graph: Base,
    /// `https://login.microsoftonline.com`.
    pub login: Base,
    /// For one request, its answer included.
    pub patience: Duration,
}

/// How an application proves itself. `Debug` shows neither.
#[derive(Clone, Debug)]
pub enum Credential {
    /// A client secret: its value, not its id.
    Secret(SecretString),
    /// The text of a PEM file with a certificate and its RSA key.
    Certificate(SecretString),
}

/// An application that may ask Graph. Clones share one token.
#[derive(Clone)]
pub struct MicrosoftAccount(Arc<Inner>);

struct Inner {
    graph: Base,
    http: Http,
    tokens: Tokens,
    sdk: GraphClient,
    patience: Duration,
}

impl fmt::Debug for MicrosoftAccount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MicrosoftAccount")
            .field("graph", &self.0.graph)
            .field("tokens", &self.0.tokens)
            .finish_non_exhaustive()
    }
}

impl MicrosoftAccount {
    /// Nothing is asked yet.
    ///
    /// # Errors
    /// `Auth` where tenant, client id or certificate cannot be right, `Transient` where the machine lacks what TLS needs.
    pub fn new(access: MicrosoftAccess, time: fn() -> DateTime<Utc>) -> Result<Self, SourceError> {
        let http = Http::new(access.patience, time)?;
        let tokens = Tokens::new(&access, http.clone(), time)?;
        Ok(Self(Arc::new(Inner {
            graph: access.graph,
            http,
            sdk: GraphClient::from_client_app(tokens.clone()),
            tokens,
            patience: access.patience,
        })))
    }

    /// Writes questions; [`MicrosoftAccount::ask`] sends them.
    pub(crate) fn sdk(&self) -> &GraphClient {
        &self.0.sdk
    }

    /// Who we are to Graph, for words.
    pub(crate) fn client_id(&self) -> &str {
        self.0.tokens.client_id()
    }

    /// What a whole reading of several questions may take.
    pub(crate) fn long_patience(&self) -> Duration {
        self.0.patience.saturating_mul(8)
    }

    /// Sends a question that the SDK wrote, to our Graph. A refused token is replaced once. Any status is an answer.
    ///
    /// # Errors
    /// `Auth` where there is no token to be had, and what the network does.
    pub(crate) async fn ask(&self, mut question: RequestHandler, bound: u64) -> Result<Answer, SourceError> {
        self.rebase(question.as_mut());
        self.send(question, bound).await
    }

    /// As [`MicrosoftAccount::ask`], for an address that Graph gave us. It is asked only if it is Graph's own: our
    /// token goes along.
    ///
    /// # Errors
    /// `Malformed` where it leads elsewhere; else as `ask`.
    pub(crate) async fn ask_at(&self, url: &Url, bound: u64) -> Result<Answer, SourceError> {
        self.is_ours(url)?;
        let mut question = self.sdk().custom(Method::GET, None);
        question.as_mut().clone_from(url);
        self.send(question, bound).await
    }

    /// The object that answers a question about one thing.
    ///
    /// # Errors
    /// As the status says; `Malformed` where it is no object.
    pub(crate) async fn object(&self, question: RequestHandler) -> Result<Map<String, Value>, SourceError> {
        object(&self.ask(question, SMALL_JSON_BYTES).await?)
    }

    /// Fetches a file from an address that Graph gave us for it, once and without our token: the address is the key.
    ///
    /// # Errors
    /// `Malformed` where the address is not encrypted or names no public host; else as the status says.
    pub(crate) async fn download(&self, location: &str, bound: u64) -> Result<Vec<u8>, SourceError> {
        let place = Url::parse(location).ok().filter(|url| self.may_download(url));
        let Some(url) = place else {
            return Err(SourceError::Malformed(
                "Graph says that the file is at an address that is not encrypted, or of no public host; it was not fetched".into(),
            ));
        };
        let answer = self.0.http.send(self.0.http.request(Method::GET, url), bound).await?;
        if answer.status != StatusCode::OK {
            return Err(match answer.status.as_u16() {
                // The address has run out, or was none: ours to ask for again, and no word on our permission.
                401 | 403 | 404 | 410 => SourceError::Transient(format!("the file's download was answered {}", answer.status.as_u16())),
                status => answer.refusal_as(format!("the file's download was answered {status}")),
            });
        }
        Ok(answer.body)
    }

    /// Whether the sign-in works, and for how long it will.
    pub(crate) async fn examine(&self, now: DateTime<Utc>) -> Check {
        let what = format!("sign-in of the application {}", self.0.tokens.client_id());
        let outcome = match self.0.tokens.get().await {
            Ok(_) => self.life(now),
            Err(fault) => missing(&fault),
        };
        Check { what, outcome }
    }

    fn life(&self, now: DateTime<Utc>) -> CheckOutcome {
        let Some(ends) = self.0.tokens.certificate_ends() else {
            return CheckOutcome::Fine {
                seen: "signed in with a client secret".into(),
            };
        };
        let day = ends.format("%-d %b %Y");
        let remedy = "Make a new certificate, upload it to the app registration and put it into the certificate file.";
        match ends - now {
            left if left <= TimeDelta::zero() => CheckOutcome::Advice {
                seen: format!("signed in, though the certificate ended on {day}"),
                remedy: remedy.into(),
            },
            left if left < ENDS_SOON => CheckOutcome::Advice {
                seen: format!("signed in; the certificate ends on {day}"),
                remedy: remedy.into(),
            },
            _ => CheckOutcome::Fine {
                seen: format!("signed in with a certificate that ends on {day}"),
            },
        }
    }

    /// From the SDK's host to ours, with path and query as they are.
    fn rebase(&self, url: &mut Url) {
        let path = url.path();
        let tail = path.strip_prefix(VERSION).unwrap_or(path).to_owned();
        let query = url.query().map(str::to_owned);
        *url = self.0.graph.below(&format!("{}{tail}", self.version()));
        url.set_query(query.as_deref());
    }

    /// What is missing in our base for it to name a version.
    fn version(&self) -> &'static str {
        let is_bare = self.0.graph.as_url().path().trim_end_matches('/').is_empty();
        if is_bare { VERSION } else { "" }
    }

    fn is_ours(&self, url: &Url) -> Result<(), SourceError> {
        let is_plain = url.username().is_empty() && url.password().is_none();
        if is_plain && self.0.graph.is_home_of(url) {
            return Ok(());
        }
        Err(SourceError::Malformed(format!(
            "the answer goes on at another place ({}), which was not asked",
            url.host_str().unwrap_or("no host")
        )))
    }

    fn may_download(&self, url: &Url) -> bool {
        match url.scheme() {
            // Such addresses have a name; a number leads to something in our own network, whoever has written it.
            "https" => url.domain().is_some_and(|name| name.contains('.')),
            _ => url.scheme() == "http" && crate::http::is_this_machine(url) && self.0.graph.is_this_machine(),
        }
    }

    /// The question's address is checked already.
    async fn send(&self, question: RequestHandler, bound: u64) -> Result<Answer, SourceError> {
        let written = question.build().await.map_err(|fault| unwritten(&fault))?;
        let request = written.build().map_err(|_| unwritten_words())?;
        let again = request.try_clone();
        let bearer = bearer(&request);
        let answer = self.0.http.execute(request, bound).await?;
        let (Some(mut again), StatusCode::UNAUTHORIZED) = (again, answer.status) else {
            return Ok(answer);
        };
        self.0.tokens.forget(&bearer).await;
        let token = self.0.tokens.get().await?;
        let mut header = HeaderValue::from_str(&format!("Bearer {}", token.expose_secret())).map_err(|_| unwritten_words())?;
        header.set_sensitive(true);
        again.headers_mut().insert(AUTHORIZATION, header);
        self.0.http.execute(again, bound).await
    }
}

/// A fault as an outcome of a check: what was seen, and what to do about it.
pub(crate) fn missing(fault: &SourceError) -> CheckOutcome {
    CheckOutcome::Missing {
        seen: fault.to_string(),
        remedy: fault.remedy().to_owned(),
    }
}

/// The object of an answer to a question about one thing.
///
/// # Errors
/// As the status says; `Malformed` where it is no object.
pub(crate) fn object(answer: &Answer) -> Result<Map<String, Value>, SourceError> {
    if !answer.status.is_success() {
        return Err(answer.refusal());
    }
    answer.object()
}

/// Text of an answer's object; `None` where it is something else or nothing.
pub(crate) fn text<'v>(object: &'v Map<String, Value>, key: &str) -> Option<&'v str> {
    object.get(key)?.as_str().filter(|text| !text.is_empty())
}

/// An address that a browser may be sent to.
pub(crate) fn link(object: &Map<String, Value>) -> Option<String> {
    let url = Url::parse(text(object, "webUrl")?).ok()?;
    (url.scheme() == "https").then(|| url.to_string())
}

fn bearer(request: &Request) -> String {
    let header = request.headers().get(AUTHORIZATION).and_then(|header| header.to_str().ok());
    header.and_then(|text| text.strip_prefix("Bearer ")).unwrap_or_default().to_owned()
}

/// Our own fault comes back out of the SDK's; the SDK's words are never shown, they hold what was sent.
fn unwritten(fault: &GraphFailure) -> SourceError {
    let mut inner: Option<&(dyn Error + 'static)> = Some(fault);
    while let Some(fault) = inner {
        if let Some(ours) = fault.downcast_ref::<SourceError>() {
            return ours.clone();
        }
        inner = fault.source();
    }
    unwritten_words()
}

fn unwritten_words() -> SourceError {
    SourceError::Transient("the question to Graph could not be written".into())
}
