//! The switch on the page: for whom it is, and what it does.

use super::*;
use crate::store::Told;
use serde_json::Value;

type Headers<'a> = &'a [(&'a str, &'a str)];

const OURS: Headers<'_> = &[("sec-fetch-site", "same-origin"), ("accept", "application/json")];

fn post(path: &str, form: &str, headers: Headers<'_>) -> Request<Body> {
    let mut request = Request::post(path).header("content-type", "application/x-www-form-urlencoded");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(Body::from(form.to_owned())).unwrap()
}

/// Where the switches of the page lead, in the order of the page.
async fn switches(house: &House) -> Vec<String> {
    let page = house.get("/").await.text;
    let forms = page.split("action=\"").skip(1).filter_map(|rest| rest.split('"').next());
    forms.filter(|path| path.ends_with("/presence")).map(ToOwned::to_owned).collect()
}

async fn press(house: &House, path: &str, choice: &str) -> Value {
    let answer = house.send(post(path, &format!("presence={choice}"), OURS)).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    answer.json()
}

async fn on_call(house: &House) -> Value {
    house.get("/api/v1/hotlines/lab/on-call").await.json()
}

#[tokio::test]
async fn somebody_is_away_and_back_by_the_page() {
    let house = House::open(saturday()).await;
    // Ana, then Ben, then the duty manager as the last resort.
    let paths = switches(&house).await;
    assert_eq!(paths.len(), 3, "{paths:?}");
    assert!(!paths.concat().contains("49157"), "no number leaves the house: {paths:?}");
    let page = house.get("/").await.text;
    assert!(page.contains("<summary>Nobody is away</summary>"), "{page}");
    assert!(!page.contains("value=\"back\""), "nobody could be back");

    // 14:00 in Melbourne.
    let told = press(&house, &paths[0], "4h").await;
    assert_eq!(told["away"]["by"], "page");
    assert_eq!(told["away"]["until"].as_str().unwrap()[..16], *"2026-11-21T18:00");
    assert_eq!(told["away"]["since"].as_str().unwrap()[..16], *"2026-11-21T14:00");
    let json = on_call(&house).await;
    assert_eq!(json["levels"][0]["responders"][0]["away"], told["away"]);
    assert_eq!(json["levels"][1]["responders"][0].get("away"), None);
    let page = house.get("/").await.text;
    for part in ["<summary>1 away</summary>", "told on the page", "value=\"back\""] {
        assert!(page.contains(part), "{part}: {page}");
    }

    let told = press(&house, &paths[1], "morning").await;
    assert_eq!(told["away"]["until"], "2026-11-22T08:00:00+11:00");
    let told = press(&house, &paths[0], "1h").await;
    assert_eq!(
        told["away"]["until"].as_str().unwrap()[..16],
        *"2026-11-21T15:00",
        "the last word counts"
    );
    assert_eq!(press(&house, &paths[0], "back").await["away"], Value::Null);
    assert_eq!(press(&house, &paths[0], "back").await["away"], Value::Null, "told twice");
    assert_eq!(on_call(&house).await["levels"][0]["responders"][0].get("away"), None);
}

#[tokio::test]
async fn a_browser_without_the_script_is_led_back_to_the_page() {
    let house = House::open(saturday()).await;
    let path = &switches(&house).await[0];
    let answer = house.send(post(path, "presence=1h", &OURS[..1])).await;
    assert_eq!((answer.status.as_u16(), answer.headers["location"].to_str().unwrap()), (303, "/"));
}

#[tokio::test]
async fn whoever_is_away_and_not_on_call_is_on_the_page_as_well() {
    // From 20:00 on Ben alone is on call.
    let house = House::open(utc("2026-11-21T10:00:00Z")).await;
    assert_eq!(switches(&house).await.len(), 2);
    let away = crate::call::Away {
        until: None,
        shown: String::new(),
        told_at: house.now,
        by: crate::call::ToldBy::Text,
    };
    house
        .store
        .tell_presence(&number("+61491570156"), &Told::Away(away), house.now)
        .await
        .unwrap();
    let paths = switches(&house).await;
    assert_eq!(paths.len(), 3, "Ana, too");
    press(&house, &paths[2], "back").await;
    assert_eq!(switches(&house).await.len(), 2);
}

#[tokio::test]
async fn choices_that_there_are_not_are_refused() {
    let house = House::open(saturday()).await;
    let paths = switches(&house).await;
    let elsewhere = paths[0].replace("/lab/", "/ward/");
    let nobody = paths[0].replace(paths[0].split('/').nth(6).unwrap(), "0123456789abcdef");
    let number = paths[0].replace(paths[0].split('/').nth(6).unwrap(), "+61491570156");
    for (path, form, code) in [
        (&paths[0], "presence=5h", "bad-form"),
        (&paths[0], "presence=", "bad-form"),
        (&paths[0], "", "bad-form"),
        (&elsewhere, "presence=4h", "unknown-hotline"),
        (&nobody, "presence=4h", "unknown-person"),
        (&number, "presence=4h", "unknown-person"),
    ] {
        let answer = house.send(post(path, form, OURS)).await;
        assert_eq!(answer.error_code(), code, "{path} {form}");
    }
    let away = house.store.away(&lab(), house.now).await.unwrap();
    assert!(away.is_empty(), "{away:?}");
    // More than anybody has to say is not read.
    let big = format!("presence=4h&x={}", "a".repeat(32 * 1024));
    let answer = house.send(post(&paths[0], &big, OURS)).await;
    assert!(answer.status.is_client_error(), "{}", answer.status);
}
