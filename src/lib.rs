//! Rotaline answers a hotline: it reads the rota that admins keep in a spreadsheet, knows who is on call,
//! and rings them one after another until a human has accepted the call.
//!
//! The map of the rooms; who may use whom is held by `tests/it/house.rs`.

pub mod access;
pub mod app;
pub mod call;
pub mod cli;
pub mod clock;
pub mod config;
pub mod exports;
pub mod incidents;
pub mod metrics;
pub mod notices;
pub mod occasions;
pub mod peer;
pub mod phrases;
pub mod reception;
pub mod roster;
pub mod sample;
pub mod sheet_sync;
pub mod simulator;
pub mod sources;
pub mod store;
pub mod switchboard;
pub mod templates;
pub mod texts;
pub mod twilio;
pub mod web;
