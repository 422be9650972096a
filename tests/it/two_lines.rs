//! Two hotlines of one service, and a simulated network beside them: for what the lines do to one another, and for what
//! happens after a restart.

use super::signed_in::{self, Browser};
use super::stage::PATIENCE;
use chrono::{DateTime, Utc};
use rotaline::access::Role;
use rotaline::app::{Extras, Service};
use rotaline::call::{CallId, LineId, Outcome};
use rotaline::clock::Clock;
use rotaline::config::{Config, Environment, Secrets};
use rotaline::simulator::server::{self, Simulator};
use rotaline::simulator::{CallerHabit, Line};
use rotaline::store::Store;
use secrecy::SecretString;
use std::path::Path;
use std::time::Duration;
use tempfile::TempDir;
use tokio::net::TcpListener;

pub(super) const LAB: &str = "+61491570006";
pub(super) const WARD: &str = "+61491570313";
pub(super) const PRIYA: &str = "+61491570156";
const ACCOUNT: &str = "AC00000000000000000000000000000000";
const TOKEN: &str = "0123456789abcdef0123456789abcdef";
const STORE: &str = "rotaline.sqlite";
/// Telephone time runs so much faster than ours.
const PACE: u32 = 40;

/// One rota: its contacts as `name,number`, and the last resort of its Settings tab.
pub(super) struct Rota<'a> {
    pub(super) contacts: &'a [(&'a str, &'a str)],
    pub(super) last_resort: Option<&'a str>,
}

pub(super) struct TwoLines {
    folder: TempDir,
    base: String,
    /// Further keys of the hotline lab.
    keys: &'static str,
    pub(super) simulator: Simulator,
    service: Option<Service>,
    pub(super) store: Store,
}

impl TwoLines {
    /// All contacts of a rota are on call in their order, all of 2026.
    pub(super) async fn open(lab: Rota<'_>, ward: Rota<'_>, at: DateTime<Utc>) -> Self {
        Self::open_with("", lab, ward, at).await
    }

    /// The same, with further keys of the hotline lab.
    pub(super) async fn open_with(keys: &'static str, lab: Rota<'_>, ward: Rota<'_>, at: DateTime<Utc>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        write(&folder.path().join("lab"), &lab);
        write(&folder.path().join("ward"), &ward);
        let store = Store::open(&folder.path().join(STORE)).await.unwrap();
        let simulator = Simulator::start(server::Config {
            seed: 1,
            pace: PACE,
            own_numbers: vec![LAB.to_owned(), WARD.to_owned()],
            clock: Clock::anchored_at(at),
            ..server::Config::new(ACCOUNT, SecretString::from(TOKEN))
        });
        let mut lines = Self {
            folder,
            base: String::new(),
            keys,
            simulator: simulator.await.unwrap(),
            service: None,
            store,
        };
        lines.begin(at).await;
        lines
    }

    /// Another process with the same store, whose clock shows `at`.
    pub(super) async fn restart(&mut self, at: DateTime<Utc>) {
        if let Some(service) = self.service.take() {
            service.stop().await;
        }
        self.begin(at).await;
    }

    async fn begin(&mut self, at: DateTime<Utc>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        self.base = format!("http://{}", listener.local_addr().unwrap());
        // That of the process before is closed.
        self.store = Store::open(&self.folder.path().join(STORE)).await.unwrap();
        let extras = Extras {
            listener: Some(listener),
            store: Some(self.store.clone()),
            ..Extras::default()
        };
        let service = Service::start(self.config(), Clock::anchored_at(at), extras).await.unwrap();
        self.service = Some(service);
    }

    fn config(&self) -> Config {
        let text = format!(
            r#"
            [server]
            listen = "127.0.0.1:0"
            public_url = "{}"
            [twilio]
            account_sid = "{ACCOUNT}"
            api_base = "{}"
            calls_per_second = 40
            [[hotline]]
            name = "lab"
            numbers = ["{LAB}"]
            rota = {{ file = "lab" }}
            incident_token_file = "token"
            {}
            [[hotline]]
            name = "ward"
            numbers = ["{WARD}"]
            rota = {{ file = "ward" }}
            "#,
            self.base,
            self.simulator.base_url(),
            self.keys
        );
        let token = self.folder.path().join("token");
        std::fs::write(&token, super::stage::INCIDENT_TOKEN).unwrap();
        let env = Environment::from([("ROTALINE_TWILIO_AUTH_TOKEN".to_owned(), TOKEN.to_owned())]);
        let config = Config::read(&text, "rotaline.toml", self.folder.path(), &env, Secrets::All);
        config.unwrap_or_else(|faults| panic!("{faults}"))
    }

    /// Somebody with this role, signed in to the page.
    pub(super) async fn signed_in(&self, role: Role) -> Browser {
        signed_in::sign_in(self.service.as_ref().unwrap().access(), self.address(), role).await
    }

    /// The folder in which everything is kept.
    pub(super) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Somebody texts one of the hotlines.
    pub(super) fn text(&self, from: &str, to: &str, body: &str) {
        let url = format!("{}/twilio/sms", self.base);
        self.simulator.text_in(from, to, &url, body).unwrap();
    }

    pub(super) fn address(&self) -> std::net::SocketAddr {
        self.service.as_ref().unwrap().address()
    }

    /// A call from one number to another, until it is over: its outcome and its story.
    pub(super) async fn call(&self, from: &str, to: &str, habit: CallerHabit) -> (CallId, Option<Outcome>, Vec<String>) {
        let mut line = Line::to(&format!("{}/twilio/voice", self.base));
        line.status_callback = Some(format!("{}/twilio/status", self.base));
        let sid = self.simulator.dial_in(Some(from), to, &line, habit).unwrap();
        let over = async {
            loop {
                if let Some(call) = self.store.call_by_line(&LineId(sid.clone())).await.unwrap()
                    && let Some(kept) = self.store.call(call).await.unwrap()
                    && !kept.is_live()
                {
                    return kept;
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        let kept = tokio::time::timeout(PATIENCE, over).await.unwrap();
        let story = self.store.story(kept.id()).await.unwrap();
        (
            kept.id(),
            kept.outcome(),
            story.into_iter().map(|entry| entry.fact.to_string()).collect(),
        )
    }

    /// As [`TwoLines::close`], and looks at what is left in the folder.
    pub(super) async fn close_but_keep(mut self, look: impl FnOnce()) {
        if let Some(service) = self.service.take() {
            service.stop().await;
        }
        look();
        self.simulator.stop().await;
    }

    pub(super) async fn close(mut self) {
        if let Some(service) = self.service.take() {
            service.stop().await;
        }
        self.simulator.stop().await;
    }
}

fn write(folder: &Path, rota: &Rota<'_>) {
    let contacts: String = rota.contacts.iter().map(|(name, number)| format!("{name},{number}\n")).collect();
    let levels: Vec<String> = (1..=rota.contacts.len()).map(|level| format!("L{level}")).collect();
    let names: Vec<&str> = rota.contacts.iter().map(|(name, _)| *name).collect();
    let last_resort = rota.last_resort.map_or_else(String::new, |who| format!("Last resort,{who}\n"));
    std::fs::create_dir_all(folder).unwrap();
    for (tab, text) in [
        ("Contacts", format!("Name,Phone\n{contacts}")),
        (
            "Rota",
            format!(
                "From,Until,{}\n2026-01-01 00:00,2027-01-01 00:00,{}\n",
                levels.join(","),
                names.join(",")
            ),
        ),
        (
            "Settings",
            format!("Setting,Value\nTime zone,Australia/Melbourne\nCountry for phone numbers,AU\n{last_resort}"),
        ),
    ] {
        std::fs::write(folder.join(tab).with_extension("csv"), text).unwrap();
    }
}
