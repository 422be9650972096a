//! A callback that nobody has made, over real sockets: people are reminded once, also by another process.

use super::stage::{PATIENCE, wednesday};
use super::two_lines::{LAB, PRIYA, Rota, TwoLines};
use chrono::TimeDelta;
use rotaline::access::Role;
use rotaline::call::{HotlineName, Outcome};
use rotaline::simulator::{AtQuestion, CallerHabit, Delay, Habit};
use std::time::Duration;

const CALLER: &str = "+61491570737";

fn lab() -> HotlineName {
    HotlineName("lab".to_owned())
}

/// Priya alone is on call, and does not answer; the caller presses star, then 1.
async fn asked() -> TwoLines {
    let rota = || Rota {
        contacts: &[("Priya Nair", PRIYA)],
        last_resort: None,
    };
    let lines = TwoLines::open(rota(), rota(), wednesday()).await;
    lines.simulator.set_habit(PRIYA, Habit::Ignores);
    let caller = CallerHabit {
        star: Some(Delay::seconds(3)),
        question: AtQuestion::PressesOnce('1'),
        ..CallerHabit::default()
    };
    let (_, outcome, story) = lines.call(CALLER, LAB, caller).await;
    assert_eq!(outcome, Some(Outcome::CallbackAsked), "{story:?}");
    texts(&lines, 1).await;
    lines
}

/// Waits until so many texts were sent, and a moment longer for one too many; gives them.
async fn texts(lines: &TwoLines, count: usize) -> Vec<(String, String)> {
    let sent = lines.simulator.until(|network| network.texts().len() >= count);
    tokio::time::timeout(PATIENCE, sent).await.unwrap();
    settled(lines).await
}

async fn settled(lines: &TwoLines) -> Vec<(String, String)> {
    tokio::time::sleep(Duration::from_millis(700)).await;
    let text = |text: &rotaline::simulator::heard::Text| (text.to.clone(), text.body.clone());
    lines.simulator.look(|network| network.texts().iter().map(text).collect())
}

#[tokio::test(flavor = "multi_thread")]
async fn people_are_reminded_once_of_a_callback_that_nobody_has_made() {
    let mut lines = asked().await;
    let first = "Hotline lab, 2026-03-04 14:00: the caller +61491570737 asks to be called back on +61491570737. Please call back.";
    assert_eq!(settled(&lines).await, [(PRIYA.to_owned(), first.to_owned())]);
    // The default is half an hour: a minute before that nobody is reminded.
    lines.restart(wednesday() + TimeDelta::minutes(29)).await;
    assert_eq!(settled(&lines).await.len(), 1);
    lines.restart(wednesday() + TimeDelta::minutes(31)).await;
    let told = texts(&lines, 2).await;
    let reminder = "Hotline lab: the callback to +61491570737 has been open for 30 min. Please call now.";
    assert_eq!(told[1..], [(PRIYA.to_owned(), reminder.to_owned())]);
    let open = lines.store.open_callbacks(&lab()).await.unwrap();
    assert_eq!(open.len(), 1, "it is still owed");
    assert!(open[0].reminded_at.is_some());
    // Neither later nor by another process once more.
    lines.restart(wednesday() + TimeDelta::hours(9)).await;
    assert_eq!(settled(&lines).await.len(), 2);
    lines.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_reminded_of_a_callback_that_is_done() {
    let mut lines = asked().await;
    let open = lines.store.open_callbacks(&lab()).await.unwrap();
    let done = format!("/api/v1/hotlines/lab/callbacks/{}/done", open[0].id);
    let browser = lines.signed_in(Role::Responder).await;
    assert_eq!(browser.post_from("http://evil.example", &done, "").await.status().as_u16(), 403);
    assert_eq!(lines.store.open_callbacks(&lab()).await.unwrap().len(), 1);
    assert_eq!(browser.post(&done, "").await.status().as_u16(), 204);
    lines.restart(wednesday() + TimeDelta::hours(9)).await;
    assert_eq!(settled(&lines).await.len(), 1);
    lines.close().await;
}
