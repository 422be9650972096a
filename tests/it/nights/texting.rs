//! Nights on which people text: strangers for whom phones ring, callers and responders after they have talked, machines that
//! answer every text. Drawn in terms of people; and what such nights promise.

use super::desk::Desk;
use super::scenario::{Scenario, number};
use chrono::{DateTime, TimeDelta, Utc};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rotaline::call::{Call, CallId, LegId, Origin, Outcome};
use rotaline::roster::Phone;
use rotaline::simulator::Sound;
use std::collections::BTreeSet;

/// Who texts, and when.
#[derive(Clone, Debug)]
pub(super) struct Texting {
    /// In ms after the beginning, from whom, and whether the carrier brings it twice. What they say is their place here.
    pub(super) texts: Vec<(i64, Phone, bool)>,
    /// Who answers every text with a text.
    pub(super) machines: Vec<Phone>,
}

/// A text on its way to the hotline.
#[derive(Clone, Debug)]
pub(super) struct Sent {
    pub(super) at: DateTime<Utc>,
    pub(super) from: Phone,
    pub(super) body: String,
    pub(super) again: bool,
}

/// What became of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Became {
    Answered,
    Refused,
    PassedOn,
    Rings,
    Added,
}

#[derive(Clone, Debug)]
pub(super) struct Taken {
    pub(super) id: String,
    pub(super) sender: Phone,
    pub(super) at: DateTime<Utc>,
    pub(super) body: String,
    pub(super) became: Became,
    pub(super) call: Option<CallId>,
    pub(super) answer: Option<String>,
}

/// Only in every seventh night and drawn apart from all else, so that the other nights stay the same.
pub(super) fn draw(seed: u64) -> Option<Texting> {
    if seed % 7 != 3 {
        return None;
    }
    let mut rng = ChaCha8Rng::seed_from_u64(seed ^ 0x0007_e875);
    let strangers = rng.random_range(0..=2);
    let mut texts = Vec::new();
    for stranger in 0..strangers {
        let first = rng.random_range(0..90_000);
        texts.push((first, number(600 + stranger), rng.random_bool(0.3)));
        for _ in 0..rng.random_range(0..=3) {
            texts.push((first + rng.random_range(1_000..300_000), number(600 + stranger), false));
        }
    }
    // Callers and people on call, at a time at which they may have talked, or not.
    for _ in 0..rng.random_range(1..=8) {
        let who = if rng.random_bool(0.5) { 500 } else { rng.random_range(1..=6) };
        texts.push((rng.random_range(20_000..600_000), number(who), rng.random_bool(0.2)));
    }
    let all: BTreeSet<&Phone> = texts.iter().map(|(_, from, _)| from).collect();
    let machines = all.into_iter().filter(|_| rng.random_bool(0.2)).cloned().collect();
    Some(Texting { texts, machines })
}

impl Texting {
    pub(super) fn sent(&self, begin: DateTime<Utc>) -> Vec<Sent> {
        let sent = self.texts.iter().enumerate().map(|(n, (at_ms, from, again))| Sent {
            at: begin + TimeDelta::milliseconds(*at_ms),
            from: from.clone(),
            body: format!("(text {n} of {})", &from.address()[from.address().len() - 3..]),
            again: *again,
        });
        sent.collect()
    }

    pub(super) fn broken(&self, scenario: &Scenario, desk: &Desk) -> Vec<String> {
        let night = Night { scenario, desk };
        let mut broken = night.nobody_reads_the_same_twice();
        broken.extend(night.nobody_reads_a_number());
        broken.extend(night.what_is_passed_on_ends());
        broken.extend(night.no_text_is_lost());
        broken
    }
}

struct Night<'n> {
    scenario: &'n Scenario,
    desk: &'n Desk,
}

impl Night<'_> {
    /// How many texts with these words this number was sent.
    fn read(&self, number: &str, words: &str) -> usize {
        let texts = self.desk.network.texts().iter();
        texts.filter(|text| text.to == number && text.body.contains(words)).count()
    }

    fn nobody_reads_the_same_twice(&self) -> Vec<String> {
        let readers: BTreeSet<&str> = self.desk.network.texts().iter().map(|text| text.to.as_str()).collect();
        let mut broken = Vec::new();
        for taken in &self.desk.texting.taken {
            let twice = readers.iter().filter(|reader| self.read(reader, &taken.body) > 1);
            broken.extend(twice.map(|reader| format!("{reader} reads {} more than once", taken.body)));
        }
        broken
    }

    /// In what somebody has texted nobody sees another one's number, but those who are told that nobody took it.
    fn nobody_reads_a_number(&self) -> Vec<String> {
        let texts = self
            .desk
            .network
            .texts()
            .iter()
            .filter(|text| !text.body.contains("nobody has taken a text from"));
        let quoting = texts.filter(|text| text.body.contains("(text ") || text.body.contains("(answer "));
        let shown = quoting.filter(|text| text.body.contains("614915"));
        shown.map(|text| format!("{} sees a number: {}", text.to, text.body)).collect()
    }

    /// Of one sender no more than ten texts within an hour reach anybody.
    fn what_is_passed_on_ends(&self) -> Vec<String> {
        let mut broken = Vec::new();
        let passed_on: Vec<_> = self
            .desk
            .network
            .texts()
            .iter()
            .filter(|text| text.body.starts_with("Hotline lab & co: (") || text.body.starts_with("Caller of "))
            .collect();
        for text in &passed_on {
            let within = |other: &&&rotaline::simulator::heard::Text| other.at <= text.at && text.at - other.at < TimeDelta::minutes(59);
            // Who wrote it stands at its end.
            let writer = |body: &str| body.trim_end_matches(')').rsplit(' ').next().map(str::to_owned);
            let same = passed_on
                .iter()
                .filter(within)
                .filter(|other| writer(&other.body) == writer(&text.body));
            let count = same.count();
            if count > 10 {
                broken.push(format!("{count} texts within an hour, the last to {}: {}", text.to, text.body));
            }
        }
        broken
    }

    /// Whatever somebody texts is read by somebody, or he is told that it is not.
    fn no_text_is_lost(&self) -> Vec<String> {
        let mut broken = Vec::new();
        for taken in &self.desk.texting.taken {
            let sender = taken.sender.address();
            let right = match (taken.became, taken.call.map(|call| &self.desk.calls[&call])) {
                (Became::Answered, _) => false,
                (Became::Refused, _) => self.read(sender, "Please call") > 0 || !self.scenario.kind,
                (Became::PassedOn, Some(_)) => !self.scenario.kind || self.read_by_another(taken),
                (Became::Rings | Became::Added, Some(call)) => self.is_looked_after(taken, call),
                (Became::PassedOn | Became::Rings | Became::Added, None) => false,
            };
            if !right {
                broken.push(format!("{} is lost: {taken:?}", taken.body));
            }
        }
        broken
    }

    fn read_by_another(&self, taken: &Taken) -> bool {
        let texts = self.desk.network.texts().iter();
        let read = texts.filter(|text| text.body.contains(&taken.body));
        read.filter(|text| text.to != taken.sender.address()).count() == 1
    }

    /// Whoever has no phone that takes texts has heard it, and is told the number to call.
    fn heard_without_a_text(&self, taken: &Taken, call: &Call) -> bool {
        let legs = (1..=600).map_while(|leg| call.leg(LegId(leg)));
        legs.filter(|leg| leg.who.texted_on().is_none())
            .filter_map(|leg| leg.line.as_ref())
            .any(|line| {
                let heard = self.desk.network.heard(&line.0);
                let says = |words: &str| {
                    heard
                        .iter()
                        .any(|heard| matches!(&heard.what, Sound::Said(said) if said.contains(words)))
                };
                says(&taken.body) && says("Please call")
            })
    }

    fn is_looked_after(&self, taken: &Taken, call: &Call) -> bool {
        let sender = taken.sender.address();
        let is_his = matches!(call.origin(), Origin::Text(stranger) if stranger.from == taken.sender);
        let told = |words: &str| !self.scenario.kind || self.read(sender, words) > 0;
        let is_right = match call.outcome() {
            Some(Outcome::Acknowledged) => {
                told("Somebody is looking after it")
                    && (!self.scenario.kind || self.read_by_another(taken) || self.heard_without_a_text(taken, call))
            }
            Some(Outcome::Unacknowledged) => {
                let tell = &self.scenario.rules.tell;
                told("nobody could take your text")
                    && (!self.scenario.kind || tell.iter().all(|to| self.read(to.address(), &taken.body) == 1))
            }
            Some(
                Outcome::Served
                | Outcome::Recorded
                | Outcome::CallbackAsked
                | Outcome::CallerHungUp
                | Outcome::NoMessage
                | Outcome::CutOff
                | Outcome::Refused
                | Outcome::Resolved
                | Outcome::CalledBack
                | Outcome::NotCalledBack
                | Outcome::PutThrough
                | Outcome::NotPutThrough,
            )
            | None => false,
        };
        is_his && is_right
    }
}
