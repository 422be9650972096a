//! Signed webhooks at full speed and at a steady rate: the whole service on loopback, its store in a file; beside it the same
//! server with notices that it verifies and need not keep, and a bare one that knows only signatures, in the same run.
//!
//! What is sent is what a call's room says of its caller: an event that is kept, and orders nothing; or that he is on hold, which
//! means nothing to us. And calls that come in: each is kept with its plan and orders somebody to be rung. Client, service and a
//! stand-in for the carrier share one process.
//! Without `--bench` a few of each show that it works.
#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::cast_precision_loss, missing_docs)]

mod loopback;

use axum::http::StatusCode;
use axum::routing::post;
use axum::{Json, Router};
use loopback::{ACCOUNT, TOKEN, config, listen, new_line, serve};
use rotaline::app::{Extras, Service};
use rotaline::call::{CallId, LineId};
use rotaline::clock::Clock;
use rotaline::metrics;
use rotaline::phrases::Speech;
use rotaline::twilio::address::{BaseUrl, Place};
use rotaline::twilio::form::Form;
use rotaline::twilio::public_url::PublicUrl;
use rotaline::twilio::verified::{Verified, Verifier};
use rotaline::twilio::{signature, twiml};
use secrecy::SecretString;
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

/// So many webhooks are under way at once.
const CONNECTIONS: usize = 224;
/// What the room says: that the caller is in it, and that he is on hold, by which we do nothing.
const JOINED: &str = "participant-join";
const ON_HOLD: &str = "participant-hold";
/// One connection's calls: none of them gets so many notices that a call stops keeping those that change nothing.
const CALLS_EACH: usize = 8;

struct Size {
    rounds: usize,
    round: Duration,
    steady: Duration,
    live: usize,
}

const MEASURED: Size = Size {
    rounds: 3,
    round: Duration::from_secs(3),
    steady: Duration::from_secs(10),
    // Together with those of the connections: what one hotline takes.
    live: 10_000 - CONNECTIONS * CALLS_EACH,
};
const SHOWN: Size = Size {
    rounds: 1,
    round: Duration::from_millis(100),
    steady: Duration::from_millis(100),
    live: 20,
};

#[tokio::main]
async fn main() {
    tracing_subscriber::fmt().with_writer(std::io::sink).init();
    let is_measured = std::env::args().any(|argument| argument == "--bench");
    let size = if is_measured { MEASURED } else { SHOWN };
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let before = resident();
    let (doors, api) = listen().await;
    serve(doors, carrier());
    let (doors, bare) = listen().await;
    serve(doors, nothing_kept(&bare));
    let (doors, ours) = listen().await;
    let extras = Extras {
        recorder: Some(metrics::install().unwrap()),
        listener: Some(doors),
        ..Extras::default()
    };
    let service = Service::start(config(folder.path(), &ours, &api), Clock::system(), extras)
        .await
        .unwrap();

    let mut callers = Vec::new();
    for _ in 0..CONNECTIONS {
        callers.push(Caller::new(&ours, &service).await);
    }
    println!("{} calls, {CONNECTIONS} connections", CONNECTIONS * CALLS_EACH);
    callers = at_each_door(callers, [(&ours, JOINED), (&ours, ON_HOLD), (&bare, JOINED)], &size).await;
    if std::env::args().any(|argument| argument == "notices") {
        return;
    }
    for (door, said, what) in [(&ours, JOINED, "kept"), (&ours, ON_HOLD, "only verified")] {
        let (mut took, callers_back) = at_a_thousand_a_second(callers, (door, said), size.steady).await;
        callers = callers_back;
        took.sort_unstable();
        let [p50, p95, p99] = [50, 95, 99].map(|percent| percentile(&took, percent));
        println!(
            "1 000 a second, {what:<14} ms: p50 {p50:.2}, p95 {p95:.2}, p99 {p99:.2} of {}",
            took.len()
        );
    }
    // Their connections, that is: all together there are so many places.
    drop(callers);
    let (arrived, took) = calls_come_in(&ours, size.live).await;
    let grown = resident().saturating_sub(before);
    println!("calls that come in, a second       {:>9.0}", arrived as f64 / took.as_secs_f64());
    println!(
        "{} calls live: {} MiB resident, {} MiB more than before the start; client and stand-in with it",
        arrived + CONNECTIONS * CALLS_EACH,
        resident() / 1024,
        grown / 1024
    );
    service.stop().await;
}

/// The same notices: kept, verified by the same server and not kept, verified by a bare one.
async fn at_each_door(mut callers: Vec<Caller>, doors: [(&str, &'static str); 3], size: &Size) -> Vec<Caller> {
    let (mut rates, mut costs) = ([const { Vec::new() }; 3], [const { Vec::new() }; 3]);
    for _ in 0..size.rounds {
        for (n, (door, said)) in doors.into_iter().enumerate() {
            let computed = computed();
            let (sent, rate, callers_back) = at_full_speed(callers, (door, said), size.round).await;
            callers = callers_back;
            rates[n].push(rate);
            costs[n].push((self::computed() - computed) / sent);
        }
    }
    let (rates, costs) = (rates.map(median), costs.map(median));
    println!("                                    a second   computed for each, µs");
    for (n, what) in ["kept", "only verified, same server", "only verified, bare server"]
        .into_iter()
        .enumerate()
    {
        println!("notices {what:<26} {:>9.0}{:>12.1}", rates[n], costs[n]);
    }
    for (n, what) in [(1, "same"), (2, "bare")] {
        println!(
            "kept / verified, {what:<18}{:>9.2}{:>12.2}",
            rates[0] / rates[n],
            costs[n] / costs[0]
        );
    }
    callers
}

/// One connection, and calls that it speaks of.
struct Caller {
    wire: Wire,
    calls: Vec<CallId>,
    said: usize,
}

impl Caller {
    async fn new(door: &str, service: &Service) -> Self {
        let mut wire = Wire::to(door).await;
        let mut calls = Vec::new();
        for _ in 0..CALLS_EACH {
            let line = new_line();
            arrive(&mut wire, door, &line).await;
            let found = service.switchboard().leg_by_line(&LineId(line)).await;
            let (call, _) = found.unwrap().unwrap();
            calls.push(call);
        }
        Self { wire, calls, said: 0 }
    }

    /// The room says something of the caller, who is in it.
    async fn notice(&mut self, door: &str, said: &str) {
        let call = self.calls[self.said % self.calls.len()];
        self.said += 1;
        let path = Place::Conference(call).to_string();
        let body = format!(
            "AccountSid={ACCOUNT}&ConferenceSid=CF00000000000000000000000000000000&FriendlyName={call}&SequenceNumber={}\
             &StatusCallbackEvent={said}&ParticipantLabel=0&Muted=false&Hold=false",
            self.said
        );
        self.wire.lead_to(door).await;
        self.wire.post(door, &path, &body).await;
    }
}

/// A connection that is kept: as little as a client can be.
struct Wire {
    door: String,
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Wire {
    async fn to(door: &str) -> Self {
        let stream = TcpStream::connect(door.strip_prefix("http://").unwrap()).await.unwrap();
        stream.set_nodelay(true).unwrap();
        Self {
            door: door.to_owned(),
            stream,
            buffer: Vec::new(),
        }
    }

    async fn lead_to(&mut self, door: &str) {
        if self.door != door {
            *self = Self::to(door).await;
        }
    }

    /// Sends a signed webhook and waits for all of the answer.
    async fn post(&mut self, door: &str, path: &str, body: &str) -> String {
        let signed = signature::sign(TOKEN, &format!("{door}{path}"), Form::parse(body.as_bytes()).unwrap().fields());
        let request = format!(
            "POST {path} HTTP/1.1\r\nHost: {}\r\nX-Twilio-Signature: {signed}\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
            door.strip_prefix("http://").unwrap(),
            body.len()
        );
        self.stream.write_all(request.as_bytes()).await.unwrap();
        self.buffer.clear();
        loop {
            assert!(self.stream.read_buf(&mut self.buffer).await.unwrap() > 0, "the door is shut");
            let answer = String::from_utf8_lossy(&self.buffer);
            let Some((head, rest)) = answer.split_once("\r\n\r\n") else {
                continue;
            };
            let head = head.to_lowercase();
            assert!(head.starts_with("http/1.1 2"), "{answer}");
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
            if rest.len() >= length.map_or(0, |length| length.trim().parse().unwrap()) {
                return rest.to_owned();
            }
        }
    }
}

async fn arrive(wire: &mut Wire, door: &str, line: &str) {
    // Whoever calls too often is not put through: each is somebody else.
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    let from = format!("%2B6149{:07}", 4_000_000 + NEXT.fetch_add(1, Ordering::Relaxed));
    let numbers = format!("From={from}&Caller={from}&To=%2B61491570006&Called=%2B61491570006");
    let body = format!("AccountSid={ACCOUNT}&ApiVersion=2010-04-01&CallSid={line}&Direction=inbound&{numbers}&CallStatus=ringing");
    let words = wire.post(door, "/twilio/voice", &body).await;
    assert!(words.contains("<Conference"), "{words}");
}

/// Each connection sends one notice after the other; how many a second all of them together.
async fn at_full_speed(callers: Vec<Caller>, (door, said): (&str, &'static str), time: Duration) -> (f64, f64, Vec<Caller>) {
    let begun = Clock::monotonic();
    let mut all: JoinSet<(usize, Caller)> = callers
        .into_iter()
        .map(|mut caller| {
            let door = door.to_owned();
            async move {
                let mut sent = 0;
                while begun.elapsed() < time {
                    caller.notice(&door, said).await;
                    sent += 1;
                }
                (sent, caller)
            }
        })
        .collect();
    let (mut sent, mut callers) = (0, Vec::new());
    while let Some(done) = all.join_next().await {
        let (of_it, caller) = done.unwrap();
        sent += of_it;
        callers.push(caller);
    }
    let sent = sent as f64;
    (sent, sent / begun.elapsed().as_secs_f64(), callers)
}

/// The clock of each notice starts when it is due, whatever became of those before it.
async fn at_a_thousand_a_second(callers: Vec<Caller>, (door, said): (&str, &'static str), time: Duration) -> (Vec<Duration>, Vec<Caller>) {
    let begun = Clock::monotonic() + Duration::from_millis(20);
    let next = Arc::new(AtomicUsize::new(0));
    let all: JoinSet<(Vec<Duration>, Caller)> = callers
        .into_iter()
        .map(|mut caller| {
            let (door, next) = (door.to_owned(), Arc::clone(&next));
            async move {
                let mut took = Vec::new();
                loop {
                    let due = Duration::from_millis(u64::try_from(next.fetch_add(1, Ordering::Relaxed)).unwrap());
                    if due > time {
                        return (took, caller);
                    }
                    tokio::time::sleep_until(begun + due).await;
                    caller.notice(&door, said).await;
                    took.push((begun + due).elapsed());
                }
            }
        })
        .collect();
    let (took, callers): (Vec<_>, Vec<_>) = all.join_all().await.into_iter().unzip();
    (took.concat(), callers)
}

async fn calls_come_in(door: &str, number: usize) -> (usize, Duration) {
    let begun = Clock::monotonic();
    let left = Arc::new(AtomicUsize::new(number));
    let mut all = JoinSet::new();
    for _ in 0..CONNECTIONS {
        let (door, left) = (door.to_owned(), Arc::clone(&left));
        all.spawn(async move {
            let mut wire = Wire::to(&door).await;
            while left
                .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1))
                .is_ok()
            {
                arrive(&mut wire, &door, &new_line()).await;
            }
        });
    }
    all.join_all().await;
    (number, begun.elapsed())
}

fn median(mut of: Vec<f64>) -> f64 {
    of.sort_unstable_by(f64::total_cmp);
    of[of.len() / 2]
}

/// In ms, by the nearest rank.
fn percentile(sorted: &[Duration], percent: usize) -> f64 {
    sorted[(sorted.len() * percent).div_ceil(100).max(1) - 1].as_secs_f64() * 1000.0
}

/// How long this process has computed, in µs: by all its threads, in its own code and in the kernel's.
fn computed() -> f64 {
    const OF_A_TICK: f64 = 10_000.0;
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_the_name = stat.rsplit(')').next().unwrap_or_default();
    let ticks = after_the_name.split_whitespace().skip(11).take(2);
    ticks.filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() * OF_A_TICK
}

/// What of this process is in memory, in KiB.
fn resident() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.trim().split(' ').next()?.parse().ok()).unwrap_or(0)
}

/// The stand-in for the carrier: takes every order, rings nobody.
fn carrier() -> Router {
    let ask = async || (StatusCode::CREATED, Json(json!({ "sid": new_line() })));
    Router::new().route("/2010-04-01/Accounts/{account}/{*resource}", post(ask))
}

/// The bare baseline: verifies as the service does, and has nothing else.
fn nothing_kept(bare: &str) -> Router {
    let public_url = PublicUrl::known(BaseUrl::parse(bare).unwrap());
    let verifier = Verifier::new(ACCOUNT.to_owned(), vec![SecretString::from(TOKEN)], Vec::new(), public_url);
    Router::new()
        .route("/{*any}", post(async |_: Verified<Form>| twiml::apology(&Speech::default())))
        .with_state(verifier.unwrap())
}
