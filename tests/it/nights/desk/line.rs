//! The line of those who wait, as the store keeps it: in the order in which the searches began.

use super::{CALLER, Call, CallId, Callback, Desk, Event, Form, LegId, Planted, Reaction, WebhookRequest};
use rotaline::call::Fact;
use rotaline::call::line::{self, Waiting, Waits};
use rotaline::roster::Phone;
use rotaline::twilio::in_line::InLine;
use std::collections::BTreeSet;

/// Whose search is on, the longest first.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct Line {
    calls: Vec<CallId>,
    is_serving: bool,
    /// What was decided in all calls, in its order.
    pub(in super::super) facts: Vec<(CallId, Fact)>,
}

impl Line {
    pub(super) fn note(&mut self, id: CallId, reaction: &Reaction) {
        self.facts.extend(reaction.facts.iter().map(|fact| (id, fact.clone())));
    }
}

impl Desk {
    /// After a call has decided something: its place, and whoever has become free is offered at once.
    pub(super) fn line_is_kept(&mut self, id: CallId) {
        let is_known = self.line.calls.contains(&id);
        match self.calls[&id].waits() {
            Some(_) if !is_known => self.line.calls.push(id),
            None => self.line.calls.retain(|call| *call != id),
            Some(_) => {}
        }
        if std::mem::replace(&mut self.line.is_serving, true) {
            return;
        }
        let mut served = BTreeSet::new();
        while let Some(next) = self.next_in_line(&served) {
            served.insert(next);
            self.happens(next, &Event::SomebodyIsFree);
        }
        self.line.is_serving = false;
    }

    fn next_in_line(&self, served: &BTreeSet<CallId>) -> Option<CallId> {
        let away = self.away();
        let is_taken = |one: &Waiting, phone: &Phone| {
            let others = self.calls.values().filter(|call| call.id() != one.call && call.is_live());
            others.flat_map(Call::engages).any(|(_, number)| number == *phone)
        };
        let mut line = self.in_vain(None);
        if self.planted == Some(Planted::LastComesFirst) {
            line.reverse();
        }
        line::next_served(&line, is_taken, |_, phone| away.contains_key(phone), served)
    }

    /// The phones that are meant for those ahead of a call, or for all who wait.
    pub(super) fn meant(&self, ahead_of: Option<CallId>) -> BTreeSet<Phone> {
        if matches!(self.planted, Some(Planted::LastComesFirst | Planted::NobodyIsPromised)) {
            return BTreeSet::new();
        }
        let away = self.away();
        line::promised(&self.in_vain(ahead_of), |_, phone| away.contains_key(phone))
    }

    fn in_vain(&self, ahead_of: Option<CallId>) -> Vec<Waiting> {
        let waiting = self.waiting(ahead_of).filter(|(_, waits)| !waits.next.is_empty());
        let waiting = waiting.map(|(call, waits)| Waiting {
            call: call.id(),
            hotline: call.hotline().clone(),
            next: waits.next,
        });
        waiting.collect()
    }

    fn waiting(&self, ahead_of: Option<CallId>) -> impl Iterator<Item = (&Call, Waits)> {
        let ahead = self.line.calls.iter().take_while(move |call| Some(**call) != ahead_of);
        ahead.filter_map(|call| {
            let call = &self.calls[call];
            Some((call, call.waits()?))
        })
    }

    /// How a caller who waits stands in the line, as the door finds it out.
    pub(super) fn in_line(&self, call: CallId, callback: Callback, leg: LegId, form: &Form) -> InLine {
        if leg != CALLER || !callback.is_for_waiting() {
            return InLine::default();
        }
        let found = &self.calls[&call];
        let waits = found.waits().filter(|_| found.waits_in_line());
        let counted = if self.planted == Some(Planted::AllAreAhead) {
            None
        } else {
            Some(call)
        };
        let ahead: Vec<_> = self.waiting(counted).map(|(_, waits)| (waits.for_any_of, 1)).collect();
        let place = waits.map(|waits| line::place(&waits.for_any_of, &ahead));
        InLine::new(place, form)
    }
}

/// What a webhook says, in its address and in its body.
pub(super) fn form(request: &WebhookRequest) -> Form {
    let address = request.url.split('#').next().unwrap_or_default();
    let query = address.split_once('?').map_or("", |(_, query)| query);
    let asked = url::form_urlencoded::parse(query.as_bytes()).into_owned();
    asked.chain(request.form.iter().cloned()).collect()
}
