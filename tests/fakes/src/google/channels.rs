//! Notification channels of Drive: watching a file, and what is posted when it changes.
//! Source: developers.google.com/workspace/drive/api/guides/push.

use super::errors::Refusal;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

/// The longest life of a channel on a file, and the one given to whoever asks for none.
const LONGEST: TimeDelta = TimeDelta::seconds(86_400);
const USUAL: TimeDelta = TimeDelta::seconds(3_600);
const LONGEST_ID: usize = 64;
const LONGEST_TOKEN: usize = 256;

/// A live channel.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Channel {
    /// As its client named it.
    pub id: String,
    /// What Drive calls the file; the client needs it to stop the channel.
    pub resource_id: String,
    /// The file watched.
    pub file: String,
    /// Where notifications go.
    pub address: String,
    /// The client's word, sent with each.
    pub token: Option<String>,
    /// When it ends.
    pub expires: DateTime<Utc>,
    /// How many messages were sent; rises, but is not without holes.
    pub messages: u64,
}

impl Channel {
    /// A channel as a client asks for it.
    pub(super) fn asked_for(body: &Value, file: &str, now: DateTime<Utc>) -> Result<Channel, Refusal> {
        let text = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
        let required = |name: &str| Refusal::InvalidFor("required", format!("entity.{name}: Required"));
        let (id, address) = (text("id"), text("address"));
        if id.is_empty() {
            return Err(required("id"));
        }
        let is_good = |byte: u8| byte.is_ascii_alphanumeric() || b"-_+/=".contains(&byte);
        if id.len() > LONGEST_ID || !id.bytes().all(is_good) {
            return Err(Refusal::InvalidFor("invalid", "Channel id is invalid.".to_owned()));
        }
        if !["web_hook", "webhook"].contains(&text("type").as_str()) {
            let words = format!("Unknown channel type {}", text("type"));
            return Err(Refusal::InvalidFor("channelUnknown", words));
        }
        if !address.starts_with("https://") {
            let words = format!("WebHook callback must be HTTPS: {address}");
            return Err(Refusal::InvalidFor("push.webhookUrlNotHttps", words));
        }
        let token = body["token"].as_str().map(str::to_owned);
        if token.as_ref().is_some_and(|token| token.len() > LONGEST_TOKEN) {
            let words = "Channel token is longer than 256 characters.".to_owned();
            return Err(Refusal::InvalidFor("invalid", words));
        }
        let expiration = &body["expiration"];
        let wanted = expiration.as_i64().or_else(|| expiration.as_str()?.parse().ok());
        let wanted = wanted.and_then(DateTime::from_timestamp_millis).unwrap_or(now + USUAL);
        if wanted <= now {
            let words = "Channel expiration must be in the future.".to_owned();
            return Err(Refusal::InvalidFor("invalid", words));
        }
        Ok(Channel {
            id,
            resource_id: resource_id(file),
            file: file.to_owned(),
            address,
            token,
            expires: wanted.min(now + LONGEST),
            messages: 0,
        })
    }

    /// The `Channel` that the client gets back.
    pub(super) fn answer(&self) -> Value {
        let mut answer = json!({
            "kind": "api#channel", "id": self.id, "resourceId": self.resource_id, "resourceUri": self.resource_uri(),
            "expiration": self.expires.timestamp_millis().to_string(),
        });
        if let Some(token) = &self.token {
            answer["token"] = token.as_str().into();
        }
        answer
    }

    /// The headers of the next message: the first is of the state `sync` and number 1.
    pub(super) fn headers(&mut self, state: &str) -> Vec<(&'static str, String)> {
        // Numbers rise, but not by one.
        self.messages = if self.messages == 0 { 1 } else { self.messages + 97 };
        let expires = self.expires.format("%a, %d %b %Y %H:%M:%S GMT").to_string();
        let mut headers = vec![
            (
                "user-agent",
                "APIs-Google; (+https://developers.google.com/webmasters/APIs-Google.html)".to_owned(),
            ),
            ("accept", "*/*".to_owned()),
            ("content-length", "0".to_owned()),
            ("x-goog-channel-id", self.id.clone()),
            ("x-goog-channel-expiration", expires),
            ("x-goog-message-number", self.messages.to_string()),
            ("x-goog-resource-id", self.resource_id.clone()),
            ("x-goog-resource-state", state.to_owned()),
            ("x-goog-resource-uri", self.resource_uri()),
        ];
        headers.extend(self.token.clone().map(|token| ("x-goog-channel-token", token)));
        if state == "update" {
            headers.push(("x-goog-changed", "content,properties".to_owned()));
        }
        headers
    }

    fn resource_uri(&self) -> String {
        format!("https://www.googleapis.com/drive/v3/files/{}?alt=json", self.file)
    }
}

/// The same for all channels of one file.
fn resource_id(file: &str) -> String {
    let name: String = file.chars().rev().filter(char::is_ascii_alphanumeric).collect();
    format!("res-{name}")
}
