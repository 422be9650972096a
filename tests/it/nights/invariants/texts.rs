//! What is promised of texts, in terms of people.

use super::super::desk::callbacks::Owed;
use super::Night;
use rotaline::call::{Call, Origin};
use rotaline::roster::Phone;
use std::collections::BTreeMap;

/// What a responder is texted who has asked for another one; each time.
const NOBODY_JOINS: &str = "nobody else could be reached";

/// What whoever is rung is texted.
const RINGS: &str = "is ringing you";

/// What a stranger is told of each of the texts for which phones ring.
const OF_HIS_TEXTS: [&str; 3] = ["have got your text", "looking after it", "nobody could take your text"];

/// What somebody is told once an hour, and what he is told of each text of his that may be lost.
const TOO_MANY: [&str; 4] = [
    "no more than 10 an hour",
    "had many texts",
    "may not have arrived",
    "do not reach the other side",
];

/// So often at most: a night is no longer, and loses no more texts.
const HOURS: usize = 12;

impl Night<'_> {
    /// A person's name, whichever of the phones it is; a number that nobody has is a person of its own.
    fn whose(&self, number: &str) -> String {
        self.scenario
            .owner(number)
            .map_or_else(|| number.to_owned(), |person| person.name.clone())
    }

    /// Of one call nobody gets the same text twice. What is told of a missed call names its instant, and an alarm has a name of
    /// its own; whom a caller rings more than once is texted for each of his calls.
    pub(super) fn nobody_gets_the_same_text_twice(&self) -> Vec<String> {
        let mut sent: BTreeMap<(String, &str), usize> = BTreeMap::new();
        for text in self.desk.network.texts() {
            *sent.entry((self.whose(&text.to), &text.body)).or_default() += 1;
        }
        let once = |((who, body), times): &(&(String, &str), &usize)| **times <= self.events_of(who, body);
        sent.iter()
            .filter(|one| !once(one))
            .map(|((who, body), times)| format!("{who} got {times} times: {body}"))
            .collect()
    }

    /// Of how many calls a text may be.
    fn events_of(&self, who: &str, body: &str) -> usize {
        let senders = self.desk.calls.values().filter_map(|call| match call.origin() {
            Origin::Text(stranger) => Some(self.whose(stranger.from.address())),
            Origin::Caller | Origin::Incident(_) | Origin::Callback(_) | Origin::Through(_) => None,
        });
        if body.contains(&format!("{RINGS} about a text message")) {
            return senders.count();
        }
        if OF_HIS_TEXTS.iter().any(|words| body.contains(words)) {
            return senders.filter(|sender| sender == who).count();
        }
        if TOO_MANY.iter().any(|words| body.contains(words)) {
            return HOURS;
        }
        if body.contains(NOBODY_JOINS) {
            return self.askings();
        }
        if body.contains(super::callbacks::OVERDUE) {
            let same = |owed: &&Owed| body.contains(owed.number.address());
            return self.desk.owed.values().filter(same).map(Owed::reminders).sum();
        }
        let calls = self
            .desk
            .calls
            .values()
            .filter(|call| call.incident().is_none() && call.calling_back().is_none());
        let is_it = |from: Option<&Phone>| from.map_or_else(|| body.contains("withheld"), |from| body.contains(from.address()));
        let calls = calls.filter(|call| is_it(call.from()));
        if body.contains(&format!("{RINGS}: a call from")) {
            return calls.count();
        }
        // Of the same caller at the same time: on the real store that is a minute.
        let at_that_time = |call: &&Call| call.plan().arrives.as_ref().is_some_and(|at| body.contains(at));
        calls.filter(at_that_time).count().max(1)
    }

    /// On a kind night whoever is rung, and has a phone that takes texts, is told so: once for each call, if that is wished.
    pub(super) fn whoever_is_rung_is_told_so(&self) -> Vec<String> {
        if !self.scenario.kind {
            return Vec::new();
        }
        let mut broken = Vec::new();
        for person in self.scenario.people.iter().chain(&self.scenario.last_resort) {
            let who = person.responder();
            let rings = |call: &&rotaline::call::Call| {
                let mut legs = (1..=600).map_while(|leg| call.leg(rotaline::call::LegId(leg)));
                legs.any(|leg| leg.who.has(&who.phone))
            };
            // Whoever has asked for it himself need not be told.
            let rung = self
                .desk
                .calls
                .values()
                .filter(|call| call.calling_back().is_none() && call.came_in_on() == rotaline::call::CALLER)
                .filter(rings)
                .count();
            let wished = self.scenario.rules.text_before_ringing && who.texted_on().is_some();
            let expected = if wished { rung } else { 0 };
            let texts = self.desk.network.texts().iter();
            let told = texts
                .filter(|text| text.body.contains(RINGS) && self.whose(&text.to) == person.name)
                .count();
            if told != expected {
                broken.push(format!("{} was rung for {rung} calls and told so {told} times", person.name));
            }
        }
        broken
    }
}
