//! Texts through the hotline over real sockets: between two who have talked, and of strangers, for whom phones ring.

use super::line::{CALLER, told, until_over};
use super::stage::{self, PATIENCE};
use rotaline::app::Stage;
use rotaline::call::{Outcome, Rules};
use rotaline::roster::{Phone, Responder};
use rotaline::simulator::{CallerHabit, Delay, Habit};

const HOTLINE: &str = "+61491570006";
const PRIYA: &str = "+61491570156";
const TOM: &str = "+61491570157";
const STRANGER: &str = "+61491570888";
const TOLD: &str = "+61491570313";

async fn set() -> Stage {
    stage::set_with(|setting| {
        setting.reception.texts_ring = true;
        setting.rules = |rules| Rules {
            relay_minutes: 60,
            tell: Phone::from_e164(TOLD).into_iter().collect(),
            ..rules
        };
    })
    .await
}

/// All texts so far, as their readers see them: from whom, to whom, what.
fn texts(stage: &Stage) -> Vec<(String, String)> {
    stage.rehearsal().simulator().look(|network| {
        let texts = network.texts().iter();
        texts
            .map(|text| {
                assert_eq!(text.from, HOTLINE, "all texts come from the hotline's number");
                (text.to.clone(), text.body.clone())
            })
            .collect()
    })
}

/// Sends a text and waits until there are so many texts in all.
async fn sent(stage: &Stage, from: &str, body: &str, in_all: usize) {
    stage.rehearsal().text(from, body).unwrap();
    until_texts(stage, in_all).await;
}

async fn until_texts(stage: &Stage, in_all: usize) {
    let simulator = stage.rehearsal().simulator();
    let there = simulator.until(|network| network.texts().len() >= in_all && network.leftovers().is_empty());
    let came = tokio::time::timeout(PATIENCE, there).await;
    assert!(came.is_ok(), "of {in_all} texts there are {:?}", texts(stage));
}

/// A text to which nothing whatever happens.
async fn nothing_comes_of(stage: &Stage, from: &str, body: &str) {
    let before = texts(stage);
    let sid = stage.rehearsal().text(from, body).unwrap();
    let simulator = stage.rehearsal().simulator();
    tokio::time::timeout(PATIENCE, simulator.until(|network| network.leftovers().is_empty()))
        .await
        .unwrap();
    // What would have been ordered by it has gone out by now: the next one is answered behind it.
    stage.rehearsal().text_again(from, body, &sid).unwrap();
    tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    assert_eq!(texts(stage), before, "{body}");
}

async fn people_do(stage: &Stage, habits: &[Habit]) {
    let people: Vec<Responder> = stage.rehearsal().on_call().await.unwrap();
    for (who, habit) in people.iter().zip(habits) {
        stage.rehearsal().simulator().set_habit(who.phone.address(), *habit);
    }
}

const fn accepts() -> Habit {
    Habit::Accepts {
        after: Delay::between(1_000, 2_000),
        talk: None,
    }
}

/// A call of the caller in which these people have these habits, the others none; who was rung for it.
async fn call(stage: &Stage, habits: &[Habit]) -> Vec<String> {
    let simulator = stage.rehearsal().simulator();
    let before = simulator.look(|network| network.rung().len());
    let people = stage.rehearsal().on_call().await.unwrap();
    let habits = people.into_iter().zip(habits.iter().copied()).collect();
    let caller = CallerHabit {
        talk: Some(Delay::seconds(20)),
        ..CallerHabit::default()
    };
    let mut facts = stage.service().store().subscribe();
    stage.rehearsal().ring(habits, caller).await.unwrap();
    let outcome = tokio::time::timeout(PATIENCE, until_over(&mut facts)).await.unwrap();
    assert_eq!(outcome, Outcome::Served);
    tokio::time::timeout(PATIENCE, simulator.until(|network| network.leftovers().is_empty()))
        .await
        .unwrap();
    simulator.look(|network| network.rung()[before..].iter().map(|rung| rung.number.clone()).collect())
}

fn no_faults(stage: &Stage) {
    assert_eq!(stage.rehearsal().simulator().look(|network| network.faults().to_vec()), []);
}

fn pair(to: &str, body: &str) -> (String, String) {
    (to.to_owned(), body.to_owned())
}

/// They talk at 14:00; the minute in which the talk began is read from what Priya reads.
#[tokio::test(flavor = "multi_thread")]
async fn after_a_talk_texts_go_both_ways_and_a_second_call_comes_back() {
    let stage = set().await;
    let declines = Habit::Declines {
        after: Delay::between(1_000, 2_000),
    };
    assert_eq!(call(&stage, &[declines, accepts()]).await, [PRIYA, TOM]);
    nothing_comes_of(&stage, TOM, "STOP").await;
    stage.rehearsal().text(TOM, "START").unwrap();
    sent(&stage, CALLER, "It is the left\ndoor", 1).await;
    sent(&stage, TOM, "On my way \u{1f692}", 2).await;
    let seen = texts(&stage);
    assert_eq!(seen[0].0, TOM);
    let (at, body) = seen[0].1.strip_prefix("Caller of 14:0").unwrap().split_once(": ").unwrap();
    assert!(at.parse::<u32>().is_ok());
    assert_eq!(body, "It is the left door");
    assert_eq!(seen[1], pair(CALLER, "Hotline lab: On my way \u{1f692}"));

    // The same text once more is passed on once; a command stays one.
    let sid = stage.rehearsal().text(CALLER, "Thank you").unwrap();
    until_texts(&stage, 3).await;
    stage.rehearsal().text_again(CALLER, "Thank you", &sid).unwrap();
    sent(&stage, TOM, "STATUS", 4).await;
    let seen = texts(&stage);
    assert!(seen[3].1.starts_with("You are second on call until "), "{seen:?}");
    for (_, body) in &seen {
        assert!(!body.contains("0157") && !body.contains("0737"), "no number is seen: {body}");
    }

    // Whoever dials again gets the one with whom he has talked.
    assert_eq!(call(&stage, &[accepts(), accepts()]).await, [TOM], "Tom, though Priya is first");
    let heard = told(&stage, TOM);
    assert!(
        heard
            .iter()
            .any(|words| words.starts_with("This is the hotline lab: the caller with whom you spoke at 14:0")),
        "{heard:?}"
    );
    let heard = told(&stage, CALLER);
    assert!(
        heard
            .iter()
            .any(|words| words.starts_with("We are ringing the person with whom you have spoken."))
            || heard.iter().any(|words| words.starts_with("Somebody has taken your call.")),
        "{heard:?}"
    );
    assert_eq!(texts(&stage).len(), 4);
    no_faults(&stage);
    stage.strike().await;
}

/// Who has opted out gets nothing, and the other one is told so, once.
#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_arrive_is_told_once() {
    let stage = set().await;
    assert_eq!(call(&stage, &[accepts()]).await, [PRIYA]);
    stage.rehearsal().text(CALLER, "STOP").unwrap();
    sent(&stage, PRIYA, "Is it better?", 1).await;
    let words = "Hotline lab: your texts do not reach the other side. If it is urgent, please call this number.";
    assert_eq!(texts(&stage), [pair(PRIYA, words)]);
    nothing_comes_of(&stage, PRIYA, "Hello?").await;
    no_faults(&stage);
    stage.strike().await;
}

/// Two machines that answer each text with a text.
#[tokio::test(flavor = "multi_thread")]
async fn machines_that_answer_each_other_come_to_an_end() {
    let stage = set().await;
    assert_eq!(call(&stage, &[accepts()]).await, [PRIYA]);
    let simulator = stage.rehearsal().simulator();
    let mut answered = 0;
    stage.rehearsal().text(CALLER, "I am on holiday.").unwrap();
    // Each answers whatever reaches it, until nothing more comes.
    loop {
        let more = simulator.until(|network| network.texts().len() > answered);
        if tokio::time::timeout(std::time::Duration::from_secs(2), more).await.is_err() {
            break;
        }
        for (to, _) in texts(&stage).split_off(answered) {
            answered += 1;
            stage.rehearsal().text(&to, "I am on holiday.").unwrap();
        }
        assert!(answered < 60, "for ever");
    }
    let seen = texts(&stage);
    let passed_on = |to: &str| {
        seen.iter()
            .filter(|(whose, body)| whose == to && body.ends_with("on holiday."))
            .count()
    };
    assert_eq!((passed_on(PRIYA), passed_on(CALLER)), (10, 10));
    let refused = seen
        .iter()
        .filter(|(_, body)| body.starts_with("Your text was not passed on"))
        .count();
    assert_eq!(seen.len(), 20 + refused);
    assert!((1..=2).contains(&refused), "{seen:?}");
    no_faults(&stage);
    stage.strike().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_strangers_text_is_read_to_the_second_who_takes_it_and_answers() {
    let stage = set().await;
    let after = Delay::between(2_000, 4_000);
    people_do(&stage, &[Habit::Declines { after }, Habit::Accepts { after, talk: None }]).await;
    let mut facts = stage.service().store().subscribe();
    stage
        .rehearsal()
        .text(STRANGER, "The gate is stuck </Say><Hangup/> & it rains")
        .unwrap();
    let outcome = tokio::time::timeout(PATIENCE, until_over(&mut facts)).await.unwrap();
    assert_eq!(outcome, Outcome::Acknowledged);
    until_texts(&stage, 3).await;
    let whisper = |place: &str| {
        format!(
            "This is the hotline lab, with a text message: The gate is stuck </Say><Hangup/> & it rains. You are {place} on call. Press 1 to take care of it, 2 to pass it on, or 3 to hear this again."
        )
    };
    assert_eq!(
        told(&stage, PRIYA),
        [whisper("first"), "Thank you. The next one on call is rung. Goodbye.".to_owned()]
    );
    let taking = "Thank you. You take care of it. You get the text on your phone, and what you answer there is passed on. Goodbye.";
    assert_eq!(told(&stage, TOM), [whisper("second"), taking.to_owned()]);
    let mut seen = texts(&stage);
    assert_eq!(seen[0], pair(STRANGER, "We have got your text and are ringing the person on call."));
    seen.sort();
    let yours =
        "Hotline lab: you take care of this text, and what you answer here is passed on: The gate is stuck </Say><Hangup/> & it rains";
    assert!(seen.contains(&pair(TOM, yours)), "{seen:?}");
    assert!(
        seen.contains(&pair(STRANGER, "Somebody is looking after it. You can go on writing here.")),
        "{seen:?}"
    );

    sent(&stage, TOM, "Which gate?", 4).await;
    assert_eq!(texts(&stage)[3], pair(STRANGER, "Hotline lab: Which gate?"));
    sent(&stage, STRANGER, "The north one", 5).await;
    let (to, body) = texts(&stage).remove(4);
    assert_eq!(to, TOM);
    assert!(body.starts_with("Caller of 14:0") && body.ends_with(": The north one"), "{body}");
    stage.rehearsal().simulator().look(|network| {
        assert_eq!(network.dialled(), [PRIYA, TOM], "no text rang a second time");
        assert_eq!(network.talks(), []);
    });
    // They have not talked: whoever dials is put through to nobody, and asked nothing.
    let before = told(&stage, TOM).len();
    let caller = CallerHabit {
        patience: Some(Delay::seconds(4)),
        ..CallerHabit::default()
    };
    let mut facts = stage.service().store().subscribe();
    stage.rehearsal().dial_from(TOM, caller).unwrap();
    tokio::time::timeout(PATIENCE, until_over(&mut facts)).await.unwrap();
    let heard = told(&stage, TOM).split_off(before);
    assert_eq!(heard[0], "Thank you for calling. You are being connected to the person on call.");
    no_faults(&stage);
    stage.strike().await;
}

/// What comes while phones ring belongs to the same call; in the end the sender knows whom to call, and `tell` what it was.
#[tokio::test(flavor = "multi_thread")]
async fn a_strangers_text_that_nobody_takes_is_told() {
    let stage = set().await;
    let after = Delay::between(2_000, 4_000);
    people_do(
        &stage,
        &[Habit::PressesNothing { after }, Habit::Ignores, Habit::Ignores, Habit::Ignores],
    )
    .await;
    let mut facts = stage.service().store().subscribe();
    sent_while_ringing(&stage, "The gate is stuck", 1).await;
    stage.rehearsal().text(STRANGER, "Is anybody there?").unwrap();
    let outcome = tokio::time::timeout(PATIENCE, until_over(&mut facts)).await.unwrap();
    assert_eq!(outcome, Outcome::Unacknowledged);
    until_texts(&stage, 3).await;
    let seen = texts(&stage);
    let vain = pair(STRANGER, "We are sorry: nobody could take your text. Please call +61491570006.");
    assert!(seen.contains(&vain), "{seen:?}");
    let missed = "Hotline lab: nobody has taken a text from +61491570888. Please see to it: The gate is stuck / Is anybody there?";
    assert!(seen.contains(&pair(TOLD, missed)), "{seen:?}");
    assert_eq!(seen.len(), 3, "{seen:?}");
    assert_eq!(stage.service().store().calls(10).await.unwrap().len(), 1);
    no_faults(&stage);
    stage.strike().await;
}

async fn sent_while_ringing(stage: &Stage, body: &str, in_all: usize) {
    stage.rehearsal().text(STRANGER, body).unwrap();
    let there = stage.rehearsal().simulator().until(|network| network.texts().len() >= in_all);
    tokio::time::timeout(PATIENCE, there).await.unwrap();
}

/// Each is answered or refused clearly, and none rings.
#[tokio::test(flavor = "multi_thread")]
async fn texts_that_ring_nobody() {
    let stage = stage::set_with(|setting| {
        setting.reception.texts_ring = true;
        setting.reception.blocked = vec![rotaline::reception::Blocked::parse("+4930*").unwrap()];
    })
    .await;
    sent(&stage, STRANGER, " \n\u{202e} ", 1).await;
    assert_eq!(
        texts(&stage),
        [pair(
            STRANGER,
            "We can only read words. Please write what is the matter, or call +61491570006."
        )]
    );
    nothing_comes_of(&stage, STRANGER, "").await;
    nothing_comes_of(&stage, "+493012345678", "Buy now").await;
    nothing_comes_of(&stage, HOTLINE, "Hello, I am you").await;
    nothing_comes_of(&stage, "12345", "Your code is 99").await;
    nothing_comes_of(&stage, "ACME", "Buy now").await;
    nothing_comes_of(&stage, STRANGER, "STOP").await;
    stage.rehearsal().simulator().look(|network| assert_eq!(network.dialled(), [""; 0]));
    assert_eq!(stage.service().store().calls(10).await.unwrap(), []);
    no_faults(&stage);
    stage.strike().await;
}

/// It rings for 1600 emoji too; what is read aloud and sent on is cut.
#[tokio::test(flavor = "multi_thread")]
async fn a_text_of_1600_emoji_is_taken() {
    let stage = set().await;
    people_do(&stage, &[accepts()]).await;
    let mut facts = stage.service().store().subscribe();
    stage.rehearsal().text(STRANGER, &"\u{1f600}".repeat(1_600)).unwrap();
    let outcome = tokio::time::timeout(PATIENCE, until_over(&mut facts)).await.unwrap();
    assert_eq!(outcome, Outcome::Acknowledged);
    until_texts(&stage, 3).await;
    let longest = texts(&stage).iter().map(|(_, body)| body.encode_utf16().count()).max();
    assert!(longest.is_some_and(|units| units <= 670), "{longest:?}");
    no_faults(&stage);
    stage.strike().await;
}
