//! The service as a child, which is killed and started again on the same database.

use rotaline::clock::Clock;
use std::fs::{self, File};
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU16, AtomicU32, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::Instant;

pub(super) const TOKEN: &str = "0123456789abcdef0123456789abcdef";

/// A service is listening by then, on any machine.
const START: Duration = Duration::from_secs(60);

pub(super) struct Process {
    folder: PathBuf,
    address: SocketAddr,
    child: Mutex<Option<Child>>,
    pub(super) kills: AtomicU32,
    killed: Notify,
    away: Mutex<Away>,
}

/// When nothing was listening.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Away {
    since: Option<Instant>,
    pub(super) altogether: Duration,
    pub(super) longest: Duration,
}

/// A port that the machine gives to nobody by itself, so that it is still free after a restart.
pub(super) fn steady_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let begin = 12_000 + u16::try_from(std::process::id() % 1_000).unwrap() * 16;
    loop {
        let port = begin + NEXT.fetch_add(1, Ordering::SeqCst) % 4_000;
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}

impl Process {
    pub(super) fn new(folder: &Path, address: SocketAddr) -> Self {
        Self {
            folder: folder.to_owned(),
            address,
            child: Mutex::default(),
            kills: AtomicU32::new(0),
            killed: Notify::new(),
            away: Mutex::default(),
        }
    }

    fn away_now(&self) -> MutexGuard<'_, Away> {
        self.away.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// When nothing was listening, since the first time that something did.
    pub(super) fn away(&self) -> Away {
        *self.away_now()
    }

    fn is_there(&self) {
        let mut away = self.away_now();
        if let Some(since) = away.since.take() {
            away.altogether += since.elapsed();
            away.longest = away.longest.max(since.elapsed());
        }
    }

    pub(super) const fn address(&self) -> SocketAddr {
        self.address
    }

    fn child(&self) -> MutexGuard<'_, Option<Child>> {
        self.child.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn start(&self) {
        let log = |name: &str| File::options().create(true).append(true).open(self.folder.join(name)).unwrap();
        let child = Command::new(env!("CARGO_BIN_EXE_rotaline"))
            .args(["--log", "info", "serve"])
            .current_dir(&self.folder)
            .env_remove("ROTALINE_CONFIG")
            .env("ROTALINE_TWILIO_AUTH_TOKEN", TOKEN)
            .stdout(log("out.log"))
            .stderr(log("err.log"))
            .stdin(Stdio::null())
            .spawn()
            .unwrap();
        let former = self.child().replace(child);
        assert!(former.is_none(), "the one before lives on");
    }

    /// Waits until it listens; how long that took.
    pub(super) async fn listens(&self) -> Option<Duration> {
        let begun = Clock::monotonic();
        while begun.elapsed() < START {
            if tokio::net::TcpStream::connect(self.address).await.is_ok() {
                self.is_there();
                return Some(begun.elapsed());
            }
            let ended = self.child().as_mut().map(|child| child.try_wait().unwrap());
            match ended {
                Some(None) => {}
                // Somebody else has killed it meanwhile.
                None => return None,
                Some(Some(status)) => panic!("the service ended by itself with {status}:\n{}", self.log()),
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        panic!("the service does not listen:\n{}", self.log());
    }

    /// `kill -9`, whatever it is doing. False where it is dead already.
    pub(super) fn kill(&self) -> bool {
        let Some(mut child) = self.child().take() else {
            return false;
        };
        child.kill().unwrap();
        child.wait().unwrap();
        self.away_now().since.get_or_insert_with(Clock::monotonic);
        self.kills.fetch_add(1, Ordering::SeqCst);
        self.killed.notify_one();
        true
    }

    /// Waits for the next kill.
    pub(super) async fn is_killed(&self) {
        self.killed.notified().await;
    }

    pub(super) fn log(&self) -> String {
        let log = fs::read_to_string(self.folder.join("err.log")).unwrap_or_default();
        let lines: Vec<&str> = log.lines().collect();
        lines[lines.len().saturating_sub(60)..].join("\n")
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}
