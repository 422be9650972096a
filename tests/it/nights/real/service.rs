//! The service of a night: one process or two on one store, with what they have in hand; and what befalls them.

use super::super::desk::BASE;
use super::super::scenario::Scenario;
use super::process::{Process, hotlines};
use super::sheet::{expected, sheet};
use super::time::goes_on;
use super::trouble::{Blow, Fault, OnTheWire, Tally, Trouble};
use super::wire::Wire;
use chrono::{DateTime, TimeDelta, Utc};
use rotaline::clock::Clock;
use rotaline::roster::{OnCall, Phone, Settings};
use rotaline::simulator::PhoneNetwork;
use rotaline::simulator::posting::{WebhookReply, WebhookRequest};
use rotaline::store::{Fate, Store};
use rotaline::switchboard::{Carried, Switchboard};
use rotaline::twilio::address::{Callback, Place};
use std::pin::Pin;
use std::sync::{Arc, Mutex};

/// So long a command that waits for time to pass is left alone where nobody knows for how much.
pub(super) const A_WHILE: TimeDelta = TimeDelta::milliseconds(100);
/// More orders are not lost on purpose: they would stay in the worker's hands.
const MOST_LOST: u32 = 6;

/// A command that was begun, and waits for time to pass.
struct Errand {
    /// Of which process.
    life: u64,
    going: Pin<Box<dyn Future<Output = Carried>>>,
    until: DateTime<Utc>,
}

pub(super) struct Service<'s> {
    scenario: &'s Scenario,
    planted: Option<Fault>,
    clock: Clock,
    network: Arc<Mutex<PhoneNetwork>>,
    fate: Arc<Fate>,
    /// To look on; processes have handles of their own.
    pub(super) store: Store,
    pub(super) wire: Arc<Wire>,
    trouble: Trouble,
    folder: tempfile::TempDir,
    processes: Vec<Process>,
    lives: u64,
    up_at: Vec<DateTime<Utc>>,
    errands: Vec<Errand>,
    /// What came while no process was there, or was not answered when it died.
    unanswered: Vec<WebhookRequest>,
    pub(super) log: Vec<String>,
    /// What has befallen them.
    pub(super) tally: Tally,
    lost: u32,
}

impl<'s> Service<'s> {
    pub(super) async fn open(
        scenario: &'s Scenario,
        planted: Option<Fault>,
        begin: DateTime<Utc>,
        clock: Clock,
        network: Arc<Mutex<PhoneNetwork>>,
    ) -> Self {
        let fate = Arc::new(Fate::default());
        let store = Store::in_memory_with(Some(Arc::clone(&fate))).await.unwrap();
        have_rotas(scenario, &store, begin).await;
        let wire = Wire::new(Arc::clone(&network), clock, OnTheWire::of(scenario), planted);
        let trouble = Trouble::of(scenario);
        let mut service = Self {
            scenario,
            planted,
            clock,
            network,
            fate,
            store,
            wire: Arc::new(wire),
            folder: tempfile::tempdir().unwrap(),
            processes: Vec::new(),
            lives: 0,
            up_at: vec![begin; trouble.processes],
            trouble,
            errands: Vec::new(),
            unanswered: Vec::new(),
            log: Vec::new(),
            tally: Tally::default(),
            lost: 0,
        };
        service.starts(begin).await;
        service
    }

    /// The processes that are to be there by now.
    pub(super) async fn starts(&mut self, now: DateTime<Utc>) {
        let (due, later): (Vec<_>, Vec<_>) = self.up_at.drain(..).partition(|at| *at <= now);
        self.up_at = later;
        for _ in due {
            self.lives += 1;
            // One that is alone knows at once that the one before it is dead; else leases have to run out.
            let is_alone = self.trouble.processes == 1 && (self.lives == 1 || self.trouble.often(0.5));
            let lock = self.folder.path().join("night.db");
            let lock = is_alone.then_some(lock.as_path());
            let (store, wire) = (self.store.after_a_restart(), Arc::clone(&self.wire));
            let process = Process::start(self.scenario, store, wire, self.clock, self.lives, lock).await;
            self.processes.push(process);
        }
        if self.is_up() {
            for request in std::mem::take(&mut self.unanswered) {
                self.comes_in(request).await;
            }
        }
    }

    pub(super) const fn is_up(&self) -> bool {
        !self.processes.is_empty()
    }

    /// When something goes on of which no store knows.
    pub(super) fn next_at(&self) -> Option<DateTime<Utc>> {
        self.errands
            .iter()
            .map(|errand| errand.until)
            .chain(self.up_at.iter().copied())
            .min()
    }

    /// When somebody looks whether there is anything to do.
    pub(super) fn looks_at(&self) -> Option<DateTime<Utc>> {
        self.processes.iter().map(|process| process.steps.next_at()).min()
    }

    pub(super) fn switchboard(&self) -> Option<&Switchboard> {
        self.processes.first().map(|process| &process.switchboard)
    }

    pub(super) const fn has_nothing_in_hand(&self) -> bool {
        self.errands.is_empty()
    }

    fn notes(&mut self, what: &str) {
        self.log.push(format!("{} {what}", self.clock.now().format("%H:%M:%S%.3f")));
    }

    /// A process is gone, with everything that was in its memory.
    fn dies(&mut self, life: u64) {
        self.processes.retain(|process| process.life != life);
        self.errands.retain(|errand| errand.life != life);
        let after = self.trouble.restart();
        self.up_at.push(self.clock.now() + after);
        self.tally.deaths += 1;
        self.notes(&format!("PROCESS {life} DIES"));
    }

    /// Lays out what befalls the next step of a process, of which it perhaps dies.
    fn expects(&mut self) -> Option<Blow> {
        let blow = self.trouble.blow(self.clock.now());
        match blow {
            Some(Blow::Store(mishap, _)) => self.fate.lies_ahead(Some(mishap)),
            Some(Blow::DiesOnTheWire(death)) => self.wire.kills(death),
            Some(Blow::Dies) | None => {}
        }
        blow
    }

    /// Whether the process dies of what has befallen it in the step that is over.
    fn is_dead_of(&mut self, blow: Option<Blow>) -> bool {
        self.fate.lies_ahead(None);
        let has_failed = self.fate.befallen() > 0;
        if has_failed {
            self.tally.failures += 1;
            self.notes(&format!("{blow:?}"));
        }
        let has_died = std::mem::take(&mut self.wire.shown.lock().unwrap().has_died);
        self.tally.deaths_on_the_wire += u32::from(has_died);
        match blow {
            Some(Blow::Store(_, dies)) => has_died || has_failed && dies,
            Some(Blow::Dies) => true,
            Some(Blow::DiesOnTheWire(_)) | None => has_died,
        }
    }

    /// A webhook, which whoever stands before the processes brings again where one dies over it.
    pub(super) async fn comes_in(&mut self, request: WebhookRequest) {
        while self.is_up() {
            let place = self.trouble.which(self.processes.len());
            let (life, doors) = (self.processes[place].life, self.processes[place].doors());
            let now = self.clock.now();
            if self.planted == Some(Fault::NoticesAreDropped) && is_notice(&request) && self.trouble.often(0.3) {
                let noted = Ok(WebhookReply::no_content());
                return self.network.lock().unwrap().answer(now, request.id, noted);
            }
            let blow = self.expects();
            let mut answer: Pin<Box<dyn Future<Output = WebhookReply>>> = Box::pin(Process::answer(doors, request.clone()));
            let reply = goes_on(&mut answer, &self.fate).await.expect("nobody is kept waiting by a webhook");
            if !self.is_dead_of(blow) {
                return self.network.lock().unwrap().answer(now, request.id, Ok(reply));
            }
            self.dies(life);
        }
        self.unanswered.push(request);
    }

    /// Everything that is to be done at this instant; whether anything was carried out.
    pub(super) async fn work(&mut self) -> bool {
        let mut has_worked = false;
        loop {
            let lives: Vec<u64> = self.processes.iter().map(|process| process.life).collect();
            let (mut ticks, mut works) = (false, false);
            for life in lives {
                ticks |= self.keeps_deadlines(life).await;
                works |= self.goes_on_with_errands(life).await;
                works |= self.begins_errands(life).await;
            }
            has_worked |= works;
            if !ticks && !works {
                return has_worked;
            }
        }
    }

    fn process(&mut self, life: u64) -> Option<&mut Process> {
        self.processes.iter_mut().find(|process| process.life == life)
    }

    async fn keeps_deadlines(&mut self, life: u64) -> bool {
        if self.planted == Some(Fault::DeadlinesAreNotRearmed) && life > 1 {
            return false;
        }
        let blow = self.expects();
        let Some(process) = self.process(life) else { return false };
        let has_looked = process.steps.keep_deadlines().await;
        if self.is_dead_of(blow) {
            self.dies(life);
        }
        has_looked
    }

    async fn goes_on_with_errands(&mut self, life: u64) -> bool {
        let now = self.clock.now();
        let is_due = |errand: &Errand| errand.life == life && errand.until <= now;
        let (due, waiting): (Vec<Errand>, Vec<Errand>) = self.errands.drain(..).partition(is_due);
        self.errands = waiting;
        let has_done = !due.is_empty();
        for errand in due {
            self.is_carried_out(life, errand.going).await;
        }
        has_done
    }

    async fn begins_errands(&mut self, life: u64) -> bool {
        let Some(process) = self.process(life) else { return false };
        let taken = process.steps.take_in_hand().await;
        let has_done = !taken.is_empty();
        for in_hand in taken {
            if self.planted == Some(Fault::OrdersAreLost) && self.lost < MOST_LOST && self.trouble.often(0.2) {
                self.lost += 1;
                self.store.done(in_hand.command()).await.unwrap();
                continue;
            }
            self.is_carried_out(life, Box::pin(in_hand.carry_out())).await;
        }
        has_done
    }

    /// As far as it comes at this instant. With a process that has died meanwhile it is gone.
    async fn is_carried_out(&mut self, life: u64, mut going: Pin<Box<dyn Future<Output = Carried>>>) {
        if self.process(life).is_none() {
            return;
        }
        let blow = self.expects();
        let carried = goes_on(&mut going, &self.fate).await;
        if self.is_dead_of(blow) {
            return self.dies(life);
        }
        let waits_until = self.wire.shown.lock().unwrap().waits_until.take();
        match carried {
            Some(carried) => {
                if let Some(process) = self.process(life) {
                    process.steps.lets_go(&carried);
                }
            }
            None => {
                let until = waits_until.unwrap_or(self.clock.now() + A_WHILE);
                self.errands.push(Errand { life, going, until });
            }
        }
    }
}

/// Each hotline has the same, which must be read as the scenario has it.
async fn have_rotas(scenario: &Scenario, store: &Store, begin: DateTime<Utc>) {
    for hotline in hotlines(scenario) {
        let kept = store.keep_rota(&hotline, sheet(scenario, begin), Settings::default(), begin);
        let rota = kept.await.unwrap();
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
