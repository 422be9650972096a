//! Responders who dial the hotline after a talk, as exchange and store meet them.

use super::super::planted::Planted;
use super::{CALLER, CallId, Desk, Event, Form, HotlineName, Plan, World, hotline, twiml, webhook};
use rotaline::call::{Call, LegId, LineId, Offer, OfferAnswer, Through};
use rotaline::roster::{Phone, Responder};
use rotaline::twilio::address::Callback;
use rotaline::twilio::form::FromForm as _;
use uuid::Uuid;

impl Desk {
    /// At the hotline: the question, where there is one; else the call that comes in, or is known.
    pub(super) fn at_hotline(&mut self, form: &Form, name: HotlineName) -> Option<String> {
        let arrival = webhook::Arrival::from_form(form).unwrap();
        let is_known = self.known_leg(&arrival.line).is_some();
        let wishes = self.wishes(arrival.from.as_ref());
        match wishes.as_slice() {
            [newest, earlier @ ..] if !is_known => {
                self.asked.insert(arrival.line.0);
                Some(self.offer(newest, !earlier.is_empty()))
            }
            _ => self.arrive(form, name),
        }
    }

    /// The answer to the question.
    pub(super) fn through(&mut self, form: &Form, talked_in: CallId) -> Option<String> {
        let arrival = webhook::Arrival::from_form(form).unwrap();
        assert_eq!(arrival.to, Some(hotline()));
        if webhook::is_over(form) {
            return None;
        }
        let name = HotlineName("lab & co".into());
        if self.known_leg(&arrival.line).is_some() {
            return self.arrive(form, name);
        }
        let wishes = self.wishes(arrival.from.as_ref());
        let mut asked = wishes.into_iter().skip_while(|wish| wish.talked_in != talked_in);
        let (meant, next) = (asked.next(), asked.next());
        match (OfferAnswer::of(webhook::menu_key(form)), meant, next) {
            (OfferAnswer::Taken, Some(through), _) if self.planted != Some(Planted::OthersAreRung) => {
                self.put_through(through, arrival.from?, arrival.line)
            }
            (OfferAnswer::Earlier, Some(_), Some(earlier)) => Some(self.offer(&earlier, asked.next().is_some())),
            (OfferAnswer::Taken | OfferAnswer::Earlier | OfferAnswer::Declined, meant, _) => {
                if meant.is_none() {
                    self.asked_too_late.insert(arrival.line.0);
                }
                self.arrive(form, name)
            }
        }
    }

    /// The call of this line, and its leg there.
    pub(super) fn known_leg(&self, line: &LineId) -> Option<(CallId, LegId)> {
        let (_, call) = self.lines.iter().find(|(known, _)| *known == line.0)?;
        Some((*call, self.calls[call].came_in_on()))
    }

    pub(super) fn line_is_over(&mut self, form: &Form) {
        let status = webhook::LineStatus::from_form(form).unwrap();
        if let (Some((call, leg)), Some(how)) = (self.known_leg(&status.line), status.ended) {
            self.happens(call, &Event::Ended { leg, how });
        }
    }

    fn offer(&self, through: &Through, earlier: bool) -> String {
        twiml::offer(&Offer::new(through, earlier, &self.scenario.rules), &self.base)
    }

    fn wishes(&self, from: Option<&Phone>) -> Vec<Through> {
        let Some(from) = from.filter(|_| self.scenario.redials.is_some()) else {
            return Vec::new();
        };
        let phones: Vec<Phone> = match self.scenario.owner(from.address()) {
            Some(person) => person.phones().map(|(phone, _)| phone.clone()).collect(),
            None => vec![from.clone()],
        };
        let relays = self.relays_of_responders(|responder| {
            phones.contains(responder)
                || self.planted == Some(Planted::AnybodyIsPutThrough) && self.scenario.owner(from.address()).is_some()
        });
        let through = relays.into_iter().map(|(number, talked_in, talked_at)| Through {
            number,
            talked_in,
            at: talked_at.format("%H:%M").to_string(),
        });
        let rules = &self.scenario.rules;
        through
            .filter(|through| rules.callbacks.allows(&through.number) && !phones.contains(&through.number))
            .collect()
    }

    fn put_through(&mut self, through: Through, from: Phone, line: LineId) -> Option<String> {
        let id = CallId(Uuid::from_u128(u128::try_from(self.lines.len() + 1).unwrap()));
        let by = match self.scenario.owner(from.address()) {
            Some(person) => person.responder().on(&from),
            None => Responder {
                name: "Somebody".to_owned(),
                phone: from,
                then: None,
            },
        };
        let rules = self.scenario.rules.clone();
        let plan = Plan::of_one(HotlineName("lab & co".into()), by.clone(), "talked with the caller", rules);
        let engaged = if self.planted == Some(Planted::CallersAreRungTwice) {
            std::collections::BTreeSet::new()
        } else {
            self.engaged(None)
        };
        let away = self.away();
        let world = World::new(self.now, &engaged, &away);
        let (call, reaction) = Call::put_through(id, through, plan, (by, line.clone()), &world);
        self.lines.push((line.0, id));
        self.redialled.push(id);
        let leg = call.came_in_on();
        assert_ne!(leg, CALLER);
        self.calls.insert(id, call);
        self.note(id, "is to be put through", &reaction);
        self.order(id, reaction);
        twiml::answer(Callback::Script, &self.calls[&id], leg, &self.base)
    }
}
