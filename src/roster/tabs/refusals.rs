//! What is said where it is not certain which tab is the rota, or where there is none.

use super::super::findings::{Findings, Words};
use super::super::tab_names::period;
use super::super::{Code, Severity};
use super::{is_filled, names, nearest};
use crate::roster::cells::words::{listed, quote};
use crate::roster::layouts::unread_shapes;
use providers::Tab;

const NOBODY: &str = "Nobody is on call.";
const NONE_READ: &str = "None of them is read, so nobody is on call.";
const ROTA_REMEDY: &str = "Name the tab Rota, and its columns From | 1st | 2nd, or Date | Day | Night.";
/// Tabs whose names are shown as a setting.
const SHOWN_AT_MOST: usize = 3;

/// The line of settings that names a tab.
fn line(tab: &Tab) -> String {
    // A comma parts two names.
    format!("Tabs | {}", tab.name.replace([',', ';', '\n'], "*"))
}

/// The setting `Tabs` names a tab that there is not.
pub(super) fn pattern_without_a_tab(pattern: &str, tabs: &[&Tab], findings: &mut Findings) {
    let near = nearest(pattern, tabs).map_or_else(String::new, |tab| format!(" (nearest: {})", quote(&tab.name)));
    let words = Words::new(
        format!("No tab fits {} of the setting Tabs{near}.", quote(pattern)),
        "Nothing is read for it, so people may be missing from the rota.",
        format!("The tabs are {}. Correct the setting, or the name of the tab.", names(tabs)),
    );
    let now = findings.now();
    findings.tell(Code::RotaMissing, Severity::Stop, None, words).affects(now);
}

/// Several tabs look like the rota, and neither names nor settings say which of them is.
pub(super) fn several(tabs: &[&Tab], team: Option<&str>, findings: &mut Findings) {
    let shown: Vec<String> = tabs.iter().take(SHOWN_AT_MOST).map(|tab| line(tab)).collect();
    let seen = match team {
        None => format!("Several tabs look like the rota: {}.", names(tabs)),
        Some(team) => {
            let near = nearest(team, tabs).map_or_else(String::new, |tab| format!(" (nearest: {})", quote(&tab.name)));
            format!(
                "Several tabs look like the rota, {}, and none is named like the setting Team, {}{near}.",
                names(tabs),
                quote(team)
            )
        }
    };
    let words = Words::new(
        seen,
        NONE_READ,
        format!(
            "Add to Settings the line of the tab that this hotline is for: {}. Several go with commas, or with a pattern: Tabs | Rota*.",
            shown.join(", or ")
        ),
    );
    tell_of_all(tabs, Code::RotaAmbiguous, words, findings);
}

/// The tabs of months; where two are for the same month neither of them is read.
pub(super) fn without_twins<'s>(tabs: &[&'s Tab], findings: &mut Findings) -> Vec<&'s Tab> {
    let whole = |tab: &Tab| period(tab).filter(|period| !period.is_part && period.months.is_some());
    let twins = |tab: &&'s Tab| -> Vec<&'s Tab> {
        let Some(own) = whole(tab) else { return Vec::new() };
        let same = |other: &&&Tab| is_filled(other) && whole(other) == Some(own);
        tabs.iter().filter(same).copied().collect()
    };
    let mut kept = Vec::new();
    for tab in tabs.iter().filter(|tab| is_filled(tab)) {
        let same = twins(tab);
        if same.len() < 2 {
            kept.push(*tab);
        } else if same.first().is_some_and(|first| std::ptr::eq(*first, *tab)) {
            let words = Words::new(
                format!("The tabs {} are for the same time.", names(&same)),
                "Neither is read, so nobody is on call by them.",
                "Keep one of them; give the other a name such as Old, or delete it.",
            );
            tell_of_all(&same, Code::RotaAmbiguous, words, findings);
        }
    }
    let empty: Vec<&Tab> = tabs.iter().copied().filter(|tab| !is_filled(tab)).collect();
    if !empty.is_empty() {
        let words = Words::new(format!("Nothing is entered yet in {}.", names(&empty)), "", "");
        let cause = findings.tell(Code::TabIgnored, Severity::Note, None, words);
        for tab in empty {
            cause.at(tab.address(0, 0));
        }
    }
    kept
}

/// No tab looks like a rota.
pub(super) fn none(tabs: &[&Tab], contacts: &[&Tab], findings: &mut Findings) {
    let shape = tabs
        .iter()
        .filter(|tab| !tab.rows.is_empty())
        .find_map(|tab| unread_shapes::looks_like(tab).map(|shape| (*tab, shape)));
    let words = match (&shape, contacts) {
        (None, []) if tabs.is_empty() => Words::new("There is no tab of dates and people.", NOBODY, ROTA_REMEDY),
        (None, contacts) if tabs.is_empty() => Words::new(
            format!("{} holds contacts, and there is no tab of dates and people.", names(contacts)),
            NOBODY,
            ROTA_REMEDY,
        ),
        (None, _) => Words::new(
            format!(
                "No tab looks like a rota: looked for a header row with dates and people in {}.",
                names(tabs)
            ),
            NOBODY,
            ROTA_REMEDY,
        ),
        (Some((tab, shape)), _) => Words::new(
            format!(
                "No tab looks like a rota. The tab {}: {}.",
                quote(&tab.name),
                lower_first(&shape.seen)
            ),
            NOBODY,
            shape.remedy,
        ),
    };
    let first = tabs.iter().chain(contacts).next();
    let cell = shape.map(|(_, shape)| shape.cell).or_else(|| first.map(|tab| tab.address(0, 0)));
    let now = findings.now();
    findings.tell(Code::RotaMissing, Severity::Stop, cell, words).affects(now);
}

/// Months drawn as on a wall: as a picture of a rota they are no list of shifts.
pub(super) fn drawn(tabs: &[&Tab], findings: &mut Findings) {
    let Some(_) = tabs.first() else { return };
    let words = Words::new(
        format!("Left aside: a calendar drawing, {}.", names(tabs)),
        "Nobody is on call by what is drawn there.",
        "If it shows what the rota says, nothing is to be done. What stands only there has to be written into the rota, or into a tab Changes.",
    );
    let cause = findings.tell(Code::TabIgnored, Severity::Note, None, words);
    for tab in tabs {
        cause.at(tab.address(0, 0));
    }
}

/// Tabs that are left aside: those that look like a rota too, and all others.
pub(super) fn not_read(like: &[&Tab], unlike: &[&Tab], findings: &mut Findings) {
    let noun = |tabs: &[&Tab]| if tabs.len() == 1 { "the tab" } else { "the tabs" };
    let mut tell = |tabs: &[&Tab], seen: String, consequence: &str, remedy: String| {
        let Some(_) = tabs.first() else { return };
        let cause = findings.tell(Code::TabIgnored, Severity::Note, None, Words::new(seen, consequence, remedy));
        for tab in tabs {
            cause.at(tab.address(0, 0));
        }
    };
    let lines: Vec<String> = like.iter().take(SHOWN_AT_MOST).map(|tab| quote(&line(tab))).collect();
    tell(
        like,
        format!("Not read, although it looks like a rota: {} {}.", noun(like), names(like)),
        "Nobody is on call by it.",
        format!(
            "If it belongs to the rota, name all tabs of the rota in Settings: {}.",
            listed(&lines)
        ),
    );
    tell(
        unlike,
        format!("Not read: {} {}.", noun(unlike), names(unlike)),
        "",
        "The tabs that are read are Contacts, Rota, Changes, Leave and Settings.".to_owned(),
    );
}

fn tell_of_all(tabs: &[&Tab], code: Code, words: Words, findings: &mut Findings) {
    let now = findings.now();
    let cause = findings.tell(code, Severity::Stop, None, words).affects(now);
    for tab in tabs {
        cause.at(tab.address(0, 0));
    }
}

fn lower_first(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters.next().map(|c| c.to_lowercase().to_string());
    first.unwrap_or_default() + characters.as_str()
}
