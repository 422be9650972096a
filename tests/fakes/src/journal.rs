//! What came in, in the order of arrival, and what it was answered.

use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::Duration;

/// A request, and once it is answered, how.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// `GET`, `POST` …
    pub method: String,
    /// As sent, percent-encoded: `/v4/spreadsheets/1A2b`.
    pub path: String,
    /// As sent, without the question mark; empty where there is none.
    pub query: String,
    /// The header of this name.
    pub authorization: Option<String>,
    /// All headers, names in lower case; of one that comes twice, the values joined with `, `.
    pub headers: BTreeMap<String, String>,
    /// As sent.
    pub body: Vec<u8>,
    /// The status answered. `None` while the answer is being worked out, and for ever where none is sent (a reset, a hang).
    pub status: Option<u16>,
    /// How long the answer took to work out, without any delay or fault: what a bench subtracts.
    pub took: Duration,
}

impl Request {
    /// The query's pairs in order, decoded.
    pub fn pairs(&self) -> Vec<(String, String)> {
        url::form_urlencoded::parse(self.query.as_bytes()).into_owned().collect()
    }

    /// The first value of a query parameter, decoded.
    pub fn parameter(&self, name: &str) -> Option<String> {
        self.pairs().into_iter().find(|(key, _)| key == name).map(|(_, value)| value)
    }

    /// The path's segments, decoded.
    pub fn segments(&self) -> Vec<String> {
        let address = url::Url::parse(&format!("http://fake{}", self.path));
        let segments = address
            .ok()
            .and_then(|url| Some(url.path_segments()?.map(str::to_owned).collect::<Vec<_>>()));
        segments.unwrap_or_default().iter().map(|segment| decoded(segment)).collect()
    }

    /// The body as JSON, if it is some.
    pub fn json(&self) -> Option<Value> {
        serde_json::from_slice(&self.body).ok()
    }

    /// The body as a form, decoded.
    pub fn form(&self) -> BTreeMap<String, String> {
        url::form_urlencoded::parse(&self.body).into_owned().collect()
    }

    /// The token of `Authorization: Bearer …`.
    pub fn bearer(&self) -> Option<&str> {
        self.authorization.as_deref()?.strip_prefix("Bearer ")
    }
}

/// Percent-encoding undone; a plus sign in a path is a plus sign.
fn decoded(segment: &str) -> String {
    let kept = segment.replace('+', "%2B");
    let text = format!("x={kept}").replace('&', "%26");
    let pair = url::form_urlencoded::parse(text.as_bytes()).next();
    pair.map(|(_, value)| value.into_owned()).unwrap_or_default()
}

/// All requests of one server.
#[derive(Debug, Default)]
pub struct Journal {
    /// How many were forgotten before the first that is kept, and those kept.
    requests: Mutex<(usize, Vec<Request>)>,
}

impl Journal {
    /// All requests up to now. One that is being answered is there already.
    pub fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap().1.clone()
    }

    /// Forgets all requests.
    pub fn clear(&self) {
        let mut requests = self.requests.lock().unwrap();
        requests.0 += requests.1.len();
        requests.1.clear();
    }

    /// Notes a request; the number is for [`Journal::answered`].
    pub(crate) fn arrived(&self, request: &Request) -> usize {
        let mut requests = self.requests.lock().unwrap();
        requests.1.push(request.clone());
        requests.0 + requests.1.len() - 1
    }

    /// Notes what a request is about to be answered. One that has been forgotten meanwhile stays so.
    pub(crate) fn answered(&self, number: usize, status: u16, took: Duration) {
        let mut requests = self.requests.lock().unwrap();
        let place = number.checked_sub(requests.0);
        if let Some(request) = place.and_then(|place| requests.1.get_mut(place)) {
            request.status = Some(status);
            request.took = took;
        }
    }
}
