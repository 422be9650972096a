//! The one place where pure meets durable: takes what happens, has the call decide, keeps the decision, and
//! only then has the carrier carry it out.
//!
//! It must not know any carrier's protocol, nor SQL.

mod carrier;

use crate::call::{CallId, HotlineName, Rules};
use crate::roster::{PhoneNumber, Responder};
use crate::store::StoreError;

pub use carrier::{Carrier, CarrierError, DialOrder};

/// One hotline as the exchange serves it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its name.
    pub name: HotlineName,
    /// The numbers that callers dial. Responders see the first one as the caller.
    pub numbers: Vec<PhoneNumber>,
    /// How it rings.
    pub rules: Rules,
    /// Rung when the plan is exhausted, where the sheet names nobody for that.
    pub last_resort: Option<Responder>,
}

/// How fast calls are ordered from the carrier. Only dialling is paced: ending a call never waits.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pacing {
    /// Dials a second, as the account allows.
    pub per_second: f64,
    /// How many may go out at once after a quiet while.
    pub burst: u32,
}

impl Default for Pacing {
    /// One a second, which is what carriers allow an account by default.
    fn default() -> Self {
        Self { per_second: 1.0, burst: 1 }
    }
}

/// Why the exchange could not take an arrival or an event.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SwitchboardError {
    /// The number dialled belongs to no hotline of ours.
    #[error("no hotline has the number {0}")]
    UnknownHotline(PhoneNumber),
    /// There is no such call.
    #[error("there is no call {0}")]
    UnknownCall(CallId),
    /// The event is not kept; it may be sent again.
    #[error(transparent)]
    Store(#[from] StoreError),
}
