//! Which shape a tab of the rota has, from its header rows, and the way to that shape's reader. A shape that is not certain
//! is refused with what was looked for; each further shape becomes one more variant here.

pub(crate) mod across;
pub(crate) mod anchor;
pub(crate) mod calendar_rows;
pub(crate) mod column_meanings;
pub(crate) mod date_column;
pub(crate) mod date_findings;
pub(crate) mod dated_header;
pub(crate) mod dated_layout;
pub(crate) mod dated_rows;
pub(crate) mod drawing;
pub(crate) mod handover_list;
pub(crate) mod header;
pub(crate) mod header_rows;
pub(crate) mod header_words;
pub(crate) mod horizon;
pub(crate) mod inline_swaps;
pub(crate) mod lone_rows;
pub(crate) mod long_form;
pub(crate) mod month_days;
pub(crate) mod overlaps;
pub(crate) mod person_columns;
pub(crate) mod roles;
pub(crate) mod rotation;
pub(crate) mod row_swaps;
pub(crate) mod rungs;
pub(crate) mod shift_columns;
pub(crate) mod shift_hours;
pub(crate) mod table;
pub(crate) mod team_list;
pub(crate) mod teams;
pub(crate) mod unread_shapes;
pub(crate) mod weekly;

use crate::roster::cells::dates::DateOrder;
use crate::roster::cells::times::Clock;
use crate::roster::contacts::People;
use crate::roster::conventions::Conventions;
use crate::roster::findings::{Findings, Words};
use crate::roster::layouts::table::Merged;
use crate::roster::layouts::unread_shapes::LooksLike;
use crate::roster::slots::Slot;
use crate::roster::timeline::{Change, Shift};
use crate::roster::who::Reader;
use crate::roster::{Absence, Code, Severity, TabRead};
use across::Across;
use calendar_rows::Calendar;
use chrono::{DateTime, Utc};
use dated_layout::Dated;
use header::Column;
use long_form::LongForm;
use providers::{CellAddress, Tab};
use rotation::Rotation;
use team_list::TeamList;
use weekly::Weekly;

/// A shape that is read.
pub(crate) enum Layout<'t> {
    /// Dates down, people across.
    Dated(Dated<'t>),
    /// Weekdays without dates.
    Weekly(Weekly<'t>),
    /// Names that take turns.
    Rotation(Rotation<'t>),
    /// Dates across.
    Across(Across<'t>),
    /// Events of a calendar.
    Calendar(Calendar<'t>),
    /// One row for each person and shift.
    LongForm(LongForm<'t>),
    /// People in force without dates.
    TeamList(TeamList<'t>),
}

/// What a tab of the rota comes to, or several of them.
pub(crate) struct Rota {
    /// Rows that each say who is on call, in order, for an interval.
    pub(crate) shifts: Vec<Shift>,
    /// Cells that each say who holds one place for an interval; laid side by side when all tabs are read.
    pub(crate) slots: Vec<Slot>,
    /// Replacements that stand in the rota itself.
    pub(crate) changes: Vec<Change>,
    /// People who are away, where the rota itself says so.
    pub(crate) absences: Vec<Absence>,
    pub(crate) known: Known,
    pub(crate) tabs_read: Vec<TabRead>,
    /// Up to where a rota that repeats itself for ever is written out.
    pub(crate) horizon: Option<DateTime<Utc>>,
}

/// What the rota has found out, for the changes.
pub(crate) struct Known {
    pub(crate) order: Option<DateOrder>,
    /// The time of dates without one.
    pub(crate) handover: Clock,
    /// The headers of the rota's levels, folded, by position.
    pub(crate) levels: Vec<String>,
}

/// Why a tab is not read.
#[derive(Debug)]
pub(crate) struct Refusal {
    pub(crate) cell: CellAddress,
    /// A sentence without its full stop.
    pub(crate) seen: String,
    pub(crate) remedy: String,
}

/// Whether a header row fits a rota, and how well.
pub(crate) fn score(columns: &[Column], conventions: &Conventions) -> Option<usize> {
    dated_layout::score(columns, conventions)
}

/// Whether a tab looks like a rota of a shape that is read, with something in it.
pub(crate) fn looks_like_a_rota(tab: &Tab, conventions: &Conventions) -> bool {
    let is_weekly = matches!(weekly::recognise(tab, conventions, &People::default()), Some(Ok(_)));
    if across::looks_like(tab) || is_weekly || matches!(rotation::recognise(tab, conventions), Some(Ok(_))) {
        return true;
    }
    let header = header::find(tab, |columns| score(columns, conventions));
    let is_filled = |row: usize| tab.rows.iter().skip(row + 1).flatten().any(|cell| !cell.is_blank());
    header.is_some_and(|(row, _)| is_filled(row))
        || calendar_rows::looks_like_it(tab)
        || long_form::looks_like_it(tab, conventions)
        || team_list::looks_like_it(tab, conventions)
}

/// Whether a tab has dates across the top, however many.
pub(crate) fn is_across(tab: &Tab) -> bool {
    across::looks_like(tab)
}

/// The shape of a tab.
pub(crate) fn recognise<'t>(tab: &'t Tab, conventions: &Conventions, people: &People) -> Result<Layout<'t>, Refusal> {
    if let Some(calendar) = calendar_rows::recognise(tab) {
        return Ok(Layout::Calendar(calendar));
    }
    if let Some(across) = across::recognise(tab, conventions, people) {
        return across.map(Layout::Across);
    }
    if let Some(weekly) = weekly::recognise(tab, conventions, people) {
        return weekly.map(Layout::Weekly);
    }
    if let Some(form) = long_form::recognise(tab, conventions, people) {
        return form.map(Layout::LongForm);
    }
    if let Some(rotation) = rotation::recognise(tab, conventions) {
        return rotation.map(Layout::Rotation);
    }
    if let Some(list) = team_list::recognise(tab, conventions, people) {
        return list.map(Layout::TeamList);
    }
    dated_layout::recognise(tab, conventions, people).map(Layout::Dated)
}

/// Reads a tab by its shape.
pub(crate) fn read(tab: &Tab, conventions: &Conventions, reader: &mut Reader<'_>, findings: &mut Findings) -> Rota {
    let merged = Merged::of(tab);
    match recognise(tab, conventions, reader.people) {
        Ok(Layout::Across(across)) => across::read(&across, conventions, reader, findings),
        Ok(Layout::Dated(dated)) => dated_layout::read(&dated, conventions, &merged, reader, findings),
        Ok(Layout::Weekly(weekly)) => weekly::read(&weekly, conventions, &merged, reader, findings),
        Ok(Layout::Rotation(rotation)) => rotation::read(&rotation, conventions, &merged, reader, findings),
        Ok(Layout::Calendar(calendar)) => calendar_rows::read(&calendar, conventions, &merged, reader, findings),
        Ok(Layout::LongForm(form)) => long_form::read(&form, conventions, &merged, reader, findings),
        Ok(Layout::TeamList(list)) => team_list::read(&list, conventions, reader, findings),
        Err(refusal) => {
            refusal.report("The rota is not read, so nobody is on call.", findings);
            Rota::of(conventions)
        }
    }
}

impl Rota {
    /// Nothing read yet.
    pub(crate) fn of(conventions: &Conventions) -> Self {
        Self {
            shifts: Vec::new(),
            slots: Vec::new(),
            changes: Vec::new(),
            absences: Vec::new(),
            known: Known {
                order: None,
                handover: conventions.handover.unwrap_or(Clock::MIDNIGHT),
                levels: Vec::new(),
            },
            tabs_read: Vec::new(),
            horizon: None,
        }
    }

    /// With what a further tab says; what the first has found out holds.
    pub(crate) fn and(mut self, further: Self) -> Self {
        self.shifts.extend(further.shifts);
        self.slots.extend(further.slots);
        self.changes.extend(further.changes);
        self.absences.extend(further.absences);
        self.known.order = self.known.order.or(further.known.order);
        if self.known.levels.is_empty() {
            self.known.levels = further.known.levels;
        }
        self.tabs_read.extend(further.tabs_read);
        self.horizon = self.horizon.max(further.horizon);
        self
    }
}

impl Refusal {
    /// Says so.
    pub(crate) fn report(self, consequence: &str, findings: &mut Findings) {
        let now = findings.now();
        let words = Words::new(format!("{}.", self.seen), consequence, self.remedy);
        findings
            .tell(Code::LayoutUnknown, Severity::Stop, Some(self.cell), words)
            .affects(now);
    }
}

impl From<LooksLike> for Refusal {
    fn from(shape: LooksLike) -> Self {
        Self {
            cell: shape.cell,
            seen: shape.seen,
            remedy: shape.remedy.to_owned(),
        }
    }
}
