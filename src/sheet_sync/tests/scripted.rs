//! Sources that do what the test tells them, and time that passes only when the test says so.

use super::*;
use metrics::{Counter, CounterFn, Gauge, Histogram, Key, KeyName, Metadata, Recorder, SharedString, Unit};
use providers::{Cell, Tab};
use std::cell::RefCell;
use std::io;
use std::sync::Once;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::task::yield_now;

pub(super) const CONTACTS: &str = "Name,Phone\nPriya Nair,+61 491 570 156\nTom Okafor,+61 491 570 157\n";

/// How a source is.
#[derive(Clone, Debug)]
pub(super) enum Mood {
    /// It has this rota, as text.
    Has(String),
    Fails(SourceError),
    Silent,
    Panics,
}

/// A source in a mood, which counts how often it is asked and answers.
pub(super) struct Scripted {
    mood: Mutex<Mood>,
    pub(super) asked: AtomicU64,
    pub(super) asked_for_all: AtomicU64,
    /// Answers that were given, or not waited for any more.
    over: AtomicU64,
}

/// Counts also those that are dropped.
struct Asking<'s>(&'s AtomicU64);

impl Drop for Asking<'_> {
    fn drop(&mut self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

impl Scripted {
    pub(super) fn with(rota: &str) -> Arc<Self> {
        Arc::new(Self {
            mood: Mutex::new(Mood::Has(rota.into())),
            asked: AtomicU64::new(0),
            asked_for_all: AtomicU64::new(0),
            over: AtomicU64::new(0),
        })
    }

    pub(super) fn is_now(&self, mood: Mood) {
        *self.mood.lock().unwrap() = mood;
    }

    pub(super) fn has_now(&self, rota: &str) {
        self.is_now(Mood::Has(rota.into()));
    }

    pub(super) fn asked(&self) -> u64 {
        self.asked.load(Ordering::SeqCst)
    }
}

#[async_trait::async_trait]
impl SheetSource for Scripted {
    fn describe(&self) -> String {
        "scripted".into()
    }

    async fn fetch(&self, since: Option<&Revision>) -> Result<Fetched, SourceError> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        if since.is_none() {
            self.asked_for_all.fetch_add(1, Ordering::SeqCst);
        }
        let _asking = Asking(&self.over);
        let mood = self.mood.lock().unwrap().clone();
        match mood {
            Mood::Has(rota) if since.is_some_and(|since| since.0 == rota) => Ok(Fetched::Unchanged),
            Mood::Has(rota) => Ok(Fetched::Sheet(Box::new(sheet(&rota)))),
            Mood::Fails(fault) => Err(fault),
            Mood::Silent => std::future::pending().await,
            Mood::Panics => panic!("planted"),
        }
    }
}

/// A sheet of a Contacts tab and this rota; its revision is its text.
pub(in crate::sheet_sync) fn sheet(rota: &str) -> Sheet {
    let tab = |name: &str, text: &str| Tab {
        name: name.into(),
        file: None,
        style: AddressStyle::Grid,
        rows: text
            .lines()
            .map(|line| line.split(',').map(|cell| Cell::Text(cell.into())).collect())
            .collect(),
        lines: vec![],
        merges: vec![],
        formatted: vec![],
        link: None,
    };
    Sheet {
        title: "scripted".into(),
        revision: Revision(rota.into()),
        time_zone: None,
        tabs: vec![tab("Contacts", CONTACTS), tab("Rota", rota)],
        remarks: vec![],
        link: None,
    }
}

/// How many pulls have been digested, over all hotlines; the only number that is kept.
#[derive(Default)]
pub(super) struct Digested(AtomicU64);

impl CounterFn for Digested {
    fn increment(&self, value: u64) {
        self.0.fetch_add(value, Ordering::SeqCst);
    }

    fn absolute(&self, value: u64) {
        self.0.store(value, Ordering::SeqCst);
    }
}

pub(super) struct PullsOnly(pub(super) Arc<Digested>);

impl Recorder for PullsOnly {
    fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> Counter {
        if key.name() == crate::metrics::names::ROTA_PULLS {
            return Counter::from_arc(Arc::clone(&self.0));
        }
        Counter::noop()
    }

    fn register_gauge(&self, _: &Key, _: &Metadata<'_>) -> Gauge {
        Gauge::noop()
    }

    fn register_histogram(&self, _: &Key, _: &Metadata<'_>) -> Histogram {
        Histogram::noop()
    }
}

/// Waits for a condition without letting time pass: whoever yields is never idle, and only an idle runtime moves a
/// paused clock.
pub(super) async fn eventually(what: &str, mut is_so: impl FnMut() -> bool) {
    let deadline = Clock::system().now() + TimeDelta::seconds(60);
    while Clock::system().now() < deadline {
        for _ in 0..100 {
            if is_so() {
                return;
            }
            yield_now().await;
        }
    }
    panic!("never came: {what}");
}

/// Sources whose every answer is digested, by so many hotlines each, before the next second.
pub(super) struct Passage {
    pub(super) sources: Vec<Arc<Scripted>>,
    pub(super) hotlines_each: u64,
    pub(super) digested: Arc<Digested>,
}

impl Passage {
    /// Lets time pass, step by step, with all that comes due in it.
    pub(super) async fn pass(&self, store: &Store, steps: u64, step: Duration) {
        for _ in 0..steps {
            tokio::time::advance(step).await;
            breathe(store).await;
            eventually("all that was fetched is digested", || {
                let over: u64 = self.sources.iter().map(|source| source.over.load(Ordering::SeqCst)).sum();
                self.digested.0.load(Ordering::SeqCst) >= over * self.hotlines_each
            })
            .await;
            // The alarm has its own business with the store.
            breathe(store).await;
            breathe(store).await;
        }
    }
}

/// Lets time pass, step by step, and whoever woke up in it do what it has to do with the store.
pub(super) async fn pass(store: &Store, steps: u64, step: Duration) {
    for _ in 0..4 {
        breathe(store).await;
    }
    for _ in 0..steps {
        tokio::time::advance(step).await;
        for _ in 0..4 {
            breathe(store).await;
        }
    }
}

/// Stands in line where the store writes, behind all who wait there, without ever being idle: whoever still waits when
/// time is moved on has waited in vain.
async fn breathe(store: &Store) {
    for _ in 0..20 {
        yield_now().await;
    }
    let is_done = std::sync::atomic::AtomicBool::new(false);
    let ask = async {
        store.healthy().await.unwrap();
        is_done.store(true, Ordering::SeqCst);
    };
    tokio::join!(ask, eventually("the store answers", || is_done.load(Ordering::SeqCst)));
}

thread_local! {
    /// What is logged on this thread, where somebody wants to know.
    static PAGES: RefCell<Option<Vec<u8>>> = const { RefCell::new(None) };
}

/// One log for the whole binary, that each thread keeps for itself: a log of one thread only would not be told what
/// another thread was the first to say.
struct ByThread;

impl io::Write for ByThread {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        PAGES.with_borrow_mut(|pages| pages.iter_mut().for_each(|pages| pages.extend_from_slice(bytes)));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Everything that is logged on this thread, until it is dropped.
pub(super) struct Log;

impl Log {
    pub(super) fn capture() -> Self {
        static LOG: Once = Once::new();
        LOG.call_once(|| {
            let log = tracing_subscriber::fmt()
                .with_writer(|| ByThread)
                .with_ansi(false)
                .with_target(false)
                .without_time()
                .with_env_filter(tracing_subscriber::EnvFilter::new("rotaline=info"))
                .finish();
            tracing::subscriber::set_global_default(log).unwrap();
        });
        PAGES.set(Some(Vec::new()));
        Self
    }

    #[expect(clippy::unused_self, reason = "only who has begun to listen has heard something")]
    pub(super) fn lines(&self) -> Vec<String> {
        let bytes = PAGES.with_borrow(|pages| pages.clone().unwrap_or_default());
        String::from_utf8_lossy(&bytes).lines().map(|line| line.trim().to_owned()).collect()
    }
}

impl Drop for Log {
    fn drop(&mut self) {
        PAGES.set(None);
    }
}
