//! Several processes of the service on one database of PostgreSQL, behind something that gives each request to the next of
//! them.

mod orders;
mod processes;
mod trouble;

use super::line::until_over;
use super::stage::{self, PATIENCE};
use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use fakes::Postgres;
use rotaline::app::Stage;
use rotaline::call::{Fact, Outcome};
use rotaline::simulator::{CallerHabit, Delay, Habit};
use rotaline::store::Store;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Whoever has not answered by then is asked no longer; the carrier waits for 15 s.
const PATIENCE_AT_A_DOOR: Duration = Duration::from_secs(4);

/// A load balancer that remembers nothing of a call.
#[derive(Clone)]
struct Front {
    doors: Arc<Mutex<Vec<SocketAddr>>>,
    passed: Arc<AtomicUsize>,
    client: reqwest::Client,
}

impl Front {
    async fn open() -> (Self, String) {
        let front = Self {
            doors: Arc::default(),
            passed: Arc::default(),
            client: reqwest::Client::new(),
        };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new().fallback(pass_on).with_state(front.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        (front, address)
    }

    fn leads_to(&self, doors: &[SocketAddr]) {
        *self.doors.lock().unwrap() = doors.to_vec();
    }
}

/// Each request to the next door; where nobody answers there, to the one after it.
async fn pass_on(State(front): State<Front>, request: Request) -> Response {
    let (mut parts, body) = request.into_parts();
    let body = axum::body::to_bytes(body, 1 << 20).await.unwrap();
    parts.headers.remove("host");
    for _ in 0..3 {
        let turn = front.passed.fetch_add(1, Ordering::Relaxed);
        let door = {
            let doors = front.doors.lock().unwrap();
            doors[turn % doors.len()]
        };
        let asked = front
            .client
            .request(parts.method.clone(), format!("http://{door}{}", parts.uri))
            .headers(parts.headers.clone())
            .body(body.clone())
            .timeout(PATIENCE_AT_A_DOOR);
        let Ok(answer) = asked.send().await else { continue };
        let mut response = Response::builder().status(answer.status());
        response.headers_mut().unwrap().extend(answer.headers().clone());
        response.headers_mut().unwrap().remove("transfer-encoding");
        let Ok(body) = answer.bytes().await else { continue };
        return response.body(Body::from(body)).unwrap();
    }
    StatusCode::BAD_GATEWAY.into_response()
}

async fn store(address: &str) -> Store {
    Store::open_postgres(&address.parse().unwrap(), None).await.unwrap()
}

/// Two processes, and what stands in front of them.
async fn two() -> (Stage, rotaline::app::Service, Front) {
    let address = Postgres::shared().database();
    let (front, base) = Front::open().await;
    let (first, second) = (store(&address).await, store(&address).await);
    let stage = stage::set_with(|setting| {
        setting.front = Some(base);
        setting.extras.store = Some(first);
    })
    .await;
    let other = stage.join(second).await.unwrap();
    front.leads_to(&[stage.service().address(), other.address()]);
    (stage, other, front)
}

#[tokio::test(flavor = "multi_thread")]
async fn webhooks_of_one_call_go_to_different_processes() {
    let (stage, other, front) = two().await;
    let after = Delay::between(2_000, 4_000);
    let people = stage.rehearsal().on_call().await.unwrap();
    let habits = [
        Habit::Declines { after },
        Habit::Busy,
        Habit::Accepts { after, talk: None },
        Habit::Accepts { after, talk: None },
    ];
    let caller = CallerHabit {
        talk: Some(Delay::seconds(20)),
        ..CallerHabit::default()
    };
    let mut facts = stage.service().store().subscribe();
    let mut others = other.store().subscribe();
    let call = stage
        .rehearsal()
        .ring(people.into_iter().zip(habits).collect(), caller)
        .await
        .unwrap();
    let outcome = tokio::time::timeout(PATIENCE, until_over(&mut facts)).await.unwrap();
    assert_eq!(outcome, Outcome::Served);
    let simulator = stage.rehearsal().simulator();
    let quiet = simulator.until(|network| network.leftovers().is_empty());
    tokio::time::timeout(PATIENCE, quiet).await.unwrap();
    stage.rehearsal().simulator().look(|network| {
        let dialled = network.dialled();
        assert_eq!(dialled, ["+61491570156", "+61491570157", "+61491570158"], "each of them once");
        assert_eq!(network.talks().len(), 1);
        assert_eq!(network.faults(), []);
    });
    assert!(front.passed.load(Ordering::Relaxed) >= 8, "both had to do with it");
    assert_eq!(
        tokio::time::timeout(PATIENCE, until_over(&mut others)).await.unwrap(),
        Outcome::Served
    );
    assert_eq!(other.store().story(call).await, stage.service().store().story(call).await);
    other.stop().await;
    stage.strike().await;
}

/// As when processes are replaced one after the other: the caller hears nothing of it.
#[tokio::test(flavor = "multi_thread")]
async fn a_process_that_goes_away_in_the_middle_of_a_call_leaves_it_to_the_other() {
    let (stage, other, front) = two().await;
    let after = Delay::between(8_000, 9_000);
    let people = stage.rehearsal().on_call().await.unwrap();
    let habits = [
        Habit::Declines { after },
        Habit::Accepts { after, talk: None },
        Habit::Busy,
        Habit::Busy,
    ];
    let caller = CallerHabit {
        talk: Some(Delay::seconds(20)),
        ..CallerHabit::default()
    };
    let mut facts = stage.service().store().subscribe();
    // The call begins at the one that goes.
    front.leads_to(&[other.address()]);
    stage
        .rehearsal()
        .ring(people.into_iter().zip(habits).collect(), caller)
        .await
        .unwrap();
    let is_ringing = async { while !matches!(facts.recv().await.unwrap().fact, Fact::Rings { .. }) {} };
    tokio::time::timeout(PATIENCE, is_ringing).await.unwrap();
    front.leads_to(&[stage.service().address()]);
    other.stop().await;
    let outcome = tokio::time::timeout(PATIENCE, until_over(&mut facts)).await.unwrap();
    assert_eq!(outcome, Outcome::Served);
    stage.rehearsal().simulator().look(|network| {
        assert_eq!(network.faults(), []);
        assert_eq!(network.talks().len(), 1);
    });
    stage.strike().await;
}
