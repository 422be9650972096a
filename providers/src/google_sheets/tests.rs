//! The reading of values, answers, keys and refusals by tables; then everything together against a Google on loopback.

mod answers;
mod keys;
mod refusals;
mod values;
