//! One call over real sockets, with a service of a few lines, and what is refused at the doors.

use super::{CannotServe, Config, Simulator};
use crate::simulator::{AtQuestion, CallerHabit, Delay, Habit, Line, Mischief, Sound};
use crate::twilio::signature::{Payload, verify};
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::header::{CONTENT_TYPE, LOCATION};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse as _, Response};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::net::TcpListener;

const ACCOUNT: &str = "AC0123456789abcdef0123456789abcdef";
const TOKEN: &str = "a token for rehearsals";
const HOTLINE: &str = "+61255500001";
const CALLER: &str = "+61491570006";
const ANNA: &str = "+61491570156";

/// A service that knows five pages and keeps which of them were asked for with a good signature.
#[derive(Clone)]
struct Service {
    address: SocketAddr,
    seen: Arc<Mutex<Vec<String>>>,
}

impl Service {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let service = Self {
            address: listener.local_addr().unwrap(),
            seen: Arc::default(),
        };
        let router = Router::new().fallback(page).with_state(service.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        service
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    fn seen(&self) -> Vec<String> {
        self.seen.lock().unwrap().clone()
    }
}

async fn page(State(service): State<Service>, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    let form: Vec<(String, String)> = url::form_urlencoded::parse(&body).into_owned().collect();
    let signature = headers["X-Twilio-Signature"].to_str().unwrap();
    let url = service.url(&uri.to_string());
    if uri.path() != "/moved" && !verify([TOKEN], &url, Payload::Form(&form), signature) {
        return StatusCode::FORBIDDEN.into_response();
    }
    let status = form
        .iter()
        .find(|(name, _)| name == "CallStatus")
        .map_or("", |(_, value)| value.as_str());
    service.seen.lock().unwrap().push(format!("{} {status}", uri.path()));
    let room = r#"<Dial><Conference beep="false" endConferenceOnExit="true">room</Conference></Dial>"#;
    let verbs = match uri.path() {
        "/voice" => room.to_owned(),
        "/answered" => r#"<Gather numDigits="1" action="/key"><Say>Press 1 to accept</Say></Gather>"#.to_owned(),
        "/key" => room.to_owned(),
        "/away" => return (StatusCode::TEMPORARY_REDIRECT, [(LOCATION, "http://192.0.2.1/voice")]).into_response(),
        "/moved" => "<Say>Moved</Say>".to_owned(),
        "/moving" => return (StatusCode::SEE_OTHER, [(LOCATION, "/moved")]).into_response(),
        _ => return StatusCode::NO_CONTENT.into_response(),
    };
    ([(CONTENT_TYPE, "text/xml")], format!("<Response>{verbs}</Response>")).into_response()
}

fn config() -> Config {
    let mut config = Config::new(ACCOUNT, TOKEN.into());
    config.pace = 200;
    config.own_numbers.push(HOTLINE.to_owned());
    config.people.push((ANNA.to_owned(), Habit::Ignores));
    config
}

async fn order(simulator: &Simulator, service: &Service, token: &str) -> reqwest::Result<(u16, serde_json::Value)> {
    let url = format!("{}/2010-04-01/Accounts/{ACCOUNT}/Calls.json", simulator.base_url());
    let form = [
        ("To", ANNA),
        ("From", HOTLINE),
        ("Url", &service.url("/answered")),
        ("StatusCallback", &service.url("/status")),
        ("StatusCallbackEvent", "ringing"),
        ("StatusCallbackEvent", "completed"),
    ];
    let client = reqwest::Client::builder().no_proxy().build()?;
    let response = client.post(url).basic_auth(ACCOUNT, Some(token)).form(&form).send().await?;
    let status = response.status().as_u16();
    let body: serde_json::Value = serde_json::from_slice(&response.bytes().await?).unwrap();
    Ok((status, body))
}

async fn soon(simulator: &Simulator, wanted: impl Fn(&crate::simulator::PhoneNetwork) -> bool) {
    let waited = tokio::time::timeout(Duration::from_secs(10), simulator.until(wanted)).await;
    assert!(waited.is_ok(), "{}", simulator.look(crate::simulator::PhoneNetwork::story));
}

#[tokio::test]
async fn a_call_over_real_sockets() {
    let service = Service::start().await;
    let simulator = Simulator::start(config()).await.unwrap();
    simulator.set_habit(
        ANNA,
        Habit::Accepts {
            after: Delay::seconds(4),
            talk: None,
        },
    );
    let habit = CallerHabit {
        talk: Some(Delay::seconds(30)),
        question: AtQuestion::Silent,
        ..CallerHabit::default()
    };
    let line = Line {
        status_callback: Some(service.url("/over")),
        ..Line::to(&service.url("/voice"))
    };
    let caller = simulator.dial_in(Some(CALLER), HOTLINE, &line, habit).unwrap();
    let (status, call) = order(&simulator, &service, TOKEN).await.unwrap();
    assert_eq!((status, call["status"].as_str()), (201, Some("queued")));
    soon(&simulator, |network| !network.talks().is_empty() && network.leftovers().is_empty()).await;
    let talks = simulator.talks();
    assert_eq!((talks.len(), &talks[0].numbers), (1, &[CALLER.to_owned(), ANNA.to_owned()]));
    assert_eq!((talks[0].until.unwrap() - talks[0].from).num_seconds(), 30);
    let heard: Vec<Sound> = simulator.heard(&caller).into_iter().map(|heard| heard.what).collect();
    assert!(
        heard.contains(&Sound::Music("playlist".into())) && heard.last() == Some(&Sound::Voice(ANNA.into())),
        "{heard:?}"
    );
    let mut seen = service.seen();
    seen.sort();
    let expected = [
        "/answered in-progress",
        "/key in-progress",
        "/over completed",
        "/status completed",
        "/status ringing",
        "/voice ringing",
    ];
    assert_eq!(seen, expected);
    assert_eq!(simulator.look(|network| network.faults().to_vec()), []);
    simulator.stop().await;
}

#[tokio::test]
async fn only_the_account_is_let_in() {
    let service = Service::start().await;
    let simulator = Simulator::start(config()).await.unwrap();
    let (status, error) = order(&simulator, &service, "another token").await.unwrap();
    assert_eq!((status, error["code"].as_u64()), (401, Some(20003)));
    assert_eq!(simulator.look(|network| network.dialled().len()), 0);
    simulator.stop().await;
}

#[tokio::test]
async fn a_lost_answer_breaks_the_connection() {
    let service = Service::start().await;
    let mischief = Mischief {
        lost_after: 1.0,
        ..Mischief::none()
    };
    let simulator = Simulator::start(Config { mischief, ..config() }).await.unwrap();
    let error = order(&simulator, &service, TOKEN).await.unwrap_err();
    assert!(!error.is_connect() && !error.is_builder(), "{error:?}");
    assert_eq!(simulator.look(|network| network.dialled().len()), 1);
    simulator.stop().await;
}

#[tokio::test]
async fn nothing_leaves_this_machine() {
    let service = Service::start().await;
    let everywhere = Config {
        listen: "0.0.0.0:0".parse().unwrap(),
        ..config()
    };
    assert!(matches!(Simulator::start(everywhere).await, Err(CannotServe::NotLoopback(_))));
    let simulator = Simulator::start(config()).await.unwrap();
    let dial = |url: &str| simulator.dial_in(Some(CALLER), HOTLINE, &Line::to(url), CallerHabit::default());
    assert!(matches!(dial("http://192.0.2.1/voice"), Err(CannotServe::NotLoopback(_))));
    // A redirection out of the machine is not followed, one within it is.
    let away = dial(&service.url("/away")).unwrap();
    let moved = dial(&service.url("/moving")).unwrap();
    soon(&simulator, |network| network.leftovers().is_empty()).await;
    assert_eq!(simulator.heard(&moved).last().unwrap().what, Sound::Said("Moved".into()));
    assert_eq!(
        simulator.heard(&away).last().unwrap().what,
        Sound::Said(crate::simulator::APPLICATION_ERROR.into())
    );
    assert_eq!(simulator.look(|network| network.faults()[0].code), Some(11200));
    simulator.stop().await;
}

#[tokio::test]
async fn a_service_that_is_not_there_is_asked_twice() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let nowhere = format!("http://{}/voice", listener.local_addr().unwrap());
    drop(listener);
    let simulator = Simulator::start(config()).await.unwrap();
    simulator
        .dial_in(Some(CALLER), HOTLINE, &Line::to(&nowhere), CallerHabit::default())
        .unwrap();
    soon(&simulator, |network| network.leftovers().is_empty()).await;
    let faults = simulator.look(|network| network.faults().to_vec());
    assert_eq!((faults.len(), faults[0].code), (1, Some(11205)));
    simulator.stop().await;
}
