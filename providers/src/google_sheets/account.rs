//! The service account: who we are at Google, and how often we may try. It must not know what a cell is.

use super::bounded::Connector;
use super::key;
use super::refusal::Failure;
use super::tokens::{Permission, Token, Tokens};
use crate::SourceError;
use crate::http::{Base, Http};
use chrono::{DateTime, Utc};
use secrecy::SecretString;
use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;

/// While an answer is taken apart the SDK needs up to 3 KB for each cell, so not many are at once.
const READS_AT_ONCE: usize = 2;
/// An address that does not take a connection in this time will not take one.
const CONNECT: Duration = Duration::from_secs(10);

/// What reading from Google takes.
#[derive(Debug)]
pub struct GoogleAccess {
    /// The key of a service account: the JSON text of the file that Google Cloud gives.
    pub key: SecretString,
    /// Where the Sheets API is: `https://sheets.googleapis.com`.
    pub sheets: Base,
    /// Where the Drive API is: `https://www.googleapis.com`.
    pub drive: Base,
    /// Where tokens come from; else it is the key that says so.
    pub token_uri: Option<Base>,
    /// How long one request may take, from connecting to the last byte.
    pub patience: Duration,
}

/// A service account, known at Google by its key. Clones share their tokens.
#[derive(Clone)]
pub struct GoogleAccount(Arc<Account>);

struct Account {
    address: String,
    sheets: Base,
    drive: Base,
    patience: Duration,
    time: fn() -> DateTime<Utc>,
    tokens: Tokens,
    connector: Connector,
    http: Http,
    reads: Semaphore,
}

impl fmt::Debug for GoogleAccount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("GoogleAccount").field(&self.0.address).finish()
    }
}

impl GoogleAccount {
    /// Reads the key; nothing is asked of Google yet.
    ///
    /// # Errors
    /// `Auth` where the key is none.
    pub fn new(access: GoogleAccess, time: fn() -> DateTime<Utc>) -> Result<Self, SourceError> {
        let GoogleAccess {
            key,
            sheets,
            drive,
            token_uri,
            patience,
        } = access;
        let key = key::read(&key, token_uri.as_ref()).map_err(SourceError::Auth)?;
        let connect = patience.min(CONNECT);
        let connector = |base: Option<&Base>| Connector::new(connect, base.is_some_and(Base::is_this_machine));
        let tokens_base = Base::parse(&key.token_uri).ok();
        Ok(Self(Arc::new(Account {
            address: key.client_email.clone(),
            tokens: Tokens::new(key, &connector(tokens_base.as_ref())?, patience)?,
            connector: connector(Some(&sheets))?,
            http: Http::new(patience, time)?,
            reads: Semaphore::new(READS_AT_ONCE),
            sheets,
            drive,
            patience,
            time,
        })))
    }

    /// The account's e-mail address, which spreadsheets are shared with.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.0.address
    }

    pub(super) fn sheets(&self) -> &Base {
        &self.0.sheets
    }

    pub(super) fn drive(&self) -> &Base {
        &self.0.drive
    }

    pub(super) fn patience(&self) -> Duration {
        self.0.patience
    }

    pub(super) fn now(&self) -> DateTime<Utc> {
        (self.0.time)()
    }

    pub(super) fn http(&self) -> &Http {
        &self.0.http
    }

    pub(super) fn connector(&self) -> &Connector {
        &self.0.connector
    }

    pub(super) fn reads(&self) -> &Semaphore {
        &self.0.reads
    }

    /// Signs in, without a request to follow.
    pub(super) async fn sign_in(&self, permission: Permission) -> Result<(), SourceError> {
        self.0.tokens.token(permission, None).await.map(|_| ())
    }

    /// Makes a request with a token; once more with a new one if Google does not take the first.
    pub(super) async fn with_token<T, F>(&self, permission: Permission, request: impl Fn(Token) -> F) -> Result<T, Failure>
    where
        F: Future<Output = Result<T, Failure>>,
    {
        let token = self.0.tokens.token(permission, None).await?;
        match request(token.clone()).await {
            Err(Failure::TokenRefused) => request(self.0.tokens.token(permission, Some(&token)).await?).await,
            done => done,
        }
    }
}
