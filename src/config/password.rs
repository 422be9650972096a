//! With which password recordings are listened to. Only its digest is kept: it can be compared, and not be told.

use super::Secrets;
use super::checks;
use super::secrets::{Keeping, Place};
use super::section::Section;
use secrecy::{ExposeSecret as _, SecretString};
use sha2::{Digest as _, Sha256};
use std::fmt;
use std::path::PathBuf;
use subtle::ConstantTimeEq as _;

/// A shorter one could be guessed.
const SHORTEST: usize = 16;

/// The password of recordings.
const RECORDINGS: Place<'_> = Place {
    variable: "ROTALINE_RECORDINGS_PASSWORD",
    key: "recordings_password_file",
    remedy: "Set ROTALINE_RECORDINGS_PASSWORD to at least 16 characters, or write the password into a file and name that by recordings_password_file",
};

/// A password, as its digest.
#[derive(Clone, PartialEq, Eq)]
pub struct Password([u8; 32]);

impl Password {
    /// Keeps the digest of a password.
    #[must_use]
    pub fn of(password: &str) -> Self {
        Self(Sha256::digest(password.as_bytes()).into())
    }

    /// Whether this is the password, in the same time whatever is said.
    #[must_use]
    pub fn is(&self, said: &str) -> bool {
        self.0.ct_eq(&Self::of(said).0).into()
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password")
    }
}

/// The password with which recordings are listened to, where there is one.
pub(super) fn of_recordings(section: &mut Section<'_, '_>, keeping: Keeping<'_>) -> Option<Password> {
    let file: Option<PathBuf> = section.text(RECORDINGS.key, checks::path);
    section.refuse("recordings_password", "a secret does not belong into this file", RECORDINGS.remedy);
    if keeping.needed == Secrets::OfSources {
        return None;
    }
    match keeping.secret(section, RECORDINGS, file.as_ref(), judged)? {
        Ok(password) => Some(Password::of(password.expose_secret())),
        Err(fault) => {
            section.report(fault);
            None
        }
    }
}

fn judged(text: &str) -> Result<SecretString, String> {
    if text.chars().count() < SHORTEST {
        return Err(format!("shorter than {SHORTEST} characters"));
    }
    checks::password(text)
}
