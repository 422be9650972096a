//! Sending webhooks and taking their answers: which go out at once, late, twice or never; which are tried again;
//! and what an answer means for the one who waits for it. Does not know who carries the requests.

use super::agenda::Job;
use super::callbacks::Form;
use super::checker::{self, Place, Violation};
use super::document::{self, Method, Verb};
use super::leg::{LegIndex, Stage, Target};
use super::mischief::{some_ms, strikes};
use super::network::PhoneNetwork;
use super::texting;
use chrono::{DateTime, TimeDelta, Utc};
use rand::RngExt;
use std::sync::Arc;
use url::{Url, form_urlencoded};

/// A request that the network makes of the service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebhookRequest {
    /// To be given back with the answer.
    pub id: u64,
    /// With the parameters, if by `GET`.
    pub url: String,
    /// How.
    pub method: Method,
    /// The body; empty for `GET`.
    pub form: Arc<Form>,
    /// Whether the answer controls a call.
    pub wants_twiml: bool,
    /// The same for all attempts of one request.
    token: u128,
}

impl WebhookRequest {
    /// What goes into the header `I-Twilio-Idempotency-Token`.
    #[must_use]
    pub fn idempotency_token(&self) -> String {
        uuid::Uuid::from_u128(self.token).to_string()
    }

    /// The first value of a parameter in the body.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.form.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// What the service answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebhookReply {
    /// The HTTP status.
    pub status: u16,
    /// The header `Content-Type`, where there is one.
    pub content_type: Option<String>,
    /// The body.
    pub body: String,
}

impl WebhookReply {
    /// A TwiML document.
    #[must_use]
    pub fn twiml(body: impl Into<String>) -> Self {
        Self {
            status: 200,
            content_type: Some("text/xml".into()),
            body: body.into(),
        }
    }

    /// 204: taken, nothing to say.
    #[must_use]
    pub const fn no_content() -> Self {
        Self {
            status: 204,
            content_type: None,
            body: String::new(),
        }
    }
}

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failed {
    /// No connection was made.
    Connect,
    /// No answer within 15 s.
    Timeout,
    /// The connection broke, or led in circles.
    Broken,
}

/// What a request is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Errand {
    /// What the leg does next.
    Document { leg: LegIndex, epoch: u32 },
    /// What the leg hears while it waits in a conference.
    Wait { leg: LegIndex, stay: u64 },
    /// The answer has no effect: the leg is over, or the answer gets lost.
    Unheard,
    /// A call's status callback.
    Progress,
    /// A conference's status callback.
    Conference,
    /// What is answered to a text.
    Text,
}

/// A request on its way, with what is known only here.
#[derive(Clone, Debug)]
pub(super) struct Letter {
    request: WebhookRequest,
    /// The address as it was given, to which a relative one refers.
    source: Target,
    pub(super) errand: Errand,
    policy: RetryPolicy,
    attempts: u8,
    /// Whether the answer is lost on the way, and it is not asked again.
    is_unheard: bool,
}

/// From the fragment of the URL (`#rc=2&rp=ct,5xx`); one retry after a failed connection where it says nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct RetryPolicy {
    most: u8,
    connect: bool,
    timeout: bool,
    client_error: bool,
    server_error: bool,
}

impl RetryPolicy {
    fn read(fragment: Option<&str>) -> Self {
        let mut policy = Self {
            most: 1,
            connect: true,
            timeout: false,
            client_error: false,
            server_error: false,
        };
        for (key, value) in fragment.into_iter().flat_map(|text| form_urlencoded::parse(text.as_bytes())) {
            match key.as_ref() {
                "rc" => policy.most = value.parse().unwrap_or(1).min(5),
                "rp" => {
                    let says = |word: &str| value.split(',').any(|part| part == word || part == "all");
                    policy.connect = says("ct");
                    policy.timeout = says("rt");
                    policy.client_error = says("4xx");
                    policy.server_error = says("5xx");
                }
                _ => {}
            }
        }
        policy
    }

    fn again(self, attempts: u8, answer: &Result<WebhookReply, Failed>) -> bool {
        let wanted = match answer {
            Ok(reply) => (self.client_error && (400..500).contains(&reply.status)) || (self.server_error && reply.status >= 500),
            Err(Failed::Connect) => self.connect,
            Err(Failed::Timeout) => self.timeout,
            Err(Failed::Broken) => false,
        };
        wanted && attempts <= self.most
    }
}

/// A connection that failed, or an answer that was lost, is followed by another attempt within this time.
const SECOND_CONNECTION_MS: u32 = 5_000;

impl PhoneNetwork {
    /// Sends a request, with whatever mischief befalls it.
    pub(super) fn post(&mut self, errand: Errand, target: &Target, mut form: Form) {
        if strikes(&mut self.rng, self.mischief.novel) {
            form.push(("XNovelParameter".into(), "1".into()));
        }
        let letter = self.letter(errand, target, form);
        match errand {
            Errand::Document { .. } | Errand::Wait { .. } | Errand::Text | Errand::Unheard => self.send_question(letter),
            Errand::Progress | Errand::Conference => self.send_news(letter),
        }
    }

    pub(super) fn letter(&mut self, errand: Errand, target: &Target, form: Form) -> Letter {
        let (address, fragment) = match target.url.split_once('#') {
            Some((address, fragment)) => (address, Some(fragment)),
            None => (target.url.as_ref(), None),
        };
        let (url, form) = match target.method {
            Method::Post => (address.to_owned(), form),
            Method::Get => (with_query(address, &form), Form::new()),
        };
        let request = WebhookRequest {
            id: 0,
            url,
            method: target.method,
            form: Arc::new(form),
            wants_twiml: !matches!(errand, Errand::Progress | Errand::Conference),
            token: self.rng.random(),
        };
        Letter {
            request,
            source: target.clone(),
            errand,
            policy: RetryPolicy::read(fragment),
            attempts: 1,
            is_unheard: self.loses_answers_to(errand) && strikes(&mut self.rng, self.mischief.unheard),
        }
    }

    /// Only asked where it may be, so that the nights on which it never is stay the same.
    fn loses_answers_to(&self, errand: Errand) -> bool {
        let may_be = match errand {
            Errand::Document { leg, .. } => !self[leg].inbound,
            Errand::Wait { leg, .. } => self[leg].stay.as_ref().is_some_and(|stay| stay.established),
            Errand::Unheard | Errand::Progress | Errand::Conference | Errand::Text => false,
        };
        may_be && self.mischief.unheard > 0.0
    }

    /// A request whose answer a leg waits for: it may come late or again, but it does come.
    fn send_question(&mut self, letter: Letter) {
        if strikes(&mut self.rng, self.mischief.ask_again) {
            let lost = Letter {
                errand: Errand::Unheard,
                ..letter.clone()
            };
            self.deliver(lost);
            let later = some_ms(&mut self.rng, SECOND_CONNECTION_MS);
            return self.deliver_in(later, letter);
        }
        if strikes(&mut self.rng, self.mischief.reconnect) {
            let later = some_ms(&mut self.rng, SECOND_CONNECTION_MS);
            return self.deliver_in(later, letter);
        }
        self.deliver(letter);
    }

    /// A status callback: it may be late, repeated, overtaken or lost.
    fn send_news(&mut self, letter: Letter) {
        if strikes(&mut self.rng, self.mischief.lose) {
            return;
        }
        if strikes(&mut self.rng, self.mischief.repeat) {
            let later = some_ms(&mut self.rng, self.mischief.latest_ms);
            self.deliver_in(later, letter.clone());
        }
        if strikes(&mut self.rng, self.mischief.late) {
            let later = some_ms(&mut self.rng, self.mischief.latest_ms);
            return self.deliver_in(later, letter);
        }
        self.deliver(letter);
    }

    fn deliver_in(&mut self, ms: u32, letter: Letter) {
        self.plan(ms, Job::Deliver(Box::new(letter)));
    }

    /// The request goes out now.
    pub(super) fn deliver(&mut self, mut letter: Letter) {
        self.webhooks += 1;
        letter.request.id = self.webhooks;
        self.outbox.push(letter.request.clone());
        self.pending.insert(self.webhooks, letter);
    }

    /// Whether nobody waits for the answer of a held-up request any more.
    pub(super) fn letter_is_void(&self, letter: &Letter) -> bool {
        match letter.errand {
            Errand::Document { leg, epoch } => self[leg].epoch != epoch,
            Errand::Wait { leg, stay } => !self.waits_in(leg, stay),
            Errand::Unheard | Errand::Progress | Errand::Conference | Errand::Text => false,
        }
    }

    /// The service's answer to the request with this id, or why there is none.
    pub fn answer(&mut self, now: DateTime<Utc>, id: u64, answer: Result<WebhookReply, Failed>) {
        self.now = self.now.max(now);
        let Some(mut letter) = self.pending.remove(&id) else {
            return self.fault(
                "",
                Violation {
                    code: None,
                    what: format!("an answer to request {id}, which nobody waits for"),
                },
            );
        };
        let answer = if letter.is_unheard { Err(Failed::Broken) } else { answer };
        if letter.policy.again(letter.attempts, &answer) {
            letter.attempts += 1;
            return self.deliver(letter);
        }
        match letter.errand {
            Errand::Unheard => {}
            Errand::Progress => self.judge_receipt(&letter, &answer, 15003),
            Errand::Conference => self.judge_receipt(&letter, &answer, 16011),
            Errand::Text => self.take_text_reply(&letter.request, answer),
            Errand::Document { leg, epoch } => {
                if self[leg].epoch == epoch && self[leg].stage == Stage::Fetching {
                    self.take_document(leg, &letter, answer);
                }
            }
            Errand::Wait { leg, stay } => {
                if self.waits_in(leg, stay) {
                    let verbs = self.read_reply(&letter.request.url, answer, Place::ConferenceWait);
                    self.take_wait_document(leg, verbs, letter.source);
                }
            }
        }
        self.tidy();
    }

    fn take_document(&mut self, leg: LegIndex, letter: &Letter, answer: Result<WebhookReply, Failed>) {
        let place = if self.is_asked_before_bridging(leg) {
            Place::Whisper
        } else {
            Place::Call
        };
        match self.read_reply(&letter.request.url, answer, place) {
            Ok(verbs) => self.perform(leg, verbs, letter.source.clone()),
            Err(violation) => self.document_failed(leg, &violation, &letter.request.url),
        }
    }

    fn take_text_reply(&mut self, request: &WebhookRequest, answer: Result<WebhookReply, Failed>) {
        let root = Self::readable(answer).and_then(|reply| texting::document_of(&reply.body));
        let number = |name: &str| request.parameter(name).unwrap_or_default().to_owned();
        match root {
            Ok(root) => self.take_text_answer(&request.url, &number("From"), &number("To"), &root),
            Err(violation) => self.fault(&request.url, violation),
        }
    }

    /// Judges the answer to a status callback.
    fn judge_receipt(&mut self, letter: &Letter, answer: &Result<WebhookReply, Failed>, code: u32) {
        let what = match answer {
            Ok(reply) if reply.status == 204 => return,
            Ok(reply) if reply.status == 200 && (reply.body.is_empty() || is_twiml(reply)) => return,
            Ok(reply) => format!("a status callback was answered with {}", reply.status),
            Err(failed) => format!("a status callback was not answered: {failed:?}"),
        };
        self.fault(&letter.request.url, Violation::new(code, what));
    }

    /// The verbs of an answer. All that the checker finds is kept as a fault of the run.
    fn read_reply(&mut self, url: &str, answer: Result<WebhookReply, Failed>, place: Place) -> Result<Vec<Verb>, Violation> {
        let read = self.try_read_reply(url, answer, place);
        if let Err(violation) = &read {
            self.fault(url, violation.clone());
        }
        read
    }

    fn try_read_reply(&mut self, url: &str, answer: Result<WebhookReply, Failed>, place: Place) -> Result<Vec<Verb>, Violation> {
        let reply = Self::readable(answer)?;
        let kind = media_type(&reply);
        match kind.as_str() {
            "text/xml" | "application/xml" | "text/html" => {}
            "text/plain" => {
                return Ok(vec![Verb::Say {
                    text: reply.body,
                    times: document::Times::Just(1),
                }]);
            }
            audio if audio.starts_with("audio/") => {
                return Ok(vec![Verb::Play {
                    url: url.to_owned(),
                    digits: None,
                    times: document::Times::Just(1),
                }]);
            }
            other => return Err(Violation::new(12300, format!("content type {other:?}"))),
        }
        let root = document::parse(&reply.body).map_err(|error| Violation::new(12100, error.to_string()))?;
        for violation in checker::check_element(&root, place) {
            self.fault(url, violation);
        }
        Ok(document::verbs(&root))
    }

    /// An answer with a document that is not too long.
    fn readable(answer: Result<WebhookReply, Failed>) -> Result<WebhookReply, Violation> {
        let reply = answer.map_err(|failed| match failed {
            Failed::Connect => Violation::new(11205, "no connection"),
            Failed::Timeout => Violation::new(11200, "no answer within 15 s"),
            Failed::Broken => Violation::new(11200, "the connection broke"),
        })?;
        if !(200..300).contains(&reply.status) {
            return Err(Violation::new(11200, format!("answered with {}", reply.status)));
        }
        if reply.body.len() > checker::LONGEST_DOCUMENT {
            return Err(Violation::new(11750, format!("{} bytes", reply.body.len())));
        }
        Ok(reply)
    }
}

fn media_type(reply: &WebhookReply) -> String {
    let header = reply.content_type.as_deref().unwrap_or_default();
    header.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

fn is_twiml(reply: &WebhookReply) -> bool {
    matches!(media_type(reply).as_str(), "text/xml" | "application/xml") && checker::check(&reply.body, Place::Call).is_empty()
}

fn with_query(address: &str, form: &Form) -> String {
    let Ok(mut url) = Url::parse(address) else {
        return address.to_owned();
    };
    url.query_pairs_mut().extend_pairs(form);
    url.into()
}

/// An address in a document, which may be relative to the document's own. Keeps the fragment.
pub(super) fn resolve(base: &str, address: &str) -> Arc<str> {
    if address.is_empty() {
        return Arc::from(base);
    }
    if address.starts_with("http://") || address.starts_with("https://") {
        return Arc::from(address);
    }
    match Url::parse(base).and_then(|base| base.join(address)) {
        Ok(url) => Arc::from(url.as_str()),
        Err(_) => Arc::from(address),
    }
}

/// So many documents within an [`INSTANT`] may lead from one to the next; more are a circle.
pub(super) const FETCHES_PER_INSTANT: u32 = 20;

/// Documents that are asked for within this time have taken none.
pub(super) const INSTANT: TimeDelta = TimeDelta::milliseconds(100);
