//! Which tab is which: by its name, else by what its header row says. What is not certain is refused, and named.
//! It must not read what stands in the tabs.

use super::contacts::{self, People};
use super::conventions::{self, Conventions};
use super::findings::{Findings, Words};
use super::tab_names::{self, Kind, Period, fits, is_aside, kind, names_team, period};
use super::{Code, Severity, leave, legend};
use crate::roster::cells::words::{fold, listed, quote};
use crate::roster::layouts;
use crate::roster::layouts::Layout;
use crate::roster::layouts::drawing;
use providers::{Cell, Sheet, Tab};

mod refusals;

/// The tabs that are read.
#[derive(Default)]
pub(super) struct Tabs<'s> {
    /// One, or more where the rota is of several files.
    pub(super) settings: Vec<&'s Tab>,
    /// Those that are named for it first.
    pub(super) contacts: Vec<&'s Tab>,
    pub(super) changes: Vec<&'s Tab>,
    pub(super) leave: Vec<&'s Tab>,
    /// In the order of the sheet.
    pub(super) rota: Vec<RotaTab<'s>>,
    /// What codes mean.
    pub(super) legends: Vec<&'s Tab>,
    others: Vec<&'s Tab>,
    /// Why there is no rota has been said.
    is_refused: bool,
}

/// A tab of the rota.
#[derive(Clone, Copy)]
pub(super) struct RotaTab<'s> {
    pub(super) tab: &'s Tab,
    /// The year that its name, or the name of a tab beside it, says.
    pub(super) year: Option<i32>,
}

/// Sorts the tabs by their names. Which of the others hold what is found out once the settings are known.
pub(super) fn by_name(sheet: &Sheet) -> Tabs<'_> {
    let mut tabs = Tabs::default();
    for tab in &sheet.tabs {
        match kind(tab) {
            None if conventions::is_headed(tab) => tabs.settings.push(tab),
            Some(Kind::Settings) => tabs.settings.push(tab),
            Some(Kind::Contacts) => tabs.contacts.push(tab),
            Some(Kind::Changes) => tabs.changes.push(tab),
            Some(Kind::Rota) if tabs.rota.is_empty() => tabs.rota.push(RotaTab::of(tab)),
            Some(Kind::Leave) if leave::fits(tab) => tabs.leave.push(tab),
            None if legend::is_one(tab) => tabs.legends.push(tab),
            Some(Kind::Rota | Kind::Leave) | None => tabs.others.push(tab),
        }
    }
    tabs
}

impl<'s> RotaTab<'s> {
    const fn of(tab: &'s Tab) -> Self {
        Self { tab, year: None }
    }
}

impl<'s> Tabs<'s> {
    /// Takes the tabs that the setting `Tabs` names, whatever else their names say; with `*` only those that are not
    /// named for something else.
    pub(super) fn take_named(&mut self, conventions: &Conventions, findings: &mut Findings) {
        if conventions.tabs.is_empty() {
            return;
        }
        let mut named: Vec<&Tab> = Vec::new();
        for pattern in &conventions.tabs {
            let is_plain = !pattern.contains('*');
            let mut fitting: Vec<&Tab> = self.others.iter().copied().filter(|tab| fits(tab, pattern)).collect();
            fitting.extend(self.rota.iter().map(|rota| rota.tab).filter(|tab| fits(tab, pattern)));
            if is_plain {
                let taken = self.contacts.iter().chain(&self.changes).chain(&self.leave);
                fitting.extend(taken.copied().filter(|tab| fits(tab, pattern)));
            }
            if fitting.is_empty() {
                refusals::pattern_without_a_tab(pattern, &self.all(), findings);
            }
            named.extend(fitting);
        }
        let is_named = |tab: &&Tab| named.iter().any(|other| std::ptr::eq(*other, *tab));
        let before: Vec<&Tab> = self.rota.drain(..).map(|rota| rota.tab).collect();
        self.others.extend(before);
        for list in [&mut self.others, &mut self.contacts, &mut self.changes, &mut self.leave] {
            list.retain(|tab| !is_named(tab));
        }
        self.is_refused = named.is_empty();
        self.rota = with_years(&named, findings);
    }

    /// Finds the contacts among the tabs that their names do not tell.
    pub(super) fn find_contacts(&mut self, conventions: &Conventions) {
        // The only tab may be a rota with a phone column.
        let may_be = !self.rota.is_empty() || self.others.len() > 1;
        let (found, others): (Vec<&Tab>, Vec<&Tab>) = self
            .others
            .iter()
            .partition(|tab| contacts::fits(tab) && (may_be || !layouts::looks_like_a_rota(tab, conventions)));
        self.contacts.extend(found);
        self.others = others;
    }

    /// Tabs beside which contacts may stand.
    pub(super) fn not_contacts(&self) -> Vec<&'s Tab> {
        let rota = self.rota.iter().map(|rota| rota.tab);
        rota.chain(self.others.iter().copied()).collect()
    }

    /// Finds the rota among the tabs that their names do not tell.
    pub(super) fn find_rota(&mut self, conventions: &Conventions, people: &People, findings: &mut Findings) {
        if self.rota.is_empty() && !self.is_refused {
            self.choose_rota(conventions, people, findings);
        }
        self.others.retain(|tab| self.rota.iter().all(|rota| !std::ptr::eq(rota.tab, *tab)));
        self.report_others(conventions, people, findings);
    }

    fn choose_rota(&mut self, conventions: &Conventions, people: &People, findings: &mut Findings) {
        let in_use = self
            .others
            .iter()
            .copied()
            .filter(|tab| !is_aside(tab) && kind(tab) != Some(Kind::Leave));
        let in_use: Vec<&Tab> = in_use.collect();
        let looks: Vec<&Tab> = in_use.iter().copied().filter(|tab| is_rota(tab, conventions, people)).collect();
        if let Some(team) = conventions.team.as_deref() {
            let of_team: Vec<&Tab> = looks.iter().copied().filter(|tab| names_team(tab, team)).collect();
            if !of_team.is_empty() {
                self.rota = with_years(&of_team, findings);
                return;
            }
        }
        let periods: Vec<&Tab> = in_use.iter().copied().filter(|tab| period(tab).is_some()).collect();
        let has_period = looks.iter().any(|tab| period(tab).is_some());
        match (looks.as_slice(), self.others.as_slice()) {
            ([one], _) if !has_period => self.rota.push(RotaTab::of(one)),
            (_, _) if has_period => self.rota = with_years(&refusals::without_twins(&periods, findings), findings),
            // The only tab that is left is the rota; what is wrong with it is said when it is read.
            ([], [only]) => self.rota.push(RotaTab::of(only)),
            ([], others) => {
                refusals::none(others, self.contacts.as_slice(), findings);
                self.is_refused = true;
            }
            (several, _) => {
                refusals::several(several, conventions.team.as_deref(), findings);
                self.is_refused = true;
            }
        }
    }

    /// Every tab but that of settings, in no order.
    fn all(&self) -> Vec<&'s Tab> {
        let rota = self.rota.iter().map(|rota| rota.tab);
        let others = self.others.iter().chain(&self.contacts).chain(&self.changes).chain(&self.leave);
        rota.chain(others.copied()).collect()
    }

    /// Where there is no rota, what the tabs look like has been said already.
    fn report_others(&self, conventions: &Conventions, people: &People, findings: &mut Findings) {
        if self.rota.is_empty() {
            return;
        }
        let filled = self.others.iter().copied().filter(|tab| is_filled(tab));
        let (drawn, filled): (Vec<&Tab>, Vec<&Tab>) = filled.partition(|tab| drawing::is_one(tab));
        refusals::drawn(&drawn, findings);
        let filled = filled.into_iter();
        let (like, unlike): (Vec<&Tab>, Vec<&Tab>) = filled.partition(|tab| is_rota(tab, conventions, people));
        refusals::not_read(&like, &unlike, findings);
    }
}

/// Tabs of the rota with the years that the names of their neighbours give them.
fn with_years<'s>(tabs: &[&'s Tab], findings: &mut Findings) -> Vec<RotaTab<'s>> {
    let periods: Vec<Option<Period>> = tabs.iter().map(|tab| period(tab)).collect();
    let years = tab_names::years(&periods);
    let is_lent = |place: &usize| years[*place].is_some() && periods[*place].is_some_and(|period| period.year.is_none());
    let lent: Vec<usize> = (0..tabs.len()).filter(is_lent).collect();
    if let Some((first, year)) = lent.first().and_then(|place| Some((*place, years[*place]?))) {
        let words = Words::new(
            "The names of some tabs have a month and no year.",
            format!(
                "Their year is taken from the names of the tabs beside them; {} is read as {year}.",
                quote(&tabs[first].name)
            ),
            "Add the year to their names if that is not right.",
        );
        let cause = findings.tell(Code::YearChosen, Severity::Note, None, words);
        for place in &lent {
            cause.at(tabs[*place].address(0, 0));
        }
    }
    tabs.iter().zip(years).map(|(tab, year)| RotaTab { tab, year }).collect()
}

/// Whether a tab has the shape of a rota that is read, and something in it.
fn is_rota(tab: &Tab, conventions: &Conventions, people: &People) -> bool {
    // Names and roles alone may be a statistic.
    let is_shaped = || matches!(layouts::recognise(tab, conventions, people), Ok(layout) if !matches!(layout, Layout::TeamList(_)));
    let is_known = || layouts::looks_like_a_rota(tab, conventions) || is_shaped();
    is_filled(tab) && kind(tab) != Some(Kind::Leave) && !drawing::is_one(tab) && is_known()
}

/// Whether more stands in a tab than the labels of a form: more than one row and more than one column.
pub(super) fn is_filled(tab: &Tab) -> bool {
    let mut first: Option<(usize, usize)> = None;
    let (mut rows, mut columns) = (false, false);
    for (row, cells) in tab.rows.iter().enumerate() {
        for (column, _) in cells.iter().enumerate().filter(|(_, cell)| !Cell::is_blank(cell)) {
            let at = *first.get_or_insert((row, column));
            rows |= at.0 != row;
            columns |= at.1 != column;
            if rows && columns {
                return true;
            }
        }
    }
    false
}

fn names(tabs: &[&Tab]) -> String {
    listed(&tabs.iter().map(|tab| quote(&tab.name)).collect::<Vec<_>>())
}

/// The tab whose name is spelled most like a text.
fn nearest<'t>(text: &str, tabs: &[&'t Tab]) -> Option<&'t Tab> {
    let wanted = fold(text);
    let scored = tabs
        .iter()
        .map(|tab| (strsim::jaro_winkler(&tab_names::folded(tab), &wanted), *tab));
    let best = scored.max_by(|a, b| a.0.total_cmp(&b.0))?;
    (best.0 > 0.8).then_some(best.1)
}
