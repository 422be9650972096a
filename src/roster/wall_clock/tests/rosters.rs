//! Whole rosters across changes of the clocks: no instant is lost or doubled, and each has the duty that the table of
//! Python's zoneinfo says. A sheet is made for each change, as an admin would write it.

use super::super::*;
use super::oracle::{Shift, editions, table};
use crate::roster::{OnCall, Roster, Settings, read};
use providers::{AddressStyle, Cell, Revision, Sheet, Tab};
use std::collections::BTreeMap;

/// More people than neighbours, so that no wrong one looks right.
const PEOPLE: [(&str, &str); 5] = [
    ("Ana Diaz", "+61491570006"),
    ("Bo Lund", "+61491570156"),
    ("Cy Marsh", "+61491570157"),
    ("Dee Kerr", "+61491570158"),
    ("Ed Frost", "+61491570159"),
];

pub(super) fn person(place: usize) -> &'static str {
    PEOPLE[place % PEOPLE.len()].0
}

pub(super) fn text(text: &str) -> Cell {
    Cell::Text(text.to_owned())
}

fn tab(name: &str, rows: Vec<Vec<Cell>>) -> Tab {
    Tab {
        name: name.to_owned(),
        file: None,
        style: AddressStyle::Grid,
        rows,
        lines: Vec::new(),
        merges: Vec::new(),
        formatted: Vec::new(),
        link: None,
    }
}

/// Reads a rota of these rows, with the contacts beside it, just before it begins.
pub(super) fn roster(zone: Tz, rows: Vec<Vec<Cell>>, settings: &[(&str, &str)], now: DateTime<Utc>) -> Roster {
    let mut contacts = vec![vec![text("Name"), text("Phone")]];
    contacts.extend(PEOPLE.map(|(name, phone)| vec![text(name), text(phone)]));
    let sheet = Sheet {
        title: "zones".to_owned(),
        revision: Revision("1".to_owned()),
        time_zone: None,
        tabs: vec![tab("Contacts", contacts), tab("Rota", rows)],
        remarks: Vec::new(),
        link: None,
    };
    let mut given = vec![("Time zone".to_owned(), zone.name().to_owned())];
    given.extend(settings.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    read(&sheet, &Settings(given), now).0
}

fn handover_list(shifts: &[Shift]) -> Roster {
    let row = |(place, shift): (usize, &Shift)| vec![Cell::DateTime(shift.begins()), text(person(place))];
    let rows = std::iter::once(vec![text("From"), text("1st")]).chain(shifts.iter().enumerate().map(row));
    roster(shifts[0].zone, rows.collect(), &[], before(shifts))
}

/// As people write weeks: a date, and the time of the handover in the settings.
fn weeks(shifts: &[Shift]) -> Roster {
    let row = |(place, shift): (usize, &Shift)| vec![text(&shift.begins().format("%Y-%m-%d").to_string()), text(person(place))];
    let rows = std::iter::once(vec![text("Week commencing"), text("1st")]).chain(shifts.iter().enumerate().map(row));
    roster(shifts[0].zone, rows.collect(), &[("Handover time", "08:00")], before(shifts))
}

/// `shifts` are day, night, day, night, as they follow one another.
fn shift_columns(shifts: &[Shift]) -> Roster {
    let row = |(place, day): (usize, &[Shift])| {
        let date = day[0].begins().format("%-d %b %Y").to_string();
        vec![text(&date), text(person(2 * place)), text(person(2 * place + 1))]
    };
    let rows = std::iter::once(vec![text("Date"), text("Day"), text("Night")]).chain(shifts.chunks(2).enumerate().map(row));
    let hours = [("Shift: Day", "08:00-20:00"), ("Shift: Night", "20:00-08:00")];
    roster(shifts[0].zone, rows.collect(), &hours, before(shifts))
}

fn before(shifts: &[Shift]) -> DateTime<Utc> {
    shifts[0].from - TimeDelta::days(1)
}

/// Every instant of the shifts has their person, and consecutive duties meet exactly.
fn compare(roster: &Roster, shifts: &[Shift]) {
    let here = format!("{} {} {}", shifts[0].zone, shifts[0].change, shifts[0].kind);
    let real: Vec<(usize, &Shift)> = shifts.iter().enumerate().filter(|(_, shift)| shift.minutes > 0).collect();
    let ours: Vec<_> = roster.duties().iter().map(|duty| (duty.from, duty.until)).collect();
    let theirs: Vec<_> = real.iter().map(|(_, shift)| (shift.from, shift.until)).collect();
    assert_eq!(ours, theirs, "{here}; {}", editions());
    for two in ours.windows(2) {
        assert_eq!(two[0].1, two[1].0, "{here}: {}", editions());
    }
    let total: i64 = ours.iter().map(|(from, until)| (*until - *from).num_minutes()).sum();
    assert_eq!(total, real.iter().map(|(_, shift)| shift.minutes).sum::<i64>(), "{here}");
    for (place, shift) in real {
        let mut at = shift.from;
        while at < shift.until {
            assert_eq!(name_at(roster, at).as_deref(), Some(person(place)), "{here} {at}; {}", editions());
            at += TimeDelta::minutes(10);
        }
        let last = shift.until - TimeDelta::seconds(1);
        assert_eq!(
            name_at(roster, last).as_deref(),
            Some(person(place)),
            "{here} {last}; {}",
            editions()
        );
    }
}

/// Who alone is on call.
pub(super) fn name_at(roster: &Roster, at: DateTime<Utc>) -> Option<String> {
    match roster.on_call(at) {
        OnCall::Gap { .. } => None,
        OnCall::Duty(duty) => {
            let [level] = duty.levels.as_slice() else {
                panic!("{at}: {duty:?}");
            };
            assert_eq!(level.responders.len(), 1, "{at}: {duty:?}");
            Some(level.responders[0].name.clone())
        }
    }
}

/// The shifts around each change of each zone, those of these kinds together, in the order of time.
fn changes(kinds: &[&str]) -> Vec<Vec<Shift>> {
    let mut changes: BTreeMap<(String, String), Vec<Shift>> = BTreeMap::new();
    for shift in table::<Shift>("shifts.csv") {
        if kinds.contains(&shift.kind.as_str()) {
            let change = (shift.zone.name().to_owned(), shift.change.clone());
            changes.entry(change).or_default().push(shift);
        }
    }
    let mut changes: Vec<_> = changes.into_values().collect();
    changes.iter_mut().for_each(|shifts| shifts.sort_by_key(Shift::begins));
    // 73 changes, and two quiet days a year in Nepal and Samoa instead.
    assert_eq!(changes.len(), 73 + 2 * 7 * 2);
    changes
}

#[test]
fn days_and_nights_in_columns() {
    for shifts in changes(&["day", "overnight"]) {
        assert_eq!(shifts.len(), 8);
        compare(&shift_columns(&shifts), &shifts);
    }
}

#[test]
fn whole_days_in_a_handover_list() {
    for shifts in changes(&["24-hour"]) {
        compare(&handover_list(&shifts), &shifts);
    }
}

#[test]
fn weeks_in_a_handover_list() {
    for shifts in changes(&["weekly"]) {
        compare(&weeks(&shifts), &shifts);
    }
}

#[test]
fn handovers_in_the_middle_of_what_is_skipped_or_repeated() {
    for shifts in changes(&["at-change"]) {
        compare(&handover_list(&shifts), &shifts);
    }
}
