//! Who somebody is, and what he may do: people with passwords or links, programs with tokens, roles and their hotlines.
//!
//! It knows no request and no page: `web` asks it who has come, and whether he may. What is kept is kept by the store; of
//! passwords there are only hashes, of all other words that open something only digests.

mod act;
mod audit;
mod keeping;
mod lockout;
mod matrix;
mod oidc;
mod passwords;
mod rights;
mod signing_in;
#[cfg(test)]
mod tests;
mod who;
mod words;

use crate::clock::Clock;
use crate::store::{Store, StoreError};
use chrono::TimeDelta;
use lockout::Lockout;
use oidc::Provider;
use passwords::Passwords;
use std::collections::BTreeMap;
use std::sync::Arc;

pub use act::{Act, Author};
pub use keeping::{Named, NotKept};
pub use matrix::{Action, Least, Line, MATRIX, Verb};
pub use oidc::{Astray, Claim, Departure, JOURNEY_LASTS, Oidc, Return};
pub use passwords::{LONGEST_PASSWORD, PasswordHash, SHORTEST_PASSWORD, judge_password};
pub use rights::{Hotlines, Rights, Role};
pub use signing_in::{Refused, Signed, Ticket};
pub use who::{Kind, Who};
pub use words::{Digest, Identity, NewWord, UserName};

/// A session that nobody uses for so long is over.
pub const IDLE: TimeDelta = TimeDelta::hours(12);
/// And each, after so long.
pub const LONGEST: TimeDelta = TimeDelta::days(7);
/// A link signs in for so long.
pub const LINK_LASTS: TimeDelta = TimeDelta::minutes(15);

/// Those whom the configuration names; it wins over what the store keeps.
#[derive(Clone, Debug, Default)]
pub struct Roll {
    /// People.
    pub users: Vec<User>,
    /// Programs.
    pub tokens: Vec<Token>,
    /// Who else knows people, where somebody does.
    pub oidc: Option<Oidc>,
}

/// Somebody who may sign in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// By which he signs in.
    pub name: UserName,
    /// His password's; none until he has chosen one.
    pub password: Option<PasswordHash>,
    /// Who he is at the identity provider; none, where he has the same name there.
    pub identity: Option<Identity>,
    /// What he may do.
    pub rights: Rights,
}

/// A word by which a program is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// What it is called.
    pub name: String,
    /// Of the word.
    pub digest: Digest,
    /// What it may do.
    pub rights: Rights,
}

/// Whoever asks who somebody is; clones share it.
#[derive(Clone)]
pub struct Access(Arc<Inner>);

struct Inner {
    store: Store,
    clock: Clock,
    users: BTreeMap<String, User>,
    tokens: BTreeMap<Digest, Token>,
    passwords: Passwords,
    lockout: Lockout,
    provider: Option<Provider>,
}

impl Access {
    /// With those of the configuration, and those that the store keeps.
    #[must_use]
    pub fn new(store: Store, clock: Clock, roll: Roll) -> Self {
        let users = roll.users.into_iter().map(|user| (user.name.key(), user));
        let tokens = roll.tokens.into_iter().map(|token| (token.digest.clone(), token));
        Self(Arc::new(Inner {
            store,
            clock,
            users: users.collect(),
            tokens: tokens.collect(),
            passwords: Passwords::default(),
            lockout: Lockout::default(),
            provider: roll.oidc.map(Provider::new),
        }))
    }

    /// Whether there is anybody at all who may sign in.
    ///
    /// # Errors
    /// As [`StoreError`] says.
    pub async fn knows_anybody(&self) -> Result<bool, StoreError> {
        Ok(!self.0.users.is_empty() || self.0.store.has_users().await?)
    }

    /// The user with this key, of the configuration or the store.
    async fn user(&self, key: &str) -> Result<Option<User>, StoreError> {
        if let Some(user) = self.0.users.get(key) {
            return Ok(Some(user.clone()));
        }
        let kept = self.0.store.user(key).await?;
        Ok(kept.and_then(|kept| keeping::user(&kept)))
    }
}
