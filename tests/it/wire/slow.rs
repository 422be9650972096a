//! Whoever only holds connections keeps nobody out: many who do not finish a head, a body, or do not read, while genuine
//! webhooks come in by new connections.

use super::{PROXY, connected, served};
use rotaline::app::Service;
use rotaline::twilio::signature::sign;
use std::net::Ipv4Addr;
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};
use url::form_urlencoded::Serializer;

/// More than the service takes connections at once (256).
const MANY: usize = 300;
const ACCOUNT: &str = "AC00000000000000000000000000000000";
/// The carrier waits for 15 s.
const PATIENCE: Duration = Duration::from_secs(14);
const KEY: &str = "/twilio/voice/fallback/key";
/// Where nobody hears the answer: of such requests so many are taken in at once.
const NOTICE: &str = "/twilio/status";

/// Strangers come from several addresses.
fn address(number: usize) -> Ipv4Addr {
    Ipv4Addr::new(127, 0, 1, u8::try_from(number % 5 + 1).unwrap())
}

async fn genuine(service: &Service) {
    let digits = [("AccountSid", ACCOUNT), ("Digits", "2"), ("To", "+61491570006")];
    let over = [("AccountSid", ACCOUNT), ("CallSid", "CA1"), ("CallStatus", "completed")];
    for (place, fields, status) in [(KEY, digits, 200), (NOTICE, over, 204)] {
        let answer = told(service, place, &fields).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{place}: {answer}");
    }
}

async fn told(service: &Service, place: &str, fields: &[(&str, &str)]) -> String {
    let body = Serializer::new(String::new()).extend_pairs(fields).finish();
    let request = format!(
        "POST {place} HTTP/1.1\r\nHost: hotline.example.org\r\nX-Twilio-Signature: {}\r\nContent-Type: application/x-www-form-urlencoded\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
        sign(super::TOKEN, &format!("https://hotline.example.org{place}"), fields),
        body.len()
    );
    let mut stream = connected(PROXY, service.address()).await;
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    let read = tokio::time::timeout(PATIENCE, stream.read_to_string(&mut answer)).await;
    read.unwrap_or_else(|_| panic!("no answer while others hold connections")).unwrap();
    answer
}

/// Opens many such connections, asks in between, and holds them all to the end.
async fn besieged(open: impl AsyncFn(&Service, usize) -> TcpStream) {
    let service = served("public_url = \"https://hotline.example.org\"").await;
    let mut held = Vec::new();
    for number in 0..MANY {
        held.push(open(&service, number).await);
        if number % 25 == 0 {
            genuine(&service).await;
        }
    }
    for _ in 0..20 {
        genuine(&service).await;
    }
    drop(held);
    service.stop().await;
}

async fn said(service: &Service, number: usize, bytes: &[u8]) -> TcpStream {
    let mut stream = connected(address(number), service.address()).await;
    // Who is sent away already cannot say anything.
    let _ = stream.write_all(bytes).await;
    stream
}

#[tokio::test]
async fn heads_that_never_end_keep_no_webhook_out() {
    besieged(async |service, number| said(service, number, b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ").await).await;
}

#[tokio::test]
async fn bodies_that_never_end_keep_no_webhook_out() {
    for place in [KEY, NOTICE] {
        let head = format!(
            "POST {place} HTTP/1.1\r\nHost: hotline.example.org\r\nX-Twilio-Signature: x\r\nContent-Type: application/x-www-form-urlencoded\r\n\
             Content-Length: 60000\r\n\r\nAccountSid="
        );
        besieged(async |service, number| said(service, number, head.as_bytes()).await).await;
    }
}

#[tokio::test]
async fn readers_who_do_not_read_keep_no_webhook_out() {
    let asked = b"GET /twilio/media/hold.wav HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(60);
    besieged(async |service, number| {
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_recv_buffer_size(2048).unwrap();
        socket.bind((address(number), 0).into()).unwrap();
        let mut stream = socket.connect(service.address()).await.unwrap();
        let _ = stream.write_all(&asked).await;
        stream
    })
    .await;
}
