//! What of a roster goes out to other programs: rows for tables and JSON, calendars to subscribe to.
//!
//! It knows rosters only; it must not know where they come from, nor who asks. What a sheet says is never trusted: it
//! is shortened, freed of control characters, and written so that no program takes it for anything but text.

mod calendar;
mod calls;
mod plain;
mod rows;
mod spans;
mod table;

pub use calendar::{Calendar, Whose};
pub use calls::{CallRows, CallStory, FactRow, calls_table};
pub use plain::defused;
pub use rows::{DutyRow, Numbers, Rows, State};
pub use spans::Window;
pub use table::table;

#[cfg(test)]
mod tests;
