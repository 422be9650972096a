//! Calls that are not put through as usual, over real sockets: what the caller heard, who was rung, what is kept.

use super::line::{CALLER, told, until_over};
use super::stage::{self, PATIENCE};
use rotaline::app::Stage;
use rotaline::call::{HotlineName, Outcome, OwnWords};
use rotaline::phrases::Speech;
use rotaline::reception::{Blocked, Menu, OpeningHours, Reception};
use rotaline::roster::{Phone, WeekHours};
use rotaline::simulator::{AtMenu, AtTone, CallerHabit, Delay, Habit};
use std::collections::BTreeMap;

const EMERGENCY: &str = "If a life is in danger, hang up and dial 000.";
const LEAVE: &str = "Please leave a message after the tone, with your name and number. When you are done, press hash or hang up.";

fn own_words() -> OwnWords {
    OwnWords {
        emergency: Some(EMERGENCY.to_owned()),
        ..OwnWords::default()
    }
}

async fn met_by(reception: Reception) -> Stage {
    stage::set_with(|setting| {
        setting.reception = reception;
        setting.words = own_words();
    })
    .await
}

/// One call from its beginning to its end; everybody on call would accept.
async fn call(stage: &Stage, caller: CallerHabit) -> Outcome {
    let accepts = Habit::Accepts {
        after: Delay::seconds(3),
        talk: Some(Delay::seconds(20)),
    };
    let people = stage.rehearsal().on_call().await.unwrap();
    let mut facts = stage.service().store().subscribe();
    stage
        .rehearsal()
        .ring(people.into_iter().map(|who| (who, accepts)).collect(), caller)
        .await
        .unwrap();
    let outcome = tokio::time::timeout(PATIENCE, until_over(&mut facts)).await.unwrap();
    let simulator = stage.rehearsal().simulator();
    tokio::time::timeout(PATIENCE, simulator.until(|network| network.leftovers().is_empty()))
        .await
        .unwrap();
    outcome
}

fn speaks() -> CallerHabit {
    CallerHabit {
        tone: AtTone::SpeaksThenHash(5),
        ..CallerHabit::default()
    }
}

fn rung(stage: &Stage) -> usize {
    stage.rehearsal().simulator().look(|network| {
        assert_eq!(network.faults(), [], "documents and requests are as the carrier wants them");
        network.rung().len()
    })
}

/// The outcomes that are kept, newest first.
async fn kept(stage: &Stage) -> Vec<Option<Outcome>> {
    let calls = stage.service().store().calls(10).await.unwrap();
    calls.into_iter().map(|call| call.outcome).collect()
}

/// It is Wednesday, 14:00.
#[tokio::test(flavor = "multi_thread")]
async fn outside_of_the_hours_the_caller_leaves_a_message_and_nobody_is_rung() {
    let stage = met_by(Reception {
        hours: OpeningHours {
            week: vec![WeekHours::parse("Mon-Fri 08:00-12:00").unwrap()],
            holidays: Vec::new(),
        },
        ..Reception::default()
    })
    .await;
    assert_eq!(call(&stage, speaks()).await, Outcome::Recorded);
    let thanks = "Thank you. Your message is recorded. Goodbye.";
    assert_eq!(told(&stage, CALLER), [EMERGENCY, "We are closed at the moment.", LEAVE, thanks]);
    assert_eq!(rung(&stage), 0);
    assert_eq!(kept(&stage).await, [Some(Outcome::Recorded)]);
    stage.strike().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_on_the_blocklist_hears_a_sentence_and_is_kept_in_the_log() {
    let stage = met_by(Reception {
        blocked: vec![Blocked::parse("+6149157*").unwrap()],
        ..Reception::default()
    })
    .await;
    assert_eq!(call(&stage, speaks()).await, Outcome::Refused);
    assert_eq!(told(&stage, CALLER), [EMERGENCY, "We cannot take your call. Goodbye."]);
    assert_eq!(rung(&stage), 0);
    assert_eq!(kept(&stage).await, [Some(Outcome::Refused)]);
    stage.strike().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_called_too_often_can_only_leave_a_message() {
    let stage = met_by(Reception {
        calls_per_caller_and_hour: 1,
        ..Reception::default()
    })
    .await;
    assert_eq!(call(&stage, speaks()).await, Outcome::Served);
    let rung_before = rung(&stage);
    assert!(rung_before > 0);
    assert_eq!(call(&stage, speaks()).await, Outcome::Recorded);
    assert_eq!(rung(&stage), rung_before);
    let heard = told(&stage, CALLER);
    let often = format!("We have had many calls from you within the last hour, so nobody is rung now. {LEAVE}");
    assert_eq!(
        heard[heard.len() - 3..],
        [EMERGENCY, &often, "Thank you. Your message is recorded. Goodbye."]
    );
    stage.strike().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_at_the_menu_leads_to_the_hotline_also_at_the_second_try() {
    let lab = || HotlineName("lab".to_owned());
    let menu = Menu {
        numbers: vec![Phone::from_e164("+61491570006").unwrap()],
        speech: Speech::default(),
        emergency: Some("This is no emergency line.".to_owned()),
        greeting: "For the lab, press 2.".to_owned(),
        choices: BTreeMap::from([('2', lab())]),
        otherwise: lab(),
    };
    let stage = stage::set_with(|setting| setting.menus = vec![menu]).await;
    let at_once = CallerHabit {
        menu: AtMenu::Presses('2'),
        ..speaks()
    };
    assert_eq!(call(&stage, at_once).await, Outcome::Served);
    let heard = told(&stage, CALLER);
    let hotline = "Thank you for calling. You are being connected to the person on call.";
    assert_eq!(heard[..3], ["This is no emergency line.", "For the lab, press 2.", hotline]);
    let late = CallerHabit {
        menu: AtMenu::AskedTwice(Some('7'), None),
        ..speaks()
    };
    assert_eq!(call(&stage, late).await, Outcome::Served, "otherwise it is the lab all the same");
    let again = told(&stage, CALLER);
    let asked_again = ["Please choose with a key of your telephone.", "For the lab, press 2.", hotline];
    assert_eq!(again[heard.len() + 2..heard.len() + 5], asked_again);
    assert_eq!(kept(&stage).await.len(), 2);
    rung(&stage);
    stage.strike().await;
}
