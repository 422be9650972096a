//! What is promised of talks, in terms of people: who is with whom, who comes, and who comes back.

use super::{Night, end};
use chrono::{DateTime, TimeDelta, Utc};
use rotaline::call::{Call, CallId, LegId};
use rotaline::simulator::habits::{AtStar, Habit};
use rotaline::simulator::heard::{Sound, Talk};

/// Heard by who has pressed star.
const ASIDE: &str = "To go back to the caller, press 1.";
/// Heard by who can ask for another one.
const CHOICE: &str = "To bring in the next person on call, press 2.";
/// Said to who has asked for another one.
const ANSWERS: [&str; 2] = ["is being rung. You are going back", "can be reached now. You are going back"];
/// Heard by a caller who does not wait any more.
const LEFT: &str = "You have left the queue.";
/// Said to who has accepted to come.
const COMES: &str = "You are being connected.";
/// The question, the time for a key, and the way back.
const BACK_WITHIN: TimeDelta = TimeDelta::seconds(45);
/// Talks that are not further apart are one talk, in which somebody stepped aside.
const ASIDE_FOR: TimeDelta = TimeDelta::seconds(100);
/// So many responders are with one caller at most.
const MOST: usize = 3;

impl Night<'_> {
    /// Nobody talks with two people at once unless a responder of the call has asked for it, and a talk is between people of
    /// one call, of whom one is the caller.
    pub(super) fn nobody_is_bridged_with_two_unasked(&self) -> Vec<String> {
        let mut broken = Vec::new();
        let makeshift = self.makeshift();
        for (n, one) in self.talks.iter().enumerate() {
            let has_asked = self.has_asked_for_more(one);
            let at_once = |other: &&Talk| one.from < end(other) && other.from < end(one);
            let shared = |other: &&Talk| one.sids.iter().any(|sid| other.sids.contains(sid));
            let others: Vec<&Talk> = self.talks[n + 1..].iter().filter(at_once).filter(shared).collect();
            if let Some(other) = others.first().filter(|_| !has_asked) {
                broken.push(format!("three in one talk: {one:?} and {other:?}"));
            }
            let callers: Vec<(CallId, bool)> = one.sids.iter().filter_map(|sid| self.call_of(sid)).collect();
            let is_proper =
                matches!(callers.as_slice(), [(a, caller_a), (b, caller_b)] if a == b && (caller_a != caller_b || has_asked && !caller_a));
            let [a, b] = one.sids.each_ref().map(String::as_str);
            let is_makeshift = makeshift.get(a) == Some(&b) || makeshift.get(b) == Some(&a);
            if !is_proper && !is_makeshift {
                broken.push(format!("strangers in one room: {one:?}"));
            }
            let with_the_caller = |talk: &&Talk| talk.sids.iter().any(|sid| self.is_callers(sid));
            let in_one_moment = self
                .talks
                .iter()
                .filter(with_the_caller)
                .filter(shared)
                .filter(|talk| talk.from <= one.from && one.from < end(talk));
            if self.is_callers(&one.sids[0]) && in_one_moment.count() > MOST {
                broken.push(format!("too many in one talk: {one:?}"));
            }
        }
        broken
    }

    /// Whether a responder of the call, who presses 2 when he is asked, was asked before this talk began or while it lasted.
    pub(super) fn has_asked_for_more(&self, talk: &Talk) -> bool {
        let Some((call, _)) = self.call_of(&talk.sids[0]) else {
            return false;
        };
        // Whoever passes calls on presses 2 at every question.
        let asks = |sid: &&str| match self.habit_of(sid) {
            Some(Habit::StepsAside { then, .. }) => then == AtStar::BringsIn,
            habit => matches!(habit, Some(Habit::Declines { .. })),
        };
        let mut asking = Self::responders_of(&self.desk.calls[&call]).into_iter().filter(asks);
        asking.any(|sid| self.was_told(sid, CHOICE).is_some_and(|at| at < end(talk)))
    }

    fn responders_of(call: &Call) -> Vec<&str> {
        let legs = (1..=600).map_while(|leg| call.leg(LegId(leg)));
        legs.filter_map(|leg| Some(leg.line.as_ref()?.0.as_str())).collect()
    }

    fn habit_of(&self, sid: &str) -> Option<Habit> {
        self.desk.network.number_of(sid).and_then(|number| self.habit(number))
    }

    /// When somebody was first told this.
    fn was_told(&self, sid: &str, what: &str) -> Option<DateTime<Utc>> {
        let heard = self.desk.network.heard(sid).iter();
        heard
            .filter(|heard| matches!(&heard.what, Sound::Said(words) if words.contains(what)))
            .map(|heard| heard.at)
            .next()
    }

    fn hears_within(&self, sid: &str, what: &str, from: DateTime<Utc>, within: TimeDelta) -> bool {
        let mut heard = self
            .desk
            .network
            .heard(sid)
            .iter()
            .filter(|heard| heard.at >= from && heard.at < from + within);
        heard.any(|heard| matches!(&heard.what, Sound::Said(words) if words.contains(what)))
    }

    fn over(&self, sid: &str) -> DateTime<Utc> {
        self.desk.network.ended_at(sid).unwrap_or(DateTime::<Utc>::MAX_UTC)
    }

    fn callers_line(&self, call: CallId) -> &str {
        let line = self.desk.lines.iter().find(|(_, of)| *of == call);
        line.map(|(line, _)| line.as_str()).unwrap_or_default()
    }

    /// Each responder of a kind night who was told this in a talk: since when, the caller, and until when both are on the line
    /// by what they themselves do.
    fn told_in_a_talk<'n>(&'n self, what: &'n str) -> impl Iterator<Item = (&'n str, &'n str, DateTime<Utc>, DateTime<Utc>)> {
        let calls = self.desk.calls.values().filter(|_| self.scenario.kind);
        let lines = calls.flat_map(move |call| {
            let caller = self.callers_line(call.id());
            Self::responders_of(call).into_iter().map(move |sid| (sid, caller))
        });
        let stays = |sid: &str| match self.habit_of(sid) {
            Some(Habit::StepsAside { then, talk: None, .. }) => then != AtStar::HangsUp,
            Some(_) | None => false,
        };
        lines.filter_map(move |(sid, caller)| {
            let until = if stays(sid) {
                self.over(caller)
            } else {
                self.over(sid).min(self.over(caller))
            };
            Some((sid, caller, self.was_told(sid, what)?, until))
        })
    }

    /// On a kind night whoever was asked, and does not hang up, is with the caller again if that one stays.
    pub(super) fn who_steps_aside_comes_back(&self) -> Vec<String> {
        let mut broken = Vec::new();
        for (sid, caller, at, over) in self.told_in_a_talk(ASIDE) {
            let together = |talk: &&Talk| [sid, caller].iter().all(|one| talk.sids.iter().any(|sid| sid == one));
            let is_back = self
                .talks
                .iter()
                .filter(together)
                .any(|talk| talk.from > at && talk.from < at + BACK_WITHIN);
            let hangs_up = matches!(self.habit_of(sid), Some(Habit::StepsAside { then: AtStar::HangsUp, .. }));
            if !hangs_up && over > at + BACK_WITHIN && !is_back {
                broken.push(format!("{sid} stepped aside at {at} and did not come back to {caller}"));
            }
        }
        broken
    }

    /// On a kind night whoever presses 2 hears that somebody is rung, or that nobody can be.
    pub(super) fn who_asks_for_another_hears_what_becomes_of_it(&self) -> Vec<String> {
        let mut broken = Vec::new();
        for (sid, _, at, over) in self.told_in_a_talk(CHOICE) {
            let asks = matches!(
                self.habit_of(sid),
                Some(Habit::StepsAside {
                    then: AtStar::BringsIn,
                    ..
                })
            );
            if asks && over > at + BACK_WITHIN && !ANSWERS.iter().any(|words| self.was_told(sid, words).is_some()) {
                broken.push(format!("{sid} asked for another one at {at} and heard nothing of it"));
            }
        }
        broken
    }

    /// On a kind night whoever accepts to come to a talk is with the caller, if that one stays and waits for him.
    pub(super) fn who_comes_to_a_talk_is_put_through(&self) -> Vec<String> {
        let mut broken = Vec::new();
        for (sid, caller, at, over) in self.told_in_a_talk(COMES) {
            let is_there = self
                .talks
                .iter()
                .any(|talk| [sid, caller].iter().all(|one| talk.sids.iter().any(|sid| sid == one)));
            let is_left = self.hears_within(caller, LEFT, at, BACK_WITHIN);
            if !is_there && !is_left && over > at + BACK_WITHIN {
                broken.push(format!("{sid} accepted at {at} and was never with {caller}"));
            }
        }
        broken
    }

    /// How often responders heard that another one is rung for them, or that nobody can be.
    pub(super) fn askings(&self) -> usize {
        let heard = self.legs().flat_map(|sid| self.desk.network.heard(sid));
        heard
            .filter(|heard| matches!(&heard.what, Sound::Said(words) if ANSWERS.iter().any(|answer| words.contains(answer))))
            .count()
    }

    /// How long callers may wait for those who step aside.
    pub(super) fn asides(&self) -> TimeDelta {
        let aside = self.scenario.people.iter().chain(&self.scenario.last_resort);
        let stars = aside.filter(|person| matches!(person.habit, Habit::StepsAside { .. })).count();
        BACK_WITHIN * i32::try_from(2 * stars).unwrap()
    }

    /// How long the caller's last talk was, with those who stepped aside meanwhile; none if there was none.
    pub(super) fn last_talk(&self, line: &str) -> Option<TimeDelta> {
        let mut talks = self.talks.iter().rev().filter(|talk| talk.sids.iter().any(|sid| sid == line));
        let last = talks.next()?;
        let mut from = last.from;
        if self.scenario.rules.bring_in_key {
            for before in talks.take_while(|talk| end(talk) + ASIDE_FOR > last.from) {
                from = from.min(before.from);
            }
        }
        Some(end(last) - from)
    }
}
