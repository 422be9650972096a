//! The carrier's door, tried by somebody without the token, and by somebody who has seen genuine requests: in which order it
//! looks at things, and that no other spelling of a request is let in.

use super::super::stage;
use super::super::twilio::Service;
use axum::body::Body;
use axum::http::{HeaderValue, Request};
use rotaline::twilio::signature::sign;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use url::form_urlencoded::Serializer;

const TOKEN: &str = "fedcba9876543210fedcba9876543210";
const ACCOUNT: &str = "AC0123456789abcdef0123456789abcdef";
const BASE: &str = "https://hotline.example.org";
const OURS: &str = "+61491570006";
const FORM: &str = "application/x-www-form-urlencoded";

const ARRIVAL: [(&str, &str); 5] = [
    ("AccountSid", ACCOUNT),
    ("CallSid", "CA0000000000000000000000000000000a"),
    ("CallStatus", "ringing"),
    ("From", "+61491570737"),
    ("To", OURS),
];

fn body(fields: &[(&str, &str)]) -> String {
    Serializer::new(String::new()).extend_pairs(fields).finish()
}

fn request(path: &str, kind: &str, signature: Option<&str>, body: impl Into<Body>) -> Request<Body> {
    let request = Request::post(path)
        .header("Host", "hotline.example.org")
        .header("Content-Type", kind);
    let request = match signature {
        Some(signature) => request.header("X-Twilio-Signature", signature),
        None => request,
    };
    request.body(body.into()).unwrap()
}

fn good() -> String {
    sign(TOKEN, &format!("{BASE}/twilio/voice"), &ARRIVAL)
}

/// What is said to each, and that none of them has begun a call.
async fn refused(requests: Vec<(&str, Request<Body>, u16, &str)>) {
    let service = Service::start().await;
    for (what, request, status, words) in requests {
        let answer = service.send(request).await;
        assert_eq!((answer.status, answer.body.contains(words)), (status, true), "{what}: {answer:?}");
        assert!(!answer.body.contains(TOKEN) && !answer.body.contains(&good()), "{what}: {answer:?}");
    }
    assert_eq!(service.store.calls(10).await.unwrap(), []);
    let genuine = service.send(request("/twilio/voice", FORM, Some(&good()), body(&ARRIVAL))).await;
    assert_eq!(genuine.status, 200, "else all of this proves nothing");
    assert_eq!(service.store.calls(10).await.unwrap().len(), 1);
}

/// Nobody learns more of what is wrong with his request than he may: first who he is, then what he says.
#[tokio::test]
async fn a_webhook_is_looked_at_in_one_order() {
    let path = "/twilio/voice";
    let signed = |fields: &[(&str, &str)]| sign(TOKEN, &format!("{BASE}{path}"), fields);
    let garbage = "a=%zz&=&&%";
    let neighbour = [("AccountSid", "AC9"), ("To", OURS)];
    let nothing = [("AccountSid", ACCOUNT), ("To", OURS)];
    let json = "/twilio/voice?bodySHA256=44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";
    let json_signed = sign::<&str, &str>(TOKEN, &format!("{BASE}{json}"), &[]);
    refused(vec![
        ("too long, unsigned", request(path, FORM, None, "x".repeat(65 * 1024)), 413, ""),
        (
            "unsigned garbage",
            request(path, FORM, None, garbage),
            403,
            "the signature is missing",
        ),
        (
            "unsigned JSON",
            request(path, "application/json", None, "{}"),
            403,
            "the signature is missing",
        ),
        (
            "unsigned, of another account",
            request(path, FORM, None, body(&neighbour)),
            403,
            "missing",
        ),
        ("an empty signature", request(path, FORM, Some(""), body(&ARRIVAL)), 403, "missing"),
        (
            "a wrong signature, of another account",
            request(path, FORM, Some("x"), body(&neighbour)),
            403,
            "the signature is wrong",
        ),
        (
            "a wrong signature on JSON",
            request(path, "application/json", Some("x"), "{}"),
            403,
            "the signature is wrong",
        ),
        (
            "signed JSON",
            request(json, "application/json", Some(&json_signed), "{}"),
            415,
            "a form is expected",
        ),
        (
            "signed for other JSON",
            request(json, "application/json", Some(&json_signed), "{\"To\":1}"),
            403,
            "wrong",
        ),
        (
            "of another account",
            request(path, FORM, Some(&signed(&neighbour)), body(&neighbour)),
            403,
            "another account",
        ),
        (
            "of no call",
            request(path, FORM, Some(&signed(&nothing)), body(&nothing)),
            400,
            "CallSid",
        ),
    ])
    .await;
}

/// The signature of a genuine request, put on everything that is not it.
#[tokio::test]
async fn a_genuine_signature_opens_for_one_request_only() {
    let path = "/twilio/voice";
    let sent = body(&ARRIVAL);
    let good = good();
    let twice = [&ARRIVAL[..], &[("From", "+61491570156")]].concat();
    let cut = [&[("", ""), ("AccountSid", ACCOUNT)], &ARRIVAL[1..]].concat();
    let fallback = sign(TOKEN, &format!("{BASE}/twilio/voice/fallback"), &ARRIVAL);
    let passed_off = [&[("/fallback", "")], &ARRIVAL[..]].concat();
    let mut two = request(path, FORM, Some("WRONG"), sent.clone());
    two.headers_mut()
        .append("X-Twilio-Signature", HeaderValue::from_str(&good).unwrap());
    let mut many = sent.clone();
    many.extend((0..600).map(|n| format!("&x{n}=")));
    let mut zipped = request(path, FORM, Some(&good), b"\x1f\x8b\x08\0".to_vec());
    zipped.headers_mut().insert("Content-Encoding", HeaderValue::from_static("gzip"));
    refused(vec![
        ("a second sender", request(path, FORM, Some(&good), body(&twice)), 403, "wrong"),
        ("an empty field", request(path, FORM, Some(&good), body(&cut)), 403, "wrong"),
        (
            "the end of an address as a field",
            request(path, FORM, Some(&fallback), body(&passed_off)),
            403,
            "wrong",
        ),
        (
            "a query",
            request("/twilio/voice?From=%2B61491570156", FORM, Some(&good), sent.clone()),
            403,
            "wrong",
        ),
        (
            "an empty query",
            request("/twilio/voice?", FORM, Some(&good), sent.clone()),
            403,
            "wrong",
        ),
        (
            "the form as a query",
            request(&format!("/twilio/voice?{sent}"), FORM, Some(&good), ""),
            403,
            "wrong",
        ),
        ("as text", request(path, "text/plain", Some(&good), sent.clone()), 403, "wrong"),
        (
            "as parts",
            request(path, "multipart/form-data; boundary=x", Some(&good), sent.clone()),
            403,
            "wrong",
        ),
        ("a wrong signature before the good one", two, 403, "wrong"),
        (
            "more fields than anybody sends",
            request(path, FORM, Some(&good), many),
            400,
            "500 fields",
        ),
        ("packed", zipped, 400, "form"),
    ])
    .await;
}

/// Sends what is given and reads the answer's first line.
async fn answered(address: SocketAddr, sent: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(sent.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    let _ = tokio::time::timeout(Duration::from_secs(5), stream.read_to_end(&mut answer)).await;
    String::from_utf8_lossy(&answer).lines().next().unwrap_or_default().to_owned()
}

async fn no_header_chooses_another_way(address: SocketAddr, post: &impl Fn(&str, &str) -> String) {
    for overriding in [
        "X-HTTP-Method-Override: POST",
        "X-Method-Override: POST",
        "X-Original-URL: /twilio/voice",
        "X-Rewrite-URL: /twilio/voice",
    ] {
        let asked = format!("GET /twilio/voice HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n{overriding}\r\n\r\n");
        assert!(answered(address, &asked).await.starts_with("HTTP/1.1 405 "), "{overriding}");
        let answer = answered(address, &post("/", &format!("{overriding}\r\n"))).await;
        assert!(answer.starts_with("HTTP/1.1 405 "), "{overriding}: {answer}");
    }
}

/// Over a socket: whatever way an address is written in, nothing behind it is reached without a signature.
#[tokio::test(flavor = "multi_thread")]
async fn no_spelling_of_an_address_leads_past_the_signature() {
    let stage = stage::set().await;
    let address = stage.service().address();
    let sent = body(&ARRIVAL);
    let post = |target: &str, more: &str| {
        format!(
            "POST {target} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n{more}Content-Type: {FORM}\r\nContent-Length: {}\r\n\r\n{sent}",
            sent.len()
        )
    };
    let call = "01926f00-0000-7000-8000-000000000001";
    for target in [
        "/twilio/voice",
        "//twilio/voice",
        "/twilio//voice",
        "/twilio/voice/",
        "/twilio/%76oice",
        "/Twilio/Voice",
        "/twilio/./voice",
        "/static/../twilio/voice",
        "/twilio/voice;x=1",
        "/twilio/voice%00",
        "/twilio/voice%2F",
        "/twilio\\voice",
        "http://evil.example/twilio/voice",
        &format!("http://{address}/twilio/voice"),
        "/twilio/sms",
        "/twilio/status",
        "/twilio/menu/1",
        "/twilio/voice/fallback",
        "/twilio/voice/fallback/key",
        "/twilio/voice/fallback/whisper",
        &format!("/twilio/through/{call}"),
        &format!("/twilio/call/{call}/conference"),
        &format!("/twilio/call/{call}/talk/1"),
        &format!("/twilio/call/{call}/1/key"),
        &format!("/twilio/call/{call}/1/%6bey"),
    ] {
        let answer = answered(address, &post(target, "")).await;
        let status: u16 = answer
            .split(' ')
            .nth(1)
            .unwrap_or_else(|| panic!("{target}: {answer}"))
            .parse()
            .unwrap();
        assert!((400..500).contains(&status), "{target}: {answer}");
    }
    no_header_chooses_another_way(address, &post).await;
    // Two lengths, or a length beside pieces, are how one request hides in another.
    for smuggled in [
        "Content-Length: 5\r\n",
        "Transfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked, identity\r\n",
    ] {
        let answer = answered(address, &post("/twilio/voice", smuggled)).await;
        assert!(!answer.starts_with("HTTP/1.1 2"), "{smuggled}: {answer}");
    }
    assert_eq!(stage.service().store().calls(10).await.unwrap(), []);
    assert_eq!(
        stage.rehearsal().simulator().look(|network| network.dialled().to_vec()),
        Vec::<String>::new()
    );
    stage.strike().await;
}
