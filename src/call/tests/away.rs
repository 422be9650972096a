//! Whoever has told us that he is away, and when that does not count.

use super::*;

fn facts(desk: &Desk) -> Vec<String> {
    desk.last.facts.iter().map(ToString::to_string).collect()
}

fn without_last_resort() -> Plan {
    Plan {
        last_resort: None,
        ..plan(one_round())
    }
}

#[test]
fn the_next_level_is_rung_at_once() {
    let desk = Desk::arrive_in(plan(one_round()), &[], &[1, 3]);
    assert_eq!(desk.dialled(), [(1, "+61491570002")], "Ben alone: Cy is away as well");
    assert_eq!(
        facts(&desk)[1..4],
        [
            "Ana is not rung: away until 2026-03-07 18:00, told by text.",
            "Cy is not rung: away until 2026-03-07 18:00, told by text.",
            "Now ringing: 2nd.",
        ]
    );
}

#[test]
fn it_is_told_once_and_looked_at_anew_in_every_round() {
    let rules = Rules { rounds: 3, ..one_round() };
    let mut desk = Desk::arrive_in(plan(rules), &[], &[1, 3, 4]);
    desk.rings(LegId(1)).ends(LegId(1), Ending::Busy);
    assert_eq!(desk.dialled(), [(2, "+61491570002")], "the second round");
    assert_eq!(
        facts(&desk)[1..3],
        [
            "Dee is not rung: away until 2026-03-07 18:00, told by text.",
            "Now ringing: 2nd, round 2."
        ]
    );
    desk.away.remove(&number(1));
    desk.rings(LegId(2)).ends(LegId(2), Ending::Busy);
    assert_eq!(desk.dialled(), [(3, "+61491570001")], "Ana is back");
}

#[test]
fn when_all_are_away_the_last_resort_is_rung() {
    let desk = Desk::arrive_in(plan(one_round()), &[], &[1, 2, 3, 4]);
    assert_eq!(desk.dialled(), [(1, "+61491570009")]);
    assert!(
        facts(&desk).contains(&"Everybody on call is away.".to_owned()),
        "{:?}",
        facts(&desk)
    );
}

#[test]
fn when_all_are_away_and_there_is_no_last_resort_they_are_rung_all_the_same() {
    let mut desk = Desk::arrive_in(without_last_resort(), &[], &[1, 2, 3, 4]);
    assert_eq!(desk.dialled(), [(1, "+61491570001")]);
    assert_eq!(
        facts(&desk)[1],
        "Everybody on call is away, and there is no last resort: they are rung all the same."
    );
    desk.rings(LegId(1)).ends(LegId(1), Ending::NoAnswer);
    assert_eq!(desk.dialled(), [(2, "+61491570002"), (3, "+61491570003")]);
}

#[test]
fn a_last_resort_who_is_away_is_rung_last() {
    let mut desk = Desk::arrive_in(plan(one_round()), &[], &[1, 2, 3, 4, 9]);
    assert_eq!(desk.dialled(), [(1, "+61491570001")], "first those on call");
    for (legs, next) in [(&[1][..], 2), (&[2, 3], 4), (&[4], 5)] {
        for leg in legs {
            desk.rings(LegId(*leg)).ends(LegId(*leg), Ending::NoAnswer);
        }
        assert_eq!(desk.dialled()[0].0, next);
    }
    assert_eq!(desk.dialled(), [(5, "+61491570009")], "there is nobody after the last resort");
}

#[test]
fn who_cannot_be_dialled_is_not_somebody_else() {
    let mut desk = Desk::arrive_in(without_last_resort(), &[], &[1, 3, 4]);
    assert_eq!(desk.dialled(), [(1, "+61491570002")]);
    let why = Refusal {
        code: Some(21_217),
        message: "not valid".into(),
        permanent: true,
    };
    desk.after(1, Event::Refused { leg: LegId(1), why });
    assert_eq!(
        desk.dialled(),
        [(2, "+61491570001")],
        "nobody else is left, so Ana is rung, who was passed over"
    );
    let all_the_same = "Everybody on call is away, and there is no last resort: they are rung all the same.";
    assert!(facts(&desk).contains(&all_the_same.to_owned()), "{:?}", facts(&desk));
    desk.rings(LegId(2)).ends(LegId(2), Ending::NoAnswer);
    assert_eq!(desk.dialled(), [(3, "+61491570003")], "then Cy, and not Ben, whose number is none");
    desk.rings(LegId(3)).ends(LegId(3), Ending::NoAnswer);
    assert_eq!(desk.dialled(), [(4, "+61491570004")]);
}

#[test]
fn who_is_engaged_is_waited_for_before_somebody_away_is_rung() {
    let mut desk = Desk::arrive_in(without_last_resort(), &[2], &[1, 3, 4]);
    assert_eq!(desk.dialled(), []);
    desk.waits();
    assert_eq!(desk.dialled(), []);
    desk.engaged.clear();
    desk.waits();
    assert_eq!(desk.dialled(), [(1, "+61491570002")]);
}

/// The story says by what somebody is away.
#[test]
fn the_page_and_the_sheet_are_named() {
    let (engaged, now) = (BTreeSet::new(), is_away(DateTime::UNIX_EPOCH));
    let by_sheet = Away {
        until: None,
        shown: String::new(),
        by: ToldBy::Sheet {
            cell: "Contacts!D4".into(),
        },
        ..now.clone()
    };
    let away = BTreeMap::from([
        (number(1), by_sheet),
        (
            number(2),
            Away {
                by: ToldBy::Page,
                ..now.clone()
            },
        ),
    ]);
    let world = World::new(now.told_at, &engaged, &away);
    let (_, reaction) = Call::arrive(CallId(uuid::Uuid::nil()), plan(one_round()), None, LineId("x".into()), &world);
    let facts: Vec<String> = reaction.facts.iter().map(ToString::to_string).collect();
    assert_eq!(
        facts[1..3],
        [
            "Ana is not rung: away, says Contacts!D4.",
            "Ben is not rung: away until 2026-03-07 18:00, told on the page."
        ]
    );
}

/// What was stored before there was presence is read as if nobody were away.
#[test]
fn a_call_of_an_earlier_version_goes_on() {
    let mut desk = Desk::arrive(plan(one_round()));
    let mut kept = serde_json::to_value(&desk.call).unwrap();
    let search = kept["search"].as_object_mut().unwrap();
    for new in ["passed_away", "told_away", "told_all_away"] {
        assert!(search.remove(new).is_some(), "{new}");
    }
    desk.call = serde_json::from_value(kept).unwrap();
    desk.rings(ANA).ends(ANA, Ending::Busy);
    assert_eq!(desk.dialled().len(), 2);
}
