//! One text, read as everything that a cell, a header or a setting can be.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rotaline::roster::fuzzing::{date, duration_of_hours, header, name, phone, setting, time, words};

fuzz_target!(|text: &str| {
    date(text);
    time(text);
    duration_of_hours(text);
    phone(text);
    header(text);
    name(text);
    setting(text);
    words(text);
});
