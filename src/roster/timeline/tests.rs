//! The time line against a slow oracle that looks at every shift and change for each instant.

use super::super::Phone;
use super::*;
use proptest::prelude::*;
use providers::AddressStyle;

fn at(hour: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(hour * 3_600, 0).unwrap()
}

fn person(number: u8) -> Arc<Responder> {
    Arc::new(Responder {
        name: format!("P{number}"),
        phone: Phone::from_e164(&format!("+6149157{number:04}")).unwrap(),
        then: None,
    })
}

fn rung(who: Who, row: u32) -> Rung {
    Rung {
        label: Arc::from("level"),
        source: CellAddress::new("Rota", AddressStyle::Grid, row, 1),
        who,
        unreachable: None,
    }
}

fn who() -> impl Strategy<Value = Who> {
    prop_oneof![
        4 => (0..5_u8).prop_map(|number| Who::People([person(number)].into())),
        1 => Just(Who::Nobody),
        1 => Just(Who::Blank),
        1 => Just(Who::Lost),
    ]
}

fn shifts() -> impl Strategy<Value = Vec<Shift>> {
    let shift = (0..60_i64, 0..12_i64, prop::collection::vec(who(), 1..3));
    prop::collection::vec(shift, 0..12).prop_map(|shifts| {
        let shift = |(row, (from, length, who)): (u32, (i64, i64, Vec<Who>))| Shift {
            from: at(from),
            until: at(from + length),
            rungs: who.into_iter().map(|who| rung(who, row)).collect(),
        };
        (1..).zip(shifts).map(shift).collect()
    })
}

fn changes() -> impl Strategy<Value = Vec<Change>> {
    let change = (0..60_i64, 0..12_i64, prop::collection::btree_map(0..4_usize, who(), 1..3));
    prop::collection::vec(change, 0..6).prop_map(|changes| {
        let change = |(row, (from, length, who)): (u32, (i64, i64, BTreeMap<usize, Who>))| Change {
            from: at(from),
            until: at(from + length),
            rungs: who.into_iter().map(|(position, who)| (position, rung(who, row + 100))).collect(),
        };
        (1..).zip(changes).map(change).collect()
    })
}

/// Whom the sheet puts on call at an instant, looked up the long way: people and rows, or whether nobody is meant.
fn oracle(shifts: &[Shift], changes: &[Change], now: DateTime<Utc>) -> Option<Vec<(String, u32)>> {
    let mut running: Vec<&Shift> = shifts.iter().filter(|shift| shift.from <= now && now < shift.until).collect();
    running.sort_by_key(|shift| Reverse(shift.from));
    let mut rungs: Vec<&Rung> = running.iter().flat_map(|shift| &shift.rungs).collect();
    let count = rungs.len();
    let laid: Vec<&Change> = changes.iter().filter(|change| change.from <= now && now < change.until).collect();
    for position in 0..4 {
        let Some(winner) = laid.iter().rev().find_map(|change| change.rungs.get(&position)) else {
            continue;
        };
        if position < count {
            rungs[position] = winner
        } else {
            rungs.push(winner)
        }
    }
    let people: Vec<(String, u32)> = rungs
        .iter()
        .filter_map(|rung| match &rung.who {
            Who::People(people) => Some((people[0].name.clone(), rung.source.row())),
            Who::Nobody | Who::Blank | Who::Lost => None,
        })
        .collect();
    let meant = rungs.iter().any(|rung| rung.who == Who::Nobody) && rungs.iter().all(|rung| rung.who != Who::Lost);
    (!people.is_empty() || meant).then_some(people)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_instant_is_covered_as_the_oracle_says(shifts in shifts(), changes in changes()) {
        let duties = lay(&shifts, &[], &changes).duties;
        for two in duties.windows(2) {
            prop_assert!(two[0].until <= two[1].from);
        }
        for duty in &duties {
            prop_assert!(duty.from < duty.until);
            prop_assert_eq!(duty.levels.is_empty(), duty.nobody.is_some());
        }
        for half_hour in -2..150_i64 {
            let now = at(0) + chrono::TimeDelta::minutes(30 * half_hour);
            let found = duties.iter().find(|duty| duty.from <= now && now < duty.until);
            let found = found.map(|duty| {
                let name = |level: &Level| (level.responders[0].name.clone(), level.source.row());
                duty.levels.iter().map(name).collect::<Vec<_>>()
            });
            prop_assert_eq!(found, oracle(&shifts, &changes, now), "{}", now);
        }
    }
}
