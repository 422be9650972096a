//! From an inbound call to the order to ring somebody: the whole service on loopback sockets, its store in a file.
//!
//! The clock starts before a webhook is sent and stops when the order arrives at a stand-in for the carrier. Baselines of
//! the same run: the same webhook where nothing is decided and nothing kept, and one write to the same disk.
//! Without `--bench` a few rounds show that it works.
#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs)]

mod loopback;

use axum::http::StatusCode;
use axum::routing::post;
use axum::{Json, Router};
use loopback::{ACCOUNT, HOTLINE, TOKEN, config, listen, new_line, serve};
use rotaline::app::{Extras, Service};
use rotaline::call::{CallId, LegId};
use rotaline::clock::Clock;
use rotaline::metrics;
use rotaline::phrases::Speech;
use rotaline::roster::Phone;
use rotaline::switchboard::{Carrier as _, DialOrder};
use rotaline::twilio::address::{BaseUrl, Callback, Place};
use rotaline::twilio::form::Form;
use rotaline::twilio::public_url::PublicUrl;
use rotaline::twilio::rest::{Client, Settings};
use rotaline::twilio::verified::{Verified, Verifier};
use rotaline::twilio::{signature, twiml};
use secrecy::SecretString;
use serde_json::json;
use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::time::Duration;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::time::{Instant, sleep, timeout};
use uuid::Uuid;

const ROUNDS: usize = 500;
/// Not counted: connections are opened, statements prepared.
const WARM_UP: usize = 20;
/// Before each measurement: calls come in when nothing else is going on, so nothing is warm from the one before.
const QUIET: Duration = Duration::from_millis(10);
/// Nothing takes this long unless it is broken.
const LIMIT: Duration = Duration::from_secs(10);
/// One page of the database: less than any commit writes.
const PAGE: [u8; 4096] = [0; 4096];

/// What the stand-in was asked: to ring a phone, or to stop ringing it.
struct Asked {
    at: Instant,
    line: String,
    form: Form,
}

impl Asked {
    /// The leg that is ordered.
    fn leg(&self) -> (CallId, LegId) {
        let url: url::Url = self.form.get("Url").unwrap().parse().unwrap();
        let Ok(Place::Leg(call, leg, Callback::Script)) = url.path().parse() else {
            unreachable!("{url} is no leg's script");
        };
        (call, leg)
    }
}

/// A webhook that was answered.
struct Answered {
    sent: Instant,
    took: Duration,
    words: String,
}

#[derive(Default)]
struct Figures {
    ordered: Vec<Duration>,
    answered: Vec<Duration>,
    passed_on: Vec<Duration>,
    bare_ordered: Vec<Duration>,
    bare_answered: Vec<Duration>,
    written: Vec<Duration>,
}

struct Bench {
    http: reqwest::Client,
    service: Service,
    /// Where the service answers.
    ours: String,
    /// Where nothing is kept.
    bare: String,
    asked: UnboundedReceiver<Asked>,
    file: File,
    figures: Figures,
}

#[tokio::main]
async fn main() {
    // What the service logs becomes text, as usual, and goes nowhere.
    tracing_subscriber::fmt().with_writer(std::io::sink).init();
    let is_measured = std::env::args().any(|argument| argument == "--bench");
    let (warm_up, rounds) = if is_measured { (WARM_UP, ROUNDS) } else { (1, 3) };
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let mut bench = Bench::set_up(folder.path()).await;
    for _ in 0..warm_up {
        bench.round().await;
    }
    bench.figures = Figures::default();
    for _ in 0..rounds {
        bench.round().await;
    }
    bench.service.stop().await;
    bench.figures.print();
}

impl Bench {
    async fn set_up(folder: &Path) -> Self {
        let (orders, asked) = unbounded_channel();
        let (doors, api) = listen().await;
        serve(doors, carrier(orders));
        let (doors, bare) = listen().await;
        serve(doors, nothing_kept(&bare, &api));
        let (doors, ours) = listen().await;
        let extras = Extras {
            recorder: Some(metrics::install().unwrap()),
            listener: Some(doors),
            ..Extras::default()
        };
        Self {
            http: reqwest::Client::builder().no_proxy().build().unwrap(),
            service: Service::start(config(folder, &ours, &api), Clock::system(), extras).await.unwrap(),
            ours,
            bare,
            asked,
            file: File::create(folder.join("baseline")).unwrap(),
            figures: Figures::default(),
        }
    }

    /// A call comes in, the first on call declines, the caller hangs up; then the baselines.
    async fn round(&mut self) {
        let caller = new_line();
        let arrival = self.webhook(&self.ours, "/twilio/voice", &caller, "CallStatus=ringing").await;
        assert!(arrival.words.contains("<Conference"), "{}", arrival.words);
        let first = self.next_asked().await;
        self.figures.answered.push(arrival.took);
        self.figures.ordered.push(first.at - arrival.sent);

        self.told(&first, Callback::Script, "CallStatus=in-progress").await;
        sleep(QUIET).await;
        let declined = self.told(&first, Callback::Key, "CallStatus=in-progress&Digits=2").await;
        let second = self.next_asked().await;
        assert_ne!(second.form.get("To"), first.form.get("To"));
        self.figures.passed_on.push(second.at - declined.sent);

        self.webhook(&self.ours, "/twilio/status", &caller, "CallStatus=completed").await;
        self.told(&first, Callback::Status, "CallStatus=completed").await;
        assert_eq!(self.next_asked().await.form.get("Status"), Some("canceled"));
        self.told(&second, Callback::Status, "CallStatus=canceled").await;
        let (call, _) = first.leg();
        assert!(!self.service.switchboard().call(call).await.unwrap().is_live());
        self.baselines().await;
        sleep(QUIET).await;
    }

    async fn baselines(&mut self) {
        sleep(QUIET).await;
        let answered = self.webhook(&self.bare, "/answered", &new_line(), "CallStatus=ringing").await;
        self.figures.bare_answered.push(answered.took);
        sleep(QUIET).await;
        let ordering = self.webhook(&self.bare, "/ordered", &new_line(), "CallStatus=ringing").await;
        let ordered = self.next_asked().await;
        self.figures.bare_ordered.push(ordered.at - ordering.sent);
        sleep(QUIET).await;
        let begun = Clock::monotonic();
        self.file.write_all(&PAGE).unwrap();
        self.file.sync_all().unwrap();
        self.figures.written.push(begun.elapsed());
    }

    /// The carrier tells something about a leg.
    async fn told(&self, of: &Asked, callback: Callback, what: &str) -> Answered {
        let (call, leg) = of.leg();
        let path = Place::Leg(call, leg, callback).to_string();
        self.webhook(&self.ours, &path, &of.line, what).await
    }

    /// Sends a signed webhook.
    async fn webhook(&self, base: &str, path: &str, line: &str, what: &str) -> Answered {
        let numbers = "From=%2B61491570313&Caller=%2B61491570313&To=%2B61491570006&Called=%2B61491570006";
        let body = format!("AccountSid={ACCOUNT}&ApiVersion=2010-04-01&CallSid={line}&Direction=inbound&{numbers}&{what}");
        let url = format!("{base}{path}");
        let signed = signature::sign(TOKEN, &url, Form::parse(body.as_bytes()).unwrap().fields());
        let request = self.http.post(url).header("X-Twilio-Signature", signed);
        let request = request.header("Content-Type", "application/x-www-form-urlencoded").body(body);
        let sent = Clock::monotonic();
        let answer = request.send().await.unwrap().error_for_status().unwrap();
        let words = answer.text().await.unwrap();
        let took = sent.elapsed();
        Answered { sent, took, words }
    }

    async fn next_asked(&mut self) -> Asked {
        timeout(LIMIT, self.asked.recv()).await.unwrap().unwrap()
    }
}

impl Figures {
    fn print(mut self) {
        let baselines = [&mut self.bare_ordered, &mut self.bare_answered, &mut self.written];
        let [order, answer, disk] = baselines.map(|of| percentile(of, 50));
        let rows = [
            ("call in -> POST Calls", self.ordered, order),
            ("call in -> TwiML", self.answered, answer),
            ("key 2 -> next POST Calls", self.passed_on, order),
            ("baseline: verified -> POST Calls", self.bare_ordered, order),
            ("baseline: verified -> TwiML", self.bare_answered, answer),
            ("baseline: 4 KiB to disk", self.written, disk),
        ];
        println!(
            "{:<34}{:>9}{:>9}{:>9}{:>12}{:>12}",
            "ms", "p50", "p95", "p99", "x baseline", "x disk"
        );
        for (what, mut of, baseline) in rows {
            let [p50, p95, p99] = [50, 95, 99].map(|percent| percentile(&mut of, percent));
            let (times, disks) = (p50 / baseline, p50 / disk);
            println!("{what:<34}{p50:>9.2}{p95:>9.2}{p99:>9.2}{times:>12.1}{disks:>12.1}");
        }
    }
}

/// In ms, by the nearest rank.
fn percentile(durations: &mut [Duration], percent: usize) -> f64 {
    durations.sort_unstable();
    let rank = (durations.len() * percent).div_ceil(100);
    durations[rank - 1].as_secs_f64() * 1000.0
}

/// The stand-in for the carrier: takes every order, rings nobody.
fn carrier(orders: UnboundedSender<Asked>) -> Router {
    let ask = async move |body: String| {
        let (at, line) = (Clock::monotonic(), new_line());
        let answer = Json(json!({ "sid": line }));
        let form = Form::parse(body.as_bytes()).unwrap();
        orders.send(Asked { at, line, form }).unwrap();
        (StatusCode::CREATED, answer)
    };
    Router::new().route("/2010-04-01/Accounts/{account}/{*resource}", post(ask))
}

/// The baseline: verifies as the service does, decides nothing, keeps nothing.
fn nothing_kept(bare: &str, api: &str) -> Router {
    let public_url = PublicUrl::known(BaseUrl::parse(bare).unwrap());
    let settings = Settings {
        api_base: api.to_owned(),
        ..Settings::new(ACCOUNT.to_owned(), SecretString::from(TOKEN))
    };
    let client = Client::new(settings, public_url.clone()).unwrap();
    let order = async move |_: Verified<Form>| {
        let client = client.clone();
        tokio::spawn(async move { client.dial(&an_order()).await.unwrap() });
        twiml::apology(&Speech::default())
    };
    Router::new()
        .route("/answered", post(async |_: Verified<Form>| twiml::apology(&Speech::default())))
        .route("/ordered", post(order))
        .with_state(Verifier::new(ACCOUNT.to_owned(), vec![SecretString::from(TOKEN)], Vec::new(), public_url).unwrap())
}

fn an_order() -> DialOrder {
    let number = Phone::from_e164(HOTLINE).unwrap();
    DialOrder {
        call: CallId(Uuid::now_v7()),
        leg: LegId(1),
        from: number.clone(),
        to: number,
        ring_seconds: 20,
        detection: None,
    }
}
