//! Subscriptions: the handshake, the limits, the notifications.

use super::shapes::Shapes;
use super::{Client, all_kinds, part};
use crate::faults;
use crate::graph::Graph;
use crate::journal::Request;
use crate::server::{Answer, Api, Server};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// A client's door for notifications.
#[derive(Default)]
struct Door {
    is_rude: AtomicBool,
    is_html: AtomicBool,
    refuses: Mutex<u32>,
    heard: Mutex<Vec<Value>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Only;

impl faults::Route for Only {}

impl Api for Door {
    type Route = Only;

    fn route(&self, _: &Request) -> Option<Only> {
        Some(Only)
    }

    async fn answer(&self, request: &Request) -> Answer {
        if let Some(token) = request.parameter("validationToken") {
            let token = if self.is_rude.load(Ordering::SeqCst) {
                "another".to_owned()
            } else {
                token
            };
            let kind = if self.is_html.load(Ordering::SeqCst) {
                "text/html"
            } else {
                "text/plain"
            };
            return Answer::bytes(200, kind, token.into_bytes());
        }
        let mut refuses = self.refuses.lock().unwrap();
        if *refuses > 0 {
            *refuses -= 1;
            return Answer::empty(503);
        }
        self.heard.lock().unwrap().push(request.json().unwrap());
        Answer::empty(202)
    }

    fn error(&self, _: Only, code: u16) -> Value {
        code.into()
    }
}

impl Door {
    /// The notifications, once there are so many.
    async fn heard(&self, count: usize) -> Vec<Value> {
        let waiting = async {
            while self.heard.lock().unwrap().len() < count {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(20), waiting).await.unwrap();
        self.heard.lock().unwrap().clone()
    }
}

async fn door() -> Server<Door> {
    Server::start(Arc::new(Door::default()), "127.0.0.1:0").await
}

fn noon() -> DateTime<Utc> {
    "2026-03-04T12:00:00Z".parse().unwrap()
}

fn wish(resource: &str, door: &str, expires: &str) -> Value {
    json!({
        "changeType": "updated", "resource": resource, "notificationUrl": format!("{door}/nudge/desk/graph"),
        "expirationDateTime": expires, "clientState": "s3cret",
    })
}

#[tokio::test]
async fn an_edit_is_told_to_whoever_subscribed() {
    let (graph, door) = (Graph::start().await, door().await);
    graph.follow(noon);
    let (site, list) = all_kinds(&graph);
    graph.put_file(&site, "Rota.xlsx", *b"1");
    let client = Client::of(&graph).await;
    let resource = part(&list, "").trim_end_matches('/').to_owned();
    let made = client
        .with_json("POST", "subscriptions", &wish(&resource, &door.url(), "2026-03-05T12:00:00Z"))
        .await;
    assert_eq!(made.status, 201);
    let id = made.json()["id"].as_str().unwrap().to_owned();
    let drive = client.get(&format!("sites/{}/drive", graph.site_id(&site))).await.json()["id"].clone();
    let of_drive = format!("/drives/{}/root", drive.as_str().unwrap());
    assert_eq!(
        client
            .with_json("POST", "subscriptions", &wish(&of_drive, &door.url(), "2026-03-05T12:00:00Z"))
            .await
            .status,
        201
    );
    graph.edit(&list, 2, "What", "Week 12");
    let told = door.api().heard(1).await[0]["value"][0].clone();
    let expected = json!({
        "subscriptionId": id, "clientState": "s3cret", "changeType": "updated", "resource": resource,
        "subscriptionExpirationDateTime": "2026-03-05T12:00:00Z", "tenantId": graph.tenant(),
        "resourceData": { "@odata.type": "#Microsoft.Graph.ListItem" },
    });
    assert_eq!(told, expected);
    let shapes = Shapes::load();
    assert_eq!(shapes.offences("subscription", &made.json(), "made"), Vec::<String>::new());
    let heard = door.api().heard(1).await[0].clone();
    assert_eq!(
        shapes.offences("changeNotificationCollection", &heard, "heard"),
        Vec::<String>::new()
    );
    graph.put_file(&site, "Rota.xlsx", *b"2");
    assert_eq!(
        door.api().heard(2).await[1]["value"][0]["resourceData"]["@odata.type"],
        "#Microsoft.Graph.DriveItem"
    );
    assert_eq!(client.get(&format!("subscriptions/{id}")).await.json()["clientState"], "s3cret");
    assert_eq!(client.get("subscriptions").await.value().len(), 2);
    assert_eq!(
        super::send(client.request("DELETE", &format!("subscriptions/{id}"))).await.status,
        204
    );
    assert_eq!(client.get(&format!("subscriptions/{id}")).await.status, 404);
}

#[tokio::test]
async fn a_notification_is_sent_again_until_it_is_taken() {
    let (graph, door) = (Graph::start().await, door().await);
    graph.follow(noon);
    graph.door("https://rota.example.org", &door.url());
    let (_, list) = all_kinds(&graph);
    let client = Client::of(&graph).await;
    let resource = part(&list, "").trim_end_matches('/').to_owned();
    let body = wish(&resource, "https://rota.example.org", "2026-03-05T12:00:00Z");
    assert_eq!(client.with_json("POST", "subscriptions", &body).await.status, 201);
    *door.api().refuses.lock().unwrap() = 1;
    graph.edit(&list, 1, "Hours", 8.0);
    door.api().heard(1).await;
    let seen: Vec<Option<u16>> = graph.deliveries().iter().map(|delivery| delivery.status).collect();
    assert_eq!(seen[0], Some(503));
}

#[tokio::test]
async fn what_cannot_be_subscribed_to_is_refused() {
    let (graph, door) = (Graph::start().await, door().await);
    graph.follow(noon);
    let (_, list) = all_kinds(&graph);
    let client = Client::of(&graph).await;
    let resource = part(&list, "").trim_end_matches('/').to_owned();
    let soon = "2026-03-05T12:00:00Z";
    let with = |name: &str, value: Value| {
        let mut body = wish(&resource, &door.url(), soon);
        body[name] = value;
        body
    };
    // 42,300 minutes are 29 days and 9 hours.
    let longest = with("expirationDateTime", "2026-04-02T21:00:00Z".into());
    assert_eq!(client.with_json("POST", "subscriptions", &longest).await.status, 201);
    for body in [
        with("expirationDateTime", "2026-04-02T21:00:01Z".into()),
        with("expirationDateTime", "2026-03-04T12:00:00Z".into()),
        with("expirationDateTime", "tomorrow".into()),
        with("notificationUrl", "http://rota.example.org/nudge".into()),
        with("notificationUrl", "https://rota.example.org/behind/no/door".into()),
        with("changeType", "created".into()),
        with("clientState", "x".repeat(129).into()),
        with("resource", format!("{}/v1.0/{resource}", graph.url()).into()),
        with("resource", "me/messages".into()),
    ] {
        let seen = client.with_json("POST", "subscriptions", &body).await;
        assert_eq!(seen.status, 400, "{body}");
    }
    assert_eq!(
        client
            .with_json("POST", "subscriptions", &with("resource", format!("{resource}0").into()))
            .await
            .status,
        404
    );
    door.api().is_rude.store(true, Ordering::SeqCst);
    assert_eq!(
        client
            .with_json("POST", "subscriptions", &with("clientState", "a".into()))
            .await
            .code(),
        "ValidationError"
    );
    door.api().is_rude.store(false, Ordering::SeqCst);
    door.api().is_html.store(true, Ordering::SeqCst);
    assert_eq!(
        client
            .with_json("POST", "subscriptions", &with("clientState", "a".into()))
            .await
            .code(),
        "ValidationError"
    );
    graph.forbid_subscriptions();
    assert_eq!(
        client
            .with_json("POST", "subscriptions", &with("clientState", "a".into()))
            .await
            .status,
        403
    );
    assert_eq!(graph.subscriptions().len(), 1);
}

#[tokio::test]
async fn a_subscription_ends_unless_it_is_renewed() {
    let (graph, door) = (Graph::start().await, door().await);
    graph.follow(noon);
    let (_, list) = all_kinds(&graph);
    let mut client = Client::of(&graph).await;
    let resource = part(&list, "").trim_end_matches('/').to_owned();
    let made = client
        .with_json("POST", "subscriptions", &wish(&resource, &door.url(), "2026-03-04T13:00:00Z"))
        .await;
    let path = format!("subscriptions/{}", made.json()["id"].as_str().unwrap());
    let renewed = client
        .with_json("PATCH", &path, &json!({ "expirationDateTime": "2026-03-04T14:00:00Z" }))
        .await;
    assert_eq!(renewed.json()["expirationDateTime"], "2026-03-04T14:00:00Z");
    let too_long = json!({ "expirationDateTime": "2026-04-03T12:00:00Z" });
    assert_eq!(client.with_json("PATCH", &path, &too_long).await.status, 400);
    graph.clock().pass(TimeDelta::minutes(90));
    assert_eq!(graph.subscriptions().len(), 1);
    graph.clock().pass(TimeDelta::minutes(31));
    client = Client {
        token: Client::of(&graph).await.token,
        ..client
    };
    let late = client
        .with_json("PATCH", &path, &json!({ "expirationDateTime": "2026-03-04T18:00:00Z" }))
        .await;
    assert_eq!((late.status, late.code().as_str()), (404, "ResourceNotFound"));
    assert!(graph.subscriptions().is_empty());
}
