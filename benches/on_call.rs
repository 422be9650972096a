//! Who is on call, on a roster of 100 000 shifts. Baselines of the same run: a map of the same size, and reading every shift in turn.
#![allow(clippy::unwrap_used, missing_docs)]

use chrono::{DateTime, TimeDelta, TimeZone as _, Utc};
use divan::{Bencher, black_box};
use providers::{AddressStyle, CellAddress};
use rotaline::roster::{Duty, Level, OnCall, Phone, Responder, Roster};
use std::collections::BTreeMap;
use std::sync::Arc;

const SHIFTS: i32 = 100_000;

fn main() {
    divan::main();
}

fn start() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 1, 1, 8, 0, 0).unwrap()
}

fn roster() -> Roster {
    let people: Vec<Arc<Responder>> = (0..50)
        .map(|n| {
            Arc::new(Responder {
                name: format!("Person {n}"),
                phone: Phone::from_e164(&format!("+61491570{n:03}")).unwrap(),
                then: None,
            })
        })
        .collect();
    let duties = (0..SHIFTS)
        .map(|n| Duty {
            from: start() + TimeDelta::hours(8) * n,
            until: start() + TimeDelta::hours(8) * (n + 1),
            levels: vec![Level {
                label: Arc::from("1st"),
                responders: [Arc::clone(&people[usize::try_from(n % 50).unwrap()])].into(),
                source: CellAddress::new("Rota", AddressStyle::Grid, n.unsigned_abs() + 2, 2),
                is_change: false,
            }],
            nobody: None,
        })
        .collect();
    Roster::new(chrono_tz::Australia::Melbourne, people, None, duties)
}

/// Instants all over the roster in no order, so that look-ups miss the caches as real ones would.
fn instants() -> impl Iterator<Item = DateTime<Utc>> {
    let minutes = i64::from(SHIFTS) * 8 * 60;
    (1_i64..).map(move |n| start() + TimeDelta::minutes(n * 2_654_435_761 % minutes))
}

#[divan::bench]
fn on_call(bencher: Bencher) {
    let roster = roster();
    let mut instants = instants();
    bencher.bench_local(|| matches!(roster.on_call(black_box(instants.next().unwrap())), OnCall::Duty(_)));
}

#[divan::bench]
fn baseline_map(bencher: Bencher) {
    let roster = roster();
    let map: BTreeMap<DateTime<Utc>, &Duty> = roster.duties().iter().map(|duty| (duty.from, duty)).collect();
    let mut instants = instants();
    bencher.bench_local(|| {
        let at = black_box(instants.next().unwrap());
        map.range(..=at).next_back().is_some_and(|(_, duty)| at < duty.until)
    });
}

#[divan::bench]
fn baseline_every_shift(bencher: Bencher) {
    let roster = roster();
    let mut instants = instants();
    bencher.bench_local(|| {
        let at = black_box(instants.next().unwrap());
        roster.duties().iter().any(|duty| duty.from <= at && at < duty.until)
    });
}
