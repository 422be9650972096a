//! Three real processes on one PostgreSQL, with what stands before them and the telephone network behind them.

use super::Front;
use super::orders::Orders;
use crate::stage::write_rota;
use fakes::Postgres;
use rotaline::clock::Clock;
use rotaline::simulator::server::{Config, Simulator};
use rotaline::simulator::{CallerHabit, Habit, Line};
use rotaline::store::Store;
use rotaline::twilio::address::{BaseUrl, Place};
use std::fmt::Write as _;
use std::fs::{self, File};
use std::net::{SocketAddr, TcpListener};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU16, AtomicUsize, Ordering};
use std::time::Duration;
use tempfile::TempDir;

pub(super) const ACCOUNT: &str = "AC00000000000000000000000000000000";
const TOKEN: &str = "0123456789abcdef0123456789abcdef";
pub(super) const PROCESSES: usize = 3;
pub(super) const LEVELS: usize = 3;
/// Telephone time runs so much faster than the service's.
const PACE: u32 = 2;
/// On any machine a process listens by then.
const START: Duration = Duration::from_secs(90);

/// What is served.
pub(super) struct Served {
    pub(super) hotlines: usize,
    pub(super) ring_seconds: u32,
    pub(super) habit: fn(usize, usize) -> Habit,
}

pub(super) struct Processes {
    folder: TempDir,
    pub(super) server: Postgres,
    database: String,
    children: [Option<Child>; PROCESSES],
    addresses: Vec<SocketAddr>,
    pub(super) front: Front,
    pub(super) orders: Orders,
    pub(super) simulator: Simulator,
    line: Line,
    callers: AtomicUsize,
}

/// A port that the machine gives to nobody by itself, so that it is still free after a restart.
fn steady_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let begin = 7_000 + u16::try_from(std::process::id() % 400).unwrap() * 12;
    loop {
        let port = begin + NEXT.fetch_add(1, Ordering::SeqCst) % 4_000;
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}

pub(super) fn hotline_number(n: usize) -> String {
    format!("+6125551{n:04}")
}

pub(super) fn responder_number(hotline: usize, level: usize) -> String {
    format!("+614916{hotline:02}{level:03}")
}

impl Processes {
    pub(super) async fn start(served: Served) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let server = Postgres::start();
        let database = server.database();
        let (front, public) = Front::open().await;
        let mut config = Config::new(ACCOUNT, TOKEN.into());
        config.pace = PACE;
        config.own_numbers = (0..served.hotlines).map(hotline_number).collect();
        let people = (0..served.hotlines).flat_map(|hotline| (0..=LEVELS).map(move |level| (hotline, level)));
        config.people = people
            .map(|(hotline, level)| (responder_number(hotline, level), (served.habit)(hotline, level)))
            .collect();
        let simulator = Simulator::start(config).await.unwrap();
        let (orders, api) = Orders::open(simulator.base_url()).await;
        let base = BaseUrl::parse(&public).unwrap();
        let line = Line {
            status_callback: Some(base.to_insistently(Place::LineStatus)),
            ..Line::to(&base.to_insistently(Place::Voice))
        };
        let mut processes = Self {
            addresses: (0..PROCESSES)
                .map(|_| format!("127.0.0.1:{}", steady_port()).parse().unwrap())
                .collect(),
            folder,
            server,
            database,
            children: Default::default(),
            front,
            orders,
            simulator,
            line,
            callers: AtomicUsize::new(0),
        };
        for n in 0..PROCESSES {
            processes.write_files(n, &served, &public, &api);
            processes.begin(n);
        }
        for n in 0..PROCESSES {
            processes.listens(n).await;
        }
        processes.front.leads_to(&processes.addresses);
        processes
    }

    pub(super) fn only(&self, doors: &[usize]) {
        let doors: Vec<SocketAddr> = doors.iter().map(|n| self.addresses[*n]).collect();
        self.front.leads_to(&doors);
    }

    pub(super) fn begin(&mut self, n: usize) {
        let home = self.home(n);
        let log = |name: &str| File::options().create(true).append(true).open(home.join(name)).unwrap();
        let child = Command::new(env!("CARGO_BIN_EXE_rotaline"))
            .args(["--log", "info", "serve"])
            .current_dir(&home)
            .env_remove("ROTALINE_CONFIG")
            .env("ROTALINE_TWILIO_AUTH_TOKEN", TOKEN)
            .stdout(log("out.log"))
            .stderr(log("err.log"))
            .stdin(Stdio::null())
            .spawn();
        self.children[n] = Some(child.unwrap());
    }

    pub(super) async fn listens(&mut self, n: usize) {
        let begun = Clock::monotonic();
        while tokio::net::TcpStream::connect(self.addresses[n]).await.is_err() {
            let ended = self.children[n].as_mut().unwrap().try_wait().unwrap();
            assert!(
                ended.is_none() && begun.elapsed() < START,
                "process {n}: {ended:?}\n{}",
                self.log(n)
            );
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// `kill -9`, whatever it is doing.
    pub(super) fn kill(&mut self, n: usize) {
        let mut child = self.children[n].take().unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
    }

    /// Stops it where it is, or lets it go on: `STOP`, `CONT`.
    pub(super) fn signal(&self, n: usize, signal: &str) {
        let id = self.children[n].as_ref().unwrap().id();
        let sent = Command::new("sh").arg("-c").arg(format!("kill -{signal} {id}")).status().unwrap();
        assert!(sent.success());
    }

    /// Somebody calls; the carrier's name of his line.
    pub(super) fn somebody_calls(&self, hotline: usize, habit: CallerHabit) -> String {
        let number = format!("+6149{:07}", 3_000_000 + self.callers.fetch_add(1, Ordering::SeqCst));
        self.simulator
            .dial_in(Some(&number), &hotline_number(hotline), &self.line, habit)
            .unwrap()
    }

    pub(super) async fn store(&self) -> Store {
        Store::open_postgres(&self.database.parse().unwrap(), None).await.unwrap()
    }

    fn home(&self, n: usize) -> std::path::PathBuf {
        self.folder.path().join(format!("process-{n}"))
    }

    pub(super) fn log(&self, n: usize) -> String {
        let log = fs::read_to_string(self.home(n).join("err.log")).unwrap_or_default();
        let lines: Vec<&str> = log.lines().collect();
        lines[lines.len().saturating_sub(40)..].join("\n")
    }

    fn write_files(&self, n: usize, served: &Served, public: &str, api: &str) {
        let home = self.home(n);
        fs::create_dir(&home).unwrap();
        let mut config = format!(
            "[server]\nlisten = \"{}\"\nadmin_listen = \"127.0.0.1:{}\"\npublic_url = \"{public}\"\n\
             [store]\nurl = \"{}\"\n\
             [twilio]\naccount_sid = \"{ACCOUNT}\"\napi_base = \"{api}\"\ncalls_per_second = 100\n",
            self.addresses[n],
            steady_port(),
            self.database,
        );
        for hotline in 0..served.hotlines {
            write!(
                config,
                "[[hotline]]\nname = \"line-{hotline}\"\nnumbers = [\"{}\"]\nrota = {{ file = \"line-{hotline}\" }}\n\
                 ring_seconds = {}\nrounds = 1\naccept_seconds = 12\nmax_wait_seconds = 90\nmax_talk_seconds = 60\n\
                 max_message_seconds = 20\nlast_resort = \"{}\"\n",
                hotline_number(hotline),
                served.ring_seconds,
                responder_number(hotline, LEVELS)
            )
            .unwrap();
            write_rota(&home.join(format!("line-{hotline}")), hotline, responder_number);
        }
        fs::write(home.join("rotaline.toml"), config).unwrap();
    }
}

impl Drop for Processes {
    fn drop(&mut self) {
        for mut child in self.children.iter_mut().filter_map(Option::take) {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}
