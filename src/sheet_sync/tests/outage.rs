//! A day without the source, in every way in which one can fail, with a restart in the middle.

use super::scripted::{Digested, Log, Mood, Passage, PullsOnly, Scripted, eventually, pass};
use super::*;
use crate::notices::{Notifier, Texter, Untold};
use crate::roster::Phone;
use std::path::Path;

/// Writes down what the operator is told.
#[derive(Default)]
struct Told(Mutex<Vec<String>>);

#[async_trait::async_trait]
impl Texter for Told {
    async fn text(&self, _hotline: &HotlineName, _to: &Phone, body: &str) -> Result<(), Untold> {
        self.0.lock().unwrap().push(body.to_owned());
        Ok(())
    }
}

impl Told {
    fn notifier(told: &Arc<Self>) -> Notifier {
        let number = Phone::from_e164("+61491570110").unwrap();
        Notifier::new(None, Some(Arc::clone(told) as Arc<dyn Texter>), vec![number])
    }

    fn so_far(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }
}

struct Process {
    store: Store,
    shutdown: CancellationToken,
    running: tokio::task::JoinHandle<()>,
}

impl Process {
    /// As `rotaline serve` starts: open, pull once, then go on. Time does not stand still while the store is opened.
    async fn start(file: &Path, clock: Clock, source: &Arc<Scripted>, told: &Arc<Told>) -> Self {
        tokio::time::resume();
        let store = Store::open(file).await.unwrap();
        let feed = Feed {
            source: Arc::clone(source) as Arc<dyn SheetSource>,
            ..Desk::feed(LocalFile::new("/nowhere"))
        };
        let mut sync = SheetSync::new(&store, clock, vec![feed], Pace::default()).notifying(Told::notifier(told));
        sync.pull_now().await;
        tokio::time::pause();
        let shutdown = CancellationToken::new();
        let running = tokio::spawn(sync.run(shutdown.clone()));
        Self { store, shutdown, running }
    }

    async fn stop(self) {
        self.shutdown.cancel();
        self.running.await.unwrap();
        self.store.close().await;
    }

    async fn on_call(&self, clock: Clock) -> String {
        let rota = self.store.rota(&hotline()).await.unwrap().expect("the roster is lost");
        match rota.roster.on_call(clock.now()) {
            crate::roster::OnCall::Duty(duty) => duty.levels[0].responders[0].name.clone(),
            crate::roster::OnCall::Gap { .. } => panic!("nobody is on call"),
        }
    }
}

fn ways_to_fail() -> Vec<(Mood, u64)> {
    let fails = Mood::Fails;
    vec![
        (fails(SourceError::Auth("the key has expired".into())), 205),
        (fails(SourceError::Forbidden("not shared with rota@example.org".into())), 205),
        (fails(SourceError::NotFound("no such spreadsheet".into())), 205),
        (
            fails(SourceError::Throttled {
                retry_after: Duration::from_secs(600),
            }),
            205,
        ),
        (fails(SourceError::Transient("503".into())), 205),
        (fails(SourceError::Malformed("HTML where JSON belongs".into())), 205),
        (Mood::Silent, 205),
        // Each panic is written to the terminal with its trace, which takes a while.
        (Mood::Panics, 5),
    ]
}

#[tokio::test]
async fn a_day_of_every_failure_loses_nothing_and_is_told_once() {
    let digested = Arc::new(Digested::default());
    let recorder = PullsOnly(Arc::clone(&digested));
    let _counting = metrics::set_default_local_recorder(&recorder);
    let log = Log::capture();
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("rotaline.sqlite");
    let told = Arc::new(Told::default());
    let source = Scripted::with(GOOD);
    let clock = Clock::anchored_at(ten_past_nine());
    let passage = Passage {
        sources: vec![Arc::clone(&source)],
        hotlines_each: 1,
        digested,
    };
    tokio::time::pause();
    let mut process = Process::start(&file, clock, &source, &told).await;

    let ways = ways_to_fail();
    assert_eq!(ways.iter().map(|(_, minutes)| minutes).sum::<u64>(), 24 * 60);
    for (number, (mood, minutes)) in ways.into_iter().enumerate() {
        if number == 4 {
            process.stop().await;
            source.is_now(mood);
            process = Process::start(&file, clock, &source, &told).await;
        } else {
            source.is_now(mood);
        }
        for _ in 0..minutes {
            passage.pass(&process.store, 12, Duration::from_secs(5)).await;
            assert_eq!(process.on_call(clock).await, "Priya Nair");
        }
    }
    let trouble = process.store.trouble(&hotline()).await.unwrap().unwrap();
    assert!(
        (trouble.since - ten_past_nine()).num_seconds() < 70,
        "since its beginning: {trouble:?}"
    );

    source.has_now(BETTER);
    passage.pass(&process.store, 14, Duration::from_secs(5)).await;
    assert_eq!(process.on_call(clock).await, "Tom Okafor", "within one interval");
    passage.pass(&process.store, 4, Duration::from_secs(5)).await;
    eventually("the operator hears that it is over", || told.so_far().len() == 2).await;
    passage.pass(&process.store, 24, Duration::from_secs(5)).await;
    assert_eq!(process.store.trouble(&hotline()).await.unwrap(), None);
    process.stop().await;

    let told = told.so_far();
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(
        told[0].starts_with("lab: The rota could not be checked for 15 minutes. The rota scripted cannot be refreshed: "),
        "{told:?}"
    );
    assert!(
        told[1].starts_with("lab: The rota is fresh again. It could not be checked from Mon 2 Mar 2026 at 09:1"),
        "{told:?}"
    );
    let failing = "WARN the rota cannot be refreshed; calls ring by the last good copy, if there is one hotline=\"lab\" failure=";
    let expected = [
        "INFO a new version of the rota is in use hotline=\"lab\"".to_owned(),
        format!("{failing}sign-in refused: the key has expired"),
        "ERROR the rota is stale: it could not be checked for longer than its limit hotline=lab".to_owned(),
        format!("{failing}no permission: not shared with rota@example.org"),
        format!("{failing}not found: no such spreadsheet"),
        format!("{failing}asked too often, next try in 600 s"),
        format!("{failing}not readable just now: 503"),
        format!("{failing}not a rota sheet: HTML where JSON belongs"),
        format!("{failing}no answer within 30 s"),
        format!("{failing}not readable just now: reading it broke off by a fault in rotaline; please report that"),
        "INFO a new version of the rota is in use hotline=\"lab\"".to_owned(),
        "INFO the rota is fresh again hotline=lab".to_owned(),
    ];
    assert_eq!(log.lines(), expected);
}

#[tokio::test]
async fn monitors_see_since_when_and_why() {
    let recorder = PrometheusBuilder::new().build_recorder();
    let _counting = metrics::set_default_local_recorder(&recorder);
    let desk = Desk::new().await;
    let source = Scripted::with(GOOD);
    let feed = Feed {
        source: Arc::clone(&source) as Arc<dyn SheetSource>,
        ..Desk::feed(LocalFile::new("/nowhere"))
    };
    let mut sync = SheetSync::new(&desk.store, desk.clock, vec![feed], Pace::default());
    let gauges = [
        "rotaline_rota_trouble{hotline=\"lab\",why=\"auth\"} ",
        "rotaline_rota_trouble{hotline=\"lab\",why=\"held_back\"} ",
        "rotaline_rota_trouble_since_timestamp_seconds{hotline=\"lab\"} ",
        "rotaline_rota_fallback{hotline=\"lab\"} ",
    ];
    // 22:10 on 1 March 2026 in UTC, by `date -d 2026-03-01T22:10Z +%s`.
    let since = "1772403000";
    for (mood, expected) in [
        (Mood::Has(GOOD.into()), ["", "", "0", "0"]),
        (Mood::Fails(SourceError::Auth("expired".into())), ["1", "", since, "0"]),
        (Mood::Has(EMPTY.into()), ["0", "1", since, "0"]),
        (Mood::Has(BETTER.into()), ["0", "0", "0", "0"]),
    ] {
        source.is_now(mood.clone());
        pull(&mut sync).await;
        let shown = recorder.handle().render();
        let value = |gauge: &str| {
            shown
                .lines()
                .find_map(|line| line.strip_prefix(gauge))
                .unwrap_or_default()
                .to_owned()
        };
        assert_eq!(gauges.map(value), expected, "{mood:?}");
    }
}

/// The service was off while the source went away: the first look after the start tells it.
#[tokio::test]
async fn a_rota_that_is_stale_at_the_start_is_told_at_once() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("rotaline.sqlite");
    let told = Arc::new(Told::default());
    let source = Scripted::with(GOOD);
    let clock = Clock::anchored_at(ten_past_nine());
    tokio::time::pause();
    Process::start(&file, clock, &source, &told).await.stop().await;
    tokio::time::advance(Duration::from_secs(3 * 3600)).await;
    source.is_now(Mood::Fails(SourceError::NotFound("gone".into())));
    let process = Process::start(&file, clock, &source, &told).await;
    pass(&process.store, 3, Duration::from_secs(1)).await;
    eventually("the operator is told", || !told.so_far().is_empty()).await;
    process.stop().await;
    let words = &told.so_far()[0];
    assert!(
        words.starts_with("lab: The rota could not be checked for 3 hours. The rota scripted is not found: gone."),
        "{words}"
    );
}
