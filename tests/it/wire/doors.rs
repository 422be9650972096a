//! Who is answered at all: by which name, how often, and what every answer says beside its body.

use super::{Answer, PROXY, STRANGER, answered, connected, get, served};
use crate::stage::{self, PATIENCE};
use metrics_exporter_prometheus::PrometheusBuilder;
use rotaline::app::{Extras, Service};
use rotaline::simulator::{CallerHabit, Delay, Habit};
use rotaline::twilio::signature::sign;
use std::net::Ipv4Addr;
use url::form_urlencoded::Serializer;

const HERE: (&str, &str) = ("Host", "127.0.0.1:8080");
const KEY: &str = "/twilio/voice/fallback/key";
const US: &str = "https://hotline.example.org";

#[tokio::test]
async fn pages_and_programs_are_answered_by_our_own_names_only() {
    let service = served("public_url = \"https://hotline.example.org\"\nhosts = [\"rota.internal\", \"bücher.example\"]").await;
    let forwarded = "X-Forwarded-Host";
    let table: &[(Ipv4Addr, &[(&str, &str)], u16)] = &[
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
            assert_eq!(answer.status(), *status, "{path} {headers:?}\n{}", answer.0);
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
    assert_eq!(get(&service, STRANGER, "/sign-in", &asked).await.status(), 200);
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
        // The hotline takes no alarms; what counts is that nobody is held up for asking.
        let answer = get_or_post(&service, "POST", "/api/v1/hotlines/lab/incidents").await;
        assert_eq!(answer.status(), 404);
    }
    service.stop().await;
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
