//! What every store must do with judged versions, acceptances and held duties.

use super::*;
use crate::roster::{Duty, HeldSpan, Level, OnCall, Settings};
use crate::store::{ReadRota, Verdict, Version};
use providers::{AddressStyle, CellAddress, Revision, Sheet};
use std::sync::Arc;

on_every_store!(
    versions_are_told_newest_first_and_apart_for_each_hotline,
    a_version_that_is_still_the_newest_is_noted_once,
    of_each_hotline_a_hundred_versions_are_kept,
    the_last_acceptance_counts_until_another_version_is_taken,
    held_duties_fill_the_gaps_of_the_rota_that_is_kept,
);

on_every_database!(what_was_judged_accepted_and_held_survives_a_restart,);

fn lab() -> HotlineName {
    HotlineName("lab".to_owned())
}

fn clinic() -> HotlineName {
    HotlineName("clinic".to_owned())
}

fn version(n: i64) -> Version {
    Version {
        at: at(n),
        title: "rota.xlsx".to_owned(),
        revision: Revision(format!("r{n}")),
        verdict: Verdict::TakenInPart,
        differences: vec!["Ann now first".to_owned()],
        held_back: vec!["Bob no longer second".to_owned()],
    }
}

async fn versions_are_told_newest_first_and_apart_for_each_hotline(store: Store) {
    assert_eq!(store.versions(&lab(), 100).await.unwrap(), []);
    for n in 1..=3 {
        store.note_version(&lab(), &version(n)).await.unwrap();
    }
    store.note_version(&clinic(), &version(9)).await.unwrap();
    assert_eq!(store.versions(&lab(), 2).await.unwrap(), [version(3), version(2)]);
    assert_eq!(store.versions(&clinic(), 100).await.unwrap(), [version(9)]);
}

async fn a_version_that_is_still_the_newest_is_noted_once(store: Store) {
    let of = |revision: i64, verdict, differences: &[&str]| Version {
        verdict,
        differences: differences.iter().map(|text| (*text).to_owned()).collect(),
        ..version(revision)
    };
    let cases = [
        (of(1, Verdict::TakenInPart, &["x"]), true),
        (of(1, Verdict::TakenInPart, &[]), false),
        (of(1, Verdict::Taken, &[]), false),
        (of(1, Verdict::Accepted, &["y"]), true),
        (of(1, Verdict::Taken, &[]), false),
        // Read by other settings, the same version says something else.
        (of(1, Verdict::Taken, &["z"]), true),
        (of(2, Verdict::HeldBack, &[]), true),
        (of(2, Verdict::HeldBack, &[]), false),
        (of(1, Verdict::Taken, &[]), true),
        (of(2, Verdict::HeldBack, &[]), true),
    ];
    let mut noted = 0;
    for (version, is_news) in cases {
        store.note_version(&lab(), &version).await.unwrap();
        noted += usize::from(is_news);
        assert_eq!(store.versions(&lab(), 100).await.unwrap().len(), noted, "{version:?}");
    }
}

async fn of_each_hotline_a_hundred_versions_are_kept(store: Store) {
    store.note_version(&clinic(), &version(1)).await.unwrap();
    for n in 1..=103 {
        store.note_version(&lab(), &version(n)).await.unwrap();
    }
    let kept = store.versions(&lab(), 1_000).await.unwrap();
    assert_eq!((kept.len(), &kept[0], &kept[99]), (100, &version(103), &version(4)));
    assert_eq!(store.versions(&clinic(), 1_000).await.unwrap(), [version(1)]);
}

fn sheet(revision: &str) -> Sheet {
    Sheet {
        title: "rota.xlsx".to_owned(),
        revision: Revision(revision.to_owned()),
        time_zone: None,
        tabs: vec![],
        remarks: vec![],
        link: Some("https://sheets.example/1".to_owned()),
    }
}

async fn the_last_acceptance_counts_until_another_version_is_taken(store: Store) {
    let accepted = async || store.accepted(&lab()).await.unwrap().map(|revision| revision.0);
    assert_eq!(accepted().await, None);
    store.accept(&lab(), &Revision("1".to_owned()), at(1)).await.unwrap();
    store.accept(&lab(), &Revision("2".to_owned()), at(2)).await.unwrap();
    assert_eq!(accepted().await.as_deref(), Some("2"));
    assert_eq!(store.accepted(&clinic()).await.unwrap(), None);
    store.keep_rota(&lab(), sheet("2"), Settings::default(), at(3)).await.unwrap();
    assert_eq!(accepted().await.as_deref(), Some("2"), "it is read again after a restart");
    store.keep_rota(&clinic(), sheet("3"), Settings::default(), at(4)).await.unwrap();
    assert_eq!(accepted().await.as_deref(), Some("2"), "another hotline's rota is another's");
    store.keep_rota(&lab(), sheet("3"), Settings::default(), at(4)).await.unwrap();
    assert_eq!(accepted().await, None);
}

/// Ann, from second 0 to 100.
fn held() -> HeldSpan {
    let ann = crate::roster::Responder {
        name: "Ann".to_owned(),
        phone: number(ANN),
        then: None,
    };
    let level = Level {
        label: Arc::from("1st"),
        responders: [Arc::new(ann)].into(),
        source: CellAddress::new("Rota", AddressStyle::Grid, 2, 2),
        is_change: false,
    };
    HeldSpan {
        since: at(-5),
        duty: Duty {
            from: at(0),
            until: at(100),
            levels: vec![level],
            nobody: None,
        },
    }
}

async fn held_duties_fill_the_gaps_of_the_rota_that_is_kept(store: Store) {
    let rota = store
        .keep_read_rota(&lab(), ReadRota::of(sheet("1"), Settings::default(), vec![held()], at(-5)))
        .await
        .unwrap();
    assert_eq!(rota.roster.on_call(at(50)), OnCall::Duty(&held().duty));
    assert_eq!(
        (&*rota.held, rota.lasting(at(99)).count(), rota.lasting(at(100)).count()),
        (&[held()][..], 1, 0)
    );
    assert_eq!(rota.link.as_deref(), Some("https://sheets.example/1"));
    assert_eq!(rota.held_back(at(50))[0].cells[0].to_string(), "Rota!B2");
    let rota = store.keep_rota(&lab(), sheet("2"), Settings::default(), at(5)).await.unwrap();
    assert!(rota.held.is_empty() && matches!(rota.roster.on_call(at(50)), OnCall::Gap { .. }));
}

async fn what_was_judged_accepted_and_held_survives_a_restart(home: Home) {
    let store = home.open().await;
    store.note_version(&lab(), &version(1)).await.unwrap();
    store
        .keep_read_rota(&lab(), ReadRota::of(sheet("1"), Settings::default(), vec![held()], at(-5)))
        .await
        .unwrap();
    store.accept(&lab(), &Revision("2".to_owned()), at(2)).await.unwrap();
    store.close().await;
    let store = home.open().await;
    assert_eq!(store.versions(&lab(), 9).await.unwrap(), [version(1)]);
    assert_eq!(store.accepted(&lab()).await.unwrap(), Some(Revision("2".to_owned())));
    let rota = store.rota(&lab()).await.unwrap().unwrap();
    assert_eq!(&*rota.held, [held()]);
    assert_eq!(rota.roster.on_call(at(50)), OnCall::Duty(&held().duty));
}
