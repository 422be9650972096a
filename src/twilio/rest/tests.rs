//! The client over real sockets, against answers written by hand.

use super::*;
use crate::call::Refusal;
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, Response, Uri};
use serde_json::{Value, json};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use uuid::Uuid;

const ACCOUNT: &str = "AC0123456789abcdef0123456789abcdef";
const TOKEN: &str = "fedcba9876543210fedcba9876543210";

/// A request as it arrived.
#[derive(Clone, Debug)]
struct Seen {
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: String,
}

/// Gives the written answers one after the other; when there are none left it never answers.
#[derive(Clone, Default)]
struct Fake {
    answers: Arc<Mutex<VecDeque<Response<Body>>>>,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Fake {
    /// The client is patient, unless there is nothing to wait for.
    async fn serve(answers: Vec<Response<Body>>) -> (Self, Client) {
        let timeout = Duration::from_millis(if answers.is_empty() { 300 } else { 30_000 });
        let fake = Self {
            answers: Arc::new(Mutex::new(answers.into())),
            ..Self::default()
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = Router::new().fallback(Self::answer).with_state(fake.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        (fake, client(&format!("http://{address}"), timeout))
    }

    async fn answer(State(fake): State<Self>, method: Method, uri: Uri, headers: HeaderMap, body: Bytes) -> Response<Body> {
        let body = String::from_utf8(body.to_vec()).unwrap();
        fake.seen.lock().unwrap().push(Seen {
            method,
            uri,
            headers,
            body,
        });
        let answer = fake.answers.lock().unwrap().pop_front();
        match answer {
            Some(answer) => answer,
            None => std::future::pending().await,
        }
    }

    fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }
}

fn settings(api_base: &str, timeout: Duration) -> Settings {
    Settings {
        api_base: api_base.to_owned(),
        connect_timeout: timeout,
        timeout,
        ..Settings::new(ACCOUNT.to_owned(), SecretString::from(TOKEN))
    }
}

fn client(api_base: &str, timeout: Duration) -> Client {
    let base = BaseUrl::parse("https://hotline.example.org").unwrap();
    Client::new(settings(api_base, timeout), PublicUrl::known(base)).unwrap()
}

fn json_answer(status: u16, body: &Value) -> Response<Body> {
    raw(status, "application/json", body.to_string())
}

fn raw(status: u16, kind: &str, body: impl Into<Body>) -> Response<Body> {
    Response::builder()
        .status(status)
        .header("Content-Type", kind)
        .body(body.into())
        .unwrap()
}

fn error(status: u16, code: u32) -> Response<Body> {
    json_answer(status, &json!({ "code": code, "message": "No.", "status": status }))
}

/// Somebody who says the beginning of an answer and hangs up, once.
async fn cut_short(beginning: &'static str) -> Client {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.unwrap();
        let mut request = Vec::new();
        // The last field of a dial is the last thing that is sent.
        while !request.ends_with(b"StatusCallbackEvent=completed") {
            socket.read_buf(&mut request).await.unwrap();
        }
        socket.write_all(beginning.as_bytes()).await.unwrap();
        socket.shutdown().await.unwrap();
    });
    client(&format!("http://{address}"), Duration::from_secs(30))
}

fn order() -> DialOrder {
    DialOrder {
        call: CallId(Uuid::from_u128(7)),
        leg: LegId(3),
        from: Phone::from_e164("+61491570006").unwrap(),
        to: Phone::from_e164("+61491570156").unwrap(),
        ring_seconds: 20,
        detection: None,
    }
}

fn line(name: &str) -> LineId {
    LineId(name.to_owned())
}

fn since() -> DateTime<Utc> {
    "2026-11-21T02:45:00.700Z".parse().unwrap()
}

fn listed(sid: &str, created: &str, direction: &str) -> Value {
    json!({ "sid": sid, "status": "queued", "to": "+61491570156", "direction": direction, "date_created": created })
}

fn page(calls: &[Value], next: Option<&str>) -> Response<Body> {
    json_answer(200, &json!({ "calls": calls, "next_page_uri": next }))
}

#[tokio::test]
async fn a_dial_is_one_authenticated_form() {
    let (fake, client) = Fake::serve(vec![json_answer(201, &json!({ "sid": "CA1", "status": "queued" }))]).await;
    assert_eq!(client.dial(&order()).await, Ok(line("CA1")));
    let [seen] = <[Seen; 1]>::try_from(fake.seen()).unwrap();
    assert_eq!(
        (seen.method, seen.uri.path()),
        (Method::POST, "/2010-04-01/Accounts/AC0123456789abcdef0123456789abcdef/Calls.json")
    );
    assert_eq!(seen.headers["Content-Type"], "application/x-www-form-urlencoded");
    // base64 of "AC0123456789abcdef0123456789abcdef:fedcba9876543210fedcba9876543210", by coreutils.
    let basic = "Basic QUMwMTIzNDU2Nzg5YWJjZGVmMDEyMzQ1Njc4OWFiY2RlZjpmZWRjYmE5ODc2NTQzMjEwZmVkY2JhOTg3NjU0MzIxMA==";
    assert_eq!(seen.headers["Authorization"], basic);
    assert!(
        seen.body
            .starts_with("To=%2B61491570156&From=%2B61491570006&Url=https%3A%2F%2Fhotline.example.org%2F"),
        "{}",
        seen.body
    );
    assert!(
        seen.body.contains("StatusCallbackEvent=initiated&StatusCallbackEvent=ringing&"),
        "{}",
        seen.body
    );
}

#[tokio::test]
async fn refusals_are_told_with_their_code_and_not_repeated() {
    for (answer, code, permanent) in [
        (error(401, 20_003), Some(20_003), false),
        (error(404, 20_404), Some(20_404), false),
        (error(400, 21_211), Some(21_211), true),
        (raw(403, "text/html", "<html>No</html>"), None, false),
    ] {
        let (fake, client) = Fake::serve(vec![answer]).await;
        match client.dial(&order()).await {
            Err(CarrierError::Refused(Refusal {
                code: told,
                permanent: for_good,
                ..
            })) => assert_eq!((told, for_good), (code, permanent)),
            other => panic!("{other:?}"),
        }
        assert_eq!(fake.seen().len(), 1);
    }
}

#[tokio::test]
async fn too_often_is_asked_again() {
    let (fake, client) = Fake::serve(vec![
        error(429, 20_429),
        error(429, 20_429),
        json_answer(201, &json!({ "sid": "CA1" })),
    ])
    .await;
    assert_eq!(client.dial(&order()).await, Ok(line("CA1")));
    assert_eq!(fake.seen().len(), 3);
}

#[tokio::test]
async fn asking_again_has_an_end() {
    let at_once = || {
        let mut answer = error(429, 20_429);
        answer.headers_mut().insert("Retry-After", "0".parse().unwrap());
        answer
    };
    let (fake, client) = Fake::serve((0..9).map(|_| at_once()).collect()).await;
    let retry_after = Duration::ZERO;
    assert_eq!(client.dial(&order()).await, Err(CarrierError::Throttled { retry_after }));
    assert_eq!(fake.seen().len(), 5);
}

#[tokio::test]
async fn a_long_wait_is_left_to_the_exchange() {
    for seconds in [2, 40] {
        let mut answer = error(429, 20_429);
        answer.headers_mut().insert("Retry-After", seconds.into());
        let (fake, client) = Fake::serve(vec![answer]).await;
        let retry_after = Duration::from_secs(seconds);
        assert_eq!(client.dial(&order()).await, Err(CarrierError::Throttled { retry_after }));
        assert_eq!(fake.seen().len(), 1);
    }
}

#[tokio::test]
async fn what_may_have_been_done_is_not_repeated() {
    let too_long = raw(201, "application/json", vec![b' '; MAX_ANSWER + 1]);
    let faults = vec![
        vec![error(500, 20_500)],
        vec![raw(503, "text/html", "<html>Service Unavailable</html>")],
        vec![too_long],
        vec![raw(201, "text/html", "<html>Welcome</html>")],
        vec![], // never answers
    ];
    for (row, answers) in faults.into_iter().enumerate() {
        let (fake, client) = Fake::serve(answers).await;
        let outcome = client.dial(&order()).await;
        assert!(matches!(outcome, Err(CarrierError::Unsure(_))), "row {row}: {outcome:?}");
        assert_eq!(fake.seen().len(), 1, "row {row}");
    }
}

#[tokio::test]
async fn an_answer_cut_short_counts_as_far_as_it_goes() {
    let unknown = [
        "HTTP/1.1 201 Created\r\nContent-Length: 400\r\n\r\n{\"sid\": \"CA",
        "HTTP/1.1 201 Cre",
        "",
    ];
    for beginning in unknown {
        let outcome = cut_short(beginning).await.dial(&order()).await;
        assert!(matches!(outcome, Err(CarrierError::Unsure(_))), "{beginning}: {outcome:?}");
    }
    let refusal = "HTTP/1.1 400 Bad Request\r\nContent-Length: 400\r\n\r\n{\"code\": 212";
    let outcome = cut_short(refusal).await.dial(&order()).await;
    assert!(matches!(outcome, Err(CarrierError::Refused(_))), "{outcome:?}");
}

#[tokio::test]
async fn what_was_never_sent_is_told_apart() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let nobody = listener.local_addr().unwrap();
    drop(listener);
    let outcome = client(&format!("http://{nobody}"), Duration::from_secs(30)).dial(&order()).await;
    assert!(matches!(outcome, Err(CarrierError::Unreachable(_))), "{outcome:?}");
}

#[tokio::test]
async fn nobody_is_rung_before_we_can_be_called_back() {
    let (fake, client) = Fake::serve(vec![]).await;
    let client = Client {
        public_url: PublicUrl::unknown(),
        ..client
    };
    assert!(matches!(client.dial(&order()).await, Err(CarrierError::Unreachable(_))));
    assert!(matches!(
        client.redirect(&line("CA1"), order().call, LegId(1)).await,
        Err(CarrierError::Unreachable(_))
    ));
    assert!(fake.seen().is_empty());
}

#[tokio::test]
async fn redirections_are_not_followed() {
    let away = Response::builder()
        .status(307)
        .header("Location", "/elsewhere")
        .body(Body::empty())
        .unwrap();
    let (fake, client) = Fake::serve(vec![away]).await;
    assert!(matches!(client.dial(&order()).await, Err(CarrierError::Refused(_))));
    assert_eq!(fake.seen().len(), 1);
}

/// The carrier's own media are redirected to a store of files; whoever writes such an answer does not get our password.
#[tokio::test]
async fn nothing_of_ours_follows_a_redirection_to_another_host() {
    for status in [301, 302, 303, 307, 308] {
        let (elsewhere, other) = Fake::serve(vec![raw(200, "audio/mpeg", "x"), raw(200, "audio/mpeg", "x")]).await;
        let away = || {
            let place = format!("{}/RE1.mp3", other.api.as_str().trim_end_matches('/'));
            Response::builder()
                .status(status)
                .header("Location", place)
                .body(Body::empty())
                .unwrap()
        };
        let (fake, client) = Fake::serve(vec![away(), away()]).await;
        assert!(client.sound(&RecordingId("RE1".to_owned()), None).await.is_err(), "{status}");
        assert!(client.dial(&order()).await.is_err(), "{status}");
        assert_eq!((fake.seen().len(), elsewhere.seen().len()), (2, 0), "{status}");
    }
}

#[tokio::test]
async fn lines_are_ended_redirected_and_texted() {
    let done = || json_answer(200, &json!({ "sid": "CA1" }));
    let (fake, client) = Fake::serve(vec![done(), done(), done(), json_answer(201, &json!({ "sid": "SM1" }))]).await;
    assert_eq!(client.cancel(&line("CA1")).await, Ok(()));
    assert_eq!(client.hang_up(&line("CA1")).await, Ok(()));
    assert_eq!(client.redirect(&line("CA1"), order().call, LegId(0)).await, Ok(()));
    assert_eq!(client.text(&order().from, &order().to, "Missed call & co").await, Ok(()));
    let script = "Url=https%3A%2F%2Fhotline.example.org%2Ftwilio%2Fcall%2F00000000-0000-0000-0000-000000000007%2F0%2Fscript\
         %23rc%3D2%26rp%3Dct%2Crt%2C5xx&Method=POST";
    let text = "To=%2B61491570156&From=%2B61491570006&Body=Missed+call+%26+co";
    let bodies: Vec<String> = fake.seen().into_iter().map(|seen| seen.body).collect();
    assert_eq!(bodies, ["Status=canceled", "Status=completed", script, text]);
    let paths: Vec<String> = fake
        .seen()
        .iter()
        .map(|seen| seen.uri.path().rsplit('/').next().unwrap().to_owned())
        .collect();
    assert_eq!(paths, ["CA1.json", "CA1.json", "CA1.json", "Messages.json"]);
}

#[tokio::test]
async fn what_is_over_is_gone() {
    let (_, client) = Fake::serve(vec![error(400, 21_220), error(404, 20_404), error(404, 20_404)]).await;
    assert_eq!(client.hang_up(&line("CA1")).await, Err(CarrierError::Gone));
    assert_eq!(client.redirect(&line("CA1"), order().call, LegId(1)).await, Err(CarrierError::Gone));
}

/// A fetched line with this status.
fn standing(status: &str) -> Response<Body> {
    json_answer(
        200,
        &json!({ "sid": "CA1", "status": status, "date_created": "Sat, 21 Nov 2026 02:45:00 +0000" }),
    )
}

#[tokio::test]
async fn a_line_answered_in_the_moment_of_its_cancelling_is_left_alone() {
    for (answer, outcome) in [
        (standing("in-progress"), Ok(())),
        (standing("completed"), Err(CarrierError::Gone)),
        (error(404, 20_404), Err(CarrierError::Gone)),
    ] {
        let (fake, client) = Fake::serve(vec![error(400, 21_220), answer]).await;
        assert_eq!(client.cancel(&line("CA1")).await, outcome);
        assert_eq!(fake.seen()[1].method, Method::GET);
    }
}

#[tokio::test]
async fn a_line_that_is_not_up_yet_is_not_over() {
    for (status, outcome) in [("ringing", Ok(())), ("no-answer", Err(CarrierError::Gone))] {
        let (fake, client) = Fake::serve(vec![error(400, 21_220), standing(status)]).await;
        assert_eq!(client.redirect(&line("CA1"), order().call, LegId(0)).await, outcome);
        assert_eq!(fake.seen()[1].method, Method::GET);
    }
}

#[tokio::test]
async fn what_an_order_may_have_become_is_found_by_when_and_whereto() {
    let earlier = listed("CAearlier", "Sat, 21 Nov 2026 02:44:40 +0000", "outbound-api");
    let inbound = listed("CAinbound", "Sat, 21 Nov 2026 02:45:01 +0000", "inbound");
    // Ordered 0.7 s after the full second, which is all that the list shows.
    let ours = listed("CAours", "Sat, 21 Nov 2026 02:45:00 +0000", "outbound-api");
    let later = listed("CAlater", "Sat, 21 Nov 2026 02:46:10 +0000", "outbound-api");
    let next = format!("/2010-04-01/Accounts/{ACCOUNT}/Calls.json?Page=1&PageToken=PA1");
    // Started between the two lists, one of them stands in both.
    let queued = page(std::slice::from_ref(&later), None);
    let pages = vec![page(&[later, inbound], Some(&next)), page(&[ours, earlier], None), queued];
    let (fake, client) = Fake::serve(pages).await;
    assert_eq!(client.find(&order(), since()).await, Ok(vec![line("CAours"), line("CAlater")]));
    let queries: Vec<String> = fake.seen().iter().map(|seen| seen.uri.query().unwrap().to_owned()).collect();
    let expected = [
        "To=%2B61491570156&From=%2B61491570006&StartTime%3E=2026-11-20&PageSize=100",
        "Page=1&PageToken=PA1",
        "To=%2B61491570156&From=%2B61491570006&Status=queued&PageSize=100",
    ];
    assert_eq!(queries, expected);
}

#[tokio::test]
async fn an_order_that_is_nowhere_was_not_taken() {
    let (_, client) = Fake::serve(vec![page(&[], None), page(&[], Some(""))]).await;
    assert_eq!(client.find(&order(), since()).await, Ok(vec![]));
}

fn texted(body: &str, created: &str, direction: &str) -> Value {
    json!({ "sid": "SM1", "body": body, "direction": direction, "date_created": created, "date_sent": null })
}

#[tokio::test]
async fn a_text_that_was_taken_is_found_by_its_words_and_when() {
    const BODY: &str = "Missed call & co";
    let listed = |texts: &[Value], next: Option<String>| json_answer(200, &json!({ "messages": texts, "next_page_uri": next }));
    let ours = texted(BODY, "Sat, 21 Nov 2026 02:45:00 +0000", "outbound-api");
    let others = [
        texted("Something else", "Sat, 21 Nov 2026 02:46:00 +0000", "outbound-api"),
        texted(BODY, "Sat, 21 Nov 2026 02:45:30 +0000", "inbound"),
    ];
    let earlier = texted(BODY, "Sat, 21 Nov 2026 02:44:40 +0000", "outbound-api");
    let next = || Some(format!("/2010-04-01/Accounts/{ACCOUNT}/Messages.json?Page=1&PageToken=PA1"));
    for (second, found) in [(vec![ours, earlier.clone()], true), (vec![earlier], false)] {
        // What comes after is older still: it is not asked for.
        let (fake, client) = Fake::serve(vec![listed(&others, next()), listed(&second, next())]).await;
        assert_eq!(client.was_texted(&order().from, &order().to, BODY, since()).await, Ok(found));
        let queries: Vec<String> = fake.seen().iter().map(|seen| seen.uri.query().unwrap().to_owned()).collect();
        assert_eq!(
            queries,
            ["To=%2B61491570156&From=%2B61491570006&PageSize=100", "Page=1&PageToken=PA1"]
        );
    }
    // A list without an end proves nothing.
    let endless = (0..9).map(|_| listed(&others, next())).collect();
    let (_, client) = Fake::serve(endless).await;
    let found = client.was_texted(&order().from, &order().to, BODY, since()).await;
    assert!(matches!(found, Err(CarrierError::Unsure(_))), "{found:?}");
}

#[tokio::test]
async fn a_list_that_leads_away_or_never_ends_proves_nothing() {
    let elsewhere = [
        "http://127.0.0.1:1/2010-04-01/Calls.json",
        "//evil.example/Calls.json",
        "https://api.twilio.com/Calls.json",
    ];
    for next in elsewhere {
        let (fake, client) = Fake::serve(vec![page(&[], Some(next))]).await;
        assert!(
            matches!(client.find(&order(), since()).await, Err(CarrierError::Unsure(_))),
            "{next}"
        );
        assert_eq!(fake.seen().len(), 1);
    }
    let (fake, client) = Fake::serve((0..9).map(|_| page(&[], Some("/again"))).collect()).await;
    assert!(matches!(client.find(&order(), since()).await, Err(CarrierError::Unsure(_))));
    assert_eq!(fake.seen().len(), 5);
}

#[tokio::test]
async fn the_api_may_live_below_a_path() {
    let pages = vec![page(&[], Some("/api/laml/next?Page=1")), page(&[], None), page(&[], None)];
    let (fake, at_the_top) = Fake::serve(pages).await;
    let client = client(&format!("{}api/laml/", at_the_top.api), Duration::from_secs(30));
    assert_eq!(client.find(&order(), since()).await, Ok(vec![]));
    let paths: Vec<String> = fake.seen().iter().map(|seen| seen.uri.path().to_owned()).collect();
    let list = format!("/api/laml/2010-04-01/Accounts/{ACCOUNT}/Calls.json");
    assert_eq!(paths, [&list, "/api/laml/next", &list]);
}

#[test]
fn credentials_travel_only_encrypted_or_not_at_all() {
    let new = |base: &str| Client::new(settings(base, Duration::from_secs(1)), PublicUrl::unknown());
    for good in [
        "https://api.twilio.com",
        "https://api.dublin.ie1.twilio.com/",
        "http://127.0.0.1:9",
        "http://localhost:9",
        "http://[::1]:9",
    ] {
        assert!(new(good).is_ok(), "{good}");
    }
    for bad in [
        "http://api.twilio.com",
        "ftp://127.0.0.1",
        "http://127.0.0.1.example.org",
        "http://10.0.0.1",
    ] {
        assert!(matches!(new(bad), Err(BadSettings::NotHttps)), "{bad}");
    }
    assert!(matches!(new("https://u:p@api.twilio.com"), Err(BadSettings::TooMuch)));
    assert!(matches!(new("api.twilio.com"), Err(BadSettings::NotAUrl(_))));
}

#[tokio::test]
async fn errors_and_debug_show_no_secret_and_no_number() {
    let (_, client) = Fake::serve(vec![]).await;
    let shown = format!("{client:?} {:?}", client.find(&order(), since()).await);
    for secret in [TOKEN, "6149157", "+61"] {
        assert!(!shown.contains(secret), "{shown}");
    }
}
