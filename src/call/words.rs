//! Every sentence that people hear or read about a call, in one place (English; languages come later).

use super::patience::SHORTEST_TALK;
use super::{Ending, HotlineName, LeftOutReason, LegState, Outcome, Refusal};
use crate::roster::PhoneNumber;
use serde::{Deserialize, Serialize};

// Why somebody is not rung, after a colon: "Ana is not rung: …."
pub(super) const ON_ANOTHER_CALL: &str = "already on another call of the hotline";

// What became of an attempt, after the name: "Ana did not answer."
pub(super) const NO_ANSWER: &str = "did not answer";
pub(super) const LOST_ON_THE_WAY: &str = "was cut off before the caller could be put through";
pub(super) const CARRIER_TOO_SLOW: &str = "could not be dialled in time";
pub(super) const CARRIER_SILENT: &str = "could not be dialled: no word from the telephone network";

// Said to responders who are let go.
pub(super) const NO_LONGER_NEEDED: &str = "You are no longer needed for this call.";
pub(super) const CALLER_HUNG_UP: &str = "The caller has hung up.";
pub(super) const CALLER_LEFT: &str = "The caller has left the call.";
pub(super) const CONVERSATION_OVER: &str = "The conversation is over.";

// Said to the caller.
pub(super) const GOODBYE: &str = "Goodbye.";
pub(super) const MESSAGE_TAKEN: &str = "Thank you. Your message is recorded. Goodbye.";

/// Why the search is over and nobody has the call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum InVain {
    NobodyOnCall,
    NobodyAccepted,
    WaitedTooLong,
    LastResortDidNotAccept,
    LeftTheQueue,
    TooManySearches,
    /// A responder was with the caller, and for a moment only.
    CutOff,
}

impl InVain {
    /// For the story.
    pub(super) const fn told(self) -> &'static str {
        match self {
            Self::NobodyOnCall => "Nobody is on call now.",
            Self::NobodyAccepted => "Nobody on call has accepted the call.",
            Self::WaitedTooLong => "The caller has waited as long as the hotline allows.",
            Self::LastResortDidNotAccept => "The last resort has not accepted the call either.",
            Self::LeftTheQueue => "The caller has left the queue to leave a message.",
            Self::TooManySearches => "The search was begun again too often.",
            Self::CutOff => "They were together for a moment only and perhaps could not talk.",
        }
    }

    /// Said to the caller.
    pub(super) const fn said(self) -> &'static str {
        match self {
            Self::NobodyOnCall => "There is nobody on call at the moment.",
            Self::LeftTheQueue => "You have left the queue.",
            // Said after a question that nobody has answered.
            Self::CutOff => "Nobody is rung now.",
            Self::NobodyAccepted | Self::WaitedTooLong | Self::LastResortDidNotAccept | Self::TooManySearches => {
                "We are sorry: nobody could take your call."
            }
        }
    }
}

/// Why somebody who picked up does not take the call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NotTaking {
    Declined,
    Machine,
    NoKey,
}

impl NotTaking {
    /// For the story, after the name.
    pub(super) const fn told(self) -> &'static str {
        match self {
            Self::Declined => "declined",
            Self::Machine => "was not reached: an answering machine picked up",
            Self::NoKey => "picked up and did not press 1",
        }
    }

    /// Said to whoever it is; a machine is told nothing.
    pub(super) const fn said(self) -> &'static str {
        match self {
            Self::Declined => "Thank you. The next one on call is rung.",
            Self::Machine => "",
            Self::NoKey => NO_LONGER_NEEDED,
        }
    }
}

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
pub(super) fn missed_call(
    hotline: &HotlineName,
    from: Option<&PhoneNumber>,
    outcome: Outcome,
    seconds: Option<u32>,
    cut_off_from: Option<&str>,
) -> String {
    let what = match (outcome, seconds) {
        (Outcome::Recorded, Some(seconds)) => format!("left a message of {seconds} s"),
        (Outcome::Recorded, None) => "left a message".to_owned(),
        (Outcome::NoMessage, _) => "reached nobody and left no message".to_owned(),
        (Outcome::CallerHungUp, _) => "hung up before anybody had accepted".to_owned(),
        (Outcome::CutOff, _) => format!(
            "was with {} for less than {} s and perhaps could not talk",
            cut_off_from.unwrap_or("a responder"),
            SHORTEST_TALK.num_seconds()
        ),
        (Outcome::Served, _) => "was served".to_owned(),
    };
    match from {
        Some(from) => format!("Hotline {hotline}: the caller {} {what}. Please call back.", from.e164()),
        None => format!("Hotline {hotline}: a caller with a withheld number {what}."),
    }
}
