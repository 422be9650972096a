//! A PostgreSQL of a test's own: the real server, in a folder that goes away with the test's process.

use crate::clock::stopwatch;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Duration;

/// How long a start may take on a machine that has a lot to do.
const PATIENCE: Duration = Duration::from_secs(120);

/// Where Debian's package puts the programs that are not for everybody.
const DEBIANS: &str = "/usr/lib/postgresql";

/// Waits for its own input to end, which it does with the process that holds the other end, however that one dies; then the
/// server is gone, too, and its folder. `$1` is the folder, `$2` that of the programs.
const KEEPER: &str = r#"
"$2/initdb" --pgdata "$1/data" --username rotaline --auth trust --encoding UTF8 --locale C.UTF-8 --no-sync > "$1/initdb.log" 2>&1 || exit 1
start() {
    "$2/postgres" -D "$1/data" -k "$1" -c listen_addresses= -c fsync=off -c synchronous_commit=off -c full_page_writes=off \
        -c max_connections=400 -c shared_buffers=32MB -c log_min_messages=warning >> "$1/server.log" 2>&1 < /dev/null &
    server=$!
}
start "$1" "$2"
while read -r word; do
    kill -INT "$server"; wait "$server"
    case "$word" in
        restart) start "$1" "$2" ;;
        stop) : ;;
        start) start "$1" "$2" ;;
    esac
done
kill -QUIT "$server"; wait "$server"
rm -rf "$1"
"#;

/// A server that lives as long as this handle or the process, whichever ends first.
#[derive(Debug)]
pub struct Postgres {
    folder: PathBuf,
    programs: PathBuf,
    keeper: Mutex<Child>,
    databases: AtomicU32,
}

impl Postgres {
    /// The server that all tests of a process share.
    ///
    /// # Panics
    /// As [`Postgres::start`].
    pub fn shared() -> &'static Self {
        static SHARED: OnceLock<Postgres> = OnceLock::new();
        SHARED.get_or_init(Self::start)
    }

    /// Starts a server that nobody else uses, so that it may be stopped in the middle.
    ///
    /// # Panics
    /// Where PostgreSQL is not installed or does not start.
    #[must_use]
    pub fn start() -> Self {
        static STARTED: AtomicU32 = AtomicU32::new(0);
        let programs = programs().expect("PostgreSQL is missing: run `apt-get install postgresql` as root, then run the tests again");
        let nth = STARTED.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("rotaline-pg-{}-{nth}", std::process::id()));
        std::fs::create_dir(&folder).expect("a folder for PostgreSQL");
        let mut keeper = if id("-u") == "0" {
            // PostgreSQL does not run as root.
            let owned = Command::new("chown").arg("postgres").arg(&folder).status();
            assert!(owned.expect("chown").success(), "there is no user postgres to run the server as");
            let mut keeper = Command::new("setpriv");
            keeper.args(["--reuid=postgres", "--regid=postgres", "--clear-groups", "sh"]);
            keeper
        } else {
            Command::new("sh")
        };
        let keeper = keeper
            .args(["-c", KEEPER, "keeper"])
            .arg(&folder)
            .arg(&programs)
            .current_dir(&folder);
        let keeper = keeper.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        let server = Self {
            folder,
            programs,
            keeper: Mutex::new(keeper.expect("a shell to run PostgreSQL in")),
            databases: AtomicU32::new(0),
        };
        server.wait_until_it_answers();
        server
    }

    /// The address of an empty database that nobody else uses.
    ///
    /// # Panics
    /// Where the server does not make one.
    #[must_use]
    pub fn database(&self) -> String {
        let name = format!("test_{}", self.databases.fetch_add(1, Ordering::Relaxed));
        self.psql("postgres", &format!("CREATE DATABASE {name}"));
        format!("postgres://rotaline@localhost/{name}?host={}", self.folder.display())
    }

    /// The socket at which it answers.
    #[must_use]
    pub fn socket(&self) -> PathBuf {
        self.folder.join(".s.PGSQL.5432")
    }

    /// Runs a statement in one of its databases, as an operator would; what it prints.
    ///
    /// # Panics
    /// Where the server refuses it.
    pub fn psql(&self, database: &str, statement: &str) -> String {
        let mut psql = Command::new(self.programs.join("psql"));
        psql.args([
            "-X",
            "-q",
            "-t",
            "-A",
            "-v",
            "ON_ERROR_STOP=1",
            "-U",
            "rotaline",
            "-d",
            database,
            "-c",
            statement,
        ]);
        let done = psql.arg("-h").arg(&self.folder).output().expect("psql");
        assert!(done.status.success(), "{statement}: {}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8_lossy(&done.stdout).trim().to_owned()
    }

    /// Ends all connections, stops the server and starts it again.
    ///
    /// # Panics
    /// Where it does not come back.
    pub fn restart(&self) {
        let before = self.started_at();
        self.tell("restart");
        let deadline = stopwatch() + PATIENCE;
        while self.started_at() == before || !self.answers() {
            assert!(stopwatch() < deadline, "PostgreSQL does not come back");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    fn started_at(&self) -> Option<String> {
        std::fs::read_to_string(self.folder.join("data/postmaster.pid")).ok()
    }

    fn tell(&self, word: &str) {
        let mut keeper = self.keeper.lock().unwrap_or_else(PoisonError::into_inner);
        let input = keeper.stdin.as_mut().expect("the keeper listens");
        writeln!(input, "{word}").expect("the keeper lives");
    }

    fn wait_until_it_answers(&self) {
        let deadline = stopwatch() + PATIENCE;
        while !self.answers() {
            let ended = self.keeper.lock().unwrap_or_else(PoisonError::into_inner).try_wait();
            let is_hopeless = stopwatch() > deadline || !matches!(ended, Ok(None));
            assert!(!is_hopeless, "PostgreSQL does not start: {}", self.said());
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    fn answers(&self) -> bool {
        let mut ready = Command::new(self.programs.join("pg_isready"));
        let asked = ready
            .arg("-q")
            .arg("-h")
            .arg(&self.folder)
            .args(["-U", "rotaline", "-d", "postgres"])
            .status();
        asked.is_ok_and(|answer| answer.success())
    }

    fn said(&self) -> String {
        let logs = ["initdb.log", "server.log"].map(|log| std::fs::read_to_string(self.folder.join(log)).unwrap_or_default());
        logs.concat()
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        let mut keeper = self.keeper.lock().unwrap_or_else(PoisonError::into_inner);
        drop(keeper.stdin.take());
        let _ended = keeper.wait();
    }
}

/// Where `initdb` and `postgres` are: on the path, or the newest of Debian's.
fn programs() -> Option<PathBuf> {
    let of_debian = std::fs::read_dir(DEBIANS)
        .into_iter()
        .flatten()
        .flatten()
        .map(|version| version.path());
    let mut of_debian: Vec<PathBuf> = of_debian.map(|version| version.join("bin")).collect();
    of_debian.sort_by_key(|folder| {
        folder
            .parent()
            .and_then(Path::file_name)
            .and_then(|name| name.to_str()?.parse::<u32>().ok())
    });
    let path = std::env::var_os("PATH").unwrap_or_default();
    let on_the_path = std::env::split_paths(&path).collect::<Vec<_>>();
    let has_all = |folder: &PathBuf| {
        ["initdb", "postgres", "psql", "pg_isready"]
            .iter()
            .all(|program| folder.join(program).exists())
    };
    of_debian.into_iter().rev().chain(on_the_path).find(has_all)
}

fn id(what: &str) -> String {
    let told = Command::new("id").arg(what).output();
    told.map(|told| String::from_utf8_lossy(&told.stdout).trim().to_owned())
        .unwrap_or_default()
}
