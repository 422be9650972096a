//! Following the calls: nothing is lost, and nobody can take all the places.

use super::*;
use futures_util::StreamExt;
use std::time::Duration;

/// Reads events until `count` entries have come; comments are no events.
struct Reader {
    body: axum::body::BodyDataStream,
    text: String,
}

impl Reader {
    async fn open(house: &House, path: &str, last: Option<&str>) -> Self {
        let mut request = Request::get(path).header("authorization", bearer(OPERATOR));
        if let Some(last) = last {
            request = request.header("last-event-id", last);
        }
        let response = house.router().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Self {
            body: response.into_body().into_data_stream(),
            text: String::new(),
        }
    }

    /// The numbers of the next entries, and their data.
    async fn entries(&mut self, count: usize) -> Vec<(i64, serde_json::Value)> {
        let mut entries = Vec::new();
        while entries.len() < count {
            let more = tokio::time::timeout(Duration::from_secs(5), self.body.next()).await;
            let more = more.expect("no event came").expect("the stream ended").unwrap();
            self.text.push_str(std::str::from_utf8(&more).unwrap());
            while let Some(end) = self.text.find("\n\n") {
                let event: String = self.text.drain(..end + 2).collect();
                entries.extend(entry(&event));
            }
        }
        entries
    }

    /// Waits until the stream has caught up and waits for news itself.
    async fn has_caught_up(&mut self) {
        let more = tokio::time::timeout(Duration::from_millis(200), self.body.next()).await;
        assert!(more.is_err(), "{more:?}");
    }
}

fn entry(event: &str) -> Option<(i64, serde_json::Value)> {
    let field = |name: &str| event.lines().find_map(|line| line.strip_prefix(name));
    if field("event: ")? != "entry" {
        return None;
    }
    Some((field("id: ")?.parse().unwrap(), serde_json::from_str(field("data: ")?).unwrap()))
}

fn numbers(entries: &[(i64, serde_json::Value)]) -> Vec<i64> {
    entries.iter().map(|(number, _)| *number).collect()
}

#[tokio::test]
async fn one_who_comes_back_gets_what_was_missed_and_then_what_happens() {
    let house = House::open(saturday()).await;
    let call = house.call_arrives().await;
    let story: Vec<i64> = house.store.story(call).await.unwrap().iter().map(|entry| entry.number).collect();
    assert!(story.len() >= 3, "{story:?}");

    // The header of one who comes back counts more than the address, which is still the old one.
    let first = story[0].to_string();
    let mut reader = Reader::open(&house, "/api/v1/events?after=0", Some(&first)).await;
    let missed = reader.entries(story.len() - 1).await;
    assert_eq!(numbers(&missed), story[1..]);
    assert_eq!(missed.last().unwrap().1["call"], call.to_string());

    reader.has_caught_up().await;
    house.caller_hangs_up(call).await;
    let all: Vec<i64> = house.store.story(call).await.unwrap().iter().map(|entry| entry.number).collect();
    let live = reader.entries(all.len() - story.len()).await;
    assert_eq!(numbers(&live), all[story.len()..]);
    let (_, last) = live.last().unwrap();
    assert_eq!(last["kind"], "ended");
    assert_eq!(last["outcome_words"], "Hung up before anybody accepted");
    assert_eq!(last["time"], "14:00:09");
    assert_eq!(last["in_short"], "Nobody took the call. The caller hung up after 9 s.");
}

#[tokio::test]
async fn one_who_names_no_entry_begins_now() {
    let house = House::open(saturday()).await;
    let old = house.call_arrives().await;
    let mut reader = Reader::open(&house, "/api/v1/events", None).await;
    let new = house.call_arrives().await;
    let entries = reader.entries(1).await;
    assert_eq!(entries[0].1["call"], new.to_string());
    assert!(entries.iter().all(|(_, line)| line["call"] != old.to_string()));
}

/// A demonstration began anew while a page stayed open: its numbers are from another store.
#[tokio::test]
async fn one_from_another_life_of_the_store_begins_now() {
    let house = House::open(saturday()).await;
    house.call_arrives().await;
    let mut reader = Reader::open(&house, "/api/v1/events", Some("5000")).await;
    let new = house.call_arrives().await;
    assert_eq!(reader.entries(1).await[0].1["call"], new.to_string());
}

/// More happens than the store's channel holds (1024) while the client reads nothing.
#[tokio::test]
async fn one_who_is_slow_loses_nothing() {
    let house = House::open(saturday()).await;
    let mut reader = Reader::open(&house, "/api/v1/events?after=0", None).await;
    reader.has_caught_up().await;
    let mut expected = Vec::new();
    while expected.len() < 1200 {
        let call = house.call_arrives().await;
        house.caller_hangs_up(call).await;
        expected.extend(house.store.story(call).await.unwrap().iter().map(|entry| entry.number));
    }
    assert_eq!(numbers(&reader.entries(expected.len()).await), expected);
}

#[tokio::test]
async fn places_are_limited_and_given_back() {
    let limits = Limits { followers: 2 };
    let house = House::with(rota_kept(saturday()).await, saturday(), None, limits);
    let first = Reader::open(&house, "/api/v1/events", None).await;
    let _second = Reader::open(&house, "/api/v1/events", None).await;
    let third = house.get("/api/v1/events").await;
    assert_eq!((third.status.as_u16(), third.error_code().as_str()), (503, "too-many-followers"));
    drop(first);
    Reader::open(&house, "/api/v1/events", None).await;
}

#[tokio::test]
async fn a_stopping_house_ends_the_streams() {
    let house = House::open(saturday()).await;
    let mut reader = Reader::open(&house, "/api/v1/events", None).await;
    house.state.shutdown.cancel();
    let end = tokio::time::timeout(Duration::from_secs(5), async { while reader.body.next().await.is_some() {} });
    end.await.expect("the stream goes on");
}

#[tokio::test]
async fn a_strange_last_event_is_refused() {
    let house = House::open(saturday()).await;
    let request = Request::get("/api/v1/events")
        .header("last-event-id", "1; DROP")
        .body(Body::empty());
    let answer = house.send(request.unwrap()).await;
    assert_eq!((answer.status.as_u16(), answer.error_code().as_str()), (400, "bad-last-event-id"));
}
