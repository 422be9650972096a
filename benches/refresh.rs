//! From an edit in a Google spreadsheet of 5 000 rows to a rota that calls ring by, against the fake Google on loopback.
//!
//! What the fake itself needs for an answer is subtracted: it stands in the fake's journal. Baselines of the same run: the
//! same answers fetched by a bare HTTP client and taken for any JSON. Without `--bench` a few rounds show that it works.
#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs)]

use chrono::{NaiveDate, TimeDelta};
use fakes::google::{Cell, Google, Route, Spreadsheet, Tab};
use providers::Base;
use providers::google_sheets::{GoogleAccess, GoogleAccount, GoogleSheet, SpreadsheetId};
use rotaline::call::HotlineName;
use rotaline::clock::Clock;
use rotaline::roster::Settings;
use rotaline::sheet_sync::{Door, Feed, Pace, Pulled, SheetSync, password};
use rotaline::store::Store;
use secrecy::ExposeSecret as _;
use std::net::Ipv4Addr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

const SHEET: &str = "1AbCdEfGhIjKlMnOpQrStUvWxYz0123456789_-AbCd";
const ROWS: usize = 5_000;
const ROUNDS: usize = 60;
/// Not counted: the token is fetched, connections are opened.
const WARM_UP: usize = 3;
/// Every tenth time the cells are read although the file is unchanged.
const TRUSTED: usize = 8;
const PUSHES: usize = 15;
/// Of one source, 20 nudges a minute are followed.
const BETWEEN_PUSHES: Duration = Duration::from_secs(4);
/// Nothing takes this long unless it is broken.
const LIMIT: Duration = Duration::from_secs(10);

#[derive(Default)]
struct Figures {
    refreshed: Vec<Duration>,
    probed: Vec<Duration>,
    pushed: Vec<Duration>,
    bare_read: Vec<Duration>,
    bare_probe: Vec<Duration>,
}

struct Bench {
    google: Google,
    store: Store,
    sync: SheetSync,
    http: reqwest::Client,
    figures: Figures,
    round: usize,
}

#[tokio::main]
async fn main() {
    let is_measured = std::env::args().any(|argument| argument == "--bench");
    let (warm_up, rounds) = if is_measured { (WARM_UP, ROUNDS) } else { (1, 2) };
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let mut bench = Bench::set_up(folder.path()).await;
    // At first the cells are read unasked; only the second pull learns the file's version.
    for _ in 0..2 {
        bench.sync.pull_now().await;
    }
    for _ in 0..warm_up {
        bench.round().await;
    }
    bench.figures = Figures::default();
    for _ in 0..rounds {
        bench.round().await;
    }
    bench.pushed(if is_measured { PUSHES } else { 1 }).await;
    bench.figures.print();
}

impl Bench {
    async fn set_up(folder: &Path) -> Self {
        let google = Google::start().await;
        google.put(SHEET, rota());
        google.share(SHEET);
        let base = |url: &str| Base::parse(url).unwrap();
        let access = GoogleAccess {
            key: google.key_json().into(),
            sheets: base(&google.url()),
            drive: base(&google.url()),
            token_uri: None,
            patience: Duration::from_secs(30),
        };
        let account = GoogleAccount::new(access, || Clock::system().now()).unwrap();
        let feed = Feed {
            hotline: hotline(),
            source: Arc::new(GoogleSheet::new(account, SpreadsheetId::parse(SHEET).unwrap())),
            given: Settings::default(),
            interval: Duration::from_secs(60),
            stale_after: Duration::from_secs(900),
            fallback: None,
            push: None,
        };
        let store = Store::open(&folder.join("rotaline.sqlite")).await.unwrap();
        Self {
            google,
            store: store.clone(),
            sync: SheetSync::new(&store, Clock::system(), vec![feed], Pace::default()),
            http: reqwest::Client::builder().no_proxy().build().unwrap(),
            figures: Figures::default(),
            round: 0,
        }
    }

    /// An edit is taken in, then nothing has changed for a while; then the baselines.
    async fn round(&mut self) {
        self.round += 1;
        let name = if self.round.is_multiple_of(2) { "Priya Nair" } else { "Tom Okafor" };
        self.google.edit(SHEET, "Rota", "C2", name);
        self.google.clear_journal();
        let took = self.pull(&Pulled::Taken).await;
        let reads = self.google.requests(Route::Spreadsheet);
        assert_eq!(reads.len(), 1, "one request brings all cells");
        self.figures.refreshed.push(took);
        let read = reads.into_iter().next().unwrap();

        for _ in 0..TRUSTED {
            self.google.clear_journal();
            let took = self.pull(&Pulled::Unchanged).await;
            assert_eq!(self.google.journal().len(), 1, "one request tells that nothing has changed");
            assert!(self.google.requests(Route::Spreadsheet).is_empty(), "and no cell is read");
            self.figures.probed.push(took);
        }
        let probe = self.google.requests(Route::DriveFile).into_iter().next().unwrap();
        let (bare_read, bare_probe) = (self.bare(&read).await, self.bare(&probe).await);
        self.figures.bare_read.push(bare_read);
        self.figures.bare_probe.push(bare_probe);
    }

    /// Edits that are told at once, until calls ring by them.
    async fn pushed(&mut self, times: usize) {
        let nobody = SheetSync::new(&self.store, Clock::system(), Vec::new(), Pace::default());
        let sync = std::mem::replace(&mut self.sync, nobody);
        let doors = sync.doorbell().await.unwrap();
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let door = Door::Anybody.path(&hotline());
        let address = format!("http://{}{door}", listener.local_addr().unwrap());
        let password = password(&self.store, &hotline(), Door::Anybody).await.unwrap();
        tokio::spawn(async move { axum::serve(listener, doors).await.unwrap() });
        let stop = CancellationToken::new();
        let running = tokio::spawn(sync.run(stop.clone()));
        for number in 0..times {
            let name = format!("Stand-in {}", number % 2);
            self.google.edit(SHEET, "Rota", "D2", name.as_str());
            self.google.clear_journal();
            let before = self.revision().await;
            let begun = Clock::monotonic();
            let nudge = self.http.post(&address).bearer_auth(password.expose_secret());
            nudge.send().await.unwrap().error_for_status().unwrap();
            while self.revision().await == before {
                assert!(begun.elapsed() < LIMIT, "an edit is in use soon");
                sleep(Duration::from_micros(200)).await;
            }
            self.figures.pushed.push(begun.elapsed().saturating_sub(self.served()));
            if times > 1 {
                sleep(BETWEEN_PUSHES).await;
            }
        }
        stop.cancel();
        running.await.unwrap();
    }

    async fn revision(&self) -> String {
        self.store.rota(&hotline()).await.unwrap().unwrap().revision.0.clone()
    }

    /// Pulls once, and returns the time without the fake's own.
    async fn pull(&mut self, expected: &Pulled) -> Duration {
        let begun = Clock::monotonic();
        let pulled = self.sync.pull_now().await;
        let took = begun.elapsed();
        assert_eq!(pulled[0].1, *expected);
        took.saturating_sub(self.served())
    }

    /// The same request by a client that knows the answer for JSON and no more, without the fake's own time.
    async fn bare(&self, of: &fakes::journal::Request) -> Duration {
        self.google.clear_journal();
        let url = format!("{}{}?{}", self.google.url(), of.path, of.query);
        let request = self.http.get(url).header("Authorization", of.authorization.as_deref().unwrap());
        let begun = Clock::monotonic();
        let body = request.send().await.unwrap().error_for_status().unwrap().bytes().await.unwrap();
        let json: serde_json::Value = serde_json::from_slice(&body).unwrap();
        let took = begun.elapsed();
        assert!(json.is_object());
        took.saturating_sub(self.served())
    }

    fn served(&self) -> Duration {
        self.google.journal().iter().map(|request| request.took).sum()
    }
}

impl Figures {
    fn print(mut self) {
        let [read, probe] = [&mut self.bare_read, &mut self.bare_probe].map(|of| percentile(of, 50));
        let rows = [
            ("an edit, read and in use", self.refreshed, read),
            ("baseline: all cells fetched, as JSON", self.bare_read, read),
            ("an edit that is told, until in use", self.pushed, read),
            ("nothing has changed", self.probed, probe),
            ("baseline: the file's version fetched", self.bare_probe, probe),
        ];
        println!("{:<40}{:>9}{:>9}{:>12}", "ms beyond the server's own", "p50", "p95", "x baseline");
        for (what, mut of, baseline) in rows {
            let [p50, p95] = [50, 95].map(|percent| percentile(&mut of, percent));
            println!("{what:<40}{p50:>9.2}{p95:>9.2}{:>12.1}", p50 / baseline);
        }
    }
}

/// In ms, by the nearest rank.
fn percentile(durations: &mut [Duration], percent: usize) -> f64 {
    durations.sort_unstable();
    let rank = (durations.len() * percent).div_ceil(100);
    durations[rank - 1].as_secs_f64() * 1000.0
}

fn hotline() -> HotlineName {
    HotlineName("lab".into())
}

/// Eight-hour shifts with three people each, on both sides of today.
fn rota() -> Spreadsheet {
    const PEOPLE: [&str; 4] = ["Priya Nair", "Tom Okafor", "Ana Diaz", "Ben Osei"];
    let first = Clock::system().now().date_naive() - TimeDelta::days(800);
    let mut rota = Tab::new("Rota").row(["From", "Until", "1st", "2nd", "3rd"].map(Cell::text));
    for shift in 0..ROWS {
        let person = |place: usize| Cell::text(PEOPLE[(shift + place) % PEOPLE.len()]);
        let at = |shift: usize| moment(first, shift);
        rota = rota.row([at(shift), at(shift + 1), person(0), person(1), person(2)]);
    }
    let mut contacts = Tab::new("Contacts").row(["Name", "Phone"].map(Cell::text));
    for (number, person) in (156..).zip(PEOPLE) {
        contacts = contacts.row([Cell::text(person), Cell::text(&format!("+61491570{number}"))]);
    }
    Spreadsheet::new("On call").zone("Australia/Melbourne").tab(rota).tab(contacts)
}

fn moment(first: NaiveDate, shift: usize) -> Cell {
    let hours = i64::try_from(shift).unwrap() * 8;
    let at = first.and_hms_opt(6, 0, 0).unwrap() + TimeDelta::hours(hours);
    Cell::date_time(at, "yyyy-mm-dd hh:mm")
}
