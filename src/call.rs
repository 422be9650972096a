//! One call, from its arrival to its end: whom to ring, what everybody hears, when to give up on whom.
//!
//! A pure room: [`Call::handle`] turns events into commands; time is an argument. It knows legs, keys and
//! rooms; it must not know the carrier, its names for things, databases or clocks.

mod nouns;
mod plan;

pub use nouns::{
    CALLER, CallId, Command, Detection, Ending, Event, Fact, HotlineName, LegId, LineId, Outcome, Reaction, Refusal, Script, Voice,
};
pub use plan::{LeftOut, LeftOutReason, Plan, Rules, Rung, Screening};
