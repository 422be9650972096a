//! Which dates stand across the top, once months and years are known; a row of weekdays beside them is the check.
//! It must not know what stands below the days.

use super::axis::{Axis, Head, Says};
use super::merges::Region;
use super::months::{self, Month};
use crate::roster::cells::calendar_words::Weekdays;
use crate::roster::cells::dates::{Banner, DateOrder, Written};
use crate::roster::cells::words::{fold, listed, quote, shown, shown_at};
use crate::roster::conventions::{Conventions, RowLasts};
use crate::roster::findings::{Findings, Words};
use crate::roster::layouts::date_column::{Open, Settled, proved_order, settle, settle_end};
use crate::roster::{Code, Severity};
use chrono::{Datelike, Days as Span, NaiveDate};
use providers::Tab;
use std::collections::BTreeSet;
use std::ops::Range;

/// A bare day number is at most so many days after the one before it.
const STEP_AT_MOST: u64 = 6;
/// Months before and after today among which one is looked for that fits the weekdays.
const MONTHS_AROUND: i32 = 18;

/// A block of rows below one row of dates.
#[derive(Debug)]
pub(super) struct Block {
    /// From left to right, those whose date is certain.
    pub(super) columns: Vec<Column>,
    pub(super) rows: Range<usize>,
}

/// A column of the block.
#[derive(Clone, Copy, Debug)]
pub(super) struct Column {
    pub(super) place: usize,
    pub(super) date: NaiveDate,
    /// The last of its days.
    pub(super) last: NaiveDate,
}

/// How many days a merged region holds.
pub(super) fn days_within(columns: &[Column], region: Region) -> usize {
    let dates: BTreeSet<NaiveDate> = columns
        .iter()
        .filter(|column| region.holds(column.place))
        .map(|column| column.date)
        .collect();
    dates.len()
}

/// The blocks without their dates: what stands below each row of dates.
pub(super) fn rows_below(tab: &Tab, axes: &[Axis], index: usize) -> Range<usize> {
    let end = axes.get(index + 1).map_or(tab.rows.len(), |next| next.row);
    axes[index].row + 1..end
}

/// The row of weekdays above or below the dates.
pub(super) fn weekday_row(tab: &Tab, axis: &Axis) -> Option<usize> {
    let above = (axis.row.saturating_sub(2)..axis.row).rev();
    let below = axis.row + 1..(axis.row + 3).min(tab.rows.len());
    below.chain(above).find(|row| {
        let filled: Vec<usize> = axis
            .heads
            .iter()
            .map(|head| head.place)
            .filter(|place| !tab.cell(*row, *place).is_blank())
            .collect();
        let named = filled.iter().filter(|place| !weekdays_in(tab, *row, **place).is_empty()).count();
        named >= 2.min(axis.heads.len()) && named * 4 >= filled.len() * 3
    })
}

fn weekdays_in(tab: &Tab, row: usize, place: usize) -> Weekdays {
    Weekdays::named(&fold(&shown(tab.cell(row, place))))
}

/// Settles the dates of all blocks of a tab; what stays open is reported and has no column.
pub(super) fn settle_all(tab: &Tab, axes: &[Axis], conventions: &Conventions, findings: &mut Findings) -> Vec<Block> {
    let weekday_rows: Vec<Option<usize>> = axes.iter().map(|axis| weekday_row(tab, axis)).collect();
    let mut written: Vec<Written> = Vec::new();
    let beside = |axis: usize, head: &Head| weekday_rows[axis].map_or(Weekdays::default(), |row| weekdays_in(tab, row, head.place));
    for (index, axis) in axes.iter().enumerate() {
        for head in &axis.heads {
            if let Says::Date(mut date, _) = head.says {
                if date.weekdays.is_empty() {
                    date.weekdays = beside(index, head);
                }
                written.push(date);
            }
        }
    }
    let order = conventions.date_order.or_else(|| proved_order([written.as_slice()]));
    let today = conventions.zone.to_local(findings.now()).date();
    let year = axes.first().and_then(|axis| months::year_beside(tab, axis)).or(conventions.year);
    let mut dated = settle(&written, order, year, today).into_iter();
    let mut years = Vec::new();
    let mut before: Option<NaiveDate> = None;
    let mut blocks = Vec::new();
    for (index, axis) in axes.iter().enumerate() {
        let mut days = Days {
            tab,
            axis,
            weekdays: axis.heads.iter().map(|head| beside(index, head)).collect(),
            dates: vec![None; axis.heads.len()],
            guess: None,
            order,
        };
        let is_open = days.take_dated(&mut dated, &mut years, findings);
        if !is_open {
            days.take_numbers(before, conventions, today, findings);
            days.report_no_such_days(rows_below(tab, axes, index), findings);
        }
        days.check(conventions, findings);
        days.drop_slips(findings);
        before = days.dates.iter().flatten().next_back().copied().or(before);
        blocks.push(Block {
            columns: days.columns(conventions),
            rows: rows_below(tab, axes, index),
        });
    }
    if let (Some((date, cell)), false) = (years.first(), year.is_some()) {
        report_year(*date, cell.clone(), findings);
    }
    blocks
}

/// One row of dates while it is settled.
struct Days<'t> {
    tab: &'t Tab,
    axis: &'t Axis,
    /// As the row of weekdays says.
    weekdays: Vec<Weekdays>,
    dates: Vec<Option<NaiveDate>>,
    /// Where month or year are not written beside each day.
    guess: Option<Month>,
    order: Option<DateOrder>,
}

impl Days<'_> {
    /// Takes the cells that are dates by themselves; says whether one of them stays open.
    fn take_dated(
        &mut self,
        dated: &mut impl Iterator<Item = Result<Settled, Open>>,
        years: &mut Vec<(NaiveDate, providers::CellAddress)>,
        findings: &mut Findings,
    ) -> bool {
        let mut is_open = false;
        for (head, date) in self.axis.heads.iter().zip(&mut self.dates) {
            if let Says::Day(_) = head.says {
                continue;
            }
            let cell = self.tab.address(self.axis.row, head.place);
            match dated.next() {
                Some(Ok(found)) => {
                    *date = Some(found.date);
                    if found.year_chosen {
                        years.push((found.date, cell));
                    }
                }
                Some(Err(open)) => {
                    is_open = true;
                    self::report_open(self.tab, self.axis.row, head.place, open, findings);
                }
                None => {}
            }
        }
        is_open
    }

    /// Gives the day numbers their months, from the dates beside them or from what names a month.
    fn take_numbers(&mut self, before: Option<NaiveDate>, conventions: &Conventions, today: NaiveDate, findings: &mut Findings) {
        if !self.axis.heads.iter().any(|head| matches!(head.says, Says::Day(_))) {
            return;
        }
        let anchor = self.dates.iter().position(Option::is_some);
        if let Some(anchor) = anchor {
            self.spread(anchor);
            return;
        }
        let banners = months::banners(self.tab, self.axis);
        let goes_on = before.and_then(|before| next_of(before, self.day(0)?));
        if let (Some(first), true) = (goes_on, banners.is_empty()) {
            self.dates[0] = Some(first);
            self.spread(0);
            return;
        }
        let Some(first_day) = self.day(0) else { return };
        let (month, contradiction) = months::of_first(self.tab, self.axis, before.is_none(), first_day, conventions);
        let Some(month) = month else {
            return self.report_month_missing(findings);
        };
        if let Some(contradiction) = contradiction {
            self.report_contradiction(&contradiction, findings);
        }
        let year = month.year.or_else(|| {
            let years = before.map_or(today.year() - 1..=today.year() + 1, |before| before.year()..=before.year() + 1);
            years.min_by_key(|year| self.misfit(*year, month.month, before, today))
        });
        let Some(year) = year else { return };
        self.dates[0] = NaiveDate::from_ymd_opt(year, month.month, first_day);
        self.spread(0);
        if month.year.is_none()
            && before.is_none()
            && let Some(first) = self.dates[0]
        {
            report_year(first, self.tab.address(self.axis.row, self.axis.first()), findings);
        }
        if let Some((place, banner)) = self.first_wrong_banner(&banners) {
            self.report_banner(place, banner, findings);
            self.dates.fill(None);
        }
        self.guess = Some(month);
    }

    fn day(&self, index: usize) -> Option<u32> {
        match self.axis.heads.get(index)?.says {
            Says::Day(day) => Some(day.day),
            Says::Date(..) => None,
        }
    }

    /// From one date to both sides: each day number is the next such day.
    fn spread(&mut self, anchor: usize) {
        let mut near = self.dates[anchor];
        for index in anchor + 1..self.dates.len() {
            if self.dates[index].is_none() {
                self.dates[index] = near.and_then(|near| next_of(near, self.day(index)?));
            }
            near = self.dates[index].or(near);
        }
        let mut near = self.dates[anchor];
        for index in (0..anchor).rev() {
            self.dates[index] = near.and_then(|near| previous_of(near, self.day(index)?));
            near = self.dates[index].or(near);
        }
    }

    /// How badly a year fits: weekdays that differ, then days before what came before, then the distance to today.
    fn misfit(&mut self, year: i32, month: u32, before: Option<NaiveDate>, today: NaiveDate) -> (usize, i64, i32) {
        let first = self.day(0).and_then(|day| NaiveDate::from_ymd_opt(year, month, day));
        let Some(first) = first else { return (usize::MAX, 0, 0) };
        self.dates.fill(None);
        self.dates[0] = Some(first);
        self.spread(0);
        let wrong = self.wrong().count();
        let last = self.dates.iter().flatten().next_back().copied().unwrap_or(first);
        self.dates.fill(None);
        let away = match before {
            Some(before) => (first - before).num_days().abs(),
            None if today < first => (first - today).num_days(),
            None => (today - last).num_days().max(0),
        };
        (wrong, away, -year)
    }

    /// The columns whose weekday is another one.
    fn wrong(&self) -> impl Iterator<Item = (usize, NaiveDate)> {
        let differs = |index: usize, date: NaiveDate| {
            let said = self.said(index);
            !said.is_empty() && !said.holds(date)
        };
        let dates = self.dates.iter().enumerate();
        dates.filter_map(move |(index, date)| (*date).filter(|date| differs(index, *date)).map(|date| (index, date)))
    }

    /// The weekday in the cell itself, else in the row of weekdays.
    fn said(&self, index: usize) -> Weekdays {
        let own = match self.axis.heads[index].says {
            Says::Date(date, _) => date.weekdays,
            Says::Day(day) => day.weekdays,
        };
        if own.is_empty() { self.weekdays[index] } else { own }
    }

    /// Holds the dates against the weekdays: where most differ the month or the year is wrong, and nothing is read.
    fn check(&mut self, conventions: &Conventions, findings: &mut Findings) {
        let said = (0..self.dates.len())
            .filter(|index| self.dates[*index].is_some() && !self.said(*index).is_empty())
            .count();
        let wrong: Vec<(usize, NaiveDate)> = self.wrong().collect();
        let Some((first, date)) = wrong.first().copied() else { return };
        let cell = |index: usize| self.tab.address(self.axis.row, self.axis.heads[index].place);
        let shown_day = |index: usize| quote(&shown_at(self.tab, self.axis.row, self.axis.heads[index].place));
        if let (Some(month), true) = (self.guess.clone(), wrong.len() * 2 > said) {
            let fitting = self.fitting_months(date.year(), conventions, findings);
            let hint = if fitting.is_empty() {
                String::new()
            } else {
                format!(" The weekdays fit {}.", listed(&fitting))
            };
            let words = Words::new(
                format!(
                    "{} is a {} in {}, but the weekday beside it is another one, and so are {} of {}. The month is from {}.{hint}",
                    shown_day(first),
                    date.format("%A"),
                    date.format("%B %Y"),
                    wrong.len(),
                    said,
                    month.whence,
                ),
                "Month or year may be wrong, so nobody of these days is on call.",
                format!(
                    "Correct the month, or add to Settings: Month | {} (the right one).",
                    date.format("%B %Y")
                ),
            );
            let now = findings.now();
            findings
                .tell(Code::DateWeekday, Severity::Stop, Some(cell(first)), words)
                .affects(now);
            self.dates.fill(None);
            return;
        }
        for (index, date) in wrong {
            let words = Words::new(
                format!(
                    "{} is a {}; the weekday beside it is another one.",
                    shown_day(index),
                    date.format("%A")
                ),
                format!("The date counts, not the weekday: {}.", date.format("%a %-d %b %Y")),
                "Correct the date or the weekday.",
            );
            findings.tell(Code::DateWeekday, Severity::Warn, Some(cell(index)), words);
        }
    }

    /// Months around today in which every weekday fits, the nearest first.
    fn fitting_months(&mut self, year: i32, conventions: &Conventions, findings: &Findings) -> Vec<String> {
        let Some(day) = self.day(0) else { return Vec::new() };
        let kept = std::mem::take(&mut self.dates);
        let today = conventions.zone.to_local(findings.now()).date();
        let middle = year * 12 + i32::try_from(today.month0()).unwrap_or(0);
        let mut fitting = Vec::new();
        for months in middle - MONTHS_AROUND..=middle + MONTHS_AROUND {
            let month = u32::try_from(months.rem_euclid(12) + 1).unwrap_or(1);
            let Some(first) = NaiveDate::from_ymd_opt(months.div_euclid(12), month, day) else {
                continue;
            };
            self.dates = vec![None; kept.len()];
            self.dates[0] = Some(first);
            self.spread(0);
            if self.dates.iter().all(Option::is_some) && self.wrong().next().is_none() {
                fitting.push(((first - today).num_days().abs(), first.format("%B %Y").to_string()));
            }
        }
        self.dates = kept;
        fitting.sort();
        fitting.into_iter().take(2).map(|(_, name)| name).collect()
    }

    /// A banner that begins over a day of another month.
    fn first_wrong_banner(&self, banners: &[(usize, Banner)]) -> Option<(usize, Banner)> {
        let date_at = |place: usize| {
            let index = self.axis.heads.iter().position(|head| head.place >= place)?;
            self.dates.get(index).copied().flatten()
        };
        banners.iter().copied().find(|(place, banner)| {
            date_at(*place)
                .is_some_and(|date| date.month() != banner.first.month || banner.first.year.is_some_and(|year| year != date.year()))
        })
    }

    /// A date that does not lie between its neighbours is a slip, or a second table: its column is not read.
    fn drop_slips(&mut self, findings: &mut Findings) {
        let mut newest: Option<NaiveDate> = None;
        for index in 0..self.dates.len() {
            let Some(date) = self.dates[index] else { continue };
            let after = self.dates[index + 1..].iter().flatten().next().copied();
            let leaps = newest.zip(after).is_some_and(|(newest, after)| newest < after && date >= after);
            if newest.is_some_and(|newest| date <= newest) || leaps {
                self.dates[index] = None;
                self.report_slip(index, date, findings);
            } else {
                newest = Some(date);
            }
        }
    }

    fn report_slip(&self, index: usize, date: NaiveDate, findings: &mut Findings) {
        let place = self.axis.heads[index].place;
        let words = Words::new(
            format!(
                "{} is {}, which does not lie between the dates beside it.",
                quote(&shown_at(self.tab, self.axis.row, place)),
                date.format("%a %-d %b %Y")
            ),
            "Its column is not read, so nobody of it is on call.",
            "Correct the date.",
        );
        let now = findings.now();
        let cell = self.tab.address(self.axis.row, place);
        findings.tell(Code::DateUnreadable, Severity::Stop, Some(cell), words).affects(now);
    }

    fn columns(&self, conventions: &Conventions) -> Vec<Column> {
        let found: Vec<(usize, &Head, NaiveDate)> = self
            .axis
            .heads
            .iter()
            .zip(&self.dates)
            .enumerate()
            .filter_map(|(index, (head, date))| Some((index, head, (*date)?)))
            .collect();
        let steps: Vec<i64> = found.windows(2).map(|two| (two[1].2 - two[0].2).num_days()).collect();
        let weekly = steps.len() >= 2 && steps.iter().all(|step| *step == 7);
        let length = match conventions.row_lasts {
            Some(RowLasts::Days(days)) => u64::from(days.max(1)),
            Some(RowLasts::UntilNextRow | RowLasts::Hours(_)) | None => {
                if weekly {
                    7
                } else {
                    1
                }
            }
        };
        found
            .into_iter()
            .flat_map(|(_, head, date)| (head.place..=head.last).map(move |place| (place, head, date)))
            .map(|(place, head, date)| {
                let until = match head.says {
                    Says::Date(_, Some(last)) => settle_end(&last, self.order, date).ok().map(|found| found.date),
                    Says::Date(_, None) | Says::Day(_) => None,
                };
                let last = until.or_else(|| date.checked_add_days(Span::new(length - 1))).unwrap_or(date);
                Column { place, date, last }
            })
            .collect()
    }

    /// A number that is no day of its month: 30 in February. Where something is entered below it, the month may be wrong.
    fn report_no_such_days(&self, rows: Range<usize>, findings: &mut Findings) {
        if self.dates.iter().all(Option::is_none) {
            return;
        }
        let is_checked = (0..self.dates.len()).any(|index| self.dates[index].is_some() && !self.said(index).is_empty());
        let severity = if is_checked { Severity::Warn } else { Severity::Stop };
        let now = findings.now();
        for (index, head) in self.axis.heads.iter().enumerate() {
            let Some(before) = self.dates[..index]
                .iter()
                .flatten()
                .next_back()
                .filter(|_| self.dates[index].is_none())
            else {
                continue;
            };
            let says_weekday = |row: usize| !weekdays_in(self.tab, row, head.place).is_empty();
            let filled = |row: &usize| !self.tab.cell(*row, head.place).is_blank() && !says_weekday(*row);
            let Some(row) = rows.clone().find(filled) else { continue };
            let words = || {
                Words::new(
                    format!(
                        "{} is no day of {}, and something is entered below it.",
                        quote(&shown_at(self.tab, self.axis.row, head.place)),
                        before.format("%B %Y")
                    ),
                    "What is entered there does not count.",
                    "Clear these cells, or correct the month.",
                )
            };
            let key = format!("no such day {}", head.place);
            let cause = findings.cause(Code::DateUnreadable, severity, &key).say(words);
            cause.at(self.tab.address(row, head.place)).affects(now);
        }
    }

    /// Numbers may count weeks or blocks as well: what says weekdays, or goes through a whole month, does not.
    fn are_days_of_a_month(&self) -> bool {
        let numbers = || (0..self.dates.len()).filter_map(|index| self.day(index));
        let is_whole = numbers().min() == Some(1) && numbers().max().is_some_and(|last| (28..=31).contains(&last));
        is_whole || (0..self.dates.len()).any(|index| !self.said(index).is_empty())
    }

    fn report_month_missing(&self, findings: &mut Findings) {
        let (first, last) = (self.axis.first(), self.axis.last());
        let shown_day = |place: usize| quote(&shown_at(self.tab, self.axis.row, place));
        let words = Words::new(
            format!(
                "The days from {} to {} stand across the top, but no month: neither above them, nor in the name of the tab, nor in a title.",
                shown_day(first),
                shown_day(last)
            ),
            "These days are not read, so nobody of them is on call.",
            if self.are_days_of_a_month() {
                "Write month and year above the days, or add to Settings: Month | March 2026 (the right one)."
            } else {
                "If these are days, write month and year above them, such as March 2026. If they are numbers of weeks or blocks, write instead of \
                 each the date on which it begins, such as 2 Mar 2026."
            },
        );
        let now = findings.now();
        let cell = self.tab.address(self.axis.row, first);
        findings.tell(Code::MonthMissing, Severity::Stop, Some(cell), words).affects(now);
    }

    fn report_contradiction(&self, found: &months::Contradiction, findings: &mut Findings) {
        let words = Words::new(
            format!(
                "Two months are named: from {}, and from {}.",
                found.counts.whence, found.other.whence
            ),
            format!("The first of the two counts, {}.", found.counts.whence),
            "Correct the one that is wrong.",
        );
        let cell = found.other.cell.clone().or_else(|| found.counts.cell.clone());
        let cell = cell.or_else(|| Some(self.tab.address(self.axis.row, self.axis.first())));
        findings.tell(Code::DateAmbiguous, Severity::Warn, cell, words);
    }

    fn report_banner(&self, place: usize, banner: Banner, findings: &mut Findings) {
        let name = chrono::Month::try_from(u8::try_from(banner.first.month).unwrap_or(1)).map_or("", |month| month.name());
        let words = Words::new(
            format!("{name} stands above a day of another month: the days below do not follow one another as the months above them say."),
            "These days are not read, so nobody of them is on call.",
            "Let each month begin above its first day.",
        );
        let now = findings.now();
        let cell = self.tab.address(self.axis.row, place);
        findings.tell(Code::DateUnreadable, Severity::Stop, Some(cell), words).affects(now);
    }
}

/// The next day of that number after a date.
fn next_of(before: NaiveDate, day: u32) -> Option<NaiveDate> {
    (1..=STEP_AT_MOST)
        .filter_map(|step| before.checked_add_days(Span::new(step)))
        .find(|date| date.day() == day)
}

fn previous_of(after: NaiveDate, day: u32) -> Option<NaiveDate> {
    (1..=STEP_AT_MOST)
        .filter_map(|step| after.checked_sub_days(Span::new(step)))
        .find(|date| date.day() == day)
}

fn report_year(date: NaiveDate, cell: providers::CellAddress, findings: &mut Findings) {
    let words = Words::new(
        format!("The dates have no year; the first is read as {}.", date.format("%a %-d %b %Y")),
        "",
        "If that is not the year, add to Settings: Year | 2026 (the right one).",
    );
    findings.tell(Code::YearChosen, Severity::Note, Some(cell), words);
}

fn report_open(tab: &Tab, row: usize, place: usize, open: Open, findings: &mut Findings) {
    let text = quote(&shown_at(tab, row, place));
    let now = findings.now();
    let (code, words) = match open {
        Open::Ambiguous { day_first, month_first } => (
            Code::DateAmbiguous,
            Words::new(
                format!(
                    "{text} can be {} or {}, and nothing else in its row settles it.",
                    day_first.format("%-d %B"),
                    month_first.format("%-d %B")
                ),
                "These days are not read, so nobody of them is on call.",
                "Add to Settings: Date order | day first (or month first).",
            )
            .of_one_cell(),
        ),
        Open::NoSuchDate => (
            Code::DateUnreadable,
            Words::new(
                format!("{text} is a date that does not exist, in the order and the year of its row."),
                "This day is not read, so nobody of it is on call.",
                "Check day, month and year, and Date order in Settings.",
            ),
        ),
    };
    let key = match open {
        Open::Ambiguous { .. } => format!("row {row}"),
        Open::NoSuchDate => text,
    };
    let cause = findings.cause(code, Severity::Stop, &key).say(|| words);
    cause.at(tab.address(row, place)).affects(now);
}
