use super::*;
use crate::roster::{Level, Phone, Responder, Settings};
use proptest::prelude::*;
use providers::{AddressStyle, Cell, Revision, Sheet, Tab};
use std::sync::Arc;

/// Hours after midnight (UTC) of Monday 2 March 2026.
fn hour(hours: i64) -> DateTime<Utc> {
    "2026-03-02T00:00:00Z".parse::<DateTime<Utc>>().unwrap() + chrono::TimeDelta::hours(hours)
}

fn cell(row: u32) -> CellAddress {
    CellAddress::new("Rota", AddressStyle::Grid, row, 2)
}

fn duty(from: i64, until: i64, name: &str) -> Duty {
    let level = Level {
        label: "1st".into(),
        responders: [Arc::new(Responder {
            name: name.to_owned(),
            phone: Phone::from_e164("+61491570156").unwrap(),
            then: None,
        })]
        .into(),
        source: cell(u32::try_from(from + 2).unwrap()),
        is_change: false,
    };
    Duty {
        from: hour(from),
        until: hour(until),
        levels: vec![level],
        nobody: None,
    }
}

fn nobody(from: i64, until: i64) -> Duty {
    Duty {
        levels: Vec::new(),
        nobody: Some(cell(9)),
        ..duty(from, until, "")
    }
}

fn roster(duties: Vec<Duty>) -> Roster {
    Roster::new(chrono_tz::UTC, Vec::new(), None, duties)
}

fn held(duties: Vec<Duty>) -> Vec<HeldSpan> {
    let since = hour(0);
    duties.into_iter().map(|duty| HeldSpan { since, duty }).collect()
}

#[test]
fn what_is_lost_is_cut_to_the_window_and_to_the_gaps() {
    let before = roster(vec![duty(0, 10, "Ana"), duty(10, 20, "Ben"), nobody(20, 30), duty(30, 60, "Cara")]);
    let after = roster(vec![duty(4, 6, "Dee"), nobody(12, 14), duty(40, 50, "Eve")]);
    assert_eq!(
        before.lost_with(&after, hour(2), hour(45)),
        [
            Duty {
                from: hour(2),
                until: hour(4),
                ..duty(0, 10, "Ana")
            },
            Duty {
                from: hour(6),
                until: hour(10),
                ..duty(0, 10, "Ana")
            },
            Duty {
                from: hour(10),
                until: hour(12),
                ..duty(10, 20, "Ben")
            },
            Duty {
                from: hour(14),
                until: hour(20),
                ..duty(10, 20, "Ben")
            },
            Duty {
                from: hour(30),
                until: hour(40),
                ..duty(30, 60, "Cara")
            },
        ]
    );
    assert_eq!(before.lost_with(&before, hour(0), hour(99)), []);
}

#[test]
fn held_duties_fill_gaps_and_nothing_else() {
    let held = held(vec![duty(0, 10, "Ana"), duty(10, 30, "Ben")]);
    let after = roster(vec![duty(4, 6, "Dee"), nobody(12, 14)]);
    let ends = after.ends();
    let holding = after.holding(&held);
    assert_eq!(
        holding.duties(),
        [
            Duty {
                from: hour(0),
                until: hour(4),
                ..duty(0, 10, "Ana")
            },
            duty(4, 6, "Dee"),
            Duty {
                from: hour(6),
                until: hour(10),
                ..duty(0, 10, "Ana")
            },
            Duty {
                from: hour(10),
                until: hour(12),
                ..duty(10, 30, "Ben")
            },
            nobody(12, 14),
            Duty {
                from: hour(14),
                until: hour(30),
                ..duty(10, 30, "Ben")
            },
        ]
    );
    assert_eq!(holding.ends(), ends, "a held duty is no row of the rota");
}

#[test]
fn a_held_duty_rings_the_number_that_is_known_now() {
    let contact = |name: &str, phone: &str| {
        Arc::new(Responder {
            name: name.to_owned(),
            phone: Phone::from_e164(phone).unwrap(),
            then: None,
        })
    };
    let rung = |contacts: Vec<Arc<Responder>>| {
        let after = Roster::new(chrono_tz::UTC, contacts, None, Vec::new());
        let holding = after.holding(&held(vec![duty(0, 10, "Ana")]));
        holding.duties()[0].levels[0].responders[0].phone.clone()
    };
    let (old, new) = ("+61491570156", "+61491570157");
    let number = |text| Phone::from_e164(text).unwrap();
    assert_eq!(rung(vec![contact("Ana", new), contact("Ben", old)]), number(new));
    assert_eq!(rung(vec![contact("Ben", new)]), number(old), "no longer known");
    assert_eq!(
        rung(vec![contact("Ana", new), contact("Ana", "+61491570158")]),
        number(old),
        "which of the two?"
    );
}

/// Ana by day and Ben afterwards; in between the rows given.
fn sheet(night: &[[&str; 3]]) -> Sheet {
    let tab = |name: &str, rows: &[[&str; 3]]| Tab {
        name: name.to_owned(),
        file: None,
        style: AddressStyle::Grid,
        rows: rows
            .iter()
            .map(|row| row.iter().map(|text| Cell::Text((*text).to_owned())).collect())
            .collect(),
        lines: vec![],
        merges: vec![],
        formatted: vec![],
        link: None,
    };
    let contacts = [
        ["Name", "Phone", ""],
        ["Ana Diaz", "+61491570156", ""],
        ["Ben Osei", "+61491570157", ""],
    ];
    let head = [["From", "Until", "1st"], ["2026-03-02 08:00", "2026-03-03 18:00", "Ana Diaz"]];
    let tail = [["2026-03-04 08:00", "2026-03-30 08:00", "Ben Osei"]];
    Sheet {
        title: "rota.xlsx".to_owned(),
        revision: Revision("1".to_owned()),
        time_zone: None,
        tabs: vec![tab("Contacts", &contacts), tab("Rota", &[&head[..], night, &tail[..]].concat())],
        remarks: vec![],
        link: None,
    }
}

#[test]
fn the_finding_says_where_who_is_rung_and_what_to_do() {
    let now = hour(9);
    let given = Settings(vec![("Time zone".to_owned(), "UTC".to_owned())]);
    let read = |night: &[[&str; 3]]| crate::roster::read(&sheet(night), &given, now).0;
    let before = read(&[["2026-03-03 18:00", "2026-03-04 08:00", "Ana Diaz"]]);
    // The same row with a name that is not known, with no name, and no row at all.
    let misspelt = read(&[["2026-03-03 18:00", "2026-03-04 08:00", "Anna D"]]);
    let blank = read(&[["2026-03-03 18:00", "2026-03-04 08:00", ""]]);
    let no_row = read(&[]);
    for (after, place, seen) in [
        (
            misspelt,
            "Rota!C3",
            "The sheet has nobody on call any more from Tue 3 Mar 18:00 to Wed 4 Mar 08:00, and does not say that this is meant.",
        ),
        (
            blank,
            "Rota!C3",
            "The sheet has nobody on call any more from Tue 3 Mar 18:00 to Wed 4 Mar 08:00, and does not say that this is meant.",
        ),
        (
            no_row,
            "Rota!C3",
            "The sheet has no row any more that puts anybody on call from Tue 3 Mar 18:00 to Wed 4 Mar 08:00; before, the row was here.",
        ),
    ] {
        let held = held(before.lost_with(&after, now, hour(57)));
        let holding = after.holding(&held);
        let findings = holding.held_back(&held, now);
        assert_eq!(findings.len(), 1, "{findings:?}");
        let finding = &findings[0];
        assert_eq!((finding.severity, finding.code.as_str()), (Severity::Stop, "held-back-span"));
        assert_eq!(finding.cells[0].to_string(), place);
        assert_eq!(finding.seen, seen);
        assert_eq!(
            finding.consequence,
            "Calls ring \"Ana Diaz\" all the same, as the version before said, until Wed 4 Mar 08:00 (held since Mon 2 Mar 00:00)."
        );
        assert_eq!(
            finding.remedy,
            "Enter a name. If nobody is meant, write nobody there, or run `rotaline sync --accept`."
        );
        assert_eq!(finding.affects, Some(hour(42)));
        assert_eq!(holding.held_back(&held, hour(56)), [], "once it is over there is nothing to find");
    }
}

#[test]
fn spans_that_adjoin_are_one_finding_and_what_follows_is_told() {
    let held = held(vec![duty(10, 20, "Ana"), duty(20, 24, "Ben"), duty(30, 57, "Ana")]);
    let holding = roster(vec![duty(24, 30, "Dee")]).holding(&held);
    let findings = holding.held_back(&held, hour(9));
    let consequences: Vec<&str> = findings.iter().map(|finding| finding.consequence.as_str()).collect();
    assert_eq!(
        consequences,
        [
            "Calls ring \"Ana\" and \"Ben\" all the same, as the version before said, until Tue 3 Mar 00:00 (held since Mon 2 Mar 00:00).",
            "Calls ring \"Ana\" all the same, as the version before said, until Wed 4 Mar 09:00 (held since Mon 2 Mar 00:00). \
             From Wed 4 Mar 09:00 on nobody is on call; callers get the hotline's last resort, or are asked to leave a message.",
        ]
    );
    let many: Vec<Duty> = (0..60).map(|n| duty(2 * n, 2 * n + 1, "Ana")).collect();
    let many = self::held(many);
    let findings = roster(vec![]).held_back(&many, hour(0));
    assert_eq!(findings.len(), 51);
    assert_eq!(
        findings[50].seen,
        "And 10 more stretches of time in which the sheet now has nobody."
    );
    assert_eq!(findings[50].affects, Some(hour(100)));
}

fn any_roster() -> impl Strategy<Value = Roster> {
    proptest::collection::vec((0_u8..4, 1_i64..12), 0..12).prop_map(|shifts| {
        let mut reached = -6;
        let mut duties = Vec::new();
        for (kind, hours) in shifts {
            let (from, until) = (reached, reached + hours);
            reached = until;
            match kind {
                0 => {}
                1 => duties.push(Duty {
                    from: hour(from),
                    until: hour(until),
                    ..nobody(0, 1)
                }),
                2 => duties.push(Duty {
                    from: hour(from),
                    until: hour(until),
                    ..duty(0, 1, "Ana")
                }),
                _ => duties.push(Duty {
                    from: hour(from),
                    until: hour(until),
                    ..duty(0, 1, "Ben")
                }),
            }
        }
        roster(duties)
    })
}

/// Who is on call, found by looking through all duties: nothing in a gap, no names where nobody is meant.
fn sample(roster: &Roster, at: DateTime<Utc>) -> Option<Vec<Level>> {
    let duty = roster.duties().iter().find(|duty| duty.from <= at && at < duty.until);
    duty.map(|duty| duty.levels.clone())
}

proptest! {
    /// At every quarter of an hour: whoever was covered in the window still is, or nobody is meant; what was lost is what
    /// was there before; everywhere else the version after is what it is.
    #[test]
    fn nothing_is_uncovered_and_nothing_else_is_touched(before in any_roster(), after in any_roster(), first in -4_i64..20, hours in 0_i64..60) {
        let (from, until) = (hour(first), hour(first + hours));
        let held = held(before.lost_with(&after, from, until));
        let holding = after.clone().holding(&held);
        prop_assert!(holding.duties().windows(2).all(|two| two[0].until <= two[1].from));
        for quarter in -40..340 {
            let at = hour(0) + chrono::TimeDelta::minutes(15 * quarter);
            let (was, now, expected) = (sample(&before, at), sample(&holding, at), sample(&after, at));
            let had_people = was.as_ref().is_some_and(|levels| !levels.is_empty());
            if from <= at && at < until && had_people && expected.is_none() {
                prop_assert_eq!(now, was);
            } else {
                prop_assert_eq!(now, expected);
            }
        }
    }
}
