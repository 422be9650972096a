//! Signing in by an identity provider (OpenID Connect): somebody is sent there, and comes back with a code for which the
//! provider tells us who he is. Whoever he is, he is let in only where there is a user of ours for it.
//!
//! It knows no page and no cookie: what a browser is to carry, and what it brings back, are texts here.

mod journey;
mod provider;
#[cfg(test)]
mod tests;
mod wire;

use super::act::Act;
use super::act::Author;
use super::words::{Identity, UserName};
use super::{Access, Signed, User, keeping};
use crate::store::StoreError;
use secrecy::SecretString;
use std::net::IpAddr;

pub(super) use provider::Provider;

use journey::Journey;
pub use journey::LASTS as JOURNEY_LASTS;

/// No code of a provider is longer, nor any other word that it has a browser bring back.
const LONGEST_CODE: usize = 4_096;
/// Of what a provider says so much is shown.
const SHOWN: usize = 100;

/// How people sign in by an identity provider.
#[derive(Clone, Debug)]
pub struct Oidc {
    /// Who it is: an address, compared as it is written.
    pub issuer: String,
    /// As whom it knows us.
    pub client_id: String,
    /// By what we prove that.
    pub client_secret: SecretString,
    /// By what of all that it tells somebody is known.
    pub claim: Claim,
    /// What is asked for, beside `openid`.
    pub scopes: Vec<String>,
    /// What people call it.
    pub label: String,
    /// The address by which people open the page; none, where it is the public one.
    pub page_url: Option<String>,
}

/// By what somebody is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claim {
    /// His address of e-mail, where the provider has made sure that it is his.
    Email,
    /// The provider's own name for him, which never changes and is nobody else's.
    Subject,
    /// The name by which he signs in there.
    PreferredUsername,
}

/// Somebody is sent to the provider.
#[derive(Clone, Debug)]
pub struct Departure {
    /// Where to.
    pub to: String,
    /// What his browser keeps until he is back, and tells nobody else.
    pub carried: SecretString,
}

/// What somebody brings back.
#[derive(Clone, Debug)]
pub struct Return<'r> {
    /// What his browser has kept.
    pub carried: Option<&'r str>,
    /// The word by which the journey is known.
    pub state: Option<&'r str>,
    /// For which the provider tells us who he is.
    pub code: Option<&'r str>,
    /// What the provider says in place of that.
    pub error: Option<&'r str>,
    /// Where he was to come back to.
    pub to: &'r str,
    /// From where he comes.
    pub from: Option<IpAddr>,
}

/// Why nobody is let in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Astray {
    /// There is no provider.
    Off,
    /// Too many sign in at once.
    Busy,
    /// The provider does not answer, or not so that it can be understood.
    Silent,
    /// The journey was not begun in this browser, not a short while ago, or it is over already.
    NotBegun,
    /// The provider has not let him in; why, in its own word.
    Refused(String),
    /// What the provider has said of him proves nothing.
    Unproven,
    /// The provider does not tell that by which he is known.
    Nameless(Claim),
    /// The provider does not vouch for this address of e-mail.
    Unverified(String),
    /// He is this, and there is no such user.
    Unknown(String),
    /// As the store says.
    Store(StoreError),
}

impl From<StoreError> for Astray {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl Claim {
    /// As it is written.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Subject => "sub",
            Self::PreferredUsername => "preferred_username",
        }
    }

    /// The claim that is written so.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Email, Self::Subject, Self::PreferredUsername]
            .into_iter()
            .find(|claim| claim.as_str() == text)
    }

    /// Whether a provider that says `said` means whoever is noted as `noted`. Capital letters are the same in names, but of
    /// ASCII only: others look the same and are not, and a provider may give them to somebody else.
    fn matches(self, noted: &str, said: &str) -> bool {
        match self {
            Self::Email | Self::PreferredUsername => noted.eq_ignore_ascii_case(said),
            Self::Subject => noted == said,
        }
    }
}

impl Access {
    /// The identity provider, where people may sign in by one.
    #[must_use]
    pub fn oidc(&self) -> Option<&Oidc> {
        self.0.provider.as_ref().map(Provider::settings)
    }

    /// Somebody wants to sign in by the provider, to come back to `return_to`, and from there to `next`.
    ///
    /// # Errors
    /// [`Astray`].
    pub async fn set_out(&self, next: &str, return_to: &str) -> Result<Departure, Astray> {
        let provider = self.0.provider.as_ref().ok_or(Astray::Off)?;
        let journey = Journey::begin(next, self.0.clock.now()).map_err(|fault| Astray::Store(StoreError::Unavailable(fault)))?;
        let to = provider.door(&journey, return_to).await?;
        let carried = journey.carried().into();
        Ok(Departure { to, carried })
    }

    /// Somebody is back from the provider: who he is, and where he wanted to go.
    ///
    /// # Errors
    /// [`Astray`].
    pub async fn come_back(&self, back: &Return<'_>) -> Result<(Signed, String), Astray> {
        let provider = self.0.provider.as_ref().ok_or(Astray::Off)?;
        let now = self.0.clock.now();
        let journey = back.carried.and_then(|carried| Journey::parse(carried, now));
        let journey = journey.filter(|journey| back.state.is_some_and(|state| journey.is_known_by(state)));
        let journey = journey.ok_or(Astray::NotBegun)?;
        if let Some(error) = back.error {
            return Err(Astray::Refused(shown(error, SHOWN)));
        }
        let code = back.code.filter(|code| !code.is_empty() && code.len() <= LONGEST_CODE);
        let code = code.ok_or(Astray::NotBegun)?;
        if !provider.is_first(&journey).await {
            return Err(Astray::NotBegun);
        }
        let said = provider.identify(&journey, code, back.to, now).await?;
        let claim = provider.settings().claim;
        let Some(user) = self.of_identity(claim, &said).await? else {
            tracing::warn!(client = ?back.from, identity = masked(&said), "somebody of the identity provider is no user here");
            return Err(Astray::Unknown(shown(&said, SHOWN)));
        };
        let signed = user.signed_by_provider();
        let act = Act::SignedIn { by: "oidc" };
        self.note(Author::Who(&signed.who), back.from, &act, None).await?;
        Ok((signed, journey.next().to_owned()))
    }

    /// The user whom the provider means: one for whom just this is noted, else one of this name for whom nothing is noted.
    async fn of_identity(&self, claim: Claim, said: &str) -> Result<Option<User>, StoreError> {
        let is_noted = |user: &User| user.identity.as_ref().is_some_and(|noted| claim.matches(noted.as_str(), said));
        if let Some(user) = self.0.users.values().find(|user| is_noted(user)) {
            return Ok(Some(user.clone()));
        }
        if let Ok(identity) = Identity::parse(said) {
            let kept = self.0.store.user_of_identity(&identity.key()).await?;
            let kept = kept.filter(|kept| !self.0.users.contains_key(&kept.key));
            if let Some(user) = kept.and_then(|kept| keeping::user(&kept)).filter(|user| is_noted(user)) {
                return Ok(Some(user));
            }
        }
        // The provider's own names for people are no names that people have.
        let name = match claim {
            Claim::Email | Claim::PreferredUsername => UserName::parse(said).ok(),
            Claim::Subject => None,
        };
        let Some(name) = name else { return Ok(None) };
        let user = self.user(&name.key()).await?;
        Ok(user.filter(|user| user.identity.is_none() && claim.matches(user.name.as_str(), said)))
    }
}

/// What somebody else says, cut, and without what does not print.
fn shown(text: &str, most: usize) -> String {
    text.chars().filter(|c| !c.is_control()).take(most).collect()
}

/// For the log: enough to know one's own people by.
fn masked(said: &str) -> String {
    let said = shown(said, SHOWN);
    let (name, place) = said.split_once('@').unwrap_or((&said, ""));
    let first: String = name.chars().take(2).collect();
    if place.is_empty() {
        format!("{first}…")
    } else {
        format!("{first}…@{place}")
    }
}
