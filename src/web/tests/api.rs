//! The JSON interface through its router.

use super::*;
use serde_json::json;

#[tokio::test]
async fn on_call_names_levels_cells_times_and_what_is_next() {
    let house = House::open(saturday()).await;
    let answer = house.get("/api/v1/hotlines/lab/on-call").await;
    assert_eq!(answer.status, StatusCode::OK);
    let body = answer.json();
    assert_eq!(body["hotline"], "lab");
    assert_eq!(body["zone"], "Australia/Melbourne");
    assert_eq!(body["at"], "2026-11-21T14:00:00+11:00");
    assert_eq!(body["state"], "covered");
    assert_eq!(body["from"], "2026-11-21T08:00:00+11:00");
    assert_eq!(body["until"], "2026-11-21T20:00:00+11:00");
    assert_eq!(
        body["levels"],
        json!([
            { "label": "1st", "responders": [{ "name": "Ana Diaz", "phone": "+61…156" }], "cell": "Rota!C2", "is_change": false },
            { "label": "2nd", "responders": [{ "name": "Ben <b>Osei</b>", "phone": "+61…157" }], "cell": "Rota!D2", "is_change": false },
        ])
    );
    assert_eq!(body["next"]["from"], "2026-11-21T20:00:00+11:00");
    assert_eq!(body["next"]["levels"][0]["responders"][0]["name"], "Ben <b>Osei</b>");
    assert_eq!(body["last_resort"], json!({ "name": "Duty manager", "phone": "+61…110" }));
    assert_eq!(body["rota"]["title"], "rota.xlsx");
    assert_eq!(body["rota"]["revision"], "9f2c4b7a11d0e35c88aa");
    assert_eq!(body["rota"]["read_at"], "2026-11-21T13:47:40+11:00");
    assert_eq!(body["rota"]["checked_at"], "2026-11-21T14:00:00+11:00");
    assert_eq!(body["rota"]["trouble"], json!(null));
}

/// The switchboard rings the configured last resort and not the sheet's; the page must say the same.
#[tokio::test]
async fn the_configured_last_resort_wins_over_the_sheets() {
    let mut house = House::open(saturday()).await;
    let name = |answer: Answer| answer.json()["last_resort"]["name"].as_str().unwrap().to_owned();
    assert_eq!(name(house.get("/api/v1/hotlines/lab/on-call").await), "Duty manager");
    let configured = crate::roster::Responder {
        name: "Night porter".to_owned(),
        phone: number("+61491570111"),
        then: None,
    };
    house.state.hotlines = Arc::from([Hotline {
        last_resort: Some(configured),
        ..hotline()
    }]);
    assert_eq!(name(house.get("/api/v1/hotlines/lab/on-call").await), "Night porter");
}

#[tokio::test]
async fn on_call_answers_for_any_instant() {
    let house = House::open(saturday()).await;
    // A handover belongs to the one who takes over; a bare plus sign in a query is a blank.
    let cases = [
        ("2026-11-21T08:59:59Z", "covered", "Ana Diaz"),
        ("2026-11-21T09:00:00Z", "covered", "Ben <b>Osei</b>"),
        ("2026-11-21T20:00:00%2B11:00", "covered", "Ben <b>Osei</b>"),
        ("2026-11-21T19:59:59+11:00", "covered", "Ana Diaz"),
        ("2026-11-22T08:00:00%2B11:00", "nobody_on_purpose", ""),
        ("2026-11-22T20:00:00%2B11:00", "gap", ""),
        ("2026-11-01T00:00:00Z", "gap", ""),
    ];
    for (at, state, first) in cases {
        let body = house.get(&format!("/api/v1/hotlines/lab/on-call?at={at}")).await.json();
        assert_eq!(body["state"], state, "{at}");
        assert_eq!(body["levels"][0]["responders"][0]["name"].as_str().unwrap_or(""), first, "{at}");
    }
    let sunday = house.get("/api/v1/hotlines/lab/on-call?at=2026-11-22T00:00:00Z").await.json();
    assert_eq!(sunday["nobody_cell"], "Rota!C4");
    assert_eq!(sunday["next"]["state"], "gap");
    assert_eq!(sunday["next"]["until"], json!(null));
}

#[tokio::test]
async fn refusals_have_a_code_and_words() {
    let house = House::open(saturday()).await;
    let long = "9".repeat(4000);
    let cases = [
        ("/api/v1/hotlines/lab/on-call?at=yesterday", 400, "bad-at"),
        ("/api/v1/hotlines/lab/on-call?at=", 400, "bad-at"),
        ("/api/v1/hotlines/lab/on-call?at=2026-11-21T14:00:00", 400, "bad-at"),
        ("/api/v1/hotlines/lab/on-call?at=0001-01-01T00:00:00Z", 400, "bad-at"),
        ("/api/v1/hotlines/lab/on-call?at=9999-12-31T23:59:59-23:00", 400, "bad-at"),
        (&format!("/api/v1/hotlines/lab/on-call?at={long}"), 400, "bad-at"),
        ("/api/v1/audit?since=yesterday", 400, "bad-since"),
        ("/api/v1/hotlines/lab/on-call?at=1&at=2", 400, "bad-query"),
        ("/api/v1/hotlines/cafe/on-call", 404, "unknown-hotline"),
        ("/api/v1/hotlines/cafe/diagnostics", 404, "unknown-hotline"),
        ("/api/v1/calls/17", 404, "unknown-call"),
        ("/api/v1/calls/00000000-0000-7000-8000-000000000000", 404, "unknown-call"),
        ("/api/v1/nothing", 404, "not-found"),
        ("/api/v1/events?after=x", 400, "bad-query"),
    ];
    for (path, status, code) in cases {
        let answer = house.get(path).await;
        assert_eq!((answer.status.as_u16(), answer.error_code().as_str()), (status, code), "{path}");
        assert!(answer.json()["error"]["message"].as_str().unwrap().len() > 10, "{path}");
    }
    let posted = house.send(Request::post("/api/v1/calls").body(Body::empty()).unwrap()).await;
    assert_eq!((posted.status.as_u16(), posted.error_code().as_str()), (405, "wrong-method"));

    let bare = House::without_rota(saturday()).await;
    let answer = bare.get("/api/v1/hotlines/lab/on-call").await;
    assert_eq!((answer.status.as_u16(), answer.error_code().as_str()), (503, "no-rota"));
}

#[tokio::test]
async fn hotlines_and_diagnostics_are_listed() {
    let house = House::open(saturday()).await;
    let hotlines = house.get("/api/v1/hotlines").await.json();
    assert_eq!(hotlines["hotlines"][0]["name"], "lab");
    assert_eq!(hotlines["hotlines"][0]["numbers"], json!(["+61…006"]));
    assert_eq!(hotlines["hotlines"][0]["zone"], "Australia/Melbourne");

    let rota = house.store.rota(&lab()).await.unwrap().unwrap();
    let told = house.get("/api/v1/hotlines/lab/diagnostics").await.json();
    let findings = told["diagnostics"].as_array().unwrap();
    assert_eq!(findings.len(), rota.diagnostics.len());
    for (told, finding) in findings.iter().zip(rota.diagnostics.iter()) {
        assert_eq!(told["code"], finding.code.as_str());
        assert_eq!(told["cells"].as_array().unwrap().len(), finding.cells.len());
    }
}

#[tokio::test]
async fn calls_and_their_stories_are_told_with_masked_numbers() {
    let house = House::open(saturday()).await;
    let call = house.call_arrives().await;
    let path = format!("/api/v1/calls/{call}");
    let going_on = house.get(&path).await;
    assert_eq!(going_on.json()["call"]["outcome"], json!(null));
    assert_eq!(going_on.json()["call"]["ended_at"], json!(null));

    house.caller_hangs_up(call).await;
    let told = house.get(&path).await;
    let body = told.json();
    assert_eq!(body["call"]["id"], call.to_string());
    assert_eq!(body["call"]["from"], "+61…999");
    assert_eq!(body["call"]["arrived_at"], "2026-11-21T14:00:00+11:00");
    assert_eq!(body["call"]["ended_at"], "2026-11-21T14:00:09+11:00");
    assert_eq!(body["call"]["outcome"], "caller_hung_up");
    let story = body["story"].as_array().unwrap();
    assert_eq!(story[0]["kind"], "arrived");
    assert_eq!(story[0]["time"], "14:00:00");
    assert_eq!(story[0]["text"], "A call for hotline lab from +61…999.");
    assert!(
        story.iter().any(|line| line["text"] == "Dialling Ana Diaz on +61…156 (Rota!C2)."),
        "{}",
        told.text
    );
    assert_eq!(story.last().unwrap()["outcome"], "caller_hung_up");
    assert!(!told.text.contains("491570"), "{}", told.text);

    let list = house.get("/api/v1/calls").await;
    assert_eq!(list.json()["calls"][0]["id"], call.to_string());
    assert!(!list.text.contains("491570"), "{}", list.text);
}

#[tokio::test]
async fn the_page_is_whole_and_loads_nothing_foreign() {
    let house = House::open(saturday()).await;
    let call = house.call_arrives().await;
    let page = house.get("/").await;
    assert_eq!(page.status, StatusCode::OK);
    for part in [
        "<title>Ana Diaz on call: Laboratory · Rotaline</title>",
        "Ben &lt;b&gt;Osei&lt;/b&gt;",
        "Dialling Ana Diaz on +61…156 (Rota!C2).",
        "Going on",
    ] {
        assert!(page.text.contains(part), "{part}\n{}", page.text);
    }
    assert!(page.text.contains(&format!("/calls/{call}")));
    for absent in ["491570", "<b>", "style=", "onclick", "http://", "https://", "Place a test call"] {
        assert!(!page.text.contains(absent), "{absent}\n{}", page.text);
    }
    let policy = page.headers["content-security-policy"].to_str().unwrap();
    assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
    assert_eq!(page.headers["cache-control"], "no-store");
    assert_eq!(page.headers["x-content-type-options"], "nosniff");

    let story = house.get(&format!("/calls/{call}")).await;
    assert!(story.text.contains("Dialling Ana Diaz"), "{}", story.text);

    // Whatever the page loads is there.
    for address in page.text.split('"').filter(|part| part.starts_with("/static/")) {
        let file = house.get(address).await;
        assert_eq!(file.status, StatusCode::OK, "{address}");
        assert!(file.headers["cache-control"].to_str().unwrap().contains("immutable"));
    }
}

#[tokio::test]
async fn errors_are_pages_with_words() {
    let house = House::open(saturday()).await;
    for path in ["/nothing", "/calls/17", "/static/secret"] {
        let answer = house.get(path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert!(answer.text.contains("<h1>There is no"), "{path}: {}", answer.text);
        assert!(answer.headers.contains_key("content-security-policy"), "{path}");
    }
    // Without a test line there is none to be called.
    let posted = house.send(Request::post("/test-call").body(Body::empty()).unwrap()).await;
    assert_eq!(posted.status, StatusCode::NOT_FOUND);
}
