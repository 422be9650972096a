//! The doors at which somebody says that a sheet may have changed. All that a nudge can do is make us look.
//!
//! Each is authenticated, answered at once, and pulled for elsewhere. What a nudge says beside its password is not
//! believed: neither what has changed, nor where.

use super::password::{Door, password};
use crate::call::HotlineName;
use crate::metrics::names;
use crate::store::{Store, StoreError};
use axum::body::Bytes;
use axum::extract::rejection::QueryRejection;
use axum::extract::{DefaultBodyLimit, FromRequest as _, Path, Query, Request, State};
use axum::http::header::{AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, WWW_AUTHENTICATE, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use subtle::ConstantTimeEq as _;
use tokio::sync::watch;

/// A batch of Graph's notifications is some hundred bytes for each.
const MOST_BYTES: usize = 256 << 10;
/// Graph wants an answer within 3 s, so that whoever takes longer to say something is not Graph.
const PATIENCE: Duration = Duration::from_secs(3);
/// Graph's tokens are some hundred characters long.
const LONGEST_TOKEN: usize = 1024;

/// What Drive says with a notification: <https://developers.google.com/workspace/drive/api/guides/push>.
const CHANNEL_TOKEN: &str = "x-goog-channel-token";
const RESOURCE_STATE: &str = "x-goog-resource-state";

/// Rings when a knock is good.
pub(super) type Knocks = watch::Sender<()>;

/// The doors of all hotlines.
pub(super) struct Doors(BTreeMap<String, Bell>);

struct Bell {
    knocks: Knocks,
    google: SecretString,
    graph: SecretString,
    anybody: SecretString,
}

/// What came of a knock; the `result` under which it is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Knock {
    /// The sheet is looked at.
    Rung,
    /// A source making sure that somebody is here.
    Acknowledged,
    /// Not by anybody we know.
    Refused,
}

impl Doors {
    /// # Errors
    /// As [`StoreError`] says: the passwords come from the store.
    pub(super) async fn new(store: &Store, hotlines: Vec<(HotlineName, Knocks)>) -> Result<Self, StoreError> {
        let mut bells = BTreeMap::new();
        for (hotline, knocks) in hotlines {
            let [google, graph, anybody] = [
                password(store, &hotline, Door::Google).await?,
                password(store, &hotline, Door::Graph).await?,
                password(store, &hotline, Door::Anybody).await?,
            ];
            let bell = Bell {
                knocks,
                google,
                graph,
                anybody,
            };
            bells.insert(hotline.0, bell);
        }
        Ok(Self(bells))
    }

    pub(super) fn router(self) -> Router {
        Router::new()
            .route("/nudge/{hotline}", post(anybody))
            .route("/nudge/{hotline}/google", post(google))
            .route("/nudge/{hotline}/graph", post(graph))
            .layer(DefaultBodyLimit::max(MOST_BYTES))
            .layer(axum::middleware::map_response(guarded))
            .with_state(Arc::new(self))
    }

    /// The bell behind a door, for whoever knows the password: all that is `said` must be the password, and something.
    fn open<'s>(&self, hotline: &str, door: Door, said: impl IntoIterator<Item = &'s str>) -> Option<&Bell> {
        let bell = self.0.get(hotline)?;
        let password = bell.password(door).expose_secret().as_bytes();
        let mut proofs = said.into_iter().map(|said| bool::from(said.as_bytes().ct_eq(password))).peekable();
        proofs.peek()?;
        proofs.fold(true, |good, proof| good & proof).then_some(bell)
    }

    fn knock<'s>(&self, hotline: &str, door: Door, said: impl IntoIterator<Item = &'s str>) -> Knock {
        let Some(bell) = self.open(hotline, door, said) else {
            return Knock::Refused;
        };
        bell.knocks.send_replace(());
        Knock::Rung
    }
}

impl Bell {
    const fn password(&self, door: Door) -> &SecretString {
        match door {
            Door::Google => &self.google,
            Door::Graph => &self.graph,
            Door::Anybody => &self.anybody,
        }
    }
}

impl Knock {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Rung => "rung",
            Self::Acknowledged => "acknowledged",
            Self::Refused => "refused",
        }
    }
}

type House = State<Arc<Doors>>;
/// A question that cannot be read asks nothing.
type Asked = Result<Query<Validation>, QueryRejection>;

/// What Graph asks when a subscription is made or renewed.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Validation {
    validation_token: Option<String>,
}

/// What Graph posts, as far as it proves who posts it.
#[derive(Deserialize)]
struct Notifications {
    value: Vec<Notification>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Notification {
    #[serde(default)]
    client_state: String,
}

async fn anybody(State(doors): House, Path(hotline): Path<String>, headers: HeaderMap) -> Response {
    let said = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let bearer = said.and_then(|said| said.split_once(' '));
    let password = bearer.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
    let knock = doors.knock(&hotline, Door::Anybody, password.map(|(_, password)| password.trim()));
    answered(&doors, &hotline, Door::Anybody, knock)
}

async fn google(doors: House, hotline: Path<String>, asked: Asked, request: Request) -> Response {
    source(doors, hotline, Door::Google, asked, request).await
}

async fn graph(doors: House, hotline: Path<String>, asked: Asked, request: Request) -> Response {
    source(doors, hotline, Door::Graph, asked, request).await
}

/// Either source's way to knock at either door: a rota joined of both kinds has one bell for all its parts.
async fn source(State(doors): House, Path(hotline): Path<String>, door: Door, asked: Asked, request: Request) -> Response {
    if let Some(token) = asked.ok().and_then(|Query(asked)| asked.validation_token) {
        return handshake(&doors, &hotline, door, token);
    }
    if let Some(token) = request.headers().get(CHANNEL_TOKEN) {
        let token = token.to_str().unwrap_or_default();
        // The first message of a channel only says that there is one now.
        let is_first = request.headers().get(RESOURCE_STATE).is_some_and(|state| state == "sync");
        let knock = if is_first && doors.open(&hotline, door, [token]).is_some() {
            Knock::Acknowledged
        } else {
            doors.knock(&hotline, door, [token])
        };
        return answered(&doors, &hotline, door, knock);
    }
    let body = match tokio::time::timeout(PATIENCE, Bytes::from_request(request, &())).await {
        Ok(Ok(body)) => body,
        Ok(Err(refusal)) => return refusal.into_response(),
        Err(_) => return StatusCode::REQUEST_TIMEOUT.into_response(),
    };
    let said: Vec<String> = serde_json::from_slice(&body).map_or_else(
        |_| Vec::new(),
        |batch: Notifications| batch.value.into_iter().map(|one| one.client_state).collect(),
    );
    let knock = doors.knock(&hotline, door, said.iter().map(String::as_str));
    answered(&doors, &hotline, door, knock)
}

/// Graph sends a word and wants to hear it back, before it can prove who it is:
/// <https://learn.microsoft.com/graph/change-notifications-delivery-webhooks>. Whatever hotline is named hears it: else
/// strangers would learn here which ones there are.
fn handshake(doors: &Doors, hotline: &str, door: Door, token: String) -> Response {
    if token.is_empty() || token.len() > LONGEST_TOKEN {
        return answered(doors, hotline, door, Knock::Refused);
    }
    count(doors, hotline, door, Knock::Acknowledged);
    ([(CONTENT_TYPE, "text/plain; charset=utf-8")], token).into_response()
}

fn answered(doors: &Doors, hotline: &str, door: Door, knock: Knock) -> Response {
    const REFUSED: &str = "The hotline or the password is wrong. Nothing was done. The right ones come from rotaline's operator.";
    count(doors, hotline, door, knock);
    match knock {
        Knock::Rung => StatusCode::ACCEPTED.into_response(),
        Knock::Acknowledged => StatusCode::NO_CONTENT.into_response(),
        Knock::Refused => {
            let said = Json(json!({ "error": { "code": "wrong-password", "message": REFUSED } }));
            (StatusCode::UNAUTHORIZED, [(WWW_AUTHENTICATE, "Bearer")], said).into_response()
        }
    }
}

/// Names that nobody has are counted together: there is no end of them.
fn count(doors: &Doors, hotline: &str, door: Door, knock: Knock) {
    let hotline = if doors.0.contains_key(hotline) { hotline } else { "unknown" };
    metrics::counter!(names::NUDGES, "hotline" => hotline.to_owned(), "door" => door.as_str(), "result" => knock.as_str()).increment(1);
}

/// Nothing that is answered here is a page, or to be kept.
async fn guarded(mut answer: Response) -> Response {
    let headers = answer.headers_mut();
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    answer
}
