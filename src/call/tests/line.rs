//! The line of those who wait: who is next, who is promised to whom, who stands where.

use super::*;
use crate::call::line::{Waiting, Waits, next_served, place, promised};
use crate::phrases::Language;

/// Waits for each of these people, who may have several phones.
fn waits(n: u128, people: &[&[u32]]) -> Waiting {
    let phones = |person: &&[u32]| person.iter().map(|last| number(*last)).collect::<BTreeSet<Phone>>();
    let next: Vec<BTreeSet<Phone>> = people.iter().map(phones).collect();
    Waiting {
        call: CallId(uuid::Uuid::from_u128(n)),
        hotline: HotlineName("lab".into()),
        next,
    }
}

fn is_next(line: &[Waiting], taken: &[u32], away: &[u32]) -> Option<u128> {
    let among = |all: &[u32], phone: &Phone| all.iter().any(|last| number(*last) == *phone);
    let next = next_served(
        line,
        |_, phone| among(taken, phone),
        |_, phone| among(away, phone),
        &BTreeSet::new(),
    );
    next.map(|call| call.0.as_u128())
}

#[test]
fn whoever_waits_longest_is_served_first() {
    let line = [waits(1, &[&[1], &[2]]), waits(2, &[&[1], &[2], &[3]]), waits(3, &[&[3]])];
    assert_eq!(is_next(&line, &[1, 2, 3], &[]), None, "nobody is free");
    assert_eq!(is_next(&line, &[1], &[]), Some(1));
    assert_eq!(is_next(&line, &[1, 2], &[]), Some(2), "the first does not want number 3");
    assert_eq!(is_next(&line, &[1, 2], &[3]), None, "who is free is away");
}

#[test]
fn nobody_is_rung_on_one_phone_who_talks_on_the_other() {
    let line = [waits(1, &[&[1, 11]]), waits(2, &[&[1]])];
    assert_eq!(
        is_next(&line, &[11], &[]),
        None,
        "number 1 is the first one's, who cannot have him yet"
    );
    assert_eq!(
        is_next(&line[1..], &[11], &[]),
        Some(2),
        "for whoever has never heard of the other phone he is free"
    );
    assert_eq!(is_next(&line, &[], &[]), Some(1));
}

#[test]
fn who_was_offered_in_vain_is_passed_and_keeps_what_is_his() {
    let line = [waits(1, &[&[1]]), waits(2, &[&[1], &[2]])];
    let served = BTreeSet::from([line[0].call]);
    let next = |taken: &[u32]| {
        next_served(
            &line,
            |_, phone| taken.iter().any(|last| number(*last) == *phone),
            |_, _| false,
            &served,
        )
    };
    assert_eq!(next(&[2]), None);
    assert_eq!(next(&[]), Some(line[1].call));
}

proptest::proptest! {
    /// A long line is read by its kinds: whoever waits like somebody ahead of him changes nothing for anybody.
    #[test]
    fn of_those_who_wait_alike_only_the_first_matters(
        line in proptest::collection::vec((proptest::collection::vec(1_u32..6, 1..3), 1_u128..4), 0..12),
        taken in proptest::collection::vec(1_u32..6, 0..4),
        away in proptest::collection::vec(1_u32..6, 0..2),
        own in 0_usize..12,
        served in 0_usize..12,
    ) {
        let line: Vec<Waiting> = line
            .iter()
            .zip(1..)
            .map(|((people, hotline), n)| {
                let people: Vec<&[u32]> = people.iter().map(std::slice::from_ref).collect();
                Waiting { hotline: HotlineName(hotline.to_string()), ..waits(n, &people) }
            })
            .collect();
        let mut firsts: Vec<Waiting> = Vec::new();
        for one in &line {
            if !firsts.iter().any(|first| (&first.hotline, &first.next) == (&one.hotline, &one.next)) {
                firsts.push(one.clone());
            }
        }
        // One of them holds whatever is taken himself.
        let holds = line.get(own).map(|one| one.call);
        let among = |all: &[u32], phone: &Phone| all.iter().any(|last| number(*last) == *phone);
        let is_taken = |one: &Waiting, phone: &Phone| Some(one.call) != holds && among(&taken, phone);
        let is_away = |one: &Waiting, phone: &Phone| one.hotline.0 == "1" && among(&away, phone);
        let served: BTreeSet<CallId> = firsts.get(served).map(|one| one.call).into_iter().collect();
        proptest::prop_assert_eq!(
            next_served(&line, is_taken, is_away, &served),
            next_served(&firsts, is_taken, is_away, &served)
        );
        proptest::prop_assert_eq!(promised(&line, is_away), promised(&firsts, is_away));
    }
}

#[test]
fn the_place_counts_those_before_who_wait_for_the_same_people() {
    let line = [waits(1, &[&[1], &[2]]), waits(2, &[&[3]]), waits(3, &[&[2]])];
    let ahead = line.clone().map(|one| (one.next.iter().flatten().cloned().collect(), 1));
    let place_of = |last| place(&BTreeSet::from([number(last)]), &ahead);
    assert_eq!([place_of(2), place_of(3), place_of(4)], [3, 2, 1]);
    assert_eq!(place(&BTreeSet::new(), &ahead), 1, "of whom nobody is left");
    assert_eq!(
        promised(&line, |_, phone| *phone == number(3)),
        BTreeSet::from([number(1), number(2)])
    );
}

#[test]
fn a_call_stands_in_the_line_until_somebody_is_with_the_caller() {
    let mut desk = Desk::arrive_with(plan(one_round()), &[1, 2, 3, 4]);
    let waits = desk.call.waits().unwrap();
    let all = BTreeSet::from([number(1), number(2), number(3), number(4)]);
    assert_eq!(waits.for_any_of, all);
    assert_eq!(waits.next, [1, 2, 3, 4].map(|last| BTreeSet::from([number(last)])));

    desk.engaged.remove(&number(1));
    desk.after(7, Event::SomebodyIsFree);
    assert_eq!(desk.asks(), ["dial 1"], "at once");
    assert_eq!(
        desk.call.waits(),
        Some(Waits {
            for_any_of: all.clone(),
            next: vec![]
        }),
        "he keeps his place while a phone rings"
    );
    desk.after(1, Event::SomebodyIsFree);
    assert_eq!(desk.asks(), [""; 0], "one at a time");

    desk.rings(ANA).answers(ANA).presses(ANA, '1');
    assert!(desk.call.waits().is_some(), "until they are together");
    desk.after(1, Event::Joined { leg: ANA });
    assert_eq!(desk.call.waits(), None);
}

#[test]
fn who_has_declined_is_waited_for_no_more() {
    let rules = Rules { rounds: 2, ..one_round() };
    let mut desk = Desk::arrive_with(plan(rules), &[2, 3, 4]);
    desk.rings(ANA).answers(ANA).presses(ANA, '2').ends(ANA, Ending::Completed);
    let waits = desk.call.waits().unwrap();
    assert_eq!(waits.for_any_of, BTreeSet::from([number(2), number(3), number(4)]));
    assert!(desk.call.waits_in_line());
}

#[test]
fn who_chooses_a_message_leaves_the_line() {
    let mut desk = Desk::arrive_with(plan(one_round()), &[1, 2, 3, 4]);
    desk.after(9, Event::LeftRoom { leg: CALLER });
    assert_eq!(desk.call.waits(), None);
    let mut desk = Desk::arrive_with(plan(one_round()), &[1, 2, 3, 4]);
    desk.after(300, Event::Tick);
    assert_eq!(desk.asks(), ["dial 1"], "the last resort");
    assert_eq!(desk.call.waits(), None, "nobody of the plan is waited for any more");
}

#[test]
fn the_place_is_told_in_every_language() {
    let told = [
        (Language::English, "You are number 3 in line.", "You are next."),
        (
            Language::French,
            "Vous êtes en position 3 dans la file d'attente.",
            "Vous êtes le prochain appel.",
        ),
        (
            Language::German,
            "Sie sind in der Warteschlange auf Platz 3.",
            "Sie sind als Nächstes an der Reihe.",
        ),
        (Language::Spanish, "Ocupa el puesto 3 en la cola.", "Su llamada es la siguiente."),
    ];
    for (language, third, next) in told {
        let rules = Rules { language, ..one_round() };
        let desk = Desk::arrive_with(plan(rules.clone()), &[1, 2, 3, 4]);
        assert!(desk.call.words_in_line(CALLER, Some(3)).contains(third));
        assert!(desk.call.words_in_line(CALLER, Some(1)).contains(next));
        assert!(!desk.call.waiting_words(CALLER).contains(next));
        let rung = Desk::arrive(plan(rules));
        assert_eq!(
            rung.call.words_in_line(CALLER, Some(3)),
            rung.call.waiting_words(CALLER),
            "a phone rings for him"
        );
    }
}
