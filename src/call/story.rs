//! The story of a call in sentences, for the page, the log and the terminal. Numbers are masked.

use super::{Fact, MakeshiftStep, Means, Outcome};
use std::fmt;

impl Fact {
    /// Its kind for programs; stable, and the name under which it is stored.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Arrived { .. } => "arrived",
            Self::Met { .. } => "met",
            Self::Raised { .. } => "raised",
            Self::Texted { .. } => "texted",
            Self::TextAdded { .. } => "text_added",
            Self::SenderTold { .. } => "sender_told",
            Self::CallsBack { .. } => "calls_back",
            Self::WantsThrough { .. } => "wants_through",
            Self::NotPutThrough { .. } => "not_put_through",
            Self::RingsCaller { .. } => "rings_caller",
            Self::CallerAnswers { .. } => "caller_answers",
            Self::StaysOpen { .. } => "stays_open",
            Self::CalledBack { .. } => "called_back",
            Self::CallbackTold { .. } => "callback_told",
            Self::Acknowledged { .. } => "acknowledged",
            Self::RingsAgain { .. } => "rings_again",
            Self::AlarmTold { .. } => "alarm_told",
            Self::Skipped { .. } => "skipped",
            Self::LevelBegan { .. } => "level_began",
            Self::AwayRungAllTheSame => "away_rung_all_the_same",
            Self::PlanExhausted { .. } => "plan_exhausted",
            Self::Dialled { .. } => "dialled",
            Self::Rings { .. } => "rings",
            Self::PickedUp { .. } => "picked_up",
            Self::DidNotAccept { .. } => "did_not_accept",
            Self::Accepted { .. } => "accepted",
            Self::Released { .. } => "released",
            Self::Connected { .. } => "connected",
            Self::JoinedIn { .. } => "joined_in",
            Self::Interrupted => "interrupted",
            Self::Makeshift { .. } => "makeshift",
            Self::AskedForMore { .. } => "asked_for_more",
            Self::NobodyJoins { .. } => "nobody_joins",
            Self::Parted { .. } => "parted",
            Self::MenuOffered { .. } => "menu_offered",
            Self::CallbackAsked { .. } => "callback_asked",
            Self::CallbackReminded { .. } => "callback_reminded",
            Self::MessageOffered { .. } => "message_offered",
            Self::MessageLeft { .. } => "message_left",
            Self::RecordingRefused => "recording_refused",
            Self::RecordingBegan => "recording_began",
            Self::NotRecorded { .. } => "not_recorded",
            Self::TalkRecorded { .. } => "talk_recorded",
            Self::Transcribed => "transcribed",
            Self::Told { .. } => "told",
            Self::RingTold { .. } => "ring_told",
            Self::NotTexted { .. } => "not_texted",
            Self::Spending { .. } => "spending",
            Self::RelayOpened { .. } => "relay_opened",
            Self::PassedOn { .. } => "passed_on",
            Self::Ended { .. } => "ended",
        }
    }
}

impl Outcome {
    /// For programs; stable, and the name under which it is stored.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Served => "served",
            Self::Recorded => "recorded",
            Self::CallbackAsked => "callback_asked",
            Self::CallerHungUp => "caller_hung_up",
            Self::NoMessage => "no_message",
            Self::CutOff => "cut_off",
            Self::Refused => "refused",
            Self::Acknowledged => "acknowledged",
            Self::Resolved => "resolved",
            Self::Unacknowledged => "unacknowledged",
            Self::CalledBack => "called_back",
            Self::NotCalledBack => "not_called_back",
            Self::PutThrough => "put_through",
            Self::NotPutThrough => "not_put_through",
        }
    }
}

/// How much of the hour's orders is used up, and what follows.
fn spending(f: &mut fmt::Formatter<'_>, means: Means, everywhere: bool, most: u32) -> fmt::Result {
    let (whose, key) = if everywhere {
        ("All hotlines together have", "twilio.orders_per_hour")
    } else {
        ("The hotline has", "orders_per_hour")
    };
    match means {
        Means::Ample | Means::Low => write!(f, "{whose} used up four fifths of the {most} calls and texts of an hour ({key})."),
        Means::Spent => write!(
            f,
            "{whose} used up the {most} calls and texts of an hour ({key}): now only the last resort is rung."
        ),
        Means::Gone => write!(
            f,
            "{whose} used up twice the {most} calls and texts of an hour ({key}): now nobody is rung or texted."
        ),
    }
}

/// What is known of a caller who is put through without the store, as a sentence.
const fn put_through(step: MakeshiftStep) -> &'static str {
    match step {
        MakeshiftStep::Begun => {
            "The caller is put through at the fallback address, by the rota in memory: who is rung there is not known to this story."
        }
        MakeshiftStep::Talked => "The caller has talked with somebody who was rung at the fallback address.",
        MakeshiftStep::Back => "The caller is back from the fallback address: the search begins anew.",
    }
}

/// How it ended, as a sentence.
const fn over(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Served => "The call is over: the caller was served.",
        Outcome::CallbackAsked => "The call is over: the caller is to be called back.",
        Outcome::Recorded => "The call is over: the caller's message is recorded.",
        Outcome::CallerHungUp => "The call is over: the caller hung up before anybody had accepted.",
        Outcome::CutOff => "The call is over: the caller was with a responder for a moment only, and perhaps could not talk.",
        Outcome::Refused => "The call is over: the caller was turned away.",
        Outcome::NoMessage => "The call is over: the caller reached nobody and left no message.",
        Outcome::Acknowledged => "The ringing is over: somebody takes care of it.",
        Outcome::CalledBack => "The call is over: the caller was called back.",
        Outcome::NotCalledBack => "The call is over: the caller was not called back.",
        Outcome::PutThrough => "The call is over: the responder was put through to the caller of before.",
        Outcome::NotPutThrough => "The call is over: the responder was not put through to the caller of before.",
        Outcome::Resolved => "The ringing is over: the alarm has ended before anybody acknowledged it.",
        Outcome::Unacknowledged => "The ringing is over: nobody takes care of it. Look after it yourself.",
    }
}

impl fmt::Display for Fact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Arrived { hotline, from: Some(from) } => write!(f, "A call for hotline {hotline} from {from}."),
            Self::Arrived { hotline, from: None } => write!(f, "A call for hotline {hotline} from a withheld number."),
            Self::Raised { title, details, .. } if details.is_empty() => write!(f, "An alarm: {title}"),
            Self::Raised { title, details, .. } => write!(f, "An alarm: {title} ({details})"),
            Self::Texted { from, text, .. } => write!(f, "A text from {from}: {text}"),
            Self::TextAdded { text } => write!(f, "A further text from there: {text}"),
            Self::SenderTold { words } => write!(f, "The sender is told: {words}"),
            Self::Acknowledged { name, .. } => write!(f, "{name} takes care of it."),
            Self::CallsBack { id, number, name, how, .. } => write!(f, "{name} wants to call {number} back: callback {id}, {how}."),
            Self::WantsThrough { name, number, at } => write!(f, "{name} wants to be put through to {number}: they talked at {at}."),
            Self::NotPutThrough { why } => write!(f, "They have not talked: {why}."),
            Self::RingsCaller { number } => write!(f, "Now ringing the caller on {number}."),
            Self::CallerAnswers { number } => write!(f, "{number} has picked up."),
            Self::StaysOpen { why } => write!(f, "The callback stays open: {why}."),
            Self::CalledBack { id, name } => write!(f, "{name} has called back: callback {id} is closed."),
            Self::CallbackTold { to } => write!(f, "A text that the callback is closed goes to {to}."),
            Self::RingsAgain { minutes, left } => write!(
                f,
                "Nobody takes care of the alarm. The plan is rung again in {minutes} minutes, {left} more time{} at most.",
                if *left == 1 { "" } else { "s" }
            ),
            Self::AlarmTold { to } => write!(f, "A text about the alarm goes to {to}."),
            Self::Skipped { name, why } => write!(f, "{name} is not rung: {why}."),
            Self::LevelBegan { label, round: 1 } => write!(f, "Now ringing: {label}."),
            Self::LevelBegan { label, round } => write!(f, "Now ringing: {label}, round {round}."),
            Self::AwayRungAllTheSame => f.write_str("Everybody on call is away, and there is no last resort: they are rung all the same."),
            Self::Met { why } | Self::PlanExhausted { why } => f.write_str(why),
            Self::Dialled {
                name,
                to,
                source: Some(source),
                ..
            } => write!(f, "Dialling {name} on {to} ({source})."),
            Self::Dialled {
                name, to, source: None, ..
            } => write!(f, "Dialling the last resort, {name}, on {to}."),
            Self::Rings { name, .. } => write!(f, "The phone of {name} rings."),
            Self::PickedUp { name, .. } => write!(f, "{name} has picked up and is asked to press 1."),
            Self::DidNotAccept { name, why, .. } => write!(f, "{name} {why}."),
            Self::Accepted { name, .. } => write!(f, "{name} has accepted the call."),
            Self::Released { name, why, .. } => write!(f, "{name} is let go: {why}"),
            Self::Connected { name } => write!(f, "The caller and {name} are connected."),
            Self::JoinedIn { name } => write!(f, "{name} joins the caller and those who are with him."),
            Self::Interrupted => f.write_str("The conversation is interrupted: somebody has pressed star, or has left."),
            Self::Makeshift { step } => f.write_str(put_through(*step)),
            Self::AskedForMore { name } => write!(f, "{name} asks for the next person on call."),
            Self::NobodyJoins { name } => write!(f, "Nobody else could be reached for {name}, who is still with the caller."),
            Self::Parted { name } => write!(f, "{name} has left the conversation."),
            Self::MenuOffered { why } => write!(f, "The caller is asked what he wishes. {why}"),
            Self::CallbackAsked { number } => write!(f, "The caller asks to be called back on {number}."),
            Self::CallbackReminded { number } => write!(f, "Nobody has called {number} back in time."),
            Self::MessageOffered { why } => write!(f, "The caller is asked for a message. {why}"),
            Self::MessageLeft { seconds } => write!(f, "The caller has left a message of {seconds} s."),
            Self::RecordingRefused => f.write_str("The caller does not want to be recorded: nothing of this call is."),
            Self::RecordingBegan => f.write_str("The conversation is being recorded."),
            Self::NotRecorded { why, .. } => write!(f, "The conversation goes on and is not recorded: {why}."),
            Self::TalkRecorded { seconds } => write!(f, "The recording of the conversation is complete: {seconds} s."),
            Self::Transcribed => f.write_str("The caller's message is written down, and is kept with the recording."),
            Self::Told { to } => write!(f, "A text about the missed call goes to {to}."),
            Self::RingTold { to } => write!(f, "A text that it is the hotline goes to {to}."),
            Self::RelayOpened { name, minutes, .. } => {
                write!(f, "Texts between the caller and {name} are passed on for {minutes} minutes.")
            }
            Self::PassedOn { from, to } => write!(f, "A text of {from} is passed on to {to}."),
            Self::Spending { means, everywhere, most } => spending(f, *means, *everywhere, *most),
            Self::NotTexted { to, why, .. } => write!(f, "The text to {to} could not be sent: {why}."),
            Self::Ended { outcome } => f.write_str(over(*outcome)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_hear_the_stored_names() {
        let stored = |value: serde_json::Value| value.as_str().unwrap().to_owned();
        for outcome in [
            Outcome::Served,
            Outcome::Recorded,
            Outcome::CallbackAsked,
            Outcome::CallerHungUp,
            Outcome::NoMessage,
            Outcome::CutOff,
            Outcome::Refused,
            Outcome::Acknowledged,
            Outcome::Resolved,
            Outcome::Unacknowledged,
            Outcome::CalledBack,
            Outcome::NotCalledBack,
        ] {
            assert_eq!(outcome.as_str(), stored(serde_json::to_value(outcome).unwrap()));
        }
        let name = || "Ana".to_owned();
        for fact in [
            Fact::AwayRungAllTheSame,
            Fact::Connected { name: name() },
            Fact::MenuOffered { why: name() },
            Fact::RingsAgain { minutes: 10, left: 3 },
            Fact::Met { why: name() },
            Fact::RecordingRefused,
            Fact::Makeshift {
                step: MakeshiftStep::Begun,
            },
            Fact::Spending {
                means: Means::Low,
                everywhere: false,
                most: 9,
            },
            Fact::NotRecorded { code: None, why: name() },
            Fact::TalkRecorded { seconds: 3 },
            Fact::StaysOpen { why: name() },
            Fact::CalledBack { id: 3, name: name() },
        ] {
            assert_eq!(fact.kind(), stored(serde_json::to_value(&fact).unwrap()["fact"].clone()));
        }
    }
}
