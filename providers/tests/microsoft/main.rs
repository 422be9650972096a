//! The two sources behind Microsoft Graph, over real HTTP against a fake of it: what is read, and everything that may go
//! wrong on the way.
#![cfg(feature = "sharepoint")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod checks;
mod faults;
mod lists;
mod logging;
mod signing_in;
mod stage;
mod watching;
mod workbook;
