//! What somebody at the door must say to be believed. Made of one secret that never leaves the store, so that
//! whoever learns one password learns no other.

use crate::call::HotlineName;
use crate::store::{Seal, Store, StoreError};
use secrecy::SecretString;

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
    Ok(sealed(&store.seal(SECRET).await?, hotline, door))
}

fn sealed(seal: &Seal, hotline: &HotlineName, door: Door) -> SecretString {
    seal.word(&format!("rotaline nudge {} {hotline}", door.as_str()))
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
            sealed(&Seal::new("secret".to_owned()), &lab(), Door::Graph).expose_secret(),
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
