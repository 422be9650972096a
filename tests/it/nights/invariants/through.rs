//! What is promised to responders who dial the hotline after a talk, and to their callers.

use super::{MOMENT, Night, UNNOTICED, end};
use chrono::{DateTime, TimeDelta, Utc};
use rotaline::call::{CALLER, Call, LegId, Origin, Outcome, Through};
use rotaline::simulator::habits::AtMenu;
use rotaline::simulator::heard::Sound;

const RESPONDER: LegId = LegId(1);
/// After a talk the caller may be asked whether to search on; the relay begins when he has hung up.
const ASKED_FOR: TimeDelta = TimeDelta::seconds(90);
/// Said to whoever may be put through.
const QUESTION: &str = "Press 1 to be put through to the caller of ";
/// Said to whoever is, until the caller is there, or why he is not.
const ANSWERS: [&str; 2] = ["The caller's phone is ringing", "You can send a text to this number instead"];

impl Night<'_> {
    fn put_through(&self) -> impl Iterator<Item = (&Call, &Through)> {
        let calls = self.desk.redialled.iter().map(|id| &self.desk.calls[id]);
        calls.filter_map(|call| match call.origin() {
            Origin::Through(through) => Some((call, through)),
            Origin::Caller | Origin::Incident(_) | Origin::Text(_) | Origin::Callback(_) => None,
        })
    }

    /// Whether this line is a caller's who is rung for a responder.
    pub(super) fn is_rung_again(&self, sid: &str) -> bool {
        self.put_through()
            .any(|(call, _)| call.line(CALLER).is_some_and(|line| line.0 == sid))
    }

    /// The callers who may be rung.
    pub(super) fn of_redials(&self) -> impl Iterator<Item = &str> {
        self.put_through().map(|(_, through)| through.number.address())
    }

    fn said(&self, sid: &str, words: &str) -> bool {
        let heard = self.desk.network.heard(sid).iter();
        heard
            .filter_map(|heard| if let Sound::Said(said) = &heard.what { Some(said) } else { None })
            .any(|said| said.contains(words))
    }

    /// To the caller with whom he has talked, within the time; and neither hears the other's number.
    pub(super) fn who_is_put_through_has_talked_with_the_caller(&self) -> Vec<String> {
        let patience = ASKED_FOR
            + if self.scenario.kind {
                MOMENT
            } else {
                UNNOTICED + self.latest_notice()
            };
        let within = TimeDelta::minutes(i64::from(self.scenario.rules.relay_minutes)) + patience;
        let mut broken = Vec::new();
        for (call, through) in self.put_through() {
            let Some(by) = call.leg(RESPONDER).map(|leg| &leg.who) else {
                broken.push(format!("call {} is nobody's", call.id()));
                continue;
            };
            let is_theirs = |talk: &&rotaline::simulator::heard::Talk| {
                let is_in = |number: &str| talk.numbers.iter().any(|other| other == number);
                is_in(through.number.address()) && by.phones().any(|phone| is_in(phone.address()))
            };
            let before =
                |talk: &&rotaline::simulator::heard::Talk| talk.from < call.arrived_at() && call.arrived_at() <= end(talk) + within;
            if !self.talks.iter().filter(is_theirs).any(|talk| before(&talk)) {
                broken.push(format!(
                    "call {}: {} is put through to {}, with whom he has not talked",
                    call.id(),
                    by.name,
                    through.number.address()
                ));
            }
            let number = through.number.address();
            if call.line(RESPONDER).is_some_and(|line| self.said(&line.0, number)) {
                broken.push(format!("{} hears {number}", by.name));
            }
        }
        broken
    }

    /// The caller, and nobody else.
    pub(super) fn nobody_else_is_rung_for_a_redial(&self) -> Vec<String> {
        let mut broken = Vec::new();
        for (call, through) in self.put_through() {
            let others = self.desk.ordered.keys().filter(|(id, leg)| *id == call.id() && *leg != CALLER);
            broken.extend(others.map(|(id, leg)| format!("leg {leg} is ordered for call {id}")));
            let rung = call.line(CALLER).and_then(|line| self.desk.network.number_of(&line.0));
            if let Some(number) = rung.filter(|number| *number != through.number.address()) {
                broken.push(format!("{number} is rung in call {}", call.id()));
            }
        }
        broken
    }

    /// Two are never put through to one caller at the same time.
    pub(super) fn nobody_is_rung_by_two_redials(&self) -> Vec<String> {
        let mut spans: Vec<(&str, DateTime<Utc>, DateTime<Utc>)> = Vec::new();
        let mut broken = Vec::new();
        for (call, through) in self.put_through() {
            let Some(line) = call.line(CALLER) else { continue };
            let over = self.desk.network.ended_at(&line.0).unwrap_or(DateTime::<Utc>::MAX_UTC);
            let (number, from) = (through.number.address(), call.arrived_at());
            let clash = spans
                .iter()
                .find(|(other, since, until)| *other == number && from < *until && *since < over);
            broken.extend(clash.map(|clash| format!("{number} is rung for two at once: {clash:?}")));
            spans.push((number, from, over));
        }
        broken
    }

    /// On a kind night, whoever hears the question out and presses 1 hears what comes of it.
    pub(super) fn who_presses_1_is_put_through(&self) -> Vec<String> {
        let redials = self.scenario.redials.is_some() && self.scenario.kind;
        let mut broken = Vec::new();
        for (line, id) in self.desk.lines.iter().filter(|_| redials) {
            let caller = self.caller_of(line);
            let in_time = caller.habit.patience.is_none() && !self.desk.asked_too_late.contains(line);
            let presses_1 = caller.habit.menu == AtMenu::Presses('1') && in_time;
            if presses_1 && self.said(line, QUESTION) && !ANSWERS.iter().any(|words| self.said(line, words)) && !self.talked_at_once(line) {
                broken.push(format!("{line} pressed 1 and was not put through: call {id}"));
            }
        }
        broken
    }

    /// The caller may be there before anything was said.
    fn talked_at_once(&self, line: &str) -> bool {
        self.talks.iter().any(|talk| talk.sids.iter().any(|sid| sid == line))
    }

    /// Whether they have talked is what the call says; and whoever waits for a caller who does not come hears so.
    pub(super) fn redials_end_as_they_say(&self) -> Vec<String> {
        let kind = self.scenario.kind;
        let mut broken = Vec::new();
        for (call, _) in self.put_through() {
            let lines: Vec<&str> = [RESPONDER, CALLER]
                .into_iter()
                .filter_map(|leg| Some(call.line(leg)?.0.as_str()))
                .collect();
            let together = self
                .talks
                .iter()
                .find(|talk| lines.len() == 2 && lines.iter().all(|line| talk.sids.iter().any(|sid| sid == line)));
            let talked = together.map(|talk| end(talk) - talk.from);
            let right = match call.outcome() {
                Some(Outcome::PutThrough) => talked.is_some_and(|talked| !kind || talked >= MOMENT),
                Some(Outcome::NotPutThrough) => !kind || talked.is_none_or(|talked| talked <= MOMENT),
                Some(
                    Outcome::Served
                    | Outcome::Recorded
                    | Outcome::CallbackAsked
                    | Outcome::CallerHungUp
                    | Outcome::NoMessage
                    | Outcome::CutOff
                    | Outcome::Refused
                    | Outcome::Acknowledged
                    | Outcome::Resolved
                    | Outcome::Unacknowledged
                    | Outcome::CalledBack
                    | Outcome::NotCalledBack,
                )
                | None => false,
            };
            if !right {
                broken.push(format!("call {} ended {:?}, talked {talked:?}", call.id(), call.outcome()));
            }
            let Some(line) = call.line(RESPONDER) else { continue };
            let stays = self.caller_of(&line.0).habit.patience.is_none();
            if kind && stays && talked.is_none() && !self.said(&line.0, ANSWERS[1]) {
                broken.push(format!("nobody told {} why there is no caller", line.0));
            }
        }
        broken
    }

    /// Apart from talking, nobody is on the line for long.
    pub(super) fn nobody_waits_long_for_a_redial(&self) -> Vec<String> {
        let bound = TimeDelta::seconds(i64::from(2 * self.scenario.rules.ring_seconds) + 180);
        let mut broken = Vec::new();
        for (call, _) in self.put_through() {
            for line in [RESPONDER, CALLER].into_iter().filter_map(|leg| call.line(leg)) {
                let heard = self.desk.network.heard(&line.0);
                let (Some(first), Some(over)) = (heard.first(), self.desk.network.ended_at(&line.0)) else {
                    continue;
                };
                let waited = over - first.at - self.time_of(&line.0, over, |sound| matches!(sound, Sound::Voice(_)));
                if waited > bound {
                    broken.push(format!("{} is on the line for {} s", line.0, waited.num_seconds()));
                }
            }
        }
        broken
    }
}
