//! Requests are signed by the vector-tested signer and go through axum.

use super::*;
use crate::twilio::signature::sign;
use axum::Router;
use axum::body::Body;
use proptest::prelude::*;
use tower::ServiceExt as _;
use url::form_urlencoded::Serializer;

const TOKEN: &str = "fedcba9876543210fedcba9876543210";
const ACCOUNT: &str = "AC0123456789abcdef0123456789abcdef";
const OURS: &str = "+61491570006";

fn verifier(tokens: &[&str], public_url: PublicUrl) -> Verifier {
    let tokens = tokens.iter().map(|token| SecretString::from(*token)).collect();
    let numbers = vec![Phone::from_e164(OURS).unwrap()];
    Verifier::new(ACCOUNT.to_owned(), tokens, numbers, public_url).unwrap()
}

fn configured() -> Verifier {
    verifier(&[TOKEN], PublicUrl::known(BaseUrl::parse("https://hotline.example.org").unwrap()))
}

async fn echo(Verified { base, fields }: Verified<Form>) -> String {
    format!("{base} {}", fields.get("Digits").unwrap_or("-"))
}

/// Status and text of the answer.
async fn send(verifier: Verifier, request: Request<Body>) -> (u16, String) {
    let door = Router::new().fallback(echo).with_state(verifier);
    let answer = door.oneshot(request).await.unwrap();
    let status = answer.status().as_u16();
    let body = axum::body::to_bytes(answer.into_body(), 1 << 20).await.unwrap();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

fn encoded(fields: &[(&str, &str)]) -> String {
    Serializer::new(String::new()).extend_pairs(fields).finish()
}

/// A form as the carrier sends it to `base`, signed with `token`.
fn signed(token: &str, base: &str, path: &str, fields: &[(&str, &str)]) -> Request<Body> {
    let signature = sign(token, &format!("{base}{path}"), fields);
    request(base, path, &signature, encoded(fields))
}

fn request(base: &str, path: &str, signature: &str, body: impl Into<Body>) -> Request<Body> {
    Request::post(path)
        .header("Host", base.split_once("://").unwrap().1)
        .header("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8")
        .header("X-Twilio-Signature", signature)
        .body(body.into())
        .unwrap()
}

const BASE: &str = "https://hotline.example.org";
const FIELDS: [(&str, &str); 4] = [("AccountSid", ACCOUNT), ("To", OURS), ("Digits", "1"), ("NeverSeenBefore", "é & 0")];

#[tokio::test]
async fn a_genuine_webhook_is_read_whatever_else_it_carries() {
    let answer = send(configured(), signed(TOKEN, BASE, "/twilio/voice", &FIELDS)).await;
    assert_eq!(answer, (200, "https://hotline.example.org 1".to_owned()));
}

#[tokio::test]
async fn fields_of_the_query_are_read_and_signed_too() {
    let fields = [("AccountSid", ACCOUNT)];
    let answer = send(configured(), signed(TOKEN, BASE, "/x?again=1&Digits=%2A", &fields)).await;
    assert_eq!(answer, (200, "https://hotline.example.org *".to_owned()));
    let signature = sign(TOKEN, &format!("{BASE}/x?Digits=1"), &fields);
    let changed = send(configured(), request(BASE, "/x?Digits=2", &signature, encoded(&fields))).await;
    assert_eq!(changed.0, 403);
}

#[tokio::test]
async fn both_tokens_count_during_a_rotation() {
    for token in [TOKEN, "the old one"] {
        let verifier = verifier(&["the old one", TOKEN], PublicUrl::known(BaseUrl::parse(BASE).unwrap()));
        assert_eq!(send(verifier, signed(token, BASE, "/twilio/voice", &FIELDS)).await.0, 200);
    }
    assert_eq!(
        send(configured(), signed("the old one", BASE, "/twilio/voice", &FIELDS)).await.0,
        403
    );
}

#[test]
fn without_a_token_there_is_no_door() {
    for tokens in [&[][..], &[""], &["  "], &[TOKEN, ""]] {
        let tokens = tokens.iter().map(|token| SecretString::from(*token)).collect();
        assert_eq!(
            Verifier::new(ACCOUNT.to_owned(), tokens, Vec::new(), PublicUrl::unknown()).unwrap_err(),
            NoToken
        );
    }
}

#[tokio::test]
async fn forgeries_stay_outside() {
    let body = || encoded(&FIELDS);
    let mut unsigned = request(BASE, "/twilio/voice", "x", body());
    unsigned.headers_mut().remove("X-Twilio-Signature");
    let good = sign(TOKEN, &format!("{BASE}/twilio/voice"), &FIELDS);
    let neighbour = signed(TOKEN, BASE, "/twilio/voice", &[("AccountSid", "AC9"), ("To", OURS)]);
    let no_account = signed(TOKEN, BASE, "/twilio/voice", &[("To", OURS)]);
    let table = [
        (unsigned, 403),
        (request(BASE, "/twilio/voice", "", body()), 403),
        (request(BASE, "/twilio/voice", "WRONG_SIGNATURE", body()), 403),
        (request(BASE, "/twilio/other", &good, body()), 403),
        (request(BASE, "/twilio/voice", &good, body() + "&x="), 403),
        (signed("another token", BASE, "/twilio/voice", &FIELDS), 403),
        (signed(TOKEN, "https://other.example.org", "/twilio/voice", &FIELDS), 403),
        (neighbour, 403),
        (no_account, 403),
    ];
    for (number, (request, status)) in table.into_iter().enumerate() {
        assert_eq!(send(configured(), request).await.0, status, "row {number}");
    }
}

#[tokio::test]
async fn bodies_have_a_limit_and_must_be_forms() {
    let largest = "a=".to_owned() + &"x".repeat(MAX_BODY - 2);
    let signature = sign(TOKEN, &format!("{BASE}/v"), &[("a", &largest[2..])]);
    // Genuine, but it names no account; the point is that it was read.
    assert_eq!(send(configured(), request(BASE, "/v", &signature, largest.clone())).await.0, 403);
    assert_eq!(send(configured(), request(BASE, "/v", &signature, largest + "x")).await.0, 413);
    for bad in [&b"a=%zz"[..], b"a=%", b"a=%FF", b"\xff\xfe=1"] {
        assert_eq!(
            send(configured(), request(BASE, "/v", "sig", bad)).await.0,
            400,
            "{}",
            bad.escape_ascii()
        );
    }
}

#[tokio::test]
async fn a_genuine_body_of_another_kind_is_not_taken_for_a_form() {
    // Body, hash and signing rule as in the vector json-empty-object.
    let path = "/v?bodySHA256=44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";
    let signature = sign::<&str, &str>(TOKEN, &format!("{BASE}{path}"), &[]);
    for (body, status) in [("{}", 415), ("{ }", 403)] {
        let mut request = request(BASE, path, &signature, body);
        request.headers_mut().insert("Content-Type", "application/json".parse().unwrap());
        assert_eq!(send(configured(), request).await.0, status, "{body}");
    }
}

#[tokio::test]
async fn the_public_address_is_learned_from_a_call_to_one_of_our_numbers() {
    let url = PublicUrl::unknown();
    let door = || verifier(&[TOKEN], url.clone());
    let elsewhere = [("AccountSid", ACCOUNT), ("To", "+61491570999")];
    let tunnel = "https://quiet-river.example.net";
    // Nothing is learned from what is forged, or is not about a number of ours.
    assert_eq!(send(door(), signed("forged", tunnel, "/twilio/voice", &FIELDS)).await.0, 403);
    assert_eq!(send(door(), signed(TOKEN, tunnel, "/twilio/status", &elsewhere)).await.0, 200);
    assert_eq!(url.get(), None);
    assert_eq!(
        send(door(), signed(TOKEN, tunnel, "/twilio/voice", &FIELDS)).await.1,
        format!("{tunnel} 1")
    );
    assert_eq!(url.get().unwrap().as_str(), tunnel);
    // From now on any other host is refused, however well signed.
    for other in ["https://other.example.net", "http://quiet-river.example.net"] {
        assert_eq!(send(door(), signed(TOKEN, other, "/twilio/voice", &FIELDS)).await.0, 403, "{other}");
    }
    // Behind a proxy that rewrites the Host header the known address still counts.
    let signature = sign(TOKEN, &format!("{tunnel}/twilio/voice"), &FIELDS);
    assert_eq!(
        send(
            door(),
            request("http://127.0.0.1:8080", "/twilio/voice", &signature, encoded(&FIELDS))
        )
        .await
        .0,
        200
    );
}

#[tokio::test]
async fn a_plain_http_address_is_learned_as_such() {
    let url = PublicUrl::unknown();
    let answer = send(
        verifier(&[TOKEN], url),
        signed(TOKEN, "http://127.0.0.1:8080", "/twilio/voice", &FIELDS),
    )
    .await;
    assert_eq!(answer, (200, "http://127.0.0.1:8080 1".to_owned()));
}

#[test]
fn the_log_of_a_forgery_helps_and_tells_no_secret() {
    let fields = [
        ("AccountSid", ACCOUNT),
        ("From", "+61491570156"),
        ("+61491570157", "x"),
        ("CallStatus", "ringing"),
    ];
    let request = signed("another token", BASE, "/twilio/voice?number=%2B61491570158", &fields);
    let candidates = ["https", "http"].map(|scheme| BaseUrl::parse(&format!("{scheme}://hotline.example.org")).unwrap());
    let form: Form = fields.into_iter().collect();
    let forgery = Forgery::new(&request.into_parts().0, (&candidates, None, None), &form);
    let expected = "its signature fits none of [\"https://hotline.example.org/twilio/voice?…\", \"http://hotline.example.org/twilio/voice?…\"]. \
        If it is Twilio's: write server.public_url as the number has it in the console, without /twilio/…, and look whether the auth token is \
        that account's own. Else somebody forges. Seen: host: hotline.example.org; fields [\"AccountSid\", \"From\", \"?\", \"CallStatus\"]";
    assert_eq!(forgery.to_string(), expected);
    assert!(!format!("{:?}", configured()).contains(TOKEN));
}

proptest! {
    #[test]
    fn whatever_comes_in_is_refused_without_a_fault(
        body in proptest::collection::vec(any::<u8>(), 0..200),
        signature in "[!-~]{0,40}",
        kind in "application/x-www-form-urlencoded|text/plain|[a-z/;=]{0,20}",
        host in "[!-~]{0,20}",
        query in "[a-zA-Z0-9%&=+'._~-]{0,30}",
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        for url in [PublicUrl::unknown(), PublicUrl::known(BaseUrl::parse(BASE).unwrap())] {
            let request = Request::post(format!("/twilio/voice?{query}"))
                .header("Host", &host)
                .header("Content-Type", &kind)
                .header("X-Twilio-Signature", &signature)
                .body(Body::from(body.clone()))
                .unwrap();
            let (status, _) = runtime.block_on(send(verifier(&[TOKEN], url), request));
            prop_assert!((400..500).contains(&status), "{}", status);
        }
    }

    #[test]
    fn whatever_is_genuine_is_read_or_refused_without_a_fault(
        mut fields in proptest::collection::vec(("[A-Za-z]\\PC{0,11}", "\\PC{0,20}"), 0..8),
        query in "[a-zA-Z0-9%&=+'._~-]{0,30}",
    ) {
        fields.push(("AccountSid".to_owned(), ACCOUNT.to_owned()));
        let borrowed: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        let (status, text) = runtime.block_on(send(configured(), signed(TOKEN, BASE, &format!("/v?{query}"), &borrowed)));
        let query_is_a_form = Form::parse(query.as_bytes()).is_ok();
        prop_assert_eq!(status, if query_is_a_form { 200 } else { 400 }, "{}", text);
    }
}

#[tokio::test(start_paused = true)]
async fn a_body_that_never_ends_is_not_waited_for() {
    let endless = Body::from_stream(futures_util::stream::pending::<Result<Vec<u8>, std::io::Error>>());
    let answer = send(configured(), request(BASE, "/twilio/voice", "x", endless)).await;
    let told = r#"{"error":{"code":"webhook-slow","message":"the body takes too long"}}"#;
    assert_eq!(answer, (408, told.to_owned()));
}
