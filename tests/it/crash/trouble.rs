//! The service while something that it needs is out of order: its database, Twilio's REST interface, the way to it. Each
//! scene is a process of its own, on real sockets; what counts is what people hear.

use super::process::{Process, TOKEN, steady_port};
use super::wire::{self, Message};
use rotaline::simulator::server::{Config, Simulator};
use rotaline::simulator::{AtTone, CallerHabit, Delay, Habit, Line, PhoneNetwork, Sound};
use rotaline::twilio::address::{BaseUrl, Place};
use sqlx::{Connection as _, SqliteConnection};
use std::fs;
use std::io::Write as _;
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt as _;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tempfile::TempDir;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

const ACCOUNT: &str = "AC00000000000000000000000000000000";
const HOTLINE: &str = "+61255500001";
const ANN: &str = "+61491570156";
const BOB: &str = "+61491570157";
const DESK: &str = "+61491570110";
const CALLER: &str = "+61491570737";
const EMERGENCY: &str = "If a life is in danger, hang up and dial 000.";
/// Everything that is waited for has happened by then.
const PATIENCE: Duration = Duration::from_secs(180);
/// Telephone time runs so much faster than the service's.
const PACE: u32 = 3;

/// In seconds of telephone time: the search is over by then, whatever REST does.
const PRESSES_STAR: u32 = 250;

/// How Twilio's REST interface is out of order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rest {
    Works,
    /// Nothing is there.
    Gone,
    /// Takes connections and never says a word.
    Mute,
    /// Does what it is asked, and answers when nobody waits for it any more.
    Slow,
    /// Refuses everything, with this status, code and perhaps the time to wait.
    Says(u16, u32, Option<u32>),
}

struct Scene {
    folder: TempDir,
    simulator: Simulator,
    process: Process,
    base: BaseUrl,
    rest: Arc<Mutex<Rest>>,
    notices: Arc<Mutex<Vec<String>>>,
}

const fn accepts() -> Habit {
    Habit::AcceptsAtOnce {
        after: Delay::between(500, 1_000),
        talk: None,
    }
}

fn caller() -> CallerHabit {
    CallerHabit {
        talk: Some(Delay::seconds(20)),
        tone: AtTone::SpeaksThenHash(6),
        ..CallerHabit::default()
    }
}

impl Scene {
    async fn set(ann: Habit, bob: Habit, desk: Habit) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let service: SocketAddr = format!("127.0.0.1:{}", steady_port()).parse().unwrap();
        let mut config = Config::new(ACCOUNT, TOKEN.into());
        config.pace = PACE;
        config.own_numbers.push(HOTLINE.to_owned());
        config.people = [(ANN, ann), (BOB, bob), (DESK, desk)]
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
        write_files(folder.path(), service, addresses);
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
        // It answers once the rota is read.
        let ready = format!("http://{service}/ready");
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        while !client.get(&ready).send().await.is_ok_and(|answer| answer.status().is_success()) {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        scene
    }

    fn rest(&self, rest: Rest) {
        *self.rest.lock().unwrap() = rest;
    }

    fn line(&self) -> Line {
        Line {
            status_callback: Some(self.base.to_insistently(Place::LineStatus)),
            fallback_url: Some(self.base.to_insistently(Place::Fallback(0))),
            ..Line::to(&self.base.to_insistently(Place::Voice))
        }
    }

    fn rings_in(&self, line: &Line) -> String {
        self.simulator.dial_in(Some(CALLER), HOTLINE, line, caller()).unwrap()
    }

    async fn until(&self, what: &str, wanted: impl Fn(&PhoneNetwork) -> bool) {
        let waited = tokio::time::timeout(PATIENCE, self.simulator.until(wanted)).await;
        let story = || self.simulator.look(PhoneNetwork::story);
        assert!(waited.is_ok(), "{what}:\n{}\n{}", story(), self.process.log());
    }

    /// A call from beginning to end: what the caller heard in words, and with whom he talked.
    async fn call(&self, line: &Line) -> (Vec<String>, Vec<String>) {
        let sid = self.rings_in(line);
        self.over(&sid).await
    }

    async fn over(&self, sid: &str) -> (Vec<String>, Vec<String>) {
        self.until("the call is over", |network| {
            network.ended_at(sid).is_some() && network.leftovers().legs.is_empty()
        })
        .await;
        let talks = self.simulator.talks();
        let with = talks.iter().filter(|talk| talk.sids.iter().any(|one| one == sid));
        let other = |numbers: &[String; 2]| numbers.iter().find(|number| *number != CALLER).cloned();
        let with = with.filter_map(|talk| other(&talk.numbers)).collect();
        (self.said(sid), with)
    }

    fn said(&self, sid: &str) -> Vec<String> {
        let heard = self.simulator.heard(sid);
        let words = heard.into_iter().filter_map(|heard| match heard.what {
            Sound::Said(words) => Some(words),
            Sound::Ring | Sound::Silence | Sound::Music(_) | Sound::Beep | Sound::Voice(_) | Sound::Recording => None,
        });
        words.collect()
    }

    /// The notices, once there are so many.
    async fn told(&self, wanted: usize) -> Vec<String> {
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

fn write_files(folder: &std::path::Path, service: SocketAddr, [orders, told]: [SocketAddr; 2]) {
    let config = format!(
        "[server]\nlisten = \"{service}\"\nadmin_listen = \"127.0.0.1:{}\"\npublic_url = \"http://{service}\"\n\
         [store]\npath = \"rotaline.sqlite\"\n\
         [twilio]\naccount_sid = \"{ACCOUNT}\"\napi_base = \"http://{orders}\"\ncalls_per_second = 100\n\
         [notices]\nwebhook_file = \"webhook\"\nfindings = \"off\"\n\
         [[hotline]]\nname = \"lab\"\nnumbers = [\"{HOTLINE}\"]\nrota = {{ file = \"rota\" }}\nring_seconds = 5\nrounds = 1\n\
         max_wait_seconds = 30\naccept_seconds = 12\nlast_resort = \"{DESK}\"\nwords = {{ emergency = \"{EMERGENCY}\" }}\n",
        steady_port()
    );
    fs::write(folder.join("rotaline.toml"), config).unwrap();
    fs::write(folder.join("webhook"), format!("http://{told}/notices")).unwrap();
    fs::set_permissions(folder.join("webhook"), fs::Permissions::from_mode(0o600)).unwrap();
    let day = |days| (chrono::Utc::now() + chrono::TimeDelta::days(days)).format("%Y-%m-%d");
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
                Rest::Works | Rest::Slow | Rest::Gone => {
                    let Some(mut network) = wire::connect(network, Duration::ZERO).await else {
                        return;
                    };
                    let Some(answer) = wire::ask(&mut network, &request.bytes()).await else {
                        return;
                    };
                    answer.bytes()
                }
            };
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

const PUT_THROUGH: &str = "There is a technical fault. You are being put through all the same; please stay on the line.";

/// Another program holds the database: nothing can be written. The voicemail that answers first does not get the caller.
#[tokio::test(flavor = "multi_thread")]
async fn with_the_database_locked_callers_reach_a_human_being() {
    let voicemail = Habit::Voicemail {
        after: Delay::seconds(1),
        greeting: Delay::seconds(5),
    };
    let scene = Scene::set(voicemail, accepts(), Habit::Ignores).await;
    let database = format!("sqlite://{}", scene.folder.path().join("rotaline.sqlite").display());
    let mut connection = SqliteConnection::connect(&database).await.unwrap();
    sqlx::query("BEGIN IMMEDIATE").execute(&mut connection).await.unwrap();
    for _ in 0..2 {
        let (said, with) = scene.call(&scene.line()).await;
        assert_eq!(with, [BOB], "{said:?}");
        // The moment of patience that comes before is the main path's.
        assert_eq!(said, ["One moment, please.", EMERGENCY, PUT_THROUGH]);
    }
    let whispered = scene.simulator.look(|network| network.sids_of(BOB)[0].to_owned());
    let whisper =
        "This is the hotline lab, with a call. Because of a technical fault you are rung directly. Press 1 to take the call, or hang up.";
    assert_eq!(scene.said(&whispered)[0], whisper);
    let told = scene.told(1).await;
    assert!(told[0].contains("Callers are put through without the database."), "{told:?}");

    sqlx::query("ROLLBACK").execute(&mut connection).await.unwrap();
    let (said, with) = scene.call(&scene.line()).await;
    assert_eq!(with, [BOB], "{said:?}");
    assert!(!said.contains(&PUT_THROUGH.to_owned()), "{said:?}");
    assert_eq!(scene.told(1).await.len(), 1, "the operator is told once");
    assert_eq!(scene.simulator.look(|network| network.faults().to_vec()), []);
}

/// The database is destroyed while a caller waits.
#[tokio::test(flavor = "multi_thread")]
async fn with_the_database_destroyed_whoever_waits_is_put_through() {
    let scene = Scene::set(Habit::Ignores, accepts(), Habit::Ignores).await;
    let sid = scene.rings_in(&scene.line());
    scene
        .until("Ann's phone rings", |network| network.rung().iter().any(|ring| ring.number == ANN))
        .await;
    for ending in ["", "-wal", "-shm"] {
        let path = scene.folder.path().join(format!("rotaline.sqlite{ending}"));
        let length = fs::metadata(&path).unwrap().len();
        let mut file = fs::File::options().write(true).open(&path).unwrap();
        file.write_all(&vec![0x5a; usize::try_from(length).unwrap()]).unwrap();
    }
    let (said, with) = scene.over(&sid).await;
    assert_eq!(with, [BOB], "{said:?}\n{}", scene.process.log());
    assert!(said.contains(&PUT_THROUGH.to_owned()), "{said:?}");
    let told = scene.told(1).await;
    assert!(
        told.iter()
            .any(|notice| notice.contains("Callers are put through without the database.")),
        "{told:?}"
    );
}

/// The main address leads nowhere; nobody but the last resort takes the call.
#[tokio::test(flavor = "multi_thread")]
async fn the_fallback_address_rings_the_plan_and_then_the_last_resort() {
    let scene = Scene::set(Habit::Busy, Habit::Declines { after: Delay::seconds(1) }, accepts()).await;
    let line = Line {
        voice_url: format!("http://127.0.0.1:{}/twilio/voice", steady_port()),
        ..scene.line()
    };
    let (said, with) = scene.call(&line).await;
    assert_eq!(with, [DESK], "{said:?}");
    assert_eq!(said, [EMERGENCY, PUT_THROUGH]);
    let dialled = scene.simulator.look(|network| network.dialled().to_vec());
    assert_eq!(dialled, [ANN, BOB, DESK]);

    scene.simulator.set_habit(DESK, Habit::Ignores);
    let (said, with) = scene.call(&line).await;
    assert_eq!(with, Vec::<String>::new());
    let last = "We are sorry: nobody could take your call. Because of a technical fault we cannot take a message. \
        Please call again in a few minutes. You may call plus 6 1 4 9 1 5 7 0 1 1 0 yourself. Goodbye.";
    assert_eq!(said, [EMERGENCY, PUT_THROUGH, last]);
    let told = scene.told(1).await;
    assert_eq!(told.len(), 1, "{told:#?}");
}

/// Only genuine requests are answered there.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_else_is_let_in_by_the_fallback_address() {
    let scene = Scene::set(accepts(), accepts(), accepts()).await;
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    for place in [Place::Fallback(0), Place::Fallback(1), Place::FallbackWhisper, Place::FallbackKey] {
        let form = [("CallSid", "CA1"), ("To", HOTLINE), ("From", CALLER), ("AccountSid", ACCOUNT)];
        let answer = client.post(scene.base.to(place)).form(&form).send().await.unwrap();
        assert_eq!(answer.status(), 403, "{place}");
    }
}

/// Whatever REST does, the caller hears words to the end; where the order gets through he is served.
#[tokio::test(flavor = "multi_thread")]
async fn with_the_carrier_in_trouble_the_caller_hears_words_and_the_operator_is_told() {
    const IN_VAIN: &str = "Nobody on call accepted a call.";
    const SIGN_IN: &str = "Twilio refuses our sign-in.";
    const INACTIVE: &str = "Twilio says that the account is not active.";
    let cases = [
        (Rest::Gone, None, IN_VAIN),
        (Rest::Mute, None, IN_VAIN),
        (Rest::Slow, Some(ANN), ""),
        (Rest::Says(429, 20_429, None), None, IN_VAIN),
        (Rest::Says(429, 20_429, Some(1)), None, IN_VAIN),
        (Rest::Says(500, 20_500, None), None, IN_VAIN),
        (Rest::Says(503, 20_503, None), None, IN_VAIN),
        (Rest::Says(401, 20_003, None), None, SIGN_IN),
        (Rest::Says(403, 20_005, None), None, INACTIVE),
    ];
    let mut running = JoinSet::new();
    for (rest, with, notice) in cases {
        running.spawn(async move { (rest, in_trouble(rest, with, notice).await) });
    }
    let failed: Vec<_> = running
        .join_all()
        .await
        .into_iter()
        .filter_map(|(rest, fault)| Some((rest, fault.err()?)))
        .collect();
    assert!(failed.is_empty(), "{failed:#?}");
}

async fn in_trouble(rest: Rest, with: Option<&str>, notice: &str) -> Result<(), String> {
    let scene = Scene::set(accepts(), accepts(), accepts()).await;
    scene.rest(rest);
    let begun = std::time::Instant::now();
    // Without REST nobody is fetched out of the room: he is told to press star, and does when he hears it.
    let presses_star = CallerHabit {
        star: with.is_none().then_some(Delay::seconds(PRESSES_STAR)),
        ..caller()
    };
    let sid = scene.simulator.dial_in(Some(CALLER), HOTLINE, &scene.line(), presses_star).unwrap();
    let (said, talked) = scene.over(&sid).await;
    let took = begun.elapsed();
    println!("{rest:?}: {took:?} {said:?}");
    if said.first().map(String::as_str) != Some(EMERGENCY) {
        return Err(format!("not the emergency words first: {said:?}"));
    }
    if talked.first().map(String::as_str) != with {
        return Err(format!("talked with {talked:?}: {said:?}\n{}", scene.process.log()));
    }
    if with.is_none() && !said.iter().any(|words| words == "Please press star to go on.") {
        return Err(format!("was not told to press star: {said:?}\n{}", scene.process.log()));
    }
    if with.is_none() && !said.iter().any(|words| words == "Thank you. Your message is recorded. Goodbye.") {
        return Err(format!("left no message: {said:?}\n{}", scene.process.log()));
    }
    if with.is_none() {
        let told = scene.told(1).await;
        let times = told.iter().filter(|words| words.contains(notice)).count();
        if times != 1 {
            return Err(format!("the operator was told {times} times: {told:?}"));
        }
    }
    // As soon as it works again so do calls.
    scene.rest(Rest::Works);
    let (said, talked) = scene.call(&scene.line()).await;
    match talked.as_slice() {
        [one] if one == ANN => Ok(()),
        _ => Err(format!("afterwards: talked with {talked:?}: {said:?}\n{}", scene.process.log())),
    }
}
