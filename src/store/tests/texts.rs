//! Texts and presence: what counts once, what is counted, what calls see.

use super::*;
use crate::call::{Away, ToldBy};
use crate::store::{TextDone, TextIn, TextOut, TextWorld, Told};

const ANN: &str = "+61491570156";

fn text(id: &str, sender: &str, is_known: bool) -> TextIn {
    TextIn {
        id: id.into(),
        hotline: HotlineName("lab".into()),
        sender: number(sender),
        is_known,
    }
}

fn away_until(until: DateTime<Utc>, told_at: DateTime<Utc>) -> Away {
    Away {
        until: Some(until),
        shown: "2026-11-21 18:00".into(),
        told_at,
        by: ToldBy::Text,
    }
}

fn done(out: TextOut) -> TextDone {
    TextDone { out, change: None }
}

fn answered(told: Option<Told>) -> TextOut {
    TextOut {
        told,
        answer: Some("Noted.".into()),
        ..TextOut::default()
    }
}

#[tokio::test]
async fn a_text_counts_once_and_is_answered_the_same_again() {
    let store = Store::in_memory().await.unwrap();
    let away = away_until(at(3600), at(0));
    let out = answered(Some(Told::Away(away.clone())));
    assert_eq!(
        store.text(&text("SM1", ANN, true), at(0), None, |_| out.clone()).await,
        Ok(done(out))
    );
    assert_eq!(
        store
            .away(&HotlineName("lab".into()), at(1))
            .await
            .unwrap()
            .into_iter()
            .collect::<Vec<_>>(),
        [(number(ANN), away)]
    );
    store
        .text(&text("SM2", ANN, true), at(2), None, |_| answered(Some(Told::Back)))
        .await
        .unwrap();
    let again = store.text(&text("SM1", ANN, true), at(3), None, |_| panic!("it is known")).await;
    assert_eq!(again, Ok(done(answered(None))));
    assert!(
        store.away(&HotlineName("lab".into()), at(4)).await.unwrap().is_empty(),
        "she is back"
    );
}

#[tokio::test]
async fn presence_ends_by_itself_and_the_last_word_counts() {
    let store = Store::in_memory().await.unwrap();
    for (n, until) in [(1, 3600), (2, 600)] {
        let told = Told::Away(away_until(at(until), at(0)));
        let id = format!("SM{n}");
        store
            .text(&text(&id, ANN, true), at(0), None, |_| answered(Some(told)))
            .await
            .unwrap();
    }
    assert_eq!(store.away(&HotlineName("lab".into()), at(599)).await.unwrap().len(), 1);
    assert_eq!(store.away(&HotlineName("lab".into()), at(600)).await.unwrap().len(), 0);
}

#[tokio::test]
async fn answers_are_counted_by_sender_hotline_and_time() {
    let store = Store::in_memory().await.unwrap();
    let silent = TextOut::default();
    for (n, (sender, is_known, out)) in [
        (ANN, true, answered(None)),
        (ANN, true, answered(None)),
        (ANN, true, silent.clone()),
        ("+61491570888", false, answered(None)),
        ("+61491570889", false, answered(None)),
        ("+61491570889", false, silent.clone()),
    ]
    .into_iter()
    .enumerate()
    {
        store
            .text(&text(&format!("SM{n}"), sender, is_known), at(0), None, |_| out)
            .await
            .unwrap();
    }
    let seen = async |id: &str, sender: &str, hotline: &str, now| {
        let asked = TextIn {
            hotline: HotlineName(hotline.into()),
            ..text(id, sender, false)
        };
        let mut seen = None;
        let take = |world: &TextWorld| {
            seen = Some((world.answered_lately, world.answered_today, world.strangers_lately));
            TextOut::default()
        };
        store.text(&asked, now, None, take).await.unwrap();
        seen.unwrap()
    };
    assert_eq!(seen("a", ANN, "lab", at(3_599)).await, (2, true, 2));
    assert_eq!(seen("b", ANN, "lab", at(3_600)).await, (0, true, 0), "an hour later");
    assert_eq!(seen("c", ANN, "lab", at(86_400)).await, (0, false, 0), "a day later");
    assert_eq!(seen("d", ANN, "ward", at(1)).await, (2, false, 0), "another hotline");
    assert_eq!(seen("e", "+61491570890", "lab", at(1)).await, (0, false, 2), "another sender");
}

#[tokio::test]
async fn texts_are_forgotten_and_calls_are_not() {
    let store = Store::in_memory().await.unwrap();
    store.text(&text("SM1", ANN, true), at(0), None, |_| answered(None)).await.unwrap();
    let days = |n: i64| at(n * 86_400);
    store
        .text(&text("SM2", ANN, true), days(3), None, |_| answered(None))
        .await
        .unwrap();
    let (kept,): (i64,) = sqlx::query_as("SELECT count(*) FROM texts")
        .fetch_one(&store.readers)
        .await
        .unwrap();
    assert_eq!(kept, 1);
}

/// A call sees who is away in the very transaction that decides.
#[tokio::test]
async fn a_call_sees_who_is_away() {
    let store = Store::in_memory().await.unwrap();
    let told = Told::Away(away_until(at(3600), at(0)));
    store
        .text(&text("SM1", ANN, true), at(0), None, |_| answered(Some(told)))
        .await
        .unwrap();
    arrive(&store, 1, at(1), None).await;
    let told = self::told(&store, 1).await;
    assert!(
        told.contains(&"Ann is not rung: away until 2026-11-21 18:00, told by text.".to_owned()),
        "{told:?}"
    );
}
