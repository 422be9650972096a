//! A process that runs for weeks by sheets made by hand, a webhook on loopback, and time that passes when the test says so.

use super::*;
use crate::notices::{Texter, Untold, Webhook};
use crate::roster::{Phone, Settings};
use crate::sheet_sync::anew::Anew;
use crate::sheet_sync::tests::scripted::sheet;
use axum::http::StatusCode;
use axum::{Json, Router, routing::post};
use secrecy::SecretString;
use serde_json::Value;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

/// Monday 2 March 2026, ten past nine, in London as in UTC until 29 March.
const START: &str = "2026-03-02T09:10:00Z";

#[derive(Default)]
struct Texts(Mutex<Vec<String>>);

#[async_trait::async_trait]
impl Texter for Texts {
    async fn text(&self, _hotline: &HotlineName, _to: &Phone, body: &str) -> Result<(), Untold> {
        self.0.lock().unwrap().push(body.to_owned());
        Ok(())
    }
}

/// What keeps rotas read, and tells; `hotlines` of them.
struct Desk {
    store: Store,
    clock: Clock,
    notifier: Notifier,
    hotlines: Vec<HotlineName>,
    news: FindingsNews,
    posted: Arc<Mutex<Vec<Value>>>,
    texts: Arc<Texts>,
    refuses: Arc<AtomicBool>,
}

impl Desk {
    async fn new(hotlines: &[&str]) -> Self {
        let posted = Arc::new(Mutex::new(Vec::new()));
        let refuses = Arc::new(AtomicBool::new(false));
        let (written, refusing) = (Arc::clone(&posted), Arc::clone(&refuses));
        let take = move |Json(body): Json<Value>| async move {
            if refusing.load(Ordering::SeqCst) {
                return StatusCode::NOT_FOUND;
            }
            written.lock().unwrap().push(body);
            StatusCode::OK
        };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}/hook", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, Router::new().route("/hook", post(take))).await });
        let texts = Arc::new(Texts::default());
        let number = Phone::from_e164("+61491570110").unwrap();
        let webhook = Webhook::new(&SecretString::from(address)).unwrap();
        let notifier = Notifier::new(Some(webhook), Some(Arc::clone(&texts) as Arc<dyn Texter>), vec![number]);
        let store = Store::in_memory().await.unwrap();
        let clock = Clock::anchored_at(START.parse().unwrap());
        let mut desk = Self {
            news: FindingsNews::new(store.clone(), clock, notifier.clone(), Severity::Warn),
            store,
            clock,
            notifier,
            hotlines: hotlines.iter().map(|name| HotlineName((*name).into())).collect(),
            posted,
            texts,
            refuses,
        };
        desk.restart(Severity::Warn);
        desk
    }

    /// Only the store knows what was before.
    fn restart(&mut self, least: Severity) {
        self.news = FindingsNews::new(self.store.clone(), self.clock, self.notifier.clone(), least);
        for hotline in &self.hotlines {
            self.news.watch(hotline.clone(), false);
        }
    }

    async fn keep(&self, hotline: &str, rota: &str, coverage: &[(&str, &str)]) {
        let mut given = vec![("Time zone".to_owned(), "Europe/London".to_owned())];
        given.extend(coverage.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let hotline = HotlineName(hotline.into());
        let now = self.clock.now();
        self.store.keep_rota(&hotline, sheet(rota), Settings(given), now).await.unwrap();
    }

    async fn look(&mut self) {
        self.news.look().await;
        self.news.settle().await;
    }

    async fn after(&mut self, time: Duration) {
        tokio::time::pause();
        tokio::time::advance(time).await;
        tokio::time::resume();
        Anew::new(self.store.clone(), self.clock, self.hotlines.clone()).look().await;
        self.look().await;
    }

    async fn minutes(&mut self, minutes: u64) {
        self.after(Duration::from_secs(60 * minutes)).await;
    }

    /// Looks every six hours, and starts anew each time.
    async fn days(&mut self, days: u64) {
        for _ in 0..4 * days {
            self.restart(Severity::Warn);
            self.after(Duration::from_secs(6 * 3600)).await;
        }
    }

    /// When, and the first line.
    fn posted(&self) -> Vec<(String, String)> {
        let posted = self.posted.lock().unwrap();
        let said = |body: &Value| {
            let (at, words) = (body["at"].as_str().unwrap(), body["words"].as_str().unwrap());
            (at[..16].to_owned(), words.lines().next().unwrap().to_owned())
        };
        posted.iter().map(said).collect()
    }

    fn texted(&self) -> Vec<String> {
        self.texts.0.lock().unwrap().clone()
    }
}

fn owned(list: &[(&str, &str)]) -> Vec<(String, String)> {
    list.iter().map(|(at, words)| ((*at).to_owned(), (*words).to_owned())).collect()
}

#[tokio::test]
async fn a_rota_that_ends_is_told_three_times_and_when_it_has_ended() {
    let mut desk = Desk::new(&["lab"]).await;
    desk.keep("lab", "From,Until,1st\n2026-03-02 09:00,2026-03-22 09:00,Priya Nair\n", &[])
        .await;
    desk.look().await;
    desk.days(60).await;
    assert_eq!(
        desk.posted(),
        owned(&[
            (
                "2026-03-08T09:10",
                "WARN  Rota!C2: The rota ends Sun 22 Mar 09:00, in 13 days. [rota-ends]"
            ),
            (
                "2026-03-15T09:10",
                "WARN  Rota!C2: The rota ends Sun 22 Mar 09:00, in 6 days. [rota-ends]"
            ),
            (
                "2026-03-20T09:10",
                "STOP  Rota!C2: The rota ends Sun 22 Mar 09:00, in 1 day. [rota-ends]"
            ),
            ("2026-03-22T09:10", "STOP  Rota!C2: The rota ended Sun 22 Mar 09:00. [rota-ended]"),
        ])
    );
    let texted = desk.texted();
    assert_eq!(texted.len(), 2, "{texted:?}");
    assert!(
        texted[0].starts_with("lab: A new finding in the rota. STOP  Rota!C2: The rota ends Sun 22 Mar 09:00, in 1 day."),
        "{texted:?}"
    );
}

const GAP: &str = "From,Until,1st\n2026-03-02 09:00,2026-03-20 09:00,Priya Nair\n2026-03-21 09:00,2026-06-30 09:00,Tom Okafor\n";

#[tokio::test]
async fn a_gap_is_told_three_times_and_when_it_begins() {
    let mut desk = Desk::new(&["lab", "free"]).await;
    desk.keep("lab", GAP, &[("Coverage", "24/7")]).await;
    // Without Coverage a gap is a note, and notes are not told.
    desk.keep("free", &GAP.replace("Priya", "Tom").replace("Nair", "Okafor"), &[]).await;
    desk.look().await;
    desk.days(40).await;
    let gap =
        "Rota!C2: Nobody is on call from Fri 20 Mar 09:00 to Sat 21 Mar 09:00, within the hours of the setting Coverage. [coverage-gap]";
    let begun = "STOP  Rota!C2: Nobody is on call from Fri 20 Mar 09:10 to Sat 21 Mar 09:00, within the hours of the setting Coverage. [coverage-gap]";
    let mut posted = desk.posted();
    // From Saturday 21 March on Tom is first on call for both, which is soon from the 7th on.
    let both: Vec<_> = posted.extract_if(.., |(_, words)| words.contains("[two-hotlines]")).collect();
    assert_eq!(both.iter().map(|(at, _)| at.as_str()).collect::<Vec<_>>(), ["2026-03-07T09:10"; 2]);
    assert_eq!(
        posted,
        owned(&[
            ("2026-03-06T09:10", &format!("WARN  {gap}")),
            ("2026-03-13T09:10", &format!("WARN  {gap}")),
            ("2026-03-18T09:10", &format!("STOP  {gap}")),
            ("2026-03-20T09:10", begun),
        ])
    );
    assert_eq!(desk.texted().len(), 2);
}

const FINE: &str = "From,Until,1st,2nd\n2026-03-02 09:00,2026-06-30 09:00,Priya Nair,Tom Okafor\n";

/// The rota with these names below, each for a day from 3 March on.
fn with(names: &[&str]) -> String {
    let mut rota = "From,Until,1st,2nd\n2026-03-02 09:00,2026-03-03 09:00,Priya Nair,Tom Okafor\n".to_owned();
    for (day, name) in (3..).zip(names) {
        rota.push_str(&format!("2026-03-{day:02} 09:00,2026-03-{:02} 09:00,Priya Nair,{name}\n", day + 1));
    }
    let day = 3 + names.len();
    format!("{rota}2026-03-{day:02} 09:00,2026-06-30 09:00,Priya Nair,Tom Okafor\n")
}

#[tokio::test]
async fn a_finding_is_told_once_and_again_when_it_comes_back() {
    let mut desk = Desk::new(&["lab"]).await;
    desk.keep("lab", FINE, &[]).await;
    desk.look().await;
    assert_eq!(desk.posted(), []);
    desk.keep("lab", &with(&["J Smth"]), &[]).await;
    desk.minutes(1).await;
    // It begins to affect calls, moves a row down, and the process starts anew: the same finding.
    desk.minutes(24 * 60).await;
    desk.restart(Severity::Warn);
    desk.keep("lab", &with(&["Tom Okafor", "J Smth"]), &[]).await;
    desk.minutes(20).await;
    assert_eq!(desk.posted().len(), 1);
    assert!(desk.posted()[0].1.contains("\"J Smth\" is not in Contacts"), "{:?}", desk.posted());
    // Mended, and back.
    desk.keep("lab", FINE, &[]).await;
    desk.minutes(20).await;
    assert_eq!(desk.posted().len(), 1);
    desk.keep("lab", &with(&["Tom Okafor", "J Smth"]), &[]).await;
    desk.minutes(20).await;
    let posted = desk.posted();
    assert_eq!(posted.len(), 2);
    assert_eq!(posted[1].1, posted[0].1.replace("D3", "D4"));
}

#[tokio::test]
async fn what_comes_within_a_quarter_of_an_hour_is_gathered() {
    let mut desk = Desk::new(&["lab"]).await;
    desk.keep("lab", &with(&["J Smth"]), &[]).await;
    desk.look().await;
    desk.keep("lab", &with(&["J Smth", "Passing"]), &[]).await;
    desk.minutes(5).await;
    desk.keep("lab", &with(&["J Smth", "Carla"]), &[]).await;
    desk.minutes(5).await;
    desk.keep("lab", &with(&["J Smth", "Carla", "Dora"]), &[]).await;
    desk.minutes(4).await;
    assert_eq!(desk.posted().len(), 1);
    desk.minutes(2).await;
    desk.minutes(60).await;
    let posted = desk.posted.lock().unwrap();
    assert_eq!(posted.len(), 2);
    assert_eq!(posted[1]["headline"], "2 new findings in the rota.");
    let words = posted[1]["words"].as_str().unwrap();
    let heads: Vec<&str> = words.lines().filter(|line| !line.starts_with(' ')).collect();
    assert!(
        heads.len() == 2 && heads[0].contains("\"Carla\"") && heads[1].contains("\"Dora\""),
        "{words}"
    );
}

#[tokio::test]
async fn who_could_not_be_told_is_told_later_and_warnings_only_on_demand() {
    let mut desk = Desk::new(&["lab"]).await;
    desk.refuses.store(true, Ordering::SeqCst);
    // A warning: it ends in six days.
    desk.keep("lab", "From,Until,1st\n2026-03-02 09:00,2026-03-08 12:00,Priya Nair\n", &[])
        .await;
    desk.look().await;
    desk.refuses.store(false, Ordering::SeqCst);
    desk.minutes(9).await;
    assert_eq!(desk.posted(), []);
    desk.restart(Severity::Stop);
    desk.minutes(20).await;
    assert_eq!(desk.posted(), []);
    desk.restart(Severity::Warn);
    desk.minutes(1).await;
    assert_eq!(desk.posted().len(), 1);
    assert_eq!(desk.texted(), Vec::<String>::new());
}

#[tokio::test]
async fn two_hotlines_of_one_person_are_told_once_each() {
    let mut desk = Desk::new(&["lab", "surgery"]).await;
    desk.keep("lab", FINE, &[]).await;
    desk.look().await;
    desk.keep("surgery", FINE, &[]).await;
    desk.minutes(1).await;
    desk.days(30).await;
    let seen = |one: &str, other: &str| {
        format!(
            "WARN  Rota!C2: \"Priya Nair\" is first on call for {one} and for {other} at the same time: \
             from Mon 2 Mar 09:00 to Tue 30 Jun 09:00. [two-hotlines]"
        )
    };
    let mut lines: Vec<String> = desk.posted().into_iter().map(|(_, line)| line).collect();
    lines.sort();
    assert_eq!(lines, [seen("lab", "surgery"), seen("surgery", "lab")]);
}

#[test]
fn a_flood_is_cut_and_the_rest_counted_and_numbers_are_masked() {
    let finding = |number: usize, severity| Diagnostic {
        severity,
        code: Code::PhoneUnusable,
        cells: vec![],
        more_cells: 0,
        seen: format!("Finding {number} of +61 491 570 156."),
        consequence: "Nobody is rung.".to_owned(),
        remedy: String::new(),
        affects: None,
    };
    let mut findings: Vec<Diagnostic> = (1..=30).map(|number| finding(number, Severity::Warn)).collect();
    findings[20].severity = Severity::Stop;
    let lab = HotlineName("lab".into());
    let (posted, texted) = words::notices(&lab, &findings, DateTime::UNIX_EPOCH);
    assert_eq!(posted.headline, "30 new findings in the rota.");
    let lines: Vec<&str> = posted.words.lines().collect();
    assert_eq!(
        lines[..2],
        ["WARN  Finding 1 of +61…156. [phone-unusable]", "      Nobody is rung."]
    );
    assert_eq!(lines[18], "WARN  Finding 10 of +61…156. [phone-unusable]");
    assert_eq!(lines[20..], ["And 20 more: the page and `rotaline check` list them all."]);
    let texted = texted.unwrap();
    assert_eq!(texted.headline, "A new finding in the rota.");
    assert_eq!(texted.words, "STOP  Finding 21 of +61…156. [phone-unusable]\n      Nobody is rung.");
    // Long ones: as many as fit.
    for one in &mut findings {
        one.remedy = "x".repeat(5_000);
    }
    let (posted, _) = words::notices(&lab, &findings, DateTime::UNIX_EPOCH);
    assert!(posted.words.len() < 3_000, "{}", posted.words.len());
    assert!(
        posted
            .words
            .ends_with("\nAnd 28 more: the page and `rotaline check` list them all.")
    );
}
