//! Passwords: hashed by Argon2id, compared off the threads that answer, a few at a time. Each comparison takes 19 MiB and some
//! tens of milliseconds on purpose.

use argon2::password_hash::phc;
use argon2::{Argon2, Params, PasswordHasher as _, PasswordVerifier as _};
use secrecy::{ExposeSecret as _, SecretString};
use std::fmt;
use std::time::Duration;
use tokio::sync::Semaphore;

/// A shorter one is guessed, in characters.
pub const SHORTEST_PASSWORD: usize = 12;
/// A longer one is not read, in characters.
pub const LONGEST_PASSWORD: usize = 128;

/// So many are compared at once.
const AT_ONCE: usize = 2;
/// So many more wait for that.
const WAITING: usize = 32;
/// And for so long.
const PATIENCE: Duration = Duration::from_secs(5);
/// Nobody is made to spend more than this on one comparison: 256 MiB, ten passes, eight lanes.
const MOST: (u32, u32, u32) = (256 * 1024, 10, 8);

/// What is compared where there is nobody of this name, so that it takes as long: the hash of nothing that anybody knows, with the
/// parameters of ours.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5IG9mIHRoaXMgbmFtZQ$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// The hash of a password, as a PHC string. Does not print itself.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash(String);

/// Compares passwords.
#[derive(Debug)]
pub(super) struct Passwords {
    queue: Semaphore,
    at_once: std::sync::Arc<Semaphore>,
}

/// Too many want to sign in at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Busy;

impl PasswordHash {
    /// Argon2id, with bounds on what a comparison takes.
    ///
    /// # Errors
    /// What was seen, in words.
    pub fn parse(text: &str) -> Result<Self, String> {
        let hash = phc::PasswordHash::new(text).map_err(|_| "no PHC string".to_owned())?;
        if hash.algorithm.as_str() != "argon2id" || hash.hash.is_none() || hash.salt.is_none() {
            return Err("a hash that is not by Argon2id".to_owned());
        }
        let params = Params::try_from(&hash).map_err(|_| "parameters that Argon2 does not have".to_owned())?;
        if params.m_cost() > MOST.0 || params.t_cost() > MOST.1 || params.p_cost() > MOST.2 {
            return Err("a hash that takes more than 256 MiB, 10 passes or 8 lanes".to_owned());
        }
        Ok(Self(text.to_owned()))
    }

    /// Of a password. Takes a while: not among what answers.
    ///
    /// # Errors
    /// Where this machine gives no random numbers or no memory, in words.
    pub fn of(password: &SecretString) -> Result<Self, String> {
        let hash = Argon2::default().hash_password(password.expose_secret().as_bytes());
        Ok(Self(
            hash.map_err(|fault| format!("the password cannot be hashed: {fault}"))?.to_string(),
        ))
    }

    /// As it is kept.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn is_of(&self, password: &SecretString) -> bool {
        let Ok(hash) = phc::PasswordHash::new(&self.0) else {
            return false;
        };
        Argon2::default()
            .verify_password(password.expose_secret().as_bytes(), &hash)
            .is_ok()
    }
}

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordHash")
    }
}

/// Whether somebody may choose this password.
///
/// # Errors
/// What is allowed, in words.
pub fn judge_password(password: &SecretString) -> Result<(), String> {
    let length = password.expose_secret().chars().count();
    if (SHORTEST_PASSWORD..=LONGEST_PASSWORD).contains(&length) {
        return Ok(());
    }
    Err(format!(
        "A password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters; this one has {length}. Some words in a row are easy to keep in mind"
    ))
}

impl Default for Passwords {
    fn default() -> Self {
        Self {
            queue: Semaphore::new(AT_ONCE + WAITING),
            at_once: std::sync::Arc::new(Semaphore::new(AT_ONCE)),
        }
    }
}

impl Passwords {
    /// Whether this is the password with this hash; never, where there is none, which takes as long.
    pub(super) async fn is(&self, password: SecretString, hash: Option<PasswordHash>) -> Result<bool, Busy> {
        let exists = hash.is_some();
        let hash = hash.unwrap_or_else(|| PasswordHash(NOBODY.to_owned()));
        let is_it = self.off_the_threads(move || hash.is_of(&password)).await?;
        Ok(is_it && exists)
    }

    /// The hash of a password that somebody has chosen.
    pub(super) async fn hash(&self, password: SecretString) -> Result<Result<PasswordHash, String>, Busy> {
        self.off_the_threads(move || PasswordHash::of(&password)).await
    }

    async fn off_the_threads<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Busy> {
        let _waiting = self.queue.try_acquire().map_err(|_| Busy)?;
        let place = tokio::time::timeout(PATIENCE, std::sync::Arc::clone(&self.at_once).acquire_owned());
        let place = place.await.map_err(|_| Busy)?.map_err(|_| Busy)?;
        // The place is kept until the work is done, also where nobody waits for it any more.
        let done = tokio::task::spawn_blocking(move || {
            let done = work();
            drop(place);
            done
        });
        done.await.map_err(|_| Busy)
    }
}
