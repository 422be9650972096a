//! What is promised whatever happens to the process, in terms of people and of what was acknowledged to the carrier.

use super::theatre::{Caller, TOLD, Theatre};
use chrono::{DateTime, TimeDelta, Utc};
use rotaline::call::{Call, CallId, Fact, LegId, LineId, Outcome};
use rotaline::clock::Clock;
use rotaline::simulator::heard::{Sound, Talk};
use rotaline::simulator::{APPLICATION_ERROR, AtQuestion, AtTone, Habit};
use rotaline::store::{Entry, Store};
use rotaline::twilio::address::Place;
use rotaline::twilio::form::Form;
use rotaline::twilio::webhook;
use std::collections::{BTreeMap, BTreeSet};

/// So long two may have been together without our noticing: notices come late, and the service is down at times.
const UNNOTICED: TimeDelta = TimeDelta::seconds(30);

/// One call as it is kept, with its story.
struct Kept {
    call: Call,
    story: Vec<Entry>,
    log: Vec<serde_json::Value>,
}

struct Evidence<'t> {
    theatre: &'t Theatre,
    /// By the caller's line.
    calls: BTreeMap<String, Kept>,
    /// Whose each line is.
    lines: BTreeMap<String, (CallId, LegId)>,
    talks: Vec<Talk>,
    /// Callers who were put through at the fallback address.
    fell_back: BTreeSet<String>,
    /// The lines that we had ordered.
    placed: BTreeSet<String>,
    /// Calls that are looked at again some day.
    looked_at: BTreeSet<CallId>,
    /// Attempts that the story tells of and no order is kept of.
    unordered: Vec<(CallId, LegId)>,
}

/// How callers were looked after who could not be in the usual way.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Otherwise {
    /// At the fallback address.
    pub(super) fell_back: usize,
    /// Not at all: nothing was there.
    pub(super) nobody_there: usize,
}

pub(super) fn otherwise(theatre: &Theatre) -> Otherwise {
    let apologised = |caller: &&Caller| {
        let heard = theatre.simulator.heard(&caller.sid);
        heard
            .iter()
            .any(|heard| matches!(&heard.what, Sound::Said(said) if said.contains(APPLICATION_ERROR)))
    };
    Otherwise {
        fell_back: theatre.gateway.fell_back().len(),
        nobody_there: theatre.callers.iter().filter(apologised).count(),
    }
}

/// Everything that was promised and not kept.
pub(super) async fn broken(theatre: &Theatre) -> Vec<String> {
    let store = theatre.store().await;
    let pending = store.pending(Clock::system().now() + TimeDelta::days(1)).await.unwrap();
    let evidence = Evidence::gather(theatre, &store).await;
    let mut broken: Vec<String> = (pending.all > 0)
        .then(|| format!("{} orders are left in the outbox", pending.all))
        .into_iter()
        .collect();
    let checks = [
        Evidence::nothing_is_left_over,
        Evidence::every_live_call_has_a_deadline,
        Evidence::what_was_acknowledged_is_kept,
        Evidence::no_responder_is_rung_twice_for_one_attempt,
        Evidence::no_attempt_is_forgotten,
        Evidence::no_text_is_sent_twice,
        Evidence::every_caller_is_looked_after,
        Evidence::missed_calls_are_told,
        Evidence::talks_are_between_a_caller_and_his_responder,
        Evidence::only_who_accepted_gets_the_caller,
        Evidence::no_phone_is_rung_twice_at_once,
        Evidence::the_carrier_understands_us,
    ];
    broken.extend(checks.iter().flat_map(|check| check(&evidence)));
    broken
}

impl<'t> Evidence<'t> {
    async fn gather(theatre: &'t Theatre, store: &Store) -> Self {
        let mut calls = BTreeMap::new();
        for caller in &theatre.callers {
            let Some(id) = store.call_by_line(&LineId(caller.sid.clone())).await.unwrap() else {
                continue;
            };
            let kept = Kept {
                call: store.call(id).await.unwrap().unwrap(),
                story: store.story(id).await.unwrap(),
                log: store.log(id).await.unwrap(),
            };
            calls.insert(caller.sid.clone(), kept);
        }
        let mut lines = BTreeMap::new();
        let sids: Vec<String> = theatre
            .simulator
            .look(|network| network.sids().into_iter().map(str::to_owned).collect());
        for sid in sids {
            if let Some(owner) = store.leg_by_line(&LineId(sid.clone())).await.unwrap() {
                lines.insert(sid, owner);
            }
        }
        let some_day = Clock::system().now() + TimeDelta::days(9);
        let looked_at = store.due(some_day, u32::MAX).await.unwrap().into_iter().collect();
        let mut unordered = Vec::new();
        for kept in calls.values() {
            for leg in (1..).map(LegId).take_while(|leg| kept.call.leg(*leg).is_some()) {
                if store.dial_of(kept.call.id(), leg).await.unwrap().is_none() {
                    unordered.push((kept.call.id(), leg));
                }
            }
        }
        Self {
            theatre,
            calls,
            lines,
            talks: theatre.simulator.talks(),
            fell_back: theatre.gateway.fell_back(),
            placed: theatre.gateway.placed(),
            unordered,
            looked_at,
        }
    }

    fn callers(&self) -> impl Iterator<Item = (&Caller, Option<&Kept>)> {
        self.theatre.callers.iter().map(|caller| (caller, self.calls.get(&caller.sid)))
    }

    fn call(&self, id: CallId) -> Option<&Kept> {
        self.calls.values().find(|kept| kept.call.id() == id)
    }

    fn nothing_is_left_over(&self) -> Vec<String> {
        let left = self.theatre.simulator.leftovers();
        let live = self.calls.values().filter(|kept| kept.call.is_live());
        let mut broken: Vec<String> = live.map(|kept| format!("call {} is live for ever", kept.call.id())).collect();
        if !left.is_empty() {
            broken.push(format!("left over on the network: {left:?}"));
        }
        broken
    }

    fn every_live_call_has_a_deadline(&self) -> Vec<String> {
        let live = self.calls.values().map(|kept| &kept.call).filter(|call| call.is_live());
        let forgotten = live.filter(|call| !self.looked_at.contains(&call.id()));
        forgotten
            .map(|call| format!("call {} is live, and nobody looks at it again", call.id()))
            .collect()
    }

    /// Whatever the carrier was told is known is on the disk, as often as it was said.
    fn what_was_acknowledged_is_kept(&self) -> Vec<String> {
        let mut broken = Vec::new();
        let mut promised: BTreeMap<(CallId, String), usize> = BTreeMap::new();
        for told in self.theatre.gateway.acknowledged() {
            let form: Form = told.form.iter().cloned().collect();
            match told.path.split('?').next().unwrap().parse() {
                Ok(Place::Voice) => {
                    let line = form.get("CallSid").unwrap();
                    if !self.calls.contains_key(line) {
                        broken.push(format!("the arrival of {line} was acknowledged and is not kept"));
                    }
                }
                Ok(Place::Leg(call, leg, callback)) if !callback.is_for_waiting() => {
                    for event in webhook::events(callback, leg, &form) {
                        let event = serde_json::to_value(&event).unwrap().to_string();
                        *promised.entry((call, event)).or_default() += 1;
                    }
                }
                Ok(Place::Conference(call)) => {
                    if let Some(event) = webhook::room_event(&form) {
                        let event = serde_json::to_value(&event).unwrap().to_string();
                        *promised.entry((call, event)).or_default() += 1;
                    }
                }
                Ok(
                    Place::Leg(..)
                    | Place::Talk(..)
                    | Place::Menu(_)
                    | Place::Through(_)
                    | Place::LineStatus
                    | Place::Text
                    | Place::HoldMusic
                    | Place::Fallback(_)
                    | Place::FallbackWhisper
                    | Place::FallbackKey,
                ) => {}
                Err(_) => broken.push(format!("{} is no place of ours", told.path)),
            }
        }
        for ((call, event), often) in promised {
            let log = self.call(call).map(|kept| kept.log.as_slice()).unwrap_or_default();
            let kept = log.iter().filter(|logged| logged.to_string() == event).count();
            if kept < often {
                broken.push(format!(
                    "call {call}: {event} was acknowledged {often} times and is kept {kept} times"
                ));
            }
        }
        broken
    }

    fn no_responder_is_rung_twice_for_one_attempt(&self) -> Vec<String> {
        let mut orders: BTreeMap<String, usize> = BTreeMap::new();
        for url in self.theatre.gateway.dialled() {
            *orders.entry(url).or_default() += 1;
        }
        let twice = orders.into_iter().filter(|(_, times)| *times > 1);
        twice.map(|(url, times)| format!("{url} was dialled {times} times")).collect()
    }

    fn no_attempt_is_forgotten(&self) -> Vec<String> {
        let unordered = self.unordered.iter();
        unordered
            .map(|(call, leg)| format!("call {call}: the order to dial leg {leg} is gone"))
            .collect()
    }

    fn no_text_is_sent_twice(&self) -> Vec<String> {
        let mut texts: BTreeMap<(String, String), usize> = BTreeMap::new();
        self.theatre.simulator.look(|network| {
            for text in network.texts() {
                *texts.entry((text.to.clone(), text.body.clone())).or_default() += 1;
            }
        });
        let twice = texts.into_iter().filter(|(_, times)| *times > 1);
        twice.map(|(text, times)| format!("sent {times} times: {text:?}")).collect()
    }

    /// The only excuse is that nothing was there for as long as the carrier asks, at both addresses.
    fn every_caller_is_looked_after(&self) -> Vec<String> {
        let mut broken = Vec::new();
        for (caller, kept) in self.callers() {
            let fault = if self.heard_an_apology(caller) {
                (!self.theatre.gateway.was_away_for(&caller.sid)).then(|| "heard that something is out of order".to_owned())
            } else if self.fell_back.contains(&caller.sid) {
                let is_looked_after = self.is_put_through(caller);
                is_looked_after.or_else(|why| self.is_back(caller, kept).ok_or(why)).err()
            } else if let Some(kept) = kept {
                self.is_served(caller, kept).err()
            } else {
                // Who hangs up before we have said a word was never ours.
                caller.habit.patience.is_none().then(|| "is lost".to_owned())
            };
            let told = |fault| format!("{} {fault}: {:?}\n{}", caller.sid, caller.habit, self.how_it_went(caller, kept));
            broken.extend(fault.map(told));
        }
        broken
    }

    /// What the caller heard, what was asked for his line, and what is kept of his call: for a person who reads a failed run.
    fn how_it_went(&self, caller: &Caller, kept: Option<&Kept>) -> String {
        let heard = self.theatre.simulator.heard(&caller.sid);
        let heard = heard.iter().map(|heard| format!("heard {heard:?}"));
        let told = self.theatre.gateway.acknowledged().into_iter();
        let told = told.filter(|told| told.form.iter().any(|(name, value)| name == "CallSid" && *value == caller.sid));
        let asked = told.map(|told| format!("asked {} {}", told.at, told.path));
        let story = kept.into_iter().flat_map(|kept| &kept.story);
        let story = story.map(|entry| format!("story {} {}", entry.at, entry.fact));
        let log = kept.into_iter().flat_map(|kept| &kept.log);
        let log = log.map(|event| format!("event {event}"));
        heard.chain(asked).chain(story).chain(log).collect::<Vec<_>>().join("\n    ")
    }

    fn heard_an_apology(&self, caller: &Caller) -> bool {
        self.heard(caller, APPLICATION_ERROR)
    }

    fn heard(&self, caller: &Caller, words: &str) -> bool {
        let heard = self.theatre.simulator.heard(&caller.sid);
        heard
            .iter()
            .any(|heard| matches!(&heard.what, Sound::Said(said) if said.contains(words)))
    }

    /// Without the store: he has talked with somebody, or was told whom to call when all were rung in vain.
    fn is_put_through(&self, caller: &Caller) -> Result<(), String> {
        let talked = self.longest_talk(&caller.sid);
        let is_told = self.heard(caller, "You may call plus 6 1 4 9 1 5");
        // Asked by the menu already, when it could not go on.
        let hangs_up = caller.habit.question == AtQuestion::HangsUp && self.heard(caller, "To be called back on");
        if talked.is_some() || is_told || hangs_up || caller.habit.patience.is_some() {
            return Ok(());
        }
        Err("came to the fallback address in vain".to_owned())
    }

    /// From the fallback address he has come back to his call, which asked him what he wishes.
    fn is_back(&self, caller: &Caller, kept: Option<&Kept>) -> Option<()> {
        let heard = self.theatre.simulator.heard(&caller.sid);
        let says = |what: &Sound, words: &str| matches!(what, Sound::Said(said) if said.contains(words));
        let fault = heard.iter().rposition(|heard| says(&heard.what, "There is a technical fault"))?;
        let is_asked = |what: &Sound| says(what, "To be called back on") || *what == Sound::Beep;
        heard[fault..].iter().find(|heard| is_asked(&heard.what))?;
        self.is_served(caller, kept?).ok()
    }

    fn is_served(&self, caller: &Caller, kept: &Kept) -> Result<(), String> {
        let talked = self.longest_talk(&caller.sid);
        let heard = self.theatre.simulator.heard(&caller.sid);
        let may_leave =
            caller.habit.patience.is_some() || caller.habit.question == AtQuestion::HangsUp || caller.habit.tone == AtTone::HangsUp;
        let is_right = match kept.call.outcome() {
            Some(Outcome::Served) => talked.is_some(),
            // Whoever hangs up in the moment of an accept is noticed when the process is there again.
            Some(Outcome::CutOff) => talked.is_some() || may_leave,
            Some(Outcome::Recorded) => heard.iter().any(|heard| heard.what == Sound::Recording),
            // Whoever hangs up before he has heard it is called back all the same.
            Some(Outcome::CallbackAsked) => self.heard(caller, "You will be called back") || caller.habit.patience.is_some(),
            Some(Outcome::CallerHungUp) => may_leave || talked.is_some(),
            Some(Outcome::NoMessage) => talked.is_none_or(|lasted| lasted < UNNOTICED),
            Some(
                Outcome::Refused
                | Outcome::Acknowledged
                | Outcome::Resolved
                | Outcome::Unacknowledged
                | Outcome::CalledBack
                | Outcome::NotCalledBack
                | Outcome::PutThrough
                | Outcome::NotPutThrough,
            )
            | None => false,
        };
        let outcome = kept.call.outcome();
        is_right
            .then_some(())
            .ok_or_else(|| format!("ended {outcome:?}, talked {talked:?}"))
    }

    fn longest_talk(&self, sid: &str) -> Option<TimeDelta> {
        let talks = self.talks.iter().filter(|talk| talk.sids.iter().any(|other| other == sid));
        talks.map(|talk| end(talk) - talk.from).max()
    }

    /// Once, or the story says that it may have been sent.
    fn missed_calls_are_told(&self) -> Vec<String> {
        let texts = self.theatre.simulator.look(|network| network.texts().to_vec());
        let mut broken = Vec::new();
        for (caller, kept) in self.callers().filter_map(|(caller, kept)| Some((caller, kept?))) {
            let is_missed = !matches!(kept.call.outcome(), Some(Outcome::Served) | None);
            let told = texts
                .iter()
                .filter(|text| text.to == TOLD && text.body.contains(&caller.number))
                .count();
            let is_excused = kept.story.iter().any(|entry| matches!(entry.fact, Fact::NotTexted { .. }));
            let wanted = usize::from(is_missed);
            if told > wanted || (told < wanted && !is_excused) {
                broken.push(format!(
                    "{} ended {:?}, of which {told} texts tell",
                    caller.sid,
                    kept.call.outcome()
                ));
            }
        }
        broken
    }

    fn talks_are_between_a_caller_and_his_responder(&self) -> Vec<String> {
        let owner = |sid: &String| self.lines.get(sid).copied();
        let mut broken = Vec::new();
        for (n, talk) in self.talks.iter().enumerate() {
            let [one, other] = &talk.sids;
            let is_ours =
                matches!((owner(one), owner(other)), (Some((a, leg_a)), Some((b, leg_b))) if a == b && (leg_a.0 == 0) != (leg_b.0 == 0));
            // Rung by a document, not by an order.
            let is_proper = is_ours || self.fell_back.contains(one) && !self.placed.contains(other);
            if !is_proper {
                broken.push(format!("strangers in one room: {talk:?}"));
            }
            let three = self.talks[n + 1..].iter().find(|later| {
                let shared = later.sids.iter().any(|sid| talk.sids.contains(sid));
                shared && talk.from < end(later) && later.from < end(talk)
            });
            broken.extend(three.map(|other| format!("three in one talk: {talk:?} and {other:?}")));
        }
        broken
    }

    fn only_who_accepted_gets_the_caller(&self) -> Vec<String> {
        let accepts = |number: &String| {
            matches!(
                self.theatre.habits.get(number),
                Some(Habit::Accepts { .. } | Habit::AcceptsAtOnce { .. }) | None
            )
        };
        let numbers = self.talks.iter().flat_map(|talk| &talk.numbers);
        numbers
            .filter(|number| !accepts(number))
            .map(|number| format!("{number} got a caller without accepting"))
            .collect()
    }

    /// The last resort may have many lines, and without the store nobody knows who is on another call.
    fn no_phone_is_rung_twice_at_once(&self) -> Vec<String> {
        let rung = self.theatre.simulator.look(|network| network.rung());
        let rung: Vec<_> = rung.into_iter().filter(|rung| self.placed.contains(&rung.sid)).collect();
        let is_level = |number: &str| !number.ends_with('3');
        let until = |until: Option<DateTime<Utc>>| until.unwrap_or(DateTime::<Utc>::MAX_UTC);
        let mut broken = Vec::new();
        for (n, one) in rung.iter().enumerate().filter(|(_, one)| is_level(&one.number)) {
            let other = rung[n + 1..]
                .iter()
                .find(|other| other.number == one.number && one.from < until(other.until) && other.from < until(one.until));
            broken.extend(other.map(|other| format!("rung twice at once: {one:?} {other:?}")));
        }
        broken
    }

    /// That we were not there at times is no news; a bad document or request is.
    fn the_carrier_understands_us(&self) -> Vec<String> {
        let is_absence = |code: Option<u32>| matches!(code, Some(11200 | 11205 | 15003 | 16011));
        let faults = self.theatre.simulator.look(|network| network.faults().to_vec());
        faults
            .into_iter()
            .filter(|fault| !is_absence(fault.code))
            .map(|fault| format!("the carrier complains: {fault:?}"))
            .collect()
    }
}

fn end(talk: &Talk) -> DateTime<Utc> {
    talk.until.unwrap_or(DateTime::<Utc>::MAX_UTC)
}
