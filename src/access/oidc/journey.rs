//! The way of one browser to the provider and back. All of it is made of one word of chance that only this browser carries:
//! what the provider is told to give back, to sign and to ask for is a digest of that word, of when the journey ends and of
//! where it leads, and tells none of them. So nothing is kept here before somebody has come back: strangers fill no table.
//! Whoever changes what is carried makes another journey of it, to which no answer of the provider belongs.

use super::super::words::{NewWord, hex};
use chrono::{DateTime, TimeDelta, Utc};
use secrecy::ExposeSecret as _;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

/// A journey takes no longer.
pub const LASTS: TimeDelta = TimeDelta::minutes(10);
/// Nothing that a browser carries is longer.
const LONGEST: usize = 2_048;

/// A way to the provider and back.
pub(super) struct Journey {
    word: String,
    /// In seconds since 1970.
    until: i64,
    next: String,
}

impl Journey {
    /// Begins one that leads to `next` in the end.
    pub(super) fn begin(next: &str, now: DateTime<Utc>) -> Result<Self, String> {
        let word = NewWord::make("")?.word;
        Ok(Self {
            word: word.expose_secret().to_owned(),
            until: (now + LASTS).timestamp(),
            next: next.to_owned(),
        })
    }

    /// What the browser carries.
    pub(super) fn carried(&self) -> String {
        let next = percent_encoding::utf8_percent_encode(&self.next, percent_encoding::NON_ALPHANUMERIC);
        format!("{}.{}.{next}", self.word, self.until)
    }

    /// What a browser carries, as long as the journey lasts.
    pub(super) fn parse(carried: &str, now: DateTime<Utc>) -> Option<Self> {
        let mut parts = (carried.len() <= LONGEST).then(|| carried.splitn(3, '.'))?;
        let (word, until, next) = (parts.next()?, parts.next()?, parts.next()?);
        let is_word = word.len() == 64 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
        let until: i64 = until.parse().ok()?;
        let left = until.checked_sub(now.timestamp())?;
        if !is_word || left <= 0 || left > LASTS.num_seconds() {
            return None;
        }
        let next = percent_encoding::percent_decode_str(next).decode_utf8().ok()?.into_owned();
        Some(Self {
            word: word.to_owned(),
            until,
            next,
        })
    }

    /// Where it leads in the end.
    pub(super) fn next(&self) -> &str {
        &self.next
    }

    /// By this the provider's answer is known to be one to this journey.
    pub(super) fn state(&self) -> String {
        self.part("state")
    }

    /// This the provider signs.
    pub(super) fn nonce(&self) -> String {
        self.part("nonce")
    }

    /// This the provider wants to hear from whoever brings the code (PKCE).
    pub(super) fn verifier(&self) -> String {
        self.part("verifier")
    }

    pub(super) fn is_known_by(&self, state: &str) -> bool {
        self.state().as_bytes().ct_eq(state.as_bytes()).into()
    }

    fn part(&self, of: &str) -> String {
        let Self { word, until, next } = self;
        hex(&Sha256::digest(format!("rotaline oidc {of}\n{word}\n{until}\n{next}")))
    }
}
