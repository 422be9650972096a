//! What the log says of a call: each fact once, and nobody's number.

use super::line::{CALLER, until_over};
use super::stage::{self, PATIENCE};
use rotaline::app::OneLine;
use rotaline::roster::Responder;
use rotaline::simulator::{CallerHabit, Delay, Habit};
use std::cell::RefCell;
use std::io::{self, Write};
use std::sync::Once;
use tracing_subscriber::fmt::MakeWriter;

thread_local! {
    /// What is logged on this thread, where somebody wants to know.
    static PAGES: RefCell<Option<Vec<u8>>> = const { RefCell::new(None) };
}

/// One log for the whole binary, that each thread keeps for itself: a log of one thread only would not be told what
/// another thread was the first to say.
struct ByThread;

impl Write for ByThread {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        PAGES.with_borrow_mut(|pages| pages.iter_mut().for_each(|pages| pages.extend_from_slice(bytes)));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for ByThread {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        Self
    }
}

/// From now on what is logged on this thread is written down, down to the last detail.
pub(super) fn listen() {
    static LOG: Once = Once::new();
    LOG.call_once(|| {
        let log = tracing_subscriber::fmt()
            .with_env_filter("rotaline=trace")
            .with_writer(OneLine::new(ByThread, false))
            .with_ansi(false)
            .finish();
        tracing::subscriber::set_global_default(log).unwrap();
    });
    PAGES.set(Some(Vec::new()));
}

/// What was logged on this thread since.
pub(super) fn heard() -> String {
    String::from_utf8(PAGES.take().unwrap()).unwrap()
}

/// On one thread.
#[tokio::test]
async fn each_fact_is_logged_once_and_no_number_in_full() {
    listen();
    let stage = stage::set().await;
    let after = Delay::between(2_000, 4_000);
    let people = stage.rehearsal().on_call().await.unwrap();
    let numbers: Vec<String> = people
        .iter()
        .map(|who| who.phone.address().to_owned())
        .chain([CALLER.to_owned()])
        .collect();
    let habits = [
        Habit::Declines { after },
        Habit::Rejects { after },
        Habit::Accepts { after, talk: None },
        Habit::Accepts { after, talk: None },
    ];
    let habits: Vec<(Responder, Habit)> = people.into_iter().zip(habits).collect();
    let caller = CallerHabit {
        talk: Some(Delay::seconds(20)),
        ..CallerHabit::default()
    };
    let mut facts = stage.service().store().subscribe();
    let call = stage.rehearsal().ring(habits, caller).await.unwrap();
    tokio::time::timeout(PATIENCE, until_over(&mut facts)).await.unwrap();
    let story = stage.service().store().story(call).await.unwrap();
    stage.strike().await;

    let log = heard();
    assert!(log.contains("asked the carrier"), "details are logged as well:\n{log}");
    for entry in &story {
        let words = entry.fact.to_string();
        let told = |entries: usize| format!("{words:?} stands {entries} times in the story and not in the log:\n{log}");
        let in_story = story.iter().filter(|other| other.fact.to_string() == words).count();
        let in_log = log
            .lines()
            .filter(|line| line.contains(&words) && line.contains(&call.to_string()))
            .count();
        assert_eq!(in_log, in_story, "{}", told(in_story));
    }
    assert!(log.contains("…156"), "Priya's number stands in the log, masked:\n{log}");
    for number in numbers {
        let digits = number.trim_start_matches('+');
        let full: Vec<&str> = log.lines().filter(|line| line.contains(digits)).collect();
        assert_eq!(full, Vec::<&str>::new(), "{number} is logged in full");
    }
}
