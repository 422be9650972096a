//! Judges a TwiML document: allowed verbs, nesting, attributes, value ranges, sizes, and verbs that can never
//! be reached. Tables of what Twilio's pages on TwiML allow; usable from any test, knows nothing of the network.

use super::document::{Element, parse};
use std::fmt;
use url::Url;

mod tables;

use tables::{Kind, Rule};

/// A longer document is not read (error 11750).
pub const LONGEST_DOCUMENT: usize = 64 * 1024;

/// Where a document is used, which decides the verbs it may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The answer to a call's voice, action or redirect URL.
    Call,
    /// The answer to a conference's `waitUrl`.
    ConferenceWait,
    /// The answer to a `<Number url>`, heard by the callee before the bridging.
    Whisper,
    /// The answer to the `waitUrl` of `<Enqueue>`.
    QueueWait,
    /// The answer to a text's webhook.
    Text,
}

/// Something that Twilio would not take, or would warn about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// Twilio's error code, where one is known for it.
    pub code: Option<u32>,
    /// What is wrong, and where.
    pub what: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.code {
            Some(code) => write!(f, "{code}: {}", self.what),
            None => f.write_str(&self.what),
        }
    }
}

/// The document does not agree with the published schema (a warning at Twilio).
const SCHEMA: u32 = 12200;

impl Violation {
    pub(super) fn new(code: u32, what: impl Into<String>) -> Self {
        Self {
            code: Some(code),
            what: what.into(),
        }
    }
}

/// Judges a document given as text.
#[must_use]
pub fn check(text: &str, place: Place) -> Vec<Violation> {
    if text.len() > LONGEST_DOCUMENT {
        return vec![Violation::new(11750, format!("{} bytes are more than 64 kB", text.len()))];
    }
    match parse(text) {
        Ok(root) => check_element(&root, place),
        Err(error) => vec![Violation::new(12100, error.to_string())],
    }
}

/// Judges a document that has been read already.
#[must_use]
pub fn check_element(root: &Element, place: Place) -> Vec<Violation> {
    let mut found = Vec::new();
    if root.name != "Response" {
        found.push(Violation::new(SCHEMA, format!("the root is <{}>, not <Response>", root.name)));
        return found;
    }
    for (name, _) in &root.attributes {
        found.push(Violation::new(SCHEMA, format!("<Response> has no attribute {name}")));
    }
    if !root.text.is_empty() {
        found.push(Violation::new(SCHEMA, "text directly inside <Response>"));
    }
    for verb in &root.children {
        if !allowed_verbs(place).contains(&verb.name.as_str()) {
            found.push(forbidden(verb, place));
        } else {
            check_tree(verb, &mut found);
        }
    }
    check_order(root, place, &mut found);
    found
}

fn forbidden(verb: &Element, place: Place) -> Violation {
    let known = allowed_verbs(Place::Call).contains(&verb.name.as_str());
    match place {
        Place::ConferenceWait => Violation::new(13238, format!("<{}> in a waitUrl document", verb.name)),
        Place::Call => Violation::new(SCHEMA, format!("there is no verb <{}>", verb.name)),
        Place::Text => Violation::new(SCHEMA, format!("<{}> in the answer to a text", verb.name)),
        Place::Whisper | Place::QueueWait if known => Violation::new(SCHEMA, format!("<{}> is not allowed here", verb.name)),
        Place::Whisper | Place::QueueWait => Violation::new(SCHEMA, format!("there is no verb <{}>", verb.name)),
    }
}

const fn allowed_verbs(place: Place) -> &'static [&'static str] {
    match place {
        Place::Call => &[
            "Say", "Play", "Pause", "Gather", "Record", "Dial", "Redirect", "Hangup", "Reject", "Leave", "Enqueue",
        ],
        Place::ConferenceWait => &["Say", "Play", "Pause", "Redirect"],
        Place::Whisper => &["Say", "Play", "Gather", "Hangup"],
        Place::Text => &["Message", "Redirect"],
        Place::QueueWait => &["Say", "Play", "Pause", "Redirect", "Gather", "Hangup", "Leave"],
    }
}

/// An element by its own rule, and what is inside.
fn check_tree(element: &Element, found: &mut Vec<Violation>) {
    let Some(rule) = tables::rule(&element.name) else {
        found.push(Violation::new(SCHEMA, format!("there is no element <{}>", element.name)));
        return;
    };
    check_attributes(element, rule, found);
    check_text(element, rule, found);
    for child in &element.children {
        if rule.children.contains(&child.name.as_str()) {
            check_tree(child, found);
        } else {
            found.push(Violation::new(SCHEMA, format!("<{}> inside <{}>", child.name, element.name)));
        }
    }
    if element.name == "Dial" && element.children.is_empty() && element.text.is_empty() {
        found.push(Violation::new(SCHEMA, "<Dial> dials nobody"));
    }
    if element.name == "Dial"
        && element
            .children
            .iter()
            .filter(|noun| !matches!(noun.name.as_str(), "Number" | "Client" | "Sip"))
            .count()
            > 1
    {
        found.push(Violation::new(SCHEMA, "<Dial> with several conferences or queues"));
    }
}

fn check_attributes(element: &Element, rule: &Rule, found: &mut Vec<Violation>) {
    for (position, (name, value)) in element.attributes.iter().enumerate() {
        if element.attributes[..position].iter().any(|(earlier, _)| earlier == name) {
            found.push(Violation::new(12100, format!("<{}> has {name} twice", element.name)));
        }
        match rule.attributes.iter().find(|(known, _)| known == name) {
            None => found.push(Violation::new(SCHEMA, format!("<{}> has no attribute {name}", element.name))),
            Some((_, kind)) if !fits(*kind, value) => {
                found.push(Violation::new(SCHEMA, format!("<{} {name}={value:?}> is not {kind}", element.name)));
            }
            Some(_) => {}
        }
    }
}

fn check_text(element: &Element, rule: &Rule, found: &mut Vec<Violation>) {
    match rule.text {
        None if !element.text.is_empty() => found.push(Violation::new(SCHEMA, format!("text inside <{}>", element.name))),
        Some(_) if element.text.is_empty() && may_be_empty(element) => {}
        Some(kind) if !fits(kind, &element.text) => {
            let code = if element.name == "Number" { 13223 } else { SCHEMA };
            found.push(Violation::new(
                code,
                format!("the text of <{}>, {:?}, is not {kind}", element.name, element.text),
            ));
        }
        None | Some(_) => {}
    }
}

/// An empty `<Redirect>` asks for the same document again, `<Play digits>` needs no address, `<Dial>` has nouns.
fn may_be_empty(element: &Element) -> bool {
    match element.name.as_str() {
        "Redirect" | "Dial" => true,
        "Play" => element.attribute("digits").is_some(),
        _ => false,
    }
}

/// Verbs that nobody ever gets to, and `<Reject>` after the call has been answered.
fn check_order(root: &Element, place: Place, found: &mut Vec<Violation>) {
    let ends = |verb: &Element| match verb.name.as_str() {
        "Redirect" | "Hangup" | "Reject" => true,
        "Dial" | "Enqueue" => verb.attribute("action").is_some(),
        _ => false,
    };
    if let Some(last) = root.children.iter().position(ends)
        && let Some(unreached) = root.children.get(last + 1)
    {
        let what = format!("<{}> after <{}> is never reached", unreached.name, root.children[last].name);
        found.push(Violation { code: None, what });
    }
    let rejects_late = root.children.iter().skip(1).any(|verb| verb.name == "Reject");
    if place == Place::Call && rejects_late {
        found.push(Violation {
            code: None,
            what: "<Reject> after another verb comes after the answer".into(),
        });
    }
}

fn fits(kind: Kind, value: &str) -> bool {
    match kind {
        Kind::Words => !value.is_empty(),
        Kind::UpTo(most) => !value.is_empty() && value.chars().count() <= most,
        Kind::Flag => matches!(value, "true" | "false"),
        Kind::Whole(least, most) => value.parse::<u32>().is_ok_and(|number| (least..=most).contains(&number)),
        Kind::WholeOrAuto => value == "auto" || value.parse::<u32>().is_ok_and(|number| number > 0),
        Kind::OneOf(words) => words.contains(&value),
        Kind::Each(words) => !value.is_empty() && value.split(' ').all(|word| words.contains(&word)),
        Kind::Key => value.is_empty() || (value.len() == 1 && is_keys(value)),
        Kind::Keys => !value.is_empty() && is_keys(value),
        Kind::Digits => !value.is_empty() && value.chars().all(|c| c.is_ascii_digit() || "wW*#ABCD".contains(c)),
        Kind::Address => is_address(value),
        Kind::AddressOrNone => value.is_empty() || is_address(value),
        Kind::E164 => is_e164(value),
        Kind::CallSid => value.len() == 34 && value.starts_with("CA"),
    }
}

fn is_keys(value: &str) -> bool {
    value.chars().all(|c| c.is_ascii_digit() || c == '*' || c == '#')
}

/// `+`, then up to fifteen digits that do not start with 0.
pub(super) fn is_e164(value: &str) -> bool {
    let Some(digits) = value.strip_prefix('+') else { return false };
    (7..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit()) && !digits.starts_with('0')
}

/// What a call can go to: a number, a softphone or a SIP address.
pub(super) fn can_be_called(value: &str) -> bool {
    let is_name = |name: &str| (1..=121).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    let is_sip = |address: &str| {
        address.len() <= 251
            && address
                .split_once('@')
                .is_some_and(|(name, host)| !name.is_empty() && !host.is_empty())
    };
    is_e164(value) || value.strip_prefix("client:").is_some_and(is_name) || value.strip_prefix("sip:").is_some_and(is_sip)
}

/// An address that Twilio calls: absolute with a host without underscores, or relative without blanks.
pub(super) fn is_address(value: &str) -> bool {
    if value.is_empty() || value.chars().any(char::is_whitespace) {
        return false;
    }
    match Url::parse(value) {
        Ok(url) => is_web(&url),
        Err(url::ParseError::RelativeUrlWithoutBase) => true,
        Err(_) => false,
    }
}

/// An absolute web address that Twilio calls.
pub(super) fn is_absolute_address(value: &str) -> bool {
    Url::parse(value).is_ok_and(|url| is_web(&url))
}

fn is_web(url: &Url) -> bool {
    let speaks_http = matches!(url.scheme(), "http" | "https");
    speaks_http && url.host_str().is_some_and(|host| !host.is_empty() && !host.contains('_'))
}

#[cfg(test)]
mod tests;
