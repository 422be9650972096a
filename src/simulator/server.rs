//! The phone network behind real loopback sockets and in real time: REST as Twilio has it, and signed webhooks.
//! For the demo, drills and tests of the whole service. It never calls out to anything but this machine.

use super::habits::{CallerHabit, Habit};
use super::heard::{Heard, Leftovers, Talk};
use super::mischief::Mischief;
use super::network::{Line, PhoneNetwork};
use crate::clock::Clock;
use crate::config::is_loopback;
use chrono::{DateTime, Utc};
use secrecy::SecretString;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::net::TcpListener;
use tokio::sync::{Notify, watch};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use url::Url;

mod api;
mod pump;

/// What a network on sockets needs to know.
#[derive(Clone, Debug)]
pub struct Config {
    /// In whose name calls are made: `AC…`.
    pub account_sid: String,
    /// The account's secret: lets REST requests in, and signs webhooks.
    pub auth_token: SecretString,
    /// Where everything unforeseen is drawn from.
    pub seed: u64,
    /// How unkind it is.
    pub mischief: Mischief,
    /// How many seconds pass on the phones in one real second; 0 counts as 1.
    pub pace: u32,
    /// The account's numbers; if there are none, any number may be called from.
    pub own_numbers: Vec<String>,
    /// Who is on the network.
    pub people: Vec<(String, Habit)>,
    /// How many calls a second leave the account's queue; any number, where none.
    pub calls_per_second: Option<u32>,
    /// Where the time comes from.
    pub clock: Clock,
    /// Where REST is served: an address of this machine, port 0 for any.
    pub listen: SocketAddr,
}

impl Config {
    /// A kind network in real time with nobody on it.
    #[must_use]
    pub fn new(account_sid: &str, auth_token: SecretString) -> Self {
        Self {
            account_sid: account_sid.to_owned(),
            auth_token,
            seed: 1,
            mischief: Mischief::none(),
            pace: 1,
            own_numbers: Vec::new(),
            people: Vec::new(),
            calls_per_second: None,
            clock: Clock::system(),
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
        }
    }
}

/// Why the network cannot begin, or somebody cannot dial in.
#[derive(Debug, thiserror::Error)]
pub enum CannotServe {
    /// It is for rehearsals on this machine only.
    #[error("{0} is not an address of this machine alone")]
    NotLoopback(String),
    /// The socket cannot be had.
    #[error("cannot listen on {0}: {1}")]
    Listen(SocketAddr, #[source] std::io::Error),
    /// The HTTP client cannot be made.
    #[error("the HTTP client cannot be made: {0}")]
    Client(#[from] reqwest::Error),
}

/// The network's time: the clock's, from the start on, so many times as fast.
#[derive(Clone, Copy, Debug)]
struct Tempo {
    clock: Clock,
    start: DateTime<Utc>,
    pace: i32,
}

impl Tempo {
    fn now(&self) -> DateTime<Utc> {
        self.start + (self.clock.now() - self.start) * self.pace
    }

    /// When the clock shows the network's instant.
    fn on_the_clock(&self, at: DateTime<Utc>) -> DateTime<Utc> {
        self.start + (at - self.start) / self.pace
    }
}

/// What the parts share.
struct Shared {
    network: Mutex<PhoneNetwork>,
    tempo: Tempo,
    account_sid: String,
    auth_token: SecretString,
    /// Wakes the pump: there may be something to do.
    changed: Notify,
    /// Counts the rounds of the pump, for those who wait for something to happen.
    rounds: watch::Sender<u64>,
}

impl Shared {
    /// Never held over an await.
    fn network(&self) -> MutexGuard<'_, PhoneNetwork> {
        self.network.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A running network.
pub struct Simulator {
    shared: Arc<Shared>,
    address: SocketAddr,
    stop: CancellationToken,
    tasks: Vec<JoinHandle<()>>,
}

impl Simulator {
    /// Begins to serve.
    ///
    /// # Errors
    /// [`CannotServe`]: the address is not this machine's own, or cannot be listened on.
    pub async fn start(config: Config) -> Result<Self, CannotServe> {
        if !config.listen.ip().is_loopback() {
            return Err(CannotServe::NotLoopback(config.listen.to_string()));
        }
        let listener = TcpListener::bind(config.listen).await;
        let listener = listener.map_err(|error| CannotServe::Listen(config.listen, error))?;
        let address = listener.local_addr().map_err(|error| CannotServe::Listen(config.listen, error))?;
        let client = pump::client()?;
        let shared = Arc::new(shared(config));
        let stop = CancellationToken::new();
        let api = api::serve(listener, Arc::clone(&shared), stop.clone());
        let pump = pump::run(client, Arc::clone(&shared), stop.clone());
        let tasks = vec![tokio::spawn(api), tokio::spawn(pump)];
        Ok(Self {
            shared,
            address,
            stop,
            tasks,
        })
    }

    /// Where REST is served, such as `http://127.0.0.1:40123`; stands in for `https://api.twilio.com`.
    #[must_use]
    pub fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Somebody dials one of the account's numbers; none for a withheld number. Gives the call's SID.
    ///
    /// # Errors
    /// [`CannotServe::NotLoopback`] if the line's webhooks lead out of this machine.
    pub fn dial_in(&self, from: Option<&str>, to: &str, line: &Line, habit: CallerHabit) -> Result<String, CannotServe> {
        let urls = [Some(&line.voice_url), line.fallback_url.as_ref(), line.status_callback.as_ref()];
        if let Some(url) = urls.into_iter().flatten().find(|url| !leads_to_loopback(url)) {
            return Err(CannotServe::NotLoopback(url.clone()));
        }
        let sid = self.shared.network().dial_in(self.shared.tempo.now(), from, to, line, habit);
        self.shared.changed.notify_one();
        Ok(sid)
    }

    /// Somebody texts one of the account's numbers. Gives the text's SID.
    ///
    /// # Errors
    /// [`CannotServe::NotLoopback`] if the webhook leads out of this machine.
    pub fn text_in(&self, from: &str, to: &str, url: &str, body: &str) -> Result<String, CannotServe> {
        if !leads_to_loopback(url) {
            return Err(CannotServe::NotLoopback(url.to_owned()));
        }
        let sid = self.shared.network().text_in(self.shared.tempo.now(), from, to, url, body);
        self.shared.changed.notify_one();
        Ok(sid)
    }

    /// The same text is told once more, as the carrier does when it did not hear us.
    ///
    /// # Errors
    /// [`CannotServe::NotLoopback`] if the webhook leads out of this machine.
    pub fn text_again(&self, from: &str, to: &str, url: &str, body: &str, sid: &str) -> Result<(), CannotServe> {
        if !leads_to_loopback(url) {
            return Err(CannotServe::NotLoopback(url.to_owned()));
        }
        self.shared.network().text_again(self.shared.tempo.now(), from, to, url, body, sid);
        self.shared.changed.notify_one();
        Ok(())
    }

    /// Somebody presses a key on his phone.
    pub fn presses(&self, sid: &str, key: char) {
        self.shared.network().presses(self.shared.tempo.now(), sid, key);
        self.shared.changed.notify_one();
    }

    /// Puts a phone on the network, or gives its owner another habit for the calls to come.
    pub fn set_habit(&self, number: &str, habit: Habit) {
        self.shared.network().add_person(number, habit);
    }

    /// Looks at the network as it is now.
    pub fn look<T>(&self, look: impl FnOnce(&PhoneNetwork) -> T) -> T {
        look(&self.shared.network())
    }

    /// What a leg has heard so far.
    #[must_use]
    pub fn heard(&self, sid: &str) -> Vec<Heard> {
        self.look(|network| network.heard(sid).to_vec())
    }

    /// Who was together with whom so far.
    #[must_use]
    pub fn talks(&self) -> Vec<Talk> {
        self.look(PhoneNetwork::talks)
    }

    /// What is not finished.
    #[must_use]
    pub fn leftovers(&self) -> Leftovers {
        self.look(PhoneNetwork::leftovers)
    }

    /// Waits until something is so. Without a limit of its own: a test puts one around it.
    pub async fn until(&self, wanted: impl Fn(&PhoneNetwork) -> bool) {
        let mut rounds = self.shared.rounds.subscribe();
        while !self.look(&wanted) {
            // The sender lives as long as `self`.
            let _ = rounds.changed().await;
        }
    }

    /// Ends: the socket is closed, webhooks on their way are dropped.
    pub async fn stop(mut self) {
        self.stop.cancel();
        for task in std::mem::take(&mut self.tasks) {
            if let Err(error) = task.await {
                tracing::error!(%error, "a part of the simulated network broke");
            }
        }
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

fn shared(config: Config) -> Shared {
    let mut network = PhoneNetwork::new(config.seed, &config.account_sid, config.mischief);
    for number in &config.own_numbers {
        network.add_own_number(number);
    }
    for (number, habit) in &config.people {
        network.add_person(number, *habit);
    }
    if let Some(calls) = config.calls_per_second {
        network.limit_calls_per_second(calls);
    }
    let pace = i32::try_from(config.pace.max(1)).unwrap_or(i32::MAX);
    Shared {
        network: Mutex::new(network),
        tempo: Tempo {
            clock: config.clock,
            start: config.clock.now(),
            pace,
        },
        account_sid: config.account_sid,
        auth_token: config.auth_token,
        changed: Notify::new(),
        rounds: watch::Sender::new(0),
    }
}

/// Whether the address is on this machine; `localhost` counts, because the client resolves it by itself.
fn leads_to_loopback(url: &str) -> bool {
    Url::parse(url).is_ok_and(|url| is_loopback(&url))
}

#[cfg(test)]
mod tests;
