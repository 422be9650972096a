//! Graph's promise to knock.

use crate::stage::{SITE, Stage, noon};
use chrono::{DateTime, TimeDelta, Utc};
use fakes::Fault;
use fakes::graph::{Kind, List, Route};
use providers::{Bell, Drive, ExcelOnline, SheetSource, Site, SourceError};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

const DOOR: &str = "https://rota.example.org";

/// Answers the handshake and takes in whatever else comes.
async fn door(stage: &Stage) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    stage.graph.door(DOOR, &format!("http://{}", listener.local_addr().unwrap()));
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                let Ok(byte) = stream.read_u8().await else { break };
                head.push(byte);
            }
            let head = String::from_utf8_lossy(&head).into_owned();
            let target = head.split(' ').nth(1).unwrap_or_default();
            let url = url::Url::parse(DOOR).unwrap().join(target).unwrap();
            let token = url
                .query_pairs()
                .find(|(key, _)| key == "validationToken")
                .map(|(_, token)| token.into_owned());
            let body = token.unwrap_or_default();
            let answer = format!(
                "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
                body.len()
            );
            let _ = stream.write_all(answer.as_bytes()).await;
        }
    });
}

fn bell(now: DateTime<Utc>) -> Bell {
    Bell {
        address: format!("{DOOR}/nudge/lab/graph"),
        password: "knock-knock".into(),
        now,
    }
}

#[tokio::test]
async fn each_list_is_watched_and_an_edit_knocks() {
    let stage = Stage::new().await;
    door(&stage).await;
    let rota = stage.add_rota();
    stage.graph.add_list(&stage.site, List::new("Contacts").column("Name", Kind::Text));
    let source = stage.lists();
    let watch = source.watch(&bell(noon()), None).await.unwrap().unwrap();
    assert!(watch.until > noon() + TimeDelta::days(28) && watch.until <= noon() + TimeDelta::minutes(42_300));
    let subscriptions = stage.graph.subscriptions();
    assert_eq!(subscriptions.len(), 2);
    for subscription in &subscriptions {
        assert_eq!(subscription.client_state.as_deref(), Some("knock-knock"));
        assert_eq!(subscription.notification_url, bell(noon()).address);
    }
    assert!(!format!("{watch:?}").contains("knock-knock"));
    stage.graph.edit(&rota, 1, "2nd", "Cleo Park");
    let delivered = async {
        while !stage.graph.deliveries().iter().any(|delivery| delivery.status == Some(200)) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), delivered).await.expect("a knock");
    source.unwatch(&watch).await;
    assert!(stage.graph.subscriptions().is_empty());
}

#[tokio::test]
async fn a_watch_is_renewed_and_one_that_cannot_be_is_made_anew() {
    let stage = Stage::new().await;
    door(&stage).await;
    stage.add_rota();
    let source = stage.lists();
    let first = source.watch(&bell(noon()), None).await.unwrap().unwrap();
    let later = noon() + TimeDelta::hours(1);
    let second = source.watch(&bell(later), Some(&first)).await.unwrap().unwrap();
    assert_eq!(second.names, first.names);
    assert_eq!(second.until, first.until + TimeDelta::hours(1));
    assert_eq!(stage.graph.subscriptions()[0].expires, second.until);

    stage.graph.drop_subscriptions();
    let third = source.watch(&bell(later), Some(&second)).await.unwrap().unwrap();
    assert_ne!(third.names, second.names);
    assert_eq!(stage.graph.subscriptions().len(), 1);

    let moved = Bell {
        address: format!("{DOOR}/nudge/other/graph"),
        ..bell(later)
    };
    let fourth = source.watch(&moved, Some(&third)).await.unwrap().unwrap();
    let subscriptions = stage.graph.subscriptions();
    assert_eq!(
        (subscriptions.len(), subscriptions[0].notification_url.as_str()),
        (1, moved.address.as_str())
    );

    stage.graph.add_list(&stage.site, List::new("Contacts").column("Name", Kind::Text));
    source.watch(&moved, Some(&fourth)).await.unwrap().unwrap();
    assert_eq!(stage.graph.subscriptions().len(), 2);
}

#[tokio::test]
async fn what_hinders_a_watch_is_told_and_nothing_is_left_behind() {
    let stage = Stage::new().await;
    stage.add_rota();
    stage.graph.add_list(&stage.site, List::new("Contacts").column("Name", Kind::Text));
    let source = stage.lists();
    // Nobody answers the handshake.
    let fault = source.watch(&bell(noon()), None).await.unwrap_err();
    assert!(
        matches!(&fault, SourceError::Transient(words) if words.contains("does not knock here")),
        "{fault}"
    );
    door(&stage).await;
    let second = Fault::Status {
        code: 429,
        retry_after: Some("11".into()),
        body: None,
    };
    stage.graph.fail(Route::Subscriptions, second, None);
    let retry_after = Duration::from_secs(11);
    assert_eq!(source.watch(&bell(noon()), None).await, Err(SourceError::Throttled { retry_after }));
    stage.graph.heal();
    stage.graph.forbid_subscriptions();
    let fault = source.watch(&bell(noon()), None).await.unwrap_err();
    assert!(matches!(fault, SourceError::Forbidden(_)), "{fault}");
    assert!(stage.graph.subscriptions().is_empty());
}

#[tokio::test]
async fn the_drive_of_a_workbook_is_watched() {
    let stage = Stage::new().await;
    door(&stage).await;
    stage.graph.put_file(&stage.site, "Rota.csv", "1st\nAna\n");
    let source = ExcelOnline::new(stage.account(), Drive::Site(Site::parse(SITE).unwrap()), "Rota.csv".into());
    let watch = source.watch(&bell(noon()), None).await.unwrap().unwrap();
    let subscriptions = stage.graph.subscriptions();
    assert!(subscriptions[0].resource.ends_with("/root"), "{}", subscriptions[0].resource);
    stage.graph.put_file(&stage.site, "Rota.csv", "1st\nBen\n");
    let delivered = async {
        while stage.graph.deliveries().is_empty() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), delivered).await.expect("a knock");
    source.unwatch(&watch).await;
    assert!(stage.graph.subscriptions().is_empty());
}
