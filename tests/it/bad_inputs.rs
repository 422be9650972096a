//! What nobody should send or configure, over real sockets: refused clearly, and nothing else suffers.

use super::line::told;
use super::stage::{self, INCIDENT_TOKEN, PATIENCE, wednesday};
use super::two_lines::{LAB, PRIYA, Rota, TwoLines, WARD};
use rotaline::call::{HotlineName, Outcome};
use rotaline::simulator::{AtQuestion, CallerHabit, Delay, Habit};
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

const CALLER: &str = "+61491570737";

fn accepts() -> Habit {
    Habit::Accepts {
        after: Delay::seconds(2),
        talk: None,
    }
}

fn waits() -> CallerHabit {
    CallerHabit {
        // Three seconds of ours are a talk.
        talk: Some(Delay::seconds(240)),
        ..CallerHabit::default()
    }
}

/// An emergency number, a premium one, one abroad, our own, and more digits than any number has.
#[tokio::test(flavor = "multi_thread")]
async fn digits_that_are_no_number_are_said_to_be_none_and_nobody_is_called_there() {
    let typed = [112, 1_900_123_456, 447_700_900_123, 491_570_006, 12_345_678_901_234_567_890];
    futures_util::future::join_all(typed.map(is_refused)).await;
}

async fn is_refused(typed: u64) {
    let stage = stage::set().await;
    let caller = CallerHabit {
        star: Some(Delay::seconds(3)),
        question: AtQuestion::TypesNumber(typed),
        ..CallerHabit::default()
    };
    let people = stage.rehearsal().on_call().await.unwrap();
    let habits = people.into_iter().map(|who| (who, Habit::Ignores)).collect();
    let mut facts = stage.service().store().subscribe();
    stage.rehearsal().ring(habits, caller).await.unwrap();
    let outcome = tokio::time::timeout(PATIENCE, super::line::until_over(&mut facts)).await.unwrap();
    assert_eq!(outcome, Outcome::NoMessage, "{typed}");
    let heard = told(&stage, CALLER);
    let again = "We cannot call that number. Please type the number on which we are to call you back, then press hash.";
    assert!(heard.iter().any(|words| words == again), "{typed}: {heard:?}");
    let lab = HotlineName("lab".to_owned());
    assert_eq!(stage.service().store().open_callbacks(&lab).await.unwrap(), [], "{typed}");
    assert_eq!(stage.rehearsal().simulator().look(|network| network.faults().to_vec()), []);
    stage.strike().await;
}

/// Sends what is given and reads to the end: the answer, once the other side has closed.
async fn exchange(address: SocketAddr, sent: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(sent).await.unwrap();
    let mut answer = Vec::new();
    let read = tokio::time::timeout(Duration::from_secs(5), stream.read_to_end(&mut answer)).await;
    // A connection that is closed while we still might send may well be reset after the answer.
    let _ = read.expect("the connection is kept busy");
    String::from_utf8_lossy(&answer).into_owned()
}

fn head(token: &str, length: &str) -> String {
    format!(
        "POST /api/v1/hotlines/lab/incidents HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\n{length}\r\n\r\n"
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_megabytes_of_an_incident_are_refused_before_they_are_read() {
    let stage = stage::set().await;
    let address = stage.service().address();
    let too_long =
        |answer: &str| answer.starts_with("HTTP/1.1 413 ") && answer.contains("\"code\":\"too-long\"") && answer.contains("256 KiB");
    // Only announced: not one byte of it is waited for.
    let answer = exchange(address, head(INCIDENT_TOKEN, "Content-Length: 10485760").as_bytes()).await;
    assert!(too_long(&answer), "{answer}");
    // Without a length: as much as is allowed, and a little more.
    let mut chunked = head(INCIDENT_TOKEN, "Transfer-Encoding: chunked").into_bytes();
    let chunk = [b"10000\r\n".as_slice(), &vec![b' '; 0x10000], b"\r\n"].concat();
    for _ in 0..5 {
        chunked.extend_from_slice(&chunk);
    }
    let answer = exchange(address, &chunked).await;
    assert!(too_long(&answer), "{answer}");
    // Whoever has no token is not even told how long it may be.
    let answer = exchange(address, head("guessed", "Content-Length: 10485760").as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 401 "), "{answer}");
    let calls = stage.service().store().calls(10).await.unwrap();
    assert_eq!(calls, [], "nobody is rung");
    stage.strike().await;
}

/// Each rota names the other's number and its own; and the last resort of the sheet is a hotline, too.
#[tokio::test(flavor = "multi_thread")]
async fn hotlines_that_name_one_another_ring_people_only() {
    let lab = Rota {
        contacts: &[("The ward line", WARD), ("The lab line", LAB), ("Priya Nair", PRIYA)],
        last_resort: Some("The ward line"),
    };
    let ward = Rota {
        contacts: &[("The lab line", LAB)],
        last_resort: Some("The lab line"),
    };
    let lines = TwoLines::open(lab, ward, wednesday()).await;
    lines.simulator.set_habit(PRIYA, accepts());
    let (_, outcome, story) = lines.call(CALLER, LAB, waits()).await;
    assert_eq!(outcome, Some(Outcome::Served), "{story:?}");
    let why = "is not rung: a number of our own, so that hotlines would ring one another.";
    assert_eq!(
        story.iter().filter(|line| line.ends_with(why)).collect::<Vec<_>>(),
        [
            &format!("The ward line {why}"),
            &format!("The lab line {why}"),
            &format!("The ward line {why}")
        ]
    );
    let (_, outcome, story) = lines.call(CALLER, WARD, waits()).await;
    assert_eq!(outcome, Some(Outcome::NoMessage), "nobody is left: {story:?}");
    assert!(story.contains(&format!("The lab line {why}")), "{story:?}");
    lines.simulator.look(|network| {
        assert_eq!(network.dialled(), [PRIYA]);
        assert_eq!(network.faults(), []);
    });
    lines.close().await;
}

/// A phone that we ring is diverted to a hotline: the call that comes back must ring nobody.
#[tokio::test(flavor = "multi_thread")]
async fn a_call_from_one_of_our_own_numbers_is_turned_away() {
    let rota = || Rota {
        contacts: &[("Priya Nair", PRIYA)],
        last_resort: None,
    };
    let lines = TwoLines::open(rota(), rota(), wednesday()).await;
    lines.simulator.set_habit(PRIYA, accepts());
    for (from, to) in [(WARD, LAB), (LAB, LAB)] {
        let (_, outcome, story) = lines.call(from, to, waits()).await;
        assert_eq!(outcome, Some(Outcome::Refused), "{story:?}");
        let why = "The caller is turned away: the call comes from a number of our own, perhaps by a phone that is diverted to the hotline.";
        assert!(story.iter().any(|line| line == why), "{story:?}");
    }
    lines.simulator.look(|network| {
        assert_eq!(network.dialled(), Vec::<String>::new());
        assert_eq!(network.faults(), []);
    });
    let (_, outcome, _) = lines.call(CALLER, LAB, waits()).await;
    assert_eq!(outcome, Some(Outcome::Served), "others are put through");
    lines.close().await;
}
