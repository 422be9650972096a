//! People and tokens that the store keeps: added, listed and removed by commands, each of which is noted.

use super::act::{Act, Author};
use super::passwords::PasswordHash;
use super::rights::{Hotlines, Rights, Role};
use super::words::{Digest, Identity, NewWord, UserName};
use super::{Access, LINK_LASTS, User};
use crate::call::HotlineName;
use crate::store::{KeptRights, KeptToken, KeptUser, StoreError};
use secrecy::SecretString;

/// Why somebody is not kept, or not found.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotKept {
    /// There is one of this name.
    #[error("there is {0} already")]
    Known(String),
    /// Somebody has this identity already.
    #[error("{0} signs in as somebody else already; `rotaline user remove` lets go of it")]
    Taken(String),
    /// He stands in the configuration.
    #[error("{0} stands in the configuration, which commands do not change: edit it there")]
    Configured(String),
    /// There is none of this name.
    #[error("there is nobody called {0}; `rotaline user list` and `rotaline token list` say who there is")]
    Unknown(String),
    /// This machine does not give what it takes.
    #[error("{0}")]
    Machine(String),
    /// As the store says.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A user or a token, as it is listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// What it is called.
    pub name: String,
    /// What it may do.
    pub rights: Rights,
    /// Whether it stands in the configuration.
    pub is_configured: bool,
    /// Whether there is a password.
    pub has_password: bool,
    /// Who he is at the identity provider, where that is noted.
    pub identity: Option<String>,
}

/// None of a role that this version does not know.
pub(super) fn rights(kept: &KeptRights) -> Option<Rights> {
    let role = Role::parse(&kept.role)?;
    let hotlines = match &kept.hotlines {
        Some(names) => Hotlines::Some(names.iter().cloned().map(HotlineName).collect()),
        None => Hotlines::All,
    };
    Some(Rights { role, hotlines })
}

fn kept(rights: &Rights) -> KeptRights {
    let hotlines = match &rights.hotlines {
        Hotlines::All => None,
        Hotlines::Some(names) => Some(names.iter().map(|name| name.0.clone()).collect()),
    };
    KeptRights {
        role: rights.role.as_str().to_owned(),
        hotlines,
    }
}

/// None of one that cannot be understood: nobody has rights by accident.
pub(super) fn user(kept: &KeptUser) -> Option<User> {
    let password = kept.password.as_deref().map(PasswordHash::parse).transpose();
    let identity = kept.identity.as_deref().map(Identity::parse).transpose();
    Some(User {
        name: UserName::parse(&kept.name).ok()?,
        password: password.ok()?,
        identity: identity.ok()?,
        rights: rights(&kept.rights)?,
    })
}

impl Access {
    /// Keeps a user; without a password until he has chosen one, by a link.
    ///
    /// # Errors
    /// [`NotKept`].
    pub async fn add_user(&self, name: &UserName, password: Option<&PasswordHash>, rights: &Rights) -> Result<(), NotKept> {
        self.add_user_as(name, password, None, rights).await
    }

    /// As [`Access::add_user`], where it is known who he is at the identity provider.
    ///
    /// # Errors
    /// [`NotKept`].
    pub async fn add_user_as(
        &self,
        name: &UserName,
        password: Option<&PasswordHash>,
        identity: Option<&Identity>,
        rights: &Rights,
    ) -> Result<(), NotKept> {
        self.to_be_changed(name)?;
        if let Some(identity) = identity
            && self.has_identity(identity).await?
        {
            return Err(NotKept::Taken(identity.as_str().to_owned()));
        }
        let user = KeptUser {
            key: name.key(),
            name: name.to_string(),
            password: password.map(|hash| hash.as_str().to_owned()),
            identity: identity.map(|identity| identity.as_str().to_owned()),
            rights: kept(rights),
        };
        if !self.0.store.add_user(&user, self.0.clock.now()).await? {
            return Err(NotKept::Known(name.to_string()));
        }
        let act = Act::UserAdded {
            name: name.to_string(),
            rights: rights.clone(),
        };
        Ok(self.note(Author::Command, None, &act, None).await?)
    }

    async fn has_identity(&self, identity: &Identity) -> Result<bool, StoreError> {
        let key = identity.key();
        let mut configured = self.0.users.values().filter_map(|user| user.identity.as_ref());
        Ok(configured.any(|known| known.key() == key) || self.0.store.user_of_identity(&key).await?.is_some())
    }

    /// Forgets a user, who is signed out everywhere.
    ///
    /// # Errors
    /// [`NotKept`].
    pub async fn remove_user(&self, name: &UserName) -> Result<(), NotKept> {
        self.to_be_changed(name)?;
        let act = Act::UserRemoved { name: name.to_string() };
        self.note(Author::Command, None, &act, None).await?;
        found(self.0.store.remove_user(&name.key()).await?, name)
    }

    /// Gives a user a password, which signs him out everywhere.
    ///
    /// # Errors
    /// [`NotKept`].
    pub async fn set_password(&self, name: &UserName, hash: &PasswordHash) -> Result<(), NotKept> {
        self.to_be_changed(name)?;
        let act = Act::PasswordSet { name: name.to_string() };
        self.note(Author::Command, None, &act, None).await?;
        found(self.0.store.set_password(&name.key(), hash.as_str()).await?, name)
    }

    fn to_be_changed(&self, name: &UserName) -> Result<(), NotKept> {
        if self.0.users.contains_key(&name.key()) {
            return Err(NotKept::Configured(name.to_string()));
        }
        Ok(())
    }

    /// The path of a link by which somebody signs in once, within [`LINK_LASTS`].
    ///
    /// # Errors
    /// [`NotKept`].
    pub async fn make_link(&self, name: &UserName) -> Result<SecretString, NotKept> {
        let user = self.user(&name.key()).await?.ok_or_else(|| NotKept::Unknown(name.to_string()))?;
        let new = NewWord::make("rll_").map_err(NotKept::Machine)?;
        let act = Act::LinkMade {
            name: user.name.to_string(),
        };
        self.note(Author::Command, None, &act, None).await?;
        let until = self.0.clock.now() + LINK_LASTS;
        self.0.store.keep_link(new.digest.as_str(), &name.key(), until).await?;
        Ok(new.word)
    }

    /// Keeps a token that was just made, which is told here and never again.
    ///
    /// # Errors
    /// [`NotKept`].
    pub async fn add_token(&self, name: &UserName, rights: &Rights) -> Result<SecretString, NotKept> {
        if self.0.tokens.values().any(|token| token.name == name.as_str()) {
            return Err(NotKept::Configured(name.to_string()));
        }
        let new = NewWord::make("rlt_").map_err(NotKept::Machine)?;
        let token = KeptToken {
            name: name.to_string(),
            digest: new.digest.as_str().to_owned(),
            rights: kept(rights),
        };
        if !self.0.store.add_token(&token, self.0.clock.now()).await? {
            return Err(NotKept::Known(name.to_string()));
        }
        let act = Act::TokenAdded {
            name: name.to_string(),
            rights: rights.clone(),
        };
        self.note(Author::Command, None, &act, None).await?;
        Ok(new.word)
    }

    /// Forgets a token, which opens nothing from now on.
    ///
    /// # Errors
    /// [`NotKept`].
    pub async fn remove_token(&self, name: &UserName) -> Result<(), NotKept> {
        if self.0.tokens.values().any(|token| token.name == name.as_str()) {
            return Err(NotKept::Configured(name.to_string()));
        }
        let act = Act::TokenRemoved { name: name.to_string() };
        self.note(Author::Command, None, &act, None).await?;
        found(self.0.store.remove_token(name.as_str()).await?, name)
    }

    /// Everybody who may sign in: those of the configuration, then those of the store.
    ///
    /// # Errors
    /// As [`StoreError`] says.
    pub async fn users(&self) -> Result<Vec<Named>, StoreError> {
        let configured = self.0.users.values().map(|user| listed(user, true));
        let mut all: Vec<Named> = configured.collect();
        let kept = self.0.store.users().await?;
        let known = kept.iter().filter(|kept| !self.0.users.contains_key(&kept.key)).filter_map(user);
        all.extend(known.map(|user| listed(&user, false)));
        Ok(all)
    }

    /// All tokens: those of the configuration, then those of the store.
    ///
    /// # Errors
    /// As [`StoreError`] says.
    pub async fn tokens(&self) -> Result<Vec<Named>, StoreError> {
        let named = |name: &str, rights: Rights, is_configured| Named {
            name: name.to_owned(),
            rights,
            is_configured,
            has_password: false,
            identity: None,
        };
        let configured = self.0.tokens.values().map(|token| named(&token.name, token.rights.clone(), true));
        let mut all: Vec<Named> = configured.collect();
        let kept = self.0.store.tokens().await?;
        all.extend(kept.iter().filter_map(|kept| Some(named(&kept.name, rights(&kept.rights)?, false))));
        Ok(all)
    }

    /// The token with this digest, of the configuration or the store.
    pub(super) async fn token(&self, digest: &Digest) -> Result<Option<(String, Rights)>, StoreError> {
        if let Some(token) = self.0.tokens.get(digest) {
            return Ok(Some((token.name.clone(), token.rights.clone())));
        }
        let kept = self.0.store.token(digest.as_str()).await?;
        Ok(kept.and_then(|kept| Some((kept.name, rights(&kept.rights)?))))
    }
}

/// Whether there was one of this name to be changed.
fn found(is_there: bool, name: &UserName) -> Result<(), NotKept> {
    if is_there {
        Ok(())
    } else {
        Err(NotKept::Unknown(name.to_string()))
    }
}

fn listed(user: &User, is_configured: bool) -> Named {
    Named {
        name: user.name.to_string(),
        rights: user.rights.clone(),
        is_configured,
        has_password: user.password.is_some(),
        identity: user.identity.as_ref().map(|identity| identity.as_str().to_owned()),
    }
}
