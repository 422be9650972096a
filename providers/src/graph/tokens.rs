//! The token that lets us in: asked for once however many wait for it, kept until shortly before it runs out, and
//! thrown away when it is refused. It must not know what it is used for.

use super::certificate::Certificate;
use super::entra;
use crate::http::{Base, Http, SMALL_JSON_BYTES};
use crate::{SourceError, graph::Credential};
use chrono::{DateTime, TimeDelta, Utc};
use graph_core::identity::ForceTokenRefresh;
use graph_rs_sdk::error::{AuthExecutionError, AuthExecutionResult};
use graph_rs_sdk::identity::ClientApplication;
use reqwest::{Method, Url};
use secrecy::{ExposeSecret, SecretString};
use std::fmt;
use std::sync::Arc;
use tokio::sync::Mutex;

/// A token is renewed so long before its end, or after half of its life where that is shorter.
const MARGIN: TimeDelta = TimeDelta::minutes(5);
/// What is believed of a token's life, whatever is said: Entra gives 60 to 90 minutes, at most 24 hours.
const LONGEST_LIFE: i64 = 24 * 3_600;
/// RFC 7523, section 2.2.
const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// Tokens of one application. Clones share what is kept.
#[derive(Clone)]
pub(super) struct Tokens(Arc<Inner>);

struct Inner {
    http: Http,
    url: Url,
    scope: String,
    tenant: String,
    client_id: String,
    key: Key,
    time: fn() -> DateTime<Utc>,
    kept: Mutex<Option<Token>>,
}

enum Key {
    Secret(SecretString),
    Certificate(Certificate),
}

struct Token {
    secret: SecretString,
    until: DateTime<Utc>,
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &self.0;
        f.debug_struct("Tokens")
            .field("url", &inner.url.as_str())
            .field("client_id", &inner.client_id)
            .finish_non_exhaustive()
    }
}

impl Tokens {
    /// # Errors
    /// `Auth` where tenant, application or certificate cannot be right.
    pub(super) fn new(access: &super::MicrosoftAccess, http: Http, time: fn() -> DateTime<Utc>) -> Result<Self, SourceError> {
        let tenant = access.tenant.trim().to_owned();
        let is_name = |name: &str| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '.');
        if !is_name(&tenant) || tenant.starts_with('.') {
            let words = "the tenant is written as an id (a GUID) or as a domain such as contoso.onmicrosoft.com";
            return Err(SourceError::Auth(words.into()));
        }
        let client_id = access.client_id.trim().to_owned();
        if !is_name(&client_id) {
            let words = "the client id is the \"Application (client) ID\" of the app registration, a GUID";
            return Err(SourceError::Auth(words.into()));
        }
        let key = match &access.credential {
            Credential::Secret(secret) if secret.expose_secret().trim().is_empty() => {
                return Err(SourceError::Auth("the client secret is empty".into()));
            }
            Credential::Secret(secret) => Key::Secret(secret.expose_secret().trim().into()),
            Credential::Certificate(pem) => Key::Certificate(Certificate::parse(pem)?),
        };
        Ok(Self(Arc::new(Inner {
            url: access.login.below(&format!("/{tenant}/oauth2/v2.0/token")),
            scope: scope(&access.graph),
            http,
            tenant,
            client_id,
            key,
            time,
            kept: Mutex::new(None),
        })))
    }

    /// A token that is good for a while. Whoever comes while one is being asked for waits for the same one.
    pub(super) async fn get(&self) -> Result<SecretString, SourceError> {
        let mut kept = self.0.kept.lock().await;
        if let Some(token) = kept.as_ref().filter(|token| (self.0.time)() < token.until) {
            return Ok(token.secret.clone());
        }
        let token = self.fetch().await?;
        let secret = token.secret.clone();
        *kept = Some(token);
        Ok(secret)
    }

    /// Throws the token away that was refused, unless another one has taken its place already.
    pub(super) async fn forget(&self, refused: &str) {
        let mut kept = self.0.kept.lock().await;
        if kept.as_ref().is_some_and(|token| token.secret.expose_secret() == refused) {
            *kept = None;
        }
    }

    /// When the certificate ends, if it is one.
    pub(super) fn certificate_ends(&self) -> Option<DateTime<Utc>> {
        match &self.0.key {
            Key::Secret(_) => None,
            Key::Certificate(certificate) => Some(certificate.ends),
        }
    }

    /// Who we say we are, for words.
    pub(super) fn client_id(&self) -> &str {
        &self.0.client_id
    }

    async fn fetch(&self) -> Result<Token, SourceError> {
        let inner = &self.0;
        let now = (inner.time)();
        let mut form = vec![
            ("grant_type", "client_credentials".to_owned()),
            ("client_id", inner.client_id.clone()),
            ("scope", inner.scope.clone()),
        ];
        match &inner.key {
            Key::Secret(secret) => form.push(("client_secret", secret.expose_secret().to_owned())),
            Key::Certificate(certificate) => {
                form.push(("client_assertion_type", ASSERTION_TYPE.to_owned()));
                let assertion = certificate.assertion(&inner.client_id, inner.url.as_str(), now)?;
                form.push(("client_assertion", assertion));
            }
        }
        let request = inner.http.request(Method::POST, inner.url.clone()).form(&form);
        let answer = inner.http.send(request, SMALL_JSON_BYTES).await.map_err(passing)?;
        if !answer.status.is_success() {
            return Err(entra::refusal(&answer, &inner.tenant, &inner.client_id));
        }
        let object = answer.object().map_err(passing)?;
        let secret = object.get("access_token").and_then(|token| token.as_str());
        let Some(secret) = secret.filter(|token| !token.is_empty() && token.is_ascii()) else {
            return Err(SourceError::Transient("the sign-in was answered without a token".into()));
        };
        let life = match object.get("expires_in") {
            Some(serde_json::Value::String(text)) => text.parse().ok(),
            Some(number) => number.as_i64(),
            None => None,
        };
        let life = TimeDelta::seconds(life.unwrap_or(0).clamp(0, LONGEST_LIFE));
        Ok(Token {
            secret: secret.into(),
            until: now + life - MARGIN.min(life / 2),
        })
    }
}

/// A strange answer to a sign-in says nothing of the rota.
fn passing(fault: SourceError) -> SourceError {
    match fault {
        SourceError::Malformed(words) => SourceError::Transient(format!("the sign-in failed: {words}")),
        SourceError::Auth(_)
        | SourceError::Forbidden(_)
        | SourceError::NotFound(_)
        | SourceError::Throttled { .. }
        | SourceError::Transient(_) => fault,
    }
}

/// All that the administrator has granted, at this cloud's Graph. A stand-in on this machine is asked for the public one's.
fn scope(graph: &Base) -> String {
    if graph.is_this_machine() {
        return "https://graph.microsoft.com/.default".into();
    }
    format!("{}/.default", graph.as_url().origin().ascii_serialization())
}

/// How the SDK asks for a token when it writes a request.
#[async_trait::async_trait]
impl ClientApplication for Tokens {
    fn get_token_silent(&mut self) -> AuthExecutionResult<String> {
        Err(boxed(SourceError::Transient("tokens are not fetched while a thread waits".into())))
    }

    async fn get_token_silent_async(&mut self) -> AuthExecutionResult<String> {
        let token = self.get().await.map_err(boxed)?;
        Ok(token.expose_secret().to_owned())
    }

    /// [`Tokens::forget`] does this, for the token that was refused and no other.
    fn with_force_token_refresh(&mut self, _force: ForceTokenRefresh) {}
}

fn boxed(fault: SourceError) -> AuthExecutionError {
    AuthExecutionError::Other(Box::new(fault))
}
