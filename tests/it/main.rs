//! The one binary of integration tests: what the rooms do together.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod alarms;
mod callbacks;
mod cli;
mod cli_rota;
mod crash;
mod credentials;
mod errors;
mod files_together;
mod house;
mod line;
mod nights;
mod out;
mod page;
mod presence;
mod remote;
mod sample;
mod secrets;
mod serve;
mod stage;
mod sync;
mod texts;
mod transfer;
mod twilio;
mod welcome;
