//! The one place where pure meets durable: takes what happens, has the call decide, keeps the decision, and
//! only then has the carrier carry it out.
//!
//! It must not know any carrier's protocol, nor SQL.
//!
//! What it measures: `rotaline_calls_total{hotline}`, `rotaline_call_outcomes_total{outcome}`,
//! `rotaline_answer_seconds` (from the arrival of a call to its acceptance), `rotaline_incidents_total{hotline,result}`
//! (alarms that were raised), `rotaline_outbox_pending` (commands not done yet),
//! `rotaline_carrier_requests_total{verb,result}`, `rotaline_texts_total{hotline}`,
//! `rotaline_makeshift_calls_total{hotline}` (callers put through without the store), and, counted by the store,
//! `rotaline_event_conflicts_total` (events handled anew because somebody else had written the call).

mod carrier;
mod deadlines;
mod discarding;
mod errand;
mod exchange;
mod hands;
mod makeshift;
mod pacing;
mod recording;
mod relay;
mod ringback;
mod steps;
#[cfg(test)]
mod tests;
mod texting;
mod through;
mod turns;
mod untold;
mod worker;

use crate::call::{Call, CallId, Event, Hindrance, HotlineName, Incident, LegId, LineId, Offer, OfferAnswer, Rules};
use crate::clock::Clock;
use crate::reception::{Chosen, Menu, Reception};
use crate::roster::{Phone, Responder};
use crate::store::{Store, StoreError};
use chrono::TimeDelta;
use exchange::Exchange;
use std::future::Future;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

pub use carrier::{Carrier, CarrierError, DialOrder, RecordOrder, VERB_LIMIT};
pub use makeshift::Makeshift;
pub use pacing::Pacing;
pub use steps::{Carried, InHand, Steps};

/// The exchange. Clones share it.
#[derive(Clone)]
pub struct Switchboard {
    exchange: Arc<Exchange>,
}

/// One hotline as the exchange serves it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its name.
    pub name: HotlineName,
    /// The numbers that callers dial. Responders see the first one as the caller.
    pub numbers: Vec<Phone>,
    /// How it rings.
    pub rules: Rules,
    /// Rung when the plan is exhausted, whoever the sheet names for that; none to leave it to the sheet.
    pub last_resort: Option<Responder>,
    /// What callers meet before anybody is rung.
    pub reception: Reception,
}

/// Everything that callers can dial.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Desk {
    /// The hotlines.
    pub hotlines: Vec<Line>,
    /// The menus that lead to them. A number that a menu has is the menu's.
    pub menus: Vec<Menu>,
    /// How many calls are live at most, of all hotlines, while a further one is taken; 0, any number.
    pub most_calls: u32,
}

impl From<Vec<Line>> for Desk {
    /// Without a menu.
    fn from(hotlines: Vec<Line>) -> Self {
        Self {
            hotlines,
            menus: Vec::new(),
            most_calls: 0,
        }
    }
}

/// What a caller meets who has dialled one of our numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Met {
    /// A hotline: this is the call.
    Call(Box<Call>),
    /// A menu.
    Menu {
        /// Which.
        menu: Arc<Menu>,
        /// Which answer is wanted, from 1.
        attempt: u8,
    },
    /// A responder who may be put through to a caller of before is asked whether he wants to.
    Offer(Box<Offer>),
}

/// A text to one of our numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// The carrier's name of it.
    pub id: String,
    /// The number that it went to.
    pub to: Phone,
    /// Who sent it.
    pub from: Phone,
    /// What it says.
    pub body: String,
    /// Whether there were pictures, or anything else that is no words, with it.
    pub has_pictures: bool,
}

/// What became of an alarm that was raised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Raised {
    /// This call rings for it.
    New(CallId),
    /// It is open already: this call was begun for it.
    Known(CallId),
    /// The hotline has had too many of them: nobody is rung for this one.
    TooMany {
        /// Then it takes another one.
        wait: TimeDelta,
    },
}

/// What became of the wish to make a callback.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RungBack {
    /// Somebody is rung for it, by this call.
    Begun(CallId),
    /// It is not open, or there is none with this number.
    NotOpen,
    /// There is nobody who could be rung for it.
    Nobody,
    /// This one is not, for this reason.
    Hindered {
        /// Who would have been rung.
        name: String,
        /// Why not.
        why: Hindrance,
    },
}

/// Why the exchange could not take an arrival or an event.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SwitchboardError {
    /// The number dialled belongs to no hotline of ours.
    #[error("no hotline has the number {0}")]
    UnknownHotline(Phone),
    /// There is no such call.
    #[error("there is no call {0}")]
    UnknownCall(CallId),
    /// It came in long ago and is deleted; an old webhook was sent again.
    #[error("the call of the line {} came in long ago and is deleted; an old webhook was sent again, and nothing comes of it", .0.0)]
    Bygone(LineId),
    /// The event is not kept; it may be sent again.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Switchboard {
    /// An exchange for these hotlines. Until [`Switchboard::run`] is running it keeps orders and carries none out.
    #[must_use]
    pub fn new(store: Store, carrier: Arc<dyn Carrier>, desk: impl Into<Desk>, pacing: Pacing, clock: Clock) -> Self {
        Self {
            exchange: Arc::new(Exchange::new(store, carrier, desk.into(), pacing, clock)),
        }
    }

    /// A caller has dialled `to`: a hotline, or a menu. Where the line is known already, its call is the answer. A responder
    /// may be asked first whether he wants to be put through to a caller of before.
    ///
    /// # Errors
    /// As [`Switchboard::arrive`].
    pub async fn meet(&self, to: &Phone, from: Option<Phone>, line: LineId) -> Result<Met, SwitchboardError> {
        if let Some(menu) = self.exchange.menu_of(to) {
            let known = self.known(&line).await?;
            return Ok(known.unwrap_or(Met::Menu { menu, attempt: 1 }));
        }
        let hotline = self.exchange.hotline_of(to)?;
        let exchange = Arc::clone(&self.exchange);
        uninterrupted(async move { exchange.at_hotline(&hotline, from, line).await }).await
    }

    /// The caller who has dialled the menu `to` has given the answer number `attempt`, by a key or without one. Once it
    /// leads to a hotline, the call arrives there; told again, that call is the answer.
    ///
    /// # Errors
    /// As [`Switchboard::arrive`].
    pub async fn choose(
        &self,
        to: &Phone,
        (key, attempt): (Option<char>, u8),
        from: Option<Phone>,
        line: LineId,
    ) -> Result<Met, SwitchboardError> {
        // Of a menu that is no more: the number is perhaps a hotline's now.
        let Some(menu) = self.exchange.menu_of(to) else {
            return self.meet(to, from, line).await;
        };
        if let Some(call) = self.known(&line).await? {
            return Ok(call);
        }
        let hotline = match menu.chosen(key, attempt) {
            Chosen::Hotline(hotline) => hotline.clone(),
            Chosen::Again => {
                let attempt = attempt.saturating_add(1);
                return Ok(Met::Menu { menu, attempt });
            }
        };
        let exchange = Arc::clone(&self.exchange);
        uninterrupted(async move { exchange.at_hotline(&hotline, from, line).await }).await
    }

    /// A responder has answered whether he wants to be put through to the caller of this call. Told again, the call that came
    /// of it is the answer.
    ///
    /// # Errors
    /// As [`Switchboard::arrive`].
    pub async fn answer_offer(
        &self,
        to: &Phone,
        (talked_in, answer): (CallId, OfferAnswer),
        from: Option<Phone>,
        line: LineId,
    ) -> Result<Met, SwitchboardError> {
        if let Some(call) = self.known(&line).await? {
            return Ok(call);
        }
        let talked = self.exchange.store.call(talked_in).await?;
        let hotline = talked.map(|call| call.hotline().clone());
        let Some(hotline) = hotline.filter(|hotline| self.exchange.hotlines_at(to).contains(hotline)) else {
            return self.meet(to, from, line).await;
        };
        let exchange = Arc::clone(&self.exchange);
        uninterrupted(async move { exchange.answered(&hotline, (talked_in, answer), from, line).await }).await
    }

    /// The call that this line belongs to, where it is known already.
    async fn known(&self, line: &LineId) -> Result<Option<Met>, SwitchboardError> {
        match self.leg_by_line(line).await? {
            Some((call, _)) => Ok(Some(Met::Call(Box::new(self.call(call).await?)))),
            None => Ok(None),
        }
    }

    /// A caller has dialled `to`, and is asked nothing. The notice of an arrival that was already taken in returns its call as it is now.
    ///
    /// # Errors
    /// [`SwitchboardError::UnknownHotline`], or [`SwitchboardError::Store`]: then nothing is kept.
    pub async fn arrive(&self, to: &Phone, from: Option<Phone>, line: LineId) -> Result<Call, SwitchboardError> {
        let hotline = self.exchange.hotline_of(to)?;
        let exchange = Arc::clone(&self.exchange);
        uninterrupted(async move { exchange.arrive(&hotline, from, line).await }).await
    }

    /// A monitor or a sensor raises an alarm for a hotline, which rings for it unless the same one is open, or
    /// there were `most_an_hour` new ones within the last hour.
    ///
    /// # Errors
    /// [`SwitchboardError::Store`]: then nothing is kept and the alarm may be raised again.
    pub async fn raise(&self, hotline: &HotlineName, incident: Incident, most_an_hour: u32) -> Result<Raised, SwitchboardError> {
        let (exchange, hotline) = (Arc::clone(&self.exchange), hotline.clone());
        uninterrupted(async move { exchange.raise(&hotline, incident, most_an_hour).await }).await
    }

    /// Whoever raised an alarm says that it is over: nobody is rung for it any more. Its call, where it was open.
    ///
    /// # Errors
    /// [`SwitchboardError::Store`]: then nothing is kept and it may be said again.
    pub async fn resolve(&self, hotline: &HotlineName, key: String) -> Result<Option<CallId>, SwitchboardError> {
        let (exchange, hotline) = (Arc::clone(&self.exchange), hotline.clone());
        uninterrupted(async move { exchange.resolve(&hotline, &key).await }).await
    }

    /// Something has happened to a call; the answer is the call as it is afterwards.
    ///
    /// # Errors
    /// [`SwitchboardError::UnknownCall`], or [`SwitchboardError::Store`]: then nothing is kept and the event
    /// may be sent again.
    pub async fn event(&self, call: CallId, event: Event) -> Result<Arc<Call>, SwitchboardError> {
        // Nothing follows from what changes nothing, whether somebody still waits for it or not.
        if let Some(call) = self.exchange.idle_event(call, &event).await? {
            return Ok(call);
        }
        let exchange = Arc::clone(&self.exchange);
        uninterrupted(async move { exchange.event(call, &event).await.map(Arc::new) }).await
    }

    /// Makes an open callback of a hotline: rings somebody of its first level, the one of this name or else the first who can
    /// make it, and then the caller.
    ///
    /// # Errors
    /// [`SwitchboardError::Store`]: then nothing is kept and it may be asked for again.
    pub async fn call_back(&self, hotline: &HotlineName, id: u32, name: Option<String>) -> Result<RungBack, SwitchboardError> {
        let (exchange, hotline) = (Arc::clone(&self.exchange), hotline.clone());
        uninterrupted(async move { exchange.call_back(&hotline, id, name.as_deref()).await }).await
    }

    /// Somebody has texted one of our numbers. The answer, if there is one.
    ///
    /// # Errors
    /// [`SwitchboardError::UnknownHotline`], or [`SwitchboardError::Store`]: then nothing is kept, and the text may come
    /// again.
    pub async fn text(&self, text: Text) -> Result<Option<String>, SwitchboardError> {
        let exchange = Arc::clone(&self.exchange);
        uninterrupted(async move { exchange.text_in(text).await }).await
    }

    /// A call as it is now.
    ///
    /// # Errors
    /// [`SwitchboardError::UnknownCall`] or [`SwitchboardError::Store`].
    pub async fn call(&self, call: CallId) -> Result<Call, SwitchboardError> {
        let found = self.exchange.store.call(call).await?;
        found.ok_or(SwitchboardError::UnknownCall(call))
    }

    /// At which place of the line a call stands, from 1; none where it waits for nobody.
    ///
    /// # Errors
    /// [`SwitchboardError::Store`].
    pub async fn place_in_line(&self, call: CallId) -> Result<Option<u32>, SwitchboardError> {
        Ok(self.exchange.store.place_in_line(call).await?)
    }

    /// Whose line this is, if it is anybody's.
    ///
    /// # Errors
    /// [`SwitchboardError::Store`].
    pub async fn leg_by_line(&self, line: &LineId) -> Result<Option<(CallId, LegId)>, SwitchboardError> {
        Ok(self.exchange.store.leg_by_line(line).await?)
    }

    /// Looks at the rotas before anybody calls: whoever does so when the store cannot be asked is put through by them.
    pub async fn have_rotas_at_hand(&self) {
        self.exchange.have_rotas_at_hand().await;
    }

    /// Keeps the deadlines that have passed, then carries out orders and watches deadlines until `shutdown`; then takes
    /// nothing more in hand, finishes what is in hand within a bounded time, and returns. Events are welcome before,
    /// meanwhile and afterwards: what they order waits in the store for the next one who runs.
    pub async fn run(&self, shutdown: CancellationToken) {
        deadlines::catch_up(&self.exchange).await;
        tokio::join!(
            Box::pin(worker::work(&self.exchange, shutdown.clone())),
            Box::pin(deadlines::watch(&self.exchange, shutdown.clone())),
            Box::pin(discarding::discard(&self.exchange, shutdown.clone())),
            Box::pin(makeshift::keep_at_hand(&self.exchange, shutdown))
        );
    }
}

/// Brings the work to its end even where the one who asked for it hangs up meanwhile (a webhook whose sender has
/// gone): what is committed must also be handed on.
async fn uninterrupted<T: Send + 'static>(
    work: impl Future<Output = Result<T, SwitchboardError>> + Send + 'static,
) -> Result<T, SwitchboardError> {
    let done = tokio::spawn(work).await;
    done.unwrap_or_else(|e| Err(StoreError::Unavailable(format!("the work came to no end: {e}")).into()))
}
