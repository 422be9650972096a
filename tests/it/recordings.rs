//! Recordings over real sockets: announced, refused, listened to by whoever may, deleted.

use super::line::{CALLER, told, until_over};
use super::signed_in::Browser;
use super::stage::{self, PATIENCE};
use rotaline::access::Role;
use rotaline::app::{Recordings, Stage};
use rotaline::call::{HotlineName, Outcome};
use rotaline::simulator::{AtAnnouncement, AtTone, CallerHabit, Delay, Habit};
use rotaline::store::{Recording, RecordingKind};
use serde_json::Value;

const ANNOUNCEMENT: &str = "This call may be recorded. If you do not want that, press 0.";

async fn recording_stage(keep_days: u32) -> Stage {
    stage::set_with(|setting| {
        setting.recordings = Recordings {
            of_talks: true,
            keep_days,
            transcribed: true,
        };
    })
    .await
}

/// The first on call accepts, and the caller talks with her for twenty seconds.
async fn call(stage: &Stage, announcement: AtAnnouncement) -> Outcome {
    let after = Delay::seconds(3);
    let people = stage.rehearsal().on_call().await.unwrap();
    let habits = people.into_iter().map(|who| (who, Habit::Accepts { after, talk: None })).collect();
    let caller = CallerHabit {
        announcement,
        talk: Some(Delay::seconds(20)),
        ..CallerHabit::default()
    };
    let mut facts = stage.service().store().subscribe();
    stage.rehearsal().ring(habits, caller).await.unwrap();
    let outcome = tokio::time::timeout(PATIENCE, until_over(&mut facts)).await.unwrap();
    let simulator = stage.rehearsal().simulator();
    tokio::time::timeout(PATIENCE, simulator.until(|network| network.leftovers().is_empty()))
        .await
        .unwrap();
    outcome
}

/// As soon as there is one.
async fn kept(stage: &Stage) -> Recording {
    let lab = HotlineName("lab".to_owned());
    let found = async {
        loop {
            if let Some(recording) = stage.service().store().recordings(&lab).await.unwrap().pop() {
                return recording;
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(PATIENCE, found).await.unwrap()
}

fn at(path: &str) -> String {
    format!("/api/v1/hotlines/lab/recordings{path}")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_talk_is_recorded_and_heard_by_an_admin_only() {
    let stage = recording_stage(30).await;
    assert_eq!(call(&stage, AtAnnouncement::Listens).await, Outcome::Served);
    assert_eq!(told(&stage, CALLER)[0], ANNOUNCEMENT);
    let recording = kept(&stage).await;
    assert_eq!((recording.kind, recording.channels), (RecordingKind::Talk, Some(2)));
    // Twenty seconds on phones that run 40 times as fast as ours: on a busy machine the notices take their time.
    assert!(
        recording.seconds.is_some_and(|seconds| (1..=60).contains(&seconds)),
        "{recording:?}"
    );
    let (viewer, admin) = (
        stage::signed_in(&stage, Role::Viewer).await,
        stage::signed_in(&stage, Role::Admin).await,
    );
    let listed = viewer.page(&at("")).await;
    let sid = recording.recording.0.clone();
    assert!(!listed.contains(&sid) && !listed.contains("api.twilio.com"), "{listed}");
    let listed: Value = serde_json::from_str(&listed).unwrap();
    let audio = at(&format!("/{}/audio", recording.id));
    assert_eq!(listed["recordings"][0]["audio"], audio.as_str());

    let bare = reqwest::get(format!("{}{audio}", admin.base)).await.unwrap();
    assert_eq!(
        (bare.status().as_u16(), &bare.headers()["www-authenticate"]),
        (401, &"Bearer realm=\"rotaline\"".parse().unwrap())
    );
    assert_eq!(viewer.get(&audio).send().await.unwrap().status(), 403);
    let heard = admin.get(&audio).send().await.unwrap();
    assert_eq!(heard.status(), 200);
    assert_eq!(heard.headers()["content-type"], "audio/mpeg");
    assert_eq!(heard.headers()["cache-control"], "no-store");
    let sound = heard.bytes().await.unwrap();
    // The network's sound of a recording is its name, again and again.
    assert!(sound.starts_with(sid.as_bytes()));
    let part = admin.get(&audio).header("range", "bytes=2-33");
    let part = part.send().await.unwrap();
    assert_eq!(part.status(), 206);
    assert_eq!(part.headers()["content-range"], format!("bytes 2-33/{}", sound.len()).as_str());
    assert_eq!(part.text().await.unwrap(), sid[2..34]);
    deleted_on_request(&stage, [&viewer, &admin], &recording, &audio).await;
    stage.strike().await;
}

/// By our own page and an admin only; then it is gone here at once, and at the carrier soon. All of it was noted.
async fn deleted_on_request(stage: &Stage, [viewer, admin]: [&Browser; 2], recording: &Recording, audio: &str) {
    let delete = at(&format!("/{}/delete", recording.id));
    assert_eq!(admin.post_from("http://evil.example", &delete, "").await.status(), 403);
    assert_eq!(viewer.post(&delete, "").await.status(), 403);
    assert_eq!(admin.get(audio).send().await.unwrap().status(), 200);
    assert_eq!(admin.post(&delete, "").await.status(), 303);
    assert_eq!(admin.get(audio).send().await.unwrap().status(), 404);
    let noted = stage.service().store().audit(None, None, 100).await.unwrap();
    let by_admin = noted.iter().rev().filter(|line| line.who == "the admin" && line.kind == "user");
    let whats: Vec<&str> = by_admin.map(|line| line.what.as_str()).collect();
    // Two parts of one sound, and the whole of it once more; what was refused is not noted.
    assert_eq!(whats, ["signed-in", "recording-heard", "recording-heard", "recording-deleted"]);
    until_deleted(stage, &recording.recording.0).await;
}

async fn until_deleted(stage: &Stage, sid: &str) {
    let simulator = stage.rehearsal().simulator();
    let is_deleted = || simulator.look(|network| network.recordings().iter().any(|tape| tape.sid == sid && tape.is_deleted));
    let deleted = async {
        while !is_deleted() {
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(PATIENCE, deleted).await.unwrap();
    simulator.look(|network| assert_eq!(network.faults(), [], "documents and requests are as the carrier wants them"));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_refuses_is_put_through_and_not_recorded() {
    let stage = recording_stage(30).await;
    assert_eq!(call(&stage, AtAnnouncement::Presses('0')).await, Outcome::Served);
    let heard = told(&stage, CALLER);
    assert_eq!(heard[..2], [ANNOUNCEMENT, "Your call is not recorded."]);
    stage.rehearsal().simulator().look(|network| {
        assert_eq!(network.talks().len(), 1);
        assert_eq!(network.recordings(), []);
        assert_eq!(network.faults(), []);
    });
    stage.strike().await;
}

/// With no days to keep it, what is recorded goes as soon as it is looked at.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_too_old_is_deleted_at_the_carrier() {
    let stage = recording_stage(0).await;
    call(&stage, AtAnnouncement::Listens).await;
    let tapes = stage.rehearsal().simulator().look(|network| network.recordings());
    assert_eq!(tapes.len(), 1);
    until_deleted(&stage, &tapes[0].sid).await;
    stage.strike().await;
}

/// The message is on the list, its words are texted, and can be read by whoever signs in.
#[tokio::test(flavor = "multi_thread")]
async fn a_message_is_written_down() {
    let stage = recording_stage(30).await;
    let people = stage.rehearsal().on_call().await.unwrap();
    let habits = people.into_iter().map(|who| (who, Habit::Busy)).collect();
    let caller = CallerHabit {
        announcement: AtAnnouncement::Listens,
        tone: AtTone::SpeaksThenHash(7),
        ..CallerHabit::default()
    };
    stage.rehearsal().ring(habits, caller).await.unwrap();
    let recording = kept(&stage).await;
    assert_eq!((recording.kind, recording.seconds), (RecordingKind::Message, Some(7)));
    let words = at(&format!("/{}/transcript", recording.id));
    let admin = stage::signed_in(&stage, Role::Admin).await;
    let viewer = stage::signed_in(&stage, Role::Viewer).await;
    assert_eq!(viewer.get(&words).send().await.unwrap().status(), 403);
    let read = async {
        loop {
            let answer = admin.get(&words).send().await.unwrap();
            if answer.status() == 200 {
                return answer.text().await.unwrap();
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    };
    let text = tokio::time::timeout(PATIENCE, read).await.unwrap();
    assert_eq!(text, "I have spoken for 7 seconds.");
    let page = admin.page("/").await;
    assert!(page.contains("Message, 7 s") && !page.contains("I have spoken"), "{page}");
    stage.strike().await;
}

/// A caller whom we ring hears who it is, then the announcement; he hears it out, and their talk is recorded.
#[tokio::test(flavor = "multi_thread")]
async fn a_caller_whom_a_responder_calls_is_told_and_recorded() {
    const PRIYA: &str = "+61491570156";
    let stage = stage::set_with(|setting| {
        setting.recordings = Recordings {
            of_talks: true,
            keep_days: 30,
            transcribed: false,
        };
        setting.rules = |rules| rotaline::call::Rules {
            relay_minutes: 60,
            ..rules
        };
    })
    .await;
    assert_eq!(call(&stage, AtAnnouncement::Listens).await, Outcome::Served);
    let before = (told(&stage, CALLER).len(), told(&stage, PRIYA).len());
    let after = Delay::seconds(2);
    stage.rehearsal().simulator().set_habit(CALLER, Habit::PressesNothing { after });
    let priya = CallerHabit {
        menu: rotaline::simulator::AtMenu::Presses('1'),
        talk: Some(Delay::seconds(20)),
        ..CallerHabit::default()
    };
    let mut facts = stage.service().store().subscribe();
    stage.rehearsal().dial_from(PRIYA, priya).unwrap();
    let outcome = tokio::time::timeout(PATIENCE, until_over(&mut facts)).await.unwrap();
    assert_eq!(outcome, Outcome::PutThrough);
    let heard = told(&stage, CALLER).split_off(before.0);
    assert!(
        heard[0].starts_with("This is the hotline lab. The person with whom you spoke at 14:"),
        "{heard:?}"
    );
    assert_eq!(heard[1], ANNOUNCEMENT);
    let heard = told(&stage, PRIYA).split_off(before.1);
    assert_eq!(heard[1], "The conversation may be recorded.");
    let lab = HotlineName("lab".to_owned());
    let both = async {
        while stage.service().store().recordings(&lab).await.unwrap().len() < 2 {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(PATIENCE, both).await.unwrap();
    stage.rehearsal().simulator().look(|network| assert_eq!(network.faults(), []));
    stage.strike().await;
}
