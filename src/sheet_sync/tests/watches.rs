//! Sources that promise to knock, for a while.

use super::scripted::{Log, eventually, pass};
use super::*;
use providers::{Bell, Watch};
use secrecy::ExposeSecret as _;
use tokio::sync::watch;

const DAY: Duration = Duration::from_secs(86_400);

/// Promises to knock for a day at a time, or fails as it is told; remembers who asked.
struct Knocking {
    name: &'static str,
    faults: Mutex<VecDeque<SourceError>>,
    asked: Mutex<Vec<(Bell, Option<Watch>)>>,
}

impl Knocking {
    fn new(name: &'static str) -> Arc<Self> {
        Arc::new(Self {
            name,
            faults: Mutex::default(),
            asked: Mutex::default(),
        })
    }

    fn asked(&self) -> Vec<(Bell, Option<Watch>)> {
        self.asked.lock().unwrap().clone()
    }
}

#[async_trait::async_trait]
impl SheetSource for Knocking {
    fn describe(&self) -> String {
        self.name.into()
    }

    async fn fetch(&self, _since: Option<&Revision>) -> Result<Fetched, SourceError> {
        Ok(Fetched::Sheet(Box::new(super::scripted::sheet(GOOD))))
    }

    async fn watch(&self, bell: &Bell, before: Option<&Watch>) -> Result<Option<Watch>, SourceError> {
        let mut asked = self.asked.lock().unwrap();
        asked.push((bell.clone(), before.cloned()));
        match self.faults.lock().unwrap().pop_front() {
            Some(fault) => Err(fault),
            None => Ok(Some(Watch {
                names: vec![format!("channel-{}", asked.len())],
                until: bell.now + DAY,
            })),
        }
    }
}

struct Running {
    shutdown: CancellationToken,
    task: tokio::task::JoinHandle<()>,
}

impl Running {
    /// A source that is hardly ever pulled, so that nothing but the watch happens.
    fn start(desk: &Desk, source: &Arc<Knocking>, public_url: &watch::Sender<Option<String>>) -> Self {
        let feed = Feed {
            source: Arc::clone(source) as Arc<dyn SheetSource>,
            interval: 365 * DAY,
            stale_after: 3650 * DAY,
            push: Some(Door::Google),
            ..Desk::feed(LocalFile::new("/nowhere"))
        };
        let sync = SheetSync::new(&desk.store, desk.clock, vec![feed], Pace::default()).reached_at(public_url.subscribe());
        let shutdown = CancellationToken::new();
        Self {
            task: tokio::spawn(sync.run(shutdown.clone())),
            shutdown,
        }
    }

    async fn stop(self) {
        self.shutdown.cancel();
        self.task.await.unwrap();
    }
}

async fn hours(desk: &Desk, hours: u64) {
    pass(&desk.store, hours * 12, Duration::from_secs(300)).await;
}

#[tokio::test]
async fn a_source_is_asked_to_knock_once_we_can_be_reached_and_again_in_time() {
    let desk = Desk::new().await;
    let password = password(&desk.store, &hotline(), Door::Google).await.unwrap();
    tokio::time::pause();
    let source = Knocking::new("rota");
    let public_url = watch::Sender::new(None);
    let running = Running::start(&desk, &source, &public_url);
    hours(&desk, 1).await;
    public_url.send_replace(Some("http://hotline.example".into()));
    hours(&desk, 1).await;
    assert_eq!(source.asked(), [], "neither unknown nor unsafe");
    public_url.send_replace(Some("https://hotline.example/".into()));
    eventually("the source is asked", || source.asked().len() == 1).await;
    let (bell, before) = source.asked().remove(0);
    assert_eq!((bell.address.as_str(), before), ("https://hotline.example/nudge/lab/google", None));
    assert_eq!(bell.password, password.expose_secret());
    hours(&desk, 18).await;
    assert_eq!(source.asked().len(), 1);
    hours(&desk, 3).await;
    eventually("the promise is renewed", || source.asked().len() == 2).await;
    let (again, before) = source.asked().remove(1);
    assert_eq!(before.unwrap().names, ["channel-1"]);
    let life = (again.now - bell.now).num_minutes();
    // 0.76 and 0.84 of 24 hours, and five minutes for the steps of this test.
    assert!((1094..=1215).contains(&life), "{life} minutes");
    running.stop().await;

    // A restart does not ask again before it is time; another source or address does, without the old promise.
    let running = Running::start(&desk, &source, &public_url);
    hours(&desk, 10).await;
    assert_eq!(source.asked().len(), 2);
    public_url.send_replace(Some("https://other.example".into()));
    eventually("the new address is said", || source.asked().len() == 3).await;
    assert_eq!(source.asked()[2].1, None);
    running.stop().await;
    let other = Knocking::new("another rota");
    let running = Running::start(&desk, &other, &public_url);
    eventually("the other source is asked", || other.asked().len() == 1).await;
    assert_eq!(other.asked()[0].1, None);
    running.stop().await;
}

#[tokio::test]
async fn a_source_that_refuses_is_told_once_and_asked_ever_more_rarely() {
    let log = Log::capture();
    let desk = Desk::new().await;
    // Made before time stands still: nobody yields while this waits.
    password(&desk.store, &hotline(), Door::Google).await.unwrap();
    tokio::time::pause();
    let source = Knocking::new("rota");
    let refused = || SourceError::Forbidden("the Drive API is not enabled".into());
    *source.faults.lock().unwrap() = (0..4).map(|_| refused()).collect();
    let public_url = watch::Sender::new(Some("https://hotline.example".into()));
    let running = Running::start(&desk, &source, &public_url);
    let mut steps = 0;
    while source.asked().len() < 5 {
        steps += 1;
        assert!(steps < 10_000, "asked {} times", source.asked().len());
        pass(&desk.store, 1, Duration::from_secs(1)).await;
    }
    let times: Vec<_> = source.asked().into_iter().map(|(bell, _)| bell.now).collect();
    for (pair, minutes) in times.windows(2).zip([1.0, 2.0, 4.0, 8.0]) {
        let wait = (pair[1] - pair[0]).as_seconds_f64() / 60.0;
        // A tenth of chance, and some seconds for the steps of this test.
        assert!((minutes * 0.9..=minutes * 1.1 + 0.1).contains(&wait), "{wait} of {minutes} minutes");
    }
    eventually("the success is logged", || log.lines().len() >= 2).await;
    running.stop().await;
    assert_eq!(
        log.lines(),
        [
            "WARN the rota's source does not promise to knock when the rota changes; it is looked at as often as ever hotline=lab \
             failure=no permission: the Drive API is not enabled",
            "INFO the rota's source knocks again when the rota changes hotline=lab",
        ]
    );
}

#[tokio::test]
async fn sources_that_cannot_knock_are_asked_once() {
    let desk = Desk::new().await;
    let feed = Feed {
        push: Some(Door::Google),
        ..Desk::feed(LocalFile::new(desk.folder.path()))
    };
    let (_, public_url) = watch::channel(Some("https://hotline.example".to_owned()));
    let watcher = Watcher::new(&desk.store, desk.clock, &[&feed], 0).unwrap();
    watcher.run(public_url, CancellationToken::new()).await;
    assert_eq!(desk.store.recall("watch:lab").await.unwrap(), None);
}
