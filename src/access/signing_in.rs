//! Signing in, and being known from then on. Whoever asks with a wrong name hears the same, after as long, as whoever asks
//! with a wrong password.

use super::act::{Act, Author};
use super::lockout::Place;
use super::passwords::{Busy, LONGEST_PASSWORD, PasswordHash, judge_password};
use super::who::{Kind, Who};
use super::words::{Digest, UserName, hex};
use super::{Access, IDLE, LONGEST, User};
use crate::store::StoreError;
use chrono::{DateTime, TimeDelta, Utc};
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use sha2::Digest as _;
use std::net::IpAddr;

/// A session that is used is noted as seen so often.
const SEEN_EVERY: TimeDelta = TimeDelta::minutes(5);
/// Where nobody says from where a request comes.
const NOWHERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::UNSPECIFIED);

/// What a session holds of whoever has signed in. It is worth nothing once he is gone, or has another password.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ticket {
    /// The key of his name.
    pub user: String,
    /// Of how he signs in, at that time.
    stamp: String,
    /// Whether he came by a link: then he may choose a password without saying the old one.
    pub by_link: bool,
    /// Whether by the identity provider: then it is worth nothing once there is none any more.
    #[serde(default)]
    pub by_provider: bool,
}

/// Somebody who has just signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    /// Who.
    pub who: Who,
    /// For his session.
    pub ticket: Ticket,
}

/// Why somebody is not let in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// Name or password is wrong, or a link has been used or run out.
    Wrong,
    /// There were too many attempts: not before so long.
    Wait(TimeDelta),
    /// Too many sign in at once.
    Busy,
    /// The new password will not do; why, in words.
    Unfit(String),
    /// Nothing can be changed here: he stands in the configuration.
    Configured,
    /// As the store says.
    Store(StoreError),
}

/// An attempt that is counted.
struct Attempt<'k> {
    key: &'k str,
    place: Place,
    at: DateTime<Utc>,
}

impl From<StoreError> for Refused {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<Busy> for Refused {
    fn from(_: Busy) -> Self {
        Self::Busy
    }
}

impl User {
    fn who(&self) -> Who {
        Who {
            kind: Kind::User,
            name: self.name.to_string(),
            rights: self.rights.clone(),
        }
    }

    /// Changes with the password, and with who he is at the identity provider.
    fn stamp(&self) -> String {
        let password = self.password.as_ref().map_or("", |hash| hash.as_str());
        let identity = self.identity.as_ref().map(|identity| format!("\n{}", identity.as_str()));
        let digest = sha2::Sha256::digest(format!("rotaline stamp\n{password}{}", identity.unwrap_or_default()));
        hex(&digest[..16])
    }

    fn signed(&self, by_link: bool) -> Signed {
        Signed {
            who: self.who(),
            ticket: Ticket {
                user: self.name.key(),
                stamp: self.stamp(),
                by_link,
                by_provider: false,
            },
        }
    }

    pub(super) fn signed_by_provider(&self) -> Signed {
        let Signed { who, ticket } = self.signed(false);
        let ticket = Ticket {
            by_provider: true,
            ..ticket
        };
        Signed { who, ticket }
    }
}

impl Access {
    /// Somebody says a name and a password.
    ///
    /// # Errors
    /// [`Refused`].
    pub async fn sign_in(&self, name: &str, password: SecretString, from: Option<IpAddr>) -> Result<Signed, Refused> {
        let name = UserName::parse(name).map_err(|_| Refused::Wrong)?;
        if password.expose_secret().chars().count() > LONGEST_PASSWORD {
            return Err(Refused::Wrong);
        }
        let key = name.key();
        let attempt = self.knock(&key, from)?;
        let user = self.user(&key).await?;
        let hash = user.as_ref().and_then(|user| user.password.clone());
        let is_it = self.is_password(attempt, password, hash).await?;
        let Some(user) = user.filter(|_| is_it) else {
            tracing::warn!(client = ?from, "somebody wanted to sign in with a wrong name or password");
            return Err(Refused::Wrong);
        };
        let signed = user.signed(false);
        self.note_signed(&signed, from, "password").await?;
        Ok(signed)
    }

    /// Somebody wants to say a password for this key: he may, and that is counted, or has to wait.
    fn knock<'k>(&self, key: &'k str, from: Option<IpAddr>) -> Result<Attempt<'k>, Refused> {
        let (place, at) = (Place::of(from.unwrap_or(NOWHERE)), self.0.clock.now());
        self.0.lockout.knock(key, place, at).map_err(Refused::Wait)?;
        Ok(Attempt { key, place, at })
    }

    /// Whether this is the password with this hash; if so, the attempt was none in vain.
    async fn is_password(&self, attempt: Attempt<'_>, password: SecretString, hash: Option<PasswordHash>) -> Result<bool, Busy> {
        let is_it = self.0.passwords.is(password, hash).await?;
        if is_it {
            self.0.lockout.welcome(attempt.key, attempt.place, attempt.at);
        }
        Ok(is_it)
    }

    /// Somebody follows a link.
    ///
    /// # Errors
    /// [`Refused`].
    pub async fn sign_in_by_link(&self, word: &str, from: Option<IpAddr>) -> Result<Signed, Refused> {
        let digest = Digest::of_said(word).ok_or(Refused::Wrong)?;
        let key = self.0.store.take_link(digest.as_str(), self.0.clock.now()).await?;
        let user = self.user(&key.ok_or(Refused::Wrong)?).await?.ok_or(Refused::Wrong)?;
        let signed = user.signed(true);
        self.note_signed(&signed, from, "link").await?;
        Ok(signed)
    }

    async fn note_signed(&self, signed: &Signed, from: Option<IpAddr>, by: &'static str) -> Result<(), StoreError> {
        self.note(Author::Who(&signed.who), from, &Act::SignedIn { by }, None).await
    }

    /// Somebody who is signed in chooses another password. All his sessions end; the ticket is for a new one.
    ///
    /// # Errors
    /// [`Refused`].
    pub async fn change_password(
        &self,
        ticket: &Ticket,
        old: SecretString,
        new: SecretString,
        from: Option<IpAddr>,
    ) -> Result<Signed, Refused> {
        if self.0.users.contains_key(&ticket.user) {
            return Err(Refused::Configured);
        }
        judge_password(&new).map_err(Refused::Unfit)?;
        let user = self.user(&ticket.user).await?.ok_or(Refused::Wrong)?;
        if !ticket.by_link {
            let attempt = self.knock(&ticket.user, from)?;
            if !self.is_password(attempt, old, user.password.clone()).await? {
                return Err(Refused::Wrong);
            }
        }
        let hash = self.0.passwords.hash(new).await?.map_err(|fault| {
            tracing::error!(fault, "a password is not kept");
            Refused::Busy
        })?;
        self.note(Author::Who(&user.who()), from, &Act::PasswordChanged, None).await?;
        self.0.store.set_password(&ticket.user, hash.as_str()).await?;
        let user = User {
            password: Some(hash),
            ..user
        };
        Ok(user.signed(false))
    }

    /// Who has this ticket; nobody, where it is worth nothing any more.
    ///
    /// # Errors
    /// As [`StoreError`] says.
    pub async fn by_ticket(&self, ticket: &Ticket) -> Result<Option<Who>, StoreError> {
        if ticket.by_provider && self.0.provider.is_none() {
            return Ok(None);
        }
        let user = self.user(&ticket.user).await?;
        Ok(user.filter(|user| user.stamp() == ticket.stamp).map(|user| user.who()))
    }

    /// Which program says this word; none, where it is no token of ours.
    ///
    /// # Errors
    /// As [`StoreError`] says.
    pub async fn by_token(&self, word: &str) -> Result<Option<Who>, StoreError> {
        let Some(digest) = Digest::of_said(word) else {
            return Ok(None);
        };
        let token = self.token(&digest).await?;
        Ok(token.map(|(name, rights)| Who {
            kind: Kind::Token,
            name,
            rights,
        }))
    }

    /// What a session holds, by the digest of its name; nothing, once it is over. That it is used is noted now and then.
    ///
    /// # Errors
    /// As [`StoreError`] says.
    pub async fn session(&self, digest: &Digest) -> Result<Option<String>, StoreError> {
        let now = self.0.clock.now();
        let kept = self.0.store.session(digest.as_str(), now - IDLE, now - LONGEST).await?;
        let Some((data, seen)) = kept else {
            return Ok(None);
        };
        if now - seen >= SEEN_EVERY {
            self.0.store.session_seen(digest.as_str(), now).await?;
        }
        Ok(Some(data))
    }

    /// Keeps what a session holds.
    ///
    /// # Errors
    /// As [`StoreError`] says.
    pub async fn keep_session(&self, digest: &Digest, user: &str, data: &str) -> Result<(), StoreError> {
        let now = self.0.clock.now();
        self.0.store.keep_session(digest.as_str(), user, data, now).await
    }

    /// Ends a session.
    ///
    /// # Errors
    /// As [`StoreError`] says.
    pub async fn end_session(&self, digest: &Digest) -> Result<(), StoreError> {
        self.0.store.end_session(digest.as_str()).await
    }
}
