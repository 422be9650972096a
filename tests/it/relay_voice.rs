//! After a talk the responder dials the hotline over real sockets and is put through to the caller: what each heard, who was
//! rung, and who was not. Late and repeated answers are tried in the switchboard's own tests.

use super::line::{CALLER, told, until_over};
use super::stage::{self, PATIENCE};
use rotaline::access::Role;
use rotaline::app::{Setting, Stage};
use rotaline::call::{HotlineName, LineId, Outcome, Rules, WhenClosed};
use rotaline::reception::{Blocked, Menu, OpeningHours};
use rotaline::roster::{Phone, WeekHours};
use rotaline::simulator::{AtMenu, AtQuestion, CallerHabit, Delay, Habit};
use rotaline::store::Begun;
use std::collections::BTreeMap;

const HOTLINE: &str = "+61491570006";
const PRIYA: &str = "+61491570156";
const TOM: &str = "+61491570157";
const OTHER: &str = "+61491570738";
const AFTER: Delay = Delay::between(1_000, 2_000);
const QUESTION: &str = "Press 1 to be put through to the caller of 14:";
const RINGS: &str = "The caller's phone is ringing. Please stay on the line.";

async fn set_with(change: impl FnOnce(&mut Setting)) -> Stage {
    stage::set_with(|setting| {
        setting.rules = |rules| Rules {
            relay_minutes: 60,
            ..rules
        };
        change(setting);
    })
    .await
}

async fn set() -> Stage {
    set_with(|_| {}).await
}

const fn picks_up(talk: Option<Delay>) -> Habit {
    Habit::Accepts { after: AFTER, talk }
}

fn does(stage: &Stage, number: &str, habit: Habit) {
    stage.rehearsal().simulator().set_habit(number, habit);
}

async fn quiet(stage: &Stage) {
    let simulator = stage.rehearsal().simulator();
    tokio::time::timeout(PATIENCE, simulator.until(|network| network.leftovers().is_empty()))
        .await
        .unwrap();
}

/// Somebody dials, and how it ends.
async fn dials(stage: &Stage, from: &str, caller: CallerHabit) -> Outcome {
    let mut facts = stage.service().store().subscribe();
    stage.rehearsal().dial_from(from, caller).unwrap();
    let outcome = tokio::time::timeout(PATIENCE, until_over(&mut facts)).await.unwrap();
    quiet(stage).await;
    outcome
}

fn talks_for_20_s(menu: AtMenu) -> CallerHabit {
    CallerHabit {
        menu,
        talk: Some(Delay::seconds(20)),
        ..CallerHabit::default()
    }
}

/// Priya takes the call of somebody and talks with him.
async fn talked(stage: &Stage, caller: &str) {
    for (number, habit) in [(PRIYA, picks_up(None)), (TOM, picks_up(None))] {
        does(stage, number, habit);
    }
    let outcome = dials(stage, caller, talks_for_20_s(AtMenu::Unexpected)).await;
    assert_eq!(outcome, Outcome::Served);
}

fn rung(stage: &Stage) -> Vec<String> {
    stage.rehearsal().simulator().look(|network| {
        let rung = network.rung();
        for ring in &rung {
            assert_eq!(network.shown_on(&ring.sid), Some(HOTLINE), "{}", ring.number);
        }
        assert_eq!(network.faults(), []);
        rung.into_iter().map(|ring| ring.number).collect()
    })
}

/// Of the other one nobody hears or reads the number.
fn nobody_learns_a_number(stage: &Stage, since: usize) {
    for words in &told(stage, PRIYA)[since..] {
        assert!(!words.contains("7 3 7") && !words.contains("737"), "{words}");
    }
    for words in told(stage, CALLER) {
        assert!(!words.contains("1 5 6") && !words.contains("156"), "{words}");
    }
}

async fn story(stage: &Stage) -> Vec<String> {
    let newest = stage.service().store().calls(1).await.unwrap().remove(0);
    let story = stage.service().store().story(newest.id).await.unwrap();
    story.iter().map(|entry| entry.fact.to_string()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_responder_dials_and_is_put_through() {
    let stage = set().await;
    talked(&stage, CALLER).await;
    let (before, callers) = (told(&stage, PRIYA).len(), told(&stage, CALLER).len());
    does(&stage, CALLER, picks_up(Some(Delay::seconds(15))));
    assert_eq!(
        dials(&stage, PRIYA, talks_for_20_s(AtMenu::Presses('1'))).await,
        Outcome::PutThrough
    );
    let heard = told(&stage, PRIYA).split_off(before);
    assert!(heard[0].starts_with(QUESTION), "{heard:?}");
    assert!(heard[0].ends_with(", or stay on the line for the person on call."), "{heard:?}");
    assert_eq!(heard.iter().filter(|words| *words == RINGS).count(), 1, "{heard:?}");
    assert_eq!(heard.last().unwrap(), "The caller has left the call. Goodbye.");
    let words = told(&stage, CALLER).split_off(callers);
    assert_eq!(words.len(), 1, "{words:?}");
    assert!(
        words[0].starts_with("This is the hotline lab. The person with whom you spoke at 14:"),
        "{words:?}"
    );
    assert_eq!(rung(&stage), [PRIYA, CALLER], "nobody else is rung");
    let talk = stage.rehearsal().simulator().look(|network| network.talks().pop().unwrap());
    assert_eq!(talk.numbers, [PRIYA.to_owned(), CALLER.to_owned()]);
    nobody_learns_a_number(&stage, before);
    let said = story(&stage).await;
    assert_eq!(said[0], "A call for hotline lab from +61…156.");
    assert!(
        said[1].starts_with("Priya Nair wants to be put through to +61…737: they talked at 14:"),
        "{said:?}"
    );
    assert!(
        said.contains(&"Texts between the caller and Priya Nair are passed on for 60 minutes.".to_owned()),
        "{said:?}"
    );
    let page = stage::signed_in(&stage, Role::Operator).await.page("/").await;
    assert!(page.contains("Put through to the caller"), "{page}");
    assert!(!page.contains("491570737"), "numbers are masked");
    stage.strike().await;
}

/// Whoever hangs up while he is asked begins no call. Nor does the webhook of his line, as well signed as it was, when it is sent
/// again after the time in which he might have answered: nobody is rung by it, though nobody is offered anything any more.
#[tokio::test(flavor = "multi_thread")]
async fn who_hangs_up_while_he_is_asked_begins_no_call_later_either() {
    let stage = set().await;
    talked(&stage, CALLER).await;
    let store = stage.service().store();
    let before = store.calls(9).await.unwrap().len();
    let hangs_up = CallerHabit {
        question: AtQuestion::HangsUp,
        ..CallerHabit::default()
    };
    let asked = told(&stage, PRIYA).len();
    let line = LineId(stage.rehearsal().dial_from(PRIYA, hangs_up).unwrap());
    quiet(&stage).await;
    assert_eq!(store.calls(9).await.unwrap().len(), before, "{:?}", told(&stage, PRIYA));
    assert!(
        told(&stage, PRIYA)[asked..].iter().any(|words| words.starts_with(QUESTION)),
        "{:?}",
        told(&stage, PRIYA)
    );
    let later = stage::wednesday() + chrono::TimeDelta::days(1);
    let again = store.begin(&line, later, None, |_| panic!("a call begins")).await.unwrap();
    assert_eq!(again, Begun::Bygone);
    stage.strike().await;
}

/// Without a key, and with any other, it is a call as any: she is on call herself, so the next one is rung.
#[tokio::test(flavor = "multi_thread")]
async fn in_silence_it_goes_on_as_any_call() {
    let stage = set().await;
    talked(&stage, CALLER).await;
    for menu in [AtMenu::AskedTwice(None, None), AtMenu::Presses('7')] {
        let before = told(&stage, PRIYA).len();
        assert_eq!(dials(&stage, PRIYA, talks_for_20_s(menu)).await, Outcome::Served);
        let heard = told(&stage, PRIYA).split_off(before);
        assert!(heard[0].starts_with(QUESTION), "{heard:?}");
        assert_eq!(heard[1], "Thank you for calling. You are being connected to the person on call.");
    }
    assert_eq!(rung(&stage), [PRIYA, TOM, TOM]);
    // Who has talked with nobody lately is asked nothing; nor is a caller, who gets the same responder first.
    let before = told(&stage, OTHER).len();
    assert_eq!(dials(&stage, OTHER, talks_for_20_s(AtMenu::Unexpected)).await, Outcome::Served);
    let heard = told(&stage, OTHER).split_off(before);
    assert_eq!(heard[0], "Thank you for calling. You are being connected to the person on call.");
    stage.strike().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caller_who_is_not_there_is_said_to_her() {
    let stage = set().await;
    talked(&stage, CALLER).await;
    for (habit, words) in [
        (Habit::Busy, "The caller is busy or has rejected the call."),
        (Habit::Ignores, "The caller does not answer."),
        (Habit::InvalidNumber, "The caller cannot be reached by telephone now."),
    ] {
        does(&stage, CALLER, habit);
        let outcome = dials(&stage, PRIYA, talks_for_20_s(AtMenu::Presses('1'))).await;
        assert_eq!(outcome, Outcome::NotPutThrough);
        let last = format!("{words} You can send a text to this number instead. Goodbye.");
        assert_eq!(told(&stage, PRIYA).last().unwrap(), &last);
    }
    // She hangs up while it rings: the ringing stops.
    does(&stage, CALLER, Habit::Ignores);
    let leaves = CallerHabit {
        patience: Some(Delay::seconds(14)),
        ..talks_for_20_s(AtMenu::Presses('1'))
    };
    assert_eq!(dials(&stage, PRIYA, leaves).await, Outcome::NotPutThrough);
    assert!(
        story(&stage)
            .await
            .contains(&"They have not talked: Priya Nair has hung up before the caller was there.".to_owned())
    );
    assert!(!rung(&stage).contains(&TOM.to_owned()));
    stage.strike().await;
}

/// The newest talk comes first, 2 leads to the one before.
#[tokio::test(flavor = "multi_thread")]
async fn of_two_callers_the_earlier_one_is_chosen_by_2() {
    let stage = set().await;
    talked(&stage, OTHER).await;
    talked(&stage, CALLER).await;
    for number in [CALLER, OTHER] {
        does(&stage, number, picks_up(Some(Delay::seconds(15))));
    }
    let before = told(&stage, PRIYA).len();
    let earlier = AtMenu::AskedTwice(Some('2'), Some('1'));
    assert_eq!(dials(&stage, PRIYA, talks_for_20_s(earlier)).await, Outcome::PutThrough);
    let heard = told(&stage, PRIYA).split_off(before);
    assert!(
        heard[0].contains("2 for an earlier caller") && !heard[1].contains("earlier"),
        "{heard:?}"
    );
    let newest = AtMenu::Presses('1');
    assert_eq!(dials(&stage, PRIYA, talks_for_20_s(newest)).await, Outcome::PutThrough);
    // By then the talk with the other one is the newest.
    assert_eq!(rung(&stage), [PRIYA, PRIYA, OTHER, OTHER]);
    stage.strike().await;
}

/// A responder reaches his caller also when the hotline is closed, and by way of a menu.
#[tokio::test(flavor = "multi_thread")]
async fn behind_a_menu_and_when_closed() {
    let lab = || HotlineName("lab".to_owned());
    let menu = Menu {
        numbers: vec![Phone::from_e164(HOTLINE).unwrap()],
        speech: rotaline::phrases::Speech::default(),
        emergency: None,
        greeting: "For the lab, press 2.".to_owned(),
        choices: BTreeMap::from([('2', lab())]),
        otherwise: lab(),
    };
    let stage = set_with(|setting| {
        setting.menus = vec![menu];
        setting.reception.when_closed = WhenClosed::Ring;
        setting.reception.hours = OpeningHours {
            week: vec![WeekHours::parse("Mo-Fr 09:00-12:00").unwrap()],
            ..OpeningHours::default()
        };
    })
    .await;
    does(&stage, PRIYA, picks_up(None));
    does(&stage, CALLER, picks_up(Some(Delay::seconds(15))));
    let outcome = dials(&stage, CALLER, talks_for_20_s(AtMenu::Presses('2'))).await;
    assert_eq!(outcome, Outcome::Served);
    let before = told(&stage, PRIYA).len();
    let both = AtMenu::AskedTwice(Some('2'), Some('1'));
    assert_eq!(dials(&stage, PRIYA, talks_for_20_s(both)).await, Outcome::PutThrough);
    let heard = told(&stage, PRIYA).split_off(before);
    assert_eq!(heard[0], "For the lab, press 2.");
    assert!(heard[1].starts_with(QUESTION), "{heard:?}");
    assert_eq!(rung(&stage), [PRIYA, CALLER]);
    let callers = told(&stage, CALLER);
    assert!(callers[1].starts_with("We are closed at the moment."), "{callers:?}");
    assert!(!heard.iter().any(|words| words.contains("closed")), "{heard:?}");
    stage.strike().await;
}

/// Whoever is on the blocklist, or calls too often, is not put through either.
#[tokio::test(flavor = "multi_thread")]
async fn who_is_turned_away_is_put_through_to_nobody() {
    let stage = set_with(|setting| {
        setting.reception.calls_per_caller_and_hour = 1;
    })
    .await;
    talked(&stage, CALLER).await;
    does(&stage, CALLER, picks_up(Some(Delay::seconds(15))));
    assert_eq!(
        dials(&stage, PRIYA, talks_for_20_s(AtMenu::Presses('1'))).await,
        Outcome::PutThrough
    );
    assert_eq!(dials(&stage, PRIYA, talks_for_20_s(AtMenu::Presses('1'))).await, Outcome::NoMessage);
    assert_eq!(rung(&stage), [PRIYA, CALLER]);
    stage.strike().await;

    let stage = set_with(|setting| setting.reception.blocked = vec![Blocked::parse(PRIYA).unwrap()]).await;
    talked(&stage, CALLER).await;
    assert_eq!(dials(&stage, PRIYA, talks_for_20_s(AtMenu::Presses('1'))).await, Outcome::Refused);
    assert_eq!(rung(&stage), [PRIYA]);
    stage.strike().await;
}
