//! What people and programs get to see, from rotas and calls made by hand.

mod access;
mod api;
mod calls;
mod contents;
mod description;
mod events;
mod feeds;
mod judging;
mod matrix;
mod monitors;
mod presence;
mod recordings;
mod rendering;
mod stories;
mod test_calls;
mod versions;

use super::visitor::{Pass, Visitor};
use super::{Hotline, Limits, TestLine, WebState, router};
use crate::access::{Access, Digest, Rights, Role, Roll, Token, Who};
use crate::call::{CALLER, Call, CallId, Ending, Event, HotlineName, LineId, Plan, Rules};
use crate::clock::Clock;
use crate::roster::{Phone, Settings};
use crate::store::Store;
use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use chrono::{DateTime, TimeDelta, Utc};
use providers::{AddressStyle, Cell, Revision, Sheet, Tab};
use std::sync::Arc;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

/// The word of a program that may do everything.
const OPERATOR: &str = "rlt_operator";

/// As where nothing else is configured.
const STALE_AFTER: TimeDelta = TimeDelta::minutes(15);

fn utc(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn number(text: &str) -> Phone {
    Phone::from_e164(text).unwrap()
}

fn lab() -> HotlineName {
    HotlineName("lab".to_owned())
}

fn hotline() -> Hotline {
    Hotline {
        name: lab(),
        title: "Laboratory".to_owned(),
        numbers: vec![number("+61491570006")],
        last_resort: None,
        stale_after: STALE_AFTER,
    }
}

fn tab(name: &str, rows: &[&[&str]]) -> Tab {
    let cells = |row: &&[&str]| row.iter().map(|text| Cell::Text((*text).to_owned())).collect();
    Tab {
        name: name.to_owned(),
        style: AddressStyle::Grid,
        rows: rows.iter().map(cells).collect(),
        lines: Vec::new(),
        merges: Vec::new(),
        file: None,
        formatted: Vec::new(),
        link: None,
    }
}

/// Melbourne is 11 hours ahead of UTC in November. Saturday's day is Ana's, then Ben's; the night is Ben's alone;
/// on Sunday nobody is wanted by day, and from 20:00 nobody is there.
fn sheet() -> Sheet {
    Sheet {
        title: "rota.xlsx".to_owned(),
        revision: Revision("9f2c4b7a11d0e35c88aa".to_owned()),
        time_zone: None,
        tabs: vec![
            tab(
                "Contacts",
                &[
                    &["Name", "Phone"],
                    &["Ana Diaz", "+61491570156"],
                    &["Ben <b>Osei</b>", "+61491570157"],
                    &["Duty manager", "+61491570110"],
                ],
            ),
            tab(
                "Rota",
                &[
                    &["From", "Until", "1st", "2nd"],
                    &["2026-11-21 08:00", "2026-11-21 20:00", "Ana Diaz", "Ben <b>Osei</b>"],
                    &["2026-11-21 20:00", "2026-11-22 08:00", "Ben <b>Osei</b>", ""],
                    &["2026-11-22 08:00", "2026-11-22 20:00", "nobody", ""],
                ],
            ),
            tab(
                "Settings",
                &[
                    &["Setting", "Value"],
                    &["Time zone", "Australia/Melbourne"],
                    &["Country for phone numbers", "AU"],
                    &["If nobody answers or the rota runs out, ring", "Duty manager"],
                ],
            ),
        ],
        remarks: Vec::new(),
        link: None,
    }
}

/// Saturday 21 November 14:00 in Melbourne: Ana, then Ben.
fn saturday() -> DateTime<Utc> {
    utc("2026-11-21T03:00:00Z")
}

/// A house whose clock began at `now`, and whose rota was read 12 minutes before and checked just then.
struct House {
    store: Store,
    now: DateTime<Utc>,
    state: WebState,
}

impl House {
    async fn without_rota(now: DateTime<Utc>) -> Self {
        Self::with(Store::in_memory().await.unwrap(), now, None, Limits::default())
    }

    async fn open(now: DateTime<Utc>) -> Self {
        Self::with(rota_kept(now).await, now, None, Limits::default())
    }

    async fn with_test_line(now: DateTime<Utc>, line: Arc<dyn TestLine>) -> Self {
        Self::with(rota_kept(now).await, now, Some(line), Limits::default())
    }

    fn with(store: Store, now: DateTime<Utc>, line: Option<Arc<dyn TestLine>>, limits: Limits) -> Self {
        let clock = Clock::anchored_at(now);
        let access = Access::new(store.clone(), clock, roll());
        let stop = CancellationToken::new();
        let state = WebState::new(store.clone(), access, vec![hotline()], clock, line, limits, stop);
        Self { store, now, state }
    }

    fn router(&self) -> Router {
        router(self.state.clone())
    }

    async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path).body(Body::empty()).unwrap()).await
    }

    /// As an operator's program, unless the request says by itself who asks.
    async fn send(&self, mut request: Request<Body>) -> Answer {
        let says_who = ["authorization", "cookie"].iter().any(|name| request.headers().contains_key(*name));
        if !says_who {
            let word = bearer(OPERATOR).parse().unwrap();
            request.headers_mut().insert("authorization", word);
        }
        self.send_bare(request).await
    }

    /// As it is.
    async fn send_bare(&self, request: Request<Body>) -> Answer {
        let response = self.router().oneshot(request).await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        let body = axum::body::to_bytes(response.into_body(), 1 << 20).await.unwrap();
        Answer {
            status,
            headers,
            text: String::from_utf8(body.to_vec()).unwrap(),
        }
    }

    /// A call arrives: four facts or so. It is not over.
    async fn call_arrives(&self) -> CallId {
        let rota = self.store.rota(&lab()).await.unwrap().unwrap();
        let from = Some(number("+61491570999"));
        let last_resort = rota.roster.last_resort.as_deref();
        let plan = Plan::make(lab(), rota.roster.on_call(self.now), last_resort, from.as_ref(), Rules::default());
        let id = CallId(uuid::Uuid::now_v7());
        let line = LineId(format!("line of {id}"));
        let callers = line.clone();
        let begun = self
            .store
            .begin(&line, self.now, None, |world| Call::arrive(id, plan, from, callers, world));
        begun.await.unwrap();
        id
    }

    /// The caller hangs up; two seconds later the carrier says that the responder's phone is silent, too.
    async fn caller_hangs_up(&self, call: CallId) {
        let event = Event::Ended {
            leg: CALLER,
            how: Ending::Completed,
        };
        self.store
            .update(call, &event, self.now + TimeDelta::seconds(9), None)
            .await
            .unwrap();
    }
}

fn bearer(word: &str) -> String {
    format!("Bearer {word}")
}

fn operator() -> Visitor {
    Visitor {
        who: Who::program(Rights::new(Role::Operator, []).unwrap()),
        pass: Pass::Token(OPERATOR.to_owned()),
        from: None,
    }
}

fn roll() -> Roll {
    Roll {
        users: Vec::new(),
        tokens: vec![Token {
            name: "tests".to_owned(),
            digest: Digest::of(OPERATOR),
            rights: Rights::new(Role::Operator, []).unwrap(),
        }],
        oidc: None,
    }
}

async fn rota_kept(now: DateTime<Utc>) -> Store {
    let store = Store::in_memory().await.unwrap();
    let read_at = now - TimeDelta::seconds(740);
    store.keep_rota(&lab(), sheet(), Settings::default(), read_at).await.unwrap();
    store.rota_checked(&lab(), now).await.unwrap();
    store
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    text: String,
}

impl Answer {
    fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    fn error_code(&self) -> String {
        self.json()["error"]["code"].as_str().unwrap().to_owned()
    }
}
