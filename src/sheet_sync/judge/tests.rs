use super::*;
use crate::call::HotlineName;
use crate::roster::{Duty, Level, OnCall, Phone, Responder};
use proptest::prelude::*;
use providers::{AddressStyle, CellAddress, Revision};
use std::sync::Arc;

/// Hours after midnight (UTC) of Monday 2 March 2026.
fn hour(hours: i64) -> DateTime<Utc> {
    "2026-03-02T00:00:00Z".parse::<DateTime<Utc>>().unwrap() + TimeDelta::hours(hours)
}

fn cell() -> CellAddress {
    CellAddress::new("Rota", AddressStyle::Grid, 2, 2)
}

/// `nobody` is nobody on purpose.
fn duty(from: i64, until: i64, name: &str) -> Duty {
    let level = || Level {
        label: "1st".into(),
        responders: [Arc::new(Responder {
            name: name.to_owned(),
            phone: Phone::from_e164("+61491570156").unwrap(),
            then: None,
        })]
        .into(),
        source: cell(),
        is_change: false,
    };
    let is_meant = name == "nobody";
    Duty {
        from: hour(from),
        until: hour(until),
        levels: if is_meant { vec![] } else { vec![level()] },
        nobody: is_meant.then(cell),
    }
}

fn roster(duties: &[(i64, i64, &str)]) -> Roster {
    let duties = duties.iter().map(|(from, until, name)| duty(*from, *until, name)).collect();
    Roster::new(chrono_tz::UTC, vec![], None, duties)
}

fn sheet() -> Sheet {
    Sheet {
        title: "rota.xlsx".into(),
        revision: Revision("1".into()),
        time_zone: None,
        tabs: vec![],
        remarks: vec![],
        link: None,
    }
}

fn current(roster: Roster, held: Vec<HeldSpan>, now: DateTime<Utc>) -> CurrentRota {
    CurrentRota {
        hotline: HotlineName("lab".into()),
        roster: Arc::new(roster.holding(&held)),
        diagnostics: Arc::new([]),
        held: held.into(),
        title: "rota.xlsx".into(),
        link: None,
        revision: Revision("1".into()),
        read_at: now,
        as_of: now,
        checked_at: now,
        trouble: None,
    }
}

/// The rota in use once `fresh` was judged against the one before.
fn next(last: &CurrentRota, fresh: &Roster, now: DateTime<Utc>) -> CurrentRota {
    match judge(&sheet(), fresh, &[], Some(last), now) {
        Verdict::Take => current(fresh.clone(), vec![], now),
        Verdict::TakeBut(spans) => current(fresh.clone(), spans, now),
        Verdict::HoldBack(_) => last.clone(),
    }
}

/// What is held, as hours: from, until, since, who.
fn held(rota: &CurrentRota) -> Vec<(i64, i64, i64, String)> {
    let hours = |at: DateTime<Utc>| (at - hour(0)).num_hours();
    let span = |span: &HeldSpan| {
        let duty = &span.duty;
        (
            hours(duty.from),
            hours(duty.until),
            hours(span.since),
            duty.levels[0].responders[0].name.clone(),
        )
    };
    rota.held.iter().map(span).collect()
}

fn first(duties: &[(i64, i64, &str)]) -> CurrentRota {
    current(roster(duties), vec![], hour(0))
}

#[test]
fn only_what_is_uncovered_within_48_hours_is_held() {
    let v1 = first(&[(0, 20, "Ana"), (20, 40, "nobody"), (40, 100, "Ben")]);
    let v2 = roster(&[(0, 5, "Cara"), (70, 100, "Ben")]);
    let now = next(&v1, &v2, hour(1));
    assert_eq!(
        held(&now),
        [(5, 20, 1, "Ana".into()), (40, 49, 1, "Ben".into())],
        "not the nobody that was meant, and nothing later than hour 49"
    );
    let meant = roster(&[(0, 5, "Cara"), (5, 70, "nobody"), (70, 100, "Ben")]);
    assert_eq!(held(&next(&v1, &meant, hour(1))), [], "who writes nobody means it");
    assert_eq!(held(&next(&v1, &roster(&[(0, 100, "Dee")]), hour(1))), []);
}

#[test]
fn a_hold_lasts_through_versions_and_ends_with_its_time_or_when_the_span_is_covered() {
    let v1 = first(&[(0, 60, "Ana"), (60, 200, "Ben")]);
    let v2 = roster(&[(0, 10, "Ana"), (100, 200, "Ben")]);
    let second = next(&v1, &v2, hour(2));
    assert_eq!(held(&second), [(10, 50, 2, "Ana".into())]);
    // The third changes something else and still has nobody there: Ana is held on, since then, and not for longer.
    let v3 = roster(&[(0, 10, "Cara"), (100, 200, "Ben")]);
    let third = next(&second, &v3, hour(8));
    assert_eq!(held(&third), [(10, 50, 2, "Ana".into())]);
    // The same version judged again much later, as after a restart.
    let again = next(&third, &v3, hour(40));
    assert_eq!(held(&again), [(40, 50, 2, "Ana".into())]);
    assert_eq!(held(&next(&again, &v3, hour(50))), []);
    // Half of it is covered again, the other half said to be meant.
    let v4 = roster(&[(0, 10, "Cara"), (10, 30, "Dee"), (30, 100, "nobody"), (100, 200, "Ben")]);
    assert_eq!(held(&next(&third, &v4, hour(9))), []);
    // Two things are lost one after the other.
    let v5 = roster(&[(0, 5, "Cara"), (100, 200, "Ben")]);
    assert_eq!(
        held(&next(&second, &v5, hour(3))),
        [(5, 10, 3, "Ana".into()), (10, 50, 2, "Ana".into())]
    );
}

#[test]
fn a_version_that_reads_as_empty_is_held_back_whole_whatever_is_held() {
    let v1 = first(&[(0, 60, "Ana")]);
    let second = next(&v1, &roster(&[(0, 10, "Ana"), (50, 60, "Ana")]), hour(2));
    let empty = judge(&sheet(), &roster(&[]), &[], Some(&second), hour(3));
    assert!(matches!(empty, Verdict::HoldBack(_)), "{empty:?}");
    let ended = judge(&sheet(), &roster(&[(0, 2, "Ana")]), &[], Some(&second), hour(3));
    assert!(matches!(ended, Verdict::HoldBack(_)), "{ended:?}");
}

fn any_version() -> impl Strategy<Value = Roster> {
    proptest::collection::vec((0_usize..5, 1_i64..30), 0..8).prop_map(|shifts| {
        let mut reached = -5;
        let mut duties = Vec::new();
        for (kind, hours) in shifts {
            let name = [None, Some("nobody"), Some("Ana"), Some("Ben"), Some("Cara")][kind];
            duties.extend(name.map(|name| (reached, reached + hours, name)));
            reached += hours;
        }
        roster(&duties)
    })
}

/// Who is on call: nothing in a gap, no levels where nobody is meant.
fn sample(roster: &Roster, at: DateTime<Utc>) -> Option<Vec<Level>> {
    match roster.on_call(at) {
        OnCall::Duty(duty) => Some(duty.levels.clone()),
        OnCall::Gap { .. } => None,
    }
}

proptest! {
    /// Any chain of versions at any times. At each half hour: who was covered for the next 48 hours still is, or nobody is
    /// meant; outside held spans the version taken is what it is; a held duty is the one that was in use before.
    #[test]
    fn no_chain_of_versions_uncovers_the_next_48_hours(v1 in any_version(), chain in proptest::collection::vec((any_version(), 0_i64..30), 1..5)) {
        let mut now = hour(0);
        let mut last = current(v1, vec![], now);
        for (fresh, later) in chain {
            now += TimeDelta::hours(later);
            let taken = next(&last, &fresh, now);
            let is_held_back = matches!(judge(&sheet(), &fresh, &[], Some(&last), now), Verdict::HoldBack(_));
            for half in 0..200 {
                let at = now + TimeDelta::minutes(30 * half);
                let (was, is) = (sample(&last.roster, at), sample(&taken.roster, at));
                let had_people = was.as_ref().is_some_and(|levels| !levels.is_empty());
                prop_assert!(half >= 96 || !had_people || is.is_some(), "uncovered {half} half hours from now");
                let in_held = taken.held.iter().any(|span| span.duty.from <= at && at < span.duty.until);
                let expected = if in_held || is_held_back { was } else { sample(&fresh, at) };
                prop_assert_eq!(is, expected);
            }
            last = taken;
        }
    }

    /// Judging the same version again later holds the same for the rest of its time, and nothing else.
    #[test]
    fn time_does_not_extend_a_hold(v1 in any_version(), v2 in any_version(), later in 0_i64..60) {
        let now = hour(1);
        let second = next(&current(v1, vec![], hour(0)), &v2, now);
        prop_assume!(second.roster.ends() == v2.ends());
        let again = next(&second, &v2, now + TimeDelta::hours(later));
        for half in 0..200 {
            let at = now + TimeDelta::hours(later) + TimeDelta::minutes(30 * half);
            prop_assert_eq!(sample(&again.roster, at), sample(&second.roster, at));
        }
        for span in again.held.iter() {
            prop_assert!(second.held.iter().any(|before| before.duty.from <= span.duty.from && span.duty.until <= before.duty.until && before.since == span.since));
        }
    }
}
