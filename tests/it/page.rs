//! The page's job from end to end, as a browser does it: a test call is placed by its form, its story comes in live,
//! and the call's own page tells the same.

use super::signed_in;
use super::stage::{self, PATIENCE};
use reqwest::{Response, StatusCode};
use rotaline::access::Role;
use rotaline::app::Stage;
use serde_json::Value;

/// A browser with the page open: what it has been sent, and what is not read of it yet.
struct Browser {
    signed_in: signed_in::Browser,
    stream: Response,
    unread: Vec<u8>,
}

impl Browser {
    async fn open(stage: &Stage) -> Self {
        let signed_in = stage::signed_in(stage, Role::Admin).await;
        let stream = signed_in.get("/api/v1/events").send().await.unwrap();
        assert_eq!(stream.headers()["content-type"], "text/event-stream");
        Self {
            signed_in,
            stream,
            unread: Vec::new(),
        }
    }

    async fn get(&self, path: &str) -> String {
        self.signed_in.page(path).await
    }

    /// Presses a button of the test panel; gives where that leads.
    async fn press(&self, scenario: &str) -> String {
        let answer = self.signed_in.post("/test-call", &format!("scenario={scenario}")).await;
        assert_eq!(answer.status(), StatusCode::SEE_OTHER);
        answer.headers()["location"].to_str().unwrap().to_owned()
    }

    /// The next event's name and data.
    async fn event(&mut self) -> (String, Value) {
        loop {
            let Some(end) = self.unread.windows(2).position(|two| two == b"\n\n") else {
                let more = self.stream.chunk().await.unwrap().expect("the stream has ended");
                self.unread.extend_from_slice(&more);
                continue;
            };
            let event = String::from_utf8(self.unread.drain(..end + 2).collect()).unwrap();
            let field = |name: &str| event.lines().find_map(|line| line.strip_prefix(name));
            if let (Some(name), Some(data)) = (field("event: "), field("data: ")) {
                return (name.to_owned(), serde_json::from_str(data).unwrap());
            }
        }
    }
}

/// The entries of the story until it ends, and all that was heard until the caller has heard `voice`.
async fn follow(browser: &mut Browser, voice: &str) -> (Vec<Value>, Vec<Value>) {
    let (mut entries, mut heard): (Vec<Value>, Vec<Value>) = (Vec::new(), Vec::new());
    let is_over = |entries: &[Value]| entries.last().is_some_and(|entry| entry["kind"] == "ended");
    let is_heard = |heard: &[Value]| heard.iter().any(|heard| heard["who"] == "The caller" && heard["what"] == voice);
    while !is_over(&entries) || !is_heard(&heard) {
        let (name, data) = browser.event().await;
        match name.as_str() {
            "entry" => entries.push(data),
            "heard" => heard.push(data),
            other => panic!("an event of the unknown kind {other}"),
        }
    }
    (entries, heard)
}

/// Where each of the texts stands, one after the other; fails where one is missing or comes before another.
fn in_order(whole: &str, texts: &[&str]) {
    let mut rest = whole;
    for text in texts {
        let (_, after) = rest
            .split_once(text)
            .unwrap_or_else(|| panic!("{text} is not where it belongs in {whole}"));
        rest = after;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_test_call_from_the_page_is_told_live_and_afterwards() {
    let stage = stage::set().await;
    let mut browser = Browser::open(&stage).await;
    in_order(
        &browser.get("/").await,
        &["On call now", "Priya Nair", "Rota!B4", "Tom Okafor", "Rota!C4", "Place a test call"],
    );

    let path = browser.press("first-declines").await;
    let told = tokio::time::timeout(PATIENCE, follow(&mut browser, "the voice of Tom Okafor")).await;
    let (entries, heard) = told.expect("the call does not come to its end");

    let sentences: Vec<&str> = entries.iter().map(|entry| entry["text"].as_str().unwrap()).collect();
    in_order(
        &sentences.join("\n"),
        &[
            "A call for hotline lab from +61…737.\n",
            "Dialling Priya Nair on +61…156 (Rota!B4).\n",
            "Priya Nair declined.\n",
            "Dialling Tom Okafor on +61…157 (Rota!C4).\n",
            "Tom Okafor has accepted the call.\n",
            "The caller and Tom Okafor are connected.\n",
            "The call is over: the caller was served.",
        ],
    );
    assert!(!sentences.concat().contains("Wei Zhang"), "the third is left alone: {sentences:?}");
    let in_short = entries.last().unwrap()["in_short"].as_str().unwrap();
    assert!(in_short.starts_with("Tom Okafor took the call after "), "{in_short}");
    for all in [&entries, &heard] {
        assert!(all.iter().all(|one| path == format!("/calls/{}", one["call"].as_str().unwrap())));
    }

    let page = browser.get(&path).await;
    in_order(&page, &sentences);
    in_order(
        &page,
        &[
            "Spoke with a responder",
            in_short,
            "<strong>The caller</strong> hears the voice of Tom Okafor",
        ],
    );
    assert_eq!(page.matches("id=\"line-").count(), entries.len());
    in_order(
        &browser.get("/").await,
        &[in_short, "Recent calls", &path, "Spoke with a responder"],
    );
    stage.strike().await;
}
