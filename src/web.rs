//! What people and programs see: the page, the JSON interface, the monitors.
//!
//! It reads, and keeps what people tell it: that a callback is done, that somebody is away (whoever is rung is rung by
//! somebody else, through [`TestLine`] and [`CallbackLine`]). It must not know the carrier,
//! nor decide anything about calls, nor who may do what, which it asks `access`. Whatever it shows is escaped, and phone
//! numbers are masked.

mod account;
mod api;
mod audit;
mod board;
mod callbacks;
mod calls;
mod description;
mod duties;
mod events;
mod fault;
mod feeds;
mod files;
mod gauges;
mod guard;
mod headers;
mod judgement;
mod masking;
mod monitors;
mod numbers;
mod oidc;
mod page;
mod presence;
mod recordings;
mod sessions;
mod sign_in;
mod story;
mod test_line;
#[cfg(test)]
mod tests;
mod time_line;
mod times;
mod visitor;
mod ways;

use crate::access::Access;
use crate::call::HotlineName;
use crate::clock::Clock;
use crate::peer::Budget;
use crate::roster::{Phone, Responder};
use crate::store::Store;
use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use chrono::{DateTime, TimeDelta, Utc};
use sessions::Cookies;
use std::sync::Arc;
use tokio::sync::{Semaphore, watch};
use tokio_util::sync::CancellationToken;
use tower::{ServiceExt as _, service_fn};
use tower_http::catch_panic::CatchPanicLayer;

pub use callbacks::{CallbackLine, Ringing};
pub use calls::call_story;
pub use fault::{refusal, worded};
pub use feeds::FeedLinks;
pub use gauges::measure;
pub use monitors::CertificateState;
pub use recordings::{NotPlayed, Playback, Player, Sound};
pub use sign_in::link_path;
pub use test_line::{Choice, Heard, TestCall, TestLine, TestPerson};

/// A hotline as the page presents it.
#[derive(Clone, Debug)]
pub struct Hotline {
    /// Its short name, as in addresses.
    pub name: HotlineName,
    /// Its name for people.
    pub title: String,
    /// Its public numbers.
    pub numbers: Vec<Phone>,
    /// Rung when the plan is exhausted, whoever the sheet names for that; none to leave it to the sheet.
    pub last_resort: Option<Responder>,
    /// A rota not checked for longer than this makes the hotline ail.
    pub stale_after: TimeDelta,
}

/// How much of everything.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// How many may follow the events at once.
    pub followers: usize,
}

/// What the room works with; clones share it.
#[derive(Clone)]
pub struct WebState {
    store: Store,
    access: Access,
    hotlines: Arc<[Hotline]>,
    clock: Clock,
    test_line: Option<Arc<dyn TestLine>>,
    /// None where nothing can be heard.
    playback: Option<Playback>,
    callback_line: Option<Arc<dyn CallbackLine>>,
    /// None where somebody before us encrypts, or nobody.
    certificate: Option<watch::Receiver<CertificateState>>,
    /// By which address people open the page, where that is known.
    address: Arc<dyn Fn() -> Option<String> + Send + Sync>,
    /// How often each client is sent to the identity provider, and back.
    journeys: Budget,
    followers: Arc<Semaphore>,
    shutdown: CancellationToken,
    started_at: DateTime<Utc>,
}

/// Each client sets out to the identity provider, and comes back, so often in a minute, and so often at once.
const JOURNEYS: (u32, u32) = (60, 40);

impl Default for Limits {
    fn default() -> Self {
        Self { followers: 64 }
    }
}

impl WebState {
    /// `shutdown` ends the streams of events, which would otherwise keep a stopping server waiting for ever.
    #[must_use]
    pub fn new(
        store: Store,
        access: Access,
        hotlines: Vec<Hotline>,
        clock: Clock,
        test_line: Option<Arc<dyn TestLine>>,
        limits: Limits,
        shutdown: CancellationToken,
    ) -> Self {
        let followers = Arc::new(Semaphore::new(limits.followers));
        let started_at = clock.now();
        Self {
            store,
            access,
            hotlines: hotlines.into(),
            clock,
            test_line,
            playback: None,
            callback_line: None,
            certificate: None,
            address: Arc::new(|| None),
            journeys: Budget::new(JOURNEYS.0, JOURNEYS.1),
            followers,
            shutdown,
            started_at,
        }
    }

    /// Recordings are played to whoever may listen.
    #[must_use]
    pub fn playing(self, playback: Playback) -> Self {
        let playback = Some(playback);
        Self { playback, ..self }
    }

    /// Monitors are told how this certificate stands.
    #[must_use]
    pub fn showing(self, certificate: Option<watch::Receiver<CertificateState>>) -> Self {
        Self { certificate, ..self }
    }

    /// People open the page by this address, as soon as it is known.
    #[must_use]
    pub fn opened_by(self, address: Arc<dyn Fn() -> Option<String> + Send + Sync>) -> Self {
        Self { address, ..self }
    }

    /// Callbacks can be made from the page, by this.
    #[must_use]
    pub fn with_callbacks(self, line: Arc<dyn CallbackLine>) -> Self {
        Self {
            callback_line: Some(line),
            ..self
        }
    }
}

/// The page, the JSON interface and the monitors. It owns the fallback for paths that nobody serves. There is one for each kind of
/// cookies, and each request goes to the one that suits it.
pub fn router(state: WebState) -> Router {
    let [secure, plain] = [Cookies::Secure, Cookies::Plain].map(|cookies| router_with(state.clone(), cookies));
    let choosing = service_fn(move |request: Request| {
        let router = match Cookies::of(request.headers(), request.extensions().get()) {
            Cookies::Secure => secure.clone(),
            Cookies::Plain => plain.clone(),
        };
        router.oneshot(request)
    });
    Router::new().fallback_service(choosing)
}

fn router_with(state: WebState, cookies: Cookies) -> Router {
    ways::router(&state)
        .fallback(fault::not_found)
        .method_not_allowed_fallback(fault::wrong_method)
        .layer(DefaultBodyLimit::max(16 * 1024))
        .layer(cookies.layer(state.access.clone()))
        .layer(CatchPanicLayer::custom(fault::panicked))
        .layer(axum::middleware::map_response(headers::add))
        .with_state(state)
}
