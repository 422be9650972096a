//! Twilio's REST API of calls, conferences and messages, as far as a service like ours uses it: which requests
//! there are, which parameters they take, what they are refused for. A parameter that Twilio does not have is
//! refused and kept as a fault of the run, so that our client cannot drift from the specification.

use super::callbacks::API_VERSION;
use super::checker::Violation;
use super::mischief::strikes;
use super::network::PhoneNetwork;
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use url::form_urlencoded;

mod calls;
mod messages;
mod recordings;
mod resources;
mod rooms;

/// The answer to a REST request.
#[derive(Clone, Debug, PartialEq)]
pub struct RestAnswer {
    /// The HTTP status.
    pub status: u16,
    /// The resource, or Twilio's error body; `null` for 204.
    pub body: Value,
}

/// The request or its answer was lost: whether it was processed, nobody can tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no answer")]
pub struct Lost;

/// A request that is not granted.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Refused {
    status: u16,
    code: u32,
    message: String,
}

impl Refused {
    fn new(code: u32, message: impl Into<String>) -> Self {
        Self {
            status: 400,
            code,
            message: message.into(),
        }
    }

    fn missing(path: &str) -> Self {
        Self {
            status: 404,
            code: 20404,
            message: format!("The requested resource {path} was not found"),
        }
    }

    fn bad_value(name: &str, value: &str) -> Self {
        Self::new(20001, format!("Invalid value for {name}: {value}"))
    }

    fn answer(&self) -> RestAnswer {
        let more_info = format!("https://www.twilio.com/docs/errors/{}", self.code);
        let body = json!({ "code": self.code, "message": self.message, "more_info": more_info, "status": self.status });
        RestAnswer { status: self.status, body }
    }
}

/// The parameters of a request, with questions about them.
struct Parameters<'a>(&'a [(String, String)]);

impl<'a> Parameters<'a> {
    fn get(&self, name: &str) -> Option<&'a str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    fn all(&self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0
            .iter()
            .filter(move |(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    fn whole(&self, name: &str, least: u32, most: u32) -> Result<Option<u32>, Refused> {
        let Some(value) = self.get(name) else { return Ok(None) };
        let number = value.parse().ok().filter(|number| (least..=most).contains(number));
        number.map(Some).ok_or_else(|| Refused::bad_value(name, value))
    }
}

/// The parameters that Twilio publishes for one kind of request.
struct Known {
    /// Those that this network plays, or that make no difference to anybody on it.
    played: &'static [&'static str],
    /// Those that it takes and does nothing about, though they would make a difference.
    unplayed: &'static [&'static str],
}

impl Known {
    fn names(&self) -> impl Iterator<Item = &'static str> {
        self.played.iter().chain(self.unplayed).copied()
    }
}

/// The one method that each request may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verb {
    Get,
    Post,
    Delete,
}

impl PhoneNetwork {
    /// A REST request: `path` from `/2010-04-01` on, perhaps with a query; `form` is the body or more of the query.
    ///
    /// # Errors
    /// [`Lost`] where mischief swallows the request (not processed) or the answer (processed).
    pub fn rest(&mut self, now: DateTime<Utc>, method: &str, path: &str, form: &[(String, String)]) -> Result<RestAnswer, Lost> {
        self.now = self.now.max(now);
        let throttled = strikes(&mut self.rng, self.mischief.throttle);
        let lost_before = strikes(&mut self.rng, self.mischief.lost_before);
        let lost_after = strikes(&mut self.rng, self.mischief.lost_after);
        let broken_after = strikes(&mut self.rng, self.mischief.broken_after);
        if throttled {
            return Ok(Refused {
                status: 429,
                code: 20429,
                message: "Too Many Requests".into(),
            }
            .answer());
        }
        if lost_before {
            return Err(Lost);
        }
        let answer = self.process(method, path, form).unwrap_or_else(|refused| refused.answer());
        self.tidy();
        if lost_after {
            return Err(Lost);
        }
        if broken_after {
            return Ok(Refused {
                status: 500,
                code: 20500,
                message: "Internal Server Error".into(),
            }
            .answer());
        }
        Ok(answer)
    }

    fn process(&mut self, method: &str, path: &str, form: &[(String, String)]) -> Result<RestAnswer, Refused> {
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let mut all: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        all.extend_from_slice(form);
        let parameters = Parameters(&all);
        let Some(verb) = verb(method) else {
            return Err(self.nothing_there(method, path));
        };
        let base = format!("/{API_VERSION}/Accounts/{}/", self.account);
        let Some(resource) = path.strip_prefix(&base).and_then(|rest| rest.strip_suffix(".json")) else {
            return Err(self.nothing_there(method, path));
        };
        let segments: Vec<&str> = resource.split('/').collect();
        let list = [API_VERSION, resource].join("/");
        match (verb, segments.as_slice()) {
            (Verb::Post, ["Calls"]) => self.create_call(path, &parameters),
            (Verb::Get, ["Calls"]) => self.list_calls(path, &parameters),
            (Verb::Get, ["Calls", sid]) => self.fetch_call(path, sid),
            (Verb::Post, ["Calls", sid]) => self.update_call(path, sid, &parameters),
            (Verb::Delete, ["Calls", sid]) => self.delete_call(path, sid),
            (Verb::Post, ["Calls", sid, "Recordings"]) => self.create_recording(path, sid, &parameters),
            (Verb::Get, ["Calls", sid, "Recordings"]) => self.list_recordings(path, sid, &parameters),
            (Verb::Post, ["Calls", sid, "Recordings", recording]) => self.update_recording(path, (sid, recording), &parameters),
            (Verb::Delete, ["Recordings", sid]) => self.delete_recording(path, sid),
            (Verb::Get, ["Conferences"]) => self.list_conferences(path, &parameters),
            (Verb::Get, ["Conferences", sid]) => self.fetch_conference(path, sid),
            (Verb::Post, ["Conferences", sid]) => self.update_conference(path, sid, &parameters),
            (Verb::Get, ["Conferences", sid, "Participants"]) => self.list_participants(path, sid, &parameters),
            (Verb::Get, ["Conferences", sid, "Participants", call]) => self.fetch_participant(path, sid, call),
            (Verb::Delete, ["Conferences", sid, "Participants", call]) => self.kick_participant(path, sid, call),
            (Verb::Post, ["Messages"]) => self.create_message(path, &parameters),
            (Verb::Get, ["Messages"]) => self.list_messages(path, &parameters),
            (Verb::Delete, ["Messages", sid]) => self.delete_message(path, sid),
            (Verb::Get | Verb::Post | Verb::Delete, _) => Err(self.nothing_there(method, &list)),
        }
    }

    fn nothing_there(&mut self, method: &str, path: &str) -> Refused {
        let what = format!("there is no {method} of this on the network");
        self.fault(path, Violation::new(20404, what));
        Refused::missing(path)
    }

    /// Refuses parameters that Twilio does not have. One that this network does not play is to be noticed, not passed over.
    fn check_known(&mut self, path: &str, parameters: &Parameters<'_>, known: &Known) -> Result<(), Refused> {
        let given = || parameters.0.iter().map(|(name, _)| name.as_str());
        if let Some(name) = given().find(|name| !known.names().any(|known| known == *name)) {
            let what = format!("there is no parameter {name}");
            self.fault(path, Violation::new(20001, what.clone()));
            return Err(Refused::new(20001, what));
        }
        for name in given().filter(|name| known.unplayed.contains(name)) {
            let what = format!("the parameter {name} is not played by this network");
            self.fault(path, Violation { code: None, what });
        }
        Ok(())
    }
}

fn verb(method: &str) -> Option<Verb> {
    match method {
        "GET" => Some(Verb::Get),
        "POST" => Some(Verb::Post),
        "DELETE" => Some(Verb::Delete),
        _ => None,
    }
}

/// One page of a list, in Twilio's envelope.
fn page(path: &str, name: &str, all: Vec<Value>, parameters: &Parameters<'_>) -> Result<RestAnswer, Refused> {
    let size = usize::try_from(parameters.whole("PageSize", 1, 1000)?.unwrap_or(50)).unwrap_or(50);
    let number = usize::try_from(parameters.whole("Page", 0, u32::MAX)?.unwrap_or(0)).unwrap_or(0);
    let total = all.len();
    let start = number.saturating_mul(size).min(total);
    let items: Vec<Value> = all.into_iter().skip(start).take(size).collect();
    let address = |page: usize| {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(
            parameters
                .0
                .iter()
                .filter(|(name, _)| name != "Page" && name != "PageSize" && name != "PageToken"),
        );
        query
            .append_pair("PageSize", &size.to_string())
            .append_pair("Page", &page.to_string());
        format!("{path}?{}", query.finish())
    };
    let more = start + items.len() < total;
    let body = json!({
        "first_page_uri": address(0),
        "next_page_uri": more.then(|| address(number + 1)),
        "previous_page_uri": (number > 0).then(|| address(number - 1)),
        "uri": address(number),
        "page": number,
        "page_size": size,
        "start": start,
        "end": (start + items.len()).saturating_sub(1),
        name: items,
    });
    Ok(RestAnswer { status: 200, body })
}

#[cfg(test)]
mod tests;
