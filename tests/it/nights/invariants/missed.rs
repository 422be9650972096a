//! What people are told of calls that nobody took.

use super::super::desk::hotline;
use super::Night;
use super::callbacks::is_of_a_missed_call;
use rotaline::call::{Origin, Outcome};

impl Night<'_> {
    pub(super) fn missed_calls_are_told_once(&self) -> Vec<String> {
        let missed = self
            .desk
            .calls
            .values()
            .filter(|call| *call.origin() == Origin::Caller && !matches!(call.outcome(), Some(Outcome::Served | Outcome::Refused)))
            .count();
        let mut broken = Vec::new();
        for to in &self.scenario.rules.tell {
            let told = self
                .desk
                .network
                .texts()
                .iter()
                .filter(|text| {
                    text.to == to.address()
                        && text.from == hotline().address()
                        && is_of_a_missed_call(text)
                        && !text.body.contains("has taken a text")
                })
                .count();
            if told > missed || (self.scenario.kind && told < missed) {
                broken.push(format!("{} was told {told} times of {missed} missed calls", to.address()));
            }
        }
        broken
    }
}
