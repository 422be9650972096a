//! The provider: where its doors are, which keys it signs with, and whom it says somebody is. What it signs is judged by
//! `openidconnect`: signature, issuer, audience, time and nonce.

use super::journey::{self, Journey};
use super::wire::{Unheard, Wire};
use super::{Astray, Claim, Oidc, SHOWN, shown};
use chrono::{DateTime, Utc};
use moka::future::Cache;
use openidconnect::core::{
    CoreAuthenticationFlow, CoreClient, CoreClientAuthMethod, CoreIdToken, CoreIdTokenClaims, CoreIdTokenVerifier, CoreJwsSigningAlgorithm,
    CoreProviderMetadata,
};
use openidconnect::{
    AuthType, AuthorizationCode, ClaimsVerificationError, ClientId, ClientSecret, CsrfToken, DiscoveryError, EndpointMaybeSet,
    EndpointNotSet, EndpointSet, IssuerUrl, Nonce, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope, TokenResponse as _,
};
use secrecy::ExposeSecret as _;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;

/// What a provider has told of itself is believed for so long.
const FRESH: Duration = Duration::from_secs(3_600);
/// So many come back at once; whoever comes then may try again.
const AT_ONCE: usize = 16;
/// Of a reason so much is logged.
const LOGGED: usize = 300;
/// So many journeys are remembered as over.
const MOST_OVER: u64 = 100_000;

/// With a key that the provider alone has: never "none", never by a word that we have as well.
const SIGNATURES: [CoreJwsSigningAlgorithm; 9] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::RsaSsaPssSha384,
    CoreJwsSigningAlgorithm::RsaSsaPssSha512,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EcdsaP384Sha384,
    CoreJwsSigningAlgorithm::EdDsa,
];

type Client = CoreClient<EndpointSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointMaybeSet, EndpointMaybeSet>;

/// The identity provider.
pub(in crate::access) struct Provider {
    settings: Oidc,
    /// One entry: what it has told of itself. Of many who want it at once one asks.
    told: Cache<(), Arc<Told>>,
    /// The journeys that are over.
    over: Cache<String, ()>,
    at_once: Semaphore,
}

struct Told {
    document: CoreProviderMetadata,
    wire: Wire,
}

impl Provider {
    pub(in crate::access) fn new(settings: Oidc) -> Self {
        let lasts = journey::LASTS.to_std().unwrap_or(FRESH);
        Self {
            settings,
            told: Cache::builder().max_capacity(1).time_to_live(FRESH).build(),
            over: Cache::builder().max_capacity(MOST_OVER).time_to_live(lasts).build(),
            at_once: Semaphore::new(AT_ONCE),
        }
    }

    pub(super) const fn settings(&self) -> &Oidc {
        &self.settings
    }

    /// Where somebody signs in there, to come back to `return_to`.
    pub(super) async fn door(&self, journey: &Journey, return_to: &str) -> Result<String, Astray> {
        let told = self.told().await?;
        let client = self.client(&told, return_to)?;
        let (state, nonce) = (journey.state(), journey.nonce());
        let verifier = PkceCodeVerifier::new(journey.verifier());
        let request = client.authorize_url(
            CoreAuthenticationFlow::AuthorizationCode,
            || CsrfToken::new(state),
            || Nonce::new(nonce),
        );
        let scopes = self.settings.scopes.iter().cloned().map(Scope::new);
        let challenge = PkceCodeChallenge::from_code_verifier_sha256(&verifier);
        let (url, _, _) = request.add_scopes(scopes).set_pkce_challenge(challenge).url();
        Ok(url.into())
    }

    /// Whether nobody has come back from this journey before. From now on somebody has.
    pub(super) async fn is_first(&self, journey: &Journey) -> bool {
        self.over.entry(journey.state()).or_insert(()).await.is_fresh()
    }

    /// Whom the provider says somebody is, for a code.
    pub(super) async fn identify(&self, journey: &Journey, code: &str, return_to: &str, now: DateTime<Utc>) -> Result<String, Astray> {
        let _place = self.at_once.try_acquire().map_err(|_| Astray::Busy)?;
        let told = self.told().await?;
        let token = self.exchanged(&told, journey, code, return_to).await?;
        let nonce = Nonce::new(journey.nonce());
        let claims = match token.claims(&self.verifier(&told, now), &nonce) {
            // Perhaps the provider has changed its keys.
            Err(ClaimsVerificationError::SignatureVerification(fault)) => {
                tracing::info!(%fault, "the identity provider is asked for its keys anew");
                self.told.invalidate(&()).await;
                let told = self.told().await?;
                token.claims(&self.verifier(&told, now), &nonce).cloned()
            }
            judged => judged.cloned(),
        };
        let claims = claims.map_err(|fault| {
            tracing::warn!(%fault, "what the identity provider has signed is not believed");
            Astray::Unproven
        })?;
        named(&claims, self.settings.claim)
    }

    async fn exchanged(&self, told: &Told, journey: &Journey, code: &str, return_to: &str) -> Result<CoreIdToken, Astray> {
        let client = self.client(told, return_to)?;
        let request = client.exchange_code(AuthorizationCode::new(code.to_owned()));
        let request = request.map_err(|fault| silent(&fault))?;
        let verifier = PkceCodeVerifier::new(journey.verifier());
        let answer = request.set_pkce_verifier(verifier).request_async(&told.wire).await;
        let answer = answer.map_err(|fault| match fault {
            openidconnect::RequestTokenError::ServerResponse(refusal) => {
                let word = shown(refusal.error().as_ref(), SHOWN);
                tracing::warn!(word, "the identity provider gives nothing for a code");
                Astray::Refused(word)
            }
            openidconnect::RequestTokenError::Request(fault) => silent(&fault),
            openidconnect::RequestTokenError::Parse(fault, _) => silent(&fault),
            openidconnect::RequestTokenError::Other(fault) => silent(&fault),
        })?;
        answer.id_token().cloned().ok_or_else(|| silent(&"it says nothing of who it is"))
    }

    fn client(&self, told: &Told, return_to: &str) -> Result<Client, Astray> {
        let Oidc {
            client_id, client_secret, ..
        } = &self.settings;
        let secret = ClientSecret::new(client_secret.expose_secret().to_owned());
        let return_to = RedirectUrl::new(return_to.to_owned()).map_err(|fault| silent(&fault))?;
        let client = CoreClient::from_provider_metadata(told.document.clone(), ClientId::new(client_id.clone()), Some(secret));
        let ways = told.document.token_endpoint_auth_methods_supported();
        let is_in_form = ways.is_some_and(|ways| {
            ways.contains(&CoreClientAuthMethod::ClientSecretPost) && !ways.contains(&CoreClientAuthMethod::ClientSecretBasic)
        });
        let way = if is_in_form { AuthType::RequestBody } else { AuthType::BasicAuth };
        Ok(client.set_auth_type(way).set_redirect_uri(return_to))
    }

    fn verifier(&self, told: &Told, now: DateTime<Utc>) -> CoreIdTokenVerifier<'static> {
        let client = ClientId::new(self.settings.client_id.clone());
        let (issuer, keys) = (told.document.issuer().clone(), told.document.jwks().clone());
        CoreIdTokenVerifier::new_public_client(client, issuer, keys)
            .set_allowed_algs(SIGNATURES)
            .set_time_fn(move || now)
    }

    async fn told(&self) -> Result<Arc<Told>, Astray> {
        let told = self.told.try_get_with((), Told::ask(&self.settings.issuer)).await;
        told.map_err(|fault| silent(&fault))
    }
}

impl Told {
    /// What the provider with this issuer tells of itself, with its keys. That it is the one is checked on the way.
    async fn ask(issuer: &str) -> Result<Arc<Self>, Unusable> {
        let wire = Wire::to(issuer)?;
        let address = IssuerUrl::new(issuer.to_owned()).map_err(|_| Unusable::NoDoor("issuer"))?;
        let document = CoreProviderMetadata::discover_async(address, &wire).await?;
        let token = document.token_endpoint().ok_or(Unusable::NoDoor("token_endpoint"))?;
        for (door, url) in [
            ("authorization_endpoint", document.authorization_endpoint().url()),
            ("token_endpoint", token.url()),
        ] {
            if !wire.may(url) {
                return Err(Unusable::NoDoor(door));
            }
        }
        Ok(Arc::new(Self { document, wire }))
    }
}

/// Why nobody can be sent to the provider.
#[derive(Debug, thiserror::Error)]
enum Unusable {
    #[error("no {0} that is an encrypted address")]
    NoDoor(&'static str),
    #[error(transparent)]
    Unheard(#[from] Unheard),
    #[error("{0}{reason}", reason = reason(.0))]
    Document(#[from] DiscoveryError<Unheard>),
}

fn reason(fault: &DiscoveryError<Unheard>) -> String {
    std::error::Error::source(fault).map_or_else(String::new, |inner| format!(": {inner}"))
}

/// The log says why; whoever signs in cannot do anything about it.
fn silent(fault: &dyn std::fmt::Display) -> Astray {
    let fault = shown(&fault.to_string(), LOGGED);
    tracing::error!(fault, "the identity provider cannot be used; passwords and links let in as before");
    Astray::Silent
}

/// That by which somebody is known.
fn named(claims: &CoreIdTokenClaims, claim: Claim) -> Result<String, Astray> {
    let text = match claim {
        Claim::Subject => Some(claims.subject().to_string()),
        Claim::PreferredUsername => claims.preferred_username().map(|name| name.to_string()),
        Claim::Email => claims.email().map(|email| email.to_string()),
    };
    let text = text.filter(|text| !text.is_empty()).ok_or(Astray::Nameless(claim))?;
    if claim == Claim::Email && claims.email_verified() != Some(true) {
        return Err(Astray::Unverified(shown(&text, SHOWN)));
    }
    Ok(text)
}
