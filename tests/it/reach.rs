//! People who are reached in other ways, over real sockets: softphones, SIP, second phones, and texts beside the ringing.

use super::line::{CALLER, told, until_over};
use super::stage::{self, PATIENCE};
use rotaline::app::Stage;
use rotaline::call::{Outcome, Rules};
use rotaline::config::Source;
use rotaline::roster::{Responder, Settings};
use rotaline::simulator::{CallerHabit, Delay, Habit};
use std::fs;

const ALICE: &str = "client:alice";
const ALICE_MOBILE: &str = "+61491570156";
const BEN: &str = "+61491570157";
const BEN_SECOND: &str = "+61491570158";
const DEE: &str = "sip:dee@pbx.example.org";
const ROTA: &str = "From,1st,2nd,3rd\nMon 2 Mar 2026,Alice Park,Ben Osei,Dee Kerr\nMon 9 Mar 2026,Ben Osei,Alice Park,Dee Kerr\n";
const CONTACTS: &str = "Name,Phone,Second phone\nAlice Park,client:alice,+61491570156\nBen Osei,+61491570157,+61491570158\nDee Kerr,sip:dee@pbx.example.org,\n";

/// A folder of tables as the rota; the domain of Dee's phone is allowed.
async fn set(rules: fn(Rules) -> Rules) -> (Stage, tempfile::TempDir) {
    set_at(stage::PACE, rules).await
}

/// The same at another pace.
async fn set_at(pace: u32, rules: fn(Rules) -> Rules) -> (Stage, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("rota.csv"), ROTA).unwrap();
    fs::write(folder.path().join("contacts.csv"), CONTACTS).unwrap();
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let stage = stage::set_with(|setting| {
        setting.rota = vec![Source::File(folder.path().to_owned())];
        setting.given = Settings(vec![
            pair("Time zone", "Australia/Melbourne"),
            pair("Handover time", "08:00"),
            pair("SIP domains", "pbx.example.org"),
        ]);
        setting.rules = rules;
        setting.pace = pace;
    })
    .await;
    (stage, folder)
}

/// One call with these habits, by phone; how it ended.
async fn call(stage: &Stage, habits: &[(&str, Habit)], caller: CallerHabit, texts: usize) -> Outcome {
    let phone = |text: &str| rotaline::roster::Phone::try_from(text.to_owned()).unwrap();
    let habits = habits.iter().map(|(text, habit)| {
        let who = Responder {
            name: (*text).to_owned(),
            phone: phone(text),
            then: None,
        };
        (who, *habit)
    });
    let mut facts = stage.service().store().subscribe();
    stage.rehearsal().ring(habits.collect(), caller).await.unwrap();
    let outcome = tokio::time::timeout(PATIENCE, until_over(&mut facts)).await.unwrap();
    let done = stage
        .rehearsal()
        .simulator()
        .until(|network| network.leftovers().is_empty() && network.texts().len() >= texts);
    tokio::time::timeout(PATIENCE, done).await.unwrap();
    outcome
}

fn sent(stage: &Stage) -> Vec<(String, String)> {
    let texts =
        |network: &rotaline::simulator::PhoneNetwork| network.texts().iter().map(|text| (text.to.clone(), text.body.clone())).collect();
    stage.rehearsal().simulator().look(texts)
}

fn dialled(stage: &Stage) -> Vec<String> {
    stage.rehearsal().simulator().look(|network| {
        assert_eq!(network.faults(), [], "documents and requests are as the carrier wants them");
        network.dialled().to_vec()
    })
}

fn whisper(place: &str) -> String {
    format!(
        "This is the hotline lab, with a call from plus 6 1 4 9 1 5 7 0 7 3 7. You are {place} on call. Press 1 to take the call, 2 to pass it on, or 3 to hear this again."
    )
}

const AFTER: Delay = Delay::between(1_000, 2_000);

fn talks() -> CallerHabit {
    CallerHabit {
        talk: Some(Delay::seconds(20)),
        ..CallerHabit::default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_softphone_rings_and_its_owner_talks_with_the_caller() {
    let (stage, _folder) = set(|rules| Rules { tell_level: true, ..rules }).await;
    let accepts = Habit::Accepts { after: AFTER, talk: None };
    assert_eq!(call(&stage, &[(ALICE, accepts)], talks(), 0).await, Outcome::Served);
    assert_eq!(dialled(&stage), [ALICE]);
    let heard = [
        whisper("first"),
        "Thank you. You are being connected.".to_owned(),
        "The caller has left the call. Goodbye.".to_owned(),
    ];
    assert_eq!(told(&stage, ALICE), heard);
    assert_eq!(sent(&stage), [], "a served call is told to nobody");
    stage.strike().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn second_phones_ring_after_the_first_and_a_sip_phone_rings_in_its_turn() {
    let (stage, _folder) = set(|rules| rules).await;
    let habits = [
        (ALICE, Habit::Busy),
        (ALICE_MOBILE, Habit::Busy),
        (BEN, Habit::Declines { after: AFTER }),
        (DEE, Habit::AssistantListens { after: AFTER }),
    ];
    assert_eq!(call(&stage, &habits, talks(), 0).await, Outcome::Served);
    assert_eq!(dialled(&stage), [ALICE, ALICE_MOBILE, BEN, DEE], "Ben's other phone stays silent");
    assert_eq!(
        told(&stage, BEN),
        [whisper("second"), "Thank you. The next one on call is rung. Goodbye.".to_owned()]
    );
    // The assistant hears all of it once, its owner the beginning of the second time, and then the room.
    let heard = told(&stage, DEE);
    assert_eq!(heard[0], whisper("third"));
    assert!(heard.contains(&"Thank you. You are being connected.".to_owned()), "{heard:?}");
    let caller = told(&stage, CALLER);
    let announced: Vec<&String> = caller.iter().filter(|words| words.starts_with("We are ringing the")).collect();
    let in_order = ["first", "second", "third"].map(|place| {
        format!(
            "We are ringing the {place} person on call. Please stay on the line, or press star to be called back or to leave a message."
        )
    });
    // Short steps may pass between two announcements; nobody is "fourth".
    assert!(announced.iter().all(|words| in_order.contains(words)), "{announced:?}");
    stage.strike().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn texts_go_before_the_ringing_and_the_missed_call_is_told_once_each() {
    let (stage, _folder) = set(|rules| Rules {
        text_before_ringing: true,
        tell_level: true,
        rounds: 2,
        ..rules
    })
    .await;
    let habits = [ALICE, ALICE_MOBILE, BEN, BEN_SECOND, DEE].map(|phone| (phone, Habit::Busy));
    let caller = CallerHabit {
        tone: rotaline::simulator::AtTone::SpeaksThenHash(7),
        ..CallerHabit::default()
    };
    assert_eq!(call(&stage, &habits, caller, 3).await, Outcome::Recorded);
    let round = [ALICE, ALICE_MOBILE, BEN, BEN_SECOND, DEE];
    assert_eq!(dialled(&stage), [round, round].concat());
    let rings = "Hotline lab is ringing you: a call from +61491570737. Answer and press 1 to take it.";
    let texts = sent(&stage);
    let before: Vec<&str> = texts.iter().filter(|(_, body)| body == rings).map(|(to, _)| to.as_str()).collect();
    assert_eq!(
        before,
        [ALICE_MOBILE, BEN],
        "once each, in two rounds on two phones; Dee's phone takes none"
    );
    let missed: Vec<_> = texts.iter().filter(|(_, body)| body != rings).collect();
    let [(to, body)] = missed.as_slice() else { panic!("{missed:?}") };
    assert_eq!(to, ALICE_MOBILE);
    assert!(body.starts_with("Hotline lab, 2026-03-04 14:0"), "{body}");
    assert!(
        body.ends_with(": the caller +61491570737 left a message of 7 s. Please call back."),
        "{body}"
    );
    stage.strike().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_picks_up_for_a_caller_who_is_gone_gets_the_details() {
    // He must hang up after she has picked up and before she has had her time, on a slow machine too.
    let (stage, _folder) = set_at(4, |rules| rules).await;
    let habits = [(ALICE, Habit::Busy), (ALICE_MOBILE, Habit::PressesNothing { after: AFTER })];
    let caller = CallerHabit {
        patience: Some(Delay::seconds(18)),
        ..CallerHabit::default()
    };
    assert_eq!(call(&stage, &habits, caller, 1).await, Outcome::CallerHungUp);
    assert_eq!(dialled(&stage), [ALICE, ALICE_MOBILE]);
    assert_eq!(
        told(&stage, ALICE_MOBILE),
        [whisper("first"), "The caller has hung up. Goodbye.".to_owned()]
    );
    let texts = sent(&stage);
    let [(to, body)] = texts.as_slice() else { panic!("{texts:?}") };
    assert_eq!(to, ALICE_MOBILE);
    assert!(body.starts_with("Hotline lab, 2026-03-04 14:0"), "{body}");
    assert!(
        body.ends_with(": the caller +61491570737 hung up before being put through. Please call back."),
        "{body}"
    );
    stage.strike().await;
}
