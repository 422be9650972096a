//! The words of a column of roles (`Primary`, `L2`, `Backup`, `Shadow`, `Annual leave`): who is rung in which place, and
//! who never. It must not know times or people.

use crate::roster::cells::words::{fold, quote};
use crate::roster::conventions::{Conventions, Unordered};
use crate::roster::findings::{Findings, Words};
use crate::roster::layouts::header::words;
use crate::roster::slots::Order;
use crate::roster::terms::{Meaning, Place};
use crate::roster::{Code, Severity};
use providers::CellAddress;
use std::collections::BTreeMap;

/// Different words of one column beyond this have no place of their own.
const WORDS_AT_MOST: usize = 1_000;

/// Headers of such columns.
#[rustfmt::skip]
const HEADERS: &[&str] = &[
    "role", "tier", "level", "priority", "position", "rank", "layer", "type", "order", "function", "escalation level", "on call level",
    "oncall level", "call level", "on call role", "oncall role", "on call tier", "escalation", "shift role", "duty role", "rolle", "stufe",
    "funktion", "ebene", "fonction", "niveau", "rol", "nivel", "funcion", "ruolo", "livello", "funcao",
];
/// Words of rows that say that somebody is away.
#[rustfmt::skip]
const AWAY: &[&str] = &[
    "leave", "holiday", "holidays", "vacation", "sick", "sickness", "off", "day off", "days off", "rest", "rest day", "absent", "absence",
    "pto", "toil", "a l", "al", "unavailable", "not available", "urlaub", "krank", "frei", "abwesend", "conge", "conges", "repos", "rtt",
    "maladie", "absence", "vacaciones", "libre", "baja", "ausente", "ferie", "ferias",
];
/// Words inside longer ones that say so.
const AWAY_WITHIN: &[&str] = &["leave", "holiday", "vacation", "sick", "urlaub", "conges", "vacaciones"];
/// A second level that comes behind one called second.
#[rustfmt::skip]
const RESERVE: &[&str] = &[
    "backup", "back up", "reserve", "standby", "stand by", "ersatz", "renfort", "reserva", "reten",
];

/// What a role comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Rings(Order),
    /// Never rung, because its word says so: a shadow.
    Silent,
    /// On leave.
    Away,
}

/// The roles of one tab.
#[derive(Debug, Default)]
pub(crate) struct Roles {
    known: BTreeMap<String, Role>,
    /// Words of the same level, of which the second is rung after the first.
    twins: Option<(String, String)>,
}

/// Whether a header stands above roles.
pub(crate) fn is_header(words: &str) -> bool {
    HEADERS.contains(&words)
}

/// Whether a word says that somebody is away.
pub(crate) fn is_away(text: &str) -> bool {
    let folded = fold(text);
    AWAY.contains(&folded.as_str()) || folded.split(' ').any(|word| AWAY_WITHIN.contains(&word))
}

impl Roles {
    /// Gives every word its place; `texts` come in the order of the sheet.
    pub(crate) fn of(texts: impl Iterator<Item = String>, conventions: &Conventions) -> Self {
        let mut roles = Self::default();
        let mut by_level: BTreeMap<u16, Vec<String>> = BTreeMap::new();
        for text in texts {
            let key = fold(&text);
            if roles.known.contains_key(&key) || roles.known.len() >= WORDS_AT_MOST {
                continue;
            }
            let role = role(&text, conventions);
            if let Role::Rings(Order::Level(level)) = role {
                by_level.entry(level).or_default().push(text);
            }
            roles.known.insert(key, role);
        }
        roles.part_reserves(&by_level);
        roles
    }

    /// `Backup` beside `Secondary`: both are second words, and the backup comes behind all numbered ones.
    fn part_reserves(&mut self, by_level: &BTreeMap<u16, Vec<String>>) {
        let behind = by_level.keys().last().map_or(0, |last| last + 1);
        for texts in by_level.values() {
            let (reserves, firsts): (Vec<&String>, Vec<&String>) = texts.iter().partition(|text| RESERVE.contains(&words(text).as_str()));
            let (Some(first), Some(reserve)) = (firsts.first(), reserves.first()) else {
                continue;
            };
            self.twins = Some(((*first).clone(), (*reserve).clone()));
            for reserve in reserves {
                self.known.insert(fold(reserve), Role::Rings(Order::Level(behind)));
            }
        }
    }

    /// The place of a word; without one nothing says the order.
    pub(crate) fn place(&self, text: &str) -> Role {
        self.known.get(&fold(text)).copied().unwrap_or(Role::Rings(Order::Listed))
    }

    /// How people are rung whose order nothing says.
    pub(crate) fn unordered(&self, conventions: &Conventions) -> Order {
        let levels = self.known.values().filter_map(|role| match role {
            Role::Rings(Order::Level(level)) => Some(level + 1),
            Role::Rings(Order::Listed | Order::Last) | Role::Silent | Role::Away => None,
        });
        match conventions.unordered {
            Some(Unordered::Together) => Order::Level(levels.max().unwrap_or(0)),
            Some(Unordered::AsListed) | None => Order::Listed,
        }
    }

    /// Says what was made of two words for one level.
    pub(crate) fn report(&self, cell: CellAddress, findings: &mut Findings) {
        let Some((first, reserve)) = &self.twins else { return };
        let words = Words::new(
            format!("{} and {} both say the second level.", quote(first.trim()), quote(reserve.trim())),
            format!(
                "{} is rung after {} and after every numbered level.",
                quote(reserve.trim()),
                quote(first.trim())
            ),
            format!(
                "If that is meant, say so in Settings: Order | Primary, {}, {} (all words that ring, first to last).",
                first.trim(),
                reserve.trim()
            ),
        );
        findings.tell(Code::OrderUnstated, Severity::Warn, Some(cell), words);
    }
}

fn role(text: &str, conventions: &Conventions) -> Role {
    match conventions.terms.label(text) {
        Some(Meaning::Silent) if is_away(text) => Role::Away,
        Some(Meaning::Silent) => Role::Silent,
        Some(Meaning::Rings(term)) => match term.level {
            Some(Place::Level(level)) => Role::Rings(Order::Level(level)),
            Some(Place::Last) => Role::Rings(Order::Last),
            None => Role::Rings(Order::Listed),
        },
        None if is_away(text) => Role::Away,
        None => Role::Rings(Order::Listed),
    }
}
