//! What became of people, in words for the story; and what of it they hear, as phrases, which know the languages.

use super::{Away, Call, Ending, LeftOutReason, LegState, Outcome, Rebuff, Refusal};
use crate::phrases::{Language, Missed, NotReached, Phrase};
use crate::roster::Phone;
use serde::{Deserialize, Serialize};

// Why somebody is not rung, after a colon: "Ana is not rung: …."
pub(super) const ON_ANOTHER_CALL: &str = "already on another call of the hotline";

/// The label of a level that is rung on its people's second phones.
pub(super) fn second_phones(label: &str) -> String {
    format!("{label}, on the second phone")
}

pub(super) fn away(away: &Away) -> String {
    match away.until {
        Some(_) => format!("away until {}, {}", away.shown, away.by),
        None => format!("away, {}", away.by),
    }
}

// What became of an attempt, after the name: "Ana did not answer."
pub(super) const NO_ANSWER: &str = "did not answer";
pub(super) const LOST_ON_THE_WAY: &str = "was cut off before the caller could be put through";
pub(super) const CARRIER_TOO_SLOW: &str = "could not be dialled in time";
pub(super) const FOR_A_MOMENT: &str = "they were together for a moment only";
pub(super) const IS_ON_ANOTHER_CALL: &str = "is on another call of the hotline";
pub(super) const HUNG_UP: &str = "picked up and hung up";
pub(super) const MAY_NOT_BE_CALLED: &str = "is a number that the hotline may not call";
pub(super) const CARRIER_SILENT: &str = "could not be dialled: no word from the telephone network";

// Why nobody else is rung now for an alarm.
pub(super) const RUNG_LONG_ENOUGH: &str = "The plan was rung for as long as the hotline lets a caller wait.";

/// The last that a leg hears.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum LastWords {
    Goodbye,
    MessageTaken,
    CallbackNoted(Phone),
    NotNeeded,
    CallerHungUp,
    CallerLeft,
    ConversationOver,
    TakenBy(String),
    NextOneIsRung,
    /// To a caller whom nobody is rung for.
    TurnedAway(Rebuff),
    /// He takes care of the alarm, and hears its details.
    AlarmIsYours(String),
    AlarmTakenBy(String),
    AlarmOver,
    /// He takes care of a stranger's text, which he gets.
    TextIsYours,
    /// He does, and gets no texts.
    TextIsYoursToCall {
        text: String,
        number: Phone,
    },
    TextTakenBy(String),
    /// To a responder: the caller whom he wanted to call back.
    NotReached(NotReached),
    /// To a responder who does not call back after all.
    CallbackNotTaken,
    /// To a caller who was called back by somebody who is gone.
    CallbackLost,
    /// To a responder who wanted to be put through to the caller.
    NotPutThrough(NotReached),
    /// To a caller to whom somebody was to be put through who is gone.
    PuttingThroughLost,
}

impl LastWords {
    /// The whole of it, as the leg hears it.
    pub(super) fn said(&self, language: Language) -> String {
        let phrase = match self {
            Self::Goodbye => return language.say(Phrase::Goodbye),
            Self::MessageTaken => return language.say(Phrase::MessageTaken),
            Self::CallbackNoted(number) => return language.say(Phrase::CallbackNoted(number)),
            Self::NotNeeded => Phrase::NotNeeded,
            Self::CallerHungUp => Phrase::CallerHungUp,
            Self::CallerLeft => Phrase::CallerLeft,
            Self::ConversationOver => Phrase::ConversationOver,
            Self::TakenBy(name) => Phrase::TakenBy(name),
            Self::NextOneIsRung => Phrase::NextOneIsRung,
            Self::TurnedAway(Rebuff::Sentence) => Phrase::CannotTakeYourCall,
            Self::TurnedAway(Rebuff::HowToShowTheNumber) => Phrase::ShowYourNumber,
            Self::TurnedAway(Rebuff::CallAgain) => return language.say_all(&[Phrase::LinesBusy, Phrase::CallAgain, Phrase::Goodbye]),
            Self::TurnedAway(Rebuff::Nothing) => return String::new(),
            Self::AlarmIsYours(details) => Phrase::TakingCare(details),
            Self::AlarmTakenBy(name) => Phrase::AlarmTakenBy(name),
            Self::AlarmOver => Phrase::AlarmOver,
            Self::TextIsYours => Phrase::TakingText,
            Self::TextIsYoursToCall { text, number } => Phrase::TakingTextToCall { text, number },
            Self::TextTakenBy(name) => Phrase::TextTakenBy(name),
            Self::NotReached(what) => {
                return language.say_all(&[Phrase::CallerNotReached(*what), Phrase::CallbackStaysOpen, Phrase::Goodbye]);
            }
            Self::NotPutThrough(what) => {
                return language.say_all(&[Phrase::CallerNotReached(*what), Phrase::TextInstead, Phrase::Goodbye]);
            }
            Self::PuttingThroughLost => Phrase::PuttingThroughLost,
            Self::CallbackNotTaken => Phrase::CallbackStaysOpen,
            Self::CallbackLost => Phrase::CallbackLost,
        };
        language.say_all(&[phrase, Phrase::Goodbye])
    }

    /// For the story: why somebody is let go.
    pub(super) fn told(&self) -> String {
        match self {
            Self::Goodbye
            | Self::MessageTaken
            | Self::CallbackNoted(_)
            | Self::NextOneIsRung
            | Self::NotNeeded
            | Self::TurnedAway(_)
            | Self::AlarmIsYours(_)
            | Self::TextIsYours
            | Self::TextIsYoursToCall { .. } => "You are no longer needed for this call.".to_owned(),
            Self::CallerHungUp => "The caller has hung up.".to_owned(),
            Self::CallerLeft => "The caller has left the call.".to_owned(),
            Self::ConversationOver => "The conversation is over.".to_owned(),
            Self::TakenBy(name) => format!("{name} has already taken this call."),
            Self::AlarmTakenBy(name) => format!("{name} takes care of the alarm."),
            Self::TextTakenBy(name) => format!("{name} takes care of the text."),
            Self::AlarmOver => "The alarm is over.".to_owned(),
            Self::NotReached(_) | Self::NotPutThrough(_) => "The caller was not reached.".to_owned(),
            Self::CallbackNotTaken | Self::CallbackLost => "Nobody calls back now.".to_owned(),
            Self::PuttingThroughLost => "Nobody wants to speak with the caller any more.".to_owned(),
        }
    }
}

/// Why the search is over and nobody has the call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum InVain {
    NobodyOnCall,
    NobodyAccepted,
    AllAway,
    WaitedTooLong,
    LastResortDidNotAccept,
    LeftTheQueue,
    TooManySearches,
    /// Outside of the opening hours.
    Closed,
    /// More calls from there than the hotline allows.
    TooManyCalls,
    /// More callers at once than the hotline takes.
    Crowded,
    /// A responder was with the caller, and for a moment only.
    CutOff,
}

impl InVain {
    /// For the story.
    pub(super) const fn told(self) -> &'static str {
        match self {
            Self::NobodyOnCall => "Nobody is on call now.",
            Self::NobodyAccepted => "Nobody on call has accepted the call.",
            Self::AllAway => "Everybody on call is away.",
            Self::WaitedTooLong => "The caller has waited as long as the hotline allows.",
            Self::LastResortDidNotAccept => "The last resort has not accepted the call either.",
            Self::LeftTheQueue => "The caller has left the queue.",
            Self::TooManySearches => "The search was begun again too often.",
            Self::Closed => "The hotline is closed.",
            Self::TooManyCalls => "There were too many calls from there.",
            Self::Crowded => "There are more callers now than the hotline takes at once.",
            Self::CutOff => "They were together for a moment only and perhaps could not talk.",
        }
    }

    /// Said to the caller.
    pub(super) const fn said(self) -> Phrase<'static> {
        match self {
            Self::NobodyOnCall => Phrase::NobodyOnCall,
            Self::LeftTheQueue => Phrase::LeftTheQueue,
            Self::Closed => Phrase::Closed,
            Self::TooManyCalls => Phrase::TooManyCalls,
            Self::Crowded => Phrase::LinesBusy,
            // Said after a question that nobody has answered.
            Self::CutOff => Phrase::NobodyIsRung,
            Self::NobodyAccepted | Self::AllAway | Self::WaitedTooLong | Self::LastResortDidNotAccept | Self::TooManySearches => {
                Phrase::NobodyTookIt
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
    pub(super) const fn said(self) -> Option<LastWords> {
        match self {
            Self::Declined => Some(LastWords::NextOneIsRung),
            Self::Machine => None,
            Self::NoKey => Some(LastWords::NotNeeded),
        }
    }
}

pub(super) const fn left_out(reason: LeftOutReason) -> &'static str {
    match reason {
        LeftOutReason::RungEarlier => "an earlier level rings the same number already",
        LeftOutReason::IsTheCaller => "the call comes from this number",
        LeftOutReason::IsOurOwn => "a number of our own, so that hotlines would ring one another",
        LeftOutReason::IsOutOfReach => {
            "a number that the hotline may not ring, by its country or by its kind; `rotaline check` says what to do"
        }
    }
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

/// What became of a caller whom nobody has served.
pub(super) fn missed(outcome: Outcome, call: &Call) -> Option<Missed<'_>> {
    match outcome {
        Outcome::Served
        | Outcome::Refused
        | Outcome::Acknowledged
        | Outcome::Resolved
        | Outcome::Unacknowledged
        | Outcome::CalledBack
        | Outcome::NotCalledBack
        | Outcome::PutThrough
        | Outcome::NotPutThrough => None,
        Outcome::Recorded => Some(Missed::LeftMessage(call.message_seconds)),
        Outcome::CallbackAsked => Some(call.asked_for()),
        Outcome::NoMessage => Some(Missed::LeftNothing),
        Outcome::CallerHungUp => Some(Missed::HungUp),
        Outcome::CutOff => Some(Missed::CutOff {
            name: call.cut_off_from.as_deref().unwrap_or_default(),
            seconds: call.plan.rules.shortest_talk_seconds,
        }),
    }
}
