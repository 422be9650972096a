//! Tabs of public holidays beside a rota that repeats itself: which rule holds on them nothing says. It must not know rotas.

use crate::roster::cells::words::{fold, quote};
use crate::roster::findings::{Findings, Words};
use crate::roster::layouts::table::is_date;
use crate::roster::{Code, Severity, leave};
use providers::{Sheet, Tab};

/// Words in the name of such a tab.
#[rustfmt::skip]
const NAMES: &[&str] = &[
    "holiday", "holidays", "feiertag", "feiertage", "feries", "ferie", "festivo", "festivos", "festivi", "feriado", "feriados",
];
/// A date is looked for in this many rows.
const ROWS_TRIED: usize = 200;
const COLUMNS_TRIED: usize = 10;

/// Says of a tab with dates and without people that it changes nothing.
pub(crate) fn report(sheet: &Sheet, findings: &mut Findings) {
    for tab in sheet.tabs.iter().filter(|tab| is_named(tab) && !leave::fits(tab)) {
        let rows = tab.rows.iter().take(ROWS_TRIED);
        if !rows.into_iter().flat_map(|cells| cells.iter().take(COLUMNS_TRIED)).any(is_date) {
            continue;
        }
        let words = Words::new(
            format!("The tab {} holds dates and nobody's name.", quote(&tab.name)),
            "The rota repeats itself on those days as on all others.",
            "Where somebody else is on call on a holiday, write it into a tab Changes: From | Until | 1st.",
        );
        findings.tell(Code::TabIgnored, Severity::Note, Some(tab.address(0, 0)), words);
    }
}

fn is_named(tab: &Tab) -> bool {
    fold(&tab.name).split(' ').any(|word| NAMES.contains(&word))
}
