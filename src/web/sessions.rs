//! Sessions of browsers: tower-sessions gives them names, cookies and a fresh name at each sign-in; what they hold is kept by
//! `access`, under the digest of the name. How long they last is decided there, by our own clock.

use crate::access::{Access, Digest, JOURNEY_LASTS, LONGEST, Ticket};
use crate::config;
use crate::peer::Way;
use crate::store::StoreError;
use axum::http::{HeaderMap, header};
use serde::{Deserialize, Serialize};
use std::fmt;
use tower_sessions::cookie::time::Duration;
use tower_sessions::cookie::{Cookie, SameSite};
use tower_sessions::session::{Id, Record};
use tower_sessions::session_store::{Error, Result};
use tower_sessions::{Expiry, Session, SessionManagerLayer, SessionStore};

/// Under this name a session holds [`Held`].
const HELD: &str = "held";

/// What a session holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Held {
    pub(super) ticket: Ticket,
    /// What our own forms say, and nobody else can.
    pub(super) form_word: String,
}

/// The sessions that `access` keeps.
#[derive(Clone)]
pub(super) struct Kept(pub(super) Access);

/// Our cookies. Those of plain http are another's than those of https, and only for this very machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cookies {
    /// Never sent in the open, nor set by another host of the same domain.
    Secure,
    /// For a browser on this machine.
    Plain,
}

impl Cookies {
    /// Which ones suit a request. Whoever passes a request on for others is not on this machine.
    pub(super) fn of(headers: &HeaderMap, way: Option<&Way>) -> Self {
        const PASSED_ON: [&str; 4] = ["forwarded", "x-forwarded-for", "x-forwarded-proto", "x-forwarded-host"];
        let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
        let host = text(header::HOST).unwrap_or_default();
        let is_from_https = text(header::ORIGIN).is_some_and(|origin| !origin.starts_with("http://"));
        let is_passed_on = PASSED_ON.iter().any(|name| headers.contains_key(*name));
        let is_private = way.is_some_and(|way| way.is_private);
        if is_loopback(host) && !is_private && !is_from_https && !is_passed_on {
            Self::Plain
        } else {
            Self::Secure
        }
    }

    /// What a browser carries to the identity provider and back, in a cookie of its own; none, to be thrown away. Lax: the
    /// provider sends the browser back to us, which is the way of a link.
    pub(super) fn journey(self, carried: Option<&str>) -> Cookie<'static> {
        let lasts = if carried.is_some() { JOURNEY_LASTS.num_seconds() } else { 0 };
        let (name, is_secure) = self.journey_name();
        Cookie::build((name, carried.unwrap_or_default().to_owned()))
            .secure(is_secure)
            .http_only(true)
            .same_site(SameSite::Lax)
            .path("/")
            .max_age(Duration::seconds(lasts))
            .build()
    }

    /// What a browser carries, back from the identity provider.
    pub(super) fn carried(self, headers: &HeaderMap) -> Option<String> {
        let (name, _) = self.journey_name();
        let said = headers
            .get_all(header::COOKIE)
            .into_iter()
            .filter_map(|cookies| cookies.to_str().ok());
        let cookies = said.flat_map(Cookie::split_parse).filter_map(std::result::Result::ok);
        let mut ours = cookies.filter(|cookie| cookie.name() == name);
        ours.next().map(|cookie| cookie.value().to_owned())
    }

    const fn journey_name(self) -> (&'static str, bool) {
        match self {
            Self::Secure => ("__Host-rotaline-oidc", true),
            Self::Plain => ("rotaline-oidc", false),
        }
    }

    pub(super) fn layer(self, access: Access) -> SessionManagerLayer<Kept> {
        let (name, is_secure) = match self {
            Self::Secure => ("__Host-rotaline", true),
            Self::Plain => ("rotaline", false),
        };
        SessionManagerLayer::new(Kept(access))
            .with_name(name)
            .with_secure(is_secure)
            .with_http_only(true)
            // A link in a notice leads to where one is signed in; whatever changes something takes a word of our own form.
            .with_same_site(SameSite::Lax)
            .with_path("/")
            .with_expiry(Expiry::OnInactivity(Duration::seconds(LONGEST.num_seconds())))
    }
}

/// `127.0.0.1:8080`, `[::1]`, `localhost`.
pub(super) fn is_loopback(host: &str) -> bool {
    url::Url::parse(&format!("http://{host}/")).is_ok_and(|url| config::is_loopback(&url))
}

/// What the session of a request holds; nothing, where it is over or none of ours.
pub(super) async fn held(session: &Session) -> std::result::Result<Option<Held>, StoreError> {
    session.get(HELD).await.map_err(|error| StoreError::Unavailable(error.to_string()))
}

/// Begins a session, under a fresh name: whatever the browser had before opens nothing.
pub(super) async fn begin(session: &Session, held: &Held) -> std::result::Result<(), StoreError> {
    let unavailable = |error: tower_sessions::session::Error| StoreError::Unavailable(error.to_string());
    session.clear().await;
    session.cycle_id().await.map_err(unavailable)?;
    session.insert(HELD, held).await.map_err(unavailable)
}

/// Ends a session; the browser forgets its cookie.
pub(super) async fn end(session: &Session) -> std::result::Result<(), StoreError> {
    session.flush().await.map_err(|error| StoreError::Unavailable(error.to_string()))
}

/// The digest of a session's name.
pub(super) fn digest(id: &Id) -> Digest {
    Digest::of(&id.to_string())
}

impl fmt::Debug for Kept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Kept")
    }
}

fn failed(error: &StoreError) -> Error {
    Error::Backend(error.to_string())
}

#[async_trait::async_trait]
impl SessionStore for Kept {
    /// Names are 128 bits of chance: no two are the same.
    async fn create(&self, record: &mut Record) -> Result<()> {
        self.save(record).await
    }

    async fn save(&self, record: &Record) -> Result<()> {
        let Some(held) = record.data.get(HELD) else {
            return Ok(());
        };
        let held_by: Held = serde_json::from_value(held.clone()).map_err(|error| Error::Encode(error.to_string()))?;
        let (name, data) = (digest(&record.id), held.to_string());
        let kept = self.0.keep_session(&name, &held_by.ticket.user, &data).await;
        kept.map_err(|error| failed(&error))
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let Some(data) = self.0.session(&digest(id)).await.map_err(|error| failed(&error))? else {
            return Ok(None);
        };
        let held = serde_json::from_str(&data).map_err(|error| Error::Decode(error.to_string()))?;
        Ok(Some(Record {
            id: *id,
            data: std::collections::HashMap::from([(HELD.to_owned(), held)]),
            // Ours has decided already.
            expiry_date: tower_sessions::cookie::time::OffsetDateTime::UNIX_EPOCH,
        }))
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        self.0.end_session(&digest(id)).await.map_err(|error| failed(&error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(cookie: &Cookie<'_>) -> Vec<String> {
        cookie.to_string().split("; ").map(str::to_owned).collect()
    }

    /// A cookie with the prefix is none without Secure, with a domain, or for another path (RFC 6265bis, 4.1.3.2).
    #[test]
    fn what_is_carried_to_the_provider_is_this_hosts_alone() {
        let carried = parts(&Cookies::Secure.journey(Some("word.1.%2F")));
        assert_eq!(carried[0], "__Host-rotaline-oidc=word.1.%2F");
        for part in ["HttpOnly", "SameSite=Lax", "Secure", "Path=/", "Max-Age=600"] {
            assert!(carried.iter().any(|said| said == part), "{part} is not in {carried:?}");
        }
        assert_eq!(carried.len(), 6, "and nothing else: {carried:?}");
        let thrown_away = parts(&Cookies::Secure.journey(None));
        assert!(thrown_away.iter().any(|said| said == "Max-Age=0"), "{thrown_away:?}");
        assert!(!parts(&Cookies::Plain.journey(Some("x"))).iter().any(|said| said == "Secure"));

        let said = "a=b; rotaline-oidc=plain; __Host-rotaline-oidc=word.1.%2F; __Host-rotaline=session";
        let headers = HeaderMap::from_iter([(header::COOKIE, said.parse().unwrap())]);
        assert_eq!(Cookies::Secure.carried(&headers).as_deref(), Some("word.1.%2F"));
        assert_eq!(Cookies::Plain.carried(&headers).as_deref(), Some("plain"));
        assert_eq!(Cookies::Secure.carried(&HeaderMap::new()), None);
    }
}
