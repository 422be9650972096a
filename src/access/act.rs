//! What is noted in the audit log: every change, and every look at what is private. No number is in it, nor what was said.

use super::rights::Rights;
use super::who::Who;
use crate::call::CallId;

/// Who does something.
#[derive(Clone, Copy, Debug)]
pub enum Author<'w> {
    /// Somebody over the wire.
    Who(&'w Who),
    /// Whoever types commands on this machine.
    Command,
}

/// Something that is done.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is said by its words below")]
pub enum Act {
    SignedIn { by: &'static str },
    SignedOut,
    PasswordChanged,
    CallbackDone { id: u32 },
    CallbackRung { id: u32 },
    PresenceTold { person: String, presence: &'static str },
    RecordingHeard { id: i64, call: CallId },
    TranscriptRead { id: i64, call: CallId },
    RecordingDeleted { id: i64, call: CallId },
    TestCallPlaced,
    NumberShown { call: CallId },
    UserAdded { name: String, rights: Rights },
    UserRemoved { name: String },
    PasswordSet { name: String },
    LinkMade { name: String },
    TokenAdded { name: String, rights: Rights },
    TokenRemoved { name: String },
    NumberForgotten,
    VersionAccepted { revision: String },
}

impl Act {
    /// Which kind of thing; stable.
    #[must_use]
    pub const fn what(&self) -> &'static str {
        match self {
            Self::SignedIn { .. } => "signed-in",
            Self::SignedOut => "signed-out",
            Self::PasswordChanged => "password-changed",
            Self::CallbackDone { .. } => "callback-done",
            Self::CallbackRung { .. } => "callback-rung",
            Self::PresenceTold { .. } => "presence-told",
            Self::RecordingHeard { .. } => "recording-heard",
            Self::TranscriptRead { .. } => "transcript-read",
            Self::RecordingDeleted { .. } => "recording-deleted",
            Self::TestCallPlaced => "test-call-placed",
            Self::NumberShown { .. } => "number-shown",
            Self::UserAdded { .. } => "user-added",
            Self::UserRemoved { .. } => "user-removed",
            Self::PasswordSet { .. } => "password-set",
            Self::LinkMade { .. } => "link-made",
            Self::TokenAdded { .. } => "token-added",
            Self::TokenRemoved { .. } => "token-removed",
            Self::NumberForgotten => "number-forgotten",
            Self::VersionAccepted { .. } => "version-accepted",
        }
    }

    /// The same for people.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::SignedIn { by } => format!("signs in by {by}"),
            Self::SignedOut => "signs out".to_owned(),
            Self::PasswordChanged => "changes the own password".to_owned(),
            Self::CallbackDone { id } => format!("says that callback {id} is done"),
            Self::CallbackRung { id } => format!("has somebody rung for callback {id}"),
            Self::PresenceTold { person, presence } => format!("says of {person}: {presence}"),
            Self::RecordingHeard { id, call } => format!("listens to recording {id} of call {call}"),
            Self::TranscriptRead { id, call } => format!("reads recording {id} of call {call}"),
            Self::RecordingDeleted { id, call } => format!("deletes recording {id} of call {call}"),
            Self::TestCallPlaced => "places a test call".to_owned(),
            Self::NumberShown { call } => format!("looks at the caller's number of call {call}"),
            Self::UserAdded { name, rights } => format!("adds the user {name}: {}", told(rights)),
            Self::UserRemoved { name } => format!("removes the user {name}"),
            Self::PasswordSet { name } => format!("sets a password for the user {name}"),
            Self::LinkMade { name } => format!("makes a sign-in link for the user {name}"),
            Self::TokenAdded { name, rights } => format!("adds the token {name}: {}", told(rights)),
            Self::TokenRemoved { name } => format!("removes the token {name}"),
            Self::NumberForgotten => "has all forgotten that is kept of a caller's number".to_owned(),
            Self::VersionAccepted { revision } => format!("accepts version {revision} of the rota, whomever it leaves without anybody"),
        }
    }
}

fn told(rights: &Rights) -> String {
    format!("{} of {}", rights.role, rights.hotlines)
}
