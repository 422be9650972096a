use super::*;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

const PATIENCE: Duration = Duration::from_secs(5);

/// Sat 21 Nov 2026 06:00:00 UTC.
fn six() -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_240_800, 0).unwrap()
}

/// Answers each request with the same bytes and then closes, or goes on sending `endless` for ever.
async fn listener(head: &'static str, endless: Option<&'static [u8]>) -> Url {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/a?key=hidden", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut seen = Vec::new();
                while !seen.ends_with(b"\r\n\r\n") {
                    seen.push(stream.read_u8().await.unwrap());
                }
                stream.write_all(head.as_bytes()).await.unwrap();
                while let Some(piece) = endless {
                    if stream.write_all(piece).await.is_err() {
                        return;
                    }
                    tokio::time::sleep(Duration::from_millis(1)).await;
                }
            });
        }
    });
    Url::parse(&url).unwrap()
}

async fn ask_patiently(url: Url, bound: u64, patience: Duration) -> Result<Answer, SourceError> {
    let http = Http::new(patience, six).unwrap();
    http.send(http.request(Method::GET, url), bound).await
}

async fn ask(head: &'static str) -> Result<Answer, SourceError> {
    ask_patiently(listener(head, None).await, 1_000, PATIENCE).await
}

#[tokio::test]
async fn an_answer_is_read_with_what_its_head_says() {
    let head = "HTTP/1.1 429 Slow\r\nRetry-After: 17\r\nLocation: https://b.example/\r\nContent-Length: 2\r\n\r\n{}";
    let answer = ask(head).await.unwrap();
    assert_eq!(answer.status.as_u16(), 429);
    assert_eq!(answer.retry_after, Some(Duration::from_secs(17)));
    assert_eq!(answer.location.as_deref(), Some("https://b.example/"));
    assert_eq!(answer.body, b"{}");
    let retry_after = Duration::from_secs(17);
    assert_eq!(answer.refusal(), SourceError::Throttled { retry_after });
}

#[test]
fn a_wait_is_seconds_or_a_date_and_has_its_limits() {
    let cases = [
        ("17", 17),
        (" 120 ", 120),
        ("Sat, 21 Nov 2026 06:01:30 GMT", 90),
        ("Sat, 21 Nov 2026 05:00:00 GMT", 1),
        ("0", 1),
        ("99999999", 3_600),
        ("Sun, 21 Nov 2027 06:00:00 GMT", 3_600),
        ("-5", 60),
        ("soon", 60),
    ];
    for (text, seconds) in cases {
        assert_eq!(wait(text, six()), Duration::from_secs(seconds), "{text}");
    }
}

#[tokio::test]
async fn each_status_means_something_to_the_admin() {
    let cases: [(&str, &str); 9] = [
        ("HTTP/1.1 401 No\r\n\r\n", "sign-in refused: 127.0.0.1 answered 401"),
        (
            "HTTP/1.1 403 No\r\n\r\n{\"error\":{\"code\":\"accessDenied\",\"message\":\"Access\\ndenied.\"}}",
            "no permission: 127.0.0.1 answered 403, \"Access denied.\"",
        ),
        ("HTTP/1.1 404 No\r\n\r\n<html>", "not found: 127.0.0.1 answered 404"),
        ("HTTP/1.1 410 Gone\r\n\r\n", "not found: 127.0.0.1 answered 410"),
        ("HTTP/1.1 429 Slow\r\n\r\n", "asked too often, next try in 60 s"),
        ("HTTP/1.1 503 Busy\r\nRetry-After: 30\r\n\r\n", "asked too often, next try in 30 s"),
        ("HTTP/1.1 503 Busy\r\n\r\n", "not readable just now: 127.0.0.1 answered 503"),
        (
            "HTTP/1.1 400 Bad\r\n\r\n{\"error\":\"invalid_request\"}",
            "not a rota sheet: 127.0.0.1 answered 400, \"invalid_request\"",
        ),
        (
            "HTTP/1.1 302 Found\r\nLocation: https://evil.example/\r\n\r\n",
            "not readable just now: 127.0.0.1 answered 302; a proxy or a sign-in page may stand in between",
        ),
    ];
    for (head, words) in cases {
        assert_eq!(ask(head).await.unwrap().refusal().to_string(), words);
    }
}

#[tokio::test]
async fn what_is_no_object_is_said_to_be_none() {
    let cases = [
        ("HTTP/1.1 200 OK\r\n\r\n  <!DOCTYPE html><p>Sign in", "a web page instead of data"),
        ("HTTP/1.1 200 OK\r\n\r\n[1]", "something else than was asked for"),
        ("HTTP/1.1 200 OK\r\n\r\n", "something that is no JSON"),
    ];
    for (head, words) in cases {
        let fault = ask(head).await.unwrap().object().unwrap_err();
        assert!(matches!(&fault, SourceError::Malformed(seen) if seen.contains(words)), "{fault}");
    }
    assert!(ask("HTTP/1.1 200 OK\r\n\r\n{\"a\":1}").await.unwrap().object().is_ok());
}

#[tokio::test]
async fn a_body_that_breaks_off_is_no_answer() {
    let fault = ask("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"value\":[")
        .await
        .err()
        .unwrap();
    assert!(matches!(&fault, SourceError::Transient(_)), "{fault}");
    assert!(!fault.to_string().contains("hidden"), "{fault}");
}

#[tokio::test]
async fn too_much_is_refused_announced_or_not() {
    let announced = ask("HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n").await.err().unwrap();
    let endless = listener("HTTP/1.1 200 OK\r\n\r\n", Some(&[b'x'; 64])).await;
    let unannounced = ask_patiently(endless, 1_000, PATIENCE).await.err().unwrap();
    for fault in [announced, unannounced] {
        assert!(
            matches!(&fault, SourceError::Malformed(words) if words.contains("more than")),
            "{fault}"
        );
    }
}

#[tokio::test]
async fn patience_ends_before_a_dripping_answer_does() {
    let patience = Duration::from_millis(200);
    let dripping = listener("HTTP/1.1 200 OK\r\n\r\n", Some(b" ")).await;
    let silent = listener("", Some(b"")).await;
    for url in [dripping, silent] {
        let asked = tokio::time::timeout(PATIENCE, ask_patiently(url, 1_000_000, patience));
        let fault = asked.await.expect("our own timeout").err().unwrap();
        assert_eq!(
            fault,
            SourceError::Transient("127.0.0.1 did not answer in full within 0.2 s".into())
        );
    }
}

#[tokio::test]
async fn a_closed_door_is_named_without_the_rest_of_the_address() {
    let port = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
    let url = Url::parse(&format!("http://127.0.0.1:{port}/?key=hidden")).unwrap();
    let fault = ask_patiently(url, 1_000, PATIENCE).await.err().unwrap().to_string();
    assert!(
        fault.starts_with("not readable just now: 127.0.0.1 cannot be reached (Connection refused"),
        "{fault}"
    );
    assert!(!fault.contains("hidden"), "{fault}");
}

#[test]
fn quotations_are_short_and_on_one_line() {
    assert_eq!(quotable(" a\r\n\tb\u{7} c "), "a b c");
    let long = quotable(&"é".repeat(300));
    assert_eq!(long.chars().count(), 201);
    assert!(long.ends_with('…'));
}

#[test]
fn a_base_is_encrypted_or_on_this_machine() {
    let good = [
        ("https://graph.microsoft.com/v1.0/", "https://graph.microsoft.com/v1.0"),
        ("https://sheets.googleapis.com", "https://sheets.googleapis.com"),
        ("http://127.0.0.1:8080/", "http://127.0.0.1:8080"),
        ("http://[::1]:8080/a", "http://[::1]:8080/a"),
        (" http://localhost:1 ", "http://localhost:1"),
    ];
    for (text, shown) in good {
        let base = Base::parse(text).unwrap();
        assert_eq!(base.to_string(), shown);
        assert_eq!(base.as_url().as_str().trim_end_matches('/'), shown);
    }
    let bad = [
        "http://graph.microsoft.com/v1.0",
        "http://127.0.0.1.evil.example/",
        "http://10.0.0.7/",
        "ftp://127.0.0.1/",
        "https://user@graph.microsoft.com/",
        "https://user:hidden@graph.microsoft.com/",
        "https://graph.microsoft.com/?a=b",
        "https://graph.microsoft.com/#a",
        "graph.microsoft.com",
        "https://",
        "",
    ];
    for text in bad {
        let words = Base::parse(text).unwrap_err();
        assert!(!words.contains("hidden"), "{words}");
    }
}

#[test]
fn a_base_knows_what_is_below_it_and_who_is_at_home() {
    let base = Base::parse("https://graph.microsoft.com/v1.0/").unwrap();
    assert_eq!(base.below("/sites/a").as_str(), "https://graph.microsoft.com/v1.0/sites/a");
    let bare = Base::parse("http://127.0.0.1:81").unwrap();
    assert_eq!(bare.below("/token").as_str(), "http://127.0.0.1:81/token");
    let at_home = |text: &str| base.is_home_of(&Url::parse(text).unwrap());
    assert!(at_home("https://graph.microsoft.com:443/v1.0/next"));
    for other in [
        "http://graph.microsoft.com/v1.0",
        "https://graph.microsoft.com:8443/",
        "https://graph.microsoft.com.evil.example/",
        "https://evil.example/graph.microsoft.com",
    ] {
        assert!(!at_home(other), "{other}");
    }
    assert!(bare.is_this_machine() && !base.is_this_machine());
}

#[test]
fn nothing_of_the_client_is_shown_but_its_patience() {
    let http = Http::new(PATIENCE, six).unwrap();
    assert_eq!(format!("{http:?}"), "Http { patience: 5s, .. }");
}

/// 16 MiB of the smallest objects would take more than a gigabyte.
#[test]
fn an_answer_of_very_many_objects_is_not_taken_apart() {
    let answer = |objects: usize| {
        let body = format!(r#"{{"value":[{}]}}"#, vec![r#"{"a":1}"#; objects].join(","));
        let (retry_after, location, host) = (None, None, "graph".to_owned());
        Answer {
            status: StatusCode::OK,
            retry_after,
            location,
            body: body.into_bytes(),
            host,
        }
    };
    assert!(answer(OBJECTS - 1).object().is_ok());
    let words = "graph answered with more than is read of one answer";
    assert_eq!(answer(OBJECTS).object(), Err(SourceError::Malformed(words.into())));
}
