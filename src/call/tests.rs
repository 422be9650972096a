//! Hand-worked calls.
