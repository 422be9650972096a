//! Shifts whose hours nothing says: one finding for all of a table, with a line to fill in for each. It must not know shapes.

use crate::roster::cells::words::{fold, listed, quote};
use crate::roster::findings::{Findings, Words};
use crate::roster::{Code, Severity};
use providers::CellAddress;
use std::collections::BTreeSet;

/// More lines than these are only counted.
const LINES_AT_MOST: usize = 12;
/// Words, or beginnings of words, that say at which part of the day a shift is; the first that fits counts.
#[rustfmt::skip]
const EXAMPLES: &[(&[&str], &str)] = &[
    (&["night", "nuit", "nacht", "noche", "夜"], "20:00-08:00"),
    (&["evening", "late", "afternoon", "pm", "abend", "spat", "soir", "apres midi", "tarde", "晚", "中班"], "14:00-22:00"),
    (&["morning", "early", "am", "fruh", "morgen", "matin", "manana", "早"], "06:00-14:00"),
    (&["day", "tag", "jour", "dia", "白"], "08:00-20:00"),
];
/// Where the name says nothing of the time of day.
const ANY: &str = "08:00-16:00";

/// Says which shifts lack hours; each is told once, however many cells it has.
pub(crate) fn report<L: AsRef<str>>(shifts: &[(CellAddress, L)], findings: &mut Findings) {
    let mut seen = BTreeSet::new();
    let labels = shifts.iter().map(|(_, label)| label.as_ref().trim());
    let labels: Vec<&str> = labels.filter(|label| seen.insert(fold(label))).collect();
    let words = match labels.as_slice() {
        [] => return,
        [label] => Words::new(
            format!("Nothing says when the shift {} begins and ends.", quote(label)),
            format!("Nobody of {} is rung.", quote(label)),
            remedy(label),
        ),
        several => Words::new(
            format!("Nothing says when these shifts begin and end: {}.", listed(&quoted(several))),
            "Nobody of them is rung.",
            format!("Add to Settings a line for each, with the right hours:{}", lines(several)),
        ),
    };
    let now = findings.now();
    let cause = findings.tell(Code::ShiftHoursMissing, Severity::Stop, None, words).affects(now);
    for (cell, _) in shifts {
        cause.at(cell.clone());
    }
}

/// The line for one shift.
pub(crate) fn remedy(label: &str) -> String {
    format!("Add to Settings: Shift: {label} | {} (with the right hours).", example(label))
}

fn quoted(labels: &[&str]) -> Vec<String> {
    let mut quoted: Vec<String> = labels.iter().take(LINES_AT_MOST).map(|label| quote(label)).collect();
    if labels.len() > LINES_AT_MOST {
        quoted.push(format!("{} more", labels.len() - LINES_AT_MOST));
    }
    quoted
}

fn lines(labels: &[&str]) -> String {
    let line = |label: &&str| format!("\nShift: {label} | {}", example(label));
    labels.iter().take(LINES_AT_MOST).map(line).collect()
}

/// Hours such as a shift of that name may have.
fn example(label: &str) -> &'static str {
    let label = fold(label);
    let says = |word: &str| match word.is_ascii() && word.len() > 2 {
        true => label.split(' ').any(|own| own.starts_with(word)) || (word.contains(' ') && label.contains(word)),
        false => label.split(' ').any(|own| own == word) || (!word.is_ascii() && label.contains(word)),
    };
    EXAMPLES
        .iter()
        .find(|(words, _)| words.iter().any(|word| says(word)))
        .map_or(ANY, |(_, hours)| hours)
}

#[cfg(test)]
mod tests {
    use super::example;

    #[test]
    fn examples_suit_the_name_of_the_shift() {
        for (label, hours) in [
            ("Night", "20:00-08:00"),
            ("NIGHTS (1st)", "20:00-08:00"),
            ("Nachtdienst", "20:00-08:00"),
            ("夜班", "20:00-08:00"),
            ("Late", "14:00-22:00"),
            ("Spätdienst", "14:00-22:00"),
            ("PM", "14:00-22:00"),
            ("Early", "06:00-14:00"),
            ("Morning shift", "06:00-14:00"),
            ("AM", "06:00-14:00"),
            ("Day", "08:00-20:00"),
            ("白班", "08:00-20:00"),
            ("US SHIFT", "08:00-16:00"),
            ("Team", "08:00-16:00"),
        ] {
            assert_eq!(example(label), hours, "{label}");
        }
    }
}
