//! One call over real sockets: a real rota in a file, signed webhooks, REST, two people talking at the end.

use super::stage::{self, PATIENCE, wednesday};
use rotaline::app::Stage;
use rotaline::call::{CallId, Fact, Outcome};
use rotaline::roster::Responder;
use rotaline::simulator::{CallerHabit, Delay, Habit, Sound};
use tokio::sync::broadcast::Receiver;

const PRIYA: &str = "+61491570156";
const TOM: &str = "+61491570157";
const WEI: &str = "+61491570158";
pub(super) const CALLER: &str = "+61491570737";

pub(super) async fn until_over(facts: &mut Receiver<rotaline::store::Entry>) -> Outcome {
    loop {
        if let Fact::Ended { outcome } = facts.recv().await.unwrap().fact {
            return outcome;
        }
    }
}

/// What a number was told in words, without what was said again at once while waiting.
pub(super) fn told(stage: &Stage, number: &str) -> Vec<String> {
    stage.rehearsal().simulator().look(|network| {
        let heard = network.sids_of(number).into_iter().flat_map(|sid| network.heard(sid).to_vec());
        let mut words: Vec<String> = heard
            .filter_map(|heard| if let Sound::Said(words) = heard.what { Some(words) } else { None })
            .collect();
        words.dedup();
        words
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_declines_the_seconds_voicemail_answers_the_third_talks_with_the_caller() {
    let stage = stage::set().await;
    let people = stage.rehearsal().on_call().await.unwrap();
    let numbers: Vec<&str> = people.iter().map(|who| who.phone.address()).collect();
    assert_eq!(
        numbers,
        [PRIYA, TOM, WEI, "+61491570110"],
        "as the workbook says, the duty phone last"
    );

    let after = Delay::between(2_000, 4_000);
    let habits = [
        Habit::Declines { after },
        Habit::Voicemail {
            after,
            greeting: Delay::seconds(6),
        },
        Habit::Accepts { after, talk: None },
        Habit::Accepts { after, talk: None },
    ];
    let habits: Vec<(Responder, Habit)> = people.into_iter().zip(habits).collect();
    let caller = CallerHabit {
        talk: Some(Delay::seconds(20)),
        ..CallerHabit::default()
    };
    let mut facts = stage.service().store().subscribe();
    let call = stage.rehearsal().ring(habits, caller).await.unwrap();
    let outcome = tokio::time::timeout(PATIENCE, until_over(&mut facts)).await.unwrap();
    assert_eq!(outcome, Outcome::Served);
    let simulator = stage.rehearsal().simulator();
    tokio::time::timeout(PATIENCE, simulator.until(|network| network.leftovers().is_empty()))
        .await
        .unwrap();

    everybody_heard_what_concerned_them(&stage);
    nothing_is_left_over(&stage, call).await;
    stage.strike().await;
}

fn whisper(place: &str) -> String {
    format!(
        "This is the hotline lab, with a call from plus 6 1 4 9 1 5 7 0 7 3 7. You are {place} on call. Press 1 to take the call, 2 to pass it on, or 3 to hear this again."
    )
}

fn waiting(who: &str) -> String {
    format!("We are ringing the {who} person on call. Please stay on the line, or press star to be called back or to leave a message.")
}

fn everybody_heard_what_concerned_them(stage: &Stage) {
    assert_eq!(
        told(stage, PRIYA),
        [whisper("first"), "Thank you. The next one on call is rung. Goodbye.".to_owned()]
    );
    assert_eq!(told(stage, TOM), [whisper("second"), "No key was pressed. Goodbye.".to_owned()]);
    let wei = [
        whisper("third"),
        "Thank you. You are being connected.".to_owned(),
        "The caller has left the call. Goodbye.".to_owned(),
    ];
    assert_eq!(told(stage, WEI), wei);
    let caller = told(stage, CALLER);
    assert_eq!(caller[0], "Thank you for calling. You are being connected to the person on call.");
    let expected = [
        waiting("first"),
        waiting("second"),
        waiting("third"),
        "Somebody has taken your call. You are being connected.".to_owned(),
    ];
    // Short steps may pass between two announcements, but none comes twice or out of order.
    let announced: Vec<&String> = expected.iter().filter(|words| caller.contains(words)).collect();
    assert_eq!(announced, caller[1..].iter().collect::<Vec<_>>());
}

/// Rung in order, nobody twice; one talk, between the two; no leg, room, text, fault or order too many.
async fn nothing_is_left_over(stage: &Stage, call: CallId) {
    stage.rehearsal().simulator().look(|network| {
        let rung: Vec<String> = network.rung().into_iter().map(|rung| rung.number).collect();
        assert_eq!(rung, [PRIYA, TOM, WEI]);
        assert_eq!(network.dialled(), [PRIYA, TOM, WEI]);
        let talks: Vec<[String; 2]> = network.talks().into_iter().map(|talk| talk.numbers).collect();
        assert_eq!(talks, [[CALLER.to_owned(), WEI.to_owned()]]);
        assert_eq!(network.texts(), []);
        assert_eq!(network.faults(), [], "documents and requests are as the carrier wants them");
    });
    let call = stage.service().switchboard().call(call).await.unwrap();
    assert!(!call.is_live());
    let pending = stage
        .service()
        .store()
        .pending(wednesday() + chrono::TimeDelta::days(1))
        .await
        .unwrap();
    assert_eq!(pending.all, 0, "no order is left in the outbox");
}

/// With nobody accepting, the caller is heard all the same.
#[tokio::test(flavor = "multi_thread")]
async fn when_nobody_accepts_the_caller_leaves_a_message() {
    let stage = stage::set().await;
    let habits = stage
        .rehearsal()
        .on_call()
        .await
        .unwrap()
        .into_iter()
        .map(|who| (who, Habit::Busy))
        .collect();
    let caller = CallerHabit {
        tone: rotaline::simulator::AtTone::SpeaksThenHash(7),
        ..CallerHabit::default()
    };
    let mut facts = stage.service().store().subscribe();
    stage.rehearsal().ring(habits, caller).await.unwrap();
    let outcome = tokio::time::timeout(PATIENCE, until_over(&mut facts)).await.unwrap();
    assert_eq!(outcome, Outcome::Recorded);
    let simulator = stage.rehearsal().simulator();
    tokio::time::timeout(PATIENCE, simulator.until(|network| network.leftovers().is_empty()))
        .await
        .unwrap();
    let caller = told(&stage, CALLER);
    let last_words: Vec<&str> = caller.iter().rev().take(3).map(String::as_str).collect();
    assert_eq!(last_words[0], "Thank you. Your message is recorded. Goodbye.");
    assert!(last_words[1].starts_with("Please leave a message after the tone"));
    assert_eq!(last_words[2], MENU);
    simulator.look(|network| {
        let twice: Vec<&str> = [PRIYA, TOM, WEI, PRIYA, TOM, WEI, "+61491570110"].to_vec();
        assert_eq!(network.dialled(), twice, "two rounds, then the last resort");
        assert_eq!(network.faults(), []);
    });
    stage.strike().await;
}

const MENU: &str = "We are sorry: nobody could take your call. To be called back on plus 6 1 4 9 1 5 7 0 7 3 7, press 1. \
    To be called back on another number, press 2. To leave a message, press 3.";

/// He mistypes a premium number first; what he confirms is on the list, and the first level knows.
#[tokio::test(flavor = "multi_thread")]
async fn a_caller_asks_to_be_called_back_on_another_number() {
    let stage = stage::set().await;
    let people = stage.rehearsal().on_call().await.unwrap();
    let habits = people.into_iter().map(|who| (who, Habit::Busy)).collect();
    let caller = CallerHabit {
        question: rotaline::simulator::AtQuestion::MistypesNumber(1_900_123_456, 491_570_313),
        ..CallerHabit::default()
    };
    let mut facts = stage.service().store().subscribe();
    stage.rehearsal().ring(habits, caller).await.unwrap();
    let outcome = tokio::time::timeout(PATIENCE, until_over(&mut facts)).await.unwrap();
    assert_eq!(outcome, Outcome::CallbackAsked);
    let simulator = stage.rehearsal().simulator();
    tokio::time::timeout(
        PATIENCE,
        simulator.until(|network| network.leftovers().is_empty() && !network.texts().is_empty()),
    )
    .await
    .unwrap();
    const TYPE: &str = "Please type the number on which we are to call you back, then press hash.";
    let heard = told(&stage, CALLER);
    let expected = [
        MENU.to_owned(),
        TYPE.to_owned(),
        format!("We cannot call that number. {TYPE}"),
        "The number is plus 6 1 4 9 1 5 7 0 3 1 3. If that is right, press 1. To type it again, press 2.".to_owned(),
        "Thank you. You will be called back on plus 6 1 4 9 1 5 7 0 3 1 3. Goodbye.".to_owned(),
    ];
    assert_eq!(heard[heard.len() - expected.len()..], expected);
    let lab = rotaline::call::HotlineName("lab".to_owned());
    let open = stage.service().store().open_callbacks(&lab).await.unwrap();
    let listed: Vec<(u32, &str)> = open.iter().map(|callback| (callback.id, callback.number.address())).collect();
    assert_eq!(listed, [(1, "+61491570313")]);
    simulator.look(|network| {
        let texts: Vec<&str> = network.texts().iter().map(|text| text.to.as_str()).collect();
        assert_eq!(texts, [PRIYA]);
        assert_eq!(network.faults(), []);
    });
    stage.strike().await;
}
