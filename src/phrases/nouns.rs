//! What sentences speak of beside numbers and names: what became of whom, and why. It must not know any language.

use crate::roster::Phone;
use serde::{Deserialize, Serialize};

/// What became of a caller whom nobody has served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missed<'a> {
    /// A message of so many seconds, where that is known.
    LeftMessage(Option<u32>),
    /// Nothing.
    LeftNothing,
    /// He asked to be called back, on this number.
    AskedForCallback(&'a Phone),
    /// He did not wait.
    HungUp,
    /// He was with somebody for less than so many seconds.
    CutOff {
        /// With whom.
        name: &'a str,
        /// Seconds.
        seconds: u32,
    },
}

/// Why a caller who is called back was not reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NotReached {
    /// His line is in use, or he has rejected the call.
    Busy,
    /// He did not pick up.
    NoAnswer,
    /// He cannot be reached by telephone now.
    Failed,
    /// He picked up and was gone.
    HungUp,
}

/// Why a callback cannot be made now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hindrance {
    /// Somebody with this name is making it just now.
    Calling(String),
    /// It asks for the very number from which it would be made.
    OwnNumber,
    /// The hotline may not call this number.
    NotAllowed,
    /// Whoever wants to make it is on another call of the hotline.
    Engaged,
    /// The caller is on another call with the hotline.
    CallerEngaged,
}
