//! What a night is made of, drawn from its seed: who is on call, what people do, how unkind the network is.

use super::door::Door;
use super::redials::Redials;
use super::ringers::Ringers;
use super::texting::{self, Texting};
use chrono::{DateTime, TimeDelta, Utc};
use providers::{AddressStyle, CellAddress};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rotaline::call::{Rules, Screening};
use rotaline::roster::{Duty, Level, Phone, Roster};
use rotaline::simulator::habits::{AtAnnouncement, AtMenu, AtQuestion, AtStar, AtTone, CallerHabit, Delay, Habit};
use rotaline::simulator::mischief::Mischief;
use std::collections::BTreeMap;
use std::sync::Arc;

#[derive(Clone, Debug)]
pub(super) struct Scenario {
    pub(super) seed: u64,
    pub(super) rules: Rules,
    /// Indices of people, level by level, as the sheet has them: a number may come twice.
    pub(super) levels: Vec<Vec<usize>>,
    pub(super) people: Vec<Person>,
    pub(super) last_resort: Option<Person>,
    /// Who is away, by index, from when until when in ms after the beginning.
    pub(super) away: BTreeMap<usize, (i64, i64)>,
    pub(super) callers: Vec<Caller>,
    pub(super) alarms: Vec<Alarm>,
    /// Who texts; none, nobody.
    pub(super) texting: Option<Texting>,
    pub(super) mischief: Mischief,
    pub(super) kind: bool,
    pub(super) tells_line_status: bool,
    /// What callers meet before anybody is rung; none, nothing.
    pub(super) door: Option<Door>,
    /// How long after the promise each call's callback is done, if at all; calls count from 1.
    pub(super) callbacks_done_ms: Vec<Option<i64>>,
    /// How long after that it is opened again, if at all.
    pub(super) callbacks_reopened_ms: Vec<Option<i64>>,
    /// Who makes callbacks; none, nobody.
    pub(super) ringers: Option<Ringers>,
    /// Who dials the hotline after a talk; none, nobody.
    pub(super) redials: Option<Redials>,
    /// Whether the store and REST fail now and then, and the process dies; only on nights on the real store.
    pub(super) troubled: bool,
}

#[derive(Clone, Debug)]
pub(super) struct Person {
    pub(super) name: String,
    pub(super) number: Phone,
    pub(super) habit: Habit,
    /// Another phone, and what is done when that one rings.
    pub(super) second: Option<(Phone, Habit)>,
}

#[derive(Clone, Debug)]
pub(super) struct Caller {
    pub(super) at_ms: i64,
    pub(super) from: Option<Phone>,
    pub(super) habit: CallerHabit,
}

pub(super) fn number(last: usize) -> Phone {
    Phone::from_e164(&format!("+614915{last:05}")).unwrap()
}

/// Raised without a caller; it may be over by itself.
#[derive(Clone, Debug)]
pub(super) struct Alarm {
    pub(super) at_ms: i64,
    pub(super) title: String,
    pub(super) over_ms: Option<i64>,
}

impl Scenario {
    pub(super) fn draw(seed: u64) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed ^ 0x0526_f7a1);
        let rng = &mut rng;
        let people: Vec<Person> = (1..=6)
            .map(|n| Person {
                name: format!("Person {n}"),
                number: number(n),
                habit: responder(rng),
                second: None,
            })
            .collect();
        let level_count = if rng.random_bool(0.05) { 0 } else { rng.random_range(1..=3) };
        let levels = (0..level_count)
            .map(|_| (0..rng.random_range(1..=2)).map(|_| rng.random_range(0..people.len())).collect())
            .collect();
        let last_resort = rng.random_bool(0.6).then(|| Person {
            name: "Desk".into(),
            number: number(900),
            habit: responder(rng),
            second: None,
        });
        let kind = rng.random_bool(0.5);
        let count = if rng.random_bool(0.6) { 1 } else { rng.random_range(2..=4) };
        let callers = (0..count).map(|n| caller(n, rng)).collect();
        let texting = texting::draw(seed);
        Self {
            seed,
            rules: Rules {
                relay_minutes: if texting.is_some() { 30 } else { 0 },
                ..rules(rng)
            },
            texting,
            levels,
            people,
            last_resort,
            away: away(seed, 6),
            callers,
            alarms: alarms(seed),
            mischief: if kind { Mischief::none() } else { Mischief::bad_night() },
            kind,
            tells_line_status: rng.random_bool(0.7),
            door: None,
            callbacks_done_ms: Vec::new(),
            callbacks_reopened_ms: Vec::new(),
            ringers: None,
            redials: None,
            troubled: false,
        }
        .with_other_phones()
    }
}

impl Scenario {
    /// Whether one caller is all that happens.
    pub(super) fn is_lone(&self) -> bool {
        self.callers.len() == 1 && self.alarms.is_empty() && self.texting.is_none() && self.ringers.is_none()
    }

    /// Whether the person with this number is away so many ms after the beginning.
    pub(super) fn is_away(&self, number: &str, at_ms: i64) -> bool {
        let away = self.spans_away(number);
        away.into_iter().any(|(from, until)| (from..until).contains(&at_ms))
    }

    /// When the person with this number is away; nothing for who never is.
    pub(super) fn spans_away(&self, number: &str) -> Option<(i64, i64)> {
        let who = self.people.iter().chain(&self.last_resort).position(|person| person.has(number))?;
        self.away.get(&who).copied()
    }

    /// The same people, of whom some press star in the middle of a talk, on a hotline where that means something.
    pub(super) fn with_the_key(mut self) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(self.seed ^ 0x0057_a12a);
        self.rules.bring_in_key = true;
        for person in self.people.iter_mut().chain(&mut self.last_resort) {
            let (often, then) = (rng.random_bool(0.7), rng.random_range(0..8));
            let star = Delay::between(200, 40_000);
            let talk = rng.random_bool(0.5).then_some(Delay::between(5_000, 90_000));
            let then = match then {
                0..=4 => AtStar::BringsIn,
                5 => AtStar::GoesBack,
                6 => AtStar::Silent,
                _ => AtStar::HangsUp,
            };
            if let (true, Habit::Accepts { after, .. } | Habit::AcceptsAtOnce { after, .. }) = (often, person.habit) {
                person.habit = Habit::StepsAside { after, star, then, talk };
            }
        }
        self
    }

    /// The same people, of whom little is heard: most notices are lost, some who have accepted lose their lines on the way, and
    /// some who wait hear silence and ask for nothing more. Callers stay until they are asked something, because whoever
    /// hangs up unheard can be told by nobody else then.
    pub(super) fn in_silence(mut self) -> Self {
        self.kind = false;
        self.mischief = Mischief {
            lose: 0.6,
            unheard: 0.3,
            ..Mischief::none()
        };
        for caller in &mut self.callers {
            caller.habit.patience = None;
            caller.habit.star = None;
        }
        self
    }

    /// The same people on a bad network, which does not tell when a caller has hung up.
    pub(super) fn on_a_bad_network(mut self) -> Self {
        self.kind = false;
        self.mischief = Mischief::bad_night();
        self.tells_line_status = false;
        self
    }
}

/// Only in every fifth night and drawn apart from all else, so that the other nights stay the same.
fn alarms(seed: u64) -> Vec<Alarm> {
    if seed % 5 != 1 {
        return Vec::new();
    }
    let mut rng = ChaCha8Rng::seed_from_u64(seed ^ 0x000a_1a12);
    let count = if rng.random_bool(0.7) { 1 } else { 2 };
    let alarm = |n: usize| {
        let at_ms = rng.random_range(0..90_000);
        let longest = if rng.random_bool(0.7) { 120_000 } else { 2_400_000 };
        let lasts = rng.random_range(1_000..longest);
        Alarm {
            at_ms,
            title: format!("Alarm {n} of <fire> & \"smoke\""),
            over_ms: rng.random_bool(0.5).then_some(at_ms + lasts),
        }
    };
    (1..=count).map(alarm).collect()
}

/// Drawn apart from all else, so that the people of a seed stay the same. The last resort has the index after the others.
fn away(seed: u64, last_resort: usize) -> BTreeMap<usize, (i64, i64)> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed ^ 0x000a_3a70);
    if rng.random_bool(0.6) {
        return BTreeMap::new();
    }
    let often = [0.3, 0.6, 0.95][rng.random_range(0..3)];
    let mut away = BTreeMap::new();
    for who in 0..=last_resort {
        let all_night = rng.random_bool(0.6);
        let (from, lasting) = (rng.random_range(-60_000..60_000), rng.random_range(5_000..150_000));
        if rng.random_bool(if who == last_resort { 0.2 } else { often }) {
            away.insert(who, if all_night { (-60_000, i64::MAX) } else { (from, from + lasting) });
        }
    }
    away
}

fn rules(rng: &mut ChaCha8Rng) -> Rules {
    let screening = match rng.random_range(0..8) {
        0 => Screening::None,
        1 | 2 => Screening::MachineDetection,
        3 | 4 => Screening::Both,
        _ => Screening::Press1,
    };
    Rules {
        ring_seconds: rng.random_range(10..=30),
        rounds: rng.random_range(1..=3),
        screening,
        accept_seconds: rng.random_range(20..=35),
        max_wait_seconds: rng.random_range(40..=300),
        shortest_talk_seconds: 3,
        max_talk_seconds: 3_600,
        max_message_seconds: rng.random_range(20..=120),
        tell: (0..rng.random_range(0..=2)).map(|n| number(700 + n)).collect(),
        ..Rules::default()
    }
}

pub(super) fn responder(rng: &mut ChaCha8Rng) -> Habit {
    let after = Delay::between(500, 12_000);
    let talk = rng.random_bool(0.6).then_some(Delay::between(1_000, 90_000));
    match rng.random_range(0..22) {
        0..=4 => Habit::Accepts { after, talk },
        5 => Habit::AcceptsAtOnce { after, talk },
        6 => Habit::AcceptsLate,
        7 | 8 => Habit::Ignores,
        9 => Habit::Busy,
        10 => Habit::Rejects { after },
        11 | 12 => Habit::Voicemail {
            after,
            greeting: Delay::between(1_000, 20_000),
        },
        13 => Habit::CallScreening {
            after,
            screening: Delay::between(3_000, 9_000),
        },
        14 => Habit::WrongKey {
            after,
            key: ['3', '0', '*', '#'][rng.random_range(0..4)],
        },
        15 | 16 => Habit::Declines { after },
        17 => Habit::PressesNothing { after },
        18 => Habit::HangsUp {
            after,
            listens: Delay::between(100, 25_000),
        },
        19 => Habit::DropsWhileJoining { after },
        20 => Habit::Unreachable,
        _ => Habit::InvalidNumber,
    }
}

fn caller(n: usize, rng: &mut ChaCha8Rng) -> Caller {
    let from = match rng.random_range(0..20) {
        0 | 1 => None,
        2 => Some(number(rng.random_range(1..=6))),
        _ => Some(number(500 + n)),
    };
    let sometimes = |rng: &mut ChaCha8Rng, often: f64, delay: Delay| rng.random_bool(often).then_some(delay);
    let question = match rng.random_range(0..4) {
        0 => AtQuestion::Presses('1'),
        1 => AtQuestion::PressesOnce('1'),
        2 => AtQuestion::HangsUp,
        _ => AtQuestion::Silent,
    };
    let tone = match rng.random_range(0..5) {
        0 => AtTone::HangsUp,
        1 => AtTone::Speaks(rng.random_range(2..60)),
        2 => AtTone::SpeaksThenHash(rng.random_range(2..60)),
        3 => AtTone::SpeaksThenWaits(rng.random_range(2..60)),
        _ => AtTone::Silent,
    };
    Caller {
        at_ms: if n == 0 { 0 } else { rng.random_range(0..60_000) },
        from,
        habit: CallerHabit {
            patience: sometimes(rng, 0.4, Delay::between(1_000, 240_000)),
            star: sometimes(rng, 0.1, Delay::between(3_000, 120_000)),
            talk: sometimes(rng, 0.6, Delay::between(1_000, 120_000)),
            menu: AtMenu::Unexpected,
            announcement: AtAnnouncement::Unexpected,
            question,
            tone,
        },
    }
}

/// One duty that lasts the whole night, so that the plan is made as it is made in earnest.
pub(super) fn roster(scenario: &Scenario, begin: DateTime<Utc>) -> Roster {
    let level = |(n, people): (usize, &Vec<usize>)| Level {
        label: Arc::from(["1st", "2nd", "3rd"][n]),
        responders: people.iter().map(|p| Arc::new(scenario.people[*p].responder())).collect(),
        source: CellAddress::new("Rota", AddressStyle::Grid, 2, u32::try_from(n + 2).unwrap()),
        is_change: false,
    };
    let levels = scenario.levels.iter().enumerate().map(level).collect();
    let duty = Duty {
        from: begin - TimeDelta::days(1),
        until: begin + TimeDelta::days(2),
        levels,
        nobody: None,
    };
    Roster::new(chrono_tz::Australia::Melbourne, vec![], None, vec![duty])
}
