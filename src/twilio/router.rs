//! The doors at which the carrier knocks. Each awaits nothing but the exchange, that is the database.
//!
//! Nothing is decided here, and nobody is ever left in silence: what cannot be handled is said in words.

use super::address::{BaseUrl, Callback, Place};
use super::form::Form;
use super::gate;
use super::in_line::InLine;
use super::makeshift;
use super::twiml;
use super::verified::{Verified, Verifier};
use super::webhook::{self, Arrival, LineStatus, Texted};
use crate::call::{CALLER, Call, CallId, Event, LegId, OfferAnswer};
use crate::phrases::Speech;
use crate::switchboard::{Met, Switchboard, SwitchboardError, Text};
use axum::Router;
use axum::extract::{FromRef, Path, State};
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use std::any::Any;
use std::sync::Arc;
use tower_http::catch_panic::CatchPanicLayer;
use url::form_urlencoded::Serializer;

/// Eight seconds of soft music that loop (made by `hold.py`).
const HOLD_MUSIC: &[u8] = include_bytes!("hold.wav");

/// Marks the address of a second try.
pub(super) const AGAIN: &str = "again";

/// What a webhook says that is not said again when the carrier is asked to come back.
const SAID_ONCE: [&str; 6] = [
    "Digits",
    "AnsweredBy",
    "RecordingUrl",
    "RecordingSid",
    "RecordingDuration",
    "DialBridged",
];

/// What the doors need.
#[derive(Clone)]
pub struct TwilioState {
    /// Takes in what happens.
    pub switchboard: Switchboard,
    /// Lets only genuine webhooks in.
    pub verifier: Verifier,
    /// How people are spoken to where it is not known which call they belong to.
    pub speech: Speech,
}

impl FromRef<TwilioState> for Verifier {
    fn from_ref(state: &TwilioState) -> Self {
        state.verifier.clone()
    }
}

/// All places of [`super::address::Place`].
pub fn router(state: TwilioState) -> Router {
    let speech = state.speech.clone();
    let places = Router::new()
        .route("/twilio/voice", post(voice))
        .route("/twilio/menu/{attempt}", post(menu))
        .route("/twilio/through/{call}", post(through))
        .route("/twilio/status", post(line_status))
        .route("/twilio/sms", post(text))
        .route("/twilio/call/{call}/conference", post(conference))
        .route("/twilio/call/{call}/talk/{number}", post(talk))
        .route("/twilio/call/{call}/{leg}/{callback}", post(leg))
        .route("/twilio/media/hold.wav", get(hold_music))
        .merge(makeshift::places())
        .with_state(state);
    gate::bounded(apologising(places, speech), gate::MOST_NOTICES)
}

/// A fault in our own code is heard as an apology.
fn apologising(places: Router, speech: Speech) -> Router {
    places.layer(CatchPanicLayer::custom(move |_: Box<dyn Any + Send>| apology(&speech)))
}

async fn voice(State(state): State<TwilioState>, webhook: Verified<(Arrival, Form)>) -> Response {
    let base = webhook.base;
    let (Arrival { to, from, line }, form) = webhook.fields;
    let Some(to) = to else {
        tracing::warn!("a call came in for something that is no phone number");
        return apology(&state.speech);
    };
    let met = state.switchboard.meet(&to, from, line).await;
    met_at(&state, met, &base, Place::Voice, &form).await
}

/// An answer to a menu. Whoever has hung up meanwhile is not put through to anybody.
async fn menu(State(state): State<TwilioState>, Path(attempt): Path<u8>, webhook: Verified<(Arrival, Form)>) -> Response {
    let base = webhook.base;
    let (Arrival { to, from, line }, form) = webhook.fields;
    if webhook::is_over(&form) {
        return noted();
    }
    let Some(to) = to else {
        return apology(&state.speech);
    };
    let met = state.switchboard.choose(&to, (webhook::menu_key(&form), attempt), from, line).await;
    met_at(&state, met, &base, Place::Menu(attempt), &form).await
}

/// A responder was asked whether he wants to be put through to the caller of a call. Whoever has hung up meanwhile is not.
async fn through(State(state): State<TwilioState>, Path(talked_in): Path<CallId>, webhook: Verified<(Arrival, Form)>) -> Response {
    let base = webhook.base;
    let (Arrival { to, from, line }, form) = webhook.fields;
    if webhook::is_over(&form) {
        return noted();
    }
    let Some(to) = to else {
        return apology(&state.speech);
    };
    let answer = OfferAnswer::of(webhook::menu_key(&form));
    let met = state.switchboard.answer_offer(&to, (talked_in, answer), from, line).await;
    met_at(&state, met, &base, Place::Through(talked_in), &form).await
}

/// Whoever has dialled hears what came of it.
async fn met_at(state: &TwilioState, met: Result<Met, SwitchboardError>, base: &BaseUrl, place: Place, form: &Form) -> Response {
    match met {
        Ok(met) => document(met_with(&met, base)),
        Err(error) => on_the_line(state, &error, base, place, form).await,
    }
}

/// What a caller hears first.
fn met_with(met: &Met, base: &BaseUrl) -> String {
    match met {
        Met::Call(call) => {
            let leg = call.came_in_on();
            twiml::render(&call.script(leg), &call.speech(), call.id(), leg, base)
        }
        Met::Menu { menu, attempt } => twiml::menu(menu, *attempt, base),
        Met::Offer(offer) => twiml::offer(offer, base),
    }
}

async fn leg(
    State(state): State<TwilioState>,
    Path((call, leg, callback)): Path<(CallId, LegId, Callback)>,
    webhook: Verified<Form>,
) -> Response {
    let Verified { base, fields: form } = webhook;
    let place = Place::Leg(call, leg, callback);
    match Box::pin(happened(&state.switchboard, call, leg, callback, &form)).await {
        Ok(call) => {
            let line = in_line(&state.switchboard, &call, callback, leg, &form).await;
            twiml::answer_in_line(callback, &call, leg, &line, &base).map_or_else(noted, document)
        }
        Err(error) if callback.is_notice() => not_kept(&error),
        Err(error) if callback.is_for_waiting() => {
            tracing::error!(%error, %place, "whoever waits cannot be told how the call stands");
            makeshift::wait_on(&state, (call, leg, callback), &form, &base)
        }
        Err(error) => on_the_line(&state, &error, &base, place, &form).await,
    }
}

/// How a caller who waits stands in the line. Where that cannot be found out, nothing is said of it.
async fn in_line(switchboard: &Switchboard, call: &Call, callback: Callback, leg: LegId, form: &Form) -> InLine {
    if leg != CALLER || !callback.is_for_waiting() {
        return InLine::default();
    }
    let place = if call.waits_in_line() {
        switchboard.place_in_line(call.id()).await.unwrap_or_else(|error| {
            tracing::warn!(call = %call.id(), %error, "a caller's place in the line cannot be read");
            None
        })
    } else {
        None
    };
    InLine::new(place, form)
}

/// Passes on what the webhook says; the call as it is afterwards.
async fn happened(
    switchboard: &Switchboard,
    id: CallId,
    leg: LegId,
    callback: Callback,
    form: &Form,
) -> Result<Arc<Call>, SwitchboardError> {
    if callback.is_for_waiting() {
        let call = Arc::new(switchboard.call(id).await?);
        if call.may_wait(leg) {
            return Ok(call);
        }
    }
    let mut latest = None;
    for event in webhook::events(callback, leg, form) {
        latest = Some(switchboard.event(id, event).await?);
    }
    match latest {
        Some(call) => Ok(call),
        None => switchboard.call(id).await.map(Arc::new),
    }
}

async fn conference(State(state): State<TwilioState>, Path(call): Path<CallId>, webhook: Verified<Form>) -> Response {
    let Some(event) = webhook::room_event(&webhook.fields) else {
        return noted();
    };
    match state.switchboard.event(call, event).await {
        Ok(_) => noted(),
        Err(error) => not_kept(&error),
    }
}

async fn talk(State(state): State<TwilioState>, Path((call, number)): Path<(CallId, u16)>, webhook: Verified<Form>) -> Response {
    let Some(event) = webhook::talk_event(number, &webhook.fields) else {
        return noted();
    };
    match state.switchboard.event(call, event).await {
        Ok(_) => noted(),
        Err(error) => not_kept(&error),
    }
}

async fn line_status(State(state): State<TwilioState>, webhook: Verified<LineStatus>) -> Response {
    let LineStatus { line, ended: Some(how) } = webhook.fields else {
        return noted();
    };
    let told = async {
        if let Some((call, leg)) = state.switchboard.leg_by_line(&line).await? {
            state.switchboard.event(call, Event::Ended { leg, how }).await?;
        }
        Ok::<(), SwitchboardError>(())
    };
    match told.await {
        Ok(()) => noted(),
        Err(error) => not_kept(&error),
    }
}

/// What cannot be kept is not answered, so that the carrier may bring it again: an answer would promise something.
async fn text(State(state): State<TwilioState>, webhook: Verified<Texted>) -> Response {
    let Texted {
        id,
        to,
        from,
        body,
        has_pictures,
        is_settled,
    } = webhook.fields;
    let (Some(to), Some(from), false) = (to, from, is_settled) else {
        tracing::info!(
            text = id,
            is_settled,
            "a text that nobody here answers: the carrier has, or its sender is no telephone"
        );
        return document(twiml::text(None));
    };
    let text = Text {
        id,
        to,
        from,
        body,
        has_pictures,
    };
    match state.switchboard.text(text).await {
        Ok(answer) => document(twiml::text(answer.as_deref())),
        Err(error @ SwitchboardError::Store(_)) => {
            tracing::error!(%error, "a text could not be taken in");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
        Err(error @ (SwitchboardError::UnknownHotline(_) | SwitchboardError::UnknownCall(_) | SwitchboardError::Bygone(_))) => {
            tracing::warn!(%error, "a text to nothing that is known");
            document(twiml::text(None))
        }
    }
}

async fn hold_music() -> impl IntoResponse {
    ([(CONTENT_TYPE, "audio/wav"), (CACHE_CONTROL, "public, max-age=86400")], HOLD_MUSIC)
}

/// Somebody is on the line and waits for an answer, and for somebody to talk to.
async fn on_the_line(state: &TwilioState, error: &SwitchboardError, base: &BaseUrl, place: Place, form: &Form) -> Response {
    let through = makeshift::instead(state, error, place, form, base).await;
    through.unwrap_or_else(|| not_handled(error, &state.speech, base, place, form))
}

/// Somebody is on the line and waits for an answer. Where the database fails, the carrier is asked to come back once.
fn not_handled(error: &SwitchboardError, speech: &Speech, base: &BaseUrl, place: Place, form: &Form) -> Response {
    let may_pass = match error {
        SwitchboardError::Store(_) => form.get(AGAIN).is_none(),
        SwitchboardError::UnknownHotline(_) | SwitchboardError::UnknownCall(_) | SwitchboardError::Bygone(_) => false,
    };
    tracing::error!(%error, %place, may_pass, "a webhook could not be handled");
    if !may_pass {
        return apology(speech);
    }
    let said = SAID_ONCE.iter().filter_map(|name| Some((*name, form.get(name)?)));
    let query = Serializer::new(String::new()).append_pair(AGAIN, "1").extend_pairs(said).finish();
    document(twiml::once_more(&format!("{}?{query}", base.to(place)), speech))
}

/// Nobody hears the answer to a notice. What is not kept is told again, twice at most; then it is lost, which the
/// carrier's own log shows.
fn not_kept(error: &SwitchboardError) -> Response {
    match error {
        SwitchboardError::Store(_) => {
            tracing::error!(%error, "a notice could not be kept");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
        SwitchboardError::UnknownHotline(_) | SwitchboardError::UnknownCall(_) | SwitchboardError::Bygone(_) => {
            tracing::warn!(%error, "a notice about nothing that is known");
            noted()
        }
    }
}

pub(super) fn noted() -> Response {
    StatusCode::NO_CONTENT.into_response()
}

pub(super) fn apology(speech: &Speech) -> Response {
    metrics::counter!("rotaline_apologies_total").increment(1);
    document(twiml::apology(speech))
}

pub(super) fn document(xml: String) -> Response {
    ([(CONTENT_TYPE, "text/xml; charset=utf-8")], xml).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;
    use axum::http::Request;
    use tower::ServiceExt as _;

    async fn faulty() -> Response {
        panic!("planted")
    }

    #[tokio::test]
    async fn a_panic_is_heard_as_an_apology() {
        let places = apologising(Router::new().route("/", get(faulty)), Speech::default());
        let answer = places.oneshot(Request::get("/").body(Body::empty()).unwrap()).await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK);
        assert_eq!(answer.headers()[CONTENT_TYPE], "text/xml; charset=utf-8");
        let body = axum::body::to_bytes(answer.into_body(), 1 << 16).await.unwrap();
        assert_eq!(body, twiml::apology(&Speech::default()));
    }

    #[test]
    fn the_music_is_a_short_wave_file_for_telephones() {
        // RIFF header by the published layout: mono, 8000 samples a second, 16 bits.
        assert_eq!((&HOLD_MUSIC[..4], &HOLD_MUSIC[8..16]), (&b"RIFF"[..], &b"WAVEfmt "[..]));
        let number = |at: usize, length: usize| {
            HOLD_MUSIC[at..at + length]
                .iter()
                .rev()
                .fold(0_u32, |n, byte| n << 8 | u32::from(*byte))
        };
        assert_eq!([number(20, 2), number(22, 2), number(24, 4), number(34, 2)], [1, 1, 8000, 16]);
        let seconds = f64::from(number(40, 4)) / 16_000.0;
        assert!(seconds > 5.0 && seconds < 10.0 && HOLD_MUSIC.len() <= 140_000);
    }
}
