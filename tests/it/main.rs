//! The one binary of integration tests: what the rooms do together.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod alarms;
mod bad_inputs;
mod callbacks;
mod cli;
mod cli_rota;
mod crash;
mod credentials;
mod errors;
mod files_together;
mod house;
mod line;
mod logs;
mod nights;
mod out;
mod page;
mod presence;
mod reach;
mod recordings;
mod relay;
mod relay_voice;
mod reminders;
mod remote;
mod replicas;
mod sample;
mod secrets;
mod serve;
mod stage;
mod sync;
mod texts;
mod transfer;
mod twilio;
mod two_lines;
mod webhooks;
mod welcome;
