//! Placing a test call from the page.

use super::*;
use crate::web::{Choice, Heard, TestCall, TestPerson};
use std::collections::BTreeMap;
use std::sync::Mutex;
use tokio::sync::broadcast;

/// Notes what is ordered; refuses the scenario `busy` and panics at `faulty`.
struct NotingLine {
    ordered: Mutex<Vec<TestCall>>,
    heard: broadcast::Sender<Heard>,
}

fn choice(id: &str) -> Choice {
    Choice {
        id: id.to_owned(),
        label: format!("It is {id}"),
    }
}

#[async_trait::async_trait]
impl TestLine for NotingLine {
    fn people(&self) -> Vec<TestPerson> {
        vec![TestPerson {
            id: "ana".to_owned(),
            name: "Ana <i>".to_owned(),
            behaviour: "declines".to_owned(),
        }]
    }

    fn behaviours(&self) -> Vec<Choice> {
        vec![choice("accepts"), choice("declines")]
    }

    fn caller_behaviours(&self) -> Vec<Choice> {
        vec![choice("waits")]
    }

    fn scenarios(&self) -> Vec<Choice> {
        vec![choice("first-declines"), choice("busy"), choice("faulty")]
    }

    async fn place(&self, call: TestCall) -> Result<Option<CallId>, String> {
        if call == TestCall::Scenario("busy".to_owned()) {
            return Err("Another test call is going on.".to_owned());
        }
        assert!(call != TestCall::Scenario("faulty".to_owned()), "a fault of the line");
        self.ordered.lock().unwrap().push(call);
        Ok(None)
    }

    fn pace(&self) -> u32 {
        3
    }

    fn heard(&self) -> Vec<Heard> {
        Vec::new()
    }

    fn listen(&self) -> broadcast::Receiver<Heard> {
        self.heard.subscribe()
    }
}

fn line() -> Arc<NotingLine> {
    Arc::new(NotingLine {
        ordered: Mutex::new(Vec::new()),
        heard: broadcast::channel(8).0,
    })
}

fn post(form: &str, headers: Headers<'_>) -> Request<Body> {
    let mut request = Request::post("/test-call").header("content-type", "application/x-www-form-urlencoded");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(Body::from(form.to_owned())).unwrap()
}

type Headers<'a> = &'a [(&'a str, &'a str)];

const OURS: Headers<'_> = &[("origin", "http://127.0.0.1:8080"), ("host", "127.0.0.1:8080")];

#[tokio::test]
async fn the_page_offers_what_the_line_offers() {
    let house = House::with_test_line(saturday(), line()).await;
    let page = house.get("/").await.text;
    for part in [
        "Place a test call",
        "<button class=\"quiet\" name=\"scenario\" value=\"first-declines\">It is first-declines</button>",
        "<label for=\"person-0\"><strong>Ana &lt;i&gt;</strong>",
        "<option value=\"declines\" selected>",
    ] {
        assert!(page.contains(part), "{part}\n{page}");
    }
    assert!(!page.contains("491570156"), "{page}");
    assert!(page.contains("3 times as fast as real ones"), "{page}");
}

#[tokio::test]
async fn an_order_from_our_page_is_placed() {
    let line = line();
    let house = House::with_test_line(saturday(), Arc::clone(&line) as Arc<dyn TestLine>).await;
    let answer = house.send(post("scenario=first-declines", OURS)).await;
    assert_eq!(
        (answer.status.as_u16(), answer.headers["location"].to_str().unwrap()),
        (303, "/#stories")
    );
    let same_site = [("sec-fetch-site", "same-origin"), ("accept", "application/json")];
    let answer = house.send(post("person.ana=accepts&caller=waits", &same_site)).await;
    assert_eq!(answer.status, StatusCode::ACCEPTED);
    let chosen = TestCall::Chosen {
        behaviours: BTreeMap::from([("ana".to_owned(), "accepts".to_owned())]),
        caller: Some("waits".to_owned()),
    };
    assert_eq!(
        *line.ordered.lock().unwrap(),
        [TestCall::Scenario("first-declines".to_owned()), chosen]
    );

    let refused = house.send(post("scenario=busy", OURS)).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(refused.text.contains("<h1>Another test call is going on.</h1>"), "{}", refused.text);
}

#[tokio::test]
async fn orders_out_of_the_air_are_refused() {
    let line = line();
    let house = House::with_test_line(saturday(), Arc::clone(&line) as Arc<dyn TestLine>).await;
    let cases: &[(&str, Headers<'_>, u16)] = &[
        ("scenario=unheard-of", OURS, 400),
        ("person.ben=accepts", OURS, 400),
        ("person.ana=explodes", OURS, 400),
        ("caller=explodes", OURS, 400),
        ("+61491570156=accepts", OURS, 400),
    ];
    for (form, headers, status) in cases {
        let answer = house.send(post(form, headers)).await;
        assert_eq!(answer.status.as_u16(), *status, "{form} {headers:?}");
    }
    let large = format!("caller={}", "x".repeat(17 * 1024));
    assert_eq!(house.send(post(&large, OURS)).await.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(*line.ordered.lock().unwrap(), []);
}

#[tokio::test]
async fn a_panic_is_a_page_with_words() {
    let house = House::with_test_line(saturday(), line()).await;
    let answer = house.send(post("scenario=faulty", OURS)).await;
    assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(
        answer.text.contains("<h1>Something went wrong in the program itself."),
        "{}",
        answer.text
    );
    assert!(!answer.text.contains("a fault of the line"), "{}", answer.text);
    assert!(answer.headers.contains_key("content-security-policy"));
}

#[tokio::test]
async fn what_is_heard_reaches_those_who_follow() {
    use futures_util::StreamExt;
    let line = line();
    let house = House::with_test_line(saturday(), Arc::clone(&line) as Arc<dyn TestLine>).await;
    let request = Request::get("/api/v1/events").header("authorization", bearer(OPERATOR));
    let request = request.body(Body::empty()).unwrap();
    let response = house.router().oneshot(request).await.unwrap();
    line.heard
        .send(Heard {
            call: CallId(uuid::Uuid::nil()),
            who: "Ana Diaz".to_owned(),
            is_caller: false,
            at: saturday(),
            what: "Call from +61 491 570 999. Press 1.".to_owned(),
            is_speech: true,
        })
        .unwrap();
    let first = response.into_body().into_data_stream().next().await.unwrap().unwrap();
    let text = std::str::from_utf8(&first).unwrap();
    assert!(text.contains("event: heard") && !text.contains("id:"), "{text}");
    assert!(
        text.contains(r#""what":"Call from +61…999. Press 1.""#) && text.contains(r#""time":"14:00:00""#),
        "{text}"
    );
}
