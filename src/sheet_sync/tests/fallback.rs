//! The fallback of a rota: used when there is nothing better, given up by itself.

use super::scripted::{Log, Mood, Scripted};
use super::*;

struct Pair {
    desk: Desk,
    first: Arc<Scripted>,
    fallback: Arc<Scripted>,
}

impl Pair {
    async fn new() -> Self {
        Self {
            desk: Desk::new().await,
            first: Scripted::with(GOOD),
            fallback: Scripted::with(BETTER),
        }
    }

    fn feed(&self) -> Feed {
        Feed {
            source: Arc::clone(&self.first) as Arc<dyn SheetSource>,
            fallback: Some(Arc::clone(&self.fallback) as Arc<dyn SheetSource>),
            ..Desk::feed(LocalFile::new("/nowhere"))
        }
    }

    fn sync(&self) -> SheetSync {
        SheetSync::new(&self.desk.store, self.desk.clock, vec![self.feed()], Pace::default())
    }

    fn first_is_gone(&self) {
        self.first.is_now(Mood::Fails(SourceError::NotFound("gone".into())));
    }
}

async fn later(minutes: u64) {
    tokio::time::pause();
    tokio::time::advance(Duration::from_secs(60 * minutes)).await;
    tokio::time::resume();
}

#[tokio::test]
async fn it_is_used_where_there_was_never_a_rota() {
    let log = Log::capture();
    let pair = Pair::new().await;
    pair.first_is_gone();
    let mut sync = pair.sync();
    assert!(
        matches!(pull(&mut sync).await, Pulled::Failed(_)),
        "the first source failed all the same"
    );
    assert_eq!(pair.desk.on_call().await, "Tom Okafor");
    let words = pair.desk.trouble().await.unwrap().words;
    assert_eq!(
        words,
        "The rota scripted is not found: gone. Calls ring by the copy read on Mon 2 Mar 2026 at 09:10 (Australia/Melbourne), \
         which ends on Mon 9 Mar 2026 at 08:00. Put it back, or correct its place in the configuration. It is tried again by itself. \
         That copy is of the fallback, scripted; the first source takes over again by itself."
    );
    // What the fallback says next counts as long as the first source is away.
    let since = pair.desk.trouble().await.unwrap().since;
    later(1).await;
    pull(&mut sync).await;
    pair.fallback.has_now(GOOD);
    pull(&mut sync).await;
    assert_eq!(pair.desk.on_call().await, "Priya Nair");
    assert_eq!(pair.desk.trouble().await.unwrap().since, since);
    pair.first.has_now(BETTER);
    assert_eq!(pull(&mut sync).await, Pulled::Taken);
    assert_eq!(
        (pair.desk.on_call().await.as_str(), pair.desk.trouble().await),
        ("Tom Okafor", None)
    );
    let asked = pair.fallback.asked();
    assert_eq!(pull(&mut sync).await, Pulled::Unchanged);
    assert_eq!(pair.fallback.asked(), asked, "not asked while the first can be read");
    assert_eq!(
        log.lines(),
        [
            "WARN calls ring by the rota's fallback hotline=\"lab\"",
            "WARN the rota cannot be refreshed; calls ring by the last good copy, if there is one hotline=\"lab\" failure=not found: gone",
            "INFO the rota's first source is used again in place of its fallback hotline=\"lab\"",
            "INFO a new version of the rota is in use hotline=\"lab\"",
        ]
    );
}

#[tokio::test]
async fn a_fresh_copy_is_better_than_it_and_a_stale_one_is_not() {
    let pair = Pair::new().await;
    let mut sync = pair.sync();
    pull(&mut sync).await;
    pair.first_is_gone();
    later(14).await;
    pull(&mut sync).await;
    assert_eq!((pair.desk.on_call().await.as_str(), pair.fallback.asked()), ("Priya Nair", 0));
    later(2).await;
    pull(&mut sync).await;
    assert_eq!(pair.desk.on_call().await, "Tom Okafor");
    // Its copy is fresh, and still not the first source's: also after a restart.
    let mut sync = pair.sync();
    pair.fallback
        .has_now(&format!("{BETTER}2026-03-09 08:00,2026-03-16 08:00,Tom Okafor\n"));
    pull(&mut sync).await;
    assert_eq!(pair.desk.current().await.roster.duties().len(), 2);
    // Unchanged as it was before the outage, and the one to be used.
    pair.first.has_now(GOOD);
    assert_eq!(pull(&mut sync).await, Pulled::Taken);
    assert_eq!(pair.desk.on_call().await, "Priya Nair");
    pair.first_is_gone();
    later(2).await;
    pull(&mut sync).await;
    assert_eq!(pair.desk.on_call().await, "Priya Nair", "fresh again: the fallback is not needed");
}

#[tokio::test]
async fn it_is_used_where_the_copy_has_ended() {
    let pair = Pair::new().await;
    pair.first.has_now("From,Until,1st\n2026-03-02 08:00,2026-03-02 09:15,Priya Nair\n");
    let mut sync = pair.sync();
    pull(&mut sync).await;
    pair.first_is_gone();
    later(4).await;
    pull(&mut sync).await;
    assert_eq!(pair.fallback.asked(), 0);
    later(2).await;
    pull(&mut sync).await;
    assert_eq!(pair.desk.on_call().await, "Tom Okafor");
}

#[tokio::test]
async fn one_that_is_empty_or_fails_too_leaves_the_copy_in_use() {
    let pair = Pair::new().await;
    let mut sync = pair.sync();
    pull(&mut sync).await;
    pair.first_is_gone();
    later(16).await;
    for (mood, why) in [
        (
            Mood::Has(EMPTY.into()),
            "not a rota sheet: it has nobody on call from now on, and the copy in use has.",
        ),
        (Mood::Fails(SourceError::Auth("expired".into())), "sign-in refused: expired."),
        (Mood::Panics, "please report that."),
    ] {
        pair.fallback.is_now(mood);
        pull(&mut sync).await;
        assert_eq!(pair.desk.on_call().await, "Priya Nair");
        let words = pair.desk.trouble().await.unwrap().words;
        assert!(words.contains("The fallback, scripted, cannot be used either: "), "{words}");
        assert!(words.ends_with(why), "{words}");
    }
}

#[tokio::test]
async fn hotlines_that_share_one_ask_it_once() {
    let pair = Pair::new().await;
    pair.first_is_gone();
    let feeds = ["lab", "ward", "desk"].map(|name| Feed {
        hotline: HotlineName(name.into()),
        ..pair.feed()
    });
    let mut sync = SheetSync::new(&pair.desk.store, pair.desk.clock, feeds.into(), Pace::default());
    sync.pull_now().await;
    assert_eq!((pair.first.asked(), pair.fallback.asked()), (1, 1));
    for name in ["lab", "ward", "desk"] {
        assert!(pair.desk.store.rota(&HotlineName(name.into())).await.unwrap().is_some(), "{name}");
    }
}

/// Season 42: the second outage found the fallback unchanged since the first one, and left the stale copy in use.
#[tokio::test]
async fn it_is_used_in_every_outage_also_when_unchanged_since_the_last_one() {
    let pair = Pair::new().await;
    let mut sync = pair.sync();
    pull(&mut sync).await;
    for outage in 1..=2 {
        pair.first_is_gone();
        later(16).await;
        pull(&mut sync).await;
        assert_eq!(pair.desk.on_call().await, "Tom Okafor", "outage {outage}");
        pair.first.has_now(GOOD);
        assert_eq!(pull(&mut sync).await, Pulled::Taken);
        assert_eq!(pair.desk.on_call().await, "Priya Nair");
    }
}

/// Season 32: what the operator had accepted was forgotten for the fallback's sake, and held back after the outage.
#[tokio::test]
async fn what_the_operator_accepted_outlasts_it() {
    let pair = Pair::new().await;
    let mut sync = pair.sync();
    pull(&mut sync).await;
    pair.first.has_now(EMPTY);
    assert_eq!(pull(&mut sync).await, Pulled::HeldBack);
    let now = pair.desk.clock.now();
    pair.desk.store.accept(&hotline(), &Revision(EMPTY.into()), now).await.unwrap();
    assert_eq!(pull(&mut sync).await, Pulled::Taken);
    pair.first_is_gone();
    later(1).await;
    pull(&mut sync).await;
    assert_eq!(pair.desk.on_call().await, "Tom Okafor", "nobody is on call by the copy");
    pair.first.has_now(EMPTY);
    assert_eq!(pull(&mut sync).await, Pulled::Taken);
    assert_eq!(pair.desk.current().await.roster.duties(), []);
}
