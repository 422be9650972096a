//! What is promised of callbacks that are made, in terms of people.

use super::super::desk::hotline;
use super::{Habit, MOMENT, Night, end};
use chrono::{DateTime, TimeDelta, Utc};
use rotaline::call::{CALLER, Call, LegId, Outcome};
use rotaline::roster::Phone;
use rotaline::simulator::heard::Sound;

const CALLING: LegId = LegId(1);

impl Night<'_> {
    fn callbacks_made(&self) -> impl Iterator<Item = &Call> {
        self.desk.ringback.calls.iter().map(|id| &self.desk.calls[id])
    }

    /// Whether this line is a caller's whom we have rung.
    pub(super) fn is_called_back(&self, sid: &str) -> bool {
        self.callbacks_made()
            .any(|call| call.line(CALLER).is_some_and(|line| line.0 == sid))
    }

    /// All who may be rung for callbacks: those who want to make them, and those who asked.
    pub(super) fn of_callbacks(&self) -> impl Iterator<Item = &str> {
        let ringers = self
            .scenario
            .ringers
            .iter()
            .flat_map(|_| &self.scenario.people)
            .map(|who| who.number.address());
        ringers.chain(self.desk.ringback.rows.iter().map(|row| row.number.address()))
    }

    fn says(&self, call: &Call, leg: LegId, words: &str) -> bool {
        let Some(line) = call.line(leg) else { return false };
        let heard = self.desk.network.heard(&line.0);
        heard
            .iter()
            .any(|heard| matches!(&heard.what, Sound::Said(said) if said.contains(words)))
    }

    /// How long the two were together.
    fn talked(&self, call: &Call) -> Option<TimeDelta> {
        let lines = [call.line(CALLING)?, call.line(CALLER)?];
        let talk = self
            .talks
            .iter()
            .find(|talk| lines.iter().all(|line| talk.sids.contains(&line.0)))?;
        Some(end(talk) - talk.from)
    }

    /// Neither sees nor hears the other's number.
    pub(super) fn everybody_sees_the_hotlines_number(&self) -> Vec<String> {
        let mut broken = Vec::new();
        for ring in self.desk.network.rung() {
            let shown = self.desk.network.shown_on(&ring.sid);
            if shown != Some(hotline().address()) {
                broken.push(format!("{} is shown {shown:?}", ring.number));
            }
        }
        for call in self.callbacks_made() {
            let number = &call.calling_back().unwrap().number;
            let spoken: Vec<String> = number.address().chars().skip(1).map(String::from).collect();
            if self.says(call, CALLING, &spoken.join(" ")) || self.says(call, CALLING, number.address()) {
                broken.push(format!("whoever makes call {} hears the number", call.id()));
            }
        }
        broken
    }

    /// A caller's phone rings only for somebody who has pressed 1.
    pub(super) fn nobody_is_rung_before_the_responder_is_there(&self) -> Vec<String> {
        let presses = |number: &Phone| {
            matches!(
                self.habit(number.address()),
                Some(
                    Habit::Accepts { .. }
                        | Habit::AcceptsAtOnce { .. }
                        | Habit::AcceptsLate
                        | Habit::CallScreening { .. }
                        | Habit::WrongKey { .. }
                        | Habit::DropsWhileJoining { .. }
                        | Habit::StepsAside { .. }
                        | Habit::AssistantListens { .. }
                )
            )
        };
        let too_early = self.callbacks_made().filter(|call| call.line(CALLER).is_some());
        let too_early = too_early.filter(|call| !call.leg(CALLING).is_some_and(|leg| presses(&leg.who.phone)));
        too_early
            .map(|call| format!("call {} rings the caller for nobody", call.id()))
            .collect()
    }

    /// On a kind night whoever wants to make a callback has his phone rung.
    pub(super) fn who_asks_to_be_rung_is_rung(&self) -> Vec<String> {
        let can_ring = |number: &Phone| self.habit(number.address()) != Some(Habit::InvalidNumber);
        let silent = self
            .callbacks_made()
            .filter(|call| self.scenario.kind && call.line(CALLING).is_none());
        let silent = silent.filter(|call| call.leg(CALLING).is_none_or(|leg| can_ring(&leg.who.phone)));
        silent.map(|call| format!("nobody is rung for call {}", call.id())).collect()
    }

    /// Two never make one callback at the same time.
    pub(super) fn nobody_is_called_back_by_two(&self) -> Vec<String> {
        let last = |call: &Call| {
            let lines = [CALLING, CALLER].into_iter().filter_map(|leg| call.line(leg));
            let over = |sid: &str| self.desk.network.ended_at(sid).unwrap_or(DateTime::<Utc>::MAX_UTC);
            lines.map(|line| over(&line.0)).max().unwrap_or(call.arrived_at())
        };
        let made: Vec<&Call> = self.callbacks_made().collect();
        let mut broken = Vec::new();
        for (n, one) in made.iter().enumerate() {
            let same = |other: &&&Call| other.calling_back().unwrap().id == one.calling_back().unwrap().id;
            let clash = made[n + 1..].iter().filter(same).find(|other| other.arrived_at() < last(one));
            broken.extend(clash.map(|other| format!("calls {} and {} make the same callback", one.id(), other.id())));
        }
        broken
    }

    /// Closed is what was talked about; what was talked about is closed; and the responder reads so once.
    pub(super) fn callbacks_are_closed_by_talks(&self) -> Vec<String> {
        let mut broken = Vec::new();
        for call in self.callbacks_made() {
            let n = call.calling_back().unwrap().id;
            let talked = self.talked(call);
            let kind = self.scenario.kind;
            let is_made = call.outcome() == Some(Outcome::CalledBack);
            // Late notices may make a talk look longer or shorter than it was, and never invent one.
            let right = if is_made {
                talked.is_some_and(|talked| !kind || talked >= MOMENT)
            } else {
                call.outcome() == Some(Outcome::NotCalledBack) && (!kind || talked.is_none_or(|talked| talked <= MOMENT))
            };
            let row = &self.desk.ringback.rows[usize::try_from(n).unwrap() - 1];
            let closes = row.closed_by == Some(call.id());
            if !right || closes != is_made {
                broken.push(format!(
                    "callback {n}, call {}: {:?}, closed: {closes}, talked {talked:?}",
                    call.id(),
                    call.outcome()
                ));
            }
        }
        for (n, row) in self.desk.ringback.rows.iter().enumerate() {
            let words = format!("callback {} is closed", n + 1);
            let told = self.desk.network.texts().iter().filter(|text| text.body.contains(&words)).count();
            let closer = row.closed_by.and_then(|call| self.desk.calls[&call].leg(CALLING));
            let most = usize::from(closer.is_some_and(|leg| leg.who.texted_on().is_some()));
            if told > most || self.scenario.kind && told < most {
                broken.push(format!("{told} texts that {words}, of {most}"));
            }
        }
        broken
    }

    /// Whoever waits for a caller who does not come hears so.
    pub(super) fn who_calls_back_in_vain_is_told(&self) -> Vec<String> {
        let stays = |number: &Phone| {
            matches!(
                self.habit(number.address()),
                Some(Habit::Accepts { .. } | Habit::AcceptsAtOnce { .. } | Habit::AcceptsLate | Habit::WrongKey { .. })
            )
        };
        let in_vain = self
            .callbacks_made()
            .filter(|call| self.scenario.kind && self.talked(call).is_none());
        let taken = in_vain.filter(|call| self.says(call, CALLING, "We are ringing the caller"));
        let untold =
            taken.filter(|call| stays(&call.leg(CALLING).unwrap().who.phone) && !self.says(call, CALLING, "The callback stays open"));
        untold
            .map(|call| format!("nobody told whoever made call {} why there is no caller", call.id()))
            .collect()
    }

    /// Apart from talking, nobody is on the line for long.
    pub(super) fn nobody_waits_long_for_a_callback(&self) -> Vec<String> {
        let rules = &self.scenario.rules;
        let bound = TimeDelta::seconds(i64::from(2 * rules.ring_seconds + 2 * rules.accept_seconds) + 180);
        let mut broken = Vec::new();
        for call in self.callbacks_made() {
            for line in [CALLING, CALLER].into_iter().filter_map(|leg| call.line(leg)) {
                let heard = self.desk.network.heard(&line.0);
                let (Some(first), Some(over)) = (heard.first(), self.desk.network.ended_at(&line.0)) else {
                    continue;
                };
                let waited = over - first.at - self.time_of(&line.0, over, |sound| matches!(sound, Sound::Voice(_)));
                if waited > bound {
                    broken.push(format!(
                        "{} is on the line for {} s in call {}",
                        line.0,
                        waited.num_seconds(),
                        call.id()
                    ));
                }
            }
        }
        broken
    }
}
