//! Takes requests in: whose they are, whether the account may, and which part of the fake answers.

use super::channels::Channel;
use super::description::Service;
use super::errors::{self, Refusal};
use super::spreadsheet::Spreadsheet;
use super::token::{self, Tokens};
use super::{Delivery, Route, sheets};
use crate::clock::Clock;
use crate::journal::Request;
use crate::postman::Postman;
use crate::server::{Answer, Api};
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock};

/// The fake as the server knows it.
#[derive(Debug, Default)]
pub(super) struct Desk {
    shared: Arc<Shared>,
}

/// What notifications under way share with the desk.
#[derive(Debug, Default)]
pub(super) struct Shared {
    world: Mutex<World>,
    pub(super) clock: Clock,
    pub(super) postman: Postman,
    /// The address of the token endpoint.
    endpoint: OnceLock<String>,
}

/// Everything there is.
#[derive(Debug, Default)]
pub(super) struct World {
    pub(super) files: BTreeMap<String, Held>,
    pub(super) tokens: Tokens,
    pub(super) channels: Vec<Channel>,
    pub(super) deliveries: Vec<Delivery>,
    pub(super) sheets_are_off: bool,
    pub(super) drive_is_off: bool,
    pub(super) quota: Option<u32>,
    /// Since when reads are counted, and how many there were.
    reads: (DateTime<Utc>, u32),
    kept: Option<Kept>,
}

/// A spreadsheet as a file.
#[derive(Debug)]
pub(super) struct Held {
    pub(super) sheet: Arc<Spreadsheet>,
    pub(super) version: i64,
    modified: DateTime<Utc>,
    created: DateTime<Utc>,
    pub(super) is_shared: bool,
    pub(super) is_trashed: bool,
}

/// The last answer with cells, so that a large sheet that has not changed is not written out again for each request.
#[derive(Debug)]
struct Kept {
    sheet: Arc<Spreadsheet>,
    request: (String, String),
    answer: Answer,
}

impl Held {
    pub(super) fn new(sheet: Spreadsheet, now: DateTime<Utc>) -> Held {
        Held {
            sheet: Arc::new(sheet),
            version: 1,
            modified: now,
            created: now,
            is_shared: true,
            is_trashed: false,
        }
    }

    /// A change that Drive sees. Versions rise, but not by one.
    pub(super) fn change(&mut self, now: DateTime<Utc>) {
        self.version += 3;
        self.modified = now;
    }

    /// The `File`.
    fn answer(&self, id: &str) -> Value {
        let instant = |at: DateTime<Utc>| at.to_rfc3339_opts(SecondsFormat::Millis, true);
        let mut file = json!({
            "kind": "drive#file", "id": id, "name": self.sheet.title, "mimeType": "application/vnd.google-apps.spreadsheet",
            "version": self.version.to_string(), "modifiedTime": instant(self.modified), "createdTime": instant(self.created),
            "trashed": self.is_trashed, "shared": true,
            "webViewLink": format!("https://docs.google.com/spreadsheets/d/{id}/edit?usp=drivesdk"),
        });
        if self.sheet.on_shared_drive {
            file["driveId"] = "0AFakeSharedDriveUk9PVA".into();
        }
        file
    }
}

impl World {
    /// A file that a test speaks of. Panics when there is none.
    pub(super) fn held_mut(&mut self, id: &str) -> &mut Held {
        self.files.get_mut(id).unwrap_or_else(|| panic!("the fake has no spreadsheet {id}"))
    }

    /// Whether a request may be answered at all: token, scope, API, quota.
    fn admitted(&mut self, request: &Request, service: Service, method: &str, now: DateTime<Utc>) -> Result<(), Refusal> {
        let token = request.bearer().ok_or(Refusal::Anonymous)?;
        let scopes = self.tokens.scopes(token, now).ok_or(Refusal::Unauthenticated)?;
        let enough = service.scopes(method);
        if !scopes.iter().any(|scope| enough.contains(&scope.as_str())) {
            return Err(Refusal::Scope(enough));
        }
        let is_off = match service {
            Service::Sheets => self.sheets_are_off,
            Service::Drive => self.drive_is_off,
        };
        if is_off {
            return Err(Refusal::Disabled);
        }
        match (service, self.quota) {
            (Service::Sheets, Some(limit)) => self.count_read(limit, now),
            (Service::Sheets, None) | (Service::Drive, _) => Ok(()),
        }
    }

    fn count_read(&mut self, limit: u32, now: DateTime<Utc>) -> Result<(), Refusal> {
        if now - self.reads.0 >= TimeDelta::minutes(1) {
            self.reads = (now, 0);
        }
        if self.reads.1 >= limit {
            return Err(Refusal::Quota(limit));
        }
        self.reads.1 += 1;
        Ok(())
    }

    /// The Sheets API says whether there is a file that the account may not read.
    fn spreadsheet(&self, id: &str) -> Result<&Held, Refusal> {
        match self.files.get(id) {
            None => Err(Refusal::NotFound),
            Some(held) if !held.is_shared => Err(Refusal::Permission),
            Some(held) => Ok(held),
        }
    }

    /// The Drive API does not.
    fn file(&self, id: &str, request: &Request) -> Result<&Held, Refusal> {
        let all_drives = request
            .parameter("supportsAllDrives")
            .is_some_and(|value| value.eq_ignore_ascii_case("true"));
        let held = self.files.get(id).filter(|held| held.is_shared);
        let held = held.filter(|held| all_drives || !held.sheet.on_shared_drive);
        held.ok_or_else(|| Refusal::FileNotFound(id.to_owned()))
    }

    /// An answer of the Sheets API; the last is kept.
    fn read(&mut self, id: &str, request: &Request, read: Read) -> Result<Answer, Refusal> {
        let sheet = Arc::clone(&self.spreadsheet(id)?.sheet);
        let asked = (request.path.clone(), request.query.clone());
        if let Some(kept) = &self.kept
            && Arc::ptr_eq(&kept.sheet, &sheet)
            && kept.request == asked
        {
            return Ok(kept.answer.clone());
        }
        let answer = written(&read(&sheet, id, request)?, request);
        self.kept = Some(Kept {
            sheet,
            request: asked,
            answer: answer.clone(),
        });
        Ok(answer)
    }
}

/// One of the requests of the Sheets API.
type Read = fn(&Spreadsheet, &str, &Request) -> Result<Value, Refusal>;

/// JSON as Google writes it: for people, unless the request says otherwise.
fn written(value: &Value, request: &Request) -> Answer {
    let text = match request.parameter("prettyPrint").as_deref() {
        Some("false") => value.to_string(),
        Some(_) | None => format!("{value:#}\n"),
    };
    Answer::bytes(200, "application/json; charset=UTF-8", text.into_bytes())
}

impl Shared {
    /// The address of the token endpoint is known once the port is.
    pub(super) fn opened(&self, endpoint: String) {
        self.endpoint.set(endpoint).expect("a fake opens once");
    }

    pub(super) fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap()
    }

    /// Tells the channels of a file.
    pub(super) fn tell(self: &Arc<Shared>, file: &str, state: &str) {
        let now = self.clock.now();
        let mut world = self.world();
        world.channels.retain(|channel| channel.expires > now);
        for channel in world.channels.iter_mut().filter(|channel| channel.file == file) {
            self.post(channel, state);
        }
    }

    /// Posts one notification, and notes how that went.
    fn post(self: &Arc<Shared>, channel: &mut Channel, state: &str) {
        let shared = Arc::clone(self);
        let headers = channel.headers(state);
        let (address, id, state) = (channel.address.clone(), channel.id.clone(), state.to_owned());
        tokio::spawn(async move {
            let outcome = shared.postman.post(&address, &headers, Vec::new()).await;
            shared.world().deliveries.push(Delivery {
                channel: id,
                state,
                outcome: outcome.map(|(status, _)| status),
            });
        });
    }

    fn sheets(&self, request: &Request, id: &str, method: &str, read: Read) -> Result<Answer, Refusal> {
        let mut world = self.world();
        world.admitted(request, Service::Sheets, method, self.clock.now())?;
        world.read(id, request, read)
    }

    fn file(&self, request: &Request, id: &str) -> Result<Answer, Refusal> {
        let mut world = self.world();
        world.admitted(request, Service::Drive, "files.get", self.clock.now())?;
        let mask = sheets::mask(request, Service::Drive, "File")?;
        let file = world.file(id, request)?.answer(id);
        // Without a mask Drive gives the four fields that its guide names.
        let usual = || super::mask::Mask::parse("kind,id,name,mimeType").expect("a field mask");
        Ok(written(&mask.unwrap_or_else(usual).apply(file), request))
    }

    fn watch(self: &Arc<Shared>, request: &Request, id: &str) -> Result<Answer, Refusal> {
        let now = self.clock.now();
        let mut world = self.world();
        world.admitted(request, Service::Drive, "files.watch", now)?;
        world.file(id, request)?;
        let mut channel = Channel::asked_for(&request.json().unwrap_or_default(), id, now)?;
        world.channels.retain(|channel| channel.expires > now);
        if world.channels.iter().any(|other| other.id == channel.id) {
            let words = format!("Channel id {} not unique", channel.id);
            return Err(Refusal::InvalidFor("channelIdNotUnique", words));
        }
        let answer = written(&channel.answer(), request);
        self.post(&mut channel, "sync");
        world.channels.push(channel);
        Ok(answer)
    }

    fn stop(&self, request: &Request) -> Result<Answer, Refusal> {
        let now = self.clock.now();
        let mut world = self.world();
        world.admitted(request, Service::Drive, "channels.stop", now)?;
        let body = request.json().unwrap_or_default();
        let is_meant = |channel: &Channel| body["id"] == channel.id && body["resourceId"] == channel.resource_id;
        world.channels.retain(|channel| channel.expires > now);
        let place = world.channels.iter().position(is_meant);
        let Some(place) = place else {
            let id = body["id"].as_str().unwrap_or_default();
            return Err(Refusal::Channel(id.to_owned()));
        };
        world.channels.remove(place);
        Ok(Answer::empty(204))
    }
}

impl Desk {
    pub(super) fn shared(&self) -> &Arc<Shared> {
        &self.shared
    }
}

/// What a request is for.
pub(super) fn route(request: &Request) -> Option<Route> {
    let segments = request.segments();
    let parts: Vec<&str> = segments.iter().map(String::as_str).collect();
    match (request.method.as_str(), parts.as_slice()) {
        ("POST", ["token"]) => Some(Route::Token),
        ("GET", ["v4", "spreadsheets", _]) => Some(Route::Spreadsheet),
        ("GET", ["v4", "spreadsheets", _, "values:batchGet"]) => Some(Route::Values),
        ("GET", ["drive", "v3", "files", _]) => Some(Route::DriveFile),
        ("POST", ["drive", "v3", "files", _, "watch"]) => Some(Route::DriveWatch),
        ("POST", ["drive", "v3", "channels", "stop"]) => Some(Route::ChannelStop),
        _ => None,
    }
}

impl Api for Desk {
    type Route = Route;

    fn route(&self, request: &Request) -> Option<Route> {
        route(request)
    }

    async fn answer(&self, request: &Request) -> Answer {
        let segments = request.segments();
        // The id of a spreadsheet or file stands in the third or fourth place.
        let part = |place: usize| segments.get(place).map_or("", String::as_str);
        let shared = &self.shared;
        let Some(route) = route(request) else {
            let page =
                "<!DOCTYPE html>\n<html lang=en>\n<title>Error 404 (Not Found)!!1</title>\n<p><b>404.</b> <ins>That’s an error.</ins>";
            return Answer::bytes(404, "text/html; charset=UTF-8", page.into());
        };
        let answer = match route {
            Route::Token => {
                let endpoint = shared.endpoint.get().map_or("", String::as_str);
                return shared.world().tokens.answer(request, endpoint, shared.clock.now());
            }
            Route::Spreadsheet => shared.sheets(request, part(2), "spreadsheets.get", sheets::get),
            Route::Values => shared.sheets(request, part(2), "spreadsheets.values.batchGet", sheets::batch_get),
            Route::DriveFile => shared.file(request, part(3)),
            Route::DriveWatch => shared.watch(request, part(3)),
            Route::ChannelStop => shared.stop(request),
            Route::Any | Route::Sheets | Route::Drive => unreachable!("no request is of such a route"),
        };
        answer.unwrap_or_else(|refusal| refusal.answer(service(route)))
    }

    fn error(&self, route: Route, code: u16) -> Value {
        if route == Route::Token {
            return token::for_status(code);
        }
        errors::for_status(service(route), code)
    }
}

/// Whose request it is, of those that carry a token.
fn service(route: Route) -> Service {
    match route {
        Route::Drive | Route::DriveFile | Route::DriveWatch | Route::ChannelStop => Service::Drive,
        Route::Any | Route::Token | Route::Sheets | Route::Spreadsheet | Route::Values => Service::Sheets,
    }
}
