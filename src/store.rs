//! What must survive a restart: calls, their log, what is still to be done, the last good rotas.
//!
//! The only SQL. It must not know the carrier, the web, nor what a call's decisions mean.

mod nouns;

pub use nouns::{CallSummary, Claimed, CurrentRota, Entry, StoreError, Trouble};
