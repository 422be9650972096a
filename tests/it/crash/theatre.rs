//! One service with its hotlines, the people on their phones and the callers, through many lives of its process.

use super::gateway::{Gateway, Strike, Wrong};
use super::process::{Process, TOKEN, steady_port};
use super::tamper::Tamper;
use crate::stage::write_rota;
use chrono::{DateTime, TimeDelta};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rotaline::clock::Clock;
use rotaline::simulator::server::{Config, Simulator};
use rotaline::simulator::{AtQuestion, AtTone, CallerHabit, Delay, Habit, Line, Mischief};
use rotaline::store::Store;
use rotaline::twilio::address::{BaseUrl, Place};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use url::Url;

const ACCOUNT: &str = "AC00000000000000000000000000000000";
const HOTLINES: usize = 6;
const LEVELS: usize = 3;
/// Telephone time runs so much faster than the service's.
const PACE: u32 = 2;
/// From one caller to the next, in ms, at most.
const BETWEEN_CALLERS: u64 = 1_200;
/// Where nothing meets the strike.
const LONGEST_LIFE: Duration = Duration::from_secs(5);
/// After the last kill everything has come to its end by then.
const AFTERMATH: Duration = Duration::from_secs(330);
/// Where something was lost on purpose there may never be an end.
const AFTER_A_LOSS: Duration = Duration::from_secs(60);
/// Something is lost on purpose after at least so many kills.
const LOSSES: u32 = 3;
/// By then there has been something to lose.
const MOST_LIVES: u32 = 40;
/// Told of every call that nobody accepted.
pub(super) const TOLD: &str = "+61491570700";

/// What keeps what the service keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Keeper {
    Sqlite,
    Postgres,
}

/// What is played.
#[derive(Clone, Copy, Debug)]
pub(super) struct Play {
    pub(super) seed: u64,
    pub(super) keeper: Keeper,
    pub(super) kills: u32,
    pub(super) tamper: Option<Tamper>,
    pub(super) wrong: Option<Wrong>,
}

/// A caller who has dialled.
#[derive(Clone, Debug)]
pub(super) struct Caller {
    pub(super) sid: String,
    pub(super) number: String,
    pub(super) habit: CallerHabit,
}

pub(super) struct Theatre {
    pub(super) play: Play,
    folder: Option<TempDir>,
    /// Its address, where it is none in the folder.
    postgres: Option<Url>,
    pub(super) simulator: Simulator,
    pub(super) gateway: Arc<Gateway>,
    pub(super) process: Arc<Process>,
    pub(super) habits: BTreeMap<String, Habit>,
    pub(super) callers: Vec<Caller>,
    line: Line,
    rng: ChaCha8Rng,
    tasks: [JoinHandle<()>; 2],
    /// How long each start took until the service listened.
    pub(super) starts: Vec<Duration>,
    /// How many callers were on the line at each kill.
    pub(super) in_flight: Vec<usize>,
    /// After so many kills something was lost on purpose.
    losses: u32,
    /// What was to happen in each life, for a person who reads a failed run.
    pub(super) lives: Vec<String>,
}

/// What the service has kept.
pub(super) fn database(folder: &Path) -> PathBuf {
    folder.join("rotaline.sqlite")
}

pub(super) fn hotline_number(n: usize) -> String {
    format!("+6125550{n:04}")
}

fn responder_number(hotline: usize, level: usize) -> String {
    format!("+614915{hotline:02}{level:03}")
}

impl Theatre {
    pub(super) async fn new(play: Play) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(play.seed ^ 0x00c4_a540);
        let folder = tempfile::tempdir().unwrap();
        let habits = people(&mut rng);
        let webhooks = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let orders = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let public = format!("http://{}", webhooks.local_addr().unwrap());
        let service: SocketAddr = format!("127.0.0.1:{}", steady_port()).parse().unwrap();
        let postgres = (play.keeper == Keeper::Postgres).then(|| fakes::Postgres::shared().database());
        let keeps = match &postgres {
            Some(url) => format!("url = \"{url}\""),
            None => "path = \"rotaline.sqlite\"".to_owned(),
        };
        write_files(folder.path(), service, &public, orders.local_addr().unwrap(), &keeps);

        let mut config = Config::new(ACCOUNT, TOKEN.into());
        config.seed = play.seed;
        config.pace = PACE;
        config.own_numbers = (0..HOTLINES).map(hotline_number).collect();
        config.people = habits.iter().map(|(number, habit)| (number.clone(), *habit)).collect();
        config.mischief = mischief(play.seed);
        let simulator = Simulator::start(config).await.unwrap();
        let network = simulator.base_url().strip_prefix("http://").unwrap().parse().unwrap();
        let process = Arc::new(Process::new(folder.path(), service));
        let gateway = Gateway::new(Arc::clone(&process), network, play.wrong);
        let tasks = gateway.serve(webhooks, orders);
        let base = BaseUrl::parse(&public).unwrap();
        let line = Line {
            status_callback: Some(base.to_insistently(Place::LineStatus)),
            fallback_url: Some(base.to_insistently(Place::Fallback(0))),
            ..Line::to(&base.to_insistently(Place::Voice))
        };
        Self {
            play,
            folder: Some(folder),
            postgres: postgres.map(|url| url.parse().unwrap()),
            simulator,
            gateway,
            process,
            habits,
            callers: Vec::new(),
            line,
            rng,
            tasks,
            starts: Vec::new(),
            in_flight: Vec::new(),
            losses: 0,
            lives: Vec::new(),
        }
    }

    fn folder(&self) -> &Path {
        self.folder.as_ref().unwrap().path()
    }

    pub(super) async fn store(&self) -> Store {
        match &self.postgres {
            Some(url) => Store::open_postgres(url, None).await.unwrap(),
            None => Store::open(&database(self.folder())).await.unwrap(),
        }
    }

    /// All lives, then one in which nothing is killed until everything has come to its end.
    pub(super) async fn run(&mut self) {
        while self.has_more_lives() {
            let strike = self.draw_strike();
            let begun = self.gateway.acknowledged().len();
            self.live(strike).await;
            let webhooks = self.gateway.acknowledged().len() - begun;
            let on_the_line = self.on_the_line();
            self.in_flight.push(on_the_line);
            self.lives
                .push(format!("{strike:?} after {webhooks} webhooks, {on_the_line} callers on the line"));
            let down = self.rng.random_range(0..500);
            self.traffic_for(Duration::from_millis(down)).await;
            if let Some(tamper) = self.play.tamper {
                self.losses += u32::from(tamper.with(&database(self.folder())).await > 0);
            }
        }
        self.gateway.prepare(None);
        self.process.start();
        self.process.listens().await;
        self.aftermath().await;
    }

    /// Where something is to be lost on purpose, until there was something to lose.
    fn has_more_lives(&self) -> bool {
        let kills = self.process.kills.load(Ordering::SeqCst);
        let wants_losses = self.play.tamper.is_some() && self.losses < LOSSES;
        kills < self.play.kills || wants_losses && kills < MOST_LIVES
    }

    fn on_the_line(&self) -> usize {
        let is_there = |caller: &&Caller| self.simulator.look(|network| network.ended_at(&caller.sid).is_none());
        self.callers.iter().filter(is_there).count()
    }

    async fn live(&mut self, strike: Strike) {
        self.gateway.prepare(Some(strike));
        self.process.start();
        let process = Arc::clone(&self.process);
        let (said, listens) = oneshot::channel();
        let listening = tokio::spawn(async move {
            let took = process.listens().await;
            let _ = said.send(());
            took
        });
        let process = Arc::clone(&self.process);
        tokio::select! {
            () = process.is_killed() => {}
            () = self.live_on(strike, listens) => {
                self.process.kill();
                // Once in each life, whoever has killed it: a kill left over would count for the next one.
                self.process.is_killed().await;
            }
        }
        self.starts.extend(listening.await.unwrap());
    }

    /// Until the end that the strike sets, or the longest time in which nothing has met it.
    async fn live_on(&mut self, strike: Strike, listens: oneshot::Receiver<()>) {
        if let Strike::Starting(time) = strike {
            self.somebody_calls();
            return tokio::time::sleep(time).await;
        }
        let longest = match strike {
            Strike::Starting(time) | Strike::After(time) => time,
            Strike::OrderCut { .. }
            | Strike::OrderTaken { .. }
            | Strike::OrderAnswered { .. }
            | Strike::WebhookBrought { .. }
            | Strike::WebhookAnswered { .. }
            | Strike::WebhookAcknowledged { .. } => LONGEST_LIFE,
        };
        self.somebody_calls();
        let _ = listens.await;
        self.traffic_for(longest).await;
    }

    /// People call.
    async fn traffic_for(&mut self, time: Duration) {
        let end = Clock::monotonic() + time;
        loop {
            let pause = Duration::from_millis(self.rng.random_range(50..BETWEEN_CALLERS));
            let left = end.saturating_duration_since(Clock::monotonic());
            tokio::time::sleep(pause.min(left)).await;
            if Clock::monotonic() >= end {
                return;
            }
            self.somebody_calls();
        }
    }

    fn somebody_calls(&mut self) {
        let number = format!("+6149{:07}", 2_000_000 + self.callers.len());
        let habit = caller(&mut self.rng);
        let to = hotline_number(self.rng.random_range(0..HOTLINES));
        let sid = self.simulator.dial_in(Some(&number), &to, &self.line, habit).unwrap();
        self.callers.push(Caller { sid, number, habit });
    }

    async fn aftermath(&self) {
        let done = async {
            self.simulator.until(|network| network.leftovers().is_empty()).await;
            let store = self.store().await;
            while !is_idle(&store).await {
                tokio::time::sleep(Duration::from_millis(500)).await;
            }
        };
        // Whoever is left over then is told of by what was promised.
        let is_honest = self.play.tamper.is_none() && self.play.wrong.is_none();
        let patience = if is_honest { AFTERMATH } else { AFTER_A_LOSS };
        let _ = tokio::time::timeout(patience, done).await;
        // What is done in the last instant may still be on its way to the disk.
        tokio::time::sleep(Duration::from_millis(300)).await;
        self.process.kill();
    }

    /// Leaves the folder on the disk, for a person who looks into what went wrong.
    pub(super) fn keep(&mut self) -> PathBuf {
        self.folder.take().unwrap().keep()
    }

    fn draw_strike(&mut self) -> Strike {
        let rng = &mut self.rng;
        // Soon after a start, when all that waited comes at once, or later, when calls are in the middle.
        let nth = if rng.random_bool(0.5) {
            rng.random_range(1..=8)
        } else {
            rng.random_range(9..=40)
        };
        let micros = [0, 200, 1_000, 5_000, 20_000][rng.random_range(0..5)];
        match rng.random_range(0..10) {
            0 => Strike::Starting(Duration::from_millis(rng.random_range(0..1_500))),
            1 => Strike::After(Duration::from_millis(rng.random_range(0..2_500))),
            2 => Strike::OrderCut {
                nth,
                bytes: rng.random_range(0..900),
            },
            3 | 4 => Strike::OrderTaken { nth },
            5 => Strike::OrderAnswered { nth, micros },
            6 => Strike::WebhookBrought { nth, micros },
            7 => Strike::WebhookAnswered { nth },
            _ => Strike::WebhookAcknowledged { nth, micros },
        }
    }
}

impl Drop for Theatre {
    fn drop(&mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}

/// Nothing is to be done, and no call lives.
async fn is_idle(store: &Store) -> bool {
    let later = Clock::system().now() + TimeDelta::days(1);
    let is_done = store.pending(later).await.is_ok_and(|pending| pending.all == 0);
    is_done && store.next_deadline(DateTime::UNIX_EPOCH).await == Ok(None)
}

/// Every other network is kind.
fn mischief(seed: u64) -> Mischief {
    if seed.is_multiple_of(2) {
        return Mischief::none();
    }
    Mischief {
        late: 0.2,
        latest_ms: 4_000,
        repeat: 0.2,
        lost_after: 0.02,
        broken_after: 0.02,
        throttle: 0.02,
        list_lag_ms: 1_500,
        ..Mischief::none()
    }
}

fn people(rng: &mut ChaCha8Rng) -> BTreeMap<String, Habit> {
    let numbers = (0..HOTLINES).flat_map(|hotline| (0..=LEVELS).map(move |level| responder_number(hotline, level)));
    numbers.map(|number| (number, responder(rng))).collect()
}

fn responder(rng: &mut ChaCha8Rng) -> Habit {
    let after = Delay::between(500, 6_000);
    let talk = rng.random_bool(0.5).then_some(Delay::between(12_000, 24_000));
    match rng.random_range(0..12) {
        0..=3 => Habit::AcceptsAtOnce { after, talk },
        4 | 5 => Habit::Accepts { after, talk },
        6 => Habit::Ignores,
        7 => Habit::Busy,
        8 => Habit::Voicemail {
            after,
            greeting: Delay::between(3_000, 8_000),
        },
        9 => Habit::Declines { after },
        10 => Habit::Rejects { after },
        _ => Habit::HangsUp {
            after,
            listens: Delay::between(500, 5_000),
        },
    }
}

fn caller(rng: &mut ChaCha8Rng) -> CallerHabit {
    let sometimes = |rng: &mut ChaCha8Rng, often: f64, delay: Delay| rng.random_bool(often).then_some(delay);
    CallerHabit {
        patience: sometimes(rng, 0.15, Delay::between(2_000, 60_000)),
        star: sometimes(rng, 0.1, Delay::between(3_000, 30_000)),
        talk: Some(Delay::between(10_000, 24_000)),
        question: [AtQuestion::Silent, AtQuestion::PressesOnce('1'), AtQuestion::HangsUp][rng.random_range(0..3)],
        tone: [AtTone::SpeaksThenHash(5), AtTone::Speaks(4), AtTone::HangsUp][rng.random_range(0..3)],
        ..CallerHabit::default()
    }
}

fn write_files(folder: &Path, service: SocketAddr, public: &str, orders: SocketAddr, keeps: &str) {
    let mut config = format!(
        "[server]\nlisten = \"{service}\"\nadmin_listen = \"127.0.0.1:{}\"\npublic_url = \"{public}\"\n\
         [store]\n{keeps}\n\
         [twilio]\naccount_sid = \"{ACCOUNT}\"\napi_base = \"http://{orders}\"\ncalls_per_second = 100\n",
        steady_port()
    );
    for hotline in 0..HOTLINES {
        let name = format!("line-{hotline}");
        write!(
            config,
            "[[hotline]]\nname = \"{name}\"\nnumbers = [\"{}\"]\nrota = {{ file = \"{name}\" }}\nring_seconds = 6\nrounds = 1\n\
             accept_seconds = 12\nmax_wait_seconds = 60\nmax_talk_seconds = 60\nmax_message_seconds = 20\nlast_resort = \"{}\"\ntell = [\"{TOLD}\"]\n",
            hotline_number(hotline),
            responder_number(hotline, LEVELS)
        )
        .unwrap();
        write_rota(&folder.join(&name), hotline, responder_number);
    }
    fs::write(folder.join("rotaline.toml"), config).unwrap();
}
