//! Hand-worked slots.

use super::super::Phone;
use super::super::Responder;
use super::*;
use providers::{AddressStyle, CellAddress};

fn at(hour: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(hour * 3_600, 0).unwrap()
}

fn person(name: char) -> Arc<Responder> {
    let digits = u32::from(name) % 10_000;
    Arc::new(Responder {
        name: name.to_string(),
        phone: Phone::from_e164(&format!("+6149157{digits:04}")).unwrap(),
        then: None,
    })
}

fn slot(name: char, order: Order, from: i64, until: i64) -> Slot {
    Slot {
        from: at(from),
        until: at(until),
        order,
        rung: Rung {
            label: Arc::from("level"),
            source: CellAddress::new("Rota", AddressStyle::Grid, 1, u32::from(name)),
            who: Who::People([person(name)].into()),
            unreachable: None,
        },
    }
}

/// `8-20 AB C`: from 8 to 20 first A and B together, then C; `-` is a level that nobody holds.
fn told(slots: &[Slot]) -> Vec<String> {
    let hour = |at: DateTime<Utc>| at.timestamp() / 3_600;
    let level = |rung: &Rung| match &rung.who {
        Who::People(people) => people.iter().map(|person| person.name.as_str()).collect::<String>(),
        Who::Nobody => "nobody".to_owned(),
        Who::Blank => "-".to_owned(),
        Who::Lost => "lost".to_owned(),
    };
    let shift = |shift: &Shift| {
        let levels: Vec<String> = shift.rungs.iter().map(level).collect();
        format!("{}-{} {}", hour(shift.from), hour(shift.until), levels.join(" "))
    };
    shifts(slots).iter().map(shift).collect()
}

#[test]
fn people_of_a_shift_ring_together_also_behind_one_that_began_later() {
    let slots = [
        slot('A', Order::Level(0), 6, 14),
        slot('B', Order::Level(0), 6, 14),
        slot('K', Order::Level(0), 12, 20),
        slot('C', Order::Level(0), 14, 22),
        slot('D', Order::Level(0), 14, 22),
    ];
    assert_eq!(told(&slots), ["6-12 AB", "12-14 K AB", "14-20 CD K", "20-22 CD"]);
}

#[test]
fn nobody_who_rings_together_and_cannot_be_rung_is_forgotten() {
    let mut slots = ['A', 'B', 'C'].map(|name| slot(name, Order::Level(0), 6, 14));
    for (slot, name) in slots.iter_mut().zip(["Ana", "Bill", "Ana"]) {
        let missed = crate::roster::Missed {
            name: name.to_owned(),
            is_ambiguous: false,
        };
        slot.rung.unreachable = Some([missed].into());
    }
    let lost = shifts(&slots)[0].rungs[0].unreachable.clone().unwrap();
    assert_eq!(crate::roster::joined(&lost), "Ana / Bill");
}

#[test]
fn levels_of_the_same_shift_ring_together_and_others_in_order() {
    let slots = [
        slot('C', Order::Level(1), 8, 20),
        slot('A', Order::Level(0), 8, 20),
        slot('B', Order::Level(0), 8, 20),
        slot('M', Order::Last, 8, 20),
    ];
    assert_eq!(told(&slots), ["8-20 AB C M"]);
}

#[test]
fn in_an_overlap_on_purpose_the_incoming_rings_before_the_outgoing() {
    let slots = [slot('A', Order::Level(0), 8, 21), slot('B', Order::Level(0), 20, 32)];
    assert_eq!(told(&slots), ["8-20 A", "20-21 B A", "21-32 B"]);
}

#[test]
fn a_level_that_nobody_holds_keeps_its_place() {
    let slots = [slot('B', Order::Level(1), 0, 24), slot('A', Order::Level(0), 8, 12)];
    assert_eq!(told(&slots), ["0-8 - B", "8-12 A B", "12-24 - B"]);
}

#[test]
fn without_levels_the_order_of_the_sheet_counts() {
    let slots = [
        slot('A', Order::Listed, 8, 20),
        slot('B', Order::Listed, 8, 20),
        slot('C', Order::Listed, 12, 24),
        slot('D', Order::Listed, 30, 30),
    ];
    assert_eq!(told(&slots), ["8-12 A B", "12-20 C A B", "20-24 C"]);
}

#[test]
fn somebody_beats_nobody() {
    let mut nobody = slot('A', Order::Level(0), 0, 8);
    nobody.rung.who = Who::Nobody;
    let somebody = slot('B', Order::Level(0), 0, 8);
    assert_eq!(told(&[nobody.clone(), somebody.clone()]), ["0-8 B"]);
    assert_eq!(told(&[somebody, nobody]), ["0-8 B"]);
}
