//! The one place where wall-clock time and instants meet.
