//! The carrier's language: signed webhooks, the documents that tell a phone what it hears, and REST.
//!
//! The only room (besides the simulator, which plays the carrier) that knows XML and SIDs. It decides nothing
//! about a call: forms become events, scripts become documents, commands become requests.

pub mod address;
pub mod form;
mod makeshift;
pub mod public_url;
pub mod rest;
mod router;
pub mod signature;
pub mod twiml;
pub mod verified;
pub mod webhook;

pub use router::{TwilioState, router};
