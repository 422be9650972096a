//! What strangers must say to be believed is made of secrets that never leave the store: whoever learns one word learns
//! no other. What is sealed, and who must say it, is not known here.

use super::{Store, StoreError};
use hmac::{Hmac, KeyInit as _, Mac as _};
use rand::TryRng as _;
use rand::rngs::SysRng;
use secrecy::{ExposeSecret as _, SecretString};
use sha2::Sha256;

/// Makes words that nobody else can make. Does not print its secret.
#[derive(Clone, Debug)]
pub struct Seal(SecretString);

impl Seal {
    /// A seal of this secret.
    #[must_use]
    pub fn new(secret: String) -> Self {
        Self(SecretString::from(secret))
    }

    /// The word for a text: 64 hexadecimal digits (HMAC-SHA-256).
    #[must_use]
    pub fn word(&self, text: &str) -> SecretString {
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(self.0.expose_secret().as_bytes()) else {
            unreachable!("an HMAC takes a key of any length");
        };
        mac.update(text.as_bytes());
        SecretString::from(hex(&mac.finalize().into_bytes()))
    }
}

impl Store {
    /// The seal kept under a name: the same for as long as the store lives.
    ///
    /// # Errors
    /// As [`StoreError`] says.
    pub async fn seal(&self, name: &str) -> Result<Seal, StoreError> {
        let secret = match self.recall(name).await? {
            Some(secret) => secret,
            // Another process may be making one at this very moment: the first one kept is everybody's.
            None => self.remember_once(name, &new_secret()?).await?,
        };
        Ok(Seal::new(secret))
    }
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
