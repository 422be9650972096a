//! The story of a call in sentences, for the page, the log and the terminal. Numbers are masked.

use super::{Fact, Outcome};
use std::fmt;

impl fmt::Display for Fact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Arrived { hotline, from: Some(from) } => write!(f, "A call for hotline {hotline} from {from}."),
            Self::Arrived { hotline, from: None } => write!(f, "A call for hotline {hotline} from a withheld number."),
            Self::Raised { title, details, .. } if details.is_empty() => write!(f, "An alarm: {title}"),
            Self::Raised { title, details, .. } => write!(f, "An alarm: {title} ({details})"),
            Self::Acknowledged { name, .. } => write!(f, "{name} takes care of the alarm."),
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
            Self::Parted { name } => write!(f, "{name} has left the conversation."),
            Self::MessageOffered { why } => write!(f, "The caller is asked for a message. {why}"),
            Self::MessageLeft { seconds } => write!(f, "The caller has left a message of {seconds} s."),
            Self::Told { to } => write!(f, "A text about the missed call goes to {to}."),
            Self::NotTexted { to, why, .. } => write!(f, "The text to {to} could not be sent: {why}."),
            Self::Ended { outcome } => f.write_str(match outcome {
                Outcome::Served => "The call is over: the caller was served.",
                Outcome::Recorded => "The call is over: the caller's message is recorded.",
                Outcome::CallerHungUp => "The call is over: the caller hung up before anybody had accepted.",
                Outcome::CutOff => "The call is over: the caller was with a responder for a moment only, and perhaps could not talk.",
                Outcome::Refused => "The call is over: the caller was turned away.",
                Outcome::NoMessage => "The call is over: the caller reached nobody and left no message.",
                Outcome::Acknowledged => "The ringing is over: somebody takes care of the alarm.",
                Outcome::Resolved => "The ringing is over: the alarm has ended before anybody acknowledged it.",
                Outcome::Unacknowledged => "The ringing is over: nobody takes care of the alarm. Look after it yourself.",
            }),
        }
    }
}
