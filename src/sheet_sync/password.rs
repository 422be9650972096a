//! What somebody at the door must say to be believed. Made of one secret that never leaves the store, so that
//! whoever learns one password learns no other.

use crate::call::HotlineName;
use crate::store::{Store, StoreError};
use hmac::{Hmac, KeyInit as _, Mac as _};
use rand::TryRng as _;
use rand::rngs::SysRng;
use secrecy::SecretString;
use sha2::Sha256;

/// Under this name the secret is kept.
const SECRET: &str = "nudge-secret";

/// Through which door a nudge comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Door {
    /// Google's push notifications.
    Google,
    /// Microsoft Graph's change notifications.
    Graph,
    /// A script of the sheet's own, or anything else that can post.
    Anybody,
}

impl Door {
    /// As in metrics, and in what passwords are made of.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Google => "google",
            Self::Graph => "graph",
            Self::Anybody => "anybody",
        }
    }

    /// Its path behind the public address.
    #[must_use]
    pub fn path(self, hotline: &HotlineName) -> String {
        match self {
            Self::Google | Self::Graph => format!("/nudge/{hotline}/{}", self.as_str()),
            Self::Anybody => format!("/nudge/{hotline}"),
        }
    }
}

/// The password for a hotline's door: 64 hexadecimal digits, the same for as long as the store lives.
///
/// # Errors
/// As [`StoreError`] says.
pub async fn password(store: &Store, hotline: &HotlineName, door: Door) -> Result<SecretString, StoreError> {
    let secret = match store.recall(SECRET).await? {
        Some(secret) => secret,
        // Another process may be making one at this very moment: the first one kept is everybody's.
        None => store.remember_once(SECRET, &new_secret()?).await?,
    };
    Ok(SecretString::from(derived(&secret, hotline, door)))
}

fn derived(secret: &str, hotline: &HotlineName, door: Door) -> String {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else {
        unreachable!("an HMAC takes a key of any length");
    };
    mac.update(format!("rotaline nudge {} {hotline}", door.as_str()).as_bytes());
    hex(&mac.finalize().into_bytes())
}

fn new_secret() -> Result<String, StoreError> {
    let mut bytes = [0; 32];
    let filled = SysRng.try_fill_bytes(&mut bytes);
    filled.map_err(|fault| StoreError::Unavailable(format!("this machine gives no random numbers: {fault}")))?;
    Ok(hex(&bytes))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use secrecy::ExposeSecret as _;

    fn lab() -> HotlineName {
        HotlineName("lab".into())
    }

    /// Computed by Python's `hmac.new(b"secret", b"rotaline nudge graph lab", "sha256").hexdigest()`.
    #[test]
    fn a_password_is_made_of_secret_door_and_hotline() {
        assert_eq!(
            derived("secret", &lab(), Door::Graph),
            "4350dda4ace2e0455f596feb646a42002e9213221d9642ca1265cab37c8cfa9d"
        );
    }

    #[tokio::test]
    async fn passwords_last_and_differ_by_hotline_and_door() {
        let store = Store::in_memory().await.unwrap();
        let ask = async |hotline: &str, door| {
            let password = password(&store, &HotlineName(hotline.into()), door).await.unwrap();
            password.expose_secret().to_owned()
        };
        let mut seen = std::collections::BTreeSet::new();
        for hotline in ["lab", "lab2"] {
            for door in [Door::Google, Door::Graph, Door::Anybody] {
                let first = ask(hotline, door).await;
                assert_eq!(first, ask(hotline, door).await);
                assert_eq!((first.len(), first.bytes().all(|b| b.is_ascii_hexdigit())), (64, true));
                seen.insert(first);
            }
        }
        assert_eq!(seen.len(), 6);
        let elsewhere = Store::in_memory().await.unwrap();
        let other = password(&elsewhere, &lab(), Door::Google).await.unwrap();
        assert!(!seen.contains(other.expose_secret()), "each store has a secret of its own");
    }
}
