//! What is told of one fact of one call: what was seen, what happens now, what to do. Numbers are masked.

use super::Kind;
use crate::call::{Call, Fact, Means, Origin, Refusal};
use crate::roster::{Phone, masked};
use crate::store::Entry;
use std::collections::BTreeMap;

/// The most people whose reasons are told.
const MOST_PEOPLE: usize = 8;

/// A text to somebody who has told the carrier STOP.
const OPTED_OUT: u32 = 21_610;

/// A call that met nobody, or that nobody took, by its story up to there.
pub(super) fn in_vain(call: &Call, story: &[Entry], why: &str) -> (Kind, String) {
    let plan = call.plan();
    let whence = match (call.origin(), call.from()) {
        (Origin::Incident(incident), _) => format!("It was the alarm “{}”.", incident.title),
        (Origin::Callback(callback), _) => format!("It was to call {} back.", callback.number),
        (Origin::Through(through), _) => format!("A responder was to be put through to {}.", through.number),
        (Origin::Text(stranger), _) => format!("It was a text from {}.", stranger.from),
        (Origin::Caller, Some(from)) => format!("The call came from {from}."),
        (Origin::Caller, None) => "The call came from a withheld number.".to_owned(),
    };
    let now = match (&plan.last_resort, call.origin()) {
        (Some(who), _) => format!("Now the last resort is rung, {}.", who.name),
        (None, Origin::Incident(_)) => "There is no last resort: it is rung again later.".to_owned(),
        (None, Origin::Text(_)) => "There is no last resort: the sender is told to call.".to_owned(),
        (None, Origin::Callback(_)) => "The callback stays open.".to_owned(),
        (None, Origin::Through(_)) => "Whoever has called is told so.".to_owned(),
        (None, Origin::Caller) => "There is no last resort: the caller is asked what to do instead.".to_owned(),
    };
    let kind = if plan.levels.is_empty() && plan.left_out.is_empty() {
        Kind::NobodyOnCall
    } else {
        Kind::NobodyAnswered
    };
    let reasons = reasons(story);
    (kind, masked(&format!("{whence} {why} {reasons}{now} {}", kind.remedy())))
}

/// Of everybody who was rung or passed over, the last that is known.
fn reasons(story: &[Entry]) -> String {
    let mut last: BTreeMap<&str, String> = BTreeMap::new();
    for entry in story {
        if let Fact::DidNotAccept { name, .. } | Fact::Skipped { name, .. } | Fact::Released { name, .. } = &entry.fact {
            last.insert(name, entry.fact.to_string());
        }
    }
    last.values().take(MOST_PEOPLE).map(|sentence| format!("{sentence} ")).collect()
}

/// An order to ring somebody that the carrier refused for reasons of the account; none for reasons of the order.
pub(super) fn not_dialled(name: &str, why: &Refusal) -> Option<(Kind, String)> {
    let code = why.code?;
    let kind = Kind::of_account(code)?;
    // Masked by itself: the code is no part of a number that stands before it.
    let message = masked(why.message.trim_end_matches('.'));
    let seen = format!("{} could not be rung: {message} ({code}).", masked(name));
    Some((kind, format!("{seen} {}", kind.remedy())))
}

/// A text that was not sent.
pub(super) fn not_texted(call: &Call, to: &Phone, code: Option<u32>, why: &str) -> (Kind, String) {
    let kind = code.and_then(Kind::of_account).unwrap_or(Kind::NotTexted);
    let who = match name_of(call, to) {
        Some(name) => format!("{name} ({to})"),
        None => to.to_string(),
    };
    let seen = match code {
        Some(OPTED_OUT) => format!(
            "{who} has opted out of texts from the hotline: a text with STOP came from that phone, and the carrier sends nothing there any more. Whoever has it texts START to the hotline's number to get them again."
        ),
        Some(_) | None => format!("The text to {who} was not sent: {why}."),
    };
    (kind, masked(&format!("{seen} {}", kind.remedy())))
}

/// A callback that nobody has made in time.
pub(super) fn callback_overdue(number: &Phone) -> (Kind, String) {
    let kind = Kind::CallbackOverdue;
    (kind, format!("It was asked for on {number}. {}", kind.remedy()))
}

/// A talk that the carrier does not record.
pub(super) fn not_recorded(code: Option<u32>, why: &str) -> (Kind, String) {
    let kind = code.and_then(Kind::of_account).unwrap_or(Kind::NotRecorded);
    (
        kind,
        masked(&format!("It was to be recorded, and is not: {why}. {}", kind.remedy())),
    )
}

/// What may be spent within an hour is used up, or nearly.
pub(super) fn spending(means: Means, fact: &Fact) -> (Kind, String) {
    let kind = match means {
        Means::Ample | Means::Low => Kind::SpendingMuch,
        Means::Spent => Kind::Spent,
        Means::Gone => Kind::NothingLeft,
    };
    (kind, format!("{fact} {}", kind.remedy()))
}

/// Whose number this is, as far as the call knows.
fn name_of<'c>(call: &'c Call, number: &Phone) -> Option<&'c str> {
    let plan = call.plan();
    let people = plan.levels.iter().flat_map(|level| &level.responders).chain(&plan.last_resort);
    let mut named = people.filter(|who| who.has(number));
    named.next().map(|who| who.name.as_str())
}
