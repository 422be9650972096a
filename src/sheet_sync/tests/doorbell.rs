//! Nudges: who may knock, and what comes of it.

use super::scripted::{Scripted, eventually};
use super::*;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use secrecy::ExposeSecret as _;
use std::sync::atomic::Ordering;
use tower::ServiceExt as _;

struct House {
    desk: Desk,
    source: Arc<Scripted>,
    sync: Option<SheetSync>,
    router: Router,
}

impl House {
    async fn new() -> Self {
        let desk = Desk::new().await;
        let source = Scripted::with(GOOD);
        let feed = Feed {
            source: Arc::clone(&source) as Arc<dyn SheetSource>,
            ..Desk::feed(LocalFile::new("/nowhere"))
        };
        let mut sync = SheetSync::new(&desk.store, desk.clock, vec![feed], Pace::default());
        sync.pull_now().await;
        let router = sync.doorbell().await.unwrap();
        Self {
            desk,
            source,
            sync: Some(sync),
            router,
        }
    }

    async fn password(&self, door: Door) -> String {
        password(&self.desk.store, &hotline(), door)
            .await
            .unwrap()
            .expose_secret()
            .to_owned()
    }

    async fn send(&self, request: Request<Body>) -> (StatusCode, HeaderMap, String) {
        let answer = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = answer.into_parts();
        let body = axum::body::to_bytes(body, 1 << 20).await.unwrap();
        (parts.status, parts.headers, String::from_utf8(body.to_vec()).unwrap())
    }

    async fn status(&self, request: Request<Body>) -> StatusCode {
        self.send(request).await.0
    }

    fn run(&mut self) -> CancellationToken {
        let shutdown = CancellationToken::new();
        tokio::spawn(self.sync.take().unwrap().run(shutdown.clone()));
        shutdown
    }

    fn has_rung(&self) -> bool {
        let bells: Vec<_> = self.sync.iter().flat_map(|sync| sync.pullers.iter()).collect();
        bells.iter().any(|puller| puller.is_knocked_for())
    }
}

fn bearer(path: &str, password: &str) -> Request<Body> {
    Request::post(path)
        .header("authorization", format!("Bearer {password}"))
        .body(Body::empty())
        .unwrap()
}

fn google(path: &str, token: &str, state: &str) -> Request<Body> {
    Request::post(path)
        .header("X-Goog-Channel-ID", "4ba78bf0-6a47-11e2-bcfd-0800200c9a66")
        .header("X-Goog-Channel-Token", token)
        .header("X-Goog-Resource-State", state)
        .header("X-Goog-Message-Number", "10")
        .body(Body::empty())
        .unwrap()
}

/// Shaped as in Graph's description of change notifications.
fn graph(path: &str, states: &[&str]) -> Request<Body> {
    let one = |state: &&str| {
        serde_json::json!({
            "subscriptionId": "7f105c7d-2dc5-4530-97cd-4e7ae6534c07",
            "clientState": state,
            "changeType": "updated",
            "resource": "sites/contoso.sharepoint.com,a,b/lists/c",
            "subscriptionExpirationDateTime": "2026-03-20T11:00:00.0000000Z",
            "tenantId": "84bd8158-6d4d-4958-8b9f-9d6445542f95",
        })
    };
    let batch = serde_json::json!({ "value": states.iter().map(one).collect::<Vec<_>>() });
    Request::post(path)
        .header("content-type", "application/json")
        .body(Body::from(batch.to_string()))
        .unwrap()
}

#[tokio::test]
async fn each_door_opens_to_its_own_password() {
    for door in [Door::Anybody, Door::Google, Door::Graph] {
        let house = House::new().await;
        let password = house.password(door).await;
        let request = match door {
            Door::Anybody => bearer("/nudge/lab", &password),
            Door::Google => google("/nudge/lab/google", &password, "update"),
            Door::Graph => graph("/nudge/lab/graph", &[&password, &password]),
        };
        assert_eq!(house.status(request).await, StatusCode::ACCEPTED, "{door:?}");
        assert!(house.has_rung(), "{door:?}");
    }
    let house = House::new().await;
    let beginning = google("/nudge/lab/google", &house.password(Door::Google).await, "sync");
    assert_eq!(house.status(beginning).await, StatusCode::NO_CONTENT);
    assert!(!house.has_rung(), "the first message of a channel is no news");
}

#[tokio::test]
async fn nobody_else_rings_and_all_are_told_the_same() {
    let house = House::new().await;
    let [anybodys, googles, graphs] = [
        house.password(Door::Anybody).await,
        house.password(Door::Google).await,
        house.password(Door::Graph).await,
    ];
    let json = |body: &str| Request::post("/nudge/lab/graph").body(Body::from(body.to_owned())).unwrap();
    let refused = [
        ("no password", Request::post("/nudge/lab").body(Body::empty()).unwrap()),
        ("a wrong one", bearer("/nudge/lab", "0".repeat(64).as_str())),
        ("an empty one", bearer("/nudge/lab", "")),
        ("another door's", bearer("/nudge/lab", &googles)),
        ("another scheme", {
            let mut request = bearer("/nudge/lab", &anybodys);
            request
                .headers_mut()
                .insert("authorization", format!("Basic {anybodys}").parse().unwrap());
            request
        }),
        ("an unknown hotline", bearer("/nudge/nowhere", &anybodys)),
        ("a hotline of strange letters", bearer("/nudge/%2e%2e%2flab", &anybodys)),
        ("google: another door's", google("/nudge/lab/google", &graphs, "update")),
        ("google: a wrong one to begin with", google("/nudge/lab/google", &graphs, "sync")),
        ("google: an unknown hotline", google("/nudge/nowhere/google", &googles, "sync")),
        ("google: nothing", Request::post("/nudge/lab/google").body(Body::empty()).unwrap()),
        ("graph: one of two", graph("/nudge/lab/graph", &[&graphs, &googles])),
        ("graph: an empty batch", graph("/nudge/lab/graph", &[])),
        ("graph: an unknown hotline", graph("/nudge/nowhere/graph", &[&graphs])),
        ("graph: no state", json(r#"{"value":[{"changeType":"updated"}]}"#)),
        ("graph: no JSON", json("<html>")),
        ("graph: another shape", json("[]")),
    ];
    let mut answers = Vec::new();
    for (what, request) in refused {
        let (status, headers, body) = house.send(request).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED, "{what}");
        assert_eq!(headers["x-content-type-options"], "nosniff", "{what}");
        answers.push(body);
    }
    answers.dedup();
    assert_eq!(answers.len(), 1, "{answers:?}");
    assert!(answers[0].contains("\"code\":\"wrong-password\""), "{answers:?}");
    assert!(!house.has_rung());
}

#[tokio::test]
async fn giant_bodies_and_wrong_methods_are_turned_away() {
    let house = House::new().await;
    for hotline in ["lab", "nowhere"] {
        let giant = Request::post(format!("/nudge/{hotline}/graph"))
            .body(Body::from(vec![b' '; (256 << 10) + 1]))
            .unwrap();
        assert_eq!(house.status(giant).await, StatusCode::PAYLOAD_TOO_LARGE);
    }
    for path in ["/nudge/lab", "/nudge/lab/google", "/nudge/lab/graph?validationToken=x"] {
        let get = Request::get(path).body(Body::empty()).unwrap();
        assert_eq!(house.status(get).await, StatusCode::METHOD_NOT_ALLOWED, "{path}");
    }
    assert!(!house.has_rung());
}

#[tokio::test]
async fn a_body_that_never_ends_is_not_waited_for() {
    let house = House::new().await;
    tokio::time::pause();
    let endless = Body::from_stream(futures_util::stream::pending::<Result<Vec<u8>, std::io::Error>>());
    let request = Request::post("/nudge/lab/graph").body(endless).unwrap();
    assert_eq!(house.status(request).await, StatusCode::REQUEST_TIMEOUT);
}

/// The example token of Graph's description, with a tag that a browser must not take for one.
#[tokio::test]
async fn graph_hears_its_word_back_as_plain_text() {
    let house = House::new().await;
    let ask = |path: &str| Request::post(path).body(Body::empty()).unwrap();
    let asked = "validationToken=Validation%3a+Testing+client+application+reachability+for+subscription+Request-Id%3a+%3Cb%3E1";
    for door in ["graph", "google"] {
        let (status, headers, body) = house.send(ask(&format!("/nudge/lab/{door}?{asked}"))).await;
        assert_eq!(status, StatusCode::OK);
        assert_eq!(
            body,
            "Validation: Testing client application reachability for subscription Request-Id: <b>1"
        );
        assert_eq!(headers["content-type"], "text/plain; charset=utf-8");
        assert_eq!(headers["x-content-type-options"], "nosniff");
    }
    let long = format!("/nudge/lab/graph?validationToken={}", "x".repeat(1025));
    // Also where no hotline is: nobody learns by it which ones there are.
    let (status, _, body) = house.send(ask(&format!("/nudge/nowhere/graph?{asked}"))).await;
    assert!(status == StatusCode::OK && body.starts_with("Validation: "), "{status} {body}");
    let twice = "/nudge/lab/graph?validationToken=a&validationToken=b".to_owned();
    for path in ["/nudge/lab/graph?validationToken=".into(), long, twice] {
        assert_eq!(house.status(ask(&path)).await, StatusCode::UNAUTHORIZED, "{path}");
    }
    assert!(!house.has_rung());
}

#[tokio::test]
async fn a_nudge_reaches_the_roster_at_once_and_fifty_are_two_pulls() {
    let mut house = House::new().await;
    let password = house.password(Door::Anybody).await;
    tokio::time::pause();
    let asked_before = house.source.asked();
    let shutdown = house.run();
    house.source.has_now(BETTER);
    let begun = house.desk.clock.now();
    for number in 0..50 {
        assert_eq!(house.status(bearer("/nudge/lab", &password)).await, StatusCode::ACCEPTED);
        if number == 0 {
            let store = house.desk.store.clone();
            let is_new = async || store.rota(&hotline()).await.unwrap().unwrap().revision.0 == BETTER;
            let mut looks = 0;
            while !is_new().await {
                looks += 1;
                assert!(looks < 1_000_000, "the new roster never came");
                tokio::task::yield_now().await;
            }
            assert_eq!(house.desk.clock.now(), begun, "no time passes between the nudge and the roster");
        }
        tokio::time::advance(Duration::from_millis(20)).await;
    }
    tokio::time::advance(Duration::from_secs(5)).await;
    let source = Arc::clone(&house.source);
    eventually("the pull for the later nudges", || source.asked() == asked_before + 2).await;
    tokio::time::advance(Duration::from_secs(30)).await;
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
    assert_eq!(source.asked(), asked_before + 2);
    assert_eq!(
        source.asked_for_all.load(Ordering::SeqCst),
        source.asked(),
        "a nudge asks for no probe"
    );
    assert_eq!(house.desk.on_call().await, "Tom Okafor");
    shutdown.cancel();
}

#[tokio::test]
async fn a_source_that_asked_for_rest_is_left_alone_by_nudges_too() {
    let mut house = House::new().await;
    house.source.is_now(super::scripted::Mood::Fails(SourceError::Throttled {
        retry_after: Duration::from_secs(600),
    }));
    house.sync.as_mut().unwrap().pull_now().await;
    let password = house.password(Door::Anybody).await;
    tokio::time::pause();
    let asked_before = house.source.asked();
    let shutdown = house.run();
    house.status(bearer("/nudge/lab", &password)).await;
    tokio::time::advance(Duration::from_secs(590)).await;
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
    assert_eq!(house.source.asked(), asked_before);
    tokio::time::advance(Duration::from_secs(20)).await;
    let source = Arc::clone(&house.source);
    eventually("the pull after the rest", || source.asked() == asked_before + 1).await;
    shutdown.cancel();
}

/// How long it wants to be left alone is its word; how long we would have waited by ourselves is not.
#[tokio::test]
async fn a_source_that_asked_for_a_short_rest_is_asked_after_it() {
    let mut house = House::new().await;
    let fails = |fault| house.source.is_now(super::scripted::Mood::Fails(fault));
    fails(SourceError::Transient("it is down".into()));
    let sync = house.sync.as_mut().unwrap();
    for _ in 0..6 {
        sync.pull_now().await;
    }
    fails(SourceError::Throttled {
        retry_after: Duration::from_secs(2),
    });
    sync.pull_now().await;
    let password = house.password(Door::Anybody).await;
    tokio::time::pause();
    let asked_before = house.source.asked();
    let shutdown = house.run();
    house.status(bearer("/nudge/lab", &password)).await;
    tokio::time::advance(Duration::from_millis(1_500)).await;
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
    assert_eq!(house.source.asked(), asked_before);
    tokio::time::advance(Duration::from_secs(1)).await;
    let source = Arc::clone(&house.source);
    eventually("the pull after the rest", || source.asked() == asked_before + 1).await;
    shutdown.cancel();
}
