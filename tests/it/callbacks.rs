//! Callbacks over real sockets: somebody wants to make one, by text or on the page; he is rung, then the caller, and both see
//! the hotline's number. What each heard, which texts were sent, and what is still open afterwards.

use super::line::{CALLER, told, until_over};
use super::stage::{self, PATIENCE};
use rotaline::access::Role;
use rotaline::app::Stage;
use rotaline::call::{CallId, HotlineName, Outcome};
use rotaline::simulator::{AtQuestion, CallerHabit, Delay, Habit};
use rotaline::store::Entry;
use serde_json::{Value, json};
use tokio::sync::broadcast::Receiver;

const PRIYA: &str = "+61491570156";
const TOM: &str = "+61491570157";
const LAB: &str = "+61491570006";
const WHISPER: &str = "This is the hotline lab, with a callback that was asked for at 14:00. Press 1 and we ring the caller, 2 to leave it open, or 3 to hear this again.";
const RINGING: &str = "Thank you. We are ringing the caller. Please stay on the line.";
const RINGS: &str = "The caller's phone is ringing. Please stay on the line.";
const CALLING_BACK: &str = "This is the hotline lab. We are calling you back, as you asked. You are being connected.";

const AFTER: Delay = Delay::between(2_000, 4_000);

fn picks_up(talk: Option<Delay>) -> Habit {
    Habit::Accepts { after: AFTER, talk }
}

/// A caller whom nobody could take has asked to be called back on the number that he showed: callback 1, of which Priya, who
/// is first on call, was told.
async fn asked(stage: &Stage) -> Receiver<Entry> {
    let people = stage.rehearsal().on_call().await.unwrap();
    let habits = people.into_iter().map(|who| (who, Habit::Busy)).collect();
    let caller = CallerHabit {
        question: AtQuestion::Presses('1'),
        ..CallerHabit::default()
    };
    let mut facts = stage.service().store().subscribe();
    stage.rehearsal().ring(habits, caller).await.unwrap();
    let outcome = tokio::time::timeout(PATIENCE, until_over(&mut facts)).await.unwrap();
    assert_eq!(outcome, Outcome::CallbackAsked);
    quiet(stage, 1).await;
    assert_eq!(open(stage).await, [1]);
    facts
}

/// Until everybody has hung up and so many texts have gone out.
async fn quiet(stage: &Stage, texts: usize) {
    let simulator = stage.rehearsal().simulator();
    let quiet = simulator.until(|network| network.leftovers().is_empty() && network.texts().len() >= texts);
    tokio::time::timeout(PATIENCE, quiet).await.unwrap();
}

async fn open(stage: &Stage) -> Vec<u32> {
    let lab = HotlineName("lab".to_owned());
    let open = stage.service().store().open_callbacks(&lab).await.unwrap();
    open.iter().map(|callback| callback.id).collect()
}

fn does(stage: &Stage, number: &str, habit: Habit) {
    stage.rehearsal().simulator().set_habit(number, habit);
}

/// A text to the hotline, and how the call ends that comes of it.
async fn text_rings(stage: &Stage, facts: &mut Receiver<Entry>, from: &str, body: &str) -> Outcome {
    stage.rehearsal().text(from, body).unwrap();
    let outcome = tokio::time::timeout(PATIENCE, until_over(facts)).await.unwrap();
    quiet(stage, 2).await;
    outcome
}

/// A text that rings nobody, and its answer.
async fn answered(stage: &Stage, from: &str, body: &str) -> String {
    let before = texts(stage).len();
    stage.rehearsal().text(from, body).unwrap();
    quiet(stage, before + 1).await;
    let (to, words) = texts(stage).pop().unwrap();
    assert_eq!(to, from);
    words
}

fn texts(stage: &Stage) -> Vec<(String, String)> {
    let text = |text: &rotaline::simulator::heard::Text| (text.to.clone(), text.body.clone());
    stage
        .rehearsal()
        .simulator()
        .look(|network| network.texts().iter().map(text).collect())
}

/// What somebody heard after the call in which the callback was asked for.
fn heard(stage: &Stage, number: &str) -> Vec<String> {
    let is_of_callback = |words: &String| [WHISPER, RINGING, CALLING_BACK].contains(&words.as_str());
    let words = told(stage, number);
    let first = words.iter().position(is_of_callback).unwrap_or(words.len());
    words[first..].to_vec()
}

/// Everybody was shown the hotline's own number, and nobody heard the other's; the carrier found nothing wrong.
fn nobody_saw_the_other(stage: &Stage) {
    stage.rehearsal().simulator().look(|network| {
        for rung in network.rung() {
            assert_eq!(network.shown_on(&rung.sid), Some(LAB), "{}", rung.number);
        }
        assert_eq!(network.faults(), []);
    });
    for words in heard(stage, PRIYA) {
        assert!(!words.contains("7 3 7"), "{words}");
    }
}

async fn story(stage: &Stage, call: CallId) -> Vec<String> {
    let story = stage.service().store().story(call).await.unwrap();
    story.iter().map(|entry| entry.fact.to_string()).collect()
}

async fn latest(stage: &Stage) -> CallId {
    stage.service().store().calls(1).await.unwrap()[0].id
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_rings_the_responder_then_the_caller() {
    let stage = stage::set().await;
    let mut facts = asked(&stage).await;
    does(&stage, PRIYA, picks_up(None));
    does(&stage, CALLER, picks_up(Some(Delay::seconds(20))));
    let list = answered(&stage, PRIYA, "LIST").await;
    assert_eq!(
        list,
        "Open callbacks: 1: +61…737, 0 min. CALL 1 rings you, then the caller; DONE 1 closes it."
    );
    assert_eq!(text_rings(&stage, &mut facts, PRIYA, "call 1").await, Outcome::CalledBack);
    quiet(&stage, 4).await;
    let mut priya = heard(&stage, PRIYA);
    // What is said while she waits depends on how fast he picks up.
    priya.retain(|words| words != RINGS && words != "You are being connected to the caller.");
    assert_eq!(priya, [WHISPER, RINGING, "The caller has left the call. Goodbye."]);
    assert_eq!(heard(&stage, CALLER), [CALLING_BACK]);
    let talks = stage.rehearsal().simulator().look(|network| network.talks());
    assert_eq!(talks.last().unwrap().numbers, [PRIYA.to_owned(), CALLER.to_owned()]);
    let after: Vec<String> = texts(&stage)[2..].iter().map(|(_, words)| words.clone()).collect();
    assert_eq!(
        after,
        [
            "We are ringing you for callback 1. Press 1, and we ring the caller.",
            "Hotline lab: callback 1 is closed. Text OPEN 1 to open it again."
        ]
    );
    assert_eq!(open(&stage).await, [0; 0]);
    nobody_saw_the_other(&stage);

    // It was a voicemail after all: she opens it again, and closes it by word.
    assert_eq!(answered(&stage, PRIYA, "OPEN").await, "Callback 1 is open again.");
    assert_eq!(open(&stage).await, [1]);
    assert_eq!(
        answered(&stage, TOM, "Erledigt 1").await,
        "Callback 1 is closed. Text OPEN 1 to open it again."
    );
    assert_eq!(
        answered(&stage, TOM, "CALL 1").await,
        "There is no open callback 1. Text LIST to see which are."
    );
    assert_eq!(answered(&stage, TOM, "LISTE").await, "No callback is open.");
    stage.strike().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caller_who_is_not_there_stays_on_the_list() {
    let stage = stage::set().await;
    let mut facts = asked(&stage).await;
    does(&stage, PRIYA, picks_up(None));
    for (habit, words) in [
        (
            Habit::Busy,
            "The caller is busy or has rejected the call. The callback stays open. Goodbye.",
        ),
        (Habit::Ignores, "The caller does not answer. The callback stays open. Goodbye."),
        (
            Habit::InvalidNumber,
            "The caller cannot be reached by telephone now. The callback stays open. Goodbye.",
        ),
    ] {
        does(&stage, CALLER, habit);
        assert_eq!(text_rings(&stage, &mut facts, PRIYA, "CALL").await, Outcome::NotCalledBack);
        assert_eq!(heard(&stage, PRIYA).last().unwrap(), words);
        assert_eq!(open(&stage).await, [1]);
    }
    let said = story(&stage, latest(&stage).await).await;
    assert!(
        said.iter().any(|line| line.starts_with("+61…737 could not be dialled: ")),
        "{said:?}"
    );
    assert_eq!(texts(&stage).len(), 4, "one that he is to be called back, three that she is rung");
    nobody_saw_the_other(&stage);
    stage.strike().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_responder_who_does_not_take_it_has_nobody_rung() {
    let stage = stage::set().await;
    let mut facts = asked(&stage).await;
    does(&stage, CALLER, picks_up(None));
    for habit in [
        Habit::Declines { after: AFTER },
        Habit::PressesNothing { after: AFTER },
        Habit::Busy,
        Habit::Voicemail {
            after: AFTER,
            greeting: Delay::seconds(4),
        },
    ] {
        does(&stage, PRIYA, habit);
        assert_eq!(text_rings(&stage, &mut facts, PRIYA, "CALL 1").await, Outcome::NotCalledBack);
    }
    stage.rehearsal().simulator().look(|network| {
        assert!(!network.dialled().contains(&CALLER.to_owned()), "{:?}", network.dialled());
        assert_eq!(network.faults(), []);
    });
    assert_eq!(open(&stage).await, [1]);
    stage.strike().await;
}

/// The other hangs up while the caller's phone rings.
#[tokio::test(flavor = "multi_thread")]
async fn a_responder_who_hangs_up_has_the_ringing_stopped() {
    let stage = stage::set().await;
    let mut facts = asked(&stage).await;
    does(&stage, PRIYA, Habit::DropsWhileJoining { after: AFTER });
    does(&stage, CALLER, Habit::Ignores);
    assert_eq!(text_rings(&stage, &mut facts, PRIYA, "CALL 1").await, Outcome::NotCalledBack);
    let said = story(&stage, latest(&stage).await).await;
    assert!(
        said.contains(&"The callback stays open: Priya Nair has hung up before the caller was there.".to_owned()),
        "{said:?}"
    );
    assert_eq!(heard(&stage, CALLER), [""; 0]);
    assert_eq!(open(&stage).await, [1]);
    nobody_saw_the_other(&stage);
    stage.strike().await;
}

async fn post(stage: &Stage, path: &str, origin: Option<&str>, form: &str) -> (u16, Value) {
    let browser = stage::signed_in(stage, Role::Responder).await;
    let path = format!("/api/v1/hotlines/lab/callbacks/{path}");
    let answer = browser.post_from(origin.unwrap_or(&browser.base), &path, form).await;
    let status = answer.status().as_u16();
    (status, serde_json::from_str(&answer.text().await.unwrap()).unwrap_or(Value::Null))
}

#[tokio::test(flavor = "multi_thread")]
async fn the_button_rings_whoever_is_first_on_call() {
    let stage = stage::set().await;
    let mut facts = asked(&stage).await;
    does(&stage, PRIYA, picks_up(Some(Delay::seconds(20))));
    does(&stage, CALLER, picks_up(None));
    let page = stage::signed_in(&stage, Role::Responder).await.page("/").await;
    assert!(page.contains("action=\"/api/v1/hotlines/lab/callbacks/1/ring\""), "{page}");
    assert!(page.contains("Ring Priya Nair"), "{page}");
    assert!(!page.contains("491570737"), "numbers are masked");

    let list = stage::signed_in(&stage, Role::Viewer)
        .await
        .json("/api/v1/hotlines/lab/callbacks")
        .await;
    let shown = &list["callbacks"][0];
    assert_eq!((&shown["id"], &shown["number"]), (&json!(1), &json!("+61…737")), "{list}");
    assert_eq!((&shown["calling"], &shown["reminded"]), (&Value::Null, &json!(false)), "{list}");

    let (status, fault) = post(&stage, "1/ring", Some("http://elsewhere.example"), "").await;
    assert_eq!((status, &fault["error"]["code"]), (403, &json!("other-origin")));
    let (status, fault) = post(&stage, "2/ring", None, "").await;
    assert_eq!((status, &fault["error"]["code"]), (404, &json!("unknown-callback")));
    let (status, fault) = post(&stage, "1/ring", None, "who=Nobody+Known").await;
    assert_eq!((status, &fault["error"]["code"]), (409, &json!("not-rung")));
    assert_eq!(
        stage.service().store().calls(9).await.unwrap().len(),
        1,
        "nobody is rung by any of these"
    );

    let (status, begun) = post(&stage, "1/ring", None, "who=Priya+Nair").await;
    assert_eq!(status, 202, "{begun}");
    let outcome = tokio::time::timeout(PATIENCE, until_over(&mut facts)).await.unwrap();
    assert_eq!(outcome, Outcome::CalledBack);
    quiet(&stage, 2).await;
    assert_eq!(begun["call"], json!(latest(&stage).await.to_string()));
    assert_eq!(heard(&stage, CALLER), [CALLING_BACK, "The conversation is over. Goodbye."]);
    let (to, words) = texts(&stage).pop().unwrap();
    assert_eq!(
        (to.as_str(), words.as_str()),
        (PRIYA, "Hotline lab: callback 1 is closed. Text OPEN 1 to open it again.")
    );
    let (status, _) = post(&stage, "1/done", None, "").await;
    assert_eq!(status, 404, "it is closed already");
    nobody_saw_the_other(&stage);
    stage.strike().await;
}

/// Two want to make it in the same moment, by text and on the page: one is rung, the other reads why he is not.
#[tokio::test(flavor = "multi_thread")]
async fn two_at_once_ring_once() {
    let stage = stage::set().await;
    let mut facts = asked(&stage).await;
    does(&stage, PRIYA, picks_up(None));
    does(&stage, TOM, picks_up(None));
    does(&stage, CALLER, picks_up(Some(Delay::seconds(20))));
    stage.rehearsal().text(PRIYA, "CALL 1").unwrap();
    stage.rehearsal().text(TOM, "CALL 1").unwrap();
    let outcome = tokio::time::timeout(PATIENCE, until_over(&mut facts)).await.unwrap();
    assert_eq!(outcome, Outcome::CalledBack);
    quiet(&stage, 4).await;
    let rung = stage.rehearsal().simulator().look(|network| {
        let rung = network.rung().into_iter().map(|rung| rung.number);
        rung.filter(|number| number == CALLER).count()
    });
    assert_eq!(rung, 1, "the caller's phone rings once");
    let words: Vec<String> = texts(&stage).into_iter().map(|(_, words)| words).collect();
    let refused = words.iter().filter(|words| words.ends_with(" is making callback 1 just now."));
    assert_eq!(refused.count(), 1, "{words:?}");
    let rings = words.iter().filter(|words| words.starts_with("We are ringing you for callback 1."));
    assert_eq!(rings.count(), 1, "{words:?}");
    nobody_saw_the_other(&stage);
    stage.strike().await;
}
