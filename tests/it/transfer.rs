//! A responder presses star in the middle of a talk, over real sockets: what each person heard, who was with whom.

use super::line::{CALLER, told, until_over};
use super::stage::{self, PATIENCE};
use rotaline::app::Stage;
use rotaline::call::Outcome;
use rotaline::simulator::{AtStar, CallerHabit, Delay, Habit, Sound};

const PRIYA: &str = "+61491570156";
const TOM: &str = "+61491570157";
const WEI: &str = "+61491570158";

const WHISPER: &str = "This is the hotline lab, with a call from plus 6 1 4 9 1 5 7 0 7 3 7. You are first on call. \
    Press 1 to take the call, 2 to pass it on, or 3 to hear this again.";
const CONNECTED: &str = "Thank you. You are being connected.";
const CHOICE: &str = "The caller is waiting. To bring in the next person on call, press 2. To go back to the caller, press 1.";

/// Priya takes the call, and presses star after ten seconds; then it goes on as the others behave.
async fn call(priya: AtStar, others: [Habit; 3], caller: CallerHabit) -> (Stage, Outcome) {
    let stage = stage::set_with(|setting| setting.bring_in_key = true).await;
    let people = stage.rehearsal().on_call().await.unwrap();
    let steps_aside = Habit::StepsAside {
        after: Delay::seconds(3),
        star: Delay::seconds(10),
        then: priya,
        talk: None,
    };
    let habits = [steps_aside].into_iter().chain(others);
    let mut facts = stage.service().store().subscribe();
    stage
        .rehearsal()
        .ring(people.into_iter().zip(habits).collect(), caller)
        .await
        .unwrap();
    let outcome = tokio::time::timeout(PATIENCE, until_over(&mut facts)).await.unwrap();
    let simulator = stage.rehearsal().simulator();
    tokio::time::timeout(PATIENCE, simulator.until(|network| network.leftovers().is_empty()))
        .await
        .unwrap();
    (stage, outcome)
}

/// With whom somebody was, in order, and that the carrier has nothing to complain of.
fn met(stage: &Stage) -> Vec<[String; 2]> {
    stage.rehearsal().simulator().look(|network| {
        assert_eq!(network.faults(), [], "documents and requests are as the carrier wants them");
        network.talks().into_iter().map(|talk| talk.numbers).collect()
    })
}

fn pair(one: &str, other: &str) -> [String; 2] {
    [one.to_owned(), other.to_owned()]
}

#[tokio::test(flavor = "multi_thread")]
async fn two_brings_in_the_second_on_call_and_three_talk() {
    let after = Delay::seconds(3);
    let others = [
        Habit::Accepts {
            after,
            talk: Some(Delay::seconds(20)),
        },
        Habit::Ignores,
        Habit::Ignores,
    ];
    let caller = CallerHabit {
        talk: Some(Delay::seconds(60)),
        ..CallerHabit::default()
    };
    let (stage, outcome) = call(AtStar::BringsIn, others, caller).await;
    assert_eq!(outcome, Outcome::Served);
    let meetings = met(&stage);
    let with_tom: Vec<_> = meetings.iter().filter(|pair| pair.contains(&TOM.to_owned())).collect();
    assert_eq!(
        meetings[..2],
        [pair(CALLER, PRIYA), pair(CALLER, PRIYA)],
        "before the star and after it"
    );
    assert_eq!(with_tom.len(), 2, "with the caller and with Priya: {meetings:?}");
    assert_eq!(*meetings.last().unwrap(), pair(CALLER, PRIYA), "Tom has left, and they talk on");
    let priya = told(&stage, PRIYA);
    assert_eq!(
        priya[..4],
        [
            WHISPER,
            CONNECTED,
            CHOICE,
            "The next person on call is being rung. You are going back to the caller."
        ]
    );
    // Whichever notice comes first.
    assert!(["The caller has hung up. Goodbye.", "The caller has left the call. Goodbye."].contains(&priya.last().unwrap().as_str()));
    let joins = "This is the hotline lab. Priya Nair is with a caller and asks for you. You are second on call. \
        Press 1 to join them, 2 to pass it on, or 3 to hear this again.";
    assert_eq!(told(&stage, TOM), [joins, CONNECTED]);
    assert_eq!(told(&stage, WEI), [""; 0]);
    let caller = told(&stage, CALLER);
    assert!(caller.contains(&"One moment, please.".to_owned()), "{caller:?}");
    stage.rehearsal().simulator().look(|network| {
        assert_eq!(network.dialled(), [PRIYA, TOM]);
        assert_eq!(network.texts(), []);
        let heard = |number: &str| network.sids_of(number).into_iter().flat_map(|sid| network.heard(sid).to_vec());
        assert!(
            heard(CALLER).any(|heard| heard.what == Sound::Beep),
            "who is with the caller hears that somebody comes"
        );
    });
    stage.strike().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn in_silence_they_talk_on() {
    let caller = CallerHabit {
        talk: Some(Delay::seconds(30)),
        ..CallerHabit::default()
    };
    let (stage, outcome) = call(AtStar::Silent, [Habit::Ignores; 3], caller).await;
    assert_eq!(outcome, Outcome::Served);
    assert_eq!(met(&stage), [pair(CALLER, PRIYA), pair(CALLER, PRIYA)]);
    assert_eq!(
        told(&stage, PRIYA)[..4],
        [WHISPER, CONNECTED, CHOICE, "You are going back to the caller."]
    );
    stage.strike().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_hangs_up_aside_leaves_the_caller_to_the_question() {
    let (stage, outcome) = call(AtStar::HangsUp, [Habit::Ignores; 3], CallerHabit::default()).await;
    assert_eq!(outcome, Outcome::Served);
    assert_eq!(met(&stage), [pair(CALLER, PRIYA)]);
    assert_eq!(told(&stage, PRIYA), [WHISPER, CONNECTED, CHOICE]);
    let caller = told(&stage, CALLER);
    let left = "Priya Nair has left the call. If you still need help, press 1 and we search again. Otherwise you can hang up.";
    assert!(caller.contains(&left.to_owned()), "{caller:?}");
    stage.strike().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_comes_and_a_text_says_so() {
    let caller = CallerHabit {
        talk: Some(Delay::seconds(40)),
        ..CallerHabit::default()
    };
    let (stage, outcome) = call(AtStar::BringsIn, [Habit::Busy; 3], caller).await;
    assert_eq!(outcome, Outcome::Served);
    let simulator = stage.rehearsal().simulator();
    tokio::time::timeout(PATIENCE, simulator.until(|network| !network.texts().is_empty()))
        .await
        .unwrap();
    simulator.look(|network| {
        assert_eq!(network.dialled(), [PRIYA, TOM, WEI, "+61491570110"]);
        let texts: Vec<(&str, &str)> = network.texts().iter().map(|text| (text.to.as_str(), text.body.as_str())).collect();
        let words = "Hotline lab: nobody else could be reached. You are still with the caller. Press star to try again.";
        assert_eq!(texts, [(PRIYA, words)]);
    });
    stage.strike().await;
}
