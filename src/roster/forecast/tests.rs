//! Rosters made by hand, and what a person would say who lays them side by side.

use super::*;
use crate::roster::{Duty, Responder};
use providers::{AddressStyle, CellAddress};
use std::sync::Arc;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// Monday 2 March 2026, ten past nine.
fn now() -> DateTime<Utc> {
    at("2026-03-02T09:10:00Z")
}

fn soon() -> DateTime<Utc> {
    at("2026-03-16T09:10:00Z")
}

fn who(name: &str, phone: &str) -> Arc<Responder> {
    Arc::new(Responder {
        name: name.to_owned(),
        phone: Phone::from_e164(phone).unwrap(),
        then: None,
    })
}

const ANA: &str = "+447700900123";
const BEN: &str = "+447700900456";

/// `(from, until, people of each level)`.
type Row<'r> = (&'r str, &'r str, &'r [(&'r str, &'r str)]);

/// Each in the next row from row 2 on.
fn rota(rows: &[Row<'_>]) -> Roster {
    let duty = |(row, (from, until, people)): (u32, &Row<'_>)| Duty {
        from: at(from),
        until: at(until),
        levels: people
            .iter()
            .zip(3..)
            .map(|((name, phone), column)| Level {
                label: "1st".into(),
                responders: [who(name, phone)].into(),
                source: CellAddress::new("Rota", AddressStyle::Grid, row, column),
                is_change: false,
            })
            .collect(),
        nobody: None,
    };
    Roster::new(chrono_tz::UTC, vec![], None, (2..).zip(rows).map(duty).collect())
}

#[test]
fn first_on_call_for_two_hotlines_is_told_of_both_in_call_terms() {
    let lab = rota(&[
        ("2026-03-02T08:00:00Z", "2026-03-04T08:00:00Z", &[("Ben", BEN)]),
        ("2026-03-04T08:00:00Z", "2026-03-06T08:00:00Z", &[("Ana", ANA), ("Ben", BEN)]),
        ("2026-03-06T08:00:00Z", "2026-03-09T08:00:00Z", &[("Ben", BEN)]),
        ("2026-03-09T08:00:00Z", "2026-03-10T08:00:00Z", &[("Ana", ANA)]),
    ]);
    let surgery = rota(&[("2026-03-05T20:00:00Z", "2026-03-30T08:00:00Z", &[("Ana Diaz", ANA)])]);
    let night = rota(&[("2026-03-02T08:00:00Z", "2026-03-30T08:00:00Z", &[("Cem", "+447700900789")])]);
    let told = double_booked(&[("lab", &lab), ("surgery", &surgery), ("night", &night)], now(), soon());
    let words: Vec<Vec<String>> = told
        .iter()
        .map(|list| list.iter().map(|finding| finding.told(|_, words| words)).collect())
        .collect();
    assert_eq!(
        words,
        [
            vec![
                "WARN  Rota!C3: \"Ana\" is first on call for lab and for surgery at the same time: from Thu 5 Mar 20:00 to Fri 6 Mar 08:00, \
                 and 1 more time before Mon 16 Mar 09:10. [two-hotlines]\n      \
                 When both ring, one caller waits for \"Ana\" to be free, or goes on to the next person on call where there is one.\n      \
                 Nothing, if that is meant; otherwise put somebody else on call for one of the two."
            ],
            vec![
                "WARN  Rota!C2: \"Ana Diaz\" is first on call for surgery and for lab at the same time: from Thu 5 Mar 20:00 to Fri 6 Mar 08:00, \
                 and 1 more time before Mon 16 Mar 09:10. [two-hotlines]\n      \
                 When both ring, one caller waits for \"Ana Diaz\" to be free, or goes on to the next person on call where there is one.\n      \
                 Nothing, if that is meant; otherwise put somebody else on call for one of the two."
            ],
            vec![],
        ]
    );
    assert_eq!(told[0][0].affects, Some(at("2026-03-05T20:00:00Z")));
}

#[test]
fn on_other_levels_it_is_a_note_and_past_or_far_or_adjoining_time_is_nothing() {
    let lab = rota(&[("2026-03-03T08:00:00Z", "2026-03-04T08:00:00Z", &[("Ben", BEN), ("Ana", ANA)])]);
    let cases: [(&str, &str, &str, Option<Severity>); 5] = [
        (
            "second there, first here",
            "2026-03-03T20:00:00Z",
            "2026-03-05T08:00:00Z",
            Some(Severity::Note),
        ),
        ("one after the other", "2026-03-04T08:00:00Z", "2026-03-05T08:00:00Z", None),
        ("one before the other", "2026-03-02T08:00:00Z", "2026-03-03T08:00:00Z", None),
        ("over", "2026-02-02T08:00:00Z", "2026-03-01T08:00:00Z", None),
        ("far off", "2026-03-20T08:00:00Z", "2026-03-21T08:00:00Z", None),
    ];
    for (what, from, until, expected) in cases {
        let other = rota(&[(from, until, &[("Ana", ANA)])]);
        let told = double_booked(&[("lab", &lab), ("surgery", &other)], now(), soon());
        for list in told {
            assert_eq!(list.first().map(|finding| finding.severity), expected, "{what}");
        }
    }
    // Both far off, and both over.
    for (from, until) in [
        ("2026-03-16T09:10:00Z", "2026-03-20T08:00:00Z"),
        ("2026-02-16T09:10:00Z", "2026-03-02T09:10:00Z"),
    ] {
        let same = rota(&[(from, until, &[("Ana", ANA)])]);
        assert_eq!(
            double_booked(&[("lab", &same), ("surgery", &same)], now(), soon()),
            [vec![], vec![]]
        );
    }
}

/// Twice in one duty, as first and as third: counted once, as first. Handovers from her to herself are one stretch.
#[test]
fn a_stretch_is_as_long_as_somebody_stays() {
    let lab = rota(&[
        (
            "2026-03-02T08:00:00Z",
            "2026-03-03T08:00:00Z",
            &[("Ana", ANA), ("Ben", BEN), ("Ana", ANA)],
        ),
        ("2026-03-03T08:00:00Z", "2026-03-04T08:00:00Z", &[("Ana", ANA)]),
    ]);
    let surgery = rota(&[("2026-03-02T08:00:00Z", "2026-03-30T08:00:00Z", &[("Ana", ANA)])]);
    let told = double_booked(&[("lab", &lab), ("surgery", &surgery)], now(), soon());
    assert_eq!(
        told[0].iter().map(|finding| finding.seen.as_str()).collect::<Vec<_>>(),
        ["\"Ana\" is first on call for lab and for surgery at the same time: from Mon 2 Mar 08:00 to Wed 4 Mar 08:00."]
    );
}

/// A hundred hotlines of one rota: each is told of twenty others, and of how many more there are.
#[test]
fn one_rota_for_a_hundred_hotlines_is_not_a_hundred_findings_each() {
    let all = rota(&[("2026-03-02T08:00:00Z", "2026-03-30T08:00:00Z", &[("Ana", ANA)])]);
    let names: Vec<String> = (0..100).map(|number| format!("line-{number}")).collect();
    let hotlines: Vec<(&str, &Roster)> = names.iter().map(|name| (name.as_str(), &all)).collect();
    for list in double_booked(&hotlines, now(), soon()) {
        assert_eq!(list.len(), 21);
        assert_eq!(list[20].seen, "And 79 like this, of other people or hotlines.");
        assert_eq!(list[20].severity, Severity::Warn);
    }
}
