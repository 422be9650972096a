//! What the exchange consists of, and the way of an event through it: decide, keep, then hand on.

use super::pacing::Pace;
use super::{Carrier, Line, Pacing, SwitchboardError};
use crate::call::{Call, CallId, Event, Fact, HotlineName, LegId, LineId, Outcome, Plan, Refusal, World};
use crate::clock::Clock;
use crate::roster::{OnCall, PhoneNumber};
use crate::store::{Begun, Change, Claimed, CurrentRota, Entry, Hand, Released, Store, StoreError};
use chrono::TimeDelta;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use tokio::sync::{Mutex, Notify, mpsc};
use tokio::time::Duration;
use uuid::{NoContext, Timestamp, Uuid};

/// For how long a command is in a worker's hand. Longer than everything that is done with it.
pub(super) const LEASE: TimeDelta = TimeDelta::seconds(30);
/// How many new commands may be on their way to the worker; further ones wait in the store.
const MOST_ON_THE_WAY: usize = 64;

pub(super) struct Exchange {
    pub(super) store: Store,
    pub(super) carrier: Arc<dyn Carrier>,
    pub(super) lines: BTreeMap<HotlineName, Line>,
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
    hotline_by_number: BTreeMap<PhoneNumber, HotlineName>,
}

impl Exchange {
    pub(super) fn new(store: Store, carrier: Arc<dyn Carrier>, hotlines: Vec<Line>, pacing: Pacing, clock: Clock) -> Self {
        let numbers = hotlines
            .iter()
            .flat_map(|line| line.numbers.iter().map(|number| (number.clone(), line.name.clone())));
        let hotline_by_number = numbers.collect();
        let (fresh, fresh_end) = mpsc::channel(MOST_ON_THE_WAY);
        Self {
            worker: new_id(&clock).to_string(),
            store,
            carrier,
            lines: hotlines.into_iter().map(|line| (line.name.clone(), line)).collect(),
            pace: Pace::new(pacing),
            clock,
            takes_in_hand: AtomicBool::new(false),
            fresh,
            fresh_end: Mutex::new(fresh_end),
            outbox_bell: Notify::new(),
            deadline_bell: Notify::new(),
            deadlines_looked_at: AtomicI64::new(i64::MAX),
            hotline_by_number,
        }
    }

    pub(super) fn hotline_of(&self, number: &PhoneNumber) -> Result<HotlineName, SwitchboardError> {
        let found = self.hotline_by_number.get(number).cloned();
        found.ok_or_else(|| SwitchboardError::UnknownHotline(number.clone()))
    }

    pub(super) async fn arrive(&self, hotline: &HotlineName, from: Option<PhoneNumber>, line: LineId) -> Result<Call, SwitchboardError> {
        let rota = self.store.rota(hotline).await.unwrap_or_else(|error| {
            // The caller is looked after all the same: by the last resort, or by a recording.
            tracing::error!(%hotline, %error, "the rota cannot be read; the call goes on as if nobody were on call");
            None
        });
        let id = CallId(new_id(&self.clock));
        let hand = self.hand();
        let caller_line = line.clone();
        let make = |world: &World<'_>| {
            let plan = self.plan(hotline, rota.as_deref(), from.as_ref(), world);
            Call::arrive(id, plan, from, caller_line, world)
        };
        match self.store.begin(&line, self.clock.now(), hand.as_ref(), make).await? {
            Begun::Known(call) => Ok(*call),
            Begun::New(change) => {
                metrics::counter!("rotaline_calls_total", "hotline" => hotline.0.clone()).increment(1);
                Ok(self.hand_on(*change).await)
            }
        }
    }

    fn plan(&self, hotline: &HotlineName, rota: Option<&CurrentRota>, caller: Option<&PhoneNumber>, world: &World<'_>) -> Plan {
        let unread = OnCall::Gap { from: None, until: None };
        let on_call = rota.map_or(unread, |rota| rota.roster.on_call(world.now));
        let line = self.lines.get(hotline);
        // What the operator gives wins over the sheet.
        let given = line.and_then(|line| line.last_resort.as_ref());
        let last_resort = given.or_else(|| rota.and_then(|rota| rota.roster.last_resort.as_deref()));
        let rules = line.map(|line| line.rules.clone()).unwrap_or_default();
        Plan::make(hotline.clone(), on_call, last_resort, caller, rules)
    }

    pub(super) async fn event(&self, call: CallId, event: &Event) -> Result<Call, SwitchboardError> {
        let hand = self.hand();
        let change = self.store.update(call, event, self.clock.now(), hand.as_ref()).await?;
        match change {
            Some(change) => Ok(self.hand_on(change).await),
            None => Err(SwitchboardError::UnknownCall(call)),
        }
    }

    /// The hand into which new commands are born; none while nobody works.
    fn hand(&self) -> Option<Hand> {
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
    async fn hand_on(&self, change: Change) -> Call {
        for entry in &change.entries {
            tracing::info!(call = %entry.call, hotline = %entry.hotline, "{}", entry.fact);
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
                    tracing::error!(key = command.key, "a command belongs to no call");
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

fn measure(entry: &Entry, call: &Call) {
    if let Fact::Ended { outcome } = &entry.fact {
        let outcome = match outcome {
            Outcome::Served => "served",
            Outcome::Recorded => "recorded",
            Outcome::CallbackAsked => "callback_asked",
            Outcome::CallerHungUp => "caller_hung_up",
            Outcome::NoMessage => "no_message",
            Outcome::CutOff => "cut_off",
        };
        metrics::counter!("rotaline_call_outcomes_total", "outcome" => outcome).increment(1);
    }
    if let Fact::Accepted { .. } = &entry.fact {
        let waited = (entry.at - call.arrived_at()).to_std().unwrap_or_default();
        metrics::histogram!("rotaline_answer_seconds").record(waited.as_secs_f64());
    }
}

/// Names that sort by their time.
fn new_id(clock: &Clock) -> Uuid {
    let now = clock.now();
    let seconds = u64::try_from(now.timestamp()).unwrap_or_default();
    Uuid::new_v7(Timestamp::from_unix(NoContext, seconds, now.timestamp_subsec_nanos()))
}
