//! The fake Google against the public descriptions: what it answers, what it refuses, and what it sends by itself.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a panic is a failed test")]

mod google {
    pub(crate) mod client;
    pub(crate) mod schema;

    mod admission;
    mod drive;
    mod reading;
    mod served;
}
