//! The words of a call: what happens to it, what it asks for, what people hear.

use super::Fact;
use crate::roster::Phone;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::fmt;
use uuid::Uuid;

/// A hotline's short name from the configuration, such as `lab`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct HotlineName(pub String);

/// Names one call for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CallId(pub Uuid);

/// One phone connection within a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LegId(pub u16);

/// The caller's own leg.
pub const CALLER: LegId = LegId(0);

/// The carrier's name of a leg's connection. Opaque in this room: only passed back to the carrier.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LineId(pub String);

/// The carrier's name of a recording. Opaque in this room: only passed back to the carrier.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RecordingId(pub String);

/// Somebody who is not to be rung for a while.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Away {
    /// Until when; none where nobody has said it.
    pub until: Option<DateTime<Utc>>,
    /// The same as the clocks show it where the rota is kept; empty without an end.
    pub shown: String,
    /// When we were told.
    pub told_at: DateTime<Utc>,
    /// How we were told.
    pub by: ToldBy,
}

/// How we were told that somebody is away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ToldBy {
    /// He has texted it himself.
    Text,
    /// On the page.
    Page,
    /// By the rota's sheet.
    Sheet {
        /// The cell that says so.
        cell: String,
    },
}

/// Something that happened to a call. Any of them may come late, twice or out of order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// The carrier has taken the order to dial.
    Placed {
        /// Which leg.
        leg: LegId,
        /// The carrier's name for it.
        line: LineId,
    },
    /// The carrier has refused the order to dial; nothing rings.
    Refused {
        /// Which leg.
        leg: LegId,
        /// Why.
        why: Refusal,
    },
    /// Whether the order to dial was taken is not known; it is being looked up, and never repeated blindly.
    Unsure {
        /// Which leg.
        leg: LegId,
    },
    /// The phone rings.
    Ringing {
        /// Which leg.
        leg: LegId,
        /// The carrier's name for it.
        line: LineId,
    },
    /// Somebody, or something, has picked up.
    Answered {
        /// Which leg.
        leg: LegId,
        /// The carrier's name for it.
        line: LineId,
        /// What the carrier took the voice for, where it was asked to wait for that.
        voice: Option<Voice>,
    },
    /// The carrier's machine detection has come to a result after the answer.
    Detected {
        /// Which leg.
        leg: LegId,
        /// What it heard.
        voice: Voice,
    },
    /// A key was pressed.
    Key {
        /// Which leg.
        leg: LegId,
        /// `0` to `9`, `*` or `#`.
        key: char,
    },
    /// The caller has typed something at one of the menu's questions: one key, or a number that ended with hash.
    Typed {
        /// Which leg.
        leg: LegId,
        /// What was typed, without the hash.
        digits: String,
    },
    /// The leg is in the call's room.
    Joined {
        /// Which leg.
        leg: LegId,
    },
    /// The leg has left the call's room and is still on the line, or may be: the room was closed, or star was pressed.
    LeftRoom {
        /// Which leg.
        leg: LegId,
    },
    /// The leg is alone in the room and asks what to listen to.
    StillWaiting {
        /// Which leg.
        leg: LegId,
    },
    /// The connection is over.
    Ended {
        /// Which leg.
        leg: LegId,
        /// How.
        how: Ending,
    },
    /// The caller's message is recorded.
    Recorded {
        /// The carrier's name of it.
        recording: RecordingId,
        /// Its length in seconds.
        seconds: u32,
    },
    /// The carrier records a talk.
    RecordingBegun {
        /// Which of the call's orders to record it was.
        number: u16,
        /// The carrier's name of it.
        recording: RecordingId,
    },
    /// Whether the order to record was taken is not known; it is looked up, and never repeated blindly.
    RecordingUnsure {
        /// Which of the call's orders to record it was.
        number: u16,
    },
    /// The recording of a talk is complete.
    RecordingEnded {
        /// Which of the call's orders to record it was.
        number: u16,
        /// The carrier's name of it.
        recording: RecordingId,
        /// Its length in seconds; none where nothing was recorded.
        seconds: u32,
        /// How many voices are kept apart in it.
        channels: u8,
    },
    /// The caller's message is written down.
    Transcribed {
        /// The carrier's name of the recording.
        recording: RecordingId,
        /// The words. They are deleted with the recording, and so stand in no log.
        #[serde(skip)]
        text: String,
    },
    /// The caller is being put through without the store ([`crate::switchboard::Makeshift`]).
    Makeshift {
        /// Whether he has talked with somebody there.
        talked: bool,
    },
    /// Whoever raised the alarm says that it is over.
    Resolved,
    /// A text of one of two who have talked is to be passed on to the other.
    PassOn {
        /// Who wrote it.
        from: Phone,
        /// Who reads it.
        to: Phone,
        /// What he reads.
        body: String,
    },
    /// A stranger for whose text phones ring has texted again.
    TextAdded {
        /// What, in one line.
        body: String,
    },
    /// A text that was to be passed on was not sent, or nobody knows whether it was.
    NotTexted(Undelivered),
    /// The callback that the caller asked for is still open when it should have been made.
    CallbackOverdue,
    /// It is the call's turn in the line: somebody can be rung for it.
    SomebodyIsFree,
    /// Time has passed: a deadline may be over.
    Tick,
}

/// What the carrier's machine detection took a voice for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Voice {
    /// A human being.
    Human,
    /// An answering machine.
    Machine,
    /// A fax.
    Fax,
    /// It cannot tell.
    Unknown,
}

/// How a connection came to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// After it had been answered: somebody hung up.
    Completed,
    /// The phone was in use, or its owner rejected the call.
    Busy,
    /// It rang out.
    NoAnswer,
    /// It could not be connected.
    Failed,
    /// We stopped it before it was answered.
    Canceled,
    /// The carrier says that there is no such connection (any more).
    Gone,
}

/// Why the carrier did not take an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// The carrier's error code, where it gave one.
    pub code: Option<u32>,
    /// In words, for the log.
    pub message: String,
    /// Whether the same order would be refused again (a wrong number), so that no later round repeats it.
    pub permanent: bool,
}

/// A text that was to be passed on and was not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Undelivered {
    /// Who wrote it.
    pub from: Phone,
    /// Who was to read it.
    pub to: Phone,
    /// The carrier's error code, where it gave one.
    pub code: Option<u32>,
    /// Why, in words.
    pub why: String,
    /// Whether further texts to the same number would not be sent either.
    pub permanent: bool,
}

/// Something that the world is asked to do. Each has a computed key, so that it is done once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "snake_case")]
pub enum Command {
    /// Ring a responder.
    Dial {
        /// The new leg.
        leg: LegId,
        /// Whom.
        to: Phone,
        /// How long it rings.
        ring_seconds: u32,
        /// Whether the carrier is to tell humans from machines.
        detection: Option<Detection>,
    },
    /// Forget an order to dial if it is not yet on its way.
    Withdraw {
        /// Which leg.
        leg: LegId,
    },
    /// Stop the ringing. A leg answered a moment before is left alone: its script says why it is not needed.
    Cancel {
        /// Which leg.
        leg: LegId,
        /// The carrier's name for it.
        line: LineId,
    },
    /// End the connection in whatever state it is.
    HangUp {
        /// Which leg.
        leg: LegId,
        /// The carrier's name for it.
        line: LineId,
    },
    /// Have the leg hear its script anew.
    Redirect {
        /// Distinguishes several redirections of one leg.
        number: u16,
        /// Which leg.
        leg: LegId,
        /// The carrier's name for it.
        line: LineId,
    },
    /// Find out whether an order to dial whose outcome is unknown was taken.
    Find {
        /// Which leg.
        leg: LegId,
        /// The number that was to be rung.
        to: Phone,
        /// When it was ordered.
        since: DateTime<Utc>,
    },
    /// Find out whether a line is still up.
    LookAfter {
        /// Distinguishes several looks of one call.
        #[serde(default)]
        number: u16,
        /// Which leg.
        leg: LegId,
        /// The carrier's name for it.
        line: LineId,
    },
    /// Record what is said on a line from now on, both sides apart.
    Record {
        /// Distinguishes several recordings of one call.
        number: u16,
        /// Which leg.
        leg: LegId,
        /// The carrier's name for it.
        line: LineId,
    },
    /// End that recording; forget the order to record, if it is not yet on its way.
    StopRecording {
        /// Which of the call's orders to record it was.
        number: u16,
        /// Which leg.
        leg: LegId,
        /// The carrier's name for it.
        line: LineId,
        /// The carrier's name of the recording; none where that is not known: whatever runs.
        recording: Option<RecordingId>,
    },
    /// Find out whether an order to record whose outcome is unknown was taken.
    FindRecording {
        /// Which of the call's orders to record it was.
        number: u16,
        /// Which leg.
        leg: LegId,
        /// The carrier's name for it.
        line: LineId,
        /// Recordings of that line that it is not.
        known: Vec<RecordingId>,
    },
    /// Send a text message from the hotline's number.
    Text {
        /// Distinguishes several texts of one call.
        number: u16,
        /// Who wrote it, where it is passed on: he hears of it where it cannot be sent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        sender: Option<Phone>,
        /// To whom.
        to: Phone,
        /// What it says.
        body: String,
    },
}

/// When the carrier says what it takes a voice for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Detection {
    /// Before the answered leg hears anything.
    BeforeScript,
    /// While the answered leg hears its script.
    Meanwhile,
}

/// What a leg hears and may do now. A view of the call's state: asked twice, it is the same twice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "script", rename_all = "snake_case")]
pub enum Script {
    /// The caller: some words, then waiting in the room.
    Wait {
        /// Said before the room, while a key may answer it; silence leads into the room.
        announcement: Option<Announcement>,
        /// Said in the room, first.
        words: String,
        /// The stay ends after this time at the latest.
        max_seconds: u32,
        /// Whether star leaves the room.
        star: bool,
    },
    /// A responder: who calls and why; then a key. Said twice; without a key the leg ends.
    Whisper {
        /// Said while keys are listened for.
        words: String,
        /// How long to listen, over both times.
        accept_seconds: u32,
    },
    /// A responder: some words, then into the room.
    Join {
        /// Said before the room.
        words: String,
        /// His stay.
        stay: Stay,
    },
    /// A responder in the middle of the talk: a question answered by a key; in silence he goes back into the room.
    Aside {
        /// The question.
        words: String,
        /// Said before the room.
        then: String,
        /// His stay.
        stay: Stay,
    },
    /// The caller: a question answered by a key; silence ends the call.
    Ask {
        /// The question.
        words: String,
    },
    /// The caller: some words, then a recording.
    TakeMessage {
        /// Asked before; silence goes on to the message.
        question: Option<Question>,
        /// Said before the tone.
        words: String,
        /// The longest recording.
        max_seconds: u32,
        /// Whether it is to be written down.
        transcribed: bool,
    },
    /// The caller: the line is not answered.
    Reject,
    /// Anybody: some words, then the end.
    Goodbye {
        /// The last thing heard.
        words: String,
    },
}

/// What somebody must hear before he is in the room.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Announcement {
    /// Said before it; may be empty.
    pub opening: String,
    /// The words. A key meanwhile is an [`Event::Key`].
    pub words: String,
}

/// How a responder stays in the room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stay {
    /// It ends after this time at the latest.
    pub max_seconds: u32,
    /// Whether star leaves the room.
    pub star: bool,
    /// Whether those in the room hear a tone when he comes in.
    pub tone: bool,
}

/// A question that may stay without an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// The words.
    pub words: String,
    /// What answers it.
    pub wanted: Wanted,
    /// How often it is asked before silence counts as the answer.
    pub times: u8,
}

/// What answers a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wanted {
    /// A key: an [`Event::Key`].
    Key,
    /// A key of the menu: an [`Event::Typed`].
    Choice,
    /// A number that ends with hash: an [`Event::Typed`].
    Number,
}

/// What a call has decided, in the order of deciding.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reaction {
    /// To be done by others.
    pub commands: Vec<Command>,
    /// For the call's story.
    pub facts: Vec<Fact>,
}

impl Event {
    /// The leg that the event is about, where it is about one.
    #[must_use]
    pub const fn leg(&self) -> Option<LegId> {
        match self {
            Self::Placed { leg, .. }
            | Self::Refused { leg, .. }
            | Self::Unsure { leg }
            | Self::Ringing { leg, .. }
            | Self::Answered { leg, .. }
            | Self::Detected { leg, .. }
            | Self::Key { leg, .. }
            | Self::Typed { leg, .. }
            | Self::Joined { leg }
            | Self::LeftRoom { leg }
            | Self::StillWaiting { leg }
            | Self::Ended { leg, .. } => Some(*leg),
            Self::Recorded { .. }
            | Self::RecordingBegun { .. }
            | Self::RecordingUnsure { .. }
            | Self::RecordingEnded { .. }
            | Self::Transcribed { .. }
            | Self::PassOn { .. }
            | Self::TextAdded { .. }
            | Self::NotTexted(_)
            | Self::CallbackOverdue
            | Self::Makeshift { .. }
            | Self::Resolved
            | Self::SomebodyIsFree
            | Self::Tick => None,
        }
    }
}

impl From<&str> for RecordingId {
    fn from(name: &str) -> Self {
        Self(name.to_owned())
    }
}

/// To go after `away until 18:00, `.
impl fmt::Display for ToldBy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text => f.write_str("told by text"),
            Self::Page => f.write_str("told on the page"),
            Self::Sheet { cell } => write!(f, "says {cell}"),
        }
    }
}

impl fmt::Display for HotlineName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for CallId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl fmt::Display for LegId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}
