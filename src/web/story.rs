//! A call's story as the page and programs get it: one shape, rendered on the server or by the page's script.

use super::WebState;
use super::fault::Fault;
use super::masking::masked;
use super::times::{between, lasting, rfc3339, time_of_day};
use super::visitor::Visitor;
use crate::call::{CallId, Fact, Outcome};
use crate::roster::wall_clock::Zone;
use crate::store::{CallSummary, Entry};
use serde::Serialize;

/// One line of a story, ready to be shown; numbers are masked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Line {
    /// Rises over all calls.
    pub(super) number: i64,
    pub(super) call: String,
    pub(super) hotline: String,
    /// With the offset of the rota's zone.
    pub(super) at: String,
    /// `03:12:05` in the rota's zone.
    pub(super) time: String,
    /// What kind of fact it is; stable.
    pub(super) kind: &'static str,
    /// The sentence.
    pub(super) text: String,
    /// How the call ended, in the line that says so; stable.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) outcome: Option<&'static str>,
    /// The same for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) outcome_words: Option<&'static str>,
    /// What became of the whole call, in the line that ends it as it is told live.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) in_short: Option<String>,
}

pub(super) fn line(entry: &Entry, zone: &Zone) -> Line {
    let outcome = outcome_in(&entry.fact);
    Line {
        number: entry.number,
        call: entry.call.to_string(),
        hotline: entry.hotline.to_string(),
        at: rfc3339(zone, entry.at),
        time: time_of_day(zone, entry.at),
        kind: entry.fact.kind(),
        text: masked(&entry.fact.to_string()),
        outcome: outcome.map(Outcome::as_str),
        outcome_words: outcome.map(outcome_words),
        in_short: None,
    }
}

/// The outcome for people.
pub(super) const fn outcome_words(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Served => "Spoke with a responder",
        Outcome::Recorded => "Left a message",
        Outcome::CallbackAsked => "Asked to be called back",
        Outcome::CallerHungUp => "Hung up before anybody accepted",
        Outcome::NoMessage => "Reached nobody, left no message",
        Outcome::CutOff => "Cut off from a responder",
        Outcome::Refused => "Turned away",
        Outcome::Acknowledged => "Taken care of",
        Outcome::Resolved => "Over by itself",
        Outcome::Unacknowledged => "Nobody takes care of it",
        Outcome::CalledBack => "Called back",
        Outcome::NotCalledBack => "Not called back",
        Outcome::PutThrough => "Put through to the caller",
        Outcome::NotPutThrough => "Not put through to the caller",
    }
}

impl WebState {
    /// The call with this id in an address, and its story, for somebody who may see its hotline.
    pub(super) async fn told(&self, visitor: &Visitor, id: &str) -> Result<(CallSummary, Vec<Entry>), Fault> {
        let unknown = || Fault::missing("unknown-call", "There is no such call.");
        let id = id.parse().map(CallId).map_err(|_| unknown())?;
        let entries = self.store.story(id).await?;
        let call = summary(&entries)
            .filter(|call| visitor.hotlines().have(&call.hotline))
            .ok_or_else(unknown)?;
        Ok((call, entries))
    }
}

/// What a story says of its call in short; none of a story that has not begun.
pub(super) fn summary(entries: &[Entry]) -> Option<CallSummary> {
    let first = entries.first()?;
    let from = if let Fact::Arrived { from, .. } = &first.fact {
        from.clone()
    } else if let Fact::Texted { from, .. } = &first.fact {
        Some(from.clone())
    } else {
        None
    };
    let alarm = if let Fact::Raised { title, .. } = &first.fact {
        Some(title.clone())
    } else {
        None
    };
    let callback = if let Fact::CallsBack { id, .. } = &first.fact {
        Some(*id)
    } else {
        None
    };
    let end = entries
        .iter()
        .rev()
        .find_map(|entry| outcome_in(&entry.fact).map(|outcome| (entry.at, outcome)));
    Some(CallSummary {
        id: first.call,
        hotline: first.hotline.clone(),
        from,
        alarm,
        callback,
        arrived_at: first.at,
        ended_at: end.map(|(at, _)| at),
        outcome: end.map(|(_, outcome)| outcome),
    })
}

/// Who took the call, how long that took, and how long it lasted; none while it goes on.
pub(super) fn in_short(entries: &[Entry]) -> Option<String> {
    let arrived = entries.first()?.at;
    let call = summary(entries)?;
    let (ended, outcome) = (call.ended_at?, call.outcome?);
    let lasted = lasting(between(arrived, ended));
    let end = match outcome {
        Outcome::Served => format!("The call lasted {lasted}."),
        Outcome::CallbackAsked => format!("The caller asked to be called back. The call lasted {lasted}."),
        Outcome::Recorded => format!("The caller left a message. The call lasted {lasted}."),
        Outcome::CallerHungUp => format!("The caller hung up after {lasted}."),
        Outcome::NoMessage => format!("The caller left no message. The call lasted {lasted}."),
        Outcome::CutOff => format!("They were together for a moment only. The call lasted {lasted}."),
        Outcome::Refused => "The caller was turned away.".to_owned(),
        Outcome::Acknowledged => {
            return Some(masked(&format!("{} took care of it after {lasted}.", acknowledger(entries)?)));
        }
        Outcome::CalledBack => return Some(masked(&format!("{} called back. The call lasted {lasted}.", caller_back(entries)?))),
        Outcome::NotCalledBack => {
            return Some(masked(&format!(
                "{} did not reach the caller, who is still to be called back.",
                caller_back(entries)?
            )));
        }
        Outcome::PutThrough => {
            return Some(masked(&format!(
                "{} spoke with the caller again. The call lasted {lasted}.",
                who_dialled(entries)?
            )));
        }
        Outcome::NotPutThrough => {
            return Some(masked(&format!(
                "{} did not reach the caller with whom he had talked.",
                who_dialled(entries)?
            )));
        }
        Outcome::Resolved => return Some(format!("The alarm was over after {lasted}, before anybody had acknowledged it.")),
        Outcome::Unacknowledged => return Some(format!("Nobody took care of it. The phones rang for it for {lasted}.")),
    };
    let mut names: Vec<&str> = Vec::new();
    let mut waited = None;
    for entry in entries {
        if let Fact::Connected { name } = &entry.fact {
            waited.get_or_insert(between(arrived, entry.at));
            if !names.contains(&name.as_str()) {
                names.push(name);
            }
        }
    }
    let taken = match waited {
        Some(waited) => format!("{} took the call after {}.", names.join(", then "), lasting(waited)),
        None => "Nobody took the call.".to_owned(),
    };
    Some(masked(&format!("{taken} {end}")))
}

fn acknowledger(entries: &[Entry]) -> Option<&str> {
    entries.iter().find_map(|entry| {
        if let Fact::Acknowledged { name, .. } = &entry.fact {
            Some(name.as_str())
        } else {
            None
        }
    })
}

fn caller_back(entries: &[Entry]) -> Option<&str> {
    entries.iter().find_map(|entry| {
        if let Fact::CallsBack { name, .. } = &entry.fact {
            Some(name.as_str())
        } else {
            None
        }
    })
}

fn who_dialled(entries: &[Entry]) -> Option<&str> {
    entries.iter().find_map(|entry| {
        if let Fact::WantsThrough { name, .. } = &entry.fact {
            Some(name.as_str())
        } else {
            None
        }
    })
}

const fn outcome_in(fact: &Fact) -> Option<Outcome> {
    match fact {
        Fact::Ended { outcome } => Some(*outcome),
        Fact::Arrived { .. }
        | Fact::Met { .. }
        | Fact::Skipped { .. }
        | Fact::LevelBegan { .. }
        | Fact::AwayRungAllTheSame
        | Fact::PlanExhausted { .. }
        | Fact::Dialled { .. }
        | Fact::Rings { .. }
        | Fact::PickedUp { .. }
        | Fact::DidNotAccept { .. }
        | Fact::Accepted { .. }
        | Fact::Released { .. }
        | Fact::Connected { .. }
        | Fact::Parted { .. }
        | Fact::JoinedIn { .. }
        | Fact::Interrupted
        | Fact::Makeshift { .. }
        | Fact::AskedForMore { .. }
        | Fact::NobodyJoins { .. }
        | Fact::MenuOffered { .. }
        | Fact::CallbackAsked { .. }
        | Fact::CallbackReminded { .. }
        | Fact::MessageOffered { .. }
        | Fact::MessageLeft { .. }
        | Fact::RecordingRefused
        | Fact::RecordingBegan
        | Fact::NotRecorded { .. }
        | Fact::TalkRecorded { .. }
        | Fact::Transcribed
        | Fact::Told { .. }
        | Fact::RingTold { .. }
        | Fact::Raised { .. }
        | Fact::Texted { .. }
        | Fact::TextAdded { .. }
        | Fact::SenderTold { .. }
        | Fact::Acknowledged { .. }
        | Fact::RingsAgain { .. }
        | Fact::CallsBack { .. }
        | Fact::WantsThrough { .. }
        | Fact::NotPutThrough { .. }
        | Fact::RingsCaller { .. }
        | Fact::CallerAnswers { .. }
        | Fact::StaysOpen { .. }
        | Fact::CalledBack { .. }
        | Fact::CallbackTold { .. }
        | Fact::AlarmTold { .. }
        | Fact::RelayOpened { .. }
        | Fact::PassedOn { .. }
        | Fact::NotTexted { .. }
        | Fact::Spending { .. } => None,
    }
}
