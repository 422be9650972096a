//! Several hotlines on one source cost one read.

use super::scripted::{Digested, Mood, Passage, PullsOnly, Scripted};
use super::*;
use crate::store::tests::Home;
use std::sync::atomic::Ordering;

fn feed(name: &str, source: &Arc<Scripted>, interval: u64) -> Feed {
    Feed {
        hotline: HotlineName(name.into()),
        source: Arc::clone(source) as Arc<dyn SheetSource>,
        interval: Duration::from_secs(interval),
        ..Desk::feed(LocalFile::new("/nowhere"))
    }
}

#[tokio::test]
async fn hotlines_of_one_source_are_served_by_one_question() {
    let desk = Desk::new().await;
    let (shared, own) = (Scripted::with(GOOD), Scripted::with(BETTER));
    let feeds = vec![feed("lab", &shared, 60), feed("own", &own, 60), feed("ward", &shared, 60)];
    let mut sync = SheetSync::new(&desk.store, desk.clock, feeds, Pace::default());
    let mut pulled = sync.pull_now().await;
    pulled.sort_by(|a, b| a.0.cmp(&b.0));
    let expected = ["lab", "own", "ward"].map(|name| (HotlineName(name.into()), Pulled::Taken));
    assert_eq!(pulled, expected);
    assert_eq!((shared.asked(), own.asked()), (1, 1));
    // All have judged this revision: from now on the source may say "unchanged".
    assert!(sync.pull_now().await.iter().all(|(_, pulled)| *pulled == Pulled::Unchanged));
    assert_eq!(shared.asked_for_all.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_source_that_breaks_down_is_a_failed_pull() {
    let desk = Desk::new().await;
    let source = Scripted::with(GOOD);
    let mut sync = SheetSync::new(&desk.store, desk.clock, vec![feed("lab", &source, 60)], Pace::default());
    sync.pull_now().await;
    source.is_now(Mood::Panics);
    let failed = pull(&mut sync).await;
    assert!(
        matches!(failed, Pulled::Failed(Failure::Source(SourceError::Transient(_)))),
        "{failed:?}"
    );
    assert_eq!(desk.on_call().await, "Priya Nair");
    source.has_now(BETTER);
    assert_eq!(pull(&mut sync).await, Pulled::Taken);
}

#[tokio::test]
async fn a_version_that_could_not_be_kept_is_asked_for_again() {
    let folder = TempDir::new().unwrap();
    let store = Store::open(&folder.path().join("rotaline.sqlite")).await.unwrap();
    let source = Scripted::with(GOOD);
    let mut sync = SheetSync::new(
        &store,
        Clock::anchored_at(ten_past_nine()),
        vec![feed("lab", &source, 60)],
        Pace::default(),
    );
    store.close().await;
    let failed = pull(&mut sync).await;
    assert!(matches!(failed, Pulled::Failed(Failure::Store(_))), "{failed:?}");
    pull(&mut sync).await;
    assert_eq!(
        source.asked_for_all.load(Ordering::SeqCst),
        2,
        "never asked whether an unkept version is the newest"
    );
}

/// The quota is 60 reads a minute for an account; issue 3 allows us 30.
#[tokio::test]
async fn a_hundred_hotlines_on_ten_sources_stay_within_the_quota() {
    let digested = Arc::new(Digested::default());
    let recorder = PullsOnly(Arc::clone(&digested));
    let _counting = metrics::set_default_local_recorder(&recorder);
    let desk = Desk::new().await;
    tokio::time::pause();
    let sources: Vec<Arc<Scripted>> = (0..10).map(|_| Scripted::with(GOOD)).collect();
    // One hotline in ten is content with a minute; the others are in even less of a hurry.
    let feeds = (0..100).map(|number| {
        let interval = if number < 10 { 60 } else { 300 };
        feed(&format!("h{number}"), &sources[number % 10], interval)
    });
    let mut sync = SheetSync::new(&desk.store, desk.clock, feeds.collect(), Pace::default());
    sync.pull_now().await;
    let shutdown = CancellationToken::new();
    let running = tokio::spawn(sync.run(shutdown.clone()));
    let passage = Passage {
        sources,
        hotlines_each: 10,
        digested,
    };
    let asked = || passage.sources.iter().map(|source| source.asked()).sum::<u64>();
    let mut most_in_a_minute = 0;
    let begun = asked();
    for _ in 0..60 {
        let before = asked();
        passage.pass(&desk.store, 60, Duration::from_secs(1)).await;
        most_in_a_minute = most_in_a_minute.max(asked() - before);
    }
    // A minute give or take a tenth: between 54 and 67 pulls an hour for each of ten sources.
    let in_an_hour = asked() - begun;
    assert!((540..=670).contains(&in_an_hour), "{in_an_hour}");
    assert!(most_in_a_minute <= 20, "{most_in_a_minute}");
    shutdown.cancel();
    running.await.unwrap();
}

/// Each process has its own way to the sheet; who keeps house goes it, and the next one when that one is gone.
#[tokio::test]
async fn of_several_processes_one_asks_the_source() {
    let home = Home::postgres();
    let stores = [home.open().await, home.open().await];
    let sources = [Scripted::with(GOOD), Scripted::with(GOOD)];
    let shutdown = CancellationToken::new();
    for (store, source) in stores.iter().zip(&sources) {
        let mut sync = SheetSync::new(store, Clock::system(), vec![feed("lab", source, 1)], Pace::default());
        sync.pull_now().await;
        tokio::spawn(sync.run(shutdown.clone()));
    }
    let asked = || [sources[0].asked(), sources[1].asked()];
    let begun = asked();
    tokio::time::sleep(Duration::from_secs(4)).await;
    let after = asked();
    assert!(after[0] >= begun[0] + 2, "{begun:?} {after:?}");
    assert_eq!(after[1], begun[1], "the other one is content with what it is told");
    stores[0].close().await;
    let took_over = async {
        while sources[1].asked() < begun[1] + 2 {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), took_over).await.unwrap();
    shutdown.cancel();
}
