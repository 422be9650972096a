//! A night on the real store from its beginning to its end: time goes from one instant at which something happens to the next,
//! and at each of them one thing is done after another.

use super::super::desk::kept::Kept;
use super::super::desk::{ACCOUNT, BASE, LONGEST, hotline};
use super::super::door::Door;
use super::super::scenario::Scenario;
use super::process::{hotlines, lab};
use super::service::{A_WHILE, Service};
use super::trouble::{Fault, Tally};
use chrono::{DateTime, TimeDelta, TimeZone as _, Utc};
use rotaline::call::{Away, CALLER, Call, Incident, ToldBy};
use rotaline::clock::Clock;
use rotaline::roster::Phone;
use rotaline::simulator::PhoneNetwork;
use rotaline::simulator::network::Line;
use rotaline::store::{Entry, Pending, Told};
use rotaline::twilio::address::{BaseUrl, Place};
use std::sync::{Arc, Mutex};

/// Nobody looks at an idle store more often than so many times.
const LOOKS: u32 = 5;
const MOST_ALARMS_AN_HOUR: u32 = 100;

/// How a night ended.
pub(super) struct End {
    pub(super) kept: Kept,
    pub(super) log: Vec<String>,
    pub(super) left: Option<Pending>,
    pub(super) tally: Tally,
}

pub(super) async fn play(scenario: &Scenario, planted: Option<Fault>) -> End {
    let mut play = Play::begin(scenario, planted).await;
    while let Some(next) = play.next_at().await {
        if next > play.begin + LONGEST {
            break;
        }
        play.time_goes_to(next).await;
        play.happens().await;
    }
    play.end().await
}

/// What people and monitors do without the network.
enum News {
    Raised(usize),
    Over(usize),
    Away(Phone, Away),
}

struct Play<'s> {
    scenario: &'s Scenario,
    planted: Option<Fault>,
    begin: DateTime<Utc>,
    clock: Clock,
    network: Arc<Mutex<PhoneNetwork>>,
    service: Service<'s>,
    callers: Vec<(DateTime<Utc>, usize)>,
    news: Vec<(DateTime<Utc>, News)>,
    /// Since when a lone caller waits and nobody is tried, and for how long at most he did.
    idle_since: Option<DateTime<Utc>>,
    longest_idle: TimeDelta,
    /// How often in a row nothing was to be done.
    looks: u32,
}

impl<'s> Play<'s> {
    async fn begin(scenario: &'s Scenario, planted: Option<Fault>) -> Self {
        let at_a_door = scenario.door.as_ref().map(Door::begin);
        let begin = at_a_door.unwrap_or_else(|| Utc.with_ymd_and_hms(2026, 3, 7, 3, 0, 0).unwrap());
        let clock = Clock::anchored_at(begin);
        let network = Arc::new(Mutex::new(on_the_network(scenario)));
        let at = |ms: i64| begin + TimeDelta::milliseconds(ms);
        Self {
            scenario,
            planted,
            begin,
            clock,
            service: Service::open(scenario, planted, begin, clock, Arc::clone(&network)).await,
            network,
            callers: scenario
                .callers
                .iter()
                .enumerate()
                .map(|(n, caller)| (at(caller.at_ms), n))
                .collect(),
            news: news(scenario, begin),
            idle_since: None,
            longest_idle: TimeDelta::zero(),
            looks: 0,
        }
    }

    /// When something happens next; none where nothing is to come any more.
    async fn next_at(&self) -> Option<DateTime<Utc>> {
        let now = self.clock.now();
        let network = self.network.lock().unwrap().next_at();
        let next = self.callers.iter().map(|(at, _)| *at).chain(network).chain(self.service.next_at());
        let Some(looks_at) = self.service.looks_at() else {
            return next.min();
        };
        let next = next.chain(self.news.iter().map(|(at, _)| *at)).min();
        if self.looks < LOOKS {
            return next.into_iter().chain([looks_at.max(now)]).min();
        }
        // Whoever has looked in vain finds nothing before the store knows of something.
        let deadline = self.service.store.next_deadline(now).await.unwrap();
        let pending = self.service.store.pending(now).await.unwrap();
        let known = deadline.into_iter().chain(pending.next).chain(self.reminder().await);
        let next = next.into_iter().chain(known).min();
        if next.is_some_and(|next| next > now) {
            return next;
        }
        let nobody_ticks = self.planted == Some(Fault::DeadlinesAreNotRearmed);
        let is_over = pending.all == 0 && (nobody_ticks || self.service.store.due(now, 1).await.unwrap().is_empty());
        (next.is_some() || !is_over).then(|| looks_at.max(now + A_WHILE))
    }

    /// When somebody is reminded of a callback next.
    async fn reminder(&self) -> Option<DateTime<Utc>> {
        let patience = TimeDelta::minutes(self.scenario.rules.callback_reminder_minutes.into());
        let mut reminders = Vec::new();
        for hotline in hotlines(self.scenario) {
            let open = self.service.store.open_callbacks(&hotline).await.unwrap();
            let open = open.into_iter().filter(|open| open.reminded_at.is_none());
            reminders.extend(open.map(|open| open.asked_at + patience));
        }
        reminders.into_iter().min()
    }

    async fn time_goes_to(&mut self, next: DateTime<Utc>) {
        let now = self.clock.now();
        if let Some(since) = self.idle_since {
            self.longest_idle = self.longest_idle.max(next - since);
        }
        if next > now {
            tokio::time::advance((next - now).to_std().unwrap()).await;
        }
    }

    /// All that is to happen at this instant.
    async fn happens(&mut self) {
        let now = self.clock.now();
        self.looks += 1;
        self.service.starts(now).await;
        self.callers_dial(now);
        self.news_come(now).await;
        let requests = self.network.lock().unwrap().advance(now);
        for request in requests {
            self.looks = 0;
            self.service.comes_in(request).await;
        }
        if self.service.work().await {
            self.looks = 0;
        }
        self.looks_whether_anybody_is_tried().await;
    }

    fn callers_dial(&mut self, now: DateTime<Utc>) {
        let base = BaseUrl::parse(BASE).unwrap();
        let (due, later): (Vec<_>, Vec<_>) = self.callers.drain(..).partition(|(at, _)| *at <= now);
        self.callers = later;
        for (_, n) in due {
            let caller = &self.scenario.callers[n];
            // As the handbook has addresses entered at the carrier.
            let mut line = Line::to(&base.to_insistently(Place::Voice));
            line.status_callback = self.scenario.tells_line_status.then(|| base.to_insistently(Place::LineStatus));
            let from = caller.from.as_ref().map(Phone::address);
            let mut network = self.network.lock().unwrap();
            network.dial_in(now, from, hotline().address(), &line, caller.habit);
        }
    }

    async fn news_come(&mut self, now: DateTime<Utc>) {
        if !self.service.is_up() {
            return;
        }
        let (due, later): (Vec<_>, Vec<_>) = self.news.drain(..).partition(|(at, _)| *at <= now);
        self.news = later;
        for (_, news) in due {
            self.looks = 0;
            self.is_told(news).await;
        }
    }

    async fn is_told(&self, news: News) {
        let Some(switchboard) = self.service.switchboard() else { return };
        match news {
            News::Raised(n) => {
                let title = self.scenario.alarms[n].title.clone();
                let incident = Incident {
                    key: title.clone(),
                    title,
                    details: "Room <12> & 13".into(),
                };
                switchboard.raise(&lab(), incident, MOST_ALARMS_AN_HOUR).await.unwrap();
            }
            News::Over(n) => {
                let key = self.scenario.alarms[n].title.clone();
                switchboard.resolve(&lab(), key).await.unwrap();
            }
            News::Away(who, away) => {
                let now = self.clock.now();
                self.service.store.tell_presence(&who, &Told::Away(away), now).await.unwrap();
            }
        }
    }

    async fn looks_whether_anybody_is_tried(&mut self) {
        if !self.scenario.kind || !self.scenario.is_lone() {
            return;
        }
        let (now, store) = (self.clock.now(), &self.service.store);
        let mut waits = false;
        if let Some(call) = store.calls(1).await.unwrap().first() {
            let call = store.call(call.id).await.unwrap();
            waits = call.is_some_and(|call| call.may_wait(CALLER));
        }
        let is_alone = self.network.lock().unwrap().leftovers().legs.len() <= 1;
        let is_idle = waits && is_alone && self.service.has_nothing_in_hand() && store.pending(now).await.unwrap().all == 0;
        self.idle_since = is_idle.then(|| self.idle_since.unwrap_or(now));
    }

    async fn end(self) -> End {
        let store = &self.service.store;
        let pending = store.pending(self.clock.now()).await.unwrap();
        let mut calls: Vec<Call> = Vec::new();
        for call in store.calls(1_000).await.unwrap() {
            calls.extend(store.call(call.id).await.unwrap());
        }
        let entries = store.entries_after(0, 100_000).await.unwrap();
        let mut log: Vec<String> = entries.iter().map(line_of).chain(self.service.log.iter().cloned()).collect();
        log.sort();
        for call in &calls {
            let events = store.log(call.id()).await.unwrap();
            log.extend(events.iter().map(|event| format!("{} {event}", call.id())));
        }
        let dialled = std::mem::take(&mut self.service.wire.shown.lock().unwrap().dialled);
        let nobody = PhoneNetwork::new(0, ACCOUNT, self.scenario.mischief.clone());
        let network = std::mem::replace(&mut *self.network.lock().unwrap(), nobody);
        store.close().await;
        let kept = Kept {
            begin: self.begin,
            network,
            calls,
            entries,
            log: log.clone(),
            dialled,
            longest_idle: self.longest_idle,
        };
        End {
            kept,
            log,
            left: (pending.all > 0).then_some(pending),
            tally: self.service.tally,
        }
    }
}

fn line_of(entry: &Entry) -> String {
    format!("{} {} {}", entry.at.format("%H:%M:%S%.3f"), entry.call, entry.fact)
}

fn on_the_network(scenario: &Scenario) -> PhoneNetwork {
    let mut network = PhoneNetwork::new(scenario.seed, ACCOUNT, scenario.mischief.clone());
    network.add_own_number(hotline().address());
    for person in scenario.people.iter().chain(&scenario.last_resort) {
        for (phone, habit) in person.phones() {
            network.add_person(phone.address(), habit);
        }
    }
    network
}

fn news(scenario: &Scenario, begin: DateTime<Utc>) -> Vec<(DateTime<Utc>, News)> {
    let at = |ms: i64| begin + TimeDelta::milliseconds(ms);
    let alarms = scenario.alarms.iter().enumerate().flat_map(|(n, alarm)| {
        let over = alarm.over_ms.map(|ms| (at(ms), News::Over(n)));
        [(at(alarm.at_ms), News::Raised(n))].into_iter().chain(over)
    });
    let everybody = scenario.people.iter().chain(&scenario.last_resort).map(|person| &person.number);
    let away = everybody.filter_map(|number| {
        let (from, until) = scenario.spans_away(number.address())?;
        let told = Away {
            until: Some(if until == i64::MAX { begin + LONGEST } else { at(until) }),
            shown: "2026-03-07 15:00".to_owned(),
            told_at: begin,
            by: ToldBy::Text,
        };
        Some((at(from.max(0)), News::Away(number.clone(), told)))
    });
    let mut news: Vec<(DateTime<Utc>, News)> = away.chain(alarms).collect();
    news.sort_by_key(|(at, _)| *at);
    news
}
