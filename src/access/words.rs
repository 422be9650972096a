//! Names, and words that open something: made by chance, shown once, kept as digests.

use rand::TryRng as _;
use rand::rngs::SysRng;
use secrecy::{ExposeSecret as _, SecretString};
use sha2::{Digest as _, Sha256};
use std::fmt;

/// No name is longer, in characters.
const LONGEST_NAME: usize = 64;
/// No word that is compared is longer: ours have 67 characters.
const LONGEST_WORD: usize = 200;
/// No identity is longer, in characters.
const LONGEST_IDENTITY: usize = 255;

/// By which a person signs in. Two that differ only in capital letters or blanks are the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserName(String);

/// Who somebody is at the identity provider, as it says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity(String);

/// The digest of a word that opens something: SHA-256, in hexadecimal digits. It can be compared, and not be told back.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Digest(String);

/// A word that was just made: nobody can say it later.
#[derive(Clone, Debug)]
pub struct NewWord {
    /// To be shown once.
    pub word: SecretString,
    /// To be kept.
    pub digest: Digest,
}

impl UserName {
    /// A name of 1 to 64 characters, none of them a control character.
    ///
    /// # Errors
    /// What is allowed, in words.
    pub fn parse(text: &str) -> Result<Self, String> {
        let name = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let is_plain = |c: char| c.is_alphanumeric() || " .,'’@+_-".contains(c);
        if name.is_empty() || name.chars().count() > LONGEST_NAME || !name.chars().all(is_plain) {
            return Err(format!("Write 1 to {LONGEST_NAME} letters, digits, blanks or . , ' @ + _ -"));
        }
        Ok(Self(name))
    }

    /// As it is compared.
    #[must_use]
    pub fn key(&self) -> String {
        self.0.to_lowercase()
    }

    /// As people write it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for UserName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Identity {
    /// An address, a name or another word of a provider's.
    ///
    /// # Errors
    /// What is allowed, in words.
    pub fn parse(text: &str) -> Result<Self, String> {
        let is_one = !text.is_empty() && text.trim() == text && !text.chars().any(char::is_control);
        if !is_one || text.chars().count() > LONGEST_IDENTITY {
            return Err(format!(
                "Write what the identity provider says of him: 1 to {LONGEST_IDENTITY} characters"
            ));
        }
        Ok(Self(text.to_owned()))
    }

    /// By which it is found; whether it is the one is judged by whoever has found it.
    #[must_use]
    pub fn key(&self) -> String {
        self.0.to_ascii_lowercase()
    }

    /// As the provider says it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Digest {
    /// Of a word.
    #[must_use]
    pub fn of(word: &str) -> Self {
        Self(hex(&Sha256::digest(word.as_bytes())))
    }

    /// Of what somebody says is a word; none where it is too long to be one of ours.
    pub(super) fn of_said(word: &str) -> Option<Self> {
        (word.len() <= LONGEST_WORD).then(|| Self::of(word))
    }

    /// A digest as it is written: 64 hexadecimal digits.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim().to_lowercase();
        let is_one = text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        is_one.then_some(Self(text))
    }

    /// As it is written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl NewWord {
    /// 256 bits of chance behind a mark by which people and scanners for secrets know what it is.
    ///
    /// # Errors
    /// Where this machine gives no random numbers, in words.
    pub fn make(mark: &str) -> Result<Self, String> {
        let mut bytes = [0; 32];
        let filled = SysRng.try_fill_bytes(&mut bytes);
        filled.map_err(|fault| format!("this machine gives no random numbers: {fault}"))?;
        let word = SecretString::from(format!("{mark}{}", hex(&bytes)));
        let digest = Digest::of(word.expose_secret());
        Ok(Self { word, digest })
    }
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
