//! Which tab is which: by its name, else by its header row. It must not read what stands in them.

use super::conventions::Conventions;
use super::findings::{Findings, Words};
use super::header;
use super::words::{fold, quote};
use super::{Code, Severity, contacts, layout};
use providers::{Sheet, Tab};

const SETTINGS: &[&str] = &[
    "settings",
    "setting",
    "config",
    "configuration",
    "reglages",
    "parametres",
    "einstellungen",
    "ajustes",
    "configuracion",
];
const CONTACTS: &[&str] = &[
    "contacts",
    "contact",
    "people",
    "staff",
    "phones",
    "phone",
    "phone numbers",
    "phone list",
    "directory",
    "address book",
    "annuaire",
    "repertoire",
    "kontakte",
    "telefonliste",
    "personen",
    "contactos",
    "agenda",
    "telefonos",
    "key contacts",
];
const CHANGES: &[&str] = &[
    "changes",
    "change",
    "overrides",
    "override",
    "swaps",
    "swap",
    "cover",
    "covers",
    "changements",
    "remplacements",
    "echanges",
    "anderungen",
    "aenderungen",
    "vertretungen",
    "tausch",
    "cambios",
    "sustituciones",
];
const ROTA: &[&str] = &[
    "rota",
    "roster",
    "schedule",
    "on call",
    "oncall",
    "rotation",
    "shifts",
    "duty",
    "duties",
    "dienstplan",
    "plan",
    "einsatzplan",
    "planning",
    "tableau",
    "gardes",
    "astreintes",
    "guardias",
    "turnos",
    "cuadrante",
];

/// The tabs that are read.
#[derive(Default)]
pub(super) struct Tabs<'s> {
    pub(super) settings: Option<&'s Tab>,
    pub(super) contacts: Option<&'s Tab>,
    pub(super) changes: Vec<&'s Tab>,
    pub(super) rota: Option<&'s Tab>,
    others: Vec<&'s Tab>,
}

/// Sorts the tabs by their names. Which of the others hold what is found out once the settings are known.
pub(super) fn by_name(sheet: &Sheet) -> Tabs<'_> {
    let mut tabs = Tabs::default();
    for tab in &sheet.tabs {
        let is_named = |words: &[&str]| words.contains(&name(tab).as_str());
        if tabs.settings.is_none() && is_named(SETTINGS) {
            tabs.settings = Some(tab);
        } else if tabs.contacts.is_none() && is_named(CONTACTS) {
            tabs.contacts = Some(tab);
        } else if is_named(CHANGES) {
            tabs.changes.push(tab);
        } else if tabs.rota.is_none() && is_named(ROTA) {
            tabs.rota = Some(tab);
        } else {
            tabs.others.push(tab);
        }
    }
    tabs
}

/// A tab's name folded, a file's without its ending.
fn name(tab: &Tab) -> String {
    let lower = tab.name.to_lowercase();
    let stem = [".csv", ".tsv", ".txt"]
        .iter()
        .find_map(|ending| lower.strip_suffix(ending))
        .unwrap_or(&lower);
    fold(stem)
}

impl<'s> Tabs<'s> {
    /// Finds the contacts and the rota among the tabs that their names do not tell.
    pub(super) fn by_content(&mut self, conventions: &Conventions, findings: &mut Findings) {
        if self.contacts.is_none()
            && let Some(place) = self.others.iter().position(|tab| header::find(tab, contacts::score).is_some())
            // The only tab may be a rota with a phone column.
            && (self.rota.is_some() || self.others.len() > 1)
        {
            self.contacts = Some(self.others.remove(place));
        }
        if self.rota.is_none() {
            self.find_rota(conventions, findings);
        }
        self.report_others(findings);
    }

    fn find_rota(&mut self, conventions: &Conventions, findings: &mut Findings) {
        let score = |tab: &Tab| header::find(tab, |columns| layout::score(columns, conventions)).is_some();
        let looks: Vec<usize> = (0..self.others.len()).filter(|place| score(self.others[*place])).collect();
        let now = findings.now();
        match (looks.as_slice(), self.others.len()) {
            ([one], _) => self.rota = Some(self.others.remove(*one)),
            // The only tab that is left is the rota; what is wrong with it is said when it is read.
            ([], 1) => self.rota = self.others.pop(),
            ([], _) => {
                let names: Vec<String> = self.others.iter().take(5).map(|tab| quote(&tab.name)).collect();
                let seen = if names.is_empty() {
                    "There is no tab of dates and people.".to_owned()
                } else {
                    format!(
                        "No tab looks like a rota: {} have no header row with dates and people.",
                        names.join(", ")
                    )
                };
                let words = Words::new(
                    seen,
                    "Nobody is on call.",
                    "Name the tab Rota, and its columns From | 1st | 2nd, or Date | Day | Night.",
                );
                let cell = self.others.first().map(|tab| tab.address(0, 0));
                findings.tell(Code::RotaMissing, Severity::Stop, cell, words).affects(now);
            }
            ([_, _, ..], _) => {
                let names: Vec<String> = looks.iter().take(5).map(|place| quote(&self.others[*place].name)).collect();
                let words = Words::new(
                    format!("Several tabs look like the rota: {}.", names.join(", ")),
                    "None of them is read, so nobody is on call.",
                    "Name the tab that is to be read Rota.",
                );
                let cause = findings.tell(Code::RotaAmbiguous, Severity::Stop, None, words).affects(now);
                for place in &looks {
                    cause.at(self.others[*place].address(0, 0));
                }
            }
        }
    }

    fn report_others(&self, findings: &mut Findings) {
        let filled = self
            .others
            .iter()
            .filter(|tab| tab.rows.iter().flatten().any(|cell| !cell.is_blank()));
        let names: Vec<String> = filled.clone().take(5).map(|tab| quote(&tab.name)).collect();
        if names.is_empty() {
            return;
        }
        let words = Words::new(
            format!(
                "Not read: the tab {}{}.",
                names.join(", "),
                if filled.clone().count() > names.len() { " and others" } else { "" }
            ),
            "",
            "The tabs that are read are Contacts, Rota, Changes and Settings.",
        );
        let cause = findings.tell(Code::TabIgnored, Severity::Note, None, words);
        for tab in filled {
            cause.at(tab.address(0, 0));
        }
    }
}
