//! The service while something that it needs is out of order: its database, Twilio's REST interface, the way to it. Each
//! scene is a process of its own; what counts is what people hear.

use super::process::steady_port;
use super::scene::{ACCOUNT, ANN, BOB, CALLER, DESK, EMERGENCY, HOTLINE, Props, Rest, Scene, accepts};
use rotaline::clock::Clock;
use rotaline::simulator::{Delay, Habit, Line, Mischief, PhoneNetwork, Sound};
use rotaline::twilio::address::Place;
use sqlx::{Connection as _, SqliteConnection};
use std::fs;
use std::io::Write as _;
use std::time::Duration;
use tokio::task::JoinSet;

const PRESS_STAR: &str = "Please press star to go on.";

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
        (Rest::HalfOpen, Some(ANN), ""),
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
    let sid = scene.rings_in(&scene.line());
    // Without REST nobody is fetched out of the room: he is told to press star, and does when he hears it.
    if with.is_none() {
        scene
            .until("he is told to press star", |network| hears(network, &sid, PRESS_STAR))
            .await;
        scene.simulator.presses(&sid, '*');
    }
    let (said, talked) = scene.over(&sid).await;
    if said.first().map(String::as_str) != Some(EMERGENCY) {
        return Err(format!("not the emergency words first: {said:?}"));
    }
    if talked.first().map(String::as_str) != with {
        return Err(format!("talked with {talked:?}: {said:?}\n{}", scene.process.log()));
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

fn hears(network: &PhoneNetwork, sid: &str, words: &str) -> bool {
    let heard = network.heard(sid);
    heard
        .iter()
        .any(|heard| matches!(&heard.what, Sound::Said(said) if said.contains(words)))
}

/// The process is away while Ann's time runs out: it is Bob's turn as soon as it is back, and not only after his own.
#[tokio::test(flavor = "multi_thread")]
async fn a_deadline_that_passed_while_nothing_ran_is_kept_at_once() {
    let scene = Scene::set(Habit::Ignores, accepts(), Habit::Ignores).await;
    let sid = scene.rings_in(&scene.line());
    let rings = |number: &'static str| move |network: &PhoneNetwork| network.rung().iter().any(|ring| ring.number == number);
    // It knows so: from then on she has 5 s, and 2 s more for the notice that she did not answer.
    while !scene.process.log().contains("The phone of Ann rings.") {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    scene.process.kill();
    tokio::time::sleep(Duration::from_secs(12)).await;
    assert!(!scene.simulator.look(rings(BOB)));
    scene.process.start();
    scene.process.listens().await;
    let back = Clock::monotonic();
    scene.until("Bob's phone rings", rings(BOB)).await;
    // Were his level to begin with a time of its own it would be 5 s at least.
    assert!(
        back.elapsed() < Duration::from_secs(4),
        "{:?}\n{}",
        back.elapsed(),
        scene.process.log()
    );
    let (said, with) = scene.over(&sid).await;
    assert_eq!(with, [BOB], "{said:?}");
    assert_eq!(scene.simulator.look(|network| network.dialled().to_vec()), [ANN, BOB]);
}

/// No rota was ever read: the last resort of the configuration is rung, and where there is none the caller hears why.
#[tokio::test(flavor = "multi_thread")]
async fn without_a_rota_the_fallback_address_rings_the_last_resort() {
    for has_last_resort in [true, false] {
        let scene = Scene::with(Props {
            has_rota: false,
            has_last_resort,
            ..Props::default()
        })
        .await;
        let line = Line {
            voice_url: format!("http://127.0.0.1:{}/twilio/voice", steady_port()),
            ..scene.line()
        };
        let (said, with) = scene.call(&line).await;
        if has_last_resort {
            assert_eq!(
                (with, said),
                (vec![DESK.to_owned()], [EMERGENCY, PUT_THROUGH].map(str::to_owned).to_vec())
            );
            continue;
        }
        let sorry = "We are sorry: nobody could take your call. Because of a technical fault we cannot take a message. \
            Please call again in a few minutes. Goodbye.";
        assert_eq!((with, said), (vec![], [EMERGENCY, sorry].map(str::to_owned).to_vec()));
    }
}

/// Every notice comes twice, and every other answer is lost on its way, so that it is asked for again.
#[tokio::test(flavor = "multi_thread")]
async fn webhooks_that_come_again_ring_nobody_twice() {
    let scene = Scene::with(Props {
        ann: Habit::Declines { after: Delay::seconds(2) },
        mischief: Mischief {
            late: 0.5,
            latest_ms: 6_000,
            repeat: 1.0,
            ask_again: 0.5,
            reconnect: 0.2,
            ..Mischief::none()
        },
        ..Props::default()
    })
    .await;
    let (said, with) = scene.call(&scene.line()).await;
    assert_eq!(with, [BOB], "{said:?}");
    assert_eq!(scene.simulator.look(|network| network.dialled().to_vec()), [ANN, BOB]);
    assert_eq!(scene.simulator.look(|network| network.faults().to_vec()), []);
}
