//! The description of the interface: the one that is kept is the one that is answered, and whatever is asked, by whomever, is
//! answered as it says.

use super::*;
use crate::web::description::description;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use proptest::prelude::*;
use serde_json::Value;
use std::collections::BTreeMap;

const KEPT: &str = include_str!("../../../docs/openapi.json");

impl House {
    /// In the name of whoever has this token, or in nobody's.
    async fn send_as(&self, token: Option<&str>, mut request: Request<Body>) -> Answer {
        if let Some(token) = token {
            request.headers_mut().insert("authorization", bearer(token).parse().unwrap());
        }
        self.send_bare(request).await
    }
}

fn document() -> Value {
    serde_json::to_value(description()).unwrap()
}

#[test]
fn the_description_that_is_kept_is_the_one_that_is_answered() {
    let written = serde_json::to_string_pretty(&document()).unwrap() + "\n";
    if KEPT != written {
        let place = concat!(env!("CARGO_MANIFEST_DIR"), "/target/openapi.json");
        std::fs::write(place, &written).unwrap();
        panic!("docs/openapi.json is not what is answered. What is stands in target/openapi.json: look at it, and copy it");
    }
    assert_eq!(document()["openapi"], "3.1.0");
}

#[tokio::test]
async fn whoever_asks_gets_the_description() {
    let house = House::open(saturday()).await;
    let request = Request::get("/api/v1/openapi.json").body(Body::empty()).unwrap();
    let answer = house.send_as(None, request).await;
    assert_eq!((answer.status.as_u16(), answer.json()), (200, document()));
}

/// A way of the description: its method, its path and what it says of it.
struct Way {
    verb: String,
    path: String,
    told: Value,
}

fn ways(document: &Value) -> Vec<Way> {
    let mut ways = Vec::new();
    for (path, verbs) in document["paths"].as_object().unwrap() {
        for (verb, told) in verbs.as_object().unwrap() {
            ways.push(Way {
                verb: verb.to_uppercase(),
                path: path.clone(),
                told: told.clone(),
            });
        }
    }
    ways
}

/// What somebody asks; whatever it is, it is valid HTTP.
#[derive(Clone, Debug)]
struct Asked {
    way: usize,
    names: Vec<String>,
    query: Vec<(usize, String)>,
    body: String,
    kind: &'static str,
    token: usize,
    accept: &'static str,
}

/// As it stands in an address: what there is, what there is not, and what cannot be.
fn name() -> impl Strategy<Value = String> {
    let encoded = |text: String| utf8_percent_encode(&text, NON_ALPHANUMERIC).to_string();
    prop_oneof![
        4 => Just("lab".to_owned()),
        2 => Just("CALL".to_owned()),
        2 => Just("1".to_owned()),
        1 => "-?[0-9]{1,30}",
        1 => "%FF|%C3|%00|%2F|%2e%2e|\\.\\.|\\.|%25|lab%0d%0a",
        2 => "\\PC{1,20}".prop_map(encoded),
    ]
}

fn value() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("2026-11-21T14:00:00+11:00".to_owned()),
        Just("2026-11-22".to_owned()),
        Just("csv".to_owned()),
        "-?[0-9]{1,25}",
        "[0-9]{4,6}-[0-9]{2}-[0-9]{2}(T[0-9:]{8}Z)?",
        "\\PC{0,30}",
    ]
}

fn asked(ways: usize) -> impl Strategy<Value = Asked> {
    let body = prop_oneof![
        Just(String::new()),
        Just("presence=1h".to_owned()),
        Just("{\"title\":\"x\"}".to_owned()),
        "\\PC{0,60}",
        "who=[a-z%]{0,9}"
    ];
    let kind = prop_oneof![
        Just("application/json"),
        Just("application/x-www-form-urlencoded"),
        Just("text/plain"),
        Just("")
    ];
    let accept = prop_oneof![3 => Just("application/json"), 1 => Just("*/*"), 1 => Just("")];
    let names = proptest::collection::vec(name(), 2);
    let query = proptest::collection::vec((0..9_usize, value()), 0..4);
    (0..ways, names, query, body, kind, 0..4_usize, accept).prop_map(|(way, names, query, body, kind, token, accept)| Asked {
        way,
        names,
        query,
        body,
        kind,
        token,
        accept,
    })
}

impl Asked {
    fn request(&self, way: &Way, call: CallId) -> Request<Body> {
        let mut names = self.names.iter();
        let pieces = way.path.split(['{', '}']).enumerate();
        let path: String = pieces
            .map(|(at, piece)| match at % 2 {
                0 => piece.to_owned(),
                _ => names
                    .next()
                    .map_or_else(String::new, |name| name.replace("CALL", &call.to_string())),
            })
            .collect();
        let known: Vec<&str> = way.told["parameters"]
            .as_array()
            .map(|all| {
                all.iter()
                    .filter(|one| one["in"] == "query")
                    .map(|one| one["name"].as_str().unwrap())
                    .collect()
            })
            .unwrap_or_default();
        let query = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(self.query.iter().map(|(at, value)| (*known.get(*at).unwrap_or(&"strange"), value)))
            .finish();
        let mut request = Request::builder().method(way.verb.as_str()).uri(format!("{path}?{query}"));
        // Forms of pages are answered with pages, unless somebody says that he is a program.
        let accept = if way.verb == "POST" { "application/json" } else { self.accept };
        for (name, value) in [("content-type", self.kind), ("accept", accept)] {
            if !value.is_empty() {
                request = request.header(name, value);
            }
        }
        request.body(Body::from(self.body.clone())).unwrap()
    }
}

/// Whether the answer is one of those that the description tells of.
fn is_as_told(document: &Value, way: &Way, answer: &Answer) -> Result<(), String> {
    let status = answer.status.as_u16();
    let Some(told) = way.told["responses"].get(status.to_string()) else {
        return Err(format!("the status {status} is not told: {}", answer.text));
    };
    let Some(kinds) = told.get("content").and_then(Value::as_object) else {
        return if answer.text.is_empty() {
            Ok(())
        } else {
            Err(format!("{status} has a body: {}", answer.text))
        };
    };
    let kind = answer.headers.get("content-type").map_or("", |kind| kind.to_str().unwrap());
    let kind = kind.split(';').next().unwrap();
    let Some(content) = kinds.get(kind) else {
        return Err(format!("{status} is of the kind {kind:?}: {}", answer.text));
    };
    if kind != "application/json" {
        return Ok(());
    }
    let mut schema = content["schema"].clone();
    schema["components"] = document["components"].clone();
    let validator = jsonschema::validator_for(&schema).map_err(|fault| fault.to_string())?;
    let body = serde_json::from_str(&answer.text).map_err(|fault| format!("{fault}: {}", answer.text))?;
    validator
        .validate(&body)
        .map_err(|fault| format!("{status}: {fault} in {}", answer.text))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    /// A client that does not know us asks everything that the description offers, and more.
    #[test]
    fn whatever_is_asked_is_answered_as_described(all in proptest::collection::vec(asked(64), 60)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let house = House::open(saturday()).await;
            let call = house.call_arrives().await;
            let document = document();
            // Alarms are another room's, and streams have no end.
            let mut ways = ways(&document);
            ways.retain(|way| !way.path.ends_with("/incidents") && !way.path.ends_with("/events"));
            let mut seen = BTreeMap::new();
            for asked in all {
                let way = &ways[asked.way % ways.len()];
                let token = [Some(OPERATOR), Some(OPERATOR), Some("wrong"), None][asked.token];
                let answer = house.send_as(token, asked.request(way, call)).await;
                *seen.entry(answer.status.as_u16()).or_insert(0) += 1;
                prop_assert_ne!(answer.status.as_u16(), 500, "{} {}: {:?}", way.verb, way.path, asked);
                let told = is_as_told(&document, way, &answer);
                prop_assert!(told.is_ok(), "{} {}: {:?}: {}", way.verb, way.path, asked, told.unwrap_err());
            }
            prop_assert!(seen.contains_key(&200) && seen.contains_key(&401), "{:?}", seen);
            Ok(())
        })?;
    }
}

/// With everything right, each way of reading answers with what is described, and not only with a refusal.
#[tokio::test]
async fn each_way_of_reading_answers_as_described() {
    let house = House::open(saturday()).await;
    let call = house.call_arrives().await;
    let document = document();
    for way in ways(&document)
        .iter()
        .filter(|way| way.verb == "GET" && !way.path.ends_with("/events"))
    {
        let path = way
            .path
            .replace("{name}", "lab")
            .replace("/calls/{id}", &format!("/calls/{call}"))
            .replace("{id}", "1");
        let request = Request::get(&path).body(Body::empty()).unwrap();
        let answer = house.send_as(Some(OPERATOR), request).await;
        is_as_told(&document, way, &answer).unwrap_or_else(|why| panic!("{path}: {why}"));
        let takes_a_recording = path.contains("/recordings/");
        assert_eq!(answer.status.as_u16() == 200, !takes_a_recording, "{path}: {}", answer.text);
    }
}
