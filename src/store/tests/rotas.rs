//! The last good rota, at hand and after a restart.

use super::*;
use crate::roster::{OnCall, Settings};
use crate::store::Trouble;
use providers::{AddressStyle, Cell, Revision, Sheet, Tab};
use std::sync::Arc;

on_every_store!(
    there_is_none_before_the_first,
    trouble_is_over_when_the_source_answers,
    an_unreadable_one_is_said_to_be_so_until_a_good_one_comes,
);

on_every_database!(
    the_last_good_one_survives_a_restart_with_what_is_known_of_it,
    it_is_read_once_however_many_ask,
    a_slow_reading_never_ends_up_over_a_newer_one,
);

fn lab() -> HotlineName {
    HotlineName("lab".to_owned())
}

pub(super) fn sheet(revision: &str) -> Sheet {
    let text = |text: &str| Cell::Text(text.to_owned());
    let tab = |name: &str, rows: Vec<Vec<Cell>>| Tab {
        name: name.to_owned(),
        file: None,
        style: AddressStyle::Grid,
        rows,
        lines: Vec::new(),
        merges: Vec::new(),
        formatted: Vec::new(),
        link: None,
    };
    Sheet {
        title: "rota.xlsx".to_owned(),
        revision: Revision(revision.to_owned()),
        time_zone: None,
        tabs: vec![
            tab("Contacts", vec![vec![text("Name"), text("Phone")], vec![text("Ann"), text(ANN)]]),
            tab(
                "Rota",
                vec![
                    vec![text("From"), text("1st")],
                    vec![text("2026-11-20 09:00"), text("Ann")],
                    vec![text("2026-11-23 09:00"), text("Ann")],
                ],
            ),
        ],
        remarks: vec![],
        link: None,
    }
}

pub(super) fn given() -> Settings {
    Settings(vec![("Time zone".to_owned(), "Australia/Melbourne".to_owned())])
}

fn trouble() -> Trouble {
    Trouble {
        since: at(70),
        words: "the file is locked".to_owned(),
    }
}

async fn there_is_none_before_the_first(store: Store) {
    assert!(store.rota(&lab()).await.unwrap().is_none());
    store.rota_checked(&lab(), at(1)).await.unwrap();
    assert!(store.rota(&lab()).await.unwrap().is_none());
    store.rota_trouble(&lab(), Some(trouble())).await.unwrap();
    assert!(store.rota(&lab()).await.unwrap().is_none());
    assert_eq!(store.trouble(&lab()).await.unwrap(), Some(trouble()));
}

async fn the_last_good_one_survives_a_restart_with_what_is_known_of_it(home: Home) {
    let store = home.open().await;
    let kept = store.keep_rota(&lab(), sheet("1"), given(), at(0)).await.unwrap();
    store.rota_checked(&lab(), at(60)).await.unwrap();
    store.rota_trouble(&lab(), Some(trouble())).await.unwrap();
    let OnCall::Duty(duty) = kept.roster.on_call(at(0)) else {
        panic!("Ann is on call at the weekend")
    };
    assert_eq!(duty.levels[0].responders[0].phone, number(ANN));
    let at_hand = store.rota(&lab()).await.unwrap().unwrap();
    drop(store);

    let store = home.open().await;
    for rota in [at_hand, store.rota(&lab()).await.unwrap().unwrap()] {
        assert_eq!((&*rota.title, &*rota.revision.0), ("rota.xlsx", "1"));
        assert_eq!((rota.read_at, rota.checked_at), (at(0), at(60)));
        assert_eq!(rota.trouble, Some(trouble()));
        assert_eq!(rota.roster.duties(), kept.roster.duties());
        assert_eq!(rota.diagnostics, kept.diagnostics);
    }
}

async fn trouble_is_over_when_the_source_answers(store: Store) {
    store.keep_rota(&lab(), sheet("1"), given(), at(0)).await.unwrap();
    store.rota_trouble(&lab(), Some(trouble())).await.unwrap();
    store.rota_checked(&lab(), at(80)).await.unwrap();
    assert_eq!(store.rota(&lab()).await.unwrap().unwrap().trouble, None);
    store.rota_trouble(&lab(), Some(trouble())).await.unwrap();
    store.keep_rota(&lab(), sheet("2"), given(), at(90)).await.unwrap();
    let rota = store.rota(&lab()).await.unwrap().unwrap();
    assert_eq!((&*rota.revision.0, &rota.trouble), ("2", &None));
    assert_eq!(store.trouble(&lab()).await.unwrap(), None);
}

async fn it_is_read_once_however_many_ask(home: Home) {
    home.open().await.keep_rota(&lab(), sheet("1"), given(), at(0)).await.unwrap();
    let store = home.open().await;
    let mut asking = tokio::task::JoinSet::new();
    for _ in 0..20 {
        let store = store.clone();
        asking.spawn(async move { store.rota(&lab()).await.unwrap().unwrap() });
    }
    let answers = asking.join_all().await;
    assert!(answers.iter().all(|rota| Arc::ptr_eq(rota, &answers[0])));
}

async fn a_slow_reading_never_ends_up_over_a_newer_one(home: Home) {
    let mut slow = sheet("1");
    let blank = vec![Cell::Text("Somebody".to_owned()), Cell::Text("no number".to_owned())];
    slow.tabs[0].rows.extend(vec![blank; 3_000]);
    home.open().await.keep_rota(&lab(), slow, given(), at(0)).await.unwrap();
    let store = home.open().await;
    let name = lab();
    let newer = store.keep_rota(&name, sheet("2"), given(), at(5));
    let (older, kept) = tokio::join!(store.rota(&name), newer);
    assert_eq!(older.unwrap().unwrap().revision.0, "1", "the slow one was asked for first");
    kept.unwrap();
    assert_eq!(store.rota(&name).await.unwrap().unwrap().revision.0, "2");
}

async fn an_unreadable_one_is_said_to_be_so_until_a_good_one_comes(store: Store) {
    store.spoil_rota(&lab()).await;
    assert!(is_corrupt(store.rota(&lab()).await));
    store.keep_rota(&lab(), sheet("1"), given(), at(0)).await.unwrap();
    assert!(store.rota(&lab()).await.unwrap().is_some());
}
