//! The service in memory: webhooks in, documents out, commands carried out by REST, as router, switchboard and
//! store do it, without sockets, disk and real time.

mod alarms;
pub(super) mod callbacks;
pub(super) mod kept;
mod line;
mod lookups;
mod reach;
mod recording;
mod ringback;
mod talks;
mod texting;
mod through;

use super::planted::Planted;
use super::scenario::{Scenario, number, roster};
use chrono::{DateTime, TimeDelta, TimeZone as _, Utc};
use rotaline::call::{
    Away, CALLER, Call, CallId, Command, Ending, Event, HotlineName, LegId, LineId, Plan, Reaction, Refusal, Screening, Script, Stay,
    ToldBy, World,
};
use rotaline::reception::Chosen;
use rotaline::roster::{Phone, Responder, Roster};
use rotaline::simulator::network::{Line, PhoneNetwork};
use rotaline::simulator::posting::{WebhookReply, WebhookRequest};
use rotaline::switchboard::{CarrierError, DialOrder};
use rotaline::twilio::address::{BaseUrl, Callback, Place};
use rotaline::twilio::form::{Form, FromForm as _};
use rotaline::twilio::rest::answer::{self, RestAnswer};
use rotaline::twilio::rest::request::{Account, RestRequest};
use rotaline::twilio::{twiml, webhook};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;
use uuid::Uuid;

pub(super) const ACCOUNT: &str = "AC00000000000000000000000000000001";
pub(super) const BASE: &str = "https://rota.example.org";
/// Longer than any night; whoever is still on the line then is left over.
pub(super) const LONGEST: TimeDelta = TimeDelta::hours(12);

pub(super) struct Desk {
    pub(super) network: PhoneNetwork,
    pub(super) calls: BTreeMap<CallId, Call>,
    /// What was decided, for a person who reads a failed night.
    pub(super) log: Vec<String>,
    /// How often each leg was ordered.
    pub(super) ordered: BTreeMap<(CallId, LegId), u32>,
    /// The caller's line of each call, in the order of arrival.
    pub(super) lines: Vec<(String, CallId)>,
    /// The lines on which a responder was asked whether to be put through, those on which he answered when the time was over,
    /// and the calls in which he is.
    pub(super) asked: BTreeSet<String>,
    pub(super) asked_too_late: BTreeSet<String>,
    pub(super) redialled: Vec<CallId>,
    /// The longest time in which a caller waited and nobody was being tried.
    pub(super) longest_idle: TimeDelta,
    idle_since: Option<DateTime<Utc>>,
    pub(super) line: line::Line,
    /// The callbacks that were promised.
    pub(super) owed: BTreeMap<CallId, callbacks::Owed>,
    /// Callbacks, and who makes them.
    pub(super) ringback: ringback::Ringback,
    /// Everything that is still to be carried out.
    pub(super) outbox: Vec<Order>,
    now: DateTime<Utc>,
    pub(super) begin: DateTime<Utc>,
    next_dial: DateTime<Utc>,
    arrivals: Vec<(DateTime<Utc>, usize)>,
    /// What is still to happen to alarms.
    news: Vec<(DateTime<Utc>, usize, alarms::News)>,
    pub(super) texting: texting::Texting,
    plan_of: Roster,
    last_resort: Option<Responder>,
    scenario: Scenario,
    planted: Option<Planted>,
    base: BaseUrl,
    account: Account,
}

#[derive(Clone, Debug)]
pub(super) struct Order {
    at: DateTime<Utc>,
    call: CallId,
    command: Command,
    tries: u32,
}

impl Desk {
    pub(super) fn new(scenario: &Scenario, planted: Option<Planted>) -> Self {
        let begin = Utc.with_ymd_and_hms(2026, 3, 7, 3, 0, 0).unwrap();
        let mut network = PhoneNetwork::new(scenario.seed, ACCOUNT, scenario.mischief.clone());
        network.add_own_number(hotline().address());
        for person in scenario.people.iter().chain(&scenario.last_resort) {
            for (phone, habit) in person.phones() {
                network.add_person(phone.address(), habit);
            }
        }
        for (number, habit) in scenario.called().into_iter().chain(scenario.rung_again()) {
            network.add_person(number.address(), habit);
        }
        let arrivals = scenario
            .callers
            .iter()
            .enumerate()
            .map(|(n, caller)| (begin + TimeDelta::milliseconds(caller.at_ms), n))
            .collect();
        Self {
            network,
            calls: BTreeMap::new(),
            log: Vec::new(),
            ordered: BTreeMap::new(),
            lines: Vec::new(),
            asked: BTreeSet::new(),
            asked_too_late: BTreeSet::new(),
            redialled: Vec::new(),
            longest_idle: TimeDelta::zero(),
            idle_since: None,
            line: line::Line::default(),
            owed: BTreeMap::new(),
            ringback: ringback::Ringback::default(),
            outbox: Vec::new(),
            now: begin,
            begin,
            next_dial: begin,
            arrivals,
            news: Self::news_of(&scenario.alarms, begin),
            texting: texting::Texting::of(scenario, begin),
            plan_of: roster(scenario, begin),
            last_resort: scenario.last_resort.as_ref().map(super::scenario::Person::responder),
            scenario: scenario.clone(),
            planted,
            base: BaseUrl::parse(BASE).unwrap(),
            account: Account(ACCOUNT.to_owned()),
        }
    }

    /// From the first call until nothing is to come any more.
    pub(super) fn run(&mut self) {
        while let Some(next) = self.next_at() {
            if next > self.begin + LONGEST {
                break;
            }
            self.now = self.now.max(next);
            self.longest_idle = self
                .longest_idle
                .max(self.idle_since.map_or(TimeDelta::zero(), |since| self.now - since));
            self.callers_dial();
            self.alarms_come();
            self.people_text();
            self.callbacks_are_overdue();
            self.people_call_back();
            for request in self.network.advance(self.now) {
                let reply = self.take(&request);
                self.network.answer(self.now, request.id, Ok(reply));
            }
            self.deadlines();
            self.work();
            self.idle_since = self.is_idle().then(|| self.idle_since.unwrap_or(self.now));
        }
    }

    /// A caller waits for the search, and no phone is being tried.
    fn is_idle(&self) -> bool {
        let waiting = self.calls.values().any(|call| call.may_wait(CALLER));
        let trying = self
            .network
            .leftovers()
            .legs
            .iter()
            .any(|sid| !self.lines.iter().any(|(line, _)| line == sid));
        waiting && !trying && self.outbox.is_empty()
    }

    fn next_at(&self) -> Option<DateTime<Utc>> {
        let deadlines = self
            .calls
            .values()
            .filter(|_| self.planted != Some(Planted::NoDeadlines))
            .filter_map(Call::deadline);
        let orders = self.outbox.iter().map(|order| order.at);
        let arrivals = self
            .arrivals
            .iter()
            .map(|(at, _)| *at)
            .chain(self.news.iter().map(|(at, _, _)| *at))
            .chain(self.texts_at())
            .chain(self.owed.values().filter_map(callbacks::Owed::remind_at))
            .chain(self.ringback.next_at());
        self.network
            .next_at()
            .into_iter()
            .chain(deadlines)
            .chain(orders)
            .chain(arrivals)
            .min()
    }

    fn callers_dial(&mut self) {
        let due: Vec<usize> = self.arrivals.iter().filter(|(at, _)| *at <= self.now).map(|(_, n)| *n).collect();
        self.arrivals.retain(|(at, _)| *at > self.now);
        for n in due {
            let caller = self.scenario.callers[n].clone();
            let mut line = Line::to(&self.base.to(Place::Voice));
            line.status_callback = self.scenario.tells_line_status.then(|| self.base.to(Place::LineStatus));
            let from = caller.from.as_ref().map(Phone::address);
            self.network.dial_in(self.now, from, hotline().address(), &line, caller.habit);
        }
    }

    /// As the router does.
    fn take(&mut self, request: &WebhookRequest) -> WebhookReply {
        let path = request.url.strip_prefix(BASE).unwrap().split(['?', '#']).next().unwrap();
        let form = line::form(request);
        let document = match path.parse::<Place>().unwrap() {
            Place::Voice => self.meet(&form, None),
            Place::Menu(attempt) => self.meet(&form, Some((webhook::menu_key(&form), attempt))),
            Place::Through(talked_in) => self.through(&form, talked_in),
            Place::LineStatus => {
                self.line_is_over(&form);
                None
            }
            Place::Conference(call) => {
                if let Some(event) = webhook::room_event(&form) {
                    self.happens(call, &event);
                }
                None
            }
            Place::Leg(call, leg, callback) => self.leg(call, leg, callback, &form),
            Place::Talk(call, number) => {
                if let Some(event) = webhook::talk_event(number, &form) {
                    self.happens(call, &event);
                }
                None
            }
            Place::Text => self.text(&form),
            Place::HoldMusic | Place::Fallback(_) | Place::FallbackWhisper | Place::FallbackKey => None,
        };
        document.map_or_else(WebhookReply::no_content, WebhookReply::twiml)
    }

    fn leg(&mut self, call: CallId, leg: LegId, callback: Callback, form: &Form) -> Option<String> {
        for event in webhook::events(callback, leg, form) {
            let rightly_waiting = matches!(event, Event::StillWaiting { leg } if self.calls[&call].may_wait(leg));
            if !rightly_waiting {
                self.happens(call, &event);
            }
        }
        let found = &self.calls[&call];
        let line = self.in_line(call, callback, leg, form);
        let document = self.unannounced(twiml::answer_in_line(callback, found, leg, &line, &self.base)?);
        Some(match self.planted {
            Some(Planted::WaitingAsksForKeys) if callback == Callback::Wait => {
                document.replace("<Redirect>", "<Gather numDigits=\"1\"/><Redirect>")
            }
            Some(Planted::SilentWaiting) if callback == Callback::Wait => {
                "<Response><Pause length=\"20\"/><Redirect/></Response>".to_owned()
            }
            Some(Planted::SecondAcceptorJoins) if document.contains("has already taken this call") => {
                let script = Script::Join {
                    words: "Come in.".into(),
                    stay: Stay {
                        max_seconds: 600,
                        star: false,
                        tone: false,
                    },
                };
                twiml::render(&script, &found.speech(), call, leg, &self.base)
            }
            Some(Planted::TwoTakeCare) => document.replace("takes care of the alarm", "You take care of it"),
            Some(planted) if Planted::WITH_THE_KEY.contains(&planted) => talks::spoilt(planted, &document),
            Some(Planted::NothingIsEscaped) => document.replace("&amp;", "&"),
            _ => document,
        })
    }

    /// As the doors do: a menu first, where there is one; then the hotline.
    fn meet(&mut self, form: &Form, answer: Option<(Option<char>, u8)>) -> Option<String> {
        let is_known = self.lines.iter().any(|(line, _)| Some(line.as_str()) == form.get("CallSid"));
        let menu = self.scenario.door.as_ref().and_then(|door| door.menu.clone()).filter(|_| !is_known);
        let (Some(menu), Some(answer)) = (&menu, answer) else {
            return match menu {
                Some(menu) => Some(twiml::menu(&menu, 1, &self.base)),
                None => self.at_hotline(form, HotlineName("lab & co".into())),
            };
        };
        if webhook::is_over(form) {
            return None;
        }
        let (key, attempt) = answer;
        let key = if self.planted == Some(Planted::EveryKeyIsTheFirst) {
            key.map(|_| '1')
        } else {
            key
        };
        match menu.chosen(key, attempt) {
            Chosen::Hotline(name) => self.at_hotline(form, name.clone()),
            Chosen::Again => Some(twiml::menu(menu, attempt + 1, &self.base)),
        }
    }

    fn arrive(&mut self, form: &Form, hotline_name: HotlineName) -> Option<String> {
        let arrival = webhook::Arrival::from_form(form).unwrap();
        assert_eq!(arrival.to, Some(hotline()));
        if let Some((call, leg)) = self.known_leg(&arrival.line) {
            return twiml::answer(Callback::Script, &self.calls[&call], leg, &self.base);
        }
        let id = CallId(Uuid::from_u128(u128::try_from(self.lines.len() + 1).unwrap()));
        let own_number = arrival.from.as_ref().filter(|_| self.planted != Some(Planted::CallerIsRung));
        let mut plan = self.plan(hotline_name, own_number);
        let recent = self
            .lines
            .iter()
            .filter(|(_, call)| self.calls[call].from() == arrival.from.as_ref())
            .count();
        if let Some(door) = &self.scenario.door {
            plan = door.planned(plan, arrival.from.as_ref(), recent, self.planted);
        }
        let engaged = self.engaged(None);
        let away = self.away();
        let world = World::new(self.now, &engaged, &away);
        let (call, reaction) = Call::arrive(id, plan, arrival.from, arrival.line.clone(), &world);
        self.lines.push((arrival.line.0, id));
        self.calls.insert(id, call);
        self.note(id, "arrives", &reaction);
        self.order(id, reaction);
        twiml::answer(Callback::Script, &self.calls[&id], CALLER, &self.base).map(|document| self.unannounced(document))
    }

    fn plan(&self, hotline: HotlineName, caller: Option<&Phone>) -> Plan {
        let mut rules = self.scenario.rules.clone();
        if self.planted == Some(Planted::AnswerAccepts) {
            rules.screening = Screening::None;
        }
        let on_call = self.plan_of.on_call(self.now);
        let mut plan = Plan::make(hotline, on_call, self.last_resort.as_ref(), caller, rules).arriving(Some(self.now.to_rfc3339()));
        if self.planted == Some(Planted::OrderReversed) {
            plan.levels.reverse();
        }
        plan
    }

    fn engaged(&self, apart_from: Option<CallId>) -> BTreeSet<Phone> {
        if self.planted == Some(Planted::EngagedIgnored) {
            return BTreeSet::new();
        }
        let others = self.calls.values().filter(|call| Some(call.id()) != apart_from && call.is_live());
        let mut engaged = self.meant(apart_from);
        engaged.extend(others.flat_map(Call::engages).map(|(_, number)| number));
        engaged
    }

    fn away(&self) -> BTreeMap<Phone, Away> {
        if self.planted == Some(Planted::PresenceIgnored) {
            return BTreeMap::new();
        }
        let at_ms = (self.now - self.begin).num_milliseconds();
        let all = self.scenario.people.iter().chain(&self.scenario.last_resort);
        let away = all.filter(|person| self.scenario.is_away(person.number.address(), at_ms));
        let told = Away {
            until: Some(self.begin + LONGEST),
            shown: "2026-03-07 15:00".to_owned(),
            told_at: self.begin,
            by: ToldBy::Text,
        };
        away.map(|person| (person.number.clone(), told.clone())).collect()
    }

    /// As the switchboard does.
    fn happens(&mut self, id: CallId, event: &Event) {
        let swallowed = match self.planted {
            Some(Planted::RefusalsSwallowed) => matches!(event, Event::Refused { .. }),
            Some(Planted::HangUpsSwallowed) => matches!(event, Event::Ended { leg: CALLER, .. }),
            Some(Planted::EndsSwallowed) => matches!(event, Event::Ended { leg, .. } if *leg != CALLER),
            Some(Planted::RecordingRefusalsUnheard) => matches!(event, Event::Key { leg: CALLER, key: '0' }),
            Some(Planted::LoneRespondersUnheard) => matches!(event, Event::StillWaiting { leg } if *leg != CALLER),
            Some(_) | None => false,
        };
        if swallowed {
            return;
        }
        let mut event = self.taken_at_once(id, event.clone());
        if let (Event::Key { leg, key }, Some(Planted::EveryKeyAccepts)) = (&mut event, self.planted) {
            *key = if *leg == CALLER { *key } else { '1' };
        }
        self.misread_aside(id, &mut event);
        let engaged = self.engaged(Some(id));
        let away = self.away();
        let world = World::new(self.now + self.misread_clock(&event), &engaged, &away);
        let Some(call) = self.calls.get_mut(&id) else { return };
        let reaction = call.handle(&event, &world);
        let reaction = self.spoilt(id, reaction);
        let reaction = self.promised(id, &event, reaction);
        self.callbacks_are_kept(id, &reaction);
        self.note(id, &format!("{event:?}"), &reaction);
        self.order(id, reaction);
    }

    fn misread_clock(&self, event: &Event) -> TimeDelta {
        let seconds = match (self.planted, event) {
            (Some(Planted::StaysSeemLonger), Event::Joined { .. }) => -3,
            (Some(Planted::StaysSeemShort), Event::Joined { .. }) => 3_600,
            (Some(_) | None, _) => 0,
        };
        TimeDelta::seconds(seconds)
    }

    fn note(&mut self, id: CallId, event: &str, reaction: &Reaction) {
        self.keep_relays(id, reaction);
        self.line.note(id, reaction);
        let facts: Vec<String> = reaction.facts.iter().map(ToString::to_string).collect();
        let call = id.0.as_u128();
        self.log.push(format!(
            "{} call {call} {event} -> {} {:?}",
            self.now.format("%H:%M:%S%.3f"),
            facts.join(" "),
            reaction.commands
        ));
    }

    fn order(&mut self, call: CallId, reaction: Reaction) {
        for command in reaction.commands {
            match &command {
                Command::Withdraw { leg } => {
                    let is_it = |order: &Order| {
                        order.call == call && matches!(&order.command, Command::Dial { leg: dialled, .. } if dialled == leg)
                    };
                    self.outbox.retain(|order| !is_it(order));
                    continue;
                }
                Command::StopRecording { .. } if self.planted == Some(Planted::RecordingGoesOn) => continue,
                Command::StopRecording { .. } => self.forget_orders_to_record(call),
                Command::Cancel { .. } if self.planted == Some(Planted::NothingIsCancelled) => continue,
                Command::Redirect { leg: CALLER, .. } if self.planted == Some(Planted::CallerNeverRedirected) => continue,
                Command::Redirect { .. } if self.planted == Some(Planted::WaitsUntold) => continue,
                Command::Text { .. } if self.planted == Some(Planted::TellsTwice) => {
                    self.outbox.push(Order {
                        at: self.now,
                        call,
                        command: command.clone(),
                        tries: 0,
                    });
                }
                Command::Dial { leg, .. } => *self.ordered.entry((call, *leg)).or_default() += 1,
                Command::Cancel { .. }
                | Command::HangUp { .. }
                | Command::Redirect { .. }
                | Command::Find { .. }
                | Command::LookAfter { .. }
                | Command::Record { .. }
                | Command::FindRecording { .. }
                | Command::Text { .. } => {}
            }
            let at = if matches!(command, Command::Dial { .. }) {
                self.slot()
            } else {
                self.now
            };
            self.outbox.push(Order {
                at,
                call,
                command,
                tries: 0,
            });
        }
        self.line_is_kept(call);
    }

    /// One outbound call a second.
    fn slot(&mut self) -> DateTime<Utc> {
        let at = self.next_dial.max(self.now);
        self.next_dial = at + TimeDelta::seconds(1);
        at
    }

    fn deadlines(&mut self) {
        if self.planted == Some(Planted::NoDeadlines) {
            return;
        }
        let due = |call: &&Call| call.deadline().is_some_and(|at| at <= self.now);
        let due: Vec<CallId> = self.calls.values().filter(due).map(Call::id).collect();
        for call in due {
            self.happens(call, &Event::Tick);
        }
    }

    fn work(&mut self) {
        while let Some(next) = self.outbox.iter().position(|order| order.at <= self.now) {
            let order = self.outbox.remove(next);
            self.carry_out(order);
        }
    }

    fn carry_out(&mut self, order: Order) {
        let call = order.call;
        match order.command.clone() {
            Command::Dial {
                leg,
                to,
                ring_seconds,
                detection,
            } => {
                let dial = DialOrder {
                    call,
                    leg,
                    from: self.shown_for(call),
                    to,
                    ring_seconds,
                    detection,
                };
                match self
                    .rest(&self.account.dial(&dial, &self.base.clone()))
                    .and_then(|taken| answer::created(&taken))
                {
                    Ok(line) => self.happens(call, &Event::Placed { leg, line }),
                    Err(CarrierError::Refused(why)) => self.happens(call, &Event::Refused { leg, why }),
                    Err(CarrierError::Throttled { .. } | CarrierError::Unreachable(_)) => {
                        self.again(order, Event::Refused { leg, why: never_arrived() })
                    }
                    Err(CarrierError::Unsure(_)) if self.planted == Some(Planted::BlindRetry) => self.again(order, Event::Tick),
                    Err(CarrierError::Unsure(_) | CarrierError::Gone) => self.happens(call, &Event::Unsure { leg }),
                }
            }
            Command::Find { leg, to, since } => self.find(order, leg, to, since),
            Command::Cancel { leg, line } => {
                let request = self.account.cancel(&line);
                self.update_unless_over(order, leg, &line, &request);
            }
            Command::HangUp { leg, line } => {
                let outcome = self.rest(&self.account.hang_up(&line)).and_then(|taken| answer::updated(&taken));
                self.updated(order, leg, outcome);
            }
            Command::Redirect { leg, line, .. } => {
                let request = self.account.redirect(&line, call, leg, &self.base);
                self.update_unless_over(order, leg, &line, &request);
            }
            Command::LookAfter { .. } | Command::Record { .. } | Command::StopRecording { .. } | Command::FindRecording { .. } => {
                self.about_recordings(order);
            }
            Command::Text { sender, to, body, .. } => self.send(order, sender, &to, &body),
            Command::Withdraw { .. } => {}
        }
    }

    fn updated(&mut self, order: Order, leg: LegId, outcome: Result<(), CarrierError>) {
        match outcome {
            Ok(()) => {}
            Err(CarrierError::Gone | CarrierError::Refused(_)) => self.happens(order.call, &Event::Ended { leg, how: Ending::Gone }),
            Err(CarrierError::Throttled { .. } | CarrierError::Unreachable(_) | CarrierError::Unsure(_)) => self.again(order, Event::Tick),
        }
    }

    /// Once more in a moment, a few times; then this is what has happened.
    fn again(&mut self, mut order: Order, in_vain: Event) {
        order.tries += 1;
        if order.tries > 5 {
            return self.happens(order.call, &in_vain);
        }
        order.at = self.now + TimeDelta::seconds(1);
        self.outbox.push(order);
    }

    fn rest(&mut self, request: &RestRequest) -> Result<RestAnswer, CarrierError> {
        let fields: Vec<(String, String)> = request
            .fields
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.clone()))
            .collect();
        match self.network.rest(self.now, request.method.as_str(), &request.path, &fields) {
            Ok(answer) => Ok(RestAnswer {
                status: answer.status,
                retry_after: None::<Duration>,
                body: answer.body.to_string().into_bytes(),
            }),
            Err(lost) => Err(CarrierError::Unsure(lost.to_string())),
        }
    }
}

pub(super) fn hotline() -> Phone {
    number(999)
}

fn never_arrived() -> Refusal {
    Refusal {
        code: None,
        message: "the order never reached the carrier".into(),
        permanent: false,
    }
}
