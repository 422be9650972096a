//! Texts that people send, taken in as router, exchange and store do it; and what is texted to them.

use super::super::texting::{Became, Sent, Taken};
use super::{
    Call, CallId, CarrierError, Desk, Event, Form, Order, Phone, Planted, Reaction, Scenario, World, answer, hotline, twiml, webhook,
};
use chrono::{DateTime, TimeDelta, Utc};
use rotaline::call::{Fact, HotlineName, Origin, Stranger, Undelivered};
use rotaline::phrases::Language;
use rotaline::texts::{Course, Known, Line, Relay, Said};
use rotaline::twilio::address::Place;
use rotaline::twilio::form::FromForm as _;
use std::collections::BTreeMap;
use uuid::Uuid;

/// Texts of a night.
#[derive(Default)]
pub(in super::super) struct Texting {
    /// Still to be sent.
    pub(super) pending: Vec<Sent>,
    /// What became of those that came.
    pub(in super::super) taken: Vec<Taken>,
    relays: Vec<Between>,
    /// How many of the texts on the network people have seen.
    seen: usize,
    answers: BTreeMap<String, usize>,
}

/// Two who may text each other.
struct Between {
    responder: Phone,
    caller: Phone,
    call: CallId,
    talked_at: DateTime<Utc>,
    until: DateTime<Utc>,
}

impl Between {
    fn has(&self, who: &Phone) -> bool {
        self.responder == *who || self.caller == *who
    }

    fn other_than(&self, who: &Phone) -> &Phone {
        if self.responder == *who { &self.caller } else { &self.responder }
    }
}

impl Texting {
    pub(super) fn of(scenario: &Scenario, begin: DateTime<Utc>) -> Self {
        let pending = scenario.texting.iter().flat_map(|texting| texting.sent(begin));
        Self {
            pending: pending.collect(),
            ..Self::default()
        }
    }
}

impl Desk {
    pub(super) fn texts_at(&self) -> impl Iterator<Item = DateTime<Utc>> {
        self.texting.pending.iter().map(|sent| sent.at)
    }

    pub(super) fn people_text(&mut self) {
        self.machines_answer();
        let now = self.now;
        let (due, later): (Vec<Sent>, Vec<Sent>) = self.texting.pending.drain(..).partition(|sent| sent.at <= now);
        self.texting.pending = later;
        let url = self.base.to(Place::Text);
        for Sent { from, body, again, .. } in due {
            let sid = self.network.text_in(now, from.address(), hotline().address(), &url, &body);
            if again {
                self.network.text_again(now, from.address(), hotline().address(), &url, &body, &sid);
            }
        }
    }

    /// Whoever has a machine answers every text with a text, for as long as he gets any.
    fn machines_answer(&mut self) {
        let Some(plan) = &self.scenario.texting else { return };
        let (seen, texts) = (self.texting.seen, self.network.texts());
        for text in &texts[seen..] {
            let count = self.texting.answers.entry(text.to.clone()).or_default();
            if !plan.machines.iter().any(|machine| machine.address() == text.to) {
                continue;
            }
            *count += 1;
            self.texting.pending.push(Sent {
                at: self.now + TimeDelta::seconds(3),
                from: Phone::from_e164(&text.to).unwrap(),
                body: format!("(answer {count} of {})", &text.to[text.to.len() - 3..]),
                again: false,
            });
        }
        self.texting.seen = texts.len();
    }

    /// As router, exchange and store do.
    pub(super) fn text(&mut self, form: &Form) -> Option<String> {
        let texted = webhook::Texted::from_form(form).unwrap();
        let known = self.texting.taken.iter().find(|taken| taken.id == texted.id);
        if let Some(known) = known.filter(|_| self.planted != Some(Planted::RepeatedTextsCount)) {
            return Some(twiml::text(known.answer.as_deref()));
        }
        let (sender, own) = (texted.from.clone()?, hotline());
        let line = Line {
            hotline: "lab & co",
            number: &own,
            language: Language::English,
            roster: Some(&self.plan_of),
            last_resort: None,
            rings: Some(30),
        };
        let said = Said {
            sender: &sender,
            is_blocked: false,
            body: &texted.body,
            has_pictures: texted.has_pictures,
        };
        let relays = self.relays_of(&sender);
        let known = self.known(&sender, &relays);
        let outcome = line.take(said, &known, self.now);
        let (became, call) = self.comes_of(&sender, outcome.course, &relays);
        self.texting.taken.push(Taken {
            id: texted.id,
            sender,
            at: self.now,
            body: texted.body,
            became,
            call,
            answer: outcome.answer.clone(),
        });
        Some(twiml::text(outcome.answer.as_deref()))
    }

    fn comes_of(&mut self, sender: &Phone, course: Course, relays: &[(CallId, Relay, Phone)]) -> (Became, Option<CallId>) {
        match course {
            Course::Answered => (Became::Answered, None),
            Course::Refused => (Became::Refused, None),
            Course::Rings { body } => (Became::Rings, Some(self.rings_for(sender, body))),
            Course::Added { body } => {
                let call = self.ringing_for(sender).unwrap();
                self.happens(call, &Event::TextAdded { body });
                (Became::Added, Some(call))
            }
            Course::PassedOn { relay, body } => {
                let (call, _, to) = relays[relay].clone();
                let body = if self.planted == Some(Planted::NumbersAreShown) {
                    format!("{body} {}", sender.address())
                } else {
                    body
                };
                let from = sender.clone();
                self.happens(call, &Event::PassOn { from, to, body });
                (Became::PassedOn, Some(call))
            }
        }
    }

    fn rings_for(&mut self, sender: &Phone, body: String) -> CallId {
        let begun = self.calls.values().filter(|call| matches!(call.origin(), Origin::Text(_))).count();
        let id = CallId(Uuid::from_u128(2_000 + u128::try_from(begun).unwrap()));
        let (engaged, away) = (self.engaged(None), self.away());
        let world = World::new(self.now, &engaged, &away);
        let stranger = Stranger {
            from: sender.clone(),
            to: hotline(),
            texts: vec![body],
        };
        let plan = self.plan(HotlineName("lab & co".into()), Some(sender));
        let (call, reaction) = Call::texted(id, plan, stranger, &world);
        self.calls.insert(id, call);
        self.note(id, "is texted", &reaction);
        self.order(id, reaction);
        id
    }

    fn ringing_for(&self, sender: &Phone) -> Option<CallId> {
        let is_open =
            |call: &&Call| matches!(call.origin(), Origin::Text(stranger) if stranger.from == *sender) && call.outcome().is_none();
        self.calls.values().find(is_open).map(Call::id)
    }

    fn known(&self, sender: &Phone, relays: &[(CallId, Relay, Phone)]) -> Known {
        let count = |hours: i64, whose: Option<&Phone>, became: &[Became]| {
            let since = self.now - TimeDelta::hours(hours);
            let taken = self
                .texting
                .taken
                .iter()
                .filter(|taken| taken.at > since && became.contains(&taken.became));
            let count = taken.filter(|taken| whose.is_none_or(|whose| taken.sender == *whose)).count();
            u32::try_from(count).unwrap()
        };
        let passed_on = count(1, Some(sender), &[Became::PassedOn, Became::Added]);
        Known {
            relays: relays.iter().map(|(_, relay, _)| *relay).collect(),
            passed_on_lately: if self.planted == Some(Planted::TextsGoRound) {
                0
            } else {
                passed_on
            },
            refused_lately: count(1, Some(sender), &[Became::Refused]) > 0,
            is_ringing: self.ringing_for(sender).is_some(),
            rang_lately: count(1, Some(sender), &[Became::Rings]),
            rang_today: count(24, Some(sender), &[Became::Rings]),
            all_rang_lately: count(1, None, &[Became::Rings]),
            ..Known::default()
        }
    }

    /// The newest talk first: its call, what the texts know of it, and the other one.
    fn relays_of(&self, who: &Phone) -> Vec<(CallId, Relay, Phone)> {
        let newest = |who: &Phone| {
            let open = self
                .texting
                .relays
                .iter()
                .filter(|between| between.has(who) && between.until > self.now);
            let mut open: Vec<&Between> = open.collect();
            open.sort_by_key(|between| std::cmp::Reverse(between.talked_at));
            open
        };
        let relay = |between: &&Between| {
            let other = between.other_than(who);
            let relay = Relay {
                is_responders: between.responder == *who,
                talked_at: between.talked_at,
                is_others_newest: newest(other).first().is_none_or(|first| first.call == between.call),
            };
            (between.call, relay, other.clone())
        };
        newest(who).iter().map(relay).collect()
    }

    /// With whom responders whom `is_meant` names may talk again, the newest talk first: the caller, the call, and since when.
    pub(super) fn relays_of_responders(&self, is_meant: impl Fn(&Phone) -> bool) -> Vec<(Phone, CallId, DateTime<Utc>)> {
        let forgets = self.planted == Some(Planted::TimeIsForgotten);
        let open = self.texting.relays.iter().filter(|between| between.until > self.now || forgets);
        let have_talked = |between: &&Between| !matches!(self.calls[&between.call].origin(), Origin::Text(_));
        let mut open: Vec<&Between> = open.filter(have_talked).filter(|between| is_meant(&between.responder)).collect();
        open.sort_by_key(|between| std::cmp::Reverse((between.talked_at, between.call)));
        open.into_iter()
            .map(|between| (between.caller.clone(), between.call, between.talked_at))
            .collect()
    }

    /// Who may text whom from now on.
    pub(super) fn keep_relays(&mut self, call: CallId, reaction: &Reaction) {
        for fact in &reaction.facts {
            if let Fact::RelayOpened {
                responder,
                caller,
                talked_at,
                minutes,
                ..
            } = fact
            {
                self.texting
                    .relays
                    .retain(|between| between.responder != *responder || between.caller != *caller);
                self.texting.relays.push(Between {
                    responder: responder.clone(),
                    caller: caller.clone(),
                    call,
                    talked_at: *talked_at,
                    until: self.now + TimeDelta::minutes((*minutes).into()),
                });
            }
        }
    }

    /// One of our texts goes out; whoever has written it hears where it does not.
    pub(super) fn send(&mut self, order: Order, sender: Option<Phone>, to: &Phone, body: &str) {
        let sent = self.rest(&self.account.text(&hotline(), to, body));
        let Err(error) = sent.and_then(|taken| answer::taken(&taken)) else {
            return;
        };
        let (is_worth_a_try, permanent) = match &error {
            CarrierError::Throttled { .. } | CarrierError::Unreachable(_) => (true, false),
            CarrierError::Refused(why) => (false, why.permanent),
            CarrierError::Gone | CarrierError::Unsure(_) => (false, false),
        };
        let in_vain = sender.map_or(Event::Tick, |from| {
            Event::NotTexted(Undelivered {
                from,
                to: to.clone(),
                code: None,
                why: error.to_string(),
                permanent,
            })
        });
        if is_worth_a_try {
            self.again(order, in_vain);
        } else if in_vain != Event::Tick {
            self.happens(order.call, &in_vain);
        }
    }
}
