//! Callbacks that people make by text, as the switchboard and the store do it.

use super::{CALLER, Call, CallId, Desk, Event, Planted, Reaction, World, hotline};
use chrono::{DateTime, TimeDelta, Utc};
use rotaline::call::{CallingBack, Fact, HotlineName, Outcome, Plan};
use rotaline::roster::{Phone, Responder};
use std::collections::BTreeSet;
use uuid::Uuid;

/// The night's callbacks, and what people want with them.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct Ringback {
    /// The callback with number `n` stands at `n - 1`.
    pub(in super::super) rows: Vec<Row>,
    /// Who wants to make which, when.
    wishes: Vec<(DateTime<Utc>, usize, usize)>,
    /// The calls that came of it.
    pub(in super::super) calls: Vec<CallId>,
}

/// A callback.
#[derive(Clone, Debug)]
pub(in super::super) struct Row {
    pub(in super::super) number: Phone,
    asked_at: DateTime<Utc>,
    /// By which call it was closed.
    pub(in super::super) closed_by: Option<CallId>,
}

impl Ringback {
    pub(super) fn next_at(&self) -> Option<DateTime<Utc>> {
        self.wishes.iter().map(|(at, _, _)| *at).min()
    }
}

impl Desk {
    /// Keeps what the story says of callbacks.
    pub(super) fn callbacks_are_kept(&mut self, id: CallId, reaction: &Reaction) {
        let Some(ringers) = self.scenario.ringers.clone() else { return };
        for fact in &reaction.facts {
            if let Fact::CallbackAsked { number } = fact {
                self.ringback.rows.push(Row {
                    number: number.clone(),
                    asked_at: self.now,
                    closed_by: None,
                });
                let n = self.ringback.rows.len();
                let wishes = ringers.wishes.iter().filter(|wish| wish.callback == n);
                let wishes = wishes.map(|wish| (self.now + TimeDelta::milliseconds(wish.after_ms), n, wish.who));
                self.ringback.wishes.extend(wishes);
            }
            if let Fact::CalledBack { id: n, .. } = fact {
                self.close(usize::try_from(*n).unwrap(), id);
            }
        }
        let is_over = reaction.facts.iter().any(|fact| {
            matches!(
                fact,
                Fact::Ended {
                    outcome: Outcome::NotCalledBack
                }
            )
        });
        if is_over && self.planted == Some(Planted::ClosedAnyhow) {
            let n = self.calls[&id].calling_back().unwrap().id;
            self.close(usize::try_from(n).unwrap(), id);
        }
    }

    fn close(&mut self, n: usize, by: CallId) {
        self.ringback.rows[n - 1].closed_by.get_or_insert(by);
    }

    pub(super) fn people_call_back(&mut self) {
        let mut due: Vec<_> = self.ringback.wishes.iter().copied().filter(|(at, _, _)| *at <= self.now).collect();
        due.sort_by_key(|(at, n, _)| (*at, *n));
        self.ringback.wishes.retain(|(at, _, _)| *at > self.now);
        for (_, n, who) in due {
            self.call_back(n, who);
        }
    }

    fn call_back(&mut self, n: usize, who: usize) {
        let row = self.ringback.rows[n - 1].clone();
        if row.closed_by.is_some() {
            return;
        }
        let person = &self.scenario.people[who];
        let who = Responder {
            name: person.name.clone(),
            phone: person.number.clone(),
            then: None,
        };
        let what = CallingBack {
            id: u32::try_from(n).unwrap(),
            number: row.number,
            asked_at: row.asked_at,
            shown: "14:00".to_owned(),
        };
        let is_making = |call: &&Call| call.is_live() && call.calling_back().is_some_and(|other| other.id == what.id);
        let calling = self.calls.values().find(is_making).map(|_| "Somebody");
        let mut engaged = self.engaged(None);
        let calling = calling.filter(|_| self.planted != Some(Planted::TwoCallBack));
        if self.planted == Some(Planted::TwoCallBack) {
            engaged = BTreeSet::new();
        }
        let rules = self.scenario.rules.clone();
        if what.hindrance(&who, &rules, calling, &engaged).is_some() {
            return;
        }
        let id = CallId(Uuid::from_u128(4_000 + u128::try_from(self.ringback.calls.len()).unwrap()));
        let plan = Plan::of_one(HotlineName("lab & co".into()), who, "asked for by text", rules);
        let away = self.away();
        let world = World::new(self.now, &engaged, &away);
        let (call, reaction) = Call::ring_back(id, what, plan, &world);
        self.ringback.calls.push(id);
        self.calls.insert(id, call);
        self.note(id, "is asked for", &reaction);
        self.order(id, reaction);
    }

    /// As if picking up were taking it.
    pub(super) fn taken_at_once(&self, id: CallId, event: Event) -> Event {
        let is_callback = self.calls.get(&id).is_some_and(|call| call.calling_back().is_some());
        let is_taken = is_callback && self.planted == Some(Planted::RungForNobody);
        if let Event::Answered { leg, .. } = event
            && is_taken
            && leg != CALLER
        {
            return Event::Key { leg, key: '1' };
        }
        event
    }

    /// Whose number a phone shows that is rung.
    pub(super) fn shown_for(&self, call: CallId) -> Phone {
        match self.calls[&call].calling_back() {
            Some(callback) if self.planted == Some(Planted::CallerIsShown) => callback.number.clone(),
            Some(_) | None => hotline(),
        }
    }
}
