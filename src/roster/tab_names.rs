//! What the name of a tab says: which part of the workbook it is, which month it is for. It must not look into tabs.

use super::terms::fits_pattern;
use crate::roster::cells::calendar_words::month_named;
use crate::roster::cells::words::{fold, tidy};
use providers::Tab;

/// What a tab is named for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Settings,
    Contacts,
    Changes,
    /// Who is away.
    Leave,
    Rota,
}

/// The time that a tab is named for: a month, a quarter, a week, a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Period {
    pub(super) year: Option<i32>,
    /// The first and the last month, from 1.
    pub(super) months: Option<(u32, u32)>,
    /// Whether it is only a part of its month.
    pub(super) is_part: bool,
}

#[rustfmt::skip]
const SETTINGS: &[&str] = &[
    "settings", "setting", "config", "configuration", "reglages", "parametres", "einstellungen", "ajustes", "configuracion",
];
#[rustfmt::skip]
const CONTACTS: &[&str] = &[
    "contacts", "contact", "people", "staff", "staff list", "phones", "phone", "phone numbers", "numbers", "phone list", "contact list",
    "contact details", "directory", "phone directory", "address book", "phone book", "team members", "annuaire", "repertoire", "personnel",
    "coordonnees", "kontakte", "kontaktliste", "telefonliste", "telefonbuch", "personen", "mitarbeiter", "personal", "contactos",
    "agenda", "telefonos", "directorio", "key contacts", "通讯录", "联系人", "电话",
];
#[rustfmt::skip]
const CHANGES: &[&str] = &[
    "changes", "change", "overrides", "override", "swaps", "swap", "cover", "covers", "changements", "remplacements", "echanges",
    "anderungen", "aenderungen", "vertretungen", "vertretung", "tausch", "cambios", "sustituciones",
];
/// Words in the name of a tab of changes.
const CHANGES_WITHIN: &[&str] = &[
    "changes",
    "overrides",
    "swaps",
    "remplacements",
    "echanges",
    "anderungen",
    "aenderungen",
    "vertretungen",
    "sustituciones",
];
#[rustfmt::skip]
const ROTA: &[&str] = &[
    "rota", "roster", "schedule", "on call", "oncall", "on call rota", "on call roster", "on call schedule", "rotation", "shifts",
    "duty", "duties", "duty rota", "duty roster", "dienstplan", "bereitschaftsplan", "plan", "einsatzplan", "planning", "tableau",
    "gardes", "astreintes", "planning des astreintes", "tableau de garde", "guardias", "turnos", "cuadrante",
];
/// Words in the name of a tab that says who is away.
#[rustfmt::skip]
const LEAVE: &[&str] = &[
    "holiday", "holidays", "leave", "absence", "absences", "vacation", "vacations", "pto", "urlaub", "urlaube", "ferien", "abwesenheit",
    "abwesenheiten", "conges", "vacaciones", "ausencias", "permisos",
];
/// Words in the name of a tab that is kept beside the one in use.
#[rustfmt::skip]
const ASIDE: &[&str] = &[
    "copy", "old", "draft", "backup", "archive", "archived", "template", "test", "example", "copie", "ancien", "brouillon", "modele",
    "kopie", "alt", "entwurf", "vorlage", "muster", "archiv", "copia", "antiguo", "borrador", "plantilla",
];
/// Words that may stand beside a month.
#[rustfmt::skip]
const FILLERS: &[&str] = &[
    "rota", "roster", "schedule", "on", "call", "oncall", "duty", "duties", "shifts", "plan", "dienstplan", "planning", "astreintes",
    "gardes", "guardias", "turnos", "to", "bis", "until", "and", "und", "et", "y", "au", "a", "year", "for", "de", "the", "of", "年", "月",
    "month", "monat", "mois", "mes", "st", "nd", "rd", "th", "份", "值班表", "排班表",
];
const WEEKS: &[&str] = &["week", "wk", "w", "kw", "woche", "semaine", "semana", "wc", "commencing"];
const QUARTERS: &[&str] = &["q", "quarter", "quartal", "trimestre", "t"];
const YEARS: std::ops::RangeInclusive<u32> = 2000..=2199;

/// A tab's name folded, a file's without its ending.
pub(super) fn folded(tab: &Tab) -> String {
    fold(stem(&tab.name))
}

fn stem(name: &str) -> &str {
    match name.rsplit_once('.') {
        Some((stem, ending))
            if ["csv", "tsv", "txt", "xlsx", "ics"]
                .iter()
                .any(|known| ending.eq_ignore_ascii_case(known)) =>
        {
            stem
        }
        Some(_) | None => name,
    }
}

/// What a tab is named for, where its name says it.
pub(super) fn kind(tab: &Tab) -> Option<Kind> {
    let name = folded(tab);
    let is_in = |words: &[&str]| words.contains(&name.as_str());
    let holds = |words: &[&str]| name.split(' ').any(|word| words.contains(&word));
    let kinds = [
        (Kind::Settings, is_in(SETTINGS)),
        (Kind::Contacts, is_in(CONTACTS)),
        (Kind::Changes, is_in(CHANGES)),
        (Kind::Rota, is_in(ROTA)),
        (Kind::Changes, holds(CHANGES_WITHIN)),
        (Kind::Leave, holds(LEAVE)),
    ];
    kinds.into_iter().find(|(_, fits)| *fits).map(|(kind, _)| kind)
}

/// Whether the name says that another tab is the one in use: `Copy of March`, `Rota (old)`.
pub(super) fn is_aside(tab: &Tab) -> bool {
    folded(tab).split(' ').any(|word| ASIDE.contains(&word))
}

/// Whether a tab fits a pattern of the setting `Tabs`, by its own name or that of its file. Case, accents and edges do not count.
pub(super) fn fits(tab: &Tab, pattern: &str) -> bool {
    let wanted = plain(pattern);
    let names = [Some(tab.name.as_str()), tab.file.as_deref()];
    names
        .into_iter()
        .flatten()
        .flat_map(|name| [plain(name), plain(stem(name))])
        .any(|name| fits_pattern(&wanted, &name))
}

/// Folded word by word, `*` left as it is.
fn plain(text: &str) -> String {
    let text = tidy(text);
    let parts: Vec<String> = text.split('*').map(padded).collect();
    parts.join("*")
}

/// Folded, with the spaces beside a `*` kept.
fn padded(part: &str) -> String {
    let folded = fold(part);
    let space = |at_edge: bool| if at_edge && !folded.is_empty() { " " } else { "" };
    let starts = part.starts_with(|c: char| !c.is_alphanumeric());
    let ends = part.ends_with(|c: char| !c.is_alphanumeric());
    format!("{}{folded}{}", space(starts), space(ends))
}

/// Whether the name of a tab names a team: as a whole, or as words in it.
pub(super) fn names_team(tab: &Tab, team: &str) -> bool {
    let is_in = |name: &str| format!(" {} ", fold(stem(name))).contains(&format!(" {team} "));
    !team.is_empty() && (is_in(&tab.name) || tab.file.as_deref().is_some_and(is_in))
}

/// The time that a name stands for: `January`, `Feb 2026`, `2026年5月`, `Q2 2026`, `Jan-Mar`, `Week 12`, `Rota 2026`.
pub(super) fn period(tab: &Tab) -> Option<Period> {
    let name: String = folded(tab).chars().take(60).collect();
    let mut period = Period {
        year: None,
        months: None,
        is_part: false,
    };
    let is_chinese = name.contains('年') && name.contains('月');
    let mut number: Option<u32> = None;
    let mut before = "";
    for token in tokens(&name) {
        if let Ok(value) = token.parse::<u32>() {
            if YEARS.contains(&value) {
                if period.year.replace(i32::try_from(value).ok()?).is_some() {
                    return None;
                }
            } else if QUARTERS.contains(&before) && (1..=4).contains(&value) {
                period.months = Some((value * 3 - 2, value * 3));
            } else if (1..=53).contains(&value) {
                period.is_part |= !WEEKS.contains(&before) && number.is_some();
                number = Some(value);
            } else {
                return None;
            }
        } else if let Some(month) = month_named(token) {
            period.months = Some((period.months.map_or(month, |(first, _)| first), month));
        } else if WEEKS.contains(&token) {
            period.is_part = true;
        } else if !(FILLERS.contains(&token) || QUARTERS.contains(&token) || (is_chinese && !token.is_ascii())) {
            return None;
        }
        before = token;
    }
    match (period.months, number) {
        // `2026-03`, `5月`
        (None, Some(month)) if !period.is_part && (period.year.is_some() || name.contains('月')) && month <= 12 => {
            period.months = Some((month, month));
        }
        (None, Some(_)) if !period.is_part => return None,
        (Some(_), Some(_)) => period.is_part = true,
        (_, None) | (None, Some(_)) => {}
    }
    (period.year.is_some() || period.months.is_some() || period.is_part).then_some(period)
}

/// Runs of digits, of Latin letters, and other letters one by one.
fn tokens(name: &str) -> impl Iterator<Item = &str> {
    name.split(' ').flat_map(|word| {
        let mut rest = word;
        std::iter::from_fn(move || {
            let first = rest.chars().next()?;
            let same = |c: char| {
                if first.is_ascii_digit() {
                    c.is_ascii_digit()
                } else {
                    !c.is_ascii_digit()
                }
            };
            let end = rest.find(|c: char| !same(c)).unwrap_or(rest.len());
            let (token, after) = rest.split_at(end);
            rest = after;
            Some(token)
        })
    })
}

/// The years of tabs that are named for months, those without one by the nearest that have one: the months go on from tab to tab.
pub(super) fn years(periods: &[Option<Period>]) -> Vec<Option<i32>> {
    let known: Vec<(usize, i32, u32)> = periods
        .iter()
        .enumerate()
        .filter_map(|(place, period)| {
            let period = (*period)?;
            Some((place, period.year?, period.months?.0))
        })
        .collect();
    let of = |place: usize| {
        let period = periods[place]?;
        let (month, _) = period.months?;
        if period.year.is_some() {
            return period.year;
        }
        let after = known.partition_point(|(other, _, _)| *other < place);
        if let Some((_, year, first)) = after.checked_sub(1).and_then(|before| known.get(before)) {
            return Some(year + i32::from(month < *first));
        }
        known.get(after).map(|(_, year, first)| year - i32::from(month > *first))
    };
    (0..periods.len()).map(of).collect()
}

#[cfg(test)]
mod tests;
