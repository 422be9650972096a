//! What callers of a night meet before anybody is rung, drawn in terms of people; and what it promises.

use super::desk::{Desk, hotline};
use super::planted::Planted;
use super::scenario::{Caller, Scenario, number};
use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rotaline::call::{Call, HotlineName, LegId, Outcome, Plan, Rebuff, Welcome, WhenClosed};
use rotaline::phrases::Speech;
use rotaline::reception::{Blocked, Menu, OpeningHours, Reception};
use rotaline::roster::{Phone, WeekHours};
use rotaline::simulator::habits::AtMenu;
use rotaline::simulator::heard::Sound;
use std::collections::BTreeMap;

const EMERGENCY: &str = "If a life is in danger, hang up and dial 000.";

/// Said to whoever is on the line while the store fails, once, before it is known who it is.
const THROUGH_A_FAULT: [&str; 2] = [
    "One moment, please.",
    "There is a technical fault. Please stay on the line, or hang up and call again.",
];

#[derive(Clone, Debug)]
pub(super) struct Door {
    is_closed: bool,
    when_closed: WhenClosed,
    /// Is turned away.
    blocked: Option<Phone>,
    blocked_hear: Rebuff,
    refuses_withheld: bool,
    /// Calls of one number, which are those of the whole night; none, any number.
    most: Option<usize>,
    pub(super) menu: Option<Menu>,
}

/// What a caller must meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Expected {
    Search,
    LastResortOnly,
    Message,
    TurnedAway,
}

impl Scenario {
    /// The same people, and what callers meet before them.
    pub(super) fn at_a_door(mut self) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(self.seed ^ 0xd00d_0005);
        let rng = &mut rng;
        let menu = rng.random_bool(0.3).then(menu);
        for (n, caller) in self.callers.iter_mut().enumerate() {
            if menu.is_some() {
                caller.habit.menu = at_menu(rng);
                // Lines are told apart by who has dialled and who was dialled.
                caller.from = caller.from.take().map(|_| number(500 + n));
            }
        }
        if rng.random_bool(0.4) {
            let from = self.callers[0].from.clone();
            self.callers.iter_mut().for_each(|caller| caller.from.clone_from(&from));
        }
        self.rules.words.emergency = Some(EMERGENCY.to_owned());
        self.door = Some(Door {
            is_closed: rng.random_bool(0.4),
            when_closed: [WhenClosed::Message, WhenClosed::LastResort, WhenClosed::Ring][rng.random_range(0..3)],
            blocked: rng.random_bool(0.3).then(|| number(500)),
            blocked_hear: [Rebuff::Sentence, Rebuff::Nothing][rng.random_range(0..2)],
            refuses_withheld: rng.random_bool(0.5),
            most: [None, Some(1), Some(2)][rng.random_range(0..3)],
            menu,
        });
        self
    }
}

fn menu() -> Menu {
    let name = |text: &str| HotlineName(text.into());
    Menu {
        numbers: vec![hotline()],
        speech: Speech::default(),
        emergency: Some(EMERGENCY.to_owned()),
        greeting: "For the lab & co, press 1. For the surgery, press 2.".to_owned(),
        choices: BTreeMap::from([('1', name("lab & co")), ('2', name("surgery"))]),
        otherwise: name("desk"),
    }
}

fn at_menu(rng: &mut ChaCha8Rng) -> AtMenu {
    match rng.random_range(0..6) {
        0 | 1 => AtMenu::Presses('1'),
        2 => AtMenu::Presses('2'),
        3 => AtMenu::AskedTwice(Some('9'), Some('2')),
        4 => AtMenu::AskedTwice(None, Some('1')),
        _ => AtMenu::AskedTwice(None, Some('7')),
    }
}

/// Where these keys lead.
fn chosen(menu: AtMenu) -> &'static str {
    match menu {
        AtMenu::Presses('1') | AtMenu::AskedTwice(_, Some('1')) => "lab & co",
        AtMenu::Presses('2') | AtMenu::AskedTwice(_, Some('2')) => "surgery",
        AtMenu::Unexpected | AtMenu::Presses(_) | AtMenu::AskedTwice(..) => "desk",
    }
}

impl Door {
    /// The plan as the switchboard makes it.
    pub(super) fn planned(&self, plan: Plan, from: Option<&Phone>, recent: usize, planted: Option<Planted>) -> Plan {
        let welcome = self.reception().meet(Some(self.wall()), from, u32::try_from(recent).unwrap());
        let (levels, last_resort) = (plan.levels.clone(), plan.last_resort.clone());
        let is_refused = matches!(welcome, Welcome::Refused { .. });
        let mut met = match planted {
            Some(Planted::EverybodyIsLetIn) if is_refused => plan,
            Some(_) | None => plan.met_with(welcome),
        };
        if planted == Some(Planted::ClosedIsRung) {
            (met.levels, met.last_resort) = (levels, last_resort);
        }
        if planted == Some(Planted::EmergencyForgotten) {
            met.rules.words.emergency = None;
        }
        met
    }

    /// Calls are counted for each hotline apart; here, as if behind a menu were one.
    pub(super) fn counting_nobody_behind_a_menu(mut self) -> Self {
        if self.menu.is_some() {
            self.most = None;
        }
        self
    }

    pub(super) fn reception(&self) -> Reception {
        Reception {
            hours: OpeningHours {
                week: vec![WeekHours::parse("Mon-Fri 08:00-12:00").unwrap()],
                holidays: Vec::new(),
            },
            when_closed: self.when_closed,
            blocked: self.blocked.clone().into_iter().map(Blocked::Number).collect(),
            blocked_hear: self.blocked_hear,
            refuses_withheld: self.refuses_withheld,
            calls_per_caller_and_hour: self.most.map_or(0, |most| u32::try_from(most).unwrap()),
            ..Reception::default()
        }
    }

    /// A Wednesday, in the morning or in the afternoon.
    fn wall(&self) -> NaiveDateTime {
        let hour = if self.is_closed { 14 } else { 9 };
        NaiveDate::from_ymd_opt(2026, 3, 4).unwrap().and_hms_opt(hour, 0, 0).unwrap()
    }

    /// The same in Melbourne, where the rota of a real store is at home.
    pub(super) fn begin(&self) -> DateTime<Utc> {
        let at = if self.is_closed {
            "2026-03-04T03:00:00Z"
        } else {
            "2026-03-03T22:00:00Z"
        };
        at.parse().unwrap()
    }

    /// What a caller must meet who has called so often before.
    fn expected(&self, from: Option<&Phone>, before: usize) -> Expected {
        let budget = self.most.map(|most| if from.is_some() { most } else { 5 * most });
        if from.is_some() && from == self.blocked.as_ref() || from.is_none() && self.refuses_withheld {
            Expected::TurnedAway
        } else if budget.is_some_and(|budget| before >= budget) {
            Expected::Message
        } else if !self.is_closed {
            Expected::Search
        } else {
            match self.when_closed {
                WhenClosed::Message => Expected::Message,
                WhenClosed::LastResort => Expected::LastResortOnly,
                WhenClosed::Ring => Expected::Search,
            }
        }
    }

    pub(super) fn broken(&self, scenario: &Scenario, desk: &Desk) -> Vec<String> {
        let mut broken = Vec::new();
        for (n, (line, id)) in desk.lines.iter().enumerate() {
            let call = &desk.calls[id];
            let before = desk.lines[..n]
                .iter()
                .filter(|(_, other)| desk.calls[other].from() == call.from())
                .count();
            let expected = self.expected(call.from(), before);
            broken.extend(rung_in_spite_of_it(expected, scenario, call).map(|rung| format!("{expected:?}, and yet {rung} is rung")));
            let is_refused = call.outcome() == Some(Outcome::Refused);
            if is_refused != (expected == Expected::TurnedAway) {
                broken.push(format!("{line}: {expected:?}, and ended {:?}", call.outcome()));
            }
            broken.extend(self.first_heard(desk, line, expected, scenario));
        }
        broken.extend(self.wrong_choices(scenario, desk));
        broken
    }

    /// Whoever hears anything hears the emergency words first.
    fn first_heard(&self, desk: &Desk, line: &str, expected: Expected, scenario: &Scenario) -> Option<String> {
        let heard = desk.network.heard(line);
        let first = heard.iter().find(|heard| matches!(heard.what, Sound::Said(_) | Sound::Voice(_)))?;
        let Sound::Said(first) = &first.what else {
            // Before the room had said a word he was put through, and somebody was there.
            return scenario
                .kind
                .then(|| format!("{line} was put through and has heard nothing before"));
        };
        let from = desk
            .lines
            .iter()
            .find(|(other, _)| other == line)
            .and_then(|(_, id)| desk.calls[id].from());
        if scenario.troubled && THROUGH_A_FAULT.contains(&first.as_str()) {
            return None;
        }
        let is_unanswered = expected == Expected::TurnedAway && from.is_some() && self.blocked_hear == Rebuff::Nothing;
        if is_unanswered && self.menu.is_none() {
            return Some(format!("{line} is not to be answered and heard {first:?}"));
        }
        let is_fault_of_the_network = first == rotaline::simulator::APPLICATION_ERROR;
        (first != EMERGENCY && !is_fault_of_the_network).then(|| format!("{line} heard first {first:?}"))
    }

    /// On a kind night every key leads where it should.
    fn wrong_choices(&self, scenario: &Scenario, desk: &Desk) -> Vec<String> {
        if self.menu.is_none() || !scenario.kind {
            return Vec::new();
        }
        let [Caller { habit, .. }] = scenario.callers.as_slice() else {
            return Vec::new();
        };
        // Star is a key too.
        let plain = habit.star.is_none();
        // Alarms come in at no menu.
        let inbound = desk.lines.iter().map(|(_, id)| &desk.calls[id]);
        let wrong = inbound.filter(|call| plain && call.hotline().0 != chosen(habit.menu));
        wrong.map(|call| format!("{:?} led to {}", habit.menu, call.hotline())).collect()
    }
}

/// Who is rung for this call and must not be.
fn rung_in_spite_of_it<'c>(expected: Expected, scenario: &Scenario, call: &'c Call) -> Option<&'c str> {
    let is_last_resort = |phone: &Phone| scenario.last_resort.iter().any(|person| person.has(phone.address()));
    let mut rung = (1..=600).map_while(|leg| call.leg(LegId(leg))).map(|leg| &leg.who.phone);
    let wrong = match expected {
        Expected::Search => None,
        Expected::LastResortOnly => rung.find(|phone| !is_last_resort(phone)),
        Expected::Message | Expected::TurnedAway => rung.next(),
    };
    wrong.map(Phone::address)
}
