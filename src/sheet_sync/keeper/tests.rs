//! A night goes missing in a real file: what is kept, told and accepted, over pulls and restarts.

use super::super::{Pace, SheetSync};
use super::*;
use crate::call::HotlineName;
use crate::roster::{OnCall, Settings};
use crate::store::{CurrentRota, Verdict as Outcome};
use chrono::{DateTime, TimeDelta, Utc};
use providers::LocalFile;
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;

const HEAD: &str = "From,Until,1st\n2026-03-02 08:00,2026-03-03 18:00,Priya Nair\n";
const NIGHT: &str = "2026-03-03 18:00,2026-03-04 08:00,Maria Lopez\n";
const TAIL: &str = "2026-03-04 08:00,2026-03-30 08:00,Priya Nair\n";

fn lab() -> HotlineName {
    HotlineName("lab".into())
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// A folder with a rota and a database, and a clock that shows ten past nine on Monday 2 March 2026 (UTC).
struct Desk {
    folder: TempDir,
    store: Store,
    clock: Clock,
}

impl Desk {
    async fn new() -> Self {
        let folder = TempDir::new().unwrap();
        fs::create_dir(folder.path().join("rota")).unwrap();
        let contacts = "Name,Phone\nPriya Nair,+61 491 570 156\nMaria Lopez,+61 491 570 157\nTom Okafor,+61 491 570 158\n";
        fs::write(folder.path().join("rota/Contacts.csv"), contacts).unwrap();
        Self {
            store: Store::open(&Self::database(&folder)).await.unwrap(),
            folder,
            clock: Clock::anchored_at(at("2026-03-02T09:10:00Z")),
        }
    }

    fn database(folder: &TempDir) -> PathBuf {
        folder.path().join("rotaline.db")
    }

    /// Another process, the same files.
    async fn restart(self) -> Self {
        self.store.close().await;
        Self {
            store: Store::open(&Self::database(&self.folder)).await.unwrap(),
            ..self
        }
    }

    fn write(&self, night: &str) {
        fs::write(self.folder.path().join("rota/Rota.csv"), format!("{HEAD}{night}{TAIL}")).unwrap();
    }

    fn sync(&self) -> SheetSync {
        let feed = Feed {
            hotline: lab(),
            source: Arc::new(LocalFile::new(self.folder.path().join("rota"))),
            given: Settings(vec![("Time zone".into(), "UTC".into())]),
            fallback: None,
            interval: Duration::from_secs(60),
            stale_after: Duration::from_secs(900),
            push: None,
        };
        SheetSync::new(&self.store, self.clock, vec![feed], Pace::default())
    }

    async fn current(&self) -> Arc<CurrentRota> {
        self.store.rota(&lab()).await.unwrap().unwrap()
    }

    /// Who is on call on Tuesday at midnight.
    async fn by_night(&self) -> String {
        match self.current().await.roster.on_call(at("2026-03-04T00:00:00Z")) {
            OnCall::Duty(duty) => duty.levels[0].responders[0].name.clone(),
            OnCall::Gap { .. } => "nobody".into(),
        }
    }

    /// The verdicts of the history, oldest first, with their sentences.
    async fn history(&self) -> Vec<(Outcome, Vec<String>, Vec<String>)> {
        let mut versions = self.store.versions(&lab(), 100).await.unwrap();
        versions.reverse();
        versions
            .into_iter()
            .map(|version| (version.verdict, version.differences, version.held_back))
            .collect()
    }
}

async fn pull(sync: &mut SheetSync) -> Pulled {
    sync.pull_now().await.remove(0).1
}

const LOST: &str = "Maria Lopez no longer first on Tue 3 Mar 18:00–Wed 4 Mar 08:00; nobody is on call then";

#[tokio::test]
async fn a_night_that_goes_missing_is_held_told_and_kept_over_a_restart() {
    let desk = Desk::new().await;
    desk.write(NIGHT);
    let mut sync = desk.sync();
    assert_eq!(pull(&mut sync).await, Pulled::Taken);
    desk.write("2026-03-03 18:00,2026-03-04 08:00,Maria Lopes\n");
    assert_eq!(pull(&mut sync).await, Pulled::TakenInPart);
    assert_eq!(pull(&mut sync).await, Pulled::UnchangedInPart);
    assert_eq!(desk.by_night().await, "Maria Lopez");

    let desk = desk.restart().await;
    assert_eq!(desk.by_night().await, "Maria Lopez");
    assert_eq!(pull(&mut desk.sync()).await, Pulled::TakenInPart);
    let rota = desk.current().await;
    assert_eq!(rota.held.len(), 1);
    assert_eq!(
        (rota.held[0].duty.from, rota.held[0].since),
        (at("2026-03-03T18:00:00Z"), rota.held[0].since)
    );
    assert!(rota.held[0].since < at("2026-03-02T09:11:00Z"));
    assert_eq!(rota.trouble, None, "the newest version is in use");
    let findings = rota.held_back(desk.clock.now());
    assert_eq!(findings[0].cells[0].to_string(), "Rota.csv line 3, column 3");
    assert_eq!(
        desk.history().await,
        [
            (
                Outcome::Taken,
                vec!["The first version of the rota that was read".to_owned()],
                vec![]
            ),
            (Outcome::TakenInPart, vec![], vec![LOST.to_owned()]),
        ],
        "a restart is no new version"
    );
    // Somebody is entered: the hold is over, and the history says what is different.
    desk.write("2026-03-03 18:00,2026-03-04 08:00,Tom Okafor\n");
    assert_eq!(pull(&mut desk.sync()).await, Pulled::Taken);
    assert_eq!(desk.by_night().await, "Tom Okafor");
    assert_eq!(desk.current().await.held.len(), 0);
    let expected = "Tom Okafor now first on Tue 3 Mar 18:00–Wed 4 Mar 08:00, in place of Maria Lopez";
    assert_eq!(desk.history().await[2], (Outcome::Taken, vec![expected.to_owned()], vec![]));
}

#[tokio::test]
async fn what_the_operator_accepts_is_taken_at_the_next_pull_and_only_that() {
    let desk = Desk::new().await;
    desk.write(NIGHT);
    let mut sync = desk.sync();
    pull(&mut sync).await;
    desk.write("");
    assert_eq!(pull(&mut sync).await, Pulled::TakenInPart);
    let revision = desk.current().await.revision.clone();
    desk.store
        .accept(&lab(), &Revision("another".into()), desk.clock.now())
        .await
        .unwrap();
    assert_eq!(pull(&mut sync).await, Pulled::UnchangedInPart);
    assert_eq!(desk.by_night().await, "Maria Lopez");
    desk.store.accept(&lab(), &revision, desk.clock.now()).await.unwrap();
    assert_eq!(pull(&mut sync).await, Pulled::Taken);
    assert_eq!(desk.by_night().await, "nobody");
    assert_eq!(pull(&mut sync).await, Pulled::Unchanged);
    assert_eq!(pull(&mut desk.sync()).await, Pulled::Taken, "nor is it held after a restart");
    assert_eq!(desk.by_night().await, "nobody");
    let history = desk.history().await;
    assert_eq!(history.len(), 3);
    assert_eq!(history[2], (Outcome::Accepted, vec![LOST.to_owned()], vec![]));
    // The night comes back and goes again: what was accepted once is not accepted for ever.
    desk.write(NIGHT);
    assert_eq!(pull(&mut sync).await, Pulled::Taken);
    desk.write("");
    assert_eq!(pull(&mut sync).await, Pulled::TakenInPart);
}

#[tokio::test]
async fn a_version_held_back_whole_can_be_accepted_too_also_while_nothing_runs() {
    let desk = Desk::new().await;
    desk.write(NIGHT);
    pull(&mut desk.sync()).await;
    fs::write(desk.folder.path().join("rota/Rota.csv"), "From,Until,1st\n").unwrap();
    let mut sync = desk.sync();
    assert_eq!(pull(&mut sync).await, Pulled::HeldBack);
    let version = desk.store.versions(&lab(), 1).await.unwrap().remove(0);
    assert_eq!(version.verdict, Outcome::HeldBack);
    assert_eq!(
        version.held_back.last().unwrap(),
        "The rota has no row any more; it went on until Mon 30 Mar 08:00"
    );
    drop(sync);
    let desk = desk.restart().await;
    desk.store.accept(&lab(), &version.revision, desk.clock.now()).await.unwrap();
    let desk = desk.restart().await;
    assert_eq!(pull(&mut desk.sync()).await, Pulled::Taken);
    assert_eq!(desk.current().await.roster.duties(), []);
}

#[tokio::test]
async fn a_hold_is_over_with_its_time() {
    let desk = Desk::new().await;
    desk.write(NIGHT);
    let mut sync = desk.sync();
    pull(&mut sync).await;
    desk.write("");
    assert_eq!(pull(&mut sync).await, Pulled::TakenInPart);
    tokio::time::pause();
    tokio::time::advance((TimeDelta::hours(47)).to_std().unwrap()).await;
    tokio::time::resume();
    assert!(desk.clock.now() > at("2026-03-04T08:00:00Z"));
    assert_eq!(pull(&mut sync).await, Pulled::Unchanged);
    assert_eq!(desk.current().await.held_back(desk.clock.now()), []);
}
