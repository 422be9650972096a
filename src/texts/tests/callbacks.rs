//! Callbacks by text: who may do what with which, worked out by hand.

use super::super::wish::Work;
use super::*;
use crate::phrases::Hindrance;

/// Callback 3, twelve minutes old, and 7, three hours old, which Ben is making.
fn two_open() -> Case {
    let open = |id, minutes, calling: Option<&str>| OpenCallback {
        id,
        number: number(5_000 + id),
        asked_at: now() - TimeDelta::minutes(minutes),
        calling: calling.map(str::to_owned),
        hindrance: calling.map(|name| Hindrance::Calling(name.to_owned())),
    };
    let mut case = Case::plain();
    case.known.callbacks = vec![open(3, 12, None), open(7, 181, Some("Ben"))];
    case.known.closed = vec![2, 1];
    case
}

#[test]
fn the_words_of_all_languages_are_understood() {
    for (body, work) in [
        ("CALL 3", Work::Call(Some(3))),
        ("call #3", Work::Call(Some(3))),
        ("Please call 3!", Work::Call(Some(3))),
        ("call", Work::Call(None)),
        ("Rückruf 3", Work::Call(Some(3))),
        ("RUF 3", Work::Call(Some(3))),
        ("Appeler 3", Work::Call(Some(3))),
        ("llamar 3", Work::Call(Some(3))),
        ("CALL 99999999999999999999", Work::Call(Some(u32::MAX))),
        ("DONE 3.", Work::Done(Some(3))),
        ("erledigt", Work::Done(None)),
        ("FAIT 3", Work::Done(Some(3))),
        ("hecho 3", Work::Done(Some(3))),
        ("OPEN 3", Work::Open(Some(3))),
        ("offen 3", Work::Open(Some(3))),
        ("rouvrir 3", Work::Open(Some(3))),
        ("ABRIR", Work::Open(None)),
        ("List", Work::List),
        ("LISTE", Work::List),
        ("lista", Work::List),
    ] {
        assert_eq!(wish::read(body), Wish::Callbacks(work), "{body}");
    }
    // What one of our own answers begins with, and what is no order.
    for body in [
        "Open callbacks: 3: +61…737",
        "call me back please",
        "done 3 4",
        "list 3",
        "CALL 3 tomorrow",
    ] {
        assert_eq!(wish::read(body), Wish::Other, "{body}");
    }
}

#[test]
fn the_list_says_how_old_each_is_and_who_is_calling() {
    let case = two_open();
    let list = "Open callbacks: 3: +61…003, 12 min; 7: +61…007, 3 h (Ben is calling). CALL 3 rings you, then the caller; DONE 3 closes it.";
    assert_eq!(case.answer(1, "LIST"), list);
    for ambiguous in ["CALL", "DONE"] {
        let outcome = case.take(1, ambiguous);
        assert_eq!((outcome.answer.as_deref(), outcome.working), (Some(list), None), "{ambiguous}");
    }
    let mut many = two_open();
    many.known.callbacks = (1..=12)
        .map(|id| OpenCallback {
            id,
            ..many.known.callbacks[0].clone()
        })
        .collect();
    let words = many.answer(1, "list");
    assert!(words.contains("10: +61…003, 12 min, and 2 more."), "{words}");
    assert_eq!(Case::plain().answer(1, "LIST"), "No callback is open.");
    assert_eq!(Case::plain().answer(1, "DONE"), "No callback is open.");
}

#[test]
fn what_is_open_can_be_made_and_closed_and_what_is_closed_opened() {
    let case = two_open();
    let working = |body: &str| case.take(1, body).working;
    assert_eq!(working("CALL 3"), Some(Working::Ring(3)));
    assert_eq!(working("DONE 7"), Some(Working::Done(7)), "also while it is being made");
    assert_eq!(working("OPEN"), Some(Working::Open(1)), "the one closed last");
    assert_eq!(working("OPEN 2"), Some(Working::Open(2)));
    for (body, words) in [
        ("CALL 7", "Ben is making callback 7 just now."),
        ("CALL 4", "There is no open callback 4. Text LIST to see which are."),
        ("DONE 4", "There is no open callback 4. Text LIST to see which are."),
        (
            "OPEN 3",
            "Callback 3 cannot be opened again: it is open, or was closed more than a day ago.",
        ),
    ] {
        let outcome = case.take(1, body);
        assert_eq!((outcome.answer.as_deref(), outcome.working), (Some(words), None), "{body}");
    }
    let mut one = two_open();
    one.known.callbacks.truncate(1);
    assert_eq!(one.take(1, "call").working, Some(Working::Ring(3)));
}

#[test]
fn a_stranger_makes_no_callback_and_a_long_night_is_answered() {
    let mut case = two_open();
    assert_eq!(case.take(77, "CALL 3").working, None);
    case.known.answered_lately = 3;
    assert!(case.take(1, "WHO").answer.is_none());
    assert!(
        case.answer(1, "CALL 3").starts_with("We are ringing you"),
        "the fourth within the hour"
    );
    case.known.answered_lately = 30;
    let outcome = case.take(1, "CALL 3");
    assert_eq!(
        (outcome.answer, outcome.working),
        (None, Some(Working::Ring(3))),
        "it counts all the same"
    );
}
