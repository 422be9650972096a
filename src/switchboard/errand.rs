//! One command carried out: what the carrier is asked, and what its answer means.

use super::exchange::{Exchange, LEASE, withdrawn};
use super::{CarrierError, DialOrder, VERB_LIMIT};
use crate::call::{Command, Costly, Ending, Event, Fact, LegId, LineId, Means, Refusal, Undelivered};
use crate::metrics::names;
use crate::roster::Phone;
use crate::store::Claimed;
use backon::{BackoffBuilder, ExponentialBuilder};
use chrono::{DateTime, TimeDelta, Utc};
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

/// What must be left of a lease when a verb begins, so that its outcome is kept before anybody else takes the command.
const LEAST_LEASE: TimeDelta = TimeDelta::seconds(14);
const _: () = assert!(VERB_LIMIT.as_secs() < LEAST_LEASE.num_seconds().unsigned_abs());
// An order to dial that was left behind is looked up and then dialled under one lease.
const _: () = assert!(VERB_LIMIT.as_secs() + LEAST_LEASE.num_seconds().unsigned_abs() < LEASE.num_seconds().unsigned_abs());
/// What the carrier has taken stands in its lists by then.
const LISTED: Duration = Duration::from_secs(5);
/// A carrier's list may be a little behind its own doings: that something is not on it is believed so long after we stopped
/// waiting for an answer, and not before, however often it was looked up until then.
const SECOND_LOOK: Duration = Duration::from_secs(3);
const _: () = assert!(SECOND_LOOK.as_secs() < VERB_LIMIT.as_secs());
/// The longest pause that the carrier can make us take.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// What is to be done after the carrier has answered.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// It is done, and the call hears of it.
    Tell(Event),
    /// It is done.
    Done,
    /// It is done, and the call has heard of it already.
    Told,
    /// It was certainly not done, or may be done twice: another try, after at least this pause.
    Again(Duration, String),
    /// There was no room for it: its turn comes later, after at least this pause.
    Later(Duration),
    /// It may have been done: it is looked up after a pause, in which lists come to know of it.
    LookUp(String),
    /// It cannot be done.
    GiveUp(GivenUp),
    /// The lease is nearly over: somebody with a fresh one does it.
    PutBack,
    /// The lease is over: somebody else finds out what has become of it.
    Lost,
}

/// Why a command was not carried out.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct GivenUp {
    /// The carrier's error code, where it gave one.
    code: Option<u32>,
    why: String,
    /// Whether the same would be refused again.
    permanent: bool,
}

impl From<String> for GivenUp {
    fn from(why: String) -> Self {
        Self {
            code: None,
            why,
            permanent: false,
        }
    }
}

impl From<CarrierError> for GivenUp {
    fn from(error: CarrierError) -> Self {
        let (code, permanent) = match &error {
            CarrierError::Refused(why) => (why.code, why.permanent),
            CarrierError::Gone | CarrierError::Throttled { .. } | CarrierError::Unreachable(_) | CarrierError::Unsure(_) => (None, false),
        };
        Self {
            permanent,
            code,
            why: error.to_string(),
        }
    }
}

impl Exchange {
    /// Carries out a command that is in hand and sees to it that it leaves the hand.
    pub(super) async fn carry_out(&self, command: Claimed) {
        let next = self.while_in_hand(&command, self.ask_carrier(&command)).await;
        let result = match &next {
            Next::Tell(Event::Unsure { .. }) => "unsure",
            Next::Tell(Event::Refused { .. }) => "refused",
            Next::Tell(_) | Next::Done | Next::Told => "ok",
            Next::Again(..) => "again",
            Next::Later(_) => "throttled",
            Next::LookUp(_) => "unsure",
            Next::GiveUp(_) => "failed",
            Next::PutBack => "put_back",
            Next::Lost => "lost",
        };
        metrics::counter!("rotaline_carrier_requests_total", "verb" => command.verb(), "result" => result).increment(1);
        match next {
            Next::Tell(event) => self.settle(&command, &event).await,
            Next::Done => self.note(&command, self.store.done(&command).await),
            Next::Told => {}
            Next::Lost => tracing::warn!(
                key = command.key,
                "this process has stood still for too long with a command in hand: it goes no further, and whoever takes the command looks up what became of it"
            ),
            Next::PutBack => self.put_back(command).await,
            Next::Later(pause) => self.wait_for_room(command, pause).await,
            Next::Again(at_least, why) => self.try_again(command, at_least, why).await,
            Next::LookUp(why) => {
                let command = Claimed {
                    abandoned: true,
                    ..command
                };
                self.try_again(command, LISTED, why).await;
            }
            Next::GiveUp(why) => self.give_up(&command, why).await,
        }
    }

    /// There is nothing wrong with the order: it waits for its turn for as long as the call wants it.
    async fn wait_for_room(&self, command: Claimed, pause: Duration) {
        tracing::warn!(
            key = command.key,
            "the carrier takes no dial now: there were too many; it is dialled later"
        );
        let failures = command.failures;
        self.release(command, pause.min(LONGEST_PAUSE), failures).await;
        self.outbox_bell.notify_one();
    }

    /// Goes on with a command for as long as it is in this hand. A process that was stopped, or its machine, wakes up in the
    /// middle of anything, such as an order to dial that is half written; by then another one may have looked for that at
    /// the carrier, found nothing, and dialled.
    pub(super) async fn while_in_hand(&self, command: &Claimed, work: impl Future<Output = Next>) -> Next {
        let mut work = pin!(work);
        poll_fn(|context| {
            if self.clock.now() >= command.leased_until {
                return Poll::Ready(Next::Lost);
            }
            work.as_mut().poll(context)
        })
        .await
    }

    async fn try_again(&self, command: Claimed, at_least: Duration, why: String) {
        let Some(pause) = pause_before_next(&command) else {
            return self.give_up(&command, why.into()).await;
        };
        tracing::warn!(
            key = command.key,
            failures = command.failures + 1,
            why,
            "the carrier did not take a command; it is tried again"
        );
        let failures = command.failures.saturating_add(1);
        self.release(command, pause.max(at_least.min(LONGEST_PAUSE)), failures).await;
        self.outbox_bell.notify_one();
    }

    /// The end of a command that cannot be done. A call that waits for its dial hears of it; of a text its story tells.
    async fn give_up(&self, command: &Claimed, GivenUp { code, why, permanent }: GivenUp) {
        tracing::error!(call = %command.call, hotline = %command.hotline, key = command.key, why, "a command was not carried out");
        match &command.command {
            Command::Dial { leg, .. } | Command::Find { leg, .. } => self.settle(command, &refused(*leg, why, false)).await,
            Command::Text {
                to, sender: Some(from), ..
            } => {
                let lost = Undelivered {
                    from: from.clone(),
                    to: to.clone(),
                    code,
                    why,
                    permanent,
                };
                self.settle(command, &Event::NotTexted(lost)).await;
            }
            Command::Text { to, sender: None, .. } => {
                let to = to.clone();
                let told = self
                    .store
                    .failed_as_told(command, self.clock.now(), Fact::NotTexted { to, code, why })
                    .await;
                self.note(command, told.map(|_| ()));
            }
            Command::Record { .. } | Command::FindRecording { .. } => {
                let fact = Fact::NotRecorded { code, why };
                let told = self.store.failed_as_told(command, self.clock.now(), fact).await;
                self.note(command, told.map(|_| ()));
            }
            Command::Withdraw { .. }
            | Command::Cancel { .. }
            | Command::HangUp { .. }
            | Command::Redirect { .. }
            | Command::LookAfter { .. }
            | Command::StopRecording { .. } => {
                self.note(command, self.store.failed(command).await);
            }
        }
    }

    fn note(&self, command: &Claimed, kept: Result<(), crate::store::StoreError>) {
        if let Err(error) = kept {
            tracing::warn!(key = command.key, %error, "the outcome of a command is not kept; it will be done again");
        }
    }

    async fn ask_carrier(&self, command: &Claimed) -> Next {
        if !self.has_time_for(command) {
            return Next::PutBack;
        }
        if let Some(forbidden) = self.forbidden(command).await {
            return forbidden;
        }
        if let Some(left_alone) = self.left_alone(command).await {
            return left_alone;
        }
        let carrier = &self.carrier;
        match &command.command {
            Command::Dial { leg, .. } => self.dial(command, *leg).await,
            Command::Find { leg, .. } => self.find(command, *leg).await,
            Command::Cancel { leg, line } => self.on_own_line(command, *leg, line, carrier.cancel(line)).await,
            Command::HangUp { leg, line } => self.on_own_line(command, *leg, line, carrier.hang_up(line)).await,
            Command::Redirect { leg, line, .. } => {
                let redirected = carrier.redirect(line, command.call, *leg);
                self.on_own_line(command, *leg, line, redirected).await
            }
            Command::Text { to, body, .. } => self.text(command, to, body).await,
            Command::LookAfter { leg, line, .. } => self.look_after(*leg, line).await,
            Command::Record { number, line, .. } => self.record(command, *number, line).await,
            Command::StopRecording { line, recording, .. } => self.stop_recording(line, recording.as_ref()).await,
            Command::FindRecording { .. } => self.find_recording(command).await,
            // The store carries this out itself.
            Command::Withdraw { .. } => Next::Done,
        }
    }

    /// The gate that every order passed before it was kept, once more: what is in the outbox may have been put there by somebody
    /// else. While the store cannot be asked, having passed it once is enough.
    async fn forbidden(&self, command: &Claimed) -> Option<Next> {
        let order = command.command.costs()?;
        let call = self.store.call(command.call).await.ok().flatten()?;
        let why = call.forbids(&command.command, Means::Ample)?;
        tracing::error!(call = %command.call, key = command.key, why = why.words(), "an order is not carried out");
        metrics::counter!(names::FORBIDDEN, "hotline" => command.hotline.0.clone(), "why" => why.as_str()).increment(1);
        Some(match order {
            Costly::Dial { leg, .. } => Next::Tell(refused(leg, why.words().to_owned(), why.is_permanent())),
            Costly::Text { .. } => Next::GiveUp(GivenUp {
                code: None,
                why: why.words().to_owned(),
                permanent: why.is_permanent(),
            }),
        })
    }

    /// What was ordered of a caller's line before he was put through without the store would cut off his talk there.
    async fn left_alone(&self, command: &Claimed) -> Option<Next> {
        let line = command.command.takes_caller_away()?;
        if let Some(untold) = self.untold.event(line) {
            return Some(Next::Tell(untold));
        }
        // While that cannot be found out, the order is as good as any other.
        let call = self.store.call(command.call).await.ok().flatten()?;
        call.is_makeshift().then_some(Next::Done)
    }

    async fn dial(&self, command: &Claimed, leg: LegId) -> Next {
        let Some(order) = self.order(command, &command.command) else {
            return Next::Tell(refused(leg, "the hotline is not configured any more".to_owned(), true));
        };
        if command.abandoned {
            // Somebody may have rung this phone already: nobody is rung twice.
            match self.look_up(command, &order, command.ordered_at).await {
                Ok(true) => return Next::Told,
                Ok(false) => {}
                Err(next) => return next,
            }
        }
        if command.withdrawn {
            return withdrawn(command).map_or(Next::Done, Next::Tell);
        }
        if !self.has_time_for(command) {
            return Next::PutBack;
        }
        match limited(self.carrier.dial(&order)).await {
            Ok(line) => Next::Tell(Event::Placed { leg, line }),
            Err(CarrierError::Refused(why)) => Next::Tell(Event::Refused { leg, why }),
            Err(CarrierError::Gone) => Next::Tell(refused(leg, CarrierError::Gone.to_string(), false)),
            Err(CarrierError::Unsure(why)) => {
                tracing::warn!(
                    key = command.key,
                    why,
                    "whether the carrier took the order to dial is unknown; it is looked up"
                );
                Next::Tell(Event::Unsure { leg })
            }
            Err(CarrierError::Throttled { retry_after }) => {
                self.pace.hold(retry_after);
                Next::Later(retry_after)
            }
            Err(error @ CarrierError::Unreachable(_)) => again(&error),
        }
    }

    async fn find(&self, command: &Claimed, leg: LegId) -> Next {
        let Command::Find { since, .. } = &command.command else {
            return Next::Done;
        };
        let dialled = match self.store.dial_of(command.call, leg).await {
            Ok(dialled) => dialled,
            Err(error) => return Next::Again(Duration::ZERO, error.to_string()),
        };
        let Some(order) = dialled.and_then(|dialled| self.order(command, &dialled)) else {
            return Next::Tell(refused(leg, "there was no order to dial".to_owned(), false));
        };
        let not_yet = self.too_early_for_no(command);
        match self.look_up(command, &order, *since).await {
            Ok(true) => Next::Told,
            Ok(false) => not_yet.unwrap_or_else(|| Next::Tell(refused(leg, "never reached the carrier".to_owned(), false))),
            Err(next) => next,
        }
    }

    /// What to do where a list that is asked for now does not have what is looked for, as long as that may be only because it is
    /// behind. To be asked before the list is: the answer may be longer on its way than that.
    pub(super) fn too_early_for_no(&self, looks_up: &Claimed) -> Option<Next> {
        let is_too_early = self.clock.now() < looks_up.ordered_at + SECOND_LOOK;
        is_too_early.then(|| Next::Again(SECOND_LOOK, "not found yet".to_owned()))
    }

    /// Whether an order to dial was taken. Then its leg has its line from now on, and the call knows. Two calls may
    /// ring the same number at once: a line that any leg has is not the one that is looked for.
    async fn look_up(&self, command: &Claimed, order: &DialOrder, since: DateTime<Utc>) -> Result<bool, Next> {
        let candidates = limited(self.carrier.find(order, since)).await.map_err(|error| again(&error))?;
        let adopted = self.adopt(command, order.leg, &candidates).await;
        adopted.map_err(|error| Next::Again(Duration::ZERO, error.to_string()))
    }

    /// Ends or redirects a line, unless it has turned out to be another leg's, which had it before it was looked up.
    async fn on_own_line(
        &self,
        command: &Claimed,
        leg: LegId,
        line: &LineId,
        verb: impl Future<Output = Result<(), CarrierError>>,
    ) -> Next {
        match self.store.leg_by_line(line).await {
            Ok(Some(owner)) if owner != (command.call, leg) => Next::Tell(Event::Ended { leg, how: Ending::Gone }),
            Ok(_) => after_line_verb(leg, limited(verb).await),
            Err(error) => Next::Again(Duration::ZERO, error.to_string()),
        }
    }

    async fn text(&self, command: &Claimed, to: &Phone, body: &str) -> Next {
        let Some(from) = self.own_number(command) else {
            return Next::GiveUp("the hotline is not configured any more".to_owned().into());
        };
        if command.abandoned {
            // It may have been sent already: nobody reads it twice.
            match limited(self.carrier.was_texted(from, to, body, command.ordered_at)).await {
                Ok(true) => return Next::Done,
                Ok(false) => {}
                Err(error) => return again(&error),
            }
        }
        if !self.has_time_for(command) {
            return Next::PutBack;
        }
        match limited(self.carrier.text(from, to, body)).await {
            Ok(()) => Next::Done,
            Err(error @ (CarrierError::Throttled { .. } | CarrierError::Unreachable(_))) => again(&error),
            Err(error @ CarrierError::Unsure(_)) => Next::LookUp(error.to_string()),
            Err(error @ (CarrierError::Refused(_) | CarrierError::Gone)) => Next::GiveUp(error.into()),
        }
    }

    fn has_time_for(&self, command: &Claimed) -> bool {
        self.clock.now() + LEAST_LEASE <= command.leased_until
    }

    fn own_number(&self, command: &Claimed) -> Option<&Phone> {
        self.lines.get(&command.hotline)?.numbers.first()
    }

    fn order(&self, of: &Claimed, dial: &Command) -> Option<DialOrder> {
        let Command::Dial {
            leg,
            to,
            ring_seconds,
            detection,
        } = dial
        else {
            return None;
        };
        Some(DialOrder {
            call: of.call,
            leg: *leg,
            from: self.own_number(of)?.clone(),
            to: to.clone(),
            ring_seconds: *ring_seconds,
            detection: *detection,
        })
    }
}

/// What follows from an attempt to end or to redirect a line. All of these may be done twice.
fn after_line_verb(leg: LegId, answer: Result<(), CarrierError>) -> Next {
    match answer {
        Ok(()) => Next::Done,
        Err(CarrierError::Gone) => Next::Tell(Event::Ended { leg, how: Ending::Gone }),
        Err(CarrierError::Refused(why)) if why.permanent => Next::GiveUp(CarrierError::Refused(why).into()),
        Err(
            error @ (CarrierError::Refused(_) | CarrierError::Throttled { .. } | CarrierError::Unreachable(_) | CarrierError::Unsure(_)),
        ) => again(&error),
    }
}

pub(super) fn again(error: &CarrierError) -> Next {
    let at_least = match error {
        CarrierError::Throttled { retry_after } => *retry_after,
        CarrierError::Refused(_) | CarrierError::Gone | CarrierError::Unreachable(_) | CarrierError::Unsure(_) => Duration::ZERO,
    };
    Next::Again(at_least, error.to_string())
}

fn refused(leg: LegId, message: String, permanent: bool) -> Event {
    Event::Refused {
        leg,
        why: Refusal {
            code: None,
            message,
            permanent,
        },
    }
}

/// The leg that waits for its line, and so must hear what becomes of the command.
pub(super) const fn dialled_leg(command: &Command) -> Option<LegId> {
    match command {
        Command::Dial { leg, .. } | Command::Find { leg, .. } => Some(*leg),
        Command::Withdraw { .. }
        | Command::Cancel { .. }
        | Command::HangUp { .. }
        | Command::Redirect { .. }
        | Command::LookAfter { .. }
        | Command::Record { .. }
        | Command::StopRecording { .. }
        | Command::FindRecording { .. }
        | Command::Text { .. } => None,
    }
}

/// How long to pause after a further failure; none when it is time to give up. A caller waits for the dial, and
/// there is somebody else to be rung: that is given up after a few seconds. A line that is not ended costs money
/// and somebody's sleep: that is tried for minutes.
fn pause_before_next(command: &Claimed) -> Option<Duration> {
    let (first_ms, longest_s, times) = match &command.command {
        Command::Dial { .. } if !command.abandoned => (250, 4, 5),
        // The talk goes on meanwhile.
        Command::Record { .. } => (250, 4, 5),
        // To be looked up first, which is worth some patience: otherwise somebody might be rung twice.
        Command::Dial { .. } | Command::Find { .. } | Command::FindRecording { .. } => (1_000, 5, 12),
        Command::Withdraw { .. }
        | Command::Cancel { .. }
        | Command::HangUp { .. }
        | Command::Redirect { .. }
        | Command::LookAfter { .. }
        | Command::StopRecording { .. } => (250, 30, 24),
        Command::Text { .. } => (1_000, 60, 12),
    };
    let pauses = ExponentialBuilder::new()
        .with_min_delay(Duration::from_millis(first_ms))
        .with_max_delay(Duration::from_secs(longest_s))
        .with_max_times(times)
        .with_jitter()
        .with_jitter_seed(command.id.unsigned_abs());
    pauses.build().nth(usize::try_from(command.failures).unwrap_or(usize::MAX))
}

/// A carrier that does not answer in time may yet have done it.
pub(super) async fn limited<T>(verb: impl Future<Output = Result<T, CarrierError>>) -> Result<T, CarrierError> {
    let answer = tokio::time::timeout(VERB_LIMIT, verb).await;
    answer.unwrap_or_else(|_| Err(CarrierError::Unsure("no answer in time".to_owned())))
}
