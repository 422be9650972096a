//! Microsoft Graph and the Microsoft Entra sign-in, as an application with application permissions meets them: sites with lists, drives with
//! files, subscriptions. What is answered follows the public descriptions (tests/fixtures/http/graph); where those say nothing, it follows
//! answers recorded in public issue reports, and the code says so. It knows nothing of rotas.
//!
//! ```no_run
//! # use fakes::graph::{Graph, Kind, List, Value};
//! # async fn example() {
//! let graph = Graph::start().await;
//! let site = graph.add_site("https://contoso.sharepoint.com/sites/ops");
//! let rota = List::new("Rota").column("From", Kind::DateTime).column("1st", Kind::Text);
//! let rota = graph.add_list(&site, rota.item([Value::moment("2026-03-02T21:00:00Z"), "Priya Nair".into()]));
//! graph.edit(&rota, 1, "1st", "Tom Okafor");
//! # }
//! ```

mod address;
mod columns;
mod files;
mod front;
mod items;
mod list;
mod pages;
mod query;
mod reply;
mod resources;
pub mod sample;
mod sign_in;
mod state;
mod subscriptions;
#[cfg(test)]
mod tests;

use crate::clock::{Clock, Source};
use crate::faults::{Fault, Route as _};
use crate::journal::Request;
use crate::postman::Postman;
use crate::server::Server;
use address::Target;
use chrono::{DateTime, TimeDelta, Utc};
use files::OtherHost;
use front::Front;
use state::{ListState, State};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock};
use std::time::Duration;
use subscriptions::Watched;
use tokio::runtime::Handle;

pub use address::Route;
pub use list::{Column, Entry, Kind, List, Value};
pub use subscriptions::Subscription;

const TENANT: &str = "84bd8158-6d4d-4958-8b9f-9d6445542f95";
const CLIENT_ID: &str = "24d3b144-21ae-4080-943f-7067b395b913";
const CLIENT_SECRET: &str = "Test~Only.Secret-of_the.Fake~Graph0000000";

/// A running fake: Graph and the sign-in on one port, the host that files are downloaded from on another. It ends when this is dropped.
#[derive(Debug)]
pub struct Graph {
    front: Server<Front>,
    other: Server<OtherHost>,
    tenant: Arc<Tenant>,
}

/// A site of the fake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SiteKey(String);

/// A list of the fake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListKey {
    site: String,
    list: String,
}

/// A drive of the fake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DriveKey {
    /// The default document library of a site.
    Site(SiteKey),
    /// The OneDrive of a user, by the user principal name.
    User(String),
}

impl From<&SiteKey> for DriveKey {
    fn from(site: &SiteKey) -> DriveKey {
        DriveKey::Site(site.clone())
    }
}

impl From<&str> for DriveKey {
    fn from(user: &str) -> DriveKey {
        DriveKey::User(user.to_owned())
    }
}

/// What happens to a list.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// An item is edited.
    Edit {
        /// Its number.
        item: u32,
        /// The column's display name.
        column: String,
        /// What stands there then.
        value: Value,
    },
    /// An item is added, with values in the order of the columns.
    Add(Vec<Value>),
    /// An item is removed.
    Remove(u32),
}

/// What is wrong with the links of a list's pages, and what a client must not fall for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mischief {
    /// The next page is on another host, which notes the token that a client shows it (see [`Graph::leaked_tokens`]).
    OtherHost,
    /// The next page is on this host and port, by another scheme.
    OtherScheme,
    /// The next page is the one just asked for.
    SamePage,
    /// After the last page come the first and the others again, each time by another address.
    Endless,
    /// Each page begins with the item that the one before ended with. (The real thing may do so; the last occurrence counts.)
    Duplicates,
}

/// An attempt to deliver a change notification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// Of which subscription.
    pub subscription: String,
    /// What was answered; `None` where nobody was reached in time.
    pub status: Option<u16>,
}

/// Everything that both ports share.
#[derive(Debug)]
struct Tenant {
    clock: Clock,
    postman: Postman,
    state: Mutex<State>,
    token_life: Mutex<TimeDelta>,
    other_host: OnceLock<String>,
    /// Where notifications are sent from; a test may change things from outside of it.
    runtime: Handle,
}

impl Tenant {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    fn other_host(&self) -> &str {
        self.other_host.get().expect("set before anything is served")
    }

    fn change(tenant: &Arc<Tenant>, list: &ListKey, change: Change) -> Option<u32> {
        let added = tenant.state().change(list, change, tenant.clock.now());
        subscriptions::notify(tenant, &Watched::List(list.list.clone()));
        added
    }
}

impl Graph {
    /// Starts an empty tenant on free ports of this machine.
    pub async fn start() -> Graph {
        Graph::start_on("127.0.0.1:0").await
    }

    /// Starts on this address; the other host gets a free port.
    pub async fn start_on(address: &str) -> Graph {
        let tenant = Arc::new(Tenant {
            clock: Clock::default(),
            postman: Postman::default(),
            state: Mutex::default(),
            token_life: Mutex::new(TimeDelta::seconds(3599)),
            other_host: OnceLock::new(),
            runtime: Handle::current(),
        });
        let other = Server::start(Arc::new(OtherHost(Arc::clone(&tenant))), "127.0.0.1:0").await;
        tenant.other_host.set(other.url()).expect("set only here");
        let front = Server::start(Arc::new(Front(Arc::clone(&tenant))), address).await;
        Graph { front, other, tenant }
    }

    // Where it is, and who may come in.

    /// Where Graph is, without `/v1.0`: `http://127.0.0.1:PORT`.
    pub fn url(&self) -> String {
        self.front.url()
    }

    /// Where the sign-in is, without the tenant.
    pub fn login_url(&self) -> String {
        self.front.url()
    }

    /// The tenant's id. (It answers to `contoso.onmicrosoft.com` too.)
    pub fn tenant(&self) -> &'static str {
        TENANT
    }

    /// The application's id.
    pub fn client_id(&self) -> &'static str {
        CLIENT_ID
    }

    /// The application's secret.
    pub fn client_secret(&self) -> &'static str {
        CLIENT_SECRET
    }

    /// A private key and the certificate of the application that goes with it; made for tests only.
    pub fn certificate_pem(&self) -> &'static str {
        concat!(
            include_str!("graph/test_only/key.pem"),
            include_str!("graph/test_only/certificate.pem")
        )
    }

    /// As [`Graph::certificate_pem`], but the certificate's time was up at the end of 2024.
    pub fn expired_certificate_pem(&self) -> &'static str {
        concat!(
            include_str!("graph/test_only/expired_key.pem"),
            include_str!("graph/test_only/expired_certificate.pem")
        )
    }

    /// The time as the fake sees it.
    pub fn clock(&self) -> &Clock {
        &self.tenant.clock
    }

    /// From now on the time is what this says.
    pub fn follow(&self, time: Source) {
        self.tenant.clock.follow(time);
    }

    /// The time goes forward at once: tokens and subscriptions end.
    pub fn pass(&self, time: TimeDelta) {
        self.tenant.clock.pass(time);
    }

    // What is there.

    /// Adds a site, which the application may read.
    pub fn add_site(&self, address: &str) -> SiteKey {
        SiteKey(self.tenant.state().add_site(address, self.now()))
    }

    /// A site's id: `host,guid,guid`.
    pub fn site_id(&self, site: &SiteKey) -> String {
        site.0.clone()
    }

    /// Adds a list to a site.
    pub fn add_list(&self, site: &SiteKey, list: List) -> ListKey {
        let now = self.now();
        let mut state = self.tenant.state();
        let site = state.site_mut(&site.0);
        let list = ListState::new(&site.id, list, now);
        let key = ListKey {
            site: site.id.clone(),
            list: list.id.clone(),
        };
        site.lists.push(list);
        key
    }

    /// Removes a list with all its items.
    pub fn remove_list(&self, list: &ListKey) {
        self.tenant.state().site_mut(&list.site).lists.retain(|known| known.id != list.list);
    }

    /// A list's id, a GUID.
    pub fn list_id(&self, list: &ListKey) -> String {
        list.list.clone()
    }

    /// Changes what stands in a column (by its display name) of an item, and tells subscribers.
    pub fn edit(&self, list: &ListKey, item: u32, column: &str, value: impl Into<Value>) {
        let (column, value) = (column.to_owned(), value.into());
        Tenant::change(&self.tenant, list, Change::Edit { item, column, value });
    }

    /// Adds an item with values in the order of the columns, tells subscribers, and gives back its number.
    pub fn add_item(&self, list: &ListKey, values: Vec<Value>) -> u32 {
        Tenant::change(&self.tenant, list, Change::Add(values)).expect("the number of the item added")
    }

    /// Removes an item and tells subscribers.
    pub fn remove_item(&self, list: &ListKey, item: u32) {
        Tenant::change(&self.tenant, list, Change::Remove(item));
    }

    /// Whether a list has an item of this number.
    pub fn has_item(&self, list: &ListKey, item: u32) -> bool {
        self.tenant.state().list_mut(list).items.contains_key(&item)
    }

    /// Changes a column's display name; its internal name stays.
    pub fn rename_column(&self, list: &ListKey, before: &str, after: &str) {
        self.with_column(list, before, |column| column.display_name = after.to_owned());
    }

    /// Hides a column from people.
    pub fn hide_column(&self, list: &ListKey, display_name: &str) {
        self.with_column(list, display_name, |column| column.hidden = true);
    }

    fn with_column(&self, list: &ListKey, display_name: &str, change: impl FnOnce(&mut Column)) {
        let mut state = self.tenant.state();
        let mut columns = state.list_mut(list).columns.iter_mut();
        let column = columns.find(|column| column.display_name == display_name);
        change(column.unwrap_or_else(|| panic!("no column {display_name:?}")));
    }

    /// Puts a file into a drive, or the next version of one that is there, and tells subscribers.
    pub fn put_file(&self, drive: impl Into<DriveKey>, path: &str, bytes: impl Into<Vec<u8>>) {
        self.with_drive(drive.into(), |drive, now| drive.put(path, bytes.into(), now));
    }

    /// Changes what is known of a file (as a comment would) but not its bytes: another eTag, the same cTag.
    pub fn touch_file(&self, drive: impl Into<DriveKey>, path: &str) {
        self.with_drive(drive.into(), |drive, now| {
            let file = drive.file_mut(path);
            file.version += 1;
            file.modified = now;
        });
    }

    /// Removes a file.
    pub fn remove_file(&self, drive: impl Into<DriveKey>, path: &str) {
        self.with_drive(drive.into(), |drive, _| {
            drive.files.retain(|file| !file.path.eq_ignore_ascii_case(path))
        });
    }

    fn with_drive(&self, drive: DriveKey, change: impl FnOnce(&mut state::Drive, DateTime<Utc>)) {
        let now = self.now();
        let id = {
            let mut state = self.tenant.state();
            let drive = state.drive_mut(&drive, now);
            change(drive, now);
            drive.id.clone()
        };
        subscriptions::notify(&self.tenant, &Watched::Drive(id));
    }

    // What may be read.

    /// Lets the application read a site, or the drive of a user.
    pub fn grant(&self, drive: impl Into<DriveKey>) {
        self.permit(drive.into(), true);
    }

    /// Lets it no longer.
    pub fn revoke(&self, drive: impl Into<DriveKey>) {
        self.permit(drive.into(), false);
    }

    fn permit(&self, drive: DriveKey, granted: bool) {
        let mut state = self.tenant.state();
        match drive {
            DriveKey::Site(site) => state.site_mut(&site.0).granted = granted,
            DriveKey::User(name) => {
                let user = state.users.iter_mut().find(|user| user.name == name);
                user.expect("a user who has files").granted = granted;
            }
        }
    }

    /// Refuses new subscriptions: the application may read only, and a subscription takes more (documentation of "Create subscription").
    pub fn forbid_subscriptions(&self) {
        self.tenant.state().subscriptions_are_forbidden = true;
    }

    /// No token that was given out is good any longer.
    pub fn expire_tokens(&self) {
        let now = self.now();
        self.tenant.state().tokens.iter_mut().for_each(|(_, ends)| *ends = now);
    }

    /// Tokens given out from now on live so long.
    pub fn token_life(&self, seconds: i64) {
        *self.tenant.token_life.lock().unwrap() = TimeDelta::seconds(seconds);
    }

    /// The application's secret is too old from now on.
    pub fn expire_secret(&self) {
        self.tenant.state().secret_has_expired = true;
    }

    /// Delta tokens given out up to now are too old: 410.
    pub fn expire_delta_tokens(&self) {
        self.tenant.state().epoch += 1;
    }

    /// Addresses for downloads given out up to now are good no longer.
    pub fn expire_downloads(&self) {
        self.tenant.state().passes.clear();
    }

    // How it answers.

    /// No page has more entries than that.
    pub fn page_size(&self, entries: usize) {
        self.tenant.state().page_size = Some(entries);
    }

    /// What is wrong with the links of pages from now on; `None` for nothing.
    pub fn mischief(&self, mischief: Option<Mischief>) {
        self.tenant.state().mischief = mischief;
    }

    /// This happens right after the next page that has another after it. Of several, one after each page.
    pub fn between_pages(&self, list: &ListKey, change: Change) {
        self.tenant.state().between_pages.push_back((list.clone(), change));
    }

    /// Lets the next requests on a route fail: so many of them, or (`None`) all until [`Graph::heal`].
    pub fn fail(&self, route: Route, fault: Fault, times: Option<u32>) {
        if route == Route::Download {
            self.other.faults().fail(route, fault, times);
        } else {
            self.front.faults().fail(route, fault, times);
        }
    }

    /// Ends all faults.
    pub fn heal(&self) {
        self.front.faults().heal();
        self.other.faults().heal();
    }

    /// Holds every answer back for so long from now on.
    pub fn delay(&self, by: Duration) {
        self.front.delay(by);
        self.other.delay(by);
    }

    /// Closes both ports: whoever connects now is refused.
    pub async fn close(&self) {
        self.front.close().await;
        self.other.close().await;
    }

    /// Opens the same ports again.
    pub async fn open(&self) {
        self.other.open().await;
        self.front.open().await;
    }

    // What happened.

    /// All requests to Graph and the sign-in up to now.
    pub fn journal(&self) -> Vec<Request> {
        self.front.journal().requests()
    }

    /// The requests of one kind up to now.
    pub fn requests(&self, route: Route) -> Vec<Request> {
        let all = if route == Route::Download {
            self.downloads()
        } else {
            self.journal()
        };
        let is_meant = |request: &Request| route == Route::Download || route.covers(Target::of(request).route());
        all.into_iter().filter(is_meant).collect()
    }

    /// All requests to the host of downloads.
    pub fn downloads(&self) -> Vec<Request> {
        self.other.journal().requests()
    }

    /// Forgets all requests.
    pub fn clear_journal(&self) {
        self.front.journal().clear();
        self.other.journal().clear();
    }

    /// Bearer tokens that were shown to the other host, whole headers. There should never be any.
    pub fn leaked_tokens(&self) -> Vec<String> {
        self.tenant.state().leaked.clone()
    }

    /// All access tokens given out, so that a test can look for them where they must not be.
    pub fn tokens(&self) -> Vec<String> {
        self.tenant.state().tokens.iter().map(|(token, _)| token.clone()).collect()
    }

    /// Subscriptions that have not run out.
    pub fn subscriptions(&self) -> Vec<Subscription> {
        let now = self.now();
        self.tenant.state().live(now).clone()
    }

    /// Drops all subscriptions without a word, as Graph does when an address fails for long.
    pub fn drop_subscriptions(&self) {
        self.tenant.state().subscriptions.clear();
    }

    /// All attempts to deliver notifications.
    pub fn deliveries(&self) -> Vec<Delivery> {
        self.tenant.state().deliveries.clone()
    }

    /// What is addressed to `public` (`https://rota.example.org`) is delivered to `local` (`http://127.0.0.1:4711`).
    pub fn door(&self, public: &str, local: &str) {
        self.tenant.postman.door(public, local);
    }

    fn now(&self) -> DateTime<Utc> {
        self.tenant.clock.now()
    }
}
