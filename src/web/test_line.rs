//! Placing a test call from the page. Who rings, and what the people then do, is somebody else's work: the app
//! gives a [`TestLine`] where there is a simulated telephone network, and none where calls are real.

use super::WebState;
use super::fault::{ApiFault, Fault, PageFault, wants_json};
use super::visitor::Visitor;
use crate::access::Act;
use crate::call::CallId;
use axum::extract::rejection::FormRejection;
use axum::extract::{Extension, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use axum::{Form, Json};
use chrono::{DateTime, Utc};
use serde::Serialize;
use std::collections::BTreeMap;
use tokio::sync::broadcast;

/// A telephone network on which calls can be tried out.
#[async_trait::async_trait]
pub trait TestLine: Send + Sync {
    /// Everybody whose behaviour can be chosen.
    fn people(&self) -> Vec<TestPerson>;

    /// What a responder can do.
    fn behaviours(&self) -> Vec<Choice>;

    /// What the caller can do; empty where there is no choice.
    fn caller_behaviours(&self) -> Vec<Choice>;

    /// Ready-made test calls.
    fn scenarios(&self) -> Vec<Choice>;

    /// Places a call; gives its id where it is known already.
    ///
    /// # Errors
    /// In words for the page, such as that another test call is still going on.
    async fn place(&self, call: TestCall) -> Result<Option<CallId>, String>;

    /// How many seconds pass on its telephones in one real second.
    fn pace(&self) -> u32;

    /// What the people heard in the latest test call, oldest first.
    fn heard(&self) -> Vec<Heard>;

    /// The same as it happens.
    fn listen(&self) -> broadcast::Receiver<Heard>;
}

/// Somebody on the test line.
#[derive(Clone, Debug)]
pub struct TestPerson {
    /// Names the person in the form; not the number.
    pub id: String,
    /// As in the sheet.
    pub name: String,
    /// The id of the behaviour that is chosen at first.
    pub behaviour: String,
}

/// One thing to choose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// Names it in the form.
    pub id: String,
    /// For people.
    pub label: String,
}

/// A test call as ordered. All ids are among those that the line offers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TestCall {
    /// A ready-made one.
    Scenario(String),
    /// Everybody as chosen.
    Chosen {
        /// By the person's id; who is missing does as before.
        behaviours: BTreeMap<String, String>,
        /// The caller's, where chosen.
        caller: Option<String>,
    },
}

/// Something that a person on the test line heard.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Heard {
    /// In which call.
    pub call: CallId,
    /// Who, by name; `The caller`.
    pub who: String,
    /// Whether that is the caller.
    pub is_caller: bool,
    /// When.
    pub at: DateTime<Utc>,
    /// The words, or what else it was: `music`, `a beep`.
    pub what: String,
    /// Whether `what` are words that were said.
    pub is_speech: bool,
}

type Fields = Vec<(String, String)>;

/// `POST /test-call`.
pub(super) async fn place(
    State(web): State<WebState>,
    Extension(visitor): Extension<Visitor>,
    headers: HeaderMap,
    form: Result<Form<Fields>, FormRejection>,
) -> Response {
    let json = wants_json(&headers);
    match placed(&web, &visitor, form).await {
        Ok(call) if json => (StatusCode::ACCEPTED, Json(serde_json::json!({ "call": call }))).into_response(),
        Ok(Some(call)) => Redirect::to(&format!("/calls/{call}")).into_response(),
        Ok(None) => Redirect::to("/#stories").into_response(),
        Err(fault) if json => ApiFault::from(fault).into_response(),
        Err(fault) => PageFault::from(fault).into_response(),
    }
}

async fn placed(web: &WebState, visitor: &Visitor, form: Result<Form<Fields>, FormRejection>) -> Result<Option<CallId>, Fault> {
    let Some(line) = &web.test_line else {
        return Err(Fault::missing("not-found", "There is nothing at this address."));
    };
    let Form(fields) = form.map_err(|rejection| Fault::new(rejection.status(), "bad-form", rejection.body_text()))?;
    let call = read(line.as_ref(), &fields)?;
    visitor.note(web, &Act::TestCallPlaced, None).await?;
    line.place(call)
        .await
        .map_err(|words| Fault::new(StatusCode::CONFLICT, "not-placed", words))
}

/// Takes only what the line offers.
fn read(line: &dyn TestLine, fields: &Fields) -> Result<TestCall, Fault> {
    let people = line.people();
    let mut behaviours = BTreeMap::new();
    let mut caller = None;
    for (name, value) in fields {
        if name == "scenario" {
            return offered(&line.scenarios(), value).map(TestCall::Scenario);
        }
        if name == "caller" {
            caller = Some(offered(&line.caller_behaviours(), value)?);
            continue;
        }
        let person = name
            .strip_prefix("person.")
            .and_then(|id| people.iter().find(|person| person.id == id))
            .ok_or_else(|| {
                Fault::bad(
                    "unknown-choice",
                    "The form names somebody who is not on the test line. Load the page anew.",
                )
            })?;
        behaviours.insert(person.id.clone(), offered(&line.behaviours(), value)?);
    }
    Ok(TestCall::Chosen { behaviours, caller })
}

fn offered(choices: &[Choice], id: &str) -> Result<String, Fault> {
    choices
        .iter()
        .find(|choice| choice.id == id)
        .map(|choice| choice.id.clone())
        .ok_or_else(|| Fault::bad("unknown-choice", "The form holds a choice that is not offered. Load the page anew."))
}
