//! New findings as notices: the same words as everywhere, as many as fit. Pure.

use crate::call::HotlineName;
use crate::notices::Notice;
use crate::roster::{Diagnostic, Severity, masked};
use chrono::{DateTime, Utc};

/// More findings than these are only counted.
const FINDINGS_TOLD: usize = 10;
/// Words longer than this (in bytes) are not added to; a webhook cuts at 3000 characters.
const LONGEST: usize = 2_400;
/// One finding is cut here (characters); a cell can hold very much.
const LONGEST_FINDING: usize = 1_000;

/// What is posted, and what is texted: only what stops somebody from being reached.
pub(super) fn notices(hotline: &HotlineName, findings: &[Diagnostic], at: DateTime<Utc>) -> (Notice, Option<Notice>) {
    let all: Vec<&Diagnostic> = findings.iter().collect();
    let stops: Vec<&Diagnostic> = findings.iter().filter(|finding| finding.severity == Severity::Stop).collect();
    let texted = (!stops.is_empty()).then(|| notice(hotline, &stops, at));
    (notice(hotline, &all, at), texted)
}

fn notice(hotline: &HotlineName, findings: &[&Diagnostic], at: DateTime<Utc>) -> Notice {
    let headline = match findings.len() {
        1 => "A new finding in the rota.".to_owned(),
        number => format!("{number} new findings in the rota."),
    };
    let mut words = String::new();
    let mut told = 0;
    for finding in findings.iter().take(FINDINGS_TOLD) {
        let one = cut(&masked(&finding.told(|_, cell| cell)));
        if told > 0 && words.len() + one.len() > LONGEST {
            break;
        }
        if told > 0 {
            words.push('\n');
        }
        words.push_str(&one);
        told += 1;
    }
    let more = findings.len() - told;
    if more > 0 {
        words.push_str(&format!("\nAnd {more} more: the page and `rotaline check` list them all."));
    }
    Notice {
        hotline: hotline.clone(),
        headline,
        words,
        at,
    }
}

fn cut(text: &str) -> String {
    if text.chars().count() <= LONGEST_FINDING {
        return text.to_owned();
    }
    text.chars().take(LONGEST_FINDING - 1).chain(['…']).collect()
}
