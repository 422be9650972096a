//! The door: a webhook is read only after its signature has proved that it comes from the carrier.
//!
//! It must not know what a webhook means. What gets through is [`Verified`].

mod forgery;

use super::address::BaseUrl;
use super::form::{Form, FromForm, Malformed, Missing};
use super::public_url::PublicUrl;
use super::signature::{self, Payload};
use crate::peer::{Budget, EVERYBODY, Way, in_seconds};
use crate::roster::Phone;
use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{DefaultBodyLimit, FromRef, FromRequest, Request};
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use forgery::Forgery;
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;

/// The largest body that is read, in bytes. The carrier's own forms have a few thousand.
pub const MAX_BODY: usize = 64 * 1024;

/// The carrier waits 15 s for an answer; whoever has not said everything by then is somebody else, and holds a connection.
pub(super) const PATIENCE: Duration = Duration::from_secs(10);

const SIGNATURE: &str = "X-Twilio-Signature";

/// So many refusals in a minute, and at once, each client is told the reason of, and the log.
const REFUSALS_A_MINUTE: u32 = 20;
const REFUSALS_AT_ONCE: u32 = 40;
/// So many of them the log is told in a minute, of all clients together.
const TOLD_A_MINUTE: u32 = 60;

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
    refusals: Budget,
    told: Budget,
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
            refusals: Budget::new(REFUSALS_A_MINUTE, REFUSALS_AT_ONCE),
            told: Budget::new(TOLD_A_MINUTE, TOLD_A_MINUTE),
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

        let is_believed = parts.extensions.get::<Way>().is_some_and(|way| way.is_trusted);
        let candidates = self.0.public_url.candidates(&parts.headers, is_believed);
        let genuine = |base: &&BaseUrl| {
            let tokens = self.0.tokens.iter().map(ExposeSecret::expose_secret);
            signature::verify(tokens, &format!("{base}{path}"), payload, signature)
        };
        let Some(base) = candidates.iter().find(genuine) else {
            let suspects = self.0.public_url.suspects(&parts.headers);
            let signed_for = suspects.iter().find(genuine);
            let known = self.0.public_url.get();
            let forgery = Forgery::new(parts, (&candidates, signed_for, known.as_ref()), &form);
            return Err(Refused::WrongSignature(Box::new(forgery)));
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

    /// Who is refused again and again hears no reason any more, and the log nothing. What is genuine is never counted, nor
    /// held up by what others from the same address do: it is not known whose address that is.
    fn refused(&self, way: Option<&Way>, refused: Refused) -> Refused {
        let spent = way.map_or(Ok(()), |way| self.0.refusals.spend(way.client));
        if let Err(wait) = spent {
            return Refused::TooOften(wait);
        }
        if let Refused::WrongSignature(forgery) = &refused
            && self.0.told.spend(EVERYBODY).is_ok()
        {
            tracing::warn!("refused a webhook: {forgery}");
        }
        refused
    }

    fn is_for_us(&self, form: &Form) -> bool {
        let to = form.get("To");
        self.0.numbers.iter().any(|number| to == Some(number.address()))
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
        let verifier = Verifier::from_ref(state);
        let refused = |refused| verifier.refused(parts.extensions.get(), refused);
        let body = whole(limited, state).await.map_err(refused)?;
        let (base, form) = verifier.check(&parts, &body).map_err(refused)?;
        Ok(Self {
            base,
            fields: T::from_form(&form)?,
        })
    }
}

async fn whole<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes, Refused> {
    let arriving = Bytes::from_request(request, state);
    Ok(tokio::time::timeout(PATIENCE, arriving).await.map_err(|_| Refused::Slow)??)
}

/// Why a webhook is not read.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// The body is too large, or did not come through.
    #[error("the body cannot be read: {0}")]
    Body(#[from] BytesRejection),
    /// The same of a notice, which is read before there is a place for it.
    #[error("the body is longer than {} KiB, or did not come through", MAX_BODY / 1024)]
    TooLong,
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
    #[error("the signature is wrong; the log of the service says which addresses were tried")]
    WrongSignature(Box<Forgery>),
    /// Genuine, but for somebody else.
    #[error("this is another account's webhook")]
    OtherAccount,
    /// Genuine, but under another address than the first one.
    #[error("this host is not the one that calls come to")]
    OtherHost,
    /// Refused again, after so many times that this is not even said any more.
    #[error("too many webhooks of yours were refused; come back later")]
    TooOften(Duration),
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let (status, why) = match &self {
            Self::Body(rejection) => (rejection.status(), "body"),
            Self::TooLong => (StatusCode::PAYLOAD_TOO_LARGE, "body"),
            Self::Slow => (StatusCode::REQUEST_TIMEOUT, "slow"),
            Self::Malformed(_) => (StatusCode::BAD_REQUEST, "malformed"),
            Self::Missing(_) => (StatusCode::BAD_REQUEST, "missing"),
            Self::NotAForm => (StatusCode::UNSUPPORTED_MEDIA_TYPE, "media"),
            Self::Unsigned => (StatusCode::FORBIDDEN, "unsigned"),
            Self::WrongSignature(_) => (StatusCode::FORBIDDEN, "signature"),
            Self::OtherAccount => (StatusCode::FORBIDDEN, "account"),
            Self::OtherHost => (StatusCode::FORBIDDEN, "host"),
            Self::TooOften(_) => (StatusCode::TOO_MANY_REQUESTS, "rate"),
        };
        metrics::counter!("rotaline_webhooks_refused_total", "why" => why).increment(1);
        let said = json!({ "error": { "code": format!("webhook-{why}"), "message": self.to_string() } });
        let mut answer = (status, Json(said)).into_response();
        if let Self::TooOften(wait) = self {
            answer.headers_mut().insert(RETRY_AFTER, HeaderValue::from(in_seconds(wait)));
        }
        answer
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

#[cfg(test)]
mod tests;
