//! The one binary of integration tests: what the rooms do together.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod house;
mod nights;
mod sample;
