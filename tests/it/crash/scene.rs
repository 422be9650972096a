//! One service with its hotline and four people, on real sockets, whose REST interface can be put out of order.

use super::process::{Process, TOKEN, steady_port};
use super::wire::{self, Message};
use rotaline::clock::Clock;
use rotaline::simulator::server::{Config, Simulator};
use rotaline::simulator::{AtTone, CallerHabit, Delay, Habit, Line, Mischief, PhoneNetwork, Sound};
use rotaline::twilio::address::{BaseUrl, Place};
use std::fs;
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tempfile::TempDir;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpListener;

pub(super) const ACCOUNT: &str = "AC00000000000000000000000000000000";
pub(super) const HOTLINE: &str = "+61255500001";
pub(super) const ANN: &str = "+61491570156";
pub(super) const BOB: &str = "+61491570157";
pub(super) const DESK: &str = "+61491570110";
pub(super) const CALLER: &str = "+61491570737";
pub(super) const EMERGENCY: &str = "If a life is in danger, hang up and dial 000.";
/// Everything that is waited for has happened by then.
const PATIENCE: Duration = Duration::from_secs(180);
/// Telephone time runs so much faster than the service's.
const PACE: u32 = 3;

/// How Twilio's REST interface is out of order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rest {
    Works,
    /// Nothing is there.
    Gone,
    /// Takes connections and never says a word.
    Mute,
    /// Does what it is asked, and the connection breaks off in the middle of the answer, without a word.
    HalfOpen,
    /// Does what it is asked, and answers when nobody waits for it any more.
    Slow,
    /// Refuses everything, with this status, code and perhaps the time to wait.
    Says(u16, u32, Option<u32>),
}

pub(super) struct Scene {
    pub(super) folder: TempDir,
    pub(super) simulator: Simulator,
    pub(super) process: Process,
    pub(super) base: BaseUrl,
    pub(super) rest: Arc<Mutex<Rest>>,
    pub(super) notices: Arc<Mutex<Vec<String>>>,
}

pub(super) const fn accepts() -> Habit {
    Habit::AcceptsAtOnce {
        after: Delay::between(500, 1_000),
        talk: None,
    }
}

pub(super) fn caller() -> CallerHabit {
    CallerHabit {
        talk: Some(Delay::seconds(20)),
        tone: AtTone::SpeaksThenHash(6),
        ..CallerHabit::default()
    }
}

/// What there is.
#[derive(Clone, Debug)]
pub(super) struct Props {
    pub(super) ann: Habit,
    pub(super) bob: Habit,
    pub(super) desk: Habit,
    pub(super) has_rota: bool,
    pub(super) has_last_resort: bool,
    pub(super) mischief: Mischief,
}

impl Default for Props {
    /// Everybody accepts, and nothing is wrong.
    fn default() -> Self {
        Self {
            ann: accepts(),
            bob: accepts(),
            desk: accepts(),
            has_rota: true,
            has_last_resort: true,
            mischief: Mischief::none(),
        }
    }
}

impl Scene {
    pub(super) async fn set(ann: Habit, bob: Habit, desk: Habit) -> Self {
        Self::with(Props {
            ann,
            bob,
            desk,
            ..Props::default()
        })
        .await
    }

    pub(super) async fn with(props: Props) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let service: SocketAddr = format!("127.0.0.1:{}", steady_port()).parse().unwrap();
        let mut config = Config::new(ACCOUNT, TOKEN.into());
        config.pace = PACE;
        config.own_numbers.push(HOTLINE.to_owned());
        config.mischief = props.mischief.clone();
        config.people = [(ANN, props.ann), (BOB, props.bob), (DESK, props.desk)]
            .map(|(number, habit)| (number.to_owned(), habit))
            .to_vec();
        let simulator = Simulator::start(config).await.unwrap();
        let (rest, notices) = (Arc::new(Mutex::new(Rest::Works)), Arc::default());
        let orders = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let told = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addresses = [orders.local_addr().unwrap(), told.local_addr().unwrap()];
        let network = simulator.base_url().strip_prefix("http://").unwrap().parse().unwrap();
        tokio::spawn(troubled(orders, network, Arc::clone(&rest)));
        tokio::spawn(take_notices(told, Arc::clone(&notices)));
        write_files(folder.path(), service, addresses, &props);
        let process = Process::new(folder.path(), service);
        process.start();
        process.listens().await;
        let scene = Self {
            base: BaseUrl::parse(&format!("http://{service}")).unwrap(),
            folder,
            simulator,
            process,
            rest,
            notices,
        };
        scene.is_open(props.has_rota).await;
        scene
    }

    /// It answers, and has read the rota where there is one.
    async fn is_open(&self, has_rota: bool) {
        let asked = format!("http://{}/{}", self.process.address(), if has_rota { "ready" } else { "live" });
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        while !client.get(&asked).send().await.is_ok_and(|answer| answer.status().is_success()) {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    pub(super) fn rest(&self, rest: Rest) {
        *self.rest.lock().unwrap() = rest;
    }

    pub(super) fn line(&self) -> Line {
        Line {
            status_callback: Some(self.base.to_insistently(Place::LineStatus)),
            fallback_url: Some(self.base.to_insistently(Place::Fallback(0))),
            ..Line::to(&self.base.to_insistently(Place::Voice))
        }
    }

    pub(super) fn rings_in(&self, line: &Line) -> String {
        self.simulator.dial_in(Some(CALLER), HOTLINE, line, caller()).unwrap()
    }

    pub(super) async fn until(&self, what: &str, wanted: impl Fn(&PhoneNetwork) -> bool) {
        let waited = tokio::time::timeout(PATIENCE, self.simulator.until(wanted)).await;
        let story = || self.simulator.look(PhoneNetwork::story);
        assert!(waited.is_ok(), "{what}:\n{}\n{}", story(), self.process.log());
    }

    /// A call from beginning to end: what the caller heard in words, and with whom he talked.
    pub(super) async fn call(&self, line: &Line) -> (Vec<String>, Vec<String>) {
        let sid = self.rings_in(line);
        self.over(&sid).await
    }

    pub(super) async fn over(&self, sid: &str) -> (Vec<String>, Vec<String>) {
        self.until("the call is over", |network| {
            network.ended_at(sid).is_some() && network.leftovers().is_empty()
        })
        .await;
        let talks = self.simulator.talks();
        let with = talks.iter().filter(|talk| talk.sids.iter().any(|one| one == sid));
        let other = |numbers: &[String; 2]| numbers.iter().find(|number| *number != CALLER).cloned();
        let with = with.filter_map(|talk| other(&talk.numbers)).collect();
        (self.said(sid), with)
    }

    pub(super) fn said(&self, sid: &str) -> Vec<String> {
        let heard = self.simulator.heard(sid);
        let words = heard.into_iter().filter_map(|heard| match heard.what {
            Sound::Said(words) => Some(words),
            Sound::Ring | Sound::Silence | Sound::Music(_) | Sound::Beep | Sound::Voice(_) | Sound::Recording => None,
        });
        words.collect()
    }

    /// The notices, once there are so many.
    pub(super) async fn told(&self, wanted: usize) -> Vec<String> {
        for _ in 0..400 {
            let told = self.notices.lock().unwrap().clone();
            if told.len() >= wanted {
                return told;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!(
            "the operator was told only {:?}\n{}",
            self.notices.lock().unwrap(),
            self.process.log()
        );
    }
}

fn write_files(folder: &Path, service: SocketAddr, [orders, told]: [SocketAddr; 2], props: &Props) {
    let last_resort = if props.has_last_resort {
        format!("last_resort = \"{DESK}\"\n")
    } else {
        String::new()
    };
    let config = format!(
        "[server]\nlisten = \"{service}\"\nadmin_listen = \"127.0.0.1:{}\"\npublic_url = \"http://{service}\"\n\
         [store]\npath = \"rotaline.sqlite\"\n\
         [twilio]\naccount_sid = \"{ACCOUNT}\"\napi_base = \"http://{orders}\"\ncalls_per_second = 100\n\
         [notices]\nwebhook_file = \"webhook\"\nfindings = \"off\"\n\
         [[hotline]]\nname = \"lab\"\nnumbers = [\"{HOTLINE}\"]\nrota = {{ file = \"rota\" }}\nring_seconds = 5\nrounds = 1\n\
         max_wait_seconds = 30\naccept_seconds = 12\n{last_resort}words = {{ emergency = \"{EMERGENCY}\" }}\n",
        steady_port()
    );
    fs::write(folder.join("rotaline.toml"), config).unwrap();
    fs::write(folder.join("webhook"), format!("http://{told}/notices")).unwrap();
    fs::set_permissions(folder.join("webhook"), fs::Permissions::from_mode(0o600)).unwrap();
    if !props.has_rota {
        return;
    }
    let day = |days| (Clock::system().now() + chrono::TimeDelta::days(days)).format("%Y-%m-%d");
    fs::create_dir(folder.join("rota")).unwrap();
    let rota = format!("From,Until,1st,2nd\n{},{},Ann,Bob\n", day(-10), day(40));
    fs::write(folder.join("rota/Rota.csv"), rota).unwrap();
    fs::write(folder.join("rota/Contacts.csv"), format!("Name,Phone\nAnn,{ANN}\nBob,{BOB}\n")).unwrap();
    fs::write(folder.join("rota/Settings.csv"), "Setting,Value\nTime zone,Australia/Sydney\n").unwrap();
}

/// Stands before the network's REST interface.
async fn troubled(listener: TcpListener, network: SocketAddr, rest: Arc<Mutex<Rest>>) {
    while let Ok((mut stream, _)) = listener.accept().await {
        let rest = *rest.lock().unwrap();
        tokio::spawn(async move {
            if rest == Rest::Gone {
                // Nobody has read a byte of it: as if nothing were there.
                return;
            }
            let Some(request) = Message::read(&mut stream).await else { return };
            let answer = match rest {
                Rest::Mute => return std::future::pending().await,
                Rest::Says(status, code, wait) => refusal(status, code, wait),
                Rest::Works | Rest::Slow | Rest::HalfOpen | Rest::Gone => {
                    let Some(mut network) = wire::connect(network, Duration::ZERO).await else {
                        return;
                    };
                    let Some(answer) = wire::ask(&mut network, &request.bytes()).await else {
                        return;
                    };
                    answer.bytes()
                }
            };
            if rest == Rest::HalfOpen {
                let _ = stream.write_all(&answer[..answer.len() / 2]).await;
                return std::future::pending().await;
            }
            if rest == Rest::Slow {
                tokio::time::sleep(Duration::from_secs(14)).await;
            }
            let _ = stream.write_all(&answer).await;
        });
    }
}

fn refusal(status: u16, code: u32, wait: Option<u32>) -> Vec<u8> {
    let body = format!(
        "{{\"code\":{code},\"message\":\"refused\",\"more_info\":\"https://www.twilio.com/docs/errors/{code}\",\"status\":{status}}}"
    );
    let wait = wait.map_or_else(String::new, |seconds| format!("Retry-After: {seconds}\r\n"));
    format!(
        "HTTP/1.1 {status} Refused\r\nconnection: close\r\n{wait}content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

async fn take_notices(listener: TcpListener, notices: Arc<Mutex<Vec<String>>>) {
    while let Ok((mut stream, _)) = listener.accept().await {
        let Some(request) = Message::read(&mut stream).await else {
            continue;
        };
        notices.lock().unwrap().push(String::from_utf8_lossy(&request.body).into_owned());
        let _ = stream.write_all(b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n").await;
    }
}
