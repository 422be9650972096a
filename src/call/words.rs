//! Every sentence that people hear or read about a call, in one place (English; languages come later).

use super::{Ending, HotlineName, LeftOutReason, LegState, Outcome, Refusal};
use crate::roster::PhoneNumber;

// Why somebody is not rung, after a colon: "Ana is not rung: …."
pub(super) const ON_ANOTHER_CALL: &str = "already on another call of the hotline";

// Why things are as they are: for the story, and said to whom it concerns.
pub(super) const NOBODY_ON_CALL: &str = "Nobody is on call now.";
pub(super) const NOBODY_ACCEPTED: &str = "Nobody on call has accepted the call.";
pub(super) const WAITED_TOO_LONG: &str = "The caller has waited as long as the hotline allows.";
pub(super) const LAST_RESORT_DID_NOT_ACCEPT: &str = "The last resort has not accepted the call either.";
pub(super) const LEFT_THE_QUEUE: &str = "The caller has left the queue to leave a message.";
pub(super) const TOO_MANY_SEARCHES: &str = "The search was begun again too often.";
pub(super) const MACHINE_ANSWERED: &str = "an answering machine picked up";
pub(super) const DECLINED: &str = "declined";
pub(super) const NO_ANSWER: &str = "did not answer";
pub(super) const DID_NOT_PRESS: &str = "picked up and did not press 1";
pub(super) const LOST_ON_THE_WAY: &str = "was cut off before the caller could be put through";
pub(super) const CARRIER_TOO_SLOW: &str = "could not be dialled in time";
pub(super) const CARRIER_SILENT: &str = "could not be dialled: no word from the telephone network";

// Said to responders who are let go.
pub(super) const NO_LONGER_NEEDED: &str = "You are no longer needed for this call.";
pub(super) const CALLER_HUNG_UP: &str = "The caller has hung up.";
pub(super) const CONVERSATION_OVER: &str = "The conversation is over.";

// Said to the caller.
pub(super) const GOODBYE: &str = "Goodbye.";
pub(super) const MESSAGE_TAKEN: &str = "Thank you. Your message is recorded and will be passed on. Goodbye.";

pub(super) const fn left_out(reason: LeftOutReason) -> &'static str {
    match reason {
        LeftOutReason::RungEarlier => "an earlier level rings the same number already",
        LeftOutReason::IsTheCaller => "the call comes from this number",
    }
}

pub(super) fn taken_by(name: &str) -> String {
    format!("{name} has already taken this call.")
}

pub(super) fn refused(why: &Refusal) -> String {
    match why.code {
        Some(code) => format!("could not be dialled: {} (code {code})", why.message),
        None => format!("could not be dialled: {}", why.message),
    }
}

/// Said to a responder who does not take the call; a machine is told nothing.
pub(super) fn farewell_to(why: &str) -> &'static str {
    match why {
        MACHINE_ANSWERED => "",
        DECLINED => "Thank you. The next one on call is rung.",
        _ => NO_LONGER_NEEDED,
    }
}

pub(super) const fn ended(state: LegState, how: Ending) -> &'static str {
    match (state, how) {
        (_, Ending::Busy) => "is busy or has rejected the call",
        (_, Ending::NoAnswer | Ending::Canceled) => NO_ANSWER,
        (_, Ending::Failed) => "cannot be reached by telephone now",
        (LegState::Answered, Ending::Completed | Ending::Gone) => "picked up and hung up without accepting (perhaps voicemail)",
        (_, Ending::Completed | Ending::Gone) => "was not reached: the connection ended",
    }
}

/// `+61491570156` said so that it can be written down.
pub(super) fn spoken(number: &PhoneNumber) -> String {
    let digits: Vec<String> = number
        .e164()
        .chars()
        .map(|c| if c == '+' { "plus".to_owned() } else { c.to_string() })
        .collect();
    digits.join(" ")
}

pub(super) fn caller(from: Option<&PhoneNumber>) -> String {
    from.map_or_else(|| "a withheld number".to_owned(), spoken)
}

const ORDINALS: [&str; 5] = ["first", "second", "third", "fourth", "fifth"];

/// `first on call`, for the level with this index.
pub(super) fn place(index: usize) -> String {
    ORDINALS
        .get(index)
        .map_or_else(|| format!("number {} on call", index + 1), |ordinal| format!("{ordinal} on call"))
}

/// The text to those who are told of a missed call. They are to call back, so they get the whole number.
pub(super) fn missed_call(hotline: &HotlineName, from: Option<&PhoneNumber>, outcome: Outcome, seconds: Option<u32>) -> String {
    let from = from.map_or("a withheld number", PhoneNumber::e164);
    let what = match (outcome, seconds) {
        (Outcome::Recorded, Some(seconds)) => format!("left a message of {seconds} s"),
        (Outcome::Recorded, None) => "left a message".to_owned(),
        (Outcome::NoMessage, _) => "reached nobody and left no message".to_owned(),
        (Outcome::CallerHungUp, _) => "hung up before anybody had accepted".to_owned(),
        (Outcome::Served, _) => "was served".to_owned(),
    };
    format!("Hotline {hotline}: the caller {from} {what}. Please call back.")
}
