//! What is in one cell: dates, times, names, numbers, and the words of calendars. It must not know tables, tabs or shifts.

pub(crate) mod calendar_words;
pub(crate) mod dates;
pub(crate) mod names;
pub(crate) mod off_words;
pub(crate) mod phones;
pub(crate) mod status;
pub(crate) mod times;
pub(crate) mod words;
