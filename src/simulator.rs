//! Plays Twilio and the people on its phones, for tests, the demo and drills. [`network`] is the pure machine in
//! virtual time; [`server`] puts it behind loopback sockets. It is the adversary: where Twilio is unpleasant, so
//! is this. It knows TwiML and REST as Twilio speaks them, and nothing of how a call is conducted.

mod agenda;
mod bridges;
mod callbacks;
mod calls;
pub mod checker;
pub mod document;
pub mod habits;
pub mod heard;
mod leg;
pub mod mischief;
pub mod network;
mod people;
mod playing;
pub mod posting;
mod recordings;
mod rest;
mod rooms;
pub mod server;
mod texting;

pub use habits::{AtAnnouncement, AtMenu, AtQuestion, AtStar, AtTone, CallerHabit, Delay, Habit};
pub use heard::{Heard, Sound, Talk, Text};
pub use mischief::Mischief;
pub use network::{Line, PhoneNetwork};
pub use playing::APPLICATION_ERROR;
pub use posting::{Failed, WebhookReply, WebhookRequest};
pub use recordings::Recorded;
pub use rest::{Lost, RestAnswer};

#[cfg(test)]
mod tests;
