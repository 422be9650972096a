//! Which tab is which: by its name, else by its header row. It must not read what stands in them.

use super::calendar_words::month_named;
use super::conventions::Conventions;
use super::findings::{Findings, Words};
use super::header;
use super::words::{fold, listed, quote};
use super::{Code, Severity, contacts, layout, legend, unread_shapes};
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

/// Words in the name of a tab that says who is away.
const ABSENCES: &[&str] = &[
    "holiday",
    "holidays",
    "leave",
    "absence",
    "absences",
    "vacation",
    "urlaub",
    "conges",
    "vacaciones",
];

const NOBODY: &str = "Nobody is on call.";
const ROTA_REMEDY: &str = "Name the tab Rota, and its columns From | 1st | 2nd, or Date | Day | Night.";

/// The tabs that are read.
#[derive(Default)]
pub(super) struct Tabs<'s> {
    pub(super) settings: Option<&'s Tab>,
    pub(super) contacts: Option<&'s Tab>,
    pub(super) changes: Vec<&'s Tab>,
    /// In the order of the sheet.
    pub(super) rota: Vec<&'s Tab>,
    /// What codes mean.
    pub(super) legends: Vec<&'s Tab>,
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
        } else if tabs.rota.is_empty() && is_named(ROTA) {
            tabs.rota.push(tab);
        } else if legend::is_one(tab) {
            tabs.legends.push(tab);
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
            && (!self.rota.is_empty() || self.others.len() > 1)
        {
            self.contacts = Some(self.others.remove(place));
        }
        if self.rota.is_empty() {
            self.find_rota(conventions, findings);
        }
        self.report_others(findings);
    }

    fn find_rota(&mut self, conventions: &Conventions, findings: &mut Findings) {
        let looks: Vec<usize> = (0..self.others.len())
            .filter(|place| looks_like_a_rota(self.others[*place], conventions))
            .collect();
        match (looks.as_slice(), self.others.len()) {
            ([one], _) => self.rota.push(self.others.remove(*one)),
            // The only tab that is left is the rota; what is wrong with it is said when it is read.
            ([], 1) => self.rota.extend(self.others.pop()),
            ([], _) => report_none(&self.others, findings),
            ([_, _, ..], _) => {
                let looks: Vec<&Tab> = looks.iter().map(|place| self.others[*place]).collect();
                report_several(&looks, findings);
            }
        }
    }

    /// Where there is no rota, what the tabs look like has been said already.
    fn report_others(&self, findings: &mut Findings) {
        let filled = self
            .others
            .iter()
            .filter(|tab| tab.rows.iter().flatten().any(|cell| !cell.is_blank()));
        let filled: Vec<&Tab> = filled.copied().collect();
        if filled.is_empty() || self.rota.is_empty() {
            return;
        }
        let noun = if filled.len() == 1 { "the tab" } else { "the tabs" };
        let words = Words::new(
            format!("Not read: {noun} {}.", names(&filled)),
            "",
            "The tabs that are read are Contacts, Rota, Changes and Settings.",
        );
        let cause = findings.tell(Code::TabIgnored, Severity::Note, None, words);
        for tab in filled {
            cause.at(tab.address(0, 0));
        }
    }
}

/// Absences are no rota.
fn looks_like_a_rota(tab: &Tab, conventions: &Conventions) -> bool {
    let is_absence = name(tab).split(' ').any(|word| ABSENCES.contains(&word));
    !is_absence && layout::looks_like_a_rota(tab, conventions)
}

fn report_none(tabs: &[&Tab], findings: &mut Findings) {
    let months: Vec<&Tab> = tabs.iter().copied().filter(|tab| is_month(tab)).collect();
    if months.len() > 1 {
        return report_months(&months, Code::RotaMissing, findings);
    }
    let shape = tabs
        .iter()
        .filter(|tab| !tab.rows.is_empty())
        .find_map(|tab| unread_shapes::looks_like(tab).map(|shape| (*tab, shape)));
    let words = match &shape {
        None if tabs.is_empty() => Words::new("There is no tab of dates and people.", NOBODY, ROTA_REMEDY),
        None => Words::new(
            format!(
                "No tab looks like a rota: looked for a header row with dates and people in {}.",
                names(tabs)
            ),
            NOBODY,
            ROTA_REMEDY,
        ),
        Some((tab, shape)) => Words::new(
            format!(
                "No tab looks like a rota. The tab {}: {}.",
                quote(&tab.name),
                lower_first(&shape.seen)
            ),
            NOBODY,
            shape.remedy,
        ),
    };
    let cell = shape
        .map(|(_, shape)| shape.cell)
        .or_else(|| tabs.first().map(|tab| tab.address(0, 0)));
    let now = findings.now();
    findings.tell(Code::RotaMissing, Severity::Stop, cell, words).affects(now);
}

fn report_several(tabs: &[&Tab], findings: &mut Findings) {
    if tabs.iter().all(|tab| is_month(tab)) {
        return report_months(tabs, Code::RotaAmbiguous, findings);
    }
    let words = Words::new(
        format!("Several tabs look like the rota: {}.", names(tabs)),
        "None of them is read, so nobody is on call.",
        "Give the one that is to be read the name Rota; a rota that is spread over several tabs is not read yet.",
    );
    tell_of_all(tabs, Code::RotaAmbiguous, words, findings);
}

fn report_months(tabs: &[&Tab], code: Code, findings: &mut Findings) {
    let words = Words::new(
        format!(
            "The rota is spread over a tab for each month: {}. Months in separate tabs are not read yet.",
            names(tabs)
        ),
        NOBODY,
        "For now put all months below one another into one tab Rota, one row for each handover: From | 1st | 2nd | 3rd.",
    );
    tell_of_all(tabs, code, words, findings);
}

fn tell_of_all(tabs: &[&Tab], code: Code, words: Words, findings: &mut Findings) {
    let now = findings.now();
    let cause = findings.tell(code, Severity::Stop, None, words).affects(now);
    for tab in tabs {
        cause.at(tab.address(0, 0));
    }
}

fn names(tabs: &[&Tab]) -> String {
    listed(&tabs.iter().map(|tab| quote(&tab.name)).collect::<Vec<_>>())
}

fn lower_first(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters.next().map(|c| c.to_lowercase().to_string());
    first.unwrap_or_default() + characters.as_str()
}

/// Whether a tab is named like a month: `March`, `Mar 2026`, `2026 März`.
fn is_month(tab: &Tab) -> bool {
    let name = name(tab);
    let is_number = |word: &&str| word.bytes().all(|b| b.is_ascii_digit());
    let (numbers, words): (Vec<&str>, Vec<&str>) = name.split(' ').partition(is_number);
    numbers.len() <= 2 && words.len() == 1 && words.iter().all(|word| month_named(word).is_some())
}
