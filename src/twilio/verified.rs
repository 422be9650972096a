//! The door: a webhook is read only after its signature has proved that it comes from the carrier.
//!
//! It must not know what a webhook means. What gets through is [`Verified`].

use super::address::BaseUrl;
use super::form::{Form, FromForm, Malformed, Missing};
use super::public_url::PublicUrl;
use super::signature::{self, Payload};
use crate::roster::Phone;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{DefaultBodyLimit, FromRef, FromRequest, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use secrecy::{ExposeSecret, SecretString};
use std::sync::Arc;
use std::time::Duration;

/// The largest body that is read, in bytes. The carrier's own forms have a few thousand.
pub const MAX_BODY: usize = 64 * 1024;

/// The carrier waits 15 s for an answer; whoever has not said everything by then is somebody else, and holds a connection.
const PATIENCE: Duration = Duration::from_secs(10);

const SIGNATURE: &str = "X-Twilio-Signature";

/// A webhook whose signature is good, and what its fields say.
#[derive(Clone, Debug)]
pub struct Verified<T> {
    /// Our public base address, as the carrier knows it.
    pub base: BaseUrl,
    /// The fields of the form, and after them those of the query.
    pub fields: T,
}

/// Knows what a genuine webhook looks like. All clones share one.
#[derive(Clone, Debug)]
pub struct Verifier(Arc<Credentials>);

#[derive(Debug)]
struct Credentials {
    account_sid: String,
    tokens: Vec<SecretString>,
    numbers: Vec<Phone>,
    public_url: PublicUrl,
}

/// Without the account's auth token no webhook can be told from a forgery.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no Twilio auth token is configured (or an empty one): webhooks could not be told from forgeries")]
pub struct NoToken;

impl Verifier {
    /// `tokens` are the account's auth tokens (two while one replaces the other, never an API key); `numbers` are our
    /// hotlines' numbers, of which a first call is believed when the public address is still to be learned.
    ///
    /// # Errors
    /// [`NoToken`] if there is none, or a blank one, which anybody could sign with.
    pub fn new(account_sid: String, tokens: Vec<SecretString>, numbers: Vec<Phone>, public_url: PublicUrl) -> Result<Self, NoToken> {
        if tokens.is_empty() || tokens.iter().any(|token| token.expose_secret().trim().is_empty()) {
            return Err(NoToken);
        }
        Ok(Self(Arc::new(Credentials {
            account_sid,
            tokens,
            numbers,
            public_url,
        })))
    }

    fn check(&self, parts: &Parts, body: &[u8]) -> Result<(BaseUrl, Form), Refused> {
        let signature = parts.headers.get(SIGNATURE).and_then(|value| value.to_str().ok());
        let signature = signature.filter(|text| !text.is_empty()).ok_or(Refused::Unsigned)?;
        let is_form = is_form(&parts.headers, body);
        let form = if is_form { Form::parse(body)? } else { Form::default() };
        let payload = if is_form {
            Payload::Form(form.fields())
        } else {
            Payload::Raw(body)
        };
        let path = path_and_query(parts);

        let candidates = self.0.public_url.candidates(&parts.headers);
        let genuine = |base: &&BaseUrl| {
            let tokens = self.0.tokens.iter().map(ExposeSecret::expose_secret);
            signature::verify(tokens, &format!("{base}{path}"), payload, signature)
        };
        let Some(base) = candidates.iter().find(genuine) else {
            let forgery = Forgery::new(parts, &candidates, &form);
            tracing::warn!(?forgery, "refused a webhook: its signature fits none of these addresses");
            return Err(Refused::WrongSignature);
        };
        if !is_form {
            return Err(Refused::NotAForm);
        }
        let query = Form::parse(parts.uri.query().unwrap_or_default().as_bytes())?;
        let form = form.and(query);
        if form.get("AccountSid") != Some(self.0.account_sid.as_str()) {
            return Err(Refused::OtherAccount);
        }
        if self.is_for_us(&form) && !self.0.public_url.settle(base) {
            return Err(Refused::OtherHost);
        }
        Ok((base.clone(), form))
    }

    fn is_for_us(&self, form: &Form) -> bool {
        let to = form.get("To");
        self.0.numbers.iter().any(|number| to == Some(number.address()))
    }
}

/// What the log says of a wrong signature: enough to find a wrong address, or a proxy that rewrites. It has no values,
/// which are phone numbers, and no secret.
#[derive(Debug)]
struct Forgery {
    /// The addresses that the signature fits none of.
    #[expect(dead_code, reason = "read in the log")]
    tried: Vec<String>,
    /// The names of the fields received.
    #[expect(dead_code, reason = "read in the log")]
    keys: Vec<String>,
}

impl Forgery {
    fn new(parts: &Parts, candidates: &[BaseUrl], form: &Form) -> Self {
        let query = if parts.uri.query().is_some() { "?…" } else { "" };
        let path = parts.uri.path();
        Self {
            tried: candidates.iter().map(|base| format!("{base}{path}{query}")).collect(),
            keys: form
                .fields()
                .iter()
                .take(100)
                .map(|(name, _)| printable_name(name).to_owned())
                .collect(),
        }
    }
}

impl<S, T> FromRequest<S> for Verified<T>
where
    S: Send + Sync,
    T: FromForm,
    Verifier: FromRef<S>,
{
    type Rejection = Refused;

    async fn from_request(mut request: Request, state: &S) -> Result<Self, Refused> {
        DefaultBodyLimit::max(MAX_BODY).apply(&mut request);
        let (parts, body) = request.into_parts();
        let limited = Request::from_parts(parts.clone(), body);
        let arriving = Bytes::from_request(limited, state);
        let body = tokio::time::timeout(PATIENCE, arriving).await.map_err(|_| Refused::Slow)??;
        let (base, form) = Verifier::from_ref(state).check(&parts, &body)?;
        Ok(Self {
            base,
            fields: T::from_form(&form)?,
        })
    }
}

/// Why a webhook is not read.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// The body is too large, or did not come through.
    #[error("the body cannot be read: {0}")]
    Body(#[from] BytesRejection),
    /// The body does not come to its end.
    #[error("the body takes too long")]
    Slow,
    /// The body or the query is no form.
    #[error(transparent)]
    Malformed(#[from] Malformed),
    /// Genuine, but something other than a form.
    #[error("a form is expected")]
    NotAForm,
    /// Genuine, but it lacks what it is about.
    #[error(transparent)]
    Missing(#[from] Missing),
    /// There is no signature.
    #[error("the signature is missing")]
    Unsigned,
    /// The signature is not ours.
    #[error("the signature is wrong")]
    WrongSignature,
    /// Genuine, but for somebody else.
    #[error("this is another account's webhook")]
    OtherAccount,
    /// Genuine, but under another address than the first one.
    #[error("this host is not the one that calls come to")]
    OtherHost,
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let (status, why) = match &self {
            Self::Body(rejection) => (rejection.status(), "body"),
            Self::Slow => (StatusCode::REQUEST_TIMEOUT, "slow"),
            Self::Malformed(_) => (StatusCode::BAD_REQUEST, "malformed"),
            Self::Missing(_) => (StatusCode::BAD_REQUEST, "missing"),
            Self::NotAForm => (StatusCode::UNSUPPORTED_MEDIA_TYPE, "media"),
            Self::Unsigned => (StatusCode::FORBIDDEN, "unsigned"),
            Self::WrongSignature => (StatusCode::FORBIDDEN, "signature"),
            Self::OtherAccount => (StatusCode::FORBIDDEN, "account"),
            Self::OtherHost => (StatusCode::FORBIDDEN, "host"),
        };
        metrics::counter!("rotaline_webhooks_refused_total", "why" => why).increment(1);
        (status, self.to_string()).into_response()
    }
}

fn path_and_query(parts: &Parts) -> &str {
    parts.uri.path_and_query().map_or("/", |path| path.as_str())
}

fn is_form(headers: &HeaderMap, body: &[u8]) -> bool {
    let Some(kind) = headers.get(CONTENT_TYPE) else {
        return body.is_empty();
    };
    let kind = kind.to_str().unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    kind.eq_ignore_ascii_case("application/x-www-form-urlencoded")
}

/// A forger chooses the names too: what does not look like one is not repeated in the log.
fn printable_name(name: &str) -> &str {
    let plain = name.len() <= 40 && name.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'_');
    if plain { name } else { "?" }
}

#[cfg(test)]
mod tests;
