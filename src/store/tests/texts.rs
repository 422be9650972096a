//! Texts and presence: what counts once, what is counted, what calls see.

use super::*;
use crate::call::{Away, Fact, ToldBy};
use crate::store::{TextIn, TextOut, TextWorld, Told};

/// Takes in a text that no call hears of.
async fn taken(
    store: &Store,
    text: &TextIn,
    now: DateTime<Utc>,
    answer: impl FnOnce(&TextWorld) -> TextOut + Send,
) -> Result<TextOut, StoreError> {
    let done = store.text(text, now, None, answer).await?;
    assert_eq!(done.change, None);
    Ok(done.out)
}

on_every_store!(
    a_text_counts_once_and_is_answered_the_same_again,
    presence_ends_by_itself_and_the_last_word_counts,
    answers_are_counted_by_sender_hotline_and_time,
    texts_are_forgotten_and_calls_are_not,
    a_call_sees_who_is_away,
    a_relay_begins_with_the_end_of_the_talk_and_ends_by_itself,
    two_have_one_relay,
    whoever_is_back_is_back_on_both_phones,
);

const ANN: &str = "+61491570156";

fn text(id: &str, sender: &str, is_known: bool) -> TextIn {
    TextIn {
        id: id.into(),
        hotline: HotlineName("lab".into()),
        other_phone: None,
        sender: number(sender),
        is_known,
        at_number: vec![HotlineName("lab".into())],
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

fn answered(told: Option<Told>) -> TextOut {
    TextOut {
        told,
        answer: Some("Noted.".into()),
        ..TextOut::default()
    }
}

async fn a_text_counts_once_and_is_answered_the_same_again(store: Store) {
    let away = away_until(at(3600), at(0));
    let out = answered(Some(Told::Away(away.clone())));
    assert_eq!(taken(&store, &text("SM1", ANN, true), at(0), |_| out.clone()).await, Ok(out));
    assert_eq!(
        store
            .away(&HotlineName("lab".into()), at(1))
            .await
            .unwrap()
            .into_iter()
            .collect::<Vec<_>>(),
        [(number(ANN), away)]
    );
    taken(&store, &text("SM2", ANN, true), at(2), |_| answered(Some(Told::Back)))
        .await
        .unwrap();
    let again = taken(&store, &text("SM1", ANN, true), at(3), |_| panic!("it is known")).await;
    assert_eq!(again, Ok(answered(None)));
    assert!(
        store.away(&HotlineName("lab".into()), at(4)).await.unwrap().is_empty(),
        "she is back"
    );
}

async fn presence_ends_by_itself_and_the_last_word_counts(store: Store) {
    for (n, until) in [(1, 3600), (2, 600)] {
        let told = Told::Away(away_until(at(until), at(0)));
        let id = format!("SM{n}");
        taken(&store, &text(&id, ANN, true), at(0), |_| answered(Some(told))).await.unwrap();
    }
    assert_eq!(store.away(&HotlineName("lab".into()), at(599)).await.unwrap().len(), 1);
    assert_eq!(store.away(&HotlineName("lab".into()), at(600)).await.unwrap().len(), 0);
}

async fn answers_are_counted_by_sender_hotline_and_time(store: Store) {
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
        taken(&store, &text(&format!("SM{n}"), sender, is_known), at(0), |_| out)
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
        taken(&store, &asked, now, take).await.unwrap();
        seen.unwrap()
    };
    assert_eq!(seen("a", ANN, "lab", at(3_599)).await, (2, true, 2));
    assert_eq!(seen("b", ANN, "lab", at(3_600)).await, (0, true, 0), "an hour later");
    assert_eq!(seen("c", ANN, "lab", at(86_400)).await, (0, false, 0), "a day later");
    assert_eq!(seen("d", ANN, "ward", at(1)).await, (2, false, 0), "another hotline");
    assert_eq!(seen("e", "+61491570890", "lab", at(1)).await, (0, false, 2), "another sender");
}

async fn texts_are_forgotten_and_calls_are_not(store: Store) {
    taken(&store, &text("SM1", ANN, true), at(0), |_| answered(None)).await.unwrap();
    let days = |n: i64| at(n * 86_400);
    taken(&store, &text("SM2", ANN, true), days(3), |_| answered(None)).await.unwrap();
    let (kept,): (i64,) = sqlx::query_as("SELECT count(*) FROM texts")
        .fetch_one(&store.readers)
        .await
        .unwrap();
    assert_eq!(kept, 1);
}

/// A call sees who is away in the very transaction that decides.
async fn a_call_sees_who_is_away(store: Store) {
    let told = Told::Away(away_until(at(3600), at(0)));
    taken(&store, &text("SM1", ANN, true), at(0), |_| answered(Some(told)))
        .await
        .unwrap();
    arrive(&store, 1, at(1), None).await;
    let told = self::told(&store, 1).await;
    assert!(
        told.contains(&"Ann is not rung: away until 2026-11-21 18:00, told by text.".to_owned()),
        "{told:?}"
    );
}

/// Ann talks with the caller of `n` for a minute from `begins` on; half an hour of texts after it.
async fn talk(store: &Store, n: u128, begins: i64) {
    let plan = crate::call::Plan {
        rules: crate::call::Rules {
            relay_minutes: 30,
            ..ann_then_bob().rules
        },
        ..ann_then_bob()
    };
    let caller = line(&format!("caller-{n}"));
    let make = |world: &crate::call::World<'_>| Call::arrive(id(n), plan, Some(number(CALLER_NUMBER)), caller.clone(), world);
    store.begin(&caller, at(begins), None, make).await.unwrap();
    let leg = LegId(1);
    let voice = None;
    let anns = line(&format!("ann-{n}"));
    update(store, n, Event::Answered { leg, line: anns, voice }, at(begins)).await;
    update(store, n, Event::Key { leg, key: '1' }, at(begins)).await;
    update(store, n, Event::Joined { leg }, at(begins)).await;
    update(store, n, caller_hangs_up(), at(begins + 60)).await;
    let how = crate::call::Ending::Completed;
    update(store, n, Event::Ended { leg, how }, at(begins + 60)).await;
}

/// Passes a text on to the other one of the newest relay; who that is, or none.
async fn pass_on(store: &Store, name: &str, from: &str, now: DateTime<Utc>) -> Option<String> {
    let take = |world: &TextWorld| match world.relays.first() {
        Some((relay, _)) => TextOut {
            course: crate::store::Course::Handled {
                call: relay.call,
                event: Event::PassOn {
                    from: number(from),
                    to: relay.other_than(&number(from)).clone(),
                    body: "Hello".into(),
                },
            },
            ..TextOut::default()
        },
        None => TextOut::default(),
    };
    let done = store.text(&text(name, from, false), now, None, take).await;
    let change = done.unwrap().change?;
    let Fact::PassedOn { to, .. } = &change.entries[0].fact else {
        panic!("{change:?}")
    };
    Some(to.address().to_owned())
}

async fn a_relay_begins_with_the_end_of_the_talk_and_ends_by_itself(store: Store) {
    talk(&store, 1, 0).await;
    assert_eq!(pass_on(&store, "SM1", ANN, at(61)).await.as_deref(), Some(CALLER_NUMBER));
    assert_eq!(pass_on(&store, "SM2", CALLER_NUMBER, at(62)).await.as_deref(), Some(ANN));
    assert_eq!(pass_on(&store, "SM2", CALLER_NUMBER, at(62)).await, None, "the same once more");
    assert_eq!(pass_on(&store, "SM3", BOB, at(63)).await, None, "he did not talk");
    let found = store
        .acquaintance(&HotlineName("lab".into()), &number(CALLER_NUMBER), at(1_859))
        .await
        .unwrap();
    assert_eq!(found.map(|relay| relay.responder.name).as_deref(), Some("Ann"));
    assert_eq!(pass_on(&store, "SM4", ANN, at(1_859)).await.as_deref(), Some(CALLER_NUMBER));
    assert_eq!(pass_on(&store, "SM5", ANN, at(1_860)).await, None, "half an hour after the talk");
    let found = store
        .acquaintance(&HotlineName("ward".into()), &number(CALLER_NUMBER), at(100))
        .await
        .unwrap();
    assert_eq!(found, None, "on another hotline");
    // The texts stand in the outbox of the call, each once.
    let texts = store.claim(&hand("w", at(2_000)), at(1_900), 0, 10).await.unwrap();
    assert_eq!(texts.len(), 3);
    // With the call goes all that is kept of it.
    assert!(texts.iter().all(|text| text.call == id(1)));
}

/// A second talk of the two makes no second relay, and the call of the newer one has the texts.
async fn two_have_one_relay(store: Store) {
    talk(&store, 1, 0).await;
    talk(&store, 2, 600).await;
    let mut seen = Vec::new();
    let take = |world: &TextWorld| {
        seen = world.relays.iter().map(|(relay, newest)| (relay.call, *newest)).collect();
        TextOut::default()
    };
    taken(&store, &text("SM1", ANN, false), at(700), take).await.unwrap();
    assert_eq!(seen, [(id(2), true)]);
}

async fn whoever_is_back_is_back_on_both_phones(store: Store) {
    let lab = HotlineName("lab".into());
    let softphone = Phone::parse("client:ann").unwrap();
    // On the page she was switched to away by her first phone, which takes no texts.
    let away = Told::Away(away_until(at(3600), at(0)));
    store.tell_presence(&softphone, &away, at(0)).await.unwrap();
    assert_eq!(store.away(&lab, at(1)).await.unwrap().len(), 1);
    let back = TextIn {
        other_phone: Some(softphone),
        ..text("SM1", ANN, true)
    };
    taken(&store, &back, at(2), |_| answered(Some(Told::Back))).await.unwrap();
    assert!(store.away(&lab, at(3)).await.unwrap().is_empty());
}
