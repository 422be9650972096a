//! Settings for shifts, codes and roles that nothing in the rota fits: a slip in their names. It must not know what they mean.

use super::super::findings::{Findings, Words};
use super::super::recent::Recent;
use super::super::terms::fits_pattern;
use super::super::{Code, Severity};
use super::{Conventions, Setting, values};
use crate::roster::cells::words::{fold, quote};
use crate::roster::layouts::header::HEADER_WITHIN;
use providers::{Cell, CellAddress, Tab};
use std::collections::BTreeMap;

/// Longer texts are no codes, headers or labels (bytes).
const TEXT_AT_MOST: usize = 60;
/// Labels stand in so many columns from the left, and so many rows from the top.
const LABELS: (usize, usize) = (3, 2_000);
/// Texts that a slip is compared with.
const COMPARED_AT_MOST: usize = 500;
/// A text must be at least this near to be the one that is meant (Jaro-Winkler).
const NEAR: f64 = 0.84;

/// Where the setting for a name stands.
type Unmet<'s> = BTreeMap<&'s str, Option<&'s CellAddress>>;

impl Conventions {
    /// Tells of names that are met nowhere in the tabs of the rota.
    pub(in crate::roster) fn report_unused(&self, tabs: &[&Tab], findings: &mut Findings) {
        let mut unmet: Unmet<'_> = BTreeMap::new();
        for (setting, (value, cell)) in &self.lines {
            if let Setting::Term(name) = setting {
                unmet.insert(name.as_str(), cell.as_ref());
            } else if *setting == Setting::Order {
                unmet.extend(values::list(value).map(|name| (name, cell.as_ref())));
            }
        }
        let mut seen: BTreeMap<String, (&str, CellAddress)> = BTreeMap::new();
        let mut met: [Recent<()>; 2] = [Recent::new(), Recent::new()];
        for tab in tabs {
            for (row, cells) in tab.rows.iter().enumerate() {
                if unmet.is_empty() {
                    return;
                }
                for (column, cell) in cells.iter().enumerate() {
                    let Cell::Text(text) = cell else { continue };
                    if text.len() > TEXT_AT_MOST {
                        continue;
                    }
                    let is_label = row < HEADER_WITHIN || (column < LABELS.0 && row < LABELS.1);
                    let met = &mut met[usize::from(is_label)];
                    if met.get(text).is_none() {
                        meet(text.trim(), is_label, &mut unmet);
                        met.put(text, ());
                    }
                    if is_label && seen.len() < COMPARED_AT_MOST {
                        seen.entry(fold(text)).or_insert_with(|| (text.as_str(), tab.address(row, column)));
                    }
                }
            }
        }
        for (name, cell) in unmet {
            tell(name, cell.cloned(), &seen, findings);
        }
    }
}

/// Takes out what a text fits.
fn meet(text: &str, is_label: bool, unmet: &mut Unmet<'_>) {
    unmet.remove(text);
    if text.contains(['/', '+', ',', ' ', '\n']) {
        for part in text.split(['/', '+', ',', ' ', '\n']) {
            unmet.remove(part);
        }
    }
    if unmet.keys().any(|name| name.contains('*')) {
        unmet.retain(|name, _| !(name.contains('*') && fits_pattern(name, text)));
    }
    // Only the few labels are worth comparing word by word.
    if !is_label {
        return;
    }
    let words = format!(" {} ", fold(text));
    unmet.retain(|name, _| {
        let core = fold(name);
        let is_within = !core.is_empty() && words.contains(&format!(" {core}"));
        !(is_within || core == words.trim())
    });
}

fn tell(name: &str, cell: Option<CellAddress>, seen: &BTreeMap<String, (&str, CellAddress)>, findings: &mut Findings) {
    let wanted = fold(name);
    let scored = seen.iter().map(|(folded, text)| (strsim::jaro_winkler(folded, &wanted), text));
    let near = scored.max_by(|a, b| a.0.total_cmp(&b.0)).filter(|(near, _)| *near >= NEAR);
    let hint = near.map_or_else(String::new, |(_, (text, place))| format!(" (nearest: {}, {place})", quote(text)));
    let severity = if near.is_some() { Severity::Warn } else { Severity::Note };
    let words = Words::new(
        format!("The setting for {} fits nothing in the rota{hint}.", quote(name)),
        "It has no effect.",
        "Write the name as it stands in the rota, or delete the line.",
    );
    findings.tell(Code::SettingUnused, severity, cell, words);
}
