//! What every night promises, in terms of people.

mod alarms;
mod callbacks;
mod lines;
mod missed;
mod reach;
mod recording;
mod ringback;
mod talks;
mod texts;
mod through;

use super::desk::Desk;
use super::scenario::{Caller, Person, Scenario};
use chrono::{DateTime, TimeDelta, Utc};
use rotaline::call::{Call, CallId, Outcome, Screening};
use rotaline::roster::Phone;
use rotaline::simulator::habits::{AtQuestion, AtTone, Habit};
use rotaline::simulator::heard::{Sound, Talk};
use std::collections::{BTreeMap, BTreeSet};

/// Everything that was promised and not kept.
pub(super) fn broken(scenario: &Scenario, desk: &Desk) -> Vec<String> {
    let night = Night {
        scenario,
        desk,
        talks: desk.network.talks(),
    };
    let checks = [
        Night::nothing_is_left_over,
        Night::nobody_is_bridged_with_two_unasked,
        Night::who_steps_aside_comes_back,
        Night::who_asks_for_another_hears_what_becomes_of_it,
        Night::who_comes_to_a_talk_is_put_through,
        Night::only_who_accepted_gets_the_caller,
        Night::nobody_hears_long_silence,
        Night::no_phone_is_rung_twice_at_once,
        Night::no_order_is_given_twice,
        Night::only_the_plan_is_dialled,
        Night::only_who_has_to_do_with_it_is_texted,
        Night::levels_ring_in_their_order,
        Night::who_is_away_is_rung_last,
        Night::presence_keeps_nobody_from_being_rung,
        Night::the_search_never_pauses,
        Night::phones_stop_ringing_when_somebody_has_the_call,
        Night::no_caller_waits_too_long,
        Night::calls_end_as_they_say,
        Night::who_is_not_served_hears_how_to_leave_a_message,
        Night::missed_calls_are_told_once,
        Night::nobody_gets_the_same_text_twice,
        Night::whoever_is_rung_is_told_so,
        Night::who_waits_for_somebody_who_accepts_is_served,
        Night::who_accepts_in_vain_is_told_why,
        Night::every_alarm_comes_to_an_end,
        Night::only_who_presses_1_takes_care_of_an_alarm,
        Night::nobody_is_rung_for_what_is_over,
        Night::who_is_promised_a_callback_is_owed_it,
        Night::promises_are_told_once_and_reminded_of_once,
        Night::everybody_sees_the_hotlines_number,
        Night::nobody_is_rung_before_the_responder_is_there,
        Night::who_asks_to_be_rung_is_rung,
        Night::nobody_is_called_back_by_two,
        Night::callbacks_are_closed_by_talks,
        Night::who_calls_back_in_vain_is_told,
        Night::nobody_waits_long_for_a_callback,
        Night::who_is_put_through_has_talked_with_the_caller,
        Night::nobody_else_is_rung_for_a_redial,
        Night::nobody_is_rung_by_two_redials,
        Night::who_presses_1_is_put_through,
        Night::redials_end_as_they_say,
        Night::nobody_waits_long_for_a_redial,
        Night::the_carrier_has_nothing_to_complain_of,
    ];
    let at_the_door = scenario.door.iter().flat_map(|door| door.broken(scenario, desk));
    let recordings = recording::broken(scenario, desk);
    let of_texts = scenario.texting.iter().flat_map(|texting| texting.broken(scenario, desk));
    checks
        .iter()
        .flat_map(|check| check(&night))
        .chain(at_the_door)
        .chain(recordings)
        .chain(of_texts)
        .chain(super::rush::broken(scenario, desk))
        .collect()
}

/// Of nights on which little is heard of anybody, this is left of what is promised.
pub(super) fn broken_in_silence(scenario: &Scenario, desk: &Desk) -> Vec<String> {
    let night = Night {
        scenario,
        desk,
        talks: desk.network.talks(),
    };
    let checks = [Night::nothing_is_left_over, Night::who_is_served_has_talked];
    checks.iter().flat_map(|check| check(&night)).collect()
}

/// Whoever was together for less than this may not have talked, and does not count as served.
const MOMENT: TimeDelta = TimeDelta::seconds(3);

/// For no longer than this are two together without our noticing, whatever is lost.
const UNNOTICED: TimeDelta = TimeDelta::seconds(60);

/// From when until when a phone is taken, and by which leg.
type Span<'s> = (DateTime<Utc>, DateTime<Utc>, &'s str);

struct Night<'n> {
    scenario: &'n Scenario,
    desk: &'n Desk,
    talks: Vec<Talk>,
}

impl Night<'_> {
    fn habit(&self, number: &str) -> Option<Habit> {
        let mut phones = self.scenario.owner(number)?.phones();
        phones.find(|(phone, _)| phone.address() == number).map(|(_, habit)| habit)
    }

    /// The lines that were rung for a caller without the store, each with his, who is known to no story or only by his call: where
    /// the store failed him twice. Who is engaged is not known there. On other nights nobody is put through so.
    fn makeshift(&self) -> BTreeMap<&str, &str> {
        if self.scenario.troubled {
            return self.desk.network.rung_by_documents();
        }
        BTreeMap::new()
    }

    fn nothing_is_left_over(&self) -> Vec<String> {
        let left = self.desk.network.leftovers();
        let mut broken = Vec::new();
        if !left.is_empty() {
            broken.push(format!("left over on the network: {left:?}"));
        }
        if !self.desk.outbox.is_empty() {
            broken.push(format!("left over in the outbox: {:?}", self.desk.outbox));
        }
        broken.extend(
            self.desk
                .calls
                .values()
                .filter(|call| call.is_live())
                .map(|call| format!("call {} is live for ever", call.id())),
        );
        broken
    }

    fn only_who_accepted_gets_the_caller(&self) -> Vec<String> {
        let key_needed = match self.scenario.rules.screening {
            Screening::Press1 | Screening::Both => true,
            Screening::MachineDetection | Screening::None => false,
        };
        if !key_needed {
            return Vec::new();
        }
        let responders = self
            .talks
            .iter()
            .flat_map(|talk| talk.sids.iter().zip(&talk.numbers))
            .filter(|(sid, _)| !self.is_callers(sid));
        let accepted = |number: &str| match self.habit(number) {
            Some(
                Habit::Accepts { .. }
                | Habit::AcceptsAtOnce { .. }
                | Habit::AcceptsLate
                | Habit::CallScreening { .. }
                | Habit::AssistantListens { .. }
                | Habit::WrongKey { .. }
                | Habit::DropsWhileJoining { .. }
                | Habit::StepsAside { .. },
            ) => true,
            Some(
                Habit::Ignores
                | Habit::Busy
                | Habit::Rejects { .. }
                | Habit::Voicemail { .. }
                | Habit::Declines { .. }
                | Habit::PressesNothing { .. }
                | Habit::HangsUp { .. }
                | Habit::Unreachable
                | Habit::InvalidNumber,
            )
            | None => false,
        };
        responders
            .filter(|(_, number)| !accepted(number))
            .map(|(_, number)| format!("{number} got the caller without accepting"))
            .collect()
    }

    /// A kind network leaves nobody in silence for ten seconds; one that loses connections adds its own five.
    fn nobody_hears_long_silence(&self) -> Vec<String> {
        let longest = TimeDelta::seconds(if self.scenario.kind { 10 } else { 21 });
        let silent = |sid: &str| {
            self.desk
                .network
                .silences(sid, longest)
                .into_iter()
                .map(|hush| (hush.from, hush.until))
                .collect::<Vec<_>>()
        };
        self.legs()
            .flat_map(|sid| silent(sid).into_iter().map(move |hush| format!("{sid} hears nothing: {hush:?}")))
            .collect()
    }

    /// Not by two legs, and not while its owner talks. The last resort may have many lines.
    fn no_phone_is_rung_twice_at_once(&self) -> Vec<String> {
        let has_many_lines = |number: &str| self.scenario.last_resort.iter().any(|person| person.has(number));
        let mut held: BTreeMap<&str, Vec<Span>> = BTreeMap::new();
        let rung = self.desk.network.rung();
        let makeshift = self.makeshift();
        let by_us = |sid: &str| !makeshift.contains_key(sid);
        for ring in rung.iter().filter(|ring| !has_many_lines(&ring.number) && by_us(&ring.sid)) {
            held.entry(&ring.number)
                .or_default()
                .push((ring.from, ring.until.unwrap_or(DateTime::<Utc>::MAX_UTC), &ring.sid));
        }
        for talk in &self.talks {
            for (sid, number) in talk.sids.iter().zip(&talk.numbers).filter(|(sid, _)| !self.is_callers(sid)) {
                if !has_many_lines(number) && by_us(sid) {
                    held.entry(number).or_default().push((talk.from, end(talk), sid));
                }
            }
        }
        let mut broken = Vec::new();
        for (number, spans) in held {
            for (n, one) in spans.iter().enumerate() {
                let clash = spans[n + 1..]
                    .iter()
                    .find(|other| one.2 != other.2 && one.0 < other.1 && other.0 < one.1);
                broken.extend(clash.map(|other| format!("{number} is rung twice at once: {one:?} {other:?}")));
            }
        }
        broken
    }

    fn no_order_is_given_twice(&self) -> Vec<String> {
        let mut broken: Vec<String> = self
            .desk
            .ordered
            .iter()
            .filter(|(_, count)| **count > 1)
            .map(|(leg, _)| format!("{leg:?} is ordered twice"))
            .collect();
        let (orders, calls) = (self.desk.ordered.len(), self.desk.network.dialled().len());
        if calls > orders + self.makeshift().len() {
            broken.push(format!("{orders} orders became {calls} calls"));
        }
        broken
    }

    fn only_the_plan_is_dialled(&self) -> Vec<String> {
        let mut broken = Vec::new();
        let planned = self.scenario.levels.iter().flatten().map(|p| &self.scenario.people[*p]);
        let people = planned.chain(&self.scenario.last_resort);
        let allowed = people.flat_map(Person::phones).map(|(phone, _)| phone.address());
        let allowed: BTreeSet<&str> = allowed.chain(self.of_callbacks()).chain(self.of_redials()).collect();
        for number in self.desk.network.dialled() {
            if !allowed.contains(number.as_str()) {
                broken.push(format!("{number} is not in the plan"));
            }
        }
        if self.scenario.is_lone()
            && let [(_, call, _)] = self.calls().collect::<Vec<_>>().as_slice()
            && let Some(own) = call.from().map(Phone::address)
            && self.desk.network.dialled().iter().any(|number| number == own)
        {
            broken.push(format!("the caller's own number {own} is rung"));
        }
        broken
    }

    /// With one caller nobody is passed over, so first attempts follow the sheet.
    fn levels_ring_in_their_order(&self) -> Vec<String> {
        let somebody_comes_back = self.scenario.away.values().any(|(_, until)| *until < i64::MAX);
        if !self.scenario.is_lone() || !self.scenario.kind || somebody_comes_back {
            return Vec::new();
        }
        let level_of = |number: &str| {
            let is_its = |p: &usize| self.scenario.people[*p].has(number);
            self.scenario.levels.iter().position(|level| level.iter().any(is_its))
        };
        let mut seen = BTreeSet::new();
        let first_attempts = self.desk.network.dialled().iter().filter(|number| seen.insert((*number).clone()));
        // The last resort may be rung between two searches of one call (seed 505488).
        let order: Vec<usize> = first_attempts.filter_map(|number| level_of(number)).collect();
        if order.is_sorted() {
            Vec::new()
        } else {
            vec![format!("levels were rung in the order {order:?}")]
        }
    }

    /// Nobody who is away is rung while somebody else could be: on call and not away, or the last resort.
    fn who_is_away_is_rung_last(&self) -> Vec<String> {
        let undiallable = |number: &str| self.habit(number) == Some(Habit::InvalidNumber);
        let declines = |number: &str| matches!(self.habit(number), Some(Habit::Declines { .. } | Habit::WrongKey { .. }));
        let mut broken = Vec::new();
        for call in self.desk.calls.values().filter(|call| call.calling_back().is_none()) {
            let legs = (1..=600).map_while(|leg| call.leg(rotaline::call::LegId(leg)));
            for leg in legs.filter(|leg| leg.level.is_some()) {
                let at_ms = (leg.ordered_at - self.desk.begin).num_milliseconds();
                let is_away = |number: &Phone| self.scenario.is_away(number.address(), at_ms);
                let on_call = call.plan().levels.iter().flat_map(|rung| &rung.responders);
                let last_resort = call
                    .plan()
                    .last_resort
                    .iter()
                    .filter(|who| !who.phones().any(|phone| declines(phone.address())));
                let mut others = on_call.chain(last_resort).map(|who| &who.phone);
                if is_away(&leg.who.phone)
                    && let Some(other) = others.find(|phone| !is_away(phone) && !undiallable(phone.address()))
                {
                    broken.push(format!("{} is away and rung although {} is there", leg.who.name, other.address()));
                }
            }
        }
        broken
    }

    /// A lone caller finds somebody to ring at once, whoever is away.
    fn presence_keeps_nobody_from_being_rung(&self) -> Vec<String> {
        let [(line, call, _)] = self.calls().collect::<Vec<_>>()[..] else {
            return Vec::new();
        };
        let nobody_is_meant = call.plan().levels.is_empty() && call.plan().last_resort.is_none();
        if !self.scenario.is_lone() || nobody_is_meant || call.leg(rotaline::call::LegId(1)).is_some() {
            return Vec::new();
        }
        vec![format!("nobody at all was rung for {line}")]
    }

    /// On a kind night a lone caller is always being worked for: whoever does not accept is followed by the next at once.
    fn the_search_never_pauses(&self) -> Vec<String> {
        let idle = self.desk.longest_idle;
        if !self.scenario.kind || !self.scenario.is_lone() || idle <= TimeDelta::seconds(3) {
            return Vec::new();
        }
        vec![format!("nobody was tried for {} s while the caller waited", idle.num_seconds())]
    }

    /// On a kind night, a moment after the caller talks or is gone, no phone of his call rings any more.
    fn phones_stop_ringing_when_somebody_has_the_call(&self) -> Vec<String> {
        if !self.scenario.kind || !self.scenario.is_lone() || self.scenario.may_go_untold() {
            return Vec::new();
        }
        let over = self.desk.lines.iter().filter_map(|(line, _)| self.desk.network.ended_at(line));
        // While they talk, a phone rings for who has asked for it.
        let talks = self.talks.iter().filter(|talk| !self.has_asked_for_more(talk));
        let settled: Vec<DateTime<Utc>> = talks.map(|talk| talk.from).chain(over).collect();
        let moment = TimeDelta::seconds(3);
        let rung = self.desk.network.rung();
        let rings_on = rung.iter().filter(|ring| {
            settled
                .iter()
                .any(|at| ring.from < *at && ring.until.is_none_or(|until| until > *at + moment))
        });
        rings_on.map(|ring| format!("rings for nothing: {ring:?}")).collect()
    }

    /// Apart from talking and leaving a message, a caller who does not ask for another search is done in bounded time.
    fn no_caller_waits_too_long(&self) -> Vec<String> {
        let rules = &self.scenario.rules;
        let bound =
            TimeDelta::seconds(i64::from(rules.max_wait_seconds + rules.ring_seconds + 2 * rules.accept_seconds) + 180) + self.asides();
        let mut broken = Vec::new();
        for (line, _, caller) in self.calls() {
            if callbacks::may_press_1(caller) || matches!(caller.habit.question, AtQuestion::Presses(_) | AtQuestion::PressesOnce(_)) {
                continue;
            }
            let heard = self.desk.network.heard(line);
            let (Some(first), Some(over)) = (heard.first(), self.desk.network.ended_at(line)) else {
                continue;
            };
            let busy = self.time_of(line, over, |sound| matches!(sound, Sound::Voice(_) | Sound::Recording));
            let waited = over - first.at - busy;
            if waited > bound {
                broken.push(format!(
                    "{line} waited {} s of at most {} s",
                    waited.num_seconds(),
                    bound.num_seconds()
                ));
            }
        }
        broken
    }

    fn time_of(&self, sid: &str, over: DateTime<Utc>, which: impl Fn(&Sound) -> bool) -> TimeDelta {
        let heard = self.desk.network.heard(sid);
        let ends = heard.iter().skip(1).map(|next| next.at).chain([over]);
        heard
            .iter()
            .zip(ends)
            .filter(|(entry, _)| which(&entry.what))
            .map(|(entry, end)| end - entry.at)
            .sum()
    }

    fn calls_end_as_they_say(&self) -> Vec<String> {
        let mut broken = Vec::new();
        let kind = self.scenario.kind;
        for (line, call, caller) in self.calls() {
            let talk = self.last_talk(line);
            let spoke = !matches!(caller.habit.tone, AtTone::HangsUp | AtTone::Silent);
            let resumes = callbacks::may_press_1(caller);
            let is_plain = |lasted: TimeDelta| kind || lasted >= UNNOTICED;
            let wrong = match call.outcome() {
                None => true,
                // Lost and late notices may make a talk look longer than it was, never invent one.
                Some(Outcome::Served) => talk.is_none_or(|lasted| kind && lasted < MOMENT),
                // They may make it look shorter, and hide one that another, shorter one follows.
                Some(Outcome::CutOff) if kind => talk.is_none_or(|lasted| lasted >= MOMENT && !resumes),
                Some(Outcome::CutOff) => talk.is_some_and(is_plain) && !resumes,
                Some(Outcome::Recorded) => !spoke,
                Some(Outcome::Refused) => self.scenario.door.is_none() || talk.is_some(),
                // What is promised stands in the story, once.
                Some(Outcome::CallbackAsked) => talk.is_some_and(is_plain) && !resumes,
                // They may hide a message, never invent one, and hide no talk for long.
                Some(Outcome::NoMessage) => kind && spoke && self.was_recorded(line) || talk.is_some_and(is_plain) && !resumes,
                Some(Outcome::CallerHungUp) => talk.is_some_and(is_plain) && !resumes,
                // How alarms and callbacks end.
                Some(
                    Outcome::Acknowledged
                    | Outcome::Resolved
                    | Outcome::Unacknowledged
                    | Outcome::CalledBack
                    | Outcome::NotCalledBack
                    | Outcome::PutThrough
                    | Outcome::NotPutThrough,
                ) => true,
            };
            if wrong {
                broken.push(format!("{line} ended {:?}, talked: {talk:?}, spoke: {spoke}", call.outcome()));
            }
            let gave_up = caller.habit.patience.is_some() || caller.habit.star.is_some() || resumes;
            if call.outcome() == Some(Outcome::CallerHungUp) && !gave_up && self.scenario.kind {
                broken.push(format!("{line} is said to have hung up, and has not"));
            }
        }
        broken
    }

    fn who_is_served_has_talked(&self) -> Vec<String> {
        let served = self.calls().filter(|(_, call, _)| call.outcome() == Some(Outcome::Served));
        served
            .filter(|(line, _, _)| self.last_talk(line).is_none())
            .map(|(line, _, _)| format!("{line} counts as served, and has talked with nobody"))
            .collect()
    }

    fn latest_notice(&self) -> TimeDelta {
        TimeDelta::milliseconds(self.scenario.mischief.latest_ms.into())
    }

    fn was_recorded(&self, line: &str) -> bool {
        let over = self.desk.network.ended_at(line).unwrap_or(DateTime::<Utc>::MAX_UTC);
        self.time_of(line, over, |sound| *sound == Sound::Recording) >= TimeDelta::seconds(2)
    }

    fn who_is_not_served_hears_how_to_leave_a_message(&self) -> Vec<String> {
        // Whoever meets something before the room may hang up while he hears it.
        let meets_nothing = self.scenario.door.is_none() && !self.scenario.rules.record_talks;
        let hears_out = |caller: &Caller| meets_nothing || caller.habit.patience.is_none();
        let offered = self
            .calls()
            .filter(|(_, call, caller)| self.scenario.kind && call.outcome() == Some(Outcome::NoMessage) && hears_out(caller));
        let heard = |line: &str| {
            self.desk
                .network
                .heard(line)
                .iter()
                .any(|heard| matches!(&heard.what, Sound::Said(words) if words.contains("leave a message after the tone") || words.contains("To leave a message, press 3.")))
        };
        offered
            .filter(|(line, _, _)| !heard(line))
            .map(|(line, _, _)| format!("{line} was never told how to leave a message"))
            .collect()
    }

    /// On a kind night, a lone caller who stays on the line is put through if anybody in the levels would accept in time.
    fn who_waits_for_somebody_who_accepts_is_served(&self) -> Vec<String> {
        let rules = &self.scenario.rules;
        let [caller] = self.scenario.callers.as_slice() else {
            return Vec::new();
        };
        let stays = caller.habit.patience.is_none() && caller.habit.star.is_none();
        // Second phones take time of their own.
        let has_two = self.scenario.people.iter().any(|person| person.second.is_some());
        let is_alone = self.scenario.is_lone() && self.scenario.door.is_none() && !has_two;
        if !is_alone || !self.scenario.kind || !stays || rules.max_wait_seconds < 250 {
            return Vec::new();
        }
        let in_time = |habit: Habit| matches!(habit, Habit::Accepts { after, .. } | Habit::AcceptsAtOnce { after, .. } if after.most_ms / 1_000 < rules.ring_seconds);
        let planned = self.scenario.levels.iter().flatten().map(|p| &self.scenario.people[*p]);
        // Whoever is away is only rung when all are; of the others each one must be enough.
        let is_there = |person: &&Person| self.scenario.spans_away(person.number.address()).is_none();
        let planned = planned.filter(is_there);
        let mut willing = planned.filter(|person| caller.from.as_ref() != Some(&person.number) && in_time(person.habit));
        match (willing.next(), self.talks.is_empty()) {
            (Some(person), true) => vec![format!("{} would have accepted", person.name)],
            (Some(_) | None, _) => Vec::new(),
        }
    }

    /// Whoever would take the call and does not get the caller hears why.
    fn who_accepts_in_vain_is_told_why(&self) -> Vec<String> {
        if !self.scenario.kind {
            return Vec::new();
        }
        const WHY: [&str; 9] = [
            "takes care of the text message",
            "You take care of it",
            "takes care of the alarm",
            "The alarm is over",
            "already taken",
            "has hung up",
            "no longer needed",
            "conversation is over",
            "You are being connected",
        ];
        let mut broken = Vec::new();
        for sid in self.legs().filter(|sid| !self.is_callers(sid)) {
            let said: Vec<&str> = self
                .desk
                .network
                .heard(sid)
                .iter()
                .filter_map(|heard| {
                    if let Sound::Said(words) = &heard.what {
                        Some(words.as_str())
                    } else {
                        None
                    }
                })
                .collect();
            let asked = said.iter().any(|words| words.contains("Press 1 to take "));
            let stays = self
                .desk
                .network
                .number_of(sid)
                .and_then(|number| self.habit(number))
                .is_some_and(|habit| {
                    matches!(
                        habit,
                        Habit::Accepts { .. }
                            | Habit::AcceptsAtOnce { .. }
                            | Habit::AcceptsLate
                            | Habit::WrongKey { .. }
                            | Habit::StepsAside { .. }
                    )
                });
            let told = said.iter().any(|words| WHY.iter().any(|why| words.contains(why)));
            if asked && stays && !told {
                broken.push(format!("{sid} would have taken the call and heard only {said:?}"));
            }
        }
        broken
    }

    fn the_carrier_has_nothing_to_complain_of(&self) -> Vec<String> {
        self.desk
            .network
            .faults()
            .iter()
            .map(|fault| format!("the carrier complains: {fault:?}"))
            .collect()
    }
}

fn end(talk: &Talk) -> DateTime<Utc> {
    talk.until.unwrap_or(DateTime::<Utc>::MAX_UTC)
}
