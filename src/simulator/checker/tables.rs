//! Which attributes, children and text each TwiML element may have. From Twilio's pages on each verb and noun.

use std::fmt;

/// What a value must look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Any text that is not empty.
    Words,
    /// Text of so many characters at most.
    UpTo(usize),
    /// `true` or `false`.
    Flag,
    /// A whole number within these bounds.
    Whole(u32, u32),
    /// A positive number or `auto`.
    WholeOrAuto,
    /// One of these words.
    OneOf(&'static [&'static str]),
    /// Some of these words, separated by single blanks.
    Each(&'static [&'static str]),
    /// One key of the phone, or empty.
    Key,
    /// Keys of the phone.
    Keys,
    /// Tones to play.
    Digits,
    /// A web address, also a relative one.
    Address,
    /// A web address, or empty.
    AddressOrNone,
    /// A phone number in international form.
    E164,
    /// A call SID.
    CallSid,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Words => f.write_str("text"),
            Self::UpTo(most) => write!(f, "text of 1 to {most} characters"),
            Self::Flag => f.write_str("true or false"),
            Self::Whole(least, most) => write!(f, "a whole number from {least} to {most}"),
            Self::WholeOrAuto => f.write_str("a positive number or auto"),
            Self::OneOf(words) => write!(f, "one of {}", words.join(", ")),
            Self::Each(words) => write!(f, "some of {}, separated by blanks", words.join(", ")),
            Self::Key => f.write_str("one key or empty"),
            Self::Keys => f.write_str("keys of a phone"),
            Self::Digits => f.write_str("tones"),
            Self::Address => f.write_str("a web address"),
            Self::AddressOrNone => f.write_str("a web address or empty"),
            Self::E164 => f.write_str("a phone number in E.164 form"),
            Self::CallSid => f.write_str("a call SID"),
        }
    }
}

/// One element.
pub(super) struct Rule {
    pub(super) name: &'static str,
    pub(super) attributes: &'static [(&'static str, Kind)],
    pub(super) children: &'static [&'static str],
    pub(super) text: Option<Kind>,
}

/// The rule for an element.
pub(super) fn rule(name: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.name == name)
}

const METHOD: Kind = Kind::OneOf(&["GET", "POST"]);
const TRIM: Kind = Kind::OneOf(&["trim-silence", "do-not-trim"]);
const RECORDING_EVENTS: Kind = Kind::Each(&["in-progress", "completed", "absent"]);
const CALL_EVENTS: Kind = Kind::Each(&["initiated", "ringing", "answered", "completed"]);
const CONFERENCE_EVENTS: Kind = Kind::Each(&["start", "end", "join", "leave", "mute", "hold", "modify", "speaker", "announcement"]);
/// A day, in seconds.
const DAY: u32 = 86_400;

const RULES: &[Rule] = &[
    Rule {
        name: "Say",
        attributes: &[("voice", Kind::Words), ("language", Kind::Words), ("loop", Kind::Whole(0, 1000))],
        children: &[],
        text: Some(Kind::Words),
    },
    Rule {
        name: "Play",
        attributes: &[("loop", Kind::Whole(0, 1000)), ("digits", Kind::Digits)],
        children: &[],
        text: Some(Kind::Address),
    },
    Rule {
        name: "Pause",
        attributes: &[("length", Kind::Whole(1, DAY))],
        children: &[],
        text: None,
    },
    Rule {
        name: "Redirect",
        attributes: &[("method", METHOD)],
        children: &[],
        text: Some(Kind::Address),
    },
    Rule {
        name: "Hangup",
        attributes: &[],
        children: &[],
        text: None,
    },
    Rule {
        name: "Message",
        attributes: &[
            ("to", Kind::E164),
            ("from", Kind::E164),
            ("action", Kind::Address),
            ("method", Kind::OneOf(&["GET", "POST"])),
            ("statusCallback", Kind::Address),
        ],
        children: &[],
        text: Some(Kind::UpTo(1_600)),
    },
    Rule {
        name: "Leave",
        attributes: &[],
        children: &[],
        text: None,
    },
    Rule {
        name: "Reject",
        attributes: &[("reason", Kind::OneOf(&["rejected", "busy"]))],
        children: &[],
        text: None,
    },
    Rule {
        name: "Gather",
        attributes: &[
            ("input", Kind::OneOf(&["dtmf", "speech", "dtmf speech", "speech dtmf"])),
            ("timeout", Kind::Whole(1, 600)),
            ("numDigits", Kind::Whole(1, 1000)),
            ("finishOnKey", Kind::Key),
            ("action", Kind::Address),
            ("method", METHOD),
            ("actionOnEmptyResult", Kind::Flag),
            ("speechTimeout", Kind::WholeOrAuto),
            ("speechModel", Kind::Words),
            ("language", Kind::Words),
            ("hints", Kind::Words),
            ("partialResultCallback", Kind::Address),
            ("profanityFilter", Kind::Flag),
        ],
        children: &["Say", "Play", "Pause"],
        text: None,
    },
    Rule {
        name: "Record",
        attributes: &[
            ("timeout", Kind::Whole(0, DAY)),
            ("finishOnKey", Kind::Keys),
            ("maxLength", Kind::Whole(1, 14_400)),
            ("playBeep", Kind::Flag),
            ("trim", TRIM),
            ("transcribe", Kind::Flag),
            ("transcribeCallback", Kind::Address),
            ("recordingStatusCallback", Kind::Address),
            ("recordingStatusCallbackMethod", METHOD),
            ("recordingStatusCallbackEvent", RECORDING_EVENTS),
            ("action", Kind::Address),
            ("method", METHOD),
        ],
        children: &[],
        text: None,
    },
    Rule {
        name: "Dial",
        attributes: &[
            ("action", Kind::Address),
            ("method", METHOD),
            ("timeout", Kind::Whole(5, 600)),
            ("timeLimit", Kind::Whole(1, DAY)),
            ("hangupOnStar", Kind::Flag),
            ("answerOnBridge", Kind::Flag),
            ("callerId", Kind::Words),
            (
                "record",
                Kind::OneOf(&[
                    "do-not-record",
                    "record-from-answer",
                    "record-from-ringing",
                    "record-from-answer-dual",
                    "record-from-ringing-dual",
                ]),
            ),
            ("recordingStatusCallback", Kind::Address),
            ("recordingStatusCallbackMethod", METHOD),
            ("recordingStatusCallbackEvent", RECORDING_EVENTS),
            ("recordingTrack", Kind::OneOf(&["both", "inbound", "outbound"])),
            ("trim", TRIM),
            ("ringTone", Kind::Words),
            ("sequential", Kind::Flag),
            ("referUrl", Kind::Address),
            ("referMethod", METHOD),
        ],
        children: &["Number", "Client", "Sip", "Conference", "Queue"],
        text: Some(Kind::E164),
    },
    Rule {
        name: "Number",
        attributes: &[
            ("sendDigits", Kind::Digits),
            ("url", Kind::Address),
            ("method", METHOD),
            ("statusCallback", Kind::Address),
            ("statusCallbackEvent", CALL_EVENTS),
            ("statusCallbackMethod", METHOD),
            ("byoc", Kind::Words),
            ("machineDetection", Kind::OneOf(&["Enable", "DetectMessageEnd"])),
            ("machineDetectionTimeout", Kind::Whole(3, 60)),
            ("machineDetectionSpeechThreshold", Kind::Whole(1000, 6000)),
            ("machineDetectionSpeechEndThreshold", Kind::Whole(500, 5000)),
            ("machineDetectionSilenceTimeout", Kind::Whole(2000, 10_000)),
            ("amdStatusCallback", Kind::Address),
            ("amdStatusCallbackMethod", METHOD),
        ],
        children: &[],
        text: Some(Kind::E164),
    },
    Rule {
        name: "Client",
        attributes: &[
            ("url", Kind::Address),
            ("method", METHOD),
            ("statusCallback", Kind::Address),
            ("statusCallbackEvent", CALL_EVENTS),
            ("statusCallbackMethod", METHOD),
        ],
        children: &["Identity", "Parameter"],
        text: Some(Kind::Words),
    },
    Rule {
        name: "Identity",
        attributes: &[],
        children: &[],
        text: Some(Kind::Words),
    },
    Rule {
        name: "Parameter",
        attributes: &[("name", Kind::Words), ("value", Kind::Words)],
        children: &[],
        text: None,
    },
    Rule {
        name: "Sip",
        attributes: &[
            ("username", Kind::Words),
            ("password", Kind::Words),
            ("url", Kind::Address),
            ("method", METHOD),
            ("statusCallback", Kind::Address),
            ("statusCallbackEvent", CALL_EVENTS),
            ("statusCallbackMethod", METHOD),
        ],
        children: &[],
        text: Some(Kind::Words),
    },
    Rule {
        name: "Queue",
        attributes: &[
            ("url", Kind::Address),
            ("method", METHOD),
            ("reservationSid", Kind::Words),
            ("postWorkActivitySid", Kind::Words),
        ],
        children: &[],
        text: Some(Kind::Words),
    },
    Rule {
        name: "Conference",
        attributes: &[
            ("muted", Kind::Flag),
            ("beep", Kind::OneOf(&["true", "false", "onEnter", "onExit"])),
            ("startConferenceOnEnter", Kind::Flag),
            ("endConferenceOnExit", Kind::Flag),
            ("participantLabel", Kind::UpTo(128)),
            ("waitUrl", Kind::AddressOrNone),
            ("waitMethod", METHOD),
            ("maxParticipants", Kind::Whole(2, 250)),
            ("record", Kind::OneOf(&["do-not-record", "record-from-start"])),
            ("trim", TRIM),
            ("coach", Kind::CallSid),
            ("region", Kind::OneOf(&["us1", "us2", "ie1", "de1", "sg1", "br1", "au1", "jp1"])),
            ("jitterBufferSize", Kind::OneOf(&["large", "medium", "small", "off"])),
            ("statusCallback", Kind::Address),
            ("statusCallbackEvent", CONFERENCE_EVENTS),
            ("statusCallbackMethod", METHOD),
            ("recordingStatusCallback", Kind::Address),
            ("recordingStatusCallbackMethod", METHOD),
            ("recordingStatusCallbackEvent", RECORDING_EVENTS),
        ],
        children: &[],
        text: Some(Kind::UpTo(128)),
    },
    Rule {
        name: "Enqueue",
        attributes: &[
            ("action", Kind::Address),
            ("method", METHOD),
            ("waitUrl", Kind::Address),
            ("waitUrlMethod", METHOD),
            ("workflowSid", Kind::Words),
        ],
        children: &["Task"],
        text: Some(Kind::UpTo(64)),
    },
    Rule {
        name: "Task",
        attributes: &[("priority", Kind::Words), ("timeout", Kind::Words)],
        children: &[],
        text: Some(Kind::Words),
    },
];
