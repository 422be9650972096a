//! What the log says of a call: each fact once, and nobody's number.

use super::line::{CALLER, until_over};
use super::stage::{self, PATIENCE};
use rotaline::app::OneLine;
use rotaline::call::Rules;
use rotaline::roster::{Phone, Responder};
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

/// Alarms and texts in whose words numbers stand, commands, forged webhooks, a caller who is forgotten.
#[tokio::test]
async fn no_number_is_logged_in_full_whatever_happens() {
    listen();
    let stage = stage::set_with(|setting| {
        setting.reception.texts_ring = true;
        setting.rules = |rules| Rules {
            relay_minutes: 60,
            tell: Phone::from_e164("+61491570905").into_iter().collect(),
            ..rules
        };
    })
    .await;
    let base = format!("http://{}", stage.service().address());
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let raised = client
        .post(format!("{base}/api/v1/hotlines/lab/incidents"))
        .bearer_auth(stage::INCIDENT_TOKEN)
        .header("content-type", "application/json")
        .body("{\"key\": \"+61491570901\", \"title\": \"Call +61491570901 back\", \"details\": \"or 0491 570 902\"}");
    assert_eq!(raised.send().await.unwrap().status(), 201);
    let texts = [
        ("+61491570888", "Please call me on 0491 570 903."),
        ("+61491570156", "AWAY 2h"),
        ("+61491570156", "what is +61 491 570 904?"),
    ];
    for (from, body) in texts {
        stage.rehearsal().text(from, body).unwrap();
    }
    for door in ["voice", "sms", "status"] {
        let forged = client
            .post(format!("{base}/twilio/{door}"))
            .header("X-Twilio-Signature", "forged")
            .form(&[("From", "+61491570906"), ("To", "+61491570907"), ("Body", "0491 570 908")]);
        assert_eq!(forged.send().await.unwrap().status(), 403);
    }
    let simulator = stage.rehearsal().simulator();
    let answered = simulator.until(|network| network.texts().len() >= 3);
    tokio::time::timeout(PATIENCE, answered).await.unwrap();
    let number = Phone::from_e164("+61491570888").unwrap();
    let store = stage.service().store();
    store.forget(&number, false, stage::wednesday(), false).await.unwrap();
    stage.strike().await;

    let log = heard();
    assert!(
        log.contains("…888") && log.contains("Call +61…901 back"),
        "they are logged, masked:\n{log}"
    );
    let numbers = [
        "570901", "570902", "570903", "570904", "570905", "570906", "570907", "570908", "570888", "570156", "570 90",
    ];
    for number in numbers {
        let full: Vec<&str> = log.lines().filter(|line| line.contains(number)).collect();
        assert_eq!(full, Vec::<&str>::new(), "{number} is logged in full");
    }
}
