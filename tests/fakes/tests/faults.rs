//! Each fault is one on the wire: seen by a raw socket and by an HTTP client, on an API of one greeting.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a panic is a failed test")]

use fakes::{Answer, Api, Fault, Postman, Request, Route, Server};
use serde_json::{Value, json};
use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::Duration;

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Door {
    Any,
    Hello,
    Bye,
}

impl Route for Door {
    fn covers(self, request: Door) -> bool {
        self == Door::Any || self == request
    }
}

#[derive(Debug)]
struct Greeter;

impl Api for Greeter {
    type Route = Door;

    fn route(&self, request: &Request) -> Option<Door> {
        match request.path.as_str() {
            "/hello" => Some(Door::Hello),
            "/bye" => Some(Door::Bye),
            _ => None,
        }
    }

    async fn answer(&self, request: &Request) -> Answer {
        match self.route(request) {
            Some(_) => Answer::json(200, &json!({ "words": "good morning", "seen": request.body.len() })),
            None => Answer::json(404, &json!({})),
        }
    }

    fn error(&self, _: Door, code: u16) -> Value {
        json!({ "error": code })
    }
}

const BODY: &str = r#"{"seen":0,"words":"good morning"}"#;

async fn greeter() -> Server<Greeter> {
    Server::start(Arc::new(Greeter), "127.0.0.1:0").await
}

fn connect(server: &Server<Greeter>) -> TcpStream {
    let stream = TcpStream::connect(server.url().trim_start_matches("http://")).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    stream
}

/// What a plain socket sees of `GET /hello`, up to the end or the error.
async fn raw(server: &Server<Greeter>) -> (String, Option<ErrorKind>) {
    let mut stream = connect(server);
    tokio::task::spawn_blocking(move || {
        stream
            .write_all(b"GET /hello HTTP/1.1\r\nhost: fake\r\nconnection: close\r\n\r\n")
            .unwrap();
        let mut seen = Vec::new();
        let end = stream.read_to_end(&mut seen).err().map(|error| error.kind());
        (String::from_utf8(seen).unwrap(), end)
    })
    .await
    .unwrap()
}

async fn failing(fault: Fault) -> Server<Greeter> {
    let server = greeter().await;
    server.faults().fail(Door::Hello, fault, None);
    server
}

async fn get(server: &Server<Greeter>) -> reqwest::Result<(u16, String)> {
    let client = reqwest::Client::builder().no_proxy().build()?;
    let answer = client.get(format!("{}/hello", server.url())).send().await?;
    Ok((answer.status().as_u16(), answer.text().await?))
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_fault_the_api_answers() {
    let server = greeter().await;
    let (text, end) = raw(&server).await;
    assert_eq!(end, None);
    let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json; charset=UTF-8\r\ncontent-length: 33\r\n\r\n";
    assert_eq!(text, format!("{head}{BODY}"));
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let answer = client
        .post(format!("{}/bye?a=b%20c&d", server.url()))
        .body("12345")
        .send()
        .await
        .unwrap();
    assert_eq!(answer.text().await.unwrap(), BODY.replace('0', "5"));
    let journal = server.journal().requests();
    assert_eq!(journal.len(), 2);
    assert_eq!((journal[0].method.as_str(), journal[0].status), ("GET", Some(200)));
    assert_eq!((journal[1].path.as_str(), journal[1].query.as_str()), ("/bye", "a=b%20c&d"));
    assert_eq!(journal[1].parameter("a").as_deref(), Some("b c"));
    assert_eq!(journal[1].body, b"12345");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_serves_many_requests() {
    let server = greeter().await;
    let mut stream = connect(&server);
    let seen = tokio::task::spawn_blocking(move || {
        let one = "GET /hello HTTP/1.1\r\nhost: fake\r\n\r\n";
        stream.write_all(one.repeat(3).as_bytes()).unwrap();
        stream.shutdown(std::net::Shutdown::Write).unwrap();
        let mut seen = String::new();
        stream.read_to_string(&mut seen).unwrap();
        seen
    });
    assert_eq!(seen.await.unwrap().matches(BODY).count(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_error_and_a_page() {
    let server = failing(Fault::busy(503, "7")).await;
    let (text, _) = raw(&server).await;
    assert!(text.starts_with("HTTP/1.1 503 Service Unavailable\r\n"), "{text}");
    assert!(text.contains("\r\nretry-after: 7\r\n"), "{text}");
    assert!(text.ends_with(r#"{"error":503}"#), "{text}");
    let (text, _) = raw(&failing(Fault::Html { code: 200 }).await).await;
    assert!(text.contains("text/html") && text.contains("<html>"), "{text}");
    let (text, _) = raw(&failing(Fault::Empty).await).await;
    assert!(text.ends_with("\r\ncontent-length: 2\r\n\r\n{}"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_is_cut_off_after_its_length_was_promised() {
    let server = failing(Fault::CutBody).await;
    let (text, end) = raw(&server).await;
    assert_eq!(end, None, "the connection ends in an orderly way");
    assert!(text.contains("content-length: 33\r\n"), "{text}");
    assert!(text.ends_with(&BODY[..16]), "{text}");
    assert!(get(&server).await.is_err(), "a client sees that the rest is missing");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reset_is_a_reset() {
    let server = failing(Fault::Reset).await;
    let (text, end) = raw(&server).await;
    assert_eq!((text.as_str(), end), ("", Some(ErrorKind::ConnectionReset)));
    let journal = server.journal().requests();
    assert_eq!((journal.len(), journal[0].status), (1, None));
}

#[tokio::test(flavor = "multi_thread")]
async fn slow_heads_and_dripping_bodies_come_late() {
    let server = failing(Fault::SlowHeaders(Duration::from_millis(80))).await;
    let (text, took) = timed(&server).await;
    assert!(text.ends_with(BODY) && took >= Duration::from_millis(80), "{took:?}");
    let server = failing(Fault::Drip(Duration::from_millis(3))).await;
    let (text, took) = timed(&server).await;
    assert!(text.ends_with(BODY) && took >= Duration::from_millis(99), "{took:?}");
    let server = greeter().await;
    server.delay(Duration::from_millis(50));
    let (_, took) = timed(&server).await;
    assert!(took >= Duration::from_millis(50), "{took:?}");
    assert!(server.journal().requests()[0].took < Duration::from_millis(50));
}

#[allow(clippy::disallowed_methods, reason = "measures the fake's own slowness")]
async fn timed(server: &Server<Greeter>) -> (String, Duration) {
    let before = std::time::Instant::now();
    let (text, _) = raw(server).await;
    (text, before.elapsed())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hang_is_silence_on_an_open_connection() {
    let server = failing(Fault::Hang).await;
    let mut stream = connect(&server);
    stream.set_read_timeout(Some(Duration::from_millis(100))).unwrap();
    let error = tokio::task::spawn_blocking(move || {
        stream.write_all(b"GET /hello HTTP/1.1\r\nhost: fake\r\n\r\n").unwrap();
        stream.read(&mut [0; 1]).unwrap_err().kind()
    });
    assert_eq!(error.await.unwrap(), ErrorKind::WouldBlock);
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_shapes_and_huge_bodies_are_valid_json() {
    let server = failing(Fault::WrongShape).await;
    let (_, text) = get(&server).await.unwrap();
    let shape: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(
        shape,
        json!({ "words": [{ "unexpected": true }], "seen": [{ "unexpected": true }] })
    );
    let server = failing(Fault::Huge { bytes: 1_000_000 }).await;
    let (text, _) = raw(&server).await;
    assert!(!text.to_lowercase().contains("content-length"), "no header gives the size away");
    let (_, text) = get(&server).await.unwrap();
    assert_eq!((text.len(), text.trim_start()), (1_000_033, BODY));
}

#[tokio::test(flavor = "multi_thread")]
async fn faults_come_in_order_and_as_often_as_said() {
    let server = greeter().await;
    server.faults().fail(Door::Bye, Fault::status(500), None);
    server.faults().fail(Door::Hello, Fault::status(429), Some(1));
    server.faults().fail(Door::Any, Fault::status(401), Some(2));
    let mut seen = Vec::new();
    for _ in 0..4 {
        seen.push(get(&server).await.unwrap().0);
    }
    assert_eq!(seen, [429, 401, 401, 200]);
    server.faults().fail(Door::Hello, Fault::status(404), None);
    assert_eq!(get(&server).await.unwrap().0, 404);
    server.faults().heal();
    assert_eq!(get(&server).await.unwrap().0, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_port_refuses_and_opens_again() {
    let server = greeter().await;
    server.close().await;
    assert!(get(&server).await.unwrap_err().is_connect());
    server.open().await;
    assert_eq!(get(&server).await.unwrap().0, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn post_goes_through_doors_and_nowhere_else() {
    let server = greeter().await;
    let postman = Postman::default();
    postman.door("https://rota.example.org/", &server.url());
    let headers = [("x-sign", "1".into())];
    let answer = postman.post("https://rota.example.org/hello?a=b", &headers, b"abc".to_vec());
    assert_eq!(answer.await, Ok((200, BODY.replace('0', "3"))));
    let request = server.journal().requests().remove(0);
    assert_eq!((request.query.as_str(), request.headers["x-sign"].as_str()), ("a=b", "1"));
    let elsewhere = postman.post("https://rota.example.org.evil.example/hello", &[], Vec::new());
    assert!(elsewhere.await.unwrap_err().contains("no door"));
}
