//! What goes wrong on demand: each fault is one on the wire, not an answer that only looks like it.

use serde_json::Value;
use std::fmt::Debug;
use std::sync::Mutex;
use std::time::Duration;

/// One way in which a service fails. Where it says "the ordinary answer", the request is carried out; otherwise it is not.
#[derive(Clone, Debug, PartialEq)]
pub enum Fault {
    /// An error of that API.
    Status {
        /// The status, 400 to 599.
        code: u16,
        /// The header of this name: seconds or an HTTP date.
        retry_after: Option<String>,
        /// What the error says; without it, what that API says for the status.
        body: Option<Value>,
    },
    /// A page for people: a captive portal (200), a proxy's error (502).
    Html {
        /// The status.
        code: u16,
    },
    /// The ordinary answer, of which not a byte comes before this time has passed.
    SlowHeaders(Duration),
    /// The ordinary answer: its head at once, its body byte by byte, with this pause before each.
    Drip(Duration),
    /// The ordinary answer, with the right Content-Length, and the end of the connection after half of the body.
    CutBody,
    /// The request is read, then the connection is reset (RST), before any answer.
    Reset,
    /// 200 `{}`.
    Empty,
    /// 200 and JSON, but each field of the ordinary answer is of another type. An error stays as it is.
    WrongShape,
    /// The ordinary answer behind so many blanks, of a length that no header tells: right for whoever reads all of it.
    Huge {
        /// How many blanks.
        bytes: u64,
    },
    /// The request is read and never answered; the connection stays open.
    Hang,
}

impl Fault {
    /// An error with the body that this API has for it.
    pub fn status(code: u16) -> Fault {
        Fault::Status {
            code,
            retry_after: None,
            body: None,
        }
    }

    /// An error that says when to try again.
    pub fn busy(code: u16, retry_after: &str) -> Fault {
        Fault::Status {
            code,
            retry_after: Some(retry_after.to_owned()),
            body: None,
        }
    }
}

/// The requests of an API, by what they are for.
pub trait Route: Copy + Debug + Eq + Send + Sync + 'static {
    /// Whether a fault set for this route meets a request on that one. A route for any request says so here.
    fn covers(self, request: Self) -> bool {
        self == request
    }
}

/// The switchboard of faults. The one set first comes first; each is used up before the next.
#[derive(Debug)]
pub struct Faults<R> {
    set: Mutex<Vec<Trouble<R>>>,
}

#[derive(Debug)]
struct Trouble<R> {
    route: R,
    fault: Fault,
    /// How often still; `None` is until healed.
    times: Option<u32>,
}

impl<R> Default for Faults<R> {
    fn default() -> Self {
        Faults { set: Mutex::default() }
    }
}

impl<R: Route> Faults<R> {
    /// Lets the next requests on a route fail: so many of them, or (`None`) all until [`Faults::heal`].
    pub fn fail(&self, route: R, fault: Fault, times: Option<u32>) {
        self.set.lock().unwrap().push(Trouble { route, fault, times });
    }

    /// Ends all faults.
    pub fn heal(&self) {
        self.set.lock().unwrap().clear();
    }

    /// The fault that a request on this route meets; it counts as met.
    pub fn meet(&self, route: R) -> Option<Fault> {
        let mut set = self.set.lock().unwrap();
        let at = set
            .iter()
            .position(|trouble| trouble.route.covers(route) && trouble.times != Some(0))?;
        let trouble = &mut set[at];
        trouble.times = trouble.times.map(|times| times - 1);
        let fault = trouble.fault.clone();
        set.retain(|trouble| trouble.times != Some(0));
        Some(fault)
    }
}

/// JSON in which every field has the name it should have and another type.
pub(crate) fn misshapen(answer: &Value) -> Value {
    match answer {
        Value::Object(fields) => fields.iter().map(|(name, value)| (name.clone(), other_type(value))).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => other_type(answer),
    }
}

fn other_type(value: &Value) -> Value {
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => serde_json::json!([{ "unexpected": true }]),
        Value::Array(_) | Value::Object(_) => Value::from(7),
    }
}
