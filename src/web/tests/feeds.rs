//! Calendars and duties through the router.

use super::*;
use axum::http::header;
use serde_json::json;

/// The addresses on the page, in its order.
async fn addresses(house: &House) -> Vec<String> {
    let page = house.get("/").await.text;
    let links = page.split("href=\"/feeds/").skip(1);
    links.map(|rest| format!("/feeds/{}", rest.split('"').next().unwrap())).collect()
}

/// `from until summary` of the events, unfolded.
fn events(calendar: &str) -> Vec<String> {
    let text = calendar.replace("\r\n ", "");
    let of = |event: &str, key: &str| {
        let mut lines = event.split("\r\n").filter_map(|line| line.strip_prefix(key));
        lines.next().unwrap().to_owned()
    };
    let events = text.split("BEGIN:VEVENT").skip(1);
    events
        .map(|event| format!("{} {} {}", of(event, "DTSTART:"), of(event, "DTEND:"), of(event, "SUMMARY:")))
        .collect()
}

#[tokio::test]
async fn the_page_leads_to_a_calendar_of_all_and_to_each_persons() {
    let house = House::open(saturday()).await;
    let addresses = addresses(&house).await;
    assert_eq!(addresses.len(), 4, "{addresses:?}");
    let all = house.get(&addresses[0]).await;
    assert_eq!(
        (all.status, &all.headers[header::CONTENT_TYPE]),
        (StatusCode::OK, &"text/calendar; charset=utf-8".parse().unwrap())
    );
    // Melbourne is at UTC+11; the calendar ends 180 days after 21 November.
    assert_eq!(
        events(&all.text),
        [
            "20261120T210000Z 20261121T090000Z Laboratory: Ana Diaz\\, first on call",
            "20261120T210000Z 20261121T090000Z Laboratory: Ben <b>Osei</b>\\, second on call",
            "20261121T090000Z 20261121T210000Z Laboratory: Ben <b>Osei</b>\\, first on call",
            "20261121T210000Z 20261122T090000Z Laboratory: nobody on call\\, on purpose",
            "20261122T090000Z 20270520T000000Z Laboratory: NOBODY ON CALL",
        ]
    );
    assert!(!all.text.contains("570"), "{}", all.text);
    let ben = house.get(&addresses[2]).await;
    assert!(addresses[2].ends_with("/lab/Ben%20%3Cb%3EOsei%3C%2Fb%3E.ics"), "{addresses:?}");
    assert_eq!(
        events(&ben.text),
        [
            "20261120T210000Z 20261121T090000Z Laboratory: second on call",
            "20261121T090000Z 20261121T210000Z Laboratory: first on call",
        ]
    );
    assert!(events(&house.get(&addresses[3]).await.text).is_empty());
}

#[tokio::test]
async fn every_wrong_address_is_answered_alike() {
    let house = House::open(saturday()).await;
    let addresses = addresses(&house).await;
    let word = |address: &str| address.split('/').nth(2).unwrap().to_owned();
    let (all, ana) = (word(&addresses[0]), word(&addresses[1]));
    let wrong = [
        "/feeds/0/lab.ics".to_owned(),
        format!("/feeds/{}/lab.ics", all.to_uppercase()),
        format!("/feeds/{}/lab.ics", &all[1..]),
        format!("/feeds/{all}/other.ics"),
        format!("/feeds/{all}/lab"),
        format!("/feeds/{all}/lab/Ana%20Diaz.ics"),
        format!("/feeds/{ana}/lab.ics"),
        format!("/feeds/{ana}/lab/Ana%20Dia.ics"),
        format!("/feeds/{ana}/lab/Ana%20Diaz"),
        format!("/feeds/{ana}/lab/%FF.ics"),
        format!("/feeds/{all}"),
        "/nothing".to_owned(),
    ];
    let mut seen = std::collections::BTreeSet::new();
    for path in &wrong {
        let answer = house.get(path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        let headers: Vec<String> = answer.headers.iter().map(|header| format!("{header:?}")).collect();
        seen.insert((answer.text, headers));
    }
    assert_eq!(seen.len(), 1, "{seen:#?}");
    for path in &addresses {
        assert_eq!(house.get(path).await.status, StatusCode::OK, "{path}");
    }
}

#[tokio::test]
async fn what_has_not_changed_is_not_sent_again() {
    let house = House::open(saturday()).await;
    let path = addresses(&house).await.remove(0);
    let first = house.get(&path).await;
    let tag = first.headers[header::ETAG].to_str().unwrap().to_owned();
    assert_eq!(first.headers[header::CACHE_CONTROL], "private, no-cache");
    for known in [tag.clone(), format!("W/{tag}"), format!("\"other\", {tag}"), "*".to_owned()] {
        let request = Request::get(&path)
            .header(header::IF_NONE_MATCH, &known)
            .body(Body::empty())
            .unwrap();
        let answer = house.send(request).await;
        assert_eq!((answer.status, answer.text.as_str()), (StatusCode::NOT_MODIFIED, ""), "{known}");
        assert_eq!(answer.headers[header::ETAG], tag.as_str());
    }
    // Another version of the sheet is another calendar, with the same events.
    let mut sheet = sheet();
    sheet.tabs[1].rows[1][2] = Cell::Text("Duty manager".to_owned());
    house.store.keep_rota(&lab(), sheet, Settings::default(), house.now).await.unwrap();
    let request = Request::get(&path).header(header::IF_NONE_MATCH, &tag).body(Body::empty()).unwrap();
    let second = house.send(request).await;
    assert_eq!(second.status, StatusCode::OK);
    let uids = |text: &str| {
        text.lines()
            .filter(|line| line.starts_with("UID:"))
            .map(ToOwned::to_owned)
            .collect::<Vec<_>>()
    };
    assert_eq!(uids(&first.text), uids(&second.text));
    assert!(second.text.contains("Duty manager"), "{}", second.text);
}

#[tokio::test]
async fn without_a_rota_there_is_no_calendar_yet() {
    let house = House::without_rota(saturday()).await;
    assert!(addresses(&house).await.is_empty(), "nothing to show yet");
    let links = crate::web::FeedLinks::open(&house.store).await.unwrap();
    let answer = house.get(&links.path(&lab(), None)).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
}

#[tokio::test]
async fn duties_for_programs() {
    let house = House::open(saturday()).await;
    let body = house.get("/api/v1/hotlines/lab/duties").await.json();
    assert_eq!(body["from"], "2026-11-21T14:00:00+11:00");
    assert_eq!(body["until"], "2026-12-19T14:00:00+11:00");
    let states: Vec<&str> = body["duties"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["state"].as_str().unwrap())
        .collect();
    assert_eq!(states, ["on_call", "on_call", "on_call", "nobody", "gap"]);
    assert_eq!(
        body["duties"][1],
        json!({
            "from": "2026-11-21T08:00:00+11:00", "until": "2026-11-21T20:00:00+11:00",
            "from_utc": "2026-11-20T21:00:00Z", "until_utc": "2026-11-21T09:00:00Z",
            "state": "on_call", "level": 2, "label": "2nd", "person": "Ben <b>Osei</b>", "number": "+61…157",
            "cell": "Rota!D2", "is_change": false,
        })
    );
    let path = "/api/v1/hotlines/lab/duties?from=2026-11-21T09:00:00Z&until=2026-11-22&format=csv";
    let table = house.get(path).await;
    assert_eq!(table.headers[header::CONTENT_TYPE], "text/csv; charset=utf-8; header=present");
    let lines: Vec<&str> = table.text.split_terminator("\r\n").collect();
    assert_eq!(lines.len(), 2, "midnight in Melbourne is 13:00 UTC: {}", table.text);
    assert!(
        lines[1].ends_with(r#""on_call","1","1st","Ben <b>Osei</b>","'+61…157","Rota!C3","false""#),
        "{}",
        lines[1]
    );
}

#[tokio::test]
async fn odd_questions_for_duties_are_refused() {
    let house = House::open(saturday()).await;
    let cases = [
        ("?from=yesterday", "bad-from"),
        ("?until=2026-11-21T03:00:00Z", "bad-until"),
        ("?from=2026-11-21T03:00:00Z&until=2028-11-21T03:00:00Z", "bad-until"),
        ("?from=2199-12-31T00:00:00Z&until=2026-01-01", "bad-until"),
        ("?format=xml", "bad-format"),
        ("?from=1&from=2", "bad-query"),
    ];
    for (query, code) in cases {
        let answer = house.get(&format!("/api/v1/hotlines/lab/duties{query}")).await;
        assert_eq!(
            (answer.status, answer.error_code().as_str()),
            (StatusCode::BAD_REQUEST, code),
            "{query}"
        );
    }
    assert_eq!(house.get("/api/v1/hotlines/other/duties").await.error_code(), "unknown-hotline");
}
