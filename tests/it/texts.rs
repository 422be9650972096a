//! Texts to a hotline over real sockets: who is away is not rung, and whoever is back is.

use super::stage::{self, PATIENCE, wednesday};
use rotaline::access::Role;
use rotaline::app::Stage;
use rotaline::call::{Fact, HotlineName, Outcome};
use rotaline::simulator::{CallerHabit, Delay, Habit};
use std::collections::BTreeSet;

const PRIYA: &str = "+61491570156";
const TOM: &str = "+61491570157";
const STRANGER: &str = "+61491570888";

/// Sends a text and waits for as many answers as there are then to be, the last of which it gives.
pub(super) async fn texted(stage: &Stage, from: &str, body: &str) -> String {
    let simulator = stage.rehearsal().simulator();
    let before = simulator.look(|network| network.texts().len());
    stage.rehearsal().text(from, body).unwrap();
    let answered = simulator.until(|network| network.texts().len() > before && network.leftovers().is_empty());
    tokio::time::timeout(PATIENCE, answered).await.unwrap();
    simulator.look(|network| {
        let last = network.texts().last().unwrap();
        assert_eq!(last.to, from);
        last.body.clone()
    })
}

/// Sends a text to which nothing is answered.
async fn unanswered(stage: &Stage, from: &str, body: &str) {
    let simulator = stage.rehearsal().simulator();
    let before = simulator.look(|network| network.texts().len());
    stage.rehearsal().text(from, body).unwrap();
    tokio::time::timeout(PATIENCE, simulator.until(|network| network.leftovers().is_empty()))
        .await
        .unwrap();
    assert_eq!(simulator.look(|network| network.texts().len()), before, "{body}");
}

/// A call that the first who is rung accepts: who was rung, and the story.
pub(super) async fn call(stage: &Stage) -> (Vec<String>, Vec<String>) {
    let simulator = stage.rehearsal().simulator();
    let before = simulator.look(|network| network.rung().len());
    let after = Delay::between(1_000, 2_000);
    let people = stage.rehearsal().on_call().await.unwrap();
    let habits = people.into_iter().map(|who| (who, Habit::Accepts { after, talk: None })).collect();
    let caller = CallerHabit {
        talk: Some(Delay::seconds(10)),
        ..CallerHabit::default()
    };
    let mut facts = stage.service().store().subscribe();
    stage.rehearsal().ring(habits, caller).await.unwrap();
    let mut story = Vec::new();
    let over = async {
        loop {
            let fact = facts.recv().await.unwrap().fact;
            story.push(fact.to_string());
            if let Fact::Ended { outcome } = fact {
                return outcome;
            }
        }
    };
    assert_eq!(tokio::time::timeout(PATIENCE, over).await.unwrap(), Outcome::Served);
    tokio::time::timeout(PATIENCE, simulator.until(|network| network.leftovers().is_empty()))
        .await
        .unwrap();
    let rung = simulator.look(|network| network.rung()[before..].iter().map(|rung| rung.number.clone()).collect());
    (rung, story)
}

pub(super) async fn on_call_json(stage: &Stage) -> serde_json::Value {
    let browser = stage::signed_in(stage, Role::Viewer).await;
    browser.json("/api/v1/hotlines/lab/on-call").await
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_away_is_not_rung_until_he_is_back() {
    let stage = stage::set().await;
    let status = texted(&stage, PRIYA, "status").await;
    assert!(status.starts_with("You are first on call until "), "{status}");
    assert!(status.ends_with("You are not away."), "{status}");
    let away = texted(&stage, PRIYA, "Away until 18:00").await;
    assert_eq!(
        away,
        "You are away until 18:00 and are not rung until then. Text BACK when you are back."
    );
    let json = on_call_json(&stage).await;
    assert_eq!(
        json["levels"][0]["responders"][0]["away_until"], "2026-03-04T18:00:00+11:00",
        "{json}"
    );
    assert_eq!(json["levels"][1]["responders"][0].get("away_until"), None, "{json}");
    let page = stage::signed_in(&stage, Role::Viewer).await.page("/").await;
    // Where he stands on call, and at the switch.
    assert_eq!(page.matches("away until ").count(), 2);

    let (rung, story) = call(&stage).await;
    assert_eq!(rung, [TOM], "the second at once");
    let told = "Priya Nair is not rung: away until 2026-03-04 18:00, told by text.";
    assert!(story.iter().any(|line| line == told), "{story:?}");

    let who = texted(&stage, TOM, "who").await;
    assert!(who.contains("1. Priya Nair (away until 18:00), 2. Tom Okafor"), "{who}");
    let back = texted(&stage, PRIYA, "BACK").await;
    assert!(back.starts_with("Welcome back."), "{back}");
    let (rung, _) = call(&stage).await;
    assert_eq!(rung, [PRIYA]);
    assert_eq!(stage.rehearsal().simulator().look(|network| network.faults().to_vec()), []);
    stage.strike().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_text_again_is_answered_the_same_and_counts_once() {
    let stage = stage::set().await;
    let simulator = stage.rehearsal().simulator();
    let sid = stage.rehearsal().text(PRIYA, "AWAY 2h").unwrap();
    tokio::time::timeout(PATIENCE, simulator.until(|network| network.texts().len() == 1))
        .await
        .unwrap();
    texted(&stage, PRIYA, "BACK").await;
    stage.rehearsal().text_again(PRIYA, "AWAY 2h", &sid).unwrap();
    tokio::time::timeout(PATIENCE, simulator.until(|network| network.texts().len() == 3))
        .await
        .unwrap();
    let texts = simulator.look(|network| network.texts().to_vec());
    assert_eq!(texts[0].body, texts[2].body);
    let lab = HotlineName("lab".to_owned());
    let away = stage.service().store().away(&lab, wednesday()).await.unwrap();
    assert!(away.is_empty(), "she stays back: {away:?}");
    stage.strike().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_are_answered_once_and_nobody_for_ever() {
    let stage = stage::set().await;
    let words = texted(&stage, STRANGER, "My house is on fire \u{1f525} & nobody <comes>").await;
    assert_eq!(words, "This line takes calls. Please call +61491570006; texts are not read.");
    unanswered(&stage, STRANGER, "Hello?").await;
    unanswered(&stage, STRANGER, "AWAY 2h").await;
    unanswered(&stage, PRIYA, "STOP").await;
    unanswered(&stage, PRIYA, "START").await;
    let mut answers = BTreeSet::new();
    for body in [
        "\u{1f600}".repeat(1_600),
        format!("AWAY {}h", "9".repeat(1_500)),
        "\0 AWAY\u{7} 2".to_owned(),
    ] {
        answers.insert(texted(&stage, PRIYA, &body).await);
    }
    assert_eq!(answers.len(), 3, "{answers:?}");
    unanswered(&stage, PRIYA, "AWAY 2h").await;
    let lab = HotlineName("lab".to_owned());
    let away = stage.service().store().away(&lab, wednesday()).await.unwrap();
    assert_eq!(away.len(), 1, "what is not answered any more counts all the same");
    assert_eq!(stage.rehearsal().simulator().look(|network| network.faults().to_vec()), []);
    stage.strike().await;
}
