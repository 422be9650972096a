//! A fake Google: the token endpoint, the Sheets API and the part of the Drive API that rotaline uses, on one address.
//!
//! Answers follow the public descriptions (`tests/fixtures/http/google`). What a person does to a spreadsheet, a test does here:
//! [`Google::put`], [`Google::edit`], [`Google::share`]; what an administrator does, too: [`Google::disable_sheets_api`].

mod a1;
mod answering;
mod cell;
mod channels;
mod description;
mod errors;
mod mask;
mod pattern;
mod sheets;
mod spreadsheet;
mod token;

pub use cell::{Cell, Wrong};
pub use channels::Channel;
pub use spreadsheet::{Spreadsheet, Tab};

use crate::clock::Clock;
use crate::faults::{Fault, Route as _};
use crate::journal::Request;
use crate::server::Server;
use answering::{Desk, Held, Shared, World};
use chrono::{DateTime, TimeDelta, Utc};
use std::sync::{Arc, MutexGuard};
use std::time::Duration;

/// What a request is for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Route {
    /// Any of the others.
    Any,
    /// `POST /token`.
    Token,
    /// Both requests of the Sheets API.
    Sheets,
    /// `GET /v4/spreadsheets/{id}`.
    Spreadsheet,
    /// `GET /v4/spreadsheets/{id}/values:batchGet`.
    Values,
    /// All requests of the Drive API.
    Drive,
    /// `GET /drive/v3/files/{id}`.
    DriveFile,
    /// `POST /drive/v3/files/{id}/watch`.
    DriveWatch,
    /// `POST /drive/v3/channels/stop`.
    ChannelStop,
}

impl crate::faults::Route for Route {
    fn covers(self, request: Route) -> bool {
        match self {
            Route::Any => true,
            Route::Sheets => [Route::Spreadsheet, Route::Values].contains(&request),
            Route::Drive => [Route::DriveFile, Route::DriveWatch, Route::ChannelStop].contains(&request),
            Route::Token | Route::Spreadsheet | Route::Values | Route::DriveFile | Route::DriveWatch | Route::ChannelStop => {
                self == request
            }
        }
    }
}

/// A notification that was sent, or could not be.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Delivery {
    /// The channel's id.
    pub channel: String,
    /// `sync`, `update`, `trash` …
    pub state: String,
    /// The status of the answer, or why there is none.
    pub outcome: Result<u16, String>,
}

/// A running fake. It ends when this is dropped.
#[derive(Debug)]
pub struct Google {
    server: Server<Desk>,
}

impl Google {
    /// Starts on any free port of this machine.
    pub async fn start() -> Google {
        Google::start_on("127.0.0.1:0").await
    }

    /// Starts on this address. Panics when it cannot be had.
    pub async fn start_on(address: &str) -> Google {
        let server = Server::start(Arc::new(Desk::default()), address).await;
        let google = Google { server };
        google.shared().opened(google.token_uri());
        google
    }

    /// The base of all three: `{url}/v4/…`, `{url}/drive/v3/…`, `{url}/token`.
    pub fn url(&self) -> String {
        self.server.url()
    }

    /// The key file of the service account; its `token_uri` is the fake's. The key is good for nothing else.
    pub fn key_json(&self) -> String {
        format!("{:#}", token::key_file(&self.token_uri()))
    }

    /// The token endpoint.
    pub fn token_uri(&self) -> String {
        format!("{}/token", self.url())
    }

    /// The service account's address, which people share spreadsheets with.
    pub fn address(&self) -> &'static str {
        token::ADDRESS
    }

    /// Puts a spreadsheet there, shared with the account, or replaces the one of this id (an edit by a person).
    pub fn put(&self, id: &str, sheet: Spreadsheet) {
        let now = self.clock().now();
        let mut world = self.world();
        match world.files.get_mut(id) {
            Some(held) => {
                held.sheet = Arc::new(sheet);
                drop(world);
                self.touch(id);
            }
            None => drop(world.files.insert(id.to_owned(), Held::new(sheet, now))),
        }
    }

    /// A person edits one cell: the Drive version rises and channels are told. Panics when there is no such file or tab.
    pub fn edit(&self, id: &str, tab: &str, address: &str, value: impl Into<Cell>) {
        self.alter(id, |sheet| sheet.tab_mut(tab).set(address, value));
    }

    /// A person edits a spreadsheet in whatever way.
    pub fn alter(&self, id: &str, edit: impl FnOnce(&mut Spreadsheet)) {
        edit(Arc::make_mut(&mut self.world().held_mut(id).sheet));
        self.touch(id);
    }

    /// The Drive version rises and channels are told, without another content (somebody stars the file, or types the same again).
    pub fn touch(&self, id: &str) {
        self.world().held_mut(id).change(self.clock().now());
        self.shared().tell(id, "update");
    }

    /// A formula gives another result (`TODAY()`): the content changes, and Drive knows nothing of it.
    pub fn recalculate(&self, id: &str, tab: &str, address: &str, value: impl Into<Cell>) {
        let mut world = self.world();
        let sheet = Arc::make_mut(&mut world.held_mut(id).sheet);
        sheet.tab_mut(tab).set(address, value);
    }

    /// Shares a file with the service account.
    pub fn share(&self, id: &str) {
        self.world().held_mut(id).is_shared = true;
    }

    /// Takes the service account off a file.
    pub fn unshare(&self, id: &str) {
        self.world().held_mut(id).is_shared = false;
    }

    /// Puts a file into the bin: it can still be read, and channels are told.
    pub fn trash(&self, id: &str) {
        let now = self.clock().now();
        let mut world = self.world();
        let held = world.held_mut(id);
        held.is_trashed = true;
        held.change(now);
        drop(world);
        self.shared().tell(id, "trash");
    }

    /// Deletes a file for good.
    pub fn delete(&self, id: &str) {
        self.shared().tell(id, "remove");
        self.world().files.remove(id);
    }

    /// The Drive version of a file. Panics when there is none.
    pub fn version(&self, id: &str) -> i64 {
        self.world().held_mut(id).version
    }

    /// Switches the Sheets API off in the account's project.
    pub fn disable_sheets_api(&self) {
        self.world().sheets_are_off = true;
    }

    /// Switches the Sheets API on again.
    pub fn enable_sheets_api(&self) {
        self.world().sheets_are_off = false;
    }

    /// Switches the Drive API off in the account's project.
    pub fn disable_drive_api(&self) {
        self.world().drive_is_off = true;
    }

    /// Switches the Drive API on again.
    pub fn enable_drive_api(&self) {
        self.world().drive_is_off = false;
    }

    /// Grants so many reads of the Sheets API in each minute (Google: 60 for an account), or any number.
    pub fn quota(&self, reads_a_minute: Option<u32>) {
        self.world().quota = reads_a_minute;
    }

    /// Makes all tokens given so far worthless.
    pub fn expire_tokens(&self) {
        self.world().tokens.expire();
    }

    /// An administrator deletes the key: no token is given for it any more. Tokens given stay good.
    pub fn delete_key(&self) {
        self.world().tokens.key_is_deleted = true;
    }

    /// An administrator deletes the account, or brings it back.
    pub fn account_exists(&self, exists: bool) {
        self.world().tokens.account_is_gone = !exists;
    }

    /// The live channels.
    pub fn channels(&self) -> Vec<Channel> {
        let now = self.clock().now();
        let world = self.world();
        world.channels.iter().filter(|channel| channel.expires > now).cloned().collect()
    }

    /// All notifications whose outcome is known.
    pub fn deliveries(&self) -> Vec<Delivery> {
        self.world().deliveries.clone()
    }

    /// Notifications for addresses below `public` (`https://rota.example.org`) go to `local` (`http://127.0.0.1:4711`).
    pub fn door(&self, public: &str, local: &str) {
        self.shared().postman.door(public, local);
    }

    /// Lets requests fail: so many, or all until [`Google::heal`].
    pub fn fail(&self, route: Route, fault: Fault, times: Option<u32>) {
        self.server.faults().fail(route, fault, times);
    }

    /// Ends all faults. What was switched off or taken away stays so.
    pub fn heal(&self) {
        self.server.faults().heal();
    }

    /// All requests up to now.
    pub fn journal(&self) -> Vec<Request> {
        self.server.journal().requests()
    }

    /// The requests of one kind up to now.
    pub fn requests(&self, route: Route) -> Vec<Request> {
        let is_meant = |request: &Request| answering::route(request).is_some_and(|of| route.covers(of));
        self.journal().into_iter().filter(is_meant).collect()
    }

    /// Forgets all requests.
    pub fn clear_journal(&self) {
        self.server.journal().clear();
    }

    /// Holds every answer back for so long from now on.
    pub fn delay(&self, by: Duration) {
        self.server.delay(by);
    }

    /// Closes the port: whoever connects is refused.
    pub async fn close(&self) {
        self.server.close().await;
    }

    /// Opens the same port again.
    pub async fn open(&self) {
        self.server.open().await;
    }

    /// From now on the time is what this says.
    pub fn follow(&self, time: fn() -> DateTime<Utc>) {
        self.clock().follow(time);
    }

    /// The time as the fake sees it.
    pub fn now(&self) -> DateTime<Utc> {
        self.clock().now()
    }

    /// The time goes forward at once: tokens and channels end.
    pub fn pass(&self, time: TimeDelta) {
        self.clock().pass(time);
    }

    fn shared(&self) -> &Arc<Shared> {
        self.server.api().shared()
    }

    fn clock(&self) -> &Clock {
        &self.shared().clock
    }

    fn world(&self) -> MutexGuard<'_, World> {
        self.shared().world()
    }
}
