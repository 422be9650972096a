//! The doors for when the store is out of order: the number's fallback address, and what comes of it. What is said here
//! comes from memory and from the request alone; nobody waits for the store for long.

use super::address::{BaseUrl, Callback, Place, insistently};
use super::form::Form;
use super::in_line::InLine;
use super::router::{TwilioState, apology, document, noted};
use super::twiml;
use super::verified::Verified;
use super::webhook::{self, Arrival};
use crate::call::{CALLER, CallId, LegId};
use crate::roster::Phone;
use crate::switchboard::{Makeshift, SwitchboardError};
use axum::Router;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::post;

/// The places of [`Place::Fallback`] and those beside it.
pub(super) fn places() -> Router<TwilioState> {
    Router::new()
        .route("/twilio/voice/fallback", post(fallback))
        .route("/twilio/voice/fallback/{attempts}", post(after_attempt))
        .route("/twilio/voice/fallback/whisper", post(whisper))
        .route("/twilio/voice/fallback/key", post(key))
}

/// The carrier got nothing usable from where the call came in.
async fn fallback(State(state): State<TwilioState>, webhook: Verified<(Arrival, Form)>) -> Response {
    let (arrival, form) = webhook.fields;
    let said = |name| form.get(name).map(place_only);
    let (code, url) = (said("ErrorCode"), said("ErrorUrl"));
    tracing::error!(code, url, "the carrier asks at the fallback address");
    state.switchboard.leave_alone(arrival.line.clone(), false).await;
    put_through(&state, &arrival, 0, &webhook.base).await
}

/// What the carrier says of its trouble, for the log: an address without its query, in which digits that somebody has typed may
/// come back to us.
fn place_only(said: &str) -> &str {
    said.split(['?', '#']).next().unwrap_or_default()
}

/// Somebody was rung: the caller has talked with him, or the next one is rung.
async fn after_attempt(State(state): State<TwilioState>, Path(attempts): Path<u8>, webhook: Verified<(Arrival, Form)>) -> Response {
    let (arrival, form) = webhook.fields;
    let (has_talked, is_over) = (webhook::was_bridged(&form), webhook::is_over(&form));
    if has_talked || !is_over {
        state.switchboard.leave_alone(arrival.line.clone(), has_talked).await;
    }
    if is_over {
        return noted();
    }
    if has_talked {
        return document(twiml::declined());
    }
    put_through(&state, &arrival, attempts, &webhook.base).await
}

/// Whoever is rung sees the hotline's number, so that is where the call comes from.
async fn whisper(State(state): State<TwilioState>, webhook: Verified<(Arrival, Form)>) -> Response {
    let (Arrival { from: Some(hotline), .. }, form) = webhook.fields else {
        return document(twiml::declined());
    };
    match state.switchboard.makeshift(&hotline, None).await {
        Ok(makeshift) => {
            still_put_through(&state, &form).await;
            document(twiml::whisper_through_fault(&makeshift, &webhook.base))
        }
        Err(_) => document(twiml::declined()),
    }
}

async fn key(State(state): State<TwilioState>, webhook: Verified<Form>) -> Response {
    document(match webhook::menu_key(&webhook.fields) {
        Some('1') => {
            still_put_through(&state, &webhook.fields).await;
            twiml::taken()
        }
        Some(_) | None => twiml::declined(),
    })
}

/// Somebody is on the line who is rung for a caller: should his call not know yet that he is put through here, because the process
/// died before that was noted, it does now, before they talk.
async fn still_put_through(state: &TwilioState, form: &Form) {
    if let Some(line) = webhook::rung_by(form) {
        state.switchboard.leave_alone(line, false).await;
    }
}

async fn put_through(state: &TwilioState, arrival: &Arrival, attempts: u8, base: &BaseUrl) -> Response {
    let Some(makeshift) = makeshift(state, arrival.to.as_ref(), arrival.from.as_ref()).await else {
        return apology(&state.speech);
    };
    if attempts == 0 {
        state.switchboard.is_put_through(&makeshift);
    }
    let turn = state.switchboard.turn(&makeshift, &arrival.line, attempts);
    document(twiml::put_through(&makeshift, (attempts, turn), base))
}

async fn makeshift(state: &TwilioState, to: Option<&Phone>, caller: Option<&Phone>) -> Option<Makeshift> {
    match state.switchboard.makeshift(to?, caller).await {
        Ok(makeshift) => Some(makeshift),
        Err(error) => {
            tracing::warn!(%error, "nobody can be rung for a call to this number");
            None
        }
    }
}

/// Where the store has failed twice for a caller who waits for somebody: he is put through without it.
pub(super) async fn instead(state: &TwilioState, error: &SwitchboardError, place: Place, form: &Form, base: &BaseUrl) -> Option<Response> {
    let waits_for_somebody = match place {
        Place::Voice | Place::Menu(_) | Place::Through(_) => true,
        Place::Leg(_, CALLER, Callback::Script | Callback::Room) => !webhook::was_bridged(form),
        Place::Leg(..)
        | Place::Conference(_)
        | Place::Talk(..)
        | Place::LineStatus
        | Place::Text
        | Place::HoldMusic
        | Place::Fallback(_)
        | Place::FallbackWhisper
        | Place::FallbackKey => false,
    };
    let is_again = form.get(super::router::AGAIN).is_some();
    let SwitchboardError::Store(_) = error else { return None };
    if !waits_for_somebody || !is_again || webhook::is_over(form) {
        return None;
    }
    let number = |name: &str| form.get(name).and_then(webhook::phone_number);
    let makeshift = makeshift(state, number("To").as_ref(), number("From").as_ref()).await?;
    state.switchboard.is_put_through(&makeshift);
    let line = webhook::line(form);
    let turn = line.as_ref().map_or(0, |line| state.switchboard.turn(&makeshift, line, 0));
    if let Some(line) = line {
        state.switchboard.leave_alone(line, false).await;
    }
    Some(document(twiml::put_through(&makeshift, (0, turn), base)))
}

/// Whoever waits in the room while the store fails hears so. Where that lasts, the caller's line is fetched out of the
/// room, so that he can be put through. What he was told of his place is not told again.
pub(super) fn wait_on(state: &TwilioState, (call, leg, callback): (CallId, LegId, Callback), form: &Form, base: &BaseUrl) -> Response {
    let here = base.to(Place::Leg(call, leg, callback));
    if leg == CALLER
        && form.get(super::router::AGAIN).is_some()
        && let Some(line) = webhook::line(form)
    {
        state.switchboard.have_asked_again(line, call, leg);
    }
    let told = InLine::new(None, form).told().map(|told| format!("&{told}"));
    let next = insistently(&format!("{here}?{}=1{}", super::router::AGAIN, told.unwrap_or_default()));
    document(twiml::waiting_through_a_fault(&state.speech, base, &next))
}
