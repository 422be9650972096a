//! Judgement on hand-worked rotas; pulls of real files into a real store.

mod doorbell;
mod fallback;
mod outage;
pub(super) mod scripted;
mod seasons;
mod shared;
mod watches;

use super::judge::{Verdict, judge};
use super::pulls::Occasion;
use super::*;
use crate::roster::{Code, Diagnostic, Duty, Roster, Severity};
use crate::store::{CurrentRota, Trouble};
use chrono::{DateTime, TimeDelta, Utc};
use metrics_exporter_prometheus::PrometheusBuilder;
use providers::{AddressStyle, CellAddress, Fetched, LocalFile, Revision, Sheet};
use std::collections::VecDeque;
use std::fs;
use std::sync::Mutex;
use tempfile::TempDir;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// 09:10 on Monday 2 March 2026 in Melbourne, eleven hours ahead.
fn ten_past_nine() -> DateTime<Utc> {
    at("2026-03-01T22:10:00Z")
}

fn hotline() -> HotlineName {
    HotlineName("lab".into())
}

fn roster(duties: Vec<Duty>) -> Arc<Roster> {
    Arc::new(Roster::new("Australia/Melbourne".parse().unwrap(), vec![], None, duties))
}

/// Deliberately nobody, until Monday 9 March 08:00 in Melbourne: the least that is a duty.
fn a_duty() -> Duty {
    Duty {
        from: at("2026-03-01T21:00:00Z"),
        until: at("2026-03-08T21:00:00Z"),
        levels: vec![],
        nobody: Some(CellAddress::new("Rota", AddressStyle::Grid, 2, 2)),
    }
}

fn kept(duties: Vec<Duty>) -> CurrentRota {
    CurrentRota {
        hotline: hotline(),
        roster: roster(duties),
        diagnostics: Arc::new([]),
        held: Arc::new([]),
        title: "rota.xlsx".into(),
        link: None,
        revision: Revision("1".into()),
        read_at: ten_past_nine(),
        as_of: ten_past_nine(),
        checked_at: ten_past_nine(),
        trouble: None,
    }
}

fn blank_sheet() -> Sheet {
    Sheet {
        title: "rota.xlsx".into(),
        revision: Revision("2".into()),
        time_zone: None,
        tabs: vec![],
        remarks: vec![],
        link: None,
    }
}

fn finding() -> Diagnostic {
    Diagnostic {
        severity: Severity::Stop,
        code: Code::NameUnknown,
        cells: vec![CellAddress::new("Rota", AddressStyle::Grid, 14, 3)],
        more_cells: 0,
        seen: "\"J Smth\" is not in Contacts.".into(),
        consequence: String::new(),
        remedy: String::new(),
        affects: None,
    }
}

#[test]
fn an_empty_version_is_held_back_and_the_words_say_what_is_used_instead() {
    let last = kept(vec![a_duty()]);
    let Verdict::HoldBack(words) = judge(&blank_sheet(), &roster(vec![]), &[finding()], Some(&last), ten_past_nine()) else {
        panic!("it was taken");
    };
    assert_eq!(
        words,
        "\"rota.xlsx\" now reads as empty: in 0 tabs and 0 filled cells no row of the rota puts anybody on call. It was not taken. \
         Calls ring by the copy read on Mon 2 Mar 2026 at 09:10 (Australia/Melbourne), which ends on Mon 9 Mar 2026 at 08:00. \
         First finding: Rota!C14: \"J Smth\" is not in Contacts. \
         Restore the rota, for example from its version history; if nobody is meant to be on call, write \"nobody\"; or use it as it is: `rotaline sync --accept`."
    );
}

#[test]
fn all_else_is_taken() {
    let with_duty = kept(vec![a_duty()]);
    let without = kept(vec![]);
    let cases = [
        ("the first version ever, even when bad", vec![], None),
        ("as bad as the last", vec![], Some(&without)),
        ("deliberately nobody", vec![a_duty()], Some(&with_duty)),
        ("better than the last", vec![a_duty()], Some(&without)),
    ];
    for (what, fresh, last) in cases {
        let verdict = judge(&blank_sheet(), &roster(fresh), &[finding()], last, ten_past_nine());
        assert_eq!(verdict, Verdict::Take, "{what}");
    }
}

const GOOD: &str = "From,Until,1st\n2026-03-02 08:00,2026-03-09 08:00,Priya Nair\n";
const BETTER: &str = "From,Until,1st\n2026-03-02 08:00,2026-03-09 08:00,Tom Okafor\n";
const EMPTY: &str = "From,Until,1st\n";

/// A rota of real files, a store, and a clock that stands at ten past nine until it is moved.
struct Desk {
    folder: TempDir,
    store: Store,
    clock: Clock,
}

impl Desk {
    async fn new() -> Self {
        let folder = TempDir::new().unwrap();
        fs::write(
            folder.path().join("Contacts.csv"),
            "Name,Phone\nPriya Nair,+61 491 570 156\nTom Okafor,+61 491 570 157\n",
        )
        .unwrap();
        let desk = Self {
            folder,
            store: Store::in_memory().await.unwrap(),
            clock: Clock::anchored_at(ten_past_nine()),
        };
        desk.write(GOOD);
        desk
    }

    fn write(&self, rota: &str) {
        fs::write(self.folder.path().join("Rota.csv"), rota).unwrap();
    }

    fn feed(source: impl SheetSource + 'static) -> Feed {
        Feed {
            hotline: hotline(),
            source: Arc::new(source),
            given: Settings(vec![("Time zone".into(), "Australia/Melbourne".into())]),
            fallback: None,
            interval: Duration::from_secs(60),
            stale_after: Duration::from_secs(900),
            push: None,
        }
    }

    fn sync(&self, source: impl SheetSource + 'static) -> SheetSync {
        SheetSync::new(&self.store, self.clock, vec![Self::feed(source)], Pace::default())
    }

    fn sync_files(&self) -> SheetSync {
        self.sync(LocalFile::new(self.folder.path()))
    }

    async fn current(&self) -> Arc<CurrentRota> {
        self.store.rota(&hotline()).await.unwrap().expect("a rota is kept")
    }

    async fn trouble(&self) -> Option<Trouble> {
        let noted = self.store.trouble(&hotline()).await.unwrap();
        if let Some(current) = self.store.rota(&hotline()).await.unwrap() {
            assert_eq!(current.trouble, noted);
        }
        noted
    }

    async fn on_call(&self) -> String {
        let current = self.current().await;
        let duties = current.roster.duties();
        duties[0].levels[0].responders[0].name.clone()
    }
}

async fn pull(sync: &mut SheetSync) -> Pulled {
    let mut pulled = sync.pull_now().await;
    assert_eq!(pulled.len(), 1);
    let (name, pulled) = pulled.remove(0);
    assert_eq!(name, hotline());
    pulled
}

/// Moves the clock by a minute.
async fn a_minute_later() {
    tokio::time::pause();
    tokio::time::advance(Duration::from_secs(60)).await;
    tokio::time::resume();
}

#[tokio::test]
async fn new_versions_are_taken_and_unchanged_ones_are_checked() {
    let desk = Desk::new().await;
    let mut sync = desk.sync_files();
    assert_eq!(pull(&mut sync).await, Pulled::Taken);
    assert_eq!(desk.on_call().await, "Priya Nair");
    let first = desk.current().await;
    a_minute_later().await;
    assert_eq!(pull(&mut sync).await, Pulled::Unchanged);
    let checked = desk.current().await;
    assert_eq!(checked.read_at, first.read_at);
    assert!(checked.checked_at >= first.checked_at + TimeDelta::seconds(60));
    desk.write(BETTER);
    assert_eq!(pull(&mut sync).await, Pulled::Taken);
    assert_eq!(desk.on_call().await, "Tom Okafor");
    assert_eq!(desk.trouble().await, None);
}

#[tokio::test]
async fn the_last_good_rota_outlives_a_file_that_is_written_emptied_or_gone() {
    let desk = Desk::new().await;
    let mut sync = desk.sync_files();
    pull(&mut sync).await;
    desk.write("");
    let failed = pull(&mut sync).await;
    assert!(
        matches!(failed, Pulled::Failed(Failure::Source(SourceError::Transient(_)))),
        "{failed:?}"
    );
    let written = desk.trouble().await.unwrap();
    assert!(
        written.words.contains("Rota.csv: empty file: perhaps it is being written"),
        "{}",
        written.words
    );
    assert!(
        written
            .words
            .contains("Calls ring by the copy read on Mon 2 Mar 2026 at 09:10 (Australia/Melbourne)")
    );
    a_minute_later().await;
    fs::rename(desk.folder.path(), desk.folder.path().with_extension("away")).unwrap();
    let failed = pull(&mut sync).await;
    assert!(
        matches!(failed, Pulled::Failed(Failure::Source(SourceError::NotFound(_)))),
        "{failed:?}"
    );
    let gone = desk.trouble().await.unwrap();
    assert_ne!(gone.words, written.words);
    assert_eq!(gone.since, written.since, "it is the same trouble, lasting");
    assert_eq!(desk.on_call().await, "Priya Nair");
    fs::rename(desk.folder.path().with_extension("away"), desk.folder.path()).unwrap();
    desk.write(GOOD);
    assert_eq!(pull(&mut sync).await, Pulled::Unchanged);
    assert_eq!(desk.trouble().await, None);
}

#[tokio::test]
async fn a_rota_that_reads_as_empty_is_held_back_until_it_is_restored() {
    let desk = Desk::new().await;
    let mut sync = desk.sync_files();
    pull(&mut sync).await;
    desk.write(EMPTY);
    assert_eq!(pull(&mut sync).await, Pulled::HeldBack);
    let trouble = desk.trouble().await.unwrap();
    assert!(trouble.words.contains("now reads as empty"), "{}", trouble.words);
    assert_eq!(desk.on_call().await, "Priya Nair");
    a_minute_later().await;
    assert_eq!(pull(&mut sync).await, Pulled::HeldBack, "unchanged, and still not good");
    assert_eq!(desk.trouble().await, Some(trouble.clone()));
    // Nor does a restart take it.
    let mut sync = desk.sync_files();
    assert_eq!(pull(&mut sync).await, Pulled::HeldBack);
    assert_eq!(desk.trouble().await, Some(trouble));
    // Between two pulls it cannot be read at all; then the same empty version is there again.
    desk.write("");
    assert!(matches!(pull(&mut sync).await, Pulled::Failed(_)));
    desk.write(EMPTY);
    assert_eq!(pull(&mut sync).await, Pulled::HeldBack);
    assert!(desk.trouble().await.unwrap().words.contains("now reads as empty"));
    desk.write(GOOD);
    assert_eq!(pull(&mut sync).await, Pulled::Taken);
    assert_eq!(desk.trouble().await, None);
}

/// The rows of the rota are gone and the changes are still there: the line must not live on the changes alone.
#[tokio::test]
async fn changes_alone_do_not_replace_a_rota() {
    let desk = Desk::new().await;
    let changes = "From,Until,1st\n2026-03-07 18:00,2026-03-08 18:00,Tom Okafor\n";
    fs::write(desk.folder.path().join("Changes.csv"), changes).unwrap();
    let mut sync = desk.sync_files();
    assert_eq!(pull(&mut sync).await, Pulled::Taken);
    desk.write(EMPTY);
    assert_eq!(pull(&mut sync).await, Pulled::HeldBack);
    assert_eq!(desk.on_call().await, "Priya Nair");
    let words = desk.trouble().await.unwrap().words;
    assert!(
        words.contains("no row of the rota puts anybody on call. It was not taken."),
        "{words}"
    );
    assert!(
        words.contains("First finding: Rota.csv line 1, column 1: No row below \"From\" has a date."),
        "{words}"
    );
}

#[tokio::test]
async fn a_rota_that_has_lost_all_rows_to_come_is_held_back() {
    let desk = Desk::new().await;
    desk.write(&format!("{GOOD}2026-03-09 08:00,2026-03-16 08:00,Tom Okafor\n"));
    let mut sync = desk.sync_files();
    assert_eq!(pull(&mut sync).await, Pulled::Taken);
    desk.write("From,Until,1st\n2026-02-23 08:00,2026-03-02 08:00,Priya Nair\n");
    assert_eq!(pull(&mut sync).await, Pulled::HeldBack);
    assert_eq!(desk.on_call().await, "Priya Nair");
    let words = desk.trouble().await.unwrap().words;
    let title = desk.current().await.title.clone();
    assert_eq!(
        words.replace(&title, "Rota"),
        "\"Rota\" has no row any more for the time from now on: its last row ended on Mon 2 Mar 2026 at 08:00. It was not taken. \
         Calls ring by the copy read on Mon 2 Mar 2026 at 09:10 (Australia/Melbourne), which ends on Mon 16 Mar 2026 at 08:00. \
         Restore the rota, for example from its version history; if nobody is meant to be on call, write \"nobody\"; or use it as it is: `rotaline sync --accept`."
    );
    // Fewer rows, and somebody on call now: as the admin wants it.
    desk.write(GOOD);
    assert_eq!(pull(&mut sync).await, Pulled::Taken);
    assert_eq!(desk.trouble().await, None);
}

#[test]
fn a_spreadsheet_has_the_rota_and_a_rota_that_is_over_has_ended() {
    let gone = Failure::Source(SourceError::Transient("Google cannot be reached".into()));
    let over = CurrentRota {
        checked_at: at("2026-03-10T00:00:00Z"),
        ..kept(vec![a_duty()])
    };
    assert_eq!(
        words::cannot_refresh(&gone, "the Google spreadsheet \"Lab\"", Some(&over)),
        "The rota in the Google spreadsheet \"Lab\" cannot be read just now: Google cannot be reached. \
         Calls ring by the copy read on Mon 2 Mar 2026 at 09:10 (Australia/Melbourne), which ended on Mon 9 Mar 2026 at 08:00. \
         Look after it if this lasts for more than a few minutes. It is tried again by itself."
    );
}

#[test]
fn what_is_wrong_with_the_source_is_said_in_one_sentence_each() {
    let said = |error: SourceError| words::cannot_refresh(&Failure::Source(error), "demo/rota.xlsx", None);
    let rest = "There is no rota to use: callers get the hotline's last resort, or are asked to leave a message.";
    let again = "It is tried again by itself.";
    let cases = [
        (
            SourceError::Transient("the workbook is incomplete (its end is missing); perhaps it is being written or copied".into()),
            "The rota demo/rota.xlsx cannot be read just now: the workbook is incomplete (its end is missing); perhaps it is being written or copied.",
            "Look after it if this lasts for more than a few minutes.",
        ),
        (
            SourceError::Forbidden("demo/rota.xlsx may not be read by this program's user".into()),
            "The rota demo/rota.xlsx may not be read by this program's user.",
            "Give rotaline permission to read it.",
        ),
        (
            SourceError::NotFound("demo/rota.xlsx".into()),
            "The rota demo/rota.xlsx is not found.",
            "Put it back, or correct its place in the configuration.",
        ),
        (
            SourceError::Malformed("this is an OpenDocument file (.ods). Save the rota as .xlsx or .csv".into()),
            "The rota demo/rota.xlsx cannot be read: this is an OpenDocument file (.ods). Save the rota as .xlsx or .csv.",
            "",
        ),
    ];
    for (error, seen, remedy) in cases {
        assert_eq!(said(error), [seen, rest, remedy, again].join(" ").replace("  ", " "));
    }
}

#[tokio::test]
async fn the_first_version_is_taken_even_when_bad_and_a_failure_before_it_is_noted() {
    let desk = Desk::new().await;
    let mut missing = desk.sync(LocalFile::new("/nowhere/rota.xlsx"));
    assert!(matches!(pull(&mut missing).await, Pulled::Failed(_)));
    let words = desk.trouble().await.unwrap().words;
    assert_eq!(
        words,
        "The rota /nowhere/rota.xlsx is not found. There is no rota to use: callers get the hotline's last resort, or are asked \
         to leave a message. Put it back, or correct its place in the configuration. It is tried again by itself."
    );
    desk.write(EMPTY);
    let mut sync = desk.sync_files();
    assert_eq!(pull(&mut sync).await, Pulled::Taken);
    assert!(!desk.current().await.diagnostics.is_empty());
    assert_eq!(desk.trouble().await, None);
}

/// A place that gives these answers in turn and says when it is asked; after the last it never answers.
struct Told {
    answers: Mutex<VecDeque<Result<Fetched, SourceError>>>,
    asked: UnboundedSender<()>,
}

impl Told {
    fn new(answers: Vec<Result<Fetched, SourceError>>, asked: UnboundedSender<()>) -> Self {
        Self {
            answers: Mutex::new(answers.into()),
            asked,
        }
    }
}

#[async_trait::async_trait]
impl SheetSource for Told {
    fn describe(&self) -> String {
        "told".into()
    }

    async fn fetch(&self, _since: Option<&Revision>) -> Result<Fetched, SourceError> {
        self.asked.send(()).unwrap();
        let answer = self.answers.lock().unwrap().pop_front();
        match answer {
            Some(answer) => answer,
            None => std::future::pending().await,
        }
    }
}

#[tokio::test]
async fn a_source_that_never_answers_is_given_up_after_its_patience() {
    let (asked, _asked_at) = unbounded_channel();
    let desk = Desk::new().await;
    let feed = Desk::feed(Told::new(vec![], asked));
    let mut puller = Puller::new(&desk.store, desk.clock, Arc::clone(&feed.source), vec![feed], Pace::default());
    tokio::time::pause();
    let begun = desk.clock.now();
    assert_eq!(
        puller.fetch(Occasion::Due).await.first,
        Err(Failure::NoAnswer(Duration::from_secs(30)))
    );
    assert_eq!((desk.clock.now() - begun).num_seconds(), 30);
}

#[tokio::test]
async fn pulls_go_on_through_failures_and_stop_when_told() {
    let desk = Desk::new().await;
    let (asked, mut questions) = unbounded_channel();
    let source = Told::new(
        vec![
            Ok(Fetched::Sheet(Box::new(blank_sheet()))),
            Err(SourceError::Auth("expired".into())),
            Err(SourceError::Transient("locked".into())),
        ],
        asked,
    );
    let feed = Feed {
        interval: Duration::from_millis(1),
        ..Desk::feed(source)
    };
    let sync = SheetSync::new(&desk.store, desk.clock, vec![feed], Pace::default());
    let shutdown = CancellationToken::new();
    let running = tokio::spawn(sync.run(shutdown.clone()));
    for _ in 0..4 {
        questions.recv().await.unwrap();
    }
    // The fourth question is never answered; that does not hold up the end.
    shutdown.cancel();
    running.await.unwrap();
    assert_eq!(questions.recv().await, None);
    let words = desk.trouble().await.unwrap().words;
    assert!(words.contains("The rota told cannot be read just now: locked. "), "{words}");
}

#[tokio::test]
async fn pulls_are_counted_by_result() {
    let recorder = PrometheusBuilder::new().build_recorder();
    let _counting = metrics::set_default_local_recorder(&recorder);
    let desk = Desk::new().await;
    let mut sync = desk.sync_files();
    for rota in [GOOD, GOOD, "", "", "", EMPTY, EMPTY, GOOD] {
        desk.write(rota);
        pull(&mut sync).await;
    }
    let counts = recorder.handle().render();
    for (result, count) in [("taken", 2), ("unchanged", 1), ("transient", 3), ("held_back", 2)] {
        let line = format!("rotaline_rota_pulls_total{{hotline=\"lab\",result=\"{result}\"}} {count}");
        assert!(counts.contains(&line), "{line} is not in {counts}");
    }
}
