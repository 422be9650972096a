//! One row for each person and shift: `Date | Name | Start | End | Role`. Hours stand in two columns, in one, behind the
//! name of a shift, in the dates themselves, or nowhere (then a row holds from handover to handover). It must not know
//! other layouts.

use crate::roster::cells::times::Clock;
use crate::roster::cells::words::{fold, quote, shown, shown_at};
use crate::roster::conventions::{Conventions, RowLasts};
use crate::roster::findings::{Findings, Left, Miss, Words, plural};
use crate::roster::layouts::Rota;
use crate::roster::layouts::dated_rows::{self, Bad, DatedRow, Moment, Shape, instant, report_bad, report_no_dates};
use crate::roster::layouts::handover_list::handover;
use crate::roster::layouts::lone_rows::{self, LoneRow};
use crate::roster::layouts::person_columns::PersonColumn;
use crate::roster::layouts::roles::{self, Role, Roles};
use crate::roster::layouts::rungs::Span;
use crate::roster::layouts::table::Merged;
use crate::roster::layouts::teams::Team;
use crate::roster::slots::Order;
use crate::roster::terms::Meaning;
use crate::roster::who::Reader;
use crate::roster::{Code, Severity};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use providers::CellAddress;
use std::collections::BTreeMap;
use std::sync::Arc;

mod columns;
mod hours;

pub(crate) use columns::{looks_like_it, recognise};
pub(crate) use hours::clock;

/// Days from which a date is far from its neighbours …
const FAR: i64 = 180;
/// … where these are no further than this from one another.
const NEAR: i64 = 60;

/// A table of people and their shifts.
pub(crate) struct LongForm<'t> {
    shape: Shape<'t>,
    hours: HoursIn,
    people: Vec<PersonColumn>,
    role: Option<usize>,
    shift: Option<usize>,
    team: Team,
    /// The phone column that has no header.
    assumed_phone: Option<usize>,
}

/// Where the hours of a row stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum HoursIn {
    /// In two columns.
    Columns { start: usize, end: usize },
    /// In one: `17:00-22:00`.
    Column(usize),
    /// Behind the name of the shift.
    ShiftName,
    /// In the dates, or nowhere.
    Dates,
}

/// Reads the rows.
pub(crate) fn read(
    form: &LongForm<'_>,
    conventions: &Conventions,
    merged: &Merged,
    reader: &mut Reader<'_>,
    findings: &mut Findings,
) -> Rota {
    let mut rota = Rota::of(conventions);
    rota.tabs_read.push(form.in_words());
    let rows = dated_rows::read(&form.shape, conventions, None, merged, findings);
    rota.known.order = rows.order;
    if rows.rows.iter().all(|row| row.begins.is_err()) {
        report_no_dates(&form.shape, &rows, findings);
        return rota;
    }
    let handover = if form.hours == HoursIn::Dates {
        let is_day = conventions.row_lasts.is_some_and(|lasts| matches!(lasts, RowLasts::Hours(_)));
        if is_day {
            Clock::MIDNIGHT
        } else {
            handover([(&form.shape, &rows)], conventions, findings)
        }
    } else {
        conventions.handover.unwrap_or(Clock::MIDNIGHT)
    };
    let mut reading = Rows {
        form,
        conventions,
        roles: form.roles(conventions),
        numbers: form.numbers(merged),
        lasts: form.lasts(&rows.rows, conventions),
        handover,
        list: Vec::with_capacity(rows.rows.len()),
        away: Vec::new(),
        borrowed: Vec::new(),
    };
    let mut before: Option<DateTime<Utc>> = None;
    let mut bad: Vec<(usize, Bad, Option<DateTime<Utc>>)> = Vec::new();
    for row in &rows.rows {
        if !form.team.holds(form.shape.tab, row.row) {
            continue;
        }
        match row.begins {
            Ok(begins) => {
                let from = reading.take(row, begins, findings);
                report_bad_rows(form, &mut bad, from, findings);
                before = Some(from);
            }
            Err(why) => bad.push((row.row, why, before)),
        }
    }
    report_jumps(form, &rows.rows, findings);
    let end = before.unwrap_or_else(|| findings.now()) + TimeDelta::days(1);
    report_bad_rows(form, &mut bad, end, findings);
    reading.report(findings);
    rota.slots = lone_rows::slots(&reading.list, conventions, reader, findings);
    rota
}

/// A date far from both rows around it, which lie near one another: `28-05-2027` in a list of 2026.
fn report_jumps(form: &LongForm<'_>, rows: &[DatedRow], findings: &mut Findings) {
    let dated = rows.iter().filter_map(|row| Some((row.row, row.begins.ok()?.date)));
    let dated: Vec<(usize, NaiveDate)> = dated.filter(|(row, _)| form.team.holds(form.shape.tab, *row)).collect();
    let days = |one: NaiveDate, two: NaiveDate| (one - two).num_days().abs();
    for three in dated.windows(3) {
        let [(_, before), (row, date), (_, after)] = three else { continue };
        let is_far = days(*date, *before) > FAR && days(*date, *after) > FAR;
        if !is_far || days(*before, *after) > NEAR {
            continue;
        }
        let words = || {
            let text = quote(&shown_at(form.shape.tab, *row, form.shape.from));
            let seen = format!("{text} lies far from the dates above and below it.");
            let consequence = "Whoever such a row names is rung on that date, not on one near the others.";
            Words::new(seen, consequence, "Check the year.").of_one_cell()
        };
        let cause = findings.cause(Code::DateJump, Severity::Warn, "").say(words);
        cause.at(form.shape.tab.address(*row, form.shape.from));
    }
}

/// Rows without a date cost their own people only, some time between the rows around them.
fn report_bad_rows(form: &LongForm<'_>, bad: &mut Vec<(usize, Bad, Option<DateTime<Utc>>)>, next: DateTime<Utc>, findings: &mut Findings) {
    for (row, why, before) in bad.drain(..) {
        let from = before.unwrap_or(next - TimeDelta::days(1)).min(next);
        let miss = Miss {
            severity: Severity::Stop,
            level: Arc::clone(&form.people[0].label),
            from,
            until: next.max(from + TimeDelta::days(1)),
            left: Left::Before,
        };
        report_bad(&form.shape, row, form.shape.from, why, miss, findings);
    }
}

/// The rows while they are read.
struct Rows<'f, 't> {
    form: &'f LongForm<'t>,
    conventions: &'f Conventions,
    roles: Roles,
    /// Rows in which a number stands beside a name, by name; nothing where there are several.
    numbers: BTreeMap<String, Option<usize>>,
    lasts: RowLasts,
    handover: Clock,
    list: Vec<LoneRow>,
    /// Rows of people who are away.
    away: Vec<usize>,
    /// Rows that take their number from another row.
    borrowed: Vec<CellAddress>,
}

impl Rows<'_, '_> {
    /// Takes one row and gives its beginning, or about that.
    fn take(&mut self, row: &DatedRow, begins: Moment, findings: &mut Findings) -> DateTime<Utc> {
        let zone = &self.conventions.zone;
        let about = zone.to_utc(begins.begins(self.handover)).instant;
        let tab = self.form.shape.tab;
        let text = |place: Option<usize>| place.map_or_else(String::new, |place| shown(tab.cell(row.row, place)));
        let (role_text, shift_text) = (text(self.form.role), text(self.form.shift));
        let shift = self.conventions.terms.code(&shift_text);
        let role = match (shift, self.roles.place(&role_text)) {
            (_, Role::Away) => Role::Away,
            (_, Role::Silent) | (Some(Meaning::Silent), _) => Role::Silent,
            (None, _) if roles::is_away(&shift_text) => Role::Away,
            (Some(Meaning::Rings(_)) | None, role @ Role::Rings(_)) => role,
        };
        let order = match role {
            Role::Away => {
                self.away.push(row.row);
                return about;
            }
            Role::Silent => return about,
            Role::Rings(order) => order,
        };
        let walls = match self.form.walls(row, begins, self.handover, self.lasts, self.conventions, findings) {
            Ok(walls) => walls,
            Err(why) => {
                self.form.report_hours(row.row, &why, about, findings);
                return about;
            }
        };
        let by_shift = match shift {
            Some(Meaning::Rings(term)) => term.level.map(Order::from),
            Some(Meaning::Silent) | None => None,
        };
        let mut first = about;
        for (index, (from, until)) in walls.into_iter().enumerate() {
            let cell = || tab.address(row.row, self.form.hours_place());
            let span = Span {
                from: instant(&self.conventions.zone, from, cell, findings),
                until: instant(&self.conventions.zone, until, cell, findings),
            };
            if index == 0 {
                first = span.from;
            }
            let label = [&role_text, &shift_text]
                .into_iter()
                .map(|text| text.trim())
                .find(|text| !text.is_empty());
            for place in 0..self.form.people.len() {
                let known = self.form.people[place].order.or(by_shift).unwrap_or(order);
                let order = if known == Order::Listed {
                    self.roles.unordered(self.conventions)
                } else {
                    known
                };
                self.push(row.row, place, span, order, label);
            }
        }
        first
    }

    fn push(&mut self, row: usize, place: usize, span: Span, order: Order, label: Option<&str>) {
        let tab = self.form.shape.tab;
        let column = &self.form.people[place];
        let label = match (column.order, label) {
            (None, Some(label)) => Arc::from(label),
            (Some(_), _) | (None, None) => Arc::clone(&column.label),
        };
        let name = column.name(tab, row);
        let phone = column.phone.map(|phone| {
            let own = (tab.cell(row, phone).clone(), tab.address(row, phone));
            let other = self.numbers.get(&fold(&shown(&name))).copied().flatten();
            match other.filter(|_| own.0.is_blank()) {
                Some(other) => {
                    self.borrowed.push(own.1);
                    (tab.cell(other, phone).clone(), tab.address(other, phone))
                }
                None => own,
            }
        });
        self.list.push(LoneRow {
            span,
            order,
            label,
            aliases: column.alias_cells(tab, row),
            name,
            source: column.address(tab, row),
            phone,
        });
    }

    fn report(&self, findings: &mut Findings) {
        let tab = self.form.shape.tab;
        if let Some(role) = self.form.role {
            self.roles.report(tab.address(self.form.shape.header_row, role), findings);
        }
        if let Some(first) = self.away.first() {
            let place = self.form.role.or(self.form.shift).unwrap_or(0);
            let words = Words::new(
                format!(
                    "{} of people who are away: {} or the like.",
                    plural(self.away.len(), "row"),
                    quote(&shown_at(tab, *first, place))
                ),
                "They are not rung for these rows.",
                "",
            );
            findings.tell(Code::RowsIgnored, Severity::Note, Some(tab.address(*first, place)), words);
        }
        if let Some(place) = self.form.assumed_phone {
            let words = Words::new(
                "A column without a header holds what look like phone numbers.",
                "They are rung as the numbers of the people in the same rows.",
                "Write Phone above the column.",
            );
            let cell = tab.address(self.form.shape.header_row, place);
            findings.tell(Code::ColumnAssumed, Severity::Note, Some(cell), words);
        }
        if !self.borrowed.is_empty() {
            let words = Words::new(
                format!("No number stands beside the name in {}.", plural(self.borrowed.len(), "row")),
                "The number is rung that stands beside the same name in other rows.",
                "Write the number into every row, or keep the numbers in a tab Contacts.",
            );
            let cause = findings.tell(Code::ColumnAssumed, Severity::Note, None, words);
            for cell in self.borrowed.iter().take(30) {
                cause.at(cell.clone());
            }
        }
    }
}
