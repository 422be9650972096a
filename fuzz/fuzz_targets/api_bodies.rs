//! Paths, queries, headers and bodies through the real routers of the API, over a store in memory and without a network: no
//! answer is a 5xx, and each that refuses says so in JSON with a code.
#![no_main]

use arbitrary::Arbitrary;
use axum::Router;
use axum::body::Body;
use axum::http::Request;
use libfuzzer_sys::fuzz_target;
use rotaline::access::{Access, Digest, Rights, Role, Roll, Token};
use rotaline::call::{HotlineName, Rules};
use rotaline::clock::Clock;
use rotaline::config::IncidentToken;
use rotaline::incidents::{self, Door};
use rotaline::reception::Reception;
use rotaline::roster::{Phone, Settings};
use rotaline::store::Store;
use rotaline::switchboard::{Line, Pacing, Switchboard};
use rotaline::twilio::address::BaseUrl;
use rotaline::twilio::public_url::PublicUrl;
use rotaline::twilio::rest;
use rotaline::web::{self, Hotline, Limits, WebState};
use std::sync::{Arc, LazyLock};
use tokio::runtime::Runtime;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;

const TOKEN: &str = "correct-horse-battery-staple";
const OPERATOR: &str = "rlt_operator";

const PATHS: [&str; 22] = [
    "/hotlines",
    "/hotlines/lab/on-call",
    "/hotlines/lab/duties",
    "/hotlines/lab/diagnostics",
    "/hotlines/lab/versions",
    "/hotlines/lab/callbacks",
    "/hotlines/lab/callbacks/1/done",
    "/hotlines/lab/callbacks/1/ring",
    "/hotlines/lab/recordings",
    "/hotlines/lab/recordings/1/audio",
    "/hotlines/lab/recordings/1/transcript",
    "/hotlines/lab/recordings/1/delete",
    "/hotlines/lab/people/Ana/presence",
    "/hotlines/lab/calls.csv",
    "/hotlines/lab/calls.json",
    "/hotlines/lab/incidents",
    "/calls",
    "/calls/01926f00-0000-7000-8000-000000000001",
    "/calls/01926f00-0000-7000-8000-000000000001/number",
    "/audit",
    "/events",
    "/hotlines/nobody/on-call",
];
const KEYS: [&str; 12] = ["at", "from", "until", "hours", "days", "limit", "after", "level", "format", "person", "since", "before"];
const WORDS: [&str; 14] = [
    "2026-03-04T03:00:00Z",
    "2026-03-04T03:00:00+11:00",
    "9999999999",
    "-1",
    "0",
    "24",
    "now",
    "on",
    "{\"title\":\"x\"}",
    "{\"alerts\":[{\"status\":\"firing\",\"labels\":{\"alertname\":\"x\"}}]}",
    "away=2h",
    "true",
    "Ana",
    "+275760-12-31T23:59:59Z",
];

#[derive(Arbitrary, Debug)]
enum Piece {
    Word(u8),
    Text(String),
}

#[derive(Arbitrary, Debug)]
struct Asked {
    method: u8,
    path: u8,
    odd_path: Option<String>,
    query: Vec<(u8, Piece)>,
    kind: u8,
    with_token: bool,
    from_page: bool,
    body: Vec<Piece>,
}

static STAGE: LazyLock<(Runtime, Router)> = LazyLock::new(|| {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let clock = Clock::anchored_at("2026-03-04T03:00:00Z".parse().expect("an instant"));
    let router = runtime.block_on(everything(clock));
    (runtime, router)
});

/// As the service puts them together, with a rota in use.
async fn everything(clock: Clock) -> Router {
    let name = HotlineName("lab".to_owned());
    let number = Phone::from_e164("+61491570006").expect("a number");
    let store = Store::in_memory().await.expect("a store");
    let rota: &[u8] = b"From,Until,1st,2nd\n2026-03-01 08:00,2026-04-01 08:00,Ana +61491570156,Ben +61491570157\n";
    let sheet = providers::fuzzing::file("Rota.csv", rota).expect("a sheet");
    let given = Settings(vec![("Time zone".to_owned(), "Australia/Melbourne".to_owned())]);
    store.keep_rota(&name, sheet, given, clock.now()).await.expect("it is kept");
    store.rota_checked(&name, clock.now()).await.expect("it is kept");
    let carrier = rest::Settings::new("AC0123456789abcdef0123456789abcdef".to_owned(), "0".repeat(32).into());
    let base = BaseUrl::parse("https://hotline.example.org").expect("an address");
    let carrier = Arc::new(rest::Client::new(carrier, PublicUrl::known(base)).expect("a client"));
    let line = Line {
        name: name.clone(),
        numbers: vec![number.clone()],
        rules: Rules::default(),
        last_resort: None,
        reception: Reception::default(),
    };
    let switchboard = Switchboard::new(store.clone(), carrier, vec![line], Pacing::default(), clock);
    let door = Door {
        token: IncidentToken::of(TOKEN),
        most_an_hour: 5,
    };
    let alarms = incidents::router(std::iter::once((name.clone(), door)), switchboard);
    let hotline = Hotline {
        title: "Hotline lab".to_owned(),
        numbers: vec![number],
        last_resort: None,
        stale_after: chrono::TimeDelta::minutes(15),
        name,
    };
    let roll = Roll {
        users: Vec::new(),
        tokens: vec![Token {
            name: "fuzz".to_owned(),
            digest: Digest::of(OPERATOR),
            rights: Rights::new(Role::Operator, []).expect("rights"),
        }],
        oidc: None,
    };
    let access = Access::new(store.clone(), clock, roll);
    let state = WebState::new(store, access, vec![hotline], clock, None, Limits::default(), CancellationToken::new());
    alarms.merge(web::router(state))
}

fn text(piece: &Piece) -> &str {
    match piece {
        Piece::Word(n) => WORDS[usize::from(*n) % WORDS.len()],
        Piece::Text(text) => text,
    }
}

fn request(asked: &Asked) -> Option<Request<Body>> {
    let mut path = format!("/api/v1{}", PATHS[usize::from(asked.path) % PATHS.len()]);
    if let Some(odd) = &asked.odd_path {
        let odd: String = percent_encoding::utf8_percent_encode(odd, percent_encoding::NON_ALPHANUMERIC).collect();
        path = path.replace("lab", &odd);
    }
    let query = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(asked.query.iter().take(6).map(|(key, value)| (KEYS[usize::from(*key) % KEYS.len()], text(value))))
        .finish();
    let method = ["GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS"][usize::from(asked.method) % 6];
    let kind = ["application/json", "application/x-www-form-urlencoded", "text/plain"][usize::from(asked.kind) % 3];
    let mut request = Request::builder()
        .method(method)
        .uri(format!("{path}?{query}"))
        .header("Host", "localhost")
        .header("Accept", "application/json")
        .header("Content-Type", kind);
    if asked.with_token {
        let token = if path.ends_with("/incidents") { TOKEN } else { OPERATOR };
        request = request.header("Authorization", format!("Bearer {token}"));
    }
    if asked.from_page {
        request = request.header("Sec-Fetch-Site", "same-origin");
    }
    request.body(Body::from(asked.body.iter().map(text).collect::<String>())).ok()
}

fuzz_target!(|asked: Asked| {
    let Some(request) = request(&asked) else { return };
    let (runtime, router) = &*STAGE;
    let is_head = request.method() == "HEAD";
    runtime.block_on(async {
        let answer = router.clone().oneshot(request).await.expect("an answer");
        let status = answer.status();
        assert!(status.as_u16() < 500, "{status}: {asked:?}");
        let is_stream = answer.headers().get("content-type").is_some_and(|kind| kind == "text/event-stream");
        if is_stream || !status.is_client_error() || is_head {
            return;
        }
        let body = axum::body::to_bytes(answer.into_body(), 1 << 24).await.expect("a body");
        let said: serde_json::Value = serde_json::from_slice(&body).unwrap_or_else(|fault| panic!("{fault}: {status} {body:?} {asked:?}"));
        assert!(said["error"]["code"].is_string() && said["error"]["message"].is_string(), "{status} {said}");
    });
});
