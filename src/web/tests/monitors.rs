//! What monitors get, and the numbers at a scrape.

use super::*;
use crate::store::Trouble;
use crate::web::measure;
use metrics_exporter_prometheus::PrometheusBuilder;
use serde_json::json;

#[tokio::test]
async fn a_well_house_is_live_ready_and_healthy() {
    let house = House::open(saturday()).await;
    assert_eq!(house.get("/live").await.status, StatusCode::OK);
    assert_eq!(house.get("/ready").await.status, StatusCode::OK);
    let health = house.get("/health").await;
    assert_eq!(health.status, StatusCode::OK);
    let body = health.json();
    assert_eq!(body["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(body["started_at"], "2026-11-21T03:00:00Z");
    assert_eq!(body["store"]["ok"], true);
    let hotline = &body["hotlines"][0];
    assert_eq!(hotline["name"], "lab");
    assert_eq!(hotline["on_call_now"], 2);
    assert_eq!(hotline["gap"], false);
    assert_eq!(hotline["rota_revision"], "9f2c4b7a11d0e35c88aa");
    assert!((740..760).contains(&hotline["rota_age_seconds"].as_i64().unwrap()));
    assert!((0..20).contains(&hotline["rota_checked_age_seconds"].as_i64().unwrap()));
    assert_eq!(hotline["rota_trouble"], json!(null));
    let edition = body["tzdb"]["used"].as_str().unwrap();
    assert!(edition.starts_with("20"), "{edition}");
}

#[tokio::test]
async fn without_a_rota_it_is_live_and_not_ready() {
    let house = House::without_rota(saturday()).await;
    assert_eq!(house.get("/live").await.status, StatusCode::OK);
    let ready = house.get("/ready").await;
    assert_eq!(ready.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(ready.json()["reasons"], json!(["hotline lab: no rota has been read yet"]));
    let health = house.get("/health").await;
    assert_eq!(health.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(health.json()["status"], "failing");
    assert_eq!(health.json()["hotlines"][0]["reasons"][0]["code"], "no-rota");
    // People are told as well.
    let page = house.get("/").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text.contains("No rota has been read yet."));
}

#[tokio::test]
async fn a_gap_fails_and_trouble_ails() {
    let night = utc("2026-11-22T10:00:00Z");
    let in_gap = House::open(night).await;
    let health = in_gap.get("/health").await;
    assert_eq!(health.status, StatusCode::SERVICE_UNAVAILABLE);
    let hotline = &health.json()["hotlines"][0];
    assert_eq!((&hotline["on_call_now"], &hotline["gap"]), (&json!(0), &json!(true)));
    assert_eq!(hotline["reasons"][0]["code"], "nobody-on-call");

    let house = House::open(saturday()).await;
    let trouble = Trouble {
        since: saturday(),
        words: "no permission for +61491570156".to_owned(),
    };
    house.store.rota_trouble(&lab(), Some(trouble)).await.unwrap();
    let health = house.get("/health").await;
    assert_eq!(health.status, StatusCode::OK);
    assert_eq!(health.json()["status"], "degraded");
    assert_eq!(health.json()["hotlines"][0]["rota_trouble"], "no permission for +61…156");
    assert!(!health.text.contains("491570"), "{}", health.text);
}

#[tokio::test]
async fn a_dead_store_is_told_and_nothing_of_its_words() {
    let house = House::open(saturday()).await;
    house.store.close().await;
    assert_eq!(house.get("/live").await.status, StatusCode::OK);
    for path in ["/ready", "/health", "/", "/api/v1/calls"] {
        let answer = house.get(path).await;
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{path}");
        assert!(answer.text.contains("The store"), "{path}: {}", answer.text);
        assert!(!answer.text.to_lowercase().contains("sql"), "{path}: {}", answer.text);
    }
    let health = house.get("/health").await.json();
    assert_eq!((&health["status"], &health["store"]["ok"]), (&json!("failing"), &json!(false)));
}

#[test]
fn a_scrape_sees_the_rotas() {
    let recorder = PrometheusBuilder::new().build_recorder();
    let handle = recorder.handle();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    metrics::with_local_recorder(&recorder, || {
        runtime.block_on(async {
            let house = House::open(saturday()).await;
            measure(&house.state).await;
        });
    });
    let text = handle.render();
    for line in [
        "rotaline_on_call_levels{hotline=\"lab\"} 2",
        "rotaline_store_up 1",
        "rotaline_rota_age_seconds{hotline=\"lab\"} 74",
        "rotaline_rota_checked_age_seconds{hotline=\"lab\"} ",
        "rotaline_rota_findings{hotline=\"lab\",severity=\"stop\"} ",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
}

/// What a stranger gets is written out here by hand, to the last letter: nothing else is in it.
#[tokio::test]
async fn strangers_learn_words_and_counts_and_nothing_else() {
    let bare = async |house: &House, path: &str| house.send_bare(Request::get(path).body(Body::empty()).unwrap()).await;
    let in_gap = House::open(utc("2026-11-22T10:00:00Z")).await;
    let expected = json!({ "status": "failing", "store": { "ok": true }, "hotlines": { "ok": 0, "degraded": 0, "failing": 1 } });
    assert_eq!(bare(&in_gap, "/health").await.json(), expected);
    let house = House::open(saturday()).await;
    let trouble = Trouble {
        since: saturday(),
        words: "no permission for rota.xlsx of Laboratory".to_owned(),
    };
    house.store.rota_trouble(&lab(), Some(trouble)).await.unwrap();
    let expected = json!({ "status": "degraded", "store": { "ok": true }, "hotlines": { "ok": 0, "degraded": 1, "failing": 0 } });
    assert_eq!(bare(&house, "/health").await.json(), expected);
    let without = House::without_rota(saturday()).await;
    let ready = bare(&without, "/ready").await;
    assert_eq!(ready.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(
        ready.json(),
        json!({ "ready": false, "reasons": ["a hotline: no rota has been read yet"] })
    );
    // A word that is none of ours makes nobody of a stranger.
    let guess = Request::get("/health").header("authorization", bearer("rlt_guess"));
    let guess = house.send_bare(guess.body(Body::empty()).unwrap()).await;
    assert_eq!((guess.status, guess.json()), (StatusCode::OK, expected));
}

#[tokio::test]
async fn a_certificate_ails_before_its_end_and_when_it_cannot_be_replaced() {
    for (ends, is_replaced, overall, status, message) in [
        ("2026-12-06T03:00:00Z", true, 200, "ok", json!(null)),
        ("2026-12-05T02:59:00Z", true, 200, "degraded", json!("The certificate ends soon.")),
        (
            "2027-12-01T00:00:00Z",
            false,
            200,
            "degraded",
            json!("The new certificate cannot be used; the one before is. The log says why."),
        ),
        ("2026-11-21T02:59:59Z", true, 503, "failing", json!("The certificate has ended.")),
    ] {
        let mut house = House::open(saturday()).await;
        let state = crate::web::CertificateState {
            ends: utc(ends),
            is_replaced,
        };
        let (_told, certificate) = tokio::sync::watch::channel(state);
        house.state = house.state.showing(Some(certificate));
        let health = house.get("/health").await;
        assert_eq!(health.status.as_u16(), overall, "{ends}");
        let shown = &health.json()["certificate"];
        assert_eq!(
            (&shown["status"], &shown["message"], &shown["ends"]),
            (&json!(status), &message, &json!(ends))
        );
    }
}
