//! The carrier as the exchange asks for it, by the simulated network in memory: the requests that are really made, whose way
//! there and back may take its time, and in the middle of which a process may die.

use super::super::desk::{ACCOUNT, BASE};
use super::trouble::{Death, Fault, OnTheWire};
use async_trait::async_trait;
use axum::http::Method;
use chrono::{DateTime, TimeDelta, Utc};
use rotaline::call::{CallId, LegId, LineId, RecordingId};
use rotaline::clock::Clock;
use rotaline::roster::Phone;
use rotaline::simulator::PhoneNetwork;
use rotaline::switchboard::{Carrier, CarrierError, DialOrder, RecordOrder, VERB_LIMIT};
use rotaline::twilio::address::BaseUrl;
use rotaline::twilio::rest::answer::{self, ListedCall, RestAnswer};
use rotaline::twilio::rest::request::{Account, RestRequest};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use std::time::Duration;

pub(super) struct Wire {
    network: Arc<Mutex<PhoneNetwork>>,
    clock: Clock,
    account: Account,
    base: BaseUrl,
    trouble: Mutex<OnTheWire>,
    planted: Option<Fault>,
    /// What of the wire others look at.
    pub(super) shown: Mutex<Shown>,
}

#[derive(Default)]
pub(super) struct Shown {
    /// Until when the request waits that was made last.
    pub(super) waits_until: Option<DateTime<Utc>>,
    /// The process has died over a request.
    pub(super) has_died: bool,
    /// How many calls of the network each order to dial became.
    pub(super) dialled: BTreeMap<(CallId, LegId), u32>,
}

impl Wire {
    pub(super) fn new(network: Arc<Mutex<PhoneNetwork>>, clock: Clock, trouble: OnTheWire, planted: Option<Fault>) -> Self {
        Self {
            network,
            clock,
            account: Account(ACCOUNT.to_owned()),
            base: BaseUrl::parse(BASE).unwrap(),
            trouble: Mutex::new(trouble),
            planted,
            shown: Mutex::default(),
        }
    }

    /// The process dies over the next request that must not be repeated.
    pub(super) fn kills(&self, death: Death) {
        self.trouble.lock().unwrap().death = Some(death);
    }

    async fn rest(&self, request: &RestRequest) -> Result<RestAnswer, CarrierError> {
        self.rest_for(None, request).await
    }

    /// As [`Wire::rest`]; where it is an order to dial a leg, what became of it is counted, whoever hears of that.
    async fn rest_for(&self, leg: Option<(CallId, LegId)>, request: &RestRequest) -> Result<RestAnswer, CarrierError> {
        let is_repeatable = leg.is_none() && !request.path.ends_with("/Messages.json") || request.method == Method::GET;
        let way = self.trouble.lock().unwrap().way(is_repeatable);
        if way.death == Some(Death::BeforeTheRequest) {
            self.dies().await;
        }
        self.takes(way.there).await;
        let asked = {
            let mut network = self.network.lock().unwrap();
            let before = network.dialled().len();
            let answer = network.rest(self.clock.now(), request.method.as_str(), &request.path, &request.fields);
            let dialled = u32::try_from(network.dialled().len() - before).unwrap();
            if let Some(leg) = leg {
                *self.shown.lock().unwrap().dialled.entry(leg).or_default() += dialled;
            }
            answer
        };
        if way.death == Some(Death::BeforeTheAnswer) {
            self.dies().await;
        }
        self.takes(way.back).await;
        match asked {
            Ok(answer) => Ok(RestAnswer {
                status: answer.status,
                retry_after: None::<Duration>,
                body: answer.body.to_string().into_bytes(),
            }),
            Err(lost) => Err(CarrierError::Unsure(lost.to_string())),
        }
    }

    async fn takes(&self, time: TimeDelta) {
        if time <= TimeDelta::zero() {
            return;
        }
        let until = self.clock.now() + time;
        let noticed = until.min(self.clock.now() + TimeDelta::from_std(VERB_LIMIT).unwrap());
        self.shown.lock().unwrap().waits_until = Some(noticed);
        self.clock.sleep_until(until).await;
    }

    async fn dies(&self) {
        self.shown.lock().unwrap().has_died = true;
        std::future::pending().await
    }

    async fn dial_once(&self, order: &DialOrder) -> Result<LineId, CarrierError> {
        let request = self.account.dial(order, &self.base);
        answer::created(&self.rest_for(Some((order.call, order.leg)), &request).await?)
    }

    async fn listed(&self, request: &RestRequest, is_it: impl Fn(&ListedCall) -> bool) -> Result<Vec<ListedCall>, CarrierError> {
        let page = answer::page(&self.rest(request).await?)?;
        assert_eq!(page.next_page_uri, None, "one page is enough for a night");
        Ok(page.calls.into_iter().filter(is_it).collect())
    }
}

#[async_trait]
impl Carrier for Wire {
    async fn dial(&self, order: &DialOrder) -> Result<LineId, CarrierError> {
        match self.dial_once(order).await {
            Err(CarrierError::Unsure(_)) if self.planted == Some(Fault::DialsAgain) => self.dial_once(order).await,
            otherwise => otherwise,
        }
    }

    async fn cancel(&self, line: &LineId) -> Result<(), CarrierError> {
        match answer::updated(&self.rest(&self.account.cancel(line)).await?) {
            Err(CarrierError::Gone) => self.look_after(line).await,
            otherwise => otherwise,
        }
    }

    async fn hang_up(&self, line: &LineId) -> Result<(), CarrierError> {
        answer::updated(&self.rest(&self.account.hang_up(line)).await?)
    }

    async fn redirect(&self, line: &LineId, call: CallId, leg: LegId) -> Result<(), CarrierError> {
        let request = self.account.redirect(line, call, leg, &self.base);
        match answer::updated(&self.rest(&request).await?) {
            Err(CarrierError::Gone) => self.look_after(line).await,
            otherwise => otherwise,
        }
    }

    async fn find(&self, order: &DialOrder, since: DateTime<Utc>) -> Result<Vec<LineId>, CarrierError> {
        if self.planted == Some(Fault::LooksUpNothing) {
            return Ok(Vec::new());
        }
        let is_it = |call: &ListedCall| call.rings(&order.to, since);
        let [started, queued] = self.account.find(order, since);
        let mut found = self.listed(&started, is_it).await?;
        found.extend(self.listed(&queued, is_it).await?);
        Ok(answer::lines(found))
    }

    async fn text(&self, from: &Phone, to: &Phone, body: &str) -> Result<(), CarrierError> {
        answer::taken(&self.rest(&self.account.text(from, to, body)).await?)
    }

    async fn was_texted(&self, from: &Phone, to: &Phone, body: &str, since: DateTime<Utc>) -> Result<bool, CarrierError> {
        if self.planted == Some(Fault::TextsAgain) {
            return Ok(false);
        }
        let texts = answer::texts(&self.rest(&self.account.texts(from, to)).await?)?;
        assert_eq!(texts.next_page_uri, None, "one page is enough for a night");
        Ok(texts.messages.iter().any(|text| text.says(body, since)))
    }

    async fn look_after(&self, line: &LineId) -> Result<(), CarrierError> {
        let found = answer::line(&self.rest(&self.account.fetch(line)).await?)?;
        if found.is_over() { Err(CarrierError::Gone) } else { Ok(()) }
    }

    async fn record(&self, order: &RecordOrder) -> Result<RecordingId, CarrierError> {
        answer::recording(&self.rest(&self.account.record(order, &self.base)).await?)
    }

    async fn stop_recording(&self, line: &LineId, recording: Option<&RecordingId>) -> Result<(), CarrierError> {
        answer::updated(&self.rest(&self.account.stop_recording(line, recording)).await?)
    }

    async fn recordings(&self, line: &LineId) -> Result<Vec<RecordingId>, CarrierError> {
        answer::recordings(&self.rest(&self.account.recordings(line)).await?)
    }

    async fn delete_recording(&self, recording: &RecordingId) -> Result<(), CarrierError> {
        answer::deleted(&self.rest(&self.account.delete_recording(recording)).await?)
    }

    async fn records_of(&self, _: &Phone, _: &BTreeSet<Phone>) -> Result<Vec<String>, CarrierError> {
        unreachable!("nobody is forgotten in a night")
    }

    async fn delete_record(&self, _: &str) -> Result<(), CarrierError> {
        unreachable!("nobody is forgotten in a night")
    }
}
