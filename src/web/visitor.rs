//! Whoever asks: found out once for each request, by his session or his token.

use super::WebState;
use super::sessions::{self, Held};
use crate::access::{Act, Action, Author, Digest, Hotlines, Role, Who};
use crate::call::HotlineName;
use crate::peer::Way;
use crate::store::StoreError;
use axum::http::{Extensions, HeaderMap, header};
use std::net::IpAddr;
use tower_sessions::Session;

/// Somebody who may see something, with what he came by.
#[derive(Clone, Debug)]
pub(super) struct Visitor {
    pub(super) who: Who,
    pub(super) pass: Pass,
    /// From where.
    pub(super) from: Option<IpAddr>,
}

/// By what somebody is known.
#[derive(Clone, Debug)]
pub(super) enum Pass {
    /// A browser in which he has signed in.
    Session { held: Held, name: Digest },
    /// A token that a program says with each request.
    Token(String),
}

impl Visitor {
    pub(super) fn may(&self, action: Action, hotline: Option<&HotlineName>) -> bool {
        self.who.may(action, hotline)
    }

    pub(super) const fn hotlines(&self) -> &Hotlines {
        self.who.hotlines()
    }

    pub(super) fn is_at_least(&self, role: Role) -> bool {
        self.who.role() >= role
    }

    /// What our forms say, so that nobody else's does as well.
    pub(super) fn form_word(&self) -> &str {
        match &self.pass {
            Pass::Session { held, .. } => &held.form_word,
            Pass::Token(_) => "",
        }
    }

    /// Notes what he does: before it is done.
    pub(super) async fn note(&self, web: &WebState, act: &Act, hotline: Option<&HotlineName>) -> Result<(), StoreError> {
        web.access.note(Author::Who(&self.who), self.from, act, hotline).await
    }

    /// Himself, as he is now; nobody, once he has signed out, is gone, or has another password.
    pub(super) async fn still(&self, web: &WebState) -> Result<Option<Who>, StoreError> {
        match &self.pass {
            Pass::Token(word) => web.access.by_token(word).await,
            Pass::Session { held, name } => match web.access.session(name).await? {
                Some(_) => web.access.by_ticket(&held.ticket).await,
                None => Ok(None),
            },
        }
    }
}

/// Who asks; nobody, where he has not signed in. A token counts before a cookie.
pub(super) async fn of(web: &WebState, headers: &HeaderMap, extensions: &Extensions) -> Result<Option<Visitor>, StoreError> {
    let from = address(extensions);
    if let Some(word) = bearer(headers) {
        let who = web.access.by_token(word).await?;
        let pass = Pass::Token(word.to_owned());
        return Ok(who.map(|who| Visitor { who, pass, from }));
    }
    let Some(session) = extensions.get::<Session>() else {
        return Ok(None);
    };
    let Some(held) = sessions::held(session).await? else {
        return Ok(None);
    };
    let Some(name) = session.id().map(|id| sessions::digest(&id)) else {
        return Ok(None);
    };
    let who = web.access.by_ticket(&held.ticket).await?;
    let pass = Pass::Session { held, name };
    Ok(who.map(|who| Visitor { who, pass, from }))
}

/// The word behind `Bearer`.
pub(super) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let said = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, word) = said.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| word.trim())
}

/// For whom a request is made.
pub(super) fn address(extensions: &Extensions) -> Option<IpAddr> {
    extensions.get::<Way>().map(|way| way.client)
}
