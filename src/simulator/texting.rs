//! Texts that people send to the account's numbers: the webhook that asks what to answer, and the answer on its way.
//! Twilio answers some words itself; those are told with `OptOutType` only where that is switched on, which it is here.

use super::callbacks::{API_VERSION, Form, add};
use super::checker::{self, Place, Violation};
use super::document::{self, Element};
use super::heard::Text;
use super::leg::Target;
use super::network::PhoneNetwork;
use super::posting::Errand;
use chrono::{DateTime, Utc};

/// The longest text, in characters.
const LONGEST_BODY: usize = 1_600;

impl PhoneNetwork {
    /// Somebody texts one of the account's numbers, whose messaging webhook is `url`. Gives the text's SID.
    pub fn text_in(&mut self, now: DateTime<Utc>, from: &str, to: &str, url: &str, body: &str) -> String {
        let sid = self.new_sid("SM");
        self.text_again(now, from, to, url, body, &sid);
        self.came_in.push(Text {
            sid: Some(sid.clone()),
            at: self.now,
            from: from.to_owned(),
            to: to.to_owned(),
            body: body.to_owned(),
        });
        sid
    }

    /// The same text is told once more.
    pub fn text_again(&mut self, now: DateTime<Utc>, from: &str, to: &str, url: &str, body: &str, sid: &str) {
        self.now = self.now.max(now);
        let mut form = Form::with_capacity(16);
        for name in ["MessageSid", "SmsSid", "SmsMessageSid"] {
            add(&mut form, name, sid);
        }
        add(&mut form, "AccountSid", self.account.clone());
        add(&mut form, "From", from);
        add(&mut form, "To", to);
        add(&mut form, "Body", body);
        add(&mut form, "NumMedia", "0");
        add(&mut form, "NumSegments", body.chars().count().div_ceil(160).max(1).to_string());
        add(&mut form, "SmsStatus", "received");
        add(&mut form, "ApiVersion", API_VERSION);
        if let Some(kind) = opt_out_type(body) {
            match kind {
                "STOP" => self.opted_out.insert(from.to_owned()),
                _ => self.opted_out.remove(from),
            };
            add(&mut form, "OptOutType", kind);
        }
        self.post(Errand::Text, &Target::post(url), form);
    }

    /// The messages of an answer are sent back.
    pub(super) fn take_text_answer(&mut self, url: &str, from: &str, to: &str, root: &Element) {
        for violation in checker::check_element(root, Place::Text) {
            self.fault(url, violation);
        }
        for message in root.children.iter().filter(|verb| verb.name == "Message") {
            let length = message.text.chars().count();
            if length == 0 || length > LONGEST_BODY {
                self.fault(url, Violation::new(14107, format!("a message of {length} characters")));
                continue;
            }
            if self.opted_out.contains(from) {
                self.fault(url, Violation::new(21610, "a message to somebody who has opted out"));
                continue;
            }
            self.texts.push(Text {
                sid: None,
                at: self.now,
                from: to.to_owned(),
                to: from.to_owned(),
                body: message.text.clone(),
            });
        }
    }
}

/// What Advanced Opt-Out makes of a text.
fn opt_out_type(body: &str) -> Option<&'static str> {
    match body.trim().to_ascii_uppercase().as_str() {
        "STOP" | "UNSUBSCRIBE" => Some("STOP"),
        "START" | "UNSTOP" => Some("START"),
        _ => None,
    }
}

/// The document of an answer.
pub(super) fn document_of(body: &str) -> Result<Element, Violation> {
    document::parse(body).map_err(|error| Violation::new(12100, error.to_string()))
}
