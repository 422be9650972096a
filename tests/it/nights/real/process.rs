//! One process on the night's store: the doors, the switchboard behind them, and its work, step by step.

use super::super::desk::{ACCOUNT, BASE, hotline};
use super::super::door::Door;
use super::super::scenario::{Person, Scenario};
use super::wire::Wire;
use axum::body::{Body, to_bytes};
use axum::http::Request;
use axum::http::header::CONTENT_TYPE;
use rotaline::call::HotlineName;
use rotaline::clock::Clock;
use rotaline::phrases::Speech;
use rotaline::simulator::posting::{WebhookReply, WebhookRequest};
use rotaline::store::{Alone, Store};
use rotaline::switchboard::{Desk, Line, Pacing, Steps, Switchboard};
use rotaline::twilio::address::BaseUrl;
use rotaline::twilio::public_url::PublicUrl;
use rotaline::twilio::verified::Verifier;
use rotaline::twilio::{TwilioState, router, signature};
use std::path::Path;
use std::sync::Arc;
use tower::ServiceExt as _;
use url::form_urlencoded;

const TOKEN: &str = "3f7a1c0e9b5d48d6a2e4f60718293a4b";
const LONGEST_ANSWER: usize = 1 << 20;

pub(super) struct Process {
    /// Names it among all of the night.
    pub(super) life: u64,
    pub(super) switchboard: Switchboard,
    pub(super) steps: Steps,
    doors: axum::Router,
    _alone: Option<Alone>,
}

pub(super) fn lab() -> HotlineName {
    HotlineName("lab & co".into())
}

/// Those that callers are led to.
pub(super) fn hotlines(scenario: &Scenario) -> Vec<HotlineName> {
    let menu = scenario.door.as_ref().and_then(|door| door.menu.as_ref());
    match menu {
        Some(menu) => menu.choices.values().chain([&menu.otherwise]).cloned().collect(),
        None => vec![lab()],
    }
}

fn served(scenario: &Scenario) -> Desk {
    let line = |name| Line {
        name,
        numbers: vec![hotline()],
        rules: scenario.rules.clone(),
        last_resort: scenario.last_resort.as_ref().map(Person::responder),
        reception: scenario.door.as_ref().map(Door::reception).unwrap_or_default(),
    };
    Desk {
        hotlines: hotlines(scenario).into_iter().map(line).collect(),
        menus: scenario.door.iter().filter_map(|door| door.menu.clone()).collect(),
        most_calls: 0,
    }
}

impl Process {
    /// Starts as the service does; the lock is what tells that nobody else serves this store.
    pub(super) async fn start(scenario: &Scenario, store: Store, wire: Arc<Wire>, clock: Clock, life: u64, lock: Option<&Path>) -> Self {
        let alone = match lock {
            Some(path) => Some(store.alone(path, clock.now()).await.unwrap().unwrap()),
            None => None,
        };
        let switchboard = Switchboard::new(store, wire, served(scenario), Pacing::default(), clock);
        switchboard.have_rotas_at_hand().await;
        let public_url = PublicUrl::known(BaseUrl::parse(BASE).unwrap());
        let verifier = Verifier::new(ACCOUNT.to_owned(), vec![TOKEN.into()], vec![hotline()], public_url).unwrap();
        let doors = router(TwilioState {
            switchboard: switchboard.clone(),
            verifier,
            speech: Speech::default(),
        });
        let steps = switchboard.by_hand(life << 32 | 1).await;
        Self {
            life,
            switchboard,
            steps,
            doors,
            _alone: alone,
        }
    }

    /// The answer to a webhook, signed as the carrier signs it.
    pub(super) async fn answer(doors: axum::Router, request: WebhookRequest) -> WebhookReply {
        let body = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(request.form.iter())
            .finish();
        let path = request.url.strip_prefix(BASE).unwrap();
        let posted = Request::post(path)
            .header("X-Twilio-Signature", signature::sign(TOKEN, &request.url, &request.form))
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(body))
            .unwrap();
        let answer = doors.oneshot(posted).await.unwrap();
        let status = answer.status().as_u16();
        let content_type = answer.headers().get(CONTENT_TYPE).map(|value| value.to_str().unwrap().to_owned());
        let body = to_bytes(answer.into_body(), LONGEST_ANSWER).await.unwrap();
        WebhookReply {
            status,
            content_type,
            body: String::from_utf8(body.to_vec()).unwrap(),
        }
    }

    pub(super) fn doors(&self) -> axum::Router {
        self.doors.clone()
    }
}
