//! What is deleted when its time is over, and that nothing else is.

use super::*;
use crate::call::Fact;
use crate::store::{CallFilter, TextDone, TextIn, TextOut};

on_every_store!(
    what_ended_long_ago_goes_with_all_that_is_kept_of_it,
    nothing_live_and_nothing_younger_goes,
    what_is_still_to_be_done_keeps_its_call,
    calls_go_in_batches_the_longest_over_first,
    calls_are_asked_for_by_hotline_and_time,
    a_text_that_is_not_sent_is_part_of_the_story,
    only_what_is_marked_may_be_deleted_and_only_ended_calls_are_marked,
    an_arrival_that_is_deleted_begins_no_call_again,
    a_line_that_came_in_for_somebody_put_through_begins_none_either,
    whoever_was_asked_and_has_hung_up_begins_no_call_later,
    a_text_that_is_deleted_tells_nothing_again,
    what_changed_nothing_goes_by_its_own_time,
);

/// A call that comes in and ends three seconds later, with nothing left to do.
async fn ended(store: &Store, n: u128, from: i64) {
    arrive(store, n, at(from), None).await;
    update(store, n, caller_hangs_up(), at(from + 3)).await;
}

async fn kept(store: &Store) -> Vec<u128> {
    let calls = store.calls_after(&CallFilter::default(), None, 100).await.unwrap();
    calls.iter().map(|call| call.id.0.as_u128()).collect()
}

async fn what_ended_long_ago_goes_with_all_that_is_kept_of_it(store: Store) {
    ended(&store, 1, 0).await;
    let newest = store.latest_entry().await.unwrap();
    assert_eq!(store.expire(at(3), 10).await.unwrap(), 0, "it ended at this very instant");
    assert_eq!(store.expire(at(4), 10).await.unwrap(), 1);
    assert_eq!(store.call(id(1)).await.unwrap(), None);
    assert_eq!(store.story(id(1)).await.unwrap(), []);
    assert_eq!(store.log(id(1)).await.unwrap(), Vec::<serde_json::Value>::new());
    assert_eq!(store.dial_of(id(1), LegId(1)).await.unwrap(), None);
    assert_eq!(store.leg_by_line(&line("caller-1")).await.unwrap(), None);
    assert_eq!(store.expire(at(4), 10).await.unwrap(), 0);
    // Whoever has heard up to some number misses nothing: numbers are not used again.
    arrive(&store, 2, at(9), None).await;
    assert_eq!(store.entries_after(newest, 1).await.unwrap()[0].number, newest + 1);
}

async fn nothing_live_and_nothing_younger_goes(store: Store) {
    ended(&store, 1, 0).await;
    arrive(&store, 2, at(0), None).await;
    ended(&store, 3, 1).await;
    assert_eq!(store.expire(at(4), 10).await.unwrap(), 1);
    assert_eq!(kept(&store).await, [2, 3]);
    // However long ago it began: what has not ended goes on as before.
    assert_eq!(store.expire(at(1_000_000), 10).await.unwrap(), 1);
    assert_eq!(kept(&store).await, [2]);
    assert_eq!(told(&store, 2).await.len(), 3);
    update(&store, 2, placed(1, line("ann")), at(5)).await;
}

async fn what_is_still_to_be_done_keeps_its_call(store: Store) {
    let text = missed(&store).await;
    assert!(!store.call(id(1)).await.unwrap().unwrap().is_live());
    assert_eq!(store.expire(at(1_000_000), 10).await.unwrap(), 0);
    store.done(&text).await.unwrap();
    assert_eq!(store.expire(at(1_000_000), 10).await.unwrap(), 1);
}

async fn calls_go_in_batches_the_longest_over_first(store: Store) {
    for n in 1..=5 {
        // The later ones end earlier.
        ended(&store, n, 100 - i64::try_from(n).unwrap()).await;
    }
    assert_eq!(store.expire(at(1_000), 2).await.unwrap(), 2);
    assert_eq!(kept(&store).await, [3, 2, 1]);
    assert_eq!(store.expire(at(1_000), 2).await.unwrap(), 2);
    assert_eq!(store.expire(at(1_000), 2).await.unwrap(), 1);
    assert_eq!(kept(&store).await, Vec::<u128>::new());
}

async fn calls_are_asked_for_by_hotline_and_time(store: Store) {
    for n in 1..=4 {
        arrive(&store, n, at(10 * i64::try_from(n).unwrap()), None).await;
    }
    let asked = async |filter: CallFilter| {
        let calls = store.calls_after(&filter, None, 100).await.unwrap();
        calls.iter().map(|call| call.id.0.as_u128()).collect::<Vec<_>>()
    };
    let lab = |from, until| CallFilter {
        hotline: Some(HotlineName("lab".to_owned())),
        from,
        until,
    };
    assert_eq!(asked(lab(Some(at(20)), Some(at(40)))).await, [2, 3], "[from, until)");
    assert_eq!(asked(lab(None, None)).await, [1, 2, 3, 4]);
    let other = CallFilter {
        hotline: Some(HotlineName("ward".to_owned())),
        ..CallFilter::default()
    };
    assert_eq!(asked(other).await, Vec::<u128>::new());
    let first = store.calls_after(&CallFilter::default(), None, 3).await.unwrap();
    let rest = store.calls_after(&CallFilter::default(), first.last(), 3).await.unwrap();
    assert_eq!((first.len(), rest.len(), rest[0].id), (3, 1, id(4)));
}

/// A call that nobody took, whose text to the chief waits.
async fn missed(store: &Store) -> crate::store::Claimed {
    let mut plan = ann_then_bob();
    plan.levels.clear();
    plan.rules.tell = vec![number(BOB)];
    let caller_line = line("caller-1");
    let begun = store.begin(&caller_line, at(0), None, |world| {
        Call::arrive(id(1), plan, Some(number(CALLER_NUMBER)), caller_line.clone(), world)
    });
    begun.await.unwrap();
    update(store, 1, caller_hangs_up(), at(3)).await;
    // The carrier had time to say that there is a recording after all.
    update(store, 1, Event::Tick, at(600)).await;
    let mut claimed = store.claim(&hand("me", at(640)), at(610), 9, 9).await.unwrap();
    assert_eq!(claimed.len(), 1);
    assert_eq!(claimed[0].verb(), "text");
    claimed.remove(0)
}

async fn a_text_that_is_not_sent_is_part_of_the_story(store: Store) {
    let mut subscriber = store.subscribe();
    let text = missed(&store).await;
    let before = store.story(id(1)).await.unwrap();
    assert_eq!(heard(&mut subscriber, before.len()).await, before);
    let fact = Fact::NotTexted {
        to: number(BOB),
        code: Some(21_610),
        why: "refused by the carrier: no (21610)".to_owned(),
    };
    let entry = store.failed_as_told(&text, at(612), fact.clone()).await.unwrap().unwrap();
    assert_eq!(heard(&mut subscriber, 1).await, std::slice::from_ref(&entry));
    assert_eq!(store.story(id(1)).await.unwrap().last(), Some(&entry));
    assert_eq!(
        told(&store, 1).await.last().unwrap(),
        "The text to +61…157 could not be sent: refused by the carrier: no (21610)."
    );
    assert_eq!(store.failed_as_told(&text, at(613), fact).await.unwrap(), None, "said once");
    assert_eq!(store.pending(at(999)).await.unwrap().all, 0);
}

async fn only_what_is_marked_may_be_deleted_and_only_ended_calls_are_marked(store: Store) {
    arrive(&store, 1, at(0), None).await;
    ended(&store, 2, 0).await;
    let run = async |sql: &'static str| sqlx::query(sql).execute(&store.writer).await;
    let live = run("INSERT INTO expired (call) SELECT id FROM calls WHERE live = 1").await;
    assert!(live.unwrap_err().to_string().contains("only calls that have ended expire"));
    run("INSERT INTO expired (call) SELECT id FROM calls WHERE live = 0").await.unwrap();
    for sql in ["DELETE FROM events", "DELETE FROM facts"] {
        assert!(
            run(sql).await.unwrap_err().to_string().contains("append-only"),
            "the live call's stay"
        );
    }
    run("DELETE FROM events WHERE call IN (SELECT call FROM expired)").await.unwrap();
}

async fn an_arrival_that_is_deleted_begins_no_call_again(store: Store) {
    ended(&store, 1, 0).await;
    assert_eq!(store.expire(at(4), 10).await.unwrap(), 1);
    let again = store.begin(&line("caller-1"), at(9), None, |_| panic!("it is bygone")).await;
    assert_eq!(again, Ok(crate::store::Begun::Bygone));
    assert_eq!(kept(&store).await, Vec::<u128>::new());
    arrive(&store, 2, at(10), None).await;
    assert_eq!(kept(&store).await, [2], "others are taken in");
}

/// Of such a call the line that came in is the responder's, which is leg 1.
async fn a_line_that_came_in_for_somebody_put_through_begins_none_either(store: Store) {
    ended(&store, 1, 0).await;
    let came_in = "INSERT INTO lines (line, call, leg) SELECT 'came-in', id, 1 FROM calls";
    sqlx::query(came_in).execute(&store.writer).await.unwrap();
    assert_eq!(store.expire(at(4), 10).await.unwrap(), 1);
    let again = store.begin(&line("came-in"), at(9), None, |_| panic!("it is bygone")).await;
    assert_eq!(again, Ok(crate::store::Begun::Bygone));
}

async fn whoever_was_asked_and_has_hung_up_begins_no_call_later(store: Store) {
    store.offer(&line("caller-1"), at(0)).await.unwrap();
    arrive(&store, 1, at(60), None).await;
    store.offer(&line("caller-2"), at(0)).await.unwrap();
    // Told again, it counts from the first time.
    store.offer(&line("caller-2"), at(3_000)).await.unwrap();
    let again = store.begin(&line("caller-2"), at(3_601), None, |_| panic!("it is long ago")).await;
    assert_eq!(again, Ok(crate::store::Begun::Bygone));
    assert_eq!(kept(&store).await, [1]);
}

async fn a_text_that_is_deleted_tells_nothing_again(store: Store) {
    let text = |id: &str| TextIn {
        id: id.to_owned(),
        hotline: HotlineName("lab".to_owned()),
        at_number: vec![HotlineName("lab".to_owned())],
        sender: number(ANN),
        other_phone: None,
        is_known: true,
    };
    let answered = || TextOut {
        answer: Some("Noted.".to_owned()),
        ..TextOut::default()
    };
    store.text(&text("SM1"), at(0), None, |_| answered()).await.unwrap();
    // Two days are over, and with the next text all is forgotten that is older.
    let later = 2 * 24 * 3_600 + 1;
    store.text(&text("SM2"), at(later), None, |_| answered()).await.unwrap();
    let again = store.text(&text("SM1"), at(later + 1), None, |_| panic!("it is bygone")).await;
    assert_eq!(again, Ok(TextDone::default()));
    let known = store
        .text(&text("SM2"), at(later + 2), None, |_| panic!("it is known"))
        .await
        .unwrap();
    assert_eq!(known.out, answered());
}

async fn idle(store: &Store) -> i64 {
    let (count,) = sqlx::query_as("SELECT count(*) FROM idle_events")
        .fetch_one(&store.readers)
        .await
        .unwrap();
    count
}

async fn what_changed_nothing_goes_by_its_own_time(store: Store) {
    let joined = || Event::Joined { leg: LegId(0) };
    for n in [1, 2] {
        arrive(&store, n, at(0), None).await;
        for seconds in [1, 2, 3] {
            update(&store, n, joined(), at(seconds)).await;
        }
    }
    update(&store, 1, caller_hangs_up(), at(9)).await;
    assert_eq!(idle(&store).await, 4, "the first of each changed something");
    assert_eq!(store.expire_idle(at(2), 10).await.unwrap(), 0, "it came at this very instant");
    assert_eq!(store.expire_idle(at(4), 1).await.unwrap(), 1);
    assert_eq!(store.expire_idle(at(4), 10).await.unwrap(), 1);
    assert_eq!(store.expire_idle(at(4), 10).await.unwrap(), 0);
    assert_eq!(idle(&store).await, 2, "those of a live call stay, however old they are");
    assert_eq!(store.log(id(2)).await.unwrap().len(), 4);
}

/// A machine that stops in the middle of a batch has deleted nothing of it, and goes on with the same.
#[tokio::test]
async fn a_deletion_that_is_interrupted_goes_on() {
    let (_folder, path) = file();
    let store = reopened(&path).await;
    for n in 1..=3 {
        ended(&store, n, 0).await;
    }
    // Fails when two of the three calls are gone already.
    let stop =
        "CREATE TRIGGER power_cut BEFORE DELETE ON calls WHEN (SELECT count(*) FROM calls) = 1 BEGIN SELECT RAISE(ABORT, 'power cut'); END";
    sqlx::query(stop).execute(&store.writer).await.unwrap();
    assert!(store.expire(at(100), 10).await.is_err());
    store.close().await;
    let store = reopened(&path).await;
    assert_eq!(kept(&store).await, [1, 2, 3]);
    assert_eq!(told(&store, 1).await.len(), 5, "with its whole story");
    sqlx::query("DROP TRIGGER power_cut").execute(&store.writer).await.unwrap();
    assert_eq!(store.expire(at(100), 2).await.unwrap(), 2);
    store.close().await;
    let store = reopened(&path).await;
    assert_eq!(store.expire(at(100), 2).await.unwrap(), 1);
    assert_eq!(kept(&store).await, Vec::<u128>::new());
}

/// Whoever adds a table that refers to calls says here what becomes of it.
#[tokio::test]
async fn every_table_that_refers_to_calls_is_emptied_with_them() {
    let store = Store::in_memory().await.unwrap();
    let tables: Vec<(String,)> = sqlx::query_as(
        "SELECT DISTINCT m.name FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f ON f.\"table\" = 'calls'
         WHERE m.type = 'table' AND m.name <> 'expired' ORDER BY m.name",
    )
    .fetch_all(&store.readers)
    .await
    .unwrap();
    let mut emptied: Vec<String> = crate::store::retention::OF_CALLS
        .iter()
        .map(|sql| sql.split(' ').nth(2).unwrap().to_owned())
        .collect();
    emptied.sort();
    let tables: Vec<String> = tables.into_iter().map(|(name,)| name).collect();
    assert_eq!(tables, emptied);
    assert!(tables.len() >= 5, "{tables:?}");
}
