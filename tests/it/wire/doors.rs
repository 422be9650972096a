//! Who is answered at all: by which name, how often, and what every answer says beside its body.

use super::{Answer, INCIDENT_TOKEN, PROXY, STRANGER, answered, connected, get, served};
use crate::logs;
use crate::stage::{self, PATIENCE};
use metrics_exporter_prometheus::PrometheusBuilder;
use rotaline::app::{Extras, Service};
use rotaline::simulator::{CallerHabit, Delay, Habit};
use rotaline::twilio::signature::sign;
use std::net::Ipv4Addr;
use url::form_urlencoded::Serializer;

/// Of a head.
type Lines<'l> = &'l [(&'l str, &'l str)];

const HERE: (&str, &str) = ("Host", "127.0.0.1:8080");
const KEY: &str = "/twilio/voice/fallback/key";
const US: &str = "https://hotline.example.org";

#[tokio::test]
async fn pages_and_programs_are_answered_by_our_own_names_only() {
    let service = served("public_url = \"https://hotline.example.org\"\nhosts = [\"rota.internal\", \"bücher.example\"]").await;
    let forwarded = "X-Forwarded-Host";
    let table: &[(Ipv4Addr, Lines<'_>, u16)] = &[
        (STRANGER, &[HERE], 200),
        (STRANGER, &[("Host", "localhost")], 200),
        (STRANGER, &[("Host", "LocalHost.:1234")], 200),
        (STRANGER, &[("Host", "[::1]:8080")], 200),
        (STRANGER, &[("Host", "hotline.example.org")], 200),
        (STRANGER, &[("Host", "HOTLINE.example.org:443")], 200),
        (STRANGER, &[("Host", "rota.internal:8080")], 200),
        (STRANGER, &[("Host", "xn--bcher-kva.example")], 200),
        // A name that somebody made to lead here, whatever else his page says.
        (STRANGER, &[("Host", "evil.example")], 421),
        (STRANGER, &[("Host", "evil.example:8080"), (forwarded, "localhost")], 421),
        (PROXY, &[("Host", "evil.example"), (forwarded, "hotline.example.org")], 421),
        (PROXY, &[HERE, (forwarded, "evil.example")], 421),
        (PROXY, &[HERE, (forwarded, "hotline.example.org, evil.example")], 421),
        (PROXY, &[HERE, (forwarded, "hotline.example.org")], 200),
        (PROXY, &[HERE, ("Forwarded", "host=evil.example")], 421),
        // Whose word does not count is not listened to either.
        (STRANGER, &[HERE, (forwarded, "evil.example")], 200),
        (STRANGER, &[("Host", "hotline.example.org.evil.example")], 421),
        (STRANGER, &[("Host", "evil.example@localhost")], 421),
        (STRANGER, &[("Host", "192.0.2.1")], 421),
        (STRANGER, &[("Host", "localhost.evil.example")], 421),
        (STRANGER, &[("Host", "")], 421),
        (STRANGER, &[], 421),
        (STRANGER, &[("Host", "localhost"), ("Host", "evil.example")], 421),
    ];
    for path in ["/sign-in", "/health", "/static/page.js"] {
        for (from, headers, status) in table {
            let answer = get(&service, *from, path, headers).await;
            // Who has not signed in is answered as well, if only to say so.
            let is_answered = answer.status() != 421;
            assert_eq!(is_answered, *status == 200, "{path} {headers:?}\n{}", answer.0);
            assert!(answer.status() > 0, "{path}");
        }
    }
    let api = get(&service, STRANGER, "/api/v1/hotlines", &[("Host", "evil.example")]).await;
    assert_eq!(api.code(), "unknown-host");
    let page = get(&service, STRANGER, "/", &[("Host", "evil.example")]).await;
    assert!(page.0.contains("<!DOCTYPE html>") && page.0.contains("hosts"), "{}", page.0);
    assert!(page.header("content-security-policy").unwrap().contains("default-src 'none'"));
    // Who asks whether we are there asks by any name; the carrier proves himself.
    assert_eq!(get(&service, STRANGER, "/live", &[("Host", "evil.example")]).await.status(), 200);
    assert_eq!(webhook(&service, STRANGER, &[("Host", "evil.example")], true).await.status(), 200);
    service.stop().await;
}

#[tokio::test]
async fn nobody_is_answered_by_the_public_name_before_it_is_known() {
    let service = served("").await;
    let asked = [("Host", "hotline.example.org")];
    assert_eq!(get(&service, STRANGER, "/sign-in", &asked).await.status(), 421);
    assert_eq!(webhook(&service, STRANGER, &asked, true).await.status(), 200);
    assert_ne!(get(&service, STRANGER, "/", &asked).await.status(), 421);
    service.stop().await;
}

/// A webhook for [`US`], genuine or not.
async fn webhook(service: &Service, from: Ipv4Addr, headers: &[(&str, &str)], is_genuine: bool) -> Answer {
    let fields = [
        ("AccountSid", "AC00000000000000000000000000000000"),
        ("Digits", "2"),
        ("To", "+61491570006"),
    ];
    let token = if is_genuine { super::TOKEN } else { "another" };
    let body = Serializer::new(String::new()).extend_pairs(fields).finish();
    let headers: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    let request = format!(
        "POST {KEY} HTTP/1.1\r\n{headers}X-Twilio-Signature: {}\r\nContent-Type: application/x-www-form-urlencoded\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
        sign(token, &format!("{US}{KEY}"), &fields),
        body.len()
    );
    answered(connected(from, service.address()).await, request.as_bytes()).await
}

#[tokio::test]
async fn each_client_may_ask_so_much_and_the_genuine_are_never_held_up() {
    let service = served("requests_per_minute = 60\npublic_url = \"https://hotline.example.org\"").await;
    for _ in 0..15 {
        assert_eq!(get(&service, STRANGER, "/live", &[HERE]).await.status(), 200);
    }
    for path in ["/live", "/", "/api/v1/hotlines", "/nowhere"] {
        let refused = get(&service, STRANGER, path, &[HERE]).await;
        assert_eq!(refused.status(), 429, "{path}\n{}", refused.0);
        assert!(refused.header("retry-after").unwrap().parse::<u32>().unwrap() >= 1);
    }
    assert_eq!(
        get(&service, STRANGER, "/api/v1/hotlines", &[HERE]).await.code(),
        "too-many-requests"
    );
    // Somebody else; and those behind one proxy, each for himself.
    assert_eq!(get(&service, Ipv4Addr::new(127, 0, 0, 3), "/live", &[HERE]).await.status(), 200);
    for _ in 0..15 {
        let headers = [HERE, ("X-Forwarded-For", "2001:db8:1:2::1")];
        assert_eq!(get(&service, PROXY, "/live", &headers).await.status(), 200);
    }
    for (client, status) in [("2001:db8:1:2:ffff::9", 429), ("2001:db8:1:3::1", 200), ("203.0.113.9", 200)] {
        let headers = [HERE, ("X-Forwarded-For", client)];
        assert_eq!(get(&service, PROXY, "/live", &headers).await.status(), status, "{client}");
    }
    assert_eq!(webhook(&service, STRANGER, &[HERE], true).await.status(), 200);
    service.stop().await;
}

/// Who knocks with the wrong word is counted; who has not knocked wrongly is not, however often.
#[tokio::test]
async fn doors_with_a_secret_count_only_strangers() {
    let service = served("requests_per_minute = 60").await;
    let mut statuses = Vec::new();
    for _ in 0..20 {
        statuses.push(get_or_post(&service, "POST", "/nudge/lab").await.status());
    }
    assert!(statuses[..15].iter().all(|status| *status == 401), "{statuses:?}");
    assert_eq!(statuses[19], 429, "{statuses:?}");
    assert_eq!(get_or_post(&service, "GET", "/live").await.status(), 429);
    service.stop().await;
    let service = served("requests_per_minute = 60").await;
    for _ in 0..40 {
        // Nothing is said; what counts is that nobody is held up for asking.
        let request = format!(
            "POST /api/v1/hotlines/lab/incidents HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {INCIDENT_TOKEN}\r\n\
             Content-Length: 0\r\nConnection: close\r\n\r\n"
        );
        let answer = answered(connected(STRANGER, service.address()).await, request.as_bytes()).await;
        assert_eq!(answer.status(), 415, "{}", answer.0);
    }
    // Whoever has no token cannot ask for one name after another, nor tell a hotline from none.
    let mut statuses = Vec::new();
    for name in ["lab", "nowhere"].iter().cycle().take(20) {
        let answer = get_or_post(&service, "POST", &format!("/api/v1/hotlines/{name}/incidents")).await;
        statuses.push((answer.status(), answer.code()));
    }
    assert!(
        statuses[..15].iter().all(|said| *said == (401, "wrong-token".to_owned())),
        "{statuses:?}"
    );
    assert_eq!(statuses[19], (429, "too-many-requests".to_owned()), "{statuses:?}");
    service.stop().await;
}

/// Where the carrier has no door a stranger is one like any, and the carrier itself is not held up by him.
#[tokio::test]
async fn strangers_at_the_carriers_doors_are_counted() {
    for (method, path) in [("GET", "/twilio/voice"), ("POST", "/twilio/nowhere"), ("POST", "/twilio/menu/many")] {
        let service = served("requests_per_minute = 60\npublic_url = \"https://hotline.example.org\"").await;
        let mut statuses = Vec::new();
        for _ in 0..20 {
            statuses.push(get_or_post(&service, method, path).await.status());
        }
        assert!(statuses[..15].iter().all(|status| (400..=405).contains(status)), "{statuses:?}");
        assert_eq!(statuses[19], 429, "{path} {statuses:?}");
        assert_eq!(webhook(&service, STRANGER, &[HERE], true).await.status(), 200);
        service.stop().await;
    }
}

/// What a library would refuse in words of its own, or without any.
#[tokio::test]
async fn every_refusal_has_words_and_a_code_that_stays() {
    let service = served("").await;
    for (method, path, status, code) in [
        ("GET", "/twilio/voice", 405, "wrong-method"),
        ("OPTIONS", "/twilio/sms", 405, "wrong-method"),
        ("POST", "/twilio/media/hold.wav", 405, "wrong-method"),
        ("POST", "/twilio/nowhere", 404, "not-found"),
        ("POST", "/twilio/menu/many", 400, "bad-request"),
        ("POST", "/twilio/menu/%ff", 400, "bad-request"),
        ("POST", "/twilio/call/none/1/key", 400, "bad-request"),
        (
            "POST",
            "/twilio/call/01926f00-0000-7000-8000-000000000001/1/drop",
            400,
            "bad-request",
        ),
        (
            "POST",
            "/twilio/call/01926f00-0000-7000-8000-000000000001/talk/70000",
            400,
            "bad-request",
        ),
        ("POST", "/twilio/voice", 403, "webhook-unsigned"),
        ("GET", "/nudge/lab", 405, "wrong-method"),
        ("POST", "/nudge/%ff", 400, "bad-request"),
        ("POST", "/nudge/lab", 401, "wrong-password"),
        (
            "POST",
            "/nudge/lab/graph?validationToken=a&validationToken=b",
            401,
            "wrong-password",
        ),
        ("GET", "/nudge", 404, ""),
        ("POST", "/api/v1/hotlines/%ff/incidents", 400, "bad-request"),
        ("GET", "/api/v1/hotlines/lab/incidents", 405, "wrong-method"),
        ("GET", "/api/v1/nowhere", 404, "not-found"),
        ("TRACE", "/api/v1/hotlines", 405, "wrong-method"),
        ("PUT", "/sign-in", 405, ""),
        ("GET", "/sign-in/link/%ff", 404, ""),
    ] {
        let answer = get_or_post(&service, method, path).await;
        assert_eq!(answer.status(), status, "{method} {path}\n{}", answer.0);
        if code.is_empty() {
            assert!(answer.0.contains("<code>"), "a page: {path}\n{}", answer.0);
        } else {
            assert_eq!(answer.code(), code, "{method} {path}");
        }
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{method} {path}");
        assert_eq!(answer.header("allow").is_some(), status == 405, "{method} {path}");
        assert!(!answer.0.contains("many") && !answer.0.contains("UUID"), "{}", answer.0);
    }
    let long = format!(
        "POST /nudge/lab/graph HTTP/1.1\r\nHost: localhost\r\nContent-Length: 300000\r\nConnection: close\r\n\r\n{}",
        "x".repeat(300_000)
    );
    let answer = answered(connected(STRANGER, service.address()).await, long.as_bytes()).await;
    assert_eq!((answer.status(), answer.code().as_str()), (413, "too-long"));
    service.stop().await;
}

/// A calendar's address and a link that signs in are secrets: also where somebody asks for them by a name that is none of ours.
#[tokio::test]
async fn a_refused_host_puts_no_secret_address_into_the_log() {
    let service = served("").await;
    logs::listen();
    for path in [
        "/feeds/5ec2e7/lab/Ana.ics",
        "/sign-in/link/rll_5ec2e7",
        "/5ec2e7-and-more-of-it-than-is-told/x",
    ] {
        assert_eq!(get(&service, STRANGER, path, &[("Host", "evil.example")]).await.status(), 421);
    }
    let log = logs::heard();
    service.stop().await;
    assert!(
        log.contains("evil.example") && log.contains("/feeds") && log.contains("/sign-in"),
        "{log}"
    );
    assert!(
        !log.contains("rll_") && !log.contains("/5ec2e7-and-more-of-it-than") && log.matches("5ec2e7").count() == 1,
        "{log}"
    );
}

async fn get_or_post(service: &Service, method: &str, path: &str) -> Answer {
    let request = format!("{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    answered(connected(STRANGER, service.address()).await, request.as_bytes()).await
}

#[tokio::test]
async fn a_forger_hears_no_reason_any_more_and_holds_up_nobody() {
    let service = served("public_url = \"https://hotline.example.org\"").await;
    let mut statuses = Vec::new();
    for _ in 0..60 {
        statuses.push(webhook(&service, STRANGER, &[HERE], false).await.status());
    }
    assert!(statuses[..40].iter().all(|status| *status == 403), "{statuses:?}");
    assert!(statuses[55..].iter().all(|status| *status == 429), "{statuses:?}");
    let refused = webhook(&service, STRANGER, &[HERE], false).await;
    assert_eq!((refused.status(), refused.code().as_str()), (429, "webhook-rate"));
    assert!(refused.header("retry-after").unwrap().parse::<u32>().unwrap() >= 1);
    for from in [STRANGER, PROXY] {
        assert_eq!(webhook(&service, from, &[HERE], true).await.status(), 200);
    }
    service.stop().await;
}

#[tokio::test]
async fn every_answer_says_that_it_is_what_it_says_and_is_not_kept() {
    let service = served("public_url = \"https://hotline.example.org\"").await;
    for path in [
        "/",
        "/api/v1/hotlines",
        "/health",
        "/live",
        "/nowhere",
        "/nudge/lab",
        KEY,
        "/twilio/nowhere",
        "/feeds/a/lab",
    ] {
        let answer = get(&service, STRANGER, path, &[HERE]).await;
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{path}\n{}", answer.0);
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{path}\n{}", answer.0);
        assert_eq!(answer.header("strict-transport-security"), None, "{path}");
    }
    let music = get(&service, STRANGER, "/twilio/media/hold.wav", &[HERE]).await;
    assert_eq!(music.header("cache-control"), Some("public, max-age=86400"));
    let genuine = webhook(&service, STRANGER, &[HERE], true).await;
    assert_eq!(genuine.header("cache-control"), Some("no-store"), "{}", genuine.0);
    // Over https, as far as that is known.
    let https = ("X-Forwarded-Proto", "https");
    for (from, told) in [(PROXY, Some("max-age=31536000")), (STRANGER, None)] {
        let answer = get(&service, from, "/", &[HERE, https]).await;
        assert_eq!(answer.header("strict-transport-security"), told, "{from}");
    }
    service.stop().await;
}

#[tokio::test]
async fn heads_have_a_limit() {
    let service = served("").await;
    let long = "x".repeat(40 * 1024);
    assert_eq!(get(&service, STRANGER, "/live", &[HERE, ("X-Long", &long)]).await.status(), 431);
    assert_eq!(get(&service, STRANGER, &format!("/{long}"), &[HERE]).await.status() / 100, 4);
    let many: Vec<(&str, &str)> = std::iter::once(HERE).chain(std::iter::repeat_n(("X-Many", "x"), 120)).collect();
    assert_eq!(get(&service, STRANGER, "/live", &many).await.status(), 431);
    service.stop().await;
}

/// Names and numbers of the sample rota, of the caller and of the hotline.
#[tokio::test]
async fn the_metrics_say_nothing_private() {
    let recorder = PrometheusBuilder::new().build_recorder();
    let handle = recorder.handle();
    let _counting = metrics::set_default_local_recorder(&recorder);
    let stage = stage::set_with(|setting| {
        setting.extras = Extras {
            recorder: Some(handle),
            ..Extras::default()
        }
    })
    .await;
    let people = stage.rehearsal().on_call().await.unwrap();
    let names: Vec<String> = people.iter().map(|who| who.name.clone()).collect();
    let mut secrets: Vec<String> = people
        .iter()
        .map(|who| who.phone.address().trim_start_matches('+').to_owned())
        .collect();
    secrets.extend(names.iter().flat_map(|name| name.split(' ')).map(str::to_owned));
    secrets.extend(["61491570006", "61491570156"].map(str::to_owned));
    assert!(secrets.len() > 6, "{secrets:?}");
    let accepts = Habit::Accepts {
        after: Delay::between(2_000, 4_000),
        talk: None,
    };
    let habits = people.into_iter().map(|who| (who, accepts)).collect();
    let caller = CallerHabit {
        talk: Some(Delay::seconds(20)),
        ..CallerHabit::default()
    };
    let mut facts = stage.service().store().subscribe();
    stage.rehearsal().ring(habits, caller).await.unwrap();
    tokio::time::timeout(PATIENCE, crate::line::until_over(&mut facts)).await.unwrap();
    let admin = stage.service().admin_address().unwrap();
    let request = b"GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    let text = answered(connected(PROXY, admin).await, request).await.0;
    stage.strike().await;
    assert!(text.contains("rotaline_calls_total{hotline=\"lab\"} 1"), "{text}");
    for secret in secrets {
        assert!(!text.contains(&secret), "{secret}\n{text}");
    }
}
