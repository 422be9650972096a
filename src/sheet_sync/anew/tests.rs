//! A process that runs for five hundred days by a sheet that nobody touches.

use super::*;
use crate::roster::{Code, OnCall, Settings};
use crate::sheet_sync::tests::scripted::sheet;
use chrono::{DateTime, Utc};

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn hotline(name: &str) -> HotlineName {
    HotlineName(name.into())
}

/// Monday 2 March 2026, ten past nine.
const START: &str = "2026-03-02T09:10:00Z";

async fn kept(store: &Store, name: &str, rota: &str) {
    let given = Settings(vec![
        ("Time zone".into(), "Europe/London".into()),
        ("Handover time".into(), "09:00".into()),
    ]);
    store.keep_rota(&hotline(name), sheet(rota), given, at(START)).await.unwrap();
}

async fn who(store: &Store, name: &str, now: DateTime<Utc>) -> String {
    let rota = store.rota(&hotline(name)).await.unwrap().unwrap();
    match rota.roster.on_call(now) {
        OnCall::Duty(duty) => duty.levels[0].responders[0].name.clone(),
        OnCall::Gap { .. } => "nobody".into(),
    }
}

async fn codes(store: &Store, name: &str) -> Vec<Code> {
    let rota = store.rota(&hotline(name)).await.unwrap().unwrap();
    rota.diagnostics.iter().map(|finding| finding.code).collect()
}

const WEEK: &str = "Day,1st\nMon-Fri,Priya Nair\nSat,Tom Okafor\nSun,Tom Okafor\n";

/// Moves time on and looks, as often as the loop would that sleeps in between.
async fn pass(anew: &Anew, days: u64) {
    for _ in 0..days {
        tokio::time::pause();
        tokio::time::advance(Duration::from_secs(86_400)).await;
        tokio::time::resume();
        anew.look().await;
    }
}

#[tokio::test]
async fn a_rota_nobody_touches_is_right_after_five_hundred_days() {
    let store = Store::in_memory().await.unwrap();
    kept(&store, "week", WEEK).await;
    // Twenty days of a rota that ends on Sunday 22 March at 09:00.
    kept(&store, "list", "From,Until,1st\n2026-03-02 09:00,2026-03-22 09:00,Priya Nair\n").await;
    // Without a year: 2 March 2026, for good.
    kept(&store, "open", "From,Until,1st\n2 Mar 09:00,22 Mar 09:00,Priya Nair\n").await;
    let hotlines = ["week", "list", "open"].map(hotline).to_vec();
    let anew = Anew::new(store.clone(), Clock::anchored_at(at(START)), hotlines);
    assert_eq!(codes(&store, "list").await, []);

    pass(&anew, 5).await;
    assert_eq!(codes(&store, "list").await, []);
    // Sunday 8 March, ten past nine: fourteen days, less ten minutes.
    pass(&anew, 1).await;
    assert_eq!(codes(&store, "list").await, [Code::RotaEnds]);
    pass(&anew, 16).await;
    assert_eq!(codes(&store, "list").await, [Code::RotaEnded]);
    let list = store.rota(&hotline("list")).await.unwrap().unwrap();
    assert_eq!((list.read_at, list.checked_at), (at(START), at(START)));

    pass(&anew, 478).await;
    // 15 July 2027, a Thursday, and the Saturday after it.
    let now = at("2027-07-15T09:10:00Z");
    assert_eq!(anew.clock.now().date_naive(), now.date_naive());
    assert_eq!(who(&store, "week", now).await, "Priya Nair");
    assert_eq!(who(&store, "week", at("2027-07-17T08:00:00Z")).await, "Tom Okafor");
    assert_eq!(who(&store, "week", at("2028-08-01T12:00:00Z")).await, "Priya Nair");
    // The year was chosen when the version came: it has not become that of another spring.
    pass(&anew, 230).await;
    assert_eq!(anew.clock.now().date_naive(), at("2028-03-01T09:10:00Z").date_naive());
    assert_eq!(who(&store, "open", at("2028-03-02T12:00:00Z")).await, "nobody");
    assert!(codes(&store, "open").await.contains(&Code::RotaEnded));
}

#[tokio::test]
async fn a_young_reading_is_left_alone() {
    let store = Store::in_memory().await.unwrap();
    kept(&store, "week", WEEK).await;
    for (later, is_read) in [
        (TimeDelta::hours(5), false),
        (TimeDelta::hours(6), true),
        (TimeDelta::hours(11), false),
    ] {
        let before = store.rota(&hotline("week")).await.unwrap().unwrap();
        let anew = Anew::new(
            store.clone(),
            Clock::anchored_at(at(START) + later),
            vec![hotline("week"), hotline("none")],
        );
        anew.look().await;
        let after = store.rota(&hotline("week")).await.unwrap().unwrap();
        assert_eq!(after.as_of > before.as_of, is_read, "{later}");
    }
}
