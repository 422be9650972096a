//! What the exchange consists of, and the way of an event through it: decide, keep, then hand on.

use super::makeshift::Attempts;
use super::pacing::Pace;
use super::through::Wish;
use super::untold::Untold;
use super::{Carrier, Desk, Line, Pacing, Raised, SwitchboardError};
use crate::call::{Call, CallId, Event, Fact, HotlineName, Incident, LegId, LineId, Plan, Reaction, Rebuff, Refusal, Welcome, World};
use crate::clock::Clock;
use crate::reception::Menu;
use crate::roster::wall_clock::to_local;
use crate::roster::{OnCall, Phone, masked};
use crate::store::{self, Begun, Change, Claimed, Counted, Crowd, CurrentRota, Entry, Hand, Released, Store, StoreError};
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use tokio::sync::{Mutex, Notify, mpsc, watch};
use tokio::time::Duration;
use uuid::{NoContext, Timestamp, Uuid};

/// For how long a command is in a worker's hand. Longer than everything that is done with it.
pub(super) const LEASE: TimeDelta = TimeDelta::seconds(30);
/// For how long a call counts as a recent one of its caller.
const COUNTED_FOR: TimeDelta = TimeDelta::hours(1);
/// How many new commands may be on their way to the worker; further ones wait in the store.
const MOST_ON_THE_WAY: usize = 64;

pub(super) struct Exchange {
    pub(super) store: Store,
    pub(super) carrier: Arc<dyn Carrier>,
    pub(super) lines: BTreeMap<HotlineName, Line>,
    /// How many calls are live at most while a further one is taken; 0, any number.
    most_calls: u32,
    pub(super) pace: Pace,
    pub(super) clock: Clock,
    /// Names this exchange as the owner of leases.
    pub(super) worker: String,
    /// Whether new commands are taken in hand right at their birth.
    pub(super) takes_in_hand: AtomicBool,
    fresh: mpsc::Sender<Claimed>,
    /// Commands that are in this worker's hand from birth. Held by the one that runs.
    pub(super) fresh_end: Mutex<mpsc::Receiver<Claimed>>,
    /// Rung when there may be something to claim.
    pub(super) outbox_bell: Notify,
    /// Rung when a deadline comes before the one that is waited for.
    pub(super) deadline_bell: Notify,
    /// When the deadlines are looked at next, in ms; all of time lies before it while they are being looked at.
    pub(super) deadlines_looked_at: AtomicI64,
    hotline_by_number: BTreeMap<Phone, HotlineName>,
    menu_by_number: BTreeMap<Phone, Arc<Menu>>,
    /// Of the next call, where names are counted and not drawn; none is 0.
    pub(super) counted: AtomicU64,
    /// Until when it need not be said again that a hotline has too many alarms.
    said_too_many: std::sync::Mutex<BTreeMap<HotlineName, DateTime<Utc>>>,
    /// The callers who are put through without the store, of which their calls do not know yet.
    pub(super) untold: Untold,
    /// The last caller who was put through without the store.
    pub(super) makeshift_calls: watch::Sender<Option<(HotlineName, DateTime<Utc>)>>,
    /// Attempts of this process to put somebody through without the store.
    pub(super) attempts_without_store: Attempts,
}

impl Exchange {
    pub(super) fn new(store: Store, carrier: Arc<dyn Carrier>, desk: Desk, pacing: Pacing, clock: Clock) -> Self {
        let Desk {
            hotlines,
            menus,
            most_calls,
        } = desk;
        let numbers = hotlines
            .iter()
            .flat_map(|line| line.numbers.iter().map(|number| (number.clone(), line.name.clone())));
        let hotline_by_number = numbers.collect();
        let menus = menus.into_iter().map(Arc::new);
        let menu_by_number = menus
            .flat_map(|menu| {
                menu.numbers
                    .iter()
                    .map(|number| (number.clone(), Arc::clone(&menu)))
                    .collect::<Vec<_>>()
            })
            .collect();
        let (fresh, fresh_end) = mpsc::channel(MOST_ON_THE_WAY);
        Self {
            worker: new_id(&clock).to_string(),
            store,
            carrier,
            lines: hotlines.into_iter().map(|line| (line.name.clone(), line)).collect(),
            most_calls,
            pace: Pace::new(pacing),
            clock,
            takes_in_hand: AtomicBool::new(false),
            fresh,
            fresh_end: Mutex::new(fresh_end),
            outbox_bell: Notify::new(),
            deadline_bell: Notify::new(),
            deadlines_looked_at: AtomicI64::new(i64::MAX),
            hotline_by_number,
            menu_by_number,
            counted: AtomicU64::new(0),
            said_too_many: std::sync::Mutex::default(),
            untold: Untold::default(),
            makeshift_calls: watch::Sender::new(None),
            attempts_without_store: Attempts::default(),
        }
    }

    pub(super) fn hotline_of(&self, number: &Phone) -> Result<HotlineName, SwitchboardError> {
        let found = self.hotline_by_number.get(number).cloned();
        found.ok_or_else(|| SwitchboardError::UnknownHotline(number.clone()))
    }

    pub(super) fn is_our_own(&self, number: &Phone) -> bool {
        self.hotline_by_number.contains_key(number) || self.menu_by_number.contains_key(number)
    }

    /// All that can be dialled to reach us.
    pub(super) fn own_numbers(&self) -> BTreeSet<Phone> {
        self.hotline_by_number.keys().chain(self.menu_by_number.keys()).cloned().collect()
    }

    /// The menu that a number belongs to, where it belongs to one.
    pub(super) fn menu_of(&self, number: &Phone) -> Option<Arc<Menu>> {
        self.menu_by_number.get(number).cloned()
    }

    pub(super) async fn arrive(&self, hotline: &HotlineName, from: Option<Phone>, line: LineId) -> Result<Call, SwitchboardError> {
        let rota = self.rota(hotline).await;
        let id = self.new_call();
        let caller_line = line.clone();
        let caller = from.clone();
        let acquaintance = self.acquaintance(hotline, rota.as_deref(), from.as_ref()).await;
        let crowd = self.crowd(hotline).await;
        let make = |world: &World<'_>, recent: u32| {
            let welcome = self.welcome(hotline, rota.as_deref(), from.as_ref(), world, recent);
            let welcome = self.in_a_crowd(hotline, welcome, &crowd);
            let plan = self.plan(hotline, rota.as_deref(), from.as_ref(), world);
            let plan = match acquaintance {
                Some(acquaintance) => plan.beginning_with(acquaintance),
                None => plan,
            };
            let plan = plan.met_with(welcome);
            Call::arrive(id, plan, from, caller_line, world)
        };
        self.begin(hotline, caller.as_ref(), &line, make).await
    }

    /// A responder has dialled the hotline and wants a caller of before, whenever it is. Who has called too often has not.
    pub(super) async fn arrive_through(&self, hotline: &HotlineName, wish: Wish, line: LineId) -> Result<Call, SwitchboardError> {
        let Wish { by, through } = wish;
        let id = self.new_call();
        let caller = by.phone.clone();
        let rota = self.rota(hotline).await;
        let his_line = line.clone();
        let make = |world: &World<'_>, recent: u32| {
            let welcome = self.welcome(hotline, rota.as_deref(), Some(&by.phone), world, recent);
            match welcome {
                Welcome::Open | Welcome::Closed { .. } => {
                    let why = format!("talked with the caller at {}", through.at);
                    let plan = Plan::of_one(hotline.clone(), by.clone(), &why, self.rules(hotline, rota.as_deref()));
                    Call::put_through(id, through, plan, (by, his_line), world)
                }
                Welcome::TooManyCalls { .. } | Welcome::Crowded { .. } | Welcome::Refused { .. } => {
                    let plan = self.plan(hotline, rota.as_deref(), Some(&by.phone), world).met_with(welcome);
                    Call::arrive(id, plan, Some(by.phone), his_line, world)
                }
            }
        };
        self.begin(hotline, Some(&caller), &line, make).await
    }

    async fn begin(
        &self,
        hotline: &HotlineName,
        caller: Option<&Phone>,
        line: &LineId,
        make: impl FnOnce(&World<'_>, u32) -> (Call, Reaction) + Send,
    ) -> Result<Call, SwitchboardError> {
        let hand = self.hand();
        let now = self.clock.now();
        let most = self.lines.get(hotline).and_then(|line| line.reception.calls_per_hour(caller));
        let counted = most.map(|most| Counted {
            hotline,
            from: caller,
            since: now - COUNTED_FOR,
            most,
        });
        let begun = self
            .store
            .begin_counting((Some(hotline), line), counted.as_ref(), now, hand.as_ref(), make);
        match begun.await? {
            Begun::Known(call) => Ok(*call),
            Begun::Bygone => Err(SwitchboardError::Bygone(line.clone())),
            Begun::New(change) => {
                metrics::counter!("rotaline_calls_total", "hotline" => hotline.0.clone()).increment(1);
                Ok(self.hand_on(*change).await)
            }
        }
    }

    /// How many live calls there are. Those that come together may each be one too many; and where it cannot be found out,
    /// nobody is kept out.
    async fn crowd(&self, hotline: &HotlineName) -> Crowd {
        let most = self.lines.get(hotline).map_or(0, |line| line.reception.most_calls);
        self.store.crowd(hotline, most, self.most_calls).await.unwrap_or_else(|error| {
            tracing::warn!(%hotline, %error, "how many calls there are cannot be read");
            Crowd::default()
        })
    }

    fn in_a_crowd(&self, hotline: &HotlineName, welcome: Welcome, crowd: &Crowd) -> Welcome {
        let is_full = self.most_calls > 0 && crowd.everywhere >= self.most_calls;
        match self.lines.get(hotline) {
            Some(line) => line.reception.in_a_crowd(welcome, crowd.here, is_full),
            None => welcome,
        }
    }

    /// How the hotline meets this caller. Without a rota its zone is not known, and it is as if it were open.
    pub(super) fn welcome(
        &self,
        hotline: &HotlineName,
        rota: Option<&CurrentRota>,
        caller: Option<&Phone>,
        world: &World<'_>,
        recent: u32,
    ) -> Welcome {
        // A phone that we ring is perhaps diverted to us: what it begins must not ring it again.
        if let Some(caller) = caller
            && self.is_our_own(caller)
        {
            return Welcome::Refused {
                hears: Rebuff::Nothing,
                why: "The caller is turned away: the call comes from a number of our own, perhaps by a phone that is diverted to the hotline."
                    .to_owned(),
            };
        }
        let wall = rota.map(|rota| to_local(rota.roster.time_zone, world.now));
        let line = self.lines.get(hotline);
        line.map(|line| line.reception.meet(wall, caller, recent)).unwrap_or_default()
    }

    /// The rota as it is kept. One that was read before is at hand, whatever has become of the store; none where it never
    /// could be read.
    pub(super) async fn rota(&self, hotline: &HotlineName) -> Option<Arc<CurrentRota>> {
        self.store.rota(hotline).await.unwrap_or_else(|error| {
            // The caller is looked after all the same: by the last resort, or by a recording.
            tracing::error!(%hotline, %error, "the rota cannot be read; the call goes on as if nobody were on call");
            None
        })
    }

    pub(super) async fn raise(&self, hotline: &HotlineName, incident: Incident, most_an_hour: u32) -> Result<Raised, SwitchboardError> {
        let rota = self.rota(hotline).await;
        let id = self.new_call();
        let hand = self.hand();
        let raised = incident.clone();
        let make = |world: &World<'_>| {
            let plan = self.plan(hotline, rota.as_deref(), None, world);
            Call::raise(id, plan, raised, world)
        };
        let now = self.clock.now();
        match self.store.raise(hotline, &incident, most_an_hour, now, hand.as_ref(), make).await? {
            store::Raised::New(change) => {
                count_alarm(hotline, "new");
                Ok(Raised::New(self.hand_on(*change).await.id()))
            }
            store::Raised::Known(call) => {
                count_alarm(hotline, "repeated");
                Ok(Raised::Known(call))
            }
            store::Raised::TooMany { until } => {
                count_alarm(hotline, "too_many");
                self.say_too_many(hotline, most_an_hour, now);
                Ok(Raised::TooMany { wait: until - now })
            }
        }
    }

    /// Once an hour, however many more there are.
    fn say_too_many(&self, hotline: &HotlineName, most_an_hour: u32, now: DateTime<Utc>) {
        let mut said = self.said_too_many.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if said.get(hotline).is_some_and(|until| now < *until) {
            return;
        }
        said.insert(hotline.clone(), now + TimeDelta::hours(1));
        tracing::error!(
            %hotline,
            "more than {most_an_hour} new alarms within an hour: further ones ring nobody until there are fewer; see to what raises them, or allow more by incidents_per_hour"
        );
    }

    pub(super) async fn resolve(&self, hotline: &HotlineName, key: &str) -> Result<Option<CallId>, SwitchboardError> {
        let hand = self.hand();
        let Some(change) = self.store.resolve(hotline, key, self.clock.now(), hand.as_ref()).await? else {
            return Ok(None);
        };
        count_alarm(hotline, "resolved");
        Ok(Some(self.hand_on(change).await.id()))
    }

    pub(super) fn plan(&self, hotline: &HotlineName, rota: Option<&CurrentRota>, caller: Option<&Phone>, world: &World<'_>) -> Plan {
        let unread = OnCall::Gap { from: None, until: None };
        let on_call = rota.map_or(unread, |rota| rota.roster.on_call(world.now));
        let line = self.lines.get(hotline);
        // What the operator gives wins over the sheet.
        let given = line.and_then(|line| line.last_resort.as_ref());
        let last_resort = given.or_else(|| rota.and_then(|rota| rota.roster.last_resort.as_deref()));
        let rules = self.rules(hotline, rota);
        let arrives = rota.map(|rota| to_local(rota.roster.time_zone, world.now).format("%Y-%m-%d %H:%M").to_string());
        Plan::make(hotline.clone(), on_call, last_resort, caller, rules).arriving(arrives)
    }

    pub(super) async fn event(&self, call: CallId, event: &Event) -> Result<Call, SwitchboardError> {
        let hand = self.hand();
        let change = self.store.update(call, event, self.clock.now(), hand.as_ref()).await?;
        match change {
            Some(change) => Ok(self.hand_on(change).await),
            None => Err(SwitchboardError::UnknownCall(call)),
        }
    }

    /// The call, where the event changes nothing and that is kept; none where it may change something.
    pub(super) async fn idle_event(&self, call: CallId, event: &Event) -> Result<Option<Arc<Call>>, SwitchboardError> {
        Ok(self.store.keep_idle(call, event, self.clock.now()).await?)
    }

    /// A name that sorts by its time, and in a counted exchange by its turn.
    pub(super) fn new_call(&self) -> CallId {
        if self.counted.load(Ordering::Relaxed) == 0 {
            return CallId(new_id(&self.clock));
        }
        let number = self.counted.fetch_add(1, Ordering::Relaxed);
        let ms = u64::try_from(self.clock.now().timestamp_millis()).unwrap_or_default();
        let mut rest = [0; 10];
        rest[2..].copy_from_slice(&number.to_be_bytes());
        CallId(uuid::Builder::from_unix_timestamp_millis(ms, &rest).into_uuid())
    }

    /// The hand into which new commands are born; none while nobody works.
    pub(super) fn hand(&self) -> Option<Hand> {
        self.takes_in_hand.load(Ordering::Acquire).then(|| self.lease())
    }

    /// A hand that holds from now on.
    pub(super) fn lease(&self) -> Hand {
        Hand {
            worker: self.worker.clone(),
            until: self.clock.now() + LEASE,
        }
    }

    /// What is committed is told: to the log, to the worker, to those who wait.
    pub(super) async fn hand_on(&self, change: Change) -> Call {
        for entry in &change.entries {
            // Words of monitors and of strangers stand in it, too.
            tracing::info!(call = %entry.call, hotline = %entry.hotline, "{}", masked(&entry.fact.to_string()));
            measure(entry, &change.call);
        }
        for command in change.in_hand {
            if let Err(refused) = self.fresh.try_send(command) {
                self.put_back(refused.into_inner()).await;
            }
        }
        if change.left_waiting {
            self.outbox_bell.notify_one();
        }
        let looked_at = self.deadlines_looked_at.load(Ordering::SeqCst);
        if change.call.deadline().is_some_and(|next| next.timestamp_millis() < looked_at) {
            self.deadline_bell.notify_one();
        }
        change.call
    }

    /// Leaves a command that was in hand to whoever has a hand free.
    pub(super) async fn put_back(&self, command: Claimed) {
        let failures = command.failures;
        self.release(command, Duration::ZERO, failures).await;
        self.outbox_bell.notify_one();
    }

    /// Puts a command back for a while, unless the call has withdrawn it: then it is told that it will not be done.
    pub(super) async fn release(&self, command: Claimed, pause: Duration, failures: u32) {
        let not_before = self.clock.now() + TimeDelta::from_std(pause).unwrap_or(LEASE);
        match self.store.release(&self.worker, &command, not_before, failures).await {
            Ok(Released::Waiting | Released::Lost) => {}
            Ok(Released::Withdrawn) => {
                if let Some(refused) = withdrawn(&command) {
                    self.settle(&command, &refused).await;
                }
            }
            // It stays in hand until the lease is over.
            Err(error) => tracing::warn!(key = command.key, %error, "a command could not be put back"),
        }
    }

    /// Places the leg of a command that has looked up an order to dial on the first of these lines that no leg has;
    /// false where all of them are others'.
    pub(super) async fn adopt(&self, command: &Claimed, leg: LegId, candidates: &[LineId]) -> Result<bool, StoreError> {
        let hand = self.hand();
        let adopted = self.store.adopt(command, leg, candidates, self.clock.now(), hand.as_ref()).await?;
        let Some(change) = adopted else { return Ok(false) };
        Box::pin(self.hand_on(change)).await;
        Ok(true)
    }

    /// Tells a call what has become of its command, which is done with that. Where the store fails, the command
    /// stays in hand until the lease is over; then it is found out what has become of it.
    pub(super) async fn settle(&self, command: &Claimed, event: &Event) {
        const PAUSES_MS: [u64; 4] = [0, 100, 500, 1_500];
        for pause in PAUSES_MS {
            tokio::time::sleep(Duration::from_millis(pause)).await;
            let hand = self.hand();
            match self.store.settle(command, event, self.clock.now(), hand.as_ref()).await {
                Ok(Some(change)) => {
                    // Not recursion for ever: what is put back here has only just been born.
                    Box::pin(self.hand_on(change)).await;
                    return;
                }
                Ok(None) => {
                    tracing::error!(
                        key = command.key,
                        "a command belongs to no call, or is in another hand by now; its outcome is not told"
                    );
                    return;
                }
                Err(error) => tracing::warn!(key = command.key, %error, "the outcome of a command is not kept yet"),
            }
        }
    }
}

/// What a call hears of a withdrawn order to dial that was certainly not sent.
pub(super) fn withdrawn(command: &Claimed) -> Option<Event> {
    Some(Event::Refused {
        leg: super::errand::dialled_leg(&command.command)?,
        why: Refusal {
            code: None,
            message: "withdrawn in time".to_owned(),
            permanent: false,
        },
    })
}

fn count_alarm(hotline: &HotlineName, result: &'static str) {
    metrics::counter!("rotaline_incidents_total", "hotline" => hotline.0.clone(), "result" => result).increment(1);
}

fn measure(entry: &Entry, call: &Call) {
    if let Fact::Ended { outcome } = &entry.fact {
        metrics::counter!("rotaline_call_outcomes_total", "outcome" => outcome.as_str()).increment(1);
    }
    if let Fact::Accepted { .. } = &entry.fact {
        let waited = (entry.at - call.arrived_at()).to_std().unwrap_or_default();
        metrics::histogram!("rotaline_answer_seconds").record(waited.as_secs_f64());
    }
}

/// Names that sort by their time.
pub(super) fn new_id(clock: &Clock) -> Uuid {
    let now = clock.now();
    let seconds = u64::try_from(now.timestamp()).unwrap_or_default();
    Uuid::new_v7(Timestamp::from_unix(NoContext, seconds, now.timestamp_subsec_nanos()))
}
