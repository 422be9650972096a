//! What the log says of a call: each fact once, and nobody's number.

use super::line::{CALLER, until_over};
use super::stage::{self, PATIENCE};
use rotaline::roster::Responder;
use rotaline::simulator::{CallerHabit, Delay, Habit};
use std::io::{self, Write};
use std::sync::{Arc, Mutex};
use tracing_subscriber::fmt::MakeWriter;

/// Keeps what is logged.
#[derive(Clone, Default)]
struct Pages(Arc<Mutex<Vec<u8>>>);

impl Write for Pages {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Pages {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// On one thread, whose log is written down down to the last detail.
#[tokio::test]
async fn each_fact_is_logged_once_and_no_number_in_full() {
    let pages = Pages::default();
    let log = tracing_subscriber::fmt()
        .with_env_filter("rotaline=trace")
        .with_writer(pages.clone())
        .with_ansi(false)
        .finish();
    let _written_down = tracing::subscriber::set_default(log);
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

    let log = String::from_utf8(pages.0.lock().unwrap().clone()).unwrap();
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
