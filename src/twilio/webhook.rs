//! From a webhook's form to what happened to the call.
//!
//! Pure, and lenient as the carrier's documentation demands: a status or an event that is not known says nothing.
//! It must not know calls, only legs: what an event means is decided elsewhere.

use super::address::Callback;
use super::form::{Form, FromForm, Missing};
use crate::call::{CALLER, Ending, Event, LegId, LineId, RecordingId, Voice};
use crate::roster::Phone;

/// An inbound call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrival {
    /// The number dialled; none where it is no phone number (a SIP or client address).
    pub to: Option<Phone>,
    /// The caller's number; none where withheld or not a phone number.
    pub from: Option<Phone>,
    /// The carrier's name of the caller's line.
    pub line: LineId,
}

/// The carrier tells how a line stands, by the line's name only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineStatus {
    /// The line.
    pub line: LineId,
    /// How it ended; none while it lives.
    pub ended: Option<Ending>,
}

/// A text to one of our numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Texted {
    /// The carrier's name of it.
    pub id: String,
    /// The number that it went to.
    pub to: Option<Phone>,
    /// Who sent it; none where nobody can be answered: a short code, a name.
    pub from: Option<Phone>,
    /// What it says, and not more than one text can.
    pub body: String,
    /// Whether there were pictures, or anything else that is no words, with it.
    pub has_pictures: bool,
    /// Whether the carrier has answered it already: it was about being texted at all.
    pub is_settled: bool,
}

/// The longest text, in characters.
const LONGEST_TEXT: usize = 1_600;

/// Where the connection stands, as `CallStatus` says.
enum Standing {
    Placed,
    Ringing,
    Answered,
    Over(Ending),
}

/// What is kept of a message in writing, in characters: more than anybody says in two minutes.
const MOST_TRANSCRIBED: usize = 4_000;

/// What is kept of what somebody typed.
const MOST_TYPED: usize = 40;

/// What networks put in place of a withheld number: the words RESTRICTED, UNAVAILABLE, ANONYMOUS, UNKNOWN and
/// BLOCKED as typed on a telephone's keys.
const WITHHELD: [&str; 5] = ["7378742833", "86282452253", "266696687", "8656696", "2562533"];

impl FromForm for Arrival {
    fn from_form(form: &Form) -> Result<Self, Missing> {
        Ok(Self {
            to: form.get("To").and_then(phone_number),
            from: form.get("From").and_then(phone_number),
            line: line(form).ok_or(Missing("CallSid"))?,
        })
    }
}

impl FromForm for LineStatus {
    fn from_form(form: &Form) -> Result<Self, Missing> {
        Ok(Self {
            line: line(form).ok_or(Missing("CallSid"))?,
            ended: ending(form),
        })
    }
}

impl FromForm for Texted {
    fn from_form(form: &Form) -> Result<Self, Missing> {
        Ok(Self {
            id: name(form, "MessageSid").ok_or(Missing("MessageSid"))?,
            to: form.get("To").and_then(phone_number),
            from: form.get("From").and_then(phone_number),
            body: form.get("Body").unwrap_or_default().chars().take(LONGEST_TEXT).collect(),
            has_pictures: form.get("NumMedia").is_some_and(|count| !count.is_empty() && count != "0"),
            is_settled: form.get("OptOutType").is_some_and(|kind| !kind.is_empty()),
        })
    }
}

/// What a leg's webhook says has happened: mostly one thing; nothing where it only asks, or says nothing known.
/// That a leg waits is worth an event only where it should not ([`crate::call::Call::may_wait`]).
#[must_use]
pub fn events(callback: Callback, leg: LegId, form: &Form) -> Vec<Event> {
    match callback {
        Callback::Script => script_wanted(leg, form).into_iter().collect(),
        Callback::Key => key(leg, form).into_iter().collect(),
        Callback::Typed => typed(leg, form).into_iter().collect(),
        Callback::Greeting | Callback::Wait => vec![Event::StillWaiting { leg }],
        Callback::Room => vec![room_left(leg, form)],
        Callback::Status => status(leg, form).into_iter().collect(),
        Callback::Machine => detected(leg, form).into_iter().collect(),
        Callback::Recording => recorded(leg, form),
        Callback::Transcript => transcribed(form).into_iter().collect(),
    }
}

/// The key pressed at a menu; none where there was none, or the menu has no such keys.
#[must_use]
pub fn menu_key(form: &Form) -> Option<char> {
    form.get("Digits")?.chars().next().filter(char::is_ascii_digit)
}

/// Whether the line is over already, so that nobody hears the answer.
#[must_use]
pub fn is_over(form: &Form) -> bool {
    ending(form).is_some()
}

/// Whether two were together before this was asked.
#[must_use]
pub fn was_bridged(form: &Form) -> bool {
    match form.get("DialBridged") {
        Some(bridged) => bridged == "true",
        None => form.get("DialCallStatus") == Some("completed"),
    }
}

/// What a room's webhook says has happened. Legs go by their label, which is their number.
#[must_use]
pub fn room_event(form: &Form) -> Option<Event> {
    let leg = LegId(form.get("ParticipantLabel")?.parse().ok()?);
    match form.get("StatusCallbackEvent")? {
        "participant-join" => Some(Event::Joined { leg }),
        // A leg that lives on asks at the end of its stay what comes next, which is not as late as this notice.
        "participant-leave" => form
            .get("ParticipantCallStatus")
            .and_then(ending_of)
            .map(|how| Event::Ended { leg, how }),
        _ => None,
    }
}

/// The document for a leg is asked for once it is answered, and again after every redirection.
fn script_wanted(leg: LegId, form: &Form) -> Option<Event> {
    if let Some(how) = ending(form) {
        return Some(Event::Ended { leg, how });
    }
    // A caller has not been answered by anybody, unless it is us who have rung him.
    if leg == CALLER && !is_ours(form) {
        return None;
    }
    let voice = form.get("AnsweredBy").map(voice);
    line(form).map(|line| Event::Answered { leg, line, voice })
}

/// Whether it is us who have dialled.
fn is_ours(form: &Form) -> bool {
    form.get("Direction").is_some_and(|direction| direction.starts_with("outbound"))
}

fn key(leg: LegId, form: &Form) -> Option<Event> {
    let key = form.get("Digits")?.chars().next()?;
    matches!(key, '0'..='9' | '*' | '#').then_some(Event::Key { leg, key })
}

/// No number is longer than what is kept of it, so that a part of something else is never taken for one.
fn typed(leg: LegId, form: &Form) -> Option<Event> {
    let keys = form.get("Digits")?.chars().filter(|key| matches!(key, '0'..='9' | '*' | '#'));
    let digits: String = keys.take(MOST_TYPED).collect();
    (!digits.is_empty()).then_some(Event::Typed { leg, digits })
}

fn room_left(leg: LegId, form: &Form) -> Event {
    match ending(form) {
        Some(how) => Event::Ended { leg, how },
        None => Event::LeftRoom { leg },
    }
}

fn status(leg: LegId, form: &Form) -> Option<Event> {
    let standing = standing_of(form.get("CallStatus")?)?;
    match standing {
        Standing::Placed => line(form).map(|line| Event::Placed { leg, line }),
        Standing::Ringing => line(form).map(|line| Event::Ringing { leg, line }),
        Standing::Answered => line(form).map(|line| Event::Answered {
            leg,
            line,
            voice: form.get("AnsweredBy").map(voice),
        }),
        Standing::Over(how) => Some(Event::Ended { leg, how }),
    }
}

fn detected(leg: LegId, form: &Form) -> Option<Event> {
    let voice = voice(form.get("AnsweredBy")?);
    Some(Event::Detected { leg, voice })
}

/// A recording ends by a key, by silence, at its limit, or because the caller hung up.
fn recorded(leg: LegId, form: &Form) -> Vec<Event> {
    let recording = recording(form).map(|recording| Event::Recorded {
        recording,
        seconds: seconds(form),
    });
    let hung_up = form.get("Digits") == Some("hangup");
    let how = ending(form).or_else(|| hung_up.then_some(Ending::Completed));
    let ended = how.map(|how| Event::Ended { leg, how });
    recording.into_iter().chain(ended).collect()
}

/// The carrier's name of a recording; what comes without one has an address that ends with it.
fn recording(form: &Form) -> Option<RecordingId> {
    let of_address = || {
        let last = form.get("RecordingUrl")?.rsplit('/').next()?;
        is_name(last).then(|| last.to_owned())
    };
    name(form, "RecordingSid").or_else(of_address).map(RecordingId)
}

fn seconds(form: &Form) -> u32 {
    form.get("RecordingDuration").and_then(|text| text.parse().ok()).unwrap_or(0)
}

/// Of a message that could not be written down nothing is said.
fn transcribed(form: &Form) -> Option<Event> {
    let text: String = form.get("TranscriptionText")?.chars().take(MOST_TRANSCRIBED).collect();
    let is_done = form.get("TranscriptionStatus") == Some("completed");
    let recording = recording(form).filter(|_| is_done && !text.trim().is_empty())?;
    Some(Event::Transcribed { recording, text })
}

/// What the notice about the recording of a talk says.
#[must_use]
pub fn talk_event(number: u16, form: &Form) -> Option<Event> {
    let recording = recording(form)?;
    match form.get("RecordingStatus")? {
        "in-progress" => Some(Event::RecordingBegun { number, recording }),
        "completed" => Some(Event::RecordingEnded {
            number,
            recording,
            seconds: seconds(form),
            channels: form.get("RecordingChannels").and_then(|text| text.parse().ok()).unwrap_or(1),
        }),
        "absent" | "failed" => Some(Event::RecordingEnded {
            number,
            recording,
            seconds: 0,
            channels: 0,
        }),
        _ => None,
    }
}

fn ending(form: &Form) -> Option<Ending> {
    form.get("CallStatus").and_then(ending_of)
}

/// How a connection with this status has ended; none while it lives, or if the status is not known.
pub(super) fn ending_of(status: &str) -> Option<Ending> {
    match standing_of(status)? {
        Standing::Over(how) => Some(how),
        Standing::Placed | Standing::Ringing | Standing::Answered => None,
    }
}

fn standing_of(status: &str) -> Option<Standing> {
    match status {
        "queued" | "initiated" => Some(Standing::Placed),
        "ringing" => Some(Standing::Ringing),
        "in-progress" => Some(Standing::Answered),
        "completed" => Some(Standing::Over(Ending::Completed)),
        "busy" => Some(Standing::Over(Ending::Busy)),
        "no-answer" => Some(Standing::Over(Ending::NoAnswer)),
        "failed" => Some(Standing::Over(Ending::Failed)),
        "canceled" => Some(Standing::Over(Ending::Canceled)),
        _ => None,
    }
}

/// `machine_start`, `machine_end_beep` and whatever machines come later are machines; the rest is not known.
fn voice(answered_by: &str) -> Voice {
    match answered_by {
        "human" => Voice::Human,
        "fax" => Voice::Fax,
        machine if machine.starts_with("machine") => Voice::Machine,
        _ => Voice::Unknown,
    }
}

pub(super) fn line(form: &Form) -> Option<LineId> {
    name(form, "CallSid").map(LineId)
}

/// The line whose document has rung this one.
pub(super) fn rung_by(form: &Form) -> Option<LineId> {
    name(form, "ParentCallSid").map(LineId)
}

/// A name of the carrier's, which may become a part of request paths: letters, digits and hyphens only.
fn name(form: &Form, field: &str) -> Option<String> {
    form.get(field).filter(|sid| is_name(sid)).map(str::to_owned)
}

fn is_name(text: &str) -> bool {
    (1..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

pub(super) fn phone_number(text: &str) -> Option<Phone> {
    let number = Phone::from_e164(text.trim()).ok()?;
    let digits = number.address().trim_start_matches('+');
    let stands_for_nothing = WITHHELD.contains(&digits) || digits.strip_prefix('1').is_some_and(|rest| WITHHELD.contains(&rest));
    (!stands_for_nothing).then_some(number)
}

#[cfg(test)]
mod tests;
