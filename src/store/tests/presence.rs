//! Who is away by the sheet, by text and on the page, and whose word counts.

use super::*;
use crate::call::{Away, ToldBy};
use crate::roster::Settings;
use crate::store::Told;
use providers::{AddressStyle, Cell, Revision, Sheet, Tab};

on_every_store!(
    the_sheet_says_it_for_its_hotline_since_it_was_first_read,
    back_counts_against_the_cell_until_its_words_change,
    of_two_words_the_longer_one_counts,
    a_new_call_and_a_running_one_see_the_sheet,
    it_is_known_whether_a_sheet_says_it_of_anybody,
);

const ANN: &str = "+61491570156";

fn hotline(name: &str) -> HotlineName {
    HotlineName(name.to_owned())
}

/// Ann's status in the sheet of a hotline; the zone is UTC.
async fn keep(store: &Store, name: &str, status: &str, read_at: i64) {
    let tab = |name: &str, text: &str| Tab {
        name: name.to_owned(),
        file: None,
        style: AddressStyle::Grid,
        rows: text
            .lines()
            .map(|line| line.split('|').map(|cell| Cell::Text(cell.trim().to_owned())).collect())
            .collect(),
        lines: Vec::new(),
        merges: Vec::new(),
        formatted: Vec::new(),
        link: None,
    };
    let sheet = Sheet {
        title: "rota.xlsx".to_owned(),
        revision: Revision(format!("{status} {read_at}")),
        time_zone: None,
        tabs: vec![
            tab("Contacts", &format!("Name | Phone | Status\nAnn | {ANN} | {status}")),
            tab("Rota", "From | 1st\n2026-11-20 09:00 | Ann\n2026-12-20 09:00 | Ann"),
        ],
        remarks: vec![],
        link: None,
    };
    let given = Settings(vec![("Time zone".to_owned(), "UTC".to_owned())]);
    store.keep_rota(&hotline(name), sheet, given, at(read_at)).await.unwrap();
}

/// `until` in words, since when in seconds, by what; none where Ann is there.
async fn ann(store: &Store, name: &str, now: i64) -> Option<(String, i64, String)> {
    let away = store.away(&hotline(name), at(now)).await.unwrap();
    let away = away.get(&number(ANN))?;
    assert_eq!(away.until.is_none(), away.shown.is_empty());
    Some((away.shown.clone(), (away.told_at - at(0)).num_seconds(), away.by.to_string()))
}

fn said(shown: &str, since: i64, by: &str) -> Option<(String, i64, String)> {
    Some((shown.to_owned(), since, by.to_owned()))
}

async fn the_sheet_says_it_for_its_hotline_since_it_was_first_read(store: Store) {
    keep(&store, "lab", "away", 0).await;
    keep(&store, "ward", "available", 0).await;
    assert_eq!(ann(&store, "lab", 1).await, said("", 0, "says Contacts!C2"));
    assert_eq!(ann(&store, "ward", 1).await, None);
    keep(&store, "lab", "away", 60).await;
    assert_eq!(
        ann(&store, "lab", 61).await,
        said("", 0, "says Contacts!C2"),
        "the same words as before"
    );
    // 2026-11-21 is the day on which `at` begins, at 03:00.
    keep(&store, "lab", "sick until 2026-11-21", 120).await;
    assert_eq!(ann(&store, "lab", 121).await, said("2026-11-22 00:00", 120, "says Contacts!C2"));
    assert_eq!(ann(&store, "lab", 21 * 3_600).await, None, "it ends by itself");
    keep(&store, "lab", "", 180).await;
    assert_eq!(ann(&store, "lab", 181).await, None);
    keep(&store, "lab", "busy", 240).await;
    let restarted = store.after_a_restart();
    assert_eq!(ann(&restarted, "lab", 241).await, said("", 240, "says Contacts!C2"));
    restarted.read_rota_again(&hotline("lab"), at(9_000)).await.unwrap().unwrap();
    assert_eq!(ann(&restarted, "lab", 9_001).await, said("", 240, "says Contacts!C2"));
}

/// Asked for each rota at each start: on PostgreSQL it could not be read once.
async fn it_is_known_whether_a_sheet_says_it_of_anybody(store: Store) {
    keep(&store, "lab", "away", 0).await;
    keep(&store, "ward", "available", 0).await;
    for (name, is_any) in [("lab", true), ("ward", false)] {
        let mut reader = store.readers.acquire().await.unwrap();
        let any = crate::store::presence::has_any_of_sheet(&mut reader, &hotline(name)).await;
        assert_eq!(any, Ok(is_any), "{name}");
    }
}

async fn back_counts_against_the_cell_until_its_words_change(store: Store) {
    keep(&store, "lab", "away", 0).await;
    store.tell_presence(&number(ANN), &Told::Back, at(10)).await.unwrap();
    assert_eq!(ann(&store, "lab", 11).await, None);
    keep(&store, "lab", "away", 60).await;
    assert_eq!(ann(&store, "lab", 61).await, None, "nobody has changed the cell");
    keep(&store, "lab", "sick", 120).await;
    assert_eq!(ann(&store, "lab", 121).await, said("", 120, "says Contacts!C2"));
    store.tell_presence(&number(ANN), &Told::Back, at(130)).await.unwrap();
    assert_eq!(ann(&store, "lab", 131).await, None);
    keep(&store, "lab", "", 180).await;
    keep(&store, "lab", "sick", 240).await;
    assert_eq!(
        ann(&store, "lab", 241).await,
        said("", 240, "says Contacts!C2"),
        "emptied and written anew"
    );
}

async fn of_two_words_the_longer_one_counts(store: Store) {
    let told = |seconds: i64, by: ToldBy| {
        Told::Away(Away {
            until: Some(at(seconds)),
            shown: format!("in {seconds}"),
            told_at: at(0),
            by,
        })
    };
    keep(&store, "lab", "away until 2026-11-21", 0).await;
    store.tell_presence(&number(ANN), &told(600, ToldBy::Page), at(0)).await.unwrap();
    assert_eq!(ann(&store, "lab", 1).await, said("2026-11-22 00:00", 0, "says Contacts!C2"));
    assert_eq!(ann(&store, "ward", 1).await, said("in 600", 0, "told on the page"));
    store
        .tell_presence(&number(ANN), &told(100 * 3_600, ToldBy::Text), at(0))
        .await
        .unwrap();
    assert_eq!(ann(&store, "lab", 1).await, said("in 360000", 0, "told by text"));
    store.tell_presence(&number(ANN), &Told::Back, at(2)).await.unwrap();
    assert_eq!((ann(&store, "lab", 3).await, ann(&store, "ward", 3).await), (None, None));
}

async fn a_new_call_and_a_running_one_see_the_sheet(store: Store) {
    let lab = hotline("lab");
    let begin = async |n: u128, plan: Plan| {
        let caller_line = line(&format!("caller-{n}"));
        let begun = store.begin_counting((Some(&lab), &caller_line), None, at(1), None, |world, _| {
            Call::arrive(id(n), plan, None, caller_line.clone(), world)
        });
        begun.await.unwrap();
    };
    let expected = "Ann is not rung: away, says Contacts!C2.".to_owned();
    keep(&store, "lab", "away", 0).await;
    begin(1, ann_then_bob()).await;
    assert!(told(&store, 1).await.contains(&expected), "{:?}", told(&store, 1).await);
    // Nobody rings for that one any more. Bob is rung first; while his phone rings, Ann goes.
    update(&store, 1, caller_hangs_up(), at(1)).await;
    keep(&store, "lab", "", 2).await;
    let mut plan = ann_then_bob();
    plan.levels.reverse();
    begin(2, plan).await;
    keep(&store, "lab", "sick", 3).await;
    let why = crate::call::Refusal {
        code: None,
        message: "no".to_owned(),
        permanent: false,
    };
    let refused = Event::Refused { leg: LegId(1), why };
    store.update(id(2), &refused, at(4), None).await.unwrap().unwrap();
    assert!(told(&store, 2).await.contains(&expected), "{:?}", told(&store, 2).await);
}
