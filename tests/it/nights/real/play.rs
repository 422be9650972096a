//! A night on the real store from its beginning to its end: time goes from one instant at which something happens to the next,
//! and at each of them one thing is done after another.

use super::super::desk::kept::Kept;
use super::super::desk::{ACCOUNT, BASE, LONGEST, hotline};
use super::super::door::Door;
use super::super::scenario::Scenario;
use super::process::{Process, hotlines, lab};
use super::sheet::{expected, sheet};
use super::time::goes_on;
use super::trouble::{Blow, Fault, OnTheWire, Trouble};
use super::wire::Wire;
use chrono::{DateTime, TimeDelta, TimeZone as _, Utc};
use rotaline::call::{Away, CALLER, Call, Incident, ToldBy};
use rotaline::clock::Clock;
use rotaline::roster::{OnCall, Phone, Settings};
use rotaline::simulator::PhoneNetwork;
use rotaline::simulator::network::Line;
use rotaline::simulator::posting::{WebhookReply, WebhookRequest};
use rotaline::store::{Entry, Fate, Pending, Store, Told};
use rotaline::switchboard::Carried;
use rotaline::twilio::address::{BaseUrl, Callback, Place};
use std::pin::Pin;
use std::sync::{Arc, Mutex};

/// So long a command that waits for time to pass is left alone where nobody knows for how much.
const A_WHILE: TimeDelta = TimeDelta::milliseconds(100);
/// Nobody looks at an idle store more often than so many times.
const LOOKS: u32 = 5;
/// More orders are not lost on purpose: they would stay in the worker's hands.
const MOST_LOST: u32 = 6;
const MOST_ALARMS_AN_HOUR: u32 = 100;

/// How a night ended.
pub(super) struct End {
    pub(super) kept: Kept,
    pub(super) log: Vec<String>,
    pub(super) left: Option<Pending>,
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

/// A command that was begun, and waits for time to pass.
struct Errand<'s> {
    going: Pin<Box<dyn Future<Output = Carried> + 's>>,
    until: DateTime<Utc>,
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
    fate: Arc<Fate>,
    store: Store,
    wire: Arc<Wire>,
    trouble: Trouble,
    folder: tempfile::TempDir,
    process: Option<Process>,
    lives: u64,
    up_at: Option<DateTime<Utc>>,
    errands: Vec<Errand<'s>>,
    callers: Vec<(DateTime<Utc>, usize)>,
    news: Vec<(DateTime<Utc>, News)>,
    /// What came while no process was there, or was not answered when it died.
    unanswered: Vec<WebhookRequest>,
    log: Vec<String>,
    idle: Idle,
    /// How often in a row nothing was to be done.
    looks: u32,
    /// How many orders were lost on purpose.
    lost: u32,
}

/// For how long at most a lone caller waited and nobody was tried.
#[derive(Default)]
struct Idle {
    since: Option<DateTime<Utc>>,
    longest: TimeDelta,
}

impl<'s> Play<'s> {
    async fn begin(scenario: &'s Scenario, planted: Option<Fault>) -> Self {
        let at_a_door = scenario.door.as_ref().map(Door::begin);
        let begin = at_a_door.unwrap_or_else(|| Utc.with_ymd_and_hms(2026, 3, 7, 3, 0, 0).unwrap());
        let clock = Clock::anchored_at(begin);
        let fate = Arc::new(Fate::default());
        let store = Store::in_memory_with(Some(Arc::clone(&fate))).await.unwrap();
        have_rotas(scenario, &store, begin).await;
        let network = Arc::new(Mutex::new(on_the_network(scenario)));
        let wire = Wire::new(Arc::clone(&network), clock, OnTheWire::of(scenario), planted);
        let at = |ms: i64| begin + TimeDelta::milliseconds(ms);
        let mut play = Self {
            scenario,
            planted,
            begin,
            clock,
            network,
            fate,
            store,
            wire: Arc::new(wire),
            trouble: Trouble::of(scenario),
            folder: tempfile::tempdir().unwrap(),
            process: None,
            lives: 0,
            up_at: None,
            errands: Vec::new(),
            callers: scenario
                .callers
                .iter()
                .enumerate()
                .map(|(n, caller)| (at(caller.at_ms), n))
                .collect(),
            news: news(scenario, begin),
            unanswered: Vec::new(),
            log: Vec::new(),
            idle: Idle::default(),
            looks: 0,
            lost: 0,
        };
        play.starts(true).await;
        play
    }

    async fn starts(&mut self, with_lock: bool) {
        self.lives += 1;
        let lock = self.folder.path().join("night.db");
        let lock = with_lock.then_some(lock.as_path());
        let (store, wire) = (self.store.clone(), Arc::clone(&self.wire));
        let process = Process::start(self.scenario, store, wire, self.clock, self.lives, lock).await;
        self.process = Some(process);
        self.up_at = None;
    }

    /// The process is gone, with everything that was in its memory.
    fn dies(&mut self) {
        self.process = None;
        self.errands.clear();
        self.fate.lies_ahead(None);
        self.store = self.store.after_a_restart();
        let (after, _) = self.trouble.restart();
        self.up_at = Some(self.clock.now() + after);
        self.log
            .push(format!("{} THE PROCESS DIES", self.clock.now().format("%H:%M:%S%.3f")));
    }

    /// When something happens next; none where nothing is to come any more.
    async fn next_at(&mut self) -> Option<DateTime<Utc>> {
        let now = self.clock.now();
        let network = self.network.lock().unwrap().next_at();
        let next = self.callers.iter().map(|(at, _)| *at).chain(network).chain(self.up_at).min();
        let Some(process) = &self.process else { return next };
        let news = self.news.iter().map(|(at, _)| *at);
        let next = news.chain(next).chain(self.errands.iter().map(|errand| errand.until)).min();
        if self.looks < LOOKS {
            return Some(
                next.map_or(process.steps.next_at(), |next| next.min(process.steps.next_at()))
                    .max(now),
            );
        }
        // Whoever has looked in vain finds nothing before the store knows of something.
        let deadline = self.store.next_deadline(now).await.unwrap();
        let pending = self.store.pending(now).await.unwrap();
        let next = next
            .into_iter()
            .chain(deadline)
            .chain(pending.next)
            .chain(self.reminder().await)
            .min();
        if next.is_some_and(|next| next > now) {
            return next;
        }
        let nobody_ticks = self.planted == Some(Fault::DeadlinesAreNotRearmed);
        let is_over = next.is_none() && pending.all == 0 && (nobody_ticks || self.store.due(now, 1).await.unwrap().is_empty());
        (!is_over).then(|| process.steps.next_at().max(now + A_WHILE))
    }

    /// When somebody is reminded of a callback next.
    async fn reminder(&self) -> Option<DateTime<Utc>> {
        let patience = TimeDelta::minutes(self.scenario.rules.callback_reminder_minutes.into());
        let mut reminders = Vec::new();
        for hotline in hotlines(self.scenario) {
            let open = self.store.open_callbacks(&hotline).await.unwrap();
            reminders.extend(
                open.into_iter()
                    .filter(|open| open.reminded_at.is_none())
                    .map(|open| open.asked_at + patience),
            );
        }
        reminders.into_iter().min()
    }

    async fn time_goes_to(&mut self, next: DateTime<Utc>) {
        let now = self.clock.now();
        if let Some(since) = self.idle.since {
            self.idle.longest = self.idle.longest.max(next - since);
        }
        if next > now {
            tokio::time::advance((next - now).to_std().unwrap()).await;
        }
    }

    /// All that is to happen at this instant.
    async fn happens(&mut self) {
        let now = self.clock.now();
        if self.up_at.is_some_and(|at| at <= now) {
            let (_, with_lock) = self.trouble.restart();
            self.starts(with_lock).await;
            for request in std::mem::take(&mut self.unanswered) {
                self.comes_in(request).await;
            }
        }
        self.people_act(now).await;
        let requests = self.network.lock().unwrap().advance(now);
        self.looks = if requests.is_empty() { self.looks + 1 } else { 0 };
        for request in requests {
            self.comes_in(request).await;
        }
        self.work().await;
        self.looks_whether_anybody_is_tried().await;
    }

    async fn people_act(&mut self, now: DateTime<Utc>) {
        let (due, later) = self.callers.drain(..).partition(|(at, _)| *at <= now);
        self.callers = later;
        let due: Vec<(DateTime<Utc>, usize)> = due;
        let base = BaseUrl::parse(BASE).unwrap();
        for (_, n) in due {
            let caller = &self.scenario.callers[n];
            // As the handbook has addresses entered at the carrier.
            let mut line = Line::to(&base.to_insistently(Place::Voice));
            line.status_callback = self.scenario.tells_line_status.then(|| base.to_insistently(Place::LineStatus));
            let from = caller.from.as_ref().map(Phone::address);
            let mut network = self.network.lock().unwrap();
            network.dial_in(now, from, hotline().address(), &line, caller.habit);
        }
        if self.process.is_none() {
            return;
        }
        let (due, later) = self.news.drain(..).partition(|(at, _)| *at <= now);
        self.news = later;
        let due: Vec<(DateTime<Utc>, News)> = due;
        for (_, news) in due {
            self.is_told(news).await;
        }
    }

    /// Whoever tells something tells it again where it was not kept.
    async fn is_told(&mut self, news: News) {
        let Some(process) = &self.process else { return };
        self.looks = 0;
        match news {
            News::Raised(n) => {
                let title = self.scenario.alarms[n].title.clone();
                let incident = Incident {
                    key: title.clone(),
                    title,
                    details: "Room <12> & 13".into(),
                };
                process.switchboard.raise(&lab(), incident, MOST_ALARMS_AN_HOUR).await.unwrap();
            }
            News::Over(n) => {
                let key = self.scenario.alarms[n].title.clone();
                process.switchboard.resolve(&lab(), key).await.unwrap();
            }
            News::Away(who, away) => {
                let now = self.clock.now();
                self.store.tell_presence(&who, &Told::Away(away), now).await.unwrap();
            }
        }
    }

    /// A webhook, which whoever stands before the process brings again where it dies over it.
    async fn comes_in(&mut self, request: WebhookRequest) {
        let blow = self.trouble.blow(self.clock.now());
        if blow == Some(Blow::Dies) && self.process.is_some() {
            self.dies();
        }
        let Some(process) = &self.process else {
            return self.unanswered.push(request);
        };
        let now = self.clock.now();
        if self.planted == Some(Fault::NoticesAreDropped) && is_notice(&request) && self.trouble.often(0.3) {
            let noted = Ok(WebhookReply::no_content());
            return self.network.lock().unwrap().answer(now, request.id, noted);
        }
        let mut answer: Pin<Box<dyn Future<Output = WebhookReply>>> = Box::pin(Process::answer(process.doors(), request.clone()));
        let dies = self.expects(blow);
        let reply = goes_on(&mut answer, &self.fate).await.expect("nobody is kept waiting by a webhook");
        drop(answer);
        if self.has_befallen() && dies {
            self.dies();
            return self.unanswered.push(request);
        }
        self.network.lock().unwrap().answer(now, request.id, Ok(reply));
    }

    /// Lays out what befalls the next step; whether the process dies of it.
    fn expects(&mut self, blow: Option<Blow>) -> bool {
        match blow {
            Some(Blow::Store(mishap, dies)) => {
                self.fate.lies_ahead(Some(mishap));
                dies
            }
            Some(Blow::DiesOnTheWire(death)) => {
                self.wire.kills(death);
                false
            }
            Some(Blow::Dies) | None => false,
        }
    }

    /// Whether something has befallen the store in the step that is over.
    fn has_befallen(&mut self) -> bool {
        let befallen = self.fate.befallen();
        self.fate.lies_ahead(None);
        if befallen > 0 {
            self.log
                .push(format!("{} THE STORE FAILS", self.clock.now().format("%H:%M:%S%.3f")));
        }
        befallen > 0
    }

    /// The exchange does all that is to be done at this instant.
    async fn work(&mut self) {
        while self.process.is_some() {
            let mut has_done = self.keeps_deadlines().await;
            has_done |= self.goes_on_with_errands().await;
            has_done |= self.begins_errands().await;
            if !has_done {
                return;
            }
        }
    }

    async fn keeps_deadlines(&mut self) -> bool {
        if self.planted == Some(Fault::DeadlinesAreNotRearmed) && self.lives > 1 {
            return false;
        }
        let blow = self.trouble.blow(self.clock.now());
        let dies = self.expects(blow);
        let Some(process) = &mut self.process else { return false };
        let looked = process.steps.keep_deadlines().await;
        if self.has_befallen() && dies || blow == Some(Blow::Dies) {
            self.dies();
            return false;
        }
        looked
    }

    async fn goes_on_with_errands(&mut self) -> bool {
        let now = self.clock.now();
        let (due, waiting) = self.errands.drain(..).partition(|errand| errand.until <= now);
        self.errands = waiting;
        let due: Vec<Errand<'s>> = due;
        let has_done = !due.is_empty();
        for errand in due {
            self.is_carried_out(errand.going).await;
        }
        has_done
    }

    async fn begins_errands(&mut self) -> bool {
        let Some(process) = &mut self.process else { return false };
        let taken = process.steps.take_in_hand().await;
        let has_done = !taken.is_empty();
        for in_hand in taken {
            if self.planted == Some(Fault::OrdersAreLost) && self.lost < MOST_LOST && self.trouble.often(0.2) {
                self.lost += 1;
                self.store.done(in_hand.command()).await.unwrap();
                continue;
            }
            self.is_carried_out(Box::pin(in_hand.carry_out())).await;
        }
        if has_done {
            self.looks = 0;
        }
        has_done
    }

    /// As far as it comes at this instant. With a process that has died meanwhile it is gone.
    async fn is_carried_out(&mut self, mut going: Pin<Box<dyn Future<Output = Carried> + 's>>) {
        if self.process.is_none() {
            return;
        }
        let blow = self.trouble.blow(self.clock.now());
        let dies = self.expects(blow);
        let carried = goes_on(&mut going, &self.fate).await;
        let has_died = std::mem::take(&mut self.wire.shown.lock().unwrap().has_died);
        if self.has_befallen() && dies || has_died || blow == Some(Blow::Dies) {
            return self.dies();
        }
        let waits_until = self.wire.shown.lock().unwrap().waits_until.take();
        match (carried, &mut self.process) {
            (Some(carried), Some(process)) => process.steps.lets_go(&carried),
            (None, _) => {
                let until = waits_until.unwrap_or(self.clock.now() + A_WHILE);
                self.errands.push(Errand { going, until });
            }
            (Some(_), None) => {}
        }
    }

    async fn looks_whether_anybody_is_tried(&mut self) {
        if !self.scenario.kind || !self.scenario.is_lone() {
            return;
        }
        let now = self.clock.now();
        let calls = self.store.calls(1).await.unwrap();
        let mut waits = false;
        if let Some(call) = calls.first() {
            let call = self.store.call(call.id).await.unwrap();
            waits = call.is_some_and(|call| call.may_wait(CALLER));
        }
        let is_alone = self.network.lock().unwrap().leftovers().legs.len() <= 1;
        let is_idle = waits && is_alone && self.errands.is_empty() && self.store.pending(now).await.unwrap().all == 0;
        self.idle.since = is_idle.then(|| self.idle.since.unwrap_or(now));
    }

    async fn end(self) -> End {
        let now = self.clock.now();
        let pending = self.store.pending(now).await.unwrap();
        let mut calls: Vec<Call> = Vec::new();
        for call in self.store.calls(1_000).await.unwrap() {
            calls.extend(self.store.call(call.id).await.unwrap());
        }
        let entries = self.store.entries_after(0, 100_000).await.unwrap();
        let mut log: Vec<String> = entries.iter().map(line_of).collect();
        log.extend(self.log);
        log.sort();
        let mut events = Vec::new();
        for call in &calls {
            let of_call = self.store.log(call.id()).await.unwrap();
            events.extend(of_call.iter().map(|event| format!("{} {event}", call.id())));
        }
        log.extend(events);
        drop(self.process);
        drop(self.errands);
        let dialled = std::mem::take(&mut self.wire.shown.lock().unwrap().dialled);
        let network = std::mem::replace(
            &mut *self.network.lock().unwrap(),
            PhoneNetwork::new(0, ACCOUNT, self.scenario.mischief.clone()),
        );
        self.store.close().await;
        let kept = Kept {
            begin: self.begin,
            network,
            calls,
            entries,
            log: log.clone(),
            dialled,
            longest_idle: self.idle.longest,
        };
        End {
            kept,
            log,
            left: (pending.all > 0).then_some(pending),
        }
    }
}

/// Each hotline has the same, which must be read as the scenario has it.
async fn have_rotas(scenario: &Scenario, store: &Store, begin: DateTime<Utc>) {
    for hotline in hotlines(scenario) {
        let rota = store
            .keep_rota(&hotline, sheet(scenario, begin), Settings::default(), begin)
            .await
            .unwrap();
        let on_call: Vec<Vec<Phone>> = match rota.roster.on_call(begin) {
            OnCall::Duty(duty) => {
                let phones = duty
                    .levels
                    .iter()
                    .map(|level| level.responders.iter().map(|who| who.phone.clone()).collect());
                phones.collect()
            }
            OnCall::Gap { .. } => Vec::new(),
        };
        assert_eq!(on_call, expected(scenario), "{:?}", rota.diagnostics);
    }
}

fn line_of(entry: &Entry) -> String {
    format!("{} {} {}", entry.at.format("%H:%M:%S%.3f"), entry.call, entry.fact)
}

fn is_notice(request: &WebhookRequest) -> bool {
    let path = request.url.strip_prefix(BASE).unwrap().split('?').next().unwrap();
    match path.parse::<Place>().unwrap() {
        Place::Conference(_) | Place::Talk(..) | Place::LineStatus => true,
        Place::Leg(_, _, callback) => callback == Callback::Status,
        Place::Voice
        | Place::Menu(_)
        | Place::Through(_)
        | Place::Text
        | Place::HoldMusic
        | Place::Fallback(_)
        | Place::FallbackWhisper
        | Place::FallbackKey => false,
    }
}

fn on_the_network(scenario: &Scenario) -> PhoneNetwork {
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
    network
}

fn news(scenario: &Scenario, begin: DateTime<Utc>) -> Vec<(DateTime<Utc>, News)> {
    let at = |ms: i64| begin + TimeDelta::milliseconds(ms);
    let alarms = scenario.alarms.iter().enumerate().flat_map(|(n, alarm)| {
        let over = alarm.over_ms.map(|ms| (at(ms), News::Over(n)));
        [(at(alarm.at_ms), News::Raised(n))].into_iter().chain(over)
    });
    let everybody: Vec<&Phone> = scenario
        .people
        .iter()
        .chain(&scenario.last_resort)
        .map(|person| &person.number)
        .collect();
    let away = everybody.into_iter().filter_map(|number| {
        let (from, until) = scenario.spans_away(number.address())?;
        let until = if until == i64::MAX { begin + LONGEST } else { at(until) };
        let told = Away {
            until: Some(until),
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
