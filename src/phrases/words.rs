//! Pieces of sentences that are made alike in all languages. Knows no sentence.

use crate::roster::Phone;

/// A text from outside as a sentence among others.
pub(super) fn sentence(text: &str) -> String {
    let text = text.trim();
    if text.is_empty() || text.ends_with(['.', '!', '?', '…']) {
        text.to_owned()
    } else {
        format!("{text}.")
    }
}

/// The hotline's name with the time of a call.
pub(super) fn dated(hotline: &str, at: Option<&str>) -> String {
    at.map_or_else(|| hotline.to_owned(), |at| format!("{hotline}, {at}"))
}

/// For how long something has been open, alike in all languages.
pub(super) fn age(minutes: i64) -> String {
    if minutes < 120 {
        format!("{minutes} min")
    } else {
        format!("{} h", minutes / 60)
    }
}

/// `+61491570156` said so that it can be written down.
pub(super) fn spoken(number: &Phone, plus: &str) -> String {
    let digits = number
        .address()
        .chars()
        .map(|c| if c == '+' { plus.to_owned() } else { c.to_string() });
    digits.collect::<Vec<_>>().join(" ")
}
