//! One event, one transaction: load, have the call decide, write everything that follows from it, or nothing.

use super::call_rows::{self, FIRST_VERSION, Versioned};
use super::plain::{Kept, Known, Plain};
use super::story::{self, Arrival, Logged};
use super::{
    Begun, Change, Claimed, Connection, Counted, Entry, Hand, Store, StoreError, callbacks, incidents, lines, outbox, presence, recordings,
    relays, spending, waiting,
};
use crate::call::{
    CALLER, Call, CallId, Command, Costly, Event, Fact, Forbidden, HotlineName, LegId, LineId, Reaction, Refusal, Spent, Undelivered, World,
};
use crate::metrics::names;
use chrono::{DateTime, Utc};
use std::borrow::Cow;
use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// How often an event is handled anew because somebody else has written the call meanwhile.
const MOST_CONFLICTS: u32 = 16;
/// From this many events on, a call logs only those that change something: a client gone wild that repeats
/// itself must not fill the disk.
const MOST_IDLE_EVENTS: i64 = 2_000;
/// So many events of a call each process keeps, too, that leave the call's row as it is.
const MOST_KEPT_IDLE: u32 = 2_000;
/// How many of those who wait are served in one transaction: as many as can become free in one, and some more. Whoever is
/// left waits for the next event.
const MOST_SERVED: usize = 64;

/// One attempt at a transaction.
pub(super) struct Attempt<'a> {
    connection: &'a mut Connection,
    now: DateTime<Utc>,
    hand: Option<&'a Hand>,
    entries: Vec<Entry>,
    in_hand: Vec<Claimed>,
    left_waiting: bool,
    /// What has to be handled yet, in order.
    events: VecDeque<Event>,
    /// Whether somebody in the line may be the next one now.
    line_moves: bool,
    /// Whether the caller hears his script as the answer to this, so that he is not to be sent to it as well.
    answers_caller: bool,
    /// Calls as they are now, those that were written last at the end.
    written: Vec<Versioned>,
}

/// Somebody else has written the call since it was read.
pub(super) struct Conflict;

/// Why a call is to handle an event.
enum Cause<'a> {
    /// It has happened.
    Event(&'a Event),
    /// One of these lines may be the leg's: which one is free is known only within the transaction that takes it.
    LookedUp { leg: LegId, candidates: &'a [LineId] },
}

impl Cause<'_> {
    async fn event(&self, connection: &mut Connection, call: CallId) -> Result<Option<Cow<'_, Event>>, StoreError> {
        match self {
            Self::Event(event) => Ok(Some(Cow::Borrowed(event))),
            Self::LookedUp { leg, candidates } => {
                let line = lines::first_free(connection, call, *leg, candidates).await?;
                Ok(line.map(|line| Cow::Owned(Event::Placed { leg: *leg, line })))
            }
        }
    }
}

impl Store {
    /// Keeps a new call. The line on which it comes in names it: where the arrival was taken in before, that call is the
    /// answer and `make` is not asked. New commands are born into `hand`, where one is held out.
    ///
    /// # Errors
    /// As [`StoreError`] says; then nothing is kept.
    pub async fn begin(
        &self,
        line: &LineId,
        now: DateTime<Utc>,
        hand: Option<&Hand>,
        make: impl FnOnce(&World<'_>) -> (Call, Reaction) + Send,
    ) -> Result<Begun, StoreError> {
        self.begin_counting((None, line), None, now, hand, |world, _| make(world)).await
    }

    /// As [`Store::begin`], where it matters whom the sheet of the hotline calls away, and how often the caller has called: `make` is told how many other calls there
    /// are of those to be counted. Two calls that arrive together count each other, one of them first.
    ///
    /// # Errors
    /// As [`StoreError`] says; then nothing is kept.
    pub async fn begin_counting(
        &self,
        (hotline, line): (Option<&HotlineName>, &LineId),
        counted: Option<&Counted<'_>>,
        now: DateTime<Utc>,
        hand: Option<&Hand>,
        make: impl FnOnce(&World<'_>, u32) -> (Call, Reaction) + Send,
    ) -> Result<Begun, StoreError> {
        let now = whole_ms(now);
        let mut transaction = self.changes.begin().await?;
        if let Some((known, _)) = lines::owner(&mut transaction, line).await?
            && let Some(found) = call_rows::load(&mut transaction, known).await?
        {
            return Ok(Begun::Known(Box::new(found.call)));
        }
        if lines::is_over(&mut transaction, line, now).await? {
            return Ok(Begun::Bygone);
        }
        let engaged = Box::pin(waiting::taken(&mut transaction, now)).await?;
        let away = presence::away(&mut transaction, hotline, now).await?;
        let recent = match counted {
            Some(counted) => call_rows::count(&mut transaction, counted).await?,
            None => 0,
        };
        let world = World::new(now, &engaged, &away);
        let (call, reaction) = make(&world, recent);
        call_rows::insert(&mut transaction, &call).await?;
        let mut attempt = Attempt::new(&mut transaction, now, hand);
        let arrival = Logged::Arrival(Arrival { line, from: call.from() });
        attempt.write(&call, 1, &arrival, reaction).await?;
        let call = attempt.serve_after_arrival(call).await?;
        let change = attempt.into_change(call);
        transaction.commit(&change.entries).await?;
        Ok(Begun::New(Box::new(change)))
    }

    /// Has a call handle an event and keeps everything that comes of it. None where there is no such call.
    ///
    /// # Errors
    /// As [`StoreError`] says; then nothing is kept, and the event may be sent again.
    pub async fn update(&self, call: CallId, event: &Event, now: DateTime<Utc>, hand: Option<&Hand>) -> Result<Option<Change>, StoreError> {
        if let Some(call) = self.update_plainly(call, event, whole_ms(now)).await? {
            return Ok(Some(Change {
                call,
                entries: Vec::new(),
                in_hand: Vec::new(),
                left_waiting: false,
            }));
        }
        Box::pin(self.handle(call, Cause::Event(event), now, hand, None)).await
    }

    /// Like [`Store::update`], for the event that a command has led to: in the same transaction the command is done. None, too,
    /// where the command is in somebody else's hand by now, who finds out for himself what became of it: a process that was
    /// stopped for longer than its lease must not say that a phone does not ring which another one has rung meanwhile.
    ///
    /// # Errors
    /// As [`StoreError`] says; then the command is still in hand.
    pub async fn settle(
        &self,
        command: &Claimed,
        event: &Event,
        now: DateTime<Utc>,
        hand: Option<&Hand>,
    ) -> Result<Option<Change>, StoreError> {
        Box::pin(self.handle(command.call, Cause::Event(event), now, hand, Some(command))).await
    }

    /// Like [`Store::settle`], for a command that has looked up what became of the order to dial `leg`: the leg is
    /// placed on the first of `candidates` that no leg of any call has. None where all of them are others'; then
    /// the command is still in hand.
    ///
    /// # Errors
    /// As [`StoreError`] says; then, too, the command is still in hand.
    pub async fn adopt(
        &self,
        command: &Claimed,
        leg: LegId,
        candidates: &[LineId],
        now: DateTime<Utc>,
        hand: Option<&Hand>,
    ) -> Result<Option<Change>, StoreError> {
        Box::pin(self.handle(command.call, Cause::LookedUp { leg, candidates }, now, hand, Some(command))).await
    }

    /// Keeps an event that changes nothing; the call as it is. None where it may change something, or where the call is not at
    /// hand.
    ///
    /// # Errors
    /// As [`StoreError`] says; then it is not kept, and may be sent again.
    pub async fn keep_idle(&self, call: CallId, event: &Event, now: DateTime<Utc>) -> Result<Option<Arc<Call>>, StoreError> {
        let now = whole_ms(now);
        let Some(found) = self.calls.get(call).await else {
            return Ok(None);
        };
        match decided_plainly(&found, event, now) {
            Some(after) if Arc::ptr_eq(&after, &found.call) => self.keep_plainly(&found, after, event, now).await,
            Some(_) | None => Ok(None),
        }
    }

    /// None where more is to be done than to write the call, or where it is not at hand as it is.
    async fn update_plainly(&self, call: CallId, event: &Event, now: DateTime<Utc>) -> Result<Option<Call>, StoreError> {
        let Some(found) = self.calls.get(call).await else {
            return Ok(None);
        };
        let Some(after) = decided_plainly(&found, event, now) else {
            return Ok(None);
        };
        let kept = self.keep_plainly(&found, after, event, now).await?;
        Ok(kept.map(Arc::unwrap_or_clone))
    }

    /// None where somebody else has written the call since, or had too much of what changes nothing.
    async fn keep_plainly(
        &self,
        found: &Known,
        after: Arc<Call>,
        event: &Event,
        now: DateTime<Utc>,
    ) -> Result<Option<Arc<Call>>, StoreError> {
        let call = after.id();
        let change = Plain::new(found, &after, event, now)?;
        let is_idle = change.is_idle();
        if is_idle && !found.takes_idle(MOST_KEPT_IDLE) {
            return Ok(None);
        }
        let kept = self.changes.add(change).await;
        if kept != Ok(Kept::Kept) {
            self.calls.forget(call).await;
            return kept.map(|_| None);
        }
        if !is_idle {
            self.calls.put(Arc::clone(&after), found.version + 1).await;
        }
        Ok(Some(after))
    }

    async fn handle(
        &self,
        call: CallId,
        cause: Cause<'_>,
        now: DateTime<Utc>,
        hand: Option<&Hand>,
        settles: Option<&Claimed>,
    ) -> Result<Option<Change>, StoreError> {
        let now = whole_ms(now);
        for _ in 0..MOST_CONFLICTS {
            let mut transaction = self.changes.begin().await?;
            let Some(found) = call_rows::load(&mut transaction, call).await? else {
                return Ok(None);
            };
            let Some(event) = cause.event(&mut transaction, call).await? else {
                return Ok(None);
            };
            if let Some(command) = settles
                && !settled(&mut transaction, command, &event).await?
            {
                return Ok(None);
            }
            let mut attempt = Attempt::new(&mut transaction, now, hand);
            let Ok(after) = Box::pin(attempt.handle_and_serve(found, &event)).await? else {
                metrics::counter!("rotaline_event_conflicts_total").increment(1);
                continue;
            };
            let written = std::mem::take(&mut attempt.written);
            let change = attempt.into_change(after);
            incidents::close_if_done(&mut transaction, &change.call, &event, now).await?;
            transaction.commit(&change.entries).await?;
            for Versioned { call, version } in written {
                self.calls.put(Arc::new(call), version).await;
            }
            return Ok(Some(change));
        }
        Err(StoreError::Busy)
    }
}

impl<'a> Attempt<'a> {
    pub(super) fn new(connection: &'a mut Connection, now: DateTime<Utc>, hand: Option<&'a Hand>) -> Self {
        Self {
            connection,
            now,
            hand,
            entries: Vec::new(),
            in_hand: Vec::new(),
            left_waiting: false,
            events: VecDeque::new(),
            line_moves: false,
            answers_caller: false,
            written: Vec::new(),
        }
    }

    /// A call that has just begun hears of its orders that were not given.
    pub(super) async fn after_refusals(&mut self, call: Call) -> Result<Call, StoreError> {
        if self.events.is_empty() {
            return Ok(call);
        }
        self.answers_caller = true;
        let handled = Box::pin(self.handle_all(Versioned {
            call,
            version: FIRST_VERSION,
        }))
        .await?;
        self.answers_caller = false;
        handled.map_err(|Conflict| StoreError::Busy)
    }

    /// As [`Attempt::serve`], for a call that has just begun and perhaps found nobody who is free.
    pub(super) async fn serve_after_arrival(&mut self, call: Call) -> Result<Call, StoreError> {
        let call = self.after_refusals(call).await?;
        self.line_moves |= call.waits_in_line();
        let served = Box::pin(self.serve(call)).await?;
        // Nobody else writes within this transaction.
        served.map_err(|Conflict| StoreError::Busy)
    }

    pub(super) fn into_change(self, call: Call) -> Change {
        Change {
            call,
            entries: self.entries,
            in_hand: self.in_hand,
            left_waiting: self.left_waiting,
        }
    }

    /// As [`Attempt::handle`]; then whoever has become free is offered to those who wait, before anybody else can have him.
    async fn handle_and_serve(&mut self, found: Versioned, event: &Event) -> Result<Result<Call, Conflict>, StoreError> {
        match self.handle(found, event).await? {
            Ok(after) => Box::pin(self.serve(after)).await,
            Err(conflict) => Ok(Err(conflict)),
        }
    }

    /// Has those in the line handle that it is their turn, one after another, as long as there is somebody for them. The call
    /// that has led to it may be one of them, and is the answer as it is afterwards.
    async fn serve(&mut self, mut cause: Call) -> Result<Result<Call, Conflict>, StoreError> {
        let mut served = BTreeSet::new();
        if !self.line_moves {
            return Ok(Ok(cause));
        }
        while served.len() < MOST_SERVED
            && let Some(next) = waiting::next(self.connection, &served, self.now).await?
        {
            served.insert(next);
            let Some(found) = call_rows::load(self.connection, next).await? else {
                continue;
            };
            let Ok(after) = self.handle(found, &Event::SomebodyIsFree).await? else {
                return Ok(Err(Conflict));
            };
            if after.id() == cause.id() {
                cause = after;
            }
        }
        Ok(Ok(cause))
    }

    /// Has the call handle the event, and the events that follow from its commands at once.
    pub(super) async fn handle(&mut self, found: Versioned, event: &Event) -> Result<Result<Call, Conflict>, StoreError> {
        self.events.push_back(event.clone());
        self.handle_all(found).await
    }

    /// Has the call handle what waits for it, in its order.
    async fn handle_all(&mut self, found: Versioned) -> Result<Result<Call, Conflict>, StoreError> {
        let Versioned { mut call, mut version } = found;
        let mut around = None;
        while let Some(event) = self.events.pop_front() {
            let (after, reaction) = match decided_unseen(&call, &event, self.now) {
                Some(decided) => decided,
                None => {
                    let around = match &mut around {
                        Some(around) => around,
                        none => none.insert(Box::pin(call_rows::around(self.connection, &call, self.now)).await?),
                    };
                    decided(&call, &event, &World::new(self.now, &around.engaged, &around.away))
                }
            };
            let idle = after == call && reaction == Reaction::default();
            if idle && version >= MOST_IDLE_EVENTS {
                continue;
            }
            if !call_rows::replace(self.connection, &call, version, &after, self.now).await? {
                return Ok(Err(Conflict));
            }
            if let Some(leg) = event.leg().filter(|leg| call.line(*leg) != after.line(*leg)) {
                lines::keep(self.connection, &after, leg).await?;
            }
            self.line_moves |= event == Event::Tick && call.waits_in_line() || moves_the_line(&call, &after);
            call = after;
            version += 1;
            self.write(&call, version, &Logged::Event(&event), reaction).await?;
        }
        self.written.push(Versioned {
            call: call.clone(),
            version,
        });
        Ok(Ok(call))
    }

    pub(super) async fn write(&mut self, call: &Call, seq: i64, event: &Logged<'_>, reaction: Reaction) -> Result<(), StoreError> {
        // All that writes is large; whoever calls need not be.
        Box::pin(self.write_all(call, seq, event, reaction)).await
    }

    async fn write_all(&mut self, call: &Call, seq: i64, event: &Logged<'_>, reaction: Reaction) -> Result<(), StoreError> {
        callbacks::keep(self.connection, call, &reaction.facts, self.now).await?;
        if let Logged::Event(event) = event {
            recordings::keep(self.connection, call, event, &reaction.facts, self.now).await?;
        }
        relays::keep(self.connection, call, &reaction.facts, self.now).await?;
        let entries = story::write(self.connection, call, seq, self.now, event, reaction.facts).await?;
        self.entries.extend(entries);
        for command in reaction.commands {
            if self.answers_caller && matches!(command, Command::Redirect { leg: CALLER, .. }) {
                continue;
            }
            self.order(call, seq, command).await?;
        }
        Ok(())
    }

    async fn order(&mut self, call: &Call, seq: i64, command: Command) -> Result<(), StoreError> {
        if let Command::Withdraw { leg } = command {
            if outbox::withdraw_dial(self.connection, call.id(), leg).await? {
                // It will never ring: the call need not wait for it, and nobody need leave the number alone.
                self.events.push_back(Event::Refused {
                    leg,
                    why: Refusal {
                        code: None,
                        message: "withdrawn in time".to_owned(),
                        permanent: false,
                    },
                });
            }
            return Ok(());
        }
        // What costs money passes the gate here, whatever has led to it.
        let costs = command.costs().is_some();
        let mut others = Spent::default();
        if costs {
            let budget = call.plan().rules.budget;
            others = spending::spent(self.connection, budget, call.hotline(), self.now).await?;
            if let Some(why) = call.forbids(&command, budget.left(others)) {
                return self.refuse(call, seq, &command, why).await;
            }
        }
        match outbox::insert(self.connection, call, command, self.now, self.hand).await? {
            outbox::Inserted::InHand(claimed) => self.in_hand.push(*claimed),
            outbox::Inserted::Waiting => self.left_waiting = true,
            outbox::Inserted::Known => return Ok(()),
        }
        if costs && let Some(fact) = spending::count(self.connection, call, others, self.now).await? {
            self.tell(call, seq, fact).await?;
        }
        Ok(())
    }

    /// An order that is not given: whoever waits for it hears that it was refused.
    async fn refuse(&mut self, call: &Call, seq: i64, command: &Command, why: Forbidden) -> Result<(), StoreError> {
        tracing::error!(call = %call.id(), hotline = %call.hotline(), verb = outbox::verb(command), why = why.words(), "an order is not given");
        metrics::counter!(names::FORBIDDEN, "hotline" => call.hotline().0.clone(), "why" => why.as_str()).increment(1);
        let refusal = Refusal {
            code: None,
            message: why.words().to_owned(),
            permanent: why.is_permanent(),
        };
        match command.costs() {
            Some(Costly::Dial { leg, .. }) => self.events.push_back(Event::Refused { leg, why: refusal }),
            Some(Costly::Text { to, sender: Some(from) }) => self.events.push_back(Event::NotTexted(Undelivered {
                from: from.clone(),
                to: to.clone(),
                code: None,
                why: refusal.message,
                permanent: refusal.permanent,
            })),
            Some(Costly::Text { to, sender: None }) => {
                let (to, why) = (to.clone(), refusal.message);
                self.tell(call, seq, Fact::NotTexted { to, code: None, why }).await?;
            }
            None => {}
        }
        Ok(())
    }

    async fn tell(&mut self, call: &Call, seq: i64, fact: Fact) -> Result<(), StoreError> {
        let entry = story::add(self.connection, (call.id(), call.hotline()), seq, self.now, fact).await?;
        self.entries.push(entry);
        Ok(())
    }
}

fn decided(call: &Call, event: &Event, world: &World<'_>) -> (Call, Reaction) {
    let mut after = call.clone();
    let reaction = after.handle(event, world);
    (after, reaction)
}

/// What a call decides that need not look at the world for it; none where it has to.
fn decided_unseen(call: &Call, event: &Event, now: DateTime<Utc>) -> Option<(Call, Reaction)> {
    let looked = AtomicBool::new(false);
    let decided = decided(call, event, &World::unseen(now, &looked));
    (!looked.into_inner()).then_some(decided)
}

/// What a call decides that changes nothing but itself, or not even that; none where more has to be written, or may have to be.
fn decided_plainly(before: &Known, event: &Event, now: DateTime<Utc>) -> Option<Arc<Call>> {
    if is_kept_elsewhere(event) || *event == Event::Tick || before.version >= MOST_IDLE_EVENTS {
        return None;
    }
    let (after, reaction) = decided_unseen(&before.call, event, now)?;
    if reaction != Reaction::default() {
        return None;
    }
    let before = &before.call;
    if after == **before {
        // Why an order was refused is looked up among those that count.
        return (!matches!(event, Event::Refused { .. })).then(|| Arc::clone(before));
    }
    let is_same_line = event.leg().is_none_or(|leg| before.line(leg) == after.line(leg));
    let is_plain = after.is_live()
        && is_same_line
        && before.engages() == after.engages()
        && before.waits() == after.waits()
        && before.outcome() == after.outcome();
    is_plain.then(|| Arc::new(after))
}

/// Whether what is said is kept beside the call, too.
const fn is_kept_elsewhere(event: &Event) -> bool {
    matches!(
        event,
        Event::RecordingBegun { .. } | Event::RecordingEnded { .. } | Event::Recorded { .. } | Event::Transcribed { .. } | Event::Resolved
    )
}

/// Whether somebody has become free, or is waited for in another way than before.
fn moves_the_line(before: &Call, after: &Call) -> bool {
    let still = after.engages();
    before.engages().iter().any(|held| !still.contains(held)) || before.waits() != after.waits()
}

/// Notes that a command is done by what it has led to. False where that is for somebody else to say by now; but a line that
/// the carrier has named is there, whoever has the command in hand.
async fn settled(connection: &mut Connection, command: &Claimed, event: &Event) -> Result<bool, StoreError> {
    if matches!(event, Event::Placed { .. }) {
        outbox::mark_done_for_all(connection, command).await?;
        return Ok(true);
    }
    outbox::mark_done(connection, command).await
}

/// The database keeps milliseconds; what a call remembers must not be finer, lest a deadline read from a column
/// is over a moment before the call's own.
pub(super) fn whole_ms(now: DateTime<Utc>) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(now.timestamp_millis()).unwrap_or(now)
}
