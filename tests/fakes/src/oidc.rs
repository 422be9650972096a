//! An identity provider (OpenID Connect) that lets one person in at once: discovery, keys, the door for browsers, the token endpoint.
//! Answers follow OpenID Connect Core and Discovery 1.0, RFC 6749 and RFC 7636. It checks what a careful provider checks, and
//! plays what a hostile or broken one does: [`Mischief`].

mod answering;
mod signing;

use crate::clock::Clock;
use crate::faults::Faults;
use crate::journal::Journal;
use crate::server::Server;
use answering::Front;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};

/// As whom rotaline is known here.
pub const CLIENT_ID: &str = "rotaline-test";
/// By what it proves that; with what has to be encoded on the way.
pub const CLIENT_SECRET: &str = "Test only: secret/of+the=fake provider";

/// What a request is for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Route {
    /// Any of the others.
    Any,
    /// `GET /.well-known/openid-configuration`.
    Document,
    /// `GET /keys`.
    Keys,
    /// `GET /authorize`, asked for by a browser.
    Door,
    /// `POST /token`.
    Token,
}

impl crate::faults::Route for Route {
    fn covers(self, request: Route) -> bool {
        match self {
            Route::Any => true,
            Route::Document | Route::Keys | Route::Door | Route::Token => self == request,
        }
    }
}

/// What a provider must not do, and some do.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Mischief {
    /// The token is for another sign-in.
    WrongNonce,
    /// The token is for another client.
    WrongAudience,
    /// The token is for this client and another.
    TwoAudiences,
    /// The token is by another provider.
    WrongIssuer,
    /// The token has ended.
    Expired,
    /// Signed by a key that is not told, under the name of one that is.
    OtherKey,
    /// Not signed at all.
    NotSigned,
    /// Signed by HMAC, with the public key that everybody knows.
    PublicKeyAsSecret,
    /// Signed by HMAC, with the client secret.
    SecretAsKey,
    /// No token of identity at all.
    NoIdentity,
    /// The browser is sent back with an error.
    Denied,
    /// A code is good more than once.
    CodesForEver,
    /// Neither the verifier nor the redirect URL is looked at.
    Careless,
    /// The token endpoint sends elsewhere.
    TokenElsewhere(String),
    /// The document is another provider's.
    OtherDocument,
    /// The token endpoint is somewhere in the open.
    OpenToken,
    /// The keys are somewhere in the open.
    OpenKeys,
}

/// Who is let in.
#[derive(Clone, Debug)]
pub struct Person {
    /// The provider's own name for him.
    pub subject: String,
    /// His address; none, it is not told.
    pub email: Option<String>,
    /// Whether that is verified; none, that is not told.
    pub is_verified: Option<bool>,
    /// By which he signs in.
    pub preferred_username: Option<String>,
}

/// A running provider. It ends when this is dropped.
#[derive(Debug)]
pub struct Oidc {
    server: Server<Front>,
}

/// What was asked for at the door, kept for the code.
#[derive(Clone, Debug)]
struct Asked {
    challenge: String,
    nonce: String,
    redirect: String,
    is_used: bool,
}

#[derive(Debug)]
struct State {
    person: Person,
    redirect: Option<String>,
    mischief: Option<Mischief>,
    codes: BTreeMap<String, Asked>,
    is_rotated: bool,
}

impl Oidc {
    /// Starts on any free port of this machine, for a person with this address.
    pub async fn start(email: &str) -> Oidc {
        let state = State {
            person: Person {
                subject: format!("Subject|{email}"),
                email: Some(email.to_owned()),
                is_verified: Some(true),
                preferred_username: Some(email.split('@').next().unwrap_or_default().to_owned()),
            },
            redirect: None,
            mischief: None,
            codes: BTreeMap::new(),
            is_rotated: false,
        };
        let front = Front::new(Mutex::new(state), Clock::default());
        let server = Server::start(Arc::new(front), "127.0.0.1:0").await;
        server.api().opened(server.url());
        Oidc { server }
    }

    /// Its name, and where it is.
    pub fn issuer(&self) -> String {
        self.server.url()
    }

    /// Registers where people may be sent back to. Until then nobody is.
    pub fn register(&self, redirect: &str) {
        self.state().redirect = Some(redirect.to_owned());
    }

    /// Somebody else signs in from now on, or the same one changed.
    pub fn person(&self, change: impl FnOnce(&mut Person)) {
        change(&mut self.state().person);
    }

    /// From now on it does this; none, it is as it should be.
    pub fn plays(&self, mischief: Option<Mischief>) {
        self.state().mischief = mischief;
    }

    /// Another key signs from now on, and it alone is told.
    pub fn rotate(&self) {
        self.state().is_rotated = true;
    }

    /// What goes wrong on the wire.
    pub fn faults(&self) -> &Faults<Route> {
        self.server.faults()
    }

    /// What came in.
    pub fn journal(&self) -> &Journal {
        self.server.journal()
    }

    /// The time by which tokens end.
    pub fn clock(&self) -> &Clock {
        self.server.api().clock()
    }

    /// Nobody is reached any more, until [`Oidc::open`].
    pub async fn close(&self) {
        self.server.close().await;
    }

    /// Reached again, on the same port.
    pub async fn open(&self) {
        self.server.open().await;
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.server.api().state()
    }
}
