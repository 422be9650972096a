//! What the Drive API says of files, and the notifications it sends.

use super::client::{Client, is_as_recorded, rota};
use super::schema::conforms;
use chrono::{DateTime, TimeDelta};
use fakes::google::{Google, Spreadsheet, Tab};
use fakes::{Answer, Api, Request, Route, Server};
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;

const FILE: &str = "/drive/v3/files/demo";
const WATCH: &str = "/drive/v3/files/demo/watch";
const STOP: &str = "/drive/v3/channels/stop";
const PROBE: [(&str, &str); 1] = [("fields", "version,modifiedTime")];

async fn stage() -> (Google, Client) {
    let google = Google::start().await;
    google.follow(noon);
    google.put("demo", rota());
    google.follow(fakes_time);
    let client = Client::of(&google).await;
    (google, client)
}

fn noon() -> DateTime<chrono::Utc> {
    "2026-03-02T12:00:00Z".parse().unwrap()
}

fn fakes_time() -> DateTime<chrono::Utc> {
    fakes::Clock::default().now()
}

#[tokio::test]
async fn a_probe_gets_a_version_that_rises_with_each_edit() {
    let (google, client) = stage().await;
    let first = client.ok(FILE, &PROBE).await;
    assert_eq!(first, json!({ "version": "1", "modifiedTime": "2026-03-02T12:00:00.000Z" }));
    is_as_recorded("drive-probe", &first);
    conforms("drive.v3", "File", &client.ok(FILE, &[("fields", "*")]).await);
    let usual = client.ok(FILE, &[]).await;
    assert_eq!(
        usual,
        json!({ "kind": "drive#file", "id": "demo", "name": "Support rota", "mimeType": "application/vnd.google-apps.spreadsheet" })
    );
    let version = |answer: &Value| answer["version"].as_str().unwrap().parse::<i64>().unwrap();
    google.edit("demo", "Rota", "C2", "Wei Chen");
    let second = client.ok(FILE, &PROBE).await;
    assert!(version(&second) > version(&first) && second["modifiedTime"] != first["modifiedTime"]);
    google.recalculate("demo", "Rota", "C2", "Ines");
    assert_eq!(client.ok(FILE, &PROBE).await, second, "a formula's new result is not seen");
    google.touch("demo");
    assert!(version(&client.ok(FILE, &PROBE).await) > version(&second));
    assert_eq!(google.version("demo"), version(&client.ok(FILE, &PROBE).await));
    let (code, answer) = client.get(FILE, &[("fields", "version,etag")]).await;
    assert_eq!((code, &answer["error"]["message"]), (400, &json!("Invalid field selection etag")));
}

#[tokio::test]
async fn a_shared_drive_has_to_be_asked_for() {
    let (google, client) = stage().await;
    google.put("team", Spreadsheet::new("Team").tab(Tab::new("Rota")).on_shared_drive());
    assert_eq!(client.get("/drive/v3/files/team", &[]).await.0, 404);
    assert_eq!(client.get("/drive/v3/files/team", &[("supportsAllDrives", "true")]).await.0, 200);
    assert_eq!(client.get("/v4/spreadsheets/team", &[]).await.0, 200);
    google.trash("team");
    let binned = client
        .ok("/drive/v3/files/team", &[("supportsAllDrives", "true"), ("fields", "trashed")])
        .await;
    assert_eq!(binned, json!({ "trashed": true }));
}

fn wish(id: &str) -> Value {
    json!({ "id": id, "type": "web_hook", "address": "https://rota.example.org/nudge/demo/google", "token": "secret word" })
}

#[tokio::test]
async fn a_channel_lives_as_long_as_the_guide_says() {
    let (google, client) = stage().await;
    google.follow(noon);
    let client_at_noon = {
        let later = Client::anonymous(&google);
        let mut claims = super::client::claims(&google, super::client::METADATA, 0);
        claims["iat"] = noon().timestamp().into();
        claims["exp"] = (noon().timestamp() + 3600).into();
        assert_eq!(later.token(&google, &claims).await.0, 200);
        client
    };
    let (code, answer) = client_at_noon.post(WATCH, &wish("one")).await;
    assert_eq!(code, 200, "{answer}");
    conforms("drive.v3", "Channel", &answer);
    is_as_recorded("drive-watch", &answer);
    assert_eq!(answer["kind"], "api#channel");
    let expires = |answer: &Value| DateTime::from_timestamp_millis(answer["expiration"].as_str().unwrap().parse().unwrap()).unwrap();
    assert_eq!(expires(&answer), noon() + TimeDelta::hours(1), "an hour without a wish");
    let mut long = wish("two");
    long["expiration"] = (noon() + TimeDelta::days(7)).timestamp_millis().to_string().into();
    let (_, answer) = client_at_noon.post(WATCH, &long).await;
    assert_eq!(expires(&answer), noon() + TimeDelta::days(1), "a day at most");
    assert_eq!(google.channels().len(), 2);
    google.pass(TimeDelta::minutes(61));
    let ids: Vec<String> = google.channels().into_iter().map(|channel| channel.id).collect();
    assert_eq!(ids, ["two"]);
}

#[tokio::test]
async fn a_wrong_wish_for_a_channel_is_refused() {
    let (google, client) = stage().await;
    assert_eq!(client.post(WATCH, &wish("one")).await.0, 200);
    let changed = |name: &str, value: &str| {
        let mut wish = wish("other");
        wish[name] = value.into();
        wish
    };
    for (wrong, reason) in [
        (wish("one"), "channelIdNotUnique"),
        (changed("address", "http://127.0.0.1:9/hook"), "push.webhookUrlNotHttps"),
        (changed("type", "email"), "channelUnknown"),
        (changed("id", ""), "required"),
        (changed("id", &"x".repeat(65)), "invalid"),
        (changed("token", &"x".repeat(257)), "invalid"),
        (changed("expiration", "1000"), "invalid"),
    ] {
        let (code, answer) = client.post(WATCH, &wrong).await;
        assert_eq!((code, &answer["error"]["errors"][0]["reason"]), (400, &json!(reason)), "{wrong}");
    }
    google.unshare("demo");
    assert_eq!(client.post(WATCH, &wish("other")).await.0, 404);
    assert_eq!(google.channels().len(), 1);
}

/// A door that takes in whatever is posted.
#[derive(Debug)]
struct Hook;

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
struct Posted;

impl Route for Posted {}

impl Api for Hook {
    type Route = Posted;

    fn route(&self, _: &Request) -> Option<Posted> {
        Some(Posted)
    }

    async fn answer(&self, _: &Request) -> Answer {
        Answer::empty(204)
    }

    fn error(&self, _: Posted, code: u16) -> Value {
        json!(code)
    }
}

/// Waits until so many messages have been answered.
async fn messages(hook: &Server<Hook>, google: &Google, count: usize) -> Vec<Request> {
    for _ in 0..1_000 {
        if google.deliveries().len() >= count {
            break;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let mut requests = hook.journal().requests();
    assert_eq!(requests.len(), count, "{:?}", google.deliveries());
    requests.sort_by_key(|request| request.headers["x-goog-message-number"].parse::<u64>().unwrap());
    requests
}

#[tokio::test]
async fn live_channels_are_told_of_each_edit() {
    let (google, client) = stage().await;
    let hook = Server::start(Arc::new(Hook), "127.0.0.1:0").await;
    google.door("https://rota.example.org", &hook.url());
    let (_, channel) = client.post(WATCH, &wish("one")).await;
    let sync = messages(&hook, &google, 1).await.remove(0);
    let header = |request: &Request, name: &str| request.headers.get(name).cloned().unwrap_or_default();
    assert_eq!(
        (sync.method.as_str(), sync.path.as_str(), sync.body.len()),
        ("POST", "/nudge/demo/google", 0)
    );
    for (name, value) in [
        ("x-goog-channel-id", "one"),
        ("x-goog-channel-token", "secret word"),
        ("x-goog-message-number", "1"),
        ("x-goog-resource-state", "sync"),
        ("x-goog-resource-uri", "https://www.googleapis.com/drive/v3/files/demo?alt=json"),
        ("content-length", "0"),
    ] {
        assert_eq!(header(&sync, name), value, "{name}");
    }
    assert_eq!(header(&sync, "x-goog-resource-id"), channel["resourceId"].as_str().unwrap());
    assert!(header(&sync, "x-goog-channel-expiration").ends_with(" GMT"));
    google.edit("demo", "Rota", "C2", "Wei Chen");
    let update = messages(&hook, &google, 2).await.remove(1);
    assert_eq!(header(&update, "x-goog-resource-state"), "update");
    assert_eq!(header(&update, "x-goog-changed"), "content,properties");
    assert!(header(&update, "x-goog-message-number").parse::<u64>().unwrap() > 1);
    google.trash("demo");
    assert_eq!(header(&messages(&hook, &google, 3).await[2], "x-goog-resource-state"), "trash");
    let unknown = json!({ "id": "one", "resourceId": "another" });
    let (code, answer) = client.post(STOP, &unknown).await;
    assert_eq!(
        (code, &answer["error"]["message"]),
        (404, &json!("Channel 'one' not found for project '123456789012'"))
    );
    let known = json!({ "id": "one", "resourceId": channel["resourceId"] });
    assert_eq!(client.post(STOP, &known).await.0, 204);
    assert_eq!(google.channels(), []);
    assert_eq!(google.deliveries().iter().filter(|delivery| delivery.outcome == Ok(204)).count(), 3);
    google.edit("demo", "Rota", "C2", "Ines");
    assert_eq!(client.post(STOP, &known).await.0, 404, "stopped once");
    assert_eq!(hook.journal().requests().len(), 3, "a stopped channel is silent");
}
