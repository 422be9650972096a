//! What is promised to callers who ask to be called back, in terms of people.

use super::super::askers::may_want;
use super::{Caller, Night};
use rotaline::call::{CallId, Outcome};
use rotaline::simulator::habits::AtQuestion;
use rotaline::simulator::heard::{Sound, Text};
use std::collections::BTreeMap;

/// Said to whoever is promised a callback, and to nobody else.
const NOTED: &str = "Thank you. You will be called back on ";
/// In the text about a callback that was asked for, and in that about one which is overdue.
const ASKS: &str = "asks to be called back on ";
pub(super) const OVERDUE: &str = "has been open for ";

/// Whether a text is about a call that was missed.
pub(super) fn is_of_a_missed_call(text: &Text) -> bool {
    !text.body.contains("the alarm") && !text.body.contains(OVERDUE) && !text.body.contains(" is closed. ")
}

/// Whether the caller may press 1 when he is asked whether to search again: he takes questions as they come.
pub(super) fn may_press_1(caller: &Caller) -> bool {
    match caller.habit.question {
        AtQuestion::Presses(key) | AtQuestion::PressesOnce(key) => key == '1',
        AtQuestion::TypesNumber(_) | AtQuestion::MistypesNumber(..) | AtQuestion::WaitsOnThenAsks => true,
        AtQuestion::Silent | AtQuestion::HangsUp => false,
    }
}

impl Night<'_> {
    fn place_of(&self, caller: &Caller) -> usize {
        let callers = &self.scenario.callers;
        callers.iter().position(|other| std::ptr::eq(other, caller)).unwrap()
    }

    fn id_of(&self, line: &str) -> CallId {
        self.desk.lines.iter().find(|(known, _)| known == line).unwrap().1
    }

    /// The numbers on which a line was told that it will be called back.
    fn noted(&self, line: &str) -> Vec<String> {
        let heard = self.desk.network.heard(line);
        let words = heard.iter().filter_map(|heard| match &heard.what {
            Sound::Said(words) => words.split_once(NOTED).map(|(_, rest)| rest.to_owned()),
            Sound::Ring | Sound::Silence | Sound::Music(_) | Sound::Beep | Sound::Voice(_) | Sound::Recording => None,
        });
        let number = |rest: String| rest.split('.').next().unwrap_or_default().replace("plus", "+").replace(' ', "");
        words.map(number).collect()
    }

    /// Whoever has heard that he is called back has a row with that very number, and it is the one that he wants.
    pub(super) fn who_is_promised_a_callback_is_owed_it(&self) -> Vec<String> {
        let mut broken = Vec::new();
        for (line, call, caller) in self.calls() {
            let owed = self.desk.owed.get(&self.id_of(line));
            let wanted = may_want(self.scenario, self.place_of(caller));
            for number in self.noted(line) {
                if owed.is_none_or(|owed| owed.number.address() != number) {
                    broken.push(format!("{line} was promised a call on {number}, and is forgotten: {owed:?}"));
                }
            }
            if let Some(owed) = owed {
                if !wanted.contains(owed.number.address()) {
                    broken.push(format!("{line} is to be called on {}, and wants {wanted:?}", owed.number.address()));
                }
                // Whoever talks with somebody after that has been looked after.
                if call.outcome() != Some(Outcome::CallbackAsked) {
                    broken.push(format!("{line} is owed a call, and ended {:?}", call.outcome()));
                }
            } else if call.outcome() == Some(Outcome::CallbackAsked) {
                broken.push(format!("{line} has asked, and nothing is kept"));
            }
        }
        broken
    }

    /// Somebody is told of each promise, nobody twice; of one that nobody keeps, once more each time that it is open for too long.
    pub(super) fn promises_are_told_once_and_reminded_of_once(&self) -> Vec<String> {
        let mut broken = Vec::new();
        let mut promises: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
        for owed in self.desk.owed.values() {
            let count = promises.entry(owed.number.address()).or_default();
            count.0 += 1;
            count.1 += owed.reminders();
        }
        for (number, (promised, overdue)) in promises {
            for (what, most) in [(ASKS, promised), (OVERDUE, overdue)] {
                let mut told: BTreeMap<&str, usize> = BTreeMap::new();
                let texts = self.desk.network.texts().iter();
                for text in texts.filter(|text| text.body.contains(what) && text.body.contains(number)) {
                    *told.entry(&text.to).or_default() += 1;
                }
                let times: usize = told.values().sum();
                if self.scenario.kind && times < most {
                    broken.push(format!("told {times} times of {most}: {what} {number}"));
                }
                let often = told.into_iter().filter(|(_, times)| *times > most);
                broken.extend(often.map(|(to, times)| format!("{to} was told {times} times: {what} {number}, of {most}")));
            }
        }
        broken
    }
}
