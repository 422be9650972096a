//! Who may do what: docs/access.md is the expectation, and the router is asked for each of its lines in each role's name.

use super::*;
use crate::access::{Hotlines, Least, MATRIX, Verb};
use crate::web::recordings::{NotPlayed, Playback, Player, Sound};
use crate::web::test_line::{Choice, Heard, TestCall, TestPerson};
use std::collections::BTreeSet;
use tokio::sync::broadcast;

const DOCUMENT: &str = include_str!("../../../docs/access.md");
const COLUMNS: [&str; 5] = ["viewer", "responder", "admin", "operator", "not signed in"];

/// One line of the document: `GET /calls/{id}`, and what each column says.
struct Way<'d> {
    verb: &'d str,
    path: &'d str,
    said: [&'d str; 5],
}

fn document() -> Vec<Way<'static>> {
    let rows = DOCUMENT.lines().filter(|line| line.starts_with("| `"));
    let ways = rows.map(|row| {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        let (verb, path) = cells[0].trim_matches('`').split_once(' ').unwrap();
        let said = cells[1..].try_into().unwrap_or_else(|_| panic!("{row}"));
        Way { verb, path, said }
    });
    ways.collect()
}

/// A line on which nobody is rung, and a carrier that has lost every recording.
struct Nothing(broadcast::Sender<Heard>);

#[async_trait::async_trait]
impl TestLine for Nothing {
    fn people(&self) -> Vec<TestPerson> {
        Vec::new()
    }
    fn behaviours(&self) -> Vec<Choice> {
        Vec::new()
    }
    fn caller_behaviours(&self) -> Vec<Choice> {
        Vec::new()
    }
    fn scenarios(&self) -> Vec<Choice> {
        Vec::new()
    }
    async fn place(&self, _: TestCall) -> Result<Option<CallId>, String> {
        Ok(None)
    }
    fn pace(&self) -> u32 {
        1
    }
    fn heard(&self) -> Vec<Heard> {
        Vec::new()
    }
    fn listen(&self) -> broadcast::Receiver<Heard> {
        self.0.subscribe()
    }
}

#[async_trait::async_trait]
impl Player for Nothing {
    async fn play(&self, _: &str, _: Option<&str>) -> Result<Sound, NotPlayed> {
        Err(NotPlayed::Gone)
    }
}

fn token(word: &str, role: Role, hotlines: &[&str]) -> Token {
    let names = hotlines.iter().map(|name| HotlineName((*name).to_owned()));
    Token {
        name: word.to_owned(),
        digest: Digest::of(word),
        rights: Rights::new(role, names).unwrap(),
    }
}

/// A house with a recording, and a token for each role: of its hotline, and of another one.
async fn house() -> (House, CallId) {
    let line = Arc::new(Nothing(broadcast::channel(1).0));
    let mut house = House::with_test_line(saturday(), line).await;
    let tokens = Role::ALL.into_iter().flat_map(|role| {
        let (here, there): (&[&str], &[&str]) = if role == Role::Operator {
            (&[], &[])
        } else {
            (&["lab"], &["ward"])
        };
        [token(role.as_str(), role, here), token(&format!("{role} of the ward"), role, there)]
    });
    let roll = Roll {
        users: Vec::new(),
        tokens: tokens.collect(),
        oidc: None,
    };
    house.state.access = Access::new(house.store.clone(), Clock::anchored_at(saturday()), roll);
    let player = Arc::new(Nothing(broadcast::channel(1).0));
    house.state = house.state.playing(Playback::new(player));
    let call = house.call_arrives().await;
    let event = Event::Recorded {
        recording: crate::call::RecordingId::from("RE1"),
        seconds: 7,
    };
    house
        .store
        .update(call, &event, house.now + TimeDelta::seconds(60), None)
        .await
        .unwrap();
    (house, call)
}

/// The document's path, filled in for what there is.
fn filled(path: &str, call: CallId) -> String {
    let path = path
        .replace("{name}", "lab")
        .replace("{hotline}", "lab.ics")
        .replace("{person}", "0123456789abcdef");
    if path.contains("/calls/") {
        path.replace("{id}", &call.to_string())
    } else {
        path.replace("{id}", "1")
    }
    .replace("{file}", "page.css")
    .replace("{word}", "0123")
}

fn request(verb: &str, path: &str, who: Option<&str>) -> Request<Body> {
    let form = "application/x-www-form-urlencoded";
    let mut request = Request::builder()
        .method(verb)
        .uri(path)
        .header("accept", "application/json")
        .header("content-type", form)
        .header("sec-fetch-site", "same-origin");
    if let Some(who) = who {
        request = request.header("authorization", bearer(who));
    }
    request.body(Body::empty()).unwrap()
}

/// Let in: whatever the handler itself then says.
async fn answered(house: &House, verb: &str, path: &str, who: Option<&str>) -> (u16, String) {
    let response = house.router().oneshot(request(verb, path, who)).await.unwrap();
    let status = response.status().as_u16();
    let kind = response.headers().get("content-type").map(|kind| kind.to_str().unwrap().to_owned());
    if !kind.is_some_and(|kind| kind.starts_with("application/json")) {
        return (status, String::new());
    }
    let body = axum::body::to_bytes(response.into_body(), 1 << 20).await.unwrap();
    let json: serde_json::Value = serde_json::from_slice(&body).unwrap();
    (status, json["error"]["code"].as_str().unwrap_or_default().to_owned())
}

#[tokio::test]
async fn each_role_may_what_the_document_says_and_nothing_else() {
    let (house, call) = house().await;
    let ways = document();
    assert!(ways.len() >= 40, "the table is not found");
    for Way { verb, path, said } in &ways {
        let path = filled(path, call);
        for (column, said) in COLUMNS.iter().zip(said) {
            let who = (*column != "not signed in").then_some(*column);
            let (status, code) = answered(&house, verb, &path, who).await;
            let is_refused = matches!(code.as_str(), "sign-in" | "not-allowed") || status == 405;
            let expected = match (*said, who) {
                // The person of this address is nobody: whether a responder is himself is in `a_responder_speaks_for_himself_only`.
                ("yes" | "himself", _) => {
                    assert!(!is_refused, "{verb} {path} by {column}: {status} {code}");
                    continue;
                }
                ("no", Some(_)) => (403, "not-allowed"),
                ("no", None) => (401, "sign-in"),
                (other, _) => panic!("{other}"),
            };
            // A wrong form word of the sign-in page is a 401 of its own: it has no code.
            assert_eq!((status, code.as_str()), expected, "{verb} {path} by {column}");
        }
    }
}

/// For whoever has rights for another hotline only there is no such hotline, whatever it is about.
#[tokio::test]
async fn hotlines_of_others_are_not_there() {
    let (house, call) = house().await;
    for Way { verb, path, .. } in document() {
        for role in ["viewer", "responder", "admin"] {
            let who = format!("{role} of the ward");
            if path.contains("{name}") {
                let answer = answered(&house, verb, &filled(path, call), Some(&who)).await;
                assert_eq!(answer, (404, "unknown-hotline".to_owned()), "{verb} {path} by {who}");
                let nowhere = filled(path, call).replace("/lab/", "/nowhere/");
                assert_eq!(answered(&house, verb, &nowhere, Some(&who)).await, answer, "{nowhere}");
            } else if path.contains("/calls/{id}") {
                let (status, code) = answered(&house, verb, &filled(path, call), Some(&who)).await;
                assert!(
                    status == 404 || (status, code.as_str()) == (403, "not-allowed"),
                    "{verb} {path} by {who}: {status}"
                );
            }
        }
    }
    let at = |path: &str| {
        Request::get(path)
            .header("authorization", bearer("admin of the ward"))
            .body(Body::empty())
            .unwrap()
    };
    for path in ["/", "/api/v1/hotlines", "/api/v1/calls", "/health"] {
        let answer = house.send_bare(at(path)).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        for private in ["lab", "Laboratory", "Ana", &call.to_string()] {
            assert!(
                !answer
                    .text
                    .replace("aria-label", "")
                    .replace("<label", "")
                    .replace("/label", "")
                    .contains(private),
                "{path} says {private}: {}",
                answer.text
            );
        }
    }
}

/// The document has each way that there is, and none besides; in the table of the code each action stands at its own place.
#[test]
fn the_document_is_complete() {
    let documented: Vec<(&str, &str)> = document().iter().map(|way| (way.verb, way.path)).collect();
    let places = MATRIX.iter().filter_map(|line| line.place).map(|(verb, path)| match verb {
        Verb::Get => ("GET", path),
        Verb::Post => ("POST", path),
    });
    assert_eq!(documented, places.collect::<Vec<_>>());
    assert_eq!(documented.iter().collect::<BTreeSet<_>>().len(), documented.len());
    for (place, line) in MATRIX.iter().enumerate() {
        assert_eq!(line.action as usize, place, "{line:?}");
        assert!(line.least != Least::Open || line.place.is_some());
    }
    // No other way is made than by the table.
    let sources = ["../ways.rs", "../../web.rs", "../api.rs", "../monitors.rs"];
    let texts = [
        include_str!("../ways.rs"),
        include_str!("../../web.rs"),
        include_str!("../api.rs"),
        include_str!("../monitors.rs"),
    ];
    for (source, text) in sources.iter().zip(texts) {
        let ways = text.matches(".route(").count() + text.matches(".nest(").count();
        assert_eq!(ways, usize::from(*source == "../ways.rs"), "{source}");
    }
}

#[test]
fn an_operator_has_all_hotlines_or_none_of_his_rights() {
    assert_eq!(Rights::new(Role::Operator, [lab()]), None);
    assert_eq!(Rights::new(Role::Admin, []).unwrap().hotlines, Hotlines::All);
}
