//! The network against what Twilio's pages say: hand-written documents, and the requests, sounds and resources
//! that must follow from them. Times are worked out by hand: 65 ms a character, one second from order to ring.

mod bridges;
mod calls;
mod mischief;
mod rest;
mod rooms;
mod verbs;

use super::posting::WebhookRequest;
use super::{Failed, Habit, Heard, Mischief, PhoneNetwork, Sound, WebhookReply};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;
use std::collections::BTreeMap;

pub(super) const ACCOUNT: &str = "AC0123456789abcdef0123456789abcdef";
pub(super) const HOTLINE: &str = "+61255500001";
pub(super) const CALLER: &str = "+61491570006";
pub(super) const ANNA: &str = "+61491570156";
pub(super) const BEN: &str = "+61491570157";

/// A network with a service of fixed pages, by path.
pub(super) struct Theatre {
    pub(super) network: PhoneNetwork,
    pub(super) pages: BTreeMap<&'static str, Result<WebhookReply, Failed>>,
    pub(super) seen: Vec<(i64, WebhookRequest)>,
}

pub(super) fn start() -> DateTime<Utc> {
    DateTime::parse_from_rfc3339("2026-11-21T03:00:00Z").unwrap().to_utc()
}

/// So many milliseconds after the start.
pub(super) fn at(ms: i64) -> DateTime<Utc> {
    start() + TimeDelta::milliseconds(ms)
}

impl Theatre {
    pub(super) fn new() -> Self {
        Self::with(1, Mischief::none())
    }

    pub(super) fn with(seed: u64, mischief: Mischief) -> Self {
        Self {
            network: PhoneNetwork::new(seed, ACCOUNT, mischief),
            pages: BTreeMap::new(),
            seen: Vec::new(),
        }
    }

    pub(super) fn page(mut self, path: &'static str, verbs: &str) -> Self {
        self.pages
            .insert(path, Ok(WebhookReply::twiml(format!("<Response>{verbs}</Response>"))));
        self
    }

    pub(super) fn person(mut self, number: &str, habit: Habit) -> Self {
        self.network.add_person(number, habit);
        self
    }

    /// Runs until `ms` after the start; all is answered at once.
    pub(super) fn run_to(&mut self, ms: i64) {
        while let Some(next) = self.network.next_at().filter(|next| *next <= at(ms)) {
            for request in self.network.advance(next) {
                let path = request
                    .url
                    .trim_start_matches("http://rota.test")
                    .split('?')
                    .next()
                    .unwrap()
                    .to_owned();
                let reply = self.pages.get(path.as_str()).cloned().unwrap_or(Ok(WebhookReply::no_content()));
                let id = request.id;
                self.seen.push(((self.network.now() - start()).num_milliseconds(), request));
                self.network.answer(next, id, reply);
            }
        }
        assert_eq!(self.network.advance(at(ms)), Vec::new());
    }

    pub(super) fn rest(&mut self, ms: i64, method: &str, path: &str, form: &[(&str, &str)]) -> (u16, Value) {
        let form: Vec<(String, String)> = form.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let path = format!("/2010-04-01/Accounts/{ACCOUNT}/{path}");
        let answer = self.network.rest(at(ms), method, &path, &form).unwrap();
        (answer.status, answer.body)
    }

    /// Orders a call to a number with all progress events, and gives its SID.
    pub(super) fn call(&mut self, ms: i64, to: &str, more: &[(&str, &str)]) -> String {
        let mut form = vec![
            ("To", to),
            ("From", HOTLINE),
            ("Url", "http://rota.test/answered"),
            ("StatusCallback", "http://rota.test/status"),
            ("StatusCallbackEvent", "initiated"),
            ("StatusCallbackEvent", "ringing"),
            ("StatusCallbackEvent", "answered"),
            ("StatusCallbackEvent", "completed"),
        ];
        form.extend_from_slice(more);
        let (status, call) = self.rest(ms, "POST", "Calls.json", &form);
        assert_eq!((status, &call["status"]), (201, &Value::from("queued")), "{call}");
        call["sid"].as_str().unwrap().to_owned()
    }

    /// The requests to a path: when, and the values of these parameters.
    pub(super) fn requests(&self, path: &str, names: &[&str]) -> Vec<(i64, Vec<&str>)> {
        let wanted = self
            .seen
            .iter()
            .filter(|(_, request)| request.url == format!("http://rota.test{path}"));
        wanted
            .map(|(at, request)| (*at, names.iter().map(|name| request.parameter(name).unwrap_or("-")).collect()))
            .collect()
    }

    pub(super) fn heard(&self, sid: &str) -> Vec<(i64, Sound)> {
        let one = |heard: &Heard| ((heard.at - start()).num_milliseconds(), heard.what.clone());
        self.network.heard(sid).iter().map(one).collect()
    }

    pub(super) fn faults(&self) -> Vec<Option<u32>> {
        self.network.faults().iter().map(|fault| fault.code).collect()
    }

    pub(super) fn nothing_is_left(&self) {
        assert!(
            self.network.leftovers().is_empty(),
            "{:?}\n{}",
            self.network.leftovers(),
            self.network.story()
        );
    }
}

pub(super) fn said(text: &str) -> Sound {
    Sound::Said(text.to_owned())
}

pub(super) fn voice(number: &str) -> Sound {
    Sound::Voice(number.to_owned())
}
