//! The exchange between real calls in a real store and a carrier that stands for the outside world.
//!
//! Most tests carry out single commands, so that nothing depends on timing; those of the whole exchange wait for
//! the carrier to be asked, never for time to pass.

mod crash;
mod errands;
mod makeshift;
mod pace;
mod recordings;
mod running;
mod through;

use super::exchange::Exchange;
use super::{Carrier, CarrierError, DialOrder, Line, Pacing, RecordOrder, Switchboard};
use crate::call::{Call, CallId, HotlineName, LegId, LineId, RecordingId, Rules};
use crate::clock::Clock;
use crate::reception::Reception;
use crate::roster::{Phone, Responder};
use crate::store::{Claimed, Store};
use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use tokio::sync::mpsc;

const HOTLINE_NUMBER: &str = "+61491570006";
const DUTY_DESK: &str = "+61491570110";

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_230_000 + seconds, 0).unwrap()
}

fn number(text: &str) -> Phone {
    Phone::from_e164(text).unwrap()
}

fn line(text: &str) -> LineId {
    LineId(text.to_owned())
}

/// No rota has been read yet: every call rings the last resort.
fn lab() -> Line {
    Line {
        name: HotlineName("lab".to_owned()),
        numbers: vec![number(HOTLINE_NUMBER)],
        rules: Rules {
            tell: vec![number("+61491570111")],
            ..Rules::default()
        },
        last_resort: Some(Responder {
            name: "Duty desk".to_owned(),
            phone: number(DUTY_DESK),
            then: None,
        }),
        reception: Reception::default(),
    }
}

/// What the carrier was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Asked {
    Dial(String, LegId),
    Cancel(LineId),
    HangUp(LineId),
    Redirect(LineId, LegId),
    Find(String, LegId, DateTime<Utc>),
    Text(String),
    WasTexted(String),
    LookAfter(LineId),
    Record(LineId, u16),
    StopRecording(LineId, Option<RecordingId>),
    Recordings(LineId),
    DeleteRecording(RecordingId),
    RecordsOf(String),
    DeleteRecord(String),
}

/// A carrier that writes down what it is asked and gives the answers laid out for it, in their order; after them
/// it takes every order, knows of none, and gives the lines the names of their legs.
struct Recording {
    asked: mpsc::UnboundedSender<Asked>,
    answers: Mutex<VecDeque<Result<Vec<LineId>, CarrierError>>>,
}

impl Recording {
    fn answer(&self, asked: Asked) -> Option<Result<Vec<LineId>, CarrierError>> {
        self.asked.send(asked).unwrap();
        self.answers.lock().unwrap().pop_front()
    }
}

#[async_trait]
impl Carrier for Recording {
    async fn dial(&self, order: &DialOrder) -> Result<LineId, CarrierError> {
        assert_eq!(order.from, number(HOTLINE_NUMBER));
        let given = self.answer(Asked::Dial(order.to.address().to_owned(), order.leg));
        given
            .unwrap_or(Ok(vec![]))
            .map(|given| given.into_iter().next().unwrap_or_else(|| line(&format!("leg-{}", order.leg))))
    }

    async fn cancel(&self, line: &LineId) -> Result<(), CarrierError> {
        self.answer(Asked::Cancel(line.clone())).unwrap_or(Ok(vec![])).map(drop)
    }

    async fn hang_up(&self, line: &LineId) -> Result<(), CarrierError> {
        self.answer(Asked::HangUp(line.clone())).unwrap_or(Ok(vec![])).map(drop)
    }

    async fn redirect(&self, line: &LineId, _: CallId, leg: LegId) -> Result<(), CarrierError> {
        self.answer(Asked::Redirect(line.clone(), leg)).unwrap_or(Ok(vec![])).map(drop)
    }

    async fn find(&self, order: &DialOrder, since: DateTime<Utc>) -> Result<Vec<LineId>, CarrierError> {
        self.answer(Asked::Find(order.to.address().to_owned(), order.leg, since))
            .unwrap_or(Ok(vec![]))
    }

    async fn text(&self, from: &Phone, to: &Phone, _: &str) -> Result<(), CarrierError> {
        assert_eq!(from, &number(HOTLINE_NUMBER));
        self.answer(Asked::Text(to.address().to_owned())).unwrap_or(Ok(vec![])).map(drop)
    }

    /// By the answer's lines: any is the text that is looked for.
    async fn was_texted(&self, from: &Phone, to: &Phone, _: &str, _: DateTime<Utc>) -> Result<bool, CarrierError> {
        assert_eq!(from, &number(HOTLINE_NUMBER));
        let given = self.answer(Asked::WasTexted(to.address().to_owned())).unwrap_or(Ok(vec![]));
        given.map(|found| !found.is_empty())
    }

    async fn look_after(&self, line: &LineId) -> Result<(), CarrierError> {
        self.answer(Asked::LookAfter(line.clone())).unwrap_or(Ok(vec![])).map(drop)
    }

    async fn record(&self, order: &RecordOrder) -> Result<RecordingId, CarrierError> {
        let given = self.answer(Asked::Record(order.line.clone(), order.number)).unwrap_or(Ok(vec![]));
        given.map(|_| RecordingId(format!("RE{}", order.number)))
    }

    async fn stop_recording(&self, line: &LineId, recording: Option<&RecordingId>) -> Result<(), CarrierError> {
        self.answer(Asked::StopRecording(line.clone(), recording.cloned()))
            .unwrap_or(Ok(vec![]))
            .map(drop)
    }

    async fn recordings(&self, line: &LineId) -> Result<Vec<RecordingId>, CarrierError> {
        let given = self.answer(Asked::Recordings(line.clone())).unwrap_or(Ok(vec![]));
        given.map(|given| given.into_iter().map(|line| RecordingId(line.0)).collect())
    }

    async fn delete_recording(&self, recording: &RecordingId) -> Result<(), CarrierError> {
        self.answer(Asked::DeleteRecording(recording.clone()))
            .unwrap_or(Ok(vec![]))
            .map(drop)
    }

    /// By the answer's lines.
    async fn records_of(&self, of: &Phone, ours: &std::collections::BTreeSet<Phone>) -> Result<Vec<String>, CarrierError> {
        assert!(ours.contains(&number(HOTLINE_NUMBER)));
        let given = self.answer(Asked::RecordsOf(of.address().to_owned())).unwrap_or(Ok(vec![]));
        given.map(|found| found.into_iter().map(|line| line.0).collect())
    }

    async fn delete_record(&self, record: &str) -> Result<(), CarrierError> {
        self.answer(Asked::DeleteRecord(record.to_owned())).unwrap_or(Ok(vec![])).map(drop)
    }
}

/// One process: an exchange on a store, with what its carrier was asked.
struct House {
    switchboard: Switchboard,
    store: Store,
    carrier: Arc<Recording>,
    asked: mpsc::UnboundedReceiver<Asked>,
}

impl House {
    async fn new(answers: Vec<Result<Vec<LineId>, CarrierError>>) -> Self {
        Self::on(Store::in_memory().await.unwrap(), at(0), answers)
    }

    /// A process that is started at `now`.
    fn on(store: Store, now: DateTime<Utc>, answers: Vec<Result<Vec<LineId>, CarrierError>>) -> Self {
        Self::serving(lab(), store, now, answers)
    }

    fn serving(served: Line, store: Store, now: DateTime<Utc>, answers: Vec<Result<Vec<LineId>, CarrierError>>) -> Self {
        let (asking, asked) = mpsc::unbounded_channel();
        let carrier = Arc::new(Recording {
            asked: asking,
            answers: Mutex::new(answers.into()),
        });
        let quick = Pacing {
            per_second: 1000.0,
            burst: 100,
        };
        Self {
            switchboard: Switchboard::new(store.clone(), carrier.clone(), vec![served], quick, Clock::anchored_at(now)),
            store,
            carrier,
            asked,
        }
    }

    /// Lays out further answers of the carrier.
    fn carrier_will_say(&self, answers: Vec<Result<Vec<LineId>, CarrierError>>) {
        self.carrier.answers.lock().unwrap().extend(answers);
    }

    fn exchange(&self) -> &Exchange {
        &self.switchboard.exchange
    }

    async fn call_comes_in(&self, caller: &str) -> Call {
        let from = Some(number("+61491570158"));
        self.switchboard.arrive(&number(HOTLINE_NUMBER), from, line(caller)).await.unwrap()
    }

    /// Takes in hand what waits at this instant.
    async fn claim_at(&self, now: DateTime<Utc>) -> Vec<Claimed> {
        self.store.claim(&self.exchange().lease(), now, 9, 9).await.unwrap()
    }

    async fn claim(&self) -> Vec<Claimed> {
        self.claim_at(self.exchange().clock.now()).await
    }

    /// Carries out everything that waits, and what follows from it, until nothing is ready any more.
    async fn carry_out_all(&self) {
        loop {
            let ready = self.claim().await;
            if ready.is_empty() {
                return;
            }
            for command in ready {
                self.exchange().carry_out(command).await;
            }
        }
    }

    fn was_asked(&mut self) -> Vec<Asked> {
        let mut all = Vec::new();
        while let Ok(asked) = self.asked.try_recv() {
            all.push(asked);
        }
        all
    }

    async fn log(&self, call: &Call) -> Vec<String> {
        let log = self.store.log(call.id()).await.unwrap();
        log.iter().map(|event| event["event"].as_str().unwrap().to_owned()).collect()
    }
}

fn desk_is_dialled() -> Asked {
    Asked::Dial(DUTY_DESK.to_owned(), LegId(1))
}

fn seconds(n: i64) -> TimeDelta {
    TimeDelta::seconds(n)
}
