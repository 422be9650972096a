//! Access tokens of the service account: one request for a token at a time however many ask, an end to every wait,
//! and a new token where Google no longer takes the one it gave. It must not know what tokens are used for.

use super::bounded::{Bound, Bounded, Connector};
use crate::SourceError;
use crate::http::quotable;
use secrecy::{ExposeSecret, SecretString};
use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;
use tokio::sync::Mutex;
use yup_oauth2::authenticator::Authenticator;
use yup_oauth2::error::{AuthError, AuthErrorCode};
use yup_oauth2::{CustomHyperClientBuilder, Error, ServiceAccountAuthenticator, ServiceAccountKey};

/// A token is 1 or 2 KiB long.
const ANSWER: Bound = Bound {
    bytes: 256 << 10,
    braces: 10_000,
};
const LONGEST: usize = 16 << 10;

/// What a token is for. They are kept apart, so that an organisation that does not let us look at files
/// still lets us read cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Permission {
    Cells,
    Changes,
}

/// Opens one door for about an hour.
#[derive(Clone)]
pub(super) struct Token(SecretString);

/// The tokens of one account.
pub(super) struct Tokens {
    google: Authenticator<Bounded>,
    address: String,
    patience: Duration,
    /// Held by whoever asks for a token to read cells.
    cells: Mutex<()>,
    /// Held by whoever asks for a token to look at files.
    changes: Mutex<()>,
}

impl Permission {
    /// The least that will do.
    pub(super) fn scope(self) -> &'static str {
        match self {
            Self::Cells => "https://www.googleapis.com/auth/spreadsheets.readonly",
            Self::Changes => "https://www.googleapis.com/auth/drive.metadata.readonly",
        }
    }
}

impl Token {
    /// The SDK panics on a token that cannot stand in a header.
    fn new(text: Option<&str>) -> Option<Self> {
        let text = text?;
        let is_sound = !text.is_empty() && text.len() <= LONGEST && text.chars().all(|character| character.is_ascii_graphic());
        is_sound.then(|| Self(SecretString::from(text)))
    }

    pub(super) fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl Tokens {
    /// Asks for nothing yet.
    ///
    /// # Errors
    /// In words, where the private key is none.
    pub(super) fn new(key: ServiceAccountKey, connector: &Connector, patience: Duration) -> Result<Self, SourceError> {
        let address = key.client_email.clone();
        let (client, _) = connector.client::<String>(ANSWER);
        let building = ServiceAccountAuthenticator::with_client(key, CustomHyperClientBuilder::from(client)).build();
        Ok(Self {
            google: at_once(building)?,
            address,
            patience,
            cells: Mutex::new(()),
            changes: Mutex::new(()),
        })
    }

    /// A token that Google should take. `refused` is one that it has not taken; everybody else who was refused
    /// with it gets the new one.
    pub(super) async fn token(&self, permission: Permission, refused: Option<&Token>) -> Result<Token, SourceError> {
        let scopes = [permission.scope()];
        let asking = async {
            let _one_at_a_time = self.gate(permission).lock().await;
            let kept = Token::new(self.google.token(&scopes).await?.token());
            let refused = refused.map(Token::expose);
            match kept {
                Some(token) if refused != Some(token.expose()) => Ok(Some(token)),
                Some(_) | None => Ok(Token::new(self.google.force_refreshed_token(&scopes).await?.token())),
            }
        };
        match tokio::time::timeout(self.patience, Box::pin(asking)).await {
            Ok(Ok(Some(token))) => Ok(token),
            Ok(Ok(None)) => Err(SourceError::Transient(
                "Google answered a sign-in with something that is no token".into(),
            )),
            Ok(Err(fault)) => Err(self.words(&fault, permission)),
            Err(_) => Err(SourceError::Transient(format!(
                "Google's sign-in did not answer within {} s",
                self.patience.as_secs_f32()
            ))),
        }
    }

    const fn gate(&self, permission: Permission) -> &Mutex<()> {
        match permission {
            Permission::Cells => &self.cells,
            Permission::Changes => &self.changes,
        }
    }

    fn words(&self, fault: &Error, permission: Permission) -> SourceError {
        match fault {
            Error::AuthError(refusal) => self.refused(refusal, permission),
            Error::JSONError(_) => SourceError::Transient(
                "Google's sign-in answered with something that is no token; a proxy or a sign-in page may stand in between".into(),
            ),
            Error::HttpError(_) | Error::HttpClientError(_) => {
                SourceError::Transient("Google's sign-in cannot be reached, or its answer broke off".into())
            }
            Error::UserError(_)
            | Error::LowLevelError(_)
            | Error::MissingAccessToken
            | Error::StorageError(_)
            | Error::CredentialSourceError(_) => SourceError::Transient("signing in to Google brought no token".into()),
        }
    }

    /// The codes are those of RFC 6749, section 5.2; what Google says with them is not promised anywhere, so it only
    /// chooses among our words.
    fn refused(&self, refusal: &AuthError, permission: Permission) -> SourceError {
        let address = &self.address;
        let said = refusal.error_description.as_deref().unwrap_or_default().to_lowercase();
        let about = |word: &str| said.contains(word);
        match &refusal.error {
            AuthErrorCode::InvalidGrant if about("short-lived") || about("iat") || about("timeframe") => SourceError::Auth(
                "Google does not take the time that our sign-in names: this machine's clock is probably wrong. Set it, and keep it right with NTP".into(),
            ),
            AuthErrorCode::InvalidGrant if about("signature") => SourceError::Auth(format!(
                "Google does not know this key of {address}: it was probably deleted. Make a new one and put it in its place"
            )),
            AuthErrorCode::InvalidGrant if about("account") || about("email") => SourceError::Auth(format!(
                "Google knows no account {address}: it was probably deleted or disabled"
            )),
            AuthErrorCode::InvalidGrant | AuthErrorCode::InvalidClient | AuthErrorCode::ExpiredToken => SourceError::Auth(format!(
                "Google refuses the key of {address} ({}): it was deleted or disabled, or this machine's clock is wrong",
                refusal.error.as_str()
            )),
            AuthErrorCode::UnauthorizedClient | AuthErrorCode::AccessDenied | AuthErrorCode::InvalidScope => SourceError::Auth(format!(
                "Google does not let {address} ask for {} ({})",
                permission.scope(),
                refusal.error.as_str()
            )),
            AuthErrorCode::InvalidRequest | AuthErrorCode::UnsupportedGrantType => SourceError::Auth(format!(
                "Google does not understand the sign-in of {address} ({}); is token_uri the right address?",
                refusal.error.as_str()
            )),
            AuthErrorCode::Other(code) => {
                SourceError::Transient(format!("Google's sign-in answered \"{}\"", quotable(code).chars().take(40).collect::<String>()))
            }
        }
    }
}

/// The builder is asynchronous for keys and tokens kept in files; ours are not, so it is done when first looked at.
fn at_once(building: impl Future<Output = std::io::Result<Authenticator<Bounded>>>) -> Result<Authenticator<Bounded>, SourceError> {
    match pin!(building).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(Ok(built)) => Ok(built),
        Poll::Ready(Err(_)) => Err(SourceError::Auth(
            "the private_key in the key cannot be read; it may have been cut short or changed. Take the JSON file as Google gave it".into(),
        )),
        Poll::Pending => Err(SourceError::Transient("the key was not read at once".into())),
    }
}
